//! Hooks: what tools send by themselves, and the incidents that are proposed from it.

mod proposals;
mod receive;

pub(crate) use receive::read;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints. What tools send to carries its right in its address: no cookie is looked at there.
pub fn routes() -> Routes {
    Routes::default()
        .post("/hooks/{kind}/{token}", Right::Open, receive::receive)
        .get("/proposals", Right::EditIncidents, proposals::list)
        .post("/proposals/{id}", Right::EditIncidents, proposals::decide)
}
