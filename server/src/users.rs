//! `secondstory user add`, `list`, `reset` and `deactivate`: for the host, where nobody can sign in.

use crate::cli::{Database, Outcome, told};
use crate::clock;
use clap::{Args, Subcommand};
use domain::PersonId;
use domain::people::{GlobalRole, TakesPart};
use std::process::ExitCode;
use store::Store;
use store::people::{self, AccountLine, By, LinkKind};

/// What is done with accounts.
#[derive(Subcommand)]
pub(crate) enum User {
    /// Make an account.
    Add(AddUser),
    /// List all accounts: address, state, roles, name.
    List(Database),
    /// Print a one-time link by which somebody sets a new password. It works for 24 hours.
    Reset(ResetUser),
    /// Deactivate an account: every session ends at once, nothing that was written is lost.
    Deactivate(OneUser),
}

/// Whose link, and where it begins.
#[derive(Args)]
pub(crate) struct ResetUser {
    /// Address of the account.
    email: String,
    /// The address that people type, which the link begins with.
    #[arg(long, env = "SECOND_STORY_BASE_URL", default_value = "http://127.0.0.1:3000")]
    base_url: String,
    #[command(flatten)]
    database: Database,
}

/// Which account.
#[derive(Args)]
pub(crate) struct OneUser {
    /// Address of the account.
    email: String,
    #[command(flatten)]
    database: Database,
}

/// The new account.
#[derive(Args)]
pub(crate) struct AddUser {
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

fn role(text: &str) -> Result<GlobalRole, String> {
    GlobalRole::from_slug(text).ok_or_else(|| "write member, leadership or administrator".to_owned())
}

/// Runs one of these commands.
pub(crate) async fn run(command: User) -> Outcome {
    match command {
        User::Add(args) => add(args).await,
        User::List(database) => list(&database.open().await?).await,
        User::Reset(args) => reset(&args.database.open().await?, &args.email, &args.base_url).await,
        User::Deactivate(args) => deactivate(&args.database.open().await?, &args.email).await,
    }
}

async fn add(args: AddUser) -> Outcome {
    let store = args.database.open().await?;
    let now = clock::now();
    let team_id = match &args.team {
        None => None,
        Some(name) => Some(match people::team_by_name(&store, name).await.map_err(told)? {
            Some(team) => team.id,
            None => people::add_team(&store, name, now).await.map_err(told)?,
        }),
    };
    let zone = domain::walltime::parse_zone(&args.zone).map_err(|invalid| sentences(&invalid))?;
    let account = people::NewAccount {
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
    match people::add_account(&store, &account, now).await {
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

/// Prints all accounts, one a line: address, state, roles, name; tabs between.
async fn list(store: &Store) -> Outcome {
    let all = people::accounts(store, By::Host).await.map_err(told)?;
    if all.is_empty() {
        eprintln!("No account yet. `secondstory user add` makes the first one.");
    }
    for line in &all {
        println!("{}\t{}\t{}\t{}", line.email, line.state.slug(), roles(line), line.name);
    }
    Ok(ExitCode::SUCCESS)
}

fn roles(line: &AccountLine) -> String {
    let part = match line.takes_part {
        TakesPart::Not => None,
        part => Some(part.slug()),
    };
    let roles = [part, line.administrator.then_some("administrator"), line.may_facilitate.then_some("may-facilitate")];
    roles.into_iter().flatten().collect::<Vec<_>>().join(",")
}

async fn find(store: &Store, email: &str) -> Result<PersonId, String> {
    let found = people::by_email(store, email).await.map_err(told)?;
    found.ok_or_else(|| format!("there is no account {email}; `secondstory user list` shows those that there are"))
}

/// Prints a link by which this person sets a password.
async fn reset(store: &Store, email: &str, base_url: &str) -> Outcome {
    let person = find(store, email).await?;
    let link = match people::make_link(store, By::Host, person, clock::now()).await {
        Ok(link) => link,
        Err(store::StoreError::NotFound) => {
            return Err(format!("{email} is deactivated; an administrator can reactivate the account under Settings, People"));
        }
        Err(other) => return Err(told(other)),
    };
    println!("{}/password/{}", base_url.trim_end_matches('/'), link.token);
    let what = match link.kind {
        LinkKind::Invitation => "sets the first password",
        LinkKind::Reset => "sets a new password and ends all sessions",
    };
    eprintln!("It {what}, once, until {}. Nobody else should read it.", link.until.format("%Y-%m-%d %H:%M UTC"));
    Ok(ExitCode::SUCCESS)
}

/// Deactivates an account: all its sessions end at once.
async fn deactivate(store: &Store, email: &str) -> Outcome {
    let person = find(store, email).await?;
    people::deactivate(store, By::Host, person, clock::now()).await.map_err(told)?;
    println!("{email} cannot sign in any more; every session has ended.");
    Ok(ExitCode::SUCCESS)
}
