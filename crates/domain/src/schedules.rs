//! On-call schedules: the shifts that an importer read, and what is odd about them before they are taken over.

use crate::imported::Unreadable;
use crate::text::fold;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// Most shifts of one import: five years of two people by day and night are fewer.
pub const SHIFTS_MAX: usize = 5_000;
/// A longer shift is a slip of a date.
pub const LONGEST: TimeDelta = TimeDelta::days(31);
/// Shifts that ended longer ago are dropped with the next import: as far back as figures stand beside those of a year before.
pub const KEPT_DAYS: i64 = 800;

/// More than this part of somebody's time on call is much (Beyer and others 2016, chapter 11; practice.md 5.5).
pub const MUCH: f64 = 0.25;

/// A shift as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadShift {
    /// Where it stands in the file, from 1.
    pub line: usize,
    /// Begins.
    pub starts_at: DateTime<Utc>,
    /// Ends; after it begins.
    pub ends_at: DateTime<Utc>,
    /// Addresses and names that may say whose it is, the likeliest first; none: it says nobody.
    pub names: Vec<String>,
}

/// What was understood of a schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadSchedule {
    /// The shifts, earliest first.
    pub shifts: Vec<ReadShift>,
    /// What was left out or changed on the way, with its line; line 0 is the whole file.
    pub notes: Vec<Unreadable>,
}

/// What a list of shifts looks like as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The first begins.
    pub from: DateTime<Utc>,
    /// The last to end ends.
    pub until: DateTime<Utc>,
    /// Stretches in which two or more stand, merged.
    pub overlaps: usize,
    /// Stretches between the first and the last in which nobody stands.
    pub gaps: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Looks at shifts by their beginnings and ends, in any order; `None` without any.
pub fn look(shifts: &[(DateTime<Utc>, DateTime<Utc>)]) -> Option<Look> {
    let mut sorted = shifts.to_vec();
    sorted.sort_unstable();
    let (from, mut reached) = *sorted.first()?;
    let (mut overlaps, mut gaps) = (0, Vec::new());
    // Where the stretch ends that two of them share; one that goes on from there is the same stretch.
    let mut shared: Option<DateTime<Utc>> = None;
    for (start, end) in sorted.into_iter().skip(1) {
        if start > reached {
            gaps.push((reached, start));
        } else if start < reached {
            let until = end.min(reached);
            overlaps += usize::from(shared.is_none_or(|before| start > before));
            shared = Some(shared.map_or(until, |before| before.max(until)));
        }
        reached = reached.max(end);
    }
    Some(Look { from, until: reached, overlaps, gaps })
}

/// Somebody whom a schedule can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known<T> {
    /// Who.
    pub id: T,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Who is meant, by the first of the names that is somebody's address or the name of exactly one.
pub fn whose<T: Copy + PartialEq>(names: &[String], known: &[Known<T>]) -> Option<T> {
    names.iter().find_map(|name| {
        let asked = fold(&name.split_whitespace().collect::<Vec<_>>().join(" "));
        if asked.is_empty() {
            return None;
        }
        if let Some(one) = known.iter().find(|one| fold(&one.email) == asked) {
            return Some(one.id);
        }
        let mut those = known.iter().filter(|one| fold(&one.name) == asked);
        those.next().filter(|_| those.next().is_none()).map(|one| one.id)
    })
}

/// Which part of the time between two instants these shifts cover, overlaps once: 0 to 1.
pub fn share(shifts: &[(DateTime<Utc>, DateTime<Utc>)], from: DateTime<Utc>, until: DateTime<Utc>) -> f64 {
    let mut cut: Vec<_> = shifts.iter().map(|(start, end)| ((*start).max(from), (*end).min(until))).collect();
    cut.sort_unstable();
    let (mut covered, mut reached) = (TimeDelta::zero(), from);
    for (start, end) in cut {
        covered += (end - start.max(reached)).max(TimeDelta::zero());
        reached = reached.max(end);
    }
    let whole = (until - from).num_seconds();
    if whole > 0 { covered.num_seconds() as f64 / whole as f64 } else { 0.0 }
}

