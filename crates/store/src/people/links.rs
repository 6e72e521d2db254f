//! One-time links by which a person sets a password: for an invitation, or a reset. 256 bits, stored hashed, used up in the
//! transaction that sets the password.

use super::accounts::By;
use crate::db::{Conn, on, run};
use crate::mail::{self, Envelope};
use crate::{Result, Store, StoreError, audit, passwords, random, sessions};
use chrono::{DateTime, Duration, Utc};
use domain::PersonId;
use domain::letters::Letter;
use domain::people::check_password;
use domain::walltime;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// The account has no password yet.
    Invitation,
    /// It has one that its person does not know any more.
    Reset,
}

impl LinkKind {
    /// As stored.
    pub fn slug(self) -> &'static str {
        ["invitation", "reset"][self as usize]
    }

    /// How long it works.
    pub fn lasts(self) -> Duration {
        match self {
            Self::Invitation => Duration::days(7),
            Self::Reset => Duration::hours(24),
        }
    }
}

/// A link that was just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeLink {
    /// What it is for.
    pub kind: LinkKind,
    /// Its token: the only time that it is known.
    pub token: String,
    /// Until when it works.
    pub until: DateTime<Utc>,
    /// A letter with it is on its way.
    pub mailed: bool,
}

/// What somebody who holds a link sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkPeek {
    /// What it is for.
    pub kind: LinkKind,
    /// Whose it is.
    pub name: String,
    /// The address that they sign in with.
    pub email: String,
    /// Until when it works.
    pub until: DateTime<Utc>,
}

const ADD: &str = "
insert into access_links (token_hash, person_id, kind, made_by, made_at, expires_at) values ($1, $2, $3, $4, $5, $6)";
const ADDRESSEE: &str = "select name, email, zone from people where id = $1";
const END_ALL: &str = "delete from access_links where person_id = $1";
const UNTIL: &str = "select max(expires_at) from access_links where person_id = $1 and expires_at > $2";
const PEEK: &str = "
select l.kind, p.name, p.email, l.expires_at from access_links l join people p on p.id = l.person_id
where l.token_hash = $1 and l.expires_at > $2 and p.deactivated_at is null and p.email is not null";
const USE: &str = "delete from access_links where token_hash = $1 and expires_at > $2 returning person_id";
const SET_PASSWORD: &str = "update people set password_hash = $2 where id = $1 and deactivated_at is null";
const ACCOUNT: &str = "
select password_hash is not null from people where id = $1 and deactivated_at is null and email is not null";

/// Makes a link for somebody; an earlier one stops working.
pub(super) async fn add(conn: &mut Conn, by: By<'_>, person: PersonId, kind: LinkKind, now: DateTime<Utc>) -> Result<MadeLink> {
    end_all(conn, person).await?;
    let token = random::token();
    let until = now + kind.lasts();
    run!(
        conn,
        sqlx::query(ADD)
            .bind(random::token_hash(&token))
            .bind(person.0)
            .bind(kind.slug())
            .bind(by.id().map(|id| id.0))
            .bind(now)
            .bind(until)
    )?;
    let mailed = queue(conn, person, kind, &token, until, now).await?;
    Ok(MadeLink { kind, token, until, mailed })
}

/// Queues the letter with a link; what waited of its kind held a link that works no more.
async fn queue(
    conn: &mut Conn,
    person: PersonId,
    kind: LinkKind,
    token: &str,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let letter = if kind == LinkKind::Invitation { Letter::Account } else { Letter::Reset };
    mail::stop_of(conn, person, Letter::Account, now).await?;
    mail::stop_of(conn, person, Letter::Reset, now).await?;
    let Some(post) = conn.post.clone() else { return Ok(false) };
    let row: Option<(String, Option<String>, String)> =
        on!(conn, db => sqlx::query_as(ADDRESSEE).bind(person.0).fetch_optional(db).await)?;
    let Some((name, Some(address), zone)) = row else { return Ok(false) };
    let link = format!("{post}/password/{token}");
    let until = walltime::absolute(until, walltime::parse_zone(&zone).unwrap_or(chrono_tz::UTC));
    let words = mail::filled(conn, letter, &[("name", &name), ("link", &link), ("until", &until)]).await?;
    let envelope = Envelope { letter, person, name: &name, address: &address, incident: None, invitation: None };
    mail::queue(conn, &envelope, &words, now).await?;
    Ok(true)
}

