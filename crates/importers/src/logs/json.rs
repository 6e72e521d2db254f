//! Second Story's own plain JSON, for scripts that gather what no other format tells.
//!
//! A log is an object, or a list of entries alone; several logs are a list of objects, or one a line:
//!
//! ```json
//! {
//!   "name": "Harbour radio",
//!   "incident": {"id": "H-7", "title": "Bookings time out", "severity": "major", "url": "https://harbour.example/7",
//!     "started_at": "2026-03-02T08:00:00Z", "resolved_at": null},
//!   "authors": [{"id": "helm", "name": "Helm Officer", "email": "helm@ferry.example", "machine": false}],
//!   "entries": [
//!     {"id": "1", "at": "2026-03-02T08:00:05Z", "kind": "message", "author": "helm", "place": "#watch", "reply_to": null,
//!      "text": "Bookings time out", "links": ["https://charts.ferry.example/d/1", {"url": "https://x.example", "title": "Y"}],
//!      "reactions": {"eyes": 2}, "files": ["graph.png"], "details": {"pier": "north"}, "edited_at": null}
//!   ]
//! }
//! ```
//!
//! All fields may be missing. `kind` is one of [`RawKind`]'s slugs, else the entry is of another sort. A time without a zone is on the
//! wall clock that the person who imports names. An entry without an `id` is named by its time, its author and how many such there
//! were before it.

use super::LogOptions;
use super::draft::{Draft, entry, link};
use super::incidents::stem;
use super::json_value::{Node, Source};
use super::payloads::documents;
use super::reports::Reports;
use super::times;
use super::unpack::File;
use chrono::{DateTime, Utc};
use domain::timeline::raw::{ImportedLog, RawAuthor, RawEntry, RawIncident, RawKind, RawLink};
use std::collections::HashMap;

/// Reads logs in our own format.
pub(super) fn read(files: &[File<'_>], options: &LogOptions, reports: &Reports) -> Vec<ImportedLog> {
    let mut out = Vec::new();
    for file in files {
        // Entries that stand outside of any log are one.
        let mut loose = Reader::new(stem(&file.name), options);
        for document in documents(file, reports) {
            let source = Source { file: &file.name, line: document.line, reports };
            let root = Node::root(&document.json, &source);
            for node in if root.is_list() { root.items() } else { vec![root] } {
                if node.has("entries") {
                    let name = node.text("name");
                    let mut log = Reader::new(if name.trim().is_empty() { stem(&file.name) } else { name }, options);
                    log.whole(&node);
                    out.extend(log.draft.finish(reports));
                } else if node.is_object() && ["text", "at", "id"].iter().any(|field| node.has(field)) {
                    loose.entry(&node);
                } else {
                    node.report("This is neither a log nor an entry; it was left out.");
                }
            }
        }
        out.extend(loose.draft.finish(reports));
    }
    out
}

struct Reader<'a> {
    draft: Draft,
    options: &'a LogOptions,
    /// How many entries without an id there were of a time and an author.
    unnamed: HashMap<String, usize>,
    authors: HashMap<String, RawAuthor>,
}

impl<'a> Reader<'a> {
    fn new(name: String, options: &'a LogOptions) -> Self {
        Self { draft: Draft::new(name), options, unnamed: HashMap::new(), authors: HashMap::new() }
    }

    fn whole(&mut self, node: &Node<'_>) {
        let incident = node.at("incident");
        if incident.is_object() {
            let title = incident.first(&["title", "name"]);
            self.draft.incident = Some(RawIncident {
                external_id: Some(incident.text("id")).filter(|id| !id.is_empty()).unwrap_or_else(|| title.clone()),
                title,
                severity: incident.text("severity"),
                started_at: self.time(&incident, "started_at"),
                resolved_at: self.time(&incident, "resolved_at"),
                url: incident.text("url"),
            });
        }
        for author in node.at("authors").items() {
            let said = self::author(&author);
            self.authors.insert(said.id.clone(), said);
        }
        for entry in node.at("entries").items() {
            if entry.is_object() {
                self.entry(&entry);
            } else {
                entry.report("This is no entry; it was left out.");
            }
        }
    }

    fn entry(&mut self, node: &Node<'_>) {
        let written = node.text("at");
        let by = node.at("author");
        let by = if by.is_object() { self::author(&by) } else { self.named(by.as_text()) };
        let mut id = node.text("id");
        if id.is_empty() {
            let base = format!("{written} {}", by.id);
            let count = self.unnamed.entry(base.clone()).or_default();
            *count += 1;
            id = format!("{}#{count}", base.trim());
        }
        let kind = node.text("kind");
        let fallback = if kind.is_empty() { RawKind::Note } else { RawKind::Other };
        let mut told: RawEntry = entry(id, RawKind::from_slug(&kind).unwrap_or(fallback));
        told.at = self.time(node, "at");
        if told.at.is_none() {
            told.as_written = written;
        }
        told.author = self.draft.author(by);
        told.place = node.text("place");
        told.in_reply_to = Some(node.text("reply_to")).filter(|id| !id.is_empty());
        told.text = node.text("text");
        told.links = node.at("links").items().iter().filter_map(a_link).collect();
        let reactions = node.at("reactions");
        let count = |(name, count): (&str, Node<'_>)| (name.to_owned(), count.as_text().parse().unwrap_or(1));
        told.reactions = reactions.fields().into_iter().map(count).collect();
        told.files = node.at("files").items().iter().map(Node::as_text).collect();
        told.details = node.at("details").fields().into_iter().map(|(name, value)| (name.to_owned(), value.as_text())).collect();
        told.edited_at = self.time(node, "edited_at");
        self.draft.add(told);
    }

    fn named(&self, id: String) -> RawAuthor {
        let unknown = || RawAuthor { id: id.clone(), name: id.clone(), email: String::new(), machine: false };
        self.authors.get(&id).cloned().unwrap_or_else(unknown)
    }

    /// A time, with or without its zone; one that cannot be read is reported.
    fn time(&self, node: &Node<'_>, key: &str) -> Option<DateTime<Utc>> {
        let text = node.text(key);
        times::instant(&text, self.options.zone).or_else(|| node.time(key))
    }
}

fn author(node: &Node<'_>) -> RawAuthor {
    let id = node.first(&["id", "name"]);
    RawAuthor { id, name: node.first(&["name", "id"]), email: node.text("email"), machine: node.is_true("machine") }
}

fn a_link(node: &Node<'_>) -> Option<RawLink> {
    let (url, title) = if node.is_object() { (node.text("url"), node.text("title")) } else { (node.as_text(), String::new()) };
    let read = link(&url, &title);
    if read.is_none() {
        node.report("This is no link that can be followed; it was left out.");
    }
    read
}
