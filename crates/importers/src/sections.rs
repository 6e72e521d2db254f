//! Headings and what they mean: cuts a document into sections of known kinds.

use crate::headings::{is_how_it_went, is_name, is_other, is_what_went_well, kind_of};
use crate::lines::Line;
use crate::lists::{bold_line, bullet, is_rule, plain_words};
use crate::times::scan;

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What stands before the first section.
    Opening,
    Summary,
    Timeline,
    Factors,
    Learnings,
    Actions,
    /// Who was there; stays out of everything.
    People,
    Stats,
    /// Tells what happened among other things: what has a time is an event, the rest is kept under its heading.
    Told,
    /// Anything else; kept under its heading.
    Other,
}

/// A section: its heading and its lines, headings below it included.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) kind: Kind,
    pub(crate) heading: String,
    pub(crate) lines: Vec<Line>,
}

impl Section {
    /// The heading and every line.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.heading.as_str()).chain(self.lines.iter().map(|l| l.text.as_str()))
    }
}

/// The document, cut up.
pub(crate) struct Outline {
    /// The first heading, unless that is already a section.
    pub(crate) title: Option<String>,
    /// The first is the opening, possibly empty.
    pub(crate) sections: Vec<Section>,
}

/// A heading with its level; `#Heading` without a space only where the words name a section.
fn atx(text: &str) -> Option<(u8, &str)> {
    let text = text.trim_start();
    let level = text.bytes().take_while(|b| *b == b'#').count();
    if !(1..=6).contains(&level) {
        return None;
    }
    let rest = &text[level..];
    let words = rest.trim().trim_end_matches('#').trim_end();
    let spaced = rest.is_empty() || rest.starts_with([' ', '\t', '\u{A0}']);
    (spaced || kind_of(words, Kind::Opening).is_some()).then_some((level as u8, words))
}

/// A line that underlines the one before it: `=` makes it a heading of level 1, `-` of level 2.
fn underline(line: &Line, before: &str) -> Option<u8> {
    let text = line.text.trim();
    let over = before.trim();
    let paragraph =
        !over.is_empty() && !over.contains('|') && !over.starts_with('>') && bullet(before).is_none() && !is_rule(before);
    if line.code || !paragraph || text.len() < 3 || over.len() > 200 {
        return None;
    }
    if text.bytes().all(|b| b == b'=') {
        Some(1)
    } else if text.bytes().all(|b| b == b'-') {
        Some(2)
    } else {
        None
    }
}

/// Turns heading lines into headings.
pub(crate) fn mark_headings(lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        if let Some(before) = out.last_mut()
            && before.heading == 0
            && !before.code
            && let Some(level) = underline(&line, &before.text)
        {
            before.heading = level;
            before.text = before.text.trim().to_owned();
            continue;
        }
        match atx(&line.text) {
            Some((level, words)) if !line.code => out.push(Line { text: words.to_owned(), heading: level, ..line }),
            _ => out.push(line),
        }
    }
    out
}

/// Bold lines and, where a document has no headings at all, `Timeline:` count as headings when they name a section.
fn mark_names(mut out: Vec<Line>) -> Vec<Line> {
    let plain = out.iter().filter(|l| l.heading > 0).count() <= 1;
    let mut level = 2;
    for i in 0..out.len() {
        if out[i].heading > 0 {
            level = out[i].heading.max(2);
            continue;
        }
        let after_gap = i == 0 || out[i - 1].is_blank() || out[i - 1].heading > 0;
        let text = out[i].text.as_str();
        let words =
            bold_line(text).or_else(|| text.trim().strip_suffix(':').filter(|_| plain && after_gap && bullet(text).is_none()));
        if let Some(words) = words
            && !out[i].code
            && is_name(&plain_words(words))
        {
            let words = words.to_owned();
            out[i].heading = level;
            out[i].text = words;
        }
    }
    out
}

