//! Question sets: copied, changed, published in versions that stay, retired, and chosen by team, severity or for everybody.

use super::{Told, noon, not_found, refused_field, says, told};
use domain::QuestionSetId;
use domain::interviews::{Asked, Audience, SHORT, TWELVE};
use domain::people::Viewer;
use store::interviews::{self as room, Ask, Invitee, SetKey, Usual, UsualFor};
use store::{Store, StoreError};

conformance! {
    a_published_version_stays_for_those_who_were_asked_by_it,
    sets_are_kept_by_administrators_alone,
    a_draft_that_somebody_else_changed_is_not_written_over,
    a_team_goes_before_a_severity_and_that_before_everybody,
    a_set_that_is_usual_or_unknown_is_not_taken_away_or_chosen,
    what_a_set_does_not_ask_cannot_be_answered,
    words_without_a_name_do_not_tell_by_which_set_they_were_asked,
    few_are_counted_among_those_who_were_asked_the_same,
    a_set_goes_out_as_a_file_and_comes_in_again,
}

/// A set of the administrator's own with one question of their own and that about learning, published.
async fn ours(store: &Store, admin: &Viewer) -> QuestionSetId {
    let id = room::copy_set(store, admin, SetKey::Shipped(SHORT), noon()).await.unwrap();
    let mut set = room::question_set(store, admin, SetKey::Own(id)).await.unwrap();
    set.draft.questions.retain(|q| q.kind == "learned");
    let own = Asked { kind: "own".to_owned(), text: "What did the phone sound like?".to_owned(), ..Asked::default() };
    set.draft.questions.insert(0, own);
    room::save_set(store, admin, id, set.version, &set.draft, noon()).await.unwrap();
    room::publish_set(store, admin, id, set.version + 1, noon()).await.unwrap();
    id
}

async fn ask_by(store: &Store, t: &Told, name: &str, set: Option<SetKey>) -> (domain::InvitationId, Viewer) {
    let ask = Ask { set, ..Ask::plain(Invitee::Guest(name.to_owned()), None) };
    let added = room::ask(store, &t.people.facilitator, t.incident, &ask, noon()).await.unwrap();
    let (_, session) = room::begin_by_link(store, added.token.as_deref().unwrap(), noon()).await.unwrap();
    let guest = store::sessions::find(store, &session, noon()).await.unwrap().unwrap();
    (added.id, guest)
}

async fn texts(store: &Store, viewer: &Viewer, id: domain::InvitationId) -> Vec<(i64, String)> {
    let page = room::page(store, viewer, id, noon()).await.unwrap();
    page.set.questions.iter().map(|q| (q.number, q.text.clone())).collect()
}

async fn a_published_version_stays_for_those_who_were_asked_by_it(store: Store) {
    let t = told(&store).await;
    let admin = &t.people.admin;
    let id = ours(&store, admin).await;
    let (first, guest) = ask_by(&store, &t, "The night desk", Some(SetKey::Own(id))).await;
    let asked = texts(&store, &guest, first).await;
    assert_eq!(asked[0], (13, "What did the phone sound like?".to_owned()));
    assert_eq!(asked[1].0, 8);
    room::save(&store, &guest, first, 13, &says("Like any other.", Audience::Named), noon()).await.unwrap();

    let mut set = room::question_set(&store, admin, SetKey::Own(id)).await.unwrap();
    assert!(!set.changed());
    set.draft.questions[0].text = "Who rang first?".to_owned();
    room::save_set(&store, admin, id, set.version, &set.draft, noon()).await.unwrap();
    assert_eq!(texts(&store, &guest, first).await, asked, "a draft changes nothing for anybody");
    let (second, later) = ask_by(&store, &t, "The desk by day", Some(SetKey::Own(id))).await;
    assert_eq!(texts(&store, &later, second).await, asked, "nor for those who are asked now");

    let set = room::question_set(&store, admin, SetKey::Own(id)).await.unwrap();
    assert!(set.changed());
    assert_eq!(room::publish_set(&store, admin, id, set.version, noon()).await.unwrap(), 2);
    let again = room::publish_set(&store, admin, id, set.version, noon()).await;
    assert!(matches!(again, Err(StoreError::Refused(_))), "{again:?}");
    let (third, newest) = ask_by(&store, &t, "The desk of today", Some(SetKey::Own(id))).await;
    assert_eq!(texts(&store, &newest, third).await[0].1, "Who rang first?");
    assert_eq!(texts(&store, &guest, first).await, asked);

    room::submit(&store, &guest, first, noon()).await.unwrap();
    let read = room::overview(&store, &t.people.facilitator, t.incident, noon()).await.unwrap();
    assert_eq!(read[0].question_text, "What did the phone sound like?");

    room::retire_set(&store, admin, id, true, noon()).await.unwrap();
    let offered = room::offered_sets(&store, &t.people.facilitator, t.incident, noon()).await.unwrap();
    assert!(offered.iter().all(|o| o.key != SetKey::Own(id)));
    assert_eq!(texts(&store, &guest, first).await, asked, "retired, it stays for whom it was asked");
    let used = room::question_sets(&store, admin).await.unwrap();
    assert_eq!(used.iter().find(|l| l.key == SetKey::Own(id)).map(|l| (l.used, l.retired)), Some((3, true)));
}

