//! What the instance remembers of its running, and starts that happen at once.

use crate::support::{FreshDatabase, at, key, people, postgres_server};
use chrono::TimeDelta;
use store::operations::{self, Backup, JobRun};
use store::{Store, StoreError};

conformance! {
    of_many_that_would_back_up_one_does,
    administrators_and_nobody_else_see_the_running_instance,
}

fn backup(at: chrono::DateTime<chrono::Utc>, verified: bool) -> Backup {
    Backup { at, file: "second-story-x.db".to_owned(), bytes: 7, verified, said: "Found whole.".to_owned() }
}

async fn of_many_that_would_back_up_one_does(store: Store) {
    let (day, now) = (TimeDelta::hours(24), at("2026-03-02T10:00:00Z"));
    let claims = async |now| {
        let all = (0..6).map(|_| {
            let store = store.clone();
            tokio::task::spawn_local(async move { operations::claim_backup(&store, day, now).await.unwrap() })
        });
        let mut won = 0;
        for claim in all.collect::<Vec<_>>() {
            won += usize::from(claim.await.unwrap());
        }
        won
    };
    tokio::task::LocalSet::new()
        .run_until(async {
            assert_eq!(claims(now).await, 1, "the first time");
            assert_eq!(claims(now + TimeDelta::minutes(15)).await, 0, "while it is being made");
            assert_eq!(claims(now + TimeDelta::hours(3)).await, 1, "whoever had it is gone");
            operations::remember_backup(&store, &backup(now + TimeDelta::hours(3), true)).await.unwrap();
            operations::release_backup(&store).await.unwrap();
            assert_eq!(claims(now + TimeDelta::hours(26)).await, 0, "not yet a day old");
            assert_eq!(claims(now + TimeDelta::hours(28)).await, 1, "the next day");
            operations::remember_backup(&store, &backup(now + TimeDelta::hours(28), false)).await.unwrap();
            operations::release_backup(&store).await.unwrap();
            assert_eq!(claims(now + TimeDelta::hours(29)).await, 1, "one that was not found whole counts for nothing");
        })
        .await;
}

async fn administrators_and_nobody_else_see_the_running_instance(store: Store) {
    let people = people(&store).await;
    for viewer in [&people.responder, &people.leader, &people.facilitator, &people.guest] {
        assert!(
            matches!(operations::overview(&store, viewer, at("2026-03-02T10:00:00Z")).await, Err(StoreError::NotFound)),
            "{}",
            viewer.name
        );
    }
    let now = at("2026-03-02T10:00:00Z");
    let run = JobRun { at: now, well: true, said: "Months that are over are closed.".to_owned() };
    operations::note_job(&store, "close months", &run).await.unwrap();
    operations::remember_backup(&store, &backup(now, true)).await.unwrap();
    let seen = operations::overview(&store, &people.admin, at("2026-03-02T10:00:00Z")).await.unwrap();
    assert_eq!(seen.backup, Some(backup(now, true)));
    assert_eq!(seen.jobs, [("close months".to_owned(), run)]);
    let (version, name) = store::migration_names().0.pop().unwrap();
    assert_eq!(seen.schema, (version, name));
    assert_eq!(seen.instance_key_id, key().id());
    assert!(seen.bytes > 0);
}

/// Ten stores with pools of their own, as ten processes have.
async fn ten_start(url: &str) {
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let url = url.to_owned();
            tokio::spawn(async move {
                let store = Store::open(&url, key()).await?;
                let done = store.migrate().await?;
                store.ping().await?;
                store.close().await;
                Ok::<_, StoreError>(done)
            })
        })
        .collect();
    let mut applied = Vec::new();
    for task in tasks {
        applied.push(task.await.unwrap().unwrap().applied);
    }
    applied.sort_unstable();
    let mut once = vec![0; 9];
    once.push(store::migration_names().0.len());
    assert_eq!(applied, once);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_starts_at_once_migrate_once_on_sqlite() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        ten_start(&format!("sqlite://{}", folder.path().join("test.db").display())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_starts_at_once_migrate_once_on_postgres() {
    let Some(server) = postgres_server() else { return };
    for _ in 0..3 {
        let database = FreshDatabase::bare(&server).await;
        ten_start(&database.url).await;
        database.drop_it().await;
    }
}

#[tokio::test]
async fn a_newer_database_is_refused_and_what_is_pending_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let store = Store::open(&url, key()).await.unwrap();
    let state = store.migration_state().await.unwrap();
    assert_eq!((state.applied.len(), state.pending.clone()), (0, store::migration_names().0));
    store.migrate().await.unwrap();
    let state = store.migration_state().await.unwrap();
    assert!(state.pending.is_empty() && state.newer.is_none());
    store.close().await;
    let mut db = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.unwrap();
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (9001, 'x', 1, x'00', 0)",
    )
    .execute(&mut db)
    .await
    .unwrap();
    let store = Store::open(&url, key()).await.unwrap();
    let state = store.migration_state().await.unwrap();
    assert_eq!(state.newer, Some(9001));
    for refused in [state.refuse_newer().unwrap_err(), store.migrate().await.unwrap_err()] {
        assert!(refused.to_string().contains("newer Second Story (migration 9001)"), "{refused}");
    }
    store.close().await;
}
