//! The raw log of an incident: its entries in order of time, page by page, filtered and searched. Sealed; opened for those alone who may
//! read it, and in no index of words: a search opens what it looks at, up to a limit, and says so.

use super::raw_authors::{self, RawAuthorship};
use super::raw_sealing::{EntryRow, Opening};
use crate::db::{Conn, on};
use crate::{Result, Store, StoreError, standing};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::text::fold;
use domain::timeline::raw::{RawKind, RawLink, RawSource};
use domain::{EventId, IncidentId, RawAuthorId, RawEntryId};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Entries of a page.
pub const PAGE: usize = 200;
/// Entries that one search looks through.
pub const LOOKED_THROUGH: usize = 50_000;
/// Entries that one statement of a search reads.
const AT_ONCE: i64 = 2_000;

/// An entry of the raw log, for those who may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its id here.
    pub id: RawEntryId,
    /// Which tool it came from.
    pub source: RawSource,
    /// What sort of record it is.
    pub kind: RawKind,
    /// When it happened.
    pub at: Option<DateTime<Utc>>,
    /// The time as its source wrote it, where it could not be read or was changed in reading.
    pub as_written: String,
    /// Who wrote it: the person where it is known, else the role, else the name at the source.
    pub author: Option<RawAuthorship>,
    /// Channel, service, component.
    pub place: String,
    /// What it says.
    pub text: String,
    /// Links in it.
    pub links: Vec<RawLink>,
    /// Reactions by name, with how many.
    pub reactions: Vec<(String, u32)>,
    /// Names of attached files.
    pub files: Vec<String>,
    /// Labels and other fields of its source.
    pub details: Vec<(String, String)>,
    /// When it was edited last at the source.
    pub edited_at: Option<DateTime<Utc>>,
    /// It answers another entry.
    pub is_reply: bool,
    /// Events of the story that were told from it.
    pub told: Vec<EventId>,
}

impl LogEntry {
    /// What it says, or what it carries where it says nothing.
    pub fn words(&self) -> String {
        if !self.text.trim().is_empty() {
            return self.text.clone();
        }
        if !self.files.is_empty() {
            return self.files.join(", ");
        }
        let details: Vec<String> = self.details.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        if details.is_empty() { self.kind.label().to_owned() } else { details.join(", ") }
    }

    fn says(&self, words: &[String]) -> bool {
        let author = self.author.as_ref().map_or("", |a| a.label.as_str());
        let details = self.details.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
        let all: Vec<&str> = [self.text.as_str(), &self.place, author]
            .into_iter()
            .chain(self.files.iter().map(String::as_str))
            .chain(details)
            .collect();
        let all = fold(&all.join("\n"));
        words.iter().all(|word| all.contains(word))
    }
}

/// What of a raw log is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Words that an entry holds, each of them anywhere; empty: all.
    pub words: String,
    /// One tool alone.
    pub source: Option<RawSource>,
    /// One author alone, with all that are called the same.
    pub author: Option<RawAuthorId>,
    /// Which page, from 1.
    pub page: usize,
    /// The page that holds this time, instead.
    pub at: Option<DateTime<Utc>>,
}

/// A page of a raw log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPage {
    /// Entries in order of time.
    pub entries: Vec<LogEntry>,
    /// How many there are in all.
    pub all: usize,
    /// How many were found.
    pub found: usize,
    /// Which page this is, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
    /// So many were looked through, and there are more.
    pub stopped_after: Option<usize>,
    /// The tools, with how many entries each.
    pub sources: Vec<(RawSource, usize)>,
    /// Who wrote, one of each name.
    pub authors: Vec<RawAuthorship>,
}

