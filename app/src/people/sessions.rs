//! Where one is signed in, and how to end it.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, see_and_say};
use crate::session;
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Crumbs, Icon, When};
use axum::response::Response;
use http::HeaderMap;
use leptos::prelude::*;
use serde::Deserialize;
use store::sessions::{self, OwnSession};

/// Which session.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SessionFields {
    session: String,
}

pub(super) async fn show(ctx: Ctx, headers: HeaderMap) -> Result<Response, AppError> {
    let token = session::token(&ctx.site, &headers).unwrap_or_default();
    let own = sessions::own(ctx.store(), ctx.viewer()?, &token, ctx.now).await?;
    Ok(shell::page(&ctx, Head::new("Where you are signed in", Nav::None), move || draw(own)))
}

pub(super) async fn end(ctx: Ctx, Posted(typed): Posted<SessionFields>) -> Result<Response, AppError> {
    sessions::end_one(ctx.store(), ctx.viewer()?, &typed.session, ctx.now).await?;
    Ok(see_and_say("/profile/sessions", "session-ended"))
}

pub(super) async fn end_all(ctx: Ctx) -> Result<Response, AppError> {
    sessions::end_everywhere(ctx.store(), ctx.viewer()?, ctx.now).await?;
    session::signed_out(&ctx)
}

fn draw(own: Vec<OwnSession>) -> impl IntoView {
    let rows = own
        .into_iter()
        .map(|s| {
            let device = if s.device.is_empty() { "A browser".to_owned() } else { s.device };
            let label = format!("Sign out of {device}");
            view! {
                <tr>
                    <th scope="row">{device}" "{s.this.then(|| view! { <Chip tone="accent">"This one"</Chip> })}</th>
                    <td><When at=s.since/></td>
                    <td><When at=s.last_seen/></td>
                    <td>
                        <form class="actions actions-end" method="post" action="/profile/sessions/end">
                            <input type="hidden" name="session" value=s.mark/>
                            <button class="btn btn-quiet btn-small" aria-label=label>"Sign out"</button>
                        </form>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Crumbs links=vec![("/profile".to_owned(), "Your profile".to_owned())] here="Where you are signed in"/>
        <div class="page-head">
            <div>
                <h1>"Where you are signed in"</h1>
                <p>"Neither addresses nor places are kept. If one of these is not you, sign it out and change your password."</p>
            </div>
            <form method="post" action="/profile/sessions/end-all"><button class="btn"><Icon name="door-open"/>"Sign out everywhere"</button></form>
        </div>
        <div class="table-wrap" tabindex="0" role="region" aria-label="Sessions">
            <table>
                <thead><tr><th scope="col">"Device"</th><th scope="col">"Since"</th><th scope="col">"Last seen"</th><th scope="col"><span class="vh">"Acts"</span></th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="mt6"><a href="/profile/password">"Change your password"</a></p>
    }
}
