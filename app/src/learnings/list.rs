//! All learnings of published stories, with filters that stand in the address.

use super::apart::page_of;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::encode;
use crate::incidents::choice;
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Empty, Icon, Markdown, When};
use axum::extract::Query;
use axum::response::Response;
use domain::learnings::{LearningKind, LearningStatus};
use leptos::prelude::*;
use serde::Deserialize;
use store::learnings::{Filter, Listed, Page};

/// Learnings of a page.
const ROWS: usize = 20;

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    q: String,
    kind: String,
    status: String,
    team: String,
    after: String,
}

impl ListQuery {
    fn filter(&self) -> Filter {
        Filter {
            kind: LearningKind::from_slug(&self.kind),
            status: LearningStatus::from_slug(&self.status),
            team: self.team.parse().ok(),
            words: self.q.clone(),
            after: self.after.parse().ok(),
        }
    }

    fn is_filtered(&self) -> bool {
        [&self.q, &self.kind, &self.status, &self.team].iter().any(|said| !said.trim().is_empty())
    }

    /// The same list, going on after a learning.
    fn address(&self, after: &str) -> String {
        let pairs =
            [("q", self.q.as_str()), ("kind", &self.kind), ("status", &self.status), ("team", &self.team), ("after", after)];
        let said: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        if said.is_empty() { "/learnings".to_owned() } else { format!("/learnings?{}", said.join("&")) }
    }
}

pub(super) async fn show(ctx: Ctx, Query(query): Query<ListQuery>) -> Result<Response, AppError> {
    let page = store::learnings::list(ctx.store(), ctx.viewer()?, &query.filter(), ROWS).await?;
    let teams = store::people::teams(ctx.store()).await?;
    let teams = teams.into_iter().map(|team| (team.id.to_string(), team.name)).collect();
    Ok(shell::page(&ctx, Head::new("Learnings", Nav::Incidents), move || draw(query, page, teams)))
}

fn draw(query: ListQuery, page: Page, teams: Vec<(String, String)>) -> impl IntoView {
    let last = page.rows.last().map(|row| row.learning.id.to_string());
    let more = last.filter(|_| page.more).map(|last| query.address(&last));
    let list = if page.rows.is_empty() {
        nothing(&query).into_any()
    } else {
        view! { <ul class="mt4">{page.rows.into_iter().map(row).collect_view()}</ul> }.into_any()
    };
    let first = (!query.after.is_empty()).then(|| query.address(""));
    view! {
        <div class="page-head"><div>
            <h1>"Learnings"</h1>
            <p>"What published stories taught, the latest first. They are of the system, of people together, and of how work goes."</p>
        </div></div>
        {filters(&query, teams)}
        {list}
        {(first.is_some() || more.is_some()).then(|| view! {
            <p class="actions mt4">
                {first.map(|href| view! { <a class="btn" href=href>"Back to the beginning"</a> })}
                {more.map(|href| view! { <a class="btn" rel="next" href=href>"More learnings"</a> })}
            </p>
        })}
    }
}

fn filters(query: &ListQuery, teams: Vec<(String, String)>) -> impl IntoView + use<> {
    let kinds = LearningKind::ALL.map(|k| (k.slug().to_owned(), k.label().to_owned())).to_vec();
    let statuses = LearningStatus::ALL.map(|s| (s.slug().to_owned(), s.label().to_owned())).to_vec();
    let q = query.q.clone();
    view! {
        <form class="filters mt6" action="/learnings" method="get" role="search" aria-label="Filter learnings">
            <div class="filter-line">
                <span class="find">
                    <Icon name="search"/>
                    <label class="vh" for="f-q">"Words of a learning"</label>
                    <input id="f-q" type="search" name="q" value=q placeholder="Words"/>
                </span>
                <button class="btn">"Show"</button>
            </div>
            <div class="filter-grid">
                {choice("kind", "About", &query.kind, kinds)}
                {choice("status", "Does it hold?", &query.status, statuses)}
                {choice("team", "Team that should know", &query.team, teams)}
            </div>
        </form>
    }
}

fn row(listed: Listed) -> impl IntoView {
    let Listed { learning, key, title, published_at } = listed;
    let status = learning.details.status;
    view! {
        <li class="factor">
            <Markdown text=learning.body class="kept-text"/>
            {(status == LearningStatus::Outdated).then(|| view! {
                <div class="small">"Now: "<Markdown text=learning.details.reason class="kept-text"/></div>
            })}
            <div class="chips">
                <Chip>{learning.kind.label()}</Chip>
                {(status != LearningStatus::New).then(|| view! { <Chip>{status.label()}</Chip> })}
                <a class="event-edit" href=page_of(learning.id)>"Read more"<span class="vh">" of this learning"</span></a>
            </div>
            <p class="small quiet"><a href=format!("/incidents/{key}/review")>{format!("{key}, {title}")}</a>", told "<When at=published_at/></p>
        </li>
    }
}

fn nothing(query: &ListQuery) -> impl IntoView + use<> {
    if !query.after.is_empty() {
        let first = query.address("");
        return view! { <div class="mt4"><Empty heading="This is the end"><p><a href=first>"Back to the beginning"</a></p></Empty></div> }.into_any();
    }
    if query.is_filtered() {
        return view! {
            <div class="mt4"><Empty heading="No learning is like that">
                <p>"Try fewer words, or "<a href="/learnings">"see them all"</a>"."</p>
            </Empty></div>
        }
        .into_any();
    }
    view! {
        <div class="mt4"><Empty heading="Nothing is published yet">
            <p>"When a second story is published, what was learned stands here, to be found by the next one who needs it."</p>
            <p><a class="btn" href="/incidents">"All incidents"</a></p>
        </Empty></div>
    }
    .into_any()
}
