//! Talks: whose notes they are, until when, and what is left of them.

use super::{noon, not_found, says, told};
use crate::support::at;
use domain::interviews::Audience;
use store::interviews::{self as room, SaveTalk, TalkNote};
use store::owndata::{self, Erase};
use store::{Store, StoreError};

conformance! {
    notes_are_their_writers_until_they_are_handed_over,
    what_is_off_the_record_is_nowhere,
    nobody_leads_the_talk_of_their_own_people_or_of_another_facilitator,
    publication_and_erasing_end_them,
    who_leaves_the_review_hands_over,
    a_withdrawn_invitation_takes_its_notes_along,
}

fn note(question: i64, text: &str) -> TalkNote {
    TalkNote { question, text: text.to_owned(), off_record: false }
}

fn noted(notes: Vec<TalkNote>, base_version: i64) -> SaveTalk {
    SaveTalk { notes, impressions: "tired".to_owned(), base_version, ..SaveTalk::default() }
}

async fn notes_are_their_writers_until_they_are_handed_over(store: Store) {
    let t = told(&store).await;
    let (frida, rune) = (&t.people.facilitator, &t.people.responder);
    let refused = room::hand_over(&store, frida, t.incident, t.mine, noon()).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "nothing is noted yet");
    let save = noted(vec![note(2, "the cache"), note(7, "no map")], 0);
    assert_eq!(room::save_talk(&store, frida, t.incident, t.mine, &save, noon()).await.unwrap(), 1);
    let stale = noted(vec![note(2, "something else")], 0);
    assert!(matches!(room::save_talk(&store, frida, t.incident, t.mine, &stale, noon()).await, Err(StoreError::Stale)));
    assert!(room::page(&store, rune, t.mine, noon()).await.unwrap().handed_over.is_none());
    room::let_note_go(&store, rune, t.mine, 2, noon()).await.unwrap();
    let talk = room::talk(&store, frida, t.incident, t.mine, noon()).await.unwrap();
    assert_eq!((talk.notes.len(), talk.impressions.as_str()), (2, "tired"), "not yet theirs to let go");

    room::hand_over(&store, frida, t.incident, t.mine, noon()).await.unwrap();
    let talk = room::talk(&store, frida, t.incident, t.mine, noon()).await.unwrap();
    assert!(talk.notes.is_empty() && talk.handed_over_at.is_some());
    let given = room::page(&store, rune, t.mine, noon()).await.unwrap().handed_over.unwrap();
    assert_eq!((given.by.as_str(), given.notes), ("Frida Facilitator", vec![note(2, "the cache"), note(7, "no map")]));
    let late = noted(vec![note(2, "written behind their back")], talk.version);
    room::save_talk(&store, frida, t.incident, t.mine, &late, noon()).await.unwrap();
    room::let_note_go(&store, rune, t.mine, 7, noon()).await.unwrap();
    let given = room::page(&store, rune, t.mine, noon()).await.unwrap().handed_over.unwrap();
    assert_eq!(given.notes, [note(2, "the cache")]);
}

async fn what_is_off_the_record_is_nowhere(store: Store) {
    let t = told(&store).await;
    let frida = &t.people.facilitator;
    let quiet = TalkNote { question: 4, text: "do not write this down".to_owned(), off_record: true };
    let save = noted(vec![quiet, note(3, "hours"), note(11, "sleep")], 0);
    room::save_talk(&store, frida, t.incident, t.mine, &save, noon()).await.unwrap();
    let talk = room::talk(&store, frida, t.incident, t.mine, noon()).await.unwrap();
    assert_eq!(talk.notes, [TalkNote { question: 4, text: String::new(), off_record: true }]);
    room::hand_over(&store, frida, t.incident, t.mine, noon()).await.unwrap();
    assert!(room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap().handed_over.is_none());
}

async fn nobody_leads_the_talk_of_their_own_people_or_of_another_facilitator(store: Store) {
    let t = told(&store).await;
    let p = &t.people;
    for other in [&p.responder, &p.other_responder, &p.leader, &p.admin, &p.manager, &p.outsider] {
        not_found(room::talk(&store, other, t.incident, t.mine, noon()).await);
        not_found(room::save_talk(&store, other, t.incident, t.mine, &noted(vec![note(2, "x")], 0), noon()).await);
        not_found(room::hand_over(&store, other, t.incident, t.mine, noon()).await);
    }
    room::save_talk(&store, &p.facilitator, t.incident, t.mine, &noted(vec![note(2, "x")], 0), noon()).await.unwrap();
    store::reviews::appoint(&store, &p.admin, t.incident, p.later_facilitator.person_id, true, noon()).await.unwrap();
    not_found(room::talk(&store, &p.later_facilitator, t.incident, t.mine, noon()).await);
    assert!(room::talk(&store, &p.later_facilitator, t.incident, t.other, noon()).await.is_ok(), "one that nobody leads");
}

