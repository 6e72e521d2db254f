//! People: who looks at something, what they may be in the whole organisation, what they are in one incident.

use crate::ids::{InvitationId, PersonId, TeamId};
use serde::{Deserialize, Serialize};

/// Who asks. Every read and write of the store takes one and answers with what is theirs, cut to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The person.
    pub person_id: PersonId,
    /// Their name, for their own pages.
    pub name: String,
    /// Holds the global role *member*: takes part in incidents.
    pub member: bool,
    /// Holds the global role *leadership*: never reads a facilitator answer, whatever else they are.
    pub leadership: bool,
    /// Holds the global role *administrator*: alone it opens no content.
    pub administrator: bool,
    /// Stands on the list "may facilitate" that administrators keep.
    pub may_facilitate: bool,
    /// Came by a personal link and has no account: only this one conversation exists for them.
    pub guest_of: Option<InvitationId>,
    /// Their team.
    pub team_id: Option<TeamId>,
    /// IANA zone that their pages tell times in.
    pub zone: String,
    /// What they chose to look at: light, dark or as the system says.
    pub theme: Theme,
}

impl Viewer {
    /// Has an account and did not come by a personal link.
    pub fn has_account(&self) -> bool {
        self.guest_of.is_none() && (self.member || self.leadership || self.administrator)
    }
}

/// The page's colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the device says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["system", "light", "dark"][self as usize]
    }

    /// From [`slug`](Self::slug); anything else is the system's choice.
    pub fn from_slug(slug: &str) -> Self {
        [Self::Light, Self::Dark].into_iter().find(|t| t.slug() == slug).unwrap_or_default()
    }
}

/// The global role that an account is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GlobalRole {
    /// Takes part in incidents.
    Member,
    /// A member who also leads: reads published reviews and trends, never an unpublished answer.
    Leadership,
    /// Runs the service; reads no content by that.
    Administrator,
}

impl GlobalRole {
    /// All.
    pub const ALL: [Self; 3] = [Self::Member, Self::Leadership, Self::Administrator];

    /// As on the command line.
    pub fn slug(self) -> &'static str {
        ["member", "leadership", "administrator"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.slug() == slug)
    }
}

/// What a person is in one incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum IncidentRole {
    /// Leads the conversations and the review; independent of the response.
    Facilitator,
    /// Was part of the incident.
    Responder,
    /// Takes part in the meeting.
    Participant,
    /// Was given the planning room.
    Planner,
}

impl IncidentRole {
    /// As stored.
    pub fn slug(self) -> &'static str {
        ["facilitator", "responder", "participant", "planner"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::Facilitator, Self::Responder, Self::Participant, Self::Planner].into_iter().find(|r| r.slug() == slug)
    }
}
