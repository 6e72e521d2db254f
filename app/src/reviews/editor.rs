//! Writing one section: a plain textarea that works without scripts, its preview, its history, and both texts when two people wrote.

use super::comments;
use super::hint_cards::Hints;
use super::hints::{self, Hinted};
use super::mentions::{self, Choices, MentionPicker, put_in};
use super::parts::{Outline, ParkForm, QuoteCard, at, is_shown, opened, opened_for, word_count};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::timeline::own_files;
use crate::ui::autosave::{Autosave, saved_label};
use crate::ui::{FieldError, Icon, Markdown, Note, SafeTextarea, When};
use axum::Json;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use domain::incidents::IncidentKey;
use domain::reviews::{Excerpt, ExcerptState, Section, SectionKind};
use domain::rights::Right;
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::json;
use store::StoreError;
use store::incidents::Opened;
use store::reviews::{Comment, Saving, VersionLine, WhileWriting};

/// A section, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SectionFields {
    body: String,
    /// The version that the text started from.
    base_version: String,
    /// Not empty: the page's save before this one may have arrived without its answer.
    follows: String,
    /// `preview`, `mention`, `begin`, or nothing for saving.
    act: String,
    /// What is to be mentioned.
    mention: String,
}

impl SectionFields {
    /// As typed from this version on.
    pub(super) fn typed(body: String, base_version: String) -> Self {
        Self { body, base_version, ..Self::default() }
    }
}

/// What the page shows beside the form.
pub(super) enum View {
    Write,
    Preview,
    /// Something was put at the end of the text, not saved yet.
    PutIn,
    /// Somebody saved in between; this is their text.
    Conflict(Section),
}

struct Desk {
    opened: Opened,
    sections: Vec<Section>,
    quotes: Vec<Excerpt>,
    kind: SectionKind,
    form: Form<SectionFields>,
    view: View,
    hinted: Hinted,
    choices: Choices,
    comments: Vec<Comment>,
}

/// The section as it was saved last.
pub(super) async fn show(ctx: Ctx, Path((key, section)): Path<(String, String)>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    let kind = SectionKind::from_slug(&section).ok_or(AppError::NotFound)?;
    draw(&ctx, opened, kind, None, View::Write).await
}

/// Saves, or shows how it will look without saving.
pub(super) async fn save(
    ctx: Ctx,
    Path((key, section)): Path<(String, String)>,
    Posted(typed): Posted<SectionFields>,
) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let kind = SectionKind::from_slug(&section).ok_or(AppError::NotFound)?;
    if typed.act == "preview" {
        return draw(&ctx, opened, kind, Some(Form::new(typed)), View::Preview).await;
    }
    let piece = match typed.act.as_str() {
        "mention" => {
            let (_, choices) = mentions::of(&ctx, &opened.incident).await?;
            Some(choices.piece(&typed.mention).ok_or(AppError::BadRequest)?)
        }
        "begin" => Some(kind.skeleton().ok_or(AppError::BadRequest)?.to_owned()),
        _ => None,
    };
    if let Some(piece) = piece {
        let body = put_in(&typed.body, &piece);
        return draw(&ctx, opened, kind, Some(Form::new(SectionFields { body, ..typed })), View::PutIn).await;
    }
    let version: i64 = typed.base_version.parse().map_err(|_| AppError::BadRequest)?;
    let (store, viewer, id) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    if ctx.wants_json {
        let typing = WhileWriting { base_version: version, body: &typed.body, follows: !typed.follows.is_empty() };
        return told(&ctx, store::reviews::keep_section(store, viewer, id, kind, typing, ctx.now).await);
    }
    match store::reviews::save_section(store, viewer, id, kind, version, &typed.body, ctx.now).await.map_err(AppError::from) {
        Ok(Saving::Saved(_)) => Ok(form::see_and_say(&at(opened.incident.key, kind.slug()), "saved")),
        Ok(Saving::Conflict(theirs)) => draw(&ctx, opened, kind, Some(Form::new(typed)), View::Conflict(theirs)).await,
        Err(AppError::Invalid(invalid)) => draw(&ctx, opened, kind, Some(Form::refused(typed, invalid)), View::Write).await,
        Err(other) => Err(other),
    }
}

