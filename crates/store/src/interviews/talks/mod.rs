//! Talks that a facilitator leads and notes down. Until the notes are handed over they are their writer's; from then on they are the
//! responder's alone, who makes answers of them or lets them go. What stays the facilitator's are private impressions. All of it ends
//! when the second story is published.

mod ending;

pub(super) use ending::forget;
pub(crate) use ending::{end_talks, forget_led_by, hand_over_of, impressions_of};

use super::{Own, invitation_state, own_to_change, sets};
use crate::crypt::{self, IncidentKeyring, Place};
use crate::db::{Conn, on, run};
use crate::standing::{check, require, standing};
use crate::{Result, Store, StoreError, audit, random};
use chrono::{DateTime, Utc};
use domain::interviews::{InvitationState, QuestionSet, SELF_CARE, WORK};
use domain::people::Viewer;
use domain::rights::{Right, Standing};
use domain::{IncidentId, Invalid, InvitationId, text};

/// What was noted of one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TalkNote {
    /// The question's number, without those that nobody else hears (3 and 11).
    pub question: i64,
    /// The words; empty off the record.
    pub text: String,
    /// Something was said and nothing of it is written down.
    pub off_record: bool,
}

/// A talk as the facilitator who leads it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Talk {
    /// Whom it is with.
    pub name: String,
    /// Where their conversation stands.
    pub state: InvitationState,
    /// What they are asked.
    pub set: QuestionSet,
    /// When it began; `None` before anything was noted.
    pub begun_at: Option<DateTime<Utc>>,
    /// When it was last saved.
    pub saved_at: Option<DateTime<Utc>>,
    /// When the notes went to the responder: since then they are not here any more.
    pub handed_over_at: Option<DateTime<Utc>>,
    /// Notes by question.
    pub notes: Vec<TalkNote>,
    /// The facilitator's own.
    pub impressions: String,
    /// Counts the saves; 0 before the first.
    pub version: i64,
}

/// Notes that were handed over, as the responder finds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOver {
    /// Who noted them.
    pub by: String,
    /// Notes by question, without those off the record.
    pub notes: Vec<TalkNote>,
}

const ASKED: &str = "
select v.person_id, v.state, p.name, p.manager_id from invitations v join people p on p.id = v.person_id where v.id = $1 and v.incident_id = $2";
const FIND: &str = "
select facilitator_id, impressions_sealed, version, begun_at, saved_at, last_request, handed_over_at from talks where invitation_id = $1";
const NOTES: &str = "select id, question, body_sealed, off_record from talk_notes where invitation_id = $1 order by question";
const ADD: &str = "
insert into talks (invitation_id, incident_id, facilitator_id, impressions_sealed, version, begun_at, saved_at, last_request, handed_over_at)
values ($1, $2, $3, $4, 1, $5, $5, $6, null)";
const CHANGE: &str =
    "update talks set impressions_sealed = $2, version = version + 1, saved_at = $3, last_request = $4 where invitation_id = $1";
const CLEAR: &str = "delete from talk_notes where invitation_id = $1";
const ADD_NOTE: &str = "
insert into talk_notes (id, invitation_id, incident_id, question, body_sealed, off_record) values ($1, $2, $3, $4, $5, $6)";
const HAND_OVER: &str = "update talks set handed_over_at = $2, version = version + 1 where invitation_id = $1";
const FORGET_OFF_RECORD: &str = "delete from talk_notes where invitation_id = $1 and off_record";
const BY: &str = "
select p.name from talks t join people p on p.id = t.facilitator_id where t.invitation_id = $1 and t.handed_over_at is not null";
const FORGET_NOTE: &str = "delete from talk_notes where invitation_id = $1 and question = $2";

#[derive(sqlx::FromRow)]
struct TalkRow {
    facilitator_id: uuid::Uuid,
    impressions_sealed: Vec<u8>,
    version: i64,
    begun_at: DateTime<Utc>,
    saved_at: DateTime<Utc>,
    last_request: String,
    handed_over_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct NoteRow {
    id: uuid::Uuid,
    question: i64,
    body_sealed: Vec<u8>,
    off_record: bool,
}

fn note_place(id: uuid::Uuid) -> Place<'static> {
    Place { table: "talk_notes", row: id, column: "body", audience: "" }
}

fn impressions_place(invitation: InvitationId) -> Place<'static> {
    Place { table: "talks", row: invitation.0, column: "impressions", audience: "" }
}

/// Questions that a talk notes: hours and self-care are nobody's but the responder's.
pub fn is_noted(question: i64) -> bool {
    question != WORK && question != SELF_CARE
}

