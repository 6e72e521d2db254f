//! Entries of the trail about one person: what they did, and what was done with their account, their roles and their invitations.

use crate::Result;
use crate::db::{Conn, on};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::{IncidentId, InvitationId, PersonId};

/// An entry of the trail as the person whom it is about may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// When.
    pub at: DateTime<Utc>,
    /// What was done (`answer.audience`, `facilitator.appoint`, …).
    pub action: String,
    /// It was done by the person themselves.
    pub by_me: bool,
    /// Who did it, where it is another one whom everybody invited may know.
    pub by: Option<String>,
    /// At which incident, if it is there for this person.
    pub incident: Option<IncidentKey>,
}

/// Acts at a person that are shown with who did them: appointments are shown to all invited, invitations to who is invited. What an
/// author agreed to with a facilitator is not among them, since it says who has answered.
const WITH_NAME: [&str; 6] = [
    "facilitator.appoint",
    "facilitator.release",
    "planner.appoint",
    "invitation.add",
    "invitation.withdraw",
    "invitation.renew",
];

const MINE: &str = "
select a.number, a.at, a.actor_id, a.action, p.name as actor, a.incident_id, case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as incident
from audit a left join people p on p.id = a.actor_id left join incidents i on i.id = a.incident_id
where a.actor_id = $1 or a.object = $2 order by a.number";
const OF_OBJECT: &str = "
select a.number, a.at, a.actor_id, a.action, p.name as actor, a.incident_id, case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as incident
from audit a left join people p on p.id = a.actor_id left join incidents i on i.id = a.incident_id
where a.object = $2 order by a.number";

#[derive(sqlx::FromRow)]
struct LineRow {
    number: i64,
    at: DateTime<Utc>,
    actor_id: Option<uuid::Uuid>,
    action: String,
    actor: Option<String>,
    incident_id: Option<uuid::Uuid>,
    incident: Option<i64>,
}

/// The entries about a person, oldest first; with `only`, those of this incident alone.
pub(crate) async fn mine(
    conn: &mut Conn,
    person: PersonId,
    invitations: &[InvitationId],
    only: Option<IncidentId>,
) -> Result<Vec<AuditLine>> {
    let me = person.to_string();
    let mut rows: Vec<LineRow> = on!(conn, db => sqlx::query_as(MINE).bind(person.0).bind(&me).fetch_all(db).await)?;
    for invitation in invitations {
        let object = invitation.to_string();
        let more: Vec<LineRow> = on!(conn, db => sqlx::query_as(OF_OBJECT).bind(person.0).bind(&object).fetch_all(db).await)?;
        rows.extend(more);
    }
    rows.retain(|r| only.is_none_or(|incident| r.incident_id == Some(incident.0)));
    rows.sort_by_key(|r| r.number);
    rows.dedup_by_key(|r| r.number);
    Ok(rows
        .into_iter()
        .map(|r| {
            let by_me = r.actor_id == Some(person.0);
            let by = r.actor.filter(|_| !by_me && WITH_NAME.contains(&r.action.as_str()));
            AuditLine { at: r.at, action: r.action, by_me, by, incident: r.incident.map(IncidentKey) }
        })
        .collect())
}
