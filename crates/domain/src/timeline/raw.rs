//! The raw log: what chat, alerting and paging tools recorded, untouched. Events of the story are chosen from it; it is never told by
//! itself.

use super::EventKind;
use crate::imported::Unreadable;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The tool that an entry comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RawSource {
    /// A Slack workspace export.
    Slack,
    /// What a Prometheus Alertmanager sends.
    Alertmanager,
    /// PagerDuty: v3 webhooks and answers of its REST API.
    PagerDuty,
    /// Statuspage: an incident with its updates.
    Statuspage,
    /// What Grafana's alerting sends.
    Grafana,
    /// What incident.io sends and answers.
    IncidentIo,
    /// What Rootly sends.
    Rootly,
    /// A table with a column for the time and one for what happened.
    Csv,
    /// Second Story's own plain JSON, for scripts.
    Json,
}

impl RawSource {
    /// All.
    pub const ALL: [Self; 9] = [
        Self::Slack,
        Self::Alertmanager,
        Self::PagerDuty,
        Self::Statuspage,
        Self::Grafana,
        Self::IncidentIo,
        Self::Rootly,
        Self::Csv,
        Self::Json,
    ];

    /// As stored, in forms and on the command line.
    pub fn slug(self) -> &'static str {
        ["slack", "alertmanager", "pagerduty", "statuspage", "grafana", "incidentio", "rootly", "csv", "json"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Slack", "Alertmanager", "PagerDuty", "Statuspage", "Grafana", "incident.io", "Rootly", "Table (CSV)", "JSON"]
            [self as usize]
    }
}

/// What sort of record an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RawKind {
    /// Somebody or a machine wrote it into a chat.
    Message,
    /// An alert began to fire, an incident was opened.
    Firing,
    /// Somebody took it on.
    Acknowledged,
    /// The alert went quiet, the incident was closed.
    Resolved,
    /// A note that somebody added to the incident.
    Note,
    /// What users were told.
    StatusUpdate,
    /// It went to somebody else: escalated, reassigned, handed over.
    Handover,
    /// The system or the incident's record changed.
    Change,
    /// A record of another sort.
    Other,
}

impl RawKind {
    /// All.
    pub const ALL: [Self; 9] = [
        Self::Message,
        Self::Firing,
        Self::Acknowledged,
        Self::Resolved,
        Self::Note,
        Self::StatusUpdate,
        Self::Handover,
        Self::Change,
        Self::Other,
    ];

    /// As stored.
    pub fn slug(self) -> &'static str {
        ["message", "firing", "acknowledged", "resolved", "note", "status-update", "handover", "change", "other"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Message", "Alert", "Taken on", "Resolved", "Note", "Status update", "Handover", "Change", "Record"][self as usize]
    }

    /// The kind that an event of the story is offered when it is told from this entry.
    pub fn event_kind(self) -> EventKind {
        match self {
            Self::Firing => EventKind::Detection,
            Self::Resolved => EventKind::Recovery,
            Self::StatusUpdate => EventKind::Communication,
            Self::Acknowledged | Self::Handover => EventKind::Handover,
            Self::Change => EventKind::Change,
            Self::Message | Self::Note | Self::Other => EventKind::Note,
        }
    }
}

/// A link that an entry carries.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RawLink {
    /// `http`, `https` or `mailto`; importers leave anything else in the text.
    pub url: String,
    /// Its words at the source; empty when it had none.
    pub title: String,
}

/// Who or what an entry comes from, as its tool knows them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RawAuthor {
    /// Its id at the source, or its name where the source has no ids.
    pub id: String,
    /// As people saw it.
    pub name: String,
    /// To find the person's account by; empty when the source tells none.
    pub email: String,
    /// A bot, an integration, a rule.
    pub machine: bool,
}

