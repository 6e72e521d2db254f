//! What the one-on-ones give to the lanes beside a timeline: whose lanes there are, and the answers that words are placed from.

use super::reads::{ReadableAnswer, answers_where};
use super::{invitation_state, own, own_to_change, sets, stored_answers};
use crate::crypt;
use crate::db::{Conn, on};
use crate::{Result, StoreError};
use chrono::{DateTime, Utc};
use domain::interviews::{self, Audience, InvitationState, kind};
use domain::people::Viewer;
use domain::{AnswerId, IncidentId, InvitationId, PersonId};
use std::collections::HashSet;

/// Somebody who was asked and did not say no.
pub(crate) struct Asked {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    /// Their IANA zone.
    pub(crate) zone: String,
}

/// The viewer's own conversation about an incident.
pub(crate) struct Mine {
    /// Their zone.
    pub(crate) zone: String,
    /// Roles that they told, in words.
    pub(crate) roles: Vec<String>,
    /// Stretches of work, in time.
    pub(crate) work: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// Their answers that say something in words, drafts too.
    pub(crate) answers: Vec<MyAnswer>,
}

/// An answer of the viewer's own.
pub(crate) struct MyAnswer {
    pub(crate) id: AnswerId,
    pub(crate) question_text: String,
    pub(crate) text: String,
    pub(crate) audience: Audience,
    pub(crate) draft: bool,
}

const ASKED: &str = "
select v.person_id, p.name, p.zone from invitations v join people p on p.id = v.person_id
where v.incident_id = $1 and v.state in ('invited', 'started', 'submitted') order by p.name_folded, v.id";
const MINE: &str = "
select v.id, v.state, p.zone from invitations v join people p on p.id = v.person_id
where v.incident_id = $1 and v.person_id = $2 and v.state <> 'withdrawn'";

/// Who was asked and did not say no, by name. For who may invite; the caller has asked for the right.
pub(crate) async fn lanes_of(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Asked>> {
    let rows: Vec<(uuid::Uuid, String, String)> = on!(conn, db => sqlx::query_as(ASKED).bind(incident.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(person, name, zone)| Asked { person: PersonId(person), name, zone }).collect())
}

/// The answers that the viewer may read now: those to question 1, for the roles, and these. Each is logged as read, so `conn` must be a
/// transaction for writing.
pub(crate) async fn answers_for_lanes(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    these: &HashSet<AnswerId>,
    now: DateTime<Utc>,
) -> Result<Vec<ReadableAnswer>> {
    answers_where(conn, viewer, incident, now, |answer, question| question == interviews::ROLE || these.contains(&answer)).await
}

/// The viewer's own conversation about an incident; `None` where they were not asked.
pub(crate) async fn mine_here(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    now: DateTime<Utc>,
) -> Result<Option<Mine>> {
    let Some((invitation, _, zone)) = my_invitation(conn, viewer, incident).await? else { return Ok(None) };
    let own = own(conn, viewer, invitation, now).await?;
    let key = crypt::incident_key(conn, incident).await?;
    let sets = sets::asked_by(conn, incident).await?;
    let work = super::work::of_invitation(conn, &own).await?.into_iter().map(|s| (s.started_at, s.ended_at)).collect();
    let mut mine = Mine { zone, roles: Vec::new(), work, answers: Vec::new() };
    for stored in stored_answers(conn, &key, invitation).await? {
        let answer = stored.answer;
        if answer.question == interviews::ROLE {
            mine.roles = interviews::roles_told(&answer.body);
        }
        let text = answer.body.as_told(kind(answer.question).and_then(|k| k.entries)).text;
        if text.trim().is_empty() {
            continue;
        }
        let set = sets.iter().find(|(set, _)| set.number == own.question_set);
        let question_text = set.and_then(|(set, _)| set.question(answer.question)).map(|q| q.text.clone()).unwrap_or_default();
        let draft = answer.released_at.is_none();
        mine.answers.push(MyAnswer { id: answer.id, question_text, text, audience: answer.audience, draft });
    }
    Ok(Some(mine))
}

/// Whether the viewer may place words of their own here: they submitted, and the story is not published.
///
/// # Errors
/// [`StoreError::Refused`] before they submit and after publication; [`StoreError::NotFound`] where they were not asked.
pub(crate) async fn may_place_mine(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    let (invitation, state, _) = my_invitation(conn, viewer, incident).await?.ok_or(StoreError::NotFound)?;
    own_to_change(conn, viewer, invitation, now).await?;
    if state == InvitationState::Submitted {
        Ok(())
    } else {
        Err(StoreError::Refused("Please submit first. Words stand beside the timeline once they can be read."))
    }
}

async fn my_invitation(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
) -> Result<Option<(InvitationId, InvitationState, String)>> {
    let row: Option<(uuid::Uuid, String, String)> =
        on!(conn, db => sqlx::query_as(MINE).bind(incident.0).bind(viewer.person_id.0).fetch_optional(db).await)?;
    row.map(|(id, state, zone)| Ok((InvitationId(id), invitation_state(&state)?, zone))).transpose()
}
