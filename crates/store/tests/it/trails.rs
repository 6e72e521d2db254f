//! What became of mitigation actions, hypotheses with their ends, and taking back what was just done.

use crate::support::{at, incident, new_incident, people};
use crate::timeline::event;
use domain::history::{Change, ObjectKind};
use domain::incidents::Severity;
use domain::people::Viewer;
use domain::timeline::hypothesis::{HypothesisState, NewHypothesis};
use domain::timeline::{EventDetails, EventKind, NewEvent, Placement};
use domain::{EventId, IncidentId};
use store::history::Filter;
use store::timeline::{TakenBack, hypotheses, in_place};
use store::{Store, StoreError, timeline as room};

conformance! {
    what_is_still_in_place_stands_oldest_first_for_who_sees_its_incident,
    an_action_is_settled_once_and_said_in_the_history,
    only_a_mitigation_action_is_settled,
    a_change_is_taken_back_and_that_again,
    nothing_of_somebody_else_is_taken_back,
    many_are_added_together_and_taken_back_together,
    a_hypothesis_is_raised_tested_and_dropped_and_stays,
    only_members_write_hypotheses,
    hypotheses_go_with_a_merge_and_come_back_with_a_split,
}

const NOW: &str = "2026-03-02T14:00:00Z";

async fn action(store: &Store, by: &Viewer, id: IncidentId, time: Option<&str>, body: &str) -> EventId {
    let details = EventDetails { placement: Placement::InPlace, ..EventDetails::default() };
    let new = NewEvent { kind: EventKind::Mitigation, details, ..event(time, body) };
    room::add(store, by, id, &new, at(NOW)).await.unwrap()
}

async fn listed(store: &Store, viewer: &Viewer) -> Vec<String> {
    let (actions, all) = in_place::list(store, viewer, None, 0).await.unwrap();
    assert_eq!(i64::try_from(actions.len()).unwrap(), all);
    assert_eq!(in_place::count(store, viewer).await.unwrap(), all);
    actions.into_iter().map(|a| a.event.body).collect()
}

async fn what_is_still_in_place_stands_oldest_first_for_who_sees_its_incident(store: Store) {
    let p = people(&store).await;
    let (id, key) = incident(&store, &p.responder, "Slow").await;
    let mut new = new_incident("Named", Severity::Sev2, "2026-03-02T09:00:00Z");
    (new.restricted, new.team_id) = (true, Some(p.other_team));
    let named = store::incidents::add(&store, &p.responder, &new, at(NOW)).await.unwrap();
    let named = store::incidents::by_key(&store, &p.responder, named, at(NOW)).await.unwrap().incident.id;
    action(&store, &p.responder, id, Some("2026-03-02T11:00:00Z"), "younger").await;
    action(&store, &p.responder, id, Some("2026-03-02T10:30:00Z"), "older").await;
    action(&store, &p.responder, id, None, "since the start").await;
    action(&store, &p.responder, named, Some("2026-03-02T12:00:00Z"), "named").await;
    let gone = action(&store, &p.responder, id, None, "deleted").await;
    room::delete(&store, &p.responder, id, gone, 1, at(NOW)).await.unwrap();
    assert_eq!(listed(&store, &p.responder).await, ["since the start", "older", "younger", "named"]);
    for viewer in [&p.outsider, &p.admin, &p.leader] {
        assert_eq!(listed(&store, viewer).await, ["since the start", "older", "younger"]);
    }
    let (of_team, _) = in_place::list(&store, &p.responder, Some(p.other_team), 0).await.unwrap();
    assert_eq!(of_team.iter().map(|a| a.event.body.as_str()).collect::<Vec<_>>(), ["named"]);
    assert!(in_place::list(&store, &p.responder, None, 1).await.unwrap().0.is_empty());
    assert!(matches!(in_place::list(&store, &p.guest, None, 0).await, Err(StoreError::NotFound)));
    store::trash::put_in(&store, &p.responder, id, &key.to_string(), at(NOW)).await.unwrap();
    assert_eq!(listed(&store, &p.outsider).await, Vec::<String>::new(), "not of what is in the trash");
}

