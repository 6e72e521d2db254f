//! Two people at one timeline: a page that is looked at learns within a second what others changed (docs/decisions/0025).

use super::edit::opened;
use crate::ctx::Ctx;
use crate::error::AppError;
use axum::Json;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

/// Looks of one request, some seconds in all: less than the process waits for requests when it stops.
const LOOKS: u32 = 20;

/// As a page names the state that it shows.
pub(super) fn revision(changed_at: DateTime<Utc>) -> String {
    changed_at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// What the page shows already.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct LiveQuery {
    seen: String,
}

/// Answers when there is something new, or after some seconds that there is nothing.
pub(super) async fn wait(ctx: Ctx, Path(key): Path<String>, Query(query): Query<LiveQuery>) -> Result<Response, AppError> {
    let incident = opened(&ctx, &key).await?;
    // Who has seen nothing yet is told at once how it stands.
    let seen = DateTime::parse_from_rfc3339(&query.seen).map_or(DateTime::<Utc>::MIN_UTC, |at| at.to_utc());
    let changed = store::timeline::changed_since(ctx.store(), ctx.viewer()?, incident.id, seen, LOOKS, ctx.now).await?;
    Ok(match changed {
        Some(at) => Json(json!({ "now": revision(at) })).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}
