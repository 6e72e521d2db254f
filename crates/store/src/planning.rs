//! The planning room: the wall of an incident, the parked ideas and the mitigation items behind it.
//!
//! Only planners come in, and only when the wall is open ([`Right::Plan`]); before that they see when it opens
//! ([`Right::EnterPlanning`]). Items link to learnings and factors; nothing in a review leads here.

mod items;
mod wall;

use crate::standing::require;
use crate::{Result, Store, audit, parking};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{IncidentId, ParkedId};

pub(crate) use items::add_imported;
pub use items::{add_item, change_item, items};
pub use wall::{OpenedWall, appoint, open_early, opened_walls, wall};

/// The parked ideas, for planners once the wall is open; in no order that tells anything.
///
/// # Errors
/// [`crate::StoreError::NotFound`] while the wall stands, and for everybody who does not plan here.
pub async fn ideas(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<parking::Idea>> {
    parking::read(store, viewer, incident, now).await
}

/// Drops an idea, with thanks, or puts it back on the table.
///
/// # Errors
/// [`crate::StoreError::NotFound`] when the idea is not there or the viewer does not plan here.
pub async fn set_aside(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    idea: ParkedId,
    aside: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::Plan, incident, now).await?;
    parking::set_aside(&mut conn, incident, idea, aside.then_some(now)).await?;
    let action = if aside { "idea.set-aside" } else { "idea.put-back" };
    audit::note(&mut conn, now, Some(viewer.person_id), action, &idea.to_string(), Some(incident)).await?;
    conn.commit().await
}
