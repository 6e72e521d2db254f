//! Accounts as administrators keep them, links that set a password, one's own sessions.

use crate::interviews::not_found;
use crate::support::{at, people};
use chrono::{DateTime, Duration, Utc};
use domain::people::{GlobalRole, TakesPart, Viewer};
use domain::{PersonId, TeamId};
use store::people::{self as room, AccountChange, AccountState, By, LinkKind, NewAccount};
use store::sessions::{self, SignIn};
use store::{Result, Store, StoreError};

conformance! {
    an_invitation_makes_an_account_that_its_person_opens,
    a_link_works_once_and_ends_all_sessions,
    of_several_who_use_a_link_at_once_one_does,
    links_expire_and_newer_ones_replace_older,
    deactivating_ends_every_session_and_link_at_once,
    the_last_administrator_stays,
    two_administrators_cannot_demote_each_other_at_once,
    a_change_is_checked_field_by_field,
    rights_that_are_taken_away_are_gone_for_a_session_that_is_open,
    teams_are_put_away_only_when_empty,
    only_administrators_keep_accounts,
    a_password_is_changed_with_the_present_one_and_signs_out_elsewhere,
    own_sessions_are_listed_and_ended_by_their_person_alone,
}

const PASSWORD: &str = "three calm words";
const ANOTHER: &str = "four other calm words";

fn noon() -> DateTime<Utc> {
    at("2026-03-02T12:00:00Z")
}

fn refused<T: std::fmt::Debug>(outcome: Result<T>, field: &str) {
    match outcome {
        Err(StoreError::Invalid(invalid)) => assert!(invalid.message(field).is_some(), "{invalid:?} says nothing of {field}"),
        other => panic!("{other:?} is no refusal of {field}"),
    }
}

fn change(name: &str, email: &str) -> AccountChange {
    AccountChange { name: name.to_owned(), email: email.to_owned(), ..AccountChange::default() }
}

/// An administrator who can sign in.
async fn administrator(store: &Store, name: &str) -> Viewer {
    let email = format!("{}@example.org", name.to_lowercase());
    let new = NewAccount {
        name: name.to_owned(),
        email: email.clone(),
        password: Some(PASSWORD.to_owned()),
        role: GlobalRole::Administrator,
        may_facilitate: false,
        team_id: None,
        manager_id: None,
        zone: "UTC".to_owned(),
        pattern: domain::walltime::WorkPattern::default(),
    };
    room::add_account(store, &new, noon()).await.unwrap();
    room::viewer_by_email(store, &email).await.unwrap().unwrap()
}

async fn sign_in(store: &Store, email: &str, password: &str, now: DateTime<Utc>) -> Option<String> {
    match sessions::sign_in(store, email, password, "192.0.2.1", now).await.unwrap() {
        SignIn::Welcome(token) => Some(token),
        _ => None,
    }
}

async fn alive(store: &Store, token: &str, now: DateTime<Utc>) -> bool {
    sessions::find(store, token, now).await.unwrap().is_some()
}

async fn an_invitation_makes_an_account_that_its_person_opens(store: Store) {
    let ada = administrator(&store, "Ada").await;
    let pattern = domain::walltime::WorkPattern { days: [true, true, true, true, false, false, false], ..Default::default() };
    store::settings::save_new_people(&store, &ada, "Europe/Madrid", &pattern, noon()).await.unwrap();
    let new = AccountChange { takes_part: TakesPart::Leadership, may_facilitate: true, ..change("Eva", "Eva@example.org") };
    let (id, link) = room::invite(&store, By::Viewer(&ada), &new, noon()).await.unwrap();
    assert_eq!((link.kind, link.until), (LinkKind::Invitation, noon() + Duration::days(7)));
    assert_eq!(link.token.len(), 43, "256 bits in base64");
    let account = room::account(&store, By::Viewer(&ada), id, noon()).await.unwrap();
    assert_eq!((account.line.state, account.line.takes_part), (AccountState::Invited, TakesPart::Leadership));
    assert_eq!(account.link_until, Some(link.until));
    assert_eq!(sign_in(&store, "eva@example.org", PASSWORD, noon()).await, None, "no password yet");

    let peek = room::peek_link(&store, &link.token, noon()).await.unwrap();
    assert_eq!((peek.name.as_str(), peek.email.as_str(), peek.kind), ("Eva", "Eva@example.org", LinkKind::Invitation));
    assert_eq!(room::peek_link(&store, &link.token, noon()).await.unwrap(), peek, "looking changes nothing");
    refused(room::use_link(&store, &link.token, "short", noon()).await, "password");
    assert_eq!(room::use_link(&store, &link.token, PASSWORD, noon()).await.unwrap(), id);
    let token = sign_in(&store, "eva@example.org", PASSWORD, noon()).await.unwrap();
    let viewer = sessions::find(&store, &token, noon()).await.unwrap().unwrap();
    assert!(viewer.member && viewer.leadership && viewer.may_facilitate && !viewer.administrator);
    let profile = room::profile(&store, &viewer).await.unwrap();
    assert_eq!((profile.zone.as_str(), profile.pattern), ("Europe/Madrid", pattern), "the defaults for new people");
    refused(room::invite(&store, By::Viewer(&ada), &change("Another", "EVA@example.org"), noon()).await, "email");
}

