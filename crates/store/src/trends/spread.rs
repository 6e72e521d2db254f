//! Spread of load: on how many people the hours of a team's quarter rest, told of teams, and of the organisation where no team can be told of
//! (docs/decisions/0051).

use super::cells::{self, Figure};
use super::closing::keyed;
use super::counted;
use crate::db::Conn;
use crate::{Result, interviews, people, settings};
use chrono::{DateTime, NaiveDate, Utc};
use domain::trends::spread::{Load, fewest_who_gave};
use domain::trends::{Cell, MinGroup, Outcome, Period, Reason, Spread, Unit};
use domain::walltime::Stretch;
use domain::{IncidentId, PersonId, TeamId};
use std::collections::{BTreeMap, BTreeSet};

/// As stored: effective people, as they may be told, and what chance makes of the same work.
const MEASURE: &str = "spread";

/// Whom incidents could have called in a quarter.
pub(super) struct Eligible {
    /// By the teams that they were in on a day of it.
    pub(super) teams: BTreeMap<TeamId, BTreeSet<PersonId>>,
}

impl Eligible {
    /// Of a unit: those of the team, or of any team.
    pub(super) fn of(&self, unit: Unit) -> BTreeSet<PersonId> {
        match unit {
            Unit::Team(team) => self.teams.get(&team).cloned().unwrap_or_default(),
            Unit::Organisation => self.teams.values().flatten().copied().collect(),
        }
    }
}

/// Accounts that were there, by their teams on the days of the quarter.
pub(super) async fn eligible(conn: &mut Conn, quarter: Period) -> Result<Eligible> {
    let (first, after) = (quarter.first_day(), quarter.closed_on());
    let histories = people::histories(conn).await?;
    let mut teams: BTreeMap<TeamId, BTreeSet<PersonId>> = BTreeMap::new();
    for person in people::there_within(conn, first, after).await? {
        for team in histories.get(&person).map(|history| history.teams_within(first, after)).unwrap_or_default() {
            teams.entry(team).or_default().insert(person);
        }
    }
    Ok(Eligible { teams })
}

/// One person's part in one incident; what was erased since it was counted names none, and stands alone.
type Participation = (PersonId, Option<IncidentId>, usize);

/// What people gave in a quarter, by unit.
#[derive(Default)]
struct Given {
    minutes: BTreeMap<PersonId, i64>,
    participations: BTreeMap<Participation, i64>,
}

/// Decides and keeps the figures of a quarter that closes.
pub(super) async fn close(
    conn: &mut Conn,
    quarter: Period,
    teams: &[TeamId],
    eligible: &Eligible,
    now: DateTime<Utc>,
) -> Result<()> {
    let given = given(conn, quarter).await?;
    let k = MinGroup::new(settings::smallest_group(conn).await?);
    let mut outcomes = Vec::new();
    for team in teams {
        outcomes.push(outcome(conn, Unit::Team(*team), quarter, &given, eligible, k));
    }
    // Figures of teams and of all would tell of those outside these teams by their difference: never both of one quarter.
    if outcomes.iter().all(|outcome| outcome.figure.is_err()) {
        outcomes.push(outcome(conn, Unit::Organisation, quarter, &given, eligible, k));
    }
    for outcome in outcomes {
        cells::add(conn, MEASURE, &outcome, k, now).await?;
    }
    Ok(())
}

fn outcome(
    conn: &Conn,
    unit: Unit,
    period: Period,
    given: &BTreeMap<Unit, Given>,
    eligible: &Eligible,
    k: MinGroup,
) -> Outcome<Spread> {
    let none = Given::default();
    let given = given.get(&unit).unwrap_or(&none);
    let all: BTreeSet<PersonId> = eligible.of(unit).into_iter().chain(given.minutes.keys().copied()).collect();
    let load = Load {
        minutes: all.iter().map(|person| given.minutes.get(person).copied().unwrap_or_default()).collect(),
        participations: given.participations.values().copied().collect(),
    };
    // Closing the same quarter again deals the same way; without the instance key nobody can deal so.
    let seed = keyed(conn, "spread by chance", &[cells::unit_name(unit).as_bytes(), period.to_string().as_bytes()]);
    Outcome { cell: Cell { unit, period }, figure: load.released(k, seed.as_u64_pair().0) }
}

/// The counted minutes of a quarter: of everybody, and of each team as it was on the day.
async fn given(conn: &mut Conn, quarter: Period) -> Result<BTreeMap<Unit, Given>> {
    let last = quarter.months().last().unwrap_or(quarter);
    let first = quarter.months().next().unwrap_or(quarter);
    let counted = counted::within(conn, first, last).await?;
    let mut told: BTreeMap<PersonId, Vec<interviews::CountedWork>> = BTreeMap::new();
    for work in interviews::counted_work(conn, first.first_day(), last.first_day()).await? {
        told.entry(work.person).or_default().push(work);
    }
    let histories = people::histories(conn).await?;
    let mut given: BTreeMap<Unit, Given> = BTreeMap::new();
    for (person, spans) in counted {
        let sessions = told.remove(&person).unwrap_or_default();
        let history = histories.get(&person).cloned().unwrap_or_default();
        for (number, span) in spans.iter().enumerate() {
            let incident = sessions.iter().find(|work| overlap(&work.stretch, span)).map(|work| work.incident);
            let participation = (person, incident, if incident.is_some() { 0 } else { number });
            for (team, piece) in history.by_team(&[*span]) {
                let minutes = (piece.end - piece.start).num_minutes();
                for unit in std::iter::once(Unit::Organisation).chain(team.map(Unit::Team)) {
                    let of = given.entry(unit).or_default();
                    *of.minutes.entry(person).or_default() += minutes;
                    *of.participations.entry(participation).or_default() += minutes;
                }
            }
        }
    }
    Ok(given)
}

fn overlap(one: &Stretch, other: &Stretch) -> bool {
    one.start < other.end && other.start < one.end
}

/// As they were told, where the smallest group of today still allows it.
pub(super) async fn figures(conn: &mut Conn, since: NaiveDate, k: MinGroup) -> Result<Vec<Figure<Spread>>> {
    let mut figures: Vec<Figure<Spread>> = cells::stored(conn, MEASURE, since).await?;
    for figure in &mut figures {
        if figure.value.is_ok_and(|released| released.people < fewest_who_gave(k)) {
            figure.value = Err(Reason::TooFew);
        }
    }
    Ok(figures)
}
