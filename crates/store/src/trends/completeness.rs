//! How complete the hours of a month were when it closed: of those who were asked, how many told of their hours.

use super::cells::{self, Figure};
use super::closing::Months;
use crate::db::Conn;
use crate::{Result, interviews, settings};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::trends::{Cell, Completeness, MinGroup, Outcome, Unit};

/// As stored: who was asked about the incidents that began in the month, and who told.
const MEASURE: &str = "completeness";

/// Counts it once, when the month closes.
pub(super) async fn close(conn: &mut Conn, months: Months, now: DateTime<Utc>) -> Result<()> {
    let at = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
    let month = months.closing;
    let (asked, told) = interviews::asked_and_told(conn, at(month.first_day()), at(month.closed_on())).await?;
    let count = |number: i64| usize::try_from(number).unwrap_or_default();
    let k = MinGroup::new(settings::smallest_group(conn).await?);
    let figure = Completeness { told: count(told), asked: count(asked) }.released(k);
    let outcome = Outcome { cell: Cell { unit: Unit::Organisation, period: month }, figure };
    cells::add(conn, MEASURE, &outcome, k, now).await
}

/// As it was when each month closed, where the smallest group of today still allows it.
pub(super) async fn figures(conn: &mut Conn, since: NaiveDate, k: MinGroup) -> Result<Vec<Figure<Completeness>>> {
    let figures: Vec<Figure<Completeness>> = cells::stored(conn, MEASURE, since).await?;
    let again =
        |figure: Figure<Completeness>| Figure { value: figure.value.and_then(|released| released.given.released(k)), ..figure };
    Ok(figures.into_iter().map(again).collect())
}
