//! The trash itself: what the viewer may bring back, and what administrators may do without seeing anything.

use super::put_in::KeyFields;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Empty, TextField, When};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::walltime;
use leptos::prelude::*;
use store::StoreError;
use store::trash::Trashed;

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    draw(&ctx, Form::default()).await
}

/// An administrator puts an incident in by its key alone.
pub(super) async fn put_in(ctx: Ctx, Posted(typed): Posted<KeyFields>) -> Result<Response, AppError> {
    match store::trash::put_in_by_key(ctx.store(), ctx.viewer()?, &typed.key, ctx.now).await {
        Ok(_) => Ok(see_and_say("/trash", "trashed")),
        Err(StoreError::Invalid(invalid)) => draw(&ctx, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

fn crumbs() -> Vec<(String, String)> {
    vec![("/incidents".to_owned(), "Incidents".to_owned())]
}

async fn draw(ctx: &Ctx, form: Form<KeyFields>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let list = store::trash::list(ctx.store(), viewer).await?;
    let administrator = viewer.administrator;
    let head = Head::new("Trash", Nav::Incidents).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let none = list.is_empty();
        view! {
            <Crumbs links=crumbs() here="Trash"/>
            <div class="page-head">
                <div>
                    <h1>"Trash"</h1>
                    <p>"Incidents that you may bring back. Nobody finds them anywhere else."</p>
                </div>
            </div>
            {if none {
                view! {
                    <Empty heading="Nothing of yours is in the trash">
                        <p>"An incident is deleted from the page that changes it. Until its day comes it can be put back from here, whole."</p>
                    </Empty>
                }
                .into_any()
            } else {
                view! { <ul class="rows trash">{list.into_iter().map(|trashed| view! { <Row trashed/> }).collect_view()}</ul> }.into_any()
            }}
            {administrator.then(|| view! {
                <section class="stack mt6 incident-form" aria-labelledby="by-key-h">
                    <h2 id="by-key-h">"By its key"</h2>
                    <p class="quiet small">"As an administrator you put any incident that you could open into the trash without opening it."</p>
                    <form class="stack" method="post" action="/trash">
                        <TextField name="key" label="Key, such as INC-12" value=form.typed.key.clone() error=form.error("key") autocomplete="off"/>
                        <p class="actions"><button class="btn">"Put it into the trash"</button></p>
                    </form>
                </section>
            })}
        }
    }))
}

#[component]
fn Row(trashed: Trashed) -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    let key = trashed.key;
    let gone = walltime::day(trashed.gone_at, ctx.zone());
    let title = trashed.title.clone().unwrap_or_else(|| "Restricted".to_owned());
    let merged = trashed.merged_into;
    let back = if merged.is_some() { "Split it off again" } else { "Put back" };
    view! {
        <li class="trash-row">
            <div class="trash-main">
                <p><span class="key">{key.to_string()}</span>" "<b>{title}</b></p>
                <p class="meta">
                    <span>"Put here "<When at=trashed.at/>{trashed.by.clone().map(|by| format!(" by {by}"))}</span>
                    {merged.map(|into| view! { <span>"Merged into "<a href=format!("/incidents/{into}")>{into.to_string()}</a></span> })}
                    <span>{format!("Gone for good on {gone}")}</span>
                </p>
            </div>
            <div class="actions">
                <form method="post" action=format!("/trash/{key}/put-back")>
                    <button class="btn btn-small">{back}<span class="vh">{format!(": {key}")}</span></button>
                </form>
                {trashed.may_delete_now.then(|| view! {
                    <a class="btn btn-small btn-quiet" href=format!("/trash/{key}/delete")>"Delete now…"<span class="vh">{format!(" {key}")}</span></a>
                })}
            </div>
        </li>
    }
}

fn read(key: &str) -> Result<IncidentKey, AppError> {
    key.parse().map_err(|()| AppError::NotFound)
}

pub(super) async fn put_back(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let key = read(&key)?;
    store::trash::put_back(ctx.store(), ctx.viewer()?, key, ctx.now).await?;
    let seen = store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await.is_ok();
    Ok(see_and_say(&if seen { format!("/incidents/{key}") } else { "/trash".to_owned() }, "restored"))
}

/// What of the trash has this key, for who may delete it now.
async fn find(ctx: &Ctx, key: &str) -> Result<Trashed, AppError> {
    let key = read(key)?;
    let list = store::trash::list(ctx.store(), ctx.viewer()?).await?;
    list.into_iter().find(|t| t.key == key && t.may_delete_now).ok_or(AppError::NotFound)
}

pub(super) async fn ask(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let trashed = find(&ctx, &key).await?;
    Ok(draw_ask(&ctx, trashed, Form::default()))
}

pub(super) async fn delete(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<KeyFields>) -> Result<Response, AppError> {
    let trashed = find(&ctx, &key).await?;
    match store::trash::delete_now(ctx.store(), ctx.viewer()?, trashed.key, &typed.key, ctx.now).await {
        Ok(_) => Ok(see_and_say("/trash", "gone")),
        Err(StoreError::Invalid(invalid)) => Ok(draw_ask(&ctx, trashed, Form::refused(typed, invalid))),
        Err(other) => Err(other.into()),
    }
}

fn draw_ask(ctx: &Ctx, trashed: Trashed, form: Form<KeyFields>) -> Response {
    let key = trashed.key;
    let head = Head::new(format!("Delete {key} for good"), Nav::Incidents).refused(&form.invalid);
    let mut links = crumbs();
    links.push(("/trash".to_owned(), "Trash".to_owned()));
    shell::page(ctx, head, move || {
        view! {
            <Crumbs links here="Delete now"/>
            <div class="page-head"><div><h1>{format!("Delete {key} for good?")}</h1></div></div>
            <div class="stack incident-form">
                <ul class="bullets">
                    <li>"Everything of it is removed, first the key that its confidential words were sealed with. Nobody can bring it back."</li>
                    <li>"An older backup still holds it, until that backup is gone."</li>
                    <li>"The audit trail keeps that it was, and that it was deleted; it holds no content."</li>
                </ul>
                <form class="stack" method="post" action=format!("/trash/{key}/delete")>
                    <TextField name="key" label=format!("Type {key} to say that it is this one") value=form.typed.key.clone() error=form.error("key") autocomplete="off"/>
                    <p class="actions">
                        <button class="btn btn-warn">"Delete for good"</button>
                        <a class="btn btn-quiet" href="/trash">"Leave it in the trash"</a>
                    </p>
                </form>
            </div>
        }
    })
}
