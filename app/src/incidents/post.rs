//! What the forms about an incident do.

use super::fields::{Choices, IncidentFields};
use super::show::{draw_edit, draw_new, editable};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see, see_and_say};
use axum::extract::Path;
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::incidents::{Nature, NewIncident};
use domain::{Invalid, ServiceId};
use store::StoreError;

/// Both parts of the form, with all that is to mend at once.
fn read(typed: &IncidentFields, choices: &Choices, now: DateTime<Utc>) -> Result<(NewIncident, Vec<ServiceId>), Invalid> {
    let mut invalid = Invalid::default();
    let new = invalid.take(typed.parse(&choices.teams, now));
    let services = invalid.take(typed.services());
    match (new, services) {
        (Some(new), Some(services)) => Ok((new, services)),
        _ => Err(invalid),
    }
}

pub(super) async fn add(ctx: Ctx, Posted(typed): Posted<IncidentFields>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let choices = Choices::load(&ctx).await?;
    let (new, services) = match read(&typed, &choices, ctx.now) {
        Ok(both) => both,
        Err(invalid) => return draw_new(&ctx, Form::refused(typed, invalid)).await,
    };
    match store::incidents::add_with(ctx.store(), viewer, &new, &services, ctx.now).await {
        Ok(key) => Ok(see_and_say(&format!("/incidents/{key}"), "added")),
        Err(StoreError::Invalid(invalid)) => draw_new(&ctx, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn change(
    ctx: Ctx,
    Path(key): Path<String>,
    Posted(mut typed): Posted<IncidentFields>,
) -> Result<Response, AppError> {
    let opened = editable(&ctx, &key).await?;
    let incident = &opened.incident;
    let choices = Choices::load(&ctx).await?;
    let (new, services) = match read(&typed, &choices, ctx.now) {
        Ok(both) => both,
        Err(invalid) => return Ok(draw_edit(&ctx, &opened, choices, Form::refused(typed, invalid), None)),
    };
    let base: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
    match store::incidents::change_with(ctx.store(), ctx.viewer()?, incident.id, base, &new, Some(&services), ctx.now).await {
        Ok(()) => Ok(see_and_say(&format!("/incidents/{}", incident.key), "saved")),
        Err(StoreError::Invalid(invalid)) => Ok(draw_edit(&ctx, &opened, choices, Form::refused(typed, invalid), None)),
        Err(StoreError::Stale) => {
            let theirs = IncidentFields::of(incident, &opened.services);
            // Saved by both with the same words: nothing is left to decide.
            typed.nature = Nature::from_slug(&typed.nature).slug().to_owned();
            if (IncidentFields { version: theirs.version.clone(), ..typed.clone() }) == theirs {
                return Ok(see(&format!("/incidents/{}", incident.key)));
            }
            typed.version.clone_from(&theirs.version);
            Ok(draw_edit(&ctx, &opened, choices, Form::new(typed), Some(theirs)))
        }
        Err(other) => Err(other.into()),
    }
}
