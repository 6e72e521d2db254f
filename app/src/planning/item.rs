//! One mitigation item: the form that makes or changes it, with the idea that it comes from and what it links to.

use super::fields::{ItemFields, Linkable, fields};
use super::looking_back::said;
use super::page::incident;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Markdown};
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::ItemId;
use domain::planning::{Item, ItemState, title_of};
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use store::incidents::Opened;
use store::{learnings, people, planning};

/// Where a new item comes from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewQuery {
    from: String,
}

/// The empty form, or one that begins with a parked idea.
pub async fn new(ctx: Ctx, Path(key): Path<String>, Query(query): Query<NewQuery>) -> Result<Response, AppError> {
    let opened = incident(&ctx, &key).await?;
    let mut typed = ItemFields { from: query.from, state: ItemState::Proposed.slug().to_owned(), ..ItemFields::default() };
    if let Some(idea) = idea_of(&ctx, &opened, &typed).await? {
        typed.title = title_of(&idea);
    }
    draw(&ctx, opened, None, Form::new(typed)).await
}

/// The form of an item that is there.
pub async fn show(ctx: Ctx, Path((key, item)): Path<(String, String)>) -> Result<Response, AppError> {
    let opened = incident(&ctx, &key).await?;
    let id: ItemId = item.parse().map_err(|_| AppError::NotFound)?;
    let item = stored(&ctx, &opened, id).await?;
    sheet(&ctx, opened, Some(id), Form::new(ItemFields::of(&item)), None, StatusCode::OK).await
}

