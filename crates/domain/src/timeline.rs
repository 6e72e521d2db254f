//! Timeline events: what was seen, done and decided, in time, as well as the time is known.

pub mod attachments;
pub mod details;
pub mod hooks;
pub mod hypothesis;
pub mod marks;
#[cfg(feature = "tz")]
pub mod perspectives;
pub mod raw;
pub mod telling;
#[cfg(feature = "tz")]
pub mod typed;

use crate::ids::{EventId, IncidentId, PersonId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use details::{EventDetails, EventSource, Placement, SourceKind};

/// How well an event's time is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Precision {
    /// To the minute or better.
    Exact,
    /// "About": somebody remembers.
    About,
    /// Only the day is known.
    Date,
    /// No readable time; the row keeps its place and its words.
    None,
}

impl Precision {
    /// All.
    pub const ALL: [Self; 4] = [Self::Exact, Self::About, Self::Date, Self::None];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["exact", "about", "date", "none"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.slug() == slug)
    }
}

/// What kind of thing happened. Five families (DESIGN.md): sense, act, people, judge, right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// Something happened that fits no other kind.
    Note,
    /// The system or its surroundings changed.
    Change,
    /// Somebody or something noticed.
    Detection,
    /// Somebody looked for what was going on.
    Diagnosis,
    /// A choice was made.
    Decision,
    /// Something was done to lessen the impact; may still be in place.
    Mitigation,
    /// Something was done to mend what was broken.
    Repair,
    /// Somebody told somebody.
    Communication,
    /// Work or attention passed from one to another.
    Handover,
    /// A moment after which things looked different.
    KeyMoment,
    /// It worked again, in part or whole.
    Recovery,
    /// Something that went right.
    WentRight,
}

impl EventKind {
    /// All, in the order in which forms offer them.
    pub const ALL: [Self; 12] = [
        Self::Note,
        Self::Change,
        Self::Detection,
        Self::Diagnosis,
        Self::Decision,
        Self::Mitigation,
        Self::Repair,
        Self::Communication,
        Self::Handover,
        Self::KeyMoment,
        Self::Recovery,
        Self::WentRight,
    ];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        [
            "note",
            "change",
            "detection",
            "diagnosis",
            "decision",
            "mitigation",
            "repair",
            "communication",
            "handover",
            "key-moment",
            "recovery",
            "went-right",
        ][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        [
            "Event",
            "Change",
            "Detection",
            "Diagnosis",
            "Decision",
            "Mitigation action",
            "Repair",
            "Communication",
            "Handover",
            "Key moment",
            "Recovery",
            "Went right",
        ][self as usize]
    }

    /// The colour family: `sense`, `act`, `people`, `judge` or `right`.
    pub fn family(self) -> &'static str {
        match self {
            Self::Detection | Self::Diagnosis => "sense",
            Self::Note | Self::Change | Self::Mitigation | Self::Repair => "act",
            Self::Communication | Self::Handover => "people",
            Self::Decision | Self::KeyMoment => "judge",
            Self::Recovery | Self::WentRight => "right",
        }
    }

    /// The sprite symbol beside the label.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Note => "circle",
            Self::Change => "git-commit-horizontal",
            Self::Detection => "radar",
            Self::Diagnosis => "stethoscope",
            Self::Decision => "split",
            Self::Mitigation => "shield-check",
            Self::Repair => "wrench",
            Self::Communication => "message-circle",
            Self::Handover => "arrow-right-left",
            Self::KeyMoment => "star",
            Self::Recovery => "circle-check",
            Self::WentRight => "sprout",
        }
    }
}

