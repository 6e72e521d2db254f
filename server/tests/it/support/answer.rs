//! What came back.

use http::{HeaderMap, HeaderName};

/// A response, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Method and path that were asked.
    pub asked: String,
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body; what is no UTF-8 is replaced.
    pub body: String,
    /// Body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Asserts 200.
    #[track_caller]
    pub fn ok(&self) -> &Self {
        self.is(200)
    }

    /// Asserts a status.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{} answered:\n{}", self.asked, self.text());
        self
    }

    /// Asserts that the body holds this, entities and all.
    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        assert!(self.body.contains(text), "{} does not show {text:?}:\n{}", self.asked, self.text());
        self
    }

    /// Asserts that the body does not hold this.
    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        assert!(!self.body.contains(text), "{} shows {text:?}:\n{}", self.asked, self.text());
        self
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
    }

    /// Where a redirect leads, without the toast code.
    pub fn location(&self) -> String {
        self.header("location").to_owned()
    }

    /// The body read as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{} is no JSON ({e}): {}", self.asked, self.body))
    }

    /// The body without tags, for messages.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut inside = false;
        for c in self.body.chars() {
            match c {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    text.push(' ');
                }
                c if !inside => text.push(c),
                _ => {}
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Values of an attribute, in order (`href`, `action`, `value`).
    pub fn attributes(&self, name: &str) -> Vec<String> {
        let mark = format!(" {name}=\"");
        let values = self.body.split(&mark).skip(1).filter_map(|rest| rest.split('"').next());
        values.map(|v| v.replace("&amp;", "&").replace("&quot;", "\"").replace("&#x27;", "'")).collect()
    }

    /// The value of the form field with this name, as `<input name="…" … value="…">` holds it.
    pub fn field(&self, name: &str) -> Option<String> {
        let mark = format!("name=\"{name}\"");
        self.body.split('<').filter(|tag| tag.starts_with("input") && tag.contains(&mark)).find_map(|tag| {
            let value = tag.split("value=\"").nth(1)?.split('"').next()?;
            Some(value.replace("&amp;", "&").replace("&quot;", "\""))
        })
    }

    /// Status and body without what differs from request to request: request id and nonce.
    pub fn bare(&self) -> (u16, String) {
        let mut body = self.body.replace(self.header("x-request-id"), "(id)");
        if let Some(nonce) = self.nonce() {
            body = body.replace(&nonce, "(nonce)");
        }
        (self.status, body)
    }

    /// The nonce that the policy allows.
    pub fn nonce(&self) -> Option<String> {
        let policy = self.header("content-security-policy");
        Some(policy.split("'nonce-").nth(1)?.split('\'').next()?.to_owned())
    }

    /// All headers in lines, for searching.
    pub fn head(&self) -> String {
        self.headers
            .iter()
            .map(|(name, value): (&HeaderName, _)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())))
            .collect()
    }
}
