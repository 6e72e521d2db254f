//! The timeline: events in order, changes with a version, deletion and its undo.

use crate::support::{at, incident, people};
use domain::EventId;
use domain::timeline::{EventDetails, EventKind, EventSource, NewEvent, Placement, Precision, SourceKind};
use store::incidents::{Filter, Sort};
use store::timeline::{self as room, TakenBack};
use store::{Store, StoreError};

conformance! {
    an_event_reads_back_as_it_was_entered,
    events_are_told_in_order_of_time,
    a_changed_event_needs_its_version_and_its_incident,
    a_deleted_event_comes_back,
    only_members_write_and_guests_see_nothing,
    an_event_brings_its_incident_up_in_recently_changed,
}

const NOW: &str = "2026-03-02T14:00:00Z";

pub fn event(time: Option<&str>, body: &str) -> NewEvent {
    NewEvent {
        at: time.map(at),
        ends_at: None,
        precision: if time.is_some() { Precision::Exact } else { Precision::None },
        as_written: String::new(),
        zone: "Europe/Copenhagen".to_owned(),
        kind: EventKind::Note,
        body: body.to_owned(),
        flag: String::new(),
        details: EventDetails::default(),
        position: 0,
    }
}

async fn an_event_reads_back_as_it_was_entered(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    for (n, kind) in EventKind::ALL.into_iter().enumerate() {
        let new = NewEvent {
            ends_at: Some(at("2026-03-02T10:20:00.000001Z")),
            precision: Precision::ALL[n % 4],
            as_written: "~ ten past".to_owned(),
            kind,
            body: "The queue **grows** ≥ 10 %".to_owned(),
            flag: "CET in summer".to_owned(),
            details: EventDetails {
                recorded_at: Some(at("2026-03-02T10:12:00.000001Z")),
                role: "on-call engineer".to_owned(),
                question: "What did the graph show?".to_owned(),
                learned_later: n % 2 == 0,
                sources: vec![EventSource {
                    kind: SourceKind::ALL[n % 4],
                    title: "“Queue”, \\ wide".to_owned(),
                    url: "https://graphs.example/q?x=1".to_owned(),
                }],
                placement: Placement::ALL[n % 4],
                settled_at: Some(at("2026-03-05T08:00:00Z")),
            },
            ..event(Some("2026-03-02T10:10:00Z"), "")
        };
        let event_id = room::add(&store, &p.responder, id, &new, at(NOW)).await.unwrap();
        let read = room::event(&store, &p.outsider, id, event_id, at(NOW)).await.unwrap();
        assert_eq!((read.id, read.incident_id, read.version), (event_id, id, 1));
        assert_eq!(read.created_by, Some(p.responder.person_id));
        let again = NewEvent {
            at: read.at,
            ends_at: read.ends_at,
            precision: read.precision,
            as_written: read.as_written,
            zone: read.zone,
            kind: read.kind,
            body: read.body,
            flag: read.flag,
            details: read.details,
            position: 0,
        };
        assert_eq!(again, new);
    }
    assert_eq!(room::count(&store, &p.leader, id, at(NOW)).await.unwrap(), 12);
}

async fn told(store: &Store, p: &crate::support::People, id: domain::IncidentId) -> Vec<String> {
    room::events(store, &p.leader, id, at(NOW)).await.unwrap().iter().map(|e| e.body.clone()).collect()
}

async fn events_are_told_in_order_of_time(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let (other, _) = incident(&store, &p.responder, "Another").await;
    for (time, body) in [
        (Some("2026-03-02T10:30:00Z"), "c"),
        (None, "d"),
        (Some("2026-03-02T10:10:00Z"), "a"),
        (Some("2026-03-02T10:10:00Z"), "b"),
    ] {
        room::add(&store, &p.responder, id, &event(time, body), at(NOW)).await.unwrap();
    }
    room::add(&store, &p.responder, other, &event(None, "elsewhere"), at(NOW)).await.unwrap();
    assert_eq!(told(&store, &p, id).await, ["a", "b", "c", "d"]);
    assert_eq!(told(&store, &p, other).await, ["elsewhere"]);
}

