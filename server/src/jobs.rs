//! Work that the clock asks for: closing months for people measures.

use app::site::Site;
use std::time::Duration;

/// How often the clock is asked.
const EVERY: Duration = Duration::from_secs(15 * 60);

/// Runs the jobs until the process ends. Each is written so that running it twice, or in two processes, changes nothing.
pub async fn run(site: Site) {
    loop {
        let now = (site.clock)();
        if let Err(error) = store::trends::close_months(&site.store, now).await {
            tracing::warn!(%error, "closing months did not work; it is tried again");
        }
        tokio::time::sleep(EVERY).await;
    }
}
