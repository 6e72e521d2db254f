//! What else is known of a learning: what shows it, who should know, whether it still holds; and what it led to elsewhere.

use crate::ids::{LearningId, LinkId, TeamId};
use crate::timeline::details::is_web_address;
use crate::{Invalid, text};
use chrono::NaiveDate;

/// Longest title of a runbook or an exercise, in characters.
const TITLE_MAX: usize = 200;
/// Longest address of a runbook or an exercise, in bytes.
const ADDRESS_MAX: usize = 500;

/// Whether a learning holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LearningStatus {
    /// Written down, not seen again yet.
    #[default]
    New,
    /// Somebody looked and it holds.
    Confirmed,
    /// It was true then; something else holds now.
    Outdated,
}

impl LearningStatus {
    /// All.
    pub const ALL: [Self; 3] = [Self::New, Self::Confirmed, Self::Outdated];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["new", "confirmed", "outdated"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["New", "Confirmed", "Was true then"][self as usize]
    }
}

/// What is said of a learning beside its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LearningDetails {
    /// Addresses that show it: of the web, or of something here.
    pub evidence: Vec<String>,
    /// The teams that should know, each once.
    pub teams: Vec<TeamId>,
    /// Whether it holds.
    pub status: LearningStatus,
    /// Why it has this status; of an outdated one, what holds now. Speaks of the system, names nobody.
    pub reason: String,
    /// The learning that took its place; of an outdated one alone.
    pub replaced_by: Option<LearningId>,
}

impl LearningDetails {
    /// Mends what is typed: texts in their length, a successor only where it is outdated.
    ///
    /// # Errors
    /// Field `reason`: too long, or an outdated one does not say what holds now.
    pub fn checked(mut self) -> Result<Self, Invalid> {
        self.reason = text::long("reason", &self.reason)?;
        if self.status == LearningStatus::Outdated {
            if self.reason.is_empty() {
                return Err(Invalid::one("reason", "Please say in a sentence what holds now."));
            }
        } else {
            self.replaced_by = None;
        }
        Ok(self)
    }
}

/// The id in what somebody typed or pasted about a learning: its address here, whole or from `/learnings/` on, or the id alone. Empty: none.
///
/// # Errors
/// `field`: it names no learning.
pub fn read_learning(field: &'static str, typed: &str) -> Result<Option<LearningId>, Invalid> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let end = typed.rsplit("/learnings/").next().unwrap_or(typed);
    let id = end.split(['?', '#', '/']).next().unwrap_or(end);
    match id.parse() {
        Ok(id) => Ok(Some(id)),
        Err(_) => Err(Invalid::one(field, "Please paste the address of a learning. It looks like /learnings/ and a long id.")),
    }
}

/// Where a learning lives on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// A runbook that tells of it.
    Runbook,
    /// An exercise that practises it.
    Exercise,
}

impl LinkKind {
    /// All.
    pub const ALL: [Self; 2] = [Self::Runbook, Self::Exercise];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["runbook", "exercise"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Runbook", "Exercise"][self as usize]
    }
}

/// What a form says about a runbook or an exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLink {
    /// Which of the two.
    pub kind: LinkKind,
    /// How it is called.
    pub title: String,
    /// Where it stands; an exercise may have none.
    pub address: String,
    /// When an exercise is, or was, held.
    pub day: Option<NaiveDate>,
}

impl NewLink {
    /// From a form.
    ///
    /// # Errors
    /// `link_title` when nothing is typed, `address` when it is none of the web or a runbook has none, `day` when it is no day.
    pub fn read(kind: LinkKind, title: &str, address: &str, day: &str) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let title = invalid.take(text::line("link_title", title, TITLE_MAX)).unwrap_or_default();
        let (address, day) = (address.trim(), day.trim());
        let empty_may_be = address.is_empty() && kind == LinkKind::Exercise;
        let is_one = is_web_address(address) && address.len() <= ADDRESS_MAX;
        if !empty_may_be && !is_one {
            invalid.add("address", "Please give an address that begins with https:// or http://.");
        }
        let read = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok();
        if !day.is_empty() && read.is_none() {
            invalid.add("day", "Please write the day like 2026-03-01.");
        }
        invalid.or_ok()?;
        let day = read.filter(|_| kind == LinkKind::Exercise);
        Ok(Self { kind, title, address: address.to_owned(), day })
    }
}

