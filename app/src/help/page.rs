//! The help pages; their texts are Markdown files beside this one.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, Markdown};
use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

struct Topic {
    slug: &'static str,
    icon: &'static str,
    title: &'static str,
    what: &'static str,
    text: &'static str,
}

const TOPICS: [Topic; 6] = [
    Topic {
        slug: "one-on-one",
        icon: "message-circle",
        title: "Answer a one-on-one",
        what: "Twelve questions, your pace, who may read what",
        text: include_str!("one-on-one.md"),
    },
    Topic {
        slug: "review",
        icon: "route",
        title: "Lead a learning review",
        what: "From first invitation to publication",
        text: include_str!("review.md"),
    },
    Topic {
        slug: "timeline",
        icon: "list",
        title: "Build a timeline",
        what: "Import, add, tell it as it looked then",
        text: include_str!("timeline.md"),
    },
    Topic {
        slug: "wall",
        icon: "brick-wall",
        title: "Why there is a wall",
        what: "Learning first, planning two working days later",
        text: include_str!("wall.md"),
    },
    Topic {
        slug: "trends",
        icon: "chart-no-axes-column",
        title: "Read the trends",
        what: "What each figure counts, and what it cannot tell",
        text: include_str!("trends.md"),
    },
    Topic {
        slug: "promise",
        icon: "lock",
        title: "What stays private",
        what: "And what cannot be promised",
        text: include_str!("promise.md"),
    },
];

pub(super) async fn contents(ctx: Ctx) -> Response {
    shell::page(&ctx, Head::new("Help", Nav::None), || {
        view! {
            <div class="page-head"><div><h1>"Help"</h1><p>"Short pages, written for tired people."</p></div></div>
            <ul class="help-list">
                {TOPICS
                    .iter()
                    .map(|topic| view! {
                        <li>
                            <a href=format!("/help/{}", topic.slug)><Icon name=topic.icon/><b>{topic.title}</b><small>{topic.what}</small></a>
                        </li>
                    })
                    .collect_view()}
            </ul>
        }
    })
}

pub(super) async fn topic(ctx: Ctx, Path(slug): Path<String>) -> Result<Response, AppError> {
    let topic = TOPICS.iter().find(|t| t.slug == slug).ok_or(AppError::NotFound)?;
    Ok(shell::page(&ctx, Head::new(topic.title, Nav::None), || {
        view! {
            <Crumbs links=vec![("/help".to_owned(), "Help".to_owned())] here=topic.title/>
            <article class="page-narrow">
                <h1>{topic.title}</h1>
                // Headings of the text begin at the third level.
                <h2 class="vh">"In short"</h2>
                <Markdown text=topic.text class="prose mt6"/>
            </article>
        }
    }))
}
