//! Calendars of holidays: days off beside those of the week. People are put on one from a day on; hours of that day and later ones that no
//! month has closed over know it, and so do the times that a review gives people.

use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit, people, random};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::holidays::{DAYS_MAX, Holiday, Holidays};
use domain::people::Viewer;
use domain::rights::Right;
use domain::walltime::{self, WorkCalendar, WorkHistory, WorkPattern};
use domain::{CalendarId, IncidentId, Invalid, PersonId, TeamId, text};
use std::collections::HashMap;

/// A line of the list of calendars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Id.
    pub id: CalendarId,
    /// Name.
    pub name: String,
    /// How many days it has.
    pub days: i64,
    /// Its last day: later ones are not known.
    pub until: Option<NaiveDate>,
    /// How many active people are on it.
    pub people: i64,
}

const LIST: &str = "
select c.id, c.name,
  (select count(*) from holidays h where h.calendar_id = c.id) as days,
  (select max(h.day) from holidays h where h.calendar_id = c.id) as until,
  (select count(*) from people p where p.calendar_id = c.id and p.deactivated_at is null) as people
from calendars c order by c.name_folded";
const ADD: &str = "insert into calendars (id, name, name_folded, created_at) values ($1, $2, $3, $4)";
const RENAME: &str = "update calendars set name = $2, name_folded = $3 where id = $1";
const THERE: &str = "select count(*) from calendars where id = $1";
const ON_IT: &str = "select count(*) from people where calendar_id = $1";
const REMOVE_DAYS: &str = "delete from holidays where calendar_id = $1";
const REMOVE: &str = "delete from calendars where id = $1";
const DAYS: &str = "select day, name from holidays where calendar_id = $1 order by day";
const COUNT_DAYS: &str = "select count(*) from holidays where calendar_id = $1";
const PUT_DAY: &str = "
insert into holidays (calendar_id, day, name) values ($1, $2, $3)
on conflict (calendar_id, day) do update set name = excluded.name";
const REMOVE_DAY: &str = "delete from holidays where calendar_id = $1 and day = $2";
const IN_TEAM: &str = "select id from people where team_id = $1 and deactivated_at is null order by id";
const PUT_ON: &str = "update people set calendar_id = $2 where id = $1";
const OF_PERSON: &str = "
select h.day, h.name from people p join holidays h on h.calendar_id = p.calendar_id where p.id = $1";
const PLACE: &str = "select zone, team_id from incidents where id = $1";
const OF_TEAM: &str = "
select p.calendar_id from people p join calendars c on c.id = p.calendar_id
where p.deactivated_at is null and p.team_id = $1
group by p.calendar_id, c.name_folded order by count(*) desc, c.name_folded limit 1";
const OF_MOST: &str = "
select p.calendar_id from people p join calendars c on c.id = p.calendar_id
where p.deactivated_at is null
group by p.calendar_id, c.name_folded order by count(*) desc, c.name_folded limit 1";
const ALL_DAYS: &str = "select calendar_id, day, name from holidays";

#[derive(sqlx::FromRow)]
struct CalendarRow {
    id: uuid::Uuid,
    name: String,
    days: i64,
    until: Option<NaiveDate>,
    people: i64,
}

/// All calendars, by name.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn list(store: &Store, viewer: &Viewer) -> Result<Vec<Calendar>> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.read().await?;
    let rows: Vec<CalendarRow> = on!(conn, db => sqlx::query_as(LIST).fetch_all(db).await)?;
    let calendar =
        |r: CalendarRow| Calendar { id: CalendarId(r.id), name: r.name, days: r.days, until: r.until, people: r.people };
    Ok(rows.into_iter().map(calendar).collect())
}

fn taken(error: &sqlx::Error) -> Option<StoreError> {
    StoreError::is_unique(error).then(|| Invalid::one("name", "There is a calendar of this name already.").into())
}

/// Adds a calendar without days.
///
/// # Errors
/// Field `name`; [`StoreError::NotFound`] for all but administrators.
pub async fn add(store: &Store, viewer: &Viewer, name: &str, now: DateTime<Utc>) -> Result<CalendarId> {
    check_global(Right::Administer, viewer)?;
    let name = text::line("name", name, text::NAME_MAX)?;
    let id = CalendarId(random::id());
    let mut conn = store.write().await?;
    if let Err(e) = run!(conn, sqlx::query(ADD).bind(id.0).bind(&name).bind(text::fold(&name)).bind(now)) {
        return Err(taken(&e).unwrap_or_else(|| e.into()));
    }
    noted(conn, viewer, "calendar.add", id, now).await?;
    Ok(id)
}

