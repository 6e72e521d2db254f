//! Reads what is written in a time cell or at the start of a line, without knowing yet which day it belongs to.

use super::words::{is_about, is_neutral, is_part_of_day, is_weekday};
use super::written::{Clock, Moment, Written};
use super::zones::zone_at;

/// A cell longer than this holds no time.
pub(super) const CELL: usize = 120;

/// Reads a whole cell; `None` when it cannot be read.
pub(crate) fn cell(text: &str, month_first: bool) -> Option<Written> {
    if text.len() > CELL * 4 {
        return None;
    }
    let mut plain = text.to_owned();
    for (from, to) in [
        ("&nbsp;", " "),
        ("&ndash;", "-"),
        ("&mdash;", "-"),
        ("&lt;", " "),
        ("&gt;", " "),
        ("<br>", " "),
        ("<br/>", " "),
        ("<br />", " "),
        ("~~", ""),
    ] {
        plain = plain.replace(from, to);
    }
    let plain: String = without_targets(&plain)
        .chars()
        .map(|c| if matches!(c, '*' | '`' | '_' | '[' | ']' | '(' | ')' | '\\' | '"') { ' ' } else { c })
        .collect();
    let plain = plain.trim();
    if plain.is_empty() || plain.len() > CELL {
        return None;
    }
    let mut written = Written::default();
    let mut scan = Scan { text: plain, at: 0, whole: true, month_first };
    let mut beside: Vec<&str> = Vec::new();
    // Words may stand before the time; a number that is no time makes the cell unreadable.
    loop {
        scan.skip(|c| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '@' | '<' | '>'));
        if scan.range(&mut written) {
            break;
        }
        let word = scan.word()?;
        if word.chars().any(|c| c.is_ascii_digit()) {
            return None;
        }
        note_word(word, &mut written, &mut beside);
    }
    loop {
        scan.skip(|c| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '-' | '–' | '—' | '+' | '<' | '>' | '/' | '|'));
        if scan.rest().is_empty() {
            break;
        }
        let word = scan.word()?;
        if word.chars().any(|c| c.is_ascii_digit()) {
            return None;
        }
        note_word(word, &mut written, &mut beside);
    }
    written.beside = beside.join(" ");
    Some(written)
}

/// Without the targets of links and without footnote marks: `[13:00](https://…)[^1]`.
fn without_targets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, mark)) = ["](", "[^"].iter().filter_map(|m| rest.find(m).map(|at| (at, *m))).min() {
        out.push_str(&rest[..at]);
        let close = if mark == "](" { ')' } else { ']' };
        rest = rest[at..].split_once(close).map_or("", |(_, after)| after);
        out.push(' ');
    }
    out.push_str(rest);
    out
}

fn note_word<'a>(word: &'a str, written: &mut Written, beside: &mut Vec<&'a str>) {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    if is_about(bare) || word.contains(['~', '?', '≈', '±']) {
        written.about = true;
    } else if is_part_of_day(bare) {
        written.start.clock.get_or_insert(Clock::Unknown);
    } else if !bare.is_empty() && !is_neutral(bare) && !is_weekday(bare) {
        beside.push(word);
    }
}

/// Reads a time at the start of a line, and the byte at which the rest begins.
pub(crate) fn prefix(text: &str, month_first: bool) -> Option<(Written, usize)> {
    let text = &text[..text.floor_char_boundary(CELL * 2)];
    let mut scan = Scan { text, at: 0, whole: false, month_first };
    let mut written = Written::default();
    loop {
        scan.skip(|c| c.is_whitespace() || matches!(c, '*' | '_' | '`' | '[' | '(' | '@'));
        if scan.range(&mut written) {
            return Some((written, scan.at));
        }
        // "ca. 13:00", "At 13:00": words that lead up to a time and nothing else.
        let word = scan.word()?;
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if is_about(bare) {
            written.about = true;
        } else if !is_neutral(bare) && !is_weekday(bare) {
            return None;
        }
    }
}

