//! Anything at all may be in a file: it gives an answer, in time, and never a panic.

use importers::{MAX_BYTES, read_review};
use proptest::prelude::*;
use std::time::{Duration, Instant};

const SEED: &str = "---\ntitle: x\nauthors:\n  - Åse Ø\n---\n# Öl & Brød <b>\n\nAttendees: AB, @cd\n\n## Summary\n\nText `a|b` [x][y] <!-- hm --> ~~z~~\n\n[y]: https://example.org\n\n## Timeline (CET)\n\nAll times in CET/CEST.\n\n| Time | Event | Who |\n| :--- | --- | --- |\n| 2021-03-28 02:30 | A \\| b | AB |\n| 23:59~ | … | |\n| ca. 0:10 – 24:00 | “é” |\n| 4 Nov 2020 1:05 PM - 2 pm | `x | y` | |\n\n- **13:00** – text\n  - nested\n\n### 2020-11-04 ca. 13:00\n\n```\ncode\n```\n\n## Root cause\n\n1. One\n\n   two\n* [x] Three\n\nSetext\n------\n\n## Action Items\n\n| Action | Owner |\n|---|---|\n| Do | Åse Ø |\n\n## Lessons\n\nWe should.\n\n## Attendees\n\n- Åse Ø (ÅØ), 王小明, a.b@example.org\n- [C D](https://example.org/cd)\n\n# Stats\n\n- Time: 3\n";

fn check(bytes: &[u8]) {
    let file = read_review("a.md", bytes);
    let titles: std::collections::BTreeSet<&str> = file.incidents.iter().map(|i| i.title.as_str()).collect();
    assert_eq!(titles.len(), file.incidents.len(), "incidents of one document are told apart by their titles");
    assert!(!file.incidents.is_empty() || !file.unreadable.is_empty() || !file.notes.is_empty(), "an answer without a word");
    let lines = String::from_utf8_lossy(bytes).split(['\n', '\r']).count();
    for it in &file.incidents {
        assert!(!it.title.is_empty() && it.title.chars().count() <= domain::text::TITLE_MAX);
        assert!(it.zone.parse::<chrono_tz::Tz>().is_ok(), "{}", it.zone);
        for event in &it.events {
            assert!(!event.body.trim().is_empty());
            assert!(event.line >= 1 && event.line <= lines);
            assert_eq!(event.at.is_none(), event.precision == domain::timeline::Precision::None);
            assert!(event.ends_at.is_none_or(|end| event.at.is_some_and(|at| end > at)));
        }
        let bodies = it
            .factors
            .iter()
            .map(|f| &f.body)
            .chain(it.learnings.iter().map(|l| &l.body))
            .chain(it.actions.iter().map(|a| &a.body));
        assert!(bodies.into_iter().all(|b| !b.trim().is_empty()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        check(&bytes);
    }

    #[test]
    fn any_text(text in "\\PC{0,300}") {
        check(text.as_bytes());
        check(format!("# T\n\n## Timeline\n\n{text}\n\n## Attendees\n\n{text}\n").as_bytes());
    }

    #[test]
    fn any_cell_and_name(cell in "[0-9:./ ~–+TZa-zø|\\-]{0,40}", name in "[A-Za-zÅø王 ,.()@&'’/:\\-]{0,40}", body in "[A-Za-zÅø王 ,.()@&'’/`*\\[\\]|\\-]{0,80}") {
        let text = format!("# {body}\n\n## Summary\n\n{body}\n\n## Timeline\n\n| Time | Event |\n|--|--|\n| {cell} | {body} |\n\n- {cell} {body}\n\n{cell} {body}\n\n### {cell}\n\n## Attendees\n\n- {name}\n");
        check(text.as_bytes());
    }

    #[test]
    fn any_cut_and_splice(start in 0..SEED.len(), end in 0..SEED.len(), at in 0..SEED.len(), junk in proptest::collection::vec(any::<u8>(), 0..12)) {
        let bytes = SEED.as_bytes();
        check(&bytes[..end]);
        let (from, to) = (start.min(end), start.max(end));
        let spliced: Vec<u8> = bytes[..at].iter().chain(&junk).chain(&bytes[from..to]).chain(&bytes[at..]).copied().collect();
        check(&spliced);
    }

    #[test]
    fn any_order_of_lines(order in proptest::collection::vec(0..SEED.lines().count(), 0..120)) {
        let lines: Vec<&str> = SEED.lines().collect();
        let text: Vec<&str> = order.iter().map(|i| lines[*i]).collect();
        check(text.join("\n").as_bytes());
    }
}

#[test]
fn every_truncation_of_a_review_gives_an_answer() {
    for end in 0..=SEED.len() {
        check(&SEED.as_bytes()[..end]);
    }
}

/// What takes the square of its length shows at this size already; a whole 2 MiB of each takes a minute without optimisation.
const LONG: usize = MAX_BYTES / 64;

#[test]
fn long_runs_of_anything_are_answered_in_time() {
    let sections = [
        "",
        "## Timeline\n\n",
        "## Contributing Factors\n\n",
        "## Attendees\n\nAB, CD, Anna Van Berg\n\n## Summary\n\n",
        "[y]: https://e.org\n\n## Summary\n\n",
    ];
    let bits = [
        "|",
        "`",
        "``a`",
        "<!--",
        "-",
        "- a\n",
        "#",
        "# a\n",
        "[",
        "[y]",
        "AB,",
        "AB ",
        "van ",
        "*",
        "**a**\n",
        "```x\n",
        "1. ",
        "a|",
        "| 13:00 | x |\n",
        "at ",
        "2020-11-04 ",
        "~",
        "|\n",
        ".",
        "\u{1F600}",
        "a\n\n",
        "  - b\n",
        "http://AB/",
        "Anna ",
        "All times in CET\n",
        "# An incident\n## Timeline\n- 10:00 a\n",
        "## Context\n- 10:00 a\n\nb\n",
        "a:\n\n- b\n\n",
        "- **Key events**\n",
        "Date: a\n",
        "- - ",
        "\n",
    ];
    for section in sections {
        for bit in bits {
            let text = format!("# T\n\n{section}{}", bit.repeat(LONG / bit.len()));
            // On a busy machine one slow run proves nothing; three do.
            let slow = (0..3).all(|_| {
                let started = Instant::now();
                check(text.as_bytes());
                started.elapsed() > Duration::from_secs(5)
            });
            assert!(!slow, "{section:?} {bit:?} takes too long");
        }
    }
}
