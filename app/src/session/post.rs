//! What the sign-in forms do.

use super::page::{self, SignInFields};
use super::{cookie, no_cookie};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, same_site, see, see_and_say};
use axum::response::Response;
use domain::Invalid;
use http::{HeaderValue, header};
use serde::Deserialize;
use store::sessions::{self, SignIn};

pub(crate) async fn sign_in(ctx: Ctx, Posted(mut typed): Posted<SignInFields>) -> Result<Response, AppError> {
    let outcome = sessions::sign_in(ctx.store(), &typed.email, &typed.password, &ctx.address, ctx.now).await?;
    typed.password.clear();
    let refused = match outcome {
        SignIn::Welcome(token) => return with_cookie(see(same_site(&typed.next, "/")), &cookie(&ctx.site, &token)),
        SignIn::Refused => "This address and password do not belong together. Please try again; capitals count in the password.",
        SignIn::Wait => "There were many tries. Please wait some minutes; nothing is locked.",
    };
    Ok(page::draw(&ctx, Form::refused(typed, Invalid::one("password", refused))))
}

pub(crate) async fn sign_out(ctx: Ctx, headers: http::HeaderMap) -> Result<Response, AppError> {
    let name = ctx.site.cookie_name();
    let cookies = headers.get(header::COOKIE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let token =
        cookies.split(';').find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value));
    if let Some(token) = token {
        sessions::end(ctx.store(), token).await?;
    }
    let mut response = with_cookie(see_and_say("/", "signed-out"), &no_cookie(&ctx.site))?;
    // Pages that were read stay out of the back button and the cache of a shared computer.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

/// Which door was taken.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct DoorFields {
    /// Address of the demo's account. Not `email`: on the sign-in page that name belongs to the plain form alone.
    door: String,
}

pub(crate) async fn demo_door(ctx: Ctx, Posted(typed): Posted<DoorFields>) -> Result<Response, AppError> {
    if ctx.site.demo.is_none() {
        return Err(AppError::NotFound);
    }
    let token = sessions::sign_in_demo(ctx.store(), &typed.door, ctx.now).await?.ok_or(AppError::NotFound)?;
    with_cookie(see("/"), &cookie(&ctx.site, &token))
}

/// A response that sets a cookie.
pub(crate) fn with_cookie(mut response: Response, cookie: &str) -> Result<Response, AppError> {
    let value = HeaderValue::from_str(cookie).map_err(AppError::internal)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(response)
}
