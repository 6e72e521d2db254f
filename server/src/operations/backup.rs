//! `backup`: a consistent copy while others write, verified by restoring it, remembered with its age.

use super::{Part, bytes, export, files_of, keep_key};
use crate::cli::{Database, Outcome, told};
use crate::{clock, secrets};
use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::operations::Backup as Remembered;
use store::timeline::attachments;
use store::{Store, archive, health, operations};

/// Backups that stay: five weeks of daily ones.
pub const KEEP: usize = 35;
/// How old the last good one may be before the next is due.
const DAILY: TimeDelta = TimeDelta::hours(24);
/// What a process that was killed left behind is cleared away after this.
const STALE: TimeDelta = TimeDelta::days(1);

#[derive(Args)]
pub struct Backup {
    /// The folder to write into; made if it is not there.
    #[arg(long, env = "SECOND_STORY_BACKUP_TO")]
    to: PathBuf,
    /// How many backups stay in the folder; older ones are removed.
    #[arg(long, env = "SECOND_STORY_BACKUP_KEEP", default_value_t = KEEP, value_parser = at_least_one)]
    keep: usize,
    #[command(flatten)]
    database: Database,
}

/// How a service backs up.
#[derive(Args)]
pub struct Daily {
    /// The folder for the daily backup. Default: DATA/backups.
    #[arg(long, env = "SECOND_STORY_BACKUP_TO")]
    backup_to: Option<PathBuf>,
    /// How many backups stay in the folder; older ones are removed.
    #[arg(long, env = "SECOND_STORY_BACKUP_KEEP", default_value_t = KEEP, value_parser = at_least_one)]
    backup_keep: usize,
    /// Make no daily backup: something else does.
    #[arg(long, env = "SECOND_STORY_NO_BACKUP")]
    no_backup: bool,
}

impl Daily {
    /// The folder and how many stay in it; `None` where somebody else backs up.
    pub fn into_plan(self, default: PathBuf) -> Option<Plan> {
        (!self.no_backup).then(|| Plan { to: self.backup_to.unwrap_or(default), keep: self.backup_keep })
    }
}

/// Where daily backups go and how many stay.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The folder.
    pub to: PathBuf,
    /// How many stay.
    pub keep: usize,
}

/// A backup that was made and verified.
pub struct Made {
    /// Where it lies.
    pub path: PathBuf,
    /// What was found in it.
    pub said: String,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| "at least one backup stays: write 1 or more".to_owned())
}

