//! `serve` and `demo` from here on: what may be said about addresses and limits, and the process that it makes.

use crate::operations::backup;
use crate::process::Process;
use crate::space::Space;
use crate::{address, clock, jobs, limits, listen, mail, router};
use app::site::Site;
use clap::Args;
use domain::timeline::attachments::Limits;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use store::Store;

/// Where the service listens, and what stands around it.
#[derive(Args)]
pub struct Listen {
    /// Address and port; port 0 takes a free one and prints it.
    #[arg(long, env = "SECOND_STORY_LISTEN", default_value = "127.0.0.1:3000")]
    pub(crate) listen: SocketAddr,
    /// The address that people type, such as https://stories.example.org, or https://example.org/stories below another service.
    /// Needed for any other address than this machine's own.
    #[arg(long, env = "SECOND_STORY_BASE_URL")]
    pub(crate) base_url: Option<String>,
    /// Serve plain http on another address than this machine's own. Passwords and answers travel in clear then.
    #[arg(long, env = "SECOND_STORY_INSECURE_HTTP")]
    pub(crate) insecure_http: bool,
    /// How many proxies stand in front and may be believed about a client's address.
    #[arg(long, env = "SECOND_STORY_TRUSTED_PROXIES", default_value_t = 0)]
    pub(crate) trusted_proxies: usize,
    /// A file with a token. Who sends it as `Authorization: Bearer …` may read /metrics; without it only this machine itself may.
    #[arg(long, env = "SECOND_STORY_METRICS_TOKEN_FILE")]
    metrics_token_file: Option<PathBuf>,
    /// What must stay free on the disk of an SQLite file, such as 200MB; with less, nothing new is saved, and everything can be read.
    #[arg(long, env = "SECOND_STORY_MIN_FREE_SPACE", default_value = "200MB")]
    min_free_space: bytesize::ByteSize,
    /// The most that one attached file may have, such as 10MB.
    #[arg(long, env = "SECOND_STORY_MAX_FILE", default_value = "10MB")]
    max_file: bytesize::ByteSize,
    /// The most that all files of an incident may have together, such as 200MB.
    #[arg(long, env = "SECOND_STORY_MAX_FILES", default_value = "200MB")]
    max_files: bytesize::ByteSize,
}

/// What is served.
pub(crate) struct Hosted<'a> {
    /// The database, open.
    pub store: Store,
    /// Its URL.
    pub database: &'a str,
    /// The demo's password, where this is one.
    pub demo: Option<String>,
    /// When and where it is backed up, if it is.
    pub backups: Option<backup::Plan>,
    /// The way to the mail server, where there is one.
    pub post: Option<mail::Post>,
}

/// Serves until the process is asked to stop.
pub(crate) async fn run(hosted: Hosted<'_>, listen: Listen) -> crate::cli::Outcome {
    let Hosted { store, database, demo, backups, post } = hosted;
    let base = address::check(listen.listen, listen.base_url.as_deref(), listen.insecure_http)?;
    let space = file_of(database).map(|file| Space::new(folder_of(file), listen.min_free_space.as_u64()));
    let process = Arc::new(Process::new(space, listen.metrics_token_file.as_deref().map(token).transpose()?));
    let (listener, address) = listen::bind(listen.listen).await?;
    let base_url = base.as_ref().map_or_else(|| format!("http://{address}"), |base| base.as_str().to_owned());
    let store = if post.is_some() { store.with_post(&base_url) } else { store };
    let site = Site {
        store: store.clone(),
        clock: Arc::new(clock::now),
        asset: crate::assets::hashed,
        secure_cookies: base.as_ref().is_some_and(address::BaseUrl::https),
        base_url,
        trusted_proxies: listen.trusted_proxies,
        demo: demo.clone(),
        attachments: Limits { file: listen.max_file.as_u64(), incident: listen.max_files.as_u64() },
    };
    let limits = limits::Limits {
        per_address: (listen.trusted_proxies == 0).then(|| limits::Limits::default().per_address).flatten(),
        ..limits::Limits::default()
    };
    let link =
        if demo.is_some() { None } else { store::setup::new_link(&store, clock::now()).await.map_err(crate::cli::told)? };
    tokio::spawn(warm(store.clone()));
    let jobs = tokio::spawn(jobs::run(site.clone(), backups, Arc::clone(&process)));
    let sending = post.map(|post| tokio::spawn(mail::run(site.clone(), post, Arc::clone(&process))));
    say(&format!("listening on http://{address}"));
    if let Some(password) = demo {
        eprintln!("Open {} and choose a role; or sign in as responder@demo with the demo password: {password}", site.base_url);
    } else if let Some(token) = link {
        say(&format!(
            "There is no administrator yet. Open this link within 24 hours to make the first account; it works once:\n  {}/set-up/{token}",
            site.base_url
        ));
    }
    listen::serve(listener, router::of_process(site, Arc::clone(&process)), process, limits, listen::asked_to_stop()).await;
    jobs.abort();
    if let Some(sending) = sending {
        sending.abort();
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Makes the writing assistant ready beside everything else, so that whoever writes first does not wait for it.
async fn warm(store: Store) {
    // What cannot be read now is read when somebody writes.
    let rules = store::settings::writing_as_chosen(&store).await.map(|choice| choice.rules).unwrap_or_default();
    let ready = move || {
        writing::warm();
        _ = writing::Own::kept(&rules);
    };
    _ = tokio::task::spawn_blocking(ready).await;
}

/// A line for the terminal. Nobody may be reading any more: that is no reason to stop.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A database's URL as typed, or what the file of `@FILE` holds.
pub(crate) fn database(typed: &str) -> Result<String, String> {
    match typed.strip_prefix('@') {
        None => Ok(typed.to_owned()),
        Some(file) => {
            std::fs::read_to_string(file).map(|text| text.trim().to_owned()).map_err(|e| format!("cannot read {file}: {e}"))
        }
    }
}

/// The file of an SQLite URL.
pub(crate) fn file_of(database: &str) -> Option<&Path> {
    let file = database.strip_prefix("sqlite://").or_else(|| database.strip_prefix("sqlite:"))?;
    Some(Path::new(file.split('?').next().unwrap_or(file)))
}

/// The folder that a file lies in.
pub(crate) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn token(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
    let token = text.trim();
    if token.len() < 16 {
        return Err(format!(
            "{} wants a token of 16 characters or more, for instance from `openssl rand -hex 32`",
            path.display()
        ));
    }
    Ok(token.to_owned())
}
