//! Help: short pages, written for tired people.

mod guides;
mod page;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default().get("/help", Right::Open, page::contents).get("/help/{topic}", Right::Open, page::topic)
}
