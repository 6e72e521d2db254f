//! Connections: one enum over two native pools, and the macro that writes an expression once for both.

use crate::crypt::{InstanceKey, Keyring};
use crate::held::Watch;
use crate::timeline::attachments::Files;
use crate::{Result, StoreError};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// How long a request waits for a connection before it says that the database is away (QUALITY.md: a 503 within 2.5 s).
const ACQUIRE: Duration = Duration::from_secs(2);

/// How long SQLite waits for another process's lock.
const BUSY: Duration = Duration::from_secs(5);
/// How long a request waits for one statement; PostgreSQL itself gives up later.
pub(crate) const STATEMENT: Duration = Duration::from_secs(2);

/// How long a statement over everything may take: an export, a check, an import.
const AT_LENGTH: Duration = Duration::from_secs(6 * 60 * 60);

/// The database, its pools and the keys of its confidential text. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) pools: Pools,
    pub(crate) keys: Arc<Keyring>,
    pub(crate) hashing: Arc<tokio::sync::Semaphore>,
    pub(crate) severities: Arc<crate::settings::Kept>,
    pub(crate) vocabulary: Arc<crate::vocabulary::Kept>,
    pub(crate) counted: Arc<crate::trends::Kept>,
    pub(crate) listed: Arc<crate::incidents::HeldFronts>,
    pub(crate) told: Arc<crate::timeline::HeldTimelines>,
    pub(crate) alike: Arc<crate::search::HeldAlike>,
    pub(crate) openings: Arc<crate::reviews::Openings>,
    /// The schema has tables of words: what is written is made searchable with its commit.
    searches: Arc<AtomicBool>,
    /// The schema has day sheets, which the commit of a change keeps up.
    sheets: Arc<AtomicBool>,
    /// Where links in letters begin; `None`: no mail is set up, and nothing is queued.
    pub(crate) post: Option<Arc<str>>,
    /// Where attachments lie; `None`: nowhere, and none is taken.
    pub(crate) files: Option<Files>,
}

#[derive(Clone)]
pub(crate) enum Pools {
    // SQLite has one writer: a pool of one connection queues writers fairly instead of letting them fail as busy.
    Sqlite { read: SqlitePool, write: SqlitePool, watch: Watch },
    Postgres(PgPool),
}

/// A connection for reading, or a transaction for writing that is rolled back unless [`Conn::commit`] is called.
pub struct Conn {
    inner: Inner,
    patience: Duration,
    pub(crate) keys: Arc<Keyring>,
    pub(crate) post: Option<Arc<str>>,
    pub(crate) files: Option<Files>,
    pub(crate) searches: Arc<AtomicBool>,
    pub(crate) sheets: Arc<AtomicBool>,
}

enum Inner {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(Transaction<'static, Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'static, Postgres>),
}

pub(crate) enum Engine<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

/// Writes an expression once for both engines: `on!(conn, db => sqlx::query_as(SQL).fetch_all(db).await)`. See [`run`] for statements
/// without rows.
macro_rules! on {
    ($conn:expr, $db:ident => $body:expr) => {{
        let patience = $conn.patience();
        match $conn.engine() {
            $crate::db::Engine::Sqlite($db) => $body,
            $crate::db::Engine::Postgres($db) => $crate::db::in_time(patience, async { $body }).await,
        }
    }};
}
pub(crate) use on;

/// Runs a statement that answers no rows, on either engine, and answers how many rows it touched:
/// `run!(conn, sqlx::query(SQL).bind(id))?`.
macro_rules! run {
    ($conn:expr, $query:expr) => {{
        let patience = $conn.patience();
        match $conn.engine() {
            $crate::db::Engine::Sqlite(db) => $query.execute(db).await.map(|done| done.rows_affected()),
            $crate::db::Engine::Postgres(db) => {
                $crate::db::in_time(patience, async { $query.execute(db).await.map(|done| done.rows_affected()) }).await
            }
        }
    }};
}
pub(crate) use run;

