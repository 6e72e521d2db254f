//! Links to a published story for people without an account: what they show, when they end, and who makes and takes them back.

use crate::support::{self, People, at, people};
use chrono::TimeDelta;
use domain::people::Viewer;
use domain::reviews::SectionKind;
use domain::reviews::sharing::{MOST, NewShare};
use domain::{IncidentId, ShareId};
use store::learnings::NewFactor;
use store::reviews::{self as room, Shared};
use store::{Store, StoreError, incidents};

conformance! {
    a_link_shows_the_story_and_nothing_that_is_told_inside_alone,
    names_and_the_text_for_people_outside_come_where_they_were_chosen,
    a_link_ends_with_its_time_and_when_it_is_taken_back,
    what_is_not_published_for_everybody_has_no_links,
    who_facilitates_makes_links_and_nobody_else,
    an_organisation_does_without_links,
    who_leaves_holds_no_door_open,
    a_link_that_is_made_while_it_is_restricted_opens_nothing_later,
}

const NOW: &str = "2026-03-03T09:00:00Z";
const LATER: &str = "2026-03-05T09:00:00Z";
const PLAIN: NewShare = NewShare { days: 7, names: false, outside: false };

struct Scene {
    people: People,
    incident: IncidentId,
}

async fn written(store: &Store) -> Scene {
    let people = people(store).await;
    let (incident, _) = support::incident(store, &people.planner, "The morning that labels stayed white").await;
    room::open(store, &people.admin, incident, people.facilitator.person_id, false, at(NOW)).await.unwrap();
    for (kind, body) in
        [(SectionKind::Summary, "Told."), (SectionKind::External, "Dear customers."), (SectionKind::HowMade, "By talks.")]
    {
        room::save_section(store, &people.facilitator, incident, kind, 0, body, at(NOW)).await.unwrap();
    }
    Scene { people, incident }
}

async fn published(store: &Store) -> Scene {
    let scene = written(store).await;
    room::publish(store, &scene.people.facilitator, scene.incident, at(NOW)).await.unwrap();
    scene
}

impl Scene {
    async fn share(&self, store: &Store, new: NewShare) -> String {
        room::share(store, &self.people.facilitator, self.incident, new, at(NOW)).await.unwrap().0
    }

    async fn open(&self, store: &Store, when: &str) -> Vec<ShareId> {
        let shares = room::shares(store, &self.people.facilitator, self.incident, at(when)).await.unwrap();
        shares.open.into_iter().map(|share| share.id).collect()
    }
}

async fn opens(store: &Store, token: &str) -> Option<Shared> {
    room::shared(store, token, at(LATER)).await.unwrap()
}

fn not_found<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::NotFound)), "{outcome:?}");
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, StoreError>, word: &str) {
    assert!(matches!(&outcome, Err(StoreError::Refused(why)) if why.contains(word)), "{outcome:?}");
}

async fn a_link_shows_the_story_and_nothing_that_is_told_inside_alone(store: Store) {
    let scene = published(&store).await;
    let frida = &scene.people.facilitator;
    let details = domain::learnings::FactorDetails {
        other_view: "Some see it so.".into(),
        evidence: vec!["https://board.example.org/7".into()],
        ..Default::default()
    };
    let factor = NewFactor { body: "One board for both.".into(), details, ..NewFactor::default() };
    store::learnings::add_factor(&store, frida, scene.incident, &factor, at(NOW)).await.unwrap();
    store::parking::park(&store, &scene.people.outsider, scene.incident, "We should.", false, at(NOW)).await.unwrap();
    room::save_section(&store, frida, scene.incident, SectionKind::Summary, 1, "Told again.", at("2026-03-04T09:00:00Z"))
        .await
        .unwrap();
    let token = scene.share(&store, PLAIN).await;
    let inside = room::story(&store, frida, scene.incident, at(LATER)).await.unwrap();
    assert!(inside.parked == 1 && !inside.edited.is_empty() && !inside.facilitators.is_empty(), "{inside:?}");
    let shared = opens(&store, &token).await.expect("open");
    let body = |kind: SectionKind| shared.story.sections.iter().find(|s| s.kind == kind).map(|s| s.body.as_str()).unwrap();
    assert_eq!((body(SectionKind::Summary), body(SectionKind::External)), ("Told again.", ""));
    assert_eq!((shared.story.parked, shared.story.asked), (0, 0));
    assert!(shared.story.edited.is_empty() && shared.story.looked_again.is_empty() && shared.story.facilitators.is_empty());
    assert!(shared.story.sections.iter().all(|s| s.saved_by.is_none()));
    assert_eq!(shared.factors[0].body, "One board for both.");
    assert!(shared.factors[0].details.evidence.is_empty() && shared.factors[0].details.other_view.is_empty());
    // Looking changes nothing but the count, and that for facilitators alone.
    let count = || async { room::shares(&store, frida, scene.incident, at(LATER)).await.unwrap().open[0].opened };
    assert_eq!(count().await, 0);
    room::shared_opened(&store, &token).await.unwrap();
    room::shared_opened(&store, "never-was").await.unwrap();
    assert_eq!(count().await, 1);
}

