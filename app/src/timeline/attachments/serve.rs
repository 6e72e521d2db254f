//! Serving a file: images in place, all else as a download, nothing that a browser would run.

use super::opened;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::encode;
use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use domain::AttachmentId;
use futures_util::stream;
use http::{HeaderName, header};
use store::timeline::attachments::{self, Attachment, Content};

pub(super) async fn show(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    let id: AttachmentId = id.parse().map_err(|_| AppError::NotFound)?;
    let (attachment, content) = attachments::read(ctx.store(), ctx.viewer()?, opened.incident.id, id, ctx.now).await?;
    let headers = [
        (header::CONTENT_TYPE, attachment.kind.content_type().to_owned()),
        (header::CONTENT_LENGTH, attachment.bytes.to_string()),
        (header::CONTENT_DISPOSITION, disposition(&attachment)),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin".to_owned()),
    ];
    Ok((headers, body(content)).into_response())
}

/// The rest is opened while it is sent; where it is damaged, the answer breaks off.
fn body(content: Content) -> Body {
    Body::from_stream(stream::unfold(content, |mut content| async move {
        let next = content.next().await?;
        if let Err(error) = &next {
            tracing::error!(%error, "an attachment is damaged");
        }
        Some((next, content))
    }))
}

/// RFC 6266, with the name in RFC 8187's coding and a plain one for what does not know that.
fn disposition(attachment: &Attachment) -> String {
    let plain: String =
        attachment.name.chars().map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' }).collect();
    let way = if attachment.kind.is_image() { "inline" } else { "attachment" };
    format!("{way}; filename=\"{plain}\"; filename*=UTF-8''{}", encode(&attachment.name).replace('/', "%2F"))
}
