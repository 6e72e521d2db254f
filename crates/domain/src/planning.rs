//! Improvement planning, behind the wall: mitigation items and when the wall opens.

use crate::ids::{FactorId, ItemId, LearningId, PersonId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Where a mitigation item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ItemState {
    /// Agreed, not begun.
    Open,
    /// Being done.
    Doing,
    /// Done.
    Done,
    /// Decided against, with a reason.
    WontDo,
}

impl ItemState {
    /// All.
    pub const ALL: [Self; 4] = [Self::Open, Self::Doing, Self::Done, Self::WontDo];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["open", "doing", "done", "wont-do"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Open", "Being done", "Done", "Won’t do"][self as usize]
    }
}

/// A mitigation item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// What is to be done, one line.
    pub title: String,
    /// More words, Markdown.
    pub body: String,
    /// Who takes care of it.
    pub owner_id: Option<PersonId>,
    /// Their name.
    pub owner: Option<String>,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// The effect that is hoped for.
    pub effect: String,
    /// Where it stands.
    pub state: ItemState,
    /// Why it will not be done.
    pub reason: String,
    /// Factors that it answers to.
    pub factors: Vec<FactorId>,
    /// Learnings that it rests on.
    pub learnings: Vec<LearningId>,
    /// Counts its changes.
    pub version: i64,
}

/// The wall of one incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wall {
    /// When it opens by itself; `None` before publication.
    pub opens_at: Option<DateTime<Utc>>,
    /// When it was opened early.
    pub opened_early_at: Option<DateTime<Utc>>,
    /// The written reason for that; stays on record.
    pub reason: String,
}

impl Wall {
    /// Whether planning is open at `now`.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.opened_early_at.is_some() || self.opens_at.is_some_and(|at| at <= now)
    }
}
