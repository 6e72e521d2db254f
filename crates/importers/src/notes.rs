//! Says how a review was read, where that was not quite as written.

use crate::rows::Timeline;
use crate::sections::{Kind, Section};
use domain::imported::Unreadable;

/// What was read with a grain of salt.
pub(crate) fn notes(sections: &[Section], timeline: &Timeline, unclosed_comment: Option<usize>) -> Vec<Unreadable> {
    let mut out = Vec::new();
    let mut note = |line: usize, reason: String| out.push(Unreadable { line, reason });
    let has = |kind: Kind| sections.iter().any(|s| s.kind == kind);
    let known =
        [(Kind::Summary, "summary"), (Kind::Factors, "factors"), (Kind::Learnings, "lessons"), (Kind::Actions, "actions")];
    let found: Vec<&str> = known.iter().filter(|(kind, _)| has(*kind)).map(|(_, name)| *name).collect();
    if timeline.events.is_empty() {
        let mut names = vec!["title"];
        names.extend(found);
        if !timeline.events.is_empty() {
            names.push("timeline");
        }
        if has(Kind::Other) || !has(Kind::Summary) {
            names.push("the other text as it stands");
        }
        note(0, format!("Not laid out as a review; taken as plain Markdown: {}.", names.join(", ")));
    }
    if timeline.zone_guessed && timeline.events.iter().any(|e| e.at.is_some()) {
        note(0, "No time zone is named; times were read as UTC.".to_owned());
    }
    if let Some(place) = timeline.day_from {
        note(0, format!("The timeline names no day; the one {place} was taken."));
    }
    if !timeline.left_out.is_empty() {
        note(0, format!("Columns of the timeline that were left out: {}.", timeline.left_out.join(", ")));
    }
    let wall: Vec<usize> = timeline.events.iter().filter(|e| e.flag.contains("time on the wall")).map(|e| e.line).collect();
    if let Some(first) = wall.first() {
        let rows = if wall.len() == 1 { "One time names".to_owned() } else { format!("{} times name", wall.len()) };
        note(*first, format!("{rows} a zone that does not fit the season; taken as the wall clock of the place and flagged."));
    }
    if let Some(line) = unclosed_comment {
        note(line, "A comment begins here and is never closed; it was read as text.".to_owned());
    }
    out
}
