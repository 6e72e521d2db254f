//! Rootly: webhooks, and what its API answers about incidents and their events.

use super::draft::{entry, line};
use super::incidents::Incidents;
use super::json_value::Node;
use super::payloads;
use super::reports::Reports;
use super::unpack::File;
use domain::timeline::raw::{ImportedLog, RawAuthor, RawIncident, RawKind};

/// Reads payloads and answers: a log for each incident.
pub(super) fn read(files: &[File<'_>], reports: &Reports) -> Vec<ImportedLog> {
    let mut incidents = Incidents::default();
    payloads::each(files, reports, |payload| {
        let (event, data) = (payload.at("event"), payload.at("data"));
        let name = if event.is_object() { event.text("type") } else { payload.first(&["event", "type"]) };
        if name.contains('.') {
            let own = payload.at("incident");
            webhook(&name, &event, if data.is_object() { &data } else { &own }, &mut incidents);
        } else if data.is_list() || data.is_object() {
            let items = if data.is_list() { data.items() } else { vec![data] };
            items.iter().for_each(|item| resource(item, &mut incidents));
        } else if payload.has("attributes") {
            resource(payload, &mut incidents);
        } else {
            payload.report("This is nothing that Rootly sends or answers; it was left out.");
        }
    });
    incidents.finish(reports)
}

/// A thing of the API: its fields stand apart from its id.
fn resource(node: &Node<'_>, incidents: &mut Incidents) {
    let (id, fields) = (node.text("id"), node.at("attributes"));
    match node.text("type").as_str() {
        "incidents" => {
            record(&fields, &id, incidents);
        }
        "incident_events" | "incident_status_page_events" => {
            let relation = node.at("relationships");
            let of = fields.text("incident_id");
            let of = if of.is_empty() { relation.at("incident").at("data").text("id") } else { of };
            written(&fields, &id, &of, node.text("type") != "incident_events", incidents);
        }
        other => left_out(node, other),
    }
}

fn left_out(node: &Node<'_>, what: &str) {
    let reason = format!("“{}” tells nothing of how an incident went; it was left out.", line(what, 80));
    node.reports().note(node.file(), 0, &reason);
}

/// A webhook.
fn webhook(name: &str, event: &Node<'_>, data: &Node<'_>, incidents: &mut Incidents) {
    let id = data.text("id");
    if let Some(what) = name.strip_prefix("incident.") {
        // What happened when stands in the record; only an edit is told by its event alone.
        if record(data, &id, incidents) && matches!(what, "updated" | "in_triage" | "deleted" | "cancelled") {
            let (source, field) = if event.has("issued_at") { (event, "issued_at") } else { (data, "updated_at") };
            let mut told = entry(
                Some(event)
                    .filter(|e| e.is_object())
                    .map(|e| e.text("id"))
                    .filter(|id| !id.is_empty())
                    .unwrap_or_else(|| format!("{id}/{what}/{}", source.text(field))),
                RawKind::Change,
            );
            told.at = source.time(field);
            told.text = format!("{}: {}", capital(what), data.text("title"));
            told.details.push(("Status".to_owned(), data.text("status")));
            incidents.log(&id).add(told);
        }
    } else if name.starts_with("incident_event.") || name.starts_with("incident_status_page_event.") {
        let incident = data.at("incident");
        let of = if incident.is_object() { incident.text("id") } else { data.text("incident_id") };
        written(data, &id, &of, name.starts_with("incident_status"), incidents);
    } else if name.starts_with("alert.") {
        incidents.alert("", data, "started_at", "ended_at");
    } else {
        left_out(data, name);
    }
}

/// An incident, with the moments that its record knows; `false` when it is left out.
fn record(node: &Node<'_>, id: &str, incidents: &mut Incidents) -> bool {
    if id.is_empty() {
        node.report("This incident has no id; it was left out.");
        return false;
    }
    if node.is_true("private") {
        node.reports().note(node.file(), 0, "A private incident was left out.");
        return false;
    }
    let title = node.text("title");
    let began = if node.has("started_at") { "started_at" } else { "created_at" };
    incidents.incident(RawIncident {
        external_id: id.to_owned(),
        title: title.clone(),
        severity: severity(node),
        started_at: node.time(began),
        resolved_at: node.time("resolved_at"),
        url: node.first(&["url", "short_url"]),
    });
    let summary = node.text("summary");
    let start =
        if summary.is_empty() || summary == title { format!("Started: {title}") } else { format!("Started: {title}\n{summary}") };
    let said = |words: &str, field: &str| {
        [words.to_owned(), node.text(field)].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n")
    };
    let moments = [
        (began, RawKind::Firing, start),
        ("detected_at", RawKind::Change, "Detected".to_owned()),
        ("acknowledged_at", RawKind::Acknowledged, "Acknowledged".to_owned()),
        ("mitigated_at", RawKind::Change, said("Mitigated", "mitigation_message")),
        ("resolved_at", RawKind::Resolved, said("Resolved", "resolution_message")),
    ];
    let by =
        [("started_at", "started_by"), ("created_at", "user"), ("mitigated_at", "mitigated_by"), ("resolved_at", "resolved_by")];
    let draft = incidents.log(id);
    for (field, kind, text) in moments {
        let at = node.time(field);
        if at.is_none() && field != began {
            continue;
        }
        let name = if field == began { "started" } else { field.trim_end_matches("_at") };
        let mut told = entry(format!("{id}/{name}"), kind);
        told.at = at;
        told.text = text;
        told.author =
            by.iter().find(|(of, _)| *of == field).and_then(|(_, who)| person(&node.at(who))).and_then(|who| draft.author(who));
        let lists = [
            ("services", "Services"),
            ("environments", "Environments"),
            ("functionalities", "Functionalities"),
            ("groups", "Teams"),
        ];
        for (list, label) in lists.into_iter().filter(|_| field == began) {
            told.details.push((label.to_owned(), names(&node.at(list))));
        }
        told.place = names(&node.at("services"));
        draft.add(told);
    }
    true
}

/// Something that was written into an incident, or for users.
fn written(node: &Node<'_>, id: &str, incident: &str, public: bool, incidents: &mut Incidents) {
    let field = ["occurred_at", "started_at", "created_at"].into_iter().find(|field| node.has(field)).unwrap_or("created_at");
    let kind = if public { RawKind::StatusUpdate } else { RawKind::Note };
    let id = if id.is_empty() { node.text(field) } else { id.to_owned() };
    let mut told = entry(format!("event/{id}"), kind);
    told.at = node.time(field);
    if told.at.is_none() {
        told.as_written = node.text(field);
    }
    told.text = node.first(&["event", "event_raw", "description"]);
    told.details.push(("Status".to_owned(), node.text("status")));
    let draft = incidents.log_or_file(incident, node);
    told.author = person(&node.at("user")).and_then(|who| draft.author(who));
    draft.add(told);
}

/// `"sev2"`, `{"name": "SEV2"}`, or a thing of the API.
fn severity(node: &Node<'_>) -> String {
    let severity = node.at("severity");
    let inner = severity.at("data");
    if inner.is_object() { inner.at("attributes").text("name") } else { node.name("severity") }
}

fn names(list: &Node<'_>) -> String {
    if !list.is_list() {
        return String::new();
    }
    let items = list.items();
    let name = |item: &Node<'_>| if item.is_object() { item.first(&["name", "slug"]) } else { item.as_text() };
    items.iter().map(name).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
}

fn person(node: &Node<'_>) -> Option<RawAuthor> {
    let inner = node.at("data");
    let fields = inner.at("attributes");
    let (id, fields) = if inner.is_object() { (inner.text("id"), &fields) } else { (node.text("id"), node) };
    let name = fields.first(&["full_name", "name", "email"]);
    (!id.is_empty() || !name.is_empty()).then(|| RawAuthor { id, name, email: fields.text("email"), machine: false })
}

fn capital(what: &str) -> String {
    let words = what.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
