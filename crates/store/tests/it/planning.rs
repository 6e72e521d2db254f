//! The wall and the items behind it.

use crate::support::{People, at, incident, people};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::incidents::IncidentKey;
use domain::learnings::{FactorCategory, LearningKind};
use domain::planning::{Effort, ItemDraft, ItemState};
use domain::reviews::SectionKind;
use domain::{IncidentId, PersonId};
use store::learnings::{self, NewFactor, NewLearning};
use store::planning::{self as room, Sorting};
use store::{Store, StoreError, parking, reviews};

conformance! {
    the_wall_opens_on_the_second_working_day,
    opening_early_needs_a_sentence_that_stays_on_record,
    nothing_opens_before_the_story_is_published,
    an_item_keeps_what_was_written_and_what_it_links_to,
    an_item_links_to_nothing_of_another_incident,
    a_stale_change_is_told_and_keeps_the_first,
    not_doing_it_needs_a_reason,
    only_planners_come_in_and_only_behind_the_wall,
    an_idea_becomes_an_item_or_is_dropped_with_thanks,
    a_wall_that_opened_is_news_for_two_weeks,
    a_factor_that_goes_takes_its_link_and_leaves_the_item,
    an_option_is_weighed_before_it_is_decided,
}

/// Monday.
pub const PUBLISHED: &str = "2026-03-09T13:00:00Z";

/// Wednesday at nine in Copenhagen.
pub fn wall_opens() -> DateTime<Utc> {
    at("2026-03-11T08:00:00Z")
}

/// An incident with a published story, a wall that opens on the second working day, and a planner.
pub async fn published(store: &Store, p: &People) -> (IncidentId, IncidentKey) {
    let (id, key) = incident(store, &p.outsider, "Slow payments").await;
    let now = at(PUBLISHED);
    reviews::open(store, &p.manager, id, p.facilitator.person_id, true, now).await.unwrap();
    reviews::save_section(store, &p.facilitator, id, SectionKind::Summary, 0, "Payments were slow.", now).await.unwrap();
    room::appoint(store, &p.facilitator, id, p.planner.person_id, now).await.unwrap();
    assert_eq!(reviews::publish(store, &p.facilitator, id, now).await.unwrap(), wall_opens());
    (id, key)
}

/// Decided to do, and nothing else is known of it.
pub fn draft(title: &str) -> ItemDraft {
    ItemDraft { title: title.to_owned(), state: ItemState::Open, ..ItemDraft::default() }
}

async fn the_wall_opens_on_the_second_working_day(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let wall = room::wall(&store, &p.planner, id, at(PUBLISHED)).await.unwrap();
    assert_eq!((wall.opens_at, wall.opened_early_at), (Some(wall_opens()), None));
    assert!(!wall.is_open(wall_opens() - Duration::seconds(1)) && wall.is_open(wall_opens()));
    assert_eq!(wall.opened_at(wall_opens()), Some(wall_opens()));
}

async fn opening_early_needs_a_sentence_that_stays_on_record(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let now = at("2026-03-10T06:00:00Z");
    let short = room::open_early(&store, &p.planner, id, "urgent", now).await;
    assert!(matches!(short, Err(StoreError::Invalid(invalid)) if invalid.message("reason").is_some()));
    assert!(matches!(
        room::open_early(&store, &p.facilitator, id, "We cannot wait any longer.", now).await,
        Err(StoreError::NotFound)
    ));
    room::open_early(&store, &p.planner, id, "Depots lose data every night.", now).await.unwrap();
    let wall = room::wall(&store, &p.planner, id, now).await.unwrap();
    assert_eq!((wall.opened_at(now), wall.opened_by.as_deref()), (Some(now), Some("Piet Planner")));
    assert_eq!(wall.reason, "Depots lose data every night.");
    assert!(room::items(&store, &p.planner, id, now).await.unwrap().is_empty());
    let again = room::open_early(&store, &p.planner, id, "Another reason for the same.", now).await;
    assert!(matches!(again, Err(StoreError::Refused(_))));
    assert_eq!(room::wall(&store, &p.planner, id, now).await.unwrap().reason, "Depots lose data every night.");
}

