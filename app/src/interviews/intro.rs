//! Before the first question and after the last: what this is, who reads what, that it is voluntary, what cannot be promised.

use super::question::load;
use super::talk::{Here, Steps, Talk};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, see, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, When};
use axum::extract::Path;
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::interviews::{InvitationState, QuestionSet};
use domain::{InvitationId, PersonId};
use leptos::prelude::*;
use serde::Deserialize;
use store::interviews::{Conversation, Letters, Listener};

pub(super) async fn show(ctx: Ctx, Path(invitation): Path<String>) -> Result<Response, AppError> {
    let conversation = load(&ctx, &invitation).await?;
    let letters = store::interviews::letters(ctx.store(), ctx.viewer()?, conversation.id, ctx.now).await?;
    let openings = store::interviews::openings(ctx.store(), ctx.viewer()?, conversation.id, ctx.now).await?;
    Ok(draw(&ctx, conversation, letters, openings))
}

pub(super) async fn decline(ctx: Ctx, Path(invitation): Path<String>) -> Result<Response, AppError> {
    let id: InvitationId = invitation.parse().map_err(|_| AppError::NotFound)?;
    store::interviews::decline(ctx.store(), ctx.viewer()?, id, ctx.now).await?;
    Ok(see_and_say(&format!("/one-on-one/{id}"), "declined"))
}

/// Which facilitator may read what was submitted before they came.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AgreeFields {
    facilitator: String,
}

pub(super) async fn agree(
    ctx: Ctx,
    Path(invitation): Path<String>,
    Posted(typed): Posted<AgreeFields>,
) -> Result<Response, AppError> {
    let id: InvitationId = invitation.parse().map_err(|_| AppError::NotFound)?;
    let facilitator: PersonId = typed.facilitator.parse().map_err(|_| AppError::NotFound)?;
    store::interviews::agree(ctx.store(), ctx.viewer()?, id, facilitator, ctx.now).await?;
    Ok(see(&format!("/one-on-one/{id}")))
}

fn draw(ctx: &Ctx, conversation: Conversation, letters: Letters, openings: Vec<DateTime<Utc>>) -> Response {
    let steps = Steps::new(ctx, &conversation, Here::Intro);
    let head = Head::new("One-on-one", Nav::None).talk();
    shell::page(ctx, head, move || {
        view! {
            <Talk steps=steps>
                <div class="stack stack-wide talk-intro">
                    <div class="question">
                        <p class="count">{format!("{}: {}", conversation.key, conversation.title)}</p>
                        <h1>{title(&conversation)}</h1>
                    </div>
                    {super::reminders::note(letters.note.clone())}
                    {match conversation.state {
                        _ if conversation.published => over(&conversation).into_any(),
                        InvitationState::Submitted => submitted(&conversation).into_any(),
                        InvitationState::Declined => declined(&conversation).into_any(),
                        _ => invited(&conversation).into_any(),
                    }}
                    {handed_over(&conversation)}
                    {asking(&conversation)}
                    {super::reminders::told(conversation.id, &letters)}
                    {opened(&openings)}
                    <p class="hint">
                        <a href=format!("/one-on-one/{}/data", conversation.id)>"What is kept of this conversation"</a>
                        ": take it with you, or erase it."
                    </p>
                </div>
            </Talk>
        }
    })
}

/// When the personal link was used: who did not do that can say so.
fn opened(openings: &[DateTime<Utc>]) -> impl IntoView + use<> {
    let times = openings.iter().map(|at| view! { <li><When at=*at/></li> }).collect_view();
    (!openings.is_empty()).then(|| {
        view! {
            <details class="more">
                <summary>"When your link was opened"</summary>
                <div class="stack stack-tight mt2">
                    <ul class="bullets small">{times}</ul>
                    <p class="small">
                        "Whoever holds the link can open this conversation. Was one of these not you? Ask for a new link: the old one ends at once, and with it whatever it opened."
                    </p>
                </div>
            </details>
        }
    })
}

