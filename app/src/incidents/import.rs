//! The import page: choose files, see what was understood, then import. Nothing is written before the second step.

mod page;

pub(crate) use page::{Lines, counted};

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, see, see_and_say};
use crate::holding::{Holding, Upload, Waiting};
use axum::Json;
use axum::extract::{Multipart, Query};
use axum::response::{IntoResponse, Response};
use domain::Invalid;
use domain::imported::ImportedFile;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use std::sync::LazyLock;
use store::imports::{Counts, File};

/// Most that one choice of files may hold in bytes, as the body of the request.
pub(super) const BODY: usize = 24 * 1024 * 1024;
/// Most files of one choice.
const FILES: usize = 2000;
/// Files that one request of the page's script writes.
const AT_ONCE: usize = 20;

/// What waits between the two steps.
#[derive(Clone, Debug)]
enum Held {
    /// Files for the second step.
    Files(Files),
    /// What the second step wrote.
    Done(Counts),
}

/// Files, and how many of them are written already.
#[derive(Clone, Debug, Default)]
struct Files {
    files: Vec<Upload>,
    written: usize,
    counts: Counts,
}

impl Waiting for Held {
    fn size(&self) -> usize {
        match self {
            Self::Files(held) => held.files.iter().map(|f| f.bytes.len() + f.name.len()).sum(),
            Self::Done(_) => 0,
        }
    }

    fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }
}

/// Of this process.
static HELD: LazyLock<Holding<Held>> = LazyLock::new(Holding::default);

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

/// The first step. The page's script sends many files in several requests: `held` names what came before.
pub(super) async fn read(ctx: Ctx, mut form: Multipart) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let (mut files, mut before) = (Vec::new(), String::new());
    let unreadable = |e: axum::extract::multipart::MultipartError| match e.status() {
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
        _ => AppError::BadRequest,
    };
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let Some((name, below)) = field.file_name().map(|name| (clean_name(name), name.contains('/'))) else {
            if field.name() == Some("held") {
                before = field.text().await.map_err(unreadable)?;
            }
            continue;
        };
        let bytes = field.bytes().await.map_err(unreadable)?.to_vec();
        // An input without a choice sends one file without name and content; a folder holds more than reviews.
        let beside = below && !importers::is_review_name(&name);
        let nothing = name.is_empty() && bytes.is_empty();
        if !nothing && !beside {
            files.push(Upload { name, bytes });
        }
    }
    let mut held = match HELD.take(&before, viewer.person_id, ctx.now) {
        Some(Held::Files(held)) => held,
        _ => Files::default(),
    };
    held.files.append(&mut files);
    let refused = match held.files.len() {
        0 => Some("Please choose at least one file that holds a review in Markdown.".to_owned()),
        n if n > FILES => Some(format!("These are more than {FILES} files. Please take them in turns.")),
        _ => None,
    };
    if let Some(message) = refused {
        return Ok(refuse(&ctx, &message));
    }
    let (token, count) = (store::random::token(), held.files.len());
    if !HELD.put(&token, viewer.person_id, ctx.now, Held::Files(held)) {
        return Ok(refuse(&ctx, "Many people are importing just now. Please try again in some minutes."));
    }
    if ctx.wants_json {
        return Ok(Json(json!({ "held": token, "done": count })).into_response());
    }
    understand(&ctx, &token).await
}

fn refuse(ctx: &Ctx, message: &str) -> Response {
    if ctx.wants_json {
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "message": message }))).into_response();
    }
    page::draw_choice(ctx, None, &Invalid::one("files", message))
}

const GONE: &str =
    "These files were kept for a quarter of an hour and are gone now. Please choose them again; nothing more was written.";

/// What files look like that were sent in several requests.
pub(super) async fn show(ctx: Ctx, Query(query): Query<WriteFields>) -> Result<Response, AppError> {
    match HELD.get(&query.held, ctx.viewer()?.person_id, ctx.now) {
        Some(Held::Files(_)) => understand(&ctx, &query.held).await,
        _ => Ok(see_and_say("/import", "files-gone")),
    }
}

