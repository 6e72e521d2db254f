//! One's own pages: profile, hours, who has read my answers; and for administrators how the instance runs.

mod feed;
mod hours;
mod letters;
mod operations;
mod password;
mod profile;
mod reads;
mod sessions;
mod work_hours;

pub(crate) use work_hours::{HoursFields, WorkHours};

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
        .get("/profile/password", Right::OwnPages, password::show)
        .post("/profile/password", Right::OwnPages, password::save)
        .get("/profile/feed", Right::OwnPages, feed::show)
        .post("/profile/feed", Right::OwnPages, feed::change)
        .get("/profile/letters", Right::OwnPages, letters::show)
        .post("/profile/letters", Right::OwnPages, letters::save)
        .get("/profile/sessions", Right::OwnPages, sessions::show)
        .post("/profile/sessions/end", Right::OwnPages, sessions::end)
        .post("/profile/sessions/end-all", Right::OwnPages, sessions::end_all)
        .get("/admin/operations", Right::Administer, operations::show)
}
