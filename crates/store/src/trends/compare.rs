//! What a figure about people may stand beside: decided when its month closes, from who gave to which kinds, and kept with the figure.

use super::cells;
use super::closing::{Months, subject};
use crate::db::{Conn, on, run};
use crate::{Result, StoreError, settings};
use chrono::NaiveDate;
use domain::trends::{Against, Cell, Contribution, Given, Member, MinGroup, Period, Shown, Verdict, compare};
use domain::{PersonId, TeamId};
use hmac::{Hmac, Mac};
use serde::de::DeserializeOwned;
use sha2::Sha256;
use std::collections::BTreeMap;
use uuid::Uuid;

const PEOPLE: &str = "select id from people order by id";
const ADD: &str = "insert into month_members (measure, month, member, team, kinds) values ($1, $2, $3, $4, $5)";
const MEMBERS: &str = "select month, member, team, kinds from month_members where measure = $1 order by month, member, team";
// A year before is as far as a figure looks back.
const FORGET: &str = "delete from month_members where measure = $1 and month < $2";
const DECIDED: &str = "
select period_kind, period_start, unit, beside_before, beside_year from released_cells
where measure = $1 and period_start >= $2 and suppressed = '' and (beside_before is not null or beside_year is not null)
order by period_start, period_kind, unit";
const BESIDE_BEFORE: &str = "
update released_cells set beside_before = $5 where measure = $1 and period_kind = $2 and period_start = $3 and unit = $4";
const BESIDE_YEAR: &str = "
update released_cells set beside_year = $5 where measure = $1 and period_kind = $2 and period_start = $3 and unit = $4";

/// Where a figure must not stand beside the earlier one, as stored.
const REFUSED: i64 = -1;

/// Decides what the figures of the month that closes, and of longer periods that close with it, may stand beside.
pub(super) async fn decide<G: Given>(
    conn: &mut Conn,
    measure: &str,
    months: Months,
    given: &BTreeMap<Period, Vec<Contribution<G>>>,
) -> Result<()>
where
    G::Told: DeserializeOwned,
{
    let since = months.year.previous().first_day();
    run!(conn, sqlx::query(FORGET).bind(measure).bind(since))?;
    enrol(conn, measure, months, given.get(&months.closing).map_or(&[][..], Vec::as_slice)).await?;
    let members = members(conn, measure, months.closing).await?;
    let shown = cells::published::<G>(conn, measure, since).await?;
    let closed = |shown: &&Shown| shown.cell.period.closed_on() == months.closing.closed_on();
    let mut new: Vec<Shown> = shown.iter().filter(closed).copied().collect();
    // As they were released: the organisation before the teams, shorter periods before longer ones.
    new.sort_by_key(|shown| (shown.cell.period.span(), shown.cell.unit));
    let told = decided(conn, measure, since).await?;
    let k = MinGroup::new(settings::smallest_group(conn).await?);
    for verdict in compare::<G>(&new, &shown, &members, &told, k) {
        keep(conn, measure, verdict).await?;
    }
    Ok(())
}

/// Writes down who gave to the month that closes.
async fn enrol<G: Given>(conn: &mut Conn, measure: &str, months: Months, given: &[Contribution<G>]) -> Result<()> {
    let people: Vec<Uuid> = on!(conn, db => sqlx::query_scalar(PEOPLE).fetch_all(db).await)?;
    let people: BTreeMap<Uuid, PersonId> =
        people.into_iter().map(|id| (subject(conn, months.year, PersonId(id)), PersonId(id))).collect();
    let mut members: BTreeMap<(Uuid, Option<TeamId>), u32> = BTreeMap::new();
    for contribution in given {
        // Whoever gave this month is there: the month closes in the transaction that read what they told.
        let person = people.get(&contribution.person).map_or(contribution.person, |person| member(conn, *person));
        let Member { team, atoms, .. } = Member::of(contribution, person);
        if atoms != 0 {
            *members.entry((person, team)).or_default() |= atoms;
        }
    }
    for ((person, team), kinds) in members {
        run!(
            conn,
            sqlx::query(ADD)
                .bind(measure)
                .bind(months.closing.first_day())
                .bind(person.as_bytes().as_slice())
                .bind(team.map(|team| team.to_string()).unwrap_or_default())
                .bind(i64::from(kinds))
        )?;
    }
    Ok(())
}

/// Who gave, by month, from the first month that is kept to the one that closes.
async fn members(conn: &mut Conn, measure: &str, closing: Period) -> Result<BTreeMap<Period, Vec<Member>>> {
    let rows: Vec<(NaiveDate, Vec<u8>, String, i64)> =
        on!(conn, db => sqlx::query_as(MEMBERS).bind(measure).fetch_all(db).await)?;
    let corrupt = |column| StoreError::Corrupt { table: "month_members", column };
    // Also where nobody gave to it.
    let mut by_month = BTreeMap::from([(closing, Vec::new())]);
    for (month, member, team, kinds) in rows {
        let person = Uuid::from_slice(&member).map_err(|_| corrupt("member"))?;
        let team = (!team.is_empty()).then(|| team.parse().map(TeamId)).transpose().map_err(|_| corrupt("team"))?;
        let atoms = u32::try_from(kinds).map_err(|_| corrupt("kinds"))?;
        by_month.entry(Period::month_of(month)).or_insert_with(Vec::new).push(Member { person, team, atoms });
    }
    Ok(by_month)
}

/// The verdicts so far.
async fn decided(conn: &mut Conn, measure: &str, since: NaiveDate) -> Result<Vec<Verdict>> {
    type Row = (String, NaiveDate, String, Option<i64>, Option<i64>);
    let rows: Vec<Row> = on!(conn, db => sqlx::query_as(DECIDED).bind(measure).bind(since).fetch_all(db).await)?;
    let mut verdicts = Vec::new();
    for (kind, start, unit, before, year) in rows {
        let cell = cells::cell(&kind, start, &unit)?;
        for (against, stored) in Against::ALL.into_iter().zip([before, year]) {
            verdicts.extend(stored.map(|stored| Verdict { cell, against, way: usize::try_from(stored).ok() }));
        }
    }
    Ok(verdicts)
}

async fn keep(conn: &mut Conn, measure: &str, Verdict { cell, against, way }: Verdict) -> Result<()> {
    let statement = match against {
        Against::Before => BESIDE_BEFORE,
        Against::YearBefore => BESIDE_YEAR,
    };
    let Cell { unit, period } = cell;
    run!(
        conn,
        sqlx::query(statement)
            .bind(measure)
            .bind(period.span().slug())
            .bind(period.first_day())
            .bind(cells::unit_name(unit))
            .bind(way.and_then(|way| i64::try_from(way).ok()).unwrap_or(REFUSED))
    )?;
    Ok(())
}

/// Stands for a person over the years, so that it can be told whether a group is the same as a year before. A key of its own: with that of
/// the contributions it has nothing in common, and neither leads to a person without the instance key.
fn member(conn: &Conn, person: PersonId) -> Uuid {
    let key = conn.keys.derived("month member");
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key.as_slice()).expect("any length");
    mac.update(person.0.as_bytes());
    let mut half = [0; 16];
    half.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    Uuid::from_bytes(half)
}
