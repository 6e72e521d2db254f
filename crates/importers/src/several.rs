//! Finds out whether a document tells several incidents, and cuts it into them: each has a heading of its own with a timeline below it.

use crate::dated::starts_a_line;
use crate::guess::says;
use crate::headings::{is_other, kind_of};
use crate::lines::Line;
use crate::lists::{bold_line, bullet, plain_words};
use crate::sections::Kind;
use crate::times::scan;
use std::collections::BTreeMap;
use std::ops::Range;

/// A document of several incidents.
pub(crate) struct Several {
    /// One per incident: its heading and the lines below it.
    pub(crate) parts: Vec<(String, Vec<Line>)>,
    /// What belongs to none of them, or to all.
    pub(crate) shared: Vec<Line>,
}

/// What was seen below a heading that could be that of an incident.
#[derive(Default)]
struct Below {
    /// A heading or a bold line that names a timeline.
    timeline: bool,
    /// Lines that begin with a time, outside of any section that is known.
    entries: usize,
    /// Other sections that are known.
    sections: usize,
}

/// Cuts the document, or returns `None` when it tells one incident. `lines` have their headings marked.
pub(crate) fn split(lines: &[Line]) -> Option<Several> {
    let below = survey(lines);
    let end = |at: usize| {
        let level = lines[at].heading;
        lines[at + 1..].iter().position(|l| (1..=level).contains(&l.heading)).map_or(lines.len(), |n| at + 1 + n)
    };
    let titled = |at: usize| is_titled(&lines[at].text);
    let owners: Vec<usize> = below
        .iter()
        .filter(|(at, seen)| match seen {
            Below { timeline: true, sections, .. } => lines[**at].heading == 1 || *sections > 0 || titled(**at),
            Below { entries, .. } => *entries >= 2 && titled(**at),
        })
        .map(|(at, _)| *at)
        .collect();
    // Of nested ones the innermost are the incidents; what holds them is the document, or a quarter of a log.
    let inner: Vec<usize> = owners.iter().copied().filter(|at| !owners.iter().any(|o| o > at && *o < end(*at))).collect();
    if inner.len() < 2 {
        return None;
    }
    // An incident among them that has no timeline is one all the same.
    let level = lines[inner[0]].heading;
    let is_part = |at: usize| {
        inner.contains(&at) || (lines[at].heading == level && is_unknown(&lines[at].text) && is_dated(&lines[at].text))
    };
    let mut parts: Vec<Range<usize>> = Vec::new();
    for at in (0..lines.len()).filter(|at| lines[*at].heading > 0 && !lines[*at].code) {
        if is_part(at) && parts.last().is_none_or(|before| before.end <= at) {
            parts.push(at..end(at));
        }
    }
    let shared = (0..lines.len()).filter(|i| !parts.iter().any(|p| p.contains(i))).map(|i| lines[i].clone()).collect();
    let parts = parts.into_iter().map(|p| (lines[p.start].text.clone(), lines[p.start + 1..p.end].to_vec())).collect();
    Some(Several { parts, shared })
}

/// For every heading that means none of our sections, what stands below it.
fn survey(lines: &[Line]) -> BTreeMap<usize, Below> {
    let mut out: BTreeMap<usize, Below> = BTreeMap::new();
    // Open headings: level, line, and the kind of section where they name one.
    let mut open: Vec<(u8, usize, Option<Kind>)> = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, l)| !l.code) {
        let text = line.text.as_str();
        let owner =
            |open: &[(u8, usize, Option<Kind>)]| open.iter().rev().find(|(_, _, kind)| kind.is_none()).map(|(_, at, _)| *at);
        if line.heading > 0 {
            while open.last().is_some_and(|(level, ..)| *level >= line.heading) {
                open.pop();
            }
            let kind = meaning(text);
            match (owner(&open), kind) {
                (Some(owner), Some(Kind::Timeline)) => out.entry(owner).or_default().timeline = true,
                (Some(owner), Some(_)) => out.entry(owner).or_default().sections += 1,
                _ => {}
            }
            open.push((line.heading, at, kind));
            continue;
        }
        let Some(owner) = owner(&open) else { continue };
        if let Some(words) = bold_line(text) {
            match kind_of(words, Kind::Opening) {
                Some(Kind::Timeline) => out.entry(owner).or_default().timeline = true,
                Some(_) => out.entry(owner).or_default().sections += 1,
                None => {}
            }
        } else if open.iter().all(|(_, _, kind)| kind.is_none()) && is_entry(text) {
            out.entry(owner).or_default().entries += 1;
        }
    }
    out
}

/// The section that a heading names; an entry of a timeline counts as part of one.
fn meaning(heading: &str) -> Option<Kind> {
    let clock = scan::prefix(heading, false).is_some_and(|(w, _)| w.start.clock.is_some());
    let day = scan::cell(heading, false).is_some_and(|w| w.is_day_only() && w.beside.is_empty());
    if clock || day {
        return Some(Kind::Other);
    }
    kind_of(heading, Kind::Opening).or_else(|| is_other(&plain_words(heading)).then_some(Kind::Other))
}

fn is_unknown(heading: &str) -> bool {
    meaning(heading).is_none()
}

fn is_entry(text: &str) -> bool {
    let (words, listed) = bullet(text).map_or((text, false), |b| (b.text, true));
    (listed || starts_a_line(words)) && scan::prefix(words, false).is_some_and(|(w, _)| w.start.clock.is_some())
}

fn is_dated(heading: &str) -> bool {
    scan::any_day(heading).is_some()
}

fn is_titled(heading: &str) -> bool {
    is_dated(heading)
        || says(&plain_words(heading), "incident, incidents, outage, failure, event, review, degradation, disruption")
}
