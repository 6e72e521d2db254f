//! `secondstory lint` as an editor and a git hook meet it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn lint(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_secondstory"))
        .arg("lint")
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn files_and_folders_are_looked_at_in_their_order() {
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("b")).unwrap();
    std::fs::write(place.path().join("a.md"), "# Ferry\n\nÆrø: we should have noticed.\n").unwrap();
    std::fs::write(place.path().join("b/c.md"), "The queue grew.\n").unwrap();
    std::fs::write(place.path().join("b/d.rs"), "we should have noticed").unwrap();
    let found = lint(place.path(), &["."], "");
    assert_eq!(found.status.code(), Some(1));
    let text = printed(&found);
    assert!(text.starts_with("./a.md:3:9: B1 medium: “should have noticed”\n"), "{text}");
    assert_eq!(text.matches(": B1 ").count(), 1, "{text}");
    assert_eq!(lint(place.path(), &["b"], "").status.code(), Some(0));
    assert_eq!(lint(place.path(), &["--least", "high", "a.md"], "").status.code(), Some(0));
}

#[test]
fn what_comes_in_is_answered_as_json_lines() {
    let place = tempfile::tempdir().unwrap();
    let found = lint(place.path(), &["--format", "json"], "Fine.\nIt was human error.\r\nNoor failed to\n restart it.\n");
    assert_eq!(found.status.code(), Some(1));
    let text = printed(&found);
    let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let mut keys: Vec<&str> = first.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["column", "file", "line", "message", "rule", "severity", "suggestion"]);
    assert_eq!((first["file"].as_str(), first["line"].as_u64(), first["column"].as_u64()), (Some("-"), Some(2), Some(8)));
    assert_eq!((first["rule"].as_str(), first["severity"].as_str()), (Some("D1"), Some("high")));
    // Plans belong into a plan.
    let plan = "We will add an alert.";
    assert_eq!(lint(place.path(), &["-"], plan).status.code(), Some(1));
    assert_eq!(lint(place.path(), &["--as", "plan", "-"], plan).status.code(), Some(0));
}

#[test]
fn own_rules_lie_beside_the_texts() {
    let place = tempfile::tempdir().unwrap();
    let own = "people: [Noor Haddad]\noff: [B1]\nrules:\n  - id: OUR-1\n    extends: existence\n    tokens: [war room]\n    message: We say call.\n";
    std::fs::write(place.path().join(".secondstory.yml"), own).unwrap();
    let text = printed(&lint(place.path(), &[], "Noor failed to call the war room. We should have noticed."));
    assert!(
        text.contains(" B4 ") && text.contains(" OUR-1 low: “war room”\n    We say call.\n") && !text.contains(" B1 "),
        "{text}"
    );
}

#[test]
fn trouble_is_said_and_is_no_hint() {
    let place = tempfile::tempdir().unwrap();
    let missing = lint(place.path(), &["nowhere.md"], "");
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("nowhere.md"), "{missing:?}");
    std::fs::write(place.path().join("own.yml"), "rules:\n  - id: A1\n").unwrap();
    let wrong = lint(place.path(), &["--rules", "own.yml"], "Fine.");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("own.yml, line 2: "), "{wrong:?}");
    assert_eq!(lint(place.path(), &["--format", "xml"], "").status.code(), Some(2));
    // Bytes that are no text are read as well as they can be.
    std::fs::write(place.path().join("odd.md"), b"\xff\xfe we should have noticed\n").unwrap();
    assert_eq!(lint(place.path(), &["odd.md"], "").status.code(), Some(1));
}
