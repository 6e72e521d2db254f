//! The help pages; their texts are Markdown files beside this one, and the guides.

use super::guides::{GUIDES, GuidePage};
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

const TOPICS: [Topic; 7] = [
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
        slug: "history",
        icon: "history",
        title: "Look back, undo, delete",
        what: "Earlier versions, the trash, two that are the same",
        text: include_str!("history.md"),
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
    let line = |slug: &'static str, icon: &'static str, title: &'static str, what: &'static str| {
        view! { <li><a href=format!("/help/{slug}")><Icon name=icon/><b>{title}</b><small>{what}</small></a></li> }
    };
    shell::page(&ctx, Head::new("Help", Nav::None), move || {
        view! {
            <div class="page-head"><div><h1>"Help"</h1><p>"Short pages, written for tired people."</p></div></div>
            <ul class="help-list">{TOPICS.iter().map(|t| line(t.slug, t.icon, t.title, t.what)).collect_view()}</ul>
            <div class="section-head mt8"><h2>"Guides"</h2></div>
            <p class="quiet small">"Longer, to be read with a cup of tea."</p>
            <ul class="help-list mt4">{GUIDES.iter().map(|g| line(g.slug, g.icon, g.title(), g.what)).collect_view()}</ul>
        }
    })
}

pub(super) async fn topic(ctx: Ctx, Path(slug): Path<String>) -> Result<Response, AppError> {
    let help = || vec![("/help".to_owned(), "Help".to_owned())];
    if let Some(guide) = GUIDES.iter().find(|g| g.slug == slug) {
        return Ok(shell::page(&ctx, Head::new(guide.title(), Nav::None), || {
            view! { <Crumbs links=help() here=guide.title()/><GuidePage guide/> }
        }));
    }
    let topic = TOPICS.iter().find(|t| t.slug == slug).ok_or(AppError::NotFound)?;
    Ok(shell::page(&ctx, Head::new(topic.title, Nav::None), || {
        view! {
            <Crumbs links=help() here=topic.title/>
            <article class="page-narrow">
                <h1>{topic.title}</h1>
                // Headings of the text begin at the third level.
                <h2 class="vh">"In short"</h2>
                <Markdown text=topic.text.to_owned() class="prose mt6"/>
            </article>
        }
    }))
}
