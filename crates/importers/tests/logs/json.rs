//! Our own plain JSON.

use crate::support::{fixture, one, options, read, read_text, told, utc};
use domain::timeline::raw::RawSource;
use importers::LogOptions;

#[test]
fn a_log_is_read_field_by_field() {
    let options = LogOptions { zone: chrono_tz::Europe::Copenhagen, ..options() };
    let read = read(RawSource::Json, &fixture("json/harbour.json"), &options);
    let log = one(&read);
    assert_eq!(
        log.entries.iter().map(told).collect::<Vec<_>>(),
        [
            "02 08:00:05 firing beacon: Bookings time out <b>now</b>",
            "02 08:01:00 acknowledged helm: On it",
            "02 08:10:00 other Deck Lead: No zone here",
            "02 08:10:00 note Deck Lead: No zone here either",
            " note -: No time",
        ]
    );
    let incident = log.incident.as_ref().expect("an incident");
    assert_eq!((log.name.as_str(), incident.external_id.as_str(), incident.severity.as_str()), ("Harbour radio", "H-7", "major"));
    assert_eq!(
        (incident.started_at, incident.resolved_at),
        (Some(utc("2026-03-02T08:00:00Z")), Some(utc("2026-03-02T08:30:00Z")))
    );
    let first = &log.entries[0];
    assert_eq!(
        first.links.iter().map(|l| (l.url.as_str(), l.title.as_str())).collect::<Vec<_>>(),
        [("https://charts.ferry.example/d/1", ""), ("https://docs.ferry.example/pool", "Pool"),]
    );
    assert_eq!(first.reactions, [("eyes".to_owned(), 2), ("anchor".to_owned(), 1)]);
    assert_eq!(first.details, [("pier".to_owned(), "north".to_owned()), ("boats".to_owned(), "4".to_owned())]);
    assert_eq!((first.files.as_slice(), first.edited_at), (&["graph.png".to_owned()][..], Some(utc("2026-03-02T08:00:40Z"))));
    assert_eq!(log.entries[1].in_reply_to.as_deref(), Some("1"));
    assert_eq!(
        (log.entries[3].external_id.as_str(), log.entries[4].as_written.as_str()),
        ("2026-03-02 09:10 Deck Lead#2", "later")
    );
    assert_eq!(
        log.authors.iter().map(|a| (a.name.as_str(), a.email.as_str(), a.machine)).collect::<Vec<_>>(),
        [("Helm Officer", "helm@ferry.example", false), ("beacon", "", true), ("Deck Lead", "", false),]
    );
    assert_eq!(
        read.unreadable.iter().map(|u| u.reason.as_str()).collect::<Vec<_>>(),
        [
            "entries[1].links[2]: This is no link that can be followed; it was left out.",
            "entries[4].at: “later” was not understood as a time.",
            "entries[5]: This is no entry; it was left out.",
        ]
    );
}

#[test]
fn a_list_of_entries_or_one_a_line_is_a_log() {
    let listed = read(RawSource::Json, &fixture("json/bare.json"), &options());
    assert_eq!(
        one(&listed).entries.iter().map(told).collect::<Vec<_>>(),
        ["02 07:00:00 note -: zero", "02 08:00:00 note -: one"]
    );
    assert_eq!((one(&listed).name.as_str(), listed.unreadable.len()), ("bare", 0));
    let lines = read_text(RawSource::Json, "{\"at\": 1772438400, \"text\": \"one\"}\n\n{\"text\": broken}\n{\"id\": \"x\"}\n");
    assert_eq!(one(&lines).entries.iter().map(told).collect::<Vec<_>>(), ["02 08:00:00 note -: one", " note -: "]);
    assert_eq!(
        (lines.unreadable[0].line, lines.unreadable[0].reason.as_str()),
        (3, "This is no JSON (column 10); it was not read.")
    );
}

#[test]
fn several_logs_stand_in_one_file() {
    let read = read_text(
        RawSource::Json,
        r#"[{"name": "a", "entries": [{"text": "x"}]}, {"entries": []}, {"incident": {}}, {"name": "b", "incident": {"title": "T"}, "entries": []}]"#,
    );
    assert_eq!(read.logs.iter().map(|l| (l.name.as_str(), l.entries.len())).collect::<Vec<_>>(), [("a", 1), ("b", 0)]);
    assert_eq!(read.unreadable[0].reason, "[2]: This is neither a log nor an entry; it was left out.");
}

#[test]
fn what_is_small_as_text_and_large_in_memory_is_refused() {
    let read = read_text(RawSource::Json, &format!("[{}0]", "0,".repeat(3_000_000)));
    assert_eq!(read.unreadable[0].reason, "The JSON holds too many values; it was not read.");
    let read = read_text(RawSource::Json, &"[".repeat(100_000));
    assert_eq!(read.unreadable[0].reason, "The JSON is nested too deeply; it was not read.");
    let read = read_text(RawSource::Json, r#"{"entries": [{"text": "cut "#);
    assert_eq!(read.unreadable[0].reason, "The JSON breaks off here; it was not read.");
}

#[test]
fn names_that_say_nothing_are_none() {
    let read = read_text(
        RawSource::Json,
        "{\"name\": \"\\u0000\", \"incident\": {\"id\": \"\\u0007\"}, \"entries\": [{\"id\": \"\\u0001\", \"at\": 9999999999}, {\"id\": \"\\u0002\"}]}",
    );
    let log = one(&read);
    assert_eq!((log.name.as_str(), log.incident.as_ref()), ("Log", None));
    assert_eq!(log.entries.iter().map(|e| (e.external_id.as_str(), e.at)).collect::<Vec<_>>(), [("#1", None), ("#2", None)]);
}
