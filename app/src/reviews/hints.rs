//! The writing assistant beside a text: hints in the text's order. They explain and stop nothing.

use crate::ctx::Ctx;
use crate::error::AppError;
use leptos::prelude::*;
use store::people::WritingWords;
use writing::{Assistant, Group, Hint, Lexicon, Own, Place};

/// The assistant, with the names of the organisation's people and services.
pub(super) async fn assistant(ctx: &Ctx) -> Result<Assistant, AppError> {
    let WritingWords { people, services } = store::people::writing_words(ctx.store(), ctx.viewer()?).await?;
    let lexicon = Lexicon::new(people.iter().map(String::as_str), services.iter().map(String::as_str));
    Ok(Assistant { lexicon, own: Own::default() })
}

/// Hints on a text of a review.
#[component]
pub(super) fn Hints(text: String, assistant: Assistant, place: Place) -> impl IntoView {
    let hints = assistant.check(&text, place);
    let count = match hints.len() {
        0 => "None just now",
        1 => "One, and it stops nothing",
        _ => "None of them stops you",
    };
    let cards: Vec<_> = hints.iter().map(|hint| card(&text, hint)).collect();
    view! {
        <section class="stack stack-tight" aria-labelledby="hints">
            <div class="section-head section-head-flush">
                <h2 id="hints">"Hints"</h2>
                <span class="quiet small">{count}</span>
            </div>
            {cards}
        </section>
    }
}

fn card(text: &str, hint: &Hint<'_>) -> impl IntoView + use<> {
    let words = text[hint.at.clone()].to_owned();
    let sentence = text[hint.sentence.clone()].to_owned();
    let planning = hint.rule.group == Group::K;
    view! {
        <article class="hintcard">
            <h3>{hint.rule.group.label()}</h3>
            <p><span class="was">{format!("“{words}”")}</span></p>
            <p>{hint.rule.why.to_string()}</p>
            <p class="soft">{hint.rule.offer.to_string()}</p>
            {hint.rule.is_about_a_person().then(|| view! { <p class="soft">"How did that make sense at the time?"</p> })}
            {planning.then(|| view! {
                <p>
                    // With scripts the whole sentence comes along; without, the form below takes it.
                    <button type="button" class="btn btn-small" hidden=true data-park=sentence>"Park this sentence"</button>
                    <a href="#park">"To the parking lot"</a>
                </p>
            })}
        </article>
    }
}
