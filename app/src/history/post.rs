//! What the buttons of the history do.

use super::page::{draw_conflict, opened};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, see_and_say};
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use store::StoreError;
use store::history::LineId;

/// The version that was looked at.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RestoreFields {
    base_version: String,
}

pub(super) async fn restore(
    ctx: Ctx,
    Path((key, line)): Path<(String, String)>,
    Posted(typed): Posted<RestoreFields>,
) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    let line: LineId = line.parse().map_err(|()| AppError::NotFound)?;
    let (store, viewer, id) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    // Who may not change the thing learns nothing, whatever was sent.
    let current = store::history::current(store, viewer, id, &line, ctx.now).await?;
    let base: i64 = typed.base_version.parse().map_err(|_| AppError::BadRequest)?;
    match store::history::restore(store, viewer, id, &line, base, ctx.now).await {
        Ok(()) => Ok(see_and_say(&format!("/incidents/{}/history", opened.incident.key), "restored")),
        Err(StoreError::Stale) => {
            let line = store::history::line(store, viewer, id, &line, ctx.now).await?;
            Ok(draw_conflict(&ctx, opened, line, current))
        }
        Err(other) => Err(other.into()),
    }
}
