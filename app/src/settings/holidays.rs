//! What the forms about calendars of holidays do.

use super::holidays_page::{Outcome, Typed, draw_list, draw_one};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use axum::extract::{Multipart, Path};
use axum::response::Response;
use chrono::Datelike;
use domain::{CalendarId, Invalid, TeamId};
use http::StatusCode;
use serde::Deserialize;
use store::calendars::{self, Calendar};
use store::{Result as StoreResult, StoreError};

/// Where the page is.
pub(super) const AT: &str = "/settings/holidays";
/// The largest body of an import: a file of two megabytes and what is around it.
pub(super) const BODY: usize = 3 * 1024 * 1024;
/// A file is read from so many years back to so many ahead.
const YEARS: (i32, i32) = (1, 5);

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct NameFields {
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct DayFields {
    day: String,
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct TeamFields {
    team: String,
}

pub(super) async fn list(ctx: Ctx) -> Result<Response, AppError> {
    draw_list(&ctx, Form::default()).await
}

fn id(calendar: &str) -> Result<CalendarId, AppError> {
    calendar.parse().map_err(|_| AppError::NotFound)
}

async fn find(ctx: &Ctx, calendar: &str) -> Result<Calendar, AppError> {
    let id = id(calendar)?;
    calendars::list(ctx.store(), ctx.viewer()?).await?.into_iter().find(|c| c.id == id).ok_or(AppError::NotFound)
}

pub(super) async fn add(ctx: Ctx, Posted(typed): Posted<NameFields>) -> Result<Response, AppError> {
    match calendars::add(ctx.store(), ctx.viewer()?, &typed.name, ctx.now).await {
        Ok(id) => Ok(see_and_say(&format!("{AT}/{id}"), "added")),
        Err(StoreError::Invalid(invalid)) => draw_list(&ctx, Form::refused(typed.name, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn show(ctx: Ctx, Path(calendar): Path<String>) -> Result<Response, AppError> {
    let calendar = find(&ctx, &calendar).await?;
    draw_one(&ctx, calendar, Form::default(), None).await
}

/// The page again with what was refused, or onwards.
async fn done<T>(ctx: &Ctx, calendar: Calendar, typed: Typed, outcome: StoreResult<T>, said: &str) -> Result<Response, AppError> {
    let here = format!("{AT}/{}", calendar.id);
    match outcome {
        Ok(_) => Ok(see_and_say(&here, said)),
        Err(StoreError::Invalid(invalid)) => draw_one(ctx, calendar, Form::refused(typed, invalid), None).await,
        Err(StoreError::Refused(why)) => draw_one(ctx, calendar, Form::default(), Some(Outcome::Refused(why))).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn rename(
    ctx: Ctx,
    Path(calendar): Path<String>,
    Posted(typed): Posted<NameFields>,
) -> Result<Response, AppError> {
    let calendar = find(&ctx, &calendar).await?;
    let renamed = calendars::rename(ctx.store(), ctx.viewer()?, calendar.id, &typed.name, ctx.now).await;
    // The page has two names: this one's message stands at its own.
    let renamed = renamed.map_err(|e| match e {
        StoreError::Invalid(invalid) => {
            Invalid::one("calendar_name", invalid.message("name").unwrap_or_default().to_owned()).into()
        }
        other => other,
    });
    done(&ctx, calendar, Typed { calendar_name: Some(typed.name), ..Typed::default() }, renamed, "saved").await
}

pub(super) async fn put_day(
    ctx: Ctx,
    Path(calendar): Path<String>,
    Posted(typed): Posted<DayFields>,
) -> Result<Response, AppError> {
    let calendar = find(&ctx, &calendar).await?;
    let put = match domain::holidays::parse(&typed.day, &typed.name) {
        Ok(day) => calendars::put_days(ctx.store(), ctx.viewer()?, calendar.id, &[day], ctx.now).await,
        Err(invalid) => Err(invalid.into()),
    };
    done(&ctx, calendar, Typed { day: typed.day, name: typed.name, ..Typed::default() }, put, "added").await
}

pub(super) async fn remove_day(
    ctx: Ctx,
    Path(calendar): Path<String>,
    Posted(typed): Posted<DayFields>,
) -> Result<Response, AppError> {
    let calendar = find(&ctx, &calendar).await?;
    let day = domain::holidays::parse(&typed.day, "x")?.day;
    let removed = calendars::remove_day(ctx.store(), ctx.viewer()?, calendar.id, day, ctx.now).await;
    done(&ctx, calendar, Typed::default(), removed, "removed").await
}

pub(super) async fn put_team_on(
    ctx: Ctx,
    Path(calendar): Path<String>,
    Posted(typed): Posted<TeamFields>,
) -> Result<Response, AppError> {
    let calendar = find(&ctx, &calendar).await?;
    let put = match typed.team.parse::<TeamId>() {
        Ok(team) => calendars::put_team_on(ctx.store(), ctx.viewer()?, calendar.id, team, ctx.now).await,
        Err(_) => Err(Invalid::one("team", "Please choose a team from the list.").into()),
    };
    done(&ctx, calendar, Typed::default(), put, "saved").await
}

pub(super) async fn remove(ctx: Ctx, Path(calendar): Path<String>) -> Result<Response, AppError> {
    let calendar = find(&ctx, &calendar).await?;
    match calendars::remove(ctx.store(), ctx.viewer()?, calendar.id, ctx.now).await {
        Ok(()) => Ok(see_and_say(AT, "removed")),
        other => done(&ctx, calendar, Typed::default(), other, "removed").await,
    }
}

pub(super) async fn import(ctx: Ctx, Path(calendar): Path<String>, mut form: Multipart) -> Result<Response, AppError> {
    let calendar = find(&ctx, &calendar).await?;
    let unreadable = |e: axum::extract::multipart::MultipartError| match e.status() {
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
        _ => AppError::BadRequest,
    };
    let mut bytes = Vec::new();
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() == Some("file") {
            bytes = field.bytes().await.map_err(unreadable)?.to_vec();
        }
    }
    if bytes.is_empty() {
        let invalid = Invalid::one("file", "Please choose a calendar file, such as holidays.ics.");
        return draw_one(&ctx, calendar, Form::refused(Typed::default(), invalid), None).await;
    }
    let year = ctx.now.year();
    let read = importers::read_holidays(&bytes, year - YEARS.0, year + YEARS.1);
    let added = if read.days.is_empty() {
        Ok(0)
    } else {
        calendars::put_days(ctx.store(), ctx.viewer()?, calendar.id, &read.days, ctx.now).await
    };
    match added {
        Ok(new) => {
            // Drawn at once, since the notes stand in no address; its days and people are read again.
            let calendar = find(&ctx, &calendar.id.to_string()).await?;
            draw_one(&ctx, calendar, Form::default(), Some(Outcome::Imported { new, read })).await
        }
        Err(StoreError::Invalid(invalid)) => draw_one(&ctx, calendar, Form::refused(Typed::default(), invalid), None).await,
        Err(other) => Err(other.into()),
    }
}
