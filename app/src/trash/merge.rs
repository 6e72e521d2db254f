//! Merging two incidents that are the same one: which, what moves, then doing it.

use super::counted;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, encode, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, Note, TextField};
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::rights::{Right, may};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::incidents::Opened;
use store::trash::Merging;

/// The other one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MergeFields {
    into: String,
}

/// The incident of a path, for somebody who may delete it and change it: what moves is seen.
async fn opened(ctx: &Ctx, key: &str) -> Result<Opened, AppError> {
    let opened = super::opened(ctx, key).await?;
    if may(Right::EditIncidents, &opened.standing) { Ok(opened) } else { Err(AppError::NotFound) }
}

/// Asks which one; with a key, shows what would move.
pub(super) async fn show(ctx: Ctx, Path(key): Path<String>, Query(typed): Query<MergeFields>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    if typed.into.trim().is_empty() {
        return Ok(draw(&ctx, &opened, Form::new(typed), None));
    }
    match store::trash::merging(ctx.store(), ctx.viewer()?, opened.incident.id, &typed.into, ctx.now).await {
        Ok(merging) => Ok(draw(&ctx, &opened, Form::new(typed), Some(merging))),
        Err(StoreError::Invalid(invalid)) => Ok(draw(&ctx, &opened, Form::refused(typed, invalid), None)),
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn merge(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<MergeFields>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    match store::trash::merge(ctx.store(), ctx.viewer()?, opened.incident.id, &typed.into, ctx.now).await {
        Ok(into) => Ok(see_and_say(&format!("/incidents/{into}"), "merged")),
        Err(StoreError::Invalid(invalid)) => Ok(draw(&ctx, &opened, Form::refused(typed, invalid), None)),
        Err(other) => Err(other.into()),
    }
}

fn draw(ctx: &Ctx, opened: &Opened, form: Form<MergeFields>, merging: Option<Merging>) -> Response {
    let key = opened.incident.key;
    let head = Head::new(format!("Merge {key}"), Nav::Incidents).refused(&form.invalid);
    let base = format!("/incidents/{key}");
    let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (base.clone(), key.to_string())];
    let title = opened.incident.title.clone();
    shell::page(ctx, head, move || {
        view! {
            <Crumbs links here="Merge"/>
            <div class="page-head"><div><h1>{format!("{key} is the same incident as another one")}</h1><p>{title}</p></div></div>
            <div class="stack incident-form">
                <form class="stack" method="get" action=format!("{base}/merge")>
                    <TextField
                        name="into"
                        label="Key of the one that stays"
                        hint="It keeps its title, its times and its review."
                        value=form.typed.into.clone()
                        error=form.error("into")
                        autocomplete="off"
                        placeholder="INC-12"
                    />
                    <p class="actions"><button class="btn">"Show what moves"</button><a class="btn btn-quiet" href=base.clone()>"Leave both"</a></p>
                </form>
                {merging.map(|merging| view! { <Preview key merging/> })}
            </div>
        }
    })
}

#[component]
fn Preview(key: IncidentKey, merging: Merging) -> impl IntoView {
    let into = merging.into;
    if let Some(keeps) = merging.keeps {
        let other = format!("/incidents/{into}/merge?into={}", encode(&key.to_string()));
        return view! {
            <Note tone="care">
                <Icon name="info"/>
                <div><p><strong>"These two cannot be merged this way."</strong>" "{keeps}</p><p><a href=other>{format!("Merge {into} into {key}")}</a></p></div>
            </Note>
        }
        .into_any();
    }
    let moves = [
        (merging.events, "event", "events"),
        (merging.factors, "factor", "factors"),
        (merging.learnings, "learning", "learnings"),
        (merging.sources, "document", "documents"),
        (merging.raw_entries, "entry of the raw log", "entries of the raw log"),
        (merging.attachments, "file", "files"),
        (merging.services, "service", "services"),
        (merging.items, "planned item, behind the wall", "planned items, behind the wall"),
        (merging.people, "person who plans or is named", "people who plan or are named"),
    ];
    let moves: Vec<String> = moves.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| counted(n, one, many)).collect();
    let nothing = moves.is_empty();
    view! {
        <section class="card stack" aria-labelledby="moves-h">
            <h2 id="moves-h">{format!("What moves to {into}")}</h2>
            <p>{merging.into_title.clone()}</p>
            {if nothing {
                view! { <p class="quiet">"Nothing: it holds nothing yet."</p> }.into_any()
            } else {
                view! { <ul class="bullets">{moves.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul> }.into_any()
            }}
            <ul class="bullets small soft">
                <li>{format!("{into} keeps its title, its times and its review.")}</li>
                {merging.story_stays.then(|| view! { <li>{format!("The text of {key}’s story does not move; its document does.")}</li> })}
                <li>{format!("{key} goes into the trash, and its old address leads to {into}. From the trash it can be split off again.")}</li>
            </ul>
            <form method="post" action=format!("/incidents/{key}/merge")>
                <input type="hidden" name="into" value=into.to_string()/>
                <p class="actions"><button class="btn btn-primary">{format!("Merge {key} into {into}")}</button></p>
            </form>
        </section>
    }
    .into_any()
}
