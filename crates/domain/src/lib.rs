//! The nouns and rules of Second Story: what is true without a database, a clock or a page.
//!
//! One file a noun; rooms carry the same name on every floor (HOUSE.md). Compiles to wasm; the feature `tz` adds the
//! local wall clock arithmetic that needs a time zone database and belongs to the server side.

#![warn(missing_docs)]

pub mod history;
pub mod holidays;
pub mod ids;
pub mod imported;
pub mod incidents;
pub mod interviews;
pub mod invalid;
pub mod learnings;
pub mod letters;
pub mod mail;
pub mod people;
pub mod planning;
#[cfg(feature = "tz")]
pub mod pulse;
#[cfg(feature = "tz")]
pub mod reminders;
pub mod retention;
pub mod reviews;
pub mod rights;
pub mod schedules;
pub mod search;
pub mod settings;
pub mod severities;
#[cfg(feature = "tz")]
pub mod stretches;
pub mod text;
pub mod timeline;
#[cfg(feature = "tz")]
pub mod trends;
pub mod vocabulary;
#[cfg(feature = "tz")]
pub mod walltime;
pub mod wishes;

pub use ids::*;
pub use invalid::{FieldError, Invalid};
