//! The sections of a second story. Every save that somebody asked for is kept as a version, and the last of each sitting; a save that
//! started from an older one writes nothing.

use super::{holds_any, taken_back};
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, incidents};
use chrono::{DateTime, TimeDelta, Utc};
use domain::history::{Fields, of_section};
use domain::people::Viewer;
use domain::reviews::{Section, SectionKind};
use domain::rights::Right;
use domain::{IncidentId, PersonId, text};

/// How a save went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saving {
    /// On disk, as this version.
    Saved(Section),
    /// Somebody saved in between. Nothing was written; this is their text.
    Conflict(Section),
}

/// What a page sends by itself while somebody writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WhileWriting<'a> {
    /// The version that the text started from.
    pub base_version: i64,
    /// The text.
    pub body: &'a str,
    /// The page's save before this one may have arrived without its answer: this one comes after it and is no conflict.
    pub follows: bool,
}

/// Saves by itself of one person that began within this time are one line of the history.
const ONE_SITTING: TimeDelta = TimeDelta::minutes(10);

/// One line of a section's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionLine {
    /// Which save, counted from 1.
    pub version: i64,
    /// When.
    pub saved_at: DateTime<Utc>,
    /// By whom.
    pub saved_by: Option<String>,
}

const ALL: &str = "select kind, body, saved_by, saved_at, version from sections where incident_id = $1";
const FIND: &str = "select kind, body, saved_by, saved_at, version from sections where incident_id = $1 and kind = $2";
const ADD: &str = "
insert into sections (incident_id, kind, body, saved_by, saved_at, version) values ($1, $2, $3, $4, $5, $6)
on conflict (incident_id, kind) do nothing";
const CHANGE: &str = "
update sections set body = $3, saved_by = $4, saved_at = $5, version = $6 where incident_id = $1 and kind = $2 and version = $7";
const KEEP: &str = "
insert into section_versions (incident_id, kind, version, body, saved_by, saved_at, began_at, restored_from)
values ($1, $2, $3, $4, $5, $6, $7, $8)";
const SITTING: &str = "
select began_at from section_versions where incident_id = $1 and kind = $2 and version = $3 and saved_by = $4 and began_at > $5";
const REPLACE: &str = "delete from section_versions where incident_id = $1 and kind = $2 and version = $3";
const FINISH: &str = "update section_versions set began_at = null where incident_id = $1 and kind = $2 and version = $3";
const VERSIONS: &str = "
select v.version, v.saved_at, p.name as saved_by from section_versions v left join people p on p.id = v.saved_by
where v.incident_id = $1 and v.kind = $2 order by v.version desc";
const WITHHELD: &str = "select withheld from section_versions where incident_id = $1 and kind = $2 and version = $3";
const VERSION: &str = "
select kind, body, saved_by, saved_at, version from section_versions where incident_id = $1 and kind = $2 and version = $3";

#[derive(sqlx::FromRow)]
struct SectionRow {
    kind: String,
    body: String,
    saved_by: Option<uuid::Uuid>,
    saved_at: DateTime<Utc>,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    version: i64,
    saved_at: DateTime<Utc>,
    saved_by: Option<String>,
}

impl SectionRow {
    fn into_section(self) -> Result<Section> {
        Ok(Section {
            kind: SectionKind::from_slug(&self.kind).ok_or(StoreError::Corrupt { table: "sections", column: "kind" })?,
            body: self.body,
            version: self.version,
            saved_at: Some(self.saved_at),
            saved_by: self.saved_by.map(PersonId),
        })
    }
}

/// All sections in reading order, empty ones too: for whoever may read the story now.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators before publication.
pub async fn sections(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Section>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::ReadStory, incident, now).await?;
    all(&mut conn, incident).await
}

