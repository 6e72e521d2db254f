//! JSON out of files: one value, a list of them, one a line, or as a recorder of requests wraps them.

use super::json_value::{Json, Node, Source, parse};
use super::reports::Reports;
use super::unpack::File;
use crate::decode::unpolished;

/// A value with the line on which it stands, where each line holds one; else 0.
pub(super) struct Document {
    pub(super) line: usize,
    pub(super) json: Json,
}

/// The values in a file. What is no JSON is reported.
pub(super) fn documents(file: &File<'_>, reports: &Reports) -> Vec<Document> {
    let text = match unpolished(&file.bytes, super::MAX_FILE) {
        Ok(decoded) if decoded.text.trim().is_empty() => {
            reports.unreadable(&file.name, 0, "The file is empty.");
            return Vec::new();
        }
        Ok(decoded) => {
            for note in decoded.notes {
                reports.note(&file.name, 0, &note);
            }
            decoded.text
        }
        Err(reason) => {
            reports.unreadable(&file.name, 0, &reason);
            return Vec::new();
        }
    };
    let whole = match parse(&text) {
        Ok(json) => return vec![Document { line: 0, json }],
        Err(error) => error,
    };
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let parsed: Vec<(usize, Result<Json, serde_json::Error>)> = lines.map(|(line, number)| (number, parse(line))).collect();
    let is_value = |(_, json): &(usize, Result<Json, _>)| matches!(json, Ok(Json::Object(_) | Json::List(_)));
    if parsed.len() < 2 || !parsed.first().is_some_and(is_value) {
        reports.unreadable(&file.name, whole.line(), &why(&whole));
        return Vec::new();
    }
    let mut out = Vec::new();
    for (line, json) in parsed {
        match json {
            Ok(json) => out.push(Document { line, json }),
            Err(error) => reports.unreadable(&file.name, line, &why(&error)),
        }
    }
    out
}

fn why(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Eof => "The JSON breaks off here; it was not read.".to_owned(),
        _ if error.to_string().starts_with("recursion limit") => "The JSON is nested too deeply; it was not read.".to_owned(),
        _ if error.to_string().starts_with("too many values") => "The JSON holds too many values; it was not read.".to_owned(),
        _ => format!("This is no JSON (column {}); it was not read.", error.column()),
    }
}

/// Hands over each payload of the files: lists are taken apart, and of a recorded request the body is taken.
pub(super) fn each(files: &[File<'_>], reports: &Reports, mut take: impl FnMut(&Node<'_>)) {
    for file in files {
        for document in documents(file, reports) {
            let source = Source { file: &file.name, line: document.line, reports };
            hand_over(&Node::root(&document.json, &source), 0, &mut take);
        }
    }
}

fn hand_over(node: &Node<'_>, depth: usize, take: &mut dyn FnMut(&Node<'_>)) {
    const DEPTH: usize = 4;
    let body = node.at("body");
    if depth < DEPTH && node.is_list() {
        for item in node.items() {
            hand_over(&item, depth + 1, take);
        }
    } else if depth < DEPTH && (body.is_object() || body.is_list()) && (node.has("headers") || node.has("method")) {
        hand_over(&body, depth + 1, take);
    } else {
        take(node);
    }
}
