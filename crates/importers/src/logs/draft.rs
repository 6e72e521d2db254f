//! A log while it is being read: nothing twice, in the order of time, no longer than what is kept.

use super::incidents::{Course, course, is_turn};
use super::reports::Reports;
use domain::text::{NAME_MAX, TEXT_MAX, TITLE_MAX};
use domain::timeline::raw::{ImportedLog, RawAuthor, RawEntry, RawIncident, RawKind, RawLink};
use std::collections::{HashMap, HashSet};

/// As many entries of a log are kept.
pub(super) const ENTRIES_MAX: usize = 500_000;
const LINKS_MAX: usize = 50;
const DETAILS_MAX: usize = 200;
const DETAIL_MAX: usize = 8 * 1024;
const URL_MAX: usize = 2000;
/// Longer names of things at their source are cut and told apart by a sum over all of it.
const ID_MAX: usize = 500;

/// An entry with nothing in it yet.
pub(super) fn entry(external_id: String, kind: RawKind) -> RawEntry {
    RawEntry {
        external_id,
        at: None,
        as_written: String::new(),
        kind,
        author: None,
        place: String::new(),
        in_reply_to: None,
        text: String::new(),
        links: Vec::new(),
        reactions: Vec::new(),
        files: Vec::new(),
        details: Vec::new(),
        edited_at: None,
    }
}

/// A log as it grows.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) incident: Option<RawIncident>,
    entries: Vec<RawEntry>,
    places: HashMap<String, usize>,
    known: HashSet<String>,
    authors: Vec<RawAuthor>,
    cut: usize,
    left_out: usize,
}

