//! The vocabulary of contributing factors as it is kept: who listens to people and who keeps the house add, rename, retire and merge its
//! tags; everybody with an account reads it. Nothing is deleted, so that every change can be taken back.

use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit};
use chrono::{DateTime, Duration, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::vocabulary::{Entry, EntryChange, Tag, Vocabulary, Words};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Words that are older are read again: another process may have changed them.
const FRESH: Duration = Duration::minutes(1);

/// The vocabulary as last read.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Option<(DateTime<Utc>, Arc<Vocabulary>)>>);

const ALL: &str = "select tag, name, definition, example, parent, synonyms, retired_at, merged_into, version from vocabulary";
const PUT: &str = "
insert into vocabulary (tag, name, definition, example, parent, synonyms, retired_at, merged_into, counted, version, changed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (tag) do update set name = excluded.name, definition = excluded.definition, example = excluded.example,
  parent = excluded.parent, synonyms = excluded.synonyms, retired_at = excluded.retired_at, merged_into = excluded.merged_into,
  counted = excluded.counted, version = excluded.version, changed_at = excluded.changed_at";
const COUNT_AS: &str = "update vocabulary set counted = $2 where tag = $1";
const RECOUNT: &str = "update factor_tags set counted = $2 where tag = $1 and counted <> $2";
const USED: &str = "
select g.counted, count(distinct g.factor_id) from factor_tags g join incidents i on i.id = g.incident_id
where not i.restricted and i.trashed_at is null group by g.counted";

#[derive(sqlx::FromRow)]
struct EntryRow {
    tag: String,
    name: String,
    definition: String,
    example: String,
    parent: Option<String>,
    synonyms: String,
    retired_at: Option<DateTime<Utc>>,
    merged_into: Option<String>,
    version: i64,
}

impl EntryRow {
    fn into_entry(self) -> Result<Entry> {
        let corrupt = |column| StoreError::Corrupt { table: "vocabulary", column };
        let tag = |slug: String, column| Tag::parse(&slug).ok_or_else(|| corrupt(column));
        Ok(Entry {
            tag: tag(self.tag, "tag")?,
            name: self.name,
            definition: self.definition,
            example: self.example,
            parent: self.parent.map(|parent| tag(parent, "parent")).transpose()?,
            synonyms: self.synonyms.lines().map(str::to_owned).collect(),
            retired: self.retired_at.is_some(),
            merged_into: self.merged_into.map(|into| tag(into, "merged_into")).transpose()?,
            words: Words::Own,
            version: self.version,
        })
    }
}

/// As it stands, inside an act.
pub(crate) async fn read(conn: &mut Conn) -> Result<Vocabulary> {
    let rows: Vec<EntryRow> = on!(conn, db => sqlx::query_as(ALL).fetch_all(db).await)?;
    Ok(Vocabulary::with(rows.into_iter().map(EntryRow::into_entry).collect::<Result<_>>()?))
}

/// The vocabulary. Never fails: without a database the last words hold, or those that are shipped.
pub async fn words(store: &Store, now: DateTime<Utc>) -> Arc<Vocabulary> {
    let kept = store.vocabulary.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match kept {
        Some((at, words)) if (now - at).abs() < FRESH => words,
        kept => match read_now(store).await {
            Ok(words) => keep(store, words, now),
            Err(_) => kept.map(|(_, words)| words).unwrap_or_default(),
        },
    }
}

async fn read_now(store: &Store) -> Result<Vocabulary> {
    read(&mut store.read().await?).await
}

fn keep(store: &Store, words: Vocabulary, now: DateTime<Utc>) -> Arc<Vocabulary> {
    let words = Arc::new(words);
    *store.vocabulary.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&words)));
    words
}

/// How many factors each tag stands on, as they are counted; restricted and deleted incidents are left out, whoever looks.
///
/// # Errors
/// [`StoreError::NotFound`] for who sees no incidents.
pub async fn used(store: &Store, viewer: &Viewer) -> Result<BTreeMap<Tag, i64>> {
    check_global(Right::SeeIncidents, viewer)?;
    let mut conn = store.read().await?;
    let rows: Vec<(String, i64)> = on!(conn, db => sqlx::query_as(USED).fetch_all(db).await)?;
    Ok(rows.into_iter().filter_map(|(slug, many)| Some((Tag::parse(&slug)?, many))).collect())
}

/// An act on the vocabulary, begun: nobody else changes it meanwhile.
async fn begin(store: &Store, viewer: &Viewer) -> Result<(Conn, Vocabulary)> {
    check_global(Right::KeepVocabulary, viewer)?;
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    let words = read(&mut conn).await?;
    Ok((conn, words))
}

fn at_version<'a>(words: &'a Vocabulary, tag: &Tag, base_version: i64) -> Result<&'a Entry> {
    let entry = words.find(tag).ok_or(StoreError::NotFound)?;
    if entry.version == base_version { Ok(entry) } else { Err(StoreError::Stale) }
}

