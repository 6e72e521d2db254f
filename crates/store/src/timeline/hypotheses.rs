//! The hypotheses of an incident: raised, tested, dropped or held; add, change, delete, undo, each with its version.

use crate::db::{Conn, on, run};
use crate::history::Edit;
use crate::{Result, Store, StoreError, audit, history, incidents, random, standing};
use chrono::{DateTime, Utc};
use domain::history::{Change, Fields, ObjectKind, of_hypothesis};
use domain::people::Viewer;
use domain::rights::Right;
use domain::timeline::hypothesis::{Hypothesis, HypothesisState, NewHypothesis};
use domain::{HypothesisId, IncidentId, PersonId};

const LIST: &str = "
select id, incident_id, body, state, raised_at, settled_at, spoke_for, spoke_against, zone, created_by, version
from hypotheses where incident_id = $1 and deleted_at is null order by raised_at, created_at, id";
const FIND: &str = "
select id, incident_id, body, state, raised_at, settled_at, spoke_for, spoke_against, zone, created_by, version
from hypotheses where id = $1 and incident_id = $2 and deleted_at is null";
const FIND_ANY: &str = "
select id, incident_id, body, state, raised_at, settled_at, spoke_for, spoke_against, zone, created_by, version
from hypotheses where id = $1 and incident_id = $2";
const ADD: &str = "
insert into hypotheses (id, incident_id, body, state, raised_at, settled_at, spoke_for, spoke_against, zone, created_by, created_at,
  deleted_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, null, 1)";
const CHANGE: &str = "
update hypotheses set body = $4, state = $5, raised_at = $6, settled_at = $7, spoke_for = $8, spoke_against = $9, zone = $10,
  version = version + 1
where id = $1 and incident_id = $2 and version = $3 and deleted_at is null";
const DELETE: &str = "
update hypotheses set deleted_at = $4, version = version + 1
where id = $1 and incident_id = $2 and version = $3 and deleted_at is null";
const RESTORE: &str = "
update hypotheses set deleted_at = null, version = version + 1 where id = $1 and incident_id = $2 and deleted_at is not null";

#[derive(sqlx::FromRow)]
struct HypothesisRow {
    id: uuid::Uuid,
    incident_id: uuid::Uuid,
    body: String,
    state: String,
    raised_at: Option<DateTime<Utc>>,
    settled_at: Option<DateTime<Utc>>,
    spoke_for: String,
    spoke_against: String,
    zone: String,
    created_by: Option<uuid::Uuid>,
    version: i64,
}

impl HypothesisRow {
    fn into_hypothesis(self) -> Result<Hypothesis> {
        let state = HypothesisState::from_slug(&self.state);
        Ok(Hypothesis {
            id: HypothesisId(self.id),
            incident_id: IncidentId(self.incident_id),
            said: NewHypothesis {
                body: self.body,
                state: state.ok_or(StoreError::Corrupt { table: "hypotheses", column: "state" })?,
                raised_at: self.raised_at,
                settled_at: self.settled_at,
                spoke_for: self.spoke_for,
                spoke_against: self.spoke_against,
                zone: self.zone,
            },
            created_by: self.created_by.map(PersonId),
            version: self.version,
        })
    }
}

/// The hypotheses of an incident in the order in which they were raised.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn list(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Hypothesis>> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    let rows: Vec<HypothesisRow> = on!(conn, db => sqlx::query_as(LIST).bind(incident.0).fetch_all(db).await)?;
    rows.into_iter().map(HypothesisRow::into_hypothesis).collect()
}

/// One hypothesis, to change it.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there, deleted or of another incident, or without the right to change it.
pub async fn one(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    id: HypothesisId,
    now: DateTime<Utc>,
) -> Result<Hypothesis> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    find(&mut conn, incident, id).await?.ok_or(StoreError::NotFound)
}

async fn find(conn: &mut Conn, incident: IncidentId, id: HypothesisId) -> Result<Option<Hypothesis>> {
    let row: Option<HypothesisRow> = on!(conn, db => sqlx::query_as(FIND).bind(id.0).bind(incident.0).fetch_optional(db).await)?;
    row.map(HypothesisRow::into_hypothesis).transpose()
}

async fn find_any(conn: &mut Conn, incident: IncidentId, id: HypothesisId) -> Result<Hypothesis> {
    let row: Option<HypothesisRow> =
        on!(conn, db => sqlx::query_as(FIND_ANY).bind(id.0).bind(incident.0).fetch_optional(db).await)?;
    row.ok_or(StoreError::NotFound)?.into_hypothesis()
}

/// Adds a hypothesis.
///
/// # Errors
/// [`StoreError::NotFound`] without the right.
pub async fn add(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    new: &NewHypothesis,
    now: DateTime<Utc>,
) -> Result<HypothesisId> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    let id = HypothesisId(random::id());
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id.0)
            .bind(incident.0)
            .bind(&new.body)
            .bind(new.state.slug())
            .bind(new.raised_at)
            .bind(new.settled_at)
            .bind(&new.spoke_for)
            .bind(&new.spoke_against)
            .bind(&new.zone)
            .bind(viewer.person_id.0)
            .bind(now)
    )?;
    note(&mut conn, viewer, Change::Added, (incident, id), None, now).await?;
    conn.commit().await?;
    Ok(id)
}

