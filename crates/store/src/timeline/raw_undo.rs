//! The imports that were made into a raw log: their list, and the undo of a whole one.

use super::raw_imports::{IS_HERE, name_place};
use crate::crypt;
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, audit, standing};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::timeline::raw::RawSource;
use domain::{IncidentId, RawImportId};
use uuid::Uuid;

/// An import that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: RawImportId,
    /// The tool.
    pub source: RawSource,
    /// What the log is called.
    pub name: String,
    /// Who imported it.
    pub by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// New entries then.
    pub added: i64,
    /// Changed ones.
    pub changed: i64,
    /// Known ones.
    pub unchanged: i64,
    /// Its entries that are here now.
    pub here: i64,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
}

const LIST: &str = "
select r.id, r.source, r.name_sealed, p.name as imported_by, r.imported_at, r.added, r.changed, r.unchanged, r.undone_at,
  (select count(*) from raw_entries e where e.import_id = r.id and e.removed_at is null) as here
from raw_imports r left join people p on p.id = r.imported_by where r.incident_id = $1 order by r.imported_at desc, r.id";
const REMOVE: &str = "
update raw_entries set removed_at = $2
where import_id = $1 and removed_at is null and not exists (
  select 1 from evidence v join events o on o.id = v.event_id where v.entry_id = raw_entries.id and o.deleted_at is null)";
const STAYED: &str = "select count(*) from raw_entries where import_id = $1 and removed_at is null";
const SET_UNDONE: &str = "update raw_imports set undone_at = $2 where id = $1 and undone_at is null";
const BRING_BACK: &str = "update raw_entries set removed_at = null where import_id = $1 and removed_at is not null";
const SET_REDONE: &str = "update raw_imports set undone_at = null where id = $1 and undone_at is not null";

/// The imports into a log, the latest first.
///
/// # Errors
/// [`StoreError::NotFound`] unless the viewer may read the log.
pub async fn imports(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Import>> {
    #[derive(sqlx::FromRow)]
    struct ImportRow {
        id: Uuid,
        source: String,
        name_sealed: Vec<u8>,
        imported_by: Option<String>,
        imported_at: DateTime<Utc>,
        added: i64,
        changed: i64,
        unchanged: i64,
        undone_at: Option<DateTime<Utc>>,
        here: i64,
    }
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::RawLog, incident, now).await?;
    let rows: Vec<ImportRow> = on!(conn, db => sqlx::query_as(LIST).bind(incident.0).fetch_all(db).await)?;
    let key = crypt::incident_key(&mut conn, incident).await?;
    let import = |row: ImportRow| {
        Ok(Import {
            id: RawImportId(row.id),
            source: RawSource::from_slug(&row.source).ok_or(StoreError::Corrupt { table: "raw_imports", column: "source" })?,
            name: key.open(&name_place(row.id), &row.name_sealed)?,
            by: row.imported_by,
            at: row.imported_at,
            added: row.added,
            changed: row.changed,
            unchanged: row.unchanged,
            here: row.here,
            undone_at: row.undone_at,
        })
    };
    rows.into_iter().map(import).collect()
}

/// What taking an import back did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// Entries that are gone.
    pub gone: usize,
    /// Entries that stay, because the story stands on them.
    pub stayed: usize,
}

/// Takes a whole import back: the entries that came with it go, but those that events were told from. [`redo`] brings them back for as
/// long as the trash keeps things.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there or unless the viewer may import here.
pub async fn undo(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    import: RawImportId,
    now: DateTime<Utc>,
) -> Result<TakenBack> {
    let mut conn = of_import(store, viewer, incident, import, now).await?;
    let gone = run!(conn, sqlx::query(REMOVE).bind(import.0).bind(now))?;
    run!(conn, sqlx::query(SET_UNDONE).bind(import.0).bind(now))?;
    let stayed: i64 = on!(conn, db => sqlx::query_scalar(STAYED).bind(import.0).fetch_one(db).await)?;
    audit::note(&mut conn, now, Some(viewer.person_id), "raw.undo", &import.to_string(), Some(incident)).await?;
    conn.commit().await?;
    Ok(TakenBack { gone: usize::try_from(gone).unwrap_or_default(), stayed: usize::try_from(stayed).unwrap_or_default() })
}

/// Brings back what [`undo`] took; answers how many entries.
///
/// # Errors
/// As [`undo`].
pub async fn redo(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    import: RawImportId,
    now: DateTime<Utc>,
) -> Result<usize> {
    let mut conn = of_import(store, viewer, incident, import, now).await?;
    let back = run!(conn, sqlx::query(BRING_BACK).bind(import.0))?;
    run!(conn, sqlx::query(SET_REDONE).bind(import.0))?;
    audit::note(&mut conn, now, Some(viewer.person_id), "raw.redo", &import.to_string(), Some(incident)).await?;
    conn.commit().await?;
    Ok(usize::try_from(back).unwrap_or_default())
}

async fn of_import(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    import: RawImportId,
    now: DateTime<Utc>,
) -> Result<Conn> {
    let mut conn = store.bulk().await?;
    standing::require(&mut conn, viewer, Right::RawLog, incident, now).await?;
    let source: Option<String> =
        on!(conn, db => sqlx::query_scalar(IS_HERE).bind(import.0).bind(incident.0).fetch_optional(db).await)?;
    source.ok_or(StoreError::NotFound)?;
    Ok(conn)
}
