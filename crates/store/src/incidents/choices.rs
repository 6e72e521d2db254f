//! What the list can be filtered by that people have named: teams, services, facilitators. One statement for the three, since the list
//! asks for them each time.

use crate::db::on;
use crate::standing::check_global;
use crate::{Result, Store, people};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{PersonId, ServiceId, TeamId};

const CHOICES: &str = "
select cast(0 as bigint) as kind, t.id, t.name, t.name_folded as folded, t.put_away_at is not null as put_away from teams t
union all
select cast(1 as bigint), s.id, s.name, s.name_folded, s.put_away_at is not null from services s
union all
select cast(2 as bigint), p.id, p.name, p.name_folded, p.deactivated_at is not null from people p
where exists (
  select 1 from incident_roles r join incidents i on i.id = r.incident_id
  where r.person_id = p.id and r.role = 'facilitator' and i.trashed_at is null
    and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)))
order by kind, folded, id";

/// What there is to choose from, each by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// All teams.
    pub teams: Vec<people::Team>,
    /// All services.
    pub services: Vec<(ServiceId, String)>,
    /// Everybody who facilitates an incident that the viewer sees.
    pub facilitators: Vec<(PersonId, String)>,
}

#[derive(sqlx::FromRow)]
struct ChoiceRow {
    kind: i64,
    id: uuid::Uuid,
    name: String,
    put_away: bool,
}

/// What the viewer may filter the list by.
///
/// # Errors
/// [`crate::StoreError::NotFound`] when the viewer sees no incidents.
pub async fn choices(store: &Store, viewer: &Viewer) -> Result<Choices> {
    check_global(Right::SeeIncidents, viewer)?;
    let mut conn = store.read().await?;
    let rows: Vec<ChoiceRow> = on!(conn, db => sqlx::query_as(CHOICES).bind(viewer.person_id.0).fetch_all(db).await)?;
    let mut choices = Choices::default();
    for row in rows {
        match row.kind {
            0 => choices.teams.push(people::Team { id: TeamId(row.id), name: row.name, put_away: row.put_away }),
            1 => choices.services.push((ServiceId(row.id), row.name)),
            _ => choices.facilitators.push((PersonId(row.id), row.name)),
        }
    }
    Ok(choices)
}
