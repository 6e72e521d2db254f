//! The folder of attachments as a whole: what lies there that nothing names, what is named and missing or damaged, how much it all is,
//! and copies of it for backups and exports.

use super::files::{Belongs, Files, Lying, sealed_length, unavailable};
use crate::crypt;
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{AttachmentId, IncidentId};
use std::collections::HashSet;
use std::path::Path;
use uuid::Uuid;

/// A file that nothing names may be one whose row is just being written; after this it is not.
const SETTLED: TimeDelta = TimeDelta::hours(1);
/// The migration that made the table.
const SINCE: i64 = 23;

const MIGRATED: &str = "select max(version) from _sqlx_migrations where success";
const ALL: &str = "select id, incident_id, file_id, bytes from attachments where id > $1 order by id limit 500";
const FILES_OF: &str = "select file_id from attachments where incident_id = $1";
const IS_NAMED: &str = "select count(*) from attachments where file_id = $1";
const TOTALS: &str = "select count(*), cast(coalesce(sum(bytes), 0) as bigint) from attachments";
const REMOVED: &str = "select file_id from attachments where removed_at is not null and removed_at <= $1";
const FORGET: &str = "delete from attachments where removed_at is not null and removed_at <= $1";

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Attachments, those taken away but not gone among them.
    pub count: i64,
    /// Their bytes, before sealing.
    pub bytes: i64,
}

/// What was found in the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Attachments whose file is there and, unless only their lengths were looked at, opens to its end.
    pub whole: u64,
    /// Bytes of these.
    pub bytes: u64,
    /// Attachments whose file is not there.
    pub missing: Vec<AttachmentId>,
    /// Attachments whose file does not open.
    pub damaged: Vec<AttachmentId>,
    /// Files that nothing names.
    pub orphans: usize,
}

/// A file that an attachment names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Which attachment.
    pub id: AttachmentId,
    /// Of which incident.
    pub incident: IncidentId,
    pub(super) file: Uuid,
    pub(super) bytes: u64,
}

/// All attachments with their files; none where the schema is older than they are.
async fn all(conn: &mut Conn) -> Result<Vec<Held>> {
    let migrated: Option<i64> = on!(conn, db => sqlx::query_scalar(MIGRATED).fetch_one(db).await)?;
    let mut all: Vec<Held> = Vec::new();
    while migrated.is_some_and(|version| version >= SINCE) {
        let after = all.last().map_or(Uuid::nil(), |held| held.id.0);
        let rows: Vec<(Uuid, Uuid, Uuid, i64)> = on!(conn, db => sqlx::query_as(ALL).bind(after).fetch_all(db).await)?;
        if rows.is_empty() {
            break;
        }
        all.extend(rows.into_iter().map(|(id, incident, file, bytes)| Held {
            id: AttachmentId(id),
            incident: IncidentId(incident),
            file,
            bytes: u64::try_from(bytes).unwrap_or_default(),
        }));
    }
    Ok(all)
}

/// Holds the folder against the rows. `quick` looks at lengths alone; else every file is opened to its end.
///
/// # Errors
/// What the database said.
pub async fn look(store: &Store, quick: bool, now: DateTime<Utc>) -> Result<Looked> {
    let mut conn = store.snapshot().await?;
    let held = all(&mut conn).await?;
    let mut looked = Looked::default();
    let Some(files) = store.files.clone() else {
        looked.missing = held.iter().map(|held| held.id).collect();
        return Ok(looked);
    };
    for one in &held {
        if !files.path(one.file).is_file() {
            looked.missing.push(one.id);
            continue;
        }
        let key = crypt::incident_key(&mut conn, one.incident).await;
        let (files, one) = (files.clone(), *one);
        let opens = tokio::task::spawn_blocking(move || {
            let opened = files.open(one.file, key?, Belongs { id: one.id, incident: one.incident }, one.bytes)?;
            if quick { Ok(()) } else { opened.whole() }
        });
        match opens.await.unwrap_or(Err(super::DAMAGED)) {
            Ok(()) => {
                looked.whole += 1;
                looked.bytes += one.bytes;
            }
            Err(_) => looked.damaged.push(one.id),
        }
    }
    looked.orphans = orphans(&files, &held, now).len();
    Ok(looked)
}

/// Files that nothing names and that have lain there long enough not to be about to be named.
fn orphans(files: &Files, held: &[Held], now: DateTime<Utc>) -> Vec<Lying> {
    let named: HashSet<Uuid> = held.iter().map(|held| held.file).collect();
    let settled = |lying: &Lying| lying.changed.is_some_and(|at| now - DateTime::<Utc>::from(at) > SETTLED);
    files.lying().into_iter().filter(|lying| lying.id.is_none_or(|id| !named.contains(&id)) && settled(lying)).collect()
}

