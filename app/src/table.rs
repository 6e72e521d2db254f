//! The route table, which is the site's permission table: an endpoint cannot be added without the right that it needs.
//!
//! The gate here turns away who cannot hold the right at all (nobody signed in, a guest of one conversation, an account without the
//! global role). Whether it holds for *this* incident or answer is decided at the store's door, in the act's own transaction.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::site::Site;
use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use domain::rights::{Right, Standing, may};
use http::{Method, StatusCode};

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// What it needs.
    pub right: Right,
}

/// Routes with their rows.
#[derive(Default)]
pub struct Routes {
    router: Router<Site>,
    table: Vec<Endpoint>,
}

impl Routes {
    /// A page.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add("GET", path, right, get(handler))
    }

    /// A form's handler.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add("POST", path, right, post(handler))
    }

    fn add(mut self, method: &'static str, path: &'static str, right: Right, handler: MethodRouter<Site>) -> Self {
        self.table.push(Endpoint { method, path, right });
        self.router = self.router.route(path, handler.layer(middleware::from_fn_with_state(right, gate)));
        self
    }

    /// Another room's routes beside these.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.table.extend(other.table);
        self.router = self.router.merge(other.router);
        self
    }

    /// The table.
    pub fn table(&self) -> &[Endpoint] {
        &self.table
    }

    /// The router.
    pub fn into_router(self) -> Router<Site> {
        self.router
    }
}

/// Whether a guest of one conversation can hold this right at all.
fn guests_too(right: Right) -> bool {
    matches!(right, Right::Open | Right::AnswerOwn | Right::DecideExcerpt | Right::Park)
}

async fn gate(State(right): State<Right>, ctx: Ctx, request: Request, next: Next) -> Response {
    if right == Right::Open {
        return next.run(request).await;
    }
    let Some(viewer) = &ctx.viewer else {
        if request.method() == Method::GET && !ctx.wants_json {
            return Redirect::to(&format!("/sign-in?next={}", crate::form::encode(&ctx.path))).into_response();
        }
        if ctx.wants_json {
            return AppError::SignIn.into_response();
        }
        return crate::session::sign_in_first(&ctx, request).await;
    };
    let standing = Standing::of(viewer);
    let possible = match right {
        _ if viewer.guest_of.is_some() => guests_too(right),
        Right::OwnPages | Right::SeeIncidents | Right::EditIncidents | Right::SeeTrends | Right::Administer => {
            may(right, &standing)
        }
        _ => true,
    };
    if !possible {
        return AppError::NotFound.into_response();
    }
    let reads = request.method() == Method::GET;
    let answer = next.run(request).await;
    if reads && answer.status() == StatusCode::NOT_FOUND {
        // It may live on in the incident that it was merged into.
        return crate::trash::lives_on(&ctx).await.unwrap_or(answer);
    }
    answer
}
