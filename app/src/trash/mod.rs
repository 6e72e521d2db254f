//! The trash: putting an incident in and back, merging two that are the same one, deleting for good.

mod bin;
mod merge;
mod moved;
mod put_in;

pub(crate) use moved::lives_on;

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::table::Routes;
use domain::incidents::IncidentKey;
use domain::rights::Right;
use store::incidents::Opened;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/incidents/{key}/delete", Right::DeleteIncident, put_in::show)
        .post("/incidents/{key}/delete", Right::DeleteIncident, put_in::put_in)
        .get("/incidents/{key}/merge", Right::DeleteIncident, merge::show)
        .post("/incidents/{key}/merge", Right::DeleteIncident, merge::merge)
        .get("/trash", Right::SeeIncidents, bin::show)
        .post("/trash", Right::Administer, bin::put_in)
        .post("/trash/{key}/put-back", Right::DeleteIncident, bin::put_back)
        .get("/trash/{key}/delete", Right::Administer, bin::ask)
        .post("/trash/{key}/delete", Right::Administer, bin::delete)
}

/// The incident of a path, for somebody who may delete it.
async fn opened(ctx: &Ctx, key: &str) -> Result<Opened, AppError> {
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    let opened = store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?;
    if domain::rights::may(Right::DeleteIncident, &opened.standing) { Ok(opened) } else { Err(AppError::NotFound) }
}

/// "1 event", "3 events".
fn counted(n: i64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
