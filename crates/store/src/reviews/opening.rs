//! Opening a review and appointing who facilitates it: somebody independent, chosen by another, shown to all.

use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, incidents, interviews};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentState;
use domain::people::{IncidentRole, Viewer};
use domain::rights::Right;
use domain::{IncidentId, Invalid, PersonId};

/// Somebody who could facilitate, or the reason why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their team's name.
    pub team: Option<String>,
    /// Why they cannot be appointed, in words; `None`: they can.
    pub bar: Option<&'static str>,
}

/// An appointment as everybody who sees the incident sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// Who facilitates.
    pub person_id: PersonId,
    /// Their name.
    pub name: String,
    /// Who appointed them.
    pub appointed_by: Option<String>,
    /// When.
    pub appointed_at: DateTime<Utc>,
}

/// Where a review stands, without any of its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// When it was opened; `None` for imported incidents and before.
    pub opened_at: Option<DateTime<Utc>>,
    /// Who facilitates, in the order of appointment.
    pub facilitators: Vec<Appointment>,
}

const PEOPLE: &str = "
select p.id, p.name, t.name as team, p.is_member, p.is_leadership
from people p left join teams t on t.id = p.team_id
where p.deactivated_at is null and p.email is not null order by p.name_folded, p.id";
const PERSON: &str = "
select p.id, p.name, t.name as team, p.is_member, p.is_leadership
from people p left join teams t on t.id = p.team_id
where p.id = $1 and p.deactivated_at is null and p.email is not null";
const STATE: &str = "select state from incidents where id = $1";
const ADD: &str = "
insert into reviews (incident_id, opened_by, opened_at, quotes_due_at, published_by, published_at, version)
values ($1, $2, $3, null, null, null, 1)";
const OPENED: &str = "select opened_at from reviews where incident_id = $1";
const APPOINTMENTS: &str = "
select r.person_id, p.name, b.name as appointed_by, r.appointed_at
from incident_roles r join people p on p.id = r.person_id left join people b on b.id = r.appointed_by
where r.incident_id = $1 and r.role = 'facilitator' order by r.appointed_at, p.name_folded";
const RELEASE: &str = "delete from incident_roles where incident_id = $1 and person_id = $2 and role = 'facilitator'";

#[derive(sqlx::FromRow)]
struct PersonRow {
    id: uuid::Uuid,
    name: String,
    team: Option<String>,
    is_member: bool,
    is_leadership: bool,
}

#[derive(sqlx::FromRow)]
struct AppointmentRow {
    person_id: uuid::Uuid,
    name: String,
    appointed_by: Option<String>,
    appointed_at: DateTime<Utc>,
}

/// Why this person cannot facilitate this incident. One sentence for all that comes from the conversations, so that it does not tell
/// who was invited or has answered.
async fn bar(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, person: &PersonRow) -> Result<Option<&'static str>> {
    let id = PersonId(person.id);
    Ok(if id == viewer.person_id {
        Some("Nobody appoints themselves.")
    } else if person.is_leadership {
        Some("Leads people who may have to speak freely.")
    } else if !person.is_member {
        Some("Administers only.")
    } else if interviews::manages_invited(conn, incident, id).await? || interviews::has_answer(conn, incident, id).await? {
        Some("Is too close to this incident or to somebody in it.")
    } else {
        None
    })
}

/// Everybody with an account, by name, and whether they can be appointed.
///
/// # Errors
/// [`StoreError::NotFound`] without the right to appoint.
pub async fn candidates(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Candidate>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::AppointFacilitator, incident, now).await?;
    let rows: Vec<PersonRow> = on!(conn, db => sqlx::query_as(PEOPLE).fetch_all(db).await)?;
    let mut candidates = Vec::with_capacity(rows.len());
    for row in rows {
        let bar = bar(&mut conn, viewer, incident, &row).await?;
        candidates.push(Candidate { id: PersonId(row.id), name: row.name, team: row.team, bar });
    }
    Ok(candidates)
}

