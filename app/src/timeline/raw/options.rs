//! How files are read: which tool wrote them, the zone of their times, and for a table what its columns tell.

use chrono_tz::Tz;
use domain::timeline::raw::{ImportedLogs, RawSource};
use domain::walltime;
use importers::{Columns, LogFile, LogOptions, TableHead};
use serde::Deserialize;
use std::sync::Arc;

/// As chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct OptionFields {
    /// Slug of the tool; empty: by what is in the files.
    pub(super) source: String,
    /// Zone of times that name none.
    pub(super) zone: String,
    /// Day of times that name none.
    pub(super) day: String,
    pub(super) time: String,
    pub(super) date: String,
    pub(super) text: String,
    pub(super) author: String,
    pub(super) place: String,
}

impl OptionFields {
    /// The zone, else the incident's.
    pub(super) fn zone(&self, incident: &str) -> Tz {
        walltime::parse_zone(&self.zone).or_else(|_| walltime::parse_zone(incident)).unwrap_or(chrono_tz::UTC)
    }

    fn columns(&self) -> Option<Columns> {
        let column = |text: &str| text.trim().parse().ok();
        Some(Columns {
            time: column(&self.time)?,
            date: column(&self.date),
            text: column(&self.text)?,
            author: column(&self.author),
            place: column(&self.place),
        })
    }
}

/// What was understood of the files.
#[derive(Clone, Debug)]
pub(super) struct Understood {
    /// The tool; `None` where nobody said and nothing tells.
    pub(super) source: Option<RawSource>,
    /// The logs.
    pub(super) read: Arc<ImportedLogs>,
    /// The beginning of a table.
    pub(super) head: Option<TableHead>,
    /// What its columns were taken for.
    pub(super) columns: Option<Columns>,
}

impl Understood {
    /// What the log is called, of several the first ones.
    pub(super) fn name(&self) -> String {
        let names: Vec<&str> = self.read.logs.iter().map(|log| log.name.as_str()).filter(|name| !name.is_empty()).collect();
        match names.as_slice() {
            [] => self.source.map_or("", RawSource::label).to_owned(),
            [a, b, rest @ ..] if rest.len() > 1 => format!("{a}, {b} and {} more", rest.len()),
            some => some.join(", "),
        }
    }
}

/// Reads files.
pub(super) fn understand(files: &[LogFile<'_>], fields: &OptionFields, incident_zone: &str) -> Understood {
    let source = RawSource::from_slug(&fields.source).or_else(|| importers::guess_source(files));
    let table = source == Some(RawSource::Csv);
    let head = files.first().filter(|_| table).and_then(|file| importers::read_table_head(file.bytes));
    let columns = head.as_ref().map(|head| fields.columns().unwrap_or(head.columns));
    let options = LogOptions {
        zone: fields.zone(incident_zone),
        columns: columns.filter(|_| fields.columns().is_some()),
        day: fields.day.trim().parse().ok(),
    };
    let read = source.map(|source| importers::read_log(source, files, &options)).unwrap_or_default();
    Understood { source, read: Arc::new(read), head, columns }
}
