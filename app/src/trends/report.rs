//! A week or a month on one sheet, for the meeting in which it is talked about: what began, which stories were published and what they taught, what is
//! still in place, what changed. It is drawn to be printed.

use super::findings;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::incidents::{NatureMark, SeverityMark, StateMark};
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, When};
use axum::extract::Query;
use axum::response::Response;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use domain::incidents::Nature;
use domain::people::Viewer;
use domain::trends::{Annotation, CHANCE, Count, chance_of_difference};
use domain::wishes::Rhythm;
use leptos::prelude::*;
use serde::Deserialize;
use store::incidents::{self, Filter, Row};
use store::timeline::in_place::{self, InPlace};
use store::{Store, learnings, reviews, trends};

const AT: &str = "/trends/report";
/// Incidents that a sheet lists at most.
const LISTED: usize = 200;
/// Actions still in place that a sheet lists; the oldest.
const IN_PLACE: usize = 8;

/// As the URL has it; what cannot be read is the last week that is over.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReportQuery {
    /// `week` or `month`.
    span: String,
    /// A day in it, `2026-11-23`.
    of: String,
}

/// The days of a sheet, the last one left out, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sheet {
    month: bool,
    from: NaiveDate,
    until: NaiveDate,
}

impl Sheet {
    fn asked(query: &ReportQuery, today: NaiveDate) -> Self {
        let month = query.span == "month";
        let sheet = Self::with(month, today);
        query.of.trim().parse().map_or_else(|_| sheet.before(), |day| Self::with(month, day))
    }

    fn with(month: bool, day: NaiveDate) -> Self {
        let from = if month { day.with_day(1) } else { Some(day - Days::new(u64::from(day.weekday().num_days_from_monday()))) };
        let from = from.unwrap_or(day);
        Self { month, from, until: if month { from + Months::new(1) } else { from + Days::new(7) } }
    }

    fn before(self) -> Self {
        Self::with(self.month, self.from - Days::new(1))
    }

    fn link(self) -> String {
        format!("{AT}?span={}&of={}", if self.month { "month" } else { "week" }, self.from)
    }

    fn label(self) -> String {
        if self.month {
            return self.from.format("%B %Y").to_string();
        }
        format!("Week {}, {} to {}", self.from.iso_week().week(), said(self.from), said(self.until - Days::new(1)))
    }

    fn bounds(self) -> (DateTime<Utc>, DateTime<Utc>) {
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        (midnight(self.from), midnight(self.until))
    }

    fn days(self) -> f64 {
        (self.until - self.from).num_days() as f64
    }
}

fn said(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// A published story with what it taught.
struct Told {
    key: String,
    title: String,
    lines: String,
    learnings: Vec<String>,
}

/// The sheet.
pub async fn show(ctx: Ctx, Query(query): Query<ReportQuery>) -> Result<Response, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let today = ctx.now.date_naive();
    let sheet = Sheet::asked(&query, today);
    let changed = trends::annotations(ctx.store(), viewer, sheet.from, sheet.until).await?;
    let (began, before) = (began(store, viewer, sheet).await?, began(store, viewer, sheet.before()).await?);
    let told = told(&ctx, sheet).await?;
    let (in_place, waiting) = in_place::list(ctx.store(), viewer, None, 0).await?;
    let released = trends::released(ctx.store(), viewer, ctx.now).await?;
    let hours = findings::of_hours(&released);
    let heading = sheet.label();
    Ok(shell::page(&ctx, Head::new(format!("{heading}, on one sheet"), Nav::Trends), move || {
        let over = sheet.until <= today;
        view! {
            <Crumbs links=vec![("/trends".to_owned(), "Trends".to_owned())] here="On one sheet"/>
            <div class="page-head"><div>
                <h1>{heading}</h1>
                <p>{if over { "For the meeting in which it is talked about. Days are those of UTC." } else { "It is not over yet. Days are those of UTC." }}</p>
            </div></div>
            {steps(sheet, today)}
            <div class="narrow stack">
                {changes(changed.into_iter().map(|(_, change)| change).collect())}
                {incidents_of(sheet, began, &before)}
                {stories(told)}
                {still_in_place(in_place, waiting)}
                <section class="card stack" aria-labelledby="people">
                    <h2 id="people">"What it cost people"</h2>
                    <p>{hours}</p>
                    <p class="small quiet">"From closed months alone, never about fewer than five. "<a href="/trends">"All of it"</a></p>
                </section>
            </div>
        }
    }))
}

