//! What the forms about files do.

use super::page::{self, Said};
use super::{opened_to_edit, upload};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, see_and_say};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::response::Response;
use domain::timeline::attachments::alt;
use domain::{AttachmentId, Invalid};
use serde::Deserialize;
use store::timeline::attachments;

/// What is sent beside the files.
#[derive(Default, Deserialize)]
#[serde(default)]
struct AddFields {
    alt: String,
}

/// Adds files. Each that fits is kept, whatever is said of the others; images without words are asked for them on the same page.
pub(super) async fn add(
    ctx: Ctx,
    Path(key): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, AppError> {
    let opened = opened_to_edit(&ctx, &key).await?;
    let received = upload::receive(&ctx, opened.incident.id, form.map_err(|_| AppError::BadRequest)?).await?;
    let mut said = Said { alt: received.read::<AddFields>().await?.alt, ..Said::default() };
    let mut invalid = Invalid::default();
    if let Some(message) = received.message() {
        invalid.add("files", message);
    } else if received.added.is_empty() {
        invalid.add("files", "Please choose a file, or several.");
    }
    if let (Some(id), false) = (received.only_image(), said.alt.trim().is_empty()) {
        match alt("alt", &said.alt) {
            Ok(words) => {
                attachments::describe(ctx.store(), ctx.viewer()?, opened.incident.id, id, &words, ctx.now).await?;
                said.alt.clear();
            }
            Err(refused) => invalid.fields.extend(refused.fields),
        }
    }
    if !invalid.fields.is_empty() {
        return page::draw(&ctx, opened, said, invalid).await;
    }
    Ok(see_and_say(&format!("/incidents/{}/attachments", opened.incident.key), "added"))
}

/// Images and the words for each.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct DescribeFields {
    of: Vec<String>,
    text: Vec<String>,
}

/// Says what images show. What is refused stands beside its field; the others are kept.
pub(super) async fn describe(
    ctx: Ctx,
    Path(key): Path<String>,
    Posted(typed): Posted<DescribeFields>,
) -> Result<Response, AppError> {
    let opened = opened_to_edit(&ctx, &key).await?;
    let (mut said, mut invalid) = (Said::default(), Invalid::default());
    for (of, text) in typed.of.iter().zip(&typed.text) {
        let id: AttachmentId = of.parse().map_err(|_| AppError::NotFound)?;
        match alt(&format!("alt-{id}"), text) {
            Ok(words) => attachments::describe(ctx.store(), ctx.viewer()?, opened.incident.id, id, &words, ctx.now).await?,
            Err(refused) => {
                said.texts.insert(id, text.clone());
                invalid.fields.extend(refused.fields);
            }
        }
    }
    if !invalid.fields.is_empty() {
        return page::draw(&ctx, opened, said, invalid).await;
    }
    Ok(see_and_say(&format!("/incidents/{}/attachments", opened.incident.key), "saved"))
}

pub(super) async fn remove(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let opened = opened_to_edit(&ctx, &key).await?;
    let id: AttachmentId = id.parse().map_err(|_| AppError::NotFound)?;
    attachments::remove(ctx.store(), ctx.viewer()?, opened.incident.id, id, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}/attachments#removed", opened.incident.key), "removed"))
}

pub(super) async fn restore(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let opened = opened_to_edit(&ctx, &key).await?;
    let id: AttachmentId = id.parse().map_err(|_| AppError::NotFound)?;
    attachments::restore(ctx.store(), ctx.viewer()?, opened.incident.id, id, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}/attachments#a-{id}", opened.incident.key), "restored"))
}
