//! Bold labels of bullets that do the work of headings: `- **Key events**`, `- **Impact**: …`, with what they head nested below them.

use crate::headings::{is_other, kind_of};
use crate::lines::Line;
use crate::lists::{bullet, dedent, indent, plain_words};
use crate::sections::Kind;
use crate::times::scan;
use crate::wordlists::phrases;

/// Labels that head a part of a report and nothing in any other list.
const LABELS: &str = "\
    key events, time to repair, time to resolve, time to detect, time to mitigate, identified, fault, fix, cause, \
    context resolution review actions";

/// Turns such bullets into headings one level below the one that they stand under, where a whole stretch of the document is made of
/// them; one bold word before a colon in a list is only that.
pub(crate) fn lift(lines: Vec<Line>) -> Vec<Line> {
    let mut out = Vec::with_capacity(lines.len());
    let mut stretch: Vec<Line> = Vec::new();
    let mut heading: (u8, bool) = (1, false);
    for line in lines {
        if line.heading == 0 {
            stretch.push(line);
            continue;
        }
        lift_stretch(std::mem::take(&mut stretch), heading, &mut out);
        heading = (line.heading, kind_of(&line.text, Kind::Opening).is_some());
        out.push(line);
    }
    lift_stretch(stretch, heading, &mut out);
    out
}

/// The lines between two headings; `(level, known)` of the one above them.
fn lift_stretch(lines: Vec<Line>, (level, known): (u8, bool), out: &mut Vec<Line>) {
    let labels =
        |bold: bool| lines.iter().filter(|l| !l.code).filter_map(move |l| label(&l.text, bold)).map(|l| plain_words(&l.words));
    // Without emphasis they count only where there can be no doubt.
    let bold = !labels(false).any(|l| l == "key events") || labels(true).any(|l| l == "key events");
    let made_of_them =
        !bold || labels(true).any(|l| l == "key events") || (!known && labels(true).filter(|l| is_known(l)).count() >= 3);
    if !made_of_them {
        out.extend(lines);
        return;
    }
    let (mut inside, mut first) = (0, false);
    for line in lines {
        match label(&line.text, bold).filter(|_| !line.code) {
            Some(Label { words, rest, content }) => {
                (inside, first) = (content, rest.is_empty());
                let rest = (!rest.is_empty()).then(|| Line { text: rest, ..line.clone() });
                out.push(Line { text: words, heading: level + 1, ..line });
                out.extend(rest);
            }
            None if line.is_blank() => out.push(line),
            None => {
                // The first line below a label sets how far what it heads is indented.
                if std::mem::take(&mut first) && indent(&line.text) > inside && !line.code {
                    inside = indent(&line.text);
                }
                out.push(Line { text: dedent(&line.text, inside).to_owned(), ..line });
            }
        }
    }
}

/// The label of a bullet at the margin.
struct Label {
    /// With what stands in brackets behind it: "Key events (all times BST)".
    words: String,
    /// What follows on the line.
    rest: String,
    /// Columns before the text of the bullet.
    content: usize,
}

fn is_known(words: &str) -> bool {
    kind_of(words, Kind::Opening).is_some() || is_other(words) || phrases(LABELS).any(|l| l == words)
}

/// Reads `- **Label**`, `- **Label:** rest`, `- **Label** (remark): rest`; unless `bold`, also `- Label: rest` where the label is known.
fn label(line: &str, bold: bool) -> Option<Label> {
    let item = bullet(line).filter(|b| b.indent <= 1)?;
    let (inner, after) = match item.text.strip_prefix("**") {
        Some(text) => text.split_once("**")?,
        None if bold => return None,
        None => item.text.split_once(':').filter(|(words, _)| is_known(&plain_words(words)))?,
    };
    let plain = !item.text.starts_with("**");
    let mut words = inner.trim_end().trim_end_matches(':').trim().to_owned();
    let mut after = after.trim_start();
    let mut closed = plain || inner.trim_end().ends_with(':') || after.is_empty() || after.starts_with(':');
    if !closed
        && let Some((remark, rest)) = after.strip_prefix('(').and_then(|a| a.split_once(')'))
        && (rest.trim().is_empty() || rest.starts_with(':'))
    {
        words = format!("{words} ({remark})");
        after = rest;
        closed = true;
    }
    let short = !words.is_empty() && plain_words(&words).split(' ').count() <= 6;
    let time = scan::prefix(&words, false).is_some();
    let rest = after.trim_start_matches(':').trim().to_owned();
    (closed && short && !time).then_some(Label { words, rest, content: item.content })
}
