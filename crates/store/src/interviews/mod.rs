//! One-on-ones: invitations, the author's own answers, and what others may read of them.
//!
//! Two doors lead to an answer. Its author comes through `own`; everybody else through `reads`, which asks the permission table
//! for each answer and logs what it hands out.

mod answers;
mod asking;
mod conversation;
mod counting;
mod erasing;
mod everything;
mod invitations;
mod lanes;
mod links;
mod nominations;
mod openings;
mod posting;
mod quoting;
mod reads;
mod reminding;
mod sets;
mod submission;
mod talks;
mod work;

pub use answers::{SaveAnswer, Saved, save};
pub use asking::{Asked, ask_many, closest};
pub use conversation::{AskedOf, Asking, Conversation, Listener, ReadOnce, Waiting, asked_of, page, waiting};
pub use everything::{Agreement, OwnAnswer, OwnConversation, OwnStretch, Read};
pub use invitations::{Added, Ask, InvitationLine, Invitee, ask, invite, list, withdraw};
pub use links::{Ended, Peek, begin_by_link, peek, renew_link, resend, why_ended};
pub use nominations::{Nominated, Nomination, nominate, nominate_as, nominated, set_aside, unnominate};
pub use openings::openings;
pub use reads::{ReadOfMine, ReadableAnswer, agree, my_reads, overview, readers_now};
pub use reminding::{Letters, QuotesReminder, letters, peek_stop, quotes_reminders, stop_by_link, stop_reminders};
pub use sets::{
    KeptSet, OfferedSet, Published, SET_FORMAT, SetKey, SetLine, Usual, UsualFor, copy_set, offered_sets, publish_set,
    question_set, question_sets, retire_set, save_set, save_usual_sets, set_from_file, set_to_file, take_in_set, usual_sets,
};
pub use submission::{decline, submit, take_back, take_idea_back};
pub use talks::{HandedOver, SaveTalk, Talk, TalkNote, hand_over, is_noted, let_note_go, save_talk, talk};
pub use work::{MyHours, StretchOfMine, add_session, change_session, hinted, my_hours, remove_session};

pub(crate) use counting::{earliest_support, mark_choice_counted, uncounted_support};
pub(crate) use erasing::{
    Mine, all_of, answers_of, end_links_of_eraser, forget_answer, forget_conversation, forget_stretches, is_guest_without_words,
    mine, resting, resting_of,
};
pub(crate) use everything::everything;
pub(crate) use invitations::{asked, has_answer, is_invited, manages_invited};
pub(crate) use lanes::{Mine as MineHere, MyAnswer, answers_for_lanes, lanes_of, may_place_mine, mine_here};
pub(crate) use links::{close_links, end_links_of};
pub(crate) use quoting::{Way, way_to};
pub(crate) use reads::{heard, quotable, readable_answers, these_answers};
pub(crate) use talks::{end_talks, forget_led_by, hand_over_of, impressions_of};
pub(crate) use work::{
    CountedWork, MonthSession, asked_and_told, counted_on_services, counted_since, counted_work, earliest_session, mark_counted,
    month_sessions,
};

use crate::crypt::{IncidentKeyring, Place};
use crate::db::{Conn, on};
use crate::standing::{check, standing};
use crate::{Result, StoreError};
use chrono::{DateTime, Utc};
use domain::interviews::{Answer, AnswerBody, Audience, InvitationState};
use domain::people::Viewer;
use domain::rights::{Right, Standing};
use domain::{AnswerId, IncidentId, InvitationId, PersonId};

const OWN: &str = "
select incident_id, person_id, state, question_set, expires_at, quotes_until, submitted_at from invitations where id = $1";
const ANSWERS: &str = "
select id, question, body_sealed, audience, count_me, with_name, released_at, saved_at, last_request, version
from answers where invitation_id = $1 order by question";

#[derive(sqlx::FromRow)]
struct OwnRow {
    incident_id: uuid::Uuid,
    person_id: uuid::Uuid,
    state: String,
    question_set: i64,
    expires_at: Option<DateTime<Utc>>,
    /// Until when the link of a letter about quotes works.
    quotes_until: Option<DateTime<Utc>>,
    submitted_at: Option<DateTime<Utc>>,
}

/// An invitation in the hands of the person who was invited.
struct Own {
    id: InvitationId,
    incident: IncidentId,
    person: PersonId,
    state: InvitationState,
    /// The number of the question set that they are asked by.
    question_set: i64,
    expires_at: Option<DateTime<Utc>>,
    submitted_at: Option<DateTime<Utc>>,
    standing: Standing,
}

