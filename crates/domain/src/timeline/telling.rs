//! From the raw log to the story: the order of a log's entries, and the event that is told from some of them.

use super::raw::{ImportedLog, RawEntry, RawKind};
use super::{EventDetails, NewEvent, Precision};
use crate::incidents::Severity;
use crate::text::{TEXT_MAX, fold};
use chrono::{DateTime, Utc};

/// An entry with where it stands in time: at its own time, or behind the one that it followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed<'a> {
    /// The entry.
    pub entry: &'a RawEntry,
    /// Its time, or that of the one before it in its log.
    pub sort_at: DateTime<Utc>,
}

/// The entries of several logs, each with its place. What stands before the first time of its log takes that one; a log without any time
/// takes `otherwise`.
pub fn placed(logs: &[ImportedLog], otherwise: DateTime<Utc>) -> Vec<Placed<'_>> {
    let mut all = Vec::new();
    for log in logs {
        let mut last = log.entries.iter().find_map(|entry| entry.at).unwrap_or(otherwise);
        for entry in &log.entries {
            last = entry.at.unwrap_or(last);
            all.push(Placed { entry, sort_at: last });
        }
    }
    all.sort_by_key(|placed| placed.sort_at);
    all
}

/// What the story takes from an entry: never who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// When it happened.
    pub at: Option<DateTime<Utc>>,
    /// The time as its source wrote it, where it could not be read.
    pub as_written: String,
    /// What sort of record it is.
    pub kind: RawKind,
    /// What it says.
    pub text: String,
    /// What who wrote it was in the incident; empty where nobody said so.
    pub role: String,
}

/// The event that is told from entries, in their order: from the time of the first to that of the last, with what they say. `None` where
/// nothing was chosen.
pub fn event_from(chosen: &[Chosen], zone: &str) -> Option<NewEvent> {
    let first = chosen.first()?;
    let at = chosen.iter().filter_map(|c| c.at).min();
    let last = chosen.iter().filter_map(|c| c.at).max();
    let body = match chosen {
        [one] => paragraph(&one.text),
        several => several.iter().map(|c| item(&c.text)).collect::<Vec<_>>().join("\n"),
    };
    let role = if chosen.iter().all(|c| c.role == first.role) { first.role.clone() } else { String::new() };
    Some(NewEvent {
        at,
        ends_at: last.filter(|last| at.is_some_and(|at| *last > at)),
        precision: if at.is_some() { Precision::Exact } else { Precision::None },
        as_written: if at.is_none() { first.as_written.clone() } else { String::new() },
        zone: zone.to_owned(),
        kind: first.kind.event_kind(),
        body: cut(body),
        flag: String::new(),
        details: EventDetails { role, ..EventDetails::default() },
        position: 0,
    })
}

/// Plain text as Markdown that reads the same: its lines stay lines, and none of them becomes a heading, a quotation or a rule.
fn paragraph(text: &str) -> String {
    text.lines().map(|line| plain(line.trim())).collect::<Vec<_>>().join("  \n").trim().to_owned()
}

fn item(text: &str) -> String {
    format!("- {}", text.lines().map(|line| plain(line.trim())).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("  \n  "))
}

fn plain(line: &str) -> String {
    let heading = line.starts_with(['#', '>', '=', '|']) || line.starts_with("---") || line.starts_with("***");
    let list = line.strip_prefix(['-', '*', '+']).is_some_and(|rest| rest.starts_with(' '));
    if heading || list { format!("\\{line}") } else { line.to_owned() }
}

fn cut(mut text: String) -> String {
    let mut end = TEXT_MAX - "…".len();
    if text.len() > TEXT_MAX {
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push('…');
    }
    text
}

