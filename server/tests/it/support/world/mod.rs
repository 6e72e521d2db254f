//! A small organisation with an incident in each state, in which every free text is a canary: a token that says whose it is.

mod builder;
mod kept;
mod people;

pub use kept::world;
pub use people::{People, people};

use domain::incidents::IncidentKey;
use domain::interviews::Audience;
use domain::people::Viewer;
use domain::reviews::Attribution;
use domain::{
    AnswerId, CalendarId, CallId, CommentId, EventId, ExcerptId, FactorId, HypothesisId, IncidentId, InvitationId, ItemId,
    LearningId, LineId, NominationId, ParkedId, PassageId, PersonId, PlacedId, QuestionSetId, RawAuthorId, RawEntryId,
    RawImportId, ServiceId, SourceId, TeamId, ThemeId, WorkSessionId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the clock of a test says at first: a Thursday.
pub const NOW: &str = "2026-03-05T12:00:00Z";

/// The e-mail address of a test account.
pub fn email(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase().replace(' ', "."))
}

/// Whose words a canary stands in: from this follows who may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Held {
    /// Title, summary, timeline, factors, learnings: everybody with an account.
    Incident,
    /// A file's name and what it holds: everybody with an account, and sealed where it lies.
    File,
    /// A section of a second story.
    Section,
    /// A quote that its author found right, one that waits, or one that is left out.
    Quote { author: PersonId, standing: bool, attribution: Attribution },
    /// A theme's name and its question: who facilitates.
    Theme,
    /// A line of a meeting that has ended: who was asked to the review, and who facilitates.
    Line,
    /// What somebody may be called on about, and thanks that they were not yet asked about: they, and who facilitates.
    Call { person: PersonId },
    /// What a facilitator wrote beside a passage of an answer: who facilitates and may read the answer.
    Note { author: PersonId, audience: Audience },
    /// An answer.
    Answer { author: PersonId, question: i64, audience: Audience, submitted: bool },
    /// A parked idea: of question 9, or put there.
    Idea { author: PersonId },
    /// What stands behind the wall: a mitigation item, the reason for opening early.
    Plan,
    /// A source document.
    Source { importer: PersonId },
    /// An entry of the raw log, and who wrote it where.
    Raw { importer: PersonId },
}

/// A token in a free text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Canary {
    /// What to look for.
    pub token: String,
    /// Of which incident.
    pub incident: IncidentId,
    /// What it stands in.
    pub held: Held,
}

/// Somebody's conversation.
#[derive(Clone, Serialize, Deserialize)]
pub struct Voice {
    /// Its invitation.
    pub invitation: InvitationId,
    /// Its answers by question.
    pub answers: BTreeMap<i64, AnswerId>,
    /// Whom it named.
    pub nomination: NominationId,
    /// A stretch that it told.
    pub session: WorkSessionId,
    /// The personal link, where the person has no account.
    pub link: Option<String>,
}

/// An incident of the world, with the ids of what is in it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Told {
    /// Id.
    pub id: IncidentId,
    /// Its number, as in URLs.
    pub key: IncidentKey,
    /// An event of its timeline.
    pub event: Option<EventId>,
    /// A hypothesis of its timeline.
    pub hypothesis: Option<HypothesisId>,
    /// A change in its history: that the event was added.
    pub change: Option<uuid::Uuid>,
    /// A text file.
    pub attachment: Option<domain::AttachmentId>,
    /// A contributing factor.
    pub factor: Option<FactorId>,
    /// A learning.
    pub learning: Option<LearningId>,
    /// A source document.
    pub source: Option<SourceId>,
    /// Conversations by the author's name.
    pub voices: BTreeMap<String, Voice>,
    /// Quotes, by what stands in their token (`waiting`, `right`, …).
    pub quotes: BTreeMap<String, ExcerptId>,
    /// A theme.
    pub theme: Option<ThemeId>,
    /// A line of its meeting.
    pub line: Option<LineId>,
    /// Somebody who may be called on in it.
    pub call: Option<CallId>,
    /// A comment at a section, written before publication.
    pub comment: Option<CommentId>,
    /// A runbook of its learning.
    pub link: Option<domain::LinkId>,
    /// That it met a learning of another incident.
    pub met: Option<domain::MetId>,
    /// Thanks that wait for the word of the one whom they name.
    pub thanks: Option<domain::ThanksId>,
    /// A passage of an answer that was given with its author's name.
    pub passage: Option<PassageId>,
    /// An answer that was given with its author's name, and words of it that stand at the event.
    pub placed: Option<(AnswerId, PlacedId)>,
    /// A parked idea.
    pub idea: Option<ParkedId>,
    /// A mitigation item.
    pub item: Option<ItemId>,
    /// A group of parked ideas.
    pub group: Option<domain::GroupId>,
    /// What is in its raw log.
    pub raw: Raw,
}

/// What is in a raw log: an entry, its import and its author.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub struct Raw {
    /// An entry; evidence of the event, where there is one.
    pub entry: Option<RawEntryId>,
    /// The import that brought it.
    pub import: Option<RawImportId>,
    /// Who wrote it.
    pub author: Option<RawAuthorId>,
}

impl Told {
    /// Somebody's conversation here.
    #[track_caller]
    pub fn voice(&self, of: &Viewer) -> &Voice {
        self.voices.get(&of.name).unwrap_or_else(|| panic!("{} was not asked about {}", of.name, self.key))
    }

    /// The conversation of the person without an account.
    #[track_caller]
    pub fn guest(&self) -> &Voice {
        &self.voices[GUEST]
    }
}

/// The person without an account.
pub const GUEST: &str = "Gro Guest";

/// Everything.
#[derive(Clone, Serialize, Deserialize)]
pub struct World {
    /// The organisation.
    pub people: People,
    /// INC-1, open.
    pub open: Told,
    /// INC-2, resolved.
    pub resolved: Told,
    /// INC-3, in review: answers of every audience, drafts, quotes in every state, ideas.
    pub review: Told,
    /// INC-4, published this morning; the wall stands.
    pub closed: Told,
    /// INC-5, published last month; the wall is open, there is a plan.
    pub planned: Told,
    /// INC-6, imported.
    pub imported: Told,
    /// INC-7, in review among other people.
    pub foreign: Told,
    /// What administrators keep.
    pub kept: Kept,
    /// Every token.
    pub canaries: Vec<Canary>,
}

/// What administrators keep.
#[derive(Clone, Serialize, Deserialize)]
pub struct Kept {
    /// A service, on the incident in review.
    pub service: ServiceId,
    /// A hook.
    pub hook: domain::HookId,
    /// Something that came there and could not be read.
    pub delivery: domain::DeliveryId,
    /// What is proposed from another thing that came there.
    pub proposal: domain::OutageId,
    /// What changed in the organisation.
    pub annotation: domain::AnnotationId,
    /// The import of the team's on-call schedule.
    pub schedule: uuid::Uuid,
    /// A calendar with Christmas Day, on which nobody is.
    pub calendar: CalendarId,
    /// A question set of their own, a draft.
    pub question_set: QuestionSetId,
    /// A team without anybody.
    pub empty_team: TeamId,
    /// A link by which the outsider sets a password.
    pub access_link: String,
    /// The one before it.
    pub replaced_link: String,
}

impl World {
    /// All incidents.
    pub fn incidents(&self) -> [&Told; 7] {
        [&self.open, &self.resolved, &self.review, &self.closed, &self.planned, &self.imported, &self.foreign]
    }
}
