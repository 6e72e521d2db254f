//! The list of people with accounts.

use super::SettingsFrame;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Empty, Icon};
use axum::extract::Query;
use axum::response::Response;
use domain::people::TakesPart;
use leptos::prelude::*;
use serde::Deserialize;
use store::people::{AccountLine, AccountState, By, accounts};

/// Rows of the page; more are found by searching.
const ROWS: usize = 200;

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PeopleQuery {
    state: String,
    q: String,
}

pub(super) async fn list(ctx: Ctx, Query(query): Query<PeopleQuery>) -> Result<Response, AppError> {
    let all = accounts(ctx.store(), By::Viewer(ctx.viewer()?)).await?;
    Ok(shell::page(&ctx, Head::new("People", Nav::Settings), move || draw(all, query)))
}

fn draw(all: Vec<AccountLine>, query: PeopleQuery) -> impl IntoView {
    let chosen = AccountState::ALL.into_iter().find(|s| s.slug() == query.state);
    let wanted = domain::text::fold(&query.q);
    let counts = AccountState::ALL.map(|s| (s, all.iter().filter(|a| a.state == s).count()));
    let everybody = all.len();
    let found: Vec<AccountLine> = all
        .into_iter()
        .filter(|a| chosen.is_none_or(|s| a.state == s))
        .filter(|a| {
            let text = format!("{}\n{}\n{}", a.name, a.email, a.team.as_deref().unwrap_or_default());
            wanted.is_empty() || domain::text::fold(&text).contains(&wanted)
        })
        .collect();
    let more = found.len().saturating_sub(ROWS);
    let none = found.is_empty();
    let current = move |this: Option<AccountState>| (this == chosen).then_some("page");
    let (state, typed) = (query.state.clone(), query.q.clone());
    view! {
        <SettingsFrame at="/settings/people" heading="People" lede="Everybody with an account. Administering gives no right to read answers, and none are shown here.">
            <div class="section-head">
                <nav class="picks" aria-label="State">
                    <a class="pick" href="/settings/people" aria-current=current(None)>{format!("All {everybody}")}</a>
                    {counts
                        .into_iter()
                        .map(|(s, n)| view! { <a class="pick" href=format!("/settings/people?state={}", s.slug()) aria-current=current(Some(s))>{format!("{} {n}", s.label())}</a> })
                        .collect_view()}
                </nav>
                <a class="btn btn-primary" href="/settings/people/invite"><Icon name="plus"/>"Invite somebody"</a>
            </div>
            <form class="settings-search" method="get" action="/settings/people" role="search" aria-label="People">
                {(!state.is_empty()).then(|| view! { <input type="hidden" name="state" value=state/> })}
                <label class="vh" for="q">"Search people"</label>
                <input id="q" type="search" name="q" value=typed placeholder="Name, address or team"/>
                <button class="btn">"Search"</button>
            </form>
            {if none { nobody(everybody).into_any() } else { table(found).into_any() }}
            {(more > 0).then(|| view! { <p class="quiet small">{format!("{more} more. Please search for a name, an address or a team.")}</p> })}
        </SettingsFrame>
    }
}

fn nobody(everybody: usize) -> impl IntoView {
    let (heading, words) = if everybody <= 1 {
        (
            "Only you are here so far",
            "Invite the first people: somebody who may facilitate, and those who answer the phone at night.",
        )
    } else {
        ("Nobody is like that", "Please choose another state, or search for a part of a name or address.")
    };
    view! { <Empty heading=heading><p>{words}</p><p><a class="btn" href="/settings/people">"Everybody"</a></p></Empty> }
}

fn table(found: Vec<AccountLine>) -> impl IntoView {
    let rows = found
        .into_iter()
        .take(ROWS)
        .map(|a| {
            view! {
                <tr>
                    <th scope="row"><a href=format!("/settings/people/{}", a.id)>{a.name.clone()}</a><br/><span class="quiet small">{a.email.clone()}</span></th>
                    <td>{a.team.clone().unwrap_or_default()}</td>
                    <td><span class="picks">{roles(&a)}</span></td>
                    <td>{a.state.label()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-wrap mt4" tabindex="0" role="region" aria-label="People">
            <table>
                <thead><tr><th scope="col">"Who"</th><th scope="col">"Team"</th><th scope="col">"Roles"</th><th scope="col">"State"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn roles(a: &AccountLine) -> impl IntoView + use<> {
    let part = match a.takes_part {
        TakesPart::Member => Some("Member"),
        TakesPart::Leadership => Some("Leadership"),
        TakesPart::Not => None,
    };
    let roles = [part, a.administrator.then_some("Administrator"), a.may_facilitate.then_some("May facilitate")];
    roles.into_iter().flatten().map(|role| view! { <Chip>{role}</Chip> }).collect_view()
}
