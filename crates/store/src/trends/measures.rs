//! Incident measures: counted when asked, under any filter; what they count is what the list of incidents shows under the same one. They are
//! counted from the [sheets](super::sheets) of the filter's days.
//!
//! Counted once until something changes: every change of what is counted leaves an entry in the audit trail, so a count holds as long as
//! no such entry is added ([`Fresh`]). Several processes on one database see the same numbers.

use super::asked::Asked;
use super::fresh::Fresh;
use super::recurring::FactorMeasures;
use super::sheets::{self, Sheet, Wanted, Words};
use crate::db::Conn;
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

impl Filter {
    /// From its first day until before another.
    pub(super) fn days(&self) -> (NaiveDate, NaiveDate) {
        (self.from.first_day(), self.to.closed_on())
    }
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
    let measures = Arc::new(measure(&mut conn, viewer, filter).await?);
    if measures.lasted.len() <= KEPT_DURATIONS {
        store.counted.counts.put(kept, entry, &measures);
    }
    Ok(measures)
}

/// What the sheets of a filter's days say under it.
#[derive(Default)]
struct Tally {
    words: Words,
    /// When each began, with its number and how long it lasted.
    started: Vec<(DateTime<Utc>, i64, Option<i64>)>,
    /// Incidents, those of them that are reviewed, and those of these that tell what went right.
    by_month: BTreeMap<Period, [u32; 3]>,
    /// Reviewed incidents by the number of their tags.
    named: BTreeMap<usize, i64>,
    natures: BTreeMap<usize, i64>,
}

impl Tally {
    fn add(&mut self, day: NaiveDate, sheet: &Sheet, wanted: &Wanted, of_any_nature: &Wanted) {
        let numbers = self.words.of(sheet);
        for line in of_any_nature.of(sheet) {
            *self.natures.entry(numbers[line.nature]).or_default() += 1;
        }
        let month = self.by_month.entry(Period::month_of(day)).or_default();
        for line in wanted.of(sheet) {
            month[0] += 1;
            month[1] += u32::from(line.reviewed);
            month[2] += u32::from(line.right);
            self.started.push((line.began(day), line.number, line.minutes));
            for tag in line.tags.iter().filter(|_| line.reviewed) {
                *self.named.entry(numbers[*tag]).or_default() += 1;
            }
        }
    }
}

async fn measure(conn: &mut Conn, viewer: &Viewer, filter: &Filter) -> Result<IncidentMeasures> {
    let wanted = Wanted::by(conn, &Asked::by(filter, viewer)).await?;
    let of_any_nature = wanted.clone().of_any_nature();
    let mut tally = Tally::default();
    sheets::each(conn, filter.days(), viewer.person_id, |day, sheet| {
        tally.add(day, sheet, &wanted, &of_any_nature);
        Ok(())
    })
    .await?;
    tally.started.sort_unstable();
    let of_month = |month: &Period| tally.by_month.get(month).copied().unwrap_or_default();
    let all_months = || months(filter.from, filter.to);
    let counts: Vec<MonthCount> = all_months().map(|month| MonthCount { month, incidents: of_month(&month)[0] }).collect();
    let few = rare(&counts.iter().map(|m| m.incidents).collect::<Vec<_>>()) && tally.started.len() <= MOST_BEGAN;
    let began = tally.started.iter().filter(|_| few);
    let reviewed = all_months().map(|month| of_month(&month)[1]).sum();
    let natures = tally.words.counts(&tally.natures);
    Ok(IncidentMeasures {
        months: counts,
        right: all_months()
            .map(|month| {
                let [_, reviewed, told] = of_month(&month);
                MonthRight { month, told, reviewed }
            })
            .collect(),
        began: began.map(|(started_at, number, _)| Began { key: IncidentKey(*number), started_at: *started_at }).collect(),
        natures: natures.iter().map(|(slug, incidents)| (Nature::from_slug(slug), count(*incidents))).collect(),
        reviewed,
        factors: factors(&tally.words.counts(&tally.named), reviewed)?,
        lasted: tally
            .started
            .iter()
            .filter_map(|(started_at, number, minutes)| {
                Some(Lasted { key: IncidentKey(*number), started_at: *started_at, minutes: (*minutes)? })
            })
            .collect(),
    })
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
