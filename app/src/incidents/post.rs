//! What the forms about an incident do.

use super::fields::IncidentFields;
use super::show::{draw_edit, draw_new, editable};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see, see_and_say};
use axum::extract::Path;
use axum::response::Response;
use store::StoreError;

pub(super) async fn add(ctx: Ctx, Posted(typed): Posted<IncidentFields>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let teams = store::people::teams(ctx.store()).await?;
    let new = match typed.parse(&teams, ctx.now) {
        Ok(new) => new,
        Err(invalid) => return draw_new(&ctx, Form::refused(typed, invalid)).await,
    };
    match store::incidents::add(ctx.store(), viewer, &new, ctx.now).await {
        Ok(key) => Ok(see_and_say(&format!("/incidents/{key}"), "added")),
        Err(StoreError::Invalid(invalid)) => draw_new(&ctx, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn change(
    ctx: Ctx,
    Path(key): Path<String>,
    Posted(mut typed): Posted<IncidentFields>,
) -> Result<Response, AppError> {
    let incident = editable(&ctx, &key).await?.incident;
    let teams = store::people::teams(ctx.store()).await?;
    let new = match typed.parse(&teams, ctx.now) {
        Ok(new) => new,
        Err(invalid) => return Ok(draw_edit(&ctx, incident, teams, Form::refused(typed, invalid), None)),
    };
    let base: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
    match store::incidents::change(ctx.store(), ctx.viewer()?, incident.id, base, &new, ctx.now).await {
        Ok(()) => Ok(see_and_say(&format!("/incidents/{}", incident.key), "saved")),
        Err(StoreError::Invalid(invalid)) => Ok(draw_edit(&ctx, incident, teams, Form::refused(typed, invalid), None)),
        Err(StoreError::Stale) => {
            let theirs = IncidentFields::of(&incident);
            // Saved by both with the same words: nothing is left to decide.
            if (IncidentFields { version: theirs.version.clone(), ..typed.clone() }) == theirs {
                return Ok(see(&format!("/incidents/{}", incident.key)));
            }
            typed.version.clone_from(&theirs.version);
            Ok(draw_edit(&ctx, incident, teams, Form::new(typed), Some(theirs)))
        }
        Err(other) => Err(other.into()),
    }
}
