//! A timeline event as a form holds it, all text, and how it is read.

use super::{EventKind, NewEvent, Precision};
use crate::incidents::typed::next;
use crate::walltime::{parse_clock, parse_local, parse_zone, to_utc};
use crate::{Invalid, text};
use chrono::{DateTime, NaiveTime, Utc};

/// A form about an event, as typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Typed<'a> {
    /// Day; empty: no time is known.
    pub date: &'a str,
    /// Time, `~` before it: about; empty: only the day is known.
    pub time: &'a str,
    /// Day of the end of a range; empty: the day of the start, or the next.
    pub until_date: &'a str,
    /// End of a range; empty: no range.
    pub until: &'a str,
    /// Zone of all times.
    pub zone: &'a str,
    /// Slug of the kind.
    pub kind: &'a str,
    /// What happened, Markdown.
    pub body: &'a str,
}

/// Reads a form about an event. Where the clocks make a time doubtful, the flag says what was taken.
///
/// # Errors
/// Fields `date`, `time`, `until_date`, `until`, `zone`, `kind`, `body`.
pub fn parse(typed: &Typed<'_>) -> Result<NewEvent, Invalid> {
    let mut invalid = Invalid::default();
    let when = invalid.take(read_when(typed));
    let start = when.as_ref().and_then(|w| w.at.filter(|_| w.precision != Precision::Date));
    let until = invalid.take(read_until(typed, start)).flatten();
    let zone = invalid.take(parse_zone(typed.zone)).map(|z| z.name().to_owned());
    let kind = EventKind::from_slug(typed.kind);
    if kind.is_none() {
        invalid.add("kind", "Please choose what kind of thing happened.");
    }
    let body = invalid.take(text::required("body", typed.body));
    invalid.fields.dedup_by(|a, b| a.field == b.field);
    let (Some(when), Some(zone), Some(kind), Some(body)) = (when, zone, kind, body) else { return Err(invalid) };
    invalid.or_ok()?;
    Ok(NewEvent {
        at: when.at,
        ends_at: until,
        precision: when.precision,
        as_written: String::new(),
        zone,
        kind,
        body,
        flag: when.flag,
        position: 0,
    })
}

struct When {
    at: Option<DateTime<Utc>>,
    precision: Precision,
    flag: String,
}

fn read_when(typed: &Typed<'_>) -> Result<When, Invalid> {
    let (date, time) = (typed.date.trim(), typed.time.trim());
    if date.is_empty() {
        return match time.is_empty() {
            true => Ok(When { at: None, precision: Precision::None, flag: String::new() }),
            false => Err(Invalid::one("date", "Please add the day, or leave the time empty as well.")),
        };
    }
    let (precision, clock) = match time.strip_prefix('~').or_else(|| time.strip_prefix("about ")) {
        Some(rest) => (Precision::About, rest.trim()),
        None if time.is_empty() => (Precision::Date, "00:00"),
        None => (Precision::Exact, time),
    };
    let resolved = parse_local(date, clock, typed.zone)?;
    let tz = parse_zone(typed.zone)?;
    let flag = if precision == Precision::Date { None } else { resolved.sentence(tz) };
    Ok(When { at: Some(resolved.at), precision, flag: flag.unwrap_or_default() })
}

fn read_until(typed: &Typed<'_>, start: Option<DateTime<Utc>>) -> Result<Option<DateTime<Utc>>, Invalid> {
    let (date, until) = (typed.until_date.trim(), typed.until.trim());
    if until.is_empty() {
        return Ok(None);
    }
    let misplaced = |_| Invalid::one("until", "Please write the end like 02:14 or 0214, from 00:00 to 23:59.");
    let clock: NaiveTime = parse_clock(until).map_err(misplaced)?;
    let (Some(start), Ok(tz)) = (start, parse_zone(typed.zone)) else {
        return Err(Invalid::one("until", "An end needs a start with its day and time."));
    };
    if date.is_empty() {
        return Ok(Some(next(start, clock, tz).at));
    }
    let day = chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d")
        .map_err(|_| Invalid::one("until_date", "Please write the date as year-month-day, like 2026-11-17."))?;
    let at = to_utc(tz, day.and_time(clock)).at;
    if at < start {
        Err(Invalid::one("until", "This is before the start. Please look at both times again."))
    } else {
        Ok(Some(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed<'static> {
        Typed {
            date: "2026-11-17",
            time: "23:50",
            zone: "Europe/Copenhagen",
            kind: "decision",
            body: "We wait.",
            ..Typed::default()
        }
    }

    fn at(text: &str) -> Option<DateTime<Utc>> {
        Some(DateTime::parse_from_rfc3339(text).unwrap().to_utc())
    }

    #[test]
    fn a_time_is_exact_about_a_day_or_nothing() {
        let read = |date, time| parse(&Typed { date, time, ..typed() }).map(|e| (e.at, e.precision)).unwrap();
        assert_eq!(read("2026-11-17", "2350"), (at("2026-11-17T22:50:00Z"), Precision::Exact));
        assert_eq!(read("2026-11-17", "~ 23.50"), (at("2026-11-17T22:50:00Z"), Precision::About));
        assert_eq!(read("2026-11-17", ""), (at("2026-11-16T23:00:00Z"), Precision::Date));
        assert_eq!(read("", " "), (None, Precision::None));
    }

    #[test]
    fn a_range_ends_at_the_next_such_time() {
        let read = |until, until_date| parse(&Typed { until, until_date, ..typed() }).map(|e| e.ends_at);
        assert_eq!(read("00:10", "").unwrap(), at("2026-11-17T23:10:00Z"));
        assert_eq!(read("23:55", "").unwrap(), at("2026-11-17T22:55:00Z"));
        assert_eq!(read("08:00", "2026-11-20").unwrap(), at("2026-11-20T07:00:00Z"));
        assert!(read("08:00", "2026-11-10").unwrap_err().message("until").is_some());
    }

    #[test]
    fn a_doubtful_time_is_flagged() {
        let event = parse(&Typed { date: "2026-10-25", time: "02:30", ..typed() }).unwrap();
        assert!(event.flag.contains("came twice"), "{}", event.flag);
        assert!(parse(&typed()).unwrap().flag.is_empty());
    }

    #[test]
    fn each_refusal_names_its_own_field() {
        let fields = |typed: Typed<'_>| parse(&typed).unwrap_err().fields.into_iter().map(|f| f.field).collect::<Vec<_>>();
        assert_eq!(fields(Typed { date: "x", kind: "party", body: "", ..typed() }), ["date", "kind", "body"]);
        assert_eq!(fields(Typed { date: "", ..typed() }), ["date"]);
        assert_eq!(fields(Typed { zone: "Mars", ..typed() }), ["zone"]);
        assert_eq!(fields(Typed { until: "soon", ..typed() }), ["until"]);
        assert_eq!(fields(Typed { time: "", until: "10:00", ..typed() }), ["until"]);
    }
}
