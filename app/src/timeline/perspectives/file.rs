//! The picture as a file. It will be passed on, so its lanes hold what everybody in the organisation may see, whoever takes it.

use super::picture::Picture;
use super::{at, opened};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::see_and_say;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use domain::walltime;
use http::header;

/// `timeline.svg`.
pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let incident = opened(&ctx, &key).await?.incident;
    let seen = store::timeline::perspectives::for_everybody(ctx.store(), ctx.viewer()?, incident.id, ctx.now).await?;
    let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
    let Some(picture) = Picture::of(&incident, &seen.events, &seen.lanes) else {
        return Ok(see_and_say(&at(incident.key), "too-little"));
    };
    let title = format!("{} {}", incident.key, incident.title);
    let when = format!("{}. Times in {}.", walltime::absolute(incident.started_at, zone), zone.name());
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}-timeline.svg\"", incident.key)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, picture.as_file(&title, &when)).into_response())
}
