//! The ribbon: how close events stand, over the hours of the day that they fell into.

use super::story::span;
use chrono::{DateTime, Duration, NaiveTime, Utc};
use chrono_tz::Tz;
use domain::incidents::Incident;
use domain::timeline::marks::marks;
use domain::timeline::{Precision, TimelineEvent};
use domain::walltime::{self, Band, WorkPattern};
use leptos::prelude::*;
use std::sync::Arc;

/// Bars of the ribbon.
const BARS: i64 = 48;
/// Where the bars stand, in pixels from the top.
const GROUND: f64 = 78.0;
/// Height of the fullest bar.
const TALL: f64 = 42.0;
/// Colours of daylight (tokens.css), for files.
const AXIS: &str = "#877e6f";
const GRID: &str = "#e5dfd4";
const BAR: &str = "#7db2ad";
/// Night is dotted, so that it shows without colour, too.
pub(super) const NIGHT: &str = "url(#night-dots)";
pub(super) const QUIET: &str = "#564f46";
pub(super) const SOFT: &str = "#45403a";
/// Beyond this the hours of the day are too thin to see.
const BANDS_UP_TO: Duration = Duration::days(21);

/// A span of time drawn from left to right.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub(super) from: DateTime<Utc>,
    pub(super) to: DateTime<Utc>,
}

/// A time further away from its neighbour than this many times the rest of the story is left out of the picture: drawn with the rest
/// it would push the incident into a corner.
const FAR: i32 = 2;
/// Less than this has no shape.
const SHORTEST: Duration = Duration::minutes(2);
/// What a label of the ribbon takes, in percent of its width on a laptop.
const LABEL: f64 = 14.0;
/// Where labels stand, in pixels from the top: beside each other they share a line, else the next one is taken.
const LINES: [f64; 3] = [17.0, 33.0, 49.0];

impl Scale {
    /// Where an instant stands, in percent.
    pub(super) fn x(self, at: DateTime<Utc>) -> f64 {
        let all = (self.to - self.from).num_milliseconds() as f64;
        ((at - self.from).num_milliseconds() as f64 / all * 100.0).clamp(0.0, 100.0)
    }

    pub(super) fn holds(self, at: DateTime<Utc>) -> bool {
        (self.from..=self.to).contains(&at)
    }
}

/// The ribbon of an incident; nothing where there is too little to draw.
#[component]
pub(super) fn Ribbon(incident: Incident, events: Arc<Vec<TimelineEvent>>) -> impl IntoView {
    let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
    let times: Vec<DateTime<Utc>> = events.iter().filter(|e| e.precision != Precision::Date).filter_map(|e| e.at).collect();
    let moments = moments(&incident);
    scale(&times, &moments).map(|scale| {
        let outside = outside(&times, scale);
        let words = words(&times, &moments, scale, zone);
        let bands = bands(scale, zone);
        let present: Vec<Band> = Band::ALL.into_iter().filter(|b| bands.iter().any(|(band, ..)| band == b)).collect();
        view! {
            <figure class="ribbon-figure">
                <svg class="plot ribbon" height="100" role="img" aria-labelledby="ribbon-words">
                    <title id="ribbon-words">{words}</title>
                    {plot(&times, moments, scale, zone, &bands)}
                </svg>
                <figcaption>
                    <ul class="legend">
                        {present.into_iter().map(|band| view! {
                            <li><svg aria-hidden="true"><rect class=ground(band) width="100%" height="100%"></rect>{(band == Band::Night).then(|| view! { <rect fill=NIGHT width="100%" height="100%"></rect> })}</svg>{band.label()}</li>
                        }).collect_view()}
                        <li><svg aria-hidden="true"><rect class="q3" width="100%" height="100%"></rect></svg>{format!("Events per {}", bar_words(scale))}</li>
                    </ul>
                    {outside.map(|words| view! { <p class="hint">{words}</p> })}
                </figcaption>
            </figure>
        }
    })
}

