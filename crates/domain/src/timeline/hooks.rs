//! Hooks: what is made of an alert that a tool sends by itself. Which outage it belongs to is decided here, once, without a database.

use super::raw::{ImportedLog, RawIncident, RawKind, RawSource};
use super::telling::severity;
use crate::Invalid;
use crate::incidents::Severity;
use crate::text::TITLE_MAX;
use chrono::{DateTime, TimeDelta, Utc};

/// Which tool sends to a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HookKind {
    /// A Prometheus Alertmanager.
    Alertmanager,
    /// PagerDuty's v3 webhooks; signed.
    PagerDuty,
    /// Grafana's alerting.
    Grafana,
    /// Anything else that importers read.
    Generic,
}

impl HookKind {
    /// All.
    pub const ALL: [Self; 4] = [Self::Alertmanager, Self::PagerDuty, Self::Grafana, Self::Generic];

    /// As stored and in addresses.
    pub fn slug(self) -> &'static str {
        ["alertmanager", "pagerduty", "grafana", "generic"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Alertmanager", "PagerDuty", "Grafana", "Another tool"][self as usize]
    }

    /// Whose format it is; `None` where what comes says so itself.
    pub fn source(self) -> Option<RawSource> {
        [Some(RawSource::Alertmanager), Some(RawSource::PagerDuty), Some(RawSource::Grafana), None][self as usize]
    }
}

/// What a hook does with what comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// An incident is made at once; else it is proposed.
    pub opens: bool,
    /// The least grave that it takes.
    pub least: Severity,
    /// Labels that one alert of it must carry, all of them; none takes everything.
    pub labels: Vec<(String, String)>,
    /// Firing again after no more than this is the same outage.
    pub quiet: TimeDelta,
}

impl Rule {
    /// Labels as they are typed: one `name=value` a line.
    ///
    /// # Errors
    /// Field `label_match` for a line that is none, and for more than 20.
    pub fn read_labels(typed: &str) -> Result<Vec<(String, String)>, Invalid> {
        let lines: Vec<&str> = typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let read = |line: &&str| {
            let (name, value) = line.split_once('=')?;
            let (name, value) = (name.trim(), value.trim().trim_matches('"'));
            (!name.is_empty() && name.len() <= TITLE_MAX && value.len() <= TITLE_MAX).then(|| (name.to_owned(), value.to_owned()))
        };
        let labels: Option<Vec<_>> = lines.iter().map(read).collect();
        let sentence = "Please write one label a line, as severity=critical, and 20 at most.";
        labels.filter(|labels| labels.len() <= 20).ok_or_else(|| Invalid::one("label_match", sentence))
    }

    /// Labels as they are shown.
    pub fn label_lines(&self) -> String {
        self.labels.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("\n")
    }

    fn takes(&self, subject: &RawIncident, log: &ImportedLog) -> Result<(), &'static str> {
        if severity(&subject.severity).number() > self.least.number() {
            return Err("Less grave than this hook takes.");
        }
        let carries = |details: &[(String, String)]| self.labels.iter().all(|label| details.contains(label));
        if !self.labels.is_empty() && !log.entries.iter().any(|entry| carries(&entry.details)) {
            return Err("Its labels are not those that this hook takes.");
        }
        Ok(())
    }
}

/// What became of an outage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutageState {
    /// Somebody is to look at it.
    Proposed,
    /// Somebody said that it is no incident.
    Dismissed,
    /// It is an incident.
    Opened,
    /// Its incident was deleted for good.
    Gone,
}

impl OutageState {
    /// All.
    pub const ALL: [Self; 4] = [Self::Proposed, Self::Dismissed, Self::Opened, Self::Gone];

    /// As stored.
    pub fn slug(self) -> &'static str {
        ["proposed", "dismissed", "opened", "gone"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.slug() == slug)
    }
}

/// The course of an outage as far as it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// Where it began.
    pub started_at: DateTime<Utc>,
    /// Where it was over; `None` while it goes on.
    pub resolved_at: Option<DateTime<Utc>>,
    /// The latest time that anything tells of.
    pub last_at: DateTime<Utc>,
}

/// The latest outage of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// What became of it.
    pub state: OutageState,
    /// Its course.
    pub course: Course,
    /// When something came of it last.
    pub heard_at: DateTime<Utc>,
}

/// What is made of what came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It belongs to the outage that is there, which goes on so.
    Attach(Course),
    /// A new incident.
    Open(Course),
    /// A new proposal.
    Propose(Course),
    /// Nothing, and why. The outage that it belongs to, where there is one, goes on so.
    Leave(&'static str, Option<Course>),
}

/// An outage that never said its end is over when nothing was heard of it for so long: tools repeat what still fires every few hours.
const UNHEARD: TimeDelta = TimeDelta::hours(24);

