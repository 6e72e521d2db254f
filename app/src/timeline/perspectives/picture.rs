//! The picture: the factual ribbon, and under it a lane a responder with their nights, their work and the moments that they speak of. The
//! same drawing stands on the page, in print and in a file: it carries its colours along, and a page's stylesheet overrules them.

use super::super::ribbon::{self, NIGHT, QUIET, SOFT, Scale, percent};
use super::{Clock, short};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::EventId;
use domain::incidents::Incident;
use domain::timeline::perspectives::{Lane, PlacedWords};
use domain::timeline::{Precision, TimelineEvent};
use domain::walltime::{self, Band};
use leptos::prelude::*;
use std::collections::HashMap;

/// Height of the ribbon above the lanes.
const RIBBON: usize = 108;
/// Height of a lane with its name over it.
const EACH: usize = 52;
/// Where the strip of a lane begins, and how high it is.
const STRIP: usize = 20;
const HIGH: usize = 26;

/// All that is drawn, cut to who looks.
pub(super) struct Picture {
    times: Vec<DateTime<Utc>>,
    moments: Vec<(DateTime<Utc>, &'static str)>,
    scale: Scale,
    clock: Clock,
    lanes: Vec<Drawn>,
}

struct Drawn {
    label: String,
    zone: Tz,
    work: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    marks: Vec<Mark>,
}

/// A moment that somebody speaks of.
struct Mark {
    at: DateTime<Utc>,
    /// When it was for them.
    own: Option<DateTime<Utc>>,
    differs: bool,
    /// Where it stands on the page.
    href: String,
    words: String,
}

impl Picture {
    /// `None` where there is too little to draw.
    pub(super) fn of(incident: &Incident, events: &[TimelineEvent], lanes: &[Lane]) -> Option<Self> {
        let clock = Clock::of(incident);
        let times: Vec<DateTime<Utc>> = events.iter().filter(|e| e.precision != Precision::Date).filter_map(|e| e.at).collect();
        let moments = ribbon::moments(incident);
        let scale = ribbon::scale(&times, &moments)?;
        let by_id: HashMap<EventId, &TimelineEvent> = events.iter().map(|event| (event.id, event)).collect();
        let mark = |words: &PlacedWords| {
            let event = by_id.get(&words.event)?;
            let at = event.at.filter(|at| event.precision != Precision::Date && scale.holds(*at))?;
            let own = words.own_time.filter(|own| scale.holds(*own));
            let said = format!("{}: {}", clock.of_event(event), short(event, 60));
            Some(Mark { at, own, differs: words.differs, href: format!("#w-{}", words.id), words: said })
        };
        let lanes = lanes.iter().map(|lane| {
            let mut marks: Vec<Mark> = lane.words.iter().filter_map(mark).collect();
            marks.sort_by_key(|mark| mark.at);
            let within = |(from, to): &(DateTime<Utc>, DateTime<Utc>)| *to > scale.from && *from < scale.to;
            Drawn {
                label: lane.label(),
                zone: walltime::parse_zone(&lane.zone).unwrap_or(clock.zone),
                work: lane.work.iter().copied().filter(within).collect(),
                marks,
            }
        });
        Some(Self { lanes: lanes.collect(), times, moments, scale, clock })
    }

    fn height(&self) -> usize {
        RIBBON + self.lanes.len() * EACH
    }

    /// All that it shows, for who does not see it.
    fn words(&self) -> String {
        let mut words = ribbon::words(&self.times, &self.moments, self.scale, self.clock.zone);
        for lane in &self.lanes {
            let moments = match lane.marks.len() {
                0 => "no moment drawn".to_owned(),
                1 => "speaks of 1 moment".to_owned(),
                n => format!("speaks of {n} moments"),
            };
            words += &format!(" {}: {moments}.", lane.label);
        }
        words
    }

