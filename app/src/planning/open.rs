//! The open planning room: on the table what was learned, beside it the parked ideas, then the mitigation items.

use super::ideas::{Lot, Refused};
use super::items::Items;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::learnings::FactorFacts;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, Markdown};
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::learnings::{Factor, Learning};
use domain::planning::{Item, Returned, Wall};
use domain::rights::{Right, may};
use domain::walltime;
use leptos::prelude::*;
use store::incidents::Opened;
use store::parking::{Group, Idea};
use store::{learnings, planning};

/// Everything on the page.
struct Room {
    base: String,
    key: IncidentKey,
    factors: Vec<Factor>,
    learnings: Vec<Learning>,
    returned: Vec<Returned>,
    ideas: Vec<Idea>,
    groups: Vec<Group>,
    items: Vec<Item>,
    refused: Option<Refused>,
}

/// Draws the open room, also with what was refused in it.
pub async fn draw(ctx: &Ctx, opened: Opened, wall: Wall, refused: Option<Refused>) -> Result<Response, AppError> {
    let (store, viewer, incident) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let room = Room {
        base: format!("/incidents/{}", opened.incident.key),
        key: opened.incident.key,
        factors: learnings::factors(store, viewer, incident, ctx.now).await?,
        learnings: learnings::learnings(store, viewer, incident, ctx.now).await?,
        returned: planning::returned(store, viewer, incident, ctx.now).await?,
        ideas: planning::ideas(store, viewer, incident, ctx.now).await?,
        groups: planning::groups(store, viewer, incident, ctx.now).await?,
        items: planning::items(store, viewer, incident, ctx.now).await?,
        refused,
    };
    let invalid = room.refused.as_ref().map(|r| r.form.invalid.clone()).unwrap_or_default();
    let appoints = may(Right::AppointPlanner, &opened.standing);
    let key = opened.incident.key;
    let head = Head::new(format!("{key}, planning room"), Nav::Incidents)
        .planning()
        .band("door-open", since(ctx, &wall))
        .refused(&invalid);
    Ok(shell::page(ctx, head, move || {
        let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (room.base.clone(), key.to_string())];
        view! {
            <Crumbs links here="Planning room"/>
            <div class="page-head">
                <div>
                    <h1>{opened.incident.title.clone()}</h1>
                    <p>"Start from what was learned. Options first, decisions later. Doing nothing, with a reason, is a good result too."</p>
                </div>
                <div class="actions">
                    {appoints.then(|| view! { <a class="btn btn-quiet" href=format!("{}/planners", room.base)>"Who plans"</a> })}
                    <a class="btn btn-quiet" href="/planned">"Planned, by age"</a>
                    <a class="btn" href=format!("{}/review", room.base)><Icon name="book-open"/>"Read the story"</a>
                    <a class="btn btn-primary" href=format!("{}/planning/items/new", room.base)><Icon name="plus"/>"New option"</a>
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
    let Room { base, key, factors, learnings, returned, ideas, groups, items, refused } = room;
    let made = items.iter().filter_map(|item| Some((item.parked_id?, format!("{base}/planning/items/{}", item.id)))).collect();
    let lot = Lot { base: base.clone(), ideas, groups, made, refused };
    view! {
        <div class="plan-cols">
            <Table key factors=factors.clone() learnings=learnings.clone() returned/>
            {lot.view()}
            <Items base items factors learnings/>
        </div>
    }
}

#[component]
fn Table(key: IncidentKey, factors: Vec<Factor>, learnings: Vec<Learning>, returned: Vec<Returned>) -> impl IntoView {
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
                        .map(|f| view! { <li><FactorFacts tags=f.tags details=f.details/><Markdown text=f.body class="small soft"/></li> })
                        .collect_view();
                    view! { <ul class="plain-list table-list">{each}</ul> }.into_any()
                }}
            </section>
            {(!returned.is_empty()).then(|| view! {
                <section class="card" aria-labelledby="back">
                    <h3 id="back">"Returned after change"</h3>
                    <ul class="plain-list table-list">{returned.into_iter().map(|r| came_back(key, r)).collect_view()}</ul>
                    <p class="hint mt2">"That says nothing against who did it. Look together at what the system still makes likely."</p>
                </section>
            })}
        </aside>
    }
}

/// "This came back in INC-160, 40 days after …", or "met before in INC-147 …": about the system, with links.
fn came_back(key: IncidentKey, returned: Returned) -> impl IntoView {
    let label = expect_context::<Ctx>().vocabulary.name(&returned.tag).to_owned();
    let days = if returned.days == 1 { "1 day".to_owned() } else { format!("{} days", returned.days) };
    let change = match returned.item {
        Some((item, title)) => {
            let href = format!("/incidents/{}/planning/items/{item}", returned.first);
            view! { "“"<a href=href>{title}</a>"”" }.into_any()
        }
        None => view! { "something" }.into_any(),
    };
    if returned.first == key {
        let link = view! { <a href=format!("/incidents/{}", returned.again)>{returned.again.to_string()}</a> };
        view! {
            <li><span class="chip">{label}</span><p class="small soft">
                "This came back in "{link}{format!(" ({}), {days} after ", returned.again_title)}{change}" was done."
            </p></li>
        }
        .into_any()
    } else {
        let link = view! { <a href=format!("/incidents/{}", returned.first)>{returned.first.to_string()}</a> };
        view! {
            <li><span class="chip">{label}</span><p class="small soft">
                "This was met before, in "{link}"; "{change}{format!(" was done about it {days} before this began.")}
            </p></li>
        }
        .into_any()
    }
}
