//! The raw log of a demo incident: imported by its facilitator as any other would be, with the events that were told from it.

use super::Roster;
use super::days::Days;
use super::files::{Log, LogEntry};
use crate::cli::told as said;
use domain::incidents::IncidentKey;
use domain::timeline::raw::{ImportedLog, RawAuthor, RawEntry, RawKind, RawSource};
use domain::timeline::telling::placed;
use std::collections::HashMap;
use std::slice::from_ref;
use store::Store;
use store::timeline::raw_authors::{self, AuthorAs};
use store::timeline::raw_imports::{self, Taking, Written};
use store::timeline::{evidence, raw};

/// A log with where it belongs.
pub(super) struct Belongs<'a> {
    pub(super) log: &'a Log,
    pub(super) number: i64,
    pub(super) days: &'a Days,
}

/// Imports the log and puts its entries beside the events that were told from them.
///
/// # Errors
/// A sentence: a name in the files is unknown, or what the database said.
pub(super) async fn take_in(store: &Store, roster: &Roster, belongs: &Belongs<'_>) -> Result<(), String> {
    let Belongs { log, number, days } = belongs;
    let viewer = store::people::viewer_by_email(store, "facilitator@demo").await.map_err(said)?;
    let viewer = viewer.ok_or("the demo has no facilitator")?;
    let now = days.opened;
    let opened = store::incidents::by_key(store, &viewer, IncidentKey(*number), now).await.map_err(said)?;
    let incident = opened.incident.id;
    let imported = imported(log, days)?;
    let entries = placed(from_ref(&imported), days.started);
    let mut authors = Vec::new();
    for (author, known) in imported.authors.iter().zip(&log.author) {
        let person = known.person.as_deref().map(|key| roster.person(key)).transpose()?;
        authors.push(AuthorAs { author, person });
    }
    let taking = Taking { source: RawSource::Slack, name: &log.name, entries: &entries, authors: &authors };
    raw_imports::write(store, &viewer, incident, &taking, Written::default(), usize::MAX, now).await.map_err(said)?;
    for author in raw_authors::authors(store, &viewer, incident, now).await.map_err(said)? {
        if let Some(role) = log.author.iter().find(|known| known.name == author.name).and_then(|known| known.role.as_deref()) {
            raw_authors::name(store, &viewer, incident, author.id, (None, role), now).await.map_err(said)?;
        }
    }
    let told = store::timeline::events(store, &viewer, incident, now).await.map_err(said)?;
    let look = raw::Look::default();
    let page = raw::page(store, &viewer, incident, &look, now).await.map_err(said)?;
    let by_text: HashMap<&str, _> = page.entries.iter().map(|entry| (entry.text.as_str(), entry.id)).collect();
    for LogEntry { text, tells, .. } in &log.entry {
        let Some(minute) = tells else { continue };
        let event = told.iter().find(|event| event.at == Some(days.after_start(*minute)));
        let event = event.ok_or_else(|| format!("the demo's log tells of minute {minute}, when nothing happened"))?;
        let entry = by_text.get(text.as_str()).ok_or_else(|| format!("the demo's log lost “{text}”"))?;
        evidence::attach(store, &viewer, (incident, event.id), from_ref(entry), now).await.map_err(said)?;
    }
    Ok(())
}

fn imported(log: &Log, days: &Days) -> Result<ImportedLog, String> {
    let authors = log.author.iter().map(|author| RawAuthor {
        id: author.key.clone(),
        name: author.name.clone(),
        email: String::new(),
        machine: author.machine,
    });
    let name = |minute: i64| format!("minute {minute}");
    let mut entries = Vec::new();
    for entry in &log.entry {
        entries.push(RawEntry {
            external_id: name(entry.minute),
            at: Some(days.after_start(entry.minute)),
            as_written: String::new(),
            kind: RawKind::from_slug(&entry.kind).ok_or_else(|| format!("{} is no sort of record", entry.kind))?,
            author: Some(entry.by.clone()),
            place: entry.channel.clone(),
            in_reply_to: entry.answers.map(name),
            text: entry.text.clone(),
            links: Vec::new(),
            reactions: (entry.thumbs > 0).then(|| ("+1".to_owned(), entry.thumbs)).into_iter().collect(),
            files: Vec::new(),
            details: Vec::new(),
            edited_at: None,
        });
    }
    Ok(ImportedLog { name: log.name.clone(), authors: authors.collect(), entries, ..ImportedLog::default() })
}
