//! The end of the trail that is old enough to go: whole days, with a checkpoint entry that holds the last hash that went, so that
//! what stays can still be verified.

use super::note;
use crate::Result;
use crate::db::{Conn, on, run};
use chrono::{DateTime, Utc};

const CHECKPOINT: &str = "audit.checkpoint";

const FIRST_KEPT: &str = "select min(number) from audit where at >= $1";
const LAST: &str = "select max(number) from audit";
const OLDEST: &str = "select min(number) from audit";
const HASH: &str = "select hash from audit where number = $1";
const REMOVE: &str = "delete from audit where number <= $1";

/// The number up to which everything is older than `before`, and how many entries that are.
pub(crate) async fn due(conn: &mut Conn, before: DateTime<Utc>) -> Result<Option<(i64, i64)>> {
    let oldest: Option<i64> = on!(conn, db => sqlx::query_scalar(OLDEST).fetch_one(db).await)?;
    let Some(oldest) = oldest else { return Ok(None) };
    let kept: Option<i64> = on!(conn, db => sqlx::query_scalar(FIRST_KEPT).bind(before).fetch_one(db).await)?;
    let until = match kept {
        Some(kept) => kept - 1,
        None => on!(conn, db => sqlx::query_scalar::<_, Option<i64>>(LAST).fetch_one(db).await)?.unwrap_or_default(),
    };
    Ok((until >= oldest).then_some((until, until - oldest + 1)))
}

/// Removes the entries that are older than `before`, after a checkpoint was written. Answers how many went.
pub(crate) async fn purge(conn: &mut Conn, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<i64> {
    let Some((until, count)) = due(conn, before).await? else { return Ok(0) };
    let hash: Vec<u8> = on!(conn, db => sqlx::query_scalar(HASH).bind(until).fetch_one(db).await)?;
    note(conn, now, None, CHECKPOINT, &format!("{until} {}", hex(&hash)), None).await?;
    run!(conn, sqlx::query(REMOVE).bind(until))?;
    Ok(count)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
