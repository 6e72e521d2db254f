//! People measures as everybody with trends sees them: what was released when each period closed, and what was not, with why.

use super::cells::{self, Beside, Figure};
use super::closing::closes_on;
use super::experts::{self, SecondExpert};
use super::{completeness, hours, nights, spread, support};
use crate::db::{Conn, on};
use crate::standing::check_global;
use crate::{Result, Store, people, settings};
use chrono::{DateTime, NaiveDate, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::trends::{
    Against, Cell, Completeness, Given, Hours, MinGroup, NightCounts, Nights, Period, Reason, Released, Span, Spread, Support,
    Unit,
};
use domain::walltime::BandMinutes;
use serde::de::DeserializeOwned;

/// How many closed months the page looks back over.
const LOOK_BACK: usize = 12;

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
    /// Hours: the cells of these months and of the quarters and years that they lie in.
    pub hours: Measure<Hours>,
    /// How complete the hours of each month are, of the organisation alone.
    pub completeness: Measure<Completeness>,
    /// Broken nights and short rests, of the organisation alone.
    pub nights: Measure<Nights>,
    /// Support, of the organisation alone.
    pub support: Measure<Support>,
    /// How the hours of closed quarters are spread: of teams, and of the organisation in quarters in which no team is told of.
    pub spread: Measure<Spread>,
    /// The quarter that closed last, and the services that need a second expert as of it.
    pub second_experts: Option<(Period, Vec<SecondExpert>)>,
    /// What an hour of work costs, where an administrator chose a rate for the whole organisation.
    pub rate: Option<i64>,
}

/// The cells of one measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure<T> {
    /// Every cell that was decided, hidden ones too.
    pub figures: Vec<Figure<T>>,
    /// The same of the months before these, as far back as a figure may stand beside an earlier one.
    pub earlier: Vec<Figure<T>>,
}

impl<T: Copy> Measure<T> {
    /// What became of one cell; `None` where nothing was decided (its period is still open, or shorter ones cover it).
    pub fn figure(&self, unit: Unit, period: Period) -> Option<&std::result::Result<Released<T>, Reason>> {
        self.figures.iter().find(|f| f.cell == Cell { unit, period }).map(|f| &f.value)
    }

    /// What a figure of this cell may stand beside: the verdict, and the earlier figure if it is shown.
    pub fn beside(&self, cell: Cell, against: Against) -> (Beside, Option<Released<T>>) {
        let verdict = self.figures.iter().find(|f| f.cell == cell).map_or(Beside::Nothing, |f| f.beside(against));
        let then = Cell { period: against.of(cell.period), ..cell };
        let earlier = self.earlier.iter().chain(&self.figures).find(|f| f.cell == then);
        (verdict, earlier.and_then(|f| f.value.ok()))
    }

    /// The latest figure about a unit that is shown: of the month that closed last, else of an earlier or longer period.
    pub fn latest(&self, unit: Unit) -> Option<(Period, Released<T>)> {
        self.latest_that(unit, |_| true)
    }

    /// The latest one that tells something, where not every figure does.
    pub fn latest_that(&self, unit: Unit, tells: impl Fn(&T) -> bool) -> Option<(Period, Released<T>)> {
        let shown = self.figures.iter().filter(|f| f.cell.unit == unit);
        shown
            .filter_map(|f| f.value.ok().map(|released| (f.cell.period, released)))
            .filter(|(_, released)| tells(&released.given))
            .max_by_key(|(period, _)| (period.closed_on(), std::cmp::Reverse(period.span())))
    }
}

const CLOSED: &str = "select month, closed_at from closed_months order by month desc limit $1";
/// The released people measures of the last closed months: the same for everybody who sees trends, whatever they filter.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for who does not see trends.
pub async fn released(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<PeopleMeasures> {
    check_global(Right::SeeTrends, viewer)?;
    let teams = people::teams(store).await?;
    let mut conn = store.read().await?;
    let look_back = i64::try_from(LOOK_BACK).unwrap_or(i64::MAX);
    let closed: Vec<(NaiveDate, DateTime<Utc>)> = on!(conn, db => sqlx::query_as(CLOSED).bind(look_back).fetch_all(db).await)?;
    let months: Vec<Period> = closed.iter().rev().map(|(month, _)| Period::month_of(*month)).collect();
    let closed_at = closed.first().map(|(_, at)| *at);
    let next = months.last().map_or_else(|| open_month(now), |month| month.next());
    let k = MinGroup::new(settings::smallest_group(&mut conn).await?);
    let hours = measure::<BandMinutes>(&mut conn, hours::MEASURE, months.first(), k).await?;
    let nights = measure::<NightCounts>(&mut conn, nights::MEASURE, months.first(), k).await?;
    let support = measure::<Support>(&mut conn, support::MEASURE, months.first(), k).await?;
    let spread = match months.first() {
        Some(first) => spread::figures(&mut conn, first.widened(Span::Quarter).first_day(), k).await?,
        None => Vec::new(),
    };
    let spread = Measure { figures: spread, earlier: Vec::new() };
    let second_experts = experts::shown(&mut conn, k).await?;
    let completeness = match months.first() {
        Some(first) => completeness::figures(&mut conn, first.first_day(), k).await?,
        None => Vec::new(),
    };
    let completeness = Measure { figures: completeness, earlier: Vec::new() };
    Ok(PeopleMeasures {
        months,
        closed_at,
        next: (next, closes_on(next)),
        teams,
        hours,
        completeness,
        nights,
        support,
        spread,
        second_experts,
        rate: settings::triage_rate(&mut conn).await?,
    })
}

/// The cells of a measure that reach into these months; none where nothing closed yet.
async fn measure<G: Given>(conn: &mut Conn, measure: &str, first: Option<&Period>, k: MinGroup) -> Result<Measure<G::Told>>
where
    G::Told: DeserializeOwned,
{
    let Some(first) = first else { return Ok(Measure { figures: Vec::new(), earlier: Vec::new() }) };
    let since = first.widened(Span::Year).previous().first_day();
    let figures = cells::figures::<G>(conn, measure, since, k).await?;
    let (figures, earlier) = figures.into_iter().partition(|f| f.cell.period.closed_on() > first.first_day());
    Ok(Measure { figures, earlier })
}

/// Where nothing was closed yet: the earliest month that is not due.
fn open_month(now: DateTime<Utc>) -> Period {
    let current = Period::month_of(now.date_naive());
    let before = current.previous();
    if closes_on(before) > now.date_naive() { before } else { current }
}
