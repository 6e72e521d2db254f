//! The vocabulary of contributing factors: who keeps it, and that a merge counts everywhere until it is undone.

use crate::support::{People, at, new_incident, people};
use domain::IncidentId;
use domain::incidents::Severity;
use domain::trends::Period;
use domain::vocabulary::{EntryChange, Tag};
use store::learnings::{self, NewFactor};
use store::{Store, StoreError, incidents, reviews, search, trends, vocabulary as room};

conformance! {
    those_who_listen_and_those_who_administer_keep_the_words,
    a_merge_counts_everywhere_and_can_be_undone,
    a_merged_tag_stays_beneath_what_is_saved_again,
    tags_go_with_their_factor_when_incidents_are_merged,
}

const NOW: &str = "2026-05-04T09:00:00Z";

fn tag(slug: &str) -> Tag {
    Tag::parse(slug).unwrap()
}

fn said(name: &str) -> EntryChange {
    EntryChange::parse(name, "It means this.", "Like that.", "condition", "one, two").unwrap()
}

async fn those_who_listen_and_those_who_administer_keep_the_words(store: Store) {
    let p = people(&store).await;
    for nobody in [&p.outsider, &p.leader, &p.guest] {
        assert!(matches!(room::add(&store, nobody, &said("Moon"), at(NOW)).await, Err(StoreError::NotFound)), "{}", nobody.name);
    }
    let moon = room::add(&store, &p.facilitator, &said("Phase of the moon"), at(NOW)).await.unwrap();
    assert_eq!(moon.as_str(), "phase-of-the-moon");
    let again = room::add(&store, &p.admin, &said("phase of THE moon"), at(NOW)).await;
    assert!(matches!(again, Err(StoreError::Invalid(i)) if i.message("name").is_some()));
    let words = room::words(&store, at(NOW)).await;
    let entry = words.find(&moon).unwrap();
    assert_eq!((entry.synonyms.clone(), entry.version), (vec!["one".to_owned(), "two".to_owned()], 1));
    room::change(&store, &p.admin, &moon, 1, &said("Moon"), at(NOW)).await.unwrap();
    let late = room::change(&store, &p.facilitator, &moon, 1, &said("Sun"), at(NOW)).await;
    assert!(matches!(late, Err(StoreError::Stale)));
    assert_eq!(room::words(&store, at(NOW)).await.name(&moon), "Moon");
    // A shipped one takes other words, too.
    room::change(&store, &p.admin, &tag("capacity"), 0, &said("Room"), at(NOW)).await.unwrap();
    assert_eq!(room::words(&store, at(NOW)).await.name(&tag("capacity")), "Room");
    room::retire(&store, &p.admin, &moon, true, at(NOW)).await.unwrap();
    assert!(!room::words(&store, at(NOW)).await.find(&moon).unwrap().is_offered());
    room::retire(&store, &p.admin, &moon, false, at(NOW)).await.unwrap();
    assert!(room::words(&store, at(NOW)).await.find(&moon).unwrap().is_offered());
    let none = room::merge(&store, &p.admin, &tag("no-such-tag"), &moon, at(NOW)).await;
    assert!(matches!(none, Err(StoreError::NotFound)));
}

/// A published incident with a factor of this tag.
async fn told(store: &Store, p: &People, title: &str, slug: &str) -> IncidentId {
    let new = new_incident(title, Severity::Sev2, "2026-05-01T10:00:00Z");
    let key = incidents::add(store, &p.outsider, &new, at(NOW)).await.unwrap();
    let id = incidents::by_key(store, &p.outsider, key, at(NOW)).await.unwrap().incident.id;
    reviews::open(store, &p.manager, id, p.facilitator.person_id, true, at(NOW)).await.unwrap();
    let factor = NewFactor { body: format!("Something of {title}"), tags: vec![tag(slug)], ..NewFactor::default() };
    learnings::add_factor(store, &p.facilitator, id, &factor, at(NOW)).await.unwrap();
    reviews::save_section(store, &p.facilitator, id, domain::reviews::SectionKind::Summary, 0, "Told.", at(NOW)).await.unwrap();
    reviews::publish(store, &p.facilitator, id, at(NOW)).await.unwrap();
    id
}

/// How often each tag is counted in trends, and how many incidents a list and a search find under `asked`.
async fn counted(store: &Store, p: &People, asked: &str) -> (Vec<(String, u32)>, usize, usize) {
    let month = |text: &str| text.parse::<Period>().unwrap();
    let filter = trends::Filter {
        from: month("2026-01"),
        to: month("2026-12"),
        nature: None,
        team: None,
        service: None,
        severity: None,
        factor: None,
    };
    let measures = trends::incident_measures(store, &p.leader, &filter).await.unwrap();
    let under = trends::Filter { factor: Some(tag(asked)), ..filter };
    let under = trends::incident_measures(store, &p.leader, &under).await.unwrap().total() as usize;
    let list = incidents::Filter { factor: Some(tag(asked)), ..incidents::Filter::default() };
    let listed = incidents::list(store, &p.leader, &list, 9).await.unwrap().rows.len();
    assert_eq!(under, listed);
    let look = search::Look { text: "something".to_owned(), label: asked.to_owned(), ..search::Look::default() };
    let found = search::find(store, &p.leader, domain::search::Kind::Factor, &look, 9).await.unwrap().hits.len();
    (measures.factors.iter().map(|f| (f.factor.to_string(), f.incidents)).collect(), listed, found)
}

