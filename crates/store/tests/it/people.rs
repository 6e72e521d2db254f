//! Accounts, sessions, the limit on guessing, one's own profile.

use crate::support::{account, at, people};
use chrono::{Duration, NaiveTime};
use domain::people::{GlobalRole, Theme};
use domain::walltime::WorkPattern;
use store::people::{self as rooms, NewAccount};
use store::sessions::{self, SignIn};
use store::{Store, StoreError};

conformance! {
    a_password_opens_a_session_that_ends,
    a_session_falls_asleep_and_ends_for_good,
    guessing_has_to_wait,
    an_address_is_taken_once_in_any_case,
    a_profile_is_saved_and_refused_with_its_field,
    choosers_name_people_but_no_stranger_reads_them,
    the_demo_door_is_shut_elsewhere,
}

fn new_account(email: &str, password: Option<&str>) -> NewAccount {
    NewAccount {
        name: "Ada Østergård".to_owned(),
        email: email.to_owned(),
        password: password.map(str::to_owned),
        role: GlobalRole::Member,
        may_facilitate: true,
        team_id: None,
        manager_id: None,
        zone: "Europe/Copenhagen".to_owned(),
        pattern: WorkPattern::default(),
    }
}

const PASSWORD: &str = "three calm words";

async fn signed_in(store: &Store, email: &str, now: chrono::DateTime<chrono::Utc>) -> String {
    match sessions::sign_in(store, email, PASSWORD, "192.0.2.1", now).await.unwrap() {
        SignIn::Welcome(token) => token,
        other => panic!("{other:?}"),
    }
}

async fn a_password_opens_a_session_that_ends(store: Store) {
    let now = at("2026-03-02T10:00:00Z");
    let id = rooms::add_account(&store, &new_account("Ada@Example.org", Some(PASSWORD)), now).await.unwrap();
    let token = signed_in(&store, " ada@example.ORG ", now).await;
    let viewer = sessions::find(&store, &token, now).await.unwrap().unwrap();
    assert_eq!(viewer.person_id, id);
    assert_eq!(viewer.name, "Ada Østergård");
    assert!(viewer.member && viewer.may_facilitate && !viewer.leadership && !viewer.administrator && viewer.guest_of.is_none());
    assert!(viewer.has_account());
    assert_eq!(sessions::find(&store, "another token", now).await.unwrap(), None);

    let second = signed_in(&store, "ada@example.org", now).await;
    assert_ne!(token, second);
    sessions::end(&store, &token).await.unwrap();
    assert_eq!(sessions::find(&store, &token, now).await.unwrap(), None);
    assert!(sessions::find(&store, &second, now).await.unwrap().is_some());
    sessions::end_all(&store, id).await.unwrap();
    assert_eq!(sessions::find(&store, &second, now).await.unwrap(), None);
}

async fn a_session_falls_asleep_and_ends_for_good(store: Store) {
    let now = at("2026-03-02T10:00:00Z");
    rooms::add_account(&store, &new_account("ada@example.org", Some(PASSWORD)), now).await.unwrap();
    let token = signed_in(&store, "ada@example.org", now).await;
    assert_eq!(sessions::find(&store, &token, now + sessions::IDLE).await.unwrap(), None, "asleep");
    let mut clock = now;
    while clock < now + sessions::ABSOLUTE - Duration::hours(11) {
        clock += Duration::hours(11);
        assert!(sessions::find(&store, &token, clock).await.unwrap().is_some(), "kept awake until {clock}");
    }
    assert_eq!(sessions::find(&store, &token, now + sessions::ABSOLUTE).await.unwrap(), None, "over");
}

async fn guessing_has_to_wait(store: Store) {
    let now = at("2026-03-02T10:00:00Z");
    rooms::add_account(&store, &new_account("ada@example.org", Some(PASSWORD)), now).await.unwrap();
    for n in 0..10 {
        let from = format!("192.0.2.{n}");
        let tried = sessions::sign_in(&store, "ada@example.org", "not it at all", &from, now).await.unwrap();
        assert!(matches!(tried, SignIn::Refused));
    }
    let right = sessions::sign_in(&store, "ada@example.org", PASSWORD, "192.0.2.99", now).await.unwrap();
    assert!(matches!(right, SignIn::Wait), "even the right password waits");
    let later = sessions::sign_in(&store, "ada@example.org", PASSWORD, "192.0.2.99", now + Duration::minutes(11)).await.unwrap();
    assert!(matches!(later, SignIn::Welcome(_)));
    let stranger = sessions::sign_in(&store, "nobody@example.org", PASSWORD, "192.0.2.98", now).await.unwrap();
    assert!(matches!(stranger, SignIn::Refused));
}

