//! HTTP tests through the real router, in process, on both engines.

#[macro_use]
mod support;

mod demo;
mod edge;
mod harness;
mod seed;
