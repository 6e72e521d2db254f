//! Logs of tools: one file a format, and what holds for all of them.

mod real;
mod slack;
mod support;
