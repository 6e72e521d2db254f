//! Edit history: what an incident's things said before and after each change, as named fields that can be compared and put back.
//!
//! Only what everybody who sees the incident may read has a history: its own fields, events, hypotheses, sections, factors and learnings. Words
//! from one-on-ones, quotes, parked ideas and mitigation items have none.

use crate::TeamId;
use crate::incidents::{Incident, IncidentState, Nature, NewIncident, Severity};
use crate::learnings::{
    Confidence, FactorDetails, FactorState, KnownBefore, LearningDetails, LearningKind, LearningStatus, Phase, Role, Usual,
};
use crate::timeline::hypothesis::{HypothesisState, NewHypothesis};
use crate::timeline::{EventDetails, EventKind, EventSource, NewEvent, Placement, Precision, SourceKind, TimelineEvent};
use crate::vocabulary::Tag;
use chrono::{DateTime, SecondsFormat, Utc};
use std::collections::BTreeMap;

/// What has a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectKind {
    /// The incident's own fields.
    Incident,
    /// A timeline event.
    Event,
    /// A hypothesis.
    Hypothesis,
    /// A section of the review.
    Section,
    /// A contributing factor.
    Factor,
    /// A learning.
    Learning,
}

impl ObjectKind {
    /// All, as the filter offers them.
    pub const ALL: [Self; 6] = [Self::Incident, Self::Event, Self::Hypothesis, Self::Section, Self::Factor, Self::Learning];

    /// As stored and in addresses.
    pub fn slug(self) -> &'static str {
        ["incident", "event", "hypothesis", "section", "factor", "learning"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }

    /// On screen, of several.
    pub fn plural(self) -> &'static str {
        ["The incident itself", "Events", "Hypotheses", "Sections", "Factors", "Learnings"][self as usize]
    }
}

/// What kind of change it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It says something else.
    Changed,
    /// It is taken out.
    Deleted,
    /// It came back, or says again what it said before.
    Restored,
    /// It came with a document.
    Imported,
    /// It came from an incident that is the same one, or went to it.
    Merged,
}

impl Change {
    /// All.
    pub const ALL: [Self; 6] = [Self::Added, Self::Changed, Self::Deleted, Self::Restored, Self::Imported, Self::Merged];

    /// As stored.
    pub fn slug(self) -> &'static str {
        ["added", "changed", "deleted", "restored", "imported", "merged"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.slug() == slug)
    }
}

/// The named fields of a thing at one version; empty ones are left out. Times are instants with their offset, choices are slugs.
pub type Fields = BTreeMap<String, String>;

fn put(fields: &mut Fields, name: &str, value: impl Into<String>) {
    let value = value.into();
    if !value.is_empty() {
        fields.insert(name.to_owned(), value);
    }
}

fn put_time(fields: &mut Fields, name: &str, at: Option<DateTime<Utc>>) {
    put(fields, name, at.map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true)).unwrap_or_default());
}

fn text(fields: &Fields, name: &str) -> String {
    fields.get(name).cloned().unwrap_or_default()
}

/// The instant that a field holds.
pub fn time(fields: &Fields, name: &str) -> Option<DateTime<Utc>> {
    fields.get(name).and_then(|at| DateTime::parse_from_rfc3339(at).ok()).map(|at| at.to_utc())
}

/// An incident's own fields.
pub fn of_incident(incident: &Incident) -> Fields {
    let mut fields = Fields::new();
    put(&mut fields, "title", &incident.title);
    put(&mut fields, "summary", &incident.summary);
    put(&mut fields, "severity", incident.severity.number().to_string());
    if incident.nature != Nature::Incident {
        put(&mut fields, "nature", incident.nature.slug());
    }
    put(&mut fields, "team_id", incident.team_id.map(|t| t.to_string()).unwrap_or_default());
    put(&mut fields, "team", incident.team.clone().unwrap_or_default());
    put_time(&mut fields, "started_at", Some(incident.started_at));
    put_time(&mut fields, "detected_at", incident.detected_at);
    put_time(&mut fields, "declared_at", incident.declared_at);
    put_time(&mut fields, "mitigated_at", incident.mitigated_at);
    put_time(&mut fields, "resolved_at", incident.resolved_at);
    put(&mut fields, "zone", &incident.zone);
    fields
}

