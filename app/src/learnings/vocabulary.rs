//! The vocabulary of contributing factors: a page that everybody reads, and the page of one tag for those who keep it.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::settings::SettingsFrame;
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Crumbs, Icon, Note, Select, TextField, TextareaField};
use axum::extract::Path;
use axum::response::Response;
use domain::rights::{Right, Standing, may};
use domain::vocabulary::{Entry, EntryChange, Tag, Vocabulary, Words};
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;
use store::StoreError;
use store::vocabulary as room;

const AT: &str = "/vocabulary";
const HEADING: &str = "Vocabulary of factors";

/// An entry as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EntryFields {
    name: String,
    definition: String,
    example: String,
    parent: String,
    synonyms: String,
    version: String,
}

impl EntryFields {
    fn of(entry: &Entry) -> Self {
        Self {
            name: entry.name.clone(),
            definition: entry.definition.clone(),
            example: entry.example.clone(),
            parent: entry.parent.as_ref().map(Tag::to_string).unwrap_or_default(),
            synonyms: entry.synonyms.join(", "),
            version: entry.version.to_string(),
        }
    }

    fn parse(&self) -> Result<EntryChange, domain::Invalid> {
        EntryChange::parse(&self.name, &self.definition, &self.example, &self.parent, &self.synonyms)
    }
}

/// Whether a tag is no longer offered.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RetireFields {
    retired: String,
}

/// What a tag is merged into.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MergeFields {
    into: String,
}

fn keeps(ctx: &Ctx) -> Result<bool, AppError> {
    Ok(may(Right::KeepVocabulary, &Standing::of(ctx.viewer()?)))
}

/// The entry of a path, for those who keep it.
fn kept(ctx: &Ctx, tag: &str) -> Result<Entry, AppError> {
    let keeps = keeps(ctx)?;
    let tag = Tag::parse(tag).filter(|_| keeps).ok_or(AppError::NotFound)?;
    ctx.vocabulary.find(&tag).cloned().ok_or(AppError::NotFound)
}

pub(super) async fn list(ctx: Ctx) -> Result<Response, AppError> {
    draw_list(&ctx, Form::default()).await
}

