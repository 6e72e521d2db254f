//! Links that are not there, counted by address: whoever tries many has to wait. A token has 256 bits, so this is for the quiet of the log
//! and the database rather than for the token's sake. Kept in memory alone; several services count each for themselves.

use crate::ctx::Ctx;
use crate::error::AppError;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// This many misses within [`WINDOW`] are one too many.
const MOST: u32 = 300;
/// How long a miss counts, from the first one on.
const WINDOW: TimeDelta = TimeDelta::minutes(10);
/// Addresses that are remembered at most; beyond it all begin anew.
const ADDRESSES: usize = 10_000;

type Counts = HashMap<String, (DateTime<Utc>, u32)>;

static MISSES: LazyLock<Mutex<Counts>> = LazyLock::new(Mutex::default);

/// Refuses an address that has tried too many links.
///
/// # Errors
/// [`AppError::TooMany`].
pub(crate) fn check(ctx: &Ctx) -> Result<(), AppError> {
    if count(&ctx.address, ctx.now, 0) > MOST { Err(AppError::TooMany) } else { Ok(()) }
}

/// Counts a link that is not there.
pub(crate) fn missed(ctx: &Ctx) {
    count(&ctx.address, ctx.now, 1);
}

fn count(address: &str, now: DateTime<Utc>, more: u32) -> u32 {
    let mut misses = MISSES.lock().unwrap_or_else(PoisonError::into_inner);
    if misses.len() >= ADDRESSES {
        misses.clear();
    }
    match misses.get_mut(address) {
        Some((since, count)) if now - *since < WINDOW => {
            *count = count.saturating_add(more);
            *count
        }
        _ if more == 0 => 0,
        _ => {
            misses.insert(address.to_owned(), (now, more));
            more
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_tries_many_waits_and_nobody_else_does() {
        let now = DateTime::UNIX_EPOCH;
        for _ in 0..=MOST {
            count("198.51.100.7", now, 1);
        }
        assert!(count("198.51.100.7", now, 0) > MOST);
        assert_eq!(count("198.51.100.8", now, 0), 0);
        assert_eq!(count("198.51.100.7", now + WINDOW, 0), 0, "over after ten minutes");
    }
}
