//! The router: the site's routes, health, files, and the layers around them.

use crate::process::Process;
use crate::{assets, edge, metrics, subpath};
use app::error::AppError;
use app::site::Site;
use app::table::{Endpoint, Routes};
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router, middleware};
use domain::rights::Right;
use std::sync::Arc;
use tower::Layer;

/// Most that a form may hold: 256 KiB. The import page has its own limit.
const BODY: usize = 256 * 1024;

/// All endpoints, the process's own among them, with the right that each needs.
pub fn table() -> Vec<Endpoint> {
    all().table().to_vec()
}

fn all() -> Routes {
    app::routes()
        .get("/livez", Right::Open, livez)
        .get("/healthz", Right::Open, livez)
        .get("/readyz", Right::Open, readyz)
        .get("/metrics", Right::Open, metrics::serve)
        .get("/assets/{file}", Right::Open, assets::serve)
}

/// The whole service.
pub fn router(site: Site) -> Router {
    around(all(), site, Arc::default())
}

/// The whole service of this process.
pub fn of_process(site: Site, process: Arc<Process>) -> Router {
    around(all(), site, process)
}

/// These endpoints with everything that stands around endpoints.
pub fn around(routes: Routes, site: Site, process: Arc<Process>) -> Router {
    let service = routes
        .into_router()
        .fallback(|| async { AppError::NotFound })
        .method_not_allowed_fallback(|| async { AppError::NotFound })
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn(edge::to_the_end))
        .layer(middleware::from_fn(edge::refusals))
        .layer(middleware::from_fn(app::shell::error_pages))
        .layer(middleware::from_fn(edge::origin_gate))
        .layer(middleware::from_fn(edge::log))
        .layer(middleware::from_fn_with_state(site.clone(), edge::context))
        .layer(Extension(process))
        .with_state(site.clone());
    if site.base_path().is_empty() {
        return service;
    }
    // Around the router, not in it: the path must be changed before the route is chosen.
    Router::new().fallback_service(middleware::from_fn_with_state(site, subpath::serve).layer(service))
}

/// The process lives. Never asks the database: a short absence of it must not restart every process.
async fn livez() -> &'static str {
    "ok\n"
}

/// The process can serve: the database answers, and it is not about to stop. A disk that is nearly full is told and keeps nobody
/// from reading, so it is no reason to take the process out of service.
async fn readyz(State(site): State<Site>, Extension(process): Extension<Arc<Process>>) -> Response {
    let not_ready = |why: &'static str| (http::StatusCode::SERVICE_UNAVAILABLE, why).into_response();
    if process.is_stopping() {
        return not_ready("stopping\n");
    }
    if let Err(error) = site.store.ping().await {
        tracing::warn!(%error, "not ready");
        return not_ready("the database does not answer\n");
    }
    match process.space.as_ref().filter(|space| space.is_short()) {
        Some(space) => format!("ready to read; writing waits for room on the disk: {}\n", space.words()).into_response(),
        None => "ready\n".into_response(),
    }
}
