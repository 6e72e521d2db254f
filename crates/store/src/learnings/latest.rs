//! The latest learnings of published second stories, for pages that look at one team or one service.

use super::LearningRow;
use crate::db::on;
use crate::standing::check_global;
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::learnings::Learning;
use domain::people::Viewer;
use domain::rights::Right;
use domain::{ServiceId, TeamId};

/// Whose stories to look at; nothing chosen is all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Of {
    /// Of this team.
    pub team: Option<TeamId>,
    /// About this service.
    pub service: Option<ServiceId>,
}

/// A learning with the story that it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latest {
    /// What is known now.
    pub learning: Learning,
    /// The incident.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// When its second story was published.
    pub published_at: DateTime<Utc>,
}

// What a document words as a plan was not learned yet.
const LATEST: &str = "
select l.id, l.kind, l.body, l.body_before, l.worded_as_plan, l.evidence, l.status, l.status_reason, l.status_at, l.replaced_by,
  l.position, l.version, i.number, i.title, i.published_at
from learnings l join incidents i on i.id = l.incident_id
where i.published_at is not null and not l.worded_as_plan
  and (i.team_id = $1 or $1 is null)
  and ($2 is null or exists (select 1 from incident_services v where v.incident_id = i.id and v.service_id = $2))
  and i.trashed_at is null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $3))
order by i.published_at desc, i.number desc, l.position, l.id limit $4";

#[derive(sqlx::FromRow)]
struct LatestRow {
    #[sqlx(flatten)]
    learning: LearningRow,
    number: i64,
    title: String,
    published_at: DateTime<Utc>,
}

/// At most `many` learnings of published stories, those of the story published last first.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for who does not see trends.
pub async fn latest(store: &Store, viewer: &Viewer, of: Of, many: usize) -> Result<Vec<Latest>> {
    check_global(Right::SeeTrends, viewer)?;
    let many = i64::try_from(many).unwrap_or(i64::MAX);
    let mut conn = store.read().await?;
    let rows: Vec<LatestRow> = on!(conn, db => sqlx::query_as(LATEST)
        .bind(of.team.map(|t| t.0))
        .bind(of.service.map(|s| s.0))
        .bind(viewer.person_id.0)
        .bind(many)
        .fetch_all(db)
        .await)?;
    let latest = |row: LatestRow| {
        let learning = row.learning.into_learning(Vec::new())?;
        Ok(Latest { learning, key: IncidentKey(row.number), title: row.title, published_at: row.published_at })
    };
    rows.into_iter().map(latest).collect()
}