/// The viewer's own invitation, to look at. A personal link ends with its time and with publication; an account keeps its own words.
async fn own(conn: &mut Conn, viewer: &Viewer, invitation: InvitationId, now: DateTime<Utc>) -> Result<Own> {
    let row: Option<OwnRow> = on!(conn, db => sqlx::query_as(OWN).bind(invitation.0).fetch_optional(db).await)?;
    let row = row.filter(|r| r.person_id == viewer.person_id.0).ok_or(StoreError::NotFound)?;
    let incident = IncidentId(row.incident_id);
    let standing = Standing { author: true, ..standing(conn, viewer, incident, now).await? };
    let state = invitation_state(&row.state)?;
    let by_link = viewer.guest_of.is_some();
    let works_until = row.expires_at.max(row.quotes_until);
    let link_ends = viewer.guest_of != Some(invitation) || standing.published || works_until.is_none_or(|at| at <= now);
    if state == InvitationState::Withdrawn || (by_link && link_ends) {
        return Err(StoreError::NotFound);
    }
    Ok(Own {
        id: invitation,
        incident,
        person: viewer.person_id,
        state,
        question_set: row.question_set,
        expires_at: row.expires_at,
        submitted_at: row.submitted_at,
        standing,
    })
}

/// The viewer's own invitation, to change something in it.
async fn own_to_change(conn: &mut Conn, viewer: &Viewer, invitation: InvitationId, now: DateTime<Utc>) -> Result<Own> {
    let own = own(conn, viewer, invitation, now).await?;
    if own.standing.published {
        return Err(StoreError::Refused("The second story is published. Answers stay as they were then."));
    }
    check(Right::AnswerOwn, &own.standing)?;
    Ok(own)
}

fn invitation_state(slug: &str) -> Result<InvitationState> {
    InvitationState::from_slug(slug).ok_or(StoreError::Corrupt { table: "invitations", column: "state" })
}

fn audience(slug: &str) -> Result<Audience> {
    Audience::from_slug(slug).ok_or(StoreError::Corrupt { table: "answers", column: "audience" })
}

#[derive(sqlx::FromRow)]
struct AnswerRow {
    id: uuid::Uuid,
    question: i64,
    body_sealed: Vec<u8>,
    audience: String,
    count_me: bool,
    with_name: bool,
    released_at: Option<DateTime<Utc>>,
    saved_at: DateTime<Utc>,
    last_request: String,
    version: i64,
}

/// An answer with the request that wrote it last.
struct Stored {
    answer: Answer,
    last_request: String,
}

/// All answers of one conversation, opened: for its author alone.
async fn stored_answers(conn: &mut Conn, key: &IncidentKeyring, invitation: InvitationId) -> Result<Vec<Stored>> {
    let rows: Vec<AnswerRow> = on!(conn, db => sqlx::query_as(ANSWERS).bind(invitation.0).fetch_all(db).await)?;
    rows.into_iter()
        .map(|row| {
            let audience = audience(&row.audience)?;
            let answer = Answer {
                id: AnswerId(row.id),
                invitation_id: invitation,
                question: row.question,
                body: open_body(key, row.id, audience, &row.body_sealed)?,
                audience,
                count_me: row.count_me,
                with_name: row.with_name,
                released_at: row.released_at,
                saved_at: row.saved_at,
                version: row.version,
            };
            Ok(Stored { answer, last_request: row.last_request })
        })
        .collect()
}

fn body_place(answer: uuid::Uuid, audience: Audience) -> Place<'static> {
    Place { table: "answers", row: answer, column: "body", audience: audience.slug() }
}

fn seal_body(key: &IncidentKeyring, answer: AnswerId, audience: Audience, body: &AnswerBody) -> Result<Vec<u8>> {
    let json = serde_json::to_string(body).map_err(|_| StoreError::Corrupt { table: "answers", column: "body" })?;
    Ok(key.seal(&body_place(answer.0, audience), &json))
}

fn open_body(key: &IncidentKeyring, answer: uuid::Uuid, audience: Audience, sealed: &[u8]) -> Result<AnswerBody> {
    let json = key.open(&body_place(answer, audience), sealed)?;
    serde_json::from_str(&json).map_err(|_| StoreError::Corrupt { table: "answers", column: "body" })
}
