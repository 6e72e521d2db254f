//! Imports into a raw log: what is new is added, what was changed at the source is changed, what is known stays; nothing comes twice, and a
//! whole import can be taken back.

use super::raw_authors::{self, AuthorAs};
use super::raw_sealing::{Body, Hashing, place};
use crate::crypt::{self, IncidentKeyring, Place};
use crate::db::{Conn, Engine, on, run};
use crate::{Result, Store, StoreError, audit, incidents, people, random, standing};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::timeline::raw::{RawEntry, RawSource};
use domain::timeline::telling::Placed;
use domain::{IncidentId, RawImportId};
use sqlx::{Postgres, QueryBuilder, Sqlite};
use std::collections::HashMap;
use uuid::Uuid;

pub use super::raw_undo::{Import, TakenBack, imports, redo, undo};

/// Entries of one transaction: others write in between.
const BATCH: usize = 2_000;
/// Rows of one statement.
const AT_ONCE: usize = 250;

/// A log to be taken in.
#[derive(Clone, Copy, Debug)]
pub struct Taking<'a> {
    /// Which tool it comes from.
    pub source: RawSource,
    /// What it is called.
    pub name: &'a str,
    /// Its entries in order.
    pub entries: &'a [Placed<'a>],
    /// Everybody that an entry names.
    pub authors: &'a [AuthorAs<'a>],
}

/// What an import did so far. A second one of the same log has only `unchanged`, and no import to take back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The import, once it has written anything.
    pub import: Option<RawImportId>,
    /// Entries gone through.
    pub done: usize,
    /// New here.
    pub added: usize,
    /// Changed at the source since.
    pub changed: usize,
    /// Here already, with the same words.
    pub unchanged: usize,
}

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// One an entry, in the order of the log.
    pub entries: Vec<Standing>,
}

/// How an entry stands to what is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not here.
    New,
    /// Here, and its source says something else now.
    Changed,
    /// Here.
    Known,
}

const KNOWN: &str = "
select external_hash, content_hash, removed_at is not null as removed from raw_entries where incident_id = $1 and source = $2";
const ADD_IMPORT: &str = "
insert into raw_imports (id, incident_id, source, name_sealed, imported_by, imported_at, added, changed, unchanged)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const COUNT_IMPORT: &str = "update raw_imports set added = $2, changed = $3, unchanged = $4 where id = $1";
pub(super) const IS_HERE: &str = "select source from raw_imports where id = $1 and incident_id = $2";
const ADD: &str = "
insert into raw_entries (id, incident_id, import_id, source, external_hash, content_hash, kind, at, sort_at, position, author_id,
  body_sealed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const CHANGE: &str = "
update raw_entries set content_hash = $4, kind = $5, at = $6, sort_at = $7, position = $8, author_id = $9, body_sealed = $10
where incident_id = $1 and source = $2 and external_hash = $3";
const REVIVE: &str = "
update raw_entries set removed_at = null, import_id = $4
where incident_id = $1 and source = $2 and external_hash = $3 and removed_at is not null";
pub(super) fn name_place(id: Uuid) -> Place<'static> {
    Place { table: "raw_imports", row: id, column: "name", audience: "" }
}

/// Who reads the log imports into it; and the host itself, under a name that cannot sign in and reads nothing, where all may see the incident.
async fn may_import(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    match standing::require(conn, viewer, Right::RawLog, incident, now).await {
        Err(StoreError::NotFound) if people::is_service(conn, viewer.person_id).await? => {
            standing::require(conn, viewer, Right::SeeIncidents, incident, now).await.map(drop)
        }
        other => other.map(drop),
    }
}

/// What is here of a tool's log: by the hash of its name at the source what it says, and whether it was taken back.
async fn known(conn: &mut Conn, incident: IncidentId, source: RawSource) -> Result<HashMap<Uuid, (Uuid, bool)>> {
    let rows: Vec<(Uuid, Uuid, bool)> =
        on!(conn, db => sqlx::query_as(KNOWN).bind(incident.0).bind(source.slug()).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(external, content, removed)| (external, (content, removed))).collect())
}

fn content(hashing: &Hashing, entry: &RawEntry, json: &str) -> Uuid {
    let at = entry.at.map(|at| at.to_rfc3339()).unwrap_or_default();
    hashing.hash(&[json, entry.kind.slug(), &at, entry.author.as_deref().unwrap_or("\u{0}")])
}

fn json(entry: &RawEntry) -> Result<String> {
    serde_json::to_string(&Body::of(entry)).map_err(|_| StoreError::Corrupt { table: "raw_entries", column: "body" })
}

