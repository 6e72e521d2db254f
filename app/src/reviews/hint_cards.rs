//! The list of hints beside a text. Each can be kept as it is, a plan can be parked, and a document can do without. Every button sends the
//! words of the text along, so that nothing typed is lost; with scripts the list follows what is typed (`ui::hint_marks`).

use super::hints::{Card, Hinted, Silence};
use crate::ui::HintMarks;
use leptos::prelude::*;

/// Hints on a text of a review. `form`: the id of the form that holds the text, and the address that takes what is done here; without it
/// the list is to be read only.
#[component]
pub(super) fn Hints(hinted: Hinted, form: Option<(&'static str, String)>) -> impl IntoView {
    let said = said(&hinted);
    let marks = form.is_some();
    view! {
        <section class="stack stack-tight" aria-labelledby="hints">
            <div class="section-head section-head-flush">
                <h2 id="hints">"Hints"</h2>
                <span class="quiet small" role="status" data-hints-said="">{said}</span>
            </div>
            <div class="stack stack-tight" data-hints="" tabindex="-1">{list(hinted, form)}</div>
            {marks.then(|| view! { <HintMarks/> })}
        </section>
    }
}

fn said(hinted: &Hinted) -> String {
    match (hinted.silence, hinted.cards.len()) {
        (Some(_), _) => "Off".to_owned(),
        (None, 0) => "None just now".to_owned(),
        (None, 1) => "One, and it stops nothing".to_owned(),
        (None, n) => format!("{n}, and none of them stops you"),
    }
}

/// The list alone, as a page that is open asks for it.
pub(super) fn list(hinted: Hinted, form: Option<(&'static str, String)>) -> impl IntoView + use<> {
    let said = said(&hinted);
    let Hinted { silence, cards, kept, parked } = hinted;
    let cards: Vec<_> = cards.into_iter().map(|each| card(each, form.clone())).collect();
    let kept = (!kept.is_empty()).then(|| stays(kept, form.clone()));
    let switch = |act: &'static str, label: &'static str| {
        form.clone().map(|(form, to)| {
            view! {
                <p><button class="btn btn-quiet btn-small" form=form formaction=to name="act" value=act data-now="">{label}</button></p>
            }
        })
    };
    let foot = match silence {
        Some(Silence::Here) => view! { <p class="hint">"Your administrators have switched hints off."</p> }.into_any(),
        Some(Silence::Document) => view! {
            <p class="hint">"There are no hints in this document."</p>
            {switch("on", "Show hints again")}
        }
        .into_any(),
        None => switch("off", "No hints in this document").into_any(),
    };
    view! {
        <div class="stack stack-tight" data-says=said>
            {parked.then(|| view! { <p class="hint">"Parked. Nothing was added to the review."</p> })}
            {cards}
            {kept}
            {foot}
        </div>
    }
}

fn card(card: Card, form: Option<(&'static str, String)>) -> impl IntoView + use<> {
    let Card { key, label, words, why, offer, person, planning, at, .. } = card;
    let key = key.as_str().to_owned();
    let acts = form.map(|(form, to)| {
        let of = format!("“{words}”");
        let park = planning.then(|| {
            view! {
                <p class="stack stack-tight">
                    <label class="check">
                        <input type="checkbox" form=form name="out" value=key.clone()/>
                        <span>"and take it out of the text"</span>
                    </label>
                    <span class="actions">
                        <button class="btn btn-small" form=form formaction=to.clone() name="act" value=format!("park {key}")>
                            "Park this sentence"<span class="vh">{format!(", with {of}")}</span>
                        </button>
                    </span>
                </p>
            }
        });
        view! {
            {park}
            <p class="actions">
                <button class="btn btn-quiet btn-small" form=form formaction=to name="act" value=format!("keep {key}") data-now="">
                    "Keep as it is"<span class="vh">{format!(", {of}")}</span>
                </button>
                <button type="button" class="btn btn-quiet btn-small" hidden=true data-show="">
                    "Show in the text"<span class="vh">{format!(", {of}")}</span>
                </button>
            </p>
        }
    });
    view! {
        <article class="hintcard" data-at=format!("{}-{}", at.start, at.end)>
            <h3>{label}</h3>
            <p><span class="was">{format!("“{words}”")}</span></p>
            <p>{why}</p>
            {(!offer.is_empty()).then(|| view! { <p class="soft">{offer}</p> })}
            {person.then(|| view! { <p class="soft">"How did that make sense at the time?"</p> })}
            {acts}
        </article>
    }
}

/// Sentences that stay as they are.
fn stays(kept: Vec<Card>, form: Option<(&'static str, String)>) -> impl IntoView + use<> {
    let item = |card: Card| {
        let again = form.clone().map(|(form, to)| {
            view! {
                <button class="btn btn-quiet btn-small" form=form formaction=to name="act" value=format!("again {}", card.key.as_str()) data-now="">
                    "Show this hint again"<span class="vh">{format!(", “{}”", card.words)}</span>
                </button>
            }
        });
        view! { <li class="stack stack-tight"><q>{card.alone}</q>{again}</li> }
    };
    let items = kept.into_iter().map(item).collect_view();
    view! {
        <details>
            <summary class="small">"Kept as it is"</summary>
            <ul class="plain-list stack small mt2">{items}</ul>
        </details>
    }
}