/// Opens the review of an incident with its first facilitator.
///
/// `knows_of_response`: the appointer has read that this person may have been part of the response and has nobody more independent.
///
/// # Errors
/// Field `facilitator` when this person cannot be appointed; [`StoreError::Refused`] when there is a review already.
pub async fn open(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    facilitator: PersonId,
    knows_of_response: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::AppointFacilitator, incident, now).await?;
    let state: String = on!(conn, db => sqlx::query_scalar(STATE).bind(incident.0).fetch_one(db).await)?;
    match IncidentState::from_slug(&state) {
        Some(IncidentState::Open | IncidentState::Resolved) => {}
        Some(_) => return Err(StoreError::Refused("This incident has a review already.")),
        None => {
            return Err(StoreError::Corrupt { table: "incidents", column: "state" });
        }
    }
    run!(conn, sqlx::query(ADD).bind(incident.0).bind(viewer.person_id.0).bind(now))?;
    appoint_in(&mut conn, viewer, incident, facilitator, knows_of_response, now).await?;
    incidents::move_to(&mut conn, incident, IncidentState::InReview, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "review.open", &incident.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// Appoints one more facilitator. What was answered before stays closed to them until its author agrees.
///
/// # Errors
/// As [`open`]; [`StoreError::Refused`] when no review is open.
pub async fn appoint(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    facilitator: PersonId,
    knows_of_response: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::AppointFacilitator, incident, now).await?;
    in_review(&mut conn, incident).await?;
    appoint_in(&mut conn, viewer, incident, facilitator, knows_of_response, now).await?;
    conn.commit().await
}

/// Ends an appointment, by whoever may appoint or by the facilitator themselves. The last one stays until another is there.
///
/// # Errors
/// [`StoreError::Refused`] for the last facilitator, [`StoreError::NotFound`] when this person does not facilitate.
pub async fn release(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    facilitator: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    let right = if facilitator == viewer.person_id { Right::EditReview } else { Right::AppointFacilitator };
    require(&mut conn, viewer, right, incident, now).await?;
    in_review(&mut conn, incident).await?;
    let holders = incidents::holders(&mut conn, incident, IncidentRole::Facilitator).await?;
    if !holders.iter().any(|(id, _)| *id == facilitator) {
        return Err(StoreError::NotFound);
    }
    if holders.len() == 1 {
        return Err(StoreError::Refused("Please appoint somebody else first: a review always has a facilitator."));
    }
    interviews::hand_over_of(&mut conn, incident, facilitator, now).await?;
    run!(conn, sqlx::query(RELEASE).bind(incident.0).bind(facilitator.0))?;
    audit::note(&mut conn, now, Some(viewer.person_id), "facilitator.release", &facilitator.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// Where the review stands and who facilitates it; `None` without a review.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer sees no incidents.
pub async fn status(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Option<Status>> {
    let mut conn = store.read().await?;
    let standing = require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    let opened_at: Option<DateTime<Utc>> = on!(conn, db => sqlx::query_scalar(OPENED).bind(incident.0).fetch_optional(db).await)?;
    if opened_at.is_none() && !standing.published {
        return Ok(None);
    }
    let rows: Vec<AppointmentRow> = on!(conn, db => sqlx::query_as(APPOINTMENTS).bind(incident.0).fetch_all(db).await)?;
    let facilitators = rows
        .into_iter()
        .map(|r| Appointment {
            person_id: PersonId(r.person_id),
            name: r.name,
            appointed_by: r.appointed_by,
            appointed_at: r.appointed_at,
        })
        .collect();
    Ok(Some(Status { opened_at, facilitators }))
}

async fn in_review(conn: &mut Conn, incident: IncidentId) -> Result<()> {
    let state: String = on!(conn, db => sqlx::query_scalar(STATE).bind(incident.0).fetch_one(db).await)?;
    if state == IncidentState::InReview.slug() { Ok(()) } else { Err(StoreError::Refused("There is no open review here.")) }
}

async fn appoint_in(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    facilitator: PersonId,
    knows_of_response: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let row: Option<PersonRow> = on!(conn, db => sqlx::query_as(PERSON).bind(facilitator.0).fetch_optional(db).await)?;
    let row = row.ok_or_else(|| Invalid::one("facilitator", "Please choose somebody from the list."))?;
    if let Some(bar) = bar(conn, viewer, incident, &row).await? {
        return Err(Invalid::one("facilitator", format!("{} cannot facilitate this review. {bar}", row.name)).into());
    }
    if !knows_of_response && interviews::is_invited(conn, incident, facilitator).await? {
        let message = format!(
            "{} may have been part of the response. Somebody independent hears more; if there is nobody, tick the line below and choose again.",
            row.name
        );
        return Err(Invalid::one("facilitator", message).into());
    }
    incidents::add_role(conn, incident, facilitator, IncidentRole::Facilitator, viewer.person_id, now).await?;
    audit::note(conn, now, Some(viewer.person_id), "facilitator.appoint", &facilitator.to_string(), Some(incident)).await
}
