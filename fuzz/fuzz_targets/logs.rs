//! Any bytes as logs of any tool: no panic, and what comes out holds together. The first byte names the format, 0x1E divides files.
#![no_main]

use domain::text::{TEXT_MAX, TITLE_MAX};
use domain::timeline::raw::{ImportedLogs, RawSource};
use importers::{LogFile, LogOptions, guess_source, read_log, read_table_head};
use libfuzzer_sys::fuzz_target;
use std::collections::HashSet;

const NAMES: [&str; 5] = ["a/2026-03-02.json", "channels.json", "users.json", "a/2026-03-03.json", "b/2026-03-02.json"];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let files: Vec<LogFile<'_>> = rest.split(|b| *b == 0x1E).zip(NAMES).map(|(bytes, name)| LogFile { name, bytes }).collect();
    // What is beyond the formats is a table of clock readings on a day.
    let day = (usize::from(*first) >= RawSource::ALL.len()).then(|| chrono::NaiveDate::from_ymd_opt(2026, 3, 2)).flatten();
    let source = RawSource::ALL.get(usize::from(*first)).copied().unwrap_or(RawSource::Csv);
    let options = LogOptions { zone: chrono_tz::Europe::Copenhagen, columns: None, day };
    let read = read_log(source, &files, &options);
    check(&read);
    assert_eq!(read, read_log(source, &files, &options), "read twice, another thing each time");
    let _ = guess_source(&files);
    if let Some(head) = read_table_head(rest) {
        assert!(head.rows.iter().all(|row| row.len() == head.names.len()));
    }
});

fn check(read: &ImportedLogs) {
    assert!(!read.logs.is_empty() || !read.unreadable.is_empty() || !read.notes.is_empty(), "an answer without a word");
    for log in &read.logs {
        assert!(!log.name.is_empty() && log.name.chars().count() <= TITLE_MAX);
        let ids: HashSet<&str> = log.entries.iter().map(|e| e.external_id.as_str()).collect();
        assert_eq!(ids.len(), log.entries.len(), "entries that cannot be told apart");
        let authors: HashSet<&str> = log.authors.iter().map(|a| a.id.as_str()).collect();
        assert_eq!(authors.len(), log.authors.len(), "authors that cannot be told apart");
        let times: Vec<_> = log.entries.iter().filter_map(|e| e.at).collect();
        assert!(times.is_sorted(), "not in the order of time");
        for entry in &log.entries {
            assert!(!entry.external_id.is_empty() && entry.text.len() <= TEXT_MAX);
            assert!(!entry.text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'));
            assert!(entry.author.as_deref().is_none_or(|a| authors.contains(a)));
            let may_be_followed = |url: &str| ["http://", "https://", "mailto:"].iter().any(|s| url.to_lowercase().starts_with(s));
            assert!(entry.links.iter().all(|link| may_be_followed(&link.url)));
        }
    }
}
