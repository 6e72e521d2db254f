//! Rows of a timeline that is a table.

use super::{Open, Reader};
use crate::lines::Line;
use crate::lists::says_nothing;
use crate::tables::{self, Columns, cell, is_separator};
use crate::times::scan;

impl Reader<'_> {
    /// A row without a pipe at its start: under a header, above a separator, or with a time in its first cell.
    pub(super) fn looks_like_row(&self, text: &str, next: Option<&Line>) -> bool {
        next.is_some_and(|n| !n.code && is_separator(&n.text))
            || is_separator(text)
            || tables::header(text, false).is_some()
            || tables::cells(text).first().is_some_and(|c| scan::cell(c, self.month_first).is_some())
    }

    /// A row: a header, a separator or an event.
    pub(super) fn row(&mut self, line: &Line, next: Option<&Line>) {
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
        let mut date = cell(&cells, columns.date).to_owned();
        if let Some(year) = columns.year.filter(|_| !date.is_empty() && !has_year(&date)) {
            date = format!("{date} {year}");
        }
        let mut time =
            [date.as_str(), cell(&cells, columns.time)].into_iter().filter(|c| !c.is_empty()).collect::<Vec<_>>().join(" ");
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
}

fn has_year(date: &str) -> bool {
    date.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() == 4)
}
