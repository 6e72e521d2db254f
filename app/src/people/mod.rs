//! One's own pages: profile, hours, who has read my answers.

mod hours;
mod profile;
mod reads;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/profile", Right::OwnPages, profile::show)
        .post("/profile", Right::OwnPages, profile::save)
        .post("/profile/looks", Right::OwnPages, profile::save_looks)
        .get("/profile/hours", Right::OwnPages, hours::show)
        .get("/profile/reads", Right::OwnPages, reads::show)
}
