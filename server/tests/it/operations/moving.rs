//! Moving between engines, with the demo and the synthetic organisation.

use super::{Place, lose_key, other_key, run, tell};
use crate::support::{FreshDatabase, at, key, postgres_server};

/// SQLite → PostgreSQL → SQLite.
async fn there_and_back(here: &Place) {
    let Some(server) = postgres_server() else { return };
    let database = FreshDatabase::bare(&server).await;
    let (there, back) = (Place::new(Some(database.url.clone())), Place::new(None));
    let mut files: Vec<String> = Vec::new();
    for (n, place) in [here, &there, &back].into_iter().enumerate() {
        if let Some(before) = files.last() {
            tell(place, &["import", "json", before]).ok();
        }
        let file = here.data().join(format!("{n}.json")).display().to_string();
        let said = tell(place, &["export", "json", &file]).ok();
        assert!(said.out.contains(&key().id()), "says which key must be kept: {}", said.out);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        files.push(file);
    }
    let bytes: Vec<Vec<u8>> = files.iter().map(|f| std::fs::read(f).unwrap()).collect();
    assert!(bytes[0].len() > 100_000, "{}", bytes[0].len());
    assert!(bytes[0] == bytes[1], "SQLite → PostgreSQL");
    assert!(bytes[1] == bytes[2], "PostgreSQL → SQLite");
    assert!(!String::from_utf8(bytes[0].clone()).unwrap().contains(&"07".repeat(32)), "never the instance key");
    tell(&back, &["doctor"]).ok();
    tell(&there, &["import", "json", &files[0]]).refused("holds something already");
    database.drop_it().await;
}

#[test]
fn the_demo_goes_to_postgres_and_back_equal_to_the_byte() {
    run(async {
        let here = Place::new(None);
        let store = here.store().await;
        server::demo::fill(&store, at("2026-11-23T13:20:00Z")).await.unwrap();
        store.close().await;
        there_and_back(&here).await;
    });
}

#[test]
fn the_synthetic_organisation_goes_to_postgres_and_back_equal_to_the_byte() {
    run(async {
        let here = Place::new(None);
        tell(&here, &["seed", "--incidents", "150"]).ok();
        there_and_back(&here).await;
    });
}

#[test]
fn an_import_without_the_right_key_says_which_is_needed() {
    run(async {
        let (here, there) = (Place::new(None), Place::new(None));
        tell(&here, &["seed", "--incidents", "2"]).ok();
        let file = here.data().join("all.json").display().to_string();
        tell(&here, &["export", "json", &file]).ok();
        other_key(&there);
        tell(&there, &["import", "json", &file]).refused(&format!("needs the instance key {}", key().id()));
        lose_key(&there);
        tell(&there, &["import", "json", &file]).refused("instance key");
        assert!(!server::secrets::key_path(there.data()).exists(), "no key is made for an import");
        tell(&there, &["export", "json", &file]).refused("");
    });
}
