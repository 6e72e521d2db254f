//! All teams, and all services, by name: a way to their pages and nothing that would compare them.

use super::{of_service, of_team};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Crumbs, Empty};
use axum::response::Response;
use leptos::prelude::*;
use store::services::{self, Service};

/// A line: name, where it leads, what stands beside it, whether it was put away.
struct Line {
    name: String,
    href: String,
    beside: String,
    put_away: bool,
}

pub(in crate::trends) async fn teams(ctx: Ctx) -> Result<Response, AppError> {
    let services = services::list(ctx.store(), ctx.viewer()?).await?;
    let own = |team| {
        let names: Vec<&str> =
            services.iter().filter(|s: &&Service| s.team_id == Some(team) && !s.put_away).map(|s| s.name.as_str()).collect();
        names.join(", ")
    };
    let teams = store::people::teams(ctx.store()).await?;
    let lines = teams.into_iter().map(|t| Line { href: of_team(t.id), beside: own(t.id), put_away: t.put_away, name: t.name });
    let words = "What happened in each, and what was learned from it. A team is listed with the services that it owns.";
    let lines = lines.collect();
    Ok(shell::page(&ctx, Head::new("Teams", Nav::Trends), move || draw("Teams", words, "No team yet", lines)))
}

pub(in crate::trends) async fn services(ctx: Ctx) -> Result<Response, AppError> {
    let services = services::list(ctx.store(), ctx.viewer()?).await?;
    let line =
        |s: Service| Line { href: of_service(s.id), beside: s.team.unwrap_or_default(), put_away: s.put_away, name: s.name };
    let lines = services.into_iter().map(line).collect();
    let words = "What happened with each, and what was learned from it. A service is listed with the team that owns it.";
    Ok(shell::page(&ctx, Head::new("Services", Nav::Trends), move || draw("Services", words, "No service yet", lines)))
}

fn draw(heading: &'static str, words: &'static str, none: &'static str, lines: Vec<Line>) -> impl IntoView {
    let empty = lines.is_empty();
    let lines = lines.into_iter().map(|line| {
        view! {
            <li class="line">
                <span class="chips"><a href=line.href>{line.name}</a>{line.put_away.then(|| view! { <Chip>"No longer in use"</Chip> })}</span>
                <span class="small quiet">{line.beside}</span>
            </li>
        }
    });
    view! {
        <Crumbs links=vec![("/trends".to_owned(), "Trends".to_owned())] here=heading/>
        <div class="page-head"><div><h1>{heading}</h1><p>{words}</p></div></div>
        {if empty {
            view! { <Empty heading=none><p>"An administrator adds them in the settings. Incidents can be told without."</p></Empty> }.into_any()
        } else {
            view! { <ul class="lines places">{lines.collect_view()}</ul> }.into_any()
        }}
    }
}