fn steps(sheet: Sheet, today: NaiveDate) -> impl IntoView {
    let next = Sheet::with(sheet.month, sheet.until);
    let other = Sheet::with(!sheet.month, sheet.from);
    view! {
        <nav class="actions" aria-label="Other sheets">
            <a class="btn btn-small" href=sheet.before().link()><Icon name="chevron-left"/>{sheet.before().label()}</a>
            {(next.from <= today).then(|| view! { <a class="btn btn-small" href=next.link()>{next.label()}<Icon name="chevron-right"/></a> })}
            <a class="btn btn-small btn-quiet" href=other.link()>{if sheet.month { "By week" } else { "The whole month" }}</a>
        </nav>
    }
}

/// A week or a month in numbers, for a letter: the last one that is over before `until`.
///
/// # Errors
/// [`store::StoreError::NotFound`] for who does not see trends.
pub async fn in_numbers(
    store: &Store,
    viewer: &Viewer,
    rhythm: Rhythm,
    until: NaiveDate,
) -> Result<trends::SheetWords, store::StoreError> {
    let sheet = Sheet::with(rhythm == Rhythm::Monthly, until - Days::new(1));
    let (now, before) = (began(store, viewer, sheet).await?, began(store, viewer, sheet.before()).await?);
    let (from, until) = sheet.bounds();
    let published = reviews::published_between(store, viewer, from, until).await?.stories.len();
    let (_, waiting) = in_place::list(store, viewer, None, 0).await?;
    // Asked at the door: who does not see trends is told nothing of them.
    trends::annotations(store, viewer, sheet.from, sheet.until).await?;
    let stories = match published {
        0 => "No second story was published.".to_owned(),
        1 => "One second story was published.".to_owned(),
        n => format!("{n} second stories were published."),
    };
    let lines = [what_began(sheet, &now, &before), stories, in_place_finding(waiting)];
    Ok(trends::SheetWords { period: sheet.label(), what: lines.join("\n"), path: sheet.link() })
}

async fn began(store: &Store, viewer: &Viewer, sheet: Sheet) -> Result<Vec<Row>, store::StoreError> {
    let (from, until) = sheet.bounds();
    let filter = Filter { from: Some(from), until: Some(until), ..Filter::default() };
    Ok(incidents::list(store, viewer, &filter, LISTED).await?.rows)
}

async fn told(ctx: &Ctx, sheet: Sheet) -> Result<Vec<Told>, AppError> {
    let (viewer, (from, until)) = (ctx.viewer()?, sheet.bounds());
    let published = reviews::published_between(ctx.store(), viewer, from, until).await?;
    let mut told = Vec::new();
    for story in &published.stories {
        let learned = learnings::learnings(ctx.store(), viewer, story.id, ctx.now).await?;
        told.push(Told {
            key: story.key.to_string(),
            title: story.title.clone(),
            lines: crate::reviews::first_lines(story, &published.names),
            learnings: learned.into_iter().filter(|l| !l.worded_as_plan).map(|l| markdown::plain(&l.body)).collect(),
        });
    }
    Ok(told)
}

fn changes(changed: Vec<Annotation>) -> Option<impl IntoView> {
    (!changed.is_empty()).then(|| {
        let lines =
            changed.into_iter().map(|change| view! { <li><b>{said(change.day)}</b>" "{change.words}</li> }).collect_view();
        view! { <section class="stack stack-tight"><h2>"What changed here"</h2><ul class="bullets">{lines}</ul></section> }
    })
}

/// How many there were, and whether that is more than chance would make of the time before.
fn compared(sheet: Sheet, now: u32, before: u32) -> String {
    let unit = if sheet.month { "month" } else { "week" };
    let (a, b) = (Count { count: before, over: sheet.before().days() }, Count { count: now, over: sheet.days() });
    let words = if before + now == 0 {
        return format!("No incident began, nor in the {unit} before.");
    } else if chance_of_difference(a, b) >= CHANCE {
        "no clear change".to_owned()
    } else if f64::from(now) * sheet.before().days() > f64::from(before) * sheet.days() {
        "more than chance would make of it".to_owned()
    } else {
        "fewer than chance would make of it".to_owned()
    };
    let noun = if now == 1 { "incident" } else { "incidents" };
    format!("{now} {noun} began, {before} in the {unit} before: {words}.")
}

fn what_began(sheet: Sheet, rows: &[Row], before: &[Row]) -> String {
    let count =
        |rows: &[Row]| u32::try_from(rows.iter().filter(|row| row.nature == Nature::Incident).count()).unwrap_or(u32::MAX);
    if rows.len().max(before.len()) >= LISTED {
        format!("{LISTED} or more began: the list has them all.")
    } else {
        compared(sheet, count(rows), count(before))
    }
}