/// A conversation that somebody leads: whose, how it stands, and the talk so far.
struct Led {
    name: String,
    state: InvitationState,
    talk: Option<TalkRow>,
}

/// Who may lead this talk: a facilitator who may read what this person says, and nobody once another facilitator began.
async fn led(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    invitation: InvitationId,
    now: DateTime<Utc>,
) -> Result<Led> {
    let standing: Standing = require(conn, viewer, Right::Invite, incident, now).await?;
    let row: Option<(uuid::Uuid, String, String, Option<uuid::Uuid>)> =
        on!(conn, db => sqlx::query_as(ASKED).bind(invitation.0).bind(incident.0).fetch_optional(db).await)?;
    let (person, state, name, manager) = row.ok_or(StoreError::NotFound)?;
    let manages_author = manager == Some(viewer.person_id.0);
    check(Right::ReadAnswer, &Standing { manages_author, author: person == viewer.person_id.0, ..standing })?;
    let talk: Option<TalkRow> = on!(conn, db => sqlx::query_as(FIND).bind(invitation.0).fetch_optional(db).await)?;
    if talk.as_ref().is_some_and(|t| t.facilitator_id != viewer.person_id.0) {
        return Err(StoreError::NotFound);
    }
    Ok(Led { name, state: invitation_state(&state)?, talk })
}

async fn notes(conn: &mut Conn, key: &IncidentKeyring, invitation: InvitationId) -> Result<Vec<TalkNote>> {
    let rows: Vec<NoteRow> = on!(conn, db => sqlx::query_as(NOTES).bind(invitation.0).fetch_all(db).await)?;
    let note = |r: NoteRow| {
        let text = key.open(&note_place(r.id), &r.body_sealed)?;
        Ok(TalkNote { question: r.question, text, off_record: r.off_record })
    };
    rows.into_iter().map(note).collect()
}

/// The talk with an invited person, for the facilitator who leads it.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators, for the line manager of this person, and once another facilitator began.
pub async fn talk(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    invitation: InvitationId,
    now: DateTime<Utc>,
) -> Result<Talk> {
    let mut conn = store.read().await?;
    let led = led(&mut conn, viewer, incident, invitation, now).await?;
    let key = crypt::incident_key(&mut conn, incident).await?;
    let empty = Talk {
        name: led.name,
        state: led.state,
        set: sets::of_invitation(&mut conn, invitation).await?,
        begun_at: None,
        saved_at: None,
        handed_over_at: None,
        notes: Vec::new(),
        impressions: String::new(),
        version: 0,
    };
    let Some(row) = led.talk else { return Ok(empty) };
    let notes = if row.handed_over_at.is_none() { notes(&mut conn, &key, invitation).await? } else { Vec::new() };
    Ok(Talk {
        begun_at: Some(row.begun_at),
        saved_at: Some(row.saved_at),
        handed_over_at: row.handed_over_at,
        notes,
        impressions: key.open(&impressions_place(invitation), &row.impressions_sealed)?,
        version: row.version,
        ..empty
    })
}

/// What the facilitator wrote: all notes at once, so that one version speaks for the page.
#[derive(Clone, Debug, Default)]
pub struct SaveTalk {
    /// Notes by question. Off the record, the words are not kept.
    pub notes: Vec<TalkNote>,
    /// Private impressions.
    pub impressions: String,
    /// The version that this was written on.
    pub base_version: i64,
    /// Names this request.
    pub request_key: String,
    /// Earlier requests of the same page that may have arrived, by their keys.
    pub follows: String,
}