/// What importing a log would do, for the dry run.
///
/// # Errors
/// [`StoreError::NotFound`] unless the viewer may import here.
pub async fn compare(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    source: RawSource,
    entries: &[Placed<'_>],
    now: DateTime<Utc>,
) -> Result<Compared> {
    let mut conn = store.snapshot().await?;
    may_import(&mut conn, viewer, incident, now).await?;
    let (hashing, mut here) = (Hashing::of(&conn), known(&mut conn, incident, source).await?);
    let mut standings = Vec::with_capacity(entries.len());
    for Placed { entry, .. } in entries {
        let external = hashing.hash(&[&entry.external_id]);
        let said = content(&hashing, entry, &json(entry)?);
        // Named twice in one log, it is known the second time.
        standings.push(match here.insert(external, (said, false)) {
            None | Some((_, true)) => Standing::New,
            Some((before, false)) if before == said => Standing::Known,
            Some(_) => Standing::Changed,
        });
    }
    Ok(Compared { entries: standings })
}

/// Takes in a log, or its next `most` entries after what `so_far` says is done: in transactions of a few thousand, so that others write in
/// between and what was acknowledged stays when the rest fails.
///
/// # Errors
/// [`StoreError::NotFound`] unless the viewer may import here.
pub async fn write(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    taking: &Taking<'_>,
    so_far: Written,
    most: usize,
    now: DateTime<Utc>,
) -> Result<Written> {
    let end = taking.entries.len().min(so_far.done.saturating_add(most));
    let mut written = so_far;
    let mut state = None;
    while written.done < end {
        let mut conn = store.bulk().await?;
        may_import(&mut conn, viewer, incident, now).await?;
        audit::take_turn(&mut conn).await?;
        let known = match state.take() {
            Some(known) => known,
            None => known(&mut conn, incident, taking.source).await?,
        };
        let mut batch = Batch {
            incident,
            taking,
            hashing: Hashing::of(&conn),
            key: crypt::incident_key(&mut conn, incident).await?,
            authors: raw_authors::write(&mut conn, incident, taking.source, taking.authors).await?,
            known,
            written,
        };
        batch.take(&mut conn, viewer, end.min(written.done + BATCH), now).await?;
        incidents::touch(&mut conn, incident, now).await?;
        conn.commit().await?;
        written = batch.written;
        state = Some(batch.known);
    }
    Ok(written)
}

/// Takes in a whole log within somebody's transaction, for functions that have decided whether it belongs here.
pub(super) async fn take_in(
    conn: &mut Conn,
    by: &Viewer,
    incident: IncidentId,
    taking: &Taking<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut batch = Batch {
        incident,
        taking,
        hashing: Hashing::of(conn),
        key: crypt::incident_key(conn, incident).await?,
        authors: raw_authors::write(conn, incident, taking.source, taking.authors).await?,
        known: known(conn, incident, taking.source).await?,
        written: Written::default(),
    };
    batch.take(conn, by, taking.entries.len(), now).await?;
    incidents::touch(conn, incident, now).await
}

/// One transaction of an import.
struct Batch<'a> {
    incident: IncidentId,
    taking: &'a Taking<'a>,
    hashing: Hashing,
    key: IncidentKeyring,
    authors: HashMap<String, Uuid>,
    known: HashMap<Uuid, (Uuid, bool)>,
    written: Written,
}

/// A row to be written.
struct Row {
    external: Uuid,
    content: Uuid,
    kind: &'static str,
    at: Option<DateTime<Utc>>,
    sort_at: DateTime<Utc>,
    position: i64,
    author: Option<Uuid>,
    sealed: Vec<u8>,
}

