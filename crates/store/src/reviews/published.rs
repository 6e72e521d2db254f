//! Published stories for those who read them elsewhere: in a feed. Nothing restricted, no quote, no words with a person's name in them.

use crate::db::on;
use crate::standing::check_global;
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::reviews::teaser::Names;
use domain::rights::Right;

/// Stories that a feed holds at most.
const HELD: i64 = 40;

/// A published story in a list that leaves the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedStory {
    /// The incident's number.
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
select i.number, i.title, i.published_at, coalesce(i.revised_at, i.published_at) as updated_at, coalesce(s.body, '') as summary
from incidents i left join sections s on s.incident_id = i.id and s.kind = 'summary'
where i.published_at is not null and not i.restricted and i.trashed_at is null
order by i.published_at desc, i.number desc limit $1";
const NAMES: &str = "select name from people where name <> $1";

#[derive(sqlx::FromRow)]
struct PublishedRow {
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
    let names: Vec<String> = on!(conn, db => sqlx::query_scalar(NAMES).bind(crate::owndata::FORMER).fetch_all(db).await)?;
    let story = |row: PublishedRow| PublishedStory {
        key: IncidentKey(row.number),
        title: row.title,
        published_at: row.published_at,
        updated_at: row.updated_at,
        summary: row.summary,
    };
    Ok(Published { stories: rows.into_iter().map(story).collect(), names: Names::new(names.iter().map(String::as_str)) })
}
