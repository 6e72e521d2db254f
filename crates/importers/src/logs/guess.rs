//! Which tool files come from, by what is in them.

use super::{LogFile, table};
use domain::timeline::raw::RawSource;

/// Looks into the files for what only one tool writes; `None` when nothing is known.
#[must_use]
pub fn guess_source(files: &[LogFile<'_>]) -> Option<RawSource> {
    if files.iter().any(|f| f.bytes.starts_with(b"PK") || f.name.ends_with("channels.json")) {
        return Some(RawSource::Slack);
    }
    files.iter().any(|f| table::read_table_head(f.bytes).is_some_and(|head| head.names.len() > 1)).then_some(RawSource::Csv)
}
