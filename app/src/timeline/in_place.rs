//! Mitigation actions that are still in place, over all incidents, the oldest first: each waits to be undone or to be made permanent.

use super::event_line::{Became, EventText};
use super::story::span;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Empty};
use axum::extract::Query;
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::rights::{Right, Standing, may};
use domain::{TeamId, walltime};
use leptos::prelude::*;
use serde::Deserialize;
use store::people::Team;
use store::timeline::in_place::{InPlace, PAGE};

/// `team`: of incidents of one team; `page` counts from 1.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InPlaceQuery {
    team: String,
    page: String,
}

pub(super) async fn show(ctx: Ctx, Query(query): Query<InPlaceQuery>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let teams = store::people::teams(ctx.store()).await?;
    let team = query.team.parse().ok().map(TeamId).filter(|id| teams.iter().any(|team| team.id == *id));
    let page = query.page.parse::<i64>().unwrap_or(1).max(1);
    let (actions, all) = store::timeline::in_place::list(ctx.store(), viewer, team, page - 1).await?;
    let edits = may(Right::EditIncidents, &Standing::of(viewer));
    Ok(shell::page(&ctx, Head::new("Still in place", Nav::Incidents), move || {
        let links = vec![("/incidents".to_owned(), "Incidents".to_owned())];
        view! {
            <Crumbs links here="Still in place"/>
            <div class="page-head">
                <div>
                    <h1>"Still in place"</h1>
                    <p>"What was done to lessen an impact and has not been undone or made permanent since. The oldest stand first: they are the ones that are forgotten."</p>
                </div>
            </div>
            <Teams teams team/>
            <Actions actions all edits team page/>
        }
    }))
}

/// The filter, a form that works without scripts.
#[component]
fn Teams(teams: Vec<Team>, team: Option<TeamId>) -> impl IntoView {
    if teams.is_empty() {
        return ().into_any();
    }
    let options = teams.into_iter().map(move |t| {
        let selected = team == Some(t.id);
        view! { <option value=t.id.to_string() selected=selected>{t.name}</option> }
    });
    view! {
        <form class="in-place-filter" method="get" action="/still-in-place">
            <select name="team" aria-label="Team"><option value="">"All teams"</option>{options.collect_view()}</select>
            <button class="btn btn-small">"Show"</button>
        </form>
    }
    .into_any()
}

fn here(team: Option<TeamId>, page: i64) -> String {
    let team = team.map(|team| format!("team={team}&")).unwrap_or_default();
    format!("/still-in-place?{team}page={page}")
}

#[component]
fn Actions(actions: Vec<InPlace>, all: i64, edits: bool, team: Option<TeamId>, page: i64) -> impl IntoView {
    if actions.is_empty() {
        let words = if all > 0 { "Nothing on this page" } else { "Nothing waits to be undone" };
        return view! {
            <Empty heading=words>
                <p>"When an event of a timeline is a “Mitigation action”, it stands here until somebody says what became of it."</p>
            </Empty>
        }
        .into_any();
    }
    let now = expect_context::<Ctx>().now;
    let back = here(team, page);
    let first = (page - 1) * PAGE + 1;
    let last = first - 1 + i64::try_from(actions.len()).unwrap_or(0);
    let range = if all > PAGE { format!("{first} to {last} of {all}") } else { counted(all) };
    let rows = actions.into_iter().map(|action| view! { <Action action now edits back=back.clone()/> });
    view! {
        <p class="quiet small mt4">{range}</p>
        <ul class="in-place">{rows.collect_view()}</ul>
        <nav class="pager" aria-label="Pages">
            {(page > 1).then(|| view! { <a class="btn" rel="prev" href=here(team, page - 1)>"Older"</a> })}
            {(last < all).then(|| view! { <a class="btn" rel="next" href=here(team, page + 1)>"Newer"</a> })}
        </nav>
    }
    .into_any()
}

fn counted(all: i64) -> String {
    if all == 1 { "1 action".to_owned() } else { format!("{all} actions") }
}

#[component]
fn Action(action: InPlace, now: DateTime<Utc>, edits: bool, back: String) -> impl IntoView {
    let InPlace { event, incident, title, team } = action;
    let zone = walltime::parse_zone(&event.zone).unwrap_or(chrono_tz::UTC);
    let at = event.at.unwrap_or(now);
    let team = team.map(|team| view! { <span>{team}</span> });
    let href = format!("/incidents/{incident}#e-{}", event.id);
    view! {
        <li class="card">
            <p class="in-place-age"><strong>{span(now - at)}</strong><time class="small quiet" datetime=at.to_rfc3339()>{walltime::absolute(at, zone)}</time></p>
            <div>
                <EventText body=event.body.clone()/>
                <p class="meta"><a href=href>{format!("{incident} {title}")}</a>{team}</p>
                <Became event zone incident edits back/>
            </div>
        </li>
    }
}
