//! The edge of the process: what every request passes before a handler, and every response after it.
//!
//! From outside in: headers → request context (id, nonce, viewer) → origin gate → error pages → panic → timeout → handler.

use app::ctx::Ctx;
use app::error::AppError;
use app::shell;
use app::site::Site;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Uri};
use leptos::nonce::Nonce;
use std::net::SocketAddr;
use std::time::Duration;

/// Longest time that a handler may take.
const HANDLER: Duration = Duration::from_secs(15);

/// Fills in who asks and what the page needs, and sets the headers of the answer.
pub async fn context(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    let now = (site.clock)();
    let request_id = store::random::id().simple().to_string();
    let viewer = match cookie(request.headers(), site.cookie_name()) {
        // Files and the health pages are for everybody: whether the database answers is not asked on the way.
        _ if is_asset(request.uri()) => Ok(None),
        None => Ok(None),
        Some(token) => store::sessions::find(&site.store, &token, now).await,
    };
    let (viewer, broken) = match viewer {
        Ok(viewer) => (viewer, None),
        Err(error) => (None, Some(AppError::from(error))),
    };
    // Pages without anybody signed in show no severity.
    let severities = match &viewer {
        Some(_) => store::settings::severities(&site.store, now).await,
        None => std::sync::Arc::default(),
    };
    let ctx = Ctx {
        viewer,
        severities,
        now,
        path: path_and_query(request.uri()),
        request_id: request_id.clone(),
        nonce: nonce.clone(),
        address: address(&request, site.trusted_proxies),
        wants_json: accepts_json(request.headers()),
        site,
    };
    let https = ctx.site.secure_cookies;
    let mut response = match broken {
        // Without the database nobody can be recognised: say so, rather than "please sign in".
        Some(error) => shell::error_page(&ctx, &error),
        _ => {
            request.extensions_mut().insert(ctx);
            next.run(request).await
        }
    };
    headers(response.headers_mut(), &nonce.to_string(), &request_id, https);
    response
}

/// No change rides on a cookie unless the browser says that it comes from this site. Leptos and axum check none of it
/// (research/security.md 4.2): `Sec-Fetch-Site` where it is sent, else `Origin` must be this host, else refused.
pub async fn origin_gate(ctx: Ctx, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) || same_origin(&ctx, request.headers()) {
        return next.run(request).await;
    }
    tracing::warn!(id = ctx.request_id, "refused a request from another site");
    (http::StatusCode::FORBIDDEN, "This request came from another site. Please open the page here and try again.\n")
        .into_response()
}

fn same_origin(ctx: &Ctx, headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    let Some(origin) = text(header::ORIGIN) else { return false };
    let host = text(header::HOST).unwrap_or("");
    origin == ctx.site.base_url
        || (!host.is_empty()
            && (origin == format!("https://{host}") || (!ctx.site.secure_cookies && origin == format!("http://{host}"))))
}

/// Runs a handler to its end even if the client goes away (a write transaction is never split), with a limit and a safety net: a
/// panic is a 500 with its id and no more.
pub async fn to_the_end(ctx: Ctx, request: Request, next: Next) -> Response {
    let task = tokio::spawn(next.run(request));
    match tokio::time::timeout(HANDLER, task).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => {
            tracing::error!(id = ctx.request_id, cause = %panic, "a handler panicked");
            AppError::Internal.into_response()
        }
        Err(_) => {
            tracing::error!(id = ctx.request_id, "a handler took too long");
            AppError::Unavailable.into_response()
        }
    }
}

/// One line a request, without query, address or body.
pub async fn log(ctx: Ctx, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), route(request.uri()));
    let begin = tokio::time::Instant::now();
    let response = next.run(request).await;
    let ms = begin.elapsed().as_millis();
    tracing::info!(id = ctx.request_id, %method, path, status = response.status().as_u16(), ms, "request");
    response
}

/// A path without what must not reach a log: the token of a link.
fn route(uri: &Uri) -> String {
    let secret = ["/invitation/", "/password/"].into_iter().find(|before| uri.path().starts_with(before));
    secret.map_or_else(|| uri.path().to_owned(), |before| format!("{before}…"))
}

fn headers(headers: &mut HeaderMap, nonce: &str, request_id: &str, https: bool) {
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    );
    let fixed = [
        ("x-content-type-options", "nosniff"),
        // no-referrer would take the Origin from plain forms
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()"),
    ];
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|line| line.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

fn path_and_query(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned()
}

fn is_asset(uri: &Uri) -> bool {
    uri.path().starts_with("/assets/") || matches!(uri.path(), "/healthz" | "/readyz")
}

fn accepts_json(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.starts_with("application/json"))
}

/// The client's address, without its port: the peer's, or behind `trusted` proxies the one that they vouch for, counted from the
/// right, since everything further left is the client's own claim.
fn address(request: &Request<Body>, trusted: usize) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip().to_string()).unwrap_or_default();
    if trusted == 0 {
        return peer;
    }
    let forwarded: Vec<&str> = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .map(str::trim)
        .collect();
    forwarded.len().checked_sub(trusted).and_then(|i| forwarded.get(i)).map_or(peer, |a| (*a).to_owned())
}
