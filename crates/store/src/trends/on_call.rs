//! What rotas carry: incident measures, asked live; a rota in which too few people stood is not spoken of (docs/decisions/0050).

use super::Filter;
use super::asked::{Asked, ask};
use super::measures::{counting, midnight};
use crate::db::on;
use crate::schedules::{FigureShift, over, people_in, zones};
use crate::standing::check_global;
use crate::{Result, Store, people, settings};
use chrono::{DateTime, Days, NaiveDate, Utc, Weekday};
use domain::TeamId;
use domain::people::Viewer;
use domain::rights::Right;
use domain::schedules::LONGEST;
use domain::trends::on_call::{ROTA_FROM, RotaLoad, pages, rota_load, trailing};
use domain::trends::{MinGroup, Period, Span};
use domain::walltime::parse_zone;
use std::collections::BTreeMap;
use uuid::Uuid;

/// One team's rota in the months of a filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Rota {
    /// Whose.
    pub team: people::Team,
    /// On whose clock its nights are told.
    pub zone: String,
    /// What is told; `None` where fewer people than the smallest group stood in it.
    pub told: Option<RotaTold>,
}

/// What is told of a rota.
#[derive(Clone, Debug, PartialEq)]
pub struct RotaTold {
    /// Fewer than [`ROTA_FROM`] people stood in it.
    pub is_small: bool,
    /// All shifts that began in these months and are over.
    pub whole: RotaLoad,
    /// The same by the quarter in which they began; `None` where too few people stood in it in that quarter.
    pub quarters: Vec<(Period, Option<RotaLoad>)>,
    /// Pages a day over the days up to and with each of these Sundays.
    pub trailing: Vec<(NaiveDate, f64)>,
}

const BEGAN: &str = counting!(
    "
select i.team_id, i.number, i.started_at
from incidents i",
    "
  and i.team_id is not null",
    "
order by i.started_at, i.number"
);
// Tools that page people, and tables and scripts that say what did; not what was written into a chat or told to users.
const FIRED: &str = counting!(
    "
select i.team_id, i.number, r.at
from incidents i join raw_entries r on r.incident_id = i.id",
    "
  and i.team_id is not null and r.kind = 'firing' and r.removed_at is null and r.at is not null
  and r.source in ('alertmanager', 'pagerduty', 'grafana', 'csv', 'json')",
    "
order by r.at, i.number"
);
/// For the tests that look at plans.
pub(super) const STATEMENTS: [(&str, &str); 2] = [("on_call BEGAN", BEGAN), ("on_call FIRED", FIRED)];

// What a hook brought and nobody made an incident of: somebody may have been woken all the same.
const NO_INCIDENT: &str = "
select h.team_id, o.started_at from hook_outages o join hooks h on h.id = o.hook_id
where o.incident_id is null and o.state in ('proposed', 'dismissed') and h.team_id is not null
  and o.started_at >= $1 and o.started_at < $2 and (h.team_id = $3 or $3 is null)
order by o.started_at, o.id";

/// What the rotas of a filter's months carried, by the name of their team; of its other wishes the team alone counts. Rotas without a
/// shift that began in these months and is over are not there.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for who does not see trends.
pub async fn on_call(store: &Store, viewer: &Viewer, filter: &Filter, now: DateTime<Utc>) -> Result<Vec<Rota>> {
    check_global(Right::SeeTrends, viewer)?;
    let teams = people::teams(store).await?;
    let mut conn = store.read().await?;
    let (first, after) = (filter.from.first_day(), filter.to.closed_on());
    let shifts = over(&mut conn, (midnight(first), midnight(after)), filter.team, now).await?;
    if shifts.is_empty() {
        return Ok(Vec::new());
    }
    let k = MinGroup::new(settings::smallest_group(&mut conn).await?).get();
    let zones = zones(&mut conn).await?;
    // A shift of the last day goes on for as long as a shift may, and an incident that began before the first may page in it.
    let long = Days::new(u64::try_from(LONGEST.num_days()).unwrap_or_default());
    let (wide_first, wide_after) = (first.checked_sub_days(long).unwrap_or(first), after.checked_add_days(long).unwrap_or(after));
    let asked = Asked::by(filter, viewer).between(wide_first, wide_after);
    let began: Vec<(Uuid, i64, DateTime<Utc>)> = ask!(conn, BEGAN, &asked);
    let fired: Vec<(Uuid, i64, DateTime<Utc>)> = ask!(conn, FIRED, &asked);
    let team = filter.team.map(|team| team.0);
    let none: Vec<(Uuid, DateTime<Utc>)> = on!(conn, db => sqlx::query_as(NO_INCIDENT)
        .bind(midnight(first))
        .bind(midnight(wide_after))
        .bind(team)
        .fetch_all(db)
        .await)?;
    drop(conn);
    let mut came: BTreeMap<TeamId, Came> = BTreeMap::new();
    for (team, _, at) in began {
        came.entry(TeamId(team)).or_default().incidents.push(at);
    }
    for (team, number, at) in fired {
        came.entry(TeamId(team)).or_default().fired.push((number, at));
    }
    for (n, (team, at)) in (1..).zip(none) {
        // Each outage is one page; numbers below one are no incident's.
        came.entry(TeamId(team)).or_default().fired.push((-n, at));
    }
    let mut rotas = Vec::new();
    for team in teams {
        let own: Vec<&FigureShift> = shifts.iter().filter(|shift| shift.team == team.id).collect();
        if own.is_empty() {
            continue;
        }
        let zone = zones.get(&team.id).cloned().unwrap_or_else(|| "UTC".to_owned());
        let tz = parse_zone(&zone)?;
        let Came { incidents, fired } = came.remove(&team.id).unwrap_or_default();
        let pages = pages(&fired);
        let load = |shifts: &[&FigureShift]| {
            let enough = people_in(shifts.iter().copied()) >= k;
            let spans: Vec<_> = shifts.iter().map(|shift| (shift.starts_at, shift.ends_at)).collect();
            enough.then(|| rota_load(&spans, &incidents, &pages, tz))
        };
        let told = load(&own).map(|whole| RotaTold {
            is_small: people_in(own.iter().copied()) < ROTA_FROM,
            whole,
            quarters: by_quarter(&own).into_iter().map(|(quarter, shifts)| (quarter, load(&shifts))).collect(),
            trailing: trailing(&pages, first, sundays(first, after.min(now.date_naive()))),
        });
        rotas.push(Rota { team, zone, told });
    }
    Ok(rotas)
}

/// What came to one team.
#[derive(Default)]
struct Came {
    incidents: Vec<DateTime<Utc>>,
    fired: Vec<(i64, DateTime<Utc>)>,
}

fn by_quarter<'a>(shifts: &[&'a FigureShift]) -> BTreeMap<Period, Vec<&'a FigureShift>> {
    let mut quarters: BTreeMap<Period, Vec<&FigureShift>> = BTreeMap::new();
    for shift in shifts {
        quarters.entry(Period::month_of(shift.starts_at.date_naive()).widened(Span::Quarter)).or_default().push(shift);
    }
    quarters
}

/// Sundays from one day until before another.
fn sundays(from: NaiveDate, until: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    use chrono::Datelike;
    from.iter_days().take_while(move |day| *day < until).filter(|day| day.weekday() == Weekday::Sun)
}
