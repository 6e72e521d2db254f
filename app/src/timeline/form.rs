//! The form about an event as typed, and the composer above the story; `whole` draws all of its fields.

use crate::form::Form;
use crate::incidents::day_and_time;
use crate::ui::{Field, Select, TextField, TextareaField};
use chrono::{DateTime, Utc};
use domain::incidents::Incident;
use domain::timeline::details::TypedSource;
use domain::timeline::typed::{self, Typed};
use domain::timeline::{EventKind, EventSource, NewEvent, Placement, Precision, TimelineEvent};
use domain::{Invalid, walltime};
use leptos::prelude::*;
use serde::Deserialize;
use store::timeline::attachments::Attachment;

/// As typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct EventFields {
    pub(super) date: String,
    pub(super) time: String,
    pub(super) until_date: String,
    pub(super) until: String,
    pub(super) zone: String,
    pub(super) kind: String,
    pub(super) body: String,
    pub(super) role: String,
    pub(super) question: String,
    /// `later`: nobody in the response knew it then.
    pub(super) knowledge: String,
    pub(super) recorded_date: String,
    pub(super) recorded_time: String,
    pub(super) placement: String,
    pub(super) settled_date: String,
    pub(super) settled_time: String,
    /// The rows of sources: each of the three has one entry a row.
    pub(super) source_kind: Vec<String>,
    pub(super) source_title: Vec<String>,
    pub(super) source_url: Vec<String>,
    /// Attachments that show it, by their ids.
    pub(super) attached: Vec<String>,
    /// Images that had no words yet, and the words for each.
    pub(super) alt_of: Vec<String>,
    pub(super) alt_text: Vec<String>,
    /// Words for the one image that is uploaded with the form.
    pub(super) upload_alt: String,
    /// What there is to choose from; never sent.
    #[serde(skip)]
    pub(super) files: Vec<Attachment>,
    /// `next`: stay at writing after saving.
    pub(super) then: String,
    /// `whole`: comes from the page with all fields, and goes back there when it is refused.
    pub(super) from: String,
    /// The version that a change started from.
    pub(super) version: String,
}

impl EventFields {
    /// What the composer proposes: the day of the last event, in the incident's zone.
    pub(super) fn proposal(incident: &Incident, events: &[TimelineEvent]) -> Self {
        let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
        let last = events.iter().filter_map(|e| e.at).next_back().unwrap_or(incident.started_at);
        let (date, _) = day_and_time(last, zone);
        Self { date, zone: incident.zone.clone(), kind: EventKind::Note.slug().to_owned(), ..Self::default() }
    }

    /// What the composer proposes after an event was written: the same day, kind and role.
    pub(super) fn next_after(event: &TimelineEvent) -> Self {
        let Self { date, zone, kind, role, .. } = Self::of(event);
        Self { date, zone, kind, role, ..Self::default() }
    }

    /// What an event between `event` and the one after it proposes: the middle of the two times, about.
    pub(super) fn between(event: &TimelineEvent, following: Option<DateTime<Utc>>) -> Self {
        let proposal = Self::next_after(event);
        let zone = walltime::parse_zone(&event.zone).unwrap_or(chrono_tz::UTC);
        match (event.at.filter(|_| event.precision != Precision::Date), following) {
            (Some(at), Some(next)) if next > at => {
                let (date, time) = day_and_time(at + (next - at) / 2, zone);
                // Whole minutes: it is a guess.
                let time = format!("~{}", time.get(..5).unwrap_or(&time));
                Self { date, time, ..proposal }
            }
            _ => proposal,
        }
    }

    /// Another event that says the same, to be changed.
    pub(super) fn like(event: &TimelineEvent) -> Self {
        Self { version: String::new(), ..Self::of(event) }
    }

    /// What a change starts from.
    pub(super) fn of(event: &TimelineEvent) -> Self {
        let zone = walltime::parse_zone(&event.zone).unwrap_or(chrono_tz::UTC);
        let both = |at: Option<DateTime<Utc>>| at.map(|at| day_and_time(at, zone)).unwrap_or_default();
        let (date, clock) = both(event.at);
        let (until_day, until) = both(event.ends_at);
        let (recorded_date, recorded_time) = both(event.details.recorded_at);
        let (settled_date, settled_time) = both(event.details.settled_at);
        let addresses = || event.details.sources.iter().filter(|source| source.attachment().is_none());
        let time = match event.precision {
            Precision::Exact => clock,
            Precision::About => format!("~{clock}"),
            Precision::Date | Precision::None => String::new(),
        };
        Self {
            until_date: if until_day == date { String::new() } else { until_day },
            date,
            time,
            until,
            zone: event.zone.clone(),
            kind: event.kind.slug().to_owned(),
            body: event.body.clone(),
            role: event.details.role.clone(),
            question: event.details.question.clone(),
            knowledge: if event.details.learned_later { "later".to_owned() } else { String::new() },
            recorded_date,
            recorded_time,
            placement: event.details.placement.slug().to_owned(),
            settled_date,
            settled_time,
            source_kind: addresses().map(|s| s.kind.slug().to_owned()).collect(),
            source_title: addresses().map(|s| s.title.clone()).collect(),
            source_url: addresses().map(|s| s.url.clone()).collect(),
            attached: event.details.sources.iter().filter_map(|s| s.attachment().map(|id| id.to_string())).collect(),
            alt_of: Vec::new(),
            alt_text: Vec::new(),
            upload_alt: String::new(),
            files: Vec::new(),
            then: String::new(),
            from: String::new(),
            version: event.version.to_string(),
        }
    }

