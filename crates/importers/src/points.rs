//! Points: one per top-level bullet, paragraph or table row of a section. What is nested stays inside.

use crate::headings::is_how_it_went;
use crate::lines::Line;
use crate::lists::{Bullet, bold_line, bullet, dedent, indent, is_decoration, is_rule, plain_words, says_nothing};
use crate::plans::is_done_word;
use crate::tables;
use crate::wordlists::phrases;

/// One factor, lesson or action as it stands in the document.
#[derive(Debug, Default)]
pub(crate) struct Point {
    pub(crate) body: String,
    /// The box before it is ticked, or its row says that it is done.
    pub(crate) done: bool,
}

/// Words that hold the place of a point and make none.
const PLACEHOLDERS: &str = "n a, na, none, tbd, tba, nothing, todo, to be done, to be determined, to be decided, none yet, xxx, nil, not applicable, no actions, \
    no action items, no actions needed, no lessons learned, nothing yet";

/// Whether a point says nothing, or only that there is nothing to say.
pub(crate) fn is_placeholder(body: &str) -> bool {
    says_nothing(body) || (body.len() < 24 && phrases(PLACEHOLDERS).any(|p| p == plain_words(body)))
}

/// Reads the points of a section below its heading. Of a section of `paragraphs`, every one is a point, also one that leads up to a list.
pub(crate) fn read(heading: &str, lines: &[Line], paragraphs: bool) -> Vec<Point> {
    let done = is_done_heading(heading);
    let mut reader = Reader { out: Vec::new(), headings: Vec::new(), open: Open::Nothing, columns: None, done };
    let leads = if paragraphs { Vec::new() } else { lead_in_lines(lines) };
    let mut leads = leads.into_iter().peekable();
    let mut kept: Vec<Line> = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        while leads.next_if(|(_, end)| *end <= at).is_some() {}
        if leads.peek().is_none_or(|(start, _)| at < *start) {
            kept.push(line.clone());
        }
    }
    let lines = kept;
    for (i, line) in lines.iter().enumerate() {
        reader.line(line, lines.get(i + 1), &lines[i + 1..]);
    }
    let mut out: Vec<Point> = reader.out;
    for point in &mut out {
        point.body = tidy(&point.body);
    }
    out.retain(|p| !is_placeholder(&p.body));
    if out.is_empty() {
        // A section that is all headings says it in them.
        out = reader.headings.into_iter().filter(|h| !is_placeholder(&h.body)).collect();
    }
    out
}

/// The paragraphs that lead up to a list and end in a colon or a comma: "Three things came together:". No points, but words.
pub(crate) fn lead_ins(lines: &[Line]) -> Vec<String> {
    let words = |(from, to): (usize, usize)| lines[from..to].iter().map(|l| l.text.trim()).collect::<Vec<_>>().join("\n");
    lead_in_lines(lines).into_iter().map(words).collect()
}

/// First lines and ends of those paragraphs.
fn lead_in_lines(lines: &[Line]) -> Vec<(usize, usize)> {
    let is_text = |l: &Line| {
        !l.code
            && l.heading == 0
            && !l.is_blank()
            && bullet(&l.text).is_none()
            && indent(&l.text) == 0
            && !tables::is_row(&l.text)
    };
    let leads = |text: &str| text.trim_end().ends_with([':', ',']) || is_how_it_went(text);
    let mut out = Vec::new();
    let mut from = 0;
    while from < lines.len() {
        let to = from + lines[from..].iter().take_while(|l| is_text(l)).count();
        let after_gap = from == 0 || lines[from - 1].is_blank() || lines[from - 1].heading > 0;
        if to > from && after_gap && leads(&lines[to - 1].text) && leads_on(&lines[to..]) {
            out.push((from, to));
        }
        from = to.max(from + 1);
    }
    out
}

/// "Immediate actions (completed)"
fn is_done_heading(heading: &str) -> bool {
    heading.split(['(', '[', '–', '—']).skip(1).any(|part| is_done_word(part.trim_end_matches([')', ']', ' '])))
}

#[derive(Clone, Copy)]
enum Open {
    Nothing,
    Paragraph,
    /// An item, with the columns of its marker and of its text; `gap` after a blank line.
    Item {
        indent: usize,
        content: usize,
        gap: bool,
    },
    Row,
}

struct Reader {
    out: Vec<Point>,
    headings: Vec<Point>,
    open: Open,
    columns: Option<Vec<usize>>,
    /// The heading above says that all of it is done.
    done: bool,
}

