//! Where the service listens and under which address people reach it: what may be said, and what to type instead.

use http::Uri;
use std::net::{IpAddr, SocketAddr};

/// The address that people type: scheme, host, port and the path that everything lies under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    https: bool,
    local: bool,
}

impl BaseUrl {
    /// Reads `https://stories.example.org` or, below another service, `https://example.org/stories`.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refuse = |why: &str| {
            Err(format!(
                "--base-url {text}: {why}. Write for example https://stories.example.org or https://example.org/stories."
            ))
        };
        let text = text.trim();
        if text.contains('#') {
            return refuse("an address before which links are put has no fragment (#…)");
        }
        let Ok(uri) = text.parse::<Uri>() else { return refuse("this cannot be read as an address") };
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return refuse("an address begins with https:// or http://"),
        };
        let Some(authority) = uri.authority() else { return refuse("the host is missing") };
        if authority.as_str().contains('@') {
            return refuse("a user name or password has no place in it");
        }
        if authority.host().is_empty() {
            return refuse("the host is missing");
        }
        if uri.query().is_some() {
            return refuse("an address before which links are put has no query (?…)");
        }
        let path = uri.path().trim_end_matches('/');
        let plain = |segment: &str| {
            let known = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
            !segment.is_empty() && segment.trim_matches('.') == segment && segment.bytes().all(known)
        };
        if !path.is_empty() && !path.split('/').skip(1).all(plain) {
            return refuse("its path may hold letters, digits and - _ . ~ between single slashes");
        }
        let host = authority.host().to_ascii_lowercase();
        let port = authority.port().map(|port| format!(":{port}")).unwrap_or_default();
        let default = if https { ":443" } else { ":80" };
        let port = if port == default { String::new() } else { port };
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let local = bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        Ok(Self { text: format!("{}://{host}{port}{path}", if https { "https" } else { "http" }), https, local })
    }

    /// What links begin with; no slash at the end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Travels encrypted.
    pub fn https(&self) -> bool {
        self.https
    }
}

/// Reads the base URL and holds it against the address to listen on: what other machines can reach wants https, or a clear word.
///
/// # Errors
/// A sentence for the operator that says what to type.
pub fn check(listen: SocketAddr, base_url: Option<&str>, insecure_http: bool) -> Result<Option<BaseUrl>, String> {
    let base = base_url.map(BaseUrl::parse).transpose()?;
    if insecure_http || base.as_ref().is_some_and(BaseUrl::https) {
        return Ok(base);
    }
    if let Some(base) = base.as_ref().filter(|base| !base.local) {
        return Err(format!(
            "{} is plain http: passwords and answers would travel in clear. Please put a proxy with https in front and say\n  \
             secondstory serve --base-url {}\nor, knowing that everything travels in clear, add --insecure-http.",
            base.text,
            base.text.replacen("http://", "https://", 1)
        ));
    }
    if !listen.ip().is_loopback() {
        return Err(format!(
            "{listen} can be reached from other machines. Please say under which https address people reach it, e.g.\n  \
             secondstory serve --listen {listen} --base-url https://stories.example.org\nor, knowing that everything travels in clear, \
             add --insecure-http."
        ));
    }
    Ok(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_brought_into_one_form() {
        for (typed, read) in [
            ("https://stories.example.org", "https://stories.example.org"),
            ("https://Stories.Example.org:443/", "https://stories.example.org"),
            ("https://example.org/stories/", "https://example.org/stories"),
            ("http://127.0.0.1:3000/a/b-c", "http://127.0.0.1:3000/a/b-c"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(BaseUrl::parse(typed).expect(typed).as_str(), read);
        }
    }

    #[test]
    fn what_is_no_base_url_is_refused_with_the_reason() {
        for (typed, reason) in [
            ("stories.example.org", "begins with https"),
            ("ftp://example.org", "begins with https"),
            ("https://", "cannot be read"),
            ("https://ada:secret@example.org", "user name"),
            ("https://example.org/?x=1", "query"),
            ("https://example.org/#top", "fragment"),
            ("https://example.org/a//b", "single slashes"),
            ("https://example.org/../b", "single slashes"),
            ("https://example.org/a%2fb", "letters"),
            ("https://example.org/a\"b", "letters"),
        ] {
            let sentence = BaseUrl::parse(typed).expect_err(typed);
            assert!(sentence.contains(reason) && sentence.contains("https://stories.example.org"), "{typed}: {sentence}");
        }
    }

    #[test]
    fn what_others_can_reach_wants_https_or_a_clear_word() {
        let (local, open) = ("127.0.0.1:3000".parse().expect("address"), "0.0.0.0:3000".parse().expect("address"));
        let fine = |listen, base, insecure| check(listen, base, insecure).is_ok();
        assert!(fine(local, None, false) && fine(local, Some("http://localhost:3000/x"), false));
        assert!(fine(local, Some("https://example.org"), false) && fine(open, Some("https://example.org"), false));
        assert!(fine(open, None, true) && fine(local, Some("http://example.org"), true));
        assert!(!fine(open, None, false) && !fine(open, Some("http://127.0.0.1:3000"), false));
        assert!(!fine(local, Some("http://example.org"), false) && !fine(open, Some("http://example.org"), false));
        assert!(check(open, None, false).expect_err("open").contains("--base-url https://"));
    }
}
