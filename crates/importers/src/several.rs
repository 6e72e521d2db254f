//! Finds out whether a document tells several incidents, and cuts it into them: each has a heading of its own with a timeline below it.

use crate::dated::starts_a_line;
use crate::guess::says;
use crate::headings::{is_other, kind_of};
use crate::lines::Line;
use crate::lists::{bold_line, bullet, plain_words};
use crate::sections::Kind;
use crate::times::{find, scan};
use std::collections::{BTreeMap, BTreeSet};

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

/// More than these are no incidents but a document that repeats itself.
const MOST: usize = 500;

/// Cuts the document, or returns `None` when it tells one incident. `lines` have their headings marked.
pub(crate) fn split(lines: &[Line]) -> Option<Several> {
    let ends = ends(lines);
    let owners: Vec<usize> = survey(lines)
        .into_iter()
        .filter(|(at, seen)| match seen {
            Below { timeline: true, sections, .. } => lines[*at].heading == 1 || *sections > 0 || is_titled(&lines[*at].text),
            Below { entries, .. } => *entries >= 2 && is_titled(&lines[*at].text),
        })
        .map(|(at, _)| at)
        .collect();
    // Of nested ones the innermost are the incidents; what holds them is the document, or a quarter of a log.
    let next = owners.iter().skip(1).map(Some).chain([None]);
    let inner: BTreeSet<usize> =
        owners.iter().zip(next).filter(|(at, next)| next.is_none_or(|n| *n >= ends[**at])).map(|(at, _)| *at).collect();
    let first = *inner.first().filter(|_| (2..=MOST).contains(&inner.len()))?;
    // An incident among them that has no timeline is one all the same.
    let level = lines[first].heading;
    let mut found = Several { parts: Vec::new(), shared: Vec::new() };
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        let sibling = line.heading == level && found.parts.len() < MOST && is_unknown(&line.text) && is_dated(&line.text);
        if inner.contains(&at) || (sibling && inner.range(at..ends[at]).next().is_none()) {
            found.parts.push((line.text.clone(), lines[at + 1..ends[at]].to_vec()));
            at = ends[at];
        } else {
            found.shared.push(line.clone());
            at += 1;
        }
    }
    Some(found)
}

/// For every heading the line at which what stands below it ends.
fn ends(lines: &[Line]) -> Vec<usize> {
    let mut out = vec![lines.len(); lines.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, l)| l.heading > 0) {
        while let Some(before) = open.pop_if(|o| lines[*o].heading >= line.heading) {
            out[before] = at;
        }
        open.push(at);
    }
    out
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
    find::any_day(heading).is_some()
}

fn is_titled(heading: &str) -> bool {
    is_dated(heading)
        || says(&plain_words(heading), "incident, incidents, outage, failure, event, review, degradation, disruption")
}
