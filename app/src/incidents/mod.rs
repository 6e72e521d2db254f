//! Incidents: the list, one incident's frame, adding and changing one, importing.

mod access;
mod bulk;
mod csv;
mod fields;
mod filters;
mod frame;
mod import;
mod list;
mod parts;
mod post;
mod show;

pub(crate) use fields::{ZoneField, day_and_time};
pub(crate) use filters::{choice, day_field, days, factor_choices};
pub use frame::{IncidentFrame, Tab};
pub(crate) use import::{Lines, clean_name, counted, in_background};
pub(crate) use list::brief_rows;
pub use parts::{NatureMark, SeverityMark, StateMark};

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
        .get("/incidents/{key}/access", Right::Restrict, access::show)
        .post("/incidents/{key}/access", Right::Restrict, access::reach)
        .post("/incidents/{key}/access/people", Right::Restrict, access::name)
        .post("/incidents/{key}/access/people/off", Right::Restrict, access::take_off)
        .get("/incidents.csv", Right::SeeIncidents, csv::download)
        .post("/incidents/bulk", Right::EditIncidents, bulk::change)
        .get("/import", Right::EditIncidents, import::choose)
        .post("/import", Right::EditIncidents, import::read.layer(DefaultBodyLimit::max(import::BODY)))
        .get("/import/read", Right::EditIncidents, import::show)
        .post("/import/write", Right::EditIncidents, import::write)
}
