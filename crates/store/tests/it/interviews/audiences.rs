//! Every audience against every viewer; drafts, narrowing, the read log, and the file on disk.

use super::{Told, instead, noon, not_found, says, told, told_by};
use crate::support::{at, key, people};
use domain::interviews::{Audience, Instead, Kind, twelve};
use domain::people::Viewer;
use store::interviews::{self as room, Invitee, SaveAnswer};
use store::{Store, StoreError};

conformance! {
    every_audience_reaches_whom_it_names_and_nobody_else,
    a_draft_is_read_by_nobody_but_its_author,
    narrowing_takes_effect_at_once_and_widening_waits_for_submission,
    a_later_facilitator_reads_earlier_answers_only_with_agreement,
    a_line_manager_and_leadership_never_read_whatever_else_they_are,
    reading_is_logged_and_shown_to_the_author,
    what_is_said_instead_of_words_hides_the_words,
    question_nine_goes_to_the_parking_lot_and_back,
    nominations_are_read_with_answer_twelve_and_become_invitations,
    the_names_beside_the_choice_are_those_who_would_read_it,
}

fn kinds() -> impl Iterator<Item = &'static Kind> {
    twelve().questions.iter().map(|q| q.kind)
}

/// A word that names question and audience, so that a leak says where it came from.
fn canary(question: i64, audience: Audience) -> String {
    format!("canary{question}{}", audience.slug())
}

/// Answers every question with this audience where it is allowed, and submits.
async fn answer_all(store: &Store, t: &Told, audience: Audience) {
    for q in kinds().filter(|q| q.number != 3 && q.allowed.contains(&audience)) {
        t.save(store, q.number, &says(&canary(q.number, audience), audience)).await;
    }
    t.submit(store, noon()).await;
}

async fn every_audience_reaches_whom_it_names_and_nobody_else(store: Store) {
    let mut people = people(&store).await;
    for audience in Audience::ALL {
        let t = told_by(&store, people).await;
        answer_all(&store, &t, audience).await;
        let p = &t.people;
        for stranger in [
            &p.responder,
            &p.other_responder,
            &p.later_facilitator,
            &p.manager,
            &p.leader,
            &p.planner,
            &p.admin,
            &p.outsider,
            &p.guest,
        ] {
            not_found(room::overview(&store, stranger, t.incident, noon()).await);
            not_found(room::list(&store, stranger, t.incident, noon()).await);
            not_found(room::nominated(&store, stranger, t.incident, noon()).await);
        }
        let read = t.reads(&store, &p.facilitator).await;
        let questions: Vec<i64> = read.iter().map(|(question, _, _)| *question).collect();
        let expected: Vec<i64> = match audience {
            Audience::OnlyMe | Audience::Parked => vec![],
            Audience::Facilitator => vec![1, 2, 4, 5, 6, 7, 8, 10, 12],
            Audience::Unattributed => vec![1, 2, 4, 5, 6, 7, 8, 10],
            Audience::Named => vec![1, 2, 5, 6, 7, 8, 10],
        };
        assert_eq!(questions, expected, "{audience:?}");
        for (question, text, author) in read {
            assert_eq!(text, canary(question, audience));
            assert_eq!(author.as_deref(), (audience != Audience::Unattributed).then_some("Rune Responder"));
        }
        people = t.people;
    }
}

async fn a_draft_is_read_by_nobody_but_its_author(store: Store) {
    let t = told(&store).await;
    for q in kinds().filter(|q| q.number != 3) {
        let widest = *q.allowed.iter().max().unwrap();
        t.save(&store, q.number, &says(&canary(q.number, widest), widest)).await;
    }
    room::nominate(&store, &t.people.responder, t.mine, "The night desk", "", noon()).await.unwrap();
    assert!(t.reads(&store, &t.people.facilitator).await.is_empty());
    assert!(room::nominated(&store, &t.people.facilitator, t.incident, noon()).await.unwrap().is_empty());
    t.submit(&store, noon()).await;
    assert_eq!(t.reads(&store, &t.people.facilitator).await.len(), 9);
    // An edit of one of them is a draft again until it is submitted again.
    t.save(&store, 2, &SaveAnswer { base_version: 1, ..says("second thoughts", Audience::Named) }).await;
    let read = t.reads(&store, &t.people.facilitator).await;
    assert!(!read.iter().any(|(question, _, _)| *question == 2), "{read:?}");
    let page = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert_eq!(page.changed(), [2]);
    t.submit(&store, noon()).await;
    assert!(t.reads(&store, &t.people.facilitator).await.iter().any(|(_, text, _)| text == "second thoughts"));
}

