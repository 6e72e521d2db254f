//! Lines that name people outside of the attendees section: "Author: …", "Attendees: AB, CD".

use crate::lines::Line;
use crate::lists::{bullet, plain_words, says_nothing};
use crate::people::People;
use crate::tables;
use crate::wordlists::phrases;

/// "Attendees", "author", "incident commander": what follows is a person.
pub(crate) fn is_about_people(label: &str) -> bool {
    const LABELS: &str = "\
        attendees, atendees, attendee, participants, participant, author, authors, facilitator, facilitators, \
        incident commander, incident commanders, incident manager, incident lead, scribe, responder, responders, \
        incident responders, written by, reported by, reporter, people involved, on call, on call engineer, present, \
        reviewers, reviewer, attending, note taker, notes by, moderator, owner, commander, who, invited, contact, people";
    let words = plain_words(label);
    phrases(LABELS).any(|l| l == words)
}

/// Takes lines such as "Attendees: AB, CD" out of a section.
pub(crate) fn take_people(lines: &mut Vec<Line>, people: &mut People) {
    // Below "Attendees:" with nothing after it stands a list.
    let mut list_below = false;
    lines.retain(|line| {
        if line.code || line.heading > 0 {
            list_below = false;
            return true;
        }
        let item = bullet(&line.text);
        let text = item.as_ref().map_or(line.text.trim(), |b| b.text);
        if list_below {
            if line.is_blank() {
                return true;
            }
            if item.is_some() {
                people.line(text);
                return false;
            }
            list_below = false;
        }
        let plain = text.replace(['*', '_'], "");
        if let Some((label, names)) = plain.split_once(':')
            && is_about_people(label)
        {
            people.line(names);
            list_below = says_nothing(names);
            return false;
        }
        let cells = if tables::is_row(text) { tables::cells(text) } else { Vec::new() };
        if let [label, names @ ..] = cells.as_slice()
            && is_about_people(label)
            && !tables::is_separator(text)
        {
            names.iter().for_each(|n| people.line(n));
            return false;
        }
        true
    });
}