/// Of the incidents that somebody worked on within the time that their shifts reach over: in how many none of their work touched a shift,
/// and how many there are. `work`: incident, begin and end of each stretch.
pub fn pulled_in<I: Ord + Copy>(
    work: &[(I, DateTime<Utc>, DateTime<Utc>)],
    shifts: &[(DateTime<Utc>, DateTime<Utc>)],
) -> (usize, usize) {
    let Some(reach) = look(shifts) else { return (0, 0) };
    let mut by_incident: BTreeMap<I, bool> = BTreeMap::new();
    for (incident, start, end) in work.iter().filter(|(_, start, end)| *start >= reach.from && *end <= reach.until) {
        let stood = shifts.iter().any(|(from, until)| from < end && start < until);
        *by_incident.entry(*incident).or_default() |= stood;
    }
    (by_incident.values().filter(|stood| !**stood).count(), by_incident.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    #[test]
    fn gaps_and_overlaps_are_found_in_any_order() {
        assert_eq!(look(&[]), None);
        let shifts = [(at(24), at(36)), (at(0), at(12)), (at(12), at(20)), (at(34), at(48))];
        let seen = look(&shifts).unwrap();
        assert_eq!((seen.from, seen.until, seen.overlaps), (at(0), at(48), 1));
        assert_eq!(seen.gaps, [(at(20), at(24))]);
    }

    #[test]
    fn a_second_line_that_stands_all_the_time_is_one_overlap() {
        let seen = look(&[(at(0), at(48)), (at(0), at(12)), (at(12), at(24)), (at(30), at(36))]).unwrap();
        assert_eq!((seen.overlaps, seen.gaps.len()), (2, 0), "zero to twenty-four, and thirty to thirty-six");
        // A short one inside a long one ends nothing.
        assert!(look(&[(at(0), at(48)), (at(1), at(2)), (at(48), at(60))]).unwrap().gaps.is_empty());
    }

    #[test]
    fn a_share_counts_overlaps_once_and_nothing_outside() {
        let shifts = [(at(-10), at(2)), (at(1), at(3)), (at(8), at(20))];
        assert!((share(&shifts, at(0), at(10)) - 0.5).abs() < 1e-9);
        assert!(share(&[(at(20), at(30))], at(0), at(10)).abs() < 1e-9);
        assert!((share(&[(at(-5), at(50)), (at(1), at(2))], at(0), at(10)) - 1.0).abs() < 1e-9);
        assert!(share(&shifts, at(0), at(0)).abs() < 1e-9);
    }

    #[test]
    fn who_stood_for_a_part_of_it_was_not_pulled_in() {
        let shifts = [(at(0), at(12)), (at(24), at(36))];
        let work = [(1, at(11), at(13)), (2, at(13), at(14)), (2, at(20), at(25)), (3, at(15), at(16)), (4, at(40), at(41))];
        assert_eq!(pulled_in(&work, &shifts), (1, 3), "the third; of the fourth nothing is known");
        assert_eq!(pulled_in(&work, &[]), (0, 0));
    }

    #[test]
    fn an_address_is_somebody_and_a_name_only_where_one_bears_it() {
        let one = |id, name: &str, email: &str| Known { id, name: name.to_owned(), email: email.to_owned() };
        let known = [one(1, "Ada Lund", "ada@example.org"), one(2, "Sam", "sam@example.org"), one(3, "Sam", "s2@example.org")];
        let who = |names: &[&str]| whose(&names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>(), &known);
        assert_eq!(who(&["ADA@example.org"]), Some(1));
        assert_eq!(who(&[" ada  lund"]), Some(1));
        assert_eq!(who(&["Sam"]), None, "two bear the name");
        assert_eq!(who(&["On call", "Ada Lund", "s2@example.org"]), Some(1), "the first that is somebody");
        assert_eq!((who(&[]), who(&["", "Nobody"])), (None, None));
    }
}
