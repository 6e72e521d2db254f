//! The schema and the statements: equal on both engines, prepared on both, with the settings that durability stands on.

use crate::support;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqlSafeStr, SqliteConnection};
use std::collections::BTreeSet;
use store::Store;

/// A statement of the store: where it stands and what it says.
struct Statement {
    place: String,
    sql: String,
}

/// Every `const NAME: &str = "…";` of the store's sources that is SQL.
fn statements() -> Vec<Statement> {
    let mut found = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                let file = path.file_name().unwrap().to_string_lossy().into_owned();
                for (name, sql) in string_constants(&source) {
                    let first = sql.split_whitespace().next().unwrap_or_default().to_lowercase();
                    if ["select", "insert", "update", "delete", "with", "pragma"].contains(&first.as_str()) {
                        found.push(Statement { place: format!("{file} {name}"), sql });
                    }
                }
            }
        }
    }
    found.sort_by(|a, b| a.place.cmp(&b.place));
    found
}

/// Name and value of each string constant in a Rust source.
fn string_constants(source: &str) -> Vec<(String, String)> {
    let mut constants = Vec::new();
    for part in source.split("const ").skip(1) {
        let Some((name, rest)) = part.split_once(": &str =") else { continue };
        let Some(literal) = rest.trim_start().strip_prefix('"') else { continue };
        if !name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_') {
            continue;
        }
        let mut value = String::new();
        let mut chars = literal.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' => match chars.next() {
                    // A line that goes on: white space up to the next word does not count.
                    Some('\n') => chars = chars.as_str().trim_start().chars(),
                    Some('n') => value.push('\n'),
                    Some(other) => value.push(other),
                    None => break,
                },
                other => value.push(other),
            }
        }
        constants.push((name.to_owned(), value));
    }
    constants
}

async fn sqlite_connection(store_folder: &std::path::Path) -> SqliteConnection {
    let url = format!("sqlite://{}", store_folder.join("test.db").display());
    let store = Store::open(&url, support::key()).await.unwrap();
    store.migrate().await.unwrap();
    store.close().await;
    SqliteConnection::connect(&url).await.unwrap()
}