/// What the page that saves by itself is told.
fn told(ctx: &Ctx, saving: Result<Saving, StoreError>) -> Result<Response, AppError> {
    match saving {
        Ok(Saving::Saved(section)) => {
            let saved = saved_label(ctx, section.saved_at.unwrap_or(ctx.now));
            Ok(Json(json!({ "version": section.version, "saved": saved })).into_response())
        }
        Ok(Saving::Conflict(_)) => Ok((StatusCode::CONFLICT, Json(json!({ "stale": true }))).into_response()),
        Err(StoreError::Invalid(invalid)) => {
            let message = invalid.fields.into_iter().next().map(|f| f.message).unwrap_or_default();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "message": message }))).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn draw(
    ctx: &Ctx,
    opened: Opened,
    kind: SectionKind,
    form: Option<Form<SectionFields>>,
    view: View,
) -> Result<Response, AppError> {
    draw_with(ctx, opened, kind, form, view, |hinted| hinted).await
}

/// As [`draw`], with something more to say beside the hints.
pub(super) async fn draw_with(
    ctx: &Ctx,
    opened: Opened,
    kind: SectionKind,
    form: Option<Form<SectionFields>>,
    view: View,
    told: impl FnOnce(Hinted) -> Hinted,
) -> Result<Response, AppError> {
    let (store, viewer, id) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let sections = store::reviews::sections(store, viewer, id, ctx.now).await?;
    let quotes = store::reviews::excerpts(store, viewer, id, ctx.now).await?;
    let stored = sections.iter().find(|s| s.kind == kind).cloned().ok_or(AppError::NotFound)?;
    let form = form.unwrap_or_else(|| {
        Form::new(SectionFields { body: stored.body, base_version: stored.version.to_string(), ..SectionFields::default() })
    });
    let mut head =
        Head::new(format!("{} · {}", kind.title(), opened.incident.title), Nav::Incidents).islands().refused(&form.invalid);
    if matches!(view, View::Conflict(_)) {
        head = head.status(StatusCode::CONFLICT);
    }
    let quotes = quotes.into_iter().filter(|q| q.section == kind && q.state != ExcerptState::LeftOut).collect();
    let files = own_files(ctx, &opened.incident).await?;
    let hinted = told(hints::look(ctx, id, kind, &form.typed.body).await?);
    let (mentions, choices) = mentions::of(ctx, &opened.incident).await?;
    let comments = store::reviews::comments(store, viewer, id, ctx.now).await?;
    let desk = Desk { opened, sections, quotes, kind, form, view, hinted, choices, comments };
    Ok(shell::page(ctx, head, move || {
        provide_context(files);
        provide_context(mentions);
        page(desk)
    }))
}

fn page(desk: Desk) -> impl IntoView {
    let Desk { opened, sections, quotes, kind, form, view, hinted, choices, comments } = desk;
    let key = opened.incident.key;
    let hints_form = (!matches!(view, View::Conflict(_))).then(|| form_of(&opened, kind));
    let previewed = matches!(view, View::Preview);
    let saved = sections.iter().find(|s| s.kind == kind).and_then(|s| s.saved_at.map(|at| (at, s.version)));
    let body = match view {
        View::Conflict(theirs) => conflict(key, kind, form.typed, theirs).into_any(),
        view => writing(key, kind, form, view, saved, form_id(&opened), choices).into_any(),
    };
    let here = at(key, kind.slug());
    let pager = section_pager(key, kind, &sections);
    view! {
        <IncidentFrame opened tab=Tab::Review>
            <p class="crumbs desk-back"><a href=at(key, "")>"All sections"</a></p>
            <div class="desk">
                <Outline key sections here=kind/>
                <section aria-labelledby="section-h" class="stack">
                    <div class="section-head section-head-flush">
                        <h2 id="section-h">{kind.title()}</h2>
                        <nav class="seg" aria-label="View">
                            <a href=here.clone() aria-current=(!previewed).then_some("true")>"Write"</a>
                            <a href=format!("{here}/versions")>"History"</a>
                        </nav>
                    </div>
                    {body}
                    <p class="small">{comments::way(key, &comments, kind)}</p>
                    {pager}
                </section>
                <aside class="stack" aria-label="Quotes, hints and parking lot">
                    {kind.is_in_story().then(|| quotes_here(key, quotes))}
                    <Hints hinted form=hints_form/>
                    <ParkForm key back=here/>
                </aside>
            </div>
        </IncidentFrame>
    }
}

/// A published story changes when somebody says so: the island takes no form into care but `qf`.
fn form_id(opened: &Opened) -> &'static str {
    if opened.standing.published { "published" } else { "qf" }
}

/// The form that holds the text, and where it is sent when something is done with a hint.
pub(super) fn form_of(opened: &Opened, kind: SectionKind) -> (&'static str, String) {
    (form_id(opened), format!("{}/hints", at(opened.incident.key, kind.slug())))
}

