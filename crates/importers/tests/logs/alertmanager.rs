//! Payloads of an Alertmanager.

use crate::support::{fixture, one, options, read, read_text, told, utc};
use domain::timeline::raw::{RawKind, RawLink, RawSource};

#[test]
fn an_alert_is_one_entry_when_it_fires_and_one_when_it_is_over() {
    let read = read(RawSource::Alertmanager, &fixture("alertmanager/ferry.ndjson"), &options());
    assert_eq!(read.logs.len(), 2);
    let log = &read.logs[0];
    assert_eq!(
        log.entries.iter().map(told).collect::<Vec<_>>(),
        [
            "02 08:00:05 firing Alertmanager: BookingSlow: p95 above 4 s\nBookings wait for a connection.",
            "02 08:05:00 firing Alertmanager: BookingSlow: p95 above 4 s",
            "02 08:40:00 resolved Alertmanager: BookingSlow: p95 above 4 s",
            "02 08:45:00 resolved Alertmanager: BookingSlow: p95 above 4 s",
        ]
    );
    let first = &log.entries[0];
    assert_eq!((first.external_id.as_str(), first.place.as_str()), ("aa01/2026-03-02T08:00:05.123456Z/firing", "booking"));
    assert_eq!(
        first.details.iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>(),
        [
            "alertname=BookingSlow",
            "pier=north",
            "severity=critical",
            "service=booking",
            "runbook_url=https://docs.ferry.example/booking-slow",
        ]
    );
    assert_eq!(
        first.links,
        [
            RawLink { url: "https://metrics.ferry.example/graph?g0.expr=x".to_owned(), title: "Source".to_owned() },
            RawLink { url: "https://docs.ferry.example/booking-slow".to_owned(), title: "runbook_url".to_owned() },
        ]
    );
    let incident = log.incident.as_ref().expect("an incident");
    assert_eq!((incident.title.as_str(), incident.severity.as_str()), ("BookingSlow", "critical"));
    assert_eq!(
        (incident.started_at, incident.resolved_at),
        (Some(utc("2026-03-02T08:00:05.123456Z")), Some(utc("2026-03-02T08:45:00Z")))
    );
    assert_eq!(read.notes[0].reason, "Alertmanager itself left out 2 alerts of a payload.");
}

#[test]
fn a_week_later_the_same_group_is_another_outage_in_any_order() {
    let files = fixture("alertmanager/ferry.ndjson");
    let forth = read(RawSource::Alertmanager, &files, &options());
    let text = String::from_utf8(files[0].1.clone()).expect("text");
    let back: Vec<&str> = text.lines().rev().collect();
    let back = read_text(RawSource::Alertmanager, &back.join("\n"));
    for read in [&forth, &back] {
        let [first, second] = &read.logs[..] else { panic!("two outages") };
        let (first, second) = (first.incident.as_ref().expect("one"), second.incident.as_ref().expect("one"));
        assert_eq!(first.external_id, r#"{}/{team="ferry"}:{alertname="BookingSlow"}"#);
        assert_eq!(first.external_id, second.external_id);
        assert_eq!((second.started_at, second.resolved_at), (Some(utc("2026-03-09T21:00:00Z")), None));
        assert!(first.is_another_outage(second));
    }
    // Without the payload that says it is over nobody can tell.
    let open: Vec<&str> = text.lines().enumerate().filter(|(i, _)| *i != 2).map(|(_, line)| line).collect();
    assert_eq!(read_text(RawSource::Alertmanager, &open.join("\n")).logs.len(), 1);
}

#[test]
fn an_alert_from_the_api_is_read_and_its_end_is_not_yet() {
    let read = read(RawSource::Alertmanager, &fixture("alertmanager/api-alerts.json"), &options());
    let log = one(&read);
    assert_eq!((log.entries.len(), log.entries[0].kind), (1, RawKind::Firing));
    assert_eq!((log.name.as_str(), log.incident.as_ref().expect("one").resolved_at), ("LighthouseSilent", None));
}

#[test]
fn an_unreadable_time_keeps_the_alert() {
    let read = read_text(
        RawSource::Alertmanager,
        r#"{"alerts": [{"status": "firing", "labels": {"alertname": "A", "x": ["no"]}, "startsAt": "soon"}]}"#,
    );
    let entry = &one(&read).entries[0];
    assert_eq!((entry.at, entry.as_written.as_str()), (None, "soon"));
    assert_eq!(
        read.unreadable.iter().map(|u| u.reason.as_str()).collect::<Vec<_>>(),
        [
            "alerts[0].labels.x: This is a list where text belongs; it was left out.",
            "alerts[0].startsAt: “soon” was not understood as a time."
        ]
    );
}