/// Changes a hypothesis. `base_version` is the version that the change started from.
///
/// # Errors
/// [`StoreError::Stale`] when somebody saved in between, [`StoreError::NotFound`] when it is gone or without the right.
pub async fn change(
    store: &Store,
    viewer: &Viewer,
    (incident, id): (IncidentId, HypothesisId),
    base_version: i64,
    new: &NewHypothesis,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    let before = find(&mut conn, incident, id).await?.ok_or(StoreError::NotFound)?;
    write(&mut conn, (incident, id), base_version, new).await?;
    note(&mut conn, viewer, Change::Changed, (incident, id), Some(&before), now).await?;
    conn.commit().await
}

async fn write(
    conn: &mut Conn,
    (incident, id): (IncidentId, HypothesisId),
    base_version: i64,
    new: &NewHypothesis,
) -> Result<()> {
    let changed = run!(
        conn,
        sqlx::query(CHANGE)
            .bind(id.0)
            .bind(incident.0)
            .bind(base_version)
            .bind(&new.body)
            .bind(new.state.slug())
            .bind(new.raised_at)
            .bind(new.settled_at)
            .bind(&new.spoke_for)
            .bind(&new.spoke_against)
            .bind(&new.zone)
    )?;
    if changed == 0 { Err(StoreError::Stale) } else { Ok(()) }
}

/// Deletes a hypothesis that was never one; [`restore`] undoes it. A false trail is dropped instead.
///
/// # Errors
/// As [`change`].
pub async fn delete(
    store: &Store,
    viewer: &Viewer,
    (incident, id): (IncidentId, HypothesisId),
    base_version: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    let before = find(&mut conn, incident, id).await?.ok_or(StoreError::NotFound)?;
    if run!(conn, sqlx::query(DELETE).bind(id.0).bind(incident.0).bind(base_version).bind(now))? == 0 {
        return Err(StoreError::Stale);
    }
    note(&mut conn, viewer, Change::Deleted, (incident, id), Some(&before), now).await?;
    conn.commit().await
}

/// Takes a deletion back. What is there already stays as it is.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such hypothesis or without the right.
pub async fn restore(store: &Store, viewer: &Viewer, incident: IncidentId, id: HypothesisId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    if run!(conn, sqlx::query(RESTORE).bind(id.0).bind(incident.0))? == 0 {
        return find(&mut conn, incident, id).await?.map(|_| ()).ok_or(StoreError::NotFound);
    }
    note(&mut conn, viewer, Change::Restored, (incident, id), None, now).await?;
    conn.commit().await
}

/// Version and fields of a hypothesis now, for who may change it; `None` when it is deleted.
pub(crate) async fn said(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    id: HypothesisId,
    now: DateTime<Utc>,
) -> Result<Option<(i64, Fields)>> {
    standing::require(conn, viewer, Right::EditIncidents, incident, now).await?;
    Ok(find(conn, incident, id).await?.map(|there| (there.version, of_hypothesis(&there.said))))
}

/// Makes what a hypothesis said once its text again; a deleted one comes back (`base_version` 0).
pub(crate) async fn put_back(
    conn: &mut Conn,
    viewer: &Viewer,
    (incident, id): (IncidentId, HypothesisId),
    base_version: i64,
    new: &NewHypothesis,
    now: DateTime<Utc>,
) -> Result<()> {
    standing::require(conn, viewer, Right::EditIncidents, incident, now).await?;
    let before = find(conn, incident, id).await?;
    let mut base = base_version;
    if before.is_none() {
        if run!(conn, sqlx::query(RESTORE).bind(id.0).bind(incident.0))? == 0 {
            return Err(StoreError::NotFound);
        }
        base = find_any(conn, incident, id).await?.version;
    }
    write(conn, (incident, id), base, new).await?;
    note(conn, viewer, Change::Restored, (incident, id), before.as_ref(), now).await
}

async fn note(
    conn: &mut Conn,
    viewer: &Viewer,
    change: Change,
    (incident, id): (IncidentId, HypothesisId),
    before: Option<&Hypothesis>,
    now: DateTime<Utc>,
) -> Result<()> {
    let after = find_any(conn, incident, id).await?;
    let edit = Edit {
        incident,
        kind: ObjectKind::Hypothesis,
        object: id.0,
        version: after.version,
        change,
        before: before.map(|b| of_hypothesis(&b.said)),
        after: (change != Change::Deleted).then(|| of_hypothesis(&after.said)),
        by: Some(viewer.person_id),
    };
    history::note(conn, &edit, now).await?;
    incidents::touch(conn, incident, now).await?;
    let action = match change {
        Change::Added => "hypothesis.add",
        Change::Deleted => "hypothesis.delete",
        Change::Restored => "hypothesis.restore",
        _ => "hypothesis.change",
    };
    audit::note(conn, now, Some(viewer.person_id), action, &id.to_string(), Some(incident)).await
}
