//! One page to look it all over: every answer with who may read it; submit, take back.

use super::question::load;
use super::talk::{Here, Steps, Talk};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::see_and_say;
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, Rings};
use axum::extract::Path;
use axum::response::Response;
use domain::InvitationId;
use domain::interviews::{self, Answer, Audience, InvitationState, Question, WorkSession};
use domain::timeline::perspectives::has_lane;
use domain::walltime;
use leptos::prelude::*;
use store::interviews::Conversation;

pub(super) async fn show(ctx: Ctx, Path(invitation): Path<String>) -> Result<Response, AppError> {
    let conversation = load(&ctx, &invitation).await?;
    Ok(draw(&ctx, conversation))
}

pub(super) async fn submit(ctx: Ctx, Path(invitation): Path<String>) -> Result<Response, AppError> {
    let id = parse(&invitation)?;
    store::interviews::submit(ctx.store(), ctx.viewer()?, id, ctx.now).await?;
    Ok(see_and_say(&format!("/one-on-one/{id}"), "submitted"))
}

pub(super) async fn take_back(ctx: Ctx, Path(invitation): Path<String>) -> Result<Response, AppError> {
    let id = parse(&invitation)?;
    store::interviews::take_back(ctx.store(), ctx.viewer()?, id, ctx.now).await?;
    Ok(see_and_say(&format!("/one-on-one/{id}"), "taken-back"))
}

pub(super) async fn take_idea_back(ctx: Ctx, Path(invitation): Path<String>) -> Result<Response, AppError> {
    let id = parse(&invitation)?;
    store::interviews::take_idea_back(ctx.store(), ctx.viewer()?, id, ctx.now).await?;
    Ok(see_and_say(&format!("/one-on-one/{id}/look-over#q9"), "taken-back"))
}

fn parse(invitation: &str) -> Result<InvitationId, AppError> {
    invitation.parse().map_err(|_| AppError::NotFound)
}

fn draw(ctx: &Ctx, conversation: Conversation) -> Response {
    let steps = Steps::new(ctx, &conversation, Here::LookOver);
    let id = conversation.id;
    let again = conversation.state == InvitationState::Submitted;
    let waits = !conversation.changed().is_empty();
    let last = conversation.set.questions.last().map_or(1, |q| q.number);
    let foot = (!conversation.published).then_some(move || {
        view! {
            <span class="save" data-state="saved"><Icon name=if again && !waits { "circle-check" } else { "eye-off" }/>
                {match (again, waits) {
                    (true, false) => "Submitted",
                    (true, true) => "Changed since you submitted",
                    (false, _) => "Only you read this",
                }}
            </span>
            <a class="btn" href=format!("/one-on-one/{id}/{last}")>"Back"</a>
            {if again && !waits {
                view! {
                    <form method="post" action=format!("/one-on-one/{id}/take-back")><button class="btn">"Take everything back"</button></form>
                }
                .into_any()
            } else {
                view! {
                    <form method="post" action=format!("/one-on-one/{id}/submit")>
                        <button class="btn btn-primary">{if again { "Submit again" } else { "Submit" }}</button>
                    </form>
                }
                .into_any()
            }}
        }
        .into_any()
    });
    let head = Head::new("Look it over", Nav::None).talk();
    // Who came by a personal link does not see the timeline.
    let sees_timeline = ctx.viewer.as_ref().is_some_and(domain::people::Viewer::has_account);
    shell::page(ctx, head, move || {
        let body = body(conversation, sees_timeline);
        match foot {
            Some(foot) => view! { <Talk steps=steps foot=foot()>{body}</Talk> }.into_any(),
            None => view! { <Talk steps=steps>{body}</Talk> }.into_any(),
        }
    })
}

fn body(conversation: Conversation, sees_timeline: bool) -> impl IntoView {
    let (said, of) = (conversation.answered_count(), conversation.set.questions.len());
    let count = match said {
        0 => "Nothing is written yet, and that is fine too.".to_owned(),
        n if n == of => "You said something to each of them.".to_owned(),
        n => format!("You said something to {n} of {of}. The rest may stay open."),
    };
    let sentence = if conversation.published {
        "The second story is published; answers stay as they were then."
    } else if conversation.state == InvitationState::Submitted {
        "Submitted answers can be read by those named beside them. You can still change, narrow and take back."
    } else if !conversation.reads.is_empty() {
        "Nobody can read any of this now. Beside each answer stands who opened it while it was submitted; what was read cannot be unread. When you submit, each answer can be read as it says."
    } else {
        "Nobody has read any of this. When you submit, each answer can be read as it says, and you can still change it afterwards."
    };
    let lines = conversation.set.questions.iter().map(|q| line(&conversation, q, sees_timeline)).collect_view();
    view! {
        <div class="stack stack-wide">
            <div class="question">
                <p class="count">{count}</p>
                <h1>"Look it over"</h1>
                <p class="purpose">{sentence}</p>
            </div>
            <ol class="over">{lines}</ol>
        </div>
    }
}

