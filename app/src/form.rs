//! Forms: reading what was posted, and giving it back with what to mend when it was refused.

use crate::error::AppError;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Redirect, Response};
use domain::Invalid;
use serde::de::DeserializeOwned;

/// A posted form. Repeated names read into a `Vec`. What cannot be read at all answers 400, what is too large 413.
pub struct Posted<T>(pub T);

impl<S, T> FromRequest<S> for Posted<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        match axum_extra::extract::Form::<T>::from_request(request, state).await {
            Ok(axum_extra::extract::Form(value)) => Ok(Self(value)),
            Err(rejection) => Err(match rejection.into_response().status() {
                http::StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
                _ => AppError::BadRequest,
            }),
        }
    }
}

/// What was typed, and what was refused about it; the default is a form that nobody has touched.
#[derive(Clone, Debug, Default)]
pub struct Form<T> {
    /// As typed.
    pub typed: T,
    /// What to mend.
    pub invalid: Invalid,
}

impl<T> Form<T> {
    /// A form to be filled in, with what it proposes.
    pub fn new(typed: T) -> Self {
        Self { typed, invalid: Invalid::default() }
    }

    /// A form that came back.
    pub fn refused(typed: T, invalid: Invalid) -> Self {
        Self { typed, invalid }
    }

    /// The message beside a field.
    pub fn error(&self, field: &str) -> Option<String> {
        self.invalid.message(field).map(str::to_owned)
    }
}

/// After a success: 303 to a page of this site.
pub fn see(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// After a success: 303 to a page of this site that says so in a toast (see [`crate::ui::toast`] for the codes).
pub fn see_and_say(path: &str, code: &str) -> Response {
    let (path, fragment) = path.split_once('#').map_or((path, String::new()), |(p, f)| (p, format!("#{f}")));
    let mark = if path.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{path}{mark}said={code}{fragment}")).into_response()
}

/// A path of this site that came in from outside (`next`, `back`), or the other one: never an address elsewhere.
pub fn same_site<'a>(path: &'a str, otherwise: &'a str) -> &'a str {
    let plain = path.bytes().all(|b| (0x21..0x7f).contains(&b) && b != b'\\');
    if path.starts_with('/') && !path.starts_with("//") && plain { path } else { otherwise }
}

/// Percent-encodes a query value.
pub fn encode(value: &str) -> String {
    use std::fmt::Write;
    value.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for foreign in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\nb"] {
            assert_eq!(same_site(foreign, "/"), "/", "{foreign:?}");
        }
        assert_eq!(same_site("/incidents?team=x", "/"), "/incidents?team=x");
    }
}
