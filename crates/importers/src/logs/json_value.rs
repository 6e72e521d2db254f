//! JSON as it was written: fields in their order, read with an eye for what does not fit.

use super::reports::Reports;
use super::times;
use chrono::{DateTime, Utc};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::fmt;

/// A value. `serde_json`'s own would sort the fields of objects, or change that for the whole program.
#[derive(Debug)]
pub(super) enum Json {
    Null,
    Flag(bool),
    /// As text: nothing is calculated with it.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// As many values are read of one document: a million empty objects are small as text and large in memory.
const VALUES_MAX: usize = 3_000_000;

/// Reads a document.
pub(super) fn parse(text: &str) -> Result<Json, serde_json::Error> {
    let left = Cell::new(VALUES_MAX);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let json = Any { left: &left }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(json)
}

/// Reads any value, as long as there is room for one more.
#[derive(Clone, Copy)]
struct Any<'a> {
    left: &'a Cell<usize>,
}

impl Json {
    pub(super) fn is_list(&self) -> bool {
        matches!(self, Self::List(_))
    }
}

impl<'de> DeserializeSeed<'de> for Any<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| D::Error::custom("too many values"))?;
        self.left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Any<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Flag(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Json, A::Error> {
        let mut object = Vec::new();
        while let Some(name) = fields.next_key()? {
            object.push((name, fields.next_value_seed(self)?));
        }
        Ok(Json::Object(object))
    }
}

/// Where a value stands: a file, and a line of it where each line is a value of its own.
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    /// From 1; 0 when the whole file is one value.
    pub(super) line: usize,
    pub(super) reports: &'a Reports,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// A value with the way to it. What is missing is null; what has another type than asked for is reported with its place.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    json: &'a Json,
    source: &'a Source<'a>,
    step: Option<(&'a Node<'a>, Step<'a>)>,
}

const NULL: &Json = &Json::Null;

impl<'a> Node<'a> {
    pub(super) fn root(json: &'a Json, source: &'a Source<'a>) -> Self {
        Self { json, source, step: None }
    }

    /// A field; null where there is none.
    pub(super) fn at<'b>(&'b self, key: &'b str) -> Node<'b> {
        let fields = if let Json::Object(fields) = self.json { fields.as_slice() } else { &[] };
        // Of two fields with one name the last counts, as everywhere.
        let json = fields.iter().rev().find(|(name, _)| name == key).map_or(NULL, |(_, value)| value);
        Node { json, source: self.source, step: Some((self, Step::Key(key))) }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.json, Json::Null)
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self.json, Json::Object(_))
    }

    pub(super) fn is_list(&self) -> bool {
        self.json.is_list()
    }

    /// Whether there is such a field, and not null.
    pub(super) fn has(&self, key: &str) -> bool {
        !self.at(key).is_null()
    }

    /// The values of a list.
    pub(super) fn items<'b>(&'b self) -> Vec<Node<'b>> {
        match self.json {
            Json::List(items) => {
                let node = |(i, json)| Node { json, source: self.source, step: Some((self, Step::Index(i))) };
                items.iter().enumerate().map(node).collect()
            }
            _ => {
                self.complain("a list");
                Vec::new()
            }
        }
    }

    /// The fields of an object, in the order in which they stand.
    pub(super) fn fields<'b>(&'b self) -> Vec<(&'b str, Node<'b>)> {
        match self.json {
            Json::Object(fields) => {
                let node = |key, json| Node { json, source: self.source, step: Some((self, Step::Key(key))) };
                fields.iter().map(|(key, json)| (key.as_str(), node(key.as_str(), json))).collect()
            }
            _ => {
                self.complain("an object");
                Vec::new()
            }
        }
    }

    /// The value as text; numbers and flags as they would be written. Empty when it is null or no such thing.
    pub(super) fn as_text(&self) -> String {
        match self.json {
            Json::Text(text) | Json::Number(text) => text.clone(),
            Json::Flag(flag) => flag.to_string(),
            _ => {
                self.complain("text");
                String::new()
            }
        }
    }

    /// [`as_text`](Self::as_text) of a field.
    pub(super) fn text(&self, key: &str) -> String {
        self.at(key).as_text()
    }

    /// A text field, if it is text; nothing is reported.
    pub(super) fn text_if_any(&self, key: &str) -> String {
        if let Json::Text(text) = self.at(key).json { text.clone() } else { String::new() }
    }

    /// The first of several fields that says anything.
    pub(super) fn first(&self, keys: &[&str]) -> String {
        keys.iter().map(|key| self.text(key)).find(|text| !text.trim().is_empty()).unwrap_or_default()
    }

    /// The name in a field that is a text or an object with a name.
    pub(super) fn name(&self, key: &str) -> String {
        let node = self.at(key);
        if node.is_object() { node.first(&["name", "summary", "title", "slug"]) } else { node.as_text() }
    }

    pub(super) fn is_true(&self, key: &str) -> bool {
        matches!(self.at(key).json, Json::Flag(true))
    }

    /// An instant as programs write it; one that cannot be read is reported.
    pub(super) fn time(&self, key: &str) -> Option<DateTime<Utc>> {
        let text = self.text(key);
        let read = times::exact(&text);
        if read.is_none() && !text.is_empty() && !text.starts_with("0001-01-01") {
            self.at(key).report(&format!("“{}” was not understood as a time.", super::draft::line(&text, 60)));
        }
        read
    }

    /// The way to the value: `alerts[2].labels`.
    pub(super) fn place(&self) -> String {
        let Some((up, step)) = self.step else { return String::new() };
        let before = up.place();
        match step {
            Step::Index(i) => format!("{before}[{i}]"),
            Step::Key(key) if before.is_empty() => super::draft::line(key, 60),
            Step::Key(key) => format!("{before}.{}", super::draft::line(key, 60)),
        }
    }

    pub(super) fn file(&self) -> &'a str {
        self.source.file
    }

    pub(super) fn reports(&self) -> &'a Reports {
        self.source.reports
    }

    /// Says something about this value to the person who imports.
    pub(super) fn report(&self, reason: &str) {
        let place = self.place();
        let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
        self.source.reports.unreadable(self.source.file, self.source.line, &format!("{place}{reason}"));
    }

    fn complain(&self, wanted: &str) {
        let is = match self.json {
            Json::Null => return,
            Json::Flag(_) => "true or false",
            Json::Number(_) => "a number",
            Json::Text(_) => "text",
            Json::List(_) => "a list",
            Json::Object(_) => "an object",
        };
        self.report(&format!("This is {is} where {wanted} belongs; it was left out."));
    }
}
