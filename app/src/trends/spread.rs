//! Spread of load: on how many people the hours of a quarter rest, beside chance; and the services that need a second expert. No person appears.

use super::query::whole_list;
use crate::charts::{Cell, ChartCard, Row, SpreadChart, SpreadRow, Table, step_words};
use crate::csv::cells;
use domain::trends::spread::{QUARTERS, Verdict, verdict};
use domain::trends::{Cell as Place, Period, Released, Spread, Unit};
use leptos::prelude::*;
use store::trends::{Figure, PeopleMeasures};

const COMPUTED: &str = "Effective people are one divided by the sum of the squares of each one’s share of all hours: as many as they are where all work the same, \
    one where one works all. All who were in the team on a day of the quarter count, also those who were never called; hours are those that closed months \
    counted. Chance: the same stretches of work, each with its own length, are dealt out at random 2,000 times; the band holds the middle nine tenths. A quarter is \
    beyond chance where effective people lie below nineteen of twenty such draws and Gini’s index (times n / (n − 1)) above nineteen of twenty; it is said of a \
    team only in two of its last three closed quarters. It is told where seven people or more worked and took part twice each on average, in half steps, and wider where a half step \
    would tell of somebody to who knows three people’s hours. Where teams are told of, all teams together are not: the difference would tell of the rest. It \
    cannot tell who, nor why: somebody may have been on call more, or know a system that nobody else knows.";
/// Where there is no figure. Why would be a figure as well.
const TOO_FEW: &str = "Too few to say";
/// Rows drawn; the table has them all.
const ROWS: usize = 9;

/// The last closed quarters, the latest one last.
fn last_quarters(measures: &PeopleMeasures) -> Vec<Period> {
    let latest = measures.second_experts.as_ref().map(|(quarter, _)| *quarter);
    let mut last: Vec<Period> = std::iter::successors(latest, |quarter| Some(quarter.previous())).take(QUARTERS).collect();
    last.reverse();
    last
}

fn name(measures: &PeopleMeasures, unit: Unit) -> String {
    match unit {
        Unit::Organisation => "All teams".to_owned(),
        Unit::Team(id) => measures.teams.iter().find(|team| team.id == id).map(|team| team.name.clone()).unwrap_or_default(),
    }
}

/// Figures by name, the latest quarter of each first: it is no order of load.
fn by_name(measures: &PeopleMeasures) -> Vec<(String, &Figure<Spread>)> {
    let mut all: Vec<_> = measures.spread.figures.iter().map(|figure| (name(measures, figure.cell.unit), figure)).collect();
    all.sort_by(|(a, x), (b, y)| (a, y.cell.period).cmp(&(b, x.cell.period)));
    all
}

fn verdict_of(measures: &PeopleMeasures, unit: Unit) -> Verdict {
    let beyond = |period: &Period| Some(measures.spread.figure(unit, *period)?.ok()?.given.beyond);
    verdict(&last_quarters(measures).iter().map(beyond).collect::<Vec<_>>())
}

pub(super) fn card(measures: &PeopleMeasures) -> impl IntoView + use<> {
    let last = last_quarters(measures);
    let figures = by_name(measures);
    let rows: Vec<SpreadRow> = figures
        .iter()
        .filter(|(_, figure)| last.contains(&figure.cell.period))
        .filter_map(|(name, figure)| Some((name, figure.cell.period, figure.value.ok()?)))
        .take(ROWS)
        .map(|(name, period, released)| SpreadRow {
            label: format!("{name}, {}", period.label()),
            told: released.given,
            link: whole_list(period),
        })
        .collect();
    let table = Table {
        caption: "Spread of load by team and closed quarter, in the order of names",
        columns: vec!["Team and quarter", "Could be called", "Carried by", "Chance makes", "Beyond chance"],
        rows: figures.iter().map(|(name, figure)| row(name, figure)).collect(),
    };
    let empty = rows.is_empty();
    view! {
        <ChartCard
            class="w12" finding=finding(measures)
            counted="Effective people: as many as would carry the same load if all carried alike, by team and closed quarter (bar), and what chance makes of the same work nine times in ten (band)."
            table computed=COMPUTED csv="/trends/spread.csv"
        >
            {if empty {
                view! {
                    <p class="quiet">"It shows when a quarter has closed in which seven people or more of a team, or of all, told of their hours."</p>
                }
                .into_any()
            } else {
                view! { <SpreadChart rows/> }.into_any()
            }}
        </ChartCard>
    }
}

