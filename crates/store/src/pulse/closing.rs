//! Closing a quarter of the pulse: its figures are decided once, its sums and marks go, and what is told is for everybody who sees trends.

use super::{marks, quarter_of, sums};
use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::trends::closes_on;
use crate::{Result, Store, StoreError, audit, people, settings};
use chrono::{DateTime, NaiveDate, Utc};
use domain::TeamId;
use domain::people::Viewer;
use domain::pulse::{Figure, Goals, Item, Part, Rate, figures, rate};
use domain::rights::Right;
use domain::trends::{MinGroup, Period, Unit};
use uuid::Uuid;

/// What a closed quarter tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarter {
    /// Which.
    pub period: Period,
    /// How many took part, where that may be told.
    pub rate: Option<Rate>,
    /// The figures, by item, the organisation before its teams.
    pub figures: Vec<Figure>,
}

impl Quarter {
    /// The figure of an item about a unit, if it is told.
    pub fn figure(&self, item: Item, unit: Unit) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.item == item && figure.unit == unit)
    }
}

/// What is told of the pulse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// It is asked now.
    pub on: bool,
    /// Objectives.
    pub goals: Goals,
    /// The quarter that is open, and the day (UTC) on which it closes.
    pub next: (Period, NaiveDate),
    /// Closed quarters, the latest first.
    pub quarters: Vec<Quarter>,
    /// Teams, by name.
    pub teams: Vec<people::Team>,
    /// Smallest group that figures are told of; some items ask for more.
    pub smallest: usize,
}

/// Quarters shown at most: two years.
const SHOWN: i64 = 8;

const DUE: &str = "select min(quarter) from pulse_quarters where closed_at is null";
const TEAMS: &str = "select id from teams order by id";
const INVITED: &str = "
select count(*) from people
where deactivated_at is null and email is not null and (is_member or is_leadership or is_administrator)";
const CLOSE: &str = "
update pulse_quarters set sealed = null, answered = $2, invited = $3, closed_at = $4 where quarter = $1 and closed_at is null";
const FORGET: &str = "delete from pulse_marks where quarter = $1";
const ADD: &str = "
insert into pulse_figures (quarter, item, team_id, counted_as, people, share, first_part, second_part, third_part)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const QUARTERS: &str = "
select quarter, answered, invited from pulse_quarters where closed_at is not null order by quarter desc limit $1";
const FIGURES: &str = "
select quarter, item, team_id, people, share, first_part, second_part, third_part
from pulse_figures where quarter >= $1";

/// Closes every quarter that is due: on the eighth after its last month, as months close. Answers those that were closed.
///
/// # Errors
/// What the database said; quarters closed before stay closed.
pub async fn close_quarters(store: &Store, now: DateTime<Utc>) -> Result<Vec<Period>> {
    let mut closed = Vec::new();
    loop {
        let due: Option<NaiveDate> = {
            let mut conn = store.read().await?;
            on!(conn, db => sqlx::query_scalar(DUE).fetch_one(db).await)?
        };
        let Some(quarter) = due.map(quarter_of).filter(|quarter| closes(*quarter) <= now.date_naive()) else { break };
        let mut conn = store.write().await?;
        audit::take_turn(&mut conn).await?;
        if close(&mut conn, quarter, now).await? {
            closed.push(quarter);
        }
        conn.commit().await?;
    }
    if !closed.is_empty() {
        crate::owndata::leave_no_trace(store).await;
    }
    Ok(closed)
}

/// The day (UTC) on which a quarter closes.
fn closes(quarter: Period) -> NaiveDate {
    closes_on(quarter.months().last().unwrap_or(quarter))
}

/// Whether this process was the one that closed it.
async fn close(conn: &mut Conn, quarter: Period, now: DateTime<Utc>) -> Result<bool> {
    let Some(sums) = sums::find(conn, quarter).await? else { return Ok(false) };
    let teams: Vec<Uuid> = on!(conn, db => sqlx::query_scalar(TEAMS).fetch_all(db).await)?;
    let teams: Vec<TeamId> = teams.into_iter().map(TeamId).collect();
    let k = MinGroup::new(settings::smallest_group(conn).await?);
    for figure in figures(quarter, &sums, &teams, k) {
        add(conn, quarter, &figure).await?;
    }
    let invited: i64 = on!(conn, db => sqlx::query_scalar(INVITED).fetch_one(db).await)?;
    let answered = marks::people(conn, quarter).await?;
    let rate = rate(answered, u32::try_from(invited).unwrap_or(u32::MAX), k);
    let (answered, invited) = rate.map(|rate| (i64::from(rate.answered), i64::from(rate.invited))).unzip();
    run!(conn, sqlx::query(CLOSE).bind(quarter.first_day()).bind(answered).bind(invited).bind(now))?;
    run!(conn, sqlx::query(FORGET).bind(quarter.first_day()))?;
    audit::note(conn, now, None, "pulse.close", &quarter.to_string(), None).await?;
    Ok(true)
}

