//! What went right: of the stories of each quarter, the share that tells it.

use super::findings::{self, SHARES_FROM, per_cent};
use super::query::{address, listed};
use crate::charts::{ChartCard, Row, ShareBar, SharesChart, Table};
use domain::trends::{Period, Span, wilson};
use leptos::prelude::*;
use store::trends::{Filter, IncidentMeasures};

const COMPUTED: &str = "Incidents with a published second story, imported ones too, that have words in the section about what went right or an \
    event of that kind, of all with a published story, by the quarter in which they began. Whiskers: 95 % interval of a share (Wilson). A story \
    without them has not told it; that is not the same as nothing having gone right.";
/// Quarters drawn; the table has them all.
const DRAWN: usize = 6;

/// How many stories of a quarter tell it, of how many.
pub(super) fn by_quarter(measures: &IncidentMeasures) -> Vec<(Period, u32, u32)> {
    let mut quarters: Vec<(Period, u32, u32)> = Vec::new();
    for month in &measures.right {
        let quarter = month.month.widened(Span::Quarter);
        match quarters.last_mut().filter(|(last, _, _)| *last == quarter) {
            Some((_, told, reviewed)) => (*told, *reviewed) = (*told + month.told, *reviewed + month.reviewed),
            None => quarters.push((quarter, month.told, month.reviewed)),
        }
    }
    quarters
}

pub(super) fn card(filter: &Filter, measures: &IncidentMeasures) -> impl IntoView + use<> {
    let (quarters, reviewed) = (by_quarter(measures), measures.reviewed);
    let bars: Vec<ShareBar> = quarters
        .iter()
        .filter(|(_, _, reviewed)| *reviewed > 0)
        .map(|(quarter, told, reviewed)| ShareBar {
            label: quarter.label(),
            count: *told,
            of: *reviewed,
            interval: wilson(*told, *reviewed),
            link: format!("{}&right=1", listed(filter, *quarter)),
        })
        .collect();
    let rows = bars
        .iter()
        .map(|b| Row {
            head: b.label.clone(),
            link: Some(b.link.clone()),
            cells: vec![
                format!("{} of {}", b.count, b.of).into(),
                per_cent(f64::from(b.count) / f64::from(b.of)).into(),
                format!("{} to {}", per_cent(b.interval.0), per_cent(b.interval.1)).into(),
            ],
        })
        .collect();
    let table = Table {
        caption: "Stories that tell what went right",
        columns: vec!["Quarter", "Stories", "Share", "95 % interval"],
        rows,
    };
    let told: u32 = quarters.iter().map(|(_, told, _)| told).sum();
    let more = if bars.len() > DRAWN { " The latest six quarters; the table has all." } else { "" };
    let counted = format!(
        "Reviewed incidents whose story or timeline tells what went right, of all reviewed ones, by quarter, with 95 % intervals. n = {}.{more}",
        reviewed
    );
    let left_out = bars.len().saturating_sub(DRAWN);
    let drawn: Vec<ShareBar> = bars.into_iter().skip(left_out).collect();
    view! {
        <ChartCard
            class="" finding=findings::of_right(told, reviewed) counted table computed=COMPUTED
            csv=address("/trends/right.csv", filter)
        >
            {if told == 0 {
                view! { <p class="quiet">"When a story tells what went right, it shows here."</p> }.into_any()
            } else if reviewed < SHARES_FROM {
                view! { <p class="hidden-cell few"><span>"Too few to say"</span></p> }.into_any()
            } else {
                view! { <SharesChart bars=drawn label="Stories that tell what went right, with 95 percent intervals"/> }.into_any()
            }}
        </ChartCard>
    }
}
