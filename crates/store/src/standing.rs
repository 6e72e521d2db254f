//! How a viewer stands to an incident: what the permission table is asked with. Read inside the act's own transaction, so that a
//! role taken away takes effect with its commit. An incident in the trash, or a restricted one that does not name the viewer, is not there.

use crate::db::{Conn, on};
use crate::{Result, StoreError};
use chrono::{DateTime, Utc};
use domain::IncidentId;
use domain::people::Viewer;
use domain::rights::{Right, Standing, may};

const FIND: &str = "
select
  i.created_by as created_by,
  i.published_at as published_at,
  exists (select 1 from reviews o where o.incident_id = i.id) as reviewed,
  w.opens_at as opens_at,
  w.opened_early_at as opened_early_at,
  exists (select 1 from incident_roles r where r.incident_id = i.id and r.person_id = $2 and r.role = 'facilitator') as facilitator,
  exists (select 1 from incident_roles r where r.incident_id = i.id and r.person_id = $2 and r.role = 'planner') as planner,
  exists (select 1 from invitations v where v.incident_id = i.id and v.person_id = $2 and v.state <> 'withdrawn') as responder
from incidents i left join walls w on w.incident_id = i.id
where i.id = $1 and i.trashed_at is null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $2))";

#[derive(sqlx::FromRow)]
struct StandingRow {
    created_by: Option<uuid::Uuid>,
    published_at: Option<DateTime<Utc>>,
    reviewed: bool,
    opens_at: Option<DateTime<Utc>>,
    opened_early_at: Option<DateTime<Utc>>,
    facilitator: bool,
    planner: bool,
    responder: bool,
}

/// The viewer's standing to an incident. What concerns one answer (its author, its bars) is filled in by the caller.
pub(crate) async fn standing(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Standing> {
    let me = viewer.person_id.0;
    let row: Option<StandingRow> = on!(conn, db => sqlx::query_as(FIND).bind(incident.0).bind(me).fetch_optional(db).await)?;
    let row = row.ok_or(StoreError::NotFound)?;
    Ok(Standing {
        facilitator: row.facilitator,
        planner: row.planner,
        responder: row.responder,
        importer: row.created_by == Some(me),
        reviewed: row.reviewed,
        published: row.published_at.is_some(),
        wall_open: row.opened_early_at.is_some() || row.opens_at.is_some_and(|at| at <= now),
        ..Standing::of(viewer)
    })
}

/// The viewer's standing, if it gives `right`.
///
/// # Errors
/// [`StoreError::NotFound`] when it does not: not there and not yours answer the same.
pub(crate) async fn require(
    conn: &mut Conn,
    viewer: &Viewer,
    right: Right,
    incident: IncidentId,
    now: DateTime<Utc>,
) -> Result<Standing> {
    let standing = standing(conn, viewer, incident, now).await?;
    check(right, &standing)?;
    Ok(standing)
}

/// `Ok` when somebody who stands so may do so.
pub(crate) fn check(right: Right, standing: &Standing) -> Result<()> {
    if may(right, standing) { Ok(()) } else { Err(StoreError::NotFound) }
}

/// `Ok` when the viewer has a right that needs no incident.
pub(crate) fn check_global(right: Right, viewer: &Viewer) -> Result<()> {
    check(right, &Standing::of(viewer))
}
