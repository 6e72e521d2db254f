//! Importing logs that tell of incidents of their own: choose files, see which incidents they become or go into, then import; and the undo of
//! all of it.

mod page;

use super::import::{AT_ONCE, CROWDED, GONE, Sent, authors, read_them, refusal, sent};
use super::options::{OptionFields, Understood};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, see, see_and_say};
use crate::holding::{Holding, Upload, Waiting};
use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Query};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::timeline::raw::{ImportedLog, ImportedLogs, RawSource};
use domain::timeline::telling::placed;
use domain::{IncidentId, Invalid};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use std::slice::from_ref;
use std::sync::{Arc, LazyLock};
use store::timeline::raw_authors::AuthorAs;
use store::timeline::raw_imports::{self, Standing, Taking, Written};
use store::timeline::raw_incidents::{self, Found};
use store::{Store, StoreError};

/// What waits between the two steps, and after them for the undo.
#[derive(Clone)]
enum Held {
    /// Files, and how to read them.
    Files(Box<Files>),
    /// What became of them.
    Done(Arc<Vec<Became>>),
}

#[derive(Clone, Default)]
struct Files {
    files: Arc<Vec<Upload>>,
    fields: OptionFields,
    /// What was read of them, once writing has begun.
    read: Option<Understood>,
    became: Vec<Became>,
}

/// What became of a log.
#[derive(Clone, Debug)]
struct Became {
    /// Its name at the tool.
    title: String,
    outcome: Result<Written, Refused>,
    /// Where it stands now.
    incident: Option<(IncidentId, IncidentKey)>,
    /// The incident was made for it.
    new: bool,
}

/// Why a log went nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Refused {
    /// It tells of no incident.
    NoIncident,
    /// Its incident is in the trash, merged or gone: in words.
    NotRevived(String),
    /// Its incident is here, and its raw log belongs to others.
    NotTheirs,
}

/// What would become of a log.
struct Would {
    log: usize,
    goes: Result<Option<IncidentKey>, Refused>,
    /// New, changed and known entries.
    counts: [usize; 3],
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

const CHOICE: &str = "/import/logs";

/// `done` names an import that was just made.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ChoiceQuery {
    done: String,
}

pub(super) async fn choose(ctx: Ctx, Query(query): Query<ChoiceQuery>) -> Result<Response, AppError> {
    let became = match HELD.get(&query.done, ctx.viewer()?.person_id, ctx.now) {
        Some(Held::Done(became)) => Some((query.done, became)),
        _ => None,
    };
    let fields = OptionFields { zone: ctx.zone().name().to_owned(), ..OptionFields::default() };
    Ok(page::draw_choice(&ctx, fields, became, &Invalid::default()))
}

/// The first step. The page's script sends many files in several requests: `held` names what came before.
pub(super) async fn read(ctx: Ctx, form: Result<Multipart, MultipartRejection>) -> Result<Response, AppError> {
    let me = ctx.viewer()?.person_id;
    let Sent { mut files, before, fields } = sent(&mut form.map_err(|_| AppError::BadRequest)?).await?;
    let mut held = match HELD.take(&before, me, ctx.now) {
        Some(Held::Files(held)) => held,
        _ => Box::new(Files { fields: fields.clone(), ..Files::default() }),
    };
    Arc::make_mut(&mut held.files).append(&mut files);
    if let Some(message) = refusal(held.files.len()) {
        return Ok(refuse(&ctx, fields, &message));
    }
    let (token, count) = (store::random::token(), held.files.len());
    if !HELD.put(&token, me, ctx.now, Held::Files(held)) {
        return Ok(refuse(&ctx, fields, CROWDED));
    }
    if ctx.wants_json {
        return Ok(Json(json!({ "held": token, "done": count })).into_response());
    }
    Ok(see(&format!("{CHOICE}/read?held={token}")))
}

fn refuse(ctx: &Ctx, fields: OptionFields, message: &str) -> Response {
    if ctx.wants_json {
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "message": message }))).into_response();
    }
    page::draw_choice(ctx, fields, None, &Invalid::one("files", message))
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

/// The dry run: which incidents the logs tell of, and what of them is here.
pub(super) async fn show(ctx: Ctx, Query(query): Query<ShowQuery>) -> Result<Response, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let Some(Held::Files(held)) = HELD.get(&query.held, viewer.person_id, ctx.now) else {
        return Ok(see_and_say(CHOICE, "files-gone"));
    };
    let fields = if query.again.is_empty() { held.fields.clone() } else { query.options };
    let understood = read_them(&held.files, &fields, ctx.zone().name()).await?;
    let mut would = Vec::new();
    if let Some(source) = understood.source {
        for (n, log) in understood.read.logs.iter().enumerate() {
            would.push(would_become(store, viewer, source, (n, log), ctx.now).await?);
        }
    }
    Ok(page::draw_dry_run(&ctx, query.held, fields, understood, would))
}

async fn would_become(
    store: &Store,
    viewer: &Viewer,
    source: RawSource,
    (n, log): (usize, &ImportedLog),
    now: DateTime<Utc>,
) -> Result<Would, AppError> {
    let refused = |why| Would { log: n, goes: Err(why), counts: [0; 3] };
    let Some(incident) = &log.incident else { return Ok(refused(Refused::NoIncident)) };
    Ok(match raw_incidents::looked_up(store, viewer, source, incident, now).await? {
        None => Would { log: n, goes: Ok(None), counts: [log.entries.len(), 0, 0] },
        Some(Found::NotRevived(words)) => refused(Refused::NotRevived(words)),
        Some(Found::Here { id, key, .. }) => {
            let entries = placed(from_ref(log), began(log, now));
            match raw_imports::compare(store, viewer, id, source, &entries, now).await {
                Err(StoreError::NotFound) => refused(Refused::NotTheirs),
                compared => {
                    let compared = compared?.entries;
                    let count = |wanted| compared.iter().filter(|standing| **standing == wanted).count();
                    let counts = [Standing::New, Standing::Changed, Standing::Known].map(count);
                    Would { log: n, goes: Ok(Some(key)), counts }
                }
            }
        }
    })
}