async fn add(conn: &mut Conn, quarter: Period, figure: &Figure) -> Result<()> {
    let team = match figure.unit {
        Unit::Organisation => None,
        Unit::Team(team) => Some(team.0),
    };
    let [first, second, third] = figure.parts.map(Part::word);
    run!(
        conn,
        sqlx::query(ADD)
            .bind(quarter.first_day())
            .bind(figure.item.slug())
            .bind(team)
            .bind(team.unwrap_or(Uuid::nil()))
            .bind(i64::from(figure.people))
            .bind(i64::from(figure.share))
            .bind(first)
            .bind(second)
            .bind(third)
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct FigureRow {
    quarter: NaiveDate,
    item: String,
    team_id: Option<Uuid>,
    people: i64,
    share: i64,
    first_part: String,
    second_part: String,
    third_part: String,
}

impl FigureRow {
    fn figure(self) -> Result<Figure> {
        let corrupt = |column| StoreError::Corrupt { table: "pulse_figures", column };
        let part = |word: &str| Part::from_word(word).ok_or(corrupt("parts"));
        Ok(Figure {
            item: Item::from_slug(&self.item).ok_or(corrupt("item"))?,
            unit: self.team_id.map_or(Unit::Organisation, |team| Unit::Team(TeamId(team))),
            people: u32::try_from(self.people).map_err(|_| corrupt("people"))?,
            share: u32::try_from(self.share).map_err(|_| corrupt("share"))?,
            parts: [part(&self.first_part)?, part(&self.second_part)?, part(&self.third_part)?],
        })
    }
}

/// What closed quarters tell, the same for everybody who sees trends. The smallest group is asked for again: raising it hides earlier figures of
/// fewer people.
///
/// # Errors
/// [`StoreError::NotFound`] for who does not see trends.
pub async fn released(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Released> {
    check_global(Right::SeeTrends, viewer)?;
    let teams = people::teams(store).await?;
    let mut conn = store.read().await?;
    let chosen = settings::chosen_pulse(&mut conn).await?;
    let smallest = settings::smallest_group(&mut conn).await?;
    let rows: Vec<(NaiveDate, Option<i64>, Option<i64>)> =
        on!(conn, db => sqlx::query_as(QUARTERS).bind(SHOWN).fetch_all(db).await)?;
    let since = rows.last().map_or(NaiveDate::MIN, |(quarter, ..)| *quarter);
    let figures: Vec<FigureRow> = match rows.is_empty() {
        true => Vec::new(),
        false => on!(conn, db => sqlx::query_as(FIGURES).bind(since).fetch_all(db).await)?,
    };
    let mut quarters: Vec<Quarter> = rows
        .into_iter()
        .map(|(quarter, answered, invited)| {
            let count = |n: Option<i64>| n.and_then(|n| u32::try_from(n).ok());
            let told = count(answered).zip(count(invited));
            let rate = told.and_then(|(answered, invited)| rate(answered, invited, MinGroup::new(smallest)));
            Quarter { period: quarter_of(quarter), rate, figures: Vec::new() }
        })
        .collect();
    for row in figures {
        let period = quarter_of(row.quarter);
        let figure = row.figure()?;
        let enough = usize::try_from(figure.people).is_ok_and(|people| people >= smallest);
        if let Some(quarter) = quarters.iter_mut().find(|quarter| quarter.period == period && enough) {
            quarter.figures.push(figure);
        }
    }
    quarters.iter_mut().for_each(|quarter| quarter.figures.sort_by_key(|figure| (figure.item, figure.unit)));
    let open = super::Turn::at(now).quarter;
    let waiting = open.previous();
    let next = if closes(waiting) > now.date_naive() { waiting } else { open };
    Ok(Released { on: chosen.on, goals: chosen.goals, next: (next, closes(next)), quarters, teams, smallest })
}
