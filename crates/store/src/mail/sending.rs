//! The sending job's side of the outbox: take one letter, so that no other service takes it too, and say what became of it.

use super::{Sealed, key, place};
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, calendars};
use chrono::{DateTime, TimeDelta, Utc};
use domain::letters::{Letter, STORIES};
use domain::mail::{KEPT, Trouble, next_try};
use domain::{IncidentId, reminders, walltime};
use uuid::Uuid;

/// How long a service may take over one letter before another tries it.
const CLAIM: TimeDelta = TimeDelta::minutes(5);

/// A letter that is this service's to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Names it in the outbox.
    pub id: Uuid,
    /// To whom.
    pub name: String,
    /// Where to.
    pub address: String,
    /// Subject.
    pub subject: String,
    /// Text, with its link.
    pub text: String,
}

const DUE: &str = "
select count(*) from outbox where state = 'queued' and next_at <= $1 and (claimed_until is null or claimed_until <= $1)";
// What does not hold any more: its person left, the review is over, the invitation is answered, withdrawn or expired, the reminders are
// stopped, the link that it carries was used or is over, it is wished for no more, no quote waits, or the time to look at it is over.
const STOP_STALE: &str = "
update outbox set state = 'stopped', letter_sealed = null, claimed_until = null, ended_at = $1
where state = 'queued' and next_at <= $1 and (claimed_until is null or claimed_until <= $1) and (
  exists (select 1 from people p where p.id = outbox.person_id and p.deactivated_at is not null)
  or exists (select 1 from incidents i where i.id = outbox.incident_id
    and (i.published_at is not null or i.trashed_at is not null))
  or exists (select 1 from invitations v where v.id = outbox.invitation_id
    and (v.state = 'withdrawn'
      or (outbox.kind in ('one-on-one', 'reminder') and (v.state not in ('invited', 'started') or v.expires_at <= $1))
      or (outbox.kind in ('reminder', 'quote-reminder') and v.reminders_off_at is not null)
      or (outbox.kind in ('quote-check', 'quote-reminder') and v.quotes_until <= $1)))
  or (outbox.kind in ('account', 'reset')
    and not exists (select 1 from access_links l where l.person_id = outbox.person_id and l.expires_at > $1))
  or (outbox.kind in ('digest', 'anniversary', 'taken-on', 'sheet')
    and not exists (select 1 from letter_wishes w where w.person_id = outbox.person_id
      and ((outbox.kind = 'digest' and w.digest <> '') or (outbox.kind = 'anniversary' and w.anniversaries)
        or (outbox.kind = 'taken-on' and w.items) or (outbox.kind = 'sheet' and w.sheet <> ''))))
  or (outbox.kind = 'quote-reminder'
    and exists (select 1 from reviews r where r.incident_id = outbox.incident_id and r.quotes_due_at <= $1))
  or (outbox.kind in ('quote-check', 'quote-reminder')
    and not exists (select 1 from excerpt_sources s join excerpts e on e.id = s.excerpt_id
      where s.author_id = outbox.person_id and e.incident_id = outbox.incident_id and e.state = 'waiting')))";
const NEXT: &str = "
select o.id, o.kind, o.incident_id, o.letter_sealed, p.id as person_id, p.email, p.zone, p.work_starts, p.work_ends, p.work_days
from outbox o join people p on p.id = o.person_id
where o.state = 'queued' and o.next_at <= $1 and (o.claimed_until is null or o.claimed_until <= $1)
order by o.next_at, o.id limit 20";
const CLAIM_IT: &str = "
update outbox set claimed_until = $2, attempts = attempts + 1
where id = $1 and state = 'queued' and next_at <= $3 and (claimed_until is null or claimed_until <= $3)";
const PUT_OFF: &str = "update outbox set next_at = $2 where id = $1 and state = 'queued'";
const SENT: &str = "
update outbox set state = 'sent', letter_sealed = null, claimed_until = null, last_error = '', ended_at = $2
where id = $1 and state = 'queued'";
// However often the time to look at quotes changes: this is how many reminders there were.
const COUNT_REMINDED: &str = "
update invitations set quotes_reminded = quotes_reminded + 1
where id in (select o.invitation_id from outbox o where o.id = $1 and o.kind = 'quote-reminder' and o.state = 'queued')";
const STOP: &str = "
update outbox set state = 'stopped', letter_sealed = null, claimed_until = null, ended_at = $2
where id = $1 and state = 'queued'";
const STILL_TOLD: &str = "
select count(*) from incidents where id = $1 and published_at is not null and not restricted and trashed_at is null";
const TRIED: &str = "select attempts, created_at from outbox where id = $1 and state = 'queued'";
const AGAIN: &str = "
update outbox set next_at = $2, claimed_until = null, last_error = $3 where id = $1 and state = 'queued'";
const GIVE_UP: &str = "
update outbox set state = 'failed', letter_sealed = null, claimed_until = null, last_error = $2, ended_at = $3
where id = $1 and state = 'queued'";
const SWEEP: &str = "delete from outbox where ended_at <= $1";

#[derive(sqlx::FromRow)]
struct NextRow {
    id: Uuid,
    kind: String,
    incident_id: Option<Uuid>,
    letter_sealed: Option<Vec<u8>>,
    person_id: Uuid,
    email: Option<String>,
    zone: String,
    work_starts: i64,
    work_ends: i64,
    work_days: i64,
}