/// Runs `backup`.
pub async fn run(args: Backup) -> Outcome {
    let store = args.database.open_existing().await?;
    let made = make(&store, &args.to, "", args.keep, clock::now()).await?;
    let size = fs::metadata(&made.path).map(|m| m.len()).unwrap_or_default();
    println!("{} ({})", made.path.display(), bytes(size));
    println!("{}", made.said);
    let key = store::settings::instance_key_id(&store).await.map_err(told)?.unwrap_or_default();
    println!("{}", keep_key(&key));
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Makes the daily backup if it is due and no other process makes it; `Some` with what was made.
///
/// # Errors
/// A sentence; the next try is two hours later.
pub async fn if_due(store: &Store, plan: &Plan, now: DateTime<Utc>) -> Result<Option<Made>, String> {
    if !operations::claim_backup(store, DAILY, now).await.map_err(told)? {
        return Ok(None);
    }
    let made = make(store, &plan.to, "", plan.keep, now).await?;
    operations::release_backup(store).await.map_err(told)?;
    Ok(Some(made))
}

/// Makes a backup, verifies it by a restore, remembers it, and lets the oldest go beyond `keep`.
///
/// # Errors
/// A sentence. A file that was not found whole stays beside the others, named `….damaged`.
pub async fn make(store: &Store, to: &Path, label: &str, keep: usize, now: DateTime<Utc>) -> Result<Made, String> {
    if !to.exists() {
        secrets::private_folder(to).map_err(|e| format!("cannot make {}: {e}", to.display()))?;
    }
    clear_stale(to, now);
    let kind = if store.engine_name() == "sqlite" { "db" } else { "json" };
    let path = free_name(to, label, kind, now);
    let acts = health::acts(store).await.map_err(told)?;
    if kind == "db" {
        // VACUUM INTO takes the empty file that is there: made by us, it is for its owner alone from the first byte on.
        let (part, _) = Part::beside(&path)?;
        archive::copy_sqlite(store, &part.path).await.map_err(told)?;
        part.into_place(&path)?;
    } else {
        export::write(store, &path).await?;
    }
    let before = newest_files(to);
    let verified = verify(store, &path, before.as_deref(), acts).await;
    let remembered = Remembered {
        at: now,
        file: path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
        bytes: fs::metadata(&path).map(|m| m.len()).unwrap_or_default(),
        verified: verified.is_ok(),
        said: verified.clone().unwrap_or_else(|fault| fault),
    };
    operations::remember_backup(store, &remembered).await.map_err(told)?;
    match verified {
        Ok(said) => {
            let mut old = list(to).into_iter().filter(|file| is_labelled(file) != label.is_empty()).rev().skip(keep);
            old.try_for_each(remove_with_files).map_err(|e| format!("an old backup cannot be removed: {e}"))?;
            Ok(Made { path, said })
        }
        Err(fault) => {
            let damaged = PathBuf::from(format!("{}.damaged", path.display()));
            let _ = fs::rename(&path, &damaged);
            let _ = fs::rename(files_of(&path), files_of(&damaged));
            Err(format!("the backup {} was not found whole: {fault}", damaged.display()))
        }
    }
}

/// Restores a backup into a temporary folder beside it and looks whether all is there. Answers what was found, in a sentence.
async fn verify(store: &Store, backup: &Path, before: Option<&Path>, acts: i64) -> Result<String, String> {
    let folder = tempfile::Builder::new().prefix(".verify-").tempdir_in(super::folder_of(backup));
    let folder = folder.map_err(|e| format!("no temporary folder for the restore: {e}"))?;
    let copy = folder.path().join("restored.db");
    let url = format!("sqlite://{}", copy.display());
    let restored = if backup.extension().is_some_and(|e| e == "json") {
        let restored = store.open_beside(&url).await.map_err(told)?;
        let file = fs::File::open(backup).map_err(|e| e.to_string())?;
        archive::import(&restored, std::io::BufReader::with_capacity(1 << 20, file)).await.map_err(told)?;
        restored
    } else {
        fs::copy(backup, &copy).map_err(|e| format!("no room for the restore: {e}"))?;
        store.open_beside(&url).await.map_err(told)?
    };
    let found = async {
        // The files that this copy names, once it is known which these are.
        let files = files_of(backup);
        attachments::carry(&restored, store, &files, before).await.map_err(told)?;
        sound(&restored.with_files(&files), acts).await
    }
    .await;
    restored.close().await;
    found
}

/// The attached files of the newest backup that has any: what did not change is linked to, not copied.
fn newest_files(folder: &Path) -> Option<PathBuf> {
    list(folder).iter().rev().map(|file| files_of(file)).find(|files| files.is_dir())
}

fn remove_with_files(backup: PathBuf) -> std::io::Result<()> {
    fs::remove_file(&backup)?;
    let files = files_of(&backup);
    if files.is_dir() { fs::remove_dir_all(files) } else { Ok(()) }
}

/// Whether a restored database holds together and holds everything up to an act of its audit trail.
///
/// # Errors
/// The first fault, in a sentence.
pub async fn sound(restored: &Store, acts: i64) -> Result<String, String> {
    let faults = health::integrity(restored, false).await.map_err(told)?;
    let mut faults = faults.into_iter().chain(health::references(restored).await.map_err(told)?);
    if let Some(fault) = faults.next() {
        return Err(fault);
    }
    let chain = health::audit_chain(restored).await.map_err(told)?;
    if let Some(number) = chain.broken_at {
        return Err(format!("entry {number} of the audit trail does not fit"));
    }
    let last = health::acts(restored).await.map_err(told)?;
    if last < acts {
        return Err(format!("the audit trail ends at {last}, and it was at {acts} before the backup began"));
    }
    let sealed = health::sealed(restored).await.map_err(told)?;
    if let Some(fault) = sealed.faults.first() {
        return Err(fault.clone());
    }
    let files = attachments::look(restored, false, clock::now()).await.map_err(told)?;
    if let Some(id) = files.missing.first().or(files.damaged.first()) {
        return Err(format!("the file of the attachment {id} is missing or damaged"));
    }
    let rows: u64 = health::rows(restored).await.map_err(told)?.values().sum();
    // Administrators read this: how many incidents there are would tell of restricted ones.
    Ok(format!(
        "Restored into a temporary folder and found whole: {rows} rows, {} entries of the audit trail that follow one another; the key of \
         each incident unwraps and opens what it sealed, and {} attached files.",
        chain.entries, files.whole,
    ))
}

fn free_name(to: &Path, label: &str, kind: &str, now: DateTime<Utc>) -> PathBuf {
    let stem = format!("second-story-{}", now.format("%Y%m%dT%H%M%SZ"));
    let first = to.join(format!("{stem}{label}.{kind}"));
    let others = (2..).map(|n| to.join(format!("{stem}.{n}{label}.{kind}")));
    std::iter::once(first).chain(others).find(|path| !path.exists()).unwrap_or_default()
}

fn is_labelled(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name.to_string_lossy().contains("-before-"))
}

