//! Repeatable entries and ticks: kept for their author, told to others as sentences within the audience, never where words are not.

use super::{Told, noon, refused_field, says, told};
use crate::support::at;
use domain::interviews::{AnswerBody, Audience, Entry, Instead};
use store::Store;
use store::interviews::{self as room, SaveAnswer};

conformance! {
    entries_come_back_to_their_author_and_reach_readers_as_sentences,
    something_said_instead_hides_entries_too,
    ticks_stay_with_their_author,
    the_timeline_hints_at_stretches_and_nothing_is_kept_of_it,
}

fn entry(values: &[(&str, &str)]) -> Entry {
    Entry(values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
}

fn with(entries: Vec<Entry>, audience: Audience) -> SaveAnswer {
    SaveAnswer { body: AnswerBody { entries, ..AnswerBody::default() }, ..says("", audience) }
}

async fn entries_come_back_to_their_author_and_reach_readers_as_sentences(store: Store) {
    let t: Told = told(&store).await;
    let surprise = entry(&[("expected", "a red board"), ("saw", "a green one")]);
    let blank = entry(&[("expected", " "), ("saw", "")]);
    let save = SaveAnswer {
        body: AnswerBody { text: "And more.".into(), entries: vec![surprise.clone(), blank], ..AnswerBody::default() },
        ..says("", Audience::Named)
    };
    t.save(&store, 2, &save).await;
    let page = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert_eq!(page.answer(2).unwrap().body.entries, [surprise]);
    t.submit(&store, noon()).await;
    let read = t.reads(&store, &t.people.facilitator).await;
    assert_eq!(read[0].1, "Expected: a red board. Saw: a green one\nAnd more.");

    let unknown = with(vec![entry(&[("role", "hero")])], Audience::Facilitator);
    refused_field(room::save(&store, &t.people.responder, t.mine, 1, &unknown, noon()).await, "entries");
    let misplaced = with(vec![entry(&[("saw", "a question without entries keeps none")])], Audience::Facilitator);
    t.save(&store, 5, &misplaced).await;
    let page = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert!(page.answer(5).is_none(), "nothing is left of it");
}

async fn something_said_instead_hides_entries_too(store: Store) {
    let t = told(&store).await;
    let entries = vec![entry(&[("tool", "The runbook"), ("how", "misled")])];
    let body = AnswerBody { entries: entries.clone(), instead: Some(Instead::PreferToTalk), ..AnswerBody::default() };
    t.save(&store, 10, &SaveAnswer { body, ..says("", Audience::Named) }).await;
    t.submit(&store, noon()).await;
    let read = room::overview(&store, &t.people.facilitator, t.incident, noon()).await.unwrap();
    assert_eq!((read[0].body.text.as_str(), read[0].body.entries.len()), ("", 0));
    let page = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert_eq!(page.answer(10).unwrap().body.entries, entries, "its author keeps them");
}

async fn ticks_stay_with_their_author(store: Store) {
    let t = told(&store).await;
    let body = AnswerBody { ticked: vec!["ate".into(), "nonsense".into()], ..AnswerBody::default() };
    t.save(&store, 11, &SaveAnswer { body, ..says("", Audience::OnlyMe) }).await;
    t.submit(&store, noon()).await;
    let page = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert_eq!(page.answer(11).unwrap().body.ticked, ["ate"]);
    assert!(t.reads(&store, &t.people.facilitator).await.is_empty());
}

async fn the_timeline_hints_at_stretches_and_nothing_is_kept_of_it(store: Store) {
    let t = told(&store).await;
    let hints = async || room::hinted(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert!(hints().await.is_empty());
    for minute in ["05", "40"] {
        let event = crate::timeline::event(Some(&format!("2026-03-02T22:{minute}:00Z")), "Looked at the queue.");
        store::timeline::add(&store, &t.people.responder, t.incident, &event, noon()).await.unwrap();
    }
    let event = crate::timeline::event(Some("2026-03-03T04:00:00Z"), "Somebody else looked.");
    store::timeline::add(&store, &t.people.other_responder, t.incident, &event, noon()).await.unwrap();
    assert_eq!(hints().await, [(at("2026-03-02T22:05:00Z"), at("2026-03-02T22:40:00Z"))]);
    let page = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert!(page.sessions.is_empty());
}
