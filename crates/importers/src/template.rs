//! Knows a template that nobody has filled in.

use crate::lists::{plain_words, says_nothing};
use crate::points::is_placeholder;
use domain::imported::{ImportedEvent, ImportedIncident};

/// Whether there is nothing of an incident in the document: every part is empty or holds a place for something.
pub(crate) fn is_template(file_name: &str, incident: &ImportedIncident, events: &[ImportedEvent]) -> bool {
    let no_rows = events.iter().all(|e| e.at.is_none() && (holds_a_place(&e.as_written) || says_nothing(&e.body)));
    if !no_rows {
        return false;
    }
    let title = plain_words(&incident.title);
    let named_so = matches!(
        title.as_str(),
        "incident title" | "title" | "title of the incident" | "template" | "incident name" | "name of the incident"
    ) || holds_a_place(&incident.title)
        || title.contains("template")
        || file_name.to_lowercase().contains("template");
    let silent = is_hint(&incident.summary)
        && incident.factors.is_empty()
        && incident.learnings.is_empty()
        && incident.actions.is_empty()
        && incident.sections.iter().all(|(_, text)| text.lines().all(is_empty_field));
    let bodies = incident
        .actions
        .iter()
        .map(|a| &a.body)
        .chain(incident.learnings.iter().map(|l| &l.body))
        .chain(incident.sections.iter().map(|(_, t)| t));
    let waits = holds_a_place(&incident.title) || bodies.into_iter().any(|b| b.contains("{{"));
    silent || (named_so && (waits || !events.is_empty()))
}

/// `yyyy-mm-dd`, `20xx-MM-DD HH:mm`, `{{ name }}`, `<title>`.
fn holds_a_place(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["yyyy", "20xx", "xx:xx", "hh:mm", "dd:mm", "{{", "-nnn", "mm-dd", "--:--", "??:??"].iter().any(|mark| lower.contains(mark))
        || (text.trim().starts_with('<') && text.trim().ends_with('>'))
        || (text.trim().starts_with('[') && text.trim().ends_with(']'))
}

fn is_hint(summary: &str) -> bool {
    is_placeholder(summary) || holds_a_place(summary)
}

/// `- Category: XXX`, `- Time to recovery:`
fn is_empty_field(line: &str) -> bool {
    let value = line.split_once(':').map_or(line, |(_, value)| value).trim();
    let repeated = value.len() >= 2 && value.chars().all(|c| c.is_alphabetic() && value.starts_with(c));
    is_placeholder(value) || repeated || holds_a_place(value) || line.trim_start().starts_with('#')
}