/// When a log's incident began: what its times stand beside.
fn began(log: &ImportedLog, now: DateTime<Utc>) -> DateTime<Utc> {
    let told = log.incident.as_ref().and_then(|incident| incident.started_at);
    told.or_else(|| log.entries.iter().find_map(|entry| entry.at)).unwrap_or(now)
}

/// Which files, and how they are read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WriteFields {
    held: String,
    #[serde(flatten)]
    options: OptionFields,
}

/// The second step: all of it, or for the page's script the next some logs, so that it can say how far it is.
pub(super) async fn write(ctx: Ctx, Posted(typed): Posted<WriteFields>) -> Result<Response, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let done = format!("{CHOICE}?done={}", typed.held);
    let mut held = match HELD.take(&typed.held, viewer.person_id, ctx.now) {
        Some(Held::Files(held)) => held,
        // Sent twice: the outcome of the first time.
        Some(Held::Done(_)) if !ctx.wants_json => return Ok(see(&done)),
        _ => return Ok(refuse(&ctx, OptionFields::default(), GONE)),
    };
    let understood = match held.read.take() {
        Some(understood) => understood,
        None => read_them(&held.files, &typed.options, ctx.zone().name()).await?,
    };
    let Some(source) = understood.source else {
        return Ok(refuse(&ctx, typed.options, "Please say which tool wrote these files."));
    };
    let zone = typed.options.zone(ctx.zone().name());
    let (logs, mut entries) = (&understood.read.logs, 0);
    while held.became.len() < logs.len() && (entries < AT_ONCE || !ctx.wants_json) {
        let log = &logs[held.became.len()];
        entries += log.entries.len();
        held.became.push(become_one(store, viewer, source, log, zone.name(), ctx.now).await?);
    }
    let (now_done, all) = (held.became.len(), logs.len());
    let rest = if now_done == all {
        Held::Done(Arc::new(held.became))
    } else {
        Held::Files(Box::new(Files { read: Some(understood), ..*held }))
    };
    HELD.put(&typed.held, viewer.person_id, ctx.now, rest);
    if ctx.wants_json {
        return Ok(Json(json!({ "held": typed.held, "done": now_done, "of": all })).into_response());
    }
    Ok(see(&done))
}

async fn become_one(
    store: &Store,
    viewer: &Viewer,
    source: RawSource,
    log: &ImportedLog,
    zone: &str,
    now: DateTime<Utc>,
) -> Result<Became, AppError> {
    let title = name_of(log);
    let refused = |title, why| Became { title, outcome: Err(why), incident: None, new: false };
    let Some(incident) = &log.incident else { return Ok(refused(title, Refused::NoIncident)) };
    let first = log.entries.iter().find_map(|entry| entry.at);
    let (id, key, new) = match raw_incidents::of_log(store, viewer, source, incident, (first, zone), now).await? {
        Found::Here { id, key, new } => (id, key, new),
        Found::NotRevived(words) => return Ok(refused(title, Refused::NotRevived(words))),
    };
    let entries = placed(from_ref(log), began(log, now));
    let one = ImportedLogs { logs: vec![log.clone()], ..ImportedLogs::default() };
    let authors: Vec<AuthorAs<'_>> = authors(&one).into_iter().map(|author| AuthorAs { author, person: None }).collect();
    let taking = Taking { source, name: &log.name, entries: &entries, authors: &authors };
    match raw_imports::write(store, viewer, id, &taking, Written::default(), usize::MAX, now).await {
        Ok(written) => Ok(Became { title, outcome: Ok(written), incident: Some((id, key)), new }),
        Err(StoreError::NotFound) => Ok(refused(title, Refused::NotTheirs)),
        Err(other) => Err(other.into()),
    }
}

fn name_of(log: &ImportedLog) -> String {
    let title = log.incident.as_ref().map(|incident| incident.title.as_str()).filter(|title| !title.is_empty());
    title.unwrap_or(&log.name).to_owned()
}

/// Which import.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct UndoFields {
    done: String,
}

/// Takes all of it back: entries where their incidents were here before, and into the trash what was made for them.
pub(super) async fn undo(ctx: Ctx, Posted(typed): Posted<UndoFields>) -> Result<Response, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let Some(Held::Done(became)) = HELD.get(&typed.done, viewer.person_id, ctx.now) else {
        return Ok(see_and_say(CHOICE, "files-gone"));
    };
    let mut stays = false;
    for one in became.iter() {
        let Some((id, key)) = one.incident else { continue };
        let undone = match &one.outcome {
            _ if one.new => store::trash::put_in(store, viewer, id, &key.to_string(), ctx.now).await,
            Ok(Written { import: Some(import), .. }) => raw_imports::undo(store, viewer, id, *import, ctx.now).await.map(|_| ()),
            _ => Ok(()),
        };
        match undone {
            Ok(()) => {}
            // Somebody did it already; or a review was opened since, and it is theirs no longer.
            Err(StoreError::NotFound) => stays |= one.new && store::incidents::by_key(store, viewer, key, ctx.now).await.is_ok(),
            Err(other) => return Err(other.into()),
        }
    }
    HELD.put(&typed.done, viewer.person_id, ctx.now, Held::Done(Arc::default()));
    Ok(see_and_say(CHOICE, if stays { "import-undone-some" } else { "import-undone" }))
}
