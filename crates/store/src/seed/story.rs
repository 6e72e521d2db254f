//! What belongs to one incident: told piece by piece, sealed where it is confidential, written with the batch.

use super::json;
use super::rows::{
    AnswerRow, DifferenceRow, EventRow, ExcerptRow, FactorRow, FactorTagRow, HypothesisRow, IncidentRow, IncidentServiceRow,
    InvitationRow, ItemFactorRow, ItemLearningRow, ItemRow, LearningRow, NominationRow, ParkedRow, PassageRow, PassageSourceRow,
    PlacedRow, ReadRow, ReviewRow, RoleRow, Rows, SectionRow, SessionRow, SourceRow, ThemeRow, VersionRow, WallRow,
};
use crate::Result;
use crate::crypt::{IncidentKeyring, Place};
use crate::timeline::rows::sources_json;
use chrono::{DateTime, Utc};
use domain::incidents::{IncidentKey, NewIncident, Origin};
use domain::interviews::{Answer, InvitationState, TWELVE, WorkSession};
use domain::learnings::{Confidence, Factor, KnownBefore, Learning, Phase, Usual};
use domain::people::IncidentRole;
use domain::planning::{Effort, Item};
use domain::reviews::themes::{Mark, ThemeDraft};
use domain::reviews::{Excerpt, SectionKind};
use domain::timeline::NewEvent;
use domain::timeline::hypothesis::NewHypothesis;
use domain::timeline::perspectives::NewPlaced;
use domain::vocabulary::Tag;
use domain::{
    AnswerId, EventId, HypothesisId, IncidentId, InvitationId, NominationId, ParkedId, PassageId, PersonId, ServiceId, ThemeId,
    text,
};
use uuid::Uuid;

/// An incident to be written.
#[derive(Clone, Debug)]
pub struct Made {
    /// Id.
    pub id: IncidentId,
    /// The number that people say.
    pub number: i64,
    /// What it says; every state may stand here.
    pub new: NewIncident,
    /// Who entered it.
    pub created_by: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When something of it changed last.
    pub changed_at: DateTime<Utc>,
    /// When its second story was published.
    pub published_at: Option<DateTime<Utc>>,
}

impl Made {
    pub(super) fn into_row(self) -> IncidentRow {
        let new = self.new;
        IncidentRow {
            id: self.id.0,
            number: self.number,
            search_folded: text::words(&format!("{}\n{}\n{}", IncidentKey(self.number), new.title, new.summary)),
            title: new.title,
            summary: new.summary,
            severity: new.severity.number(),
            nature: new.nature.slug(),
            state: new.state.slug(),
            team: new.team_id.map(|t| t.0),
            started_at: new.started_at,
            detected_at: new.detected_at,
            declared_at: new.declared_at,
            mitigated_at: new.mitigated_at,
            resolved_at: new.resolved_at,
            zone: new.zone,
            origin: Origin::Hand.slug(),
            by: self.created_by.0,
            created_at: self.created_at,
            changed_at: self.changed_at,
            published_at: self.published_at,
            restricted: new.restricted,
            version: 1,
        }
    }
}

/// An invitation as it stands.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Id.
    pub id: InvitationId,
    /// Who is asked.
    pub person: PersonId,
    /// Where it stands.
    pub state: InvitationState,
    /// Who asked.
    pub by: PersonId,
    /// When.
    pub invited_at: DateTime<Utc>,
    /// When the first thing was kept.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was declined.
    pub closed_at: Option<DateTime<Utc>>,
}

/// A review as it stands.
#[derive(Clone, Debug)]
pub struct Review {
    /// Who opened it.
    pub opened_by: PersonId,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// Until when authors are asked to check their quotes.
    pub quotes_due_at: Option<DateTime<Utc>>,
    /// Who published it, and when.
    pub published: Option<(PersonId, DateTime<Utc>)>,
}

/// A quote with its way back to the author.
#[derive(Clone, Debug)]
pub struct Quote {
    /// What stands, or is to stand, in the review.
    pub excerpt: Excerpt,
    /// The answer that it was taken from.
    pub answer: AnswerId,
    /// Whose answer that is.
    pub author: PersonId,
    /// When the author was asked.
    pub sent_at: DateTime<Utc>,
    /// When the author decided.
    pub decided_at: Option<DateTime<Utc>>,
}

