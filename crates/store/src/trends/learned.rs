//! What a period's stories taught, as incident measures: how long they took, what became of their learnings, and how much of it all the
//! figures can see. Counted when asked, under the filter of the other incident measures.

use super::Filter;
use super::asked::{Asked, ask};
use super::measures::{count, counting};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, settings};
use chrono::{DateTime, Utc};
use domain::LearningId;
use domain::incidents::IncidentKey;
use domain::learnings::{LearningKind, LearningStatus};
use domain::people::Viewer;
use domain::rights::Right;
use domain::trends::MinGroup;

/// Learnings that are named.
const NAMED: usize = 3;

/// A published story under the filter.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldStory {
    /// The incident.
    pub key: IncidentKey,
    /// When its impact began.
    pub started_at: DateTime<Utc>,
    /// When its story was published.
    pub published_at: DateTime<Utc>,
    /// Its learnings, without those that a document words as plans.
    pub learnings: u32,
}

/// A learning that reached others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedLearning {
    /// Its id.
    pub id: LearningId,
    /// What is known now.
    pub body: String,
    /// System, people or process.
    pub kind: LearningKind,
    /// Its incident.
    pub key: IncidentKey,
    /// The incident's title.
    pub title: String,
}

/// What became of the learnings of a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Became {
    /// All of them.
    pub all: u32,
    /// Said to hold.
    pub confirmed: u32,
    /// Said to hold no more.
    pub outdated: u32,
    /// Met again by a later incident with a published story.
    pub met_again: u32,
    /// New to the smallest group of readers at least, the viewer's own word left out.
    pub new_to_others: u32,
    /// With a runbook that tells of it.
    pub in_runbook: u32,
    /// With an exercise that practises it.
    pub practised: u32,
}

/// What can be counted, and what cannot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Incidents under the filter.
    pub incidents: u32,
    /// With a published story.
    pub published: u32,
    /// With a review that is on its way.
    pub in_review: u32,
    /// For which it was written down that no review is held, or that a note is enough.
    pub let_be: u32,
    /// Without an end.
    pub without_end: u32,
    /// Without a word in their timeline.
    pub without_timeline: u32,
    /// With a published story of whose factors none is sorted, or that names none.
    pub unsorted: u32,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Learned {
    /// Stories, by when their incidents began.
    pub stories: Vec<ToldStory>,
    /// Three learnings at most: met again first, then those said to hold, then the newest.
    pub named: Vec<NamedLearning>,
    /// What became of all learnings.
    pub became: Became,
    /// Stories read by the smallest group at least.
    pub read: u32,
    /// What can be counted.
    pub coverage: Coverage,
}

const STORIES: &str = counting!(
    "
select i.number, i.started_at, i.published_at,
  (select count(*) from learnings l where l.incident_id = i.id and not l.worded_as_plan) as learnings,
  (select cast(coalesce(sum(c.readers), 0) as bigint) from reader_counts c where c.incident_id = i.id) as readers
from incidents i",
    "
  and i.published_at is not null",
    "
order by i.started_at, i.number"
);
const LEARNINGS: &str = counting!(
    "
select l.id, l.kind, l.status, l.body, i.number, i.title, i.published_at,
  (select count(*) from learning_readers r where r.learning_id = l.id and r.person_id <> $6) as new_to,
  (select count(*) from learning_links k where k.learning_id = l.id and k.kind = 'runbook') as runbooks,
  (select count(*) from learning_links k where k.learning_id = l.id and k.kind = 'exercise') as exercises,
  (select count(*) from learnings_met m join incidents j on j.id = m.incident_id
    where m.learning_id = l.id and j.published_at is not null and j.trashed_at is null and not j.restricted) as met
from incidents i join learnings l on l.incident_id = i.id",
    "
  and i.published_at is not null and not l.worded_as_plan",
    "
order by i.published_at desc, i.number desc, l.position, l.id"
);
const COVERAGE: &str = counting!(
    "
select count(*) as incidents, count(i.published_at) as published,
  count(case when i.published_at is null and exists (select 1 from reviews r where r.incident_id = i.id) then 1 end) as in_review,
  count(case when i.published_at is null and exists (select 1 from sizings z where z.incident_id = i.id and z.size in ('note', 'skip'))
    then 1 end) as let_be,
  count(case when i.resolved_at is null then 1 end) as without_end,
  count(case when not exists (select 1 from events e where e.incident_id = i.id and e.deleted_at is null) then 1 end) as without_timeline,
  count(case when i.published_at is not null and not exists (select 1 from factor_tags f where f.incident_id = i.id
    and f.counted <> 'unsorted') then 1 end) as unsorted
from incidents i",
    "",
    ""
);