async fn a_merge_counts_everywhere_and_can_be_undone(store: Store) {
    let p = people(&store).await;
    let (first, second, third) = (
        told(&store, &p, "One", "capacity").await,
        told(&store, &p, "Two", "load-shape").await,
        told(&store, &p, "Three", "time").await,
    );
    let one = |slug: &str| (slug.to_owned(), 1);
    assert_eq!(counted(&store, &p, "capacity").await, (vec![one("capacity"), one("load-shape"), one("time")], 1, 1));
    room::merge(&store, &p.facilitator, &tag("load-shape"), &tag("capacity"), at(NOW)).await.unwrap();
    let both = (vec![("capacity".to_owned(), 2), one("time")], 2, 2);
    assert_eq!(counted(&store, &p, "capacity").await, both);
    assert_eq!(counted(&store, &p, "load-shape").await, both, "an address from before leads to the same");
    assert_eq!(learnings::factors(&store, &p.leader, second, at(NOW)).await.unwrap()[0].tags, [tag("capacity")]);
    // What counts for others can be merged on; all of them follow, and come back step by step.
    room::merge(&store, &p.admin, &tag("capacity"), &tag("time"), at(NOW)).await.unwrap();
    assert_eq!(counted(&store, &p, "load-shape").await, (vec![("time".to_owned(), 3)], 3, 3));
    room::split(&store, &p.admin, &tag("capacity"), at(NOW)).await.unwrap();
    assert_eq!(counted(&store, &p, "capacity").await, both);
    room::split(&store, &p.facilitator, &tag("load-shape"), at(NOW)).await.unwrap();
    assert_eq!(counted(&store, &p, "load-shape").await.1, 1);
    for (id, slug) in [(first, "capacity"), (second, "load-shape"), (third, "time")] {
        assert_eq!(learnings::factors(&store, &p.leader, id, at(NOW)).await.unwrap()[0].tags, [tag(slug)]);
    }
    let used = room::used(&store, &p.leader).await.unwrap();
    assert_eq!(used.into_values().collect::<Vec<_>>(), [1, 1, 1]);
    let circle = room::merge(&store, &p.admin, &tag("time"), &tag("time"), at(NOW)).await;
    assert!(matches!(circle, Err(StoreError::Invalid(i)) if i.message("into").is_some()));
}

async fn a_merged_tag_stays_beneath_what_is_saved_again(store: Store) {
    let p = people(&store).await;
    let id = told(&store, &p, "One", "load-shape").await;
    room::merge(&store, &p.admin, &tag("load-shape"), &tag("capacity"), at(NOW)).await.unwrap();
    let factor = learnings::factors(&store, &p.leader, id, at(NOW)).await.unwrap().remove(0);
    let same = NewFactor { body: "In other words".to_owned(), tags: factor.tags, details: factor.details };
    learnings::change_factor(&store, &p.facilitator, (id, factor.id), 1, &same, at(NOW)).await.unwrap();
    room::split(&store, &p.admin, &tag("load-shape"), at(NOW)).await.unwrap();
    let factor = learnings::factors(&store, &p.leader, id, at(NOW)).await.unwrap().remove(0);
    assert_eq!((factor.body.as_str(), factor.tags.as_slice()), ("In other words", &[tag("load-shape")][..]));
}

async fn tags_go_with_their_factor_when_incidents_are_merged(store: Store) {
    let (p, from) = crate::learnings::imported(&store).await;
    let factor = NewFactor { body: "Full".to_owned(), tags: vec![tag("capacity"), tag("time")], ..NewFactor::default() };
    learnings::add_factor(&store, &p.responder, from, &factor, at(NOW)).await.unwrap();
    let new = new_incident("The same one", Severity::Sev2, "2026-05-01T10:00:00Z");
    let key = incidents::add(&store, &p.responder, &new, at(NOW)).await.unwrap();
    let into = incidents::by_key(&store, &p.responder, key, at(NOW)).await.unwrap().incident.id;
    let found = async || {
        let list = incidents::Filter { factor: Some(tag("time")), ..incidents::Filter::default() };
        let rows = incidents::list(&store, &p.leader, &list, 9).await.unwrap().rows;
        rows.into_iter().map(|row| (row.id, row.factors)).collect::<Vec<_>>()
    };
    let both = vec![tag("capacity"), tag("time")];
    let of_from = incidents::list(&store, &p.leader, &incidents::Filter::default(), 9).await.unwrap().rows;
    let from_key = of_from.into_iter().find(|row| row.id == from).unwrap().key;
    assert_eq!(found().await, [(from, both.clone())]);
    store::trash::merge(&store, &p.responder, from, &key.to_string(), at(NOW)).await.unwrap();
    assert_eq!(found().await, [(into, both.clone())]);
    store::trash::put_back(&store, &p.responder, from_key, at(NOW)).await.unwrap();
    assert_eq!(found().await, [(from, both)]);
}
