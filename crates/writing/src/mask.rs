//! Covers what is not the writer's own prose, and puts one mark over all names of people, before any rule looks.
//!
//! Covering keeps the length, but for curly apostrophes, which become straight ones; [`Masked::original`] leads back.

use crate::lexicon::{Lexicon, Word};

/// Stands for covered text: neither a word nor a space, so that no pattern reaches across.
pub(crate) const COVER: char = '\u{1}';
/// Stands for the name of a person; a run of it is one name.
pub(crate) const NAME: char = '\u{2}';
/// A quote longer than this many characters is more likely a lost quotation mark.
const LONGEST_QUOTE: usize = 200;

/// A text in which only prose is left.
pub(crate) struct Masked {
    pub(crate) text: String,
    /// Where it grew shorter than the original: the offset behind, and by how much in all.
    shorter: Vec<(usize, usize)>,
}

impl Masked {
    /// The offset in the original of an offset in the masked text.
    pub(crate) fn original(&self, offset: usize) -> usize {
        let n = self.shorter.partition_point(|(at, _)| *at <= offset);
        offset + n.checked_sub(1).map_or(0, |n| self.shorter[n].1)
    }
}

/// Leaves prose alone and covers the rest: code, quotes, links, log lines, front matter, comments.
pub(crate) fn mask(text: &str, lexicon: &Lexicon) -> Masked {
    let mut covered = String::with_capacity(text.len());
    let mut state = Lines::default();
    let mut front = text.starts_with("---\n") || text.starts_with("---\r\n");
    for (n, line) in text.split_inclusive('\n').enumerate() {
        if front {
            front = n == 0 || !matches!(line.trim_end(), "---" | "...");
            cover(&mut covered, line);
        } else if state.is_not_prose(line) {
            cover(&mut covered, line);
        } else {
            mask_line(&mut covered, line);
        }
    }
    name(&mut covered, lexicon);
    fold(&covered)
}

/// What the lines before say about the next one.
#[derive(Default)]
struct Lines {
    fence: Option<&'static str>,
    /// The line before was empty, or indented code.
    open: bool,
    /// In a list, what is indented goes on with an item.
    list: bool,
}

impl Lines {
    fn is_not_prose(&mut self, line: &str) -> bool {
        let start = line.trim_start();
        let marker = ["```", "~~~"].into_iter().find(|m| start.starts_with(m));
        if self.fence.is_some() || marker.is_some() {
            self.fence = match self.fence {
                None => marker,
                Some(open) if marker == Some(open) => None,
                open => open,
            };
            return true;
        }
        let indented = line.starts_with("    ") || line.starts_with('\t');
        let item =
            start.starts_with(['-', '*', '+']) || start.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')']);
        if start.is_empty() {
            self.open = true;
            return false;
        }
        self.list = item || (self.list && (indented || !self.open));
        let code = indented && self.open && !self.list;
        self.open = code;
        code || start.starts_with('>') || looks_logged(start)
    }
}

