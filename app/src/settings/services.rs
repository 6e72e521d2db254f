//! Services: add, change, put away. Incidents name services of this list.

use super::SettingsFrame;
use super::teams::{AwayFields, parse_team};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Crumbs, Empty, Icon, Select, TextField};
use axum::extract::Path;
use axum::response::Response;
use domain::{Invalid, ServiceId};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::people::Team;
use store::services::{self, Service, ServiceChange};

const AT: &str = "/settings/services";

/// As typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ServiceFields {
    name: String,
    description: String,
    team: String,
}

impl ServiceFields {
    fn of(service: &Service) -> Self {
        Self {
            name: service.name.clone(),
            description: service.description.clone(),
            team: service.team_id.map(|t| t.to_string()).unwrap_or_default(),
        }
    }

    fn parse(&self) -> Result<ServiceChange, Invalid> {
        let team_id = parse_team(&self.team)?;
        Ok(ServiceChange { name: self.name.clone(), description: self.description.clone(), team_id })
    }
}

fn id(service: &str) -> Result<ServiceId, AppError> {
    service.parse().map_err(|_| AppError::NotFound)
}

async fn find(ctx: &Ctx, service: &str) -> Result<Service, AppError> {
    let id = id(service)?;
    services::list(ctx.store(), ctx.viewer()?).await?.into_iter().find(|s| s.id == id).ok_or(AppError::NotFound)
}

pub(super) async fn list(ctx: Ctx) -> Result<Response, AppError> {
    draw_list(&ctx, Form::default()).await
}

pub(super) async fn add(ctx: Ctx, Posted(typed): Posted<ServiceFields>) -> Result<Response, AppError> {
    let added = match typed.parse() {
        Ok(new) => services::add(ctx.store(), ctx.viewer()?, &new, ctx.now).await,
        Err(invalid) => Err(invalid.into()),
    };
    match added {
        Ok(_) => Ok(see_and_say(AT, "added")),
        Err(StoreError::Invalid(invalid)) => draw_list(&ctx, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn show(ctx: Ctx, Path(service): Path<String>) -> Result<Response, AppError> {
    let service = find(&ctx, &service).await?;
    let form = Form::new(ServiceFields::of(&service));
    draw_one(&ctx, service, form).await
}

pub(super) async fn change(
    ctx: Ctx,
    Path(service): Path<String>,
    Posted(typed): Posted<ServiceFields>,
) -> Result<Response, AppError> {
    let service = find(&ctx, &service).await?;
    let changed = match typed.parse() {
        Ok(new) => services::change(ctx.store(), ctx.viewer()?, service.id, &new, ctx.now).await,
        Err(invalid) => Err(invalid.into()),
    };
    match changed {
        Ok(()) => Ok(see_and_say(AT, "saved")),
        Err(StoreError::Invalid(invalid)) => draw_one(&ctx, service, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn put_away(
    ctx: Ctx,
    Path(service): Path<String>,
    Posted(typed): Posted<AwayFields>,
) -> Result<Response, AppError> {
    let away = typed.away == "yes";
    services::put_away(ctx.store(), ctx.viewer()?, id(&service)?, away, ctx.now).await?;
    Ok(see_and_say(AT, if away { "put-away" } else { "restored" }))
}

async fn draw_list(ctx: &Ctx, form: Form<ServiceFields>) -> Result<Response, AppError> {
    let all = services::list(ctx.store(), ctx.viewer()?).await?;
    let teams = store::people::teams(ctx.store()).await?;
    let head = Head::new("Services", Nav::Settings).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let open = !form.invalid.fields.is_empty() || all.is_empty();
        view! {
            <SettingsFrame at=AT heading="Services" lede="What incidents can concern. Whoever enters an incident chooses from this list.">
                <details class="more" open=open>
                    <summary>"Add a service"</summary>
                    <form class="card stack mt2" method="post" action=AT>
                        <Fields form teams/>
                        <p class="actions"><button class="btn btn-primary"><Icon name="plus"/>"Add"</button></p>
                    </form>
                </details>
                {if all.is_empty() {
                    view! { <Empty heading="No service yet"><p>"Begin with those that people would notice first, by the names that they use."</p></Empty> }.into_any()
                } else {
                    table(all).into_any()
                }}
            </SettingsFrame>
        }
    }))
}

fn table(all: Vec<Service>) -> impl IntoView {
    let rows = all
        .into_iter()
        .map(|s| {
            view! {
                <tr>
                    <th scope="row"><a href=format!("{AT}/{}", s.id)>{s.name}</a><br/><span class="quiet small">{s.description}</span></th>
                    <td>{s.team.unwrap_or_default()}</td>
                    <td>{s.put_away.then(|| view! { <Chip>"Put away"</Chip> })}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-wrap mt4" tabindex="0" role="region" aria-label="Services">
            <table>
                <thead><tr><th scope="col">"Service"</th><th scope="col">"Team"</th><th scope="col"><span class="vh">"State"</span></th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Fields(form: Form<ServiceFields>, teams: Vec<Team>) -> impl IntoView {
    let typed = form.typed.clone();
    let here = typed.team.clone();
    let mut options = vec![(String::new(), "No team".to_owned())];
    let offered = teams.into_iter().map(|t| (t.id.to_string(), t)).filter(|(id, t)| !t.put_away || *id == here);
    options.extend(offered.map(|(id, t)| (id, t.name)));
    view! {
        <TextField name="name" label="Name" value=typed.name error=form.error("name") autocomplete="off" required=true/>
        <TextField name="description" label="In a sentence" value=typed.description error=form.error("description") autocomplete="off"/>
        <Select name="team" label="Team that owns it" value=typed.team options error=form.error("team")/>
    }
}

async fn draw_one(ctx: &Ctx, service: Service, form: Form<ServiceFields>) -> Result<Response, AppError> {
    let teams = store::people::teams(ctx.store()).await?;
    let head = Head::new(service.name.clone(), Nav::Settings).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let base = format!("{AT}/{}", service.id);
        let (next, button, what) = if service.put_away {
            ("no", "Take back", "It is offered for incidents again.")
        } else {
            ("yes", "Put away", "It stays on the incidents that it is on, and is offered for no other.")
        };
        view! {
            <SettingsFrame at=AT heading=service.name.clone()>
                <Crumbs links=vec![(AT.to_owned(), "Services".to_owned())] here=service.name.clone()/>
                <form class="card stack mt4" method="post" action=base.clone()>
                    <Fields form teams/>
                    <p class="actions"><button class="btn btn-primary">"Save"</button><a class="btn btn-quiet" href=AT>"Leave as it was"</a></p>
                </form>
                <section class="card stack mt6">
                    <h2>{button}</h2>
                    <p>{what}</p>
                    <form method="post" action=format!("{base}/away")><button class="btn" name="away" value=next>{button}</button></form>
                </section>
            </SettingsFrame>
        }
    }))
}