async fn sets_are_kept_by_administrators_alone(store: Store) {
    let t = told(&store).await;
    let p = &t.people;
    let id = ours(&store, &p.admin).await;
    let set = room::question_set(&store, &p.admin, SetKey::Own(id)).await.unwrap();
    for other in [&p.responder, &p.facilitator, &p.leader, &p.manager, &p.planner, &p.outsider, &p.guest] {
        not_found(room::question_sets(&store, other).await);
        not_found(room::question_set(&store, other, SetKey::Shipped(TWELVE)).await);
        not_found(room::copy_set(&store, other, SetKey::Shipped(TWELVE), noon()).await);
        not_found(room::save_set(&store, other, id, set.version, &set.draft, noon()).await);
        not_found(room::publish_set(&store, other, id, set.version, noon()).await);
        not_found(room::retire_set(&store, other, id, true, noon()).await);
        not_found(room::take_in_set(&store, other, &room::set_to_file(&set.draft), noon()).await);
        not_found(room::usual_sets(&store, other).await);
        not_found(room::save_usual_sets(&store, other, &[], noon()).await);
    }
    for other in [&p.responder, &p.leader, &p.admin, &p.outsider] {
        not_found(room::offered_sets(&store, other, t.incident, noon()).await);
    }
}

async fn a_draft_that_somebody_else_changed_is_not_written_over(store: Store) {
    let t = told(&store).await;
    let admin = &t.people.admin;
    let id = ours(&store, admin).await;
    let set = room::question_set(&store, admin, SetKey::Own(id)).await.unwrap();
    let mut mine = set.draft.clone();
    mine.name = "Mine".to_owned();
    room::save_set(&store, admin, id, set.version, &mine, noon()).await.unwrap();
    let mut theirs = set.draft.clone();
    theirs.name = "Theirs".to_owned();
    let stale = room::save_set(&store, admin, id, set.version, &theirs, noon()).await;
    assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
    assert!(matches!(room::publish_set(&store, admin, id, set.version, noon()).await, Err(StoreError::Stale)));
    assert_eq!(room::question_set(&store, admin, SetKey::Own(id)).await.unwrap().draft.name, "Mine");
    let other = room::copy_set(&store, admin, SetKey::Shipped(TWELVE), noon()).await.unwrap();
    let mut taken = room::question_set(&store, admin, SetKey::Own(other)).await.unwrap().draft;
    taken.name = "mine".to_owned();
    refused_field(room::save_set(&store, admin, other, 1, &taken, noon()).await, "name");
    taken.questions.clear();
    refused_field(room::save_set(&store, admin, other, 1, &taken, noon()).await, "questions");
}

async fn a_team_goes_before_a_severity_and_that_before_everybody(store: Store) {
    let t = told(&store).await;
    let admin = &t.people.admin;
    let id = ours(&store, admin).await;
    let key = room::page(&store, &t.people.responder, t.mine, noon()).await.unwrap().key;
    let incident = store::incidents::by_key(&store, &t.people.facilitator, key, noon()).await.unwrap().incident;
    let asked = async |name: &str| {
        let (invitation, guest) = ask_by(&store, &t, name, None).await;
        texts(&store, &guest, invitation).await.len()
    };
    assert_eq!(asked("One").await, 12);
    let choose = async |holds_for: UsualFor, set: Option<SetKey>| {
        room::save_usual_sets(&store, admin, &[Usual { holds_for, set }], noon()).await.unwrap();
    };
    choose(UsualFor::Everybody, Some(SetKey::Shipped(SHORT))).await;
    assert_eq!(asked("Two").await, 5);
    choose(UsualFor::Severity(incident.severity), Some(SetKey::Own(id))).await;
    assert_eq!(asked("Three").await, 2);
    let team = t.people.team;
    choose(UsualFor::Team(team), Some(SetKey::Shipped(TWELVE))).await;
    let usual = room::usual_sets(&store, admin).await.unwrap();
    assert!(usual.contains(&Usual { holds_for: UsualFor::Team(team), set: Some(SetKey::Shipped(TWELVE)) }));
    let ask = Ask::plain(Invitee::Person(t.people.planner.person_id), None);
    let added = room::ask(&store, &t.people.facilitator, t.incident, &ask, noon()).await.unwrap();
    let talk = room::talk(&store, &t.people.facilitator, t.incident, added.id, noon()).await.unwrap();
    assert_eq!(talk.set.number, TWELVE);
    choose(UsualFor::Severity(incident.severity), None).await;
    assert_eq!(asked("Four").await, 5);
}

