//! Tables as programs write them: what divides the cells, which row names the columns, what each column tells.

use super::{Columns, MAX_UNPACKED};
use crate::decode::decode_within;
use crate::tables::{Meaning, meaning};
use crate::times::scan;

/// The beginning of a table, for a person to say what its columns tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableHead {
    /// The names of the columns; "Column 1" and so on where the first row holds none.
    pub names: Vec<String>,
    /// The first rows below the names, at most [`SAMPLE_ROWS`](Self::SAMPLE_ROWS), each with as many cells as there are names.
    pub rows: Vec<Vec<String>>,
    /// What the columns seem to tell.
    pub columns: Columns,
}

impl TableHead {
    /// How many rows are shown.
    pub const SAMPLE_ROWS: usize = 5;
    /// As many columns are looked at; further ones are left alone.
    pub const COLUMNS_MAX: usize = 100;
}

/// Reads the beginning of a table; `None` when the bytes are none (not text, empty, too large).
#[must_use]
pub fn read_table_head(bytes: &[u8]) -> Option<TableHead> {
    let text = decode_within(bytes, MAX_UNPACKED).ok()?.text;
    let table = Table::read(&text, GUESS_ROWS)?;
    let columns = table.guess();
    let count = table.names.len();
    let rows = table.rows.iter().take(TableHead::SAMPLE_ROWS).map(|row| {
        let mut cells = row.cells.clone();
        cells.resize(count, String::new());
        cells
    });
    Some(TableHead { rows: rows.collect(), columns, names: table.names })
}

/// Rows that are looked at to find out what a table is made of.
const GUESS_ROWS: usize = 40;

/// A row with the line on which it begins.
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

/// A table with its header taken off.
pub(super) struct Table {
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// Reads at most `limit` rows; `None` when there is none with anything in it.
    pub(super) fn read(text: &str, limit: usize) -> Option<Self> {
        let (delimiter, text) = named_delimiter(text).unwrap_or_else(|| (delimiter(text), text));
        let mut rows = rows(text, delimiter, limit);
        let width = rows.iter().take(GUESS_ROWS).map(|r| r.cells.len()).max()?;
        let names = if is_header(&rows) {
            let mut names = rows.remove(0).cells;
            names.resize(names.len().max(width), String::new());
            let named = |(i, name): (usize, String)| if name.is_empty() { numbered(i) } else { name };
            names.into_iter().enumerate().map(named).collect()
        } else {
            (0..width).map(numbered).collect()
        };
        Some(Self { names, rows })
    }

    /// What the columns seem to tell: by their names, else by what stands in them.
    pub(super) fn guess(&self) -> Columns {
        let meanings: Vec<Option<Meaning>> = self.names.iter().map(|name| meaning(&name.replace(['_', '-'], " "))).collect();
        let place = self.names.iter().position(|name| is_place(name));
        let named = |wanted: Meaning| (0..meanings.len()).find(|i| meanings[*i] == Some(wanted) && Some(*i) != place);
        let share = |i: usize, what: fn(&str) -> bool| {
            self.rows.iter().take(GUESS_ROWS).filter(|r| r.cells.get(i).is_some_and(|c| what(c))).count()
        };
        let most = |what: fn(&str) -> bool, not: &[Option<usize>]| {
            let columns = (0..self.names.len()).filter(|i| !not.contains(&Some(*i)));
            let best = columns.map(|i| (share(i, what), std::cmp::Reverse(i))).max().filter(|(n, _)| *n > 0);
            best.map(|(_, std::cmp::Reverse(i))| i)
        };
        let clocked = named(Meaning::Time).or_else(|| most(is_time, &[])).or_else(|| named(Meaning::Date));
        let time = clocked.or_else(|| most(is_day, &[])).unwrap_or(0);
        let whole = self.rows.iter().take(GUESS_ROWS).any(|r| r.cells.get(time).is_some_and(|c| is_day_and_time(c)));
        let date = named(Meaning::Date).or_else(|| most(is_day, &[])).filter(|i| *i != time && !whole);
        let author = named(Meaning::Who).filter(|i| *i != time && Some(*i) != date);
        let place = place.filter(|i| *i != time && Some(*i) != date && Some(*i) != author);
        let taken = |i: &usize| *i == time || [date, author, place].contains(&Some(*i));
        let length = |i: usize| -> usize {
            self.rows.iter().take(GUESS_ROWS).filter_map(|r| r.cells.get(i)).map(|c| c.chars().count()).sum()
        };
        let ranked = (0..self.names.len()).filter(|i| !taken(i)).filter_map(|i| match meanings[i] {
            Some(Meaning::Text(rank)) => Some((rank, i)),
            _ => None,
        });
        let longest = || (0..self.names.len()).filter(|i| !taken(i)).max_by_key(|i| (length(*i), std::cmp::Reverse(*i)));
        let text = ranked.min().map(|(_, i)| i).or_else(longest).unwrap_or(time);
        Columns { time, date, text, author, place }
    }
}

