//! What the forms about schedules do: look at what was chosen or pasted, take it over, take it back.

use super::AT;
use super::page::{Outcome, Typed, draw, id};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, see_and_say};
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path};
use axum::response::Response;
use chrono::TimeDelta;
use domain::{Invalid, walltime};
use http::StatusCode;
use store::{StoreError, schedules};

/// Repeats of a calendar are followed so many days ahead.
const AHEAD_DAYS: i64 = 366;

/// What came: the fields, and the file where one was chosen.
async fn read(mut form: Multipart) -> Result<(Typed, String, Vec<u8>), AppError> {
    let unreadable = |e: MultipartError| match e.status() {
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
        _ => AppError::BadRequest,
    };
    let (mut typed, mut act, mut file) = (Typed::default(), String::new(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some("zone") => typed.zone = field.text().await.map_err(unreadable)?,
            Some("text") => typed.text = field.text().await.map_err(unreadable)?,
            Some("act") => act = field.text().await.map_err(unreadable)?,
            Some("file") => file = field.bytes().await.map_err(unreadable)?.to_vec(),
            _ => {}
        }
    }
    Ok((typed, act, file))
}

pub(super) async fn import(ctx: Ctx, Path(team): Path<String>, form: Multipart) -> Result<Response, AppError> {
    let team = schedules::schedule(ctx.store(), ctx.viewer()?, id(&team)?).await?.team.id;
    let (mut typed, act, file) = read(form).await?;
    let chosen = !file.is_empty();
    let bytes = if chosen { file } else { typed.text.clone().into_bytes() };
    if chosen {
        // A file cannot be chosen for somebody again: what stood in it stands in the field from here on.
        typed.text = importers::schedule_text(&bytes);
    }
    let zone = match walltime::parse_zone(&typed.zone) {
        Ok(zone) => zone,
        Err(invalid) => return draw(&ctx, team, Form::refused(typed, invalid), None).await,
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let invalid = Invalid::one("text", "Please choose a file or paste a schedule.");
        return draw(&ctx, team, Form::refused(typed, invalid), None).await;
    }
    let read = importers::read_schedule(&bytes, zone, ctx.now + TimeDelta::days(AHEAD_DAYS));
    // What nobody has looked at yet is looked at first.
    if act == "take" && !chosen {
        return match schedules::take_over(ctx.store(), ctx.viewer()?, team, &typed.zone, &read, ctx.now).await {
            Ok(_) => Ok(see_and_say(&format!("{AT}/{team}"), "imported")),
            Err(StoreError::Invalid(invalid)) => draw(&ctx, team, Form::refused(typed, invalid), None).await,
            Err(other) => Err(other.into()),
        };
    }
    let seen = schedules::dry_run(ctx.store(), ctx.viewer()?, team, &read).await?;
    draw(&ctx, team, Form::new(typed), Some(Outcome::Seen { seen: Box::new(seen), notes: read.notes })).await
}

pub(super) async fn take_back(ctx: Ctx, Path((team, import)): Path<(String, String)>) -> Result<Response, AppError> {
    let team = id(&team)?;
    let import = import.parse().map_err(|_| AppError::NotFound)?;
    match schedules::take_back(ctx.store(), ctx.viewer()?, team, import, ctx.now).await {
        Ok(()) => Ok(see_and_say(&format!("{AT}/{team}"), "import-undone")),
        Err(StoreError::Refused(why)) => draw(&ctx, team, Form::default(), Some(Outcome::Refused(why))).await,
        Err(other) => Err(other.into()),
    }
}
