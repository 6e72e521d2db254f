//! How talks end: with publication, with their conversation, with the person who led them, and when that person leaves the review.

use super::{CLEAR, FORGET_OFF_RECORD, HAND_OVER, impressions_place};
use crate::db::{Conn, on, run};
use crate::{Result, audit, crypt};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::{IncidentId, InvitationId, PersonId};

const NOTES_OF_INCIDENT: &str = "delete from talk_notes where incident_id = $1";
const TALKS_OF_INCIDENT: &str = "delete from talks where incident_id = $1";
const FORGET_TALK: &str = "delete from talks where invitation_id = $1";
const LED_BY: &str = "
select t.invitation_id, t.incident_id, i.number, t.impressions_sealed
from talks t join incidents i on i.id = t.incident_id where t.facilitator_id = $1 order by t.invitation_id";
// Notes that nobody was given yet are their writer's too.
const FORGET_NOTES_LED_BY: &str = "
delete from talk_notes where invitation_id in (select invitation_id from talks where facilitator_id = $1 and handed_over_at is null)";
const FORGET_LED_BY: &str = "delete from talks where facilitator_id = $1 and handed_over_at is null";
const EMPTY_LED_BY: &str = "update talks set impressions_sealed = $2 where invitation_id = $1";
const OPEN_OF: &str = "
select invitation_id from talks where incident_id = $1 and facilitator_id = $2 and handed_over_at is null order by invitation_id";
const LED_IN: &str = "select invitation_id from talks where incident_id = $1 and facilitator_id = $2 order by invitation_id";

/// A facilitator leaves the review: notes that they did not hand over go to the responder, whose words they tell, and what is off the
/// record and their own impressions go for good. Else nobody could come to them any more.
pub(crate) async fn hand_over_of(conn: &mut Conn, incident: IncidentId, facilitator: PersonId, now: DateTime<Utc>) -> Result<()> {
    let open: Vec<uuid::Uuid> =
        on!(conn, db => sqlx::query_scalar(OPEN_OF).bind(incident.0).bind(facilitator.0).fetch_all(db).await)?;
    for id in open {
        run!(conn, sqlx::query(FORGET_OFF_RECORD).bind(id))?;
        run!(conn, sqlx::query(HAND_OVER).bind(id).bind(now))?;
        let object = InvitationId(id).to_string();
        audit::note(conn, now, Some(facilitator), "talk.hand-over", &object, Some(incident)).await?;
    }
    let led: Vec<uuid::Uuid> =
        on!(conn, db => sqlx::query_scalar(LED_IN).bind(incident.0).bind(facilitator.0).fetch_all(db).await)?;
    let key = crypt::incident_key(conn, incident).await?;
    for id in led {
        let empty = key.seal(&impressions_place(InvitationId(id)), "");
        run!(conn, sqlx::query(EMPTY_LED_BY).bind(id).bind(empty))?;
    }
    Ok(())
}

/// Publication ends talks: notes that nobody took and impressions go.
pub(crate) async fn end_talks(conn: &mut Conn, incident: IncidentId) -> Result<()> {
    run!(conn, sqlx::query(NOTES_OF_INCIDENT).bind(incident.0))?;
    run!(conn, sqlx::query(TALKS_OF_INCIDENT).bind(incident.0))?;
    Ok(())
}

/// What was noted of a conversation goes with it.
pub(in crate::interviews) async fn forget(conn: &mut Conn, invitation: InvitationId) -> Result<()> {
    run!(conn, sqlx::query(CLEAR).bind(invitation.0))?;
    run!(conn, sqlx::query(FORGET_TALK).bind(invitation.0))?;
    Ok(())
}

/// A facilitator's private impressions, by incident: their own words, for their own file.
pub(crate) async fn impressions_of(conn: &mut Conn, facilitator: PersonId) -> Result<Vec<(IncidentKey, String)>> {
    let rows: Vec<(uuid::Uuid, uuid::Uuid, i64, Vec<u8>)> =
        on!(conn, db => sqlx::query_as(LED_BY).bind(facilitator.0).fetch_all(db).await)?;
    let mut all = Vec::new();
    for (invitation, incident, number, sealed) in rows {
        let key = crypt::incident_key(conn, IncidentId(incident)).await?;
        let words = key.open(&impressions_place(InvitationId(invitation)), &sealed)?;
        if !words.is_empty() {
            all.push((IncidentKey(number), words));
        }
    }
    Ok(all)
}

/// Erases what a facilitator noted and has not handed over, and all their impressions.
pub(crate) async fn forget_led_by(conn: &mut Conn, facilitator: PersonId) -> Result<()> {
    run!(conn, sqlx::query(FORGET_NOTES_LED_BY).bind(facilitator.0))?;
    run!(conn, sqlx::query(FORGET_LED_BY).bind(facilitator.0))?;
    let rows: Vec<(uuid::Uuid, uuid::Uuid, i64, Vec<u8>)> =
        on!(conn, db => sqlx::query_as(LED_BY).bind(facilitator.0).fetch_all(db).await)?;
    for (invitation, incident, ..) in rows {
        let key = crypt::incident_key(conn, IncidentId(incident)).await?;
        let empty = key.seal(&impressions_place(InvitationId(invitation)), "");
        run!(conn, sqlx::query(EMPTY_LED_BY).bind(invitation).bind(empty))?;
    }
    Ok(())
}
