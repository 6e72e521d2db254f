//! What an invitee knows of the mail about their invitation, and how they stop it: signed in, or by the link in each letter.

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
const BY_STOP: &str = "select id, person_id, incident_id from invitations where stop_hash = $1 and state <> 'withdrawn'";
const IS_OFF: &str = "select reminders_off_at from invitations where id = $1";
const STOP: &str = "update invitations set reminders_off_at = $2 where id = $1 and reminders_off_at is null";

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
    Ok(Letters {
        note: note.map(|note| (by.unwrap_or_default(), note)),
        sent: mail::sent_of(&mut conn, invitation).await?,
        next: next.filter(|_| waits && off_at.is_none() && !own.standing.published),
        off_at,
    })
}

/// No more reminders about the viewer's own invitation.
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
