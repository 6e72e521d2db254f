//! Starting: one service to an SQLite file, many processes that migrate once, a backup before a migration.

use super::{Place, command, files, on_both, run, tell};
use crate::support::{FreshDatabase, Raw, postgres_server};
use sqlx::migrate::Migrator;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

#[test]
fn a_second_service_on_one_sqlite_file_is_refused_and_commands_run_beside_the_first() {
    run(async {
        let place = Place::new(None);
        let (mut child, _) = place.start(&[super::PROCESS]);
        let beside = place.data().join("elsewhere").display().to_string();
        tell(&place, &["serve", "--listen", "127.0.0.1:0"]).refused("served by another process");
        tell(&place, &["restore", &beside]).refused("");
        let add = ["user", "add", "--email", "a@example.org", "--name", "A", "--role", "administrator", "--password"];
        tell(&place, &[&add[..], &["correct horse battery"]].concat()).ok();
        tell(&place, &["migrate"]).ok();
        tell(&place, &["export", "json", &beside]).ok();
        tell(&place, &["backup", "--to", place.data().join("backups").to_str().unwrap()]).ok();
        tell(&place, &["restore", place.data().join("backups").to_str().unwrap()]).refused("served by another process");
        tell(&place, &["doctor"]).ok();
        // Killed, it holds nothing any more.
        child.kill().unwrap();
        child.wait().unwrap();
        let (mut child, _) = place.start(&[super::PROCESS]);
        child.kill().unwrap();
        child.wait().unwrap();
    });
}

