//! Erasing: answers, stretches, names and what was noted about them go from the database for good.

use super::{audience, links, own, talks};
use crate::db::{Conn, on, run};
use crate::timeline::perspectives;
use crate::{Result, StoreError, mail, parking, reviews};
use chrono::{DateTime, Utc};
use domain::interviews;
use domain::people::Viewer;
use domain::{AnswerId, IncidentId, InvitationId, PersonId};

/// A conversation whose words its person may take away: their own, in whatever state, but by a personal link only while it works.
pub(crate) struct Mine {
    pub(crate) id: InvitationId,
    pub(crate) incident: IncidentId,
}

/// An answer that goes.
pub(crate) struct Going {
    pub(crate) id: AnswerId,
    pub(crate) invitation: InvitationId,
    pub(crate) incident: IncidentId,
    pub(crate) question: i64,
}

/// An answer with what decides how long it is kept.
pub(crate) struct Resting {
    pub(crate) answer: Going,
    pub(crate) rule: domain::retention::Resting,
}

const OWNER: &str = "select incident_id, person_id from invitations where id = $1";
const MINE: &str = "select id, incident_id from invitations where person_id = $1 order by invited_at, id";
// Asked and not declined, a conversation may still hear them; with an answer it still holds their words.
const GUEST_WITHOUT_WORDS: &str = "
select count(*) from people p where p.id = $1 and p.email is null and p.password_hash is null and p.deactivated_at is null
  and not exists (select 1 from invitations v where v.person_id = p.id and (v.state in ('invited', 'started', 'submitted')
    or exists (select 1 from answers a where a.invitation_id = v.id)))";
const LINKED_OF: &str = "select id from invitations where person_id = $1 and token_hash is not null";
const REMOVE_WORDS_OF: &str = "update invitations set address_sealed = null, note_sealed = null where person_id = $1";
const OF_INVITATION: &str = "select id, question from answers where invitation_id = $1 order by question";
const REMOVE_READS: &str = "delete from answer_reads where answer_id = $1";
const REMOVE_NAMES: &str = "delete from nominations where invitation_id = $1";
const REMOVE_ANSWER: &str = "delete from answers where id = $1";
const REMOVE_STRETCHES: &str = "delete from work_sessions where invitation_id = $1";
const REMOVE_AGREEMENTS: &str = "delete from facilitator_agreements where invitation_id = $1";
const REMOVE_WORDS: &str = "update invitations set address_sealed = null, note_sealed = null where id = $1";
// What was never said is as if it had been declined; saving something comes back.
const EMPTY: &str = "
update invitations set state = 'declined', started_at = null, submitted_at = null, closed_at = $2
where id = $1 and state in ('invited', 'started', 'submitted') and not exists (
  select 1 from incidents i where i.id = invitations.incident_id and i.published_at is not null)";
const RESTING: &str = "
select a.id, a.invitation_id, a.incident_id, a.question, a.audience, a.released_at is null as draft, a.saved_at, i.published_at
from answers a join incidents i on i.id = a.incident_id
where a.id > $1 and (a.released_at is null or a.audience in ('me', 'facilitator')) and a.saved_at < $2
  and (a.released_at is null or i.published_at < $2)
  and not (a.released_at is null and i.published_at is null and exists (
    select 1 from excerpt_sources s join excerpts e on e.id = s.excerpt_id where s.answer_id = a.id and e.state <> 'left-out'))
order by a.id limit 500";
const RESTING_OF: &str = "
select a.id, a.invitation_id, a.incident_id, a.question, a.audience, a.released_at is null as draft, a.saved_at, i.published_at
from answers a join incidents i on i.id = a.incident_id
where a.author_id = $1 and not (a.released_at is null and i.published_at is null and exists (
    select 1 from excerpt_sources s join excerpts e on e.id = s.excerpt_id where s.answer_id = a.id and e.state <> 'left-out'))
order by a.question, a.id";

#[derive(sqlx::FromRow)]
struct RestingRow {
    id: uuid::Uuid,
    invitation_id: uuid::Uuid,
    incident_id: uuid::Uuid,
    question: i64,
    audience: String,
    draft: bool,
    saved_at: DateTime<Utc>,
    published_at: Option<DateTime<Utc>>,
}

impl RestingRow {
    fn into_resting(self) -> Result<Resting> {
        let rule = domain::retention::Resting {
            audience: audience(&self.audience)?,
            draft: self.draft,
            saved_at: self.saved_at,
            published_at: self.published_at,
        };
        let answer = Going {
            id: AnswerId(self.id),
            invitation: InvitationId(self.invitation_id),
            incident: IncidentId(self.incident_id),
            question: self.question,
        };
        Ok(Resting { answer, rule })
    }
}

/// A conversation of the viewer's.
///
/// # Errors
/// [`StoreError::NotFound`] for everybody else, and by a personal link that has ended.
pub(crate) async fn mine(conn: &mut Conn, viewer: &Viewer, invitation: InvitationId, now: DateTime<Utc>) -> Result<Mine> {
    if viewer.guest_of.is_some() {
        let own = own(conn, viewer, invitation, now).await?;
        return Ok(Mine { id: own.id, incident: own.incident });
    }
    let row: Option<(uuid::Uuid, uuid::Uuid)> =
        on!(conn, db => sqlx::query_as(OWNER).bind(invitation.0).fetch_optional(db).await)?;
    let (incident, _) = row.filter(|(_, person)| *person == viewer.person_id.0).ok_or(StoreError::NotFound)?;
    Ok(Mine { id: invitation, incident: IncidentId(incident) })
}

