//! Importers: bytes of a document in, what was understood of it out. No input or output of their own, no clock, never a panic.
//!
//! [`read_review`] takes a document with one incident or several in Markdown, with or without YAML front matter. Known layouts: a table of
//! times below `## Timeline` (dfds), bullets with bold labels as in `- **Key events**` (moj), headings that are times (mybinder, univaf),
//! bold times in lists (posthog), paragraphs that begin with a date (chia). They are told apart by what stands in the document and not
//! by where it comes from, and people mix them. Any other Markdown is taken as a title, a text and whatever sections are recognised,
//! and the notes say so.
//!
//! [`read_pasted`] takes what somebody copied from anywhere and proposes events.
//!
//! [`read_holidays`] takes the all-day events of an iCalendar file.
//!
//! [`read_schedule`] takes an on-call schedule: a table or an iCalendar file.
//!
//! [`read_log`] takes what chat, alerting and paging tools recorded: exports, payloads, answers of their APIs, tables.
//!
//! [`check_attachment`] takes a file or an image for an incident and leaves out what its maker's tools wrote into it.
//!
//! Three promises:
//! - what stands in the document is kept: a row whose time cannot be read stays, without a time, and is reported with its line;
//! - people named as attendees stay out of every text that comes out; see `people`;
//! - any bytes at all give an answer: too large, not text, empty, cut off, hostile.

#![warn(missing_docs)]

mod around;
mod assemble;
mod attachments;
mod dated;
mod decode;
mod front;
mod guess;
mod headings;
mod holidays;
mod labels;
mod lines;
mod links;
mod lists;
mod logs;
mod notes;
mod pasted;
mod people;
mod plans;
mod points;
mod review;
mod roster;
mod rows;
mod schedules;
mod scrub;
mod sections;
mod several;
mod tables;
mod template;
mod timeline;
mod times;
mod wordlists;

pub use attachments::{Checked, Refusal, check_attachment};
pub use holidays::read_holidays;
pub use logs::{Columns, LogFile, LogOptions, TableHead, guess_source, read_log, read_table_head};
pub use pasted::{PROPOSALS_MAX, Pasted, Proposal, midnights, read_pasted};
pub use schedules::{read_schedule, schedule_text};

use domain::imported::{ImportedFile, Unreadable};

/// The largest document that is read, in bytes; a larger one is reported and left alone.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;

/// Whether a file of that name is a review in Markdown, among other files of a folder: `.md`, `.markdown`, `.mdx`, `.html.md.erb`.
#[must_use]
pub fn is_review_name(file_name: &str) -> bool {
    let lower = file_name.to_lowercase();
    [".md", ".markdown", ".mdx", ".md.erb"].iter().any(|end| lower.ends_with(end))
}

/// Reads one document. `file_name` gives the title where the document has none.
///
/// Never fails: what could not be read is in `unreadable`, what was read with a grain of salt in `notes`. An untouched template
/// gives no incident and a note, since nothing in it failed to be read.
pub fn read_review(file_name: &str, bytes: &[u8]) -> ImportedFile {
    let decoded = match decode::decode(bytes) {
        Ok(decoded) => decoded,
        Err(reason) => {
            return ImportedFile { unreadable: vec![Unreadable { line: 0, reason }], ..ImportedFile::default() };
        }
    };
    let mut file = review::read(file_name, &decoded.text);
    let mut notes: Vec<Unreadable> = decoded.notes.into_iter().map(|reason| Unreadable { line: 0, reason }).collect();
    notes.append(&mut file.notes);
    file.notes = notes;
    file
}
