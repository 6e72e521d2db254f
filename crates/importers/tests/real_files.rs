//! The dfds reviews themselves, counted against a count of their lines. Skipped, visibly, where the files are not at hand.

use domain::imported::ImportedIncident;
use std::path::{Path, PathBuf};

fn reviews() -> Vec<(String, String)> {
    let data = std::env::var_os("SECOND_STORY_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let Ok(folder) = std::fs::read_dir(data.join("dfds-postmortems")) else {
        eprintln!("skipped: no dfds reviews in {} (set SECOND_STORY_DATA)", data.display());
        return Vec::new();
    };
    let mut out: Vec<(String, String)> = folder
        .flatten()
        .filter(|f| f.path().extension().is_some_and(|e| e == "md"))
        .map(|f| (f.file_name().to_string_lossy().into_owned(), std::fs::read_to_string(f.path()).expect("a review")))
        .collect();
    out.sort();
    out
}

fn is_template(name: &str) -> bool {
    name.contains("template")
}

/// The lines below a heading that begins so, up to the next heading of level 1 or 2.
fn below<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let is_heading = |l: &&str| l.starts_with("# ") || l.starts_with("## ");
    text.lines()
        .skip_while(|l| !(is_heading(l) && l.trim_start_matches('#').trim().starts_with(heading)))
        .skip(1)
        .take_while(|l| !is_heading(l))
        .collect()
}

fn count_points(lines: &[&str]) -> usize {
    let bullets = lines.iter().filter(|l| l.starts_with("- ")).count();
    let paragraphs = lines
        .split(|l| l.trim().is_empty())
        .filter(|block| block.first().is_some_and(|l| l.starts_with(|c: char| c.is_alphanumeric() || c == '*' || c == '(')))
        .count();
    bullets + paragraphs
}

fn texts(it: &ImportedIncident) -> Vec<&str> {
    let mut all = vec![it.title.as_str(), it.summary.as_str()];
    all.extend(it.events.iter().flat_map(|e| [e.body.as_str(), e.as_written.as_str(), e.flag.as_str()]));
    all.extend(it.factors.iter().map(|f| f.body.as_str()));
    all.extend(it.learnings.iter().map(|l| l.body.as_str()));
    all.extend(it.actions.iter().map(|a| a.body.as_str()));
    all.extend(it.sections.iter().flat_map(|(h, t)| [h.as_str(), t.as_str()]));
    all
}

#[test]
fn every_row_bullet_and_paragraph_is_there() {
    let mut total = [0usize; 5];
    for (name, text) in reviews().iter().filter(|(name, _)| !is_template(name)) {
        let file = importers::read_review(name, text.as_bytes());
        let it = &file.incidents[0];
        let rows = below(text, "Timeline").iter().filter(|l| l.trim_start().starts_with('|')).count() - 2;
        let wanted = [
            rows,
            count_points(&below(text, "Contributing Factors")),
            count_points(&below(text, "Lessons Learned")),
            count_points(&below(text, "Action Items")),
        ];
        let found = [it.events.len(), it.factors.len(), it.learnings.len(), it.actions.len()];
        assert_eq!(found, wanted, "events, factors, learnings, actions of {name}");
        assert_eq!(Some(it.title.as_str()), text.lines().next().map(|l| l.trim_start_matches("# ").trim()), "{name}");
        assert!(it.events.iter().all(|e| text.lines().nth(e.line - 1).is_some_and(|l| l.contains(&e.as_written))), "{name}");
        assert_eq!(it.sections.iter().any(|(h, _)| h == "Stats"), text.contains("# Stats"), "{name}");
        assert!(file.notes.iter().all(|n| !n.reason.contains("plain Markdown")), "{name}");
        for (sum, n) in total.iter_mut().zip(found.iter().chain([&file.unreadable.len()])) {
            *sum += n;
        }
    }
    eprintln!("events, factors, learnings, actions, unreadable: {total:?}");
}

#[test]
fn the_flawed_rows_are_known() {
    for (name, text) in reviews() {
        let file = importers::read_review(&name, text.as_bytes());
        let odd: usize = text.lines().filter(|l| l.starts_with("| 20202-")).count();
        assert_eq!(file.unreadable.len(), odd, "{name}");
        for it in &file.incidents {
            let zone = if text.contains("in CET") { "Europe/Copenhagen" } else { "UTC" };
            assert_eq!(it.zone, zone, "{name}");
        }
    }
}

#[test]
fn no_attendee_is_left_in_any_text() {
    for (name, text) in reviews() {
        let mut lines = below(&text, "Attendees");
        lines.extend(below(&text, "Atendees"));
        let people: Vec<&str> = lines.iter().flat_map(|l| l.split([',', '-', ' '])).filter(|w| !w.is_empty()).collect();
        for it in importers::read_review(&name, text.as_bytes()).incidents {
            for out in texts(&it) {
                let left: Vec<&str> = out.split(|c: char| !c.is_alphanumeric()).filter(|w| people.contains(w)).collect();
                assert!(left.is_empty(), "{left:?} in {out:?} of {name}");
            }
            assert!(it.sections.iter().all(|(h, _)| !h.contains("tendees")), "{name}");
        }
    }
}

#[test]
fn the_template_gives_a_note_and_nothing_else() {
    for (name, text) in reviews().iter().filter(|(name, _)| is_template(name)) {
        let file = importers::read_review(name, text.as_bytes());
        assert_eq!((file.incidents.len(), file.unreadable.len(), file.notes.len()), (0, 0, 1));
    }
}
