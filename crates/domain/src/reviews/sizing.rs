//! Which incident gets a review, and how large: ten signals of learning, a suggestion, and what people decide.
//!
//! Source: research/practice.md 2.1. Severity alone is no gate, anybody may say "I nominate this one", and to leave it out is fine
//! with a reason.

use crate::{Invalid, text};
use serde::{Deserialize, Serialize};

/// A sign that there is something to learn. Each counts one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Signal {
    /// More than two teams took part.
    Teams,
    /// Somebody was surprised.
    Surprise,
    /// It came close, and held.
    NearMiss,
    /// It looks like one there was before.
    Repeat,
    /// Something new, or used in a new way.
    NewUse,
    /// It was long unclear what it was.
    Confusion,
    /// At a time that matters to the organisation.
    Moment,
    /// Help came from people who were not on call.
    Help,
    /// What set it off seems dull.
    Dull,
    /// Somebody is curious.
    Curious,
}

impl Signal {
    /// All, in the order of the form.
    pub const ALL: [Self; 10] = [
        Self::Teams,
        Self::Surprise,
        Self::NearMiss,
        Self::Repeat,
        Self::NewUse,
        Self::Confusion,
        Self::Moment,
        Self::Help,
        Self::Dull,
        Self::Curious,
    ];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["teams", "surprise", "near-miss", "repeat", "new-use", "confusion", "moment", "help", "dull", "curious"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// The question, to be answered with yes or no.
    pub fn question(self) -> &'static str {
        [
            "Did more than two teams take part?",
            "Was somebody surprised?",
            "Did it come close to something worse, or hold where it might not have?",
            "Does it look like one that you have had before?",
            "Was something new, or used in a new way?",
            "Was it unclear for long what was going on?",
            "Did it fall on a day that matters to you?",
            "Did help come from people who were not on call?",
            "Does what set it off seem too dull to talk about?",
            "Is somebody curious about it?",
        ][self as usize]
    }
}

/// How large a review is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Size {
    /// One-on-ones, a meeting, the whole document.
    Full,
    /// One-on-ones and one page.
    Light,
    /// A few sentences that are kept with the incident.
    Note,
    /// Nothing, with a reason.
    Skip,
}

/// Signals from which a full review is suggested; one below it, a light one (practice.md 2.1).
const FULL_FROM: usize = 2;

impl Size {
    /// All, largest first.
    pub const ALL: [Self; 4] = [Self::Full, Self::Light, Self::Note, Self::Skip];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["full", "light", "note", "skip"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Full review", "Light review", "A note", "No review"][self as usize]
    }

    /// What it means.
    pub fn means(self) -> &'static str {
        [
            "One-on-ones, a meeting, a second story",
            "One-on-ones and one page, no meeting",
            "A few sentences, kept here",
            "Nothing this time; say why in a line",
        ][self as usize]
    }

    /// What this many signals suggest. Whoever nominates it asks for a light one at least. Nothing suggests to leave it out.
    pub fn suggested(signals: usize, nominated: bool) -> Self {
        match signals {
            FULL_FROM.. => Self::Full,
            0 if !nominated => Self::Note,
            _ => Self::Light,
        }
    }
}

/// What was said about an incident's size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sizing {
    /// Signals that are there, in the form's order.
    pub signals: Vec<Signal>,
    /// "I nominate this one."
    pub nominated: bool,
    /// What was decided; `None`: not yet.
    pub size: Option<Size>,
    /// The note itself, or why not; Markdown.
    pub words: String,
    /// Counts its changes; 0: nothing was said yet.
    pub version: i64,
}

impl Sizing {
    /// What the signals suggest.
    pub fn suggested(&self) -> Size {
        Size::suggested(self.signals.len(), self.nominated)
    }

    /// Within its limits; a note needs its sentences and leaving it out its reason.
    ///
    /// # Errors
    /// Field `words`.
    pub fn checked(self) -> Result<Self, Invalid> {
        let words = text::long("words", &self.words)?;
        let missing = match self.size {
            Some(Size::Note) => "Please write the note: what should be remembered?",
            Some(Size::Skip) => "Please say why in a line, so that others understand it later.",
            _ => "",
        };
        if !missing.is_empty() && words.trim().is_empty() {
            return Err(Invalid::one("words", missing));
        }
        let signals = Signal::ALL.into_iter().filter(|s| self.signals.contains(s)).collect();
        Ok(Self { signals, words, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_signals_suggest_a_full_review_and_a_nomination_a_light_one() {
        assert_eq!(Size::suggested(0, false), Size::Note);
        assert_eq!(Size::suggested(0, true), Size::Light);
        assert_eq!(Size::suggested(1, false), Size::Light);
        assert_eq!([2, 3, 10].map(|n| Size::suggested(n, false)), [Size::Full; 3]);
    }

    #[test]
    fn slugs_come_back() {
        assert!(Signal::ALL.into_iter().all(|s| Signal::from_slug(s.slug()) == Some(s) && s.question().ends_with('?')));
        assert!(Size::ALL.into_iter().all(|s| Size::from_slug(s.slug()) == Some(s)));
    }

    #[test]
    fn a_note_needs_its_sentences_and_leaving_out_its_reason() {
        let sizing = |size, words: &str| Sizing { size, words: words.to_owned(), ..Sizing::default() };
        assert_eq!(sizing(Some(Size::Note), " ").checked().unwrap_err().fields[0].field, "words");
        assert_eq!(sizing(Some(Size::Skip), "").checked().unwrap_err().fields[0].field, "words");
        for (size, words) in [(None, ""), (Some(Size::Full), ""), (Some(Size::Skip), "A drill, told already.")] {
            assert!(sizing(size, words).checked().is_ok(), "{size:?}");
        }
    }

    #[test]
    fn signals_stand_in_the_order_of_the_form_and_once() {
        let said = Sizing { signals: vec![Signal::Curious, Signal::Teams, Signal::Curious], ..Sizing::default() };
        assert_eq!(said.checked().unwrap().signals, [Signal::Teams, Signal::Curious]);
    }
}
