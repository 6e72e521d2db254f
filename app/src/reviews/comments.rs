//! Comments at one section of a review: on a page of their own, so that the story stays one. Resolved ones fold away.

use super::mentions;
use super::parts::{at, opened_for};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::ui::{Markdown, Mentions, TextareaField, When};
use axum::extract::Path;
use axum::response::Response;
use domain::CommentId;
use domain::incidents::IncidentKey;
use domain::reviews::SectionKind;
use domain::rights::{Right, may};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::incidents::Opened;
use store::reviews::{Comment, Settling};

/// A comment, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CommentFields {
    body: String,
    /// Not empty: the form said that those who facilitate read it alone.
    among: String,
}

/// What becomes of a comment: `resolve`, `reopen` or `take-back`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CommentAct {
    act: String,
}

fn page_of(key: IncidentKey, kind: SectionKind) -> String {
    at(key, &format!("{}/comments", kind.slug()))
}

/// The comments at a section.
pub(super) async fn show(ctx: Ctx, Path((key, section)): Path<(String, String)>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::ReadStory).await?;
    let kind = SectionKind::from_slug(&section).ok_or(AppError::NotFound)?;
    draw(&ctx, opened, kind, Form::default()).await
}

/// Writes one.
pub(super) async fn add(
    ctx: Ctx,
    Path((key, section)): Path<(String, String)>,
    Posted(typed): Posted<CommentFields>,
) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::ReadStory).await?;
    let kind = SectionKind::from_slug(&section).ok_or(AppError::NotFound)?;
    match store::reviews::comment(
        ctx.store(),
        ctx.viewer()?,
        opened.incident.id,
        kind,
        &typed.body,
        !typed.among.is_empty(),
        ctx.now,
    )
    .await
    {
        Ok(id) => Ok(form::see_and_say(&format!("{}#c-{id}", page_of(opened.incident.key, kind)), "added")),
        // As it stands now: it may have been published meanwhile, and then the page says who reads it.
        Err(StoreError::Invalid(invalid)) => {
            let opened = opened_for(&ctx, &key, Right::ReadStory).await?;
            draw(&ctx, opened, kind, Form::refused(typed, invalid)).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Resolves one, opens it again or takes it back.
pub(super) async fn settle(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(typed): Posted<CommentAct>,
) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::ReadStory).await?;
    let id: CommentId = id.parse().map_err(|_| AppError::NotFound)?;
    // Before the form is read: whoever may not settle it learns nothing from how a form is refused.
    let all = store::reviews::comments(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    if !all.iter().any(|comment| comment.id == id && comment.settles) {
        return Err(AppError::NotFound);
    }
    let (settling, said) = match typed.act.as_str() {
        "resolve" => (Settling::Resolve, "changed"),
        "reopen" => (Settling::Reopen, "changed"),
        "take-back" => (Settling::TakeBack, "removed"),
        _ => return Err(AppError::BadRequest),
    };
    let kind = store::reviews::settle_comment(ctx.store(), ctx.viewer()?, opened.incident.id, id, settling, ctx.now).await?;
    Ok(form::see_and_say(&page_of(opened.incident.key, kind), said))
}

async fn draw(ctx: &Ctx, opened: Opened, kind: SectionKind, form: Form<CommentFields>) -> Result<Response, AppError> {
    let all = store::reviews::comments(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let here = all.into_iter().filter(|c| c.section == kind).collect();
    let (mentions, _) = mentions::of(ctx, &opened.incident).await?;
    let title = format!("Comments at {} · {}", kind.title(), opened.incident.title);
    let head = Head::new(title, Nav::Incidents).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || page(opened, kind, here, form, mentions)))
}

fn page(
    opened: Opened,
    kind: SectionKind,
    comments: Vec<Comment>,
    form: Form<CommentFields>,
    mentions: Mentions,
) -> impl IntoView {
    provide_context(mentions);
    let key = opened.incident.key;
    let edits = may(Right::EditReview, &opened.standing);
    let published = opened.standing.published;
    let back = if published { format!("{}#s-{}", at(key, ""), kind.slug()) } else { at(key, kind.slug()) };
    let (open, resolved): (Vec<_>, Vec<_>) = comments.into_iter().partition(|c| c.resolved_at.is_none());
    let none = open.is_empty();
    let folded = resolved.len();
    let who = if published {
        "Everybody who may read the story reads it. It is no part of the story."
    } else {
        "Those who facilitate read it, now and after publication. Nobody else does."
    };
    view! {
        <IncidentFrame opened tab=Tab::Review>
            <p class="crumbs desk-back"><a href=back>{if published { "The story" } else { "Write" }}</a></p>
            <section class="stack measure" aria-labelledby="comments-h">
                <div class="section-head section-head-flush">
                    <h2 id="comments-h">{format!("Comments at “{}”", kind.title())}</h2>
                    {(edits && published).then(|| view! { <a class="btn btn-small" href=at(key, kind.slug())>"Write"</a> })}
                </div>
                {none.then(|| view! { <p class="quiet">"No comment is open here."</p> })}
                {open.into_iter().map(|comment| one(key, comment)).collect_view()}
                {(folded > 0).then(|| view! {
                    <details>
                        <summary>{if folded == 1 { "1 resolved".to_owned() } else { format!("{folded} resolved") }}</summary>
                        <div class="stack mt2">{resolved.into_iter().map(|comment| one(key, comment)).collect_view()}</div>
                    </details>
                })}
                <form method="post" class="stack stack-tight" action=page_of(key, kind)>
                    {(!published).then(|| view! { <input type="hidden" name="among" value="yes"/> })}
                    <TextareaField
                        name="body"
                        label=if published { "Say what this reminds you of" } else { "A comment" }
                        hint=who
                        text=form.typed.body.clone()
                        rows=4
                        error=form.error("body")
                    />
                    <p class="actions"><button class="btn btn-primary">"Comment"</button></p>
                </form>
            </section>
        </IncidentFrame>
    }
}

fn one(key: IncidentKey, comment: Comment) -> impl IntoView {
    let Comment { id, author, body, written_at, resolved_at, mine, settles, .. } = comment;
    let (act, label) = if resolved_at.is_some() { ("reopen", "Open it again") } else { ("resolve", "Resolve") };
    view! {
        <article class="quote-item" id=format!("c-{id}")>
            <p class="small quiet">{author.unwrap_or_else(|| "Somebody who has left".to_owned())}", "<When at=written_at/></p>
            <Markdown text=body class="md"/>
            {resolved_at.map(|at| view! { <p class="small quiet">"Resolved "<When at/></p> })}
            {settles.then(|| view! {
                <form method="post" class="actions" action=at(key, &format!("comments/{id}"))>
                    <button class="btn btn-small" name="act" value=act>{label}</button>
                    {mine.then(|| view! { <button class="btn btn-quiet btn-small" name="act" value="take-back">"Take it back"</button> })}
                </form>
            })}
        </article>
    }
}

/// "2 comments", for the way to them; resolved ones do not count.
pub(super) fn counted(comments: &[Comment], kind: SectionKind) -> String {
    match comments.iter().filter(|c| c.section == kind && c.resolved_at.is_none()).count() {
        0 => "Comment".to_owned(),
        1 => "1 comment".to_owned(),
        n => format!("{n} comments"),
    }
}

/// The way to the comments at a section.
pub(super) fn way(key: IncidentKey, comments: &[Comment], kind: SectionKind) -> impl IntoView + use<> {
    let words = counted(comments, kind);
    view! { <a class="quiet" href=page_of(key, kind)>{words}<span class="vh">{format!(": {}", kind.title())}</span></a> }
}
