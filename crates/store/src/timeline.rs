//! The timeline of an incident: events in order; add, change, delete, undo, each with its version.

pub mod attachments;
pub mod evidence;
pub mod hooks;
mod hooks_outages;
mod hooks_proposed;
mod hooks_taking;
pub mod hypotheses;
pub mod in_place;
mod live;
mod many;
pub mod perspectives;
pub mod raw;
pub mod raw_authors;
pub mod raw_imports;
pub mod raw_incidents;
pub(crate) mod raw_moving;
mod raw_sealing;
mod raw_undo;
pub(crate) mod rows;
mod undo;

pub use live::changed_since;
pub use many::{add_many, take_back_many};
pub use undo::{TakenBack, take_back};

use crate::db::{Conn, on, run};
use crate::held::{Held, Moment};
use crate::history::Edit;
use crate::{Result, Store, StoreError, audit, history, incidents, random, standing};
use chrono::{DateTime, Utc};
use domain::history::{Change, Fields, ObjectKind, of_event};
use domain::people::Viewer;
use domain::rights::Right;
use domain::timeline::{NewEvent, TimelineEvent, in_order};
use domain::{EventId, IncidentId, PersonId};
use rows::EventRow;
use std::sync::Arc;

/// Timelines that are held: about a hundred KB each where there are two hundred events.
const HELD: usize = 32;

pub(crate) type HeldTimelines = Held<IncidentId, Moment, Told>;

/// A timeline: its events, that some of them were told from a raw log, and the incident's files.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The events in the order in which they are told.
    pub events: Arc<Vec<TimelineEvent>>,
    /// The evidence of each event that has any.
    pub evidence: Arc<evidence::Evidence>,
    /// The files and images of the incident.
    pub attachments: Arc<Vec<attachments::Attachment>>,
}

pub(crate) fn no_timelines() -> HeldTimelines {
    Held::with_room_for(HELD)
}

const LIST: &str = "
select id, incident_id, at, ends_at, time_precision, as_written, zone, kind, body, flag, recorded_at, role, question, learned_later,
  sources_json, placement, settled_at, position, created_by, version
from events where incident_id = $1 and deleted_at is null order by position, created_at, id";
const FIND: &str = "
select id, incident_id, at, ends_at, time_precision, as_written, zone, kind, body, flag, recorded_at, role, question, learned_later,
  sources_json, placement, settled_at, position, created_by, version
from events where id = $1 and incident_id = $2 and deleted_at is null";
const FIND_ANY: &str = "
select id, incident_id, at, ends_at, time_precision, as_written, zone, kind, body, flag, recorded_at, role, question, learned_later,
  sources_json, placement, settled_at, position, created_by, version
from events where id = $1 and incident_id = $2";
const NEXT_POSITION: &str = "select coalesce(max(position), 0) + 1 from events where incident_id = $1";
const ADD: &str = "
insert into events (id, incident_id, at, ends_at, time_precision, as_written, zone, kind, body, flag, position, created_by, created_at,
  recorded_at, role, question, learned_later, sources_json, placement, settled_at, deleted_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, null, 1)";
const CHANGE: &str = "
update events set at = $4, ends_at = $5, time_precision = $6, as_written = $7, zone = $8, kind = $9, body = $10, flag = $11,
  recorded_at = $12, role = $13, question = $14, learned_later = $15, sources_json = $16, placement = $17, settled_at = $18,
  version = version + 1
where id = $1 and incident_id = $2 and version = $3 and deleted_at is null";
const DELETE: &str = "
update events set deleted_at = $4, version = version + 1
where id = $1 and incident_id = $2 and version = $3 and deleted_at is null";
const RESTORE: &str = "
update events set deleted_at = null, version = version + 1 where id = $1 and incident_id = $2 and deleted_at is not null";
const IS_THERE: &str = "select count(*) from events where id = $1 and incident_id = $2 and deleted_at is null";
const WRITTEN_BY: &str = "
select at from events
where incident_id = $1 and created_by = $2 and deleted_at is null and at is not null and time_precision in ('exact', 'about')
order by at";
const COUNT: &str = "select count(*) from events where incident_id = $1 and deleted_at is null";

