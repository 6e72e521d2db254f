//! Export and import: nothing is forgotten, both engines write the same bytes, what is not whole is refused.

use crate::support::{FreshDatabase, at, incident, key, people, postgres_server};
use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::collections::BTreeSet;
use store::archive::{self, Kind};
use store::{InstanceKey, Store, StoreError};

/// Runs a case on a fresh SQLite file, then on a fresh PostgreSQL database where there is a server; each is given by its address.
async fn on_both(case: impl AsyncFn(&str)) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let store = open(&url).await;
    store.migrate().await.unwrap();
    store.close().await;
    case(&url).await;
    let Some(server) = postgres_server() else { return };
    let database = FreshDatabase::make(&server).await;
    case(&database.url).await;
    database.drop_it().await;
}

async fn open(url: &str) -> Store {
    Store::open(url, key()).await.unwrap()
}

/// A fresh SQLite file without tables.
struct Empty {
    _folder: tempfile::TempDir,
    url: String,
}

impl Empty {
    fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("empty.db").display());
        Self { _folder: folder, url }
    }
}

/// A little of everything that can be said without a conversation: people who know each other, incidents, sealed words, an audit trail.
async fn fill(store: &Store) {
    let people = people(store).await;
    let (id, _) = incident(store, &people.responder, "The queue grew \"quietly\" \u{1f30a}\n\\ and on").await;
    incident(store, &people.other_responder, "Another").await;
    let now = at("2026-03-03T08:00:00.000120Z");
    store::reviews::open(store, &people.admin, id, people.facilitator.person_id, false, now).await.unwrap();
    let guest = store::interviews::Invitee::Guest("Gro Guest".to_owned());
    store::interviews::invite(store, &people.facilitator, id, &guest, None, now).await.unwrap();
    store::parking::park(store, &people.planner, id, "We should keep an eye on it", true, now).await.unwrap();
}

async fn export(store: &Store) -> Vec<u8> {
    let mut bytes = Vec::new();
    archive::export(store, &mut bytes).await.unwrap();
    bytes
}

#[test]
fn tables_columns_and_kinds_are_those_of_both_engines() {
    run(async {
        let names: Vec<i64> = store::migration_names().0.into_iter().map(|(version, _)| version).collect();
        let read = archive::tables(&names).unwrap();
        for left in archive::LEFT_BEHIND {
            assert!(read.iter().any(|t| t.name == left), "{left} is no table");
        }
        assert!(read.iter().all(|t| !t.key.is_empty()), "each table has a primary key, which orders its rows");
        let ours: BTreeSet<(String, String, String)> = read
            .iter()
            .flat_map(|t| t.columns.iter().map(|(name, kind)| (t.name.clone(), name.clone(), word(*kind).to_owned())))
            .collect();

        let empty = Empty::make();
        let store = open(&empty.url).await;
        store.migrate().await.unwrap();
        store.close().await;
        let mut db = SqliteConnection::connect(&empty.url).await.unwrap();
        let there: Vec<(String, String)> = sqlx::query_as(
            "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c
             where m.type = 'table' and m.name not like 'sqlite_%' and m.name <> '_sqlx_migrations'
               and m.name not like 'incident_words%' and m.name not like 'search_words%'",
        )
        .fetch_all(&mut db)
        .await
        .unwrap();
        let named: BTreeSet<(String, String)> = ours.iter().map(|(t, c, _)| (t.clone(), c.clone())).collect();
        assert_eq!(named, there.into_iter().collect(), "SQLite");
        db.close().await.unwrap();

        let Some(server) = postgres_server() else { return };
        let database = FreshDatabase::make(&server).await;
        let mut db = PgConnection::connect(&database.url).await.unwrap();
        let there: Vec<(String, String, String)> = sqlx::query_as(
            "select table_name::text, column_name::text, replace(udt_name::text, 'int8', 'integer')
             from information_schema.columns join information_schema.tables using (table_schema, table_name)
             where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> '_sqlx_migrations'",
        )
        .fetch_all(&mut db)
        .await
        .unwrap();
        assert_eq!(ours, there.into_iter().collect(), "PostgreSQL");
        let keys: Vec<(String, Vec<String>)> = sqlx::query_as(
            "select table_name::text, array_agg(column_name::text order by ordinal_position)
             from information_schema.table_constraints constraints join information_schema.key_column_usage using (constraint_name, table_name)
             where constraint_type = 'PRIMARY KEY' and constraints.table_schema = 'public' and table_name <> '_sqlx_migrations' group by table_name",
        )
        .fetch_all(&mut db)
        .await
        .unwrap();
        let ours: BTreeSet<_> = read.into_iter().map(|t| (t.name, t.key)).collect();
        assert_eq!(ours, keys.into_iter().collect(), "primary keys");
        db.close().await.unwrap();
        database.drop_it().await;
    });
}