    /// On the page: as wide as there is room. Moments lead to their words.
    pub(super) fn on_page(&self) -> impl IntoView + use<> {
        let (lanes, height) = (self.lanes(true).collect_view(), self.height());
        let bands = ribbon::bands(self.scale, self.clock.zone);
        let present: Vec<Band> = Band::ALL.into_iter().filter(|b| bands.iter().any(|(band, ..)| band == b)).collect();
        let outside = ribbon::outside(&self.times, self.scale);
        // Moments are links: a picture could not hold them.
        let role = if self.speaks() { "group" } else { "img" };
        let (works, speaks, differs) = (self.works(), self.speaks(), self.differs());
        let hours =
            (!self.lanes.is_empty()).then_some("The ribbon has the incident’s hours, each lane those of its person’s own zone. ");
        view! {
            <figure class="ribbon-figure lanes-figure">
                <svg class="plot ribbon" height=height.to_string() role=role aria-labelledby="lanes-title" aria-describedby="lanes-words">
                    <title id="lanes-title">"The timeline with a lane for each responder"</title>
                    <desc id="lanes-words">{self.words()}</desc>
                    {ribbon::plot(&self.times, self.moments.clone(), self.scale, self.clock.zone, &bands)}
                    {lanes}
                </svg>
                <figcaption>
                    <ul class="legend">
                        {present.into_iter().map(|band| view! {
                            <li><svg aria-hidden="true"><rect class=ribbon::ground(band) width="100%" height="100%"></rect>{(band == Band::Night).then(dots_all)}</svg>{band.label()}</li>
                        }).collect_view()}
                        <li><svg aria-hidden="true"><rect class="q3" width="100%" height="100%"></rect></svg>{format!("Events per {}", ribbon::bar_words(self.scale))}</li>
                        {works.then(|| view! { <li><svg aria-hidden="true"><rect class="lane-work" x="0" y="30%" width="100%" height="40%"></rect></svg>"You at work; you alone see it"</li> })}
                        {speaks.then(|| view! { <li><svg class="lane-key" viewBox="-7 -7 14 14" aria-hidden="true"><circle class="lane-mark" r="5"></circle></svg>"A moment that somebody speaks of"</li> })}
                        {differs.then(|| view! { <li><svg class="lane-key" viewBox="-7 -7 14 14" aria-hidden="true"><path class="lane-mark lane-differs" d=DIAMOND></path></svg>"Told differently"</li> })}
                    </ul>
                    <p class="hint">{hours}{outside}</p>
                </figcaption>
            </figure>
        }
    }

    /// As a file: 1200 pixels wide, with its heading, colours and font, and without links.
    pub(super) fn as_file(&self, title: &str, when: &str) -> String {
        const HEAD: usize = 64;
        let height = HEAD + self.height() + 34;
        let foot = height - 12;
        let hours = if self.lanes.is_empty() {
            ""
        } else {
            " The ribbon has the incident’s hours, each lane those of its person’s own zone. Dots: moments that somebody speaks of."
        };
        let foot_words = format!("Bars: events per {}. Dotted: night.{hours}", ribbon::bar_words(self.scale));
        let view = view! {
            <svg xmlns="http://www.w3.org/2000/svg" width="1200" height=height.to_string() viewBox=format!("0 0 1200 {height}") role="img"
                font-family="Inter, system-ui, -apple-system, Segoe UI, Roboto, sans-serif" font-size="12">
                <title>{clean(title)}</title>
                <desc>{clean(&self.words())}</desc>
                <rect width="1200" height=height.to_string() fill="#fffefc"></rect>
                <text x="20" y="28" font-size="18" font-weight="600" fill="#23201b">{clean(title)}</text>
                <text x="20" y="48" fill=QUIET>{clean(when)}</text>
                <svg x="20" y=HEAD.to_string() width="1160" height=self.height().to_string() overflow="visible">
                    {ribbon::plot(&self.times, self.moments.clone(), self.scale, self.clock.zone, &ribbon::bands(self.scale, self.clock.zone))}
                    {self.lanes(false).collect_view()}
                </svg>
                <text x="20" y=foot.to_string() fill=QUIET font-size="11">
                    {foot_words}
                </text>
            </svg>
        };
        // The markers between nodes serve waking alone, and are no XML.
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", view.into_view().to_html().replace("<!>", ""))
    }

    fn works(&self) -> bool {
        self.lanes.iter().any(|lane| !lane.work.is_empty())
    }

    fn speaks(&self) -> bool {
        self.lanes.iter().any(|lane| !lane.marks.is_empty())
    }

    fn differs(&self) -> bool {
        self.lanes.iter().any(|lane| lane.marks.iter().any(|mark| mark.differs))
    }