/// Bars over the hours of the day, with the incident's marks: 100 pixels high, as wide as there is room.
///
/// Colours stand beside the classes, too: a file has no stylesheet. On a page the stylesheet wins.
pub(super) fn plot(
    times: &[DateTime<Utc>],
    moments: Vec<(DateTime<Utc>, &'static str)>,
    scale: Scale,
    zone: Tz,
    bands: &[(Band, f64, f64)],
) -> impl IntoView + use<> {
    view! {
        <defs>
            <pattern id="night-dots" width="6" height="6" patternUnits="userSpaceOnUse">
                <circle class="night-dot" fill="#2a469c" fill-opacity="0.45" cx="3" cy="3" r="0.9"></circle>
            </pattern>
        </defs>
        {bands.iter().map(|(band, x, width)| view! {
            <rect class=ground(*band) fill=colour(*band) x=percent(*x) y="0" width=percent(*width) height="78"></rect>
            {(*band == Band::Night).then(|| view! { <rect fill=NIGHT x=percent(*x) y="0" width=percent(*width) height="78"></rect> })}
        }).collect_view()}
        {bars(&counts(times, scale)).collect_view()}
        {labels(moments, scale, zone)}
        <line class="axis" stroke=AXIS x1="0" x2="100%" y1="78.5" y2="78.5"></line>
        {ticks(scale, zone).into_iter().map(|(x, words)| view! {
            <line class="grid" stroke=GRID x1=percent(x) x2=percent(x) y1="78" y2="83"></line>
            <text class="m" fill=QUIET text-anchor="middle" x=percent(x) y="96">{words}</text>
        }).collect_view()}
    }
}

pub(super) fn moments(incident: &Incident) -> Vec<(DateTime<Utc>, &'static str)> {
    marks(incident).into_iter().map(|(mark, at)| (at, mark.label())).collect()
}

/// From the first to the last time that belongs together, with a little air; `None` for fewer than three events or no time between.
pub(super) fn scale(times: &[DateTime<Utc>], moments: &[(DateTime<Utc>, &str)]) -> Option<Scale> {
    let mut all: Vec<DateTime<Utc>> = times.iter().copied().chain(moments.iter().map(|(at, _)| *at)).collect();
    all.sort_unstable();
    let mut close = all.as_slice();
    let far = |rest: &[DateTime<Utc>], gap: Duration| {
        let told = rest[rest.len() - 1] - rest[0];
        rest.len() >= 3 && told >= SHORTEST && gap > told * FAR
    };
    loop {
        close = match close {
            [first, rest @ ..] if !rest.is_empty() && far(rest, rest[0] - *first) => rest,
            [rest @ .., last] if !rest.is_empty() && far(rest, *last - rest[rest.len() - 1]) => rest,
            _ => break,
        };
    }
    let (first, last) = (*close.first()?, *close.last()?);
    let air = (last - first) / 24;
    (times.len() >= 3 && last - first >= SHORTEST).then_some(Scale { from: first - air, to: last + air })
}

/// What the picture leaves out, in words.
pub(super) fn outside(times: &[DateTime<Utc>], scale: Scale) -> Option<String> {
    let events = |n: usize| if n == 1 { "1 event".to_owned() } else { format!("{n} events") };
    let before = times.iter().filter(|at| **at < scale.from).count();
    let after = times.iter().filter(|at| **at > scale.to).count();
    match (before, after) {
        (0, 0) => None,
        (n, 0) => Some(format!("Not drawn: {} long before.", events(n))),
        (0, n) => Some(format!("Not drawn: {} long after.", events(n))),
        (b, a) => Some(format!("Not drawn: {} long before and {} long after.", events(b), events(a))),
    }
}

fn counts(times: &[DateTime<Utc>], scale: Scale) -> Vec<usize> {
    let mut counts = vec![0; usize::try_from(BARS).unwrap_or(0)];
    for at in times.iter().filter(|at| scale.holds(**at)) {
        let bar = (scale.x(*at) / 100.0 * BARS as f64) as usize;
        let last = counts.len() - 1;
        counts[bar.min(last)] += 1;
    }
    counts
}

fn bars(counts: &[usize]) -> impl Iterator<Item = impl IntoView + use<>> + use<> {
    let most = counts.iter().copied().max().unwrap_or(1).max(1) as f64;
    let each = 100.0 / BARS as f64;
    let bars: Vec<(f64, f64)> = counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .map(|(n, count)| (n as f64 * each, *count as f64 / most * TALL))
        .collect();
    bars.into_iter().map(move |(x, height)| {
        let (y, width) = (GROUND - height, each - 0.4);
        view! { <rect class="q3" fill=BAR x=percent(x + 0.2) y=format!("{y:.1}") width=percent(width) height=format!("{height:.1}") rx="1"></rect> }
    })
}

pub(super) fn bands(scale: Scale, zone: Tz) -> Vec<(Band, f64, f64)> {
    if scale.to - scale.from > BANDS_UP_TO {
        return Vec::new();
    }
    walltime::split(scale.from, scale.to, zone, &WorkPattern::default())
        .into_iter()
        .map(|piece| (piece.band, scale.x(piece.start), scale.x(piece.end) - scale.x(piece.start)))
        .collect()
}

/// The grounds as they are in daylight (tokens.css): for files.
pub(super) fn colour(band: Band) -> &'static str {
    match band {
        Band::Working => "#d9efed",
        Band::Evening => "#f7e7c8",
        Band::Night => "#dbe2f6",
        Band::Weekend => "#efdde7",
    }
}

