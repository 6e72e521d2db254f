//! What administrators choose, services, calendars.

use crate::interviews::not_found;
use crate::support::{account, at, incident, new_incident, people};
use chrono::{DateTime, Utc};
use domain::holidays::{DAYS_MAX, Holiday};
use domain::incidents::Severity;
use domain::letters::{Letter, Wording};
use domain::people::GlobalRole;
use domain::settings::Number;
use domain::{CalendarId, ServiceId, TeamId};
use store::services::{self, ServiceChange};
use store::{Result, Store, StoreError, calendars, incidents, settings};

conformance! {
    numbers_are_kept_in_their_bounds_all_or_none,
    severities_have_the_organisations_own_words,
    letters_say_what_was_chosen_and_go_back,
    new_people_begin_with_what_was_chosen,
    an_incident_names_services_of_the_list,
    services_are_kept_by_administrators,
    calendars_hold_days_and_people,
    only_administrators_choose,
}

fn noon() -> DateTime<Utc> {
    at("2026-03-02T12:00:00Z")
}

fn refused<T: std::fmt::Debug>(outcome: Result<T>, field: &str) {
    match outcome {
        Err(StoreError::Invalid(invalid)) => assert!(invalid.message(field).is_some(), "{invalid:?} says nothing of {field}"),
        other => panic!("{other:?} is no refusal of {field}"),
    }
}

async fn numbers_are_kept_in_their_bounds_all_or_none(store: Store) {
    let admin = account(&store, "Ada Admin", GlobalRole::Administrator, false, None, None).await;
    let now = settings::numbers(&store, &admin).await.unwrap();
    assert!(Number::ALL.iter().all(|n| now[n] == n.default_value()));
    let typed = [(Number::SoakDays, "5"), (Number::SmallestGroup, "8"), (Number::TrashDays, "30")];
    assert_eq!(settings::save_numbers(&store, &admin, &typed, noon()).await.unwrap(), 2, "thirty days were there already");
    let lower = [(Number::SoakDays, "3"), (Number::SmallestGroup, "7")];
    refused(settings::save_numbers(&store, &admin, &lower, noon()).await, "smallest_group");
    let now = settings::numbers(&store, &admin).await.unwrap();
    assert_eq!((now[&Number::SoakDays], now[&Number::SmallestGroup]), (5, 8), "all or none");
    let both = [(Number::DraftsDays, "x"), (Number::AuditDays, "1")];
    let Err(StoreError::Invalid(invalid)) = settings::save_numbers(&store, &admin, &both, noon()).await else { panic!() };
    assert_eq!(invalid.fields.len(), 2, "each field has its message");
}

async fn severities_have_the_organisations_own_words(store: Store) {
    let admin = account(&store, "Ada Admin", GlobalRole::Administrator, false, None, None).await;
    let name = |n: &str, m: &str| (n.to_owned(), m.to_owned());
    assert_eq!(settings::severities(&store, noon()).await.name(Severity::Sev1), "SEV1");
    let typed = [name("Critical", "All of it"), name("Major", ""), name("", ""), name("", "")];
    settings::save_severities(&store, &admin, &typed, noon()).await.unwrap();
    let words = settings::severities(&store, noon()).await;
    assert_eq!((words.name(Severity::Sev1), words.of(Severity::Sev1).means.as_str()), ("Critical", "All of it"));
    assert_eq!((words.name(Severity::Sev2), words.name(Severity::Sev3)), ("Major", "SEV3"));
    let twice = [name("A", ""), name("a", ""), name("", ""), name("", "")];
    refused(settings::save_severities(&store, &admin, &twice, noon()).await, "name_2");
    let later = noon() + chrono::Duration::hours(1);
    assert_eq!(settings::severities(&store, later).await, words, "read again, the same");
    let back = [name("", ""), name("", ""), name("", ""), name("", "")];
    settings::save_severities(&store, &admin, &back, later).await.unwrap();
    assert_eq!(
        *settings::severities(&store, later + chrono::Duration::hours(1)).await,
        domain::severities::Severities::default()
    );
}

