//! What can go wrong for a person, and how each outcome is told: a page that helps, never the database's words.

use axum::response::{IntoResponse, Response};
use domain::Invalid;
use http::StatusCode;
use store::StoreError;

/// An outcome other than the wished one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// Not there, or not theirs: the two answer the same.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in.
    #[error("sign in first")]
    SignIn,
    /// A form was refused; pages catch this and draw the form again with what was typed.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody saved in between; pages catch this and show both.
    #[error("changed in between")]
    Stale,
    /// Not possible now, with a sentence that says why.
    #[error("{0}")]
    Refused(&'static str),
    /// The request cannot be read.
    #[error("unreadable request")]
    BadRequest,
    /// More than fits.
    #[error("too large")]
    TooLarge,
    /// Too many tries.
    #[error("too many")]
    TooMany,
    /// The request came in too slowly.
    #[error("too slow")]
    TooSlow,
    /// Address or headers are longer than any of ours.
    #[error("headers too long")]
    HeadersTooLong,
    /// The disk is nearly full: reading goes on, writing waits.
    #[error("no room")]
    NoRoom,
    /// The process is about to end and takes nothing new.
    #[error("stopping")]
    Stopping,
    /// The database is away or full for the moment.
    #[error("not available")]
    Unavailable,
    /// A fault of ours; the log has the cause under the request's id.
    #[error("internal")]
    Internal,
}

impl AppError {
    /// A fault of ours, with its cause for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::Internal
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Stale | Self::Refused(_) => StatusCode::CONFLICT,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::HeadersTooLong => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::NoRoom => StatusCode::INSUFFICIENT_STORAGE,
            Self::Stopping | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Heading and sentence for the person.
    pub fn words(&self) -> (&'static str, String) {
        match self {
            Self::NotFound => {
                ("This page is not here", "Either it never was, or it is not meant for you. The two look the same on purpose.".into())
            }
            Self::SignIn => ("Please sign in", "This page needs you to be signed in.".into()),
            Self::Invalid(invalid) => (
                "Something needs another look",
                invalid.fields.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join(" "),
            ),
            Self::Stale => ("Somebody saved in between", "Nothing of yours was written over theirs. Please go back, reload and look at both.".into()),
            Self::Refused(why) => ("Not possible just now", (*why).into()),
            Self::BadRequest => ("This request could not be read", "Please go back and try again.".into()),
            Self::TooLarge => ("That is more than fits", "Please send it in smaller parts.".into()),
            Self::TooMany => ("Too many links were tried from here", "Please wait ten minutes, then open the link once more.".into()),
            Self::TooSlow => (
                "This took too long to arrive",
                "Nothing was changed. Perhaps the connection is slow just now; please go back and try again.".into(),
            ),
            Self::HeadersTooLong => (
                "This address is longer than ours are",
                "The browser sent more than this service reads. Please open the page from a link here; if that does not help, clear this site's cookies.".into(),
            ),
            Self::NoRoom => (
                "There is no room to save just now",
                "The disk is nearly full, so nothing new is taken, and nothing was lost that was saved. Everything can be read. What you typed is still in the page before this one; whoever runs this service can make room.".into(),
            ),
            Self::Stopping => (
                "The service is being restarted",
                "Nothing was lost that was saved. Please try again in a moment; what you typed is still in the page before this one.".into(),
            ),
            Self::Unavailable => (
                "The database does not answer just now",
                "Nothing was lost that was saved. Please try again in a moment; what you typed is still in the page before this one.".into(),
            ),
            Self::Internal => ("Something went wrong on our side", "It is not you. The log has the cause under the number below.".into()),
        }
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Invalid(invalid) => Self::Invalid(invalid),
            StoreError::Stale => Self::Stale,
            StoreError::Refused(why) => Self::Refused(why),
            StoreError::Unavailable(cause) => {
                tracing::warn!(%cause, "database unavailable");
                Self::Unavailable
            }
            other => {
                use std::error::Error;
                tracing::error!(cause = %other, source = other.source().map(tracing::field::display), "store error");
                Self::Internal
            }
        }
    }
}

impl IntoResponse for AppError {
    /// A bare response that carries the error; the middleware [`crate::shell::error_pages`] draws its page.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
