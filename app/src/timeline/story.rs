//! The story column: events with their kind and time, days, the incident's own moments between them, and gaps said in words.

use super::raw::{EvidenceOf, Readable, at_time};
use crate::ctx::Ctx;
use crate::history::edited;
use crate::ui::{Empty, Icon, Kept, Markdown, Pieces};
use chrono::{DateTime, Datelike, Duration, Utc};
use chrono_tz::Tz;
use domain::incidents::{Incident, IncidentKey, Origin};
use domain::timeline::{EventKind, Precision, TimelineEvent};
use domain::walltime;
use leptos::prelude::*;
use std::sync::{Arc, LazyLock};
use store::timeline::evidence::{Evidence, Shown};

/// From here on, time without an event is said.
const GAP: Duration = Duration::minutes(60);

/// What stands in the column.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    Day(String),
    Moment(DateTime<Utc>, String),
    Gap(String),
    Event(Box<TimelineEvent>),
}

/// The column. `evidence` is seen by all, what it says by those for whom it is `read`.
#[component]
pub(super) fn Story(
    incident: Incident,
    events: Arc<Vec<TimelineEvent>>,
    edits: bool,
    evidence: Arc<Evidence>,
    read: Option<Readable>,
    log: bool,
) -> impl IntoView {
    let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
    if events.is_empty() {
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
    for line in lines(&incident, &events, zone) {
        match line {
            Line::Day(day) => column.draw(view! { <li class="day-line">{day}</li> }),
            Line::Gap(words) => column.draw(view! { <li class="gap-line">{words}</li> }),
            Line::Moment(at, words) => column.draw(view! {
                <li class="mark-line"><time datetime=at.to_rfc3339()>{walltime::clock(at, zone)}</time><span>{words}</span></li>
            }),
            Line::Event(event) => {
                let edit = edits.then(|| format!("{base}/{}", event.id));
                let evidence = evidence.get(&event.id).cloned().unwrap_or_default();
                let key = LineKey { event: *event, incident: incident.key, zone, viewer_zone, edit, evidence, log };
                // What evidence says is confidential: such a line is drawn each time.
                match read.clone().filter(|_| !key.evidence.is_empty()) {
                    Some(read) => column.draw(view! { <EventLine line=key read=Some(read)/> }),
                    None => column.keep(&LINES, &key, || view! { <EventLine line=key.clone() read=None/> }),
                }
            }
        }
    }
    column.list("events mt4").into_any()
}

/// All that the line of an event shows.
#[derive(Clone, PartialEq, Eq, Hash)]
struct LineKey {
    event: TimelineEvent,
    incident: IncidentKey,
    zone: Tz,
    viewer_zone: Tz,
    /// Where it can be changed.
    edit: Option<String>,
    /// What it was told from.
    evidence: Vec<Shown>,
    /// There is a raw log beside it.
    log: bool,
}

static LINES: LazyLock<Kept<LineKey>> = LazyLock::new(Kept::default);

/// Puts days, moments and gaps between the events, which come in the order in which they are told.
fn lines(incident: &Incident, events: &[TimelineEvent], zone: Tz) -> Vec<Line> {
    let mut moments = moments(incident).into_iter().peekable();
    let mut lines = Lines { zone, day: None, last: None, lines: Vec::new() };
    for event in events {
        if let Some(at) = event.at {
            while let Some((when, words)) = moments.next_if(|(when, _)| *when <= at) {
                lines.moment(when, words);
            }
            let known = event.precision != Precision::Date;
            lines.step(at, event.ends_at, known);
        }
        lines.lines.push(Line::Event(Box::new(event.clone())));
    }
    for (when, words) in moments {
        lines.moment(when, words);
    }
    lines.lines
}

struct Lines {
    zone: Tz,
    day: Option<chrono::NaiveDate>,
    last: Option<DateTime<Utc>>,
    lines: Vec<Line>,
}

impl Lines {
    fn moment(&mut self, at: DateTime<Utc>, words: String) {
        self.step(at, None, true);
        self.lines.push(Line::Moment(at, words));
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

/// What is known of the incident itself. A document's first and last times are its events already.
fn moments(incident: &Incident) -> Vec<(DateTime<Utc>, String)> {
    if incident.origin == Origin::Import {
        return Vec::new();
    }
    let start = incident.started_at;
    let mut moments = vec![(start, "Impact starts".to_owned())];
    moments.extend(incident.detected_at.map(|at| (at, after("Noticed", at - start, "later"))));
    moments.extend(incident.resolved_at.map(|at| (at, after("Over", at - start, "after the start"))));
    moments.sort_by_key(|(at, _)| *at);
    moments
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

/// The name by which the stylesheet knows a family of kinds.
fn look(kind: EventKind) -> &'static str {
    match kind.family() {
        "sense" => "detection",
        "people" => "communication",
        "judge" => "decision",
        "right" => "right",
        _ => "change",
    }
}

#[component]
fn EventLine(line: LineKey, read: Option<Readable>) -> impl IntoView {
    let LineKey { event, incident, zone, edit, evidence, log, .. } = line;
    let kind = event.kind;
    let log = event.at.filter(|_| log).map(|at| at_time(&format!("/incidents/{incident}"), at));
    let id = event.id;
    let odd = !event.flag.is_empty() || event.precision == Precision::None;
    let said = event.flag.contains(&event.as_written);
    let written = (odd && !said).then(|| format!("Written as “{}”", event.as_written.clone()));
    let flag = (!event.flag.is_empty()).then(|| event.flag.clone());
    let about = clock_words(&event, zone);
    let history = format!("/incidents/{incident}/history?kind=event&of={}", event.id);
    let (edited, edited_about, log_about) = (edited(event.version), about.clone(), about.clone());
    view! {
        <li class="event" id=format!("e-{}", event.id) data-kind=look(kind)>
            <EventTime event=event.clone() zone/>
            <span class="event-mark"><Icon name=kind.icon()/></span>
            <div class="event-body">
                <p class="event-top">
                    <span class="event-kind">{kind.label()}</span>
                    {edit.map(|href| view! {
                        <a class="event-edit" href=href>"Edit"<span class="vh">{format!(" the event {about}")}</span></a>
                    })}
                    {log.map(|href| view! {
                        <a class="event-edit" href=href>"In the log"<span class="vh">{format!(": the time of the event {log_about}")}</span></a>
                    })}
                    {edited.map(|words| view! {
                        <a class="event-edit" href=history>{words}<span class="vh">{format!(": the event {edited_about}")}</span></a>
                    })}
                </p>
                <EventText body=event.body/>
                {(flag.is_some() || written.is_some()).then(|| view! {
                    <div class="meta">
                        {flag.map(|flag| view! { <span class="chip chip-care"><Icon name="triangle-alert"/>{flag}</span> })}
                        {written.map(|words| view! { <span>{words}</span> })}
                    </div>
                })}
                {(!evidence.is_empty()).then(|| view! { <EvidenceOf event=id shown=evidence zone read/> })}
            </div>
        </li>
    }
}

/// "of 02:11", "without a time".
fn clock_words(event: &TimelineEvent, zone: Tz) -> String {
    match event.at {
        Some(at) if event.precision == Precision::Date => format!("of {}", walltime::day(at, zone)),
        Some(at) => format!("of {}", walltime::clock(at, zone)),
        None => "without a time".to_owned(),
    }
}

#[component]
fn EventTime(event: TimelineEvent, zone: Tz) -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    let until = event.ends_at.map(|end| {
        let same = event.at.is_some_and(|at| at.with_timezone(&zone).date_naive() == end.with_timezone(&zone).date_naive());
        if same {
            format!("to {}", walltime::clock(end, zone))
        } else {
            format!("to {}", end.with_timezone(&zone).format("%-d %b %H:%M"))
        }
    });
    match event.at {
        None => view! { <span class="no-time">"–"<small>"no time"</small></span> }.into_any(),
        Some(at) => {
            let local = at.with_timezone(&zone);
            let dated = event.precision == Precision::Date;
            let words = if dated { format!("{} {}", local.day(), local.format("%b")) } else { walltime::clock(at, zone) };
            let about = match event.precision {
                Precision::About => Some("about"),
                Precision::Date => Some("that day"),
                Precision::Exact | Precision::None => None,
            };
            view! {
                <time datetime=at.to_rfc3339() title=walltime::absolute(at, ctx.zone())>
                    {words}
                    {about.map(|words| view! { <small>{words}</small> })}
                    {until.map(|words| view! { <small>{words}</small> })}
                </time>
            }
            .into_any()
        }
    }
}

/// Most events are a plain sentence; only the others need the Markdown machine, which costs a hundred times as much.
#[component]
fn EventText(body: String) -> impl IntoView {
    if is_plain(&body) {
        view! { <div class="event-text"><p>{body}</p></div> }.into_any()
    } else {
        view! { <Markdown text=body class="event-text"/> }.into_any()
    }
}

/// One line in which nothing means anything to Markdown.
fn is_plain(text: &str) -> bool {
    let begins = text.chars().next().is_some_and(char::is_alphabetic);
    let quiet = |c: char| c.is_alphanumeric() || " ,;()'’“”„–%/€§°–…".contains(c) || c == '.' || c == '?' || c == '"' || c == ':';
    begins && text.chars().all(quiet) && !text.contains("//") && !text.contains("www.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::incidents::{IncidentKey, IncidentState, Severity};
    use domain::{EventId, IncidentId};

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
            state: IncidentState::Resolved,
            team_id: None,
            team: None,
            started_at: at("2026-11-17T22:00:00Z"),
            detected_at: Some(at("2026-11-17T22:19:00Z")),
            resolved_at: Some(at("2026-11-18T00:30:00Z")),
            zone: "UTC".to_owned(),
            origin,
            created_by: None,
            version: 1,
            published_at: None,
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
            position: 1,
            created_by: None,
            version: 1,
        }
    }

    fn told(origin: Origin, events: Vec<TimelineEvent>) -> Vec<String> {
        lines(&incident(origin), &events, chrono_tz::UTC)
            .into_iter()
            .map(|line| match line {
                Line::Day(words) | Line::Gap(words) | Line::Moment(_, words) => words,
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
        assert_eq!(told(Origin::Import, events), ["Tue 17 Nov 2026", "22:19", "Wed 18 Nov 2026", "00:00"]);
    }

    #[test]
    fn spans_are_said_in_two_units_at_most() {
        for (minutes, words) in
            [(0, "0 min"), (48, "48 min"), (60, "1 h"), (108, "1 h 48 min"), (1440, "1 day"), (3061, "2 days 3 h")]
        {
            assert_eq!(span(Duration::minutes(minutes)), words);
        }
    }

    #[test]
    fn only_what_means_nothing_to_markdown_is_plain() {
        for plain in ["The queue grows: 40 % full, so we wait.", "Ærø’s ferry is booked (twice)"] {
            assert!(is_plain(plain), "{plain}");
            assert!(markdown::render(plain).trim() == format!("<p>{plain}</p>"), "{}", markdown::render(plain));
        }
        for not in [
            "- a list",
            "1. first",
            "a *b*",
            "a\nb",
            "<b>",
            "see https://x.example",
            "a & b",
            "a_b_",
            "`x`",
            "[x](y)",
            "",
            "# x",
            "www.x.org",
        ] {
            assert!(!is_plain(not), "{not}");
        }
    }
}
