//! `secondstory import slack …` and its like: reads the log of a tool, says what was understood, and takes it into the raw log of an incident.

use crate::cli::{Database, Outcome, told};
use crate::clock;
use crate::import::importing_as;
use clap::Args;
use domain::IncidentId;
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::timeline::raw::{ImportedLog, ImportedLogs, RawSource};
use domain::timeline::telling::placed;
use domain::walltime;
use importers::{Columns, LogFile, LogOptions, TableHead};
use serde::Serialize;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::Store;
use store::timeline::raw_authors::AuthorAs;
use store::timeline::raw_imports::{self, Taking, Written};

/// Entries after which the terminal is told how far it is.
const STEP: usize = 10_000;

/// What all formats of logs take.
#[derive(Args)]
pub(crate) struct ImportLog {
    /// A file, an archive (zip) or a folder.
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) how: How,
    #[command(flatten)]
    pub(crate) database: Database,
}

/// Where a log goes and how it is read.
#[derive(Args)]
pub(crate) struct How {
    /// The incident that it belongs to, e.g. INC-5. Without it, each incident that the log tells of becomes one here.
    #[arg(long)]
    pub(crate) incident: Option<String>,
    /// Time zone of times that name none; the incident's own, else UTC.
    #[arg(long)]
    zone: Option<String>,
    /// Day of times that name none, e.g. 2026-03-02.
    #[arg(long)]
    day: Option<String>,
    /// What the columns of a table tell, by their names or numbers from 1: time=When,text=Note,author=Who,place=3,date=Day.
    #[arg(long)]
    columns: Option<String>,
    /// Say what would come and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print the counts as JSON, last.
    #[arg(long)]
    pub(crate) json: bool,
    /// E-mail of the account that imports: who facilitates the incident, or brought it in. Default: the host itself.
    #[arg(long = "as", env = "SECOND_STORY_AS")]
    importer: Option<String>,
}

#[derive(Default, Serialize)]
struct Report {
    files: usize,
    logs: usize,
    entries: usize,
    added: usize,
    changed: usize,
    unchanged: usize,
    /// Incidents that it went into, and those of them that are new.
    incidents: Vec<String>,
    new_incidents: Vec<String>,
    unreadable: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    line: usize,
    reason: String,
}

/// Runs the import of one format. Exit 0 when nothing was unreadable, else 1.
pub(crate) async fn run(source: RawSource, args: ImportLog) -> Outcome {
    let store = args.database.open().await?;
    import(&store, source, &args.path, &args.how).await
}

