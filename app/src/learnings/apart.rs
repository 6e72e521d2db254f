//! The page of one learning: what is known and was thought, whether it holds, who should know, who met it again, and where it lives on.

use super::edit;
use super::facts::Evidence;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Crumbs, Icon, Markdown, Note, Select, TextField, When};
use axum::extract::Path;
use axum::response::Response;
use domain::learnings::{LearningStatus, Link, LinkKind, NewLink};
use domain::{LearningId, LinkId};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::learnings::{Apart, Met};

/// "New to me too" (`yes`), or taken back.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewFields {
    new: String,
}

/// A runbook or an exercise, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LinkFields {
    kind: String,
    link_title: String,
    address: String,
    day: String,
}

/// Where a learning has its page.
pub(crate) fn page_of(id: LearningId) -> String {
    format!("/learnings/{id}")
}

async fn load(ctx: &Ctx, id: &str) -> Result<Apart, AppError> {
    let id: LearningId = id.parse().map_err(|_| AppError::NotFound)?;
    Ok(store::learnings::apart(ctx.store(), ctx.viewer()?, id, ctx.now).await?)
}

pub(super) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, AppError> {
    let apart = load(&ctx, &id).await?;
    Ok(draw(&ctx, apart, Form::default()))
}

pub(super) async fn say_new(ctx: Ctx, Path(id): Path<String>, Posted(typed): Posted<NewFields>) -> Result<Response, AppError> {
    let apart = load(&ctx, &id).await?;
    let (id, new) = (apart.learning.id, typed.new == "yes");
    store::learnings::say_new(ctx.store(), ctx.viewer()?, id, new, ctx.now).await?;
    Ok(see_and_say(&page_of(id), if new { "noted-new" } else { "taken-away" }))
}

pub(super) async fn add_link(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(typed): Posted<LinkFields>,
) -> Result<Response, AppError> {
    let (opened, learning) = edit::find_learning(&ctx, &key, &id).await?;
    let kind = LinkKind::from_slug(&typed.kind).unwrap_or(LinkKind::Runbook);
    let refused = match NewLink::read(kind, &typed.link_title, &typed.address, &typed.day) {
        Err(invalid) => invalid,
        Ok(new) => {
            let place = (opened.incident.id, learning.id);
            match store::learnings::add_link(ctx.store(), ctx.viewer()?, place, &new, ctx.now).await {
                Ok(_) => return Ok(see_and_say(&format!("{}#links-h", page_of(learning.id)), "added")),
                Err(StoreError::Invalid(invalid)) => invalid,
                Err(other) => return Err(other.into()),
            }
        }
    };
    let apart = load(&ctx, &id).await?;
    Ok(draw(&ctx, apart, Form::refused(typed, refused)))
}

pub(super) async fn remove_link(ctx: Ctx, Path((key, link)): Path<(String, String)>) -> Result<Response, AppError> {
    let opened = edit::kept(&ctx, &key).await?;
    let link: LinkId = link.parse().map_err(|_| AppError::NotFound)?;
    let learning = store::learnings::remove_link(ctx.store(), ctx.viewer()?, opened.incident.id, link, ctx.now).await?;
    Ok(see_and_say(&format!("{}#links-h", page_of(learning)), "removed"))
}

fn draw(ctx: &Ctx, apart: Apart, form: Form<LinkFields>) -> Response {
    let head = Head::new(format!("A learning of {}", apart.key), Nav::Incidents).refused(&form.invalid);
    shell::page(ctx, head, move || page(apart, form))
}

