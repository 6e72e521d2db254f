//! Sealed files in their folder: written whole before anything names them, read in pieces, each of which says where it belongs.
//!
//! A file is a mark of eight bytes, then pieces: a nonce, up to 64 KiB sealed with XChaCha20-Poly1305 under the incident's key, and the
//! tag. The associated data of a piece binds the attachment, the incident, the piece's number and whether it is the last: a file that is
//! cut off, put in another order or under another name does not open.

use crate::crypt::IncidentKeyring;
use crate::{Result, StoreError};
use domain::{AttachmentId, IncidentId};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use uuid::Uuid;

const MARK: &[u8; 8] = b"2ndStoA\x01";
/// What a piece holds at most.
const PIECE: usize = 64 * 1024;
/// Nonce and tag.
const AROUND: usize = 24 + 16;

/// The folder. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Files(Arc<Path>);

/// To whom a file belongs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Belongs {
    pub(super) id: AttachmentId,
    pub(super) incident: IncidentId,
}

impl Belongs {
    fn associated(self, piece: u64, is_last: bool) -> Vec<u8> {
        format!("attachments\n{}\n{}\n{piece}\n{}", self.id, self.incident, if is_last { "last" } else { "more" }).into_bytes()
    }
}

/// A file in the folder, whatever it is.
pub(super) struct Lying {
    pub(super) path: PathBuf,
    /// Which file it is by its name; `None`: unfinished, or not ours.
    pub(super) id: Option<Uuid>,
    pub(super) changed: Option<SystemTime>,
}

impl Files {
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.into())
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    pub(super) fn path(&self, file: Uuid) -> PathBuf {
        self.0.join(file.simple().to_string())
    }

    /// Makes the folder, if it is not there. Blocks.
    pub(super) fn make(&self) -> io::Result<()> {
        make_private(&self.0)
    }

    /// What has a name in the folder has it on disk from here on. Blocks.
    pub(super) fn sync(&self) -> io::Result<()> {
        fs::File::open(&self.0)?.sync_all()
    }

    /// Seals `clear` into a new file. On return it is on disk, with its name. Blocks.
    pub(super) fn write(&self, file: Uuid, key: &IncidentKeyring, belongs: Belongs, clear: &[u8]) -> io::Result<()> {
        let pieces = clear.chunks(PIECE).count().max(1);
        self.whole(file, |out| {
            out.write_all(MARK)?;
            let mut each = clear.chunks(PIECE);
            for n in 0..pieces {
                let piece = each.next().unwrap_or_default();
                out.write_all(&key.seal_bytes(&belongs.associated(n as u64, n + 1 == pieces), piece))?;
            }
            Ok(())
        })
    }

    /// Copies a sealed file as it lies. Blocks.
    pub(super) fn take_copy(&self, file: Uuid, from: &Path) -> io::Result<()> {
        let mut sealed = fs::File::open(from)?;
        self.whole(file, |out| io::copy(&mut sealed, out).map(|_| ()))
    }

    /// Writes under a name of its own, syncs, renames, syncs the folder.
    fn whole(&self, file: Uuid, fill: impl FnOnce(&mut fs::File) -> io::Result<()>) -> io::Result<()> {
        self.make()?;
        let part = self.0.join(format!(".{}.part", file.simple()));
        let done = private(&part).and_then(|mut out| {
            fill(&mut out)?;
            out.sync_all()?;
            fs::rename(&part, self.path(file))?;
            self.sync()
        });
        if done.is_err() {
            let _ = fs::remove_file(&part);
        }
        done
    }

    /// Opens a file that should hold `bytes`. Blocks.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it is not there or not as long as it must be.
    pub(super) fn open(&self, file: Uuid, key: IncidentKeyring, belongs: Belongs, bytes: u64) -> Result<Opened> {
        let mut source = fs::File::open(self.path(file)).map_err(|_| DAMAGED)?;
        let pieces = pieces(bytes);
        let mut mark = [0; MARK.len()];
        let length = source.metadata().map_err(|_| DAMAGED)?.len();
        if length != sealed_length(bytes) || source.read_exact(&mut mark).is_err() || &mark != MARK {
            return Err(DAMAGED);
        }
        Ok(Opened { source, key, belongs, next: 0, pieces, left: bytes })
    }

    /// Removes files; one that is gone already is fine.
    pub(super) fn remove(&self, files: &[Uuid]) -> usize {
        files.iter().filter(|file| fs::remove_file(self.path(**file)).is_ok()).count()
    }

    /// What lies in the folder; nothing where there is none.
    pub(super) fn lying(&self) -> Vec<Lying> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        entries
            .filter_map(|entry| {
                let about = entry.metadata().ok().filter(fs::Metadata::is_file)?;
                let name = entry.file_name();
                let name = name.to_string_lossy();
                let id = (name.len() == 32).then(|| name.parse().ok()).flatten();
                Some(Lying { path: entry.path(), id, changed: about.modified().ok() })
            })
            .collect()
    }
}

/// A file being read.
pub(super) struct Opened {
    source: fs::File,
    key: IncidentKeyring,
    belongs: Belongs,
    next: u64,
    pieces: u64,
    left: u64,
}