/// Renames a calendar.
///
/// # Errors
/// As [`add`].
pub async fn rename(store: &Store, viewer: &Viewer, calendar: CalendarId, name: &str, now: DateTime<Utc>) -> Result<()> {
    let name = text::line("name", name, text::NAME_MAX)?;
    let mut conn = open(store, viewer, calendar).await?;
    if let Err(e) = run!(conn, sqlx::query(RENAME).bind(calendar.0).bind(&name).bind(text::fold(&name))) {
        return Err(taken(&e).unwrap_or_else(|| e.into()));
    }
    noted(conn, viewer, "calendar.rename", calendar, now).await
}

/// Removes a calendar that nobody is on.
///
/// # Errors
/// [`StoreError::Refused`] while somebody is; [`StoreError::NotFound`] for all but administrators.
pub async fn remove(store: &Store, viewer: &Viewer, calendar: CalendarId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = open(store, viewer, calendar).await?;
    audit::take_turn(&mut conn).await?;
    let people: i64 = on!(conn, db => sqlx::query_scalar(ON_IT).bind(calendar.0).fetch_one(db).await)?;
    if people > 0 {
        return Err(StoreError::Refused("Somebody is on this calendar. Please put them on another one first."));
    }
    run!(conn, sqlx::query(REMOVE_DAYS).bind(calendar.0))?;
    run!(conn, sqlx::query(REMOVE).bind(calendar.0))?;
    noted(conn, viewer, "calendar.remove", calendar, now).await
}

/// A transaction in which this calendar is there, for an administrator.
async fn open(store: &Store, viewer: &Viewer, calendar: CalendarId) -> Result<Conn> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.write().await?;
    let there: i64 = on!(conn, db => sqlx::query_scalar(THERE).bind(calendar.0).fetch_one(db).await)?;
    if there == 0 { Err(StoreError::NotFound) } else { Ok(conn) }
}

async fn noted(mut conn: Conn, viewer: &Viewer, action: &'static str, calendar: CalendarId, now: DateTime<Utc>) -> Result<()> {
    audit::note(&mut conn, now, Some(viewer.person_id), action, &calendar.to_string(), None).await?;
    conn.commit().await
}

/// The days of a calendar, in order.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn days(store: &Store, viewer: &Viewer, calendar: CalendarId) -> Result<Vec<Holiday>> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.read().await?;
    let rows: Vec<(NaiveDate, String)> = on!(conn, db => sqlx::query_as(DAYS).bind(calendar.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(day, name)| Holiday { day, name }).collect())
}

/// Puts days on a calendar; a day that is there already takes the new name. Answers how many are new. Closed figures never change.
///
/// # Errors
/// Field `file` when more than [`DAYS_MAX`] would be on it; [`StoreError::NotFound`] for all but administrators.
pub async fn put_days(store: &Store, viewer: &Viewer, calendar: CalendarId, days: &[Holiday], now: DateTime<Utc>) -> Result<i64> {
    let mut conn = open(store, viewer, calendar).await?;
    let before = count_days(&mut conn, calendar).await?;
    for holiday in days {
        run!(conn, sqlx::query(PUT_DAY).bind(calendar.0).bind(holiday.day).bind(&holiday.name))?;
    }
    let after = count_days(&mut conn, calendar).await?;
    if usize::try_from(after).is_ok_and(|n| n > DAYS_MAX) {
        let message = format!("{DAYS_MAX} days fit on one calendar; this would make {after}. Please remove some that are past.");
        return Err(Invalid::one("file", message).into());
    }
    noted(conn, viewer, "calendar.days", calendar, now).await?;
    Ok(after - before)
}

async fn count_days(conn: &mut Conn, calendar: CalendarId) -> Result<i64> {
    Ok(on!(conn, db => sqlx::query_scalar(COUNT_DAYS).bind(calendar.0).fetch_one(db).await)?)
}

