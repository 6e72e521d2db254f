//! What changed in the organisation: written down with its day, and shown beside the figures of its time.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, TextField};
use axum::extract::Path;
use axum::response::Response;
use chrono::{Days, NaiveDate};
use domain::AnnotationId;
use domain::people::Viewer;
use domain::rights::{Right, Standing, may};
use domain::trends::{Annotation, annotations::WORDS_MAX};
use leptos::prelude::*;
use serde::Deserialize;
use store::trends::{self, Filter};

const AT: &str = "/trends/changes";
const HEADING: &str = "What changed here";

/// As typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChangeFields {
    day: String,
    words: String,
}

/// What is written down, with its ids.
pub(super) type Told = Vec<(AnnotationId, Annotation)>;

fn may_annotate(viewer: &Viewer) -> bool {
    may(Right::AnnotateTrends, &Standing::of(viewer))
}

/// Those of the filter's months.
pub(super) async fn within(ctx: &Ctx, filter: &Filter) -> Result<Told, AppError> {
    Ok(trends::annotations(ctx.store(), ctx.viewer()?, filter.from.first_day(), filter.to.closed_on()).await?)
}

/// The page.
pub async fn show(ctx: Ctx) -> Result<Response, AppError> {
    draw(&ctx, Form::default()).await
}

/// Writes one down.
pub async fn add(ctx: Ctx, Posted(typed): Posted<ChangeFields>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    if !may_annotate(viewer) {
        return Err(AppError::NotFound);
    }
    match Annotation::parse(&typed.day, &typed.words, today(&ctx)) {
        Err(invalid) => draw(&ctx, Form::refused(typed, invalid)).await,
        Ok(new) => {
            trends::annotate(ctx.store(), viewer, &new, ctx.now).await?;
            Ok(see_and_say(AT, "saved"))
        }
    }
}

/// Takes one away.
pub async fn remove(ctx: Ctx, Path(id): Path<String>) -> Result<Response, AppError> {
    let id: AnnotationId = id.parse().map_err(|_| AppError::NotFound)?;
    trends::remove_annotation(ctx.store(), ctx.viewer()?, id, ctx.now).await?;
    Ok(see_and_say(AT, "removed"))
}

fn today(ctx: &Ctx) -> NaiveDate {
    ctx.now.with_timezone(&ctx.zone()).date_naive()
}

async fn draw(ctx: &Ctx, form: Form<ChangeFields>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let keeps = may_annotate(viewer);
    let tomorrow = today(ctx).checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    let told = trends::annotations(ctx.store(), viewer, NaiveDate::default(), tomorrow).await?;
    let head = Head::new(HEADING, Nav::Trends).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let none = told.is_empty();
        let rows = told
            .into_iter()
            .map(|(id, change)| {
                view! {
                    <li>
                        <p><b>{said(change.day)}</b>" "{change.words}</p>
                        {keeps.then(|| view! {
                            <form method="post" action=format!("{AT}/{id}/remove")><button class="btn btn-small btn-quiet">"Take it away"</button></form>
                        })}
                    </li>
                }
            })
            .collect_view();
        view! {
            <Crumbs links=vec![("/trends".to_owned(), "Trends".to_owned())] here=HEADING/>
            <div class="page-head"><div>
                <h1>{HEADING}</h1>
                <p>"A second site on call, another scale of severities, a service that was split: figures before and after such a day do not mean the same. Whoever reads trends sees these days beside them."</p>
            </div></div>
            <div class="narrow stack">
                {keeps.then(|| fields(form))}
                {none.then(|| view! { <p class="quiet">"Nothing is written down yet."</p> })}
                <ul class="plain-list stack">{rows}</ul>
            </div>
        }
    }))
}

fn fields(form: Form<ChangeFields>) -> impl IntoView {
    let (day, words) = (form.error("day"), form.error("words"));
    let typed = form.typed;
    let hint = format!("One line, {WORDS_MAX} characters at most. About the organisation; no names.");
    view! {
        <form class="card stack" method="post" action=AT>
            <TextField name="day" kind="date" label="Day" value=typed.day error=day placeholder="2026-03-01"/>
            <TextField name="words" label="What changed" value=typed.words error=words hint autocomplete="off"/>
            <p class="actions"><button class="btn btn-primary">"Write it down"</button></p>
        </form>
    }
}

fn said(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// Beside the figures: what changed in their months.
pub(super) fn beside(told: &Told) -> impl IntoView + use<> {
    let lines =
        told.iter().map(|(_, change)| view! { <li><b>{said(change.day)}</b>" "{change.words.clone()}</li> }).collect_view();
    let any = !told.is_empty();
    view! {
        <div class="w12 small">
            {any.then(|| view! { <p class="quiet">"What changed in these months, and may explain figures:"</p><ul class="bullets">{lines}</ul> })}
            <p><a href=AT>{if any { "All changes" } else { "What changed here, to be read beside the figures" }}</a></p>
        </div>
    }
}
