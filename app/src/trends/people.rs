//! What it costs people: released figures by closed period over one fixed partition. Nothing here follows a filter, and every mark
//! opens the whole list of its period.

use super::cost::{self, Triage};
use super::findings::{self, hidden, per_cent};
use super::query::whole_list;
use super::{changes, nights, spread, support};
use crate::charts::scale::hours;
use crate::charts::{BandLegend, BandStrip, Cell, ChartCard, HoursBar, HoursChart, Row, Table};
use crate::ui::{Icon, Note};
use chrono::NaiveDate;
use domain::trends::{Completeness, Hours, Period, Reason, Released, Unit};
use leptos::prelude::*;
use store::people::Team;
use store::trends::{PeopleMeasures, closes_on};

const COMPUTED: &str = "Stretches of work as people told them in one-on-ones and submitted, without waiting and travel. Each is split by the minute \
    on the worker’s own clock, in the zone where they were, and by the working hours, holidays and team that held for them on that day. No minute \
    counts twice, neither of incidents at once nor of what is told again. Night is 22:00 to 06:00. A month closes seven \
    days after its end; what is told later goes into the next one. Figures are rounded to a quarter of an hour and never change afterwards. \
    A kind of working time in which one to four people worked is told with others, and only where that leaves nobody alone. They cannot tell \
    how hard an hour was.";
/// Where a figure is there and the kinds of working time in it are not.
const NOT_APART: &str = "Not told apart";
/// The same in a cell of a table.
const TOGETHER: &str = "together";

/// The block.
pub fn block(measures: &PeopleMeasures, triage: Option<&Triage>) -> impl IntoView + use<> {
    let closing = closing_line(measures);
    let heading = view! { <h2 id="people">"What it costs people"<small>{closing}</small></h2> };
    if measures.months.is_empty() {
        let (month, day) = (measures.next.0.label(), day(measures.next.1));
        return view! {
            {heading}
            <section class="card w12">
                <p>{format!(
                    "No month has closed yet. When people tell of their hours in one-on-ones, {month} closes on {day} and shows here, \
                     if five people or more contribute."
                )}</p>
            </section>
        }
        .into_any();
    }
    view! {
        {heading}
        {stats(measures, triage)}
        {by_month(measures)}
        {by_team(measures)}
        {nights::card(measures)}
        {spread::card(measures)}
        {spread::second_experts(measures)}
        {changes::card(measures)}
        {support::card(measures)}
    }
    .into_any()
}

fn day(date: NaiveDate) -> String {
    date.format("%-d %B").to_string()
}

/// "October 2026 closed on 8 November, November 2026 closes on 8 December."
fn closing_line(measures: &PeopleMeasures) -> String {
    let next = format!("{} closes on {}.", measures.next.0.label(), day(measures.next.1));
    let closed = measures.months.last().map(|m| format!("{} closed on {}. ", m.label(), day(closes_on(*m)))).unwrap_or_default();
    format!("{closed}{next} The filters below do not apply here.")
}

/// Three figures of the latest shown period of the organisation, with their period in words.
fn stats(measures: &PeopleMeasures, triage: Option<&Triage>) -> impl IntoView + use<> {
    let Some((period, released)) = measures.hours.latest(Unit::Organisation) else {
        return view! {
            <div class="w12"><Note><Icon name="eye-off"/><p>"No closed period so far has five people or more, so nothing is shown."</p></Note></div>
        }
        .into_any();
    };
    let m = released.given;
    // Where the latest figure is told in one sum, an older or a longer one may tell of both sides: it says which.
    let told = measures.hours.latest_that(Unit::Organisation, |told| told.in_and_out().is_some());
    let share = told.and_then(|(_, r)| r.given.out_of_hours_share()).map_or_else(|| NOT_APART.to_owned(), per_cent);
    let of = told.filter(|(other, _)| *other != period).map(|(other, _)| format!("{}: ", other.label())).unwrap_or_default();
    let bands = match told.map(|(_, r)| (r.given.bands(), r.given.in_and_out())) {
        Some((Some(b), _)) => {
            format!("{of}{} h evening, {} h night, {} h on days off", hours(b.evening), hours(b.night), hours(b.weekend))
        }
        Some((None, Some((_, outside)))) => format!("{of}{} h; its kinds are told together", hours(outside)),
        _ => "told in one sum, so that nobody stands alone".to_owned(),
    };
    let confirmed = measures.completeness.figure(Unit::Organisation, period).and_then(|value| value.ok());
    let complete = confirmed.map(|released| (confirmed_of(released.given), confirmed_words(period, released.given)));
    let at_least = if confirmed.is_some_and(|released| released.given.is_lower_bound()) { "at least " } else { "" };
    view! {
        <div class="stats w12">
            <div class="stat"><span>"Hours on incidents"</span><b>{format!("{at_least}{} h", hours(m.total()))}</b><span>{period.label()}</span></div>
            <div class="stat"><span>"Outside working hours"</span><b>{share}</b><span>{bands}</span></div>
            <div class="stat">
                <span>"People"</span><b>{released.people}</b><span>"told of their hours"</span>
            </div>
            {complete.map(|(share, said)| view! {
                <div class="stat"><span>"Responders with confirmed hours"</span><b>{share}</b><span>{said}</span></div>
            })}
            {triage.and_then(|triage| Some((triage.per_minute()?, triage.behind()))).map(|(cost, behind)| view! {
                <div class="stat"><span>"A minute of incident time"</span><b>{cost}</b><span>{behind}</span></div>
            })}
        </div>
        {triage.map(|_| view! { <details class="more w12"><summary>"How its cost is computed"</summary><p class="small soft">{cost::COMPUTED}</p></details> })}
    }
    .into_any()
}

