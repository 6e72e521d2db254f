//! Work that the clock asks for: closing months for people measures, the daily backup, emptying the trash, letters that are wished for, retention; and making
//! searchable what was there before there was such a search.

use crate::operations::backup;
use crate::process::Process;
use app::site::Site;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::time::Duration;
use store::operations::{JobRun, note_job};

/// How often the clock is asked.
const EVERY: Duration = Duration::from_secs(15 * 60);
/// A service that has just started serves first, and backs up then.
const SETTLE: Duration = Duration::from_secs(10);

/// After so many texts the log says how far it is.
const LOGGED: usize = 10_000;

/// Runs the jobs until the process ends. Each is written so that running it twice, or in two processes, changes nothing.
pub async fn run(site: Site, backups: Option<backup::Plan>, process: Arc<Process>) {
    tokio::join!(by_the_clock(&site, backups, &process), made_searchable(&site, &process));
}

/// Makes searchable what waits for it from before, beside everything else: in a large database it takes minutes.
async fn made_searchable(site: &Site, process: &Process) {
    loop {
        tokio::time::sleep(SETTLE).await;
        let mut made = 0;
        let outcome = loop {
            match store::search::fill(&site.store).await {
                Ok(0) => break Ok(()),
                Ok(n) => {
                    made += n;
                    if made / LOGGED > (made - n) / LOGGED {
                        tracing::info!(texts = made, "texts from before are made searchable");
                    }
                }
                Err(error) => break Err(error.to_string()),
            }
        };
        if made > 0 || outcome.is_err() {
            noted(site, process, "search", outcome.map(|()| format!("{made} texts from before were made searchable."))).await;
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn by_the_clock(site: &Site, backups: Option<backup::Plan>, process: &Process) {
    let mut settled = false;
    let noted = async |name, outcome| noted(site, process, name, outcome).await;
    loop {
        let now = (site.clock)();
        let closed = store::trends::close_months(&site.store, now).await;
        noted("close-months", closed.map(|_| "Months that are over are closed.".to_owned()).map_err(|e| e.to_string())).await;
        let closed = store::pulse::close_quarters(&site.store, now).await;
        noted(
            "close-pulse",
            closed.map(|_| "Quarters of the pulse that are over are closed.".to_owned()).map_err(|e| e.to_string()),
        )
        .await;
        if !std::mem::replace(&mut settled, true) {
            tokio::time::sleep(SETTLE).await;
        }
        if let Some(plan) = &backups {
            match backup::if_due(&site.store, plan, (site.clock)()).await {
                Ok(None) => {}
                Ok(Some(made)) => noted("backup", Ok(made.said)).await,
                Err(sentence) => noted("backup", Err(sentence)).await,
            }
        }
        noted("empty-trash", empty_trash(site, now).await).await;
        if let Err(error) = store::reviews::count_readers(&site.store).await {
            tracing::warn!(%error, "readers of stories were not counted; they wait");
        }
        if let Err(error) = crate::wished::round(&site.store, (site.clock)()).await {
            tracing::warn!(%error, "letters that are wished for were not written; they are at the next turn");
        }
        if let Err(error) = store::mail::sweep(&site.store, now).await {
            tracing::warn!(%error, "old letters were not swept");
        }
        // In the demo nothing goes: its stories are older than any period.
        if site.demo.is_none() {
            match store::retention::run_daily(&site.store, now).await {
                Ok(None) => {}
                Ok(Some(counts)) => noted("retention", Ok(format!("{} taken.", counts.total()))).await,
                Err(error) => noted("retention", Err(error.to_string())).await,
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Remembers how a job went, for administrators and for who measures; what went wrong is logged, too.
pub(crate) async fn noted(site: &Site, process: &Process, name: &'static str, outcome: Result<String, String>) {
    let (at, well) = ((site.clock)(), outcome.is_ok());
    let said = outcome.unwrap_or_else(|error| error);
    if well {
        process.metrics.job_done(name, at);
    } else {
        tracing::warn!(job = name, error = said, "a job did not work; it is tried again");
    }
    if let Err(error) = note_job(&site.store, name, &JobRun { at, well, said }).await {
        tracing::warn!(job = name, %error, "a job's run was not noted");
    }
}

/// Removes for good what has been in the trash for its time.
async fn empty_trash(site: &Site, now: DateTime<Utc>) -> Result<String, String> {
    let emptied = store::trash::empty(&site.store, now).await.map_err(|e| e.to_string())?;
    // Not how many: administrators read this, and what was deleted may have been restricted.
    Ok(match (emptied.incidents, emptied.log_is_clean) {
        (0, _) => "Nothing had been in the trash for its time.",
        (_, true) => "What had been in the trash for its time is gone for good.",
        (_, false) => "What had been in the trash for its time is gone; the database's log is cleaned at the next turn.",
    }
    .to_owned())
}