/// One entry as an importer understood it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawEntry {
    /// Names the thing at its source. The same thing read twice gives the same name, also when its text was edited there in between;
    /// two things of one log never share one.
    pub external_id: String,
    /// When the source says that it happened. `None` when no time could be read.
    pub at: Option<DateTime<Utc>>,
    /// The time as the source wrote it, where it could not be read or was changed in reading; else empty.
    pub as_written: String,
    /// What sort of record it is.
    pub kind: RawKind,
    /// The [`RawAuthor::id`] of who wrote it, if the source tells.
    pub author: Option<String>,
    /// Where it was written or what it is about: a channel, a service, a component. Empty when the source tells nothing.
    pub place: String,
    /// The [`external_id`](Self::external_id) of the message that it answers (a thread).
    pub in_reply_to: Option<String>,
    /// Plain text as people saw it at the source: mentions by name, entities decoded, no HTML. May be empty when files or details
    /// carry all.
    pub text: String,
    /// Links in the order in which they stand.
    pub links: Vec<RawLink>,
    /// Reactions by name, with how many; never who.
    pub reactions: Vec<(String, u32)>,
    /// Names of attached files; their contents are not taken.
    pub files: Vec<String>,
    /// Labels, annotations and other fields of the source, in its order, as name and value.
    pub details: Vec<(String, String)>,
    /// When it was edited last at the source.
    pub edited_at: Option<DateTime<Utc>>,
}

/// The incident that a log says it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawIncident {
    /// Names it at the source; the same incident in a later payload has the same name. An Alertmanager group is named by its group key.
    pub external_id: String,
    /// One line.
    pub title: String,
    /// As the source says it: `critical`, `P1`, `major`; empty when it says none.
    pub severity: String,
    /// Where it began.
    pub started_at: Option<DateTime<Utc>>,
    /// Where it was over; `None` while it goes on.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Its page at the source; empty when there is none.
    pub url: String,
}

impl RawIncident {
    /// As long as a group of alerts is quiet before it is another outage, not the same one coming back.
    const QUIET: TimeDelta = TimeDelta::hours(1);

    /// Whether `later`, of the same [`external_id`](Self::external_id), is an outage of its own: this one was over for an hour before
    /// that one began. An id alone does not tell, as a group of alerts keeps its key for years; where a time is missing, it is the same.
    pub fn is_another_outage(&self, later: &Self) -> bool {
        self.resolved_at.zip(later.started_at).is_some_and(|(over, began)| began - over > Self::QUIET)
    }
}

/// One log: a channel, an incident of a tool, a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedLog {
    /// What it is called at its source: the channel, the incident's title, the file.
    pub name: String,
    /// The incident, where the source has such a thing.
    pub incident: Option<RawIncident>,
    /// In the order of time; entries without one stay behind the one that they followed.
    pub entries: Vec<RawEntry>,
    /// Everybody that an entry names as its author.
    pub authors: Vec<RawAuthor>,
}

/// What was understood of what was given to an importer of logs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedLogs {
    /// The logs found.
    pub logs: Vec<ImportedLog>,
    /// What could not be read, with the file's name in its words where several files came.
    pub unreadable: Vec<Unreadable>,
    /// What was read with a grain of salt.
    pub notes: Vec<Unreadable>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_another_one_after_an_hour_of_quiet() {
        let span = |from: &str, to: Option<&str>| RawIncident {
            started_at: from.parse().ok(),
            resolved_at: to.and_then(|to| to.parse().ok()),
            ..RawIncident::default()
        };
        let first = span("2026-03-02T08:00:00Z", Some("2026-03-02T09:00:00Z"));
        assert!(!first.is_another_outage(&span("2026-03-02T10:00:00Z", None)));
        assert!(first.is_another_outage(&span("2026-03-02T10:00:01Z", None)));
        assert!(!first.is_another_outage(&RawIncident::default()));
        assert!(!span("2026-03-02T08:00:00Z", None).is_another_outage(&span("2026-04-02T08:00:00Z", None)));
    }

    #[test]
    fn every_source_and_kind_comes_back_from_its_slug() {
        assert!(RawSource::ALL.into_iter().all(|source| RawSource::from_slug(source.slug()) == Some(source)));
        assert!(RawKind::ALL.into_iter().all(|kind| RawKind::from_slug(kind.slug()) == Some(kind)));
        assert_eq!(RawSource::from_slug("Slack"), None);
        assert_eq!(RawKind::from_slug(""), None);
    }
}