async fn nothing_opens_before_the_story_is_published(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.outsider, "Slow payments").await;
    let now = at(PUBLISHED);
    room::appoint(&store, &p.manager, id, p.planner.person_id, now).await.unwrap();
    assert_eq!(room::wall(&store, &p.planner, id, now).await.unwrap().opens_at, None);
    let early = room::open_early(&store, &p.planner, id, "We would like to begin now.", now).await;
    assert!(matches!(early, Err(StoreError::Refused(_))));
    assert!(matches!(room::items(&store, &p.planner, id, now).await, Err(StoreError::NotFound)));
}

async fn an_item_keeps_what_was_written_and_what_it_links_to(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let (factor, learning) = told(&store, &p, id).await;
    let new = ItemDraft {
        body: "One probe a region.\n\n- north\n- south".to_owned(),
        owner_id: Some(p.responder.person_id),
        due_on: NaiveDate::from_ymd_opt(2026, 4, 15),
        effect: "A green board means depots too.".to_owned(),
        factors: vec![factor],
        learnings: vec![learning],
        ..draft("Ask one depot gateway in each region")
    };
    room::add_item(&store, &p.planner, id, new.clone(), None, wall_opens()).await.unwrap();
    room::add_item(&store, &p.planner, id, draft("And another"), None, wall_opens()).await.unwrap();
    let items = room::items(&store, &p.planner, id, wall_opens()).await.unwrap();
    assert_eq!(
        items.iter().map(|i| i.title.as_str()).collect::<Vec<_>>(),
        ["Ask one depot gateway in each region", "And another"]
    );
    let read = &items[0];
    assert_eq!(
        (&read.body, read.owner.as_deref(), read.due_on, &read.effect),
        (&new.body, Some("Rune Responder"), new.due_on, &new.effect)
    );
    assert_eq!((&read.factors, &read.learnings, read.state, read.version), (&vec![factor], &vec![learning], ItemState::Open, 1));
    assert!(items[1].factors.is_empty() && items[1].learnings.is_empty());
}

async fn told(store: &Store, p: &People, id: IncidentId) -> (domain::FactorId, domain::LearningId) {
    let now = at(PUBLISHED);
    let factor = NewFactor::plain(FactorCategory::Alerting, "The board asked public addresses only.".to_owned());
    let learning = NewLearning {
        kind: LearningKind::System,
        body: "Green says that public addresses answer.".to_owned(),
        before: String::new(),
        worded_as_plan: false,
        details: Default::default(),
    };
    (
        learnings::add_factor(store, &p.facilitator, id, &factor, now).await.unwrap(),
        learnings::add_learning(store, &p.facilitator, id, &learning, now).await.unwrap(),
    )
}

async fn an_item_links_to_nothing_of_another_incident(store: Store) {
    let p = people(&store).await;
    let (here, _) = published(&store, &p).await;
    let (there, _) = published(&store, &p).await;
    let (factor, learning) = told(&store, &p, there).await;
    let idea = parking::park(&store, &p.responder, there, "An idea of the other", false, at(PUBLISHED)).await.unwrap();
    let foreign = ItemDraft { factors: vec![factor], learnings: vec![learning], ..draft("Here") };
    let id = room::add_item(&store, &p.planner, here, foreign, None, wall_opens()).await.unwrap();
    let items = room::items(&store, &p.planner, here, wall_opens()).await.unwrap();
    assert!(items[0].factors.is_empty() && items[0].learnings.is_empty());
    let from = room::add_item(&store, &p.planner, here, draft("From there"), Some(idea), wall_opens()).await;
    assert!(matches!(from, Err(StoreError::NotFound)));
    let moved = room::change_item(&store, &p.planner, there, id, 1, draft("Moved"), wall_opens()).await;
    assert!(matches!(moved, Err(StoreError::NotFound)));
}

