//! The files of the demo organisation as they are written; `demo/organisation.toml` explains them.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

const ORGANISATION: &str = include_str!("../../demo/organisation.toml");
const INCIDENTS: [&str; 5] = [
    include_str!("../../demo/incidents-1.toml"),
    include_str!("../../demo/incidents-2.toml"),
    include_str!("../../demo/incidents-3.toml"),
    include_str!("../../demo/incidents-4.toml"),
    include_str!("../../demo/incidents-5.toml"),
];
const TOLD: [&str; 10] = [
    include_str!("../../demo/told-empty-list.toml"),
    include_str!("../../demo/told-empty-queue.toml"),
    include_str!("../../demo/told-four-degrees.toml"),
    include_str!("../../demo/told-locked-at-eight.toml"),
    include_str!("../../demo/told-name-did-not-fit.toml"),
    include_str!("../../demo/told-nobody-rode.toml"),
    include_str!("../../demo/told-older-week.toml"),
    include_str!("../../demo/told-saturday-on-trust.toml"),
    include_str!("../../demo/told-second-helping.toml"),
    include_str!("../../demo/told-two-maps.toml"),
];

const AFTERWARDS: &str = include_str!("../../demo/afterwards.toml");
const LOGS: [&str; 1] = [include_str!("../../demo/log-two-maps.toml")];

/// The organisation and everything that happened to it.
pub(super) struct Files {
    pub(super) organisation: Organisation,
    pub(super) incidents: Vec<Incident>,
    /// By the incident's key.
    pub(super) told: HashMap<String, Told>,
    /// By the incident's key.
    pub(super) logs: HashMap<String, Log>,
    /// What came after stories were published.
    pub(super) afterwards: Afterwards,
}

/// Reads all files.
///
/// # Errors
/// A sentence with the place that cannot be read.
pub(super) fn read() -> Result<Files, String> {
    let mut incidents = Vec::new();
    for file in INCIDENTS {
        incidents.extend(parse::<Incidents>(file)?.incident);
    }
    let told = TOLD.into_iter().map(parse::<Told>).collect::<Result<Vec<_>, _>>()?;
    let told: HashMap<String, Told> = told.into_iter().map(|told| (told.incident.clone(), told)).collect();
    if let Some(missing) = incidents.iter().find(|incident| incident.told != told.contains_key(&incident.key)) {
        return Err(format!("the demo's incident {} and its told file do not agree", missing.key));
    }
    let logs = LOGS.into_iter().map(parse::<Log>).collect::<Result<Vec<_>, _>>()?;
    let logs = logs.into_iter().map(|log| (log.incident.clone(), log)).collect();
    Ok(Files { organisation: parse(ORGANISATION)?, incidents, told, logs, afterwards: parse(AFTERWARDS)? })
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|e| format!("the demo's files cannot be read: {e}"))
}

#[derive(Deserialize)]
pub(super) struct Organisation {
    pub(super) team: Vec<Team>,
    pub(super) service: Vec<Service>,
    pub(super) person: Vec<Person>,
}

#[derive(Deserialize)]
pub(super) struct Team {
    pub(super) key: String,
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct Service {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) description: String,
    /// The team that owns it.
    pub(super) team: Option<String>,
}

#[derive(Deserialize)]
#[serde(default)]
pub(super) struct Person {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) team: Option<String>,
    pub(super) zone: String,
    pub(super) work_start: String,
    pub(super) work_end: String,
    pub(super) account: Option<String>,
    pub(super) leadership: bool,
    pub(super) administrator: bool,
    pub(super) may_facilitate: bool,
    pub(super) manager_of: Option<String>,
}

impl Default for Person {
    fn default() -> Self {
        Self {
            key: String::new(),
            name: String::new(),
            team: None,
            zone: "UTC".to_owned(),
            work_start: "09:00".to_owned(),
            work_end: "17:30".to_owned(),
            account: None,
            leadership: false,
            administrator: false,
            may_facilitate: false,
            manager_of: None,
        }
    }
}

impl Person {
    /// Where they sign in with.
    pub(super) fn address(&self) -> String {
        self.account.clone().unwrap_or_else(|| format!("{}@larkfield.example", self.key))
    }
}

#[derive(Deserialize)]
struct Incidents {
    incident: Vec<Incident>,
}