async fn narrowing_takes_effect_at_once_and_widening_waits_for_submission(store: Store) {
    let t = told(&store).await;
    let say = |audience, base_version| SaveAnswer { base_version, ..says("the words", audience) };
    t.save(&store, 2, &say(Audience::Named, 0)).await;
    t.submit(&store, noon()).await;
    let author = |read: &[(i64, String, Option<String>)]| read.first().map(|(_, _, author)| author.clone());
    assert_eq!(author(&t.reads(&store, &t.people.facilitator).await), Some(Some("Rune Responder".to_owned())));
    t.save(&store, 2, &say(Audience::Unattributed, 1)).await;
    assert_eq!(author(&t.reads(&store, &t.people.facilitator).await), Some(None), "the name went at once");
    t.save(&store, 2, &say(Audience::OnlyMe, 2)).await;
    assert_eq!(author(&t.reads(&store, &t.people.facilitator).await), None);
    t.save(&store, 2, &say(Audience::Named, 3)).await;
    assert_eq!(author(&t.reads(&store, &t.people.facilitator).await), None, "further only with a new submission");
    t.submit(&store, noon()).await;
    assert_eq!(author(&t.reads(&store, &t.people.facilitator).await), Some(Some("Rune Responder".to_owned())));
}

async fn a_later_facilitator_reads_earlier_answers_only_with_agreement(store: Store) {
    let t = told(&store).await;
    let p = &t.people;
    t.save(&store, 1, &says("for the one who asked", Audience::Facilitator)).await;
    t.save(&store, 2, &says("for the review", Audience::Unattributed)).await;
    t.submit(&store, noon()).await;
    not_found(room::agree(&store, &p.responder, t.mine, p.later_facilitator.person_id, noon()).await);
    let later = at("2026-03-04T15:00:00Z");
    store::reviews::appoint(&store, &p.admin, t.incident, p.later_facilitator.person_id, false, later).await.unwrap();
    let words = |read: Vec<(i64, String, Option<String>)>| read.into_iter().map(|(_, text, _)| text).collect::<Vec<_>>();
    assert_eq!(words(t.reads(&store, &p.later_facilitator).await), ["for the review"]);
    let page = room::page(&store, &p.responder, t.mine, later).await.unwrap();
    assert_eq!(page.asking.len(), 1);
    assert_eq!(page.asking[0].name, "Lars Later");
    let now_read = room::readers_now(&store, &p.responder, t.mine, 1, Audience::Facilitator, later).await.unwrap();
    assert_eq!(now_read, ["Frida Facilitator"]);
    room::agree(&store, &p.responder, t.mine, p.later_facilitator.person_id, later).await.unwrap();
    assert_eq!(words(t.reads(&store, &p.later_facilitator).await), ["for the one who asked", "for the review"]);
    assert!(room::page(&store, &p.responder, t.mine, later).await.unwrap().asking.is_empty());
    // What is submitted after the appointment was submitted in the knowledge of it.
    room::save(&store, &p.other_responder, t.other, 1, &says("said later", Audience::Facilitator), later).await.unwrap();
    room::submit(&store, &p.other_responder, t.other, later).await.unwrap();
    assert!(words(t.reads(&store, &p.later_facilitator).await).contains(&"said later".to_owned()));
}

async fn a_line_manager_and_leadership_never_read_whatever_else_they_are(store: Store) {
    let t = told(&store).await;
    let p = &t.people;
    t.save(&store, 1, &says("freely", Audience::Named)).await;
    t.submit(&store, noon()).await;
    assert_eq!(t.reads(&store, &p.facilitator).await.len(), 1);
    // The facilitator becomes the author's line manager: from that moment on nothing is readable.
    store::people::set_manager(&store, p.responder.person_id, Some(p.facilitator.person_id)).await.unwrap();
    assert!(t.reads(&store, &p.facilitator).await.is_empty());
    assert!(room::readers_now(&store, &p.responder, t.mine, 1, Audience::Named, noon()).await.unwrap().is_empty());
    store::people::set_manager(&store, p.responder.person_id, None).await.unwrap();
    let promoted = Viewer { leadership: true, ..p.facilitator.clone() };
    not_found(room::overview(&store, &promoted, t.incident, noon()).await);
    not_found(room::list(&store, &promoted, t.incident, noon()).await);
}

