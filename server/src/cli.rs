//! The command line. Every option is also an environment variable `SECOND_STORY_…`.

use crate::host::{self, Hosted, Listen};
use crate::operations::{backup, doctor, export, lock, migrating, restore};
use crate::{clock, demo, log, secrets, seed, users};
use clap::{Args, Parser, Subcommand};
use domain::people::GlobalRole;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::Store;

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
    User(User),
    /// Fill a database with a synthetic organisation, the same for the same seed, for measuring at scale.
    Seed(Seed),
    /// Take what has been kept long enough, as the service does once a day.
    Retention(Retention),
    /// Ask a running service whether it is ready; exit 0 if so.
    Healthcheck(Healthcheck),
}

#[derive(Args)]
pub(crate) struct Database {
    /// sqlite://PATH or postgres://USER@HOST/NAME; or @FILE, a file that holds one, which keeps a password out of the environment.
    #[arg(long, env = "SECOND_STORY_DATABASE", default_value = "sqlite://data/second-story.db", hide_env_values = true, value_parser = host::database)]
    database: String,
    /// The folder that holds `secrets/`. Default: the SQLite file's folder, else ./data.
    #[arg(long, env = "SECOND_STORY_DATA")]
    data: Option<PathBuf>,
    /// A file with the instance key, instead of DATA/secrets/instance.key.
    #[arg(long, env = "SECOND_STORY_KEY_FILE")]
    key_file: Option<PathBuf>,
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    daily: backup::Daily,
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
    /// A file that `export json` wrote, into an empty database.
    Json(export::ImportJson),
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

#[derive(Subcommand)]
enum User {
    /// Make an account.
    Add(AddUser),
    /// List all accounts: address, state, roles, name.
    List(Database),
    /// Print a one-time link by which somebody sets a new password. It works for 24 hours.
    Reset(ResetUser),
    /// Deactivate an account: every session ends at once, nothing that was written is lost.
    Deactivate(OneUser),
}

#[derive(Args)]
struct ResetUser {
    /// Address of the account.
    email: String,
    /// The address that people type, which the link begins with.
    #[arg(long, env = "SECOND_STORY_BASE_URL", default_value = "http://127.0.0.1:3000")]
    base_url: String,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
struct OneUser {
    /// Address of the account.
    email: String,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
struct AddUser {
    #[arg(long)]
    email: String,
    #[arg(long)]
    name: String,
    /// member, leadership or administrator.
    #[arg(long, value_parser = role)]
    role: GlobalRole,
    /// May be appointed as facilitator and appoint others.
    #[arg(long)]
    may_facilitate: bool,
    /// 12 to 128 characters.
    #[arg(long, env = "SECOND_STORY_PASSWORD", hide_env_values = true)]
    password: String,
    /// Team; made if it is new.
    #[arg(long)]
    team: Option<String>,
    /// Time zone, such as Europe/Madrid.
    #[arg(long, default_value = "UTC")]
    zone: String,
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

fn role(text: &str) -> Result<GlobalRole, String> {
    GlobalRole::from_slug(text).ok_or_else(|| "write member, leadership or administrator".to_owned())
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
            Command::User(command) => user(command).await,
            Command::Import(Import::Json(args)) => export::import(args).await,
            Command::Export(Export::Json(args)) => export::export(args).await,
            Command::Backup(args) => backup::run(args).await,
            Command::Restore(args) => restore::run(args).await,
            Command::Migrate(args) => migrating::run(args).await,
            Command::Doctor(args) => doctor::run(args).await,
            Command::Seed(args) => run_seed(args).await,
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

async fn user(command: User) -> Outcome {
    match command {
        User::Add(args) => add_user(args).await,
        User::List(database) => users::list(&database.open().await?).await,
        User::Reset(args) => users::reset(&args.database.open().await?, &args.email, &args.base_url).await,
        User::Deactivate(args) => users::deactivate(&args.database.open().await?, &args.email).await,
    }
}

fn failed(sentence: &str) -> ExitCode {
    eprintln!("secondstory: {sentence}");
    ExitCode::FAILURE
}

/// How a command ended, or a sentence for the terminal.
pub(crate) type Outcome = Result<ExitCode, String>;

impl Database {
    pub(crate) fn folder(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| match self.sqlite_file().as_deref().and_then(Path::parent) {
            Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
            Some(parent) => parent.to_owned(),
            None => PathBuf::from("data"),
        })
    }

    /// The file of an SQLite database.
    pub(crate) fn sqlite_file(&self) -> Option<PathBuf> {
        let file = self.database.strip_prefix("sqlite://").or_else(|| self.database.strip_prefix("sqlite:"))?;
        Some(PathBuf::from(file.split('?').next().unwrap_or(file)))
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        self.database.clone()
    }

    /// Where its instance key lies.
    pub(crate) fn key_path(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| secrets::key_path(&self.folder()))
    }

    /// Where its backups go unless somebody said otherwise.
    pub(crate) fn backups(&self) -> PathBuf {
        self.folder().join("backups")
    }

