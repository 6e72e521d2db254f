//! Logs of tools: one file a format, and what holds for all of them.

mod alertmanager;
mod csv;
mod grafana;
mod guess;
mod hostile;
mod incidentio;
mod json;
mod pagerduty;
mod real;
mod rootly;
mod slack;
mod statuspage;
mod support;
