//! The raw log of an incident: its pane beside the story, what is told from it, who wrote it, and its imports.

mod authors;
mod choice;
mod evidence;
mod import;
mod looking;
mod of_tools;
mod options;
mod pane;
mod picture;
mod tell;

pub(super) use evidence::{EvidenceOf, Readable};
pub(super) use pane::{LogPane, LookQuery, Pane, at_time};

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::table::Routes;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use domain::incidents::IncidentKey;
use domain::rights::{Right, may};
use domain::timeline::raw::RawKind;
use store::incidents::Opened;

/// This part's endpoints.
pub(super) fn routes() -> Routes {
    use Right::RawLog;
    Routes::default()
        .get("/incidents/{key}/raw/import", RawLog, import::choose)
        .post("/incidents/{key}/raw/import", RawLog, import::read.layer(DefaultBodyLimit::max(import::BODY)))
        .get("/incidents/{key}/raw/import/read", RawLog, import::show)
        .post("/incidents/{key}/raw/import/write", RawLog, import::write)
        .post("/incidents/{key}/raw/imports/{import}/undo", RawLog, import::undo)
        .post("/incidents/{key}/raw/imports/{import}/redo", RawLog, import::redo)
        .get("/import/logs", Right::EditIncidents, of_tools::choose)
        .post("/import/logs", Right::EditIncidents, of_tools::read.layer(DefaultBodyLimit::max(import::BODY)))
        .get("/import/logs/read", Right::EditIncidents, of_tools::show)
        .post("/import/logs/write", Right::EditIncidents, of_tools::write)
        .post("/import/logs/undo", Right::EditIncidents, of_tools::undo)
        .get("/incidents/{key}/raw/authors", RawLog, authors::show)
        .post("/incidents/{key}/raw/authors/{author}", RawLog, authors::name)
        .post("/incidents/{key}/raw/tell", RawLog, tell::tell)
        .post("/incidents/{key}/raw/untell", RawLog, tell::untell)
        .post("/incidents/{key}/raw/attach", RawLog, tell::attach)
        .post("/incidents/{key}/raw/detach", RawLog, tell::detach)
}

/// An incident of a path, for somebody who may read its raw log.
async fn opened_for(ctx: &Ctx, key: &str) -> Result<Opened, AppError> {
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    let opened = store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?;
    if may(Right::RawLog, &opened.standing) { Ok(opened) } else { Err(AppError::NotFound) }
}

/// The symbol of a sort of record.
fn icon(kind: RawKind) -> &'static str {
    match kind {
        RawKind::Message => "message-circle",
        RawKind::Firing => "bell",
        RawKind::Acknowledged => "user",
        RawKind::Resolved => "circle-check",
        RawKind::Note => "pencil",
        RawKind::StatusUpdate => "megaphone",
        RawKind::Handover => "arrow-right-left",
        RawKind::Change => "git-commit-horizontal",
        RawKind::Other => "activity",
    }
}
