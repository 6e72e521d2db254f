//! Perspectives: one lane a responder beside the factual lane, with words of their one-on-one at the events that they speak of.
//!
//! Words stand in a lane only while their answer carries its author's name to who looks: words without a name would tell by their time
//! and their lane who said them (PRODUCT.md rule 4). What is told differently is something to talk about; nothing here says who is right.

use super::{Precision, TimelineEvent};
use crate::interviews::Audience;
use crate::reviews::is_word_for_word;
use crate::{AnswerId, EventId, Invalid, PlacedId, text, walltime};
use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Tz;

/// Most words placed in one incident: twelve people with fifty each. The limit is against a script that never stops.
pub const PLACED_MAX: usize = 600;
/// Longest note beside a moment that is told differently, in characters.
pub const NOTE_MAX: usize = 200;
/// Two times for an exact one are the same below this.
const EXACT: TimeDelta = TimeDelta::minutes(2);
/// The same for a time that somebody remembers.
const ABOUT: TimeDelta = TimeDelta::minutes(15);

/// Whether words of an answer with this audience may stand in their author's lane.
pub fn has_lane(audience: Audience) -> bool {
    matches!(audience, Audience::Facilitator | Audience::Named)
}

/// Words of an answer, at an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedWords {
    /// Their id; random, and none of the answer's.
    pub id: PlacedId,
    /// Where they stand.
    pub event: EventId,
    /// The answer that says them; `None` for who may not read it and knows them from the story.
    pub answer: Option<AnswerId>,
    /// The question's words, as over the answer; empty for who knows them from the story.
    pub question: String,
    /// The words.
    pub text: String,
    /// When it was for their author, where that is another time than the timeline's.
    pub own_time: Option<DateTime<Utc>>,
    /// It was marked that this is told differently here.
    pub differs: bool,
    /// How far the answer travels now.
    pub audience: Audience,
    /// The answer is a draft again: its author alone sees these words.
    pub draft: bool,
}

/// Whose lane it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The viewer's own.
    Mine,
    /// Somebody's, by name.
    Of(String),
}

/// What one responder tells, as far as the viewer may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Whose.
    pub whose: Whose,
    /// The role that they told, in words; empty where the viewer may not read it or none was told.
    pub role: String,
    /// Their IANA zone: their nights are shaded by it.
    pub zone: String,
    /// Stretches of work, in time: their worker alone sees them (PRODUCT.md, question 3).
    pub work: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// Words, in no order of their own: the events give one.
    pub words: Vec<PlacedWords>,
}

impl Lane {
    /// The name over it: the role first, since that is what a reader needs.
    pub fn label(&self) -> String {
        let name = match &self.whose {
            Whose::Mine => "You",
            Whose::Of(name) => name,
        };
        if self.role.is_empty() { name.to_owned() } else { format!("{} · {name}", self.role) }
    }

    /// The words at an event.
    pub fn at(&self, event: EventId) -> impl Iterator<Item = &PlacedWords> {
        self.words.iter().filter(move |words| words.event == event)
    }
}

/// A facilitator's note at a moment that is told differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Where.
    pub event: EventId,
    /// A few neutral words on what differs.
    pub note: String,
    /// Counts its saves.
    pub version: i64,
}

/// A moment that is told differently, or may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where.
    pub event: EventId,
    /// The facilitator's note, where there is one.
    pub note: Option<String>,
    /// Somebody said so. Otherwise two times alone hint at it.
    pub said: bool,
    /// Times that differ from the timeline's: whose (the lane's label) and when it was for them.
    pub times: Vec<(String, DateTime<Utc>)>,
}

/// The moments that are told differently, in the order of the events: noted by a facilitator, marked at the words, or with times of
/// their own that are further from the timeline's, or from each other, than the event's precision.
pub fn differences(events: &[TimelineEvent], lanes: &[Lane], noted: &[Noted]) -> Vec<Difference> {
    let mut found = Vec::new();
    for event in events {
        let here = || lanes.iter().flat_map(|lane| lane.at(event.id).map(move |words| (lane, words)));
        let note = noted.iter().find(|n| n.event == event.id).map(|n| n.note.clone());
        let said = note.is_some() || here().any(|(_, words)| words.differs);
        let own: Vec<(String, DateTime<Utc>)> =
            here().filter_map(|(lane, words)| words.own_time.map(|at| (lane.label(), at))).collect();
        let apart = own.iter().any(|(_, at)| own.iter().any(|(_, other)| (*at - *other).abs() > leeway(event.precision)));
        let elsewhere = own.iter().any(|(_, at)| is_elsewhere(event, *at));
        if said || apart || elsewhere {
            found.push(Difference { event: event.id, note, said, times: own });
        }
    }
    found
}

