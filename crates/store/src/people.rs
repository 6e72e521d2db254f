//! People and teams: accounts, names for choosers, one's own profile.

mod accounts;
mod feeds;
mod history;
mod links;
mod teams;
mod wishes;
mod writing;

use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit, passwords, random};
use chrono::{DateTime, Utc};
use domain::people::{GlobalRole, Theme, Viewer, check_password, parse_email};
use domain::rights::Right;
use domain::walltime::WorkPattern;
use domain::{Invalid, PersonId, TeamId, text};

pub use accounts::{
    Account, AccountChange, AccountLine, AccountState, By, account, accounts, by_email, change_account, deactivate, invite,
    reactivate,
};
pub(crate) use feeds::end_feed;
pub use feeds::{drop_feed, feed_made, feed_reader, make_feed};
pub(crate) use history::{before_change, changed, forget_history, histories, history, there_within};
pub(crate) use links::end_all as end_access_links;
pub use links::{LinkKind, LinkPeek, MadeLink, make_link, peek_link, use_link};
pub use teams::{TeamLine, open_team, put_team_away, rename_team, team_lines};
pub(crate) use wishes::{Told, forget_wishes, told};
pub use wishes::{Wisher, letter_wishes, wish_letters, wishers};
pub use writing::{WritingWords, writing_words};

/// A person as choosers and lists show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Team's name.
    pub team: Option<String>,
    /// Has an account (else: came by a personal link).
    pub has_account: bool,
    /// May be chosen as facilitator as far as global roles tell: a member, not leadership.
    pub can_facilitate: bool,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Id.
    pub id: TeamId,
    /// Name.
    pub name: String,
    /// Put away: it keeps what it has and is offered for nothing new.
    pub put_away: bool,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Name.
    pub name: String,
    /// E-mail; names the account.
    pub email: String,
    /// Password in clear; hashed here. `None`: signs in by the demo's doors only.
    pub password: Option<String>,
    /// Global role.
    pub role: GlobalRole,
    /// On the list "may facilitate".
    pub may_facilitate: bool,
    /// Team.
    pub team_id: Option<TeamId>,
    /// Line manager.
    pub manager_id: Option<PersonId>,
    /// IANA zone.
    pub zone: String,
    /// Working hours.
    pub pattern: WorkPattern,
}

/// One's own profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Name.
    pub name: String,
    /// E-mail, if there is an account.
    pub email: Option<String>,
    /// Team's name.
    pub team: Option<String>,
    /// IANA zone.
    pub zone: String,
    /// Working hours.
    pub pattern: WorkPattern,
    /// Light, dark or system.
    pub theme: Theme,
}

const ADD_TEAM: &str = "insert into teams (id, name, name_folded, created_at) values ($1, $2, $3, $4)";
const TEAMS: &str = "select id, name, put_away_at is not null from teams order by name_folded";
const TEAM_BY_NAME: &str = "select id, name, put_away_at is not null from teams where name_folded = $1";
const ADD: &str = "
insert into people (id, name, name_folded, email, email_folded, password_hash, is_member, is_leadership, is_administrator,
  may_facilitate, team_id, manager_id, zone, work_starts, work_ends, work_days, theme, deactivated_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'system', null, $17)";
const LIST: &str = "
select p.id, p.name, t.name as team, p.email is not null as has_account,
  (p.is_member and not p.is_leadership and p.email is not null) as can_facilitate
from people p left join teams t on t.id = p.team_id
where p.deactivated_at is null and (p.email is null or p.email <> 'import@service.invalid') order by p.name_folded, p.id";
const VIEWER: &str = "
select id, name, is_member, is_leadership, is_administrator, may_facilitate, team_id, zone, theme
from people where email_folded = $1 and deactivated_at is null";
const PROFILE: &str = "
select p.name, p.email, t.name as team, p.zone, p.work_starts, p.work_ends, p.work_days, p.theme
from people p left join teams t on t.id = p.team_id where p.id = $1";
const SAVE_PROFILE: &str = "
update people set name = $2, name_folded = $3, zone = $4, work_starts = $5, work_ends = $6, work_days = $7 where id = $1";
const SAVE_THEME: &str = "update people set theme = $2 where id = $1";
const SET_MANAGER: &str = "update people set manager_id = $2 where id = $1";

