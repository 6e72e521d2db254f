//! Many events at once: what was pasted is told in one transaction, and taken back in one.

use super::{DELETE, NEXT_POSITION, find, insert, note_in};
use crate::db::{on, run};
use crate::{Result, Store, standing};
use chrono::{DateTime, Utc};
use domain::history::Change;
use domain::people::Viewer;
use domain::rights::Right;
use domain::timeline::NewEvent;
use domain::{EventId, IncidentId};

// What somebody changed since is theirs.
const UNTOUCHED: &str = "
select id from events where incident_id = $1 and created_by = $2 and created_at = $3 and version = 1 and deleted_at is null order by position";

/// Adds events at the end in their order; the time of each decides where it is told. All are there, or none.
///
/// # Errors
/// [`crate::StoreError::NotFound`] without the right.
pub async fn add_many(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    events: &[NewEvent],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    let first: i64 = on!(conn, db => sqlx::query_scalar(NEXT_POSITION).bind(incident.0).fetch_one(db).await)?;
    for (position, new) in (first..).zip(events) {
        let id = insert(&mut conn, incident, new, position, Some(viewer.person_id), now).await?;
        note_in(&mut conn, viewer, Change::Added, (incident, id), None, now).await?;
    }
    conn.commit().await
}

/// Takes back what this viewer added to the incident at this instant, but for what was changed since. Answers how many went.
///
/// # Errors
/// [`crate::StoreError::NotFound`] without the right.
pub async fn take_back_many(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    added_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<usize> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    let ids: Vec<uuid::Uuid> = on!(conn, db => sqlx::query_scalar(UNTOUCHED)
        .bind(incident.0)
        .bind(viewer.person_id.0)
        .bind(added_at)
        .fetch_all(db)
        .await)?;
    for id in &ids {
        let id = EventId(*id);
        let before = find(&mut conn, incident, id).await?;
        run!(conn, sqlx::query(DELETE).bind(id.0).bind(incident.0).bind(1_i64).bind(now))?;
        note_in(&mut conn, viewer, Change::Deleted, (incident, id), before.as_ref(), now).await?;
    }
    conn.commit().await?;
    Ok(ids.len())
}
