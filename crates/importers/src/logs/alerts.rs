//! Alerts as Alertmanager made them a format: groups of labelled alerts, each firing and then resolved.

use super::draft::{Draft, entry, link};
use super::json_value::Node;
use super::reports::Reports;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::timeline::raw::{ImportedLog, RawAuthor, RawIncident, RawKind, RawLink, RawSource};
use std::collections::HashMap;

type Pairs = Vec<(String, String)>;
type Instant = Option<DateTime<Utc>>;

/// An alert as one payload tells it.
pub(super) struct Alert {
    /// Its labels, however they are written, and when it began: the same in each payload.
    pub(super) id: String,
    pub(super) starts_at: Instant,
    pub(super) as_written: String,
    /// When it went quiet; `None` while it fires.
    pub(super) ends_at: Instant,
    pub(super) resolved: bool,
    pub(super) labels: Pairs,
    pub(super) annotations: Pairs,
    pub(super) links: Vec<RawLink>,
    pub(super) values: Pairs,
}

/// All payloads of one group.
struct Group {
    incident: RawIncident,
    payloads: Vec<Vec<Alert>>,
}

/// Payloads by their group, in the order in which the groups came.
pub(super) struct Groups {
    source: RawSource,
    order: Vec<Group>,
    places: HashMap<String, usize>,
}

impl Groups {
    pub(super) fn new(source: RawSource) -> Self {
        Self { source, order: Vec::new(), places: HashMap::new() }
    }

    /// Takes a payload with its alerts. `title` is what the tool calls it, where it does.
    pub(super) fn add(&mut self, payload: &Node<'_>, title: &str) {
        let alerts: Vec<Alert> = payload.at("alerts").items().iter().filter(|a| a.is_object()).map(alert).collect();
        self.put(payload, alerts, title);
    }

    /// Takes an alert that stands outside of any payload, as the API lists them.
    pub(super) fn add_alert(&mut self, node: &Node<'_>) {
        self.put(node, vec![alert(node)], "");
    }

    /// Takes alerts with what the payload says about all of them.
    pub(super) fn put(&mut self, payload: &Node<'_>, alerts: Vec<Alert>, title: &str) {
        if alerts.is_empty() {
            return payload.report("There is no alert in this; it was left out.");
        }
        let left_out = payload.text("truncatedAlerts");
        if left_out.parse::<u64>().is_ok_and(|n| n > 0) {
            let reason = format!("{} itself left out {left_out} alerts of a payload.", self.source.label());
            payload.reports().note(payload.file(), 0, &reason);
        }
        let mut common = pairs(&payload.at("groupLabels"));
        if common.is_empty() {
            common = pairs(&payload.at("commonLabels"));
        }
        if common.is_empty() {
            common = alerts[0].labels.iter().filter(|(name, _)| name == "alertname").cloned().collect();
        }
        let key = Some(payload.text("groupKey")).filter(|key| !key.is_empty()).unwrap_or_else(|| {
            let rule = payload.first(&["ruleUid", "ruleUID", "ruleId"]);
            if rule.is_empty() { format!("{{{}}}", sorted(&common)) } else { format!("rule {rule}") }
        });
        let severity = value(&pairs(&payload.at("commonLabels")), &["severity", "priority"]);
        let severity = severity.or_else(|| alerts.iter().find_map(|a| value(&a.labels, &["severity", "priority"])));
        let place = *self.places.entry(key.clone()).or_insert_with(|| {
            let title = if title.is_empty() { title_of(&common) } else { title.to_owned() };
            let url = payload.text("externalURL");
            let incident = RawIncident { external_id: key, title, url, ..RawIncident::default() };
            self.order.push(Group { incident, payloads: Vec::new() });
            self.order.len() - 1
        });
        let group = &mut self.order[place];
        if group.incident.severity.is_empty() {
            group.incident.severity = severity.unwrap_or_default();
        }
        group.payloads.push(alerts);
    }

    /// A log for each outage of each group.
    pub(super) fn finish(self, reports: &Reports) -> Vec<ImportedLog> {
        let source = self.source;
        self.order.into_iter().flat_map(|group| outages(source, group)).filter_map(|draft| draft.finish(reports)).collect()
    }
}

