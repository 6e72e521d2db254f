//! Statuspage.

use crate::support::{fixture, one, options, read, read_text, told, utc};
use domain::timeline::raw::RawSource;

const LINES: [&str; 3] = [
    "02 08:10:00 status-update -: We look into slow bookings.",
    "02 08:20:00 status-update -: The <b>pool</b> of connections is full.\nSee https://status.ferry.example.",
    "02 08:55:00 status-update -: Bookings work again.",
];

#[test]
fn what_users_were_told_is_an_entry() {
    let read = read(RawSource::Statuspage, &fixture("statuspage/incidents.json"), &options());
    let log = one(&read);
    assert_eq!(log.entries.iter().map(told).collect::<Vec<_>>(), LINES);
    let incident = log.incident.as_ref().expect("an incident");
    assert_eq!(
        (incident.external_id.as_str(), incident.title.as_str(), incident.severity.as_str()),
        ("ferry0incident", "Bookings are slow", "major")
    );
    assert_eq!(
        (incident.started_at, incident.resolved_at),
        (Some(utc("2026-03-02T08:02:00Z")), Some(utc("2026-03-02T08:55:00Z")))
    );
    assert_eq!(incident.url, "https://stspg.example/ferry0");
    let first = &log.entries[0];
    assert_eq!(
        first.details,
        [("Status".to_owned(), "investigating".to_owned()), ("Booking".to_owned(), "operational → partial outage".to_owned()),]
    );
    assert_eq!(
        (first.place.as_str(), first.edited_at, log.entries[1].edited_at),
        ("Booking, Pier gates", None, Some(utc("2026-03-02T08:22:00Z")))
    );
    assert_eq!(log.entries[1].links[0].url, "https://status.ferry.example");
}

#[test]
fn webhooks_and_the_page_name_the_same_things_the_same() {
    let hooks = read(RawSource::Statuspage, &fixture("statuspage/webhooks.ndjson"), &options());
    let lines: Vec<String> = one(&hooks).entries.iter().map(told).collect();
    assert_eq!(lines, [LINES[0], "02 08:11:00 change -: Booking: operational → partial outage", LINES[1]]);
    assert_eq!(one(&hooks).incident.as_ref().expect("one").resolved_at, None);
    let both = [fixture("statuspage/webhooks.ndjson"), fixture("statuspage/incidents.json")].concat();
    assert_eq!(one(&read(RawSource::Statuspage, &both, &options())).entries.len(), 4);
}

#[test]
fn what_has_no_name_or_another_shape_is_told() {
    let read =
        read_text(RawSource::Statuspage, r#"[{"incidents": [{"name": "x"}]}, {"incident_updates": "soon", "id": "i"}, 4]"#);
    assert_eq!((one(&read).entries.len(), one(&read).name.as_str()), (0, "i"));
    assert_eq!(
        read.unreadable.iter().map(|u| u.reason.as_str()).collect::<Vec<_>>(),
        [
            "[0].incidents[0]: This incident has no id; it was left out.",
            "[1].incident_updates: This is text where a list belongs; it was left out.",
            "[2]: This is nothing that Statuspage sends or answers; it was left out.",
        ]
    );
}
