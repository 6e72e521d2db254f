//! How words come to be found: triggers note what changed, and the commit of the change itself writes its words, which Rust makes. What was
//! there before there was such a search waits, and a job writes it in small steps.

use crate::db::{Conn, on, run};
use crate::{Result, Store, audit, migrations};
use chrono::{DateTime, Utc};
use domain::text;
use std::sync::atomic::Ordering;
use uuid::Uuid;

/// The migration that made the tables.
const SINCE: i64 = 24;
/// Texts to a step: short enough that who writes meanwhile does not notice.
const AT_ONCE: i64 = 200;

const ANY_STALE: &str = "select count(*) from (select 1 from search_stale where waiting = $1 limit 1) any_of_them";
macro_rules! stale {
    ($locked:literal) => {
        concat!(
            "
select s.kind, s.object_id, s.part, i.id as incident_id, i.started_at, 
  coalesce(e.kind, (select min(g.counted) from factor_tags g where g.factor_id = f.id), l.kind, c.kind) as label,
  case s.kind when 'event' then e.body || ' ' || e.question when 'factor' then f.body || ' ' || f.other_view
    when 'learning' then l.body || ' ' || l.body_before else c.body end as body
from search_stale s
left join events e on s.kind = 'event' and e.id = s.object_id and e.deleted_at is null
left join factors f on s.kind = 'factor' and f.id = s.object_id
left join learnings l on s.kind = 'learning' and l.id = s.object_id
left join sections c on s.kind = 'story' and c.incident_id = s.object_id and c.kind = s.part
left join incidents i on i.id = coalesce(e.incident_id, f.incident_id, l.incident_id, c.incident_id)
  and not i.restricted and i.trashed_at is null and (s.kind <> 'story' or i.published_at is not null)
where s.waiting = $1 limit $2",
            $locked
        )
    };
}
const STALE: &str = stale!("");
// Several services share the work, and who is changing one of these just now writes it.
const STALE_ON_POSTGRES: &str = stale!(" for update of s skip locked");
const PUT: &str = "
insert into search_texts (kind, object_id, part, incident_id, label, sort_at, words) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (kind, object_id, part) do update set
  incident_id = excluded.incident_id, label = excluded.label, sort_at = excluded.sort_at, words = excluded.words";
const TAKE_OUT: &str = "delete from search_texts where kind = $1 and object_id = $2 and part = $3";
const DONE: &str = "delete from search_stale where kind = $1 and object_id = $2 and part = $3";

const LEFT: &str = "select count(*) from search_stale";
const TEXTS: &str = "select count(*) from search_texts";
// What everybody may find: the rule of the table's own comment, once more and from the other side.
const MISSING: &str = "
select
  (select count(*) from events e join incidents i on i.id = e.incident_id
   where e.deleted_at is null and not i.restricted and i.trashed_at is null
     and not exists (select 1 from search_texts t where t.kind = 'event' and t.object_id = e.id)
     and not exists (select 1 from search_stale t where t.kind = 'event' and t.object_id = e.id))
  + (select count(*) from factors f join incidents i on i.id = f.incident_id
   where not i.restricted and i.trashed_at is null
     and not exists (select 1 from search_texts t where t.kind = 'factor' and t.object_id = f.id)
     and not exists (select 1 from search_stale t where t.kind = 'factor' and t.object_id = f.id))
  + (select count(*) from learnings l join incidents i on i.id = l.incident_id
   where not i.restricted and i.trashed_at is null
     and not exists (select 1 from search_texts t where t.kind = 'learning' and t.object_id = l.id)
     and not exists (select 1 from search_stale t where t.kind = 'learning' and t.object_id = l.id))
  + (select count(*) from sections c join incidents i on i.id = c.incident_id
   where not i.restricted and i.trashed_at is null and i.published_at is not null
     and not exists (select 1 from search_texts t where t.kind = 'story' and t.object_id = c.incident_id and t.part = c.kind)
     and not exists (select 1 from search_stale t where t.kind = 'story' and t.object_id = c.incident_id and t.part = c.kind))";
const TOO_MUCH: &str = "
select count(*) from search_texts t join incidents i on i.id = t.incident_id
where i.restricted or i.trashed_at is not null or (t.kind = 'story' and i.published_at is null)
  or (t.kind = 'event' and not exists (select 1 from events e where e.id = t.object_id and e.incident_id = i.id and e.deleted_at is null))
  or (t.kind = 'factor' and not exists (select 1 from factors f where f.id = t.object_id and f.incident_id = i.id))
  or (t.kind = 'learning' and not exists (select 1 from learnings l where l.id = t.object_id and l.incident_id = i.id))";

const FORGET: &str = "delete from search_texts";
const FORGET_STALE: &str = "delete from search_stale";
const ALL: [&str; 4] = [ALL_EVENTS, ALL_FACTORS, ALL_LEARNINGS, ALL_SECTIONS];
const ALL_EVENTS: &str = "
insert into search_stale (kind, object_id, part, waiting) select 'event', id, '', $1 from events where deleted_at is null";
const ALL_FACTORS: &str = "insert into search_stale (kind, object_id, part, waiting) select 'factor', id, '', $1 from factors";
const ALL_LEARNINGS: &str =
    "insert into search_stale (kind, object_id, part, waiting) select 'learning', id, '', $1 from learnings";
