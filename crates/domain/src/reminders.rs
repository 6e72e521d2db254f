//! Quiet reminders: at most two of an invitation and two of quotes, on working days between nine and six on their reader's own clock,
//! never in a night.

use crate::walltime::{WorkCalendar, to_utc};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

/// When reminders go, as an administrator chose; all in working days of their reader, `None`: none goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// After the invitation, one reminder each. There are no more than these.
    pub invitation: [Option<u32>; 2],
    /// Before the time to look at quotes is over.
    pub quotes: Option<u32>,
}

/// Reminders of quotes that one author gets of one review, however often the time to answer changes.
pub const QUOTES_MOST: i64 = 2;
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

/// When the reminders of an invitation go: so many working days after it at the same time of day, or the next morning where that is
/// no time to be reminded. Two never come on one day.
pub fn times(invited_at: DateTime<Utc>, zone: Tz, calendar: &WorkCalendar, after: [Option<u32>; 2]) -> Vec<DateTime<Utc>> {
    let mut times: Vec<DateTime<Utc>> = Vec::new();
    for days in after.into_iter().flatten() {
        let local = invited_at.with_timezone(&zone);
        let day = nth_working_day(local.date_naive().iter_days().skip(1), days, calendar);
        let Some(day) = day else { continue };
        let at = not_before(to_utc(zone, day.and_time(local.time())).at, zone, calendar);
        if times.last().is_none_or(|last| day_of(at, zone) > day_of(*last, zone)) {
            times.push(at);
        }
    }
    times
}

/// When a reminder goes of quotes that wait for their author's word: so many working days before `due`, at the same time of day or the
/// next morning. `None` where that would be on the day of the last letter about them or before it, or no earlier than `due`: what is
/// left out then is left out quietly.
pub fn before_due(
    due: DateTime<Utc>,
    days: u32,
    last_letter: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    zone: Tz,
    calendar: &WorkCalendar,
) -> Option<DateTime<Utc>> {
    let local = due.with_timezone(&zone);
    let back = std::iter::successors(local.date_naive().pred_opt(), NaiveDate::pred_opt);
    let day = nth_working_day(back, days, calendar)?;
    let at = not_before(to_utc(zone, day.and_time(local.time())).at.max(now), zone, calendar);
    let later = last_letter.is_none_or(|last| day_of(at, zone) > day_of(last, zone));
    (later && at < due).then_some(at)
}

/// Working days before the day for which something was meant, on which who takes care of it is reminded.
pub const ITEM_DAYS_BEFORE: u32 = 2;

/// On which days who takes care of something that is meant for `due` is reminded: some working days before, and on the day after.
pub fn item_days(due: NaiveDate, calendar: &WorkCalendar) -> impl Iterator<Item = NaiveDate> + use<> {
    let back = std::iter::successors(due.pred_opt(), NaiveDate::pred_opt);
    [nth_working_day(back, ITEM_DAYS_BEFORE, calendar), due.succ_opt()].into_iter().flatten()
}

