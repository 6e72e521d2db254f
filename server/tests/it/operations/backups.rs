//! Backup and restore: while others write, once a day, into what is empty, with the right key.

use super::{Place, files, lose_key, on_both, other_key, right_key, run, tell};
use crate::durability::{PROCESS, QUESTIONS, asked};
use crate::support::{at, key};
use chrono::TimeDelta;
use domain::InvitationId;
use domain::interviews::{AnswerBody, Audience};
use domain::people::Viewer;
use server::operations::backup::{self, Plan};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::Store;
use store::interviews::SaveAnswer;

/// What a backup holds lies between what was acknowledged before it began and what was sent before it ended.
#[test]
fn a_backup_made_while_people_write_restores_to_a_prefix_of_what_was_acknowledged() {
    on_both(async |place| {
        let store = place.store().await;
        let writers = asked(&store).await;
        store.close().await;
        let (mut child, address) = place.start(&[PROCESS]);
        let stop = Arc::new(AtomicBool::new(false));
        let threads: Vec<_> = writers
            .iter()
            .cloned()
            .map(|writer| {
                let stop = Arc::clone(&stop);
                std::thread::spawn(move || {
                    let cookie = writer.begin(address).unwrap();
                    for question in QUESTIONS.into_iter().cycle() {
                        if stop.load(Ordering::Relaxed) {
                            return;
                        }
                        writer.save(address, &cookie, question).unwrap();
                    }
                })
            })
            .collect();
        let counts = || -> Vec<BTreeMap<i64, u64>> {
            let of = |acknowledged: &BTreeMap<i64, (u64, i64)>| acknowledged.iter().map(|(q, (n, _))| (*q, *n)).collect();
            writers.iter().map(|w| of(&w.acknowledged.lock().unwrap())).collect()
        };
        let to = place.data().join("elsewhere");
        for round in 0..3 {
            tokio::time::sleep(Duration::from_millis(300)).await;
            // On a busy machine the first save may take longer than that.
            while counts().iter().all(BTreeMap::is_empty) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            // Two of the same second differ by a number, which does not sort them in time.
            let earlier = files(&to);
            let before = counts();
            let said = tell(place, &["backup", "--to", to.to_str().unwrap()]).ok();
            let after = counts();
            assert!(said.out.contains("found whole") && said.out.contains(&key().id()), "{}", said.out);
            let file = files(&to).into_iter().find(|file| !earlier.contains(file)).unwrap();
            let restored = Place::new(None);
            tell(&restored, &["restore", file.to_str().unwrap()]).ok();
            let store = restored.store().await;
            let mut held = 0;
            for ((writer, before), after) in writers.iter().zip(before).zip(after) {
                let now = server::clock::now();
                let (id, session) = store::interviews::begin_by_link(&store, &writer.link, now).await.unwrap();
                let viewer = store::sessions::find(&store, &session, now).await.unwrap().unwrap();
                let page = store::interviews::page(&store, &viewer, id, now).await.unwrap();
                for question in QUESTIONS {
                    let stored = page.answer(question).map_or(0, |a| a.body.text.strip_prefix("text ").unwrap().parse().unwrap());
                    let (low, high) = (before.get(&question).copied().unwrap_or(0), after.get(&question).copied().unwrap_or(0));
                    assert!(
                        (low..=high + 1).contains(&stored),
                        "round {round}, question {question}: {low} ≤ {stored} ≤ {high} + 1"
                    );
                    held += stored;
                }
            }
            println!("round {round}: {held} saves were in the backup");
            assert!(held > 0);
            store.close().await;
        }
        stop.store(true, Ordering::Relaxed);
        for thread in threads {
            thread.join().unwrap();
        }
        child.kill().unwrap();
        child.wait().unwrap();
    });
}

