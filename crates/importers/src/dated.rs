//! Lines that begin with a time: which way round their dates are, where the time ends and the text begins.

use crate::times::{names_a_day, zones::Zone};

/// Whether `06-10-2025` means June: another date of the timeline can only be read so, or its zone is American and none says otherwise.
pub(crate) fn month_first<'a>(texts: impl IntoIterator<Item = &'a str>, zone: Zone) -> bool {
    let (mut month, mut day) = (false, false);
    for text in texts {
        for word in text.split(|c: char| !(c.is_ascii_digit() || c == '-' || c == '/')) {
            let parts: Vec<&str> = word.split(['-', '/']).collect();
            if let [a, b, c] = parts[..]
                && (c.len() == 4 || (c.len() == 2 && word.contains('/')))
                && let (Ok(a), Ok(b)) = (a.parse::<u32>(), b.parse::<u32>())
            {
                day |= a > 12 && a <= 31;
                month |= a <= 12 && b > 12 && b <= 31;
            }
        }
    }
    !day && (month || zone.is_american())
}

/// A line of prose that tells an event starts with its time, not with "On Friday, …".
pub(crate) fn starts_a_line(text: &str) -> bool {
    let first = text.trim_start_matches(['*', '_', '`', '[', '(', ' ']);
    first.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '~' | '≈'))
        || ["ca", "Ca", "approx", "Approx", "around", "Around", "circa"].iter().any(|w| first.starts_with(w))
        || first.split_whitespace().next().is_some_and(names_a_day)
}

/// Divides a line after its time: emphasis that was opened before the time is closed after it, or goes on with the text.
pub(crate) fn divide(text: &str, end: usize) -> (String, String) {
    let (time, rest) = text.split_at(end);
    let inner = time.trim_start_matches([' ', '\t']);
    let marks: String = inner.chars().take_while(|c| matches!(c, '*' | '_' | '`' | '[' | '(')).collect();
    let time = inner[marks.len()..].trim_matches(['*', '_', '`', ' ', '[', ']']).to_owned();
    let emphasis = marks.trim_matches(['[', '(']);
    let mut body = rest;
    let mut open = !emphasis.is_empty() && inner[marks.len()..].matches(emphasis).count() % 2 == 0;
    loop {
        let before = body.len();
        // The time was the text of a link.
        if let Some((_, after)) = body.strip_prefix("](").and_then(|target| target.split_once(')')) {
            body = after;
        }
        body = body.trim_start_matches([' ', '\t', '\u{A0}', ':', ',', ';', '|', ']', ')', '-', '–', '—', '−', '→']);
        if body.starts_with(". ") {
            body = &body[2..];
        }
        if open && let Some(after) = body.strip_prefix(emphasis) {
            body = after;
            open = false;
        }
        if body.len() == before {
            break;
        }
    }
    let body = if open { format!("{emphasis}{body}") } else { body.to_owned() };
    (time, body.trim().to_owned())
}
