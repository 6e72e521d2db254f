//! The first start: the link, what ends it, and that it makes one administrator however many try.

use crate::support::{account, at};
use chrono::Duration;
use domain::people::GlobalRole;
use domain::walltime::WorkPattern;
use store::people::NewAccount;
use store::setup::{self, Outcome};
use store::{Store, StoreError};

conformance! {
    an_empty_instance_waits_and_its_link_makes_the_administrator,
    a_hundred_tries_at_once_make_one_administrator,
    a_link_ends_by_time_and_by_a_new_one,
    a_refused_form_keeps_the_link,
    with_an_administrator_there_is_no_link,
    wrong_links_are_counted,
}

const FROM: &str = "192.0.2.7";

fn new_account(email: &str) -> NewAccount {
    NewAccount {
        name: "Ada First".to_owned(),
        email: email.to_owned(),
        password: Some("three calm words".to_owned()),
        role: GlobalRole::Administrator,
        may_facilitate: false,
        team_id: None,
        manager_id: None,
        zone: "Europe/Madrid".to_owned(),
        pattern: WorkPattern::default(),
    }
}

async fn an_empty_instance_waits_and_its_link_makes_the_administrator(store: Store) {
    let now = at("2026-03-02T10:00:00Z");
    account(&store, "Import Only", GlobalRole::Member, false, None, None).await;
    assert!(setup::waits(&store).await.unwrap(), "a member is no administrator");
    let token = setup::new_link(&store, now).await.unwrap().unwrap();
    assert!(token.len() >= 43, "256 bits in text");
    setup::peek(&store, &token, now).await.unwrap();
    let done = setup::finish(&store, &token, &new_account("ada@example.org"), true, FROM, now).await.unwrap();
    let Outcome::Welcome(session) = done else { panic!("{done:?}") };
    let viewer = store::sessions::find(&store, &session, now).await.unwrap().unwrap();
    assert!(viewer.administrator && viewer.member && !viewer.leadership && !viewer.may_facilitate);
    assert_eq!((viewer.name.as_str(), viewer.zone.as_str()), ("Ada First", "Europe/Madrid"));
    assert!(!setup::waits(&store).await.unwrap());
    assert!(matches!(setup::peek(&store, &token, now).await, Err(StoreError::NotFound)), "used up");
}

async fn a_hundred_tries_at_once_make_one_administrator(store: Store) {
    let now = at("2026-03-02T10:00:00Z");
    let token = setup::new_link(&store, now).await.unwrap().unwrap();
    let mut tries = tokio::task::JoinSet::new();
    for n in 0..100 {
        let (store, token) = (store.clone(), token.clone());
        tries.spawn(async move {
            let new = new_account(&format!("ada{n}@example.org"));
            setup::finish(&store, &token, &new, false, &format!("192.0.2.{n}"), now).await
        });
    }
    let (mut welcomes, mut refused) = (0, 0);
    while let Some(done) = tries.join_next().await {
        match done.unwrap() {
            Ok(Outcome::Welcome(_)) => welcomes += 1,
            Err(StoreError::NotFound) => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((welcomes, refused), (1, 99));
    let mut there = 0;
    for n in 0..100 {
        there += usize::from(store::people::viewer_by_email(&store, &format!("ada{n}@example.org")).await.unwrap().is_some());
    }
    assert_eq!(there, 1);
}

async fn a_link_ends_by_time_and_by_a_new_one(store: Store) {
    let now = at("2026-03-02T10:00:00Z");
    let first = setup::new_link(&store, now).await.unwrap().unwrap();
    let second = setup::new_link(&store, now).await.unwrap().unwrap();
    assert!(matches!(setup::peek(&store, &first, now).await, Err(StoreError::NotFound)));
    setup::peek(&store, &second, now + setup::LINK_LASTS - Duration::seconds(1)).await.unwrap();
    let late = now + setup::LINK_LASTS;
    assert!(matches!(setup::peek(&store, &second, late).await, Err(StoreError::NotFound)));
    let done = setup::finish(&store, &second, &new_account("ada@example.org"), false, FROM, late).await;
    assert!(matches!(done, Err(StoreError::NotFound)));
    assert!(setup::waits(&store).await.unwrap());
}

async fn a_refused_form_keeps_the_link(store: Store) {
    let now = at("2026-03-02T10:00:00Z");
    account(&store, "Rune Responder", GlobalRole::Member, false, None, None).await;
    let token = setup::new_link(&store, now).await.unwrap().unwrap();
    let short = NewAccount { password: Some("short".to_owned()), ..new_account("ada@example.org") };
    let taken = new_account("rune.responder@example.org");
    for (new, field) in [(&short, "password"), (&taken, "email")] {
        match setup::finish(&store, &token, new, false, FROM, now).await {
            Err(StoreError::Invalid(invalid)) => assert!(invalid.message(field).is_some(), "{field}"),
            other => panic!("{other:?}"),
        }
    }
    setup::peek(&store, &token, now).await.unwrap();
    assert!(setup::waits(&store).await.unwrap());
}

async fn with_an_administrator_there_is_no_link(store: Store) {
    let now = at("2026-03-02T10:00:00Z");
    let token = setup::new_link(&store, now).await.unwrap().unwrap();
    // Made on the host in between.
    account(&store, "Ada Admin", GlobalRole::Administrator, false, None, None).await;
    assert!(matches!(setup::peek(&store, &token, now).await, Err(StoreError::NotFound)));
    let done = setup::finish(&store, &token, &new_account("ada@example.org"), false, FROM, now).await;
    assert!(matches!(done, Err(StoreError::NotFound)));
    assert_eq!(setup::new_link(&store, now).await.unwrap(), None);
}

async fn wrong_links_are_counted(store: Store) {
    let now = at("2026-03-02T10:00:00Z");
    let token = setup::new_link(&store, now).await.unwrap().unwrap();
    let attempt =
        async |token: &str, from: &str| setup::finish(&store, token, &new_account("ada@example.org"), false, from, now).await;
    for _ in 0..10 {
        assert!(matches!(attempt("another", FROM).await, Err(StoreError::NotFound)));
    }
    assert!(matches!(attempt(&token, FROM).await, Ok(Outcome::Wait)), "even the right one");
    assert!(matches!(attempt(&token, "192.0.2.8").await, Ok(Outcome::Welcome(_))), "another address does not suffer");
}
