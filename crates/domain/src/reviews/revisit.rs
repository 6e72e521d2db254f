//! A published story looked at again: is it still true?

use crate::{Invalid, text};
use chrono::{DateTime, TimeDelta, Utc};

/// After publication, until the question is asked.
pub const REVISIT_AFTER: TimeDelta = TimeDelta::days(60);
/// "Remind me in 30 days."
pub const ASK_AGAIN_AFTER: TimeDelta = TimeDelta::days(30);

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is still true.
    StillTrue,
    /// Some of it has changed.
    SomeChanged,
    /// Not now.
    Later,
}

impl Outcome {
    /// All.
    pub const ALL: [Self; 3] = [Self::StillTrue, Self::SomeChanged, Self::Later];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["still-true", "some-changed", "later"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.slug() == slug)
    }

    /// On a button.
    pub fn label(self) -> &'static str {
        ["It is still true", "Some of it has changed", "Remind me in 30 days"][self as usize]
    }
}

/// An answer to "is it still true?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was found.
    pub outcome: Outcome,
    /// What has changed; may be empty where nothing has.
    pub words: String,
}

impl Answer {
    /// The answer, if it can stand.
    ///
    /// # Errors
    /// Field `words`: too long, or none where some of it has changed.
    pub fn checked(self) -> Result<Self, Invalid> {
        let words = text::long("words", &self.words)?.trim_start().to_owned();
        if self.outcome == Outcome::SomeChanged && words.is_empty() {
            return Err(Invalid::one("words", "Please say in a sentence what has changed."));
        }
        let words = if self.outcome == Outcome::Later { String::new() } else { words };
        Ok(Self { outcome: self.outcome, words })
    }
}

/// When a story that was published at `published` asks; `again`: when its last answer asked to be asked again, where there was an answer.
/// `None`: it was answered.
pub fn asks_at(published: DateTime<Utc>, answered: Option<Option<DateTime<Utc>>>) -> Option<DateTime<Utc>> {
    answered.unwrap_or(Some(published + REVISIT_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_asks_once_and_again_if_it_was_put_off() {
        let published: DateTime<Utc> = "2026-03-05T09:00:00Z".parse().expect("an instant");
        assert_eq!(asks_at(published, None), Some(published + TimeDelta::days(60)));
        let later = published + TimeDelta::days(95);
        assert_eq!(asks_at(published, Some(Some(later))), Some(later));
        assert_eq!(asks_at(published, Some(None)), None);
    }

    #[test]
    fn what_has_changed_is_said_in_words() {
        let answer = |outcome, words: &str| Answer { outcome, words: words.to_owned() }.checked();
        assert_eq!(answer(Outcome::SomeChanged, " ").expect_err("no words").fields[0].field, "words");
        assert_eq!(answer(Outcome::SomeChanged, " The queue is gone. ").expect("words").words, "The queue is gone.");
        assert!(answer(Outcome::StillTrue, "").is_ok());
        assert_eq!(answer(Outcome::Later, "typed").expect("put off").words, "", "a note put off is not kept");
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_slug(outcome.slug()), Some(outcome));
        }
    }
}
