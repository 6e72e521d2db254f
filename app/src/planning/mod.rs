//! The planning room: closed with the time left, or open with what was learned, the parked ideas and the mitigation items.

mod item;
mod open;
mod page;
mod planners;
mod post;
mod soak;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/incidents/{key}/planning", Right::EnterPlanning, page::show)
        .post("/incidents/{key}/planning/open", Right::EnterPlanning, post::open_early)
        .get("/incidents/{key}/planning/items/new", Right::Plan, item::new)
        .post("/incidents/{key}/planning/items", Right::Plan, post::add_item)
        .get("/incidents/{key}/planning/items/{item}", Right::Plan, item::show)
        .post("/incidents/{key}/planning/items/{item}", Right::Plan, post::change_item)
        .post("/incidents/{key}/planning/ideas/{idea}/drop", Right::Plan, post::drop_idea)
        .post("/incidents/{key}/planning/ideas/{idea}/put-back", Right::Plan, post::put_back)
        .get("/incidents/{key}/planners", Right::AppointPlanner, planners::show)
        .post("/incidents/{key}/planners", Right::AppointPlanner, planners::appoint)
}
