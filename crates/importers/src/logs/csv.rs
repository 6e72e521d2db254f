//! Tables with a column for the time and one for what happened.

use super::draft::{Draft, ENTRIES_MAX, entry};
use super::incidents::stem;
use super::reports::Reports;
use super::table::{Row, Table, numbered};
use super::times;
use super::unpack::File;
use super::{Columns, LogOptions, MAX_UNPACKED};
use crate::dated::month_first;
use crate::decode::decode_within;
use crate::times::place::{Calendar, Elsewhere};
use crate::times::scan;
use crate::times::zones::{Zone, zone_in};
use chrono::{DateTime, Utc};
use domain::timeline::raw::{ImportedLog, RawAuthor, RawKind};
use std::collections::{HashMap, HashSet};

/// Reads tables: a log each, named by its file.
pub(super) fn read(files: &[File<'_>], options: &LogOptions, reports: &Reports) -> Vec<ImportedLog> {
    let mut names = HashSet::new();
    let mut out = Vec::new();
    for file in files {
        let text = match decode_within(&file.bytes, MAX_UNPACKED) {
            Ok(decoded) => {
                decoded.notes.iter().for_each(|note| reports.note(&file.name, 0, note));
                decoded.text
            }
            Err(reason) => {
                reports.unreadable(&file.name, 0, &reason);
                continue;
            }
        };
        let Some(table) = Table::read(&text, ENTRIES_MAX) else {
            reports.unreadable(&file.name, 0, "There is no row in this table.");
            continue;
        };
        let name = without_copy(&stem(&file.name)).to_owned();
        // Two files of one name, from two folders.
        let name = if names.insert(name.clone()) { name } else { file.name.clone() };
        let mut reader = Reader::new(&table, options, file, reports, name);
        for row in &table.rows {
            reader.row(row);
        }
        out.extend(reader.draft.finish(reports));
    }
    out
}

/// "export (1)" is "export", fetched again.
fn without_copy(name: &str) -> &str {
    let Some((base, copy)) = name.rsplit_once(" (") else { return name };
    let number = copy.strip_suffix(')').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    if number && !base.is_empty() { base } else { name }
}

struct Reader<'a> {
    table: &'a Table,
    columns: Columns,
    zone: chrono_tz::Tz,
    month_first: bool,
    calendar: Calendar,
    /// How often a time was written so far: the second row of one minute is another row.
    written: HashMap<String, usize>,
    file: &'a File<'a>,
    reports: &'a Reports,
    draft: Draft,
}

impl<'a> Reader<'a> {
    fn new(table: &'a Table, options: &LogOptions, file: &'a File<'a>, reports: &'a Reports, name: String) -> Self {
        let columns = options.columns.unwrap_or_else(|| table.guess());
        let heads = [Some(columns.time), columns.date].into_iter().flatten().filter_map(|i| table.names.get(i));
        let zone = heads.into_iter().find_map(|name| zone_in(name)).unwrap_or(Zone::of(options.zone));
        let cells = table
            .rows
            .iter()
            .flat_map(|row| [Some(columns.time), columns.date].into_iter().flatten().filter_map(|i| row.cells.get(i)));
        let month_first = month_first(cells.map(String::as_str), zone);
        let mut calendar = Calendar::new(zone);
        calendar.begin(options.day.map(|date| Elsewhere { date, place: None }));
        let written = HashMap::new();
        Self { table, columns, zone: options.zone, month_first, calendar, written, file, reports, draft: Draft::new(name) }
    }

    fn row(&mut self, row: &Row) {
        let cell = |column: Option<usize>| column.and_then(|i| row.cells.get(i)).map_or("", String::as_str);
        if row.cells == self.table.names {
            return;
        }
        let Columns { time, date, text, author, place } = self.columns;
        let written = [cell(date), cell(Some(time))].into_iter().filter(|c| !c.is_empty()).collect::<Vec<_>>().join(" ");
        let written = super::draft::line(&written, 200);
        let count = self.written.entry(written.clone()).or_default();
        *count += 1;
        let mut told = entry(format!("{written}#{count}"), RawKind::Note);
        let (at, odd) = self.time(&written, row.line);
        told.at = at;
        if at.is_none() || odd {
            told.as_written = written;
        }
        told.text = cell(Some(text)).to_owned();
        told.place = cell(place).to_owned();
        let mapped = [Some(time), date, Some(text), author, place];
        let others = row.cells.iter().enumerate().filter(|(i, value)| !mapped.contains(&Some(*i)) && !value.is_empty());
        let name = |i: usize| self.table.names.get(i).cloned().unwrap_or_else(|| numbered(i));
        told.details = others.map(|(i, value)| (name(i), value.clone())).collect();
        let who = cell(author);
        let email = if who.contains('@') { who } else { "" };
        let who = RawAuthor { id: who.to_owned(), name: who.to_owned(), email: email.to_owned(), machine: false };
        told.author = self.draft.author(who);
        if told.text.is_empty() && told.details.is_empty() {
            return self.reports.note(&self.file.name, row.line, "This row says nothing beside its time; it was left out.");
        }
        self.draft.add(told);
    }

    /// When a row happened, and whether anything about that is odd. What cannot be read is reported.
    fn time(&mut self, written: &str, line: usize) -> (Option<DateTime<Utc>>, bool) {
        if let Some(at) = times::exact(written) {
            // A time without a day further down belongs to this one's.
            let local = at.with_timezone(&self.zone).date_naive();
            self.calendar.begin(Some(Elsewhere { date: local, place: None }));
            return (Some(at), false);
        }
        if written.is_empty() {
            return (None, false);
        }
        let shown = super::draft::line(written, 60);
        let placed = scan::cell(written, self.month_first).ok_or("it was not understood").and_then(|w| self.calendar.place(&w));
        match placed {
            Ok(placed) if times::plausible(&placed.at) => {
                for flag in &placed.flags {
                    self.reports.note(&self.file.name, line, &format!("“{shown}”: {flag}"));
                }
                let exact = placed.precision == domain::timeline::Precision::Exact;
                (Some(placed.at), !exact || !placed.flags.is_empty())
            }
            Ok(_) => (None, self.unreadable(&shown, "there was no incident at that time", line)),
            Err(why) => (None, self.unreadable(&shown, why, line)),
        }
    }

    fn unreadable(&self, shown: &str, why: &str, line: usize) -> bool {
        let reason = format!("“{shown}” cannot be read as a time: {why}. The row stays without a time.");
        self.reports.unreadable(&self.file.name, line, &reason);
        true
    }
}
