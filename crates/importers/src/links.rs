//! Reference links: their definitions stand at the end of a document, and a row or a bullet that leaves it must not lose them.

use std::collections::HashMap;

/// `[label]: target` lines of a document.
#[derive(Default)]
pub(crate) struct Definitions(HashMap<String, String>);

impl Definitions {
    /// Whether the line is a definition; it is remembered.
    pub(crate) fn take(&mut self, line: &str) -> bool {
        let Some(rest) = line.trim_start().strip_prefix('[') else {
            return false;
        };
        let Some((label, target)) = rest.split_once("]:") else {
            return false;
        };
        let target = target.split_whitespace().next().unwrap_or_default().trim_matches(['<', '>']);
        // `[^1]: …` is a footnote, which is text; `[13:00]: something` is a time.
        if label.is_empty() || label.len() > 200 || label.starts_with('^') || label.contains(['[', ']']) || !is_target(target) {
            return false;
        }
        self.0.entry(label.to_lowercase()).or_insert_with(|| target.to_owned());
        true
    }

    /// The text with its reference links made whole: `[text][label]` to a web address becomes `[text](address)`; a link to another
    /// file of the same folder, which leads nowhere from here, leaves its text.
    pub(crate) fn resolve(&self, text: &str) -> String {
        if self.0.is_empty() || !text.contains('[') {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('[') {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            match self.link(rest) {
                Some((label, target, length)) => {
                    if target.starts_with("http://") || target.starts_with("https://") {
                        out.push_str(&format!("[{label}]({target})"));
                    } else {
                        out.push_str(label);
                    }
                    rest = &rest[length..];
                }
                None => {
                    out.push('[');
                    rest = &rest[1..];
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// A reference link at the start of `text`: its words, its target, its length.
    fn link<'a>(&'a self, text: &'a str) -> Option<(&'a str, &'a str, usize)> {
        // A label holds no further bracket.
        let close = 1 + text.bytes().skip(1).take(500).position(|b| matches!(b, b']' | b'['))?;
        if text.as_bytes()[close] == b'[' {
            return None;
        }
        let label = text.get(1..close)?;
        let after = &text[close + 1..];
        if after.starts_with('(') {
            return None;
        }
        if let Some(reference) = after.strip_prefix('[')
            && let Some(end) = reference.bytes().take(500).position(|b| matches!(b, b']' | b'['))
        {
            let name = reference.get(..end)?;
            let name = if name.is_empty() { label } else { name };
            return self.0.get(&name.to_lowercase()).map(|target| (label, target.as_str(), close + 1 + end + 2));
        }
        self.0.get(&label.to_lowercase()).map(|target| (label, target.as_str(), close + 1))
    }
}

fn is_target(target: &str) -> bool {
    target.contains("://")
        || target.starts_with(['#', '/', '.'])
        || target.starts_with("mailto:")
        || target.contains(".md")
        || target.contains("%20")
}
