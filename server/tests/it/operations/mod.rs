//! What an operator does, with the real binary on both engines.

mod attached;
mod backups;
mod doctor;
mod logs;
mod moving;
mod page;
mod starting;

use crate::durability::{PROCESS, Place};
use crate::support::{FreshDatabase, postgres_server};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How a command ended and what it said.
pub struct Said {
    pub well: bool,
    pub out: String,
    pub err: String,
}

impl Said {
    /// Fails the test unless the command did its work.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!(self.well, "{}\n{}", self.out, self.err);
        self
    }

    /// Fails the test unless the command refused with these words.
    #[track_caller]
    pub fn refused(self, words: &str) -> Self {
        assert!(!self.well && self.err.contains(words), "no refusal with {words:?}:\n{}\n{}", self.out, self.err);
        self
    }
}

/// A command for a database, not yet run.
pub fn command(place: &Place, args: &[&str]) -> Command {
    let mut command = Command::new(PROCESS);
    command.args(args).args(["--database", &place.url, "--data"]).arg(place.data());
    // Migrations tell of backups there, and nothing else is looked for.
    command.env("SECOND_STORY_LOG", "error").env_remove("SECOND_STORY_PASSWORD").stdin(Stdio::null());
    command
}

/// Runs a command for a database.
pub fn tell(place: &Place, args: &[&str]) -> Said {
    said(&mut command(place, args))
}

fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { well: output.status.success(), out: text(output.stdout), err: text(output.stderr) }
}

/// The files of a folder by name, without hidden ones.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(|e| e.unwrap().path());
    let mut files: Vec<_> = entries.filter(|p| !p.file_name().unwrap().to_string_lossy().starts_with('.')).collect();
    files.sort();
    files
}

/// Runs a case on an SQLite database that is not there yet, then on an empty PostgreSQL database without tables.
pub fn on_both(case: impl AsyncFn(&Place)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        case(&Place::new(None)).await;
        let Some(server) = postgres_server() else { return };
        let database = FreshDatabase::bare(&server).await;
        case(&Place::new(Some(database.url.clone()))).await;
        database.drop_it().await;
    });
}

/// Runs one case.
pub fn run(case: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(case);
}

/// Takes the key of a place away.
pub fn lose_key(place: &Place) {
    std::fs::remove_file(server::secrets::key_path(place.data())).unwrap();
}

/// Gives a place another key.
pub fn other_key(place: &Place) {
    write_key(place, "08");
}

/// Gives a place the key of all tests.
pub fn right_key(place: &Place) {
    write_key(place, "07");
}

fn write_key(place: &Place, byte: &str) {
    let path = server::secrets::key_path(place.data());
    std::fs::write(&path, byte.repeat(32)).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}
