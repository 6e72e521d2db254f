//! The page of a team or a service: its incidents by month, what keeps taking part, the latest of them and what was learned.

use super::{PlaceLink, of_service, of_team};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::incidents::brief_rows;
use crate::learnings::page_of;
use crate::shell::{self, Head, Nav};
use crate::trends::incidents::{counts, factors};
use crate::trends::query::{TrendsQuery, address};
use crate::ui::{Chip, Crumbs, Empty, Icon, Markdown, When};
use axum::extract::Path;
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::{ServiceId, TeamId};
use leptos::prelude::*;
use std::sync::Arc;
use store::incidents::Row;
use store::learnings::{Latest, Of};
use store::trends::{Filter, IncidentMeasures};

/// Incidents of a page.
const ROWS: usize = 10;
/// Learnings of a page.
const LEARNINGS: usize = 6;

/// What the page is about.
struct Place {
    name: String,
    /// Where all pages of its kind are listed.
    index: (&'static str, &'static str),
    /// In a sentence; may be empty.
    description: String,
    put_away: bool,
    /// How those beside it are called, and who they are: the owning team, or the services of a team.
    beside: (&'static str, Vec<(String, String)>),
    /// What belongs to it.
    of: Of,
}

/// A place with what is shown of it.
struct Shown {
    place: Place,
    filter: Filter,
    measures: Arc<IncidentMeasures>,
    rows: Vec<Row>,
    learnings: Vec<Latest>,
    now: DateTime<Utc>,
}

pub(in crate::trends) async fn team(ctx: Ctx, Path(team): Path<String>) -> Result<Response, AppError> {
    let services = store::services::list(ctx.store(), ctx.viewer()?).await?;
    let id: TeamId = team.parse().map(TeamId).map_err(|_| AppError::NotFound)?;
    let team = store::people::teams(ctx.store()).await?.into_iter().find(|t| t.id == id).ok_or(AppError::NotFound)?;
    let own: Vec<(String, String)> =
        services.into_iter().filter(|s| s.team_id == Some(id) && !s.put_away).map(|s| (of_service(s.id), s.name)).collect();
    let place = Place {
        name: team.name,
        index: ("/teams", "Teams"),
        description: String::new(),
        put_away: team.put_away,
        beside: (if own.len() == 1 { "Service" } else { "Services" }, own),
        of: Of { team: Some(id), service: None },
    };
    show(&ctx, place).await
}

pub(in crate::trends) async fn service(ctx: Ctx, Path(service): Path<String>) -> Result<Response, AppError> {
    let services = store::services::list(ctx.store(), ctx.viewer()?).await?;
    let id: ServiceId = service.parse().map(ServiceId).map_err(|_| AppError::NotFound)?;
    let service = services.into_iter().find(|s| s.id == id).ok_or(AppError::NotFound)?;
    let place = Place {
        name: service.name,
        index: ("/services", "Services"),
        description: service.description,
        put_away: service.put_away,
        beside: ("Owned by", service.team_id.map(of_team).zip(service.team).into_iter().collect()),
        of: Of { team: None, service: Some(id) },
    };
    show(&ctx, place).await
}

async fn show(ctx: &Ctx, place: Place) -> Result<Response, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let filter = Filter { team: place.of.team, service: place.of.service, ..TrendsQuery::default().filter(ctx.now) };
    let listed = store::incidents::Filter { team: filter.team, service: filter.service, ..store::incidents::Filter::default() };
    let shown = Shown {
        measures: store::trends::incident_measures(store, viewer, &filter).await?,
        rows: store::incidents::list(store, viewer, &listed, ROWS).await?.rows,
        learnings: store::learnings::latest(store, viewer, place.of, LEARNINGS).await?,
        now: ctx.now,
        filter,
        place,
    };
    let head = Head::new(shown.place.name.clone(), Nav::Trends);
    Ok(shell::page(ctx, head, move || draw(shown)))
}

