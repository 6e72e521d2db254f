//! How precise the hints are, and what they miss: 300 labelled sentences of real reviews (labelled/README.md), read from `../shared/data`.
//!
//! `cargo test -p writing --test measured -- --nocapture` prints the figures; `HELD=1` those of the half that is looked at once.

// What a test stands on is either there or the test has failed.
#![allow(clippy::unwrap_used)]

use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;
use writing::{Assistant, Place, Severity};

#[derive(Deserialize)]
struct Labelled {
    file: String,
    line: usize,
    from: usize,
    to: usize,
    sample: String,
    half: String,
    labels: BTreeMap<String, String>,
    sum: String,
}

/// Where the real material lies; none of it is part of the project.
fn data() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var_os("SECOND_STORY_DATA").map_or_else(|| beside.into(), PathBuf::from);
    root.is_dir().then_some(root)
}

#[derive(Debug, Default)]
struct Counts {
    sentences: usize,
    /// Hints of a group that is labelled there, strong or weak.
    right: usize,
    /// Hints of a group that is not, on a sentence that has another label.
    neighbour: usize,
    /// Hints on a sentence that wants none.
    wrong: usize,
    /// Strong labels, and those of them that got a hint of their group, and any hint at all.
    strong: usize,
    found: usize,
    touched: usize,
}

impl Counts {
    fn percent(part: usize, of: usize) -> f64 {
        if of == 0 { 100.0 } else { 100.0 * part as f64 / of as f64 }
    }

    fn precision(&self) -> f64 {
        Self::percent(self.right + self.neighbour, self.right + self.neighbour + self.wrong)
    }

    fn exact_precision(&self) -> f64 {
        Self::percent(self.right, self.right + self.neighbour + self.wrong)
    }

    fn recall(&self) -> f64 {
        Self::percent(self.found, self.strong)
    }
}

fn measure(root: &std::path::Path, half: &str, at_least: Severity) -> BTreeMap<String, Counts> {
    let assistant = Assistant::default();
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    let show = std::env::var_os("SHOW").is_some() && half == "open";
    for line in include_str!("labelled/labels.jsonl").lines() {
        let one: Labelled = serde_json::from_str(line).unwrap();
        if one.half != half {
            continue;
        }
        let text = std::fs::read_to_string(root.join(&one.file)).unwrap();
        let text = text.lines().nth(one.line - 1).unwrap_or_default();
        let sentence: String = text.chars().skip(one.from).take(one.to - one.from).collect();
        let sum: String = Sha256::digest(&sentence).iter().take(6).map(|b| format!("{b:02x}")).collect();
        assert_eq!(sum, one.sum, "{} {} is another sentence now", one.file, one.line);
        let hints = assistant.check(&sentence, Place::Review);
        let groups: Vec<String> =
            hints.iter().filter(|hint| hint.rule.severity >= at_least).map(|hint| format!("{:?}", hint.rule.group)).collect();
        let strong: Vec<&String> = one.labels.iter().filter(|(_, how)| *how == "strong").map(|(group, _)| group).collect();
        for name in [one.sample.as_str(), "both"] {
            let counts = counts.entry(name.to_owned()).or_default();
            counts.sentences += 1;
            for group in &groups {
                match (one.labels.contains_key(group), one.labels.is_empty()) {
                    (true, _) => counts.right += 1,
                    (false, false) => counts.neighbour += 1,
                    (false, true) => counts.wrong += 1,
                }
            }
            counts.strong += strong.len();
            counts.found += strong.iter().filter(|group| groups.contains(group)).count();
            counts.touched += if groups.is_empty() { 0 } else { strong.len() };
        }
        let missed = strong.iter().any(|group| !groups.contains(group));
        let wrong = one.labels.is_empty() && !groups.is_empty();
        if show && (missed || wrong) {
            let found: Vec<&str> = hints.iter().map(|hint| hint.rule.id.as_ref()).collect();
            println!("{} {found:?} wanted {:?}\n    {sentence}", if missed { "MISSED" } else { "WRONG" }, one.labels);
        }
    }
    counts
}

#[test]
fn precision_and_recall_are_measured() {
    let Some(root) = data() else {
        println!("skipped: no real material at ../shared/data");
        return;
    };
    let halves = if std::env::var_os("HELD").is_some() { vec!["open", "held"] } else { vec!["open"] };
    for half in halves {
        for least in [Severity::Low, Severity::Medium] {
            for (sample, counts) in measure(&root, half, least) {
                println!(
                    "{half}, {sample}, {} and above: precision {:.0} % ({:.0} % of the very group), recall of strong {:.0} % (of any group {:.0} %); {counts:?}",
                    least.slug(),
                    counts.precision(),
                    counts.exact_precision(),
                    counts.recall(),
                    Counts::percent(counts.touched, counts.strong),
                );
            }
        }
    }
}
