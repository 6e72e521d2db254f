//! The pulse: a voluntary check-in with a page of one's own, and what closed quarters tell of groups. What administrators choose for it is in
//! the settings.

mod page;
mod told;

pub(crate) use page::waiting;
pub(crate) use told::finding;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/pulse", Right::OwnPages, page::show)
        .post("/pulse", Right::OwnPages, page::answer)
        .post("/pulse/not-now", Right::OwnPages, page::not_now)
        .get("/trends/pulse", Right::SeeTrends, told::show)
        .get("/trends/pulse.csv", Right::SeeTrends, told::csv)
}
