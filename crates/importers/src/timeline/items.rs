//! List items of a timeline.

use super::{Open, Reader};
use crate::dated::divide;
use crate::lines::Line;
use crate::lists::{dedent, plain_words, says_nothing};
use crate::times::zones::times_statement;
use crate::times::{find, scan};

impl Reader<'_> {
    /// A list item: an entry, a day that holds the entries below it, or a part of what stands above.
    pub(super) fn bullet(&mut self, line: &Line, at: usize, content: usize, text: &str) {
        let timed = scan::prefix(text, self.month_first);
        if let Open::Item { indent: base, gap, day, content: inner } = self.open
            && at > base + 1
        {
            if !day {
                let nested = dedent(&line.text, inner.min(at)).to_owned();
                self.out.append(if gap { "\n\n" } else { "\n" }, &nested);
                self.open = Open::Item { indent: base, content: inner, gap: false, day };
                return;
            }
            // Below an item that is a day, the nested ones are the events.
            if let Some((written, end)) = timed {
                let (time, body) = divide(text, end);
                self.event(&time, Some(&written), body, line.no);
            } else {
                self.untimed(text, line.no);
            }
            return;
        }
        if says_nothing(text) {
            return;
        }
        let item = Open::Item { indent: at, content, gap: false, day: false };
        match timed {
            Some((written, end)) if written.is_day_only() && says_nothing(&text[end..]) => {
                self.calendar.set_day(&written);
                self.open = Open::Item { indent: at, content, gap: false, day: true };
            }
            Some((written, end)) => {
                self.day_title = None;
                let (time, body) = divide(text, end);
                self.event(&time, Some(&written), body, line.no);
                self.open = item;
            }
            None => match times_statement(text) {
                Some(zone) => self.calendar.zone = zone,
                None => self.bullet_without_time(line, text, item),
            },
        }
    }

    fn bullet_without_time(&mut self, line: &Line, text: &str, item: Open) {
        if !self.mixed
            && let Some((written, from, to)) = find::suffix(text, self.month_first)
        {
            let body = label(&text[..from], &text[to..]);
            self.event(&text[from..to], Some(&written), body, line.no);
            self.open = item;
            return;
        }
        // "**Note:** the status page was not updated" is a remark in a list of entries.
        let note = plain_words(text).starts_with("note ") && text.contains(':');
        match self.open {
            // Remarks below a heading that is an event, or below a paragraph that is one.
            Open::Heading { day: false } => self.out.append("\n", line.text.trim_end()),
            Open::Paragraph { gap } if !self.shape.bullets => {
                self.out.append(if gap { "\n\n" } else { "\n" }, line.text.trim_end());
                self.open = Open::Paragraph { gap: false };
            }
            Open::Heading { day: true } if self.day_title.is_some() => {
                self.close_day();
                self.out.append("\n\n", line.text.trim_end());
                self.open = Open::Heading { day: false };
            }
            Open::Heading { day: true } if !self.shape.bullets && !self.shape.table => {
                self.on_day("", text.to_owned(), line.no);
                // The next one is an event of that day, too; what is nested belongs to this one.
                self.open = item;
            }
            _ if self.mixed || note || !self.shape.lists_entries() => self.beside(line),
            _ if self.calendar.day_above().is_some() && !self.shape.bullets => {
                self.on_day("", text.to_owned(), line.no);
                self.open = item;
            }
            _ => {
                self.untimed(text, line.no);
                self.open = item;
            }
        }
    }
}

/// The words around a time that stands at the end: "Incident declared:", "Resolved at".
fn label(before: &str, after: &str) -> String {
    let mut words: Vec<&str> = before.split_whitespace().collect();
    while words
        .last()
        .is_some_and(|w| ["at", "on", "from", "around", "about", "approximately", "ca.", "~", "-", "–", ":"].contains(w))
    {
        words.pop();
    }
    let mut body = words.join(" ").trim_end_matches([':', '-', '–', ' ', '(', '~']).to_owned();
    for mark in ["**", "`"] {
        if body.matches(mark).count() % 2 == 1 {
            body = body.replace(mark, "");
        }
    }
    if !says_nothing(after) {
        body = format!("{} {}", body.trim_end_matches(':'), after.trim());
    }
    body.trim_end_matches([':', ' ']).to_owned()
}