/// A time stamp, a level, a stack frame, or mostly `key=value`.
fn looks_logged(line: &str) -> bool {
    const LEVELS: [&str; 8] = ["TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "FATAL"];
    let shape: String = line.trim_start_matches('[').chars().take(14).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let stamped = shape.starts_with("0000-00-00T00:") || shape.starts_with("0000-00-00 00:");
    let level = line.trim_start_matches('[').split([' ', ':', ']', '\t']).next().is_some_and(|word| LEVELS.contains(&word));
    let frame = line.starts_with("at ") && line.contains('(') && line.trim_end().ends_with(')') && line.contains('.');
    let words = line.split_whitespace().count();
    let pairs = line.split_whitespace().filter(|word| word.find('=').is_some_and(|at| at > 0 && at + 1 < word.len())).count();
    stamped || level || frame || (pairs >= 2 && pairs * 2 >= words)
}

fn cover(out: &mut String, covered: &str) {
    for c in covered.chars() {
        if c == '\n' {
            out.push(c);
        } else {
            out.extend(std::iter::repeat_n(COVER, c.len_utf8()));
        }
    }
}

fn mask_line(out: &mut String, line: &str) {
    let mut rest = line;
    while !rest.is_empty() {
        match covered_length(rest) {
            Some(length) => {
                cover(out, &rest[..length]);
                rest = &rest[length..];
            }
            None => {
                let letter = rest.chars().next().map_or(1, char::len_utf8);
                // A word is taken whole, so that a link inside a word is none.
                let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
                let length = if rest.starts_with("http") { letter } else { word.max(letter) };
                out.push_str(&rest[..length]);
                rest = &rest[length..];
            }
        }
    }
}

/// How many bytes from here are not prose, if any.
fn covered_length(rest: &str) -> Option<usize> {
    if rest.starts_with('`') {
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        return rest[ticks..].find(&rest[..ticks]).map(|at| at + 2 * ticks);
    }
    if rest.starts_with("http://") || rest.starts_with("https://") {
        return Some(rest.find(|c: char| c.is_whitespace() || c == ')' || c == '>').unwrap_or(rest.len()));
    }
    if rest.starts_with("](") {
        return rest.find(')').map(|at| at + 1);
    }
    if let Some(inner) = rest.strip_prefix("<!--") {
        return inner.find("-->").map(|at| at + "<!---->".len());
    }
    for (open, close) in [('“', '”'), ('"', '"'), ('«', '»'), ('„', '“')] {
        if let Some(inner) = rest.strip_prefix(open) {
            let near = inner.char_indices().nth(LONGEST_QUOTE + 1).map_or(inner.len(), |(at, _)| at);
            return inner[..near].find(close).map(|at| open.len_utf8() + at + close.len_utf8());
        }
    }
    None
}

/// People's names become [`NAME`]s; words that name systems become a word that no rule knows.
fn name(text: &mut String, lexicon: &Lexicon) {
    for (place, word) in lexicon.found(text) {
        let filler = match word {
            Word::Person => NAME,
            Word::System => 'x',
        };
        let length = place.len();
        text.replace_range(place, &String::from_iter(std::iter::repeat_n(filler, length)));
    }
}

fn fold(text: &str) -> Masked {
    let (mut folded, mut shorter, mut missing) = (String::with_capacity(text.len()), Vec::new(), 0);
    for c in text.chars() {
        if c == '’' || c == '‘' {
            folded.push('\'');
            missing += c.len_utf8() - 1;
            shorter.push((folded.len(), missing));
        } else {
            folded.push(c);
        }
    }
    Masked { text: folded, shorter }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        mask(text, &Lexicon::default()).text
    }

    #[test]
    fn a_mask_keeps_length_and_line_ends() {
        let text = "a “ü” `b`\n```\nc\n```\n> d\nhttps://x.example/é e";
        let masked = masked(text);
        assert_eq!(masked.len(), text.len());
        assert_eq!(masked.matches('\n').count(), text.matches('\n').count());
        assert_eq!(masked.chars().filter(|c| c.is_alphabetic()).collect::<String>(), "ae");
    }

    #[test]
    fn an_open_quotation_mark_covers_nothing() {
        assert_eq!(masked("say \"so"), "say \"so");
    }

    #[test]
    fn front_matter_code_and_logs_are_covered_and_lists_are_not() {
        let prose = |text: &str| masked(text).replace(COVER, "").split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(prose("---\ntitle: A root cause\n---\nWords"), "Words");
        assert_eq!(prose("Words\n\n    indented code\n    more\n\nWords"), "Words Words");
        assert_eq!(prose("- an item\n\n    goes on here\n"), "- an item goes on here");
        assert_eq!(prose("ERROR: it broke\n[WARN] it broke\nat a.b(c.rs:1)\nlevel=error msg=broke\nWe looked"), "We looked");
        assert_eq!(prose("An ERROR was shown. We set a=b there."), "An ERROR was shown. We set a=b there.");
        assert_eq!(prose("<!-- a note -->Words"), "Words");
    }

    #[test]
    fn offsets_lead_back_over_apostrophes() {
        let text = "It’s ours, isn’t it";
        let masked = mask(text, &Lexicon::default());
        assert_eq!(masked.text, "It's ours, isn't it");
        for (start, word) in masked.text.match_indices(|c: char| c.is_alphabetic()) {
            assert!(text[masked.original(start)..].starts_with(word));
        }
        assert_eq!(masked.original(masked.text.len()), text.len());
    }
}
