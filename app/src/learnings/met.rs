//! What an incident met again: learnings of earlier ones, on its tab, with a form for who keeps them.

use super::apart::page_of;
use super::page;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::ui::{Markdown, TextField};
use axum::extract::Path;
use axum::response::Response;
use domain::learnings::standing::read_learning;
use domain::{Invalid, MetId};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::learnings::Met;

/// A learning that was met again, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MetFields {
    /// Its address.
    learning: String,
    note: String,
}

pub(super) async fn meet(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<MetFields>) -> Result<Response, AppError> {
    let kept = page::load_to_keep(&ctx, &key).await?;
    let incident = &kept.opened.incident;
    let missing = || Invalid::one("learning", "Please paste the address of a learning.");
    let refused = match read_learning("learning", &typed.learning).and_then(|id| id.ok_or_else(missing)) {
        Err(invalid) => invalid,
        Ok(id) => match store::learnings::meet(ctx.store(), ctx.viewer()?, incident.id, id, &typed.note, ctx.now).await {
            Ok(_) => return Ok(see_and_say(&format!("/incidents/{}/factors#met-h", incident.key), "added")),
            Err(StoreError::Invalid(invalid)) => invalid,
            Err(other) => return Err(other.into()),
        },
    };
    Ok(page::draw(&ctx, kept, page::Forms { met: Form::refused(typed, refused), ..page::Forms::default() }))
}

pub(super) async fn unmeet(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let kept = page::load_to_keep(&ctx, &key).await?;
    let id: MetId = id.parse().map_err(|_| AppError::NotFound)?;
    store::learnings::unmeet(ctx.store(), ctx.viewer()?, kept.opened.incident.id, id, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}/factors#met-h", kept.opened.incident.key), "removed"))
}

/// The part of the tab; nothing where there is nothing to read and nothing to do.
pub(super) fn section(base: &str, met: Vec<Met>, form: Form<MetFields>, keeps: bool) -> impl IntoView + use<> {
    let action = format!("{base}/met");
    (keeps || !met.is_empty()).then(|| {
        let none = met.is_empty();
        let items: Vec<_> = met.into_iter().map(|met| item(met, &action, keeps)).collect();
        view! {
            <section class="mt6" aria-labelledby="met-h">
                <div class="section-head"><h2 id="met-h">"Met again here"</h2></div>
                {if none {
                    view! { <p class="quiet small">"Learnings of earlier incidents that this one met again. Nobody failed to learn: it shows what is hard to see."</p> }.into_any()
                } else {
                    view! { <ul>{items}</ul> }.into_any()
                }}
                {keeps.then(|| meet_form(action, form))}
            </section>
        }
    })
}

fn item(met: Met, action: &str, keeps: bool) -> impl IntoView + use<> {
    let remove = format!("{action}/{}/delete", met.id);
    view! {
        <li class="factor">
            <Markdown text=met.body class="kept-text"/>
            {(!met.note.is_empty()).then(|| view! { <p class="small">{met.note}</p> })}
            <div class="chips">
                <a class="event-edit" href=page_of(met.learning)>{format!("From {}, {}", met.key, met.title)}</a>
                {keeps.then(|| view! {
                    <form method="post" action=remove><button class="btn btn-small btn-quiet">"Take away"<span class="vh">{format!(" the learning of {}", met.key)}</span></button></form>
                })}
            </div>
        </li>
    }
}

fn meet_form(action: String, form: Form<MetFields>) -> impl IntoView {
    let open = !form.invalid.fields.is_empty();
    let (learning, note) = (form.error("learning"), form.error("note"));
    let typed = form.typed;
    view! {
        <details class="more mt4" open=open>
            <summary>"We met an earlier learning again"</summary>
            <form class="card stack mt2" method="post" action=action>
                <p class="hint">"Look it up among "<a href="/learnings">"all learnings"</a>", and paste the address of its page."</p>
                <TextField name="learning" label="Address of the learning" value=typed.learning error=learning/>
                <TextField name="note" label="How it was met here, in a line" value=typed.note error=note/>
                <p class="actions"><button class="btn btn-primary">"Add"</button></p>
            </form>
        </details>
    }
}