#[tokio::test]
async fn every_statement_is_understood_by_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let mut db = sqlite_connection(folder.path()).await;
    let mut refused = Vec::new();
    for statement in statements().iter().filter(|s| !s.sql.contains("pg_") && !s.sql.contains("tsquery")) {
        if let Err(e) = (&mut db).prepare(AssertSqlSafe(statement.sql.clone()).into_sql_str()).await {
            refused.push(format!("{}: {e}", statement.place));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[tokio::test]
async fn every_statement_is_understood_by_postgres() {
    let Some(server) = support::postgres_server() else { return };
    let database = support::FreshDatabase::make(&server).await;
    let mut db = PgConnection::connect(&database.url).await.unwrap();
    let mut refused = Vec::new();
    for statement in statements().iter().filter(|s| {
        !s.sql.trim_start().starts_with("pragma") && !s.sql.contains("incident_words") && !s.sql.contains("search_words")
    }) {
        match (&mut db).prepare(AssertSqlSafe(statement.sql.clone()).into_sql_str()).await {
            Ok(_) => {}
            // `$1 is null` before the first comparison leaves the type open; a bound value always says its type.
            Err(e) if e.to_string().contains("could not determine data type of parameter") => {}
            Err(e) => refused.push(format!("{}: {e}", statement.place)),
        }
    }
    db.close().await.unwrap();
    database.drop_it().await;
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn the_scan_for_statements_finds_those_that_are_known_to_be_there() {
    let places: Vec<String> = statements().into_iter().map(|s| s.place).collect();
    for known in ["audit.rs ADD", "standing.rs FIND", "people.rs PROFILE", "sessions.rs TOUCH"] {
        assert!(places.iter().any(|p| p == known), "{known} was not found");
    }
    assert!(places.len() > 25, "{} statements", places.len());
}

#[test]
fn statements_stand_in_constants_where_this_suite_finds_them() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // Opening a connection asks for its settings in place.
        if path.is_dir() || name == "db.rs" {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        for call in ["query(\"", "query_as(\"", "query_scalar(\"", "query(&format", "AssertSqlSafe", "raw_sql("] {
            assert!(!source.contains(call), "{name} holds {call}: put the statement into a const");
        }
    }
}

#[test]
fn both_engines_have_the_same_migrations() {
    let (sqlite, postgres) = store::migration_names();
    assert_eq!(sqlite, postgres);
    assert!(!sqlite.is_empty());
    let versions: Vec<i64> = sqlite.iter().map(|(version, _)| *version).collect();
    assert_eq!(versions, (1..=i64::try_from(versions.len()).unwrap()).collect::<Vec<_>>(), "numbers without a gap");
}

/// `table.column` and whether it may be null, in name order.
type Columns = BTreeSet<(String, String, bool)>;

async fn sqlite_columns(db: &mut SqliteConnection) -> Columns {
    let rows: Vec<(String, String, i64, i64)> = sqlx::query_as(
        "select m.name, c.name, c.\"notnull\", c.pk from sqlite_master m join pragma_table_info(m.name) c
         where m.type = 'table' and m.name not like 'sqlite_%' and m.name <> '_sqlx_migrations'
         and m.name not like 'incident_words%' and m.name not like 'search_words%'",
    )
    .fetch_all(db)
    .await
    .unwrap();
    rows.into_iter().map(|(table, column, not_null, pk)| (table, column, not_null == 0 && pk == 0)).collect()
}

#[tokio::test]
async fn both_engines_have_the_same_tables_columns_and_indexes() {
    let Some(server) = support::postgres_server() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut sqlite = sqlite_connection(folder.path()).await;
    let database = support::FreshDatabase::make(&server).await;
    let mut postgres = PgConnection::connect(&database.url).await.unwrap();
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "select table_name::text, column_name::text, is_nullable::text from information_schema.columns
         where table_schema = 'public' and table_name <> '_sqlx_migrations' and table_name <> 'incident_people'",
    )
    .fetch_all(&mut postgres)
    .await
    .unwrap();
    let theirs: Columns = rows.into_iter().map(|(table, column, nullable)| (table, column, nullable == "YES")).collect();
    assert_eq!(sqlite_columns(&mut sqlite).await, theirs);

    let indexes: Vec<String> =
        sqlx::query_scalar("select name from sqlite_master where type = 'index' and sql is not null order by name")
            .fetch_all(&mut sqlite)
            .await
            .unwrap();
    let their_indexes: Vec<String> = sqlx::query_scalar(
        "select indexname::text collate \"C\" as name from pg_indexes where schemaname = 'public' and indexname like 'idx_%' order by name",
    )
    .fetch_all(&mut postgres)
    .await
    .unwrap();
    assert_eq!(indexes, their_indexes);
    postgres.close().await.unwrap();
    database.drop_it().await;
}

#[tokio::test]
async fn sqlite_keeps_foreign_keys_and_every_table_is_strict() {
    let folder = tempfile::tempdir().unwrap();
    let mut db = sqlite_connection(folder.path()).await;
    let loose: Vec<String> =
        sqlx::query_scalar("select name from pragma_table_list where schema = 'main' and type = 'table' and strict = 0 and name not like 'sqlite_%' and name <> '_sqlx_migrations' and name not like 'incident_words%' and name not like 'search_words%'")
            .fetch_all(&mut db)
            .await
            .unwrap();
    assert!(loose.is_empty(), "{loose:?}");
    let journal: String = sqlx::query_scalar("pragma journal_mode").fetch_one(&mut db).await.unwrap();
    assert_eq!(journal, "wal");
    let vacuum: i64 = sqlx::query_scalar("pragma auto_vacuum").fetch_one(&mut db).await.unwrap();
    assert_eq!(vacuum, 2, "incremental");
    let orphan = sqlx::query(
        "insert into sessions (token_hash, person_id, created_at, last_seen_at, expires_at) values (x'01', x'02', '', '', '')",
    )
    .execute(&mut db)
    .await;
    assert!(orphan.is_err_and(|e| e.as_database_error().is_some_and(|e| e.is_foreign_key_violation())));
}

#[tokio::test]
async fn another_instance_key_is_refused_and_a_network_url_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let store = Store::open(&url, support::key()).await.unwrap();
    let migrated = store.migrate().await.unwrap();
    assert_eq!(migrated.applied, migrated.total);
    assert_eq!(store.migrate().await.unwrap().applied, 0);
    store.close().await;
    let stranger = Store::open(&url, store::InstanceKey::new([8; 32])).await.unwrap();
    assert!(matches!(stranger.migrate().await, Err(store::StoreError::Setup(_))));
    assert!(matches!(Store::open("mysql://x", support::key()).await, Err(store::StoreError::Setup(_))));
    assert!(matches!(Store::open("sqlite::memory:", support::key()).await, Err(store::StoreError::Setup(_))));
}

