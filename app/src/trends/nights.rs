//! Broken nights and rests that incidents made short: released figures, of the organisation alone.

use super::findings::hidden;
use super::query::whole_list;
use crate::charts::{Cell, ChartCard, NightsChart, NightsRow, Row, Table};
use domain::trends::{Against, CHANCE, Cell as Place, Count, Nights, Period, Released, Unit, chance_of_difference};
use leptos::prelude::*;
use store::trends::{Beside, PeopleMeasures};

const COMPUTED: &str = "A night is broken by a minute of work on incidents between 22:00 and 06:00 on the worker’s own clock; two calls in one night \
    are one, and it belongs to the evening on which it began. A rest is short where work on incidents left no eleven hours in a row free in the \
    24 hours before the worker’s own working time (Directive 2003/88/EC, article 3). Both are added up over people when a month closes, with the \
    month in which the work began; nothing is counted twice. It is told for all teams together, where five people or more had any and at least two \
    of them more than one: else it would tell of each. Where that holds of both kinds together only, one number is told. It cannot tell how \
    people slept.";

/// Rows drawn; the table has them all.
const ROWS: usize = 6;

pub(super) fn card(measures: &PeopleMeasures) -> impl IntoView + use<> {
    let nights = &measures.nights;
    let shown: Vec<(Period, Released<Nights>)> =
        nights.figures.iter().filter_map(|f| f.value.ok().map(|released| (f.cell.period, released))).collect();
    let any_hidden = nights.figures.iter().any(|f| f.value.is_err());
    let rows = nights.figures.iter().map(|f| row(f.cell.period, f.value.as_ref().map_err(|reason| hidden(*reason)))).collect();
    let table = Table {
        caption: "Nights by closed period, all teams. Together: only a sum is told, so that nobody stands alone.",
        columns: vec!["Period", "People", "Broken nights", "Short rests", "Both"],
        rows,
    };
    let bars: Vec<NightsRow> = shown
        .iter()
        .rev()
        .take(ROWS)
        .map(|(period, released)| NightsRow { label: period.label(), told: released.given, link: whole_list(*period) })
        .collect();
    let empty = bars.is_empty();
    let beside = beside(measures);
    view! {
        <ChartCard
            class="w12" finding=finding(nights.latest(Unit::Organisation))
            counted="Nights with work on incidents, and rests under eleven hours before a working day, by closed period. All teams together."
            table computed=COMPUTED csv="/trends/nights.csv"
        >
            {if empty {
                view! {
                    <p class="quiet">"It shows when five people or more had a broken night or a short rest in a closed period, and some of them more than one."</p>
                }
                .into_any()
            } else {
                view! { <NightsChart rows=bars/> }.into_any()
            }}
            {beside}
            {(any_hidden && !empty).then(|| view! {
                <p class="hint">"Some periods stay hidden: too few people, or it would tell of each. The table names them."</p>
            })}
        </ChartCard>
    }
}

/// Figures beside those of the period before and of a year before, in words, with what chance would do: of each the latest for which both are
/// shown.
fn beside(measures: &PeopleMeasures) -> impl IntoView + use<> {
    let nights = &measures.nights;
    let mut shown: Vec<(Period, Nights)> =
        nights.figures.iter().filter_map(|f| Some((f.cell.period, f.value.ok()?.given))).collect();
    shown.sort_by_key(|(period, _)| std::cmp::Reverse((period.closed_on(), std::cmp::Reverse(period.span()))));
    let said = |against: Against| {
        let both = |(period, now): &(Period, Nights)| {
            let (verdict, before) = nights.beside(Place { unit: Unit::Organisation, period: *period }, against);
            Some((verdict, (*period, *now), (against.of(*period), before?.given)))
        };
        match shown.iter().find_map(both) {
            Some((Beside::Way(way), now, before)) => compared(now, before, way),
            Some((_, now, before)) => {
                format!("{} and {}: not comparable, the group changed by a few people.", now.0.label(), before.0.label())
            }
            None if against == Against::Before => "Beside the period before: no two figures are shown yet.".to_owned(),
            None => "Beside a year before: no two figures are shown yet.".to_owned(),
        }
    };
    let lines = Against::ALL.into_iter().map(|against| view! { <li>{said(against)}</li> }).collect_view();
    let any = !shown.is_empty();
    any.then(|| {
        view! {
            <div class="stack stack-tight" id="nights-beside">
                <p class="small quiet">"More than before, or than a year ago?"</p>
                <ul class="bullets small">{lines}</ul>
            </div>
        }
    })
}

