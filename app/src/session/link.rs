//! A one-time link that sets a password: looking changes nothing, setting it uses the link up.

use super::with_cookie;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::misses;
use crate::session::no_cookie;
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, Note, TextField};
use axum::extract::Path;
use axum::response::Response;
use domain::walltime;
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::people::{self, LinkKind, LinkPeek};

/// As typed. Never drawn again.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewPassword {
    password: String,
}

pub(crate) async fn show(ctx: Ctx, Path(token): Path<String>) -> Result<Response, AppError> {
    misses::check(&ctx)?;
    match people::peek_link(ctx.store(), &token, ctx.now).await {
        Ok(peek) => Ok(draw(&ctx, peek, &token, Form::default())),
        Err(StoreError::NotFound) => Ok(over(&ctx)),
        Err(other) => Err(other.into()),
    }
}

pub(crate) async fn set(ctx: Ctx, Path(token): Path<String>, Posted(typed): Posted<NewPassword>) -> Result<Response, AppError> {
    misses::check(&ctx)?;
    let peek = match people::peek_link(ctx.store(), &token, ctx.now).await {
        Ok(peek) => peek,
        Err(StoreError::NotFound) => return Ok(over(&ctx)),
        Err(other) => return Err(other.into()),
    };
    match people::use_link(ctx.store(), &token, &typed.password, ctx.now).await {
        // Whoever was signed in here is not the one who goes on.
        Ok(_) => with_cookie(see_and_say("/sign-in", "password-set"), &no_cookie(&ctx.site)),
        Err(StoreError::Invalid(invalid)) => Ok(draw(&ctx, peek, &token, Form::refused((), invalid))),
        Err(StoreError::NotFound) => Ok(over(&ctx)),
        Err(other) => Err(other.into()),
    }
}

fn draw(ctx: &Ctx, peek: LinkPeek, token: &str, form: Form<()>) -> Response {
    let action = format!("/password/{token}");
    let until = walltime::absolute(peek.until, ctx.zone());
    let signed_in = ctx.viewer.as_ref().map(|v| v.name.clone());
    shell::page(ctx, Head::new("Choose a password", Nav::None).refused(&form.invalid), move || {
        let (heading, lede) = match peek.kind {
            LinkKind::Invitation => (format!("Welcome, {}", peek.name), "Choose a password, and your account is ready."),
            LinkKind::Reset => {
                (format!("A new password, {}", peek.name), "Setting it signs you out everywhere. Until then the old one works.")
            }
        };
        let error = form.error("password");
        view! {
            <div class="page-head"><div><h1>{heading}</h1><p>{lede}</p></div></div>
            {signed_in.map(|name| view! { <Note tone="care"><Icon name="user"/><p>{format!("This browser is signed in as {name}. Going on here signs {name} out of it.")}</p></Note> })}
            <form class="card stack narrow-card" method="post" action=action>
                <p>"You sign in as "<b>{peek.email.clone()}</b>"."</p>
                <input type="hidden" name="username" autocomplete="username" value=peek.email/>
                <TextField name="password" label="New password" hint="12 to 128 characters; a few words in a row do well." value="" kind="password" autocomplete="new-password" error required=true/>
                <button class="btn btn-primary">"Set the password"</button>
                <p class="hint">{format!("The link works once, until {until}.")}</p>
            </form>
        }
    })
}

/// Used, replaced, expired or mistyped: they look the same, and the page says what to do.
fn over(ctx: &Ctx) -> Response {
    misses::missed(ctx);
    let head = Head::new("This link does not work", Nav::None).status(http::StatusCode::NOT_FOUND);
    shell::page(ctx, head, move || {
        view! {
            <section class="lost">
                <h1>"This link does not work any more"</h1>
                <p>"It may have been used, have expired, or have been replaced by a newer one. Part of it may also be missing: please copy the whole link once more."</p>
                <p>"An administrator can make a new one for you. If you have set your password already, you can simply sign in."</p>
                <p class="actions"><a class="btn btn-primary" href="/sign-in">"Sign in"</a></p>
            </section>
        }
    })
}
