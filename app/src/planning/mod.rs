//! The planning room: closed with the time left, or open with what was learned, the parked ideas and the mitigation items. And, over
//! all rooms, what waits by age and whether it helped.

mod ageing;
mod fields;
mod ideas;
mod item;
mod items;
mod looking_back;
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
        .post("/incidents/{key}/planning/ideas/{idea}/sort", Right::Plan, post::sort_idea)
        .post("/incidents/{key}/planning/groups/{group}", Right::Plan, post::change_group)
        .get("/planned", Right::OwnPages, ageing::show)
        .get("/planned/{item}", Right::OwnPages, looking_back::show)
        .post("/planned/{item}", Right::OwnPages, looking_back::say)
        .get("/incidents/{key}/planners", Right::AppointPlanner, planners::show)
        .post("/incidents/{key}/planners", Right::AppointPlanner, planners::appoint)
}
