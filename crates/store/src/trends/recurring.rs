//! Factors that keep coming back: how often each is named, when, again at the same service, together with others. Incidents are counted,
//! never tags, and only those with a published story: a factor of another one is nobody's finding yet.
//!
//! Nothing here looks into planning: what returned after a change is told in the planning room.

use super::Filter;
use super::asked::{Asked, ask};
use super::measures::{count, counting};
use crate::db::Conn;
use crate::standing::check_global;
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Days, Utc};
use domain::ServiceId;
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::rights::Right;
use domain::trends::{
    Change, Count, FactorRow, Period, SEEN_AGAIN, Span, USUAL_FROM, Watch, changes, expected_together, factor_rows,
};
use domain::vocabulary::{Tag, Vocabulary};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How often a factor is named, in all and by quarter.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// In all.
    pub row: FactorRow<Tag>,
    /// Reviewed incidents that name it, one number for each of [`FactorMeasures::quarters`].
    pub by_quarter: Vec<u32>,
}

/// A factor in the days of the watch list and in as many before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NowAndBefore {
    /// The factor.
    pub tag: Tag,
    /// Reviewed incidents that name it, in the days of the watch list.
    pub now: u32,
    /// In as many days before.
    pub before: u32,
    /// What both allow to say.
    pub change: Change,
}

/// A factor at a service, seen again within the days of the watch list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenAgain {
    /// The factor.
    pub tag: Tag,
    /// The service.
    pub service: ServiceId,
    /// The incidents, the newest number first; at least [`SEEN_AGAIN`].
    pub keys: Vec<IncidentKey>,
    /// When the last of them began.
    pub last: DateTime<Utc>,
}

/// Two factors that reviewed incidents name both.
#[derive(Clone, Debug, PartialEq)]
pub struct Together {
    /// One, and the other.
    pub tags: (Tag, Tag),
    /// Reviewed incidents that name both; at least [`SEEN_AGAIN`].
    pub incidents: u32,
    /// How many would if they had nothing to do with each other ([`expected_together`]).
    pub expected: f64,
}

/// What a filter counts of factors.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorMeasures {
    /// Incidents of the filter.
    pub total: u32,
    /// Those with a published second story.
    pub reviewed: u32,
    /// The quarters of the filter, each with its reviewed incidents.
    pub quarters: Vec<(Period, u32)>,
    /// Every tag that is named, most incidents first; what helped and what nobody sorted, too.
    pub courses: Vec<Course>,
    /// The days of what follows, up to the end of the filter's last month, or up to today.
    pub watch: Watch,
    /// Reviewed incidents in these days.
    pub reviewed_now: u32,
    /// And in as many before.
    pub reviewed_before: u32,
    /// Factors that at least [`SEEN_AGAIN`] incidents of both spans name.
    pub changes: Vec<NowAndBefore>,
    /// Seen again at the same service, the last seen first.
    pub again: Vec<SeenAgain>,
    /// Factors that were called the normal state in at least [`USUAL_FROM`] reviewed incidents of the filter, most first.
    pub usual: Vec<(Tag, u32)>,
    /// Pairs in at least [`SEEN_AGAIN`] reviewed incidents of the filter, those first that exceed chance by most.
    pub together: Vec<Together>,
}