    fn lanes(&self, links: bool) -> impl Iterator<Item = AnyView> {
        let scale = self.scale;
        self.lanes.iter().enumerate().map(move |(n, lane)| {
            let top = RIBBON + n * EACH;
            let (strip, middle) = (top + STRIP, top + STRIP + HIGH / 2);
            let bands = ribbon::bands(scale, lane.zone).into_iter().map(|(band, x, width)| {
                view! {
                    <rect class=ribbon::ground(band) fill=ribbon::colour(band) x=percent(x) y=strip.to_string() width=percent(width) height=HIGH.to_string()></rect>
                    {(band == Band::Night).then(|| view! {
                        <rect fill=NIGHT x=percent(x) y=strip.to_string() width=percent(width) height=HIGH.to_string()></rect>
                    })}
                }
            });
            let bands = bands.collect_view();
            let work = lane.work.iter().map(|(from, to)| {
                let (x, end) = (scale.x(*from), scale.x(*to));
                view! {
                    <rect class="lane-work" fill="#0d5757" fill-opacity="0.35" stroke="#0d5757" x=percent(x) y=(middle - 5).to_string() width=percent((end - x).max(0.3)) height="10" rx="2"></rect>
                }
            });
            let work = work.collect_view();
            let marks = lane.marks.iter().map(|mark| draw_mark(scale, middle, mark, links)).collect_view();
            view! {
                <g>
                    <text class="soft-ink" fill=SOFT x="0" y=(top + 13).to_string()>{clean(&lane.label)}</text>
                    {bands}
                    <rect class="lane-frame" fill="none" stroke="#e5dfd4" x="0" y=strip.to_string() width="100%" height=HIGH.to_string()></rect>
                    {work}
                    {marks}
                </g>
            }
            .into_any()
        })
    }
}

const DIAMOND: &str = "M0 -6.5L6.5 0L0 6.5L-6.5 0Z";

fn draw_mark(scale: Scale, middle: usize, mark: &Mark, link: bool) -> AnyView {
    let (x, y) = (percent(scale.x(mark.at)), middle.to_string());
    let own = mark.own.map(|own| {
        let to = percent(scale.x(own));
        view! {
            <line class="lane-own" stroke="#9c650a" stroke-width="1.5" stroke-dasharray="3 2" x1=x.clone() x2=to.clone() y1=y.clone() y2=y.clone()></line>
            <circle class="lane-own" fill="none" stroke="#9c650a" stroke-width="1.5" cx=to cy=y.clone() r="3.5"></circle>
        }
    });
    let sign = if mark.differs {
        view! {
            <svg x=x y=y width="1" height="1" overflow="visible">
                <path class="lane-mark lane-differs" fill="#9c650a" stroke="#fffefc" d=DIAMOND></path>
            </svg>
        }
        .into_any()
    } else {
        view! { <circle class="lane-mark" fill="#0d5757" stroke="#fffefc" cx=x cy=y r="5"></circle> }.into_any()
    };
    let words = clean(&mark.words);
    if link {
        view! { {own}<a href=mark.href.clone()><title>{words}</title>{sign}</a> }.into_any()
    } else {
        view! { {own}<g><title>{words}</title>{sign}</g> }.into_any()
    }
}

fn dots_all() -> impl IntoView {
    view! { <rect fill=NIGHT width="100%" height="100%"></rect> }
}

/// Words without the characters that XML cannot hold.
fn clean(text: &str) -> String {
    let fits = |c: &char| matches!(*c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::incidents::{IncidentKey, IncidentState, Origin, Severity};
    use domain::interviews::Audience;
    use domain::timeline::perspectives::Whose;
    use domain::timeline::{EventDetails, EventKind};
    use domain::{AnswerId, IncidentId, PlacedId};
    use proptest::prelude::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::Duration::minutes(minute)
    }

    fn incident(title: &str) -> Incident {
        Incident {
            id: IncidentId(uuid::Uuid::nil()),
            key: IncidentKey(1),
            title: title.to_owned(),
            summary: String::new(),
            severity: Severity::Sev2,
            nature: domain::incidents::Nature::Incident,
            state: IncidentState::Resolved,
            team_id: None,
            team: None,
            started_at: at(0),
            detected_at: Some(at(5)),
            declared_at: None,
            mitigated_at: None,
            resolved_at: Some(at(900)),
            zone: "Asia/Kolkata".to_owned(),
            origin: Origin::Hand,
            created_by: None,
            published_at: None,
            revised_at: None,
            restricted: false,
            version: 1,
        }
    }

    fn event(n: u128, minute: i64, body: &str) -> TimelineEvent {
        TimelineEvent {
            id: EventId(uuid::Uuid::from_u128(n)),
            incident_id: IncidentId(uuid::Uuid::nil()),
            at: Some(at(minute)),
            ends_at: None,
            precision: Precision::Exact,
            as_written: String::new(),
            zone: "UTC".to_owned(),
            kind: EventKind::Note,
            body: body.to_owned(),
            flag: String::new(),
            details: EventDetails::default(),
            position: 0,
            created_by: None,
            version: 1,
        }
    }

    fn lane(name: &str, role: &str, differs: bool) -> Lane {
        let words = PlacedWords {
            id: PlacedId(uuid::Uuid::nil()),
            event: EventId(uuid::Uuid::from_u128(2)),
            answer: Some(AnswerId(uuid::Uuid::nil())),
            question: String::new(),
            text: "said".to_owned(),
            own_time: differs.then(|| at(120)),
            differs,
            audience: Audience::Named,
            draft: false,
        };
        let (whose, role, zone) = (Whose::Of(name.to_owned()), role.to_owned(), "America/New_York".to_owned());
        Lane { whose, role, zone, work: vec![(at(10), at(200))], words: vec![words] }
    }

    fn file(title: &str, body: &str, name: &str, role: &str) -> String {
        let incident = incident(title);
        let events = [event(1, 0, "a"), event(2, 60, body), event(3, 900, "c")];
        let lanes = [lane(name, role, true), lane(name, "", false)];
        Picture::of(&incident, &events, &lanes).unwrap().as_file(title, name)
    }

    /// What is not well-formed about a document of ours: no comments, sections or instructions behind the first line. Written here because no parser of
    /// XML is among our libraries; `planted` shows that it finds faults.
    fn fault(xml: &str) -> Option<String> {
        let legal = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        if let Some(c) = xml.chars().find(|c| !legal(*c)) {
            return Some(format!("{c:?}"));
        }
        let body = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
        let entities = |text: &str| {
            text.split('&').skip(1).all(|rest| {
                ["amp;", "lt;", "gt;", "quot;", "apos;", "#39;", "#x27;"].iter().any(|entity| rest.starts_with(entity))
            })
        };
        let mut open: Vec<&str> = Vec::new();
        let mut parts = body.split('<');
        let before = parts.next().unwrap_or_default();
        if !before.is_empty() {
            return Some(format!("before the root: {before}"));
        }
        for part in parts {
            let Some((tag, text)) = part.split_once('>') else { return Some(format!("an open tag: {part}")) };
            if !entities(tag) || !entities(text) || (open.is_empty() && !text.trim().is_empty() && !tag.starts_with("svg")) {
                return Some(part.to_owned());
            }
            if let Some(name) = tag.strip_prefix('/') {
                if open.pop() != Some(name) {
                    return Some(format!("closes {name}"));
                }
                continue;
            }
            let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            let mut seen: Vec<&str> = Vec::new();
            while !attributes.is_empty() {
                let Some((attribute, rest)) = attributes.split_once("=\"") else { return Some(tag.to_owned()) };
                let Some((_, rest)) = rest.split_once('"') else { return Some(tag.to_owned()) };
                let attribute = attribute.trim();
                if seen.contains(&attribute) || !attribute.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
                    return Some(format!("{tag}: {attribute}"));
                }
                seen.push(attribute);
                attributes = rest.trim_start();
            }
            if !name.chars().all(|c| c.is_ascii_alphabetic()) {
                return Some(tag.to_owned());
            }
            open.push(name);
        }
        open.pop().map(|name| format!("{name} stays open"))
    }

