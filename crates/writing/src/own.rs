//! An organisation's own rules, in YAML: what it adds, switches off and on, and never wants to be told of.
//!
//! ```yaml
//! off: [G2]                      # rules of the catalogue that stay silent
//! on: [C13]                      # rules that are off unless somebody wants them
//! ignore: ["page fault"]         # no hint near these words
//! people: [Noor Haddad]          # for files outside of the app; the app knows its own
//! systems: [checkout]
//! rules:
//!   - id: OUR-1
//!     extends: existence         # any of these words
//!     tokens: [war room]
//!     message: We say “call”.
//!     suggestion: “On the call, …”
//!     level: low                 # low, medium, high; or suggestion, warning, error
//!     scope: review              # review, questions, everywhere
//!   - id: OUR-2
//!     extends: substitution      # these words, with another wording for each
//!     swap: { whitelist: allow list }
//! ```
//!
//! Tokens and the left sides of `swap` are patterns in whole words, `ignore` the same; unknown keys are named and refused. No alias is
//! followed and nothing nests deeper than shown, so a hostile file costs no more than its length.

use crate::recent::Recent;
use crate::rules::{Group, Rule, Severity, Where, compile_within};
use regex::Regex;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;
use yaml_rust2::parser::{Event, Parser};

/// Longest file that is read, in bytes.
pub const LONGEST: usize = 64 * 1024;
/// Most rules, and most words of one list.
const MOST: usize = 200;
/// What one pattern may take, in bytes: plenty for words, too little for what would be slow on every text.
const SIZE: usize = 64 * 1024;

static RECENT: Recent<String, Own> = Recent::new();

/// What an organisation adds and changes.
#[derive(Debug, Default)]
pub struct Own {
    /// Its own rules.
    pub rules: Vec<Rule>,
    /// Names of people that the file brings.
    pub people: Vec<String>,
    /// Names of systems that the file brings.
    pub systems: Vec<String>,
    pub(crate) ignored: Vec<Regex>,
    off: BTreeSet<String>,
    on: BTreeSet<String>,
}

/// What is wrong with a file, in a sentence with its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// From 1; 0 where it is about the whole file.
    pub line: usize,
    /// For people.
    pub reason: String,
}

impl Own {
    pub(crate) fn has_off(&self, rule: &Rule) -> bool {
        self.off.contains(rule.id.as_ref())
    }

    pub(crate) fn has_on(&self, rule: &Rule) -> bool {
        self.on.contains(rule.id.as_ref())
    }

    /// As [`Own::read`]; the same text is compiled once as long as few others come between.
    ///
    /// # Errors
    /// As [`Own::read`].
    pub fn kept(text: &str) -> Result<Arc<Self>, Wrong> {
        RECENT.get(|known| known == text, || text.to_owned(), || Self::read(text))
    }

    /// Reads a file as the head of this module shows it.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn read(text: &str) -> Result<Self, Wrong> {
        if text.len() > LONGEST {
            return Err(wrong(0, format!("This is longer than {} KB.", LONGEST / 1024)));
        }
        let top = match Reader::of(text)?.node(0)? {
            Node::Nothing => return Ok(Self::default()),
            node => node.map(1)?,
        };
        let mut own = Self::default();
        for (line, key, node) in top {
            match key.as_str() {
                "off" => own.off = node.list(line)?.into_iter().map(|(line, id)| known(line, id)).collect::<Result<_, _>>()?,
                "on" => own.on = node.list(line)?.into_iter().map(|(line, id)| known(line, id)).collect::<Result<_, _>>()?,
                "people" => own.people = node.list(line)?.into_iter().map(|(_, name)| name).collect(),
                "systems" => own.systems = node.list(line)?.into_iter().map(|(_, name)| name).collect(),
                "ignore" => {
                    let words = node.list(line)?;
                    if words.len() > MOST {
                        return Err(wrong(line, format!("These are more than {MOST} words.")));
                    }
                    own.ignored = words.into_iter().map(|(line, word)| pattern(line, &word, true)).collect::<Result<_, _>>()?;
                }
                "rules" => {
                    for (line, item) in node.items(line)? {
                        rule(line, item, &mut own.rules)?;
                    }
                }
                other => return Err(wrong(line, format!("“{other}” is none of off, on, ignore, people, systems, rules."))),
            }
        }
        Ok(own)
    }
}