fn writing(
    key: IncidentKey,
    kind: SectionKind,
    form: Form<SectionFields>,
    view: View,
    saved: Option<(chrono::DateTime<chrono::Utc>, i64)>,
    id: &'static str,
    choices: Choices,
) -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    let SectionFields { body, base_version, .. } = form.typed.clone();
    let words = word_count(&body);
    let error = form.error("body");
    let invalid = error.is_some();
    let describedby = if invalid { "body-error body-hint" } else { "body-hint" };
    let saved = saved.map(|(at, _)| saved_label(&ctx, at)).unwrap_or_default();
    let sprite = ctx.asset("sprite.svg");
    let put_in = matches!(view, View::PutIn);
    let begins = body.trim().is_empty() && kind.skeleton().is_some();
    let preview = matches!(view, View::Preview).then(|| {
        view! {
            <section class="editor preview" aria-labelledby="preview-h">
                <div class="editor-bar"><h3 id="preview-h">"Preview"</h3><span class="save">"As it will look"</span></div>
                <Markdown text=body.clone() class="md writing"/>
            </section>
        }
    });
    view! {
        {preview}
        {put_in.then(|| view! {
            <Note><Icon name="pencil"/><p role="status">"It stands at the end of the text, not saved yet. Move it to where it belongs, then save."</p></Note>
        })}
        <form method="post" id=id class="stack" action=at(key, kind.slug())>
            <input type="hidden" name="base_version" value=base_version/>
            <p class="soft small" id="body-hint">{kind.prompt()}</p>
            <div class=if invalid { "editor field-error" } else { "editor" }>
                <div class="editor-bar">
                    <label for="body">"Text"</label>
                    <Autosave saved sprite/>
                </div>
                <FieldError id="body-error".to_owned() error/>
                <div class="typed">
                    <SafeTextarea id="body" name="body" text=body rows=16 describedby=Some(describedby.to_owned()) invalid class="writing"/>
                </div>
            </div>
            <div class="actions editor-actions">
                <button class="btn btn-primary">"Save"</button>
                <button class="btn" name="act" value="preview"><Icon name="eye"/>"Preview"</button>
                <span class="meta">
                    <span>{if words == 1 { "1 word".to_owned() } else { format!("{words} words") }}</span>
                    <span>"Markdown: an empty line makes a paragraph, **strong**, - for a list"</span>
                </span>
            </div>
            {begins.then(|| view! { <p><button class="btn btn-small" name="act" value="begin">"Begin with a table"</button></p> })}
            <MentionPicker choices/>
        </form>
    }
}

/// Both texts, side by side: nothing was written over.
fn conflict(key: IncidentKey, kind: SectionKind, typed: SectionFields, theirs: Section) -> impl IntoView {
    view! {
        <Note tone="care">
            <Icon name="triangle-alert"/>
            <p role="alert">"Somebody saved this section while you wrote. Both texts are here; nothing was written over. Bring them together in yours, then save."</p>
        </Note>
        <div class="cols cols-2 two-versions">
            <form method="post" class="stack" action=at(key, kind.slug())>
                <input type="hidden" name="base_version" value=theirs.version.to_string()/>
                <div class="editor">
                    <div class="editor-bar"><label for="body">"Yours, not saved"</label></div>
                    <SafeTextarea id="body" name="body" text=typed.body rows=16 class="writing"/>
                </div>
                <div class="actions">
                    <button class="btn btn-primary">"Save this text"</button>
                    <a class="btn btn-quiet" href=at(key, kind.slug())>"Keep theirs"</a>
                </div>
            </form>
            <section class="editor" aria-labelledby="theirs-h">
                <div class="editor-bar">
                    <h3 id="theirs-h">{format!("Theirs, version {}", theirs.version)}</h3>
                    {theirs.saved_at.map(|at| view! { <span class="save"><When at/></span> })}
                </div>
                <p class="writing as-typed">{theirs.body}</p>
            </section>
        </div>
    }
}

fn quotes_here(key: IncidentKey, quotes: Vec<Excerpt>) -> impl IntoView {
    let none = quotes.is_empty();
    view! {
        <section class="stack stack-tight" aria-labelledby="here-h">
            <div class="section-head section-head-flush">
                <h2 id="here-h">"Quotes here"</h2>
                <a class="small" href=at(key, "overview")>"What people said"</a>
            </div>
            {quotes.into_iter().map(|excerpt| view! { <QuoteCard excerpt/> }).collect_view()}
            <p class="hint">
                {if none { "None yet. " } else { "" }}
                "Quotes stand in the story by themselves, beside this text, once their authors agreed."
            </p>
        </section>
    }
}

