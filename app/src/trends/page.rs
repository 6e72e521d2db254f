//! The page: what it costs people above, with its own period line and no filter; what happens below, filtered by the URL.

use super::query::TrendsQuery;
use super::{incidents, people};
use crate::charts::Patterns;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;
use store::trends;

/// Trends.
pub async fn show(ctx: Ctx, Query(query): Query<TrendsQuery>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let filter = query.filter(ctx.now);
    let released = trends::released(ctx.store(), viewer, ctx.now).await?;
    let services = store::services::list(ctx.store(), viewer).await?;
    let measures = trends::incident_measures(ctx.store(), viewer, &filter).await?;
    let now = ctx.now;
    Ok(shell::page(&ctx, Head::new("Trends", Nav::Trends), move || {
        view! {
            <Patterns/>
            <div class="page-head"><div>
                <h1>"Trends"</h1>
                <p>"What keeps coming back, and what it costs people. No person appears here: figures about people speak of five or more."</p>
            </div></div>
            <div class="board">
                {people::block(&released)}
                {incidents::block(&filter, &measures, &released.teams, &services, now)}
            </div>
            <p class="places-foot small">"Each team and each service has a page of its own: "<a href="/teams">"Teams"</a>" · "<a href="/services">"Services"</a>" · "<a href="/trends/pulse">"The pulse"</a></p>
        }
    }))
}
