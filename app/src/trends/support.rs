//! Whether people had the support that they needed: released answers to question 4, of the organisation alone.

use super::findings::{self, hidden};
use super::query::whole_list;
use crate::charts::{Cell, ChartCard, Row, ShareBar, SharesChart, Table};
use domain::trends::{Period, Released, Support, Unit, wilson};
use leptos::prelude::*;
use store::trends::PeopleMeasures;

const COMPUTED: &str = "Question 4 of submitted one-on-ones, unless its author left it out of the counting. “Yes, fully” and “Did not need any” count \
    as enough; “Partly”, “No” and “Needed it but did not ask” as more needed. It belongs to the month in which the incident began, and is \
    counted when that month closes; what is told later goes into the next one. It is never shown by team, and not where all, or all but one, \
    said the same: that would tell of each of them. Whiskers are 95 % Wilson intervals.";

/// Rows drawn; the table has them all.
const ROWS: usize = 6;

pub(super) fn card(measures: &PeopleMeasures) -> impl IntoView + use<> {
    let support = &measures.support;
    let shown: Vec<(Period, Released<Support>)> =
        support.figures.iter().filter_map(|f| f.value.ok().map(|released| (f.cell.period, released))).collect();
    let any_hidden = support.figures.iter().any(|f| f.value.is_err());
    let rows: Vec<Row> =
        support.figures.iter().map(|f| row(f.cell.period, f.value.as_ref().map_err(|reason| hidden(*reason)))).collect();
    let table = Table {
        caption: "Support by closed period, all teams",
        columns: vec!["Period", "People", "Had enough", "More needed"],
        rows,
    };
    let bars: Vec<ShareBar> = shown.iter().rev().take(ROWS).map(|(period, released)| bar(*period, released)).collect();
    let empty = bars.is_empty();
    view! {
        <ChartCard
            class="w12" finding=findings::of_support(support.latest(Unit::Organisation))
            counted="Answers that more support was needed, of all answers about support, by closed period. All teams together."
            table computed=COMPUTED csv="/trends/support.csv"
        >
            {if empty {
                view! {
                    <p class="quiet">"It shows when five people or more have answered question 4 about the incidents of a closed month, and not all alike."</p>
                }
                .into_any()
            } else {
                view! {
                    <SharesChart
                        bars words=("answers said that more support was needed", "Opens the incidents of that period")
                        label="Answers that more support was needed, with 95 percent intervals"
                    />
                }
                .into_any()
            }}
            {(any_hidden && !empty).then(|| view! {
                <p class="hint">"Some periods stay hidden: too few people answered, or they answered alike. The table names them."</p>
            })}
        </ChartCard>
    }
}

fn bar(period: Period, released: &Released<Support>) -> ShareBar {
    let (count, of) = (released.given.more_needed, released.given.answers());
    ShareBar { label: period.label(), count, of, interval: wilson(count, of), link: whole_list(period) }
}

fn row(period: Period, value: Result<&Released<Support>, &'static str>) -> Row {
    let cells = match value {
        Ok(r) => [r.people.to_string(), r.given.enough.to_string(), r.given.more_needed.to_string()].map(Cell::Text).to_vec(),
        Err(why) => vec![Cell::Hidden(why)],
    };
    Row { head: period.label(), link: Some(whole_list(period)), cells }
}
