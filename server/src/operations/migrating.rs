//! Bringing a schema up to date: what would be applied, and a backup before anything is.

use super::backup;
use crate::cli::{Database, Outcome, told};
use crate::clock;
use clap::Args;
use std::path::Path;
use std::process::ExitCode;
use store::{Migrated, Store};

#[derive(Args)]
pub struct Migrate {
    /// List what would be applied and change nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    database: Database,
}

/// Runs `migrate`.
pub async fn run(args: Migrate) -> Outcome {
    if args.dry_run {
        return dry_run(&args.database).await;
    }
    let store = args.database.connect(true).await?;
    let done = up_to_date(&store, &args.database.backups()).await?;
    println!("{} of {} migrations applied now.", done.applied, done.total);
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn dry_run(database: &Database) -> Outcome {
    let pending = if database.is_there() {
        let store = database.open_existing().await?;
        let state = store.migration_state().await.map_err(told)?;
        store.close().await;
        state.pending
    } else {
        store::migration_names().0
    };
    for (version, name) in &pending {
        println!("{version:04} {name}");
    }
    println!("{} migrations would be applied; nothing was changed.", pending.len());
    Ok(ExitCode::SUCCESS)
}

/// Applies what is missing. A database that holds data is backed up first.
///
/// # Errors
/// A sentence: the database is newer, the backup could not be made (nothing was applied then), or what the database said.
pub async fn up_to_date(store: &Store, backups: &Path) -> Result<Migrated, String> {
    let state = store.migration_state().await.map_err(told)?;
    state.refuse_newer().map_err(told)?;
    // A database without its key's name was never served: another process is making it just now, and there is nothing to keep.
    let served = !matches!(store::settings::instance_key_id(store).await, Ok(None));
    if let (Some((first, _)), false) = (state.pending.first(), state.applied.is_empty())
        && served
        // A schema too old to be asked whether it is empty is backed up, too.
        && !store::seed::is_empty(store).await.unwrap_or(false)
    {
        let label = format!("-before-{first:04}");
        let made = backup::make(store, backups, &label, backup::KEEP, clock::now()).await.map_err(|sentence| {
            format!("the backup before the migration did not succeed, so nothing was migrated: {sentence}")
        })?;
        eprintln!("Backup before the migration: {}", made.path.display());
    }
    store.migrate().await.map_err(told)
}
