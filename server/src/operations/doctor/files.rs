//! Attached files: whether each is there and opens, and what lies beside them that nothing names.

use super::Finding;
use crate::cli::told;
use crate::operations::bytes;
use chrono::{DateTime, Utc};
use store::Store;
use store::timeline::attachments::{self, Looked};

const CHECK: &str = "attached files";

/// Looks, and with `clear` removes what nothing names first. `quick` looks at lengths alone.
pub(super) async fn look(store: &Store, quick: bool, clear: bool, now: DateTime<Utc>) -> Finding {
    let cleared = match clear {
        true => attachments::clear_orphans(store, now).await,
        false => Ok(0),
    };
    let looked = match cleared {
        Ok(cleared) => attachments::look(store, quick, now).await.map(|looked| (cleared, looked)),
        Err(error) => Err(error),
    };
    let folder = store.files_folder().map(|folder| folder.display().to_string()).unwrap_or_default();
    match looked {
        Ok((cleared, looked)) => said(&looked, cleared, &folder),
        Err(error) => Finding::broken(
            CHECK,
            format!("they could not be looked at: {}", told(error)),
            "See the other findings, then try again.",
        ),
    }
}

fn said(looked: &Looked, cleared: usize, folder: &str) -> Finding {
    let Looked { whole, missing, damaged, orphans, .. } = looked;
    if !missing.is_empty() || !damaged.is_empty() {
        let first = missing.first().or(damaged.first()).map(ToString::to_string).unwrap_or_default();
        return Finding::broken(
            CHECK,
            format!("{} are missing and {} damaged in {folder}, {first} first", missing.len(), damaged.len()),
            "Copy them from the folder .files of the last backup that has them; their names stay the same.",
        );
    }
    if *orphans > 0 {
        return Finding::look(
            CHECK,
            format!(
                "{whole} are whole; {orphans} files in {folder} belong to nothing, as a kill in the middle of an upload leaves them"
            ),
            "The service removes them by itself; `doctor --clear` removes them now.",
        );
    }
    let gone = if cleared > 0 { format!("; {cleared} that belonged to nothing are removed") } else { String::new() };
    Finding::ok(CHECK, format!("{whole} are whole ({}){gone}.", bytes(looked.bytes)))
}
