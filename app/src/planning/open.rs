//! The open planning room: on the table what was learned, beside it the parked ideas, then the mitigation items.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::learnings::{FactorFacts, named};
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, Markdown};
use axum::response::Response;
use domain::learnings::{Factor, Learning};
use domain::planning::{Item, ItemState, Wall};
use domain::rights::{Right, may};
use domain::{ParkedId, walltime};
use leptos::prelude::*;
use store::incidents::Opened;
use store::parking::Idea;
use store::{learnings, planning};

/// Everything on the page.
struct Room {
    base: String,
    factors: Vec<Factor>,
    learnings: Vec<Learning>,
    ideas: Vec<Idea>,
    items: Vec<Item>,
}

/// Draws the open room.
pub async fn draw(ctx: &Ctx, opened: Opened, wall: Wall) -> Result<Response, AppError> {
    let (store, viewer, incident) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let room = Room {
        base: format!("/incidents/{}", opened.incident.key),
        factors: learnings::factors(store, viewer, incident, ctx.now).await?,
        learnings: learnings::learnings(store, viewer, incident, ctx.now).await?,
        ideas: planning::ideas(store, viewer, incident, ctx.now).await?,
        items: planning::items(store, viewer, incident, ctx.now).await?,
    };
    let appoints = may(Right::AppointPlanner, &opened.standing);
    let key = opened.incident.key;
    let head = Head::new(format!("{key}, planning room"), Nav::Incidents).planning().band("door-open", since(ctx, &wall));
    Ok(shell::page(ctx, head, move || {
        let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (room.base.clone(), key.to_string())];
        view! {
            <Crumbs links here="Planning room"/>
            <div class="page-head">
                <div>
                    <h1>{opened.incident.title.clone()}</h1>
                    <p>"Start from what was learned. Doing nothing, with a reason, is a good result too."</p>
                </div>
                <div class="actions">
                    {appoints.then(|| view! { <a class="btn btn-quiet" href=format!("{}/planners", room.base)>"Who plans"</a> })}
                    <a class="btn" href=format!("{}/review", room.base)><Icon name="book-open"/>"Read the story"</a>
                    <a class="btn btn-primary" href=format!("{}/planning/items/new", room.base)><Icon name="plus"/>"New item"</a>
                </div>
            </div>
            {early(&wall)}
            {columns(room)}
        }
    }))
}

/// "Opened Fri 20 Nov 2026, 14:00 CET. The story does not link here."
fn since(ctx: &Ctx, wall: &Wall) -> String {
    let at = wall.opened_at(ctx.now).map(|at| format!("Opened {}. ", walltime::absolute(at, ctx.zone()))).unwrap_or_default();
    format!("{at}The story does not link here.")
}

/// The reason for opening early stays on record, and here.
fn early(wall: &Wall) -> impl IntoView + use<> {
    wall.opened_early_at.map(|_| {
        let by = wall.opened_by.clone().unwrap_or_else(|| "Somebody".to_owned());
        let reason = wall.reason.clone();
        view! {
            <div class="note note-care mt4 mb4">
                <Icon name="hourglass"/>
                <div><p>{format!("{by} opened this room before the soak time was over:")}</p><p class="soft">{reason}</p></div>
            </div>
        }
    })
}

fn columns(room: Room) -> impl IntoView {
    let Room { base, factors, learnings, ideas, items } = room;
    let made = |idea: &Idea| items.iter().find(|item| item.parked_id == Some(idea.id)).map(|item| item.id);
    let (taken, rest): (Vec<Idea>, Vec<Idea>) = ideas.into_iter().partition(|idea| made(idea).is_some());
    let (dropped, open): (Vec<Idea>, Vec<Idea>) = rest.into_iter().partition(|idea| idea.set_aside);
    let taken: Vec<(Idea, String)> = taken
        .into_iter()
        .map(|idea| {
            let link = made(&idea).map(|item| format!("{base}/planning/items/{item}")).unwrap_or_default();
            (idea, link)
        })
        .collect();
    view! {
        <div class="plan-cols">
            <Table factors=factors.clone() learnings=learnings.clone()/>
            <Ideas base=base.clone() open taken dropped/>
            <Items base items factors learnings/>
        </div>
    }
}

#[component]
fn Table(factors: Vec<Factor>, learnings: Vec<Learning>) -> impl IntoView {
    view! {
        <aside class="stack" aria-label="From the story">
            <div class="section-head section-head-flush"><h2>"On the table"</h2></div>
            <section class="card">
                <h3>"Learnings"</h3>
                {if learnings.is_empty() {
                    view! { <p class="hint">"The review names no learnings."</p> }.into_any()
                } else {
                    let each = learnings.into_iter().map(|l| {
                        let before = markdown::plain(&l.before);
                        view! {
                            <li>
                                {(!before.is_empty()).then(|| view! { <p class="small quiet">{format!("Thought before: {before}")}</p> })}
                                <Markdown text=l.body class="read"/>
                            </li>
                        }
                    });
                    let each = each.collect_view();
                    view! { <ul class="plain-list table-list">{each}</ul> }.into_any()
                }}
            </section>
            <section class="card">
                <h3>"Contributing factors"</h3>
                {if factors.is_empty() {
                    view! { <p class="hint">"The review names no factors."</p> }.into_any()
                } else {
                    let each = factors
                        .into_iter()
                        .map(|f| view! { <li><Markdown text=f.body class="small"/><FactorFacts tags=f.tags details=f.details/></li> })
                        .collect_view();
                    view! { <ul class="plain-list table-list">{each}</ul> }.into_any()
                }}
            </section>
        </aside>
    }
}

