//! The page of an incident: what it was in short, the ribbon, the story of its events, and the source beside it.

use super::form::{Composer, EventFields};
use super::raw::{LogPane, LookQuery, Pane, Readable};
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
use domain::{EventId, SourceId, walltime};
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::Arc;
use store::incidents::Opened;
use store::sources::{Source, SourceText};
use store::timeline::raw_imports::Import;

/// `deleted` offers to bring an event back, `told` and `imported` to take back what was just done; `pane=raw` shows the raw log or the
/// source where there is room for one of the two.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ShowQuery {
    deleted: String,
    pane: String,
    told: String,
    imported: String,
    #[serde(flatten)]
    look: LookQuery,
}

/// What the page tells.
pub(super) struct Told {
    opened: Opened,
    told: store::timeline::Told,
    sources: Vec<Source>,
    source: Option<(SourceId, SourceText)>,
    /// The raw log, where there is one and the viewer may read it.
    log: Option<Pane>,
    /// What the evidence says, for those who may read it.
    read: Option<Readable>,
    undo: Option<Undoable>,
    raw: bool,
}

/// What was just done and can be taken back.
enum Undoable {
    /// An event was deleted.
    Deleted(EventId),
    /// An event was told from the raw log.
    Told(EventId),
    /// A raw log was imported.
    Imported(Import),
}

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>, Query(query): Query<ShowQuery>) -> Result<Response, AppError> {
    let told = load(&ctx, &key, &query).await?;
    let form = Form::new(EventFields::proposal(&told.opened.incident, &told.told.events));
    Ok(draw(&ctx, told, form))
}

/// The incident with its events and, for whom it is, its source.
pub(super) async fn load(ctx: &Ctx, key: &str, query: &ShowQuery) -> Result<Told, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    let opened = store::incidents::by_key(store, viewer, key, ctx.now).await?;
    let id = opened.incident.id;
    let told = store::timeline::told(store, viewer, id, ctx.now).await?;
    let sources = match may(Right::ReadSource, &opened.standing) {
        true => store::sources::list(store, viewer, id, ctx.now).await?,
        false => Vec::new(),
    };
    let reads = may(Right::RawLog, &opened.standing);
    let page = match reads {
        true => Some(store::timeline::raw::page(store, viewer, id, &query.look.look(), ctx.now).await?),
        false => None,
    };
    let log = page.filter(|page| page.all > 0).map(|page| Pane { query: query.look.clone(), page });
    let read = match reads && !told.evidence.is_empty() {
        true => {
            let texts = store::timeline::evidence::texts(store, viewer, id, &told.evidence, ctx.now).await?;
            Some(Readable { texts: Arc::new(texts), base: format!("/incidents/{key}") })
        }
        false => None,
    };
    let source = match sources.first().filter(|_| log.is_none()) {
        Some(first) => Some((first.id, store::sources::read(store, viewer, id, first.id, ctx.now).await?)),
        None => None,
    };
    let undo = undoable(ctx, query, &opened, &told).await?;
    Ok(Told { opened, told, sources, source, log, read, undo, raw: query.pane == "raw" })
}

