//! `doctor`: looks whether everything is as it should be, one line a check, with what to do where it is not.

mod data;
mod edge;
mod files;
mod place;
mod post;

use crate::cli::{Database, Outcome, told};
use crate::host::Listen;
use crate::mail::Mail;
use crate::{clock, secrets};
use clap::Args;
use serde::Serialize;
use std::process::ExitCode;
use store::{InstanceKey, Store};

#[derive(Args)]
pub struct Doctor {
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
    /// Leave out whether indexes fit their tables, which takes longest on a large SQLite database.
    #[arg(long)]
    quick: bool,
    /// Remove attached files that nothing names. Nothing else is changed.
    #[arg(long)]
    clear: bool,
    /// First make all words of the search anew, beside a running service, too.
    #[arg(long)]
    rebuild_search: bool,
    /// First write all day sheets anew, from which trends are counted; beside a running service, too.
    #[arg(long)]
    rebuild_trends: bool,
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    mail: Mail,
}

/// How a thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Ok,
    /// Worth a look.
    Look,
    /// Something will be lost or does not work.
    Broken,
}

/// What one check found.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// What was looked at.
    check: &'static str,
    state: State,
    /// What was found.
    found: String,
    /// What to do; empty where nothing is to be done.
    advice: String,
}

impl Finding {
    fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, state: State::Ok, found: found.into(), advice: String::new() }
    }

    fn look(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, state: State::Look, found: found.into(), advice: advice.into() }
    }

    fn broken(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, state: State::Broken, found: found.into(), advice: advice.into() }
    }
}

/// Runs `doctor`.
pub async fn run(args: Doctor) -> Outcome {
    let mut found = place::look(&args.database);
    let (key, is_known) = match secrets::instance_key(&args.database.key_path(), false) {
        Ok(key) => (key, true),
        // What needs no key can be looked at without it.
        Err(_) => (InstanceKey::new([0; 32]), false),
    };
    if args.database.is_there() {
        match Store::open(&args.database.url(), key.clone()).await {
            Ok(store) => {
                let store = store.with_files(&args.database.files());
                if is_known {
                    found.push(files::look(&store, args.quick, args.clear, clock::now()).await);
                }
                if args.rebuild_search {
                    found.push(rebuild_search(&store).await);
                }
                if args.rebuild_trends {
                    found.push(rebuild_trends(&store).await);
                }
                found.extend(data::look(&store, is_known.then(|| key.id()), args.quick, clock::now()).await);
                found.push(post::letters(&store, clock::now()).await);
                store.close().await;
            }
            Err(error) => found.push(Finding::broken(
                "database",
                format!("it does not open: {}", told(error)),
                "Is it running, is the address right? If the file is damaged, restore the last backup into a new file.",
            )),
        }
    } else {
        found.push(Finding::broken(
            "database",
            format!("there is nothing at {}", args.database.url()),
            "Name the database with --database; `secondstory serve` makes a new one.",
        ));
    }
    found.extend(edge::look(&args.listen).await);
    found.push(post::server(&args.mail).await);
    told_as(&found, args.json)
}

/// Forgets the words of the search and writes them again.
async fn rebuild_search(store: &Store) -> Finding {
    let again = async {
        store::search::rebuild(store).await?;
        let mut texts = 0;
        loop {
            match store::search::fill(store).await? {
                0 => return Ok::<_, store::StoreError>(texts),
                n => texts += n,
            }
        }
    };
    match again.await {
        Ok(texts) => Finding::ok("rebuild search", format!("{texts} texts were read again.")),
        Err(error) => Finding::broken(
            "rebuild search",
            format!("it stopped: {}", told(error)),
            "Ask again; what is left waits, and `serve` goes on with it.",
        ),
    }
}

/// Writes the day sheets anew.
async fn rebuild_trends(store: &Store) -> Finding {
    match store::trends::rebuild_sheets(store).await {
        Ok(days) => Finding::ok("rebuild trends", format!("the incidents of {days} days were counted again.")),
        Err(error) => Finding::broken(
            "rebuild trends",
            format!("it stopped, and everything is as it was: {}", told(error)),
            "See the other findings, then ask again.",
        ),
    }
}

fn told_as(found: &[Finding], json: bool) -> Outcome {
    if json {
        println!("{}", serde_json::to_string_pretty(found).map_err(|e| e.to_string())?);
    } else {
        for finding in found {
            let state = match finding.state {
                State::Ok => "ok",
                State::Look => "look",
                State::Broken => "broken",
            };
            println!("{state:<8}{:<18}{}", finding.check, finding.found);
            if !finding.advice.is_empty() {
                println!("{:26}→ {}", "", finding.advice);
            }
        }
        let count = |state| found.iter().filter(|f| f.state == state).count();
        println!("{} ok, {} to look at, {} broken.", count(State::Ok), count(State::Look), count(State::Broken));
    }
    let broken = found.iter().any(|f| f.state == State::Broken);
    Ok(if broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