async fn publication_and_erasing_end_them(store: Store) {
    let t = told(&store).await;
    let (frida, rune) = (&t.people.facilitator, &t.people.responder);
    let impressions = async || owndata::collect(&store, frida, noon()).await.unwrap().impressions.len();
    room::save_talk(&store, frida, t.incident, t.mine, &noted(vec![note(2, "x")], 0), noon()).await.unwrap();
    room::hand_over(&store, frida, t.incident, t.mine, noon()).await.unwrap();
    assert_eq!(impressions().await, 1);
    t.save(&store, 2, &says("mine", Audience::OnlyMe)).await;
    owndata::erase(&store, rune, Erase::Conversation(t.mine), false, noon()).await.unwrap();
    assert_eq!(impressions().await, 0, "what was noted of a conversation goes with it");

    room::save_talk(&store, frida, t.incident, t.other, &noted(vec![note(2, "y")], 0), noon()).await.unwrap();
    owndata::erase(&store, frida, Erase::Everything, false, noon()).await.unwrap();
    assert_eq!(impressions().await, 0);
    room::save_talk(&store, frida, t.incident, t.other, &noted(vec![note(2, "y")], 0), noon()).await.unwrap();
    room::hand_over(&store, frida, t.incident, t.other, noon()).await.unwrap();
    let summary = domain::reviews::SectionKind::Summary;
    store::reviews::save_section(&store, frida, t.incident, summary, 0, "As it was.", noon()).await.unwrap();
    let later = at("2026-03-20T12:00:00Z");
    store::reviews::publish(&store, frida, t.incident, later).await.unwrap();
    assert_eq!(impressions().await, 0);
    assert!(room::page(&store, &t.people.other_responder, t.other, later).await.unwrap().handed_over.is_none());
    let after = room::save_talk(&store, frida, t.incident, t.other, &noted(vec![note(2, "z")], 0), later).await;
    assert!(matches!(after, Err(StoreError::Refused(_))));
}

async fn who_leaves_the_review_hands_over(store: Store) {
    let t = told(&store).await;
    let p = &t.people;
    let quiet = TalkNote { question: 4, text: String::new(), off_record: true };
    room::save_talk(&store, &p.facilitator, t.incident, t.mine, &noted(vec![note(2, "the cache"), quiet], 0), noon())
        .await
        .unwrap();
    store::reviews::appoint(&store, &p.admin, t.incident, p.later_facilitator.person_id, true, noon()).await.unwrap();
    store::reviews::release(&store, &p.facilitator, t.incident, p.facilitator.person_id, noon()).await.unwrap();
    let given = room::page(&store, &p.responder, t.mine, noon()).await.unwrap().handed_over.unwrap();
    assert_eq!((given.by.as_str(), given.notes), ("Frida Facilitator", vec![note(2, "the cache")]));
    let impressions = owndata::collect(&store, &p.facilitator, noon()).await.unwrap().impressions;
    assert!(impressions.is_empty(), "their impressions went with them");
    not_found(room::talk(&store, &p.later_facilitator, t.incident, t.mine, noon()).await);
}

async fn a_withdrawn_invitation_takes_its_notes_along(store: Store) {
    let t = told(&store).await;
    let frida = &t.people.facilitator;
    room::save_talk(&store, frida, t.incident, t.mine, &noted(vec![note(2, "the cache")], 0), noon()).await.unwrap();
    room::withdraw(&store, frida, t.incident, t.mine, noon()).await.unwrap();
    let impressions = owndata::collect(&store, frida, noon()).await.unwrap().impressions;
    assert!(impressions.is_empty());
    let again = room::Invitee::Person(t.people.responder.person_id);
    room::invite(&store, frida, t.incident, &again, None, noon()).await.unwrap();
    let talk = room::talk(&store, frida, t.incident, t.mine, noon()).await.unwrap();
    assert!(talk.notes.is_empty() && talk.begun_at.is_none());
}
