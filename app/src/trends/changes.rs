//! Hours beside those of the period before and of a year before, where the group did not change by a few people: a change is a figure too.

use super::findings::per_cent;
use super::query::whole_list;
use crate::charts::scale::hours;
use crate::charts::{Cell, Row, Table};
use domain::trends::{Against, Cell as Place, Given, Hours, Period, Released, Unit};
use domain::walltime::BandMinutes;
use leptos::prelude::*;
use store::trends::{Beside, PeopleMeasures};

const COMPUTED: &str = "A figure stands beside an earlier one only where nobody or enough people came, and nobody or enough left, in every number that is \
    told, also when all these changes are taken together. Else the difference would tell what the few gave who came or left. It is decided once, \
    when the month closes. Few incidents more or less change hours much: look at the incidents behind both before speaking of a trend.";
/// Why there is no earlier figure in the row.
const FEW: &str = "Not comparable: the group changed by a few people";
const NONE: &str = "No figure to stand beside";
/// Where a sum alone may stand beside another one.
const TOGETHER: &str = "together";

/// The card: the organisation, and the teams that show a figure.
pub(super) fn card(measures: &PeopleMeasures) -> impl IntoView + use<> {
    let all = of_unit(measures, Unit::Organisation, "");
    let teams = measures.teams.iter().flat_map(|team| of_unit(measures, Unit::Team(team.id), &team.name));
    let teams: Vec<Row> = teams.collect();
    let teams = (!teams.is_empty()).then(|| {
        let table = table("Hours beside earlier ones, by team", teams);
        view! { <details class="more"><summary>"By team"</summary>{table.view()}</details> }
    });
    (!all.is_empty()).then(|| {
        let table = table("Hours beside earlier ones, all teams", all);
        view! {
            <section class="card w12 stack" aria-labelledby="changes-h">
                <div>
                    <h3 id="changes-h">"Beside earlier periods"</h3>
                    <p class="small quiet">"Hours of the latest period, of the one before, and of the same one a year before. No change in per cent, and no arrow: the numbers stand for themselves."</p>
                </div>
                {table.view()}
                {teams}
                <details class="more"><summary>"How it is decided"</summary><p class="small soft">{COMPUTED}</p></details>
            </section>
        }
    })
}

/// The latest figure of a unit with what it may stand beside; one that tells of hours outside working time comes first.
fn of_unit(measures: &PeopleMeasures, unit: Unit, name: &str) -> Vec<Row> {
    let sides = measures.hours.latest_that(unit, |told| told.in_and_out().is_some());
    let Some((period, released)) = sides.or_else(|| measures.hours.latest(unit)) else { return Vec::new() };
    let name = if name.is_empty() { String::new() } else { format!("{name}: ") };
    let now = row(period, format!("{name}{}", period.label()), told(released, BandMinutes::way(&released.given)));
    let earlier = Against::ALL.into_iter().map(|against| {
        let then = against.of(period);
        let cells = match measures.hours.beside(Place { unit, period }, against) {
            (Beside::Way(way), Some(before)) => told(before, way.max(BandMinutes::way(&before.given))),
            (Beside::Refused, Some(_)) => vec![Cell::Hidden(FEW)],
            _ => vec![Cell::Hidden(NONE)],
        };
        row(then, format!("{name}{}, {}", then.label(), words(against)), cells)
    });
    std::iter::once(now).chain(earlier).collect()
}

fn table(caption: &'static str, rows: Vec<Row>) -> Table {
    Table { caption, columns: vec!["Period", "Out of hours", "Outside", "At night", "All"], rows }
}

fn words(against: Against) -> &'static str {
    match against {
        Against::Before => "the one before",
        Against::YearBefore => "a year before",
    }
}

fn row(period: Period, head: String, cells: Vec<Cell>) -> Row {
    Row { head, link: Some(whole_list(period)), cells }
}

/// As finely as both figures may be told beside each other.
fn told(released: Released<Hours>, way: usize) -> Vec<Cell> {
    let given = released.given;
    let sides = given.in_and_out().filter(|_| way <= 1);
    let share = match (sides, given.out_of_hours_share()) {
        (None, _) => TOGETHER.to_owned(),
        (Some(_), Some(share)) => per_cent(share),
        (Some(_), None) => "none".to_owned(),
    };
    let number = |minutes: Option<i64>| minutes.map_or_else(|| TOGETHER.to_owned(), |m| format!("{} h", hours(m)));
    let night = given.bands().filter(|_| way == 0).map(|bands| bands.night);
    [share, number(sides.map(|(_, outside)| outside)), number(night), number(Some(given.total()))].map(Cell::Text).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(minutes: BandMinutes, told_in: usize, way: usize) -> Vec<String> {
        let cells = told(Released { people: 9, given: minutes.told(told_in) }, way);
        cells.into_iter().map(|cell| if let Cell::Text(text) = cell { text } else { panic!("hidden") }).collect()
    }

    #[test]
    fn nothing_is_told_more_finely_than_the_verdict_allows() {
        let minutes = BandMinutes { working: 180, evening: 0, night: 60, weekend: 0 };
        assert_eq!(texts(minutes, 0, 0), ["25 %", "1 h", "1 h", "4 h"]);
        assert_eq!(texts(minutes, 0, 1), ["25 %", "1 h", TOGETHER, "4 h"]);
        assert_eq!(texts(minutes, 0, 2), [TOGETHER, TOGETHER, TOGETHER, "4 h"]);
        // The verdict never makes a figure finer than it was told.
        assert_eq!(texts(minutes, 2, 0), [TOGETHER, TOGETHER, TOGETHER, "4 h"]);
    }
}
