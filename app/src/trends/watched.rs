//! What is worth an eye: factors named more often than before, seen again at the same service, usual, together. Lists to look at in place
//! of a verdict, without colour and without an order of importance.

use super::factors::Shown;
use super::links::{marked, of_both, of_days};
use crate::charts::{Cell, ListCard, Row, Table};
use domain::learnings::{Marked, Usual};
use domain::trends::Change;
use domain::vocabulary::Tag;
use leptos::prelude::*;
use store::trends::{Filter, NowAndBefore, SeenAgain, Together};

/// Pairs that are told; the file has no more.
const PAIRS: usize = 10;
/// Rows of a watch list.
const WATCHED: usize = 30;
/// Incidents that a row of the watch list leads to by name.
const KEYS: usize = 4;

const CHANGES_COMPUTED: &str = "Reviewed incidents that name a factor in the last 180 days, compared with the 180 days before, each of all reviewed in \
    these days: the exact conditional test of two counts (Przyborowski and Wilenski 1940), with an allowance for having looked at every factor (Benjamini and \
    Hochberg 1995, 5 %). Factors in fewer than three incidents of both are left out. A clear change does not say why: other teams may have reviewed.";
const AGAIN_COMPUTED: &str = "The same tag, as it is counted, on the same service in at least three reviewed incidents that began in the last 180 days \
    before the end of the filter’s last month, or up to today. An incident of several services counts for each. The last seen stands first: it is no \
    order of importance. Seeing a factor again is no failure of the review before, and the same tag need not be the same thing. To look further back, \
    choose an earlier last month.";
const USUAL_COMPUTED: &str = "Reviewed incidents with a factor of this tag that was marked “It is the normal state”, from two on. It is what \
    people work around every day: few write it down, so these are the least there are.";
const TOGETHER_COMPUTED: &str = "Reviewed incidents that name both factors, from three on. By chance: the number of incidents with the one times that with the \
    other, divided by all reviewed, as if they had nothing to do with each other. The ten that exceed it by most. Some would among so many pairs in any \
    case; that two stand together does not say that one led to the other.";

impl Shown {
    pub(super) fn changes(&self) -> impl IntoView + use<> {
        let measures = &self.measures;
        let said = |change: Change| {
            let rows = measures.changes.iter().filter(|row| row.change == change);
            rows.map(|row| self.name(&row.tag)).collect::<Vec<_>>().join(", ")
        };
        let (more, less) = (said(Change::MoreOften), said(Change::LessOften));
        let finding = match (measures.changes.is_empty(), more.is_empty(), less.is_empty()) {
            (true, ..) => "No factor is in enough incidents to be compared with before.".to_owned(),
            (_, true, true) => "No factor is clearly named more or less often than before.".to_owned(),
            (_, false, true) => format!("Named more often than before: {more}."),
            (_, true, false) => format!("Named less often than before: {less}."),
            (_, false, false) => format!("Named more often than before: {more}. Less often: {less}."),
        };
        let watch = measures.watch;
        let counted = format!(
            "{} to {}, n = {} reviewed incidents, beside the 180 days before, n = {}.",
            day(watch.from),
            day(watch.last_day()),
            measures.reviewed_now,
            measures.reviewed_before
        );
        view! { <ListCard class="" finding counted table=self.changes_table() computed=CHANGES_COMPUTED csv=self.csv("changes")/> }
    }

    pub(super) fn changes_table(&self) -> Table {
        let (watch, measures) = (self.measures.watch, &self.measures);
        let before = watch.from.pred_opt().unwrap_or(watch.from);
        let row = |row: &NowAndBefore| Row {
            head: self.name(&row.tag),
            link: Some(of_days(&self.filter, (watch.from, watch.last_day()), &row.tag)),
            cells: vec![
                format!("{} of {}", row.now, measures.reviewed_now).into(),
                Cell::Links(vec![(
                    of_days(&self.filter, (watch.before, before), &row.tag),
                    format!("{} of {}", row.before, measures.reviewed_before),
                )]),
                row.change.words().into(),
            ],
        };
        Table {
            caption: "The last 180 days beside the 180 days before",
            columns: vec!["Factor", "180 days", "180 days before", "In words"],
            rows: measures.changes.iter().map(row).collect(),
        }
    }

