//! Personal links: a 256-bit token, stored hashed, that opens one conversation on any device for thirty days.

use super::invitation_state;
use super::invitations::LINK_LASTS;
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, random, sessions};
use chrono::{DateTime, Utc};
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
}

const BY_TOKEN: &str = "
select v.id, v.incident_id, v.person_id, v.state, v.expires_at, p.name, i.title
from invitations v join people p on p.id = v.person_id join incidents i on i.id = v.incident_id
where v.token_hash = $1 and v.expires_at > $2 and i.published_at is null and i.trashed_at is null and p.deactivated_at is null";
const TO_RENEW: &str = "
select v.state, p.email is not null as has_account
from invitations v join people p on p.id = v.person_id where v.id = $1 and v.incident_id = $2";
const RENEW: &str = "update invitations set token_hash = $2, expires_at = $3 where id = $1";
const LINKED: &str = "select id from invitations where incident_id = $1 and token_hash is not null";
const END_OF_PERSON: &str =
    "update invitations set token_hash = null, expires_at = null where person_id = $1 and token_hash is not null";
const CLOSE: &str = "update invitations set token_hash = null, closed_at = $2 where incident_id = $1 and token_hash is not null";

#[derive(sqlx::FromRow)]
struct LinkRow {
    id: uuid::Uuid,
    incident_id: uuid::Uuid,
    person_id: uuid::Uuid,
    state: String,
    expires_at: DateTime<Utc>,
    name: String,
    title: String,
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
    let row = by_token(&mut store.read().await?, token, now).await?;
    Ok(Peek { invitation_id: InvitationId(row.id), name: row.name, title: row.title, until: row.expires_at })
}

/// Begins a session for the one conversation of this link, and answers its token. Works again on any device while the link does.
///
/// # Errors
/// As [`peek`].
pub async fn begin_by_link(store: &Store, token: &str, now: DateTime<Utc>) -> Result<(InvitationId, String)> {
    let mut conn = store.write().await?;
    let row = by_token(&mut conn, token, now).await?;
    let (invitation, person) = (InvitationId(row.id), PersonId(row.person_id));
    let session = sessions::begin_by_link(&mut conn, person, invitation, row.expires_at, now).await?;
    let incident = Some(IncidentId(row.incident_id));
    audit::note(&mut conn, now, Some(person), "session.begin-by-link", &invitation.to_string(), incident).await?;
    conn.commit().await?;
    Ok((invitation, session))
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
    if require(&mut conn, viewer, Right::Invite, incident, now).await?.published {
        return Err(StoreError::Refused("The second story is published; one-on-ones are over."));
    }
    let row: Option<(String, bool)> =
        on!(conn, db => sqlx::query_as(TO_RENEW).bind(invitation.0).bind(incident.0).fetch_optional(db).await)?;
    let (state, has_account) = row.ok_or(StoreError::NotFound)?;
    if has_account {
        return Err(StoreError::Refused("This person has an account and finds the invitation on their home page."));
    }
    if invitation_state(&state)? == InvitationState::Withdrawn {
        return Err(StoreError::Refused("This invitation was withdrawn. Please invite the person again."));
    }
    let token = random::token();
    let hash = random::token_hash(&token);
    run!(conn, sqlx::query(RENEW).bind(invitation.0).bind(hash).bind(now + LINK_LASTS))?;
    sessions::end_of_link(&mut conn, invitation).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "invitation.renew", &invitation.to_string(), Some(incident)).await?;
    conn.commit().await?;
    Ok(token)
}

/// Ends all personal links of an incident and their sessions: called with publication.
pub(crate) async fn close_links(conn: &mut Conn, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    let linked: Vec<uuid::Uuid> = on!(conn, db => sqlx::query_scalar(LINKED).bind(incident.0).fetch_all(db).await)?;
    for invitation in linked {
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
