//! Damage is found: in pages, in the audit trail, in sealed words; settings are read back.

use crate::support::{at, incident, key, people};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use store::{Store, StoreError, health};

conformance! {
    a_sound_database_has_no_fault,
    the_settings_that_durability_stands_on_are_read_back,
}

async fn a_sound_database_has_no_fault(store: Store) {
    let people = people(&store).await;
    let (id, _) = incident(&store, &people.responder, "The queue grew").await;
    let now = at("2026-03-03T08:00:00Z");
    store::parking::park(&store, &people.planner, id, "We should …", true, now).await.unwrap();
    assert_eq!(health::integrity(&store, false).await.unwrap(), Vec::<String>::new());
    assert_eq!(health::integrity(&store, true).await.unwrap(), Vec::<String>::new());
    assert_eq!(health::references(&store).await.unwrap(), Vec::<String>::new());
    let chain = health::audit_chain(&store).await.unwrap();
    assert_eq!(chain.broken_at, None);
    assert_eq!(chain.entries, health::acts(&store).await.unwrap());
    assert!(chain.entries > 0 && chain.last_at.is_some());
    let sealed = health::sealed(&store).await.unwrap();
    assert_eq!((sealed.keys, sealed.values, sealed.faults), (1, 1, Vec::new()));
    let rows = health::rows(&store).await.unwrap();
    assert_eq!((rows["people"], rows["incidents"], rows["parked"]), (9, 1, 1));
    assert!(health::size(&store).await.unwrap() > 0);
}

async fn the_settings_that_durability_stands_on_are_read_back(store: Store) {
    let (version, settings) = health::settings(&store).await.unwrap();
    assert!(version.starts_with(if store.engine_name() == "sqlite" { "SQLite 3." } else { "PostgreSQL 1" }), "{version}");
    let grave: Vec<_> = settings.iter().filter(|s| s.grave && !s.is_fit()).collect();
    assert!(grave.is_empty(), "{grave:?}");
    let known = if store.engine_name() == "sqlite" { "synchronous" } else { "full_page_writes" };
    assert!(settings.iter().any(|s| s.name == known && s.grave));
    assert_eq!(health::clock(&store).await.unwrap().is_some(), store.engine_name() == "postgres");
}

fn run(case: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(case);
}

/// A filled SQLite database, closed, whose file is to be harmed.
async fn filled(folder: &std::path::Path) -> String {
    let url = format!("sqlite://{}", folder.join("test.db").display());
    let store = Store::open(&url, key()).await.unwrap();
    store.migrate().await.unwrap();
    let people = people(&store).await;
    for n in 0..40 {
        incident(&store, &people.responder, &format!("Number {n} {}", "and so on ".repeat(12))).await;
    }
    store.close().await;
    url
}

async fn past_the_store(url: &str, sql: &str) {
    let mut db = SqliteConnection::connect(url).await.unwrap();
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
}

/// The backup before a migration is checked by the new program: what it lacks is no fault, as long as nothing older is read.
#[test]
fn a_copy_from_before_a_migration_is_checked_for_what_it_has() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let url = filled(folder.path()).await;
        for sql in ["drop table talk_notes", "drop table talks", "delete from _sqlx_migrations where version >= 14"] {
            past_the_store(&url, sql).await;
        }
        let store = Store::open(&url, key()).await.unwrap();
        let sealed = health::sealed(&store).await.unwrap();
        assert_eq!((sealed.keys, sealed.faults), (40, Vec::new()));
        store.close().await;
    });
}

#[test]
fn the_first_entry_that_does_not_fit_is_named() {
    run(async {
        let harms = [
            ("update audit set action = 'incident.hide' where number = 17", 17),
            ("update audit set actor_id = null where number = 20", 20),
            ("delete from audit where number = 23", 24),
            ("delete from audit where number < 9", 9),
            ("update audit set at = '2026-03-02T13:00:00.000001+00:00' where number = 31", 31),
        ];
        for (harm, number) in harms {
            let folder = tempfile::tempdir().unwrap();
            let url = filled(folder.path()).await;
            past_the_store(&url, harm).await;
            let store = Store::open(&url, key()).await.unwrap();
            assert_eq!(health::audit_chain(&store).await.unwrap().broken_at, Some(number), "{harm}");
            store.close().await;
        }
    });
}

#[test]
fn a_reference_to_nothing_and_a_key_that_does_not_unwrap_are_found() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let url = filled(folder.path()).await;
        past_the_store(
            &url,
            "update incident_keys set wrapped = zeroblob(72) where incident_id = (select min(id) from incidents)",
        )
        .await;
        let mut db =
            SqliteConnection::connect_with(&url.parse::<sqlx::sqlite::SqliteConnectOptions>().unwrap().foreign_keys(false))
                .await
                .unwrap();
        sqlx::query("update incidents set created_by = randomblob(16) where number = 3").execute(&mut db).await.unwrap();
        db.close().await.unwrap();
        let store = Store::open(&url, key()).await.unwrap();
        let references = health::references(&store).await.unwrap();
        assert!(references.len() == 1 && references[0].contains("people"), "{references:?}");
        let sealed = health::sealed(&store).await.unwrap();
        assert_eq!((sealed.keys, sealed.faults.len()), (39, 1), "{:?}", sealed.faults);
        store.close().await;
    });
}

/// Each page's head is overwritten in turn: the check finds every one that is in use, whatever the page holds.
#[test]
fn a_damaged_page_is_found_wherever_it_is() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let url = filled(folder.path()).await;
        let whole = std::fs::read(folder.path().join("test.db")).unwrap();
        let size = usize::from(u16::from_be_bytes([whole[16], whole[17]]));
        let pages = whole.len() / size;
        assert!(pages > 50, "{pages} pages");
        let mut found = 0;
        for page in 0..pages {
            let harmed = tempfile::tempdir().unwrap();
            let file = harmed.path().join("test.db");
            let mut bytes = whole.clone();
            // The first page begins with the file's own head of 100 bytes.
            let begin = page * size + if page == 0 { 100 } else { 0 };
            bytes[begin..begin + 16].iter_mut().for_each(|b| *b = !*b);
            std::fs::write(&file, bytes).unwrap();
            let opened = Store::open(&format!("sqlite://{}", file.display()), key()).await;
            found += match opened {
                Err(_) => 1,
                Ok(store) => {
                    let faults = health::integrity(&store, false).await;
                    store.close().await;
                    match faults {
                        Ok(faults) => usize::from(!faults.is_empty()),
                        Err(StoreError::Database(_)) => 1,
                        Err(other) => panic!("page {page}: {other}"),
                    }
                }
            };
        }
        println!("{found} of {pages} damaged pages were found");
        assert_eq!(found, pages);
        let _ = url;
    });
}