const COUNT: &str = "select count(*) from raw_entries where incident_id = $1 and removed_at is null";
const SOURCES: &str = "
select source, count(*) from raw_entries where incident_id = $1 and removed_at is null group by source order by source";
const BEFORE: &str = "
select count(*) from raw_entries
where incident_id = $1 and removed_at is null and ($2 = '' or source = $2) and sort_at < $3";
const LIST: &str = "
select id, source, external_hash, kind, at, sort_at, position, author_id, body_sealed from raw_entries
where incident_id = $1 and removed_at is null and ($2 = '' or source = $2)
order by sort_at, position, id limit $3 offset $4";
const FIRST: &str = "
select id, source, external_hash, kind, at, sort_at, position, author_id, body_sealed from raw_entries
where incident_id = $1 and removed_at is null and ($2 = '' or source = $2)
order by sort_at, position, id limit $3";
const NEXT: &str = "
select id, source, external_hash, kind, at, sort_at, position, author_id, body_sealed from raw_entries
where incident_id = $1 and removed_at is null and ($2 = '' or source = $2) and (sort_at, position, id) > ($3, $4, $5)
order by sort_at, position, id limit $6";
const FIND: &str = "
select id, source, external_hash, kind, at, sort_at, position, author_id, body_sealed from raw_entries
where incident_id = $1 and id = $2 and removed_at is null";
const TIMES: &str = "
select sort_at from raw_entries where incident_id = $1 and removed_at is null order by sort_at, position, id limit $2";

/// How many entries the raw log of an incident has.
///
/// # Errors
/// [`StoreError::NotFound`] unless the viewer may read it.
pub async fn count(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<usize> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::RawLog, incident, now).await?;
    counted(&mut conn, incident).await
}

async fn counted(conn: &mut Conn, incident: IncidentId) -> Result<usize> {
    let count: i64 = on!(conn, db => sqlx::query_scalar(COUNT).bind(incident.0).fetch_one(db).await)?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// A page of the raw log.
///
/// # Errors
/// [`StoreError::NotFound`] unless the viewer may read it.
pub async fn page(store: &Store, viewer: &Viewer, incident: IncidentId, look: &Look, now: DateTime<Utc>) -> Result<LogPage> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::RawLog, incident, now).await?;
    let all = counted(&mut conn, incident).await?;
    if all == 0 {
        return Ok(LogPage { page: 1, pages: 1, ..LogPage::default() });
    }
    let counts: Vec<(String, i64)> = on!(conn, db => sqlx::query_as(SOURCES).bind(incident.0).fetch_all(db).await)?;
    let sources: Vec<(RawSource, usize)> = counts
        .into_iter()
        .filter_map(|(slug, count)| Some((RawSource::from_slug(&slug)?, usize::try_from(count).unwrap_or_default())))
        .collect();
    let opening = Opening::of(&mut conn, incident).await?;
    let authors = raw_authors::who_wrote(&mut conn, incident).await?;
    let words: Vec<String> = look.words.split_whitespace().map(fold).filter(|w| !w.is_empty()).collect();
    let found = if words.is_empty() && look.author.is_none() {
        let found = match look.source {
            Some(source) => sources.iter().find(|(s, _)| *s == source).map_or(0, |(_, count)| *count),
            None => all,
        };
        plain_page(&mut conn, incident, look, found, &opening).await?
    } else {
        search(&mut conn, incident, look, &words, &opening).await?
    };
    Ok(LogPage { all, sources, authors, ..found })
}

fn slug(look: &Look) -> &'static str {
    look.source.map_or("", RawSource::slug)
}

async fn plain_page(conn: &mut Conn, incident: IncidentId, look: &Look, found: usize, opening: &Opening) -> Result<LogPage> {
    let pages = found.div_ceil(PAGE).max(1);
    let page = match look.at {
        None => look.page,
        Some(at) => {
            let before: i64 =
                on!(conn, db => sqlx::query_scalar(BEFORE).bind(incident.0).bind(slug(look)).bind(at).fetch_one(db).await)?;
            usize::try_from(before).unwrap_or_default() / PAGE + 1
        }
    };
    let page = page.clamp(1, pages);
    let (limit, offset) = (i64::try_from(PAGE).unwrap_or(i64::MAX), i64::try_from((page - 1) * PAGE).unwrap_or(0));
    let rows: Vec<EntryRow> = on!(conn, db => sqlx::query_as(LIST)
        .bind(incident.0)
        .bind(slug(look))
        .bind(limit)
        .bind(offset)
        .fetch_all(db)
        .await)?;
    let entries = rows.into_iter().map(|row| opening.open(row)).collect::<Result<_>>()?;
    Ok(LogPage { entries, found, page, pages, ..LogPage::default() })
}

