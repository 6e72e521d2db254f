//! The router: the site's routes, health, files, and the layers around them.

use crate::{assets, edge};
use app::error::AppError;
use app::site::Site;
use app::table::{Endpoint, Routes};
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use domain::rights::Right;

/// Most that a form may hold: 256 KiB. The import page has its own limit.
const BODY: usize = 256 * 1024;

/// All endpoints, the process's own among them, with the right that each needs.
pub fn table() -> Vec<Endpoint> {
    all().table().to_vec()
}

fn all() -> Routes {
    app::routes().get("/healthz", Right::Open, healthz).get("/readyz", Right::Open, readyz).get(
        "/assets/{file}",
        Right::Open,
        assets::serve,
    )
}

/// The whole service.
pub fn router(site: Site) -> Router {
    all()
        .into_router()
        .fallback(|| async { AppError::NotFound })
        .method_not_allowed_fallback(|| async { AppError::NotFound })
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn(edge::to_the_end))
        .layer(middleware::from_fn(app::shell::error_pages))
        .layer(middleware::from_fn(edge::origin_gate))
        .layer(middleware::from_fn(edge::log))
        .layer(middleware::from_fn_with_state(site.clone(), edge::context))
        .with_state(site)
}

/// The process lives. Never asks the database: a short absence of it must not restart every process.
async fn healthz() -> &'static str {
    "ok\n"
}

/// The process can serve: the database answers.
async fn readyz(State(site): State<Site>) -> Response {
    match site.store.ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (http::StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}