async fn a_link_works_once_and_ends_all_sessions(store: Store) {
    let ada = administrator(&store, "Ada").await;
    let (first, second) = (
        sign_in(&store, "ada@example.org", PASSWORD, noon()).await.unwrap(),
        sign_in(&store, "ada@example.org", PASSWORD, noon()).await.unwrap(),
    );
    let link = room::make_link(&store, By::Viewer(&ada), ada.person_id, noon()).await.unwrap();
    assert_eq!((link.kind, link.until), (LinkKind::Reset, noon() + Duration::hours(24)));
    assert!(alive(&store, &first, noon()).await, "making a link ends nothing");
    room::use_link(&store, &link.token, ANOTHER, noon()).await.unwrap();
    for token in [first, second] {
        assert!(!alive(&store, &token, noon()).await);
    }
    not_found(room::use_link(&store, &link.token, PASSWORD, noon()).await);
    not_found(room::peek_link(&store, &link.token, noon()).await);
    assert_eq!(sign_in(&store, "ada@example.org", PASSWORD, noon()).await, None);
    assert!(sign_in(&store, "ada@example.org", ANOTHER, noon()).await.is_some());
}

async fn of_several_who_use_a_link_at_once_one_does(store: Store) {
    let ada = administrator(&store, "Ada").await;
    let link = room::make_link(&store, By::Host, ada.person_id, noon()).await.unwrap();
    let passwords: Vec<String> = (0..4).map(|n| format!("the calm words of {n}")).collect();
    let token = link.token.as_str();
    let tries = [
        room::use_link(&store, token, &passwords[0], noon()),
        room::use_link(&store, token, &passwords[1], noon()),
        room::use_link(&store, token, &passwords[2], noon()),
        room::use_link(&store, token, &passwords[3], noon()),
    ];
    let [a, b, c, d] = tries;
    let outcomes: [Result<PersonId>; 4] = tokio::join!(a, b, c, d).into();
    let done: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(done.iter().filter(|ok| **ok).count(), 1, "{outcomes:?}");
    for (password, ok) in passwords.iter().zip(done) {
        assert_eq!(
            sign_in(&store, "ada@example.org", password, noon()).await.is_some(),
            ok,
            "the one that was set is the one that works"
        );
    }
}

async fn links_expire_and_newer_ones_replace_older(store: Store) {
    let ada = administrator(&store, "Ada").await;
    let by = By::Viewer(&ada);
    let first = room::make_link(&store, by, ada.person_id, noon()).await.unwrap();
    let second = room::make_link(&store, by, ada.person_id, noon()).await.unwrap();
    not_found(room::peek_link(&store, &first.token, noon()).await);
    not_found(room::use_link(&store, &first.token, ANOTHER, noon()).await);
    not_found(room::peek_link(&store, &second.token, second.until).await);
    not_found(room::use_link(&store, &second.token, ANOTHER, second.until).await);
    assert_eq!(room::account(&store, by, ada.person_id, second.until).await.unwrap().link_until, None);
    not_found(room::peek_link(&store, "another token", noon()).await);
    room::use_link(&store, &second.token, ANOTHER, second.until - Duration::seconds(1)).await.unwrap();
}

