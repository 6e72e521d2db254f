//! A narrative with the times of its events in the margin: which paragraph stands beside which time.

use chrono::{DateTime, Utc};
use domain::EventId;

/// A stretch of a narrative, still Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Passage {
    /// The time in the margin, as `02:11`, and the event that it belongs to if one has it.
    pub(super) time: Option<(String, Option<DateTime<Utc>>)>,
    /// The words.
    pub(super) text: String,
}

/// Splits a narrative into passages. A paragraph that begins with a time of day gives it to the margin; one that names the time of an
/// event stands beside it. `events`: clock readings in the zone of the incident with their instants.
pub(super) fn passages(text: &str, events: &[(String, DateTime<Utc>)]) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut used: Vec<String> = Vec::new();
    for block in blocks(text) {
        if !is_paragraph(&block) {
            // Lists, tables, code and headings keep together with what follows them.
            match passages.last_mut() {
                Some(last) if last.time.is_none() => {
                    last.text.push_str("\n\n");
                    last.text.push_str(&block);
                }
                _ => passages.push(Passage { time: None, text: block }),
            }
            continue;
        }
        let event = |clock: &str| events.iter().find(|(c, _)| c == clock).map(|(_, at)| *at);
        let passage = match leading(&block) {
            Some((clock, rest)) => Passage { time: Some((clock.clone(), event(&clock))), text: rest.to_owned() },
            None => {
                let named = clocks(&block).find(|clock| event(clock).is_some() && !used.contains(clock));
                Passage { time: named.map(|clock| (clock.clone(), event(&clock))), text: block }
            }
        };
        used.extend(passage.time.iter().map(|(clock, _)| clock.clone()));
        passages.push(passage);
    }
    passages
}

/// The moments that a text names as `event:…`, in order, each once.
pub(super) fn named(text: &str) -> Vec<EventId> {
    let mut found = Vec::new();
    for (at, name) in text.match_indices("](event:") {
        let id = text[at + name.len()..].split(')').next().and_then(|id| id.parse().ok());
        found.extend(id.filter(|id| !found.contains(id)));
    }
    found
}

/// Blocks between empty lines; fenced code stays whole.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let mut open = false;
    let mut current = String::new();
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        if line.trim().is_empty() && !open {
            if !current.is_empty() {
                blocks.push(std::mem::take(&mut current));
            }
        } else {
            if !current.is_empty() {
                current.push('\n');
            }
            current.push_str(line);
        }
        open ^= fence;
    }
    if !current.is_empty() {
        blocks.push(current);
    }
    blocks
}

fn is_paragraph(block: &str) -> bool {
    let first = block.chars().next();
    let numbered = block.split_once(['.', ')']).is_some_and(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    first.is_some_and(|c| c.is_alphanumeric() || "“\"'‘(*_[`".contains(c))
        && !block.starts_with("* ")
        && !block.starts_with("```")
        && !numbered
}

/// A time at the very beginning, and the words after it.
fn leading(block: &str) -> Option<(String, &str)> {
    let block = block.trim_start_matches('*');
    let end = block.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(block.len());
    let clock = clock(&block[..end])?;
    let rest = block[end..].trim_start_matches(|c: char| c.is_whitespace() || "*:–—,".contains(c));
    (!rest.is_empty()).then_some((clock, rest))
}

/// Times of day that a text names, in order.
fn clocks(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_ascii_digit() && c != ':').filter_map(|word| clock(word.trim_end_matches(':')))
}

/// `2:11` or `02:11` as `02:11`.
fn clock(word: &str) -> Option<String> {
    let word = word.trim_end_matches(':');
    let (hours, minutes) = word.split_once(':')?;
    let fits = (1..=2).contains(&hours.len()) && minutes.len() == 2;
    let (hour, minute): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    (fits && hour < 24 && minute < 60).then(|| format!("{hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_paragraph_stands_beside_its_time() {
        let events = [("02:11".to_owned(), at("2026-11-17T01:11:00Z"))];
        let text = "Before it all.\n\nAt 02:11 the page went out.\n\n**2:24** The queue was drained.\n\nAgain 02:11, and 03:00.";
        let found = passages(text, &events);
        let times: Vec<_> = found.iter().map(|p| p.time.as_ref().map(|(clock, at)| (clock.as_str(), at.is_some()))).collect();
        assert_eq!(times, [None, Some(("02:11", true)), Some(("02:24", false)), None], "each event's time once");
        assert_eq!(found[2].text, "The queue was drained.");
    }

    #[test]
    fn moments_are_named_in_order_and_once() {
        let id = |n: u128| EventId(uuid::Uuid::from_u128(n));
        let text = format!("At [](event:{}) and [then](event:{}), again [](event:{}), (event:x).", id(2), id(1), id(2));
        assert_eq!(named(&text), [id(2), id(1)]);
        assert_eq!(named("[](event:) [](event:nonsense) [](factor:1)"), []);
    }

    #[test]
    fn lists_code_and_headings_stay_whole() {
        let text = "## Head\n\n- one\n\n- two\n\n```\n02:11 a\n\nb\n```\n\nWords.\n\n1. first";
        let found = passages(text, &[]);
        assert_eq!(found[0].text, "## Head\n\n- one\n\n- two\n\n```\n02:11 a\n\nb\n```");
        assert_eq!(found[1].text, "Words.\n\n1. first");
        assert!(found.iter().all(|p| p.time.is_none()));
    }

    #[test]
    fn what_is_no_time_of_day_is_left_alone() {
        for text in ["1:1 talks", "24:00 came", "12:345", "10:60 now", "ratio 3:2"] {
            assert_eq!(passages(text, &[])[0].time, None, "{text}");
        }
        assert_eq!(passages("", &[]), []);
    }
}
