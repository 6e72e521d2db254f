//! The import page: choose files, see what was understood, then import. Nothing is written before the second step.

mod held;
mod page;

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, see};
use axum::extract::{Multipart, Query};
use axum::response::Response;
use domain::Invalid;
use domain::imported::ImportedFile;
use held::{HELD, Held, Upload};
use http::StatusCode;
use serde::Deserialize;
use store::imports::File;

/// Most that one choice of files may hold in bytes, as the body of the request.
pub(super) const BODY: usize = 24 * 1024 * 1024;
/// Most files of one choice.
const FILES: usize = 300;

/// A file as the dry run shows it.
pub(super) struct Understood {
    name: String,
    read: ImportedFile,
    known: bool,
}

/// `done` names the outcome of an import that was just made.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ImportQuery {
    done: String,
}

pub(super) async fn choose(ctx: Ctx, Query(query): Query<ImportQuery>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let outcome = match HELD.get(&query.done, viewer.person_id, ctx.now) {
        Some(Held::Done(counts)) => Some(counts),
        _ => None,
    };
    Ok(page::draw_choice(&ctx, outcome, &Invalid::default()))
}

pub(super) async fn read(ctx: Ctx, mut form: Multipart) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let mut files = Vec::new();
    let unreadable = |e: axum::extract::multipart::MultipartError| match e.status() {
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
        _ => AppError::BadRequest,
    };
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let Some(name) = field.file_name().map(clean_name) else { continue };
        let bytes = field.bytes().await.map_err(unreadable)?.to_vec();
        // An input without a choice sends one file without name and content.
        if !(name.is_empty() && bytes.is_empty()) {
            files.push(Upload { name, bytes });
        }
    }
    let refused = match files.len() {
        0 => Some("Please choose at least one file.".to_owned()),
        n if n > FILES => Some(format!("These are {n} files; {FILES} fit at once. Please take them in turns.")),
        _ => None,
    };
    if let Some(message) = refused {
        return Ok(page::draw_choice(&ctx, None, &Invalid::one("files", message)));
    }
    let bytes: Vec<&[u8]> = files.iter().map(|f| f.bytes.as_slice()).collect();
    let known = store::imports::known(ctx.store(), viewer, &bytes).await?;
    let (files, understood) = in_background(move || {
        let understood: Vec<Understood> = files
            .iter()
            .zip(known)
            .map(|(file, known)| Understood {
                name: file.name.clone(),
                read: importers::read_review(&file.name, &file.bytes),
                known,
            })
            .collect();
        (files, understood)
    })
    .await?;
    let token = store::random::token();
    if !HELD.put(&token, viewer.person_id, ctx.now, Held::Files(files)) {
        let full = "Many people are importing just now. Please try again in some minutes.";
        return Ok(page::draw_choice(&ctx, None, &Invalid::one("files", full)));
    }
    Ok(page::draw_dry_run(&ctx, token, understood))
}

/// The second step: which files, by the name that the first one gave them.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WriteFields {
    held: String,
}

pub(super) async fn write(ctx: Ctx, Posted(typed): Posted<WriteFields>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let files = match HELD.take(&typed.held, viewer.person_id, ctx.now) {
        Some(Held::Files(files)) => files,
        // Sent twice: the outcome of the first time.
        Some(Held::Done(_)) => return Ok(see(&format!("/import?done={}", typed.held))),
        None => {
            let gone =
                "These files were kept for a quarter of an hour and are gone now. Please choose them again; nothing was written.";
            return Ok(page::draw_choice(&ctx, None, &Invalid::one("files", gone)));
        }
    };
    let (files, read) = in_background(move || {
        let read: Vec<ImportedFile> = files.iter().map(|f| importers::read_review(&f.name, &f.bytes)).collect();
        (files, read)
    })
    .await?;
    let to_write: Vec<File<'_>> =
        files.iter().zip(&read).map(|(file, understood)| File { name: &file.name, understood, bytes: &file.bytes }).collect();
    let counts = store::imports::write(ctx.store(), viewer, &to_write, ctx.now).await?;
    HELD.put(&typed.held, viewer.person_id, ctx.now, Held::Done(counts));
    Ok(see(&format!("/import?done={}", typed.held)))
}

/// Reading is work for a processor, not for the threads that answer others.
async fn in_background<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(AppError::internal)
}

/// The last part of a file's name, in one short line: some browsers send a path.
fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(200).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_one_short_line_without_its_folders() {
        assert_eq!(clean_name("C:\\reviews\\2019\\ferry.md"), "ferry.md");
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("a\n\u{0}b.md "), "ab.md");
        assert_eq!(clean_name(&"x".repeat(999)).len(), 200);
        assert_eq!(clean_name("reviews/"), "");
    }
}
