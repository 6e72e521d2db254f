//! Markdown tables as people write them: cells, header rows, and which column holds what.

use crate::lists::plain_words;
use crate::times::zones::{Zone, zone_in};
use crate::wordlists::phrases;

/// The cells of a row. `\|` is a pipe inside a cell; so is a pipe inside a code span, unless the row would then have one cell only.
pub(crate) fn cells(line: &str) -> Vec<String> {
    let with_code = split(line, true);
    if with_code.len() > 1 { with_code } else { split(line, false) }
}

fn split(line: &str, code_spans: bool) -> Vec<String> {
    let text = line.trim();
    let text = text.strip_prefix('|').unwrap_or(text);
    let spans = if code_spans { spans(text) } else { Vec::new() };
    let mut spans = spans.into_iter().peekable();
    let mut out = Vec::new();
    let mut cell = String::new();
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        while spans.next_if(|(_, end)| *end <= at).is_some() {}
        let in_code = spans.peek().is_some_and(|(start, _)| *start <= at);
        match c {
            '|' if escaped => {
                cell.pop();
                cell.push('|');
            }
            '|' if !in_code => out.push(std::mem::take(&mut cell).trim().to_owned()),
            c => cell.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    if !cell.trim().is_empty() || !text.ends_with('|') {
        out.push(cell.trim().to_owned());
    }
    out
}

/// Byte ranges of code spans: a run of backticks up to the next run of the same length.
pub(crate) fn spans(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|b| **b == b'`').count();
        if length > 0 {
            runs.push((at, length));
        }
        at += length.max(1);
    }
    let mut next_same = vec![None; runs.len()];
    let mut last = std::collections::HashMap::new();
    for (i, (_, length)) in runs.iter().enumerate().rev() {
        next_same[i] = last.insert(*length, i);
    }
    let mut out = Vec::new();
    let mut i = 0;
    while i < runs.len() {
        if let Some(end) = next_same[i] {
            out.push((runs[i].0, runs[end].0 + runs[end].1));
            i = end;
        }
        i += 1;
    }
    out
}

/// Whether the line can be a row: it holds a pipe that divides.
pub(crate) fn is_row(line: &str) -> bool {
    let text = line.trim();
    text.contains('|') && (text.starts_with('|') || split(text, true).len() > 1)
}

/// `| :--- | --- |`
pub(crate) fn is_separator(line: &str) -> bool {
    let text = line.trim();
    text.contains('|')
        && text.contains('-')
        && text.bytes().all(|b| matches!(b, b'|' | b'-' | b':' | b' ' | b'\t'))
        && cells(text).iter().all(|c| {
            let inner = c.trim_matches(':');
            !inner.is_empty() && inner.bytes().all(|b| b == b'-')
        })
}

/// What the columns of a table of events mean.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    /// Day, where it has a column of its own.
    pub(crate) date: Option<usize>,
    /// Time, or day and time.
    pub(crate) time: Option<usize>,
    /// End of a range, where it has a column of its own.
    pub(crate) end: Option<usize>,
    /// What happened.
    pub(crate) event: usize,
    /// Further columns of text: kept with the event.
    pub(crate) more: Vec<usize>,
    /// Columns of something else, with their names: a source, a duration, a status.
    pub(crate) other: Vec<(usize, String)>,
    /// Who did it: stays out.
    pub(crate) who: Vec<usize>,
    /// How many the header names.
    pub(crate) count: usize,
    /// Year named in the header of a day: "Date (2021)".
    pub(crate) year: Option<i32>,
    /// Zone named in the header.
    pub(crate) zone: Option<Zone>,
    /// The header as it was, to know it when it comes again.
    pub(crate) header: Vec<String>,
}

/// What a column tells, by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Date,
    Time,
    End,
    Who,
    /// The lower, the more it looks like the one column that tells what happened.
    Text(u8),
}

/// Columns that tell a length, a count or a number, no moment.
const MEASURES: &str = "duration, elapsed, spent, delta, minutes, offset";
const WHO: &str = "\
    who, whom, actor, actors, person, people, name, names, by, responder, responders, owner, owners, author, authors, \
    participant, participants, initials, responsible, reporter, assignee, operator, engineer, contact, assigned, user, \
    initial, attendee, attendees";
const TEXTS: &str = "\
    event, events, happened, what, happening, description, activity, action, actions, details, detail, entry, message, text, \
    observation, occurrence, summary, incident, item, task, factor, lesson, learning, cause, note, notes, comment, comments, \
    remark, remarks";

