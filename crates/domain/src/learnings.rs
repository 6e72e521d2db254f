//! Learnings and contributing factors: what a review leaves behind. Many factors, no single one that explains all.

pub mod factor;
pub mod standing;
pub mod thanks;

use crate::ids::{FactorId, LearningId};
use crate::vocabulary::Tag;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use factor::{Confidence, FactorDetails, FactorState, KnownBefore, Marked, Phase, Role, Usual};
pub use standing::{LearningDetails, LearningStatus, Link, LinkKind, NewLink};

/// What a learning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LearningKind {
    /// How the system behaves.
    System,
    /// What people know, need and can do together.
    People,
    /// How work is done.
    Process,
}

impl LearningKind {
    /// All.
    pub const ALL: [Self; 3] = [Self::System, Self::People, Self::Process];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["system", "people", "process"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["System", "People", "Process"][self as usize]
    }
}

/// Tags of the [vocabulary](crate::vocabulary) that the program itself gives: importers where the words make it plain, and made-up
/// organisations. From the conference notes (PRODUCT.md: code change, infrastructure change, tech debt, capacity, missing documentation,
/// missing automation) and research/practice.md. What a tag is called stands in the vocabulary alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FactorCategory {
    /// Nobody has chosen a category yet.
    Unsorted,
    /// A change of code.
    CodeChange,
    /// A change of configuration.
    ConfigurationChange,
    /// A change of infrastructure.
    InfrastructureChange,
    /// A change of data or schema.
    DataChange,
    /// Something old that waited for its moment.
    LatentDefect,
    /// Debt that was known and carried on.
    TechDebt,
    /// Capacity or the shape of the load.
    Capacity,
    /// A dependency that was not seen or not ours.
    Dependency,
    /// An alert that was missing, misleading or one of many.
    Alerting,
    /// What could not be seen while it happened.
    Observability,
    /// Documentation that was missing or no longer true.
    MissingDocumentation,
    /// Work by hand that waits for automation.
    MissingAutomation,
    /// Testing that could not have found it.
    Testing,
    /// A picture of the system that was true once.
    StaleModel,
    /// Knowledge held by few.
    KnowledgeConcentration,
    /// Who owns what.
    Ownership,
    /// How word passed on.
    Communication,
    /// Goals that pull in two directions, time, staffing.
    CompetingGoals,
    /// Certificates, keys, permissions and their expiry.
    AccessAndExpiry,
    /// Happenings outside the organisation.
    Outside,
}

impl FactorCategory {
    /// All, in the order in which forms offer them.
    pub const ALL: [Self; 21] = [
        Self::Unsorted,
        Self::CodeChange,
        Self::ConfigurationChange,
        Self::InfrastructureChange,
        Self::DataChange,
        Self::LatentDefect,
        Self::TechDebt,
        Self::Capacity,
        Self::Dependency,
        Self::Alerting,
        Self::Observability,
        Self::MissingDocumentation,
        Self::MissingAutomation,
        Self::Testing,
        Self::StaleModel,
        Self::KnowledgeConcentration,
        Self::Ownership,
        Self::Communication,
        Self::CompetingGoals,
        Self::AccessAndExpiry,
        Self::Outside,
    ];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        [
            "unsorted",
            "code-change",
            "configuration-change",
            "infrastructure-change",
            "data-change",
            "latent-defect",
            "tech-debt",
            "capacity",
            "dependency",
            "alerting",
            "observability",
            "missing-documentation",
            "missing-automation",
            "testing",
            "stale-model",
            "knowledge-concentration",
            "ownership",
            "communication",
            "competing-goals",
            "access-and-expiry",
            "outside",
        ][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.slug() == slug)
    }
}

/// A contributing factor of one incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// Its id.
    pub id: FactorId,
    /// In words, Markdown.
    pub body: String,
    /// Its tags as they are counted, each once; none: nobody has sorted it yet.
    pub tags: Vec<Tag>,
    /// What else is known of it.
    pub details: FactorDetails,
    /// Order on the page; says nothing of weight.
    pub position: i64,
    /// Counts its changes.
    pub version: i64,
}

/// A learning of one incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learning {
    /// Its id.
    pub id: LearningId,
    /// System, people or process.
    pub kind: LearningKind,
    /// What is known now, Markdown.
    pub body: String,
    /// What was thought before; may be empty.
    pub before: String,
    /// Worded as a plan in the document that it came from.
    pub worded_as_plan: bool,
    /// What else is said of it.
    pub details: LearningDetails,
    /// Since when it has its status; `None`: since it was written.
    pub status_at: Option<DateTime<Utc>>,
    /// Order on the page.
    pub position: i64,
    /// Counts its changes.
    pub version: i64,
}