fn title(conversation: &Conversation) -> &'static str {
    match conversation.state {
        _ if conversation.published => "The second story is published",
        InvitationState::Submitted => "Thank you. It is submitted.",
        InvitationState::Declined => "You declined, and that is fine",
        InvitationState::Started => "Welcome back",
        _ => "What was it like for you?",
    }
}

fn listeners(facilitators: &[Listener]) -> String {
    let name = |f: &Listener| match &f.team {
        Some(team) => format!("{} ({team})", f.name),
        None => f.name.clone(),
    };
    match facilitators {
        [] => "Nobody facilitates at the moment".to_owned(),
        [one] => format!("{} facilitates", name(one)),
        several => format!("{} facilitate", several.iter().map(name).collect::<Vec<_>>().join(" and ")),
    }
}

fn appointed(facilitators: &[Listener]) -> String {
    let mut by: Vec<&str> = facilitators.iter().filter_map(|f| f.appointed_by.as_deref()).collect();
    by.dedup();
    if by.is_empty() { String::new() } else { format!(", appointed by {}", by.join(" and ")) }
}

/// "Twelve questions".
fn counted(questions: usize) -> String {
    const WORDS: [&str; 12] = ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];
    let number = questions.checked_sub(1).and_then(|at| WORDS.get(at)).map_or_else(|| questions.to_string(), |w| (*w).to_owned());
    format!("{number} question{}", if questions == 1 { "" } else { "s" })
}

fn invited(conversation: &Conversation) -> impl IntoView + use<> {
    let id = conversation.id;
    let said = conversation.answered_count();
    let first = conversation.set.questions.first().map_or(1, |q| q.number);
    let next = conversation.next_question().unwrap_or(first);
    let place = conversation.set.place(next);
    let asked = conversation.set.questions.len();
    let (questions, minutes) = (counted(asked), QuestionSet::minutes(asked));
    let begin = match said {
        0 => "Begin".to_owned(),
        _ => format!("Go on with question {place}"),
    };
    view! {
        <div class="stack talk-words">
            <p>
                {format!("{questions} about this incident, from where you stood. They look for how the work was, never for who erred. \
                 Answer in any order, as much or as little as you like; about {minutes} minutes do.")}
            </p>
        </div>
        {promises(conversation)}
        {(said > 0).then(|| view! { <p class="soft">{format!("You have said something to {said} of {asked}. All of it is a draft that only you read.")}</p> })}
        <div class="actions">
            <a class="btn btn-primary btn-large" href=format!("/one-on-one/{id}/{next}")>{begin}</a>
            {(said > 0).then(|| view! { <a class="btn btn-large" href=format!("/one-on-one/{id}/look-over")>"Look it over"</a> })}
            <form method="post" action=format!("/one-on-one/{id}/decline")><button class="btn btn-quiet btn-large">"Decline"</button></form>
        </div>
        <p class="hint">"Declining takes one click and no reason. You can still come back until the review is published."</p>
    }
}

/// Who sees what; that it is voluntary; what cannot be promised. Said before the first question (PRODUCT.md rule 11).
fn promises(conversation: &Conversation) -> impl IntoView + use<> {
    let who = format!("{}{}.", listeners(&conversation.facilitators), appointed(&conversation.facilitators));
    view! {
        <ul class="promises">
            <li>
                <Icon name="eye"/>
                <p>
                    <b>"You choose who reads each answer. "</b>
                    {who}
                    " Until you submit, only you read anything. Leadership and your line manager read none that you give to the \
                     facilitator or the review; you see which facilitator has read yours."
                </p>
            </li>
            <li>
                <Icon name="heart-handshake"/>
                <p>
                    <b>"It is voluntary. "</b>
                    "Skip what you like, stop anywhere, decline without a reason, take everything back until the review is published. \
                     Nothing waits for you, and nobody is rated by it."
                </p>
            </li>
            <li>
                <Icon name="shield-check"/>
                <p>
                    <b>"What cannot be promised. "</b>
                    "Where few people were there, somebody may guess who said an unattributed sentence. Whoever runs this machine with all \
                     its keys could read it. A court may ask."
                </p>
            </li>
        </ul>
    }
}

