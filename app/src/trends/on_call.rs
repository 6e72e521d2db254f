//! What rotas carry: incidents and pages of shifts, shifts above the limit, disturbed hours. Of shifts alone; a rota of few is not spoken of.

use super::query::{TrendsQuery, address, listed, listing};
use crate::charts::{Cell, ChartCard, ListCard, Patterns, Row, ShareBar, SharesChart, Table};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Empty, Icon, Select, TextField};
use axum::extract::Query;
use axum::response::Response;
use domain::TeamId;
use domain::incidents::Nature;
use domain::rights::{Right, Standing, may};
use domain::trends::on_call::{Hours, PerShift, RotaLoad};
use domain::trends::wilson;
use leptos::prelude::*;
use store::people::Team;
use store::trends::{Filter, Rota, RotaTold};

const TOO_FEW: &str = "Too few people in this rota to say";
const ABOVE_COMPUTED: &str = "Shifts that began in these months and are over, as their team’s schedule was imported, and incidents of the team \
    that began in them; near misses and exercises do not count. Where two stand side by side, an incident counts for each. Two incidents in a shift of twelve \
    hours are the limit that Google’s book on reliability names, since each takes about six hours with what follows. For longer shifts the \
    table also says how many had more than two within twelve hours. Whiskers: 95 % interval of a share (Wilson). A rota is told of where at least the smallest \
    group of different people stood in it in that time. It cannot tell how much work an incident was, nor compare rotas: other services, other hours.";
const LOAD_COMPUTED: &str = "Incidents of the team that began in a shift. Pages: alerts as hooks and imported logs of incidents hold them, from \
    Alertmanager, Grafana, PagerDuty, tables and scripts; what fires in one incident within five minutes is one page; of what a hook brought and nobody made an \
    incident of, each outage is one. Somebody to whom an alert was passed on is not counted again. Where no hook is set up and no log is imported, pages are missing, not \
    none. Median: half of the shifts have fewer.";
const HOURS_COMPUTED: &str = "Clock hours that shifts reached, in the rota’s zone, and those in which a page came or an incident began. Night: 22:00 to \
    06:00. An hour that was disturbed may have been a minute; one that was not may have been sleepless. Fewer than eight people at one site, or five at each of \
    two, are on call often (Google’s book on reliability).";
const PAGES_COMPUTED: &str = "Pages of the team’s incidents and hooks, in or out of shifts, a day: the mean of the 21 days up to and with each Sunday (UTC). Rising \
    over several weeks, it asks what changed for the rota. With few pages a day it moves by chance alone.";
/// Weeks that are listed; the file has them all.
const WEEKS: usize = 13;

/// What the page shows.
pub(super) struct Shown {
    filter: Filter,
    rotas: Vec<Rota>,
    teams: Vec<Team>,
    keeps: bool,
}

pub(super) async fn read(ctx: &Ctx, query: &TrendsQuery) -> Result<Shown, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let asked = query.filter(ctx.now);
    // A rota has months and a team; incidents alone disturb it.
    let filter = Filter { nature: Some(Nature::Incident), service: None, severity: None, factor: None, ..asked };
    Ok(Shown {
        rotas: store::trends::on_call(store, viewer, &filter, ctx.now).await?,
        teams: store::people::teams(store).await?,
        keeps: may(Right::KeepSchedules, &Standing::of(viewer)),
        filter,
    })
}

/// `/trends/on-call`.
pub async fn show(ctx: Ctx, Query(query): Query<TrendsQuery>) -> Result<Response, AppError> {
    let shown = read(&ctx, &query).await?;
    Ok(shell::page(&ctx, Head::new("On call", Nav::Trends), move || {
        view! {
            <Patterns/>
            <Crumbs links=vec![("/trends".to_owned(), "Trends".to_owned())] here="On call"/>
            <div class="page-head"><div>
                <h1>"On call"</h1>
                <p>"What the shifts of a rota carry. About the rota, and not about who stood in it."</p>
            </div></div>
            {shown.board()}
            {shown.keeps.then(|| view! { <p class="places-foot small"><a href="/schedules">"On-call schedules: import one"</a></p> })}
        }
    }))
}

fn filters(filter: &Filter, teams: &[Team]) -> impl IntoView + use<> {
    let options = teams.iter().map(|team| (team.id.to_string(), team.name.clone()));
    let options: Vec<_> = std::iter::once((String::new(), "All teams".to_owned())).chain(options).collect();
    let team = filter.team.map(|team| team.to_string()).unwrap_or_default();
    let summary = format!("{} to {}", filter.from.label(), filter.to.label());
    view! {
        <form class="filters w12" method="get" action="/trends/on-call">
            <details>
                <summary class="btn btn-small"><Icon name="list-filter"/>{summary}</summary>
                <div class="filter-grid">
                    <TextField name="from" kind="month" label="From month" value=filter.from.to_string() placeholder="2026-01"/>
                    <TextField name="to" kind="month" label="To month" value=filter.to.to_string() placeholder="2026-12"/>
                    <Select name="team" label="Team" value=team options/>
                    <button class="btn">"Show"</button>
                </div>
            </details>
        </form>
    }
}