    #[test]
    fn planted_faults_are_found() {
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
        for wrong in [
            "<svg><g></svg>",
            "<svg>&nbsp;</svg>",
            "<svg a=1></svg>",
            "<svg a=\"1\" a=\"2\"></svg>",
            "<svg><!></svg>",
            "<svg>\u{1}</svg>",
            "<svg>",
        ] {
            assert!(fault(&format!("{head}{wrong}")).is_some(), "{wrong}");
        }
        assert_eq!(fault(&format!("{head}<svg a=\"1\"><g>a &amp; b</g></svg>\n")), None);
    }

    #[test]
    fn the_file_stands_by_itself() {
        let svg = file("Two maps", "The board turns red", "Rune Responder", "First responder");
        assert_eq!(fault(&svg), None, "{svg}");
        for here in ["<title>Two maps</title>", "First responder · Rune Responder", "night-dots", "stroke-dasharray", "<desc>"] {
            assert!(svg.contains(here), "{here}: {svg}");
        }
        for never in ["style", "href", "<script", "var(", "@import", "<a "] {
            assert!(!svg.contains(never), "{never}");
        }
        assert!(svg.matches("fill=").count() > 20, "colours come along");
    }

    proptest! {
        #[test]
        fn a_file_is_well_formed_whatever_people_write(
            title in "\\PC{0,40}|[<>&\"'\\]\\[!-]{0,20}|.{0,20}",
            body in ".{0,60}",
            name in "[\\x00-\\x20<>&\"'a-z\u{fffe}\u{ffff}]{0,20}",
            role in any::<String>(),
        ) {
            let svg = file(&title, &body, &name, &role);
            prop_assert_eq!(fault(&svg), None, "{}", svg);
        }
    }
}
