//! What a rota carries: incidents and pages of its shifts, shifts above the limit, hours in which something came. Of incidents and shifts,
//! never of a person; whether a rota is large enough to be spoken of is asked before (docs/decisions/0050).

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// More incidents than this in a shift are too many (Beyer and others 2016, chapter 11: a shift of twelve hours leaves room for two with
/// what follows them; practice.md 5.5).
pub const MOST_INCIDENTS: usize = 2;
/// The shift that the limit was meant for.
pub const LIMIT_HOURS: i64 = 12;
/// What fires in an incident within so many minutes of a page comes with it: tools wait about as long to bundle what belongs together.
pub const BUNDLED_MINUTES: i64 = 5;
/// Fewer people than this in a rota at one site are on call often (Beyer and others 2016, chapter 11; practice.md 5.5).
pub const ROTA_FROM: usize = 8;
/// Days of the trailing mean (practice.md 5.5).
pub const TRAILING_DAYS: u64 = 21;

/// Pages out of what fired, each `(incident, when)`: what fires in one incident within [`BUNDLED_MINUTES`] of a page is that page.
pub fn pages<I: Ord + Copy>(fired: &[(I, DateTime<Utc>)]) -> Vec<DateTime<Utc>> {
    let mut sorted = fired.to_vec();
    sorted.sort_unstable();
    let mut last: Option<(I, DateTime<Utc>)> = None;
    let mut pages = Vec::new();
    for (incident, at) in sorted {
        let with_it = last.is_some_and(|(of, page)| of == incident && at - page < TimeDelta::minutes(BUNDLED_MINUTES));
        if !with_it {
            last = Some((incident, at));
            pages.push(at);
        }
    }
    pages.sort_unstable();
    pages
}

/// Numbers of things in several shifts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PerShift {
    /// In all shifts together; where two stand side by side it counts for each.
    pub all: u32,
    /// Half of the shifts have fewer, half more.
    pub median: f64,
    /// The fewest in a shift.
    pub least: u32,
    /// The most in a shift.
    pub most: u32,
}

impl PerShift {
    fn of(mut counts: Vec<u32>) -> Self {
        counts.sort_unstable();
        let (Some(least), Some(most)) = (counts.first(), counts.last()) else { return Self::default() };
        let (low, high) = (counts[(counts.len() - 1) / 2], counts[counts.len() / 2]);
        Self { all: counts.iter().sum(), median: f64::from(low + high) / 2.0, least: *least, most: *most }
    }
}

/// Clock hours of shifts, and those of them in which a page came or an incident began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    /// Hours that shifts reached.
    pub all: u32,
    /// Hours in which something came.
    pub disturbed: u32,
}

/// What the shifts of one rota carried.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RotaLoad {
    /// Shifts that are over.
    pub shifts: u32,
    /// How many of them last longer than a day.
    pub long: u32,
    /// Incidents that began in a shift.
    pub incidents: PerShift,
    /// Pages that came in a shift.
    pub pages: PerShift,
    /// Shifts with more than [`MOST_INCIDENTS`].
    pub above: u32,
    /// Shifts with more than [`MOST_INCIDENTS`] within [`LIMIT_HOURS`].
    pub dense: u32,
    /// Hours between 06:00 and 22:00 in the rota's zone.
    pub day: Hours,
    /// Hours between 22:00 and 06:00 there.
    pub night: Hours,
}

/// Sums up shifts, each `(begins, ends)`, on the rota's clock. `incidents` and `pages` are sorted; those of no shift count nowhere.
pub fn rota_load(
    shifts: &[(DateTime<Utc>, DateTime<Utc>)],
    incidents: &[DateTime<Utc>],
    pages: &[DateTime<Utc>],
    zone: Tz,
) -> RotaLoad {
    let mut load = RotaLoad::default();
    let (mut begun, mut paged) = (Vec::with_capacity(shifts.len()), Vec::with_capacity(shifts.len()));
    for shift in shifts {
        let (incidents, pages) = (within(incidents, *shift), within(pages, *shift));
        load.shifts += 1;
        load.long += u32::from(shift.1 - shift.0 > TimeDelta::days(1));
        load.above += u32::from(incidents.len() > MOST_INCIDENTS);
        let dense =
            incidents.windows(MOST_INCIDENTS + 1).any(|some| some[MOST_INCIDENTS] - some[0] < TimeDelta::hours(LIMIT_HOURS));
        load.dense += u32::from(dense);
        begun.push(count(incidents));
        paged.push(count(pages));
        let disturbed: BTreeSet<DateTime<Utc>> = incidents.iter().chain(pages).map(|at| hour_of(*at, zone)).collect();
        let mut hour = hour_of(shift.0, zone);
        while hour < shift.1 {
            let at_night = !(6..22).contains(&hour.with_timezone(&zone).hour());
            let hours = if at_night { &mut load.night } else { &mut load.day };
            hours.all += 1;
            hours.disturbed += u32::from(disturbed.contains(&hour));
            hour = hour_of(hour + TimeDelta::hours(1), zone);
        }
    }
    (load.incidents, load.pages) = (PerShift::of(begun), PerShift::of(paged));
    load
}

fn count(those: &[DateTime<Utc>]) -> u32 {
    u32::try_from(those.len()).unwrap_or(u32::MAX)
}

fn within(sorted: &[DateTime<Utc>], (from, until): (DateTime<Utc>, DateTime<Utc>)) -> &[DateTime<Utc>] {
    let first = sorted.partition_point(|at| *at < from);
    &sorted[first..first.max(sorted.partition_point(|at| *at < until))]
}

