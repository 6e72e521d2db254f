//! Schedules as tools and people write them.

use super::*;
use chrono_tz::Europe::Madrid;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn read(text: &str) -> ReadSchedule {
    read_schedule(text.as_bytes(), Madrid, at("2027-01-01T00:00:00Z"))
}

fn spans(read: &ReadSchedule) -> Vec<(String, String)> {
    let told = |at: DateTime<Utc>| at.format("%m-%dT%H:%M").to_string();
    read.shifts.iter().map(|shift| (told(shift.starts_at), told(shift.ends_at))).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
}

#[test]
fn a_table_is_read_with_zones_and_on_the_chosen_clock() {
    let table = "start,end,person\n\
        2026-11-02T09:00:00+01:00,2026-11-02T21:00:00+01:00,ada@example.org\n\
        2026-11-02 21:00,2026-11-03 09:00,Ben Ode <ben@example.org>\n\
        2026-11-03T08:00Z,2026-11-03 12:00:00+00:00,\"Lund, Ada\"\n\
        2026-11-04,2026-11-05,\n";
    let read = read(table);
    assert_eq!(read.notes, []);
    let expected = [
        ("11-02T08:00", "11-02T20:00"),
        ("11-02T20:00", "11-03T08:00"),
        ("11-03T08:00", "11-03T12:00"),
        ("11-03T23:00", "11-04T23:00"),
    ];
    assert_eq!(spans(&read), pairs(&expected));
    let names: Vec<Vec<&str>> = read.shifts.iter().map(|s| s.names.iter().map(String::as_str).collect()).collect();
    assert_eq!(names, [vec!["ada@example.org"], vec!["ben@example.org", "Ben Ode"], vec!["Lund, Ada"], vec![]]);
    assert_eq!(read.shifts[1].line, 3);
}

#[test]
fn other_headings_and_separators_are_known_and_addresses_come_first() {
    let read = read("Name;Email;From;Until;Notes\nAda;ada@example.org;2026-11-02 09:00;2026-11-03 09:00;swap\n");
    assert_eq!(read.shifts[0].names, ["ada@example.org", "Ada"]);
    assert_eq!(spans(&read), pairs(&[("11-02T08:00", "11-03T08:00")]));
}

#[test]
fn bad_lines_are_named_by_number_and_the_others_stay() {
    let table = "start,end,person\n2026-11-02 09:00,soon,ada\n2026-11-03 09:00,2026-11-02 09:00,ada\n\
        2026-01-01,2026-06-01,ada\n1826-01-01,1826-01-02,ada\n2026-11-05 09:00,2026-11-05 21:00,ada\n2026-11-05 09:00,2026-11-05 21:00,ada\n";
    let read = read(table);
    assert_eq!(spans(&read).len(), 1);
    let lines: Vec<usize> = read.notes.iter().map(|note| note.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 0], "{:?}", read.notes);
    assert!(read.notes[0].reason.contains("“soon”") && read.notes[4].reason.contains("twice"));
}

#[test]
fn a_table_without_headings_says_what_it_needs() {
    let read = read("2026-11-02 09:00,2026-11-03 09:00,ada\n");
    assert!(read.shifts.is_empty() && read.notes[0].reason.contains("start,end,person"), "{read:?}");
    assert_eq!(super::read_schedule(b"", Madrid, at("2027-01-01T00:00:00Z")).shifts, []);
}

