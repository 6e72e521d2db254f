//! One request as a handler sees it: who asks, when, and what the page around the answer needs.

use crate::error::AppError;
use crate::site::Site;
use axum::extract::FromRequestParts;
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::severities::Severities;
use domain::vocabulary::Vocabulary;
use domain::walltime;
use http::request::Parts;
use leptos::nonce::Nonce;
use std::sync::Arc;
use store::Store;

/// Put into the request by the outermost middleware; taken by every handler.
#[derive(Clone)]
pub struct Ctx {
    /// Shared state.
    pub site: Site,
    /// Who asks; `None` when not signed in.
    pub viewer: Option<Viewer>,
    /// When the request came in.
    pub now: DateTime<Utc>,
    /// Path and query as asked.
    pub path: String,
    /// Names this request in the log and on an error page.
    pub request_id: String,
    /// For the page's own scripts; the same stands in the policy header.
    pub nonce: Nonce,
    /// The client's address, for rate limits only; never stored beside content.
    pub address: String,
    /// What the organisation calls the severities.
    pub severities: Arc<Severities>,
    /// The vocabulary of contributing factors.
    pub vocabulary: Arc<Vocabulary>,
    /// An island asks and wants JSON.
    pub wants_json: bool,
}

impl Ctx {
    /// The database.
    pub fn store(&self) -> &Store {
        &self.site.store
    }

    /// Who asks.
    ///
    /// # Errors
    /// [`AppError::SignIn`] when nobody is signed in.
    pub fn viewer(&self) -> Result<&Viewer, AppError> {
        self.viewer.as_ref().ok_or(AppError::SignIn)
    }

    /// The zone that this page tells times in: the viewer's own, else UTC.
    pub fn zone(&self) -> chrono_tz::Tz {
        self.viewer.as_ref().and_then(|v| walltime::parse_zone(&v.zone).ok()).unwrap_or(chrono_tz::UTC)
    }

    /// The address of a file of the site, by its logical name; the only address that holds the base path by itself.
    pub fn asset(&self, name: &str) -> String {
        format!("{}{}", self.site.base_path(), (self.site.asset)(name))
    }

    /// A sentence for the toast, if the page was reached after an act (`?said=…`). Only known codes have one, so that a link
    /// cannot put words on our page.
    pub fn said(&self) -> Option<&'static str> {
        let query = self.path.split_once('?')?.1;
        let code = query.split('&').find_map(|pair| pair.strip_prefix("said="))?;
        crate::ui::toast::sentence(code)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| AppError::internal("request context is missing"))
    }
}
