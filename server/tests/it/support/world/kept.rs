//! The world is built through the store's own doors, in thousands of statements. A PostgreSQL server builds it once for each test program:
//! what stands in the tables afterwards is kept there, and put into the fresh databases of the other tests.

use super::World;
use super::builder::build;
use crate::support::app::{App, at};
use crate::support::raw::Raw;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

// Not in the public schema: the tables there are the store's, and tests list them.
const PLACE: &str = "create table if not exists kept_worlds (program text primary key, world text not null)";

/// Tables whose rows the database numbers.
const NUMBERED: [&str; 2] = ["search_texts", "stale_days"];

#[derive(Serialize, Deserialize)]
struct Kept {
    world: World,
    /// The rows of each table that has any, as JSON of PostgreSQL.
    rows: BTreeMap<String, String>,
    /// Attached files, from their folder on.
    files: BTreeMap<PathBuf, Vec<u8>>,
}

/// The world in this service's database.
pub async fn world(app: &App) -> World {
    let Some((db, files, mut server)) = fresh(app).await else { return build(app).await };
    let program = program();
    sqlx::query(PLACE).execute(&mut server).await.ok();
    let kept: Option<String> = sqlx::query_scalar("select world from kept_worlds where program = $1")
        .bind(&program)
        .fetch_optional(&mut server)
        .await
        .unwrap();
    if let Some(kept) = kept {
        let kept: Kept = serde_json::from_str(&kept).unwrap();
        kept.put(&db, &files).await;
        return kept.world;
    }
    let kept = Kept { world: build(app).await, rows: rows(&db).await, files: read(&files, &files) };
    sqlx::query("insert into kept_worlds (program, world) values ($1, $2) on conflict do nothing")
        .bind(&program)
        .bind(serde_json::to_string(&kept).unwrap())
        .execute(&mut server)
        .await
        .unwrap();
    kept.world
}

/// Where nothing was done yet that the world could depend on: the database, the folder of its files, and the server.
async fn fresh(app: &App) -> Option<(PgPool, PathBuf, PgConnection)> {
    let Raw::Postgres(db) = &app.raw else { return None };
    let untouched =
        app.raw.count("select count(*) from audit").await == 0 && app.raw.count("select count(*) from people").await == 0;
    let usual = app.now() == at(super::NOW) && app.store.post().is_none();
    let files = app.store.files_folder().filter(|_| untouched && usual)?.to_owned();
    let server = crate::support::postgres_server()?;
    Some((db.clone(), files, <PgConnection as sqlx::Connection>::connect(&server).await.unwrap()))
}

/// This test program, and when it was built.
fn program() -> String {
    let path = std::env::current_exe().unwrap();
    let built = std::fs::metadata(&path).unwrap().modified().unwrap().duration_since(UNIX_EPOCH).unwrap();
    format!("{} {}", path.display(), built.as_nanos())
}

async fn rows(db: &PgPool) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for table in tables(db).await {
        let rows: Option<String> =
            sqlx::query_scalar(AssertSqlSafe(format!("select json_agg(t)::text from {table} t"))).fetch_one(db).await.unwrap();
        all.extend(rows.map(|rows| (table, rows)));
    }
    all
}

async fn tables(db: &PgPool) -> Vec<String> {
    let tables = "select tablename::text from pg_tables where schemaname = 'public' and tablename <> '_sqlx_migrations'";
    sqlx::query_scalar(tables).fetch_all(db).await.unwrap()
}

impl Kept {
    async fn put(&self, db: &PgPool, folder: &Path) {
        let mut all = db.begin().await.unwrap();
        // Rows come as they were: nothing is checked or set off by them a second time.
        sqlx::query("set local session_replication_role = replica").execute(&mut *all).await.unwrap();
        for (table, rows) in &self.rows {
            sqlx::query(AssertSqlSafe(format!("delete from {table}"))).execute(&mut *all).await.unwrap();
            let put = format!("insert into {table} select * from json_populate_recordset(null::{table}, $1::json)");
            sqlx::query(AssertSqlSafe(put)).bind(rows).execute(&mut *all).await.unwrap();
        }
        for table in NUMBERED {
            let next =
                format!("select setval(pg_get_serial_sequence('{table}', 'number'), coalesce(max(number), 1)) from {table}");
            sqlx::query(AssertSqlSafe(next)).execute(&mut *all).await.unwrap();
        }
        all.commit().await.unwrap();
        for (file, bytes) in &self.files {
            let path = folder.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
}

fn read(folder: &Path, root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(read(&path, root));
        } else {
            files.insert(path.strip_prefix(root).unwrap().to_owned(), std::fs::read(&path).unwrap());
        }
    }
    files
}
