//! Files and images of an incident: added, described, taken away, read. What they hold lies beside the database, see `files`.

mod files;
mod keeping;
mod moving;

pub(crate) use files::Files;
pub use keeping::{Held, Looked, Totals, carry, clear_orphans, look, take_in, totals};
pub(crate) use keeping::{forget_removed, of_incident_files, unlink};
pub(crate) use moving::{merge, split};

use crate::crypt::{self, IncidentKeyring, Place};
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, audit, incidents, random, standing};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::timeline::EventSource;
use domain::timeline::attachments::{AttachmentKind, Limits, size};
use domain::{AttachmentId, IncidentId, Invalid};
use files::{Belongs, DAMAGED, Opened, unavailable};
use uuid::Uuid;

/// Pieces that are read at once while a file is sent.
const AT_ONCE: usize = 4;

/// A file or an image, without what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attachment {
    /// Id.
    pub id: AttachmentId,
    /// What it is, by its bytes.
    pub kind: AttachmentKind,
    /// Its file name.
    pub name: String,
    /// What an image shows, in words; empty until somebody has said. Of a file empty, or a few words.
    pub alt: String,
    /// Width and height of an image, in pixels.
    pub size: Option<(u32, u32)>,
    /// How many bytes it has.
    pub bytes: u64,
    /// Who added it.
    pub added_by: Option<String>,
    /// When.
    pub added_at: DateTime<Utc>,
}

impl Attachment {
    /// An image that pages may show: somebody has said what it shows.
    pub fn is_shown(&self) -> bool {
        self.kind.is_image() && !self.alt.is_empty()
    }

    /// An image that waits for its words.
    pub fn waits(&self) -> bool {
        self.kind.is_image() && self.alt.is_empty()
    }

    /// What stands for it: what it shows, else its name.
    pub fn words(&self) -> &str {
        if self.alt.is_empty() { &self.name } else { &self.alt }
    }
}

/// A file to add: checked by its bytes.
#[derive(Clone, Debug)]
pub struct NewAttachment {
    /// What it is.
    pub kind: AttachmentKind,
    /// Its file name, clean.
    pub name: String,
    /// What it shows; may be empty.
    pub alt: String,
    /// Width and height of an image.
    pub size: Option<(u32, u32)>,
    /// What is kept.
    pub bytes: Vec<u8>,
}

/// All attachments of an incident, and how much of its room they take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachments {
    /// Those that are there, in the order in which they came.
    pub here: Vec<Attachment>,
    /// Those that were taken away and can come back; for who may edit.
    pub removed: Vec<Attachment>,
}

impl Attachments {
    /// Bytes of those that are there.
    pub fn bytes(&self) -> u64 {
        self.here.iter().map(|a| a.bytes).sum()
    }
}

const LIST: &str = "
select a.id, a.file_id, a.kind, a.name_sealed, a.alt_sealed, a.width, a.height, a.bytes, p.name as added_by, a.added_at, a.removed_at
from attachments a left join people p on p.id = a.added_by where a.incident_id = $1 order by a.added_at, a.id";
const FIND: &str = "
select a.id, a.file_id, a.kind, a.name_sealed, a.alt_sealed, a.width, a.height, a.bytes, p.name as added_by, a.added_at, a.removed_at
from attachments a left join people p on p.id = a.added_by
where a.id = $1 and a.incident_id = $2 and a.removed_at is null";
const ADD: &str = "
insert into attachments (id, incident_id, file_id, kind, name_sealed, alt_sealed, width, height, bytes, added_by, added_at, removed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, null)";
const USED: &str = "
select cast(coalesce(sum(bytes), 0) as bigint) from attachments where incident_id = $1 and removed_at is null";
const DESCRIBE: &str = "update attachments set alt_sealed = $3 where id = $1 and incident_id = $2 and removed_at is null";
const REMOVE: &str = "update attachments set removed_at = $3 where id = $1 and incident_id = $2 and removed_at is null";
const RESTORE: &str = "update attachments set removed_at = null where id = $1 and incident_id = $2 and removed_at is not null";
const IS_HERE: &str = "select count(*) from attachments where id = $1 and incident_id = $2 and removed_at is null";

#[derive(sqlx::FromRow)]
pub(super) struct AttachmentRow {
    id: Uuid,
    file_id: Uuid,
    kind: String,
    name_sealed: Vec<u8>,
    alt_sealed: Vec<u8>,
    width: Option<i64>,
    height: Option<i64>,
    bytes: i64,
    added_by: Option<String>,
    added_at: DateTime<Utc>,
    removed_at: Option<DateTime<Utc>>,
}

