//! Sections, points, tables and lists as people write them, and what becomes of odd files.

use domain::imported::{ImportedFile, ImportedIncident};
use domain::learnings::FactorCategory;
use domain::timeline::{EventKind, Precision};

fn read(text: &str) -> ImportedFile {
    importers::read_review("PM2020-001 - A thing.md", text.as_bytes())
}

fn incident(text: &str) -> ImportedIncident {
    read(text).incidents.into_iter().next().expect("an incident")
}

fn bodies(incident: &ImportedIncident) -> Vec<&str> {
    incident.events.iter().map(|e| e.body.as_str()).collect()
}

const WHOLE: &str = "# Trams without tickets

## Summary

The validators went dark.

## Timeline

All times in UTC.

| Time             | Event                                |
| :--------------- | ------------------------------------ |
| 2022-02-03 08:00 | New firmware deployed                |
| 2022-02-03 08:20 | Drivers reported dark validators     |
| 2022-02-03 09:00 | Firmware rolled back by QX           |
| 2022-02-03 09:10 | All validators recovered             |

## Contributing Factors

- Nobody tests firmware at night
  - It is cold
-
- Missing documentation of the
  update path

## Action Items

- [x] Write the path down
- ~~Buy warmer gloves~~
- Ask the supplier

## Lessons Learned

Firmware is installed in the order of the line numbers.

We should look at them more often.

## Attendees

- QX, Ada Lovelace (AL)

# Stats

- Category: Trams
- Time to detection: 20 minutes
";

#[test]
fn the_whole_layout_is_read() {
    let file = read(WHOLE);
    let it = &file.incidents[0];
    assert_eq!(
        (it.title.as_str(), it.summary.as_str(), it.zone.as_str()),
        ("Trams without tickets", "The validators went dark.", "UTC")
    );
    assert_eq!(it.started_at.map(|t| t.to_rfc3339()).as_deref(), Some("2022-02-03T08:00:00+00:00"));
    assert_eq!(it.resolved_at.map(|t| t.to_rfc3339()).as_deref(), Some("2022-02-03T09:10:00+00:00"));
    assert_eq!(
        it.events.iter().map(|e| e.kind).collect::<Vec<_>>(),
        [EventKind::Change, EventKind::Detection, EventKind::Mitigation, EventKind::Recovery]
    );
    assert_eq!(it.events.iter().map(|e| e.line).collect::<Vec<_>>(), [13, 14, 15, 16]);
    assert_eq!(it.events[2].body, "Firmware rolled back by a responder");
    assert_eq!(
        it.factors.iter().map(|f| f.body.as_str()).collect::<Vec<_>>(),
        ["Nobody tests firmware at night\n- It is cold", "Missing documentation of the\nupdate path"]
    );
    assert_eq!(
        it.factors.iter().map(|f| f.category).collect::<Vec<_>>(),
        [FactorCategory::Testing, FactorCategory::MissingDocumentation]
    );
    let actions: Vec<(&str, bool)> = it.actions.iter().map(|a| (a.body.as_str(), a.done)).collect();
    assert_eq!(actions, [("Write the path down", true), ("Buy warmer gloves", true), ("Ask the supplier", false)]);
    let plans: Vec<bool> = it.learnings.iter().map(|l| l.worded_as_plan).collect();
    assert_eq!(plans, [false, true]);
    assert_eq!(it.sections, [("Stats".to_owned(), "- Category: Trams\n- Time to detection: 20 minutes".to_owned())]);
    assert!(file.unreadable.is_empty() && file.notes.is_empty(), "{:?} {:?}", file.unreadable, file.notes);
}

