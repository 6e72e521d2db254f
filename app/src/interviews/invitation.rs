//! A personal link: looking changes nothing, Begin starts a session for this one conversation.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::see;
use crate::misses;
use crate::session;
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, Mark, Note};
use axum::extract::Path;
use axum::response::Response;
use domain::walltime;
use http::{HeaderValue, header};
use leptos::prelude::*;
use store::StoreError;
use store::interviews::{Ended, Peek};

pub(super) async fn show(ctx: Ctx, Path(token): Path<String>) -> Result<Response, AppError> {
    misses::check(&ctx)?;
    match store::interviews::peek(ctx.store(), &token, ctx.now).await {
        Ok(peek) => Ok(draw(&ctx, peek, token)),
        Err(StoreError::NotFound) => Ok(ended(&ctx, why(&ctx, &token).await?)),
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn begin(ctx: Ctx, Path(old): Path<String>) -> Result<Response, AppError> {
    misses::check(&ctx)?;
    let quotes = store::interviews::peek(ctx.store(), &old, ctx.now).await.is_ok_and(|peek| peek.quotes);
    match store::interviews::begin_by_link(ctx.store(), &old, ctx.now).await {
        Ok((invitation, token)) => {
            let mut response = see(&if quotes { "/quotes".to_owned() } else { format!("/one-on-one/{invitation}") });
            let cookie = HeaderValue::from_str(&session::cookie(&ctx.site, &token)).map_err(AppError::internal)?;
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(StoreError::NotFound) => Ok(ended(&ctx, why(&ctx, &old).await?)),
        Err(other) => Err(other.into()),
    }
}

async fn why(ctx: &Ctx, token: &str) -> Result<Option<Ended>, AppError> {
    let why = store::interviews::why_ended(ctx.store(), token, ctx.now).await?;
    if why.is_none() {
        misses::missed(ctx);
    }
    Ok(why)
}

/// The frame of a page for somebody who may not be signed in.
pub(crate) fn frame(body: AnyView) -> impl IntoView {
    view! {
        <header class="talk-bar"><div><a class="brand" href="/"><Mark/>"Second Story"</a></div></header>
        <main id="main" class="talk"><div class="stack stack-wide talk-intro">{body}</div></main>
    }
}

fn draw(ctx: &Ctx, peek: Peek, token: String) -> Response {
    let signed_in = ctx.viewer.as_ref().filter(|v| v.guest_of != Some(peek.invitation_id)).map(|v| v.name.clone());
    let until = walltime::day(peek.until, ctx.zone());
    shell::page(ctx, Head::new("Invitation", Nav::None).talk(), move || {
        let (count, heading, purpose, words) = if peek.quotes {
            (
                "Your quotes",
                format!("{}, are these your words?", peek.name),
                format!(
                    "The review of “{}” would like to quote you. On the next page you see each quote, and say right, change or leave out.",
                    peek.title
                ),
                "You need no account. You need not say why, and without your word nothing of it is published. You can come back with this same link on any device.",
            )
        } else {
            (
                "An invitation to a one-on-one",
                format!("{}, what was it like for you?", peek.name),
                format!(
                    "You were there when “{}” happened. Twelve questions ask how it looked from where you stood; they never look for who erred.",
                    peek.title
                ),
                "You need no account. On the next page you read who sees what before the first question. It is voluntary; you can stop anywhere, decline, and come back with this same link on any device.",
            )
        };
        let button = if peek.quotes { "See them" } else { "Begin" };
        let body = view! {
            <div class="question">
                <p class="count">{count}</p>
                <h1>{heading}</h1>
                <p class="purpose">{purpose}</p>
            </div>
            {super::reminders::note(peek.note)}
            <div class="stack talk-words">
                <p>{words}</p>
                <p class="quiet small">{format!("The link works until {until}, or until the review is published. Whoever holds it can open this conversation, so please keep it to yourself.")}</p>
            </div>
            {signed_in.map(|name| view! {
                <Note tone="care"><Icon name="user"/><p>{format!("This browser is signed in as {name}. Beginning here signs {name} out of it.")}</p></Note>
            })}
            <form method="post" action=format!("/invitation/{token}") class="actions"><button class="btn btn-primary btn-large">{button}</button></form>
        }
        .into_any();
        frame(body)
    })
}

/// What happened to the link, and what to do. Of the incident it says nothing: whoever holds an old link may be anybody.
fn ended(ctx: &Ctx, why: Option<Ended>) -> Response {
    let status = if why.is_some() { http::StatusCode::GONE } else { http::StatusCode::NOT_FOUND };
    let head = Head::new("This link does not work", Nav::None).talk().status(status);
    shell::page(ctx, head, move || {
        let (heading, said, next) = match why {
            Some(Ended::Expired) => (
                "The time of this link is over",
                "A personal link works for a while and not for ever.",
                "Whoever invited you can make a new one. What you wrote is kept.",
            ),
            Some(Ended::Withdrawn) => (
                "This invitation was taken back",
                "Nothing is asked of you any more.",
                "If you think that this is a mistake, please ask whoever invited you.",
            ),
            Some(Ended::Replaced) => (
                "There is a newer link",
                "A new one was made for you, and this one ended with it.",
                "Please look for the later letter or message, or ask whoever invited you. What you wrote is kept.",
            ),
            Some(Ended::Published) => (
                "The review is published",
                "The conversations are over, and personal links ended with them.",
                "Thank you. Whoever invited you can tell you where to read it.",
            ),
            Some(Ended::Erased) => (
                "This link has ended",
                "What was said with it was erased by whoever said it, and the link ended with it.",
                "Nothing is asked of you any more.",
            ),
            None => (
                "This link does not work",
                "Part of it may be missing: please copy the whole link once more.",
                "If it still does not work, whoever invited you can make a new one. What you wrote is kept.",
            ),
        };
        let body = view! {
            <div class="question"><h1>{heading}</h1><p class="purpose">{said}</p></div>
            <div class="stack talk-words"><p>{next}</p></div>
            <p class="actions"><a class="btn" href="/">"To the front page"</a></p>
        }
        .into_any();
        frame(body)
    })
}
