//! The first start: a one-time link makes the first administrator; then a page that says what comes next.

mod page;
mod post;
mod welcome;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default().get("/set-up/{token}", Right::Open, page::show).post("/set-up/{token}", Right::Open, post::finish).get(
        "/welcome",
        Right::Administer,
        welcome::show,
    )
}
