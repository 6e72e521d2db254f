//! Who may be called on: asked beside the preparation, answered on the page of the meeting.

use super::super::parts::{at, opened_for};
use super::super::preparing;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use crate::ui::{Chip, FieldError, TextField};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::rights::Right;
use domain::{CallId, PersonId};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::interviews::InvitationLine;
use store::reviews::Call;

/// Whom to ask, and about what.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct CallFields {
    person: String,
    about: String,
}

/// What somebody says to that.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct SaidFields {
    /// `yes` or `no`.
    answer: String,
}

/// Asks somebody whether they may be called on.
pub(in super::super) async fn ask(
    ctx: Ctx,
    Path(key): Path<String>,
    Posted(typed): Posted<CallFields>,
) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    // What names nobody is nobody of this review.
    let person = typed.person.parse().unwrap_or(PersonId(uuid::Uuid::nil()));
    let outcome =
        store::reviews::ask_to_call(ctx.store(), ctx.viewer()?, opened.incident.id, person, &typed.about, ctx.now).await;
    match outcome {
        Ok(()) => Ok(form::see_and_say(&at(opened.incident.key, "preparation#calls-h"), "asked")),
        Err(StoreError::Invalid(invalid)) => preparing::call_refused(&ctx, opened, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

/// Lets it be.
pub(in super::super) async fn drop_it(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let id: CallId = id.parse().map_err(|_| AppError::NotFound)?;
    store::reviews::drop_call(ctx.store(), ctx.viewer()?, opened.incident.id, id, ctx.now).await?;
    Ok(form::see_and_say(&at(opened.incident.key, "preparation#calls-h"), "removed"))
}

/// The viewer says whether they may be called on.
pub(in super::super) async fn answer(
    ctx: Ctx,
    Path(key): Path<String>,
    Posted(typed): Posted<SaidFields>,
) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::SpeakInMeeting).await?;
    let yes = match typed.answer.as_str() {
        "yes" => true,
        "no" => false,
        // For who was not asked there is nothing to answer, in whatever words.
        _ => {
            let room = store::reviews::room(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
            return Err(if room.calls.is_empty() { AppError::NotFound } else { AppError::BadRequest });
        }
    };
    store::reviews::answer_call(ctx.store(), ctx.viewer()?, opened.incident.id, yes, ctx.now).await?;
    Ok(form::see_and_say(&at(opened.incident.key, "meeting"), "thanks"))
}

/// What somebody said, in words.
pub(super) fn said(agreed: Option<bool>) -> &'static str {
    match agreed {
        None => "No answer yet",
        Some(true) => "Yes",
        Some(false) => "Rather not",
    }
}

/// The card beside the preparation.
pub(in super::super) fn card(
    key: IncidentKey,
    calls: Vec<Call>,
    asked: Vec<InvitationLine>,
    form: &Form<CallFields>,
) -> impl IntoView + use<> {
    let item = move |call: Call| {
        let act = at(key, &format!("meeting/calls/{}/drop", call.id));
        let tone = if call.agreed == Some(true) { "good" } else { "plain" };
        view! {
            <li class="stack-tight">
                <p><strong>{call.name.clone()}</strong>" "<Chip tone>{said(call.agreed)}</Chip><br/><span class="small">{call.about}</span></p>
                <form method="post" action=act>
                    <button class="btn btn-quiet btn-small">"Leave it"<span class="vh">{format!(": {}", call.name)}</span></button>
                </form>
            </li>
        }
    };
    let asked: Vec<InvitationLine> = asked.into_iter().filter(|line| line.has_account).collect();
    let none = asked.is_empty();
    let chosen = form.typed.person.clone();
    let option = move |line: InvitationLine| {
        let id = line.person_id.to_string();
        let selected = id == chosen;
        view! { <option value=id selected=selected>{line.name}</option> }
    };
    let (error, about) = (form.error("person"), form.error("about"));
    let typed = form.typed.about.clone();
    view! {
        <section class="card stack stack-tight" aria-labelledby="calls-h">
            <h2 id="calls-h">"Whom you will call on"</h2>
            <ul class="plain-list stack stack-tight">{calls.into_iter().map(item).collect_view()}</ul>
            {if none {
                view! { <p class="hint">"Ask those first who have an account and were asked to this review."</p> }.into_any()
            } else {
                view! {
                    <form method="post" class="stack stack-tight" action=at(key, "meeting/calls")>
                        <div class="field">
                            <label for="call-person">"Who"</label>
                            <select id="call-person" name="person">{asked.into_iter().map(option).collect_view()}</select>
                            <FieldError id="call-person-error".to_owned() error/>
                        </div>
                        <TextField name="about" label="About what" value=typed error=about
                            hint="They read it: “how the two boards looked to you”."/>
                        <button class="btn btn-small">"Ask them"</button>
                    </form>
                }.into_any()
            }}
        </section>
    }
}
