//! Logs of tools: chat, alerting, paging, status pages, tables. One function, [`read_log`]; one file a format below.

mod alertmanager;
mod alerts;
mod csv;
mod draft;
mod grafana;
mod guess;
mod incidentio;
mod incidents;
mod json;
mod json_value;
mod pagerduty;
mod payloads;
mod reports;
mod rootly;
mod slack;
mod statuspage;
mod table;
mod times;
mod unpack;

pub use guess::guess_source;
pub use table::{TableHead, read_table_head};

use domain::timeline::raw::{ImportedLogs, RawSource};
use reports::Reports;

/// What the files of an import may hold together, unpacked, in bytes.
const MAX_UNPACKED: usize = 24 * 1024 * 1024;

/// What the files of a Slack export may hold together: years of a workspace are chosen as one archive.
const MAX_SLACK: usize = 256 * 1024 * 1024;

/// What one file of JSON may hold: the users of a large workspace.
const MAX_FILE: usize = 64 * 1024 * 1024;

/// A file as it was chosen: several together are one export.
#[derive(Clone, Copy, Debug)]
pub struct LogFile<'a> {
    /// Its name, or its path below the folder or archive that was chosen, with `/`.
    pub name: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// The columns of a table, by their place from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// When it happened: date and time, or the time alone beside [`date`](Self::date).
    pub time: usize,
    /// The day, where it stands in a column of its own.
    pub date: Option<usize>,
    /// What happened.
    pub text: usize,
    /// Who said or did it.
    pub author: Option<usize>,
    /// Channel, service, system.
    pub place: Option<usize>,
}

/// What the person who imports says about the files.
#[derive(Clone, Debug)]
pub struct LogOptions {
    /// The zone of times that name none.
    pub zone: chrono_tz::Tz,
    /// The columns of a table; guessed from its first row when `None`.
    pub columns: Option<Columns>,
    /// The day of times that name none; rows after midnight go on to the next day.
    pub day: Option<chrono::NaiveDate>,
}

/// Reads logs of one tool: files, or an archive of them. Never fails: what could not be read is in `unreadable`, what was read with a
/// grain of salt in `notes`.
#[must_use]
pub fn read_log(source: RawSource, files: &[LogFile<'_>], options: &LogOptions) -> ImportedLogs {
    let reports = Reports::new(files.len() > 1 || files.iter().any(|file| unpack::is_archive(file.bytes)));
    let files = unpack::unpack(source, files, &reports);
    let logs = match source {
        RawSource::Slack => slack::read(&files, &reports),
        RawSource::Alertmanager => alertmanager::read(&files, &reports),
        RawSource::PagerDuty => pagerduty::read(&files, &reports),
        RawSource::Csv => csv::read(&files, options, &reports),
        RawSource::Json => json::read(&files, options, &reports),
        RawSource::Statuspage => statuspage::read(&files, &reports),
        RawSource::Grafana => grafana::read(&files, &reports),
        RawSource::IncidentIo => incidentio::read(&files, &reports),
        RawSource::Rootly => rootly::read(&files, &reports),
    };
    reports.answer(logs, &format!("Nothing was found that {} writes.", source.label()))
}