/// What a column without a name is called.
pub(super) fn numbered(i: usize) -> String {
    format!("Column {}", i + 1)
}

/// Whether a column is named for where a thing was said or what it is about.
fn is_place(name: &str) -> bool {
    const PLACES: [&str; 14] = [
        "channel",
        "service",
        "system",
        "component",
        "place",
        "where",
        "source",
        "host",
        "room",
        "location",
        "tool",
        "resource",
        "application",
        "team",
    ];
    let lower = name.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).any(|word| PLACES.contains(&word))
}

fn is_time(cell: &str) -> bool {
    super::times::unix(cell).is_some() || scan::cell(cell, false).is_some_and(|w| w.start.clock.is_some())
}

fn is_day(cell: &str) -> bool {
    scan::cell(cell, false).is_some_and(|w| w.is_day_only())
}

fn is_day_and_time(cell: &str) -> bool {
    super::times::unix(cell).is_some()
        || scan::cell(cell, false).is_some_and(|w| w.start.day.is_some() && w.start.clock.is_some())
}

/// The first row names the columns when nothing in it is a time and either its words are known or times stand below it.
fn is_header(rows: &[Row]) -> bool {
    let Some((first, below)) = rows.split_first() else { return false };
    let timed = |row: &Row| row.cells.iter().any(|c| is_time(c) || is_day(c));
    let known = first.cells.iter().any(|c| meaning(&c.replace(['_', '-'], " ")).is_some());
    !timed(first) && (known || below.iter().take(GUESS_ROWS).any(timed))
}

/// `sep=;` in the first line, as spreadsheets write it, and the line end after it, so that lines are counted as in the file.
fn named_delimiter(text: &str) -> Option<(u8, &str)> {
    let (delimiter, _) = text.strip_prefix("sep=")?.split_once('\n')?;
    let [byte] = delimiter.trim_end_matches('\r').as_bytes() else { return None };
    text.find('\n').map(|end| (*byte, &text[end..]))
}

/// Comma, semicolon, tab or pipe: whichever divides most rows into the same number of cells.
fn delimiter(text: &str) -> u8 {
    let start = &text[..text.floor_char_boundary(64 * 1024)];
    // The first row counts most: a long text may hold more pipes than the table has commas.
    let score = |delimiter: u8| {
        let widths: Vec<usize> = rows(start, delimiter, GUESS_ROWS).iter().map(|r| r.cells.len()).collect();
        let alike = |width: usize| widths.iter().filter(|w| **w == width).count();
        let like_first = widths.first().filter(|w| **w > 1).map_or(0, |w| alike(*w));
        (like_first, widths.iter().filter(|w| **w > 1).map(|w| (alike(*w), *w)).max())
    };
    // Of equals the first: what is at the front is more usual.
    b",;\t|".iter().rev().copied().max_by_key(|d| score(*d)).unwrap_or(b',')
}

/// The rows that hold anything.
fn rows(text: &str, delimiter: u8, limit: usize) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let records = reader.records().map_while(Result::ok);
    let filled = records.filter(|r| r.iter().any(|cell| !cell.is_empty()));
    filled
        .take(limit)
        .map(|record| Row {
            line: record.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(0)),
            cells: record.iter().take(TableHead::COLUMNS_MAX).map(str::to_owned).collect(),
        })
        .collect()
}