/// The backups of a folder, the oldest first.
pub(super) fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries
        .filter(|path| {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            name.starts_with("second-story-") && (name.ends_with("Z.db") || name.ends_with("Z.json") || is_numbered(&name))
        })
        .collect();
    files.sort();
    files
}

/// A backup with a label or a number behind its time.
fn is_numbered(name: &str) -> bool {
    let Some((_, rest)) = name.split_once("Z.").or_else(|| name.split_once("Z-")) else { return false };
    (rest.starts_with("before-") || rest.starts_with(|c: char| c.is_ascii_digit()))
        && (name.ends_with(".db") || name.ends_with(".json"))
}

/// Removes what a killed process left: unfinished files and folders of a verification.
fn clear_stale(folder: &Path, now: DateTime<Utc>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = (name.starts_with(".second-story-") && name.ends_with(".part")) || name.starts_with(".verify-");
        let changed = entry.metadata().and_then(|m| m.modified()).map(DateTime::<Utc>::from);
        if ours && changed.is_ok_and(|at| now - at > STALE) {
            let path = entry.path();
            let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backups_are_known_by_their_names_and_sorted_by_their_time() {
        let folder = tempfile::tempdir().expect("folder");
        let names = [
            "second-story-20261126T143012Z.db",
            "second-story-20261125T143012Z.json",
            "second-story-20261126T143012Z.2.db",
            "second-story-20261124T000000Z-before-0008.db",
            "second-story-20261126T143012Z.db.damaged",
            ".second-story-20261126T143012Z.db.x.part",
            "letters.db",
        ];
        for name in names {
            fs::write(folder.path().join(name), "").expect("written");
        }
        let found: Vec<String> =
            list(folder.path()).iter().map(|p| p.file_name().expect("name").to_string_lossy().into_owned()).collect();
        assert_eq!(found, [names[3], names[1], names[2], names[0]]);
        let now = DateTime::parse_from_rfc3339("2026-11-26T14:30:12Z").expect("instant").to_utc();
        assert!(free_name(folder.path(), "", "db", now).ends_with("second-story-20261126T143012Z.3.db"));
    }
}
