//! YAML front matter: the fields between `---` lines at the top of a document, flat, as far as a review needs them.
//!
//! Read event by event: nothing is nested in memory and no alias is followed, so a hostile document costs no more than its length.
//! Front matter that is no YAML – `title: Outage: the second` is none – is read line by line instead.

use yaml_rust2::parser::{Event, Parser};

/// One value with the keys that it stands under, in small letters with spaces between words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    /// The outermost key: `authors` for the name of the first of them.
    pub(crate) top: String,
    /// The nearest key.
    pub(crate) key: String,
    pub(crate) value: String,
}

/// What stands at the top of the document.
#[derive(Default)]
pub(crate) struct Front {
    pub(crate) fields: Vec<Field>,
    /// How many lines it takes, its marks included.
    pub(crate) lines: usize,
}

/// Front matter longer than this is not front matter but a rule at the top of a document.
const LINES: usize = 200;
/// Deeper than this nobody writes; it is read line by line instead.
const DEPTH: usize = 32;

impl Front {
    /// The first value under one of the keys, in the order of the keys.
    pub(crate) fn value(&self, keys: &[&str]) -> Option<&str> {
        let own = |key: &str| self.fields.iter().find(|f| f.key == key && !f.value.is_empty());
        keys.iter().find_map(|key| own(key)).map(|f| f.value.as_str())
    }
}

/// Reads the front matter of a document that was cut into lines.
pub(crate) fn front(raw: &[&str]) -> Front {
    if raw.first().map(|l| l.trim_end()) != Some("---") {
        return Front::default();
    }
    let end = raw.iter().enumerate().skip(1).take(LINES).find(|(_, l)| matches!(l.trim_end(), "---" | "..."));
    let Some((end, _)) = end else { return Front::default() };
    let body = &raw[1..end];
    // A rule at the top and another below is no front matter unless something in between looks like `key: value`.
    if !body.iter().any(|l| key_value(l).is_some()) {
        return Front::default();
    }
    let text = body.join("\n");
    Front { fields: yaml(&text).unwrap_or_else(|| by_line(body)), lines: end + 1 }
}

/// What the parser stands in: a mapping with the key that it waits to fill, or a list.
struct Level {
    mapping: bool,
    key: Option<String>,
}

fn yaml(text: &str) -> Option<Vec<Field>> {
    let mut parser = Parser::new_from_str(text);
    let mut open: Vec<Level> = Vec::new();
    let mut out = Vec::new();
    loop {
        match parser.next_token().ok()?.0 {
            Event::Scalar(value, ..) => match open.last_mut()? {
                level if level.mapping && level.key.is_none() => level.key = Some(words(&value)),
                _ => {
                    let mut keys = open.iter().filter_map(|l| l.key.as_deref());
                    let top = keys.next().unwrap_or_default().to_owned();
                    let key = keys.next_back().unwrap_or(&top).to_owned();
                    out.push(Field { top, key, value: value.trim().to_owned() });
                    filled(&mut open);
                }
            },
            Event::Alias(_) => filled(&mut open),
            Event::MappingStart(..) => open.push(Level { mapping: true, key: None }),
            Event::SequenceStart(..) => open.push(Level { mapping: false, key: None }),
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop();
                filled(&mut open);
            }
            Event::StreamEnd => return Some(out),
            _ => {}
        }
        // A list or a mapping cannot be a key in anything that we know.
        if open.len() > DEPTH {
            return None;
        }
    }
}

/// The value of a key is complete; the next scalar of the mapping is a key again.
fn filled(open: &mut [Level]) {
    if let Some(level) = open.last_mut().filter(|l| l.mapping) {
        level.key = None;
    }
}

/// `key: value` lines and the list items below them.
fn by_line(body: &[&str]) -> Vec<Field> {
    let mut out: Vec<Field> = Vec::new();
    let mut top = String::new();
    for line in body {
        if let Some((key, value)) = key_value(line) {
            top.clone_from(&key);
            out.push(Field { top: key.clone(), key, value });
        } else {
            let item = line.trim().trim_start_matches("- ").trim();
            if !item.is_empty() && !top.is_empty() {
                out.push(Field { top: top.clone(), key: top.clone(), value: unquoted(item).to_owned() });
            }
        }
    }
    out
}

fn key_value(line: &str) -> Option<(String, String)> {
    let (key, value) = line.split_once(':')?;
    let plain = !key.is_empty() && key.len() < 40 && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
    (plain && !key.starts_with([' ', '-'])).then(|| (words(key), unquoted(value.trim()).to_owned()))
}

fn words(key: &str) -> String {
    key.trim().to_lowercase().replace(['_', '-'], " ")
}

fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|v| v.strip_suffix(quote)) {
            return inner;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<(String, String)> {
        let raw: Vec<&str> = text.split('\n').collect();
        front(&raw).fields.into_iter().map(|f| (format!("{}/{}", f.top, f.key), f.value)).collect()
    }

    #[test]
    fn yaml_is_read_flat() {
        let found = fields(
            "---\ntitle: \"A: b\" # remark\nauthors: [Ann Otter, 'Bo Carr']\nteam:\n  - name: Cy Dee\n    role: IC\nsummary: >\n  One\n  two.\n---\nx",
        );
        let found: Vec<(&str, &str)> = found.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(
            found,
            [
                ("title/title", "A: b"),
                ("authors/authors", "Ann Otter"),
                ("authors/authors", "Bo Carr"),
                ("team/name", "Cy Dee"),
                ("team/role", "IC"),
                ("summary/summary", "One two."),
            ]
        );
    }

    #[test]
    fn what_is_no_yaml_is_read_by_line() {
        let found = fields("---\ntitle: Outage: the second\nauthors:\n- Ann Otter\n---\nx");
        assert_eq!(found[0], ("title/title".to_owned(), "Outage: the second".to_owned()));
        assert_eq!(found[1].1, "");
        assert_eq!(found[2], ("authors/authors".to_owned(), "Ann Otter".to_owned()));
    }

    #[test]
    fn hostile_front_matter_costs_no_more_than_its_length() {
        let deep = format!("---\na: {}\n---\n", "- ".repeat(9000));
        assert!(fields(&deep).len() <= 1);
        let bomb = "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n";
        assert_eq!(fields(bomb).len(), 2);
    }
}
