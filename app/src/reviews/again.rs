//! A published story looked at again: what readers see of it, and the question to its facilitators.

use super::parts::{at, opened_for};
use super::story;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use crate::ui::{Icon, Markdown, Note, TextareaField};
use axum::extract::Path;
use axum::response::Response;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::incidents::IncidentKey;
use domain::reviews::revisit::{Answer, Outcome};
use domain::rights::Right;
use domain::walltime;
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::reviews::LookedAgain;

/// Times of looking again that the page tells; the history of the story tells the rest.
const TOLD: usize = 3;

/// The answer, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AgainFields {
    words: String,
    outcome: String,
}

/// Takes the answer.
pub(super) async fn answer(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<AgainFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let outcome = Outcome::from_slug(&typed.outcome).ok_or(AppError::BadRequest)?;
    let answer = Answer { outcome, words: typed.words.clone() };
    match store::reviews::revisit(ctx.store(), ctx.viewer()?, opened.incident.id, answer, ctx.now).await {
        Ok(()) => Ok(form::see_and_say(&at(opened.incident.key, ""), "noted")),
        Err(StoreError::Invalid(invalid)) => story::page(&ctx, opened, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

/// What was found, at the head of the story.
pub(super) fn looked_again(found: &[LookedAgain], zone: Tz) -> impl IntoView + use<> {
    let line = |looked: LookedAgain| {
        let day = walltime::day(looked.at, zone);
        let changed = looked.outcome == Outcome::SomeChanged;
        let said = if changed { "some of it has changed:" } else { "still true." };
        let words = looked.words;
        view! {
            <li>
                <p>{format!("Looked at again on {day}, {said}")}</p>
                {(!words.is_empty()).then(|| view! { <Markdown text=words class="md"/> })}
            </li>
        }
    };
    let lines = found.iter().take(TOLD).cloned().map(line).collect_view();
    (!found.is_empty()).then(|| view! { <Note><Icon name="clock"/><ul class="plain-list stack stack-tight">{lines}</ul></Note> })
}

/// The question, for who facilitated: open when it is time, at hand before.
pub(super) fn question(
    key: IncidentKey,
    asks_at: Option<DateTime<Utc>>,
    typed: Form<AgainFields>,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let open = asks_at.is_some_and(|at| at <= now) || !typed.invalid.fields.is_empty();
    let button = |outcome: Outcome| {
        view! { <button class="btn btn-small" name="outcome" value=outcome.slug()>{outcome.label()}</button> }
    };
    view! {
        <section class="story-tools no-print" id="again" aria-labelledby="again-h">
            <details open=open>
                <summary><strong id="again-h">"Is it still true?"</strong></summary>
                <form method="post" class="stack stack-tight mt2" action=at(key, "again")>
                    <p class="soft">"Systems and work move on. Read it once more and say how it stands; readers see that somebody looked, not who."</p>
                    <TextareaField
                        name="words"
                        label="What has changed"
                        hint="In a sentence or two, where some of it has."
                        text=typed.typed.words.clone()
                        rows=3
                        error=typed.error("words")
                    />
                    <div class="actions">{Outcome::ALL.map(button).into_iter().collect_view()}</div>
                </form>
            </details>
        </section>
    }
}
