//! The door for tools: whose address it is, whether it is signed, what it says, and what was made of it.

use crate::ctx::Ctx;
use crate::error::AppError;
use axum::Json;
use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Response};
use domain::timeline::hooks::HookKind;
use domain::timeline::raw::{ImportedLogs, RawSource};
use domain::walltime::parse_zone;
use http::{StatusCode, header};
use importers::{LogFile, LogOptions};
use store::timeline::hooks::{self, Outcome, Sent};

/// Most that a tool may send at once.
const LIMIT: usize = 1024 * 1024;

pub(super) async fn receive(
    ctx: Ctx,
    Path((kind, token)): Path<(String, String)>,
    request: Request,
) -> Result<Response, AppError> {
    let kind = HookKind::from_slug(&kind).ok_or(AppError::NotFound)?;
    let door = hooks::door(ctx.store(), kind, &token).await?.ok_or(AppError::NotFound)?;
    let (parts, body) = request.into_parts();
    let text = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    if text(header::CONTENT_LENGTH.as_str()).parse::<usize>().is_ok_and(|length| length > LIMIT) {
        return Ok(answer(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
    }
    let signatures = text("x-pagerduty-signature");
    let Ok(bytes) = axum::body::to_bytes(body, LIMIT).await else {
        return Ok(answer(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
    };
    if !door.lets_in(&signatures, &bytes) {
        return Ok(answer(StatusCode::UNAUTHORIZED, "signature"));
    }
    let zone = door.zone;
    let (source, read) = {
        let bytes = bytes.clone();
        tokio::task::spawn_blocking(move || read(kind, &bytes, &zone)).await.map_err(AppError::internal)?
    };
    let logs = understood(&read);
    let sent = Sent { bytes: &bytes, source, logs: logs.then_some(read.logs.as_slice()) };
    let outcome = hooks::receive(ctx.store(), door.id, &sent, ctx.now).await?;
    let status = match outcome {
        Outcome::Failed => StatusCode::UNPROCESSABLE_ENTITY,
        Outcome::TooMany => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::ACCEPTED,
    };
    Ok(answer(status, outcome.slug()))
}

fn answer(status: StatusCode, outcome: &str) -> Response {
    (status, Json(serde_json::json!({ "outcome": outcome }))).into_response()
}

/// Something was read, or what was left out is nothing to be sorry about: a ping.
fn understood(read: &ImportedLogs) -> bool {
    !read.logs.is_empty() || (!read.notes.is_empty() && read.unreadable.iter().all(|u| u.reason.starts_with("Nothing was found")))
}

/// Reads what was sent, and whose it is. Takes its time: not for the threads that answer.
pub(crate) fn read(kind: HookKind, bytes: &[u8], zone: &str) -> (Option<RawSource>, ImportedLogs) {
    let files = [LogFile { name: "Hook", bytes }];
    // Archives and tables are for people who choose files.
    if !bytes.iter().find(|b| !b.is_ascii_whitespace()).is_some_and(|b| matches!(b, b'{' | b'[')) {
        return (None, ImportedLogs::default());
    }
    let source = kind.source().or_else(|| importers::guess_source(&files));
    let zone = parse_zone(zone).unwrap_or(chrono_tz::UTC);
    let options = LogOptions { zone, columns: None, day: None };
    let read = source.map(|source| importers::read_log(source, &files, &options)).unwrap_or_default();
    (source, read)
}
