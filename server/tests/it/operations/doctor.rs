//! `doctor` finds what is wrong and says it in one line; commands refuse what is newer.

use super::{Place, lose_key, on_both, other_key, run, tell};
use crate::support::key;
use serde_json::Value;

/// State and words of one check.
fn check(place: &Place, name: &str, more: &[&str]) -> (bool, String, String) {
    let mut args = vec!["doctor", "--json"];
    args.extend(more);
    let said = tell(place, &args);
    let found: Vec<Value> = serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}{}", said.out, said.err));
    let one = found.iter().find(|f| f["check"] == name).unwrap_or_else(|| panic!("no check {name}: {}", said.out));
    let told = format!("{} → {}", one["found"].as_str().unwrap(), one["advice"].as_str().unwrap());
    (said.well, one["state"].as_str().unwrap().to_owned(), told)
}

#[track_caller]
fn finds(place: &Place, name: &str, state: &str, words: &str) {
    let (well, found, told) = check(place, name, &[]);
    assert!(found == state && told.contains(words), "{name}: {found}: {told}");
    assert_eq!(well, state != "broken", "the exit says whether something is broken: {told}");
}

/// Sets a file's mode.
#[cfg(unix)]
fn chmod(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_sound_instance_is_told_so_on_both_engines() {
    on_both(async |place| {
        tell(place, &["seed", "--incidents", "5"]).ok();
        finds(place, "backup", "look", "no backup was made yet");
        tell(place, &["backup", "--to", place.data().join("backups").to_str().unwrap()]).ok();
        for name in ["key file", "permissions", "engine", "schema", "instance key", "pages", "references", "backup"] {
            let (well, state, told) = check(place, name, &[]);
            assert!(well && state == "ok", "{name}: {state}: {told}");
        }
        finds(place, "audit trail", "ok", "follow one another");
        finds(place, "sealed words", "ok", "5 incidents unwrap");
        let plain = tell(place, &["doctor", "--quick"]).ok();
        assert!(plain.out.contains("\nok      pages") && plain.out.contains(" 0 broken."), "{}", plain.out);
    });
}

#[test]
fn a_key_that_others_can_read_is_found_and_a_missing_or_wrong_one() {
    run(async {
        let place = Place::new(None);
        tell(&place, &["seed", "--incidents", "1"]).ok();
        #[cfg(unix)]
        {
            let path = server::secrets::key_path(place.data());
            chmod(&path, 0o644);
            finds(&place, "key file", "broken", "chmod 600");
            chmod(&path, 0o640);
            finds(&place, "key file", "look", "a group can open");
            chmod(&path, 0o600);
            // The service makes files for itself alone; somebody may have opened one.
            chmod(place.data(), 0o755);
            chmod(&place.data().join("second-story.db"), 0o644);
            finds(&place, "permissions", "look", "second-story.db");
            chmod(place.data(), 0o700);
            finds(&place, "permissions", "ok", "for its owner alone");
        }
        finds(&place, "key file", "ok", "0600");
        lose_key(&place);
        finds(&place, "key file", "broken", "cannot be read");
        finds(&place, "instance key", "broken", &key().id());
        assert!(!server::secrets::key_path(place.data()).exists(), "doctor makes nothing");
        other_key(&place);
        finds(&place, "instance key", "broken", &key().id());
    });
}

#[test]
fn a_corrupted_page_is_found() {
    run(async {
        let place = Place::new(None);
        tell(&place, &["seed", "--incidents", "20"]).ok();
        finds(&place, "pages", "ok", "every page");
        let file = place.data().join("second-story.db");
        let whole = std::fs::read(&file).unwrap();
        let pages = whole.len() / 4096;
        let mut beyond_opening = 0;
        for page in [pages / 5, pages / 4, pages / 3, pages / 2, pages - 3] {
            let mut harmed = whole.clone();
            harmed[page * 4096..page * 4096 + 24].iter_mut().for_each(|b| *b = !*b);
            std::fs::write(&file, harmed).unwrap();
            // Harm in what tells of the tables keeps the file from opening; harm anywhere else is found page by page.
            // That check is told of only where it fails.
            let opens = !tell(&place, &["doctor", "--json"]).out.contains("\"check\": \"database\"");
            finds(&place, if opens { "pages" } else { "database" }, "broken", "restore the last backup");
            beyond_opening += u32::from(opens);
        }
        assert!(beyond_opening >= 2, "{beyond_opening} of the harmed files still opened");
        std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
        assert!(!tell(&place, &["doctor"]).well, "half of the file is gone");
        std::fs::write(&file, "this is no database, but a letter that somebody saved under its name by mistake; ".repeat(99))
            .unwrap();
        finds(&place, "database", "broken", "does not open");
        std::fs::remove_file(&file).unwrap();
        finds(&place, "database", "broken", "there is nothing at");
        assert!(!file.exists(), "doctor makes nothing");
    });
}

#[test]
fn the_first_audit_entry_that_does_not_fit_is_named() {
    on_both(async |place| {
        tell(place, &["seed", "--incidents", "2"]).ok();
        let raw = super::super::support::Raw::open(&place.url).await;
        let number = raw.count("select max(number) - 1 from audit").await;
        raw.run(&format!("update audit set action = 'nothing' where number = {number}")).await;
        finds(place, "audit trail", "broken", &format!("entry {number} does not fit"));
    });
}

#[test]
fn a_newer_database_is_refused_by_every_command() {
    on_both(async |place| {
        tell(place, &["seed", "--incidents", "1"]).ok();
        let raw = super::super::support::Raw::open(&place.url).await;
        let hash = if place.url.starts_with("sqlite") { "x'00'" } else { "'\\x00'::bytea" };
        raw.run(&format!(
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (9001, 'x', true, {hash}, 0)"
        ))
        .await;
        let to = place.data().join("elsewhere").display().to_string();
        let add =
            ["user", "add", "--email", "a@example.org", "--name", "A", "--role", "member", "--password", "correct horse battery"];
        let commands: [&[&str]; 9] = [
            &["serve", "--listen", "127.0.0.1:0"],
            &["migrate"],
            &["migrate", "--dry-run"],
            &["backup", "--to", &to],
            &["export", "json", &to],
            &add,
            &["seed", "--incidents", "1"],
            &["import", "reviews", &to],
            &["import", "json", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")],
        ];
        for args in &commands[..8] {
            tell(place, args).refused("newer Second Story (migration 9001)");
        }
        tell(place, commands[8]).refused("");
        finds(place, "schema", "broken", "9001");
    });
}

#[test]
fn what_stands_before_the_service_is_held_against_its_settings() {
    run(async {
        let place = Place::new(None);
        tell(&place, &["migrate"]).ok();
        let look = |more: &[&str]| {
            let (_, state, told) = check(&place, "proxy headers", more);
            (state, told)
        };
        let https = ["--base-url", "https://stories.example.org"];
        assert_eq!(look(&[]).0, "ok");
        assert_eq!(look(&["--listen", "0.0.0.0:3000"]).0, "broken");
        let (state, told) = look(&https);
        assert!(state == "look" && told.contains("--trusted-proxies 1"), "{told}");
        assert_eq!(look(&[https[0], https[1], "--trusted-proxies", "1"]).0, "ok");
        let (state, told) = look(&[https[0], https[1], "--trusted-proxies", "1", "--listen", "0.0.0.0:3000"]);
        assert!(state == "look" && told.contains("past"), "{told}");
        // A service that runs is asked.
        let (mut child, address) = place.start(&[super::PROCESS]);
        let address = address.to_string();
        let (_, state, told) = check(&place, "service", &["--listen", &address]);
        assert!(state == "ok" && told.contains("answers"), "{told}");
        let (_, state, told) = check(&place, "service", &["--listen", &address, https[0], https[1]]);
        assert!(state == "look" && told.contains("another --base-url"), "{told}");
        child.kill().unwrap();
        child.wait().unwrap();
    });
}
