//! The form about an incident: new in under a minute, and the same to change one.

use crate::ctx::Ctx;
use crate::form::Form;
use crate::ui::{Field, FieldError, Select, TextField, TextareaField};
use chrono::{DateTime, Timelike, Utc};
use domain::incidents::typed::{self, Typed};
use domain::incidents::{Incident, NewIncident, Severity};
use domain::{Invalid, TeamId, walltime};
use leptos::prelude::*;
use serde::Deserialize;
use store::people::Team;

/// As typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct IncidentFields {
    pub(super) title: String,
    pub(super) severity: String,
    pub(super) team: String,
    pub(super) date: String,
    pub(super) time: String,
    pub(super) zone: String,
    pub(super) noticed_date: String,
    pub(super) noticed_time: String,
    pub(super) ended_date: String,
    pub(super) ended_time: String,
    pub(super) summary: String,
    /// `named`: a new incident that exists for those alone who are named on it.
    pub(super) reach: String,
    /// The version that a change started from.
    pub(super) version: String,
}

/// Day and time of an instant as the fields hold them; seconds only where there are some.
pub(crate) fn day_and_time(at: DateTime<Utc>, zone: chrono_tz::Tz) -> (String, String) {
    let local = at.with_timezone(&zone);
    let time = if local.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
    (local.format("%Y-%m-%d").to_string(), local.format(time).to_string())
}

impl IncidentFields {
    /// What a new incident proposes: now, in the viewer's zone and team.
    pub(super) fn proposal(ctx: &Ctx) -> Self {
        let zone = ctx.zone();
        let (date, _) = day_and_time(ctx.now, zone);
        let team = ctx.viewer.as_ref().and_then(|v| v.team_id).map(|t| t.to_string()).unwrap_or_default();
        Self { date, time: walltime::clock(ctx.now, zone), zone: zone.name().to_owned(), team, ..Self::default() }
    }

    /// What a change starts from.
    pub(super) fn of(incident: &Incident) -> Self {
        let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
        let both = |at: Option<DateTime<Utc>>| at.map(|at| day_and_time(at, zone)).unwrap_or_default();
        let (date, time) = day_and_time(incident.started_at, zone);
        let (noticed_date, noticed_time) = both(incident.detected_at);
        let (ended_date, ended_time) = both(incident.resolved_at);
        Self {
            title: incident.title.clone(),
            severity: incident.severity.number().to_string(),
            team: incident.team_id.map(|t| t.to_string()).unwrap_or_default(),
            date,
            time,
            zone: zone.name().to_owned(),
            noticed_date,
            noticed_time,
            ended_date,
            ended_time,
            summary: incident.summary.clone(),
            version: incident.version.to_string(),
            reach: String::new(),
        }
    }

    /// Reads the form; the team must be one that there is, and what is told has been.
    pub(super) fn parse(&self, teams: &[Team], now: DateTime<Utc>) -> Result<NewIncident, Invalid> {
        let mut invalid = Invalid::default();
        let team_id = match self.team.trim() {
            "" => None,
            id => {
                let team = id.parse().ok().map(TeamId).filter(|id| teams.iter().any(|t| t.id == *id));
                if team.is_none() {
                    invalid.add("team", "Please choose a team from the list.");
                }
                team
            }
        };
        let parsed = invalid.take(typed::parse(&Typed {
            title: &self.title,
            severity: &self.severity,
            date: &self.date,
            time: &self.time,
            zone: &self.zone,
            noticed_date: &self.noticed_date,
            noticed_time: &self.noticed_time,
            ended_date: &self.ended_date,
            ended_time: &self.ended_time,
            team_id,
            summary: &self.summary,
            restricted: self.reach == "named",
        }));
        if let Some(new) = &parsed {
            for (field, at) in
                [("time", Some(new.started_at)), ("noticed_time", new.detected_at), ("ended_time", new.resolved_at)]
            {
                invalid.take(walltime::has_been(field, at, now));
            }
        }
        match parsed {
            Some(new) if invalid.fields.is_empty() => Ok(new),
            _ => Err(invalid),
        }
    }
}

