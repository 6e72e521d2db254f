//! What an invitee knows of the mail about their invitation and about quotes from it, and how they stop reminders: signed in, or by the
//! link in each letter.

use super::own;
use super::posting::{open, stop_token};
use crate::crypt;
use crate::db::{Conn, on, run};
use crate::mail::{self, Posted};
use crate::{Result, Store, StoreError, audit, random};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::{IncidentId, InvitationId, PersonId};

/// What came with an invitation and after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letters {
    /// The facilitator's words, with their name.
    pub note: Option<(String, String)>,
    /// What was sent, in order.
    pub sent: Vec<Posted>,
    /// When the next reminder goes, if one does.
    pub next: Option<DateTime<Utc>>,
    /// Since when there are no more.
    pub off_at: Option<DateTime<Utc>>,
}

const LETTERS: &str = "
select v.note_sealed, v.reminders_off_at, b.name as invited_by from invitations v left join people b on b.id = v.invited_by
where v.id = $1";
const NEXT: &str = "
select min(next_at) from outbox where invitation_id = $1 and kind = 'reminder' and state = 'queued'";
const NEXT_OF_QUOTES: &str = "
select v.id, v.incident_id, min(o.next_at) as next_at
from outbox o join invitations v on v.id = o.invitation_id join reviews r on r.incident_id = v.incident_id
  join incidents i on i.id = v.incident_id
where o.person_id = $1 and o.kind = 'quote-reminder' and o.state = 'queued' and o.next_at < r.quotes_due_at
  and v.reminders_off_at is null and i.published_at is null and i.trashed_at is null
  and ($2 is null or v.id = $2)
  and exists (select 1 from excerpt_sources s join excerpts e on e.id = s.excerpt_id
    where s.author_id = $1 and e.incident_id = v.incident_id and e.state = 'waiting')
group by v.id, v.incident_id order by min(o.next_at)";
const BY_STOP: &str = "select id, person_id, incident_id from invitations where stop_hash = $1 and state <> 'withdrawn'";
const IS_OFF: &str = "select reminders_off_at from invitations where id = $1";
const STOP: &str = "update invitations set reminders_off_at = $2 where id = $1 and reminders_off_at is null";

/// A reminder that is planned of quotes which wait for their author's word; for the author alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotesReminder {
    /// The conversation that they are from: reminders are stopped by it.
    pub invitation: InvitationId,
    /// The incident.
    pub incident: IncidentId,
    /// Not before this.
    pub at: DateTime<Utc>,
}

/// The reminders that are planned of the viewer's own quotes.
///
/// # Errors
/// What the database said.
pub async fn quotes_reminders(store: &Store, viewer: &Viewer) -> Result<Vec<QuotesReminder>> {
    planned(&mut store.read().await?, viewer.person_id, viewer.guest_of).await
}

async fn planned(conn: &mut Conn, person: PersonId, only: Option<InvitationId>) -> Result<Vec<QuotesReminder>> {
    let rows: Vec<(uuid::Uuid, uuid::Uuid, DateTime<Utc>)> =
        on!(conn, db => sqlx::query_as(NEXT_OF_QUOTES).bind(person.0).bind(only.map(|i| i.0)).fetch_all(db).await)?;
    let reminder = |(id, incident, at)| QuotesReminder { invitation: InvitationId(id), incident: IncidentId(incident), at };
    Ok(rows.into_iter().map(reminder).collect())
}

/// The mail about the viewer's own invitation.
///
/// # Errors
/// [`StoreError::NotFound`] for everybody but the invitee.
pub async fn letters(store: &Store, viewer: &Viewer, invitation: InvitationId, now: DateTime<Utc>) -> Result<Letters> {
    let mut conn = store.read().await?;
    let own = own(&mut conn, viewer, invitation, now).await?;
    type Row = (Option<Vec<u8>>, Option<DateTime<Utc>>, Option<String>);
    let (note, off_at, by): Row = on!(conn, db => sqlx::query_as(LETTERS).bind(invitation.0).fetch_one(db).await)?;
    let key = crypt::incident_key(&mut conn, own.incident).await?;
    let note = open(&key, invitation, "note", note.as_deref())?;
    let next: Option<DateTime<Utc>> = on!(conn, db => sqlx::query_scalar(NEXT).bind(invitation.0).fetch_one(db).await)?;
    let waits = matches!(own.state, domain::interviews::InvitationState::Invited | domain::interviews::InvitationState::Started);
    let next = next.filter(|_| waits && off_at.is_none() && !own.standing.published);
    let of_quotes = planned(&mut conn, own.person, Some(invitation)).await?.first().map(|planned| planned.at);
    Ok(Letters {
        note: note.map(|note| (by.unwrap_or_default(), note)),
        sent: mail::sent_of(&mut conn, invitation).await?,
        next: next.into_iter().chain(of_quotes).min(),
        off_at,
    })
}

/// No more reminders about the viewer's own invitation, nor about quotes from it.
///
/// # Errors
/// [`StoreError::NotFound`] for everybody but the invitee.
pub async fn stop_reminders(store: &Store, viewer: &Viewer, invitation: InvitationId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    let own = own(&mut conn, viewer, invitation, now).await?;
    stop(&mut conn, invitation, own.person, own.incident, now).await?;
    conn.commit().await
}

async fn stop(conn: &mut Conn, id: InvitationId, person: PersonId, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    if run!(conn, sqlx::query(STOP).bind(id.0).bind(now))? > 0 {
        mail::stop_reminders(conn, id, now).await?;
        audit::note(conn, now, Some(person), "invitation.no-reminders", &id.to_string(), Some(incident)).await?;
    }
    Ok(())
}

async fn by_stop(conn: &mut Conn, token: &str) -> Result<(InvitationId, PersonId, IncidentId)> {
    type Row = Option<(uuid::Uuid, uuid::Uuid, uuid::Uuid)>;
    let hash = random::token_hash(token);
    let row: Row = on!(conn, db => sqlx::query_as(BY_STOP).bind(hash).fetch_optional(db).await)?;
    let (id, person, incident) = row.ok_or(StoreError::NotFound)?;
    let id = InvitationId(id);
    // The hash alone would do; the token belongs to this invitation only while its key does.
    if random::token_hash(&stop_token(conn, id)) != random::token_hash(token) {
        return Err(StoreError::NotFound);
    }
    Ok((id, PersonId(person), IncidentId(incident)))
}

/// Whether the reminders behind this link are stopped already. Changes nothing: mail programs open links, too.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such link.
pub async fn peek_stop(store: &Store, token: &str) -> Result<bool> {
    let mut conn = store.read().await?;
    let (id, ..) = by_stop(&mut conn, token).await?;
    let off: Option<DateTime<Utc>> = on!(conn, db => sqlx::query_scalar(IS_OFF).bind(id.0).fetch_one(db).await)?;
    Ok(off.is_some())
}

/// No more reminders, by the link in a letter. Stopped twice is fine.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such link.
pub async fn stop_by_link(store: &Store, token: &str, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    let (id, person, incident) = by_stop(&mut conn, token).await?;
    stop(&mut conn, id, person, incident, now).await?;
    conn.commit().await
}
