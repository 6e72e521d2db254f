//! Submitting, taking back, declining: when an author's words begin and cease to be readable.

use super::answers::park;
use super::{Own, nominations, own, own_to_change, seal_body, stored_answers};
use crate::db::{Conn, run};
use crate::timeline::perspectives;
use crate::{Result, Store, StoreError, audit, crypt, parking, reviews};
use chrono::{DateTime, Utc};
use domain::InvitationId;
use domain::interviews::{self, Audience, InvitationState};
use domain::people::Viewer;

const RELEASE: &str = "update answers set released_at = $2 where id = $1 and released_at is null";
const UNRELEASE_ALL: &str = "update answers set released_at = null where invitation_id = $1";
const SUBMITTED: &str = "
update invitations set state = 'submitted', submitted_at = $2, started_at = coalesce(started_at, $2), closed_at = null where id = $1";
const TAKEN_BACK: &str = "update invitations set state = 'started', submitted_at = null, closed_at = null where id = $1";
const DECLINED: &str = "update invitations set state = 'declined', submitted_at = null, closed_at = $2 where id = $1";
const NARROW: &str = "
update answers set body_sealed = $3, audience = 'me', version = version + 1, saved_at = $4 where id = $1 and version = $2";

/// Submits: from now on each answer that says something is readable within its audience, and the idea of question 9 is parked.
/// Again after changes: what was changed becomes readable.
///
/// # Errors
/// [`StoreError::Refused`] after publication; [`StoreError::NotFound`] for everybody but the author.
pub async fn submit(store: &Store, viewer: &Viewer, invitation: InvitationId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    let own = own_to_change(&mut conn, viewer, invitation, now).await?;
    let key = crypt::incident_key(&mut conn, own.incident).await?;
    let named_somebody = !nominations::of_invitation(&mut conn, &key, invitation).await?.is_empty();
    for stored in stored_answers(&mut conn, &key, invitation).await? {
        let answer = stored.answer;
        let says_something = !answer.body.is_empty() || (answer.question == interviews::NOMINATIONS && named_somebody);
        if answer.released_at.is_some() || !says_something {
            continue;
        }
        run!(conn, sqlx::query(RELEASE).bind(answer.id.0).bind(now))?;
        if answer.question == interviews::RECURRENCE {
            park(&mut conn, &own, answer.id, true, answer.audience, &answer.body, answer.with_name, now).await?;
        }
    }
    run!(conn, sqlx::query(SUBMITTED).bind(invitation.0).bind(now))?;
    audit::note(&mut conn, now, Some(viewer.person_id), "response.submit", &invitation.to_string(), Some(own.incident)).await?;
    conn.commit().await
}

/// Takes everything back: all answers are drafts again that only their author reads.
///
/// # Errors
/// As [`submit`].
pub async fn take_back(store: &Store, viewer: &Viewer, invitation: InvitationId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    let own = own_to_change(&mut conn, viewer, invitation, now).await?;
    if own.state != InvitationState::Submitted {
        return Ok(());
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "response.take-back", &invitation.to_string(), Some(own.incident))
        .await?;
    unrelease(&mut conn, &own).await?;
    run!(conn, sqlx::query(TAKEN_BACK).bind(invitation.0))?;
    conn.commit().await
}

/// Declines. No reason is asked; what was written stays its author's; saving something comes back.
///
/// # Errors
/// As [`submit`].
pub async fn decline(store: &Store, viewer: &Viewer, invitation: InvitationId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    let own = own_to_change(&mut conn, viewer, invitation, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "response.decline", &invitation.to_string(), Some(own.incident)).await?;
    unrelease(&mut conn, &own).await?;
    run!(conn, sqlx::query(DECLINED).bind(invitation.0).bind(now))?;
    conn.commit().await
}

/// The caller has noted the act before, which takes the writers' turn on PostgreSQL: no new quote slips past.
async fn unrelease(conn: &mut Conn, own: &Own) -> Result<()> {
    let key = crypt::incident_key(conn, own.incident).await?;
    for stored in stored_answers(conn, &key, own.id).await? {
        if stored.answer.question == interviews::RECURRENCE {
            parking::withdraw_answer(conn, stored.answer.id).await?;
        }
        // Its quotes leave the review with it, and its words the lanes.
        reviews::answer_narrowed(conn, stored.answer.id, Audience::OnlyMe).await?;
        perspectives::forget(conn, stored.answer.id).await?;
    }
    run!(conn, sqlx::query(UNRELEASE_ALL).bind(own.id.0))?;
    Ok(())
}

/// Takes the idea of question 9 out of the parking lot: possible until the wall opens, also after publication.
///
/// # Errors
/// [`StoreError::Refused`] once the wall is open; [`StoreError::NotFound`] for everybody but the author.
pub async fn take_idea_back(store: &Store, viewer: &Viewer, invitation: InvitationId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    let own = own(&mut conn, viewer, invitation, now).await?;
    if own.standing.wall_open {
        return Err(StoreError::Refused("Planning has opened; the idea is on its table now."));
    }
    let key = crypt::incident_key(&mut conn, own.incident).await?;
    let stored =
        stored_answers(&mut conn, &key, invitation).await?.into_iter().find(|s| s.answer.question == interviews::RECURRENCE);
    let answer = stored.ok_or(StoreError::NotFound)?.answer;
    let sealed = seal_body(&key, answer.id, Audience::OnlyMe, &answer.body)?;
    run!(conn, sqlx::query(NARROW).bind(answer.id.0).bind(answer.version).bind(sealed).bind(now))?;
    parking::withdraw_answer(&mut conn, answer.id).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "answer.audience", &invitation.to_string(), Some(own.incident)).await?;
    conn.commit().await
}