/// Both numbers, and whether chance alone would make as much of a difference, as far as nights come one by one (the conditional test of
/// [`chance_of_difference`]). One long incident breaks several nights, so chance does more than the test knows.
fn compared((period, now): (Period, Nights), (then, before): (Period, Nights), way: usize) -> String {
    let (what, now, before) = match (now.apart().filter(|_| way == 0), before.apart()) {
        (Some(now), Some(before)) => ("broken nights", now.broken, before.broken),
        _ => ("broken nights and short rests together", now.total(), before.total()),
    };
    let days = |period: Period| (period.closed_on() - period.first_day()).num_days() as f64;
    let chance = chance_of_difference(Count { count: before, over: days(then) }, Count { count: now, over: days(period) });
    let words = if chance >= CHANCE {
        "No clear change: chance alone often makes as much of a difference."
    } else if f64::from(now) * days(then) > f64::from(before) * days(period) {
        "More than chance alone would easily make of it, though one long incident breaks several nights."
    } else {
        "Fewer than chance alone would easily make of it, though one long incident breaks several nights."
    };
    format!("{}: {now} {what}; {}: {before}. {words}", period.label(), then.label())
}

/// The finding: in words that stay true.
pub(super) fn finding(latest: Option<(Period, Released<Nights>)>) -> String {
    let Some((period, released)) = latest else {
        return "No closed period so far has nights of enough people to speak of.".to_owned();
    };
    let (people, label) = (released.people, period.label());
    match released.given.apart() {
        Some(counts) => {
            let (broken, short) = (counts.broken, counts.short_rests);
            format!("{label}: {broken} broken nights and {short} rests under eleven hours, of {people} people.")
        }
        None => format!("{label}: {} broken nights and short rests together, of {people} people.", released.given.total()),
    }
}

fn row(period: Period, value: Result<&Released<Nights>, &'static str>) -> Row {
    let cells = match value {
        Ok(r) => {
            let apart = r.given.apart();
            let told = |number: Option<u32>| number.map_or_else(|| "together".to_owned(), |number| number.to_string());
            let (broken, short) = (told(apart.map(|c| c.broken)), told(apart.map(|c| c.short_rests)));
            [r.people.to_string(), broken, short, r.given.total().to_string()].map(Cell::Text).to_vec()
        }
        Err(why) => vec![Cell::Hidden(why)],
    };
    Row { head: period.label(), link: Some(whole_list(period)), cells }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::trends::NightCounts;

    #[test]
    fn a_doubling_of_few_nights_is_no_change() {
        let (now, then) = (Period::quarter(2026, 3).unwrap(), Period::quarter(2025, 3).unwrap());
        let nights = |broken| Nights::Apart(NightCounts { broken, short_rests: 30 });
        assert_eq!(
            compared((now, nights(8)), (then, nights(4)), 0),
            "Q3 2026: 8 broken nights; Q3 2025: 4. No clear change: chance alone often makes as much of a difference."
        );
        assert!(compared((now, nights(40)), (then, nights(10)), 0).contains("40 broken nights; Q3 2025: 10. More than chance"));
        assert!(compared((now, nights(10)), (then, nights(40)), 0).contains("Fewer than chance"));
        // Where they may stand beside each other as a sum only, or one was told as such, the sums do.
        assert!(
            compared((now, nights(8)), (then, nights(4)), 1)
                .starts_with("Q3 2026: 38 broken nights and short rests together; Q3 2025: 34.")
        );
        assert!(
            compared((now, nights(8)), (then, Nights::Together { together: 9 }), 0)
                .contains("38 broken nights and short rests together; Q3 2025: 9.")
        );
    }

    #[test]
    fn the_finding_tells_of_both_or_of_their_sum() {
        let period = Period::month(2026, 10).unwrap();
        let of = |given| finding(Some((period, Released { people: 7, given })));
        assert_eq!(
            of(Nights::Apart(NightCounts { broken: 12, short_rests: 5 })),
            "October 2026: 12 broken nights and 5 rests under eleven hours, of 7 people."
        );
        assert_eq!(of(Nights::Together { together: 9 }), "October 2026: 9 broken nights and short rests together, of 7 people.");
    }
}
