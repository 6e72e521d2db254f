//! The form about an account: new, and the same to change one.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::ui::{FieldError, Select, TextField};
use domain::people::TakesPart;
use domain::{CalendarId, Invalid, PersonId, TeamId};
use leptos::prelude::*;
use serde::Deserialize;
use store::calendars::Calendar;
use store::people::{Account, AccountChange, Person, Team};

/// As typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AccountFields {
    pub(super) name: String,
    email: String,
    takes_part: String,
    administrator: String,
    may_facilitate: String,
    team: String,
    manager: String,
    calendar: String,
}

/// What the form chooses from.
pub(super) struct Choices {
    teams: Vec<Team>,
    people: Vec<Person>,
    calendars: Vec<Calendar>,
}

impl Choices {
    pub(super) async fn load(ctx: &Ctx) -> Result<Self, AppError> {
        let viewer = ctx.viewer()?;
        Ok(Self {
            teams: store::people::teams(ctx.store()).await?,
            people: store::people::list(ctx.store(), viewer).await?,
            calendars: store::calendars::list(ctx.store(), viewer).await?,
        })
    }
}

fn yes(on: bool) -> String {
    if on { "yes".to_owned() } else { String::new() }
}

impl AccountFields {
    /// What an invitation begins with.
    pub(super) fn proposal() -> Self {
        Self { takes_part: TakesPart::Member.slug().to_owned(), ..Self::default() }
    }

    /// What a change begins with.
    pub(super) fn of(account: &Account) -> Self {
        let line = &account.line;
        Self {
            name: line.name.clone(),
            email: line.email.clone(),
            takes_part: line.takes_part.slug().to_owned(),
            administrator: yes(line.administrator),
            may_facilitate: yes(line.may_facilitate),
            team: account.team_id.map(|t| t.to_string()).unwrap_or_default(),
            manager: account.manager_id.map(|m| m.to_string()).unwrap_or_default(),
            calendar: account.calendar_id.map(|c| c.to_string()).unwrap_or_default(),
        }
    }

    pub(super) fn parse(&self) -> Result<AccountChange, Invalid> {
        let mut invalid = Invalid::default();
        let takes_part = TakesPart::from_slug(&self.takes_part).unwrap_or_else(|| {
            invalid.add("takes_part", "Please choose how they take part.");
            TakesPart::default()
        });
        let mut chosen = |field: &str, typed: &str| match typed.trim() {
            "" => None,
            id => {
                let id = id.parse::<uuid::Uuid>().ok();
                if id.is_none() {
                    invalid.add(field, "Please choose from the list.");
                }
                id
            }
        };
        let team_id = chosen("team", &self.team).map(TeamId);
        let manager_id = chosen("manager", &self.manager).map(PersonId);
        let calendar_id = chosen("calendar", &self.calendar).map(CalendarId);
        invalid.or_ok()?;
        Ok(AccountChange {
            name: self.name.clone(),
            email: self.email.clone(),
            takes_part,
            administrator: !self.administrator.is_empty(),
            may_facilitate: !self.may_facilitate.is_empty(),
            team_id,
            manager_id,
            calendar_id,
        })
    }
}

/// The fields. `own` is the account's person, who is not offered as their own line manager.
#[component]
pub(super) fn Fields(form: Form<AccountFields>, choices: Choices, own: Option<PersonId>) -> impl IntoView {
    let error = |field: &str| form.error(field);
    let typed = form.typed.clone();
    let none = |label: &str| (String::new(), label.to_owned());
    let mut teams = vec![none("No team")];
    let here = typed.team.clone();
    teams.extend(
        choices
            .teams
            .into_iter()
            .map(|t| (t.id.to_string(), t))
            .filter(|(id, t)| !t.put_away || *id == here)
            .map(|(id, t)| (id, t.name)),
    );
    let mut managers = vec![none("Nobody")];
    managers
        .extend(choices.people.into_iter().filter(|p| p.has_account && Some(p.id) != own).map(|p| (p.id.to_string(), p.name)));
    let mut calendars = vec![none("None: weekdays only")];
    calendars.extend(choices.calendars.into_iter().map(|c| (c.id.to_string(), c.name)));
    view! {
        <TextField name="name" label="Name" value=typed.name error=error("name") autocomplete="off" required=true/>
        <TextField name="email" label="E-mail" hint="They sign in with it." value=typed.email error=error("email") autocomplete="off" required=true/>
        <TakePart value=typed.takes_part error=error("takes_part")/>
        <div class="stack stack-tight">
            <FieldError id="administrator-error".to_owned() error=error("administrator")/>
            <label class="check"><input type="checkbox" name="administrator" value="yes" checked=!typed.administrator.is_empty()/><span><b>"Administrator"</b>": accounts and settings. Opens no answer and no story by that."</span></label>
            <label class="check"><input type="checkbox" name="may_facilitate" value="yes" checked=!typed.may_facilitate.is_empty()/><span><b>"May facilitate"</b>": can be appointed to reviews, and appoint others. Leadership cannot, whatever stands here."</span></label>
        </div>
        <div class="fields">
            <Select name="team" label="Team" value=typed.team options=teams error=error("team")/>
            <Select name="manager" label="Line manager" value=typed.manager options=managers error=error("manager") hint="Never reads what this person tells a facilitator."/>
            <Select name="calendar" label="Holidays" value=typed.calendar options=calendars error=error("calendar")/>
        </div>
    }
}

#[component]
fn TakePart(value: String, error: Option<String>) -> impl IntoView {
    let class = if error.is_some() { "field-error" } else { "" };
    let choice = move |part: TakesPart, name: &'static str, means: &'static str| {
        view! {
            <label class="choice">
                <input type="radio" name="takes_part" value=part.slug() checked=part.slug() == value required/>
                <span><b>{name}</b><small>{means}</small></span>
            </label>
        }
    };
    view! {
        <fieldset class=class>
            <legend>"Takes part in incidents"</legend>
            <FieldError id="takes_part-error".to_owned() error/>
            <div class="choices">
                {choice(TakesPart::Member, "As a member", "Enters incidents, is asked, answers.")}
                {choice(TakesPart::Leadership, "As leadership", "Also leads. Never reads what somebody told a facilitator, and facilitates no review.")}
                {choice(TakesPart::Not, "Not at all", "Only administers.")}
            </div>
        </fieldset>
    }
}