/// As [`run`], in a database that is open.
pub(crate) async fn import(store: &Store, source: RawSource, path: &Path, how: &How) -> Outcome {
    let viewer = importing_as(store, how.importer.as_deref()).await?;
    let target = match &how.incident {
        Some(key) => Some(find(store, &viewer, key).await?),
        None => None,
    };
    let files = read_all(path)?;
    let zone = how.zone.as_deref().or(target.as_ref().map(|t| t.zone.as_str())).unwrap_or("UTC");
    let options = options(source, &files, zone, how)?;
    let borrowed: Vec<LogFile<'_>> = files.iter().map(|(name, bytes)| LogFile { name, bytes }).collect();
    let read = importers::read_log(source, &borrowed, &options);
    describe(&read);
    let mut report = Report { files: files.len(), logs: read.logs.len(), ..Report::default() };
    report.unreadable = read.unreadable.iter().map(|u| Line { line: u.line, reason: u.reason.clone() }).collect();
    if read.logs.is_empty() && report.unreadable.is_empty() {
        report
            .unreadable
            .push(Line { line: 0, reason: format!("{}: nothing was found that {} writes.", path.display(), source.label()) });
    }
    match target {
        Some(target) => into(store, &viewer, source, &target, &read.logs, how.dry_run, &mut report).await?,
        None => {
            for log in read.logs {
                of_its_own(store, &viewer, source, log, &options, how.dry_run, &mut report).await?;
            }
        }
    }
    if how.dry_run {
        eprintln!("Dry run: nothing was written.");
    }
    say(&report, how)?;
    Ok(if report.unreadable.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// An incident that a log goes into.
struct Target {
    id: IncidentId,
    key: IncidentKey,
    zone: String,
    started_at: chrono::DateTime<chrono::Utc>,
}

async fn find(store: &Store, viewer: &Viewer, typed: &str) -> Result<Target, String> {
    let key: IncidentKey = typed.trim().parse().map_err(|()| format!("{typed} is no key; keys look like INC-12"))?;
    match store::incidents::by_key(store, viewer, key, clock::now()).await {
        Ok(opened) => {
            let incident = opened.incident;
            Ok(Target { id: incident.id, key, zone: incident.zone, started_at: incident.started_at })
        }
        Err(store::StoreError::NotFound) => {
            Err(format!("{key} is not there, or not for {}; --as names another account", viewer.name))
        }
        Err(other) => Err(told(other)),
    }
}

fn options(source: RawSource, files: &[(String, Vec<u8>)], zone: &str, how: &How) -> Result<LogOptions, String> {
    let zone = walltime::parse_zone(zone).map_err(|_| format!("{zone} is no time zone; they look like Europe/Copenhagen"))?;
    let day = how.day.as_deref().map(|day| day.parse().map_err(|_| format!("{day} is no day; days look like 2026-03-02")));
    let head = || files.first().and_then(|(_, bytes)| importers::read_table_head(bytes));
    let columns = match &how.columns {
        Some(_) if source != RawSource::Csv => return Err("--columns is for tables (csv)".to_owned()),
        Some(typed) => Some(columns(typed, &head().ok_or("the first file is no table")?)?),
        None => None,
    };
    Ok(LogOptions { zone, columns, day: day.transpose()? })
}

/// Reads `time=When,text=Note,author=3`.
fn columns(typed: &str, head: &TableHead) -> Result<Columns, String> {
    let mut columns = head.columns;
    for pair in typed.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (what, which) = pair.split_once('=').ok_or_else(|| format!("\"{pair}\" is not of the form time=When"))?;
        let (what, which) = (what.trim(), which.trim());
        let by_name = head.names.iter().position(|name| name.eq_ignore_ascii_case(which));
        let by_number = || which.parse::<usize>().ok().filter(|n| (1..=head.names.len()).contains(n)).map(|n| n - 1);
        let at = by_name
            .or_else(by_number)
            .ok_or_else(|| format!("there is no column \"{which}\"; there are {}", head.names.join(", ")))?;
        match what {
            "time" => columns.time = at,
            "date" => columns.date = Some(at),
            "text" => columns.text = at,
            "author" => columns.author = Some(at),
            "place" => columns.place = Some(at),
            other => return Err(format!("\"{other}\" is none of time, date, text, author, place")),
        }
    }
    Ok(columns)
}

/// What was understood, for the person at the terminal.
fn describe(read: &ImportedLogs) {
    for log in &read.logs {
        let times = || log.entries.iter().filter_map(|entry| entry.at);
        let span = match (times().min(), times().max()) {
            (Some(first), Some(last)) => format!(", {} to {}", first.format("%F %R"), last.format("%F %R")),
            _ => String::new(),
        };
        eprintln!("{}: {} entries by {} authors{span}", log.name, log.entries.len(), log.authors.len());
    }
    for note in &read.notes {
        eprintln!("{}", line(note.line, &note.reason));
    }
}

fn line(line: usize, reason: &str) -> String {
    if line == 0 { reason.to_owned() } else { format!("line {line}: {reason}") }
}

/// Takes logs into an incident, or says what would come.
async fn into(
    store: &Store,
    viewer: &Viewer,
    source: RawSource,
    target: &Target,
    logs: &[ImportedLog],
    dry_run: bool,
    report: &mut Report,
) -> Result<(), String> {
    let entries = placed(logs, target.started_at);
    report.entries += entries.len();
    report.incidents.push(target.key.to_string());
    let sentence = |error| match error {
        store::StoreError::NotFound => format!(
            "{} may not import into {}: who facilitates it or brought it in may; --as names an account",
            viewer.name, target.key
        ),
        other => told(other),
    };
    if dry_run {
        let compared = raw_imports::compare(store, viewer, target.id, source, &entries, clock::now()).await.map_err(sentence)?;
        let count = |wanted| compared.entries.iter().filter(|s| **s == wanted).count();
        report.added += count(raw_imports::Standing::New);
        report.changed += count(raw_imports::Standing::Changed);
        report.unchanged += count(raw_imports::Standing::Known);
        return Ok(());
    }
    let mut seen = std::collections::BTreeSet::new();
    let authors: Vec<AuthorAs<'_>> = logs
        .iter()
        .flat_map(|log| &log.authors)
        .filter(|author| seen.insert(author.id.as_str()))
        .map(|author| AuthorAs { author, person: None })
        .collect();
    let names: Vec<&str> = logs.iter().map(|log| log.name.as_str()).filter(|name| !name.is_empty()).collect();
    let name =
        if names.len() > 3 { format!("{}, {} and {} more", names[0], names[1], names.len() - 2) } else { names.join(", ") };
    let taking = Taking { source, name: &name, entries: &entries, authors: &authors };
    let progress = std::io::stderr().is_terminal() && entries.len() > STEP;
    let mut written = Written::default();
    while written.done < entries.len() {
        written = raw_imports::write(store, viewer, target.id, &taking, written, STEP, clock::now()).await.map_err(sentence)?;
        if progress {
            eprint!("\r{} of {} entries", written.done, entries.len());
        }
    }
    if progress {
        eprintln!();
    }
    report.added += written.added;
    report.changed += written.changed;
    report.unchanged += written.unchanged;
    Ok(())
}

/// A log that tells of an incident of its own: the one that it became before, or a new one.
async fn of_its_own(
    store: &Store,
    viewer: &Viewer,
    source: RawSource,
    log: ImportedLog,
    options: &LogOptions,
    dry_run: bool,
    report: &mut Report,
) -> Result<(), String> {
    let Some(incident) = &log.incident else {
        let reason =
            format!("{}: it tells of no incident; --incident says where its {} entries belong.", log.name, log.entries.len());
        report.unreadable.push(Line { line: 0, reason });
        return Ok(());
    };
    if dry_run {
        eprintln!("{}: \"{}\"", log.name, incident.title);
        report.entries += log.entries.len();
        return Ok(());
    }
    let first = log.entries.iter().find_map(|entry| entry.at);
    let found =
        store::timeline::raw_incidents::of_log(store, viewer, source, incident, (first, options.zone.name()), clock::now());
    match found.await.map_err(told)? {
        store::timeline::raw_incidents::Found::Here { id, key, new } => {
            if new {
                report.new_incidents.push(key.to_string());
            }
            let started_at = incident.started_at.or(first).unwrap_or_else(clock::now);
            let target = Target { id, key, zone: options.zone.name().to_owned(), started_at };
            into(store, viewer, source, &target, std::slice::from_ref(&log), false, report).await
        }
        store::timeline::raw_incidents::Found::NotRevived(words) => {
            report.unreadable.push(Line { line: 0, reason: format!("{}: {words}.", log.name) });
            Ok(())
        }
    }
}

fn say(report: &Report, how: &How) -> Result<(), String> {
    if how.json {
        println!("{}", serde_json::to_string(report).map_err(|e| e.to_string())?);
        return Ok(());
    }
    for Line { line: at, reason } in &report.unreadable {
        println!("{}", line(*at, reason));
    }
    for key in &report.new_incidents {
        println!("{key} is new.");
    }
    let would = if how.dry_run { "Would come" } else { "Written" };
    println!(
        "{would}: {} new entries and {} changed ones, of {} in {} logs. Unchanged: {}.",
        report.added, report.changed, report.entries, report.logs, report.unchanged
    );
    Ok(())
}

/// The files of a path, each by its name below the folder that was named.
fn read_all(path: &Path) -> Result<Vec<(String, Vec<u8>)>, String> {
    let found = std::fs::metadata(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let (root, mut files) = if found.is_dir() {
        let mut files = Vec::new();
        walk(path, &mut files).map_err(|e| format!("{}: {e}", path.display()))?;
        (path.to_owned(), files)
    } else {
        (path.parent().unwrap_or(Path::new("")).to_owned(), vec![path.to_owned()])
    };
    files.sort();
    let read = |file: &PathBuf| {
        let name = file.strip_prefix(&root).unwrap_or(file).to_string_lossy().replace('\\', "/");
        std::fs::read(file).map(|bytes| (name, bytes)).map_err(|e| format!("{}: {e}", file.display()))
    };
    files.iter().map(read).collect()
}

fn walk(folder: &Path, into: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        // What a system keeps beside files for itself.
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() {
            walk(&path, into)?;
        } else if !hidden {
            into.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_or_numbered() {
        let head = importers::read_table_head(b"When,Who,Note\n2026-03-02 10:00,Oda,The queue grows\n").expect("a table");
        let read = columns("time=when, text=Note,author=2", &head).expect("columns");
        assert_eq!((read.time, read.text, read.author), (0, 2, Some(1)));
        for wrong in ["time", "colour=When", "text=4", "text=Nothing"] {
            assert!(columns(wrong, &head).is_err(), "{wrong}");
        }
    }
}
