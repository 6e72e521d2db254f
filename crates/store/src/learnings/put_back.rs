//! Earlier words of factors and learnings that become the text again, and removed ones that come back.

use super::factors::{add_as, factor_fields, find_factor, next_position, write_factor};
use super::{
    NEXT_LEARNING, NewFactor, NewLearning, Told, add_learning_as, find_learning, knowers, learning_fields, noted, require_keeper,
    successor, write_learning,
};
use crate::Result;
use crate::db::{Conn, on};
use chrono::{DateTime, Utc};
use domain::history::{Change, Fields, SaidLearning};
use domain::people::Viewer;
use domain::{FactorId, IncidentId, LearningId};

const LAST_VERSION: &str = "select coalesce(max(version), 0) from edits where object_id = $1 and incident_id = $2";

/// Version and fields of a factor now, for who keeps it; `None` when it is removed.
pub(crate) async fn said_factor(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    id: FactorId,
    now: DateTime<Utc>,
) -> Result<Option<(i64, Fields)>> {
    require_keeper(conn, viewer, incident, now).await?;
    Ok(find_factor(conn, incident, id).await?.map(|factor| (factor.version, factor_fields(&factor))))
}

/// Version and fields of a learning now, for who keeps it; `None` when it is removed.
pub(crate) async fn said_learning(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    id: LearningId,
    now: DateTime<Utc>,
) -> Result<Option<(i64, Fields)>> {
    require_keeper(conn, viewer, incident, now).await?;
    Ok(find_learning(conn, incident, id).await?.map(|named| (named.0.version, learning_fields(&named))))
}

async fn next_version(conn: &mut Conn, incident: IncidentId, object: uuid::Uuid) -> Result<i64> {
    let last: i64 = on!(conn, db => sqlx::query_scalar(LAST_VERSION).bind(object).bind(incident.0).fetch_one(db).await)?;
    Ok(last + 1)
}

/// Makes what a factor said once its text again; a removed one comes back at the end (`base_version` 0).
pub(crate) async fn put_back_factor(
    conn: &mut Conn,
    viewer: &Viewer,
    (incident, id): (IncidentId, FactorId),
    base_version: i64,
    new: NewFactor,
    now: DateTime<Utc>,
) -> Result<()> {
    require_keeper(conn, viewer, incident, now).await?;
    let before = find_factor(conn, incident, id).await?;
    if before.is_some() {
        write_factor(conn, (incident, id), base_version, &new).await?;
    } else {
        let position = next_position(conn, incident).await?;
        let version = next_version(conn, incident, id.0).await?;
        add_as(conn, (incident, id), &new, position, version, now).await?;
    }
    let after = find_factor(conn, incident, id).await?;
    noted(conn, viewer, incident, Told::factor(id, Change::Restored, before, after), now).await
}

/// Makes what a learning said once its text again; a removed one comes back at the end (`base_version` 0).
pub(crate) async fn put_back_learning(
    conn: &mut Conn,
    viewer: &Viewer,
    (incident, id): (IncidentId, LearningId),
    base_version: i64,
    said: SaidLearning,
    now: DateTime<Utc>,
) -> Result<()> {
    require_keeper(conn, viewer, incident, now).await?;
    let before = find_learning(conn, incident, id).await?;
    let mut details = said.details;
    details.teams = knowers::named(conn, &said.teams).await?;
    // What took its place may be gone since.
    if let Some(other) = details.replaced_by
        && successor(conn, viewer, Some(id), Some(other), now).await.is_err()
    {
        details.replaced_by = None;
    }
    let new = NewLearning { kind: said.kind, body: said.body, before: said.before, worded_as_plan: said.worded_as_plan, details };
    if before.is_some() {
        write_learning(conn, (incident, id), base_version, &new, now).await?;
    } else {
        let position: i64 = on!(conn, db => sqlx::query_scalar(NEXT_LEARNING).bind(incident.0).fetch_one(db).await)?;
        let version = next_version(conn, incident, id.0).await?;
        add_learning_as(conn, (incident, id), &new, position, version, now).await?;
    }
    let after = find_learning(conn, incident, id).await?;
    noted(conn, viewer, incident, Told::learning(id, Change::Restored, before, after), now).await
}
