//! Few incidents: the days from one to the next, in place of bars by month that would say nothing.

use super::findings::Nouns;
use super::query::{address, listing};
use crate::charts::{BetweenChart, Cell, ChartCard, Gap, Row, Table, days};
use chrono::{DateTime, Utc};
use domain::trends::{LIMITS_FROM, Period, unlike, usual_between};
use leptos::prelude::*;
use store::trends::{Began, Filter, IncidentMeasures};

/// Fewest incidents of which the time between is drawn, as of durations: below it bars by month say as much.
const FROM: usize = 6;

const COMPUTED: &str = "Shown where half of the months have one or none and none has five: then bars by month say little. Each dot is an incident; its height is how long \
    it was since the one before began. Band and line, from 12 times on: the range and the middle that one steady rate would give, of times to \
    the power 1/3.6, mean and 2.66 mean moving ranges, turned back (t-chart, XmR limits). A square is outside that range, or the eighth in a \
    row on one side of the middle. It is a reason to ask what changed, and no answer.";

/// Days from each one to the next; the first has none before it.
pub(super) fn gaps(began: &[Began]) -> Vec<(Began, f64)> {
    let days = |pair: &[Began]| (pair[1].started_at - pair[0].started_at).num_seconds() as f64 / 86_400.0;
    began.windows(2).map(|pair| (pair[1], days(pair))).collect()
}

/// Whether the time between says more than bars by month.
pub(super) fn says_more(measures: &IncidentMeasures) -> bool {
    measures.began.len() >= FROM
}

/// The card.
pub(super) fn card(filter: &Filter, measures: &IncidentMeasures, now: DateTime<Utc>) -> impl IntoView + use<> {
    let nouns = Nouns::of(filter.nature);
    let gaps = gaps(&measures.began);
    let times: Vec<f64> = gaps.iter().map(|(_, days)| *days).collect();
    let usual = usual_between(&times);
    let signals = usual.map_or_else(|| vec![false; times.len()], |usual| unlike(&times, usual));
    let drawn: Vec<Gap> = gaps
        .iter()
        .zip(&signals)
        .map(|((incident, days), unlike)| Gap {
            key: incident.key.to_string(),
            began: incident.started_at.format("%b %y").to_string(),
            days: *days,
            unlike: *unlike,
            link: format!("/incidents/{}", incident.key),
        })
        .collect();
    let row = |(incident, gap): (&(Began, f64), &Gap)| Row {
        head: gap.key.clone(),
        link: Some(gap.link.clone()),
        cells: [
            incident.0.started_at.format("%-d %B %Y").to_string(),
            format!("{:.1}", gap.days),
            if gap.unlike { "unlike the rest".to_owned() } else { String::new() },
        ]
        .map(Cell::Text)
        .to_vec(),
    };
    let rows = gaps.iter().zip(&drawn).map(row).collect();
    let table =
        Table { caption: "Days from one to the next", columns: vec!["Incident", "Began", "Days since the one before", ""], rows };
    // How long it has been quiet is told only where the months reach up to now.
    let latest = measures.began.last().filter(|_| filter.to >= Period::month_of(now.date_naive()));
    let quiet = latest.map(|b| (now - b.started_at).num_seconds() as f64 / 86_400.0).filter(|quiet| *quiet >= 1.0);
    let quiet = quiet.map(|quiet| format!(" The latest began {} ago.", days(quiet))).unwrap_or_default();
    let counted = format!("Days from one {} to the next, by when it began (UTC). n = {} times.{quiet}", nouns.one, times.len());
    let (list, all) = (listing(filter), format!("The list of all {}", nouns.count(measures.total())));
    view! {
        <ChartCard
            class="" finding=finding(measures, &times, &signals, nouns) counted table computed=COMPUTED
            csv=address("/trends/between.csv", filter)
        >
            <BetweenChart gaps=drawn usual/>
            <p class="hint"><a href=list>{all}</a></p>
        </ChartCard>
    }
}

fn finding(measures: &IncidentMeasures, times: &[f64], signals: &[bool], nouns: Nouns) -> String {
    let all = nouns.count(measures.total());
    let stand_out = signals.iter().filter(|unlike| **unlike).count();
    match stand_out {
        _ if times.len() < LIMITS_FROM => format!("{all}; too few yet to say how long it usually is between them."),
        0 => format!("{all}; the times between them are what one steady rate would give."),
        1 => format!("{all}; one of the times between them is unlike the rest."),
        many => format!("{all}; {many} of the times between them are unlike the rest."),
    }
}
