//! What planners do: open early with a reason, make and change items, sort ideas.

use super::fields::ItemFields;
use super::ideas::{Refused, SortFields};
use super::page::incident;
use super::soak::{self, EarlyFields};
use super::{item, open};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use axum::extract::Path;
use axum::response::Response;
use domain::{GroupId, ItemId, ParkedId};
use store::incidents::Opened;
use store::planning::Sorting;
use store::{StoreError, planning};
use uuid::Uuid;

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
pub async fn drop_idea(ctx: Ctx, path: Path<(String, String)>, Posted(typed): Posted<SortFields>) -> Result<Response, AppError> {
    let words = typed.thanks.clone();
    sort(ctx, path, typed, Sorting::Drop(&words), "dropped").await
}

/// Puts a dropped idea back.
pub async fn put_back(ctx: Ctx, path: Path<(String, String)>) -> Result<Response, AppError> {
    sort(ctx, path, SortFields::default(), Sorting::PutBack, "restored").await
}

/// Groups an idea, lets another one stand for it, or lets it stand for itself again.
pub async fn sort_idea(ctx: Ctx, path: Path<(String, String)>, Posted(typed): Posted<SortFields>) -> Result<Response, AppError> {
    let (name, group) = (typed.name.clone(), typed.group.parse().ok());
    let how = match typed.act.as_str() {
        "group" if !name.trim().is_empty() => Sorting::IntoNew(&name),
        // What is no group is like one that is not there.
        "group" if !typed.group.is_empty() && group.is_none() => Sorting::Into(Some(GroupId(Uuid::nil()))),
        "group" => Sorting::Into(group),
        "merge" => Sorting::Under(typed.under.parse().unwrap_or(ParkedId(Uuid::nil()))),
        _ => Sorting::Alone,
    };
    sort(ctx, path, typed, how, "saved").await
}

async fn sort(
    ctx: Ctx,
    Path((key, idea)): Path<(String, String)>,
    typed: SortFields,
    how: Sorting<'_>,
    code: &str,
) -> Result<Response, AppError> {
    let opened = incident(&ctx, &key).await?;
    let idea: ParkedId = idea.parse().map_err(|_| AppError::NotFound)?;
    let sorted = planning::sort(ctx.store(), ctx.viewer()?, opened.incident.id, idea, how, ctx.now).await;
    answer(&ctx, opened, sorted, idea.0, typed, code).await
}

/// Gives a group another name, or takes it apart.
pub async fn change_group(
    ctx: Ctx,
    Path((key, group)): Path<(String, String)>,
    Posted(typed): Posted<SortFields>,
) -> Result<Response, AppError> {
    let opened = incident(&ctx, &key).await?;
    let group: GroupId = group.parse().map_err(|_| AppError::NotFound)?;
    let name = (typed.act != "dissolve").then_some(typed.name.as_str());
    let changed = planning::change_group(ctx.store(), ctx.viewer()?, opened.incident.id, group, name, ctx.now).await;
    answer(&ctx, opened, changed, group.0, typed, "saved").await
}

/// Back to the room, or the room with the form that was refused.
async fn answer(
    ctx: &Ctx,
    opened: Opened,
    done: Result<(), StoreError>,
    of: Uuid,
    typed: SortFields,
    code: &str,
) -> Result<Response, AppError> {
    match done {
        Ok(()) => Ok(see_and_say(&format!("/incidents/{}/planning", opened.incident.key), code)),
        Err(StoreError::Invalid(invalid)) => {
            let wall = planning::wall(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
            open::draw(ctx, opened, wall, Some(Refused { of, form: Form::refused(typed, invalid) })).await
        }
        Err(error) => Err(error.into()),
    }
}
