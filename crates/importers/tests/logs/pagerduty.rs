//! Webhooks and REST answers of PagerDuty.

use crate::support::{fixture, one, options, read, read_text, told, utc};
use domain::timeline::raw::RawSource;

fn lines(files: &[(String, Vec<u8>)]) -> Vec<String> {
    one(&read(RawSource::PagerDuty, files, &options())).entries.iter().map(told).collect()
}

fn several(names: &[&str]) -> Vec<(String, Vec<u8>)> {
    names.iter().flat_map(|name| fixture(&format!("pagerduty/{name}"))).collect()
}

#[test]
fn events_are_entries_of_their_incident() {
    let files = fixture("pagerduty/webhooks.ndjson");
    assert_eq!(
        lines(&files),
        [
            "02 08:00:30 firing PSVC1: Triggered: Bookings time out at the north pier",
            "02 08:05:30 handover -: Escalated",
            "02 08:06:00 acknowledged PU1: Acknowledged",
            "02 08:12:00 note PU2: The pool is full, see https://charts.ferry.example/d/1.",
            "02 08:13:00 change PU1: Priority updated",
            "02 08:14:00 other PU1: Responder added: Please help with the pool",
            "02 08:20:00 status-update PU1: Bookings are paused at the north pier.",
            "02 08:21:00 handover PU1: Reassigned",
            "02 08:36:00 change PSVC1: Unacknowledged",
            "02 08:41:00 resolved PU1: Resolved",
            "02 08:44:00 firing PU1: Reopened: Bookings time out at the north pier",
            "02 08:50:00 resolved PU1: Resolved",
        ]
    );
    let read = read(RawSource::PagerDuty, &files, &options());
    let log = one(&read);
    let incident = log.incident.as_ref().expect("an incident");
    assert_eq!((incident.external_id.as_str(), incident.severity.as_str()), ("QFERRY1", "P2"));
    assert_eq!(
        (incident.started_at, incident.resolved_at),
        (Some(utc("2026-03-02T08:00:30Z")), Some(utc("2026-03-02T08:50:00Z")))
    );
    assert_eq!(
        log.authors.iter().map(|a| (a.name.as_str(), a.machine)).collect::<Vec<_>>(),
        [("Booking", true), ("Helm Officer", false), ("Deck Lead", false),]
    );
    assert_eq!((log.entries[0].place.as_str(), log.entries[3].external_id.as_str()), ("Booking", "note/PNOTE1"));
    assert_eq!(log.entries[3].links[0].url, "https://charts.ferry.example/d/1");
    assert!(log.entries[5].details.contains(&("Responder".to_owned(), "Deck Lead".to_owned())));
    assert_eq!(read.notes[0].reason, "“pagey.ping” is about no incident; it was left out.");
}

#[test]
fn log_entries_notes_and_the_record_make_one_log_and_nothing_twice() {
    let all = several(&["incident.json", "log_entries.json", "notes.json"]);
    assert_eq!(
        lines(&all),
        [
            "02 08:00:30 firing PSVC1: Triggered through Events API v2.\nBookings time out at the north pier",
            "02 08:00:31 other PSVC1: Notified Deck Lead via SMS.",
            "02 08:05:30 handover PSVC1: Escalated to Helm Officer on Harbour watch.",
            "02 08:06:00 acknowledged PU1: Acknowledged by Helm Officer.",
            "02 08:12:00 note PU2: Note added by Deck Lead.\nThe pool is full.",
            "02 08:12:00 note PU2: The pool is full, see https://charts.ferry.example/d/1.",
            "02 08:50:00 resolved PU1: Resolved by Helm Officer.",
        ]
    );
    let read = read(RawSource::PagerDuty, &all, &options());
    let log = one(&read);
    assert_eq!(log.name, "Bookings time out at the north pier");
    assert!(log.entries[0].details.contains(&("p95".to_owned(), "6.2 s".to_owned())));
    assert_eq!(log.entries[0].links[0].title, "Board");
}

#[test]
fn the_record_alone_tells_when_it_was_opened_taken_on_and_closed() {
    assert_eq!(
        lines(&fixture("pagerduty/incident.json")),
        [
            "02 08:00:30 firing -: Triggered: Bookings time out at the north pier",
            "02 08:06:00 acknowledged PU1: Acknowledged",
            "02 08:50:00 resolved PU1: Resolved",
        ]
    );
}

#[test]
fn a_note_is_the_same_from_webhooks_and_from_the_api() {
    let both = several(&["webhooks.ndjson", "notes.json"]);
    assert_eq!(lines(&both).len(), lines(&fixture("pagerduty/webhooks.ndjson")).len());
}

#[test]
fn alerts_and_status_updates_of_the_api_belong_to_the_incident() {
    let both = several(&["incident.json", "alerts.json", "status_updates.json"]);
    assert_eq!(
        lines(&both),
        [
            "02 08:00:29 firing -: Booking p95 above 4 s",
            "02 08:00:30 firing -: Triggered: Bookings time out at the north pier",
            "02 08:06:00 acknowledged PU1: Acknowledged",
            "02 08:20:00 status-update PU1: Bookings are paused at the north pier.",
            "02 08:50:00 resolved PU1: Resolved",
        ]
    );
    assert_eq!(lines(&several(&["webhooks.ndjson", "status_updates.json"])).len(), 12);
}

#[test]
fn what_is_of_another_tool_is_told() {
    let read = read_text(
        RawSource::PagerDuty,
        r#"[{"a": 1}, {"incidents": [{"title": "x"}]}, {"event": {"event_type": 4, "data": []}}]"#,
    );
    assert!(read.logs.is_empty());
    assert_eq!(
        read.unreadable.iter().map(|u| u.reason.as_str()).collect::<Vec<_>>(),
        [
            "[0]: This is nothing that PagerDuty sends or answers; it was left out.",
            "[1].incidents[0]: This incident has no id; it was left out."
        ]
    );
}
