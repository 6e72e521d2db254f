//! Hours as a people measure: what was told of a month, by person and team, and kept for its audit.

use super::closing::{LATE_MONTHS, Months, subject};
use crate::db::{Conn, on, run};
use crate::{Result, StoreError, interviews};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use domain::trends::{Contribution, Period};
use domain::walltime::{BandMinutes, Stretch, WorkCalendar, person_minutes};
use domain::{PersonId, TeamId};
use std::collections::BTreeMap;
use uuid::Uuid;

/// As stored: minutes of work on incidents by kind of working time.
pub(super) const MEASURE: &str = "hours";

const ADD: &str = "
insert into month_contributions (month, subject, team_id, working_minutes, evening_minutes, night_minutes, weekend_minutes)
values ($1, $2, $3, $4, $5, $6, $7)";
const GIVEN: &str = "
select month, subject, team_id, working_minutes, evening_minutes, night_minutes, weekend_minutes
from month_contributions where month >= $1 and month <= $2";
// What was published stays; what was needed for the audit goes with its year.
const FORGET: &str = "delete from month_contributions where month < $1";

#[derive(sqlx::FromRow)]
struct GivenRow {
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

/// Counts what was told of this month, and late of those before, and answers what its year holds so far.
pub(super) async fn gather(conn: &mut Conn, months: Months) -> Result<BTreeMap<Period, Vec<Contribution<BandMinutes>>>> {
    for (person, told) in uncounted(conn, months.closing).await? {
        let minutes = person_minutes(&told.stretches, &told.calendar);
        if minutes.total() > 0 {
            add(conn, months.closing, subject(conn, months.year, person), told.team, minutes).await?;
        }
    }
    let given = given(conn, months).await?;
    run!(conn, sqlx::query(FORGET).bind(months.year.first_day()))?;
    Ok(given)
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
pub(super) fn month_on_own_clock(at: DateTime<Utc>, zone: chrono_tz::Tz) -> Period {
    Period::month_of(at.with_timezone(&zone).date_naive())
}

async fn add(conn: &mut Conn, month: Period, subject: Uuid, team: Option<TeamId>, minutes: BandMinutes) -> Result<()> {
    run!(
        conn,
        sqlx::query(ADD)
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

async fn given(conn: &mut Conn, months: Months) -> Result<BTreeMap<Period, Vec<Contribution<BandMinutes>>>> {
    let (from, to) = (months.year.first_day(), months.closing.first_day());
    let rows: Vec<GivenRow> = on!(conn, db => sqlx::query_as(GIVEN).bind(from).bind(to).fetch_all(db).await)?;
    let mut by_month: BTreeMap<Period, Vec<Contribution<BandMinutes>>> = BTreeMap::new();
    for row in rows {
        let person = Uuid::from_slice(&row.subject)
            .map_err(|_| StoreError::Corrupt { table: "month_contributions", column: "subject" })?;
        by_month.entry(Period::month_of(row.month)).or_default().push(Contribution {
            person,
            team: row.team_id.map(TeamId),
            given: BandMinutes {
                working: row.working_minutes,
                evening: row.evening_minutes,
                night: row.night_minutes,
                weekend: row.weekend_minutes,
            },
        });
    }
    Ok(by_month)
}
