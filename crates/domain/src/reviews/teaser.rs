//! The first lines of a story for places outside the site: whole sentences, without quotes and without those that name somebody.

use std::collections::HashSet;

/// Longest teaser, in characters.
const LONGEST: usize = 300;

/// Marks of which two, alike or not, hold somebody's words between them.
const MARKS: [char; 13] = ['“', '”', '"', '«', '»', '„', '‟', '‹', '›', '「', '」', '『', '』'];

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

    /// Whether a sentence holds a word that is a part of somebody's name, written as names are: with a capital, or behind an @. An ending
    /// of a genitive without an apostrophe ("Runes") hides nobody. Where writing knows no capitals it may know no spaces either: there a name
    /// is looked for within words too.
    fn stand_in(&self, sentence: &str) -> bool {
        let has_case = |part: &str| part.chars().any(|c| c.is_lowercase() || c.is_uppercase());
        sentence.contains('@')
            || self.parts.iter().any(|part| !has_case(part) && sentence.contains(part.as_str()))
            || words(sentence)
                .filter(|word| word.chars().next().is_some_and(|c| !c.is_lowercase()))
                .any(|word| self.is_part(&word.to_lowercase()))
    }

    fn is_part(&self, word: &str) -> bool {
        self.parts.contains(word) || word.strip_suffix('s').is_some_and(|word| self.parts.contains(word))
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Markdown without what it quotes in blocks: a line that begins a quote, in a list too, and those below it that carry it on.
pub fn without_quotes(markdown: &str) -> String {
    let mut quoted = false;
    let kept = markdown.lines().filter(|line| {
        quoted = !line.trim().is_empty() && (quoted || begins_quote(line));
        !quoted
    });
    kept.collect::<Vec<_>>().join("\n")
}

/// Whether the first sign of a line that is no mark of a list is one of a quote.
fn begins_quote(line: &str) -> bool {
    let is_list = |c: char| c.is_whitespace() || c.is_ascii_digit() || matches!(c, '-' | '*' | '+' | '.' | ')');
    line.trim_start_matches(is_list).starts_with('>')
}

/// The first sentences of a text of words alone, at most `most`, without those that name somebody or quote.
pub fn teaser(text: &str, names: &Names, most: usize) -> String {
    let mut out = String::new();
    for sentence in unquoted(text).filter(|s| !names.stand_in(s)).take(most) {
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

/// Sentences in which nothing is quoted, and which do not stand between two marks that hold several. A mark without its second ends the text.
fn unquoted(text: &str) -> impl Iterator<Item = &str> {
    let mut open = false;
    sentences(text).filter(move |sentence| {
        let marks = sentence.chars().filter(|c| MARKS.contains(c)).count();
        let was_open = open;
        open ^= marks % 2 == 1;
        // The second of ‘these’ is an apostrophe as well: only the first is looked for.
        !was_open && marks == 0 && !sentence.contains('‘')
    })
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let (mut found, mut begin) = (Vec::new(), 0);
    for (at, end) in text.match_indices(['.', '!', '?', '。']) {
        let after = at + end.len();
        // A mark that closes what was quoted belongs to what it closes.
        let after = text.len() - text[after..].trim_start_matches(|c| MARKS.contains(&c) || c == '’').len();
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
        assert_eq!(teaser("Ada’s shift began. Ås looked. Runes Schicht begann. ADAS too.", &names(), 9), "");
        assert_eq!(without_quotes("One.\n> It is down.\n > Really.\n\nTwo."), "One.\n\nTwo.");
    }

    #[test]
    fn a_quote_of_several_sentences_or_lines_leaves_nothing_behind() {
        let told = "He said “It is down. I saw it at once. It stayed down.” The pool was full. «No. Never. No.» It ended.";
        assert_eq!(teaser(told, &names(), 9), "The pool was full. It ended.");
        assert_eq!(teaser("It began. „Nein. Nie. Nein.“ She said ‘it is down’. It ended.", &names(), 9), "It began. It ended.");
        assert_eq!(teaser("It began. He said \"it is down. I saw it. We went.", &names(), 9), "It began.");
        assert_eq!(without_quotes("One.\n> It is down\nand I saw it.\n\nTwo."), "One.\n\nTwo.");
        assert_eq!(without_quotes("- > It is down\n\n1. > Really.\n\n- two"), "\n\n- two");
    }

    #[test]
    fn a_name_in_writing_without_spaces_is_found() {
        let names = Names::new(["李雷"].into_iter());
        assert_eq!(teaser("李雷首先看到。池满了。", &names, 9), "池满了。");
    }
}
