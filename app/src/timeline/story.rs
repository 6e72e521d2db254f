//! The story column: events in their order, and between them days, the incident's marks, hypotheses, and gaps said in words.

use super::event_line::{EventLine, LINES, LineKey};
use super::hypothesis::{Raised, settled_words};
use super::raw::Readable;
use crate::ctx::Ctx;
use crate::ui::{Empty, Pieces};
use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use domain::incidents::Incident;
use domain::timeline::attachments::address;
use domain::timeline::hypothesis::Hypothesis;
use domain::timeline::marks::{Mark, marks, meanwhile};
use domain::timeline::{Precision, TimelineEvent};
use domain::walltime;
use leptos::prelude::*;
use std::sync::Arc;
use store::timeline::attachments::Attachment;
use store::timeline::evidence::Evidence;

/// From here on, time without an event is said.
const GAP: Duration = Duration::minutes(60);

/// What stands in the column.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    Day(String),
    Moment(DateTime<Utc>, String),
    Gap(String),
    Event(Box<TimelineEvent>),
    Raised(Box<Hypothesis>),
}

/// The column. `evidence` is seen by all, what it says by those for whom it is `read`.
#[component]
pub(super) fn Story(
    incident: Incident,
    events: Arc<Vec<TimelineEvent>>,
    hypotheses: Vec<Hypothesis>,
    until: Option<DateTime<Utc>>,
    edits: bool,
    evidence: Arc<Evidence>,
    read: Option<Readable>,
    log: bool,
    files: Arc<Vec<Attachment>>,
) -> impl IntoView {
    let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
    if events.is_empty() && hypotheses.is_empty() && until.is_none() {
        return view! {
            <div class="mt4">
                <Empty heading="Nothing is told yet">
                    <p>"Begin with what somebody saw first. Times can be rough: ~02:14 means about. Chat, pages and changes help to remember."</p>
                    {(!edits).then(|| view! { <p>"Members add events here."</p> })}
                </Empty>
            </div>
        }
        .into_any();
    }
    let base = format!("/incidents/{}/events", incident.key);
    let viewer_zone = expect_context::<Ctx>().zone();
    let mut column = Pieces::default();
    for line in lines(&incident, &events, &hypotheses, until, zone) {
        match line {
            Line::Day(day) => column.draw(view! { <li class="day-line">{day}</li> }),
            Line::Gap(words) => column.draw(view! { <li class="gap-line">{words}</li> }),
            Line::Moment(at, words) => column.draw(view! {
                <li class="mark-line"><time datetime=at.to_rfc3339()>{walltime::clock(at, zone)}</time><span>{words}</span></li>
            }),
            Line::Event(event) => {
                let edit = edits.then(|| format!("{base}/{}", event.id));
                let meanwhile = meanwhile(&event, &events);
                let evidence = evidence.get(&event.id).cloned().unwrap_or_default();
                let files = named_by(&event, &files);
                let key =
                    LineKey { event: *event, incident: incident.key, zone, viewer_zone, edit, meanwhile, evidence, log, files };
                // What evidence says is confidential: such a line is drawn each time.
                match read.clone().filter(|_| !key.evidence.is_empty()) {
                    Some(read) => column.draw(view! { <EventLine key read=Some(read)/> }),
                    None => column.keep(&LINES, &key, || view! { <EventLine key=key.clone() read=None/> }),
                }
            }
            Line::Raised(hypothesis) => {
                let edit = edits.then(|| format!("/incidents/{}/hypotheses/{}", incident.key, hypothesis.id));
                column.draw(view! { <Raised hypothesis=*hypothesis zone edit/> });
            }
        }
    }
    column.list("events mt4").into_any()
}

/// The files that an event's text or its sources name.
fn named_by(event: &TimelineEvent, files: &[Attachment]) -> Vec<Attachment> {
    let texts = [&event.body, &event.details.question];
    let names = |file: &&Attachment| {
        let address = address(file.id);
        texts.iter().any(|text| text.contains(&address)) || event.details.sources.iter().any(|source| source.url == address)
    };
    files.iter().filter(names).cloned().collect()
}

/// Something that stands between events at its time.
enum Between<'a> {
    Said(String),
    Raised(&'a Hypothesis),
}

