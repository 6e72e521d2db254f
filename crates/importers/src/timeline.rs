//! The timeline of a document: tables, lists, dated lines and dated headings, each row an event.

mod items;
mod shape;
mod table;

use crate::dated::{divide, month_first, starts_a_line};
use crate::lines::Line;
use crate::lists::{bullet, dedent, indent, is_decoration, is_rule, says_nothing};
use crate::rows::Timeline;
use crate::sections::{Kind, Section};
use crate::tables::{self, Columns, is_row, is_separator};
use crate::times::place::{Calendar, Elsewhere};
use crate::times::written::Written;
use crate::times::zones::{Zone, times_statement, zone_statement};
use crate::times::{find, scan};
use shape::Shape;

/// Reads all sections that tell when something happened, in order. `zone` is what the document says elsewhere; `day_of` finds the day
/// that a section's rows belong to, with dates read month first or not.
pub(crate) fn read(sections: &[&Section], zone: Option<Zone>, day_of: impl Fn(&Section, bool) -> Option<Elsewhere>) -> Timeline {
    let told = |s: &&&Section| s.kind == Kind::Timeline;
    let heading = sections.iter().filter(told).find_map(|s| heading_zone(&s.heading));
    let named = sections
        .iter()
        .filter(told)
        .flat_map(|s| s.lines.iter().enumerate().map(|(i, line)| (line, s.lines.get(i + 1))))
        .find_map(|(line, next)| line_zone(line, next));
    let mut out = Timeline::new(named.or(heading).or(zone));
    let month_first = month_first(sections.iter().flat_map(|s| s.texts()), out.zone);
    let mut calendar = Calendar::new(out.zone);
    for section in sections {
        calendar.begin(day_of(section, month_first));
        if let Some(zone) = heading_zone(&section.heading).filter(|_| section.kind == Kind::Timeline) {
            calendar.zone = zone;
        }
        calendar.dated_rows = section.lines.iter().any(|l| !l.code && is_separator(&l.text));
        calendar.all_about = section.texts().any(all_approximate);
        let mut reader = Reader {
            shape: Shape::of(&section.lines, month_first),
            mixed: section.kind != Kind::Timeline,
            name: if section.kind == Kind::Timeline { "Timeline".to_owned() } else { section.heading.clone() },
            month_first,
            out: &mut out,
            calendar: &mut calendar,
            columns: None,
            open: Open::Nothing,
            day_title: None,
        };
        for (i, line) in section.lines.iter().enumerate() {
            reader.line(line, section.lines.get(i + 1));
        }
        reader.close_day();
    }
    out.day_from = calendar.taken_from;
    out.close();
    out
}

/// "Timeline (all times UTC). All times approximations"
fn all_approximate(text: &str) -> bool {
    let lower = text.to_lowercase();
    text.len() < 240 && lower.contains("times") && ["approx", "estimated", "are rough"].iter().any(|w| lower.contains(w))
}

/// The zone that a heading names, unless it is an entry and "time" is a word of it.
fn heading_zone(text: &str) -> Option<Zone> {
    let entry = scan::prefix(text, false).is_some_and(|(w, _)| w.start.clock.is_some());
    if entry { None } else { zone_statement(text) }
}

/// The zone that a line of the section names for the rows: a sentence about times, or the header of the table.
fn line_zone(line: &Line, next: Option<&Line>) -> Option<Zone> {
    if line.heading > 0 {
        return heading_zone(&line.text);
    }
    if line.code {
        return None;
    }
    if let Some(item) = bullet(&line.text) {
        return times_statement(item.text);
    }
    if !is_row(&line.text) {
        let entry = starts_a_line(&line.text) && scan::prefix(&line.text, false).is_some();
        return if entry { None } else { zone_statement(&line.text) };
    }
    tables::header(&line.text, next.is_some_and(|n| is_separator(&n.text)))?.zone
}

