//! The wall of an incident: when it opens, opening it early with a reason on record, and who has the room behind it.

use crate::db::{on, run};
use crate::standing::{check_global, require};
use crate::{Result, Store, StoreError, audit, incidents, people};
use chrono::{DateTime, Duration, Utc};
use domain::incidents::IncidentKey;
use domain::people::{IncidentRole, Viewer};
use domain::planning::{Wall, reason_for_opening};
use domain::rights::Right;
use domain::{IncidentId, Invalid, PersonId};

/// How long a wall that opened is news.
const NEWS: Duration = Duration::days(14);

/// A wall that opened lately, for the home page of its planners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedWall {
    /// Which incident.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// When it opened.
    pub opened_at: DateTime<Utc>,
}

const WALL: &str = "
select w.opens_at, w.opened_early_at, w.reason, p.name as opened_by
from walls w left join people p on p.id = w.opened_by where w.incident_id = $1";
const OPEN_EARLY: &str = "
update walls set opened_early_at = $2, opened_by = $3, reason = $4 where incident_id = $1 and opened_early_at is null";
const OPENED: &str = "
select i.number, i.title, coalesce(w.opened_early_at, w.opens_at) as opened_at
from incident_roles r join incidents i on i.id = r.incident_id join walls w on w.incident_id = r.incident_id
where r.person_id = $1 and r.role = 'planner' and i.origin <> 'import' and i.trashed_at is null
  and coalesce(w.opened_early_at, w.opens_at) between $2 and $3
order by coalesce(w.opened_early_at, w.opens_at) desc, i.number desc";
#[derive(sqlx::FromRow)]
struct WallRow {
    opens_at: Option<DateTime<Utc>>,
    opened_early_at: Option<DateTime<Utc>>,
    reason: String,
    opened_by: Option<String>,
}

/// When the wall of an incident opens or opened, for its planners.
///
/// # Errors
/// [`StoreError::NotFound`] for everybody who was not given the planning room.
pub async fn wall(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Wall> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::EnterPlanning, incident, now).await?;
    let row: Option<WallRow> = on!(conn, db => sqlx::query_as(WALL).bind(incident.0).fetch_optional(db).await)?;
    Ok(row.map_or_else(
        || Wall { opens_at: None, opened_early_at: None, opened_by: None, reason: String::new() },
        |r| Wall { opens_at: r.opens_at, opened_early_at: r.opened_early_at, opened_by: r.opened_by, reason: r.reason },
    ))
}

/// Opens the wall of a published incident before its soak time is over. The reason stays on record with the name.
///
/// # Errors
/// Field `reason` when it is shorter than a sentence; [`StoreError::Refused`] before publication and when it is open already.
pub async fn open_early(store: &Store, viewer: &Viewer, incident: IncidentId, reason: &str, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    let standing = require(&mut conn, viewer, Right::EnterPlanning, incident, now).await?;
    if !standing.published {
        return Err(StoreError::Refused("Planning opens after the story is published."));
    }
    if standing.wall_open {
        return Err(StoreError::Refused("Planning is open already."));
    }
    let reason = reason_for_opening(reason)?;
    let me = viewer.person_id.0;
    run!(conn, sqlx::query(OPEN_EARLY).bind(incident.0).bind(now).bind(me).bind(&reason))?;
    audit::note(&mut conn, now, Some(viewer.person_id), "wall.open-early", &incident.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// Gives somebody with an account the planning room of an incident; who has it already keeps it.
///
/// # Errors
/// Field `planner` when there is no such account; [`StoreError::NotFound`] for who may not appoint planners here.
pub async fn appoint(store: &Store, viewer: &Viewer, incident: IncidentId, person: PersonId, now: DateTime<Utc>) -> Result<()> {
    let known = people::list(store, viewer).await?.iter().any(|p| p.id == person && p.has_account);
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::AppointPlanner, incident, now).await?;
    if !known {
        return Err(Invalid::one("planner", "Please choose somebody from the list.").into());
    }
    incidents::add_role(&mut conn, incident, person, IncidentRole::Planner, viewer.person_id, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "planner.appoint", &person.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// The walls that opened in the last fourteen days where the viewer plans; latest first.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn opened_walls(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Vec<OpenedWall>> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.read().await?;
    let me = viewer.person_id.0;
    let rows: Vec<(i64, String, DateTime<Utc>)> =
        on!(conn, db => sqlx::query_as(OPENED).bind(me).bind(now - NEWS).bind(now).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(number, title, opened_at)| OpenedWall { key: IncidentKey(number), title, opened_at }).collect())
}
