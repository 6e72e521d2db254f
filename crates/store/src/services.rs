//! Services: what incidents concern, each with the team that owns it. Administrators keep the list, incidents name services of it.

use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit, random};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{IncidentId, Invalid, ServiceId, TeamId, text};
use std::collections::BTreeSet;

/// Longest description, in characters.
pub const DESCRIPTION_MAX: usize = 300;

/// A service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Id.
    pub id: ServiceId,
    /// Name.
    pub name: String,
    /// In a sentence; may be empty.
    pub description: String,
    /// The team that owns it.
    pub team_id: Option<TeamId>,
    /// That team's name.
    pub team: Option<String>,
    /// Put away: it stays on its incidents and is offered for no other.
    pub put_away: bool,
}

/// What an administrator says of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceChange {
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// Owning team.
    pub team_id: Option<TeamId>,
}

const LIST: &str = "
select s.id, s.name, s.description, s.team_id, t.name as team, s.put_away_at is not null as put_away
from services s left join teams t on t.id = s.team_id order by s.name_folded";
const ADD: &str = "
insert into services (id, name, name_folded, description, team_id, put_away_at, created_at) values ($1, $2, $3, $4, $5, null, $6)";
const CHANGE: &str = "update services set name = $2, name_folded = $3, description = $4, team_id = $5 where id = $1";
const PUT_AWAY: &str = "update services set put_away_at = $2 where id = $1";
// A team that was put away keeps what it has.
const TEAM_THERE: &str = "
select count(*) from teams t
where t.id = $1 and (t.put_away_at is null or exists (select 1 from services s where s.id = $2 and s.team_id = t.id))";
const OF_INCIDENT: &str = "
select s.id, s.name, s.description, s.team_id, t.name as team, s.put_away_at is not null as put_away
from incident_services i join services s on s.id = i.service_id left join teams t on t.id = s.team_id
where i.incident_id = $1 order by s.name_folded";
const LET_GO: &str = "delete from incident_services where incident_id = $1";
const NAME: &str = "insert into incident_services (incident_id, service_id) values ($1, $2)";
const MAY_BE_NAMED: &str = "
select count(*) from services s
where s.id = $1 and (s.put_away_at is null
  or exists (select 1 from incident_services i where i.service_id = s.id and i.incident_id = $2))";

#[derive(sqlx::FromRow)]
struct ServiceRow {
    id: uuid::Uuid,
    name: String,
    description: String,
    team_id: Option<uuid::Uuid>,
    team: Option<String>,
    put_away: bool,
}

impl ServiceRow {
    fn into_service(self) -> Service {
        Service {
            id: ServiceId(self.id),
            name: self.name,
            description: self.description,
            team_id: self.team_id.map(TeamId),
            team: self.team,
            put_away: self.put_away,
        }
    }
}

/// All services, also those that were put away, by name.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer sees no incidents.
pub async fn list(store: &Store, viewer: &Viewer) -> Result<Vec<Service>> {
    check_global(Right::SeeIncidents, viewer)?;
    let mut conn = store.read().await?;
    let rows: Vec<ServiceRow> = on!(conn, db => sqlx::query_as(LIST).fetch_all(db).await)?;
    Ok(rows.into_iter().map(ServiceRow::into_service).collect())
}

async fn checked(conn: &mut Conn, service: ServiceId, new: &ServiceChange) -> Result<(String, String)> {
    let mut invalid = Invalid::default();
    let name = invalid.take(text::line("name", &new.name, text::NAME_MAX)).unwrap_or_default();
    let description = invalid.take(text::optional_line("description", &new.description, DESCRIPTION_MAX)).unwrap_or_default();
    if let Some(team) = new.team_id {
        let there: i64 = on!(conn, db => sqlx::query_scalar(TEAM_THERE).bind(team.0).bind(service.0).fetch_one(db).await)?;
        if there == 0 {
            invalid.add("team", "Please choose a team from the list.");
        }
    }
    invalid.or_ok()?;
    Ok((name, description))
}

