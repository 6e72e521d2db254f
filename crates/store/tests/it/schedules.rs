//! On-call schedules: looked at, taken over in place of what they cover, taken back; whose they are, and what is told of a rota.

use crate::support::{People, account, at, new_incident, people};
use chrono::{DateTime, Utc};
use domain::incidents::{Nature, Severity};
use domain::people::{GlobalRole, Viewer};
use domain::schedules::{ReadSchedule, ReadShift};
use store::owndata::{self, Erase};
use store::trends::{Filter, Rota, on_call};
use store::{Store, StoreError, incidents, schedules};

conformance! {
    a_schedule_is_looked_at_before_anything_is_written,
    an_import_stands_in_place_of_what_it_covers_and_is_taken_back,
    schedules_are_kept_by_administrators_and_facilitators,
    shifts_are_their_persons_data_and_stay_without_them,
    a_rota_of_few_is_not_spoken_of,
    a_rota_counts_what_began_in_its_shifts_for_who_may_see_it,
}

fn shift(from: &str, until: &str, name: &str) -> ReadShift {
    ReadShift { line: 2, starts_at: at(from), ends_at: at(until), names: vec![name.to_owned()] }
}

fn read(shifts: Vec<ReadShift>) -> ReadSchedule {
    ReadSchedule { shifts, notes: Vec::new() }
}

fn now() -> DateTime<Utc> {
    at("2026-06-01T12:00:00Z")
}

async fn a_schedule_is_looked_at_before_anything_is_written(store: Store) {
    let p = people(&store).await;
    let schedule = read(vec![
        shift("2026-05-04T08:00:00Z", "2026-05-05T08:00:00Z", &p.responder.name),
        shift("2026-05-05T08:00:00Z", "2026-05-06T08:00:00Z", "Somebody Else"),
        shift("2026-05-07T08:00:00Z", "2026-05-08T08:00:00Z", "Somebody Else"),
    ]);
    let seen = schedules::dry_run(&store, &p.admin, p.team, &schedule).await.unwrap();
    assert_eq!(seen.known, [(p.responder.name.clone(), 1)]);
    assert_eq!(seen.unknown, [("Somebody Else".to_owned(), 2)]);
    assert_eq!((seen.shifts, seen.look.unwrap().gaps.len(), seen.replaces), (3, 1, 0));
    assert_eq!(schedules::schedule(&store, &p.admin, p.team).await.unwrap().shifts, []);
    let none = schedules::take_over(&store, &p.admin, p.team, "UTC", &read(Vec::new()), now()).await;
    assert!(matches!(none, Err(StoreError::Invalid(ref i)) if i.message("text").is_some()), "{none:?}");
    let zone = schedules::take_over(&store, &p.admin, p.team, "Nowhere", &schedule, now()).await;
    assert!(matches!(zone, Err(StoreError::Invalid(ref i)) if i.message("zone").is_some()), "{zone:?}");
}

async fn spans(store: &Store, p: &People) -> Vec<(String, String, Option<String>)> {
    let told = |at: DateTime<Utc>| at.format("%dT%H").to_string();
    let listed = schedules::schedule(store, &p.admin, p.team).await.unwrap().shifts;
    listed.into_iter().rev().map(|s| (told(s.starts_at), told(s.ends_at), s.person)).collect()
}

async fn an_import_stands_in_place_of_what_it_covers_and_is_taken_back(store: Store) {
    let p = people(&store).await;
    let (one, other) = (Some(p.responder.name.clone()), Some(p.outsider.name.clone()));
    let first = read(vec![
        shift("2026-05-04T08:00:00Z", "2026-05-11T08:00:00Z", &p.responder.name),
        shift("2026-05-11T08:00:00Z", "2026-05-18T08:00:00Z", "Nobody Here"),
    ]);
    schedules::take_over(&store, &p.admin, p.team, "Europe/Madrid", &first, now()).await.unwrap();
    let before = spans(&store, &p).await;
    let first_two: [(String, String, Option<String>); 2] =
        [("04T08".into(), "11T08".into(), one.clone()), ("11T08".into(), "18T08".into(), None)];
    assert_eq!(before, first_two);
    let second = read(vec![shift("2026-05-10T08:00:00Z", "2026-05-12T08:00:00Z", &p.outsider.name)]);
    assert_eq!(schedules::dry_run(&store, &p.facilitator, p.team, &second).await.unwrap().replaces, 2);
    schedules::take_over(&store, &p.facilitator, p.team, "Europe/Madrid", &second, at("2026-06-02T12:00:00Z")).await.unwrap();
    let both: [(String, String, Option<String>); 3] =
        [("04T08".into(), "10T08".into(), one), ("10T08".into(), "12T08".into(), other), ("12T08".into(), "18T08".into(), None)];
    assert_eq!(spans(&store, &p).await, both);
    let imports = schedules::schedule(&store, &p.admin, p.team).await.unwrap().imports;
    let earlier = schedules::take_back(&store, &p.admin, p.team, imports[1].id, now()).await;
    assert!(matches!(earlier, Err(StoreError::Refused(_))), "{earlier:?}");
    let elsewhere = schedules::take_back(&store, &p.admin, p.other_team, imports[0].id, now()).await;
    assert!(matches!(elsewhere, Err(StoreError::NotFound)), "{elsewhere:?}");
    schedules::take_back(&store, &p.admin, p.team, imports[0].id, now()).await.unwrap();
    assert_eq!(spans(&store, &p).await, before);
    assert!(matches!(schedules::take_back(&store, &p.admin, p.team, imports[0].id, now()).await, Err(StoreError::NotFound)));
    // The other team's schedule is another one.
    schedules::take_over(&store, &p.admin, p.other_team, "UTC", &first, now()).await.unwrap();
    assert_eq!(spans(&store, &p).await, before);
    let lines = schedules::teams(&store, &p.admin).await.unwrap();
    assert_eq!(lines.iter().find(|line| line.team.id == p.team).unwrap().until, Some(at("2026-05-18T08:00:00Z")));
}