/// Opens entry after entry, and keeps those of the page that is asked for.
async fn search(conn: &mut Conn, incident: IncidentId, look: &Look, words: &[String], opening: &Opening) -> Result<LogPage> {
    let called = look.author.and_then(|id| opening.authors.get(&id.0)).map(|a| a.label.clone());
    let same: Option<BTreeSet<Uuid>> = look
        .author
        .map(|_| opening.authors.iter().filter(|(_, a)| Some(&a.label) == called.as_ref()).map(|(id, _)| *id).collect());
    let (mut hits, mut before, mut looked, mut last) = (Vec::new(), 0, 0, None);
    let mut stopped_after = None;
    loop {
        let rows = chunk(conn, incident, look, last).await?;
        let Some(end) = rows.last() else { break };
        last = Some((end.sort_at, end.position, end.id));
        let whole = i64::try_from(rows.len()).unwrap_or_default() == AT_ONCE;
        looked += rows.len();
        for row in rows {
            if same.as_ref().is_some_and(|same| row.author_id.is_none_or(|id| !same.contains(&id))) {
                continue;
            }
            let at = row.sort_at;
            let entry = opening.open(row)?;
            if entry.says(words) {
                before += usize::from(look.at.is_some_and(|wanted| at < wanted));
                hits.push(entry);
            }
        }
        if !whole {
            break;
        }
        if looked >= LOOKED_THROUGH {
            stopped_after = Some(looked);
            break;
        }
    }
    let (found, pages) = (hits.len(), hits.len().div_ceil(PAGE).max(1));
    let page = look.at.map_or(look.page, |_| before / PAGE + 1).clamp(1, pages);
    let entries = hits.into_iter().skip((page - 1) * PAGE).take(PAGE).collect();
    Ok(LogPage { entries, found, page, pages, stopped_after, ..LogPage::default() })
}

type Last = (DateTime<Utc>, i64, Uuid);

async fn chunk(conn: &mut Conn, incident: IncidentId, look: &Look, after: Option<Last>) -> Result<Vec<EntryRow>> {
    Ok(match after {
        None => on!(conn, db => sqlx::query_as(FIRST).bind(incident.0).bind(slug(look)).bind(AT_ONCE).fetch_all(db).await)?,
        Some((at, position, id)) => on!(conn, db => sqlx::query_as(NEXT)
            .bind(incident.0)
            .bind(slug(look))
            .bind(at)
            .bind(position)
            .bind(id)
            .bind(AT_ONCE)
            .fetch_all(db)
            .await)?,
    })
}

/// Entries by their ids, for functions that have checked the right; `NotFound` when one of them is not there.
pub(super) async fn find(conn: &mut Conn, incident: IncidentId, ids: &[RawEntryId]) -> Result<Vec<LogEntry>> {
    let opening = Opening::of(conn, incident).await?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let row: Option<EntryRow> = on!(conn, db => sqlx::query_as(FIND).bind(incident.0).bind(id.0).fetch_optional(db).await)?;
        rows.push(row.ok_or(StoreError::NotFound)?);
    }
    rows.sort_by_key(|row| (row.sort_at, row.position, row.id));
    rows.dedup_by_key(|row| row.id);
    rows.into_iter().map(|row| opening.open(row)).collect()
}

/// As [`find`], without those that are not there.
pub(super) async fn find_there(conn: &mut Conn, incident: IncidentId, ids: &[RawEntryId]) -> Result<Vec<LogEntry>> {
    let opening = Opening::of(conn, incident).await?;
    let mut entries = Vec::with_capacity(ids.len());
    for id in ids {
        let row: Option<EntryRow> = on!(conn, db => sqlx::query_as(FIND).bind(incident.0).bind(id.0).fetch_optional(db).await)?;
        entries.extend(row.map(|row| opening.open(row)).transpose()?);
    }
    Ok(entries)
}

/// The times of the entries that are here, for a picture; at most [`LOOKED_THROUGH`].
///
/// # Errors
/// [`StoreError::NotFound`] unless the viewer may read the log.
pub async fn times(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::RawLog, incident, now).await?;
    let most = i64::try_from(LOOKED_THROUGH).unwrap_or(i64::MAX);
    Ok(on!(conn, db => sqlx::query_scalar(TIMES).bind(incident.0).bind(most).fetch_all(db).await)?)
}
