//! Placing words of an answer at an event, and noting that a moment is told differently: by the author of the words, and by who facilitates
//! and may read them with a name. Copies go in the transaction in which their answer is narrowed, taken back, erased or loses the words.
//!
//! An audit entry about placed words names the incident and nothing else.

use super::{PlacedRow, look, note_place, seal_place};
use crate::crypt::{self, IncidentKeyring};
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, audit, interviews, random, standing};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::interviews::Audience;
use domain::people::Viewer;
use domain::reviews::themes::{same_words, still_says};
use domain::rights::{Right, may};
use domain::timeline::perspectives::{NewPlaced, PLACED_MAX, PlacedWords, Placing, has_lane, note};
use domain::{AnswerId, EventId, IncidentId, Invalid, InvitationId, PlacedId, walltime};
use std::collections::HashSet;
use uuid::Uuid;

/// Why words without a name are not placed.
const NO_LANE: &str = "Words that travel without a name have no lane: where they stand in time could tell who said them. Only their author can change that.";
/// Why nothing is placed after publication.
pub const PUBLISHED: &str = "The second story is published. Its lanes stay as they were; you can still take words away.";

/// An answer that words can be placed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeable {
    /// Its id.
    pub answer: AnswerId,
    /// The question's words.
    pub question: String,
    /// What it says.
    pub text: String,
    /// How far it travels.
    pub audience: Audience,
    /// Whose it is; `None`: the viewer's own.
    pub author: Option<String>,
}

/// An answer of the viewer's own, for the list from which they choose.
pub type MyWords = Placeable;

/// Where words are placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The incident.
    pub incident: IncidentId,
    /// The event.
    pub event: EventId,
}

/// That words were placed, for their author's own data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfMine {
    /// Who placed them.
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The words.
    pub text: String,
    /// When it was for the author, if it was said.
    pub own_time: Option<DateTime<Utc>>,
    /// Marked as told differently.
    pub differs: bool,
}

const ZONE: &str = "select zone, started_at from incidents where id = $1";
const EVENT_AT: &str = "select at from events where id = $1 and incident_id = $2 and deleted_at is null";
const COUNT: &str = "select count(*) from placed_words where incident_id = $1";
const ADD: &str = "
insert into placed_words (id, incident_id, event_id, answer_id, text_sealed, own_time_sealed, differs, placed_by, placed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const MOVE: &str = "
update placed_words set event_id = $2, own_time_sealed = $3, differs = $4, placed_by = $5, placed_at = $6 where id = $1";
const FIND: &str = "select answer_id from placed_words where id = $1 and incident_id = $2";
const OF_ANSWER: &str = "
select w.id, w.event_id, w.answer_id, w.text_sealed, w.own_time_sealed, w.differs, w.placed_by, a.author_id
from placed_words w join answers a on a.id = w.answer_id where w.answer_id = $1 order by w.id";
const INCIDENT_OF: &str = "select incident_id from answers where id = $1";
const OF_CONVERSATION: &str = "
select w.id, w.event_id, w.answer_id, w.text_sealed, w.own_time_sealed, w.differs, w.placed_by, a.author_id, p.name, w.placed_at
from placed_words w join answers a on a.id = w.answer_id join people p on p.id = w.placed_by
where a.invitation_id = $1 order by w.placed_at, w.id";
const REMOVE: &str = "delete from placed_words where id = $1";
const NOTE: &str = "select version from told_differently where event_id = $1 and incident_id = $2";
const ADD_NOTE: &str = "
insert into told_differently (event_id, incident_id, note_sealed, noted_by, noted_at, version) values ($1, $2, $3, $4, $5, 1)";
const CHANGE_NOTE: &str = "
update told_differently set note_sealed = $3, noted_by = $4, noted_at = $5, version = version + 1
where event_id = $1 and version = $2";
const REMOVE_NOTE: &str = "delete from told_differently where event_id = $1";

/// The answers of the viewer's own that words can be placed from, by question.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn my_words(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<MyWords>> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    let mine = interviews::mine_here(&mut conn, viewer, incident, now).await?;
    let answers = mine.map(|mine| mine.answers).unwrap_or_default();
    Ok(answers.into_iter().filter(|answer| has_lane(answer.audience)).map(of_mine).collect())
}

fn of_mine(answer: interviews::MyAnswer) -> Placeable {
    let interviews::MyAnswer { id, question_text, text, audience, draft: _ } = answer;
    Placeable { answer: id, question: question_text, text, audience, author: None }
}

