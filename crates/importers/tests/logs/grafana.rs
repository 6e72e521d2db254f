//! What Grafana sends.

use crate::support::{fixture, one, options, read, told, utc};
use domain::timeline::raw::RawSource;

#[test]
fn unified_alerts_fire_and_are_over() {
    let read = read(RawSource::Grafana, &fixture("grafana/unified.json"), &options());
    let log = one(&read);
    assert_eq!(
        log.entries.iter().map(told).collect::<Vec<_>>(),
        [
            "02 08:00:00 firing Grafana: Booking is slow: p95 above 4 s",
            "02 08:40:00 resolved Grafana: Booking is slow: p95 above 4 s",
        ]
    );
    let first = &log.entries[0];
    assert_eq!(first.links.iter().map(|l| l.title.as_str()).collect::<Vec<_>>(), ["Source", "Dashboard", "Panel"]);
    assert!(first.details.contains(&("B".to_owned(), "6.2".to_owned())) && first.place == "booking");
    let incident = log.incident.as_ref().expect("a group");
    assert_eq!((incident.title.as_str(), incident.severity.as_str()), ("Booking is slow", "critical"));
    assert_eq!(
        (incident.started_at, incident.resolved_at),
        (Some(utc("2026-03-02T08:00:00Z")), Some(utc("2026-03-02T08:40:00Z")))
    );
}

#[test]
fn an_older_alert_has_no_time_and_is_kept() {
    let read = read(RawSource::Grafana, &fixture("grafana/older.json"), &options());
    let log = one(&read);
    assert_eq!(log.entries.iter().map(told).collect::<Vec<_>>(), [" firing Grafana: Booking p95: Bookings wait."]);
    assert_eq!((log.name.as_str(), log.entries[0].external_id.as_str()), ("Booking p95", "rule 9/firing"));
    assert!(log.entries[0].details.contains(&("p95".to_owned(), "6.2".to_owned())));
}
