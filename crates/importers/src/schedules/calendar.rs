//! The events of an iCalendar file as shifts.

use super::Taken;
use super::repeats::Repeat;
use crate::holidays::lines::{Line, content_lines};
use crate::holidays::{Event, date, events, one_line};
use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::walltime::to_utc;
use std::collections::{BTreeMap, BTreeSet};

/// A wall clock reading with its zone.
#[derive(Clone, Copy)]
struct Reading {
    wall: NaiveDateTime,
    zone: Tz,
    whole_day: bool,
}

impl Reading {
    fn at(self) -> DateTime<Utc> {
        to_utc(self.zone, self.wall).at
    }
}

/// Reads its events.
pub(super) fn read(text: &str, zone: Tz, until: DateTime<Utc>, taken: &mut Taken) {
    let lines = content_lines(text);
    let mut reader = Reader { zone, until, unknown: BTreeMap::new() };
    let events = events(&lines);
    let changed: BTreeSet<(&str, DateTime<Utc>)> =
        events.iter().filter_map(|e| Some((e.value("UID")?, reader.reading(property(e, "RECURRENCE-ID")?)?.at()))).collect();
    for event in &events {
        reader.take(event, &changed, taken);
    }
    for (name, line) in reader.unknown {
        taken.note(line, format!("The zone “{name}” is not known here; its times were read in {}.", zone.name()));
    }
}

fn property<'a>(event: &Event<'a>, name: &str) -> Option<&'a Line> {
    event.lines.iter().find(|line| line.name == name).copied()
}

struct Reader {
    zone: Tz,
    until: DateTime<Utc>,
    /// Names of zones that nobody knows, with the line where each stands first.
    unknown: BTreeMap<String, usize>,
}

impl Reader {
    fn reading(&mut self, line: &Line) -> Option<Reading> {
        self.value(line, line.value.trim())
    }

    fn value(&mut self, line: &Line, value: &str) -> Option<Reading> {
        if let Some(day) = date(value) {
            return Some(Reading { wall: day.and_time(NaiveTime::MIN), zone: self.zone, whole_day: true });
        }
        let (value, utc) = value.strip_suffix('Z').map_or((value, false), |value| (value, true));
        let wall = NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%S").ok()?;
        let zone = match (utc, line.parameter("TZID")) {
            (true, _) => Tz::UTC,
            (false, None) => self.zone,
            // Some write a path before the name.
            (false, Some(name)) => match name.parse().ok().or_else(|| after_path(name)?.parse().ok()) {
                Some(zone) => zone,
                None => {
                    self.unknown.entry(name.chars().take(60).collect()).or_insert(line.number);
                    self.zone
                }
            },
        };
        Some(Reading { wall, zone, whole_day: false })
    }

    fn take(&mut self, event: &Event<'_>, changed: &BTreeSet<(&str, DateTime<Utc>)>, taken: &mut Taken) {
        if event.value("STATUS").is_some_and(|state| state.trim().eq_ignore_ascii_case("cancelled")) {
            return;
        }
        let Some(start) = property(event, "DTSTART").and_then(|line| self.reading(line)) else {
            return taken.note(event.line, "The beginning of this event could not be read; it was left out.");
        };
        let Some(end) = self.end(event, start) else {
            return taken.note(event.line, "This event has no end that can be read; it was left out.");
        };
        let names = names(event);
        let last = self.until.with_timezone(&start.zone).date_naive();
        let days = match event.value("RRULE").map(Repeat::parse) {
            Some(Some(repeat)) => repeat.days(start.wall, last, |wall| Reading { wall, ..start }.at()),
            Some(None) => {
                taken.note(event.line, "This event repeats in a way that is not read here (neither daily nor weekly); its first time alone was taken.");
                vec![start.wall.date()]
            }
            None => vec![start.wall.date()],
        };
        if event.value("RDATE").is_some() {
            taken.note(event.line, "More single dates of this event (RDATE) are not read here and were left out.");
        }
        let gone = self.gone(event);
        let own = event.value("RECURRENCE-ID").is_none().then(|| event.value("UID")).flatten();
        for day in days {
            let wall = day.and_time(start.wall.time());
            let starts_at = Reading { wall, ..start }.at();
            let moved = wall - start.wall;
            let ends_at = Reading { wall: end.wall + moved, ..end }.at();
            let left_out = gone.contains(&starts_at) || own.is_some_and(|uid| changed.contains(&(uid, starts_at)));
            if !left_out {
                taken.shift(event.line, starts_at, ends_at, names.clone());
            }
        }
    }

