//! What a monitoring service may know: counts and times by route template, never a path with an id, an address or a word.

use crate::process::Process;
use app::error::AppError;
use app::site::Site;
use axum::Extension;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, StatusCode, header};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::mail::Counts;
use store::timeline::attachments::{self, Totals};

/// Upper ends of the duration buckets, in seconds.
const BUCKETS: [f64; 10] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// How long the database may take to count.
const PATIENCE: Duration = Duration::from_secs(2);
/// What a proxy leaves behind: then the peer's address says nothing about who asks.
const PROXIED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: &'static str,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Job {
    job: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Letters {
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Pool {
    pool: &'static str,
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
    database: &'static str,
}

/// The counters that run along; what can be read off is read when asked.
pub struct Metrics {
    answered: Family<Answered, Counter>,
    took: Family<Route, Histogram, fn() -> Histogram>,
    jobs: Family<Job, Gauge>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self { answered: Family::default(), took: Family::new_with_constructor(histogram), jobs: Family::default() }
    }
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

impl Metrics {
    /// Counts an answered request. `route` is a template of the route table.
    pub fn answered(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        let method = match *method {
            Method::GET => "GET",
            Method::HEAD => "HEAD",
            Method::POST => "POST",
            _ => "other",
        };
        let status = match status.as_u16() / 100 {
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            5 => "5xx",
            _ => "1xx",
        };
        self.answered.get_or_create(&Answered { method, route: route.to_owned(), status }).inc();
        self.took.get_or_create(&Route { method, route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// Notes that a job ended well.
    pub fn job_done(&self, job: &'static str, now: DateTime<Utc>) {
        self.jobs.get_or_create(&Job { job }).set(now.timestamp());
    }

    fn told(
        &self,
        site: &Site,
        process: &Process,
        letters: Option<Counts>,
        files: Option<Totals>,
    ) -> Result<String, std::fmt::Error> {
        let mut registry = Registry::with_prefix("secondstory");
        registry.register("http_requests", "Requests answered, by route template", self.answered.clone());
        registry.register("http_request_duration_seconds", "Time to the answer's first byte", self.took.clone());
        registry.register("job_last_success_timestamp_seconds", "When a job last ended well", self.jobs.clone());
        let one = |value: i64| {
            let gauge = Gauge::<i64>::default();
            gauge.set(value);
            gauge
        };
        registry.register("connections", "Connections open", one(process.connections()));
        registry.register(
            "stopping",
            "1 while running requests finish before the process ends",
            one(process.is_stopping().into()),
        );
        let pools = Family::<Pool, Gauge>::default();
        for (pool, open, idle) in site.store.pools() {
            let idle = i64::try_from(idle).unwrap_or(i64::MAX);
            pools.get_or_create(&Pool { pool, state: "idle" }).set(idle);
            pools.get_or_create(&Pool { pool, state: "busy" }).set(i64::from(open).saturating_sub(idle).max(0));
        }
        registry.register("database_connections", "Connections to the database, by pool", pools);
        if let Some(counts) = letters {
            let letters = Family::<Letters, Gauge>::default();
            let states =
                [("waiting", counts.waiting), ("planned", counts.planned), ("sent", counts.sent), ("failed", counts.failed)];
            for (state, count) in states {
                letters.get_or_create(&Letters { state }).set(count);
            }
            registry.register("letters", "Letters of the last ninety days, by what became of them", letters);
        }
        if let Some(files) = files {
            registry.register("attachments", "Attached files, removed ones that can come back among them", one(files.count));
            registry.register("attachments_bytes", "What attached files hold, before they are sealed", one(files.bytes));
        }
        if let Some(memory) = memory_stats::memory_stats() {
            let bytes = i64::try_from(memory.physical_mem).unwrap_or(i64::MAX);
            registry.register("process_resident_memory_bytes", "Memory that the process holds", one(bytes));
        }
        if let Some(space) = &process.space {
            let free = space.free().and_then(|free| i64::try_from(free).ok()).unwrap_or(i64::MAX);
            registry.register("disk_free_bytes", "Free on the disk of the database file", one(free));
            registry.register("writes_refused", "1 while the disk has too little room to save", one(space.is_short().into()));
        }
        let build = Family::<Build, Gauge>::default();
        build.get_or_create(&Build { version: env!("CARGO_PKG_VERSION"), database: site.store.engine_name() }).set(1);
        registry.register("build_info", "Version and engine", build);
        let mut text = String::new();
        encode(&mut text, &registry)?;
        Ok(text)
    }
}

/// `/metrics`: to who asks on this machine itself, or shows the token; to everybody else it is not there.
pub async fn serve(State(site): State<Site>, Extension(process): Extension<Arc<Process>>, request: Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let local = peer.is_some_and(|peer| peer.0.ip().is_loopback()) && !PROXIED.iter().any(|h| request.headers().contains_key(*h));
    if !local && !shows_token(request.headers(), process.metrics_token.as_deref()) {
        return AppError::NotFound.into_response();
    }
    // A database that is away must not keep the other figures.
    let letters = match site.store.sends_mail() {
        true => tokio::time::timeout(PATIENCE, store::mail::counts(&site.store, (site.clock)())).await.ok().and_then(Result::ok),
        false => None,
    };
    let files = tokio::time::timeout(PATIENCE, attachments::totals(&site.store)).await.ok().and_then(Result::ok);
    match process.metrics.told(&site, &process, letters, files) {
        Ok(text) => {
            ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response()
        }
        Err(cause) => AppError::internal(cause).into_response(),
    }
}

fn shows_token(headers: &HeaderMap, token: Option<&str>) -> bool {
    let shown = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    match (shown, token) {
        // Hashes are compared: how far they agree tells nothing about the token.
        (Some(shown), Some(token)) => store::random::token_hash(shown.trim()) == store::random::token_hash(token),
        _ => false,
    }
}
