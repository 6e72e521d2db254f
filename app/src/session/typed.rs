//! What somebody typed and sent while they were not signed in any more: it goes through the sign-in with them, and nothing of it is lost.

use super::page::{SignInFields, sign_in_forms};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, same_site};
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, SafeTextarea};
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;

/// More than this in one form is no text of a person; it is not carried.
const MOST: usize = 512 * 1024;
const FORM: &str = "application/x-www-form-urlencoded";

/// The page for a form that came without a session: 401, with the sign-in and with what was typed.
pub async fn sign_in_first(ctx: &Ctx, request: Request) -> Response {
    let form = request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(FORM.as_bytes()));
    let back = request.headers().get(header::REFERER).and_then(|from| from.to_str().ok());
    let back = back.and_then(|from| from.strip_prefix(ctx.site.base_url.as_str())).unwrap_or_default();
    let back = same_site(back, "/").to_owned();
    let mut sent = String::new();
    if form {
        match to_bytes(request.into_body(), MOST).await {
            Ok(body) => sent = String::from_utf8(body.to_vec()).unwrap_or_default(),
            Err(_) => return AppError::TooLarge.into_response(),
        }
    }
    let fields = fields(&sent).await;
    let words: Vec<(String, String)> = fields.into_iter().filter(|(name, value)| is_text(name, value)).collect();
    let sent_to = if form { ctx.path.clone() } else { String::new() };
    let typed = SignInFields { next: back, sent_to, sent, ..SignInFields::default() };
    let head = Head::new("Please sign in", Nav::None).status(StatusCode::UNAUTHORIZED);
    shell::page(ctx, head, move || {
        view! {
            <div class="page-head"><div>
                <h1>"Please sign in"</h1>
                <p>"You are not signed in any more. Nothing that you typed is lost: after you sign in you can send it."</p>
            </div></div>
            <section class="mt6">{sign_in_forms(Form::new(typed))}</section>
            {what_was_typed(words)}
        }
    })
}

/// After the sign-in: one button sends what was typed, as it was.
pub(super) async fn send_again(ctx: &Ctx, path: &str, sent: &str) -> Result<Response, AppError> {
    let fields = fields(sent).await;
    let words: Vec<(String, String)> = fields.iter().filter(|(name, value)| is_text(name, value)).cloned().collect();
    let path = path.to_owned();
    Ok(shell::page(ctx, Head::new("Send what you typed", Nav::None), move || {
        view! {
            <div class="page-head"><div>
                <h1>"You are signed in"</h1>
                <p>"What you typed before is still here and not saved yet."</p>
            </div></div>
            <form class="card stack" method="post" action=path>
                {fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()}
                <p class="actions">
                    <button class="btn btn-primary"><Icon name="send"/>"Send it now"</button>
                    <a class="btn btn-quiet" href="/">"Leave it"</a>
                </p>
            </form>
            {what_was_typed(words)}
        }
    }))
}

/// To read and to copy.
fn what_was_typed(words: Vec<(String, String)>) -> impl IntoView {
    (!words.is_empty()).then(|| {
        let texts = words.into_iter().enumerate().map(|(n, (_, value))| {
            let label = format!("What you typed, part {}", n + 1);
            view! { <SafeTextarea id=format!("typed-{n}") name="typed" text=value rows=4 label/> }
        });
        view! {
            <section class="stack mt8" aria-labelledby="typed-head">
                <h2 id="typed-head">"What you typed"</h2>
                {texts.collect_view()}
            </section>
        }
    })
}

/// What people write, not versions, keys and choices; and never a password.
fn is_text(name: &str, value: &str) -> bool {
    !matches!(name, "password" | "confirm")
        && (value.contains(char::is_whitespace) || matches!(name, "text" | "body"))
        && !value.trim().is_empty()
}

/// The fields of a form, in order.
async fn fields(sent: &str) -> Vec<(String, String)> {
    let mut request = Request::new(Body::from(sent.to_owned()));
    *request.method_mut() = http::Method::POST;
    request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(FORM));
    Posted::<Vec<(String, String)>>::from_request(request, &()).await.map(|Posted(fields)| fields).unwrap_or_default()
}
