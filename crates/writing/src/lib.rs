//! The writing assistant: quiet hints on language that blames, judges from later, or plans.
//!
//! Hints explain and offer another wording; they refuse nothing, count nothing and remember nobody (PRODUCT.md rule 8). Everything
//! happens here, without any outside service. English only. Code, quotes, links and log lines are not prose and are left alone: the
//! words of a quote are its author's.

#![warn(missing_docs)]

mod mask;
mod pattern;
mod rules;

use pattern::Pattern;
use serde::Serialize;
use std::sync::LazyLock;

/// What a hint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Puts a person where a condition belongs.
    Blame,
    /// Measures people with what is known now, or tells what did not happen.
    Hindsight,
    /// A verdict in place of what was seen.
    Judging,
    /// One cause where several conditions met.
    SingleCause,
    /// Praise that hides load and knowledge held by few.
    Hero,
    /// Says about a person what is not the review's to say.
    Private,
    /// About later: it has a place of its own, the parking lot.
    Planning,
}

impl Kind {
    /// On screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Blame => "A person in the place of a condition",
            Self::Hindsight => "Seen from later",
            Self::Judging => "A verdict",
            Self::SingleCause => "One cause alone",
            Self::Hero => "Praise that hides load",
            Self::Private => "Somebody’s private life",
            Self::Planning => "A plan",
        }
    }
}

/// One hint on one stretch of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Hint {
    /// Where the stretch begins, in bytes.
    pub start: usize,
    /// Where it ends, in bytes, exclusive.
    pub end: usize,
    /// The rule's name; stable.
    pub rule: &'static str,
    /// What it is about.
    pub kind: Kind,
    /// Why it may be worth another look, in one sentence.
    pub message: &'static str,
    /// A question or another wording to try.
    pub suggestion: &'static str,
}

/// The rules with their patterns read, once for the life of the process.
static PATTERNS: LazyLock<Vec<(&'static rules::Rule, Vec<Pattern>)>> =
    LazyLock::new(|| rules::RULES.iter().map(|rule| (rule, rule.patterns.iter().map(|p| Pattern::read(p)).collect())).collect());

/// All hints on a text, in reading order, none overlapping another. Longer stretches win over shorter ones inside them.
pub fn check(text: &str) -> Vec<Hint> {
    let words = pattern::words(&mask::mask(text));
    let mut hints: Vec<Hint> = Vec::new();
    for (rule, patterns) in PATTERNS.iter() {
        for (start, end) in patterns.iter().flat_map(|p| pattern::find(p, &words)) {
            hints.push(Hint { start, end, rule: rule.name, kind: rule.kind, message: rule.message, suggestion: rule.suggestion });
        }
    }
    hints.sort_by_key(|hint| (hint.start, std::cmp::Reverse(hint.end)));
    let mut reached = 0;
    hints.retain(|hint| {
        let free = hint.start >= reached;
        if free {
            reached = hint.end;
        }
        free
    });
    hints
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_rule_finds_its_example_and_leaves_its_counterpart_alone() {
        for rule in rules::RULES {
            for example in rule.finds {
                let hits = check(example);
                assert!(hits.iter().any(|h| h.rule == rule.name), "{}: {example:?} gave {hits:?}", rule.name);
            }
            for example in rule.leaves {
                let hits = check(example);
                assert!(hits.iter().all(|h| h.rule != rule.name), "{}: {example:?} gave {hits:?}", rule.name);
            }
        }
    }

    #[test]
    fn rule_names_are_unique_and_texts_are_calm() {
        let mut names: Vec<_> = rules::RULES.iter().map(|r| r.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), rules::RULES.len());
        for rule in rules::RULES {
            assert!(!rule.message.contains('!') && !rule.suggestion.contains('!'), "{}", rule.name);
            assert!(!rule.finds.is_empty() && !rule.leaves.is_empty(), "{} has no examples", rule.name);
        }
    }

    #[test]
    fn a_hint_names_the_words_it_is_about() {
        let text = "Both boards were green. The engineer should have noticed that.";
        let hints = check(text);
        assert_eq!(hints.len(), 1, "{hints:?}");
        assert_eq!(&text[hints[0].start..hints[0].end], "should have noticed");
        assert_eq!(hints[0].kind, Kind::Hindsight);
    }

    #[test]
    fn quotes_code_links_and_logs_are_left_alone() {
        for text in [
            "> we should have noticed",
            "She said “we should have noticed” and left.",
            "It logged `operator error` twice.",
            "```\nhuman error\n```",
            "[the page](https://example.org/root-cause)",
            "2026-03-02T10:00:00Z WARN human error",
        ] {
            assert_eq!(check(text), [], "{text}");
        }
    }

    #[test]
    fn calm_writing_gets_no_hint() {
        let text = "On Tuesday at half past one the renewal job issued a new certificate. It reported success. The page went to \
            Platform: label printing had moved to Delivery in August, and the route had not moved with it. Two night shifts had begun to \
            write labels by hand, from lists they had practised with in a spring drill. The client failed to connect twice.";
        assert_eq!(check(text), []);
    }

    #[test]
    fn curly_and_straight_apostrophes_are_one() {
        assert_eq!(check("We didn't notice the drift.").len(), check("We didn’t notice the drift.").len());
    }

    proptest! {
        #[test]
        fn any_text_is_checked_and_offsets_lie_between_letters(text in any::<String>()) {
            for hint in check(&text) {
                prop_assert!(text.is_char_boundary(hint.start) && text.is_char_boundary(hint.end) && hint.start < hint.end);
            }
        }

        #[test]
        fn words_of_the_rules_in_any_order_do_no_harm(words in proptest::collection::vec(
            prop::sample::select(vec!["we", "should", "have", "not", "if", "only", "had", "noticed", "the", "`", "\"", "\n", "> ", ".", "team"]), 0..40)) {
            let text = words.join(" ");
            let hints = check(&text);
            prop_assert!(hints.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
