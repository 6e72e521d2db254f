//! Before something goes for good: the password of the account, or where there is none a typed word.

use crate::db::{Conn, on, run};
use crate::{Result, Store, passwords, random};
use chrono::{DateTime, Duration, Utc};
use domain::people::Viewer;

/// Wrong passwords within [`WINDOW`] before the next has to wait.
const TRIES: i64 = 10;
const WINDOW: Duration = Duration::minutes(10);

/// How the confirmation went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// It is them, and they mean it.
    Yes,
    /// Another password, or another word.
    No,
    /// Too many tries; wait some minutes.
    Wait,
}

const HASH: &str = "select password_hash from people where id = $1";
const COUNT_TRIES: &str = "select count(*) from attempts where bucket = $1 and at > $2";
const ADD_TRY: &str = "insert into attempts (id, bucket, at) values ($1, $2, $3)";

/// Whether the viewer signs in with a password, and confirms with it.
///
/// # Errors
/// What the database said.
pub async fn has_password(store: &Store, viewer: &Viewer) -> Result<bool> {
    Ok(hash(&mut store.read().await?, viewer).await?.is_some())
}

async fn hash(conn: &mut Conn, viewer: &Viewer) -> Result<Option<String>> {
    // A personal link proves the link and no account.
    if viewer.guest_of.is_some() {
        return Ok(None);
    }
    let row: Option<Option<String>> =
        on!(conn, db => sqlx::query_scalar(HASH).bind(viewer.person_id.0).fetch_optional(db).await)?;
    Ok(row.flatten())
}

/// Whether what was typed confirms: the account's password, or `word` where there is no password.
///
/// # Errors
/// What the database said.
pub async fn confirm(store: &Store, viewer: &Viewer, typed: &str, word: &str, now: DateTime<Utc>) -> Result<Confirmed> {
    let bucket = format!("confirm {}", viewer.person_id);
    let mut conn = store.read().await?;
    let Some(hash) = hash(&mut conn, viewer).await? else {
        let meant = domain::text::fold(typed.trim()) == domain::text::fold(word);
        return Ok(if meant { Confirmed::Yes } else { Confirmed::No });
    };
    let tries: i64 = on!(conn, db => sqlx::query_scalar(COUNT_TRIES).bind(&bucket).bind(now - WINDOW).fetch_one(db).await)?;
    drop(conn);
    if tries >= TRIES {
        return Ok(Confirmed::Wait);
    }
    if passwords::verify(store, typed, Some(hash)).await? {
        return Ok(Confirmed::Yes);
    }
    let mut conn = store.write().await?;
    run!(conn, sqlx::query(ADD_TRY).bind(random::id()).bind(&bucket).bind(now))?;
    conn.commit().await?;
    Ok(Confirmed::No)
}
