//! Files and images of an incident: their page, how they come in, how they are served, and how events and text show them.

mod page;
mod picker;
mod post;
mod serve;
mod shown;
mod upload;

pub(super) use picker::{FilePicker, event_form};
pub(super) use shown::OwnSource;

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::table::Routes;
use crate::ui::OwnFiles;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use domain::incidents::{Incident, IncidentKey};
use domain::rights::{Right, may};
use std::sync::Arc;
use store::incidents::Opened;
use store::timeline::attachments::{self, Attachment};

/// This part's endpoints.
pub(super) fn routes() -> Routes {
    use Right::{EditIncidents, SeeIncidents};
    Routes::default()
        .get("/incidents/{key}/attachments", SeeIncidents, page::show)
        // What comes is counted as it comes, against limits that an operator sets.
        .post("/incidents/{key}/attachments", EditIncidents, post::add.layer(DefaultBodyLimit::disable()))
        .post("/incidents/{key}/attachments/describe", EditIncidents, post::describe)
        .get("/incidents/{key}/attachments/{attachment}", SeeIncidents, serve::show)
        .post("/incidents/{key}/attachments/{attachment}/remove", EditIncidents, post::remove)
        .post("/incidents/{key}/attachments/{attachment}/restore", EditIncidents, post::restore)
}

/// The files that are there, of an incident that was opened.
pub(super) async fn files_of(ctx: &Ctx, incident: &Incident) -> Result<Vec<Attachment>, AppError> {
    Ok(attachments::list(ctx.store(), ctx.viewer()?, incident.id, ctx.now).await?.here)
}

/// The files that text about an incident may show.
pub(crate) async fn own_files(ctx: &Ctx, incident: &Incident) -> Result<OwnFiles, AppError> {
    Ok(OwnFiles::of(incident.key, Arc::new(files_of(ctx, incident).await?)))
}

/// An incident of a path.
async fn opened(ctx: &Ctx, key: &str) -> Result<Opened, AppError> {
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    Ok(store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?)
}

/// An incident of a path, for somebody who may change it: others learn nothing from how a form is refused.
async fn opened_to_edit(ctx: &Ctx, key: &str) -> Result<Opened, AppError> {
    let opened = opened(ctx, key).await?;
    if may(Right::EditIncidents, &opened.standing) { Ok(opened) } else { Err(AppError::NotFound) }
}
