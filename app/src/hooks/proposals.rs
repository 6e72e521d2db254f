//! Proposed incidents: what tools told of, for members to open as an incident or to leave.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, see_and_say};
use crate::incidents::SeverityMark;
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Crumbs, Empty, Icon, When};
use axum::extract::Path;
use axum::response::Response;
use domain::OutageId;
use leptos::prelude::*;
use serde::Deserialize;
use store::timeline::hooks::{self, Proposal};

const AT: &str = "/proposals";

/// What is done with a proposal.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Act {
    act: String,
}

pub(super) async fn list(ctx: Ctx) -> Result<Response, AppError> {
    let all = hooks::proposals(ctx.store(), ctx.viewer()?).await?;
    Ok(shell::page(&ctx, Head::new("Proposed incidents", Nav::Incidents), move || {
        let (left, waiting): (Vec<_>, Vec<_>) = all.into_iter().partition(|proposal| proposal.dismissed);
        let none = waiting.is_empty();
        let some = !left.is_empty();
        view! {
            <Crumbs links=vec![("/incidents".to_owned(), "Incidents".to_owned())] here="Proposed incidents"/>
            <div class="page-head">
                <div>
                    <h1>"Proposed incidents"</h1>
                    <p>"What alerting and paging tools told of. Whoever opens one brings it in: its raw log comes along."</p>
                </div>
            </div>
            {if none {
                view! { <Empty heading="Nothing is proposed"><p>"When a tool sends something that may be an incident, it waits here."</p></Empty> }.into_any()
            } else {
                view! { <ul class="rows trash">{waiting.into_iter().map(|proposal| view! { <Row proposal/> }).collect_view()}</ul> }.into_any()
            }}
            {some.then(|| view! {
                <section class="mt6" aria-labelledby="left-h">
                    <h2 id="left-h">"Said to be no incident"</h2>
                    <ul class="rows trash">{left.into_iter().map(|proposal| view! { <Row proposal/> }).collect_view()}</ul>
                </section>
            })}
        }
    }))
}

#[component]
fn Row(proposal: Proposal) -> impl IntoView {
    let title = proposal.title.clone();
    let action = format!("{AT}/{}", proposal.id);
    let entries = if proposal.entries == 1 { "1 entry".to_owned() } else { format!("{} entries", proposal.entries) };
    view! {
        <li class="trash-row">
            <div class="trash-main">
                <p><SeverityMark severity=proposal.severity/>" "<b>{proposal.title}</b></p>
                <p class="meta">
                    <span>"Began "<When at=proposal.started_at/></span>
                    {match proposal.resolved_at {
                        Some(at) => view! { <span>"Over "<When at/></span> }.into_any(),
                        None => view! { <Chip>"Goes on"</Chip> }.into_any(),
                    }}
                    <span>{format!("{}, by {}", proposal.source.label(), proposal.hook)}</span>
                    <span>{entries}</span>
                </p>
            </div>
            <form class="actions" method="post" action=action>
                {if proposal.dismissed {
                    view! { <button class="btn btn-small" name="act" value="undo">"Propose it again"<span class="vh">{format!(": {title}")}</span></button> }.into_any()
                } else {
                    view! {
                        <button class="btn btn-small btn-primary" name="act" value="open"><Icon name="plus"/>"Open it"<span class="vh">{format!(": {title}")}</span></button>
                        <button class="btn btn-small btn-quiet" name="act" value="dismiss">"Not an incident"<span class="vh">{format!(": {title}")}</span></button>
                    }.into_any()
                }}
            </form>
        </li>
    }
}

pub(super) async fn decide(ctx: Ctx, Path(id): Path<String>, Posted(typed): Posted<Act>) -> Result<Response, AppError> {
    let id: OutageId = id.parse().map_err(|_| AppError::NotFound)?;
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    match typed.act.as_str() {
        "open" => {
            let key = hooks::open(store, viewer, id, ctx.now).await?;
            return Ok(see_and_say(&format!("/incidents/{key}"), "opened"));
        }
        "undo" => hooks::take_up_again(store, viewer, id, ctx.now).await?,
        _ => hooks::dismiss(store, viewer, id, ctx.now).await?,
    }
    Ok(see_and_say(AT, if typed.act == "undo" { "restored" } else { "not-an-incident" }))
}
