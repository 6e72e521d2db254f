//! The outbox: letters that wait for the mail server, sealed, and what became of them.
//!
//! A letter is queued in the transaction of the act that it tells of; sending is a job's. Where no mail is set up nothing is queued.
//! Whether a letter still holds (the invitation stands, the link works, nobody stopped the reminders) is asked when it is about to
//! go, in one statement, and not by each act that may end it.

mod sending;
mod told;

pub use sending::{Outgoing, due, next, not_sent, sent, sweep};
pub use told::{Counts, LetterState, Posted, counts};

pub(crate) use told::{latest_of, sent_of};

use crate::crypt::{self, IncidentKeyring, Place};
use crate::db::{Conn, run};
use crate::{Result, StoreError, random, settings};
use chrono::{DateTime, Utc};
use domain::letters::{Letter, Wording};
use domain::{IncidentId, InvitationId, PersonId};
use serde::{Deserialize, Serialize};

const ADD: &str = "
insert into outbox (id, kind, person_id, incident_id, invitation_id, letter_sealed, state, attempts, next_at, last_error, created_at)
values ($1, $2, $3, $4, $5, $6, 'queued', 0, $7, '', $7)";
const STOP_OF_PERSON: &str = "
update outbox set state = 'stopped', letter_sealed = null, claimed_until = null, ended_at = $3
where person_id = $1 and kind = $2 and state = 'queued'";
const STOP_OF_INVITATION: &str = "
update outbox set state = 'stopped', letter_sealed = null, claimed_until = null, ended_at = $2
where invitation_id = $1 and state = 'queued'";
const STOP_ASKING: &str = "
update outbox set state = 'stopped', letter_sealed = null, claimed_until = null, ended_at = $2
where invitation_id = $1 and kind in ('one-on-one', 'reminder') and state = 'queued'";
const STOP_REMINDERS: &str = "
update outbox set state = 'stopped', letter_sealed = null, claimed_until = null, ended_at = $2
where invitation_id = $1 and kind in ('reminder', 'quote-reminder') and state = 'queued'";
const STOP_ABOUT: &str = "
update outbox set state = 'stopped', letter_sealed = null, claimed_until = null, ended_at = $4
where person_id = $1 and incident_id = $2 and kind = $3 and state = 'queued'";
const FORGET_PERSON: &str = "delete from outbox where person_id = $1";
const FORGET_INVITATION: &str = "delete from outbox where invitation_id = $1";

/// What is sealed of a letter.
#[derive(Serialize, Deserialize)]
struct Sealed {
    name: String,
    address: String,
    subject: String,
    text: String,
    /// What stands where the text says [`STORIES`], by incident: each only if it may still be told when the letter goes.
    #[serde(default)]
    stories: Vec<(uuid::Uuid, String)>,
}

/// To whom and about what.
pub(crate) struct Envelope<'a> {
    pub(crate) letter: Letter,
    pub(crate) person: PersonId,
    pub(crate) name: &'a str,
    pub(crate) address: &'a str,
    pub(crate) incident: Option<IncidentId>,
    pub(crate) invitation: Option<InvitationId>,
}

fn place(id: uuid::Uuid) -> Place<'static> {
    Place { table: "outbox", row: id, column: "letter", audience: "" }
}

async fn key(conn: &mut Conn, incident: Option<IncidentId>) -> Result<IncidentKeyring> {
    match incident {
        Some(incident) => crypt::incident_key(conn, incident).await,
        None => Ok(crypt::instance_keyring(&conn.keys, "seal letters")),
    }
}

/// The words of a letter, filled in.
pub(crate) async fn filled(conn: &mut Conn, letter: Letter, values: &[(&str, &str)]) -> Result<Wording> {
    let (wording, _) = settings::words(conn, letter).await?;
    Ok(wording.filled(values))
}

/// Queues a letter for `at` or later. From then on its tries are counted.
pub(crate) async fn queue(conn: &mut Conn, envelope: &Envelope<'_>, words: &Wording, at: DateTime<Utc>) -> Result<()> {
    queue_stories(conn, envelope, words, &[], at).await
}

/// Queues a letter that lists stories, for `at` or later.
pub(crate) async fn queue_stories(
    conn: &mut Conn,
    envelope: &Envelope<'_>,
    words: &Wording,
    stories: &[(IncidentId, String)],
    at: DateTime<Utc>,
) -> Result<()> {
    let id = random::id();
    let sealed = Sealed {
        name: envelope.name.to_owned(),
        address: envelope.address.to_owned(),
        subject: words.subject.clone(),
        text: words.text.clone(),
        stories: stories.iter().map(|(incident, words)| (incident.0, words.clone())).collect(),
    };
    let json = serde_json::to_string(&sealed).map_err(|_| StoreError::Corrupt { table: "outbox", column: "letter" })?;
    let sealed = key(conn, envelope.incident).await?.seal(&place(id), &json);
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id)
            .bind(envelope.letter.slug())
            .bind(envelope.person.0)
            .bind(envelope.incident.map(|i| i.0))
            .bind(envelope.invitation.map(|i| i.0))
            .bind(sealed)
            .bind(at)
    )?;
    Ok(())
}

/// Stops what waits of this kind for a person: a newer letter takes its place.
pub(crate) async fn stop_of(conn: &mut Conn, person: PersonId, letter: Letter, now: DateTime<Utc>) -> Result<()> {
    run!(conn, sqlx::query(STOP_OF_PERSON).bind(person.0).bind(letter.slug()).bind(now))?;
    Ok(())
}

/// Stops everything that waits for an invitation, reminders and what is about quotes, too.
pub(crate) async fn stop_of_invitation(conn: &mut Conn, invitation: InvitationId, now: DateTime<Utc>) -> Result<()> {
    run!(conn, sqlx::query(STOP_OF_INVITATION).bind(invitation.0).bind(now))?;
    Ok(())
}

/// Stops what waits of asking for a conversation: its letter and its reminders, not what is about quotes from it.
pub(crate) async fn stop_asking(conn: &mut Conn, invitation: InvitationId, now: DateTime<Utc>) -> Result<()> {
    run!(conn, sqlx::query(STOP_ASKING).bind(invitation.0).bind(now))?;
    Ok(())
}

/// Stops what waits of this kind for a person about an incident.
pub(crate) async fn stop_about(
    conn: &mut Conn,
    person: PersonId,
    incident: IncidentId,
    letter: Letter,
    now: DateTime<Utc>,
) -> Result<()> {
    run!(conn, sqlx::query(STOP_ABOUT).bind(person.0).bind(incident.0).bind(letter.slug()).bind(now))?;
    Ok(())
}

/// Stops the reminders of an invitation, and of quotes from its conversation.
pub(crate) async fn stop_reminders(conn: &mut Conn, invitation: InvitationId, now: DateTime<Utc>) -> Result<()> {
    run!(conn, sqlx::query(STOP_REMINDERS).bind(invitation.0).bind(now))?;
    Ok(())
}

/// Removes every letter to a person, sent ones too.
pub(crate) async fn forget_person(conn: &mut Conn, person: PersonId) -> Result<()> {
    run!(conn, sqlx::query(FORGET_PERSON).bind(person.0))?;
    Ok(())
}

/// Removes every letter about an invitation, sent ones too.
pub(crate) async fn forget_invitation(conn: &mut Conn, invitation: InvitationId) -> Result<()> {
    run!(conn, sqlx::query(FORGET_INVITATION).bind(invitation.0))?;
    Ok(())
}
