//! The words of an organisation: names of its people, which rules take for persons, and of its systems, which no rule takes for one.

use crate::recent::Recent;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::ops::Range;
use std::sync::Arc;

/// First names that are words of their own: without their surname they are left to be words.
const WORDS: &str = " April Art August Bill Case Chase Dean Drew Frank Grace Grant Guy Hope Joy June Mark Max May Miles Page Pat Ray Reed Rob \
    Rose Skip Sue Summer Will ";

/// Names of people, and of systems.
type Names = (Vec<String>, Vec<String>);

static RECENT: Recent<Names, Lexicon> = Recent::new();

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Person,
    System,
}

/// Names of people and of systems.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    find: Option<AhoCorasick>,
    words: Vec<Word>,
}

impl Lexicon {
    /// People are found by their whole name and by its first word, as they are written; systems by their name in any case.
    pub fn new<'a>(people: impl IntoIterator<Item = &'a str>, systems: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut names, mut words) = (Vec::new(), Vec::new());
        for system in systems.into_iter().map(str::trim).filter(|name| name.chars().count() > 2) {
            let lower = system.to_lowercase();
            let mut capital = lower.clone();
            if let Some(first) = capital.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            for name in BTreeSet::from([system.to_owned(), lower, capital]) {
                names.push(name);
                words.push(Word::System);
            }
        }
        for person in people.into_iter().map(str::trim).filter(|name| name.chars().count() > 2) {
            names.push(person.to_owned());
            words.push(Word::Person);
            let first = person.split_whitespace().next().unwrap_or_default();
            let capital = first.chars().next().is_some_and(char::is_uppercase);
            if capital && first.chars().count() > 2 && !WORDS.contains(&format!(" {first} ")) {
                names.push(first.to_owned());
                words.push(Word::Person);
            }
        }
        // So many names that they fit nowhere are as good as none: hints are hints.
        let find = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&names).ok();
        Self { find: find.filter(|_| !names.is_empty()), words }
    }

    /// As [`Lexicon::new`]; the same names are made ready once as long as few others come between.
    pub fn kept(people: &[String], systems: &[String]) -> Arc<Self> {
        let make = || Ok::<_, Infallible>(Self::new(people.iter().map(String::as_str), systems.iter().map(String::as_str)));
        match RECENT.get(|(p, s)| p == people && s == systems, || (people.to_vec(), systems.to_vec()), make) {
            Ok(lexicon) => lexicon,
            Err(never) => match never {},
        }
    }

    /// Whole words of the lexicon in a text, in their order.
    pub(crate) fn found(&self, text: &str) -> Vec<(Range<usize>, Word)> {
        let Some(find) = &self.find else { return Vec::new() };
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        find.find_iter(text)
            .filter(|found| !is_word(text[..found.start()].chars().next_back()) && !is_word(text[found.end()..].chars().next()))
            .map(|found| (found.range(), self.words[found.pattern().as_usize()]))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_systems_are_found_as_whole_words() {
        let lexicon = Lexicon::new(["Noor Haddad", "Will Smith", "teo"], ["Furrow", "operator"]);
        let found = |text: &str| -> Vec<String> {
            lexicon.found(text).into_iter().map(|(place, word)| format!("{} {word:?}", &text[place])).collect()
        };
        assert_eq!(found("Noor asked Noor Haddad; teo and Teofil"), ["Noor Person", "Noor Haddad Person", "teo Person"]);
        assert_eq!(found("Will it? Will Smith said so."), ["Will Smith Person"]);
        assert_eq!(found("furrow, Furrow, The Operator, operators"), ["furrow System", "Furrow System", "Operator System"]);
        assert!(Lexicon::new([], []).found("anything").is_empty());
    }
}
