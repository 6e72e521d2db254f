//! Finds times in the middle of a text: after a label, in a heading, in a sentence.

use super::scan::{CELL, Scan};
use super::written::{Day, Moment, Written};
use chrono::NaiveDate;

/// Reads a time that a label leads up to, as in "Incident declared: 2020-08-04 11:04"; with the bytes at which it begins and ends.
/// A time in the middle of a sentence is none: what follows it may be a remark in brackets and nothing else.
pub(crate) fn suffix(text: &str, month_first: bool) -> Option<(Written, usize, usize)> {
    const LABEL_WORDS: usize = 8;
    if text.len() > CELL * 2 {
        return None;
    }
    let starts = text.char_indices().filter(|(i, c)| {
        let before = text[..*i].chars().next_back();
        c.is_alphanumeric() && before.is_some_and(|b| b.is_whitespace() || matches!(b, ':' | '*' | '`' | '(' | '~' | '-' | '–'))
    });
    for (at, _) in starts {
        let label = text[..at].trim_end();
        if label.split_whitespace().count() > LABEL_WORDS {
            return None;
        }
        let mut scan = Scan { text, at, whole: false, month_first };
        let mut written = Written::default();
        if !scan.range(&mut written) {
            continue;
        }
        let rest = scan.rest().trim_matches([' ', '.', ')', '*', '`', ',', ';']);
        let remark = rest.starts_with('(') && !rest[1..].contains('(');
        let lead = label.chars().next_back().is_some_and(|c| matches!(c, ':' | '-' | '–'));
        let enough = written.start.day.is_some() && (written.start.clock.is_some() || lead || remark);
        let short = written.start.clock.is_some() && label.split_whitespace().count() <= 4;
        if (rest.is_empty() || remark) && (enough || short) {
            written.about |= label.ends_with(['~', '≈']);
            return Some((written, at, scan.at));
        }
    }
    None
}

/// Whether a text that cannot be read as a time was meant as one: `11/03/202`, `20202-01-05`, `25:61`. Gives what was meant.
pub(crate) fn meant_as_time(text: &str) -> Option<&str> {
    let start = text.trim_start_matches([' ', '*', '_', '`', '[', '(', '~']);
    let token = start.split([' ', '\t', '*', ']', ')', '`']).next()?.trim_end_matches([':', ',', ';', '.', '-']);
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let marks = token.bytes().filter(|b| matches!(b, b'/' | b'-' | b':')).count();
    let whole = token.starts_with(|c: char| c.is_ascii_digit()) && token.len() <= 20 && digits + marks == token.len();
    (whole && digits >= 3 && marks >= 1).then_some(token)
}

/// The first full date in a text; one without a year takes the year that stands elsewhere in the text.
pub(crate) fn first_day(text: &str, month_first: bool) -> Option<NaiveDate> {
    let text = &text[..text.floor_char_boundary(4000)];
    let mut without_year = None;
    for day in days_of(text, month_first) {
        match day {
            Day::Full(date) => return Some(date),
            Day::NoYear { month, day } => without_year = without_year.or(Some((month, day))),
        }
    }
    let (month, day) = without_year?;
    let year = |w: &str| w.parse::<i32>().ok().filter(|y| w.len() == 4 && (1970..=2200).contains(y));
    let year = text.split(|c: char| !c.is_ascii_digit()).find_map(year)?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The first day in a text, with or without a year.
pub(crate) fn any_day(text: &str) -> Option<()> {
    let text = &text[..text.floor_char_boundary(400)];
    days_of(text, false).next().map(|_| ())
}

fn days_of(text: &str, month_first: bool) -> impl Iterator<Item = Day> {
    let starts = text
        .char_indices()
        .filter(|(i, c)| c.is_alphanumeric() && !text[..*i].ends_with(|b: char| b.is_alphanumeric() || b == '-' || b == '/'));
    starts.filter_map(move |(at, _)| {
        let mut scan = Scan { text, at, whole: true, month_first };
        let mut moment = Moment::default();
        scan.day(&mut moment);
        moment.day
    })
}
