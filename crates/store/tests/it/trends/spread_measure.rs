//! Spread of load as a people measure: by closed quarter, of teams or of all; and services that rest on one person, who alone is told.

use super::{an_hour_each, members, month, review, stretch, tell};
use crate::support::{People, at, new_incident, people};
use chrono::Duration;
use domain::incidents::Severity;
use domain::people::{TakesPart, Viewer};
use domain::settings::Number;
use domain::stretches::NewStretch;
use domain::trends::spread::Step;
use domain::trends::{Reason, Released, Spread, Unit};
use domain::{IncidentId, ServiceId, TeamId};
use store::people::{self as accounts, AccountChange, By};
use store::services::{self, ServiceChange};
use store::trends as room;
use store::{Store, incidents, reviews, settings};

conformance! {
    teams_or_all_are_told_of_and_never_both,
    one_who_carries_most_is_beyond_chance,
    few_who_worked_and_a_raised_smallest_group_hide_it,
    the_team_of_the_day_is_whose_load_it_is,
    a_service_that_rests_on_one_is_named_and_the_person_is_not,
    what_rested_on_one_half_a_year_ago_does_not_any_more,
}

const APRIL: &str = "2026-04-08T00:00:00Z";
const JULY: &str = "2026-07-08T00:00:00Z";

async fn closed(store: &Store, p: &People, when: &str) -> room::PeopleMeasures {
    room::close_months(store, at(when)).await.unwrap();
    room::released(store, &p.leader, at(when)).await.unwrap()
}

fn figure(shown: &room::PeopleMeasures, unit: Unit, of: &str) -> Option<Result<Released<Spread>, Reason>> {
    shown.spread.figure(unit, month(of)).copied()
}

async fn raise(store: &Store, p: &People, to: &str) {
    settings::save_numbers(store, &p.admin, &[(Number::SmallestGroup, to)], at(JULY)).await.unwrap();
}

async fn teams_or_all_are_told_of_and_never_both(store: Store) {
    let p = people(&store).await;
    let pay = members(&store, p.team, "Pay", 8).await;
    let har = members(&store, p.other_team, "Har", 4).await;
    for month in ["2026-01", "2026-02", "2026-03"] {
        an_hour_each(&store, &p, month, &[&pay[..], &har[..1]].concat()).await;
    }
    let shown = closed(&store, &p, APRIL).await;
    let told = figure(&shown, Unit::Team(p.team), "2026-Q1").unwrap().unwrap();
    // Five of the small organisation are of the team as well, and told nothing.
    let alike = Step { low: Some(13), high: None };
    assert_eq!((told.people, told.given.eligible, told.given.effective, told.given.beyond), (8, 13, alike, false));
    assert!(told.given.chance.is_some());
    assert_eq!(figure(&shown, Unit::Team(p.other_team), "2026-Q1"), Some(Err(Reason::TooFew)));
    assert_eq!(figure(&shown, Unit::Organisation, "2026-Q1"), None, "less that of the team it would tell of the rest");
    assert_eq!(figure(&shown, Unit::Team(p.team), "2026-01"), None, "by quarter alone");
    // One's own hours stand beside the team's only where everybody may know these: here nine gave, and the ninth must not stand alone.
    let own = room::own_load(&store, &pay[0]).await.unwrap().unwrap();
    assert_eq!((own.quarter, own.teams.len(), own.teams[0].minutes), (month("2026-Q1"), 1, 180));
    assert_eq!((own.teams[0].name.as_deref(), own.teams[0].published), (Some("Payments"), None));

    // Four of each team: no team is told of, and all together are.
    for month in ["2026-04", "2026-05", "2026-06"] {
        an_hour_each(&store, &p, month, &[&pay[..4], &har[..]].concat()).await;
    }
    let shown = closed(&store, &p, JULY).await;
    assert_eq!(figure(&shown, Unit::Team(p.team), "2026-Q2"), Some(Err(Reason::TooFew)));
    let told = figure(&shown, Unit::Organisation, "2026-Q2").unwrap().unwrap();
    assert_eq!((told.people, told.given.eligible, told.given.effective), (8, 20, alike));
    assert_eq!(figure(&shown, Unit::Team(p.team), "2026-Q1").unwrap().unwrap().people, 8, "closed figures stay");
}

