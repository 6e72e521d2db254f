//! Reading the history: newest first, by kind or of one thing, keyset paging over edits and versions of sections as one stream.

use crate::db::{Conn, on};
use crate::{Result, Store, StoreError, reviews, standing};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use domain::IncidentId;
use domain::history::{Change, Fields, ObjectKind, of_section};
use domain::people::Viewer;
use domain::reviews::SectionKind;
use domain::rights::{Right, Standing, may};
use std::collections::HashMap;
use uuid::Uuid;

/// Names a line of the history, in addresses and cursors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineId {
    /// An edit.
    Edit(Uuid),
    /// A version of a section.
    Section(SectionKind, i64),
}

impl std::fmt::Display for LineId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Edit(id) => id.fmt(f),
            Self::Section(kind, version) => write!(f, "{}.{version}", kind.slug()),
        }
    }
}

impl std::str::FromStr for LineId {
    type Err = ();
    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        if let Some((kind, version)) = text.split_once('.') {
            return Ok(Self::Section(SectionKind::from_slug(kind).ok_or(())?, version.parse().map_err(|_| ())?));
        }
        text.parse().map(Self::Edit).map_err(|_| ())
    }
}

/// One change, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub id: LineId,
    /// What kind of thing.
    pub kind: ObjectKind,
    /// Which one: an id, or a section's slug.
    pub object: String,
    /// The version that it became.
    pub version: i64,
    /// What happened to it.
    pub change: Change,
    /// What it said before; `None` where it was not there.
    pub before: Option<Fields>,
    /// What it said after; `None` where it was gone.
    pub after: Option<Fields>,
    /// Words in it were taken back by their author: neither side is shown.
    pub withheld: bool,
    /// Who; `None` for somebody who has left.
    pub by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// The thing's version now, which a restoration starts from; 0 when it is not there.
    pub now: i64,
}

/// What to read. The default is everything from the newest on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this kind.
    pub kind: Option<ObjectKind>,
    /// Only of this thing: an id, or a section's slug.
    pub object: Option<String>,
    /// [`Page::next`] of the page before; unreadable ones begin at the start.
    pub after: Option<String>,
}

/// A page of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub lines: Vec<Line>,
    /// Cursor of the next page, if there is more.
    pub next: Option<String>,
}

const EDITS: &str = "
select e.id, e.kind, e.object_id, e.version, e.change, e.before_json, e.after_json, e.withheld, p.name as changed_by, e.changed_at
from edits e left join people p on p.id = e.changed_by
where e.incident_id = $1 and (e.changed_at, e.id) < ($2, $3) and (e.kind = $4 or $4 = '') and (e.object_id = $5 or $5 is null)
order by e.changed_at desc, e.id desc limit $6";
const EDIT: &str = "
select e.id, e.kind, e.object_id, e.version, e.change, e.before_json, e.after_json, e.withheld, p.name as changed_by, e.changed_at
from edits e left join people p on p.id = e.changed_by
where e.incident_id = $1 and e.id = $2";
const VERSIONS: &str = "
select v.kind, v.version, v.body, v.restored_from, p.name as saved_by, v.saved_at,
  (select b.body from section_versions b where b.incident_id = v.incident_id and b.kind = v.kind and b.version < v.version
    order by b.version desc limit 1) as before,
  v.withheld or coalesce((select b.withheld from section_versions b where b.incident_id = v.incident_id and b.kind = v.kind
    and b.version < v.version order by b.version desc limit 1), false) as withheld
from section_versions v left join people p on p.id = v.saved_by
where v.incident_id = $1 and (v.saved_at, v.kind, v.version) < ($2, $3, $4) and v.saved_at > $5 and (v.kind = $6 or $6 = '')
order by v.saved_at desc, v.kind desc, v.version desc limit $7";
const VERSION: &str = "
select v.kind, v.version, v.body, v.restored_from, p.name as saved_by, v.saved_at,
  (select b.body from section_versions b where b.incident_id = v.incident_id and b.kind = v.kind and b.version < v.version
    order by b.version desc limit 1) as before,
  v.withheld or coalesce((select b.withheld from section_versions b where b.incident_id = v.incident_id and b.kind = v.kind
    and b.version < v.version order by b.version desc limit 1), false) as withheld
from section_versions v left join people p on p.id = v.saved_by
where v.incident_id = $1 and v.kind = $2 and v.version = $3 and v.saved_at > $4";
const VERSIONS_NOW: &str = "
select id, version from incidents where id = $1
union all select id, version from events where incident_id = $1 and deleted_at is null
union all select id, version from hypotheses where incident_id = $1 and deleted_at is null
union all select id, version from factors where incident_id = $1
union all select id, version from learnings where incident_id = $1";
const SECTIONS_NOW: &str = "select kind, version from sections where incident_id = $1";
const PUBLISHED_AT: &str = "select published_at from incidents where id = $1";