/// One answer to place words from: the viewer's own, or one that they facilitate and may read with a name. Reading it is noted.
///
/// # Errors
/// [`StoreError::NotFound`] when it is neither; [`StoreError::Refused`] when it has no lane, before its author submits, or after
/// publication.
pub async fn placeable(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    answer: AnswerId,
    now: DateTime<Utc>,
) -> Result<Placeable> {
    let mut conn = store.write().await?;
    let found = door(&mut conn, viewer, incident, answer, now).await?;
    conn.commit().await?;
    Ok(found)
}

async fn door(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, answer: AnswerId, now: DateTime<Utc>) -> Result<Placeable> {
    let found = known(conn, viewer, incident, answer, now).await?;
    if standing::standing(conn, viewer, incident, now).await?.published {
        return Err(StoreError::Refused(PUBLISHED));
    }
    if found.author.is_none() {
        interviews::may_place_mine(conn, viewer, incident, now).await?;
    }
    if has_lane(found.audience) { Ok(found) } else { Err(StoreError::Refused(NO_LANE)) }
}

/// An answer of the viewer's own, or one that they facilitate and may read; what is neither is not there. Of an unattributed one no more
/// is said than that it has no lane.
async fn known(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    answer: AnswerId,
    now: DateTime<Utc>,
) -> Result<Placeable> {
    let stands = standing::require(conn, viewer, Right::SeeIncidents, incident, now).await?;
    if stands.responder
        && let Some(mine) = interviews::mine_here(conn, viewer, incident, now).await?
        && let Some(answer) = mine.answers.into_iter().find(|mine| mine.id == answer)
    {
        return Ok(of_mine(answer));
    }
    if !may(Right::EditReview, &stands) {
        return Err(StoreError::NotFound);
    }
    let these = HashSet::from([answer]);
    let read = interviews::these_answers(conn, viewer, incident, &these, now).await?.pop().ok_or(StoreError::NotFound)?;
    if read.body.text.trim().is_empty() {
        return Err(StoreError::NotFound);
    }
    let author = Some(read.author.map(|(_, name)| name).unwrap_or_default());
    Ok(Placeable { answer, question: read.question_text, text: read.body.text, audience: read.audience, author })
}

/// Places words of an answer at an event. The same words at the same event are there once, as they were placed last.
///
/// # Errors
/// Fields `passage`, `own_time` and `event`; else as [`placeable`].
pub async fn place(
    store: &Store,
    viewer: &Viewer,
    target: Target,
    answer: AnswerId,
    placing: &Placing,
    now: DateTime<Utc>,
) -> Result<PlacedId> {
    let Target { incident, event } = target;
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    // First, because it takes the writers' turn on PostgreSQL: no words slip past an answer that is narrowed, changed or erased.
    audit::note(&mut conn, now, Some(viewer.person_id), "words.place", &incident.to_string(), Some(incident)).await?;
    let from = door(&mut conn, viewer, incident, answer, now).await?;
    let new = checked(&mut conn, target, placing, &from.text).await?;
    let key = crypt::incident_key(&mut conn, incident).await?;
    for row in of_answer(&mut conn, answer).await? {
        let text = key.open(&seal_place(row.id, "text"), &row.text_sealed)?;
        if row.event_id == event.0 && same_words(&text, &new.text) {
            write(&mut conn, &key, row.id, event, &new, viewer, now).await?;
            conn.commit().await?;
            return Ok(PlacedId(row.id));
        }
    }
    let count: i64 = on!(conn, db => sqlx::query_scalar(COUNT).bind(incident.0).fetch_one(db).await)?;
    if usize::try_from(count).is_ok_and(|count| count >= PLACED_MAX) {
        return Err(StoreError::Refused("Six hundred passages stand beside this timeline already. Please take some away first."));
    }
    let id = random::id();
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id)
            .bind(incident.0)
            .bind(event.0)
            .bind(answer.0)
            .bind(key.seal(&seal_place(id, "text"), &new.text))
            .bind(seal_own_time(&key, id, &new))
            .bind(new.differs)
            .bind(viewer.person_id.0)
            .bind(now)
    )?;
    conn.commit().await?;
    Ok(PlacedId(id))
}

/// The words as they are kept, at an event that is there.
async fn checked(conn: &mut Conn, target: Target, placing: &Placing, answer: &str) -> Result<NewPlaced> {
    let Target { incident, event } = target;
    let (zone, started): (String, DateTime<Utc>) = on!(conn, db => sqlx::query_as(ZONE).bind(incident.0).fetch_one(db).await)?;
    let zone = walltime::parse_zone(&zone).unwrap_or(Tz::UTC);
    let found: Option<Option<DateTime<Utc>>> =
        on!(conn, db => sqlx::query_scalar(EVENT_AT).bind(event.0).bind(incident.0).fetch_optional(db).await)?;
    let new = placing.checked(answer, found.flatten().unwrap_or(started), zone);
    if found.is_none() {
        let mut invalid =
            Invalid::one("event", "Please choose an event of the timeline. Perhaps this one was deleted meanwhile.");
        invalid.fields.extend(new.err().into_iter().flat_map(|other| other.fields));
        return Err(invalid.into());
    }
    Ok(new?)
}

