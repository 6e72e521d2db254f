//! Own data: what is kept about me, to take away, to erase, and to leave with.

mod close;
mod erase;
mod json;
mod kept;
mod page;
mod text;

use crate::table::Routes;
use domain::rights::Right::{AnswerOwn, OwnPages};

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/profile/data", OwnPages, page::show)
        .get("/profile/data.json", OwnPages, page::json)
        .get("/profile/data.md", OwnPages, page::markdown)
        .get("/profile/erase", OwnPages, erase::show)
        .post("/profile/erase", OwnPages, erase::everything)
        .get("/profile/close", OwnPages, close::show)
        .post("/profile/close", OwnPages, close::close)
        .get("/one-on-one/{invitation}/data", AnswerOwn, page::show_conversation)
        .get("/one-on-one/{invitation}/data.json", AnswerOwn, page::json_conversation)
        .get("/one-on-one/{invitation}/data.md", AnswerOwn, page::markdown_conversation)
        .get("/one-on-one/{invitation}/erase", AnswerOwn, erase::show_conversation)
        .post("/one-on-one/{invitation}/erase", AnswerOwn, erase::conversation)
}
