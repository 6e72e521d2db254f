//! What every request shares: the store, the clock, the names of the site's files, and whether this is a demo.

use chrono::{DateTime, Utc};
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
    /// The address that links in mails and invitations begin with, without a slash at the end.
    pub base_url: String,
    /// Cookies are `__Host-` and `Secure`; plain only where both the address and the base URL are loopback http.
    pub secure_cookies: bool,
    /// Believe this many trusted proxies about the client's address; 0: the peer's own.
    pub trusted_proxies: usize,
}

impl Site {
    /// The name of the session cookie.
    pub fn cookie_name(&self) -> &'static str {
        if self.secure_cookies { "__Host-session" } else { "session" }
    }
}
