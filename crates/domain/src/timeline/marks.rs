//! The marks of an incident on its timeline, what lasted how long between them, and what about them cannot be as it is told.

use super::{Precision, TimelineEvent};
use crate::incidents::{Incident, NewIncident, Origin};
use chrono::{DateTime, TimeDelta, Utc};

/// A moment of the incident itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// The impact began.
    Started,
    /// Somebody or something noticed.
    Detected,
    /// It was said to be an incident.
    Declared,
    /// The impact was lessened, though not all was mended.
    Mitigated,
    /// It was over.
    Resolved,
}

impl Mark {
    /// All, in the order in which they are expected.
    pub const ALL: [Self; 5] = [Self::Started, Self::Detected, Self::Declared, Self::Mitigated, Self::Resolved];

    /// In forms.
    pub fn slug(self) -> &'static str {
        ["started", "detected", "declared", "mitigated", "resolved"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Impact starts", "Noticed", "Declared", "Mitigated", "Over"][self as usize]
    }

    /// Where an incident has it.
    pub fn of(self, incident: &Incident) -> Option<DateTime<Utc>> {
        match self {
            Self::Started => Some(incident.started_at),
            Self::Detected => incident.detected_at,
            Self::Declared => incident.declared_at,
            Self::Mitigated => incident.mitigated_at,
            Self::Resolved => incident.resolved_at,
        }
    }

    /// The incident with this mark at another time.
    pub fn set(self, incident: &Incident, at: DateTime<Utc>) -> NewIncident {
        let mut new = NewIncident {
            title: incident.title.clone(),
            summary: incident.summary.clone(),
            severity: incident.severity,
            nature: incident.nature,
            state: incident.state,
            team_id: incident.team_id,
            started_at: incident.started_at,
            detected_at: incident.detected_at,
            declared_at: incident.declared_at,
            mitigated_at: incident.mitigated_at,
            resolved_at: incident.resolved_at,
            zone: incident.zone.clone(),
            restricted: incident.restricted,
        };
        match self {
            Self::Started => new.started_at = at,
            Self::Detected => new.detected_at = Some(at),
            Self::Declared => new.declared_at = Some(at),
            Self::Mitigated => new.mitigated_at = Some(at),
            Self::Resolved => new.resolved_at = Some(at),
        }
        new
    }
}

/// The marks that are known, in time; equal times in the expected order. A document's first and last times are its events already: its
/// incident has only those that somebody set.
pub fn marks(incident: &Incident) -> Vec<(Mark, DateTime<Utc>)> {
    let imported = incident.origin == Origin::Import;
    let told = |mark: Mark| !imported || !matches!(mark, Mark::Started | Mark::Resolved);
    let mut marks: Vec<_> =
        Mark::ALL.into_iter().filter(|m| told(*m)).filter_map(|mark| mark.of(incident).map(|at| (mark, at))).collect();
    marks.sort_by_key(|(mark, at)| (*at, *mark));
    marks
}

/// Days from the start beyond which the day of an event is doubted: a year typed wrong lies 365 away.
const FAR_DAYS: i64 = 180;

/// What cannot be as it is told, in sentences: marks out of their order, and events on days far away.
pub fn oddities(incident: &Incident, events: &[TimelineEvent]) -> Vec<String> {
    let known: Vec<_> = Mark::ALL.into_iter().filter_map(|mark| mark.of(incident).map(|at| (mark, at))).collect();
    let mut odd: Vec<String> = known
        .windows(2)
        .filter(|pair| pair[1].1 < pair[0].1)
        .map(|pair| format!("“{}” is before “{}”.", pair[1].0.label(), pair[0].0.label()))
        .collect();
    let far = |event: &&TimelineEvent| event.at.is_some_and(|at| (at - incident.started_at).abs() > TimeDelta::days(FAR_DAYS));
    match events.iter().filter(far).count() {
        0 => {}
        1 => odd.push("One event lies more than half a year from the start: is its year right?".to_owned()),
        n => odd.push(format!("{n} events lie more than half a year from the start: are their years right?")),
    }
    odd
}

