//! On-call schedules: a page a team, where one is looked at and then taken over. For administrators and facilitators.

mod page;
mod post;

use crate::table::Routes;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use domain::rights::Right;

/// Where the list is.
const AT: &str = "/schedules";
/// The largest body of an import: a file of two megabytes and what is around it.
const BODY: usize = 3 * 1024 * 1024;

/// This room's endpoints.
pub fn routes() -> Routes {
    let keep = Right::KeepSchedules;
    Routes::default()
        .get("/schedules", keep, page::list)
        .get("/schedules/{team}", keep, page::show)
        .post("/schedules/{team}", keep, post::import.layer(DefaultBodyLimit::max(BODY)))
        .post("/schedules/{team}/imports/{import}/back", keep, post::take_back)
}