fn seal_own_time(key: &IncidentKeyring, id: Uuid, new: &NewPlaced) -> Vec<u8> {
    key.seal(&seal_place(id, "own_time"), &new.own_time.map(|at| at.to_rfc3339()).unwrap_or_default())
}

async fn write(
    conn: &mut Conn,
    key: &IncidentKeyring,
    id: Uuid,
    event: EventId,
    new: &NewPlaced,
    viewer: &Viewer,
    now: DateTime<Utc>,
) -> Result<()> {
    run!(
        conn,
        sqlx::query(MOVE)
            .bind(id)
            .bind(event.0)
            .bind(seal_own_time(key, id, new))
            .bind(new.differs)
            .bind(viewer.person_id.0)
            .bind(now)
    )?;
    Ok(())
}

/// Placed words with their answer, to move them.
///
/// # Errors
/// [`StoreError::NotFound`] when they are not there for this viewer.
pub async fn placed(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    id: PlacedId,
    now: DateTime<Utc>,
) -> Result<(PlacedWords, Placeable)> {
    let mut conn = store.write().await?;
    let (words, from) = find(&mut conn, viewer, incident, id, now).await?;
    conn.commit().await?;
    Ok((words, from))
}

async fn find(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    id: PlacedId,
    now: DateTime<Utc>,
) -> Result<(PlacedWords, Placeable)> {
    let answer: Option<Uuid> = on!(conn, db => sqlx::query_scalar(FIND).bind(id.0).bind(incident.0).fetch_optional(db).await)?;
    let answer = AnswerId(answer.ok_or(StoreError::NotFound)?);
    let from = known(conn, viewer, incident, answer, now).await?;
    let row = of_answer(conn, answer).await?.into_iter().find(|row| row.id == id.0).ok_or(StoreError::NotFound)?;
    let key = crypt::incident_key(conn, incident).await?;
    let text = key.open(&seal_place(row.id, "text"), &row.text_sealed)?;
    if !has_lane(from.audience) || !still_says(&from.text, &text) {
        return Err(StoreError::NotFound);
    }
    let words = PlacedWords {
        id,
        event: EventId(row.event_id),
        answer: Some(answer),
        question: from.question.clone(),
        own_time: row.own_time(&key)?,
        differs: row.differs,
        audience: from.audience,
        draft: false,
        text,
    };
    Ok((words, from))
}

/// Moves words to another event, or says another time for them. When their author does, the place is theirs.
///
/// # Errors
/// Fields `own_time` and `event`; else as [`placeable`].
pub async fn settle(
    store: &Store,
    viewer: &Viewer,
    target: Target,
    id: PlacedId,
    placing: &Placing,
    now: DateTime<Utc>,
) -> Result<()> {
    let Target { incident, event } = target;
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "words.move", &incident.to_string(), Some(incident)).await?;
    let (words, from) = find(&mut conn, viewer, incident, id, now).await?;
    door(&mut conn, viewer, incident, from.answer, now).await?;
    let placing = Placing { passage: words.text, ..placing.clone() };
    let new = checked(&mut conn, target, &placing, &from.text).await?;
    let key = crypt::incident_key(&mut conn, incident).await?;
    write(&mut conn, &key, id.0, event, &new, viewer, now).await?;
    conn.commit().await
}

/// Takes placed words away. Possible after publication, too.
///
/// # Errors
/// [`StoreError::NotFound`] when they are not there for this viewer.
pub async fn remove(store: &Store, viewer: &Viewer, incident: IncidentId, id: PlacedId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "words.remove", &incident.to_string(), Some(incident)).await?;
    let (words, _) = find(&mut conn, viewer, incident, id, now).await?;
    take_away(&mut conn, id.0, words.event.0).await?;
    conn.commit().await
}

