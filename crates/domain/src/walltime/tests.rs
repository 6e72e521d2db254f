//! Tests of the wall clock: readings, formats, bands against a minute by minute count.

mod by_day;

use super::*;
use crate::holidays::Holiday;
use chrono::Timelike;
use chrono_tz::{America, Asia, Australia, Europe, Pacific};
use proptest::prelude::*;

fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn utc(text: &str) -> DateTime<Utc> {
    wall(text).and_utc()
}

fn local(text: &str, tz: Tz) -> DateTime<Utc> {
    let resolved = to_utc(tz, wall(text));
    assert_eq!(resolved.note, None, "{text} should be plain");
    resolved.at
}

fn stretch(start: &str, end: &str, zone: Tz) -> Stretch {
    Stretch { start: local(start, zone), end: local(end, zone), zone }
}

fn minutes(working: i64, evening: i64, night: i64, weekend: i64) -> BandMinutes {
    BandMinutes { working, evening, night, weekend }
}

fn of(stretch: Stretch) -> BandMinutes {
    minutes_by_band(stretch.start, stretch.end, stretch.zone, &WorkPattern::default())
}

#[test]
fn zones_are_read_kindly_and_offered_without_aliases() {
    for name in ["Europe/Berlin", " europe/berlin ", "America/New York", "UTC", "Etc/GMT+3"] {
        assert!(parse_zone(name).is_ok(), "{name}");
    }
    assert!(parse_zone("Berlin").unwrap_err().message("zone").is_some());
    let offered = zones();
    assert!(offered.len() > 350 && offered.contains(&"UTC") && offered.contains(&"Asia/Kolkata"));
    assert!(offered.iter().all(|name| parse_zone(name).is_ok() && !name.starts_with("US/") && !name.starts_with("Etc/")));
}

#[test]
fn a_reading_in_the_spring_gap_moves_forward_by_the_gap() {
    let found = to_utc(Europe::Berlin, wall("2026-03-29 02:30"));
    assert_eq!(found.at, utc("2026-03-29 01:30"));
    assert_eq!(found.note, Some(WallNote::Skipped { asked: wall("2026-03-29 02:30") }));
    assert_eq!(
        found.sentence(Europe::Berlin).unwrap(),
        "The clocks went forward over 02:30 on 29 Mar 2026; 03:30 CEST was taken."
    );
    // Half an hour only on Lord Howe Island; a whole day on Samoa, which crossed the date line.
    assert_eq!(clock(to_utc(Australia::Lord_Howe, wall("2026-10-04 02:10")).at, Australia::Lord_Howe), "02:40");
    assert_eq!(absolute(to_utc(Pacific::Apia, wall("2011-12-30 12:00")).at, Pacific::Apia), "31 Dec 2011, 12:00 UTC+14");
}

#[test]
fn a_reading_that_came_twice_means_the_earlier() {
    let found = to_utc(Europe::Berlin, wall("2026-10-25 02:30"));
    assert_eq!(found.at, utc("2026-10-25 00:30"));
    assert_eq!(found.note, Some(WallNote::Twice { later: utc("2026-10-25 01:30") }));
    assert_eq!(
        found.sentence(Europe::Berlin).unwrap(),
        "02:30 came twice on 25 Oct 2026; the earlier one, 02:30 CEST, was taken."
    );
    assert_eq!(to_utc(Europe::Berlin, wall("2026-10-25 03:00")).note, None);
}

#[test]
fn times_are_read_as_people_type_them() {
    for text in ["0214", "2:14", "02:14", "2.14", "214", " 02.14 ", "02:14:00"] {
        assert_eq!(parse_clock(text).unwrap(), NaiveTime::from_hms_opt(2, 14, 0).unwrap(), "{text}");
    }
    for text in ["", "2", "24:00", "2:60", "12:3", "1:2:3", "ab:cd", "+2:14", "-214", "02:14 pm", "٠٢:١٤", "2:14:", "12345"] {
        assert!(parse_clock(text).is_err(), "{text}");
    }
}

#[test]
fn a_form_hears_of_every_field_that_cannot_be_read() {
    assert_eq!(parse_local("2026-11-17", "0211", "Europe/Berlin").unwrap().at, utc("2026-11-17 01:11"));
    let refused = parse_local("17.11.2026", "25:00", "Mars").unwrap_err();
    assert_eq!(refused.fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["date", "time", "zone"]);
    let refused = parse_local("0026-11-17", "02:11", "UTC").unwrap_err();
    assert_eq!(refused.fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["date"]);
}

