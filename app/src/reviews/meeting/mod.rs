//! The meeting of a review, full screen: what everybody in it sees, and what who leads it does.

mod after;
mod calls;
mod side;
mod stage;
mod wall;

pub(super) use calls::{CallFields, answer as answer_call, ask as ask_to_call, card as call_card, drop_it as drop_call};

use super::parts::{at, opened, opened_for};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Posted};
use axum::Json;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use domain::incidents::IncidentKey;
use domain::reviews::meeting::{LineKind, Stage};
use domain::rights::Right;
use domain::{EventId, Invalid, LineId, ThemeId};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use store::StoreError;
use store::incidents::Opened;
use wall::{Back, Look};

/// Looks of one waiting request, some seconds in all: less than the process waits for requests when it stops.
const LOOKS: u32 = 20;

/// Which moment somebody looks at on their own.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LookQuery {
    at: String,
}

/// The state that a page shows already.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SeenQuery {
    seen: String,
}

/// To what the meeting turns; what is empty stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TurnFields {
    stage: String,
    event: String,
    theme: String,
}

/// A line, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LineFields {
    /// Given by the page, so that a line that is sent twice is written once.
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) text: String,
}

/// What becomes of a line.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LineAct {
    /// `out` or `back`.
    act: String,
}

/// Own words for the opening, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OpeningFields {
    pub(super) opening: String,
    pub(super) version: String,
}

/// How it ends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EndFields {
    /// Ticked: the three questions are asked now.
    survey: String,
}

/// The meeting: before it begins, as it runs, and what stays of it.
pub(super) async fn show(ctx: Ctx, Path(key): Path<String>, Query(query): Query<LookQuery>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    wall::draw(&ctx, opened, Look { at: query.at.parse().ok(), ..Look::default() }).await
}

/// Answers when the meeting is another than the page shows, or after some seconds how it stands.
pub(super) async fn wait(ctx: Ctx, Path(key): Path<String>, Query(query): Query<SeenQuery>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    let id = opened.incident.id;
    let next = store::reviews::next(ctx.store(), ctx.viewer()?, id, &query.seen, LOOKS, ctx.now).await?;
    Ok(match next {
        Some(revision) => Json(json!({ "now": revision })).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

/// Begins it, or goes on with it.
pub(super) async fn begin(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    store::reviews::begin(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    Ok(here(opened.incident.key))
}

/// Turns to a stage, a moment, a theme.
pub(super) async fn turn(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<TurnFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let stage = named(&typed.stage, Stage::from_slug)?;
    let event = named(&typed.event, |id| id.parse::<EventId>().ok())?;
    let theme = named(&typed.theme, |id| id.parse::<ThemeId>().ok())?;
    let outcome = store::reviews::turn(ctx.store(), ctx.viewer()?, opened.incident.id, stage, event, theme, ctx.now).await;
    back(&ctx, opened, outcome).await
}

/// Ends it, and asks the three questions if that is ticked.
pub(super) async fn end(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<EndFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let id = opened.incident.id;
    let outcome = store::reviews::end(ctx.store(), ctx.viewer()?, id, ctx.now).await;
    if outcome.is_ok() && !typed.survey.is_empty() {
        store::reviews::ask_survey(ctx.store(), ctx.viewer()?, id, ctx.now).await?;
    }
    back(&ctx, opened, outcome).await
}

/// Keeps own words for the opening.
pub(super) async fn set_opening(
    ctx: Ctx,
    Path(key): Path<String>,
    Posted(typed): Posted<OpeningFields>,
) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let version = typed.version.parse().map_err(|_| AppError::BadRequest)?;
    let (id, key) = (opened.incident.id, opened.incident.key);
    match store::reviews::set_opening(ctx.store(), ctx.viewer()?, id, &typed.opening, version, ctx.now).await {
        Ok(()) => Ok(form::see_and_say(&at(key, "meeting"), "saved")),
        Err(StoreError::Invalid(invalid)) => {
            wall::draw(&ctx, opened, Look { opening: Some((typed, Back::Refused(invalid))), ..Look::default() }).await
        }
        Err(StoreError::Stale) => wall::draw(&ctx, opened, Look { opening: Some((typed, Back::Stale)), ..Look::default() }).await,
        Err(other) => Err(other.into()),
    }
}

/// Writes a line. A page with scripts asks for JSON and stays as it is.
pub(super) async fn write(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<LineFields>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    let (store, viewer, incident) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    // A page that gives no id cannot send twice.
    let id: LineId = typed.id.parse().unwrap_or_else(|_| store::reviews::new_line());
    let kind = LineKind::from_slug(&typed.kind).unwrap_or(LineKind::Note);
    let refused = |message: String| {
        let told = json!({ "message": message });
        (StatusCode::UNPROCESSABLE_ENTITY, Json(told)).into_response()
    };
    match store::reviews::write_line(store, viewer, incident, id, kind, &typed.text, ctx.now).await {
        Ok(()) if ctx.wants_json => Ok(Json(json!({})).into_response()),
        Ok(()) => Ok(here(opened.incident.key)),
        Err(StoreError::Refused(why)) if ctx.wants_json => Ok(refused(why.to_owned())),
        Err(StoreError::Invalid(invalid)) if ctx.wants_json => {
            Ok(refused(invalid.message("text").unwrap_or("Please look at your line again.").to_owned()))
        }
        Err(StoreError::Invalid(invalid)) => {
            wall::draw(&ctx, opened, Look { line: Some((typed, invalid)), ..Look::default() }).await
        }
        Err(StoreError::Refused(why)) => {
            wall::draw(&ctx, opened, Look { line: Some((typed, Invalid::one("text", why))), ..Look::default() }).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Takes a line out of sight, or brings it back.
pub(super) async fn settle_line(
    ctx: Ctx,
    Path((key, line)): Path<(String, String)>,
    Posted(typed): Posted<LineAct>,
) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let line: LineId = line.parse().map_err(|_| AppError::NotFound)?;
    let out = typed.act != "back";
    store::reviews::take_out_line(ctx.store(), ctx.viewer()?, opened.incident.id, line, out, ctx.now).await?;
    Ok(here(opened.incident.key))
}

async fn back(ctx: &Ctx, opened: Opened, outcome: Result<(), StoreError>) -> Result<Response, AppError> {
    match outcome {
        Ok(()) => Ok(here(opened.incident.key)),
        Err(StoreError::Refused(why)) => wall::draw(ctx, opened, Look { refused: Some(why), ..Look::default() }).await,
        Err(other) => Err(other.into()),
    }
}

fn here(key: IncidentKey) -> Response {
    form::see(&at(key, "meeting"))
}

/// A value that may be left out; one that is none of its kind is no request of ours.
fn named<T>(typed: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, AppError> {
    if typed.is_empty() { Ok(None) } else { read(typed).map(Some).ok_or(AppError::BadRequest) }
}
