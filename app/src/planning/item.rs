//! One mitigation item: the form that makes or changes it, with the idea that it comes from and what it links to.

use super::page::incident;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::learnings::tagged;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Markdown, Select, TextField, TextareaField};
use axum::extract::{Path, Query};
use axum::response::Response;
use chrono::NaiveDate;
use domain::learnings::{Factor, Learning};
use domain::planning::{Item, ItemDraft, ItemState, title_of};
use domain::{Invalid, ItemId, ParkedId};
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use store::incidents::Opened;
use store::{learnings, people, planning};

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ItemFields {
    /// One line.
    pub title: String,
    /// More words.
    pub body: String,
    /// The effect hoped for.
    pub effect: String,
    /// A person's id, or empty.
    pub owner: String,
    /// `2026-12-15`, or empty.
    pub due: String,
    /// A state's slug.
    pub state: String,
    /// Why it will not be done.
    pub reason: String,
    /// Ids of factors.
    pub factor: Vec<String>,
    /// Ids of learnings.
    pub learning: Vec<String>,
    /// The version that the form was drawn from.
    pub base_version: String,
    /// The parked idea that it comes from.
    pub from: String,
}

impl ItemFields {
    fn of(item: &Item) -> Self {
        Self {
            title: item.title.clone(),
            body: item.body.clone(),
            effect: item.effect.clone(),
            owner: item.owner_id.map(|id| id.to_string()).unwrap_or_default(),
            due: item.due_on.map(|day| day.to_string()).unwrap_or_default(),
            state: item.state.slug().to_owned(),
            reason: item.reason.clone(),
            factor: item.factors.iter().map(ToString::to_string).collect(),
            learning: item.learnings.iter().map(ToString::to_string).collect(),
            base_version: item.version.to_string(),
            from: String::new(),
        }
    }

    /// What was typed, read.
    pub fn draft(&self) -> Result<ItemDraft, Invalid> {
        let mut invalid = Invalid::default();
        let owner_id = match self.owner.as_str() {
            "" => None,
            id => invalid.take(id.parse().map_err(|_| Invalid::one("owner", "Please choose somebody from the list."))),
        };
        let due_on = match self.due.trim() {
            "" => None,
            day => {
                let read = NaiveDate::parse_from_str(day, "%Y-%m-%d");
                invalid.take(read.map_err(|_| Invalid::one("due", "Please write the day as year-month-day, like 2026-12-15.")))
            }
        };
        let draft = ItemDraft {
            title: self.title.clone(),
            body: self.body.clone(),
            owner_id,
            due_on,
            effect: self.effect.clone(),
            state: ItemState::from_slug(&self.state).unwrap_or(ItemState::Open),
            reason: self.reason.clone(),
            factors: self.factor.iter().filter_map(|id| id.parse().ok()).collect(),
            learnings: self.learning.iter().filter_map(|id| id.parse().ok()).collect(),
        };
        let checked = invalid.take(draft.checked());
        match checked {
            Some(draft) if invalid.fields.is_empty() => Ok(draft),
            _ => Err(invalid),
        }
    }

    /// The idea that it comes from, if it comes from one.
    pub fn from(&self) -> Result<Option<ParkedId>, AppError> {
        match self.from.as_str() {
            "" => Ok(None),
            id => id.parse().map(Some).map_err(|_| AppError::BadRequest),
        }
    }

    /// The version that the form was drawn from; 0 fits none.
    pub fn base(&self) -> i64 {
        self.base_version.parse().unwrap_or(0)
    }
}

/// Where a new item comes from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewQuery {
    from: String,
}

