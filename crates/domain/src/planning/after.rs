//! Afterwards: whether an item helped, when that is asked, how long items have waited, and factors that came back.

use crate::incidents::IncidentKey;
use crate::vocabulary::Tag;
use crate::{Invalid, ItemId, text};
use chrono::{DateTime, TimeDelta, Utc};

/// How long after an item is done, or after *too early to say*, it is asked whether it helped. Six weeks: long enough for the system to
/// have met a few of its bad days (practice.md: revisit after 30 to 90 days).
pub const ASKED_AFTER: TimeDelta = TimeDelta::weeks(6);

/// Whether a thing that was done helped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It did.
    Yes,
    /// Some of it.
    Partly,
    /// It did not: also worth knowing.
    No,
    /// Nothing has happened yet that would tell.
    TooEarly,
}

impl Verdict {
    /// All.
    pub const ALL: [Self; 4] = [Self::Yes, Self::Partly, Self::No, Self::TooEarly];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["yes", "partly", "no", "too-early"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// On screen, as the answer to *Did it help?*
    pub fn label(self) -> &'static str {
        ["Yes", "Partly", "No", "Too early to say"][self as usize]
    }
}

/// An answer to *Did it help?*
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Helped {
    /// Whether it did.
    pub verdict: Verdict,
    /// In words; may be empty.
    pub words: String,
    /// Who said so; `None` where the account is not known any more.
    pub by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Reads the form of an answer.
///
/// # Errors
/// Field `verdict` when none is chosen, `words` when they are more than fit.
pub fn helped(verdict: &str, words: &str) -> Result<(Verdict, String), Invalid> {
    let mut invalid = Invalid::default();
    let words = invalid.take(text::long("words", words)).unwrap_or_default();
    let Some(verdict) = Verdict::from_slug(verdict) else {
        invalid.add("verdict", "Please choose one of the four. “Too early to say” is an answer, too.");
        return Err(invalid);
    };
    invalid.or_ok()?;
    Ok((verdict, words))
}

/// When it is asked whether something helped that was done at `done_at`; `None` once that is settled. Answers from before it was done
/// (it was taken up again since) do not count.
pub fn asked_at(done_at: DateTime<Utc>, answers: &[(Verdict, DateTime<Utc>)]) -> Option<DateTime<Utc>> {
    let since = answers.iter().filter(|(_, at)| *at >= done_at);
    let mut from = done_at;
    for (verdict, at) in since {
        match verdict {
            Verdict::TooEarly => from = from.max(*at),
            Verdict::Yes | Verdict::Partly | Verdict::No => return None,
        }
    }
    Some(from + ASKED_AFTER)
}

/// What waits for somebody who takes care of things, in numbers alone: meant for one of the next days, meant for a day that is over, asked
/// whether it helped. `None` where nothing does.
pub fn waits_in_words(near: usize, over: usize, asked: usize) -> Option<String> {
    let told = |number: usize, one: &str, more: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {more}")),
    };
    let all = [
        told(near, "is meant for one of the next days.", "are meant for one of the next days."),
        told(over, "was meant for a day that is over.", "were meant for days that are over."),
        told(asked, "is done, and asked about: did it help?", "are done, and asked about: did they help?"),
    ];
    let said: Vec<String> = all.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// How long an item has been there: three groups, oldest first, none of them a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Ninety days and more: worth asking whether it still matters.
    Quarter,
    /// Thirty to eighty-nine days.
    Month,
    /// Less than thirty days.
    New,
}

impl Age {
    /// All, the oldest first.
    pub const ALL: [Self; 3] = [Self::Quarter, Self::Month, Self::New];

    /// Of something that began then.
    pub fn of(began: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        match (now - began).num_days() {
            ..30 => Self::New,
            30..90 => Self::Month,
            _ => Self::Quarter,
        }
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Three months and longer", "One to three months", "Newer"][self as usize]
    }
}

/// A factor that was there again after something was done about it. About the system: it names no person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Which factor.
    pub tag: Tag,
    /// Where it was met first.
    pub first: IncidentKey,
    /// Where it was met again.
    pub again: IncidentKey,
    /// The title of that one.
    pub again_title: String,
    /// What was done; `None` where the viewer does not plan at the first incident.
    pub item: Option<(ItemId, String)>,
    /// Whole days from then to the start of the later incident.
    pub days: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + day)
    }

    #[test]
    fn it_is_asked_six_weeks_after_and_again_after_too_early_and_never_once_it_is_settled() {
        assert_eq!(asked_at(at(0), &[]), Some(at(42)));
        assert_eq!(asked_at(at(0), &[(Verdict::TooEarly, at(50))]), Some(at(92)));
        assert_eq!(asked_at(at(0), &[(Verdict::TooEarly, at(50)), (Verdict::TooEarly, at(45))]), Some(at(92)));
        for settled in [Verdict::Yes, Verdict::Partly, Verdict::No] {
            assert_eq!(asked_at(at(0), &[(Verdict::TooEarly, at(50)), (settled, at(60))]), None, "{settled:?}");
        }
        assert_eq!(asked_at(at(100), &[(Verdict::No, at(60))]), Some(at(142)), "it was taken up again since");
    }

    #[test]
    fn an_answer_is_one_of_four_and_its_words_are_kept() {
        for verdict in Verdict::ALL {
            assert_eq!(helped(verdict.slug(), " a bit ").map(|(v, _)| v), Ok(verdict));
        }
        assert!(helped("", "words").is_err_and(|refused| refused.message("verdict").is_some()));
        assert!(helped("maybe", "").is_err());
        assert!(helped("yes", &"x".repeat(200_000)).is_err_and(|refused| refused.message("words").is_some()));
    }

    #[test]
    fn ages_meet_without_a_gap() {
        let ages: Vec<Age> = [0, 29, 30, 89, 90, 900].into_iter().map(|days| Age::of(at(0), at(days))).collect();
        assert_eq!(ages, [Age::New, Age::New, Age::Month, Age::Month, Age::Quarter, Age::Quarter]);
        assert_eq!(Age::of(at(1), at(0)), Age::New, "a clock that was set back");
    }
}
