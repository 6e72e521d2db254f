//! Thanks: to a team at once, to a person with their yes alone, and never shown before it.

use crate::support::{People, account, at, incident, people};
use domain::IncidentId;
use domain::learnings::thanks::{Thanked, ThanksState};
use domain::people::{GlobalRole, Viewer};
use domain::reviews::SectionKind;
use store::reviews as room;
use store::{Store, StoreError};

conformance! {
    thanks_to_a_person_wait_for_their_yes,
    who_does_not_lead_the_review_thanks_nobody,
    only_who_sees_the_incident_is_asked,
    thanks_go_with_erasing,
    nobody_who_leaves_meanwhile_is_left_asked,
}

const NOW: &str = "2026-05-04T09:00:00Z";

async fn in_review(store: &Store, p: &People) -> IncidentId {
    let (id, _) = incident(store, &p.outsider, "Slow").await;
    room::open(store, &p.manager, id, p.facilitator.person_id, true, at(NOW)).await.unwrap();
    room::save_section(store, &p.facilitator, id, SectionKind::Summary, 0, "Told.", at(NOW)).await.unwrap();
    id
}

async fn words(store: &Store, viewer: &Viewer, id: IncidentId) -> Vec<String> {
    room::thanks(store, viewer, id, at(NOW)).await.unwrap().into_iter().map(|thanks| thanks.words).collect()
}

async fn thanks_to_a_person_wait_for_their_yes(store: Store) {
    let p = people(&store).await;
    let id = in_review(&store, &p).await;
    let frida = &p.facilitator;
    room::thank(&store, frida, id, Thanked::Team(p.team), "For the tea.", at(NOW)).await.unwrap();
    let rune = Thanked::Person(p.responder.person_id);
    let one = room::thank(&store, frida, id, rune, "For the drawing.", at("2026-05-04T09:00:01Z")).await.unwrap();
    assert_eq!(words(&store, frida, id).await, ["For the tea.", "For the drawing."]);
    for viewer in [&p.responder, &p.leader, &p.admin, &p.outsider] {
        assert!(matches!(room::thanks(&store, viewer, id, at(NOW)).await, Err(StoreError::NotFound)), "{}", viewer.name);
    }
    room::publish(&store, frida, id, at(NOW)).await.unwrap();
    // Published, and nobody but the two reads it; not answering is no yes.
    for viewer in [&p.responder, &p.leader, &p.admin, &p.outsider, &p.later_facilitator] {
        assert_eq!(words(&store, viewer, id).await, ["For the tea."], "{}", viewer.name);
    }
    let mine = room::thanks_of_mine(&store, &p.responder).await.unwrap();
    assert_eq!((mine[0].id, mine[0].words.as_str(), mine[0].state), (one, "For the drawing.", ThanksState::Asked));
    assert!(mine[0].key.is_some() && mine[0].answered_at.is_none());
    for viewer in [frida, &p.leader, &p.admin] {
        assert!(room::thanks_of_mine(&store, viewer).await.unwrap().is_empty());
        let answered = room::answer_thanks(&store, viewer, one, true, at(NOW)).await;
        assert!(matches!(answered, Err(StoreError::NotFound)), "{}", viewer.name);
    }
    room::answer_thanks(&store, &p.responder, one, true, at(NOW)).await.unwrap();
    assert_eq!(words(&store, &p.leader, id).await, ["For the tea.", "For the drawing."]);
    let all = room::thanks(&store, &p.leader, id, at(NOW)).await.unwrap();
    assert_eq!((all[1].to.as_str(), all[1].to_person, all[1].state), ("Rune Responder", true, ThanksState::Agreed));
    // They change their mind, after publication as well.
    room::answer_thanks(&store, &p.responder, one, false, at(NOW)).await.unwrap();
    assert_eq!(words(&store, &p.leader, id).await, ["For the tea."]);
    assert_eq!(room::thanks(&store, frida, id, at(NOW)).await.unwrap()[1].state, ThanksState::LeftOut);
    room::remove_thanks(&store, frida, id, one, at(NOW)).await.unwrap();
    assert!(room::thanks_of_mine(&store, &p.responder).await.unwrap().is_empty());
    assert!(matches!(room::answer_thanks(&store, &p.responder, one, true, at(NOW)).await, Err(StoreError::NotFound)));
}

