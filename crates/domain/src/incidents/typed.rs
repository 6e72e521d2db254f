//! An incident as a form holds it, all text, and how it is read.

use super::{IncidentState, Nature, NewIncident, Severity};
use crate::ids::TeamId;
use crate::walltime::{Resolved, did_not_exist, parse_clock, parse_local, parse_zone, to_utc};
use crate::{Invalid, text};
use chrono::{DateTime, TimeDelta, Utc};

/// A form about an incident, as typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Typed<'a> {
    /// Title.
    pub title: &'a str,
    /// `1` to `4`, or `SEV2`.
    pub severity: &'a str,
    /// Day of the start.
    pub date: &'a str,
    /// Time of the start.
    pub time: &'a str,
    /// Zone of all times.
    pub zone: &'a str,
    /// Day on which it was noticed; empty: the day of the start, or the next when the time is before the start's.
    pub noticed_date: &'a str,
    /// Time at which it was noticed; empty: not said.
    pub noticed_time: &'a str,
    /// Day on which it was declared, as `noticed_date`.
    pub declared_date: &'a str,
    /// Time at which it was declared; empty: not said.
    pub declared_time: &'a str,
    /// Day on which the impact was lessened, as `noticed_date`.
    pub mitigated_date: &'a str,
    /// Time at which the impact was lessened; empty: not said.
    pub mitigated_time: &'a str,
    /// Day of the end, as `noticed_date`.
    pub ended_date: &'a str,
    /// Time of the end; empty: not over.
    pub ended_time: &'a str,
    /// Team; the caller has looked it up.
    pub team_id: Option<TeamId>,
    /// Summary, Markdown.
    pub summary: &'a str,
    /// Only for those who are named on it.
    pub restricted: bool,
    /// What it was.
    pub nature: Nature,
}

/// Reads a form about an incident. Without an end it is open, with one resolved.
///
/// # Errors
/// Fields `title`, `severity`, `date`, `time`, `zone`, `summary`, and `…_date` and `…_time` of `noticed`, `declared`, `mitigated`, `ended`.
pub fn parse(typed: &Typed<'_>) -> Result<NewIncident, Invalid> {
    let mut invalid = Invalid::default();
    let title = invalid.take(text::line("title", typed.title, text::TITLE_MAX));
    let severity = invalid.take(Severity::parse(typed.severity));
    let read = invalid.take(parse_local(typed.date, typed.time, typed.zone));
    let start = read.map(|r| r.at);
    let noticed = invalid.take(later("noticed", start, typed.noticed_date, typed.noticed_time, typed.zone)).flatten();
    let declared = invalid.take(later("declared", start, typed.declared_date, typed.declared_time, typed.zone)).flatten();
    let mitigated = invalid.take(later("mitigated", start, typed.mitigated_date, typed.mitigated_time, typed.zone)).flatten();
    let ended = invalid.take(later("ended", start, typed.ended_date, typed.ended_time, typed.zone)).flatten();
    let summary = invalid.take(text::long("summary", typed.summary));
    let (Some(title), Some(severity), Some(started_at), Some(summary)) = (title, severity, start, summary) else {
        return Err(invalid);
    };
    for (field, at) in [("noticed_time", noticed), ("ended_time", ended)] {
        if at.is_some_and(|at| at < started_at) {
            // Rather than of the order: of a start that the clocks skipped.
            match read.zip(parse_zone(typed.zone).ok()).and_then(|(read, tz)| did_not_exist(read, tz)) {
                Some(sentence) => invalid.add("time", sentence),
                None => invalid.add(field, "This is before the start. Please look at both times again."),
            }
        }
    }
    invalid.or_ok()?;
    Ok(NewIncident {
        title,
        summary,
        severity,
        nature: typed.nature,
        state: if ended.is_some() { IncidentState::Resolved } else { IncidentState::Open },
        team_id: typed.team_id,
        started_at,
        detected_at: noticed,
        declared_at: declared,
        mitigated_at: mitigated,
        resolved_at: ended,
        zone: parse_zone(typed.zone)?.name().to_owned(),
        restricted: typed.restricted,
    })
}

