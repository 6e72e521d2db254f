//! Repeatable entries of an answer: several surprises, several tools, each with a few fields of its own.

use crate::{Invalid, text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most entries of one answer.
pub const MOST_ENTRIES: usize = 30;
/// Longest text of a field, in characters.
const FIELD_MAX: usize = 2_000;

/// What one entry of a question holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryShape {
    /// What it is, as in "Add another surprise".
    pub one: &'static str,
    /// Its fields, at most three.
    pub fields: [Option<EntryField>; 3],
}

/// A field of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryField {
    /// As stored.
    pub key: &'static str,
    /// Over the field.
    pub label: &'static str,
    /// Before its value where an entry is told as a sentence; may be empty.
    pub told: &'static str,
    /// What it takes.
    pub kind: FieldKind,
}

/// What a field of an entry takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Line,
    /// A few lines.
    Words,
    /// One of these: (value, label).
    Pick(&'static [(&'static str, &'static str)]),
}

/// One entry: values by the keys of its shape, without empty ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Entry(pub BTreeMap<String, String>);

impl Entry {
    /// The value of a field; empty where there is none.
    pub fn value(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }
}

impl EntryShape {
    /// Its fields.
    pub fn fields(&self) -> impl Iterator<Item = &EntryField> {
        self.fields.iter().flatten()
    }

    /// Entries as they may be kept: known fields alone, trimmed, empty entries left out.
    ///
    /// # Errors
    /// Field `entries`: too many, a text too long or with control characters, a value that is not offered.
    pub fn parse(&self, typed: &[Entry]) -> Result<Vec<Entry>, Invalid> {
        let mut invalid = Invalid::default();
        let mut entries = Vec::new();
        for entry in typed {
            let mut kept = BTreeMap::new();
            for field in self.fields() {
                let value = entry.value(field.key);
                let value = match field.kind {
                    FieldKind::Line => invalid.take(text::optional_line("entries", value, FIELD_MAX)),
                    FieldKind::Words => invalid.take(text::long("entries", value).and_then(short)).map(|v| v.trim().to_owned()),
                    FieldKind::Pick(options) if value.is_empty() || options.iter().any(|(v, _)| *v == value) => {
                        Some(value.to_owned())
                    }
                    FieldKind::Pick(_) => {
                        invalid.add("entries", "Please choose one of the values shown.");
                        None
                    }
                };
                kept.extend(value.filter(|v| !v.is_empty()).map(|v| (field.key.to_owned(), v)));
            }
            entries.extend((!kept.is_empty()).then_some(Entry(kept)));
        }
        if entries.len() > MOST_ENTRIES {
            invalid.add("entries", format!("{MOST_ENTRIES} fit here. Please write the rest into the words below."));
        }
        invalid.or_ok()?;
        Ok(entries)
    }

    /// Each entry as a sentence, for those who read it.
    pub fn told(&self, entries: &[Entry]) -> Vec<String> {
        entries.iter().map(|entry| self.sentence(entry)).collect()
    }

    fn sentence(&self, entry: &Entry) -> String {
        let mut sentence = String::new();
        for field in self.fields() {
            let value = entry.value(field.key);
            let value = match field.kind {
                FieldKind::Pick(options) => options.iter().find(|(v, _)| *v == value).map_or("", |(_, label)| *label),
                FieldKind::Line | FieldKind::Words => value,
            };
            if value.is_empty() {
                continue;
            }
            // A sentence that has its own full stop begins another; else what was picked goes on with it.
            let ended = sentence.is_empty() || sentence.ends_with(['.', '!', '?', '…']);
            let picked_within = matches!(field.kind, FieldKind::Pick(_)) && !(ended && field.told.is_empty());
            let value = if picked_within { value.to_lowercase() } else { value.to_owned() };
            let piece = if field.told.is_empty() { value } else { format!("{} {value}", field.told) };
            match (sentence.is_empty(), ended) {
                (true, _) => sentence.push_str(&piece),
                (false, true) => {
                    sentence.push(' ');
                    sentence.push_str(&capitalised(&piece));
                }
                (false, false) => {
                    sentence.push_str(if field.told.ends_with(':') { ". " } else { ", " });
                    sentence.push_str(&piece);
                }
            }
        }
        sentence
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn short(value: String) -> Result<String, Invalid> {
    match value.chars().count() {
        length if length > FIELD_MAX => {
            Err(Invalid::one("entries", format!("An entry has {length} characters; {FIELD_MAX} fit. The words below take more.")))
        }
        _ => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interviews::kind;

    fn shape(number: i64) -> &'static EntryShape {
        kind(number).and_then(|k| k.entries).expect("a question with entries")
    }

    fn entry(values: &[(&str, &str)]) -> Entry {
        Entry(values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn entries_are_told_as_sentences() {
        let role = entry(&[("role", "communicator"), ("from", "22:10"), ("until", "01:30")]);
        let surprise = entry(&[("expected", "the graph to be red"), ("saw", "it was green")]);
        let hard = entry(&[("what", "Nobody knew who owns it."), ("area", "hand-over"), ("often", "usual")]);
        assert_eq!(shape(1).told(&[role]), ["Kept others informed, from 22:10, until 01:30"]);
        assert_eq!(shape(2).told(&[surprise]), ["Expected: the graph to be red. Saw: it was green"]);
        assert_eq!(shape(7).told(&[hard]), ["Nobody knew who owns it. Handing over, usually"]);
        let good = entry(&[("what", "She rang the night desk."), ("thanks-to", "preparation")]);
        assert_eq!(shape(6).told(&[good]), ["She rang the night desk. Thanks to preparation"]);
        assert_eq!(shape(8).told(&[entry(&[("now", "it retries")])]), ["Now I know: it retries"]);
    }

    #[test]
    fn empty_entries_and_unknown_fields_go_and_unknown_values_are_refused() {
        let typed =
            [entry(&[("tool", "  The   runbook "), ("how", "served"), ("else", "x")]), entry(&[("tool", " "), ("how", "")])];
        assert_eq!(shape(10).parse(&typed), Ok(vec![entry(&[("tool", "The runbook"), ("how", "served")])]));
        assert!(shape(10).parse(&[entry(&[("how", "heroic")])]).is_err());
        assert!(shape(2).parse(&[entry(&[("saw", &"x".repeat(2_001))])]).is_err());
        assert!(shape(2).parse(&vec![entry(&[("saw", "x")]); MOST_ENTRIES + 1]).is_err());
        assert!(shape(2).parse(&[entry(&[("saw", "a\0b")])]).is_err());
    }
}
