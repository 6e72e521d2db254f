//! One conversation as its own person sees it: every word of theirs, who listens, and who has read what.

use super::nominations::{self, Nomination};
use super::talks::{self, HandedOver};
use super::{invitation_state, open_body, own, sets, stored_answers, work};
use crate::crypt;
use crate::db::{Conn, on};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::interviews::{self, Answer, Audience, InvitationState, QuestionSet, WorkSession};
use domain::people::Viewer;
use domain::{IncidentId, InvitationId, PersonId};

/// Everything of one conversation, for the person who was invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Id.
    pub id: InvitationId,
    /// Of which incident.
    pub incident_id: IncidentId,
    /// Its number.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// When it began.
    pub incident_started_at: DateTime<Utc>,
    /// The zone that it is told in.
    pub incident_zone: String,
    /// Where the conversation stands.
    pub state: InvitationState,
    /// When it was last submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// The second story is published: nothing can be changed any more.
    pub published: bool,
    /// The wall of the incident is open: parked ideas have gone to planning.
    pub wall_open: bool,
    /// Until when a personal link works.
    pub link_until: Option<DateTime<Utc>>,
    /// The answers that there are, by question.
    pub answers: Vec<Answer>,
    /// The stretches of work, in order of time.
    pub sessions: Vec<WorkSession>,
    /// Whom the author named.
    pub nominations: Vec<Nomination>,
    /// Who facilitates, and who appointed them.
    pub facilitators: Vec<Listener>,
    /// Facilitators who came later and ask to read what was submitted before.
    pub asking: Vec<Asking>,
    /// Who has read which answer.
    pub reads: Vec<ReadOnce>,
    /// Notes of a talk that were handed over to the author.
    pub handed_over: Option<HandedOver>,
    /// What is asked, in the order in which it is offered.
    pub set: QuestionSet,
    /// The sets that this incident's people are asked by, each with how many of them.
    asked_by: Vec<(QuestionSet, i64)>,
}

/// A facilitator of the incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Who.
    pub person_id: PersonId,
    /// Name.
    pub name: String,
    /// Team's name.
    pub team: Option<String>,
    /// Name of who appointed them.
    pub appointed_by: Option<String>,
}

/// A facilitator who was added after something was submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// Who.
    pub person_id: PersonId,
    /// Name.
    pub name: String,
}

/// Somebody has read an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOnce {
    /// Which answer's question.
    pub question: i64,
    /// Who.
    pub name: String,
    /// When last.
    pub last_at: DateTime<Utc>,
}

impl Conversation {
    /// The answer to a question, if one was begun.
    pub fn answer(&self, question: i64) -> Option<&Answer> {
        self.answers.iter().find(|a| a.question == question)
    }

    /// Whether something was said to a question.
    pub fn answered(&self, question: i64) -> bool {
        match question {
            interviews::WORK => !self.sessions.is_empty(),
            interviews::NOMINATIONS if !self.nominations.is_empty() => true,
            _ => self.answer(question).is_some_and(|a| !a.body.is_empty()),
        }
    }

    /// How many questions have something said to them.
    pub fn answered_count(&self) -> usize {
        self.set.questions.iter().filter(|q| self.answered(q.number)).count()
    }

    /// How many people were asked this question.
    pub fn asked(&self, question: i64) -> i64 {
        sets::asked_this(&self.asked_by, &self.set, question)
    }

    /// The first question without an answer.
    pub fn next_question(&self) -> Option<i64> {
        self.set.questions.iter().map(|q| q.number).find(|n| !self.answered(*n))
    }

    /// The questions whose answers were changed since the conversation was submitted, and wait to be submitted again.
    pub fn changed(&self) -> Vec<i64> {
        let waits = |a: &&Answer| a.released_at.is_none() && self.answered(a.question);
        if self.state == InvitationState::Submitted {
            self.answers.iter().filter(waits).map(|a| a.question).collect()
        } else {
            Vec::new()
        }
    }

    /// Who has read the answer to this question, and when last.
    pub fn read_by(&self, question: i64) -> impl Iterator<Item = &ReadOnce> {
        self.reads.iter().filter(move |r| r.question == question)
    }
}

/// An invitation that waits for the viewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Id.
    pub invitation_id: InvitationId,
    /// The incident's number.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// Invited or started.
    pub state: InvitationState,
    /// How many questions have something said to them.
    pub answered: usize,
    /// How many are asked.
    pub of: usize,
    /// The first one that has not.
    pub next_question: Option<i64>,
    /// Its place, from one.
    pub place: usize,
}