#[derive(sqlx::FromRow)]
struct PersonRow {
    id: uuid::Uuid,
    name: String,
    team: Option<String>,
    has_account: bool,
    can_facilitate: bool,
}

#[derive(sqlx::FromRow)]
struct ViewerRow {
    id: uuid::Uuid,
    name: String,
    is_member: bool,
    is_leadership: bool,
    is_administrator: bool,
    may_facilitate: bool,
    team_id: Option<uuid::Uuid>,
    zone: String,
    theme: String,
}

impl ViewerRow {
    fn into_viewer(self) -> Viewer {
        Viewer {
            person_id: PersonId(self.id),
            name: self.name,
            member: self.is_member,
            leadership: self.is_leadership,
            administrator: self.is_administrator,
            may_facilitate: self.may_facilitate,
            guest_of: None,
            team_id: self.team_id.map(TeamId),
            zone: self.zone,
            theme: Theme::from_slug(&self.theme),
        }
    }
}

#[derive(sqlx::FromRow)]
struct ProfileRow {
    name: String,
    email: Option<String>,
    team: Option<String>,
    zone: String,
    work_starts: i64,
    work_ends: i64,
    work_days: i64,
    theme: String,
}

/// Makes a team.
///
/// # Errors
/// Field `name` when the name is taken.
pub async fn add_team(store: &Store, name: &str, now: DateTime<Utc>) -> Result<TeamId> {
    let name = text::line("name", name, text::NAME_MAX)?;
    let id = TeamId(random::id());
    let mut conn = store.write().await?;
    let added = run!(conn, sqlx::query(ADD_TEAM).bind(id.0).bind(&name).bind(text::fold(&name)).bind(now));
    match added {
        Err(e) if StoreError::is_unique(&e) => return Err(Invalid::one("name", "There is a team of this name already.").into()),
        other => {
            other?;
        }
    }
    conn.commit().await?;
    Ok(id)
}

/// All teams, by name.
///
/// # Errors
/// What the database said.
pub async fn teams(store: &Store) -> Result<Vec<Team>> {
    let mut conn = store.read().await?;
    let rows: Vec<(uuid::Uuid, String, bool)> = on!(conn, db => sqlx::query_as(TEAMS).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id, name, put_away)| Team { id: TeamId(id), name, put_away }).collect())
}

/// The team of this name, in any case.
///
/// # Errors
/// What the database said.
pub async fn team_by_name(store: &Store, name: &str) -> Result<Option<Team>> {
    let mut conn = store.read().await?;
    let row: Option<(uuid::Uuid, String, bool)> =
        on!(conn, db => sqlx::query_as(TEAM_BY_NAME).bind(text::fold(name)).fetch_optional(db).await)?;
    Ok(row.map(|(id, name, put_away)| Team { id: TeamId(id), name, put_away }))
}

/// Makes an account.
///
/// # Errors
/// Fields `name`, `email` or `password` with what to mend.
pub async fn add_account(store: &Store, new: &NewAccount, now: DateTime<Utc>) -> Result<PersonId> {
    let ready = ready(store, new).await?;
    let mut conn = store.write().await?;
    let id = add_ready(&mut conn, new, ready, now).await?;
    conn.commit().await?;
    Ok(id)
}

/// What was looked through and worked on before the transaction: hashing a password takes long.
pub(crate) struct Ready {
    name: String,
    email: String,
    hash: Option<String>,
}

/// Looks an account through and hashes its password.
pub(crate) async fn ready(store: &Store, new: &NewAccount) -> Result<Ready> {
    let mut invalid = Invalid::default();
    let name = invalid.take(text::line("name", &new.name, text::NAME_MAX)).unwrap_or_default();
    let email = invalid.take(parse_email(&new.email)).unwrap_or_default();
    if let Some(password) = &new.password {
        invalid.take(check_password("password", password));
    }
    invalid.or_ok()?;
    let hash = match &new.password {
        Some(password) => Some(passwords::hash(store, password).await?),
        None => None,
    };
    Ok(Ready { name, email, hash })
}

