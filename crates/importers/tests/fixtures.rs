//! Pairs of a document and what a person would understand of it, written without sight of the parser.

use domain::imported::ImportedIncident;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn pairs(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("fixtures").flatten() {
        let path = entry.path();
        if path.is_dir() {
            pairs(&path, out);
        } else if path.to_string_lossy().ends_with(".expected.json") {
            out.push(path);
        }
    }
}

fn one_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn spaced(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(one_space(text)),
        Value::Array(list) => Value::Array(list.iter().map(spaced).collect()),
        Value::Object(map) => Value::Object(map.iter().map(|(k, v)| (k.clone(), spaced(v))).collect()),
        other => other.clone(),
    }
}

fn understood(incident: &ImportedIncident) -> Value {
    let time = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|t| t.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
    json!({
        "title": incident.title,
        "zone": incident.zone,
        "events": incident.events.iter().map(|e| json!({
            "at": time(e.at), "ends_at": time(e.ends_at), "precision": e.precision.slug(), "flagged": !e.flag.is_empty(), "body": e.body,
        })).collect::<Vec<_>>(),
        "factors": incident.factors.iter().map(|f| f.body.clone()).collect::<Vec<_>>(),
        "learnings": incident.learnings.iter().map(|l| json!({"body": l.body, "plan": l.worded_as_plan})).collect::<Vec<_>>(),
        "actions": incident.actions.iter().map(|a| json!({"body": a.body, "done": a.done})).collect::<Vec<_>>(),
    })
}

/// The document of a pair: `x.md` or `x.html.md.erb` beside `x.expected.json`.
fn document(expected: &Path) -> PathBuf {
    let name = expected.to_string_lossy().replace(".expected.json", "");
    let found = [".md", ".html.md.erb"].iter().map(|end| PathBuf::from(format!("{name}{end}"))).find(|path| path.exists());
    found.unwrap_or_else(|| panic!("{name} has no document"))
}

/// An expectation as a list of incidents: a file with one says it without the list around it.
fn incidents(wanted: &Value) -> Vec<Value> {
    match wanted.get("incidents").and_then(Value::as_array) {
        Some(list) => list.clone(),
        None => vec![wanted.clone()],
    }
}

fn compare(wanted: &Value, incident: &ImportedIncident, path: &str, found: &mut Vec<String>) {
    let mut wanted = spaced(wanted);
    if let Some(object) = wanted.as_object_mut() {
        object.remove("absent");
        object.remove("unreadable_lines");
    }
    differences(path, &wanted, &spaced(&understood(incident)), found);
}

/// Names that must not stand anywhere.
fn absent(wanted: &Value) -> Vec<&str> {
    let mut out = Vec::new();
    for value in std::iter::once(wanted).chain(wanted.get("incidents").and_then(Value::as_array).into_iter().flatten()) {
        out.extend(value.get("absent").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str));
    }
    out
}

/// The differences between two values, each with its path.
fn differences(path: &str, wanted: &Value, got: &Value, out: &mut Vec<String>) {
    match (wanted, got) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                differences(&format!("{path}.{key}"), value, b.get(key).unwrap_or(&Value::Null), out);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            if a.len() != b.len() {
                out.push(format!("{path}: wanted {} entries, got {}: {got}", a.len(), b.len()));
            }
            for (i, (x, y)) in a.iter().zip(b).enumerate() {
                differences(&format!("{path}[{i}]"), x, y, out);
            }
        }
        _ if wanted != got => out.push(format!("{path}:\n      wanted {wanted}\n      got    {got}")),
        _ => {}
    }
}

fn searchable(incident: &ImportedIncident) -> String {
    let mut all = vec![incident.title.clone(), incident.summary.clone()];
    all.extend(incident.events.iter().flat_map(|e| [e.body.clone(), e.as_written.clone(), e.flag.clone()]));
    all.extend(incident.factors.iter().map(|f| f.body.clone()));
    all.extend(incident.learnings.iter().map(|l| l.body.clone()));
    all.extend(incident.actions.iter().map(|a| a.body.clone()));
    all.extend(incident.sections.iter().flat_map(|(h, t)| [h.clone(), t.clone()]));
    all.join("\n")
}

/// Short capitals count as a word; anything longer wherever it stands.
fn stands_in(text: &str, wanted: &str) -> bool {
    if wanted.len() > 4 {
        return text.contains(wanted);
    }
    text.match_indices(wanted).any(|(at, _)| {
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !word(text[..at].chars().next_back()) && !word(text[at + wanted.len()..].chars().next())
    })
}

#[test]
fn every_fixture_is_understood_as_its_author_meant_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files = Vec::new();
    pairs(&root, &mut files);
    files.sort();
    let mut wrong = Vec::new();
    for path in &files {
        let source = document(path);
        let bytes = fs::read(&source).expect("the document of a pair");
        let wanted: Value = serde_json::from_slice(&fs::read(path).expect("expectation")).expect("JSON");
        let name = source.file_name().expect("a name").to_string_lossy().into_owned();
        let file = importers::read_review(&name, &bytes);
        let mut found = Vec::new();
        let expected = incidents(&wanted);
        if expected.len() != file.incidents.len() {
            let titles: Vec<&str> = file.incidents.iter().map(|i| i.title.as_str()).collect();
            found.push(format!("wanted {} incidents, got {titles:?}: {:?} {:?}", expected.len(), file.unreadable, file.notes));
        }
        for (i, (one, incident)) in expected.iter().zip(&file.incidents).enumerate() {
            compare(one, incident, &if expected.len() > 1 { format!("[{i}]") } else { String::new() }, &mut found);
        }
        let unreadable = json!(file.unreadable.iter().map(|u| u.line).collect::<Vec<_>>());
        differences(".unreadable_lines", wanted.get("unreadable_lines").unwrap_or(&json!([])), &unreadable, &mut found);
        let text = file.incidents.iter().map(searchable).collect::<Vec<_>>().join("\n");
        for name in absent(&wanted) {
            if stands_in(&text, name) {
                let at = text.find(name).unwrap_or(0);
                let from = text.floor_char_boundary(at.saturating_sub(40));
                found.push(format!("{name:?} is left: …{}…", &text[from..text.floor_char_boundary(at + 40)]));
            }
        }
        if !found.is_empty() {
            wrong.push(format!("{}\n    {}", source.strip_prefix(&root).unwrap_or(&source).display(), found.join("\n    ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} fixtures differ:\n\n{}", wrong.len(), files.len(), wrong.join("\n\n"));
}