async fn a_stale_change_is_told_and_keeps_the_first(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let item = room::add_item(&store, &p.planner, id, draft("Before"), None, wall_opens()).await.unwrap();
    let first = ItemDraft { state: ItemState::Doing, ..draft("First") };
    room::change_item(&store, &p.planner, id, item, 1, first, wall_opens()).await.unwrap();
    let second = room::change_item(&store, &p.planner, id, item, 1, draft("Second"), wall_opens()).await;
    assert!(matches!(second, Err(StoreError::Stale)));
    let items = room::items(&store, &p.planner, id, wall_opens()).await.unwrap();
    assert_eq!((items[0].title.as_str(), items[0].state, items[0].version), ("First", ItemState::Doing, 2));
}

async fn not_doing_it_needs_a_reason(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let bare = ItemDraft { state: ItemState::WontDo, ..draft("Restart gateways from the job") };
    let refused = room::add_item(&store, &p.planner, id, bare.clone(), None, wall_opens()).await;
    assert!(matches!(refused, Err(StoreError::Invalid(invalid)) if invalid.message("reason").is_some()));
    let told = ItemDraft { reason: "Would stop printing for 40 s.".to_owned(), ..bare };
    room::add_item(&store, &p.planner, id, told, None, wall_opens()).await.unwrap();
    let made_up = ItemDraft { owner_id: Some(PersonId(store::random::id())), ..draft("Owned by nobody") };
    let refused = room::add_item(&store, &p.planner, id, made_up, None, wall_opens()).await;
    assert!(matches!(refused, Err(StoreError::Invalid(invalid)) if invalid.message("owner").is_some()));
    assert_eq!(room::items(&store, &p.planner, id, wall_opens()).await.unwrap().len(), 1);
}

async fn only_planners_come_in_and_only_behind_the_wall(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let item = room::add_item(&store, &p.planner, id, draft("Theirs"), None, wall_opens()).await.unwrap();
    for viewer in [&p.responder, &p.facilitator, &p.leader, &p.manager, &p.admin, &p.outsider, &p.guest] {
        let now = wall_opens();
        assert!(matches!(room::wall(&store, viewer, id, now).await, Err(StoreError::NotFound)), "{}", viewer.name);
        assert!(matches!(room::items(&store, viewer, id, now).await, Err(StoreError::NotFound)), "{}", viewer.name);
        let change = room::change_item(&store, viewer, id, item, 1, draft("Ours"), now).await;
        assert!(matches!(change, Err(StoreError::NotFound)), "{}", viewer.name);
    }
    let early = room::add_item(&store, &p.planner, id, draft("Early"), None, at(PUBLISHED)).await;
    assert!(matches!(early, Err(StoreError::NotFound)));
    for viewer in [&p.responder, &p.leader, &p.outsider] {
        let given = room::appoint(&store, viewer, id, viewer.person_id, wall_opens()).await;
        assert!(matches!(given, Err(StoreError::NotFound)), "{}", viewer.name);
    }
}

async fn an_idea_becomes_an_item_or_is_dropped_with_thanks(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    for text in ["Let the desk open an incident.", "Paint the depots."] {
        parking::park(&store, &p.responder, id, text, false, at(PUBLISHED)).await.unwrap();
    }
    let ideas = room::ideas(&store, &p.planner, id, wall_opens()).await.unwrap();
    let find = |text: &str| ideas.iter().find(|i| i.body.starts_with(text)).unwrap().id;
    room::add_item(&store, &p.planner, id, draft("The desk opens incidents"), Some(find("Let")), wall_opens()).await.unwrap();
    room::sort(&store, &p.planner, id, find("Paint"), Sorting::Drop(""), wall_opens()).await.unwrap();
    let items = room::items(&store, &p.planner, id, wall_opens()).await.unwrap();
    assert_eq!(items[0].parked_id, Some(find("Let")));
    let aside = |ideas: Vec<parking::Idea>| ideas.into_iter().filter(|i| i.set_aside).map(|i| i.body).collect::<Vec<_>>();
    assert_eq!(aside(room::ideas(&store, &p.planner, id, wall_opens()).await.unwrap()), ["Paint the depots."]);
    room::sort(&store, &p.planner, id, find("Paint"), Sorting::PutBack, wall_opens()).await.unwrap();
    assert!(aside(room::ideas(&store, &p.planner, id, wall_opens()).await.unwrap()).is_empty());
}

