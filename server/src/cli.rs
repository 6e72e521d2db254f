//! The command line. Every option is also an environment variable `SECOND_STORY_…`.

mod database;

pub(crate) use database::Database;

use crate::host::{self, Hosted, Listen};
use crate::import_logs::{self, ImportLog};
use crate::operations::{backup, doctor, export, lock, migrating, restore};
use crate::{clock, demo, lint, log, secrets, seed, users};
use clap::{Args, Parser, Subcommand};
use database::make_private;
use domain::timeline::raw::RawSource;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Blameless post-incident reviews: collect second stories, learn from them together, see what keeps coming back.
#[derive(Parser)]
#[command(
    name = "secondstory",
    version,
    about,
    after_help = "Begin with `secondstory demo`, which invents an organisation to look around in.\n\
For your own: `secondstory serve` starts the service and prints a link that makes the first account."
)]
pub struct Cli {
    /// How log lines look.
    #[arg(long, global = true, env = "SECOND_STORY_LOG_FORMAT", value_enum, default_value = "text")]
    log_format: log::Format,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve an organisation's own data.
    Serve(Serve),
    /// Serve an invented organisation to look around in. Its database is marked as a demo and never mixes with a real one.
    Demo(Demo),
    /// Take incident reviews in from documents, or a whole database from an export.
    #[command(subcommand)]
    Import(Import),
    /// Write a whole database into one file.
    #[command(subcommand)]
    Export(Export),
    /// Back up a database, also while it is served, and verify the backup by restoring it.
    Backup(backup::Backup),
    /// Make a database from a backup. Needs the instance key that the backup was made under.
    Restore(restore::Restore),
    /// Bring the database's schema up to date. `serve` does this by itself.
    Migrate(migrating::Migrate),
    /// Look whether everything is as it should be, and say what to do where it is not; exit 1 if something is broken.
    Doctor(doctor::Doctor),
    /// Accounts.
    #[command(subcommand)]
    User(users::User),
    /// Fill a database with a synthetic organisation, the same for the same seed, for measuring at scale.
    Seed(Seed),
    /// Hints on wording for texts outside of the app; exit 0 without any, 1 with some, 2 where something could not be read.
    Lint(lint::Lint),
    /// Take what has been kept long enough, as the service does once a day.
    Retention(Retention),
    /// Ask a running service whether it is ready; exit 0 if so.
    Healthcheck(Healthcheck),
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    daily: backup::Daily,
    #[command(flatten)]
    mail: crate::mail::Mail,
}

#[derive(Args)]
struct Demo {
    /// The folder for the demo's database and key.
    #[arg(long, env = "SECOND_STORY_DATA", default_value = "data")]
    data: PathBuf,
    /// Another database than DATA/demo.db, e.g. postgres://…
    #[arg(long, env = "SECOND_STORY_DATABASE", hide_env_values = true, value_parser = host::database)]
    database: Option<String>,
    #[command(flatten)]
    listen: Listen,
}

#[derive(Subcommand)]
enum Import {
    /// Markdown reviews: one file or a folder of them. A second import of the same thing changes nothing.
    Reviews(ImportReviews),
    /// A Slack export, unpacked or not, into the raw log of an incident.
    Slack(ImportLog),
    /// What Alertmanager sent, into the raw log of an incident.
    Alertmanager(ImportLog),
    /// What PagerDuty sent or answered, into the raw log of an incident.
    Pagerduty(ImportLog),
    /// What Statuspage sent or answered, into the raw log of an incident.
    Statuspage(ImportLog),
    /// What Grafana's alerting sent, into the raw log of an incident.
    Grafana(ImportLog),
    /// What incident.io sent or answered, into the raw log of an incident.
    Incidentio(ImportLog),
    /// What Rootly sent, into the raw log of an incident.
    Rootly(ImportLog),
    /// A table with a column for the time and one for what happened, into the raw log of an incident.
    Csv(ImportLog),
    /// With --incident, a log of our own plain JSON; else a file that `export json` wrote, into an empty database.
    Json(ImportLog),
}

#[derive(Subcommand)]
enum Export {
    /// JSON lines that `import json` takes on either engine. Sessions stay behind; confidential text travels as ciphertext.
    Json(export::ExportJson),
}