/// In words that stay true.
pub(super) fn finding(measures: &PeopleMeasures) -> String {
    let mut units: Vec<Unit> = measures.spread.figures.iter().map(|figure| figure.cell.unit).collect();
    units.sort_unstable();
    units.dedup();
    let of = |wanted: Verdict| {
        let mut names: Vec<String> =
            units.iter().filter(|unit| verdict_of(measures, **unit) == wanted).map(|unit| name(measures, *unit)).collect();
        names.sort();
        names
    };
    let more = of(Verdict::MoreThanChance);
    if !more.is_empty() {
        return format!("More concentrated than chance in two of the last three closed quarters: {}.", more.join(", "));
    }
    if of(Verdict::AsChance).is_empty() {
        return "Two closed quarters with enough people and work are needed to say how load is spread.".to_owned();
    }
    "The load is spread as chance would have it: dealt out at random, the same work would look as uneven.".to_owned()
}

fn row(name: &str, figure: &Figure<Spread>) -> Row {
    let Place { period, .. } = figure.cell;
    let cells = match &figure.value {
        Ok(Released { given, .. }) => {
            let chance = given.chance.map_or_else(|| "not told".to_owned(), step_words);
            let beyond = if given.beyond { "yes" } else { "no" };
            vec![given.eligible.to_string().into(), step_words(given.effective).into(), chance.into(), beyond.into()]
        }
        Err(_) => vec![Cell::Hidden(TOO_FEW)],
    };
    Row { head: format!("{name}, {}", period.label()), link: Some(whole_list(period)), cells }
}

/// Services that need a second expert; nothing before a quarter has closed.
pub(super) fn second_experts(measures: &PeopleMeasures) -> Option<impl IntoView + use<>> {
    let (quarter, services) = measures.second_experts.as_ref()?;
    let none = services.is_empty();
    let items: Vec<_> = services.iter().map(|one| (format!("/services/{}", one.service), one.name.clone())).collect();
    let items =
        items.into_iter().map(|(href, name)| view! { <li><a href=href>{name}</a>" needs a second expert."</li> }).collect_view();
    let counted = format!(
        "As of {}: at least seven in ten hours of a service’s incidents over two closed quarters rest on one person, in three incidents or more. In the order of names; \
         without restricted incidents, and only where as many people could be called as the smallest group has, five at least.",
        quarter.label()
    );
    Some(view! {
        <section class="card w12 stack" aria-labelledby="second-experts">
            <div>
                <h3 id="second-experts">"Services that need a second expert"</h3>
                <p class="small quiet">{counted}</p>
            </div>
            {if none {
                view! { <p>"No service of which it may be said rests on one person."</p> }.into_any()
            } else {
                view! {
                    <ul class="bullets">{items}</ul>
                    <p class="small">
                        "It says something of the system, and nothing of the person: knowledge that one holds is a load for them and a risk for all. What helps: to look at the next \
                         one in a pair, to write down what is known, to practise it together."
                    </p>
                }
                .into_any()
            }}
        </section>
    })
}

/// The figures as lines of a file.
pub(super) fn lines(measures: &PeopleMeasures) -> Vec<String> {
    let head = cells(&[
        "period",
        "unit",
        "eligible",
        "effective_from",
        "effective_below",
        "chance_from",
        "chance_below",
        "beyond_chance",
        "hidden_because",
    ]);
    let half = |end: Option<u32>| end.map_or_else(String::new, |halves| (f64::from(halves) / 2.0).to_string());
    let line = |(unit, figure): &(String, &Figure<Spread>)| {
        let period = figure.cell.period.to_string();
        match &figure.value {
            Ok(Released { given, .. }) => {
                let chance = given.chance;
                cells(&[
                    &period,
                    unit,
                    &given.eligible.to_string(),
                    &half(given.effective.low),
                    &half(given.effective.high),
                    &half(chance.and_then(|step| step.low)),
                    &half(chance.and_then(|step| step.high)),
                    if given.beyond { "yes" } else { "no" },
                    "",
                ])
            }
            Err(_) => cells(&[&period, unit, "", "", "", "", "", "", TOO_FEW]),
        }
    };
    std::iter::once(head).chain(by_name(measures).iter().map(line)).collect()
}