fn leeway(precision: Precision) -> TimeDelta {
    if precision == Precision::Exact { EXACT } else { ABOUT }
}

/// Whether somebody's time for an event is another one than the timeline's. An event that lasts holds all times within.
fn is_elsewhere(event: &TimelineEvent, own: DateTime<Utc>) -> bool {
    let Some(at) = event.at else { return false };
    match event.precision {
        Precision::Exact | Precision::About => {
            let leeway = leeway(event.precision);
            own < at - leeway || own > event.ends_at.unwrap_or(at) + leeway
        }
        // Only the day is known: a time on it is no other one.
        Precision::Date | Precision::None => false,
    }
}

/// Words as somebody places them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placing {
    /// The words: the answer, or a part of it.
    pub passage: String,
    /// When it was for their author, as typed; empty: as the timeline says.
    pub own_time: String,
    /// It is told differently here.
    pub differs: bool,
}

/// Words as they are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPlaced {
    /// The words.
    pub text: String,
    /// See [`PlacedWords::own_time`].
    pub own_time: Option<DateTime<Utc>>,
    /// See [`PlacedWords::differs`].
    pub differs: bool,
}

impl Placing {
    /// The words as they are kept, if they are those of the answer. A time of day is that of the day on which it lies closest to `near`,
    /// in the zone that the incident is told in.
    ///
    /// # Errors
    /// Fields `passage` and `own_time`.
    pub fn checked(&self, answer: &str, near: DateTime<Utc>, zone: Tz) -> Result<NewPlaced, Invalid> {
        let mut invalid = Invalid::default();
        let text = invalid.take(text::required("passage", &self.passage)).unwrap_or_default();
        if !text.is_empty() && !is_word_for_word(answer, &text) {
            invalid.add("passage", "These are not the author’s words to the letter. Please copy them from the answer.");
        }
        let own_time = invalid.take(own_time(&self.own_time, near, zone)).flatten();
        invalid.or_ok()?;
        Ok(NewPlaced { text: text.trim().to_owned(), own_time, differs: self.differs })
    }
}

fn own_time(typed: &str, near: DateTime<Utc>, zone: Tz) -> Result<Option<DateTime<Utc>>, Invalid> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let clock = walltime::parse_clock(typed)
        .map_err(|_| Invalid::one("own_time", "Please write the time like 02:14 or 0214, from 00:00 to 23:59."))?;
    let day = near.with_timezone(&zone).date_naive();
    let days = [day.checked_sub_days(Days::new(1)), Some(day), day.checked_add_days(Days::new(1))];
    let times = days.into_iter().flatten().map(|day| walltime::to_utc(zone, day.and_time(clock)).at);
    Ok(times.min_by_key(|at| (*at - near).abs()))
}

