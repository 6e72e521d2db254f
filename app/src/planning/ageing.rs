//! What waits to be decided or done, over all rooms that somebody was given, by how long it has been there.

use super::looking_back::tracker;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, When};
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::planning::Age;
use leptos::prelude::*;
use store::planning::{self, Planned};

/// The list, the oldest first.
pub async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let waiting = planning::by_age(store, viewer, ctx.now).await?;
    let back = planning::waiting(store, viewer, ctx.now).await?.to_look_back;
    let head = Head::new("Planned, by age", Nav::Home).planning().band("door-open", "No story and no trend links here.");
    let now = ctx.now;
    Ok(shell::page(&ctx, head, move || {
        view! {
            <Crumbs links=Vec::new() here="Planned, by age"/>
            <div class="page-head"><div>
                <h1>"Planned, by age"</h1>
                <p>"From the rooms that you were given, and what you take care of elsewhere. Old is a question to ask together: does it still matter?"</p>
            </div></div>
            {(waiting.is_empty() && back.is_empty()).then(|| view! {
                <section class="empty">
                    <h2>"Nothing waits"</h2>
                    <p>"Items stand here once a planning room that you were given is open, or somebody asks you to take care of one."</p>
                </section>
            })}
            {(!back.is_empty()).then(|| view! {
                <section class="mt6" aria-labelledby="back">
                    <div class="section-head"><h2 id="back">"Done some weeks ago: did it help?"</h2></div>
                    <ul class="rows">{back.into_iter().map(|item| row(item, now)).collect_view()}</ul>
                </section>
            })}
            {Age::ALL.into_iter().map(|age| group(age, &waiting, now)).collect_view()}
        }
    }))
}

fn group(age: Age, waiting: &[Planned], now: DateTime<Utc>) -> Option<impl IntoView + use<>> {
    let items: Vec<Planned> = waiting.iter().filter(|item| Age::of(item.created_at, now) == age).cloned().collect();
    (!items.is_empty()).then(|| {
        let id = ["age-quarter", "age-month", "age-new"][age as usize];
        view! {
            <section class="mt6" aria-labelledby=id>
                <div class="section-head"><h2 id=id>{age.label()}</h2></div>
                <ul class="rows">{items.into_iter().map(|item| row(item, now)).collect_view()}</ul>
            </section>
        }
    })
}

fn row(item: Planned, now: DateTime<Utc>) -> impl IntoView {
    let due = item.due_on.filter(|_| item.state.waits()).map(|day| {
        let past = day < now.date_naive();
        day.format(if past { "was meant for %-d %b %Y" } else { "due %-d %b %Y" }).to_string()
    });
    let since = item.done_at.filter(|_| !item.state.waits());
    view! {
        <li class="item">
            <h3><a href=format!("/planned/{}", item.id)>{item.title.clone()}</a></h3>
            <div class="meta">
                <span class="chip">{item.state.label()}</span>
                <span>{item.key.to_string()}" "{item.incident_title.clone()}</span>
                {item.owner.map(|owner| view! { <span><Icon name="user"/>{owner}</span> })}
                {due.map(|due| view! { <span><Icon name="calendar"/>{due}</span> })}
                {match since {
                    Some(at) => view! { <span>"done "<When at/></span> }.into_any(),
                    None => view! { <span>"written down "<When at=item.created_at/></span> }.into_any(),
                }}
                {tracker(&item.tracker)}
            </div>
        </li>
    }
}
