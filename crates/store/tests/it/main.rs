//! One conformance suite for both engines: each case runs on SQLite and on PostgreSQL and must tell the same story.

// What a test stands on is either there or the test has failed; clippy knows only of functions that are tests themselves.
#![allow(clippy::unwrap_used)]

#[macro_use]
mod support;

mod accounts;
mod archive;
mod attachments;
mod ballots;
mod documents;
mod health;
mod history;
mod hooks;
mod imports;
mod incidents;
mod interviews;
mod kept_hints;
mod learnings;
mod learnings_apart;
mod mail;
mod meeting;
mod operations;
mod owndata;
mod parking;
mod people;
mod perspectives;
mod planning;
mod planning_room;
mod plans;
mod preparing;
mod pulse;
mod quote_letters;
mod raw_log;
mod readers;
mod reviews;
mod schedules;
mod schema;
mod search;
mod settings;
mod setup;
mod shares;
mod soak;
mod thanks;
mod themes;
mod timeline;
mod trails;
mod trash;
mod trends;
mod vocabulary;
mod wishes;
