//! The form about an incident: new in under a minute, and the same to change one.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::ui::{Field, FieldError, Select, TextField, TextareaField};
use chrono::{DateTime, Timelike, Utc};
use domain::incidents::typed::{self, Typed};
use domain::incidents::{Incident, Nature, NewIncident, Severity};
use domain::{Invalid, ServiceId, TeamId, walltime};
use leptos::prelude::*;
use serde::Deserialize;
use store::people::Team;
use store::services::Service;

/// As typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct IncidentFields {
    pub(super) title: String,
    pub(super) severity: String,
    /// A slug of [`Nature`]; nothing is an incident.
    pub(super) nature: String,
    pub(super) team: String,
    pub(super) date: String,
    pub(super) time: String,
    pub(super) zone: String,
    pub(super) noticed_date: String,
    pub(super) noticed_time: String,
    pub(super) declared_date: String,
    pub(super) declared_time: String,
    pub(super) mitigated_date: String,
    pub(super) mitigated_time: String,
    pub(super) ended_date: String,
    pub(super) ended_time: String,
    pub(super) summary: String,
    /// `named`: a new incident that exists for those alone who are named on it.
    pub(super) reach: String,
    /// The services that it concerns, by id.
    pub(super) services: Vec<String>,
    /// The version that a change started from.
    pub(super) version: String,
}

/// What the form chooses from.
#[derive(Clone)]
pub(super) struct Choices {
    pub(super) teams: Vec<Team>,
    services: Vec<Service>,
}

impl Choices {
    pub(super) async fn load(ctx: &Ctx) -> Result<Self, AppError> {
        let teams = store::people::teams(ctx.store()).await?;
        Ok(Self { teams, services: store::services::list(ctx.store(), ctx.viewer()?).await? })
    }

    /// The names of services by their ids, for two versions beside each other.
    pub(super) fn service_names(&self, ids: &[String]) -> String {
        let named = self.services.iter().filter(|s| ids.contains(&s.id.to_string()));
        named.map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ")
    }
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
    pub(super) fn of(incident: &Incident, services: &[Service]) -> Self {
        let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
        let both = |at: Option<DateTime<Utc>>| at.map(|at| day_and_time(at, zone)).unwrap_or_default();
        let (date, time) = day_and_time(incident.started_at, zone);
        let (noticed_date, noticed_time) = both(incident.detected_at);
        let (declared_date, declared_time) = both(incident.declared_at);
        let (mitigated_date, mitigated_time) = both(incident.mitigated_at);
        let (ended_date, ended_time) = both(incident.resolved_at);
        Self {
            title: incident.title.clone(),
            severity: incident.severity.number().to_string(),
            nature: incident.nature.slug().to_owned(),
            team: incident.team_id.map(|t| t.to_string()).unwrap_or_default(),
            date,
            time,
            zone: zone.name().to_owned(),
            noticed_date,
            noticed_time,
            declared_date,
            declared_time,
            mitigated_date,
            mitigated_time,
            ended_date,
            ended_time,
            summary: incident.summary.clone(),
            services: services.iter().map(|s| s.id.to_string()).collect(),
            version: incident.version.to_string(),
            reach: String::new(),
        }
    }

