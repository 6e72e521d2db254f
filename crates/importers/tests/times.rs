//! The times that people write in a timeline, one by one.

use domain::imported::{ImportedEvent, ImportedFile};
use domain::timeline::Precision;

fn timeline(zone: &str, rows: &[&str]) -> ImportedFile {
    let rows: String = rows.iter().map(|time| format!("| {time} | Something happened |\n")).collect();
    let text = format!(
        "# Title\n\n## Summary\n\nText.\n\n## Timeline\n\n{zone}\n\n| Time | Event |\n| --- | --- |\n{rows}\n## Lessons Learned\n\n- One\n"
    );
    importers::read_review("a.md", text.as_bytes())
}

fn event(zone: &str, time: &str) -> ImportedEvent {
    let file = timeline(zone, &[time]);
    file.incidents[0].events[0].clone()
}

fn at(event: &ImportedEvent) -> String {
    event.at.map(|t| t.format("%Y-%m-%dT%H:%M:%S").to_string()).unwrap_or_default()
}

fn ends(event: &ImportedEvent) -> String {
    event.ends_at.map(|t| t.format("%Y-%m-%dT%H:%M:%S").to_string()).unwrap_or_default()
}

#[test]
fn one_moment_is_read_however_it_is_written() {
    for time in [
        "2020-11-04 13:00",
        "2020-11-04 13:00:00",
        "2020-11-04T13:00Z",
        "2020-11-04T13:00:00.123Z",
        "2020-11-04T14:00+01:00",
        "2020-11-04T08:00-05:00",
        "2020-11-04 14:00 +0100",
        "2020-11-04 14:00 CET",
        "2020-11-04 14:00 (CET)",
        "2020-11-04 15:00 UTC+2",
        "2020-11-04 8:00 EST",
        "2020-11-04, 13:00",
        "2020-11-04 - 13:00",
        "2020/11/04 13:00",
        "2020.11.04 13:00",
        "20201104 13:00",
        "04-11-2020 13:00",
        "4.11.2020 13.00",
        "4 Nov 2020 13:00",
        "4. november 2020 kl. 13:00",
        "4th of November 2020, 13:00",
        "Nov 4, 2020 13:00",
        "04-Nov-2020 13:00",
        "Wed 4 Nov 2020 13:00",
        "13:00 on 4 Nov 2020",
        "2020-11-04 13.00",
        "2020-11-04 13h00",
        "2020-11-04 1300",
        "2020-11-04 1:00 PM",
        "2020-11-04 1pm",
        "2020-11-04 1 p.m.",
        "**2020-11-04 13:00**",
        "`2020-11-04 13:00`",
        "2020-11-04&nbsp;13:00",
        "2020‑11‑04 13:00",
        "2020-11-04<br>13:00",
        "[2020-11-04 13:00](https://chat.example.org/p1604494800)",
        "2020-11-04 13:00[^1]",
        "2020-11-04 14:00:00+01",
        "Wednesday, November 4th, 2020 at 8:00 AM EST",
        "2020-11-04 at 13:00",
        "13:00, 4 Nov 2020",
        "Nov. 4, 2020 13:00",
        "2020-11-04 13:00 hrs",
        "2020-11-4 13:00",
    ] {
        let event = event("All times in UTC.", time);
        assert_eq!((at(&event).as_str(), event.precision), ("2020-11-04T13:00:00", Precision::Exact), "{time}: {}", event.flag);
        assert_eq!(event.as_written, time);
    }
}

#[test]
fn about_is_heard_in_every_form() {
    for time in [
        "~2020-11-04 10:45",
        "2020-11-04 ~10:45",
        "2020-11-04 10:45~",
        "ca. 2020-11-04 10:45",
        "2020-11-04 ca 10:45",
        "2020-11-04 approx. 10:45",
        "2020-11-04 around 10:45",
        "2020-11-04 10:45 (approx)",
        "2020-11-04 10:45?",
        "2020-11-04 10:45ish",
        "2020-11-04 \\~10:45",
        "circa 2020-11-04 10:45",
        "2020-11-04 shortly after 10:45",
    ] {
        let event = event("All times in UTC.", time);
        assert_eq!((at(&event).as_str(), event.precision), ("2020-11-04T10:45:00", Precision::About), "{time}");
    }
}

