//! The page of an incident: what it was in short, the ribbon, the story of its events, and the source beside it.

use super::form::{Composer, EventFields};
use super::ribbon::Ribbon;
use super::story::Story;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, Markdown};
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::rights::{Right, may};
use domain::timeline::TimelineEvent;
use domain::{EventId, SourceId, walltime};
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::Arc;
use store::incidents::Opened;
use store::sources::{Source, SourceText};

/// `deleted` offers to bring an event back; `pane=raw` shows the source where there is room for one of the two.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ShowQuery {
    deleted: String,
    pane: String,
}

/// What the page tells.
pub(super) struct Told {
    opened: Opened,
    events: Arc<Vec<TimelineEvent>>,
    sources: Vec<Source>,
    source: Option<(SourceId, SourceText)>,
    undo: Option<EventId>,
    raw: bool,
}

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>, Query(query): Query<ShowQuery>) -> Result<Response, AppError> {
    let told = load(&ctx, &key, &query).await?;
    let form = Form::new(EventFields::proposal(&told.opened.incident, &told.events));
    Ok(draw(&ctx, told, form))
}

/// The incident with its events and, for whom it is, its source.
pub(super) async fn load(ctx: &Ctx, key: &str, query: &ShowQuery) -> Result<Told, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    let opened = store::incidents::by_key(store, viewer, key, ctx.now).await?;
    let id = opened.incident.id;
    let events = store::timeline::events(store, viewer, id, ctx.now).await?;
    let sources = match may(Right::ReadSource, &opened.standing) {
        true => store::sources::list(store, viewer, id, ctx.now).await?,
        false => Vec::new(),
    };
    let source = match sources.first() {
        Some(first) => Some((first.id, store::sources::read(store, viewer, id, first.id, ctx.now).await?)),
        None => None,
    };
    let undo = query.deleted.parse().ok().filter(|_| may(Right::EditIncidents, &opened.standing));
    Ok(Told { opened, events, sources, source, undo, raw: query.pane == "raw" })
}

/// Serves the page and the refused composer.
pub(super) fn draw(ctx: &Ctx, told: Told, form: Form<EventFields>) -> Response {
    let head = Head::new(told.opened.incident.title.clone(), Nav::Incidents).refused(&form.invalid);
    shell::page(ctx, head, move || {
        let Told { opened, events, sources, source, undo, raw } = told;
        let base = format!("/incidents/{}", opened.incident.key);
        let edits = may(Right::EditIncidents, &opened.standing);
        let restricts = may(Right::Restrict, &opened.standing);
        let pane = raw.then_some("raw");
        let class = if source.is_some() { "panes" } else { "panes panes-one" };
        let both = source.is_some();
        let incident = opened.incident.clone();
        view! {
            <IncidentFrame opened tab=Tab::Timeline>
                <div class="in-short">
                    <Summary text=incident.summary.clone()/>
                    {edits.then(|| view! {
                        <a class="btn btn-small" href=format!("{base}/edit")><Icon name="pencil"/>"Change the incident"</a>
                    })}
                    {restricts.then(|| view! { <a class="btn btn-small btn-quiet" href=format!("{base}/access")><Icon name="eye"/>"Who may see it"</a> })}
                </div>
                <Ribbon incident=incident.clone() events=events.clone()/>
                <div class=class data-pane=pane>
                    {source.map(|(id, text)| view! { <SourcePane base=base.clone() id text sources/> })}
                    <section class="pane-story" aria-labelledby="story-h">
                        <div class="section-head">
                            <h2 id="story-h">"Story "<span class="quiet">{counted(events.len())}</span></h2>
                            <div class="actions">
                                <span class="small quiet">{format!("Times in {}", zone_words(&incident))}</span>
                                {both.then(|| view! { <PaneLinks base=base.clone() raw/> })}
                            </div>
                        </div>
                        {edits.then(|| view! { <Composer action=format!("{base}/events") form/> })}
                        <Story incident events edits/>
                    </section>
                </div>
                {undo.map(|id| view! { <Undo action=format!("{base}/events/{id}/restore")/> })}
            </IncidentFrame>
        }
    })
}

/// The first paragraph; a document's summary can be long, and the rest opens on request.
#[component]
fn Summary(text: String) -> impl IntoView {
    let (first, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
    let (first, rest) = (first.to_owned(), rest.trim().to_owned());
    view! {
        <div>
            {(!first.is_empty()).then(|| view! { <Markdown text=first class="incident-summary"/> })}
            {(!rest.is_empty()).then(|| view! {
                <details class="more"><summary>"The whole summary"</summary><Markdown text=rest class="incident-summary"/></details>
            })}
        </div>
    }
}

fn counted(events: usize) -> String {
    match events {
        0 => String::new(),
        1 => "1 event".to_owned(),
        n => format!("{n} events"),
    }
}

/// "Europe/Copenhagen (CET)".
fn zone_words(incident: &domain::incidents::Incident) -> String {
    let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
    let letters = walltime::abbreviation(incident.started_at, zone);
    if letters == zone.name() { letters } else { format!("{} ({letters})", zone.name()) }
}

/// Story or source, where there is room for one.
#[component]
fn PaneLinks(base: String, raw: bool) -> impl IntoView {
    let current = move |this: bool| (raw == this).then_some("true");
    view! {
        <nav class="seg narrow-only" aria-label="Pane">
            <a href=base.clone() aria-current=current(false)>"Story"</a>
            <a href=format!("{base}?pane=raw") aria-current=current(true)>"Source"</a>
        </nav>
    }
}

/// The document beside the story, for the few who may read it.
#[component]
fn SourcePane(base: String, id: SourceId, text: SourceText, sources: Vec<Source>) -> impl IntoView {
    let others = sources.into_iter().filter(move |s| s.id != id).map({
        let base = base.clone();
        move |s| view! { <li><a href=format!("{base}/source/{}", s.id)>{s.name}</a></li> }
    });
    let others: Vec<_> = others.collect();
    view! {
        <section class="pane-raw" aria-labelledby="raw-h">
            <div class="pane-head">
                <h2 id="raw-h">"Source"</h2>
                <div class="actions">
                    <a class="btn btn-small narrow-only" href=base.clone()>"Back to the story"</a>
                    <a class="btn btn-small" href=format!("{base}/source/{id}")>"By itself"</a>
                </div>
                <p class="hint source-name"><span class="mono">{text.name.clone()}</span>" · read by facilitators, planners and who imported it"</p>
            </div>
            <div class="scroll" tabindex="0" role="region" aria-label="Text of the source"><pre class="source-text">{text.body}</pre></div>
            {(!others.is_empty()).then(|| view! { <ul class="source-others small">{others}</ul> })}
        </section>
    }
}

/// Offers to take a deletion back.
#[component]
fn Undo(action: String) -> impl IntoView {
    view! {
        <div class="toast-place">
            <form class="toast" method="post" action=action>
                <span role="status">"Event deleted."</span>
                <button class="btn btn-quiet btn-small">"Undo"</button>
            </form>
        </div>
    }
}
