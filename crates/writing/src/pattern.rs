//! Patterns of words, small enough to read aloud: `should/could not? have @done`.
//!
//! Parts are separated by spaces; `a/b` is either; `a?` may be absent; `a-` begins so; `*` is any word; `*3` is up to three words;
//! `!a/b` must not follow (takes no word); `@person` and `@done` are word classes. A pattern never crosses the end of a sentence.

use crate::mask::COVER;

/// A word as it stands in the text, or the end of a sentence.
#[derive(Debug)]
pub(crate) enum Word {
    /// Folded, with its place in bytes.
    Is { folded: String, start: usize, end: usize },
    /// Full stop, question mark, new item, new paragraph.
    Stop,
}

/// Splits masked text into words and sentence ends.
pub(crate) fn words(masked: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut chars = masked.char_indices().peekable();
    let mut before = ' ';
    while let Some(&(start, c)) = chars.peek() {
        if c.is_alphanumeric() || c == COVER {
            let covered = c == COVER;
            let mut end = start;
            while let Some(&(at, c)) = chars.peek() {
                let next_is_letter = masked[at + c.len_utf8()..].starts_with(char::is_alphanumeric);
                let inside = c.is_alphanumeric() || (matches!(c, '\'' | '’' | '-' | '.' | '_' | '/') && next_is_letter);
                if if covered { c != COVER } else { !inside } {
                    break;
                }
                end = at + c.len_utf8();
                chars.next();
            }
            let folded = masked[start..end].to_lowercase().replace('’', "'");
            words.push(Word::Is { folded, start, end });
            before = 'a';
        } else {
            let stops = matches!(c, '.' | '!' | '?' | ';' | ':' | '|')
                || (before == '\n' && !c.is_whitespace())
                || (c == '\n' && before == '\n');
            if stops && !matches!(words.last(), Some(Word::Stop)) {
                words.push(Word::Stop);
            }
            if c == '\n' || !c.is_whitespace() {
                before = c;
            }
            chars.next();
        }
    }
    words
}

/// Every place where the pattern stands: start and end in bytes.
pub(crate) fn find(pattern: &str, words: &[Word]) -> Vec<(usize, usize)> {
    let parts: Vec<&str> = pattern.split(' ').collect();
    let mut found = Vec::new();
    for first in 0..words.len() {
        let Some(length) = matched(&parts, &words[first..]).filter(|length| *length > 0) else {
            continue;
        };
        if let (Word::Is { start, .. }, Word::Is { end, .. }) = (&words[first], &words[first + length - 1]) {
            found.push((*start, *end));
        }
    }
    found
}

/// How many words the parts take from here, if they match.
fn matched(parts: &[&str], words: &[Word]) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else {
        return Some(0);
    };
    if let Some(forbidden) = part.strip_prefix('!') {
        let follows = word(words).is_some_and(|w| is(forbidden, w));
        return if follows { None } else { matched(rest, words) };
    }
    if let Some(most) = part.strip_prefix('*').and_then(|n| n.parse::<usize>().ok()) {
        return (0..=most)
            .take_while(|n| words.iter().take(*n).all(|w| matches!(w, Word::Is { .. })) && words.len() >= *n)
            .find_map(|n| matched(rest, &words[n..]).map(|length| n + length));
    }
    let (wanted, optional) = part.strip_suffix('?').map_or((*part, false), |p| (p, true));
    let taken = word(words)
        .filter(|w| is(wanted, w))
        .and_then(|_| matched(rest, &words[1..]))
        .map(|length| length + 1);
    match taken {
        None if optional => matched(rest, words),
        taken => taken,
    }
}

fn word(words: &[Word]) -> Option<&str> {
    match words.first() {
        Some(Word::Is { folded, .. }) => Some(folded),
        _ => None,
    }
}

fn is(wanted: &str, word: &str) -> bool {
    wanted.split('/').any(|one| match one {
        "*" => true,
        "@person" => PERSONS.split_whitespace().any(|p| p == word),
        "@done" => is_done(word),
        _ => one.strip_suffix('-').map_or(one == word, |begin| word.starts_with(begin)),
    })
}

/// Whoever can be the subject of a sentence about people.
const PERSONS: &str = "i we you he she they someone somebody anyone anybody engineer engineers developer developers operator operators \
    administrator administrators admin admins sre sres dba dbas on-call responder responders team teams colleague colleagues contractor \
    contractors intern interns commander tester testers analyst analysts architect architects employee employees staff person people \
    reviewer reviewers approver approvers vendor technician technicians support management author";

/// A past participle, as far as its form tells; the irregular ones that reviews use are listed.
fn is_done(word: &str) -> bool {
    const IRREGULAR: &str = "been seen known caught thought brought taken done gone made found told kept left read run set put held built sent \
        understood written given shown spoken chosen said asked hit cut let";
    (word.len() > 4 && word.ends_with("ed")) || IRREGULAR.split_whitespace().any(|w| w == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits<'t>(pattern: &str, text: &'t str) -> Vec<&'t str> {
        find(pattern, &words(text))
            .into_iter()
            .map(|(start, end)| &text[start..end])
            .collect()
    }

    #[test]
    fn parts_mean_what_the_head_says() {
        assert_eq!(
            hits(
                "should not? have @done",
                "We should not have deployed. They should have asked. I should go."
            ),
            ["should not have deployed", "should have asked"]
        );
        assert_eq!(
            hits("misconfigur-", "A misconfigured, misconfigurable thing."),
            ["misconfigured", "misconfigurable"]
        );
        assert_eq!(
            hits("if *2 had", "If the team had it. If it had. If one two three had."),
            ["If the team had", "If it had"]
        );
        assert_eq!(hits("we should !have", "We should have. We should go."), ["We should"]);
    }

    #[test]
    fn a_pattern_stays_inside_its_sentence() {
        assert_eq!(
            hits("we should", "That was we. Should it? A list:\n- we\n- should"),
            [] as [&str; 0]
        );
        assert_eq!(hits("we should", "Now we\nshould go."), ["we\nshould"]);
    }

    #[test]
    fn words_begin_and_end_at_word_boundaries() {
        assert_eq!(hits("hero", "heroku hero's hero."), ["hero"]);
    }
}