fn wrong(line: usize, reason: impl Into<String>) -> Wrong {
    Wrong { line, reason: reason.into() }
}

fn known(line: usize, id: String) -> Result<String, Wrong> {
    let there = crate::RULES.iter().any(|rule| rule.id == id);
    if there { Ok(id) } else { Err(wrong(line, format!("There is no rule “{id}” in the catalogue."))) }
}

fn pattern(line: usize, words: &str, any_case: bool) -> Result<Regex, Wrong> {
    let case = if any_case { "" } else { "(?-i)" };
    // A boundary where the token begins or ends with a word.
    let edge = |c: Option<char>| if c.is_some_and(|c| c.is_alphanumeric() || c == '_') { r"\b" } else { "" };
    let (before, behind) = (edge(words.chars().next()), edge(words.chars().next_back()));
    let compiled = |pattern: &str| {
        compile_within(pattern, SIZE).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => wrong(line, format!("“{words}” asks for too much.")),
            _ => wrong(line, format!("“{words}” is no pattern.")),
        })
    };
    if compiled(words)?.is_match("") {
        return Err(wrong(line, format!("“{words}” is found in everything.")));
    }
    compiled(&format!("{case}{before}(?:{words}){behind}"))
}

/// One entry of `rules`; a substitution becomes a rule for each of its words.
fn rule(line: usize, node: Node, rules: &mut Vec<Rule>) -> Result<(), Wrong> {
    let (mut id, mut kind, mut message, mut suggestion) = (String::new(), String::new(), String::new(), String::new());
    let (mut severity, mut place, mut any_case) = (Severity::Low, Where::Review, true);
    let (mut tokens, mut swap) = (Vec::new(), Vec::new());
    for (line, key, node) in node.map(line)? {
        match key.as_str() {
            "id" => id = node.text(line)?,
            "extends" => kind = node.text(line)?,
            "message" => message = node.text(line)?,
            "suggestion" => suggestion = node.text(line)?,
            "tokens" => tokens = node.list(line)?,
            "swap" => {
                for (line, from, to) in node.map(line)? {
                    swap.push((line, from, to.text(line)?));
                }
            }
            "level" => {
                severity = match node.text(line)?.as_str() {
                    "low" | "suggestion" => Severity::Low,
                    "medium" | "warning" => Severity::Medium,
                    "high" | "error" => Severity::High,
                    _ => return Err(wrong(line, "A level is low, medium or high.")),
                }
            }
            "scope" => {
                place = match node.text(line)?.as_str() {
                    "review" => Where::Review,
                    "questions" => Where::Questions,
                    "everywhere" => Where::Both,
                    _ => return Err(wrong(line, "A scope is review, questions or everywhere.")),
                }
            }
            "ignorecase" => {
                any_case = match node.text(line)?.as_str() {
                    "true" => true,
                    "false" => false,
                    _ => return Err(wrong(line, "“ignorecase” is true or false.")),
                }
            }
            other => return Err(wrong(line, format!("A rule has no “{other}”."))),
        }
    }
    if id.is_empty() || id.len() > 40 {
        return Err(wrong(line, "Each rule has an id of 40 letters at most."));
    }
    if crate::RULES.iter().any(|rule| rule.id == id) || rules.iter().any(|rule| rule.id == id) {
        return Err(wrong(line, format!("There is a rule “{id}” already.")));
    }
    let (all, word) = match kind.as_str() {
        "existence" => (tokens.into_iter().map(|(line, token)| (line, token, None)).collect::<Vec<_>>(), "tokens"),
        "substitution" => (swap.into_iter().map(|(line, from, to)| (line, from, Some(to))).collect(), "swap"),
        _ => return Err(wrong(line, "A rule extends existence or substitution.")),
    };
    if all.is_empty() || all.len() > MOST {
        return Err(wrong(line, format!("“{id}” wants {word}: one, and {MOST} at most.")));
    }
    if message.is_empty() && kind == "existence" {
        return Err(wrong(line, format!("“{id}” wants a message: why is it worth another look?")));
    }
    for (line, token, to) in all {
        if rules.len() == MOST {
            return Err(wrong(line, format!("These are more than {MOST} rules.")));
        }
        rules.push(Rule {
            id: Cow::Owned(id.clone()),
            group: Group::Own,
            severity,
            why: Cow::Owned(if message.is_empty() { "There is another word for it here.".to_owned() } else { message.clone() }),
            offer: Cow::Owned(to.map_or_else(|| suggestion.clone(), |to| format!("“{to}”"))),
            leaves: Cow::Borrowed(""),
            default_on: true,
            place,
            pattern: pattern(line, &token, any_case)?,
            unless: Vec::new(),
        });
    }
    Ok(())
}