pub(super) fn ground(band: Band) -> &'static str {
    match band {
        Band::Working => "b-work",
        Band::Evening => "b-evening",
        Band::Night => "b-night",
        Band::Weekend => "b-weekend",
    }
}

/// Lines with their words, each on the first height at which it meets no other.
fn labels(moments: Vec<(DateTime<Utc>, &'static str)>, scale: Scale, zone: Tz) -> impl IntoView {
    let mut taken = [f64::NEG_INFINITY; LINES.len()];
    let mut moments: Vec<_> = moments.into_iter().filter(|(at, _)| scale.holds(*at)).collect();
    moments.sort_by_key(|(at, _)| *at);
    let labels = moments.into_iter().map(move |(at, name)| {
        let x = scale.x(at);
        let (class, beside, left) =
            if x > 70.0 { ("soft-ink wide e", x - 0.5, x - LABEL) } else { ("soft-ink wide", x + 0.5, x) };
        let anchor = (x > 70.0).then_some("end");
        // Where no line has room, the mark stands without its name: the story and the picture's words have it.
        let line = taken.iter().position(|right| *right <= left);
        if let Some(line) = line {
            taken[line] = left + LABEL;
        }
        let top = line.map_or(LINES[LINES.len() - 1], |line| LINES[line]);
        view! {
            <line class="axis" stroke=AXIS x1=percent(x) x2=percent(x) y1=(top - 9.0).to_string() y2="78"></line>
            {line.map(|_| view! {
                <text class=class fill=SOFT text-anchor=anchor x=percent(beside) y=top.to_string()>{format!("{} {name}", walltime::clock(at, zone))}</text>
            })}
        }
    });
    labels.collect_view()
}

/// Round times of the local clock, at most seven.
pub(super) fn ticks(scale: Scale, zone: Tz) -> Vec<(f64, String)> {
    const STEPS: [i64; 14] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080];
    let minutes = (scale.to - scale.from).num_minutes().max(1);
    let step = STEPS.into_iter().find(|step| minutes / step <= 6).unwrap_or(minutes / 6);
    let midnight = scale.from.with_timezone(&zone).date_naive().and_time(NaiveTime::MIN);
    let first = walltime::to_utc(zone, midnight).at;
    let format = if step >= 1440 { "%-d %b" } else { "%H:%M" };
    (0..)
        .map(|n| first + Duration::minutes(n * step))
        .skip_while(|at| *at < scale.from)
        .take_while(|at| *at <= scale.to)
        .map(|at| (scale.x(at), at.with_timezone(&zone).format(format).to_string()))
        .filter(|(x, _)| (2.0..=98.0).contains(x))
        .collect()
}