#[test]
fn a_range_is_one_event_with_an_end() {
    for (time, start, end) in [
        ("2020-11-04 09:00 - 11:00", "2020-11-04T09:00:00", "2020-11-04T11:00:00"),
        ("2020-11-04 09:00-11:00", "2020-11-04T09:00:00", "2020-11-04T11:00:00"),
        ("2020-11-04 09:00 – 11:00", "2020-11-04T09:00:00", "2020-11-04T11:00:00"),
        ("2020-11-04 09:00 to 11:00", "2020-11-04T09:00:00", "2020-11-04T11:00:00"),
        ("2020-11-04 from 09:00 until 11:00", "2020-11-04T09:00:00", "2020-11-04T11:00:00"),
        ("2020-11-04 13:00 - 2020-11-05 02:00", "2020-11-04T13:00:00", "2020-11-05T02:00:00"),
        ("2020-11-04T13:00Z → 2020-11-05T02:00Z", "2020-11-04T13:00:00", "2020-11-05T02:00:00"),
        ("2020-11-04 23:30 - 00:15", "2020-11-04T23:30:00", "2020-11-05T00:15:00"),
        ("2020-11-04 22:00 - 24:00", "2020-11-04T22:00:00", "2020-11-05T00:00:00"),
        ("2020-11-04 1:05 - 1:30 PM", "2020-11-04T13:05:00", "2020-11-04T13:30:00"),
        ("2020-11-04 09:00 - 09:00", "2020-11-04T09:00:00", ""),
        ("2020-11-04 09:00 -", "2020-11-04T09:00:00", ""),
        ("2020-11-04 09:00 - now", "2020-11-04T09:00:00", ""),
    ] {
        let event = event("All times in UTC.", time);
        assert_eq!((at(&event).as_str(), ends(&event).as_str(), event.flag.as_str()), (start, end, ""), "{time}");
    }
    let backwards = event("All times in UTC.", "2020-11-05 13:00 - 2020-11-04 14:00");
    assert_eq!((ends(&backwards).as_str(), backwards.flag.is_empty()), ("", false));
}

#[test]
fn a_day_without_a_time_is_a_date() {
    for time in
        ["2020-11-04", "2020-11-04 --:--", "2020-11-04 morning", "4 Nov 2020", "Wednesday 4 November 2020", "2020-11-04 ??:??"]
    {
        let event = event("All times in UTC.", time);
        assert_eq!((at(&event).as_str(), event.precision), ("2020-11-04T00:00:00", Precision::Date), "{time}");
    }
    assert_eq!(at(&event("All times in CET.", "2020-11-04")), "2020-11-03T23:00:00");
}

#[test]
fn the_end_of_a_day_is_the_start_of_the_next() {
    assert_eq!(at(&event("All times in UTC.", "2020-11-04 24:00")), "2020-11-05T00:00:00");
}

#[test]
fn an_unreadable_time_keeps_its_row_and_is_reported_with_its_line() {
    for time in [
        "20202-11-04 13:00",
        "2020-13-04 13:00",
        "2020-02-30 10:00",
        "2020-11-04 25:00",
        "2020-11-04 10:75",
        "0220-11-04 13:00",
        "2020-011-04 13:00",
        "soon",
        "T+5",
        "12345",
        "2020-11-04 13:000",
        "20-11-04 13:00",
        "13:00 and a bit 7",
        "?",
        "",
        "XX:XX",
        "2020-11-04 24:30",
    ] {
        let file = timeline("All times in UTC.", &["2020-11-04 09:00", time, "2020-11-04 15:00"]);
        let events = &file.incidents[0].events;
        assert_eq!(events.len(), 3, "{time}");
        assert_eq!((events[1].at, events[1].precision, events[1].as_written.as_str()), (None, Precision::None, time));
        assert_eq!(events[1].body, "Something happened");
        assert!(!events[1].flag.is_empty());
        assert_eq!(file.unreadable.iter().map(|u| u.line).collect::<Vec<_>>(), [14], "{time}");
        assert_eq!(at(&events[2]), "2020-11-04T15:00:00");
    }
}

#[test]
fn a_time_alone_takes_the_day_before_it_and_rolls_over_midnight() {
    let file = timeline("All times in UTC.", &["2020-11-04 23:10", "23:50", "00:10", "~00:20", "1:05 AM"]);
    let events = &file.incidents[0].events;
    let found: Vec<(String, bool)> = events.iter().map(|e| (at(e), e.flag.is_empty())).collect();
    let wanted = [
        ("2020-11-04T23:10:00", true),
        ("2020-11-04T23:50:00", true),
        ("2020-11-05T00:10:00", false),
        ("2020-11-05T00:20:00", true),
        ("2020-11-05T01:05:00", true),
    ];
    assert_eq!(found, wanted.map(|(t, f)| (t.to_owned(), f)));
}