/// What the list searched before there were words: the text, folded, with all its marks.
const BEFORE_WORDS: [&str; 3] = [
    "inc-7\ndisk full (again!) on db_primary: 100%\n\n- writes stopped; \"40 minutes\"\n- it’s back — søgning/index v2.3",
    "inc-8\ndns\n",
    "inc-9\n数据库 超时\nsee 'notes' & [log] <x@y> a|b ~ ^ `c` {d} e+f=g *h* $i #j \\k",
];

/// The part of the migration that makes words, on each engine's own text of it.
fn makes_words(sql: &'static str) -> Vec<&'static str> {
    let first = sql.find("update incidents").unwrap();
    let rest = &sql[first..];
    let after = ["create virtual", "create index"].iter().filter_map(|end| rest.find(end)).min().unwrap();
    rest[..after].split(";\n").map(str::trim).filter(|s| s.starts_with("update")).collect()
}

#[tokio::test]
async fn titles_from_before_search_become_the_words_that_the_program_would_write() {
    let wanted: Vec<String> = BEFORE_WORDS.iter().map(|text| domain::text::words(text)).collect();
    let folder = tempfile::tempdir().unwrap();
    let mut db = sqlite_connection(folder.path()).await;
    sqlx::query("create temp table incidents (n integer, search_folded text)").execute(&mut db).await.unwrap();
    for (n, text) in (0_i64..).zip(BEFORE_WORDS) {
        sqlx::query("insert into temp.incidents values ($1, $2)").bind(n).bind(text).execute(&mut db).await.unwrap();
    }
    for statement in makes_words(include_str!("../../../../migrations/sqlite/0017_search.sql")) {
        sqlx::query(statement).execute(&mut db).await.unwrap();
    }
    let made: Vec<String> =
        sqlx::query_scalar("select search_folded from temp.incidents order by n").fetch_all(&mut db).await.unwrap();
    assert_eq!(made, wanted);

    let Some(server) = support::postgres_server() else { return };
    let database = support::FreshDatabase::make(&server).await;
    let mut db = PgConnection::connect(&database.url).await.unwrap();
    sqlx::query("create temp table incidents (n bigint, search_folded text)").execute(&mut db).await.unwrap();
    for (n, text) in (0_i64..).zip(BEFORE_WORDS) {
        sqlx::query("insert into pg_temp.incidents values ($1, $2)").bind(n).bind(text).execute(&mut db).await.unwrap();
    }
    for statement in makes_words(include_str!("../../../../migrations/postgres/0017_search.sql")) {
        sqlx::query(statement).execute(&mut db).await.unwrap();
    }
    let made: Vec<String> =
        sqlx::query_scalar("select search_folded from pg_temp.incidents order by n").fetch_all(&mut db).await.unwrap();
    assert_eq!(made, wanted);
    db.close().await.unwrap();
    database.drop_it().await;
}
