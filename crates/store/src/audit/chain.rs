//! The walk along the trail: whether every entry is as it was written and follows the one before it.

use super::chained;
use crate::db::{Conn, on};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use domain::{IncidentId, PersonId};
use uuid::Uuid;

/// What a walk along the whole trail found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Entries that fit, from the first that is kept.
    pub entries: i64,
    /// When the last of them was noted.
    pub last_at: Option<DateTime<Utc>>,
    /// The number of the first entry that is not as it was written, or that does not follow the one before it; `None`: whole.
    pub broken_at: Option<i64>,
}

const CHECKPOINTS: &str = "select object from audit where action = 'audit.checkpoint' order by number desc";
const PAGE: &str = "
select number, at, actor_id, action, object, incident_id, hash from audit where number > $1 order by number limit 1000";

#[derive(sqlx::FromRow)]
struct EntryRow {
    number: i64,
    at: DateTime<Utc>,
    actor_id: Option<Uuid>,
    action: String,
    object: String,
    incident_id: Option<Uuid>,
    hash: Vec<u8>,
}

/// Reads the whole trail and computes its chain again.
///
/// # Errors
/// What the database said.
pub async fn verify(store: &Store) -> Result<Chain> {
    walk(&mut store.read().await?).await
}

/// Follows the chain from its first entry, or from the last checkpoint on, to the first that does not fit, or to the end.
pub(crate) async fn walk(conn: &mut Conn) -> Result<Chain> {
    let key = conn.keys.derived("audit chain");
    let checkpoints: Vec<String> = on!(conn, db => sqlx::query_scalar(CHECKPOINTS).fetch_all(db).await)?;
    let mut chain = Chain { entries: 0, last_at: None, broken_at: None };
    let mut before: Option<(i64, Vec<u8>)> = None;
    loop {
        let from = before.as_ref().map_or(0, |(number, _)| *number);
        let page: Vec<EntryRow> = on!(conn, db => sqlx::query_as(PAGE).bind(from).fetch_all(db).await)?;
        if page.is_empty() {
            return Ok(chain);
        }
        for row in page {
            let actor = row.actor_id.map(PersonId);
            let incident = row.incident_id.map(IncidentId);
            let follows = |hash: &[u8]| {
                chained(key.as_slice(), hash, row.number, row.at, actor, &row.action, &row.object, incident) == row.hash
            };
            let fine = match &before {
                Some((number, hash)) => row.number == number + 1 && follows(hash),
                None if row.number == 1 => follows(&[]),
                // The hash that it follows went; a checkpoint, which stands in the chain itself, holds it.
                None => checkpoints.iter().any(|object| {
                    let Some((number, hash)) = object.split_once(' ') else { return false };
                    number == (row.number - 1).to_string() && unhex(hash).is_some_and(|hash| follows(&hash))
                }),
            };
            if !fine {
                chain.broken_at = Some(row.number);
                return Ok(chain);
            }
            (chain.entries, chain.last_at) = (chain.entries + 1, Some(row.at));
            before = Some((row.number, row.hash));
        }
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (text.len().is_multiple_of(2)).then(|| (0..text.len()).step_by(2).map(pair).collect())?
}