/// How many events begin while this one lasts. A day alone is no moment, so it is not counted.
pub fn meanwhile(event: &TimelineEvent, events: &[TimelineEvent]) -> usize {
    let (Some(at), Some(end)) = (event.at, event.ends_at) else { return 0 };
    let inside = |other: &&TimelineEvent| {
        other.id != event.id && other.precision != Precision::Date && other.at.is_some_and(|t| at <= t && t < end)
    };
    events.iter().filter(inside).count()
}

#[cfg(test)]
mod tests {
    use super::super::{EventDetails, EventKind};
    use super::*;
    use crate::incidents::{IncidentKey, IncidentState, Nature, Severity};
    use crate::{EventId, IncidentId};

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::<Utc>::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn incident(origin: Origin) -> Incident {
        Incident {
            id: IncidentId(uuid::Uuid::nil()),
            key: IncidentKey(1),
            title: "Slow".to_owned(),
            summary: String::new(),
            severity: Severity::Sev2,
            nature: Nature::Incident,
            state: IncidentState::Resolved,
            team_id: None,
            team: None,
            started_at: at(0),
            detected_at: Some(at(12)),
            declared_at: Some(at(12)),
            mitigated_at: Some(at(40)),
            resolved_at: Some(at(90)),
            zone: "UTC".to_owned(),
            origin,
            created_by: None,
            version: 1,
            published_at: None,
            revised_at: None,
            restricted: false,
        }
    }

    fn event(n: u128, minute: i64, end: Option<i64>) -> TimelineEvent {
        TimelineEvent {
            id: EventId(uuid::Uuid::from_u128(n)),
            incident_id: IncidentId(uuid::Uuid::nil()),
            at: Some(at(minute)),
            ends_at: end.map(at),
            precision: Precision::Exact,
            as_written: String::new(),
            zone: "UTC".to_owned(),
            kind: EventKind::Note,
            body: String::new(),
            flag: String::new(),
            details: EventDetails::default(),
            position: 1,
            created_by: None,
            version: 1,
        }
    }

    #[test]
    fn marks_stand_in_time_and_a_document_has_only_those_that_were_set() {
        let order: Vec<Mark> = marks(&incident(Origin::Hand)).into_iter().map(|(mark, _)| mark).collect();
        assert_eq!(order, Mark::ALL);
        let order: Vec<Mark> = marks(&incident(Origin::Import)).into_iter().map(|(mark, _)| mark).collect();
        assert_eq!(order, [Mark::Detected, Mark::Declared, Mark::Mitigated]);
    }

    #[test]
    fn a_mark_set_is_the_mark_read() {
        let mut there = incident(Origin::Hand);
        for mark in Mark::ALL {
            let new = mark.set(&there, at(5));
            (there.started_at, there.detected_at) = (new.started_at, new.detected_at);
            (there.declared_at, there.mitigated_at, there.resolved_at) = (new.declared_at, new.mitigated_at, new.resolved_at);
            assert_eq!(mark.of(&there), Some(at(5)), "{mark:?}");
            assert_eq!(Mark::from_slug(mark.slug()), Some(mark));
        }
    }

    #[test]
    fn what_cannot_be_is_said() {
        let mut there = incident(Origin::Hand);
        assert!(oddities(&there, &[event(1, 5, None)]).is_empty());
        there.mitigated_at = Some(at(3));
        assert_eq!(oddities(&there, &[]), ["“Mitigated” is before “Declared”."]);
        there.mitigated_at = None;
        there.resolved_at = Some(at(11));
        assert_eq!(oddities(&there, &[]), ["“Over” is before “Declared”."]);
        let year = event(1, 60 * 24 * 365, None);
        assert_eq!(oddities(&incident(Origin::Hand), &[year]).len(), 1);
    }

    #[test]
    fn what_happens_meanwhile_is_counted() {
        let long = event(1, 10, Some(30));
        let mut day = event(5, 12, None);
        day.precision = Precision::Date;
        let events = [long.clone(), event(2, 10, None), event(3, 29, None), event(4, 30, None), day];
        assert_eq!(meanwhile(&long, &events), 2);
        assert_eq!(meanwhile(&events[1], &events), 0);
    }
}