fn submitted(conversation: &Conversation) -> impl IntoView + use<> {
    let id = conversation.id;
    let changed = conversation.changed();
    let at = conversation.submitted_at;
    view! {
        <div class="stack talk-words">
            <p>
                "Each answer can now be read by those whom you chose, and by nobody else. "
                {at.map(|at| view! { "Submitted "<When at=at/>"." })}
            </p>
            <p>"A quote of yours is shown to you before it stands in the review. Until the review is published you can change an answer, narrow who reads it, or take everything back."</p>
        </div>
        {(!changed.is_empty()).then(|| {
            let list = changed.iter().map(|n| format!("question {}", conversation.set.place(*n))).collect::<Vec<_>>().join(", ");
            view! {
                <div class="note note-care">
                    <Icon name="pencil"/>
                    <p>{format!("Changed since then and a draft again: {list}. Submit once more when it is as you want it.")}</p>
                </div>
            }
        })}
        <div class="actions">
            <a class="btn btn-primary btn-large" href=format!("/one-on-one/{id}/look-over")>"Look it over or change it"</a>
            <form method="post" action=format!("/one-on-one/{id}/take-back")><button class="btn btn-quiet btn-large">"Take everything back"</button></form>
        </div>
    }
}

fn declined(conversation: &Conversation) -> impl IntoView + use<> {
    let id = conversation.id;
    let first = conversation.set.questions.first().map_or(1, |q| q.number);
    view! {
        <div class="stack talk-words">
            <p>"Nobody asks why, and nothing waits for you. What you may have written is still here and only yours."</p>
            <p>"If you would like to say something after all, just begin: saving an answer comes back."</p>
        </div>
        {promises(conversation)}
        <div class="actions"><a class="btn btn-large" href=format!("/one-on-one/{id}/{first}")>"Come back to the questions"</a></div>
    }
}

fn over(conversation: &Conversation) -> impl IntoView + use<> {
    view! {
        <div class="stack talk-words"><p>"Answers stay as they were then. Yours are here for you to read."</p></div>
        <div class="actions">
            <a class="btn btn-primary btn-large" href=format!("/one-on-one/{}/look-over", conversation.id)>"Read my answers"</a>
            <a class="btn btn-large" href=format!("/incidents/{}/review", conversation.key)>"Read the second story"</a>
        </div>
    }
}

/// Notes of a talk that wait to be taken or let go.
fn handed_over(conversation: &Conversation) -> impl IntoView + use<> {
    let set = conversation.set.clone();
    let notes = conversation.handed_over.clone().filter(|_| !conversation.published);
    let id = conversation.id;
    notes.map(|handed_over| {
        let links = handed_over.notes.iter().filter_map(|n| set.question(n.question)).map(|q| {
            view! { <li><a href=format!("/one-on-one/{id}/{}", q.number)>{q.text.clone()}</a></li> }
        });
        let links = links.collect_view();
        view! {
            <div class="note">
                <Icon name="message-circle"/>
                <div>
                    <p>{format!("{} gave you the notes of your talk. They are yours now: put them into your answers, change them, or let them go. Nobody else can use them.", handed_over.by)}</p>
                    <ul class="bullets small">{links}</ul>
                </div>
            </div>
        }
    })
}

/// Facilitators who came later and ask.
fn asking(conversation: &Conversation) -> impl IntoView + use<> {
    let id = conversation.id;
    conversation
        .asking
        .iter()
        .map(|a| {
            let name = a.name.clone();
            view! {
                <form class="note" method="post" action=format!("/one-on-one/{id}/agree")>
                    <Icon name="users"/>
                    <p>
                        {format!("{name} facilitates since after you submitted, and cannot read your answers to the facilitator. You decide; leaving it so is fine.")}
                    </p>
                    <div class="actions">
                        <button class="btn btn-small" name="facilitator" value=a.person_id.to_string()>{format!("Let {name} read them")}</button>
                    </div>
                </form>
            }
        })
        .collect_view()
}
