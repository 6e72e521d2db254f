//! What the forms about events do.

use super::form::EventFields;
use super::{edit, page};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see, see_and_say};
use axum::extract::Path;
use axum::response::Response;
use domain::timeline::NewEvent;
use serde::Deserialize;
use store::StoreError;

pub(super) async fn add(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<EventFields>) -> Result<Response, AppError> {
    let new = match typed.parse(ctx.now) {
        Ok(new) => new,
        Err(invalid) => {
            let told = page::load(&ctx, &key, &page::ShowQuery::default()).await?;
            return Ok(page::draw(&ctx, told, Form::refused(typed, invalid)));
        }
    };
    let key = key.parse().map_err(|()| AppError::NotFound)?;
    let opened = store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?;
    let id = store::timeline::add(ctx.store(), ctx.viewer()?, opened.incident.id, &new, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{key}#e-{id}"), "added"))
}

pub(super) async fn change(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(mut typed): Posted<EventFields>,
) -> Result<Response, AppError> {
    let (incident, event) = edit::find(&ctx, &key, &id).await?;
    let new = match typed.parse(ctx.now) {
        // How a document wrote the time stays known.
        Ok(new) => NewEvent { as_written: event.as_written.clone(), ..new },
        Err(invalid) => return Ok(edit::draw(&ctx, &incident, event, Form::refused(typed, invalid), false)),
    };
    let base: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
    let back = format!("/incidents/{}#e-{}", incident.key, event.id);
    match store::timeline::change(ctx.store(), ctx.viewer()?, (incident.id, event.id), base, &new, ctx.now).await {
        Ok(()) => Ok(see_and_say(&back, "saved")),
        Err(StoreError::Stale) => {
            let theirs = EventFields::of(&event);
            // Saved by both with the same words: nothing is left to decide.
            if (EventFields { version: theirs.version.clone(), ..typed.clone() }) == theirs {
                return Ok(see(&back));
            }
            typed.version = theirs.version;
            Ok(edit::draw(&ctx, &incident, event, Form::new(typed), true))
        }
        Err(other) => Err(other.into()),
    }
}

/// The version that was looked at.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct DeleteFields {
    version: String,
}

pub(super) async fn delete(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(typed): Posted<DeleteFields>,
) -> Result<Response, AppError> {
    let (incident, event) = edit::find(&ctx, &key, &id).await?;
    let base: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
    match store::timeline::delete(ctx.store(), ctx.viewer()?, incident.id, event.id, base, ctx.now).await {
        Ok(()) => Ok(see(&format!("/incidents/{}?deleted={}", incident.key, event.id))),
        // Somebody changed it: what is there now is looked at first.
        Err(StoreError::Stale) => {
            let form = Form::new(EventFields::of(&event));
            Ok(edit::draw(&ctx, &incident, event, form, true))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn restore(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let (incident, id) = edit::place(&ctx, &key, &id).await?;
    store::timeline::restore(ctx.store(), ctx.viewer()?, incident.id, id, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}#e-{id}", incident.key), "restored"))
}