async fn undoable(
    ctx: &Ctx,
    query: &ShowQuery,
    opened: &Opened,
    told: &store::timeline::Told,
) -> Result<Option<Undoable>, AppError> {
    if !may(Right::EditIncidents, &opened.standing) {
        return Ok(None);
    }
    if let Ok(deleted) = query.deleted.parse() {
        return Ok(Some(Undoable::Deleted(deleted)));
    }
    if !may(Right::RawLog, &opened.standing) {
        return Ok(None);
    }
    if let Ok(event) = query.told.parse() {
        return Ok(told.events.iter().any(|e| e.id == event).then_some(Undoable::Told(event)));
    }
    if query.imported.is_empty() {
        return Ok(None);
    }
    let imports = store::timeline::raw_imports::imports(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let made = imports.into_iter().find(|i| i.undone_at.is_none() && i.id.to_string() == query.imported);
    Ok(made.map(Undoable::Imported))
}

/// Serves the page and the refused composer.
pub(super) fn draw(ctx: &Ctx, told: Told, form: Form<EventFields>) -> Response {
    let head = Head::new(told.opened.incident.title.clone(), Nav::Incidents).refused(&form.invalid);
    shell::page(ctx, head, move || {
        let Told { opened, told, sources, source, log, read, undo, raw } = told;
        let events = Arc::clone(&told.events);
        let base = format!("/incidents/{}", opened.incident.key);
        let edits = may(Right::EditIncidents, &opened.standing);
        let restricts = may(Right::Restrict, &opened.standing);
        let pane = raw.then_some("raw");
        let both = source.is_some() || log.is_some();
        let class = if both { "panes" } else { "panes panes-one" };
        let beside = if log.is_some() { "Raw log" } else { "Source" };
        let imports = may(Right::RawLog, &opened.standing) && log.is_none();
        let has_log = log.is_some();
        let incident = opened.incident.clone();
        let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
        let documents = sources.iter().map(|s| (format!("{base}/source/{}", s.id), s.name.clone())).collect::<Vec<_>>();
        view! {
            <IncidentFrame opened tab=Tab::Timeline>
                <div class="in-short">
                    <Summary text=incident.summary.clone()/>
                    {edits.then(|| view! {
                        <a class="btn btn-small" href=format!("{base}/edit")><Icon name="pencil"/>"Change the incident"</a>
                    })}
                    {imports.then(|| view! {
                        <a class="btn btn-small btn-quiet" href=format!("{base}/raw/import")><Icon name="download"/>"Import a raw log"</a>
                    })}
                    {restricts.then(|| view! { <a class="btn btn-small btn-quiet" href=format!("{base}/access")><Icon name="eye"/>"Who may see it"</a> })}
                </div>
                <Ribbon incident=incident.clone() events=events.clone()/>
                <div class=class data-pane=pane>
                    {log.map(|pane| view! { <LogPane pane base=base.clone() zone events=events.clone() documents/> })}
                    {source.map(|(id, text)| view! { <SourcePane base=base.clone() id text sources/> })}
                    <section class="pane-story" aria-labelledby="story-h">
                        <div class="section-head">
                            <h2 id="story-h">"Story "<span class="quiet">{counted(events.len())}</span></h2>
                            <div class="actions">
                                <span class="small quiet">{format!("Times in {}", zone_words(&incident))}</span>
                                {both.then(|| view! { <PaneLinks base=base.clone() raw beside/> })}
                            </div>
                        </div>
                        {edits.then(|| view! { <Composer action=format!("{base}/events") form/> })}
                        <Story incident events edits evidence=Arc::clone(&told.evidence) read log=has_log/>
                    </section>
                </div>
                {undo.map(|what| view! { <Undo what base/> })}
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

/// Story or what stands beside it, where there is room for one.
#[component]
fn PaneLinks(base: String, raw: bool, beside: &'static str) -> impl IntoView {
    let current = move |this: bool| (raw == this).then_some("true");
    view! {
        <nav class="seg narrow-only" aria-label="Pane">
            <a href=base.clone() aria-current=current(false)>"Story"</a>
            <a href=format!("{base}?pane=raw") aria-current=current(true)>{beside}</a>
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

/// Offers to take back what was just done.
#[component]
fn Undo(what: Undoable, base: String) -> impl IntoView {
    let (words, action, event, edit) = match what {
        Undoable::Deleted(id) => ("Event deleted.".to_owned(), format!("{base}/events/{id}/restore"), None, None),
        Undoable::Told(id) => {
            let edit = format!("{base}/events/{id}");
            ("Told as an event.".to_owned(), format!("{base}/raw/untell"), Some(id.to_string()), Some(edit))
        }
        Undoable::Imported(import) => {
            let entries = if import.added == 1 { "1 entry".to_owned() } else { format!("{} entries", import.added) };
            (format!("Imported {entries}."), format!("{base}/raw/imports/{}/undo", import.id), None, None)
        }
    };
    view! {
        <div class="toast-place" data-raw-toast="">
            <form class="toast" method="post" action=action>
                <span role="status">{words}</span>
                {event.map(|id| view! { <input type="hidden" name="event" value=id/> })}
                {edit.map(|href| view! { <a href=href>"Edit it"</a> })}
                <button class="btn btn-quiet btn-small" data-raw-undo="">"Undo"</button>
            </form>
        </div>
    }
}
