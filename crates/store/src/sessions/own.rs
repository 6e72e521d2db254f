//! One's own sessions and password: see where one is signed in, sign out elsewhere, choose another password.

use super::{ABSOLUTE, ADD_TRY, COUNT_TRIES, FORGET_TRIES, IDLE, TRIES, WINDOW, begin, end_all_of};
use crate::db::{on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit, passwords, people, random};
use chrono::{DateTime, Utc};
use domain::Invalid;
use domain::people::{Viewer, check_password};
use domain::rights::Right;

/// A session of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// Names it in a form; leads to no token.
    pub mark: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Last seen, to within five minutes.
    pub last_seen: DateTime<Utc>,
    /// When it ends in any case.
    pub until: DateTime<Utc>,
    /// "Firefox on Linux"; empty where it is not known.
    pub device: String,
    /// The one that asks.
    pub this: bool,
}

const OWN: &str = "
select token_hash, created_at, last_seen_at, expires_at, device from sessions
where person_id = $1 and expires_at > $2 and last_seen_at > $3 order by last_seen_at desc, created_at desc";
const END_ONE: &str = "delete from sessions where token_hash = $1 and person_id = $2";
const NAME_DEVICE: &str = "update sessions set device = $2 where token_hash = $1";
const PASSWORD: &str = "select password_hash from people where id = $1 and deactivated_at is null";
const SET_PASSWORD: &str = "update people set password_hash = $2 where id = $1 and deactivated_at is null";

type OwnRow = (Vec<u8>, DateTime<Utc>, DateTime<Utc>, DateTime<Utc>, String);

/// Stands for a session in a page: a hash of what is stored, which is a hash of the token.
fn mark(token_hash: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    use std::fmt::Write;
    let hash = Sha256::new().chain_update(b"session mark").chain_update(token_hash).finalize();
    hash[..16].iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Notes what kind of device a session is on, so that its person can tell it from others.
///
/// # Errors
/// What the database said.
pub async fn name_device(store: &Store, token: &str, device: &str) -> Result<()> {
    let mut conn = store.write().await?;
    run!(conn, sqlx::query(NAME_DEVICE).bind(random::token_hash(token)).bind(device))?;
    conn.commit().await
}

/// The viewer's own sessions that are alive, last seen first. `token` is the present one's.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn own(store: &Store, viewer: &Viewer, token: &str, now: DateTime<Utc>) -> Result<Vec<OwnSession>> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.read().await?;
    let me = viewer.person_id.0;
    let rows: Vec<OwnRow> = on!(conn, db => sqlx::query_as(OWN).bind(me).bind(now).bind(now - IDLE).fetch_all(db).await)?;
    let this = random::token_hash(token);
    Ok(rows
        .into_iter()
        .map(|(hash, since, last_seen, expires, device)| OwnSession {
            mark: mark(&hash),
            this: hash == this,
            since,
            last_seen,
            until: expires.min(since + ABSOLUTE),
            device,
        })
        .collect())
}

/// Ends one session of the viewer's; one that is over already is fine.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn end_one(store: &Store, viewer: &Viewer, wanted: &str, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.write().await?;
    let me = viewer.person_id;
    let rows: Vec<OwnRow> = on!(conn, db => sqlx::query_as(OWN).bind(me.0).bind(now).bind(now - IDLE).fetch_all(db).await)?;
    let Some((hash, ..)) = rows.into_iter().find(|(hash, ..)| mark(hash) == wanted) else { return Ok(()) };
    run!(conn, sqlx::query(END_ONE).bind(&hash).bind(me.0))?;
    audit::note(&mut conn, now, Some(me), "session.end-one", "", None).await?;
    conn.commit().await
}

/// Ends all sessions of the viewer's, this one too.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn end_everywhere(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.write().await?;
    end_all_of(&mut conn, viewer.person_id).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "session.end-all", "", None).await?;
    conn.commit().await
}

/// Changes the viewer's password. All their sessions and links end; the answer is the token of a new session for the one that asked.
///
/// # Errors
/// Field `present` when it is another one, or after too many tries; field `password` for the new one; [`StoreError::NotFound`]
/// without an account.
pub async fn change_password(store: &Store, viewer: &Viewer, present: &str, new: &str, now: DateTime<Utc>) -> Result<String> {
    check_global(Right::OwnPages, viewer)?;
    check_password("password", new)?;
    let me = viewer.person_id;
    // Whoever found an open browser must not find the password by trying.
    let bucket = format!("password {me}");
    let mut conn = store.read().await?;
    let tries: i64 = on!(conn, db => sqlx::query_scalar(COUNT_TRIES).bind(&bucket).bind(now - WINDOW).fetch_one(db).await)?;
    if tries >= TRIES {
        return Err(Invalid::one("present", "There were many tries. Please wait some minutes; nothing is locked.").into());
    }
    let stored: Option<Option<String>> = on!(conn, db => sqlx::query_scalar(PASSWORD).bind(me.0).fetch_optional(db).await)?;
    drop(conn);
    let stored = stored.ok_or(StoreError::NotFound)?;
    if !passwords::verify(store, present, stored).await? {
        let mut conn = store.write().await?;
        run!(conn, sqlx::query(FORGET_TRIES).bind(now - WINDOW))?;
        run!(conn, sqlx::query(ADD_TRY).bind(random::id()).bind(&bucket).bind(now))?;
        audit::note(&mut conn, now, Some(me), "account.password-refused", "", None).await?;
        conn.commit().await?;
        return Err(Invalid::one("present", "This is not the password that you have now. Capitals count.").into());
    }
    let hash = passwords::hash(store, new).await?;
    let mut conn = store.write().await?;
    if run!(conn, sqlx::query(SET_PASSWORD).bind(me.0).bind(hash))? == 0 {
        return Err(StoreError::NotFound);
    }
    end_all_of(&mut conn, me).await?;
    people::end_access_links(&mut conn, me).await?;
    let token = begin(&mut conn, me, now).await?;
    audit::note(&mut conn, now, Some(me), "account.password", "", None).await?;
    conn.commit().await?;
    Ok(token)
}
