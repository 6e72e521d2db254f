//! Saving an answer: in order, done once, never over a newer text, never wider than its author chose.

use super::{Own, Stored, own_to_change, seal_body, sets, stored_answers};
use crate::db::{Conn, on, run};
use crate::timeline::perspectives;
use crate::{Result, Store, StoreError, audit, crypt, parking, random, reviews};
use chrono::{DateTime, Utc};
use domain::interviews::{self, AnswerBody, Audience, Kind, kind};
use domain::people::Viewer;
use domain::timeline::perspectives::has_lane;
use domain::{AnswerId, Invalid, InvitationId, text};

/// What a form or the saving by itself sends for one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveAnswer {
    /// The words, the choice, or what was said instead.
    pub body: AnswerBody,
    /// How far it may travel.
    pub audience: Audience,
    /// Count the structured choice in people measures.
    pub count_me: bool,
    /// Question 9: planners see the name.
    pub with_name: bool,
    /// The version that the text started from; 0 where there was none.
    pub base_version: i64,
    /// Names this save, so that one sent twice is done once; empty from plain forms.
    pub request_key: String,
    /// Keys, with spaces between, of saves by the same page that are not acknowledged yet: whether they have arrived or not, this one
    /// comes after them and is no conflict.
    pub follows: String,
}

/// A save that is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The version that the next save starts from.
    pub version: i64,
    /// When it was written.
    pub saved_at: DateTime<Utc>,
}

const ADD: &str = "
insert into answers (id, invitation_id, incident_id, author_id, question, body_sealed, audience, count_me, with_name, released_at,
  saved_at, last_request, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, $10, $11, 1)";
const CHANGE: &str = "
update answers set body_sealed = $3, audience = $4, count_me = $5, with_name = $6, released_at = $7, saved_at = $8,
  last_request = $9, version = version + 1
where id = $1 and version = $2";
const START: &str = "
update invitations set state = 'started', started_at = coalesce(started_at, $2), closed_at = null
where id = $1 and state in ('invited', 'declined')";

/// Saves an answer. An answer whose words change, or that is to travel further, is a draft again until its author submits; one that
/// is to travel less far does so at once.
///
/// # Errors
/// [`StoreError::Stale`] when another text was saved since `base_version`; fields `text`, `choice` or `audience` when refused;
/// [`StoreError::Refused`] after publication; [`StoreError::NotFound`] for everybody else.
pub async fn save(
    store: &Store,
    viewer: &Viewer,
    invitation: InvitationId,
    number: i64,
    save: &SaveAnswer,
    now: DateTime<Utc>,
) -> Result<Saved> {
    let kind = kind(number).ok_or(StoreError::NotFound)?;
    let save = checked(kind, save)?;
    let outcome = attempt(store, viewer, invitation, kind, number, &save, now).await;
    match outcome {
        // The same request may be on its way twice: its first half was cut off and still reaches the disk while the second looks. Looked
        // at again, it is found there.
        Err(StoreError::Stale) if !save.request_key.is_empty() => {
            attempt(store, viewer, invitation, kind, number, &save, now).await
        }
        outcome => outcome,
    }
}

async fn attempt(
    store: &Store,
    viewer: &Viewer,
    invitation: InvitationId,
    kind: &Kind,
    number: i64,
    save: &SaveAnswer,
    now: DateTime<Utc>,
) -> Result<Saved> {
    let mut conn = store.write().await?;
    let own = own_to_change(&mut conn, viewer, invitation, now).await?;
    sets::must_ask(&mut conn, own.question_set, number).await?;
    let key = crypt::incident_key(&mut conn, own.incident).await?;
    let stored = stored_answers(&mut conn, &key, invitation).await?.into_iter().find(|s| s.answer.question == number);
    let saved = match stored {
        None if untouched(kind, save) => return Ok(Saved { version: 0, saved_at: now }),
        None => add(&mut conn, &key, &own, number, save, now).await?,
        Some(stored) if sent_before(&stored, save) => {
            return Ok(Saved { version: stored.answer.version, saved_at: stored.answer.saved_at });
        }
        Some(stored) if !comes_after(&stored, save) => return Err(StoreError::Stale),
        Some(stored) => change(&mut conn, &key, &own, &stored, save, now).await?,
    };
    start(&mut conn, viewer, &own, now).await?;
    conn.commit().await?;
    Ok(saved)
}

