//! The parking lot: everybody may put in, only planners look, and only behind the open wall.

use crate::planning::{PUBLISHED, published, wall_opens};
use crate::support::{People, at, incident, people};
use domain::IncidentId;
use domain::interviews::{AnswerBody, Audience, RECURRENCE};
use store::interviews::{self, Invitee, SaveAnswer};
use store::parking::{self as room};
use store::{Store, StoreError, planning, reviews};

conformance! {
    an_idea_is_its_authors_alone_until_the_wall_opens,
    nobody_but_a_planner_ever_reads_the_lot,
    an_idea_carries_its_author_only_if_the_author_says_so,
    an_idea_can_be_taken_out_until_the_wall_opens_and_not_by_others,
    the_answer_to_question_nine_is_parked_changed_and_withdrawn_with_it,
    an_empty_idea_is_refused_and_keeps_nothing,
    a_review_shows_only_how_many_are_parked,
}

async fn an_idea_is_its_authors_alone_until_the_wall_opens(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    room::park(&store, &p.responder, id, "Let the desk open an incident.", false, at(PUBLISHED)).await.unwrap();
    let mine = room::mine(&store, &p.responder, id, at(PUBLISHED)).await.unwrap();
    assert_eq!(mine.iter().map(|i| i.body.as_str()).collect::<Vec<_>>(), ["Let the desk open an incident."]);
    assert!(room::mine(&store, &p.other_responder, id, at(PUBLISHED)).await.unwrap().is_empty());
    let early = wall_opens() - chrono::Duration::seconds(1);
    assert!(matches!(room::read(&store, &p.planner, id, early).await, Err(StoreError::NotFound)));
    assert_eq!(room::read(&store, &p.planner, id, wall_opens()).await.unwrap().len(), 1);
}

async fn nobody_but_a_planner_ever_reads_the_lot(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    for viewer in [&p.responder, &p.facilitator, &p.leader, &p.manager, &p.admin, &p.outsider, &p.guest] {
        let read = room::read(&store, viewer, id, wall_opens()).await;
        assert!(matches!(read, Err(StoreError::NotFound)), "{}", viewer.name);
    }
}

async fn an_idea_carries_its_author_only_if_the_author_says_so(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    room::park(&store, &p.responder, id, "without", false, at(PUBLISHED)).await.unwrap();
    room::park(&store, &p.other_responder, id, "with", true, at(PUBLISHED)).await.unwrap();
    let ideas = planning::ideas(&store, &p.planner, id, wall_opens()).await.unwrap();
    let name = |body: &str| ideas.iter().find(|i| i.body == body).unwrap().name.clone();
    assert_eq!(name("without"), None);
    assert_eq!(name("with").as_deref(), Some("Oda Other"));
}

async fn an_idea_can_be_taken_out_until_the_wall_opens_and_not_by_others(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let now = at(PUBLISHED);
    let gone = room::park(&store, &p.responder, id, "first thought", false, now).await.unwrap();
    let stays = room::park(&store, &p.responder, id, "second thought", false, now).await.unwrap();
    assert!(matches!(room::withdraw(&store, &p.planner, id, gone, now).await, Err(StoreError::NotFound)));
    room::withdraw(&store, &p.responder, id, gone, now).await.unwrap();
    assert!(matches!(room::withdraw(&store, &p.responder, id, gone, now).await, Err(StoreError::NotFound)));
    assert!(matches!(room::withdraw(&store, &p.responder, id, stays, wall_opens()).await, Err(StoreError::Refused(_))));
    let left = planning::ideas(&store, &p.planner, id, wall_opens()).await.unwrap();
    assert_eq!(left.iter().map(|i| i.body.as_str()).collect::<Vec<_>>(), ["second thought"]);
}

async fn the_answer_to_question_nine_is_parked_changed_and_withdrawn_with_it(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.outsider, "Slow payments").await;
    let now = at("2026-03-03T09:00:00Z");
    let invitation = invited(&store, &p, id).await;
    let say = |text: &str, base: i64, audience| SaveAnswer {
        body: AnswerBody { text: text.to_owned(), ..AnswerBody::default() },
        audience,
        count_me: true,
        with_name: false,
        base_version: base,
        request_key: String::new(),
        follows: String::new(),
    };
    let bodies = async |store: &Store| {
        let mine = room::mine(store, &p.responder, id, now).await.unwrap();
        mine.into_iter().map(|i| (i.body, i.from_answer)).collect::<Vec<_>>()
    };
    let save = async |text: &str, base: i64, audience| {
        interviews::save(&store, &p.responder, invitation, RECURRENCE, &say(text, base, audience), now).await.unwrap().version
    };
    let first = save("Check the chain nightly.", 0, Audience::Parked).await;
    assert!(bodies(&store).await.is_empty(), "a draft is nobody else's, nor the parking lot's");
    interviews::submit(&store, &p.responder, invitation, now).await.unwrap();
    assert_eq!(bodies(&store).await, [("Check the chain nightly.".to_owned(), true)]);
    let second = save("Check the chain hourly.", first, Audience::Parked).await;
    interviews::submit(&store, &p.responder, invitation, now).await.unwrap();
    assert_eq!(bodies(&store).await, [("Check the chain hourly.".to_owned(), true)]);
    save("Check the chain hourly.", second, Audience::OnlyMe).await;
    assert!(bodies(&store).await.is_empty(), "narrowed, it leaves at once");
}

async fn invited(store: &Store, p: &People, id: IncidentId) -> domain::InvitationId {
    let now = at("2026-03-03T08:00:00Z");
    reviews::open(store, &p.manager, id, p.facilitator.person_id, true, now).await.unwrap();
    let invitee = Invitee::Person(p.responder.person_id);
    interviews::invite(store, &p.facilitator, id, &invitee, None, now).await.unwrap().id
}

async fn an_empty_idea_is_refused_and_keeps_nothing(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow payments").await;
    let refused = room::park(&store, &p.responder, id, "  \n", false, at(PUBLISHED)).await;
    assert!(matches!(refused, Err(StoreError::Invalid(invalid)) if invalid.message("text").is_some()));
    assert!(room::mine(&store, &p.responder, id, at(PUBLISHED)).await.unwrap().is_empty());
    let admin = room::park(&store, &p.admin, id, "An idea", false, at(PUBLISHED)).await;
    assert!(matches!(admin, Err(StoreError::NotFound)), "administering gives no part in an incident");
}

async fn a_review_shows_only_how_many_are_parked(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let now = at(PUBLISHED);
    for text in ["one canary idea", "two canary ideas"] {
        room::park(&store, &p.responder, id, text, true, now).await.unwrap();
    }
    let ideas = planning::ideas(&store, &p.planner, id, wall_opens()).await.unwrap();
    planning::sort(&store, &p.planner, id, ideas[0].id, planning::Sorting::Drop(""), wall_opens()).await.unwrap();
    let story = reviews::story(&store, &p.leader, id, wall_opens()).await.unwrap();
    assert_eq!(story.parked, 2, "what planning does with them does not show in the review");
    assert!(!format!("{story:?}").contains("canary"));
}
