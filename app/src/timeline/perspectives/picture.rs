//! The picture: the factual ribbon, and under it a lane a responder with their nights, their work and the moments that they speak of. The
//! same drawing stands on the page, in print and in a file: it carries its colours along, and a page's stylesheet overrules them.

use super::super::ribbon::{self, QUIET, SOFT, Scale, percent};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::incidents::Incident;
use domain::timeline::perspectives::{Lane, PlacedWords};
use domain::timeline::{Precision, TimelineEvent};
use domain::walltime::{self, Band};
use domain::EventId;
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
    zone: Tz,
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
        let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
        let times: Vec<DateTime<Utc>> = events.iter().filter(|e| e.precision != Precision::Date).filter_map(|e| e.at).collect();
        let moments = ribbon::moments(incident);
        let scale = ribbon::scale(&times, &moments)?;
        let by_id: HashMap<EventId, &TimelineEvent> = events.iter().map(|event| (event.id, event)).collect();
        let mark = |words: &PlacedWords| {
            let event = by_id.get(&words.event)?;
            let at = event.at.filter(|at| event.precision != Precision::Date && scale.holds(*at))?;
            let own = words.own_time.filter(|own| scale.holds(*own));
            let said = format!("{}: {}", super::time_words(event, zone), super::short(event, 60));
            Some(Mark { at, own, differs: words.differs, href: format!("#w-{}", words.id), words: said })
        };
        let lanes = lanes.iter().map(|lane| {
            let mut marks: Vec<Mark> = lane.words.iter().filter_map(mark).collect();
            marks.sort_by_key(|mark| mark.at);
            let within = |(from, to): &(DateTime<Utc>, DateTime<Utc>)| *to > scale.from && *from < scale.to;
            Drawn {
                label: lane.label(),
                zone: walltime::parse_zone(&lane.zone).unwrap_or(zone),
                work: lane.work.iter().copied().filter(within).collect(),
                marks,
            }
        });
        Some(Self { lanes: lanes.collect(), times, moments, scale, zone })
    }

    fn height(&self) -> usize {
        RIBBON + self.lanes.len() * EACH
    }

    /// All that it shows, for who does not see it.
    fn words(&self) -> String {
        let mut words = ribbon::words(&self.times, &self.moments, self.scale, self.zone);
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
        let bands = ribbon::bands(self.scale, self.zone);
        let present: Vec<Band> = Band::ALL.into_iter().filter(|b| bands.iter().any(|(band, ..)| band == b)).collect();
        let outside = ribbon::outside(&self.times, self.scale);
        let (works, differs) = (self.works(), self.differs());
        view! {
            <figure class="ribbon-figure lanes-figure">
                <svg class="plot ribbon" height=height.to_string() role="img" aria-labelledby="lanes-title" aria-describedby="lanes-words">
                    <title id="lanes-title">"The timeline with a lane for each responder"</title>
                    <desc id="lanes-words">{self.words()}</desc>
                    {patterns()}
                    {ribbon::plot(&self.times, self.moments.clone(), self.scale, self.zone, &bands)}
                    {lanes}
                </svg>
                <figcaption>
                    <ul class="legend">
                        {present.into_iter().map(|band| view! {
                            <li><svg aria-hidden="true"><rect class=ribbon::ground(band) width="100%" height="100%"></rect>{(band == Band::Night).then(dots_all)}</svg>{band.label()}</li>
                        }).collect_view()}
                        <li><svg aria-hidden="true"><rect class="q3" width="100%" height="100%"></rect></svg>{format!("Events per {}", ribbon::bar_words(self.scale))}</li>
                        {works.then(|| view! { <li><svg aria-hidden="true"><rect class="lane-work" x="0" y="30%" width="100%" height="40%"></rect></svg>"You at work; you alone see it"</li> })}
                        <li><svg class="lane-key" viewBox="-7 -7 14 14" aria-hidden="true"><circle class="lane-mark" r="5"></circle></svg>"A moment that somebody speaks of"</li>
                        {differs.then(|| view! { <li><svg class="lane-key" viewBox="-7 -7 14 14" aria-hidden="true"><path class="lane-mark lane-differs" d=DIAMOND></path></svg>"Told differently"</li> })}
                    </ul>
                    <p class="hint">"The ribbon has the incident’s hours, each lane those of its person’s own zone."{outside.map(|words| format!(" {words}"))}</p>
                </figcaption>
            </figure>
        }
    }

    /// As a file: 1200 pixels wide, with its heading, colours and font, and without links.
    pub(super) fn as_file(&self, title: &str, when: &str) -> String {
        const HEAD: usize = 64;
        let height = HEAD + self.height() + 34;
        let foot = height - 12;
        let view = view! {
            <svg xmlns="http://www.w3.org/2000/svg" width="1200" height=height.to_string() viewBox=format!("0 0 1200 {height}") role="img"
                font-family="Inter, system-ui, -apple-system, Segoe UI, Roboto, sans-serif" font-size="12">
                <title>{clean(title)}</title>
                <desc>{clean(&self.words())}</desc>
                {patterns()}
                <rect width="1200" height=height.to_string() fill="#fffefc"></rect>
                <text x="20" y="28" font-size="18" font-weight="600" fill="#23201b">{clean(title)}</text>
                <text x="20" y="48" fill=QUIET>{clean(when)}</text>
                <svg x="20" y=HEAD.to_string() width="1160" height=self.height().to_string() overflow="visible">
                    {ribbon::plot(&self.times, self.moments.clone(), self.scale, self.zone, &ribbon::bands(self.scale, self.zone))}
                    {self.lanes(false).collect_view()}
                </svg>
                <text x="20" y=foot.to_string() fill=QUIET font-size="11">
                    {format!("Bars: events per {}. Dotted: night; the ribbon has the incident’s hours, each lane those of its person’s own zone. Dots: moments that somebody speaks of.", ribbon::bar_words(self.scale))}
                </text>
            </svg>
        };
        // The markers between nodes serve waking alone, and are no XML.
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", view.into_view().to_html().replace("<!>", ""))
    }

    fn works(&self) -> bool {
        self.lanes.iter().any(|lane| !lane.work.is_empty())
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
                        <rect fill="url(#lane-night)" x=percent(x) y=strip.to_string() width=percent(width) height=HIGH.to_string()></rect>
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

/// Night is dotted, so that it shows without colour, too.
fn patterns() -> impl IntoView {
    view! {
        <defs>
            <pattern id="lane-night" width="6" height="6" patternUnits="userSpaceOnUse">
                <circle class="pat-dot" fill="#2a469c" fill-opacity="0.45" cx="3" cy="3" r="0.9"></circle>
            </pattern>
        </defs>
    }
}

fn dots_all() -> impl IntoView {
    view! { <rect fill="url(#lane-night)" width="100%" height="100%"></rect> }
}

/// Words without the characters that XML cannot hold.
fn clean(text: &str) -> String {
    let fits = |c: &char| matches!(*c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(fits).collect()
}