/// Waits for a statement no longer than this: a server that is frozen or cut off says nothing, not even that it is.
pub(crate) async fn in_time<T>(
    patience: Duration,
    statement: impl Future<Output = std::result::Result<T, sqlx::Error>>,
) -> std::result::Result<T, sqlx::Error> {
    tokio::time::timeout(patience, statement).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

impl Conn {
    /// How long one statement may take.
    pub(crate) fn patience(&self) -> Duration {
        self.patience
    }

    /// Where one text does not do for both engines.
    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.inner, Inner::SqliteRead(_) | Inner::SqliteWrite(_))
    }

    pub(crate) fn engine(&mut self) -> Engine<'_> {
        match &mut self.inner {
            Inner::SqliteRead(c) => Engine::Sqlite(c),
            Inner::SqliteWrite(t) => Engine::Sqlite(t),
            Inner::PostgresRead(c) => Engine::Postgres(c),
            Inner::PostgresWrite(t) => Engine::Postgres(t),
        }
    }

    /// Lifts, for this transaction, the limits that keep a page's statement short.
    async fn without_time_limits(mut self) -> Result<Self> {
        self.patience = AT_LENGTH;
        if let Engine::Postgres(db) = self.engine() {
            for limit in [
                "set local statement_timeout = 0",
                "set local lock_timeout = 0",
                "set local idle_in_transaction_session_timeout = 0",
            ] {
                sqlx::query(limit).execute(&mut *db).await?;
            }
        }
        Ok(self)
    }

    /// Makes the writes of this transaction durable. On return they are on disk, and what they changed is found by its present words and
    /// counted as it is.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database went away or is full; nothing was kept then.
    pub async fn commit(mut self) -> Result<()> {
        if matches!(self.inner, Inner::SqliteWrite(_) | Inner::PostgresWrite(_)) {
            crate::search::refresh(&mut self).await?;
            crate::trends::refresh_sheets(&mut self).await?;
        }
        match self.inner {
            Inner::SqliteWrite(t) => t.commit().await?,
            Inner::PostgresWrite(t) => in_time(self.patience, t.commit()).await?,
            Inner::SqliteRead(_) | Inner::PostgresRead(_) => {}
        }
        Ok(())
    }
}

