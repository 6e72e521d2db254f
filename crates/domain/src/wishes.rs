//! Letters that somebody wishes for: how often new stories are told of, and when a story is a year old.

use chrono::{Datelike, Days, NaiveDate};

/// How often somebody is told by mail of what happened in a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rhythm {
    /// Never: nobody is written to who did not ask for it.
    #[default]
    Never,
    /// After each week, Monday to Sunday.
    Weekly,
    /// After each month.
    Monthly,
}

/// Which letters somebody wishes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wishes {
    /// Stories that were published.
    pub digest: Rhythm,
    /// Stories that were published a year ago.
    pub anniversaries: bool,
    /// What they take care of: a day that is near or over, and whether it helped.
    pub items: bool,
    /// A week or a month on one sheet, in numbers.
    pub sheet: Rhythm,
}

impl Default for Wishes {
    /// What somebody took upon themselves is reminded of until they say no; everything else is for who asks.
    fn default() -> Self {
        Self { digest: Rhythm::Never, anniversaries: false, items: true, sheet: Rhythm::Never }
    }
}

impl Rhythm {
    /// All.
    pub const ALL: [Self; 3] = [Self::Never, Self::Weekly, Self::Monthly];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["", "weekly", "monthly"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Never", "Every week", "Every month"][self as usize]
    }

    /// Up to which day (itself left out) a letter of `today` tells of stories: the first of this week or month. `None` where everything
    /// before it was told, which is up to `told`.
    pub fn turn(self, told: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
        let turn = match self {
            Self::Never => None,
            Self::Weekly => today.checked_sub_days(Days::new(u64::from(today.weekday().num_days_from_monday()))),
            Self::Monthly => today.with_day(1),
        };
        turn.filter(|turn| *turn > told)
    }
}

/// The day a year before; the one before a 29 February that had none is the 28th.
pub fn year_before(day: NaiveDate) -> NaiveDate {
    let year = day.year() - 1;
    day.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_digest_tells_of_whole_weeks_and_months_once() {
        // A Wednesday.
        let today = day("2026-03-11");
        assert_eq!(Rhythm::Weekly.turn(day("2026-03-02"), today), Some(day("2026-03-09")));
        assert_eq!(Rhythm::Weekly.turn(day("2026-03-08"), today), Some(day("2026-03-09")), "asked for on the Sunday");
        assert_eq!(Rhythm::Weekly.turn(day("2026-03-09"), today), None, "told");
        assert_eq!(Rhythm::Weekly.turn(day("2026-03-11"), today), None, "asked for today");
        assert_eq!(Rhythm::Weekly.turn(day("2026-03-08"), day("2026-03-09")), Some(day("2026-03-09")), "on the Monday");
        assert_eq!(Rhythm::Monthly.turn(day("2026-02-10"), today), Some(day("2026-03-01")));
        assert_eq!(Rhythm::Monthly.turn(day("2026-03-01"), today), None);
        assert_eq!(Rhythm::Never.turn(day("2020-01-01"), today), None);
    }

    #[test]
    fn a_year_before_is_the_same_day_or_the_last_of_february() {
        assert_eq!(year_before(day("2026-03-11")), day("2025-03-11"));
        assert_eq!(year_before(day("2028-02-29")), day("2027-02-28"));
        assert_eq!(year_before(day("2029-02-28")), day("2028-02-28"));
    }

    #[test]
    fn what_is_stored_is_read() {
        for rhythm in Rhythm::ALL {
            assert_eq!(Rhythm::from_slug(rhythm.slug()), Some(rhythm));
        }
        assert_eq!(Rhythm::from_slug("daily"), None);
    }
}