/// A runbook or an exercise of a learning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// What it says.
    pub said: NewLink,
}

/// A count of people as it may be shown: in steps of the smallest group, nothing below it, so that a change of it tells of nobody.
pub fn shown_count(people: i64, smallest: i64) -> Option<i64> {
    let smallest = smallest.max(1);
    let steps = people / smallest;
    (steps > 0).then_some(steps * smallest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_reads_back_from_its_slug() {
        assert!(LearningStatus::ALL.iter().all(|s| LearningStatus::from_slug(s.slug()) == Some(*s)));
        assert!(LinkKind::ALL.iter().all(|k| LinkKind::from_slug(k.slug()) == Some(*k)));
        assert_eq!(LearningStatus::from_slug("wrong"), None);
    }

    #[test]
    fn what_is_outdated_says_what_holds_now() {
        let id: LearningId = "6f1c2b34-0000-4000-8000-000000000001".parse().unwrap();
        let outdated = LearningDetails { status: LearningStatus::Outdated, replaced_by: Some(id), ..LearningDetails::default() };
        assert!(outdated.clone().checked().unwrap_err().message("reason").is_some());
        let said = LearningDetails { reason: "The pool grows by itself. ".to_owned(), ..outdated };
        let said = said.checked().unwrap();
        assert_eq!((said.reason.as_str(), said.replaced_by), ("The pool grows by itself.", Some(id)));
        // What holds has no successor.
        assert_eq!(LearningDetails { status: LearningStatus::Confirmed, ..said }.checked().unwrap().replaced_by, None);
    }

    #[test]
    fn a_learning_is_named_by_its_address_or_its_id() {
        let id = "6f1c2b34-0000-4000-8000-000000000001";
        for typed in
            [id.to_owned(), format!(" /learnings/{id} "), format!("https://x.example/base/learnings/{id}?said=added#top")]
        {
            assert_eq!(read_learning("learning", &typed).unwrap(), Some(id.parse().unwrap()), "{typed}");
        }
        assert_eq!(read_learning("learning", "  ").unwrap(), None);
        assert!(read_learning("learning", "/learnings/").unwrap_err().message("learning").is_some());
        assert!(read_learning("learning", "INC-4").is_err());
    }

    #[test]
    fn a_runbook_needs_an_address_and_an_exercise_need_not() {
        let runbook = NewLink::read(LinkKind::Runbook, "Pool", "https://wiki.example/pool", "2026-01-01").unwrap();
        assert_eq!(runbook.day, None);
        let exercise = NewLink::read(LinkKind::Exercise, "Dark morning", "", "2026-01-01").unwrap();
        assert_eq!(exercise.day, NaiveDate::from_ymd_opt(2026, 1, 1));
        for (kind, title, address, day, field) in [
            (LinkKind::Runbook, "", "https://a.example", "", "link_title"),
            (LinkKind::Runbook, "x", "", "", "address"),
            (LinkKind::Runbook, "x", "javascript:alert(1)", "", "address"),
            (LinkKind::Exercise, "x", "/here", "", "address"),
            (LinkKind::Exercise, "x", "", "soon", "day"),
        ] {
            assert!(NewLink::read(kind, title, address, day).unwrap_err().message(field).is_some(), "{field}");
        }
    }

    #[test]
    fn counts_are_shown_in_steps() {
        let shown: Vec<_> = [0, 4, 5, 9, 10, 14].into_iter().map(|n| shown_count(n, 5)).collect();
        assert_eq!(shown, [None, None, Some(5), Some(5), Some(10), Some(10)]);
        assert_eq!(shown_count(13, 7), Some(7));
    }
}