pub(crate) fn meaning(header: &str) -> Option<Meaning> {
    let inner = header.replace(['(', ')', '[', ']'], " ");
    let words = plain_words(&inner);
    let list: Vec<&str> = words.split(' ').collect();
    let has = |names: &str| phrases(names).any(|name| list.contains(&name));
    if has(MEASURES) {
        return None;
    }
    if list.len() > 8 {
        return None;
    }
    // "Who", "Performed by", "Owner (initials)"; but "What happened, and who did it" is text.
    let first_text = phrases(TEXTS).position(|t| list.first() == Some(&t));
    if let Some(rank) = first_text {
        return Some(Meaning::Text(rank as u8));
    }
    if has(WHO) {
        return Some(Meaning::Who);
    }
    if has("end, until, stop, ended, finish") || words == "to" {
        return Some(Meaning::End);
    }
    if has("time, timestamp, when, datetime, hour, clock, tid, tidspunkt, start, begin, started, times")
        || matches!(words.as_str(), "at" | "from")
    {
        return Some(Meaning::Time);
    }
    if has("date, day, dato, dates") {
        return Some(Meaning::Date);
    }
    if list.len() <= 2 && zone_in(&inner).is_some() {
        return Some(Meaning::Time);
    }
    phrases(TEXTS).position(|t| list.contains(&t)).map(|rank| Meaning::Text(rank as u8))
}

/// Reads a header row. `certain` when a separator row follows: then it is a header whatever it says.
pub(crate) fn header(line: &str, certain: bool) -> Option<Columns> {
    let names = cells(line);
    let meanings: Vec<Option<Meaning>> = names.iter().map(|n| meaning(n)).collect();
    let known = meanings.iter().flatten().count();
    let moment = meanings.iter().flatten().any(|m| matches!(m, Meaning::Time | Meaning::Date));
    let text = meanings.iter().flatten().any(|m| matches!(m, Meaning::Text(_)));
    let plain = known == names.len() && moment && text;
    if !(certain || plain) {
        return None;
    }
    let find = |wanted: Meaning| meanings.iter().position(|m| *m == Some(wanted));
    let mut columns = Columns {
        count: names.len(),
        time: find(Meaning::Time),
        // Of "Day" (of the week) and "Date" the latter.
        date: names
            .iter()
            .zip(&meanings)
            .position(|(name, m)| *m == Some(Meaning::Date) && plain_words(name).contains("dat"))
            .or_else(|| find(Meaning::Date)),
        end: find(Meaning::End),
        ..Columns::default()
    };
    if columns.time.is_none() {
        columns.time = columns.date.take();
    }
    if columns.time.is_none() {
        columns.end = None;
    }
    columns.who = meanings.iter().enumerate().filter(|(_, m)| **m == Some(Meaning::Who)).map(|(i, _)| i).collect();
    let taken =
        |i: &usize| Some(*i) == columns.time || Some(*i) == columns.date || Some(*i) == columns.end || columns.who.contains(i);
    let best = (0..names.len()).filter(|i| !taken(i)).min_by_key(|i| match meanings[*i] {
        Some(Meaning::Text(rank)) => usize::from(rank),
        _ => 100 + i,
    });
    columns.event = best.unwrap_or(names.len().saturating_sub(1));
    let rest: Vec<usize> = (0..names.len()).filter(|i| !taken(i) && *i != columns.event).collect();
    let (more, other) = rest.into_iter().partition(|i| matches!(meanings[*i], Some(Meaning::Text(_))));
    columns.more = more;
    let other: Vec<usize> = other;
    let other = other.into_iter().filter(|i| meanings[*i] != Some(Meaning::Date));
    columns.other = other.map(|i| (i, names[i].clone())).collect();
    columns.zone = [columns.time, columns.date, columns.end].into_iter().flatten().find_map(|i| zone_in(&names[i]));
    let year = |w: &str| w.parse::<i32>().ok().filter(|y| w.len() == 4 && (1970..=2200).contains(y));
    let heads = [columns.date, columns.time].into_iter().flatten();
    columns.year = heads.flat_map(|i| names[i].split(|c: char| !c.is_ascii_digit())).find_map(year);
    columns.header = names;
    Some(columns)
}

/// A cell by its column; empty when the row is too short.
pub(crate) fn cell(row: &[String], column: Option<usize>) -> &str {
    column.and_then(|i| row.get(i)).map_or("", String::as_str)
}