/// Puts days, marks, hypotheses and gaps between the events, which come in the order in which they are told.
fn lines(
    incident: &Incident,
    events: &[TimelineEvent],
    hypotheses: &[Hypothesis],
    until: Option<DateTime<Utc>>,
    zone: Tz,
) -> Vec<Line> {
    let mut between: Vec<(DateTime<Utc>, Between<'_>)> =
        moments(incident).into_iter().map(|(at, words)| (at, Between::Said(words))).collect();
    for hypothesis in hypotheses {
        between.extend(hypothesis.said.raised_at.map(|at| (at, Between::Raised(hypothesis))));
        let settled = hypothesis.said.settled_at.zip(settled_words(hypothesis));
        between.extend(settled.map(|(at, words)| (at, Between::Said(words))));
    }
    between.retain(|(at, _)| until.is_none_or(|until| *at <= until));
    between.sort_by_key(|(at, _)| *at);
    let mut between = between.into_iter().peekable();
    let mut lines = Lines { zone, day: None, last: None, lines: Vec::new() };
    for event in events {
        if let Some(at) = event.at {
            while let Some((when, what)) = between.next_if(|(when, _)| *when <= at) {
                lines.between(when, what);
            }
            let known = event.precision != Precision::Date;
            lines.step(at, event.ends_at, known);
        }
        lines.lines.push(Line::Event(Box::new(event.clone())));
    }
    for (when, what) in between {
        lines.between(when, what);
    }
    let untimed = hypotheses.iter().filter(|h| h.said.raised_at.is_none());
    lines.lines.extend(untimed.map(|h| Line::Raised(Box::new(h.clone()))));
    lines.lines
}

struct Lines {
    zone: Tz,
    day: Option<chrono::NaiveDate>,
    last: Option<DateTime<Utc>>,
    lines: Vec<Line>,
}

impl Lines {
    fn between(&mut self, at: DateTime<Utc>, what: Between<'_>) {
        self.step(at, None, true);
        self.lines.push(match what {
            Between::Said(words) => Line::Moment(at, words),
            Between::Raised(hypothesis) => Line::Raised(Box::new(hypothesis.clone())),
        });
    }

    /// Says the gap before `at` and its day where it is another one. A day without a time opens and closes no gap.
    fn step(&mut self, at: DateTime<Utc>, ends_at: Option<DateTime<Utc>>, known: bool) {
        if known {
            let gap = self.last.map(|last| at - last).filter(|gap| *gap >= GAP);
            self.lines.extend(gap.map(|gap| Line::Gap(format!("{} without an event.", span(gap)))));
            self.last = Some(ends_at.unwrap_or(at).max(self.last.unwrap_or(at)));
        } else {
            // It lies anywhere in its day: how long nothing happened around it is not known.
            self.last = None;
        }
        let day = at.with_timezone(&self.zone).date_naive();
        if self.day != Some(day) {
            self.day = Some(day);
            self.lines.push(Line::Day(day.format("%a %-d %b %Y").to_string()));
        }
    }
}

/// The marks with what lasted how long.
fn moments(incident: &Incident) -> Vec<(DateTime<Utc>, String)> {
    let since = |mark: Mark, at: DateTime<Utc>| match mark {
        Mark::Started => mark.label().to_owned(),
        Mark::Detected => after(mark.label(), at - incident.started_at, "later"),
        Mark::Declared | Mark::Mitigated | Mark::Resolved => after(mark.label(), at - incident.started_at, "after the start"),
    };
    marks(incident).into_iter().map(|(mark, at)| (at, since(mark, at))).collect()
}

fn after(what: &str, gap: Duration, than: &str) -> String {
    if gap < Duration::minutes(1) { what.to_owned() } else { format!("{what}, {} {than}", span(gap)) }
}

/// "48 min", "1 h 48 min", "2 days 3 h".
pub(super) fn span(duration: Duration) -> String {
    let minutes = duration.num_minutes();
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let day_word = if days == 1 { "day" } else { "days" };
    match (days, hours, rest) {
        (0, 0, rest) => format!("{rest} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, rest) => format!("{hours} h {rest} min"),
        (days, 0, _) => format!("{days} {day_word}"),
        (days, hours, _) => format!("{days} {day_word} {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::incidents::{IncidentKey, IncidentState, Origin, Severity};
    use domain::timeline::EventDetails;
    use domain::timeline::EventKind;
    use domain::timeline::hypothesis::{HypothesisState, NewHypothesis};
    use domain::{EventId, HypothesisId, IncidentId};

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn incident(origin: Origin) -> Incident {
        Incident {
            id: IncidentId(uuid::Uuid::nil()),
            key: IncidentKey(1),
            title: String::new(),
            summary: String::new(),
            severity: Severity::Sev2,
            nature: domain::incidents::Nature::Incident,
            state: IncidentState::Resolved,
            team_id: None,
            team: None,
            started_at: at("2026-11-17T22:00:00Z"),
            detected_at: Some(at("2026-11-17T22:19:00Z")),
            declared_at: None,
            mitigated_at: None,
            resolved_at: Some(at("2026-11-18T00:30:00Z")),
            zone: "UTC".to_owned(),
            origin,
            created_by: None,
            version: 1,
            published_at: None,
            revised_at: None,
            restricted: false,
        }
    }

    fn event(time: Option<&str>, precision: Precision) -> TimelineEvent {
        TimelineEvent {
            id: EventId(uuid::Uuid::nil()),
            incident_id: IncidentId(uuid::Uuid::nil()),
            at: time.map(at),
            ends_at: None,
            precision,
            as_written: String::new(),
            zone: "UTC".to_owned(),
            kind: EventKind::Note,
            body: String::new(),
            flag: String::new(),
            details: EventDetails::default(),
            position: 1,
            created_by: None,
            version: 1,
        }
    }

    fn told(origin: Origin, events: Vec<TimelineEvent>) -> Vec<String> {
        column(origin, events, &[])
    }

    fn column(origin: Origin, events: Vec<TimelineEvent>, hypotheses: &[Hypothesis]) -> Vec<String> {
        lines(&incident(origin), &events, hypotheses, None, chrono_tz::UTC)
            .into_iter()
            .map(|line| match line {
                Line::Day(words) | Line::Gap(words) | Line::Moment(_, words) => words,
                Line::Raised(hypothesis) => hypothesis.said.body,
                Line::Event(event) => event.at.map_or("?".to_owned(), |at| walltime::clock(at, chrono_tz::UTC)),
            })
            .collect()
    }

    #[test]
    fn days_moments_and_gaps_stand_between_events() {
        let events = vec![
            event(Some("2026-11-17T22:19:00Z"), Precision::Exact),
            event(None, Precision::None),
            event(Some("2026-11-18T00:07:00Z"), Precision::Exact),
        ];
        let expected = [
            "Tue 17 Nov 2026",
            "Impact starts",
            "Noticed, 19 min later",
            "22:19",
            "?",
            "1 h 48 min without an event.",
            "Wed 18 Nov 2026",
            "00:07",
            "Over, 2 h 30 min after the start",
        ];
        assert_eq!(told(Origin::Hand, events), expected);
    }

    #[test]
    fn a_document_has_no_moments_and_a_day_alone_no_gap() {
        let events =
            vec![event(Some("2026-11-17T22:19:00Z"), Precision::Exact), event(Some("2026-11-18T00:00:00Z"), Precision::Date)];
        assert_eq!(
            told(Origin::Import, events),
            ["Tue 17 Nov 2026", "Noticed, 19 min later", "22:19", "Wed 18 Nov 2026", "00:00"]
        );
    }

    #[test]
    fn a_hypothesis_stands_where_it_was_raised_and_where_it_ended() {
        let hypothesis = |raised: Option<&str>, settled: Option<&str>, body: &str| Hypothesis {
            id: HypothesisId(uuid::Uuid::nil()),
            incident_id: IncidentId(uuid::Uuid::nil()),
            said: NewHypothesis {
                body: body.to_owned(),
                state: HypothesisState::Dropped,
                raised_at: raised.map(at),
                settled_at: settled.map(at),
                spoke_for: String::new(),
                spoke_against: String::new(),
                zone: "UTC".to_owned(),
            },
            created_by: None,
            version: 1,
        };
        let hypotheses = [
            hypothesis(None, None, "The disk"),
            hypothesis(Some("2026-11-17T22:20:00Z"), Some("2026-11-17T22:25:00Z"), "The cache is cold"),
        ];
        let events = vec![event(Some("2026-11-17T22:22:00Z"), Precision::Exact)];
        let told = column(Origin::Import, events, &hypotheses);
        let expected =
            ["Tue 17 Nov 2026", "Noticed, 19 min later", "The cache is cold", "22:22", "Dropped: The cache is cold", "The disk"];
        assert_eq!(told, expected);
    }

    #[test]
    fn spans_are_said_in_two_units_at_most() {
        for (minutes, words) in
            [(0, "0 min"), (48, "48 min"), (60, "1 h"), (108, "1 h 48 min"), (1440, "1 day"), (3061, "2 days 3 h")]
        {
            assert_eq!(span(Duration::minutes(minutes)), words);
        }
    }
}
