//! Attached files through backup, restore, export and import, on both engines; and what `doctor` says of them.

use super::{Place, files, on_both, run, tell};
use crate::support::{FreshDatabase, at, postgres_server};
use domain::timeline::attachments::{AttachmentKind, Limits};
use domain::{AttachmentId, IncidentId};
use std::path::PathBuf;
use store::Store;
use store::timeline::attachments::{self, NewAttachment};

const WORDS: &str = "02:14 the queue grows";

/// An incident with a file, in a database that is not served.
async fn attached(place: &Place) -> (IncidentId, AttachmentId) {
    let store = place.store().await.with_files(&folder(place));
    let people = people_of(&store).await;
    let new = domain::incidents::NewIncident {
        title: "Slow".to_owned(),
        summary: String::new(),
        severity: domain::incidents::Severity::Sev2,
        nature: domain::incidents::Nature::default(),
        state: domain::incidents::IncidentState::Open,
        team_id: None,
        started_at: at("2026-03-02T09:00:00Z"),
        detected_at: None,
        declared_at: None,
        mitigated_at: None,
        resolved_at: None,
        zone: "UTC".to_owned(),
        restricted: false,
    };
    let now = at("2026-03-02T10:00:00Z");
    let key = store::incidents::add(&store, &people, &new, now).await.unwrap();
    let incident = store::incidents::by_key(&store, &people, key, now).await.unwrap().incident.id;
    let file = NewAttachment {
        kind: AttachmentKind::Text,
        name: "queue.log".to_owned(),
        alt: String::new(),
        size: None,
        bytes: WORDS.as_bytes().to_vec(),
    };
    let id = attachments::add(&store, &people, incident, file, Limits::default(), now).await.unwrap();
    store.close().await;
    (incident, id)
}

/// Somebody who sees it.
async fn people_of(store: &Store) -> domain::people::Viewer {
    let new = store::people::NewAccount {
        name: "Rune Responder".to_owned(),
        email: "rune.responder@example.org".to_owned(),
        password: None,
        role: domain::people::GlobalRole::Member,
        may_facilitate: false,
        team_id: None,
        manager_id: None,
        zone: "UTC".to_owned(),
        pattern: domain::walltime::WorkPattern::default(),
    };
    let now = at("2026-01-05T08:00:00Z");
    store::settings::mark_demo(store).await.unwrap();
    store::people::add_account(store, &new, now).await.unwrap();
    viewer(store).await
}

async fn viewer(store: &Store) -> domain::people::Viewer {
    let now = at("2026-03-02T10:00:00Z");
    let token = store::sessions::sign_in_demo(store, "rune.responder@example.org", now).await.unwrap().unwrap();
    store::sessions::find(store, &token, now).await.unwrap().unwrap()
}

/// Where the commands look for it.
fn folder(place: &Place) -> PathBuf {
    let url = place.url.split('?').next().unwrap();
    let name = url.rsplit('/').next().unwrap();
    place.data().join("attachments").join(name.strip_suffix(".db").unwrap_or(name))
}

async fn reads(place: &Place, (incident, id): (IncidentId, AttachmentId)) -> String {
    let store = place.store().await.with_files(&folder(place));
    let who = viewer(&store).await;
    let read = attachments::read(&store, &who, incident, id, at("2026-03-02T10:00:00Z")).await;
    let said = match read {
        Ok((_, mut content)) => String::from_utf8(content.next().await.unwrap().unwrap()).unwrap(),
        Err(error) => error.to_string(),
    };
    store.close().await;
    said
}

fn doctor(place: &Place, more: &[&str]) -> (bool, String) {
    let mut args = vec!["doctor", "--quick"];
    args.extend(more);
    let said = tell(place, &args);
    let line = said.out.lines().find(|line| line.contains("attached files")).unwrap_or_else(|| panic!("{}", said.out)).to_owned();
    (said.well, line)
}

