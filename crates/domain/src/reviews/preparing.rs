//! What there is to prepare before a review's meeting: each part completes itself from what is there, or is said by who facilitates.
//!
//! Source: research/practice.md 2.3. Nothing here stops anything.

use crate::{Invalid, text};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// A part of the preparation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Part {
    /// Somebody independent facilitates.
    Facilitator,
    /// The meeting has its time.
    Meeting,
    /// The timeline is gathered, from before the impact on.
    Timeline,
    /// People were asked, and answered or declined.
    Talks,
    /// Words of theirs stand beside the timeline.
    Perspectives,
    /// Two to five themes.
    Themes,
    /// A summary or what happened is written.
    Draft,
    /// Who is quoted has said how their words may stand.
    Calibration,
    /// People know beforehand whether they will be called on.
    CalledOn,
    /// The document went out a day before the meeting.
    Sent,
    /// Nobody will be there whose presence changes what can be said; all hear equally well.
    Room,
}

impl Part {
    /// All, in the order in which they are best done.
    pub const ALL: [Self; 11] = [
        Self::Facilitator,
        Self::Meeting,
        Self::Timeline,
        Self::Talks,
        Self::Perspectives,
        Self::Themes,
        Self::Draft,
        Self::Calibration,
        Self::CalledOn,
        Self::Sent,
        Self::Room,
    ];

    /// As stored and in URLs.
    pub fn slug(self) -> &'static str {
        [
            "facilitator",
            "meeting",
            "timeline",
            "talks",
            "perspectives",
            "themes",
            "draft",
            "calibration",
            "called-on",
            "sent",
            "room",
        ][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.slug() == slug)
    }

    /// On screen.
    pub fn title(self) -> &'static str {
        [
            "Somebody independent facilitates",
            "The meeting has its time",
            "The timeline is gathered",
            "People were asked",
            "Their words stand beside the timeline",
            "Two to five themes",
            "The story is begun",
            "Quotes went back to their authors",
            "People know whether you will call on them",
            "The document went out a day before",
            "The room is fit",
        ][self as usize]
    }

    /// Why it matters, or what to look at.
    pub fn hint(self) -> &'static str {
        [
            "From another team, and nobody’s manager.",
            "Best set at once, within five working days.",
            "Let it begin before the impact did: what was normal that day?",
            "First those who may be blamed, or blame themselves.",
            "Several views of one minute are worth more than their mean.",
            "More than five do not fit into an hour.",
            "Even half done it helps those who come.",
            "Nobody is to be surprised in the meeting.",
            "Being asked before everybody is easier when one could think about it.",
            "Even where it is not finished.",
            "Nobody with power over those who speak; remote and local heard alike; recording only where all agree.",
        ][self as usize]
    }

    /// Whether the facilitator alone can say so.
    pub fn by_hand(self) -> bool {
        matches!(self, Self::Sent | Self::Room)
    }
}

/// What is there, counted where parts complete themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// How many facilitate.
    pub facilitators: usize,
    /// Events of the timeline.
    pub events: usize,
    /// One of them is before the impact.
    pub begins_before: bool,
    /// How many were asked.
    pub asked: usize,
    /// How many of them handed in or declined.
    pub answered: usize,
    /// Words beside the timeline.
    pub placed: usize,
    /// Themes.
    pub themes: usize,
    /// A summary or what happened is written.
    pub told: bool,
    /// Quotes that were sent to their authors.
    pub quotes: usize,
    /// Quotes that wait for their author, or for the facilitator to take the author's words.
    pub unsettled: usize,
    /// How many were asked whether they may be called on.
    pub calls: usize,
    /// How many of them have answered.
    pub calls_answered: usize,
    /// The meeting, if it is planned.
    pub meeting: Option<Meeting>,
}

/// What the facilitator says of a part by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// It is done.
    Done,
    /// "We are not doing this."
    NotDoing,
}

impl Mark {
    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotDoing => "not-doing",
        }
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::Done, Self::NotDoing].into_iter().find(|m| m.slug() == slug)
    }
}

/// Where a part stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// By what is there.
    Complete(String),
    /// As the facilitator says, since when.
    Said(DateTime<Utc>),
    /// Left out on purpose.
    NotDoing,
    /// Open, with what is there so far.
    Open(String),
}

/// The least time between the document and the meeting (practice.md 2.3, 7).
const DAY_BEFORE: Duration = Duration::hours(24);

impl Facts {
    /// Where a part stands. What is there counts before what was said, and "not doing" only while it is not there.
    pub fn standing(&self, part: Part, mark: Option<(Mark, DateTime<Utc>)>) -> Standing {
        let (complete, words) = self.found(part);
        match mark {
            _ if complete => Standing::Complete(words),
            Some((Mark::Done, at)) if part == Part::Sent && self.sent_late(at) => {
                Standing::Open("It went out less than a day before. That is better than not at all.".to_owned())
            }
            Some((Mark::Done, at)) => Standing::Said(at),
            Some((Mark::NotDoing, _)) => Standing::NotDoing,
            None => Standing::Open(words),
        }
    }

    fn sent_late(&self, at: DateTime<Utc>) -> bool {
        self.meeting.as_ref().is_some_and(|meeting| at + DAY_BEFORE > meeting.at)
    }

