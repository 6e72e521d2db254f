//! The guard over the disk of an SQLite file: below a limit writing waits, reading goes on; it heals by itself as soon as there is room.

use std::path::{Path, PathBuf};

/// How much must stay free, and where.
#[derive(Clone, Debug)]
pub struct Space {
    folder: PathBuf,
    least: u64,
}

impl Space {
    /// Watches the disk that `folder` lies on. `least`: bytes that stay free.
    pub fn new(folder: &Path, least: u64) -> Self {
        Self { folder: folder.to_owned(), least }
    }

    /// Bytes free to this process; `None` where the system does not say. Asked anew each time: it is one cheap system call.
    pub fn free(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.folder).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Whether there is too little. What the system does not say refuses nobody.
    pub fn is_short(&self) -> bool {
        self.free().is_some_and(|free| free < self.least)
    }

    /// "12.0 MB free, 200.0 MB wanted".
    pub fn words(&self) -> String {
        let mb = |bytes: u64| bytesize::ByteSize(bytes).display().si();
        format!("{} free, {} wanted", mb(self.free().unwrap_or_default()), mb(self.least))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_says_what_is_free() {
        let here = std::env::temp_dir();
        assert!(Space::new(&here, 0).free().expect("a disk") > 0);
        assert!(!Space::new(&here, 0).is_short());
        assert!(Space::new(&here, u64::MAX).is_short());
        assert!(!Space::new(Path::new("/not/there"), u64::MAX).is_short(), "what is not known refuses nobody");
    }
}
