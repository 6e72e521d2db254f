//! What the instance remembers about its own running: the last backup, and when each job last ran.

use crate::db::{Conn, on, run};
use crate::mail::{self, Counts};
use crate::{Result, Store, StoreError, settings};
use chrono::{DateTime, TimeDelta, Utc};
use domain::people::Viewer;
use domain::rights::{Right, Standing, may};
use serde::{Deserialize, Serialize};

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// When it was begun: everything that was acknowledged before is in it.
    pub at: DateTime<Utc>,
    /// The file's name, without its folder.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whether it was restored into a temporary folder and found whole.
    pub verified: bool,
    /// What was found: a sentence.
    pub said: String,
}

/// When a job last ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRun {
    /// When it ended.
    pub at: DateTime<Utc>,
    /// Whether it did its work.
    pub well: bool,
    /// What it did, or what was in its way.
    pub said: String,
}

/// What administrators see of the running instance.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Engine and version.
    pub engine: String,
    /// Bytes that the database takes.
    pub bytes: u64,
    /// Number and name of the newest migration that is applied.
    pub schema: (i64, String),
    /// Which instance key must be kept beside the backups.
    pub instance_key_id: String,
    /// The last backup.
    pub backup: Option<Backup>,
    /// Letters by what became of them; `None` where no mail is set up.
    pub letters: Option<Counts>,
    /// Jobs by name.
    pub jobs: Vec<(String, JobRun)>,
}

const JOBS: &str = "select key, value from settings where key like 'job.%' order by key";
// Takes the key if it is new or holds what the caller saw last: of two processes one wins.
const TAKE: &str = "
insert into settings (key, value) values ($1, $2)
on conflict (key) do update set value = excluded.value where settings.value = $3";

/// How long a claim holds: a process that died over its backup must not keep the others from theirs.
const CLAIM: TimeDelta = TimeDelta::hours(2);

/// How long a page waits for a database that says nothing.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt { table: "settings", column: "value" })
}

fn written(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|_| StoreError::Corrupt { table: "settings", column: "value" })
}

/// The last backup that was remembered.
///
/// # Errors
/// What the database said.
pub async fn last_backup(store: &Store) -> Result<Option<Backup>> {
    found(&mut store.read().await?).await
}

async fn found(conn: &mut Conn) -> Result<Option<Backup>> {
    settings::get(conn, "last_backup").await?.map(|text| read(&text)).transpose()
}

/// Remembers a backup.
///
/// # Errors
/// What the database said.
pub async fn remember_backup(store: &Store, backup: &Backup) -> Result<()> {
    let mut conn = store.write().await?;
    settings::put(&mut conn, "last_backup", &written(backup)?).await?;
    conn.commit().await
}

/// Whether a backup is due, because the last good one is older than `every`; then it is this process's to make, and no other's.
///
/// # Errors
/// What the database said.
pub async fn claim_backup(store: &Store, every: TimeDelta, now: DateTime<Utc>) -> Result<bool> {
    let mut conn = store.write().await?;
    if found(&mut conn).await?.is_some_and(|last| last.verified && now - last.at < every) {
        return Ok(false);
    }
    let claimed = settings::get(&mut conn, "backup_claim").await?;
    let held = claimed.as_deref().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    if held.is_some_and(|at| now - at.to_utc() < CLAIM) {
        return Ok(false);
    }
    let won = run!(conn, sqlx::query(TAKE).bind("backup_claim").bind(now.to_rfc3339()).bind(&claimed))?;
    conn.commit().await?;
    Ok(won == 1)
}

/// Gives a claim back after the backup was made, so that the next day's is decided by its age alone.
///
/// # Errors
/// What the database said.
pub async fn release_backup(store: &Store) -> Result<()> {
    const RELEASE: &str = "delete from settings where key = 'backup_claim'";
    let mut conn = store.write().await?;
    run!(conn, sqlx::query(RELEASE))?;
    conn.commit().await
}

/// Notes that a job ran.
///
/// # Errors
/// What the database said.
pub async fn note_job(store: &Store, name: &str, run: &JobRun) -> Result<()> {
    let mut conn = store.write().await?;
    settings::put(&mut conn, &format!("job.{name}"), &written(run)?).await?;
    conn.commit().await
}

/// The running instance, for administrators.
///
/// # Errors
/// [`StoreError::NotFound`] for everybody else.
pub async fn overview(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Overview> {
    if !may(Right::Administer, &Standing::of(viewer)) {
        return Err(StoreError::NotFound);
    }
    let away = || Err(StoreError::Unavailable(sqlx::Error::PoolTimedOut));
    tokio::time::timeout(PATIENCE, look(store, now)).await.unwrap_or_else(|_| away())
}

async fn look(store: &Store, now: DateTime<Utc>) -> Result<Overview> {
    let (engine, _) = crate::health::settings(store).await?;
    let bytes = crate::health::size(store).await?;
    let letters = if store.sends_mail() { Some(mail::counts(store, now).await?) } else { None };
    let mut conn = store.read().await?;
    let applied = crate::migrations::applied(&mut conn).await?.last().copied().unwrap_or_default();
    let (names, _) = crate::migration_names();
    let name = names.into_iter().find(|(version, _)| *version == applied).map_or_else(String::new, |(_, name)| name);
    let jobs: Vec<(String, String)> = on!(conn, db => sqlx::query_as(JOBS).fetch_all(db).await)?;
    let jobs = jobs.into_iter().map(|(key, value)| Ok((key.strip_prefix("job.").unwrap_or(&key).to_owned(), read(&value)?)));
    Ok(Overview {
        engine,
        bytes,
        schema: (applied, name),
        instance_key_id: settings::get(&mut conn, "instance_key_id").await?.unwrap_or_default(),
        jobs: jobs.collect::<Result<_>>()?,
        backup: found(&mut conn).await?,
        letters,
    })
}