async fn an_address_is_taken_once_in_any_case(store: Store) {
    let now = at("2026-03-02T10:00:00Z");
    rooms::add_account(&store, &new_account("ada@example.org", None), now).await.unwrap();
    let again = rooms::add_account(&store, &new_account("ADA@example.org", None), now).await;
    assert!(matches!(again, Err(StoreError::Invalid(i)) if i.message("email").is_some()));
    let short = rooms::add_account(&store, &new_account("eve@example.org", Some("short")), now).await;
    assert!(matches!(short, Err(StoreError::Invalid(i)) if i.message("password").is_some()));
    rooms::add_team(&store, "Ærø", now).await.unwrap();
    let team = rooms::add_team(&store, "ÆRØ", now).await;
    assert!(matches!(team, Err(StoreError::Invalid(i)) if i.message("name").is_some()));
    assert_eq!(rooms::team_by_name(&store, "ærø").await.unwrap().unwrap().name, "Ærø");
    assert_eq!(rooms::teams(&store).await.unwrap().len(), 1);
}

async fn a_profile_is_saved_and_refused_with_its_field(store: Store) {
    let me = account(&store, "Rune Ravn", GlobalRole::Member, false, None, None).await;
    let pattern = WorkPattern {
        start: NaiveTime::from_hms_opt(7, 30, 0).unwrap(),
        days: [true, true, false, false, false, true, false],
        ..WorkPattern::default()
    };
    rooms::save_profile(
        &store,
        &me,
        "  Rune   Ravn-Lund ",
        "America/New_York",
        &pattern,
        crate::support::at("2026-02-02T09:00:00Z"),
    )
    .await
    .unwrap();
    rooms::save_theme(&store, &me, Theme::Dark).await.unwrap();
    let profile = rooms::profile(&store, &me).await.unwrap();
    assert_eq!(profile.name, "Rune Ravn-Lund");
    assert_eq!(profile.zone, "America/New_York");
    assert_eq!(profile.pattern, pattern);
    assert_eq!(profile.theme, Theme::Dark);
    let refused =
        rooms::save_profile(&store, &me, " ", "Mars/Olympus", &pattern, crate::support::at("2026-02-02T09:00:00Z")).await;
    let Err(StoreError::Invalid(invalid)) = refused else { panic!("{refused:?}") };
    assert!(invalid.message("name").is_some() && invalid.message("zone").is_some());
    assert_eq!(rooms::profile(&store, &me).await.unwrap().zone, "America/New_York");
}

async fn choosers_name_people_but_no_stranger_reads_them(store: Store) {
    let p = people(&store).await;
    let list = rooms::list(&store, &p.outsider).await.unwrap();
    let names: Vec<&str> = list.iter().map(|p| p.name.as_str()).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(names, sorted);
    let can = |name: &str| list.iter().find(|p| p.name == name).unwrap().can_facilitate;
    assert!(can("Frida Facilitator") && !can("Lea Leader") && !can("Ada Admin"));
    assert!(matches!(rooms::list(&store, &p.guest).await, Err(StoreError::NotFound)));
}

async fn the_demo_door_is_shut_elsewhere(store: Store) {
    let now = at("2026-03-02T10:00:00Z");
    account(&store, "Rune Ravn", GlobalRole::Member, false, None, None).await;
    assert_eq!(sessions::sign_in_demo(&store, "rune.ravn@example.org", now).await.unwrap(), None);
    store::settings::mark_demo(&store).await.unwrap();
    let token = sessions::sign_in_demo(&store, "rune.ravn@example.org", now).await.unwrap().unwrap();
    assert!(sessions::find(&store, &token, now).await.unwrap().is_some());
    assert_eq!(sessions::sign_in_demo(&store, "nobody@example.org", now).await.unwrap(), None);
}
