//! Sessions: opaque random tokens, hashed at rest, with an idle and an absolute limit.

mod own;

use crate::db::{Conn, on, run};
use crate::{Result, Store, audit, passwords, random};
use chrono::{DateTime, Duration, Utc};
use domain::people::{Theme, Viewer};
use domain::{InvitationId, PersonId, TeamId, text};

pub use own::{OwnSession, change_password, end_everywhere, end_one, name_device, own};

/// A session ends after this long without a request.
pub const IDLE: Duration = Duration::hours(12);
/// A session ends after this long in any case.
pub const ABSOLUTE: Duration = Duration::days(14);
/// Failed sign-ins per address or account within [`WINDOW`] before the next has to wait.
const TRIES: i64 = 10;
const WINDOW: Duration = Duration::minutes(10);

const FIND: &str = "
select s.person_id, s.invitation_id, s.last_seen_at, p.name, p.is_member, p.is_leadership, p.is_administrator, p.may_facilitate,
  p.team_id, p.zone, p.theme
from sessions s join people p on p.id = s.person_id
where s.token_hash = $1 and s.expires_at > $2 and s.last_seen_at > $3 and p.deactivated_at is null";
const TOUCH: &str = "update sessions set last_seen_at = $2 where token_hash = $1";
const ADD: &str = "
insert into sessions (token_hash, person_id, invitation_id, created_at, last_seen_at, expires_at) values ($1, $2, $3, $4, $4, $5)";
const END: &str = "delete from sessions where token_hash = $1";
const END_ALL: &str = "delete from sessions where person_id = $1";
const END_OF_LINK: &str = "delete from sessions where invitation_id = $1";
const CREDENTIALS: &str = "select id, password_hash from people where email_folded = $1 and deactivated_at is null";
const BY_EMAIL: &str = "select id from people where email_folded = $1 and deactivated_at is null";
const COUNT_TRIES: &str = "select count(*) from attempts where bucket = $1 and at > $2";
const ADD_TRY: &str = "insert into attempts (id, bucket, at) values ($1, $2, $3)";
const FORGET_TRIES: &str = "delete from attempts where at < $1";

#[derive(sqlx::FromRow)]
struct SessionRow {
    person_id: uuid::Uuid,
    invitation_id: Option<uuid::Uuid>,
    last_seen_at: DateTime<Utc>,
    name: String,
    is_member: bool,
    is_leadership: bool,
    is_administrator: bool,
    may_facilitate: bool,
    team_id: Option<uuid::Uuid>,
    zone: String,
    theme: String,
}

/// Who holds this token, if its session is alive.
///
/// # Errors
/// What the database said.
pub async fn find(store: &Store, token: &str, now: DateTime<Utc>) -> Result<Option<Viewer>> {
    let hash = random::token_hash(token);
    let mut conn = store.read().await?;
    let row: Option<SessionRow> =
        on!(conn, db => sqlx::query_as(FIND).bind(&hash).bind(now).bind(now - IDLE).fetch_optional(db).await)?;
    drop(conn);
    let Some(row) = row else { return Ok(None) };
    // Once in five minutes is often enough to know that somebody is there.
    if row.last_seen_at < now - Duration::minutes(5) {
        let mut conn = store.write().await?;
        run!(conn, sqlx::query(TOUCH).bind(&hash).bind(now))?;
        conn.commit().await?;
    }
    Ok(Some(Viewer {
        person_id: PersonId(row.person_id),
        name: row.name,
        member: row.is_member,
        leadership: row.is_leadership,
        administrator: row.is_administrator,
        may_facilitate: row.may_facilitate,
        guest_of: row.invitation_id.map(InvitationId),
        team_id: row.team_id.map(TeamId),
        zone: row.zone,
        theme: Theme::from_slug(&row.theme),
    }))
}

/// Begins a session and answers its token: the only time that it is known here.
pub(crate) async fn begin(conn: &mut Conn, person: PersonId, now: DateTime<Utc>) -> Result<String> {
    add(conn, person, None, now + ABSOLUTE, now).await
}