#[test]
fn rows_a_little_out_of_order_stay_on_their_day_and_are_flagged() {
    let file = timeline("All times in UTC.", &["2020-11-04 15:50", "14:30"]);
    let late = &file.incidents[0].events[1];
    assert_eq!((at(late).as_str(), late.flag.is_empty()), ("2020-11-04T14:30:00", false));
}

#[test]
fn a_zone_in_summer_that_says_winter_is_the_wall_clock_and_flagged() {
    let summer = event("All times in CET.", "2020-06-09 11:00");
    assert_eq!(at(&summer), "2020-06-09T09:00:00");
    assert!(summer.flag.contains("CET") && summer.flag.contains("Copenhagen"), "{}", summer.flag);
    let winter = event("All times in CET.", "2020-01-09 11:00");
    assert_eq!((at(&winter).as_str(), winter.flag.as_str()), ("2020-01-09T10:00:00", ""));
    let both = event("All times in CET/CEST.", "2020-06-09 11:00");
    assert_eq!((at(&both).as_str(), both.flag.as_str()), ("2020-06-09T09:00:00", ""));
    let right = event("All times in CEST.", "2020-06-09 11:00");
    assert_eq!((at(&right).as_str(), right.flag.as_str()), ("2020-06-09T09:00:00", ""));
    assert!(!event("All times in CEST.", "2020-01-09 11:00").flag.is_empty());
}

#[test]
fn hours_that_the_clocks_skip_or_repeat_are_flagged() {
    let skipped = event("All times in CET.", "2021-03-28 02:30");
    assert_eq!((at(&skipped).as_str(), skipped.flag.is_empty()), ("2021-03-28T01:30:00", false));
    let twice = event("All times in CET.", "2021-10-31 02:30");
    assert_eq!((at(&twice).as_str(), twice.flag.is_empty()), ("2021-10-31T00:30:00", false));
    let named = event("All times in CET.", "2021-10-31 02:30 CET");
    assert_eq!((at(&named).as_str(), named.flag.as_str()), ("2021-10-31T01:30:00", ""));
}

#[test]
fn zones_are_known_by_many_names() {
    for (line, zone) in [
        ("All times in UTC.", "UTC"),
        ("All times in GMT", "UTC"),
        ("*All times are CET.*", "Europe/Copenhagen"),
        ("Times: CE(S)T", "Europe/Copenhagen"),
        ("All times are in **CET** (UTC+1)", "Europe/Copenhagen"),
        ("Times in this document are in cest", "Europe/Copenhagen"),
        ("Timezone: Europe/Copenhagen", "Europe/Copenhagen"),
        ("All times local time in Copenhagen", "Europe/Copenhagen"),
        ("All times PST", "America/Los_Angeles"),
        ("*(All times US/Pacific, 24-hour clock.)*", "America/Los_Angeles"),
        ("All times are EST (UTC-5)", "America/New_York"),
        ("All times in UTC+1", "Etc/GMT-1"),
        ("All times in BST", "Europe/London"),
        ("> All times in CET", "Europe/Copenhagen"),
        ("", "UTC"),
    ] {
        assert_eq!(timeline(line, &["2020-11-04 13:00"]).incidents[0].zone, zone, "{line}");
    }
}

#[test]
fn a_header_may_name_the_zone() {
    for (header, zone) in [
        ("Time (UTC)", "UTC"),
        ("Date and Time in CET", "Europe/Copenhagen"),
        ("Time [CEST]", "Europe/Copenhagen"),
        ("UTC", "UTC"),
    ] {
        let text = format!("# T\n\n## Timeline\n\n| {header} | Event |\n|---|---|\n| 2020-11-04 13:00 | A |\n");
        let file = importers::read_review("a.md", text.as_bytes());
        assert_eq!((file.incidents[0].zone.as_str(), file.incidents[0].events.len()), (zone, 1), "{header}");
    }
}

#[test]
fn month_first_is_recognised_by_what_else_the_timeline_says() {
    let file = timeline("All times in UTC.", &["06-10-2025 10:00", "06-20-2025 10:00"]);
    assert_eq!(at(&file.incidents[0].events[0]), "2025-06-10T10:00:00");
    let file = timeline("All times PST.", &["06/10/2025 10:00"]);
    assert_eq!(at(&file.incidents[0].events[0]), "2025-06-10T17:00:00");
    let file = timeline("All times in UTC.", &["06-10-2025 10:00", "20-10-2025 10:00"]);
    assert_eq!(at(&file.incidents[0].events[0]), "2025-10-06T10:00:00");
}