/// An incident as its fields say it; `None` when they do not hold one.
pub fn incident(fields: &Fields) -> Option<NewIncident> {
    let resolved_at = time(fields, "resolved_at");
    Some(NewIncident {
        title: text(fields, "title"),
        summary: text(fields, "summary"),
        severity: Severity::from_number(fields.get("severity")?.parse().ok()?)?,
        nature: fields.get("nature").map_or(Nature::Incident, |slug| Nature::from_slug(slug)),
        state: if resolved_at.is_some() { IncidentState::Resolved } else { IncidentState::Open },
        team_id: fields.get("team_id").and_then(|id| id.parse().ok()).map(TeamId),
        started_at: time(fields, "started_at")?,
        detected_at: time(fields, "detected_at"),
        declared_at: time(fields, "declared_at"),
        mitigated_at: time(fields, "mitigated_at"),
        resolved_at,
        zone: text(fields, "zone"),
        // Who sees it is changed elsewhere.
        restricted: false,
    })
}

/// An event's fields.
pub fn of_event(event: &TimelineEvent) -> Fields {
    let mut fields = Fields::new();
    put_time(&mut fields, "at", event.at);
    put_time(&mut fields, "ends_at", event.ends_at);
    put(&mut fields, "precision", event.precision.slug());
    put(&mut fields, "as_written", &event.as_written);
    put(&mut fields, "zone", &event.zone);
    put(&mut fields, "kind", event.kind.slug());
    put(&mut fields, "body", &event.body);
    put(&mut fields, "flag", &event.flag);
    let details = &event.details;
    put_time(&mut fields, "recorded_at", details.recorded_at);
    put(&mut fields, "role", &details.role);
    put(&mut fields, "question", &details.question);
    put(&mut fields, "learned_later", if details.learned_later { "yes" } else { "" });
    put(&mut fields, "sources", sources_text(&details.sources));
    put(&mut fields, "placement", details.placement.slug());
    put_time(&mut fields, "settled_at", details.settled_at);
    fields
}

/// An event as its fields say it; `None` when they do not hold one. It has no position of its own.
pub fn event(fields: &Fields) -> Option<NewEvent> {
    Some(NewEvent {
        at: time(fields, "at"),
        ends_at: time(fields, "ends_at"),
        precision: Precision::from_slug(fields.get("precision")?)?,
        as_written: text(fields, "as_written"),
        zone: text(fields, "zone"),
        kind: EventKind::from_slug(fields.get("kind")?)?,
        body: text(fields, "body"),
        flag: text(fields, "flag"),
        details: EventDetails {
            recorded_at: time(fields, "recorded_at"),
            role: text(fields, "role"),
            question: text(fields, "question"),
            learned_later: fields.contains_key("learned_later"),
            sources: fields.get("sources").map(|said| sources(said)).unwrap_or_default(),
            placement: Placement::from_slug(&text(fields, "placement"))?,
            settled_at: time(fields, "settled_at"),
        },
        position: 0,
    })
}

/// One source a line: kind, address, words.
fn sources_text(sources: &[EventSource]) -> String {
    let lines: Vec<String> =
        sources.iter().map(|s| format!("{} {} {}", s.kind.slug(), s.url, s.title).trim_end().to_owned()).collect();
    lines.join("\n")
}

fn sources(said: &str) -> Vec<EventSource> {
    let one = |line: &str| {
        let mut parts = line.splitn(3, ' ');
        let (kind, url) = (SourceKind::from_slug(parts.next()?)?, parts.next()?.to_owned());
        Some(EventSource { kind, url, title: parts.next().unwrap_or_default().to_owned() })
    };
    said.lines().filter_map(one).collect()
}

/// A hypothesis's fields.
pub fn of_hypothesis(said: &NewHypothesis) -> Fields {
    let mut fields = Fields::new();
    put(&mut fields, "body", &said.body);
    put(&mut fields, "state", said.state.slug());
    put_time(&mut fields, "raised_at", said.raised_at);
    put_time(&mut fields, "settled_at", said.settled_at);
    put(&mut fields, "spoke_for", &said.spoke_for);
    put(&mut fields, "spoke_against", &said.spoke_against);
    put(&mut fields, "zone", &said.zone);
    fields
}

/// A hypothesis as its fields say it; `None` when they do not hold one.
pub fn hypothesis(fields: &Fields) -> Option<NewHypothesis> {
    Some(NewHypothesis {
        body: text(fields, "body"),
        state: HypothesisState::from_slug(fields.get("state")?)?,
        raised_at: time(fields, "raised_at"),
        settled_at: time(fields, "settled_at"),
        spoke_for: text(fields, "spoke_for"),
        spoke_against: text(fields, "spoke_against"),
        zone: text(fields, "zone"),
    })
}