fn day_of(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The `n`th working day of these, within a year.
fn nth_working_day(days: impl Iterator<Item = NaiveDate>, n: u32, calendar: &WorkCalendar) -> Option<NaiveDate> {
    days.take(366).filter(|day| works(*day, calendar)).nth(n.checked_sub(1)? as usize)
}

/// A working day by the person's own week; whose week has none keeps Monday to Friday. Weekends count as working days for nobody who
/// also works in the week: who is on duty then has enough.
fn works(day: NaiveDate, calendar: &WorkCalendar) -> bool {
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

    const USUAL: [Option<u32>; 2] = [Some(2), Some(4)];

    #[test]
    fn reminders_are_counted_in_working_days() {
        let zone: Tz = "Europe/Copenhagen".parse().unwrap();
        let plain = WorkCalendar::default();
        let go = |asked: &str, after| times(at(asked), zone, &plain, after);
        // Thursday at four: Monday and Wednesday at four.
        assert_eq!(go("2026-03-05T15:00:00Z", USUAL), [at("2026-03-09T15:00:00Z"), at("2026-03-11T15:00:00Z")]);
        // At eight in the evening it waits for the next morning; on a Sunday the week has not begun.
        assert_eq!(go("2026-03-03T19:00:00Z", USUAL), [at("2026-03-06T08:00:00Z"), at("2026-03-10T08:00:00Z")]);
        assert_eq!(go("2026-03-08T10:00:00Z", [Some(1), None]), [at("2026-03-09T10:00:00Z")]);
        assert_eq!(go("2026-03-05T15:00:00Z", [None, Some(1)]), [at("2026-03-06T15:00:00Z")]);
        assert!(go("2026-03-05T15:00:00Z", [None, None]).is_empty());
        assert_eq!(go("2026-03-05T15:00:00Z", [Some(2), Some(2)]).len(), 1, "two never come on one day");
        let off = WorkCalendar {
            holidays: [Holiday { day: "2026-03-09".parse().unwrap(), name: "Fair".to_owned() }].into_iter().collect(),
            ..WorkCalendar::default()
        };
        assert_eq!(times(at("2026-03-05T15:00:00Z"), zone, &off, [Some(2), None]), [at("2026-03-10T15:00:00Z")]);
    }

    #[test]
    fn quotes_are_reminded_of_once_before_their_time_is_over_and_never_on_the_letters_day() {
        let (copenhagen, new_york): (Tz, Tz) = ("Europe/Copenhagen".parse().unwrap(), "America/New_York".parse().unwrap());
        let plain = WorkCalendar::default();
        let go = |due: &str, days, letter: &str, zone| before_due(at(due), days, Some(at(letter)), at(letter), zone, &plain);
        // Asked on Monday until Wednesday at nine: on Tuesday at nine, on each one's own clock.
        assert_eq!(go("2026-03-11T08:00:00Z", 1, "2026-03-09T13:00:00Z", copenhagen), Some(at("2026-03-10T08:00:00Z")));
        assert_eq!(go("2026-03-11T08:00:00Z", 1, "2026-03-09T13:00:00Z", new_york), Some(at("2026-03-10T13:00:00Z")));
        // Over the weekend: on the Friday before.
        assert_eq!(go("2026-03-09T08:00:00Z", 1, "2026-03-05T13:00:00Z", copenhagen), Some(at("2026-03-06T08:00:00Z")));
        // The letter itself is from that day; or the time is over before it is day again.
        assert_eq!(go("2026-03-11T08:00:00Z", 2, "2026-03-09T13:00:00Z", copenhagen), None);
        assert_eq!(go("2026-03-10T08:00:00Z", 1, "2026-03-09T07:00:00Z", copenhagen), None);
        assert_eq!(go("2026-03-10T20:00:00Z", 1, "2026-03-09T20:00:00Z", copenhagen), Some(at("2026-03-10T08:00:00Z")));
        assert_eq!(go("2026-03-10T07:30:00Z", 1, "2026-03-08T20:00:00Z", copenhagen), Some(at("2026-03-09T08:00:00Z")));
        assert_eq!(go("2026-03-11T08:00:00Z", 0, "2026-03-05T13:00:00Z", copenhagen), None, "none is none");
    }

    #[test]
    fn what_is_meant_for_a_day_is_reminded_of_before_it_and_once_it_is_over() {
        let go =
            |due: &str| item_days(due.parse().unwrap(), &WorkCalendar::default()).map(|day| day.to_string()).collect::<Vec<_>>();
        // For a Thursday: on the Tuesday, and on the Friday. For a Monday: on the Thursday before.
        assert_eq!(go("2026-03-12"), ["2026-03-10", "2026-03-13"]);
        assert_eq!(go("2026-03-09"), ["2026-03-05", "2026-03-10"]);
    }

    proptest! {
        #[test]
        fn whenever_and_wherever_it_is_day_there(
            minute in 0i64..60 * 24 * 366, which in 0usize..600, days in any::<[bool; 7]>(), ahead in 0i64..60 * 24 * 20, n in 1u32..10,
        ) {
            let zone = chrono_tz::TZ_VARIANTS[which % chrono_tz::TZ_VARIANTS.len()];
            let calendar = WorkCalendar { pattern: WorkPattern { days, ..WorkPattern::default() }, ..WorkCalendar::default() };
            let asked = at("2026-01-01T00:00:00Z") + TimeDelta::minutes(minute);
            let both = times(asked, zone, &calendar, USUAL);
            prop_assert_eq!(both.len(), 2);
            let due = asked + TimeDelta::minutes(ahead);
            let quotes = before_due(due, n, Some(asked), asked, zone, &calendar);
            prop_assert!(quotes.is_none_or(|goes| goes < due && day_of(goes, zone) > day_of(asked, zone)));
            for goes in both.iter().copied().chain(quotes) {
                prop_assert!(may_arrive(goes, zone, &calendar), "{goes} in {zone}");
                prop_assert!((FROM_HOUR..UNTIL_HOUR).contains(&goes.with_timezone(&zone).hour()));
            }
            prop_assert!((day_of(both[0], zone) - day_of(asked, zone)).num_days() >= 2);
            prop_assert!((day_of(both[1], zone) - day_of(both[0], zone)).num_days() >= 1);
        }
    }
}
