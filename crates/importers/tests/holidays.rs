//! Calendars as people export them, and what may be wrong with a file.

use chrono::{Datelike, NaiveDate};
use domain::holidays::{DAYS_MAX, ImportedHolidays};
use importers::{MAX_BYTES, read_holidays};
use proptest::prelude::*;

fn calendar(events: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", events.replace('\n', "\r\n"))
}

fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\n{lines}\nEND:VEVENT\n")
}

fn read(lines: &str) -> ImportedHolidays {
    read_holidays(calendar(&event(lines)).as_bytes(), 2024, 2028)
}

fn days(read: &ImportedHolidays) -> Vec<String> {
    read.days.iter().map(|h| h.day.to_string()).collect()
}

fn notes(read: &ImportedHolidays) -> String {
    read.notes.iter().map(|n| n.reason.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_all_day_event_is_a_day_with_its_name() {
    let one = read("UID:1\nSUMMARY:Store bededag\\, in Denm\n ark\nDTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260502");
    assert_eq!(days(&one), ["2026-05-01"]);
    assert_eq!(one.days[0].name, "Store bededag, in Denmark");
    assert!(one.notes.is_empty(), "{one:?}");
    let two = read("SUMMARY:Christmas\nDTSTART:20261225\nDTEND:20261227");
    assert_eq!(days(&two), ["2026-12-25", "2026-12-26"]);
    assert_eq!(days(&read("SUMMARY:x\nDTSTART:20261225\nDURATION:P2D")).len(), 2);
    assert_eq!(days(&read("SUMMARY:x\nDTSTART:20261225\nDTEND:20261225")).len(), 1, "an end that is no end");
    let nameless = read("DTSTART;X=\"a:b\":20261225");
    assert_eq!(nameless.days[0].name, "Holiday");
}

#[test]
fn an_event_with_a_time_is_no_holiday_and_the_note_says_so() {
    let timed = read("SUMMARY:Meeting\nDTSTART;TZID=Europe/Berlin:20261225T100000\nDTEND:20261225T110000");
    assert!(timed.days.is_empty());
    assert!(notes(&timed).contains("1 event has a time of day"), "{timed:?}");
}

#[test]
fn yearly_repeats_are_followed_within_the_years() {
    let fixed = read("SUMMARY:New Year\nDTSTART:20200101\nRRULE:FREQ=YEARLY");
    assert_eq!(days(&fixed), ["2024-01-01", "2025-01-01", "2026-01-01", "2027-01-01", "2028-01-01"]);
    assert!(notes(&fixed).contains("4 days lie before 2024"), "{}", notes(&fixed));
    let thanksgiving = read("SUMMARY:Thanksgiving\nDTSTART:20241128\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH");
    assert_eq!(days(&thanksgiving), ["2024-11-28", "2025-11-27", "2026-11-26", "2027-11-25", "2028-11-23"]);
    let memorial = read("SUMMARY:Memorial Day\nDTSTART:20240527\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;UNTIL=20261231");
    assert_eq!(days(&memorial), ["2024-05-27", "2025-05-26", "2026-05-25"]);
    let counted = read("SUMMARY:x\nDTSTART:20240601\nRRULE:FREQ=YEARLY;INTERVAL=2;COUNT=2");
    assert_eq!(days(&counted), ["2024-06-01", "2026-06-01"]);
    let leap = read("SUMMARY:x\nDTSTART:20240229\nRRULE:FREQ=YEARLY");
    assert_eq!(days(&leap), ["2024-02-29", "2028-02-29"]);
    // The Tuesday after the first Monday of November.
    let election = read("SUMMARY:x\nDTSTART:20241105\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;INTERVAL=2");
    assert_eq!(days(&election), ["2024-11-05", "2026-11-03", "2028-11-07"]);
    let last = read("SUMMARY:x\nDTSTART:20240229\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1;COUNT=3");
    assert_eq!(days(&last), ["2024-02-29", "2025-02-28", "2026-02-28"]);
}

#[test]
fn occurrences_that_were_taken_out_or_moved_are_respected() {
    let without =
        read("SUMMARY:x\nDTSTART:20240501\nRRULE:FREQ=YEARLY;COUNT=3\nEXDATE;VALUE=DATE:20250501\nRDATE;VALUE=DATE:20250502");
    assert_eq!(days(&without), ["2024-05-01", "2025-05-02", "2026-05-01"]);
    let moved = calendar(&format!(
        "{}{}",
        event("UID:a\nSUMMARY:King’s Day\nDTSTART:20240427\nRRULE:FREQ=YEARLY;COUNT=3"),
        event("UID:a\nRECURRENCE-ID;VALUE=DATE:20250427\nSUMMARY:King’s Day\nDTSTART:20250426")
    ));
    assert_eq!(days(&read_holidays(moved.as_bytes(), 2024, 2028)), ["2024-04-27", "2025-04-26", "2026-04-27"]);
    let cancelled = read("SUMMARY:x\nSTATUS:CANCELLED\nDTSTART:20240501");
    assert!(cancelled.days.is_empty() && !cancelled.notes.is_empty());
}

#[test]
fn other_repeats_leave_the_first_day_and_a_clear_sentence() {
    for (rule, words) in [
        ("FREQ=WEEKLY;BYDAY=FR", "repeats weekly, and only yearly repeats are read"),
        ("FREQ=YEARLY;BYWEEKNO=20", "not read here"),
        ("FREQ=YEARLY;BYDAY=3MO", "not read here"),
        ("FREQ=YEARLY;INTERVAL=0", "not read here"),
        ("FREQ=YEARLY;COUNT=-1", "not read here"),
        ("nonsense", "not read here"),
    ] {
        let read = read(&format!("SUMMARY:Free Friday\nDTSTART:20260501\nRRULE:{rule}"));
        assert_eq!(days(&read), ["2026-05-01"], "{rule}");
        assert!(notes(&read).contains(words) && notes(&read).contains("first day alone"), "{rule}: {}", notes(&read));
        assert_eq!(read.notes[0].line, 3, "the note names the event's line");
    }
}

#[test]
fn what_is_no_calendar_says_what_to_choose() {
    for bytes in [&b""[..], b"\0\0\0\0", b"hello", b"{}", b"BEGIN:VEVENT\nDTSTART:20260101\nEND:VEVENT", b"\x89PNG\r\n\x1a\n"] {
        let read = read_holidays(bytes, 2024, 2028);
        assert!(read.days.is_empty() && !read.notes.is_empty(), "{bytes:?}");
    }
    assert!(notes(&read_holidays(b"hello", 2024, 2028)).contains(".ics"));
    let large = vec![b'a'; MAX_BYTES + 1];
    assert!(notes(&read_holidays(&large, 2024, 2028)).contains("larger than"));
    assert!(notes(&read_holidays(calendar("").as_bytes(), 2024, 2028)).contains("no event"));
}

#[test]
fn a_season_a_flood_and_a_missing_day_are_left_out_in_words() {
    assert!(notes(&read("SUMMARY:Summer\nDTSTART:20260601\nDTEND:20260901")).contains("lasts 92 days"));
    assert!(notes(&read("SUMMARY:Nothing")).contains("has no day"));
    assert!(notes(&read("SUMMARY:Odd\nDTSTART:20261345")).contains("could not be read"));
    let each_day: String = (0..1500)
        .map(|n| {
            let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::Days::new(n);
            event(&format!("SUMMARY:Day {n}\nDTSTART:{}", day.format("%Y%m%d")))
        })
        .collect();
    let flood = read_holidays(calendar(&each_day).as_bytes(), 2024, 2028);
    assert_eq!(flood.days.len(), DAYS_MAX);
    assert!(notes(&flood).contains("More than"));
    let bad: String = (0..100).map(|_| event("SUMMARY:x")).collect();
    let many = read_holidays(calendar(&bad).as_bytes(), 2024, 2028);
    assert!(many.notes.len() <= 22 && notes(&many).contains("80 more notes"));
}

#[test]
fn two_names_on_a_day_and_markup_stay_text() {
    let both = calendar(&format!(
        "{}{}",
        event("SUMMARY:<b>May</b> Day\nDTSTART:20260501"),
        event("SUMMARY:Labour Day\nDTSTART:20260501")
    ));
    let read = read_holidays(both.as_bytes(), 2024, 2028);
    assert_eq!(read.days[0].name, "<b>May</b> Day, Labour Day");
    let cut = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Cut off\nDTSTART:20260501\nBEGIN:VALARM\nDTSTART:20260601";
    assert_eq!(days(&read_holidays(cut.as_bytes(), 2024, 2028)), ["2026-05-01"], "an alarm's own lines are not the event's");
}

const SEED: &str = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:A\\nb\\, é\r\nDTSTART;VALUE=DATE:20240229\r\nDTEND;VALUE=DATE:20240302\r\nRRULE:FREQ=YEARLY;BYMONTH=2,11;BYDAY=-1TH,2MO;BYMONTHDAY=-1,2;COUNT=9;UNTIL=20280101T000000Z\r\nEXDATE:20250228,20260228\r\nBEGIN:VALARM\r\nTRIGGER:-P1D\r\nEND:VALARM\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:20260228\r\nDTSTART:20260301\r\nDURATION:P1W\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

fn check(bytes: &[u8]) {
    let read = read_holidays(bytes, 2024, 2028);
    assert!(!read.days.is_empty() || !read.notes.is_empty(), "an answer without a word");
    assert!(read.days.len() <= DAYS_MAX && read.days.windows(2).all(|two| two[0].day < two[1].day));
    for holiday in &read.days {
        assert!((2024..=2028).contains(&holiday.day.year()));
        assert_eq!(domain::holidays::parse(&holiday.day.to_string(), &holiday.name).as_ref(), Ok(holiday), "could not be typed");
    }
}

#[test]
fn every_truncation_gives_an_answer() {
    for end in 0..=SEED.len() {
        check(&SEED.as_bytes()[..end]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes);
        check(&[b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n".as_slice(), &bytes].concat());
    }

    #[test]
    fn any_value(name in "\\PC{0,60}", day in "[0-9TZ]{0,12}", rule in "[A-Z0-9=;,-]{0,50}") {
        check(calendar(&event(&format!("SUMMARY:{name}\nDTSTART:{day}\nRRULE:{rule}"))).as_bytes());
        check(calendar(&event(&format!("SUMMARY:{name}\nDTSTART:20240229\nDTEND:{day}\nRRULE:FREQ=YEARLY;{rule}"))).as_bytes());
    }

    #[test]
    fn any_splice(at in 0..SEED.len(), from in 0..SEED.len(), junk in proptest::collection::vec(any::<u8>(), 0..10)) {
        let bytes = SEED.as_bytes();
        check(&[&bytes[..at], &junk, &bytes[from..]].concat());
    }
}