async fn a_changed_event_needs_its_version_and_its_incident(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let (other, _) = incident(&store, &p.responder, "Another").await;
    let event_id = room::add(&store, &p.responder, id, &event(Some("2026-03-02T10:30:00Z"), "first"), at(NOW)).await.unwrap();
    let mut new = event(Some("2026-03-02T10:31:00Z"), "second");
    new.kind = EventKind::Decision;
    let elsewhere = room::change(&store, &p.outsider, (other, event_id), 1, &new, at(NOW)).await;
    assert!(matches!(elsewhere, Err(StoreError::NotFound)), "not through another incident");
    room::change(&store, &p.outsider, (id, event_id), 1, &new, at(NOW)).await.unwrap();
    let stale = room::change(&store, &p.responder, (id, event_id), 1, &event(None, "third"), at(NOW)).await;
    assert!(matches!(stale, Err(StoreError::Stale)));
    let read = room::event(&store, &p.responder, id, event_id, at(NOW)).await.unwrap();
    assert_eq!((read.body.as_str(), read.kind, read.version), ("second", EventKind::Decision, 2));
    let nobody = room::change(&store, &p.responder, (id, EventId(store::random::id())), 1, &new, at(NOW)).await;
    assert!(matches!(nobody, Err(StoreError::NotFound)));
}

async fn a_deleted_event_comes_back(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let event_id = room::add(&store, &p.responder, id, &event(Some("2026-03-02T10:30:00Z"), "here"), at(NOW)).await.unwrap();
    assert!(matches!(room::delete(&store, &p.responder, id, event_id, 7, at(NOW)).await, Err(StoreError::Stale)));
    room::delete(&store, &p.responder, id, event_id, 1, at(NOW)).await.unwrap();
    assert!(told(&store, &p, id).await.is_empty());
    assert_eq!(room::count(&store, &p.responder, id, at(NOW)).await.unwrap(), 0);
    assert!(matches!(room::event(&store, &p.responder, id, event_id, at(NOW)).await, Err(StoreError::NotFound)));
    assert!(matches!(room::delete(&store, &p.responder, id, event_id, 2, at(NOW)).await, Err(StoreError::NotFound)));
    let again = async || room::take_back(&store, &p.responder, (id, event_id), 0, at(NOW)).await;
    assert_eq!(again().await.unwrap(), TakenBack::Restored);
    assert_eq!(told(&store, &p, id).await, ["here"]);
    assert!(matches!(again().await, Err(StoreError::Stale)), "sent twice, done once");
    assert_eq!(told(&store, &p, id).await, ["here"]);
}

async fn only_members_write_and_guests_see_nothing(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let event_id = room::add(&store, &p.responder, id, &event(None, "here"), at(NOW)).await.unwrap();
    let new = event(None, "there");
    for viewer in [&p.guest, &p.admin] {
        assert!(matches!(room::add(&store, viewer, id, &new, at(NOW)).await, Err(StoreError::NotFound)));
        assert!(matches!(room::change(&store, viewer, (id, event_id), 1, &new, at(NOW)).await, Err(StoreError::NotFound)));
        assert!(matches!(room::delete(&store, viewer, id, event_id, 1, at(NOW)).await, Err(StoreError::NotFound)));
        assert!(matches!(room::take_back(&store, viewer, (id, event_id), 1, at(NOW)).await, Err(StoreError::NotFound)));
        let undone = (Placement::Undone, None);
        let settled = room::in_place::settle(&store, viewer, (id, event_id), 1, undone, at(NOW)).await;
        assert!(matches!(settled, Err(StoreError::NotFound)));
        assert!(matches!(room::event(&store, viewer, id, event_id, at(NOW)).await, Err(StoreError::NotFound)));
    }
    assert!(matches!(room::events(&store, &p.guest, id, at(NOW)).await, Err(StoreError::NotFound)));
    assert_eq!(room::events(&store, &p.admin, id, at(NOW)).await.unwrap().len(), 1);
}

async fn an_event_brings_its_incident_up_in_recently_changed(store: Store) {
    let p = people(&store).await;
    let (first, key) = incident(&store, &p.responder, "First").await;
    incident(&store, &p.responder, "Second").await;
    room::add(&store, &p.responder, first, &event(None, "news"), at("2026-03-09T10:00:00Z")).await.unwrap();
    let filter = Filter { sort: Sort::Changed, ..Filter::default() };
    let page = store::incidents::list(&store, &p.responder, &filter, 9).await.unwrap();
    assert_eq!(page.rows[0].key, key);
    assert_eq!(page.rows[0].changed_at, at("2026-03-09T10:00:00Z"));
}
