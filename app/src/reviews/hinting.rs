//! What is done with a hint beside a text: keep a sentence as it is, show its hint again, park it, switch hints off and on. The words of
//! the text come along and are looked at; they are saved only where a sentence is taken out of them.

use super::editor::{self, SectionFields, View};
use super::hint_cards;
use super::hints::{self, Hinted};
use super::parts::{at, opened_for};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use crate::shell;
use axum::extract::Path;
use axum::response::Response;
use domain::IncidentId;
use domain::reviews::SectionKind;
use domain::rights::Right;
use serde::Deserialize;
use store::incidents::Opened;
use store::reviews::{Saving, WhileWriting};

/// The text, and what to do.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HintFields {
    body: String,
    base_version: String,
    /// `keep KEY`, `again KEY`, `park KEY`, `off`, `on`; nothing: only look.
    act: String,
    /// Keys of sentences that go out of the text when they are parked.
    out: Vec<String>,
    /// The list alone is wanted.
    part: String,
}

/// Does it, and answers the list alone, or the page with the text as it was typed.
pub(super) async fn act(
    ctx: Ctx,
    Path((key, section)): Path<(String, String)>,
    Posted(typed): Posted<HintFields>,
) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let kind = SectionKind::from_slug(&section).ok_or(AppError::NotFound)?;
    let (store, viewer, id, now) = (ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now);
    let (act, hint) = typed.act.split_once(' ').unwrap_or((&typed.act, ""));
    let mut parked = false;
    match act {
        "" => {}
        "off" | "on" => store::reviews::switch_hints(store, viewer, id, act == "on", now).await?,
        "keep" | "again" => {
            // Only what the assistant finds in this text is remembered.
            if let Some(card) = hints::look(&ctx, id, kind, &typed.body).await?.find(hint) {
                store::reviews::keep_hint(store, viewer, id, &card.key, act == "keep", now).await?;
            }
        }
        "park" => {
            let hinted = hints::look(&ctx, id, kind, &typed.body).await?;
            // Gone meanwhile: the page that comes back shows what there is.
            if let Some(card) = hinted.find(hint).cloned() {
                if typed.out.iter().any(|out| out == hint) {
                    let left = writing::without(&typed.body, card.sentence);
                    return take_out(&ctx, opened, kind, typed, &left, &card.alone).await;
                }
                store::parking::park(store, viewer, id, &card.alone, false, now).await?;
                parked = true;
            }
        }
        _ => return Err(AppError::BadRequest),
    }
    if !typed.part.is_empty() {
        let hinted = hints::look(&ctx, id, kind, &typed.body).await?;
        let form = editor::form_of(&opened, kind);
        return Ok(shell::part(&ctx, move || hint_cards::list(hinted, Some(form))));
    }
    if is_saved(&ctx, id, kind, &typed.body).await? {
        let here = format!("{}#hints", at(opened.incident.key, kind.slug()));
        return Ok(if parked { form::see_and_say(&here, "parked") } else { form::see(&here) });
    }
    let fields = SectionFields::typed(typed.body, typed.base_version);
    editor::draw_with(&ctx, opened, kind, Some(Form::new(fields)), View::Write, |hinted| Hinted { parked, ..hinted }).await
}

/// Parks a sentence and saves the text without it.
async fn take_out(
    ctx: &Ctx,
    opened: Opened,
    kind: SectionKind,
    typed: HintFields,
    left: &str,
    sentence: &str,
) -> Result<Response, AppError> {
    let base_version: i64 = typed.base_version.parse().map_err(|_| AppError::BadRequest)?;
    let (store, viewer, id) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let writing = WhileWriting { base_version, body: left, follows: false };
    let saving = store::reviews::park_out_of(store, viewer, id, kind, writing, sentence, ctx.now).await;
    let fields = SectionFields::typed(typed.body, typed.base_version);
    match saving.map_err(AppError::from) {
        Ok(Saving::Saved(_)) => Ok(form::see_and_say(&at(opened.incident.key, kind.slug()), "parked-out")),
        Ok(Saving::Conflict(theirs)) => editor::draw(ctx, opened, kind, Some(Form::new(fields)), View::Conflict(theirs)).await,
        Err(AppError::Invalid(invalid)) => {
            editor::draw(ctx, opened, kind, Some(Form::refused(fields, invalid)), View::Write).await
        }
        Err(other) => Err(other),
    }
}

/// Whether these words are the section's already: nothing is lost where the page is fetched anew.
async fn is_saved(ctx: &Ctx, incident: IncidentId, kind: SectionKind, body: &str) -> Result<bool, AppError> {
    let sections = store::reviews::sections(ctx.store(), ctx.viewer()?, incident, ctx.now).await?;
    let body = domain::text::long("body", body);
    Ok(sections.iter().any(|section| section.kind == kind && body.as_ref().is_ok_and(|body| *body == section.body)))
}
