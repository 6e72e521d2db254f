//! What is kept about me: in counts and plain words, to take away as JSON or Markdown.

use super::{json, kept, text};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon};
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use domain::InvitationId;
use http::header;
use leptos::prelude::*;
use store::owndata::{OwnData, collect, collect_conversation};

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let data = collect(ctx.store(), ctx.viewer()?, ctx.now).await?;
    Ok(shell::page(&ctx, Head::new("What is kept about you", Nav::None), move || draw(data)))
}

pub(super) async fn json(ctx: Ctx) -> Result<Response, AppError> {
    let data = collect(ctx.store(), ctx.viewer()?, ctx.now).await?;
    as_json(&data, "second-story-my-data.json")
}

pub(super) async fn markdown(ctx: Ctx) -> Result<Response, AppError> {
    let data = collect(ctx.store(), ctx.viewer()?, ctx.now).await?;
    Ok(as_markdown(&data, ctx.zone(), "second-story-my-data.md"))
}

pub(super) async fn of_conversation(ctx: &Ctx, invitation: &str) -> Result<(InvitationId, OwnData), AppError> {
    let id: InvitationId = invitation.parse().map_err(|_| AppError::NotFound)?;
    Ok((id, collect_conversation(ctx.store(), ctx.viewer()?, id, ctx.now).await?))
}

pub(super) async fn show_conversation(ctx: Ctx, Path(invitation): Path<String>) -> Result<Response, AppError> {
    let (id, data) = of_conversation(&ctx, &invitation).await?;
    let guest = ctx.viewer()?.guest_of.is_some();
    let head = Head::new("What is kept of this conversation", Nav::None);
    Ok(shell::page(&ctx, head, move || draw_conversation(id, guest, data)))
}

pub(super) async fn json_conversation(ctx: Ctx, Path(invitation): Path<String>) -> Result<Response, AppError> {
    let (_, data) = of_conversation(&ctx, &invitation).await?;
    as_json(&data, "second-story-my-conversation.json")
}

pub(super) async fn markdown_conversation(ctx: Ctx, Path(invitation): Path<String>) -> Result<Response, AppError> {
    let (_, data) = of_conversation(&ctx, &invitation).await?;
    Ok(as_markdown(&data, ctx.zone(), "second-story-my-conversation.md"))
}

fn as_json(data: &OwnData, name: &str) -> Result<Response, AppError> {
    let body = serde_json::to_string_pretty(&json::whole(data)).map_err(AppError::internal)?;
    Ok(file("application/json", name, body))
}

fn as_markdown(data: &OwnData, zone: chrono_tz::Tz, name: &str) -> Response {
    file("text/markdown; charset=utf-8", name, text::whole(data, zone))
}

fn file(kind: &'static str, name: &str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, body).into_response()
}

fn draw(data: OwnData) -> impl IntoView {
    let talked = data
        .conversations
        .iter()
        .map(|c| {
            let name = match &c.title {
                Some(title) => format!("{} {title}", kept::named(c.key)),
                None => kept::named(c.key),
            };
            view! { <li><a href=format!("/one-on-one/{}/data", c.id)>{name}</a></li> }
        })
        .collect_view();
    let any = !data.conversations.is_empty();
    view! {
        <Crumbs links=vec![("/profile".to_owned(), "Your profile".to_owned())] here="What is kept about you"/>
        <div class="page-head"><div>
            <h1>"What is kept about you"</h1>
            <p>"Everything about you and by you. Nobody else sees this page."</p>
        </div></div>
        {kept::table(&data)}
        {take_away("/profile")}
        <section class="stack mt8" aria-labelledby="erase-head">
            <h2 id="erase-head">"Erase"</h2>
            <p>"What you erase is gone at once and for good. The page before it says what goes, what stays, and why."</p>
            <p class="actions">
                <a class="btn" href="/profile/erase">"Erase everything I said"</a>
                <a class="btn btn-quiet" href="/profile/close">"Close my account"</a>
            </p>
            {any.then(|| view! { <p>"Or one conversation, or one answer of it:"</p><ul class="bullets">{talked}</ul> })}
        </section>
        {what_stays(&data)}
    }
}

fn draw_conversation(id: InvitationId, guest: bool, data: OwnData) -> impl IntoView {
    let here = data.conversations.first();
    let title = here.map(|c| format!("{} {}", kept::named(c.key), c.title.clone().unwrap_or_default())).unwrap_or_default();
    let links = if guest {
        vec![(format!("/one-on-one/{id}"), "Your one-on-one".to_owned())]
    } else {
        vec![
            ("/profile".to_owned(), "Your profile".to_owned()),
            ("/profile/data".to_owned(), "What is kept about you".to_owned()),
        ]
    };
    view! {
        <Crumbs links here="This conversation"/>
        <div class="page-head"><div>
            <h1>"What is kept of this conversation"</h1>
            <p>{title}</p>
        </div></div>
        {guest.then(|| view! {
            <div class="note note-care">
                <Icon name="clock"/>
                <p>"Your personal link ends when the story is published. Take your words with you, or erase them, before that."</p>
            </div>
        })}
        {kept::table(&data)}
        {take_away(&format!("/one-on-one/{id}"))}
        <section class="stack mt8" aria-labelledby="erase-head">
            <h2 id="erase-head">"Erase"</h2>
            <p>"One answer, or everything you said here: gone at once and for good."</p>
            <p class="actions"><a class="btn" href=format!("/one-on-one/{id}/erase")>"Choose what to erase"</a></p>
        </section>
        {what_stays(&data)}
    }
}

fn take_away(base: &str) -> impl IntoView + use<> {
    view! {
        <section class="stack mt8" aria-labelledby="take-head">
            <h2 id="take-head">"Take it with you"</h2>
            <p>"The whole of it, in your words. Markdown is to read and print; JSON is for programs. Keep the file as you would keep a diary."</p>
            <p class="actions">
                <a class="btn btn-primary" href=format!("{base}/data.md") download=""><Icon name="download"/>"Markdown"</a>
                <a class="btn" href=format!("{base}/data.json") download=""><Icon name="download"/>"JSON"</a>
            </p>
        </section>
    }
}

fn what_stays(data: &OwnData) -> impl IntoView + use<> {
    view! {
        <section class="stack mt8" id="stays" aria-labelledby="stays-head">
            <h2 id="stays-head">"What stays when you erase, and why"</h2>
            {kept::stays_list(data)}
            <p><a href="/help/my-words">"What happens to my words"</a></p>
        </section>
    }
}
