//! `restore`: a backup becomes a database again, once it was found whole and its key is here.

use super::{Part, backup, files_of, folder_of};
use crate::cli::{Database, Outcome, told};
use crate::secrets;
use clap::Args;
use std::fs;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::timeline::attachments;
use store::{InstanceKey, Store, archive};

#[derive(Args)]
pub struct Restore {
    /// A file that `backup` or `export json` wrote, or a folder of backups, of which the newest is taken.
    from: PathBuf,
    #[command(flatten)]
    database: Database,
}

/// Runs `restore`.
pub async fn run(args: Restore) -> Outcome {
    let from = match args.from.is_dir() {
        true => backup::list(&args.from).pop().ok_or_else(|| format!("{} holds no backup", args.from.display()))?,
        false => args.from,
    };
    let is_sqlite = is_sqlite(&from)?;
    let target = args.database.sqlite_file();
    args.database.make_folder()?;
    // Nobody may serve what is about to be replaced.
    let _serving = target.as_deref().map(super::lock::take).transpose()?;
    refuse_what_holds_something(&args.database).await?;
    let needed = match is_sqlite {
        true => key_of_copy(&from).await?,
        false => archive::header(BufReader::new(open(&from)?)).map_err(told)?.instance_key_id,
    };
    let key = key(&args.database, &needed)?;
    let said = match (is_sqlite, target) {
        (false, _) => from_json(&args.database, &from, key).await?,
        (true, Some(target)) => from_copy(&args.database, &target, &from, key).await?,
        (true, None) => {
            return Err(format!(
                "{} is a copy of an SQLite database. Please restore it to sqlite://…, then `export json` and `import json` it.",
                from.display()
            ));
        }
    };
    println!("{} is restored from {}. Everybody signs in anew.", args.database.url(), from.display());
    println!("{said}");
    println!("Keep the instance key {needed}: without it no answer opens again.");
    Ok(ExitCode::SUCCESS)
}

fn open(file: &Path) -> Result<fs::File, String> {
    fs::File::open(file).map_err(|e| format!("cannot read {}: {e}", file.display()))
}

fn is_sqlite(file: &Path) -> Result<bool, String> {
    let mut begin = [0; 16];
    let length = open(file)?.read(&mut begin).map_err(|e| format!("cannot read {}: {e}", file.display()))?;
    Ok(begin.get(..length) == Some(b"SQLite format 3\0".as_slice()))
}

/// Opens a database to look at it before its key is known.
async fn look(url: &str) -> Result<Store, String> {
    Store::open(url, InstanceKey::new([0; 32])).await.map_err(told)
}

async fn refuse_what_holds_something(database: &Database) -> Result<(), String> {
    if !database.is_there() {
        return Ok(());
    }
    let store = look(&database.url()).await?;
    let state = store.migration_state().await.map_err(told)?;
    let empty = state.applied.is_empty() || store::seed::is_empty(&store).await.map_err(told)?;
    store.close().await;
    if empty { Ok(()) } else { Err(format!("{} holds something already. Please restore into a new one.", database.url())) }
}

/// Which key a copy needs. It is looked at in a temporary folder: opening a database writes beside it.
async fn key_of_copy(from: &Path) -> Result<String, String> {
    let folder = tempfile::tempdir_in(folder_of(from)).or_else(|_| tempfile::tempdir()).map_err(|e| e.to_string())?;
    let copy = folder.path().join("look.db");
    fs::copy(from, &copy).map_err(|e| format!("cannot copy {}: {e}", from.display()))?;
    let store = look(&format!("sqlite://{}", copy.display())).await?;
    let id = store::settings::instance_key_id(&store).await;
    store.close().await;
    id.map_err(told)?.ok_or_else(|| format!("{} is no database of Second Story", from.display()))
}

fn key(database: &Database, needed: &str) -> Result<InstanceKey, String> {
    let path = database.key_path();
    let wanted = format!(
        "This backup needs the instance key {needed}. Please put its file at {} or name it with --key-file. Nothing was restored.",
        path.display()
    );
    let key = secrets::instance_key(&path, false).map_err(|sentence| format!("{sentence}\n{wanted}"))?;
    if key.id() == needed { Ok(key) } else { Err(format!("{} holds the instance key {}. {wanted}", path.display(), key.id())) }
}

async fn from_json(database: &Database, from: &Path, key: InstanceKey) -> Result<String, String> {
    let store = Store::open(&database.url(), key).await.map_err(told)?;
    archive::import(&store, BufReader::with_capacity(1 << 20, open(from)?)).await.map_err(told)?;
    let store = store.with_files(&database.files());
    let said = match attachments::take_in(&store, &files_of(from)).await.map_err(told) {
        Ok(_) => backup::sound(&store, 0).await,
        Err(sentence) => Err(sentence),
    };
    store.close().await;
    said
}

/// Makes the copy whole, checked and up to date under another name, and only then gives it the target's.
async fn from_copy(database: &Database, target: &Path, from: &Path, key: InstanceKey) -> Result<String, String> {
    let (part, mut out) = Part::beside(target)?;
    std::io::copy(&mut open(from)?, &mut out).map_err(|e| format!("cannot copy {}: {e}", from.display()))?;
    let store = Store::open(&format!("sqlite://{}", part.path.display()), key).await.map_err(told)?;
    let store = store.with_files(&files_of(from));
    let outcome = async {
        let state = store.migration_state().await.map_err(told)?;
        state.refuse_newer().map_err(told)?;
        let said =
            backup::sound(&store, 0).await.map_err(|fault| format!("{}: {fault}. Nothing was restored.", from.display()))?;
        store.migrate().await.map_err(told)?;
        archive::forget_sessions(&store).await.map_err(told)?;
        // Before the database has its name: what it names is there then.
        attachments::take_in(&store.with_files(&database.files()), &files_of(from)).await.map_err(told)?;
        Ok::<_, String>(said)
    }
    .await;
    // Closing writes the log into the file and removes it.
    store.close().await;
    let said = outcome?;
    for beside in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{beside}", target.display()));
    }
    part.into_place(target)?;
    Ok(said)
}
