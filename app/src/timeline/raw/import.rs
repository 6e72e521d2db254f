//! Importing into a raw log: choose files, see what would come, then import; and the undo of a whole import.

use super::options::{OptionFields, Understood, understand};
use super::{choice, looking, opened_for};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, see, see_and_say};
use crate::holding::{Holding, Upload, Waiting};
use crate::incidents::{clean_name, in_background};
use axum::Json;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::{Multipart, Path, Query};
use axum::response::{IntoResponse, Response};
use domain::timeline::raw::{ImportedLogs, RawAuthor};
use domain::timeline::telling::placed;
use domain::{IncidentId, Invalid, RawImportId};
use http::StatusCode;
use importers::LogFile;
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};
use store::incidents::Opened;
use store::timeline::raw_authors::{self, AuthorAs, Proposed};
use store::timeline::raw_imports::{self, Taking, Written};

/// Most that one request may hold in bytes.
pub(super) const BODY: usize = 64 * 1024 * 1024;
/// Most files of one choice.
const FILES: usize = 5_000;
/// Entries that one request of the page's script writes.
pub(super) const AT_ONCE: usize = 10_000;

/// What waits between the two steps.
#[derive(Clone)]
enum Held {
    /// Files, and how to read them.
    Files(Box<Files>),
    /// What the second step wrote.
    Done(IncidentId, Written),
}

#[derive(Clone, Default)]
struct Files {
    files: Arc<Vec<Upload>>,
    fields: OptionFields,
    /// What was read of them, once writing has begun.
    read: Option<Understood>,
    written: Written,
}

impl Waiting for Held {
    fn size(&self) -> usize {
        match self {
            Self::Files(held) => held.files.iter().map(|f| f.bytes.len() + f.name.len()).sum(),
            Self::Done(..) => 0,
        }
    }

    fn is_done(&self) -> bool {
        matches!(self, Self::Done(..))
    }
}

/// Of this process.
static HELD: LazyLock<Holding<Held>> = LazyLock::new(Holding::default);

/// `done` names an import that was just made.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ChoiceQuery {
    done: String,
}

pub(super) async fn choose(ctx: Ctx, Path(key): Path<String>, Query(query): Query<ChoiceQuery>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key).await?;
    let done = match HELD.get(&query.done, ctx.viewer()?.person_id, ctx.now) {
        Some(Held::Done(incident, written)) if incident == opened.incident.id => Some(written),
        _ => None,
    };
    if let Some(import) = done.and_then(|written| written.import) {
        return Ok(see(&format!("/incidents/{}?pane=raw&imported={import}", opened.incident.key)));
    }
    choice::draw(&ctx, opened, OptionFields::default(), done, &Invalid::default()).await
}

/// The first step. The page's script sends many files in several requests: `held` names what came before.
pub(super) async fn read(
    ctx: Ctx,
    Path(key): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key).await?;
    // Who may not import learns nothing from how a form is refused.
    let mut form = form.map_err(|_| AppError::BadRequest)?;
    let me = ctx.viewer()?.person_id;
    let Sent { mut files, before, fields } = sent(&mut form).await?;
    let mut held = match HELD.take(&before, me, ctx.now) {
        Some(Held::Files(held)) => held,
        _ => Box::new(Files { fields: fields.clone(), ..Files::default() }),
    };
    Arc::make_mut(&mut held.files).append(&mut files);
    if let Some(message) = refusal(held.files.len()) {
        return refuse(&ctx, opened, fields, &message).await;
    }
    let (token, count) = (store::random::token(), held.files.len());
    if !HELD.put(&token, me, ctx.now, Held::Files(held)) {
        return refuse(&ctx, opened, fields, CROWDED).await;
    }
    if ctx.wants_json {
        return Ok(Json(json!({ "held": token, "done": count })).into_response());
    }
    Ok(see(&format!("/incidents/{}/raw/import/read?held={token}", opened.incident.key)))
}

/// What one request brought.
pub(super) struct Sent {
    pub(super) files: Vec<Upload>,
    /// The token of what came before.
    pub(super) before: String,
    pub(super) fields: OptionFields,
}

/// Reads the form of a choice of files.
pub(super) async fn sent(form: &mut Multipart) -> Result<Sent, AppError> {
    let mut sent = Sent { files: Vec::new(), before: String::new(), fields: OptionFields::default() };
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let Some(name) = field.file_name().map(clean_name) else {
            let name = field.name().unwrap_or_default().to_owned();
            let text = field.text().await.map_err(unreadable)?;
            match name.as_str() {
                "held" => sent.before = text,
                "source" => sent.fields.source = text,
                "zone" => sent.fields.zone = text,
                _ => {}
            }
            continue;
        };
        let bytes = field.bytes().await.map_err(unreadable)?.to_vec();
        // An input without a choice sends one file without name and content.
        if !(name.is_empty() && bytes.is_empty()) {
            sent.files.push(Upload { name, bytes });
        }
    }
    Ok(sent)
}

/// Why so many files are not taken.
pub(super) fn refusal(files: usize) -> Option<String> {
    match files {
        0 => Some("Please choose a file, several, a folder or an archive.".to_owned()),
        n if n > FILES => Some(format!("These are more than {FILES} files. Please take them in turns.")),
        _ => None,
    }
}

pub(super) const CROWDED: &str = "Many people are importing just now. Please try again in some minutes.";

fn unreadable(error: MultipartError) -> AppError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
        _ => AppError::BadRequest,
    }
}