#[test]
fn instants_are_written_with_their_zone() {
    let at = utc("2026-11-17 01:11");
    assert_eq!(absolute(at, Europe::Berlin), "17 Nov 2026, 02:11 CET");
    assert_eq!(absolute(at, America::Sao_Paulo), "16 Nov 2026, 22:11 UTC-03");
    assert_eq!((clock(at, Asia::Tokyo).as_str(), day(at, Asia::Tokyo).as_str()), ("10:11", "17 Nov 2026"));
}

#[test]
fn distances_are_told_in_the_nearest_unit() {
    let now = utc("2026-11-17 12:00");
    let cases = [
        ("2026-11-17 12:00", "just now"),
        ("2026-11-17 11:59", "1 minute ago"),
        ("2026-11-17 14:00", "in 2 hours"),
        ("2026-11-17 11:00", "1 hour ago"),
        ("2026-11-16 12:00", "1 day ago"),
        ("2026-11-12 11:00", "5 days ago"),
        ("2026-11-19 11:59", "in 2 days"),
        ("2026-08-17 12:00", "3 months ago"),
        ("2025-11-17 12:00", "1 year ago"),
        ("2023-11-01 12:00", "3 years ago"),
    ];
    for (at, told) in cases {
        assert_eq!(relative(utc(at), now), told, "{at}");
    }
    assert_eq!(relative(now + TimeDelta::seconds(40), now), "just now");
}

#[test]
fn the_wall_opens_at_nine_on_the_second_working_day() {
    let cases = [
        ("2026-11-17 15:00", "2026-11-19 09:00"), // Tuesday, Thursday
        ("2026-11-17 00:05", "2026-11-19 09:00"), // the same day's first minutes
        ("2026-11-19 15:00", "2026-11-23 09:00"), // Thursday, Monday
        ("2026-11-20 23:59", "2026-11-24 09:00"), // Friday, Tuesday
        ("2026-11-21 10:00", "2026-11-24 09:00"), // Saturday counts from Monday
        ("2026-11-22 10:00", "2026-11-24 09:00"), // Sunday too
        ("2026-03-27 10:00", "2026-03-31 09:00"), // over the change of the clocks
    ];
    for (published, opens) in cases {
        assert_eq!(
            add_working_days(local(published, Europe::Berlin), 2, Europe::Berlin, &Holidays::default()),
            local(opens, Europe::Berlin),
            "{published}"
        );
    }
    let at = utc("2026-11-17 15:00");
    let none = Holidays::default();
    assert_eq!(add_working_days(at, 0, Europe::Berlin, &none), at);
    // 23:30 UTC on Thursday is Friday in Tokyo.
    assert_eq!(add_working_days(utc("2026-11-19 23:30"), 1, Asia::Tokyo, &none), local("2026-11-23 09:00", Asia::Tokyo));
}

#[test]
fn the_wall_does_not_open_on_a_holiday_nor_count_it() {
    let holidays: Holidays = ["2026-12-24", "2026-12-25", "2026-12-26"]
        .map(|day| Holiday { day: day.parse().unwrap(), name: "Christmas".to_owned() })
        .into_iter()
        .collect();
    let cases = [
        ("2026-12-22 15:00", 1, "2026-12-23 09:00"), // before them nothing changes
        ("2026-12-22 15:00", 2, "2026-12-28 09:00"), // Wednesday, then Monday: the Saturday counts once
        ("2026-12-24 15:00", 2, "2026-12-29 09:00"), // published on a holiday
    ];
    for (published, days, opens) in cases {
        let told = add_working_days(local(published, Europe::Berlin), days, Europe::Berlin, &holidays);
        assert_eq!(told, local(opens, Europe::Berlin), "{published} {days}");
    }
    assert_eq!(
        add_working_days(utc("2026-12-24 10:00"), 0, Europe::Berlin, &holidays),
        utc("2026-12-24 10:00"),
        "none is at once"
    );
}

#[test]
fn a_call_in_the_night_is_cut_where_the_day_begins() {
    let pieces = {
        let s = stretch("2026-11-17 21:40", "2026-11-18 09:20", Europe::Berlin);
        split(s.start, s.end, s.zone, &WorkPattern::default())
    };
    let read: Vec<_> = pieces.iter().map(|p| (p.band, clock(p.start, Europe::Berlin), clock(p.end, Europe::Berlin))).collect();
    let expected = [
        (Band::Evening, "21:40", "22:00"),
        (Band::Night, "22:00", "06:00"),
        (Band::Evening, "06:00", "09:00"),
        (Band::Working, "09:00", "09:20"),
    ];
    assert_eq!(read, expected.map(|(band, start, end)| (band, start.to_owned(), end.to_owned())));
    assert_eq!(of(stretch("2026-11-17 09:00", "2026-11-17 18:00", Europe::Berlin)), minutes(510, 30, 0, 0));
    assert!(split(pieces[0].end, pieces[0].start, Europe::Berlin, &WorkPattern::default()).is_empty());
}