/// PostgreSQL's own word for a kind.
fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::Boolean => "bool",
        Kind::Id => "uuid",
        Kind::Bytes => "bytea",
        Kind::Instant => "timestamptz",
        Kind::Date => "date",
    }
}

fn run(case: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(case);
}

#[test]
fn an_export_goes_to_the_other_engine_and_back_equal_to_the_byte() {
    run(async {
        let Some(server) = postgres_server() else { return };
        let there = FreshDatabase::make(&server).await;
        let (here, back) = (Empty::make(), Empty::make());
        let store = open(&here.url).await;
        store.migrate().await.unwrap();
        fill(&store).await;
        let first = export(&store).await;
        store.close().await;
        let references = constraints(&there.url).await;
        assert!(references.len() > 30, "{}", references.len());
        // PostgreSQL's is migrated and empty; the second SQLite has no tables.
        let store = open(&there.url).await;
        archive::import(&store, first.as_slice()).await.unwrap();
        let second = export(&store).await;
        store.close().await;
        assert_eq!(constraints(&there.url).await, references, "every constraint stands again");
        let store = open(&back.url).await;
        let carried = archive::import(&store, second.as_slice()).await.unwrap();
        let third = export(&store).await;
        assert_eq!(carried.rows["incidents"], 2);
        assert_eq!(carried.rows["people"], 10);
        // A reader sees what was written, in the form that the engine keeps it.
        let viewer = store::people::viewer_by_email(&store, "olaf.outsider@example.org").await.unwrap().unwrap();
        let list = store::incidents::list(&store, &viewer, &store::incidents::Filter::default(), 10).await.unwrap();
        assert_eq!(list.rows.len(), 2);
        store.close().await;
        assert!(first == second, "SQLite → PostgreSQL");
        assert!(second == third, "PostgreSQL → SQLite");
        there.drop_it().await;
    });
}

async fn constraints(url: &str) -> Vec<(String, String)> {
    let mut db = PgConnection::connect(url).await.unwrap();
    let found = sqlx::query_as(
        "select conrelid::regclass::text || ' ' || conname, pg_get_constraintdef(oid) || convalidated from pg_constraint
         where connamespace = 'public'::regnamespace order by 1",
    );
    let found = found.fetch_all(&mut db).await.unwrap();
    db.close().await.unwrap();
    found
}

#[test]
fn sessions_and_attempts_stay_behind() {
    run(async {
        on_both(async |url| {
            let store = open(url).await;
            fill(&store).await;
            store::settings::mark_demo(&store).await.unwrap();
            let now = at("2026-03-03T08:00:00Z");
            store::sessions::sign_in_demo(&store, "ada.admin@example.org", now).await.unwrap().unwrap();
            let text = String::from_utf8(export(&store).await).unwrap();
            for left in archive::LEFT_BEHIND {
                assert!(!text.contains(&format!("\"table\":\"{left}\"")), "{left}");
            }
            let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
            assert_eq!(first["instance_key_id"], key().id());
            assert!(!text.contains(&"07".repeat(32)) && !text.contains("eye on it"), "neither key nor word");
            store.close().await;
        })
        .await;
    });
}

/// Ends a file anew after something in it was changed.
fn resealed(lines: &[String]) -> Vec<u8> {
    let mut text: String = lines[..lines.len() - 1].iter().map(|l| format!("{l}\n")).collect();
    let digest: String = Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    text.push_str(&format!("{{\"sha256\":\"{digest}\"}}\n"));
    text.into_bytes()
}