async fn names_and_the_text_for_people_outside_come_where_they_were_chosen(store: Store) {
    let scene = published(&store).await;
    let token = scene.share(&store, NewShare { names: true, outside: true, ..PLAIN }).await;
    let shared = opens(&store, &token).await.expect("open");
    assert_eq!(shared.story.facilitators, std::slice::from_ref(&scene.people.facilitator.name));
    assert!(shared.story.sections.iter().any(|s| s.body == "Dear customers."));
}

async fn a_link_ends_with_its_time_and_when_it_is_taken_back(store: Store) {
    let scene = published(&store).await;
    let frida = &scene.people.facilitator;
    for days in domain::reviews::sharing::DAYS {
        let token = scene.share(&store, NewShare { days, ..PLAIN }).await;
        let end = at(NOW) + TimeDelta::days(days);
        assert!(room::shared(&store, &token, end - TimeDelta::seconds(1)).await.unwrap().is_some());
        assert_eq!(room::shared(&store, &token, end).await.unwrap(), None);
    }
    assert_eq!(scene.open(&store, LATER).await.len(), 2, "that of a day is over");
    let token = scene.share(&store, PLAIN).await;
    let id = room::shares(&store, frida, scene.incident, at(LATER)).await.unwrap().open[0].id;
    let before = scene.open(&store, LATER).await;
    for id in before {
        room::take_back_share(&store, frida, scene.incident, id, at(LATER)).await.unwrap();
    }
    assert_eq!(opens(&store, &token).await, None);
    not_found(room::take_back_share(&store, frida, scene.incident, id, at(LATER)).await);
    for _ in 0..MOST {
        room::share(&store, frida, scene.incident, PLAIN, at(LATER)).await.unwrap();
    }
    refused(room::share(&store, frida, scene.incident, PLAIN, at(LATER)).await, "Twenty");
    for nothing in ["", "never-was", &"x".repeat(500)] {
        assert_eq!(opens(&store, nothing).await, None);
    }
}

async fn what_is_not_published_for_everybody_has_no_links(store: Store) {
    let scene = written(&store).await;
    let (frida, piet) = (&scene.people.facilitator, &scene.people.planner);
    refused(room::share(&store, frida, scene.incident, PLAIN, at(NOW)).await, "not published");
    room::publish(&store, frida, scene.incident, at(NOW)).await.unwrap();
    let token = scene.share(&store, PLAIN).await;
    assert!(opens(&store, &token).await.is_some());
    store::incidents::restrict(&store, piet, scene.incident, true, at(NOW)).await.unwrap();
    assert_eq!(opens(&store, &token).await, None);
    refused(room::share(&store, frida, scene.incident, PLAIN, at(NOW)).await, "restricted");
    store::incidents::restrict(&store, piet, scene.incident, false, at(NOW)).await.unwrap();
    assert_eq!(opens(&store, &token).await, None, "it ended for good");
    let token = scene.share(&store, PLAIN).await;
    let key = store::incidents::list(&store, frida, &store::incidents::Filter::default(), 5).await.unwrap().rows[0].key;
    store::trash::put_in(&store, frida, scene.incident, &key.to_string(), at(NOW)).await.unwrap();
    assert_eq!(opens(&store, &token).await, None);
    store::trash::put_back(&store, frida, key, at(NOW)).await.unwrap();
    assert_eq!(opens(&store, &token).await, None, "it ended for good");
}