/// Takes a day off a calendar; one that is gone already is fine.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn remove_day(store: &Store, viewer: &Viewer, calendar: CalendarId, day: NaiveDate, now: DateTime<Utc>) -> Result<()> {
    let mut conn = open(store, viewer, calendar).await?;
    if run!(conn, sqlx::query(REMOVE_DAY).bind(calendar.0).bind(day))? == 0 {
        return Ok(());
    }
    noted(conn, viewer, "calendar.days", calendar, now).await
}

/// Puts everybody of a team on a calendar, from today on. Answers how many they are.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn put_team_on(store: &Store, viewer: &Viewer, calendar: CalendarId, team: TeamId, now: DateTime<Utc>) -> Result<u64> {
    let mut conn = open(store, viewer, calendar).await?;
    audit::take_turn(&mut conn).await?;
    let team: Vec<uuid::Uuid> = on!(conn, db => sqlx::query_scalar(IN_TEAM).bind(team.0).fetch_all(db).await)?;
    for person in &team {
        let held = people::before_change(&mut conn, PersonId(*person)).await?;
        run!(conn, sqlx::query(PUT_ON).bind(*person).bind(calendar.0))?;
        people::changed(&mut conn, PersonId(*person), held, now).await?;
    }
    noted(conn, viewer, "calendar.people", calendar, now).await?;
    Ok(team.len() as u64)
}

/// The viewer's own working hours and holidays.
///
/// # Errors
/// What the database said.
pub async fn own(store: &Store, viewer: &Viewer) -> Result<WorkCalendar> {
    let pattern = people::profile(store, viewer).await?.pattern;
    of(&mut store.read().await?, viewer.person_id, pattern).await
}

/// The viewer's working hours, holidays and team by the day on which they held.
///
/// # Errors
/// What the database said.
pub async fn own_history(store: &Store, viewer: &Viewer) -> Result<WorkHistory> {
    people::history(&mut store.read().await?, viewer.person_id).await
}

/// A person's working days with the holidays of the calendar that they are on.
pub(crate) async fn of(conn: &mut Conn, person: PersonId, pattern: WorkPattern) -> Result<WorkCalendar> {
    let rows: Vec<(NaiveDate, String)> = on!(conn, db => sqlx::query_as(OF_PERSON).bind(person.0).fetch_all(db).await)?;
    Ok(WorkCalendar { pattern, holidays: rows.into_iter().map(|(day, name)| Holiday { day, name }).collect() })
}

/// The zone and the holidays by which working days are counted for an incident. Its calendar is the one that most people of its team are
/// on; without a team, or where nobody of it is on one, that of most people here; of two with as many, the first by name.
pub(crate) async fn of_incident(conn: &mut Conn, incident: IncidentId) -> Result<(Tz, Holidays)> {
    let (zone, team): (String, Option<uuid::Uuid>) = on!(conn, db => sqlx::query_as(PLACE).bind(incident.0).fetch_one(db).await)?;
    let mut calendar: Option<uuid::Uuid> = None;
    if let Some(team) = team {
        calendar = on!(conn, db => sqlx::query_scalar(OF_TEAM).bind(team).fetch_optional(db).await)?;
    }
    if calendar.is_none() {
        calendar = on!(conn, db => sqlx::query_scalar(OF_MOST).fetch_optional(db).await)?;
    }
    let rows: Vec<(NaiveDate, String)> = match calendar {
        Some(calendar) => on!(conn, db => sqlx::query_as(DAYS).bind(calendar).fetch_all(db).await)?,
        None => Vec::new(),
    };
    let holidays = rows.into_iter().map(|(day, name)| Holiday { day, name }).collect();
    Ok((walltime::parse_zone(&zone)?, holidays))
}

/// The days of all calendars, for closing a month.
pub(crate) async fn all(conn: &mut Conn) -> Result<HashMap<uuid::Uuid, Holidays>> {
    let rows: Vec<(uuid::Uuid, NaiveDate, String)> = on!(conn, db => sqlx::query_as(ALL_DAYS).fetch_all(db).await)?;
    let mut days: HashMap<uuid::Uuid, Vec<Holiday>> = HashMap::new();
    for (calendar, day, name) in rows {
        days.entry(calendar).or_default().push(Holiday { day, name });
    }
    Ok(days.into_iter().map(|(calendar, days)| (calendar, days.into_iter().collect())).collect())
}
