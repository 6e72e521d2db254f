//! Services whose work rests on one person: said of the service and never of the person, who alone is told (docs/decisions/0051).

use super::cells;
use super::hours;
use super::spread::Eligible;
use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, calendars, interviews, people, settings};
use chrono::NaiveDate;
use domain::people::Viewer;
use domain::rights::Right;
use domain::trends::{Cell, MinGroup, Period, Span, Unit};
use domain::walltime::{BandMinutes, Stretch, without};
use domain::{IncidentId, PersonId, ServiceId, TeamId};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Of all hours of a service, in hundredths (practice.md 7.3).
const ON_ONE: i64 = 70;
/// Fewest incidents of which it is said.
const INCIDENTS: usize = 3;

const SERVICES: &str = "select id, team_id from services where put_away_at is null order by id";
const ADD: &str = "insert into services_on_one (quarter, service_id, eligible) values ($1, $2, $3)";
const LATEST: &str = "select max(month) from closed_months";
const SHOWN: &str = "
select s.id, s.name from services_on_one o join services s on s.id = o.service_id
where o.quarter = $1 and o.eligible >= $2 and s.put_away_at is null order by s.name_folded";

/// A service that needs a second expert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondExpert {
    /// The service.
    pub service: ServiceId,
    /// Its name.
    pub name: String,
}

/// The viewer's own part in the latest closed quarter, for them alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnLoad {
    /// The quarter.
    pub quarter: Period,
    /// By the teams that they were in, by name; in none of them: without a name.
    pub teams: Vec<OwnTeam>,
    /// Services, by name, of whose hours at least seven in ten are theirs; the others are told that they need a second expert.
    pub rests_on: Vec<SecondExpert>,
}

/// The viewer's own part of a team's hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnTeam {
    /// The team; `None`: without one.
    pub name: Option<String>,
    /// Own minutes that were counted, as far as they are there still.
    pub minutes: i64,
    /// The team's, where everybody may know them.
    pub published: Option<i64>,
}

/// On whom the hours of each service rest, if on one: of the quarter and the one before it.
async fn resting(conn: &mut Conn, quarter: Period) -> Result<BTreeMap<ServiceId, PersonId>> {
    let last = quarter.months().last().unwrap_or(quarter);
    let counted = interviews::counted_on_services(conn, quarter.previous().first_day(), last.first_day()).await?;
    let mut incidents: BTreeMap<ServiceId, BTreeSet<IncidentId>> = BTreeMap::new();
    let mut stretches: BTreeMap<ServiceId, BTreeMap<PersonId, Vec<Stretch>>> = BTreeMap::new();
    for (service, work) in counted {
        incidents.entry(service).or_default().insert(work.incident);
        stretches.entry(service).or_default().entry(work.person).or_default().push(work.stretch);
    }
    stretches.retain(|service, _| incidents.get(service).is_some_and(|those| those.len() >= INCIDENTS));
    let on_one = |(service, by_person): (ServiceId, BTreeMap<PersonId, Vec<Stretch>>)| {
        let minutes: Vec<(PersonId, i64)> = by_person.into_iter().map(|(person, those)| (person, minutes(&those))).collect();
        let all: i64 = minutes.iter().map(|(_, minutes)| minutes).sum();
        let (person, most) = minutes.into_iter().max_by_key(|(_, minutes)| *minutes)?;
        (all > 0 && most * 100 >= all * ON_ONE).then_some((service, person))
    };
    Ok(stretches.into_iter().filter_map(on_one).collect())
}

/// Overlaps count once.
fn minutes(stretches: &[Stretch]) -> i64 {
    without(stretches, &[]).iter().map(|stretch| (stretch.end - stretch.start).num_minutes()).sum()
}

/// Keeps which services rest on one person as the quarter closes, where enough others could learn it; not on whom.
pub(super) async fn close(conn: &mut Conn, quarter: Period, eligible: &Eligible) -> Result<()> {
    let k = MinGroup::new(settings::smallest_group(conn).await?);
    let resting = resting(conn, quarter).await?;
    let services: Vec<(Uuid, Option<Uuid>)> = on!(conn, db => sqlx::query_as(SERVICES).fetch_all(db).await)?;
    for (service, team) in services {
        let unit = team.map_or(Unit::Organisation, |team| Unit::Team(TeamId(team)));
        let could = eligible.of(unit).len();
        if could >= k.get() && resting.contains_key(&ServiceId(service)) {
            let could = i64::try_from(could).unwrap_or(i64::MAX);
            run!(conn, sqlx::query(ADD).bind(quarter.first_day()).bind(service).bind(could))?;
        }
    }
    Ok(())
}