/// How complete the hours of the latest month are of which that can be said.
pub(super) fn confirmed_said(measures: &PeopleMeasures) -> String {
    match measures.completeness.latest(Unit::Organisation) {
        Some((period, released)) => {
            let bound = if released.given.is_lower_bound() { "; its hours are a lower bound" } else { "" };
            format!("{}: {} responders who were asked told of their hours{bound}.", period.label(), confirmed_of(released.given))
        }
        None => "How many of those who were asked told of their hours cannot be said yet: it would tell of a few.".to_owned(),
    }
}

/// "14 of 19".
fn confirmed_of(complete: Completeness) -> String {
    format!("{} of {}", complete.told, complete.asked)
}

/// What that number says of the hours.
fn confirmed_words(period: Period, complete: Completeness) -> String {
    let asked = format!("asked about incidents of {}", period.label());
    if complete.is_lower_bound() { format!("{asked}: the hours are a lower bound") } else { asked }
}

fn by_month(measures: &PeopleMeasures) -> impl IntoView + use<> {
    let bars: Vec<HoursBar> = measures.months.iter().map(|month| bar(measures, *month)).collect();
    let any_hidden = bars.iter().any(|b| b.minutes.is_err());
    let told: Vec<Hours> = bars.iter().filter_map(|b| b.minutes.ok()).collect();
    let folded = told.iter().any(|t| t.bands().is_none());
    let counted = "Hours worked on incidents by closed month and kind of working time, on each person’s own clock. All teams, people without \
                   a team included.";
    view! {
        <ChartCard class="w8" finding=findings::of_hours(measures) counted table=table(measures) computed=COMPUTED csv="/trends/hours.csv">
            <BandLegend told/>
            <HoursChart bars/>
            {any_hidden.then(|| view! {
                <p class="hint">"Hatched months stay hidden: too few people told of hours, or somebody else’s could be worked out."</p>
            })}
            {folded.then(|| view! {
                <p class="hint">"Kinds are told together where one of them would tell of too few people."</p>
            })}
        </ChartCard>
    }
}

fn bar(measures: &PeopleMeasures, month: Period) -> HoursBar {
    let minutes = match measures.hours.figure(Unit::Organisation, month) {
        Some(Ok(released)) => Ok(released.given),
        Some(Err(reason)) => Err(hidden(*reason)),
        None => Err("shown in a longer period"),
    };
    HoursBar { label: month.first_day().format("%b").to_string(), month: month.label(), minutes, link: whole_list(month) }
}

/// Every released cell of the organisation, longer periods where they stand for hidden months.
fn table(measures: &PeopleMeasures) -> Table {
    let cells = measures.hours.figures.iter().filter(|f| f.cell.unit == Unit::Organisation);
    let rows = cells.map(|f| Row {
        head: f.cell.period.label(),
        link: Some(whole_list(f.cell.period)),
        cells: match &f.value {
            Ok(released) => figures(released).into_iter().chain([confirmed(measures, f.cell.period)]).collect(),
            Err(reason) => vec![Cell::Hidden(hidden(*reason))],
        },
    });
    Table {
        caption: "Hours by closed period, all teams. Together: only a sum is told, so that nobody stands alone.",
        columns: vec![
            "Period",
            "People",
            "Working",
            "Evening",
            "Night",
            "Days off",
            "Outside",
            "All",
            "Out of hours",
            "Confirmed",
        ],
        rows: rows.collect(),
    }
}