/// The events of an incident in the order in which they are told; see [`in_order`].
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn events(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Arc<Vec<TimelineEvent>>> {
    Ok(told(store, viewer, incident, now).await?.events)
}

/// The events of an incident with what there is of evidence.
///
/// # Errors
/// As [`events`].
pub async fn told(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Told> {
    let moment = store.moment().await;
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    // Whoever may see the incident sees all of it: held for everybody, once it is known that this one may.
    if let Some(told) = moment.as_ref().and_then(|moment| store.told.get(&incident, moment)) {
        return Ok((*told).clone());
    }
    let events = Arc::new(events_of(&mut conn, incident).await?);
    let told = Told {
        events,
        evidence: Arc::new(evidence::of_incident(&mut conn, incident).await?),
        attachments: Arc::new(attachments::of_incident(&mut conn, incident).await?.here),
    };
    if let Some(moment) = moment {
        store.told.put(incident, moment, &Arc::new(told.clone()));
    }
    Ok(told)
}

/// The events of an incident in the order in which they are told, for who has asked whether they may be read.
pub(crate) async fn events_of(conn: &mut Conn, incident: IncidentId) -> Result<Vec<TimelineEvent>> {
    let rows: Vec<EventRow> = on!(conn, db => sqlx::query_as(LIST).bind(incident.0).fetch_all(db).await)?;
    Ok(in_order(rows.into_iter().map(EventRow::into_event).collect::<Result<_>>()?))
}

/// How many events an incident has, for its tab.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn count(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<i64> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    Ok(on!(conn, db => sqlx::query_scalar(COUNT).bind(incident.0).fetch_one(db).await)?)
}

/// One event, to change it.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there, deleted or of another incident, or without the right to change it.
pub async fn event(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    id: EventId,
    now: DateTime<Utc>,
) -> Result<TimelineEvent> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    let row: Option<EventRow> = on!(conn, db => sqlx::query_as(FIND).bind(id.0).bind(incident.0).fetch_optional(db).await)?;
    row.ok_or(StoreError::NotFound)?.into_event()
}

/// When the events happened that a person wrote down in an incident.
pub(crate) async fn written_by(conn: &mut Conn, incident: IncidentId, person: PersonId) -> Result<Vec<DateTime<Utc>>> {
    Ok(on!(conn, db => sqlx::query_scalar(WRITTEN_BY).bind(incident.0).bind(person.0).fetch_all(db).await)?)
}

/// Adds an event at the end; its time decides where it is told. [`NewEvent::position`] is not used here.
///
/// # Errors
/// [`StoreError::NotFound`] without the right.
pub async fn add(store: &Store, viewer: &Viewer, incident: IncidentId, new: &NewEvent, now: DateTime<Utc>) -> Result<EventId> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    attachments::refuse_foreign(&mut conn, incident, &new.details.sources).await?;
    let position: i64 = on!(conn, db => sqlx::query_scalar(NEXT_POSITION).bind(incident.0).fetch_one(db).await)?;
    let id = insert(&mut conn, incident, new, position, Some(viewer.person_id), now).await?;
    noted(conn, viewer, Change::Added, (incident, id), None, now).await?;
    Ok(id)
}

/// Writes an event without asking for a right: importers write many at once.
pub(crate) async fn insert(
    conn: &mut Conn,
    incident: IncidentId,
    new: &NewEvent,
    position: i64,
    by: Option<PersonId>,
    now: DateTime<Utc>,
) -> Result<EventId> {
    let id = EventId(random::id());
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id.0)
            .bind(incident.0)
            .bind(new.at)
            .bind(new.ends_at)
            .bind(new.precision.slug())
            .bind(&new.as_written)
            .bind(&new.zone)
            .bind(new.kind.slug())
            .bind(&new.body)
            .bind(&new.flag)
            .bind(position)
            .bind(by.map(|p| p.0))
            .bind(now)
            .bind(new.details.recorded_at)
            .bind(&new.details.role)
            .bind(&new.details.question)
            .bind(new.details.learned_later)
            .bind(rows::sources_json(&new.details.sources))
            .bind(new.details.placement.slug())
            .bind(new.details.settled_at)
    )?;
    Ok(id)
}

/// Changes an event. `base_version` is the version that the change started from.
///
/// # Errors
/// [`StoreError::Stale`] when somebody saved in between, [`StoreError::NotFound`] when it is gone or without the right.
pub async fn change(
    store: &Store,
    viewer: &Viewer,
    (incident, id): (IncidentId, EventId),
    base_version: i64,
    new: &NewEvent,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    attachments::refuse_foreign(&mut conn, incident, &new.details.sources).await?;
    let before = find(&mut conn, incident, id).await?;
    write(&mut conn, (incident, id), base_version, new).await?;
    noted(conn, viewer, Change::Changed, (incident, id), before.as_ref(), now).await
}