pub(super) async fn all(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Section>> {
    let rows: Vec<SectionRow> = on!(conn, db => sqlx::query_as(ALL).bind(incident.0).fetch_all(db).await)?;
    let mut written = rows.into_iter().map(SectionRow::into_section).collect::<Result<Vec<_>>>()?;
    Ok(SectionKind::ALL
        .into_iter()
        .map(|kind| written.iter().position(|s| s.kind == kind).map_or_else(|| empty(kind), |at| written.swap_remove(at)))
        .collect())
}

fn empty(kind: SectionKind) -> Section {
    Section { kind, body: String::new(), version: 0, saved_at: None, saved_by: None }
}

async fn find(conn: &mut Conn, incident: IncidentId, kind: SectionKind) -> Result<Section> {
    let row: Option<SectionRow> =
        on!(conn, db => sqlx::query_as(FIND).bind(incident.0).bind(kind.slug()).fetch_optional(db).await)?;
    row.map_or_else(|| Ok(empty(kind)), SectionRow::into_section)
}

/// Saves a section that was read as `base_version`, because somebody asked for it. The same words sent twice are saved once.
///
/// # Errors
/// Field `body` when it is too long; [`StoreError::NotFound`] for all but the facilitators.
pub async fn save_section(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    kind: SectionKind,
    base_version: i64,
    body: &str,
    now: DateTime<Utc>,
) -> Result<Saving> {
    save(store, viewer, incident, kind, WhileWriting { base_version, body, follows: false }, true, now).await
}

/// Saves what stands in the page while somebody writes. The history keeps the last text of each sitting.
///
/// # Errors
/// As [`save_section`]; [`StoreError::Refused`] after publication, where half a sentence would be read by everybody.
pub async fn keep_section(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    kind: SectionKind,
    typed: WhileWriting<'_>,
    now: DateTime<Utc>,
) -> Result<Saving> {
    save(store, viewer, incident, kind, typed, false, now).await
}

async fn save(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    kind: SectionKind,
    typed: WhileWriting<'_>,
    asked: bool,
    now: DateTime<Utc>,
) -> Result<Saving> {
    let mut conn = store.write().await?;
    let saving = match save_in(&mut conn, viewer, incident, kind, typed, asked, now).await? {
        Asked::Conflict(theirs) => return Ok(Saving::Conflict(theirs)),
        Asked::There(section) | Asked::Written(section) => Saving::Saved(section),
    };
    conn.commit().await?;
    Ok(saving)
}

/// How a save goes, before it is committed.
pub(super) enum Asked {
    /// These are the words already.
    There(Section),
    /// Written over the version before it.
    Written(Section),
    /// Somebody saved in between: nothing may be committed.
    Conflict(Section),
}

/// Saves in a transaction that its caller commits.
pub(super) async fn save_in(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    kind: SectionKind,
    typed: WhileWriting<'_>,
    asked: bool,
    now: DateTime<Utc>,
) -> Result<Asked> {
    let body = text::long("body", typed.body)?;
    let standing = require(conn, viewer, Right::EditReview, incident, now).await?;
    if standing.published && !asked {
        return Err(StoreError::Refused("The story is published: what you write is seen by everybody once you save it."));
    }
    let there = find(conn, incident, kind).await?;
    if there.body == body {
        if asked && there.version > 0 {
            run!(conn, sqlx::query(FINISH).bind(incident.0).bind(kind.slug()).bind(there.version))?;
        }
        return Ok(Asked::There(there));
    }
    let own_last = typed.follows && there.version == typed.base_version + 1 && there.saved_by == Some(viewer.person_id);
    let base = if own_last { there.version } else { typed.base_version };
    let sitting: Option<DateTime<Utc>> = on!(conn, db => sqlx::query_scalar(SITTING)
        .bind(incident.0).bind(kind.slug()).bind(base).bind(viewer.person_id.0).bind(now - ONE_SITTING)
        .fetch_optional(db).await)?;
    // What was published stays a version: readers compare with it, never with a draft before it.
    let sitting = sitting.filter(|_| !standing.published);
    let began = (!asked).then(|| sitting.unwrap_or(now));
    let new = Section { kind, body, version: base + 1, saved_at: Some(now), saved_by: Some(viewer.person_id) };
    if there.version != base || !write(conn, incident, &new, viewer.person_id, began, None, now).await? {
        return Ok(Asked::Conflict(find(conn, incident, kind).await?));
    }
    if sitting.is_some() {
        run!(conn, sqlx::query(REPLACE).bind(incident.0).bind(kind.slug()).bind(base))?;
    } else {
        audit::note(conn, now, Some(viewer.person_id), "section.save", kind.slug(), Some(incident)).await?;
    }
    incidents::touch(conn, incident, now).await?;
    if kind.is_in_story() {
        incidents::revise(conn, incident, now).await?;
    }
    Ok(Asked::Written(new))
}

/// Writes a section over the version before it, and keeps it as a version; `began`: when the sitting began that it belongs to, nothing
/// where somebody asked for it. `false`: another one came first.
async fn write(
    conn: &mut Conn,
    incident: IncidentId,
    new: &Section,
    by: PersonId,
    began: Option<DateTime<Utc>>,
    restored_from: Option<i64>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let (kind, body, version) = (new.kind.slug(), &new.body, new.version);
    let touched = if version == 1 {
        run!(conn, sqlx::query(ADD).bind(incident.0).bind(kind).bind(body).bind(by.0).bind(now).bind(version))?
    } else {
        let before = version - 1;
        run!(conn, sqlx::query(CHANGE).bind(incident.0).bind(kind).bind(body).bind(by.0).bind(now).bind(version).bind(before))?
    };
    if touched == 0 {
        return Ok(false);
    }
    run!(
        conn,
        sqlx::query(KEEP)
            .bind(incident.0)
            .bind(kind)
            .bind(version)
            .bind(body)
            .bind(by.0)
            .bind(now)
            .bind(began)
            .bind(restored_from)
    )?;
    Ok(true)
}

/// Writes a section of an imported story.
pub(crate) async fn import_section(
    conn: &mut Conn,
    incident: IncidentId,
    kind: SectionKind,
    body: &str,
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    let new = Section { kind, body: body.to_owned(), version: 1, saved_at: Some(now), saved_by: Some(by) };
    write(conn, incident, &new, by, None, None, now).await.map(|_| ())
}

/// Words of an earlier version that become the text again.
pub(crate) struct Restoring<'a> {
    pub(crate) kind: SectionKind,
    /// The version that they stood in.
    pub(crate) from: i64,
    pub(crate) body: &'a str,
    pub(crate) base_version: i64,
}

