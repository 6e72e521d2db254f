//! The page that asks before an incident goes into the trash.

use super::{counted, opened};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, TextField};
use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::incidents::Opened;
use store::trash::Going;

/// The typed key.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct KeyFields {
    pub(super) key: String,
}

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    draw(&ctx, opened, Form::default()).await
}

pub(super) async fn put_in(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<KeyFields>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    match store::trash::put_in(ctx.store(), ctx.viewer()?, opened.incident.id, &typed.key, ctx.now).await {
        Ok(()) => Ok(see_and_say("/trash", "trashed")),
        Err(StoreError::Invalid(invalid)) => draw(&ctx, opened, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

async fn draw(ctx: &Ctx, opened: Opened, form: Form<KeyFields>) -> Result<Response, AppError> {
    let going = store::trash::going(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let key = opened.incident.key;
    let head = Head::new(format!("Delete {key}"), Nav::Incidents).refused(&form.invalid);
    let base = format!("/incidents/{key}");
    let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (base.clone(), key.to_string())];
    Ok(shell::page(ctx, head, move || {
        let title = opened.incident.title.clone();
        view! {
            <Crumbs links here="Delete"/>
            <div class="page-head"><div><h1>{format!("Delete {key}?")}</h1><p>{title}</p></div></div>
            <div class="stack incident-form">
                <What going/>
                <form class="stack" method="post" action=format!("{base}/delete")>
                    {going.typed_key.then(|| view! {
                        <TextField name="key" label=format!("Type {key} to say that it is this one") value=form.typed.key.clone() error=form.error("key") autocomplete="off"/>
                    })}
                    <p class="actions">
                        <button class="btn btn-warn">"Put it into the trash"</button>
                        <a class="btn btn-quiet" href=base.clone()>"Leave it where it is"</a>
                    </p>
                </form>
                <p class="small quiet">"Was it told twice? "<a href=format!("{base}/merge")>"Merge it into the other one"</a>" instead."</p>
            </div>
        }
    }))
}

/// What goes, and for how long it can come back.
#[component]
fn What(going: Going) -> impl IntoView {
    let words = match (going.people, going.exact) {
        (0, true) => None,
        (0, false) => None,
        (n, true) => Some(format!("The words of {} go with it.", counted(n, "person", "people"))),
        (n, false) => Some(format!("Up to {} gave it their words; these go with it.", counted(n, "person", "people"))),
    };
    let events = counted(going.events, "event", "events");
    view! {
        <ul class="bullets">
            <li>{format!("It leaves lists, search, trends and exports at once, with its {events}, its factors and learnings, and its review.")}</li>
            {words.map(|words| view! { <li><b>{words}</b></li> })}
            <li>"Personal links to its one-on-ones stop working."</li>
            <li>{format!("For {} it can be put back from the trash, whole. Then it is gone for good, and its key with it.", counted(going.days, "day", "days"))}</li>
            <li>"Hours and other figures of groups that were closed already stay as they were published."</li>
        </ul>
    }
}
