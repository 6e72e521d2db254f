//! What the sign-in forms do.

use super::page::{self, SignInFields};
use super::{cookie, no_cookie};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, same_site, see, see_and_say};
use crate::site::Site;
use axum::response::Response;
use domain::Invalid;
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;
use store::sessions::{self, SignIn};

pub(crate) async fn sign_in(ctx: Ctx, headers: HeaderMap, Posted(mut typed): Posted<SignInFields>) -> Result<Response, AppError> {
    let outcome = sessions::sign_in(ctx.store(), &typed.email, &typed.password, &ctx.address, ctx.now).await?;
    typed.password.clear();
    let refused = match outcome {
        SignIn::Welcome(token) => {
            name_device(&ctx, &token, &headers).await?;
            let cookie = cookie(&ctx.site, &token);
            return match same_site(&typed.sent_to, "") {
                "" => with_cookie(see(same_site(&typed.next, "/")), &cookie),
                path => with_cookie(super::typed::send_again(&ctx, path, &typed.sent).await?, &cookie),
            };
        }
        SignIn::Refused => "This address and password do not belong together. Please try again; capitals count in the password.",
        SignIn::Wait => "There were many tries. Please wait some minutes; nothing is locked.",
    };
    Ok(page::draw(&ctx, Form::refused(typed, Invalid::one("password", refused))))
}

/// The present session's token, as the browser sent it.
pub(crate) fn token(site: &Site, headers: &HeaderMap) -> Option<String> {
    let name = site.cookie_name();
    let cookies = headers.get(header::COOKIE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// Notes on what kind of device a session was begun, for the list of one's own sessions.
pub(crate) async fn name_device(ctx: &Ctx, token: &str, headers: &HeaderMap) -> Result<(), AppError> {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("");
    let device = domain::people::device(agent);
    if !device.is_empty() {
        sessions::name_device(ctx.store(), token, &device).await?;
    }
    Ok(())
}

pub(crate) async fn sign_out(ctx: Ctx, headers: HeaderMap) -> Result<Response, AppError> {
    if let Some(token) = token(&ctx.site, &headers) {
        sessions::end(ctx.store(), &token).await?;
    }
    signed_out(&ctx)
}

/// After the session ended: the front page, without the cookie.
pub(crate) fn signed_out(ctx: &Ctx) -> Result<Response, AppError> {
    let mut response = with_cookie(see_and_say("/", "signed-out"), &no_cookie(&ctx.site))?;
    // Pages that were read stay out of the back button and the cache of a shared computer. The storage of a host that is shared
    // with other services is not ours to clear, and nothing of ours is in it.
    let ours = if ctx.site.base_path().is_empty() { "\"cache\", \"storage\"" } else { "\"cache\"" };
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static(ours));
    Ok(response)
}

/// Which door was taken.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct DoorFields {
    /// Address of the demo's account. Not `email`: on the sign-in page that name belongs to the plain form alone.
    door: String,
}

pub(crate) async fn demo_door(ctx: Ctx, headers: HeaderMap, Posted(typed): Posted<DoorFields>) -> Result<Response, AppError> {
    if ctx.site.demo.is_none() {
        return Err(AppError::NotFound);
    }
    let token = sessions::sign_in_demo(ctx.store(), &typed.door, ctx.now).await?.ok_or(AppError::NotFound)?;
    name_device(&ctx, &token, &headers).await?;
    with_cookie(see("/"), &cookie(&ctx.site, &token))
}

/// A response that sets a cookie.
pub(crate) fn with_cookie(mut response: Response, cookie: &str) -> Result<Response, AppError> {
    let value = HeaderValue::from_str(cookie).map_err(AppError::internal)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(response)
}