/// Makes the words of an earlier version the text again: a new version that says where it came from.
///
/// # Errors
/// [`StoreError::Stale`] when somebody saved in between; [`StoreError::NotFound`] for all but the facilitators.
pub(crate) async fn restore_section(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    restoring: Restoring<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    require(conn, viewer, Right::EditReview, incident, now).await?;
    let Restoring { kind, from, body, base_version } = restoring;
    let new =
        Section { kind, body: body.to_owned(), version: base_version + 1, saved_at: Some(now), saved_by: Some(viewer.person_id) };
    let there = find(conn, incident, kind).await?;
    if there.version != base_version || !write(conn, incident, &new, viewer.person_id, None, Some(from), now).await? {
        return Err(StoreError::Stale);
    }
    audit::note(conn, now, Some(viewer.person_id), "section.restore", kind.slug(), Some(incident)).await?;
    if kind.is_in_story() {
        incidents::revise(conn, incident, now).await?;
    }
    incidents::touch(conn, incident, now).await
}

/// The history of a section, newest first.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn versions(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    kind: SectionKind,
    now: DateTime<Utc>,
) -> Result<Vec<VersionLine>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    let rows: Vec<VersionRow> = on!(conn, db => sqlx::query_as(VERSIONS).bind(incident.0).bind(kind.slug()).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|r| VersionLine { version: r.version, saved_at: r.saved_at, saved_by: r.saved_by }).collect())
}

/// A section as it was saved once.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such version, and for all but the facilitators; [`StoreError::Refused`] when it holds
/// words that their author took back.
pub async fn version_text(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    kind: SectionKind,
    version: i64,
    now: DateTime<Utc>,
) -> Result<Section> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    let row: Option<SectionRow> =
        on!(conn, db => sqlx::query_as(VERSION).bind(incident.0).bind(kind.slug()).bind(version).fetch_optional(db).await)?;
    let section = row.ok_or(StoreError::NotFound)?.into_section()?;
    let withheld: bool = on!(conn, db => sqlx::query_scalar(WITHHELD)
        .bind(incident.0).bind(kind.slug()).bind(version).fetch_one(db).await)?;
    let now_stands = find(&mut conn, incident, kind).await?.version == version;
    if withheld || !now_stands && holds_any(&section.body, &taken_back(&mut conn, incident).await?) {
        return Err(StoreError::Refused("The words of this version are no longer shown."));
    }
    Ok(section)
}

/// Version and fields of a section now, for who may change it.
pub(crate) async fn said(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    kind: SectionKind,
    now: DateTime<Utc>,
) -> Result<(i64, Fields)> {
    require(conn, viewer, Right::EditReview, incident, now).await?;
    let there = find(conn, incident, kind).await?;
    Ok((there.version, of_section(&there.body)))
}