#[derive(Args)]
struct ImportReviews {
    /// A Markdown file or a folder.
    path: PathBuf,
    /// Say what was understood and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print the counts as JSON, last.
    #[arg(long)]
    json: bool,
    /// E-mail of the account that imports; it may read the source documents and plan. Default: the first administrator.
    #[arg(long = "as", env = "SECOND_STORY_AS")]
    importer: Option<String>,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
struct Seed {
    /// How many incidents.
    #[arg(long)]
    incidents: u32,
    /// The same seed makes the same organisation.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
struct Retention {
    /// Say in counts what would go, and take nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
struct Healthcheck {
    /// Address of the service.
    #[arg(long, env = "SECOND_STORY_LISTEN", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
}

/// Runs a command to its end.
pub fn run(cli: Cli) -> ExitCode {
    log::begin(cli.log_format);
    secrets::private_files();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return failed(&format!("cannot start: {e}")),
    };
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Serve(args) => serve(args).await,
            Command::Demo(args) => run_demo(args).await,
            Command::Import(Import::Reviews(args)) => {
                let store = args.database.open().await;
                match store {
                    Ok(store) => {
                        crate::import::reviews(&store, &args.path, args.importer.as_deref(), args.dry_run, args.json).await
                    }
                    Err(sentence) => Err(sentence),
                }
            }
            Command::User(command) => users::run(command).await,
            Command::Import(Import::Json(args)) if args.how.incident.is_none() => {
                export::import(&args.path, &args.database).await
            }
            Command::Import(Import::Json(args)) => import_logs::run(RawSource::Json, args).await,
            Command::Import(Import::Slack(args)) => import_logs::run(RawSource::Slack, args).await,
            Command::Import(Import::Alertmanager(args)) => import_logs::run(RawSource::Alertmanager, args).await,
            Command::Import(Import::Pagerduty(args)) => import_logs::run(RawSource::PagerDuty, args).await,
            Command::Import(Import::Statuspage(args)) => import_logs::run(RawSource::Statuspage, args).await,
            Command::Import(Import::Grafana(args)) => import_logs::run(RawSource::Grafana, args).await,
            Command::Import(Import::Incidentio(args)) => import_logs::run(RawSource::IncidentIo, args).await,
            Command::Import(Import::Rootly(args)) => import_logs::run(RawSource::Rootly, args).await,
            Command::Import(Import::Csv(args)) => import_logs::run(RawSource::Csv, args).await,
            Command::Export(Export::Json(args)) => export::export(args).await,
            Command::Backup(args) => backup::run(args).await,
            Command::Restore(args) => restore::run(args).await,
            Command::Migrate(args) => migrating::run(args).await,
            Command::Doctor(args) => doctor::run(args).await,
            Command::Seed(args) => run_seed(args).await,
            Command::Lint(args) => lint::run(&args),
            Command::Retention(args) => match args.database.open().await {
                Ok(store) => crate::retention::run(&store, args.dry_run, clock::now()).await,
                Err(sentence) => Err(sentence),
            },
            Command::Healthcheck(args) => healthcheck(args.listen).await,
        }
    });
    match outcome {
        Ok(code) => code,
        Err(sentence) => failed(&sentence),
    }
}

fn failed(sentence: &str) -> ExitCode {
    eprintln!("secondstory: {sentence}");
    ExitCode::FAILURE
}

/// How a command ended, or a sentence for the terminal.
pub(crate) type Outcome = Result<ExitCode, String>;

/// A store's error for the terminal, with its cause.
pub(crate) fn told(error: store::StoreError) -> String {
    use std::error::Error;
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

async fn serve(args: Serve) -> Outcome {
    let post = args.mail.post()?;
    args.database.make_folder()?;
    let _serving = args.database.sqlite_file().as_deref().map(lock::take).transpose()?;
    let store = args.database.open().await?;
    if store::settings::is_demo(&store).await.map_err(told)? {
        return Err("this database holds a demo; `secondstory demo` serves it, or name another --database".to_owned());
    }
    let backups = args.daily.into_plan(args.database.backups());
    host::run(Hosted { store, database: &args.database.database, demo: None, backups, post }, args.listen).await
}

async fn run_demo(args: Demo) -> Outcome {
    let url = args.database.unwrap_or_else(|| format!("sqlite://{}", args.data.join("demo.db").display()));
    make_private(&args.data)?;
    let database = Database { database: url, data: Some(args.data.clone()), key_file: None, attachments: None };
    let _serving = database.sqlite_file().as_deref().map(lock::take).transpose()?;
    let store = database.open().await?;
    if demo::fill(&store, clock::now()).await? {
        eprintln!("The demo organisation is ready in {}.", args.data.display());
    }
    // What was invented can be invented again: a demo is not backed up.
    let demo = Some(demo::PASSWORD.to_owned());
    host::run(Hosted { store, database: &database.database, demo, backups: None, post: None }, args.listen).await
}

async fn run_seed(args: Seed) -> Outcome {
    let store = args.database.open().await?;
    seed::fill(&store, args.incidents, args.seed, clock::now()).await?;
    println!("{} incidents seeded.", args.incidents);
    Ok(ExitCode::SUCCESS)
}

async fn healthcheck(address: SocketAddr) -> Outcome {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let ask = async {
        let mut stream = tokio::net::TcpStream::connect(address).await?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    match tokio::time::timeout(std::time::Duration::from_secs(3), ask).await {
        Ok(Ok(answer)) if answer.starts_with("HTTP/1.1 200") => Ok(ExitCode::SUCCESS),
        Ok(Ok(_)) => Err(format!("{address} answers, but is not ready")),
        Ok(Err(e)) => Err(format!("{address}: {e}")),
        Err(_) => Err(format!("{address} does not answer")),
    }
}