const ALL_SECTIONS: &str =
    "insert into search_stale (kind, object_id, part, waiting) select 'story', incident_id, kind, $1 from sections";
// The index itself, in case that it and its table went apart.
const AGAIN_ON_SQLITE: &str = "insert into search_words (search_words) values ('rebuild')";

#[derive(sqlx::FromRow)]
struct Stale {
    kind: String,
    object_id: Uuid,
    part: String,
    incident_id: Option<Uuid>,
    started_at: Option<DateTime<Utc>>,
    label: Option<String>,
    body: Option<String>,
}

/// Writes the words of what this transaction changed.
pub(crate) async fn refresh(conn: &mut Conn) -> Result<()> {
    if !is_there(conn).await? {
        return Ok(());
    }
    let any: i64 = on!(conn, db => sqlx::query_scalar(ANY_STALE).bind(false).fetch_one(db).await)?;
    if any > 0 {
        // Nobody restricts or deletes its incident between reading a text and writing its words.
        audit::take_turn(conn).await?;
        while write_some(conn, false).await? > 0 {}
    }
    Ok(())
}

/// Whether the schema knows of words; a file that is being taken in may be of an older one.
async fn is_there(conn: &mut Conn) -> Result<bool> {
    if !conn.searches.load(Ordering::Relaxed) {
        let there = migrations::applied(conn).await?.contains(&SINCE);
        conn.searches.store(there, Ordering::Relaxed);
    }
    Ok(conn.searches.load(Ordering::Relaxed))
}

/// A step; answers how many it looked at.
async fn write_some(conn: &mut Conn, waiting: bool) -> Result<usize> {
    let statement = if conn.is_sqlite() { STALE } else { STALE_ON_POSTGRES };
    let stale: Vec<Stale> = on!(conn, db => sqlx::query_as(statement).bind(waiting).bind(AT_ONCE).fetch_all(db).await)?;
    for text in &stale {
        let words = text.body.as_deref().map(text::words).filter(|words| words.len() > 1);
        match (text.incident_id, text.started_at, words) {
            (Some(incident), Some(started_at), Some(words)) => run!(
                conn,
                sqlx::query(PUT)
                    .bind(&text.kind)
                    .bind(text.object_id)
                    .bind(&text.part)
                    .bind(incident)
                    .bind(text.label.as_deref().unwrap_or_default())
                    .bind(started_at)
                    .bind(words)
            )?,
            _ => run!(conn, sqlx::query(TAKE_OUT).bind(&text.kind).bind(text.object_id).bind(&text.part))?,
        };
        run!(conn, sqlx::query(DONE).bind(&text.kind).bind(text.object_id).bind(&text.part))?;
    }
    Ok(stale.len())
}

/// One step of writing what waits from before; answers how many texts it looked at, none when all is done. May run in several processes.
///
/// # Errors
/// What the database said.
pub async fn fill(store: &Store) -> Result<usize> {
    let mut conn = store.read().await?;
    let any: i64 = on!(conn, db => sqlx::query_scalar(ANY_STALE).bind(true).fetch_one(db).await)?;
    drop(conn);
    if any == 0 {
        return Ok(0);
    }
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    let looked_at = write_some(&mut conn, true).await?;
    conn.commit().await?;
    Ok(looked_at)
}

/// Whether texts from before still wait.
pub(super) async fn is_filling(conn: &mut Conn) -> Result<bool> {
    let any: i64 = on!(conn, db => sqlx::query_scalar(ANY_STALE).bind(true).fetch_one(db).await)?;
    Ok(any > 0)
}

/// How the words stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    /// Texts that can be found.
    pub texts: i64,
    /// Texts that wait for their words.
    pub waiting: i64,
    /// Texts that should be found and neither are nor wait.
    pub missing: i64,
    /// Texts that should not be found.
    pub too_much: i64,
}

/// Compares the words with what they are of; takes a while in a large database.
///
/// # Errors
/// What the database said.
pub async fn check(store: &Store) -> Result<Filled> {
    let mut conn = store.snapshot().await?;
    let mut counts = [0i64; 4];
    for (count, statement) in counts.iter_mut().zip([TEXTS, LEFT, MISSING, TOO_MUCH]) {
        *count = on!(conn, db => sqlx::query_scalar(statement).fetch_one(db).await)?;
    }
    let [texts, waiting, missing, too_much] = counts;
    Ok(Filled { texts, waiting, missing, too_much })
}

/// Forgets all words and lets everything wait again for [`fill`].
///
/// # Errors
/// What the database said.
pub async fn rebuild(store: &Store) -> Result<()> {
    let mut conn = store.bulk().await?;
    audit::take_turn(&mut conn).await?;
    if conn.is_sqlite() {
        run!(conn, sqlx::query(AGAIN_ON_SQLITE))?;
    }
    run!(conn, sqlx::query(FORGET))?;
    run!(conn, sqlx::query(FORGET_STALE))?;
    for statement in ALL {
        run!(conn, sqlx::query(statement).bind(true))?;
    }
    conn.commit().await
}
