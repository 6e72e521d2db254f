//! `export json` and `import json`: all that a database holds, from either engine to either.

use super::{Part, bytes, files_of, keep_key};
use crate::cli::{Database, Outcome, told};
use crate::clock;
use clap::Args;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::Store;
use store::archive::{self, Carried};
use store::timeline::attachments;

#[derive(Args)]
pub struct ExportJson {
    /// The file to write; replaced if it is there.
    file: PathBuf,
    #[command(flatten)]
    database: Database,
}

/// Runs `export json`.
pub async fn export(args: ExportJson) -> Outcome {
    let store = args.database.open_existing().await?;
    let carried = write(&store, &args.file).await?;
    let files = attachments::carry(&store, &store, &files_of(&args.file), None).await.map_err(told)?;
    let size = std::fs::metadata(&args.file).map(|m| m.len()).unwrap_or_default();
    println!("{} holds {} rows of {} tables ({}).", args.file.display(), carried.total(), carried.rows.len(), bytes(size));
    if files > 0 {
        println!("{} holds {files} attached files; the two belong together.", files_of(&args.file).display());
    }
    println!("{}", keep_key(&carried.instance_key_id));
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Writes an export under a temporary name, syncs it, and only then gives it its own.
pub(super) async fn write(store: &Store, file: &Path) -> Result<Carried, String> {
    let (part, out) = Part::beside(file)?;
    let carried = archive::export(store, BufWriter::with_capacity(1 << 20, out)).await.map_err(told)?;
    part.into_place(file)?;
    Ok(carried)
}

/// Runs `import json`.
pub(crate) async fn import(path: &Path, database: &Database) -> Outcome {
    let file = File::open(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
    let store = database.connect(false).await.map_err(|sentence| {
        format!("{sentence}\nAn import needs the instance key that the file was written under; its first line says which.")
    })?;
    let carried = archive::import(&store, BufReader::with_capacity(1 << 20, file)).await.map_err(told)?;
    let files = attachments::take_in(&store, &files_of(path)).await.map_err(told)?;
    let looked = attachments::look(&store, true, clock::now()).await.map_err(told)?;
    store.close().await;
    if files > 0 {
        println!("{files} attached files are in.");
    }
    if !looked.missing.is_empty() {
        println!("{} attached files are missing: bring {} along.", looked.missing.len(), files_of(path).display());
    }
    println!("{} rows of {} tables are in. Everybody signs in anew.", carried.total(), carried.rows.len());
    println!("Keep the instance key {}: without it no answer opens again.", carried.instance_key_id);
    Ok(ExitCode::SUCCESS)
}
