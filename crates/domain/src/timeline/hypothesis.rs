//! Hypotheses: what people thought it could be, what spoke for and against it, and what became of the thought. False trails stay: they
//! show how it looked.

use crate::ids::{HypothesisId, IncidentId, PersonId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How far a hypothesis came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HypothesisState {
    /// Somebody thought of it.
    Raised,
    /// Somebody looked whether it holds.
    Tested,
    /// It led nowhere.
    Dropped,
    /// It held.
    Held,
}

impl HypothesisState {
    /// All, in the order of the way that a thought goes.
    pub const ALL: [Self; 4] = [Self::Raised, Self::Tested, Self::Dropped, Self::Held];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["raised", "tested", "dropped", "held"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Raised", "Tested", "Dropped", "It held"][self as usize]
    }
}

/// A hypothesis of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hypothesis {
    /// Its id.
    pub id: HypothesisId,
    /// The incident that it belongs to.
    pub incident_id: IncidentId,
    /// What they say of it.
    pub said: NewHypothesis,
    /// Who wrote it down.
    pub created_by: Option<PersonId>,
    /// Counts its changes.
    pub version: i64,
}

/// What a form says about a new or changed hypothesis, already parsed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewHypothesis {
    /// What people thought, Markdown.
    pub body: String,
    /// How far it came.
    pub state: HypothesisState,
    /// When somebody thought of it; `None` when nobody knows.
    pub raised_at: Option<DateTime<Utc>>,
    /// When it was dropped or held.
    pub settled_at: Option<DateTime<Utc>>,
    /// What spoke for it then, Markdown.
    pub spoke_for: String,
    /// What spoke against it then, Markdown.
    pub spoke_against: String,
    /// IANA zone that its times were told in.
    pub zone: String,
}