impl Reader {
    fn line(&mut self, line: &Line, next: Option<&Line>, after: &[Line]) {
        if line.code {
            return self.code(line);
        }
        if line.heading > 0 {
            self.headings.push(Point { body: line.text.clone(), done: false });
            self.done = is_done_heading(&line.text);
            self.open = Open::Nothing;
            self.columns = None;
            return;
        }
        if line.is_blank() {
            self.open = match self.open {
                Open::Item { indent, content, .. } => Open::Item { indent, content, gap: true },
                _ => Open::Nothing,
            };
            return;
        }
        let text = line.text.as_str();
        if is_rule(text) {
            self.open = Open::Nothing;
            return;
        }
        if let Some(item) = bullet(text) {
            return self.bullet(&item, line);
        }
        if self.row(line, next) {
            return;
        }
        match self.open {
            Open::Item { indent: base, content, gap } => {
                if !gap || indent(text) > base + 1 {
                    return self.append(
                        if gap { "\n\n" } else { "\n" },
                        dedent(text, content),
                        Open::Item { indent: base, content, gap: false },
                    );
                }
            }
            Open::Paragraph => return self.append("\n", text.trim(), Open::Paragraph),
            Open::Row | Open::Nothing => {}
        }
        if is_decoration(text) {
            return;
        }
        if let Some(words) = bold_line(text)
            && leads_on(after)
        {
            self.headings.push(Point { body: words.to_owned(), done: false });
            self.open = Open::Nothing;
            return;
        }
        self.start(text.trim(), false, Open::Paragraph);
    }

    fn bullet(&mut self, item: &Bullet, line: &Line) {
        if let Open::Item { indent: base, content, gap } = self.open
            && item.indent > base + 1
            && !self.out.is_empty()
        {
            let nested = dedent(&line.text, content.min(item.indent));
            return self.append(if gap { "\n\n" } else { "\n" }, nested, Open::Item { indent: base, content, gap: false });
        }
        let open = Open::Item { indent: item.indent, content: item.content, gap: false };
        self.start(item.text, item.ticked == Some(true), open);
    }

    fn start(&mut self, body: &str, done: bool, open: Open) {
        self.out.push(Point { body: body.to_owned(), done: done || self.done });
        self.open = open;
        self.columns = None;
    }

    fn append(&mut self, glue: &str, text: &str, open: Open) {
        if let Some(point) = self.out.last_mut() {
            point.body.push_str(glue);
            point.body.push_str(text);
        }
        self.open = open;
    }

    /// Code belongs to the point above it.
    fn code(&mut self, line: &Line) {
        match self.open {
            Open::Item { indent, content, gap } => {
                let open = Open::Item { indent, content, gap: false };
                self.append(if gap { "\n\n" } else { "\n" }, dedent(&line.text, content), open);
            }
            _ if !self.out.is_empty() => {
                let open = Open::Paragraph;
                let glue = if matches!(self.open, Open::Paragraph) { "\n" } else { "\n\n" };
                self.append(glue, &line.text, open);
            }
            _ => self.start(&line.text, false, Open::Paragraph),
        }
    }

    /// A table row: the columns that tell what, without the ones that tell who, when and how far.
    fn row(&mut self, line: &Line, next: Option<&Line>) -> bool {
        let text = line.text.as_str();
        let heads = next.is_some_and(|n| !n.code && n.heading == 0 && tables::is_separator(&n.text));
        if !(text.trim_start().starts_with('|')
            || (self.columns.is_some() && tables::is_row(text))
            || (heads && tables::is_row(text)))
        {
            return false;
        }
        if tables::is_separator(text) {
            return true;
        }
        if heads || self.columns.is_none() {
            if let Some(columns) = tables::header(text, heads) {
                let status = columns.other.iter().filter(|(_, name)| is_status(name)).map(|(i, _)| *i);
                self.columns = Some(std::iter::once(columns.event).chain(status).collect());
                self.open = Open::Row;
                return true;
            }
            self.columns = Some(vec![0]);
        }
        let columns = self.columns.clone().unwrap_or_default();
        let cells = tables::cells(text);
        let body = tables::cell(&cells, columns.first().copied()).to_owned();
        let done = columns.iter().skip(1).any(|i| is_done_word(tables::cell(&cells, Some(*i))));
        self.start(&body, done, Open::Row);
        self.columns = Some(columns);
        true
    }
}

fn is_status(name: &str) -> bool {
    plain_words(name).split(' ').any(|w| matches!(w, "status" | "state" | "done" | "completed" | "progress"))
}

/// Whether a bold line has something below it that it heads: a list, after a blank line at most.
fn leads_on(after: &[Line]) -> bool {
    after.iter().find(|l| !l.is_blank()).is_some_and(|l| l.heading == 0 && !l.code && bullet(&l.text).is_some())
}

/// Without blank lines at the end and without decoration at the edges.
fn tidy(body: &str) -> String {
    let lines: Vec<&str> = body.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}
