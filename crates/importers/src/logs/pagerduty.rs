//! PagerDuty: v3 webhooks, and what its REST API answers about incidents, their log entries and notes.

use super::draft::{entry, link};
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
        if !one(payload, &mut incidents) {
            payload.report("This is nothing that PagerDuty sends or answers; it was left out.");
        }
    });
    incidents.finish(reports)
}

/// Reads a payload, an answer or a thing of a list; `false` when it is nothing known.
fn one(payload: &Node<'_>, incidents: &mut Incidents) -> bool {
    let kind = payload.text("type");
    if payload.at("event").is_object() {
        event(&payload.at("event"), incidents);
    } else if kind.ends_with("_log_entry") {
        log_entry(payload, incidents);
    } else if payload.has("incident_number") || (kind == "incident" && payload.has("id")) {
        record(payload, incidents);
    } else if payload.has("content") && payload.has("created_at") {
        note(payload, incidents);
    } else {
        let mut known = false;
        for (name, read) in READERS {
            let node = payload.at(name);
            known |= !node.is_null();
            if node.is_object() {
                read(&node, incidents);
            } else if !node.is_null() {
                node.items().iter().filter(|item| item.is_object()).for_each(|item| read(item, incidents));
            }
        }
        return known;
    }
    true
}

type Reader = fn(&Node<'_>, &mut Incidents);

/// What the fields of an answer hold.
const READERS: [(&str, Reader); 8] = [
    ("incidents", record),
    ("incident", record),
    ("log_entries", log_entry),
    ("log_entry", log_entry),
    ("notes", note),
    ("note", note),
    ("alerts", |node, incidents| incidents.alert(&node.at("incident").text("id"), node, "created_at", "resolved_at")),
    ("status_updates", status_update),
];

/// A v3 event.
fn event(event: &Node<'_>, incidents: &mut Incidents) {
    let name = event.text("event_type");
    let data = event.at("data");
    let whole = data.text("type") == "incident" || !data.has("incident");
    let incident = if whole { data } else { data.at("incident") };
    let id = incident.text("id");
    let Some(what) = name.strip_prefix("incident.").filter(|_| !id.is_empty()) else {
        // A ping, or a service that was renamed.
        let reason = format!("“{}” is about no incident; it was left out.", super::draft::line(&name, 60));
        return event.reports().note(event.file(), 0, &reason);
    };
    incidents.incident(described(&incident));
    let (kind, words) = meaning(what);
    // A note and a status update have one id in events and in the lists of the API.
    let external_id = match kind {
        RawKind::Note if data.has("id") && !whole => format!("note/{}", data.text("id")),
        RawKind::StatusUpdate if data.has("id") && !whole => format!("status-update/{}", data.text("id")),
        _ => event.text("id"),
    };
    let mut told =
        entry(if external_id.is_empty() { format!("{what}/{}", event.text("occurred_at")) } else { external_id }, kind);
    told.at = event.time("occurred_at");
    if told.at.is_none() {
        told.as_written = event.text("occurred_at");
    }
    let said = if whole { incident.text("resolve_reason") } else { data.first(&["content", "message", "summary"]) };
    told.text = match (kind, said.is_empty()) {
        (RawKind::Note | RawKind::StatusUpdate, false) => said,
        (RawKind::Firing, true) => format!("{words}: {}", incident.first(&["title", "summary"])),
        (_, true) => words,
        (_, false) => format!("{words}: {said}"),
    };
    about(&incident, &mut told);
    if !whole {
        for (field, label) in [("user", "Responder"), ("state", "State"), ("conference_url", "Conference")] {
            told.details.push((label.to_owned(), data.name(field)));
        }
        told.links.extend(link(&data.text("conference_url"), "Conference"));
    }
    let draft = incidents.log(&id);
    told.author = author(&event.at("agent")).and_then(|author| draft.author(author));
    draft.add(told);
}

/// What an event or a log entry says by its name: its kind, and in words.
fn meaning(name: &str) -> (RawKind, String) {
    let name = name.trim_end_matches("_log_entry");
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    let kind = if has(&["unack", "change", "updated", "snooze"]) && !has(&["status_update"]) {
        RawKind::Change
    } else if has(&["trigger", "reopen"]) && !has(&["limit"]) {
        RawKind::Firing
    } else if has(&["acknowledge"]) {
        RawKind::Acknowledged
    } else if has(&["resolve"]) {
        RawKind::Resolved
    } else if has(&["status_update"]) {
        RawKind::StatusUpdate
    } else if has(&["annotate"]) {
        RawKind::Note
    } else if has(&["escalate", "assign", "delegate"]) {
        RawKind::Handover
    } else {
        RawKind::Other
    };
    let words = name.replace(['_', '.'], " ");
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    (kind, first + letters.as_str())
}

/// A log entry of the REST API.
fn log_entry(node: &Node<'_>, incidents: &mut Incidents) {
    let reference = node.at("incident");
    let id = reference.text("id");
    if !id.is_empty() {
        incidents.incident(described(&reference));
    }
    let (kind, words) = meaning(&node.text("type"));
    let written = node.first(&["created_at", "at"]);
    let mut told = entry(Some(node.text("id")).filter(|id| !id.is_empty()).unwrap_or_else(|| format!("{words}/{written}")), kind);
    told.at = if node.has("created_at") { node.time("created_at") } else { node.time("at") };
    if told.at.is_none() {
        told.as_written = written;
    }
    let channel = node.at("channel");
    let summary = node.text("summary");
    let summary = if summary.is_empty() { words } else { summary };
    let further =
        [node.text("note"), node.at("event_details").text("description"), channel.text("summary"), node.text("message")];
    let mut lines = vec![summary];
    for line in further {
        if !line.is_empty() && !lines.contains(&line) {
            lines.push(line);
        }
    }
    told.text = lines.join("\n");
    told.place = node.name("service");
    for context in node.at("contexts").items() {
        told.links.extend(link(&context.first(&["href", "src"]), &context.first(&["text", "alt"])));
    }
    told.details.push(("Channel".to_owned(), channel.text("type")));
    told.details.push(("Assignees".to_owned(), names(&node.at("assignees"), "")));
    told.details.push(("Notified".to_owned(), node.name("user")));
    if channel.at("details").is_object() {
        let nested = channel.at("details");
        let plain = nested.fields().into_iter().filter(|(_, value)| !value.is_object() && !value.is_list());
        told.details.extend(plain.map(|(name, value)| (name.to_owned(), value.as_text())));
    }
    let draft = incidents.log_or_file(&id, node);
    told.author = author(&node.at("agent")).and_then(|author| draft.author(author));
    draft.add(told);
}

/// A note of the REST API.
fn note(node: &Node<'_>, incidents: &mut Incidents) {
    let written = node.text("created_at");
    let id = Some(node.text("id")).filter(|id| !id.is_empty()).unwrap_or_else(|| written.clone());
    let mut told = entry(format!("note/{id}"), RawKind::Note);
    told.at = node.time("created_at");
    if told.at.is_none() {
        told.as_written = written;
    }
    told.text = node.text("content");
    let draft = incidents.log_or_file(&node.at("incident").text("id"), node);
    told.author = author(&node.at("user")).and_then(|author| draft.author(author));
    draft.add(told);
}

/// A status update of the REST API.
fn status_update(node: &Node<'_>, incidents: &mut Incidents) {
    let mut told = entry(format!("status-update/{}", node.first(&["id", "created_at"])), RawKind::StatusUpdate);
    told.at = node.time("created_at");
    if told.at.is_none() {
        told.as_written = node.text("created_at");
    }
    told.text = node.text("message");
    let draft = incidents.log_or_file(&node.at("incident").text("id"), node);
    told.author = author(&node.at("sender")).and_then(|author| draft.author(author));
    draft.add(told);
}

/// An incident of the REST API. Its record tells when it was opened, taken on and closed.
fn record(node: &Node<'_>, incidents: &mut Incidents) {
    let id = node.text("id");
    if id.is_empty() {
        return node.report("This incident has no id; it was left out.");
    }
    let mut said = described(node);
    let opened = said.started_at;
    if node.text("status") == "resolved" {
        said.resolved_at = if node.has("resolved_at") { node.time("resolved_at") } else { node.time("last_status_change_at") };
    }
    let mut told = |name: String, kind, at, words: &str, by: Option<RawAuthor>| {
        let mut told = entry(format!("{id}/{name}"), kind);
        told.at = at;
        told.text = words.to_owned();
        about(node, &mut told);
        incidents.derived(&id, told, by);
    };
    told("opened".to_owned(), RawKind::Firing, opened, &format!("Triggered: {}", said.title), None);
    for acknowledgement in node.at("acknowledgements").items() {
        let name = format!("acknowledged/{}", acknowledgement.text("at"));
        let by = author(&acknowledgement.at("acknowledger"));
        told(name, RawKind::Acknowledged, acknowledgement.time("at"), "Acknowledged", by);
    }
    if said.resolved_at.is_some() {
        told("resolved".to_owned(), RawKind::Resolved, said.resolved_at, "Resolved", author(&node.at("last_status_change_by")));
    }
    incidents.incident(said);
}

/// What an incident, or a reference to one, says about itself.
fn described(node: &Node<'_>) -> RawIncident {
    let title = node.first(&["title", "summary", "description"]);
    // A reference puts the number in front: "[#77] Bookings time out".
    let bare = title.strip_prefix("[#").and_then(|rest| rest.split_once("] ")).map(|(_, title)| title.to_owned());
    RawIncident {
        external_id: node.text("id"),
        title: bare.unwrap_or(title),
        severity: Some(node.name("priority")).filter(|p| !p.is_empty()).unwrap_or_else(|| node.text("urgency")),
        started_at: node.time("created_at"),
        resolved_at: None,
        url: node.text("html_url"),
    }
}

/// What an incident says beside an entry.
fn about(incident: &Node<'_>, told: &mut RawEntry) {
    told.place = incident.name("service");
    let details = [
        ("Urgency", incident.text("urgency")),
        ("Priority", incident.name("priority")),
        ("Escalation policy", incident.name("escalation_policy")),
        ("Assignees", names(&incident.at("assignees"), "")),
        ("Assignees", names(&incident.at("assignments"), "assignee")),
        ("Teams", names(&incident.at("teams"), "")),
    ];
    told.details.extend(details.into_iter().map(|(name, value)| (name.to_owned(), value)));
}

/// The names in a list of references, each in a field of its item where one is named.
fn names(list: &Node<'_>, field: &str) -> String {
    let items = list.items();
    let name = |item: &Node<'_>| if field.is_empty() { item.first(&["summary", "name"]) } else { item.name(field) };
    items.iter().map(name).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A person, or a service or integration.
fn author(agent: &Node<'_>) -> Option<RawAuthor> {
    let (id, name) = (agent.text("id"), agent.first(&["summary", "name"]));
    let machine = !agent.text("type").contains("user");
    (!id.is_empty() || !name.is_empty()).then(|| RawAuthor { id, name, email: agent.text("email"), machine })
}
