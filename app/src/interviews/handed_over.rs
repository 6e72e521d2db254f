//! Notes of a talk that a facilitator gave to the responder: beside each question, to take into the answer or to let go.

use super::answer::as_stored;
use super::question::{load, numbered};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, see};
use crate::ui::Icon;
use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use std::collections::HashMap;
use store::StoreError;
use store::interviews::Conversation;

/// Lets go of a note that was handed over, or takes its words into the answer first.
pub(super) async fn take(
    ctx: Ctx,
    Path((invitation, number)): Path<(String, String)>,
    Posted(typed): Posted<HashMap<String, String>>,
) -> Result<Response, AppError> {
    let conversation = load(&ctx, &invitation).await?;
    let question = numbered(&conversation, &number)?;
    let note = conversation.handed_over.iter().flat_map(|h| &h.notes).find(|n| n.question == question.number);
    let here = format!("/one-on-one/{}/{}", conversation.id, question.number);
    let Some(note) = note else { return Ok(see(&here)) };
    if typed.contains_key("take") {
        let mut save = as_stored(&conversation, &question);
        let before = save.body.text.trim_end();
        save.body.text = if before.is_empty() { note.text.clone() } else { format!("{before}\n\n{}", note.text) };
        save.body.instead = None;
        match store::interviews::save(ctx.store(), ctx.viewer()?, conversation.id, question.number, &save, ctx.now).await {
            Ok(_) => {}
            Err(StoreError::Invalid(_)) => {
                return Err(StoreError::Refused(
                    "The answer and the note together are too long. Please shorten the answer first.",
                )
                .into());
            }
            Err(other) => return Err(other.into()),
        }
    }
    store::interviews::let_note_go(ctx.store(), ctx.viewer()?, conversation.id, question.number, ctx.now).await?;
    Ok(see(&here))
}

/// What the facilitator noted of this question, beside the responder's own answer.
pub(super) fn noted(conversation: &Conversation, question: i64) -> impl IntoView + use<> {
    let (id, over) = (conversation.id, conversation.handed_over.as_ref());
    let note = over.and_then(|h| Some((h.by.clone(), h.notes.iter().find(|n| n.question == question)?.text.clone())));
    note.map(|(by, text)| {
        view! {
            <form class="note note-plain" method="post" action=format!("/one-on-one/{id}/{question}/note")>
                <Icon name="message-circle"/>
                <div class="stack stack-tight">
                    <p>{format!("From your talk, as {by} noted it. It is yours: nobody else can use it.")}</p>
                    <p class="saved-words">{text}</p>
                    <p class="actions">
                        <button class="btn btn-small" name="take" value="yes">"Put it into my answer"</button>
                        <button class="btn btn-quiet btn-small" name="drop" value="yes">"Let it go"</button>
                    </p>
                </div>
            </form>
        }
    })
}
