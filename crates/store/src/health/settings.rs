//! The settings that durability stands on, read back from the engine itself, and what else it says about itself.

use crate::db::{Conn, Engine};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use std::path::PathBuf;

/// A setting as the engine holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub value: String,
    /// What it should be.
    pub wanted: &'static str,
    /// Whether data may be lost with it as it is; else it is only worth a look.
    pub grave: bool,
}

impl Setting {
    /// Whether it is as it should be.
    pub fn is_fit(&self) -> bool {
        self.value == self.wanted
    }
}

/// Version of the engine, and the settings. SQLite's settings belong to a connection: the one that writes is asked.
///
/// # Errors
/// What the database said.
pub async fn settings(store: &Store) -> Result<(String, Vec<Setting>)> {
    // A transaction that writes nothing: on SQLite it is the writing connection.
    let mut conn = store.write().await?;
    match conn.engine() {
        Engine::Sqlite(_) => of_sqlite(&mut conn).await,
        Engine::Postgres(_) => of_postgres(&mut conn).await,
    }
}

async fn of_sqlite(conn: &mut Conn) -> Result<(String, Vec<Setting>)> {
    const WANTED: [(&str, &str, &str, bool); 7] = [
        ("journal_mode", "pragma journal_mode", "wal", true),
        ("synchronous", "pragma synchronous", "2", true),
        ("foreign_keys", "pragma foreign_keys", "1", true),
        ("trusted_schema", "pragma trusted_schema", "0", false),
        ("cell_size_check", "pragma cell_size_check", "1", false),
        ("secure_delete", "pragma secure_delete", "1", true),
        ("auto_vacuum", "pragma auto_vacuum", "2", false),
    ];
    let Engine::Sqlite(db) = conn.engine() else { return Ok((String::new(), Vec::new())) };
    let version: String = sqlx::query_scalar("select sqlite_version()").fetch_one(&mut *db).await?;
    let mut settings = Vec::new();
    for (name, sql, wanted, grave) in WANTED {
        let value: String = match name {
            "journal_mode" => sqlx::query_scalar(sql).fetch_one(&mut *db).await?,
            _ => sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut *db).await?.to_string(),
        };
        settings.push(Setting { name, value, wanted, grave });
    }
    Ok((format!("SQLite {version}"), settings))
}

async fn of_postgres(conn: &mut Conn) -> Result<(String, Vec<Setting>)> {
    const WANTED: [(&str, &str, bool); 5] = [
        ("fsync", "on", true),
        ("synchronous_commit", "on", true),
        ("full_page_writes", "on", true),
        ("data_checksums", "on", false),
        ("server_encoding", "UTF8", true),
    ];
    const SETTING: &str = "select setting from pg_settings where name = $1";
    let Engine::Postgres(db) = conn.engine() else { return Ok((String::new(), Vec::new())) };
    let version: String = sqlx::query_scalar(SETTING).bind("server_version").fetch_one(&mut *db).await?;
    let mut settings = Vec::new();
    for (name, wanted, grave) in WANTED {
        let mut value: String = sqlx::query_scalar(SETTING).bind(name).fetch_one(&mut *db).await?;
        if name == "synchronous_commit" && matches!(value.as_str(), "local" | "remote_write" | "remote_apply") {
            // Each of them waits for this server's own disk.
            wanted.clone_into(&mut value);
        }
        settings.push(Setting { name, value, wanted, grave });
    }
    Ok((format!("PostgreSQL {version}"), settings))
}

/// What time it is for the database. `None` on SQLite, which has no clock of its own.
///
/// # Errors
/// What the database said.
pub async fn clock(store: &Store) -> Result<Option<DateTime<Utc>>> {
    let mut conn = store.read().await?;
    match conn.engine() {
        Engine::Sqlite(_) => Ok(None),
        Engine::Postgres(db) => Ok(Some(sqlx::query_scalar("select clock_timestamp()").fetch_one(db).await?)),
    }
}

/// How many bytes the database takes.
///
/// # Errors
/// What the database said.
pub async fn size(store: &Store) -> Result<u64> {
    const PAGES: &str = "pragma page_count";
    const PAGE: &str = "pragma page_size";
    const BYTES: &str = "select pg_database_size(current_database())";
    let mut conn = store.read().await?;
    let bytes: i64 = match conn.engine() {
        Engine::Sqlite(db) => {
            let pages: i64 = sqlx::query_scalar(PAGES).fetch_one(&mut *db).await?;
            pages * sqlx::query_scalar::<_, i64>(PAGE).fetch_one(db).await?
        }
        Engine::Postgres(db) => sqlx::query_scalar(BYTES).fetch_one(db).await?,
    };
    Ok(u64::try_from(bytes).unwrap_or_default())
}

/// The file of an SQLite database.
///
/// # Errors
/// What the database said.
pub async fn file(store: &Store) -> Result<Option<PathBuf>> {
    const FILE: &str = "pragma database_list";
    let mut conn = store.read().await?;
    match conn.engine() {
        Engine::Sqlite(db) => {
            let list: Vec<(i64, String, String)> = sqlx::query_as(FILE).fetch_all(db).await?;
            Ok(list.into_iter().find(|(_, name, _)| name == "main").map(|(_, _, file)| PathBuf::from(file)))
        }
        Engine::Postgres(_) => Ok(None),
    }
}