/// The quarter that closed last, if one did.
async fn latest_quarter(conn: &mut Conn) -> Result<Option<Period>> {
    let latest: Option<NaiveDate> = on!(conn, db => sqlx::query_scalar(LATEST).fetch_one(db).await)?;
    Ok(latest.map(|month| {
        let month = Period::month_of(month);
        let quarter = month.widened(Span::Quarter);
        if quarter.closed_on() == month.closed_on() { quarter } else { quarter.previous() }
    }))
}

/// Services that need a second expert as of the quarter that closed last, by name; with the quarter.
pub(super) async fn shown(conn: &mut Conn, k: MinGroup) -> Result<Option<(Period, Vec<SecondExpert>)>> {
    let Some(quarter) = latest_quarter(conn).await? else { return Ok(None) };
    let k = i64::try_from(k.get()).unwrap_or(i64::MAX);
    let rows: Vec<(Uuid, String)> = on!(conn, db => sqlx::query_as(SHOWN).bind(quarter.first_day()).bind(k).fetch_all(db).await)?;
    let shown = rows.into_iter().map(|(id, name)| SecondExpert { service: ServiceId(id), name });
    Ok(Some((quarter, shown.collect())))
}

/// The viewer's own part in the quarter that closed last; `None` before one did.
///
/// # Errors
/// [`crate::StoreError::NotFound`] without an account.
pub async fn own_load(store: &Store, viewer: &Viewer) -> Result<Option<OwnLoad>> {
    check_global(Right::OwnPages, viewer)?;
    let sees_trends = check_global(Right::SeeTrends, viewer).is_ok();
    let history = calendars::own_history(store, viewer).await?;
    let teams = people::teams(store).await?;
    let mut conn = store.read().await?;
    let k = MinGroup::new(settings::smallest_group(&mut conn).await?);
    let Some((quarter, needed)) = shown(&mut conn, k).await? else { return Ok(None) };
    let last = quarter.months().last().unwrap_or(quarter);
    let own = interviews::counted_work(&mut conn, quarter.first_day(), last.first_day()).await?;
    let own: Vec<Stretch> = own.into_iter().filter(|work| work.person == viewer.person_id).map(|work| work.stretch).collect();
    let mut by_team: BTreeMap<Option<TeamId>, i64> = BTreeMap::new();
    for (team, piece) in history.by_team(&without(&own, &[])) {
        *by_team.entry(team).or_default() += (piece.end - piece.start).num_minutes();
    }
    let mut of_teams = Vec::new();
    for (team, minutes) in by_team {
        let name = team.and_then(|id| teams.iter().find(|team| team.id == id)).map(|team| team.name.clone());
        let published = match team {
            Some(team) if sees_trends => published(&mut conn, Unit::Team(team), quarter, k).await?,
            _ => None,
        };
        of_teams.push(OwnTeam { name, minutes, published });
    }
    of_teams.sort_by(|a, b| a.name.cmp(&b.name));
    let mut rests_on = Vec::new();
    if sees_trends && !needed.is_empty() {
        let resting = resting(&mut conn, quarter).await?;
        rests_on.extend(needed.into_iter().filter(|one| resting.get(&one.service) == Some(&viewer.person_id)));
    }
    Ok(Some(OwnLoad { quarter, teams: of_teams, rests_on }))
}

/// The hours of a unit's quarter as everybody may know them: of the quarter, or of its three months.
async fn published(conn: &mut Conn, unit: Unit, quarter: Period, k: MinGroup) -> Result<Option<i64>> {
    let figures = cells::figures::<BandMinutes>(conn, hours::MEASURE, quarter.first_day(), k).await?;
    let told = |period| {
        let figure = figures.iter().find(|figure| figure.cell == Cell { unit, period });
        figure.and_then(|figure| figure.value.ok()).map(|released| released.given.total())
    };
    Ok(told(quarter).or_else(|| quarter.months().map(told).sum()))
}
