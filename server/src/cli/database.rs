//! Which database a command means, where its key lies, and how it is opened.

use super::told;
use crate::operations::migrating;
use crate::{host, secrets};
use clap::Args;
use std::path::{Path, PathBuf};
use store::Store;

#[derive(Args)]
pub(crate) struct Database {
    /// sqlite://PATH or postgres://USER@HOST/NAME; or @FILE, a file that holds one, which keeps a password out of the environment.
    #[arg(long, env = "SECOND_STORY_DATABASE", default_value = "sqlite://data/second-story.db", hide_env_values = true, value_parser = host::database)]
    pub(super) database: String,
    /// The folder that holds `secrets/`. Default: the SQLite file's folder, else ./data.
    #[arg(long, env = "SECOND_STORY_DATA")]
    pub(super) data: Option<PathBuf>,
    /// A file with the instance key, instead of DATA/secrets/instance.key.
    #[arg(long, env = "SECOND_STORY_KEY_FILE")]
    pub(super) key_file: Option<PathBuf>,
    /// The folder that attached files lie in, sealed. Default: DATA/attachments/ and the name of the database.
    #[arg(long, env = "SECOND_STORY_ATTACHMENTS")]
    pub(super) attachments: Option<PathBuf>,
}

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

    /// Where its attached files lie: two databases of one folder never share.
    pub(crate) fn files(&self) -> PathBuf {
        self.attachments.clone().unwrap_or_else(|| {
            let file = self.sqlite_file();
            let stem = file.as_deref().and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
            let name = || self.database.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap_or_default().to_owned();
            self.folder().join("attachments").join(stem.unwrap_or_else(name))
        })
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
        Ok(Store::open(&self.database, key).await.map_err(told)?.with_files(&self.files()))
    }

    /// Opens a database that is there already, as it is: nothing is made, nothing migrated, a newer one or another key refused.
    pub(crate) async fn open_existing(&self) -> Result<Store, String> {
        if !self.is_there() {
            return Err(format!("there is no database at {}", self.database));
        }
        let key = secrets::instance_key(&self.key_path(), false)?;
        let id = key.id();
        let store = Store::open(&self.database, key).await.map_err(told)?.with_files(&self.files());
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
pub(super) fn make_private(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        Ok(())
    } else {
        secrets::private_folder(folder).map_err(|e| format!("cannot make {}: {e}", folder.display()))
    }
}
