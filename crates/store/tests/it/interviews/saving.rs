//! Saving, conflicts, submitting, taking back, declining: from the author's side.

use super::{Told, noon, not_found, refused_field, says, told};
use crate::support::at;
use domain::interviews::{AnswerBody, Audience, InvitationState};
use store::interviews::{self as room, SaveAnswer};
use store::{Store, StoreError};

conformance! {
    an_answer_is_saved_and_read_back_by_its_author_alone,
    a_stale_save_is_told_and_the_newer_text_stays,
    a_request_sent_twice_is_done_once,
    a_request_on_its_way_twice_at_once_is_done_once,
    the_last_words_of_a_page_win_over_its_own_save_on_the_way,
    a_question_that_was_only_looked_at_leaves_no_trace,
    an_audience_beyond_the_limit_is_refused,
    the_first_save_starts_and_declining_can_be_taken_back,
    after_publication_answers_stay_as_they_were,
    what_waits_is_counted_for_its_person_only,
    a_choice_is_kept_and_counted_only_where_there_is_one,
    naughty_text_comes_back_as_it_went_in,
}

async fn an_answer_is_saved_and_read_back_by_its_author_alone(store: Store) {
    let t = told(&store).await;
    let saved = t.save(&store, 2, &says("The board was green.", Audience::Named)).await;
    assert_eq!((saved.version, saved.saved_at), (1, noon()));
    let page = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    let answer = page.answer(2).unwrap();
    assert_eq!(answer.body.text, "The board was green.");
    assert_eq!((answer.audience, answer.released_at, answer.version), (Audience::Named, None, 1));
    assert_eq!(page.facilitators[0].name, "Frida Facilitator");
    assert_eq!(page.facilitators[0].appointed_by.as_deref(), Some("Ada Admin"));
    assert_eq!((page.answered_count(), page.next_question()), (1, Some(1)));
    let p = &t.people;
    for stranger in [&p.other_responder, &p.facilitator, &p.leader, &p.manager, &p.admin, &p.planner, &p.outsider, &p.guest] {
        not_found(room::page(&store, stranger, t.mine, noon()).await);
        not_found(room::save(&store, stranger, t.mine, 2, &says("not mine", Audience::Named), noon()).await);
        not_found(room::submit(&store, stranger, t.mine, noon()).await);
        not_found(room::decline(&store, stranger, t.mine, noon()).await);
        not_found(room::take_back(&store, stranger, t.mine, noon()).await);
        not_found(room::take_idea_back(&store, stranger, t.mine, noon()).await);
        not_found(room::nominate(&store, stranger, t.mine, "Somebody", "", noon()).await);
        not_found(room::agree(&store, stranger, t.mine, p.facilitator.person_id, noon()).await);
        not_found(room::readers_now(&store, stranger, t.mine, 2, Audience::Named, noon()).await);
    }
}

async fn a_stale_save_is_told_and_the_newer_text_stays(store: Store) {
    let t = told(&store).await;
    t.save(&store, 2, &says("from the phone", Audience::Facilitator)).await;
    let laptop = says("from the laptop", Audience::Facilitator);
    let outcome = room::save(&store, &t.people.responder, t.mine, 2, &laptop, noon()).await;
    assert!(matches!(outcome, Err(StoreError::Stale)), "{outcome:?}");
    let page = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert_eq!(page.answer(2).unwrap().body.text, "from the phone");
    let resolved = SaveAnswer { base_version: 1, ..laptop };
    assert_eq!(t.save(&store, 2, &resolved).await.version, 2);
    let ahead = SaveAnswer { base_version: 7, ..says("from nowhere", Audience::Facilitator) };
    assert!(matches!(room::save(&store, &t.people.responder, t.mine, 6, &ahead, noon()).await, Err(StoreError::Stale)));
}

async fn a_request_sent_twice_is_done_once(store: Store) {
    let t = told(&store).await;
    let first = SaveAnswer { request_key: "k1".into(), ..says("one", Audience::Facilitator) };
    let second = SaveAnswer { request_key: "k2".into(), base_version: 1, ..says("two", Audience::Facilitator) };
    let done = [t.save(&store, 2, &first).await, t.save(&store, 2, &first).await, t.save(&store, 2, &second).await];
    assert_eq!(done.map(|s| s.version), [1, 1, 2]);
    assert_eq!(t.save(&store, 2, &second).await.version, 2);
    // A form without a key that is sent twice says the same words: nothing to quarrel about.
    let plain = says("two", Audience::Facilitator);
    assert_eq!(t.save(&store, 2, &plain).await.version, 2);
    let late = room::save(&store, &t.people.responder, t.mine, 2, &first, noon()).await;
    assert!(matches!(late, Err(StoreError::Stale)), "an older request does not come back over a newer one: {late:?}");
}

