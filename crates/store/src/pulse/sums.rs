//! The sums of a quarter that is open: one sealed row. Whoever reads the database sees a block of bytes that changes; whose answer changed it, and
//! to what, is in no copy that lacks the instance key.

use crate::crypt::instance_keyring;
use crate::db::{Conn, on, run};
use crate::{Result, StoreError};
use domain::pulse::Sums;
use domain::trends::Period;

/// Filled up to whole blocks of so many bytes: a first answer of a team makes nothing longer that anybody could see.
const BLOCK: usize = 4096;

const FIND: &str = "select sealed from pulse_quarters where quarter = $1 and closed_at is null";
const BEGIN: &str = "
insert into pulse_quarters (quarter, sealed, answered, invited, closed_at) values ($1, $2, null, null, null)
on conflict (quarter) do nothing";
const PUT: &str = "update pulse_quarters set sealed = $2 where quarter = $1 and closed_at is null";

const CORRUPT: StoreError = StoreError::Corrupt { table: "pulse_quarters", column: "sealed" };

fn associated(quarter: Period) -> Vec<u8> {
    format!("pulse_quarters\n{quarter}").into_bytes()
}

fn seal(conn: &Conn, quarter: Period, sums: &Sums) -> Result<Vec<u8>> {
    let mut written = serde_json::to_vec(sums).map_err(|_| CORRUPT)?;
    // White space after JSON says nothing.
    written.resize(written.len().div_ceil(BLOCK) * BLOCK, b' ');
    Ok(instance_keyring(&conn.keys, "pulse").seal_bytes(&associated(quarter), &written))
}

/// The sums so far; `None` where the quarter has not begun or is closed.
pub(super) async fn find(conn: &mut Conn, quarter: Period) -> Result<Option<Sums>> {
    let sealed: Option<Option<Vec<u8>>> =
        on!(conn, db => sqlx::query_scalar(FIND).bind(quarter.first_day()).fetch_optional(db).await)?;
    let Some(sealed) = sealed.flatten() else { return Ok(None) };
    let clear = instance_keyring(&conn.keys, "pulse").open_bytes(&associated(quarter), &sealed)?;
    serde_json::from_slice(&clear).map(Some).map_err(|_| CORRUPT)
}

/// The sums so far, of a quarter that begins with its first mark.
pub(super) async fn begun(conn: &mut Conn, quarter: Period) -> Result<Sums> {
    let nothing = seal(conn, quarter, &Sums::default())?;
    run!(conn, sqlx::query(BEGIN).bind(quarter.first_day()).bind(nothing))?;
    find(conn, quarter).await?.ok_or(StoreError::Refused("This quarter is closed already."))
}

pub(super) async fn put(conn: &mut Conn, quarter: Period, sums: &Sums) -> Result<()> {
    let sealed = seal(conn, quarter, sums)?;
    run!(conn, sqlx::query(PUT).bind(quarter.first_day()).bind(sealed))?;
    Ok(())
}
