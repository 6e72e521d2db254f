//! What an operator does: move data, back up, restore, migrate, look whether all is well.

pub mod backup;
pub mod doctor;
pub mod export;
pub mod lock;
pub mod migrating;
pub mod restore;

use chrono::TimeDelta;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Makes an empty file for its owner alone; never over an existing one.
fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// The folder beside a backup or an export that holds its attached files.
fn files_of(file: &Path) -> PathBuf {
    PathBuf::from(format!("{}.files", file.display()))
}

/// The folder that a file lies in.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Gives a finished file its name, durably: its bytes are on disk before the name is, and the name before this returns.
fn put_in_place(part: &Path, file: &Path) -> io::Result<()> {
    fs::File::open(part)?.sync_all()?;
    fs::rename(part, file)?;
    fs::File::open(folder_of(file))?.sync_all()
}

/// A file that is written under a name of its own until it is whole; dropped before, it goes away.
struct Part {
    path: PathBuf,
    kept: bool,
}

impl Part {
    /// Beside `file`, hidden.
    fn beside(file: &Path) -> Result<(Self, fs::File), String> {
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let path = folder_of(file).join(format!(".{name}.{}.part", store::random::id().simple()));
        let made = private_file(&path).map_err(|e| format!("cannot write beside {}: {e}", file.display()))?;
        Ok((Self { path, kept: false }, made))
    }

    fn into_place(mut self, file: &Path) -> Result<(), String> {
        put_in_place(&self.path, file).map_err(|e| format!("cannot write {}: {e}", file.display()))?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A size as people say it.
pub fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} bytes"),
        1_000..1_000_000 => format!("{} kB", count / 1_000),
        1_000_000..1_000_000_000 => format!("{}.{} MB", count / 1_000_000, count % 1_000_000 / 100_000),
        _ => format!("{}.{} GB", count / 1_000_000_000, count % 1_000_000_000 / 100_000_000),
    }
}

/// An age as people say it.
pub fn age(age: TimeDelta) -> String {
    match (age.num_minutes(), age.num_hours(), age.num_days()) {
        (..2, _, _) => "just made".to_owned(),
        (minutes, ..2, _) => format!("{minutes} minutes old"),
        (_, hours, ..2) => format!("{hours} hours old"),
        (_, _, days) => format!("{days} days old"),
    }
}

/// What must be kept beside a file that carries ciphertext.
fn keep_key(id: &str) -> String {
    format!("It carries ciphertext. Keep the instance key {id} somewhere else than the file: without it no answer opens again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_ages_are_told_as_people_say_them() {
        assert_eq!([bytes(12), bytes(81_920), bytes(2_340_000), bytes(7_000_000_000)], ["12 bytes", "81 kB", "2.3 MB", "7.0 GB"]);
        let told = |minutes| age(TimeDelta::minutes(minutes));
        assert_eq!(
            [told(0), told(90), told(180), told(60 * 24 * 5)],
            ["just made", "90 minutes old", "3 hours old", "5 days old"]
        );
    }
}
