//! The timeline of an incident: the page that tells it, and the forms that add to it.

mod attachments;
mod edit;
mod event_line;
mod form;
mod hypothesis;
mod in_place;
mod live;
mod new;
mod page;
mod paste;
mod perspectives;
mod post;
mod raw;
mod replay;
mod ribbon;
mod source;
mod story;
mod whole;

pub(crate) use attachments::own_files;
pub(crate) use event_line::{EventText, look};

use crate::table::Routes;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/incidents/{key}", Right::SeeIncidents, page::show)
        .post("/incidents/{key}/events", Right::EditIncidents, post::add.layer(DefaultBodyLimit::disable()))
        .get("/incidents/{key}/events/new", Right::EditIncidents, new::show)
        .get("/incidents/{key}/events/{id}", Right::EditIncidents, edit::show)
        .post("/incidents/{key}/events/{id}", Right::EditIncidents, post::change.layer(DefaultBodyLimit::disable()))
        .post("/incidents/{key}/events/{id}/delete", Right::EditIncidents, post::delete)
        .post("/incidents/{key}/events/{id}/undo", Right::EditIncidents, post::undo)
        .post("/incidents/{key}/events/{id}/settle", Right::EditIncidents, post::settle)
        .post("/incidents/{key}/events/{id}/mark", Right::EditIncidents, post::mark)
        .get("/incidents/{key}/live", Right::SeeIncidents, live::wait)
        .get("/incidents/{key}/paste", Right::EditIncidents, paste::show)
        .post("/incidents/{key}/paste", Right::EditIncidents, paste::read)
        .post("/incidents/{key}/paste/add", Right::EditIncidents, paste::add.layer(DefaultBodyLimit::max(paste::BODY)))
        .post("/incidents/{key}/paste/undo", Right::EditIncidents, paste::undo)
        .get("/still-in-place", Right::SeeIncidents, in_place::show)
        .post("/incidents/{key}/hypotheses", Right::EditIncidents, hypothesis::add)
        .get("/incidents/{key}/hypotheses/new", Right::EditIncidents, hypothesis::new)
        .get("/incidents/{key}/hypotheses/{id}", Right::EditIncidents, hypothesis::show)
        .post("/incidents/{key}/hypotheses/{id}", Right::EditIncidents, hypothesis::change)
        .post("/incidents/{key}/hypotheses/{id}/delete", Right::EditIncidents, hypothesis::delete)
        .post("/incidents/{key}/hypotheses/{id}/restore", Right::EditIncidents, hypothesis::restore)
        .get("/incidents/{key}/source/{id}", Right::ReadSource, source::show)
        .merge(attachments::routes())
        .merge(perspectives::routes())
        .merge(raw::routes())
}