/// Begins a session by a personal link; it ends no later than the link.
pub(crate) async fn begin_by_link(
    conn: &mut Conn,
    person: PersonId,
    invitation: InvitationId,
    link_until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<String> {
    add(conn, person, Some(invitation), link_until.min(now + ABSOLUTE), now).await
}

async fn add(
    conn: &mut Conn,
    person: PersonId,
    guest_of: Option<InvitationId>,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<String> {
    let token = random::token();
    let hash = random::token_hash(&token);
    run!(conn, sqlx::query(ADD).bind(&hash).bind(person.0).bind(guest_of.map(|i| i.0)).bind(now).bind(until))?;
    Ok(token)
}

/// Ends all sessions that were begun by this invitation's link.
pub(crate) async fn end_of_link(conn: &mut Conn, invitation: InvitationId) -> Result<()> {
    run!(conn, sqlx::query(END_OF_LINK).bind(invitation.0))?;
    Ok(())
}

/// How a sign-in went.
#[derive(Debug)]
pub enum SignIn {
    /// The new session's token.
    Welcome(String),
    /// No such account, or another password: the two look and last the same.
    Refused,
    /// Too many tries; wait some minutes.
    Wait,
}

/// Whether so many tries were counted in this bucket that the next has to wait.
pub(crate) async fn has_to_wait(conn: &mut Conn, bucket: &str, now: DateTime<Utc>) -> Result<bool> {
    let tries: i64 = on!(conn, db => sqlx::query_scalar(COUNT_TRIES).bind(bucket).bind(now - WINDOW).fetch_one(db).await)?;
    Ok(tries >= TRIES)
}

/// Counts a try that was refused.
pub(crate) async fn count_try(conn: &mut Conn, buckets: &[&str], now: DateTime<Utc>) -> Result<()> {
    run!(conn, sqlx::query(FORGET_TRIES).bind(now - WINDOW))?;
    for bucket in buckets {
        run!(conn, sqlx::query(ADD_TRY).bind(random::id()).bind(*bucket).bind(now))?;
    }
    Ok(())
}

/// Signs somebody in. `address` is where the request came from; both it and the account are counted, so that guessing is slow and
/// nobody can be locked out by a stranger for longer than `WINDOW`.
///
/// # Errors
/// What the database said.
pub async fn sign_in(store: &Store, email: &str, password: &str, address: &str, now: DateTime<Utc>) -> Result<SignIn> {
    let email = text::fold(email);
    let buckets = [format!("address {address}"), format!("account {email}")];
    let mut conn = store.read().await?;
    for bucket in &buckets {
        if has_to_wait(&mut conn, bucket, now).await? {
            return Ok(SignIn::Wait);
        }
    }
    let found: Option<(uuid::Uuid, Option<String>)> =
        on!(conn, db => sqlx::query_as(CREDENTIALS).bind(&email).fetch_optional(db).await)?;
    drop(conn);
    let (person, stored) = found.map_or((None, None), |(id, hash)| (Some(PersonId(id)), hash));
    let matches = passwords::verify(store, password, stored).await?;
    let mut conn = store.write().await?;
    let outcome = match person {
        Some(person) if matches => {
            let token = begin(&mut conn, person, now).await?;
            audit::note(&mut conn, now, Some(person), "session.begin", "", None).await?;
            SignIn::Welcome(token)
        }
        _ => {
            count_try(&mut conn, &buckets.each_ref().map(String::as_str), now).await?;
            audit::note(&mut conn, now, person, "session.refused", "", None).await?;
            SignIn::Refused
        }
    };
    conn.commit().await?;
    Ok(outcome)
}

/// Signs in as a demo person by e-mail alone. Only where the database is marked as a demo.
///
/// # Errors
/// What the database said.
pub async fn sign_in_demo(store: &Store, email: &str, now: DateTime<Utc>) -> Result<Option<String>> {
    if !crate::settings::is_demo(store).await? {
        return Ok(None);
    }
    let mut conn = store.write().await?;
    let person: Option<uuid::Uuid> =
        on!(conn, db => sqlx::query_scalar(BY_EMAIL).bind(text::fold(email)).fetch_optional(db).await)?;
    let Some(person) = person else { return Ok(None) };
    let token = begin(&mut conn, PersonId(person), now).await?;
    conn.commit().await?;
    Ok(Some(token))
}

/// Ends the session of this token.
///
/// # Errors
/// What the database said.
pub async fn end(store: &Store, token: &str) -> Result<()> {
    let mut conn = store.write().await?;
    run!(conn, sqlx::query(END).bind(random::token_hash(token)))?;
    conn.commit().await
}

/// Ends all sessions of a person.
///
/// # Errors
/// What the database said.
pub async fn end_all(store: &Store, person: PersonId) -> Result<()> {
    let mut conn = store.write().await?;
    end_all_of(&mut conn, person).await?;
    conn.commit().await
}

/// Ends all sessions of a person inside the transaction that takes their ground away.
pub(crate) async fn end_all_of(conn: &mut Conn, person: PersonId) -> Result<()> {
    run!(conn, sqlx::query(END_ALL).bind(person.0))?;
    Ok(())
}
