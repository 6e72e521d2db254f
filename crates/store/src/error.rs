//! What can go wrong in the store, sorted by who has to do something about it.

use domain::Invalid;

/// An outcome that is not the wished one.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Not there, or not the viewer's: the two answer the same.
    #[error("not found")]
    NotFound,
    /// A field was refused by a rule that only the store can check (a name that is taken).
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else saved in between: the caller shows both versions.
    #[error("changed in between")]
    Stale,
    /// Not possible in the present state, with a sentence for the person who tried.
    #[error("{0}")]
    Refused(&'static str),
    /// The database does not answer or has no room: worth trying again.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// A stored value does not read as what it should be.
    #[error("unreadable value in {table}.{column}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
    },
    /// Anything else the database said.
    #[error("database error")]
    Database(#[source] sqlx::Error),
    /// A migration could not be applied.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Set-up of the store is not as it must be (a wrong key, an old SQLite).
    #[error("{0}")]
    Setup(String),
}

impl StoreError {
    /// Whether a unique constraint was violated.
    pub(crate) fn is_unique(error: &sqlx::Error) -> bool {
        error.as_database_error().is_some_and(|e| e.is_unique_violation())
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            // A connection that ends in the middle of its greeting reads as a broken protocol.
            E::PoolTimedOut | E::PoolClosed | E::Io(_) | E::Tls(_) | E::Protocol(_) | E::WorkerCrashed => {
                Self::Unavailable(error)
            }
            E::Database(db) => match db.code().as_deref() {
                // SQLite: BUSY, LOCKED, IOERR, FULL and their extended codes; PostgreSQL: shutdown, too many connections, lock and
                // statement timeouts, disk full.
                Some(
                    "5" | "6" | "10" | "13" | "261" | "517" | "778" | "57P01" | "57P02" | "57P03" | "53300" | "55P03" | "57014"
                    | "53100",
                ) => Self::Unavailable(error),
                _ => Self::Database(error),
            },
            _ => Self::Database(error),
        }
    }
}