#[derive(Deserialize)]
pub(super) struct Incident {
    pub(super) key: String,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) severity: i64,
    /// A slug of what it was; nothing is an incident.
    #[serde(default)]
    pub(super) nature: String,
    /// Signals of learning that people ticked.
    #[serde(default)]
    pub(super) signals: Vec<String>,
    /// In how many days its review meets.
    pub(super) meets_in_days: Option<u64>,
    pub(super) team: String,
    #[serde(default)]
    pub(super) services: Vec<String>,
    pub(super) zone: String,
    pub(super) facilitator: Option<String>,
    pub(super) days_ago: u64,
    pub(super) time: String,
    pub(super) weekday: Option<String>,
    pub(super) minutes_ago: Option<i64>,
    pub(super) detected_after_minutes: i64,
    #[serde(default)]
    pub(super) declared_after_minutes: Option<i64>,
    #[serde(default)]
    pub(super) mitigated_after_minutes: Option<i64>,
    pub(super) duration_minutes: Option<i64>,
    pub(super) state: State,
    pub(super) published_days_ago: Option<u64>,
    #[serde(default)]
    pub(super) told: bool,
    #[serde(default)]
    pub(super) restricted: bool,
    #[serde(default)]
    pub(super) planners: Vec<String>,
    #[serde(default)]
    pub(super) narrative: String,
    #[serde(default)]
    pub(super) went_right: Vec<String>,
    pub(super) factor: Vec<Factor>,
    #[serde(default)]
    pub(super) learning: Vec<Learning>,
    pub(super) work: Vec<Work>,
    pub(super) event: Vec<Event>,
    #[serde(default)]
    pub(super) hypothesis: Vec<Hypothesis>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    Open,
    Resolved,
    Invited,
    InReview,
    Calibration,
    Soaking,
    Published,
}

impl State {
    pub(super) fn has_review(self) -> bool {
        !matches!(self, Self::Open | Self::Resolved)
    }

    pub(super) fn is_published(self) -> bool {
        matches!(self, Self::Soaking | Self::Published)
    }
}

#[derive(Deserialize)]
pub(super) struct Factor {
    pub(super) category: String,
    pub(super) body: String,
}

#[derive(Deserialize)]
pub(super) struct Learning {
    pub(super) kind: String,
    pub(super) body: String,
    #[serde(default)]
    pub(super) before: String,
}

#[derive(Deserialize)]
pub(super) struct Work {
    pub(super) person: String,
    pub(super) start_offset_minutes: i64,
    pub(super) minutes: i64,
    pub(super) kind: String,
}

#[derive(Deserialize)]
pub(super) struct Event {
    pub(super) offset_minutes: i64,
    pub(super) kind: String,
    pub(super) body: String,
    #[serde(default)]
    pub(super) precision: Option<String>,
    /// Role of who acted.
    #[serde(default)]
    pub(super) role: String,
    /// A question to ask about it.
    #[serde(default)]
    pub(super) ask: String,
    /// Learned later.
    #[serde(default)]
    pub(super) later: bool,
    /// What became of a mitigation action.
    #[serde(default)]
    pub(super) became: String,
    #[serde(default)]
    pub(super) settled_after_minutes: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct Hypothesis {
    pub(super) raised_after_minutes: i64,
    pub(super) settled_after_minutes: i64,
    pub(super) state: String,
    pub(super) body: String,
    pub(super) spoke_for: String,
    pub(super) spoke_against: String,
}

#[derive(Deserialize)]
pub(super) struct Told {
    incident: String,
    pub(super) submitted: Vec<String>,
    #[serde(default)]
    pub(super) declined: Vec<String>,
    #[serde(default)]
    pub(super) sections: HashMap<String, String>,
    #[serde(default)]
    pub(super) answer: Vec<Answer>,
    #[serde(default)]
    pub(super) quote: Vec<Quote>,
    #[serde(default)]
    pub(super) theme: Vec<Theme>,
    #[serde(default)]
    pub(super) marked: Vec<Passage>,
    #[serde(default)]
    pub(super) placed: Vec<Placed>,
    #[serde(default)]
    pub(super) different: Vec<Different>,
    #[serde(default)]
    pub(super) nomination: Vec<Nomination>,
    #[serde(default)]
    pub(super) parked: Vec<Parked>,
    #[serde(default)]
    pub(super) item: Vec<Item>,
}

#[derive(Deserialize)]
pub(super) struct Answer {
    pub(super) person: String,
    pub(super) question: i64,
    pub(super) audience: String,
    pub(super) text: String,
    /// Question 1: the role, by its value.
    #[serde(default)]
    pub(super) role: String,
    #[serde(default)]
    pub(super) choice: String,
    #[serde(default)]
    pub(super) with_name: bool,
}

#[derive(Deserialize)]
pub(super) struct Quote {
    pub(super) person: String,
    pub(super) question: i64,
    pub(super) text: String,
    pub(super) attribution: String,
    pub(super) section: String,
    pub(super) state: String,
    #[serde(default)]
    pub(super) offered: String,
}

#[derive(Deserialize)]
pub(super) struct Theme {
    pub(super) name: String,
    #[serde(default)]
    pub(super) opening: String,
    pub(super) passages: Vec<Passage>,
}

#[derive(Deserialize)]
pub(super) struct Passage {
    pub(super) person: String,
    pub(super) question: i64,
    pub(super) text: String,
    #[serde(default)]
    pub(super) about: String,
}

/// Words that stand beside the timeline, at the event of this minute.
#[derive(Deserialize)]
pub(super) struct Placed {
    pub(super) person: String,
    pub(super) question: i64,
    pub(super) at: i64,
    pub(super) text: String,
    /// The minute at which it was for them.
    #[serde(default)]
    pub(super) own: Option<i64>,
    #[serde(default)]
    pub(super) differs: bool,
    /// Placed by their author; otherwise by the facilitator.
    #[serde(default)]
    pub(super) by_author: bool,
}

/// A note at the event of this minute.
#[derive(Deserialize)]
pub(super) struct Different {
    pub(super) at: i64,
    pub(super) note: String,
}

#[derive(Deserialize)]
pub(super) struct Nomination {
    pub(super) person: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) reason: String,
}