async fn one_who_carries_most_is_beyond_chance(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 8).await;
    for month in ["2026-01", "2026-02"] {
        an_hour_each(&store, &p, month, &who[1..]).await;
    }
    for day in 1..=14 {
        let (from, to) = (format!("2026-03-{day:02}T13:00:00Z"), format!("2026-03-{day:02}T15:00:00Z"));
        let id = review(&store, &p, &from).await;
        tell(&store, &p, id, &who[0], &stretch(&from, &to), at("2026-03-20T09:00:00Z")).await;
    }
    let told = figure(&closed(&store, &p, APRIL).await, Unit::Team(p.team), "2026-Q1").unwrap().unwrap();
    assert_eq!((told.given.effective, told.given.beyond), (Step { low: None, high: Some(6) }, true), "{told:?}");
    let own = room::own_load(&store, &who[1]).await.unwrap().unwrap();
    assert_eq!(own.teams[0].minutes, 120);
}

async fn few_who_worked_and_a_raised_smallest_group_hide_it(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 8).await;
    for month in ["2026-01", "2026-02", "2026-03"] {
        an_hour_each(&store, &p, month, &who[..6]).await;
    }
    for month in ["2026-04", "2026-05"] {
        an_hour_each(&store, &p, month, &who).await;
    }
    let shown = closed(&store, &p, JULY).await;
    for unit in [Unit::Team(p.team), Unit::Organisation] {
        assert_eq!(figure(&shown, unit, "2026-Q1"), Some(Err(Reason::TooFew)), "six worked");
    }
    assert!(figure(&shown, Unit::Team(p.team), "2026-Q2").unwrap().is_ok());
    raise(&store, &p, "7").await;
    let shown = room::released(&store, &p.leader, at(JULY)).await.unwrap();
    assert_eq!(figure(&shown, Unit::Team(p.team), "2026-Q2"), Some(Err(Reason::TooFew)), "nine would have to have worked");
}

async fn the_team_of_the_day_is_whose_load_it_is(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 8).await;
    for month in ["2026-01", "2026-02"] {
        an_hour_each(&store, &p, month, &who).await;
    }
    // One leaves for the other team in March: of both on a day of the quarter, and the hours stay where they were worked.
    let now = at("2026-03-02T09:00:00Z");
    let account = accounts::account(&store, By::Host, who[7].person_id, now).await.unwrap();
    let change = AccountChange {
        name: account.line.name,
        email: account.line.email,
        takes_part: TakesPart::Member,
        team_id: Some(p.other_team),
        ..AccountChange::default()
    };
    accounts::change_account(&store, By::Viewer(&p.admin), who[7].person_id, &change, now).await.unwrap();
    an_hour_each(&store, &p, "2026-03", &who[..7]).await;
    let shown = closed(&store, &p, APRIL).await;
    let told = figure(&shown, Unit::Team(p.team), "2026-Q1").unwrap().unwrap();
    assert_eq!((told.people, told.given.eligible), (8, 13));
    let own = async |viewer| {
        let load = room::own_load(&store, viewer).await.unwrap().unwrap();
        load.teams.into_iter().map(|team| (team.name.unwrap(), team.minutes, team.published)).collect::<Vec<_>>()
    };
    assert_eq!(own(&who[0]).await, [("Payments".to_owned(), 180, Some(60 * (8 + 8 + 7)))]);
    assert_eq!(own(&who[7]).await, [("Payments".to_owned(), 120, Some(60 * (8 + 8 + 7)))]);
    assert!(own(&p.planner).await.is_empty());
    // In the next quarter they are of the other team alone.
    for month in ["2026-04", "2026-05"] {
        an_hour_each(&store, &p, month, &who).await;
    }
    let shown = closed(&store, &p, JULY).await;
    let told = figure(&shown, Unit::Team(p.team), "2026-Q2").unwrap().unwrap();
    assert_eq!((told.people, told.given.eligible), (7, 12));
}

/// An incident of a service with a review in it.
async fn on(store: &Store, p: &People, service: ServiceId, started: &str) -> IncidentId {
    let now = at(started) + Duration::hours(4);
    let new = new_incident("Slow checkout", Severity::Sev2, started);
    let key = incidents::add_with(store, &p.outsider, &new, &[service], now).await.unwrap();
    let id = incidents::by_key(store, &p.outsider, key, now).await.unwrap().incident.id;
    reviews::open(store, &p.manager, id, p.facilitator.person_id, true, now).await.unwrap();
    id
}

async fn service(store: &Store, p: &People, name: &str, team_id: Option<TeamId>) -> ServiceId {
    let new = ServiceChange { name: name.to_owned(), team_id, ..ServiceChange::default() };
    services::add(store, &p.admin, &new, at("2026-01-06T08:00:00Z")).await.unwrap()
}

