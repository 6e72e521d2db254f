//! Which tool files come from, by what is in them.

use super::json_value::Node;
use super::reports::Reports;
use super::unpack::{names, unpack};
use super::{LogFile, payloads, table};
use domain::timeline::raw::RawSource;

/// Looks into the files, and into archives, for what only one tool writes; `None` when nothing is known.
#[must_use]
pub fn guess_source(files: &[LogFile<'_>]) -> Option<RawSource> {
    if files.iter().flat_map(names).any(|name| is_of_slack(&name)) {
        return Some(RawSource::Slack);
    }
    // What cannot be read will be told when it is read in earnest.
    let reports = Reports::new(false);
    let files = unpack(RawSource::Json, files, &reports);
    let mut found = None;
    let (json, other): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| looks_like_json(&file.bytes));
    payloads::each(&json, &reports, |payload| found = found.or_else(|| of(payload)));
    let is_table = |bytes| table::read_table_head(bytes).is_some_and(|head| head.names.len() > 1);
    found.or_else(|| other.iter().any(|file| is_table(&file.bytes)).then_some(RawSource::Csv))
}

/// `channels.json` at the top of an export, or `channel/2026-03-02.json`.
fn is_of_slack(name: &str) -> bool {
    let mut parts = name.rsplit('/');
    let file = parts.next().unwrap_or_default();
    let day = file.strip_suffix(".json").is_some_and(|day| day.parse::<chrono::NaiveDate>().is_ok());
    matches!(file, "channels.json" | "dms.json" | "mpims.json") || (day && parts.next().is_some())
}

fn looks_like_json(bytes: &[u8]) -> bool {
    // A byte order mark and the zeros of UTF-16 may stand around the bracket.
    let first = bytes.iter().take(64).find(|b| !(b.is_ascii_whitespace() || matches!(b, 0 | 0xEF | 0xBB | 0xBF | 0xFE | 0xFF)));
    matches!(first, Some(b'{' | b'['))
}

/// The tool that writes such a payload.
fn of(payload: &Node<'_>) -> Option<RawSource> {
    let text = |key: &str| payload.text_if_any(key);
    let has = |keys: &[&str]| keys.iter().any(|key| payload.has(key));
    let event = payload.at("event");
    if text("event_type").starts_with("public_") || text("event_type").starts_with("private_") {
        return Some(RawSource::IncidentIo);
    }
    if event.has("event_type") || text("type").ends_with("_log_entry") || has(&["log_entries", "status_updates"]) {
        return Some(RawSource::PagerDuty);
    }
    if event.has("issued_at") || text("event").contains('.') {
        return Some(RawSource::Rootly);
    }
    if has(&["component_update"]) {
        return Some(RawSource::Statuspage);
    }
    if has(&["alerts"]) {
        let extras = ["silenceURL", "dashboardURL", "valueString"];
        let alerts = payload.at("alerts");
        let of_grafana = |alert: &Node<'_>| match extras.iter().any(|key| alert.has(key)) {
            true => Some(RawSource::Grafana),
            false => alert.has("alert_key").then_some(RawSource::PagerDuty),
        };
        let grafana = has(&["orgId", "ruleUid", "state"]).then_some(RawSource::Grafana);
        return grafana.or_else(|| look_at_first(&alerts, of_grafana)).or(Some(RawSource::Alertmanager));
    }
    if has(&["evalMatches", "ruleUrl"]) {
        return Some(RawSource::Grafana);
    }
    if has(&["labels"]) && has(&["startsAt"]) {
        return Some(RawSource::Alertmanager);
    }
    if has(&["ts"]) && (has(&["text"]) || text("type") == "message") {
        return Some(RawSource::Slack);
    }
    if has(&["entries"]) || (has(&["at"]) && has(&["text"])) {
        return Some(RawSource::Json);
    }
    let answer = payload.at("messages");
    if look_at_first(&answer, |message| message.has("ts").then_some(RawSource::Slack)).is_some() {
        return Some(RawSource::Slack);
    }
    let lists = ["incidents", "scheduled_maintenances", "incident", "incident_updates", "notes", "data"];
    lists.iter().find_map(|list| look_at_first(&payload.at(list), of_record)).or_else(|| of_record(payload))
}

/// The tool whose incident, update or note this is.
fn of_record(node: &Node<'_>) -> Option<RawSource> {
    let has = |keys: &[&str]| keys.iter().any(|key| node.has(key));
    if has(&["incident_number", "escalation_policy"]) || (has(&["content"]) && has(&["user"])) {
        Some(RawSource::PagerDuty)
    } else if has(&["new_incident_status", "incident_status"]) || (has(&["reference"]) && has(&["permalink"])) {
        Some(RawSource::IncidentIo)
    } else if has(&["incident_updates", "shortlink", "page_id", "display_at"]) {
        Some(RawSource::Statuspage)
    } else if has(&["attributes"]) {
        Some(RawSource::Rootly)
    } else {
        None
    }
}

/// What the first thing of a list says, or the thing itself.
fn look_at_first(node: &Node<'_>, look: impl Fn(&Node<'_>) -> Option<RawSource>) -> Option<RawSource> {
    if node.is_list() { node.items().first().and_then(look) } else { look(node) }
}