/// The save as it may be kept for this question.
fn checked(kind: &Kind, save: &SaveAnswer) -> Result<SaveAnswer> {
    if kind.number == interviews::WORK {
        return Err(StoreError::Refused("Hours are told in stretches; there is no text to save here."));
    }
    let mut invalid = Invalid::default();
    let text = invalid.take(text::long("text", &save.body.text)).unwrap_or_default();
    let known = save.body.choice.is_empty() || kind.choices.iter().any(|(value, _)| *value == save.body.choice);
    if !known {
        invalid.add("choice", "Please choose one of the answers shown.");
    }
    let entries = kind.entries.and_then(|shape| invalid.take(shape.parse(&save.body.entries))).unwrap_or_default();
    let ticked: Vec<String> = kind.ticks.iter().map(|(value, _)| (*value).to_owned()).collect();
    let ticked = ticked.into_iter().filter(|value| save.body.ticked.contains(value)).collect();
    if !kind.allowed.contains(&save.audience) {
        invalid.add("audience", "This question does not offer that. Please choose one of the audiences shown.");
    }
    invalid.or_ok()?;
    Ok(SaveAnswer {
        body: AnswerBody { text, entries, ticked, ..save.body.clone() },
        // Only a structured choice is ever counted, only an idea may carry a name.
        count_me: save.count_me && !kind.choices.is_empty(),
        with_name: save.with_name && kind.number == interviews::RECURRENCE,
        ..save.clone()
    })
}

/// A question that was looked at and left alone leaves no trace.
fn untouched(kind: &Kind, save: &SaveAnswer) -> bool {
    save.body.is_empty() && save.audience == kind.default && !save.with_name
}

/// The same request again, or the same words: there is nothing to write and nothing to quarrel about.
fn sent_before(stored: &Stored, save: &SaveAnswer) -> bool {
    let a = &stored.answer;
    let same_request = !save.request_key.is_empty() && stored.last_request == save.request_key;
    same_request
        || (a.body == save.body && a.audience == save.audience && a.count_me == save.count_me && a.with_name == save.with_name)
}

/// Written in the knowledge of what is stored.
fn comes_after(stored: &Stored, save: &SaveAnswer) -> bool {
    let own_last = save.follows.split_whitespace().any(|key| key == stored.last_request);
    own_last || stored.answer.version == save.base_version
}

async fn add(
    conn: &mut Conn,
    key: &crypt::IncidentKeyring,
    own: &Own,
    number: i64,
    save: &SaveAnswer,
    now: DateTime<Utc>,
) -> Result<Saved> {
    if save.base_version != 0 {
        return Err(StoreError::Stale);
    }
    let id = AnswerId(random::id());
    let sealed = seal_body(key, id, save.audience, &save.body)?;
    let added = run!(
        conn,
        sqlx::query(ADD)
            .bind(id.0)
            .bind(own.id.0)
            .bind(own.incident.0)
            .bind(own.person.0)
            .bind(number)
            .bind(&sealed)
            .bind(save.audience.slug())
            .bind(save.count_me)
            .bind(save.with_name)
            .bind(now)
            .bind(&save.request_key)
    );
    match added {
        // Two first saves at once: the later one did not know of the other.
        Err(e) if StoreError::is_unique(&e) => Err(StoreError::Stale),
        Err(e) => Err(e.into()),
        Ok(_) => Ok(Saved { version: 1, saved_at: now }),
    }
}

