//! What is seen again: the days that a watch list looks at, what comes more often than before, and what chance alone puts together.

use super::{CHANCE, Count, chance_of_difference, stand_out};
use chrono::{Days, NaiveDate};

/// Days that a watch list looks back (practice.md 7.4).
pub const WATCHED_DAYS: u64 = 180;
/// Reviewed incidents from which on a factor counts as seen again, and two of them as seen together.
pub const SEEN_AGAIN: u32 = 3;
/// Reviewed incidents from which on a factor that was called the normal state counts as a usual difficulty.
pub const USUAL_FROM: u32 = 2;

/// The days of a watch list, in UTC, and as many before them to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Watch {
    /// The first of the days before.
    pub before: NaiveDate,
    /// The first day that is looked at.
    pub from: NaiveDate,
    /// The first day after.
    pub until: NaiveDate,
}

impl Watch {
    /// The days before a day.
    pub fn up_to(until: NaiveDate) -> Self {
        let back = |days| until.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN);
        Self { before: back(2 * WATCHED_DAYS), from: back(WATCHED_DAYS), until }
    }

    /// The last day that is looked at.
    pub fn last_day(self) -> NaiveDate {
        self.until.pred_opt().unwrap_or(self.until)
    }
}

/// What two counts allow to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// More often than before.
    MoreOften,
    /// Less often than before.
    LessOften,
    /// Chance alone could do it.
    NotClear,
}

impl Change {
    /// On screen.
    pub fn words(self) -> &'static str {
        ["more often than before", "less often than before", "no clear change"][self as usize]
    }
}

/// Each `(before, now)` in words, with an allowance for having looked at all of them ([`chance_of_difference`], [`stand_out`]).
pub fn changes(pairs: &[(Count, Count)]) -> Vec<Change> {
    let chances: Vec<f64> = pairs.iter().map(|(before, now)| chance_of_difference(*before, *now)).collect();
    let clear = stand_out(&chances, CHANCE);
    let said = |((before, now), clear): (&(Count, Count), bool)| {
        let more = f64::from(now.count) * before.over > f64::from(before.count) * now.over;
        match (clear, more) {
            (false, _) => Change::NotClear,
            (true, true) => Change::MoreOften,
            (true, false) => Change::LessOften,
        }
    };
    pairs.iter().zip(clear).map(said).collect()
}

/// How many of `of` incidents would have both of two factors if these had nothing to do with each other: the product of both shares.
/// Of no incidents: none.
pub fn expected_together(one: u32, other: u32, of: u32) -> f64 {
    if of == 0 { 0.0 } else { f64::from(one) * f64::from(other) / f64::from(of) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(count: u32, over: f64) -> Count {
        Count { count, over }
    }

    #[test]
    fn a_watch_list_looks_at_180_days_and_at_as_many_before() {
        let watch = Watch::up_to(NaiveDate::from_ymd_opt(2026, 12, 1).unwrap());
        assert_eq!((watch.until - watch.from).num_days(), 180);
        assert_eq!((watch.from - watch.before).num_days(), 180);
        assert_eq!(watch.last_day().to_string(), "2026-11-30");
        assert_eq!(watch.from.to_string(), "2026-06-04");
    }

    #[test]
    fn more_often_is_said_only_where_chance_would_hardly_do_it() {
        // Twice as many incidents of a factor are noise in small numbers (practice.md 7.6: 4 → 8 has p = 0.39), and none where more was reviewed.
        assert_eq!(changes(&[(of(4, 20.0), of(8, 20.0))]), [Change::NotClear]);
        assert_eq!(changes(&[(of(4, 20.0), of(8, 40.0))]), [Change::NotClear]);
        assert_eq!(changes(&[(of(1, 40.0), of(14, 40.0))]), [Change::MoreOften]);
        assert_eq!(changes(&[(of(14, 40.0), of(1, 40.0))]), [Change::LessOften]);
        // Nothing was reviewed before: nothing can be compared.
        assert_eq!(changes(&[(of(0, 0.0), of(9, 10.0))]), [Change::NotClear]);
        // 0 → 6 is p = 0.03 alone; among twenty looks that is not enough.
        let alone = (of(0, 30.0), of(6, 30.0));
        assert_eq!(changes(&[alone]), [Change::MoreOften]);
        let mut many = vec![(of(3, 30.0), of(3, 30.0)); 19];
        many.push(alone);
        assert!(changes(&many).iter().all(|change| *change == Change::NotClear));
    }

    #[test]
    fn what_has_nothing_to_do_with_each_other_meets_as_often_as_shares_say() {
        assert_eq!(expected_together(10, 6, 20), 3.0);
        assert_eq!(expected_together(20, 6, 20), 6.0);
        assert_eq!(expected_together(0, 0, 0), 0.0);
    }

    proptest! {
        #[test]
        fn what_is_said_turns_with_the_sides(pairs in proptest::collection::vec((0u32..60, 1.0f64..80.0, 0u32..60, 1.0f64..80.0), 1..12)) {
            let there: Vec<_> = pairs.iter().map(|(a, s, b, t)| (of(*a, *s), of(*b, *t))).collect();
            let back: Vec<_> = there.iter().map(|(before, now)| (*now, *before)).collect();
            for (one, other) in changes(&there).into_iter().zip(changes(&back)) {
                prop_assert_eq!(one == Change::MoreOften, other == Change::LessOften);
                prop_assert_eq!(one == Change::NotClear, other == Change::NotClear);
            }
        }
    }
}
