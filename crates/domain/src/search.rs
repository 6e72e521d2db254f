//! What somebody typed into a search field: words that begin so, and phrases in quotation marks; and what of a text to show where they
//! stand.

mod similar;
mod snippet;

pub use similar::{Alike, Features, Reason, Seldom, alike, words_to_ask};
pub use snippet::{Piece, snippet};

use crate::text;

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An incident, by key, title and summary.
    Incident,
    /// An event of a timeline.
    Event,
    /// A contributing factor.
    Factor,
    /// A learning.
    Learning,
    /// A section of a published second story.
    Story,
}

impl Kind {
    /// All, as the page shows them.
    pub const ALL: [Self; 5] = [Self::Incident, Self::Event, Self::Factor, Self::Learning, Self::Story];

    /// As in URLs.
    pub fn slug(self) -> &'static str {
        ["incidents", "events", "factors", "learnings", "stories"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// As stored.
    pub fn stored(self) -> &'static str {
        ["incident", "event", "factor", "learning", "story"][self as usize]
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Incidents", "Events", "Factors", "Learnings", "Stories"][self as usize]
    }
}

/// A thing to look for: words that stand one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// At least one, as [`text::words`] writes them.
    pub words: Vec<String>,
    /// The last word is meant whole ("disk full" in quotation marks); otherwise its beginning is enough.
    pub whole: bool,
}

/// All of these are looked for, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms(pub Vec<Term>);

impl Terms {
    /// Reads what was typed. A word with marks inside ("INC-42", "index_queue") is the words around the marks, one after the other. A
    /// quotation mark without its partner runs to the end. What holds neither letter nor digit is left out.
    pub fn parse(typed: &str) -> Self {
        let straight = typed.replace(['“', '”', '„'], "\"");
        let mut terms = Vec::new();
        for (n, part) in straight.split('"').enumerate() {
            // Every second part stood between quotation marks.
            if n % 2 == 1 {
                terms.extend(Term::of(part, true));
            } else {
                terms.extend(part.split_whitespace().filter_map(|word| Term::of(word, false)));
            }
        }
        Self(terms)
    }

    /// Whether there is anything to look for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a text holds all of them: what the engines' indexes must agree with.
    pub fn are_in(&self, text: &str) -> bool {
        let words = text::words(text);
        self.0.iter().all(|term| words.contains(&term.as_written()))
    }
}

impl Term {
    fn of(typed: &str, whole: bool) -> Option<Self> {
        let words: Vec<String> = text::words(typed).split_whitespace().map(str::to_owned).collect();
        (!words.is_empty()).then_some(Self { words, whole })
    }

    /// As it stands in a text that [`text::words`] made.
    pub fn as_written(&self) -> String {
        format!(" {}{}", self.words.join(" "), if self.whole { " " } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Vec<String> {
        Terms::parse(text).0.iter().map(Term::as_written).collect()
    }

    #[test]
    fn words_begin_so_and_phrases_are_whole() {
        assert_eq!(typed("Disk  FULL"), [" disk", " full"]);
        assert_eq!(typed("\"Disk full\" primary"), [" disk full ", " primary"]);
        assert_eq!(typed("“disk full” „again”"), [" disk full ", " again "]);
        assert_eq!(typed("INC-42 index_queue 100%"), [" inc 42", " index queue", " 100"]);
        assert_eq!(typed("primary \"disk fu"), [" primary", " disk fu "]);
        assert_eq!(typed("% _ \" \" -- *"), Vec::<String>::new());
        assert!(Terms::parse(" ?! ").is_empty());
    }

    #[test]
    fn a_text_holds_them_in_any_order_at_the_start_of_words() {
        let text = "INC-42\nThe disk of the primary was full, “again”.";
        for found in ["", "disk", "DIS", "full primary", "inc-42", "inc-4", "\"was full\"", "again", "\"the disk of\" ful"] {
            assert!(Terms::parse(found).are_in(text), "{found}");
        }
        for not in ["isk", "\"disk full\"", "\"was ful\"", "42-inc", "disk empty"] {
            assert!(!Terms::parse(not).are_in(text), "{not}");
        }
    }

    #[test]
    fn letters_of_all_kinds_make_words() {
        for (text, found) in [("Søgning svarer", "SØGNING"), ("数据库 超时", "数据"), ("İstanbul", "i̇stan"), ("сбой базы", "БАЗ")]
        {
            assert!(Terms::parse(found).are_in(text), "{text}");
        }
    }
}
