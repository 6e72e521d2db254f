//! The form about an event, as typed and as drawn.

use crate::form::Form;
use crate::incidents::{ZoneField, day_and_time};
use crate::ui::{Field, Select, TextField, TextareaField};
use chrono::{DateTime, Utc};
use domain::incidents::Incident;
use domain::timeline::typed::{self, Typed};
use domain::timeline::{EventKind, NewEvent, Precision, TimelineEvent};
use domain::{Invalid, walltime};
use leptos::prelude::*;
use serde::Deserialize;

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

    /// What a change starts from.
    pub(super) fn of(event: &TimelineEvent) -> Self {
        let zone = walltime::parse_zone(&event.zone).unwrap_or(chrono_tz::UTC);
        let both = |at: Option<DateTime<Utc>>| at.map(|at| day_and_time(at, zone)).unwrap_or_default();
        let (date, clock) = both(event.at);
        let (until_day, until) = both(event.ends_at);
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
        })?;
        let mut invalid = Invalid::default();
        // A day alone begins at its midnight somewhere.
        let began = new.at.filter(|_| new.precision != Precision::Date);
        invalid.take(walltime::has_been("time", began, now));
        invalid.take(walltime::has_been("until", new.ends_at, now));
        invalid.or_ok()?;
        Ok(new)
    }
}

fn kinds() -> Vec<(String, String)> {
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
                <button class="btn btn-primary">"Add event"</button>
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

/// All fields, to change an event.
#[component]
pub(super) fn EventForm(action: String, back: String, form: Form<EventFields>) -> impl IntoView {
    let error = |field: &str| form.error(field);
    let typed = form.typed.clone();
    view! {
        <form class="stack incident-form" method="post" action=action>
            <input type="hidden" name="version" value=typed.version/>
            <fieldset>
                <legend>"When? "<span class="hint">"~02:14 means about. Without a time: that day. Without both: not known."</span></legend>
                <div class="fields when-fields">
                    <TextField name="date" label="Day" kind="date" value=typed.date error=error("date")/>
                    <TextField name="time" label="Time, 24 hours" value=typed.time error=error("time") autocomplete="off"/>
                    <ZoneField value=typed.zone error=error("zone")/>
                </div>
                <div class="fields when-fields mt4">
                    <TextField name="until" label="Until, if it lasted" value=typed.until error=error("until") autocomplete="off"/>
                    <TextField name="until_date" label="Day, if not the same" kind="date" value=typed.until_date error=error("until_date")/>
                </div>
            </fieldset>
            <Select name="kind" label="Kind" value=typed.kind options=kinds() error=error("kind")/>
            <TextareaField name="body" label="What happened" hint="As it looked then. Markdown works." text=typed.body rows=6 error=error("body")/>
            <p class="actions"><button class="btn btn-primary">"Save"</button><a class="btn btn-quiet" href=back>"Leave as it was"</a></p>
        </form>
    }
}