/// A factor's fields.
pub fn of_factor(tags: &[Tag], body: &str, details: &FactorDetails) -> Fields {
    let mut fields = Fields::new();
    put(&mut fields, "tags", tags.iter().map(Tag::as_str).collect::<Vec<_>>().join(","));
    put(&mut fields, "body", body);
    if details.role != Role::Contributor {
        put(&mut fields, "role", details.role.slug());
    }
    put(&mut fields, "phase", details.phase.map_or("", Phase::slug));
    put(&mut fields, "known", details.known.map_or("", KnownBefore::slug));
    put(&mut fields, "usual", details.usual.map_or("", Usual::slug));
    put(&mut fields, "confidence", details.confidence.map_or("", Confidence::slug));
    if details.state != FactorState::Proposed {
        put(&mut fields, "state", details.state.slug());
    }
    put(&mut fields, "other_view", &details.other_view);
    put(&mut fields, "evidence", details.evidence.join("\n"));
    fields
}

/// A factor as its fields say it: tags, words and details. Those from before there were several tags have one category.
pub fn factor(fields: &Fields) -> Option<(Vec<Tag>, String, FactorDetails)> {
    fields.get("body")?;
    let said = fields.get("tags").or_else(|| fields.get("category")).map_or("", String::as_str);
    let tags = said.split(',').filter(|slug| !slug.is_empty()).map(Tag::parse).collect::<Option<Vec<Tag>>>()?;
    let slug = |name: &str| fields.get(name).map_or("", String::as_str);
    let details = FactorDetails {
        role: Role::from_slug(slug("role")).unwrap_or(Role::Contributor),
        phase: Phase::from_slug(slug("phase")),
        known: KnownBefore::from_slug(slug("known")),
        usual: Usual::from_slug(slug("usual")),
        confidence: Confidence::from_slug(slug("confidence")),
        state: FactorState::from_slug(slug("state")).unwrap_or(FactorState::Proposed),
        other_view: text(fields, "other_view"),
        evidence: slug("evidence").lines().map(str::to_owned).collect(),
    };
    Some((tags.into_iter().filter(|tag| !tag.is_unsorted()).collect(), text(fields, "body"), details))
}

/// A learning as its fields say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidLearning {
    /// System, people or process.
    pub kind: LearningKind,
    /// What is known now.
    pub body: String,
    /// What was thought before.
    pub before: String,
    /// Worded as a plan in its document.
    pub worded_as_plan: bool,
    /// What else is said of it; its teams stand in `teams`.
    pub details: LearningDetails,
    /// Names of the teams that should know.
    pub teams: Vec<String>,
}

/// A learning's fields.
pub fn of_learning(said: &SaidLearning) -> Fields {
    let SaidLearning { kind, body, before, worded_as_plan, details, teams } = said;
    let mut fields = Fields::new();
    put(&mut fields, "kind", kind.slug());
    put(&mut fields, "body", body);
    put(&mut fields, "before", before);
    put(&mut fields, "worded_as_plan", if *worded_as_plan { "yes" } else { "" });
    put(&mut fields, "evidence", details.evidence.join("\n"));
    put(&mut fields, "teams", teams.join("\n"));
    if details.status != LearningStatus::New {
        put(&mut fields, "status", details.status.slug());
    }
    put(&mut fields, "reason", &details.reason);
    put(&mut fields, "replaced_by", details.replaced_by.map(|id| id.to_string()).unwrap_or_default());
    fields
}

/// A learning as its fields say it; `None` when they do not hold one.
pub fn learning(fields: &Fields) -> Option<SaidLearning> {
    let lines = |name: &str| text(fields, name).lines().map(str::to_owned).collect();
    Some(SaidLearning {
        kind: LearningKind::from_slug(fields.get("kind")?)?,
        body: text(fields, "body"),
        before: text(fields, "before"),
        worded_as_plan: fields.contains_key("worded_as_plan"),
        details: LearningDetails {
            evidence: lines("evidence"),
            teams: Vec::new(),
            status: LearningStatus::from_slug(&text(fields, "status")).unwrap_or_default(),
            reason: text(fields, "reason"),
            replaced_by: text(fields, "replaced_by").parse().ok(),
        },
        teams: lines("teams"),
    })
}

/// A section's only field.
pub fn of_section(body: &str) -> Fields {
    let mut fields = Fields::new();
    put(&mut fields, "body", body);
    fields
}

