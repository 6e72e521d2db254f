//! Reminders as the invitee sees them: what was sent, the page behind "no more reminders" in a letter, and the button for it.

use super::invitation::frame;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, see_and_say};
use crate::misses;
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, When};
use axum::extract::Path;
use axum::response::Response;
use domain::{InvitationId, walltime};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::interviews::Letters;

/// What the facilitator wrote with the invitation.
pub(super) fn note(note: Option<(String, String)>) -> impl IntoView {
    note.map(|(by, note)| {
        view! { <blockquote class="note invitation-note"><p class="quiet small">{format!("{by} writes")}</p><p class="saved-words">{note}</p></blockquote> }
    })
}

/// What came by mail and what may still come, with a button to end it.
pub(super) fn told(id: InvitationId, letters: &Letters) -> impl IntoView + use<> {
    let zone = expect_context::<Ctx>().zone();
    let sent =
        letters.sent.iter().map(|posted| view! { <li>{posted.letter.label()}", "<When at=posted.at/></li> }).collect_view();
    let any = !letters.sent.is_empty();
    let next = letters.next.map(|at| walltime::day(at, zone));
    let off = letters.off_at.is_some();
    (any || next.is_some() || off).then(|| {
        view! {
            <details class="more">
                <summary>"Mail about this invitation"</summary>
                <div class="stack stack-tight mt2">
                    {any.then(|| view! { <ul class="bullets small">{sent}</ul> })}
                    {match (off, next) {
                        (true, _) => view! { <p class="small">"You get no more reminders about this."</p> }.into_any(),
                        (false, Some(day)) => view! {
                            <form class="stack stack-tight" method="post" action=format!("/one-on-one/{id}/no-reminders")>
                                <p class="small">{format!("A quiet reminder may come on {day} or later, on a working day. There are few.")}</p>
                                <p><button class="btn btn-small">"No more reminders"</button></p>
                            </form>
                        }
                        .into_any(),
                        (false, None) => view! { <p class="small">"Nothing more comes."</p> }.into_any(),
                    }}
                </div>
            </details>
        }
    })
}

/// Where the button was pressed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct StopFields {
    /// `quotes`, or nothing: the invitation's page.
    from: String,
}

pub(super) async fn stop_own(
    ctx: Ctx,
    Path(invitation): Path<String>,
    Posted(typed): Posted<StopFields>,
) -> Result<Response, AppError> {
    let id: InvitationId = invitation.parse().map_err(|_| AppError::NotFound)?;
    store::interviews::stop_reminders(ctx.store(), ctx.viewer()?, id, ctx.now).await?;
    let back = if typed.from == "quotes" { "/quotes".to_owned() } else { format!("/one-on-one/{id}") };
    Ok(see_and_say(&back, "no-reminders"))
}

/// Behind the link of a letter: looking changes nothing, since mail programs look, too.
pub(super) async fn show(ctx: Ctx, Path(token): Path<String>) -> Result<Response, AppError> {
    misses::check(&ctx)?;
    match store::interviews::peek_stop(ctx.store(), &token).await {
        Ok(off) => Ok(draw(&ctx, Some((token, off)))),
        Err(StoreError::NotFound) => Ok(draw(&ctx, None)),
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn stop(ctx: Ctx, Path(token): Path<String>) -> Result<Response, AppError> {
    misses::check(&ctx)?;
    match store::interviews::stop_by_link(ctx.store(), &token, ctx.now).await {
        Ok(()) => Ok(draw(&ctx, Some((token, true)))),
        Err(StoreError::NotFound) => Ok(draw(&ctx, None)),
        Err(other) => Err(other.into()),
    }
}

/// Says nothing of the incident: a letter may have been passed on.
fn draw(ctx: &Ctx, link: Option<(String, bool)>) -> Response {
    let mut head = Head::new("Reminders", Nav::None).talk();
    if link.is_none() {
        misses::missed(ctx);
        head = head.status(http::StatusCode::NOT_FOUND);
    }
    shell::page(ctx, head, move || {
        let body = match link {
            None => view! {
                <div class="question">
                    <h1>"This link does not work"</h1>
                    <p class="purpose">"Part of it may be missing, or the invitation was taken back. Then nothing more comes either."</p>
                </div>
            }
            .into_any(),
            Some((_, true)) => view! {
                <div class="question">
                    <h1><Icon name="check"/>" No more reminders"</h1>
                    <p class="purpose">"You get none about this invitation any more, nor about quotes from it. Everything else stays as it is."</p>
                </div>
            }
            .into_any(),
            Some((token, false)) => view! {
                <div class="question">
                    <h1>"No more reminders?"</h1>
                    <p class="purpose">"Then no reminder comes about this invitation any more, nor about quotes from it. You can still answer whenever you like, or leave it."</p>
                </div>
                <form class="actions" method="post" action=format!("/reminders/{token}")>
                    <button class="btn btn-primary btn-large">"No more reminders"</button>
                </form>
            }
            .into_any(),
        };
        frame(body)
    })
}
