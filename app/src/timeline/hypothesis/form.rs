//! The form about a hypothesis, as typed and as drawn.

use crate::form::Form;
use crate::incidents::{ZoneField, day_and_time};
use crate::ui::{FieldError, TextField, TextareaField};
use chrono::{DateTime, Utc};
use domain::incidents::Incident;
use domain::timeline::hypothesis::{Hypothesis, HypothesisState, NewHypothesis};
use domain::timeline::typed::{TypedHypothesis, parse_hypothesis};
use domain::{Invalid, walltime};
use leptos::prelude::*;
use serde::Deserialize;

/// As typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(in crate::timeline) struct HypothesisFields {
    body: String,
    state: String,
    raised_date: String,
    raised_time: String,
    settled_date: String,
    settled_time: String,
    spoke_for: String,
    spoke_against: String,
    zone: String,
    /// The version that a change started from.
    pub(super) version: String,
}

impl HypothesisFields {
    /// What a new one proposes: the day and zone of the incident.
    pub(super) fn proposal(incident: &Incident) -> Self {
        let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
        let (raised_date, _) = day_and_time(incident.started_at, zone);
        let state = HypothesisState::Raised.slug().to_owned();
        Self { raised_date, zone: incident.zone.clone(), state, ..Self::default() }
    }

    /// What a change starts from.
    pub(super) fn of(hypothesis: &Hypothesis) -> Self {
        let said = &hypothesis.said;
        let zone = walltime::parse_zone(&said.zone).unwrap_or(chrono_tz::UTC);
        let both = |at: Option<DateTime<Utc>>| at.map(|at| day_and_time(at, zone)).unwrap_or_default();
        let (raised_date, raised_time) = both(said.raised_at);
        let (settled_date, settled_time) = both(said.settled_at);
        Self {
            body: said.body.clone(),
            state: said.state.slug().to_owned(),
            raised_date,
            raised_time,
            settled_date,
            settled_time,
            spoke_for: said.spoke_for.clone(),
            spoke_against: said.spoke_against.clone(),
            zone: said.zone.clone(),
            version: hypothesis.version.to_string(),
        }
    }

    /// Reads the form; what is told has been.
    pub(super) fn parse(&self, now: DateTime<Utc>) -> Result<NewHypothesis, Invalid> {
        let new = parse_hypothesis(&TypedHypothesis {
            body: &self.body,
            state: &self.state,
            raised_date: &self.raised_date,
            raised_time: &self.raised_time,
            settled_date: &self.settled_date,
            settled_time: &self.settled_time,
            spoke_for: &self.spoke_for,
            spoke_against: &self.spoke_against,
            zone: &self.zone,
        })?;
        let mut invalid = Invalid::default();
        invalid.take(walltime::has_been("raised_time", new.raised_at, now));
        invalid.take(walltime::has_been("settled_time", new.settled_at, now));
        invalid.or_ok()?;
        Ok(new)
    }
}

/// All fields.
#[component]
pub(super) fn HypothesisForm(action: String, back: String, form: Form<HypothesisFields>) -> impl IntoView {
    let error = |field: &str| form.error(field);
    let typed = form.typed.clone();
    let states = HypothesisState::ALL.map(|state| {
        let checked = typed.state == state.slug();
        view! { <label class="pick"><input type="radio" name="state" value=state.slug() checked=checked/>{state.label()}</label> }
    });
    view! {
        <form class="stack incident-form" method="post" action=action>
            <input type="hidden" name="version" value=typed.version/>
            <TextareaField name="body" label="What did people think it was?" hint="As it was thought then. Markdown works." text=typed.body rows=2 error=error("body")/>
            <fieldset>
                <legend>"How far did it come?"</legend>
                <FieldError id="state-error".to_owned() error=error("state")/>
                <div class="picks">{states.into_iter().collect_view()}</div>
            </fieldset>
            <TextareaField name="spoke_for" label="What spoke for it?" text=typed.spoke_for rows=2 error=error("spoke_for")/>
            <TextareaField name="spoke_against" label="What spoke against it?" text=typed.spoke_against rows=2 error=error("spoke_against")/>
            <fieldset>
                <legend>"When? "<span class="hint">"Leave a time empty when nobody knows it."</span></legend>
                <div class="fields when-fields">
                    <TextField name="raised_date" label="Day it was raised" kind="date" value=typed.raised_date error=error("raised_date")/>
                    <TextField name="raised_time" label="Time, 24 hours" value=typed.raised_time error=error("raised_time") autocomplete="off"/>
                    <ZoneField value=typed.zone error=error("zone")/>
                </div>
                <div class="fields when-fields mt4">
                    <TextField name="settled_time" label="Time it was dropped or held" value=typed.settled_time error=error("settled_time") autocomplete="off"/>
                    <TextField name="settled_date" label="Day, if not the same" kind="date" value=typed.settled_date error=error("settled_date")/>
                </div>
            </fieldset>
            <p class="actions"><button class="btn btn-primary">"Save"</button><a class="btn btn-quiet" href=back>"Leave it"</a></p>
        </form>
    }
}