#[test]
fn the_daily_backup_is_made_once_remembered_and_the_oldest_go() {
    on_both(async |place| {
        let store = place.store().await;
        asked(&store).await;
        let other = store.open_beside(&place.url).await.unwrap();
        let plan = Plan { to: place.data().join("backups"), keep: 3 };
        let first = at("2026-03-02T10:00:00Z");
        for day in 0..5 {
            let now = first + TimeDelta::days(day);
            // Two processes share one database: together they make one.
            let (one, two) = tokio::join!(backup::if_due(&store, &plan, now), backup::if_due(&other, &plan, now));
            let made = [one.unwrap(), two.unwrap()].into_iter().flatten().count();
            assert_eq!(made, 1, "day {day}");
            let later = backup::if_due(&store, &plan, now + TimeDelta::hours(6)).await.unwrap();
            assert!(later.is_none(), "not again on the same day");
        }
        let names: Vec<String> = files(&plan.to).iter().map(|f| f.file_name().unwrap().to_string_lossy().into_owned()).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        assert!(names[0].starts_with("second-story-20260304T100000Z"), "{names:?}");
        let last = store::operations::last_backup(&store).await.unwrap().unwrap();
        assert_eq!(last.at, first + TimeDelta::days(4));
        assert!(last.verified && last.said.contains("found whole"), "{}", last.said);
        assert_eq!(Some(&last.file), names.last());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&plan.to), mode(&plan.to.join(&last.file))), (0o700, 0o600));
        }
        let hidden = std::fs::read_dir(&plan.to).unwrap().count();
        assert_eq!(hidden, 3, "nothing unfinished stays");
        store.close().await;
        other.close().await;
    });
}

#[test]
fn a_restore_wants_an_empty_place_and_the_right_key() {
    on_both(async |place| {
        tell(place, &["seed", "--incidents", "3"]).ok();
        let to = place.data().join("elsewhere");
        tell(place, &["backup", "--to", to.to_str().unwrap()]).ok();
        let from = to.to_str().unwrap().to_owned();
        tell(place, &["restore", &from]).refused("holds something already");
        let restored = Place::new(None);
        lose_key(&restored);
        let needed = format!("needs the instance key {}", key().id());
        tell(&restored, &["restore", &from]).refused(&needed);
        assert!(!restored.data().join("second-story.db").exists(), "nothing was made");
        other_key(&restored);
        tell(&restored, &["restore", &from]).refused(&needed);
        right_key(&restored);
        let said = tell(&restored, &["restore", &from]).ok();
        assert!(said.out.contains("found whole") && said.out.contains(&key().id()), "{}", said.out);
        tell(&restored, &["doctor"]).ok();
        // What is restored holds what the other holds.
        let compare = async |place: &Place| {
            let store = place.store().await;
            let rows = store::health::rows(&store).await.unwrap();
            store.close().await;
            rows.into_iter().filter(|(table, _)| table != "settings").collect::<Vec<_>>()
        };
        assert_eq!(compare(place).await, compare(&restored).await);
    });
}

/// Retention removes the oldest entries of the audit trail: a backup after it is as whole as one before.
#[test]
fn a_backup_is_found_whole_after_the_oldest_entries_of_the_audit_trail_went() {
    on_both(async |place| {
        let store = place.store().await;
        asked(&store).await;
        let later = server::clock::now() + TimeDelta::days(365 * 12);
        store::retention::run_daily(&store, later).await.unwrap().unwrap();
        let chain = store::health::audit_chain(&store).await.unwrap();
        assert!(chain.broken_at.is_none() && chain.entries < store::health::acts(&store).await.unwrap(), "{chain:?}");
        let made = backup::make(&store, &place.data().join("backups"), "", 3, later).await.unwrap();
        assert!(made.said.contains("found whole"), "{}", made.said);
        store.close().await;
    });
}

#[test]
fn a_damaged_backup_is_not_restored() {
    run(async {
        let place = Place::new(None);
        tell(&place, &["seed", "--incidents", "20"]).ok();
        let to = place.data().join("elsewhere");
        tell(&place, &["backup", "--to", to.to_str().unwrap()]).ok();
        let file = files(&to).pop().unwrap();
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2 / 4096 * 4096;
        bytes[middle..middle + 32].iter_mut().for_each(|b| *b = !*b);
        std::fs::write(&file, bytes).unwrap();
        let restored = Place::new(None);
        tell(&restored, &["restore", file.to_str().unwrap()]).refused("");
        assert!(!restored.data().join("second-story.db").exists());
        assert_eq!(files(restored.data()).len(), 2, "no more than the key's folder and the lock: {:?}", files(restored.data()));
    });
}

