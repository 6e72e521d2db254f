//! The second story, to be read and printed: as it is told, with what its readers and its facilitators have beside it, and nothing of a plan.

use super::again::{self, AgainFields};
use super::mentions;
use super::parts::{at, opened_for};
use super::telling::{Told, article};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::search::related_reviews;
use crate::shell::{self, Head, Nav};
use crate::timeline::own_files;
use crate::ui::{Crumbs, Icon, Note};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::rights::{Right, may};
use domain::walltime;
use leptos::prelude::*;
use std::sync::Arc;
use store::incidents::Opened;
use store::search::SimilarIncident;

/// The story before publication, for its facilitators.
pub(super) async fn preview(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    page(&ctx, opened, Form::default()).await
}

/// The page of the story, published or as a preview; who may read it the store decides.
pub(super) async fn page(ctx: &Ctx, opened: Opened, again: Form<AgainFields>) -> Result<Response, AppError> {
    let (store, viewer, id) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let story = store::reviews::story(store, viewer, id, ctx.now).await?;
    let factors = store::learnings::factors(store, viewer, id, ctx.now).await?;
    let events = store::timeline::events(store, viewer, id, ctx.now).await?;
    let (mentions, _) = mentions::among(&opened.incident, &events, &factors);
    let files = own_files(ctx, &opened.incident).await?;
    let related = store::search::related(store, viewer, id, ctx.now).await?;
    let read_by = store::reviews::readers(store, viewer, id, ctx.now).await?.map(|read| read.sentence());
    let beside = Beside { again, related, read_by };
    let edits = may(Right::EditReview, &opened.standing);
    let told = Told {
        story,
        factors,
        learnings: store::learnings::learnings(store, viewer, id, ctx.now).await?,
        met: store::learnings::met_at(store, viewer, id, ctx.now).await?,
        thanks: store::reviews::thanks(store, viewer, id, ctx.now).await?,
        events,
        mentions,
        comments: store::reviews::comments(store, viewer, id, ctx.now).await?,
        zone: walltime::parse_zone(&opened.incident.zone).unwrap_or(chrono_tz::UTC),
        incident: opened.incident,
        apart: false,
    };
    let head = Head::new(told.incident.title.clone(), Nav::Incidents).story().refused(&beside.again.invalid);
    Ok(shell::page(ctx, head, move || {
        provide_context(files);
        provide_context(told.mentions.clone());
        draw(&told, edits, beside)
    }))
}

/// What stands under the story.
struct Beside {
    again: Form<AgainFields>,
    related: Arc<Vec<SimilarIncident>>,
    /// How many of which teams have read it, in a sentence, where enough have.
    read_by: Option<String>,
}

fn draw(told: &Told, edits: bool, beside: Beside) -> impl IntoView + use<> {
    let Beside { again, related, read_by } = beside;
    let key = told.incident.key;
    let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (format!("/incidents/{key}"), key.to_string())];
    let preview = told.story.published_at.is_none();
    let now = expect_context::<Ctx>().now;
    view! {
        <div class="story-tools no-print">
            <Crumbs links here=if preview { "Preview" } else { "Second story" }/>
            {take_along(key)}
            {edits.then(|| view! {
                <p class="actions">
                    <a class="btn btn-small" href=at(key, if preview { "" } else { "summary" })><Icon name="pencil"/>"Write"</a>
                    {(!preview).then(|| view! {
                        <a class="btn btn-small" href=at(key, "links")><Icon name="link"/>"Share"</a>
                        <a class="btn btn-small" href=at(key, "preparation#after-h")>"After the meeting"</a>
                    })}
                </p>
            })}
        </div>
        {preview.then(|| view! {
            <div class="story-tools no-print">
                <Note><Icon name="eye"/><p>"A preview: only you and others who facilitate see it. Quotes stand in it once their authors agreed."</p></Note>
            </div>
        })}
        {article(told)}
        {(edits && !preview).then(|| again::question(key, told.story.asks_at, again, now))}
        {read_by.map(|words| view! { <p class="hint no-print" id="read-by">{words}" Teams are counted, never people."</p> })}
        {(!preview).then(|| related_reviews(&related))}
    }
}

/// The story as a file; without names where it goes to people who do not know those who are quoted.
fn take_along(key: IncidentKey) -> impl IntoView {
    let link = |page: &str, words: &'static str| view! { <a href=at(key, page) download="">{words}</a> };
    view! {
        <details>
            <summary class="small">"Take it along"</summary>
            <p class="meta small">
                {link("story.md", "Markdown")}
                {link("story.html", "One HTML file")}
                {link("story.html?names=off", "HTML, quotes without names")}
            </p>
            <p class="hint">"Print it for paper or PDF. What is said to people outside is not in it."</p>
        </details>
    }
}