fn page(apart: Apart, form: Form<LinkFields>) -> impl IntoView {
    let links = vec![("/learnings".to_owned(), "Learnings".to_owned())];
    let base = format!("/incidents/{}", apart.key);
    let learning = apart.learning.clone();
    let (details, published) = (learning.details.clone(), apart.published_at);
    let story =
        if published.is_some() { format!("{base}/review#s-learnings") } else { format!("{base}/factors#l-{}", learning.id) };
    let change = format!("{base}/learnings/{}", learning.id);
    let shown: Vec<_> = details.evidence.iter().cloned().map(|address| view! { <li><Evidence address/></li> }).collect();
    view! {
        <Crumbs links here="One learning"/>
        <div class="page-head">
            <div>
                <h1>"A learning"</h1>
                <p>
                    "From "<a href=story>{format!("{}, {}", apart.key, apart.title)}</a>
                    {match published {
                        Some(at) => view! { ", told "<When at/> }.into_any(),
                        None => ", not published yet".into_any(),
                    }}
                </p>
            </div>
            {apart.keeps.then(|| view! { <div class="actions"><a class="btn" href=change><Icon name="pencil"/>"Change"</a></div> })}
        </div>
        <div class="cols cols-side">
            <div class="stack stack-wide">
                {outdated(&apart)}
                <section class="card stack" aria-labelledby="known-h">
                    <h2 id="known-h">"Now we know"</h2>
                    <Markdown text=learning.body.clone() class="kept-text"/>
                    {(!learning.before.is_empty()).then(|| view! {
                        <div class="quiet"><h3>"Before we thought"</h3><Markdown text=learning.before.clone() class="kept-text"/></div>
                    })}
                    <div class="chips">
                        <Chip>{learning.kind.label()}</Chip>
                        <Chip>{details.status.label()}</Chip>
                        {learning.worded_as_plan.then(|| view! { <Chip>"Worded as a plan in its document"</Chip> })}
                    </div>
                    {(details.status != LearningStatus::Outdated && !details.reason.is_empty()).then(|| view! {
                        <Markdown text=details.reason.clone() class="kept-text"/>
                    })}
                    {(!shown.is_empty()).then(|| view! { <div class="small quiet">"Shown by"<ul class="plain-list">{shown}</ul></div> })}
                </section>
                {seen_again(&apart.met)}
                {lives_on(&apart, &base, form)}
            </div>
            <aside class="stack" aria-label="Who should know, and readers">
                {who_should_know(&apart)}
                {published.map(|_| readers(&apart))}
            </aside>
        </div>
    }
}

/// What was true then is said kindly, with what holds now before it.
fn outdated(apart: &Apart) -> impl IntoView + use<> {
    let details = &apart.learning.details;
    (details.status == LearningStatus::Outdated).then(|| {
        let (since, reason, successor) = (apart.learning.status_at, details.reason.clone(), apart.successor.clone());
        view! {
            <Note>
                <Icon name="history"/>
                <div>
                    <p><strong>"This was true then, and it helped."</strong>{since.map(|at| view! { " Something else holds since "<When at/>"." })}</p>
                    <Markdown text=reason class="kept-text"/>
                    {successor.map(|(id, body)| view! {
                        <p>"In its place: "<a href=page_of(id)>{markdown::plain(&body)}</a></p>
                    })}
                </div>
            </Note>
        }
    })
}

fn seen_again(met: &[Met]) -> impl IntoView + use<> {
    let none = met.is_empty();
    let items = met.iter().map(|met| {
        view! {
            <li class="factor">
                <p><a href=format!("/incidents/{}", met.key)>{format!("{}, {}", met.key, met.title)}</a></p>
                {(!met.note.is_empty()).then(|| view! { <p class="small quiet">{met.note.clone()}</p> })}
            </li>
        }
    });
    let items: Vec<_> = items.collect();
    view! {
        <section aria-labelledby="met-h">
            <div class="section-head"><h2 id="met-h">"Seen again"</h2></div>
            {if none {
                view! { <p class="quiet small">"When a later incident meets this again, its review can say so, and it shows here."</p> }.into_any()
            } else {
                view! { <ul>{items}</ul> }.into_any()
            }}
        </section>
    }
}

