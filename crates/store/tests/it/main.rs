//! One conformance suite for both engines: each case runs on SQLite and on PostgreSQL and must tell the same story.

#[macro_use]
mod support;

mod people;
mod schema;