    fn end(&mut self, event: &Event<'_>, start: Reading) -> Option<Reading> {
        if let Some(line) = property(event, "DTEND") {
            return self.reading(line);
        }
        let length = match event.value("DURATION") {
            Some(duration) => length(duration)?,
            None if start.whole_day => TimeDelta::days(1),
            None => return None,
        };
        Some(Reading { wall: start.wall.checked_add_signed(length)?, ..start })
    }

    /// Times of a repeat that were taken out.
    fn gone(&mut self, event: &Event<'_>) -> BTreeSet<DateTime<Utc>> {
        let mut gone = BTreeSet::new();
        for line in event.lines.iter().filter(|line| line.name == "EXDATE") {
            for value in line.value.split(',') {
                gone.extend(self.value(line, value.trim()).map(Reading::at));
            }
        }
        gone
    }
}

/// `/citadel.org/20250101_1/Europe/Madrid`.
fn after_path(name: &str) -> Option<&str> {
    let (rest, city) = name.rsplit_once('/')?;
    let region = rest.rsplit_once('/').map_or(rest, |(_, region)| region);
    name.get(name.len() - region.len() - city.len() - 1..)
}

/// `P7D`, `PT12H`, `P1DT8H30M`, `P1W`.
fn length(duration: &str) -> Option<TimeDelta> {
    let rest = duration.trim().trim_start_matches('+').strip_prefix('P')?;
    let (mut minutes, mut number, mut in_time) = (0i64, String::new(), false);
    for c in rest.chars() {
        let unit = match (c, in_time) {
            ('0'..='9', _) if number.len() < 6 => {
                number.push(c);
                continue;
            }
            ('T', false) => {
                in_time = true;
                continue;
            }
            ('W', false) => 7 * 24 * 60,
            ('D', false) => 24 * 60,
            ('H', true) => 60,
            ('M', true) => 1,
            ('S', true) => 0,
            _ => return None,
        };
        minutes += number.parse::<i64>().ok()? * unit;
        number.clear();
    }
    number.is_empty().then(|| TimeDelta::minutes(minutes))
}

/// Whom the event may name: who attends, then what its title says, whole and in parts (“On call - Ada Lund - Checkout”).
fn names(event: &Event<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in event.lines.iter().filter(|line| line.name == "ATTENDEE").take(5) {
        let value = one_line(&line.value);
        let address =
            value.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).map_or(value.as_str(), |_| &value[7..]);
        names.push(address.to_owned());
        names.extend(line.parameter("CN").map(one_line));
    }
    let title = one_line(event.value("SUMMARY").unwrap_or_default());
    names.push(title.clone());
    let marked =
        [" - ", " – ", " — ", ": ", " (", ")", ", ", " | "].into_iter().fold(title, |text, mark| text.replace(mark, "\n"));
    for part in marked.lines() {
        names.push(part.to_owned());
        let lower = part.to_lowercase();
        for words in ["on call", "on-call", "oncall"] {
            // Only where lower case is as long: else no place in it is one in the title.
            if lower.len() == part.len() && part.is_ascii() {
                names.extend(lower.strip_suffix(words).map(|rest| part[..rest.len()].trim_end_matches(" is ").to_owned()));
                names.extend(lower.strip_prefix(words).map(|rest| part[part.len() - rest.len()..].to_owned()));
            }
        }
    }
    let mut seen = BTreeSet::new();
    names.into_iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty() && seen.insert(name.clone())).collect()
}