/// A part of the file.
enum Node {
    Nothing,
    Text(String),
    List(Vec<(usize, Node)>),
    Map(Vec<(usize, String, Node)>),
}

impl Node {
    fn text(self, line: usize) -> Result<String, Wrong> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(wrong(line, "Here a text is wanted.")),
        }
    }

    fn items(self, line: usize) -> Result<Vec<(usize, Self)>, Wrong> {
        match self {
            Self::List(items) => Ok(items),
            Self::Nothing => Ok(Vec::new()),
            _ => Err(wrong(line, "Here a list is wanted.")),
        }
    }

    fn list(self, line: usize) -> Result<Vec<(usize, String)>, Wrong> {
        self.items(line)?.into_iter().map(|(line, item)| Ok((line, item.text(line)?))).collect()
    }

    fn map(self, line: usize) -> Result<Vec<(usize, String, Self)>, Wrong> {
        match self {
            Self::Map(pairs) => Ok(pairs),
            _ => Err(wrong(line, "Here keys with values are wanted.")),
        }
    }
}

struct Reader<'a> {
    parser: Parser<std::str::Chars<'a>>,
}

impl<'a> Reader<'a> {
    fn of(text: &'a str) -> Result<Self, Wrong> {
        let mut reader = Self { parser: Parser::new_from_str(text) };
        // The beginning of the stream, and of its only document.
        reader.next()?;
        reader.next()?;
        Ok(reader)
    }

    fn next(&mut self) -> Result<(usize, Event), Wrong> {
        match self.parser.next_token() {
            Ok((event, mark)) => Ok((mark.line(), event)),
            Err(error) => Err(wrong(error.marker().line(), "This is no YAML.")),
        }
    }

    fn node(&mut self, depth: usize) -> Result<Node, Wrong> {
        let (line, event) = self.next()?;
        self.rest(line, event, depth)
    }