async fn a_request_on_its_way_twice_at_once_is_done_once(store: Store) {
    let t = told(&store).await;
    for version in 0..20 {
        let save = SaveAnswer {
            base_version: version,
            request_key: format!("k{version}"),
            ..says(&format!("number {version}"), Audience::Facilitator)
        };
        let send = || room::save(&store, &t.people.responder, t.mine, 2, &save, noon());
        let (one, other) = tokio::join!(send(), send());
        assert_eq!((one.unwrap().version, other.unwrap().version), (version + 1, version + 1));
    }
}

async fn the_last_words_of_a_page_win_over_its_own_save_on_the_way(store: Store) {
    let t = told(&store).await;
    let on_the_way = SaveAnswer { request_key: "k1".into(), ..says("The boa", Audience::Facilitator) };
    let last =
        SaveAnswer { request_key: "k2".into(), follows: "k1".into(), ..says("The board was green.", Audience::Facilitator) };
    // It arrives first.
    t.save(&store, 2, &on_the_way).await;
    assert_eq!(t.save(&store, 2, &last).await.version, 2);
    // It arrives second.
    t.save(&store, 6, &last).await;
    let late = room::save(&store, &t.people.responder, t.mine, 6, &on_the_way, noon()).await;
    assert!(matches!(late, Err(StoreError::Stale)), "{late:?}");
    let page = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert_eq!([page.answer(2), page.answer(6)].map(|a| a.unwrap().body.text.clone()), ["The board was green."; 2]);
    // Somebody else's page is no excuse.
    let elsewhere = SaveAnswer { request_key: "k9".into(), follows: "k8".into(), ..says("another page", Audience::Facilitator) };
    assert!(matches!(room::save(&store, &t.people.responder, t.mine, 2, &elsewhere, noon()).await, Err(StoreError::Stale)));
}

async fn a_question_that_was_only_looked_at_leaves_no_trace(store: Store) {
    let t = told(&store).await;
    assert_eq!(t.save(&store, 2, &says("", Audience::Facilitator)).await.version, 0);
    let page = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert_eq!((page.state, page.answers.len()), (InvitationState::Invited, 0));
}

async fn an_audience_beyond_the_limit_is_refused(store: Store) {
    let t = told(&store).await;
    for q in domain::interviews::twelve().questions.iter().map(|q| q.kind) {
        for audience in Audience::ALL {
            let outcome = room::save(&store, &t.people.responder, t.mine, q.number, &says("words", audience), noon()).await;
            if q.number == 3 {
                assert!(matches!(outcome, Err(StoreError::Refused(_))), "hours are stretches");
            } else if q.allowed.contains(&audience) {
                let again = matches!(outcome, Err(StoreError::Stale));
                assert!(outcome.is_ok() || again, "question {} {audience:?}: {outcome:?}", q.number);
            } else {
                refused_field(outcome, "audience");
            }
        }
    }
    not_found(room::save(&store, &t.people.responder, t.mine, 13, &says("x", Audience::OnlyMe), noon()).await);
    refused_field(room::save(&store, &t.people.responder, t.mine, 2, &says("a\u{0}b", Audience::Named), noon()).await, "text");
}

async fn state(store: &Store, t: &Told) -> InvitationState {
    let list = room::list(store, &t.people.facilitator, t.incident, noon()).await.unwrap();
    list.iter().find(|l| l.id == t.mine).unwrap().state
}

