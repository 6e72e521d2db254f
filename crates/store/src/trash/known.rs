//! What became of an incident that is not here any more: for imports of the same document, old addresses and the next number.

use crate::db::{Conn, on};
use crate::{Result, Store, StoreError, standing};
use chrono::{DateTime, Utc};
use domain::IncidentId;
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::rights::Right;
use sha2::{Digest, Sha256};
use uuid::Uuid;

// What is here counts first. What is restricted and does not name the importer is not there.
const BY_HASH: &str = "
select i.trashed_at is not null as trashed, m.id as merged_id, m.number as merged_number
from incidents i left join incidents m on m.id = i.merged_into
where i.origin_hash = $1
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $2))
order by i.trashed_at is not null limit 1";
const BY_ORIGIN: &str = "
select i.trashed_at is not null as trashed, m.id as merged_id, m.number as merged_number
from incidents i left join incidents m on m.id = i.merged_into
where i.origin_key = $1
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $2))";
const GONE_BY_HASH: &str = "
select true as trashed, m.id as merged_id, m.number as merged_number
from gone g left join incidents m on m.number = g.merged_into_number where g.origin_hash = $1 limit 1";
const GONE_BY_ORIGIN: &str = "
select true as trashed, m.id as merged_id, m.number as merged_number
from gone g left join incidents m on m.number = g.merged_into_number where g.origin_key_hash = $1 limit 1";
const NEXT_NUMBER: &str = "
select coalesce(max(n), 0) + 1 from (select max(number) as n from incidents union all select max(number) as n from gone) as numbers";
const MERGED_INTO: &str = "
select m.id, m.number from incidents i join incidents m on m.id = i.merged_into where i.number = $1 and i.trashed_at is not null";
const GONE_INTO: &str =
    "select m.id, m.number from gone g join incidents m on m.number = g.merged_into_number where g.number = $1";

/// The next number: one that was given is not given again, so that an old address never leads to another incident.
pub(crate) async fn next_number(conn: &mut Conn) -> Result<i64> {
    Ok(on!(conn, db => sqlx::query_scalar(NEXT_NUMBER).fetch_one(db).await)?)
}

/// Whether what a document with these bytes, or of this name, became is in the trash, merged away or gone; what to say about it then.
pub(crate) async fn not_revived(
    conn: &mut Conn,
    viewer: &Viewer,
    hash: &[u8],
    origin: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    type Row = Option<(bool, Option<Uuid>, Option<i64>)>;
    let me = viewer.person_id.0;
    let there: Row = match origin {
        None => on!(conn, db => sqlx::query_as(BY_HASH).bind(hash).bind(me).fetch_optional(db).await)?,
        Some(origin) => on!(conn, db => sqlx::query_as(BY_ORIGIN).bind(origin).bind(me).fetch_optional(db).await)?,
    };
    let gone: Row = match (&there, origin) {
        (Some(_), _) => None,
        (None, None) => on!(conn, db => sqlx::query_as(GONE_BY_HASH).bind(hash).fetch_optional(db).await)?,
        (None, Some(origin)) => {
            on!(conn, db => sqlx::query_as(GONE_BY_ORIGIN).bind(origin_hash(origin)).fetch_optional(db).await)?
        }
    };
    let is_gone = gone.is_some();
    let Some((true, merged, number)) = there.or(gone) else { return Ok(None) };
    // Where it lives on is said to who may see it there.
    Ok(Some(match (merged, number) {
        (Some(id), Some(number)) if sees(conn, viewer, IncidentId(id), now).await? => {
            format!("merged into {}", IncidentKey(number))
        }
        (Some(_), _) => "merged into another incident".to_owned(),
        _ if is_gone => "deleted for good, and not brought back".to_owned(),
        _ => "in the trash; whoever may can put it back from there".to_owned(),
    }))
}

/// Whether what a document with these bytes became is gone for good.
pub(crate) async fn is_gone(conn: &mut Conn, hash: &[u8]) -> Result<bool> {
    let gone: Option<(bool, Option<Uuid>, Option<i64>)> =
        on!(conn, db => sqlx::query_as(GONE_BY_HASH).bind(hash).fetch_optional(db).await)?;
    Ok(gone.is_some())
}

async fn sees(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<bool> {
    match standing::require(conn, viewer, Right::SeeIncidents, incident, now).await {
        Ok(_) => Ok(true),
        Err(StoreError::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

/// What is kept of a document's name after it is gone.
pub(super) fn origin_hash(origin: &str) -> Vec<u8> {
    Sha256::digest(origin.as_bytes()).to_vec()
}

/// Where the incident of this old key lives on, for who may see it there.
///
/// # Errors
/// What the database said.
pub async fn merged_into(store: &Store, viewer: &Viewer, key: IncidentKey, now: DateTime<Utc>) -> Result<Option<IncidentKey>> {
    let mut conn = store.read().await?;
    let mut found: Option<(Uuid, i64)> = on!(conn, db => sqlx::query_as(MERGED_INTO).bind(key.0).fetch_optional(db).await)?;
    if found.is_none() {
        found = on!(conn, db => sqlx::query_as(GONE_INTO).bind(key.0).fetch_optional(db).await)?;
    }
    let Some((id, number)) = found else { return Ok(None) };
    Ok(sees(&mut conn, viewer, IncidentId(id), now).await?.then_some(IncidentKey(number)))
}
