//! Schema migrations: the same numbers and names for both engines, embedded in the binary.

use crate::db::{Pools, Store};
use crate::{Result, StoreError};
use sqlx::migrate::Migrator;

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// What [`Store::migrate`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// Migrations applied now.
    pub applied: usize,
    /// Migrations in all.
    pub total: usize,
}

/// Version and name of each migration of one engine.
pub type MigrationNames = Vec<(i64, String)>;

/// The migrations of both engines: (`sqlite`, `postgres`). A test holds the two equal.
pub fn migration_names() -> (MigrationNames, MigrationNames) {
    let names = |m: &Migrator| m.iter().map(|m| (m.version, m.description.to_string())).collect();
    (names(&SQLITE), names(&POSTGRES))
}

impl Store {
    /// Brings the schema up to date and checks that the instance key is the one that this database was made with.
    ///
    /// # Errors
    /// [`StoreError::Setup`] when the database is newer than this program or belongs to another key.
    pub async fn migrate(&self) -> Result<Migrated> {
        let before = self.applied().await;
        let outcome = match &self.pools {
            Pools::Sqlite { write, .. } => SQLITE.run(write).await,
            Pools::Postgres(pool) => POSTGRES.run(pool).await,
        };
        match outcome {
            Ok(()) => {}
            Err(sqlx::migrate::MigrateError::VersionMissing(version)) => {
                return Err(StoreError::Setup(format!(
                    "this database was written by a newer Second Story (migration {version}); please start that one"
                )));
            }
            Err(other) => return Err(other.into()),
        }
        crate::settings::check_instance_key(self).await?;
        let total = SQLITE.iter().count();
        Ok(Migrated { applied: total.saturating_sub(before), total })
    }

    /// How many migrations are applied; 0 for an empty database.
    async fn applied(&self) -> usize {
        const APPLIED: &str = "select count(*) from _sqlx_migrations where success";
        let Ok(mut conn) = self.read().await else { return 0 };
        let count: std::result::Result<i64, _> = crate::db::on!(conn, db => sqlx::query_scalar(APPLIED).fetch_one(db).await);
        count.ok().and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
    }
}