async fn deactivating_ends_every_session_and_link_at_once(store: Store) {
    let (ada, eva) = (administrator(&store, "Ada").await, administrator(&store, "Eva").await);
    let by = By::Viewer(&ada);
    let tokens = [
        sign_in(&store, "eva@example.org", PASSWORD, noon()).await.unwrap(),
        sign_in(&store, "eva@example.org", PASSWORD, noon()).await.unwrap(),
    ];
    let link = room::make_link(&store, by, eva.person_id, noon()).await.unwrap();
    room::deactivate(&store, by, eva.person_id, noon()).await.unwrap();
    for token in &tokens {
        assert!(!alive(&store, token, noon()).await);
    }
    not_found(room::peek_link(&store, &link.token, noon()).await);
    not_found(room::use_link(&store, &link.token, ANOTHER, noon()).await);
    not_found(room::make_link(&store, by, eva.person_id, noon()).await);
    assert_eq!(sign_in(&store, "eva@example.org", PASSWORD, noon()).await, None);
    assert!(room::list(&store, &ada).await.unwrap().iter().all(|p| p.id != eva.person_id), "nobody can choose them");
    let state = |account: room::Account| (account.line.state, account.deactivated_at);
    let account = room::account(&store, by, eva.person_id, noon()).await.unwrap();
    assert_eq!(state(account), (AccountState::Deactivated, Some(noon())));
    room::deactivate(&store, by, eva.person_id, noon() + Duration::hours(1)).await.unwrap();
    let account = room::account(&store, by, eva.person_id, noon()).await.unwrap();
    assert_eq!(state(account).1, Some(noon()), "twice is once");

    room::reactivate(&store, by, eva.person_id, noon()).await.unwrap();
    assert!(!alive(&store, &tokens[0], noon()).await, "what ended stays ended");
    not_found(room::peek_link(&store, &link.token, noon()).await);
    assert!(sign_in(&store, "eva@example.org", PASSWORD, noon()).await.is_some());
}

async fn the_last_administrator_stays(store: Store) {
    let ada = administrator(&store, "Ada").await;
    let by = By::Viewer(&ada);
    // Neither an invitation that nobody followed nor somebody deactivated keeps the house.
    let invited = AccountChange { administrator: true, takes_part: TakesPart::Not, ..change("Eva", "eva@example.org") };
    let (eva, link) = room::invite(&store, by, &invited, noon()).await.unwrap();
    let gone = administrator(&store, "Gro").await;
    room::deactivate(&store, by, gone.person_id, noon()).await.unwrap();
    assert!(matches!(room::deactivate(&store, by, ada.person_id, noon()).await, Err(StoreError::Refused(_))));
    assert!(matches!(room::deactivate(&store, By::Host, ada.person_id, noon()).await, Err(StoreError::Refused(_))));
    let member = change("Ada", "ada@example.org");
    refused(room::change_account(&store, by, ada.person_id, &member, noon()).await, "administrator");
    assert!(room::account(&store, by, ada.person_id, noon()).await.unwrap().line.administrator);
    room::use_link(&store, &link.token, PASSWORD, noon()).await.unwrap();
    room::change_account(&store, by, ada.person_id, &member, noon()).await.unwrap();
    assert!(matches!(room::deactivate(&store, By::Host, eva, noon()).await, Err(StoreError::Refused(_))), "now Eva is the last");
}

async fn two_administrators_cannot_demote_each_other_at_once(store: Store) {
    let (ada, eva) = (administrator(&store, "Ada").await, administrator(&store, "Eva").await);
    let outcomes: [Result<()>; 2] = tokio::join!(
        room::deactivate(&store, By::Viewer(&ada), eva.person_id, noon()),
        room::deactivate(&store, By::Viewer(&eva), ada.person_id, noon()),
    )
    .into();
    assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1, "{outcomes:?}");
}

