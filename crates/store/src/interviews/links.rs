//! Personal links: a 256-bit token, stored hashed, that opens one conversation on any device for thirty days.

use super::invitations::LINK_LASTS;
use super::{invitation_state, posting};
use crate::db::{Conn, on, run};
use crate::mail::{self, LetterState};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, crypt, random, reviews, sessions};
use chrono::{DateTime, TimeDelta, Utc};
use domain::interviews::InvitationState;
use domain::people::Viewer;
use domain::rights::Right;
use domain::{IncidentId, InvitationId, PersonId};

/// What somebody who holds a link sees before they begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peek {
    /// The conversation that it opens.
    pub invitation_id: InvitationId,
    /// Whom it was made for.
    pub name: String,
    /// The incident's title.
    pub title: String,
    /// Until when it works.
    pub until: DateTime<Utc>,
    /// What the facilitator wrote with it, with their name.
    pub note: Option<(String, String)>,
    /// It came with a letter about quotes.
    pub quotes: bool,
}

/// Why a personal link works no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Its time is over.
    Expired,
    /// The invitation was taken back.
    Withdrawn,
    /// A newer link took its place.
    Replaced,
    /// The second story is published.
    Published,
    /// Its person erased what they said.
    Erased,
}

/// A letter that was sent less long ago than this is not sent again.
const PAUSE: TimeDelta = TimeDelta::hours(1);

const EXPIRED: &str = "
select i.published_at is not null from invitations v join incidents i on i.id = v.incident_id
where i.trashed_at is null and (
  (v.token_hash = $1 and (v.expires_at <= $2 or i.published_at is not null))
  or (v.quotes_hash = $1 and (v.quotes_until <= $2 or i.published_at is not null)))";
const ENDED: &str = "
select l.reason from ended_links l join invitations v on v.id = l.invitation_id join incidents i on i.id = v.incident_id
where l.token_hash = $1 and i.trashed_at is null";
const NOTE_ENDED: &str = "
insert into ended_links (token_hash, invitation_id, reason, ended_at)
select token_hash, id, $2, $3 from invitations where id = $1 and token_hash is not null on conflict do nothing";
const NOTE_ENDED_QUOTES: &str = "
insert into ended_links (token_hash, invitation_id, reason, ended_at)
select quotes_hash, id, $2, $3 from invitations where id = $1 and quotes_hash is not null on conflict do nothing";
const BY_TOKEN: &str = "
select v.id, v.incident_id, v.person_id, v.state, p.name, i.title, v.note_sealed, b.name as invited_by,
  case when v.token_hash = $1 then v.expires_at else v.quotes_until end as works_until, v.quotes_hash is not null and v.quotes_hash = $1 as quotes
from invitations v join people p on p.id = v.person_id join incidents i on i.id = v.incident_id
  left join people b on b.id = v.invited_by
where ((v.token_hash = $1 and v.expires_at > $2) or (v.quotes_hash = $1 and v.quotes_until > $2))
  and i.published_at is null and i.trashed_at is null and p.deactivated_at is null";
const WHOSE: &str = "select incident_id, person_id from invitations where id = $1";
const TO_RENEW: &str = "
select v.state, p.email is not null as has_account, p.deactivated_at is not null as has_left
from invitations v join people p on p.id = v.person_id where v.id = $1 and v.incident_id = $2";
const RENEW: &str = "
update invitations set token_hash = $2, expires_at = $3, quotes_hash = null, quotes_until = null where id = $1";
const LINKED: &str = "select id from invitations where incident_id = $1 and token_hash is not null";
const END_OF_PERSON: &str = "
update invitations set token_hash = null, expires_at = null, quotes_hash = null, quotes_until = null
where person_id = $1 and token_hash is not null";
const CLOSE: &str = "
update invitations set token_hash = null, quotes_hash = null, quotes_until = null, closed_at = $2
where incident_id = $1 and token_hash is not null";

#[derive(sqlx::FromRow)]
struct LinkRow {
    id: uuid::Uuid,
    incident_id: uuid::Uuid,
    person_id: uuid::Uuid,
    state: String,
    works_until: DateTime<Utc>,
    quotes: bool,
    name: String,
    title: String,
    note_sealed: Option<Vec<u8>>,
    invited_by: Option<String>,
}

