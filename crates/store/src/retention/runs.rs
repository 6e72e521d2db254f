//! What administrators see: the periods and the last runs, in counts.

use super::told::told;
use crate::db::on;
use crate::standing::check_global;
use crate::{Result, Store, StoreError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::people::Viewer;
use domain::retention::{Counts, Periods};
use domain::rights::Right;

/// Retention as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// How long each kind is kept.
    pub periods: Periods,
    /// Since when these periods are known: no answer goes sooner than a week after it.
    pub told_since: NaiveDate,
    /// The last runs, latest first.
    pub runs: Vec<Run>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When it began.
    pub ran_at: DateTime<Utc>,
    /// It came to its end.
    pub finished: bool,
    /// It took nothing and only counted.
    pub dry: bool,
    /// What it took, or would have taken.
    pub counts: Counts,
}

const LATEST: &str = "
select ran_at, finished_at is not null as finished, dry, counts_json from retention_runs order by ran_at desc, id limit 30";

#[derive(sqlx::FromRow)]
struct RunRow {
    ran_at: DateTime<Utc>,
    finished: bool,
    dry: bool,
    counts_json: String,
}

/// The periods and the last thirty runs.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn overview(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Overview> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.read().await?;
    let (periods, told_since) = told(&mut conn, now).await?;
    let rows: Vec<RunRow> = on!(conn, db => sqlx::query_as(LATEST).fetch_all(db).await)?;
    let run = |r: RunRow| {
        let counts = serde_json::from_str(&r.counts_json)
            .map_err(|_| StoreError::Corrupt { table: "retention_runs", column: "counts_json" })?;
        Ok(Run { ran_at: r.ran_at, finished: r.finished, dry: r.dry, counts })
    };
    Ok(Overview { periods, told_since, runs: rows.into_iter().map(run).collect::<Result<_>>()? })
}