async fn a_change_is_checked_field_by_field(store: Store) {
    let p = people(&store).await;
    let by = By::Viewer(&p.admin);
    let person = p.responder.person_id;
    let good = AccountChange {
        team_id: Some(p.other_team),
        manager_id: Some(p.facilitator.person_id),
        ..change("  Rune   Ravn ", "rune@example.org")
    };
    room::change_account(&store, by, person, &good, noon()).await.unwrap();
    let account = room::account(&store, by, person, noon()).await.unwrap();
    assert_eq!((account.line.name.as_str(), account.line.email.as_str()), ("Rune Ravn", "rune@example.org"));
    assert_eq!((account.team_id, account.manager_id), (good.team_id, good.manager_id));
    assert_eq!(account.line.team.as_deref(), Some("Harbour"));
    let nobody = PersonId(uuid::Uuid::from_u128(9));
    let wrong = [
        ("name", change(" ", "rune@example.org")),
        ("email", change("Rune", "rune")),
        ("email", change("Rune", "oda.other@example.org")),
        ("takes_part", AccountChange { takes_part: TakesPart::Not, ..good.clone() }),
        ("team", AccountChange { team_id: Some(TeamId(nobody.0)), ..good.clone() }),
        ("manager", AccountChange { manager_id: Some(person), ..good.clone() }),
        ("manager", AccountChange { manager_id: Some(nobody), ..good.clone() }),
        ("calendar", AccountChange { calendar_id: Some(domain::CalendarId(nobody.0)), ..good.clone() }),
    ];
    for (field, typed) in wrong {
        refused(room::change_account(&store, by, person, &typed, noon()).await, field);
    }
    assert_eq!(room::account(&store, by, person, noon()).await.unwrap(), account, "what was refused changed nothing");
    not_found(room::change_account(&store, by, nobody, &good, noon()).await);
}

async fn rights_that_are_taken_away_are_gone_for_a_session_that_is_open(store: Store) {
    let (ada, eva) = (administrator(&store, "Ada").await, administrator(&store, "Eva").await);
    let token = sign_in(&store, "eva@example.org", PASSWORD, noon()).await.unwrap();
    room::change_account(&store, By::Viewer(&ada), eva.person_id, &change("Eva", "eva@example.org"), noon()).await.unwrap();
    let now = sessions::find(&store, &token, noon()).await.unwrap().unwrap();
    assert!(!now.administrator && now.member);
    not_found(room::accounts(&store, By::Viewer(&now)).await);
}

async fn teams_are_put_away_only_when_empty(store: Store) {
    let p = people(&store).await;
    let admin = &p.admin;
    let id = room::open_team(&store, admin, "Night shift", noon()).await.unwrap();
    refused(room::open_team(&store, admin, "NIGHT shift", noon()).await, "name");
    refused(room::rename_team(&store, admin, id, "payments", noon()).await, "name");
    room::rename_team(&store, admin, id, "Nights", noon()).await.unwrap();
    assert!(matches!(room::put_team_away(&store, admin, p.team, true, noon()).await, Err(StoreError::Refused(_))));
    let service = store::services::ServiceChange { name: "Checkout".into(), team_id: Some(id), ..Default::default() };
    let service = store::services::add(&store, admin, &service, noon()).await.unwrap();
    assert!(matches!(room::put_team_away(&store, admin, id, true, noon()).await, Err(StoreError::Refused(_))));
    store::services::put_away(&store, admin, service, true, noon()).await.unwrap();
    room::put_team_away(&store, admin, id, true, noon()).await.unwrap();
    let line = |lines: Vec<room::TeamLine>| lines.into_iter().find(|t| t.id == id).unwrap();
    assert!(line(room::team_lines(&store, admin).await.unwrap()).put_away);
    let into = AccountChange { team_id: Some(id), ..change("Rune", "rune@example.org") };
    refused(room::change_account(&store, By::Viewer(admin), p.responder.person_id, &into, noon()).await, "team");
    room::put_team_away(&store, admin, id, false, noon()).await.unwrap();
    room::change_account(&store, By::Viewer(admin), p.responder.person_id, &into, noon()).await.unwrap();
    assert_eq!(line(room::team_lines(&store, admin).await.unwrap()).people, 1);
    not_found(room::put_team_away(&store, admin, TeamId(uuid::Uuid::from_u128(9)), true, noon()).await);
}

