//! Life under a path such as `/stories`: requests lose the path before the router sees them, and every link, form, file and redirect
//! of an answer gets it. Pages and handlers know nothing of it. Without a path none of this stands in the way of a request.

use app::error::AppError;
use app::site::Site;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{self, HeaderValue};
use http::{StatusCode, Uri};
use lol_html::{RewriteStrSettings, element, rewrite_str};

/// Probes, which ask the process itself and not through a proxy.
const PROBES: [&str; 4] = ["/livez", "/readyz", "/healthz", "/metrics"];
/// Attributes that hold an address.
const ADDRESSES: [&str; 5] = ["href", "action", "src", "formaction", "data-live"];

/// Serves what lies under the base path, and probes; everything else is not there.
pub async fn serve(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let base = site.base_path().to_owned();
    match inside(request.uri(), &base) {
        Some(uri) => *request.uri_mut() = uri,
        None if PROBES.contains(&request.uri().path()) => return next.run(request).await,
        // The usual page would need files that lie elsewhere.
        None => return (StatusCode::NOT_FOUND, format!("Second Story is at {base}/\n")).into_response(),
    }
    let mut response = next.run(request).await;
    if let Some(location) = response.headers().get(header::LOCATION).and_then(|v| v.to_str().ok())
        && let Some(moved) = under(&base, location)
        && let Ok(moved) = HeaderValue::from_str(&moved)
    {
        response.headers_mut().insert(header::LOCATION, moved);
    }
    let html = response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html"));
    if html { rewritten(response, &base).await } else { response }
}

/// The address as the router knows it, if it lies under `base`.
fn inside(uri: &Uri, base: &str) -> Option<Uri> {
    let rest = uri.path().strip_prefix(base)?;
    if !rest.is_empty() && !rest.starts_with('/') {
        return None;
    }
    let path = if rest.is_empty() { "/" } else { rest };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{path}{query}").parse().ok()
}

/// An address of this site with the base path before it; `None` for one that is relative, elsewhere, or a file's, which has it already.
fn under(base: &str, address: &str) -> Option<String> {
    let ours = address.starts_with('/') && !address.starts_with("//");
    let file = address.strip_prefix(base).is_some_and(|rest| rest.starts_with("/assets/"));
    (ours && !file).then(|| format!("{base}{address}"))
}

async fn rewritten(response: Response, base: &str) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else { return AppError::Internal.into_response() };
    let page = String::from_utf8_lossy(&bytes);
    match with_base(&page, base) {
        Ok(page) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(page))
        }
        Err(cause) => {
            tracing::error!(%cause, "a page could not be put under its path");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn with_base(page: &str, base: &str) -> Result<String, lol_html::errors::RewritingError> {
    let prefix = element!("[href], [action], [src], [formaction], [data-live]", |element| {
        for name in ADDRESSES {
            if let Some(moved) = element.get_attribute(name).and_then(|address| under(base, &address)) {
                element.set_attribute(name, &moved)?;
            }
        }
        Ok(())
    });
    rewrite_str(page, RewriteStrSettings::new().append_element_content_handler(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_under_the_path_is_seen_without_it() {
        let seen = |uri: &str| inside(&uri.parse().expect(uri), "/stories").map(|uri| uri.to_string());
        assert_eq!(seen("/stories").as_deref(), Some("/"));
        assert_eq!(seen("/stories/").as_deref(), Some("/"));
        assert_eq!(seen("/stories?said=saved").as_deref(), Some("/?said=saved"));
        assert_eq!(seen("/stories/incidents?q=a%2Fb").as_deref(), Some("/incidents?q=a%2Fb"));
        for outside in ["/", "/incidents", "/storiesx", "/storie", "/x/stories/"] {
            assert_eq!(seen(outside), None, "{outside}");
        }
    }

    #[test]
    fn addresses_of_a_page_get_the_path_and_nothing_else_changes() {
        let page = "<!DOCTYPE html><p>/not &amp; this</p><a href=\"/incidents?a=1&amp;b=2\">x</a><a href='#main'>y</a>\
                    <a href=\"https://example.org/z\">z</a><a href=\"//evil.example\">e</a><form method=\"post\" action=\"/sign-out\"></form>\
                    <svg><use href=\"/stories/assets/sprite.svg#i-x\"></use></svg><textarea>\n<a href=\"/kept\"></textarea>\
                    <div data-live=\"/incidents/1/live\"></div><script nonce=\"n\">import('/stories/assets/a.js')</script>";
        let moved = with_base(page, "/stories").expect("html");
        let wanted = page
            .replace("href=\"/incidents?", "href=\"/stories/incidents?")
            .replace("action=\"/sign-out\"", "action=\"/stories/sign-out\"")
            .replace("data-live=\"/incidents", "data-live=\"/stories/incidents");
        assert_eq!(moved, wanted);
    }

    #[test]
    fn a_path_that_is_named_like_a_room_is_still_put_before_it() {
        assert_eq!(under("/help", "/help/promise").as_deref(), Some("/help/help/promise"));
        assert_eq!(under("/help", "/help/assets/main.css"), None);
    }
}