// Both engines write an instant as text beginning with year and month in UTC.
const BY_MONTH: &str = counting!(
    "
select c.counted, substr(cast(i.started_at as text), 1, 7) as month, count(distinct c.incident_id) as incidents
from incidents i join factor_tags c on c.incident_id = i.id",
    "
  and i.published_at is not null",
    "
group by c.counted, substr(cast(i.started_at as text), 1, 7)"
);
const INCIDENTS: &str = counting!(
    "
select substr(cast(i.started_at as text), 1, 7) as month, i.published_at is not null as reviewed, count(*) as incidents
from incidents i",
    "",
    "
group by substr(cast(i.started_at as text), 1, 7), i.published_at is not null"
);
const TAGS: &str = counting!(
    "
select c.counted, count(distinct c.incident_id) as incidents
from incidents i join factor_tags c on c.incident_id = i.id",
    "
  and i.published_at is not null",
    "
group by c.counted"
);
const AGAIN: &str = counting!(
    "
select w.service_id, w.counted, max(w.started_at) as last, string_agg(cast(w.number as text), ',') as numbers
from (select distinct a.service_id, c.counted, i.number, i.started_at
from incidents i join incident_services a on a.incident_id = i.id join factor_tags c on c.incident_id = i.id",
    "
  and i.published_at is not null and c.counted <> 'unsorted'",
    ") w
group by w.service_id, w.counted having count(*) >= 3"
);
const USUAL: &str = counting!(
    "
select c.counted, count(distinct f.incident_id) as incidents
from incidents i join factors f on f.incident_id = i.id join factor_tags c on c.factor_id = f.id",
    "
  and i.published_at is not null and f.usual = 'normal' and c.counted <> 'unsorted'",
    "
group by c.counted"
);
const TOGETHER: &str = counting!(
    "
select a.counted as one, b.counted as other, count(distinct i.id) as incidents
from incidents i join factor_tags a on a.incident_id = i.id join factor_tags b on b.incident_id = i.id and b.counted > a.counted",
    "
  and i.published_at is not null and a.counted <> 'unsorted' and b.counted <> 'unsorted'",
    "
group by a.counted, b.counted having count(distinct i.id) >= 3"
);

#[derive(sqlx::FromRow)]
struct AgainRow {
    service_id: uuid::Uuid,
    counted: String,
    last: DateTime<Utc>,
    numbers: String,
}

/// Factors under a filter: how often, when, again, together. The filter's own factor is left out of account: a share among incidents
/// that were chosen by a factor would say nothing.
///
/// # Errors
/// [`StoreError::NotFound`] for who does not see trends.
pub async fn factor_measures(store: &Store, viewer: &Viewer, filter: &Filter, now: DateTime<Utc>) -> Result<Arc<FactorMeasures>> {
    check_global(Right::SeeTrends, viewer)?;
    let filter = Filter { factor: None, ..filter.clone() };
    let tomorrow = now.date_naive().checked_add_days(Days::new(1)).unwrap_or(now.date_naive());
    let watch = Watch::up_to(filter.to.closed_on().min(tomorrow));
    let mut conn = store.read().await?;
    // Asked before anything is counted: what is written meanwhile makes the count stale at once.
    let entry = store.counted.fresh.since(&mut conn).await?;
    let kept = (filter.clone(), watch, viewer.person_id);
    if let Some(measures) = store.counted.factors.get(&kept, &entry) {
        return Ok(measures);
    }
    let words = crate::vocabulary::read(&mut conn).await?;
    let measures = Arc::new(measure(&mut conn, viewer, &filter, watch, &words).await?);
    store.counted.factors.put(kept, entry, &measures);
    Ok(measures)
}

async fn measure(conn: &mut Conn, viewer: &Viewer, filter: &Filter, watch: Watch, words: &Vocabulary) -> Result<FactorMeasures> {
    let asked = Asked::by(filter, viewer);
    let by_month: Vec<(String, String, i64)> = ask!(conn, BY_MONTH, &asked);
    let incidents: Vec<(String, bool, i64)> = ask!(conn, INCIDENTS, &asked);
    let usual: Vec<(String, i64)> = ask!(conn, USUAL, &asked);
    let pairs: Vec<(String, String, i64)> = ask!(conn, TOGETHER, &asked);
    let asked = asked.between(watch.from, watch.until);
    let tags_now: Vec<(String, i64)> = ask!(conn, TAGS, &asked);
    let reviewed_now: Vec<(String, bool, i64)> = ask!(conn, INCIDENTS, &asked);
    let again: Vec<AgainRow> = ask!(conn, AGAIN, &asked);
    let asked = asked.between(watch.before, watch.from);
    let tags_before: Vec<(String, i64)> = ask!(conn, TAGS, &asked);
    let reviewed_before: Vec<(String, bool, i64)> = ask!(conn, INCIDENTS, &asked);

    let reviewed = reviewed_of(&incidents);
    let quarters: Vec<(Period, u32)> = quarters(filter)
        .map(|quarter| (quarter, sum(incidents.iter().filter(|row| row.1 && in_quarter(&row.0, quarter)).map(|row| row.2))))
        .collect();
    let courses = courses(&by_month, reviewed, &quarters)?;
    let counts: BTreeMap<&Tag, u32> = courses.iter().map(|course| (&course.row.factor, course.row.incidents)).collect();
    let together = together(&pairs, &counts, reviewed, words)?;
    let (reviewed_now, reviewed_before) = (reviewed_of(&reviewed_now), reviewed_of(&reviewed_before));
    Ok(FactorMeasures {
        total: sum(incidents.iter().map(|row| row.2)),
        reviewed,
        together,
        usual: named(&usual, words, USUAL_FROM)?,
        changes: compared((&tags_before, reviewed_before), (&tags_now, reviewed_now), words)?,
        again: seen_again(again, words)?,
        quarters,
        courses,
        watch,
        reviewed_now,
        reviewed_before,
    })
}

fn sum(counts: impl Iterator<Item = i64>) -> u32 {
    count(counts.sum::<i64>())
}

fn reviewed_of(incidents: &[(String, bool, i64)]) -> u32 {
    sum(incidents.iter().filter(|row| row.1).map(|row| row.2))
}

fn quarters(filter: &Filter) -> impl Iterator<Item = Period> + use<> {
    let (first, last) = (filter.from.widened(Span::Quarter), filter.to.widened(Span::Quarter));
    std::iter::successors(Some(first), |quarter| Some(quarter.next())).take_while(move |quarter| *quarter <= last)
}

fn in_quarter(month: &str, quarter: Period) -> bool {
    month.parse::<Period>().is_ok_and(|month| month.widened(Span::Quarter) == quarter)
}

pub(super) fn tag(slug: &str) -> Result<Tag> {
    Tag::parse(slug).ok_or(StoreError::Corrupt { table: "factor_tags", column: "counted" })
}

/// Tags that took part with their counts, from so many incidents on, most first.
pub(super) fn named(counts: &[(String, i64)], words: &Vocabulary, from: u32) -> Result<Vec<(Tag, u32)>> {
    let read = |(slug, incidents): &(String, i64)| Ok((tag(slug)?, count(*incidents)));
    let mut all: Vec<(Tag, u32)> = counts.iter().map(read).collect::<Result<_>>()?;
    all.retain(|(tag, incidents)| *incidents >= from && took_part(tag, words));
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(all)
}

/// What helped is no setback when it helps again, and what nobody sorted is the same as nothing.
fn took_part(tag: &Tag, words: &Vocabulary) -> bool {
    !tag.is_unsorted() && !words.helped(tag)
}

fn courses(by_month: &[(String, String, i64)], reviewed: u32, quarters: &[(Period, u32)]) -> Result<Vec<Course>> {
    let mut all: BTreeMap<Tag, Vec<u32>> = BTreeMap::new();
    for (slug, month, incidents) in by_month {
        let course = all.entry(tag(slug)?).or_insert_with(|| vec![0; quarters.len()]);
        if let Some(at) = quarters.iter().position(|(quarter, _)| in_quarter(month, *quarter)) {
            course[at] += count(*incidents);
        }
    }
    let counts: Vec<(Tag, u32)> = all.iter().map(|(tag, course)| (tag.clone(), course.iter().sum())).collect();
    let rows = factor_rows(&counts, reviewed);
    Ok(rows.into_iter().map(|row| Course { by_quarter: all.remove(&row.factor).unwrap_or_default(), row }).collect())
}

/// Which factors are named more or less often than before, by reviewed incidents that could have named them.
fn compared(
    (before, reviewed_before): (&[(String, i64)], u32),
    (now, reviewed_now): (&[(String, i64)], u32),
    words: &Vocabulary,
) -> Result<Vec<NowAndBefore>> {
    let mut both: BTreeMap<Tag, (u32, u32)> = BTreeMap::new();
    for (tag, incidents) in named(before, words, 1)? {
        both.entry(tag).or_default().0 = incidents;
    }
    for (tag, incidents) in named(now, words, 1)? {
        both.entry(tag).or_default().1 = incidents;
    }
    both.retain(|_, (before, now)| *before + *now >= SEEN_AGAIN);
    let of = |count, reviewed: u32| Count { count, over: f64::from(reviewed) };
    let pairs: Vec<(Count, Count)> =
        both.values().map(|(before, now)| (of(*before, reviewed_before), of(*now, reviewed_now))).collect();
    let said = both.into_iter().zip(changes(&pairs));
    let mut all: Vec<NowAndBefore> =
        said.map(|((tag, (before, now)), change)| NowAndBefore { tag, now, before, change }).collect();
    all.sort_by_key(|row| std::cmp::Reverse(row.now));
    Ok(all)
}

fn seen_again(rows: Vec<AgainRow>, words: &Vocabulary) -> Result<Vec<SeenAgain>> {
    let mut again = Vec::new();
    for row in rows {
        let tag = tag(&row.counted)?;
        if !took_part(&tag, words) {
            continue;
        }
        let mut keys: Vec<IncidentKey> = row.numbers.split(',').filter_map(|n| n.parse().ok()).map(IncidentKey).collect();
        keys.sort_by_key(|key| std::cmp::Reverse(key.0));
        again.push(SeenAgain { tag, service: ServiceId(row.service_id), keys, last: row.last });
    }
    again.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| (&a.tag, a.service).cmp(&(&b.tag, b.service))));
    Ok(again)
}

fn together(
    pairs: &[(String, String, i64)],
    counts: &BTreeMap<&Tag, u32>,
    reviewed: u32,
    words: &Vocabulary,
) -> Result<Vec<Together>> {
    let mut all = Vec::new();
    for (one, other, incidents) in pairs {
        let tags = (tag(one)?, tag(other)?);
        if took_part(&tags.0, words) && took_part(&tags.1, words) {
            let of = |tag| counts.get(tag).copied().unwrap_or_default();
            let expected = expected_together(of(&tags.0), of(&tags.1), reviewed);
            all.push(Together { tags, incidents: count(*incidents), expected });
        }
    }
    let beyond = |pair: &Together| f64::from(pair.incidents) - pair.expected;
    all.sort_by(|a, b| beyond(b).total_cmp(&beyond(a)).then_with(|| a.tags.cmp(&b.tags)));
    Ok(all)
}