    fn rest(&mut self, line: usize, event: Event, depth: usize) -> Result<Node, Wrong> {
        if depth > 4 {
            return Err(wrong(line, "This nests too deep."));
        }
        match event {
            Event::Scalar(text, ..) if matches!(text.as_str(), "" | "~" | "null") => Ok(Node::Nothing),
            Event::Scalar(text, ..) => Ok(Node::Text(text)),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (_, Event::SequenceEnd) => return Ok(Node::List(items)),
                        (line, event) => items.push((line, self.rest(line, event, depth + 1)?)),
                    }
                }
            }
            Event::MappingStart(..) => {
                let mut pairs = Vec::new();
                loop {
                    match self.next()? {
                        (_, Event::MappingEnd) => return Ok(Node::Map(pairs)),
                        (line, event) => {
                            let key = self.rest(line, event, depth + 1)?.text(line)?;
                            pairs.push((line, key, self.node(depth + 1)?));
                        }
                    }
                }
            }
            Event::Alias(_) => Err(wrong(line, "Aliases are not followed here.")),
            _ => Ok(Node::Nothing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Assistant, Place};

    fn read(text: &str) -> Own {
        Own::read(text).unwrap()
    }

    #[test]
    fn own_rules_are_found_and_catalogue_rules_switched() {
        let own = read(
            "off: [B1]\non: [C13]\nignore: [in the drill]\nrules:\n  - id: OUR-1\n    extends: existence\n    tokens: [war rooms?]\n    message: We say “call”.\n    level: high\n  - id: OUR-2\n    extends: substitution\n    swap: { whitelist: allow list, blacklist: deny list }\n",
        );
        let assistant = Assistant { own: own.into(), ..Assistant::default() };
        let found = |text: &str| -> Vec<String> {
            assistant.check(text, Place::Review).iter().map(|hint| format!("{} {}", hint.rule.id, hint.rule.offer)).collect()
        };
        assert_eq!(found("The War Room opened."), ["OUR-1 "]);
        assert_eq!(found("The whitelist was changed."), ["OUR-2 “allow list”"]);
        assert_eq!(found("We should have noticed."), [] as [&str; 0]);
        assert_eq!(found("In the drill the war room opened."), [] as [&str; 0]);
        assert!(found("A major outage began.").iter().any(|hint| hint.starts_with("C13")));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let wrong = |text: &str| {
            let wrong = Own::read(text).unwrap_err();
            format!("{}: {}", wrong.line, wrong.reason)
        };
        assert_eq!(wrong("off: [B99]"), "1: There is no rule “B99” in the catalogue.");
        assert_eq!(wrong("rules:\n  - id: A1"), "2: There is a rule “A1” already.");
        assert_eq!(wrong("wishes: []"), "1: “wishes” is none of off, on, ignore, people, systems, rules.");
        assert_eq!(wrong("a: [b"), "2: This is no YAML.");
        assert_eq!(wrong("off: &a [B1]\non: *a"), "2: Aliases are not followed here.");
        assert_eq!(wrong("ignore: ['a*']"), "1: “a*” is found in everything.");
        assert_eq!(wrong("ignore: ['(']"), "1: “(” is no pattern.");
        assert_eq!(
            wrong("rules:\n  - id: X\n    extends: existence\n    tokens: [a]"),
            "2: “X” wants a message: why is it worth another look?"
        );
        assert_eq!(wrong("rules: [[[[[]]]]]"), "1: This nests too deep.");
        assert_eq!(wrong("ignore: ['(a|b){5000}']"), "1: “(a|b){5000}” asks for too much.");
        let many = |line: &str| line.repeat(MOST + 1);
        assert_eq!(wrong(&format!("ignore:\n{}", many("- a\n"))), "1: These are more than 200 words.");
        let rule = "- extends: existence\n  message: m\n  tokens: [a]\n  id: ";
        let rules: String = (0..=MOST).map(|n| format!("{rule}R{n}\n")).collect();
        assert!(wrong(&format!("rules:\n{rules}")).ends_with("These are more than 200 rules."));
        assert!(Own::read(&"[".repeat(10_000)).is_err());
        assert!(wrong(&format!("# {}", "x".repeat(LONGEST))).contains("longer than"));
    }

    #[test]
    fn the_same_text_is_compiled_once() {
        let text = "ignore: [compiled once]";
        assert!(Arc::ptr_eq(&Own::kept(text).unwrap(), &Own::kept(text).unwrap()));
        assert_eq!(Own::kept("off: [B99]").unwrap_err().line, 1);
    }

    /// The worst that fits into the limits, on a text that it nearly matches everywhere.
    #[test]
    #[cfg_attr(debug_assertions, ignore = "times of a debug build say nothing")]
    fn no_own_rule_takes_long() {
        for token in ["a.{0,60}b", "(a|aa|aaa)+b", "(a?){60}a{60}", r"\w{0,8}b", "(a.*)+b", r"(\w+\s?)+!"] {
            let rules: String =
                (0..MOST).map(|n| format!("- {{id: R{n}, extends: existence, message: m, tokens: ['{token}']}}\n")).collect();
            let own = match Own::read(&format!("rules:\n{rules}")) {
                Ok(own) => own,
                Err(wrong) => {
                    println!("{token}: {}", wrong.reason);
                    continue;
                }
            };
            let assistant = Assistant { own: own.into(), ..Assistant::default() };
            for piece in ["a", "aa a ", "word ", "ab"] {
                let text = piece.repeat(5 * 1024 / piece.len());
                let begun = std::time::Instant::now();
                assistant.check(&text, Place::Review);
                let took = begun.elapsed();
                println!("{MOST} of {token} over {piece:?}: {took:?}");
                assert!(took < std::time::Duration::from_secs(2), "{token} over {piece:?} took {took:?}");
            }
        }
    }

    #[test]
    fn nothing_and_comments_are_no_rules() {
        for text in ["", "# later\n", "rules:\n", "---\n"] {
            assert!(read(text).rules.is_empty(), "{text:?}");
        }
    }
}