async fn stored(ctx: &Ctx, opened: &Opened, id: ItemId) -> Result<Item, AppError> {
    let items = planning::items(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    items.into_iter().find(|item| item.id == id).ok_or(AppError::NotFound)
}

async fn idea_of(ctx: &Ctx, opened: &Opened, typed: &ItemFields) -> Result<Option<String>, AppError> {
    let Some(from) = typed.from()? else { return Ok(None) };
    let ideas = planning::ideas(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    ideas.into_iter().find(|idea| idea.id == from).map(|idea| Some(idea.body)).ok_or(AppError::NotFound)
}

/// Draws the form, also when it was refused.
pub async fn draw(ctx: &Ctx, opened: Opened, id: Option<ItemId>, form: Form<ItemFields>) -> Result<Response, AppError> {
    let status = if form.invalid.fields.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    sheet(ctx, opened, id, form, None, status).await
}

/// Draws the form beside what somebody else saved in between; saving again takes it from there.
pub async fn draw_conflict(ctx: &Ctx, opened: Opened, id: ItemId, mut typed: ItemFields) -> Result<Response, AppError> {
    let theirs = stored(ctx, &opened, id).await?;
    typed.base_version = theirs.version.to_string();
    sheet(ctx, opened, Some(id), Form::new(typed), Some(theirs), StatusCode::CONFLICT).await
}

async fn sheet(
    ctx: &Ctx,
    opened: Opened,
    id: Option<ItemId>,
    form: Form<ItemFields>,
    theirs: Option<Item>,
    status: StatusCode,
) -> Result<Response, AppError> {
    let (store, viewer, incident) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    // Also the check that this viewer plans here: without it, no form.
    let items = planning::items(store, viewer, incident, ctx.now).await?;
    let done = items.into_iter().find(|item| Some(item.id) == id && item.state == ItemState::Done);
    let idea = idea_of(ctx, &opened, &form.typed).await?;
    let linkable = Linkable {
        factors: learnings::factors(store, viewer, incident, ctx.now).await?,
        learnings: learnings::learnings(store, viewer, incident, ctx.now).await?,
    };
    let owners = people::list(store, viewer).await?.into_iter().filter(|p| p.has_account).map(|p| (p.id.to_string(), p.name));
    let owners: Vec<(String, String)> = std::iter::once((String::new(), "Nobody yet".to_owned())).chain(owners).collect();
    let theirs = theirs.map(|theirs| Theirs::of(theirs, &linkable));
    let key = opened.incident.key;
    let heading = if id.is_some() { "Mitigation item" } else { "New mitigation item" };
    let head = Head::new(format!("{key}, {}", heading.to_lowercase()), Nav::Incidents).planning().status(status);
    let head = head.band("door-open", "The story does not link here.");
    Ok(shell::page(ctx, head, move || {
        let base = format!("/incidents/{key}");
        let links = vec![
            ("/incidents".to_owned(), "Incidents".to_owned()),
            (base.clone(), key.to_string()),
            (format!("{base}/planning"), "Planning room".to_owned()),
        ];
        let action = id.map_or_else(|| format!("{base}/planning/items"), |id| format!("{base}/planning/items/{id}"));
        view! {
            <div class="narrow">
                <Crumbs links here=heading/>
                <div class="page-head"><div><h1>{heading}</h1><p>{opened.incident.title.clone()}</p></div></div>
                {theirs.map(conflict)}
                {idea.map(|idea| view! {
                    <figure class="idea mb4"><figcaption class="quiet small">"From the parking lot"</figcaption><Markdown text=idea/></figure>
                })}
                <form class="card stack" method="post" action=action>
                    {fields(&form, owners, linkable)}
                    <input type="hidden" name="base_version" value=form.typed.base_version.clone()/>
                    <input type="hidden" name="from" value=form.typed.from.clone()/>
                    <div class="actions">
                        <button class="btn btn-primary">"Save"</button>
                        <a class="btn btn-quiet" href=format!("{base}/planning")>"Back without saving"</a>
                    </div>
                </form>
                {done.map(|item| view! {
                    <section class="card mt6" aria-labelledby="helped">
                        <h2 id="helped">"Did it help?"</h2>
                        {said(&item.helped)}
                        <p class="actions"><a class="btn" href=format!("/planned/{}", item.id)>"Say whether it helped"</a></p>
                    </section>
                })}
            </div>
        }
    }))
}

/// What somebody else saved, with the words of all that it is linked to: saving writes over those links, too.
struct Theirs {
    item: Item,
    linked: Vec<String>,
}

impl Theirs {
    fn of(item: Item, linkable: &Linkable) -> Self {
        let factors = linkable.factors.iter().filter(|f| item.factors.contains(&f.id)).map(|f| f.body.clone());
        let learnings = linkable.learnings.iter().filter(|l| item.learnings.contains(&l.id)).map(|l| l.body.clone());
        let linked = factors.chain(learnings).collect();
        Self { item, linked }
    }
}

fn conflict(Theirs { item: theirs, linked }: Theirs) -> impl IntoView {
    let due = theirs.due_on.map(|day| day.format("Due %-d %b %Y. ").to_string()).unwrap_or_default();
    let effort = theirs.effort.map(|effort| format!("It takes: {}. ", effort.label())).unwrap_or_default();
    let tracker = if theirs.tracker.is_empty() { String::new() } else { format!("Tracked at {}.", theirs.tracker) };
    let owner = theirs.owner.clone().unwrap_or_else(|| "nobody yet".to_owned());
    view! {
        <section class="note note-care mb4" aria-labelledby="two">
            <h2 id="two" class="vh">"Two versions"</h2>
            <div class="stack">
                <p>"Somebody saved this item while you were writing. Theirs is here, yours is in the form. Saving keeps yours."</p>
                <div class="card">
                    <h3>{theirs.title.clone()}</h3>
                    <Markdown text=theirs.body.clone()/>
                    <p class="small">{theirs.effect.clone()}</p>
                    {(!theirs.harder.is_empty()).then(|| view! { <p class="small">{format!("Harder: {}", theirs.harder)}</p> })}
                    <p class="small quiet">{format!("{}, {owner}. {}", theirs.state.label(), theirs.reason)}</p>
                    <p class="small quiet">{format!("{due}{effort}{tracker}")}</p>
                    {(!linked.is_empty()).then(|| view! {
                        <p class="small">"Linked to:"</p>
                        <ul class="small">{linked.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
                    })}
                </div>
            </div>
        </section>
    }
}
