//! What comes after set-up: the next steps of whoever brings Second Story into a house.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::Icon;
use axum::response::Response;
use leptos::prelude::*;

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?.clone();
    let member = viewer.member;
    let name = viewer.name;
    Ok(shell::page(&ctx, Head::new("Welcome", Nav::None), move || {
        view! {
            <div class="page-head">
                <div>
                    <h1>{format!("Welcome, {name}")}</h1>
                    <p>"The house is yours to furnish. In this order it goes well, and nothing is in a hurry."</p>
                </div>
            </div>
            <ol class="plain-list stack waiting">
                <li class="note note-plain note-row">
                    <Icon name="users"/>
                    <div>
                        <p><strong>"Add the people."</strong>" Members, whoever may facilitate, and leadership, who read only what is published."</p>
                        <p class="small">"Each gets a link of their own to choose a password by."</p>
                    </div>
                    <div class="actions"><a class="btn" href="/settings/people/invite">"Invite somebody"</a></div>
                </li>
                <li class="note note-plain note-row">
                    <Icon name="download"/>
                    <div>
                        <p><strong>"Bring in the reviews that you have."</strong>" Markdown documents become incidents with their timelines."</p>
                        <p class="small">
                            {if member { "Here, or on the host: " } else { "A member does it here, or on the host: " }}
                            <code>"secondstory import reviews FOLDER --dry-run"</code>
                        </p>
                    </div>
                    {member.then(|| view! { <div class="actions"><a class="btn" href="/import">"Import"</a></div> })}
                </li>
                <li class="note note-plain note-row">
                    <Icon name="message-circle"/>
                    <div>
                        <p><strong>"Begin with one incident."</strong>" Write it down, appoint somebody who was not part of it, and let them invite the first person to a one-on-one."</p>
                    </div>
                    {member.then(|| view! { <div class="actions"><a class="btn" href="/incidents/new">"New incident"</a></div> })}
                </li>
                <li class="note note-plain note-row">
                    <Icon name="lock"/>
                    <div>
                        <p><strong>"Keep the key, and keep it apart."</strong>" Confidential words are encrypted with the file in "<code>"secrets/"</code>". Without it nobody reads them again; beside a backup it protects nothing."</p>
                    </div>
                </li>
                <li class="note note-plain note-row">
                    <Icon name="book-open"/>
                    <div><p><strong>"Tell people what stays private"</strong>" before the first question. The page is short."</p></div>
                    <div class="actions"><a class="btn" href="/help/promise">"What stays private"</a></div>
                </li>
            </ol>
            <p class="actions mt6"><a class="btn btn-primary" href="/">"To your home page"</a></p>
        }
    }))
}
