//! What the forms about factors and learnings do.

use super::form::{FactorFields, LearningFields};
use super::page::Forms;
use super::{edit, page};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use axum::extract::Path;
use axum::response::Response;
use store::StoreError;

pub(super) async fn add_factor(
    ctx: Ctx,
    Path(key): Path<String>,
    Posted(typed): Posted<FactorFields>,
) -> Result<Response, AppError> {
    let kept = page::load_to_keep(&ctx, &key).await?;
    match typed.parse() {
        Err(invalid) => Ok(page::draw(&ctx, kept, Forms { factor: Form::refused(typed, invalid), ..Forms::default() })),
        Ok(new) => {
            let incident = &kept.opened.incident;
            let id = store::learnings::add_factor(ctx.store(), ctx.viewer()?, incident.id, &new, ctx.now).await?;
            Ok(see_and_say(&format!("/incidents/{}/factors?next=factor#f-{id}", incident.key), "added"))
        }
    }
}

pub(super) async fn add_learning(
    ctx: Ctx,
    Path(key): Path<String>,
    Posted(typed): Posted<LearningFields>,
) -> Result<Response, AppError> {
    let kept = page::load_to_keep(&ctx, &key).await?;
    let incident = &kept.opened.incident;
    let refused = match typed.parse() {
        Err(invalid) => invalid,
        Ok(new) => match store::learnings::add_learning(ctx.store(), ctx.viewer()?, incident.id, &new, ctx.now).await {
            Ok(id) => return Ok(see_and_say(&format!("/incidents/{}/factors#l-{id}", incident.key), "added")),
            Err(StoreError::Invalid(invalid)) => invalid,
            Err(other) => return Err(other.into()),
        },
    };
    Ok(page::draw(&ctx, kept, Forms { learning: Form::refused(typed, refused), ..Forms::default() }))
}

pub(super) async fn change_factor(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(mut typed): Posted<FactorFields>,
) -> Result<Response, AppError> {
    let (opened, factor) = edit::find_factor(&ctx, &key, &id).await?;
    let (incident, key) = (opened.incident.id, opened.incident.key);
    let new = match typed.parse() {
        Ok(new) => new,
        Err(invalid) => return Ok(edit::draw_factor(&ctx, key, factor, Form::refused(typed, invalid), false)),
    };
    let base: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
    match store::learnings::change_factor(ctx.store(), ctx.viewer()?, (incident, factor.id), base, &new, ctx.now).await {
        Ok(()) => Ok(see_and_say(&format!("/incidents/{key}/factors#f-{}", factor.id), "saved")),
        Err(StoreError::Stale) => {
            typed.version = factor.version.to_string();
            Ok(edit::draw_factor(&ctx, key, factor, Form::new(typed), true))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn change_learning(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(mut typed): Posted<LearningFields>,
) -> Result<Response, AppError> {
    let (opened, learning) = edit::find_learning(&ctx, &key, &id).await?;
    let (incident, key) = (opened.incident.id, opened.incident.key);
    let new = match typed.parse() {
        Ok(new) => new,
        Err(invalid) => return edit::draw_learning(&ctx, key, learning, Form::refused(typed, invalid), false).await,
    };
    let base: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
    match store::learnings::change_learning(ctx.store(), ctx.viewer()?, (incident, learning.id), base, &new, ctx.now).await {
        Ok(()) => Ok(see_and_say(&format!("/incidents/{key}/factors#l-{}", learning.id), "saved")),
        Err(StoreError::Stale) => {
            typed.version = learning.version.to_string();
            edit::draw_learning(&ctx, key, learning, Form::new(typed), true).await
        }
        Err(StoreError::Invalid(invalid)) => edit::draw_learning(&ctx, key, learning, Form::refused(typed, invalid), false).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn remove_factor(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let (opened, factor) = edit::find_factor(&ctx, &key, &id).await?;
    store::learnings::remove_factor(ctx.store(), ctx.viewer()?, opened.incident.id, factor.id, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}/factors", opened.incident.key), "removed"))
}

pub(super) async fn remove_learning(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let (opened, learning) = edit::find_learning(&ctx, &key, &id).await?;
    store::learnings::remove_learning(ctx.store(), ctx.viewer()?, opened.incident.id, learning.id, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}/factors", opened.incident.key), "removed"))
}
