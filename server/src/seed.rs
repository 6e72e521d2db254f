//! The synthetic organisation: being written.

use chrono::{DateTime, Utc};
use store::Store;

/// Fills a database.
pub async fn fill(store: &Store, incidents: u32, seed: u64, now: DateTime<Utc>) -> Result<(), String> {
    let _ = (store, incidents, seed, now);
    Ok(())
}
