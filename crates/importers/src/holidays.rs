//! Holidays out of an iCalendar file (RFC 5545): its all-day events as days with names.
//!
//! Timed events are no holidays and are left out. A yearly repeat is followed (`INTERVAL`, `COUNT`, `UNTIL`, `BYMONTH`, `BYMONTHDAY`,
//! `BYDAY` within months, `EXDATE`, `RDATE`, changed occurrences); of any other repeat the first day alone is taken, and a note says so.

pub(crate) mod lines;
pub(crate) mod repeats;

use crate::decode;
use chrono::{Datelike, Days, NaiveDate};
use domain::holidays::{DAYS_MAX, Holiday, ImportedHolidays};
use domain::imported::Unreadable;
use domain::text;
use lines::{Line, content_lines};
use repeats::Repeat;
use std::collections::{BTreeMap, BTreeSet};

/// A longer event is a season, not a holiday.
const LONGEST: u64 = 31;
/// More notes than this help nobody.
const NOTES_MAX: usize = 20;

/// Reads a calendar's all-day events that fall into the years `first` to `last`.
///
/// Never fails: what was left out is in the notes, and a file that is no calendar gives no day and a note.
pub fn read_holidays(bytes: &[u8], first: i32, last: i32) -> ImportedHolidays {
    let decoded = match decode::decode(bytes) {
        Ok(decoded) => decoded,
        Err(reason) => return ImportedHolidays { days: Vec::new(), notes: vec![Unreadable { line: 0, reason }] },
    };
    let lines = content_lines(&decoded.text);
    let mut reader = Reader { first, last, ..Reader::default() };
    for reason in decoded.notes {
        reader.note(0, reason);
    }
    if !lines.iter().any(|l| l.is("BEGIN", "VCALENDAR")) {
        reader.note(0, "This is no calendar file: it has no BEGIN:VCALENDAR. Please choose a file that ends in .ics.".to_owned());
        return reader.done();
    }
    let events = events(&lines);
    let changed: BTreeSet<(&str, NaiveDate)> =
        events.iter().filter_map(|e| Some((e.value("UID")?, date(e.value("RECURRENCE-ID")?)?))).collect();
    for event in &events {
        reader.take(event, &changed);
    }
    reader.done()
}

/// One event: its lines without those of what is nested in it (alarms).
pub(crate) struct Event<'a> {
    pub(crate) line: usize,
    pub(crate) lines: Vec<&'a Line>,
}

impl Event<'_> {
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.lines.iter().find(|l| l.name == name).map(|l| l.value.as_str())
    }

    /// All dates of a property that may come several times and hold several.
    fn dates(&self, name: &str) -> Vec<NaiveDate> {
        let values = self.lines.iter().filter(|l| l.name == name);
        values.flat_map(|l| l.value.split(',')).filter_map(date).collect()
    }
}

pub(crate) fn events(lines: &[Line]) -> Vec<Event<'_>> {
    let mut events = Vec::new();
    let mut open: Option<Event<'_>> = None;
    let mut nested = 0usize;
    for line in lines {
        match open.as_mut() {
            None if line.is("BEGIN", "VEVENT") => open = Some(Event { line: line.number, lines: Vec::new() }),
            None => {}
            // An event that begins inside another: the end of the first is missing.
            Some(_) if line.is("BEGIN", "VEVENT") => {
                events.extend(open.replace(Event { line: line.number, lines: Vec::new() }));
                nested = 0;
            }
            Some(_) if line.is("END", "VEVENT") => {
                events.extend(open.take());
                nested = 0;
            }
            Some(_) if line.name == "BEGIN" => nested += 1,
            Some(_) if line.name == "END" => nested = nested.saturating_sub(1),
            Some(event) if nested == 0 => event.lines.push(line),
            Some(_) => {}
        }
    }
    // A file that was cut off: what stands in it counts.
    events.extend(open);
    events
}

#[derive(Default)]
struct Reader {
    first: i32,
    last: i32,
    days: BTreeMap<NaiveDate, Vec<String>>,
    notes: Vec<Unreadable>,
    more_notes: usize,
    timed: usize,
    outside: usize,
    full: bool,
}

impl Reader {
    fn note(&mut self, line: usize, reason: String) {
        if self.notes.len() < NOTES_MAX {
            self.notes.push(Unreadable { line, reason });
        } else {
            self.more_notes += 1;
        }
    }

