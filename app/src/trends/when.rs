//! When incidents begin: hours of the day by weekdays, on the organisation's clock. A cell opens its incidents beneath the picture.

use super::incidents::filters;
use super::query::{TrendsQuery, address};
use crate::charts::{ChartCard, DAYS, HeatChart, Patterns, Row, Table, Week, day_name};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::Crumbs;
use axum::extract::Query;
use axum::response::Response;
use chrono::{Datelike, Timelike, Weekday};
use chrono_tz::Tz;
use domain::incidents::IncidentKey;
use domain::walltime;
use leptos::prelude::*;
use serde::Deserialize;
use store::people::Team;
use store::services::Service;
use store::trends::{Began, Filter};

/// Incidents of a cell that are listed, the latest first.
const LISTED: usize = 50;

const COMPUTED: &str = "Incidents by the hour and weekday in which their impact began, on the clock of the organisation’s zone (the one that new accounts begin \
    with), summer time included; the months of the filter are those of UTC. Near misses and imported ones count, too. Darker and patterned: more. It cannot tell why: \
    hours with more work, changes or people who notice have more incidents, and a beginning is a judgement. With few incidents, neighbouring cells differ by chance alone.";

/// The cell whose incidents are asked for: weekday 1 to 7 and hour, `2-14`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WhenQuery {
    cell: String,
}

impl WhenQuery {
    fn cell(&self) -> Option<(Weekday, u32)> {
        let (day, hour) = self.cell.split_once('-')?;
        let day = DAYS.get(day.parse::<usize>().ok()?.checked_sub(1)?)?;
        let hour = hour.parse().ok().filter(|hour| *hour < 24)?;
        Some((*day, hour))
    }
}

/// What the page shows.
pub(super) struct Shown {
    filter: Filter,
    zone: Tz,
    week: Week,
    began: Vec<Began>,
    teams: Vec<Team>,
    services: Vec<Service>,
}

pub(super) async fn read(ctx: &Ctx, query: &TrendsQuery) -> Result<Shown, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let filter = query.filter(ctx.now);
    let began = store::trends::began(store, viewer, &filter).await?;
    let zone = store::settings::new_people(store).await?.zone;
    let zone = walltime::parse_zone(&zone).unwrap_or(chrono_tz::UTC);
    let mut week = Week::default();
    for one in &began {
        let (day, hour) = cell_of(one, zone);
        week.add(day, hour);
    }
    Ok(Shown {
        week,
        zone,
        began,
        filter,
        teams: store::people::teams(store).await?,
        services: store::services::list(store, viewer).await?,
    })
}

fn cell_of(one: &Began, zone: Tz) -> (Weekday, u32) {
    let local = one.started_at.with_timezone(&zone);
    (local.weekday(), local.hour())
}

/// The incidents of one cell, as they are listed.
struct Cell {
    day: Weekday,
    hour: u32,
    all: usize,
    /// Key, title, when it began.
    rows: Vec<(IncidentKey, String, String)>,
}

/// `/trends/when`.
pub async fn show(ctx: Ctx, Query(query): Query<TrendsQuery>, Query(when): Query<WhenQuery>) -> Result<Response, AppError> {
    let shown = read(&ctx, &query).await?;
    let cell = match when.cell() {
        Some(asked) => Some(shown.cell(&ctx, asked).await?),
        None => None,
    };
    Ok(shell::page(&ctx, Head::new("When incidents begin", Nav::Trends), move || {
        view! {
            <Patterns/>
            <Crumbs links=vec![("/trends".to_owned(), "Trends".to_owned())] here="When incidents begin"/>
            <div class="page-head"><div>
                <h1>"When incidents begin"</h1>
                <p>"Hours of the day by weekdays. What it costs people stands in trends; here are beginnings alone."</p>
            </div></div>
            {shown.board(cell)}
        }
    }))
}

impl Shown {
    /// The picture alone, for its file.
    pub(super) fn picture(&self) -> impl IntoView + use<> {
        self.board(None)
    }

