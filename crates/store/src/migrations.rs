//! Schema migrations: the same numbers and names for both engines, embedded in the binary.

use crate::db::{Conn, Engine, Pools, Store, on};
use crate::{Result, StoreError};
use sqlx::migrate::{Migrate, MigrateError, Migration, Migrator};
use sqlx::{ConnectOptions, Connection};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// How often a start asks again while another process migrates the same SQLite file; each time SQLite itself waits five seconds.
const TRIES: usize = 24;

/// What [`Store::migrate`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// Migrations applied now.
    pub applied: usize,
    /// Migrations in all.
    pub total: usize,
}

/// Where a database's schema stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationState {
    /// Migrations that were applied; empty for a database without tables.
    pub applied: Vec<i64>,
    /// Migrations that this program would apply, with their names.
    pub pending: Vec<(i64, String)>,
    /// A migration that this program does not know: the database is newer.
    pub newer: Option<i64>,
}

impl MigrationState {
    /// Refuses a database that is newer than this program.
    ///
    /// # Errors
    /// [`StoreError::Setup`] with the sentence.
    pub fn refuse_newer(&self) -> Result<()> {
        self.newer.map_or(Ok(()), |version| Err(newer(version)))
    }
}

fn newer(version: i64) -> StoreError {
    StoreError::Setup(format!(
        "this database was written by a newer Second Story (migration {version}); please start that one, or restore a backup \
         from before the upgrade"
    ))
}

/// Version and name of each migration of one engine.
pub type MigrationNames = Vec<(i64, String)>;

/// The migrations of both engines: (`sqlite`, `postgres`). A test holds the two equal.
pub fn migration_names() -> (MigrationNames, MigrationNames) {
    let names = |m: &Migrator| m.iter().map(|m| (m.version, m.description.to_string())).collect();
    (names(&SQLITE), names(&POSTGRES))
}

/// The numbers of all migrations.
pub(crate) fn versions() -> Vec<i64> {
    SQLITE.iter().map(|m| m.version).collect()
}

/// The texts of these migrations for PostgreSQL, in order.
pub(crate) fn texts(of: &[i64]) -> impl Iterator<Item = &'static str> {
    POSTGRES.iter().filter(|m| of.contains(&m.version)).map(|m| m.sql.as_str())
}

impl Store {
    /// Brings the schema up to date and checks that the instance key is the one that this database was made with. Processes that
    /// start at once take turns: one applies, the others find it done.
    ///
    /// # Errors
    /// [`StoreError::Setup`] when the database is newer than this program or belongs to another key.
    pub async fn migrate(&self) -> Result<Migrated> {
        let applied = self.migrate_these(&versions()).await?;
        crate::settings::check_instance_key(self).await?;
        if applied > 0 {
            crate::trends::fill_sheets(self).await?;
        }
        Ok(Migrated { applied, total: SQLITE.iter().count() })
    }

    /// Applies those of these migrations that are not applied, and answers how many.
    ///
    /// # Errors
    /// [`StoreError::Setup`] when others than these are applied.
    pub(crate) async fn migrate_these(&self, versions: &[i64]) -> Result<usize> {
        let chosen = |all: &Migrator| {
            let some: Vec<Migration> = all.iter().filter(|m| versions.contains(&m.version)).cloned().collect();
            Migrator::with_migrations(some)
        };
        let outcome = match &self.pools {
            Pools::Sqlite { .. } => self.migrate_sqlite(&chosen(&SQLITE)).await,
            // A start with nothing to apply needs no connection of its own.
            Pools::Postgres(pool) if versions.len() == POSTGRES.iter().count() && self.is_up_to_date().await? => {
                POSTGRES.run(pool).await.map(|()| 0)
            }
            Pools::Postgres(pool) => {
                // A connection of its own: a migration, and waiting for another process's, may take longer than a page's statement.
                let options = (*pool.connect_options()).clone();
                let options = options.options([
                    ("statement_timeout", "0"),
                    ("lock_timeout", "0"),
                    ("idle_in_transaction_session_timeout", "0"),
                ]);
                let mut conn = options.connect().await?;
                let outcome = under_lock(&chosen(&POSTGRES), &mut conn).await;
                // Closing lets the lock go, also after an error.
                conn.close().await?;
                outcome
            }
        };
        outcome.map_err(|error| match error {
            MigrateError::VersionMissing(version) => newer(version),
            other => other.into(),
        })
    }

    async fn is_up_to_date(&self) -> Result<bool> {
        Ok(self.migration_state().await?.pending.is_empty())
    }

    /// SQLite has no lock to migrate under but its own: all migrations are one transaction, so that they are applied once and wholly.
    async fn migrate_sqlite(&self, migrator: &Migrator) -> std::result::Result<usize, MigrateError> {
        let Pools::Sqlite { write, .. } = &self.pools else { return Ok(0) };
        let mut tries = 0;
        let mut tx = loop {
            tries += 1;
            match write.begin_with("BEGIN IMMEDIATE").await {
                Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("5") && tries < TRIES => {}
                begun => break begun?,
            }
        };
        let applied = under_lock(migrator, &mut *tx).await?;
        tx.commit().await?;
        Ok(applied)
    }

    /// Where the schema stands; changes nothing.
    ///
    /// # Errors
    /// What the database said.
    pub async fn migration_state(&self) -> Result<MigrationState> {
        let mut conn = self.read().await?;
        let applied = applied(&mut conn).await?;
        let known = versions();
        let newer = applied.iter().copied().find(|version| !known.contains(version));
        let (names, _) = migration_names();
        let pending = names.into_iter().filter(|(version, _)| !applied.contains(version)).collect();
        Ok(MigrationState { applied, pending, newer })
    }
}

/// Applies what is missing while no other process can, and answers how many that were.
async fn under_lock<C: Migrate>(migrator: &Migrator, conn: &mut C) -> std::result::Result<usize, MigrateError> {
    conn.lock().await?;
    conn.ensure_migrations_table("_sqlx_migrations").await?;
    let before = conn.list_applied_migrations("_sqlx_migrations").await?.len();
    migrator.run_direct(None, conn, false).await?;
    let after = conn.list_applied_migrations("_sqlx_migrations").await?.len();
    conn.unlock().await?;
    Ok(after.saturating_sub(before))
}

pub(crate) async fn applied(conn: &mut Conn) -> Result<Vec<i64>> {
    const THERE_SQLITE: &str = "pragma table_info('_sqlx_migrations')";
    const THERE_POSTGRES: &str =
        "select count(*) from pg_tables where schemaname = current_schema() and tablename = '_sqlx_migrations'";
    const APPLIED: &str = "select version from _sqlx_migrations where success order by version";
    let there = match conn.engine() {
        Engine::Sqlite(db) => !sqlx::query(THERE_SQLITE).fetch_all(db).await?.is_empty(),
        Engine::Postgres(db) => sqlx::query_scalar::<_, i64>(THERE_POSTGRES).fetch_one(db).await? > 0,
    };
    if !there {
        return Ok(Vec::new());
    }
    Ok(on!(conn, db => sqlx::query_scalar(APPLIED).fetch_all(db).await)?)
}