async fn an_action_is_settled_once_and_said_in_the_history(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let done = action(&store, &p.responder, id, Some("2026-03-02T11:00:00Z"), "Traffic goes round").await;
    let undone = (Placement::Undone, Some(at(NOW)));
    let stale = in_place::settle(&store, &p.outsider, (id, done), 7, undone, at(NOW)).await;
    assert!(matches!(stale, Err(StoreError::Stale)));
    let later = at("2026-03-02T14:01:00Z");
    for _ in 0..2 {
        in_place::settle(&store, &p.outsider, (id, done), 1, undone, later).await.unwrap();
    }
    let read = room::event(&store, &p.responder, id, done, at(NOW)).await.unwrap();
    assert_eq!((read.details.placement, read.details.settled_at, read.version), (Placement::Undone, Some(at(NOW)), 2));
    assert_eq!(read.body, "Traffic goes round");
    assert!(listed(&store, &p.responder).await.is_empty());
    let filter = Filter { object: Some(done.to_string()), ..Filter::default() };
    let told = store::history::page(&store, &p.responder, id, &filter, 9, later).await.unwrap();
    assert_eq!(told.lines.iter().map(|l| l.change).collect::<Vec<_>>(), [Change::Changed, Change::Added]);
    // Back again: when it was undone is not known of what is in place.
    let back = (Placement::InPlace, Some(at(NOW)));
    in_place::settle(&store, &p.responder, (id, done), 2, back, at(NOW)).await.unwrap();
    let read = room::event(&store, &p.responder, id, done, at(NOW)).await.unwrap();
    assert_eq!((read.details.placement, read.details.settled_at), (Placement::InPlace, None));
}

async fn only_a_mitigation_action_is_settled(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let note = room::add(&store, &p.responder, id, &event(None, "A note"), at(NOW)).await.unwrap();
    let refused = in_place::settle(&store, &p.responder, (id, note), 1, (Placement::Permanent, None), at(NOW)).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))));
    let nobody =
        in_place::settle(&store, &p.responder, (id, EventId(store::random::id())), 1, (Placement::Undone, None), at(NOW));
    assert!(matches!(nobody.await, Err(StoreError::NotFound)));
}

async fn a_change_is_taken_back_and_that_again(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let it = room::add(&store, &p.responder, id, &event(Some("2026-03-02T10:30:00Z"), "first"), at(NOW)).await.unwrap();
    let second = event(Some("2026-03-02T10:40:00Z"), "second");
    room::change(&store, &p.responder, (id, it), 1, &second, at("2026-03-02T14:01:00Z")).await.unwrap();
    let mut minute = 2;
    for (did, body) in [(TakenBack::Changed, "first"), (TakenBack::Changed, "second"), (TakenBack::Changed, "first")] {
        let version = room::event(&store, &p.responder, id, it, at(NOW)).await.unwrap().version;
        let now = at(&format!("2026-03-02T14:0{minute}:00Z"));
        assert_eq!(room::take_back(&store, &p.responder, (id, it), version, now).await.unwrap(), did);
        assert_eq!(room::event(&store, &p.responder, id, it, at(NOW)).await.unwrap().body, body);
        minute += 1;
    }
    // What was added is deleted again, and added again, for as long as one likes.
    let new = room::add(&store, &p.responder, id, &event(None, "new"), at(NOW)).await.unwrap();
    for there in [1, 0, 1, 0] {
        let now = at(&format!("2026-03-02T14:0{minute}:00Z"));
        let version = if there == 1 { room::event(&store, &p.responder, id, new, at(NOW)).await.unwrap().version } else { 0 };
        let did = room::take_back(&store, &p.responder, (id, new), version, now).await.unwrap();
        assert_eq!(did, if there == 1 { TakenBack::Deleted } else { TakenBack::Restored });
        minute += 1;
    }
    assert_eq!(room::event(&store, &p.responder, id, new, at(NOW)).await.unwrap().body, "new");
}

