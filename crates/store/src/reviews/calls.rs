//! Who may be called on in a meeting: asked beforehand about what, and what they said to that. They can change their mind at any time.

use super::meeting;
use crate::crypt::{self, Place};
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, interviews, random};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::reviews::meeting::ABOUT_MAX;
use domain::rights::Right;
use domain::{CallId, IncidentId, PersonId, text};
use uuid::Uuid;

/// Somebody who was asked whether they may be called on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its id.
    pub id: CallId,
    /// Who.
    pub name: String,
    /// About what.
    pub about: String,
    /// What they said; `None`: nothing yet.
    pub agreed: Option<bool>,
}

const OF: &str = "
select c.id, p.name, c.about_sealed, c.answer from meeting_calls c join people p on p.id = c.person_id
where c.incident_id = $1 and ($2 is null or c.person_id = $2)
  and ($2 is not null or exists (
    select 1 from invitations v where v.incident_id = c.incident_id and v.person_id = c.person_id and v.state <> 'withdrawn'))
order by p.name, c.id";
const ASK: &str = "
insert into meeting_calls (incident_id, person_id, id, about_sealed, answer) values ($1, $2, $3, $4, null)
on conflict (incident_id, person_id) do update set id = excluded.id, about_sealed = excluded.about_sealed, answer = null";
const DROP: &str = "delete from meeting_calls where incident_id = $1 and id = $2";
const ANSWER: &str = "update meeting_calls set answer = $3 where incident_id = $1 and person_id = $2";
const IN: &str = "
select c.incident_id, case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number
from meeting_calls c join incidents i on i.id = c.incident_id where c.person_id = $1 order by i.number";
const FORGET: &str = "delete from meeting_calls where person_id = $1";
const GO: &str = "delete from meeting_people where person_id = $1";
const WAITING: &str = "
select i.number, i.title from meeting_calls c join incidents i on i.id = c.incident_id
where c.person_id = $1 and c.answer is null and i.published_at is null and i.trashed_at is null
  and exists (select 1 from invitations v where v.incident_id = i.id and v.person_id = $1 and v.state <> 'withdrawn')
order by i.number desc";

fn place(id: CallId) -> Place<'static> {
    Place { table: "meeting_calls", row: id.0, column: "about", audience: "" }
}

/// All of an incident, or those of one person.
pub(super) async fn of(conn: &mut Conn, incident: IncidentId, only: Option<PersonId>) -> Result<Vec<Call>> {
    type CallRow = (Uuid, String, Vec<u8>, Option<String>);
    let rows: Vec<CallRow> = on!(conn, db => sqlx::query_as(OF).bind(incident.0).bind(only.map(|p| p.0)).fetch_all(db).await)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = crypt::incident_key(conn, incident).await?;
    let call = |(id, name, about, answer): CallRow| {
        let id = CallId(id);
        Ok(Call { id, name, about: key.open(&place(id), &about)?, agreed: answer.map(|answer| answer == "yes") })
    };
    rows.into_iter().map(call).collect()
}

/// Asks somebody who was asked to the review whether they may be called on about this. Asking again forgets what they said.
///
/// # Errors
/// Fields `about` and `person`; [`StoreError::NotFound`] for all but the facilitators.
pub async fn ask_to_call(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    person: PersonId,
    about: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    let about = text::line("about", about, ABOUT_MAX)?;
    if !interviews::is_invited(&mut conn, incident, person).await? {
        return Err(domain::Invalid::one("person", "Please choose somebody who was asked to this review.").into());
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "meeting.call", &person.to_string(), Some(incident)).await?;
    meeting::take_turn(&mut conn, incident).await?;
    let id = CallId(random::id());
    let sealed = crypt::incident_key(&mut conn, incident).await?.seal(&place(id), &about);
    run!(conn, sqlx::query(ASK).bind(incident.0).bind(person.0).bind(id.0).bind(sealed))?;
    conn.commit().await
}

/// Lets it be.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators, and when it is not there.
pub async fn drop_call(store: &Store, viewer: &Viewer, incident: IncidentId, id: CallId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    meeting::take_turn(&mut conn, incident).await?;
    if run!(conn, sqlx::query(DROP).bind(incident.0).bind(id.0))? == 0 {
        return Err(StoreError::NotFound);
    }
    conn.commit().await
}

/// The viewer says whether they may be called on.
///
/// # Errors
/// [`StoreError::NotFound`] for who was not asked that.
pub async fn answer_call(store: &Store, viewer: &Viewer, incident: IncidentId, yes: bool, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::SpeakInMeeting, incident, now).await?;
    meeting::take_turn(&mut conn, incident).await?;
    let answer = if yes { "yes" } else { "no" };
    if run!(conn, sqlx::query(ANSWER).bind(incident.0).bind(viewer.person_id.0).bind(answer))? == 0 {
        return Err(StoreError::NotFound);
    }
    conn.commit().await
}

/// All that one person was asked, with the incident as far as it is there for them, what about and what they said: for their own file.
pub(crate) async fn calls_of(conn: &mut Conn, person: PersonId) -> Result<Vec<(Option<IncidentKey>, Call)>> {
    let rows: Vec<(Uuid, Option<i64>)> = on!(conn, db => sqlx::query_as(IN).bind(person.0).fetch_all(db).await)?;
    let mut all = Vec::new();
    for (incident, number) in rows {
        let calls = of(conn, IncidentId(incident), Some(person)).await?;
        all.extend(calls.into_iter().map(|call| (number.map(IncidentKey), call)));
    }
    Ok(all)
}

/// Forgets that somebody was to be called on, and that they are here.
pub(crate) async fn forget_in_meetings(conn: &mut Conn, person: PersonId) -> Result<()> {
    run!(conn, sqlx::query(FORGET).bind(person.0))?;
    run!(conn, sqlx::query(GO).bind(person.0))?;
    Ok(())
}

/// Where the viewer was asked whether they may be called on, and has said nothing yet: for the home page. None without an account.
///
/// # Errors
/// What the database said.
pub async fn calls_waiting(store: &Store, viewer: &Viewer) -> Result<Vec<super::ToVote>> {
    if !viewer.has_account() || viewer.leadership {
        return Ok(Vec::new());
    }
    super::ballots::to_do(&mut store.read().await?, WAITING, viewer.person_id).await
}