/// A second time of the same form: its date may be left out, and then it is the first such time after the start.
fn later(name: &str, start: Option<DateTime<Utc>>, date: &str, time: &str, zone: &str) -> Result<Option<DateTime<Utc>>, Invalid> {
    let (date, time) = (date.trim(), time.trim());
    if time.is_empty() {
        return match date.is_empty() {
            true => Ok(None),
            false => Err(Invalid::one(&format!("{name}_time"), "Please add the time, or leave the date empty as well.")),
        };
    }
    let (Ok(tz), Some(start)) = (parse_zone(zone), start) else {
        return parse_clock(time).map(|_| None).map_err(|i| renamed(name, i));
    };
    if !date.is_empty() {
        return parse_local(date, time, zone).map(|r| Some(r.at)).map_err(|i| renamed(name, i));
    }
    let clock = parse_clock(time).map_err(|i| renamed(name, i))?;
    Ok(Some(next(start, clock, tz).at))
}

/// The first instant at or after `start` at which the clocks of a zone show this time, seconds of the start left aside.
pub(crate) fn next(start: DateTime<Utc>, clock: chrono::NaiveTime, tz: chrono_tz::Tz) -> Resolved {
    let day = start.with_timezone(&tz).date_naive();
    let same = to_utc(tz, day.and_time(clock));
    if same.at + TimeDelta::seconds(59) >= start { same } else { to_utc(tz, (day + TimeDelta::days(1)).and_time(clock)) }
}

pub(crate) fn renamed(name: &str, mut invalid: Invalid) -> Invalid {
    for field in &mut invalid.fields {
        field.field = format!("{name}_{}", field.field);
    }
    invalid
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed<'static> {
        Typed { title: "Slow", severity: "2", date: "2026-11-17", time: "23:50", zone: "Europe/Copenhagen", ..Typed::default() }
    }

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn an_incident_without_an_end_is_open() {
        let new = parse(&typed()).unwrap();
        assert_eq!((new.state, new.started_at, new.resolved_at), (IncidentState::Open, at("2026-11-17T22:50:00Z"), None));
        assert_eq!((new.zone.as_str(), new.severity), ("Europe/Copenhagen", Severity::Sev2));
    }

    #[test]
    fn an_end_before_the_start_on_the_clock_is_the_next_day() {
        let new = parse(&Typed { ended_time: "0:10", noticed_time: "2355", ..typed() }).unwrap();
        assert_eq!(new.resolved_at, Some(at("2026-11-17T23:10:00Z")));
        assert_eq!(new.detected_at, Some(at("2026-11-17T22:55:00Z")));
        assert_eq!(new.state, IncidentState::Resolved);
        let days = parse(&Typed { ended_date: "2026-11-20", ended_time: "12:00", ..typed() }).unwrap();
        assert_eq!(days.resolved_at, Some(at("2026-11-20T11:00:00Z")));
    }

    #[test]
    fn each_refusal_names_its_own_field() {
        let fields = |typed: Typed<'_>| parse(&typed).unwrap_err().fields.into_iter().map(|f| f.field).collect::<Vec<_>>();
        assert_eq!(fields(Typed { title: " ", severity: "9", zone: "Mars", ..typed() }), ["title", "severity", "zone"]);
        assert_eq!(fields(Typed { date: "17/11", time: "25:00", ..typed() }), ["date", "time"]);
        assert_eq!(fields(Typed { ended_time: "x", noticed_date: "2026-11-18", ..typed() }), ["noticed_time", "ended_time"]);
        assert_eq!(fields(Typed { ended_date: "2026-11-16", ended_time: "12:00", ..typed() }), ["ended_time"]);
        assert_eq!(fields(Typed { ended_date: "yesterday", ended_time: "12:00", ..typed() }), ["ended_date"]);
    }
}