/// Removes files that nothing names; answers how many. What lies there that is none of ours stays.
///
/// # Errors
/// What the database said.
pub async fn clear_orphans(store: &Store, now: DateTime<Utc>) -> Result<usize> {
    let Some(files) = store.files.clone() else { return Ok(0) };
    let mut conn = store.snapshot().await?;
    let held = all(&mut conn).await?;
    let mut cleared = 0;
    for lying in orphans(&files, &held, now) {
        // Asked once more: it may have been named since.
        let named = match lying.id {
            Some(id) => is_named(store, id).await?,
            None => !lying.path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(".part")),
        };
        if !named && std::fs::remove_file(&lying.path).is_ok() {
            cleared += 1;
        }
    }
    Ok(cleared)
}

async fn is_named(store: &Store, file: Uuid) -> Result<bool> {
    let mut conn = store.read().await?;
    let count: i64 = on!(conn, db => sqlx::query_scalar(IS_NAMED).bind(file).fetch_one(db).await)?;
    Ok(count > 0)
}

/// How much there is.
///
/// # Errors
/// What the database said.
pub async fn totals(store: &Store) -> Result<Totals> {
    let mut conn = store.read().await?;
    let (count, bytes): (i64, i64) = on!(conn, db => sqlx::query_as(TOTALS).fetch_one(db).await)?;
    Ok(Totals { count, bytes })
}

/// The files of an incident that is about to go.
pub(crate) async fn of_incident_files(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Uuid>> {
    Ok(on!(conn, db => sqlx::query_scalar(FILES_OF).bind(incident.0).fetch_all(db).await)?)
}

/// Removes files that no row names any more, once that is committed. One that cannot be removed now is an orphan, and cleared away later.
pub(crate) fn unlink(store: &Store, files: &[Uuid]) {
    if let Some(folder) = &store.files {
        folder.remove(files);
    }
}

/// Removes for good what was taken away at `before` or earlier; answers how many.
pub(crate) async fn forget_removed(store: &Store, before: DateTime<Utc>) -> Result<usize> {
    let mut conn = store.bulk().await?;
    let files: Vec<Uuid> = on!(conn, db => sqlx::query_scalar(REMOVED).bind(before).fetch_all(db).await)?;
    if files.is_empty() {
        return Ok(0);
    }
    run!(conn, sqlx::query(FORGET).bind(before))?;
    conn.commit().await?;
    unlink(store, &files);
    Ok(files.len())
}

/// Copies the files that `named` names from the folder of `live` into `to`: what lies in `before`, an earlier copy, is linked instead of
/// copied where the disk can. Answers how many are in `to` now. What is gone from `live` meanwhile is left out; `look` says what is missing.
///
/// # Errors
/// A disk that is full or broken; what the database said.
pub async fn carry(named: &Store, live: &Store, to: &Path, before: Option<&Path>) -> Result<usize> {
    let held = all(&mut named.snapshot().await?).await?;
    let Some(from) = live.files.clone() else { return Ok(0) };
    let before = before.map(Files::at);
    copied(held, from, Files::at(to), before).await
}

/// Copies the files that `store` names from `from` into its own folder, for a database that was restored or imported.
///
/// # Errors
/// As [`carry`].
pub async fn take_in(store: &Store, from: &Path) -> Result<usize> {
    let held = all(&mut store.snapshot().await?).await?;
    let to = store.files()?;
    copied(held, Files::at(from), to, None).await
}

async fn copied(held: Vec<Held>, from: Files, to: Files, before: Option<Files>) -> Result<usize> {
    let work = move || {
        let mut there = 0;
        if !held.is_empty() {
            to.make()?;
        }
        for held in held {
            let fits = |path: &Path| path.metadata().is_ok_and(|m| m.len() == sealed_length(held.bytes));
            let (target, source) = (to.path(held.file), from.path(held.file));
            let linked = || {
                let earlier = before.as_ref()?.path(held.file);
                fits(&earlier).then(|| std::fs::hard_link(earlier, &target).ok()).flatten()
            };
            if fits(&target) || linked().is_some() {
                there += 1;
            } else if source.is_file() {
                let _ = std::fs::remove_file(&target);
                to.take_copy(held.file, &source)?;
                there += 1;
            }
        }
        if there > 0 {
            to.sync()?;
        }
        Ok(there)
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| StoreError::Setup("a copy was broken off".to_owned()))?
        .map_err(unavailable)
}