    fn found(&self, part: Part) -> (bool, String) {
        let counted = |n: usize, one: &str, many: &str| match n {
            0 => format!("No {many} yet"),
            1 => format!("1 {one}"),
            n => format!("{n} {many}"),
        };
        match part {
            Part::Facilitator => (self.facilitators > 0, counted(self.facilitators, "person", "people")),
            Part::Meeting => (self.meeting.is_some(), if self.meeting.is_some() { "It is set" } else { "Not set" }.to_owned()),
            Part::Timeline => {
                let begins = if self.begins_before || self.events == 0 { "" } else { "; none before the impact" };
                (self.begins_before && self.events >= ENOUGH_EVENTS, counted(self.events, "event", "events") + begins)
            }
            Part::Talks => (
                self.asked > 0 && self.answered == self.asked,
                match self.asked {
                    0 => "Nobody was asked yet".to_owned(),
                    asked => format!("{} of {asked} answered or declined", self.answered),
                },
            ),
            Part::Perspectives => (self.placed > 0, counted(self.placed, "passage", "passages")),
            Part::Themes => ((2..=5).contains(&self.themes), counted(self.themes, "theme", "themes")),
            Part::Draft => {
                (self.told, if self.told { "A summary or what happened is written" } else { "Nothing is written" }.to_owned())
            }
            Part::Calibration => (
                self.quotes > 0 && self.unsettled == 0,
                match (self.quotes, self.unsettled) {
                    (0, _) => "No quotes yet".to_owned(),
                    (_, 0) => "All have their author’s word".to_owned(),
                    (_, 1) => "One is open".to_owned(),
                    (_, n) => format!("{n} are open"),
                },
            ),
            Part::CalledOn => (
                self.calls > 0 && self.calls == self.calls_answered,
                match self.calls {
                    0 => String::new(),
                    calls => format!("{} of {calls} answered", self.calls_answered),
                },
            ),
            Part::Sent | Part::Room => (false, String::new()),
        }
    }
}

/// Events from which a timeline says something. Ours.
const ENOUGH_EVENTS: usize = 5;

/// When and where the meeting is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// When it begins.
    pub at: DateTime<Utc>,
    /// IANA name of the zone that it was planned in.
    pub zone: String,
    /// How long, in minutes.
    pub minutes: i64,
    /// A room, a link; may be empty.
    pub place: String,
    /// Counts its changes; calendars take the highest.
    pub version: i64,
}

impl Meeting {
    /// Within its limits.
    ///
    /// # Errors
    /// Fields `minutes` and `place`.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        if !(15..=240).contains(&self.minutes) {
            invalid.add("minutes", "Please plan between 15 minutes and 4 hours.");
        }
        let place = if self.place.trim().is_empty() {
            Some(String::new())
        } else {
            invalid.take(text::line("place", &self.place, text::TITLE_MAX))
        };
        invalid.or_ok()?;
        Ok(Self { place: place.unwrap_or_default(), ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn meeting() -> Meeting {
        Meeting { at: at("2026-03-10T10:00:00Z"), zone: "UTC".into(), minutes: 60, place: "Room 2".into(), version: 1 }
    }

    #[test]
    fn parts_complete_themselves_from_what_is_there() {
        let nothing = Facts::default();
        assert!(Part::ALL.into_iter().all(|p| matches!(nothing.standing(p, None), Standing::Open(_))));
        let all = Facts {
            facilitators: 1,
            events: 5,
            begins_before: true,
            asked: 3,
            answered: 3,
            placed: 1,
            themes: 2,
            told: true,
            quotes: 1,
            unsettled: 0,
            calls: 2,
            calls_answered: 2,
            meeting: Some(meeting()),
        };
        for part in Part::ALL {
            assert_eq!(matches!(all.standing(part, None), Standing::Complete(_)), !part.by_hand(), "{part:?}");
        }
        assert_eq!(
            all.standing(Part::Talks, Some((Mark::NotDoing, at("2026-03-01T00:00:00Z")))),
            Standing::Complete("3 of 3 answered or declined".into())
        );
    }

    #[test]
    fn a_timeline_begins_before_the_impact() {
        let late = Facts { events: 12, ..Facts::default() };
        assert_eq!(late.standing(Part::Timeline, None), Standing::Open("12 events; none before the impact".into()));
    }

    #[test]
    fn a_document_is_sent_a_day_before() {
        let facts = Facts { meeting: Some(meeting()), ..Facts::default() };
        let early = at("2026-03-09T10:00:00Z");
        assert_eq!(facts.standing(Part::Sent, Some((Mark::Done, early))), Standing::Said(early));
        assert!(matches!(facts.standing(Part::Sent, Some((Mark::Done, at("2026-03-09T10:00:01Z")))), Standing::Open(_)));
        assert_eq!(facts.standing(Part::Room, Some((Mark::NotDoing, early))), Standing::NotDoing);
    }

    #[test]
    fn six_themes_are_too_many() {
        assert!(matches!(Facts { themes: 6, ..Facts::default() }.standing(Part::Themes, None), Standing::Open(_)));
    }

    #[test]
    fn a_meeting_has_a_length() {
        assert!(meeting().checked().is_ok());
        assert!(Meeting { place: " ".into(), ..meeting() }.checked().is_ok());
        assert_eq!(Meeting { minutes: 5, ..meeting() }.checked().unwrap_err().fields[0].field, "minutes");
    }

    #[test]
    fn slugs_come_back() {
        assert!(Part::ALL.into_iter().all(|p| Part::from_slug(p.slug()) == Some(p)));
        assert_eq!(Mark::from_slug("not-doing"), Some(Mark::NotDoing));
    }
}