async fn nothing_of_somebody_else_is_taken_back(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let (other, _) = incident(&store, &p.responder, "Another").await;
    let it = room::add(&store, &p.responder, id, &event(None, "first"), at(NOW)).await.unwrap();
    room::change(&store, &p.outsider, (id, it), 1, &event(None, "second"), at(NOW)).await.unwrap();
    assert!(matches!(room::take_back(&store, &p.responder, (id, it), 1, at(NOW)).await, Err(StoreError::Stale)));
    assert!(matches!(room::take_back(&store, &p.responder, (other, it), 2, at(NOW)).await, Err(StoreError::NotFound)));
    assert!(matches!(room::take_back(&store, &p.responder, (other, it), 0, at(NOW)).await, Err(StoreError::NotFound)));
    assert_eq!(room::event(&store, &p.responder, id, it, at(NOW)).await.unwrap().body, "second");
}

async fn many_are_added_together_and_taken_back_together(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    room::add(&store, &p.responder, id, &event(Some("2026-03-02T10:00:00Z"), "before"), at("2026-03-02T13:59:00Z"))
        .await
        .unwrap();
    let many = [event(None, "one"), event(Some("2026-03-02T09:00:00Z"), "two"), event(None, "three")];
    assert!(matches!(room::add_many(&store, &p.guest, id, &many, at(NOW)).await, Err(StoreError::NotFound)));
    room::add_many(&store, &p.responder, id, &many, at(NOW)).await.unwrap();
    let told = async || {
        let events = room::events(&store, &p.responder, id, at(NOW)).await.unwrap();
        events.iter().map(|e| e.body.clone()).collect::<Vec<_>>()
    };
    assert_eq!(told().await, ["two", "three", "before", "one"]);
    assert!(matches!(room::take_back_many(&store, &p.guest, id, at(NOW), at(NOW)).await, Err(StoreError::NotFound)));
    assert_eq!(room::take_back_many(&store, &p.outsider, id, at(NOW), at(NOW)).await.unwrap(), 0, "not somebody else's");
    assert_eq!(room::take_back_many(&store, &p.responder, id, at(NOW), at(NOW)).await.unwrap(), 3);
    assert_eq!(told().await, ["before"]);
    assert_eq!(room::take_back_many(&store, &p.responder, id, at(NOW), at(NOW)).await.unwrap(), 0, "sent twice, done once");
}

fn thought(state: HypothesisState, raised: Option<&str>, body: &str) -> NewHypothesis {
    NewHypothesis {
        body: body.to_owned(),
        state,
        raised_at: raised.map(at),
        settled_at: None,
        spoke_for: "It began with the deployment".to_owned(),
        spoke_against: String::new(),
        zone: "Europe/Copenhagen".to_owned(),
    }
}

async fn bodies(store: &Store, viewer: &Viewer, id: IncidentId) -> Vec<String> {
    let all = hypotheses::list(store, viewer, id, at(NOW)).await.unwrap();
    all.into_iter().map(|h| h.said.body).collect()
}