/// Makes the account inside a transaction.
pub(crate) async fn add_ready(conn: &mut Conn, new: &NewAccount, ready: Ready, now: DateTime<Utc>) -> Result<PersonId> {
    let id = PersonId(random::id());
    let account = Inserted { name: &ready.name, email: Some(&ready.email), hash: ready.hash, new };
    match insert(conn, id, account, now).await {
        Err(StoreError::Database(e)) if StoreError::is_unique(&e) => {
            return Err(Invalid::one("email", "There is an account with this address already.").into());
        }
        other => other?,
    }
    audit::note(conn, now, None, "account.add", &id.to_string(), None).await?;
    Ok(id)
}

struct Inserted<'a> {
    name: &'a str,
    email: Option<&'a str>,
    hash: Option<String>,
    new: &'a NewAccount,
}

async fn insert(conn: &mut Conn, id: PersonId, account: Inserted<'_>, now: DateTime<Utc>) -> Result<()> {
    let new = account.new;
    let (starts, ends, days) = pattern_columns(&new.pattern);
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id.0)
            .bind(account.name)
            .bind(text::fold(account.name))
            .bind(account.email)
            .bind(account.email.map(text::fold))
            .bind(account.hash)
            .bind(new.role != GlobalRole::Administrator)
            .bind(new.role == GlobalRole::Leadership)
            .bind(new.role == GlobalRole::Administrator)
            .bind(new.may_facilitate)
            .bind(new.team_id.map(|t| t.0))
            .bind(new.manager_id.map(|m| m.0))
            .bind(&new.zone)
            .bind(starts)
            .bind(ends)
            .bind(days)
            .bind(now)
    )?;
    Ok(())
}

/// Makes a person without an account, who comes by a personal link.
pub(crate) async fn add_guest(conn: &mut Conn, name: &str, zone: &str, now: DateTime<Utc>) -> Result<PersonId> {
    let id = PersonId(random::id());
    let new = NewAccount {
        name: name.to_owned(),
        email: String::new(),
        password: None,
        role: GlobalRole::Member,
        may_facilitate: false,
        team_id: None,
        manager_id: None,
        zone: zone.to_owned(),
        pattern: WorkPattern::default(),
    };
    insert(conn, id, Inserted { name, email: None, hash: None, new: &new }, now).await?;
    Ok(id)
}

/// Names a person's line manager, a bar on reading that person's answers.
///
/// # Errors
/// What the database said.
pub async fn set_manager(store: &Store, person: PersonId, manager: Option<PersonId>) -> Result<()> {
    let mut conn = store.write().await?;
    run!(conn, sqlx::query(SET_MANAGER).bind(person.0).bind(manager.map(|m| m.0)))?;
    conn.commit().await
}

/// Who an account is, for commands on the host that act as somebody.
///
/// # Errors
/// What the database said.
pub async fn viewer_by_email(store: &Store, email: &str) -> Result<Option<Viewer>> {
    let mut conn = store.read().await?;
    let row: Option<ViewerRow> = on!(conn, db => sqlx::query_as(VIEWER).bind(text::fold(email)).fetch_optional(db).await)?;
    Ok(row.map(ViewerRow::into_viewer))
}

/// Nobody can have this address.
const SERVICE_EMAIL: &str = "import@service.invalid";
const IS_SERVICE: &str = "select count(*) from people where id = $1 and email_folded = $2 and password_hash is null";

/// The person that imports on the host are noted under when no account is named: nobody who could sign in.
///
/// # Errors
/// What the database said.
pub async fn service_viewer(store: &Store, now: DateTime<Utc>) -> Result<Viewer> {
    const NAME: &str = "Import";
    if viewer_by_email(store, SERVICE_EMAIL).await?.is_none() {
        let new = NewAccount {
            name: NAME.to_owned(),
            email: SERVICE_EMAIL.to_owned(),
            password: None,
            role: GlobalRole::Member,
            may_facilitate: false,
            team_id: None,
            manager_id: None,
            zone: "UTC".to_owned(),
            pattern: WorkPattern::default(),
        };
        match add_account(store, &new, now).await {
            // Two who needed it at once: one made it, and both have it.
            Ok(_) | Err(StoreError::Invalid(_)) => {}
            Err(other) => return Err(other),
        }
    }
    viewer_by_email(store, SERVICE_EMAIL).await?.ok_or(StoreError::NotFound)
}

