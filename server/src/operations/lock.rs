//! One service to an SQLite file: the second one is refused. Other commands run beside it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Held as long as this process serves the file; the kernel lets it go when the process ends, however it ends.
pub struct Serving {
    _file: File,
}

/// Where the lock of a database lies.
fn path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".serving");
    PathBuf::from(name)
}

/// Takes the lock of a database file.
///
/// # Errors
/// A sentence: somebody else serves it, or the lock cannot be made.
pub fn take(database: &Path) -> Result<Serving, String> {
    let path = path(database);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = options.open(&path).map_err(|e| format!("cannot make the lock {}: {e}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Serving { _file: file }),
        Err(TryLockError::WouldBlock) => Err(format!(
            "{} is being served by another process. One service to an SQLite file; please stop that one first, or use PostgreSQL for \
             several.",
            database.display()
        )),
        Err(TryLockError::Error(e)) => Err(format!("cannot lock {}: {e}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_second_is_refused_until_the_first_is_gone() {
        let folder = tempfile::tempdir().expect("folder");
        let database = folder.path().join("x.db");
        let first = super::take(&database).expect("free");
        assert!(super::take(&database).is_err_and(|sentence| sentence.contains("another process")));
        drop(first);
        assert!(super::take(&database).is_ok());
    }
}
