//! Choosing blind what a meeting talks about, and three questions after it. Both are counted as they come: what is kept leads from no
//! person to a choice, so none can be changed or asked for later.
//!
//! Source: research/practice.md 2.3 (two to five themes), 2.10 (three questions, shown from five answers on).

use crate::Invalid;
use crate::ThemeId;
use chrono::{DateTime, Duration, Utc};
use std::ops::RangeInclusive;

/// Themes that one person may choose, at most. Ours.
pub const CHOICES: usize = 3;
/// How many themes an agenda has.
pub const AGENDA: RangeInclusive<usize> = 2..=5;
/// Fewest voters whose totals are shown: of one or two, each knows what the other chose. Ours.
pub const TOTALS_FROM: i64 = 3;
/// Fewest answers whose counts are shown (practice.md 2.10).
pub const COUNTS_FROM: i64 = 5;
/// How long the three questions can be answered. Ours.
pub const ASKED_FOR: Duration = Duration::days(14);

/// A vote on themes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// How many have voted.
    pub voted: i64,
    /// How many with an account were asked to the review, and so may vote.
    pub asked: i64,
}

impl Ballot {
    /// Whether it takes votes.
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    /// Whether totals are shown: closed, and of enough people.
    pub fn shows_totals(&self) -> bool {
        !self.is_open() && self.voted >= TOTALS_FROM
    }
}

/// What somebody chose, each theme once.
///
/// # Errors
/// Field `themes`: nothing, too many, or a theme that is not asked about.
pub fn chosen(themes: &[ThemeId], asked_about: &[ThemeId]) -> Result<Vec<ThemeId>, Invalid> {
    let chosen = among(themes, asked_about)?;
    if !(1..=CHOICES).contains(&chosen.len()) {
        return Err(Invalid::one("themes", format!("Please choose one to {CHOICES} of them.")));
    }
    Ok(chosen)
}

/// The themes of an agenda, in their order on the page.
///
/// # Errors
/// Field `themes`: too few, too many, or one that is not there.
pub fn agenda(themes: &[ThemeId], all: &[ThemeId]) -> Result<Vec<ThemeId>, Invalid> {
    let chosen = among(themes, all)?;
    if !AGENDA.contains(&chosen.len()) {
        return Err(Invalid::one("themes", "Two to five fit into a meeting. Please choose so many."));
    }
    Ok(chosen)
}

fn among(themes: &[ThemeId], all: &[ThemeId]) -> Result<Vec<ThemeId>, Invalid> {
    if themes.iter().any(|theme| !all.contains(theme)) {
        return Err(Invalid::one("themes", "A theme is gone since you looked. Please choose again."));
    }
    Ok(all.iter().copied().filter(|theme| themes.contains(theme)).collect())
}

/// A question after the meeting, answered with 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Asked {
    /// "I learned something that will change how I work."
    Learned,
    /// "I could say what I wanted."
    Said,
    /// "I would come to another one."
    Again,
}

impl Asked {
    /// All, in their order.
    pub const ALL: [Self; 3] = [Self::Learned, Self::Said, Self::Again];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["learned", "said", "again"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.slug() == slug)
    }

    /// The sentence that one agrees to more or less.
    pub fn sentence(self) -> &'static str {
        ["I learned something that will change how I work.", "I could say what I wanted.", "I would come to another one."]
            [self as usize]
    }
}

/// How the steps from 1 to 5 read.
pub const STEPS: [&str; 5] = ["Not at all", "Hardly", "Partly", "Mostly", "Fully"];

/// One person's three answers, each 1 to 5, or none.
///
/// # Errors
/// The field of each answer that is no such step; `learned` when nothing was answered.
pub fn answered(typed: [(Asked, &str); 3]) -> Result<Vec<(Asked, i64)>, Invalid> {
    let mut invalid = Invalid::default();
    let mut answers = Vec::new();
    for (question, typed) in typed {
        match typed.trim() {
            "" => {}
            step => match step.parse() {
                Ok(step @ 1..=5) => answers.push((question, step)),
                _ => invalid.add(question.slug(), "Please choose one of the five."),
            },
        }
    }
    if answers.is_empty() && invalid.fields.is_empty() {
        invalid.add(Asked::Learned.slug(), "Please answer one of the three at least, or leave the page.");
    }
    invalid.or_ok()?;
    Ok(answers)
}

/// How one question was answered: how many chose each step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The question.
    pub question: Asked,
    /// How many chose 1, 2, 3, 4, 5. Shown only when together they are enough.
    pub steps: [i64; 5],
}

impl Counted {
    /// How many answered.
    pub fn n(&self) -> i64 {
        self.steps.iter().sum()
    }

    /// The counts, where they are of enough people.
    pub fn shown(&self) -> Option<[i64; 5]> {
        (self.n() >= COUNTS_FROM).then_some(self.steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn ids(n: u128) -> Vec<ThemeId> {
        (1..=n).map(|n| ThemeId(Uuid::from_u128(n))).collect()
    }

    #[test]
    fn one_to_three_are_chosen_each_once() {
        let all = ids(6);
        assert_eq!(chosen(&[all[2], all[0], all[2]], &all).unwrap(), [all[0], all[2]]);
        assert!(chosen(&[], &all).is_err() && chosen(&all[..4], &all).is_err());
        assert!(chosen(&[ThemeId(Uuid::from_u128(9))], &all).is_err(), "one that is not there");
    }

    #[test]
    fn an_agenda_has_two_to_five() {
        let all = ids(6);
        assert!(agenda(&all[..1], &all).is_err() && agenda(&all, &all).is_err());
        assert_eq!(agenda(&[all[4], all[1]], &all).unwrap(), [all[1], all[4]]);
    }

    #[test]
    fn totals_are_of_three_or_more_and_only_once_it_is_closed() {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let ballot = Ballot { opened_at: at, closed_at: None, voted: 8, asked: 9 };
        assert!(!ballot.shows_totals());
        assert!(Ballot { closed_at: Some(at), ..ballot.clone() }.shows_totals());
        assert!(!Ballot { closed_at: Some(at), voted: 2, ..ballot }.shows_totals());
    }

    #[test]
    fn counts_are_shown_from_five_answers_on() {
        let counted = |steps| Counted { question: Asked::Said, steps };
        assert_eq!(counted([1, 0, 0, 1, 2]).shown(), None);
        assert_eq!(counted([1, 0, 0, 1, 3]).shown(), Some([1, 0, 0, 1, 3]));
    }

    #[test]
    fn answers_are_steps_of_one_to_five() {
        let typed = |a, b, c| answered([(Asked::Learned, a), (Asked::Said, b), (Asked::Again, c)]);
        assert_eq!(typed("5", "", " 1 ").unwrap(), [(Asked::Learned, 5), (Asked::Again, 1)]);
        assert_eq!(typed("", "6", "").unwrap_err().fields[0].field, "said");
        assert_eq!(typed("", "", "").unwrap_err().fields[0].field, "learned");
    }
}