async fn a_set_that_is_usual_or_unknown_is_not_taken_away_or_chosen(store: Store) {
    let t = told(&store).await;
    let admin = &t.people.admin;
    let id = ours(&store, admin).await;
    let everybody = |set| [Usual { holds_for: UsualFor::Everybody, set }];
    room::save_usual_sets(&store, admin, &everybody(Some(SetKey::Own(id))), noon()).await.unwrap();
    let refused = room::retire_set(&store, admin, id, true, noon()).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    let draft = room::copy_set(&store, admin, SetKey::Shipped(TWELVE), noon()).await.unwrap();
    refused_field(room::save_usual_sets(&store, admin, &everybody(Some(SetKey::Own(draft))), noon()).await, "sets");
    let ask = Ask { set: Some(SetKey::Own(draft)), ..Ask::plain(Invitee::Guest("One".to_owned()), None) };
    refused_field(room::ask(&store, &t.people.facilitator, t.incident, &ask, noon()).await, "set");
}

async fn what_a_set_does_not_ask_cannot_be_answered(store: Store) {
    let t = told(&store).await;
    let id = ours(&store, &t.people.admin).await;
    let (mine, guest) = ask_by(&store, &t, "The night desk", Some(SetKey::Own(id))).await;
    not_found(room::save(&store, &guest, mine, 2, &says("x", Audience::Named), noon()).await);
    not_found(room::save(&store, &guest, mine, 14, &says("x", Audience::Named), noon()).await);
    not_found(room::nominate(&store, &guest, mine, "Somebody", "", noon()).await);
    not_found(room::save(&store, &t.people.responder, t.mine, 13, &says("x", Audience::Named), noon()).await);
    assert_eq!(room::page(&store, &guest, mine, noon()).await.unwrap().answers, []);
}

async fn words_without_a_name_do_not_tell_by_which_set_they_were_asked(store: Store) {
    let t = told(&store).await;
    let admin = &t.people.admin;
    let id = ours(&store, admin).await;
    let mut set = room::question_set(&store, admin, SetKey::Own(id)).await.unwrap();
    set.draft.questions[1].text = "What stays with you?".to_owned();
    room::save_set(&store, admin, id, set.version, &set.draft, noon()).await.unwrap();
    room::publish_set(&store, admin, id, set.version + 1, noon()).await.unwrap();
    let (mine, guest) = ask_by(&store, &t, "The night desk", Some(SetKey::Own(id))).await;
    let text = async || {
        let read = room::overview(&store, &t.people.facilitator, t.incident, noon()).await.unwrap();
        read.iter().find(|a| a.body.text == "It rings twice.").map(|a| a.question_text.clone()).unwrap()
    };
    room::save(&store, &guest, mine, 8, &says("It rings twice.", Audience::Unattributed), noon()).await.unwrap();
    room::submit(&store, &guest, mine, noon()).await.unwrap();
    assert_eq!(text().await, "What did you personally learn from this incident?", "in the words that say nothing of the author");
    let named = room::SaveAnswer { base_version: 1, ..says("It rings twice.", Audience::Named) };
    room::save(&store, &guest, mine, 8, &named, noon()).await.unwrap();
    room::submit(&store, &guest, mine, noon()).await.unwrap();
    assert_eq!(text().await, "What stays with you?");
}

async fn few_are_counted_among_those_who_were_asked_the_same(store: Store) {
    let t = told(&store).await;
    let id = ours(&store, &t.people.admin).await;
    let (mine, guest) = ask_by(&store, &t, "The night desk", Some(SetKey::Own(id))).await;
    let page = room::page(&store, &guest, mine, noon()).await.unwrap();
    assert_eq!((page.asked(13), page.asked(8), page.asked(2)), (1, 3, 2));
}

async fn a_set_goes_out_as_a_file_and_comes_in_again(store: Store) {
    let t = told(&store).await;
    let admin = &t.people.admin;
    let id = ours(&store, admin).await;
    let there = room::question_set(&store, admin, SetKey::Own(id)).await.unwrap().draft;
    let copy = room::take_in_set(&store, admin, &room::set_to_file(&there), noon()).await.unwrap();
    let kept = room::question_set(&store, admin, SetKey::Own(copy)).await.unwrap();
    assert_eq!(kept.draft.name, format!("{} 2", there.name), "a name is used once");
    assert_eq!(kept.draft.questions, there.questions);
    assert_eq!(kept.published, None);
    refused_field(room::take_in_set(&store, admin, "{}", noon()).await, "file");
}
