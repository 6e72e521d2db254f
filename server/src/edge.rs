//! The edge of the process: what every request passes before a handler, and every response after it.
//!
//! From outside in: headers → request context (id, nonce, viewer) → log and metrics → origin gate → error pages → what is refused
//! before it is looked at → panic, timeout → handler.

use crate::process::Process;
use crate::slow::Arrival;
use app::ctx::Ctx;
use app::error::AppError;
use app::site::Site;
use axum::Extension;
use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Uri};
use leptos::nonce::Nonce;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument;

/// Longest time that a handler may take once its request is there.
const HANDLER: Duration = Duration::from_secs(15);
/// Longest time that a request may take to arrive, however steadily it comes.
const ARRIVAL: Duration = Duration::from_secs(300);
/// Longest address, and most of all headers together. The accept loop itself reads 64 KiB and closes beyond.
const ADDRESS: usize = 8 * 1024;
const HEADERS: usize = 16 * 1024;

/// Why the session could not be looked up.
#[derive(Clone)]
struct Broken(AppError);

/// Fills in who asks and what the page needs, and sets the headers of the answer.
pub async fn context(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    let now = (site.clock)();
    let request_id = store::random::id().simple().to_string();
    let viewer = match cookie(request.headers(), site.cookie_name()) {
        // Files and the health pages are for everybody: whether the database answers is not asked on the way.
        _ if request.method() == Method::GET && is_asset(request.uri()) => Ok(None),
        // A tool has its right in the address, and never by a cookie.
        _ if is_hook(request.uri()) => Ok(None),
        None => Ok(None),
        Some(token) => store::sessions::find(&site.store, &token, now).await,
    };
    let (viewer, broken) = match viewer {
        Ok(viewer) => (viewer, None),
        Err(error) => (None, Some(AppError::from(error))),
    };
    // Pages without anybody signed in show no severity and no factor.
    let (severities, vocabulary) = match &viewer {
        Some(_) => (store::settings::severities(&site.store, now).await, store::vocabulary::words(&site.store, now).await),
        None => Default::default(),
    };
    let ctx = Ctx {
        viewer,
        severities,
        vocabulary,
        now,
        path: path_and_query(request.uri()),
        request_id: request_id.clone(),
        nonce: nonce.clone(),
        address: address(&request, site.trusted_proxies),
        wants_json: accepts_json(request.headers()),
        site,
    };
    let https = ctx.site.secure_cookies;
    if let Some(error) = broken {
        request.extensions_mut().insert(Broken(error));
    }
    request.extensions_mut().insert(ctx);
    let mut response = next.run(request).await;
    headers(response.headers_mut(), &nonce.to_string(), &request_id, https);
    response
}

/// No change rides on a cookie unless the browser says that it comes from this site. Leptos and axum check none of it
/// (research/security.md 4.2): `Sec-Fetch-Site` where it is sent, else `Origin` must be this host, else refused.
pub async fn origin_gate(ctx: Ctx, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
        || is_hook(request.uri())
        || same_origin(&ctx, request.headers())
    {
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
    origin == ctx.site.origin()
        || (!host.is_empty()
            && (origin == format!("https://{host}") || (!ctx.site.secure_cookies && origin == format!("http://{host}"))))
}

/// What is refused before a handler looks at it: while the process stops, without a database, beyond the limits, on a full disk.
pub async fn refusals(Extension(process): Extension<Arc<Process>>, request: Request, next: Next) -> Response {
    if is_probe(request.uri()) {
        return next.run(request).await;
    }
    if process.is_stopping() {
        return AppError::Stopping.into_response();
    }
    // Without the database nobody can be recognised: say so, rather than "please sign in".
    if let Some(Broken(error)) = request.extensions().get().cloned()
        && !request.uri().path().starts_with("/assets/")
    {
        return error.into_response();
    }
    let sum: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if sum > HEADERS || path_and_query(request.uri()).len() > ADDRESS {
        return AppError::HeadersTooLong.into_response();
    }
    if changes(request.method()) && process.is_full() && !opens_a_session(request.uri()) {
        return AppError::NoRoom.into_response();
    }
    let arrival = request.extensions().get::<Arc<Arrival>>().cloned();
    let response = next.run(request).await;
    if arrival.is_some_and(|arrival| arrival.too_slow()) { AppError::TooSlow.into_response() } else { response }
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Reading goes on while the disk is full, and needs a session: a row of a hundred bytes, for which the guard has left room.
fn opens_a_session(uri: &Uri) -> bool {
    matches!(uri.path(), "/sign-in" | "/sign-out" | "/demo/sign-in") || uri.path().starts_with("/invitation/")
}

/// Runs a handler to its end even if the client goes away (a write transaction is never split), with a limit and a safety net: a
/// panic is a 500 with its id and no more. What a panic says may be somebody's words, so only its place reaches the log (`log.rs`).
pub async fn to_the_end(ctx: Ctx, request: Request, next: Next) -> Response {
    let arrival = request.extensions().get::<Arc<Arrival>>().cloned();
    let task = tokio::spawn(next.run(request).in_current_span());
    let late = async {
        if let Some(arrival) = arrival {
            let _ = tokio::time::timeout(ARRIVAL, arrival.ended()).await;
        }
        tokio::time::sleep(HANDLER).await;
    };
    tokio::select! {
        done = task => done.unwrap_or_else(|_| {
            tracing::error!(id = ctx.request_id, "a handler panicked");
            AppError::Internal.into_response()
        }),
        () = late => {
            tracing::error!(id = ctx.request_id, "a handler took too long");
            AppError::Unavailable.into_response()
        }
    }
}

/// One line and one count a request: the route's template, never the path itself, a query, an address or a body.
pub async fn log(Extension(process): Extension<Arc<Process>>, ctx: Ctx, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("(none)", MatchedPath::as_str);
    let begin = tokio::time::Instant::now();
    let id = ctx.request_id;
    let response = next.run(request).instrument(tracing::info_span!("request", id)).await;
    let took = begin.elapsed();
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    process.metrics.answered(&method, route, response.status(), took);
    tracing::info!(id, %method, route, status = response.status().as_u16(), ms, "request");
    response
}

fn headers(headers: &mut HeaderMap, nonce: &str, request_id: &str, https: bool) {
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    );
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()"),
    ];
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // no-referrer would take the Origin from plain forms; a page without one may ask for it.
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        // What people brought has a stricter one of its own.
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
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

fn is_probe(uri: &Uri) -> bool {
    matches!(uri.path(), "/livez" | "/healthz" | "/readyz" | "/metrics")
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

/// Where tools send to: nothing rides on a cookie there, so no site needs to be named.
fn is_hook(uri: &Uri) -> bool {
    uri.path().starts_with("/hooks/")
}

/// Files of the site and the health pages.
fn is_asset(uri: &Uri) -> bool {
    uri.path().starts_with("/assets/") || matches!(uri.path(), "/livez" | "/healthz" | "/readyz")
}
