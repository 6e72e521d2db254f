//! The audit trail: who did what to which object, never content. Each entry is chained to the one before by a keyed hash, so that
//! an edit, a deletion or a gap shows.

mod chain;
mod mine;
mod purge;

pub use chain::{Chain, verify};
pub use mine::AuditLine;

pub(crate) use chain::walk;
pub(crate) use mine::mine;
pub(crate) use purge::{due, purge};

use crate::Result;
use crate::db::{Conn, on, run};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::{IncidentId, PersonId};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

const LAST: &str = "select number, hash from audit order by number desc limit 1";
const ADD: &str =
    "insert into audit (number, at, actor_id, action, object, incident_id, hash) values ($1, $2, $3, $4, $5, $6, $7)";
// Concurrent writers on PostgreSQL take turns from here to their commit; SQLite has one writer anyway.
const TAKE_TURN: &str = "select pg_advisory_xact_lock(7302041)";

/// Waits for the writers' turn, before reading what the act depends on: nobody else changes it until the commit.
pub(crate) async fn take_turn(conn: &mut Conn) -> Result<()> {
    if let crate::db::Engine::Postgres(db) = conn.engine() {
        sqlx::query(TAKE_TURN).execute(db).await?;
    }
    Ok(())
}

/// Notes an act inside the transaction that does it: both are kept or neither is.
pub(crate) async fn note(
    conn: &mut Conn,
    now: DateTime<Utc>,
    actor: Option<PersonId>,
    action: &'static str,
    object: &str,
    incident: Option<IncidentId>,
) -> Result<()> {
    take_turn(conn).await?;
    let last: Option<(i64, Vec<u8>)> = on!(conn, db => sqlx::query_as(LAST).fetch_optional(db).await)?;
    let (number, before) = last.map_or((1, Vec::new()), |(number, hash)| (number + 1, hash));
    let key = conn.keys.derived("audit chain");
    let hash = chained(key.as_slice(), &before, number, now, actor, action, object, incident);
    run!(
        conn,
        sqlx::query(ADD)
            .bind(number)
            .bind(now)
            .bind(actor.map(|a| a.0))
            .bind(action)
            .bind(object)
            .bind(incident.map(|i| i.0))
            .bind(hash)
    )?;
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "the fields of one entry, hashed in order")]
fn chained(
    key: &[u8],
    before: &[u8],
    number: i64,
    at: DateTime<Utc>,
    actor: Option<PersonId>,
    action: &str,
    object: &str,
    incident: Option<IncidentId>,
) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).expect("any length");
    let at = at.to_rfc3339_opts(SecondsFormat::Micros, true);
    let id = |id: Option<Uuid>| id.map(|i| i.to_string()).unwrap_or_default();
    mac.update(before);
    for part in [&number.to_string(), &at, &id(actor.map(|a| a.0)), action, object, &id(incident.map(|i| i.0))] {
        mac.update(part.as_bytes());
        mac.update(b"\n");
    }
    mac.finalize().into_bytes().to_vec()
}
