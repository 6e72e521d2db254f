//! The door of the planning room: which of its two pages a planner sees.

use super::{open, soak};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::IncidentKey;
use store::incidents::{self, Opened};
use store::planning;

/// The room of an incident: closed, or open.
pub async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = incident(&ctx, &key).await?;
    let wall = planning::wall(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    if wall.is_open(ctx.now) {
        open::draw(&ctx, opened, wall, None).await
    } else {
        Ok(soak::draw(&ctx, opened, wall, Form::default()))
    }
}

/// The incident of a key in the path.
pub async fn incident(ctx: &Ctx, key: &str) -> Result<Opened, AppError> {
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    Ok(incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?)
}
