//! The process: command line, configuration, router, middleware, jobs.

pub mod address;
pub mod assets;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod edge;
mod host;
pub mod import;
mod import_logs;
pub mod jobs;
pub mod limits;
mod lint;
pub mod listen;
pub mod log;
pub mod mail;
pub mod metrics;
pub mod operations;
pub mod process;
pub mod retention;
pub mod router;
pub mod secrets;
pub mod seed;
pub mod slow;
pub mod space;
mod subpath;
mod users;
pub mod wished;
