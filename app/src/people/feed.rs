//! One's own address of the feed of published reviews: made, replaced, ended.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Copy, CopyScript, Crumbs, When};
use axum::response::Response;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde::Deserialize;
use store::people;

const HEADING: &str = "A feed of published reviews";

/// What becomes of the address: `make` or `end`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct FeedAct {
    act: String,
}

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let made = people::feed_made(ctx.store(), ctx.viewer()?).await?;
    Ok(draw(&ctx, made, None))
}

pub(super) async fn change(ctx: Ctx, Posted(typed): Posted<FeedAct>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    match typed.act.as_str() {
        "make" => {
            let token = people::make_feed(ctx.store(), viewer, ctx.now).await?;
            Ok(draw(&ctx, Some(ctx.now), Some(format!("{}/feed/{token}.atom", ctx.site.base_url))))
        }
        "end" => {
            people::drop_feed(ctx.store(), viewer, ctx.now).await?;
            Ok(see_and_say("/profile/feed", "removed"))
        }
        _ => Err(AppError::BadRequest),
    }
}

/// With an address that was just made: it stands in this answer and nowhere else.
fn draw(ctx: &Ctx, made: Option<DateTime<Utc>>, address: Option<String>) -> Response {
    shell::page(ctx, Head::new(HEADING, Nav::None), move || {
        let fresh = address.is_some();
        let lede = "A feed reader cannot sign in. It gets an address of its own: titles, first lines and links of published reviews, \
                    nothing of restricted incidents, no quotes, and no sentence that names somebody who is known here.";
        view! {
            <Crumbs links=vec![("/profile".to_owned(), "Your profile".to_owned())] here=HEADING/>
            <div class="page-head"><div><h1>{HEADING}</h1><p>{lede}</p></div></div>
            <div class="card stack measure">
                {address.map(|address| view! {
                    <p><b>"Copy it now: it is shown this once. "</b>"Whoever has it reads what the feed says."</p>
                    <label for="feed-address">"Address"</label>
                    <div class="copy-row"><input id="feed-address" class="mono" readonly=true value=address/><Copy of="feed-address" what="address"/></div>
                    <CopyScript/>
                })}
                {match made {
                    None => view! { <p>"You have no address yet."</p> }.into_any(),
                    Some(_) if fresh => view! { <p>"An address that you had before does not work any more."</p> }.into_any(),
                    Some(at) => view! { <p>"You made one "<When at/>". It cannot be shown again, only replaced."</p> }.into_any(),
                }}
                <form class="actions" method="post" action="/profile/feed">
                    <button class="btn" class:btn-primary=made.is_none() name="act" value="make">
                        {if made.is_none() { "Make an address" } else { "Replace it" }}
                    </button>
                    {made.map(|_| view! { <button class="btn btn-quiet" name="act" value="end">"Take it back"</button> })}
                </form>
                <p class="hint">"It ends with your account."</p>
            </div>
        }
    })
}