/// The note beside a moment that is told differently, as it is kept: a line.
///
/// # Errors
/// Field `note`.
pub fn note(typed: &str) -> Result<String, Invalid> {
    text::line("note", typed, NOTE_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IncidentId;
    use crate::timeline::{EventDetails, EventKind};

    const ANSWER: &str = "I saw it at ten past. The board was green.";

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn event(n: u128, time: Option<&str>, precision: Precision) -> TimelineEvent {
        TimelineEvent {
            id: EventId(uuid::Uuid::from_u128(n)),
            incident_id: IncidentId(uuid::Uuid::nil()),
            at: time.map(at),
            ends_at: None,
            precision,
            as_written: String::new(),
            zone: "UTC".to_owned(),
            kind: EventKind::Note,
            body: String::new(),
            flag: String::new(),
            details: EventDetails::default(),
            position: 0,
            created_by: None,
            version: 1,
        }
    }

    fn words(event: u128, own: Option<&str>, differs: bool) -> PlacedWords {
        PlacedWords {
            id: PlacedId(uuid::Uuid::nil()),
            event: EventId(uuid::Uuid::from_u128(event)),
            answer: None,
            question: String::new(),
            text: ANSWER.to_owned(),
            own_time: own.map(at),
            differs,
            audience: Audience::Named,
            draft: false,
        }
    }

    fn lane(name: &str, role: &str, words: Vec<PlacedWords>) -> Lane {
        let whose = if name.is_empty() { Whose::Mine } else { Whose::Of(name.to_owned()) };
        Lane { whose, role: role.to_owned(), zone: "UTC".to_owned(), work: Vec::new(), words }
    }

    #[test]
    fn words_without_a_name_and_words_for_nobody_have_no_lane() {
        let with: Vec<Audience> = Audience::ALL.into_iter().filter(|a| has_lane(*a)).collect();
        assert_eq!(with, [Audience::Facilitator, Audience::Named]);
    }

    #[test]
    fn a_lane_is_labelled_by_role_first() {
        assert_eq!(lane("Rune", "First responder", vec![]).label(), "First responder · Rune");
        assert_eq!(lane("Rune", "", vec![]).label(), "Rune");
        assert_eq!(lane("", "", vec![]).label(), "You");
    }

    #[test]
    fn words_are_placed_to_the_letter_and_their_time_is_the_closest_one() {
        let near = at("2026-03-02T23:50:00Z");
        let placing = |passage: &str, own: &str| Placing { passage: passage.into(), own_time: own.into(), differs: true };
        let kept = placing(" I saw it at ten past. ", "0010").checked(ANSWER, near, chrono_tz::UTC).unwrap();
        assert_eq!(
            kept,
            NewPlaced { text: "I saw it at ten past.".into(), own_time: Some(at("2026-03-03T00:10:00Z")), differs: true }
        );
        assert_eq!(
            placing(ANSWER, "23.40").checked(ANSWER, near, chrono_tz::UTC).unwrap().own_time,
            Some(at("2026-03-02T23:40:00Z"))
        );
        assert_eq!(placing(ANSWER, " ").checked(ANSWER, near, chrono_tz::UTC).unwrap().own_time, None);
        let refused = placing("I saw nothing", "ten").checked(ANSWER, near, chrono_tz::UTC).unwrap_err();
        assert_eq!(refused.fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["passage", "own_time"]);
    }

    #[test]
    fn moments_are_told_differently_where_somebody_says_so_or_times_are_apart() {
        let events = [
            event(1, Some("2026-03-02T10:00:00Z"), Precision::Exact),
            event(2, Some("2026-03-02T11:00:00Z"), Precision::About),
            event(3, Some("2026-03-02T12:00:00Z"), Precision::Exact),
            event(4, Some("2026-03-02T00:00:00Z"), Precision::Date),
            event(5, Some("2026-03-02T13:00:00Z"), Precision::Exact),
        ];
        let lanes = [
            lane("Rune", "", vec![words(1, Some("2026-03-02T10:10:00Z"), false), words(2, Some("2026-03-02T11:10:00Z"), false)]),
            lane("Olaf", "", vec![words(3, None, true), words(4, Some("2026-03-02T15:00:00Z"), false), words(5, None, false)]),
        ];
        let of = |noted: &[Noted]| {
            let found = differences(&events, &lanes, noted);
            found.iter().map(|d| (d.event.0.as_u128(), d.said, d.times.len())).collect::<Vec<_>>()
        };
        assert_eq!(of(&[]), [(1, false, 1), (3, true, 0)], "about is not another time, nor is a time on the day");
        let noted = [Noted { event: events[4].id, note: "Two orders".to_owned(), version: 1 }];
        assert_eq!(of(&noted), [(1, false, 1), (3, true, 0), (5, true, 0)]);
    }

    #[test]
    fn two_times_of_their_own_are_apart_also_where_the_timeline_has_none() {
        let events = [event(1, None, Precision::None)];
        let lanes = [
            lane("Rune", "", vec![words(1, Some("2026-03-02T10:00:00Z"), false)]),
            lane("Olaf", "", vec![words(1, Some("2026-03-02T10:40:00Z"), false)]),
        ];
        assert_eq!(differences(&events, &lanes, &[]).len(), 1);
        assert!(differences(&events, &lanes[..1], &[]).is_empty());
        let mut lasts = event(1, Some("2026-03-02T09:00:00Z"), Precision::Exact);
        lasts.ends_at = Some(at("2026-03-02T10:05:00Z"));
        assert!(differences(&[lasts], &lanes[..1], &[]).is_empty(), "within what lasts");
    }

    #[test]
    fn a_note_is_a_line() {
        assert_eq!(note(" two  orders\nof things ").unwrap(), "two orders of things");
        assert!(note(" ").is_err());
        assert!(note(&"a".repeat(NOTE_MAX + 1)).is_err());
    }
}