fn taken(error: &sqlx::Error) -> Option<StoreError> {
    StoreError::is_unique(error).then(|| Invalid::one("name", "There is a service of this name already.").into())
}

/// Adds a service.
///
/// # Errors
/// Fields `name`, `description`, `team`; [`StoreError::NotFound`] for all but administrators.
pub async fn add(store: &Store, viewer: &Viewer, new: &ServiceChange, now: DateTime<Utc>) -> Result<ServiceId> {
    check_global(Right::Administer, viewer)?;
    let id = ServiceId(random::id());
    let mut conn = store.write().await?;
    let (name, description) = checked(&mut conn, id, new).await?;
    let team = new.team_id.map(|t| t.0);
    let added =
        run!(conn, sqlx::query(ADD).bind(id.0).bind(&name).bind(text::fold(&name)).bind(&description).bind(team).bind(now));
    if let Err(e) = added {
        return Err(taken(&e).unwrap_or_else(|| e.into()));
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "service.add", &id.to_string(), None).await?;
    conn.commit().await?;
    Ok(id)
}

/// Changes a service.
///
/// # Errors
/// As [`add`].
pub async fn change(store: &Store, viewer: &Viewer, service: ServiceId, new: &ServiceChange, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.write().await?;
    let (name, description) = checked(&mut conn, service, new).await?;
    let team = new.team_id.map(|t| t.0);
    match run!(conn, sqlx::query(CHANGE).bind(service.0).bind(&name).bind(text::fold(&name)).bind(&description).bind(team)) {
        Err(e) => return Err(taken(&e).unwrap_or_else(|| e.into())),
        Ok(0) => return Err(StoreError::NotFound),
        Ok(_) => {}
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "service.change", &service.to_string(), None).await?;
    conn.commit().await
}

/// Puts a service away, or takes it back. It stays on the incidents that it is on.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn put_away(store: &Store, viewer: &Viewer, service: ServiceId, away: bool, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.write().await?;
    if run!(conn, sqlx::query(PUT_AWAY).bind(service.0).bind(away.then_some(now)))? == 0 {
        return Err(StoreError::NotFound);
    }
    let action = if away { "service.put-away" } else { "service.take-back" };
    audit::note(&mut conn, now, Some(viewer.person_id), action, &service.to_string(), None).await?;
    conn.commit().await
}

/// The services of an incident, by name, for functions that have checked a right.
pub(crate) async fn of_incident(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Service>> {
    let rows: Vec<ServiceRow> = on!(conn, db => sqlx::query_as(OF_INCIDENT).bind(incident.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(ServiceRow::into_service).collect())
}

/// Those of the services that may be named on an incident.
pub(crate) async fn that_may_be_named(conn: &mut Conn, incident: IncidentId, services: &[ServiceId]) -> Result<Vec<ServiceId>> {
    let mut found = Vec::with_capacity(services.len());
    for service in services {
        let there: i64 = on!(conn, db => sqlx::query_scalar(MAY_BE_NAMED).bind(service.0).bind(incident.0).fetch_one(db).await)?;
        found.extend((there > 0).then_some(*service));
    }
    Ok(found)
}

/// Names the services of an incident, for functions that have checked a right.
///
/// # Errors
/// Field `services` for one that is not there, or was put away and is not on this incident.
pub(crate) async fn set_of_incident(conn: &mut Conn, incident: IncidentId, services: &[ServiceId]) -> Result<()> {
    let wanted: BTreeSet<ServiceId> = services.iter().copied().collect();
    for service in &wanted {
        let there: i64 = on!(conn, db => sqlx::query_scalar(MAY_BE_NAMED).bind(service.0).bind(incident.0).fetch_one(db).await)?;
        if there == 0 {
            return Err(Invalid::one("services", "Please choose services from the list.").into());
        }
    }
    run!(conn, sqlx::query(LET_GO).bind(incident.0))?;
    for service in wanted {
        run!(conn, sqlx::query(NAME).bind(incident.0).bind(service.0))?;
    }
    Ok(())
}