    /// Whether there is something to open: an SQLite file, or a PostgreSQL address, which alone tells.
    pub(crate) fn is_there(&self) -> bool {
        self.sqlite_file().is_none_or(|file| file.metadata().is_ok_and(|m| m.len() > 0))
    }

    /// Makes the folder of an SQLite database.
    pub(crate) fn make_folder(&self) -> Result<(), String> {
        if self.sqlite_file().is_some() { make_private(&self.folder()) } else { Ok(()) }
    }

    /// Opens the database as it is, with its key, which is made where it may be and there is none.
    pub(crate) async fn connect(&self, may_create_key: bool) -> Result<Store, String> {
        self.make_folder()?;
        let key = secrets::instance_key(&self.key_path(), may_create_key && self.key_file.is_none())?;
        Store::open(&self.database, key).await.map_err(told)
    }

    /// Opens a database that is there already, as it is: nothing is made, nothing migrated, a newer one or another key refused.
    pub(crate) async fn open_existing(&self) -> Result<Store, String> {
        if !self.is_there() {
            return Err(format!("there is no database at {}", self.database));
        }
        let key = secrets::instance_key(&self.key_path(), false)?;
        let id = key.id();
        let store = Store::open(&self.database, key).await.map_err(told)?;
        let state = store.migration_state().await.map_err(told)?;
        state.refuse_newer().map_err(told)?;
        if state.applied.is_empty() {
            return Err(format!("{} is no database of Second Story yet", self.database));
        }
        match store::settings::instance_key_id(&store).await.map_err(told)? {
            Some(known) if known != id => Err(format!(
                "this database belongs to the instance key {known}, and the key given is {id}; please give the right key file"
            )),
            _ => Ok(store),
        }
    }

    /// Opens the database, migrated, with its key.
    pub(crate) async fn open(&self) -> Result<Store, String> {
        let store = self.connect(true).await?;
        migrating::up_to_date(&store, &self.backups()).await?;
        Ok(store)
    }
}

/// A folder of ours is for its owner alone; a folder that was there before is left as it is.
fn make_private(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        Ok(())
    } else {
        secrets::private_folder(folder).map_err(|e| format!("cannot make {}: {e}", folder.display()))
    }
}

/// A store's error for the terminal, with its cause.
pub(crate) fn told(error: store::StoreError) -> String {
    use std::error::Error;
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

async fn serve(args: Serve) -> Outcome {
    args.database.make_folder()?;
    let _serving = args.database.sqlite_file().as_deref().map(lock::take).transpose()?;
    let store = args.database.open().await?;
    if store::settings::is_demo(&store).await.map_err(told)? {
        return Err("this database holds a demo; `secondstory demo` serves it, or name another --database".to_owned());
    }
    let backups = args.daily.into_plan(args.database.backups());
    host::run(Hosted { store, database: &args.database.database, demo: None, backups }, args.listen).await
}

async fn run_demo(args: Demo) -> Outcome {
    let url = args.database.unwrap_or_else(|| format!("sqlite://{}", args.data.join("demo.db").display()));
    make_private(&args.data)?;
    let database = Database { database: url, data: Some(args.data.clone()), key_file: None };
    let _serving = database.sqlite_file().as_deref().map(lock::take).transpose()?;
    let store = database.open().await?;
    if demo::fill(&store, clock::now()).await? {
        eprintln!("The demo organisation is ready in {}.", args.data.display());
    }
    // What was invented can be invented again: a demo is not backed up.
    let demo = Some(demo::PASSWORD.to_owned());
    host::run(Hosted { store, database: &database.database, demo, backups: None }, args.listen).await
}

async fn add_user(args: AddUser) -> Outcome {
    let store = args.database.open().await?;
    let now = clock::now();
    let team_id = match &args.team {
        None => None,
        Some(name) => Some(match store::people::team_by_name(&store, name).await.map_err(told)? {
            Some(team) => team.id,
            None => store::people::add_team(&store, name, now).await.map_err(told)?,
        }),
    };
    let zone = domain::walltime::parse_zone(&args.zone).map_err(|invalid| sentences(&invalid))?;
    let account = store::people::NewAccount {
        name: args.name,
        email: args.email,
        password: Some(args.password),
        role: args.role,
        may_facilitate: args.may_facilitate,
        team_id,
        manager_id: None,
        zone: zone.name().to_owned(),
        pattern: domain::walltime::WorkPattern::default(),
    };
    match store::people::add_account(&store, &account, now).await {
        Ok(_) => {
            println!("{} can sign in now.", account.email);
            Ok(ExitCode::SUCCESS)
        }
        Err(store::StoreError::Invalid(invalid)) => Err(sentences(&invalid)),
        Err(other) => Err(told(other)),
    }
}

fn sentences(invalid: &domain::Invalid) -> String {
    invalid.fields.iter().map(|f| format!("--{}: {}", f.field, f.message)).collect::<Vec<_>>().join("\n")
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