/// What docs/ADMIN.md says of the trash and of backups: an older one opens what was deleted for good, with the instance key, and knows
/// nothing of the deletion; one made while it lay in the trash has it there, and its day comes there too.
#[test]
fn a_backup_from_before_a_deletion_opens_what_was_deleted_and_does_not_know_of_it() {
    const WORDS: &str = "text 41, said in confidence";
    on_both(async |place| {
        let store = place.store().await;
        let writers = asked(&store).await;
        let now = server::clock::now();
        let save = SaveAnswer {
            body: AnswerBody { text: WORDS.to_owned(), ..AnswerBody::default() },
            audience: Audience::Facilitator,
            count_me: false,
            with_name: false,
            base_version: 0,
            request_key: String::new(),
            follows: String::new(),
        };
        let (id, viewer) = begun(&store, &writers[0].link).await;
        store::interviews::save(&store, &viewer, id, 1, &save, now).await.unwrap();
        let backup = |name: &str| {
            let to = place.data().join(name);
            tell(place, &["backup", "--to", to.to_str().unwrap()]).ok();
            to.to_str().unwrap().to_owned()
        };
        let before = backup("before");
        let admin = store::people::viewer_by_email(&store, "ada.admin@example.org").await.unwrap().unwrap();
        let key = store::trash::put_in_by_key(&store, &admin, "INC-1", now).await.unwrap();
        let trashed = backup("trashed");
        store::trash::delete_now(&store, &admin, key, "INC-1", now).await.unwrap();
        let after = backup("after");
        store.close().await;

        let restored = async |from: &str| {
            let there = Place::new(None);
            tell(&there, &["restore", from]).ok();
            let store = there.store().await;
            (there, store)
        };
        let (_place, gone) = restored(&after).await;
        assert!(store::interviews::begin_by_link(&gone, &writers[0].link, now).await.is_err());
        assert!(store::trash::list(&gone, &admin).await.unwrap().is_empty());
        gone.close().await;

        let (_place, old) = restored(&before).await;
        let (id, viewer) = begun(&old, &writers[0].link).await;
        let page = store::interviews::page(&old, &viewer, id, now).await.unwrap();
        assert_eq!(page.answer(1).unwrap().body.text, WORDS, "with its key it opens as before");
        assert!(store::trash::list(&old, &admin).await.unwrap().is_empty(), "it does not know of the deletion");
        store::trash::put_in_by_key(&old, &admin, "INC-1", now).await.unwrap();
        store::trash::delete_now(&old, &admin, key, "INC-1", now).await.unwrap();
        assert!(store::interviews::begin_by_link(&old, &writers[0].link, now).await.is_err(), "deleted again");
        old.close().await;

        let (_place, waiting) = restored(&trashed).await;
        assert_eq!(store::trash::list(&waiting, &admin).await.unwrap().len(), 1);
        store::trash::empty(&waiting, now + TimeDelta::days(31)).await.unwrap();
        assert!(store::trash::list(&waiting, &admin).await.unwrap().is_empty(), "its day came");
        waiting.close().await;

        // Without the instance key there is nothing to open it with.
        let stolen = Place::new(None);
        other_key(&stolen);
        tell(&stolen, &["restore", &before]).refused("needs the instance key");
        let bytes = std::fs::read(files(std::path::Path::new(&before)).pop().unwrap()).unwrap();
        assert!(!bytes.windows(WORDS.len()).any(|part| part == WORDS.as_bytes()), "its words are not in the file");
    });
}

/// Somebody's conversation, begun by their link.
async fn begun(store: &Store, link: &str) -> (InvitationId, Viewer) {
    let now = server::clock::now();
    let (id, session) = store::interviews::begin_by_link(store, link, now).await.unwrap();
    (id, store::sessions::find(store, &session, now).await.unwrap().unwrap())
}
