//! Marking a passage of an answer for a theme: the words with what is marked in them, the form, and what it sends.

use super::overview;
use super::parts::{at, opened_for};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use crate::ui::{FieldError, Icon, SafeTextarea};
use axum::extract::Path;
use axum::response::Response;
use domain::AnswerId;
use domain::incidents::IncidentKey;
use domain::reviews::themes::{Mark, pieces, still_says};
use domain::rights::Right;
use leptos::prelude::*;
use serde::Deserialize;
use store::reviews::Marked;

/// A passage, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MarkFields {
    answer: String,
    passage: String,
    about: String,
    by: String,
}

/// Marks a passage of an answer.
pub(super) async fn mark(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<MarkFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let answer: AnswerId = typed.answer.parse().map_err(|_| AppError::BadRequest)?;
    let mark = Mark { text: typed.passage.clone(), note: typed.about.clone() };
    let by_person = typed.by == "person";
    let marked = store::reviews::mark(ctx.store(), ctx.viewer()?, opened.incident.id, answer, &mark, ctx.now).await;
    match marked.map_err(AppError::from) {
        Ok(_) => {
            let page = if by_person { "overview?by=person" } else { "overview" };
            Ok(form::see_and_say(&format!("{}#a-{answer}", at(opened.incident.key, page)), "marked"))
        }
        Err(AppError::Invalid(invalid)) => {
            overview::draw(&ctx, opened, by_person, Form::default(), Form::refused(typed, invalid), None).await
        }
        Err(AppError::Refused(why)) => {
            overview::draw(&ctx, opened, by_person, Form::default(), Form::new(typed), Some(why)).await
        }
        Err(other) => Err(other),
    }
}

/// What is marked in an answer as it reads now.
pub(super) fn marked_in(marked: &[Marked], answer: AnswerId, text: &str) -> Vec<Marked> {
    marked.iter().filter(|m| m.answer == answer && still_says(text, &m.text)).cloned().collect()
}

/// The field of the form that takes what is selected in an answer.
fn field_of(answer: AnswerId) -> String {
    format!("passage-{answer}")
}

/// The words of an answer, with what is marked in them.
pub(super) fn words(answer: AnswerId, text: &str, marked: &[Marked]) -> impl IntoView + use<> {
    let passages: Vec<String> = marked.iter().map(|m| m.text.clone()).collect();
    let pieces = pieces(text, &passages)
        .into_iter()
        .map(|(piece, marked)| {
            let piece = piece.to_owned();
            if marked { view! { <mark class="themed">{piece}</mark> }.into_any() } else { piece.into_any() }
        })
        .collect_view();
    view! { <p class="words" data-picks=field_of(answer)>{pieces}</p> }
}

/// The themes that passages of an answer stand under, as links to them.
pub(super) fn chips(key: IncidentKey, marked: &[Marked]) -> impl IntoView + use<> {
    let mut shown: Vec<(Option<String>, String)> = Vec::new();
    for mark in marked {
        if !shown.iter().any(|(theme, _)| *theme == mark.theme) {
            shown.push((mark.theme.clone(), at(key, &format!("themes#p-{}", mark.passage))));
        }
    }
    let chips = shown.into_iter().map(|(theme, href)| {
        let label = theme.map_or_else(|| "Marked, not grouped yet".to_owned(), |theme| format!("Theme: {theme}"));
        view! { <a class="chip chip-care" href=href>{label}</a> }
    });
    (!marked.is_empty()).then(|| view! { <div class="chips">{chips.collect_view()}</div> })
}

/// The form that marks a passage; the whole answer stands in it to begin with.
pub(super) fn mark_form(
    key: IncidentKey,
    answer: AnswerId,
    text: &str,
    by_person: bool,
    form: &Form<MarkFields>,
) -> impl IntoView + use<> {
    let id = answer.to_string();
    let came_back = form.typed.answer == id;
    let typed = if came_back { form.typed.clone() } else { MarkFields { passage: text.to_owned(), ..MarkFields::default() } };
    let error = |field: &str| if came_back { form.error(field) } else { None };
    let (wrong_passage, wrong_about) = (error("passage"), error("about"));
    let (passage, about) = (field_of(answer), format!("about-{id}"));
    let (passage_error, about_error) = (format!("{passage}-error"), format!("{about}-error"));
    let class = |wrong: bool| if wrong { "field field-error" } else { "field" };
    view! {
        <details class="quote-form" open=came_back>
            <summary class="btn btn-quiet btn-small"><Icon name="bookmark-plus"/>"Mark for a theme"</summary>
            <form method="post" class="stack stack-tight mt2" action=at(key, "passages")>
                <input type="hidden" name="answer" value=id/>
                <input type="hidden" name="by" value=by_person.then_some("person")/>
                <div class=class(wrong_passage.is_some())>
                    <label for=passage.clone()>"Passage"</label>
                    <p class="hint">
                        "The whole answer, or the part that somebody should talk about, word for word."
                        <span hidden=true data-pick-hint="">" Select words in the answer, and they stand here."</span>
                    </p>
                    <FieldError id=passage_error.clone() error=wrong_passage.clone()/>
                    <SafeTextarea id=passage name="passage" text=typed.passage rows=3
                        describedby=wrong_passage.is_some().then_some(passage_error) invalid=wrong_passage.is_some()/>
                </div>
                <div class=class(wrong_about.is_some())>
                    <label for=about.clone()>"What it is about, if you like"</label>
                    <FieldError id=about_error.clone() error=wrong_about.clone()/>
                    <input id=about name="about" value=typed.about aria-invalid=wrong_about.is_some().then_some("true")
                        aria-describedby=wrong_about.is_some().then_some(about_error)/>
                </div>
                <div class="actions">
                    <button class="btn btn-primary btn-small">"Mark it"</button>
                    <span class="hint">"Only those who facilitate see marks. The author finds in their own data that one was made, and when."</span>
                </div>
            </form>
        </details>
    }
}