async fn schedules_are_kept_by_administrators_and_facilitators(store: Store) {
    let p = people(&store).await;
    let schedule = read(vec![shift("2026-05-04T08:00:00Z", "2026-05-05T08:00:00Z", "x")]);
    for viewer in [&p.responder, &p.outsider, &p.leader] {
        let lost = |e: StoreError| assert!(matches!(e, StoreError::NotFound), "{}: {e:?}", viewer.name);
        lost(schedules::teams(&store, viewer).await.unwrap_err());
        lost(schedules::schedule(&store, viewer, p.team).await.unwrap_err());
        lost(schedules::dry_run(&store, viewer, p.team, &schedule).await.unwrap_err());
        lost(schedules::take_over(&store, viewer, p.team, "UTC", &schedule, now()).await.unwrap_err());
        lost(schedules::take_back(&store, viewer, p.team, uuid::Uuid::nil(), now()).await.unwrap_err());
    }
    for viewer in [&p.admin, &p.facilitator] {
        schedules::take_over(&store, viewer, p.team, "UTC", &schedule, now()).await.unwrap();
    }
    let nowhere = domain::TeamId(uuid::Uuid::from_u128(9));
    assert!(matches!(schedules::schedule(&store, &p.admin, nowhere).await, Err(StoreError::NotFound)));
    assert!(matches!(schedules::take_over(&store, &p.admin, nowhere, "UTC", &schedule, now()).await, Err(StoreError::NotFound)));
    assert!(
        matches!(on_call(&store, &p.admin, &filter(), now()).await, Err(StoreError::NotFound)),
        "administering opens no figure"
    );
}

async fn shifts_are_their_persons_data_and_stay_without_them(store: Store) {
    let p = people(&store).await;
    let name = &p.outsider.name;
    let schedule = read(vec![shift("2026-05-04T08:00:00Z", "2026-05-05T08:00:00Z", name)]);
    schedules::take_over(&store, &p.admin, p.team, "UTC", &schedule, now()).await.unwrap();
    let again = read(vec![shift("2026-05-04T08:00:00Z", "2026-05-05T10:00:00Z", name)]);
    schedules::take_over(&store, &p.admin, p.team, "UTC", &again, at("2026-06-02T12:00:00Z")).await.unwrap();
    assert_eq!(schedules::own(&store, &p.outsider).await.unwrap().len(), 1);
    let kept = owndata::collect(&store, &p.outsider, now()).await.unwrap().on_call;
    assert_eq!(kept.len(), 2, "what was replaced is kept until the next import, too");
    assert_eq!(schedules::own(&store, &p.responder).await.unwrap(), []);
    owndata::erase(&store, &p.outsider, Erase::Everything, false, now()).await.unwrap();
    assert_eq!(owndata::collect(&store, &p.outsider, now()).await.unwrap().on_call, []);
    let left = schedules::schedule(&store, &p.admin, p.team).await.unwrap();
    assert_eq!((left.shifts.len(), left.shifts[0].person.clone()), (1, None));
    schedules::take_back(&store, &p.admin, p.team, left.imports[0].id, now()).await.unwrap();
    assert_eq!(schedules::own(&store, &p.outsider).await.unwrap(), [], "nor does it come back");
}

fn filter() -> Filter {
    let month = |text: &str| text.parse().unwrap();
    Filter {
        from: month("2026-04"),
        to: month("2026-06"),
        nature: Some(Nature::Incident),
        team: None,
        service: None,
        severity: None,
        factor: None,
    }
}