async fn write(conn: &mut Conn, (incident, id): (IncidentId, EventId), base_version: i64, new: &NewEvent) -> Result<()> {
    let changed = run!(
        conn,
        sqlx::query(CHANGE)
            .bind(id.0)
            .bind(incident.0)
            .bind(base_version)
            .bind(new.at)
            .bind(new.ends_at)
            .bind(new.precision.slug())
            .bind(&new.as_written)
            .bind(&new.zone)
            .bind(new.kind.slug())
            .bind(&new.body)
            .bind(&new.flag)
            .bind(new.details.recorded_at)
            .bind(&new.details.role)
            .bind(&new.details.question)
            .bind(new.details.learned_later)
            .bind(rows::sources_json(&new.details.sources))
            .bind(new.details.placement.slug())
            .bind(new.details.settled_at)
    )?;
    if changed == 0 {
        return Err(stale_or_gone(conn, incident, id).await?);
    }
    Ok(())
}

async fn find(conn: &mut Conn, incident: IncidentId, id: EventId) -> Result<Option<TimelineEvent>> {
    let row: Option<EventRow> = on!(conn, db => sqlx::query_as(FIND).bind(id.0).bind(incident.0).fetch_optional(db).await)?;
    row.map(EventRow::into_event).transpose()
}

/// An event whether it is deleted or not.
async fn find_any(conn: &mut Conn, incident: IncidentId, id: EventId) -> Result<TimelineEvent> {
    let row: Option<EventRow> = on!(conn, db => sqlx::query_as(FIND_ANY).bind(id.0).bind(incident.0).fetch_optional(db).await)?;
    row.ok_or(StoreError::NotFound)?.into_event()
}

/// Version and fields of an event now, for who may change it; `None` when it is deleted.
pub(crate) async fn said(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    id: EventId,
    now: DateTime<Utc>,
) -> Result<Option<(i64, Fields)>> {
    standing::require(conn, viewer, Right::EditIncidents, incident, now).await?;
    Ok(find(conn, incident, id).await?.map(|event| (event.version, of_event(&event))))
}

/// Makes what an event said once its text again; a deleted one comes back (`base_version` 0).
pub(crate) async fn put_back(
    conn: &mut Conn,
    viewer: &Viewer,
    (incident, id): (IncidentId, EventId),
    base_version: i64,
    new: &NewEvent,
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
    note_in(conn, viewer, Change::Restored, (incident, id), before.as_ref(), now).await
}

/// Deletes an event; [`take_back`] undoes it.
///
/// # Errors
/// As [`change`].
pub async fn delete(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    id: EventId,
    base_version: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    let before = find(&mut conn, incident, id).await?;
    let deleted = run!(conn, sqlx::query(DELETE).bind(id.0).bind(incident.0).bind(base_version).bind(now))?;
    if deleted == 0 {
        return Err(stale_or_gone(&mut conn, incident, id).await?);
    }
    noted(conn, viewer, Change::Deleted, (incident, id), before.as_ref(), now).await
}

async fn stale_or_gone(conn: &mut Conn, incident: IncidentId, id: EventId) -> Result<StoreError> {
    let there: i64 = on!(conn, db => sqlx::query_scalar(IS_THERE).bind(id.0).bind(incident.0).fetch_one(db).await)?;
    Ok(if there > 0 { StoreError::Stale } else { StoreError::NotFound })
}

async fn noted(
    mut conn: Conn,
    viewer: &Viewer,
    change: Change,
    event: (IncidentId, EventId),
    before: Option<&TimelineEvent>,
    now: DateTime<Utc>,
) -> Result<()> {
    note_in(&mut conn, viewer, change, event, before, now).await?;
    conn.commit().await
}

/// Writes a change into history and audit trail.
async fn note_in(
    conn: &mut Conn,
    viewer: &Viewer,
    change: Change,
    (incident, id): (IncidentId, EventId),
    before: Option<&TimelineEvent>,
    now: DateTime<Utc>,
) -> Result<()> {
    let after = find_any(conn, incident, id).await?;
    let edit = Edit {
        incident,
        kind: ObjectKind::Event,
        object: id.0,
        version: after.version,
        change,
        before: before.map(of_event),
        after: (change != Change::Deleted).then(|| of_event(&after)),
        by: Some(viewer.person_id),
    };
    history::note(conn, &edit, now).await?;
    incidents::touch(conn, incident, now).await?;
    let action = match change {
        Change::Added => "event.add",
        Change::Deleted => "event.delete",
        Change::Restored => "event.restore",
        _ => "event.change",
    };
    audit::note(conn, now, Some(viewer.person_id), action, &id.to_string(), Some(incident)).await
}
