//! Incidents: the list, one incident's frame, adding and changing one, importing.

mod fields;
mod frame;
mod import;
mod list;
mod parts;
mod post;
mod show;

pub(crate) use fields::{ZoneField, day_and_time};
pub use frame::{IncidentFrame, Tab};
pub use parts::{SeverityMark, StateMark};

use crate::table::Routes;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/incidents", Right::SeeIncidents, list::list)
        .post("/incidents", Right::EditIncidents, post::add)
        .get("/incidents/new", Right::EditIncidents, show::new)
        .get("/incidents/{key}/edit", Right::EditIncidents, show::edit)
        .post("/incidents/{key}/edit", Right::EditIncidents, post::change)
        .get("/import", Right::EditIncidents, import::choose)
        .post("/import", Right::EditIncidents, import::read.layer(DefaultBodyLimit::max(import::BODY)))
        .post("/import/write", Right::EditIncidents, import::write)
}