impl Shown {
    pub(super) fn board(&self) -> impl IntoView + use<> {
        if self.rotas.is_empty() {
            return view! {
                <div class="board">{filters(&self.filter, &self.teams)}</div>
                <Empty heading="No shift of these months is known">
                    <p>"When a team’s on-call schedule is imported, this page says what its shifts carry. Administrators and facilitators import schedules."</p>
                </Empty>
            }
            .into_any();
        }
        view! {
            <div class="board">
                {filters(&self.filter, &self.teams)}
                <div class="w6 stack">{self.above()}</div>
                <div class="w6 stack">{self.hours()}</div>
                {self.load()}
                {self.one().map(|(_, told)| self.pages(told))}
            </div>
        }
        .into_any()
    }

    /// The table of a file; `None` where there is no such one.
    pub(super) fn table(&self, name: &str) -> Option<Table> {
        match name {
            "on-call" => Some(self.above_table()),
            "on-call-load" => Some(self.load_table()),
            "on-call-hours" => Some(self.hours_table()),
            "on-call-pages" => self.one().map(|(_, told)| pages_table(told, usize::MAX)),
            _ => None,
        }
    }

    fn told(&self) -> impl Iterator<Item = (&Rota, &RotaTold)> {
        self.rotas.iter().filter_map(|rota| Some((rota, rota.told.as_ref()?)))
    }

    /// The only rota that is shown, if it may be spoken of.
    fn one(&self) -> Option<(&Rota, &RotaTold)> {
        match &self.rotas[..] {
            [rota] => rota.told.as_ref().map(|told| (rota, told)),
            _ => None,
        }
    }

    fn of(&self, team: TeamId) -> Filter {
        Filter { team: Some(team), ..self.filter.clone() }
    }

    /// Each rota; of a single one each quarter as well.
    fn rows(&self) -> Vec<(String, String, Option<RotaLoad>)> {
        let whole = |rota: &Rota| {
            let load = rota.told.as_ref().map(|told| told.whole);
            (rota.team.name.clone(), listing(&self.of(rota.team.id)), load)
        };
        let mut rows: Vec<_> = self.rotas.iter().map(whole).collect();
        if let Some((rota, told)) = self.one() {
            let of = self.of(rota.team.id);
            rows.extend(told.quarters.iter().map(|(quarter, load)| (quarter.label(), listed(&of, *quarter), *load)));
        }
        rows
    }

    fn sum(&self, number: impl Fn(&RotaLoad) -> u32) -> u32 {
        self.told().map(|(_, told)| number(&told.whole)).sum()
    }

    fn above(&self) -> impl IntoView + use<> {
        let (shifts, above) = (self.sum(|load| load.shifts), self.sum(|load| load.above));
        let rotas = self.told().count();
        let finding = match (rotas, above) {
            (0, _) => "No rota of these months has enough people to speak of.".to_owned(),
            (_, 0) => format!("None of {shifts} shifts had more than two incidents."),
            (_, 1) => format!("One of {shifts} shifts had more than two incidents."),
            _ => format!("{above} of {shifts} shifts had more than two incidents."),
        };
        let shown = if rotas == 1 { "1 rota".to_owned() } else { format!("{rotas} rotas") };
        let counted = format!(
            "Shifts with more than two incidents, of all that began in these months and are over. n = {shifts} shifts of {shown}."
        );
        // Of a single rota its quarters are drawn; else each rota as a whole, by name.
        let drawn = self.rows().into_iter().skip(usize::from(self.one().is_some()));
        let bars: Vec<ShareBar> = drawn
            .filter_map(|(label, link, load)| {
                let load = load?;
                Some(ShareBar { label, count: load.above, of: load.shifts, interval: wilson(load.above, load.shifts), link })
            })
            .collect();
        let csv = address("/trends/on-call.csv", &self.filter);
        view! {
            <ChartCard class="" finding counted table=self.above_table() computed=ABOVE_COMPUTED csv>
                {if bars.is_empty() {
                    view! { <p class="hidden-cell few"><span>{TOO_FEW}</span></p> }.into_any()
                } else {
                    view! {
                        <SharesChart bars words=("shifts", "Opens the incidents of these months")
                            label="Shifts with more than two incidents, with 95 percent intervals"/>
                    }
                    .into_any()
                }}
            </ChartCard>
        }
    }

    fn above_table(&self) -> Table {
        let cells = |load: RotaLoad| {
            let (low, high) = wilson(load.above, load.shifts);
            let interval = format!("{:.0} % to {:.0} %", low * 100.0, high * 100.0);
            [load.shifts.to_string(), load.above.to_string(), interval, load.dense.to_string(), load.long.to_string()]
        };
        self.table_of(
            "Shifts with more than two incidents",
            vec!["Rota", "Shifts", "Above two incidents", "Share, 95 % interval", "Above two within 12 h", "Longer than a day"],
            |load| cells(load).map(Cell::Text).to_vec(),
        )
    }