/// Five people of the team and more, each a day on call.
async fn rota(store: &Store, p: &People, people: usize) -> Vec<Viewer> {
    let mut all = Vec::new();
    let mut shifts = Vec::new();
    for n in 0..people {
        let one = account(store, &format!("Rota {n}"), GlobalRole::Member, false, Some(p.team), None).await;
        let day = |n: usize| format!("2026-05-{:02}T08:00:00Z", n + 1);
        shifts.push(shift(&day(n), &day(n + 1), &one.name));
        all.push(one);
    }
    schedules::take_over(store, &p.admin, p.team, "Europe/Madrid", &read(shifts), now()).await.unwrap();
    all
}

async fn told(store: &Store, viewer: &Viewer) -> Rota {
    on_call(store, viewer, &filter(), now()).await.unwrap().remove(0)
}

async fn a_rota_of_few_is_not_spoken_of(store: Store) {
    let p = people(&store).await;
    assert_eq!(on_call(&store, &p.leader, &filter(), now()).await.unwrap(), []);
    let four = rota(&store, &p, 4).await;
    assert_eq!(told(&store, &p.leader).await.told, None);
    // More shifts of the same four are no more people.
    let more = four.iter().enumerate().map(|(n, one)| {
        shift(&format!("2026-05-{:02}T08:00:00Z", n + 10), &format!("2026-05-{:02}T08:00:00Z", n + 11), &one.name)
    });
    let strangers = [shift("2026-05-20T08:00:00Z", "2026-05-21T08:00:00Z", "Nobody Here")];
    let more = read(more.chain(strangers).collect());
    schedules::take_over(&store, &p.admin, p.team, "UTC", &more, now()).await.unwrap();
    assert_eq!(told(&store, &p.leader).await.told, None, "nor is somebody whom nobody knows");
    let fifth = read(vec![shift("2026-05-22T08:00:00Z", "2026-05-23T08:00:00Z", &p.outsider.name)]);
    schedules::take_over(&store, &p.admin, p.team, "UTC", &fifth, now()).await.unwrap();
    let five = told(&store, &p.leader).await.told.unwrap();
    assert!(five.is_small && five.whole.shifts == 10, "{five:?}");
    // What somebody erases of themselves counts no longer.
    owndata::erase(&store, &p.outsider, Erase::Everything, false, now()).await.unwrap();
    assert_eq!(told(&store, &p.leader).await.told, None);
}

async fn a_rota_counts_what_began_in_its_shifts_for_who_may_see_it(store: Store) {
    let p = people(&store).await;
    rota(&store, &p, 8).await;
    let add = async |title: &str, started: &str, nature: Nature, restricted: bool| {
        let mut new = new_incident(title, Severity::Sev2, started);
        (new.team_id, new.nature, new.restricted) = (Some(p.team), nature, restricted);
        let now = new.started_at + chrono::Duration::hours(1);
        incidents::add(&store, &p.responder, &new, now).await.unwrap()
    };
    for started in ["2026-05-03T10:00:00Z", "2026-05-03T11:00:00Z", "2026-05-04T01:30:00Z", "2026-05-20T10:00:00Z"] {
        add(started, started, Nature::Incident, false).await;
    }
    add("Near", "2026-05-05T10:00:00Z", Nature::NearMiss, false).await;
    let before = told(&store, &p.leader).await.told.unwrap();
    assert_eq!((before.whole.shifts, before.whole.above, before.whole.dense, before.is_small), (8, 1, 0, false));
    assert_eq!((before.whole.incidents.all, before.whole.incidents.most, before.whole.incidents.median), (3, 3, 0.0));
    assert_eq!((before.whole.night.disturbed, before.whole.day.disturbed), (1, 2), "half past three in Madrid");
    assert_eq!(before.quarters.len(), 1);
    assert_eq!(before.quarters[0].1, Some(before.whole));
    // A restricted one counts for those alone who are named on it.
    add("Restricted", "2026-05-06T10:00:00Z", Nature::Incident, true).await;
    assert_eq!(told(&store, &p.leader).await.told.unwrap(), before);
    assert_eq!(told(&store, &p.responder).await.told.unwrap().whole.incidents.all, 4);
    // Shifts that are not over do not count, nor do those of other months.
    let early = on_call(&store, &p.leader, &filter(), at("2026-05-06T12:00:00Z")).await.unwrap().remove(0);
    assert_eq!(early.told.unwrap().whole.shifts, 5);
    let april = Filter { to: "2026-04".parse().unwrap(), ..filter() };
    assert_eq!(on_call(&store, &p.leader, &april, now()).await.unwrap(), []);
    let other = Filter { team: Some(p.other_team), ..filter() };
    assert_eq!(on_call(&store, &p.leader, &other, now()).await.unwrap(), []);
}