#[test]
fn weekends_are_days_off_and_their_nights_are_nights() {
    // Friday 16:00 to Monday 10:00.
    let sum = of(stretch("2026-11-20 16:00", "2026-11-23 10:00", Europe::Berlin));
    assert_eq!(sum, minutes(90 + 60, 270 + 180, 3 * 480, 2 * 960));
    // Somebody who works Sunday to Thursday has Friday off.
    let pattern = WorkPattern { days: [true, true, true, true, false, false, true], ..WorkPattern::default() };
    let friday = stretch("2026-11-20 10:00", "2026-11-20 11:00", Asia::Jerusalem);
    assert_eq!(minutes_by_band(friday.start, friday.end, friday.zone, &pattern), minutes(0, 0, 0, 60));
}

#[test]
fn late_shifts_past_midnight_belong_to_the_day_they_began_on() {
    let hours = |start, end| WorkPattern {
        start: NaiveTime::from_hms_opt(start, 0, 0).unwrap(),
        end: NaiveTime::from_hms_opt(end, 0, 0).unwrap(),
        ..WorkPattern::default()
    };
    let friday_late = stretch("2026-11-20 14:00", "2026-11-21 08:00", Europe::Berlin);
    let sum = |pattern: WorkPattern| minutes_by_band(friday_late.start, friday_late.end, friday_late.zone, &pattern);
    assert_eq!(sum(hours(16, 0)), minutes(360, 120, 480, 120), "until midnight");
    assert_eq!(sum(hours(22, 7)), minutes(60, 480, 480, 60), "the night stays a night, the last hour is work");
}

#[test]
fn nights_on_which_the_clocks_change_have_seven_or_nine_hours() {
    assert_eq!(of(stretch("2026-03-28 21:00", "2026-03-29 07:00", Europe::Berlin)), minutes(0, 0, 7 * 60, 120));
    assert_eq!(of(stretch("2026-10-24 21:00", "2026-10-25 07:00", Europe::Berlin)), minutes(0, 0, 9 * 60, 120));
}

#[test]
fn a_change_of_the_clocks_at_the_border_of_a_pattern_is_cut_there() {
    // Work begins at 02:30, which the clocks skip: from 03:00 on it is working time all the same, but night has precedence.
    let pattern = WorkPattern { start: NaiveTime::from_hms_opt(2, 30, 0).unwrap(), days: [true; 7], ..WorkPattern::default() };
    let s = stretch("2026-03-29 01:00", "2026-03-29 07:00", Europe::Berlin);
    assert_eq!(minutes_by_band(s.start, s.end, s.zone, &pattern), minutes(60, 0, 4 * 60, 0));
}

#[test]
fn two_incidents_at_once_count_once() {
    let one = stretch("2026-11-17 10:00", "2026-11-17 11:00", Europe::Berlin);
    let inside = stretch("2026-11-17 10:10", "2026-11-17 10:20", Europe::Berlin);
    let over = stretch("2026-11-17 10:30", "2026-11-17 11:30", Europe::Berlin);
    let apart = stretch("2026-11-17 22:00", "2026-11-17 22:05", Europe::Berlin);
    let all = [over, apart, inside, one, one];
    assert_eq!(person_minutes(&all, &WorkPattern::default()), minutes(90, 0, 5, 0));
    assert_eq!(merged(&all).len(), 2);
}

#[test]
fn a_stretch_is_shared_out_to_the_months_of_the_workers_own_calendar() {
    let s = stretch("2026-10-31 23:30", "2026-11-01 01:00", Asia::Tokyo);
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    let october = part_in_days(&s, date("2026-10-01"), date("2026-11-01")).unwrap();
    let november = part_in_days(&s, date("2026-11-01"), date("2026-12-01")).unwrap();
    assert_eq!((of(october).total(), of(november).total()), (30, 60));
    assert_eq!(october.end, november.start);
    assert_eq!(part_in_days(&s, date("2026-12-01"), date("2027-01-01")), None);
}