/// One event of an incident's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TimelineEvent {
    /// Its id.
    pub id: EventId,
    /// The incident that it belongs to.
    pub incident_id: IncidentId,
    /// When, or the start of a range. `None` when no time could be read.
    pub at: Option<DateTime<Utc>>,
    /// End of a range.
    pub ends_at: Option<DateTime<Utc>>,
    /// How well the time is known.
    pub precision: Precision,
    /// The time as it was written, where it could not be read or was changed in reading.
    pub as_written: String,
    /// IANA zone that the time was told in.
    pub zone: String,
    /// What kind of thing happened.
    pub kind: EventKind,
    /// What happened, Markdown.
    pub body: String,
    /// Why a person should look at it again ("CET in summer taken as …"); empty when nothing is odd.
    pub flag: String,
    /// What else is known of it.
    pub details: EventDetails,
    /// Place among events without a time, and the tie-break of equal times.
    pub position: i64,
    /// Who entered it.
    pub created_by: Option<PersonId>,
    /// Counts its changes.
    pub version: i64,
}

/// What a form or an importer says about a new or changed event, already parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// See [`TimelineEvent::at`].
    pub at: Option<DateTime<Utc>>,
    /// See [`TimelineEvent::ends_at`].
    pub ends_at: Option<DateTime<Utc>>,
    /// See [`TimelineEvent::precision`].
    pub precision: Precision,
    /// See [`TimelineEvent::as_written`].
    pub as_written: String,
    /// See [`TimelineEvent::zone`].
    pub zone: String,
    /// See [`TimelineEvent::kind`].
    pub kind: EventKind,
    /// See [`TimelineEvent::body`].
    pub body: String,
    /// See [`TimelineEvent::flag`].
    pub flag: String,
    /// See [`TimelineEvent::details`].
    pub details: EventDetails,
    /// See [`TimelineEvent::position`].
    pub position: i64,
}

/// The order in which events are told: by time; equal times by position; an event without a time stays behind the one that it
/// followed when it was written down, at the start when it was the first.
pub fn in_order(mut events: Vec<TimelineEvent>) -> Vec<TimelineEvent> {
    events.sort_by_key(|e| e.position);
    let mut last = None;
    let mut keyed: Vec<(Option<DateTime<Utc>>, TimelineEvent)> = events
        .into_iter()
        .map(|event| {
            last = event.at.or(last);
            (last, event)
        })
        .collect();
    // Stable: equal times keep their positions.
    keyed.sort_by_key(|(at, _)| *at);
    keyed.into_iter().map(|(_, event)| event).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(position: i64, minute: Option<i64>) -> TimelineEvent {
        let start = DateTime::<Utc>::UNIX_EPOCH;
        TimelineEvent {
            id: EventId(uuid::Uuid::from_u128(position.unsigned_abs().into())),
            incident_id: IncidentId(uuid::Uuid::nil()),
            at: minute.map(|m| start + chrono::Duration::minutes(m)),
            ends_at: None,
            precision: Precision::Exact,
            as_written: String::new(),
            zone: "UTC".to_owned(),
            kind: EventKind::Note,
            body: String::new(),
            flag: String::new(),
            details: EventDetails::default(),
            position,
            created_by: None,
            version: 1,
        }
    }

    fn told(events: &[(i64, Option<i64>)]) -> Vec<i64> {
        in_order(events.iter().map(|(p, m)| event(*p, *m)).collect()).into_iter().map(|e| e.position).collect()
    }

    #[test]
    fn events_are_told_by_time_and_equal_times_by_position() {
        assert_eq!(told(&[(1, Some(30)), (2, Some(10)), (4, Some(20)), (3, Some(20))]), [2, 3, 4, 1]);
    }

    #[test]
    fn an_event_without_a_time_stays_behind_the_one_it_followed() {
        assert_eq!(told(&[(1, Some(30)), (2, None), (3, Some(10)), (4, None)]), [3, 4, 1, 2]);
        assert_eq!(told(&[(1, None), (2, Some(5))]), [1, 2]);
        assert_eq!(told(&[(1, None), (2, None)]), [1, 2]);
        assert!(told(&[]).is_empty());
    }
}