#[component]
fn Ideas(base: String, open: Vec<Idea>, taken: Vec<(Idea, String)>, dropped: Vec<Idea>) -> impl IntoView {
    let counts = format!("{} open, {} taken up", open.len(), taken.len());
    let none = open.is_empty().then(|| view! { <p class="quiet">"No idea waits here."</p> });
    view! {
        <section aria-labelledby="ideas">
            <div class="section-head"><h2 id="ideas">"Parked ideas"</h2><span class="quiet small">{counts}</span></div>
            {none}
            <ul class="stack">
                {open.into_iter().map(|idea| view! { <IdeaCard base=base.clone() idea/> }).collect_view()}
            </ul>
            {(!taken.is_empty()).then(|| view! {
                <details class="more mt4">
                    <summary>{format!("Taken up ({})", taken.len())}</summary>
                    <ul class="stack mt2">
                        {taken.into_iter().map(|(idea, link)| view! {
                            <li class="idea"><Markdown text=idea.body/><div class="meta"><a href=link>"Its item"</a></div></li>
                        }).collect_view()}
                    </ul>
                </details>
            })}
            {(!dropped.is_empty()).then(|| view! {
                <details class="more mt4">
                    <summary>{format!("Dropped, with thanks ({})", dropped.len())}</summary>
                    <ul class="stack mt2">
                        {dropped.into_iter().map(|idea| view! {
                            <li class="idea">
                                <Markdown text=idea.body/>
                                <IdeaButton base=base.clone() idea=idea.id act="put-back" words="Put it back"/>
                            </li>
                        }).collect_view()}
                    </ul>
                </details>
            })}
        </section>
    }
}

#[component]
fn IdeaCard(base: String, idea: Idea) -> impl IntoView {
    let make = format!("{base}/planning/items/new?from={}", idea.id);
    view! {
        <li class="idea">
            <Markdown text=idea.body/>
            {idea.name.map(|name| view! { <div class="meta"><span><Icon name="user"/>{name}</span></div> })}
            <div class="actions">
                <a class="btn btn-small" href=make>"Make an item"</a>
                <IdeaButton base idea=idea.id act="drop" words="Drop, with thanks"/>
            </div>
        </li>
    }
}

#[component]
fn IdeaButton(base: String, idea: ParkedId, act: &'static str, words: &'static str) -> impl IntoView {
    view! {
        <form method="post" action=format!("{base}/planning/ideas/{idea}/{act}")>
            <button class="btn btn-quiet btn-small">{words}</button>
        </form>
    }
}

#[component]
fn Items(base: String, items: Vec<Item>, factors: Vec<Factor>, learnings: Vec<Learning>) -> impl IntoView {
    let heading = view! { <div class="section-head"><h2 id="items">"Mitigation items"</h2></div> };
    if items.is_empty() {
        return view! {
            <section aria-labelledby="items">
                {heading}
                <p class="quiet">"Nothing is planned yet. An item begins with a parked idea, or with what was learned."</p>
            </section>
        }
        .into_any();
    }
    view! {
        <section aria-labelledby="items">
            {heading}
            <ul class="rows">
                {items.into_iter().map(|item| item_row(&base, item, &factors, &learnings)).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

/// Due dates as "15 Dec 2026": a day, not a race.
fn item_row(base: &str, item: Item, factors: &[Factor], learnings: &[Learning]) -> impl IntoView + use<> {
    let words = expect_context::<Ctx>().vocabulary;
    let linked: Vec<String> =
        factors.iter().filter(|f| item.factors.contains(&f.id)).map(|f| named(&words, &f.tags, &f.body)).collect();
    let rests_on = learnings.iter().filter(|l| item.learnings.contains(&l.id)).count();
    let learned = match rests_on {
        0 => None,
        1 => Some("1 learning".to_owned()),
        n => Some(format!("{n} learnings")),
    };
    let why = (item.state == ItemState::WontDo).then(|| item.reason.clone());
    let due = item.due_on.filter(|_| item.state != ItemState::WontDo).map(|day| day.format("due %-d %b %Y").to_string());
    view! {
        <li class="item">
            <h3><a href=format!("{base}/planning/items/{}", item.id)>{item.title.clone()}</a></h3>
            {(!item.effect.is_empty()).then(|| view! { <p>{item.effect.clone()}</p> })}
            {why.map(|why| view! { <p class="quiet">{why}</p> })}
            <div class="meta">
                <StateChip state=item.state/>
                {item.owner.clone().map(|owner| view! { <span><Icon name="user"/>{owner}</span> })}
                {due.map(|due| view! { <span><Icon name="calendar"/>{due}</span> })}
                {linked.into_iter().map(|label| view! { <span class="chip">{label}</span> }).collect_view()}
                {learned.map(|learned| view! { <span class="chip">{learned}</span> })}
            </div>
        </li>
    }
}

/// Where an item stands.
#[component]
fn StateChip(state: ItemState) -> impl IntoView {
    let class = match state {
        ItemState::Open => "chip",
        ItemState::Doing => "chip chip-info",
        ItemState::Done => "chip chip-good",
        ItemState::WontDo => "chip chip-plain",
    };
    let words = if state == ItemState::WontDo { "Won’t do, because" } else { state.label() };
    view! { <span class=class>{words}</span> }
}
