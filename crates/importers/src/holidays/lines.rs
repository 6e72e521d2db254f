//! Content lines of an iCalendar file: folded ones joined, name and value told apart.

/// A property. Its parameters are not kept: whether a value is a day shows in the value itself.
pub(super) struct Line {
    /// Where it begins in the file, from 1.
    pub(super) number: usize,
    /// In capitals.
    pub(super) name: String,
    /// As written.
    pub(super) value: String,
}

impl Line {
    /// Whether this is `NAME:VALUE`, in any case.
    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.name == name && self.value.trim().eq_ignore_ascii_case(value)
    }
}

/// The lines that can be read; others are not there.
pub(super) fn content_lines(text: &str) -> Vec<Line> {
    let mut joined: Vec<(usize, String)> = Vec::new();
    for (n, line) in text.lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), joined.last_mut()) {
            (Some(rest), Some((_, before))) => before.push_str(rest),
            _ => joined.push((n + 1, line.to_owned())),
        }
    }
    joined.into_iter().filter_map(|(number, line)| property(number, &line)).collect()
}

fn property(number: usize, line: &str) -> Option<Line> {
    // A colon may stand in a quoted parameter.
    let mut quoted = false;
    let colon = line.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == ':' && !quoted
    });
    let (before, value) = line.split_at(colon?.0);
    let name = before.split(';').next().unwrap_or_default().trim().to_ascii_uppercase();
    let known = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    known.then(|| Line { number, name, value: value[1..].to_owned() })
}