impl Store {
    /// Opens `sqlite://path`, `sqlite::memory:` is refused (a new database per connection), or `postgres://…`.
    ///
    /// Does not migrate: see [`Store::migrate`].
    ///
    /// # Errors
    /// [`StoreError::Setup`] when the URL or the SQLite library is not fit, [`StoreError::Unavailable`] when nothing answers.
    pub async fn open(url: &str, key: InstanceKey) -> Result<Self> {
        let pools = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Pools::Postgres(open_postgres(url).await?)
        } else if url.starts_with("sqlite:") && !url.contains(":memory:") {
            open_sqlite(url).await?
        } else {
            return Err(StoreError::Setup(format!(
                "\"{}\" is no database URL; write sqlite://data/second-story.db or postgres://user@host/name",
                url.split('@').next_back().unwrap_or_default()
            )));
        };
        // Two password hashes at once: each takes 64 MiB and a core.
        let hashing = Arc::new(tokio::sync::Semaphore::new(2));
        Ok(Self {
            pools,
            keys: Arc::new(Keyring::new(key)),
            hashing,
            severities: Arc::default(),
            vocabulary: Arc::default(),
            counted: Arc::default(),
            listed: Arc::new(crate::incidents::no_fronts()),
            told: Arc::new(crate::timeline::no_timelines()),
            alike: Arc::new(crate::search::none_alike()),
            openings: Arc::default(),
            searches: Arc::default(),
            sheets: Arc::default(),
            post: None,
            files: beside(url),
        })
    }

    /// The same store with attachments in this folder. Of an SQLite database they lie in `attachments/NAME` beside the file unless this
    /// says otherwise.
    #[must_use]
    pub fn with_files(&self, folder: &Path) -> Self {
        Self { files: Some(Files::at(folder)), ..self.clone() }
    }

    /// The folder of the attachments.
    pub fn files_folder(&self) -> Option<&Path> {
        self.files.as_ref().map(Files::folder)
    }

    /// The same store where mail is set up: letters are queued, and their links begin with this address.
    #[must_use]
    pub fn with_post(&self, base_url: &str) -> Self {
        Self { post: Some(base_url.trim_end_matches('/').into()), ..self.clone() }
    }

    /// With what the links of letters begin, where mail is set up.
    pub fn post(&self) -> Option<&str> {
        self.post.as_deref()
    }

    /// Whether letters are queued here.
    pub fn sends_mail(&self) -> bool {
        self.post.is_some()
    }

    /// `sqlite` or `postgres`.
    pub fn engine_name(&self) -> &'static str {
        match self.pools {
            Pools::Sqlite { .. } => "sqlite",
            Pools::Postgres(_) => "postgres",
        }
    }

    pub(crate) async fn read(&self) -> Result<Conn> {
        let inner = match &self.pools {
            Pools::Sqlite { read, .. } => Inner::SqliteRead(read.acquire().await?),
            Pools::Postgres(pool) => Inner::PostgresRead(pool.acquire().await?),
        };
        Ok(self.over(inner))
    }

    pub(crate) async fn write(&self) -> Result<Conn> {
        let inner = match &self.pools {
            // IMMEDIATE: a transaction that reads first and writes later would fail as busy without waiting.
            Pools::Sqlite { write, .. } => Inner::SqliteWrite(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Inner::PostgresWrite(pool.begin().await?),
        };
        Ok(self.over(inner))
    }

    fn over(&self, inner: Inner) -> Conn {
        let (keys, searches, sheets) = (Arc::clone(&self.keys), Arc::clone(&self.searches), Arc::clone(&self.sheets));
        Conn { inner, patience: STATEMENT, keys, post: self.post.clone(), files: self.files.clone(), searches, sheets }
    }

    /// A transaction that sees the database as of one moment while others write, for as long as it takes.
    pub(crate) async fn snapshot(&self) -> Result<Conn> {
        let inner = match &self.pools {
            Pools::Sqlite { read, .. } => Inner::SqliteWrite(read.begin_with("BEGIN").await?),
            Pools::Postgres(pool) => {
                Inner::PostgresWrite(pool.begin_with("begin isolation level repeatable read read only").await?)
            }
        };
        self.over(inner).without_time_limits().await
    }

    /// A transaction that writes much at once, for as long as it takes.
    pub(crate) async fn bulk(&self) -> Result<Conn> {
        self.write().await?.without_time_limits().await
    }

    /// Opens another database with the same instance key, such as a copy that is to be checked.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_beside(&self, url: &str) -> Result<Self> {
        Self::open(url, self.keys.instance()).await
    }

    /// Whether the database answers a query now.
    ///
    /// # Errors
    /// What the database said.
    pub async fn ping(&self) -> Result<()> {
        let mut conn = self.read().await?;
        run!(conn, sqlx::query("select 1"))?;
        Ok(())
    }

    /// How the pools stand: name, connections open, of them idle.
    pub fn pools(&self) -> Vec<(&'static str, u32, usize)> {
        match &self.pools {
            Pools::Sqlite { read, write, .. } => {
                vec![("read", read.size(), read.num_idle()), ("write", write.size(), write.num_idle())]
            }
            Pools::Postgres(pool) => vec![("all", pool.size(), pool.num_idle())],
        }
    }

    /// Waits for running statements and closes all connections; SQLite checkpoints its log.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write, watch } => {
                read.close().await;
                if let Some(watch) = watch.lock().await.take() {
                    // What is closed last folds the log into the file; a failure here leaves it for the next start.
                    let _ = watch.close().await;
                }
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// Where the attachments of an SQLite file lie: two databases of one folder never share.
fn beside(url: &str) -> Option<Files> {
    let file = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
    let file = Path::new(file.split('?').next()?);
    Some(Files::at(&file.with_file_name("attachments").join(file.file_stem()?)))
}