/// Writes an entry, then lets every tag count as what it counts as now.
async fn finish(
    store: &Store,
    viewer: &Viewer,
    mut conn: Conn,
    (action, entry): (&'static str, Entry),
    now: DateTime<Utc>,
) -> Result<()> {
    let before = read(&mut conn).await?.redirects();
    let retired_at = entry.retired.then_some(now);
    let slug = |tag: &Option<Tag>| tag.as_ref().map(|tag| tag.as_str().to_owned());
    run!(
        conn,
        sqlx::query(PUT)
            .bind(entry.tag.as_str())
            .bind(&entry.name)
            .bind(&entry.definition)
            .bind(&entry.example)
            .bind(slug(&entry.parent))
            .bind(entry.synonyms.join("\n"))
            .bind(retired_at)
            .bind(slug(&entry.merged_into))
            .bind(entry.tag.as_str())
            .bind(entry.version + 1)
            .bind(now)
    )?;
    let words = read(&mut conn).await?;
    let after = words.redirects();
    // The entry itself was just written as counting for itself.
    let touched = before.keys().chain(after.keys()).filter(|tag| **tag == entry.tag || before.get(tag) != after.get(tag));
    for tag in touched {
        let counted = words.counted(tag);
        run!(conn, sqlx::query(COUNT_AS).bind(tag.as_str()).bind(counted.as_str()))?;
        run!(conn, sqlx::query(RECOUNT).bind(tag.as_str()).bind(counted.as_str()))?;
    }
    audit::note(&mut conn, now, Some(viewer.person_id), action, entry.tag.as_str(), None).await?;
    conn.commit().await?;
    keep(store, words, now);
    Ok(())
}

/// Adds a tag.
///
/// # Errors
/// Fields `name` and `parent`; [`StoreError::NotFound`] without the right.
pub async fn add(store: &Store, viewer: &Viewer, said: &EntryChange, now: DateTime<Utc>) -> Result<Tag> {
    let (conn, words) = begin(store, viewer).await?;
    words.check(None, said)?;
    let tag = words.new_tag(&said.name);
    let empty = Entry {
        tag: tag.clone(),
        name: String::new(),
        definition: String::new(),
        example: String::new(),
        parent: None,
        synonyms: Vec::new(),
        retired: false,
        merged_into: None,
        words: Words::Own,
        version: 0,
    };
    finish(store, viewer, conn, ("vocabulary.add", saying(empty, said)), now).await?;
    Ok(tag)
}

fn saying(entry: Entry, said: &EntryChange) -> Entry {
    let EntryChange { name, definition, example, parent, synonyms } = said.clone();
    Entry { name, definition, example, parent, synonyms, ..entry }
}

/// Gives a tag other words. It stays the same tag: what it stands on says them at once.
///
/// # Errors
/// As [`add`]; [`StoreError::Stale`] when somebody changed it since.
pub async fn change(
    store: &Store,
    viewer: &Viewer,
    tag: &Tag,
    base_version: i64,
    said: &EntryChange,
    now: DateTime<Utc>,
) -> Result<()> {
    let (conn, words) = begin(store, viewer).await?;
    let entry = at_version(&words, tag, base_version)?.clone();
    words.check(Some(tag), said)?;
    finish(store, viewer, conn, ("vocabulary.change", saying(entry, said)), now).await
}

/// Retires a tag, or offers it again. It stays on the factors that it is on.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none, or without the right.
pub async fn retire(store: &Store, viewer: &Viewer, tag: &Tag, retired: bool, now: DateTime<Utc>) -> Result<()> {
    let (conn, words) = begin(store, viewer).await?;
    let entry = words.find(tag).ok_or(StoreError::NotFound)?.clone();
    if entry.retired == retired {
        return Ok(());
    }
    let action = if retired { "vocabulary.retire" } else { "vocabulary.offer" };
    finish(store, viewer, conn, (action, Entry { retired, ..entry }), now).await
}

/// Merges a tag into another one, which counts for both from then on: in trends, lists, search and on every factor. What was chosen stays
/// beneath, so that [`split`] brings it back.
///
/// # Errors
/// Field `into` when it cannot be merged into that; [`StoreError::NotFound`] when there is none, or without the right.
pub async fn merge(store: &Store, viewer: &Viewer, tag: &Tag, into: &Tag, now: DateTime<Utc>) -> Result<()> {
    let (conn, words) = begin(store, viewer).await?;
    let entry = words.find(tag).ok_or(StoreError::NotFound)?.clone();
    words.check_merge(tag, into)?;
    let merged = Entry { merged_into: Some(into.clone()), ..entry };
    finish(store, viewer, conn, ("vocabulary.merge", merged), now).await
}

/// Undoes a merge: the tag counts for itself again.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none, or without the right.
pub async fn split(store: &Store, viewer: &Viewer, tag: &Tag, now: DateTime<Utc>) -> Result<()> {
    let (conn, words) = begin(store, viewer).await?;
    let entry = words.find(tag).ok_or(StoreError::NotFound)?.clone();
    if entry.merged_into.is_none() {
        return Ok(());
    }
    finish(store, viewer, conn, ("vocabulary.split", Entry { merged_into: None, ..entry }), now).await
}