#[derive(sqlx::FromRow)]
struct EditRow {
    id: Uuid,
    kind: String,
    object_id: Uuid,
    version: i64,
    change: String,
    before_json: Option<String>,
    after_json: Option<String>,
    withheld: bool,
    changed_by: Option<String>,
    changed_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    kind: String,
    version: i64,
    body: String,
    restored_from: Option<i64>,
    saved_by: Option<String>,
    saved_at: DateTime<Utc>,
    before: Option<String>,
    withheld: bool,
}

impl EditRow {
    fn into_line(self) -> Result<Line> {
        let corrupt = |column| StoreError::Corrupt { table: "edits", column };
        let fields = |json: Option<String>, column| -> Result<Option<Fields>> {
            json.map(|json| super::read_fields(&json).ok_or(corrupt(column))).transpose()
        };
        Ok(Line {
            id: LineId::Edit(self.id),
            kind: ObjectKind::from_slug(&self.kind).ok_or(corrupt("kind"))?,
            object: self.object_id.to_string(),
            version: self.version,
            change: Change::from_slug(&self.change).ok_or(corrupt("change"))?,
            before: fields(self.before_json, "before_json")?,
            after: fields(self.after_json, "after_json")?,
            withheld: self.withheld,
            by: self.changed_by,
            at: self.changed_at,
            now: 0,
        })
    }
}

impl VersionRow {
    fn into_line(self) -> Result<Line> {
        let kind = SectionKind::from_slug(&self.kind).ok_or(StoreError::Corrupt { table: "section_versions", column: "kind" })?;
        let change = match (self.restored_from, &self.before) {
            (Some(_), _) => Change::Restored,
            (None, None) => Change::Added,
            (None, Some(_)) => Change::Changed,
        };
        Ok(Line {
            id: LineId::Section(kind, self.version),
            kind: ObjectKind::Section,
            object: self.kind,
            version: self.version,
            change,
            before: self.before.as_deref().map(of_section),
            after: Some(of_section(&self.body)),
            withheld: self.withheld,
            by: self.saved_by,
            at: self.saved_at,
            now: 0,
        })
    }
}

/// Where the next page begins: behind this line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cursor {
    at: DateTime<Utc>,
    id: LineId,
}

impl Cursor {
    fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{} {}", self.at.timestamp_micros(), self.id))
    }

    fn read(text: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (at, id) = text.split_once(' ')?;
        let at = DateTime::from_timestamp_micros(at.parse().ok()?)?;
        // Beyond these the engines no longer write an instant so that it sorts.
        (DateTime::UNIX_EPOCH..=last_instant()).contains(&at).then_some(Self { at, id: id.parse().ok()? })
    }
}

fn last_instant() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(365 * 1000)
}

/// From when on this viewer reads versions of sections: a facilitator all of them, everybody else what changed after publication.
/// Drafts may hold words that were taken out for their author's sake. `None`: none.
async fn sections_since(conn: &mut Conn, standing: &Standing, incident: IncidentId) -> Result<Option<DateTime<Utc>>> {
    if may(Right::EditReview, standing) {
        return Ok(Some(DateTime::UNIX_EPOCH));
    }
    if !may(Right::ReadStory, standing) {
        return Ok(None);
    }
    Ok(on!(conn, db => sqlx::query_scalar(PUBLISHED_AT).bind(incident.0).fetch_one(db).await)?)
}

/// A page of the history, at most `size` lines.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn page(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    filter: &Filter,
    size: usize,
    now: DateTime<Utc>,
) -> Result<Page> {
    let mut conn = store.read().await?;
    let standing = standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    let cursor = filter.after.as_deref().and_then(Cursor::read);
    let more = i64::try_from(size).unwrap_or(i64::MAX - 1) + 1;
    let mut lines = Vec::new();
    let sections_only = filter.kind == Some(ObjectKind::Section);
    if !sections_only {
        lines = edits(&mut conn, incident, filter, cursor.as_ref(), more).await?;
    }
    if (sections_only || filter.kind.is_none() && filter.object.is_none())
        && let Some(since) = sections_since(&mut conn, &standing, incident).await?
    {
        lines.extend(versions(&mut conn, incident, filter, cursor.as_ref(), since, more).await?);
    }
    // Stable: at the same instant edits come first and each stream keeps its own order, as the cursor has it.
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    let is_more = lines.len() > size;
    lines.truncate(size);
    withhold(&mut conn, incident, &mut lines).await?;
    set_now(&mut conn, incident, &mut lines).await?;
    let next = lines.last().filter(|_| is_more).map(|line| Cursor { at: line.at, id: line.id.clone() }.write());
    Ok(Page { lines, next })
}