const INCIDENT: &str = "select number, title, started_at, zone from incidents where id = $1";
const FACILITATORS: &str = "
select r.person_id, p.name, t.name as team, b.name as appointed_by, r.appointed_at, p.is_leadership, g.agreed_at
from incident_roles r join people p on p.id = r.person_id left join teams t on t.id = p.team_id
  left join people b on b.id = r.appointed_by
  left join facilitator_agreements g on g.invitation_id = $2 and g.facilitator_id = r.person_id
where r.incident_id = $1 and r.role = 'facilitator' and p.deactivated_at is null order by p.name_folded, p.id";
const MANAGER: &str = "select manager_id from people where id = $1";
const READS: &str = "
select a.question, p.name, r.last_at
from answer_reads r join answers a on a.id = r.answer_id join people p on p.id = r.reader_id
where a.invitation_id = $1 order by r.last_at desc, p.name_folded";
const WAITING: &str = "
select v.id, i.number, i.title, v.state
from invitations v join incidents i on i.id = v.incident_id
where v.person_id = $1 and v.state in ('invited', 'started') and i.published_at is null and i.trashed_at is null
order by v.invited_at, v.id";
const BODIES: &str = "select id, question, audience, body_sealed from answers where invitation_id = $1";

#[derive(sqlx::FromRow)]
pub(super) struct FacilitatorRow {
    pub(super) person_id: uuid::Uuid,
    pub(super) name: String,
    pub(super) team: Option<String>,
    pub(super) appointed_by: Option<String>,
    pub(super) appointed_at: DateTime<Utc>,
    pub(super) is_leadership: bool,
    pub(super) agreed_at: Option<DateTime<Utc>>,
}

/// The active facilitators of an incident, with the author's agreement where there is one.
pub(super) async fn facilitators(conn: &mut Conn, incident: IncidentId, invitation: InvitationId) -> Result<Vec<FacilitatorRow>> {
    Ok(on!(conn, db => sqlx::query_as(FACILITATORS).bind(incident.0).bind(invitation.0).fetch_all(db).await)?)
}

/// The line manager of a person.
pub(super) async fn manager(conn: &mut Conn, person: PersonId) -> Result<Option<uuid::Uuid>> {
    Ok(on!(conn, db => sqlx::query_scalar(MANAGER).bind(person.0).fetch_one(db).await)?)
}

/// The viewer's own conversation.
///
/// # Errors
/// [`StoreError::NotFound`] when it is somebody else's, was withdrawn, or a personal link has ended.
pub async fn page(store: &Store, viewer: &Viewer, invitation: InvitationId, now: DateTime<Utc>) -> Result<Conversation> {
    let mut conn = store.read().await?;
    let own = own(&mut conn, viewer, invitation, now).await?;
    let key = crypt::incident_key(&mut conn, own.incident).await?;
    let row: Option<(i64, String, DateTime<Utc>, String)> =
        on!(conn, db => sqlx::query_as(INCIDENT).bind(own.incident.0).fetch_optional(db).await)?;
    let (number, title, incident_started_at, incident_zone) = row.ok_or(StoreError::NotFound)?;
    let answers: Vec<Answer> = stored_answers(&mut conn, &key, invitation).await?.into_iter().map(|s| s.answer).collect();
    let sessions = work::of_invitation(&mut conn, &own).await?;
    let nominations = nominations::of_invitation(&mut conn, &key, invitation).await?;
    let facilitators = facilitators(&mut conn, own.incident, invitation).await?;
    let manager = manager(&mut conn, own.person).await?;
    let reads: Vec<(i64, String, DateTime<Utc>)> = on!(conn, db => sqlx::query_as(READS).bind(invitation.0).fetch_all(db).await)?;
    let handed_over = talks::handed_over(&mut conn, &key, invitation).await?;
    let set = sets::of_number(&mut conn, own.question_set).await?;
    let asked_by = sets::asked_by(&mut conn, own.incident).await?;
    let asking = facilitators
        .iter()
        .filter(|f| asks(f, &answers, manager))
        .map(|f| Asking { person_id: PersonId(f.person_id), name: f.name.clone() });
    Ok(Conversation {
        id: invitation,
        incident_id: own.incident,
        key: IncidentKey(number),
        title,
        incident_started_at,
        incident_zone,
        state: own.state,
        submitted_at: own.submitted_at,
        published: own.standing.published,
        wall_open: own.standing.wall_open,
        link_until: own.expires_at,
        sessions,
        nominations,
        asking: if own.standing.published { Vec::new() } else { asking.collect() },
        facilitators: facilitators
            .into_iter()
            .map(|f| Listener { person_id: PersonId(f.person_id), name: f.name, team: f.team, appointed_by: f.appointed_by })
            .collect(),
        handed_over,
        set,
        asked_by,
        reads: reads.into_iter().map(|(question, name, last_at)| ReadOnce { question, name, last_at }).collect(),
        answers,
    })
}

