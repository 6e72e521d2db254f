//! Contributing factors and learnings of an incident: one tab for both, read by everyone, kept by few. Learnings have pages of their own and a
//! list of all that stories taught. And the vocabulary of factors.

mod apart;
mod edit;
mod facts;
mod form;
mod list;
mod met;
mod page;
mod post;
mod vocabulary;

pub(crate) use apart::page_of;
pub(crate) use facts::{FactorFacts, named, tagged};

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/vocabulary", Right::SeeIncidents, vocabulary::list)
        .post("/vocabulary", Right::KeepVocabulary, vocabulary::add)
        .get("/vocabulary/{tag}", Right::KeepVocabulary, vocabulary::show)
        .post("/vocabulary/{tag}", Right::KeepVocabulary, vocabulary::change)
        .post("/vocabulary/{tag}/retire", Right::KeepVocabulary, vocabulary::retire)
        .post("/vocabulary/{tag}/merge", Right::KeepVocabulary, vocabulary::merge)
        .post("/vocabulary/{tag}/split", Right::KeepVocabulary, vocabulary::split)
        .get("/incidents/{key}/factors", Right::SeeIncidents, page::show)
        .post("/incidents/{key}/factors", Right::EditReview, post::add_factor)
        .get("/incidents/{key}/factors/{id}", Right::EditReview, edit::factor)
        .post("/incidents/{key}/factors/{id}", Right::EditReview, post::change_factor)
        .post("/incidents/{key}/factors/{id}/delete", Right::EditReview, post::remove_factor)
        .post("/incidents/{key}/learnings", Right::EditReview, post::add_learning)
        .get("/incidents/{key}/learnings/{id}", Right::EditReview, edit::learning)
        .post("/incidents/{key}/learnings/{id}", Right::EditReview, post::change_learning)
        .post("/incidents/{key}/learnings/{id}/delete", Right::EditReview, post::remove_learning)
        .post("/incidents/{key}/learnings/{id}/links", Right::EditReview, apart::add_link)
        .post("/incidents/{key}/runbooks/{id}/delete", Right::EditReview, apart::remove_link)
        .post("/incidents/{key}/met", Right::EditReview, met::meet)
        .post("/incidents/{key}/met/{id}/delete", Right::EditReview, met::unmeet)
        .get("/learnings", Right::SeeIncidents, list::show)
        .get("/learnings/{id}", Right::SeeIncidents, apart::show)
        .post("/learnings/{id}/new", Right::SeeIncidents, apart::say_new)
}
