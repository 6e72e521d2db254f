//! Closing a month: what people gave is summed once, cut to groups that stay hidden, and kept. See docs/decisions/0010.

use super::HOURS;
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, audit, interviews, settings};
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use domain::trends::{Cell, Contribution, MinGroup, Outcome, Period, Reason, Span, Unit, release};
use domain::walltime::{self, BandMinutes, Stretch, WorkCalendar, person_minutes};
use domain::{PersonId, TeamId};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A month closes this many days after its end, so that one-on-ones about its last incidents are counted with it.
pub const DAYS_FOR_LATE_ANSWERS: u64 = 7;
/// Hours told later than this many months after they were worked are no longer counted anywhere.
const LATE_MONTHS: usize = 3;
/// The unit of everybody, as stored beside the ids of teams.
const ORGANISATION: &str = "organisation";

/// The day (UTC) on which a month closes: the eighth of the next one.
pub fn closes_on(month: Period) -> NaiveDate {
    month.closed_on().checked_add_days(Days::new(DAYS_FOR_LATE_ANSWERS)).unwrap_or(NaiveDate::MAX)
}

const LATEST: &str = "select max(month) from closed_months";
const MARK_CLOSED: &str = "insert into closed_months (month, closed_at) values ($1, $2) on conflict (month) do nothing";
const ADD_CONTRIBUTION: &str = "
insert into month_contributions (month, subject, team_id, working_minutes, evening_minutes, night_minutes, weekend_minutes)
values ($1, $2, $3, $4, $5, $6, $7)";
const CONTRIBUTIONS: &str = "
select month, subject, team_id, working_minutes, evening_minutes, night_minutes, weekend_minutes
from month_contributions where month >= $1 and month <= $2";
// What was published stays; what was needed for the audit goes with its year.
const FORGET: &str = "delete from month_contributions where month < $1";
const PUBLISHED: &str = "
select period_kind, period_start, unit from released_cells
where measure = $1 and suppressed = '' and period_start >= $2";
// A cell that was hidden when its month was closed alone is decided again with its quarter, never twice for the same period.
const ADD_CELL: &str = "
insert into released_cells (measure, period_kind, period_start, unit, people, value_json, suppressed, released_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)";
const TEAMS: &str = "select id from teams order by id";

#[derive(sqlx::FromRow)]
struct ContributionRow {
    month: NaiveDate,
    subject: Vec<u8>,
    team_id: Option<Uuid>,
    working_minutes: i64,
    evening_minutes: i64,
    night_minutes: i64,
    weekend_minutes: i64,
}

/// What one person told that no month has counted yet.
struct Told {
    team: Option<TeamId>,
    calendar: WorkCalendar,
    stretches: Vec<Stretch>,
}

/// Closes every month that is due, in order, each in a transaction of its own. Answers those that were closed.
///
/// # Errors
/// What the database said; months closed before stay closed.
pub async fn close_months(store: &Store, now: DateTime<Utc>) -> Result<Vec<Period>> {
    let mut closed = Vec::new();
    while let Some(month) = due(store, now).await? {
        let mut conn = store.write().await?;
        // Another process was faster: it closes the rest too.
        if run!(conn, sqlx::query(MARK_CLOSED).bind(month.first_day()).bind(now))? == 0 {
            break;
        }
        close(&mut conn, month, now).await?;
        conn.commit().await?;
        closed.push(month);
    }
    Ok(closed)
}

/// The next month to close, if its day has come.
async fn due(store: &Store, now: DateTime<Utc>) -> Result<Option<Period>> {
    let mut conn = store.read().await?;
    let latest: Option<NaiveDate> = on!(conn, db => sqlx::query_scalar(LATEST).fetch_one(db).await)?;
    let month = match latest {
        Some(latest) => Some(Period::month_of(latest).next()),
        None => {
            let first = interviews::earliest_session(&mut conn).await?;
            first.map(|(at, zone)| Ok::<_, StoreError>(month_on_own_clock(at, walltime::parse_zone(&zone)?))).transpose()?
        }
    };
    Ok(month.filter(|month| closes_on(*month) <= now.date_naive()))
}

async fn close(conn: &mut Conn, month: Period, now: DateTime<Utc>) -> Result<()> {
    let year = month.widened(Span::Year);
    for (person, told) in uncounted(conn, month).await? {
        let minutes = person_minutes(&told.stretches, &told.calendar);
        if minutes.total() > 0 {
            add_contribution(conn, month, subject(conn, year, person), told.team, minutes).await?;
        }
    }
    let given = contributions(conn, year, month).await?;
    let published = published(conn, year).await?;
    let teams: Vec<Uuid> = on!(conn, db => sqlx::query_scalar(TEAMS).fetch_all(db).await)?;
    let teams: Vec<TeamId> = teams.into_iter().map(TeamId).collect();
    let k = MinGroup::new(settings::smallest_group(conn).await?);
    for outcome in release(month, &teams, &given, &published, k) {
        add_cell(conn, &outcome, now).await?;
    }
    run!(conn, sqlx::query(FORGET).bind(year.first_day()))?;
    audit::note(conn, now, None, "month.close", &month.to_string(), None).await
}