impl Batch<'_> {
    async fn take(&mut self, conn: &mut Conn, viewer: &Viewer, end: usize, now: DateTime<Utc>) -> Result<()> {
        let (mut fresh, mut changed, mut revived) = (Vec::new(), Vec::new(), Vec::new());
        for n in self.written.done..end {
            let placed = &self.taking.entries[n];
            let external = self.hashing.hash(&[&placed.entry.external_id]);
            let json = json(placed.entry)?;
            let said = content(&self.hashing, placed.entry, &json);
            match self.known.insert(external, (said, false)) {
                Some((before, false)) if before == said => self.written.unchanged += 1,
                None => fresh.push(self.row(n, external, said, &json)),
                Some((before, removed)) => {
                    if before != said {
                        changed.push(self.row(n, external, said, &json));
                    }
                    if removed {
                        revived.push(external);
                    } else {
                        self.written.changed += 1;
                    }
                }
            }
        }
        self.written.done = end;
        self.written.added += fresh.len() + revived.len();
        if fresh.is_empty() && changed.is_empty() && revived.is_empty() {
            return self.count(conn).await;
        }
        let import = self.import(conn, viewer, now).await?;
        // New ones first: a log may name one of them twice, and change it.
        self.add(conn, import, fresh).await?;
        for row in changed {
            self.change(conn, row).await?;
        }
        for external in revived {
            let (incident, source) = (self.incident.0, self.taking.source.slug());
            run!(conn, sqlx::query(REVIVE).bind(incident).bind(source).bind(external).bind(import.0))?;
        }
        self.count(conn).await
    }

    fn row(&self, n: usize, external: Uuid, content: Uuid, json: &str) -> Row {
        let Placed { entry, sort_at } = self.taking.entries[n];
        Row {
            external,
            content,
            kind: entry.kind.slug(),
            at: entry.at,
            sort_at,
            position: i64::try_from(n).unwrap_or(i64::MAX),
            author: entry.author.as_ref().and_then(|id| self.authors.get(id).copied()),
            sealed: self.key.seal(&place(external), json),
        }
    }

    /// The import's own row, made when it first writes anything.
    async fn import(&mut self, conn: &mut Conn, viewer: &Viewer, now: DateTime<Utc>) -> Result<RawImportId> {
        if let Some(import) = self.written.import {
            let source: Option<String> =
                on!(conn, db => sqlx::query_scalar(IS_HERE).bind(import.0).bind(self.incident.0).fetch_optional(db).await)?;
            return source.map(|_| import).ok_or(StoreError::NotFound);
        }
        let id = RawImportId(random::id());
        let sealed = self.key.seal(&name_place(id.0), self.taking.name);
        run!(
            conn,
            sqlx::query(ADD_IMPORT)
                .bind(id.0)
                .bind(self.incident.0)
                .bind(self.taking.source.slug())
                .bind(sealed)
                .bind(viewer.person_id.0)
                .bind(now)
                .bind(0_i64)
                .bind(0_i64)
                .bind(0_i64)
        )?;
        audit::note(conn, now, Some(viewer.person_id), "raw.import", &id.to_string(), Some(self.incident)).await?;
        self.written.import = Some(id);
        Ok(id)
    }

    async fn count(&self, conn: &mut Conn) -> Result<()> {
        let Some(import) = self.written.import else { return Ok(()) };
        let [added, changed, unchanged] =
            [self.written.added, self.written.changed, self.written.unchanged].map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        run!(conn, sqlx::query(COUNT_IMPORT).bind(import.0).bind(added).bind(changed).bind(unchanged))?;
        Ok(())
    }

    async fn change(&self, conn: &mut Conn, row: Row) -> Result<()> {
        run!(
            conn,
            sqlx::query(CHANGE)
                .bind(self.incident.0)
                .bind(self.taking.source.slug())
                .bind(row.external)
                .bind(row.content)
                .bind(row.kind)
                .bind(row.at)
                .bind(row.sort_at)
                .bind(row.position)
                .bind(row.author)
                .bind(row.sealed)
        )?;
        Ok(())
    }

    async fn add(&self, conn: &mut Conn, import: RawImportId, rows: Vec<Row>) -> Result<()> {
        // The statement stands for one row, so that it can be prepared; many rows repeat what stands in its brackets.
        let head = ADD.split_once("values (").map_or(ADD, |(head, _)| head);
        let (incident, source) = (self.incident.0, self.taking.source.slug());
        macro_rules! insert {
            ($engine:ty, $db:expr, $some:expr) => {{
                let mut insert = QueryBuilder::<$engine>::new(head);
                insert.push_values($some, |mut values, row: Row| {
                    values
                        .push_bind(random::id())
                        .push_bind(incident)
                        .push_bind(import.0)
                        .push_bind(source)
                        .push_bind(row.external)
                        .push_bind(row.content)
                        .push_bind(row.kind)
                        .push_bind(row.at)
                        .push_bind(row.sort_at)
                        .push_bind(row.position)
                        .push_bind(row.author)
                        .push_bind(row.sealed);
                });
                insert.build().execute($db).await?;
            }};
        }
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let some = rows.by_ref().take(AT_ONCE);
            match conn.engine() {
                Engine::Sqlite(db) => insert!(Sqlite, db, some),
                Engine::Postgres(db) => insert!(Postgres, db, some),
            }
        }
        Ok(())
    }
}
