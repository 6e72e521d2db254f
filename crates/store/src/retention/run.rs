//! The daily run and its rehearsal.

use super::told::{notice, told};
use crate::db::{Conn, on, run};
use crate::owndata::leave_no_trace;
use crate::standing::check_global;
use crate::timeline::hooks;
use crate::{Result, Store, StoreError, audit, interviews, random, reviews, sessions};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::AnswerId;
use domain::people::Viewer;
use domain::retention::{Counts, Kind, Periods, TOLD_DAYS, goes_on, older_than};
use domain::rights::Right;
use uuid::Uuid;

/// What a run would take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// If it ran now.
    pub now: Counts,
    /// What would have gone seven days from now, this included: what authors are told of today.
    pub within_a_week: Counts,
}

const CLAIM: &str = "
insert into retention_runs (id, day, ran_at, finished_at, dry, counts_json) values ($1, $2, $3, null, $4, '{}')
on conflict (day) do nothing";
const CLAIMED: &str = "select count(*) from retention_runs where day = $1";
const FINISH: &str = "update retention_runs set finished_at = $2, counts_json = $3 where id = $1";
const REHEARSED: &str = "
insert into retention_runs (id, day, ran_at, finished_at, dry, counts_json) values ($1, null, $2, $2, $3, $4)";
const COUNT_SESSIONS: &str = "select count(*) from sessions where expires_at < $1 or last_seen_at < $2";
const COUNT_TRIES: &str = "select count(*) from attempts where at < $1";
const REMOVE_SESSIONS: &str = "delete from sessions where expires_at < $1 or last_seen_at < $2";
const REMOVE_TRIES: &str = "delete from attempts where at < $1";

/// Runs the retention of today, once a day however often and by however many processes it is called; `None`: it has run, or is
/// running elsewhere. What a run that was cut short left is taken by the next day's.
///
/// # Errors
/// What the database said; what went before that stays gone.
pub async fn run_daily(store: &Store, now: DateTime<Utc>) -> Result<Option<Counts>> {
    let today = now.date_naive();
    let claimed: i64 = {
        let mut conn = store.read().await?;
        on!(conn, db => sqlx::query_scalar(CLAIMED).bind(today).fetch_one(db).await)?
    };
    if claimed > 0 {
        return Ok(None);
    }
    let id = random::id();
    let mut conn = store.bulk().await?;
    if run!(conn, sqlx::query(CLAIM).bind(id).bind(today).bind(now).bind(false))? == 0 {
        return Ok(None);
    }
    let (periods, since) = told(&mut conn, now).await?;
    notice(&mut conn, &periods, since).await?;
    conn.commit().await?;

    let mut counts = Counts::default();
    let mut after = AnswerId(Uuid::nil());
    // In parts, so that nobody who writes meanwhile waits long.
    while let Some(last) = answers(store, after, &periods, since, now, &mut counts).await? {
        after = last;
    }
    let mut conn = store.bulk().await?;
    sessions_and_tries(&mut conn, &periods, today, &mut counts).await?;
    hooks::forget_old(&mut conn, now).await?;
    reviews::forget_ended_shares(&mut conn, now).await?;
    counts.audit = audit::purge(&mut conn, older_than(today, periods.days(Kind::Audit)), now).await?;
    audit::note(&mut conn, now, None, "retention.run", &id.to_string(), None).await?;
    let told = json(&counts)?;
    run!(conn, sqlx::query(FINISH).bind(id).bind(now).bind(told))?;
    conn.commit().await?;
    leave_no_trace(store).await;
    Ok(Some(counts))
}

/// Takes the next part of the answers whose day has come. Answers the last one that was looked at.
async fn answers(
    store: &Store,
    after: AnswerId,
    periods: &Periods,
    since: NaiveDate,
    now: DateTime<Utc>,
    counts: &mut Counts,
) -> Result<Option<AnswerId>> {
    let today = now.date_naive();
    let mut conn = store.bulk().await?;
    let part = interviews::resting(&mut conn, after, older_than(today, periods.shortest_for_answers())).await?;
    let last = part.last().map(|resting| resting.answer.id);
    for resting in part {
        let Some((kind, day)) = goes_on(&resting.rule, periods, since) else { continue };
        if day <= today {
            interviews::forget_answer(&mut conn, &resting.answer, reviews::Standing::Stay, now).await?;
            counts.add(kind, 1);
        }
    }
    conn.commit().await?;
    Ok(last)
}

async fn sessions_and_tries(conn: &mut Conn, periods: &Periods, today: NaiveDate, counts: &mut Counts) -> Result<()> {
    let before = older_than(today, periods.days(Kind::Sessions));
    let gone = run!(conn, sqlx::query(REMOVE_SESSIONS).bind(before).bind(before - sessions::IDLE))?;
    let tries = run!(conn, sqlx::query(REMOVE_TRIES).bind(before))?;
    counts.sessions = i64::try_from(gone + tries).unwrap_or(i64::MAX);
    Ok(())
}

/// Says what a run would take and takes nothing; a line of it is kept for administrators. For the command on the host.
///
/// # Errors
/// What the database said.
pub async fn dry_run(store: &Store, now: DateTime<Utc>) -> Result<Plan> {
    let mut conn = store.snapshot().await?;
    let (periods, since) = told(&mut conn, now).await?;
    let today = now.date_naive();
    let plan = Plan {
        now: would_go(&mut conn, &periods, since, today).await?,
        within_a_week: would_go(&mut conn, &periods, since, today + Days::new(TOLD_DAYS)).await?,
    };
    drop(conn);
    let mut conn = store.write().await?;
    let told = json(&plan.now)?;
    run!(conn, sqlx::query(REHEARSED).bind(random::id()).bind(now).bind(true).bind(told))?;
    conn.commit().await?;
    Ok(plan)
}

/// The same for an administrator.
///
/// # Errors
/// [`StoreError::NotFound`] for everybody else.
pub async fn dry_run_now(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Plan> {
    check_global(Right::Administer, viewer)?;
    dry_run(store, now).await
}

async fn would_go(conn: &mut Conn, periods: &Periods, since: NaiveDate, today: NaiveDate) -> Result<Counts> {
    let mut counts = Counts::default();
    let mut after = AnswerId(Uuid::nil());
    loop {
        let part = interviews::resting(conn, after, older_than(today, periods.shortest_for_answers())).await?;
        let Some(last) = part.last() else { break };
        after = last.answer.id;
        for resting in &part {
            if let Some((kind, day)) = goes_on(&resting.rule, periods, since)
                && day <= today
            {
                counts.add(kind, 1);
            }
        }
    }
    let before = older_than(today, periods.days(Kind::Sessions));
    let old: i64 =
        on!(conn, db => sqlx::query_scalar(COUNT_SESSIONS).bind(before).bind(before - sessions::IDLE).fetch_one(db).await)?;
    let tries: i64 = on!(conn, db => sqlx::query_scalar(COUNT_TRIES).bind(before).fetch_one(db).await)?;
    counts.sessions = old + tries;
    let trail = audit::due(conn, older_than(today, periods.days(Kind::Audit))).await?;
    counts.audit = trail.map_or(0, |(_, count)| count);
    Ok(counts)
}

fn json(counts: &Counts) -> Result<String> {
    serde_json::to_string(counts).map_err(|_| StoreError::Corrupt { table: "retention_runs", column: "counts_json" })
}