/// What was told of this month, and late of the months before, by person; marked as counted on the way.
async fn uncounted(conn: &mut Conn, month: Period) -> Result<BTreeMap<PersonId, Told>> {
    let earliest = std::iter::successors(Some(month), |m| Some(m.previous())).nth(LATE_MONTHS).unwrap_or(month);
    // A day more on either side: which month a session began in is a question of the worker's own clock.
    let from = earliest.first_day().and_time(NaiveTime::MIN).and_utc() - Duration::days(1);
    let until = month.closed_on().and_time(NaiveTime::MIN).and_utc() + Duration::days(1);
    let mut told: BTreeMap<PersonId, Told> = BTreeMap::new();
    for session in interviews::month_sessions(conn, from, until).await? {
        let began = month_on_own_clock(session.stretch.start, session.stretch.zone);
        if began < earliest || began > month {
            continue;
        }
        interviews::mark_counted(conn, session.id, month.first_day()).await?;
        told.entry(session.person)
            .or_insert_with(|| Told { team: session.team, calendar: session.calendar, stretches: Vec::new() })
            .stretches
            .push(session.stretch);
    }
    Ok(told)
}

/// A session belongs to the month in which it began, on the worker's own clock.
fn month_on_own_clock(at: DateTime<Utc>, zone: chrono_tz::Tz) -> Period {
    Period::month_of(at.with_timezone(&zone).date_naive())
}

/// Stands for a person within one year, so that the audit can tell who contributed twice. It does not lead back to them without the
/// instance key, and another year has another one.
fn subject(conn: &Conn, year: Period, person: PersonId) -> Uuid {
    let key = conn.keys.derived("month subject");
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key.as_slice()).expect("any length");
    mac.update(year.to_string().as_bytes());
    mac.update(person.0.as_bytes());
    let mut half = [0; 16];
    half.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    Uuid::from_bytes(half)
}

async fn add_contribution(
    conn: &mut Conn,
    month: Period,
    subject: Uuid,
    team: Option<TeamId>,
    minutes: BandMinutes,
) -> Result<()> {
    run!(
        conn,
        sqlx::query(ADD_CONTRIBUTION)
            .bind(month.first_day())
            .bind(subject.as_bytes().as_slice())
            .bind(team.map(|t| t.0))
            .bind(minutes.working)
            .bind(minutes.evening)
            .bind(minutes.night)
            .bind(minutes.weekend)
    )?;
    Ok(())
}

async fn contributions(conn: &mut Conn, year: Period, to: Period) -> Result<BTreeMap<Period, Vec<Contribution>>> {
    let rows: Vec<ContributionRow> =
        on!(conn, db => sqlx::query_as(CONTRIBUTIONS).bind(year.first_day()).bind(to.first_day()).fetch_all(db).await)?;
    let mut by_month: BTreeMap<Period, Vec<Contribution>> = BTreeMap::new();
    for row in rows {
        let person = Uuid::from_slice(&row.subject)
            .map_err(|_| StoreError::Corrupt { table: "month_contributions", column: "subject" })?;
        by_month.entry(Period::month_of(row.month)).or_default().push(Contribution {
            person,
            team: row.team_id.map(TeamId),
            minutes: BandMinutes {
                working: row.working_minutes,
                evening: row.evening_minutes,
                night: row.night_minutes,
                weekend: row.weekend_minutes,
            },
        });
    }
    Ok(by_month)
}

async fn published(conn: &mut Conn, year: Period) -> Result<Vec<Cell>> {
    let rows: Vec<(String, NaiveDate, String)> =
        on!(conn, db => sqlx::query_as(PUBLISHED).bind(HOURS).bind(year.first_day()).fetch_all(db).await)?;
    rows.iter().map(|(kind, start, unit)| cell(kind, *start, unit)).collect()
}

/// A stored cell's place.
pub(super) fn cell(kind: &str, start: NaiveDate, unit: &str) -> Result<Cell> {
    let corrupt = |column| StoreError::Corrupt { table: "released_cells", column };
    let span = Span::from_slug(kind).ok_or(corrupt("period_kind"))?;
    let unit = match unit {
        ORGANISATION => Unit::Organisation,
        team => Unit::Team(team.parse().map_err(|_| corrupt("unit"))?),
    };
    Ok(Cell { unit, period: Period::of(span, start) })
}

async fn add_cell(conn: &mut Conn, outcome: &Outcome, now: DateTime<Utc>) -> Result<()> {
    let Cell { unit, period } = outcome.cell;
    let unit = match unit {
        Unit::Organisation => ORGANISATION.to_owned(),
        Unit::Team(team) => team.to_string(),
    };
    let (people, value, suppressed) = match &outcome.figure {
        Ok(released) => {
            let value = serde_json::to_string(&released.minutes)
                .map_err(|_| StoreError::Corrupt { table: "released_cells", column: "value_json" })?;
            (i64::try_from(released.people).ok(), value, "")
        }
        Err(reason) => (None, String::new(), slug(*reason)),
    };
    run!(
        conn,
        sqlx::query(ADD_CELL)
            .bind(HOURS)
            .bind(period.span().slug())
            .bind(period.first_day())
            .bind(unit)
            .bind(people)
            .bind(value)
            .bind(suppressed)
            .bind(now)
    )?;
    Ok(())
}

/// A reason as stored.
pub(super) fn slug(reason: Reason) -> &'static str {
    match reason {
        Reason::TooFew => "too-few",
        Reason::WouldIsolate => "would-isolate",
    }
}
