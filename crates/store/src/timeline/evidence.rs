//! Evidence: what events of the story were told from. That there is some is seen by all who see the event; what it says, by those alone who
//! may read the raw log.

use super::raw::{self, LogEntry};
use super::{insert, note_in};
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, standing};
use chrono::{DateTime, Utc};
use domain::history::Change;
use domain::people::Viewer;
use domain::rights::Right;
use domain::timeline::raw::RawSource;
use domain::timeline::telling::{Chosen, event_from};
use domain::{EventId, IncidentId, RawEntryId};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Entries that one event is told from at most.
pub const MOST: usize = 500;

/// That there is evidence: from which tool, and of when.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shown {
    /// The entry.
    pub entry: RawEntryId,
    /// The tool that it came from.
    pub source: RawSource,
    /// When it happened.
    pub at: Option<DateTime<Utc>>,
}

/// The evidence of each event that has any.
pub type Evidence = BTreeMap<EventId, Vec<Shown>>;

const OF_INCIDENT: &str = "
select v.event_id, e.id, e.source, e.at from evidence v join events o on o.id = v.event_id join raw_entries e on e.id = v.entry_id
where o.incident_id = $1 and e.incident_id = $1 and o.deleted_at is null and e.removed_at is null
order by e.sort_at, e.position, e.id";
const ZONE: &str = "select zone from incidents where id = $1";
const ADD: &str = "insert into evidence (event_id, entry_id) values ($1, $2) on conflict do nothing";
const REMOVE: &str = "delete from evidence where event_id = $1 and entry_id = $2";
const EVENT_IS_THERE: &str = "select count(*) from events where id = $1 and incident_id = $2 and deleted_at is null";
const ENTRY_IS_THERE: &str = "select count(*) from raw_entries where id = $1 and incident_id = $2";
const LAST_POSITION: &str = "select coalesce(max(position), 0) + 1 from events where incident_id = $1";

/// The evidence of an incident's events, for functions that have checked that the viewer sees it.
pub(super) async fn of_incident(conn: &mut Conn, incident: IncidentId) -> Result<Evidence> {
    let rows: Vec<(Uuid, Uuid, String, Option<DateTime<Utc>>)> =
        on!(conn, db => sqlx::query_as(OF_INCIDENT).bind(incident.0).fetch_all(db).await)?;
    let mut evidence = Evidence::new();
    for (event, entry, source, at) in rows {
        let source = RawSource::from_slug(&source).ok_or(StoreError::Corrupt { table: "raw_entries", column: "source" })?;
        evidence.entry(EventId(event)).or_default().push(Shown { entry: RawEntryId(entry), source, at });
    }
    Ok(evidence)
}

/// What the evidence says, by entry.
///
/// # Errors
/// [`StoreError::NotFound`] unless the viewer may read the raw log.
pub async fn texts(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    evidence: &Evidence,
    now: DateTime<Utc>,
) -> Result<BTreeMap<RawEntryId, LogEntry>> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::RawLog, incident, now).await?;
    let ids: BTreeSet<RawEntryId> = evidence.values().flatten().map(|shown| shown.entry).collect();
    let ids: Vec<RawEntryId> = ids.into_iter().collect();
    Ok(raw::find_there(&mut conn, incident, &ids).await?.into_iter().map(|entry| (entry.id, entry)).collect())
}

/// Tells one event from entries: of their times, with their words, never with who wrote them. Chosen again, they answer the event that they
/// were told as.
///
/// # Errors
/// [`StoreError::NotFound`] when one of them is not there or without the right; field `entry` for none or too many.
pub async fn tell(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    entries: &[RawEntryId],
    now: DateTime<Utc>,
) -> Result<EventId> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::RawLog, incident, now).await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    let found = chosen(&mut conn, incident, entries).await?;
    let together = found
        .iter()
        .skip(1)
        .fold(found[0].told.clone(), |told, entry| told.into_iter().filter(|event| entry.told.contains(event)).collect());
    if let [event, ..] = together[..] {
        return Ok(event);
    }
    let zone: String = on!(conn, db => sqlx::query_scalar(ZONE).bind(incident.0).fetch_one(db).await)?;
    let lines: Vec<Chosen> = found
        .iter()
        .map(|entry| Chosen {
            at: entry.at,
            as_written: entry.as_written.clone(),
            kind: entry.kind,
            text: entry.words(),
            role: entry.author.as_ref().map(|a| a.role.clone()).unwrap_or_default(),
        })
        .collect();
    let new = event_from(&lines, &zone).ok_or(StoreError::NotFound)?;
    let position: i64 = on!(conn, db => sqlx::query_scalar(LAST_POSITION).bind(incident.0).fetch_one(db).await)?;
    let event = insert(&mut conn, incident, &new, position, Some(viewer.person_id), now).await?;
    for entry in &found {
        run!(conn, sqlx::query(ADD).bind(event.0).bind(entry.id.0))?;
    }
    note_in(&mut conn, viewer, Change::Added, (incident, event), None, now).await?;
    conn.commit().await?;
    Ok(event)
}

async fn chosen(conn: &mut Conn, incident: IncidentId, entries: &[RawEntryId]) -> Result<Vec<LogEntry>> {
    if entries.is_empty() {
        return Err(domain::Invalid::one("entry", "Please choose at least one entry.").into());
    }
    if entries.len() > MOST {
        return Err(domain::Invalid::one("entry", format!("Please choose {MOST} entries at most.")).into());
    }
    raw::find(conn, incident, entries).await
}

/// Puts entries beside an event that is told already.
///
/// # Errors
/// As [`tell`]; [`StoreError::NotFound`] when the event is not there.
pub async fn attach(
    store: &Store,
    viewer: &Viewer,
    (incident, event): (IncidentId, EventId),
    entries: &[RawEntryId],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = changing(store, viewer, incident, event, now).await?;
    for entry in chosen(&mut conn, incident, entries).await? {
        run!(conn, sqlx::query(ADD).bind(event.0).bind(entry.id.0))?;
    }
    crate::audit::note(&mut conn, now, Some(viewer.person_id), "evidence.add", &event.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// Takes an entry away from an event; both stay.
///
/// # Errors
/// [`StoreError::NotFound`] when one of them is not there or without the right.
pub async fn detach(
    store: &Store,
    viewer: &Viewer,
    (incident, event): (IncidentId, EventId),
    entry: RawEntryId,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = changing(store, viewer, incident, event, now).await?;
    let there: i64 = on!(conn, db => sqlx::query_scalar(ENTRY_IS_THERE).bind(entry.0).bind(incident.0).fetch_one(db).await)?;
    if there == 0 {
        return Err(StoreError::NotFound);
    }
    run!(conn, sqlx::query(REMOVE).bind(event.0).bind(entry.0))?;
    crate::audit::note(&mut conn, now, Some(viewer.person_id), "evidence.remove", &event.to_string(), Some(incident)).await?;
    conn.commit().await
}

async fn changing(store: &Store, viewer: &Viewer, incident: IncidentId, event: EventId, now: DateTime<Utc>) -> Result<Conn> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::RawLog, incident, now).await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    let there: i64 = on!(conn, db => sqlx::query_scalar(EVENT_IS_THERE).bind(event.0).bind(incident.0).fetch_one(db).await)?;
    if there == 0 { Err(StoreError::NotFound) } else { Ok(conn) }
}