async fn by_token(conn: &mut Conn, token: &str, now: DateTime<Utc>) -> Result<LinkRow> {
    let hash = random::token_hash(token);
    let row: Option<LinkRow> = on!(conn, db => sqlx::query_as(BY_TOKEN).bind(hash).bind(now).fetch_optional(db).await)?;
    let row = row.ok_or(StoreError::NotFound)?;
    if invitation_state(&row.state)? == InvitationState::Withdrawn { Err(StoreError::NotFound) } else { Ok(row) }
}

/// Looks at a link. Changes nothing: mail programs and chat previews open links too.
///
/// # Errors
/// [`StoreError::NotFound`] when it expired, was withdrawn or replaced, the review is published, or it never was.
pub async fn peek(store: &Store, token: &str, now: DateTime<Utc>) -> Result<Peek> {
    let mut conn = store.read().await?;
    let row = by_token(&mut conn, token, now).await?;
    let invitation_id = InvitationId(row.id);
    let note = match &row.note_sealed {
        None => None,
        Some(sealed) => {
            let key = crypt::incident_key(&mut conn, IncidentId(row.incident_id)).await?;
            posting::open(&key, invitation_id, "note", Some(sealed))?.map(|note| (row.invited_by.unwrap_or_default(), note))
        }
    };
    // What was written with the invitation is not about quotes.
    let note = note.filter(|_| !row.quotes);
    Ok(Peek { invitation_id, name: row.name, title: row.title, until: row.works_until, note, quotes: row.quotes })
}

/// Begins a session for the one conversation of this link, and answers its token. Works again on any device while the link does.
///
/// # Errors
/// As [`peek`].
pub async fn begin_by_link(store: &Store, token: &str, now: DateTime<Utc>) -> Result<(InvitationId, String)> {
    let mut conn = store.write().await?;
    let row = by_token(&mut conn, token, now).await?;
    let (invitation, person) = (InvitationId(row.id), PersonId(row.person_id));
    let session = sessions::begin_by_link(&mut conn, person, invitation, row.works_until, now).await?;
    let incident = Some(IncidentId(row.incident_id));
    audit::note(&mut conn, now, Some(person), "session.begin-by-link", &invitation.to_string(), incident).await?;
    conn.commit().await?;
    Ok((invitation, session))
}

/// Why this link works no more; `None`: it never was, or nothing may be said of it. Nothing here tells which incident it was about.
///
/// # Errors
/// What the database said.
pub async fn why_ended(store: &Store, token: &str, now: DateTime<Utc>) -> Result<Option<Ended>> {
    let hash = random::token_hash(token);
    let mut conn = store.read().await?;
    let expired: Option<bool> = on!(conn, db => sqlx::query_scalar(EXPIRED).bind(&hash).bind(now).fetch_optional(db).await)?;
    if let Some(published) = expired {
        return Ok(Some(if published { Ended::Published } else { Ended::Expired }));
    }
    let reason: Option<String> = on!(conn, db => sqlx::query_scalar(ENDED).bind(&hash).fetch_optional(db).await)?;
    Ok(match reason.as_deref() {
        Some("withdrawn") => Some(Ended::Withdrawn),
        Some("replaced") => Some(Ended::Replaced),
        Some("published") => Some(Ended::Published),
        Some("erased") => Some(Ended::Erased),
        _ => None,
    })
}

/// Remembers of a link that is about to end why it did.
pub(super) async fn note_ended(conn: &mut Conn, invitation: InvitationId, reason: &str, now: DateTime<Utc>) -> Result<()> {
    run!(conn, sqlx::query(NOTE_ENDED).bind(invitation.0).bind(reason).bind(now))?;
    run!(conn, sqlx::query(NOTE_ENDED_QUOTES).bind(invitation.0).bind(reason).bind(now))?;
    Ok(())
}

