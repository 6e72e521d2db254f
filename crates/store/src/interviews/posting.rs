//! Letters of an invitation: the invitation itself and its reminders, queued in the transaction that makes its link.

use crate::crypt::{self, IncidentKeyring, Place};
use crate::db::{Conn, on, run};
use crate::mail::{self, Envelope};
use crate::{Result, StoreError, calendars, people, random, settings};
use chrono::{DateTime, Utc};
use domain::letters::Letter;
use domain::{IncidentId, InvitationId, PersonId, reminders, walltime};

/// What a letter about a restricted incident says instead of its title: mail is read on the way and on locked screens.
pub(super) const UNNAMED: &str = "an incident that few know of";

const ADDRESSEE: &str = "
select v.incident_id, v.person_id, v.address_sealed, v.note_sealed, v.expires_at, v.reminders_off_at, p.name, p.email, p.zone, p.work_starts,
  p.work_ends, p.work_days, i.title, i.restricted, b.name as invited_by
from invitations v join people p on p.id = v.person_id join incidents i on i.id = v.incident_id left join people b on b.id = v.invited_by
where v.id = $1";
const SET_STOP: &str = "update invitations set stop_hash = $2 where id = $1";

#[derive(sqlx::FromRow)]
struct AddresseeRow {
    incident_id: uuid::Uuid,
    person_id: uuid::Uuid,
    address_sealed: Option<Vec<u8>>,
    note_sealed: Option<Vec<u8>>,
    expires_at: Option<DateTime<Utc>>,
    reminders_off_at: Option<DateTime<Utc>>,
    name: String,
    email: Option<String>,
    zone: String,
    work_starts: i64,
    work_ends: i64,
    work_days: i64,
    title: String,
    restricted: bool,
    invited_by: Option<String>,
}

fn place(invitation: InvitationId, column: &'static str) -> Place<'static> {
    Place { table: "invitations", row: invitation.0, column, audience: "" }
}

/// Seals the address or the note of an invitation.
pub(super) fn seal(key: &IncidentKeyring, invitation: InvitationId, column: &'static str, text: &str) -> Vec<u8> {
    key.seal(&place(invitation, column), text)
}

/// Opens the address or the note of an invitation, if there is one.
pub(super) fn open(
    key: &IncidentKeyring,
    invitation: InvitationId,
    column: &'static str,
    sealed: Option<&[u8]>,
) -> Result<Option<String>> {
    sealed.map(|sealed| key.open(&place(invitation, column), sealed)).transpose()
}

/// The token by which reminders of an invitation are stopped: derived, so that every letter holds the same and none is stored.
pub(super) fn stop_token(conn: &Conn, invitation: InvitationId) -> String {
    use base64::Engine;
    let bytes = conn.keys.derived(&format!("stop reminders of {invitation}"));
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes.as_slice())
}

/// The last lines of a letter: how reminders are stopped. From now on that link works.
pub(super) async fn stop_foot(conn: &mut Conn, post: &str, invitation: InvitationId) -> Result<String> {
    let stop = stop_token(conn, invitation);
    run!(conn, sqlx::query(SET_STOP).bind(invitation.0).bind(random::token_hash(&stop)))?;
    Ok(format!("\n\nNo more reminders about this:\n{post}/reminders/{stop}"))
}

/// What is queued.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// The letter and its reminders.
    Letter,
    /// Reminders alone: the link was copied.
    Reminders,
}

/// Queues the letter of an invitation and its reminders; `token` is the personal link's for somebody without an account. What waited
/// before is stopped. Answers whether there was somewhere to send it.
pub(super) async fn queue(
    conn: &mut Conn,
    invitation: InvitationId,
    token: Option<&str>,
    what: What,
    now: DateTime<Utc>,
) -> Result<bool> {
    mail::stop_asking(conn, invitation, now).await?;
    let Some(post) = conn.post.clone() else { return Ok(false) };
    let row: Option<AddresseeRow> = on!(conn, db => sqlx::query_as(ADDRESSEE).bind(invitation.0).fetch_optional(db).await)?;
    let row = row.ok_or(StoreError::NotFound)?;
    let incident = IncidentId(row.incident_id);
    let key = crypt::incident_key(conn, incident).await?;
    let sealed = open(&key, invitation, "address", row.address_sealed.as_deref())?;
    let Some(address) = row.email.clone().or(sealed) else { return Ok(false) };
    let link = match token {
        Some(token) => format!("{post}/invitation/{token}"),
        None => format!("{post}/one-on-one/{invitation}"),
    };
    let foot = stop_foot(conn, &post, invitation).await?;
    let zone = walltime::parse_zone(&row.zone).unwrap_or(chrono_tz::UTC);
    let until = row.expires_at.map_or_else(|| "the review is published".to_owned(), |at| walltime::day(at, zone));
    let title = if row.restricted { UNNAMED } else { row.title.as_str() };
    let values = [("name", row.name.as_str()), ("title", title), ("link", link.as_str()), ("until", until.as_str())];
    let envelope = |letter| Envelope {
        letter,
        person: PersonId(row.person_id),
        name: &row.name,
        address: &address,
        incident: Some(incident),
        invitation: Some(invitation),
    };
    if what == What::Letter {
        let mut words = mail::filled(conn, Letter::OneOnOne, &values).await?;
        if let Some(note) = open(&key, invitation, "note", row.note_sealed.as_deref())? {
            let from = row.invited_by.as_deref().map_or_else(|| "A note".to_owned(), |name| format!("A note from {name}"));
            words.text = format!("{}\n\n{from}:\n\n{note}", words.text);
        }
        words.text.push_str(&foot);
        mail::queue(conn, &envelope(Letter::OneOnOne), &words, now).await?;
    }
    if row.reminders_off_at.is_some() {
        return Ok(true);
    }
    let pattern = people::pattern(row.work_starts, row.work_ends, row.work_days)?;
    let calendar = calendars::of(conn, PersonId(row.person_id), pattern).await?;
    let mut words = mail::filled(conn, Letter::Reminder, &values).await?;
    words.text.push_str(&foot);
    let after = settings::reminder_days(conn).await?.invitation;
    for at in reminders::times(now, zone, &calendar, after) {
        mail::queue(conn, &envelope(Letter::Reminder), &words, at).await?;
    }
    Ok(true)
}
