//! A fresh database for each case, on each engine.

use super::App;
use super::raw::Raw;
use sqlx::Connection;
use std::future::Future;
use std::hash::{Hash, Hasher};
use store::{InstanceKey, Store};

/// The instance key of every test database.
pub fn key() -> InstanceKey {
    InstanceKey::new([7; 32])
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Runs a case on a fresh SQLite file.
pub fn on_sqlite<F, R>(case: F)
where
    F: FnOnce(App) -> R,
    R: Future<Output = ()>,
{
    // In memory where there is such a place: what is on disk after a crash is tested with the process itself.
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    runtime().block_on(async {
        let store = open(&url).await;
        store.migrate().await.unwrap();
        case(App::new(store.clone(), Raw::open(&url).await, Some(folder.path().to_owned())).await).await;
        store.close().await;
    });
}

/// Runs a case on a fresh PostgreSQL database. Without a server: says so and passes, but fails where `CI` is `true`.
pub fn on_postgres<F, R>(case: F)
where
    F: FnOnce(App) -> R,
    R: Future<Output = ()> + 'static,
{
    let Some(server) = postgres_server() else { return };
    runtime().block_on(async {
        let database = FreshDatabase::make(&server).await;
        let files = tempfile::tempdir().unwrap();
        let store = open(&database.url).await.with_files(files.path());
        let app = App::new(store.clone(), Raw::open(&database.url).await, None).await;
        let case = case(app);
        let outcome = tokio::task::LocalSet::new().run_until(async { tokio::task::spawn_local(case).await }).await;
        store.close().await;
        database.drop_it().await;
        if let Err(failed) = outcome {
            std::panic::resume_unwind(failed.into_panic());
        }
    });
}

async fn open(url: &str) -> Store {
    Store::open(url, key()).await.unwrap()
}

/// Address of the test server, from the environment.
pub fn postgres_server() -> Option<String> {
    let server = std::env::var("SECOND_STORY_TEST_POSTGRES").ok().filter(|s| !s.is_empty());
    if server.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "SECOND_STORY_TEST_POSTGRES must be set in CI");
        eprintln!("SKIPPED on PostgreSQL: set SECOND_STORY_TEST_POSTGRES, or run through tools/postgres");
    }
    server
}

/// A database of its own on the server, copied from a migrated template.
pub struct FreshDatabase {
    server: String,
    name: String,
    /// Where it is.
    pub url: String,
}

impl FreshDatabase {
    /// Makes one.
    pub async fn make(server: &str) -> Self {
        let mut admin = sqlx::PgConnection::connect(server).await.unwrap();
        // Each test may be a process of its own: they take turns at the template.
        sqlx::query("select pg_advisory_lock(7302042)").execute(&mut admin).await.unwrap();
        let template = format!("second_story_http_{}", schema_mark());
        let there: bool = sqlx::query_scalar("select exists (select 1 from pg_database where datname = $1)")
            .bind(&template)
            .fetch_one(&mut admin)
            .await
            .unwrap();
        if !there {
            let raw = format!("{template}_raw");
            run(&mut admin, &format!("drop database if exists {raw} with (force)")).await;
            run(&mut admin, &format!("create database {raw}")).await;
            let store = open(&with_database(server, &raw)).await;
            store.migrate().await.unwrap();
            store.close().await;
            run(&mut admin, &format!("alter database {raw} rename to {template}")).await;
        }
        let name = format!("second_story_{}", store::random::id().simple());
        run(&mut admin, &format!("create database {name} template {template}")).await;
        admin.close().await.unwrap();
        Self { server: server.to_owned(), url: with_database(server, &name), name }
    }

    /// Makes one without tables.
    pub async fn bare(server: &str) -> Self {
        let mut admin = sqlx::PgConnection::connect(server).await.unwrap();
        let name = format!("second_story_{}", store::random::id().simple());
        run(&mut admin, &format!("create database {name}")).await;
        admin.close().await.unwrap();
        Self { server: server.to_owned(), url: with_database(server, &name), name }
    }

    /// Drops it again.
    pub async fn drop_it(self) {
        let mut admin = sqlx::PgConnection::connect(&self.server).await.unwrap();
        run(&mut admin, &format!("drop database if exists {} with (force)", self.name)).await;
    }
}

async fn run(admin: &mut sqlx::PgConnection, sql: &str) {
    sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(admin).await.unwrap();
}

/// Changes when a migration changes, so that an old template is not taken for a new one.
fn schema_mark() -> String {
    let mut hasher = std::hash::DefaultHasher::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations/postgres");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    for file in files {
        std::fs::read(file).unwrap().hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

fn with_database(server: &str, name: &str) -> String {
    let (address, query) = server.split_once('?').map_or((server, None), |(a, q)| (a, Some(q)));
    let (host, _) = address.rsplit_once('/').unwrap();
    query.map_or(format!("{host}/{name}"), |query| format!("{host}/{name}?{query}"))
}
