//! People measures as everybody with trends sees them: what was released when each period closed, and what was not, with why.

use super::HOURS;
use super::closing::{cell, closes_on, slug};
use crate::db::on;
use crate::standing::check_global;
use crate::{Result, Store, StoreError, people};
use chrono::{DateTime, NaiveDate, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::trends::{Cell, Period, Reason, Released, Span, Unit};
use domain::walltime::BandMinutes;

/// How many closed months the page looks back over.
const LOOK_BACK: usize = 12;

/// One cell of the fixed partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Whom and when.
    pub cell: Cell,
    /// The figure, or why there is none.
    pub value: std::result::Result<Released, Reason>,
}

/// Everything that has been released about people in the last closed months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleMeasures {
    /// The closed months looked at, earliest first; at most twelve.
    pub months: Vec<Period>,
    /// When the latest of them closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The month that closes next and its day.
    pub next: (Period, NaiveDate),
    /// The teams, by name.
    pub teams: Vec<people::Team>,
    /// The cells of these months and of the quarters and years that they lie in.
    pub figures: Vec<Figure>,
}

impl PeopleMeasures {
    /// What became of one cell; `None` where nothing was decided (its period is still open, or shorter ones cover it).
    pub fn figure(&self, unit: Unit, period: Period) -> Option<&std::result::Result<Released, Reason>> {
        self.figures.iter().find(|f| f.cell == Cell { unit, period }).map(|f| &f.value)
    }

    /// The latest figure about a unit that is shown: of the month that closed last, else of an earlier or longer period.
    pub fn latest(&self, unit: Unit) -> Option<(Period, Released)> {
        let shown = self.figures.iter().filter(|f| f.cell.unit == unit);
        shown
            .filter_map(|f| f.value.ok().map(|released| (f.cell.period, released)))
            .max_by_key(|(period, _)| (period.closed_on(), std::cmp::Reverse(period.span())))
    }
}

const CLOSED: &str = "select month, closed_at from closed_months order by month desc limit $1";
const CELLS: &str = "
select period_kind, period_start, unit, people, value_json, suppressed
from released_cells where measure = $1 and period_start >= $2
order by period_start, period_kind, unit";

#[derive(sqlx::FromRow)]
struct CellRow {
    period_kind: String,
    period_start: NaiveDate,
    unit: String,
    people: Option<i64>,
    value_json: String,
    suppressed: String,
}

/// The released people measures of the last closed months: the same for everybody who sees trends, whatever they filter.
///
/// # Errors
/// [`StoreError::NotFound`] for who does not see trends.
pub async fn released(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<PeopleMeasures> {
    check_global(Right::SeeTrends, viewer)?;
    let teams = people::teams(store).await?;
    let mut conn = store.read().await?;
    let look_back = i64::try_from(LOOK_BACK).unwrap_or(i64::MAX);
    let closed: Vec<(NaiveDate, DateTime<Utc>)> = on!(conn, db => sqlx::query_as(CLOSED).bind(look_back).fetch_all(db).await)?;
    let months: Vec<Period> = closed.iter().rev().map(|(month, _)| Period::month_of(*month)).collect();
    let closed_at = closed.first().map(|(_, at)| *at);
    let next = months.last().map_or_else(|| open_month(now), |month| month.next());
    let mut figures = Vec::new();
    if let Some(first) = months.first() {
        let since = first.widened(Span::Year).first_day();
        let rows: Vec<CellRow> = on!(conn, db => sqlx::query_as(CELLS).bind(HOURS).bind(since).fetch_all(db).await)?;
        let rows = rows.into_iter().map(figure).collect::<Result<Vec<Figure>>>()?;
        figures = rows.into_iter().filter(|f| f.cell.period.closed_on() > first.first_day()).collect();
    }
    Ok(PeopleMeasures { months, closed_at, next: (next, closes_on(next)), teams, figures })
}

/// Where nothing was closed yet: the earliest month that is not due.
fn open_month(now: DateTime<Utc>) -> Period {
    let current = Period::month_of(now.date_naive());
    let before = current.previous();
    if closes_on(before) > now.date_naive() { before } else { current }
}

fn figure(row: CellRow) -> Result<Figure> {
    let corrupt = |column| StoreError::Corrupt { table: "released_cells", column };
    let value = if row.suppressed.is_empty() {
        let minutes: BandMinutes = serde_json::from_str(&row.value_json).map_err(|_| corrupt("value_json"))?;
        let people = row.people.and_then(|n| usize::try_from(n).ok()).ok_or(corrupt("people"))?;
        Ok(Released { people, minutes })
    } else {
        let reasons = [Reason::TooFew, Reason::WouldIsolate];
        Err(reasons.into_iter().find(|r| slug(*r) == row.suppressed).ok_or(corrupt("suppressed"))?)
    };
    Ok(Figure { cell: cell(&row.period_kind, row.period_start, &row.unit)?, value })
}
