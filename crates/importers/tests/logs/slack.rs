//! A Slack export.

use crate::support::{fixture, one, options, read, read_text, told, utc, zipped};
use domain::timeline::raw::{ImportedLog, ImportedLogs, RawKind, RawLink, RawSource};

fn export() -> ImportedLogs {
    read(RawSource::Slack, &fixture("slack"), &options())
}

fn booking(read: &ImportedLogs) -> &ImportedLog {
    read.logs.iter().find(|l| l.name == "inc-ferry-booking").expect("the channel")
}

#[test]
fn a_channel_is_a_log_and_a_message_an_entry() {
    let read = export();
    assert_eq!(
        read.logs.iter().map(|l| (l.name.as_str(), l.entries.len())).collect::<Vec<_>>(),
        [("harbour-office", 1), ("inc-ferry-booking", 12)]
    );
    let lines: Vec<String> = booking(&read).entries.iter().map(told).collect();
    assert_eq!(
        lines,
        [
            "02 08:00:00 other U0HELM: @helm has joined the channel",
            "02 08:00:05 message U0PAGER: Booking latency above 4 s\nService booking & queue\n*Region:* north",
            "02 08:00:10 message B0GRAPH: Chart of the hour\np95 of bookings\nBooking board\np95 at 6.2 s\nPeak: 9.1 s",
            "02 08:01:10 message U0HELM: @here @Deck Lead can you look at #harbour-office and #harbour-office? Board: https://charts.ferry.example/d/1 :ship:",
            "02 08:02:10 message U0DECK: Looking. `a < b && c` is <script> no mark & desk@ferry.example",
            "02 08:03:10 message U0DECK: The connection pool is full.",
            "02 08:03:20 message U0HELM: Bookings are paused.",
            "02 08:04:00 message U0DECK: Reply to what was deleted",
            "03 08:00:10 message U0GUEST: @crew see here (javascript:alert(1)), +45123, 3 March",
            " message U0HELM: No time",
            "03 08:01:10 other U0HELM: @helm set the channel topic: Over",
            "03 08:01:20 message U0DECK: Asked @helm: pool size\none\n:anchor:",
        ]
    );
}

#[test]
fn threads_reactions_edits_files_and_links_are_kept() {
    let read = export();
    let entries = &booking(&read).entries;
    let head = &entries[3];
    assert_eq!((head.external_id.as_str(), head.in_reply_to.as_deref()), ("C0BOOK/1772438470.000400", None));
    assert_eq!(head.reactions, [("eyes".to_owned(), 2), ("+1".to_owned(), 1)]);
    assert_eq!((head.edited_at, head.place.as_str()), (Some(utc("2026-03-02T08:01:40Z")), "#inc-ferry-booking"));
    assert!(entries[4..6].iter().all(|e| e.in_reply_to.as_deref() == Some("C0BOOK/1772438470.000400")));
    assert_eq!(entries[4].files, ["booking-threads.txt"]);
    assert_eq!(entries[4].links, [RawLink { url: "mailto:desk@ferry.example".to_owned(), title: String::new() }]);
    assert_eq!(
        (entries[6].external_id.as_str(), entries[6].edited_at),
        ("C0BOOK/1772438600.000700", Some(utc("2026-03-02T08:03:40Z")))
    );
    assert_eq!(
        entries[2].links,
        [RawLink { url: "https://charts.ferry.example/d/1?from=1&to=2".to_owned(), title: "Booking board".to_owned() }]
    );
    assert!(entries[8].links.is_empty());
    assert_eq!((entries[9].at, entries[9].external_id.as_str()), (None, "C0BOOK/c9"));
    assert_eq!(entries[11].links[0].title, "pool size");
}

#[test]
fn authors_have_names_and_addresses_and_bots_are_machines() {
    let read = export();
    let told: Vec<String> =
        booking(&read).authors.iter().map(|a| format!("{} {} <{}> {}", a.id, a.name, a.email, a.machine)).collect();
    assert_eq!(
        told,
        [
            "U0HELM helm <helm@ferry.example> false",
            "U0PAGER Lookout <> true",
            "B0GRAPH Chart keeper <> true",
            "U0DECK Deck Lead <deck@ferry.example> false",
            "U0GUEST Guest Harbour <> false",
        ]
    );
}