async fn letters_say_what_was_chosen_and_go_back(store: Store) {
    let admin = account(&store, "Ada Admin", GlobalRole::Administrator, false, None, None).await;
    let said = settings::wording(&store, Letter::Reset).await.unwrap();
    assert_eq!(said, (Letter::Reset.default_wording(), false));
    let words = Wording { subject: "New password".to_owned(), text: "{link}\nå 🌱".to_owned() };
    settings::save_wording(&store, &admin, Letter::Reset, Some(&words), noon()).await.unwrap();
    assert_eq!(settings::wording(&store, Letter::Reset).await.unwrap(), (words, true));
    assert!(!settings::wording(&store, Letter::Account).await.unwrap().1, "each letter for itself");
    settings::save_wording(&store, &admin, Letter::Reset, None, noon()).await.unwrap();
    assert_eq!(settings::wording(&store, Letter::Reset).await.unwrap(), said);
}

async fn new_people_begin_with_what_was_chosen(store: Store) {
    let admin = account(&store, "Ada Admin", GlobalRole::Administrator, false, None, None).await;
    let before = settings::new_people(&store).await.unwrap();
    assert_eq!(before.zone, "UTC");
    let pattern = domain::walltime::WorkPattern { days: [true; 7], ..before.pattern };
    settings::save_new_people(&store, &admin, "europe/lisbon", &pattern, noon()).await.unwrap();
    let now = settings::new_people(&store).await.unwrap();
    assert_eq!((now.zone.as_str(), now.pattern), ("Europe/Lisbon", pattern));
    refused(settings::save_new_people(&store, &admin, "Mars", &pattern, noon()).await, "zone");
}

async fn an_incident_names_services_of_the_list(store: Store) {
    let p = people(&store).await;
    let service = |name: &str| ServiceChange { name: name.to_owned(), team_id: Some(p.team), ..ServiceChange::default() };
    let checkout = services::add(&store, &p.admin, &service("Checkout"), noon()).await.unwrap();
    let search = services::add(&store, &p.admin, &service("Search"), noon()).await.unwrap();
    let new = new_incident("Slow", Severity::Sev2, "2026-03-02T10:00:00Z");
    let key = incidents::add_with(&store, &p.responder, &new, &[search, checkout, search], noon()).await.unwrap();
    let named = async || -> Vec<String> {
        let opened = incidents::by_key(&store, &p.outsider, key, noon()).await.unwrap();
        opened.services.into_iter().map(|s| s.name).collect()
    };
    assert_eq!(named().await, ["Checkout", "Search"]);
    let id = incidents::by_key(&store, &p.responder, key, noon()).await.unwrap().incident.id;
    services::put_away(&store, &p.admin, search, true, noon()).await.unwrap();
    incidents::change_with(&store, &p.responder, id, 1, &new, Some(&[search]), noon()).await.unwrap();
    assert_eq!(named().await, ["Search"], "put away, it stays where it is");
    incidents::change(&store, &p.responder, id, 2, &new, noon()).await.unwrap();
    assert_eq!(named().await, ["Search"], "a change that says nothing of services leaves them");
    incidents::change_with(&store, &p.responder, id, 3, &new, Some(&[]), noon()).await.unwrap();
    refused(incidents::change_with(&store, &p.responder, id, 4, &new, Some(&[search]), noon()).await, "services");
    let nowhere = ServiceId(uuid::Uuid::from_u128(9));
    refused(incidents::add_with(&store, &p.responder, &new, &[nowhere], noon()).await, "services");
    let (_, second) = incident(&store, &p.responder, "Another").await;
    assert_eq!(second.0, key.0 + 1, "what was refused took no number");
}

async fn services_are_kept_by_administrators(store: Store) {
    let p = people(&store).await;
    let new = ServiceChange { name: "Checkout".to_owned(), description: "Takes  money".to_owned(), team_id: Some(p.team) };
    let id = services::add(&store, &p.admin, &new, noon()).await.unwrap();
    let list = services::list(&store, &p.outsider).await.unwrap();
    assert_eq!((list[0].description.as_str(), list[0].team.as_deref()), ("Takes money", Some("Payments")));
    refused(
        services::add(&store, &p.admin, &ServiceChange { name: "CHECKOUT".to_owned(), ..ServiceChange::default() }, noon()).await,
        "name",
    );
    let nobodys = ServiceChange { team_id: Some(TeamId(uuid::Uuid::from_u128(9))), ..new.clone() };
    refused(services::change(&store, &p.admin, id, &nobodys, noon()).await, "team");
    let long = ServiceChange { description: "x".repeat(301), ..new.clone() };
    refused(services::change(&store, &p.admin, id, &long, noon()).await, "description");
    let renamed = ServiceChange { name: "Till".to_owned(), team_id: None, ..new.clone() };
    services::change(&store, &p.admin, id, &renamed, noon()).await.unwrap();
    assert_eq!(services::list(&store, &p.admin).await.unwrap()[0].name, "Till");
    for viewer in [&p.responder, &p.leader, &p.facilitator, &p.guest] {
        not_found(services::add(&store, viewer, &new, noon()).await);
        not_found(services::change(&store, viewer, id, &new, noon()).await);
        not_found(services::put_away(&store, viewer, id, true, noon()).await);
    }
    not_found(services::list(&store, &p.guest).await);
}

