//! What a Prometheus Alertmanager sends to a webhook, and what its API answers about alerts.

use super::alerts::Groups;
use super::payloads;
use super::reports::Reports;
use super::unpack::File;
use domain::timeline::raw::{ImportedLog, RawSource};

/// Reads payloads: a log for each outage of each group of alerts.
pub(super) fn read(files: &[File<'_>], reports: &Reports) -> Vec<ImportedLog> {
    let mut groups = Groups::new(RawSource::Alertmanager);
    payloads::each(files, reports, |payload| {
        if payload.has("alerts") {
            groups.add(payload, "");
        } else if payload.is_object() && payload.has("labels") {
            groups.add_alert(payload);
        } else {
            payload.report("This is nothing that Alertmanager sends; it was left out.");
        }
    });
    groups.finish(reports)
}
