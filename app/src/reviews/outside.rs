//! The text for people outside, on a page of its own: it is no part of the story and never read inside it.

use super::parts::{at, opened_for};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::timeline::own_files;
use crate::ui::{Icon, Markdown, Note};
use axum::extract::Path;
use axum::response::Response;
use domain::reviews::SectionKind;
use domain::rights::{Right, may};
use leptos::prelude::*;

/// What is, or is to be, said to people outside.
pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::ReadStory).await?;
    let sections = store::reviews::sections(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let text = sections.into_iter().find(|s| s.kind == SectionKind::External).map(|s| s.body).unwrap_or_default();
    let files = own_files(&ctx, &opened.incident).await?;
    let head = Head::new(format!("{} · {}", SectionKind::External.title(), opened.incident.title), Nav::Incidents);
    Ok(shell::page(&ctx, head, move || {
        provide_context(files);
        let key = opened.incident.key;
        let edits = may(Right::EditReview, &opened.standing);
        let none = text.trim().is_empty();
        view! {
            <IncidentFrame opened tab=Tab::Review>
                <p class="crumbs desk-back"><a href=at(key, "")>"The story"</a></p>
                <section class="stack measure" aria-labelledby="outside-h">
                    <div class="section-head section-head-flush">
                        <h2 id="outside-h">{SectionKind::External.title()}</h2>
                        {edits.then(|| view! { <a class="btn btn-small" href=at(key, SectionKind::External.slug())><Icon name="pencil"/>"Write"</a> })}
                    </div>
                    <Note><Icon name="eye"/><p>"It is written for readers outside and stands apart: the story inside says nothing of it, and no export of the story carries it."</p></Note>
                    {if none {
                        view! { <p class="quiet">"Nothing is written here yet."</p> }.into_any()
                    } else {
                        view! { <Markdown text class="md"/> }.into_any()
                    }}
                </section>
            </IncidentFrame>
        }
    }))
}