    pub(super) fn again(&self) -> impl IntoView + use<> {
        let all = self.measures.again.len();
        let finding = match all {
            0 => "Nothing was seen again at the same service in 180 days.".to_owned(),
            1 => "One factor was seen again at the same service.".to_owned(),
            all => format!("{all} times a factor was seen again at the same service."),
        };
        let watch = self.measures.watch;
        let more = if all > WATCHED { " The thirty last seen; the file has all." } else { "" };
        let counted = format!(
            "In at least three reviewed incidents that began between {} and {}. The last seen stands first.{more}",
            day(watch.from),
            day(watch.last_day())
        );
        view! { <ListCard class="w12" finding counted table=self.again_table(WATCHED) computed=AGAIN_COMPUTED csv=self.csv("again")/> }
    }

    pub(super) fn again_table(&self, most: usize) -> Table {
        let row = |again: &SeenAgain| {
            let filter = Filter { service: Some(again.service), ..self.filter.clone() };
            let all = of_days(&filter, (self.measures.watch.from, self.measures.watch.last_day()), &again.tag);
            let service = self.services.iter().find(|s| s.id == again.service).map(|s| s.name.clone()).unwrap_or_default();
            let mut links: Vec<(String, String)> =
                again.keys.iter().take(KEYS).map(|key| (format!("/incidents/{key}"), key.to_string())).collect();
            if again.keys.len() > KEYS {
                links.push((all.clone(), format!("and {} more", again.keys.len() - KEYS)));
            }
            Row {
                head: self.name(&again.tag),
                link: Some(all),
                cells: vec![
                    service.into(),
                    again.keys.len().to_string().into(),
                    day(again.last.date_naive()).into(),
                    Cell::Links(links),
                ],
            }
        };
        Table {
            caption: "Seen again at the same service",
            columns: vec!["Factor", "Service", "Incidents", "Last seen", "Which"],
            rows: self.measures.again.iter().take(most).map(row).collect(),
        }
    }

    pub(super) fn usual(&self) -> impl IntoView + use<> {
        let finding = match self.measures.usual.len() {
            0 => "No difficulty was called usual more than once.".to_owned(),
            1 => "One difficulty was called the normal state more than once.".to_owned(),
            n => format!("{n} difficulties were called the normal state more than once."),
        };
        let counted =
            format!("Reviewed incidents with a factor that is marked as the normal state. n = {}.", self.measures.reviewed);
        view! { <ListCard class="" finding counted table=self.usual_table() computed=USUAL_COMPUTED csv=self.csv("usual")/> }
    }

    pub(super) fn usual_table(&self) -> Table {
        let row = |(tag, incidents): &(Tag, u32)| Row {
            head: self.name(tag),
            link: Some(marked(&self.filter, Marked::Usually(Usual::Normal), Some(tag))),
            cells: vec![incidents.to_string().into(), self.measures.reviewed.to_string().into()],
        };
        Table {
            caption: "Usual difficulties",
            columns: vec!["Factor", "Incidents", "Of reviewed"],
            rows: self.measures.usual.iter().map(row).collect(),
        }
    }

    pub(super) fn together(&self) -> impl IntoView + use<> {
        let finding = match self.measures.together.len() {
            0 => "No two factors are in three incidents together.".to_owned(),
            1 => "Two factors are in three incidents or more together.".to_owned(),
            n => format!("{n} pairs of factors are in three incidents or more together."),
        };
        let counted =
            format!("Reviewed incidents that name both, beside how many would by chance. n = {}.", self.measures.reviewed);
        view! { <ListCard class="" finding counted table=self.together_table() computed=TOGETHER_COMPUTED csv=self.csv("together")/> }
    }

    pub(super) fn together_table(&self) -> Table {
        let row = |pair: &Together| Row {
            head: format!("{} and {}", self.name(&pair.tags.0), self.name(&pair.tags.1)),
            link: Some(of_both(&self.filter, &pair.tags.0, &pair.tags.1)),
            cells: vec![pair.incidents.to_string().into(), format!("{:.1}", pair.expected).into()],
        };
        Table {
            caption: "Factors that are named together",
            columns: vec!["Factors", "Incidents", "By chance"],
            rows: self.measures.together.iter().take(PAIRS).map(row).collect(),
        }
    }
}

fn day(date: chrono::NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}
