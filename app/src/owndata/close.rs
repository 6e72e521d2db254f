//! Closing one's account: everything said goes, and the name becomes "a former member".

use super::erase::{EraseFields, beforehand, confirmation, quotes_too, refused};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::session;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon};
use axum::response::Response;
use http::{HeaderValue, header};
use leptos::prelude::*;
use store::owndata::{Keeps, close_account, collect, has_password, keeps_account};

/// Typed where there is no password.
const WORD: &str = "close";

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    draw(&ctx, Form::default()).await
}

pub(super) async fn close(ctx: Ctx, Posted(mut typed): Posted<EraseFields>) -> Result<Response, AppError> {
    if keeps_account(ctx.store(), ctx.viewer()?).await?.is_none() {
        match refused(&ctx, &typed.confirm, WORD).await? {
            None => {
                close_account(ctx.store(), ctx.viewer()?, typed.quotes == "yes", ctx.now).await?;
                return signed_out(&ctx);
            }
            Some(invalid) => {
                typed.confirm.clear();
                return draw(&ctx, Form::refused(typed, invalid)).await;
            }
        }
    }
    Err(AppError::Refused("Your account cannot be closed yet. The page before this one says why."))
}

fn signed_out(ctx: &Ctx) -> Result<Response, AppError> {
    let mut response = see_and_say("/help/my-words", "closed");
    let cookie = HeaderValue::from_str(&session::no_cookie(&ctx.site)).map_err(AppError::internal)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

async fn draw(ctx: &Ctx, form: Form<EraseFields>) -> Result<Response, AppError> {
    let data = collect(ctx.store(), ctx.viewer()?, ctx.now).await?;
    let has_password = has_password(ctx.store(), ctx.viewer()?).await?;
    let keeps = keeps_account(ctx.store(), ctx.viewer()?).await?;
    let head = Head::new("Close my account", Nav::None).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let links = vec![
            ("/profile".to_owned(), "Your profile".to_owned()),
            ("/profile/data".to_owned(), "What is kept about you".to_owned()),
        ];
        view! {
            <Crumbs links here="Close my account"/>
            <div class="page-head"><div>
                <h1>"Close my account"</h1>
                <p>"Everything you said is erased. Your name becomes “A former member” wherever it stands; your address and password go."</p>
            </div></div>
            {match keeps {
                Some(keeps) => why_not(&keeps).into_any(),
                None => view! {
                    {beforehand(&data)}
                    <form class="card stack mt8" method="post" action="/profile/close">
                        {quotes_too(&data, &form)}
                        {confirmation(has_password, WORD, &form)}
                        <p class="actions"><button class="btn btn-warn">"Close my account"</button><a class="btn btn-quiet" href="/profile/data">"Stay"</a></p>
                    </form>
                }
                .into_any(),
            }}
        }
    }))
}

fn why_not(keeps: &Keeps) -> impl IntoView + use<> {
    let sentence = match keeps {
        Keeps::LastAdministrator => {
            "You are the only administrator. Please make another one first; then you can leave.".to_owned()
        }
        Keeps::Facilitates(keys) => format!(
            "You alone facilitate {}. Please have somebody else appointed first; then you can leave.",
            keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        ),
    };
    view! { <div class="note note-care"><Icon name="users"/><p>{sentence}</p></div> }
}
