//! The only room with SQL: one [`Store`] over SQLite or PostgreSQL.
//!
//! Every function that serves a page takes a [`domain::people::Viewer`] and answers with what is theirs; what is not there and
//! what is not theirs is the same [`StoreError::NotFound`]. Functions are free functions in their room's module, named by a verb.
//! Time and, where order must not tell anything, randomness come from the caller or from [`random`].
//! SQL stands in `const NAME: &str = "…";` with `$1` placeholders, so that a test can prepare every statement on both engines.

pub mod archive;
pub mod audit;
pub mod calendars;
mod crypt;
mod db;
mod error;
pub mod health;
mod held;
pub mod history;
pub mod imports;
pub mod incidents;
pub mod interviews;
pub mod learnings;
pub mod mail;
mod migrations;
pub mod operations;
pub mod owndata;
pub mod parking;
mod passwords;
pub mod people;
pub mod planning;
pub mod pulse;
pub mod random;
pub mod retention;
pub mod reviews;
pub mod schedules;
pub mod search;
pub mod seed;
pub mod services;
pub mod sessions;
pub mod settings;
pub mod setup;
mod soak;
pub mod sources;
mod standing;
pub mod timeline;
pub mod trash;
pub mod trends;
pub mod vocabulary;

pub use crypt::InstanceKey;
pub use db::{Conn, Store};
pub use error::StoreError;
pub use migrations::{Migrated, MigrationState, migration_names};

/// What every function of the store answers.
pub type Result<T> = std::result::Result<T, StoreError>;