/// Whether an id of this tool names one outage, and no other ever.
pub fn names_one_outage(source: RawSource) -> bool {
    matches!(source, RawSource::PagerDuty | RawSource::Statuspage | RawSource::IncidentIo | RawSource::Rootly)
}

/// The incident that a log tells of; a log that names none is named by itself.
pub fn subject(log: &ImportedLog) -> RawIncident {
    let times = || log.entries.iter().filter_map(|entry| entry.at);
    let last = log.entries.iter().rfind(|entry| matches!(entry.kind, RawKind::Firing | RawKind::Resolved));
    let over = last.filter(|entry| entry.kind == RawKind::Resolved).and_then(|entry| entry.at);
    let of_entries = RawIncident {
        external_id: log.name.clone(),
        title: log.name.clone(),
        started_at: times().min(),
        resolved_at: over,
        ..RawIncident::default()
    };
    match &log.incident {
        None => of_entries,
        Some(said) => RawIncident {
            started_at: said.started_at.or(of_entries.started_at),
            title: if said.title.trim().is_empty() { of_entries.title } else { said.title.clone() },
            ..said.clone()
        },
    }
}

/// Which outage of a group, the latest first, a log is looked at with: the latest, unless all that it tells of lies before that one and
/// within an earlier one.
pub fn pick(outages: &[Outage], log: &ImportedLog, quiet: TimeDelta) -> Option<usize> {
    let latest = outages.first()?;
    let last_at = log.entries.iter().filter_map(|entry| entry.at).max();
    let Some(last_at) = last_at.filter(|at| *at < latest.course.started_at) else { return Some(0) };
    let holds = |o: &Outage| o.course.started_at <= last_at && o.course.resolved_at.is_some_and(|over| last_at <= over + quiet);
    outages.iter().position(holds).or(Some(0))
}

/// What to make of a log, with the latest outage of its group.
pub fn decide(rule: &Rule, source: RawSource, log: &ImportedLog, before: Option<&Outage>, now: DateTime<Utc>) -> Decision {
    let subject = subject(log);
    let last_at = log.entries.iter().filter_map(|entry| entry.at).chain(subject.resolved_at).max();
    if let Some(before) = before.filter(|before| names_one_outage(source) || !is_another(rule, log, &subject, before)) {
        let course = went_on(before.course, log, &subject, last_at);
        return match before.state {
            OutageState::Proposed | OutageState::Opened => Decision::Attach(course),
            OutageState::Dismissed => Decision::Leave("Somebody said that this is no incident.", Some(course)),
            OutageState::Gone => Decision::Leave("Its incident was deleted for good.", Some(course)),
        };
    }
    if let Err(why) = rule.takes(&subject, log) {
        return Decision::Leave(why, None);
    }
    let fresh = before.and_then(|before| began(log, before.course.resolved_at.unwrap_or(before.heard_at)));
    let started_at = fresh.or(subject.started_at).or(last_at).unwrap_or(now);
    let resolved_at = subject.resolved_at.filter(|at| *at >= started_at);
    let course = Course { started_at, resolved_at, last_at: last_at.unwrap_or(started_at).max(started_at) };
    if rule.opens { Decision::Open(course) } else { Decision::Propose(course) }
}

/// The first alert that began to fire after this.
fn began(log: &ImportedLog, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let firing = log.entries.iter().filter(|entry| entry.kind == RawKind::Firing);
    firing.filter_map(|entry| entry.at).filter(|at| *at > after).min()
}

/// Whether this is not the outage before, but one of its own: it fires again after the quiet period, or after nothing was heard for a day.
fn is_another(rule: &Rule, log: &ImportedLog, subject: &RawIncident, before: &Outage) -> bool {
    let (after, quiet) = match before.course.resolved_at {
        Some(over) => (over, rule.quiet),
        None => (before.heard_at, UNHEARD),
    };
    // Whatever of it fired earlier belongs to the outage before, and so does all that came with it.
    let old = log.entries.iter().any(|e| e.kind == RawKind::Firing && e.at.is_some_and(|at| at <= after + quiet));
    let fresh = began(log, after).or(subject.started_at.filter(|at| *at > after));
    !old && fresh.is_some_and(|at| at - after > quiet)
}

/// How an outage goes on with this. What tells of earlier times than are known changes nothing: it came late.
fn went_on(before: Course, log: &ImportedLog, subject: &RawIncident, last_at: Option<DateTime<Utc>>) -> Course {
    let Some(last_at) = last_at.filter(|at| *at >= before.last_at) else { return before };
    let resolved_at = match (subject.resolved_at, before.resolved_at) {
        (Some(over), _) => Some(over.max(before.started_at)),
        // Only an alert that began since then fires again; a note does not.
        (None, Some(over)) if began(log, over).is_some() => None,
        (None, over) => over,
    };
    Course { resolved_at, last_at, ..before }
}

#[cfg(test)]
#[path = "hooks_tests.rs"]
mod tests;
