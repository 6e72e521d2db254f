//! Learning reviews: the sections of a second story, and quotes on their way through calibration.

pub mod ballots;
pub mod meeting;
pub mod preparing;
pub mod readers;
pub mod revisit;
pub mod sections;
pub mod sharing;
pub mod sizing;
pub mod stage;
pub mod teaser;
pub mod themes;
pub mod title;

pub use sections::SectionKind;

use crate::ids::{ExcerptId, PersonId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One section with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Which.
    pub kind: SectionKind,
    /// Markdown.
    pub body: String,
    /// Counts its saves; 0 when nothing was written yet.
    pub version: i64,
    /// When it was last saved.
    pub saved_at: Option<DateTime<Utc>>,
    /// Who saved it last.
    pub saved_by: Option<PersonId>,
}

/// Where a quote or paraphrase stands with its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ExcerptState {
    /// Waits for the author's word.
    Waiting,
    /// "That is right."
    Right,
    /// The author offers other words; an open objection until the facilitator takes them or drops the quote.
    Change,
    /// "Leave it out", or unanswered at the deadline.
    LeftOut,
}

impl ExcerptState {
    /// All.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Right, Self::Change, Self::LeftOut];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["waiting", "right", "change", "left-out"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Waiting for its author", "Right", "Author offers other words", "Left out"][self as usize]
    }
}

/// With or without the author's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Attribution {
    /// No author, time or order anywhere.
    Unattributed,
    /// With the author's name.
    Named,
}

impl Attribution {
    /// As stored.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Unattributed => "unattributed",
            Self::Named => "named",
        }
    }

    /// From [`slug`](Self::slug); what is unknown is unattributed, which shows less.
    pub fn from_slug(slug: &str) -> Self {
        if slug == "named" { Self::Named } else { Self::Unattributed }
    }
}

/// A quote or paraphrase: a copy, sent back to its author before it may stand in a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Its id; random.
    pub id: ExcerptId,
    /// Where it is to stand.
    pub section: SectionKind,
    /// The words as they are to stand.
    pub text: String,
    /// The author's other words, while the state is [`ExcerptState::Change`].
    pub offered: String,
    /// Not word for word.
    pub paraphrase: bool,
    /// With or without name.
    pub attribution: Attribution,
    /// The author's name where the attribution gives it to this viewer.
    pub author: Option<String>,
    /// Where it stands.
    pub state: ExcerptState,
    /// Counts its changes: an author agrees to one version of the words.
    pub version: i64,
}

/// What an author says to a quote or paraphrase of theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// "That is right."
    Right,
    /// "Rather in these words."
    Change(String),
    /// "Leave it out."
    LeaveOut,
}

/// Whether a quote is word for word from an answer: white space and the kind of quotation marks do not count, and `…`, `...` or `[…]`
/// may stand for words left out.
pub fn is_word_for_word(answer: &str, quote: &str) -> bool {
    let plain = |text: &str| {
        let text: String = text
            .chars()
            .map(|c| match c {
                '‘' | '’' | '‚' => '\'',
                '“' | '”' | '„' | '«' | '»' => '"',
                c => c,
            })
            .collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let answer = plain(answer);
    let quote = plain(quote).replace("[…]", "…").replace("[...]", "…").replace("...", "…");
    let mut rest = answer.as_str();
    let mut found_any = false;
    for piece in quote.split('…').map(str::trim).filter(|piece| !piece.is_empty()) {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
        found_any = true;
    }
    found_any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_word_for_word_or_it_is_a_paraphrase() {
        let answer = "Both boards were green.\nI trusted the board more than the number, because it’s been right every time.";
        assert!(is_word_for_word(answer, "I trusted the board more than the number"));
        assert!(is_word_for_word(answer, "Both boards were green. I trusted the board"), "a line end is a space");
        assert!(is_word_for_word(answer, "I trusted the board … because it's been right"), "words left out");
        assert!(is_word_for_word(answer, "Both boards […] right every time."));
        assert!(!is_word_for_word(answer, "I trusted the board too much"));
        assert!(!is_word_for_word(answer, "right every time … Both boards"), "in another order");
        assert!(!is_word_for_word(answer, " … "), "nothing is no quote");
    }
}
