//! The learnings of all published stories that a viewer sees, the latest story first, page by page.

use super::LearningRow;
use crate::db::{Conn, on};
use crate::standing::check_global;
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::learnings::{Learning, LearningKind, LearningStatus};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{LearningId, TeamId};

/// Words that are looked for; what stands behind them does not count.
const WORDS: usize = 4;

/// What to list; the default is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<LearningKind>,
    /// Of this status.
    pub status: Option<LearningStatus>,
    /// That this team should know.
    pub team: Option<TeamId>,
    /// With each of these words, or parts of words, in what is or was thought.
    pub words: String,
    /// After this one, as the page before ended with it.
    pub after: Option<LearningId>,
}

/// A learning with the story that it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Itself; its teams are not read here.
    pub learning: Learning,
    /// The incident.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// When its second story was published.
    pub published_at: DateTime<Utc>,
}

/// A page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its learnings.
    pub rows: Vec<Listed>,
    /// There are more after the last one.
    pub more: bool,
}

// What a document words as a plan was not learned yet.
const LIST: &str = "
with seen as (
  select l.id, l.kind, l.body, l.body_before, l.worded_as_plan, l.evidence, l.status, l.status_reason, l.status_at, l.replaced_by,
    l.position, l.version, i.number, i.title, i.published_at
  from learnings l join incidents i on i.id = l.incident_id
  where i.published_at is not null and not l.worded_as_plan and i.trashed_at is null
    and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1))
)
select s.id, s.kind, s.body, s.body_before, s.worded_as_plan, s.evidence, s.status, s.status_reason, s.status_at, s.replaced_by,
  s.position, s.version, s.number, s.title, s.published_at
from seen s
where (s.kind = $2 or $2 = '') and (s.status = $3 or $3 = '')
  and ($4 is null or exists (select 1 from learning_teams t where t.learning_id = s.id and t.team_id = $4))
  and lower(s.body || ' ' || s.body_before) like $5 escape '!' and lower(s.body || ' ' || s.body_before) like $6 escape '!'
  and lower(s.body || ' ' || s.body_before) like $7 escape '!' and lower(s.body || ' ' || s.body_before) like $8 escape '!'
  and ($9 is null or (s.published_at, s.number, -s.position, s.id)
    < (select a.published_at, a.number, -a.position, a.id from seen a where a.id = $9))
order by s.published_at desc, s.number desc, s.position, s.id desc limit $10";

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    learning: LearningRow,
    number: i64,
    title: String,
    published_at: DateTime<Utc>,
}

/// Patterns for the words: each one somewhere in the text. SQLite folds letters of ASCII alone, so the words are folded the same way and
/// other letters are found as they are written.
fn patterns(conn: &Conn, words: &str) -> [String; WORDS] {
    let mut patterns = std::array::from_fn(|_| "%".to_owned());
    for (pattern, word) in patterns.iter_mut().zip(words.split_whitespace()) {
        let word = if conn.is_sqlite() { word.to_ascii_lowercase() } else { word.to_lowercase() };
        let plain = word.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        *pattern = format!("%{plain}%");
    }
    patterns
}

/// At most `many` learnings.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for who sees no incidents.
pub async fn list(store: &Store, viewer: &Viewer, filter: &Filter, many: usize) -> Result<Page> {
    check_global(Right::SeeIncidents, viewer)?;
    let mut conn = store.read().await?;
    let [first, second, third, fourth] = patterns(&conn, &filter.words);
    let rows: Vec<ListedRow> = on!(conn, db => sqlx::query_as(LIST)
        .bind(viewer.person_id.0)
        .bind(filter.kind.map_or("", LearningKind::slug))
        .bind(filter.status.map_or("", LearningStatus::slug))
        .bind(filter.team.map(|t| t.0))
        .bind(first)
        .bind(second)
        .bind(third)
        .bind(fourth)
        .bind(filter.after.map(|l| l.0))
        .bind(i64::try_from(many + 1).unwrap_or(i64::MAX))
        .fetch_all(db)
        .await)?;
    let more = rows.len() > many;
    let listed = |row: ListedRow| {
        let learning = row.learning.into_learning(Vec::new())?;
        Ok(Listed { learning, key: IncidentKey(row.number), title: row.title, published_at: row.published_at })
    };
    Ok(Page { rows: rows.into_iter().take(many).map(listed).collect::<Result<_>>()?, more })
}