async fn reading_is_logged_and_shown_to_the_author(store: Store) {
    let t = told(&store).await;
    let p = &t.people;
    t.save(&store, 1, &says("seen", Audience::Facilitator)).await;
    t.save(&store, 2, &says("unseen", Audience::OnlyMe)).await;
    t.submit(&store, noon()).await;
    assert!(room::my_reads(&store, &p.responder).await.unwrap().is_empty());
    let (first, last) = (at("2026-03-05T08:00:00Z"), at("2026-03-05T09:00:00Z"));
    room::overview(&store, &p.facilitator, t.incident, first).await.unwrap();
    room::overview(&store, &p.facilitator, t.incident, last).await.unwrap();
    let reads = room::my_reads(&store, &p.responder).await.unwrap();
    assert_eq!(reads.len(), 1);
    assert_eq!((reads[0].question, reads[0].reader.as_str()), (1, "Frida Facilitator"));
    assert_eq!((reads[0].first_at, reads[0].last_at), (first, last));
    assert!(room::my_reads(&store, &p.other_responder).await.unwrap().is_empty());
    not_found(room::my_reads(&store, &p.guest).await);
    let page = room::page(&store, &p.responder, t.mine, last).await.unwrap();
    assert_eq!(page.read_by(1).map(|r| r.name.as_str()).collect::<Vec<_>>(), ["Frida Facilitator"]);
    assert_eq!(page.read_by(2).count(), 0);
}

async fn what_is_said_instead_of_words_hides_the_words(store: Store) {
    let t = told(&store).await;
    t.save(&store, 2, &instead("typed before", Instead::RatherNotSay, Audience::Named)).await;
    t.save(&store, 9, &instead("an idea", Instead::PreferToTalk, Audience::Parked)).await;
    t.submit(&store, noon()).await;
    let read = room::overview(&store, &t.people.facilitator, t.incident, noon()).await.unwrap();
    assert_eq!((read.len(), read[0].body.text.as_str(), read[0].body.instead), (1, "", Some(Instead::RatherNotSay)));
    assert!(store::parking::mine(&store, &t.people.responder, t.incident, noon()).await.unwrap().is_empty());
    let page = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap();
    assert_eq!(page.answer(2).unwrap().body.text, "typed before", "its author keeps the words");
}

async fn question_nine_goes_to_the_parking_lot_and_back(store: Store) {
    let t = told(&store).await;
    let me = &t.people.responder;
    let parked = async |store: &Store| {
        let mine = store::parking::mine(store, me, t.incident, noon()).await.unwrap();
        mine.into_iter().map(|idea| (idea.body, idea.with_name)).collect::<Vec<_>>()
    };
    let idea = |text: &str, audience, with_name, base_version| SaveAnswer { with_name, base_version, ..says(text, audience) };
    t.save(&store, 9, &idea("a second queue", Audience::Parked, true, 0)).await;
    assert!(parked(&store).await.is_empty(), "a draft is nowhere");
    t.submit(&store, noon()).await;
    assert_eq!(parked(&store).await, [("a second queue".to_owned(), true)]);
    t.save(&store, 9, &idea("a second queue", Audience::Parked, false, 1)).await;
    assert_eq!(parked(&store).await, [("a second queue".to_owned(), false)], "taking the name off is narrower: at once");
    t.save(&store, 9, &idea("a third queue", Audience::Parked, false, 2)).await;
    assert!(parked(&store).await.is_empty(), "changed words are a draft");
    t.submit(&store, noon()).await;
    assert_eq!(parked(&store).await, [("a third queue".to_owned(), false)]);
    t.save(&store, 9, &idea("a third queue", Audience::OnlyMe, false, 3)).await;
    assert!(parked(&store).await.is_empty());
    t.save(&store, 9, &idea("a third queue", Audience::Parked, false, 4)).await;
    t.submit(&store, noon()).await;
    room::take_back(&store, me, t.mine, noon()).await.unwrap();
    assert!(parked(&store).await.is_empty(), "taken back with everything else");
}