/// How many letters could go now.
///
/// # Errors
/// What the database said.
pub async fn due(store: &Store, now: DateTime<Utc>) -> Result<i64> {
    let mut conn = store.read().await?;
    Ok(on!(conn, db => sqlx::query_scalar(DUE).bind(now).fetch_one(db).await)?)
}

/// Takes the next letter. It is nobody else's for five minutes. A reminder for which it is night, or no working day, on its reader's
/// own clock is put off to their next morning.
///
/// # Errors
/// What the database said.
pub async fn next(store: &Store, now: DateTime<Utc>) -> Result<Option<Outgoing>> {
    let mut conn = store.write().await?;
    run!(conn, sqlx::query(STOP_STALE).bind(now))?;
    let rows: Vec<NextRow> = on!(conn, db => sqlx::query_as(NEXT).bind(now).fetch_all(db).await)?;
    let mut taken = None;
    for row in rows {
        if Letter::from_slug(&row.kind).is_some_and(Letter::is_quiet) {
            let goes = morning(&mut conn, &row, now).await?;
            if goes > now {
                run!(conn, sqlx::query(PUT_OFF).bind(row.id).bind(goes))?;
                continue;
            }
        }
        if run!(conn, sqlx::query(CLAIM_IT).bind(row.id).bind(now + CLAIM).bind(now))? == 0 {
            continue;
        }
        match open(&mut conn, &row).await {
            Ok(Some(letter)) => {
                taken = Some(letter);
                break;
            }
            Ok(None) => {
                run!(conn, sqlx::query(STOP).bind(row.id).bind(now))?;
            }
            Err(StoreError::Corrupt { .. } | StoreError::NotFound | StoreError::Setup(_)) => {
                run!(conn, sqlx::query(GIVE_UP).bind(row.id).bind(Trouble::Unwritable.slug()).bind(now))?;
            }
            Err(other) => return Err(other),
        }
    }
    conn.commit().await?;
    Ok(taken)
}

async fn morning(conn: &mut Conn, row: &NextRow, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let pattern = crate::people::pattern(row.work_starts, row.work_ends, row.work_days)?;
    let calendar = calendars::of(conn, domain::PersonId(row.person_id), pattern).await?;
    let zone = walltime::parse_zone(&row.zone).unwrap_or(chrono_tz::UTC);
    Ok(reminders::not_before(now, zone, &calendar))
}

/// The letter as it goes; `None` where all the stories that it tells of have been restricted or thrown away since.
async fn open(conn: &mut Conn, row: &NextRow) -> Result<Option<Outgoing>> {
    let corrupt = StoreError::Corrupt { table: "outbox", column: "letter" };
    let Some(sealed) = &row.letter_sealed else { return Err(corrupt) };
    let json = key(conn, row.incident_id.map(IncidentId)).await?.open(&place(row.id), sealed)?;
    let mut letter: Sealed = serde_json::from_str(&json).map_err(|_| corrupt)?;
    if !letter.stories.is_empty() {
        let mut told = Vec::new();
        for (incident, words) in letter.stories {
            let there: i64 = on!(conn, db => sqlx::query_scalar(STILL_TOLD).bind(incident).fetch_one(db).await)?;
            if there > 0 {
                told.push(words);
            }
        }
        if told.is_empty() {
            return Ok(None);
        }
        letter.text = letter.text.replacen(STORIES, &told.join("\n\n"), 1);
    }
    // An account's address may have been put right since the letter was queued.
    let address = row.email.clone().unwrap_or(letter.address);
    Ok(Some(Outgoing { id: row.id, name: letter.name, address, subject: letter.subject, text: letter.text }))
}

/// The mail server took it: of the letter nothing is kept but that it went.
///
/// # Errors
/// What the database said.
pub async fn sent(store: &Store, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    run!(conn, sqlx::query(COUNT_REMINDED).bind(id))?;
    run!(conn, sqlx::query(SENT).bind(id).bind(now))?;
    conn.commit().await
}

/// It did not go: it is tried again later, or given up, and answers whether it is given up.
///
/// # Errors
/// What the database said.
pub async fn not_sent(store: &Store, id: Uuid, trouble: Trouble, now: DateTime<Utc>) -> Result<bool> {
    let mut conn = store.write().await?;
    let row: Option<(i64, DateTime<Utc>)> = on!(conn, db => sqlx::query_as(TRIED).bind(id).fetch_optional(db).await)?;
    let Some((attempts, created_at)) = row else { return Ok(false) };
    let again = if trouble.is_final() { None } else { next_try(attempts, created_at, now) };
    match again {
        Some(at) => run!(conn, sqlx::query(AGAIN).bind(id).bind(at).bind(trouble.slug()))?,
        None => run!(conn, sqlx::query(GIVE_UP).bind(id).bind(trouble.slug()).bind(now))?,
    };
    conn.commit().await?;
    Ok(again.is_none())
}

/// Removes what ended long ago.
///
/// # Errors
/// What the database said.
pub async fn sweep(store: &Store, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    run!(conn, sqlx::query(SWEEP).bind(now - KEPT))?;
    conn.commit().await
}
