//! Pasting: a text from anywhere becomes proposals, which one mends or drops, and what is left becomes events. Nothing is written before
//! the second step, and no day or zone is guessed.

mod fields;
mod page;

use super::edit::opened;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see, see_and_say};
use crate::incidents::day_and_time;
use axum::extract::Path;
use axum::response::Response;
use chrono::{DateTime, Datelike, SecondsFormat};
use domain::{Invalid, text, walltime};
use fields::{PasteFields, RowFields};
use serde::Deserialize;

/// Most that the second step's form may hold, as the body of the request.
pub(super) const BODY: usize = 2 * 1024 * 1024;

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let incident = opened(&ctx, &key).await?;
    let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
    let (day, _) = day_and_time(incident.started_at, zone);
    let typed = PasteFields { day, zone: incident.zone.clone(), ..PasteFields::default() };
    Ok(page::draw_text(&ctx, &incident, Form::new(typed)))
}

/// The first step: what was understood.
pub(super) async fn read(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<PasteFields>) -> Result<Response, AppError> {
    let incident = opened(&ctx, &key).await?;
    let mut invalid = Invalid::default();
    invalid.take(text::required("text", &typed.text));
    invalid.take(walltime::parse_zone(&typed.zone));
    let day = chrono::NaiveDate::parse_from_str(typed.day.trim(), "%Y-%m-%d");
    if day.is_err() {
        invalid.add("day", "Please choose the day of what names none.");
    }
    let (Ok(day), true) = (day, invalid.fields.is_empty()) else {
        return Ok(page::draw_text(&ctx, &incident, Form::refused(typed, invalid)));
    };
    let pasted = importers::read_pasted(&typed.text, day.year());
    if pasted.proposals.is_empty() {
        let nothing = Invalid::one("text", "Nothing in it could become an event.");
        return Ok(page::draw_text(&ctx, &incident, Form::refused(typed, nothing)));
    }
    let rows = RowFields::of(&typed, day, &pasted.proposals);
    Ok(page::draw_rows(&ctx, &incident, rows, &[], pasted.is_cut))
}

/// The second step: those that were left ticked become events, all or none.
pub(super) async fn add(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<RowFields>) -> Result<Response, AppError> {
    let incident = opened(&ctx, &key).await?;
    let events = match typed.parse(ctx.now) {
        Ok(events) => events,
        Err(errors) => return Ok(page::draw_rows(&ctx, &incident, typed, &errors, false)),
    };
    store::timeline::add_many(ctx.store(), ctx.viewer()?, incident.id, &events, ctx.now).await?;
    let at = ctx.now.to_rfc3339_opts(SecondsFormat::Micros, true);
    Ok(see(&format!("/incidents/{}?did=pasted&event={at}#story", incident.key)))
}

/// When it was pasted.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct UndoFields {
    at: String,
}

pub(super) async fn undo(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<UndoFields>) -> Result<Response, AppError> {
    let incident = opened(&ctx, &key).await?;
    let at = DateTime::parse_from_rfc3339(&typed.at).map_err(|_| AppError::NotFound)?.to_utc();
    store::timeline::take_back_many(ctx.store(), ctx.viewer()?, incident.id, at, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}", incident.key), "removed"))
}
