//! The pages of an import: the choice, the dry run, what was written.

use super::Understood;
use crate::ctx::Ctx;
use crate::shell::{self, Head, Nav};
use crate::ui::batches::Batches;
use crate::ui::{Chip, Crumbs, Field, Icon, Markdown, Note, When};
use axum::response::Response;
use domain::Invalid;
use domain::imported::{ImportedIncident, Unreadable};
use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;
use store::imports::Counts;

/// How names of reviews end; the importers' own list, for the page's script.
const ENDINGS: &str = ".md .markdown .mdx .md.erb";

fn crumbs() -> impl IntoView {
    view! { <Crumbs links=vec![("/incidents".to_owned(), "Incidents".to_owned())] here="Import"/> }
}

pub(super) fn draw_choice(ctx: &Ctx, outcome: Option<Counts>, invalid: &Invalid) -> Response {
    let head = Head::new("Import reviews", Nav::Incidents).islands().refused(invalid);
    let error = invalid.message("files").map(str::to_owned);
    let again = outcome.is_some();
    shell::page(ctx, head, move || {
        let invalid = error.is_some().then_some("true");
        let folder = custom_attribute("webkitdirectory", "");
        view! {
            {crumbs()}
            <div class="page-head">
                <div>
                    <h1>"Import reviews"</h1>
                    <p>"Bring in reviews that were written as Markdown. First you see what was understood; nothing is written before you say so."</p>
                </div>
            </div>
            {outcome.map(|counts| view! { <Outcome counts/> })}
            <div class="cols cols-side">
                <form id="choice" class="stack" method="post" action="/import" enctype="multipart/form-data">
                    <Field name="files" label=if again { "More files" } else { "Files" } hint="Markdown, with one review in a file or several; several files at once are fine." error>
                        <input
                            id="files"
                            name="files"
                            type="file"
                            multiple
                            accept=".md,.markdown,.mdx,.erb,.txt,text/markdown,text/plain"
                            aria-describedby="files-hint"
                            aria-invalid=invalid
                        />
                    </Field>
                    <div class="field">
                        <label for="folder">"Or a whole folder"</label>
                        <p class="hint" id="folder-hint">"With the folders in it; what is no Markdown is left alone."</p>
                        <input id="folder" name="files" type="file" multiple data-readable=ENDINGS aria-describedby="folder-hint" {..folder}/>
                    </div>
                    <Batches form="choice".to_owned() writes=false noun="files".to_owned()/>
                    <p class="actions">
                        <button class="btn btn-primary">"Read them"</button>
                        <a class="btn btn-quiet" href="/import/logs">"From other tools instead"</a>
                    </p>
                </form>
                <aside class="card card-flat">
                    <h2>"What becomes of a file"</h2>
                    <ul class="bullets small soft">
                        <li>"Each row of its timeline becomes an event; a time that cannot be read is named, and its row stays."</li>
                        <li>"Factors and lessons become factors and learnings. Actions go to the planning room, not into the story."</li>
                        <li>"Names in a list of attendees stay out of everything that can be searched."</li>
                        <li>"The whole text stays attached, for facilitators, planners and you."</li>
                    </ul>
                </aside>
            </div>
        }
    })
}

