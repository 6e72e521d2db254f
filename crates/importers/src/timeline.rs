//! The timeline of a document: tables, lists, dated lines and dated headings, each row an event.

use crate::dated::{divide, month_first, starts_a_line};
use crate::lines::Line;
use crate::lists::{bullet, dedent, indent, is_decoration, is_rule, says_nothing};
use crate::rows::Timeline;
use crate::tables::{self, Columns, cell, is_row, is_separator};
use crate::times::place::Calendar;
use crate::times::scan;
use crate::times::written::Written;
use crate::times::zones::{Zone, zone_statement};
use chrono::NaiveDate;

/// What else the document says about times.
pub(crate) struct Surroundings {
    pub(crate) zone: Option<Zone>,
    pub(crate) day: Option<(NaiveDate, &'static str)>,
}

/// Reads the lines of all timeline sections, in order.
pub(crate) fn read(lines: &[&Line], around: &Surroundings) -> Timeline {
    let named = lines.iter().enumerate().find_map(|(i, line)| line_zone(line, lines.get(i + 1).copied()));
    let out = Timeline::new(named.or(around.zone));
    let mut reader = Reader {
        calendar: Calendar::new(out.zone, around.day),
        month_first: month_first(lines, out.zone),
        out,
        columns: None,
        open: Open::Nothing,
        has_table: lines.windows(2).any(|w| is_row(&w[0].text) && tables::header(&w[0].text, is_separator(&w[1].text)).is_some()),
    };
    for (i, line) in lines.iter().enumerate() {
        reader.line(line, lines.get(i + 1).copied());
    }
    reader.out.close();
    reader.out
}

/// The zone that a line of the section names for the rows: a sentence about times, or the header of the table.
fn line_zone(line: &Line, next: Option<&Line>) -> Option<Zone> {
    if line.code || bullet(&line.text).is_some_and(|b| scan::prefix(b.text, false).is_some()) {
        return None;
    }
    if !is_row(&line.text) {
        return zone_statement(&line.text);
    }
    tables::header(&line.text, next.is_some_and(|n| is_separator(&n.text)))?.zone
}

#[derive(Clone, Copy, PartialEq)]
enum Open {
    Nothing,
    /// The last event came from a row or a line; a line right below goes on with it.
    Line,
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

struct Reader {
    out: Timeline,
    calendar: Calendar,
    month_first: bool,
    columns: Option<Columns>,
    open: Open,
    /// In a section with a table, the rows are there and prose is prose.
    has_table: bool,
}

impl Reader {
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
        if let Some(zone) = zone_statement(text)
            && scan::prefix(text, self.month_first).is_none_or(|(w, _)| w.start.clock.is_none())
        {
            self.calendar.zone = zone;
            self.open = Open::Nothing;
            return;
        }
        self.text(line, text);
    }

    /// A row without a pipe at its start: under a header, above a separator, or with a time in its first cell.
    fn looks_like_row(&self, text: &str, next: Option<&Line>) -> bool {
        next.is_some_and(|n| !n.code && is_separator(&n.text))
            || is_separator(text)
            || tables::header(text, false).is_some()
            || tables::cells(text).first().is_some_and(|c| scan::cell(c, self.month_first).is_some())
    }

    fn heading(&mut self, line: &Line) {
        self.columns = None;
        let text = line.text.as_str();
        if let Some(zone) = zone_statement(text) {
            self.calendar.zone = zone;
        }
        let whole = scan::cell(text, self.month_first).filter(|w| w.beside.is_empty()).map(|w| (w, text.len()));
        match whole.or_else(|| scan::prefix(text, self.month_first)) {
            Some((written, _)) if written.is_day_only() => {
                self.calendar.set_day(&written);
                self.open = Open::Heading { day: true };
            }
            Some((written, end)) if written.start.clock.is_some() => {
                let (time, body) = divide(text, end);
                self.event(&time, Some(&written), body, line.no);
                self.open = Open::Heading { day: false };
            }
            _ => self.open = Open::Nothing,
        }
    }

