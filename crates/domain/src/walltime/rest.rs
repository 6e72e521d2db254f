//! Rest before one's own working time: whether work on incidents left no eleven hours in a row.
//!
//! Directive 2003/88/EC, article 3: "a minimum daily rest period of 11 consecutive hours per 24-hour period". Looked at are the 24 hours
//! before one's own working time begins: own working time and work on incidents are no rest. A rest counts as short where eleven hours in
//! a row would have been free without the incidents, and were not with them. So an early start after a whole evening is none, and
//! neither is what one's own working hours alone leave.

use super::bands::{Stretch, WorkTime, merged};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use std::collections::BTreeSet;

/// The rest that is due each day (2003/88/EC, article 3).
pub const DAILY_REST: TimeDelta = TimeDelta::hours(11);
/// The time in which it is due.
const A_DAY: TimeDelta = TimeDelta::hours(24);

type Span = (DateTime<Utc>, DateTime<Utc>);

/// The working days of one person before which work on incidents left less than [`DAILY_REST`] in a row free, by the local day on which
/// their own working time began.
pub fn short_rests<'a>(stretches: &[Stretch], by: impl Into<WorkTime<'a>>) -> BTreeSet<NaiveDate> {
    let by = by.into();
    let merged = merged(stretches);
    let worked: Vec<Span> = merged.iter().map(|s| (s.start, s.end)).collect();
    let mut short = BTreeSet::new();
    for stretch in &merged {
        let local = |at: DateTime<Utc>| at.with_timezone(&stretch.zone).date_naive();
        // The last start that this stretch can lie in the day before is on the day after it ended.
        let after = local(stretch.end).checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        for day in local(stretch.start).iter_days().take_while(|day| *day <= after) {
            let Some((begins, _)) = by.own_time(day, stretch.zone) else { continue };
            let window = (begins - A_DAY, begins);
            if stretch.end <= window.0 || stretch.start >= window.1 {
                continue;
            }
            let before = [2, 1].into_iter().filter_map(|days| by.own_time(day.checked_sub_days(Days::new(days))?, stretch.zone));
            let own: Vec<Span> = before.collect();
            let both: Vec<Span> = own.iter().chain(&worked).copied().collect();
            if longest_free(&own, window) >= DAILY_REST && longest_free(&both, window) < DAILY_REST {
                short.insert(day);
            }
        }
    }
    short
}

/// The longest time within a window that none of these takes.
fn longest_free(taken: &[Span], window: Span) -> TimeDelta {
    let mut taken: Vec<Span> = taken.iter().copied().filter(|(from, to)| *from < window.1 && *to > window.0).collect();
    taken.sort_unstable();
    let (mut free_since, mut longest) = (window.0, TimeDelta::zero());
    for (from, to) in taken {
        longest = longest.max(from - free_since);
        free_since = free_since.max(to);
    }
    longest.max(window.1 - free_since)
}
