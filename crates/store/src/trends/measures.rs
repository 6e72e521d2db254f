//! Incident measures: counted when asked, under any filter; what they count is what the list of incidents shows under the same one.
//!
//! Counted once until something changes: every change of what is counted leaves an entry in the audit trail, so a count holds as long as
//! no such entry is added ([`Fresh`]). Several processes on one database see the same numbers.

use super::fresh::Fresh;
use super::recurring::FactorMeasures;
use crate::db::on;
use crate::held::Held;
use crate::standing::check_global;
use crate::{Result, Store, StoreError};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::incidents::{IncidentKey, Nature, Severity};
use domain::people::Viewer;
use domain::rights::Right;
use domain::trends::{FactorRow, Period, Watch, factor_rows, rare};
use domain::vocabulary::Tag;
use domain::{PersonId, ServiceId, TeamId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which incidents to count: those that started in these months (UTC), of this nature, team, service, severity and factor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filter {
    /// First month.
    pub from: Period,
    /// Last month.
    pub to: Period,
    /// What it was; `None` counts near misses and what went right with the incidents.
    pub nature: Option<Nature>,
    /// Of this team.
    pub team: Option<TeamId>,
    /// About this service.
    pub service: Option<ServiceId>,
    /// Of this severity.
    pub severity: Option<Severity>,
    /// With a contributing factor of this tag, or of the one that counts for it.
    pub factor: Option<Tag>,
}

/// Incidents that started in one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthCount {
    /// The month, in UTC.
    pub month: Period,
    /// How many started.
    pub incidents: u32,
}

/// Reviewed incidents that started in one month, and how many of their stories tell what went right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthRight {
    /// The month, in UTC.
    pub month: Period,
    /// How many tell it.
    pub told: u32,
    /// How many have a published story.
    pub reviewed: u32,
}

/// When one incident began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Began {
    /// Which.
    pub key: IncidentKey,
    /// When it started.
    pub started_at: DateTime<Utc>,
}

/// How long one incident lasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lasted {
    /// Which.
    pub key: IncidentKey,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// Whole minutes from its start to its end.
    pub minutes: i64,
}

/// What the filter counts.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidentMeasures {
    /// Every month of the filter, in order, those without incidents too.
    pub months: Vec<MonthCount>,
    /// How many of all these have a published second story: factors speak only of those.
    pub reviewed: u32,
    /// Contributing factors of the reviewed ones, most incidents first.
    pub factors: Vec<FactorRow<Tag>>,
    /// How long those lasted that have an end, earliest first.
    pub lasted: Vec<Lasted>,
    /// Every month of the filter with how many of its reviewed incidents tell what went right.
    pub right: Vec<MonthRight>,
    /// Each incident, earliest first, where they are [so few](rare) that the time between them says more than their number; else none.
    pub began: Vec<Began>,
    /// How many there are of each nature under the rest of the filter, whichever nature it asks for.
    pub natures: Vec<(Nature, u32)>,
}

impl IncidentMeasures {
    /// How many incidents there are in all.
    pub fn total(&self) -> u32 {
        self.months.iter().map(|m| m.incidents).sum()
    }
}

// The filter stands once: what is counted here is what the list of incidents shows under the same one.
macro_rules! counting {
    ($select:literal, $and:literal, $after:literal) => {
        concat!(
            $select,
            "
where i.started_at >= $1 and i.started_at < $2
  and (i.team_id = $3 or $3 is null) and (i.severity = $4 or $4 is null)
  and ($5 = '' or exists (select 1 from factor_tags f where f.incident_id = i.id
    and f.counted = coalesce((select y.counted from vocabulary y where y.tag = $5), $5)))
  and ($7 is null or exists (select 1 from incident_services v where v.incident_id = i.id and v.service_id = $7))
  and (i.nature = $8 or $8 is null)
  and i.trashed_at is null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $6))",
            $and,
            $after
        )
    };
}
pub(super) use counting;

const STARTED: &str = counting!(
    "
select i.number, i.started_at, i.resolved_at, i.published_at is not null as reviewed
from incidents i",
    "",
    "
order by i.started_at, i.number"
);
const FACTORS: &str = counting!(
    "
select c.counted, count(distinct c.incident_id) as incidents
from incidents i join factor_tags c on c.incident_id = i.id",
    "
  and i.published_at is not null",
    "
group by c.counted"
);
// A story tells it in its section or in its timeline. Both engines write an instant as text beginning with year and month in UTC
// (PostgreSQL because the session's zone is UTC).
const RIGHT: &str = counting!(
    "
select substr(cast(i.started_at as text), 1, 7) as month, count(*) as incidents
from incidents i",
    "
  and i.published_at is not null
  and (exists (select 1 from sections s where s.incident_id = i.id and s.kind = 'went-right' and s.body <> '')
    or exists (select 1 from events e where e.incident_id = i.id and e.kind = 'went-right' and e.deleted_at is null))",
    "
group by substr(cast(i.started_at as text), 1, 7)"
);
const NATURES: &str = counting!(
    "
select i.nature, count(*) as incidents
from incidents i",
    "",
    "
group by i.nature"
);

#[derive(sqlx::FromRow)]
struct StartedRow {
    number: i64,
    started_at: DateTime<Utc>,
    resolved_at: Option<DateTime<Utc>>,
    reviewed: bool,
}

