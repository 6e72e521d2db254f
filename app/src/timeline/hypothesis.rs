//! Hypotheses: how they stand in the story, the page that writes and changes one, and what its forms do.

mod form;

use super::edit::opened;
use super::event_line::EventText;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, Note};
use axum::extract::Path;
use axum::response::Response;
use chrono_tz::Tz;
use domain::incidents::Incident;
use domain::timeline::hypothesis::{Hypothesis, HypothesisState};
use domain::{HypothesisId, walltime};
use form::{HypothesisFields, HypothesisForm};
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::timeline::hypotheses;

/// How much of a hypothesis stands beside its end.
const SNIPPET: usize = 80;

/// "Dropped: the cache is cold"; nothing for one that is open.
pub(super) fn settled_words(hypothesis: &Hypothesis) -> Option<String> {
    let state = hypothesis.said.state;
    let first = hypothesis.said.body.lines().next().unwrap_or_default();
    let short: String = first.chars().take(SNIPPET).collect();
    let more = if first.chars().count() > SNIPPET { "…" } else { "" };
    matches!(state, HypothesisState::Dropped | HypothesisState::Held).then(|| format!("{}: {short}{more}", state.label()))
}

/// A hypothesis where it was raised.
#[component]
pub(super) fn Raised(hypothesis: Hypothesis, zone: Tz, edit: Option<String>) -> impl IntoView {
    let said = hypothesis.said;
    let time = match said.raised_at {
        Some(at) => view! { <time datetime=at.to_rfc3339()>{walltime::clock(at, zone)}</time> }.into_any(),
        None => view! { <span class="no-time">"–"<small>"no time"</small></span> }.into_any(),
    };
    let spoke = |words: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <div><dt>{words}</dt><dd><EventText body=text/></dd></div> })
    };
    let any = !said.spoke_for.is_empty() || !said.spoke_against.is_empty();
    view! {
        <li class="event event-thought" id=format!("h-{}", hypothesis.id) data-kind="detection">
            {time}
            <span class="event-mark"><Icon name="lightbulb"/></span>
            <div class="event-body">
                <p class="event-top">
                    <span class="event-kind">"Hypothesis"</span>
                    <span class="event-role">{said.state.label()}</span>
                    {edit.map(|href| view! { <a class="event-edit" href=href>"Edit"<span class="vh">" this hypothesis"</span></a> })}
                </p>
                <EventText body=said.body/>
                {any.then(|| view! {
                    <dl class="thought-for">{spoke("Spoke for it", said.spoke_for)}{spoke("Spoke against it", said.spoke_against)}</dl>
                })}
            </div>
        </li>
    }
}

/// A hypothesis of a path, for somebody who may change it.
async fn find(ctx: &Ctx, key: &str, id: &str) -> Result<(Incident, Hypothesis), AppError> {
    let id: HypothesisId = id.parse().map_err(|_| AppError::NotFound)?;
    let incident = opened(ctx, key).await?;
    let hypothesis = hypotheses::one(ctx.store(), ctx.viewer()?, incident.id, id, ctx.now).await?;
    Ok((incident, hypothesis))
}

pub(super) async fn new(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let incident = opened(&ctx, &key).await?;
    let form = Form::new(HypothesisFields::proposal(&incident));
    Ok(draw(&ctx, &incident, None, form, false))
}

pub(super) async fn show(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let (incident, hypothesis) = find(&ctx, &key, &id).await?;
    let form = Form::new(HypothesisFields::of(&hypothesis));
    Ok(draw(&ctx, &incident, Some(hypothesis), form, false))
}

