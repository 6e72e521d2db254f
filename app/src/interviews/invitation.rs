//! A personal link: looking changes nothing, Begin starts a session for this one conversation.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::see;
use crate::session;
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, Mark, Note};
use axum::extract::Path;
use axum::response::Response;
use domain::walltime;
use http::{HeaderValue, header};
use leptos::prelude::*;
use store::StoreError;
use store::interviews::Peek;

pub(super) async fn show(ctx: Ctx, Path(token): Path<String>) -> Result<Response, AppError> {
    match store::interviews::peek(ctx.store(), &token, ctx.now).await {
        Ok(peek) => Ok(draw(&ctx, peek, token)),
        Err(StoreError::NotFound) => Ok(ended(&ctx)),
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn begin(ctx: Ctx, Path(token): Path<String>) -> Result<Response, AppError> {
    match store::interviews::begin_by_link(ctx.store(), &token, ctx.now).await {
        Ok((invitation, token)) => {
            let mut response = see(&format!("/one-on-one/{invitation}"));
            let cookie = HeaderValue::from_str(&session::cookie(&ctx.site, &token)).map_err(AppError::internal)?;
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(StoreError::NotFound) => Ok(ended(&ctx)),
        Err(other) => Err(other.into()),
    }
}

fn frame(body: AnyView) -> impl IntoView {
    view! {
        <header class="talk-bar"><div><a class="brand" href="/"><Mark/>"Second Story"</a></div></header>
        <main id="main" class="talk"><div class="stack stack-wide talk-intro">{body}</div></main>
    }
}

fn draw(ctx: &Ctx, peek: Peek, token: String) -> Response {
    let signed_in = ctx.viewer.as_ref().filter(|v| v.guest_of != Some(peek.invitation_id)).map(|v| v.name.clone());
    let until = walltime::day(peek.until, ctx.zone());
    shell::page(ctx, Head::new("Invitation", Nav::None).talk(), move || {
        let body = view! {
            <div class="question">
                <p class="count">"An invitation to a one-on-one"</p>
                <h1>{format!("{}, what was it like for you?", peek.name)}</h1>
                <p class="purpose">
                    {format!("You were there when “{}” happened. Twelve questions ask how it looked from where you stood; they never look for who erred.", peek.title)}
                </p>
            </div>
            <div class="stack talk-words">
                <p>"You need no account. On the next page you read who sees what before the first question. It is voluntary; you can stop anywhere, decline, and come back with this same link on any device."</p>
                <p class="quiet small">{format!("The link works until {until}, or until the review is published. Whoever holds it can open this conversation, so please keep it to yourself.")}</p>
            </div>
            {signed_in.map(|name| view! {
                <Note tone="care"><Icon name="user"/><p>{format!("This browser is signed in as {name}. Beginning here signs {name} out of it.")}</p></Note>
            })}
            <form method="post" action=format!("/invitation/{token}") class="actions"><button class="btn btn-primary btn-large">"Begin"</button></form>
        }
        .into_any();
        frame(body)
    })
}

/// Expired, withdrawn, replaced, published or mistyped: they look the same, and the page says what to do.
fn ended(ctx: &Ctx) -> Response {
    let head = Head::new("This link does not work", Nav::None).talk().status(http::StatusCode::NOT_FOUND);
    shell::page(ctx, head, move || {
        let body = view! {
            <div class="question">
                <h1>"This link does not work any more"</h1>
                <p class="purpose">"It may have expired, been replaced or taken back, or the review is published by now. Part of it may also be missing: please copy the whole link once more."</p>
            </div>
            <div class="stack talk-words"><p>"Whoever invited you can make a new one. What you wrote is kept."</p></div>
            <p class="actions"><a class="btn" href="/">"To the front page"</a></p>
        }
        .into_any();
        frame(body)
    })
}
