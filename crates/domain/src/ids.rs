//! Identifiers: one newtype a noun, so that no function takes another noun's id.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

id! {
    /// A person, with or without an account.
    PersonId,
    /// A team: the unit of people measures below the organisation.
    TeamId,
    /// An annotation of trends.
    AnnotationId,
    /// An incident.
    IncidentId,
    /// A timeline event.
    EventId,
    /// A hypothesis of an incident.
    HypothesisId,
    /// A source document attached to an incident.
    SourceId,
    /// A file or an image of an incident.
    AttachmentId,
    /// An entry of a raw log.
    RawEntryId,
    /// Who or what wrote entries of a raw log.
    RawAuthorId,
    /// An import into a raw log.
    RawImportId,
    /// A hook: where a tool sends what happens.
    HookId,
    /// Something that came to a hook.
    DeliveryId,
    /// An outage that a hook told of.
    OutageId,
    /// An invitation to a one-on-one; also names the questionnaire response that it opens.
    InvitationId,
    /// An answer. Random (v4): its order in time says nothing.
    AnswerId,
    /// A comment at a section of a review.
    CommentId,
    /// A link to a published story for people without an account. Random (v4).
    ShareId,
    /// A work session.
    WorkSessionId,
    /// A nomination of somebody else to talk to.
    NominationId,
    /// A quote or paraphrase on its way through calibration. Random (v4).
    ExcerptId,
    /// A passage of an answer that is marked for a theme. Random (v4).
    PassageId,
    /// A theme of a review. Random (v4).
    ThemeId,
    /// A line that was written in a meeting. Random (v4), given by who writes it.
    LineId,
    /// That somebody may be called on in a meeting. Random (v4).
    CallId,
    /// Words of an answer that stand at an event of the timeline. Random (v4).
    PlacedId,
    /// A contributing factor of one incident.
    FactorId,
    /// A learning of one incident.
    LearningId,
    /// A runbook or an exercise of a learning.
    LinkId,
    /// That a later incident met a learning again.
    MetId,
    /// Thanks in a review. Random (v4).
    ThanksId,
    /// A parked idea. Random (v4).
    ParkedId,
    /// A group of parked ideas.
    GroupId,
    /// A mitigation item of an improvement plan.
    ItemId,
    /// A service that incidents concern.
    ServiceId,
    /// A calendar of holidays.
    CalendarId,
    /// A question set of an organisation's own.
    QuestionSetId,
}