/// The full hour on that clock in which an instant lies.
fn hour_of(at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let wall = at.with_timezone(&zone);
    let past = TimeDelta::minutes(wall.minute().into()) + TimeDelta::seconds(wall.second().into());
    at - past - TimeDelta::nanoseconds(i64::from(wall.nanosecond()) % 1_000_000_000)
}

/// Pages a day in the [`TRAILING_DAYS`] up to and with each of these days (UTC), as far as `from` lets all of them be seen.
pub fn trailing(pages: &[DateTime<Utc>], from: NaiveDate, days: impl Iterator<Item = NaiveDate>) -> Vec<(NaiveDate, f64)> {
    let mean = |day: NaiveDate| {
        let first = day.checked_sub_days(Days::new(TRAILING_DAYS - 1)).filter(|first| *first >= from)?;
        let those = pages.iter().filter(|at| (first..=day).contains(&at.date_naive())).count();
        Some((day, those as f64 / TRAILING_DAYS as f64))
    };
    days.filter_map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-03-{text}:00Z").parse().unwrap()
    }

    fn all(texts: &[&str]) -> Vec<DateTime<Utc>> {
        texts.iter().map(|text| at(text)).collect()
    }

    #[test]
    fn what_fires_with_a_page_is_that_page() {
        let fired = [
            (1, at("02T10:00")),
            (1, at("02T10:04")),
            // Five minutes after the page, not after what came with it.
            (1, at("02T10:05")),
            (2, at("02T10:01")),
            (1, at("02T14:00")),
        ];
        assert_eq!(pages(&fired), all(&["02T10:00", "02T10:01", "02T10:05", "02T14:00"]));
        assert!(pages::<u8>(&[]).is_empty());
    }

    #[test]
    fn incidents_of_a_shift_are_those_that_began_in_it() {
        let shifts = [(at("02T09:00"), at("02T21:00")), (at("02T21:00"), at("03T09:00")), (at("03T09:00"), at("03T21:00"))];
        let incidents = all(&["02T08:59", "02T09:00", "02T12:00", "02T20:59", "02T21:00", "04T09:00"]);
        let load = rota_load(&shifts, &incidents, &all(&["02T22:00"]), chrono_tz::UTC);
        assert_eq!((load.shifts, load.above, load.dense, load.long), (3, 1, 1, 0));
        assert_eq!(load.incidents, PerShift { all: 4, median: 1.0, least: 0, most: 3 });
        assert_eq!(load.pages, PerShift { all: 1, median: 0.0, least: 0, most: 1 });
        assert_eq!(rota_load(&[], &incidents, &[], chrono_tz::UTC), RotaLoad::default());
    }

    #[test]
    fn two_who_stand_side_by_side_both_carry_it() {
        let shift = (at("02T09:00"), at("02T21:00"));
        let load = rota_load(&[shift, shift], &all(&["02T10:00"]), &[], chrono_tz::UTC);
        assert_eq!((load.incidents.all, load.incidents.median), (2, 1.0));
        assert_eq!(load.day, Hours { all: 24, disturbed: 2 });
    }

    #[test]
    fn three_in_a_week_are_above_two_but_not_within_twelve_hours() {
        let week = (at("02T09:00"), at("09T09:00"));
        let spread = rota_load(&[week], &all(&["02T10:00", "04T10:00", "06T10:00"]), &[], chrono_tz::UTC);
        assert_eq!((spread.long, spread.above, spread.dense), (1, 1, 0));
        // Twelve hours from the first to the third are one moment too many for the limit.
        let edge = rota_load(&[week], &all(&["02T10:00", "02T12:00", "02T22:00"]), &[], chrono_tz::UTC);
        assert_eq!(edge.dense, 0);
        let dense = rota_load(&[week], &all(&["02T10:00", "02T12:00", "02T21:59"]), &[], chrono_tz::UTC);
        assert_eq!(dense.dense, 1);
    }

    #[test]
    fn hours_are_those_of_the_rotas_clock() {
        // 21:30 to 07:30 in Kolkata, at half hours of UTC.
        let shift = (at("02T16:00"), at("03T02:00"));
        let pages = all(&["02T16:40", "02T17:10", "02T17:20", "03T01:00"]);
        let load = rota_load(&[shift], &[], &pages, chrono_tz::Asia::Kolkata);
        // 21:xx, 06:xx and 07:xx by day; 22:xx to 05:xx at night; three pages fell into one hour.
        assert_eq!(load.day, Hours { all: 3, disturbed: 1 });
        assert_eq!(load.night, Hours { all: 8, disturbed: 1 });
    }

    #[test]
    fn a_night_of_summer_time_has_an_hour_less() {
        let (from, until) = ("2026-03-28T21:00:00Z".parse().unwrap(), "2026-03-29T04:00:00Z".parse().unwrap());
        let load = rota_load(&[(from, until)], &[], &[], chrono_tz::Europe::Berlin);
        assert_eq!((load.night.all, load.day.all), (7, 0), "22:00 to 06:00");
    }

    #[test]
    fn a_trailing_mean_needs_all_of_its_days() {
        let pages = all(&["01T10:00", "21T10:00", "21T11:00", "22T00:00"]);
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let days = ["2026-03-20", "2026-03-21", "2026-03-22"].map(day);
        let seen = trailing(&pages, day("2026-03-01"), days.into_iter());
        assert_eq!(seen, [(days[1], 3.0 / 21.0), (days[2], 3.0 / 21.0)], "the first has dropped out, one has come");
    }
}
