//! The released figures in the database: one row a cell, the same for every measure.

use crate::db::{Conn, on, run};
use crate::{Result, StoreError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::trends::{Against, Cell, Given, MinGroup, Outcome, Period, Reason, Released, Shown, Span, Unit};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The unit of everybody, as stored beside the ids of teams.
const ORGANISATION: &str = "organisation";

const PUBLISHED: &str = "
select period_kind, period_start, unit, value_json from released_cells
where measure = $1 and suppressed = '' and period_start >= $2";
// A cell that was hidden when its month was closed alone is decided again with its quarter, never twice for the same period.
const ADD: &str = "
insert into released_cells (measure, period_kind, period_start, unit, people, value_json, suppressed, released_at, smallest)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const CELLS: &str = "
select period_kind, period_start, unit, people, value_json, suppressed, smallest, beside_before, beside_year
from released_cells where measure = $1 and period_start >= $2
order by period_start, period_kind, unit";

/// What is asked, for the tests that look at plans.
pub(super) const STATEMENTS: [(&str, &str); 2] = [("cells PUBLISHED", PUBLISHED), ("cells CELLS", CELLS)];

/// One cell of the fixed partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure<T> {
    /// Whom and when.
    pub cell: Cell,
    /// The figure, or why there is none.
    pub value: std::result::Result<Released<T>, Reason>,
    /// Whether it may stand beside the period before, and beside the same one a year before.
    pub beside: [Beside; 2],
}

impl<T> Figure<T> {
    /// Whether it may stand beside this earlier figure.
    pub fn beside(&self, against: Against) -> Beside {
        self.beside[against as usize]
    }
}

/// Whether a figure may stand beside an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// There was no earlier figure when it was decided, or it was not known who stood behind it.
    Nothing,
    /// Its group had changed by too few people.
    Refused,
    /// In this one of the measure's ways, or a coarser one.
    Way(usize),
}

impl Beside {
    fn read(stored: Option<i64>) -> Self {
        stored.map_or(Self::Nothing, |way| usize::try_from(way).map_or(Self::Refused, Self::Way))
    }
}

#[derive(sqlx::FromRow)]
struct CellRow {
    period_kind: String,
    period_start: NaiveDate,
    unit: String,
    people: Option<i64>,
    value_json: String,
    suppressed: String,
    smallest: i64,
    beside_before: Option<i64>,
    beside_year: Option<i64>,
}

impl CellRow {
    /// What it may stand beside, as it was decided.
    fn beside(&self) -> [Beside; 2] {
        [self.beside_before, self.beside_year].map(Beside::read)
    }
}

/// The figures of a measure that were released from this day on: where, and how finely they tell.
pub(super) async fn published<G: Given>(conn: &mut Conn, measure: &str, since: NaiveDate) -> Result<Vec<Shown>>
where
    G::Told: DeserializeOwned,
{
    let rows: Vec<(String, NaiveDate, String, String)> =
        on!(conn, db => sqlx::query_as(PUBLISHED).bind(measure).bind(since).fetch_all(db).await)?;
    let shown = |(kind, start, unit, value): &(String, NaiveDate, String, String)| {
        Ok(Shown { cell: cell(kind, *start, unit)?, way: G::way(&read(value)?) })
    };
    rows.iter().map(shown).collect()
}

/// All cells of a measure from this day on, the hidden ones too. A smallest group that was raised since holds for earlier figures as well: what
/// was released about fewer people is hidden like the rest, and of the others the sum is left, since how many stood behind each part is not kept.
pub(super) async fn figures<G: Given>(
    conn: &mut Conn,
    measure: &str,
    since: NaiveDate,
    k: MinGroup,
) -> Result<Vec<Figure<G::Told>>>
where
    G::Told: DeserializeOwned,
{
    let rows: Vec<CellRow> = on!(conn, db => sqlx::query_as(CELLS).bind(measure).bind(since).fetch_all(db).await)?;
    rows.into_iter().map(|row| figure::<G>(row, k)).collect()
}