/// What is asked, for the tests that look at plans.
pub(super) const STATEMENTS: [(&str, &str); 3] =
    [("learned STORIES", STORIES), ("learned LEARNINGS", LEARNINGS), ("learned COVERAGE", COVERAGE)];

#[derive(sqlx::FromRow)]
struct StoryRow {
    number: i64,
    started_at: DateTime<Utc>,
    published_at: DateTime<Utc>,
    learnings: i64,
    readers: i64,
}

#[derive(sqlx::FromRow)]
struct LearningRow {
    id: uuid::Uuid,
    kind: String,
    status: String,
    body: String,
    number: i64,
    title: String,
    new_to: i64,
    runbooks: i64,
    exercises: i64,
    met: i64,
}

#[derive(sqlx::FromRow)]
struct CoverageRow {
    incidents: i64,
    published: i64,
    in_review: i64,
    let_be: i64,
    without_end: i64,
    without_timeline: i64,
    unsorted: i64,
}

/// What the stories of a filter's incidents taught.
///
/// # Errors
/// [`StoreError::NotFound`] for who does not see trends.
pub async fn learned(store: &Store, viewer: &Viewer, filter: &Filter) -> Result<Learned> {
    check_global(Right::SeeTrends, viewer)?;
    let mut conn = store.read().await?;
    let group = MinGroup::new(settings::smallest_group(&mut conn).await?).get();
    let enough = |people: i64| usize::try_from(people).is_ok_and(|people| people >= group);
    let asked = Asked::by(filter, viewer);
    let stories: Vec<StoryRow> = ask!(conn, STORIES, &asked);
    let learnings: Vec<LearningRow> = ask!(conn, LEARNINGS, &asked);
    let coverage: Vec<CoverageRow> = ask!(conn, COVERAGE, &asked);
    let coverage = coverage.into_iter().next().map(Coverage::from).unwrap_or_default();
    let read = count(stories.iter().filter(|story| enough(story.readers)).count());
    let mut became = Became { all: count(learnings.len()), ..Became::default() };
    for row in &learnings {
        let status = LearningStatus::from_slug(&row.status);
        became.confirmed += u32::from(status == Some(LearningStatus::Confirmed));
        became.outdated += u32::from(status == Some(LearningStatus::Outdated));
        became.met_again += u32::from(row.met > 0);
        became.new_to_others += u32::from(enough(row.new_to));
        became.in_runbook += u32::from(row.runbooks > 0);
        became.practised += u32::from(row.exercises > 0);
    }
    let named = named(learnings)?;
    let told = |row: StoryRow| ToldStory {
        key: IncidentKey(row.number),
        started_at: row.started_at,
        published_at: row.published_at,
        learnings: count(row.learnings),
    };
    Ok(Learned { stories: stories.into_iter().map(told).collect(), named, became, read, coverage })
}

impl From<CoverageRow> for Coverage {
    fn from(row: CoverageRow) -> Self {
        Self {
            incidents: count(row.incidents),
            published: count(row.published),
            in_review: count(row.in_review),
            let_be: count(row.let_be),
            without_end: count(row.without_end),
            without_timeline: count(row.without_timeline),
            unsorted: count(row.unsorted),
        }
    }
}

/// The ones to be named; they come by publication, the newest first.
fn named(mut rows: Vec<LearningRow>) -> Result<Vec<NamedLearning>> {
    let holds = |row: &LearningRow| LearningStatus::from_slug(&row.status) == Some(LearningStatus::Confirmed);
    let outdated = |row: &LearningRow| LearningStatus::from_slug(&row.status) == Some(LearningStatus::Outdated);
    rows.retain(|row| !outdated(row));
    rows.sort_by_key(|row| (row.met == 0, !holds(row)));
    let read = |row: LearningRow| {
        let kind = LearningKind::from_slug(&row.kind).ok_or(StoreError::Corrupt { table: "learnings", column: "kind" })?;
        Ok(NamedLearning { id: LearningId(row.id), body: row.body, kind, key: IncidentKey(row.number), title: row.title })
    };
    rows.into_iter().take(NAMED).map(read).collect()
}