    fn board(&self, cell: Option<Cell>) -> impl IntoView + use<> {
        let filter = self.filter.clone();
        let link = move |day: Weekday, hour: u32| {
            format!("{}&cell={}-{hour}#these", address("/trends/when", &filter), day.number_from_monday())
        };
        let n = self.began.len();
        let counted = format!("Incidents by hour and weekday of their beginning, in the zone {}. n = {n}.", self.zone.name());
        let csv = address("/trends/when.csv", &self.filter);
        let week = self.week.clone();
        view! {
            <div class="board">
                {filters("/trends/when", &self.filter, None, &self.teams, &self.services)}
                <div class="w7 stack">
                    <ChartCard class="" finding=self.finding() counted table=self.whole_table() computed=COMPUTED csv>
                        <HeatChart week link=Box::new(link)/>
                    </ChartCard>
                </div>
                <div class="w5 stack">{match cell {
                    Some(cell) => these(cell).into_any(),
                    None => view! { <p class="card quiet">"A number opens its incidents here."</p> }.into_any(),
                }}</div>
            </div>
        }
    }

    fn finding(&self) -> String {
        let all = self.began.len();
        if all == 0 {
            return "No incident started in these months.".to_owned();
        }
        let night = self.week.sum(|_, hour| !(6..22).contains(&hour));
        let weekend = self.week.sum(|day, _| matches!(day, Weekday::Sat | Weekday::Sun));
        format!("Of {all} incidents {night} began between 22:00 and 6:00, and {weekend} on a Saturday or Sunday.")
    }

    /// The table of a file; `None` where there is no such one.
    pub(super) fn table(&self, name: &str) -> Option<Table> {
        (name == "when").then(|| self.whole_table())
    }

    fn whole_table(&self) -> Table {
        let cell = |day, hour| self.week.at(day, hour).to_string().into();
        let row = |hour: u32| Row {
            head: format!("{hour:02}:00"),
            link: None,
            cells: DAYS.into_iter().map(|day| cell(day, hour)).collect(),
        };
        let columns = std::iter::once("Hour").chain(DAYS.map(day_name)).collect();
        Table { caption: "Incidents by hour and weekday", columns, rows: (0..24).map(row).collect() }
    }

    async fn cell(&self, ctx: &Ctx, (day, hour): (Weekday, u32)) -> Result<Cell, AppError> {
        let those: Vec<&Began> = self.began.iter().rev().filter(|one| cell_of(one, self.zone) == (day, hour)).collect();
        let mut rows = Vec::new();
        for one in those.iter().take(LISTED) {
            let incident = store::incidents::by_key(ctx.store(), ctx.viewer()?, one.key, ctx.now).await?.incident;
            rows.push((one.key, incident.title, walltime::absolute(one.started_at, self.zone)));
        }
        Ok(Cell { day, hour, all: those.len(), rows })
    }
}

fn these(cell: Cell) -> impl IntoView {
    let Cell { day, hour, all, rows } = cell;
    let heading = format!("{}, {hour:02}:00 to {hour:02}:59", day_name(day));
    let more = (all > rows.len()).then(|| format!("The latest {} of {all}.", rows.len()));
    let none = rows.is_empty();
    let items = rows.into_iter().map(|(key, title, when)| {
        view! { <li class="line"><a href=format!("/incidents/{key}")>{format!("{key} {title}")}</a><span class="small quiet">{when}</span></li> }
    });
    view! {
        <section class="card" id="these">
            <h3>{heading}</h3>
            {none.then(|| view! { <p class="quiet">"No incident began then."</p> })}
            <ul class="lines places">{items.collect_view()}</ul>
            {more.map(|words| view! { <p class="hint">{words}</p> })}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_read_and_nonsense_is_none() {
        let cell = |text: &str| WhenQuery { cell: text.to_owned() }.cell();
        assert_eq!(cell("2-14"), Some((Weekday::Tue, 14)));
        assert_eq!(cell("7-0"), Some((Weekday::Sun, 0)));
        for nonsense in ["", "0-1", "8-1", "1-24", "mon-3", "1", "1--1"] {
            assert_eq!(cell(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn an_hour_is_one_of_the_zone() {
        // Half past midnight in Kolkata on a Thursday is still Wednesday in UTC.
        let one = Began { key: IncidentKey(1), started_at: "2026-03-04T19:00:00Z".parse().unwrap() };
        assert_eq!(cell_of(&one, chrono_tz::Asia::Kolkata), (Weekday::Thu, 0));
        assert_eq!(cell_of(&one, chrono_tz::UTC), (Weekday::Wed, 19));
        // Summer time moves the hour, not the instant.
        let summer = Began { key: IncidentKey(1), started_at: "2026-07-01T08:00:00Z".parse().unwrap() };
        assert_eq!(cell_of(&summer, chrono_tz::Europe::Berlin), (Weekday::Wed, 10));
    }
}
