//! What Grafana sends: its unified alerting speaks Alertmanager's format with more to it, its older alerts one of their own.

use super::alerts::{Alert, Groups};
use super::draft::link;
use super::json_value::Node;
use super::payloads;
use super::reports::Reports;
use super::unpack::File;
use domain::timeline::raw::{ImportedLog, RawSource};

/// Reads payloads: a log for each outage of each group of alerts.
pub(super) fn read(files: &[File<'_>], reports: &Reports) -> Vec<ImportedLog> {
    let mut groups = Groups::new(RawSource::Grafana);
    payloads::each(files, reports, |payload| {
        if payload.has("alerts") {
            let name = payload.at("groupLabels").text("alertname");
            groups.add(payload, if name.is_empty() { without_state(&payload.text("title")).to_owned() } else { name }.as_str());
        } else if payload.has("ruleName") || payload.has("ruleId") || payload.has("evalMatches") {
            let title = payload.first(&["ruleName", "title"]);
            groups.put(payload, vec![older(payload, &title)], &title);
        } else {
            payload.report("This is nothing that Grafana sends; it was left out.");
        }
    });
    groups.finish(reports)
}

/// "[FIRING:2] Booking is slow" is "Booking is slow", in each payload.
fn without_state(title: &str) -> &str {
    title.strip_prefix('[').and_then(|rest| rest.split_once("] ")).map_or(title, |(_, name)| name)
}

/// An alert of the kind before unified alerting. It carries no time: the same rule fires once in a log.
fn older(payload: &Node<'_>, title: &str) -> Alert {
    let matches = payload.at("evalMatches");
    let values = matches.items().iter().map(|m| (m.text("metric"), m.text("value"))).collect();
    let tags = payload.at("tags");
    let tags =
        if tags.is_object() { tags.fields().into_iter().map(|(n, v)| (n.to_owned(), v.as_text())).collect() } else { Vec::new() };
    let mut labels = vec![("alertname".to_owned(), title.to_owned())];
    labels.extend(tags);
    let addresses = [("ruleUrl", "Rule"), ("imageUrl", "Image")];
    Alert {
        id: format!("rule {}", payload.first(&["ruleId", "ruleName"])),
        starts_at: None,
        as_written: String::new(),
        ends_at: None,
        resolved: payload.text("state") == "ok",
        labels,
        annotations: vec![("summary".to_owned(), payload.text("message"))],
        links: addresses.iter().filter_map(|(key, title)| link(&payload.text(key), title)).collect(),
        values,
    }
}
