//! What held for a person from a day on: team, working hours, calendar of holidays. Kept as far as it ever changed, so that work is
//! counted by what held on its day.

use super::pattern;
use crate::db::{Conn, on, run};
use crate::{Result, calendars};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::holidays::Holidays;
use domain::walltime::{InForce, WorkCalendar, WorkHistory, parse_zone};
use domain::{PersonId, TeamId};
use std::collections::HashMap;
use uuid::Uuid;

const NOW: &str = "select team_id, calendar_id, work_starts, work_ends, work_days, zone from people where id = $1";
const KEEP_FIRST: &str = "
insert into person_history (person_id, valid_from, team_id, calendar_id, work_starts, work_ends, work_days)
values ($1, $2, $3, $4, $5, $6, $7) on conflict (person_id, valid_from) do nothing";
const KEEP: &str = "
insert into person_history (person_id, valid_from, team_id, calendar_id, work_starts, work_ends, work_days)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (person_id, valid_from) do update set team_id = excluded.team_id, calendar_id = excluded.calendar_id,
  work_starts = excluded.work_starts, work_ends = excluded.work_ends, work_days = excluded.work_days";
const ALL_NOW: &str = "select id, team_id, calendar_id, work_starts, work_ends, work_days from people";
const ALL: &str = "select person_id, valid_from, team_id, calendar_id, work_starts, work_ends, work_days from person_history";
const OF_PERSON: &str = "
select valid_from, team_id, calendar_id, work_starts, work_ends, work_days from person_history where person_id = $1 order by valid_from";
const THERE_WITHIN: &str = "
select id from people where email is not null and created_at < $2 and (deactivated_at is null or deactivated_at >= $1) order by id";
const FORGET: &str = "delete from person_history where person_id = $1";

/// Before everything that is told of here: what held first holds since ever.
const SINCE_EVER: NaiveDate = match NaiveDate::from_ymd_opt(1970, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// What of a person's settings decides how work is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
struct Held {
    team_id: Option<Uuid>,
    calendar_id: Option<Uuid>,
    work_starts: i64,
    work_ends: i64,
    work_days: i64,
}

#[derive(sqlx::FromRow)]
struct NowRow {
    #[sqlx(flatten)]
    held: Held,
    zone: String,
}

#[derive(sqlx::FromRow)]
struct OfPersonRow {
    valid_from: NaiveDate,
    #[sqlx(flatten)]
    held: Held,
}

#[derive(sqlx::FromRow)]
struct AllRow {
    person_id: Uuid,
    valid_from: NaiveDate,
    #[sqlx(flatten)]
    held: Held,
}

#[derive(sqlx::FromRow)]
struct AllNowRow {
    id: Uuid,
    #[sqlx(flatten)]
    held: Held,
}

/// What holds for a person before their settings change; to be handed to [`changed`] after it, in the same transaction.
pub(crate) struct Before(Option<Held>);

/// Reads what holds. The caller has the writers' turn.
pub(crate) async fn before_change(conn: &mut Conn, person: PersonId) -> Result<Before> {
    Ok(Before(held_now(conn, person).await?.map(|row| row.held)))
}

/// Keeps what held before and what holds from today on (on the person's own clock), if the change made a difference.
pub(crate) async fn changed(conn: &mut Conn, person: PersonId, before: Before, now: DateTime<Utc>) -> Result<()> {
    let (Before(Some(before)), Some(row)) = (before, held_now(conn, person).await?) else { return Ok(()) };
    if row.held == before {
        return Ok(());
    }
    let zone = parse_zone(&row.zone).unwrap_or(chrono_tz::UTC);
    for (statement, day, held) in [(KEEP_FIRST, SINCE_EVER, before), (KEEP, now.with_timezone(&zone).date_naive(), row.held)] {
        run!(
            conn,
            sqlx::query(statement)
                .bind(person.0)
                .bind(day)
                .bind(held.team_id)
                .bind(held.calendar_id)
                .bind(held.work_starts)
                .bind(held.work_ends)
                .bind(held.work_days)
        )?;
    }
    Ok(())
}

async fn held_now(conn: &mut Conn, person: PersonId) -> Result<Option<NowRow>> {
    Ok(on!(conn, db => sqlx::query_as(NOW).bind(person.0).fetch_optional(db).await)?)
}

/// Forgets what held: of an account that is closed.
pub(crate) async fn forget_history(conn: &mut Conn, person: PersonId) -> Result<()> {
    run!(conn, sqlx::query(FORGET).bind(person.0))?;
    Ok(())
}

/// What held for a person, by day.
pub(crate) async fn history(conn: &mut Conn, person: PersonId) -> Result<WorkHistory> {
    let holidays = calendars::all(conn).await?;
    let rows: Vec<OfPersonRow> = on!(conn, db => sqlx::query_as(OF_PERSON).bind(person.0).fetch_all(db).await)?;
    let mut parts = rows.into_iter().map(|row| in_force(row.valid_from, row.held, &holidays)).collect::<Result<Vec<_>>>()?;
    if parts.is_empty() {
        let now = held_now(conn, person).await?;
        parts.extend(now.map(|row| in_force(SINCE_EVER, row.held, &holidays)).transpose()?);
    }
    Ok(WorkHistory::new(parts))
}

/// What held for everybody, by day: for closing a month.
pub(crate) async fn histories(conn: &mut Conn) -> Result<HashMap<PersonId, WorkHistory>> {
    let holidays = calendars::all(conn).await?;
    let mut parts: HashMap<PersonId, Vec<InForce>> = HashMap::new();
    let rows: Vec<AllRow> = on!(conn, db => sqlx::query_as(ALL).fetch_all(db).await)?;
    for row in rows {
        parts.entry(PersonId(row.person_id)).or_default().push(in_force(row.valid_from, row.held, &holidays)?);
    }
    let rows: Vec<AllNowRow> = on!(conn, db => sqlx::query_as(ALL_NOW).fetch_all(db).await)?;
    for row in rows {
        if let std::collections::hash_map::Entry::Vacant(never_changed) = parts.entry(PersonId(row.id)) {
            never_changed.insert(vec![in_force(SINCE_EVER, row.held, &holidays)?]);
        }
    }
    Ok(parts.into_iter().map(|(person, parts)| (person, WorkHistory::new(parts))).collect())
}

/// Whose accounts were there on some of the days from `first` up to but not including `after`, in UTC.
pub(crate) async fn there_within(conn: &mut Conn, first: NaiveDate, after: NaiveDate) -> Result<Vec<PersonId>> {
    let [from, until] = [first, after].map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let ids: Vec<Uuid> = on!(conn, db => sqlx::query_scalar(THERE_WITHIN).bind(from).bind(until).fetch_all(db).await)?;
    Ok(ids.into_iter().map(PersonId).collect())
}

fn in_force(from: NaiveDate, held: Held, holidays: &HashMap<Uuid, Holidays>) -> Result<InForce> {
    let holidays = held.calendar_id.and_then(|calendar| holidays.get(&calendar)).cloned().unwrap_or_default();
    let pattern = pattern(held.work_starts, held.work_ends, held.work_days)?;
    Ok(InForce { from, team: held.team_id.map(TeamId), calendar: WorkCalendar { pattern, holidays } })
}
