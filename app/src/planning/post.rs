//! What planners do: open early with a reason, make and change items, drop an idea with thanks.

use super::item::{self, ItemFields};
use super::page::incident;
use super::soak::{self, EarlyFields};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use axum::extract::Path;
use axum::response::Response;
use domain::{ItemId, ParkedId};
use store::{StoreError, planning};

/// Opens the wall before its time.
pub async fn open_early(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<EarlyFields>) -> Result<Response, AppError> {
    let opened = incident(&ctx, &key).await?;
    let (viewer, id) = (ctx.viewer()?, opened.incident.id);
    match planning::open_early(ctx.store(), viewer, id, &typed.reason, ctx.now).await {
        Ok(()) => Ok(see_and_say(&format!("/incidents/{}/planning", opened.incident.key), "opened")),
        Err(StoreError::Invalid(invalid)) => {
            let wall = planning::wall(ctx.store(), viewer, id, ctx.now).await?;
            Ok(soak::draw(&ctx, opened, wall, Form::refused(typed, invalid)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Makes an item.
pub async fn add_item(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<ItemFields>) -> Result<Response, AppError> {
    let opened = incident(&ctx, &key).await?;
    let viewer = ctx.viewer()?;
    let from = typed.from()?;
    let added = match typed.draft() {
        Ok(draft) => planning::add_item(ctx.store(), viewer, opened.incident.id, draft, from, ctx.now).await,
        Err(invalid) => Err(invalid.into()),
    };
    match added {
        Ok(_) => Ok(see_and_say(&format!("/incidents/{}/planning", opened.incident.key), "added")),
        Err(StoreError::Invalid(invalid)) => item::draw(&ctx, opened, None, Form::refused(typed, invalid)).await,
        Err(error) => Err(error.into()),
    }
}

/// Changes an item; when somebody saved in between, both are shown.
pub async fn change_item(
    ctx: Ctx,
    Path((key, item)): Path<(String, String)>,
    Posted(typed): Posted<ItemFields>,
) -> Result<Response, AppError> {
    let opened = incident(&ctx, &key).await?;
    let viewer = ctx.viewer()?;
    let id: ItemId = item.parse().map_err(|_| AppError::NotFound)?;
    let changed = match typed.draft() {
        Ok(draft) => planning::change_item(ctx.store(), viewer, opened.incident.id, id, typed.base(), draft, ctx.now).await,
        Err(invalid) => Err(invalid.into()),
    };
    match changed {
        Ok(()) => Ok(see_and_say(&format!("/incidents/{}/planning", opened.incident.key), "saved")),
        Err(StoreError::Invalid(invalid)) => item::draw(&ctx, opened, Some(id), Form::refused(typed, invalid)).await,
        Err(StoreError::Stale) => item::draw_conflict(&ctx, opened, id, typed).await,
        Err(error) => Err(error.into()),
    }
}

/// Drops an idea, with thanks.
pub async fn drop_idea(ctx: Ctx, path: Path<(String, String)>) -> Result<Response, AppError> {
    set_aside(ctx, path, true).await
}

/// Puts a dropped idea back.
pub async fn put_back(ctx: Ctx, path: Path<(String, String)>) -> Result<Response, AppError> {
    set_aside(ctx, path, false).await
}

async fn set_aside(ctx: Ctx, Path((key, idea)): Path<(String, String)>, aside: bool) -> Result<Response, AppError> {
    let opened = incident(&ctx, &key).await?;
    let idea: ParkedId = idea.parse().map_err(|_| AppError::NotFound)?;
    planning::set_aside(ctx.store(), ctx.viewer()?, opened.incident.id, idea, aside, ctx.now).await?;
    let code = if aside { "dropped" } else { "restored" };
    Ok(see_and_say(&format!("/incidents/{}/planning", opened.incident.key), code))
}