/// All cells of a measure that is no sum of what people gave, as they were stored.
pub(super) async fn stored<T: DeserializeOwned>(conn: &mut Conn, measure: &str, since: NaiveDate) -> Result<Vec<Figure<T>>> {
    let rows: Vec<CellRow> = on!(conn, db => sqlx::query_as(CELLS).bind(measure).bind(since).fetch_all(db).await)?;
    let figure = |row: CellRow| {
        Ok(Figure { cell: cell(&row.period_kind, row.period_start, &row.unit)?, value: value(&row)?, beside: row.beside() })
    };
    rows.into_iter().map(figure).collect()
}

fn figure<G: Given>(row: CellRow, k: MinGroup) -> Result<Figure<G::Told>>
where
    G::Told: DeserializeOwned,
{
    let raised = usize::try_from(row.smallest).is_ok_and(|smallest| smallest < k.get());
    // A verdict holds for the smallest group that was asked for then.
    let beside = row.beside();
    let beside = if raised { beside.map(|b| if b == Beside::Nothing { b } else { Beside::Refused }) } else { beside };
    let value = match value::<G::Told>(&row)? {
        Ok(released) if released.people < k.get() => Err(Reason::TooFew),
        Ok(released) => Ok(Released { given: if raised { G::in_one(released.given) } else { released.given }, ..released }),
        Err(reason) => Err(reason),
    };
    Ok(Figure { cell: cell(&row.period_kind, row.period_start, &row.unit)?, value, beside })
}

/// What a row tells, or why it tells nothing.
fn value<T: DeserializeOwned>(row: &CellRow) -> Result<std::result::Result<Released<T>, Reason>> {
    let corrupt = |column| StoreError::Corrupt { table: "released_cells", column };
    if row.suppressed.is_empty() {
        let people = row.people.and_then(|n| usize::try_from(n).ok()).ok_or(corrupt("people"))?;
        return Ok(Ok(Released { people, given: read(&row.value_json)? }));
    }
    let reasons = [Reason::TooFew, Reason::WouldIsolate];
    Ok(Err(reasons.into_iter().find(|r| slug(*r) == row.suppressed).ok_or(corrupt("suppressed"))?))
}

/// A stored figure.
fn read<T: DeserializeOwned>(value: &str) -> Result<T> {
    serde_json::from_str(value).map_err(|_| StoreError::Corrupt { table: "released_cells", column: "value_json" })
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

/// A unit as stored.
pub(super) fn unit_name(unit: Unit) -> String {
    match unit {
        Unit::Organisation => ORGANISATION.to_owned(),
        Unit::Team(team) => team.to_string(),
    }
}

/// Keeps what became of one cell, where groups of `k` were asked for.
pub(super) async fn add<T: Serialize>(
    conn: &mut Conn,
    measure: &str,
    outcome: &Outcome<T>,
    k: MinGroup,
    now: DateTime<Utc>,
) -> Result<()> {
    let Cell { unit, period } = outcome.cell;
    let (people, value, suppressed) = match &outcome.figure {
        Ok(released) => {
            let value = serde_json::to_string(&released.given)
                .map_err(|_| StoreError::Corrupt { table: "released_cells", column: "value_json" })?;
            (i64::try_from(released.people).ok(), value, "")
        }
        Err(reason) => (None, String::new(), slug(*reason)),
    };
    run!(
        conn,
        sqlx::query(ADD)
            .bind(measure)
            .bind(period.span().slug())
            .bind(period.first_day())
            .bind(unit_name(unit))
            .bind(people)
            .bind(value)
            .bind(suppressed)
            .bind(now)
            .bind(i64::try_from(k.get()).unwrap_or(i64::MAX))
    )?;
    Ok(())
}

/// A reason as stored.
fn slug(reason: Reason) -> &'static str {
    match reason {
        Reason::TooFew => "too-few",
        Reason::WouldIsolate => "would-isolate",
    }
}