fn calendar(events: &str) -> ReadSchedule {
    read(&format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n").replace('\n', "\r\n"))
}

#[test]
fn events_of_pagers_are_shifts_with_whoever_they_may_name() {
    let read = calendar(
        "BEGIN:VEVENT\nSUMMARY:On Call - Ada Lund - Checkout primary\nATTENDEE;CN=\"Lund; Ada\":mailto:ada@example.org\n\
         DTSTART;VALUE=DATE-TIME:20261102T080000Z\nDTEND;VALUE=DATE-TIME:20261109T080000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nSUMMARY:Ben Ode is on call\nDTSTART;TZID=Europe/London:20261109T080000\nDURATION:PT12H\nEND:VEVENT\n\
         BEGIN:VEVENT\nSUMMARY:Away\nSTATUS:CANCELLED\nDTSTART:20261201T080000Z\nDTEND:20261202T080000Z\nEND:VEVENT\n",
    );
    assert_eq!(read.notes, []);
    assert_eq!(spans(&read), pairs(&[("11-02T08:00", "11-09T08:00"), ("11-09T08:00", "11-09T20:00")]));
    assert_eq!(read.shifts[0].names[..2], ["ada@example.org", "Lund; Ada"]);
    assert!(read.shifts[0].names.iter().any(|name| name == "Ada Lund"));
    assert!(read.shifts[1].names.iter().any(|name| name == "Ben Ode"), "{:?}", read.shifts[1].names);
}

#[test]
fn weekly_and_daily_repeats_are_followed_through_summer_time_and_changes() {
    let read = calendar(
        "BEGIN:VEVENT\nUID:one\nSUMMARY:Ada\nDTSTART;TZID=Europe/Madrid:20261012T090000\nDTEND;TZID=Europe/Madrid:20261012T210000\n\
         RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=6;WKST=SU\nEXDATE;TZID=Europe/Madrid:20261028T090000\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:one\nRECURRENCE-ID;TZID=Europe/Madrid:20261026T090000\nSUMMARY:Ben\n\
         DTSTART;TZID=Europe/Madrid:20261026T100000\nDTEND;TZID=Europe/Madrid:20261026T220000\nEND:VEVENT\n\
         BEGIN:VEVENT\nSUMMARY:Cy\nDTSTART:20261215T000000Z\nDTEND:20261215T120000Z\nRRULE:FREQ=DAILY;UNTIL=20261217T000000Z\nEND:VEVENT\n",
    );
    assert_eq!(read.notes, []);
    let starts: Vec<String> = spans(&read).into_iter().map(|(start, _)| start).collect();
    let expected =
        ["10-12T07:00", "10-14T07:00", "10-26T09:00", "11-09T08:00", "11-11T08:00", "12-15T00:00", "12-16T00:00", "12-17T00:00"];
    assert_eq!(
        starts, expected,
        "two weeks apart, one changed, one taken out; nine in the morning before and after the change of clocks"
    );
}

#[test]
fn what_is_not_followed_is_said() {
    let read = calendar(
        "BEGIN:VEVENT\nSUMMARY:Ada\nDTSTART:20261102T080000Z\nDTEND:20261103T080000Z\nRRULE:FREQ=MONTHLY\nEND:VEVENT\n\
         BEGIN:VEVENT\nSUMMARY:Ben\nDTSTART;TZID=Nowhere Time:20261110T090000\nDTEND;TZID=Nowhere Time:20261111T090000\nEND:VEVENT\n\
         BEGIN:VEVENT\nSUMMARY:Whole day\nDTSTART;VALUE=DATE:20261120\nEND:VEVENT\n\
         BEGIN:VEVENT\nSUMMARY:Lost\nEND:VEVENT\n",
    );
    assert_eq!(spans(&read).len(), 3);
    assert_eq!(spans(&read)[2], ("11-19T23:00".to_owned(), "11-20T23:00".to_owned()));
    let said: Vec<&str> = read.notes.iter().map(|note| note.reason.as_str()).collect();
    assert!(said.iter().any(|s| s.contains("neither daily nor weekly")), "{said:?}");
    assert!(
        said.iter().any(|s| s.contains("“Nowhere Time” is not known here; its times were read in Europe/Madrid")),
        "{said:?}"
    );
    assert!(said.iter().any(|s| s.contains("beginning of this event")), "{said:?}");
}

#[test]
fn a_repeat_without_end_stops_where_it_was_asked_to() {
    let forever = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Ada\nDTSTART:20261225T080000Z\nDURATION:P1D\nRRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR";
    assert_eq!(read(forever).shifts.len(), 8, "up to the first of January");
}

proptest::proptest! {
    #[test]
    fn any_bytes_give_an_answer(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
        let _ = read_schedule(&bytes, Madrid, at("2027-01-01T00:00:00Z"));
    }

    #[test]
    fn any_event_gives_shifts_that_have_a_length(start in "[0-9TZ]{0,16}", rule in "[A-Z=;,0-9]{0,40}", title in ".{0,60}") {
        let text = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:{title}\nDTSTART:{start}\nDURATION:PT5H\nRRULE:FREQ=WEEKLY;{rule}\nEND:VEVENT\nEND:VCALENDAR");
        for shift in read(&text).shifts {
            assert!(shift.ends_at > shift.starts_at);
        }
    }
}
