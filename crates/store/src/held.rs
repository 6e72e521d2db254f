//! What was read last, held until anything is written: a page that many ask for is read once.
//!
//! Whether something was written is asked of the database each time, so that it does not matter who wrote: this process, another one on the
//! same database, or a command beside it.

use crate::db::{Conn, Pools, STATEMENT, in_time};
use crate::{Result, Store};
use sqlx::SqliteConnection;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A state of the database: reads that begin at equal moments see the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// How often somebody else has written since the one connection that is asked was opened.
    Sqlite(i64),
    /// Which transactions are done.
    Postgres(String),
}

/// The one connection that is asked; empty once the store is closed.
pub(crate) type Watch = Arc<tokio::sync::Mutex<Option<SqliteConnection>>>;

impl Store {
    /// Now. Ask before reading: what is written meanwhile then belongs to a later moment, and nothing is held for too long. `None` when
    /// the database does not say; then nothing is held.
    pub(crate) async fn moment(&self) -> Option<Moment> {
        // SQLite's number means something only beside earlier ones of the same connection: so there is one, and never another.
        const VERSION: &str = "pragma data_version";
        const SNAPSHOT: &str = "select cast(pg_current_snapshot() as text)";
        match &self.pools {
            Pools::Sqlite { watch, .. } => {
                let mut watch = watch.lock().await;
                let version = sqlx::query_scalar(VERSION).fetch_one(watch.as_mut()?).await;
                version.ok().map(Moment::Sqlite)
            }
            Pools::Postgres(pool) => {
                let snapshot = in_time(STATEMENT, sqlx::query_scalar(SNAPSHOT).fetch_one(pool)).await;
                snapshot.ok().map(Moment::Postgres)
            }
        }
    }
}

/// Between two looks. Whoever waits learns of a change within this and the time of one read.
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// Looks so many times until there is something. While nothing is written to the database at all, a look asks it for no more than that.
///
/// # Errors
/// Those of `look`.
pub(crate) async fn until<T, F>(store: &Store, looks: u32, mut look: impl FnMut(Conn) -> F) -> Result<Option<T>>
where
    F: Future<Output = Result<Option<T>>>,
{
    let mut before = None;
    for n in 0..looks {
        if n > 0 {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let moment = store.moment().await;
        if n > 0 && moment.is_some() && moment == before {
            continue;
        }
        before = moment;
        if let Some(found) = look(store.read().await?).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Values by what was asked, each with a mark: it holds while the mark is the same.
pub(crate) struct Held<K, M, V> {
    values: Mutex<HashMap<K, (M, Arc<V>)>>,
    most: usize,
}

impl<K: Eq + Hash, M: PartialEq, V> Held<K, M, V> {
    /// Room for so many; beyond it all are let go.
    pub fn with_room_for(most: usize) -> Self {
        Self { values: Mutex::default(), most }
    }

    /// What was put here under the same mark.
    pub fn get(&self, key: &K, mark: &M) -> Option<Arc<V>> {
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.get(key).filter(|(then, _)| then == mark).map(|(_, value)| Arc::clone(value))
    }

    /// Holds a value.
    pub fn put(&self, key: K, mark: M, value: &Arc<V>) {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        if values.len() >= self.most {
            values.clear();
        }
        values.insert(key, (mark, Arc::clone(value)));
    }
}
