//! A source document by itself.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::Crumbs;
use axum::extract::Path;
use axum::response::Response;
use domain::SourceId;
use domain::incidents::IncidentKey;
use leptos::prelude::*;

pub(super) async fn show(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    let id: SourceId = id.parse().map_err(|_| AppError::NotFound)?;
    let opened = store::incidents::by_key(ctx.store(), viewer, key, ctx.now).await?;
    let text = store::sources::read(ctx.store(), viewer, opened.incident.id, id, ctx.now).await?;
    let base = format!("/incidents/{key}");
    let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (base, key.to_string())];
    Ok(shell::page(&ctx, Head::new(format!("Source of {key}"), Nav::Incidents), move || {
        view! {
            <Crumbs links here="Source"/>
            <div class="page-head">
                <div>
                    <h1>{opened.incident.title}</h1>
                    <p><span class="mono">{text.name}</span>" · read by facilitators, planners and who imported it; searched and quoted by nobody"</p>
                </div>
            </div>
            <pre class="source-text card" tabindex="0">{text.body}</pre>
        }
    }))
}