impl Opened {
    /// The next piece; `None` at the end. Blocks.
    pub(super) fn next(&mut self) -> Option<Result<Vec<u8>>> {
        (self.next < self.pieces).then(|| self.piece())
    }

    fn piece(&mut self) -> Result<Vec<u8>> {
        let clear = usize::try_from(self.left).unwrap_or(usize::MAX).min(PIECE);
        let mut sealed = vec![0; clear + AROUND];
        self.source.read_exact(&mut sealed).map_err(|_| DAMAGED)?;
        let associated = self.belongs.associated(self.next, self.next + 1 == self.pieces);
        let piece = self.key.open_bytes(&associated, &sealed).map_err(|_| DAMAGED)?;
        self.next += 1;
        self.left -= clear as u64;
        Ok(piece)
    }

    /// Reads to the end without keeping anything. Blocks.
    pub(super) fn whole(mut self) -> Result<()> {
        while let Some(piece) = self.next() {
            piece?;
        }
        Ok(())
    }

    /// All that is left. Blocks.
    pub(super) fn rest(mut self) -> Result<Vec<u8>> {
        let mut all = Vec::with_capacity(usize::try_from(self.left).unwrap_or_default());
        while let Some(piece) = self.next() {
            all.extend_from_slice(&piece?);
        }
        Ok(all)
    }
}

pub(super) const DAMAGED: StoreError = StoreError::Corrupt { table: "attachments", column: "file" };

/// How long the sealed file of so many bytes is.
pub(super) fn sealed_length(bytes: u64) -> u64 {
    MARK.len() as u64 + bytes + pieces(bytes) * AROUND as u64
}

fn pieces(bytes: u64) -> u64 {
    bytes.div_ceil(PIECE as u64).max(1)
}

/// A full or broken disk is worth trying again, as a database that is full is.
pub(super) fn unavailable(error: io::Error) -> StoreError {
    StoreError::Unavailable(sqlx::Error::Io(error))
}

/// A folder for its owner alone, with those above it; on disk before anything is put into it.
fn make_private(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)?;
    for above in folder.ancestors().skip(1).take(2).filter(|above| !above.as_os_str().is_empty()) {
        fs::File::open(above)?.sync_all()?;
    }
    Ok(())
}

fn private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypt;

    fn belongs(n: u128) -> Belongs {
        Belongs { id: AttachmentId(Uuid::from_u128(n)), incident: IncidentId(Uuid::from_u128(1)) }
    }

    fn all(files: &Files, file: Uuid, whose: Belongs, bytes: usize) -> Result<Vec<u8>> {
        files.open(file, crypt::for_tests(7), whose, bytes as u64)?.rest()
    }

    #[test]
    fn a_file_reads_back_whatever_its_length() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::at(&folder.path().join("a/b"));
        for (n, length) in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 17].into_iter().enumerate() {
            let (clear, file) = (vec![b'x'; length], Uuid::from_u128(n as u128));
            files.write(file, &crypt::for_tests(7), belongs(9), &clear).unwrap();
            assert_eq!(all(&files, file, belongs(9), length).unwrap(), clear);
            let sealed = fs::read(files.path(file)).unwrap();
            assert_eq!(sealed.len() as u64, sealed_length(length as u64));
            assert!(!sealed.windows(8).any(|window| window == b"xxxxxxxx"), "nothing lies in the clear");
        }
    }

    #[test]
    fn what_is_cut_off_turned_around_or_taken_for_another_does_not_open() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::at(folder.path());
        let (file, clear) = (Uuid::from_u128(1), vec![5; 2 * PIECE + 9]);
        files.write(file, &crypt::for_tests(7), belongs(9), &clear).unwrap();
        let sealed = fs::read(files.path(file)).unwrap();
        assert!(all(&files, file, belongs(8), clear.len()).is_err(), "another attachment");
        assert!(files.open(file, crypt::for_tests(8), belongs(9), clear.len() as u64).unwrap().rest().is_err(), "another key");
        let first = MARK.len()..MARK.len() + PIECE + AROUND;
        let second = first.end..first.end + PIECE + AROUND;
        let mut swapped = sealed.clone();
        swapped[first.clone()].copy_from_slice(&sealed[second.clone()]);
        swapped[second.clone()].copy_from_slice(&sealed[first]);
        let mut changed = sealed.clone();
        changed[second.end + 30] ^= 1;
        // Cut at a piece's end, with a length that fits: the last piece there says that more follows.
        for (what, bytes, length) in [
            ("swapped", swapped, clear.len()),
            ("changed", changed, clear.len()),
            ("cut", sealed[..sealed.len() - 1].to_vec(), clear.len()),
            ("shorter", sealed[..second.end].to_vec(), 2 * PIECE),
            ("empty", Vec::new(), clear.len()),
        ] {
            fs::write(files.path(file), bytes).unwrap();
            assert!(all(&files, file, belongs(9), length).is_err(), "{what}");
        }
        assert_eq!(files.remove(&[file, Uuid::from_u128(2)]), 1);
        assert!(all(&files, file, belongs(9), clear.len()).is_err(), "gone");
    }
}
