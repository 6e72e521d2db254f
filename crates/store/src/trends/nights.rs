//! Nights as a people measure: broken nights and short rests by person, of the organisation alone (docs/decisions/0045).

use super::closing::{Months, subject};
use super::counted::Told;
use crate::db::{Conn, on, run};
use crate::{Result, StoreError};
use chrono::NaiveDate;
use domain::trends::{Contribution, NightCounts, Period};
use domain::walltime::{Stretch, disturbed_nights, short_rests};
use std::collections::BTreeMap;
use uuid::Uuid;

/// As stored: broken nights, and rests under eleven hours.
pub(super) const MEASURE: &str = "nights";

const ADD: &str = "insert into month_nights (month, subject, broken_nights, short_rests) values ($1, $2, $3, $4)";
const GIVEN: &str = "select month, subject, broken_nights, short_rests from month_nights where month >= $1 and month <= $2";
const FORGET: &str = "delete from month_nights where month < $1";

/// Keeps what a person gave: nights and rests that what was counted before did not break or shorten already.
pub(super) async fn add(conn: &mut Conn, months: Months, told: &Told) -> Result<()> {
    let all: Vec<Stretch> = told.counted.iter().chain(&told.new).copied().collect();
    let fresh = |all: std::collections::BTreeSet<NaiveDate>, before: std::collections::BTreeSet<NaiveDate>| {
        i64::try_from(all.difference(&before).count()).unwrap_or(i64::MAX)
    };
    let broken = fresh(disturbed_nights(&all), disturbed_nights(&told.counted));
    let short = fresh(short_rests(&all, &told.history), short_rests(&told.counted, &told.history));
    if broken + short > 0 {
        let subject = subject(conn, months.year, told.person);
        let (month, subject) = (months.closing.first_day(), subject.as_bytes().as_slice());
        run!(conn, sqlx::query(ADD).bind(month).bind(subject).bind(broken).bind(short))?;
    }
    Ok(())
}

/// What the year of the month holds so far; what the audit of an earlier year needed goes.
pub(super) async fn given(conn: &mut Conn, months: Months) -> Result<BTreeMap<Period, Vec<Contribution<NightCounts>>>> {
    let (from, to) = (months.year.first_day(), months.closing.first_day());
    let rows: Vec<(NaiveDate, Vec<u8>, i64, i64)> =
        on!(conn, db => sqlx::query_as(GIVEN).bind(from).bind(to).fetch_all(db).await)?;
    run!(conn, sqlx::query(FORGET).bind(from))?;
    let corrupt = |column| StoreError::Corrupt { table: "month_nights", column };
    let mut by_month: BTreeMap<Period, Vec<Contribution<NightCounts>>> = BTreeMap::new();
    for (month, subject, broken, short) in rows {
        let person = Uuid::from_slice(&subject).map_err(|_| corrupt("subject"))?;
        let count = |number: i64, column| u32::try_from(number).map_err(|_| corrupt(column));
        let given = NightCounts { broken: count(broken, "broken_nights")?, short_rests: count(short, "short_rests")? };
        by_month.entry(Period::month_of(month)).or_default().push(Contribution { person, team: None, given });
    }
    Ok(by_month)
}
