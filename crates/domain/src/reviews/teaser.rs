//! The first lines of a story for places outside the site: whole sentences, without quotes and without those that name somebody.

use std::collections::HashSet;

/// Longest teaser, in characters.
const LONGEST: usize = 300;

/// Names of people, to leave out sentences that hold one.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Parts of names as words of their own, lower case.
    parts: HashSet<String>,
}

impl Names {
    /// Of these people.
    pub fn new<'a>(people: impl Iterator<Item = &'a str>) -> Self {
        let parts = people.flat_map(words).filter(|part| part.chars().count() > 1);
        Self { parts: parts.map(|part| part.to_lowercase()).collect() }
    }

    /// Whether a sentence holds a word that is a part of somebody's name, written as names are: with a capital, or behind an @.
    fn stand_in(&self, sentence: &str) -> bool {
        sentence.contains('@')
            || words(sentence)
                .any(|word| word.chars().next().is_some_and(|c| !c.is_lowercase()) && self.parts.contains(&word.to_lowercase()))
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Markdown without what it quotes in blocks.
pub fn without_quotes(markdown: &str) -> String {
    markdown.lines().filter(|line| !line.trim_start().starts_with('>')).collect::<Vec<_>>().join("\n")
}

/// The first sentences of a text of words alone, at most `most`, without those that name somebody or quote.
pub fn teaser(text: &str, names: &Names, most: usize) -> String {
    let mut out = String::new();
    for sentence in sentences(text).filter(|s| !names.stand_in(s) && !s.contains(['“', '”', '"', '«', '„'])).take(most) {
        if !out.is_empty() {
            if out.chars().count() + sentence.chars().count() > LONGEST {
                break;
            }
            out.push(' ');
        }
        out.push_str(sentence);
    }
    match out.char_indices().nth(LONGEST) {
        None => out,
        Some((at, _)) => format!("{} …", out[..at].rsplit_once(' ').map_or(&out[..at], |(whole, _)| whole)),
    }
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let (mut found, mut begin) = (Vec::new(), 0);
    for (at, end) in text.match_indices(['.', '!', '?', '。']) {
        let after = at + end.len();
        // A dot within a number or the name of a file ends nothing.
        if end == "。" || text[after..].chars().next().is_none_or(char::is_whitespace) {
            found.push(&text[begin..after]);
            begin = after;
        }
    }
    found.push(&text[begin..]);
    found.into_iter().map(str::trim).filter(|sentence| !sentence.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::new(["Rune Responder", "Ada d'Arc", "Will Ås"].into_iter())
    }

    #[test]
    fn the_first_sentences_are_kept_whole() {
        let text = "Payments waited for 3.5 minutes. The pool was full! Then it was not. A fourth.";
        assert_eq!(teaser(text, &names(), 1), "Payments waited for 3.5 minutes.");
        assert_eq!(teaser(text, &names(), 3), "Payments waited for 3.5 minutes. The pool was full! Then it was not.");
        assert_eq!(teaser("Without an end", &names(), 3), "Without an end");
        assert_eq!(teaser("", &names(), 3), "");
        let long = teaser(&"word ".repeat(200), &names(), 3);
        assert!(long.ends_with(" …") && long.chars().count() <= LONGEST + 2, "{long}");
    }

    #[test]
    fn no_sentence_that_names_somebody_or_quotes_leaves_the_house() {
        let told = "Rune saw it first. RESPONDER, too. The pool was full. @rune wrote. He said “it is down”. It will end.";
        assert_eq!(teaser(told, &names(), 9), "The pool was full. It will end.");
        assert_eq!(teaser("Ada’s shift began. Ås looked.", &names(), 9), "");
        assert_eq!(without_quotes("One.\n> It is down.\n > Really.\nTwo."), "One.\nTwo.");
    }
}
