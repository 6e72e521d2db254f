//! Quiet reminders: at most two, on working days between nine and six on the invitee's own clock, never in a night.

use crate::walltime::{WorkCalendar, to_utc};
use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

/// Days after the invitation, one reminder each. There are no more than these.
pub const AFTER_DAYS: [i64; 2] = [2, 4];
/// From this hour on the invitee's clock.
pub const FROM_HOUR: u32 = 9;
/// Before this hour.
pub const UNTIL_HOUR: u32 = 18;
/// How far ahead a working day is looked for.
const LOOK_AHEAD: usize = 60;

/// Whether a reminder may arrive at this instant.
pub fn may_arrive(at: DateTime<Utc>, zone: Tz, calendar: &WorkCalendar) -> bool {
    let local = at.with_timezone(&zone);
    (FROM_HOUR..UNTIL_HOUR).contains(&local.hour()) && works(local.date_naive(), calendar)
}

/// The first instant at or after `at` at which a reminder may arrive.
pub fn not_before(at: DateTime<Utc>, zone: Tz, calendar: &WorkCalendar) -> DateTime<Utc> {
    if may_arrive(at, zone, calendar) {
        return at;
    }
    let today = at.with_timezone(&zone).date_naive();
    let opens = NaiveTime::from_hms_opt(FROM_HOUR, 0, 0).unwrap_or_default();
    let days = today.iter_days().take(LOOK_AHEAD).filter(|day| works(*day, calendar));
    let mut mornings = days.map(|day| to_utc(zone, day.and_time(opens)).at).filter(|morning| *morning >= at);
    // Somebody whose calendar has no working day in two months is asked at the end of them.
    mornings.next().unwrap_or(at + TimeDelta::days(60))
}

/// When the reminders of an invitation go, the second a day after the first at least.
pub fn times(invited_at: DateTime<Utc>, zone: Tz, calendar: &WorkCalendar) -> [DateTime<Utc>; 2] {
    let first = not_before(invited_at + TimeDelta::days(AFTER_DAYS[0]), zone, calendar);
    let apart = first + TimeDelta::days(AFTER_DAYS[1] - AFTER_DAYS[0]);
    [first, not_before(apart, zone, calendar)]
}

/// A working day by the person's own week; whose week has none keeps Monday to Friday. Weekends count as working days for nobody who
/// also works in the week: who is on duty then has enough.
fn works(day: chrono::NaiveDate, calendar: &WorkCalendar) -> bool {
    let number = day.weekday().num_days_from_monday() as usize;
    let days = &calendar.pattern.days;
    let in_the_week = days[..5].iter().any(|d| *d);
    let usual = match (in_the_week, days[5..].iter().any(|d| *d)) {
        (false, false) => number < 5,
        (false, true) => days[number],
        (true, _) => number < 5 && days[number],
    };
    usual && !calendar.holidays.is_one(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::holidays::Holiday;
    use crate::walltime::WorkPattern;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn nights_weekends_holidays_and_changes_of_the_clock_are_left_alone() {
        let plain = WorkCalendar::default();
        let off = WorkCalendar {
            holidays: [Holiday { day: "2026-03-09".parse().unwrap(), name: "Fair".to_owned() }].into_iter().collect(),
            ..WorkCalendar::default()
        };
        let copenhagen: Tz = "Europe/Copenhagen".parse().unwrap();
        let (new_york, apia, kolkata): (Tz, Tz, Tz) =
            ("America/New_York".parse().unwrap(), "Pacific/Apia".parse().unwrap(), "Asia/Kolkata".parse().unwrap());
        let cases = [
            // In the middle of a working day: at once. At six it is over, at nine it begins.
            ("2026-03-04T12:00:00Z", copenhagen, &plain, "2026-03-04T12:00:00Z"),
            ("2026-03-04T17:00:00Z", copenhagen, &plain, "2026-03-05T08:00:00Z"),
            ("2026-03-04T16:59:59Z", copenhagen, &plain, "2026-03-04T16:59:59Z"),
            ("2026-03-04T02:00:00Z", copenhagen, &plain, "2026-03-04T08:00:00Z"),
            // Friday evening waits for Monday, and for Tuesday where Monday is a holiday.
            ("2026-03-06T20:00:00Z", copenhagen, &plain, "2026-03-09T08:00:00Z"),
            ("2026-03-06T20:00:00Z", copenhagen, &off, "2026-03-10T08:00:00Z"),
            // The night in which summer time begins there.
            ("2026-03-28T00:30:00Z", copenhagen, &plain, "2026-03-30T07:00:00Z"),
            // Noon here is morning there: each on their own clock.
            ("2026-03-04T12:00:00Z", new_york, &plain, "2026-03-04T14:00:00Z"),
            ("2026-03-04T12:00:00Z", kolkata, &plain, "2026-03-04T12:00:00Z"),
            ("2026-03-04T12:31:00Z", kolkata, &plain, "2026-03-05T03:30:00Z"),
            // Beyond the date line it is Saturday already.
            ("2026-03-06T12:00:00Z", apia, &plain, "2026-03-08T20:00:00Z"),
        ];
        for (asked, zone, calendar, goes) in cases {
            assert_eq!(not_before(at(asked), zone, calendar), at(goes), "{asked} in {zone}");
        }
    }

    #[test]
    fn two_reminders_never_come_on_one_day() {
        let zone: Tz = "Europe/Copenhagen".parse().unwrap();
        // Thursday: both would fall on Monday.
        let [first, second] = times(at("2026-03-05T15:00:00Z"), zone, &WorkCalendar::default());
        assert_eq!([first, second], [at("2026-03-09T08:00:00Z"), at("2026-03-11T08:00:00Z")]);
    }

    proptest! {
        #[test]
        fn whenever_and_wherever_it_is_day_there(minute in 0i64..60 * 24 * 366, which in 0usize..600, days in any::<[bool; 7]>()) {
            let zone = chrono_tz::TZ_VARIANTS[which % chrono_tz::TZ_VARIANTS.len()];
            let calendar = WorkCalendar { pattern: WorkPattern { days, ..WorkPattern::default() }, ..WorkCalendar::default() };
            let asked = at("2026-01-01T00:00:00Z") + TimeDelta::minutes(minute);
            let [first, second] = times(asked, zone, &calendar);
            for goes in [first, second] {
                prop_assert!(may_arrive(goes, zone, &calendar), "{goes} in {zone}");
                prop_assert!((FROM_HOUR..UNTIL_HOUR).contains(&goes.with_timezone(&zone).hour()));
            }
            prop_assert!(first >= asked + TimeDelta::days(2) && second >= first + TimeDelta::days(2));
        }
    }
}
