//! Source documents: the full text that an incident came from, sealed; read by facilitators, planners and the importer, never indexed.

use crate::crypt::{self, Place};
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, random, standing};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{IncidentId, PersonId, SourceId};

/// A source document without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Id.
    pub id: SourceId,
    /// File name.
    pub name: String,
    /// When it was attached.
    pub added_at: DateTime<Utc>,
}

/// A source document as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    /// File name.
    pub name: String,
    /// Its whole text.
    pub body: String,
}

const LIST: &str = "select id, name, added_at from sources where incident_id = $1 order by added_at, name, id";
const FIND: &str = "select name, body_sealed from sources where id = $1 and incident_id = $2";
const ADD: &str = "
insert into sources (id, incident_id, name, body_sealed, added_by, added_at) values ($1, $2, $3, $4, $5, $6)";

const IDS: &str = "select id from sources where incident_id = $1 order by id";
const MOVE: &str = "update sources set incident_id = $3, body_sealed = $4 where id = $1 and incident_id = $2";

fn place(id: SourceId) -> Place<'static> {
    Place { table: "sources", row: id.0, column: "body", audience: "" }
}

/// The documents attached to an incident.
///
/// # Errors
/// [`StoreError::NotFound`] unless the viewer may read them.
pub async fn list(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Source>> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::ReadSource, incident, now).await?;
    let rows: Vec<(uuid::Uuid, String, DateTime<Utc>)> =
        on!(conn, db => sqlx::query_as(LIST).bind(incident.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id, name, added_at)| Source { id: SourceId(id), name, added_at }).collect())
}

/// One document with its text.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there, or unless the viewer may read it.
pub async fn read(store: &Store, viewer: &Viewer, incident: IncidentId, id: SourceId, now: DateTime<Utc>) -> Result<SourceText> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::ReadSource, incident, now).await?;
    let row: Option<(String, Vec<u8>)> =
        on!(conn, db => sqlx::query_as(FIND).bind(id.0).bind(incident.0).fetch_optional(db).await)?;
    let (name, sealed) = row.ok_or(StoreError::NotFound)?;
    let key = crypt::incident_key(&mut conn, incident).await?;
    Ok(SourceText { name, body: key.open(&place(id), &sealed)? })
}

/// Attaches a document.
pub(crate) async fn insert(
    conn: &mut Conn,
    incident: IncidentId,
    name: &str,
    body: &str,
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<SourceId> {
    let id = SourceId(random::id());
    let sealed = crypt::incident_key(conn, incident).await?.seal(&place(id), body);
    run!(conn, sqlx::query(ADD).bind(id.0).bind(incident.0).bind(name).bind(sealed).bind(by.0).bind(now))?;
    Ok(id)
}

/// The documents of an incident, for functions that have checked a right.
pub(crate) async fn ids(conn: &mut Conn, incident: IncidentId) -> Result<Vec<SourceId>> {
    let ids: Vec<uuid::Uuid> = on!(conn, db => sqlx::query_scalar(IDS).bind(incident.0).fetch_all(db).await)?;
    Ok(ids.into_iter().map(SourceId).collect())
}

/// Gives a document to another incident, sealed under that one's key. One that is gone stays gone.
pub(crate) async fn move_to(conn: &mut Conn, id: SourceId, from: IncidentId, into: IncidentId) -> Result<()> {
    let row: Option<(String, Vec<u8>)> = on!(conn, db => sqlx::query_as(FIND).bind(id.0).bind(from.0).fetch_optional(db).await)?;
    let Some((_, sealed)) = row else { return Ok(()) };
    let body = crypt::incident_key(conn, from).await?.open(&place(id), &sealed)?;
    let sealed = crypt::incident_key(conn, into).await?.seal(&place(id), &body);
    run!(conn, sqlx::query(MOVE).bind(id.0).bind(from.0).bind(into.0).bind(sealed))?;
    Ok(())
}
