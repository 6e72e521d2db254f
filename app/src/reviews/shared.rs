//! A published story for somebody who has a link to it and no account: the same telling in a bare frame, from which nothing leads into the
//! site. A link that opens nothing says so in one way, whether it is over, was taken back, or never was.

use super::mentions;
use super::telling::{Told, article};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::misses;
use crate::shell::{self, Head, Nav};
use crate::ui::{Apart, Mark};
use axum::extract::Path;
use axum::response::Response;
use domain::walltime;
use http::{Method, StatusCode};
use leptos::prelude::*;
use std::sync::Arc;
use store::reviews::Shared;

/// The story of a link.
pub(super) async fn show(ctx: Ctx, method: Method, Path(token): Path<String>) -> Result<Response, AppError> {
    misses::check(&ctx)?;
    let Some(shared) = store::reviews::shared(ctx.store(), &token, ctx.now).await? else {
        misses::missed(&ctx);
        return Ok(closed(&ctx));
    };
    // A program that asks for the head alone has read nothing; a count that cannot be kept now keeps nobody from reading.
    if method == Method::GET
        && let Err(error) = store::reviews::shared_opened(ctx.store(), &token).await
    {
        tracing::warn!(%error, "an opening of a shared story was not counted");
    }
    Ok(draw(&ctx, shared))
}

fn draw(ctx: &Ctx, shared: Shared) -> Response {
    let Shared { incident, story, factors, learnings, events, until } = shared;
    let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
    let (mentions, _) = mentions::among(&incident, &events, &factors);
    let until = walltime::day(until, zone);
    let told = Told {
        story,
        factors,
        learnings,
        // What was met before names other incidents, and who is thanked said yes to being read inside.
        met: Vec::new(),
        thanks: Vec::new(),
        events: Arc::new(events),
        mentions,
        comments: Vec::new(),
        zone,
        incident,
        apart: true,
    };
    let head = Head::new(told.incident.title.clone(), Nav::None).apart();
    shell::page(ctx, head, move || {
        provide_context(Apart);
        provide_context(told.mentions.clone());
        view! {
            {bar()}
            <main id="main" class="story">{article(&told)}</main>
            <footer class="foot"><span>{format!("Times in {}", zone.name())}</span><span>{format!("This link opens until {until}.")}</span></footer>
        }
    })
}

/// What stands over the page: whose it is, and no way in.
fn bar() -> impl IntoView {
    view! { <header class="talk-bar"><div><span class="brand"><Mark/>"Second Story"</span></div></header> }
}

/// What every link says that opens nothing. Of the story it says nothing: whoever holds an old link may be anybody.
fn closed(ctx: &Ctx) -> Response {
    let head = Head::new("This link is no longer open", Nav::None).apart().status(StatusCode::NOT_FOUND);
    shell::page(ctx, head, move || {
        view! {
            {bar()}
            <main id="main" class="talk">
                <div class="stack stack-wide talk-intro">
                    <div class="question">
                        <h1>"This link is no longer open"</h1>
                        <p class="purpose">"A link to a story works for some days and not for ever."</p>
                    </div>
                    <p>"Whoever gave it to you can tell you more, or make a new one."</p>
                </div>
            </main>
        }
    })
}
