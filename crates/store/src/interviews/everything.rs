//! Everything that one person said in their one-on-ones, for them to take away.

use super::erasing::{Mine, resting_of};
use super::nominations::{self, Nomination};
use super::talks::{self, TalkNote};
use super::{invitation_state, posting, sets, stored_answers, work};
use crate::db::{Conn, on};
use crate::mail::{self, Posted};
use crate::reviews::{self, MarkOfMine};
use crate::timeline::perspectives::{self, OfMine};
use crate::{Result, StoreError, crypt};
use chrono::{DateTime, NaiveDate, Utc};
use domain::incidents::IncidentKey;
use domain::interviews::{Answer, InvitationState, QuestionSet, WorkKind};
use domain::retention::{Periods, goes_on};
use domain::{IncidentId, InvitationId, PersonId};

/// One conversation with all that its person said in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnConversation {
    /// Its id.
    pub id: InvitationId,
    /// Of which incident.
    pub incident: IncidentId,
    /// Its number; `None` where the incident is not there for this person (any more).
    pub key: Option<IncidentKey>,
    /// Its title; `None` there, and where the invitation was withdrawn.
    pub title: Option<String>,
    /// Where the conversation stands.
    pub state: InvitationState,
    /// Who asked.
    pub invited_by: Option<String>,
    /// When.
    pub invited_at: DateTime<Utc>,
    /// When something was first saved.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was last submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When the second story was published.
    pub published_at: Option<DateTime<Utc>>,
    /// What they were asked.
    pub set: QuestionSet,
    /// Where letters about it went, for somebody without an account.
    pub address: Option<String>,
    /// What the facilitator wrote with it.
    pub note: Option<String>,
    /// Letters about it that went out, in order.
    pub letters: Vec<Posted>,
    /// The answers, drafts too, by question.
    pub answers: Vec<OwnAnswer>,
    /// The stretches of work, in order of time.
    pub stretches: Vec<OwnStretch>,
    /// Whom they named.
    pub nominations: Vec<Nomination>,
    /// Notes of a talk that were given to them and are not taken into an answer yet.
    pub handed_over: Vec<TalkNote>,
    /// Facilitators who came later and were let read.
    pub agreements: Vec<Agreement>,
}

/// An answer with who has read it and how long it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAnswer {
    /// The answer.
    pub answer: Answer,
    /// Who has read it.
    pub reads: Vec<Read>,
    /// Passages of it that were marked for a theme: by whom and when.
    pub marks: Vec<MarkOfMine>,
    /// Words of it that stand beside the timeline.
    pub placed: Vec<OfMine>,
    /// The day on which it goes by itself; `None`: it stays.
    pub goes_on: Option<NaiveDate>,
}

/// Somebody's reading of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Who.
    pub name: String,
    /// When first.
    pub first_at: DateTime<Utc>,
    /// When last.
    pub last_at: DateTime<Utc>,
    /// How often.
    pub times: i64,
}

/// A stretch of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnStretch {
    /// From.
    pub started_at: DateTime<Utc>,
    /// To.
    pub ended_at: DateTime<Utc>,
    /// The worker's zone.
    pub zone: String,
    /// What kind of work.
    pub kind: WorkKind,
    /// The closed month that counted its minutes (its first day).
    pub counted_in: Option<NaiveDate>,
}

/// A facilitator who was let read what was submitted before they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Who.
    pub facilitator: String,
    /// When.
    pub agreed_at: DateTime<Utc>,
}

const CONVERSATION: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = v.person_id)) then i.number end as number, i.title, v.state, p.name as invited_by, v.invited_at, v.started_at, v.submitted_at, i.published_at
from invitations v join incidents i on i.id = v.incident_id left join people p on p.id = v.invited_by where v.id = $1";
const WORDS: &str = "select address_sealed, note_sealed from invitations where id = $1";
const READS: &str = "
select r.answer_id, p.name, r.first_at, r.last_at, r.times
from answer_reads r join answers a on a.id = r.answer_id join people p on p.id = r.reader_id
where a.invitation_id = $1 order by r.first_at, p.name_folded, p.id";
const STRETCHES: &str = "
select started_at, ended_at, zone, kind, counted_in from work_sessions where invitation_id = $1 order by started_at, id";
const AGREEMENTS: &str = "
select p.name, g.agreed_at from facilitator_agreements g join people p on p.id = g.facilitator_id
where g.invitation_id = $1 order by g.agreed_at, p.id";