/// Saves the notes of a talk. Answers the new version.
///
/// # Errors
/// Field `note-N` or `impressions`; [`StoreError::Stale`] when another page saved in between; [`StoreError::Refused`] once the second
/// story is published; else as [`talk`]. After the notes were handed over only impressions are taken.
pub async fn save_talk(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    invitation: InvitationId,
    save: &SaveTalk,
    now: DateTime<Utc>,
) -> Result<i64> {
    let mut invalid = Invalid::default();
    let impressions = invalid.take(text::long("impressions", &save.impressions)).unwrap_or_default();
    let mut kept = Vec::new();
    for note in save.notes.iter().filter(|n| is_noted(n.question)) {
        let words = if note.off_record {
            Some(String::new())
        } else {
            invalid.take(text::long(&format!("note-{}", note.question), &note.text))
        };
        let text = words.unwrap_or_default();
        if note.off_record || !text.trim().is_empty() {
            kept.push(TalkNote { text, ..note.clone() });
        }
    }
    invalid.or_ok()?;
    kept.sort_by_key(|n| n.question);
    let mut conn = store.write().await?;
    let led = to_change(&mut conn, viewer, incident, invitation, now).await?;
    let set = sets::of_invitation(&mut conn, invitation).await?;
    kept.retain(|n: &TalkNote| set.question(n.question).is_some());
    let key = crypt::incident_key(&mut conn, incident).await?;
    let sealed = key.seal(&impressions_place(invitation), &impressions);
    let handed_over = led.talk.as_ref().is_some_and(|t| t.handed_over_at.is_some());
    let version = led.talk.as_ref().map_or(0, |t| t.version);
    if let Some(talk) = &led.talk {
        let again = !save.request_key.is_empty() && talk.last_request == save.request_key;
        let same = key.open(&impressions_place(invitation), &talk.impressions_sealed)? == impressions
            && (handed_over || notes(&mut conn, &key, invitation).await? == kept);
        if again || same {
            return Ok(version);
        }
        let own_last = save.follows.split_whitespace().any(|key| key == talk.last_request);
        if version != save.base_version && !own_last {
            return Err(StoreError::Stale);
        }
    }
    if led.talk.is_none() {
        run!(
            conn,
            sqlx::query(ADD)
                .bind(invitation.0)
                .bind(incident.0)
                .bind(viewer.person_id.0)
                .bind(sealed)
                .bind(now)
                .bind(&save.request_key)
        )?;
        audit::note(&mut conn, now, Some(viewer.person_id), "talk.begin", &invitation.to_string(), Some(incident)).await?;
    } else {
        run!(conn, sqlx::query(CHANGE).bind(invitation.0).bind(sealed).bind(now).bind(&save.request_key))?;
    }
    if !handed_over {
        run!(conn, sqlx::query(CLEAR).bind(invitation.0))?;
        for note in &kept {
            let id = random::id();
            let body = key.seal(&note_place(id), &note.text);
            run!(
                conn,
                sqlx::query(ADD_NOTE)
                    .bind(id)
                    .bind(invitation.0)
                    .bind(incident.0)
                    .bind(note.question)
                    .bind(body)
                    .bind(note.off_record)
            )?;
        }
    }
    conn.commit().await?;
    Ok(version + 1)
}

async fn to_change(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    invitation: InvitationId,
    now: DateTime<Utc>,
) -> Result<Led> {
    let led = led(conn, viewer, incident, invitation, now).await?;
    if standing(conn, viewer, incident, now).await?.published {
        return Err(StoreError::Refused("The second story is published; talks and their notes are over."));
    }
    if matches!(led.state, InvitationState::Declined | InvitationState::Withdrawn) {
        return Err(StoreError::Refused("This person declined, or the invitation was withdrawn. There is nothing to note."));
    }
    Ok(led)
}

/// Gives the notes to the responder, whose they are from then on. What is off the record goes.
///
/// # Errors
/// [`StoreError::Refused`] when there is nothing to hand over; else as [`save_talk`].
pub async fn hand_over(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    invitation: InvitationId,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    let led = to_change(&mut conn, viewer, incident, invitation, now).await?;
    let Some(talk) = led.talk else { return Err(StoreError::Refused("Nothing is noted yet.")) };
    if talk.handed_over_at.is_none() {
        run!(conn, sqlx::query(FORGET_OFF_RECORD).bind(invitation.0))?;
        run!(conn, sqlx::query(HAND_OVER).bind(invitation.0).bind(now))?;
        audit::note(&mut conn, now, Some(viewer.person_id), "talk.hand-over", &invitation.to_string(), Some(incident)).await?;
    }
    conn.commit().await
}

/// What was handed over and not taken or let go yet.
pub(super) async fn handed_over(conn: &mut Conn, key: &IncidentKeyring, invitation: InvitationId) -> Result<Option<HandedOver>> {
    let by: Option<String> = on!(conn, db => sqlx::query_scalar(BY).bind(invitation.0).fetch_optional(db).await)?;
    let Some(by) = by else { return Ok(None) };
    let notes = notes(conn, key, invitation).await?;
    Ok((!notes.is_empty()).then_some(HandedOver { by, notes }))
}

/// Lets a note go: its words were taken over into the answer, or its author does not want them.
///
/// # Errors
/// As for every change of one's own conversation.
pub async fn let_note_go(
    store: &Store,
    viewer: &Viewer,
    invitation: InvitationId,
    question: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    let own: Own = own_to_change(&mut conn, viewer, invitation, now).await?;
    let key = crypt::incident_key(&mut conn, own.incident).await?;
    // Before they are handed over they are not the author's to let go.
    if handed_over(&mut conn, &key, invitation).await?.is_some() {
        run!(conn, sqlx::query(FORGET_NOTE).bind(invitation.0).bind(question))?;
    }
    conn.commit().await
}
