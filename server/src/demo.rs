//! The demo organisation: being written.

use chrono::{DateTime, Utc};
use store::Store;

/// The password of every demo account.
pub const PASSWORD: &str = "second-story-demo";

/// Fills an empty database with the demo organisation.
pub async fn fill(store: &Store, now: DateTime<Utc>) -> Result<bool, String> {
    let _ = (store, now);
    Ok(false)
}