/// The empty form, or one that begins with a parked idea.
pub async fn new(ctx: Ctx, Path(key): Path<String>, Query(query): Query<NewQuery>) -> Result<Response, AppError> {
    let opened = incident(&ctx, &key).await?;
    let mut typed = ItemFields { from: query.from, state: ItemState::Open.slug().to_owned(), ..ItemFields::default() };
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
    draw(&ctx, opened, Some(id), Form::new(ItemFields::of(&item))).await
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
    planning::items(store, viewer, incident, ctx.now).await?;
    let idea = idea_of(ctx, &opened, &form.typed).await?;
    let linkable = Linkable {
        factors: learnings::factors(store, viewer, incident, ctx.now).await?,
        learnings: learnings::learnings(store, viewer, incident, ctx.now).await?,
    };
    let owners = people::list(store, viewer).await?.into_iter().filter(|p| p.has_account).map(|p| (p.id.to_string(), p.name));
    let owners: Vec<(String, String)> = std::iter::once((String::new(), "Nobody yet".to_owned())).chain(owners).collect();
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
                    {fields(&form, owners)}
                    {linkable.view(&form.typed)}
                    <input type="hidden" name="base_version" value=form.typed.base_version.clone()/>
                    <input type="hidden" name="from" value=form.typed.from.clone()/>
                    <div class="actions">
                        <button class="btn btn-primary">"Save"</button>
                        <a class="btn btn-quiet" href=format!("{base}/planning")>"Back without saving"</a>
                    </div>
                </form>
            </div>
        }
    }))
}

fn conflict(theirs: Item) -> impl IntoView {
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
                    <p class="small quiet">{format!("{}, {owner}. {}", theirs.state.label(), theirs.reason)}</p>
                </div>
            </div>
        </section>
    }
}

fn fields(form: &Form<ItemFields>, owners: Vec<(String, String)>) -> impl IntoView + use<> {
    let typed = form.typed.clone();
    let states = ItemState::ALL.into_iter().map(|s| (s.slug().to_owned(), s.label().to_owned())).collect::<Vec<_>>();
    view! {
        <TextField name="title" label="What is to be done" value=typed.title error=form.error("title")/>
        <TextareaField
            name="effect" label="The effect hoped for" text=typed.effect rows=2 error=form.error("effect")
            hint="What will be different, and for whom? Will something else become harder?"
        />
        <TextareaField name="body" label="More words" text=typed.body rows=4 hint="Markdown works here." error=form.error("body")/>
        <div class="field-row">
            <Select name="owner" label="Who takes care of it" value=typed.owner options=owners error=form.error("owner")/>
            <TextField name="due" kind="date" label="Due" value=typed.due error=form.error("due")/>
            <Select name="state" label="Where it stands" value=typed.state options=states/>
        </div>
        <TextareaField
            name="reason" label="If it won’t be done: why" text=typed.reason rows=2 error=form.error("reason")
            hint="Deciding against is a good result too. The reason stays with the item."
        />
    }
}

struct Linkable {
    factors: Vec<Factor>,
    learnings: Vec<Learning>,
}

impl Linkable {
    fn view(self, typed: &ItemFields) -> impl IntoView + use<> {
        let words = expect_context::<Ctx>().vocabulary;
        let factors = self.factors.into_iter().map(|f| (f.id.to_string(), tagged(&words, &f.tags, &f.body)));
        let learnings = self.learnings.into_iter().map(|l| (l.id.to_string(), l.body));
        view! {
            {checks("factor", "Contributing factors that it answers to", factors.collect(), &typed.factor)}
            {checks("learning", "Learnings that it rests on", learnings.collect(), &typed.learning)}
        }
    }
}

fn checks(
    name: &'static str,
    legend: &'static str,
    options: Vec<(String, String)>,
    ticked: &[String],
) -> Option<impl IntoView + use<>> {
    let ticked = ticked.to_vec();
    (!options.is_empty()).then(|| {
        let each = options
            .into_iter()
            .map(|(id, text)| {
                let checked = ticked.contains(&id);
                view! {
                    <label class="check">
                        <input type="checkbox" name=name value=id checked=checked/>
                        <span>{text}</span>
                    </label>
                }
            })
            .collect_view();
        view! { <fieldset class="stack"><legend>{legend}</legend>{each}</fieldset> }
    })
}