/// One incident of a batch.
pub struct Story<'a> {
    pub(super) incident: IncidentId,
    pub(super) key: IncidentKeyring,
    pub(super) rows: &'a mut Rows,
}

impl Story<'_> {
    /// Which incident.
    pub fn incident(&self) -> IncidentId {
        self.incident
    }

    fn seal(&self, table: &str, row: Uuid, column: &str, audience: &str, text: &str) -> Vec<u8> {
        self.key.seal(&Place { table, row, column, audience }, text)
    }

    /// Names a service that it concerns.
    pub fn service(&mut self, service: ServiceId) {
        self.rows.incident_services.push(IncidentServiceRow { incident: self.incident.0, service: service.0 });
    }

    /// Gives somebody a role.
    pub fn role(&mut self, person: PersonId, role: IncidentRole, by: PersonId, at: DateTime<Utc>) {
        self.rows.roles.push(RoleRow { incident: self.incident.0, person: person.0, role: role.slug(), by: by.0, at });
    }

    /// Tells of an event.
    pub fn event(&mut self, id: EventId, new: NewEvent, by: PersonId, created_at: DateTime<Utc>) {
        self.rows.events.push(EventRow {
            id: id.0,
            incident: self.incident.0,
            at: new.at,
            ends_at: new.ends_at,
            precision: new.precision.slug(),
            as_written: new.as_written,
            zone: new.zone,
            kind: new.kind.slug(),
            body: new.body,
            flag: new.flag,
            position: new.position,
            by: by.0,
            created_at,
            recorded_at: new.details.recorded_at,
            role: new.details.role,
            question: new.details.question,
            learned_later: new.details.learned_later,
            sources: sources_json(&new.details.sources),
            placement: new.details.placement.slug(),
            settled_at: new.details.settled_at,
            version: 1,
        });
    }

    /// Writes down a hypothesis.
    pub fn hypothesis(&mut self, id: HypothesisId, said: NewHypothesis, by: PersonId, created_at: DateTime<Utc>) {
        self.rows.hypotheses.push(HypothesisRow {
            id: id.0,
            incident: self.incident.0,
            body: said.body,
            state: said.state.slug(),
            raised_at: said.raised_at,
            settled_at: said.settled_at,
            spoke_for: said.spoke_for,
            spoke_against: said.spoke_against,
            zone: said.zone,
            by: by.0,
            created_at,
            version: 1,
        });
    }

    /// Names a contributing factor.
    pub fn factor(&mut self, factor: Factor, at: DateTime<Utc>) {
        let Factor { id, body, mut tags, details, position, version } = factor;
        if tags.is_empty() {
            tags.push(Tag::unsorted());
        }
        let (factor, incident) = (id.0, self.incident.0);
        let tagged = |tag: Tag| FactorTagRow { factor, incident, tag: tag.to_string(), counted: tag.to_string() };
        self.rows.factor_tags.extend(tags.into_iter().map(tagged));
        self.rows.factors.push(FactorRow {
            id: factor,
            incident,
            body,
            role: details.role.slug(),
            phase: details.phase.map_or("", Phase::slug),
            known: details.known.map_or("", KnownBefore::slug),
            usual: details.usual.map_or("", Usual::slug),
            confidence: details.confidence.map_or("", Confidence::slug),
            state: details.state.slug(),
            other_view: details.other_view,
            evidence: details.evidence.join("\n"),
            position,
            at,
            version,
        });
    }

    /// Records a learning.
    pub fn learning(&mut self, learning: Learning, at: DateTime<Utc>) {
        self.rows.learnings.push(LearningRow {
            id: learning.id.0,
            incident: self.incident.0,
            kind: learning.kind.slug(),
            body: learning.body,
            before: learning.before,
            as_plan: learning.worded_as_plan,
            evidence: learning.details.evidence.join("\n"),
            status: learning.details.status.slug(),
            reason: learning.details.reason,
            status_at: learning.status_at,
            position: learning.position,
            at,
            version: learning.version,
        });
    }

    /// Invites somebody.
    pub fn invitation(&mut self, invitation: &Invitation) {
        self.rows.invitations.push(InvitationRow {
            id: invitation.id.0,
            incident: self.incident.0,
            person: invitation.person.0,
            state: invitation.state.slug(),
            question_set: TWELVE,
            by: invitation.by.0,
            invited_at: invitation.invited_at,
            started_at: invitation.started_at,
            submitted_at: invitation.submitted_at,
            closed_at: invitation.closed_at,
        });
    }

    /// Keeps an answer, sealed.
    ///
    /// # Errors
    /// None in practice: the body cannot be written as JSON.
    pub fn answer(&mut self, answer: &Answer, author: PersonId) -> Result<()> {
        let body = json(&answer.body, "answers")?;
        self.rows.answers.push(AnswerRow {
            id: answer.id.0,
            invitation: answer.invitation_id.0,
            incident: self.incident.0,
            author: author.0,
            question: answer.question,
            body_sealed: self.seal("answers", answer.id.0, "body", answer.audience.slug(), &body),
            audience: answer.audience.slug(),
            count_me: answer.count_me,
            with_name: answer.with_name,
            released_at: answer.released_at,
            saved_at: answer.saved_at,
            last_request: "",
            version: answer.version,
        });
        Ok(())
    }

    /// Keeps a stretch of work.
    pub fn session(&mut self, session: WorkSession, at: DateTime<Utc>) {
        self.rows.sessions.push(SessionRow {
            id: session.id.0,
            invitation: session.invitation_id.0,
            incident: self.incident.0,
            person: session.person_id.0,
            started_at: session.started_at,
            ended_at: session.ended_at,
            zone: session.zone,
            kind: session.kind.slug(),
            at,
        });
    }

    /// Keeps a nomination, sealed.
    ///
    /// # Errors
    /// As [`Story::answer`].
    pub fn nomination(
        &mut self,
        id: NominationId,
        from: InvitationId,
        name: &str,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<()> {
        #[derive(serde::Serialize)]
        struct Body<'a> {
            name: &'a str,
            reason: &'a str,
        }
        let body_sealed = self.seal("nominations", id.0, "body", "", &json(&Body { name, reason }, "nominations")?);
        let row = NominationRow { id: id.0, invitation: from.0, incident: self.incident.0, body_sealed, set_aside: false, at };
        self.rows.nominations.push(row);
        Ok(())
    }

    /// Notes that somebody has read an answer.
    pub fn read(&mut self, answer: AnswerId, reader: PersonId, at: DateTime<Utc>) {
        self.rows.reads.push(ReadRow { answer: answer.0, reader: reader.0, first_at: at, last_at: at, times: 1 });
    }

    /// Opens the review, and publishes it.
    pub fn review(&mut self, review: &Review) {
        self.rows.reviews.push(ReviewRow {
            incident: self.incident.0,
            opened_by: review.opened_by.0,
            opened_at: review.opened_at,
            quotes_due_at: review.quotes_due_at,
            published_by: review.published.map(|(by, _)| by.0),
            published_at: review.published.map(|(_, at)| at),
            version: if review.published.is_some() { 2 } else { 1 },
        });
    }

    /// Writes a section, as its first version.
    pub fn section(&mut self, kind: SectionKind, body: &str, by: PersonId, at: DateTime<Utc>) {
        let (incident, kind, by, version) = (self.incident.0, kind.slug(), by.0, 1);
        self.rows.sections.push(SectionRow { incident, kind, body: body.to_owned(), by, at, version });
        self.rows.section_versions.push(VersionRow { incident, kind, body: body.to_owned(), by, at, version });
    }

    /// Sends a quote to its author, sealed; the way back to the author is kept apart.
    pub fn quote(&mut self, quote: &Quote) {
        let excerpt = &quote.excerpt;
        let id = excerpt.id.0;
        self.rows.excerpts.push(ExcerptRow {
            id,
            incident: self.incident.0,
            section: excerpt.section.slug(),
            text_sealed: self.seal("excerpts", id, "text", "", &excerpt.text),
            offered_sealed: self.seal("excerpts", id, "offered", "", &excerpt.offered),
            paraphrase: excerpt.paraphrase,
            attribution: excerpt.attribution.slug(),
            state: excerpt.state.slug(),
            version: excerpt.version,
        });
        self.rows.excerpt_sources.push(SourceRow {
            excerpt: id,
            answer: quote.answer.0,
            author: quote.author.0,
            sent_at: quote.sent_at,
            decided_at: quote.decided_at,
        });
    }

    /// Names a theme, sealed.
    pub fn theme(&mut self, id: ThemeId, theme: &ThemeDraft, position: i64, by: PersonId, at: DateTime<Utc>) {
        self.rows.themes.push(ThemeRow {
            id: id.0,
            incident: self.incident.0,
            name_sealed: self.seal("themes", id.0, "name", "", &theme.name),
            opening_sealed: self.seal("themes", id.0, "opening", "", &theme.opening),
            position,
            by: by.0,
            at,
            version: 1,
        });
    }

    /// Marks a passage, sealed; the way back to its answer is kept apart. Its words are those of the answer.
    pub fn passage(
        &mut self,
        id: PassageId,
        answer: AnswerId,
        theme: Option<ThemeId>,
        mark: &Mark,
        by: PersonId,
        at: DateTime<Utc>,
    ) {
        self.rows.passages.push(PassageRow {
            id: id.0,
            incident: self.incident.0,
            theme: theme.map(|theme| theme.0),
            text_sealed: self.seal("passages", id.0, "text", "", &mark.text),
            note_sealed: self.seal("passages", id.0, "note", "", &mark.note),
        });
        self.rows.passage_sources.push(PassageSourceRow { passage: id.0, answer: answer.0, by: by.0, at });
    }

    /// Places words of an answer at an event, sealed.
    pub fn placed(&mut self, event: EventId, answer: AnswerId, words: &NewPlaced, by: PersonId, at: DateTime<Utc>) {
        let id = crate::random::id();
        let own_time = words.own_time.map(|own| own.to_rfc3339()).unwrap_or_default();
        self.rows.placed.push(PlacedRow {
            id,
            incident: self.incident.0,
            event: event.0,
            answer: answer.0,
            text_sealed: self.seal("placed_words", id, "text", "", &words.text),
            own_time_sealed: self.seal("placed_words", id, "own_time", "", &own_time),
            differs: words.differs,
            by: by.0,
            at,
        });
    }

    /// Notes that an event is told differently, sealed.
    pub fn told_differently(&mut self, event: EventId, note: &str, by: PersonId, at: DateTime<Utc>) {
        self.rows.differences.push(DifferenceRow {
            event: event.0,
            incident: self.incident.0,
            note_sealed: self.seal("told_differently", event.0, "note", "", note),
            by: by.0,
            at,
            version: 1,
        });
    }

    /// Parks an idea, sealed; `answer` where it is an answer to question 9.
    pub fn parked(
        &mut self,
        id: ParkedId,
        author: PersonId,
        answer: Option<AnswerId>,
        text: &str,
        with_name: bool,
        at: DateTime<Utc>,
    ) {
        self.rows.parked.push(ParkedRow {
            id: id.0,
            incident: self.incident.0,
            author: author.0,
            answer: answer.map(|a| a.0),
            body_sealed: self.seal("parked", id.0, "body", "parked", text),
            with_name,
            at,
        });
    }

    /// Sets when the wall opens.
    pub fn wall(&mut self, opens_at: DateTime<Utc>) {
        self.rows.walls.push(WallRow { incident: self.incident.0, opens_at, reason: "" });
    }

    /// Writes a mitigation item with its links.
    pub fn item(&mut self, item: &Item, position: i64, by: PersonId, at: DateTime<Utc>) {
        self.rows.items.push(ItemRow {
            id: item.id.0,
            incident: self.incident.0,
            title: item.title.clone(),
            body: item.body.clone(),
            owner: item.owner_id.map(|o| o.0),
            due_on: item.due_on,
            effect: item.effect.clone(),
            state: item.state.slug(),
            reason: item.reason.clone(),
            parked: item.parked_id.map(|p| p.0),
            position,
            by: by.0,
            at,
            version: item.version,
            harder: item.harder.clone(),
            effort: item.effort.map_or("", Effort::slug),
            tracker: item.tracker.clone(),
            decided_at: item.decided_at,
            done_at: item.done_at,
        });
        self.rows.item_factors.extend(item.factors.iter().map(|f| ItemFactorRow { item: item.id.0, factor: f.0 }));
        self.rows.item_learnings.extend(item.learnings.iter().map(|l| ItemLearningRow { item: item.id.0, learning: l.0 }));
    }
}
