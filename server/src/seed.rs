//! The synthetic organisation: sixty people in eight teams with five years behind them, the same for the same seed and moment.
//!
//! What is random is drawn from the seed alone, ids too. Only ciphertext differs between two databases of one seed: keys and nonces
//! are never drawn from a seed. It is for measuring at scale and reads like it; the demo is the one that tells something.

mod incident;
mod people;
mod words;

use crate::cli::told;
use chrono::{DateTime, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use store::seed::{self, Batch};
use store::{Store, trends};
use uuid::Uuid;

/// Incidents that are written in one transaction.
const AT_ONCE: u32 = 200;

/// The only source of chance here.
struct Chance(ChaCha8Rng);

impl Chance {
    fn id(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.0.random()).into_uuid()
    }

    /// From `low` to `high`, both included.
    fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// True so many times in a hundred.
    fn percent(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    fn one<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.0.random_range(0..from.len())]
    }
}

/// Fills an empty database with so many incidents.
///
/// # Errors
/// A sentence: the database holds something already, or what the database said; what was written up to then stays.
pub async fn fill(store: &Store, incidents: u32, seed: u64, now: DateTime<Utc>) -> Result<(), String> {
    if !seed::is_empty(store).await.map_err(told)? {
        return Err("this database holds something already; please name an empty one with --database".to_owned());
    }
    let mut chance = Chance(ChaCha8Rng::seed_from_u64(seed));
    let hash = seed::hash(store, crate::demo::PASSWORD).await.map_err(told)?;
    let mut batch = Batch::new(store);
    let people = people::hire(&mut batch, &mut chance, &hash, now);
    batch.commit(now).await.map_err(told)?;
    let mut written = 0;
    while written < incidents {
        let until = incidents.min(written + AT_ONCE);
        let mut batch = Batch::new(store);
        for n in written..until {
            incident::tell(&mut batch, &mut chance, &people, n, incidents, now)?;
        }
        batch.commit(now).await.map_err(told)?;
        written = until;
    }
    trends::close_months(store, now).await.map_err(told)?;
    Ok(())
}