#[derive(Deserialize)]
pub(super) struct Parked {
    pub(super) person: String,
    pub(super) text: String,
}

#[derive(Deserialize)]
pub(super) struct Item {
    pub(super) title: String,
    #[serde(default)]
    pub(super) body: String,
    pub(super) owner: String,
    pub(super) due_in_days: i64,
    #[serde(default)]
    pub(super) effect: String,
    /// What it would make harder.
    #[serde(default)]
    pub(super) harder: String,
    /// An effort's value, or empty.
    #[serde(default)]
    pub(super) effort: String,
    pub(super) state: String,
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    pub(super) idea: Option<String>,
    #[serde(default)]
    pub(super) factors: Vec<usize>,
    #[serde(default)]
    pub(super) learnings: Vec<usize>,
}

/// A raw log; its own file explains it.
#[derive(Deserialize)]
pub(super) struct Log {
    pub(super) incident: String,
    pub(super) name: String,
    pub(super) author: Vec<LogAuthor>,
    pub(super) entry: Vec<LogEntry>,
}

#[derive(Deserialize)]
pub(super) struct LogAuthor {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) person: Option<String>,
    pub(super) role: Option<String>,
    #[serde(default)]
    pub(super) machine: bool,
}

#[derive(Deserialize)]
pub(super) struct LogEntry {
    pub(super) minute: i64,
    pub(super) by: String,
    #[serde(rename = "in")]
    pub(super) channel: String,
    #[serde(default = "message")]
    pub(super) kind: String,
    pub(super) text: String,
    pub(super) answers: Option<i64>,
    pub(super) tells: Option<i64>,
    #[serde(default)]
    pub(super) thumbs: u32,
}

fn message() -> String {
    "message".to_owned()
}

#[derive(Deserialize)]
pub(super) struct Afterwards {
    pub(super) thanks: Vec<Thanks>,
    pub(super) learning: Vec<Held>,
    pub(super) readers: Vec<Readers>,
    pub(super) rota: Vec<Rota>,
}

/// A team's rota: these people by turns, each for so many days from the hour of handing over.
#[derive(Deserialize)]
pub(super) struct Rota {
    pub(super) team: String,
    pub(super) zone: String,
    /// "09:00" in that zone.
    pub(super) hands_over: String,
    /// Days of a shift.
    pub(super) days: u64,
    /// Weeks before and after today that it is known for.
    pub(super) weeks: u64,
    pub(super) weeks_ahead: u64,
    /// Keys, in their turn.
    pub(super) people: Vec<String>,
}

/// Thanks to a team, or to a person.
#[derive(Deserialize)]
pub(super) struct Thanks {
    pub(super) incident: String,
    pub(super) team: Option<String>,
    pub(super) person: Option<String>,
    /// The person has agreed to the words.
    #[serde(default)]
    pub(super) says_yes: bool,
    pub(super) words: String,
}

/// What became of a learning.
#[derive(Deserialize)]
pub(super) struct Held {
    pub(super) incident: String,
    /// Its place among those of the incident.
    pub(super) which: usize,
    pub(super) status: String,
    #[serde(default)]
    pub(super) reason: String,
    /// Teams that should know.
    pub(super) teams: Vec<String>,
    /// People to whom it was new, too.
    pub(super) new_to: Vec<String>,
    pub(super) runbook: Option<String>,
    pub(super) exercise: Option<String>,
    /// Where the runbook or the exercise stands.
    #[serde(default)]
    pub(super) address: String,
    /// A later incident that met it again.
    pub(super) met_by: Option<String>,
    #[serde(default)]
    pub(super) note: String,
}

/// Teams whose people have read a story.
#[derive(Deserialize)]
pub(super) struct Readers {
    pub(super) incident: String,
    pub(super) teams: Vec<String>,
}