impl Draft {
    pub(super) fn new(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    /// Notes who wrote something, and gives what an entry names them by. `None` for one without a name or an id.
    pub(super) fn author(&mut self, author: RawAuthor) -> Option<String> {
        let (id, name) = (line(&author.id, NAME_MAX), line(&author.name, NAME_MAX));
        let id = if id.is_empty() { name.clone() } else { id };
        if id.is_empty() {
            return None;
        }
        if self.known.insert(id.clone()) {
            let name = if name.is_empty() { id.clone() } else { name };
            self.authors.push(RawAuthor { id: id.clone(), name, email: line(&author.email, NAME_MAX), ..author });
        }
        Some(id)
    }

    /// Adds an entry. Of two with one name the first stays, unless the other was edited later.
    pub(super) fn add(&mut self, entry: RawEntry) {
        let entry = self.bounded(entry);
        match self.places.get(&entry.external_id) {
            Some(place) => {
                let before = &mut self.entries[*place];
                if entry.edited_at > before.edited_at {
                    *before = entry;
                }
            }
            None if self.entries.len() >= ENTRIES_MAX => self.left_out += 1,
            None => {
                self.places.insert(entry.external_id.clone(), self.entries.len());
                self.entries.push(entry);
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes over what another one holds.
    pub(super) fn take(&mut self, other: Self) {
        for author in other.authors {
            self.author(author);
        }
        for entry in other.entries {
            self.add(entry);
        }
    }

    /// Whether the entries tell how it went, from firing on.
    pub(super) fn tells_its_course(&self) -> bool {
        self.entries.iter().any(is_turn)
    }

    /// See [`course`].
    pub(super) fn course(&self) -> Course {
        course(&self.entries)
    }

    /// What is kept of an entry: no control characters, lengths that fit.
    fn bounded(&mut self, mut entry: RawEntry) -> RawEntry {
        entry.external_id = id(&entry.external_id);
        if entry.external_id.is_empty() {
            entry.external_id = format!("#{}", self.entries.len() + 1);
        }
        entry.in_reply_to = entry.in_reply_to.map(|to| id(&to)).filter(|to| *to != entry.external_id);
        let (text, cut) = text(&entry.text, TEXT_MAX);
        self.cut += usize::from(cut);
        entry.text = text;
        entry.as_written = line(&entry.as_written, NAME_MAX);
        entry.place = line(&entry.place, NAME_MAX);
        for found in links_in(&entry.text) {
            if !entry.links.iter().any(|link| link.url == found.url) {
                entry.links.push(found);
            }
        }
        entry.links.truncate(LINKS_MAX);
        entry.reactions.truncate(DETAILS_MAX);
        for (name, _) in &mut entry.reactions {
            *name = line(name, NAME_MAX);
        }
        entry.files.truncate(DETAILS_MAX);
        entry.files = entry.files.iter().map(|name| line(name, TITLE_MAX)).filter(|name| !name.is_empty()).collect();
        entry.details.truncate(DETAILS_MAX);
        let details = entry.details.into_iter().map(|(name, value)| {
            let (value, cut) = self::text(&value, DETAIL_MAX);
            self.cut += usize::from(cut);
            (line(&name, NAME_MAX), value)
        });
        entry.details = details.filter(|(name, value)| !name.is_empty() && !value.is_empty()).collect();
        entry
    }

    /// The log as it is handed out; `None` when nothing is in it.
    pub(super) fn finish(mut self, reports: &Reports) -> Option<ImportedLog> {
        self.incident = self.incident.take().filter(|incident| !id(&incident.external_id).is_empty());
        if self.entries.is_empty() && self.incident.is_none() {
            return None;
        }
        if self.cut > 0 {
            let texts = if self.cut == 1 { "One text was".to_owned() } else { format!("{} texts were", self.cut) };
            let reason = format!(
                "{texts} longer than {} KB ({} KB of a detail); the end was left out.",
                TEXT_MAX / 1024,
                DETAIL_MAX / 1024
            );
            reports.note("", 0, &reason);
        }
        if self.left_out > 0 {
            let reason = format!("{}: more than {ENTRIES_MAX} entries; {} were left out.", line(&self.name, 120), self.left_out);
            reports.unreadable("", 0, &reason);
        }
        if let Some(incident) = &mut self.incident {
            incident.external_id = id(&incident.external_id);
            incident.title = line(&incident.title, TITLE_MAX);
            incident.severity = line(&incident.severity, NAME_MAX);
            incident.url = link(&incident.url, "").map(|l| l.url).unwrap_or_default();
        }
        let name = Some(line(&self.name, TITLE_MAX)).filter(|name| !name.is_empty()).unwrap_or_else(|| "Log".to_owned());
        Some(ImportedLog { name, incident: self.incident, entries: in_order(self.entries), authors: self.authors })
    }
}

/// By time; what has none stays behind what it followed.
fn in_order(entries: Vec<RawEntry>) -> Vec<RawEntry> {
    let mut groups: Vec<Vec<RawEntry>> = Vec::new();
    for entry in entries {
        match groups.last_mut() {
            Some(group) if entry.at.is_none() => group.push(entry),
            _ => groups.push(vec![entry]),
        }
    }
    groups.sort_by_key(|group| group[0].at);
    groups.into_iter().flatten().collect()
}

/// One line of at most `max` characters without control characters.
pub(super) fn line(text: &str, max: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()) {
        if count + usize::from(count > 0) >= max {
            break;
        }
        if count > 0 {
            out.push(' ');
            count += 1;
        }
        for c in word.chars().take(max - count) {
            out.push(c);
            count += 1;
        }
    }
    out
}

/// Text of several lines: line ends become `\n`, no other control characters but tab, at most `max` bytes, and whether that cut it.
pub(super) fn text(text: &str, max: usize) -> (String, bool) {
    let unwanted = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    let mut clean = text.replace("\r\n", "\n").replace('\r', "\n");
    clean.retain(|c| !unwanted(c));
    let cut = clean.len() > max;
    if cut {
        clean.truncate(clean.floor_char_boundary(max - '…'.len_utf8()));
        clean.push('…');
    }
    (clean.trim().to_owned(), cut)
}

/// The name of a thing at its source, of a length that can be kept.
pub(super) fn id(id: &str) -> String {
    let clean: String = id.chars().filter(|c| !c.is_control()).collect();
    if clean.len() <= ID_MAX {
        return clean;
    }
    format!("{}…{:016x}", &clean[..clean.floor_char_boundary(ID_MAX - 20)], sum(&clean))
}

/// FNV-1a: the same in every version of the program, which the standard library's hashes are not.
pub(super) fn sum(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A link, if its address is one that may be followed.
pub(super) fn link(url: &str, title: &str) -> Option<RawLink> {
    let url = url.trim();
    let scheme = url.split_once(':')?.0.to_lowercase();
    let address = match scheme.as_str() {
        "http" | "https" => url.get(scheme.len()..).and_then(|rest| rest.strip_prefix("://"))?,
        "mailto" => &url[scheme.len() + 1..],
        _ => return None,
    };
    let fits = !address.is_empty() && url.len() <= URL_MAX && !url.contains(|c: char| c.is_whitespace() || c.is_control());
    fits.then(|| RawLink { url: url.to_owned(), title: line(title, TITLE_MAX) })
}

/// Web addresses that stand in a text.
fn links_in(text: &str) -> Vec<RawLink> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("http").filter(|_| out.len() < LINKS_MAX) {
        let stops = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|' | '“' | '”' | '«' | '»');
        let url = &rest[at..];
        let url = &url[..url.find(stops).unwrap_or(url.len())];
        let end = at + url.len();
        let mut url = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', ']', '}']);
        // A bracket belongs to the sentence unless it was opened within the address.
        while url.ends_with(')') && url.matches(')').count() > url.matches('(').count() {
            url = url[..url.len() - 1].trim_end_matches(['.', ',', ';', ':']);
        }
        let begins_a_word = !rest[..at].ends_with(char::is_alphanumeric);
        if begins_a_word && url.len() > "https://".len() {
            out.extend(link(url, ""));
        }
        rest = &rest[end..];
    }
    out
}
