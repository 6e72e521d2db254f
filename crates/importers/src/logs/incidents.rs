//! Logs of tools that know incidents: one log each, whatever the payloads came in.

use super::draft::{Draft, entry, link};
use super::json_value::Node;
use super::reports::Reports;
use chrono::{DateTime, Utc};
use domain::timeline::raw::{ImportedLog, RawAuthor, RawEntry, RawIncident, RawKind};
use std::collections::HashMap;

/// Names of alerts that a tool for incidents took in begin so: they are no turns of the incident itself.
const ALERT: &str = "alert/";

/// Incidents by their ids, in the order in which they came.
#[derive(Default)]
pub(super) struct Incidents {
    order: Vec<Log>,
    places: HashMap<String, usize>,
    /// Of what stands outside of any incident, by the file that it came in.
    astray: Vec<Draft>,
    files: HashMap<String, usize>,
}

#[derive(Default)]
struct Log {
    draft: Draft,
    /// What only follows from the record of the incident; said by something better where the tool's own history is there.
    derived: Vec<(RawEntry, Option<RawAuthor>)>,
}

impl Incidents {
    /// Notes what a payload says about its incident; what it says nothing about stays.
    pub(super) fn incident(&mut self, said: RawIncident) {
        let place = self.place(&said.external_id);
        let known = self.order[place].draft.incident.get_or_insert_default();
        let newer = |known: &mut String, said: String| {
            if !said.is_empty() {
                *known = said;
            }
        };
        newer(&mut known.title, said.title);
        newer(&mut known.severity, said.severity);
        newer(&mut known.url, said.url);
        known.started_at = [known.started_at, said.started_at].into_iter().flatten().min();
        known.resolved_at = known.resolved_at.max(said.resolved_at);
    }

    /// The log of an incident.
    pub(super) fn log(&mut self, id: &str) -> &mut Draft {
        let place = self.place(id);
        &mut self.order[place].draft
    }

    /// The log of an incident, or of the file where nothing says which incident it is.
    pub(super) fn log_or_file(&mut self, id: &str, payload: &Node<'_>) -> &mut Draft {
        if !id.is_empty() {
            return self.log(id);
        }
        let name = stem(payload.file());
        let place = *self.files.entry(name.clone()).or_insert(self.astray.len());
        if place == self.astray.len() {
            self.astray.push(Draft::new(name));
        }
        &mut self.astray[place]
    }

    /// Adds an alert that a tool for incidents took in: that it fired and, where it says so, that it went quiet. `began` and `over`
    /// are the fields with the times.
    pub(super) fn alert(&mut self, incident: &str, alert: &Node<'_>, began: &str, over: &str) {
        let id = alert.first(&["id", began]);
        let texts = [alert.first(&["title", "summary"]), alert.text("description")];
        let mut told = entry(format!("{ALERT}{id}/firing"), RawKind::Firing);
        told.at = alert.time(began);
        if told.at.is_none() {
            told.as_written = alert.text(began);
        }
        told.text = texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
        told.place = alert.name("service");
        told.links.extend(link(&alert.first(&["external_url", "source_url", "html_url"]), "Source"));
        told.details = ["source", "status", "severity"].map(|field| (field.to_owned(), alert.name(field))).into();
        let draft = self.log_or_file(incident, alert);
        if let Some(at) = alert.time(over) {
            let mut quiet = RawEntry { external_id: format!("{ALERT}{id}/resolved"), kind: RawKind::Resolved, ..told.clone() };
            quiet.at = Some(at);
            quiet.as_written = String::new();
            draft.add(told);
            draft.add(quiet);
        } else {
            draft.add(told);
        }
    }

    /// Adds what follows from the record of an incident.
    pub(super) fn derived(&mut self, id: &str, entry: RawEntry, author: Option<RawAuthor>) {
        let place = self.place(id);
        self.order[place].derived.push((entry, author));
    }

    fn place(&mut self, id: &str) -> usize {
        if let Some(place) = self.places.get(id) {
            return *place;
        }
        let mut log = Log::default();
        log.draft.incident = Some(RawIncident { external_id: id.to_owned(), ..RawIncident::default() });
        self.order.push(log);
        self.places.insert(id.to_owned(), self.order.len() - 1);
        self.order.len() - 1
    }

    /// The logs. What belongs to no incident belongs to the only one, where there is only one.
    pub(super) fn finish(mut self, reports: &Reports) -> Vec<ImportedLog> {
        if let [log] = &mut self.order[..] {
            for draft in self.astray.drain(..) {
                log.draft.take(draft);
            }
        }
        let logs = self.order.into_iter().map(|mut log| {
            if !log.draft.tells_its_course() {
                for (mut entry, author) in log.derived {
                    entry.author = author.and_then(|author| log.draft.author(author));
                    log.draft.add(entry);
                }
            }
            let course = log.draft.course();
            if let Some(incident) = &mut log.draft.incident {
                let (first, over) = course;
                incident.started_at = incident.started_at.or(first);
                incident.resolved_at = over.unwrap_or(incident.resolved_at);
                log.draft.name =
                    if incident.title.trim().is_empty() { incident.external_id.clone() } else { incident.title.clone() };
            }
            log.draft
        });
        logs.chain(self.astray).filter_map(|draft| draft.finish(reports)).collect()
    }
}

/// Where an incident began and, if anything says whether it is over, when that was.
pub(super) type Course = (Option<DateTime<Utc>>, Option<Option<DateTime<Utc>>>);

/// Whether an entry is a turn in the course of its incident.
pub(super) fn is_turn(entry: &RawEntry) -> bool {
    let turns = matches!(entry.kind, RawKind::Firing | RawKind::Acknowledged | RawKind::Resolved);
    turns && !entry.external_id.starts_with(ALERT)
}

/// The course that entries tell: the last word on whether it fires counts.
pub(super) fn course(entries: &[RawEntry]) -> Course {
    let turns = entries.iter().filter(|e| is_turn(e) && e.kind != RawKind::Acknowledged && e.at.is_some());
    // Of two at one moment the later one read.
    let last = turns.max_by_key(|e| e.at);
    (entries.iter().filter_map(|e| e.at).min(), last.map(|e| e.at.filter(|_| e.kind == RawKind::Resolved)))
}

/// A file's name without its folder and its ending.
pub(super) fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).trim();
    if stem.is_empty() { "Log".to_owned() } else { stem.to_owned() }
}