#[test]
fn a_backup_carries_attached_files_and_links_to_what_it_has_already() {
    on_both(async |place| {
        let file = attached(place).await;
        assert_eq!(reads(place, file).await, WORDS);
        let to = place.data().join("backups");
        for _ in 0..2 {
            tell(place, &["backup", "--to", to.to_str().unwrap()]).ok();
        }
        let folders: Vec<PathBuf> = files(&to).into_iter().filter(|path| path.is_dir()).collect();
        assert_eq!(folders.len(), 2);
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let kept = std::fs::read_dir(&folders[1]).unwrap().next().unwrap().unwrap();
            assert_eq!(kept.metadata().unwrap().nlink(), 2, "the second links to the first");
        }
        let restored = Place::new(None);
        tell(&restored, &["restore", to.to_str().unwrap()]).ok();
        assert_eq!(reads(&restored, file).await, WORDS);
        assert!(doctor(&restored, &[]).1.contains("1 are whole"));
        // With a single backup kept, the other goes with its folder.
        tell(place, &["backup", "--to", to.to_str().unwrap(), "--keep", "1"]).ok();
        assert_eq!(files(&to).len(), 2, "one file and its folder");
        // A backup without its folder is not restored.
        std::fs::remove_dir_all(files(&to).into_iter().find(|path| path.is_dir()).unwrap()).unwrap();
        let other = Place::new(None);
        tell(&other, &["restore", to.to_str().unwrap()]).refused("missing or damaged");
    });
}

#[test]
fn an_export_takes_attached_files_from_one_engine_to_the_other() {
    run(async {
        let here = Place::new(None);
        let file = attached(&here).await;
        let json = here.data().join("all.json").display().to_string();
        let said = tell(&here, &["export", "json", &json]).ok();
        assert!(said.out.contains("1 attached files; the two belong together"), "{}", said.out);
        let back = Place::new(None);
        let mut from = json.clone();
        if let Some(server) = postgres_server() {
            let database = FreshDatabase::bare(&server).await;
            let there = Place::new(Some(database.url.clone()));
            tell(&there, &["import", "json", &json]).ok();
            assert_eq!(reads(&there, file).await, WORDS);
            from = here.data().join("again.json").display().to_string();
            tell(&there, &["export", "json", &from]).ok();
            tell(&back, &["import", "json", &from]).ok();
            database.drop_it().await;
        } else {
            tell(&back, &["import", "json", &from]).ok();
        }
        assert_eq!(reads(&back, file).await, WORDS);
        // Without its folder the rows come, and it says what is missing.
        let bare = Place::new(None);
        std::fs::remove_dir_all(format!("{from}.files")).unwrap();
        let said = tell(&bare, &["import", "json", &from]).ok();
        assert!(said.out.contains("1 attached files are missing"), "{}", said.out);
    });
}

#[test]
fn doctor_tells_what_is_missing_damaged_and_left_over_and_clears_that_alone() {
    on_both(async |place| {
        let file = attached(place).await;
        let (well, said) = doctor(place, &[]);
        assert!(well && said.starts_with("ok") && said.contains("1 are whole"), "{said}");
        let left = folder(place).join("0123456789abcdef0123456789abcdef");
        std::fs::write(&left, "left by a kill").unwrap();
        let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7_300);
        std::fs::File::options().write(true).open(&left).unwrap().set_modified(long_ago).unwrap();
        let (well, said) = doctor(place, &[]);
        assert!(well && said.starts_with("look") && said.contains("1 files in"), "{said}");
        let (well, said) = doctor(place, &["--clear"]);
        assert!(well && said.contains("1 that belonged to nothing are removed") && !left.exists(), "{said}");
        assert_eq!(reads(place, file).await, WORDS);
        let kept = std::fs::read_dir(folder(place)).unwrap().next().unwrap().unwrap().path();
        let bytes = std::fs::read(&kept).unwrap();
        std::fs::write(&kept, &bytes[..bytes.len() - 1]).unwrap();
        let (well, said) = doctor(place, &["--clear"]);
        assert!(!well && said.starts_with("broken") && said.contains("0 are missing and 1 damaged"), "{said}");
        std::fs::remove_file(&kept).unwrap();
        let (well, said) = doctor(place, &[]);
        assert!(!well && said.contains("1 are missing and 0 damaged"), "{said}");
        assert!(reads(place, file).await.contains("unreadable"));
    });
}
