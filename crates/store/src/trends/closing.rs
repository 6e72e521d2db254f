//! Closing a month: what people gave is summed once, cut to groups that stay hidden, and kept. See docs/decisions/0010.

use super::hours::month_on_own_clock;
use super::{cells, compare, completeness, counted, experts, hours, nights, spread, support};
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, audit, interviews, settings};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::trends::{Contribution, Given, MinGroup, Period, Span, release};
use domain::{PersonId, TeamId, walltime};
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A month closes this many days after its end, so that one-on-ones about its last incidents are counted with it.
pub const DAYS_FOR_LATE_ANSWERS: u64 = 7;
/// What is told later than this many months after it was is no longer counted anywhere.
pub(super) const LATE_MONTHS: usize = 3;

/// The day (UTC) on which a month closes: the eighth of the next one.
pub fn closes_on(month: Period) -> NaiveDate {
    month.closed_on().checked_add_days(Days::new(DAYS_FOR_LATE_ANSWERS)).unwrap_or(NaiveDate::MAX)
}

const LATEST: &str = "select max(month) from closed_months";
const MARK_CLOSED: &str = "insert into closed_months (month, closed_at) values ($1, $2) on conflict (month) do nothing";
const TEAMS: &str = "select id from teams order by id";

/// The month that closes, and the year that it lies in.
#[derive(Clone, Copy)]
pub(super) struct Months {
    pub(super) closing: Period,
    pub(super) year: Period,
}

impl Months {
    /// The month that lies so many before the one that closes.
    pub(super) fn back(self, months: usize) -> Period {
        std::iter::successors(Some(self.closing), |m| Some(m.previous())).nth(months).unwrap_or(self.closing)
    }

    /// The quarter that closes with this month, if one does.
    pub(super) fn quarter(self) -> Option<Period> {
        let quarter = self.closing.widened(Span::Quarter);
        (quarter.closed_on() == self.closing.closed_on()).then_some(quarter)
    }

    /// The earliest month of which something told now still counts.
    pub(super) fn earliest(self) -> Period {
        self.back(LATE_MONTHS)
    }
}

/// Closes every month that is due, in order, each in a transaction of its own. Answers those that were closed.
///
/// # Errors
/// What the database said; months closed before stay closed.
pub async fn close_months(store: &Store, now: DateTime<Utc>) -> Result<Vec<Period>> {
    let mut closed = Vec::new();
    while let Some(month) = due(store, now).await? {
        // What people told of a month is read from all that was told: nobody waits for it, and it may take its time.
        let mut conn = store.bulk().await?;
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
    let mut conn = store.snapshot().await?;
    let latest: Option<NaiveDate> = on!(conn, db => sqlx::query_scalar(LATEST).fetch_one(db).await)?;
    let month = match latest {
        Some(latest) => Some(Period::month_of(latest).next()),
        None => first(&mut conn).await?,
    };
    Ok(month.filter(|month| closes_on(*month) <= now.date_naive()))
}

/// The month of the earliest thing that was told.
async fn first(conn: &mut Conn) -> Result<Option<Period>> {
    let session = interviews::earliest_session(conn).await?;
    let session = session.map(|(at, zone)| Ok::<_, StoreError>(month_on_own_clock(at, walltime::parse_zone(&zone)?)));
    let support = interviews::earliest_support(conn).await?.map(|at| Period::month_of(at.date_naive()));
    Ok(session.transpose()?.into_iter().chain(support).min())
}

async fn close(conn: &mut Conn, month: Period, now: DateTime<Utc>) -> Result<()> {
    let months = Months { closing: month, year: month.widened(Span::Year) };
    let teams: Vec<Uuid> = on!(conn, db => sqlx::query_scalar(TEAMS).fetch_all(db).await)?;
    let teams: Vec<TeamId> = teams.into_iter().map(TeamId).collect();
    for told in counted::take(conn, months).await? {
        hours::add(conn, months, &told).await?;
        nights::add(conn, months, &told).await?;
    }
    let given = hours::given(conn, months).await?;
    publish(conn, hours::MEASURE, months, &teams, &given, now).await?;
    compare::decide(conn, hours::MEASURE, months, &given).await?;
    let given = nights::given(conn, months).await?;
    publish(conn, nights::MEASURE, months, &[], &given, now).await?;
    compare::decide(conn, nights::MEASURE, months, &given).await?;
    let given = support::gather(conn, months).await?;
    publish(conn, support::MEASURE, months, &[], &given, now).await?;
    completeness::close(conn, months, now).await?;
    if let Some(quarter) = months.quarter() {
        let eligible = spread::eligible(conn, quarter).await?;
        spread::close(conn, quarter, &teams, &eligible, now).await?;
        experts::close(conn, quarter, &eligible).await?;
    }
    counted::forget(conn, months).await?;
    audit::note(conn, now, None, "month.close", &month.to_string(), None).await
}

/// Decides and keeps the cells of one measure.
async fn publish<G: Given>(
    conn: &mut Conn,
    measure: &str,
    months: Months,
    teams: &[TeamId],
    given: &BTreeMap<Period, Vec<Contribution<G>>>,
    now: DateTime<Utc>,
) -> Result<()>
where
    G::Told: Serialize + DeserializeOwned,
{
    let published = cells::published::<G>(conn, measure, months.year.first_day()).await?;
    let k = MinGroup::new(settings::smallest_group(conn).await?);
    for outcome in release(months.closing, teams, given, &published, k) {
        cells::add(conn, measure, &outcome, k, now).await?;
    }
    Ok(())
}

/// Stands for a person within one year, so that the audit can tell who contributed twice. It does not lead back to them without the
/// instance key, and another year has another one.
pub(super) fn subject(conn: &Conn, year: Period, person: PersonId) -> Uuid {
    keyed(conn, "month subject", &[year.to_string().as_bytes(), person.0.as_bytes()])
}

/// A keyed hash of these parts, of a purpose of its own.
pub(super) fn keyed(conn: &Conn, purpose: &str, parts: &[&[u8]]) -> Uuid {
    let key = conn.keys.derived(purpose);
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key.as_slice()).expect("any length");
    parts.iter().for_each(|part| mac.update(part));
    let mut half = [0; 16];
    half.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    Uuid::from_bytes(half)
}