async fn edits(conn: &mut Conn, incident: IncidentId, filter: &Filter, cursor: Option<&Cursor>, more: i64) -> Result<Vec<Line>> {
    // Not an id: nothing has it.
    let object = filter.object.as_ref().map(|text| text.parse().unwrap_or(Uuid::nil()));
    let (at, id) = match cursor {
        None => (last_instant(), Uuid::max()),
        Some(Cursor { at, id: LineId::Edit(id) }) => (*at, *id),
        // Edits of that instant came before its sections.
        Some(Cursor { at, id: LineId::Section(..) }) => (*at, Uuid::nil()),
    };
    let rows: Vec<EditRow> = on!(conn, db => sqlx::query_as(EDITS)
        .bind(incident.0)
        .bind(at)
        .bind(id)
        .bind(filter.kind.map_or("", ObjectKind::slug))
        .bind(object)
        .bind(more)
        .fetch_all(db)
        .await)?;
    rows.into_iter().map(EditRow::into_line).collect()
}

async fn versions(
    conn: &mut Conn,
    incident: IncidentId,
    filter: &Filter,
    cursor: Option<&Cursor>,
    since: DateTime<Utc>,
    more: i64,
) -> Result<Vec<Line>> {
    let (at, kind, version) = match cursor {
        None => (last_instant(), "", 0),
        // Sections of that instant come after its edits.
        Some(Cursor { at, id: LineId::Edit(_) }) => (*at + TimeDelta::microseconds(1), "", 0),
        Some(Cursor { at, id: LineId::Section(kind, version) }) => (*at, kind.slug(), *version),
    };
    let rows: Vec<VersionRow> = on!(conn, db => sqlx::query_as(VERSIONS)
        .bind(incident.0)
        .bind(at)
        .bind(kind)
        .bind(version)
        .bind(since)
        .bind(filter.object.as_deref().unwrap_or_default())
        .bind(more)
        .fetch_all(db)
        .await)?;
    rows.into_iter().map(VersionRow::into_line).collect()
}

/// One line.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there or the viewer may not read it.
pub async fn line(store: &Store, viewer: &Viewer, incident: IncidentId, id: &LineId, now: DateTime<Utc>) -> Result<Line> {
    let mut conn = store.read().await?;
    find(&mut conn, viewer, incident, id, now).await
}

pub(super) async fn find(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    id: &LineId,
    now: DateTime<Utc>,
) -> Result<Line> {
    let standing = standing::require(conn, viewer, Right::SeeIncidents, incident, now).await?;
    let mut found = match id {
        LineId::Edit(id) => {
            let row: Option<EditRow> = on!(conn, db => sqlx::query_as(EDIT).bind(incident.0).bind(id).fetch_optional(db).await)?;
            row.ok_or(StoreError::NotFound)?.into_line()?
        }
        LineId::Section(kind, version) => {
            let since = sections_since(conn, &standing, incident).await?.ok_or(StoreError::NotFound)?;
            let row: Option<VersionRow> = on!(conn, db => sqlx::query_as(VERSION)
                .bind(incident.0).bind(kind.slug()).bind(version).bind(since).fetch_optional(db).await)?;
            row.ok_or(StoreError::NotFound)?.into_line()?
        }
    };
    withhold(conn, incident, std::slice::from_mut(&mut found)).await?;
    set_now(conn, incident, std::slice::from_mut(&mut found)).await?;
    Ok(found)
}

/// Fills in the versions that things have now.
async fn set_now(conn: &mut Conn, incident: IncidentId, lines: &mut [Line]) -> Result<()> {
    let things: Vec<(Uuid, i64)> = on!(conn, db => sqlx::query_as(VERSIONS_NOW).bind(incident.0).fetch_all(db).await)?;
    let mut now: HashMap<String, i64> = things.into_iter().map(|(id, version)| (id.to_string(), version)).collect();
    if lines.iter().any(|line| line.kind == ObjectKind::Section) {
        let sections: Vec<(String, i64)> = on!(conn, db => sqlx::query_as(SECTIONS_NOW).bind(incident.0).fetch_all(db).await)?;
        now.extend(sections);
    }
    for line in lines {
        line.now = now.get(&line.object).copied().unwrap_or(0);
    }
    Ok(())
}

/// Empties lines that hold words which their author took back.
async fn withhold(conn: &mut Conn, incident: IncidentId, lines: &mut [Line]) -> Result<()> {
    let taken_back = reviews::taken_back(conn, incident).await?;
    for line in lines {
        let holds = |fields: &Fields| fields.values().any(|text| reviews::holds_any(text, &taken_back));
        if line.withheld || [&line.before, &line.after].into_iter().flatten().any(holds) {
            line.before = None;
            line.after = None;
            line.withheld = true;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_nonsense_does_not() {
        let at = DateTime::from_timestamp_micros(1_770_000_000_123_456).unwrap();
        for id in [LineId::Edit(Uuid::from_u128(7)), LineId::Section(SectionKind::ALL[1], 12)] {
            let cursor = Cursor { at, id };
            assert_eq!(Cursor::read(&cursor.write()), Some(cursor));
        }
        for nonsense in ["", "!", "AAAA", &URL_SAFE_NO_PAD.encode("1 party.1"), &URL_SAFE_NO_PAD.encode("9223372036854775807 x")]
        {
            assert_eq!(Cursor::read(nonsense), None, "{nonsense}");
        }
    }
}