    fn bullet(&mut self, line: &Line, at: usize, content: usize, text: &str) {
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
                let (time, body) = divide(text, end);
                self.event(&time, Some(&written), body, line.no);
                self.open = item;
            }
            None if zone_statement(text).is_some() => self.calendar.zone = zone_statement(text).unwrap_or(self.calendar.zone),
            // Remarks below a heading that is an event, or beside a table.
            None if matches!(self.open, Open::Heading { day: false }) => self.out.append("\n", line.text.trim_end()),
            None if self.has_table => self.out.beside.push(line.clone()),
            None => {
                self.untimed(text, line.no);
                self.open = item;
            }
        }
    }

    fn row(&mut self, line: &Line, next: Option<&Line>) {
        let text = line.text.as_str();
        if is_separator(text) {
            return;
        }
        let certain = next.is_some_and(|n| !n.code && n.heading == 0 && is_separator(&n.text));
        if let Some(columns) = tables::header(text, certain) {
            if let Some(zone) = columns.zone {
                self.calendar.zone = zone;
            }
            self.columns = Some(columns);
            self.open = Open::Nothing;
            return;
        }
        let cells = tables::cells(text);
        if cells.iter().all(|c| c.is_empty()) || self.columns.as_ref().is_some_and(|c| c.header == cells) {
            return;
        }
        let columns = self.columns.get_or_insert_with(|| {
            let time = cells.iter().position(|c| scan::cell(c, self.month_first).is_some()).unwrap_or(0);
            Columns { time: Some(time), event: if time == 0 { 1 } else { 0 }, count: 2, ..Columns::default() }
        });
        let columns = columns.clone();
        self.out.from_table = true;
        let mut time =
            [columns.date, columns.time].iter().map(|c| cell(&cells, *c)).filter(|c| !c.is_empty()).collect::<Vec<_>>().join(" ");
        let end = cell(&cells, columns.end);
        if !says_nothing(end) {
            time = format!("{time} - {end}");
        }
        let mut body = cell(&cells, Some(columns.event)).to_owned();
        // More cells than the header names: a pipe in the text that nobody escaped.
        if columns.event + 1 == columns.count && cells.len() > columns.count {
            body = cells[columns.event..].join(" | ");
        }
        for more in columns.more.iter().map(|column| cell(&cells, Some(*column))) {
            if !says_nothing(more) {
                body = format!("{body}\n\n{more}");
            }
        }
        for (column, name) in &columns.other {
            // A number in front of each row is no loss.
            if cell(&cells, Some(*column)).contains(char::is_alphabetic) && !self.out.left_out.contains(name) {
                self.out.left_out.push(name.clone());
            }
        }
        self.out.who.extend(columns.who.iter().map(|c| cell(&cells, Some(*c)).to_owned()));
        let written = scan::cell(&time, self.month_first);
        self.event(&time, written.as_ref(), &body, line.no);
        self.open = Open::Line;
    }

    /// A line that is no heading, bullet or row.
    fn text(&mut self, line: &Line, text: &str) {
        let timed = scan::prefix(text, self.month_first);
        if let Some((written, end)) = &timed
            && written.is_day_only()
            && says_nothing(&text[*end..])
        {
            self.calendar.set_day(written);
            self.open = Open::Nothing;
            return;
        }
        match self.open {
            Open::Item { indent: base, content, gap, day: false } if !gap || indent(text) > base + 1 => {
                let inner = dedent(text, content).to_owned();
                self.out.append(if gap { "\n\n" } else { "\n" }, &inner);
                self.open = Open::Item { indent: base, content, gap: false, day: false };
            }
            Open::Heading { day: false } => self.out.append("\n", text),
            _ if is_decoration(text) => {}
            _ => {
                // Beside a table prose is prose, unless it begins with a clock reading.
                let begins = |w: &Written| starts_a_line(text) && (!self.has_table || w.start.clock.is_some());
                match timed.filter(|(written, _)| begins(written)) {
                    Some((written, end)) => {
                        let (time, body) = divide(text, end);
                        self.event(&time, Some(&written), body, line.no);
                        self.open = Open::Line;
                    }
                    None if self.open == Open::Line => self.out.append("\n", text.trim()),
                    None if self.open == (Open::Heading { day: true }) => {
                        let day = self.calendar.day_above();
                        self.event(
                            &day.map(|d| d.to_string()).unwrap_or_default(),
                            day.map(Written::on).as_ref(),
                            text.to_owned(),
                            line.no,
                        );
                        self.open = Open::Heading { day: false };
                    }
                    None => self.out.beside.push(line.clone()),
                }
            }
        }
    }

    fn untimed(&mut self, text: &str, no: usize) {
        self.event("", None, text.to_owned(), no);
    }

    /// Code belongs to the event above it.
    fn code(&mut self, line: &Line) {
        if matches!(self.open, Open::Heading { day: false } | Open::Item { day: false, .. }) {
            let text = match self.open {
                Open::Item { content, .. } => dedent(&line.text, content).to_owned(),
                _ => line.text.clone(),
            };
            return self.out.append("\n", &text);
        }
        self.out.beside.push(line.clone());
    }

    fn event(&mut self, time: &str, written: Option<&Written>, body: impl Into<String>, line: usize) {
        self.out.event(&mut self.calendar, time, written, body.into(), line);
    }
}