/// How grave an incident is in our words, from those of a tool; the third of four where it says nothing that is known.
pub fn severity(words: &str) -> Severity {
    let words = fold(words);
    let is = |of: &[&str]| of.iter().any(|word| words.split(|c: char| !c.is_alphanumeric()).any(|part| part == *word));
    if is(&["critical", "sev0", "sev1", "p0", "p1", "emergency", "disaster", "page", "1"]) {
        Severity::Sev1
    } else if is(&["major", "high", "sev2", "p2", "error", "2"]) {
        Severity::Sev2
    } else if is(&["low", "info", "none", "maintenance", "sev4", "sev5", "p4", "p5", "4", "5"]) {
        Severity::Sev4
    } else {
        Severity::Sev3
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::EventKind;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::<Utc>::UNIX_EPOCH + chrono::Duration::minutes(minute)
    }

    fn entry(id: &str, minute: Option<i64>) -> RawEntry {
        RawEntry {
            external_id: id.to_owned(),
            at: minute.map(at),
            as_written: String::new(),
            kind: RawKind::Message,
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

    fn chosen(minute: Option<i64>, kind: RawKind, text: &str) -> Chosen {
        Chosen { at: minute.map(at), as_written: "after lunch".to_owned(), kind, text: text.to_owned(), role: String::new() }
    }

    #[test]
    fn entries_of_several_logs_stand_in_one_order_and_none_is_lost() {
        let log = |entries| ImportedLog { entries, ..ImportedLog::default() };
        let logs = [
            log(vec![entry("a0", None), entry("a1", Some(10)), entry("a2", None), entry("a3", Some(30))]),
            log(vec![entry("b1", Some(20))]),
            log(vec![entry("c1", None)]),
        ];
        let order: Vec<_> = placed(&logs, at(25)).into_iter().map(|p| p.entry.external_id.as_str()).collect();
        assert_eq!(order, ["a0", "a1", "a2", "b1", "c1", "a3"]);
    }

    #[test]
    fn one_entry_becomes_an_event_of_its_time_and_words() {
        let event = event_from(&[chosen(Some(4), RawKind::Firing, "Queue over 5,000")], "Europe/Copenhagen").unwrap();
        assert_eq!((event.at, event.ends_at, event.precision), (Some(at(4)), None, Precision::Exact));
        assert_eq!((event.kind, event.body.as_str()), (EventKind::Detection, "Queue over 5,000"));
        let event = event_from(&[chosen(None, RawKind::Note, "x")], "UTC").unwrap();
        assert_eq!((event.at, event.precision, event.as_written.as_str()), (None, Precision::None, "after lunch"));
        assert_eq!(event_from(&[], "UTC"), None);
    }

    #[test]
    fn several_entries_become_one_event_from_the_first_to_the_last() {
        let some = [
            chosen(Some(9), RawKind::Message, "the queue\ngrows"),
            chosen(None, RawKind::Message, "- still"),
            chosen(Some(12), RawKind::Message, "we wait"),
        ];
        let event = event_from(&some, "UTC").unwrap();
        assert_eq!((event.at, event.ends_at), (Some(at(9)), Some(at(12))));
        assert_eq!(event.body, "- the queue  \n  grows\n- \\- still\n- we wait");
    }

    #[test]
    fn the_role_comes_along_where_all_of_them_share_it() {
        let by = |role: &str| Chosen { role: role.to_owned(), ..chosen(None, RawKind::Note, "x") };
        let role = |some: &[Chosen]| event_from(some, "UTC").unwrap().details.role;
        assert_eq!(role(&[by("Database on call"), by("Database on call")]), "Database on call");
        assert_eq!(role(&[by("Database on call"), by("")]), "");
    }

    #[test]
    fn what_people_wrote_stays_text_and_has_an_end() {
        assert_eq!(paragraph("# not a heading\n> nor this\nplain"), "\\# not a heading  \n\\> nor this  \nplain");
        let long = event_from(&[chosen(None, RawKind::Note, &"ø".repeat(TEXT_MAX))], "UTC").unwrap();
        assert!(long.body.len() <= TEXT_MAX && long.body.ends_with('…'));
    }

    #[test]
    fn words_of_tools_for_how_grave_it_is_find_ours() {
        for (words, wanted) in [
            ("critical", Severity::Sev1),
            ("P1", Severity::Sev1),
            ("SEV-2", Severity::Sev2),
            ("Major outage", Severity::Sev2),
            ("minor", Severity::Sev3),
            ("warning", Severity::Sev3),
            ("", Severity::Sev3),
            ("info", Severity::Sev4),
        ] {
            assert_eq!(severity(words), wanted, "{words}");
        }
    }
}