/// How many of those asked told of their hours: of months alone, and where it may be said.
fn confirmed(measures: &PeopleMeasures, period: Period) -> Cell {
    Cell::Text(match measures.completeness.figure(Unit::Organisation, period) {
        Some(Ok(released)) if released.given.is_lower_bound() => format!("{}, lower bound", confirmed_of(released.given)),
        Some(Ok(released)) => confirmed_of(released.given),
        Some(Err(_)) => "not shown".to_owned(),
        None => "by month".to_owned(),
    })
}

fn figures(released: &Released<Hours>) -> Vec<Cell> {
    let m = released.given;
    let (bands, sides) = (m.bands(), m.in_and_out());
    let parts = [
        sides.map(|(working, _)| working),
        bands.map(|b| b.evening),
        bands.map(|b| b.night),
        bands.map(|b| b.weekend),
        sides.map(|(_, outside)| outside),
        Some(m.total()),
    ];
    let numbers = parts.map(|minutes| Cell::Text(minutes.map_or_else(|| TOGETHER.to_owned(), hours)));
    let share = match (sides, m.out_of_hours_share()) {
        (_, Some(share)) => Cell::Text(per_cent(share)),
        (Some(_), None) => Cell::Text("none".to_owned()),
        (None, None) => Cell::Text(TOGETHER.to_owned()),
    };
    std::iter::once(Cell::Text(released.people.to_string())).chain(numbers).chain([share]).collect()
}

/// The teams by name, each with its latest shown period; the others hatched, with words.
fn by_team(measures: &PeopleMeasures) -> impl IntoView + use<> {
    let rows: Vec<_> = measures.teams.iter().map(|team| (team.clone(), latest_of(measures, team))).collect();
    let hidden_rows = rows.iter().filter(|(_, shown)| shown.is_err()).count();
    let protected = rows.iter().any(|(_, shown)| *shown == Err(Reason::WouldIsolate));
    view! {
        <section class="card w4 stack">
            <div>
                <h3>"Out of hours by team"</h3>
                <p class="small quiet">"Share of hours outside each person’s working hours, in the latest period that can be shown."</p>
            </div>
            <ul class="team-rows">{rows.into_iter().map(|(team, shown)| team_row(team, shown)).collect_view()}</ul>
            {(hidden_rows > 0).then(|| note(hidden_rows, protected))}
        </section>
    }
}

/// A team's latest shown figure, or why its latest month has none.
fn latest_of(measures: &PeopleMeasures, team: &Team) -> Result<(Period, Released<Hours>), Reason> {
    let unit = Unit::Team(team.id);
    // A share is what stands there: a figure that tells of it comes first, an older one too.
    measures.hours.latest_that(unit, |told| told.in_and_out().is_some()).or_else(|| measures.hours.latest(unit)).ok_or_else(
        || {
            let reasons = measures.hours.figures.iter().filter(|f| f.cell.unit == unit).filter_map(|f| f.value.err());
            // Where one of its periods was large enough, saying "fewer than five" would be untrue.
            reasons.max_by_key(|reason| *reason == Reason::WouldIsolate).unwrap_or(Reason::TooFew)
        },
    )
}

fn team_row(team: Team, shown: Result<(Period, Released<Hours>), Reason>) -> impl IntoView {
    match shown {
        Ok((period, released)) => {
            let m = released.given;
            let share = match (m.in_and_out(), m.out_of_hours_share()) {
                (_, Some(share)) => per_cent(share),
                (Some(_), None) => "no hours".to_owned(),
                (None, None) => NOT_APART.to_lowercase(),
            };
            let said = format!("{} people, {} h in {}", released.people, hours(m.total()), period.label());
            view! {
                <li>
                    <div class="team-row"><a href=whole_list(period)>{team.name}</a><b>{share}</b></div>
                    <BandStrip told=m/>
                    <p class="small quiet">{said}</p>
                </li>
            }
            .into_any()
        }
        Err(reason) => view! {
            <li>
                <div class="team-row"><span>{team.name}</span></div>
                <p class="hidden-cell team-hidden"><span>{hidden(reason)}</span></p>
            </li>
        }
        .into_any(),
    }
}

fn note(rows: usize, protected: bool) -> impl IntoView {
    let heading = if rows == 1 { "One team is hidden.".to_owned() } else { format!("{rows} teams are hidden.") };
    let why = if protected {
        "A team of which fewer than five people told of hours is not shown. With only that one hidden it could be found by subtraction, so \
         another is hidden to protect it. Nobody, administrators included, can lift this."
    } else {
        "A team of which fewer than five people told of hours is not shown: neither by month, nor by quarter, nor by year. Nobody, \
         administrators included, can lift this."
    };
    view! {
        <div class="note note-plain"><Icon name="eye-off"/><div><p>{heading}</p><p class="small soft">{why}</p></div></div>
    }
}
