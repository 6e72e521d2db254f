//! Rootly.

use crate::support::{fixture, one, options, read, told, utc};
use domain::timeline::raw::RawSource;

#[test]
fn webhooks_tell_the_moments_of_an_incident_once() {
    let read = read(RawSource::Rootly, &fixture("rootly/webhooks.ndjson"), &options());
    let log = one(&read);
    assert_eq!(
        log.entries.iter().map(told).collect::<Vec<_>>(),
        [
            "02 08:00:30 firing -: Booking p95 above 4 s",
            "02 08:01:00 change -: Detected",
            "02 08:04:00 firing 5: Started: Bookings time out\nThe pool of connections is full.",
            "02 08:10:00 change -: Updated: Bookings time out",
            "02 08:20:00 status-update -: We look into slow bookings.",
            "02 08:30:00 change 6: Mitigated\nBookings paused at the north pier.",
            "02 08:44:00 resolved -: Booking p95 above 4 s",
            "02 08:50:00 resolved -: Resolved\nPool emptied.",
        ]
    );
    let incident = log.incident.as_ref().expect("an incident");
    assert_eq!((incident.external_id.as_str(), incident.severity.as_str()), ("r-ferry-1", "SEV1"));
    assert_eq!(
        (incident.started_at, incident.resolved_at),
        (Some(utc("2026-03-02T08:04:00Z")), Some(utc("2026-03-02T08:50:00Z")))
    );
    assert_eq!((log.entries[1].place.as_str(), log.authors[0].email.as_str()), ("Booking", "helm@ferry.example"));
    assert_eq!(
        read.notes.iter().map(|n| n.reason.as_str()).collect::<Vec<_>>(),
        ["“pulse.created” tells nothing of how an incident went; it was left out.", "A private incident was left out.",]
    );
    assert!(!format!("{read:?}").contains("SECRET"));
}

#[test]
fn answers_of_the_api_name_the_same_things_the_same() {
    let files = [fixture("rootly/incidents.json"), fixture("rootly/events.json"), fixture("rootly/webhooks.ndjson")].concat();
    let read = read(RawSource::Rootly, &files, &options());
    let log = one(&read);
    assert_eq!(log.entries.len(), 9);
    assert_eq!(told(&log.entries[4]), "02 08:12:00 note -: Pool found full, see https://charts.ferry.example/d/1");
    assert_eq!(log.incident.as_ref().expect("one").severity, "SEV1");
}
