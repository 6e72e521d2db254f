//! Accounts as administrators keep them: invite, change, deactivate, reactivate. No content of anybody is read here.

use super::links::{self, MadeLink};
use super::{Inserted, NewAccount, insert};
use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit, interviews, random, reviews, sessions, settings};
use chrono::{DateTime, Utc};
use domain::people::{GlobalRole, TakesPart, Viewer, parse_email};
use domain::rights::Right;
use domain::{CalendarId, Invalid, PersonId, TeamId, text};

/// Who acts on accounts.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// Somebody at a page: an administrator, or it is not there.
    Viewer(&'a Viewer),
    /// A command on the host.
    Host,
}

impl By<'_> {
    pub(super) fn check(self) -> Result<()> {
        match self {
            Self::Viewer(viewer) => check_global(Right::Administer, viewer),
            Self::Host => Ok(()),
        }
    }

    pub(super) fn id(self) -> Option<PersonId> {
        match self {
            Self::Viewer(viewer) => Some(viewer.person_id),
            Self::Host => None,
        }
    }
}

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// Can sign in.
    Active,
    /// Has no password yet.
    Invited,
    /// Cannot sign in any more.
    Deactivated,
}

impl AccountState {
    /// All.
    pub const ALL: [Self; 3] = [Self::Active, Self::Invited, Self::Deactivated];

    /// As in addresses.
    pub fn slug(self) -> &'static str {
        ["active", "invited", "deactivated"][self as usize]
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Active", "Invited", "Deactivated"][self as usize]
    }
}

/// A line of the list of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLine {
    /// Id.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Names the account.
    pub email: String,
    /// Team's name.
    pub team: Option<String>,
    /// How they take part in incidents.
    pub takes_part: TakesPart,
    /// Administers.
    pub administrator: bool,
    /// On the list "may facilitate".
    pub may_facilitate: bool,
    /// Where it stands.
    pub state: AccountState,
}

/// An account with all that an administrator may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// As in the list.
    pub line: AccountLine,
    /// Team.
    pub team_id: Option<TeamId>,
    /// Line manager.
    pub manager_id: Option<PersonId>,
    /// Calendar of holidays.
    pub calendar_id: Option<CalendarId>,
    /// Since when it is deactivated.
    pub deactivated_at: Option<DateTime<Utc>>,
    /// Until when a link works by which they set a password, if there is one.
    pub link_until: Option<DateTime<Utc>>,
}

/// What an administrator says of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// How they take part in incidents.
    pub takes_part: TakesPart,
    /// Administers.
    pub administrator: bool,
    /// On the list "may facilitate".
    pub may_facilitate: bool,
    /// Team.
    pub team_id: Option<TeamId>,
    /// Line manager.
    pub manager_id: Option<PersonId>,
    /// Calendar of holidays.
    pub calendar_id: Option<CalendarId>,
}

const LIST: &str = "
select p.id, p.name, p.email, t.name as team, p.is_member, p.is_leadership, p.is_administrator, p.may_facilitate,
  p.password_hash is not null as has_password, p.team_id, p.manager_id, p.calendar_id, p.deactivated_at
from people p left join teams t on t.id = p.team_id
where p.email is not null and p.email_folded <> 'import@service.invalid' order by p.name_folded, p.id";
const FIND: &str = "
select p.id, p.name, p.email, t.name as team, p.is_member, p.is_leadership, p.is_administrator, p.may_facilitate,
  p.password_hash is not null as has_password, p.team_id, p.manager_id, p.calendar_id, p.deactivated_at
from people p left join teams t on t.id = p.team_id
where p.id = $1 and p.email is not null and p.email_folded <> 'import@service.invalid'";
const ID_BY_EMAIL: &str = "select id from people where email_folded = $1 and email_folded <> 'import@service.invalid'";
const CHANGE: &str = "
update people set name = $2, name_folded = $3, email = $4, email_folded = $5, is_member = $6, is_leadership = $7,
  is_administrator = $8, may_facilitate = $9, team_id = $10, manager_id = $11, calendar_id = $12 where id = $1";
const PUT_ROLES: &str = "
update people set is_member = $2, is_leadership = $3, is_administrator = $4, calendar_id = $5 where id = $1";
// Only who can sign in keeps the house: an invitation that nobody followed does not.
const OTHER_ADMINISTRATORS: &str = "
select count(*) from people
where is_administrator and deactivated_at is null and password_hash is not null and id <> $1";
const DEACTIVATE: &str = "update people set deactivated_at = $2 where id = $1 and deactivated_at is null";
const REACTIVATE: &str = "update people set deactivated_at = null where id = $1 and deactivated_at is not null";
const TEAM_THERE: &str = "select count(*) from teams where id = $1 and (put_away_at is null or id = $2)";
const MANAGER_THERE: &str = "select count(*) from people where id = $1 and email is not null and deactivated_at is null";
const CALENDAR_THERE: &str = "select count(*) from calendars where id = $1";

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: uuid::Uuid,
    name: String,
    email: String,
    team: Option<String>,
    is_member: bool,
    is_leadership: bool,
    is_administrator: bool,
    may_facilitate: bool,
    has_password: bool,
    team_id: Option<uuid::Uuid>,
    manager_id: Option<uuid::Uuid>,
    calendar_id: Option<uuid::Uuid>,
    deactivated_at: Option<DateTime<Utc>>,
}

