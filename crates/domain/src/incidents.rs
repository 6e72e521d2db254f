//! Incidents: what happened, how severe, where it stands on its way to a second story.

#[cfg(feature = "tz")]
pub mod typed;

use crate::Invalid;
use crate::ids::{IncidentId, PersonId, TeamId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Severity, 1 the gravest. Shown as bars, never as a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// SEV1
    Sev1,
    /// SEV2
    Sev2,
    /// SEV3
    Sev3,
    /// SEV4
    Sev4,
}

impl Severity {
    /// All, gravest first.
    pub const ALL: [Self; 4] = [Self::Sev1, Self::Sev2, Self::Sev3, Self::Sev4];

    /// 1 to 4, as stored.
    pub fn number(self) -> i64 {
        self as i64 + 1
    }

    /// From the stored number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.number() == number)
    }

    /// `SEV1` to `SEV4`.
    pub fn label(self) -> &'static str {
        ["SEV1", "SEV2", "SEV3", "SEV4"][self as usize]
    }

    /// Reads `SEV2`, `sev2` or `2`.
    ///
    /// # Errors
    /// Names the field `severity`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.trim().to_ascii_lowercase();
        let digits = digits.strip_prefix("sev").unwrap_or(&digits).trim_start_matches('-');
        digits
            .parse()
            .ok()
            .and_then(Self::from_number)
            .ok_or_else(|| Invalid::one("severity", "Please choose SEV1, SEV2, SEV3 or SEV4."))
    }
}

/// What it was: what went nearly wrong, and what went right, teach as much as what broke.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Nature {
    /// Somebody or something felt it.
    #[default]
    Incident,
    /// It came close, and nobody felt it.
    NearMiss,
    /// Something hard that went right.
    Success,
}

impl Nature {
    /// All, as forms offer them.
    pub const ALL: [Self; 3] = [Self::Incident, Self::NearMiss, Self::Success];

    /// As stored, in forms and in URLs.
    pub fn slug(self) -> &'static str {
        ["incident", "near-miss", "success"][self as usize]
    }

    /// From [`slug`](Self::slug); what is unknown is an incident.
    pub fn from_slug(slug: &str) -> Self {
        Self::ALL.into_iter().find(|n| n.slug() == slug).unwrap_or_default()
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Incident", "Near miss", "Went right"][self as usize]
    }

    /// What it means, beside the choice.
    pub fn means(self) -> &'static str {
        ["Somebody or something felt it", "It came close; nobody felt it", "Something hard that went well"][self as usize]
    }
}

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum IncidentState {
    /// Still going on.
    Open,
    /// Over; no review yet.
    Resolved,
    /// A learning review is open: one-on-ones, writing, calibration.
    InReview,
    /// Its second story is published.
    Published,
}

impl IncidentState {
    /// All, in the order of the flow.
    pub const ALL: [Self; 4] = [Self::Open, Self::Resolved, Self::InReview, Self::Published];

    /// As stored and in URLs.
    pub fn slug(self) -> &'static str {
        ["open", "resolved", "in-review", "published"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Open", "Resolved", "In review", "Published"][self as usize]
    }
}

/// The number that people say: `INC-42`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IncidentKey(pub i64);

impl std::fmt::Display for IncidentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "INC-{}", self.0)
    }
}

impl std::str::FromStr for IncidentKey {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let rest = text.strip_prefix("INC-").or_else(|| text.strip_prefix("inc-")).ok_or(())?;
        // One spelling only: `INC-007` and `INC-+7` are not there.
        let number: i64 = rest.parse().map_err(|_| ())?;
        if number > 0 && number.to_string() == rest { Ok(Self(number)) } else { Err(()) }
    }
}

/// How an incident came to be here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Written by a person.
    Hand,
    /// Taken from a document: *published (imported)*, soak time past.
    Import,
}

impl Origin {
    /// As stored.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Import => "import",
        }
    }

    /// From [`slug`](Self::slug); what is unknown was made by hand.
    pub fn from_slug(slug: &str) -> Self {
        if slug == "import" { Self::Import } else { Self::Hand }
    }
}

/// An incident as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// Its number.
    pub key: IncidentKey,
    /// What people call it.
    pub title: String,
    /// One or two sentences, Markdown.
    pub summary: String,
    /// How severe.
    pub severity: Severity,
    /// An incident, a near miss, or something that went right.
    pub nature: Nature,
    /// Where it stands.
    pub state: IncidentState,
    /// The team whose incident it is.
    pub team_id: Option<TeamId>,
    /// That team's name.
    pub team: Option<String>,
    /// When the impact began.
    pub started_at: DateTime<Utc>,
    /// When it was noticed.
    pub detected_at: Option<DateTime<Utc>>,
    /// When it was said to be an incident.
    pub declared_at: Option<DateTime<Utc>>,
    /// When the impact was lessened, though not all was mended.
    pub mitigated_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub resolved_at: Option<DateTime<Utc>>,
    /// IANA name of the zone that its times are told in.
    pub zone: String,
    /// By hand or imported.
    pub origin: Origin,
    /// Who entered it.
    pub created_by: Option<PersonId>,
    /// Counts its changes; a save names the version that it started from.
    pub version: i64,
    /// When its second story was published.
    pub published_at: Option<DateTime<Utc>>,
    /// When something of the published story was changed last.
    pub revised_at: Option<DateTime<Utc>>,
    /// Exists for those alone who are named on it.
    pub restricted: bool,
}

/// What a form or an importer says about a new or changed incident, already parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIncident {
    /// See [`Incident::title`].
    pub title: String,
    /// See [`Incident::summary`].
    pub summary: String,
    /// See [`Incident::severity`].
    pub severity: Severity,
    /// See [`Incident::nature`].
    pub nature: Nature,
    /// Open or resolved; the later states come with the review.
    pub state: IncidentState,
    /// See [`Incident::team_id`].
    pub team_id: Option<TeamId>,
    /// See [`Incident::started_at`].
    pub started_at: DateTime<Utc>,
    /// See [`Incident::detected_at`].
    pub detected_at: Option<DateTime<Utc>>,
    /// See [`Incident::declared_at`].
    pub declared_at: Option<DateTime<Utc>>,
    /// See [`Incident::mitigated_at`].
    pub mitigated_at: Option<DateTime<Utc>>,
    /// See [`Incident::resolved_at`].
    pub resolved_at: Option<DateTime<Utc>>,
    /// See [`Incident::zone`].
    pub zone: String,
    /// See [`Incident::restricted`]; looked at when the incident is made.
    pub restricted: bool,
}
