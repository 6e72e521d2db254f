//! The page: what it costs people above, with its own period line and no filter; what happens below, filtered by the URL.

use super::compared::{Compared, Side, earlier};
use super::cost::{self, Triage};
use super::incidents::Block;
use super::query::{TrendsQuery, address};
use super::{annotations, incidents, people};
use crate::charts::Patterns;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;
use std::sync::Arc;
use store::trends::{self, Filter, IncidentMeasures, PeopleMeasures};

/// What the page shows.
struct Shown {
    released: PeopleMeasures,
    triage: Option<Triage>,
    measures: Arc<IncidentMeasures>,
    block: Block,
}

async fn read(ctx: &Ctx, query: &TrendsQuery) -> Result<Shown, AppError> {
    let viewer = ctx.viewer()?;
    let filter = query.filter(ctx.now);
    let released = trends::released(ctx.store(), viewer, ctx.now).await?;
    let measures = trends::incident_measures(ctx.store(), viewer, &filter).await?;
    let block = Block {
        against: query.against(),
        compared: compared(ctx, query, &filter, &measures).await?,
        teams: released.teams.clone(),
        services: store::services::list(ctx.store(), viewer).await?,
        changed: annotations::within(ctx, &filter).await?,
        now: ctx.now,
        filter,
    };
    let triage = cost::read(ctx, &released).await?;
    Ok(Shown { released, triage, measures, block })
}

/// Trends.
pub async fn show(ctx: Ctx, Query(query): Query<TrendsQuery>) -> Result<Response, AppError> {
    let shown = read(&ctx, &query).await?;
    Ok(shell::page(&ctx, Head::new("Trends", Nav::Trends), move || {
        let more = |path: &str| address(path, &shown.block.filter);
        view! {
            <Patterns/>
            <div class="page-head">
                <div>
                    <h1>"Trends"</h1>
                    <p>"What keeps coming back, and what it costs people. No person appears here: figures about people speak of five or more."</p>
                </div>
                <div class="actions"><a class="btn" href=more("/trends/questions")>"Eight questions, one page"</a></div>
            </div>
            {board(&shown)}
            <p class="places-foot small">
                "More about incidents: "<a href=more("/trends/factors")>"Factors that keep coming back"</a>" · "<a href=more("/trends/helped")>"What helped"</a>" · "
                <a href=more("/trends/when")>"When incidents begin"</a>" · "<a href=more("/trends/on-call")>"On call"</a>" · "<a href=more("/trends/learning")>"What we learn"</a>
            </p>
            <p class="small">"For a meeting: "<a href="/trends/report">"a week or a month on one sheet"</a></p>
            <p class="small quiet">"Each team and each service has a page of its own: "<a href="/teams">"Teams"</a>" · "<a href="/services">"Services"</a>" · "<a href="/trends/pulse">"The pulse"</a></p>
        }
    }))
}

/// The charts as the page draws them, for their files.
pub(super) async fn figures(ctx: &Ctx, query: &TrendsQuery) -> Result<String, AppError> {
    let shown = read(ctx, query).await?;
    Ok(shell::drawn(ctx, || board(&shown)))
}

fn board(shown: &Shown) -> impl IntoView + use<> {
    view! {
        <div class="board">
            {people::block(&shown.released, shown.triage.as_ref())}
            {incidents::block(&shown.block, &shown.measures)}
        </div>
    }
}

/// The earlier period beside this one, if one is asked for; `Some(None)` where both would share months.
pub(super) async fn compared(
    ctx: &Ctx,
    query: &TrendsQuery,
    filter: &Filter,
    measures: &IncidentMeasures,
) -> Result<Option<Option<Compared>>, AppError> {
    let Some(against) = query.against() else { return Ok(None) };
    let Some(then) = earlier(filter, against) else { return Ok(Some(None)) };
    let before = trends::incident_measures(ctx.store(), ctx.viewer()?, &then).await?;
    let (now, before) = (Side::new(filter.clone(), measures.total(), ctx.now), Side::new(then, before.total(), ctx.now));
    Ok(Some(Some(Compared::new(now, before, against, ctx.now))))
}
