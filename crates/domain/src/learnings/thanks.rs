//! Thanks in a review: to teams always, to a person when they said yes to the very words. Nothing here counts anything per person.

use crate::ids::{PersonId, TeamId, ThanksId};
use crate::{Invalid, text};
use chrono::{DateTime, Utc};

/// Longest words of thanks, in characters.
const WORDS_MAX: usize = 2000;

/// Where thanks stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ThanksState {
    /// The person was asked; until they say yes nobody reads it but they and who leads the review.
    Asked,
    /// It may stand in the story with the name. Thanks to a team are so from the beginning.
    Agreed,
    /// The person would rather not; that is fine.
    LeftOut,
}

impl ThanksState {
    /// All.
    pub const ALL: [Self; 3] = [Self::Asked, Self::Agreed, Self::LeftOut];

    /// As stored and exported.
    pub fn slug(self) -> &'static str {
        ["asked", "agreed", "left-out"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }
}

/// Whom thanks are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thanked {
    /// A team.
    Team(TeamId),
    /// A person, who is asked first.
    Person(PersonId),
}

impl Thanked {
    /// From a form: `team:…` or `person:…`.
    ///
    /// # Errors
    /// Field `to`: nobody is chosen.
    pub fn read(typed: &str) -> Result<Self, Invalid> {
        let read = match typed.split_once(':') {
            Some(("team", id)) => id.parse().ok().map(Self::Team),
            Some(("person", id)) => id.parse().ok().map(Self::Person),
            _ => None,
        };
        read.ok_or_else(|| Invalid::one("to", "Please choose a team or a person."))
    }

    /// As [`read`](Self::read) reads it.
    pub fn slug(self) -> String {
        match self {
            Self::Team(id) => format!("team:{id}"),
            Self::Person(id) => format!("person:{id}"),
        }
    }
}

/// Words of thanks as typed.
///
/// # Errors
/// Field `words`: nothing is written, or too much.
pub fn read_words(typed: &str) -> Result<String, Invalid> {
    let words = text::required("words", typed)?;
    if words.chars().count() > WORDS_MAX {
        return Err(Invalid::one("words", format!("Please keep it below {WORDS_MAX} characters.")));
    }
    Ok(words)
}

/// Thanks of a review, as who leads it sees them; others read those that were agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thanks {
    /// Its id.
    pub id: ThanksId,
    /// Name of the team or the person.
    pub to: String,
    /// Whether it is a person.
    pub to_person: bool,
    /// What for, Markdown.
    pub words: String,
    /// Where it stands.
    pub state: ThanksState,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_it_is_for_reads_back() {
        let id = "6f1c2b34-0000-4000-8000-000000000001";
        for to in [Thanked::Team(id.parse().unwrap()), Thanked::Person(id.parse().unwrap())] {
            assert_eq!(Thanked::read(&to.slug()), Ok(to));
        }
        for wrong in ["", "team:", "person:x", "everybody", id] {
            assert!(Thanked::read(wrong).unwrap_err().message("to").is_some(), "{wrong}");
        }
        assert!(ThanksState::ALL.iter().all(|s| ThanksState::from_slug(s.slug()) == Some(*s)));
    }

    #[test]
    fn thanks_say_what_for() {
        assert_eq!(read_words(" For the tea. ").unwrap().trim(), "For the tea.");
        assert!(read_words("  ").unwrap_err().message("words").is_some());
        assert!(read_words(&"x".repeat(WORDS_MAX + 1)).is_err());
    }
}
