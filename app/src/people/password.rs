//! One's own password: changing it signs out everywhere else.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::session;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, TextField};
use axum::response::Response;
use http::HeaderMap;
use leptos::prelude::*;
use serde::Deserialize;
use store::{StoreError, sessions};

/// As typed. Never drawn again: a password that was refused is typed once more.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PasswordFields {
    present: String,
    password: String,
}

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    ctx.viewer()?;
    Ok(draw(&ctx, Form::default()))
}

pub(super) async fn save(ctx: Ctx, headers: HeaderMap, Posted(typed): Posted<PasswordFields>) -> Result<Response, AppError> {
    match sessions::change_password(ctx.store(), ctx.viewer()?, &typed.present, &typed.password, ctx.now).await {
        Ok(token) => {
            session::name_device(&ctx, &token, &headers).await?;
            session::with_cookie(see_and_say("/profile", "password"), &session::cookie(&ctx.site, &token))
        }
        Err(StoreError::Invalid(invalid)) => Ok(draw(&ctx, Form::refused((), invalid))),
        Err(other) => Err(other.into()),
    }
}

fn draw(ctx: &Ctx, form: Form<()>) -> Response {
    let head = Head::new("Your password", Nav::None).refused(&form.invalid);
    shell::page(ctx, head, move || {
        let (present, password) = (form.error("present"), form.error("password"));
        view! {
            <Crumbs links=vec![("/profile".to_owned(), "Your profile".to_owned())] here="Your password"/>
            <div class="page-head"><div>
                <h1>"Your password"</h1>
                <p>"Changing it ends every other session of yours, on every device."</p>
            </div></div>
            <form class="card stack narrow-card" method="post" action="/profile/password">
                <TextField name="present" label="The one that you have now" value="" kind="password" autocomplete="current-password" error=present required=true/>
                <TextField name="password" label="The new one" hint="12 to 128 characters; a few words in a row do well." value="" kind="password" autocomplete="new-password" error=password required=true/>
                <button class="btn btn-primary">"Change"</button>
                <p class="hint">"Forgotten the present one? An administrator can make a link for you that sets a new one."</p>
            </form>
        }
    })
}