fn line(conversation: &Conversation, question: &Question, sees_timeline: bool) -> impl IntoView + use<> {
    let answer = conversation.answer(question.number);
    let said = conversation.answered(question.number);
    let open = !conversation.published;
    let changed = conversation.changed().contains(&question.number);
    let words = match question.number {
        interviews::WORK => stretches(&conversation.sessions).into_any(),
        interviews::NOMINATIONS => {
            let names = conversation.nominations.iter().map(|n| n.name.clone()).collect::<Vec<_>>().join(", ");
            view! { {(!names.is_empty()).then(|| view! { <p>{names}</p> })}{answer.map(|a| words(question, a))} }.into_any()
        }
        _ => answer.map(|a| words(question, a)).into_any(),
    };
    let audience = answer.map_or(question.kind.default, |a| a.audience);
    let parked = question.number == interviews::RECURRENCE
        && !conversation.wall_open
        && answer.is_some_and(|a| a.released_at.is_some() && a.audience == Audience::Parked);
    // Words can stand beside the timeline once they are submitted, while they carry their author's name.
    let placeable = answer.filter(|a| {
        sees_timeline
            && open
            && conversation.state == InvitationState::Submitted
            && has_lane(a.audience)
            && !a.body.words().is_empty()
    });
    let place = placeable.map(|a| format!("/incidents/{}/timeline/perspectives/place/{}", conversation.key, a.id));
    view! {
        <li id=format!("q{}", question.number) class=said.then_some("done")>
            <div class="over-head">
                <h2>{question.text.clone()}</h2>
                {open.then(|| view! {
                    <a class="btn btn-quiet btn-small" href=format!("/one-on-one/{}/{}", conversation.id, question.number)>
                        {if said { "Change" } else { "Answer" }}<span class="vh">{format!(" question {}", conversation.set.place(question.number))}</span>
                    </a>
                })}
            </div>
            {if said { words } else { view! { <p class="quiet small">"Left open"</p> }.into_any() }}
            {said.then(|| view! {
                <p class="meta">
                    <span class="aud-chip" data-audience=audience.slug()><Rings on=audience.rings()/>{audience.label()}</span>
                    {changed.then_some("Changed since you submitted")}
                    {place.map(|href| view! { <a href=href>"Place on the timeline"</a> })}
                </p>
            })}
            {(parked && conversation.published).then(|| view! {
                <form method="post" action=format!("/one-on-one/{}/take-idea-back", conversation.id)>
                    <button class="btn btn-small">"Take this idea back"</button>
                </form>
            })}
        </li>
    }
}

fn words(question: &Question, answer: &Answer) -> impl IntoView + use<> {
    let choice = question.kind.choices.iter().find(|(value, _)| *value == answer.body.choice).map(|(_, label)| *label);
    let instead = answer.body.instead.map(|i| format!("{}: words stay with you.", i.label()));
    let ticked: Vec<String> = question
        .kind
        .ticks
        .iter()
        .filter(|(value, _)| answer.body.ticked.iter().any(|t| t == value))
        .map(|(_, label)| (*label).to_owned())
        .collect();
    let entries = question.kind.entries.map(|shape| shape.told(&answer.body.entries)).unwrap_or_default();
    let listed: Vec<String> = ticked.into_iter().chain(entries).collect();
    let text = answer.body.text.clone();
    view! {
        {choice.map(|choice| view! { <p><b>{choice}</b></p> })}
        {instead.map(|instead| view! { <p><b>{instead}</b></p> })}
        {(!listed.is_empty()).then(|| view! { <ul class="bullets">{listed.into_iter().map(|e| view! { <li>{e}</li> }).collect_view()}</ul> })}
        {(!text.trim().is_empty()).then(|| view! { <p class="saved-words">{text}</p> })}
    }
}

fn stretches(sessions: &[WorkSession]) -> impl IntoView + use<> {
    sessions
        .iter()
        .map(|s| {
            let zone = walltime::parse_zone(&s.zone).unwrap_or(chrono_tz::UTC);
            view! { <p>{format!("{} to {}, {}", walltime::absolute(s.started_at, zone), walltime::clock(s.ended_at, zone), s.kind.label().to_lowercase())}</p> }
        })
        .collect_view()
}
