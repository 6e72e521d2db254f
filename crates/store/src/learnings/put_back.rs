//! Earlier words of factors and learnings that become the text again, and removed ones that come back.

use super::factors::{add_as, factor_fields, find_factor, next_position, write_factor};
use super::{
    NEXT_LEARNING, NewFactor, NewLearning, Told, add_learning_as, find_learning, learning_fields, noted, require_keeper,
    write_learning,
};
use crate::Result;
use crate::db::{Conn, on};
use chrono::{DateTime, Utc};
use domain::history::{Change, Fields};
use domain::learnings::LearningKind;
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
    Ok(find_learning(conn, incident, id).await?.map(|learning| (learning.version, learning_fields(&learning))))
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
    (kind, body, thought_before, worded_as_plan): (LearningKind, String, String, bool),
    now: DateTime<Utc>,
) -> Result<()> {
    require_keeper(conn, viewer, incident, now).await?;
    let before = find_learning(conn, incident, id).await?;
    let new = NewLearning { kind, body, before: thought_before, worded_as_plan };
    if before.is_some() {
        write_learning(conn, (incident, id), base_version, &new).await?;
    } else {
        let position: i64 = on!(conn, db => sqlx::query_scalar(NEXT_LEARNING).bind(incident.0).fetch_one(db).await)?;
        let version = next_version(conn, incident, id.0).await?;
        add_learning_as(conn, (incident, id), &new, position, version, now).await?;
    }
    let after = find_learning(conn, incident, id).await?;
    noted(conn, viewer, incident, Told::learning(id, Change::Restored, before, after), now).await
}