async fn nominations_are_read_with_answer_twelve_and_become_invitations(store: Store) {
    let t = told(&store).await;
    let p = &t.people;
    let desk = room::nominate(&store, &p.responder, t.mine, "The night desk", "They took the calls.", noon()).await.unwrap();
    let wrong = room::nominate(&store, &p.responder, t.mine, "Somebody else", "", noon()).await.unwrap();
    room::unnominate(&store, &p.responder, t.mine, wrong, noon()).await.unwrap();
    t.submit(&store, noon()).await;
    let seen = room::nominated(&store, &p.facilitator, t.incident, noon()).await.unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (seen[0].nomination.name.as_str(), seen[0].nomination.reason.as_str()),
        ("The night desk", "They took the calls.")
    );
    assert_eq!((&seen[0].by, seen[0].invited_as, seen[0].set_aside), (&None, None, false), "by whom is not shown unasked");
    let open = room::nominate_as(&store, &p.responder, t.mine, "The lock keeper", "", true, noon()).await.unwrap();
    t.submit(&store, noon()).await;
    let seen = room::nominated(&store, &p.facilitator, t.incident, noon()).await.unwrap();
    let by = |id| seen.iter().find(|n| n.nomination.id == id).unwrap().by.as_deref();
    assert_eq!((by(desk), by(open)), (None, Some("Rune Responder")));
    room::unnominate(&store, &p.responder, t.mine, open, noon()).await.unwrap();
    t.submit(&store, noon()).await;
    let guest = Invitee::Guest("The night desk".to_owned());
    let added = room::invite(&store, &p.facilitator, t.incident, &guest, Some(desk), noon()).await.unwrap();
    assert!(added.token.is_some());
    assert_eq!(room::nominated(&store, &p.facilitator, t.incident, noon()).await.unwrap()[0].invited_as, Some(added.id));
    room::set_aside(&store, &p.facilitator, t.incident, desk, true, noon()).await.unwrap();
    assert!(room::nominated(&store, &p.facilitator, t.incident, noon()).await.unwrap()[0].set_aside);
    not_found(room::set_aside(&store, &p.leader, t.incident, desk, true, noon()).await);
    // Kept to oneself, the names go with the answer.
    t.save(&store, 12, &SaveAnswer { base_version: 1, ..says("", Audience::OnlyMe) }).await;
    assert!(room::nominated(&store, &p.facilitator, t.incident, noon()).await.unwrap().is_empty());
}

async fn the_names_beside_the_choice_are_those_who_would_read_it(store: Store) {
    let t = told(&store).await;
    let me = &t.people.responder;
    for q in kinds() {
        for audience in q.allowed {
            let names = room::readers_now(&store, me, t.mine, q.number, *audience, noon()).await.unwrap();
            let private = matches!(q.number, 3 | 9 | 11) || *audience == Audience::OnlyMe;
            let expected: &[&str] = if private { &[] } else { &["Frida Facilitator"] };
            assert_eq!(names, expected, "question {} {audience:?}", q.number);
        }
    }
}

#[test]
fn a_stolen_file_shows_no_word_of_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&format!("sqlite://{}", path.display()), key()).await.unwrap();
        store.migrate().await.unwrap();
        let t = told(&store).await;
        for q in kinds().filter(|q| q.number != 3) {
            let widest = *q.allowed.iter().max().unwrap();
            t.save(&store, q.number, &says(&canary(q.number, widest), widest)).await;
        }
        room::nominate(&store, &t.people.responder, t.mine, "canaryname", "canaryreason", noon()).await.unwrap();
        // Read before it is closed: the log beside the file is a file as well.
        let count = count_in_folder(folder.path(), b"canary");
        t.submit(&store, noon()).await;
        assert_eq!(count + count_in_folder(folder.path(), b"canary"), 0);
        store.close().await;
    });
    assert_eq!(count_in_folder(folder.path(), b"canary"), 0);
    assert!(count_in_folder(folder.path(), b"The queue that waited") > 0, "the search finds what is in clear");
}

fn count_in_folder(folder: &std::path::Path, needle: &[u8]) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|f| std::fs::read(f.unwrap().path()).unwrap());
    files.map(|bytes| bytes.windows(needle.len()).filter(|w| *w == needle).count()).sum()
}

#[test]
fn another_key_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&url, key()).await.unwrap();
        store.migrate().await.unwrap();
        let t = told(&store).await;
        t.save(&store, 2, &says("mine", Audience::OnlyMe)).await;
        store.close().await;
        let stranger = Store::open(&url, store::InstanceKey::new([9; 32])).await.unwrap();
        let outcome = room::page(&stranger, &t.people.responder, t.mine, noon()).await;
        assert!(matches!(outcome, Err(StoreError::Setup(_))), "{outcome:?}");
    });
}