    fn table_of(&self, caption: &'static str, columns: Vec<&'static str>, cells: impl Fn(RotaLoad) -> Vec<Cell>) -> Table {
        let row = |(head, link, load): (String, String, Option<RotaLoad>)| Row {
            head,
            link: Some(link),
            cells: load.map_or_else(|| vec![Cell::Hidden(TOO_FEW)], &cells),
        };
        Table { caption, columns, rows: self.rows().into_iter().map(row).collect() }
    }

    fn load(&self) -> impl IntoView + use<> {
        let (incidents, pages) = (self.sum(|load| load.incidents.all), self.sum(|load| load.pages.all));
        let shifts = self.sum(|load| load.shifts);
        let finding = if shifts == 0 {
            "What these shifts carried is not told.".to_owned()
        } else {
            let are = if incidents == 1 { "incident" } else { "incidents" };
            match pages {
                0 => format!("{shifts} shifts carried {incidents} {are}; no page is known."),
                1 => format!("{shifts} shifts carried {incidents} {are} and 1 page."),
                _ => format!("{shifts} shifts carried {incidents} {are} and {pages} pages."),
            }
        };
        let counted =
            format!("Incidents that began, and pages that came, in a shift: median, fewest and most. n = {shifts} shifts.");
        let csv = address("/trends/on-call-load.csv", &self.filter);
        view! { <ListCard class="w12" finding counted table=self.load_table() computed=LOAD_COMPUTED csv/> }
    }

    fn load_table(&self) -> Table {
        let spread = |per: PerShift| format!("{} ({} to {})", short(per.median), per.least, per.most);
        self.table_of(
            "Incidents and pages by shift",
            vec!["Rota", "Shifts", "Incidents", "A shift: median (range)", "Pages", "A shift: median (range)"],
            |load| {
                let (incidents, pages) = (load.incidents, load.pages);
                [load.shifts.to_string(), incidents.all.to_string(), spread(incidents), pages.all.to_string(), spread(pages)]
                    .map(Cell::Text)
                    .to_vec()
            },
        )
    }

    fn hours(&self) -> impl IntoView + use<> {
        let (night, all) = (self.sum(|load| load.night.disturbed), self.sum(|load| load.night.all));
        let small: Vec<&str> = self.told().filter(|(_, told)| told.is_small).map(|(rota, _)| rota.team.name.as_str()).collect();
        let finding = match (self.told().count(), night) {
            (0, _) => "Hours of these shifts are not told.".to_owned(),
            (_, 0) => format!("Nothing came in any of {all} hours of night on call."),
            _ => format!("Something came in {night} of {all} hours of night on call."),
        };
        let counted =
            "Hours of shifts in which a page came or an incident began, by day and by night (22:00 to 06:00 in the rota’s zone).";
        let csv = address("/trends/on-call-hours.csv", &self.filter);
        let care = (!small.is_empty()).then(|| {
            format!("Fewer than eight people stood in: {}. A larger rota gives everybody longer rests.", small.join(", "))
        });
        view! {
            <ListCard class="" finding counted table=self.hours_table() computed=HOURS_COMPUTED csv/>
            {care.map(|words| view! { <p class="card small soft">{words}</p> })}
        }
    }

    fn hours_table(&self) -> Table {
        let of = |hours: Hours| format!("{} of {}", hours.disturbed, hours.all);
        self.table_of("Disturbed hours", vec!["Rota", "By day", "By night"], |load| {
            [of(load.day), of(load.night)].map(Cell::Text).to_vec()
        })
    }

    fn pages(&self, told: &RotaTold) -> impl IntoView + use<> {
        let finding = match told.trailing.last() {
            Some(_) if told.trailing.iter().all(|(_, mean)| *mean == 0.0) => "No page of these weeks is known.".to_owned(),
            Some((day, mean)) => format!("{mean:.1} pages a day in the 21 days up to {}.", day.format("%-d %b %Y")),
            None => "Three weeks have to pass before a mean can be told.".to_owned(),
        };
        let more = if told.trailing.len() > WEEKS { " The latest thirteen weeks; the file has all." } else { "" };
        let counted = format!("Mean of 21 days up to each Sunday.{more}");
        let csv = address("/trends/on-call-pages.csv", &self.filter);
        view! { <ListCard class="w12" finding counted table=pages_table(told, WEEKS) computed=PAGES_COMPUTED csv/> }
    }
}

fn pages_table(told: &RotaTold, most: usize) -> Table {
    let row = |(day, mean): &(chrono::NaiveDate, f64)| Row {
        head: day.format("%-d %b %Y").to_string(),
        link: None,
        cells: vec![format!("{mean:.2}").into()],
    };
    let rows = told.trailing.iter().rev().take(most).map(row).collect();
    Table { caption: "Pages a day, over 21 days", columns: vec!["Up to", "Pages a day"], rows }
}

/// A median without what says nothing: 0, 1.5, 2.
fn short(median: f64) -> String {
    if median.fract() == 0.0 { format!("{median:.0}") } else { format!("{median:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_says_a_half_only_where_there_is_one() {
        assert_eq!([0.0, 1.5, 12.0].map(short), ["0", "1.5", "12"]);
    }
}
