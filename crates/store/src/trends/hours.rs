//! Hours as a people measure: what was told of a month, by person and team, and kept for its audit.

use super::closing::{Months, subject};
use super::counted::Told;
use crate::db::{Conn, on, run};
use crate::{Result, StoreError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::TeamId;
use domain::trends::{Contribution, Period};
use domain::walltime::{BandMinutes, minutes_by_band};
use std::collections::BTreeMap;
use uuid::Uuid;

/// As stored: minutes of work on incidents by kind of working time.
pub(super) const MEASURE: &str = "hours";

const ADD: &str = "
insert into month_contributions (month, subject, team_id, counted_as, working_minutes, evening_minutes, night_minutes, weekend_minutes)
values ($1, $2, $3, $4, $5, $6, $7, $8)";
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

/// A session belongs to the month in which it began, on the worker's own clock.
pub(super) fn month_on_own_clock(at: DateTime<Utc>, zone: chrono_tz::Tz) -> Period {
    Period::month_of(at.with_timezone(&zone).date_naive())
}

/// Keeps what a person gave, by the team that they were in on the day of each stretch.
pub(super) async fn add(conn: &mut Conn, months: Months, told: &Told) -> Result<()> {
    let mut by_team: BTreeMap<Option<TeamId>, BandMinutes> = BTreeMap::new();
    for (team, stretch) in told.history.by_team(&told.new) {
        *by_team.entry(team).or_default() += minutes_by_band(stretch.start, stretch.end, stretch.zone, &told.history);
    }
    let subject = subject(conn, months.year, told.person);
    for (team, minutes) in by_team.into_iter().filter(|(_, minutes)| minutes.total() > 0) {
        run!(
            conn,
            sqlx::query(ADD)
                .bind(months.closing.first_day())
                .bind(subject.as_bytes().as_slice())
                .bind(team.map(|t| t.0))
                .bind(team.map_or(Uuid::nil(), |t| t.0))
                .bind(minutes.working)
                .bind(minutes.evening)
                .bind(minutes.night)
                .bind(minutes.weekend)
        )?;
    }
    Ok(())
}

/// What the year of the month holds so far; what the audit of an earlier year needed goes.
pub(super) async fn given(conn: &mut Conn, months: Months) -> Result<BTreeMap<Period, Vec<Contribution<BandMinutes>>>> {
    let (from, to) = (months.year.first_day(), months.closing.first_day());
    let rows: Vec<GivenRow> = on!(conn, db => sqlx::query_as(GIVEN).bind(from).bind(to).fetch_all(db).await)?;
    run!(conn, sqlx::query(FORGET).bind(from))?;
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
