//! Factors that keep coming back: how often each is named, when, again at the same service, together with others. Incidents are counted,
//! never tags, and only those with a published story: a factor of another one is nobody's finding yet.
//!
//! Nothing here looks into planning: what returned after a change is told in the planning room.

use super::Filter;
use super::asked::Asked;
use super::measures::count;
use super::sheets::{self, Line, Sheet, Wanted, Words};
use crate::db::Conn;
use crate::standing::check_global;
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::ServiceId;
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::rights::Right;
use domain::trends::{
    Change, Count, FactorRow, Period, SEEN_AGAIN, Span::Quarter, USUAL_FROM, Watch, changes, expected_together, factor_rows,
};
use domain::vocabulary::{Tag, Vocabulary};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The tag of what nobody sorted.
const UNSORTED: &str = "unsorted";

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

/// Incidents of a service that name a tag, and when the last of them began.
#[derive(Default)]
struct Again {
    numbers: Vec<i64>,
    last: DateTime<Utc>,
}

/// Incidents of some days, and how many of the reviewed ones name each tag.
#[derive(Default)]
struct Span {
    incidents: i64,
    reviewed: i64,
    tags: BTreeMap<usize, i64>,
}

impl Span {
    fn add(&mut self, line: &Line, numbers: &[usize]) {
        self.incidents += 1;
        if line.reviewed {
            self.reviewed += 1;
            for tag in &line.tags {
                *self.tags.entry(numbers[*tag]).or_default() += 1;
            }
        }
    }
}

/// What the sheets say under a filter.
#[derive(Default)]
struct Tally {
    words: Words,
    whole: Span,
    /// By the first day of the month.
    months: BTreeMap<Period, Span>,
    now: Span,
    before: Span,
    usual: BTreeMap<usize, i64>,
    pairs: BTreeMap<(usize, usize), i64>,
    /// By service and tag.
    again: BTreeMap<(usize, usize), Again>,
}

impl Tally {
    fn add(&mut self, day: NaiveDate, sheet: &Sheet, wanted: &Wanted, filter: &Filter, watch: Watch) {
        let numbers = self.words.of(sheet);
        let (from, until) = filter.days();
        let asked = (from..until).contains(&day);
        let (now, before) = ((watch.from..watch.until).contains(&day), (watch.before..watch.from).contains(&day));
        for line in wanted.of(sheet) {
            if asked {
                self.whole.add(line, &numbers);
                self.months.entry(Period::month_of(day)).or_default().add(line, &numbers);
            }
            if now {
                self.now.add(line, &numbers);
            }
            if before {
                self.before.add(line, &numbers);
            }
            if !line.reviewed {
                continue;
            }
            let sorted: Vec<usize> =
                line.tags.iter().map(|tag| numbers[*tag]).filter(|tag| self.words.word(*tag) != UNSORTED).collect();
            if asked {
                for tag in &line.usual {
                    *self.usual.entry(numbers[*tag]).or_default() += 1;
                }
                // Tags stand on a line in the order of their names.
                for (at, one) in sorted.iter().enumerate() {
                    for other in &sorted[at + 1..] {
                        *self.pairs.entry((*one, *other)).or_default() += 1;
                    }
                }
            }
            for (service, tag) in line.services.iter().filter(|_| now).flat_map(|s| sorted.iter().map(move |tag| (s, tag))) {
                let again = self.again.entry((numbers[*service], *tag)).or_default();
                again.numbers.push(line.number);
                again.last = again.last.max(line.began(day));
            }
        }
    }
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
    let wanted = Wanted::by(conn, &Asked::by(filter, viewer)).await?;
    let (from, until) = filter.days();
    let days = (from.min(watch.before), until.max(watch.until));
    let mut tally = Tally::default();
    sheets::each(conn, days, viewer.person_id, |day, sheet| {
        tally.add(day, sheet, &wanted, filter, watch);
        Ok(())
    })
    .await?;
    let reviewed = count(tally.whole.reviewed);
    let reviewed_in = |quarter: Period| {
        let months = tally.months.iter().filter(|(month, _)| month.widened(Quarter) == quarter);
        count(months.map(|(_, span)| span.reviewed).sum::<i64>())
    };
    let quarters: Vec<(Period, u32)> = quarters(filter).map(|quarter| (quarter, reviewed_in(quarter))).collect();
    let courses = courses(&tally, reviewed, &quarters)?;
    let counts: BTreeMap<&Tag, u32> = courses.iter().map(|course| (&course.row.factor, course.row.incidents)).collect();
    let together = together(&tally, &counts, reviewed, words)?;
    let (reviewed_now, reviewed_before) = (count(tally.now.reviewed), count(tally.before.reviewed));
    let tags = |span: &Span| tally.words.counts(&span.tags);
    Ok(FactorMeasures {
        total: count(tally.whole.incidents),
        reviewed,
        together,
        usual: named(&tally.words.counts(&tally.usual), words, USUAL_FROM)?,
        changes: compared((&tags(&tally.before), reviewed_before), (&tags(&tally.now), reviewed_now), words)?,
        again: seen_again(&tally, words)?,
        quarters,
        courses,
        watch,
        reviewed_now,
        reviewed_before,
    })
}

fn quarters(filter: &Filter) -> impl Iterator<Item = Period> + use<> {
    let (first, last) = (filter.from.widened(Quarter), filter.to.widened(Quarter));
    std::iter::successors(Some(first), |quarter| Some(quarter.next())).take_while(move |quarter| *quarter <= last)
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

fn courses(tally: &Tally, reviewed: u32, quarters: &[(Period, u32)]) -> Result<Vec<Course>> {
    let mut all: BTreeMap<Tag, Vec<u32>> = BTreeMap::new();
    for (month, span) in &tally.months {
        let at = quarters.iter().position(|(quarter, _)| month.widened(Quarter) == *quarter);
        for (slug, incidents) in tally.words.counts(&span.tags) {
            let course = all.entry(tag(&slug)?).or_insert_with(|| vec![0; quarters.len()]);
            if let Some(at) = at {
                course[at] += count(incidents);
            }
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

fn seen_again(tally: &Tally, words: &Vocabulary) -> Result<Vec<SeenAgain>> {
    let mut again = Vec::new();
    for ((service, slug), those) in tally.again.iter().filter(|(_, those)| those.numbers.len() >= SEEN_AGAIN as usize) {
        let tag = tag(tally.words.word(*slug))?;
        if !took_part(&tag, words) {
            continue;
        }
        let corrupt = StoreError::Corrupt { table: "day_sheets", column: "sheet" };
        let service = uuid::Uuid::parse_str(tally.words.word(*service)).map_err(|_| corrupt)?;
        let mut keys: Vec<IncidentKey> = those.numbers.iter().copied().map(IncidentKey).collect();
        keys.sort_by_key(|key| std::cmp::Reverse(key.0));
        again.push(SeenAgain { tag, service: ServiceId(service), keys, last: those.last });
    }
    again.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| (&a.tag, a.service).cmp(&(&b.tag, b.service))));
    Ok(again)
}

fn together(tally: &Tally, counts: &BTreeMap<&Tag, u32>, reviewed: u32, words: &Vocabulary) -> Result<Vec<Together>> {
    let mut all = Vec::new();
    for ((one, other), incidents) in tally.pairs.iter().filter(|(_, incidents)| **incidents >= i64::from(SEEN_AGAIN)) {
        let tags = (tag(tally.words.word(*one))?, tag(tally.words.word(*other))?);
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