async fn open_postgres(url: &str) -> Result<PgPool> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|e| StoreError::Setup(format!("this PostgreSQL URL cannot be read: {e}")))?
        .options([
            ("statement_timeout", "5s"),
            ("lock_timeout", "2s"),
            ("idle_in_transaction_session_timeout", "10s"),
            ("timezone", "UTC"),
            // Compiling a page's statement takes fifty times as long as running it.
            ("jit", "off"),
        ])
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(ACQUIRE)
        // A connection whose server fell silent would wait for it on its way back and keep its place; it is closed instead.
        .after_release(|conn, _| {
            Box::pin(async move {
                tokio::time::timeout(ACQUIRE, conn.ping()).await.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map(|()| true)
            })
        })
        .connect_with(options)
        .await?;
    for setting in ["synchronous_commit", "fsync"] {
        let value: String = match setting {
            "fsync" => sqlx::query_scalar("show fsync").fetch_one(&pool).await?,
            _ => sqlx::query_scalar("show synchronous_commit").fetch_one(&pool).await?,
        };
        if value == "off" {
            return Err(StoreError::Setup(format!(
                "PostgreSQL runs with {setting} = off: an acknowledged answer could be lost. Please switch it on."
            )));
        }
    }
    Ok(pool)
}

async fn open_sqlite(url: &str) -> Result<Pools> {
    let base = SqliteConnectOptions::from_str(url)
        .map_err(|e| StoreError::Setup(format!("this SQLite URL cannot be read: {e}")))?
        // Rows come from a thread of their own: a page of them at once, not with a change of threads every fifty.
        .row_buffer_size(512)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("trusted_schema", "off")
        .pragma("cell_size_check", "on")
        .disable_statement_logging();
    let options = base
        .clone()
        .create_if_missing(true)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "on");
    let making = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        // A COMMIT that fails on a full disk leaves sqlx counting a transaction that SQLite has already rolled back; such a
        // connection would refuse every later one. Let it go instead (research/security.md 4.3).
        .after_release(|conn, _| Box::pin(async move { Ok(conn.ping().await.is_ok() && !conn.is_in_transaction()) }));
    let begin = tokio::time::Instant::now();
    let write = loop {
        // Several that start at once on a new file all switch it to WAL, and SQLite's own patience does not cover that.
        match making.clone().connect_with(options.clone()).await {
            Err(e) if is_busy(&e) && begin.elapsed() < BUSY => tokio::time::sleep(Duration::from_millis(50)).await,
            other => break other?,
        }
    };
    check_sqlite(&write).await?;
    // Only what reading needs: setting auto_vacuum or the journal would be a write. Pages that many read stay at hand (8 MB a
    // connection, taken as it fills): without, a list over a large file asks the system for hundreds of pages a time.
    let reading = base.read_only(true).pragma("cache_size", "-8192");
    // A file does not go away as a server does: asking before each use would be half of a short read.
    let read = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .connect_with(reading.clone())
        .await?;
    let watch = Arc::new(tokio::sync::Mutex::new(Some(reading.connect().await?)));
    Ok(Pools::Sqlite { read, write, watch })
}

/// Whether somebody else holds the file just now (SQLITE_BUSY, and busy in recovery).
fn is_busy(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(db) if matches!(db.code().as_deref(), Some("5" | "261")))
}

/// Reads back what durability stands on: a pragma that was not taken must stop the start, not lose an answer later.
async fn check_sqlite(pool: &SqlitePool) -> Result<()> {
    let version: String = sqlx::query_scalar("select sqlite_version()").fetch_one(pool).await?;
    let parts: Vec<u32> = version.split('.').filter_map(|p| p.parse().ok()).collect();
    if parts.as_slice() < [3, 51, 3].as_slice() {
        return Err(StoreError::Setup(format!("SQLite {version} has the WAL-reset fault; 3.51.3 or later is needed")));
    }
    let journal: String = sqlx::query_scalar("pragma journal_mode").fetch_one(pool).await?;
    let synchronous: i64 = sqlx::query_scalar("pragma synchronous").fetch_one(pool).await?;
    let foreign_keys: i64 = sqlx::query_scalar("pragma foreign_keys").fetch_one(pool).await?;
    if journal != "wal" || synchronous != 2 || foreign_keys != 1 {
        return Err(StoreError::Setup(format!(
            "SQLite did not take its settings (journal {journal}, synchronous {synchronous}, foreign keys {foreign_keys}); \
             is the file on a network disk?"
        )));
    }
    Ok(())
}
