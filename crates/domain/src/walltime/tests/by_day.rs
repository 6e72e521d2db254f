//! Tests of what held on a day, of minutes that are not counted twice, and of rests.

use super::*;
use crate::TeamId;
use uuid::Uuid;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn team(number: u128) -> Option<TeamId> {
    Some(TeamId(Uuid::from_u128(number)))
}

fn hours(start: u32, end: u32) -> WorkPattern {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    WorkPattern { start: time(start), end: time(end), ..WorkPattern::default() }
}

fn in_force(from: &str, number: u128, pattern: WorkPattern) -> InForce {
    InForce { from: date(from), team: team(number), calendar: WorkCalendar { pattern, holidays: Holidays::default() } }
}

#[test]
fn each_day_is_cut_by_the_hours_that_held_on_it() {
    let history = WorkHistory::new(vec![in_force("2026-11-18", 2, hours(6, 12)), in_force("1970-01-01", 1, hours(9, 17))]);
    let day = |from: &str, to: &str| person_minutes(&[stretch(from, to, Europe::Berlin)], &history);
    assert_eq!(day("2026-11-17 08:00", "2026-11-17 10:00"), minutes(60, 60, 0, 0), "before the change");
    assert_eq!(day("2026-11-18 08:00", "2026-11-18 10:00"), minutes(120, 0, 0, 0), "after it");
    let over = stretch("2026-11-17 16:00", "2026-11-18 07:00", Europe::Berlin);
    assert_eq!(person_minutes(&[over], &history), minutes(60 + 60, 5 * 60, 8 * 60, 0), "each side of midnight by its own");
    let by_team = history.by_team(&[over]);
    let spans: Vec<_> = by_team.iter().map(|(team, s)| (*team, (s.end - s.start).num_hours())).collect();
    assert_eq!(spans, [(team(1), 8), (team(2), 7)]);
    assert_eq!(history.on(date("1960-01-01")).team, team(1), "the first holds before it as well");
    assert_eq!(WorkHistory::new(vec![]), WorkHistory::default());
}

fn shorts(stretches: &[(&str, &str)]) -> Vec<String> {
    let all: Vec<Stretch> = stretches.iter().map(|(from, to)| stretch(from, to, Europe::Berlin)).collect();
    short_rests(&all, &WorkPattern::default()).iter().map(ToString::to_string).collect()
}

#[test]
fn a_rest_is_short_where_no_eleven_hours_in_a_row_were_free() {
    // Tuesday 17 November; work 9:00 to 17:30, so 15.5 hours are free each night.
    assert_eq!(shorts(&[("2026-11-17 23:00", "2026-11-17 23:30")]), ["2026-11-18"], "9.5 hours until nine");
    assert_eq!(shorts(&[("2026-11-18 02:00", "2026-11-18 03:00")]), ["2026-11-18"], "8.5 and 6 hours");
    assert!(shorts(&[("2026-11-17 17:00", "2026-11-17 22:00")]).is_empty(), "eleven hours are enough");
    assert_eq!(shorts(&[("2026-11-17 17:00", "2026-11-17 22:01")]), ["2026-11-18"], "a minute less is not");
    assert!(shorts(&[("2026-11-18 05:00", "2026-11-18 09:00")]).is_empty(), "an early start after a whole evening");
    assert!(shorts(&[("2026-11-17 10:00", "2026-11-17 16:00")]).is_empty(), "within working hours");
    assert!(shorts(&[("2026-11-20 23:00", "2026-11-21 04:00")]).is_empty(), "no working day follows on Friday");
    let two = shorts(&[("2026-11-17 23:00", "2026-11-17 23:30"), ("2026-11-18 02:00", "2026-11-18 03:00")]);
    assert_eq!(two, ["2026-11-18"], "two calls before one day are one short rest");
}

#[test]
fn hours_that_leave_no_rest_of_their_own_are_not_told_of_incidents() {
    let long = hours(6, 20);
    let call = stretch("2026-11-17 21:00", "2026-11-17 22:00", Europe::Berlin);
    assert!(short_rests(&[call], &long).is_empty(), "ten hours were free without the call, too");
}

fn spans(base: DateTime<Utc>, parts: &[(i64, i64)], zone: Tz) -> Vec<Stretch> {
    let at = |seconds: i64| base + TimeDelta::seconds(seconds);
    parts.iter().map(|(from, long)| Stretch { start: at(*from), end: at(from + long), zone }).collect()
}

proptest! {
    #[test]
    fn no_minute_is_counted_twice_and_none_is_lost(
        base in any_instant(), zone in any_zone(), pattern in any_pattern(),
        tellings in proptest::collection::vec(proptest::collection::vec((0i64..50_000, 1i64..20_000), 1..5), 1..5),
    ) {
        // Whatever was told, told again and told late: all closings together count the union once.
        let (mut counted, mut told, mut sum) = (Vec::new(), Vec::new(), BandMinutes::default());
        for telling in &tellings {
            let new = spans(base, telling, zone);
            let left = without(&new, &counted);
            sum += person_minutes(&left, &pattern);
            counted.extend(left);
            told.extend(new);
        }
        prop_assert_eq!(sum, person_minutes(&told, &pattern));
        prop_assert!(without(&told, &counted).is_empty());
    }

    #[test]
    fn settings_that_change_after_a_stretch_change_nothing_of_it(
        base in any_instant(), parts in proptest::collection::vec((0i64..400_000, 60i64..80_000), 1..6), zone in any_zone(),
        before in any_pattern(), after in any_pattern(), days_later in 1u64..400,
    ) {
        let stretches = spans(base, &parts, zone);
        let last = stretches.iter().map(|s| s.end).max().unwrap().with_timezone(&zone).date_naive();
        let holds = |from: NaiveDate, number: u128, pattern: WorkPattern| InForce {
            from, team: team(number), calendar: WorkCalendar { pattern, holidays: Holidays::default() },
        };
        let as_it_was = WorkHistory::new(vec![holds(date("1970-01-01"), 1, before)]);
        let changed = WorkHistory::new(vec![holds(date("1970-01-01"), 1, before), holds(last + Days::new(days_later), 2, after)]);
        prop_assert_eq!(person_minutes(&stretches, &as_it_was), person_minutes(&stretches, &changed));
        prop_assert_eq!(as_it_was.by_team(&stretches), changed.by_team(&stretches));
        prop_assert_eq!(person_minutes(&stretches, &as_it_was), person_minutes(&stretches, &before), "one pattern, as without days");
        let cut: Vec<Stretch> = changed.by_team(&stretches).into_iter().map(|(_, stretch)| stretch).collect();
        prop_assert_eq!(person_minutes(&cut, &changed), person_minutes(&stretches, &changed), "cutting by team loses nothing");
    }
}