fn lives_on(apart: &Apart, base: &str, form: Form<LinkFields>) -> impl IntoView + use<> {
    let (keeps, none) = (apart.keeps, apart.links.is_empty());
    let action = format!("{base}/learnings/{}/links", apart.learning.id);
    let items: Vec<_> = apart.links.iter().cloned().map(|link| one_link(link, base, keeps)).collect();
    view! {
        <section aria-labelledby="links-h">
            <div class="section-head"><h2 id="links-h">"Runbooks and exercises"</h2></div>
            {if none {
                view! { <p class="quiet small">"Where it is written down for the next night, and where it is practised."</p> }.into_any()
            } else {
                view! { <ul>{items}</ul> }.into_any()
            }}
            {keeps.then(|| link_form(action, form))}
        </section>
    }
}

fn one_link(link: Link, base: &str, keeps: bool) -> impl IntoView + use<> {
    let Link { id, said } = link;
    let remove = format!("{base}/runbooks/{id}/delete");
    let title = said.title.clone();
    let name = if said.address.is_empty() {
        said.title.into_any()
    } else {
        view! { <a href=said.address rel="noopener noreferrer nofollow">{said.title}</a> }.into_any()
    };
    view! {
        <li class="factor">
            <p>{name}</p>
            <div class="chips">
                <Chip>{said.kind.label()}</Chip>
                {said.day.map(|day| view! { <span class="small quiet">{day.format("%-d %b %Y").to_string()}</span> })}
                {keeps.then(|| view! {
                    <form method="post" action=remove><button class="btn btn-small btn-quiet">"Take away"<span class="vh">{format!(": {title}")}</span></button></form>
                })}
            </div>
        </li>
    }
}

fn link_form(action: String, form: Form<LinkFields>) -> impl IntoView {
    let options = LinkKind::ALL.map(|k| (k.slug().to_owned(), k.label().to_owned())).to_vec();
    let (title, address, day) = (form.error("link_title"), form.error("address"), form.error("day"));
    let open = !form.invalid.fields.is_empty();
    let typed = form.typed;
    view! {
        <details class="more mt4" open=open>
            <summary>"Add a runbook or an exercise"</summary>
            <form class="card stack mt2" method="post" action=action>
                <Select name="kind" label="What it is" value=typed.kind options/>
                <TextField name="link_title" label="Its name" value=typed.link_title error=title/>
                <TextField name="address" label="Address" hint="Of the web. An exercise may have none." value=typed.address error=address/>
                <TextField name="day" kind="date" label="Day of an exercise, if there is one" value=typed.day error=day/>
                <p class="actions"><button class="btn btn-primary">"Add"</button></p>
            </form>
        </details>
    }
}

fn who_should_know(apart: &Apart) -> impl IntoView + use<> {
    let names = apart.teams.clone();
    let ids = apart.learning.details.teams.clone();
    let none = names.is_empty();
    let items: Vec<_> = ids
        .into_iter()
        .zip(names)
        .map(|(id, name)| view! { <li><a href=format!("/learnings?team={id}")>{name}<span class="vh">": what this team should know"</span></a></li> })
        .collect();
    view! {
        <section class="card stack stack-tight" aria-labelledby="know-h">
            <h2 id="know-h">"Who should know"</h2>
            {if none { view! { <p class="hint">"Nobody is named. Everybody may."</p> }.into_any() } else { view! { <ul class="plain-list">{items}</ul> }.into_any() }}
        </section>
    }
}

fn readers(apart: &Apart) -> impl IntoView + use<> {
    let (mine, others) = (apart.new_to_me, apart.new_to_others);
    let action = format!("{}/new", page_of(apart.learning.id));
    let told = others.map(|n| format!("New to {n} or more {}.", if mine { "others as well" } else { "people" }));
    let (value, label) = if mine { ("", "Take it back") } else { ("yes", "New to me too") };
    view! {
        <section class="card stack stack-tight" aria-labelledby="new-h">
            <h2 id="new-h">"Was it new?"</h2>
            {mine.then(|| view! { <p>"It was new to you: thank you, noted."</p> })}
            {told.map(|told| view! { <p>{told}</p> })}
            <form method="post" action=action>
                <input type="hidden" name="new" value=value/>
                <button class="btn">{label}</button>
            </form>
            <p class="hint">"Nobody is shown who said so. A number shows only when many have, and in steps."</p>
        </section>
    }
}
