//! incident.io: webhooks, and what its API answers about incidents and their updates.

use super::draft::{entry, line};
use super::incidents::Incidents;
use super::json_value::Node;
use super::payloads;
use super::reports::Reports;
use super::unpack::File;
use domain::timeline::raw::{ImportedLog, RawAuthor, RawEntry, RawIncident, RawKind};

/// Reads payloads and answers: a log for each incident.
pub(super) fn read(files: &[File<'_>], reports: &Reports) -> Vec<ImportedLog> {
    let mut incidents = Incidents::default();
    payloads::each(files, reports, |payload| {
        let name = payload.text("event_type");
        let lists = ["incidents", "incident_updates", "incident", "incident_update"].map(|field| (field, payload.at(field)));
        if !name.is_empty() {
            event(payload, &name, &mut incidents);
        } else if payload.has("incident_id") && payload.has("created_at") {
            update(payload, &mut incidents);
        } else if payload.has("id") && (payload.has("reference") || payload.has("incident_status")) {
            record(payload, &mut incidents);
        } else if lists.iter().any(|(_, node)| !node.is_null()) {
            for (field, node) in &lists {
                let items = if node.is_list() { node.items() } else { vec![*node] };
                for item in items.iter().filter(|item| item.is_object()) {
                    if field.contains("update") {
                        update(item, &mut incidents);
                    } else {
                        record(item, &mut incidents);
                    }
                }
            }
        } else {
            payload.report("This is nothing that incident.io sends or answers; it was left out.");
        }
    });
    incidents.finish(reports)
}

/// A webhook: the thing stands under the name of the event.
fn event(payload: &Node<'_>, name: &str, incidents: &mut Incidents) {
    let short = line(name, 80);
    if name.starts_with("private_") {
        return payload.reports().note(payload.file(), 0, &format!("“{short}” is about a private incident; it was left out."));
    }
    let what = name.rsplit('.').next().unwrap_or_default();
    if what.starts_with("alert_") {
        return incidents.alert("", &payload.at(name), "created_at", "resolved_at");
    }
    if !what.starts_with("incident_") {
        // What is to be done is planned elsewhere, and not while people still learn what happened.
        let reason = format!("“{short}” tells nothing of how an incident went; it was left out.");
        return payload.reports().note(payload.file(), 0, &reason);
    }
    let own = payload.at(name);
    let body = if own.is_object() { own } else { *payload };
    let inner = body.at("incident");
    let incident = if inner.is_object() { inner } else { body };
    if !record(&incident, incidents) || what.starts_with("incident_created") {
        return;
    }
    let id = incident.text("id");
    let written = incident.text("updated_at");
    let (old, new) = (body.at("previous_status"), body.at("new_status"));
    let status = what.starts_with("incident_status");
    let mut told = if status {
        let mut told = entry(format!("{id}/status/{}/{written}", new.first(&["id", "name"])), kind_of(&new, RawKind::Change));
        told.text = format!("Status: {} → {}", old.text("name"), new.text("name"));
        told
    } else {
        let mut told = entry(format!("{id}/updated/{written}"), RawKind::Change);
        told.text = format!("Updated: {}", incident.text("name"));
        told
    };
    let message = body.text("message");
    if !message.is_empty() {
        told.text = format!("{}\n{message}", told.text);
    }
    told.at = incident.time("updated_at");
    about(&incident, &mut told);
    incidents.log(&id).add(told);
}

/// An incident; `false` when it is left out.
fn record(node: &Node<'_>, incidents: &mut Incidents) -> bool {
    let (id, name) = (node.text("id"), node.text("name"));
    if id.is_empty() {
        node.report("This incident has no id; it was left out.");
        return false;
    }
    if node.text("visibility") == "private" {
        node.reports().note(node.file(), 0, "A private incident was left out.");
        return false;
    }
    let creator = node.at("creator");
    let (declared, summary) = (node.time("created_at"), node.text("summary"));
    incidents.incident(RawIncident {
        external_id: id.clone(),
        title: name.clone(),
        severity: node.name("severity"),
        started_at: declared,
        resolved_at: None,
        url: node.text("permalink"),
    });
    let draft = incidents.log(&id);
    let mut told = entry(format!("{id}/declared"), RawKind::Firing);
    told.at = declared;
    told.text = if summary.is_empty() { format!("Declared: {name}") } else { format!("Declared: {name}\n{summary}") };
    told.author = actor(&creator).and_then(|author| draft.author(author));
    about(node, &mut told);
    draft.add(told);
    for value in node.at("incident_timestamp_values").items().iter().chain(&node.at("timestamps").items()) {
        let stamp = value.at("incident_timestamp");
        let name = if stamp.is_object() { stamp.text("name") } else { value.text("name") };
        let inner = value.at("value");
        let at = if inner.is_object() { inner.time("value") } else { value.time("last_occurred_at") };
        if at.is_some() {
            let key = if stamp.has("id") { stamp.text("id") } else { name.clone() };
            let mut told =
                entry(format!("{id}/timestamp/{key}"), kind_of(if stamp.is_object() { &stamp } else { value }, RawKind::Change));
            told.at = at;
            told.text = name;
            draft.add(told);
        }
    }
    true
}

/// An update that somebody wrote.
fn update(node: &Node<'_>, incidents: &mut Incidents) {
    let incident = node.text("incident_id");
    let status = node.at("new_incident_status");
    let id = node.first(&["id", "created_at"]);
    let mut told = entry(format!("update/{id}"), kind_of(&status, RawKind::StatusUpdate));
    told.at = node.time("created_at");
    if told.at.is_none() {
        told.as_written = node.text("created_at");
    }
    told.text = node.text("message");
    told.details.push(("Status".to_owned(), status.text("name")));
    told.details.push(("Severity".to_owned(), node.name("new_severity")));
    let draft = incidents.log_or_file(&incident, node);
    told.author = actor(&node.at("updater")).and_then(|author| draft.author(author));
    draft.add(told);
}

/// Whether a status or a timestamp says that it is over.
fn kind_of(node: &Node<'_>, otherwise: RawKind) -> RawKind {
    let (category, name) = (node.text("category"), node.text("name").to_lowercase());
    let over =
        matches!(category.as_str(), "closed" | "learning") || ["resolved", "closed"].iter().any(|word| name.starts_with(word));
    if over { RawKind::Resolved } else { otherwise }
}

/// What an incident says beside an entry.
fn about(node: &Node<'_>, told: &mut RawEntry) {
    let status = node.at("incident_status");
    let details = [
        ("Reference", node.text("reference")),
        ("Status", if status.is_object() { status.text("name") } else { node.text("status") }),
        ("Severity", node.name("severity")),
        ("Type", node.name("incident_type")),
    ];
    told.details.extend(details.into_iter().map(|(name, value)| (name.to_owned(), value)));
    for field in node.at("custom_field_entries").items() {
        let values = field.at("values");
        let value = |v: &Node<'_>| {
            let said = v.first(&["value_text", "value_link", "value_numeric"]);
            let (option, entry) = (v.at("value_option").text("value"), v.at("value_catalog_entry").text("name"));
            [said, option, entry].into_iter().find(|t| !t.is_empty()).unwrap_or_default()
        };
        let all: Vec<String> = values.items().iter().map(value).filter(|v| !v.is_empty()).collect();
        told.details.push((field.at("custom_field").text("name"), all.join(", ")));
    }
    for role in node.at("incident_role_assignments").items() {
        told.details.push((role.at("role").text("name"), role.at("assignee").text("name")));
    }
}

/// A person, a workflow, a key of the API.
fn actor(node: &Node<'_>) -> Option<RawAuthor> {
    let (kind, who) = node.is_object().then(|| node.fields())?.into_iter().find(|(_, who)| who.is_object())?;
    let (id, name) = (who.text("id"), who.first(&["name", "title"]));
    Some(RawAuthor { id, name, email: who.text("email"), machine: kind != "user" })
}
