//! Takes the people of a document out of a text: every name and every pair of initials becomes "a responder".

use crate::people::{People, Rule, fold};
use crate::tables::spans;
use crate::wordlists::{AFTER_A_THING, BEFORE_A_THING, TECHNICAL, holds};

/// What stands for a person.
const SOMEBODY: &str = "a responder";

/// A word of a text by its bytes.
#[derive(Clone, Copy)]
struct Word {
    start: usize,
    end: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Hit {
    No,
    Name,
    /// Part of a name if a word next to it is.
    Beside,
    Initials,
}

impl People {
    /// The text without the people.
    pub(crate) fn scrub(&self, text: &str) -> String {
        if self.words.is_empty() && self.initials.is_empty() && self.anywhere.is_empty() {
            return text.to_owned();
        }
        let mut text = text.to_owned();
        for exact in &self.anywhere {
            text = replace_any_case(&text, exact);
        }
        let words = words(&text);
        let code = spans(&text);
        let mut hits: Vec<Hit> = (0..words.len()).map(|i| self.hit(&text, &words, i, &code)).collect();
        settle(&text, &words, &mut hits);
        replace(&text, &words, &hits)
    }

    fn hit(&self, text: &str, words: &[Word], i: usize, code: &[(usize, usize)]) -> Hit {
        let word = &text[words[i].start..words[i].end];
        let stem = stem(word);
        if self.initials.contains(stem) {
            return if self.is_thing(text, words, i, stem, code) { Hit::No } else { Hit::Initials };
        }
        let folded = fold(stem);
        let rule = self.words.get(&folded).or_else(|| {
            // "Annas", as the Danish genitive goes.
            folded.strip_suffix('s').filter(|s| s.len() > 3).and_then(|s| self.words.get(s)).filter(|r| **r == Rule::Any)
        });
        match rule {
            Some(Rule::Any) => Hit::Name,
            Some(Rule::Capital) if stem.starts_with(|c: char| c.is_uppercase()) && !ordinary(text, words, i, &folded) => {
                Hit::Name
            }
            Some(Rule::Beside) => Hit::Beside,
            _ => Hit::No,
        }
    }

    /// Whether initials mean a thing here: "the DB cluster", "CI/CD", "DB-17", part of an address.
    fn is_thing(&self, text: &str, words: &[Word], i: usize, initials: &str, code: &[(usize, usize)]) -> bool {
        let Word { start, end } = words[i];
        let before = text[..start].chars().next_back();
        let after = &text[end..];
        let joined = |c: char| matches!(c, '-' | '_' | '/' | '.' | '\\');
        let numbered = after.starts_with(['-', '_']) && after[1..].starts_with(|c: char| c.is_ascii_digit());
        if numbered || in_address(text, start) {
            return true;
        }
        if !holds(TECHNICAL, initials) {
            return false;
        }
        let span = code.partition_point(|(_, to)| *to < end);
        if code.get(span).is_some_and(|(from, _)| *from <= start) {
            return true;
        }
        let neighbour = |j: Option<&Word>| j.map_or("", |w| &text[w.start..w.end]);
        let previous = neighbour(i.checked_sub(1).and_then(|j| words.get(j)));
        let next = neighbour(words.get(i + 1));
        let glued_before =
            before.is_some_and(joined) && i > 0 && words[i - 1].end + 1 == start && !self.initials.contains(previous);
        let glued_after =
            after.starts_with(joined) && words.get(i + 1).is_some_and(|w| w.start == end + 1) && !self.initials.contains(next);
        let spaced = |from: usize, to: usize| text[from..to].chars().all(|c| c == ' ');
        let article = i > 0 && spaced(words[i - 1].end, start) && holds(BEFORE_A_THING, &previous.to_lowercase());
        let noun = words.get(i + 1).is_some_and(|w| spaced(end, w.start)) && holds(AFTER_A_THING, &next.to_lowercase());
        glued_before || glued_after || article || noun
    }
}

/// Without the `'s` of a possessive.
fn stem(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

/// "Will be fixed", "May 2021": a name in other places.
fn ordinary(text: &str, words: &[Word], i: usize, folded: &str) -> bool {
    let next = words.get(i + 1).map_or("", |w| &text[w.start..w.end]);
    let previous = i.checked_sub(1).map_or("", |j| &text[words[j].start..words[j].end]);
    let number = |w: &str| w.starts_with(|c: char| c.is_ascii_digit());
    match folded {
        "will" | "may" if ["be", "have", "not", "need", "also", "only", "take", "require", "cause", "do"].contains(&next) => true,
        "may" | "june" | "april" | "august" | "jan" => number(next) || number(previous),
        _ => false,
    }
}

/// Words: letters, digits and what joins them in a name. `_` and `-` divide, since emphasis and double names use them.
fn words(text: &str) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut open: Option<usize> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let apostrophe = matches!(c, '\'' | '’') && open.is_some() && chars.peek().is_some_and(|(_, n)| n.is_alphabetic());
        let part = c.is_alphanumeric() || ('\u{300}'..='\u{36F}').contains(&c) || c == char::REPLACEMENT_CHARACTER || apostrophe;
        match (part, open) {
            (true, None) => open = Some(at),
            (false, Some(start)) => {
                out.push(Word { start, end: at });
                open = None;
            }
            _ => {}
        }
    }
    if let Some(start) = open {
        out.push(Word { start, end: text.len() });
    }
    out
}