    /// Reads the form; what is told has been.
    pub(super) fn parse(&self, now: DateTime<Utc>) -> Result<NewEvent, Invalid> {
        let new = typed::parse(&Typed {
            date: &self.date,
            time: &self.time,
            until_date: &self.until_date,
            until: &self.until,
            zone: &self.zone,
            kind: &self.kind,
            body: &self.body,
            role: &self.role,
            question: &self.question,
            knowledge: &self.knowledge,
            recorded_date: &self.recorded_date,
            recorded_time: &self.recorded_time,
            sources: self.sources().collect(),
            attached: self.chosen().map(|file| EventSource::attached(file.id, file.kind)).collect(),
            placement: &self.placement,
            settled_date: &self.settled_date,
            settled_time: &self.settled_time,
        })?;
        let mut invalid = Invalid::default();
        // A day alone begins at its midnight somewhere.
        let began = new.at.filter(|_| new.precision != Precision::Date);
        invalid.take(walltime::has_been("time", began, now));
        invalid.take(walltime::has_been("until", new.ends_at, now));
        invalid.take(walltime::has_been("settled_time", new.details.settled_at, now));
        invalid.or_ok()?;
        Ok(new)
    }

    /// The attachments that are chosen, of those that there are.
    pub(super) fn chosen(&self) -> impl Iterator<Item = &Attachment> {
        self.files.iter().filter(|file| self.attached.contains(&file.id.to_string()))
    }

    /// The rows of sources, as typed.
    pub(super) fn sources(&self) -> impl Iterator<Item = TypedSource<'_>> {
        fn text(of: &[String], row: usize) -> &str {
            of.get(row).map_or("", String::as_str)
        }
        let rows = self.source_url.len().max(self.source_title.len());
        (0..rows).map(|row| TypedSource {
            kind: text(&self.source_kind, row),
            title: text(&self.source_title, row),
            url: text(&self.source_url, row),
        })
    }
}

pub(super) fn kinds() -> Vec<(String, String)> {
    EventKind::ALL.map(|k| (k.slug().to_owned(), k.label().to_owned())).to_vec()
}

/// The composer above the story: one line for the usual, the rest on request.
#[component]
pub(super) fn Composer(action: String, form: Form<EventFields>) -> impl IntoView {
    let error = |field: &str| form.error(field);
    let typed = form.typed.clone();
    let more = ["until", "until_date", "zone"].iter().any(|f| error(f).is_some()) || !typed.until.is_empty();
    view! {
        <form class="composer" id="add" method="post" action=action aria-label="Add an event">
            <TextField name="date" label="Day" kind="date" value=typed.date error=error("date")/>
            <TextField name="time" label="Time" value=typed.time placeholder="02:14" error=error("time") autocomplete="off"/>
            <Select name="kind" label="Kind" value=typed.kind options=kinds() error=error("kind")/>
            <TextareaField name="body" label="What happened" text=typed.body rows=2 error=error("body")/>
            <div class="composer-foot">
                <details class="more" open=more>
                    <summary>"An end, about, another zone"</summary>
                    <div class="fields mt2">
                        <TextField name="until" label="Until" value=typed.until placeholder="02:40" error=error("until") autocomplete="off"/>
                        <ZoneText value=typed.zone error=error("zone")/>
                    </div>
                    <p class="hint mt2">"~02:14 means about. Leave the time empty when only the day is known, and both when nothing is."</p>
                </details>
                <input type="hidden" name="placement" value=Placement::InPlace.slug()/>
                <div class="actions">
                    <button class="btn btn-quiet" name="then" value="next">"Add, and write another"</button>
                    <button class="btn btn-primary">"Add event"</button>
                </div>
            </div>
        </form>
    }
}

/// The zone as plain text: the list of all zones is for the form that has room for it.
#[component]
fn ZoneText(value: String, error: Option<String>) -> impl IntoView {
    let invalid = error.is_some().then_some("true");
    view! {
        <Field name="zone" label="Time zone" error>
            <input id="zone" name="zone" value=value autocomplete="off" aria-invalid=invalid/>
        </Field>
    }
}