pub(crate) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[component]
fn Outcome(counts: Counts) -> impl IntoView {
    let nothing = counts.incidents == 0;
    let sentence = if nothing {
        "Nothing new was written.".to_owned()
    } else {
        format!(
            "{}, {}, {}, {}; {} in planning.",
            counted(counts.incidents, "incident", "incidents"),
            counted(counts.timeline_events, "event", "events"),
            counted(counts.factors, "factor", "factors"),
            counted(counts.learnings, "learning", "learnings"),
            counted(counts.mitigation_items, "item", "items"),
        )
    };
    let same = (counts.unchanged > 0)
        .then(|| format!("{} here already and stayed as they are.", counted(counts.unchanged, "was", "were")));
    let differ = (!counts.changed_since.is_empty()).then(|| {
        format!(
            "{} imported before and differs now; what it became was left alone, because people may have worked on it: {}",
            counted(counts.changed_since.len(), "file was", "files were"),
            counts.changed_since.join(", ")
        )
    });
    let gone: Vec<String> = counts.not_revived.iter().map(|(file, words)| format!("{file}: {words}.")).collect();
    let keys = counts.keys.clone();
    view! {
        <Note tone=if nothing { "plain" } else { "good" }>
            <Icon name=if nothing { "info" } else { "circle-check" }/>
            <div>
                <p><strong>{sentence}</strong></p>
                {same.map(|words| view! { <p>{words}</p> })}
                {differ.map(|words| view! { <p>{words}</p> })}
                {gone.into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
                {(!keys.is_empty()).then(|| view! {
                    <p class="chips">
                        {keys.into_iter().map(|key| view! { <a class="chip" href=format!("/incidents/{key}")>{key.to_string()}</a> }).collect_view()}
                    </p>
                })}
            </div>
        </Note>
    }
}

pub(super) fn draw_dry_run(ctx: &Ctx, held: String, files: Vec<Understood>) -> Response {
    let fresh: usize = files.iter().filter(|f| !f.known).map(|f| f.read.incidents.len()).sum();
    let known = files.iter().filter(|f| f.known).count();
    let odd: usize = files.iter().map(|f| f.read.unreadable.len()).sum();
    let summary = format!("{}, {} to import", counted(files.len(), "file", "files"), counted(fresh, "incident", "incidents"));
    shell::page(ctx, Head::new("What was understood", Nav::Incidents).islands(), move || {
        let mut rest = Vec::new();
        rest.extend((known > 0).then(|| format!("{} here already", counted(known, "is", "are"))));
        rest.extend((odd > 0).then(|| format!("{} could not be read", counted(odd, "line", "lines"))));
        view! {
            {crumbs()}
            <div class="page-head">
                <div>
                    <h1>"What was understood"</h1>
                    <p>{format!("{summary}{}{}. Nothing is written yet.", if rest.is_empty() { "" } else { "; " }, rest.join(", "))}</p>
                </div>
                <form id="write" class="actions" method="post" action="/import/write">
                    <input type="hidden" name="held" value=held/>
                    <a class="btn" href="/import">"Choose other files"</a>
                    {(fresh > 0).then(|| view! {
                        <button class="btn btn-primary"><Icon name="download"/>{format!("Import {}", counted(fresh, "incident", "incidents"))}</button>
                    })}
                </form>
            </div>
            <Batches form="write".to_owned() writes=true noun="files".to_owned()/>
            <ol class="stack">{files.into_iter().map(|file| view! { <li><FileCard file/></li> }).collect_view()}</ol>
        }
    })
}

#[component]
fn FileCard(file: Understood) -> impl IntoView {
    let nothing = file.read.incidents.is_empty();
    view! {
        <section class="card stack stack-tight">
            <p class="meta">
                <span class="mono">{file.name}</span>
                {file.known.then(|| view! { <Chip>"Here already, stays as it is"</Chip> })}
                {nothing.then(|| view! { <Chip tone="care">"No incident found"</Chip> })}
            </p>
            {file.read.incidents.into_iter().map(|incident| view! { <Found incident/> }).collect_view()}
            <Lines heading="Could not be read" icon="triangle-alert" lines=file.read.unreadable/>
            <Lines heading="Read with a grain of salt" icon="info" lines=file.read.notes/>
        </section>
    }
}

#[component]
fn Found(incident: ImportedIncident) -> impl IntoView {
    let counts = [
        counted(incident.events.len(), "event", "events"),
        counted(incident.factors.len(), "factor", "factors"),
        counted(incident.learnings.len(), "learning", "learnings"),
        counted(incident.actions.len(), "action, for planning", "actions, for planning"),
    ];
    view! {
        <h2>{incident.title}</h2>
        <p class="meta">
            {incident.started_at.map(|at| view! { <span>"Began "<When at/></span> })}
            {incident.started_at.is_none().then(|| view! { <span>"No time found: it will stand under today until somebody says when it was."</span> })}
            {counts.into_iter().map(|words| view! { <span>{words}</span> }).collect_view()}
        </p>
        {(!incident.summary.is_empty()).then(|| view! {
            <details class="more"><summary>"Summary"</summary><Markdown text=incident.summary/></details>
        })}
    }
}

#[component]
pub(crate) fn Lines(heading: &'static str, icon: &'static str, lines: Vec<Unreadable>) -> impl IntoView {
    (!lines.is_empty()).then(|| {
        let lines = lines.into_iter().map(|u| {
            let place = if u.line == 0 { "The file".to_owned() } else { format!("Line {}", u.line) };
            view! { <li><span class="quiet">{place}": "</span>{u.reason}</li> }
        });
        view! {
            <div class="small">
                <h3 class="import-lines"><Icon name=icon/>" "{heading}</h3>
                <ul class="bullets">{lines.collect_view()}</ul>
            </div>
        }
    })
}