/// All conversations of a person, withdrawn ones too.
pub(crate) async fn all_of(conn: &mut Conn, person: PersonId) -> Result<Vec<Mine>> {
    let rows: Vec<(uuid::Uuid, uuid::Uuid)> = on!(conn, db => sqlx::query_as(MINE).bind(person.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id, incident)| Mine { id: InvitationId(id), incident: IncidentId(incident) }).collect())
}

/// Whether this person only ever came by a personal link, and nothing that they said is left.
pub(crate) async fn is_guest_without_words(conn: &mut Conn, person: PersonId) -> Result<bool> {
    let count: i64 = on!(conn, db => sqlx::query_scalar(GUEST_WITHOUT_WORDS).bind(person.0).fetch_one(db).await)?;
    Ok(count > 0)
}

/// Ends all personal links of somebody who erased what they said, and forgets where letters to them went.
pub(crate) async fn end_links_of_eraser(conn: &mut Conn, person: PersonId, now: DateTime<Utc>) -> Result<()> {
    let linked: Vec<uuid::Uuid> = on!(conn, db => sqlx::query_scalar(LINKED_OF).bind(person.0).fetch_all(db).await)?;
    for invitation in linked {
        links::note_ended(conn, InvitationId(invitation), "erased", now).await?;
    }
    links::end_links_of(conn, person).await?;
    run!(conn, sqlx::query(REMOVE_WORDS_OF).bind(person.0))?;
    Ok(())
}

/// The answers of one conversation.
pub(crate) async fn answers_of(conn: &mut Conn, mine: &Mine) -> Result<Vec<Going>> {
    let rows: Vec<(uuid::Uuid, i64)> = on!(conn, db => sqlx::query_as(OF_INVITATION).bind(mine.id.0).fetch_all(db).await)?;
    let going = |(id, question)| Going { id: AnswerId(id), invitation: mine.id, incident: mine.incident, question };
    Ok(rows.into_iter().map(going).collect())
}

/// Removes one answer: its words, who has read it, the names beside question 12, its idea, its quotes as `quotes` says.
pub(crate) async fn forget_answer(conn: &mut Conn, answer: &Going, quotes: reviews::Standing, now: DateTime<Utc>) -> Result<()> {
    reviews::forget_answer(conn, answer.id, quotes).await?;
    perspectives::forget(conn, answer.id).await?;
    parking::forget_answer(conn, answer.incident, answer.id, now).await?;
    run!(conn, sqlx::query(REMOVE_READS).bind(answer.id.0))?;
    if answer.question == interviews::NOMINATIONS {
        run!(conn, sqlx::query(REMOVE_NAMES).bind(answer.invitation.0))?;
    }
    run!(conn, sqlx::query(REMOVE_ANSWER).bind(answer.id.0))?;
    Ok(())
}

/// Removes the stretches of a conversation. What closed months counted of them stays in their figures.
pub(crate) async fn forget_stretches(conn: &mut Conn, invitation: InvitationId) -> Result<()> {
    run!(conn, sqlx::query(REMOVE_STRETCHES).bind(invitation.0))?;
    Ok(())
}

/// Removes all that was said in a conversation. That it was asked for stays.
pub(crate) async fn forget_conversation(
    conn: &mut Conn,
    mine: &Mine,
    quotes: reviews::Standing,
    now: DateTime<Utc>,
) -> Result<()> {
    for answer in answers_of(conn, mine).await? {
        forget_answer(conn, &answer, quotes, now).await?;
    }
    run!(conn, sqlx::query(REMOVE_NAMES).bind(mine.id.0))?;
    mail::forget_invitation(conn, mine.id).await?;
    run!(conn, sqlx::query(REMOVE_WORDS).bind(mine.id.0))?;
    run!(conn, sqlx::query(REMOVE_AGREEMENTS).bind(mine.id.0))?;
    forget_stretches(conn, mine.id).await?;
    talks::forget(conn, mine.id).await?;
    run!(conn, sqlx::query(EMPTY).bind(mine.id.0).bind(now))?;
    Ok(())
}

/// The next answers after `after` whose time may be over: the rule decides. `before` leaves out what was touched since.
///
/// A draft in an open review from which a quote is under way is no forgotten one, and is left out.
pub(crate) async fn resting(conn: &mut Conn, after: AnswerId, before: DateTime<Utc>) -> Result<Vec<Resting>> {
    let rows: Vec<RestingRow> = on!(conn, db => sqlx::query_as(RESTING).bind(after.0).bind(before).fetch_all(db).await)?;
    rows.into_iter().map(RestingRow::into_resting).collect()
}

/// All answers of one author with what decides how long they are kept.
pub(crate) async fn resting_of(conn: &mut Conn, author: PersonId) -> Result<Vec<Resting>> {
    let rows: Vec<RestingRow> = on!(conn, db => sqlx::query_as(RESTING_OF).bind(author.0).fetch_all(db).await)?;
    rows.into_iter().map(RestingRow::into_resting).collect()
}