#[derive(Clone, Copy, PartialEq)]
enum Open {
    Nothing,
    /// The last event came from a row; a line right below goes on with it.
    Line,
    /// … from a paragraph that began with a time; what has none goes on with it, `gap` after a blank line.
    Paragraph {
        gap: bool,
    },
    /// … from a list item; `gap` after a blank line. `day` when the item is a day that holds the items below it.
    Item {
        indent: usize,
        content: usize,
        gap: bool,
        day: bool,
    },
    /// … from a heading; everything up to the next heading belongs to it. `day` while only a day stood there and nothing below yet.
    Heading {
        day: bool,
    },
}

struct Reader<'a> {
    out: &'a mut Timeline,
    calendar: &'a mut Calendar,
    shape: Shape,
    /// Among other things: what has no time is none of ours.
    mixed: bool,
    /// What is beside the events is kept under this name.
    name: String,
    month_first: bool,
    columns: Option<Columns>,
    open: Open,
    /// A heading with a day and words, before it is clear whether it heads entries or is one: its time, its words, its line.
    day_title: Option<(String, String, usize)>,
}

impl Reader<'_> {
    fn line(&mut self, line: &Line, next: Option<&Line>) {
        if line.code {
            return self.code(line);
        }
        if line.heading > 0 {
            return self.heading(line);
        }
        let text = line.text.as_str();
        if line.is_blank() {
            self.open = match self.open {
                Open::Item { indent, content, day, .. } => Open::Item { indent, content, gap: true, day },
                Open::Paragraph { .. } => Open::Paragraph { gap: true },
                Open::Heading { day } => {
                    if !day {
                        self.out.append("\n", "");
                    }
                    Open::Heading { day }
                }
                _ => Open::Nothing,
            };
            return;
        }
        if is_rule(text) {
            return;
        }
        if let Some(item) = bullet(text) {
            return self.bullet(line, item.indent, item.content, item.text);
        }
        if is_row(text) && (text.trim_start().starts_with('|') || self.columns.is_some() || self.looks_like_row(text, next)) {
            return self.row(line, next);
        }
        let statement = if self.mixed { times_statement(text) } else { zone_statement(text) };
        if let Some(zone) = statement
            && scan::prefix(text, self.month_first).is_none_or(|(w, _)| w.start.clock.is_none())
            && !(self.open == Open::Heading { day: false } && times_statement(text).is_none())
        {
            self.calendar.zone = zone;
            self.open = Open::Nothing;
            return;
        }
        self.text(line, text, next);
    }

    fn heading(&mut self, line: &Line) {
        self.close_day();
        self.columns = None;
        let text = line.text.as_str();
        if let Some(zone) = heading_zone(text) {
            self.calendar.zone = zone;
        }
        let whole = scan::cell(text, self.month_first).filter(|w| w.beside.is_empty()).map(|w| (w, text.len()));
        match whole.or_else(|| scan::prefix(text, self.month_first)) {
            Some((written, end)) if written.is_day_only() => {
                self.calendar.set_day(&written);
                self.open = Open::Heading { day: true };
                let (time, title) = divide(text, end);
                if !says_nothing(&title) {
                    self.day_title = Some((time, title, line.no));
                }
            }
            Some((written, end)) if written.start.clock.is_some() => {
                let (time, body) = divide(text, end);
                self.event(&time, Some(&written), body, line.no);
                self.open = Open::Heading { day: false };
            }
            _ if find::meant_as_time(text).is_some() || self.shape.headings == Some(line.heading) => {
                self.untimed(text, line.no);
                self.open = Open::Heading { day: false };
            }
            _ => self.open = Open::Nothing,
        }
    }

    /// A heading of a day that nothing came below is an event of that day.
    fn close_day(&mut self) {
        if let Some((time, title, no)) = self.day_title.take() {
            self.on_day(&time, title, no);
        }
    }

    /// An event of the day that was named above.
    fn on_day(&mut self, time: &str, body: String, no: usize) {
        let day = self.calendar.day_above();
        let time = if time.is_empty() { day.map(|d| d.to_string()).unwrap_or_default() } else { time.to_owned() };
        self.event(&time, day.map(Written::on).as_ref(), body, no);
    }

    /// A line that is no heading, bullet or row.
    fn text(&mut self, line: &Line, text: &str, next: Option<&Line>) {
        let timed = scan::prefix(text, self.month_first);
        if let Some((written, end)) = &timed
            && written.is_day_only()
            && says_nothing(&text[*end..])
        {
            // A day with its text right below is an event; alone it is the day of what follows.
            let heads = next.is_some_and(|n| self.goes_on(n));
            if heads && !self.shape.table && !self.mixed {
                self.event(text.trim_matches([':', ' ', '*']), Some(written), "", line.no);
                self.open = Open::Paragraph { gap: false };
            } else {
                self.calendar.set_day(written);
                self.open = Open::Nothing;
            }
            return;
        }
        // Beside a table prose is prose, unless it begins with a clock reading.
        let plain = self.shape.table || self.mixed;
        // In a story, "At 5:40 PM on November 18th, …" tells an event.
        let begins = |w: &Written| (self.mixed || starts_a_line(text)) && (!plain || w.start.clock.is_some());
        let entry = timed.filter(|(written, _)| begins(written));
        match self.open {
            Open::Item { indent: base, content, gap, day: false } if indent(text) > base + 1 || (!gap && entry.is_none()) => {
                let inner = dedent(text, content).to_owned();
                self.out.append(if gap { "\n\n" } else { "\n" }, &inner);
                self.open = Open::Item { indent: base, content, gap: false, day: false };
            }
            Open::Heading { day: false } => self.out.append("\n", text),
            _ if is_decoration(text) => {}
            _ => match entry {
                Some((written, end)) => {
                    self.day_title = None;
                    let (time, body) = divide(text, end);
                    self.event(&time, Some(&written), body, line.no);
                    self.open = Open::Paragraph { gap: false };
                }
                None if !plain && find::meant_as_time(text).is_some() => {
                    self.untimed(text, line.no);
                    self.open = Open::Paragraph { gap: false };
                }
                None => self.prose(line, text),
            },
        }
    }

    /// A line of text without a time, outside of list items.
    fn prose(&mut self, line: &Line, text: &str) {
        match self.open {
            Open::Line => self.out.append("\n", text.trim()),
            Open::Paragraph { gap } => {
                self.out.append(if gap { "\n\n" } else { "\n" }, text.trim());
                self.open = Open::Paragraph { gap: false };
            }
            Open::Heading { day: true } => {
                match self.day_title.take() {
                    Some((time, title, no)) => self.on_day(&time, format!("{title}\n\n{text}"), no),
                    None => self.on_day("", text.to_owned(), line.no),
                }
                self.open = Open::Heading { day: false };
            }
            _ => self.beside(line),
        }
    }

    /// Whether the next line is text that belongs to a day alone on its line.
    fn goes_on(&self, next: &Line) -> bool {
        let text = next.text.as_str();
        let plain =
            !next.code && next.heading == 0 && !next.is_blank() && bullet(text).is_none() && !is_row(text) && !is_rule(text);
        plain && scan::prefix(text, self.month_first).is_none() && zone_statement(text).is_none()
    }

    fn beside(&mut self, line: &Line) {
        self.out.beside.entry(self.name.clone()).or_default().push(line.clone());
    }

    fn untimed(&mut self, text: &str, no: usize) {
        let time = find::meant_as_time(text).unwrap_or_default();
        self.event(time, None, text.to_owned(), no);
    }

    /// Code belongs to the event above it.
    fn code(&mut self, line: &Line) {
        let text = match self.open {
            Open::Item { content, day: false, .. } => dedent(&line.text, content).to_owned(),
            Open::Heading { day: false } | Open::Paragraph { .. } => line.text.clone(),
            _ => return self.beside(line),
        };
        self.out.append("\n", &text);
    }

    fn event(&mut self, time: &str, written: Option<&Written>, body: impl Into<String>, line: usize) {
        self.out.event(self.calendar, time, written, body.into(), line);
    }
}