fn incidents_of(sheet: Sheet, rows: Vec<Row>, before: &[Row]) -> impl IntoView + use<> {
    let (listed, finding) = (rows.len(), what_began(sheet, &rows, before));
    let all = format!("/incidents?from={}&to={}", sheet.from, sheet.until - Days::new(1));
    let items = rows
        .into_iter()
        .map(|row| {
            view! {
                <li>
                    <SeverityMark severity=row.severity/>" "
                    <a href=format!("/incidents/{}", row.key)>{format!("{} {}", row.key, row.title)}</a>
                    <p class="meta small quiet">
                        <NatureMark nature=row.nature/>
                        <StateMark state=row.state/>
                        {row.team.map(|team| view! { <span>{team}</span> })}
                        <span><When at=row.started_at/></span>
                    </p>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card stack" aria-labelledby="began">
            <h2 id="began">"What began"</h2>
            <p>{finding}</p>
            {(listed > 0).then(|| view! { <ul class="plain-list stack stack-tight">{items}</ul> })}
            <p class="small"><a href=all>"As a list"</a></p>
        </section>
    }
}

fn stories(told: Vec<Told>) -> impl IntoView {
    let none = told.is_empty();
    let items = told
        .into_iter()
        .map(|story| {
            let learnings = story.learnings.into_iter().map(|l| view! { <li>{l}</li> }).collect_view();
            view! {
                <li class="stack stack-tight">
                    <p><a href=format!("/incidents/{}/review", story.key)><b>{format!("{} {}", story.key, story.title)}</b></a></p>
                    <p>{story.lines}</p>
                    <ul class="bullets">{learnings}</ul>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card stack" aria-labelledby="told">
            <h2 id="told">"What was told, and what it taught"</h2>
            {none.then(|| view! { <p class="quiet">"No story was published."</p> })}
            <ul class="plain-list stack">{items}</ul>
        </section>
    }
}

fn in_place_finding(waiting: i64) -> String {
    match waiting {
        0 => "Nothing that was done to mitigate waits to be undone.".to_owned(),
        1 => "One mitigation waits to be undone or made permanent.".to_owned(),
        n => format!("{n} mitigations wait to be undone or made permanent."),
    }
}

fn still_in_place(actions: Vec<InPlace>, waiting: i64) -> impl IntoView {
    let items = actions
        .into_iter()
        .take(IN_PLACE)
        .map(|action| {
            view! {
                <li>
                    {action.event.body}
                    <p class="meta small quiet">
                        <span><a href=format!("/incidents/{}", action.incident)>{action.incident.to_string()}</a></span>
                        {action.team.map(|team| view! { <span>{team}</span> })}
                        {action.event.at.map(|at| view! { <span>"since "<When at/></span> })}
                    </p>
                </li>
            }
        })
        .collect_view();
    let finding = in_place_finding(waiting);
    view! {
        <section class="card stack" aria-labelledby="in-place">
            <h2 id="in-place">"Still in place"</h2>
            <p>{finding}</p>
            <ul class="plain-list stack stack-tight">{items}</ul>
            {(waiting > 0).then(|| view! { <p class="small"><a href="/still-in-place">"All of them"</a></p> })}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(span: &str, of: &str) -> Sheet {
        // A Wednesday.
        Sheet::asked(&ReportQuery { span: span.into(), of: of.into() }, "2026-11-25".parse().unwrap())
    }

    #[test]
    fn without_a_wish_it_is_the_last_week_or_month_that_is_over() {
        let days = |sheet: Sheet| (sheet.from.to_string(), sheet.until.to_string());
        assert_eq!(days(asked("", "")), ("2026-11-16".into(), "2026-11-23".into()));
        assert_eq!(days(asked("month", "soon")), ("2026-10-01".into(), "2026-11-01".into()));
        assert_eq!(days(asked("week", "2026-11-29")), ("2026-11-23".into(), "2026-11-30".into()));
        assert_eq!(days(asked("month", "2026-01-31").before()), ("2025-12-01".into(), "2026-01-01".into()));
        assert_eq!(asked("week", "2027-01-01").label(), "Week 53, 28 Dec 2026 to 3 Jan 2027");
        assert_eq!(asked("week", "2026-11-25").link(), "/trends/report?span=week&of=2026-11-23");
    }

    #[test]
    fn a_doubling_of_few_is_no_change() {
        let week = asked("week", "2026-11-23");
        assert_eq!(compared(week, 8, 4), "8 incidents began, 4 in the week before: no clear change.");
        assert_eq!(compared(week, 1, 12), "1 incident began, 12 in the week before: fewer than chance would make of it.");
        assert_eq!(compared(week, 40, 10), "40 incidents began, 10 in the week before: more than chance would make of it.");
        assert_eq!(compared(week, 0, 0), "No incident began, nor in the week before.");
    }
}