async fn the_first_save_starts_and_declining_can_be_taken_back(store: Store) {
    let t = told(&store).await;
    assert_eq!(state(&store, &t).await, InvitationState::Invited);
    room::decline(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert_eq!(state(&store, &t).await, InvitationState::Declined);
    t.save(&store, 2, &says("after all", Audience::Facilitator)).await;
    assert_eq!(state(&store, &t).await, InvitationState::Started);
    t.submit(&store, noon()).await;
    assert_eq!(state(&store, &t).await, InvitationState::Submitted);
    assert_eq!(t.reads(&store, &t.people.facilitator).await.len(), 1);
    room::take_back(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert_eq!(state(&store, &t).await, InvitationState::Started);
    assert!(t.reads(&store, &t.people.facilitator).await.is_empty());
    t.submit(&store, noon()).await;
    room::decline(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert!(t.reads(&store, &t.people.facilitator).await.is_empty(), "declining takes everything back");
    let page = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert_eq!(page.answer(2).unwrap().body.text, "after all", "and what was written stays its author's");
}

async fn after_publication_answers_stay_as_they_were(store: Store) {
    let t = told(&store).await;
    t.save(&store, 2, &says("then", Audience::Facilitator)).await;
    t.save(&store, 9, &says("a buffer", Audience::Parked)).await;
    t.submit(&store, noon()).await;
    publish(&store, &t).await;
    let later = at("2026-03-06T09:30:00Z");
    let me = &t.people.responder;
    let changed = SaveAnswer { base_version: 1, ..says("now", Audience::Facilitator) };
    assert!(matches!(room::save(&store, me, t.mine, 2, &changed, later).await, Err(StoreError::Refused(_))));
    assert!(matches!(room::submit(&store, me, t.mine, later).await, Err(StoreError::Refused(_))));
    assert!(matches!(room::take_back(&store, me, t.mine, later).await, Err(StoreError::Refused(_))));
    assert!(matches!(room::decline(&store, me, t.mine, later).await, Err(StoreError::Refused(_))));
    let page = room::page(&store, me, t.mine, later).await.unwrap();
    assert!(page.published);
    assert_eq!(page.answer(2).unwrap().body.text, "then");
    // The idea of question 9 is its author's until the wall opens.
    assert_eq!(store::parking::mine(&store, me, t.incident, later).await.unwrap().len(), 1);
    room::take_idea_back(&store, me, t.mine, later).await.unwrap();
    assert!(store::parking::mine(&store, me, t.incident, later).await.unwrap().is_empty());
    let opened = at("2026-04-01T09:00:00Z");
    assert!(matches!(room::take_idea_back(&store, me, t.mine, opened).await, Err(StoreError::Refused(_))));
}

/// Publishes the review with one section written.
pub(super) async fn publish(store: &Store, t: &Told) {
    let now = at("2026-03-06T09:00:00Z");
    let summary = domain::reviews::SectionKind::Summary;
    store::reviews::save_section(store, &t.people.facilitator, t.incident, summary, 0, "What we saw.", now).await.unwrap();
    store::reviews::publish(store, &t.people.facilitator, t.incident, now).await.unwrap();
}

async fn what_waits_is_counted_for_its_person_only(store: Store) {
    let t = told(&store).await;
    let me = &t.people.responder;
    t.save(&store, 1, &says("On call.", Audience::Named)).await;
    room::nominate(&store, me, t.mine, "The night desk", "They saw it first.", noon()).await.unwrap();
    let waiting = room::waiting(&store, me, noon()).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].answered, waiting[0].next_question), (2, Some(2)));
    assert_eq!(waiting[0].title, "The queue that waited");
    assert!(room::waiting(&store, &t.people.facilitator, noon()).await.unwrap().is_empty());
    t.submit(&store, noon()).await;
    assert!(room::waiting(&store, me, noon()).await.unwrap().is_empty());
    assert_eq!(room::waiting(&store, &t.people.other_responder, noon()).await.unwrap()[0].answered, 0);
}

async fn a_choice_is_kept_and_counted_only_where_there_is_one(store: Store) {
    let t = told(&store).await;
    let partly =
        SaveAnswer { body: AnswerBody { choice: "partly".into(), ..AnswerBody::default() }, ..says("", Audience::OnlyMe) };
    t.save(&store, 4, &partly).await;
    let uncounted = SaveAnswer { count_me: false, base_version: 1, ..partly.clone() };
    t.save(&store, 4, &uncounted).await;
    t.save(&store, 2, &says("words", Audience::OnlyMe)).await;
    let page = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    let support = page.answer(4).unwrap();
    assert_eq!((support.body.choice.as_str(), support.count_me), ("partly", false));
    assert!(!page.answer(2).unwrap().count_me, "words are never counted");
    let unknown = SaveAnswer { body: AnswerBody { choice: "heroic".into(), ..AnswerBody::default() }, ..partly };
    refused_field(room::save(&store, &t.people.responder, t.mine, 5, &unknown, noon()).await, "choice");
}

async fn naughty_text_comes_back_as_it_went_in(store: Store) {
    let t = told(&store).await;
    let text = "Zażółć 🦀 \u{202e}gnirts\n\n  two  spaces\t'; drop table answers; --";
    t.save(&store, 2, &says(text, Audience::Facilitator)).await;
    let page = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert_eq!(page.answer(2).unwrap().body.text, text);
}
