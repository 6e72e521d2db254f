//! Passages that a facilitator marked in answers: copies, there only while their answer says them and reaches the facilitator.
//!
//! What `passages` holds leads to no author; the way back (`passage_sources`) is read for facilitators alone, and to take a passage away
//! with its answer. An audit entry about a passage names the incident and nothing else.

use super::themes;
use crate::crypt::{self, IncidentKeyring, Place};
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, interviews, random};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::reviews::themes::{Mark, PASSAGES_MAX, Passage, same_words, still_says};
use domain::rights::Right;
use domain::{AnswerId, IncidentId, InvitationId, PassageId, ThemeId};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A passage as it stands in its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Its id.
    pub passage: PassageId,
    /// Where it was marked.
    pub answer: AnswerId,
    /// The words.
    pub text: String,
    /// The name of its theme.
    pub theme: Option<String>,
}

/// That a passage was marked, for the author of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkOfMine {
    /// Who marked it.
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
}

const ALL: &str = "
select p.id, s.answer_id, p.theme_id, p.text_sealed, p.note_sealed
from passages p join passage_sources s on s.passage_id = p.id where p.incident_id = $1 order by p.id";
const OF_ANSWER: &str = "
select p.id, p.incident_id, p.text_sealed from passage_sources s join passages p on p.id = s.passage_id
where s.answer_id = $1 order by p.id";
const OF_CONVERSATION: &str = "
select s.answer_id, p.name, s.marked_at
from passage_sources s join answers a on a.id = s.answer_id join people p on p.id = s.marked_by
where a.invitation_id = $1 order by s.marked_at, s.passage_id";
const SOURCE: &str = "
select s.answer_id from passage_sources s join passages p on p.id = s.passage_id where p.id = $1 and p.incident_id = $2";
const COUNT: &str = "select count(*) from passages where incident_id = $1";
const ADD: &str = "
insert into passages (id, incident_id, theme_id, text_sealed, note_sealed) values ($1, $2, null, $3, $4)";
const ADD_SOURCE: &str = "
insert into passage_sources (passage_id, answer_id, marked_by, marked_at) values ($1, $2, $3, $4)";
const NOTE: &str = "update passages set note_sealed = $2 where id = $1";
const GATHER: &str = "update passages set theme_id = $2 where id = $1";
const REMOVE_SOURCE: &str = "delete from passage_sources where passage_id = $1";
const REMOVE: &str = "delete from passages where id = $1";

#[derive(sqlx::FromRow)]
struct PassageRow {
    id: Uuid,
    answer_id: Uuid,
    theme_id: Option<Uuid>,
    text_sealed: Vec<u8>,
    note_sealed: Vec<u8>,
}

/// The passages that the viewer may read now, by question: the answer is asked for each, and its read is logged, so `conn` must be a
/// transaction for writing.
pub(super) async fn readable(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Passage>> {
    let rows = rows(conn, incident).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = crypt::incident_key(conn, incident).await?;
    let from: HashSet<AnswerId> = rows.iter().map(|row| AnswerId(row.answer_id)).collect();
    let mut passages = Vec::with_capacity(rows.len());
    for answer in interviews::these_answers(conn, viewer, incident, &from, now).await? {
        for row in rows.iter().filter(|row| row.answer_id == answer.answer_id.0) {
            let text = key.open(&place(row.id, "text"), &row.text_sealed)?;
            if !still_says(&answer.body.text, &text) {
                continue;
            }
            passages.push(Passage {
                id: PassageId(row.id),
                answer: answer.answer_id,
                question: answer.question,
                question_text: answer.question_text.clone(),
                text,
                note: key.open(&place(row.id, "note"), &row.note_sealed)?,
                audience: answer.audience,
                author: answer.author.as_ref().map(|(_, name)| name.clone()),
                theme: row.theme_id.map(ThemeId),
            });
        }
    }
    passages.sort_by_key(|p| (p.question, p.id));
    Ok(passages)
}

async fn rows(conn: &mut Conn, incident: IncidentId) -> Result<Vec<PassageRow>> {
    Ok(on!(conn, db => sqlx::query_as(ALL).bind(incident.0).fetch_all(db).await)?)
}

/// What is marked in the answers that the viewer may read, for the page that shows these answers and logs their reads.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn marked(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Marked>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    let rows = rows(&mut conn, incident).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = crypt::incident_key(&mut conn, incident).await?;
    let readable = interviews::readable_answers(&mut conn, viewer, incident, now).await?;
    let names: HashMap<ThemeId, String> =
        themes::all(&mut conn, incident).await?.into_iter().map(|theme| (theme.id, theme.name)).collect();
    rows.into_iter()
        .filter(|row| readable.contains(&AnswerId(row.answer_id)))
        .map(|row| {
            Ok(Marked {
                passage: PassageId(row.id),
                answer: AnswerId(row.answer_id),
                text: key.open(&place(row.id, "text"), &row.text_sealed)?,
                theme: row.theme_id.and_then(|id| names.get(&ThemeId(id)).cloned()),
            })
        })
        .collect()
}

