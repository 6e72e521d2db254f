//! People: who looks at something, what they may be in the whole organisation, what they are in one incident.

use crate::ids::{InvitationId, PersonId, TeamId};
use crate::{Invalid, text};
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

/// How an account takes part in incidents; administering comes beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TakesPart {
    /// As a member.
    #[default]
    Member,
    /// As a member who leads; a bar on reading answers.
    Leadership,
    /// Not at all: administers only.
    Not,
}

impl TakesPart {
    /// All.
    pub const ALL: [Self; 3] = [Self::Member, Self::Leadership, Self::Not];

    /// As in forms.
    pub fn slug(self) -> &'static str {
        ["member", "leadership", "not"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.slug() == slug)
    }

    /// From the roles that a person holds.
    pub fn of(member: bool, leadership: bool) -> Self {
        match (member, leadership) {
            (_, true) => Self::Leadership,
            (true, false) => Self::Member,
            (false, false) => Self::Not,
        }
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

/// Shortest and longest password, in characters (research/security.md 1.1: long, without rules about its make-up).
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

/// Whether a password has a length that may be chosen.
///
/// # Errors
/// The named field.
pub fn check_password(field: &str, password: &str) -> Result<(), Invalid> {
    if PASSWORD_LENGTH.contains(&password.chars().count()) {
        Ok(())
    } else {
        Err(Invalid::one(field, "Please choose 12 to 128 characters; a few words in a row do well."))
    }
}

/// Whether this reads as an e-mail address, cleaned.
///
/// # Errors
/// Field `email`.
pub fn parse_email(typed: &str) -> Result<String, Invalid> {
    let email = text::line("email", typed, 254)?;
    if email.contains(' ') || email.split('@').filter(|part| !part.is_empty()).count() != 2 {
        return Err(Invalid::one("email", "Please write an e-mail address, such as ada@example.org."));
    }
    Ok(email)
}

/// A coarse name for the device behind a `User-Agent`: "Firefox on Linux". No version, nothing that tells two people apart.
pub fn device(user_agent: &str) -> String {
    let first = |pairs: &[(&str, &'static str)]| pairs.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    // Order matters: each names itself beside those that it is built from.
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_has_a_coarse_name_and_no_more() {
        let told = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Mobile Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8.5.0", ""),
            ("", ""),
        ];
        for (agent, name) in told {
            assert_eq!(device(agent), name);
        }
    }

    #[test]
    fn an_address_has_two_sides() {
        assert_eq!(parse_email(" ada@example.org ").unwrap(), "ada@example.org");
        for wrong in ["", "ada", "ada@", "@example.org", "a b@example.org", "a@b@c"] {
            assert!(parse_email(wrong).unwrap_err().message("email").is_some(), "{wrong:?}");
        }
        assert!(check_password("new", &"x".repeat(11)).is_err() && check_password("new", &"é".repeat(128)).is_ok());
    }
}
