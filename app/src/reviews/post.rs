//! What the facilitator's desk sends: settle a quote, give authors another time, publish.

use super::desk::{self, DueFields};
use super::parts::{at, opened_for};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use axum::extract::Path;
use axum::response::Response;
use domain::rights::Right;
use domain::{ExcerptId, walltime};
use serde::Deserialize;

/// What to do with a quote.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct QuoteAct {
    version: String,
    /// `take` the offered words, or `drop` the quote.
    act: String,
}

/// Takes the author's words or leaves the quote out.
pub(super) async fn settle_quote(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(typed): Posted<QuoteAct>,
) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let excerpt: ExcerptId = id.parse().map_err(|_| AppError::NotFound)?;
    let (store, viewer, incident) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    match typed.act.as_str() {
        "take" => {
            let version: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
            store::reviews::take_offered(store, viewer, incident, excerpt, version, ctx.now).await?;
        }
        "drop" => store::reviews::drop_excerpt(store, viewer, incident, excerpt, ctx.now).await?,
        _ => return Err(AppError::BadRequest),
    }
    Ok(form::see_and_say(&format!("{}#quotes", at(opened.incident.key, "")), "changed"))
}

/// Sets until when authors are asked.
pub(super) async fn deadline(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<DueFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let viewer = ctx.viewer()?;
    let outcome = match walltime::parse_local(&typed.date, &typed.time, ctx.zone().name()) {
        Ok(due) => {
            store::reviews::set_deadline(ctx.store(), viewer, opened.incident.id, due.at, ctx.now).await.map_err(AppError::from)
        }
        Err(invalid) => Err(invalid.into()),
    };
    match outcome {
        Ok(()) => Ok(form::see_and_say(&at(opened.incident.key, ""), "changed")),
        Err(AppError::Invalid(invalid)) => desk::draw(&ctx, opened, Form::refused(typed, invalid), Form::default(), None).await,
        Err(other) => Err(other),
    }
}

/// Publishes the second story, or says on the same page what still keeps it.
pub(super) async fn publish(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    match store::reviews::publish(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await.map_err(AppError::from) {
        Ok(_) => Ok(form::see_and_say(&at(opened.incident.key, ""), "published")),
        Err(AppError::Refused(why)) if !opened.standing.published => {
            desk::draw(&ctx, opened, Form::default(), Form::default(), Some(why)).await
        }
        Err(other) => Err(other),
    }
}