#[derive(sqlx::FromRow)]
struct ConversationRow {
    number: Option<i64>,
    title: String,
    state: String,
    invited_by: Option<String>,
    invited_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    submitted_at: Option<DateTime<Utc>>,
    published_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct ReadRow {
    answer_id: uuid::Uuid,
    name: String,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    times: i64,
}

#[derive(sqlx::FromRow)]
struct StretchRow {
    started_at: DateTime<Utc>,
    ended_at: DateTime<Utc>,
    zone: String,
    kind: String,
    counted_in: Option<NaiveDate>,
}

/// What a person said in these conversations of theirs. The caller has checked whose they are.
pub(crate) async fn everything(
    conn: &mut Conn,
    person: PersonId,
    conversations: &[Mine],
    periods: &Periods,
    told_since: NaiveDate,
) -> Result<Vec<OwnConversation>> {
    let resting = resting_of(conn, person).await?;
    let mut all = Vec::with_capacity(conversations.len());
    for mine in conversations {
        let id = mine.id;
        let key = crypt::incident_key(conn, mine.incident).await?;
        let row: Option<ConversationRow> = on!(conn, db => sqlx::query_as(CONVERSATION).bind(id.0).fetch_optional(db).await)?;
        let row = row.ok_or(StoreError::NotFound)?;
        let state = invitation_state(&row.state)?;
        let words: (Option<Vec<u8>>, Option<Vec<u8>>) = on!(conn, db => sqlx::query_as(WORDS).bind(id.0).fetch_one(db).await)?;
        let marks = reviews::marks_of(conn, id).await?;
        let placed = perspectives::of_conversation(conn, &key, id).await?;
        let reads: Vec<ReadRow> = on!(conn, db => sqlx::query_as(READS).bind(id.0).fetch_all(db).await)?;
        let answers = stored_answers(conn, &key, id).await?.into_iter().map(|stored| {
            let answer = stored.answer;
            let rule = resting.iter().find(|r| r.answer.id == answer.id);
            let goes = rule.and_then(|r| goes_on(&r.rule, periods, told_since)).map(|(_, day)| day);
            let read = |r: &ReadRow| Read { name: r.name.clone(), first_at: r.first_at, last_at: r.last_at, times: r.times };
            let marked = marks.iter().filter(|(of, _)| *of == answer.id).map(|(_, mark)| mark.clone()).collect();
            OwnAnswer {
                marks: marked,
                placed: placed.iter().filter(|(of, _)| *of == answer.id).map(|(_, words)| words.clone()).collect(),
                reads: reads.iter().filter(|r| r.answer_id == answer.id.0).map(read).collect(),
                goes_on: goes,
                answer,
            }
        });
        let answers = answers.collect();
        let stretches: Vec<StretchRow> = on!(conn, db => sqlx::query_as(STRETCHES).bind(id.0).fetch_all(db).await)?;
        let stretches = stretches
            .into_iter()
            .map(|r| {
                Ok(OwnStretch {
                    started_at: r.started_at,
                    ended_at: r.ended_at,
                    zone: r.zone,
                    kind: work::kind(&r.kind)?,
                    counted_in: r.counted_in,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let agreements: Vec<(String, DateTime<Utc>)> =
            on!(conn, db => sqlx::query_as(AGREEMENTS).bind(id.0).fetch_all(db).await)?;
        all.push(OwnConversation {
            id,
            incident: mine.incident,
            key: row.number.map(IncidentKey),
            title: (row.number.is_some() && state != InvitationState::Withdrawn).then_some(row.title),
            state,
            invited_by: row.invited_by,
            invited_at: row.invited_at,
            started_at: row.started_at,
            submitted_at: row.submitted_at,
            published_at: row.published_at,
            set: sets::of_invitation(conn, id).await?,
            address: posting::open(&key, id, "address", words.0.as_deref())?,
            note: posting::open(&key, id, "note", words.1.as_deref())?,
            letters: mail::sent_of(conn, id).await?,
            answers,
            stretches,
            nominations: nominations::of_invitation(conn, &key, id).await?,
            handed_over: talks::handed_over(conn, &key, id).await?.map(|h| h.notes).unwrap_or_default(),
            agreements: agreements.into_iter().map(|(facilitator, agreed_at)| Agreement { facilitator, agreed_at }).collect(),
        });
    }
    Ok(all)
}
