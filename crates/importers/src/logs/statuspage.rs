//! Statuspage: incidents with what users were told, from its API, its public pages and its webhooks.

use super::draft::entry;
use super::incidents::Incidents;
use super::json_value::Node;
use super::payloads;
use super::reports::Reports;
use super::unpack::File;
use domain::timeline::raw::{ImportedLog, RawIncident, RawKind};

/// Reads payloads and answers: a log for each incident.
pub(super) fn read(files: &[File<'_>], reports: &Reports) -> Vec<ImportedLog> {
    let mut incidents = Incidents::default();
    payloads::each(files, reports, |payload| {
        let (one, many) = (payload.at("incident"), ["incidents", "scheduled_maintenances"].map(|list| payload.at(list)));
        if payload.has("incident_updates") {
            incident(payload, &mut incidents);
        } else if one.is_object() {
            incident(&one, &mut incidents);
        } else if many.iter().any(Node::is_list) {
            many.iter().filter(|list| !list.is_null()).flat_map(Node::items).for_each(|item| incident(&item, &mut incidents));
        } else if payload.at("component_update").is_object() {
            component(payload, &mut incidents);
        } else if payload.has("body") && payload.has("incident_id") {
            update(payload, &payload.text("incident_id"), "", &mut incidents);
        } else {
            payload.report("This is nothing that Statuspage sends or answers; it was left out.");
        }
    });
    incidents.finish(reports)
}

fn incident(node: &Node<'_>, incidents: &mut Incidents) {
    let id = node.text("id");
    if id.is_empty() {
        return node.report("This incident has no id; it was left out.");
    }
    let impact = node.first(&["impact_override", "impact"]);
    incidents.incident(RawIncident {
        external_id: id.clone(),
        title: node.text("name"),
        severity: if impact == "none" { String::new() } else { impact },
        started_at: if node.has("started_at") { node.time("started_at") } else { node.time("created_at") },
        resolved_at: node.time("resolved_at"),
        url: node.text("shortlink"),
    });
    let components = node.at("components");
    let names: Vec<String> = components.items().iter().map(|c| c.text("name")).filter(|n| !n.is_empty()).collect();
    // The newest stands first; of two at one moment the older one is told first.
    for item in node.at("incident_updates").items().iter().rev().filter(|item| item.is_object()) {
        update(item, &id, &names.join(", "), incidents);
    }
}

/// What users were told at one time.
fn update(node: &Node<'_>, incident: &str, components: &str, incidents: &mut Incidents) {
    let field = if node.has("display_at") { "display_at" } else { "created_at" };
    let id = Some(node.text("id")).filter(|id| !id.is_empty()).unwrap_or_else(|| node.text(field));
    let mut told = entry(if id.is_empty() { node.place() } else { id }, RawKind::StatusUpdate);
    told.at = node.time(field);
    if told.at.is_none() {
        told.as_written = node.text(field);
    }
    told.text = node.text("body");
    told.place = components.to_owned();
    told.details.push(("Status".to_owned(), node.text("status").replace('_', " ")));
    for component in node.at("affected_components").items() {
        let (old, new) = (component.text("old_status"), component.text("new_status"));
        let change = if old.is_empty() || old == new { new } else { format!("{old} → {new}") };
        told.details.push((component.text("name"), change.replace('_', " ")));
    }
    told.edited_at = node.time("updated_at").filter(|edited| node.time("created_at").is_some_and(|created| *edited > created));
    incidents.log(incident).add(told);
}

/// A component that changed without an incident being named.
fn component(payload: &Node<'_>, incidents: &mut Incidents) {
    let (change, component) = (payload.at("component_update"), payload.at("component"));
    let id = change.first(&["id", "created_at"]);
    let mut told = entry(format!("component/{id}"), RawKind::Change);
    told.at = change.time("created_at");
    if told.at.is_none() {
        told.as_written = change.text("created_at");
    }
    told.place = component.text("name");
    told.text = format!("{}: {} → {}", told.place, change.text("old_status"), change.text("new_status")).replace('_', " ");
    incidents.log_or_file("", payload).add(told);
}
