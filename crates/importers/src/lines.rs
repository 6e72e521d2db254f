//! The document as numbered lines: front matter taken off, code fences marked, comments and link definitions dropped.

use crate::links::Definitions;

/// One line of the document.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// In the file, from 1.
    pub(crate) no: usize,
    /// Without the line end; for a heading, its text.
    pub(crate) text: String,
    /// Inside or on the edge of a code fence: nothing in it is Markdown.
    pub(crate) code: bool,
    /// 1 to 6 for a heading, 0 for anything else.
    pub(crate) heading: u8,
}

impl Line {
    pub(crate) fn is_blank(&self) -> bool {
        !self.code && self.heading == 0 && self.text.trim().is_empty()
    }
}

/// The lines, and what stood around them.
pub(crate) struct Source {
    pub(crate) lines: Vec<Line>,
    /// `key: value` pairs of YAML front matter, keys in lower case; list items belong to the key above.
    pub(crate) front_matter: Vec<(String, String)>,
    pub(crate) definitions: Definitions,
    /// Line of a comment that is never closed.
    pub(crate) unclosed_comment: Option<usize>,
}

/// Front matter longer than this is not front matter but a rule at the top of a document.
const FRONT_MATTER_LINES: usize = 100;

/// Splits a decoded document into lines.
pub(crate) fn source(text: &str) -> Source {
    let raw: Vec<&str> = text.split('\n').collect();
    let (front_matter, skip) = front_matter(&raw);
    let code = fences(&raw, skip);
    let mut lines = Vec::with_capacity(raw.len());
    for (index, text) in raw.iter().enumerate().skip(skip) {
        lines.push(Line { no: index + 1, text: text.trim_end().to_owned(), code: code[index], heading: 0 });
    }
    let unclosed_comment = drop_comments(&mut lines);
    let mut definitions = Definitions::default();
    lines.retain(|line| line.code || !definitions.take(&line.text));
    Source { lines, front_matter, definitions, unclosed_comment }
}

fn front_matter(raw: &[&str]) -> (Vec<(String, String)>, usize) {
    if raw.first().map(|l| l.trim_end()) != Some("---") {
        return (Vec::new(), 0);
    }
    let end = raw.iter().enumerate().skip(1).take(FRONT_MATTER_LINES).find(|(_, l)| matches!(l.trim_end(), "---" | "..."));
    let Some((end, _)) = end else { return (Vec::new(), 0) };
    let body = &raw[1..end];
    // A rule at the top and another below is no front matter unless something in between looks like `key: value`.
    if !body.iter().any(|l| key_value(l).is_some()) {
        return (Vec::new(), 0);
    }
    let mut pairs: Vec<(String, String)> = Vec::new();
    for line in body {
        if let Some((key, value)) = key_value(line) {
            pairs.push((key, value));
        } else if let Some((_, value)) = pairs.last_mut() {
            let item = line.trim().trim_start_matches("- ").trim();
            if !item.is_empty() {
                value.push_str(if value.is_empty() { "" } else { ", " });
                value.push_str(unquoted(item));
            }
        }
    }
    (pairs, end + 1)
}

fn key_value(line: &str) -> Option<(String, String)> {
    let (key, value) = line.split_once(':')?;
    let plain = !key.is_empty() && key.len() < 40 && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
    (plain && !key.starts_with([' ', '-'])).then(|| (key.trim().to_lowercase(), unquoted(value.trim()).to_owned()))
}

fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|v| v.strip_suffix(quote)) {
            return inner;
        }
    }
    value
}

/// Marks the lines of closed code fences. A fence that is never closed marks nothing: the rest of the document matters more.
fn fences(raw: &[&str], skip: usize) -> Vec<bool> {
    let fence = |line: &str| -> Option<(u8, usize, bool)> {
        let text = line.trim();
        let mark = *text.as_bytes().first().filter(|b| matches!(b, b'`' | b'~'))?;
        let run = text.bytes().take_while(|b| *b == mark).count();
        let bare = run == text.len();
        // An info string with a backtick makes it a code span.
        (run >= 3 && (mark == b'~' || !text[run..].contains('`'))).then_some((mark, run, bare))
    };
    let marks: Vec<_> = raw.iter().map(|l| fence(l)).collect();
    // The longest closing fence from each line on: tells in one step whether an opening fence can be closed at all.
    let mut longest = vec![[0usize; 2]; raw.len() + 1];
    for i in (0..raw.len()).rev() {
        longest[i] = longest[i + 1];
        if let Some((mark, run, true)) = marks[i] {
            let slot = usize::from(mark == b'~');
            longest[i][slot] = longest[i][slot].max(run);
        }
    }
    let mut code = vec![false; raw.len()];
    let mut i = skip;
    while i < raw.len() {
        if let Some((mark, run, _)) = marks[i]
            && longest[i + 1][usize::from(mark == b'~')] >= run
        {
            let mut end = i + 1;
            while end < raw.len() && !matches!(marks[end], Some((m, r, true)) if m == mark && r >= run) {
                end += 1;
            }
            code[i..=end.min(raw.len() - 1)].fill(true);
            i = end;
        }
        i += 1;
    }
    code
}

/// Drops HTML comments, and the lines that held nothing else. Of a comment that is never closed only the mark goes.
fn drop_comments(lines: &mut Vec<Line>) -> Option<usize> {
    let last_close = lines.iter().rposition(|l| !l.code && l.text.contains("-->"));
    let mut unclosed = None;
    let mut inside = false;
    let mut keep = vec![true; lines.len()];
    for (i, line) in lines.iter_mut().enumerate() {
        if line.code || (!inside && !line.text.contains("<!--")) {
            keep[i] = !inside;
            continue;
        }
        let mut out = String::with_capacity(line.text.len());
        let text = line.text.as_str();
        let last_here = text.rfind("-->").unwrap_or(0);
        let (mut at, mut ticks) = (0, 0);
        loop {
            if inside {
                let Some(end) = text[at..].find("-->") else { break };
                inside = false;
                at += end + 3;
            }
            let open = text[at..].find("<!--").map(|o| at + o);
            let before = &text[at..open.unwrap_or(text.len())];
            out.push_str(before);
            ticks += before.bytes().filter(|b| *b == b'`').count();
            let Some(open) = open else { break };
            at = open + 4;
            if ticks % 2 == 1 {
                // Inside a code span it is text.
                out.push_str("<!--");
            } else if last_here >= at || last_close.is_some_and(|last| last > i) {
                inside = true;
            } else {
                unclosed.get_or_insert(line.no);
            }
        }
        keep[i] = !out.trim().is_empty();
        line.text = out.trim_end().to_owned();
    }
    let mut kept = keep.into_iter();
    lines.retain(|_| kept.next().unwrap_or(true));
    unclosed
}
