//! The parking lot as everybody sees it: put an idea in, see one's own, take one out again while nobody can read it.

mod page;
mod post;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/incidents/{key}/park", Right::Park, page::show)
        .post("/incidents/{key}/park", Right::Park, post::park)
        .post("/incidents/{key}/park/{idea}/withdraw", Right::Park, post::withdraw)
}
