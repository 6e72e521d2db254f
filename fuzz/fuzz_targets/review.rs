//! Any bytes as a review: no panic, and what comes out can be written.
#![no_main]

use domain::timeline::Precision;
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeSet;

fuzz_target!(|bytes: &[u8]| {
    let file = importers::read_review("2024-05-06-a-thing.md", bytes);
    assert!(!file.incidents.is_empty() || !file.unreadable.is_empty() || !file.notes.is_empty(), "an answer without a word");
    let titles: BTreeSet<&str> = file.incidents.iter().map(|i| i.title.as_str()).collect();
    assert_eq!(titles.len(), file.incidents.len(), "incidents that cannot be told apart");
    for incident in &file.incidents {
        assert!(!incident.title.is_empty() && incident.title.chars().count() <= domain::text::TITLE_MAX);
        assert!(incident.summary.len() <= domain::text::TEXT_MAX);
        for event in &incident.events {
            assert!(!event.body.trim().is_empty() && event.line > 0);
            assert_eq!(event.at.is_none(), event.precision == Precision::None);
            assert!(event.ends_at.is_none_or(|end| event.at.is_some_and(|at| end > at)));
        }
    }
});
