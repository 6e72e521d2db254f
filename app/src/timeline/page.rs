//! The page of an incident: what it was in short, the ribbon, the story of its events, and the source beside it.

use super::form::{Composer, EventFields};
use super::live::revision;
use super::raw::{LogPane, LookQuery, Pane, Readable};
use super::replay::{Replay, Shown};
use super::ribbon::Ribbon;
use super::story::Story;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::incidents::{IncidentFrame, Tab};
use crate::search::similar_incidents;
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, Live, Markdown, Note, OwnFiles};
use axum::extract::{Path, Query};
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::rights::{Right, may};
use domain::timeline::TimelineEvent;
use domain::timeline::hypothesis::{Hypothesis, HypothesisState};
use domain::timeline::marks::oddities;
use domain::{EventId, HypothesisId, SourceId, walltime};
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::Arc;
use store::incidents::Opened;
use store::sources::{Source, SourceText};

/// `did` to `event` offers to take it back, and so do `told` and `imported`; `next` proposes an event after that one; `known=then` and
/// `until` replay the incident; `pane=raw` shows the raw log or the source where there is room for one of the two.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ShowQuery {
    did: String,
    event: String,
    next: String,
    known: String,
    until: String,
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
    hypotheses: Vec<Hypothesis>,
    sources: Vec<Source>,
    source: Option<(SourceId, SourceText)>,
    /// The raw log, where there is one and the viewer may read it.
    log: Option<Pane>,
    /// What the evidence says, for those who may read it.
    read: Option<Readable>,
    undo: Option<Undo>,
    shown: Shown,
    raw: bool,
    /// Past incidents that are like this one.
    similar: Arc<Vec<store::search::SimilarIncident>>,
}

/// What was just done, and how it is taken back.
struct Undo {
    words: String,
    button: &'static str,
    action: String,
    version: i64,
    /// What is meant, where the address does not name it: the field's name and value.
    field: Option<(&'static str, String)>,
    /// Where it can be changed instead.
    edit: Option<String>,
}

impl Undo {
    fn of(query: &ShowQuery, base: &str, events: &[TimelineEvent]) -> Option<Self> {
        let undo = |words: &str, action, version| Self {
            words: words.to_owned(),
            button: "Undo",
            action,
            version,
            field: None,
            edit: None,
        };
        if query.did == "thought-deleted" {
            let id: HypothesisId = query.event.parse().ok()?;
            return Some(undo("Hypothesis deleted.", format!("{base}/hypotheses/{id}/restore"), 0));
        }
        if query.did == "pasted" {
            // Named by the instant at which they were added.
            DateTime::parse_from_rfc3339(&query.event).ok()?;
            return Some(Self { field: Some(("at", query.event.clone())), ..undo("Added.", format!("{base}/paste/undo"), 0) });
        }
        if let Ok(id) = query.told.parse::<EventId>() {
            let version = events.iter().find(|event| event.id == id)?.version;
            let told = undo("Told as an event.", format!("{base}/raw/untell"), version);
            return Some(Self { field: Some(("event", id.to_string())), edit: Some(format!("{base}/events/{id}")), ..told });
        }
        let id: EventId = query.event.parse().ok()?;
        let version = events.iter().find(|event| event.id == id).map_or(0, |event| event.version);
        let (words, button) = match query.did.as_str() {
            "added" => ("Event added.", "Undo"),
            "changed" => ("Saved.", "Undo"),
            "deleted" => ("Event deleted.", "Undo"),
            "taken-back" => ("Taken back.", "Redo"),
            _ => return None,
        };
        Some(Self { button, ..undo(words, format!("{base}/events/{id}/undo"), version) })
    }

