//! Published stories for those who read them elsewhere: in a feed or in a letter. Nothing restricted, no quote, no words with a person's name in them.

use crate::db::{Conn, on};
use crate::standing::check_global;
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use domain::IncidentId;
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::reviews::teaser::Names;
use domain::rights::Right;

/// Stories that a feed holds at most.
const HELD: i64 = 40;

/// A published story in a list that leaves the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedStory {
    /// The incident.
    pub id: IncidentId,
    /// Its number.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// When it was changed last since.
    pub updated_at: DateTime<Utc>,
    /// Its summary, Markdown, as it stands; whoever sends it cuts it with [`Published::names`].
    pub summary: String,
}

/// The newest published stories, and names that do not leave the house with them.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// The newest first.
    pub stories: Vec<PublishedStory>,
    /// Of everybody who is known here now. Whoever closed their account has no name here any more that could be looked for.
    pub names: Names,
}

const NEWEST: &str = "
select i.id, i.number, i.title, i.published_at, coalesce(i.revised_at, i.published_at) as updated_at, coalesce(s.body, '') as summary
from incidents i left join sections s on s.incident_id = i.id and s.kind = 'summary'
where i.published_at is not null and not i.restricted and i.trashed_at is null
order by i.published_at desc, i.number desc limit $1";
const BETWEEN: &str = "
select i.id, i.number, i.title, i.published_at, coalesce(i.revised_at, i.published_at) as updated_at, coalesce(s.body, '') as summary
from incidents i left join sections s on s.incident_id = i.id and s.kind = 'summary'
where i.published_at >= $1 and i.published_at < $2 and not i.restricted and i.trashed_at is null
order by i.published_at desc, i.number desc limit $3";
const NAMES: &str = "select name from people where name <> $1";

#[derive(sqlx::FromRow)]
struct PublishedRow {
    id: uuid::Uuid,
    number: i64,
    title: String,
    published_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    summary: String,
}

/// The newest published stories that are restricted for nobody.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for who sees no incidents.
pub async fn published(store: &Store, viewer: &Viewer) -> Result<Published> {
    check_global(Right::SeeIncidents, viewer)?;
    let mut conn = store.read().await?;
    let rows: Vec<PublishedRow> = on!(conn, db => sqlx::query_as(NEWEST).bind(HELD).fetch_all(db).await)?;
    told(&mut conn, rows).await
}

/// Those of them that were published from one instant until before another, at most forty, the newest first.
///
/// # Errors
/// As [`published`].
pub async fn published_between(store: &Store, viewer: &Viewer, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<Published> {
    check_global(Right::SeeIncidents, viewer)?;
    let mut conn = store.read().await?;
    let rows: Vec<PublishedRow> = on!(conn, db => sqlx::query_as(BETWEEN).bind(from).bind(until).bind(HELD).fetch_all(db).await)?;
    told(&mut conn, rows).await
}

async fn told(conn: &mut Conn, rows: Vec<PublishedRow>) -> Result<Published> {
    let names: Vec<String> = on!(conn, db => sqlx::query_scalar(NAMES).bind(crate::owndata::FORMER).fetch_all(db).await)?;
    let story = |row: PublishedRow| PublishedStory {
        id: IncidentId(row.id),
        key: IncidentKey(row.number),
        title: row.title,
        published_at: row.published_at,
        updated_at: row.updated_at,
        summary: row.summary,
    };
    Ok(Published { stories: rows.into_iter().map(story).collect(), names: Names::new(names.iter().map(String::as_str)) })
}
