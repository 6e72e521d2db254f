//! Contributing factors and learnings of an incident: one tab for both, read by everyone, kept by few.

mod edit;
mod form;
mod page;
mod post;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/incidents/{key}/factors", Right::SeeIncidents, page::show)
        .post("/incidents/{key}/factors", Right::EditReview, post::add_factor)
        .get("/incidents/{key}/factors/{id}", Right::EditReview, edit::factor)
        .post("/incidents/{key}/factors/{id}", Right::EditReview, post::change_factor)
        .post("/incidents/{key}/factors/{id}/delete", Right::EditReview, post::remove_factor)
        .post("/incidents/{key}/learnings", Right::EditReview, post::add_learning)
        .get("/incidents/{key}/learnings/{id}", Right::EditReview, edit::learning)
        .post("/incidents/{key}/learnings/{id}", Right::EditReview, post::change_learning)
        .post("/incidents/{key}/learnings/{id}/delete", Right::EditReview, post::remove_learning)
}
