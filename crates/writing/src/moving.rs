//! Taking a sentence out of a text: what stays reads as if it had never stood there.

use std::ops::Range;

/// How many bytes at the beginning of a line are the mark of a list (`- `, `* [ ] `, `12. `) or of a heading.
fn mark(line: &str) -> usize {
    let rest = line.trim_start();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let behind = match rest.as_bytes() {
        [b'-' | b'*' | b'+', ..] => &rest[1..],
        [b'#', ..] => rest.trim_start_matches('#'),
        [b'0'..=b'9', ..] if rest[digits..].starts_with(['.', ')']) => &rest[digits + 1..],
        _ => return 0,
    };
    if !behind.starts_with([' ', '\t']) {
        return 0;
    }
    let behind = behind.trim_start_matches([' ', '\t']);
    let behind = ["[ ] ", "[x] ", "[X] "].iter().find_map(|tick| behind.strip_prefix(tick)).unwrap_or(behind);
    line.len() - behind.len()
}

/// A sentence without the mark of the list that it is an entry of, on one line.
pub fn sentence_alone(sentence: &str) -> String {
    sentence[mark(sentence)..].split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text without one of its sentences (in bytes, as a hint names it). An entry of a list that held nothing else goes with its mark, a
/// paragraph with its empty line.
pub fn without(text: &str, sentence: Range<usize>) -> String {
    let (before, behind) = (&text[..sentence.start], &text[sentence.end..]);
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let lead = &text[line..sentence.start];
    let own_mark = if lead.trim().is_empty() { mark(&text[sentence.clone()]) } else { 0 };
    let begins_line = lead.trim().is_empty() || mark(&format!("{lead}x")) == lead.len();
    let ends_line = behind.trim_start_matches([' ', '\t', '\r']).starts_with('\n') || behind.trim().is_empty();
    if begins_line && ends_line {
        let rest = behind.split_once('\n').map_or("", |(_, rest)| rest);
        let before = &text[..line];
        let alone = before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n");
        let rest = if alone { rest.trim_start_matches(['\n', '\r']) } else { rest };
        let joined = format!("{before}{rest}");
        return if rest.is_empty() { joined.trim_end().to_owned() } else { joined };
    }
    let before = &text[..sentence.start + own_mark];
    if ends_line {
        format!("{}{behind}", before.trim_end_matches([' ', '\t']))
    } else {
        format!("{before}{}", behind.trim_start())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_stays_reads_on() {
        for (text, sentence, left) in [
            ("It was night. We should add a board. Then it rang.", "We should add a board.", "It was night. Then it rang."),
            ("It was night. We should add a board.", "We should add a board.", "It was night."),
            ("We should add a board.", "We should add a board.", ""),
            ("One.\n\nWe should\nadd it.\n\nTwo.", "We should\nadd it.", "One.\n\nTwo."),
            ("One.\nWe should.\nTwo.", "We should.", "One.\nTwo."),
            ("- One\n- We should\n- Two", "- We should", "- One\n- Two"),
            ("- One\n- [ ] We should\n", "We should", "- One"),
            ("1. One\n2. We should. It was late.", "2. We should.", "1. One\n2. It was late."),
            ("One. \u{e9}s. We should.  \n\nTwo.", "We should.", "One. \u{e9}s.  \n\nTwo."),
            ("We should.\r\n\r\nTwo.", "We should.", "Two."),
        ] {
            let start = text.find(sentence).unwrap();
            assert_eq!(without(text, start..start + sentence.len()), left, "{text:?}");
        }
    }

    #[test]
    fn a_sentence_stands_alone() {
        for (sentence, alone) in [
            ("- [ ] We should\n  add it.", "We should add it."),
            ("12) We should.", "We should."),
            ("## We should", "We should"),
            ("12 boards.", "12 boards."),
            ("-5 degrees.", "-5 degrees."),
        ] {
            assert_eq!(sentence_alone(sentence), alone);
        }
    }

    proptest! {
        #[test]
        fn nothing_else_is_lost(before in "[a-z .\n-]{0,30}", sentence in "[a-z][a-z ]{0,20}", behind in "[ \n]?[a-z .\n-]{0,30}") {
            let words = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
            let text = format!("{before}{sentence}{behind}");
            let left = without(&text, before.len()..before.len() + sentence.len());
            prop_assert_eq!(words(&left), words(&format!("{before} {behind}")));
        }
    }
}
