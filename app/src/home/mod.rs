//! The first page: for a newcomer what this is, for somebody signed in what waits for them.

mod front;
mod page;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default().get("/", Right::Open, page::root)
}
