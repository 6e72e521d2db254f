//! Whether a database is sound: its pages, references, audit trail, sealed words and settings. Reads only.

mod sealed;
mod settings;

use crate::audit;
use crate::db::{Conn, Engine, on};
use crate::{Result, Store, StoreError};
use std::collections::BTreeMap;

pub use crate::audit::Chain;
pub use sealed::Sealed;
pub use settings::{Setting, clock, file, settings, size};

/// Faults that are named at most.
const NAMED: usize = 20;

/// Reads the whole database and answers what is damaged, one sentence each. `quick` leaves out whether indexes fit their tables.
/// SQLite reads every page; PostgreSQL reads every row, and its page checksums, where they are on, find a damaged page.
///
/// # Errors
/// What the database said, unless it is that a page is damaged.
pub async fn integrity(store: &Store, quick: bool) -> Result<Vec<String>> {
    const FULL: &str = "pragma integrity_check(20)";
    const QUICK: &str = "pragma quick_check(20)";
    let mut conn = store.snapshot().await?;
    let found = match conn.engine() {
        Engine::Sqlite(db) => sqlx::query_scalar::<_, String>(if quick { QUICK } else { FULL }).fetch_all(db).await,
        Engine::Postgres(_) => {
            return match counts(&mut conn).await {
                Err(StoreError::Database(error)) => damage(error),
                counted => counted.map(|_| Vec::new()),
            };
        }
    };
    match found {
        Ok(lines) => Ok(lines.into_iter().filter(|line| line != "ok").collect()),
        Err(error) => damage(error),
    }
}

/// A damaged page is a finding, not a failure to look. SQLite: CORRUPT, NOTADB; PostgreSQL: data or index corrupted.
fn damage(error: sqlx::Error) -> Result<Vec<String>> {
    let code = error.as_database_error().and_then(|e| e.code()).map(|c| c.into_owned()).unwrap_or_default();
    let corrupt = match code.parse::<u32>() {
        Ok(number) => matches!(number & 0xff, 11 | 26),
        Err(_) => matches!(code.as_str(), "XX001" | "XX002"),
    };
    if corrupt { Ok(vec![error.to_string()]) } else { Err(error.into()) }
}

/// Rows that refer to something that is not there (SQLite), or references that are not held (PostgreSQL), one sentence each.
///
/// # Errors
/// What the database said.
pub async fn references(store: &Store) -> Result<Vec<String>> {
    broken_references(&mut store.snapshot().await?).await
}

async fn broken_references(conn: &mut Conn) -> Result<Vec<String>> {
    const SQLITE: &str = "pragma foreign_key_check";
    const POSTGRES: &str = "
select r.relname, c.conname from pg_constraint c join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace
where c.contype = 'f' and not c.convalidated and n.nspname = current_schema() order by r.relname, c.conname limit 20";
    match conn.engine() {
        Engine::Sqlite(db) => {
            let found: Vec<(String, Option<i64>, String, i64)> = sqlx::query_as(SQLITE).fetch_all(db).await?;
            let told = |(table, row, parent, _): (String, Option<i64>, String, i64)| {
                format!("row {} of {table} refers to a row of {parent} that is not there", row.unwrap_or_default())
            };
            Ok(found.into_iter().take(NAMED).map(told).collect())
        }
        Engine::Postgres(db) => {
            let found: Vec<(String, String)> = sqlx::query_as(POSTGRES).fetch_all(db).await?;
            Ok(found.into_iter().map(|(table, name)| format!("{name} of {table} is not held")).collect())
        }
    }
}

/// Follows the audit trail to its end or to the first entry that does not fit.
///
/// # Errors
/// What the database said.
pub async fn audit_chain(store: &Store) -> Result<Chain> {
    audit::walk(&mut store.snapshot().await?).await
}

/// Opens one sealed value of each incident with its key.
///
/// # Errors
/// What the database said.
pub async fn sealed(store: &Store) -> Result<Sealed> {
    sealed::check(&mut store.snapshot().await?).await
}

/// Rows of each table that an export carries.
///
/// # Errors
/// What the database said.
pub async fn rows(store: &Store) -> Result<BTreeMap<String, u64>> {
    counts(&mut store.snapshot().await?).await
}

async fn counts(conn: &mut Conn) -> Result<BTreeMap<String, u64>> {
    let applied = crate::migrations::applied(conn).await?;
    let mut counts = BTreeMap::new();
    for table in crate::archive::carried(&applied)? {
        // Every column is read, so that every page is.
        let sql = format!("select count(*) from (select * from {} offset 0) t", table.name);
        let sqlite = format!("select count(*) from {}", table.name);
        let count: i64 = match conn.engine() {
            Engine::Sqlite(db) => sqlx::query_scalar(sqlx::AssertSqlSafe(sqlite)).fetch_one(db).await?,
            Engine::Postgres(db) => sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(db).await?,
        };
        counts.insert(table.name, u64::try_from(count).unwrap_or_default());
    }
    Ok(counts)
}

/// How many entries the audit trail has: it grows with every act, so that it says how far a copy goes.
///
/// # Errors
/// What the database said.
pub async fn acts(store: &Store) -> Result<i64> {
    const ACTS: &str = "select coalesce(max(number), 0) from audit";
    let mut conn = store.read().await?;
    Ok(on!(conn, db => sqlx::query_scalar(ACTS).fetch_one(db).await)?)
}

/// Refuses rows that do not hold together: within the transaction that brought them.
pub(crate) async fn refuse_unsound(conn: &mut Conn) -> Result<()> {
    if let Some(first) = broken_references(conn).await?.into_iter().next() {
        return Err(StoreError::Setup(format!("{first}. Nothing was taken in.")));
    }
    if let Some(number) = audit::walk(conn).await?.broken_at {
        return Err(StoreError::Setup(format!("entry {number} of the audit trail does not fit. Nothing was taken in.")));
    }
    if let Some(first) = sealed::check(conn).await?.faults.into_iter().next() {
        return Err(StoreError::Setup(format!("{first}. Nothing was taken in.")));
    }
    Ok(())
}
