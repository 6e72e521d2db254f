//! Search over everything that all with an account may read, and past incidents that are like one.

mod page;
mod query;
mod similar;

pub(crate) use similar::{related_reviews, similar_incidents};

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default().get("/search", Right::SeeIncidents, page::show)
}
