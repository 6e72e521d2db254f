//! The page of an incident's files: those that wait for words, all others, those that were removed, and how much room is left.

use super::opened;
use super::shown::Preview;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Empty, Field, FieldError, Icon, When};
use axum::extract::Path;
use axum::response::Response;
use domain::rights::{Right, may};
use domain::timeline::attachments::{address, size};
use domain::{AttachmentId, Invalid};
use leptos::prelude::*;
use std::collections::BTreeMap;
use store::incidents::Opened;
use store::timeline::attachments::{self, Attachment};

/// What was typed into forms that were refused.
#[derive(Default)]
pub(super) struct Said {
    /// Words for the image that was chosen.
    pub(super) alt: String,
    /// Words for images that are there.
    pub(super) texts: BTreeMap<AttachmentId, String>,
}

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    draw(&ctx, opened, Said::default(), Invalid::default()).await
}

/// Serves the page and its refused forms.
pub(super) async fn draw(ctx: &Ctx, opened: Opened, said: Said, invalid: Invalid) -> Result<Response, AppError> {
    let incident = opened.incident;
    let all = attachments::list(ctx.store(), ctx.viewer()?, incident.id, ctx.now).await?;
    let edits = may(Right::EditIncidents, &opened.standing);
    let limits = ctx.site.attachments;
    let head = Head::new(format!("Files of {}", incident.key), Nav::Incidents).refused(&invalid);
    let base = format!("/incidents/{}", incident.key);
    let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (base.clone(), incident.key.to_string())];
    let used = format!("{} of {} are used; {} fit in one file.", size(all.bytes()), size(limits.incident), size(limits.file));
    Ok(shell::page(ctx, head, move || {
        let (waiting, here): (Vec<_>, Vec<_>) = all.here.into_iter().partition(|file| edits && file.waits());
        let removed = all.removed;
        let none = here.is_empty() && waiting.is_empty();
        let list: Vec<_> = here.into_iter().map(|file| line(file, &base, edits, &said, &invalid).into_any()).collect();
        view! {
            <Crumbs links here="Files"/>
            <div class="page-head">
                <div><h1>"Files and images"</h1><p>"Graphs, screenshots, logs: what shows how it looked then. Everybody who sees the incident sees them."</p></div>
                {edits.then(|| view! { <a class="btn btn-small narrow-only" href="#add"><Icon name="plus"/>"Add files"</a> })}
            </div>
            <div class="cols cols-side">
                <div class="stack">
                    {(!waiting.is_empty()).then(|| view! { <Waiting files=waiting base=base.clone() said=&said invalid=&invalid/> })}
                    {none.then(|| view! {
                        <Empty heading="No files yet"><p>"A graph of the minutes before it began says more than a sentence about it."</p></Empty>
                    })}
                    {(!list.is_empty()).then(|| view! { <ul class="file-list">{list}</ul> })}
                    {(!removed.is_empty()).then(|| view! { <Removed files=removed base=base.clone()/> })}
                    <p><a href=base.clone()>"Back to the timeline"</a></p>
                </div>
                <aside class="stack">
                    {edits.then(|| view! { <Adding action=format!("{base}/attachments") said=&said invalid=&invalid/> })}
                    <section class="card card-flat">
                        <h2>"What is kept of them"</h2>
                        <ul class="bullets small soft">
                            <li>{used}</li>
                            <li>"Images lose where, when and with what they were taken. PDF, zip and gzip files keep what their programs wrote into them."</li>
                            <li>"They are sealed, and go with the incident."</li>
                            <li>"A screenshot of a chat shows who said what. Cut it to what the story needs, or leave names out."</li>
                        </ul>
                    </section>
                </aside>
            </div>
        }
    }))
}

#[component]
fn Adding<'a>(action: String, said: &'a Said, invalid: &'a Invalid) -> impl IntoView + use<> {
    let error = |field: &str| invalid.message(field).map(str::to_owned);
    let (files, alt, value) = (error("files"), error("alt"), said.alt.clone());
    let (files_invalid, alt_invalid) = (files.is_some().then_some("true"), alt.is_some().then_some("true"));
    view! {
        <form class="card stack" method="post" action=action enctype="multipart/form-data" id="add">
            <h2>"Add files"</h2>
            <Field name="files" label="Files" hint="Images, PDF, text, JSON, zip. Several at once work; they can be dropped here." error=files>
                <input id="files" class="file-drop" name="files" type="file" multiple aria-describedby="files-hint" aria-invalid=files_invalid/>
            </Field>
            <Field name="alt" label="If it is one image: what it shows" hint="For those who cannot see it. With several, you are asked next." error=alt>
                <input id="alt" name="alt" value=value autocomplete="off" aria-describedby="alt-hint" aria-invalid=alt_invalid/>
            </Field>
            <p class="actions"><button class="btn btn-primary">"Add"</button></p>
        </form>
    }
}