    /// An import that was just made.
    async fn of_import(ctx: &Ctx, opened: &Opened, imported: &str) -> Result<Option<Self>, AppError> {
        if imported.is_empty() || !may(Right::RawLog, &opened.standing) {
            return Ok(None);
        }
        let incident = &opened.incident;
        let imports = store::timeline::raw_imports::imports(ctx.store(), ctx.viewer()?, incident.id, ctx.now).await?;
        let made = imports.into_iter().find(|i| i.undone_at.is_none() && i.id.to_string() == imported);
        Ok(made.map(|import| {
            let words = match import.added {
                0 => "Imported.".to_owned(),
                1 => "Imported 1 entry.".to_owned(),
                n => format!("Imported {n} entries."),
            };
            let action = format!("/incidents/{}/raw/imports/{}/undo", incident.key, import.id);
            Self { words, button: "Undo", action, version: 0, field: None, edit: None }
        }))
    }
}

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>, Query(query): Query<ShowQuery>) -> Result<Response, AppError> {
    let told = load(&ctx, &key, &query).await?;
    let events = &told.told.events;
    let next = query.next.parse().ok().and_then(|id: EventId| events.iter().find(|event| event.id == id));
    let proposal = next.map_or_else(|| EventFields::proposal(&told.opened.incident, events), EventFields::next_after);
    Ok(draw(&ctx, told, Form::new(proposal)))
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
    let hypotheses = store::timeline::hypotheses::list(store, viewer, id, ctx.now).await?;
    let edits = may(Right::EditIncidents, &opened.standing);
    let mut undo = Undo::of(query, &format!("/incidents/{key}"), &told.events).filter(|_| edits);
    if undo.is_none() {
        undo = Undo::of_import(ctx, &opened, &query.imported).await?;
    }
    let shown = Shown::of(&query.known, &query.until);
    let similar = store::search::similar(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    Ok(Told { opened, told, hypotheses, sources, source, log, read, undo, shown, similar, raw: query.pane == "raw" })
}

/// Serves the page and the refused composer.
pub(super) fn draw(ctx: &Ctx, told: Told, form: Form<EventFields>) -> Response {
    let head = Head::new(told.opened.incident.title.clone(), Nav::Incidents).refused(&form.invalid);
    shell::page(ctx, head, move || {
        let Told { opened, told, hypotheses, sources, source, log, read, undo, shown, similar, raw } = told;
        let store::timeline::Told { events, evidence, attachments } = told;
        let files = attachments.len();
        provide_context(OwnFiles::of(opened.incident.key, Arc::clone(&attachments)));
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
        let changed_at = opened.changed_at;
        let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
        let documents = sources.iter().map(|s| (format!("{base}/source/{}", s.id), s.name.clone())).collect::<Vec<_>>();
        let odd = oddities(&incident, &events);
        let (told, then) = shown.of_events(&events);
        let until = shown.until(&told);
        let hypotheses = until_then(hypotheses, until);
        let hidden = events.len() - then;
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
                    {(edits || files > 0).then(|| view! {
                        <a class="btn btn-small btn-quiet" href=format!("{base}/attachments")><Icon name="paperclip"/>{files_words(files)}</a>
                    })}
                    {restricts.then(|| view! { <a class="btn btn-small btn-quiet" href=format!("{base}/access")><Icon name="eye"/>"Who may see it"</a> })}
                </div>
                <Ribbon incident=incident.clone() events=events.clone()/>
                <div class=class data-pane=pane>
                    {log.map(|pane| view! { <LogPane pane base=base.clone() zone events=events.clone() documents/> })}
                    {source.map(|(id, text)| view! { <SourcePane base=base.clone() id text sources/> })}
                    <section class="pane-story" id="story" aria-labelledby="story-h">
                        <div class="section-head">
                            <h2 id="story-h">"Story "<span class="quiet" data-live-count="">{counted(events.len())}</span></h2>
                            <div class="actions">
                                <span class="small quiet">{format!("Times in {}", zone_words(&incident))}</span>
                                {both.then(|| view! { <PaneLinks base=base.clone() raw beside/> })}
                            </div>
                        </div>
                        {(!odd.is_empty()).then(|| view! { <Odd odd edit=edits.then(|| format!("{base}/edit"))/> })}
                        {edits.then(|| view! { <Composer action=format!("{base}/events") form/> })}
                        <div class="telling-tools">
                            <Replay base=base.clone() shown of=then hidden/>
                            <p class="small actions">
                                <a href=format!("{base}/timeline/perspectives")>"Perspectives: what each person tells"</a>
                            </p>
                            {edits.then(|| view! {
                                <p class="small actions">
                                    <a href=format!("{base}/paste")>"Paste a chat or a table"</a>
                                    <a href=format!("{base}/hypotheses/new")>"Add a hypothesis"</a>
                                </p>
                            })}
                        </div>
                        <div data-live-story=""><Story incident events=told hypotheses until edits evidence read log=has_log files=attachments/></div>
                        <Live url=format!("{base}/live") seen=revision(changed_at)/>
                    </section>
                </div>
                {similar_incidents(&similar)}
                {undo.map(|undo| view! { <UndoToast undo/> })}
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

fn files_words(files: usize) -> String {
    match files {
        0 => "Add files and images".to_owned(),
        1 => "1 file".to_owned(),
        n => format!("{n} files"),
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

/// While the incident is replayed, only what was raised by then; the end of a trail is not told before it came.
fn until_then(hypotheses: Vec<Hypothesis>, until: Option<DateTime<Utc>>) -> Vec<Hypothesis> {
    let Some(then) = until else { return hypotheses };
    let raised = |hypothesis: &Hypothesis| hypothesis.said.raised_at.is_some_and(|at| at <= then);
    let mut raised: Vec<Hypothesis> = hypotheses.into_iter().filter(raised).collect();
    for hypothesis in &mut raised {
        if hypothesis.said.settled_at.is_none_or(|at| at > then) {
            hypothesis.said.settled_at = None;
            hypothesis.said.state = HypothesisState::Raised;
        }
    }
    raised
}

/// What cannot be as it is told.
#[component]
fn Odd(odd: Vec<String>, edit: Option<String>) -> impl IntoView {
    view! {
        <Note tone="care">
            <Icon name="triangle-alert"/>
            <p>{odd.join(" ")}{edit.map(|href| view! { " "<a href=href>"Look at the incident’s times"</a> })}</p>
        </Note>
    }
}

/// Offers to take back what was just done.
#[component]
fn UndoToast(undo: Undo) -> impl IntoView {
    view! {
        <div class="toast-place" data-raw-toast="">
            <form class="toast" method="post" action=undo.action>
                <input type="hidden" name="version" value=undo.version.to_string()/>
                {undo.field.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })}
                <span role="status">{undo.words}</span>
                {undo.edit.map(|href| view! { <a href=href>"Edit it"</a> })}
                <button class="btn btn-quiet btn-small" data-raw-undo="">{undo.button}</button>
            </form>
        </div>
    }
}
