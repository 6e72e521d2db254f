//! The page that writes an event with all its fields: between two others, or like another one.

use super::attachments::files_of;
use super::edit::opened;
use super::form::EventFields;
use super::whole::EventForm;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::shell::{self, Head, Nav};
use crate::ui::Crumbs;
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::EventId;
use domain::incidents::Incident;
use leptos::prelude::*;
use serde::Deserialize;

/// `after`: below this event; `like`: what that one says is the proposal.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewQuery {
    after: String,
    like: String,
}

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>, Query(query): Query<NewQuery>) -> Result<Response, AppError> {
    let incident = opened(&ctx, &key).await?;
    let events = store::timeline::events(ctx.store(), ctx.viewer()?, incident.id, ctx.now).await?;
    let place = |id: &str| id.parse().ok().and_then(|id: EventId| events.iter().position(|event| event.id == id));
    let proposal = if let Some(n) = place(&query.like) {
        EventFields::like(&events[n])
    } else if let Some(n) = place(&query.after) {
        EventFields::between(&events[n], events[n + 1..].iter().find_map(|event| event.at))
    } else {
        EventFields::proposal(&incident, &events)
    };
    let files = files_of(&ctx, &incident).await?;
    Ok(draw(&ctx, &incident, Form::new(EventFields { files, ..proposal })))
}

/// Serves the page and the refused form.
pub(super) fn draw(ctx: &Ctx, incident: &Incident, form: Form<EventFields>) -> Response {
    let head = Head::new(format!("Add an event to {}", incident.key), Nav::Incidents).refused(&form.invalid);
    let base = format!("/incidents/{}", incident.key);
    let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (base.clone(), incident.key.to_string())];
    shell::page(ctx, head, move || {
        view! {
            <Crumbs links here="New event"/>
            <div class="page-head"><div><h1>"Add an event"</h1><p>"Its time decides where it is told."</p></div></div>
            <EventForm action=format!("{base}/events") back=base.clone() form/>
        }
    })
}
