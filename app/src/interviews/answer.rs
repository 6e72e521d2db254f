//! What the form of a question does: the same handler for plain buttons and for saving by itself.

use super::conflict;
use super::question::{self, AnswerFields, kind_of, load};
use super::talk::neighbours;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see};
use crate::ui::autosave::saved_label;
use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use domain::interviews::{self, AnswerBody, Audience, Instead, Kind, Question};
use domain::{Invalid, InvitationId, NominationId};
use http::StatusCode;
use serde_json::json;
use store::StoreError;
use store::interviews::{Conversation, SaveAnswer, Saved};

pub(super) async fn save(
    ctx: Ctx,
    Path((invitation, number)): Path<(String, String)>,
    Posted(typed): Posted<AnswerFields>,
) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let id: InvitationId = invitation.parse().map_err(|_| AppError::NotFound)?;
    let (number, kind) = kind_of(&number)?;
    let save = match parse(&typed, kind) {
        Ok(save) => save,
        Err(invalid) => return refused(&ctx, id, number, typed, invalid).await,
    };
    match store::interviews::save(ctx.store(), viewer, id, number, &save, ctx.now).await {
        Ok(saved) if ctx.wants_json => Ok(told(&ctx, saved)),
        Ok(_) => onward(&ctx, id, number, typed).await,
        Err(StoreError::Invalid(invalid)) => refused(&ctx, id, number, typed, invalid).await,
        Err(StoreError::Stale) if ctx.wants_json => Ok((StatusCode::CONFLICT, Json(json!({ "stale": true }))).into_response()),
        Err(StoreError::Stale) => {
            let conversation = load(&ctx, &invitation).await?;
            let question = conversation.set.question(number).cloned().ok_or(AppError::NotFound)?;
            conflict::draw(&ctx, conversation, question, typed)
        }
        Err(other) => Err(other.into()),
    }
}

fn parse(typed: &AnswerFields, kind: &Kind) -> Result<SaveAnswer, Invalid> {
    let audience = if typed.audience.is_empty() { Some(kind.default) } else { Audience::from_slug(&typed.audience) };
    let audience = audience.ok_or_else(|| Invalid::one("audience", "Please choose one of the audiences shown."))?;
    Ok(SaveAnswer {
        body: AnswerBody {
            text: typed.text.clone(),
            choice: typed.choice.clone(),
            instead: Instead::from_slug(&typed.instead),
            entries: kind.entries.map(|shape| typed.entries(shape)).unwrap_or_default(),
            ticked: typed.ticked.clone(),
        },
        audience,
        count_me: !typed.count_me.is_empty(),
        with_name: !typed.with_name.is_empty(),
        // What is no number is no version that there ever was.
        base_version: typed.base_version.trim().parse().unwrap_or(if typed.base_version.is_empty() { 0 } else { -1 }),
        request_key: typed.request_key.chars().take(64).collect(),
        follows: typed.follows.chars().take(1000).collect(),
    })
}

/// A save that changes nothing of what is stored.
pub(super) fn as_stored(conversation: &Conversation, question: &Question) -> SaveAnswer {
    let answer = conversation.answer(question.number);
    SaveAnswer {
        body: answer.map(|a| a.body.clone()).unwrap_or_default(),
        audience: answer.map_or(question.kind.default, |a| a.audience),
        count_me: answer.is_none_or(|a| a.count_me),
        with_name: answer.is_some_and(|a| a.with_name),
        base_version: answer.map_or(0, |a| a.version),
        request_key: String::new(),
        follows: String::new(),
    }
}

fn told(ctx: &Ctx, saved: Saved) -> Response {
    Json(json!({ "version": saved.version, "saved": saved_label(ctx, saved.saved_at) })).into_response()
}

async fn refused(ctx: &Ctx, id: InvitationId, number: i64, typed: AnswerFields, invalid: Invalid) -> Result<Response, AppError> {
    if ctx.wants_json {
        let message = invalid.fields.first().map(|f| f.message.clone()).unwrap_or_default();
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "message": message }))).into_response());
    }
    let conversation = load(ctx, &id.to_string()).await?;
    let question = conversation.set.question(number).cloned().ok_or(AppError::NotFound)?;
    question::draw(ctx, conversation, question, Form::refused(typed, invalid)).await
}

/// The words are on disk; now what the button asked for.
async fn onward(ctx: &Ctx, id: InvitationId, number: i64, typed: AnswerFields) -> Result<Response, AppError> {
    let here = format!("/one-on-one/{id}/{number}");
    let conversation = load(ctx, &id.to_string()).await?;
    let (back, next) = neighbours(id, &conversation.set, number);
    if number == interviews::NOMINATIONS {
        if !typed.unnominate.is_empty() {
            let nomination: NominationId = typed.unnominate.parse().map_err(|_| AppError::NotFound)?;
            store::interviews::unnominate(ctx.store(), ctx.viewer()?, id, nomination, ctx.now).await?;
            return Ok(see(&here));
        }
        // A name that stands in the field when somebody goes on was meant.
        let asked = typed.go == "nominate";
        if asked || !typed.nominee.trim().is_empty() {
            let show_by = !typed.show_by.is_empty();
            match store::interviews::nominate_as(ctx.store(), ctx.viewer()?, id, &typed.nominee, &typed.reason, show_by, ctx.now)
                .await
            {
                Err(StoreError::Invalid(invalid)) => return name_refused(ctx, id, number, typed, invalid).await,
                other => other?,
            };
        }
        if asked {
            return Ok(see(&format!("{here}#nominee")));
        }
    }
    let cards = format!("{here}#entries");
    Ok(see(match typed.go.as_str() {
        _ if !typed.drop.is_empty() => &cards,
        "add" => &cards,
        "back" => &back,
        "stay" => &here,
        _ => &next,
    }))
}

/// The answer itself was saved, so the form comes back with its present version.
async fn name_refused(
    ctx: &Ctx,
    id: InvitationId,
    number: i64,
    typed: AnswerFields,
    invalid: Invalid,
) -> Result<Response, AppError> {
    let conversation = load(ctx, &id.to_string()).await?;
    let question = conversation.set.question(number).cloned().ok_or(AppError::NotFound)?;
    let message = invalid.fields.first().map(|f| f.message.clone()).unwrap_or_default();
    let saved = AnswerFields { nominee: typed.nominee, reason: typed.reason, ..AnswerFields::of(&conversation, &question) };
    question::draw(ctx, conversation, question, Form::refused(saved, Invalid::one("nominee", message))).await
}
