//! A timeline event as a form holds it, all text, and how it is read.

use super::details::{TypedSource, read_sources};
use super::hypothesis::{HypothesisState, NewHypothesis};
use super::{EventDetails, EventKind, EventSource, NewEvent, Placement, Precision};
use crate::incidents::typed::{next, renamed};
use crate::walltime::{parse_clock, parse_local, parse_zone, to_utc};
use crate::{Invalid, text};
use chrono::{DateTime, NaiveTime, Utc};

/// A form about an event, as typed.
#[derive(Clone, Debug, Default)]
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
    /// Role of who acted.
    pub role: &'a str,
    /// What to ask about it, Markdown.
    pub question: &'a str,
    /// `later`: nobody in the response knew it then.
    pub knowledge: &'a str,
    /// Day of the time that a record gives; empty: the day of the event.
    pub recorded_date: &'a str,
    /// Time that a record gives; empty: none.
    pub recorded_time: &'a str,
    /// Where it is shown.
    pub sources: Vec<TypedSource<'a>>,
    /// Attachments that show it, as they were chosen.
    pub attached: Vec<EventSource>,
    /// Slug of what became of a mitigation action; empty: not said. Looked at for mitigation actions alone.
    pub placement: &'a str,
    /// Day on which it was undone or made permanent; empty: not known.
    pub settled_date: &'a str,
    /// Time of that; empty: the day alone.
    pub settled_time: &'a str,
}

/// Reads a form about an event. Where the clocks make a time doubtful, the flag says what was taken.
///
/// # Errors
/// Fields `date`, `time`, `until_date`, `until`, `zone`, `kind`, `body`, `role`, `question`, `recorded_date`, `recorded_time`, `sources`,
/// `placement`, `settled_date`, `settled_time`.
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
    let details = invalid.take(read_details(typed, kind == Some(EventKind::Mitigation), start));
    invalid.fields.dedup_by(|a, b| a.field == b.field);
    let (Some(when), Some(zone), Some(kind), Some(body), Some(details)) = (when, zone, kind, body, details) else {
        return Err(invalid);
    };
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
        details,
        position: 0,
    })
}

/// What is known beside when and what.
fn read_details(typed: &Typed<'_>, mitigates: bool, start: Option<DateTime<Utc>>) -> Result<EventDetails, Invalid> {
    let mut invalid = Invalid::default();
    let role = invalid.take(text::optional_line("role", typed.role, text::NAME_MAX));
    let question = invalid.take(text::long("question", typed.question));
    let recorded_date = if typed.recorded_date.trim().is_empty() { typed.date } else { typed.recorded_date };
    let recorded_at = invalid.take(read_one("recorded", recorded_date, typed.recorded_time, typed.zone));
    let sources = invalid.take(read_sources(typed.sources.iter().copied(), &typed.attached));
    let mut placement = Placement::Unsaid;
    let mut settled_at = None;
    if mitigates {
        match Placement::from_slug(typed.placement) {
            Some(read) => placement = read,
            None => invalid.add("placement", "Please choose what became of it."),
        }
    }
    if placement.is_settled() {
        let time = match (typed.settled_date.trim(), typed.settled_time.trim()) {
            (day, "") if !day.is_empty() => "00:00",
            (_, time) => time,
        };
        settled_at = invalid.take(read_one("settled", typed.settled_date, time, typed.zone)).flatten();
        // The day alone begins at its midnight.
        let before = |at: DateTime<Utc>| start.is_some_and(|start| at < start) && !typed.settled_time.trim().is_empty();
        if settled_at.is_some_and(before) {
            invalid.add("settled_time", "This is before the action itself. Please look at both times again.");
        }
    }
    match (role, question, recorded_at, sources) {
        (Some(role), Some(question), Some(recorded_at), Some(sources)) if invalid.fields.is_empty() => Ok(EventDetails {
            role,
            question,
            recorded_at,
            learned_later: typed.knowledge == "later",
            sources,
            placement,
            settled_at,
        }),
        _ => Err(invalid),
    }
}

/// A form about a hypothesis, as typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypedHypothesis<'a> {
    /// What people thought, Markdown.
    pub body: &'a str,
    /// Slug of how far it came.
    pub state: &'a str,
    /// Day on which it was raised.
    pub raised_date: &'a str,
    /// Time at which it was raised; empty: not known.
    pub raised_time: &'a str,
    /// Day on which it was dropped or held; empty: the day on which it was raised.
    pub settled_date: &'a str,
    /// Time of that; empty: not known.
    pub settled_time: &'a str,
    /// What spoke for it, Markdown.
    pub spoke_for: &'a str,
    /// What spoke against it, Markdown.
    pub spoke_against: &'a str,
    /// Zone of both times.
    pub zone: &'a str,
}

/// Reads a form about a hypothesis. One that is raised or tested has no end yet.
///
/// # Errors
/// Fields `body`, `state`, `raised_date`, `raised_time`, `settled_date`, `settled_time`, `spoke_for`, `spoke_against`, `zone`.
pub fn parse_hypothesis(typed: &TypedHypothesis<'_>) -> Result<NewHypothesis, Invalid> {
    let mut invalid = Invalid::default();
    let body = invalid.take(text::required("body", typed.body));
    let state = HypothesisState::from_slug(typed.state);
    if state.is_none() {
        invalid.add("state", "Please choose how far it came.");
    }
    let zone = invalid.take(parse_zone(typed.zone)).map(|z| z.name().to_owned());
    let raised_at = invalid.take(read_one("raised", typed.raised_date, typed.raised_time, typed.zone)).flatten();
    let day = if typed.settled_date.trim().is_empty() { typed.raised_date } else { typed.settled_date };
    let settled_at = invalid.take(read_one("settled", day, typed.settled_time, typed.zone)).flatten();
    if raised_at.zip(settled_at).is_some_and(|(raised, settled)| settled < raised) {
        invalid.add("settled_time", "This is before it was raised. Please look at both times again.");
    }
    let spoke_for = invalid.take(text::long("spoke_for", typed.spoke_for));
    let spoke_against = invalid.take(text::long("spoke_against", typed.spoke_against));
    let ended = matches!(state, Some(HypothesisState::Dropped | HypothesisState::Held));
    match (body, state, zone, spoke_for, spoke_against) {
        (Some(body), Some(state), Some(zone), Some(spoke_for), Some(spoke_against)) if invalid.fields.is_empty() => {
            let settled_at = settled_at.filter(|_| ended);
            Ok(NewHypothesis { body, state, raised_at, settled_at, spoke_for, spoke_against, zone })
        }
        _ => Err(invalid),
    }
}

/// A time of its own in a form, in the fields `NAME_date` and `NAME_time`; `None` without one.
fn read_one(name: &str, date: &str, time: &str, zone: &str) -> Result<Option<DateTime<Utc>>, Invalid> {
    let (date, time) = (date.trim(), time.trim());
    match (date.is_empty(), time.is_empty()) {
        (_, true) => Ok(None),
        (true, false) => Err(Invalid::one(&format!("{name}_date"), "Please add the day, or leave the time empty as well.")),
        (false, false) => parse_local(date, time, zone).map(|resolved| Some(resolved.at)).map_err(|i| renamed(name, i)),
    }
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