async fn only_administrators_keep_accounts(store: Store) {
    let p = people(&store).await;
    let (id, new) = (p.outsider.person_id, change("New", "new@example.org"));
    for viewer in [&p.responder, &p.facilitator, &p.leader, &p.manager, &p.planner, &p.outsider, &p.guest] {
        let by = By::Viewer(viewer);
        not_found(room::accounts(&store, by).await);
        not_found(room::account(&store, by, id, noon()).await);
        not_found(room::invite(&store, by, &new, noon()).await);
        not_found(room::change_account(&store, by, id, &new, noon()).await);
        not_found(room::make_link(&store, by, id, noon()).await);
        not_found(room::deactivate(&store, by, id, noon()).await);
        not_found(room::reactivate(&store, by, id, noon()).await);
        not_found(room::team_lines(&store, viewer).await);
        not_found(room::open_team(&store, viewer, "New", noon()).await);
        not_found(room::rename_team(&store, viewer, p.team, "New", noon()).await);
        not_found(room::put_team_away(&store, viewer, p.team, false, noon()).await);
    }
    // Whom a facilitator asked by a personal link is not for administrators to know.
    store::people::service_viewer(&store, noon()).await.unwrap();
    let lines = room::accounts(&store, By::Viewer(&p.admin)).await.unwrap();
    assert!(lines.iter().all(|l| l.email.ends_with("@example.org")), "{lines:?}");
    assert_eq!(lines.len(), 9, "all but the guest");
}

async fn a_password_is_changed_with_the_present_one_and_signs_out_elsewhere(store: Store) {
    let ada = administrator(&store, "Ada").await;
    let here = sign_in(&store, "ada@example.org", PASSWORD, noon()).await.unwrap();
    let there = sign_in(&store, "ada@example.org", PASSWORD, noon()).await.unwrap();
    let link = room::make_link(&store, By::Host, ada.person_id, noon()).await.unwrap();
    refused(sessions::change_password(&store, &ada, PASSWORD, "short", noon()).await, "password");
    refused(sessions::change_password(&store, &ada, "not it at all", ANOTHER, noon()).await, "present");
    assert!(alive(&store, &here, noon()).await && alive(&store, &there, noon()).await, "what was refused ends nothing");
    let new = sessions::change_password(&store, &ada, PASSWORD, ANOTHER, noon()).await.unwrap();
    assert!(!alive(&store, &here, noon()).await && !alive(&store, &there, noon()).await);
    assert_eq!(sessions::find(&store, &new, noon()).await.unwrap().unwrap().person_id, ada.person_id);
    not_found(room::peek_link(&store, &link.token, noon()).await);
    assert!(sign_in(&store, "ada@example.org", ANOTHER, noon()).await.is_some());
    // Guessing the present one has to wait.
    for _ in 0..9 {
        refused(sessions::change_password(&store, &ada, "not it at all", PASSWORD, noon()).await, "present");
    }
    refused(sessions::change_password(&store, &ada, ANOTHER, PASSWORD, noon()).await, "present");
    let later = noon() + Duration::minutes(11);
    sessions::change_password(&store, &ada, ANOTHER, PASSWORD, later).await.unwrap();
    let guest = Viewer { guest_of: Some(domain::InvitationId(store::random::id())), ..ada };
    not_found(sessions::change_password(&store, &guest, PASSWORD, ANOTHER, later).await);
}

async fn own_sessions_are_listed_and_ended_by_their_person_alone(store: Store) {
    let (ada, eva) = (administrator(&store, "Ada").await, administrator(&store, "Eva").await);
    let here = sign_in(&store, "ada@example.org", PASSWORD, noon()).await.unwrap();
    let there = sign_in(&store, "ada@example.org", PASSWORD, noon() + Duration::minutes(1)).await.unwrap();
    let hers = sign_in(&store, "eva@example.org", PASSWORD, noon()).await.unwrap();
    let now = noon() + Duration::minutes(2);
    sessions::name_device(&store, &there, "Firefox on Linux").await.unwrap();
    let own = sessions::own(&store, &ada, &here, now).await.unwrap();
    let told: Vec<(bool, &str)> = own.iter().map(|s| (s.this, s.device.as_str())).collect();
    assert_eq!(told, [(false, "Firefox on Linux"), (true, "")]);
    assert!(own.iter().all(|s| !s.mark.contains(&here) && s.mark.len() == 32));
    sessions::end_one(&store, &eva, &own[0].mark, now).await.unwrap();
    assert!(alive(&store, &there, now).await, "somebody else’s mark ends nothing");
    sessions::end_one(&store, &ada, &own[0].mark, now).await.unwrap();
    assert!(!alive(&store, &there, now).await && alive(&store, &here, now).await);
    sessions::end_everywhere(&store, &ada, now).await.unwrap();
    assert!(!alive(&store, &here, now).await && alive(&store, &hers, now).await);
    assert!(sessions::own(&store, &ada, &here, now).await.unwrap().is_empty());
}
