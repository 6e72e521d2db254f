//! What a timeline is made of: looked at as a whole before its lines are read, since a line without a time is understood by its neighbours.

use crate::dated::starts_a_line;
use crate::lines::Line;
use crate::lists::bullet;
use crate::tables::{self, is_row, is_separator};
use crate::times::{find, scan};

/// Which kinds of lines carry the times.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    /// Rows of a table: prose is prose.
    pub(super) table: bool,
    /// List items: one without a time is an entry whose time is missing.
    pub(super) bullets: bool,
    /// Headings of this level: what stands below each belongs to it.
    pub(super) headings: Option<u8>,
    /// Paragraphs.
    pub(super) lines: bool,
}

impl Shape {
    /// Looks at the lines of a section.
    pub(super) fn of(lines: &[Line], month_first: bool) -> Self {
        let mut shape = Self {
            table: lines.windows(2).any(|w| is_row(&w[0].text) && tables::header(&w[0].text, is_separator(&w[1].text)).is_some()),
            ..Self::default()
        };
        for line in lines.iter().filter(|l| !l.code) {
            let text = line.text.as_str();
            let timed = |text: &str| scan::prefix(text, month_first).is_some();
            let clock = |text: &str| scan::prefix(text, month_first).is_some_and(|(w, _)| w.start.clock.is_some());
            if line.heading > 0 {
                if shape.headings.is_none() && clock(text) {
                    shape.headings = Some(line.heading);
                }
            } else if let Some(item) = bullet(text) {
                shape.bullets |= timed(item.text) || find::suffix(item.text, month_first).is_some();
            } else if !is_row(text) {
                shape.lines |= starts_a_line(text) && timed(text);
            }
        }
        shape
    }

    /// Whether a list item without a time is an entry: in a list of entries, and where nothing else carries times.
    pub(super) fn lists_entries(&self) -> bool {
        !self.table && (self.bullets || !(self.headings.is_some() || self.lines))
    }
}
