//! The document as numbered lines: front matter taken off, code fences marked, comments and link definitions dropped.

use crate::front::{Front, front};
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
    /// 1 to 6 for a heading, one more for a label that stands below one, 0 for anything else.
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
    pub(crate) front: Front,
    pub(crate) definitions: Definitions,
    /// Line of a comment that is never closed.
    pub(crate) unclosed_comment: Option<usize>,
}

/// Splits a decoded document into lines.
pub(crate) fn source(text: &str) -> Source {
    let raw: Vec<&str> = text.split('\n').collect();
    let front = front(&raw);
    let skip = front.lines;
    let code = fences(&raw, skip);
    let mut lines = Vec::with_capacity(raw.len());
    for (index, text) in raw.iter().enumerate().skip(skip) {
        let text = if code[index] { (*text).to_owned() } else { without_erb(text) };
        lines.push(Line { no: index + 1, text: text.trim_end().to_owned(), code: code[index], heading: 0 });
    }
    let unclosed_comment = drop_comments(&mut lines);
    let mut definitions = Definitions::default();
    lines.retain(|line| line.code || !definitions.take(&line.text));
    Source { lines, front, definitions, unclosed_comment }
}

/// Without the tags of Ruby templates, `<%= partial "menu" %>`: nothing in them was written for a reader.
fn without_erb(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once("<%") {
        let Some((_, after)) = tag.split_once("%>") else { break };
        out.push_str(before);
        rest = after;
    }
    out.push_str(rest);
    out
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