/// Whether this is the one of [`service_viewer`].
pub(crate) async fn is_service(conn: &mut Conn, person: PersonId) -> Result<bool> {
    let count: i64 = on!(conn, db => sqlx::query_scalar(IS_SERVICE).bind(person.0).bind(SERVICE_EMAIL).fetch_one(db).await)?;
    Ok(count > 0)
}

/// Everybody who is active, by name, for choosers.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn list(store: &Store, viewer: &Viewer) -> Result<Vec<Person>> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.read().await?;
    let rows: Vec<PersonRow> = on!(conn, db => sqlx::query_as(LIST).fetch_all(db).await)?;
    Ok(rows
        .into_iter()
        .map(|r| Person {
            id: PersonId(r.id),
            name: r.name,
            team: r.team,
            has_account: r.has_account,
            can_facilitate: r.can_facilitate,
        })
        .collect())
}

/// One's own profile.
///
/// # Errors
/// What the database said.
pub async fn profile(store: &Store, viewer: &Viewer) -> Result<Profile> {
    let mut conn = store.read().await?;
    let row: Option<ProfileRow> = on!(conn, db => sqlx::query_as(PROFILE).bind(viewer.person_id.0).fetch_optional(db).await)?;
    let row = row.ok_or(StoreError::NotFound)?;
    Ok(Profile {
        name: row.name,
        email: row.email,
        team: row.team,
        zone: row.zone,
        pattern: pattern(row.work_starts, row.work_ends, row.work_days)?,
        theme: Theme::from_slug(&row.theme),
    })
}

/// Saves one's own name, zone and working hours. New hours hold from today on: what was worked before is counted by those of its day.
///
/// # Errors
/// Fields `name` or `zone` with what to mend.
pub async fn save_profile(
    store: &Store,
    viewer: &Viewer,
    name: &str,
    zone: &str,
    pattern: &WorkPattern,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut invalid = Invalid::default();
    let name = invalid.take(text::line("name", name, text::NAME_MAX)).unwrap_or_default();
    let zone = invalid.take(domain::walltime::parse_zone(zone)).map(|z| z.name().to_owned()).unwrap_or_default();
    invalid.or_ok()?;
    let (starts, ends, days) = pattern_columns(pattern);
    let mut conn = store.write().await?;
    // First, because what held is read and then kept.
    audit::take_turn(&mut conn).await?;
    let before = before_change(&mut conn, viewer.person_id).await?;
    run!(
        conn,
        sqlx::query(SAVE_PROFILE)
            .bind(viewer.person_id.0)
            .bind(&name)
            .bind(text::fold(&name))
            .bind(&zone)
            .bind(starts)
            .bind(ends)
            .bind(days)
    )?;
    changed(&mut conn, viewer.person_id, before, now).await?;
    conn.commit().await
}

/// Saves one's own choice of colours.
///
/// # Errors
/// What the database said.
pub async fn save_theme(store: &Store, viewer: &Viewer, theme: Theme) -> Result<()> {
    let mut conn = store.write().await?;
    run!(conn, sqlx::query(SAVE_THEME).bind(viewer.person_id.0).bind(theme.slug()))?;
    conn.commit().await
}

pub(crate) fn pattern_columns(pattern: &WorkPattern) -> (i64, i64, i64) {
    use chrono::Timelike;
    let minutes = |t: chrono::NaiveTime| i64::from(t.hour() * 60 + t.minute());
    let days = pattern.days.iter().enumerate().filter(|(_, works)| **works).map(|(day, _)| 1i64 << day).sum();
    (minutes(pattern.start), minutes(pattern.end), days)
}

pub(crate) fn pattern(starts: i64, ends: i64, days: i64) -> Result<WorkPattern> {
    let time = |minutes: i64| {
        u32::try_from(minutes)
            .ok()
            .and_then(|m| chrono::NaiveTime::from_hms_opt(m / 60, m % 60, 0))
            .ok_or(StoreError::Corrupt { table: "people", column: "work_starts" })
    };
    Ok(WorkPattern { start: time(starts)?, end: time(ends)?, days: std::array::from_fn(|day| days & (1 << day) != 0) })
}
