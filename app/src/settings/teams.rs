//! Teams: open, rename, put away when nobody is in one.

use super::SettingsFrame;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Empty, FieldError, Icon, Note, TextField};
use axum::extract::Path;
use axum::response::Response;
use domain::{Invalid, TeamId};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::people::{self as teams, TeamLine};

const AT: &str = "/settings/teams";

/// A team's name as typed; in the page also which team it was typed for (`None`: a new one).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TeamFields {
    name: String,
    #[serde(skip)]
    of: Option<TeamId>,
}

/// `away`: `yes` puts it away, anything else takes it back.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AwayFields {
    pub(super) away: String,
}

pub(super) async fn list(ctx: Ctx) -> Result<Response, AppError> {
    draw(&ctx, Form::default(), None).await
}

fn id(team: &str) -> Result<TeamId, AppError> {
    team.parse().map_err(|_| AppError::NotFound)
}

pub(super) async fn add(ctx: Ctx, Posted(typed): Posted<TeamFields>) -> Result<Response, AppError> {
    match teams::open_team(ctx.store(), ctx.viewer()?, &typed.name, ctx.now).await {
        Ok(_) => Ok(see_and_say(AT, "added")),
        Err(StoreError::Invalid(invalid)) => draw(&ctx, Form::refused(typed, invalid), None).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn rename(ctx: Ctx, Path(team): Path<String>, Posted(typed): Posted<TeamFields>) -> Result<Response, AppError> {
    let team = id(&team)?;
    match teams::rename_team(ctx.store(), ctx.viewer()?, team, &typed.name, ctx.now).await {
        Ok(()) => Ok(see_and_say(AT, "saved")),
        Err(StoreError::Invalid(invalid)) => {
            draw(&ctx, Form::refused(TeamFields { of: Some(team), ..typed }, invalid), None).await
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn put_away(
    ctx: Ctx,
    Path(team): Path<String>,
    Posted(typed): Posted<AwayFields>,
) -> Result<Response, AppError> {
    let away = typed.away == "yes";
    match teams::put_team_away(ctx.store(), ctx.viewer()?, id(&team)?, away, ctx.now).await {
        Ok(()) => Ok(see_and_say(AT, if away { "put-away" } else { "restored" })),
        Err(StoreError::Refused(why)) => draw(&ctx, Form::default(), Some(why)).await,
        Err(other) => Err(other.into()),
    }
}

async fn draw(ctx: &Ctx, form: Form<TeamFields>, refused: Option<&'static str>) -> Result<Response, AppError> {
    let all = teams::team_lines(ctx.store(), ctx.viewer()?).await?;
    let mut head = Head::new("Teams", Nav::Settings).refused(&form.invalid);
    if refused.is_some() {
        head = head.status(http::StatusCode::CONFLICT);
    }
    Ok(shell::page(ctx, head, move || {
        let (here, away): (Vec<_>, Vec<_>) = all.into_iter().partition(|t| !t.put_away);
        let new = if form.typed.of.is_none() { form.clone() } else { Form::default() };
        let error = new.error("name");
        view! {
            <SettingsFrame at=AT heading="Teams" lede="People measures know teams and the whole organisation, and nothing between. Choose teams that stay for a while.">
                {refused.map(|why| view! { <Note tone="bad"><Icon name="info"/><p>{why}</p></Note> })}
                <form class="settings-add" method="post" action=AT>
                    <TextField name="name" label="New team" value=new.typed.name error autocomplete="off"/>
                    <button class="btn btn-primary"><Icon name="plus"/>"Add"</button>
                </form>
                {if here.is_empty() {
                    view! { <Empty heading="No team yet"><p>"Add the first one above. People are put into a team on their own page."</p></Empty> }.into_any()
                } else {
                    view! { <ul class="plain-list settings-rows">{here.into_iter().map(|t| row(t, &form)).collect_view()}</ul> }.into_any()
                }}
                {(!away.is_empty()).then(|| view! {
                    <details class="more mt6"><summary>"Put away"</summary><ul class="plain-list settings-rows mt2">{away.into_iter().map(|t| row(t, &form)).collect_view()}</ul></details>
                })}
            </SettingsFrame>
        }
    }))
}

fn row(team: TeamLine, form: &Form<TeamFields>) -> impl IntoView + use<> {
    let typed = form.typed.of == Some(team.id);
    let (value, error) = if typed { (form.typed.name.clone(), form.error("name")) } else { (team.name.clone(), None) };
    let class = if error.is_some() { "field field-error" } else { "field" };
    let field = format!("team-{}", team.id);
    let people = if team.people == 1 { "1 person".to_owned() } else { format!("{} people", team.people) };
    let services = match team.services {
        0 => String::new(),
        1 => ", 1 service".to_owned(),
        n => format!(", {n} services"),
    };
    let (next, words) = if team.put_away { ("no", "Take back") } else { ("yes", "Put away") };
    let name = team.name.clone();
    view! {
        <li class="card">
            <form class="settings-add" method="post" action=format!("{AT}/{}", team.id)>
                <div class=class>
                    <label class="vh" for=field.clone()>{format!("Name of {name}")}</label>
                    <FieldError id=format!("{field}-error") error/>
                    <input id=field.clone() name="name" value=value autocomplete="off"/>
                </div>
                <button class="btn">"Rename"</button>
            </form>
            <div class="settings-foot">
                <span class="quiet small">{people}{services}</span>
                <form method="post" action=format!("{AT}/{}/away", team.id)>
                    <button class="btn btn-quiet btn-small" name="away" value=next aria-label=format!("{words}: {name}")>{words}</button>
                </form>
            </div>
        </li>
    }
}

/// The team that was typed, if it can be one.
pub(super) fn parse_team(typed: &str) -> Result<Option<TeamId>, Invalid> {
    match typed.trim() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Invalid::one("team", "Please choose a team from the list.")),
    }
}
