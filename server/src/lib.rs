//! The process: command line, configuration, router, middleware, jobs.

pub mod assets;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod edge;
pub mod import;
pub mod jobs;
pub mod listen;
pub mod operations;
pub mod router;
pub mod secrets;
pub mod seed;
mod users;