/// Cuts the lines at headings. A heading below a known section starts another one only if it names one; else it stays inside.
pub(crate) fn outline(lines: Vec<Line>, titled_elsewhere: bool) -> Outline {
    let mut title = None;
    let mut sections = vec![Section { kind: Kind::Opening, heading: String::new(), lines: Vec::new() }];
    // Open headings: level and section.
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut first = true;
    let lines = mark_names(lines);
    let quiet: Vec<bool> = (0..lines.len())
        .map(|at| {
            lines[at].heading > 0 && {
                let below = lines[at + 1..].iter().take_while(|l| l.heading == 0).count();
                times_told(&lines[at + 1..at + 1 + below]) == 0
            }
        })
        .collect();
    for (line, quiet) in lines.into_iter().zip(quiet) {
        if line.heading == 0 || line.text.is_empty() {
            let at = open.last().map_or(0, |(_, section)| *section);
            if line.heading == 0 {
                sections[at].lines.push(line);
            }
            continue;
        }
        let level = line.heading;
        while open.last().is_some_and(|(l, _)| *l >= level) {
            open.pop();
        }
        let parent = open.last().map_or(0, |(_, section)| *section);
        let inside = sections[parent].kind;
        // "### 14:16 – Summary" in a timeline is an entry.
        let entry = inside == Kind::Timeline && scan::prefix(&line.text, false).is_some_and(|(w, _)| w.start.clock.is_some());
        let kind = if entry { None } else { kind_of(&line.text, inside) };
        // "### Response" divides a timeline while there are times below it; without them it is a section of its own.
        let leaves = inside == Kind::Timeline && quiet && is_other(&plain_words(&line.text));
        let may_be_title = std::mem::take(&mut first) && kind.is_none() && !is_other(&plain_words(&line.text));
        if may_be_title && (level == 1 || !titled_elsewhere) {
            title = Some(line.text);
            continue;
        }
        if kind.is_none() && parent > 0 && !leaves {
            sections[parent].lines.push(line);
            open.push((level, parent));
            continue;
        }
        sections.push(Section { kind: kind.unwrap_or(Kind::Other), heading: line.text, lines: Vec::new() });
        open.push((level, sections.len() - 1));
    }
    Outline { title, sections }
}

/// Gives sections their last meaning, which depends on what else there is.
pub(crate) fn settle(sections: &mut [Section]) {
    let has = |sections: &[Section], kind: Kind| sections.iter().any(|s| s.kind == kind);
    // "What went wrong" is something learned. So is "What went well", but beside lessons of their own it is a part of the story.
    let lessons = has(sections, Kind::Learnings);
    for section in sections.iter_mut().filter(|s| s.kind == Kind::Other && is_how_it_went(&s.heading)) {
        if !(lessons && is_what_went_well(&section.heading)) {
            section.kind = Kind::Learnings;
        }
    }
    let timeline = has(sections, Kind::Timeline);
    for section in sections.iter_mut().filter(|s| s.kind == Kind::Other) {
        let words = plain_words(&section.heading);
        let told = if words.starts_with("context") { 1 } else { 2 };
        if times_told(&section.lines) >= told && (told == 1 || (!timeline && is_other(&words))) {
            section.kind = Kind::Told;
        }
    }
}

/// How many lines begin with a time.
fn times_told(lines: &[Line]) -> usize {
    let begins = |l: &&Line| {
        let text = bullet(&l.text).map_or(l.text.as_str(), |b| b.text);
        !l.code && scan::prefix(text.trim_start_matches(['|', ' ']), false).is_some()
    };
    lines.iter().filter(begins).count()
}

/// The Markdown of a section, headings included, without blank lines around it.
pub(crate) fn markdown<'a>(lines: impl IntoIterator<Item = &'a Line>) -> String {
    let mut out = String::new();
    for line in lines {
        if line.heading > 0 {
            out.push_str(&"#".repeat(usize::from(line.heading.min(6))));
            out.push(' ');
        }
        out.push_str(&line.text);
        out.push('\n');
    }
    out.trim_matches('\n').trim_end().to_owned()
}