/// Divides the payloads of a group where nothing fired for a while. What a payload holds belongs together, as Alertmanager drops
/// what was resolved from the payloads that follow; the order in which they were captured does not matter.
fn outages(source: RawSource, group: Group) -> Vec<Draft> {
    let mut ends: HashMap<String, Instant> = HashMap::new();
    for alert in group.payloads.iter().flatten() {
        let end = ends.entry(alert.id.clone()).or_default();
        *end = (*end).max(alert.ends_at);
    }
    let spanned = group.payloads.into_iter().map(|alerts| {
        let began = alerts.iter().filter_map(|a| a.starts_at).min();
        let all: Option<Vec<DateTime<Utc>>> = alerts.iter().map(|a| ends.get(&a.id).copied().flatten()).collect();
        (
            RawIncident { started_at: began, resolved_at: all.and_then(|all| all.into_iter().max()), ..group.incident.clone() },
            alerts,
        )
    });
    let mut spanned: Vec<(RawIncident, Vec<Alert>)> = spanned.collect();
    spanned.sort_by_key(|(span, _)| span.started_at);
    let mut out: Vec<Draft> = Vec::new();
    for (span, alerts) in spanned {
        let last = out.last_mut().and_then(|draft| draft.incident.as_mut());
        match last.filter(|last| !last.is_another_outage(&span)) {
            Some(last) => {
                last.started_at = last.started_at.or(span.started_at);
                last.resolved_at = last.resolved_at.zip(span.resolved_at).map(|(a, b)| a.max(b));
            }
            None => {
                let mut draft = Draft::new(span.title.clone());
                draft.incident = Some(span);
                out.push(draft);
            }
        }
        if let Some(draft) = out.last_mut() {
            for alert in alerts {
                tell(source, alert, draft);
            }
        }
    }
    out
}

/// The entries of an alert: that it fired, and that it went quiet.
fn tell(source: RawSource, alert: Alert, draft: &mut Draft) {
    let name = source.label().to_owned();
    let author = draft.author(RawAuthor { id: name.clone(), name, email: String::new(), machine: true });
    let mut firing = entry(format!("{}/firing", alert.id), RawKind::Firing);
    firing.at = alert.starts_at;
    firing.as_written = alert.as_written;
    firing.author = author;
    firing.place = value(&alert.labels, &["service", "job", "component", "instance", "namespace"]).unwrap_or_default();
    let name = value(&alert.labels, &["alertname", "rulename"]).unwrap_or_default();
    let summary = value(&alert.annotations, &["summary", "message"]).unwrap_or_default();
    let description = value(&alert.annotations, &["description"]).unwrap_or_default();
    let head = [name, summary].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(": ");
    firing.text = [head, description].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n");
    firing.links = alert.links;
    let further =
        alert.annotations.into_iter().filter(|(name, _)| !["summary", "message", "description"].contains(&name.as_str()));
    firing.details = alert.labels.into_iter().chain(further).chain(alert.values).collect();
    if alert.resolved {
        let mut resolved = firing.clone();
        resolved.external_id = format!("{}/resolved", alert.id);
        resolved.kind = RawKind::Resolved;
        resolved.at = alert.ends_at;
        resolved.as_written = String::new();
        draft.add(firing);
        draft.add(resolved);
    } else {
        draft.add(firing);
    }
}

fn alert(node: &Node<'_>) -> Alert {
    let labels = pairs(&node.at("labels"));
    let annotations = pairs(&node.at("annotations"));
    let starts_at = node.time("startsAt");
    let written = node.text("startsAt");
    let status = node.at("status");
    let status = if status.is_object() { status.text("state") } else { status.as_text() };
    let resolved = matches!(status.as_str(), "resolved" | "ok" | "Normal");
    let fingerprint =
        Some(node.text("fingerprint")).filter(|f| !f.is_empty()).unwrap_or_else(|| format!("{{{}}}", sorted(&labels)));
    let began = starts_at.map_or_else(|| written.clone(), |at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    let addresses = [("generatorURL", "Source"), ("dashboardURL", "Dashboard"), ("panelURL", "Panel"), ("imageURL", "Image")];
    let links = addresses.iter().filter_map(|(key, title)| link(&node.text(key), title));
    let links = links.chain(annotations.iter().filter_map(|(name, value)| link(value, name))).collect();
    let values = node.at("values");
    Alert {
        id: format!("{fingerprint}/{began}"),
        starts_at,
        as_written: if starts_at.is_none() { written } else { String::new() },
        // While it fires this is when it would be given up, or the year 1.
        ends_at: if resolved { node.time("endsAt") } else { None },
        resolved,
        labels,
        annotations,
        links,
        values: if values.is_null() { Vec::new() } else { pairs(&values) },
    }
}

/// Fields as names and values; nested ones are no labels and are reported.
fn pairs(node: &Node<'_>) -> Pairs {
    node.fields().into_iter().map(|(name, value)| (name.to_owned(), value.as_text())).collect()
}

/// The value of the first of these names that has one.
fn value(pairs: &Pairs, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| pairs.iter().find(|(n, v)| n == name && !v.trim().is_empty()).map(|(_, v)| v.clone()))
}

fn sorted(pairs: &Pairs) -> String {
    let mut all: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    all.sort();
    all.join(",")
}

/// "HighErrorRate", or "HighErrorRate (region: north)".
fn title_of(labels: &Pairs) -> String {
    let others: Vec<String> = labels.iter().filter(|(n, _)| n != "alertname").map(|(n, v)| format!("{n}: {v}")).collect();
    let others = others.join(", ");
    match (value(labels, &["alertname"]), others.is_empty()) {
        (Some(name), true) => name,
        (Some(name), false) => format!("{name} ({others})"),
        (None, true) => "Alerts".to_owned(),
        (None, false) => others,
    }
}
