//! `secondstory import`: reads documents, says what was understood, writes it, and counts what was written.

use crate::cli::{Outcome, told};
use crate::clock;
use domain::imported::{ImportedFile, Unreadable};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::Store;

/// A file that was read.
struct Document {
    /// Path below the folder that was named: it says which document this is when it is imported again.
    name: String,
    bytes: Vec<u8>,
    read: ImportedFile,
}

#[derive(Serialize)]
struct Report {
    files: usize,
    incidents: usize,
    timeline_events: usize,
    factors: usize,
    learnings: usize,
    mitigation_items: usize,
    unchanged: usize,
    /// What is in the trash, merged into another incident or gone for good, and does not come back by an import.
    not_revived: Vec<NotRevived>,
    unreadable: Vec<Line>,
}

#[derive(Serialize)]
struct NotRevived {
    file: String,
    reason: String,
}

#[derive(Serialize)]
struct Line {
    file: String,
    line: usize,
    reason: String,
}

/// Imports one file or a folder of reviews. Exit 0 when nothing was unreadable, else 1.
pub(crate) async fn reviews(store: &Store, path: &Path, importer: Option<&str>, dry_run: bool, json: bool) -> Outcome {
    let mut unreadable = Vec::new();
    let documents = read_all(path, &mut unreadable)?;
    for document in &documents {
        describe(document);
        unreadable.extend(document.read.unreadable.iter().map(|u| line(&document.name, u)));
    }
    let counts = if dry_run {
        eprintln!("Dry run: nothing was written.");
        store::imports::Counts::default()
    } else {
        let viewer = importing_as(store, importer).await?;
        let files: Vec<store::imports::File<'_>> =
            documents.iter().map(|d| store::imports::File { name: &d.name, understood: &d.read, bytes: &d.bytes }).collect();
        store::imports::write(store, &viewer, &files, clock::now()).await.map_err(told)?
    };
    let report = Report {
        files: counts.files,
        incidents: counts.incidents,
        timeline_events: counts.timeline_events,
        factors: counts.factors,
        learnings: counts.learnings,
        mitigation_items: counts.mitigation_items,
        unchanged: counts.unchanged,
        not_revived: counts.not_revived.into_iter().map(|(file, reason)| NotRevived { file, reason }).collect(),
        unreadable,
    };
    say(&report, json)?;
    Ok(if report.unreadable.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn line(file: &str, unreadable: &Unreadable) -> Line {
    Line { file: file.to_owned(), line: unreadable.line, reason: unreadable.reason.clone() }
}

/// What was understood of a file, for the person at the terminal.
fn describe(document: &Document) {
    for incident in &document.read.incidents {
        eprintln!(
            "{}: \"{}\", {} events, {} factors, {} learnings, {} planned items",
            document.name,
            incident.title,
            incident.events.len(),
            incident.factors.len(),
            incident.learnings.len(),
            incident.actions.len()
        );
    }
    for note in &document.read.notes {
        eprintln!("{}:{}: {}", document.name, note.line, note.reason);
    }
}

fn say(report: &Report, json: bool) -> Result<(), String> {
    if json {
        println!("{}", serde_json::to_string(report).map_err(|e| e.to_string())?);
        return Ok(());
    }
    for Line { file, line, reason } in &report.unreadable {
        println!("{file}:{line}: {reason}");
    }
    for NotRevived { file, reason } in &report.not_revived {
        println!("{file}: {reason}");
    }
    println!(
        "Written: {} incidents from {} files, {} timeline events, {} factors, {} learnings, {} items in planning. Unchanged: {}.",
        report.incidents,
        report.files,
        report.timeline_events,
        report.factors,
        report.learnings,
        report.mitigation_items,
        report.unchanged
    );
    Ok(())
}

fn read_all(path: &Path, unreadable: &mut Vec<Line>) -> Result<Vec<Document>, String> {
    let found = std::fs::metadata(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let (root, files) = if found.is_dir() {
        let mut files = Vec::new();
        walk(path, &mut files).map_err(|e| format!("{}: {e}", path.display()))?;
        files.sort();
        (path.to_owned(), files)
    } else {
        (path.parent().unwrap_or(Path::new("")).to_owned(), vec![path.to_owned()])
    };
    let mut documents = Vec::new();
    for file in files {
        let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().into_owned();
        match std::fs::read(&file) {
            Ok(bytes) => {
                let read = importers::read_review(&name, &bytes);
                documents.push(Document { name, bytes, read });
            }
            Err(e) => unreadable.push(Line { file: name, line: 0, reason: format!("cannot be opened: {e}") }),
        }
    }
    Ok(documents)
}

fn walk(folder: &Path, into: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, into)?;
        } else if path.file_name().is_some_and(|name| importers::is_review_name(&name.to_string_lossy())) {
            into.push(path);
        }
    }
    Ok(())
}

/// Who the import is noted under: the account named, else the instance's own importer.
pub(crate) async fn importing_as(store: &Store, email: Option<&str>) -> Result<domain::people::Viewer, String> {
    match email {
        Some(email) => store::people::viewer_by_email(store, email)
            .await
            .map_err(told)?
            .ok_or_else(|| format!("there is no account {email}; `secondstory user add` makes one")),
        None => store::people::service_viewer(store, clock::now()).await.map_err(told),
    }
}
