//! HTTP tests through the real router, in process, on both engines.

#[macro_use]
mod support;

mod canaries;
mod demo;
mod durability;
mod edge;
mod harness;
mod import;
mod incidents;
mod interviews;
mod permissions;
mod planning;
mod planted;
mod reviews;
mod seed;
mod timeline;
mod trends;