async fn who_facilitates_makes_links_and_nobody_else(store: Store) {
    let scene = published(&store).await;
    let p = &scene.people;
    let token = scene.share(&store, PLAIN).await;
    let id = scene.open(&store, LATER).await[0];
    let others: [&Viewer; 6] = [&p.leader, &p.admin, &p.planner, &p.outsider, &p.responder, &p.guest];
    for who in others {
        not_found(room::shares(&store, who, scene.incident, at(LATER)).await);
        not_found(room::share(&store, who, scene.incident, PLAIN, at(LATER)).await);
        not_found(room::take_back_share(&store, who, scene.incident, id, at(LATER)).await);
    }
    let (other, _) = support::incident(&store, &p.planner, "Another one").await;
    room::open(&store, &p.admin, other, p.facilitator.person_id, false, at(NOW)).await.unwrap();
    not_found(room::take_back_share(&store, &p.facilitator, other, id, at(LATER)).await);
    assert!(opens(&store, &token).await.is_some());
    let data = store::owndata::collect(&store, &p.facilitator, at(LATER)).await.unwrap();
    assert_eq!(data.created.iter().filter(|c| c.kind.slug() == "story-link").count(), 1);
}

async fn an_organisation_does_without_links(store: Store) {
    let scene = published(&store).await;
    let (frida, admin) = (&scene.people.facilitator, &scene.people.admin);
    let token = scene.share(&store, PLAIN).await;
    not_found(room::share_links(&store, frida).await);
    not_found(room::switch_share_links(&store, frida, false, at(LATER)).await);
    assert!(room::share_links(&store, admin).await.unwrap());
    room::switch_share_links(&store, admin, false, at(LATER)).await.unwrap();
    assert!(!room::share_links(&store, admin).await.unwrap());
    assert_eq!(opens(&store, &token).await, None);
    refused(room::share(&store, frida, scene.incident, PLAIN, at(LATER)).await, "switched off");
    room::switch_share_links(&store, admin, true, at(LATER)).await.unwrap();
    assert_eq!(opens(&store, &token).await, None, "it ended for good");
    scene.share(&store, PLAIN).await;
}

async fn who_leaves_holds_no_door_open(store: Store) {
    let scene = published(&store).await;
    let p = &scene.people;
    let token = scene.share(&store, PLAIN).await;
    store::people::deactivate(&store, store::people::By::Viewer(&p.admin), p.facilitator.person_id, at(LATER)).await.unwrap();
    assert_eq!(opens(&store, &token).await, None);
    store::people::reactivate(&store, store::people::By::Viewer(&p.admin), p.facilitator.person_id, at(LATER)).await.unwrap();
    assert_eq!(opens(&store, &token).await, None, "who comes back makes new ones");
    assert!(scene.open(&store, LATER).await.is_empty());
}

async fn a_link_that_is_made_while_it_is_restricted_opens_nothing_later(store: Store) {
    let scene = published(&store).await;
    let p = &scene.people;
    for round in 0..12 {
        let share = room::share(&store, &p.facilitator, scene.incident, PLAIN, at(NOW));
        let restrict = incidents::restrict(&store, &p.planner, scene.incident, true, at(NOW));
        // Either may come first: a link of before ends, one of after is refused.
        let (_, restricted) = tokio::join!(share, restrict);
        restricted.unwrap();
        incidents::restrict(&store, &p.planner, scene.incident, false, at(NOW)).await.unwrap();
        assert!(scene.open(&store, NOW).await.is_empty(), "round {round}");
    }
}
