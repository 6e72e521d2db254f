//! The same timeline in every layout that is known comes out the same; and whatever stands in a timeline stands in what comes out.

use domain::imported::ImportedFile;
use domain::timeline::Precision;
use proptest::prelude::*;

const WORDS: &[&str] =
    &["pump", "valve", "ferry", "slow", "again", "with", "crew", "gate", "turned", "bell", "lamp", "quiet", "harbour"];

/// Minutes since midnight of 5 March 2024, whether the time is not exact, and what happened.
type Entry = (u32, bool, String);

fn body() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(WORDS), 1..6).prop_map(|words| format!("The {}", words.join(" ")))
}

/// In order, within three days, never more than ten hours apart, so that a clock alone tells the day.
fn entries() -> impl Strategy<Value = Vec<Entry>> {
    proptest::collection::vec((1u32..600, any::<bool>(), body()), 1..8).prop_map(|list| {
        let mut at = 0;
        let step = |(minutes, about, body): (u32, bool, String)| {
            at += minutes;
            (at, about, body)
        };
        list.into_iter().map(step).collect()
    })
}

fn day_and_clock(minutes: u32) -> (u32, String) {
    (5 + minutes / 1440, format!("{:02}:{:02}", minutes % 1440 / 60, minutes % 60))
}

/// What a layout makes of an entry: day, clock, "about" mark, body.
type Row = fn(u32, &str, bool, &str) -> String;

const DATED: [(&str, &str, Row); 5] = [
    ("table", "## Timeline\n\n| Time | Event |\n|--|--|\n", |d, c, a, b| {
        format!("| 2024-03-{d:02} {c}{} | {b} |\n", if a { "~" } else { "" })
    }),
    ("headings", "## Timeline\n\nAll times in UTC\n\n", |d, c, a, b| {
        format!("### 2024-03-{d:02} {}{c}\n\n{b}\n\n", if a { "ca. " } else { "" })
    }),
    ("context", "- **Key events**\n", |d, c, a, b| format!("  - 2024-03-{d:02} {}{c}: {b}\n", if a { "~" } else { "" })),
    ("bold", "## Incident timeline\n\n", |d, c, a, b| {
        format!("- **{}2024-03-{d:02} {c} UTC** - {b}\n", if a { "~" } else { "" })
    }),
    ("lines", "## Timeline (all times UTC)\n\n", |d, c, a, b| {
        format!("March {d}, 2024: {}{c} UTC\n{b}\n\n", if a { "around " } else { "" })
    }),
];

const CLOCKS: [(&str, &str, Row); 3] = [
    ("headings", "## Timeline\n\nAll times in UTC\n\n", |_, c, a, b| format!("### {}{c}\n\n{b}\n\n", if a { "~" } else { "" })),
    ("bold", "**Timeline:**\n\n", |_, c, a, b| format!("- **{}{c} UTC** - {b}\n", if a { "~" } else { "" })),
    ("lines", "## Timeline\n\n", |_, c, a, b| format!("{}{c} – {b}\n\n", if a { "~" } else { "" })),
];

fn check(layout: &str, text: &str, entries: &[Entry]) {
    let file = importers::read_review("a.md", text.as_bytes());
    assert_eq!(file.incidents.len(), 1, "{layout}: {text}");
    let found: Vec<(String, bool, &str)> = file.incidents[0]
        .events
        .iter()
        .map(|e| {
            (e.at.map(|t| t.format("%d %H:%M").to_string()).unwrap_or_default(), e.precision == Precision::About, e.body.as_str())
        })
        .collect();
    let wanted: Vec<(String, bool, &str)> = entries
        .iter()
        .map(|(minutes, about, body)| {
            let (day, clock) = day_and_clock(*minutes);
            (format!("{day:02} {clock}"), *about, body.as_str())
        })
        .collect();
    assert_eq!(found, wanted, "{layout}: {text}");
    assert!(file.unreadable.is_empty(), "{layout}: {:?}", file.unreadable);
}

fn words_out(file: &ImportedFile) -> String {
    let mut all = Vec::new();
    for it in &file.incidents {
        all.extend([it.title.as_str(), it.summary.as_str()]);
        all.extend(it.events.iter().flat_map(|e| [e.body.as_str(), e.as_written.as_str()]));
        all.extend(it.factors.iter().map(|f| f.body.as_str()));
        all.extend(it.learnings.iter().map(|l| l.body.as_str()));
        all.extend(it.actions.iter().map(|a| a.body.as_str()));
        all.extend(it.sections.iter().flat_map(|(h, t)| [h.as_str(), t.as_str()]));
    }
    all.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_dated_timeline_is_the_same_in_every_layout(list in entries()) {
        for (name, head, row) in DATED {
            let rows: String = list.iter().map(|(m, about, body)| { let (day, clock) = day_and_clock(*m); row(day, &clock, *about, body) }).collect();
            check(name, &format!("# Of a harbour\n\n{head}{rows}\n"), &list);
        }
    }

    #[test]
    fn a_timeline_of_clocks_takes_the_day_of_the_title_and_goes_over_midnight(list in entries()) {
        for (name, head, row) in CLOCKS {
            let rows: String = list.iter().map(|(m, about, body)| { let (day, clock) = day_and_clock(*m); row(day, &clock, *about, body) }).collect();
            // A step back of less than three hours is no midnight but a row out of order.
            let small = list.windows(2).any(|w| w[1].0 / 1440 > w[0].0 / 1440 && w[0].0 % 1440 < w[1].0 % 1440 + 180);
            if !small && list[0].0 < 1440 {
                check(name, &format!("# Of a harbour, 2024-03-05\n\n{head}{rows}\n"), &list);
            }
        }
    }

    #[test]
    fn every_word_of_a_timeline_comes_out_whatever_its_lines_look_like(lines in proptest::collection::vec(
        (proptest::sample::select(&["", "- ", "  - ", "* ", "1. ", "10:05 ", "- 10:05 ", "- **10:05 UTC** - ", "### 10:05 - ", "11/03/202 - ", "- 25:61 ", "> ", "2024-03-05: ", "\n"][..]), body()), 1..14)) {
        let text: String = lines.iter().enumerate().map(|(i, (mark, body))| format!("{mark}{body} w{i}w\n")).collect();
        for (front, head) in [("", "## Timeline"), ("", "- **Key events**"), ("---\ntitle: A harbour\n---\n", "**Timeline:**")] {
            let file = importers::read_review("a.md", format!("{front}# A harbour\n\n{head}\n\n{text}\n").as_bytes());
            let out = words_out(&file);
            for i in 0..lines.len() {
                prop_assert!(out.contains(&format!("w{i}w")), "line {} is lost of {text:?}: {out:?}", i);
            }
        }
    }
}
