//! What the tests of all formats use: fixtures, options, what must hold for anything that is read.

use chrono::{DateTime, Utc};
use domain::text::{TEXT_MAX, TITLE_MAX};
use domain::timeline::raw::{ImportedLog, ImportedLogs, RawEntry, RawSource};
use importers::{LogFile, LogOptions, read_log};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

pub fn options() -> LogOptions {
    LogOptions { zone: chrono_tz::UTC, columns: None, day: None }
}

/// The files below a folder of our fixtures, or one file, with their names below it.
pub fn fixture(path: &str) -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/logs").join(path);
    files_below(&root)
}

/// A folder of the real material; empty, with a word, where it is not at hand.
pub fn real(path: &str) -> Vec<(String, Vec<u8>)> {
    let data = std::env::var_os("SECOND_STORY_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let files = files_below(&data.join(path));
    if files.is_empty() {
        eprintln!("skipped: no {path} in {} (set SECOND_STORY_DATA)", data.display());
    }
    files
}

fn files_below(root: &Path) -> Vec<(String, Vec<u8>)> {
    if root.is_file() {
        let name = root.file_name().expect("a name").to_string_lossy().into_owned();
        return vec![(name, std::fs::read(root).expect("a file"))];
    }
    let mut out = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
                out.push((name, std::fs::read(path).expect("a file")));
            }
        }
    }
    out.sort();
    out
}

pub fn given(files: &[(String, Vec<u8>)]) -> Vec<LogFile<'_>> {
    files.iter().map(|(name, bytes)| LogFile { name, bytes }).collect()
}

/// Reads, and checks what must hold for anything.
pub fn read(source: RawSource, files: &[(String, Vec<u8>)], options: &LogOptions) -> ImportedLogs {
    let read = read_log(source, &given(files), options);
    check(&read);
    read
}

/// Reads one text as a file.
pub fn read_text(source: RawSource, text: &str) -> ImportedLogs {
    read(source, &[("a.json".to_owned(), text.as_bytes().to_vec())], &options())
}

/// What must hold for anything that is read.
pub fn check(read: &ImportedLogs) {
    assert!(!read.logs.is_empty() || !read.unreadable.is_empty() || !read.notes.is_empty(), "an answer without a word");
    for log in &read.logs {
        assert!(!log.name.is_empty() && log.name.chars().count() <= TITLE_MAX);
        assert!(!log.entries.is_empty() || log.incident.is_some(), "{} holds nothing", log.name);
        let ids: HashSet<&str> = log.entries.iter().map(|e| e.external_id.as_str()).collect();
        assert_eq!(ids.len(), log.entries.len(), "entries of {} that cannot be told apart", log.name);
        let authors: HashSet<&str> = log.authors.iter().map(|a| a.id.as_str()).collect();
        assert_eq!(authors.len(), log.authors.len(), "authors of {} that cannot be told apart", log.name);
        let times: Vec<DateTime<Utc>> = log.entries.iter().filter_map(|e| e.at).collect();
        assert!(times.is_sorted(), "{} is not in the order of time", log.name);
        for entry in &log.entries {
            check_entry(entry);
            assert!(entry.author.as_deref().is_none_or(|a| authors.contains(a)), "{entry:?} has an unknown author");
        }
    }
}

fn check_entry(entry: &RawEntry) {
    let lines = [&entry.external_id, &entry.as_written, &entry.place];
    assert!(!entry.external_id.is_empty());
    assert!(lines.iter().all(|line| !line.contains(char::is_control) && line.len() < 4000), "{entry:?}");
    assert!(
        entry.text.len() <= TEXT_MAX && !entry.text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'),
        "{entry:?}"
    );
    for link in &entry.links {
        assert!(["http://", "https://", "mailto:"].iter().any(|s| link.url.to_lowercase().starts_with(s)), "{link:?}");
    }
    assert_ne!(entry.in_reply_to.as_ref(), Some(&entry.external_id));
}

/// The only log.
pub fn one(read: &ImportedLogs) -> &ImportedLog {
    assert_eq!(read.logs.len(), 1, "{:?} {:?}", read.unreadable, read.logs.iter().map(|l| &l.name).collect::<Vec<_>>());
    &read.logs[0]
}

/// An entry as one line: time, kind, author, text.
pub fn told(entry: &RawEntry) -> String {
    let at = entry.at.map(|at| at.format("%d %H:%M:%S").to_string()).unwrap_or_default();
    format!("{at} {} {}: {}", entry.kind.slug(), entry.author.as_deref().unwrap_or("-"), entry.text)
}

pub fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

/// Files as an archive.
pub fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("a file");
        archive.write_all(bytes).expect("its bytes");
    }
    archive.finish().expect("an archive").into_inner()
}