fn from_one(day: &str, minutes: i64) -> NewStretch {
    let whole = stretch(&format!("{day}T13:00:00Z"), &format!("{day}T14:00:00Z"));
    NewStretch { ended_at: whole.started_at + Duration::minutes(minutes), ..whole }
}

/// On these days two of them work on a service's incidents: the first so many minutes, the second so many.
async fn worked(
    store: &Store,
    p: &People,
    service: ServiceId,
    who: [&Viewer; 2],
    days: &[&str],
    minutes: [i64; 2],
) -> Vec<IncidentId> {
    let mut ids = Vec::new();
    for day in days {
        let id = on(store, p, service, &format!("{day}T13:00:00Z")).await;
        for (viewer, minutes) in who.into_iter().zip(minutes) {
            tell(store, p, id, viewer, &from_one(day, minutes), at(&format!("{day}T20:00:00Z"))).await;
        }
        ids.push(id);
    }
    ids
}

async fn a_service_that_rests_on_one_is_named_and_the_person_is_not(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 3).await;
    let days = ["2026-01-12", "2026-02-12", "2026-03-12"];
    let later = ["2026-01-14", "2026-02-14", "2026-03-14"];
    let checkout = service(&store, &p, "Checkout", Some(p.team)).await;
    worked(&store, &p, checkout, [&who[0], &who[1]], &days, [70, 30]).await;
    let shared = service(&store, &p, "Shared", Some(p.team)).await;
    worked(&store, &p, shared, [&who[0], &who[1]], &later, [69, 31]).await;
    let seldom = service(&store, &p, "Seldom", None).await;
    worked(&store, &p, seldom, [&who[0], &who[1]], &["2026-01-16", "2026-02-16"], [90, 5]).await;
    // Three members are too few to hide who it is.
    let small = store::people::add_team(&store, "Small", at("2026-01-06T08:00:00Z")).await.unwrap();
    let theirs = service(&store, &p, "Theirs", Some(small)).await;
    worked(&store, &p, theirs, [&who[0], &who[1]], &["2026-01-18", "2026-02-18", "2026-03-18"], [90, 5]).await;
    let secret = service(&store, &p, "Secret", None).await;
    for id in worked(&store, &p, secret, [&who[0], &who[1]], &["2026-01-20", "2026-02-20", "2026-03-20"], [90, 5]).await {
        incidents::restrict(&store, &p.facilitator, id, true, at("2026-03-21T10:00:00Z")).await.unwrap();
    }
    let named = |shown: &room::PeopleMeasures| {
        let (quarter, needed) = shown.second_experts.clone().unwrap();
        (quarter, needed.into_iter().map(|one| one.name).collect::<Vec<_>>())
    };
    let shown = closed(&store, &p, APRIL).await;
    assert_eq!(named(&shown), (month("2026-Q1"), vec!["Checkout".to_owned()]));
    for viewer in &who {
        let told = format!("{shown:?}");
        assert!(!told.contains(&viewer.name) && !told.contains(&viewer.person_id.to_string()));
    }
    let own = async |viewer: &Viewer| {
        let load = room::own_load(&store, viewer).await.unwrap().unwrap();
        load.rests_on.into_iter().map(|one| one.service).collect::<Vec<_>>()
    };
    assert_eq!(own(&who[0]).await, [checkout]);
    for other in [&who[1], &who[2], &p.leader, &p.manager, &p.admin] {
        assert!(own(other).await.is_empty(), "{}", other.name);
    }
    assert!(matches!(room::own_load(&store, &p.guest).await, Err(store::StoreError::NotFound)));

    raise(&store, &p, "9").await;
    assert!(named(&room::released(&store, &p.leader, at(APRIL)).await.unwrap()).1.is_empty(), "eight could be called");
    assert!(own(&who[0]).await.is_empty());
}

async fn what_rested_on_one_half_a_year_ago_does_not_any_more(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 3).await;
    let checkout = service(&store, &p, "Checkout", Some(p.team)).await;
    worked(&store, &p, checkout, [&who[0], &who[1]], &["2026-01-12", "2026-02-12", "2026-03-12"], [70, 30]).await;
    // A quarter in which nothing happened: the two last ones still hold these three; after one more they do not.
    for (closes, quarter, needed) in [(APRIL, "2026-Q1", 1), (JULY, "2026-Q2", 1), ("2026-10-08T00:00:00Z", "2026-Q3", 0)] {
        let (told, services) = closed(&store, &p, closes).await.second_experts.unwrap();
        assert_eq!((told, services.len()), (month(quarter), needed));
    }
}
