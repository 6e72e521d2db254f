//! What is done with chosen entries: told as an event, put beside one, taken away from one; and the undo of the first.

use super::opened_for;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, same_site, see, see_and_say};
use axum::extract::Path;
use axum::response::Response;
use domain::{EventId, RawEntryId};
use serde::Deserialize;
use store::StoreError;
use store::timeline::evidence;

/// What was chosen, and where one comes from.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ChosenFields {
    entry: Vec<String>,
    /// The one whose own button was pressed: it alone is meant, whatever else is ticked.
    one: String,
    event: String,
    /// The version of the event that was looked at.
    version: String,
    back: String,
}

impl ChosenFields {
    fn entries(&self) -> Result<Vec<RawEntryId>, AppError> {
        let ids = if self.one.is_empty() { self.entry.as_slice() } else { std::slice::from_ref(&self.one) };
        ids.iter().map(|id| id.parse().map_err(|_| AppError::NotFound)).collect()
    }

    /// The page of the raw log that one came from.
    fn back(&self, base: &str) -> String {
        let raw = format!("{base}?pane=raw");
        let back = same_site(&self.back, &raw);
        let back = back.split('#').next().unwrap_or_default();
        if back.starts_with(&raw) { back.to_owned() } else { raw }
    }
}

/// Tells one event from what was chosen.
pub(super) async fn tell(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<ChosenFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key).await?;
    let base = format!("/incidents/{}", opened.incident.key);
    let (entries, back) = (typed.entries()?, typed.back(&base));
    match evidence::tell(ctx.store(), ctx.viewer()?, opened.incident.id, &entries, ctx.now).await {
        Ok(event) => {
            let at = entries.first().map(|id| format!("#r-{id}")).unwrap_or_default();
            Ok(see(&format!("{back}&told={event}{at}")))
        }
        Err(StoreError::Invalid(_)) => Ok(see_and_say(&back, "choose-entry")),
        Err(other) => Err(other.into()),
    }
}

/// Takes back what was just told; not once somebody has changed it since.
pub(super) async fn untell(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<ChosenFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key).await?;
    let base = format!("/incidents/{}", opened.incident.key);
    let event: EventId = typed.event.parse().map_err(|_| AppError::NotFound)?;
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let version: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
    match store::timeline::delete(store, viewer, opened.incident.id, event, version, ctx.now).await {
        Ok(()) => Ok(see(&format!("{}&did=deleted&event={event}", typed.back(&base)))),
        Err(StoreError::Stale) => Ok(see_and_say(&format!("{base}/events/{event}"), "told-changed")),
        Err(other) => Err(other.into()),
    }
}

/// Puts what was chosen beside an event.
pub(super) async fn attach(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<ChosenFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key).await?;
    let base = format!("/incidents/{}", opened.incident.key);
    let (entries, back) = (typed.entries()?, typed.back(&base));
    if typed.event.is_empty() {
        return Ok(see_and_say(&back, "choose-event"));
    }
    let event: EventId = typed.event.parse().map_err(|_| AppError::NotFound)?;
    match evidence::attach(ctx.store(), ctx.viewer()?, (opened.incident.id, event), &entries, ctx.now).await {
        Ok(()) => Ok(see_and_say(&back, "attached")),
        Err(StoreError::Invalid(_)) => Ok(see_and_say(&back, "choose-entry")),
        Err(other) => Err(other.into()),
    }
}

/// Takes one entry away from an event.
pub(super) async fn detach(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<ChosenFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key).await?;
    let event: EventId = typed.event.parse().map_err(|_| AppError::NotFound)?;
    let entry = typed.entries()?.first().copied().ok_or(AppError::NotFound)?;
    evidence::detach(ctx.store(), ctx.viewer()?, (opened.incident.id, event), entry, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}#e-{event}", opened.incident.key), "detached"))
}