/// Notes that a moment is told differently, where the viewer may read words. `base_version` is 0 where there was no note.
///
/// # Errors
/// Field `note`; [`StoreError::Stale`] when it changed in between; [`StoreError::Refused`] after publication;
/// [`StoreError::NotFound`] for all but the facilitators, and where they may read no words.
pub async fn keep_note(
    store: &Store,
    viewer: &Viewer,
    target: Target,
    base_version: i64,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let Target { incident, event } = target;
    let mut conn = store.write().await?;
    let stands = standing::require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "difference.note", &incident.to_string(), Some(incident)).await?;
    let seen = look(&mut conn, viewer, incident, &stands, std::sync::Arc::default(), now).await?;
    if !seen.lanes.iter().any(|lane| lane.at(event).next().is_some()) {
        return Err(StoreError::NotFound);
    }
    if stands.published {
        return Err(StoreError::Refused(PUBLISHED));
    }
    let note = note(typed)?;
    let sealed = crypt::incident_key(&mut conn, incident).await?.seal(&note_place(event.0), &note);
    let there: Option<i64> = on!(conn, db => sqlx::query_scalar(NOTE).bind(event.0).bind(incident.0).fetch_optional(db).await)?;
    let by = viewer.person_id.0;
    let kept = match there {
        None if base_version == 0 => {
            run!(conn, sqlx::query(ADD_NOTE).bind(event.0).bind(incident.0).bind(sealed).bind(by).bind(now))?
        }
        None => 0,
        Some(_) => run!(conn, sqlx::query(CHANGE_NOTE).bind(event.0).bind(base_version).bind(sealed).bind(by).bind(now))?,
    };
    if kept == 0 {
        return Err(StoreError::Stale);
    }
    conn.commit().await
}

/// Takes a note away. Possible after publication, too; one that is gone already is fine.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators, and where they may read no words.
pub async fn remove_note(store: &Store, viewer: &Viewer, target: Target, now: DateTime<Utc>) -> Result<()> {
    let Target { incident, event } = target;
    let mut conn = store.write().await?;
    let stands = standing::require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    let seen = look(&mut conn, viewer, incident, &stands, std::sync::Arc::default(), now).await?;
    if !seen.lanes.iter().any(|lane| lane.at(event).next().is_some()) {
        return Err(StoreError::NotFound);
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "difference.remove", &incident.to_string(), Some(incident)).await?;
    run!(conn, sqlx::query(REMOVE_NOTE).bind(event.0))?;
    conn.commit().await
}

async fn of_answer(conn: &mut Conn, answer: AnswerId) -> Result<Vec<PlacedRow>> {
    Ok(on!(conn, db => sqlx::query_as(OF_ANSWER).bind(answer.0).fetch_all(db).await)?)
}

/// An answer goes, or carries no name to a facilitator any more: its words leave the lanes, and notes beside them go with them.
pub(crate) async fn forget(conn: &mut Conn, answer: AnswerId) -> Result<()> {
    for row in of_answer(conn, answer).await? {
        take_away(conn, row.id, row.event_id).await?;
    }
    Ok(())
}

/// An answer now says these words: what it does not say any more leaves the lanes. Called in the transaction that changes it.
pub(crate) async fn answer_changed(conn: &mut Conn, answer: AnswerId, words: &str) -> Result<()> {
    let rows = of_answer(conn, answer).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let incident: Uuid = on!(conn, db => sqlx::query_scalar(INCIDENT_OF).bind(answer.0).fetch_one(db).await)?;
    let key = crypt::incident_key(conn, IncidentId(incident)).await?;
    for row in rows {
        if !still_says(words, &key.open(&seal_place(row.id, "text"), &row.text_sealed)?) {
            take_away(conn, row.id, row.event_id).await?;
        }
    }
    Ok(())
}

/// The note at the event speaks of what stood there: it goes along.
async fn take_away(conn: &mut Conn, id: Uuid, event: Uuid) -> Result<()> {
    run!(conn, sqlx::query(REMOVE).bind(id))?;
    run!(conn, sqlx::query(REMOVE_NOTE).bind(event))?;
    Ok(())
}

/// What stands beside the timeline of the answers of one conversation, by answer, for its author.
pub(crate) async fn of_conversation(
    conn: &mut Conn,
    key: &IncidentKeyring,
    invitation: InvitationId,
) -> Result<Vec<(AnswerId, OfMine)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        placed: PlacedRow,
        name: String,
        placed_at: DateTime<Utc>,
    }
    let rows: Vec<Row> = on!(conn, db => sqlx::query_as(OF_CONVERSATION).bind(invitation.0).fetch_all(db).await)?;
    rows.into_iter()
        .map(|row| {
            let of_mine = OfMine {
                name: row.name,
                at: row.placed_at,
                text: key.open(&seal_place(row.placed.id, "text"), &row.placed.text_sealed)?,
                own_time: row.placed.own_time(key)?,
                differs: row.placed.differs,
            };
            Ok((AnswerId(row.placed.answer_id), of_mine))
        })
        .collect()
}