    fn take(&mut self, event: &Event<'_>, changed: &BTreeSet<(&str, NaiveDate)>) {
        if event.value("STATUS").is_some_and(|s| s.eq_ignore_ascii_case("cancelled")) {
            return;
        }
        let name = name(event.value("SUMMARY").unwrap_or_default());
        let Some(start) = event.value("DTSTART") else {
            return self.note(event.line, format!("“{name}” has no day and was left out."));
        };
        let Some(first) = date(start) else {
            if start.contains('T') {
                self.timed += 1;
            } else {
                self.note(event.line, format!("The day of “{name}” could not be read; it was left out."));
            }
            return;
        };
        let length = length(event, first);
        if length > LONGEST {
            return self
                .note(event.line, format!("“{name}” lasts {length} days; more than {LONGEST} are no holiday. It was left out."));
        }
        let mut starts: BTreeSet<NaiveDate> = BTreeSet::from([first]);
        match event.value("RRULE").map(Repeat::parse) {
            None => {}
            Some(Ok(repeat)) => starts.extend(repeat.from(first, self.last)),
            Some(Err(why)) => self.note(event.line, format!("“{name}” {why}; its first day alone was taken.")),
        }
        starts.extend(event.dates("RDATE"));
        for gone in event.dates("EXDATE") {
            starts.remove(&gone);
        }
        if let (Some(uid), None) = (event.value("UID"), event.value("RECURRENCE-ID")) {
            starts.retain(|day| !changed.contains(&(uid, *day)));
        }
        for start in starts {
            for n in 0..length {
                self.day(start.checked_add_days(Days::new(n)), &name);
            }
        }
    }

    fn day(&mut self, day: Option<NaiveDate>, name: &str) {
        let Some(day) = day.filter(|d| (self.first..=self.last).contains(&d.year())) else {
            self.outside += 1;
            return;
        };
        if self.days.len() >= DAYS_MAX && !self.days.contains_key(&day) {
            self.full = true;
            return;
        }
        let names = self.days.entry(day).or_default();
        // Two names on a day stand beside each other as far as there is room.
        let room = names.iter().map(|n| n.chars().count() + 2).sum::<usize>() + name.chars().count() <= text::NAME_MAX;
        if !names.iter().any(|n| n == name) && (names.is_empty() || room) {
            names.push(name.to_owned());
        }
    }

    fn done(mut self) -> ImportedHolidays {
        let (first, last) = (self.first, self.last);
        let events = |n: usize| {
            if n == 1 {
                "1 event has a time of day and was".to_owned()
            } else {
                format!("{n} events have a time of day and were")
            }
        };
        if self.timed > 0 {
            self.notes.push(Unreadable {
                line: 0,
                reason: format!("{} left out: only all-day events are holidays.", events(self.timed)),
            });
        }
        if self.outside > 0 {
            let days = if self.outside == 1 { "1 day lies".to_owned() } else { format!("{} days lie", self.outside) };
            self.notes.push(Unreadable { line: 0, reason: format!("{days} before {first} or after {last} and were left out.") });
        }
        if self.full {
            self.notes.push(Unreadable { line: 0, reason: format!("More than {DAYS_MAX} days; the rest was left out.") });
        }
        if self.more_notes > 0 {
            self.notes.push(Unreadable { line: 0, reason: format!("{} more notes of this kind.", self.more_notes) });
        }
        if self.days.is_empty() && self.notes.is_empty() {
            self.notes.push(Unreadable { line: 0, reason: "This calendar has no event.".to_owned() });
        }
        let days = self.days.into_iter().map(|(day, names)| Holiday { day, name: names.join(", ") }).collect();
        ImportedHolidays { days, notes: self.notes }
    }
}

/// How many days an event covers, at least one. `DTEND` is the first day after it.
fn length(event: &Event<'_>, first: NaiveDate) -> u64 {
    let days = match (event.value("DTEND").and_then(date), event.value("DURATION")) {
        (Some(after), _) => (after - first).num_days(),
        (None, Some(duration)) => whole_days(duration).unwrap_or(1),
        (None, None) => 1,
    };
    u64::try_from(days).unwrap_or(1).max(1)
}

/// `P2D` or `P1W`.
fn whole_days(duration: &str) -> Option<i64> {
    let rest = duration.trim().trim_start_matches('+').strip_prefix('P')?;
    let (number, each) = match (rest.strip_suffix('D'), rest.strip_suffix('W')) {
        (Some(n), _) => (n, 1),
        (_, Some(n)) => (n, 7),
        _ => return None,
    };
    number.parse::<u16>().ok().map(|n| i64::from(n) * each)
}

/// `20261225`; a value with a time of day is none.
pub(crate) fn date(value: &str) -> Option<NaiveDate> {
    let value = value.trim();
    if value.len() != 8 || !value.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    NaiveDate::from_ymd_opt(value[..4].parse().ok()?, value[4..6].parse().ok()?, value[6..].parse().ok()?)
}

/// The name of an event: escapes read, on one line, as long as fits.
fn name(summary: &str) -> String {
    let line = one_line(summary);
    if line.is_empty() { "Holiday".to_owned() } else { line }
}

/// A text of the file: escapes read, on one line, as long as fits.
pub(crate) fn one_line(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(other) => plain.push(other),
                None => {}
            },
            (c, false) => plain.push(c),
        }
    }
    let line: String = plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(text::NAME_MAX).collect();
    line.trim().to_owned()
}