/// Ends all links of a person.
pub(crate) async fn end_all(conn: &mut Conn, person: PersonId) -> Result<()> {
    run!(conn, sqlx::query(END_ALL).bind(person.0))?;
    Ok(())
}

pub(super) async fn until(conn: &mut Conn, person: PersonId, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    Ok(on!(conn, db => sqlx::query_scalar(UNTIL).bind(person.0).bind(now).fetch_one(db).await)?)
}

/// Makes a link for an account: an invitation while it has no password, else a reset. The password that there is keeps working
/// until the link is used.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators, and for an account that is deactivated.
pub async fn make_link(store: &Store, by: By<'_>, person: PersonId, now: DateTime<Utc>) -> Result<MadeLink> {
    by.check()?;
    let mut conn = store.write().await?;
    let has_password: Option<bool> = on!(conn, db => sqlx::query_scalar(ACCOUNT).bind(person.0).fetch_optional(db).await)?;
    let kind = if has_password.ok_or(StoreError::NotFound)? { LinkKind::Reset } else { LinkKind::Invitation };
    let link = add(&mut conn, by, person, kind, now).await?;
    audit::note(&mut conn, now, by.id(), "account.link", &person.to_string(), None).await?;
    conn.commit().await?;
    Ok(link)
}

/// Looks at a link. Changes nothing: mail programs and chat previews open links too.
///
/// # Errors
/// [`StoreError::NotFound`] when it was used, replaced, expired, or never was.
pub async fn peek_link(store: &Store, token: &str, now: DateTime<Utc>) -> Result<LinkPeek> {
    let mut conn = store.read().await?;
    let hash = random::token_hash(token);
    let row: Option<(String, String, String, DateTime<Utc>)> =
        on!(conn, db => sqlx::query_as(PEEK).bind(hash).bind(now).fetch_optional(db).await)?;
    let (kind, name, email, until) = row.ok_or(StoreError::NotFound)?;
    let kind = match kind.as_str() {
        "invitation" => LinkKind::Invitation,
        "reset" => LinkKind::Reset,
        _ => return Err(StoreError::Corrupt { table: "access_links", column: "kind" }),
    };
    Ok(LinkPeek { kind, name, email, until })
}

/// Sets a password by a link: the link is used up and all sessions of the person end, in one transaction. Of several who try at
/// once, one does.
///
/// # Errors
/// Field `password`; [`StoreError::NotFound`] as [`peek_link`].
pub async fn use_link(store: &Store, token: &str, password: &str, now: DateTime<Utc>) -> Result<PersonId> {
    check_password("password", password)?;
    // A stranger's token costs no hash.
    peek_link(store, token, now).await?;
    let hash = passwords::hash(store, password).await?;
    let mut conn = store.write().await?;
    let token = random::token_hash(token);
    let person: Option<uuid::Uuid> = on!(conn, db => sqlx::query_scalar(USE).bind(token).bind(now).fetch_optional(db).await)?;
    let person = PersonId(person.ok_or(StoreError::NotFound)?);
    if run!(conn, sqlx::query(SET_PASSWORD).bind(person.0).bind(hash))? == 0 {
        return Err(StoreError::NotFound);
    }
    end_all(&mut conn, person).await?;
    sessions::end_all_of(&mut conn, person).await?;
    audit::note(&mut conn, now, Some(person), "account.password-by-link", &person.to_string(), None).await?;
    conn.commit().await?;
    Ok(person)
}