impl AttachmentRow {
    fn opened(self, key: &IncidentKeyring) -> Result<Attachment> {
        let corrupt = |column| StoreError::Corrupt { table: "attachments", column };
        let side = |side: i64| u32::try_from(side).map_err(|_| corrupt("width"));
        Ok(Attachment {
            id: AttachmentId(self.id),
            kind: AttachmentKind::from_slug(&self.kind).ok_or(corrupt("kind"))?,
            name: key.open(&place(self.id, "name"), &self.name_sealed)?,
            alt: key.open(&place(self.id, "alt"), &self.alt_sealed)?,
            size: self.width.zip(self.height).map(|(w, h)| Ok::<_, StoreError>((side(w)?, side(h)?))).transpose()?,
            bytes: u64::try_from(self.bytes).map_err(|_| corrupt("bytes"))?,
            added_by: self.added_by,
            added_at: self.added_at,
        })
    }
}

fn place(id: Uuid, column: &'static str) -> Place<'static> {
    Place { table: "attachments", row: id, column, audience: "" }
}

/// The attachments of an incident.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn list(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Attachments> {
    let mut conn = store.read().await?;
    let standing = standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    let mut all = of_incident(&mut conn, incident).await?;
    if !domain::rights::may(Right::EditIncidents, &standing) {
        all.removed.clear();
    }
    Ok(all)
}

/// The attachments of an incident, for functions that have checked a right.
pub(super) async fn of_incident(conn: &mut Conn, incident: IncidentId) -> Result<Attachments> {
    let rows: Vec<AttachmentRow> = on!(conn, db => sqlx::query_as(LIST).bind(incident.0).fetch_all(db).await)?;
    let mut all = Attachments::default();
    if rows.is_empty() {
        return Ok(all);
    }
    let key = crypt::incident_key(conn, incident).await?;
    for row in rows {
        let is_removed = row.removed_at.is_some();
        let attachment = row.opened(&key)?;
        if is_removed { all.removed.push(attachment) } else { all.here.push(attachment) }
    }
    Ok(all)
}

/// A file that is being sent.
pub struct Content(Option<Opened>, Option<Vec<u8>>);

impl Content {
    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the file is damaged.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>>> {
        if let Some(first) = self.1.take() {
            return Some(Ok(first));
        }
        let mut opened = self.0.take()?;
        let read = tokio::task::spawn_blocking(move || {
            let mut bytes = Vec::new();
            for _ in 0..AT_ONCE {
                match opened.next() {
                    Some(piece) => bytes.extend_from_slice(&piece?),
                    None => break,
                }
            }
            Ok((opened, bytes))
        });
        match read.await.unwrap_or(Err(DAMAGED)) {
            Ok((_, bytes)) if bytes.is_empty() => None,
            Ok((opened, bytes)) => {
                self.0 = Some(opened);
                Some(Ok(bytes))
            }
            Err(error) => Some(Err(error)),
        }
    }
}

/// One attachment with what it holds; its beginning is found whole before this answers.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there or the viewer does not see the incident, [`StoreError::Corrupt`] when its file is
/// missing or damaged.
pub async fn read(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    id: AttachmentId,
    now: DateTime<Utc>,
) -> Result<(Attachment, Content)> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    let row: Option<AttachmentRow> = on!(conn, db => sqlx::query_as(FIND).bind(id.0).bind(incident.0).fetch_optional(db).await)?;
    let row = row.ok_or(StoreError::NotFound)?;
    let file = row.file_id;
    let key = crypt::incident_key(&mut conn, incident).await?;
    drop(conn);
    let attachment = row.opened(&key)?;
    let (files, bytes) = (store.files()?, attachment.bytes);
    let opened = tokio::task::spawn_blocking(move || files.open(file, key, Belongs { id, incident }, bytes));
    let mut content = Content(Some(opened.await.unwrap_or(Err(DAMAGED))?), None);
    content.1 = content.next().await.transpose()?;
    Ok((attachment, content))
}