async fn understand(ctx: &Ctx, held: &str) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let Some(Held::Files(Files { files, .. })) = HELD.get(held, viewer.person_id, ctx.now) else { return Ok(refuse(ctx, GONE)) };
    let bytes: Vec<&[u8]> = files.iter().map(|f| f.bytes.as_slice()).collect();
    let known = store::imports::known(ctx.store(), viewer, &bytes).await?;
    let understood = in_background(move || {
        let read = |(file, known): (Upload, bool)| {
            let read = importers::read_review(&file.name, &file.bytes);
            Understood { name: file.name, read, known }
        };
        files.into_iter().zip(known).map(read).collect::<Vec<_>>()
    })
    .await?;
    Ok(page::draw_dry_run(ctx, held.to_owned(), understood))
}

/// The second step: which files, by the name that the first one gave them.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WriteFields {
    held: String,
}

/// Writes what is held: all of it, or for the page's script the next few files, so that it can say how far it is.
pub(super) async fn write(ctx: Ctx, Posted(typed): Posted<WriteFields>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let done = format!("/import?done={}", typed.held);
    let mut held = match HELD.take(&typed.held, viewer.person_id, ctx.now) {
        Some(Held::Files(held)) => held,
        // Sent twice: the outcome of the first time.
        Some(Held::Done(_)) if !ctx.wants_json => return Ok(see(&done)),
        _ => return Ok(refuse(&ctx, GONE)),
    };
    let all = held.files.len();
    let until = if ctx.wants_json { all.min(held.written + AT_ONCE) } else { all };
    let next = held.files[held.written..until].to_vec();
    let (files, read) = in_background(move || {
        let read: Vec<ImportedFile> = next.iter().map(|f| importers::read_review(&f.name, &f.bytes)).collect();
        (next, read)
    })
    .await?;
    let to_write: Vec<File<'_>> =
        files.iter().zip(&read).map(|(file, understood)| File { name: &file.name, understood, bytes: &file.bytes }).collect();
    let counts = store::imports::write(ctx.store(), viewer, &to_write, ctx.now).await?;
    held.counts.add(counts);
    held.written = until;
    let rest = if until == all { Held::Done(held.counts) } else { Held::Files(held) };
    HELD.put(&typed.held, viewer.person_id, ctx.now, rest);
    if ctx.wants_json {
        return Ok(Json(json!({ "held": typed.held, "done": until, "of": all })).into_response());
    }
    Ok(see(&done))
}

/// Reading is work for a processor, not for the threads that answer others.
pub(crate) async fn in_background<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(AppError::internal)
}

/// A file's name in one short line. From a folder comes its path below that folder, as on the command line: it says which document
/// this is when it is imported again.
pub(crate) fn clean_name(name: &str) -> String {
    let parts: Vec<&str> = name.split(['/', '\\']).collect();
    // A drive or a way upwards is the path of one file on somebody's disk; some browsers send it.
    let whole = parts.iter().any(|p| p.ends_with(':') || *p == ".." || p.is_empty());
    let name = match parts.as_slice() {
        [_, below @ ..] if !below.is_empty() && !whole => below.join("/"),
        [.., last] => (*last).to_owned(),
        [] => String::new(),
    };
    name.chars().filter(|c| !c.is_control()).take(200).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_one_short_line_below_its_folder() {
        assert_eq!(clean_name("reviews/2019/ferry.md"), "2019/ferry.md");
        assert_eq!(clean_name("reviews/ferry.md"), "ferry.md");
        assert_eq!(clean_name("C:\\reviews\\2019\\ferry.md"), "ferry.md");
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("a\n\u{0}b.md "), "ab.md");
        assert_eq!(clean_name(&"x".repeat(999)).len(), 200);
        assert_eq!(clean_name("reviews/"), "");
    }
}