#[test]
fn what_was_said_among_few_or_taken_back_is_not_read() {
    let read = export();
    assert!(!format!("{read:?}").contains("SECRET"));
    assert_eq!(
        read.notes.iter().map(|n| n.reason.as_str()).collect::<Vec<_>>(),
        [
            "Direct messages are never read: 2 folders were left out.",
            "Private channels and direct messages are not read along with an export; if the people of a private channel agree, import its folder alone: one folder was left out.",
        ]
    );
    // Without the lists a folder of direct messages is still known by its name.
    for folder in ["D0CAPTAIN1", "mpdm-pilot--cook-1"] {
        let files = vec![(format!("{folder}/2026-03-02.json"), br#"[{"text":"SECRET","ts":"1772438400.000100"}]"#.to_vec())];
        assert!(crate::support::read(RawSource::Slack, &files, &options()).logs.is_empty());
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let reasons: Vec<String> = export().unreadable.into_iter().map(|u| u.reason).collect();
    assert_eq!(
        reasons,
        [
            "inc-ferry-booking/2026-03-03.json: [2]: The message has no time that can be read; it stays behind the one before it.",
            "inc-ferry-booking/2026-03-03.json: [5]: This is no message; it was left out.",
        ]
    );
}

#[test]
fn an_archive_or_a_folder_above_reads_the_same() {
    let files = fixture("slack");
    let plain = export();
    let below: Vec<(String, Vec<u8>)> =
        files.iter().map(|(name, bytes)| (format!("Ferry export/{name}"), bytes.clone())).collect();
    assert_eq!(read(RawSource::Slack, &below, &options()).logs, plain.logs);
    for files in [&files, &below] {
        let archive = vec![("export.zip".to_owned(), zipped(files))];
        let packed = read(RawSource::Slack, &archive, &options());
        assert_eq!((packed.logs, packed.unreadable.len()), (plain.logs.clone(), 2));
        assert!(packed.unreadable[0].reason.contains("inc-ferry-booking/2026-03-03.json: [2]: "));
    }
}

#[test]
fn a_day_alone_is_a_log() {
    let read = read_text(RawSource::Slack, r#"[{"type": "message", "text": "Alone", "ts": 1772438400.5}]"#);
    let log = one(&read);
    assert_eq!((log.name.as_str(), log.entries[0].external_id.as_str()), ("a", "a/1772438400.500000"));
    assert_eq!((log.entries[0].kind, log.entries[0].author.as_deref()), (RawKind::Message, None));
}

#[test]
fn an_archive_that_would_fill_the_memory_is_left() {
    let bomb = zipped(&[("c/2026-03-01.json".to_owned(), vec![b' '; 257 << 20])]);
    assert!(bomb.len() < 1 << 20);
    let read = read(RawSource::Slack, &[("export.zip".to_owned(), bomb)], &options());
    assert!(read.unreadable.iter().any(|u| u.reason.starts_with("Together the files are larger than 256 MB unpacked")));
    let nested = zipped(&[("inner.json".to_owned(), zipped(&[("c/a.json".to_owned(), b"[]".to_vec())]))]);
    let read = crate::support::read(RawSource::Slack, &[("export.zip".to_owned(), nested)], &options());
    assert_eq!(read.unreadable[0].reason, "export.zip: inner.json is an archive within the archive; it was left out.");
}

#[test]
fn what_the_api_answers_about_a_channel_is_read() {
    let text = r#"{"ok": true, "messages": [{"type": "message", "user": "U1", "text": "two", "ts": "1772438460.000000"}, {"text": "one", "ts": "1772438400.000000"}], "has_more": false}"#;
    assert_eq!(importers::guess_source(&[importers::LogFile { name: "a.json", bytes: text.as_bytes() }]), Some(RawSource::Slack));
    let read = read_text(RawSource::Slack, text);
    assert_eq!(
        one(&read).entries.iter().map(told).collect::<Vec<_>>(),
        ["02 08:00:00 message -: one", "02 08:01:00 message U1: two"]
    );
}

#[test]
fn without_the_lists_that_say_what_is_private_nothing_is_read() {
    let secret = || ("night-crew/2026-03-01.json".to_owned(), br#"[{"text": "SECRET", "ts": "1772438400.1"}]"#.to_vec());
    let groups = ("groups.json".to_owned(), br#"[{"id": "G1", "name": "night-crew"}]"#.to_vec());
    let cut = ("groups.json".to_owned(), br#"[{"id": "G1", "na"#.to_vec());
    let huge = ("big/2026-03-01.json".to_owned(), vec![b' '; 257 << 20]);
    let packed = ("export.zip".to_owned(), zipped(&[secret(), huge.clone(), groups.clone()]));
    let odd = ("groups.json".to_owned(), b"{}".to_vec());
    let none = ("channels.json".to_owned(), b"[]".to_vec());
    for files in [vec![packed], vec![secret(), huge, groups], vec![secret(), cut], vec![secret(), odd], vec![secret(), none]] {
        let read = read(RawSource::Slack, &files, &options());
        assert!(read.logs.is_empty());
        assert!(!format!("{read:?}").contains("SECRET"));
    }
}