async fn a_wall_that_opened_is_news_for_two_weeks(store: Store) {
    let p = people(&store).await;
    let (_, key) = published(&store, &p).await;
    let news = async |viewer, now| room::opened_walls(&store, viewer, now).await.unwrap();
    assert!(news(&p.planner, at(PUBLISHED)).await.is_empty());
    let opened = news(&p.planner, wall_opens()).await;
    assert_eq!(opened.iter().map(|w| (w.key, w.opened_at)).collect::<Vec<_>>(), [(key, wall_opens())]);
    assert!(news(&p.facilitator, wall_opens()).await.is_empty());
    assert!(news(&p.planner, wall_opens() + Duration::days(15)).await.is_empty());
}

async fn a_factor_that_goes_takes_its_link_and_leaves_the_item(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let (factor, learning) = told(&store, &p, id).await;
    let new = ItemDraft { factors: vec![factor], learnings: vec![learning], ..draft("Stays") };
    room::add_item(&store, &p.planner, id, new, None, wall_opens()).await.unwrap();
    learnings::remove_factor(&store, &p.facilitator, id, factor, wall_opens()).await.unwrap();
    let items = room::items(&store, &p.planner, id, wall_opens()).await.unwrap();
    assert_eq!((items[0].title.as_str(), items[0].factors.len(), items[0].learnings.len()), ("Stays", 0, 1));
}

async fn an_option_is_weighed_before_it_is_decided(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let option = ItemDraft {
        state: ItemState::Proposed,
        harder: "One more thing to renew.".to_owned(),
        effort: Some(Effort::Days),
        ..draft("Ask one depot gateway")
    };
    let item = room::add_item(&store, &p.planner, id, option.clone(), None, wall_opens()).await.unwrap();
    let read = async || room::items(&store, &p.planner, id, wall_opens()).await.unwrap().remove(0);
    let first = read().await;
    assert_eq!((first.state, first.decided_at, first.done_at), (ItemState::Proposed, None, None));
    assert_eq!((first.harder.as_str(), first.effort), ("One more thing to renew.", Some(Effort::Days)));
    let owned = ItemDraft { owner_id: Some(p.responder.person_id), ..option.clone() };
    let refused = room::change_item(&store, &p.planner, id, item, 1, owned.clone(), wall_opens()).await;
    assert!(matches!(refused, Err(StoreError::Invalid(invalid)) if invalid.message("owner").is_some()));
    let (decided, done) = (wall_opens() + Duration::hours(1), wall_opens() + Duration::days(9));
    let tracker = "https://tracker.example/T-1".to_owned();
    let taken = ItemDraft { state: ItemState::Doing, tracker: tracker.clone(), ..owned };
    room::change_item(&store, &p.planner, id, item, 1, taken.clone(), decided).await.unwrap();
    room::change_item(&store, &p.planner, id, item, 2, ItemDraft { state: ItemState::Done, ..taken.clone() }, done)
        .await
        .unwrap();
    let later = done + Duration::days(1);
    room::change_item(&store, &p.planner, id, item, 3, ItemDraft { state: ItemState::Done, ..taken.clone() }, later)
        .await
        .unwrap();
    let last = read().await;
    assert_eq!((last.decided_at, last.done_at, &last.tracker), (Some(decided), Some(done), &tracker));
    room::change_item(&store, &p.planner, id, item, 4, taken, later).await.unwrap();
    assert_eq!(read().await.done_at, None, "it was taken up again");
    room::change_item(&store, &p.planner, id, item, 5, option, later).await.unwrap();
    assert_eq!(read().await.decided_at, None, "an option again");
    let script = ItemDraft { tracker: "javascript:alert(1)".to_owned(), ..draft("Odd") };
    let refused = room::add_item(&store, &p.planner, id, script, None, wall_opens()).await;
    assert!(matches!(refused, Err(StoreError::Invalid(invalid)) if invalid.message("tracker").is_some()));
}
