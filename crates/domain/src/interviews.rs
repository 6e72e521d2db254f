//! One-on-ones: who may read an answer, what an answer holds, invitations and the stretches of work.

mod cards;
mod entries;
mod kinds;
mod sets;
mod shipped;

pub use cards::{ROLES, roles_told};
pub use entries::{Entry, EntryField, EntryShape, FieldKind, MOST_ENTRIES};
pub use kinds::{FIRST_OWN, Kind, LAST, NOMINATIONS, RECURRENCE, ROLE, SELF_CARE, SUPPORT, WORK, kind, kind_of_slug, kinds};
pub use sets::{
    Asked, Definition, PROMPTS_MAX, PURPOSE_MAX, QUESTION_MAX, Question, QuestionOrder, QuestionSet, RolePrompt, SET_NAME_MAX,
};
pub use shipped::{NEAR_MISS, SHIPPED, SHORT, TWELVE, shipped, shipped_definition, twelve};

use crate::ids::{AnswerId, IncidentId, InvitationId, PersonId, WorkSessionId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How far an answer travels. Ordered: a later one is wider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Audience {
    /// The author.
    OnlyMe,
    /// Nobody but its author until the wall opens, then planners, without a name unless the author ticks it. Question 9 only.
    Parked,
    /// And the facilitators of the incident.
    Facilitator,
    /// May be used in the review; the facilitator, too, reads it without an author.
    Unattributed,
    /// May be quoted with the author's name.
    Named,
}

impl Audience {
    /// All, narrow to wide.
    pub const ALL: [Self; 5] = [Self::OnlyMe, Self::Parked, Self::Facilitator, Self::Unattributed, Self::Named];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["me", "parked", "facilitator", "unattributed", "named"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Only me", "Parked until planning", "Facilitator", "Review, unattributed", "Review, with my name"][self as usize]
    }

    /// How many rings the sign has (DESIGN.md): nought to three.
    pub fn rings(self) -> usize {
        [0, 1, 1, 2, 3][self as usize]
    }
}

/// With fewer people asked, words without a name may be guessed by how they sound (research/security.md, 2.6).
pub const FEW: i64 = 5;

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum InvitationState {
    /// Asked; nothing opened yet.
    Invited,
    /// Opened; answers are drafts that only the author reads.
    Started,
    /// Submitted: answers are readable within their audience.
    Submitted,
    /// Declined; no reason is asked.
    Declined,
    /// Taken back by the facilitator before it was submitted.
    Withdrawn,
}

impl InvitationState {
    /// All.
    pub const ALL: [Self; 5] = [Self::Invited, Self::Started, Self::Submitted, Self::Declined, Self::Withdrawn];

    /// As stored.
    pub fn slug(self) -> &'static str {
        ["invited", "started", "submitted", "declined", "withdrawn"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Invited", "Started", "Submitted", "Declined", "Withdrawn"][self as usize]
    }
}

/// What a person gave instead of words. Real answers, all three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Instead {
    /// "I don't know."
    DontKnow,
    /// "Rather not say."
    RatherNotSay,
    /// "Prefer to talk."
    PreferToTalk,
}

impl Instead {
    /// All.
    pub const ALL: [Self; 3] = [Self::DontKnow, Self::RatherNotSay, Self::PreferToTalk];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["dont-know", "rather-not-say", "prefer-to-talk"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|i| i.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["I don’t know", "Rather not say", "Prefer to talk"][self as usize]
    }
}

/// The confidential part of an answer: what is encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerBody {
    /// The words.
    #[serde(default)]
    pub text: String,
    /// The structured choice, by its value; empty when none was made.
    #[serde(default)]
    pub choice: String,
    /// Given instead of words.
    #[serde(default)]
    pub instead: Option<Instead>,
    /// Repeatable entries, where the question has a [shape](EntryShape) for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entry>,
    /// What was ticked, by value, where the question has something to tick.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticked: Vec<String>,
}

impl AnswerBody {
    /// Nothing written, chosen, ticked or said instead.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
            && self.choice.is_empty()
            && self.instead.is_none()
            && self.entries.is_empty()
            && self.ticked.is_empty()
    }

    /// The words that leave the author: none when something was said instead of them.
    pub fn words(&self) -> &str {
        if self.instead.is_some() { "" } else { &self.text }
    }

    /// What others are told: when something was said instead of words, that alone; what was typed before stays its author's. Entries
    /// of the question's shape are told as sentences before the words.
    #[must_use]
    pub fn as_told(self, shape: Option<&EntryShape>) -> Self {
        if self.instead.is_some() {
            return Self { instead: self.instead, ..Self::default() };
        }
        let entries = shape.map(|shape| shape.told(&self.entries)).unwrap_or_default();
        let text =
            entries.into_iter().chain([self.text].into_iter().filter(|t| !t.trim().is_empty())).collect::<Vec<_>>().join("\n");
        Self { text, choice: self.choice, ..Self::default() }
    }
}

/// An answer as its author sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its id.
    pub id: AnswerId,
    /// The conversation that it belongs to.
    pub invitation_id: InvitationId,
    /// Names the question in the set that this person was asked by.
    pub question: i64,
    /// What was said.
    pub body: AnswerBody,
    /// How far it travels.
    pub audience: Audience,
    /// Counted in people measures.
    pub count_me: bool,
    /// Shown with the author's name to planners (question 9 only).
    pub with_name: bool,
    /// When its present text was submitted; `None` while it is a draft that only the author reads.
    pub released_at: Option<DateTime<Utc>>,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
    /// Counts its saves.
    pub version: i64,
}

/// A stretch of time that a person worked on an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkSession {
    /// Its id.
    pub id: WorkSessionId,
    /// The conversation in which it was told.
    pub invitation_id: InvitationId,
    /// Whose.
    pub person_id: PersonId,
    /// On what.
    pub incident_id: IncidentId,
    /// Start.
    pub started_at: DateTime<Utc>,
    /// End, later than the start.
    pub ended_at: DateTime<Utc>,
    /// The worker's own IANA zone at that time.
    pub zone: String,
    /// What kind of work.
    pub kind: WorkKind,
}

/// What a work session was spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WorkKind {
    /// Working on the thing itself.
    Responding,
    /// Keeping the response together.
    Coordinating,
    /// Telling others.
    Communicating,
    /// Standing by.
    Waiting,
    /// Afterwards: writing up, cleaning up.
    FollowUp,
    /// On the way.
    Travel,
}

impl WorkKind {
    /// All, in the order in which forms offer them.
    pub const ALL: [Self; 6] =
        [Self::Responding, Self::Coordinating, Self::Communicating, Self::Waiting, Self::FollowUp, Self::Travel];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["responding", "coordinating", "communicating", "waiting", "follow-up", "travel"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }

    /// Whether it is work on the incident: standing by and being on the way are told apart and are in no figure.
    pub fn is_work(self) -> bool {
        !matches!(self, Self::Waiting | Self::Travel)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Responding", "Coordinating", "Communicating", "Waiting", "Follow-up", "Travel"][self as usize]
    }
}
