//! The reviews of other teams themselves, each repository's entries counted by hand and eye: a few lines of code that know nothing of the
//! parser. Skipped, visibly, where the files are not at hand.

use std::path::{Path, PathBuf};

/// A repository, how its entries are counted, and how many incidents its files tell.
type Repository = (&'static str, fn(&str) -> usize, usize);

const REPOSITORIES: [Repository; 5] = [
    ("moj-cloud-platform-incidents", moj, 20),
    ("mybinder-incidents", timed_headings, 12),
    ("posthog-post-mortems", bold_times, 6),
    ("univaf-incidents", timed_headings, 3),
    ("chia-post-mortem", chia, 16),
];

/// Known for what they are: a template, and entries whose year has three digits or that say that there is no time.
const UNREADABLE: [(&str, usize); 3] = [("CLVM-infinite", 15), ("infinite-loop", 19), ("2021-05-10-apply", 10)];

fn files(repository: &str) -> Vec<(String, String)> {
    let data = std::env::var_os("SECOND_STORY_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let mut folders = vec![data.join(repository)];
    let mut out = Vec::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            eprintln!("skipped: no reviews in {} (set SECOND_STORY_DATA)", folder.display());
            continue;
        };
        for path in entries.flatten().map(|e| e.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".md") || name.ends_with(".md.erb") {
                out.push((name, std::fs::read_to_string(&path).expect("a review")));
            }
        }
    }
    out.sort();
    out
}

/// Two digits or one, a colon, two digits.
fn has_clock(text: &str) -> bool {
    text.as_bytes().windows(4).any(|w| w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit() && w[3].is_ascii_digit())
}

/// The lines below a line that says so, up to one that says so.
fn between(text: &str, from: impl Fn(&str) -> bool, to: impl Fn(&str) -> bool) -> Vec<&str> {
    text.lines().skip_while(|l| !from(l)).skip(1).take_while(|l| !to(l)).collect()
}

fn moj(text: &str) -> usize {
    let key_events = between(text, |l| l.starts_with("- **Key events"), |l| l.trim().is_empty()).len();
    let context = between(text, |l| l.starts_with("- **Context"), |l| l.starts_with("- **"));
    let dated = context.iter().filter(|l| l.trim_start_matches([' ', '-']).starts_with("202") && has_clock(l)).count();
    let clocks =
        context.iter().filter(|l| has_clock(l.get(..6).unwrap_or("")) && l.starts_with(|c: char| c.is_ascii_digit())).count();
    let rows = text.lines().filter(|l| l.starts_with("| 20")).count();
    key_events + dated + clocks + rows
}

fn timed_headings(text: &str) -> usize {
    text.lines().filter(|l| l.starts_with("### ") && has_clock(l)).count()
}

fn bold_times(text: &str) -> usize {
    text.lines().filter(|l| l.starts_with("- **") && has_clock(l.get(..10).unwrap_or(""))).count()
}

fn chia(text: &str) -> usize {
    let lines = between(text, |l| l.starts_with("## Timeline"), |l| l.starts_with("## "));
    let is_entry = |l: &&&str| {
        let l = l.trim_start_matches([' ', '-']);
        let month = l.starts_with("January ") || l.starts_with("February ");
        let digits = l.starts_with(|c: char| c.is_ascii_digit());
        // "01-10-2024" alone on its line is the day of what follows.
        (digits && l.contains(' ')) || (month && l.len() < 40) || (l.starts_with("| ") && has_clock(l))
    };
    lines.iter().filter(is_entry).count()
}

#[test]
fn nearly_every_entry_of_every_repository_is_an_event() {
    for (repository, count, wanted_incidents) in REPOSITORIES {
        let files = files(repository);
        if files.is_empty() {
            continue;
        }
        let (mut counted, mut found, mut timed, mut incidents) = (0, 0, 0, 0);
        for (name, text) in &files {
            let file = importers::read_review(name, text.as_bytes());
            let events: Vec<_> = file.incidents.iter().flat_map(|i| &i.events).collect();
            incidents += file.incidents.len();
            if file.incidents.is_empty() {
                continue;
            }
            let entries = count(text);
            counted += entries;
            if events.len() < entries {
                eprintln!("  {name}: {} of {entries}", events.len());
            }
            // More than there are would be as wrong as fewer; what is more is not credited.
            found += events.len().min(entries);
            timed += events.iter().filter(|e| e.at.is_some()).count().min(entries);
            assert!(events.len() <= entries + 3, "{name}: {} events from {entries} entries", events.len());
            let known = UNREADABLE.iter().filter(|(part, _)| name.contains(part)).map(|(_, line)| *line).collect::<Vec<_>>();
            assert_eq!(file.unreadable.iter().map(|u| u.line).collect::<Vec<_>>(), known, "{name}");
        }
        eprintln!(
            "{repository}: {} files, {incidents} incidents, {found} of {counted} entries, {timed} with a time",
            files.len()
        );
        assert_eq!(incidents, wanted_incidents, "{repository}");
        assert!(found * 100 >= counted * 98, "{repository}: {found} of {counted}");
        assert!(timed * 100 >= counted * 95, "{repository}: {timed} of {counted} have a time");
    }
}

#[test]
fn every_event_says_where_it_stands_and_in_whose_words() {
    for (repository, ..) in REPOSITORIES {
        for (name, text) in files(repository) {
            let lines: Vec<&str> = text.lines().collect();
            for event in importers::read_review(&name, text.as_bytes()).incidents.iter().flat_map(|i| &i.events) {
                let line = lines[event.line - 1];
                // A table keeps day and time in cells of their own, and its header may tell the year.
                let words = event
                    .as_written
                    .split_whitespace()
                    .all(|word| line.contains(word) || lines.iter().any(|l| l.contains(&format!("({word})"))));
                assert!(words, "{name}:{}: {:?}", event.line, event.as_written);
            }
        }
    }
}

#[test]
fn the_zones_and_hours_of_known_files_are_right() {
    let first = |repository: &str, part: &str, at: usize| {
        let (name, text) = files(repository).into_iter().find(|(name, _)| name.contains(part))?;
        let file = importers::read_review(&name, text.as_bytes());
        let event = file.incidents[at].events[0].clone();
        Some((file.incidents[at].zone.clone(), event.at.map(|t| t.to_rfc3339()).unwrap_or_default()))
    };
    let cases = [
        ("mybinder-incidents", "2018-07-30", 0, "America/Los_Angeles", "2018-07-30T18:20:00+00:00"),
        ("mybinder-incidents", "2018-04-18", 0, "Europe/Copenhagen", "2018-04-18T10:35:00+00:00"),
        ("mybinder-incidents", "2019-03-24", 0, "Etc/GMT-1", "2019-03-24T07:54:00+00:00"),
        ("univaf-incidents", "2021-06-03", 0, "America/Los_Angeles", "2021-06-03T16:00:00+00:00"),
        ("posthog-post-mortems", "2025-10-21", 3, "UTC", "2025-10-29T22:30:00+00:00"),
        ("chia-post-mortem", "2021-10-31", 0, "America/Los_Angeles", "2021-11-01T04:33:00+00:00"),
        ("chia-post-mortem", "mempool-not-updated", 0, "America/Los_Angeles", "2024-01-05T08:00:00+00:00"),
        ("moj-cloud-platform-incidents", "2025-07-23", 0, "UTC", "2025-07-23T15:35:00+00:00"),
    ];
    for (repository, part, at, zone, time) in cases {
        if let Some(found) = first(repository, part, at) {
            assert_eq!(found, (zone.to_owned(), time.to_owned()), "{part}");
        }
    }
}
