//! HTTP tests through the real router, in process, on both engines.

// What a test stands on is either there or the test has failed; clippy knows only of functions that are tests themselves.
#![allow(clippy::unwrap_used)]
// Tests with a service in a process of its own wait on plain threads; no runtime is blocked by it.
#![allow(clippy::disallowed_methods)]

#[macro_use]
mod support;

mod attachments;
mod canaries;
mod demo;
mod documents;
mod durability;
mod edge;
mod faults;
mod feed;
mod harness;
mod help;
mod hints;
mod history;
mod hooks;
mod import;
mod incidents;
mod interviews;
mod leaks;
mod learnings;
mod letters;
mod lint;
mod mail;
mod meeting;
mod operations;
mod owndata;
mod paste;
mod permissions;
mod perspectives;
mod planning;
mod planted;
mod preparing;
mod process;
mod pulse;
mod rawlog;
mod retention;
mod reviews;
mod schedules;
mod search;
mod seed;
mod settings;
mod setup;
mod sharing;
mod slow;
mod subpath;
mod themes;
mod timeline;
mod trails;
mod trash;
mod trends;
mod users;
mod vocabulary;
mod voting;
