//! The timeline of an incident: the page that tells it, and the forms that add to it.

mod edit;
mod form;
mod page;
mod post;
mod raw;
mod ribbon;
mod source;
mod story;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/incidents/{key}", Right::SeeIncidents, page::show)
        .post("/incidents/{key}/events", Right::EditIncidents, post::add)
        .get("/incidents/{key}/events/{id}", Right::EditIncidents, edit::show)
        .post("/incidents/{key}/events/{id}", Right::EditIncidents, post::change)
        .post("/incidents/{key}/events/{id}/delete", Right::EditIncidents, post::delete)
        .post("/incidents/{key}/events/{id}/restore", Right::EditIncidents, post::restore)
        .get("/incidents/{key}/source/{id}", Right::ReadSource, source::show)
        .merge(raw::routes())
}