#[test]
fn a_night_is_disturbed_once_and_named_by_its_evening() {
    let nights = disturbed_nights(&[
        stretch("2026-11-17 22:10", "2026-11-17 22:20", Europe::Berlin),
        stretch("2026-11-18 02:00", "2026-11-18 02:30", Europe::Berlin),
        stretch("2026-11-18 06:00", "2026-11-18 22:00", Europe::Berlin),
        stretch("2026-11-20 05:59", "2026-11-20 06:30", Europe::Berlin),
    ]);
    let named: Vec<String> = nights.iter().map(ToString::to_string).collect();
    assert_eq!(named, ["2026-11-17", "2026-11-19"]);
    let start = local("2026-11-17 23:00", Europe::Berlin);
    let blink = Stretch { start, end: start + TimeDelta::seconds(50), zone: Europe::Berlin };
    assert!(disturbed_nights(&[blink]).is_empty(), "less than a minute");
}

#[test]
fn shares_and_rounding_say_what_they_say() {
    assert_eq!(minutes(60, 20, 10, 30).out_of_hours_share(), Some(0.5));
    assert_eq!(BandMinutes::default().out_of_hours_share(), None);
    assert_eq!(minutes(7, 8, 22, 23).to_quarter_hours(), minutes(0, 15, 15, 30));
    let json = serde_json::to_string(&minutes(1, 2, 3, 4)).unwrap();
    assert_eq!(json, r#"{"working":1,"evening":2,"night":3,"weekend":4}"#);
}

/// The band of one instant, written down a second time and differently.
fn band_of_minute(at: DateTime<Utc>, tz: Tz, pattern: &WorkPattern) -> Band {
    let there = at.with_timezone(&tz).naive_local();
    let minute = there.hour() * 60 + there.minute();
    let of_day = |time: NaiveTime| time.hour() * 60 + time.minute();
    let (from, to) = (of_day(pattern.start), of_day(pattern.end));
    let today = there.weekday().num_days_from_monday() as usize;
    let working = if from < to {
        pattern.days[today] && (from..to).contains(&minute)
    } else {
        (pattern.days[today] && minute >= from) || (pattern.days[(today + 6) % 7] && minute < to)
    };
    match minute {
        0..360 | 1320.. => Band::Night,
        _ if working => Band::Working,
        _ if pattern.days[today] => Band::Evening,
        _ => Band::Weekend,
    }
}

fn any_zone() -> impl Strategy<Value = Tz> {
    proptest::sample::select(zones()).prop_map(|name| parse_zone(name).unwrap())
}

fn any_pattern() -> impl Strategy<Value = WorkPattern> {
    (0u32..1440, 0u32..1440, any::<[bool; 7]>()).prop_map(|(start, end, days)| {
        let time = |minute: u32| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
        WorkPattern { start: time(start), end: time(end), days }
    })
}

/// Minutes since 1990: half of them anywhere up to 2060, half within three days of a change of the clocks in Europe or America.
fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    let anywhere = 10_519_200i64..47_300_000;
    let changes = [utc("2026-03-29 01:00"), utc("2026-10-25 01:00"), utc("2026-03-08 07:00"), utc("2026-11-01 06:00")];
    let near =
        (proptest::sample::select(changes.to_vec()), -4320i64..4320).prop_map(|(change, off)| change.timestamp() / 60 + off);
    prop_oneof![anywhere, near].prop_map(|minute| DateTime::from_timestamp(minute * 60, 0).unwrap())
}

