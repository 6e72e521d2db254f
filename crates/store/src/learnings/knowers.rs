//! The teams that should know of a learning.

use crate::Result;
use crate::db::{Conn, on, run};
use domain::{IncidentId, LearningId, TeamId, text};
use std::collections::HashMap;
use uuid::Uuid;

const OF: &str = "
select t.id, t.name from learning_teams w join teams t on t.id = w.team_id where w.learning_id = $1 order by t.name, t.id";
const OF_INCIDENT: &str = "
select w.learning_id, w.team_id from learning_teams w join learnings l on l.id = w.learning_id join teams t on t.id = w.team_id
where l.incident_id = $1 order by t.name, t.id";
const CLEAR: &str = "delete from learning_teams where learning_id = $1";
const PUT: &str = "
insert into learning_teams (learning_id, team_id) select $1, id from teams where id = $2 on conflict do nothing";
const NAMED: &str = "select id from teams where name_folded = $1";

/// Of one learning, by name.
pub(super) async fn of(conn: &mut Conn, id: LearningId) -> Result<Vec<(TeamId, String)>> {
    let rows: Vec<(Uuid, String)> = on!(conn, db => sqlx::query_as(OF).bind(id.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id, name)| (TeamId(id), name)).collect())
}

/// Of all learnings of an incident.
pub(super) async fn of_incident(conn: &mut Conn, incident: IncidentId) -> Result<HashMap<Uuid, Vec<TeamId>>> {
    let rows: Vec<(Uuid, Uuid)> = on!(conn, db => sqlx::query_as(OF_INCIDENT).bind(incident.0).fetch_all(db).await)?;
    let mut teams: HashMap<Uuid, Vec<TeamId>> = HashMap::new();
    for (learning, team) in rows {
        teams.entry(learning).or_default().push(TeamId(team));
    }
    Ok(teams)
}

/// Makes these the teams; those that are not there are left out.
pub(super) async fn put(conn: &mut Conn, id: LearningId, teams: &[TeamId]) -> Result<()> {
    run!(conn, sqlx::query(CLEAR).bind(id.0))?;
    for team in teams {
        run!(conn, sqlx::query(PUT).bind(id.0).bind(team.0))?;
    }
    Ok(())
}

/// Teams by their names, as a history keeps them.
pub(super) async fn named(conn: &mut Conn, names: &[String]) -> Result<Vec<TeamId>> {
    let mut teams = Vec::new();
    for name in names {
        let found: Option<Uuid> = on!(conn, db => sqlx::query_scalar(NAMED).bind(text::fold(name)).fetch_optional(db).await)?;
        teams.extend(found.map(TeamId));
    }
    Ok(teams)
}
