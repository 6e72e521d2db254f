//! Work that the clock asks for: closing months for people measures, the daily backup, emptying the trash.

use crate::operations::backup;
use app::site::Site;
use chrono::{DateTime, Utc};
use std::time::Duration;
use store::operations::{JobRun, note_job};

/// How often the clock is asked.
const EVERY: Duration = Duration::from_secs(15 * 60);
/// A service that has just started serves first, and backs up then.
const SETTLE: Duration = Duration::from_secs(10);

/// Runs the jobs until the process ends. Each is written so that running it twice, or in two processes, changes nothing.
pub async fn run(site: Site, backups: Option<backup::Plan>) {
    let mut settled = false;
    loop {
        let now = (site.clock)();
        let closed = store::trends::close_months(&site.store, now).await;
        noted(&site, "close months", closed.map(|_| "Months that are over are closed.".to_owned())).await;
        if !std::mem::replace(&mut settled, true) {
            tokio::time::sleep(SETTLE).await;
        }
        if let Some(plan) = &backups {
            match backup::if_due(&site.store, plan, (site.clock)()).await {
                Ok(None) => {}
                Ok(Some(made)) => noted(&site, "backup", Ok::<_, String>(made.said)).await,
                Err(sentence) => noted(&site, "backup", Err(sentence)).await,
            }
        }
        empty_trash(&site, now).await;
        tokio::time::sleep(EVERY).await;
    }
}

/// Remembers how a job went, for administrators; what went wrong is logged, too.
async fn noted(site: &Site, name: &str, outcome: Result<String, impl std::fmt::Display>) {
    let well = outcome.is_ok();
    let said = outcome.unwrap_or_else(|error| error.to_string());
    if !well {
        tracing::warn!(job = name, error = said, "a job did not work; it is tried again");
    }
    if let Err(error) = note_job(&site.store, name, &JobRun { at: (site.clock)(), well, said }).await {
        tracing::warn!(job = name, %error, "a job's run was not noted");
    }
}

/// Removes for good what has been in the trash for its time.
async fn empty_trash(site: &Site, now: DateTime<Utc>) {
    let emptied = store::trash::empty(&site.store, now).await;
    let said = emptied.map(|emptied| match (emptied.incidents, emptied.log_is_clean) {
        (0, _) => "Nothing had been in the trash for its time.".to_owned(),
        (n, true) => format!("{n} deleted for good."),
        (n, false) => format!("{n} deleted for good; the log is cleaned at the next turn."),
    });
    noted(site, "empty the trash", said).await;
}
