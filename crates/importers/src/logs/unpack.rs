//! Files out of archives, with bounds: an archive of some kilobytes can hold what fills a disk.

use super::reports::Reports;
use super::{LogFile, MAX_SLACK, MAX_UNPACKED, slack};
use domain::timeline::raw::RawSource;
use std::borrow::Cow;
use std::io::{Cursor, Read};

/// An archive begins so.
const MARK: &[u8] = b"PK\x03\x04";

/// Whether a file holds other files.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(MARK)
}

/// As many files of an archive are looked at.
const FILES_MAX: usize = 300_000;

/// A file as it lies in the folder or archive.
pub(super) struct File<'a> {
    pub(super) name: String,
    pub(super) bytes: Cow<'a, [u8]>,
}

/// All files, those of archives unpacked. What does not fit any more is left out and reported.
pub(super) fn unpack<'a>(source: RawSource, files: &[LogFile<'a>], reports: &Reports) -> Vec<File<'a>> {
    let limit = if source == RawSource::Slack { MAX_SLACK } else { MAX_UNPACKED };
    let mut room = Room { left: limit, full: false };
    let mut out = Vec::new();
    let (lists, rest): (Vec<&LogFile<'a>>, Vec<&LogFile<'a>>) = files.iter().partition(|file| slack::is_list(file.name));
    for file in lists.into_iter().chain(rest) {
        if is_archive(file.bytes) {
            archive(source, file, &mut room, reports, &mut out);
        } else if is_wanted(source, file.name) && room.takes(file.bytes.len()) {
            out.push(File { name: file.name.to_owned(), bytes: Cow::Borrowed(file.bytes) });
        }
    }
    if room.full {
        let reason = format!("Together the files are larger than {} MB unpacked; what went beyond was not read.", limit >> 20);
        reports.unreadable("", 0, &reason);
    }
    out
}

/// The names of all files, those in archives included.
pub(super) fn names(file: &LogFile<'_>) -> Vec<String> {
    let archive = is_archive(file.bytes).then(|| zip::ZipArchive::new(Cursor::new(file.bytes)).ok()).flatten();
    match archive {
        Some(archive) => archive.file_names().take(FILES_MAX).filter_map(|name| name.ok().map(Into::into)).collect(),
        None => vec![file.name.to_owned()],
    }
}

struct Room {
    left: usize,
    full: bool,
}

impl Room {
    fn takes(&mut self, bytes: usize) -> bool {
        match self.left.checked_sub(bytes) {
            Some(left) => self.left = left,
            None => self.full = true,
        }
        !self.full
    }
}

/// Whether a file can hold entries. Of an export that holds attachments these stay out: only their names are kept.
fn is_wanted(source: RawSource, name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let hidden = name.starts_with("__MACOSX/") || file.starts_with('.');
    !hidden && (source != RawSource::Slack || file.to_lowercase().ends_with(".json"))
}

fn archive(source: RawSource, file: &LogFile<'_>, room: &mut Room, reports: &Reports, out: &mut Vec<File<'_>>) {
    let mut archive = match zip::ZipArchive::new(Cursor::new(file.bytes)) {
        Ok(archive) => archive,
        Err(_) => return reports.unreadable(file.name, 0, "The archive cannot be opened; it may be cut off."),
    };
    if archive.len() > FILES_MAX {
        reports.unreadable(file.name, 0, &format!("The archive holds more than {FILES_MAX} files; the rest was not read."));
    }
    // The lists of a Slack export say which conversations are closed, so room is left for them before anything else.
    let is_list = |index: &usize| matches!(archive.name_for_index(*index), Some(Ok(name)) if slack::is_list(&name));
    let (mut order, rest): (Vec<usize>, Vec<usize>) = (0..archive.len()).partition(is_list);
    order.extend(rest);
    for index in order.into_iter().take(FILES_MAX) {
        if room.full {
            return;
        }
        let mut packed = match archive.by_index(index) {
            Ok(packed) => packed,
            Err(_) => {
                let reason = format!("File {} of the archive cannot be unpacked; it was left out.", index + 1);
                reports.unreadable(file.name, 0, &reason);
                continue;
            }
        };
        let name = packed.name().map_or_else(|_| String::from_utf8_lossy(packed.name_raw()).into_owned(), Into::into);
        let name = name.replace('\\', "/");
        if packed.is_dir() || !is_wanted(source, &name) {
            continue;
        }
        // What an archive says about the size of its files is not believed.
        let mut bytes = Vec::new();
        let read = packed.by_ref().take(room.left as u64 + 1).read_to_end(&mut bytes);
        if is_archive(&bytes) {
            reports.unreadable(file.name, 0, &format!("{name} is an archive within the archive; it was left out."));
        } else if read.is_err() {
            reports.unreadable(file.name, 0, &format!("{name} in the archive is damaged; it was left out."));
            // It was unpacked all the same, and a thousand damaged ones are as much work.
            room.takes(bytes.len());
        } else if room.takes(bytes.len()) {
            out.push(File { name, bytes: Cow::Owned(bytes) });
        }
    }
}