impl AccountRow {
    fn into_account(self, link_until: Option<DateTime<Utc>>) -> Account {
        let state = match (self.deactivated_at, self.has_password) {
            (Some(_), _) => AccountState::Deactivated,
            (None, true) => AccountState::Active,
            (None, false) => AccountState::Invited,
        };
        Account {
            line: AccountLine {
                id: PersonId(self.id),
                name: self.name,
                email: self.email,
                team: self.team,
                takes_part: TakesPart::of(self.is_member, self.is_leadership),
                administrator: self.is_administrator,
                may_facilitate: self.may_facilitate,
                state,
            },
            team_id: self.team_id.map(TeamId),
            manager_id: self.manager_id.map(PersonId),
            calendar_id: self.calendar_id.map(CalendarId),
            deactivated_at: self.deactivated_at,
            link_until,
        }
    }
}

/// All accounts, by name. People who only ever came by a personal link are not among them: whom a facilitator asked is not for
/// administrators to know.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn accounts(store: &Store, by: By<'_>) -> Result<Vec<AccountLine>> {
    by.check()?;
    let mut conn = store.read().await?;
    let rows: Vec<AccountRow> = on!(conn, db => sqlx::query_as(LIST).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|row| row.into_account(None).line).collect())
}

/// One account.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators, and where there is no such account.
pub async fn account(store: &Store, by: By<'_>, person: PersonId, now: DateTime<Utc>) -> Result<Account> {
    by.check()?;
    find(&mut store.read().await?, person, now).await
}

async fn find(conn: &mut Conn, person: PersonId, now: DateTime<Utc>) -> Result<Account> {
    let row: Option<AccountRow> = on!(conn, db => sqlx::query_as(FIND).bind(person.0).fetch_optional(db).await)?;
    let row = row.ok_or(StoreError::NotFound)?;
    let until = links::until(conn, person, now).await?;
    Ok(row.into_account(until))
}

/// The account of this address, in any case and state, for commands on the host.
///
/// # Errors
/// What the database said.
pub async fn by_email(store: &Store, email: &str) -> Result<Option<PersonId>> {
    let mut conn = store.read().await?;
    let id: Option<uuid::Uuid> =
        on!(conn, db => sqlx::query_scalar(ID_BY_EMAIL).bind(text::fold(email)).fetch_optional(db).await)?;
    Ok(id.map(PersonId))
}

/// Makes an account that has no password yet, and the link by which its person sets one.
///
/// # Errors
/// The fields that are refused; [`StoreError::NotFound`] for all but administrators.
pub async fn invite(store: &Store, by: By<'_>, new: &AccountChange, now: DateTime<Utc>) -> Result<(PersonId, MadeLink)> {
    by.check()?;
    let id = PersonId(random::id());
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    let (name, email) = checked(&mut conn, id, new, None).await?;
    let begins = settings::begins_with(&mut conn).await?;
    let account = NewAccount {
        name: name.clone(),
        email: email.clone(),
        password: None,
        role: GlobalRole::Member,
        may_facilitate: new.may_facilitate,
        team_id: new.team_id,
        manager_id: new.manager_id,
        zone: begins.zone,
        pattern: begins.pattern,
    };
    let row = Inserted { name: &name, email: Some(&email), hash: None, new: &account };
    match insert(&mut conn, id, row, now).await {
        Err(StoreError::Database(e)) if StoreError::is_unique(&e) => return Err(taken()),
        other => other?,
    }
    let (member, leadership) = roles(new.takes_part);
    let calendar = new.calendar_id.map(|c| c.0);
    run!(conn, sqlx::query(PUT_ROLES).bind(id.0).bind(member).bind(leadership).bind(new.administrator).bind(calendar))?;
    let link = links::add(&mut conn, by, id, links::LinkKind::Invitation, now).await?;
    audit::note(&mut conn, now, by.id(), "account.invite", &id.to_string(), None).await?;
    conn.commit().await?;
    Ok((id, link))
}

