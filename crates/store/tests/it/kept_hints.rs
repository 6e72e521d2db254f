//! Sentences that stay as they are, documents without hints, and a sentence that is parked out of its section.

use crate::interviews::not_found;
use crate::support::{self, People, at, people};
use domain::IncidentId;
use domain::incidents::IncidentKey;
use domain::people::GlobalRole;
use domain::reviews::SectionKind;
use store::reviews::{self as room, HintKey, KeptHints, Saving, WhileWriting};
use store::{Store, StoreError, parking, settings};

conformance! {
    a_sentence_is_kept_and_shown_again_by_the_facilitators,
    a_document_goes_without_hints,
    a_sentence_is_parked_and_taken_out_together_or_not_at_all,
    what_the_assistant_is_told_is_chosen_by_administrators,
}

const NOW: &str = "2026-03-03T09:00:00Z";

async fn scene(store: &Store) -> (People, IncidentId) {
    let (people, incident, _) = scene_with_key(store).await;
    (people, incident)
}

async fn scene_with_key(store: &Store) -> (People, IncidentId, IncidentKey) {
    let people = people(store).await;
    let (incident, key) = support::incident(store, &people.planner, "Labels did not print").await;
    room::open(store, &people.admin, incident, people.facilitator.person_id, false, at(NOW)).await.unwrap();
    (people, incident, key)
}

async fn kept(store: &Store, people: &People, incident: IncidentId) -> KeptHints {
    room::kept_hints(store, &people.facilitator, incident, at(NOW)).await.unwrap()
}

async fn a_sentence_is_kept_and_shown_again_by_the_facilitators(store: Store) {
    let (people, incident) = scene(&store).await;
    let key = HintKey::new(incident, "B1", "we should have noticed");
    for other in [
        HintKey::new(incident, "B2", "we should have noticed"),
        HintKey::new(incident, "B1", "we could have noticed"),
        HintKey::new(IncidentId(uuid::Uuid::from_u128(7)), "B1", "we should have noticed"),
    ] {
        assert_ne!(key, other);
    }
    assert!(!kept(&store, &people, incident).await.has(&key));
    for _ in 0..2 {
        room::keep_hint(&store, &people.facilitator, incident, &key, true, at(NOW)).await.unwrap();
        assert!(kept(&store, &people, incident).await.has(&key));
    }
    // Text that is saved elsewhere changes nothing of it.
    room::save_section(&store, &people.facilitator, incident, SectionKind::Summary, 0, "Labels waited.", at(NOW)).await.unwrap();
    assert!(kept(&store, &people, incident).await.has(&key));
    for who in [&people.responder, &people.admin, &people.leader] {
        not_found(room::kept_hints(&store, who, incident, at(NOW)).await);
        not_found(room::keep_hint(&store, who, incident, &key, false, at(NOW)).await);
        not_found(room::switch_hints(&store, who, incident, false, at(NOW)).await);
    }
    room::keep_hint(&store, &people.facilitator, incident, &key, false, at(NOW)).await.unwrap();
    assert_eq!(kept(&store, &people, incident).await, KeptHints::default());
}

async fn a_document_goes_without_hints(store: Store) {
    let (people, incident) = scene(&store).await;
    let key = HintKey::new(incident, "B1", "we should have noticed");
    room::keep_hint(&store, &people.facilitator, incident, &key, true, at(NOW)).await.unwrap();
    for (on, none) in [(false, true), (false, true), (true, false)] {
        room::switch_hints(&store, &people.facilitator, incident, on, at(NOW)).await.unwrap();
        let kept = kept(&store, &people, incident).await;
        assert_eq!((kept.none, kept.has(&key)), (none, true));
    }
}

async fn a_sentence_is_parked_and_taken_out_together_or_not_at_all(store: Store) {
    let (people, incident, key) = scene_with_key(&store).await;
    let (frida, kind) = (&people.facilitator, SectionKind::Narrative);
    room::save_section(&store, frida, incident, kind, 0, "It rang. We should add a board.", at(NOW)).await.unwrap();
    let parked = async || parking::lot(&store, frida, key, at(NOW)).await.unwrap().mine.len();
    let take_out = async |base_version, body: &str| {
        let typed = WhileWriting { base_version, body, follows: false };
        room::park_out_of(&store, frida, incident, kind, typed, "We should add a board.", at(NOW)).await
    };
    let Ok(Saving::Conflict(theirs)) = take_out(0, "It rang.").await else { panic!("an older text was taken") };
    assert_eq!((theirs.version, parked().await), (1, 0));
    let Ok(Saving::Saved(saved)) = take_out(1, "It rang.").await else { panic!("it was not taken out") };
    assert_eq!((saved.body.as_str(), saved.version, parked().await), ("It rang.", 2, 1));
    // The same again, as an impatient hand sends it.
    assert!(matches!(take_out(1, "It rang.").await, Ok(Saving::Saved(_))));
    assert_eq!(parked().await, 1);
    // Typed, never saved, and taken out: the text stays as it is, and the lot has the sentence.
    assert!(matches!(take_out(2, "It rang.").await, Ok(Saving::Saved(_))));
    assert_eq!(parked().await, 2);
    let before = room::version_text(&store, frida, incident, kind, 1, at(NOW)).await.unwrap();
    assert_eq!(before.body, "It rang. We should add a board.", "the history has it");
    let typed = WhileWriting { base_version: 2, body: "It rang twice.", follows: false };
    let empty = room::park_out_of(&store, frida, incident, kind, typed, " ", at(NOW)).await;
    assert!(matches!(empty, Err(StoreError::Invalid(_))), "{empty:?}");
    assert_eq!(
        room::sections(&store, frida, incident, at(NOW)).await.unwrap().iter().find(|s| s.kind == kind).unwrap().version,
        2
    );
    not_found(room::park_out_of(&store, &people.responder, incident, kind, typed, "We should.", at(NOW)).await);
}

async fn what_the_assistant_is_told_is_chosen_by_administrators(store: Store) {
    let people = people(&store).await;
    let admin = support::account(&store, "Alma Admin", GlobalRole::Administrator, false, None, None).await;
    assert_eq!(settings::writing(&store, &admin).await.unwrap(), settings::WritingChoice::default());
    settings::save_writing_switches(&store, &admin, true, "-G +C13", at(NOW)).await.unwrap();
    settings::save_writing_rules(&store, &admin, "", "off: [B1]\n", at(NOW)).await.unwrap();
    let chosen = settings::WritingChoice { off: true, switches: "-G +C13".to_owned(), rules: "off: [B1]\n".to_owned() };
    assert_eq!(settings::writing(&store, &admin).await.unwrap(), chosen);
    let stale = settings::save_writing_rules(&store, &admin, "", "off: [B2]\n", at(NOW)).await;
    assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
    // Sent twice is done once.
    settings::save_writing_rules(&store, &admin, "", "off: [B1]\n", at(NOW)).await.unwrap();
    let words = store::people::writing_words(&store, &people.responder).await.unwrap();
    assert_eq!(words.choice, chosen, "who writes is told");
    settings::save_writing_switches(&store, &admin, false, "", at(NOW)).await.unwrap();
    assert!(!settings::writing(&store, &admin).await.unwrap().off);
    for who in [&people.responder, &people.leader, &people.facilitator] {
        not_found(settings::writing(&store, who).await);
        not_found(settings::save_writing_switches(&store, who, true, "", at(NOW)).await);
        not_found(settings::save_writing_rules(&store, who, "off: [B1]\n", "", at(NOW)).await);
    }
}
