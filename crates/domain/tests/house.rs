//! Who may know whom: reads every manifest and every source line, and fails on a forbidden edge.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).expect("a source file");
                into.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} holds no source");
    found
}

/// Lines of code that hold `word` as a path or name of its own, comments left out.
fn naming<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.lines().enumerate().map(|(n, line)| (n + 1, line.split("//").next().unwrap_or(""))).filter(move |(_, line)| {
        line.match_indices(word).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = &line[at + word.len()..];
            !before.is_some_and(part) && after.starts_with("::")
                || line.trim_start().starts_with("use ") && {
                    !before.is_some_and(part) && !after.chars().next().is_some_and(part)
                }
        })
    })
}

fn dependencies(manifest: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(manifest)).expect("a manifest");
    let rooms = ["app", "domain", "frontend", "importers", "markdown", "server", "store", "writing"];
    let mut inside = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line == "[dependencies]";
        } else if inside {
            let name = line.split(['.', ' ', '=']).next().unwrap_or("");
            if rooms.contains(&name) || name.starts_with("sqlx") || name.starts_with("leptos") || name.starts_with("axum") {
                found.push(name.to_owned());
            }
        }
    }
    found
}

#[test]
fn crates_depend_only_downwards() {
    let allowed = [
        ("crates/domain/Cargo.toml", vec![]),
        ("crates/store/Cargo.toml", vec!["domain", "sqlx"]),
        ("crates/markdown/Cargo.toml", vec!["domain"]),
        ("crates/writing/Cargo.toml", vec!["domain"]),
        ("crates/importers/Cargo.toml", vec!["domain"]),
        ("app/Cargo.toml", vec!["axum", "axum-extra", "domain", "importers", "leptos", "markdown", "store", "writing"]),
        ("server/Cargo.toml", vec!["app", "axum", "domain", "importers", "leptos", "store", "writing"]),
        ("frontend/Cargo.toml", vec!["app", "leptos"]),
    ];
    for (manifest, allowed) in allowed {
        for name in dependencies(manifest) {
            assert!(allowed.contains(&name.as_str()), "{manifest} must not know {name}");
        }
    }
}

#[test]
fn sql_stands_in_the_store_alone() {
    for folder in
        ["app/src", "server/src", "crates/domain/src", "crates/importers/src", "crates/markdown/src", "crates/writing/src"]
    {
        for (path, text) in sources(folder) {
            assert_eq!(naming(&text, "sqlx").next(), None, "{}", path.display());
        }
    }
}

#[test]
fn learning_rooms_never_name_planning() {
    let mut looked_at = 0;
    for floor in ["crates/store/src", "app/src", "crates/domain/src"] {
        for (path, text) in sources(floor) {
            let room = path.strip_prefix(root().join(floor)).expect("below").to_string_lossy().into_owned();
            if ["reviews", "interviews", "timeline"]
                .iter()
                .any(|r| room == format!("{r}.rs") || room.starts_with(&format!("{r}/")))
            {
                looked_at += 1;
                let breach = naming(&text, "planning").next();
                assert_eq!(breach, None, "{} names planning", path.display());
            }
        }
    }
    assert!(looked_at >= 9, "the rooms were found");
}

#[test]
fn only_planning_reads_what_is_parked() {
    for floor in ["crates/store/src", "app/src", "server/src"] {
        for (path, text) in sources(floor) {
            let at = path.to_string_lossy();
            if !at.contains("planning") {
                for read in ["parking::read", "parking::ideas"] {
                    assert!(!text.lines().any(|l| l.split("//").next().unwrap_or("").contains(read)), "{at} calls {read}");
                }
            }
        }
    }
}

#[test]
fn the_page_about_threats_names_places_and_tests_that_are_there() {
    let page = fs::read_to_string(root().join("docs/THREATS.md")).expect("the page");
    let code: String = ["crates", "server", "app"].into_iter().flat_map(sources).map(|(_, text)| text).collect();
    let mut looked_at = 0;
    for name in page.split('`').skip(1).step_by(2) {
        let is_path = ["crates/", "server/", "app/"].iter().any(|folder| name.starts_with(folder));
        let is_test = name.matches('_').count() > 2 && !name.contains(['/', '.', '-']);
        if is_path || is_test {
            looked_at += 1;
            let there = if is_path { root().join(name).exists() } else { code.contains(&format!("fn {name}(")) };
            assert!(there, "docs/THREATS.md names {name}, which is not there");
        }
    }
    assert!(looked_at > 40, "{looked_at} names were found");
}

#[test]
fn the_checks_see_a_breach() {
    assert!(naming("use crate::planning;", "planning").next().is_some());
    assert!(naming("    crate::planning::items(store)", "planning").next().is_some());
    assert!(naming("// the planning room", "planning").next().is_none());
    assert!(naming("let wants_planning = 1;", "planning").next().is_none());
}
