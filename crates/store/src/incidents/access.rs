//! Restricted incidents: whether one is, and who is named on it.

use super::{add_role, holders};
use crate::db::{on, run};
use crate::standing::require;
use crate::{Result, Store, audit, reviews};
use chrono::{DateTime, Utc};
use domain::people::{IncidentRole, Viewer};
use domain::rights::Right;
use domain::{IncidentId, Invalid, PersonId};

/// Who sees a restricted incident, as far as it may be told: who was invited stays with the facilitator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Who entered it.
    pub creator: Option<(PersonId, String)>,
    /// Who facilitates its review.
    pub facilitators: Vec<(PersonId, String)>,
    /// Who has its planning room.
    pub planners: Vec<(PersonId, String)>,
    /// Who was named besides.
    pub named: Vec<(PersonId, String)>,
}

const CREATOR: &str = "select p.id, p.name from incidents i join people p on p.id = i.created_by where i.id = $1";
const RESTRICT: &str = "update incidents set restricted = $2, version = version + 1 where id = $1";
const ACTIVE: &str = "select count(*) from people where id = $1 and email is not null and deactivated_at is null";
const TAKE_OFF: &str = "delete from incident_roles where incident_id = $1 and person_id = $2 and role = 'participant'";

/// Who is named on an incident, for those who may change that.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for all but who entered it and its facilitators.
pub async fn access(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Access> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::Restrict, incident, now).await?;
    let creator: Option<(uuid::Uuid, String)> =
        on!(conn, db => sqlx::query_as(CREATOR).bind(incident.0).fetch_optional(db).await)?;
    Ok(Access {
        creator: creator.map(|(id, name)| (PersonId(id), name)),
        facilitators: holders(&mut conn, incident, IncidentRole::Facilitator).await?,
        planners: holders(&mut conn, incident, IncidentRole::Planner).await?,
        named: holders(&mut conn, incident, IncidentRole::Participant).await?,
    })
}

/// Makes an incident restricted, or opens it to everybody with an account again.
///
/// # Errors
/// As [`access`].
pub async fn restrict(store: &Store, viewer: &Viewer, incident: IncidentId, restricted: bool, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    // A link for people outside that is made meanwhile would open when it is everybody's again.
    audit::take_turn(&mut conn).await?;
    require(&mut conn, viewer, Right::Restrict, incident, now).await?;
    run!(conn, sqlx::query(RESTRICT).bind(incident.0).bind(restricted))?;
    if restricted {
        reviews::end_shares(&mut conn, incident).await?;
    }
    let act = if restricted { "incident.restrict" } else { "incident.unrestrict" };
    audit::note(&mut conn, now, Some(viewer.person_id), act, &incident.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// Names somebody on an incident: a restricted one exists for them from then on.
///
/// # Errors
/// Field `person` when there is no such active account; [`crate::StoreError::NotFound`] as in [`access`].
pub async fn name(store: &Store, viewer: &Viewer, incident: IncidentId, person: PersonId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::Restrict, incident, now).await?;
    let active: i64 = on!(conn, db => sqlx::query_scalar(ACTIVE).bind(person.0).fetch_one(db).await)?;
    if active == 0 {
        return Err(Invalid::one("person", "Please choose somebody from the list.").into());
    }
    add_role(&mut conn, incident, person, IncidentRole::Participant, viewer.person_id, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "incident.name", &person.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// Takes somebody off again who was named by [`name`]; other roles stay. One who is not named is fine.
///
/// # Errors
/// As [`access`].
pub async fn take_off(store: &Store, viewer: &Viewer, incident: IncidentId, person: PersonId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::Restrict, incident, now).await?;
    run!(conn, sqlx::query(TAKE_OFF).bind(incident.0).bind(person.0))?;
    audit::note(&mut conn, now, Some(viewer.person_id), "incident.take-off", &person.to_string(), Some(incident)).await?;
    conn.commit().await
}