/// Marks a passage of an answer that the viewer may read. The same words of the same answer, marked again, are one passage with the
/// later note.
///
/// # Errors
/// Fields `passage` and `about`; [`StoreError::Refused`] after publication; [`StoreError::NotFound`] when the answer is not there.
pub async fn mark(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    answer: AnswerId,
    mark: &Mark,
    now: DateTime<Utc>,
) -> Result<PassageId> {
    let mut conn = store.write().await?;
    themes::before_publication(&mut conn, viewer, incident, now).await?;
    // First, because it takes the writers' turn on PostgreSQL: no passage slips past an answer that is narrowed, changed or erased.
    audit::note(&mut conn, now, Some(viewer.person_id), "passage.mark", &incident.to_string(), Some(incident)).await?;
    let source = interviews::heard(&mut conn, viewer, answer, now).await?;
    if source.incident != incident {
        return Err(StoreError::NotFound);
    }
    let mark = mark.checked(&source.text)?;
    let key = crypt::incident_key(&mut conn, incident).await?;
    for (id, text) in of_answer(&mut conn, &key, answer).await? {
        if same_words(&text, &mark.text) {
            if !mark.note.is_empty() {
                run!(conn, sqlx::query(NOTE).bind(id).bind(key.seal(&place(id, "note"), &mark.note)))?;
            }
            conn.commit().await?;
            return Ok(PassageId(id));
        }
    }
    let count: i64 = on!(conn, db => sqlx::query_scalar(COUNT).bind(incident.0).fetch_one(db).await)?;
    if usize::try_from(count).is_ok_and(|count| count >= PASSAGES_MAX) {
        return Err(StoreError::Refused("Six hundred passages are marked already. Please let some go before you mark another."));
    }
    let id = random::id();
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id)
            .bind(incident.0)
            .bind(key.seal(&place(id, "text"), &mark.text))
            .bind(key.seal(&place(id, "note"), &mark.note))
    )?;
    run!(conn, sqlx::query(ADD_SOURCE).bind(id).bind(answer.0).bind(viewer.person_id.0).bind(now))?;
    conn.commit().await?;
    Ok(PassageId(id))
}

/// Puts a passage under a theme, or under none.
///
/// # Errors
/// [`StoreError::NotFound`] when either is not there for this viewer; [`StoreError::Refused`] after publication.
pub async fn gather(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    passage: PassageId,
    theme: Option<ThemeId>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    themes::before_publication(&mut conn, viewer, incident, now).await?;
    // First, because it takes the writers' turn on PostgreSQL: the theme does not go in between.
    audit::note(&mut conn, now, Some(viewer.person_id), "passage.gather", &incident.to_string(), Some(incident)).await?;
    find(&mut conn, viewer, incident, passage, now).await?;
    if let Some(theme) = theme {
        themes::find(&mut conn, incident, theme).await?;
    }
    run!(conn, sqlx::query(GATHER).bind(passage.0).bind(theme.map(|theme| theme.0)))?;
    conn.commit().await
}

/// Takes a mark away. Possible after publication, too.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there for this viewer.
pub async fn unmark(store: &Store, viewer: &Viewer, incident: IncidentId, passage: PassageId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    find(&mut conn, viewer, incident, passage, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "passage.unmark", &incident.to_string(), Some(incident)).await?;
    remove(&mut conn, passage.0).await?;
    conn.commit().await
}

/// A passage of this incident from an answer that the viewer may read, or `NotFound`.
async fn find(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, passage: PassageId, now: DateTime<Utc>) -> Result<()> {
    let answer: Option<Uuid> =
        on!(conn, db => sqlx::query_scalar(SOURCE).bind(passage.0).bind(incident.0).fetch_optional(db).await)?;
    let answer = AnswerId(answer.ok_or(StoreError::NotFound)?);
    let readable = interviews::readable_answers(conn, viewer, incident, now).await?;
    if readable.contains(&answer) { Ok(()) } else { Err(StoreError::NotFound) }
}

async fn of_answer(conn: &mut Conn, key: &IncidentKeyring, answer: AnswerId) -> Result<Vec<(Uuid, String)>> {
    let rows: Vec<(Uuid, Uuid, Vec<u8>)> = on!(conn, db => sqlx::query_as(OF_ANSWER).bind(answer.0).fetch_all(db).await)?;
    rows.into_iter().map(|(id, _, sealed)| Ok((id, key.open(&place(id, "text"), &sealed)?))).collect()
}

/// An answer goes, or reaches no facilitator any more: all that is marked in it goes with it.
pub(super) async fn forget(conn: &mut Conn, answer: AnswerId) -> Result<()> {
    let rows: Vec<(Uuid, Uuid, Vec<u8>)> = on!(conn, db => sqlx::query_as(OF_ANSWER).bind(answer.0).fetch_all(db).await)?;
    for (id, ..) in rows {
        remove(conn, id).await?;
    }
    Ok(())
}

/// An answer now says these words: what it does not say any more is marked no more. Called in the transaction that changes it.
pub(crate) async fn answer_changed(conn: &mut Conn, answer: AnswerId, words: &str) -> Result<()> {
    let rows: Vec<(Uuid, Uuid, Vec<u8>)> = on!(conn, db => sqlx::query_as(OF_ANSWER).bind(answer.0).fetch_all(db).await)?;
    for (id, incident, sealed) in rows {
        let text = crypt::incident_key(conn, IncidentId(incident)).await?.open(&place(id, "text"), &sealed)?;
        if !still_says(words, &text) {
            remove(conn, id).await?;
        }
    }
    Ok(())
}

async fn remove(conn: &mut Conn, passage: Uuid) -> Result<()> {
    run!(conn, sqlx::query(REMOVE_SOURCE).bind(passage))?;
    run!(conn, sqlx::query(REMOVE).bind(passage))?;
    Ok(())
}

/// What was marked in the answers of one conversation, by answer, for its author: that, by whom and when.
pub(crate) async fn marks_of(conn: &mut Conn, invitation: InvitationId) -> Result<Vec<(AnswerId, MarkOfMine)>> {
    let rows: Vec<(Uuid, String, DateTime<Utc>)> =
        on!(conn, db => sqlx::query_as(OF_CONVERSATION).bind(invitation.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(answer, name, at)| (AnswerId(answer), MarkOfMine { name, at })).collect())
}

fn place(row: Uuid, column: &'static str) -> Place<'static> {
    Place { table: "passages", row, column, audience: "" }
}