#[test]
fn line_ends_tabs_and_a_byte_order_mark_change_nothing() {
    let plain = read(WHOLE);
    assert_eq!(read(&WHOLE.replace('\n', "\r\n")), plain);
    assert_eq!(read(&format!("\u{FEFF}{WHOLE}")), plain);
    let little: Vec<u8> = [0xFF, 0xFE].into_iter().chain(WHOLE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(importers::read_review("PM2020-001 - A thing.md", &little), plain);
    let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(WHOLE.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    assert_eq!(importers::read_review("PM2020-001 - A thing.md", &big), plain);
}

#[test]
fn headings_of_other_levels_and_shapes_are_known() {
    for shape in [
        |name: &str| format!("# {name}"),
        |name: &str| format!("### {name} ###"),
        |name: &str| format!("**{name}:**"),
        |name: &str| format!("{name}\n-----"),
        |name: &str| format!("##{name}"),
        |name: &str| format!("## 3. {name}"),
        |name: &str| format!("## {name}:"),
    ] {
        let text = format!("# Title\n\n{}\n\n- A\n- B\n\n{}\n\n- C\n", shape("Root Causes"), shape("Lesons learned"));
        let text = if text.contains("**") || text.contains("##Les") { text.replace("Lesons", "Lessons") } else { text };
        let it = incident(&text);
        assert_eq!((it.factors.len(), it.learnings.len()), (2, 1), "{text}");
    }
}

#[test]
fn headings_below_a_section_belong_to_it_unless_they_name_another() {
    let it = incident(
        "# T\n\n## Lessons Learned\n\n### What went well\n\n- A\n- B\n\n### People\n\n- C\n\n### Action items\n\n- D\n\n### Rest\n\n- E\n\n## Impact\n\nBig.\n",
    );
    assert_eq!(it.learnings.iter().map(|l| l.body.as_str()).collect::<Vec<_>>(), ["A", "B", "C", "E"]);
    assert_eq!(it.actions.len(), 1);
    assert_eq!(it.sections, [("Impact".to_owned(), "Big.".to_owned())]);
}

#[test]
fn columns_may_stand_in_any_order_and_who_stays_out() {
    let it = incident(
        "# T\n\n## Timeline\n\n| Who | Description | Date | Time (UTC) |\n|--|--|--|--|\n| Grace Hopper | Grace Hopper opened the `a\\|b` gate | 2020-11-04 | 13:00 |\n| BX | Closed it, `x | y` | 2020-11-04 | 13:05 |\n",
    );
    assert_eq!(bodies(&it), ["a responder opened the `a|b` gate", "Closed it, `x | y`"]);
    assert_eq!(it.events[1].at.map(|t| t.to_rfc3339()).as_deref(), Some("2020-11-04T13:05:00+00:00"));
}

#[test]
fn tables_without_edges_or_separator_are_tables() {
    let it = incident(
        "# T\n\n## Timeline\n\nTime | Event\n2020-11-04 13:00 | A\n2020-11-04 13:05 | B | with a pipe\n\n| 2020-11-04 13:10 | C |\n",
    );
    assert_eq!(bodies(&it), ["A", "B | with a pipe", "C"]);
    let it = incident(
        "# T\n\n## Timeline\n\n| Start | End | What happened |\n|-|-|-|\n| 2020-11-04 13:00 | 14:00 | A |\n| 2020-11-04 15:00 | | B |\n",
    );
    assert_eq!(it.events[0].ends_at.map(|t| t.to_rfc3339()).as_deref(), Some("2020-11-04T14:00:00+00:00"));
    assert_eq!(it.events[1].ends_at, None);
}

#[test]
fn further_columns_of_text_stay_and_others_are_named_in_a_note() {
    let file = read(
        "# T\n\n## Timeline\n\n| # | Time | Event | Comment | Source |\n|-|-|-|-|-|\n| 1 | 2020-11-04 13:00 | A | b | Slack |\n",
    );
    assert_eq!(bodies(&file.incidents[0]), ["A\n\nb"]);
    assert!(file.notes.iter().any(|n| n.reason.ends_with("left out: Source.")), "{:?}", file.notes);
}

#[test]
fn a_zone_in_the_rows_alone_is_the_zone_of_the_timeline() {
    let file = read("# T\n\n## Timeline\n\n- [2020-11-04 13:00 CET](https://example.org/x) A\n- 13:05 CET B\n");
    assert_eq!((file.incidents[0].zone.as_str(), bodies(&file.incidents[0])), ("Europe/Copenhagen", vec!["A", "B"]));
    assert!(file.notes.iter().all(|n| !n.reason.contains("zone")), "{:?}", file.notes);
}

#[test]
fn a_timeline_may_be_a_list_or_lines_or_headings() {
    let it = incident(
        "# T\n\n## Timeline\n\n- **2020-11-04 13:00** – A\n- 13:05: B\n  and more\n- `13:10` C\n  - nested\n- [13:15 - 13:20] D\n- **~13:30 – E** happened\n- Afterwards F\n",
    );
    assert_eq!(bodies(&it), ["A", "B\nand more", "C\n- nested", "D", "**E** happened", "Afterwards F"]);
    assert_eq!(it.events.iter().map(|e| e.precision).collect::<Vec<_>>()[4..], [Precision::About, Precision::None]);
    assert_eq!(it.events[3].ends_at.map(|t| t.to_rfc3339()).as_deref(), Some("2020-11-04T13:20:00+00:00"));
    let it = incident(
        "# T\n\n## Timeline\n\n### 2020-11-04 ca. 13:00\n\nA went\n\ndown\n\n### 13:05\n\nB\n\n### 2020-11-05\n\n- 09:00 C\n",
    );
    assert_eq!(bodies(&it), ["A went\n\ndown", "B", "C"]);
    let it =
        incident("# T\n\n## Timeline\n\n4 November 2020\n\n13:00 A\n13:05 - B\n\n- 5 November 2020\n  - 08:00 C\n  - 09:00 D\n");
    assert_eq!(bodies(&it), ["A", "B", "C", "D"]);
    assert_eq!(it.events[3].at.map(|t| t.to_rfc3339()).as_deref(), Some("2020-11-05T09:00:00+00:00"));
}

#[test]
fn points_keep_what_is_nested_wrapped_or_fenced() {
    let it = incident(
        "# T\n\n## Contributing Factors\n\nA lead-in\nover two lines.\n\n1. One\n   wrapped\n\n   second paragraph\n2. Two\n   ```\n   - no bullet\n   ```\n* Three\n    + deep\n- **Bold**: four\n-\n- n/a\n\nLast.\n\n[x]: https://example.org/y\n<!-- - not this\n- nor this -->\n",
    );
    let factors: Vec<&str> = it.factors.iter().map(|f| f.body.as_str()).collect();
    assert_eq!(
        factors,
        [
            "A lead-in\nover two lines.",
            "One\nwrapped\n\nsecond paragraph",
            "Two\n```\n- no bullet\n```",
            "Three\n  + deep",
            "**Bold**: four",
            "Last."
        ]
    );
}

#[test]
fn a_table_of_actions_gives_one_each_without_its_owners() {
    let it = incident(
        "# T\n\n## Action Items\n\n| Owner | Action | Status |\n|---|---|---|\n| Zed Shaw | Write it | Done |\n| Zed Shaw | Ship it | Open |\n",
    );
    assert_eq!(
        it.actions.iter().map(|a| (a.body.as_str(), a.done)).collect::<Vec<_>>(),
        [("Write it", true), ("Ship it", false)]
    );
}

#[test]
fn reference_links_keep_their_targets() {
    let it = incident(
        "# T\n\n## Summary\n\nSee [the ticket][t], [t] and [PM1][PM1].\n\n[t]: https://example.org/1\n[PM1]: PM1%20-%20x.md\n",
    );
    assert_eq!(it.summary, "See [the ticket](https://example.org/1), [t](https://example.org/1) and PM1.");
}

#[test]
fn plain_markdown_is_taken_as_it_is_and_says_so() {
    let file = importers::read_review("2021-05-06 Night of the owls.md", b"Something went wrong with the owls.\n\nThey flew.\n");
    assert_eq!(file.incidents[0].title, "2021-05-06 Night of the owls");
    assert_eq!(file.incidents[0].summary, "Something went wrong with the owls.\n\nThey flew.");
    assert!(file.notes[0].reason.contains("plain Markdown"), "{:?}", file.notes);
    let it = incident(
        "---\ntitle: \"From the front\"\nauthor: Ann Otter\n---\n\n## Impact\n\nAnn Otter saw it.\n\n## Timeline\n\n- 2020-11-04 13:00 A\n",
    );
    assert_eq!((it.title.as_str(), it.sections[0].1.as_str()), ("From the front", "a responder saw it."));
}

#[test]
fn an_empty_template_is_left_out_with_a_note() {
    let template = "# Incident Title\n\n## Summary\n\n## Timeline\n\nAll times in UTC.\n\n| Time | Event |\n|---|---|\n| 20xx-MM-DD HH:mm | Short event description |\n\n## Contributing Factors\n\n-\n\n## Action Items\n\n-\n\n## Lessons Learned\n\n-\n\n## Attendees\n\n- Someone Fromtheteam (use initials)\n\n## Stats\n\n- Category: XXX\n- Time to detection: YYY\n";
    let file = read(template);
    assert!(file.incidents.is_empty() && file.unreadable.is_empty());
    assert!(file.notes[0].reason.contains("template"));
    let begun = read(&template.replace("## Action Items\n\n-", "## Action Items\n\n- Ask somebody"));
    assert_eq!(begun.incidents.len() + begun.notes.len(), 1, "{begun:?}");
}

#[test]
fn files_that_are_no_reviews_give_a_message() {
    let says = |bytes: &[u8]| {
        let file = importers::read_review("x.md", bytes);
        assert!(file.incidents.is_empty());
        assert_eq!(file.unreadable[0].line, 0);
        file.unreadable[0].reason.clone()
    };
    assert!(says(b"").contains("empty"));
    assert!(says(b" \n\t\r\n").contains("empty"));
    assert!(says(&[0xEF, 0xBB, 0xBF]).contains("empty"));
    assert!(says(&vec![b'a'; importers::MAX_BYTES + 1]).contains("2 MiB"));
    assert!(says(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0").contains("text"));
    assert!(says(b"# Only a title\n").contains("title"));
}

#[test]
fn latin_letters_in_another_encoding_are_read_with_a_note() {
    let file =
        importers::read_review("x.md", b"# Caf\xe9 closed\n\n## Summary\n\nThe oven was cold for a whole day and nobody knew.\n");
    assert_eq!(file.incidents[0].title, "Caf\u{FFFD} closed");
    assert!(file.notes[0].reason.contains("UTF-8"));
}

#[test]
fn a_text_that_is_too_long_is_cut_with_a_note() {
    let text = format!("# T\n\n## Summary\n\n{}\n", "word ".repeat(30_000));
    let file = read(&text);
    assert!(file.incidents[0].summary.len() <= domain::text::TEXT_MAX);
    assert!(file.notes.iter().any(|n| n.reason.contains("cut")));
}