/// The whole list of what belongs to it.
fn whole_list(of: Of) -> String {
    let team = of.team.map(|team| format!("/incidents?team={team}"));
    let service = of.service.map(|service| format!("/incidents?service={service}"));
    team.or(service).unwrap_or_else(|| "/incidents".to_owned())
}

fn draw(shown: Shown) -> impl IntoView {
    let Shown { place, filter, measures, rows, learnings, now } = shown;
    let links = vec![("/trends".to_owned(), "Trends".to_owned()), (place.index.0.to_owned(), place.index.1.to_owned())];
    let (label, beside) = place.beside;
    let beside = beside.into_iter().enumerate().map(|(n, (href, name))| {
        view! { {(n > 0).then_some(", ")}<PlaceLink href name/> }
    });
    let beside: Vec<_> = beside.collect();
    let (name, all) = (place.name.clone(), whole_list(place.of));
    let trends = format!("{}#incidents", address("/trends", &filter));
    view! {
        <Crumbs links here=place.name.clone()/>
        <div class="page-head">
            <div>
                <h1>{place.name.clone()}</h1>
                {(!place.description.is_empty()).then(|| view! { <p>{place.description}</p> })}
                <div class="facts places-facts">
                    {(!beside.is_empty()).then(|| view! { <dl><dt>{label}</dt><dd>{beside}</dd></dl> })}
                    {place.put_away.then(|| view! { <Chip>"No longer in use"</Chip> })}
                </div>
            </div>
            <div class="actions"><a class="btn" href=trends><Icon name="chart-no-axes-column"/>"See it in trends"</a></div>
        </div>
        {if rows.is_empty() {
            nothing(&name).into_any()
        } else {
            view! {
                <div class="board places">
                    <h2>"The last twelve months"<small>{coverage(&measures)}</small></h2>
                    <div class="w7 stack">{counts(&filter, &measures, None, now)}</div>
                    <div class="w5 stack">{factors(&filter, &measures)}</div>
                </div>
                <section aria-labelledby="latest-h">
                    <div class="section-head"><h2 id="latest-h">"Latest incidents"</h2><a class="small" href=all>{format!("All incidents of {name}")}</a></div>
                    {brief_rows(rows)}
                </section>
                {learned(learnings)}
            }
            .into_any()
        }}
    }
}

fn coverage(measures: &IncidentMeasures) -> String {
    format!("{} of {} incidents have a published story. Factors speak only of those.", measures.reviewed, measures.total())
}

fn nothing(name: &str) -> impl IntoView + use<> {
    view! {
        <Empty heading=format!("Nothing is told of {name} yet")>
            <p>"When an incident names it, this page shows when that was, what took part, and what was learned."</p>
            <p><a class="btn" href="/incidents">"All incidents"</a></p>
        </Empty>
    }
}

fn learned(learnings: Vec<Latest>) -> impl IntoView {
    let empty = learnings.is_empty();
    let items = learnings.into_iter().map(|latest| {
        let Latest { learning, key, title, published_at } = latest;
        view! {
            <li class="factor">
                <Markdown text=learning.body class="kept-text"/>
                {(!learning.before.is_empty()).then(|| view! {
                    <div class="small quiet">"Thought before:"<Markdown text=learning.before class="kept-text"/></div>
                })}
                <p class="small quiet">
                    <a href=page_of(learning.id)>{format!("{key}, {title}")}</a>
                    ", told "<When at=published_at/>
                </p>
            </li>
        }
    });
    view! {
        <section class="places-learned" aria-labelledby="learned-h">
            <div class="section-head"><h2 id="learned-h">"Latest learnings"</h2><a class="small" href="/learnings">"All learnings"</a></div>
            {if empty {
                view! { <p class="quiet">"When a second story is published, what was learned shows here."</p> }.into_any()
            } else {
                view! { <ul>{items.collect_view()}</ul> }.into_any()
            }}
        </section>
    }
}
