//! Mitigation actions that are still in place, over all incidents that the viewer sees, and what becomes of one.

use super::rows::EventRow;
use super::{find, noted, write};
use crate::db::on;
use crate::standing::{self, check_global};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use domain::history::Change;
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::rights::Right;
use domain::timeline::{EventDetails, EventKind, NewEvent, Placement, TimelineEvent};
use domain::{EventId, IncidentId, TeamId};

/// Actions on one page.
pub const PAGE: i64 = 100;

// The oldest first: they are the ones that are forgotten. One without a time stands since its incident began.
const LIST: &str = "
select e.id, e.incident_id, coalesce(e.at, i.started_at) as at, e.ends_at, e.time_precision, e.as_written, e.zone, e.kind, e.body, e.flag,
  e.recorded_at, e.role, e.question, e.learned_later, e.sources_json, e.placement, e.settled_at, e.position, e.created_by, e.version,
  i.number, i.title, t.name as team
from events e join incidents i on i.id = e.incident_id left join teams t on t.id = i.team_id
where e.placement = 'in-place' and e.deleted_at is null and i.trashed_at is null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1))
  and ($2 is null or i.team_id = $2)
order by coalesce(e.at, i.started_at), e.id limit $3 offset $4";
const COUNT: &str = "
select count(*) from events e join incidents i on i.id = e.incident_id
where e.placement = 'in-place' and e.deleted_at is null and i.trashed_at is null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1))
  and ($2 is null or i.team_id = $2)";

/// A mitigation action that waits to be undone or to be made permanent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InPlace {
    /// The action; its time is that of its incident's start where it has none.
    pub event: TimelineEvent,
    /// Its incident.
    pub incident: IncidentKey,
    /// What people call that.
    pub title: String,
    /// The team whose incident it is.
    pub team: Option<String>,
}

#[derive(sqlx::FromRow)]
struct InPlaceRow {
    #[sqlx(flatten)]
    event: EventRow,
    number: i64,
    title: String,
    team: Option<String>,
}

/// The actions that are still in place, oldest first; `team` takes those of one team's incidents, `page` counts from 0.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer sees no incidents.
pub async fn list(store: &Store, viewer: &Viewer, team: Option<TeamId>, page: i64) -> Result<(Vec<InPlace>, i64)> {
    check_global(Right::SeeIncidents, viewer)?;
    let mut conn = store.read().await?;
    let (me, team) = (viewer.person_id.0, team.map(|t| t.0));
    let rows: Vec<InPlaceRow> = on!(conn, db => sqlx::query_as(LIST)
        .bind(me)
        .bind(team)
        .bind(PAGE)
        .bind(page.max(0).saturating_mul(PAGE))
        .fetch_all(db)
        .await)?;
    let all: i64 = on!(conn, db => sqlx::query_scalar(COUNT).bind(me).bind(team).fetch_one(db).await)?;
    let actions = rows.into_iter().map(|row| {
        let event = row.event.into_event()?;
        Ok(InPlace { event, incident: IncidentKey(row.number), title: row.title, team: row.team })
    });
    Ok((actions.collect::<Result<_>>()?, all))
}

/// How many are still in place in incidents that the viewer sees.
///
/// # Errors
/// As [`list`].
pub async fn count(store: &Store, viewer: &Viewer) -> Result<i64> {
    check_global(Right::SeeIncidents, viewer)?;
    let mut conn = store.read().await?;
    let all = on!(conn, db => sqlx::query_scalar(COUNT)
        .bind(viewer.person_id.0)
        .bind(None::<uuid::Uuid>)
        .fetch_one(db)
        .await)?;
    Ok(all)
}

/// Says what became of a mitigation action, and since when. Saying the same again changes nothing.
///
/// # Errors
/// [`StoreError::Stale`] when somebody changed the event in between; [`StoreError::Refused`] when it is no mitigation action;
/// [`StoreError::NotFound`] when it is gone or without the right to change it.
pub async fn settle(
    store: &Store,
    viewer: &Viewer,
    (incident, id): (IncidentId, EventId),
    base_version: i64,
    (placement, settled_at): (Placement, Option<DateTime<Utc>>),
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    let before = find(&mut conn, incident, id).await?.ok_or(StoreError::NotFound)?;
    if before.kind != EventKind::Mitigation {
        return Err(StoreError::Refused("Only a mitigation action can be in place, undone or made permanent."));
    }
    let settled_at = settled_at.filter(|_| placement.is_settled());
    let was = &before.details;
    if (was.placement, was.settled_at) == (placement, settled_at) {
        return Ok(());
    }
    let details = EventDetails { placement, settled_at, ..was.clone() };
    let new = NewEvent { details, ..said(&before) };
    write(&mut conn, (incident, id), base_version, &new).await?;
    noted(conn, viewer, Change::Changed, (incident, id), Some(&before), now).await
}

fn said(event: &TimelineEvent) -> NewEvent {
    NewEvent {
        at: event.at,
        ends_at: event.ends_at,
        precision: event.precision,
        as_written: event.as_written.clone(),
        zone: event.zone.clone(),
        kind: event.kind,
        body: event.body.clone(),
        flag: event.flag.clone(),
        details: event.details.clone(),
        position: event.position,
    }
}