/// Whether this facilitator came after an answer for facilitators was submitted, may read at all, and has no agreement yet.
fn asks(facilitator: &FacilitatorRow, answers: &[Answer], manager: Option<uuid::Uuid>) -> bool {
    let barred = facilitator.is_leadership || manager == Some(facilitator.person_id);
    let earlier =
        |a: &Answer| a.audience == Audience::Facilitator && a.released_at.is_some_and(|at| at < facilitator.appointed_at);
    !barred && facilitator.agreed_at.is_none() && answers.iter().any(earlier)
}

#[derive(sqlx::FromRow)]
struct WaitingRow {
    id: uuid::Uuid,
    number: i64,
    title: String,
    state: String,
}

/// An invitation that waits for the viewer, by its incident alone: what a list needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedOf {
    /// Id.
    pub invitation_id: InvitationId,
    /// The incident's number.
    pub key: IncidentKey,
    /// Something was kept already.
    pub started: bool,
}

/// Which incidents ask for the viewer's view, oldest first. One statement, and nothing is opened: [`waiting`] says how far each is.
///
/// # Errors
/// What the database said.
pub async fn asked_of(store: &Store, viewer: &Viewer) -> Result<Vec<AskedOf>> {
    if viewer.guest_of.is_some() {
        return Ok(Vec::new());
    }
    let mut conn = store.read().await?;
    let rows: Vec<WaitingRow> = on!(conn, db => sqlx::query_as(WAITING).bind(viewer.person_id.0).fetch_all(db).await)?;
    rows.into_iter()
        .map(|row| {
            Ok(AskedOf {
                invitation_id: InvitationId(row.id),
                key: IncidentKey(row.number),
                started: invitation_state(&row.state)? == InvitationState::Started,
            })
        })
        .collect()
}

/// The invitations that wait for the viewer, oldest first.
///
/// # Errors
/// What the database said.
pub async fn waiting(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Vec<Waiting>> {
    let mut conn = store.read().await?;
    let me = viewer.person_id.0;
    let rows: Vec<WaitingRow> = on!(conn, db => sqlx::query_as(WAITING).bind(me).fetch_all(db).await)?;
    let mut waiting = Vec::with_capacity(rows.len());
    for row in rows {
        let id = InvitationId(row.id);
        let Ok(own) = own(&mut conn, viewer, id, now).await else { continue };
        let key = crypt::incident_key(&mut conn, own.incident).await?;
        let bodies: Vec<(uuid::Uuid, i64, String, Vec<u8>)> =
            on!(conn, db => sqlx::query_as(BODIES).bind(row.id).fetch_all(db).await)?;
        let mut said = Vec::new();
        for (answer, question, slug, sealed) in bodies {
            if !open_body(&key, answer, super::audience(&slug)?, &sealed)?.is_empty() {
                said.push(question);
            }
        }
        if !work::of_invitation(&mut conn, &own).await?.is_empty() {
            said.push(interviews::WORK);
        }
        if !nominations::of_invitation(&mut conn, &key, id).await?.is_empty() && !said.contains(&interviews::NOMINATIONS) {
            said.push(interviews::NOMINATIONS);
        }
        let set = sets::of_number(&mut conn, own.question_set).await?;
        let next_question = set.questions.iter().map(|q| q.number).find(|n| !said.contains(n));
        waiting.push(Waiting {
            invitation_id: id,
            key: IncidentKey(row.number),
            title: row.title,
            state: invitation_state(&row.state)?,
            answered: set.questions.iter().filter(|q| said.contains(&q.number)).count(),
            of: set.questions.len(),
            next_question,
            place: next_question.map_or(1, |n| set.place(n)),
        });
    }
    Ok(waiting)
}