#[test]
fn ten_processes_at_once_on_an_empty_sqlite_file_migrate_once() {
    run(async {
        for _ in 0..3 {
            let place = Place::new(None);
            // No key either: the ten make one together.
            super::lose_key(&place);
            let all: Vec<_> = (0..10)
                .map(|_| command(&place, &["migrate"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
                .collect();
            let total = store::migration_names().0.len();
            let mut said = Vec::new();
            for child in all {
                let output = child.wait_with_output().unwrap();
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                said.push(String::from_utf8(output.stdout).unwrap());
            }
            said.sort();
            let mut once = vec![format!("0 of {total} migrations applied now.\n"); 9];
            once.push(format!("{total} of {total} migrations applied now.\n"));
            once.sort();
            assert_eq!(said, once);
        }
    });
}

#[test]
fn ten_services_at_once_on_an_empty_postgres_database_migrate_once_and_serve() {
    run(async {
        let Some(server) = postgres_server() else { return };
        let database = FreshDatabase::bare(&server).await;
        let place = Place::new(Some(database.url.clone()));
        let mut all: Vec<_> = (0..10)
            .map(|_| {
                let mut serve = command(&place, &["serve", "--no-backup", "--listen", "127.0.0.1:0"]);
                serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        for child in &mut all {
            let mut line = String::new();
            BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let address = line.trim().strip_prefix("listening on http://").unwrap_or_else(|| {
                let mut why = String::new();
                child.stderr.take().unwrap().read_to_string(&mut why).unwrap();
                panic!("said {line:?}, and {why}")
            });
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
            let mut first = String::new();
            BufReader::new(stream).read_line(&mut first).unwrap();
            assert!(first.contains(" 200 "), "{first}");
        }
        let raw = Raw::open(&place.url).await;
        let applied = raw.count("select count(*) from _sqlx_migrations").await;
        assert_eq!(applied, i64::try_from(store::migration_names().0.len()).unwrap());
        for mut child in all {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        database.drop_it().await;
    });
}

/// Makes a database with all migrations but the last.
async fn without_the_last_migration(place: &Place) -> Raw {
    let engine = if place.url.starts_with("sqlite") { "sqlite" } else { "postgres" };
    let folder = tempfile::tempdir().unwrap();
    let mut names = files(std::path::Path::new(&format!("{}/../migrations/{engine}", env!("CARGO_MANIFEST_DIR"))));
    names.pop();
    for file in names {
        std::fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    let old = Migrator::new(folder.path()).await.unwrap();
    let url = if engine == "sqlite" { format!("{}?mode=rwc", place.url) } else { place.url.clone() };
    match Raw::open(&url).await {
        Raw::Sqlite(db) => old.run(&db).await.unwrap(),
        Raw::Postgres(db) => old.run(&db).await.unwrap(),
    }
    Raw::open(&url).await
}

/// Makes a database as the version before this one left it, with somebody in it.
async fn before_the_last_migration(place: &Place) -> (i64, String) {
    let engine = if place.url.starts_with("sqlite") { "sqlite" } else { "postgres" };
    let raw = without_the_last_migration(place).await;
    let (id, at) = (raw.id(store::random::id()), "'2026-03-02T10:00:00+00:00'");
    raw.run(&format!(
        "insert into people (id, name, name_folded, is_member, is_leadership, is_administrator, may_facilitate, zone, work_starts,
         work_ends, work_days, theme, created_at)
         values ({id}, 'Ada', 'ada', {yes}, {no}, {no}, {no}, 'UTC', 540, 1020, 31, 'system', {at})",
        yes = if engine == "sqlite" { "1" } else { "true" },
        no = if engine == "sqlite" { "0" } else { "false" },
    ))
    .await;
    raw.run(&format!("insert into settings (key, value) values ('instance_key_id', '{}')", crate::support::key().id())).await;
    store::migration_names().0.pop().unwrap()
}

#[test]
fn a_database_that_another_start_is_making_needs_no_backup() {
    on_both(async |place| {
        // Nobody was ever here: the other process is between two migrations.
        without_the_last_migration(place).await;
        let said = tell(place, &["migrate"]).ok();
        assert!(said.out.starts_with("1 of "), "{}", said.out);
        assert!(files(&place.data().join("backups")).is_empty());
    });
}

#[test]
fn a_dry_run_lists_and_changes_nothing_and_a_migration_begins_with_a_backup() {
    on_both(async |place| {
        let (version, name) = before_the_last_migration(place).await;
        let said = tell(place, &["migrate", "--dry-run"]).ok();
        assert!(said.out.contains(&format!("{version:04} {name}")) && said.out.contains("1 migrations would"), "{}", said.out);
        let raw = Raw::open(&place.url).await;
        let applied = raw.count("select count(*) from _sqlx_migrations").await;
        assert_eq!(applied, i64::try_from(store::migration_names().0.len()).unwrap() - 1, "nothing was changed");
        assert!(files(&place.data().join("backups")).is_empty());
        let said = tell(place, &["migrate"]).ok();
        assert!(said.out.starts_with("1 of "), "{}", said.out);
        let backup = files(&place.data().join("backups")).pop().unwrap();
        assert!(said.err.contains(&format!("Backup before the migration: {}", backup.display())), "{}", said.err);
        assert!(backup.to_string_lossy().contains(&format!("-before-{version:04}.")), "{}", backup.display());
        // The backup of the old schema becomes a database of the new one.
        let restored = Place::new(None);
        tell(&restored, &["restore", backup.to_str().unwrap()]).ok();
        let store = restored.store().await;
        assert_eq!(store::health::rows(&store).await.unwrap()["people"], 1);
        assert!(store.migration_state().await.unwrap().pending.is_empty());
        store.close().await;
        let again = tell(place, &["migrate"]).ok();
        assert!(
            again.out.starts_with("0 of ") && files(&place.data().join("backups")).len() == 1,
            "an up-to-date one needs none"
        );
    });
}

#[test]
fn a_dry_run_on_nothing_makes_nothing() {
    run(async {
        let place = Place::new(None);
        let said = tell(&place, &["migrate", "--dry-run"]).ok();
        assert_eq!(said.out.lines().count(), store::migration_names().0.len() + 1, "{}", said.out);
        assert!(!place.data().join("second-story.db").exists());
    });
}

#[test]
fn a_demo_and_a_real_database_keep_apart() {
    run(async {
        let demo = Place::new(None);
        let store = demo.store().await;
        server::demo::fill(&store, server::clock::now()).await.unwrap();
        store.close().await;
        tell(&demo, &["serve", "--listen", "127.0.0.1:0"]).refused("holds a demo");
        let real = Place::new(None);
        tell(&real, &["seed", "--incidents", "1"]).ok();
        tell(&real, &["demo", "--listen", "127.0.0.1:0"]).refused("not a demo");
    });
}
