//! What the forms about events do.

use super::attachments::{event_form, files_of};
use super::form::EventFields;
use super::{edit, new, page};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, same_site, see, see_and_say};
use axum::extract::{Path, Request};
use axum::response::Response;
use domain::EventId;
use domain::incidents::IncidentKey;
use domain::timeline::marks::Mark;
use domain::timeline::{NewEvent, Placement};
use serde::Deserialize;
use store::StoreError;
use store::timeline::TakenBack;

pub(super) async fn add(ctx: Ctx, Path(key): Path<String>, request: Request) -> Result<Response, AppError> {
    let incident = edit::opened(&ctx, &key).await?;
    let (typed, mut refused) = event_form(&ctx, &incident, request).await?;
    let parsed = refused.take(typed.parse(ctx.now));
    let event = match parsed.filter(|_| refused.fields.is_empty()) {
        Some(event) => event,
        None if typed.from == "whole" => return Ok(new::draw(&ctx, &incident, Form::refused(typed, refused))),
        None => {
            let told = page::load(&ctx, &key, &page::ShowQuery::default()).await?;
            return Ok(page::draw(&ctx, told, Form::refused(typed, refused)));
        }
    };
    let id = match store::timeline::add(ctx.store(), ctx.viewer()?, incident.id, &event, ctx.now).await {
        Ok(id) => id,
        Err(StoreError::Invalid(refused)) => return Ok(new::draw(&ctx, &incident, Form::refused(typed, refused))),
        Err(other) => return Err(other.into()),
    };
    Ok(match (typed.then.as_str(), typed.from.as_str()) {
        ("next", "whole") => see_and_say(&format!("/incidents/{key}/events/new?after={id}"), "added"),
        ("next", _) => see(&format!("/incidents/{key}?next={id}&did=added&event={id}#time")),
        _ => see(&done(incident.key, id, "added")),
    })
}

pub(super) async fn change(ctx: Ctx, Path((key, id)): Path<(String, String)>, request: Request) -> Result<Response, AppError> {
    let (incident, event) = edit::find(&ctx, &key, &id).await?;
    let (mut typed, mut refused) = event_form(&ctx, &incident, request).await?;
    let parsed = refused.take(typed.parse(ctx.now));
    let new = match parsed.filter(|_| refused.fields.is_empty()) {
        // How a document wrote the time stays known.
        Some(new) => NewEvent { as_written: event.as_written.clone(), ..new },
        None => return edit::draw(&ctx, &incident, event, Form::refused(typed, refused), false).await,
    };
    let base: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
    let back = format!("/incidents/{}#e-{}", incident.key, event.id);
    match store::timeline::change(ctx.store(), ctx.viewer()?, (incident.id, event.id), base, &new, ctx.now).await {
        Ok(()) => Ok(see(&done(incident.key, event.id, "changed"))),
        Err(StoreError::Invalid(refused)) => edit::draw(&ctx, &incident, event, Form::refused(typed, refused), false).await,
        Err(StoreError::Stale) => {
            let theirs = EventFields::of(&event);
            // Saved by both with the same words: nothing is left to decide.
            let ours = EventFields { version: theirs.version.clone(), files: Vec::new(), ..typed.clone() };
            if (EventFields { alt_of: Vec::new(), alt_text: Vec::new(), upload_alt: String::new(), ..ours }) == theirs {
                return Ok(see(&back));
            }
            typed.version = theirs.version;
            edit::draw(&ctx, &incident, event, Form::new(typed), true).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The version that was looked at.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct DeleteFields {
    version: String,
}

pub(super) async fn delete(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(typed): Posted<DeleteFields>,
) -> Result<Response, AppError> {
    let (incident, event) = edit::find(&ctx, &key, &id).await?;
    let base: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
    match store::timeline::delete(ctx.store(), ctx.viewer()?, incident.id, event.id, base, ctx.now).await {
        Ok(()) => Ok(see(&format!("/incidents/{}?did=deleted&event={}", incident.key, event.id))),
        // Somebody changed it: what is there now is looked at first.
        Err(StoreError::Stale) => {
            let files = files_of(&ctx, &incident).await?;
            let form = Form::new(EventFields { files, ..EventFields::of(&event) });
            edit::draw(&ctx, &incident, event, form, true).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Takes back the latest change of an event; once more, and it is there again.
pub(super) async fn undo(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(typed): Posted<DeleteFields>,
) -> Result<Response, AppError> {
    let (incident, id) = edit::place(&ctx, &key, &id).await?;
    // No version at all is as stale as an old one.
    let base: i64 = typed.version.parse().unwrap_or(-1);
    match store::timeline::take_back(ctx.store(), ctx.viewer()?, (incident.id, id), base, ctx.now).await {
        Ok(TakenBack::Deleted) => Ok(see(&format!("/incidents/{}?did=taken-back&event={id}", incident.key))),
        Ok(TakenBack::Changed | TakenBack::Restored) => Ok(see(&done(incident.key, id, "taken-back"))),
        // Somebody else was there in between: what is there now is shown, and nothing of it taken.
        Err(StoreError::Stale) => Ok(see_and_say(&format!("/incidents/{}#e-{id}", incident.key), "changed-since")),
        Err(other) => Err(other.into()),
    }
}

/// What became of a mitigation action, said on any page that shows it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SettleFields {
    version: String,
    placement: String,
    back: String,
}

pub(super) async fn settle(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(typed): Posted<SettleFields>,
) -> Result<Response, AppError> {
    let (incident, event) = edit::find(&ctx, &key, &id).await?;
    let id = event.id;
    let base: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
    let placement = Placement::from_slug(&typed.placement).ok_or(AppError::BadRequest)?;
    let settled = (placement, placement.is_settled().then_some(ctx.now));
    let here = format!("/incidents/{}", incident.key);
    let back = same_site(&typed.back, &here);
    match store::timeline::in_place::settle(ctx.store(), ctx.viewer()?, (incident.id, id), base, settled, ctx.now).await {
        Ok(()) if back == here => Ok(see(&done(incident.key, id, "changed"))),
        Ok(()) => Ok(see_and_say(back, "saved")),
        Err(StoreError::Stale) => Ok(see_and_say(back, "changed-since")),
        Err(other) => Err(other.into()),
    }
}

/// Which mark of the incident the event's time becomes.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct MarkFields {
    mark: String,
}

pub(super) async fn mark(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(typed): Posted<MarkFields>,
) -> Result<Response, AppError> {
    let (incident, event) = edit::find(&ctx, &key, &id).await?;
    let mark = Mark::from_slug(&typed.mark).ok_or(AppError::BadRequest)?;
    let at = event.at.ok_or(AppError::BadRequest)?;
    let new = mark.set(&incident, at);
    match store::incidents::change(ctx.store(), ctx.viewer()?, incident.id, incident.version, &new, ctx.now).await {
        Ok(()) => Ok(see_and_say(&format!("/incidents/{}#e-{}", incident.key, event.id), "mark-set")),
        Err(StoreError::Stale) => Ok(see_and_say(&format!("/incidents/{}", incident.key), "changed-since")),
        // The marks would contradict each other: said beside the times, where both can be changed.
        Err(StoreError::Invalid(_)) => Ok(see_and_say(&format!("/incidents/{}/events/{}", incident.key, event.id), "mark-odd")),
        Err(other) => Err(other.into()),
    }
}

/// The page of the incident at an event, with the offer to take back what was just done to it.
fn done(incident: IncidentKey, event: EventId, did: &str) -> String {
    format!("/incidents/{incident}?did={did}&event={event}#e-{event}")
}
