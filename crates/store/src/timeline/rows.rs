//! An event as its row holds it.

use crate::{Result, StoreError};
use chrono::{DateTime, Utc};
use domain::timeline::{EventDetails, EventKind, EventSource, Placement, Precision, TimelineEvent};
use domain::{EventId, IncidentId, PersonId};

/// Sources as their column holds them.
pub(crate) fn sources_json(sources: &[EventSource]) -> String {
    serde_json::to_string(sources).expect("kinds and texts")
}

/// Most events have none: then there is nothing to read.
fn sources(json: &str) -> Option<Vec<EventSource>> {
    if json == "[]" { Some(Vec::new()) } else { serde_json::from_str(json).ok() }
}

#[derive(sqlx::FromRow)]
pub(super) struct EventRow {
    id: uuid::Uuid,
    incident_id: uuid::Uuid,
    at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
    time_precision: String,
    as_written: String,
    zone: String,
    kind: String,
    body: String,
    flag: String,
    recorded_at: Option<DateTime<Utc>>,
    role: String,
    question: String,
    learned_later: bool,
    sources_json: String,
    placement: String,
    settled_at: Option<DateTime<Utc>>,
    position: i64,
    created_by: Option<uuid::Uuid>,
    version: i64,
}

impl EventRow {
    pub(super) fn into_event(self) -> Result<TimelineEvent> {
        let corrupt = |column| StoreError::Corrupt { table: "events", column };
        Ok(TimelineEvent {
            id: EventId(self.id),
            incident_id: IncidentId(self.incident_id),
            at: self.at,
            ends_at: self.ends_at,
            precision: Precision::from_slug(&self.time_precision).ok_or(corrupt("time_precision"))?,
            as_written: self.as_written,
            zone: self.zone,
            kind: EventKind::from_slug(&self.kind).ok_or(corrupt("kind"))?,
            body: self.body,
            flag: self.flag,
            details: EventDetails {
                recorded_at: self.recorded_at,
                role: self.role,
                question: self.question,
                learned_later: self.learned_later,
                sources: sources(&self.sources_json).ok_or(corrupt("sources_json"))?,
                placement: Placement::from_slug(&self.placement).ok_or(corrupt("placement"))?,
                settled_at: self.settled_at,
            },
            position: self.position,
            created_by: self.created_by.map(PersonId),
            version: self.version,
        })
    }
}