async fn change(
    conn: &mut Conn,
    key: &crypt::IncidentKeyring,
    own: &Own,
    stored: &Stored,
    save: &SaveAnswer,
    now: DateTime<Utc>,
) -> Result<Saved> {
    let before = &stored.answer;
    let narrower = before.body == save.body && save.audience <= before.audience && (before.with_name || !save.with_name);
    let released_at = before.released_at.filter(|_| narrower);
    let sealed = seal_body(key, before.id, save.audience, &save.body)?;
    let changed = run!(
        conn,
        sqlx::query(CHANGE)
            .bind(before.id.0)
            .bind(before.version)
            .bind(&sealed)
            .bind(save.audience.slug())
            .bind(save.count_me)
            .bind(save.with_name)
            .bind(released_at)
            .bind(now)
            .bind(&save.request_key)
    )?;
    if changed == 0 {
        return Err(StoreError::Stale);
    }
    if before.question == interviews::RECURRENCE {
        park(conn, own, before.id, released_at.is_some(), save.audience, &save.body, save.with_name, now).await?;
    }
    if own.submitted_at.is_some() && before.body != save.body {
        if before.released_at.is_some() {
            // A passage that is being marked is waited for: none stays of words that are not said any more.
            audit::take_turn(conn).await?;
        }
        let told = save.body.clone().as_told(kind(before.question).and_then(|kind| kind.entries));
        reviews::answer_changed(conn, before.id, &told.text).await?;
        perspectives::answer_changed(conn, before.id, &told.text).await?;
    }
    if save.audience != before.audience {
        // The trail names the conversation and not the answer: it must not lead from unattributed words to their author. It stands
        // before the quotes because it takes the writers' turn on PostgreSQL: no new quote slips past.
        audit::note(conn, now, Some(own.person), "answer.audience", &own.id.to_string(), Some(own.incident)).await?;
        reviews::answer_narrowed(conn, before.id, save.audience).await?;
        if !has_lane(save.audience) {
            perspectives::forget(conn, before.id).await?;
        }
    }
    Ok(Saved { version: before.version + 1, saved_at: now })
}

/// Puts the answer to question 9 into the parking lot while it is submitted, parked and in words; takes it out otherwise.
#[expect(clippy::too_many_arguments, reason = "the fields of one answer, at save and at submission")]
pub(super) async fn park(
    conn: &mut Conn,
    own: &Own,
    answer: AnswerId,
    released: bool,
    audience: Audience,
    body: &AnswerBody,
    with_name: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let words = body.words();
    if released && audience == Audience::Parked && !words.trim().is_empty() {
        parking::put_answer(conn, own.incident, own.person, answer, words, with_name, now).await
    } else {
        parking::withdraw_answer(conn, answer).await
    }
}

/// The first thing that is kept starts the conversation, also after declining.
pub(super) async fn start(conn: &mut Conn, viewer: &Viewer, own: &Own, now: DateTime<Utc>) -> Result<()> {
    if run!(conn, sqlx::query(START).bind(own.id.0).bind(now))? > 0 {
        audit::note(conn, now, Some(viewer.person_id), "response.start", &own.id.to_string(), Some(own.incident)).await?;
    }
    Ok(())
}

const OF_QUESTION: &str = "select id, released_at from answers where invitation_id = $1 and question = $2";
const UNRELEASE: &str = "update answers set released_at = null where id = $1";

/// Makes sure that an answer to question 12 is there and a draft, because somebody was named beside it.
pub(super) async fn draft_of_nominations(conn: &mut Conn, own: &Own, now: DateTime<Utc>) -> Result<()> {
    let number = interviews::NOMINATIONS;
    let there: Option<(uuid::Uuid, Option<DateTime<Utc>>)> =
        on!(conn, db => sqlx::query_as(OF_QUESTION).bind(own.id.0).bind(number).fetch_optional(db).await)?;
    match there {
        Some((_, None)) => {}
        Some((id, Some(_))) => {
            run!(conn, sqlx::query(UNRELEASE).bind(id))?;
        }
        None => {
            let audience = kind(number).ok_or(StoreError::NotFound)?.default;
            let key = crypt::incident_key(conn, own.incident).await?;
            let empty = SaveAnswer {
                body: AnswerBody::default(),
                audience,
                count_me: false,
                with_name: false,
                base_version: 0,
                request_key: String::new(),
                follows: String::new(),
            };
            add(conn, &key, own, number, &empty, now).await?;
        }
    }
    Ok(())
}
