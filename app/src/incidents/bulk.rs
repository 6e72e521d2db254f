//! One change to the incidents that are ticked in the list.

use super::filters::ListQuery;
use super::list::draw_list;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::ui::FieldError;
use axum::extract::Query;
use axum::response::Response;
use domain::incidents::{IncidentKey, Severity};
use domain::{Invalid, TeamId};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::incidents::Change;
use store::people::Team;

/// Stands for "no team", beside the ids of teams.
const NO_TEAM: &str = "none";

/// What is ticked and what is to become of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BulkFields {
    pub(super) keys: Vec<String>,
    severity: String,
    team: String,
}

impl BulkFields {
    fn parse(&self, teams: &[Team]) -> Result<(Vec<IncidentKey>, Change), Invalid> {
        let mut invalid = Invalid::default();
        let severity = match self.severity.as_str() {
            "" => None,
            other => invalid.take(Severity::parse(other)),
        };
        let team = match self.team.as_str() {
            "" => None,
            NO_TEAM => Some(None),
            id => {
                let team = id.parse().ok().map(TeamId).filter(|id| teams.iter().any(|t| t.id == *id));
                if team.is_none() {
                    invalid.add("change", "Please choose a team from the list.");
                }
                Some(team)
            }
        };
        invalid.or_ok()?;
        Ok((self.keys.iter().filter_map(|key| key.parse().ok()).collect(), Change { severity, team }))
    }
}

/// The filters of the list stand in the form's address, so that one comes back to the same list.
pub(super) async fn change(
    ctx: Ctx,
    Query(query): Query<ListQuery>,
    Posted(typed): Posted<BulkFields>,
) -> Result<Response, AppError> {
    let teams = store::people::teams(ctx.store()).await?;
    let changed = match typed.parse(&teams) {
        Ok((keys, change)) => store::incidents::bulk(ctx.store(), ctx.viewer()?, &keys, change, ctx.now).await,
        Err(invalid) => Err(invalid.into()),
    };
    let after = (!query.after.is_empty()).then_some(query.after.as_str());
    match changed {
        Ok(()) => Ok(see_and_say(&query.address("", after), "changed")),
        Err(StoreError::Invalid(invalid)) => draw_list(&ctx, query, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

/// The bar under the list.
pub(super) fn bar(form: Form<BulkFields>, query: &ListQuery, teams: &[Team]) -> impl IntoView + use<> {
    let after = (!query.after.is_empty()).then_some(query.after.as_str());
    let action = format!("/incidents/bulk?{}", query.query("", after));
    let stays = |name: &str| (String::new(), format!("{name} stays"));
    let words = expect_context::<Ctx>().severities;
    let severities = std::iter::once(stays("Severity"))
        .chain(Severity::ALL.map(|s| (s.number().to_string(), words.name(s).to_owned())))
        .collect();
    let team_names = std::iter::once(stays("Team"))
        .chain(teams.iter().filter(|t| !t.put_away).map(|t| (t.id.to_string(), t.name.clone())))
        .chain(std::iter::once((NO_TEAM.to_owned(), "No team".to_owned())))
        .collect();
    let (keys, change) = (form.error("keys"), form.error("change"));
    view! {
        <form id="bulk" class="bulk-bar card" method="post" action=action>
            <FieldError id="keys-error".to_owned() error=keys/>
            <FieldError id="change-error".to_owned() error=change/>
            <div class="actions">
                <span>"With those that are ticked:"</span>
                {pick("severity", "Severity", form.typed.severity, severities)}
                {pick("team", "Team", form.typed.team, team_names)}
                <button class="btn btn-primary">"Change them"</button>
            </div>
        </form>
    }
}

fn pick(name: &'static str, label: &'static str, value: String, options: Vec<(String, String)>) -> impl IntoView {
    let id = format!("bulk-{name}");
    view! {
        <label class="vh" for=id.clone()>{label}</label>
        <select id=id name=name>
            {options
                .into_iter()
                .map(|(this, text)| {
                    let selected = this == value;
                    view! { <option value=this selected=selected>{text}</option> }
                })
                .collect_view()}
        </select>
    }
}
