//! The pages that change or remove a factor or a learning.

use super::apart::page_of;
use super::facts::named;
use super::form::{FactorFields, FactorForm, LearningFields, LearningForm};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, Note};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::learnings::{Confidence, Factor, KnownBefore, Learning, Phase, Usual};
use domain::vocabulary::Vocabulary;
use domain::{FactorId, LearningId};
use http::StatusCode;
use leptos::prelude::*;
use store::incidents::Opened;
use store::people::Team;

/// The incident of a path, for somebody who keeps its factors and learnings.
pub(super) async fn kept(ctx: &Ctx, key: &str) -> Result<Opened, AppError> {
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    let opened = store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?;
    if store::learnings::may_keep(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await? {
        Ok(opened)
    } else {
        Err(AppError::NotFound)
    }
}

/// A factor of a path.
pub(super) async fn find_factor(ctx: &Ctx, key: &str, id: &str) -> Result<(Opened, Factor), AppError> {
    let opened = kept(ctx, key).await?;
    let id: FactorId = id.parse().map_err(|_| AppError::NotFound)?;
    let all = store::learnings::factors(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let factor = all.into_iter().find(|f| f.id == id).ok_or(AppError::NotFound)?;
    Ok((opened, factor))
}

/// A learning of a path.
pub(super) async fn find_learning(ctx: &Ctx, key: &str, id: &str) -> Result<(Opened, Learning), AppError> {
    let opened = kept(ctx, key).await?;
    let id: LearningId = id.parse().map_err(|_| AppError::NotFound)?;
    let all = store::learnings::learnings(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let learning = all.into_iter().find(|l| l.id == id).ok_or(AppError::NotFound)?;
    Ok((opened, learning))
}

pub(super) async fn factor(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let (opened, factor) = find_factor(&ctx, &key, &id).await?;
    let form = Form::new(FactorFields::of(&factor));
    Ok(draw_factor(&ctx, opened.incident.key, factor, form, false))
}

pub(super) async fn learning(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let (opened, learning) = find_learning(&ctx, &key, &id).await?;
    let form = Form::new(LearningFields::of(&learning));
    draw_learning(&ctx, opened.incident.key, learning, form, false).await
}

/// With `conflict`, `factor` is what somebody else saved while the form was open.
pub(super) fn draw_factor(ctx: &Ctx, key: IncidentKey, factor: Factor, form: Form<FactorFields>, conflict: bool) -> Response {
    let mut head = Head::new("Change a factor", Nav::Incidents).refused(&form.invalid);
    if conflict {
        head = head.status(StatusCode::CONFLICT);
    }
    let action = format!("/incidents/{key}/factors/{}", factor.id);
    shell::page(ctx, head, move || {
        let theirs = conflict.then(|| theirs(&expect_context::<Ctx>().vocabulary, &factor));
        view! {
            <Around key heading="Change a factor" theirs>
                <FactorForm action=action.clone() form button="Save"/>
                <Remove action what="Remove this factor"/>
            </Around>
        }
    })
}

/// A factor as somebody else saved it, in words.
fn theirs(words: &Vocabulary, factor: &Factor) -> String {
    let details = &factor.details;
    let said = [
        Some(details.role.label()),
        details.phase.map(Phase::label),
        details.known.map(KnownBefore::label),
        details.usual.map(Usual::label),
        details.confidence.map(Confidence::label),
        Some(details.state.label()),
    ];
    let said = said.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let parts =
        [factor.body.clone(), named(words, &factor.tags, ""), said, details.other_view.clone(), details.evidence.join("\n")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// With `conflict`, `learning` is what somebody else saved while the form was open.
pub(super) async fn draw_learning(
    ctx: &Ctx,
    key: IncidentKey,
    learning: Learning,
    form: Form<LearningFields>,
    conflict: bool,
) -> Result<Response, AppError> {
    let teams = store::people::teams(ctx.store()).await?;
    let mut head = Head::new("Change a learning", Nav::Incidents).refused(&form.invalid);
    if conflict {
        head = head.status(StatusCode::CONFLICT);
    }
    let action = format!("/incidents/{key}/learnings/{}", learning.id);
    Ok(shell::page(ctx, head, move || {
        let theirs = conflict.then(|| their_learning(&learning, &teams));
        view! {
            <Around key heading="Change a learning" theirs>
                <LearningForm action=action.clone() form teams button="Save"/>
                <Remove action what="Remove this learning"/>
            </Around>
        }
    }))
}

/// A learning as somebody else saved it, in words.
fn their_learning(learning: &Learning, teams: &[Team]) -> String {
    let details = &learning.details;
    let named = teams.iter().filter(|team| details.teams.contains(&team.id)).map(|team| team.name.as_str());
    let parts = [
        format!("{} · {}", learning.kind.label(), details.status.label()),
        learning.body.clone(),
        learning.before.clone(),
        named.collect::<Vec<_>>().join(", "),
        details.reason.clone(),
        details.replaced_by.map(page_of).unwrap_or_default(),
        details.evidence.join("\n"),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

#[component]
fn Around(key: IncidentKey, heading: &'static str, theirs: Option<String>, children: Children) -> impl IntoView {
    let base = format!("/incidents/{key}");
    let links = vec![
        ("/incidents".to_owned(), "Incidents".to_owned()),
        (base.clone(), key.to_string()),
        (format!("{base}/factors"), "Factors and learnings".to_owned()),
    ];
    view! {
        <Crumbs links here="Change"/>
        <div class="page-head"><div><h1>{heading}</h1></div></div>
        <div class="incident-form stack">
            {theirs.map(|theirs| view! {
                <Note tone="care">
                    <Icon name="git-merge"/>
                    <div>
                        <p><strong>"Somebody saved while you were writing."</strong>" Below is what you typed; saving it now replaces this:"</p>
                        <pre class="source-text">{theirs}</pre>
                    </div>
                </Note>
            })}
            {children()}
        </div>
    }
}

#[component]
fn Remove(action: String, what: &'static str) -> impl IntoView {
    view! {
        <form class="delete-form" method="post" action=format!("{action}/delete")>
            <button class="btn btn-warn">{what}</button>
        </form>
    }
}
