//! The page that an import begins on: files to choose, and the imports that were made.

use super::options::OptionFields;
use super::pane::thousands;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::incidents::ZoneField;
use crate::shell::{self, Head, Nav};
use crate::ui::batches::Batches;
use crate::ui::{Crumbs, Field, Icon, Note, Select, When};
use axum::response::Response;
use domain::Invalid;
use domain::timeline::raw::RawSource;
use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;
use store::incidents::Opened;
use store::timeline::raw_imports::{self, Import, Written};

/// How names of files end that a log can stand in, for the page's script.
const ENDINGS: &str = ".json .csv .tsv .zip .ndjson .jsonl .txt";

/// The tools to choose from.
pub(super) fn sources(first: &'static str) -> Vec<(String, String)> {
    let all = RawSource::ALL.map(|source| (source.slug().to_owned(), source.label().to_owned()));
    std::iter::once((String::new(), first.to_owned())).chain(all).collect()
}

pub(super) async fn draw(
    ctx: &Ctx,
    opened: Opened,
    fields: OptionFields,
    done: Option<Written>,
    invalid: &Invalid,
) -> Result<Response, AppError> {
    let incident = opened.incident;
    let imports = raw_imports::imports(ctx.store(), ctx.viewer()?, incident.id, ctx.now).await?;
    let head = Head::new(format!("Import a raw log into {}", incident.key), Nav::Incidents).islands().refused(invalid);
    let error = invalid.message("files").map(str::to_owned);
    let base = format!("/incidents/{}", incident.key);
    let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (base.clone(), incident.key.to_string())];
    let zone = if fields.zone.is_empty() { incident.zone } else { fields.zone };
    let source = fields.source;
    let back = base.clone();
    Ok(shell::page(ctx, head, move || {
        view! {
            <Crumbs links here="Import a raw log"/>
            <div class="page-head">
                <div>
                    <h1>"Import a raw log"</h1>
                    <p>"What chat, alerts and pages recorded, untouched. First you see what would come; nothing is written before you say so."</p>
                </div>
            </div>
            {done.map(|written| view! {
                <Note><Icon name="info"/><p>{format!("Nothing new was written: {} entries are here already.", thousands(written.unchanged))}</p></Note>
            })}
            <div class="cols cols-side">
                <div class="stack">
                    <Choice action=format!("{base}/raw/import") source zone error>
                        <a class="btn btn-quiet" href=back>"Back to the timeline"</a>
                    </Choice>
                    <Imports imports base=base.clone()/>
                </div>
                <aside class="card card-flat">
                    <h2>"Who reads it"</h2>
                    <ul class="bullets small soft">
                        <li>"Whoever facilitates, and whoever brought this incident in. Nobody else: chat is candid, and was written for those who were there."</li>
                        <li>"It is sealed, and in no search but its own."</li>
                        <li>"What you tell from it becomes an event that all can read, with its time and its words, never with who wrote them."</li>
                        <li>"Imported again, what is new is added and what was edited there changes. What was told stays as it was told."</li>
                    </ul>
                </aside>
            </div>
        }
    }))
}

/// The form of both choices of files: into one incident, and of incidents that a tool tells of.
#[component]
pub(super) fn Choice(action: String, source: String, zone: String, error: Option<String>, children: Children) -> impl IntoView {
    let invalid = error.is_some().then_some("true");
    let folder = custom_attribute("webkitdirectory", "");
    view! {
        <form id="choice" class="stack" method="post" action=action enctype="multipart/form-data">
            <Field name="files" label="Files" hint="One or several, or an archive (zip). They can be dropped here." error>
                <input id="files" class="file-drop" name="files" type="file" multiple aria-describedby="files-hint" aria-invalid=invalid/>
            </Field>
            <div class="field">
                <label for="folder">"Or a whole folder"</label>
                <p class="hint" id="folder-hint">"Such as an unpacked Slack export, with its channels in it."</p>
                <input id="folder" class="file-drop" name="files" type="file" multiple data-readable=ENDINGS
                    aria-describedby="folder-hint" {..folder}/>
            </div>
            <div class="fields">
                <Select name="source" label="Written by" value=source options=sources("See what is in them")/>
                <ZoneField value=zone error=None/>
            </div>
            <p class="hint">"The zone is for times that name none."</p>
            <Batches form="choice".to_owned() writes=false noun="files".to_owned()/>
            <p class="actions">
                <button class="btn btn-primary">"Look at them"</button>
                {children()}
            </p>
        </form>
    }
}

#[component]
fn Imports(imports: Vec<Import>, base: String) -> impl IntoView {
    (!imports.is_empty()).then(|| {
        let items: Vec<_> = imports.into_iter().map(|import| one(import, &base).into_any()).collect();
        view! {
            <section class="stack stack-tight" aria-labelledby="imports-h">
                <h2 id="imports-h">"Imports so far"</h2>
                <ul class="imports">{items}</ul>
            </section>
        }
    })
}

fn one(import: Import, base: &str) -> impl IntoView + use<> {
    let counts = [(import.added, "new"), (import.changed, "changed"), (import.unchanged, "known")];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{} {word}", thousands(usize::try_from(n).unwrap_or_default())))
        .collect();
    let undone = import.undone_at.is_some();
    let (act, words) = if undone { ("redo", "Bring it back") } else { ("undo", "Undo this import") };
    let stayed = (undone && import.here > 0).then(|| match import.here {
        1 => "1 entry stays, because an event stands on it.".to_owned(),
        n => format!("{n} entries stay, because events stand on them."),
    });
    let action = format!("{base}/raw/imports/{}/{act}", import.id);
    let by = import.by.unwrap_or_else(|| "Somebody who has left".to_owned());
    let name = import.name.clone();
    view! {
        <li class="import-line" id=format!("i-{}", import.id)>
            <div>
                <p><strong>{import.source.label()}</strong>" "<span class="quiet">{import.name}</span></p>
                <p class="meta"><span>{by}", "<When at=import.at/></span><span>{counts.join(", ")}</span></p>
                {undone.then(|| view! { <p class="small">"Taken back. "{stayed}</p> })}
            </div>
            <form method="post" action=action>
                <button class="btn btn-small">{words}<span class="vh">{format!(": {name}")}</span></button>
            </form>
        </li>
    }
}
