//! The rules that come along: 106 of them, as data in `rules.json`, with their examples.

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::LazyLock;

/// What a rule is about; the letters are those of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Group {
    /// Puts a person or a team where a condition belongs.
    A,
    /// Tells what did not happen.
    B,
    /// Measures work against how it should have been.
    C,
    /// “Human error”, and people as parts that fail.
    D,
    /// One cause where several conditions met.
    E,
    /// Seen from later.
    F,
    /// Always, never, and words that raise their voice.
    G,
    /// A negative that has a positive to say.
    H,
    /// A question that makes people defend themselves.
    I,
    /// Praise that hides load and knowledge held by few.
    J,
    /// About later: it has a place of its own, the parking lot.
    K,
    /// Somebody's private life.
    L,
    /// A rule of the organisation's own.
    Own,
}

impl Group {
    /// Those of the catalogue, in its order.
    pub const CATALOGUE: [Self; 12] =
        [Self::A, Self::B, Self::C, Self::D, Self::E, Self::F, Self::G, Self::H, Self::I, Self::J, Self::K, Self::L];

    /// Its letter in the catalogue.
    pub fn letter(self) -> &'static str {
        ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", ""][self as usize]
    }

    /// On screen, short and kind.
    pub fn label(self) -> &'static str {
        match self {
            Self::A => "A person in the place of a condition",
            Self::B => "What did not happen",
            Self::C => "Measured against how it should have been",
            Self::D => "People as parts that fail",
            Self::E => "One cause alone",
            Self::F => "Seen from later",
            Self::G => "A raised voice",
            Self::H => "There may be a better way to put it",
            Self::I => "A question that asks for a defence",
            Self::J => "Praise that hides load",
            Self::K => "A plan",
            Self::L => "Somebody’s private life",
            Self::Own => "Our own wording",
        }
    }
}

/// How strong a suggestion is. Nothing is ever refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth a thought; shown on request.
    Low,
    /// Most readers would stumble.
    Medium,
    /// Readers look for fault here.
    High,
}

impl Severity {
    /// As `secondstory lint` prints it.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Where a rule applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
pub(crate) enum Where {
    /// Narrative, timeline, factors, summary, comments.
    #[serde(rename = "review")]
    Review,
    /// Where questions are written.
    #[serde(rename = "questions")]
    Questions,
    /// As in a review, and in the planning record.
    #[serde(rename = "review+plan")]
    Both,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name; stable.
    pub id: Cow<'static, str>,
    /// What it is about.
    pub group: Group,
    /// How strong it is.
    pub severity: Severity,
    /// Why it may be worth another look, in a sentence.
    pub why: Cow<'static, str>,
    /// Another wording, or a question.
    pub offer: Cow<'static, str>,
    /// What it leaves alone, for those who wonder.
    pub leaves: Cow<'static, str>,
    /// Whether it applies without being switched on.
    pub default_on: bool,
    pub(crate) place: Where,
    pub(crate) pattern: Regex,
    pub(crate) unless: Vec<Regex>,
}

impl Rule {
    /// Asked of a rule that has a person as the one who did or did not do something: the question is then how that made sense.
    pub fn is_about_a_person(&self) -> bool {
        matches!(self.group, Group::A | Group::D) || ["B4", "B6", "B7"].contains(&self.id.as_ref())
    }
}

/// A rule as it is written in the data.
#[derive(Deserialize)]
struct Written {
    id: String,
    group: Group,
    severity: Severity,
    pattern: String,
    unless: Vec<String>,
    why: String,
    offer: String,
    false_positives: String,
    #[serde(rename = "where")]
    place: Where,
    default_on: bool,
    #[cfg(test)]
    #[serde(rename = "match")]
    matches: Vec<String>,
    #[cfg(test)]
    no_match: Vec<String>,
}

#[derive(Deserialize)]
struct Catalogue {
    person: String,
    rules: Vec<Written>,
}

fn catalogue() -> Catalogue {
    // The file is part of the program; a test reads it.
    #[expect(clippy::expect_used, reason = "the data comes along and is tested")]
    serde_json::from_str(include_str!("../rules.json")).expect("rules.json is the catalogue")
}

/// Compiles a pattern as the catalogue writes them: any case, `^` and `$` at lines, no looking around. Edges of words are those of ASCII: with
/// Unicode's, one dash in a text sends every pattern to an engine that takes ten times as long. Letters are those of Latin scripts: the
/// text is English, and all of Unicode's would take ten times the memory.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    compile_within(pattern, 4 << 20)
}

/// As [`compile`], in so many bytes of memory at most.
///
/// # Errors
/// What is wrong with it, its size too.
pub(crate) fn compile_within(pattern: &str, size: usize) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&latin(pattern)).case_insensitive(true).multi_line(true).size_limit(size).build()
}

/// The pattern with `\w`, `\d` and `\b` written out for Latin scripts.
fn latin(pattern: &str) -> String {
    const LETTERS: &str = r"0-9A-Za-z_\u{C0}-\u{24F}";
    let (mut out, mut depth) = (String::with_capacity(pattern.len() * 2), 0_u32);
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '\\' => {
                let escaped = chars.next();
                match (escaped, depth) {
                    (Some('w'), 0) => out.extend(["[", LETTERS, "]"]),
                    (Some('w'), _) => out.push_str(LETTERS),
                    (Some('d'), 0) => out.push_str("[0-9]"),
                    (Some('d'), _) => out.push_str("0-9"),
                    (Some('b'), 0) => out.push_str(r"(?-u:\b)"),
                    _ => {
                        out.push(c);
                        out.extend(escaped);
                    }
                }
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

/// The pattern of a person: pronouns, nouns of work, handles; and names of the lexicon, which stand under [`crate::mask::NAME`].
fn person(macro_text: &str) -> String {
    // A handle in a mail address is somebody, too.
    let handles = macro_text.replace("|\\{NAMES\\}", "").replace(r"\B@", "@");
    format!("(?:{handles}|{}+)", crate::mask::NAME)
}

/// The rules of the catalogue in its order, compiled once for the life of the process.
pub static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let catalogue = catalogue();
    let person = person(&catalogue.person);
    #[expect(clippy::expect_used, reason = "the data comes along and is tested")]
    let compiled = |pattern: &str| compile(&pattern.replace("{P}", &person)).expect("a pattern of the catalogue");
    let rule = |written: Written| Rule {
        pattern: compiled(&written.pattern),
        unless: written.unless.iter().map(|pattern| compiled(pattern)).collect(),
        id: written.id.into(),
        group: written.group,
        severity: written.severity,
        why: written.why.into(),
        offer: written.offer.into(),
        leaves: written.false_positives.into(),
        default_on: written.default_on,
        place: written.place,
    };
    catalogue.rules.into_iter().map(rule).collect()
});

/// The examples of each rule: what it finds, what it leaves alone.
#[cfg(test)]
pub(crate) fn examples() -> Vec<(String, Vec<String>, Vec<String>)> {
    catalogue().rules.into_iter().map(|rule| (rule.id, rule.matches, rule.no_match)).collect()
}