async fn a_hypothesis_is_raised_tested_and_dropped_and_stays(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let new = thought(HypothesisState::Raised, Some("2026-03-02T10:30:00Z"), "The cache is cold");
    let it = hypotheses::add(&store, &p.responder, id, &new, at(NOW)).await.unwrap();
    hypotheses::add(&store, &p.responder, id, &thought(HypothesisState::Held, Some("2026-03-02T10:10:00Z"), "The disk"), at(NOW))
        .await
        .unwrap();
    assert_eq!(bodies(&store, &p.leader, id).await, ["The disk", "The cache is cold"]);
    let dropped = NewHypothesis {
        state: HypothesisState::Dropped,
        settled_at: Some(at("2026-03-02T10:50:00Z")),
        spoke_against: "It was slow before".to_owned(),
        ..new.clone()
    };
    hypotheses::change(&store, &p.outsider, (id, it), 1, &dropped, at(NOW)).await.unwrap();
    assert!(matches!(hypotheses::change(&store, &p.responder, (id, it), 1, &new, at(NOW)).await, Err(StoreError::Stale)));
    let read = hypotheses::one(&store, &p.responder, id, it, at(NOW)).await.unwrap();
    assert_eq!((read.said, read.version, read.created_by), (dropped, 2, Some(p.responder.person_id)));
    assert!(matches!(hypotheses::delete(&store, &p.responder, (id, it), 1, at(NOW)).await, Err(StoreError::Stale)));
    hypotheses::delete(&store, &p.responder, (id, it), 2, at(NOW)).await.unwrap();
    assert_eq!(bodies(&store, &p.responder, id).await, ["The disk"]);
    for _ in 0..2 {
        hypotheses::restore(&store, &p.responder, id, it, at(NOW)).await.unwrap();
    }
    assert_eq!(bodies(&store, &p.responder, id).await, ["The disk", "The cache is cold"]);
    // An earlier version becomes its text again.
    let filter = Filter { kind: Some(ObjectKind::Hypothesis), object: Some(it.to_string()), ..Filter::default() };
    let told = store::history::page(&store, &p.responder, id, &filter, 9, at(NOW)).await.unwrap();
    let line = told.lines.iter().find(|l| l.change == Change::Changed).expect("the change");
    store::history::restore(&store, &p.responder, id, &line.id, line.now, at(NOW)).await.unwrap();
    assert_eq!(hypotheses::one(&store, &p.responder, id, it, at(NOW)).await.unwrap().said, new);
}

async fn only_members_write_hypotheses(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let new = thought(HypothesisState::Raised, None, "The cache is cold");
    let it = hypotheses::add(&store, &p.responder, id, &new, at(NOW)).await.unwrap();
    for viewer in [&p.guest, &p.admin] {
        assert!(matches!(hypotheses::add(&store, viewer, id, &new, at(NOW)).await, Err(StoreError::NotFound)));
        assert!(matches!(hypotheses::change(&store, viewer, (id, it), 1, &new, at(NOW)).await, Err(StoreError::NotFound)));
        assert!(matches!(hypotheses::delete(&store, viewer, (id, it), 1, at(NOW)).await, Err(StoreError::NotFound)));
        assert!(matches!(hypotheses::restore(&store, viewer, id, it, at(NOW)).await, Err(StoreError::NotFound)));
        assert!(matches!(hypotheses::one(&store, viewer, id, it, at(NOW)).await, Err(StoreError::NotFound)));
    }
    assert!(matches!(hypotheses::list(&store, &p.guest, id, at(NOW)).await, Err(StoreError::NotFound)));
}

async fn hypotheses_go_with_a_merge_and_come_back_with_a_split(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let (twin, key) = incident(&store, &p.responder, "Slow too").await;
    hypotheses::add(&store, &p.responder, id, &thought(HypothesisState::Raised, None, "Here"), at(NOW)).await.unwrap();
    hypotheses::add(&store, &p.responder, twin, &thought(HypothesisState::Raised, None, "There"), at(NOW)).await.unwrap();
    let (_, into) = incident(&store, &p.responder, "Unrelated").await;
    assert_ne!(into, key);
    let stays = store::incidents::by_key(&store, &p.responder, into, at(NOW)).await.unwrap().incident.id;
    store::trash::merge(&store, &p.responder, twin, &into.to_string(), at(NOW)).await.unwrap();
    assert_eq!(bodies(&store, &p.responder, stays).await, ["There"]);
    store::trash::put_back(&store, &p.responder, key, at(NOW)).await.unwrap();
    assert_eq!(bodies(&store, &p.responder, stays).await, Vec::<String>::new());
    assert_eq!(bodies(&store, &p.responder, twin).await, ["There"]);
    assert_eq!(bodies(&store, &p.responder, id).await, ["Here"]);
}
