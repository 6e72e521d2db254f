//! Everything a database holds as one file of JSON lines, from either engine to either engine and back, equal to the byte.
//!
//! The first line says the format, the migrations and which instance key is needed. Each table follows: a line with its columns, then
//! a line for each row, in the order of its primary key. The last two lines count the rows and give the SHA-256 of all before, so
//! that a cut or altered file is refused. Ciphertext and wrapped keys travel as they are; the instance key never does.

mod read;
mod schema;
mod value;
mod write;

use crate::db::{Engine, run};
use crate::{Result, Store};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use read::{header, import};
pub use schema::{Kind, LEFT_BEHIND, Table};
pub use write::export;

/// The version of the file's format.
const FORMAT: u32 = 1;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Always `export`: says what this file is to whoever opens it.
    pub second_story: String,
    /// Version of the format.
    pub format: u32,
    /// The migrations that were applied, in order.
    pub migrations: Vec<i64>,
    /// The instance key without which the confidential text stays closed.
    pub instance_key_id: String,
}

#[derive(Serialize, Deserialize)]
struct TableLine {
    table: String,
    columns: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct CountsLine {
    rows: BTreeMap<String, u64>,
}

#[derive(Serialize, Deserialize)]
struct DigestLine {
    sha256: String,
}

/// What was carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The instance key that must be kept with the file.
    pub instance_key_id: String,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
}

impl Carried {
    /// Rows in all.
    pub fn total(&self) -> u64 {
        self.rows.values().sum()
    }
}

/// The tables after these migrations, [`LEFT_BEHIND`] among them.
///
/// # Errors
/// [`crate::StoreError::Setup`] when a migration has a kind of column that an export does not know.
pub fn tables(migrations: &[i64]) -> Result<Vec<Table>> {
    schema::tables(crate::migrations::texts(migrations))
}

/// The tables that an export carries.
pub(crate) fn carried(migrations: &[i64]) -> Result<Vec<Table>> {
    Ok(tables(migrations)?.into_iter().filter(|t| !LEFT_BEHIND.contains(&t.name.as_str())).collect())
}

/// Writes an SQLite database's present state into an empty or new file: consistent, while others write.
///
/// `VACUUM INTO` and not the backup API: it reads one snapshot and holds up no writer, whereas the backup API begins anew whenever
/// another connection writes; the copy has no free pages with remnants of what was deleted; and it needs no `unsafe`. It does not
/// reach the disk by itself: the caller syncs the file.
///
/// # Errors
/// What the database said; a refusal on PostgreSQL, which is backed up by [`export`].
pub async fn copy_sqlite(store: &Store, to: &std::path::Path) -> Result<()> {
    const COPY: &str = "vacuum into $1";
    let mut conn = store.read().await?;
    match conn.engine() {
        Engine::Sqlite(db) => sqlx::query(COPY).bind(to.to_string_lossy().into_owned()).execute(db).await?,
        Engine::Postgres(_) => return Err(crate::StoreError::Refused("only an SQLite database is copied as a file")),
    };
    Ok(())
}

/// Signs everybody out, forgets attempts and links for setting a password or reading a story: a restored database must not bring
/// sessions back that were ended since, nor links that were used or taken back, nor send letters again.
///
/// # Errors
/// What the database said.
pub async fn forget_sessions(store: &Store) -> Result<()> {
    const SESSIONS: &str = "delete from sessions";
    const ATTEMPTS: &str = "delete from attempts";
    const LINKS: &str = "delete from access_links";
    const SHARES: &str = "delete from story_shares";
    const FEEDS: &str = "delete from feeds";
    const OUTBOX: &str = "delete from outbox";
    let mut conn = store.bulk().await?;
    run!(conn, sqlx::query(SESSIONS))?;
    run!(conn, sqlx::query(LINKS))?;
    run!(conn, sqlx::query(SHARES))?;
    run!(conn, sqlx::query(ATTEMPTS))?;
    run!(conn, sqlx::query(FEEDS))?;
    run!(conn, sqlx::query(OUTBOX))?;
    conn.commit().await
}
