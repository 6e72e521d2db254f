//! Patterns of words, small enough to read aloud: `should/could not? have @done`.
//!
//! Parts are separated by spaces; `a/b` is either; `a?` may be absent; `a-` begins so; `*` is any word; `*3` is up to three words;
//! `!a/b` must not follow (takes no word); `@person` and `@done` are word classes. A pattern never crosses the end of a sentence.

use crate::mask::COVER;

use std::collections::HashSet;
use std::sync::LazyLock;

/// A word as it stands in the text, or the end of a sentence.
#[derive(Debug)]
pub(crate) enum Word {
    /// Folded, with its place in bytes and its classes.
    Is { folded: String, start: usize, end: usize, person: bool, done: bool },
    /// Full stop, question mark, new item, new paragraph.
    Stop,
}

/// A pattern, read once.
#[derive(Debug)]
pub(crate) struct Pattern(Vec<Part>);

#[derive(Debug)]
enum Part {
    /// One word of these; it may be absent.
    One { of: Vec<Alternative>, optional: bool },
    /// Up to so many words.
    UpTo(usize),
    /// None of these follows.
    Not(Vec<Alternative>),
}

#[derive(Debug)]
enum Alternative {
    Any,
    Person,
    Done,
    Begins(&'static str),
    Exactly(&'static str),
}

impl Pattern {
    /// Reads a pattern as the head of this file describes it.
    pub(crate) fn read(text: &'static str) -> Self {
        let alternatives = |text: &'static str| -> Vec<Alternative> {
            text.split('/')
                .map(|one| match one {
                    "*" => Alternative::Any,
                    "@person" => Alternative::Person,
                    "@done" => Alternative::Done,
                    _ => one.strip_suffix('-').map_or(Alternative::Exactly(one), Alternative::Begins),
                })
                .collect()
        };
        let part = |text: &'static str| {
            if let Some(forbidden) = text.strip_prefix('!') {
                Part::Not(alternatives(forbidden))
            } else if let Some(most) = text.strip_prefix('*').and_then(|n| n.parse().ok()) {
                Part::UpTo(most)
            } else {
                let (of, optional) = text.strip_suffix('?').map_or((text, false), |of| (of, true));
                Part::One { of: alternatives(of), optional }
            }
        };
        Self(text.split(' ').map(part).collect())
    }
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
            let (person, done) = (PERSONS.contains(folded.as_str()), is_done(&folded));
            words.push(Word::Is { folded, start, end, person, done });
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
pub(crate) fn find(pattern: &Pattern, words: &[Word]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for first in 0..words.len() {
        let Some(length) = matched(&pattern.0, &words[first..]).filter(|length| *length > 0) else { continue };
        if let (Word::Is { start, .. }, Word::Is { end, .. }) = (&words[first], &words[first + length - 1]) {
            found.push((*start, *end));
        }
    }
    found
}

/// How many words the parts take from here, if they match.
fn matched(parts: &[Part], words: &[Word]) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else { return Some(0) };
    let next_is = |of: &[Alternative]| words.first().is_some_and(|word| of.iter().any(|one| one.is(word)));
    match part {
        Part::Not(of) => (!next_is(of)).then(|| matched(rest, words)).flatten(),
        Part::UpTo(most) => (0..=*most)
            .take_while(|n| words.len() >= *n && words[..*n].iter().all(|w| matches!(w, Word::Is { .. })))
            .find_map(|n| matched(rest, &words[n..]).map(|length| n + length)),
        Part::One { of, optional } => {
            let taken = if next_is(of) { matched(rest, &words[1..]).map(|length| length + 1) } else { None };
            if taken.is_none() && *optional { matched(rest, words) } else { taken }
        }
    }
}

impl Alternative {
    fn is(&self, word: &Word) -> bool {
        let Word::Is { folded, person, done, .. } = word else { return false };
        match self {
            Self::Any => true,
            Self::Person => *person,
            Self::Done => *done,
            Self::Begins(with) => folded.starts_with(with),
            Self::Exactly(this) => folded == this,
        }
    }
}

/// Whoever can be the subject of a sentence about people.
static PERSONS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    "i we you he she they someone somebody anyone anybody engineer engineers developer developers operator operators administrator \
     administrators admin admins sre sres dba dbas on-call responder responders team teams colleague colleagues contractor contractors \
     intern interns commander tester testers analyst analysts architect architects employee employees staff person people reviewer \
     reviewers approver approvers vendor technician technicians support management author"
        .split_whitespace()
        .collect()
});

/// Past participles without "-ed" that reviews use.
static IRREGULAR: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    "been seen known caught thought brought taken done gone made found told kept left read run set put held built sent understood written \
     given shown spoken chosen said asked hit cut let"
        .split_whitespace()
        .collect()
});

/// A past participle, as far as its form tells.
fn is_done(word: &str) -> bool {
    (word.len() > 4 && word.ends_with("ed")) || IRREGULAR.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits<'t>(pattern: &'static str, text: &'t str) -> Vec<&'t str> {
        find(&Pattern::read(pattern), &words(text)).into_iter().map(|(start, end)| &text[start..end]).collect()
    }

    #[test]
    fn parts_mean_what_the_head_says() {
        assert_eq!(
            hits("should not? have @done", "We should not have deployed. They should have asked. I should go."),
            ["should not have deployed", "should have asked"]
        );
        assert_eq!(hits("misconfigur-", "A misconfigured, misconfigurable thing."), ["misconfigured", "misconfigurable"]);
        assert_eq!(hits("if *2 had", "If the team had it. If it had. If one two three had."), ["If the team had", "If it had"]);
        assert_eq!(hits("we should !have", "We should have. We should go."), ["We should"]);
    }

    #[test]
    fn a_pattern_stays_inside_its_sentence() {
        assert_eq!(hits("we should", "That was we. Should it? A list:\n- we\n- should"), [] as [&str; 0]);
        assert_eq!(hits("we should", "Now we\nshould go."), ["we\nshould"]);
    }

    #[test]
    fn words_begin_and_end_at_word_boundaries() {
        assert_eq!(hits("hero", "heroku hero's hero."), ["hero"]);
    }
}
