//! Who has the planning room of an incident, and giving it to somebody.

use super::page::incident;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, Select};
use axum::extract::Path;
use axum::response::Response;
use domain::Invalid;
use domain::people::IncidentRole;
use domain::rights::{Right, may};
use leptos::prelude::*;
use serde::Deserialize;
use store::incidents::{self, Opened};
use store::{StoreError, people, planning};

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlannerFields {
    planner: String,
}

/// The planners and the form.
pub async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = incident(&ctx, &key).await?;
    draw(&ctx, opened, Form::default()).await
}

/// Gives somebody the room.
pub async fn appoint(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<PlannerFields>) -> Result<Response, AppError> {
    let opened = incident(&ctx, &key).await?;
    let given = match typed.planner.parse() {
        Ok(person) => planning::appoint(ctx.store(), ctx.viewer()?, opened.incident.id, person, ctx.now).await,
        Err(_) => Err(Invalid::one("planner", "Please choose somebody from the list.").into()),
    };
    match given {
        Ok(()) => Ok(see_and_say(&format!("/incidents/{}/planners", opened.incident.key), "appointed")),
        Err(StoreError::Invalid(invalid)) => draw(&ctx, opened, Form::refused(typed, invalid)).await,
        Err(error) => Err(error.into()),
    }
}

async fn draw(ctx: &Ctx, opened: Opened, form: Form<PlannerFields>) -> Result<Response, AppError> {
    if !may(Right::AppointPlanner, &opened.standing) {
        return Err(AppError::NotFound);
    }
    let viewer = ctx.viewer()?;
    let planners = incidents::with_role(ctx.store(), viewer, opened.incident.id, IncidentRole::Planner, ctx.now).await?;
    let others = people::list(ctx.store(), viewer).await?.into_iter().filter(|p| p.has_account);
    let options = others.filter(|p| !planners.iter().any(|(id, _)| *id == p.id)).map(|p| (p.id.to_string(), p.name));
    let options: Vec<(String, String)> = std::iter::once((String::new(), "Please choose".to_owned())).chain(options).collect();
    let key = opened.incident.key;
    let head = Head::new(format!("{key}, who plans"), Nav::Incidents).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let base = format!("/incidents/{key}");
        let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (base.clone(), key.to_string())];
        let error = form.error("planner");
        view! {
            <div class="narrow">
                <Crumbs links here="Who plans"/>
                <div class="page-head"><div>
                    <h1>"Who plans"</h1>
                    <p>"Planners work from what was learned, after the story is published and has had time to sink in. They read no answers."</p>
                </div></div>
                {if planners.is_empty() {
                    view! { <p class="quiet">"Nobody has the planning room of this incident yet."</p> }.into_any()
                } else {
                    let each = planners.into_iter().map(|(_, name)| view! { <li><Icon name="user"/>" "{name}</li> }).collect_view();
                    view! { <ul class="plain-list">{each}</ul> }.into_any()
                }}
                <form class="card stack mt6" method="post" action=format!("{base}/planners")>
                    <Select name="planner" label="Give the room to" value=form.typed.planner options error=error/>
                    <div class="actions"><button class="btn btn-primary">"Give the room"</button></div>
                </form>
            </div>
        }
    }))
}
