//! incident.io.

use crate::support::{fixture, one, options, read, told, utc};
use domain::timeline::raw::RawSource;

#[test]
fn webhooks_tell_what_was_declared_and_what_changed() {
    let read = read(RawSource::IncidentIo, &fixture("incidentio/webhooks.ndjson"), &options());
    let log = one(&read);
    assert_eq!(
        log.entries.iter().map(told).collect::<Vec<_>>(),
        [
            "02 08:00:00 change -: Impact started",
            "02 08:00:20 firing -: Booking p95 above 4 s\nSince a minute",
            "02 08:04:00 firing IU1: Declared: Bookings time out\nThe pool of connections is full.",
            "02 08:10:00 change -: Updated: Bookings time out",
            "02 08:44:00 resolved -: Resolved at",
            "02 08:45:00 resolved -: Status: Investigating → Closed\nBookings work again.",
        ]
    );
    let incident = log.incident.as_ref().expect("an incident");
    assert_eq!((incident.external_id.as_str(), incident.severity.as_str()), ("01FERRY", "Major"));
    assert_eq!(
        (incident.started_at, incident.resolved_at),
        (Some(utc("2026-03-02T08:04:00Z")), Some(utc("2026-03-02T08:45:00Z")))
    );
    let details = &log.entries[2].details;
    for (name, value) in
        [("Reference", "INC-77"), ("Affected pier", "North, South"), ("Incident Lead", "Deck Lead"), ("Type", "Production")]
    {
        assert!(details.contains(&(name.to_owned(), value.to_owned())), "{name}");
    }
    assert_eq!(
        read.notes.iter().map(|n| n.reason.as_str()).collect::<Vec<_>>(),
        [
            "“public_incident.follow_up_created_v1” tells nothing of how an incident went; it was left out.",
            "“private_incident.incident_created_v2” is about a private incident; it was left out.",
        ]
    );
}

#[test]
fn answers_of_the_api_make_one_log_and_private_incidents_none() {
    let files = [fixture("incidentio/incidents.json"), fixture("incidentio/incident_updates.json")].concat();
    let read = read(RawSource::IncidentIo, &files, &options());
    let log = one(&read);
    assert_eq!(
        log.entries.iter().map(told).collect::<Vec<_>>(),
        [
            "02 08:00:00 change -: Impact started",
            "02 08:04:00 firing IU1: Declared: Bookings time out\nThe pool of connections is full.",
            "02 08:20:00 status-update W1: The pool is being emptied.",
            "02 08:44:00 resolved -: Resolved at",
            "02 08:45:00 resolved IU2: Bookings work again.",
        ]
    );
    assert_eq!(
        log.authors.iter().map(|a| (a.name.as_str(), a.machine)).collect::<Vec<_>>(),
        [("Helm Officer", false), ("Deck Lead", false), ("Nudge", true)]
    );
    assert!(!format!("{read:?}").contains("SECRET"));
}
