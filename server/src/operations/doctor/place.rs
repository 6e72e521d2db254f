//! Where the data lies: who may read it, whether the disk waits for the write, its room, its clock.

use super::Finding;
use crate::cli::Database;
use crate::clock;
use crate::operations::{bytes, folder_of};
use chrono::{DateTime, TimeDelta, Utc};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Writes that are timed.
const WRITES: usize = 15;
/// No disk that keeps what it was given answers faster.
const TOO_FAST: Duration = Duration::from_micros(30);
/// A person waits for this at every save.
const SLOW: Duration = Duration::from_millis(30);
/// Below these the disk is nearly full.
const LITTLE: u64 = 2_000_000_000;
const TOO_LITTLE: u64 = 200_000_000;

pub(super) fn look(database: &Database) -> Vec<Finding> {
    let folder = database.folder();
    let mut found = permissions(database, &folder);
    found.push(write(&folder));
    found.push(room(&folder));
    found
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).ok().map(|m| m.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
fn mode(path: &Path) -> Option<u32> {
    fs::metadata(path).ok().map(|_| 0o600)
}

fn permissions(database: &Database, folder: &Path) -> Vec<Finding> {
    let key = database.key_path();
    let mut found = vec![match mode(&key) {
        None => Finding::broken(
            "key file",
            format!("{} cannot be read", key.display()),
            "Bring the instance key back from where you keep it: without it no answer opens.",
        ),
        Some(mode) if mode & 0o007 != 0 => Finding::broken(
            "key file",
            format!("everybody on this machine can open {} ({mode:04o})", key.display()),
            format!("chmod 600 {}", key.display()),
        ),
        Some(mode) if mode & 0o070 != 0 => Finding::look(
            "key file",
            format!("a group can open {} ({mode:04o})", key.display()),
            format!("Is that meant so, as with a mounted secret? Else: chmod 600 {}", key.display()),
        ),
        Some(mode) => Finding::ok("key file", format!("{} is for its owner alone ({mode:04o}).", key.display())),
    }];
    // A file in a closed folder is closed, whatever its own mode says.
    let open = |path: &PathBuf| {
        mode(path).is_some_and(|m| m & 0o077 != 0) && (path.is_dir() || mode(folder_of(path)).is_none_or(|m| m & 0o077 != 0))
    };
    let mut places = vec![folder.join("secrets"), database.backups(), database.files()];
    if let Some(file) = database.sqlite_file() {
        places.extend(["-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", file.display()))));
        places.push(file);
    }
    let open: Vec<PathBuf> = places.into_iter().filter(open).collect();
    found.push(match open.as_slice() {
        [] => Finding::ok("permissions", format!("what lies in {} is for its owner alone.", folder.display())),
        some => {
            let names = some.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(" ");
            Finding::look("permissions", format!("others on this machine can open {names}"), format!("chmod go= {names}"))
        }
    });
    found
}

/// Writes and syncs for real, and holds the file's time against the process's.
fn write(folder: &Path) -> Finding {
    match timed(folder) {
        Err(e) => Finding::broken(
            "disk",
            format!("nothing can be written to {}: {e}", folder.display()),
            "Give the folder to the user that the service runs as, and look whether the disk is full or read-only.",
        ),
        Ok((_, apart)) if apart > TimeDelta::seconds(5) => Finding::broken(
            "disk",
            format!("the clock of the disk and this machine's are {} s apart", apart.num_seconds()),
            "Is this a network disk? Put the data on a local one, and let both machines take their time from one source.",
        ),
        Ok((median, _)) if median < TOO_FAST => Finding::look(
            "disk",
            format!("a synced write takes {} µs: that is memory and no disk", median.as_micros()),
            "Is this a RAM disk, or a disk that says it is done before it is? What was acknowledged may be gone after a power cut.",
        ),
        Ok((median, _)) if median > SLOW => Finding::look(
            "disk",
            format!("a synced write takes {} ms; everybody waits for it at each save", median.as_millis()),
            "A faster disk makes the service faster.",
        ),
        Ok((median, _)) => {
            Finding::ok("disk", format!("a synced write takes {} µs; file times agree with the clock.", median.as_micros()))
        }
    }
}

/// The median of a few synced writes, and how far the file's time is from ours.
fn timed(folder: &Path) -> io::Result<(Duration, TimeDelta)> {
    let mut file = tempfile::Builder::new().prefix(".doctor-").tempfile_in(folder)?;
    let mut taken = Vec::new();
    for _ in 0..WRITES {
        file.write_all(&[7; 4096])?;
        let begin = Instant::now();
        file.as_file().sync_data()?;
        taken.push(begin.elapsed());
    }
    taken.sort();
    let changed: DateTime<Utc> = file.as_file().metadata()?.modified()?.into();
    Ok((taken.get(WRITES / 2).copied().unwrap_or_default(), (clock::now() - changed).abs()))
}

fn room(folder: &Path) -> Finding {
    let free = rustix::fs::statvfs(folder).map(|s| s.f_bavail.saturating_mul(s.f_frsize));
    match free {
        Err(e) => Finding::look("room", format!("the free room cannot be asked: {e}"), "Look at it by hand."),
        Ok(free) if free < TOO_LITTLE => Finding::broken(
            "room",
            format!("{} are free where the data lies", bytes(free)),
            "Make room now: when the disk is full, nothing more is saved.",
        ),
        Ok(free) if free < LITTLE => Finding::look(
            "room",
            format!("{} are free where the data lies", bytes(free)),
            "Make room soon, or keep fewer backups.",
        ),
        Ok(free) => Finding::ok("room", format!("{} are free where the data lies.", bytes(free))),
    }
}