fn section_pager(key: IncidentKey, kind: SectionKind, sections: &[Section]) -> impl IntoView + use<> {
    let shown: Vec<SectionKind> = sections.iter().filter(|s| is_shown(s) || s.kind == kind).map(|s| s.kind).collect();
    let place = shown.iter().position(|k| *k == kind).unwrap_or_default();
    let before = place.checked_sub(1).and_then(|n| shown.get(n)).copied();
    let after = shown.get(place + 1).copied();
    view! {
        <nav class="pager" aria-label="Other sections">
            {before.map(|k| view! { <a class="btn btn-small" href=at(key, k.slug())><Icon name="chevron-left"/>{k.title()}</a> })}
            <span class="grow"></span>
            {after.map(|k| view! { <a class="btn btn-small" href=at(key, k.slug())>{k.title()}<Icon name="chevron-right"/></a> })}
        </nav>
    }
}

/// Which version is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct VersionQuery {
    version: Option<i64>,
}

/// The history of a section, and one version's text.
pub(super) async fn versions(
    ctx: Ctx,
    Path((key, section)): Path<(String, String)>,
    Query(query): Query<VersionQuery>,
) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    let kind = SectionKind::from_slug(&section).ok_or(AppError::NotFound)?;
    let (store, viewer, id) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let sections = store::reviews::sections(store, viewer, id, ctx.now).await?;
    let lines = store::reviews::versions(store, viewer, id, kind, ctx.now).await?;
    let shown = match query.version.or_else(|| lines.first().map(|l| l.version)) {
        Some(version) => Some(store::reviews::version_text(store, viewer, id, kind, version, ctx.now).await?),
        None => None,
    };
    let head = Head::new(format!("History of {} · {}", kind.title(), opened.incident.title), Nav::Incidents);
    let (mentions, _) = mentions::of(&ctx, &opened.incident).await?;
    Ok(shell::page(&ctx, head, move || {
        provide_context(mentions);
        history(opened, kind, sections, lines, shown)
    }))
}

fn history(
    opened: Opened,
    kind: SectionKind,
    sections: Vec<Section>,
    lines: Vec<VersionLine>,
    shown: Option<Section>,
) -> impl IntoView {
    let key = opened.incident.key;
    let here = at(key, kind.slug());
    let page = format!("{here}/versions");
    let newest = lines.first().map_or(0, |l| l.version);
    let current = shown.as_ref().map(|s| s.version);
    let none = lines.is_empty();
    let line = move |line: VersionLine| {
        let href = format!("{page}?version={}", line.version);
        let by = line.saved_by.unwrap_or_else(|| "somebody who has left".to_owned());
        view! {
            <li>
                <a href=href aria-current=(current == Some(line.version)).then_some("true")>{format!("Version {}", line.version)}</a>
                <span class="quiet small">{by}", "<When at=line.saved_at/></span>
            </li>
        }
    };
    let restore = here.clone();
    let text = shown.map(|section| {
        let old = section.version != newest;
        let body = section.body.clone();
        view! {
            <section class="editor" aria-labelledby="shown-h">
                <div class="editor-bar"><h3 id="shown-h">{format!("Version {}", section.version)}</h3></div>
                {if body.is_empty() {
                    view! { <p class="writing quiet">"Empty"</p> }.into_any()
                } else {
                    view! { <Markdown text=body.clone() class="md writing"/> }.into_any()
                }}
            </section>
            {old.then(|| view! {
                <form method="post" action=restore>
                    <input type="hidden" name="base_version" value=newest.to_string()/>
                    <input type="hidden" name="body" value=body/>
                    <button class="btn">"Make this the text again"</button>
                </form>
            })}
        }
    });
    view! {
        <IncidentFrame opened tab=Tab::Review>
            <div class="desk">
                <Outline key sections here=kind/>
                <section aria-labelledby="section-h" class="stack">
                    <div class="section-head section-head-flush">
                        <h2 id="section-h">{kind.title()}</h2>
                        <nav class="seg" aria-label="View">
                            <a href=here>"Write"</a>
                            <a href="#shown-h" aria-current="true">"History"</a>
                        </nav>
                    </div>
                    {none.then(|| view! { <p class="quiet">"Nothing has been saved here yet. Every save will be kept."</p> })}
                    {text}
                </section>
                <aside class="stack" aria-label="Versions">
                    <h2 class="aside-h">"Every save"</h2>
                    <p class="hint">"And the last text of each sitting."</p>
                    <ol class="plain-list versions">{lines.into_iter().map(line).collect_view()}</ol>
                </aside>
            </div>
        </IncidentFrame>
    }
}
