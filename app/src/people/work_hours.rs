//! The part of a form that asks for a zone and working hours: of one's own profile, and of what new people begin with.

use crate::form::Form;
use crate::ui::TextField;
use domain::Invalid;
use domain::walltime::{self, WorkPattern, parse_clock};
use leptos::prelude::*;
use serde::Deserialize;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// As typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct HoursFields {
    pub(crate) zone: String,
    pub(crate) starts: String,
    pub(crate) ends: String,
    pub(crate) days: Vec<String>,
}

impl HoursFields {
    /// What a form begins with.
    pub(crate) fn of(zone: &str, pattern: &WorkPattern) -> Self {
        Self {
            zone: zone.to_owned(),
            starts: pattern.start.format("%H:%M").to_string(),
            ends: pattern.end.format("%H:%M").to_string(),
            days: (0..7).filter(|day| pattern.days[*day]).map(|day| day.to_string()).collect(),
        }
    }

    /// Reads the hours; the zone is the store's to read.
    pub(crate) fn pattern(&self) -> Result<WorkPattern, Invalid> {
        let mut invalid = Invalid::default();
        let mut clock = |field: &str, text: &str| match parse_clock(text) {
            Ok(time) => Some(time),
            Err(_) => {
                invalid.add(field, "Please write a time such as 09:00.");
                None
            }
        };
        let (start, end) = (clock("starts", &self.starts), clock("ends", &self.ends));
        if let (Some(start), Some(end)) = (start, end)
            && end <= start
        {
            invalid.add("ends", "The working day ends before it begins. Please look at both times.");
        }
        invalid.or_ok()?;
        Ok(WorkPattern {
            start: start.unwrap_or_default(),
            end: end.unwrap_or_default(),
            days: std::array::from_fn(|day| self.days.contains(&day.to_string())),
        })
    }
}

/// The fields.
#[component]
pub(crate) fn WorkHours(form: Form<HoursFields>) -> impl IntoView {
    let (zone, starts, ends) = (form.error("zone"), form.error("starts"), form.error("ends"));
    let typed = form.typed;
    view! {
        <TextField
            name="zone" label="Time zone" value=typed.zone error=zone list="zones"
            hint="Pages tell times in it. Each stretch of work keeps the zone it was worked in, and counts by the working hours of its day: new ones hold from today."
        />
        <datalist id="zones">{walltime::zones().into_iter().map(|z| view! { <option value=z></option> }).collect_view()}</datalist>
        <div class="fields">
            <TextField name="starts" label="Working day begins" value=typed.starts error=starts/>
            <TextField name="ends" label="and ends" value=typed.ends error=ends/>
        </div>
        <fieldset class="stack stack-tight">
            <legend class="label">"Working days"</legend>
            <div class="picks">
                {DAYS
                    .into_iter()
                    .enumerate()
                    .map(|(day, name)| {
                        let checked = typed.days.contains(&day.to_string());
                        view! { <label class="pick"><input type="checkbox" name="days" value=day.to_string() checked=checked/>{name}</label> }
                    })
                    .collect_view()}
            </div>
        </fieldset>
    }
}