async fn refuse(ctx: &Ctx, opened: Opened, fields: OptionFields, message: &str) -> Result<Response, AppError> {
    if ctx.wants_json {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "message": message }))).into_response());
    }
    choice::draw(ctx, opened, fields, None, &Invalid::one("files", message)).await
}

pub(super) const GONE: &str =
    "These files were kept for a quarter of an hour and are gone now. Please choose them again; nothing more was written.";

/// Which files, how they are read, and who their authors are.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WriteFields {
    held: String,
    #[serde(flatten)]
    options: OptionFields,
    /// Authors whose account was confirmed, by their id at the source.
    person: Vec<String>,
}

/// The dry run: what would come, and what of it is here already.
pub(super) async fn show(ctx: Ctx, Path(key): Path<String>, Query(query): Query<ShowQuery>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key).await?;
    let Some(Held::Files(held)) = HELD.get(&query.held, ctx.viewer()?.person_id, ctx.now) else {
        return Ok(see_and_say(&format!("/incidents/{}/raw/import", opened.incident.key), "files-gone"));
    };
    let fields = if query.again.is_empty() { held.fields.clone() } else { query.options };
    let understood = read_them(&held.files, &fields, &opened.incident.zone).await?;
    looking::draw(&ctx, opened, query.held, fields, understood).await
}

/// `again`: read them in another way than the one that was chosen first.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ShowQuery {
    held: String,
    again: String,
    #[serde(flatten)]
    options: OptionFields,
}

pub(super) async fn read_them(files: &Arc<Vec<Upload>>, fields: &OptionFields, zone: &str) -> Result<Understood, AppError> {
    let (files, fields, zone) = (Arc::clone(files), fields.clone(), zone.to_owned());
    in_background(move || {
        let files: Vec<LogFile<'_>> = files.iter().map(|f| LogFile { name: &f.name, bytes: &f.bytes }).collect();
        understand(&files, &fields, &zone)
    })
    .await
}

/// Everybody that the logs name, each once.
pub(super) fn authors(read: &ImportedLogs) -> Vec<&RawAuthor> {
    let mut seen = BTreeSet::new();
    read.logs.iter().flat_map(|log| &log.authors).filter(|author| seen.insert(author.id.as_str())).collect()
}

/// The second step: all of it, or for the page's script the next some thousands, so that it can say how far it is.
pub(super) async fn write(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<WriteFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key).await?;
    let (store, viewer, incident) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let done = format!("/incidents/{}/raw/import?done={}", opened.incident.key, typed.held);
    let mut held = match HELD.take(&typed.held, viewer.person_id, ctx.now) {
        Some(Held::Files(held)) => held,
        // Sent twice: the outcome of the first time.
        Some(Held::Done(..)) if !ctx.wants_json => return Ok(see(&done)),
        _ => return refuse(&ctx, opened, OptionFields::default(), GONE).await,
    };
    let understood = match held.read.take() {
        Some(understood) => understood,
        None => read_them(&held.files, &typed.options, &opened.incident.zone).await?,
    };
    let Some(source) = understood.source else {
        return refuse(&ctx, opened, typed.options, "Please say which tool wrote these files.").await;
    };
    let authors = authors(&understood.read);
    let proposed = raw_authors::propose(store, viewer, incident, source, &authors, ctx.now).await?;
    let people: BTreeMap<&str, &Proposed> =
        proposed.iter().filter(|p| typed.person.contains(&p.id)).map(|p| (p.id.as_str(), p)).collect();
    let authors: Vec<AuthorAs<'_>> = authors
        .into_iter()
        .map(|author| {
            let person = people.get(author.id.as_str()).and_then(|p| p.person.as_ref()).map(|(id, _)| *id);
            AuthorAs { author, person }
        })
        .collect();
    let entries = placed(&understood.read.logs, opened.incident.started_at);
    let name = understood.name();
    let taking = Taking { source, name: &name, entries: &entries, authors: &authors };
    let most = if ctx.wants_json { AT_ONCE } else { usize::MAX };
    held.written = raw_imports::write(store, viewer, incident, &taking, held.written, most, ctx.now).await?;
    let (written, all) = (held.written, entries.len());
    drop(entries);
    let rest = if written.done >= all {
        Held::Done(incident, written)
    } else {
        Held::Files(Box::new(Files { read: Some(understood), ..*held }))
    };
    HELD.put(&typed.held, viewer.person_id, ctx.now, rest);
    if ctx.wants_json {
        return Ok(Json(json!({ "held": typed.held, "done": written.done, "of": all })).into_response());
    }
    Ok(see(&done))
}

/// Takes a whole import back.
pub(super) async fn undo(ctx: Ctx, Path((key, import)): Path<(String, String)>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key).await?;
    let import: RawImportId = import.parse().map_err(|_| AppError::NotFound)?;
    raw_imports::undo(ctx.store(), ctx.viewer()?, opened.incident.id, import, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}/raw/import#i-{import}", opened.incident.key), "import-undone"))
}

/// Brings it back.
pub(super) async fn redo(ctx: Ctx, Path((key, import)): Path<(String, String)>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key).await?;
    let import: RawImportId = import.parse().map_err(|_| AppError::NotFound)?;
    raw_imports::redo(ctx.store(), ctx.viewer()?, opened.incident.id, import, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}/raw/import#i-{import}", opened.incident.key), "import-redone"))
}
