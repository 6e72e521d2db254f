//! Teams as administrators keep them.

use crate::db::{on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit, random};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{Invalid, TeamId, text};

/// A line of the list of teams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamLine {
    /// Id.
    pub id: TeamId,
    /// Name.
    pub name: String,
    /// How many active people are in it.
    pub people: i64,
    /// How many services in use are its own.
    pub services: i64,
    /// Put away.
    pub put_away: bool,
}

const LINES: &str = "
select t.id, t.name,
  (select count(*) from people p where p.team_id = t.id and p.deactivated_at is null) as people,
  (select count(*) from services s where s.team_id = t.id and s.put_away_at is null) as services,
  t.put_away_at is not null as put_away
from teams t order by t.name_folded";
const ADD: &str = "insert into teams (id, name, name_folded, created_at) values ($1, $2, $3, $4)";
const RENAME: &str = "update teams set name = $2, name_folded = $3 where id = $1";
const PEOPLE: &str = "select count(*) from people where team_id = $1 and deactivated_at is null";
const SERVICES: &str = "select count(*) from services where team_id = $1 and put_away_at is null";
const PUT_AWAY: &str = "update teams set put_away_at = $2 where id = $1";

#[derive(sqlx::FromRow)]
struct LineRow {
    id: uuid::Uuid,
    name: String,
    people: i64,
    services: i64,
    put_away: bool,
}

/// All teams with who is in them, by name.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn team_lines(store: &Store, viewer: &Viewer) -> Result<Vec<TeamLine>> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.read().await?;
    let rows: Vec<LineRow> = on!(conn, db => sqlx::query_as(LINES).fetch_all(db).await)?;
    let line =
        |r: LineRow| TeamLine { id: TeamId(r.id), name: r.name, people: r.people, services: r.services, put_away: r.put_away };
    Ok(rows.into_iter().map(line).collect())
}

fn taken(error: &sqlx::Error) -> Option<StoreError> {
    StoreError::is_unique(error).then(|| Invalid::one("name", "There is a team of this name already.").into())
}

/// Opens a team.
///
/// # Errors
/// Field `name`; [`StoreError::NotFound`] for all but administrators.
pub async fn open_team(store: &Store, viewer: &Viewer, name: &str, now: DateTime<Utc>) -> Result<TeamId> {
    check_global(Right::Administer, viewer)?;
    let name = text::line("name", name, text::NAME_MAX)?;
    let id = TeamId(random::id());
    let mut conn = store.write().await?;
    if let Err(e) = run!(conn, sqlx::query(ADD).bind(id.0).bind(&name).bind(text::fold(&name)).bind(now)) {
        return Err(taken(&e).unwrap_or_else(|| e.into()));
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "team.add", &id.to_string(), None).await?;
    conn.commit().await?;
    Ok(id)
}

/// Renames a team.
///
/// # Errors
/// Field `name`; [`StoreError::NotFound`] for all but administrators.
pub async fn rename_team(store: &Store, viewer: &Viewer, team: TeamId, name: &str, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let name = text::line("name", name, text::NAME_MAX)?;
    let mut conn = store.write().await?;
    match run!(conn, sqlx::query(RENAME).bind(team.0).bind(&name).bind(text::fold(&name))) {
        Err(e) => return Err(taken(&e).unwrap_or_else(|| e.into())),
        Ok(0) => return Err(StoreError::NotFound),
        Ok(_) => {}
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "team.rename", &team.to_string(), None).await?;
    conn.commit().await
}

/// Puts a team away that nobody is in, or takes it back. Its incidents and closed figures stay.
///
/// # Errors
/// [`StoreError::Refused`] while somebody or a service is in it; [`StoreError::NotFound`] for all but administrators.
pub async fn put_team_away(store: &Store, viewer: &Viewer, team: TeamId, away: bool, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    if away {
        let people: i64 = on!(conn, db => sqlx::query_scalar(PEOPLE).bind(team.0).fetch_one(db).await)?;
        let services: i64 = on!(conn, db => sqlx::query_scalar(SERVICES).bind(team.0).fetch_one(db).await)?;
        if people > 0 {
            return Err(StoreError::Refused("Somebody is in this team. Please move its people to another team first."));
        }
        if services > 0 {
            return Err(StoreError::Refused(
                "A service belongs to this team. Please give it to another team, or put it away, first.",
            ));
        }
    }
    if run!(conn, sqlx::query(PUT_AWAY).bind(team.0).bind(away.then_some(now)))? == 0 {
        return Err(StoreError::NotFound);
    }
    let action = if away { "team.put-away" } else { "team.take-back" };
    audit::note(&mut conn, now, Some(viewer.person_id), action, &team.to_string(), None).await?;
    conn.commit().await
}
