//! The preparation board: what is done and what is missing before the meeting, when it is, and its entry for calendars.

use super::meeting::{CallFields, call_card};
use super::parts::{at, mark, opened, opened_for};
use super::survey;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use crate::incidents::{IncidentFrame, Tab, ZoneField, day_and_time};
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Icon, Note, TextField, When};
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Duration, Utc};
use domain::incidents::IncidentKey;
use domain::reviews::preparing::{Mark, Meeting, Part, Standing};
use domain::rights::Right;
use domain::{Invalid, walltime};
use http::StatusCode;
use icalendar::{Calendar, Component, Event, EventLike};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::incidents::Opened;
use store::reviews::{Heard, Preparation};

/// The meeting, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MeetingFields {
    date: String,
    time: String,
    zone: String,
    minutes: String,
    place: String,
    version: String,
}

impl MeetingFields {
    fn of(meeting: Option<&Meeting>, zone: chrono_tz::Tz) -> Self {
        let Some(meeting) = meeting else {
            return Self { zone: zone.name().to_owned(), minutes: "60".to_owned(), version: "0".to_owned(), ..Self::default() };
        };
        let zone = walltime::parse_zone(&meeting.zone).unwrap_or(zone);
        let (date, time) = day_and_time(meeting.at, zone);
        Self {
            date,
            time,
            zone: zone.name().to_owned(),
            minutes: meeting.minutes.to_string(),
            place: meeting.place.clone(),
            version: meeting.version.to_string(),
        }
    }

    fn parse(&self) -> Result<Meeting, Invalid> {
        let mut invalid = Invalid::default();
        let at = invalid.take(walltime::parse_local(&self.date, &self.time, &self.zone));
        let minutes = self.minutes.trim().parse().map_err(|_| Invalid::one("minutes", "Please write a number of minutes."));
        match (at, invalid.take(minutes), self.version.parse()) {
            (Some(at), Some(minutes), Ok(version)) => {
                Meeting { at: at.at, zone: self.zone.trim().to_owned(), minutes, place: self.place.clone(), version }.checked()
            }
            _ => Err(invalid),
        }
    }
}

/// What the facilitator says of a part.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MarkFields {
    /// A slug of [`Mark`], or `open` to take it back.
    mark: String,
}

/// The board.
pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    draw(&ctx, opened, None, false, Form::default()).await
}

/// The board again, with somebody to call on who was not asked, to mend.
pub(super) async fn call_refused(ctx: &Ctx, opened: Opened, calls: Form<CallFields>) -> Result<Response, AppError> {
    draw(ctx, opened, None, false, calls).await
}

/// Plans the meeting or moves it.
pub(super) async fn plan(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<MeetingFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let plan = match typed.parse() {
        Ok(plan) => plan,
        Err(invalid) => return draw(&ctx, opened, Some(Form::refused(typed, invalid)), false, Form::default()).await,
    };
    match store::reviews::plan_meeting(ctx.store(), ctx.viewer()?, opened.incident.id, plan, ctx.now).await {
        Ok(()) => Ok(form::see_and_say(&at(opened.incident.key, "preparation"), "saved")),
        Err(StoreError::Stale) => draw(&ctx, opened, Some(Form::new(typed)), true, Form::default()).await,
        Err(StoreError::Invalid(invalid)) => {
            draw(&ctx, opened, Some(Form::refused(typed, invalid)), false, Form::default()).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Says by hand where a part stands.
pub(super) async fn mark_part(
    ctx: Ctx,
    Path((key, part)): Path<(String, String)>,
    Posted(typed): Posted<MarkFields>,
) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let part = Part::from_slug(&part).ok_or(AppError::NotFound)?;
    let mark = match typed.mark.as_str() {
        "open" => None,
        slug => Some(Mark::from_slug(slug).ok_or(AppError::BadRequest)?),
    };
    store::reviews::mark_part(ctx.store(), ctx.viewer()?, opened.incident.id, part, mark, ctx.now).await?;
    Ok(form::see_and_say(&format!("{}#{}", at(opened.incident.key, "preparation"), part.slug()), "changed"))
}

/// The meeting as a file for calendars: its time, its place, and where to read on; no word of the review.
pub(super) async fn calendar(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    let (key, id) = (opened.incident.key, opened.incident.id);
    let Some(meeting) = store::reviews::meeting(ctx.store(), ctx.viewer()?, id, ctx.now).await? else {
        return Ok(form::see(&at(key, "")));
    };
    let address = format!("{}{}", ctx.site.base_url, at(key, ""));
    let words = format!("A learning review: how it made sense at the time, and no fixes. {address}");
    let entry = Event::new()
        .uid(&format!("{id}@second-story"))
        .sequence(u32::try_from(meeting.version).unwrap_or_default())
        .timestamp(ctx.now)
        .summary(&format!("Learning review of {key}: {}", opened.incident.title))
        .description(&words)
        .location(&meeting.place)
        .url(&address)
        .starts(meeting.at)
        .ends(meeting.at + Duration::minutes(meeting.minutes))
        .done();
    let file = Calendar::new().push(entry).done().to_string();
    let name = format!("attachment; filename=\"review-{key}.ics\"");
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], file)
        .into_response())
}