proptest! {
    #[test]
    fn bands_agree_with_a_count_minute_by_minute(
        start in any_instant(), length in 0i64..4000, zone in any_zone(), pattern in any_pattern(),
    ) {
        let end = start + TimeDelta::minutes(length);
        let mut counted = BandMinutes::default();
        for minute in 0..length {
            match band_of_minute(start + TimeDelta::minutes(minute), zone, &pattern) {
                Band::Working => counted.working += 1,
                Band::Evening => counted.evening += 1,
                Band::Night => counted.night += 1,
                Band::Weekend => counted.weekend += 1,
            }
        }
        prop_assert_eq!(minutes_by_band(start, end, zone, &pattern), counted);
    }

    #[test]
    fn pieces_lie_end_to_end_and_sum_to_the_elapsed_minutes(
        start in any_instant(), seconds in 1i64..300_000, zone in any_zone(), pattern in any_pattern(), micros in 0i64..60_000_000,
    ) {
        let start = start + TimeDelta::microseconds(micros);
        let end = start + TimeDelta::seconds(seconds);
        let pieces = split(start, end, zone, &pattern);
        prop_assert_eq!((pieces[0].start, pieces[pieces.len() - 1].end), (start, end));
        for pair in pieces.windows(2) {
            prop_assert!(pair[0].end == pair[1].start && pair[0].band != pair[1].band);
        }
        prop_assert!(pieces.iter().all(|p| p.start < p.end));
        let elapsed = end.timestamp().div_euclid(60) - start.timestamp().div_euclid(60);
        prop_assert_eq!(minutes_by_band(start, end, zone, &pattern).total(), elapsed);
    }

    #[test]
    fn merged_stretches_count_each_minute_once_in_any_order(
        base in any_instant(), parts in proptest::collection::vec((0i64..600, 1i64..300), 1..8), zone in any_zone(),
        elsewhere in any_zone(), pattern in any_pattern(),
    ) {
        let zone_of = |number: usize| if number % 3 == 2 { elsewhere } else { zone };
        let mut stretches: Vec<Stretch> = parts.iter().enumerate().map(|(number, (from, long))| {
            let start = base + TimeDelta::minutes(*from);
            Stretch { start, end: start + TimeDelta::minutes(*long), zone: zone_of(number) }
        }).collect();
        let covered = (0..900).filter(|m| parts.iter().any(|(from, long)| (*from..from + long).contains(m))).count();
        let sum = person_minutes(&stretches, &pattern);
        prop_assert_eq!(sum.total(), covered as i64);
        prop_assert!(merged(&stretches).windows(2).all(|pair| pair[0].end <= pair[1].start));
        stretches.reverse();
        prop_assert_eq!(person_minutes(&stretches, &pattern), sum);
    }

    #[test]
    fn a_resolved_reading_shows_itself_unless_it_was_skipped(at in any_instant(), zone in any_zone()) {
        let reading = at.with_timezone(&zone).naive_local();
        let found = to_utc(zone, reading);
        match found.note {
            None => prop_assert_eq!(found.at, at),
            Some(WallNote::Twice { later }) => prop_assert!(found.at < later && (found.at == at || later == at)),
            Some(WallNote::Skipped { .. }) => prop_assert!(false, "an instant's own reading exists"),
        }
        let asked = reading + TimeDelta::minutes(37);
        let shown = to_utc(zone, asked).at.with_timezone(&zone).naive_local();
        prop_assert!(shown >= asked, "only ever forward");
    }

    #[test]
    fn the_wall_opens_on_a_working_day_after_n_of_them(at in any_instant(), n in 1u32..12, zone in any_zone()) {
        let opens = add_working_days(at, n, zone, &Holidays::default()).with_timezone(&zone);
        let published = at.with_timezone(&zone).date_naive();
        let working = |date: &NaiveDate| date.weekday().num_days_from_monday() < 5;
        prop_assert!(opens.date_naive() > published && working(&opens.date_naive()));
        let passed = published.iter_days().skip(1).take_while(|d| *d <= opens.date_naive()).filter(working).count();
        prop_assert_eq!(passed, n as usize);
        prop_assert!(opens.hour() >= 9);
    }
}

#[test]
fn what_is_told_has_been() {
    let now = utc("2026-11-17 10:00");
    for at in [None, Some(utc("2026-11-17 09:59")), Some(now + TimeDelta::minutes(5))] {
        assert!(has_been("time", at, now).is_ok(), "{at:?}");
    }
    let ahead = has_been("time", Some(now + TimeDelta::minutes(6)), now).unwrap_err();
    assert!(ahead.message("time").is_some_and(|m| m.contains("ahead")));
}

#[test]
fn a_holiday_is_a_day_off_and_leaves_nights_and_other_days_alone() {
    let christmas = NaiveDate::from_ymd_opt(2026, 12, 25).unwrap();
    assert_eq!(christmas.weekday(), chrono::Weekday::Fri);
    let holidays: Holidays = [Holiday { day: christmas, name: "Christmas".to_owned() }].into_iter().collect();
    let with = WorkCalendar { pattern: WorkPattern::default(), holidays };
    let plain = WorkCalendar::default();
    let (start, end) = (utc("2026-12-24 14:00"), utc("2026-12-25 12:00"));
    let told = |by: &WorkCalendar| minutes_by_band(start, end, chrono_tz::UTC, by);
    let (off, usual) = (told(&with), told(&plain));
    assert_eq!(usual, minutes_by_band(start, end, chrono_tz::UTC, &WorkPattern::default()), "no calendar: as before");
    assert_eq!(off.total(), usual.total(), "no minute is lost");
    assert_eq!(off.night, usual.night, "night stays night");
    assert_eq!((usual.working, usual.evening, usual.weekend), (210 + 180, 270 + 180, 0));
    assert_eq!((off.working, off.evening, off.weekend), (210, 270, 360), "06:00 to 12:00 of the holiday is a day off");
}
