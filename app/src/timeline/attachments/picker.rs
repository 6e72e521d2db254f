//! Files in the form about an event: chosen from those that are there, or added with the form.

use super::upload::{self, Received};
use super::{files_of, opened_to_edit};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::timeline::form::EventFields;
use crate::ui::{Field, FieldError};
use axum::extract::{FromRequest, Multipart, Request};
use domain::incidents::Incident;
use domain::timeline::attachments::{alt, size};
use domain::{AttachmentId, Invalid};
use http::header;
use leptos::prelude::*;
use store::timeline::attachments::{self, Attachment};

/// The most that a plain form about an event may hold.
const PLAIN: usize = 256 * 1024;

/// Reads the form, with files or without. Files that came are kept and chosen, so that a form that is refused has them still.
pub(in crate::timeline) async fn event_form(
    ctx: &Ctx,
    incident: &Incident,
    request: Request,
) -> Result<(EventFields, Invalid), AppError> {
    opened_to_edit(ctx, &incident.key.to_string()).await?;
    let sent = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let received = match sent.starts_with("multipart/form-data") {
        true => {
            let form = Multipart::from_request(request, &()).await.map_err(|_| AppError::BadRequest)?;
            upload::receive(ctx, incident.id, form).await?
        }
        false => {
            let bytes = axum::body::to_bytes(request.into_body(), PLAIN).await.map_err(|_| AppError::TooLarge)?;
            let fields = String::from_utf8(bytes.to_vec()).map_err(|_| AppError::BadRequest)?;
            Received { fields, ..Received::default() }
        }
    };
    let mut typed: EventFields = received.read().await?;
    let mut invalid = Invalid::default();
    if let Some(message) = received.message() {
        invalid.add("upload", message);
    }
    typed.attached.extend(received.added.iter().map(|(id, _)| id.to_string()));
    if let (Some(id), false) = (received.only_image(), typed.upload_alt.trim().is_empty()) {
        typed.alt_of.push(id.to_string());
        typed.alt_text.push(std::mem::take(&mut typed.upload_alt));
    }
    for (of, text) in typed.alt_of.iter().zip(&typed.alt_text).filter(|(_, text)| !text.trim().is_empty()) {
        let id: AttachmentId = of.parse().map_err(|_| AppError::BadRequest)?;
        if let Some(words) = invalid.take(alt(&format!("alt-{id}"), text)) {
            attachments::describe(ctx.store(), ctx.viewer()?, incident.id, id, &words, ctx.now).await?;
        }
    }
    typed.files = files_of(ctx, incident).await?;
    let waiting: Vec<AttachmentId> = typed.chosen().filter(|file| file.waits()).map(|file| file.id).collect();
    for id in waiting {
        let field = format!("alt-{id}");
        if invalid.message(&field).is_none() {
            invalid.take(alt(&field, ""));
        }
    }
    Ok((typed, invalid))
}

/// The choice.
#[component]
pub(in crate::timeline) fn FilePicker(typed: EventFields, form: Form<EventFields>) -> impl IntoView {
    let rows = typed.files.iter().map(|file| one(file, &typed, &form)).collect::<Vec<_>>();
    let (upload, attached) = (form.error("upload"), form.error("attached"));
    let invalid = upload.is_some().then_some("true");
    view! {
        <fieldset>
            <legend>"Files and images that show it "<span class="hint">"Of this incident; everybody who sees the incident sees them."</span></legend>
            <FieldError id="attached-error".to_owned() error=attached/>
            {(!rows.is_empty()).then(|| view! { <ul class="file-picks">{rows}</ul> })}
            <div class="fields mt2">
                <Field name="upload" label="Add files" error=upload>
                    <input id="upload" class="file-drop" name="upload" type="file" multiple aria-invalid=invalid/>
                </Field>
                <Field name="upload_alt" label="If it is an image: what it shows" hint="For those who cannot see it.">
                    <input id="upload_alt" name="upload_alt" value=typed.upload_alt.clone() autocomplete="off" aria-describedby="upload_alt-hint"/>
                </Field>
            </div>
        </fieldset>
    }
}

fn one(file: &Attachment, typed: &EventFields, form: &Form<EventFields>) -> impl IntoView + use<> {
    let id = file.id.to_string();
    let checked = typed.attached.contains(&id);
    let about = format!("{}, {}", file.kind.label(), size(file.bytes));
    let name = file.name.clone();
    let words = file.is_shown().then(|| file.alt.clone());
    let field = format!("alt-{id}");
    let error = form.error(&field);
    let text =
        typed.alt_of.iter().zip(&typed.alt_text).find(|(of, _)| **of == id).map(|(_, text)| text.clone()).unwrap_or_default();
    let ask = file.waits().then(|| {
        let invalid = error.is_some().then_some("true");
        view! {
            <div class=if error.is_some() { "field field-error" } else { "field" }>
                <label for=field.clone()>{format!("What “{name}” shows")}</label>
                <FieldError id=format!("{field}-error") error=error.clone()/>
                <input type="hidden" name="alt_of" value=id.clone()/>
                <input id=field.clone() name="alt_text" value=text autocomplete="off" aria-invalid=invalid
                    aria-describedby=error.is_some().then(|| format!("{field}-error"))/>
            </div>
        }
    });
    view! {
        <li>
            <label class="pick">
                <input type="checkbox" name="attached" value=id.clone() checked=checked/>
                <span>{file.name.clone()}" "<span class="quiet small">{about}</span></span>
            </label>
            {words.map(|words| view! { <p class="hint">{words}</p> })}
            {ask}
        </li>
    }
}