fn day(day: &str, name: &str) -> Holiday {
    domain::holidays::parse(day, name).unwrap()
}

async fn calendars_hold_days_and_people(store: Store) {
    let p = people(&store).await;
    let admin = &p.admin;
    let id = calendars::add(&store, admin, "Denmark", noon()).await.unwrap();
    refused(calendars::add(&store, admin, "denmark", noon()).await, "name");
    let days = [day("2026-12-25", "Christmas"), day("2026-12-26", "Boxing Day")];
    assert_eq!(calendars::put_days(&store, admin, id, &days, noon()).await.unwrap(), 2);
    let again = [day("2026-12-26", "Second Christmas Day"), day("2027-01-01", "New Year")];
    assert_eq!(calendars::put_days(&store, admin, id, &again, noon()).await.unwrap(), 1, "one was there and took the new name");
    let held = calendars::days(&store, admin, id).await.unwrap();
    assert_eq!(held, [day("2026-12-25", "Christmas"), again[0].clone(), again[1].clone()]);
    calendars::remove_day(&store, admin, id, days[0].day, noon()).await.unwrap();
    calendars::remove_day(&store, admin, id, days[0].day, noon()).await.unwrap();
    let first = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let flood: Vec<Holiday> = first.iter_days().take(DAYS_MAX + 1).map(|day| Holiday { day, name: "x".to_owned() }).collect();
    refused(calendars::put_days(&store, admin, id, &flood, noon()).await, "file");
    assert_eq!(calendars::put_team_on(&store, admin, id, p.other_team, noon()).await.unwrap(), 3);
    let line = calendars::list(&store, admin).await.unwrap().remove(0);
    assert_eq!((line.days, line.people, line.until), (2, 3, Some(again[1].day)));
    assert!(matches!(calendars::remove(&store, admin, id, noon()).await, Err(StoreError::Refused(_))));
    let mine = calendars::own(&store, &p.outsider).await.unwrap();
    assert_eq!(mine.holidays.name(again[1].day), Some("New Year"));
    assert!(!calendars::own(&store, &p.responder).await.unwrap().holidays.is_one(again[1].day));
    let empty = calendars::add(&store, admin, "Nowhere", noon()).await.unwrap();
    calendars::put_days(&store, admin, empty, &days, noon()).await.unwrap();
    calendars::remove(&store, admin, empty, noon()).await.unwrap();
    assert_eq!(calendars::list(&store, admin).await.unwrap().len(), 1);
}

async fn only_administrators_choose(store: Store) {
    let p = people(&store).await;
    let id = calendars::add(&store, &p.admin, "Denmark", noon()).await.unwrap();
    let words = Letter::Reset.default_wording();
    let pairs = ["a", "b", "c", "d"].map(|n| (n.to_owned(), String::new()));
    for viewer in [&p.responder, &p.facilitator, &p.leader, &p.manager, &p.planner, &p.guest] {
        not_found(settings::numbers(&store, viewer).await);
        not_found(settings::save_numbers(&store, viewer, &[(Number::SoakDays, "1")], noon()).await);
        not_found(settings::save_severities(&store, viewer, &pairs, noon()).await);
        not_found(settings::save_wording(&store, viewer, Letter::Reset, Some(&words), noon()).await);
        not_found(settings::save_new_people(&store, viewer, "UTC", &Default::default(), noon()).await);
        not_found(calendars::list(&store, viewer).await);
        not_found(calendars::add(&store, viewer, "x", noon()).await);
        not_found(calendars::rename(&store, viewer, id, "x", noon()).await);
        not_found(calendars::days(&store, viewer, id).await);
        not_found(calendars::put_days(&store, viewer, id, &[], noon()).await);
        not_found(calendars::remove_day(&store, viewer, id, noon().date_naive(), noon()).await);
        not_found(calendars::put_team_on(&store, viewer, id, p.team, noon()).await);
        not_found(calendars::remove(&store, viewer, id, noon()).await);
    }
    not_found(calendars::rename(&store, &p.admin, CalendarId(uuid::Uuid::from_u128(9)), "x", noon()).await);
}
