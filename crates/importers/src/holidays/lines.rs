//! Content lines of an iCalendar file: folded ones joined, name and value told apart.

/// A property.
pub(crate) struct Line {
    /// Where it begins in the file, from 1.
    pub(crate) number: usize,
    /// In capitals.
    pub(crate) name: String,
    /// What stands between name and value, as written.
    parameters: String,
    /// As written.
    pub(crate) value: String,
}

impl Line {
    /// Whether this is `NAME:VALUE`, in any case.
    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.name == name && self.value.trim().eq_ignore_ascii_case(value)
    }

    /// A parameter by its name in capitals, without quotes.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let mut quoted = false;
        let parts = self.parameters.split(|c: char| {
            quoted ^= c == '"';
            c == ';' && !quoted
        });
        let pairs = parts.filter_map(|part| part.split_once('='));
        pairs.filter(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().trim_matches('"')).next()
    }
}

/// The lines that can be read; others are not there.
pub(crate) fn content_lines(text: &str) -> Vec<Line> {
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
    let parameters = before.split_once(';').map(|(_, parameters)| parameters.to_owned()).unwrap_or_default();
    known.then(|| Line { number, name, parameters, value: value[1..].to_owned() })
}
