//! The first start: a one-time link that makes the first administrator, and is used up by it.

use crate::db::{Conn, on, run};
use crate::people::{self, NewAccount};
use crate::{Result, Store, StoreError, audit, random, sessions, settings};
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use tokio::sync::Mutex;

/// A set-up link works for this long; a new start makes a new one.
pub const LINK_LASTS: Duration = Duration::hours(24);

const LINK: &str = "setup_link";
const ADMINISTRATORS: &str = "select count(*) from people where is_administrator";
const USE_UP: &str = "delete from settings where key = $1 and value = $2";
const ALSO_MEMBER: &str = "update people set is_member = $2 where id = $1";

/// Two who set up at once take turns: the second finds the link used up before it works on a password.
static TURN: Mutex<()> = Mutex::const_new(());

/// How an attempt went.
#[derive(Debug)]
pub enum Outcome {
    /// The administrator is there and signed in: the new session's token.
    Welcome(String),
    /// Too many wrong links came from this address; wait some minutes.
    Wait,
}

async fn waits_in(conn: &mut Conn) -> Result<bool> {
    let count: i64 = on!(conn, db => sqlx::query_scalar(ADMINISTRATORS).fetch_one(db).await)?;
    Ok(count == 0)
}

/// Whether there is no administrator yet, not even one that was deactivated.
///
/// # Errors
/// What the database said.
pub async fn waits(store: &Store) -> Result<bool> {
    waits_in(&mut store.read().await?).await
}

/// Makes a link's token where there is no administrator yet: the only time that it is known. One that was made before ends.
///
/// # Errors
/// What the database said.
pub async fn new_link(store: &Store, now: DateTime<Utc>) -> Result<Option<String>> {
    let mut conn = store.write().await?;
    if !waits_in(&mut conn).await? {
        return Ok(None);
    }
    let token = random::token();
    let until = (now + LINK_LASTS).to_rfc3339_opts(SecondsFormat::Secs, true);
    settings::put(&mut conn, LINK, &format!("{} {until}", hex(&random::token_hash(&token)))).await?;
    conn.commit().await?;
    Ok(Some(token))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The stored value, if `token` is the link that works now.
async fn stored(conn: &mut Conn, token: &str, now: DateTime<Utc>) -> Result<Option<String>> {
    if !waits_in(conn).await? {
        return Ok(None);
    }
    let Some(value) = settings::get(conn, LINK).await? else { return Ok(None) };
    // Hashes are compared: how far they agree tells nothing about the token.
    let works = value.split_once(' ').is_some_and(|(hash, until)| {
        let alive = DateTime::parse_from_rfc3339(until).is_ok_and(|until| now < until);
        alive && hash == hex(&random::token_hash(token))
    });
    Ok(works.then_some(value))
}

/// Looks at a link. Changes nothing.
///
/// # Errors
/// [`StoreError::NotFound`] when it expired, was replaced or used, or never was.
pub async fn peek(store: &Store, token: &str, now: DateTime<Utc>) -> Result<()> {
    stored(&mut store.read().await?, token, now).await?.map(drop).ok_or(StoreError::NotFound)
}

/// Makes the first administrator and signs it in. The link is used up in the same transaction: of many tries at once one succeeds.
/// `member`: takes part in incidents, too. `address` is where the request came from; wrong links are counted by it.
///
/// # Errors
/// Fields `name`, `email`, `password` with what to mend (the link still works then); [`StoreError::NotFound`] as [`peek`].
pub async fn finish(
    store: &Store,
    token: &str,
    account: &NewAccount,
    member: bool,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Outcome> {
    let _turn = TURN.lock().await;
    let bucket = format!("set-up {address}");
    let mut conn = store.read().await?;
    if !waits_in(&mut conn).await? {
        return Err(StoreError::NotFound);
    }
    if sessions::has_to_wait(&mut conn, &bucket, now).await? {
        return Ok(Outcome::Wait);
    }
    if stored(&mut conn, token, now).await?.is_none() {
        drop(conn);
        let mut conn = store.write().await?;
        sessions::count_try(&mut conn, &[&bucket], now).await?;
        conn.commit().await?;
        return Err(StoreError::NotFound);
    }
    drop(conn);
    let ready = people::ready(store, account).await?;
    let mut conn = store.write().await?;
    let value = stored(&mut conn, token, now).await?.ok_or(StoreError::NotFound)?;
    // Two processes may have come this far with one link on PostgreSQL: the row goes once.
    if run!(conn, sqlx::query(USE_UP).bind(LINK).bind(&value))? != 1 {
        return Err(StoreError::NotFound);
    }
    let person = people::add_ready(&mut conn, account, ready, now).await?;
    run!(conn, sqlx::query(ALSO_MEMBER).bind(person.0).bind(member))?;
    let session = sessions::begin(&mut conn, person, now).await?;
    audit::note(&mut conn, now, Some(person), "setup.finish", "", None).await?;
    conn.commit().await?;
    Ok(Outcome::Welcome(session))
}