/// A place in a text, moving on as things are recognised.
pub(super) struct Scan<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// A cell of its own, so what looks like a time is one.
    pub(super) whole: bool,
    pub(super) month_first: bool,
}

impl<'a> Scan<'a> {
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn skip(&mut self, unwanted: impl Fn(char) -> bool) {
        self.at = self.text.len() - self.rest().trim_start_matches(unwanted).len();
    }

    pub(super) fn spaces(&mut self) {
        self.skip(|c| c == ' ' || c == '\t' || c == '\u{A0}' || c == '\u{202F}');
    }

    fn word(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).unwrap_or(rest.len());
        self.at += end;
        (end > 0).then(|| &rest[..end])
    }

    pub(super) fn letters(&self) -> &'a str {
        let rest = self.rest();
        &rest[..rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())]
    }

    pub(super) fn digits(&self) -> &'a str {
        let rest = self.rest();
        &rest[..rest.bytes().take_while(u8::is_ascii_digit).count()]
    }

    /// A moment, and a second one after "-" or "to".
    pub(super) fn range(&mut self, out: &mut Written) -> bool {
        let Some(mut start) = self.moment(out) else { return false };
        let back = self.at;
        if self.until() {
            let ahead = self.at;
            if let Some(end) = self.moment(out) {
                if start.clock.is_none() && end.day.is_none() {
                    // "2020-11-04 - 13:00": a day and a time, no range.
                    start.clock = end.clock;
                    start.zone = end.zone.or(start.zone);
                    let again = self.at;
                    let mut second = None;
                    if self.until() {
                        second = self.moment(out);
                    }
                    if second.is_none() {
                        self.at = again;
                    }
                    return self.finish(start, second, out);
                }
                return self.finish(start, Some(end), out);
            }
            self.at = if self.whole { ahead } else { back };
        }
        self.finish(start, None, out)
    }

    fn finish(&mut self, mut start: Moment, end: Option<Moment>, out: &mut Written) -> bool {
        if let (Some(Clock::At(from)), Some(end)) = (start.clock, end)
            && start.bare_twelve
            && end.afternoon
            && let Some(Clock::At(to)) = end.clock
        {
            // "1:05 - 1:30 PM".
            let later = from + chrono::Duration::hours(12);
            if later <= to {
                start.clock = Some(Clock::At(later));
            }
        }
        if let Some(end) = end
            && start.zone.is_none()
        {
            start.zone = end.zone;
        }
        out.start = Moment { clock: start.clock.or(out.start.clock), ..start };
        out.end = end;
        true
    }

    /// What stands between the two ends of a range.
    fn until(&mut self) -> bool {
        let back = self.at;
        self.spaces();
        // "**09:00** – **11:00**"
        if !self.whole {
            self.skip(|c| matches!(c, '*' | '_' | '`'));
            self.spaces();
        }
        for mark in ["->", "=>", "→", "-", "–", "—", "−", "‐", "‑", "…", ".."] {
            if self.rest().starts_with(mark) {
                self.at += mark.len();
                self.skip(|c| c == '-');
                self.spaces();
                if !self.whole {
                    self.skip(|c| matches!(c, '*' | '_' | '`'));
                }
                return true;
            }
        }
        let word = self.letters().to_lowercase();
        if matches!(word.as_str(), "to" | "until" | "till" | "til" | "through" | "and") {
            self.at += word.len();
            self.spaces();
            return true;
        }
        self.at = back;
        false
    }

    /// A day, a clock reading or both, in either order, with a zone.
    fn moment(&mut self, out: &mut Written) -> Option<Moment> {
        let back = self.at;
        let about = out.about;
        let mut moment = Moment::default();
        self.lead(out);
        self.day(&mut moment);
        let after_day = self.at;
        let iso = moment.day.is_some() && self.rest().starts_with(['T', 't']);
        if iso {
            self.at += 1;
        } else if moment.day.is_some() {
            self.skip(|c| c == ',' || c == ':' || c == ' ' || c == '\t' || c == '\u{A0}');
            self.lead(out);
        }
        if self.clock(&mut moment, out) {
            self.zone(&mut moment, iso);
            self.close(out);
            if moment.day.is_none() {
                // "13:00 on 4 Nov", "13:00 UTC (4 Nov)"
                let here = self.at;
                self.skip(|c| c == ',' || c == ' ');
                let bracket = self.rest().starts_with('(');
                self.skip(|c| c == '(');
                if self.letters().eq_ignore_ascii_case("on") {
                    self.at += 2;
                    self.spaces();
                }
                if !self.day(&mut moment) || (bracket && !self.rest().starts_with(')')) {
                    moment.day = None;
                    self.at = here;
                } else if bracket {
                    self.at += 1;
                }
            }
        } else {
            self.at = after_day;
        }
        if moment.day.is_none() && moment.clock.is_none() {
            self.at = back;
            out.about = about;
            return None;
        }
        Some(moment)
    }

    /// Marks and words before a time: `~`, "ca.", "at", a weekday.
    fn lead(&mut self, out: &mut Written) {
        loop {
            self.spaces();
            if self.rest().starts_with(['~', '≈', '±']) {
                out.about = true;
                self.skip(|c| matches!(c, '~' | '≈' | '±' | '='));
                continue;
            }
            let word = self.letters();
            let leads = is_about(word)
                || is_weekday(word)
                || ["at", "kl", "on", "from", "between", "the", "klokken"].contains(&word.to_lowercase().as_str());
            let rest = &self.rest()[word.len()..];
            if word.is_empty()
                || !leads
                || !rest
                    .trim_start_matches(['.', ',', ' ', '\u{A0}'])
                    .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '~' | '≈'))
            {
                return;
            }
            out.about |= is_about(word);
            self.at += word.len();
            self.skip(|c| matches!(c, '.' | ',' | ' ' | '\u{A0}'));
        }
    }

    /// Marks after a time that make it less than exact: `10:45~`, `10:45?`, `10:45ish`.
    fn close(&mut self, out: &mut Written) {
        let rest = self.rest();
        let beyond = rest.trim_start_matches(['~', '?', '≈']);
        if beyond.len() < rest.len() && (self.whole || !beyond.starts_with(|c: char| c.is_alphanumeric())) {
            out.about = true;
            self.skip(|c| matches!(c, '~' | '?' | '≈'));
        } else if rest.starts_with("ish") || rest.starts_with("-ish") {
            out.about = true;
            self.at += rest.find('h').map_or(0, |i| i + 1);
        } else if let Some(inner) = rest.trim_start().strip_prefix('(')
            && let Some((word, after)) = inner.split_once(')')
            && (is_about(word.trim_end_matches('.')) || word == "~")
        {
            out.about = true;
            self.at = self.text.len() - after.len();
        }
    }

    fn zone(&mut self, moment: &mut Moment, iso: bool) {
        let rest = self.rest();
        let inner = rest.trim_start_matches([' ', '\u{A0}', '(']);
        let gap = rest.len() - inner.len();
        let signed = inner.starts_with(['+', '-', '−']);
        let Some((zone, length)) = zone_at(inner, self.whole) else {
            return;
        };
        // A bare offset is written in full, and a minus is one only right after an ISO time.
        let range = !inner.starts_with('+') && inner[..length].contains(':') && !(iso && gap == 0);
        let short = length < 5 && !(inner.starts_with('+') && length == 3 && gap == 0);
        if signed && (short || range) {
            return;
        }
        let after = &inner[length..];
        if after.starts_with(|c: char| c.is_alphanumeric()) {
            return;
        }
        // "12:00 CT scan": two letters are a zone only when something closes them, or after am and pm.
        if !self.whole && length == 2 && !moment.half && after.trim_start().starts_with(|c: char| c.is_alphanumeric()) {
            return;
        }
        moment.zone = Some(zone);
        self.at += gap + length;
        if rest[..gap].contains('(') && self.rest().starts_with(')') {
            self.at += 1;
        }
    }
}
