//! Covers what is not the writer's own prose, letter for letter, so that offsets hold.

/// Stands for covered text; a run of it is one word that no rule knows.
pub(crate) const COVER: char = '\u{1}';
/// A quote longer than this many bytes is more likely a lost quotation mark.
const LONGEST_QUOTE: usize = 400;

/// The text with code, quotes, link targets and log lines covered. Same length in bytes, same line ends.
pub(crate) fn mask(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let marker = ["```", "~~~"].into_iter().find(|m| start.starts_with(m));
        match (fence, marker) {
            (None, Some(m)) => {
                fence = Some(m);
                cover(&mut out, line);
            }
            (Some(open), found) => {
                if found == Some(open) {
                    fence = None;
                }
                cover(&mut out, line);
            }
            (None, None) if start.starts_with('>') || looks_logged(start) => cover(&mut out, line),
            (None, None) => mask_line(&mut out, line),
        }
    }
    out
}

/// A log line begins with a date and a time of day.
fn looks_logged(line: &str) -> bool {
    let shape: String = line.chars().take(14).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape.starts_with("0000-00-00T00:") || shape.starts_with("0000-00-00 00:")
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
    for (open, close) in [('“', '”'), ('"', '"'), ('«', '»'), ('„', '“')] {
        if let Some(inner) = rest.strip_prefix(open) {
            return inner.find(close).filter(|at| *at <= LONGEST_QUOTE).map(|at| open.len_utf8() + at + close.len_utf8());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_keeps_length_and_line_ends() {
        let text = "a “ü” `b`\n```\nc\n```\n> d\nhttps://x.example/é e";
        let masked = mask(text);
        assert_eq!(masked.len(), text.len());
        assert_eq!(masked.matches('\n').count(), text.matches('\n').count());
        assert_eq!(masked.chars().filter(|c| c.is_alphabetic()).collect::<String>(), "ae");
    }

    #[test]
    fn an_open_quotation_mark_covers_nothing() {
        assert_eq!(mask("say \"so"), "say \"so");
    }
}
