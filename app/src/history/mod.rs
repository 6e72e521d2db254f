//! Edit history of an incident: what was changed, by whom and when, with what it said before; and putting that back.

mod diff;
mod page;
mod post;
mod words;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default().get("/incidents/{key}/history", Right::SeeIncidents, page::show).post(
        "/incidents/{key}/history/{line}/restore",
        Right::EditIncidents,
        post::restore,
    )
}

/// "Edited 3 times", with where that is told; nothing for what was never changed. Every change counts, also those before the history
/// began.
pub(crate) fn edited(version: i64) -> Option<String> {
    match version - 1 {
        n if n <= 0 => None,
        1 => Some("Edited once".to_owned()),
        2 => Some("Edited twice".to_owned()),
        n => Some(format!("Edited {n} times")),
    }
}