/// Whether the byte stands inside a web address.
fn in_address(text: &str, at: usize) -> bool {
    // No further back than an address is long.
    let head = &text[text.floor_char_boundary(at.saturating_sub(300))..at];
    head.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '<' | '[' | '"')).next().is_some_and(|head| head.contains("://"))
}

/// "van" belongs to a name only next to one.
fn settle(text: &str, words: &[Word], hits: &mut [Hit]) {
    let named = |hit: Hit| matches!(hit, Hit::Name | Hit::Initials);
    for i in 0..hits.len() {
        if hits[i] != Hit::Beside {
            continue;
        }
        let before = i > 0 && named(hits[i - 1]) && joins(&text[words[i - 1].end..words[i].start]);
        // "van der Berg": look past further such words.
        let mut j = i + 1;
        while j < hits.len().min(i + 3) && hits[j] == Hit::Beside && joins(&text[words[j - 1].end..words[j].start]) {
            j += 1;
        }
        let after = j < hits.len() && named(hits[j]) && joins(&text[words[j - 1].end..words[j].start]);
        let fill = if after { Hit::Name } else { Hit::No };
        let capital = text[words[i].start..].starts_with(char::is_uppercase);
        hits[i] = if before && capital { Hit::Name } else { fill };
        if after {
            hits[i..j].fill(Hit::Name);
        }
    }
}

/// What may stand between two words of one name.
fn joins(between: &str) -> bool {
    matches!(between, " " | "-" | "." | ". " | "_" | "\u{A0}" | " (" | "](")
}

fn replace(text: &str, words: &[Word], hits: &[Hit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut i = 0;
    while i < words.len() {
        // Also what an address before it has taken along.
        if hits[i] == Hit::No || words[i].start < at {
            i += 1;
            continue;
        }
        let first = i;
        // One person, one replacement: "Anna M. Berg (AB)" is a run of hits, a single letter in between included.
        loop {
            let next = i + 1;
            if next < words.len() && hits[next] != Hit::No && joins(&text[words[i].end..words[next].start]) {
                i = next;
            } else if next + 1 < words.len()
                && text[words[next].start..words[next].end].chars().count() == 1
                && hits[next + 1] == Hit::Name
                && joins(&text[words[i].end..words[next].start])
                && joins(&text[words[next].end..words[next + 1].start])
            {
                i = next + 1;
            } else {
                break;
            }
        }
        let address = in_address(text, words[first].start);
        let mut start = words[first].start;
        let mail = mail_rest(&text[words[i].end..]);
        if mail > 0 {
            // "b.berg@example.org", of which only "berg" is a name.
            start = at + text[at..start].trim_end_matches(in_local_part).len();
        }
        if text[at..start].ends_with('@') {
            start -= 1;
        }
        out.push_str(&text[at..start]);
        out.push_str(if address { "a-responder" } else { SOMEBODY });
        let last = &text[words[i].start..words[i].end];
        at = if mail > 0 { words[i].end + mail } else { words[i].end - (last.len() - stem(last).len()) };
        // The bracket that the run went into.
        let run = &text[words[first].start..words[i].end];
        if run.contains(" (") && !run.contains(')') && text[at..].starts_with(')') {
            at += 1;
        }
        i += 1;
    }
    out.push_str(&text[at..]);
    out
}

fn in_local_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+')
}

/// How much of a mail address follows: "@example.org", ".k@example.org".
fn mail_rest(text: &str) -> usize {
    let local = text.bytes().take(64).take_while(|b| in_local_part(*b as char)).count();
    let Some(domain) = text.get(local..).and_then(|t| t.strip_prefix('@')) else { return 0 };
    let length = domain.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')).count();
    let domain = domain[..length].trim_end_matches('.');
    if domain.contains('.') { local + 1 + domain.len() } else { 0 }
}

fn replace_any_case(text: &str, exact: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let wanted = exact.to_ascii_lowercase();
    if wanted.is_empty() || !lower.contains(&wanted) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = lower[at..].find(&wanted) {
        out.push_str(&text[at..at + found]);
        out.push_str(SOMEBODY);
        at += found + wanted.len();
    }
    out.push_str(&text[at..]);
    out
}
