//! What an importer understood of a document, before anything is written.

use crate::learnings::{FactorCategory, LearningKind};
use crate::timeline::{EventKind, Precision};
use chrono::{DateTime, Utc};

/// A thing in a file that could not be read, with where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Line in the file, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What could not be read and what was done instead, in words for the person who imports.
    pub reason: String,
}

/// What was understood of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedFile {
    /// The incidents found; reviews in the dfds format hold one.
    pub incidents: Vec<ImportedIncident>,
    /// What could not be read. Rows named here may still be kept, without a time.
    pub unreadable: Vec<Unreadable>,
    /// What was read with a grain of salt: recognised only as plain Markdown, CET in summer, a section left alone.
    pub notes: Vec<Unreadable>,
}

/// An incident as a document tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedIncident {
    /// First heading, else the file name without extension.
    pub title: String,
    /// The summary section, Markdown, names and initials of attendees replaced.
    pub summary: String,
    /// IANA zone of the timeline: `UTC`, `Europe/Copenhagen` (CET), …
    pub zone: String,
    /// Earliest time found, if any.
    pub started_at: Option<DateTime<Utc>>,
    /// Latest time found, if later than the start.
    pub resolved_at: Option<DateTime<Utc>>,
    /// One per timeline row, in the document's order.
    pub events: Vec<ImportedEvent>,
    /// One per top-level bullet or paragraph.
    pub factors: Vec<ImportedFactor>,
    /// One per lesson.
    pub learnings: Vec<ImportedLearning>,
    /// One per action; lands in planning, never in the review.
    pub actions: Vec<ImportedAction>,
    /// Other sections that were recognised or kept, heading and Markdown, in order.
    pub sections: Vec<(String, String)>,
}

/// A timeline row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedEvent {
    /// See [`crate::timeline::TimelineEvent::at`].
    pub at: Option<DateTime<Utc>>,
    /// End of a range.
    pub ends_at: Option<DateTime<Utc>>,
    /// How well the time is known.
    pub precision: Precision,
    /// The time cell as it stands in the document.
    pub as_written: String,
    /// What happened, Markdown.
    pub body: String,
    /// A kind where the words make it plain, else a note.
    pub kind: EventKind,
    /// Why a person should look at it again; empty when nothing is odd.
    pub flag: String,
    /// Line in the file, from 1.
    pub line: usize,
}

/// A contributing factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedFactor {
    /// Markdown; nested bullets stay inside.
    pub body: String,
    /// A category where the words make it plain.
    pub category: FactorCategory,
}

/// A learning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedLearning {
    /// Markdown.
    pub body: String,
    /// System, people or process, guessed from words; system when nothing tells.
    pub kind: LearningKind,
    /// Worded as a plan ("we should …"); kept, and marked.
    pub worded_as_plan: bool,
}

/// An action; becomes a mitigation item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedAction {
    /// Markdown, one line where possible.
    pub body: String,
    /// Ticked or struck through in the document.
    pub done: bool,
}