    /// The services that were chosen; whether they can be is the store's to say.
    pub(super) fn services(&self) -> Result<Vec<ServiceId>, Invalid> {
        let ids: Result<Vec<ServiceId>, _> = self.services.iter().map(|id| id.parse()).collect();
        ids.map_err(|_| Invalid::one("services", "Please choose services from the list."))
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
            declared_date: &self.declared_date,
            declared_time: &self.declared_time,
            mitigated_date: &self.mitigated_date,
            mitigated_time: &self.mitigated_time,
            ended_date: &self.ended_date,
            ended_time: &self.ended_time,
            team_id,
            summary: &self.summary,
            restricted: self.reach == "named",
            nature: Nature::from_slug(&self.nature),
        }));
        if let Some(new) = &parsed {
            for (field, at) in [
                ("time", Some(new.started_at)),
                ("noticed_time", new.detected_at),
                ("declared_time", new.declared_at),
                ("mitigated_time", new.mitigated_at),
                ("ended_time", new.resolved_at),
            ] {
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
pub(super) fn Fields(form: Form<IncidentFields>, choices: Choices) -> impl IntoView {
    let error = |field: &str| form.error(field);
    let typed = form.typed.clone();
    let mut options = vec![(String::new(), "No team".to_owned())];
    // A team that was put away stays where it is.
    let team_here = typed.team.clone();
    let teams = choices.teams.into_iter().map(|t| (t.id.to_string(), t)).filter(|(id, t)| !t.put_away || *id == team_here);
    options.extend(teams.map(|(id, t)| (id, t.name)));
    let marks = ["noticed_date", "noticed_time", "declared_date", "declared_time", "mitigated_date", "mitigated_time"];
    let said = [&typed.noticed_time, &typed.declared_time, &typed.mitigated_time];
    let more = marks.iter().any(|f| error(f).is_some()) || said.iter().any(|time| !time.is_empty());
    view! {
        <TextField name="title" label="What do people call it?" value=typed.title error=error("title") autocomplete="off" required=true/>
        <Natures value=typed.nature/>
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
        <Services chosen=typed.services services=choices.services error=error("services")/>
        <TextareaField
            name="summary"
            label="In a sentence or two"
            hint="What people saw. Markdown works; the story comes later."
            text=typed.summary
            rows=3
            error=error("summary")
        />
        <details class="more" open=more>
            <summary>"When was it noticed, declared, mitigated?"</summary>
            <div class="fields when-fields mt2">
                <TextField name="noticed_time" label="Time it was noticed" value=typed.noticed_time error=error("noticed_time") autocomplete="off"/>
                <TextField name="noticed_date" label="Day, if not the same" kind="date" value=typed.noticed_date error=error("noticed_date")/>
                <TextField name="declared_time" label="Time it was declared an incident" value=typed.declared_time error=error("declared_time") autocomplete="off"/>
                <TextField name="declared_date" label="Day, if not the same" kind="date" value=typed.declared_date error=error("declared_date")/>
                <TextField name="mitigated_time" label="Time the impact was lessened" value=typed.mitigated_time error=error("mitigated_time") autocomplete="off"/>
                <TextField name="mitigated_date" label="Day, if not the same" kind="date" value=typed.mitigated_date error=error("mitigated_date")/>
            </div>
        </details>
    }
}

/// The services that an administrator lists; those that were put away only where they are chosen already.
#[component]
fn Services(chosen: Vec<String>, services: Vec<Service>, error: Option<String>) -> impl IntoView {
    let class = if error.is_some() { "field-error" } else { "" };
    let offered: Vec<_> = services.into_iter().filter(|s| !s.put_away || chosen.contains(&s.id.to_string())).collect();
    if offered.is_empty() && error.is_none() {
        return ().into_any();
    }
    let picks = offered
        .into_iter()
        .map(|s| {
            let id = s.id.to_string();
            let checked = chosen.contains(&id);
            view! { <label class="pick"><input type="checkbox" name="services" value=id checked=checked/>{s.name}</label> }
        })
        .collect_view();
    view! {
        <fieldset class=class>
            <legend>"Which services did it concern?"</legend>
            <FieldError id="services-error".to_owned() error/>
            <div class="picks">{picks}</div>
        </fieldset>
    }
    .into_any()
}

/// What it was: near misses and what went right are asked about as much as incidents.
#[component]
fn Natures(value: String) -> impl IntoView {
    let chosen = Nature::from_slug(&value);
    let choice = move |nature: Nature| {
        view! {
            <label class="choice">
                <input type="radio" name="nature" value=nature.slug() checked=chosen == nature/>
                <span><b>{nature.label()}</b><small>{nature.means()}</small></span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend>"What was it?"</legend>
            <div class="severities">{Nature::ALL.map(choice).into_iter().collect_view()}</div>
        </fieldset>
    }
}

#[component]
fn Severities(value: String, error: Option<String>) -> impl IntoView {
    let words = expect_context::<Ctx>().severities;
    let chosen = Severity::parse(&value).ok();
    let class = if error.is_some() { "field-error" } else { "" };
    let choice = move |severity: Severity| {
        let checked = chosen == Some(severity);
        let words = words.of(severity).clone();
        view! {
            <label class="choice">
                <input type="radio" name="severity" value=severity.number().to_string() checked=checked required/>
                <span><b>{words.name}</b><small>{words.means}</small></span>
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
