//! What every request shares: the store, the clock, the names of the site's files, and whether this is a demo.

use chrono::{DateTime, Utc};
use domain::timeline::attachments::Limits;
use std::sync::Arc;
use store::Store;

/// Shared state of all handlers; cheap to clone.
#[derive(Clone)]
pub struct Site {
    /// The database.
    pub store: Store,
    /// Now, to the microsecond (PostgreSQL keeps no more).
    pub clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// The hashed path of a file of the site, by its logical name (`base.css`, `sprite.svg`, `frontend.js`).
    pub asset: fn(&str) -> String,
    /// `Some(password)` where this is the demo.
    pub demo: Option<String>,
    /// The address that links in mails and invitations begin with, without a slash at the end; its path is where everything lies.
    pub base_url: String,
    /// Cookies are `Secure`; plain only where both the address and the base URL are loopback http.
    pub secure_cookies: bool,
    /// How much of attachments fits.
    pub attachments: Limits,
    /// Believe this many trusted proxies about the client's address; 0: the peer's own.
    pub trusted_proxies: usize,
}

impl Site {
    /// The path that everything lies under, such as `/stories`; empty where the service has a host of its own.
    pub fn base_path(&self) -> &str {
        let rest = self.base_url.split_once("://").map_or("", |(_, rest)| rest);
        rest.find('/').map_or("", |at| &rest[at..])
    }

    /// Scheme and host of the base URL, as a browser names them in `Origin`.
    pub fn origin(&self) -> &str {
        &self.base_url[..self.base_url.len() - self.base_path().len()]
    }

    /// The name of the session cookie (docs/decisions/0013).
    pub fn cookie_name(&self) -> &'static str {
        match (self.secure_cookies, self.base_path().is_empty()) {
            (true, true) => "__Host-session",
            (true, false) => "__Secure-session",
            (false, _) => "session",
        }
    }

    /// The path that the session cookie is sent to.
    pub fn cookie_path(&self) -> &str {
        Some(self.base_path()).filter(|path| !path.is_empty()).unwrap_or("/")
    }
}