/// Keeps a file: on return it is on disk, sealed, and so is its row.
///
/// # Errors
/// Field `files` when the incident's room is full; [`StoreError::NotFound`] without the right to edit.
pub async fn add(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    new: NewAttachment,
    limits: Limits,
    now: DateTime<Utc>,
) -> Result<AttachmentId> {
    let (id, file) = (AttachmentId(random::id()), random::id());
    let (bytes, files) = (new.bytes.len() as u64, store.files()?);
    let key = {
        let mut conn = store.read().await?;
        standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
        refuse_full(&mut conn, incident, &new.name, bytes, limits).await?;
        crypt::incident_key(&mut conn, incident).await?
    };
    let NewAttachment { kind, name, alt, size, bytes: clear } = new;
    let (sealing, into) = (key.clone(), files.clone());
    // The file first: a row never names what is not there. Killed here, what lies there belongs to nothing and is cleared away later.
    tokio::task::spawn_blocking(move || into.write(file, &sealing, Belongs { id, incident }, &clear))
        .await
        .map_err(|_| DAMAGED)?
        .map_err(unavailable)?;
    let row = async {
        let mut conn = store.write().await?;
        standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
        // First, because it takes the writers' turn on PostgreSQL: two at once do not both take the last room.
        audit::note(&mut conn, now, Some(viewer.person_id), "attachment.add", &id.to_string(), Some(incident)).await?;
        refuse_full(&mut conn, incident, &name, bytes, limits).await?;
        run!(
            conn,
            sqlx::query(ADD)
                .bind(id.0)
                .bind(incident.0)
                .bind(file)
                .bind(kind.slug())
                .bind(key.seal(&place(id.0, "name"), &name))
                .bind(key.seal(&place(id.0, "alt"), &alt))
                .bind(size.map(|(width, _)| i64::from(width)))
                .bind(size.map(|(_, height)| i64::from(height)))
                .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
                .bind(viewer.person_id.0)
                .bind(now)
        )?;
        incidents::touch(&mut conn, incident, now).await?;
        conn.commit().await
    };
    match row.await {
        Ok(()) => Ok(id),
        // A commit that was not answered may have been made: then the row needs its file.
        Err(error @ StoreError::Unavailable(_)) => Err(error),
        Err(error) => {
            files.remove(&[file]);
            Err(error)
        }
    }
}

async fn refuse_full(conn: &mut Conn, incident: IncidentId, name: &str, bytes: u64, limits: Limits) -> Result<()> {
    let used: i64 = on!(conn, db => sqlx::query_scalar(USED).bind(incident.0).fetch_one(db).await)?;
    let left = limits.incident.saturating_sub(u64::try_from(used).unwrap_or_default());
    if bytes <= left {
        return Ok(());
    }
    let (has, all, left) = (size(bytes), size(limits.incident), size(left));
    Err(Invalid::one(
        "files",
        format!("“{name}” has {has}; of the {all} of this incident {left} are left. Please remove what is not needed any more."),
    )
    .into())
}

/// Says what an image shows.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there or without the right to edit.
pub async fn describe(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    id: AttachmentId,
    alt: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    let sealed = crypt::incident_key(&mut conn, incident).await?.seal(&place(id.0, "alt"), alt);
    let done = run!(conn, sqlx::query(DESCRIBE).bind(id.0).bind(incident.0).bind(sealed))?;
    noted(conn, viewer, incident, id, "attachment.describe", done, now).await
}

/// Takes an attachment away; [`restore`] brings it back until the trash is emptied.
///
/// # Errors
/// As [`describe`].
pub async fn remove(store: &Store, viewer: &Viewer, incident: IncidentId, id: AttachmentId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    let done = run!(conn, sqlx::query(REMOVE).bind(id.0).bind(incident.0).bind(now))?;
    noted(conn, viewer, incident, id, "attachment.remove", done, now).await
}

/// Brings it back; one that is there already stays.
///
/// # Errors
/// As [`describe`].
pub async fn restore(store: &Store, viewer: &Viewer, incident: IncidentId, id: AttachmentId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    let done = run!(conn, sqlx::query(RESTORE).bind(id.0).bind(incident.0))?;
    let here: i64 = on!(conn, db => sqlx::query_scalar(IS_HERE).bind(id.0).bind(incident.0).fetch_one(db).await)?;
    if done == 0 && here > 0 {
        return Ok(());
    }
    noted(conn, viewer, incident, id, "attachment.restore", done, now).await
}

async fn noted(
    mut conn: Conn,
    viewer: &Viewer,
    incident: IncidentId,
    id: AttachmentId,
    action: &'static str,
    done: u64,
    now: DateTime<Utc>,
) -> Result<()> {
    if done == 0 {
        return Err(StoreError::NotFound);
    }
    incidents::touch(&mut conn, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), action, &id.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// Refuses sources of an event that are attachments of another incident, or of none.
pub(super) async fn refuse_foreign(conn: &mut Conn, incident: IncidentId, sources: &[EventSource]) -> Result<()> {
    for id in sources.iter().filter_map(EventSource::attachment) {
        let here: i64 = on!(conn, db => sqlx::query_scalar(IS_HERE).bind(id.0).bind(incident.0).fetch_one(db).await)?;
        if here == 0 {
            return Err(Invalid::one("attached", "One of these files was removed meanwhile. Please look at them again.").into());
        }
    }
    Ok(())
}

impl Store {
    /// Where attachments lie.
    fn files(&self) -> Result<Files> {
        let none = || StoreError::Setup("no folder for attachments is set; give --attachments".to_owned());
        self.files.clone().ok_or_else(none)
    }
}