async fn draw(
    ctx: &Ctx,
    opened: Opened,
    form: Option<Form<MeetingFields>>,
    stale: bool,
    calls: Form<CallFields>,
) -> Result<Response, AppError> {
    let board = store::reviews::preparation(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let mut form = form.unwrap_or_else(|| Form::new(MeetingFields::of(board.meeting.as_ref(), ctx.zone())));
    let mut head = Head::new(format!("Preparing the review of {}", opened.incident.title), Nav::Incidents)
        .refused(&form.invalid)
        .refused(&calls.invalid);
    if stale {
        form.typed.version = board.meeting.as_ref().map_or(0, |m| m.version).to_string();
        head = head.status(StatusCode::CONFLICT);
    }
    let heard = store::reviews::heard(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let room = store::reviews::room(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let asked = store::interviews::list(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let key = opened.incident.key;
    Ok(shell::page(ctx, head, move || {
        let call_card = call_card(key, room.calls, asked, &calls);
        page(opened, board, heard, form, stale, call_card.into_any())
    }))
}

fn page(
    opened: Opened,
    board: Preparation,
    heard: Heard,
    form: Form<MeetingFields>,
    stale: bool,
    calls: AnyView,
) -> impl IntoView {
    let key = opened.incident.key;
    let open = board.parts.iter().filter(|(_, standing)| matches!(standing, Standing::Open(_))).count();
    let line = match open {
        0 => "All is done or left out on purpose.".to_owned(),
        1 => "One part is open. Nothing here stops you.".to_owned(),
        n => format!("{n} parts are open. Nothing here stops you."),
    };
    let rows = board.parts.into_iter().map(|(part, standing)| row(key, part, standing)).collect_view();
    view! {
        <IncidentFrame opened tab=Tab::Review>
            <p class="crumbs desk-back"><a href=at(key, "")>"The review"</a></p>
            <div class="cols cols-side">
                <section aria-labelledby="board-h">
                    <div class="section-head"><h2 id="board-h">"Before the meeting"</h2><span class="quiet small">{line}</span></div>
                    <ul class="rows">{rows}</ul>
                </section>
                <aside class="stack" aria-label="The meeting">{meeting_card(key, board.meeting, form, stale)}{calls}{survey::card(key, heard)}</aside>
            </div>
        </IncidentFrame>
    }
}

fn row(key: IncidentKey, part: Part, standing: Standing) -> impl IntoView {
    let (done, words, chip) = match &standing {
        Standing::Complete(words) => (true, Some(words.clone()), None),
        Standing::Said(_) => (true, None, Some("Done")),
        Standing::NotDoing => (false, None, Some("Not doing")),
        Standing::Open(words) => (false, Some(words.clone()).filter(|w| !w.is_empty()), None),
    };
    let since = if let Standing::Said(at) = standing { Some(at) } else { None };
    let act = at(key, &format!("preparation/{}", part.slug()));
    let button = |mark: &'static str, label: &'static str| {
        view! { <button class="btn btn-quiet btn-small" name="mark" value=mark>{label}<span class="vh">{format!(": {}", part.title())}</span></button> }
    };
    let buttons = match standing {
        Standing::Complete(_) => None,
        Standing::Said(_) | Standing::NotDoing => Some(view! { {button("open", "Take back")} }.into_any()),
        Standing::Open(_) => Some(view! { {button("done", "Done")}{button("not-doing", "Not doing")} }.into_any()),
    };
    view! {
        <li class="row section-row" id=part.slug()>
            <Icon name=mark(done)/>
            <div class="row-main">
                <strong>{match way(key, part) {
                    Some(href) => view! { <a href=href>{part.title()}</a> }.into_any(),
                    None => view! { {part.title()} }.into_any(),
                }}</strong>
                <span class="quiet small">{part.hint()}</span>
                <span class="small">
                    {words}
                    {chip.map(|words| view! { <Chip>{words}</Chip> })}
                    {since.map(|at| view! { " "<When at/> })}
                </span>
            </div>
            {buttons.map(|buttons| view! { <form class="actions" method="post" action=act>{buttons}</form> })}
        </li>
    }
}

/// Where a part is worked on.
fn way(key: IncidentKey, part: Part) -> Option<String> {
    Some(match part {
        Part::Facilitator | Part::Draft => at(key, ""),
        Part::Timeline => format!("/incidents/{key}"),
        Part::Talks => format!("/incidents/{key}/one-on-ones"),
        Part::Perspectives => format!("/incidents/{key}/timeline/perspectives"),
        Part::Themes => at(key, "themes"),
        Part::Calibration => format!("{}#quotes", at(key, "")),
        Part::Meeting => "#meeting-h".to_owned(),
        Part::CalledOn => "#calls-h".to_owned(),
        Part::Sent | Part::Room => return None,
    })
}

fn meeting_card(key: IncidentKey, meeting: Option<Meeting>, form: Form<MeetingFields>, stale: bool) -> impl IntoView {
    let error = |field: &str| form.error(field);
    let typed = form.typed.clone();
    let planned = meeting.is_some();
    view! {
        <section class="card stack stack-tight" aria-labelledby="meeting-h">
            <h2 id="meeting-h">"The meeting"</h2>
            {stale.then(|| view! {
                <Note tone="care"><Icon name="triangle-alert"/><p role="alert">"Somebody planned it in between: see above the form. Yours is below, not saved."</p></Note>
            })}
            {meeting.map(|meeting| planned_line(key, &meeting, true))}
            <form method="post" class="stack stack-tight" action=at(key, "preparation")>
                <input type="hidden" name="version" value=typed.version/>
                <div class="fields">
                    <TextField name="date" label="Day" kind="date" value=typed.date error=error("date")/>
                    <TextField name="time" label="Time, 24 hours" value=typed.time error=error("time") autocomplete="off"/>
                </div>
                <ZoneField value=typed.zone error=error("zone")/>
                <TextField name="minutes" label="Minutes" value=typed.minutes error=error("minutes")
                    hint="60 are usual; 90 for a long story. Plan 35 to 40 of them for the timeline."/>
                <TextField name="place" label="Where" value=typed.place error=error("place") hint="A room, a link. All who see the incident see it."/>
                <button class="btn btn-primary btn-small">{if planned { "Move it" } else { "Set it" }}</button>
            </form>
        </section>
    }
}

/// When and where the meeting is, with its calendar entry.
pub(super) fn planned_line(key: IncidentKey, meeting: &Meeting, joins: bool) -> impl IntoView + use<> {
    let zone = expect_context::<Ctx>().zone();
    let (when, minutes, place) = (walltime::absolute(meeting.at, zone), meeting.minutes, meeting.place.clone());
    view! {
        <p>
            <strong>{when}</strong>{format!(", {minutes} minutes")}
            {(!place.is_empty()).then(|| view! { <br/>{place} })}
        </p>
        {joins.then(|| view! { <p class="small"><a href=at(key, "meeting")>"The meeting’s own page"</a></p> })}
        <p class="small"><a href=at(key, "meeting.ics") download=format!("review-{key}.ics")>"Add it to a calendar"</a></p>
    }
}

/// Whether the meeting is still to come, or was today.
pub(super) fn is_ahead(meeting: &Meeting, now: DateTime<Utc>) -> bool {
    meeting.at + Duration::hours(12) > now
}