async fn refusal(store: &Store, file: &[u8]) -> String {
    match archive::import(store, file).await {
        Err(StoreError::Setup(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_cut_or_altered_file_is_refused_and_nothing_is_kept() {
    run(async {
        let source = Empty::make();
        let store = open(&source.url).await;
        store.migrate().await.unwrap();
        fill(&store).await;
        let whole = export(&store).await;
        store.close().await;
        let lines: Vec<String> = String::from_utf8(whole.clone()).unwrap().lines().map(str::to_owned).collect();
        let orphan: Vec<String> = lines.iter().filter(|l| !l.contains("Payments")).cloned().collect();
        on_both(async |url| {
            let store = open(url).await;
            for length in (0..whole.len()).step_by(whole.len() / 40).chain([whole.len() - 1, whole.len() - 70]) {
                assert!(!refusal(&store, &whole[..length]).await.is_empty(), "cut at {length}");
            }
            for place in (0..whole.len()).step_by(whole.len() / 40) {
                let mut altered = whole.clone();
                altered[place] ^= 1;
                assert!(archive::import(&store, altered.as_slice()).await.is_err(), "altered at {place}");
            }
            let twice = [whole.as_slice(), whole.as_slice()].concat();
            assert!(refusal(&store, &twice).await.contains("comes after the end"));
            // Whole by its digest, but its counts say otherwise; and with right counts, a row refers to nothing.
            assert!(refusal(&store, &resealed(&orphan)).await.contains("altered"));
            let mut counted = orphan.clone();
            let counts = counted.len() - 2;
            counted[counts] = counted[counts].replace("\"teams\":2", "\"teams\":1");
            assert!(archive::import(&store, resealed(&counted).as_slice()).await.is_err(), "a reference to nothing");
            let mut forged = lines.clone();
            let entry = forged.iter().position(|l| l.contains("review.open")).unwrap();
            forged[entry] = forged[entry].replace("review.open", "review.hide");
            assert!(refusal(&store, &resealed(&forged)).await.contains("audit trail"));
            assert!(store::seed::is_empty(&store).await.unwrap());
            archive::import(&store, whole.as_slice()).await.unwrap();
            assert!(refusal(&store, &whole).await.contains("holds something"), "a second time");
            store.close().await;
        })
        .await;
    });
}

#[test]
fn another_key_a_newer_file_and_another_schema_are_refused() {
    run(async {
        let source = Empty::make();
        let store = open(&source.url).await;
        store.migrate().await.unwrap();
        fill(&store).await;
        let whole = export(&store).await;
        store.close().await;
        let lines: Vec<String> = String::from_utf8(whole.clone()).unwrap().lines().map(str::to_owned).collect();
        let target = Empty::make();
        let stranger = Store::open(&target.url, InstanceKey::new([8; 32])).await.unwrap();
        let sentence = refusal(&stranger, &whole).await;
        assert!(sentence.contains(&key().id()) && sentence.contains(&stranger_id()), "{sentence}");
        stranger.close().await;
        let store = open(&target.url).await;
        let mut newer = lines.clone();
        newer[0] = newer[0].replace("\"migrations\":[1,", "\"migrations\":[1,9001,");
        assert!(refusal(&store, &resealed(&newer)).await.contains("newer"));
        let mut format = lines.clone();
        format[0] = format[0].replace("\"format\":1", "\"format\":2");
        assert!(refusal(&store, &resealed(&format)).await.contains("format 2"));
        assert!(refusal(&store, b"PK\x03\x04 something else").await.contains("no export"));
        store.close().await;
    });
}

fn stranger_id() -> String {
    InstanceKey::new([8; 32]).id()
}

#[test]
fn a_copy_is_made_while_others_write_and_brings_no_session_back() {
    run(async {
        let source = Empty::make();
        let store = open(&source.url).await;
        store.migrate().await.unwrap();
        fill(&store).await;
        store::settings::mark_demo(&store).await.unwrap();
        let now = at("2026-03-03T08:00:00Z");
        let session = store::sessions::sign_in_demo(&store, "ada.admin@example.org", now).await.unwrap().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("copy.db");
        archive::copy_sqlite(&store, &file).await.unwrap();
        let copy = store.open_beside(&format!("sqlite://{}", file.display())).await.unwrap();
        assert_eq!(export(&copy).await, export(&store).await);
        assert!(store::sessions::find(&copy, &session, now).await.unwrap().is_some());
        archive::forget_sessions(&copy).await.unwrap();
        assert!(store::sessions::find(&copy, &session, now).await.unwrap().is_none());
        copy.close().await;
        store.close().await;
    });
}
