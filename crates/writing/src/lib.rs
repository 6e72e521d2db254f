//! The writing assistant: quiet hints on language that blames, judges from later, or plans.
//!
//! Hints explain and offer another wording; they refuse nothing, count nothing and remember nobody (PRODUCT.md rule 8). Everything
//! happens here, without any outside service. English only. Code, quotes, links and log lines are not prose and are left alone: the
//! words of a quote are its author's.

#![warn(missing_docs)]

mod lexicon;
mod mask;
mod moving;
mod own;
mod recent;
mod rules;
mod switches;

pub use lexicon::Lexicon;
pub use moving::{sentence_alone, without};
pub use own::{LONGEST, Own, Wrong};
pub use rules::{Group, RULES, Rule, Severity};
pub use switches::Switches;

use mask::Masked;
use rules::Where;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, LazyLock};
use unicode_segmentation::UnicodeSegmentation;

/// How much around a hit may say that it is none, in characters to each side.
const AROUND: usize = 60;
/// Letters from which on a language can be told.
const TELLING: usize = 240;
/// Said once a text: a word that is everywhere in it is one thought, not forty.
const ONCE: [&str; 1] = ["E1"];

/// Where a text stands; not every rule applies everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Narrative, summary, timeline.
    #[default]
    Review,
    /// A contributing factor: what was missing is a factor like any other.
    Factor,
    /// Where questions are written, to be asked of people.
    Questions,
    /// A comment: it tells and asks.
    Comment,
    /// The parking lot and the planning record: plans belong here.
    Plan,
    /// What customers read: it may say sorry, and what comes next.
    External,
}

impl Place {
    fn has(self, rule: &Rule) -> bool {
        let review = matches!(rule.place, Where::Review | Where::Both);
        match self {
            Self::Review => review,
            Self::Factor => review && rule.id != "B9",
            Self::Questions => rule.place == Where::Questions,
            Self::Comment => true,
            Self::Plan => rule.place == Where::Both,
            Self::External => review && rule.group != Group::K && rule.id != "H6",
        }
    }
}

/// One hint on one stretch of text.
#[derive(Clone, Debug)]
pub struct Hint<'a> {
    /// The stretch, in bytes.
    pub at: Range<usize>,
    /// The sentence that it begins in, in bytes, without space around it.
    pub sentence: Range<usize>,
    /// What found it.
    pub rule: &'a Rule,
}

/// The assistant of an organisation.
#[derive(Debug, Default)]
pub struct Assistant {
    /// Names of its people and systems.
    pub lexicon: Arc<Lexicon>,
    /// Its own rules, and what their file switches off and on.
    pub own: Arc<Own>,
    /// What it switched off and on on a page.
    pub switches: Switches,
}

/// Compiles the catalogue, so that nobody waits for it later.
pub fn warm() {
    LazyLock::force(&RULES);
}

impl Assistant {
    /// All hints on a text, in reading order, none overlapping another. Where two meet, one stays.
    pub fn check(&self, text: &str, place: Place) -> Vec<Hint<'_>> {
        let masked = mask::mask(text, &self.lexicon);
        if is_foreign(&masked.text) {
            return Vec::new();
        }
        let mut found: Vec<(Range<usize>, &Rule)> = Vec::new();
        for rule in self.rules().filter(|rule| place.has(rule)) {
            let hits = rule.pattern.find_iter(&masked.text).map(|hit| trimmed(&masked.text, hit.range()));
            let mut hits = hits.filter(|hit| !hit.is_empty() && !self.is_excused(rule, &masked, hit));
            match ONCE.contains(&rule.id.as_ref()) {
                true => found.extend(hits.next().map(|hit| (hit, rule))),
                false => found.extend(hits.map(|hit| (hit, rule))),
            }
        }
        let sentences = sentences(text);
        alone(found)
            .into_iter()
            .map(|(hit, rule)| {
                let at = masked.original(hit.start)..masked.original(hit.end);
                let n = sentences.partition_point(|sentence| sentence.end <= at.start);
                let sentence = sentences.get(n).cloned().unwrap_or_else(|| at.clone());
                Hint { at, sentence, rule }
            })
            .collect()
    }

    /// The rules that are switched on.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        RULES.iter().filter(|rule| self.is_on(rule)).chain(&self.own.rules)
    }

    fn is_on(&self, rule: &Rule) -> bool {
        let switched = self.switches.has_rule(rule) || (!rule.default_on && self.own.has_on(rule));
        switched && !self.own.has_off(rule) && self.switches.has_group(rule.group)
    }

    fn is_excused(&self, rule: &Rule, masked: &Masked, hit: &Range<usize>) -> bool {
        if rule.unless.is_empty() && self.own.ignored.is_empty() {
            return false;
        }
        let text = &masked.text;
        let from = text[..hit.start].char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
        let to = text[hit.end..].char_indices().nth(AROUND).map_or(text.len(), |(at, _)| hit.end + at);
        let around = &text[from..to];
        rule.unless.iter().chain(&self.own.ignored).any(|pattern| pattern.is_match(around))
    }
}

/// A hit without the space around it: patterns may take some.
fn trimmed(text: &str, hit: Range<usize>) -> Range<usize> {
    let words = &text[hit.clone()];
    let start = hit.start + (words.len() - words.trim_start().len());
    start..start + words.trim().len()
}

/// Of hits that overlap, one: the organisation's own word, then the stronger, then the longer.
fn alone(mut found: Vec<(Range<usize>, &Rule)>) -> Vec<(Range<usize>, &Rule)> {
    let own = |rule: &Rule| rule.group == Group::Own;
    found.sort_by_key(|(hit, rule)| (Reverse((own(rule), rule.severity, hit.len())), hit.start));
    let mut taken: BTreeSet<(usize, usize)> = BTreeSet::new();
    found.retain(|(hit, _)| {
        let before = taken.range(..(hit.end, 0)).next_back();
        let free = before.is_none_or(|(_, end)| *end <= hit.start);
        if free {
            taken.insert((hit.start, hit.end));
        }
        free
    });
    found.sort_by_key(|(hit, _)| hit.start);
    found
}

/// The sentences of a text in bytes, without space around them. A new line in the middle of one does not end it; an empty line does.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let joined = joined(text);
    let bounds = joined.split_sentence_bound_indices();
    bounds.map(|(start, sentence)| trimmed(text, start..start + sentence.len())).filter(|sentence| !sentence.is_empty()).collect()
}

/// The same text, as long, in which lines that go on are joined by a space.
fn joined(text: &str) -> String {
    let goes_on = |rest: &str| rest.chars().next().is_some_and(|c| c.is_alphanumeric() || "“\"'‘’([`_".contains(c));
    let mut joined = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let open = !joined.ends_with('\n') && !joined.is_empty();
        joined.push(if c == '\n' && open && goes_on(&text[at + 1..]) { ' ' } else { c });
    }
    joined
}

/// A sentence as it is remembered when somebody keeps it as it is: the same words in small letters, whatever stands between them.
pub fn normalised(sentence: &str) -> String {
    let words = sentence.unicode_words().map(str::to_lowercase);
    words.collect::<Vec<_>>().join(" ").replace('’', "'")
}

/// Long enough to tell, and told to be another language.
fn is_foreign(text: &str) -> bool {
    if text.chars().filter(|c| c.is_alphabetic()).take(TELLING).count() < TELLING {
        return false;
    }
    whatlang::detect(text).is_some_and(|told| told.lang() != whatlang::Lang::Eng && told.is_reliable())
}

#[cfg(test)]
mod tests;