/// Counts that are kept at most: a few pages of a few people.
const KEPT: usize = 64;
/// Durations kept with a count at most; beyond it (a hundred thousand incidents in five years) it is counted each time.
const KEPT_DURATIONS: usize = 50_000;
/// Incidents at most of which each one's beginning is told: more do not fit on a line, whatever their median month.
const MOST_BEGAN: usize = 150;

/// What was counted last, with the number of the audit entry after which it holds. By person: restricted incidents differ.
pub(crate) struct Kept {
    counts: Held<(Filter, PersonId), i64, IncidentMeasures>,
    pub(super) factors: Held<(Filter, Watch, PersonId), i64, FactorMeasures>,
    pub(super) fresh: Fresh,
    /// One counts at a time: whoever asks for the same meanwhile finds it counted.
    turn: tokio::sync::Mutex<()>,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            counts: Held::with_room_for(KEPT),
            factors: Held::with_room_for(KEPT),
            fresh: Fresh::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }
}

/// Counts, factors and durations of the incidents of a filter.
///
/// # Errors
/// [`StoreError::NotFound`] for who does not see trends.
pub async fn incident_measures(store: &Store, viewer: &Viewer, filter: &Filter) -> Result<Arc<IncidentMeasures>> {
    check_global(Right::SeeTrends, viewer)?;
    let (from, until) = (midnight(filter.from.first_day()), midnight(filter.to.closed_on()));
    let team = filter.team.map(|t| t.0);
    let severity = filter.severity.map(Severity::number);
    let factor = filter.factor.as_ref().map_or("", Tag::as_str);
    let mut conn = store.read().await?;
    // Asked before anything is counted: what is written meanwhile makes the count stale at once, never fresh for too long.
    let entry = store.counted.fresh.since(&mut conn).await?;
    let kept = (filter.clone(), viewer.person_id);
    if let Some(measures) = store.counted.counts.get(&kept, &entry) {
        return Ok(measures);
    }
    drop(conn);
    let _turn = store.counted.turn.lock().await;
    if let Some(measures) = store.counted.counts.get(&kept, &entry) {
        return Ok(measures);
    }
    let mut conn = store.read().await?;
    let service = filter.service.map(|s| s.0);
    let nature = filter.nature.map(Nature::slug);
    macro_rules! count {
        ($statement:ident, $nature:expr) => {
            on!(conn, db => sqlx::query_as($statement)
                .bind(from)
                .bind(until)
                .bind(team)
                .bind(severity)
                .bind(factor)
                .bind(viewer.person_id.0)
                .bind(service)
                .bind($nature)
                .fetch_all(db)
                .await)?
        };
    }
    let started: Vec<StartedRow> = count!(STARTED, nature);
    let named: Vec<(String, i64)> = count!(FACTORS, nature);
    let right: Vec<(String, i64)> = count!(RIGHT, nature);
    let natures: Vec<(String, i64)> = count!(NATURES, None::<&str>);
    let reviewed = count(started.iter().filter(|r| r.reviewed).count());
    let mut by_month: BTreeMap<Period, (u32, u32)> = BTreeMap::new();
    for row in &started {
        let (incidents, reviewed) = by_month.entry(Period::month_of(row.started_at.date_naive())).or_default();
        *incidents += 1;
        *reviewed += u32::from(row.reviewed);
    }
    let of_month = |month: &Period| by_month.get(month).copied().unwrap_or_default();
    let all_months = || months(filter.from, filter.to);
    let counts: Vec<MonthCount> = all_months().map(|month| MonthCount { month, incidents: of_month(&month).0 }).collect();
    let few = rare(&counts.iter().map(|m| m.incidents).collect::<Vec<_>>()) && started.len() <= MOST_BEGAN;
    let began = |row: &StartedRow| Began { key: IncidentKey(row.number), started_at: row.started_at };
    let measures = Arc::new(IncidentMeasures {
        months: counts,
        right: all_months()
            .map(|month| {
                let name = month.to_string();
                let told = right.iter().find(|(m, _)| *m == name).map_or(0, |(_, incidents)| count(*incidents));
                MonthRight { month, told, reviewed: of_month(&month).1 }
            })
            .collect(),
        began: started.iter().filter(|_| few).map(began).collect(),
        natures: natures.iter().map(|(slug, incidents)| (Nature::from_slug(slug), count(*incidents))).collect(),
        reviewed,
        factors: factors(&named, reviewed)?,
        lasted: started
            .iter()
            .filter_map(|row| {
                let minutes = (row.resolved_at? - row.started_at).num_minutes();
                Some(Lasted { key: IncidentKey(row.number), started_at: row.started_at, minutes })
            })
            .collect(),
    });
    if measures.lasted.len() <= KEPT_DURATIONS {
        store.counted.counts.put(kept, entry, &measures);
    }
    Ok(measures)
}

pub(super) fn midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc()
}

pub(super) fn count(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}

fn months(from: Period, to: Period) -> impl Iterator<Item = Period> {
    std::iter::successors(Some(from), |month| Some(month.next())).take_while(move |month| *month <= to)
}

fn factors(named: &[(String, i64)], reviewed: u32) -> Result<Vec<FactorRow<Tag>>> {
    let read = |(slug, incidents): &(String, i64)| {
        let tag = Tag::parse(slug).ok_or(StoreError::Corrupt { table: "factor_tags", column: "counted" })?;
        Ok((tag, count(*incidents)))
    };
    let counts: Vec<(Tag, u32)> = named.iter().map(read).collect::<Result<_>>()?;
    Ok(factor_rows(&counts, reviewed))
}