/// Sends the letter again, with a new link where its person has no account.
///
/// # Errors
/// [`StoreError::Refused`] where there is nowhere to send it, it went less than an hour ago or the conversation is not open;
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn resend(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    invitation: InvitationId,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    let has_account = to_renew(&mut conn, viewer, incident, invitation, true, now).await?;
    let last = mail::latest_of(&mut conn, incident).await?.remove(&invitation);
    if matches!(last, Some(LetterState::Sent(at)) if now - at < PAUSE) {
        return Err(StoreError::Refused("A letter went out less than an hour ago. Please give it a little time."));
    }
    let token = if has_account { None } else { Some(replace(&mut conn, invitation, now).await?) };
    if !posting::queue(&mut conn, invitation, token.as_deref(), posting::What::Letter, now).await? {
        return Err(StoreError::Refused("There is no address to send it to. Please make a link and copy it."));
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "invitation.resend", &invitation.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// Makes a new link for somebody without an account and answers its token; the old one and its sessions end.
///
/// # Errors
/// [`StoreError::Refused`] where no link is needed or the conversation is over; [`StoreError::NotFound`] for all but the facilitators.
pub async fn renew_link(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    invitation: InvitationId,
    now: DateTime<Utc>,
) -> Result<String> {
    let mut conn = store.write().await?;
    if to_renew(&mut conn, viewer, incident, invitation, false, now).await? {
        return Err(StoreError::Refused("This person has an account and finds the invitation on their home page."));
    }
    let token = replace(&mut conn, invitation, now).await?;
    posting::queue(&mut conn, invitation, Some(&token), posting::What::Reminders, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "invitation.renew", &invitation.to_string(), Some(incident)).await?;
    conn.commit().await?;
    Ok(token)
}

/// Whether the person of an invitation that may have a new link, or with `open` a new letter, has an account.
async fn to_renew(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    invitation: InvitationId,
    open: bool,
    now: DateTime<Utc>,
) -> Result<bool> {
    if require(conn, viewer, Right::Invite, incident, now).await?.published {
        return Err(StoreError::Refused("The second story is published; one-on-ones are over."));
    }
    let row: Option<(String, bool, bool)> =
        on!(conn, db => sqlx::query_as(TO_RENEW).bind(invitation.0).bind(incident.0).fetch_optional(db).await)?;
    let (state, has_account, has_left) = row.ok_or(StoreError::NotFound)?;
    if has_left {
        return Err(StoreError::Refused("This person has left. No link and no letter goes to them any more."));
    }
    match invitation_state(&state)? {
        InvitationState::Withdrawn => Err(StoreError::Refused("This invitation was withdrawn. Please invite the person again.")),
        InvitationState::Submitted | InvitationState::Declined if open => {
            Err(StoreError::Refused("They have answered. No letter is sent any more."))
        }
        _ => Ok(has_account),
    }
}

/// Puts a new link in the place of the old one, which ends with its sessions and with the link of letters about quotes.
async fn replace(conn: &mut Conn, invitation: InvitationId, now: DateTime<Utc>) -> Result<String> {
    let token = random::token();
    let hash = random::token_hash(&token);
    note_ended(conn, invitation, "replaced", now).await?;
    run!(conn, sqlx::query(RENEW).bind(invitation.0).bind(hash).bind(now + LINK_LASTS))?;
    sessions::end_of_link(conn, invitation).await?;
    let (incident, person): (uuid::Uuid, uuid::Uuid) =
        on!(conn, db => sqlx::query_as(WHOSE).bind(invitation.0).fetch_one(db).await)?;
    reviews::link_replaced(conn, IncidentId(incident), PersonId(person), now).await?;
    Ok(token)
}

/// Ends all personal links of an incident and their sessions: called with publication.
pub(crate) async fn close_links(conn: &mut Conn, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    let linked: Vec<uuid::Uuid> = on!(conn, db => sqlx::query_scalar(LINKED).bind(incident.0).fetch_all(db).await)?;
    for invitation in linked {
        note_ended(conn, InvitationId(invitation), "published", now).await?;
        sessions::end_of_link(conn, InvitationId(invitation)).await?;
    }
    run!(conn, sqlx::query(CLOSE).bind(incident.0).bind(now))?;
    Ok(())
}

/// Ends all personal links of a person: called when they are deactivated. Their sessions end with the person's.
pub(crate) async fn end_links_of(conn: &mut Conn, person: PersonId) -> Result<()> {
    run!(conn, sqlx::query(END_OF_PERSON).bind(person.0))?;
    Ok(())
}