/// Changes an account. Rights that are taken away are gone with the commit, also for those who are signed in.
///
/// # Errors
/// The fields that are refused, among them `administrator` for the last one; [`StoreError::NotFound`] for all but administrators.
pub async fn change_account(store: &Store, by: By<'_>, person: PersonId, new: &AccountChange, now: DateTime<Utc>) -> Result<()> {
    by.check()?;
    let mut conn = store.write().await?;
    // First, because it takes the writers' turn: two administrators cannot demote each other at once.
    audit::take_turn(&mut conn).await?;
    let before = find(&mut conn, person, now).await?;
    let held = super::before_change(&mut conn, person).await?;
    let (name, email) = checked(&mut conn, person, new, before.team_id).await?;
    let gives_up = before.line.administrator && !new.administrator && before.line.state != AccountState::Deactivated;
    if gives_up && is_last(&mut conn, person).await? {
        let message = "This is the last administrator who can sign in. Please make somebody else one first.";
        return Err(Invalid::one("administrator", message).into());
    }
    let (member, leadership) = roles(new.takes_part);
    let changed = run!(
        conn,
        sqlx::query(CHANGE)
            .bind(person.0)
            .bind(&name)
            .bind(text::fold(&name))
            .bind(&email)
            .bind(text::fold(&email))
            .bind(member)
            .bind(leadership)
            .bind(new.administrator)
            .bind(new.may_facilitate)
            .bind(new.team_id.map(|t| t.0))
            .bind(new.manager_id.map(|m| m.0))
            .bind(new.calendar_id.map(|c| c.0))
    );
    match changed {
        Err(e) if StoreError::is_unique(&e) => return Err(taken()),
        other => other?,
    };
    super::changed(&mut conn, person, held, now).await?;
    audit::note(&mut conn, now, by.id(), "account.change", &person.to_string(), None).await?;
    conn.commit().await
}

fn taken() -> StoreError {
    Invalid::one("email", "There is an account with this address already.").into()
}

fn roles(takes_part: TakesPart) -> (bool, bool) {
    (takes_part != TakesPart::Not, takes_part == TakesPart::Leadership)
}

/// Name and e-mail as they are kept; everything else must be there and fit together.
async fn checked(conn: &mut Conn, person: PersonId, new: &AccountChange, old_team: Option<TeamId>) -> Result<(String, String)> {
    let mut invalid = Invalid::default();
    let name = invalid.take(text::line("name", &new.name, text::NAME_MAX)).unwrap_or_default();
    let email = invalid.take(parse_email(&new.email)).unwrap_or_default();
    if new.takes_part == TakesPart::Not && !new.administrator {
        invalid.add(
            "takes_part",
            "Somebody who neither takes part nor administers could open nothing. Please choose one of the two.",
        );
    }
    if let Some(team) = new.team_id {
        // A team that was put away keeps who is in it, and takes nobody new.
        let old = old_team.map_or(uuid::Uuid::nil(), |old| old.0);
        let there: i64 = on!(conn, db => sqlx::query_scalar(TEAM_THERE).bind(team.0).bind(old).fetch_one(db).await)?;
        if there == 0 {
            invalid.add("team", "Please choose a team from the list.");
        }
    }
    if new.manager_id == Some(person) {
        invalid.add("manager", "Nobody is their own line manager. Please choose somebody else, or nobody.");
    } else if let Some(manager) = new.manager_id {
        let there: i64 = on!(conn, db => sqlx::query_scalar(MANAGER_THERE).bind(manager.0).fetch_one(db).await)?;
        if there == 0 {
            invalid.add("manager", "Please choose somebody from the list.");
        }
    }
    if let Some(calendar) = new.calendar_id {
        let there: i64 = on!(conn, db => sqlx::query_scalar(CALENDAR_THERE).bind(calendar.0).fetch_one(db).await)?;
        if there == 0 {
            invalid.add("calendar", "Please choose a calendar from the list.");
        }
    }
    invalid.or_ok()?;
    Ok((name, email))
}

async fn is_last(conn: &mut Conn, person: PersonId) -> Result<bool> {
    let others: i64 = on!(conn, db => sqlx::query_scalar(OTHER_ADMINISTRATORS).bind(person.0).fetch_one(db).await)?;
    Ok(others == 0)
}

/// Deactivates an account: all its sessions and links end with the commit; its roles and words stay. One that is deactivated
/// already is fine.
///
/// # Errors
/// [`StoreError::Refused`] for the last administrator; [`StoreError::NotFound`] for all but administrators.
pub async fn deactivate(store: &Store, by: By<'_>, person: PersonId, now: DateTime<Utc>) -> Result<()> {
    by.check()?;
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    let account = find(&mut conn, person, now).await?;
    if account.line.administrator && account.line.state != AccountState::Deactivated && is_last(&mut conn, person).await? {
        return Err(StoreError::Refused("This is the last administrator who can sign in. Please make somebody else one first."));
    }
    if run!(conn, sqlx::query(DEACTIVATE).bind(person.0).bind(now))? == 0 {
        return Ok(());
    }
    sessions::end_all_of(&mut conn, person).await?;
    links::end_all(&mut conn, person).await?;
    super::end_feed(&mut conn, person).await?;
    super::forget_wishes(&mut conn, person).await?;
    reviews::end_shares_of(&mut conn, person).await?;
    interviews::end_links_of(&mut conn, person).await?;
    audit::note(&mut conn, now, by.id(), "account.deactivate", &person.to_string(), None).await?;
    conn.commit().await
}

/// Lets somebody sign in again, with the password that they had.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn reactivate(store: &Store, by: By<'_>, person: PersonId, now: DateTime<Utc>) -> Result<()> {
    by.check()?;
    let mut conn = store.write().await?;
    find(&mut conn, person, now).await?;
    if run!(conn, sqlx::query(REACTIVATE).bind(person.0))? == 0 {
        return Ok(());
    }
    audit::note(&mut conn, now, by.id(), "account.reactivate", &person.to_string(), None).await?;
    conn.commit().await
}
