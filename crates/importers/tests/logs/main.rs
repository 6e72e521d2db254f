//! Logs of tools: one file a format, and what holds for all of them.

mod alertmanager;
mod csv;
mod json;
mod pagerduty;
mod real;
mod slack;
mod support;