/// Serves the form, the refused one, and with `conflict` the one that met another save: `there` is what is saved now.
fn draw(ctx: &Ctx, incident: &Incident, there: Option<Hypothesis>, form: Form<HypothesisFields>, conflict: bool) -> Response {
    let title = if there.is_some() { "Change a hypothesis" } else { "Add a hypothesis" };
    let mut head = Head::new(format!("{title} of {}", incident.key), Nav::Incidents).refused(&form.invalid);
    if conflict {
        head = head.status(StatusCode::CONFLICT);
    }
    let base = format!("/incidents/{}", incident.key);
    let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (base.clone(), incident.key.to_string())];
    let id = there.as_ref().map(|h| h.id);
    let action = id.map_or_else(|| format!("{base}/hypotheses"), |id| format!("{base}/hypotheses/{id}"));
    let back = id.map_or_else(|| base.clone(), |id| format!("{base}#h-{id}"));
    let delete = there.as_ref().map(|h| (format!("{action}/delete"), h.version.to_string()));
    let theirs = there.filter(|_| conflict).map(|h| h.said);
    shell::page(ctx, head, move || {
        view! {
            <Crumbs links here="Hypothesis"/>
            <div class="page-head">
                <div>
                    <h1>{title}</h1>
                    <p>"What people thought it could be, also when it led nowhere: a false trail shows how it looked then."</p>
                </div>
            </div>
            {theirs.map(|said| view! {
                <Note tone="care">
                    <Icon name="git-merge"/>
                    <div>
                        <p><strong>"Somebody saved while you were writing."</strong>" Below is what you typed; saving it now replaces this:"</p>
                        <p class="meta"><span>{said.state.label()}</span></p>
                        <pre class="source-text">{format!("{}\n\nFor: {}\nAgainst: {}", said.body, said.spoke_for, said.spoke_against)}</pre>
                    </div>
                </Note>
            })}
            <HypothesisForm action back form/>
            {delete.map(|(action, version)| view! {
                <form class="delete-form" method="post" action=action>
                    <input type="hidden" name="version" value=version/>
                    <button class="btn btn-warn">"Delete this hypothesis"</button>
                    <span class="hint">"For what was never thought. One that led nowhere is “Dropped”, and stays."</span>
                </form>
            })}
        }
    })
}

pub(super) async fn add(
    ctx: Ctx,
    Path(key): Path<String>,
    Posted(typed): Posted<HypothesisFields>,
) -> Result<Response, AppError> {
    let incident = opened(&ctx, &key).await?;
    let new = match typed.parse(ctx.now) {
        Ok(new) => new,
        Err(invalid) => return Ok(draw(&ctx, &incident, None, Form::refused(typed, invalid), false)),
    };
    let id = hypotheses::add(ctx.store(), ctx.viewer()?, incident.id, &new, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}#h-{id}", incident.key), "added"))
}

pub(super) async fn change(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(mut typed): Posted<HypothesisFields>,
) -> Result<Response, AppError> {
    let (incident, there) = find(&ctx, &key, &id).await?;
    let new = match typed.parse(ctx.now) {
        Ok(new) => new,
        Err(invalid) => return Ok(draw(&ctx, &incident, Some(there), Form::refused(typed, invalid), false)),
    };
    let base: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
    match hypotheses::change(ctx.store(), ctx.viewer()?, (incident.id, there.id), base, &new, ctx.now).await {
        Ok(()) => Ok(see_and_say(&format!("/incidents/{}#h-{}", incident.key, there.id), "saved")),
        Err(StoreError::Stale) => {
            typed.version = there.version.to_string();
            Ok(draw(&ctx, &incident, Some(there), Form::new(typed), true))
        }
        Err(other) => Err(other.into()),
    }
}

/// The version that was looked at.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct DeleteFields {
    version: String,
}

pub(super) async fn delete(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(typed): Posted<DeleteFields>,
) -> Result<Response, AppError> {
    let (incident, there) = find(&ctx, &key, &id).await?;
    let base: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
    match hypotheses::delete(ctx.store(), ctx.viewer()?, (incident.id, there.id), base, ctx.now).await {
        Ok(()) => Ok(see(&format!("/incidents/{}?did=thought-deleted&event={}", incident.key, there.id))),
        Err(StoreError::Stale) => {
            let form = Form::new(HypothesisFields::of(&there));
            Ok(draw(&ctx, &incident, Some(there), form, true))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn restore(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let id: HypothesisId = id.parse().map_err(|_| AppError::NotFound)?;
    let incident = opened(&ctx, &key).await?;
    hypotheses::restore(ctx.store(), ctx.viewer()?, incident.id, id, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}#h-{id}", incident.key), "restored"))
}
