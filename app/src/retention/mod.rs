//! Retention, for administrators: how long words are kept, and that the daily run ran.

mod page;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default().get("/admin/retention", Right::Administer, page::show).post(
        "/admin/retention",
        Right::Administer,
        page::dry_run,
    )
}