pub(super) async fn add(ctx: Ctx, Posted(typed): Posted<EntryFields>) -> Result<Response, AppError> {
    if !keeps(&ctx)? {
        return Err(AppError::NotFound);
    }
    let added = match typed.parse() {
        Ok(said) => room::add(ctx.store(), ctx.viewer()?, &said, ctx.now).await,
        Err(invalid) => Err(invalid.into()),
    };
    match added {
        Ok(tag) => Ok(see_and_say(&format!("{AT}#t-{tag}"), "added")),
        Err(StoreError::Invalid(invalid)) => draw_list(&ctx, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn show(ctx: Ctx, Path(tag): Path<String>) -> Result<Response, AppError> {
    let entry = kept(&ctx, &tag)?;
    let form = Form::new(EntryFields::of(&entry));
    Ok(draw_one(&ctx, entry, form, Form::default(), false))
}

pub(super) async fn change(
    ctx: Ctx,
    Path(tag): Path<String>,
    Posted(mut typed): Posted<EntryFields>,
) -> Result<Response, AppError> {
    let entry = kept(&ctx, &tag)?;
    let changed = match typed.parse() {
        Ok(said) => {
            let base: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
            room::change(ctx.store(), ctx.viewer()?, &entry.tag, base, &said, ctx.now).await
        }
        Err(invalid) => Err(invalid.into()),
    };
    match changed {
        Ok(()) => Ok(see_and_say(&format!("{AT}#t-{}", entry.tag), "saved")),
        Err(StoreError::Invalid(invalid)) => Ok(draw_one(&ctx, entry, Form::refused(typed, invalid), Form::default(), false)),
        Err(StoreError::Stale) => {
            typed.version = entry.version.to_string();
            Ok(draw_one(&ctx, entry, Form::new(typed), Form::default(), true))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn retire(ctx: Ctx, Path(tag): Path<String>, Posted(typed): Posted<RetireFields>) -> Result<Response, AppError> {
    let (entry, retired) = (kept(&ctx, &tag)?, typed.retired == "yes");
    room::retire(ctx.store(), ctx.viewer()?, &entry.tag, retired, ctx.now).await?;
    Ok(see_and_say(&format!("{AT}/{}", entry.tag), if retired { "put-away" } else { "restored" }))
}

pub(super) async fn merge(ctx: Ctx, Path(tag): Path<String>, Posted(typed): Posted<MergeFields>) -> Result<Response, AppError> {
    let entry = kept(&ctx, &tag)?;
    let merged = match Tag::parse(&typed.into) {
        Some(into) => room::merge(ctx.store(), ctx.viewer()?, &entry.tag, &into, ctx.now).await,
        None => Err(domain::Invalid::one("into", "Please choose a tag from the list.").into()),
    };
    match merged {
        Ok(()) => Ok(see_and_say(&format!("{AT}/{}", entry.tag), "merged")),
        Err(StoreError::Invalid(invalid)) => {
            let form = Form::new(EntryFields::of(&entry));
            Ok(draw_one(&ctx, entry, form, Form::refused(typed, invalid), false))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn split(ctx: Ctx, Path(tag): Path<String>) -> Result<Response, AppError> {
    let entry = kept(&ctx, &tag)?;
    room::split(ctx.store(), ctx.viewer()?, &entry.tag, ctx.now).await?;
    Ok(see_and_say(&format!("{AT}/{}", entry.tag), "restored"))
}

/// Administrators come from settings; everybody else has a page of its own.
#[component]
fn Around(administers: bool, #[prop(into)] heading: String, lede: &'static str, children: Children) -> impl IntoView {
    if administers {
        return view! { <SettingsFrame at=AT heading lede>{children()}</SettingsFrame> }.into_any();
    }
    view! {
        <div class="page-head"><div><h1>{heading}</h1>{(!lede.is_empty()).then(|| view! { <p>{lede}</p> })}</div></div>
        {children()}
    }
    .into_any()
}

async fn draw_list(ctx: &Ctx, form: Form<EntryFields>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let used = room::used(ctx.store(), viewer).await?;
    let (keeps, administers, words) = (keeps(ctx)?, viewer.administrator, ctx.vocabulary.clone());
    let nav = if administers { Nav::Settings } else { Nav::Trends };
    let head = Head::new(HEADING, nav).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let open = !form.invalid.fields.is_empty();
        let groups: Vec<_> =
            words.offered().into_iter().map(|(group, inside)| table(&words, group, inside, &used, keeps)).collect();
        let away: Vec<_> =
            words.entries().iter().filter(|entry| !entry.is_offered()).map(|e| row(&words, e, &used, keeps)).collect();
        view! {
            <Around administers heading=HEADING lede="Words for what had to be true. The sentence comes first; tags help to find what keeps coming back.">
                {keeps.then(|| view! {
                    <details class="more" open=open>
                        <summary>"Add a tag"</summary>
                        <form class="card stack mt2" method="post" action=AT>
                            <Fields form groups=groups_to_choose(&words, None)/>
                            <p class="actions"><button class="btn btn-primary"><Icon name="plus"/>"Add"</button></p>
                        </form>
                    </details>
                })}
                {groups}
                {(!away.is_empty()).then(|| rows("No longer offered".to_owned(), String::new(), away))}
            </Around>
        }
    }))
}

type Used = BTreeMap<Tag, i64>;

fn table(words: &Vocabulary, group: &Entry, inside: Vec<&Entry>, used: &Used, keeps: bool) -> impl IntoView + use<> {
    let all = std::iter::once(group).chain(inside).map(|entry| row(words, entry, used, keeps)).collect();
    rows(group.name.clone(), group.definition.clone(), all)
}

fn rows(heading: String, about: String, rows: Vec<AnyView>) -> impl IntoView {
    view! {
        <section class="mt6">
            <h2>{heading.clone()}</h2>
            {(!about.is_empty()).then(|| view! { <p class="quiet small">{about}</p> })}
            <div class="table-wrap mt2" tabindex="0" role="region" aria-label=heading>
                <table class="vocabulary-table">
                    <thead><tr><th scope="col">"Tag"</th><th scope="col">"What it means"</th><th scope="col">"Factors"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

fn row(words: &Vocabulary, entry: &Entry, used: &Used, keeps: bool) -> AnyView {
    let name = entry.name.clone();
    let named = if keeps { view! { <a href=format!("{AT}/{}", entry.tag)>{name}</a> }.into_any() } else { name.into_any() };
    let many = used.get(&entry.tag).copied().unwrap_or_default();
    let listed = (many > 0).then(|| format!("/incidents?factor={}", entry.tag));
    let merged = entry.merged_into.as_ref().map(|_| format!("Counts as {}", words.name(words.counted(&entry.tag))));
    let synonyms = entry.synonyms.join(", ");
    view! {
        <tr id=format!("t-{}", entry.tag)>
            <th scope="row">
                {named}
                {(entry.words == Words::Own).then(|| view! { " "<Chip>"Ours"</Chip> })}
                {merged.map(|merged| view! { " "<Chip>{merged}</Chip> })}
                {(entry.retired).then(|| view! { " "<Chip>"Retired"</Chip> })}
            </th>
            <td>
                {entry.definition.clone()}
                {(!entry.example.is_empty()).then(|| view! { <br/><span class="quiet small">"For instance: "{entry.example.clone()}</span> })}
                {(!synonyms.is_empty()).then(|| view! { <br/><span class="quiet small">"Also: "{synonyms}</span> })}
            </td>
            <td>{match listed {
                Some(href) => view! { <a href=href>{many}<span class="vh">" factors: the incidents"</span></a> }.into_any(),
                None => "0".into_any(),
            }}</td>
        </tr>
    }
    .into_any()
}

fn groups_to_choose(words: &Vocabulary, of: Option<&Tag>) -> Vec<(String, String)> {
    let groups = words.entries().iter().filter(|e| e.is_offered() && e.parent.is_none() && Some(&e.tag) != of);
    let groups = groups.map(|group| (group.tag.to_string(), group.name.clone()));
    std::iter::once((String::new(), "It is a group itself".to_owned())).chain(groups).collect()
}

#[component]
fn Fields(form: Form<EntryFields>, groups: Vec<(String, String)>) -> impl IntoView {
    let typed = form.typed.clone();
    view! {
        <input type="hidden" name="version" value=typed.version/>
        <TextField name="name" label="Name" value=typed.name error=form.error("name") autocomplete="off" required=true/>
        <TextField
            name="definition" label="What it means, in a sentence" hint="A condition of work, tools or systems. Never a person."
            value=typed.definition error=form.error("definition") autocomplete="off" required=true
        />
        <TextField name="example" label="For instance" value=typed.example error=form.error("example") autocomplete="off"/>
        <Select name="parent" label="Stands in" value=typed.parent options=groups error=form.error("parent")/>
        <TextareaField name="synonyms" label="Other words for it, separated by commas" text=typed.synonyms rows=2 error=form.error("synonyms")/>
    }
}

fn draw_one(ctx: &Ctx, entry: Entry, form: Form<EntryFields>, merge: Form<MergeFields>, conflict: bool) -> Response {
    let administers = ctx.viewer().is_ok_and(|viewer| viewer.administrator);
    let words = ctx.vocabulary.clone();
    let mut refused = form.invalid.clone();
    refused.fields.extend(merge.invalid.fields.iter().cloned());
    let nav = if administers { Nav::Settings } else { Nav::Trends };
    let mut head = Head::new(entry.name.clone(), nav).refused(&refused);
    if conflict {
        head = head.status(StatusCode::CONFLICT);
    }
    shell::page(ctx, head, move || {
        let base = format!("{AT}/{}", entry.tag);
        let theirs = conflict.then(|| format!("{}\n\n{}\n\n{}", entry.name, entry.definition, entry.example));
        view! {
            <Around administers heading=entry.name.clone() lede="">
                <Crumbs links=vec![(AT.to_owned(), HEADING.to_owned())] here=entry.name.clone()/>
                {theirs.map(|theirs| view! {
                    <Note tone="care">
                        <Icon name="git-merge"/>
                        <div>
                            <p><strong>"Somebody saved while you were writing."</strong>" Below is what you typed; saving it now replaces this:"</p>
                            <pre class="source-text">{theirs}</pre>
                        </div>
                    </Note>
                })}
                <form class="card stack mt4" method="post" action=base.clone()>
                    <Fields form groups=groups_to_choose(&words, Some(&entry.tag))/>
                    <p class="hint">"Other words show at once wherever the tag stands. Its address stays."</p>
                    <p class="actions"><button class="btn btn-primary">"Save"</button><a class="btn btn-quiet" href=AT>"Leave as it was"</a></p>
                </form>
                {merging(&words, &entry, &base, merge)}
                {retiring(&entry, &base)}
            </Around>
        }
    })
}

fn merging(words: &Vocabulary, entry: &Entry, base: &str, form: Form<MergeFields>) -> AnyView {
    if entry.merged_into.is_some() {
        let counted = words.name(words.counted(&entry.tag)).to_owned();
        return view! {
            <section class="card stack mt6">
                <h2>"Merged"</h2>
                <p>{format!("It counts as {counted}, everywhere. What was chosen is still known beneath.")}</p>
                <form method="post" action=format!("{base}/split")><button class="btn">"Undo: let it count for itself again"</button></form>
            </section>
        }
        .into_any();
    }
    let others = words.entries().iter().filter(|e| words.check_merge(&entry.tag, &e.tag).is_ok());
    let others = others.map(|e| (e.tag.to_string(), e.name.clone()));
    let options = std::iter::once((String::new(), "Choose one".to_owned())).chain(others).collect();
    let error = form.error("into");
    view! {
        <section class="card stack mt6">
            <h2>"Merge"</h2>
            <p>"When two tags mean the same, one can count for both: in trends, lists, search and on every factor. It can be undone."</p>
            <form class="stack" method="post" action=format!("{base}/merge")>
                <Select name="into" label="Let this one count for it" value=form.typed.into options error/>
                <p class="actions"><button class="btn">"Merge"</button></p>
            </form>
        </section>
    }
    .into_any()
}

fn retiring(entry: &Entry, base: &str) -> impl IntoView + use<> {
    let (next, button, what) = if entry.retired {
        ("no", "Offer it again", "It can be chosen for factors again.")
    } else {
        ("yes", "Retire", "It stays on the factors that it is on, and is offered for no other.")
    };
    view! {
        <section class="card stack mt6">
            <h2>{button}</h2>
            <p>{what}</p>
            <form method="post" action=format!("{base}/retire")><button class="btn" name="retired" value=next>{button}</button></form>
        </section>
    }
}
