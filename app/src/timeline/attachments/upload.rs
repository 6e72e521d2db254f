//! Reading a form with files: each is counted as it comes, looked at, and kept before the next one is read, so that no more than one lies in
//! memory for each form.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, encode};
use crate::incidents::in_background;
use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use chrono::TimeDelta;
use domain::timeline::attachments::{AT_ONCE, file_name, size};
use domain::{AttachmentId, IncidentId};
use http::{StatusCode, header};
use importers::check_attachment;
use serde::de::DeserializeOwned;
use store::StoreError;
use store::timeline::attachments::{self, NewAttachment};
use tokio::sync::Semaphore;

/// Files that are in memory at once, for everybody together.
static ROOM: Semaphore = Semaphore::const_new(16);
/// Most that the fields beside the files may hold.
const FIELDS: usize = 512 * 1024;

/// What came with a form.
#[derive(Default)]
pub(super) struct Received {
    /// The other fields, as a plain form would send them.
    pub(super) fields: String,
    /// Files that are kept now, and whether each is an image.
    pub(super) added: Vec<(AttachmentId, bool)>,
    /// Why others are not, a sentence each.
    pub(super) refused: Vec<String>,
}

impl Received {
    /// The other fields, read as those of a plain form.
    pub(super) async fn read<T: DeserializeOwned>(&self) -> Result<T, AppError> {
        let plain = Request::post("/")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(self.fields.clone()))
            .map_err(AppError::internal)?;
        let Posted(read) = Posted::from_request(plain, &()).await?;
        Ok(read)
    }

    /// The sentences for beside the field.
    pub(super) fn message(&self) -> Option<String> {
        (!self.refused.is_empty()).then(|| self.refused.join(" "))
    }

    /// The one image that came, where one came alone.
    pub(super) fn only_image(&self) -> Option<AttachmentId> {
        match self.added.as_slice() {
            [(id, true)] => Some(*id),
            _ => None,
        }
    }
}

/// Reads a form to its end and keeps its files. Who asks must be allowed to edit: the store asks again.
pub(super) async fn receive(ctx: &Ctx, incident: IncidentId, mut form: Multipart) -> Result<Received, AppError> {
    let mut received = Received::default();
    let mut files = 0;
    // What is refused is read to its end, so that a browser shows the answer, but not for ever.
    let mut patience = ctx.site.attachments.incident.max(ctx.site.attachments.file).saturating_mul(2);
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let Some(name) = field.file_name().map(str::to_owned) else {
            let name = field.name().unwrap_or_default().to_owned();
            let room = FIELDS.saturating_sub(received.fields.len()) as u64;
            let Some(text) = read(field, room, &mut patience).await? else { return Err(AppError::TooLarge) };
            let text = String::from_utf8(text).map_err(|_| AppError::BadRequest)?;
            let mark = if received.fields.is_empty() { "" } else { "&" };
            received.fields.push_str(&format!("{mark}{}={}", encode(&name), encode(&text)));
            continue;
        };
        let Ok(_place) = ROOM.try_acquire() else {
            return Err(AppError::Refused("Many people are adding files just now. Please try again in a moment."));
        };
        let limit = ctx.site.attachments.file;
        let bytes = read(field, limit, &mut patience).await?;
        // An input without a choice sends one file without name and content.
        if name.is_empty() && bytes.as_ref().is_some_and(Vec::is_empty) {
            continue;
        }
        files += 1;
        let told = told(&name);
        if files > AT_ONCE {
            received.refused.push(format!("“{told}” was left out: {AT_ONCE} files fit in one go."));
            continue;
        }
        let Some(bytes) = bytes else {
            received.refused.push(format!("“{told}” has more than {}, which is the most for one file.", size(limit)));
            continue;
        };
        let checked = match in_background(move || check_attachment(bytes)).await? {
            Ok(checked) => checked,
            Err(why) => {
                received.refused.push(format!("“{told}” was not taken. {why}"));
                continue;
            }
        };
        let is_image = checked.kind.is_image();
        let new = NewAttachment {
            name: file_name(&name, checked.kind),
            kind: checked.kind,
            alt: String::new(),
            size: checked.size,
            bytes: checked.bytes,
        };
        // A microsecond apart, so that they stand in the order in which they were chosen.
        let now = ctx.now + TimeDelta::microseconds(i64::try_from(files).unwrap_or_default());
        match attachments::add(ctx.store(), ctx.viewer()?, incident, new, ctx.site.attachments, now).await {
            Ok(id) => received.added.push((id, is_image)),
            Err(StoreError::Invalid(invalid)) => received.refused.extend(invalid.fields.into_iter().map(|f| f.message)),
            Err(other) => return Err(other.into()),
        }
    }
    Ok(received)
}

/// A field's bytes; `None`: more than `most`, and read to its end without being kept.
async fn read(mut field: Field<'_>, most: u64, patience: &mut u64) -> Result<Option<Vec<u8>>, AppError> {
    let (mut bytes, mut fits) = (Vec::new(), true);
    while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
        *patience = patience.checked_sub(chunk.len() as u64).ok_or(AppError::TooLarge)?;
        fits &= (bytes.len() + chunk.len()) as u64 <= most;
        if fits {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = Vec::new();
        }
    }
    Ok(fits.then_some(bytes))
}

/// A name for a sentence: the last part, without what turns text around, not long.
fn told(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|c| !c.is_control() && !('\u{2000}'..='\u{206f}').contains(c)).take(60).collect();
    if visible.trim().is_empty() { "A file without a name".to_owned() } else { visible }
}

fn unreadable(error: MultipartError) -> AppError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
        _ => AppError::BadRequest,
    }
}