/// Images that nobody has described yet; until then they are shown here alone.
#[component]
fn Waiting<'a>(files: Vec<Attachment>, base: String, said: &'a Said, invalid: &'a Invalid) -> impl IntoView + use<> {
    // A button of another form: Enter in a field saves, and removes nothing.
    let removing = files.iter().map(|file| {
        let action = format!("{base}/attachments/{}/remove", file.id);
        view! { <form id=format!("remove-{}", file.id) method="post" action=action></form> }
    });
    let removing: Vec<_> = removing.collect();
    let rows = files.into_iter().map(|file| {
        let (id, name) = (file.id, file.name.clone());
        view! {
            <li class="file-wait">
                <Preview address=format!("{base}/attachments/{id}") file/>
                <div>
                    {words_field(id, &name, String::new(), said, invalid)}
                    <p><button class="btn btn-small btn-quiet" form=format!("remove-{id}")>"Remove"<span class="vh">{format!(" {name}")}</span></button></p>
                </div>
            </li>
        }
    });
    let rows: Vec<_> = rows.collect();
    view! {
        <form class="card stack" method="post" action=format!("{base}/attachments/describe") aria-labelledby="waiting-h">
            <h2 id="waiting-h">"What do these show?"</h2>
            <p class="hint">"One sentence each, for those who cannot see them. Then they can stand in events and stories."</p>
            <ul class="file-list">{rows}</ul>
            <p class="actions"><button class="btn btn-primary">"Save"</button></p>
        </form>
        {removing}
    }
}

fn words_field(id: AttachmentId, name: &str, now: String, said: &Said, invalid: &Invalid) -> impl IntoView + use<> {
    let field = format!("alt-{id}");
    let error = invalid.message(&field).map(str::to_owned);
    let value = said.texts.get(&id).cloned().unwrap_or(now);
    let bad = error.is_some();
    view! {
        <div class=if bad { "field field-error" } else { "field" }>
            <label for=field.clone()>{format!("What “{name}” shows")}</label>
            <FieldError id=format!("{field}-error") error/>
            <input type="hidden" name="of" value=id.to_string()/>
            <input id=field.clone() name="text" value=value autocomplete="off" aria-invalid=bad.then_some("true")
                aria-describedby=bad.then(|| format!("{field}-error"))/>
        </div>
    }
}

fn line(file: Attachment, base: &str, edits: bool, said: &Said, invalid: &Invalid) -> impl IntoView + use<> {
    let id = file.id;
    let here = format!("{base}/attachments/{id}");
    let shown = file.is_shown();
    let name = file.name.clone();
    let sides = file.size.map(|(width, height)| format!("{width} × {height}"));
    let by = file.added_by.clone().unwrap_or_else(|| "Somebody who has left".to_owned());
    let mark =
        if shown { format!("![]({})", address(id)) } else { format!("[{}]({})", name.replace(['[', ']'], ""), address(id)) };
    let (bytes, kind, at, alt) = (size(file.bytes), file.kind.label(), file.added_at, file.alt.clone());
    let changes = (edits && file.kind.is_image()).then(|| {
        let open = invalid.message(&format!("alt-{id}")).is_some();
        view! {
            <details class="more" open=open>
                <summary>"Change what it says"<span class="vh">{format!(" of {name}")}</span></summary>
                <form class="stack stack-tight mt2" method="post" action=format!("{base}/attachments/describe")>
                    {words_field(id, &name, alt.clone(), said, invalid)}
                    <p><button class="btn btn-small">"Save"</button></p>
                </form>
            </details>
        }
    });
    view! {
        <li class="file-line" id=format!("a-{id}")>
            {shown.then(|| view! { <a class="file-shot" href=here.clone()><Preview file address=here.clone()/></a> })}
            <div>
                <p><Icon name=if shown { "image" } else { "paperclip" }/>" "<a href=here.clone()>{name.clone()}</a></p>
                {shown.then(|| view! { <p>{alt}</p> })}
                <p class="meta"><span>{kind}</span><span>{bytes}</span>{sides.map(|sides| view! { <span>{sides}</span> })}<span>{by}", "<When at=at/></span></p>
                {edits.then(|| view! { <p class="small quiet">"To put it into a text: "<code class="snippet">{mark}</code></p> })}
                {changes}
                {edits.then(|| view! {
                    <form method="post" action=format!("{here}/remove")>
                        <button class="btn btn-small btn-quiet">"Remove"<span class="vh">{format!(" {name}")}</span></button>
                    </form>
                })}
            </div>
        </li>
    }
}

#[component]
fn Removed(files: Vec<Attachment>, base: String) -> impl IntoView {
    let rows = files.into_iter().map(|file| {
        let action = format!("{base}/attachments/{}/restore", file.id);
        let name = file.name.clone();
        view! {
            <li class="file-gone">
                <span>{file.name}" "<span class="quiet small">{size(file.bytes)}</span></span>
                <form method="post" action=action><button class="btn btn-small">"Put back"<span class="vh">{format!(" {name}")}</span></button></form>
            </li>
        }
    });
    let rows: Vec<_> = rows.collect();
    view! {
        <section class="stack stack-tight" id="removed" aria-labelledby="removed-h">
            <h2 id="removed-h">"Removed"</h2>
            <p class="hint">"They are shown nowhere, and go for good with the trash."</p>
            <ul class="file-list">{rows}</ul>
        </section>
    }
}
