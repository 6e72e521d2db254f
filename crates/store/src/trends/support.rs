//! Support as a people measure: the choices of question 4 by person, of the organisation alone (docs/decisions/0020).

use super::closing::{Months, subject};
use super::counted;
use crate::db::{Conn, on, run};
use crate::{Result, StoreError, interviews};
use chrono::{NaiveDate, NaiveTime};
use domain::PersonId;
use domain::trends::{Contribution, Period, Support};
use std::collections::BTreeMap;
use uuid::Uuid;

/// As stored: answers by whether the support was enough.
pub(super) const MEASURE: &str = "support";

const ADD: &str = "insert into month_supports (month, subject, enough, more_needed) values ($1, $2, $3, $4)";
const GIVEN: &str = "select month, subject, enough, more_needed from month_supports where month >= $1 and month <= $2";
const FORGET: &str = "delete from month_supports where month < $1";

/// Counts what was told of incidents of this month, and late of those before, and answers what its year holds so far.
pub(super) async fn gather(conn: &mut Conn, months: Months) -> Result<BTreeMap<Period, Vec<Contribution<Support>>>> {
    for (person, support) in uncounted(conn, months).await? {
        let subject = subject(conn, months.year, person);
        run!(
            conn,
            sqlx::query(ADD)
                .bind(months.closing.first_day())
                .bind(subject.as_bytes().as_slice())
                .bind(i64::from(support.enough))
                .bind(i64::from(support.more_needed))
        )?;
    }
    let given = given(conn, months).await?;
    run!(conn, sqlx::query(FORGET).bind(months.year.first_day()))?;
    Ok(given)
}

/// The choices that no month has counted, by person; marked as counted on the way. A person is counted once for an incident, also where the
/// answer was erased and given again.
async fn uncounted(conn: &mut Conn, months: Months) -> Result<BTreeMap<PersonId, Support>> {
    let month = months.closing;
    let at = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
    let mut told: BTreeMap<PersonId, Support> = BTreeMap::new();
    for choice in interviews::uncounted_support(conn, at(months.earliest().first_day()), at(month.closed_on())).await? {
        let Some(one) = Support::of_choice(&choice.value) else { continue };
        interviews::mark_choice_counted(conn, choice.answer, month.first_day()).await?;
        if counted::is_new_support(conn, months, choice.incident, choice.person).await? {
            let so_far = told.entry(choice.person).or_default();
            *so_far = [*so_far, one].into_iter().sum();
        }
    }
    Ok(told)
}

async fn given(conn: &mut Conn, months: Months) -> Result<BTreeMap<Period, Vec<Contribution<Support>>>> {
    let (from, to) = (months.year.first_day(), months.closing.first_day());
    let rows: Vec<(NaiveDate, Vec<u8>, i64, i64)> =
        on!(conn, db => sqlx::query_as(GIVEN).bind(from).bind(to).fetch_all(db).await)?;
    let corrupt = |column| StoreError::Corrupt { table: "month_supports", column };
    let mut by_month: BTreeMap<Period, Vec<Contribution<Support>>> = BTreeMap::new();
    for (month, subject, enough, more_needed) in rows {
        let person = Uuid::from_slice(&subject).map_err(|_| corrupt("subject"))?;
        let count = |number: i64, column| u32::try_from(number).map_err(|_| corrupt(column));
        let given = Support { enough: count(enough, "enough")?, more_needed: count(more_needed, "more_needed")? };
        by_month.entry(Period::month_of(month)).or_default().push(Contribution { person, team: None, given });
    }
    Ok(by_month)
}