pub(super) fn bar_words(scale: Scale) -> String {
    let one = (scale.to - scale.from) / i32::try_from(BARS).unwrap_or(1);
    if one < Duration::minutes(2) { "minute or so".to_owned() } else { span(one) }
}

/// All that the picture shows, for who does not see it.
pub(super) fn words(times: &[DateTime<Utc>], moments: &[(DateTime<Utc>, &str)], scale: Scale, zone: Tz) -> String {
    let (first, last) = (times.iter().min().copied(), times.iter().max().copied());
    let between = match (first, last) {
        (Some(first), Some(last)) => format!(" from {} to {}", walltime::absolute(first, zone), walltime::absolute(last, zone)),
        _ => String::new(),
    };
    let moments: String = moments.iter().map(|(at, name)| format!(" {name} {}.", walltime::clock(*at, zone))).collect();
    format!("{} events{between}; each bar counts those of {}.{moments}", times.len(), bar_words(scale))
}

pub(super) fn percent(x: f64) -> String {
    format!("{x:.2}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::minutes(minute)
    }

    #[test]
    fn too_little_is_not_drawn() {
        assert!(scale(&[], &[]).is_none());
        assert!(scale(&[at(0), at(9)], &[]).is_none());
        assert!(scale(&[at(5), at(5), at(5)], &[]).is_none());
        assert!(scale(&[at(5), at(5), at(9)], &[]).is_some());
    }

    #[test]
    fn a_time_far_away_does_not_squeeze_the_rest() {
        let story = [at(0), at(10), at(25), at(60)];
        let far = [&story[..], &[at(-60 * 24 * 11), at(60 * 24 * 40)]].concat();
        let (near, with_far) = (scale(&story, &[]).unwrap(), scale(&far, &[]).unwrap());
        assert_eq!((near.from, near.to), (with_far.from, with_far.to));
        assert_eq!(counts(&far, with_far).iter().sum::<usize>(), 4);
        assert_eq!(outside(&far, with_far).unwrap(), "Not drawn: 1 event long before and 1 event long after.");
        assert_eq!(outside(&story, near), None);
    }

    #[test]
    fn labels_of_one_moment_stand_on_lines_of_their_own() {
        let scale = scale(&[at(0), at(500), at(1000)], &[]).unwrap();
        let html = labels(vec![(at(3), "Impact starts"), (at(4), "Noticed"), (at(5), "Over")], scale, chrono_tz::UTC).to_html();
        for y in LINES {
            assert!(html.contains(&format!("y=\"{y}\"")), "{y}: {html}");
        }
        let five = [(at(3), "a"), (at(4), "b"), (at(5), "c"), (at(6), "d"), (at(7), "e")].to_vec();
        let html = labels(five, scale, chrono_tz::UTC).to_html();
        assert_eq!(
            (html.matches("<line").count(), html.matches("<text").count()),
            (5, LINES.len()),
            "no name over another: {html}"
        );
    }

    #[test]
    fn every_event_is_in_a_bar_and_ticks_are_few() {
        for length in [3, 100, 5_000, 400_000] {
            let times: Vec<_> = (0..=10).map(|n| at(n * length / 10)).collect();
            let scale = scale(&times, &[]).unwrap();
            assert_eq!(counts(&times, scale).iter().sum::<usize>(), 11);
            let ticks = ticks(scale, chrono_tz::Europe::Copenhagen);
            assert!((1..=8).contains(&ticks.len()), "{length}: {ticks:?}");
        }
    }
}
