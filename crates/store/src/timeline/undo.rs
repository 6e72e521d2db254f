//! Taking back the latest change of an event, and taking that back again.

use super::{DELETE, RESTORE, find, find_any, noted, put_back};
use crate::db::run;
use crate::{Result, Store, StoreError, history, standing};
use chrono::{DateTime, Utc};
use domain::history::{Change, ObjectKind};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{EventId, IncidentId};

/// What taking back the latest change of an event did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenBack {
    /// It says again what it said before.
    Changed,
    /// It had been added, and is deleted again.
    Deleted,
    /// It had been deleted, and is back.
    Restored,
}

/// Takes back the latest change of an event; once more, and the change is there again. `base_version` is the version that was looked at,
/// 0 when it was deleted.
///
/// # Errors
/// [`StoreError::Stale`] when somebody changed it in between; [`StoreError::NotFound`] when there is nothing to take back or without the
/// right.
pub async fn take_back(
    store: &Store,
    viewer: &Viewer,
    (incident, id): (IncidentId, EventId),
    base_version: i64,
    now: DateTime<Utc>,
) -> Result<TakenBack> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    find_any(&mut conn, incident, id).await?;
    let there = find(&mut conn, incident, id).await?;
    if there.as_ref().map_or(0, |event| event.version) != base_version {
        return Err(StoreError::Stale);
    }
    let latest = history::latest(&mut conn, incident, ObjectKind::Event, id.0).await?;
    let before = latest.ok_or(StoreError::NotFound)?.1;
    match (there, before) {
        // It was added or brought back: before that, it was not there.
        (Some(event), None) => {
            run!(conn, sqlx::query(DELETE).bind(id.0).bind(incident.0).bind(event.version).bind(now))?;
            noted(conn, viewer, Change::Deleted, (incident, id), Some(&event), now).await?;
            Ok(TakenBack::Deleted)
        }
        (Some(_), Some(before)) => {
            let corrupt = StoreError::Corrupt { table: "edits", column: "before_json" };
            let new = domain::history::event(&before).ok_or(corrupt)?;
            put_back(&mut conn, viewer, (incident, id), base_version, &new, now).await?;
            conn.commit().await?;
            Ok(TakenBack::Changed)
        }
        (None, _) => {
            run!(conn, sqlx::query(RESTORE).bind(id.0).bind(incident.0))?;
            noted(conn, viewer, Change::Restored, (incident, id), None, now).await?;
            Ok(TakenBack::Restored)
        }
    }
}