/// The fields of the form, from what everyone knows to what can wait.
#[component]
pub(super) fn Fields(form: Form<IncidentFields>, teams: Vec<Team>) -> impl IntoView {
    let error = |field: &str| form.error(field);
    let typed = form.typed.clone();
    let mut options = vec![(String::new(), "No team".to_owned())];
    options.extend(teams.into_iter().map(|t| (t.id.to_string(), t.name)));
    let more = ["noticed_date", "noticed_time"].iter().any(|f| error(f).is_some()) || !typed.noticed_time.is_empty();
    view! {
        <TextField name="title" label="What do people call it?" value=typed.title error=error("title") autocomplete="off" required=true/>
        <Severities value=typed.severity error=error("severity")/>
        <fieldset>
            <legend>"When did it begin?"</legend>
            <div class="fields when-fields">
                <TextField name="date" label="Day" kind="date" value=typed.date error=error("date") required=true/>
                <TextField name="time" label="Time, 24 hours" value=typed.time error=error("time") autocomplete="off" required=true/>
                <ZoneField value=typed.zone error=error("zone")/>
            </div>
        </fieldset>
        <fieldset>
            <legend>"Is it over? "<span class="hint">"Leave this empty while it goes on."</span></legend>
            <div class="fields when-fields">
                <TextField name="ended_time" label="Time it ended" value=typed.ended_time error=error("ended_time") autocomplete="off"/>
                <TextField name="ended_date" label="Day, if not the same" kind="date" value=typed.ended_date error=error("ended_date")/>
            </div>
        </fieldset>
        <Select name="team" label="Team" value=typed.team options error=error("team")/>
        <TextareaField
            name="summary"
            label="In a sentence or two"
            hint="What people saw. Markdown works; the story comes later."
            text=typed.summary
            rows=3
            error=error("summary")
        />
        <details class="more" open=more>
            <summary>"When was it noticed?"</summary>
            <div class="fields when-fields mt2">
                <TextField name="noticed_time" label="Time it was noticed" value=typed.noticed_time error=error("noticed_time") autocomplete="off"/>
                <TextField name="noticed_date" label="Day, if not the same" kind="date" value=typed.noticed_date error=error("noticed_date")/>
            </div>
        </details>
    }
}

#[component]
fn Severities(value: String, error: Option<String>) -> impl IntoView {
    const MEANS: [&str; 4] = [
        "nearly everyone, or data at risk",
        "many people, or something that matters much",
        "some people, or a nuisance",
        "hardly anyone, or a near miss",
    ];
    let chosen = Severity::parse(&value).ok();
    let class = if error.is_some() { "field-error" } else { "" };
    let choice = move |severity: Severity| {
        let checked = chosen == Some(severity);
        view! {
            <label class="choice">
                <input type="radio" name="severity" value=severity.number().to_string() checked=checked required/>
                <span><b>{severity.label()}</b><small>{MEANS[severity as usize]}</small></span>
            </label>
        }
    };
    view! {
        <fieldset class=class>
            <legend>"How severe?"</legend>
            <FieldError id="severity-error".to_owned() error/>
            <div class="severities">{Severity::ALL.map(choice).into_iter().collect_view()}</div>
        </fieldset>
    }
}

/// A time zone, with every name offered as one types.
#[component]
pub(crate) fn ZoneField(value: String, error: Option<String>) -> impl IntoView {
    let invalid = error.is_some().then_some("true");
    view! {
        <Field name="zone" label="Time zone" error>
            <input id="zone" name="zone" value=value list="zones" autocomplete="off" required aria-invalid=invalid/>
            <datalist id="zones">{walltime::zones().into_iter().map(|name| view! { <option value=name></option> }).collect_view()}</datalist>
        </Field>
    }
}