async fn who_does_not_lead_the_review_thanks_nobody(store: Store) {
    let p = people(&store).await;
    let id = in_review(&store, &p).await;
    let team = Thanked::Team(p.team);
    let one = room::thank(&store, &p.facilitator, id, team, "For the tea.", at(NOW)).await.unwrap();
    for viewer in [&p.outsider, &p.leader, &p.admin, &p.guest, &p.later_facilitator] {
        let said = room::thank(&store, viewer, id, team, "For nothing.", at(NOW)).await;
        assert!(matches!(said, Err(StoreError::NotFound)), "{}", viewer.name);
        let removed = room::remove_thanks(&store, viewer, id, one, at(NOW)).await;
        assert!(matches!(removed, Err(StoreError::NotFound)), "{}", viewer.name);
        assert!(matches!(room::may_be_thanked(&store, viewer, id, at(NOW)).await, Err(StoreError::NotFound)));
    }
    let empty = room::thank(&store, &p.facilitator, id, team, " ", at(NOW)).await;
    assert!(matches!(empty, Err(StoreError::Invalid(i)) if i.message("words").is_some()));
    let nobody = Thanked::Team(domain::TeamId(store::random::id()));
    let nobody = room::thank(&store, &p.facilitator, id, nobody, "For it.", at(NOW)).await;
    assert!(matches!(nobody, Err(StoreError::Invalid(i)) if i.message("to").is_some()));
    assert!(matches!(room::thanks_of_mine(&store, &p.guest).await, Err(StoreError::NotFound)));
}

async fn only_who_sees_the_incident_is_asked(store: Store) {
    let p = people(&store).await;
    let id = in_review(&store, &p).await;
    let rune = Thanked::Person(p.responder.person_id);
    let before = room::thank(&store, &p.facilitator, id, rune, "For the drawing.", at(NOW)).await.unwrap();
    store::incidents::restrict(&store, &p.outsider, id, true, at(NOW)).await.unwrap();
    let asked = room::may_be_thanked(&store, &p.facilitator, id, at(NOW)).await.unwrap();
    assert!(asked.iter().all(|(person, _)| *person != p.responder.person_id), "{asked:?}");
    assert!(asked.iter().any(|(person, _)| *person == p.outsider.person_id));
    let refused = room::thank(&store, &p.facilitator, id, rune, "For the tea.", at(NOW)).await;
    assert!(matches!(refused, Err(StoreError::Invalid(i)) if i.message("to").is_some()));
    // What they were asked before stays theirs to answer; where it stands is not told.
    let mine = room::thanks_of_mine(&store, &p.responder).await.unwrap();
    assert_eq!((mine[0].id, mine[0].key), (before, None));
    room::answer_thanks(&store, &p.responder, before, false, at(NOW)).await.unwrap();
}

async fn thanks_go_with_erasing(store: Store) {
    let p = people(&store).await;
    let id = in_review(&store, &p).await;
    let rune = Thanked::Person(p.responder.person_id);
    let one = room::thank(&store, &p.facilitator, id, rune, "For the drawing.", at(NOW)).await.unwrap();
    room::answer_thanks(&store, &p.responder, one, true, at(NOW)).await.unwrap();
    room::publish(&store, &p.facilitator, id, at(NOW)).await.unwrap();
    let own = store::owndata::collect(&store, &p.responder, at(NOW)).await.unwrap();
    assert_eq!(own.thanks.iter().map(|thanks| thanks.words.as_str()).collect::<Vec<_>>(), ["For the drawing."]);
    store::owndata::erase(&store, &p.responder, store::owndata::Erase::Everything, false, at(NOW)).await.unwrap();
    assert!(words(&store, &p.leader, id).await.is_empty());
    assert!(store::owndata::collect(&store, &p.responder, at(NOW)).await.unwrap().thanks.is_empty());
}

async fn nobody_who_leaves_meanwhile_is_left_asked(store: Store) {
    let p = people(&store).await;
    let id = in_review(&store, &p).await;
    for round in 0..6 {
        let who = account(&store, &format!("Ursa {round}"), GlobalRole::Member, false, Some(p.team), None).await;
        let asked = room::thank(&store, &p.facilitator, id, Thanked::Person(who.person_id), "For the lamp.", at(NOW));
        let (_, left) = tokio::join!(asked, store::owndata::close_account(&store, &who, false, at(NOW)));
        left.unwrap();
        assert!(words(&store, &p.facilitator, id).await.is_empty(), "round {round}: words about somebody who can answer no more");
    }
}
