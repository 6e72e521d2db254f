//! The events of a timeline as they gather, row by row.

use crate::guess::event_kind;
use crate::lines::Line;
use crate::lists::says_nothing;
use crate::times::place::Calendar;
use crate::times::written::Written;
use crate::times::zones::Zone;
use domain::imported::{ImportedEvent, Unreadable};
use domain::timeline::{EventKind, Precision};
use std::collections::BTreeMap;

/// What the timeline sections of a document hold.
pub(crate) struct Timeline {
    pub(crate) events: Vec<ImportedEvent>,
    pub(crate) unreadable: Vec<Unreadable>,
    /// Lines that are no row, an introduction or a remark, with the heading that they are kept under.
    pub(crate) beside: BTreeMap<String, Vec<Line>>,
    /// Names of columns that are no part of an event.
    pub(crate) left_out: Vec<String>,
    /// Cells of the columns that name people.
    pub(crate) who: Vec<String>,
    pub(crate) zone: Zone,
    /// Whether the document names a zone for all rows.
    pub(crate) zone_named: bool,
    /// Whether some rows were read in a zone that nothing names.
    pub(crate) zone_guessed: bool,
    /// Where the day came from, of rows that have none.
    pub(crate) day_from: Option<&'static str>,
    /// Whether any row came from a table.
    pub(crate) from_table: bool,
}

impl Timeline {
    /// None yet. `named` is the zone that the document names.
    pub(crate) fn new(named: Option<Zone>) -> Self {
        Self {
            events: Vec::new(),
            unreadable: Vec::new(),
            beside: BTreeMap::new(),
            left_out: Vec::new(),
            who: Vec::new(),
            zone: named.unwrap_or(Zone::UTC),
            zone_named: named.is_some(),
            zone_guessed: false,
            day_from: None,
            from_table: false,
        }
    }

    /// Goes on with the last event.
    pub(crate) fn append(&mut self, glue: &str, text: &str) {
        if let Some(event) = self.events.last_mut() {
            event.body.push_str(glue);
            event.body.push_str(text);
        }
    }

    /// Adds a row. `written` is what was read in its time cell; without a place on the calendar the row is kept and reported.
    pub(crate) fn event(&mut self, calendar: &mut Calendar, time: &str, written: Option<&Written>, body: String, line: usize) {
        if let Some(written) = written.filter(|_| !self.zone_named) {
            match written.start.zone {
                // The first row that names a zone speaks for a document that does not.
                Some(zone) if !self.zone_guessed && self.events.is_empty() => self.zone = zone,
                Some(_) => {}
                None => self.zone_guessed = true,
            }
        }
        let placed = match written {
            Some(written) => calendar.place(written).map_err(str::to_owned),
            None if says_nothing(time) => Err("there is none".to_owned()),
            None => Err(format!("“{}” could not be understood", as_written(time))),
        };
        let mut event = ImportedEvent {
            at: None,
            ends_at: None,
            precision: Precision::None,
            as_written: as_written(time),
            body,
            kind: EventKind::Note,
            flag: String::new(),
            line,
        };
        match placed {
            Ok(placed) => {
                event.at = Some(placed.at);
                event.ends_at = placed.ends_at;
                event.precision = placed.precision;
                event.flag = placed.flags.join(" ");
            }
            Err(reason) => {
                event.flag = format!("The time could not be read: {reason}.");
                let reason = format!("The time of this row could not be read: {reason}. The row was kept without a time.");
                self.unreadable.push(Unreadable { line, reason });
            }
        }
        self.events.push(event);
    }

    /// Bodies are whole now: white space goes, and their words tell what kind of thing happened.
    pub(crate) fn close(&mut self) {
        for event in &mut self.events {
            for line_break in ["<br>", "<br/>", "<br />"] {
                event.body = event.body.replace(line_break, "\n");
            }
            event.body = event.body.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned();
            event.kind = event_kind(&event.body);
            if event.body.is_empty() {
                event.body = "(no text)".to_owned();
                event.flag = format!("{} The row has no text.", event.flag).trim().to_owned();
            }
        }
    }
}

/// A time cell as it stands; of a text that was put there by mistake, the beginning.
fn as_written(time: &str) -> String {
    time.trim().chars().take(120).collect()
}