/// A section's words.
pub fn section(fields: &Fields) -> String {
    text(fields, "body")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EventId, IncidentId};

    fn at(text: &str) -> Option<DateTime<Utc>> {
        DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc())
    }

    #[test]
    fn slugs_read_back() {
        assert!(ObjectKind::ALL.into_iter().all(|k| ObjectKind::from_slug(k.slug()) == Some(k)));
        assert!(Change::ALL.into_iter().all(|c| Change::from_slug(c.slug()) == Some(c)));
    }

    #[test]
    fn an_event_comes_back_from_its_fields_to_the_microsecond() {
        let event_was = TimelineEvent {
            id: EventId(uuid::Uuid::from_u128(1)),
            incident_id: IncidentId(uuid::Uuid::from_u128(2)),
            at: at("2026-03-02T10:10:00.000001Z"),
            ends_at: None,
            precision: Precision::About,
            as_written: "~ ten past".to_owned(),
            zone: "Europe/Copenhagen".to_owned(),
            kind: EventKind::Decision,
            body: "Two\nlines".to_owned(),
            flag: String::new(),
            details: EventDetails {
                recorded_at: at("2026-03-02T10:12:00Z"),
                role: "on-call engineer".to_owned(),
                question: "What did the graph show?".to_owned(),
                learned_later: true,
                sources: vec![
                    EventSource {
                        kind: SourceKind::Metric,
                        title: "Queue length, wide".to_owned(),
                        url: "https://g.example/q".to_owned(),
                    },
                    EventSource { kind: SourceKind::Link, title: String::new(), url: "https://w.example/".to_owned() },
                ],
                placement: Placement::Undone,
                settled_at: at("2026-03-03T08:00:00Z"),
            },
            position: 7,
            created_by: None,
            version: 3,
        };
        let fields = of_event(&event_was);
        assert!(!fields.contains_key("flag"), "what is empty is left out");
        let again = event(&fields).expect("an event");
        assert_eq!((again.at, again.precision, again.kind), (event_was.at, event_was.precision, event_was.kind));
        assert_eq!((again.body, again.as_written, again.ends_at), (event_was.body, event_was.as_written, None));
        assert_eq!(again.details, event_was.details);
    }

    #[test]
    fn a_hypothesis_comes_back_from_its_fields() {
        let said = NewHypothesis {
            body: "The cache is cold".to_owned(),
            state: HypothesisState::Dropped,
            raised_at: at("2026-03-02T10:10:00Z"),
            settled_at: None,
            spoke_for: "Slow after each deployment".to_owned(),
            spoke_against: String::new(),
            zone: "UTC".to_owned(),
        };
        assert_eq!(hypothesis(&of_hypothesis(&said)), Some(said));
        assert_eq!(hypothesis(&Fields::new()), None);
    }

    #[test]
    fn factors_and_learnings_come_back_from_their_fields() {
        let tags = ["capacity", "luck"].map(|slug| Tag::parse(slug).unwrap()).to_vec();
        let plain = of_factor(&tags, "Full", &FactorDetails::default());
        assert_eq!(plain.len(), 2, "what nobody said has no field");
        assert_eq!(factor(&plain), Some((tags, "Full".to_owned(), FactorDetails::default())));
        let details = FactorDetails {
            role: Role::Luck,
            phase: Some(Phase::Repair),
            known: Some(KnownBefore::Written),
            usual: Some(Usual::Normal),
            confidence: Some(Confidence::Guess),
            state: FactorState::Disputed,
            other_view: "It was **not** full".to_owned(),
            evidence: vec!["https://a.example".to_owned(), "/incidents/INC-1#e-2".to_owned()],
        };
        assert_eq!(factor(&of_factor(&[], "Full", &details)), Some((Vec::new(), "Full".to_owned(), details)));
        assert_eq!(factor(&Fields::new()), None, "nothing is no factor");
        let older = Fields::from([("category".to_owned(), "unsorted".to_owned()), ("body".to_owned(), "Full".to_owned())]);
        assert_eq!(factor(&older), Some((Vec::new(), "Full".to_owned(), FactorDetails::default())));
        let said = SaidLearning {
            kind: LearningKind::System,
            body: "Now".to_owned(),
            before: String::new(),
            worded_as_plan: true,
            details: LearningDetails::default(),
            teams: Vec::new(),
        };
        let fields = of_learning(&said);
        assert_eq!(fields.len(), 3, "what nobody said has no field");
        assert_eq!(learning(&fields), Some(said.clone()));
        let details = LearningDetails {
            evidence: vec!["https://a.example".to_owned(), "/incidents/INC-1#e-2".to_owned()],
            teams: Vec::new(),
            status: LearningStatus::Outdated,
            reason: "The pool grows by itself.".to_owned(),
            replaced_by: "6f1c2b34-0000-4000-8000-000000000001".parse().ok(),
        };
        let said = SaidLearning { details, teams: vec!["Harbour".to_owned(), "Yard".to_owned()], ..said };
        assert_eq!(learning(&of_learning(&said)), Some(said));
        assert_eq!(event(&Fields::new()), None);
        assert_eq!(incident(&Fields::new()), None);
        assert_eq!(learning(&Fields::new()), None);
    }
}
