//! Which set is asked by when nobody chooses one: a person's team decides, else the incident's severity, else the organisation.

use super::{SetKey, in_use};
use crate::db::{Conn, on};
use crate::standing::check_global;
use crate::{Result, Store, audit, settings};
use chrono::{DateTime, Utc};
use domain::incidents::Severity;
use domain::interviews::TWELVE;
use domain::people::Viewer;
use domain::rights::Right;
use domain::{IncidentId, Invalid, PersonId, TeamId};

/// For whom a usual set holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UsualFor {
    /// Everybody for whom nothing else holds.
    Everybody,
    /// Incidents of this severity.
    Severity(Severity),
    /// People of this team, whatever the incident.
    Team(TeamId),
}

impl UsualFor {
    fn key(self) -> String {
        match self {
            Self::Everybody => "question_set".to_owned(),
            Self::Severity(severity) => format!("question_set_severity_{}", severity.number()),
            Self::Team(team) => format!("question_set_team_{team}"),
        }
    }
}

/// A choice of a usual set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usual {
    /// For whom.
    pub holds_for: UsualFor,
    /// Which; `None`: nothing of its own.
    pub set: Option<SetKey>,
}

const TEAMS: &str = "select id from teams order by name_folded";
const WHO: &str = "select i.severity, p.team_id from incidents i, people p where i.id = $1 and p.id = $2";

async fn chosen(conn: &mut Conn, holds_for: UsualFor) -> Result<Option<SetKey>> {
    Ok(settings::get(conn, &holds_for.key()).await?.and_then(|v| v.parse().ok()))
}

async fn places(conn: &mut Conn) -> Result<Vec<UsualFor>> {
    let teams: Vec<uuid::Uuid> = on!(conn, db => sqlx::query_scalar(TEAMS).fetch_all(db).await)?;
    let severities = Severity::ALL.into_iter().map(UsualFor::Severity);
    Ok([UsualFor::Everybody].into_iter().chain(severities).chain(teams.into_iter().map(|t| UsualFor::Team(TeamId(t)))).collect())
}

/// All choices: the organisation's, then severities, then teams by name.
pub(super) async fn all(conn: &mut Conn) -> Result<Vec<Usual>> {
    let mut all = Vec::new();
    for holds_for in places(conn).await? {
        all.push(Usual { holds_for, set: chosen(conn, holds_for).await? });
    }
    Ok(all)
}

/// All choices, for administrators.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for all but administrators.
pub async fn usual_sets(store: &Store, viewer: &Viewer) -> Result<Vec<Usual>> {
    check_global(Right::Administer, viewer)?;
    all(&mut store.read().await?).await
}

/// Saves choices; those that are not named stay.
///
/// # Errors
/// Field `sets` when a set is not in use; [`crate::StoreError::NotFound`] for all but administrators.
pub async fn save_usual_sets(store: &Store, viewer: &Viewer, choices: &[Usual], now: DateTime<Utc>) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    let offered = in_use(&mut conn).await?;
    let before = all(&mut conn).await?;
    for choice in choices {
        let there = choice.set.is_none_or(|set| offered.iter().any(|(key, ..)| *key == set));
        let known = before.iter().any(|b| b.holds_for == choice.holds_for);
        if !there || !known {
            return Err(Invalid::one("sets", "Please choose sets that are in use.").into());
        }
        if before.contains(choice) {
            continue;
        }
        let key = choice.holds_for.key();
        settings::put(&mut conn, &key, &choice.set.map(|s| s.to_string()).unwrap_or_default()).await?;
        audit::note(&mut conn, now, Some(viewer.person_id), "setting.change", &key, None).await?;
    }
    conn.commit().await
}

/// The number of the set that this person is asked by: the one chosen, else the usual one.
///
/// # Errors
/// Field `set` when the chosen one is not in use.
pub(in crate::interviews) async fn number_for(
    conn: &mut Conn,
    incident: IncidentId,
    person: PersonId,
    set: Option<SetKey>,
) -> Result<i64> {
    let offered = in_use(conn).await?;
    let number = |set: SetKey| offered.iter().find(|(key, ..)| *key == set).map(|(_, number, _)| *number);
    if let Some(set) = set {
        return Ok(number(set).ok_or_else(|| Invalid::one("set", "Please choose a set of questions that is in use."))?);
    }
    let who: Option<(i64, Option<uuid::Uuid>)> =
        on!(conn, db => sqlx::query_as(WHO).bind(incident.0).bind(person.0).fetch_optional(db).await)?;
    let (severity, team) = who.unwrap_or((0, None));
    let severity = Severity::from_number(severity).map(UsualFor::Severity);
    let places = [team.map(|t| UsualFor::Team(TeamId(t))), severity, Some(UsualFor::Everybody)];
    for place in places.into_iter().flatten() {
        if let Some(number) = chosen(conn, place).await?.and_then(number) {
            return Ok(number);
        }
    }
    Ok(TWELVE)
}
