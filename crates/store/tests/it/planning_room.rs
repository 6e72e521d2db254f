//! Behind the open wall: ideas that are sorted, whether it helped, what waits by age, and factors that came back.

use crate::planning::{PUBLISHED, draft, published, wall_opens};
use crate::support::{People, at, new_incident, people};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::incidents::{IncidentKey, Severity};
use domain::learnings::FactorCategory;
use domain::people::Viewer;
use domain::planning::{ItemDraft, ItemState, Verdict};
use domain::reviews::SectionKind;
use domain::{FactorId, IncidentId, ItemId, ParkedId, ServiceId};
use store::learnings::{self, NewFactor};
use store::planning::{self as room, Sorting};
use store::{Store, StoreError, parking, reviews};

conformance! {
    ideas_are_grouped_and_a_group_that_is_left_goes,
    one_idea_stands_for_several_and_each_can_stand_for_itself_again,
    thanks_reach_whoever_parked_it_and_name_nobody_else,
    whether_it_helped_is_asked_weeks_later_of_its_owner_and_of_planners,
    what_waits_is_told_by_age_to_those_whom_it_concerns,
    a_restricted_incident_tells_its_items_to_nobody_it_does_not_name,
    a_factor_that_came_back_is_told_in_both_rooms,
    what_was_never_sorted_or_concerns_another_service_did_not_come_back,
    what_planning_adds_is_gone_with_its_incident,
}

async fn park(store: &Store, by: &Viewer, id: IncidentId, text: &str) -> ParkedId {
    parking::park(store, by, id, text, false, at(PUBLISHED)).await.unwrap()
}

async fn sort(store: &Store, p: &People, id: IncidentId, idea: ParkedId, how: Sorting<'_>) -> Result<(), StoreError> {
    room::sort(store, &p.planner, id, idea, how, wall_opens()).await
}

async fn ideas_are_grouped_and_a_group_that_is_left_goes(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let (there, _) = published(&store, &p).await;
    let (a, b) = (park(&store, &p.responder, id, "Paint the depots.").await, park(&store, &p.outsider, id, "Lights.").await);
    let foreign = park(&store, &p.responder, there, "Elsewhere.").await;
    sort(&store, &p, id, a, Sorting::IntoNew(" What depots see ")).await.unwrap();
    let groups = async || room::groups(&store, &p.planner, id, wall_opens()).await.unwrap();
    let made = groups().await;
    assert_eq!(made.iter().map(|g| g.name.as_str()).collect::<Vec<_>>(), ["What depots see"]);
    sort(&store, &p, id, b, Sorting::Into(Some(made[0].id))).await.unwrap();
    let ideas = room::ideas(&store, &p.planner, id, wall_opens()).await.unwrap();
    assert!(ideas.iter().all(|idea| idea.group == Some(made[0].id)));
    let wrong = sort(&store, &p, there, foreign, Sorting::Into(Some(made[0].id))).await;
    assert!(matches!(wrong, Err(StoreError::NotFound)), "a group of another incident");
    assert!(matches!(sort(&store, &p, there, a, Sorting::Into(None)).await, Err(StoreError::NotFound)));
    let bare = sort(&store, &p, id, a, Sorting::IntoNew(" ")).await;
    assert!(matches!(bare, Err(StoreError::Invalid(invalid)) if invalid.message("name").is_some()));
    room::change_group(&store, &p.planner, id, made[0].id, Some("Seen from a depot"), wall_opens()).await.unwrap();
    assert_eq!(groups().await[0].name, "Seen from a depot");
    for viewer in [&p.responder, &p.facilitator, &p.leader, &p.admin] {
        assert!(matches!(room::groups(&store, viewer, id, wall_opens()).await, Err(StoreError::NotFound)));
        let named = room::change_group(&store, viewer, id, made[0].id, Some("Ours"), wall_opens()).await;
        assert!(matches!(named, Err(StoreError::NotFound)));
        let sorted = room::sort(&store, viewer, id, a, Sorting::Into(None), wall_opens()).await;
        assert!(matches!(sorted, Err(StoreError::NotFound)));
    }
    sort(&store, &p, id, a, Sorting::Into(None)).await.unwrap();
    assert_eq!(groups().await.len(), 1);
    sort(&store, &p, id, b, Sorting::Into(None)).await.unwrap();
    assert!(groups().await.is_empty(), "the last one left it");
    sort(&store, &p, id, b, Sorting::IntoNew("Again")).await.unwrap();
    let again = groups().await[0].id;
    room::change_group(&store, &p.planner, id, again, None, wall_opens()).await.unwrap();
    let ideas = room::ideas(&store, &p.planner, id, wall_opens()).await.unwrap();
    assert!(ideas.len() == 2 && ideas.iter().all(|idea| idea.group.is_none()));
}

async fn one_idea_stands_for_several_and_each_can_stand_for_itself_again(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let (there, _) = published(&store, &p).await;
    let foreign = park(&store, &p.responder, there, "Elsewhere.").await;
    let (a, b) = (park(&store, &p.responder, id, "One call.").await, park(&store, &p.outsider, id, "A single call.").await);
    let c = park(&store, &p.other_responder, id, "Just one number.").await;
    sort(&store, &p, id, a, Sorting::Under(b)).await.unwrap();
    sort(&store, &p, id, b, Sorting::Under(c)).await.unwrap();
    let under = async |idea| {
        room::ideas(&store, &p.planner, id, wall_opens()).await.unwrap().into_iter().find(|i| i.id == idea).unwrap().under
    };
    assert_eq!((under(a).await, under(b).await, under(c).await), (Some(c), Some(c), None), "one level");
    for (idea, under) in [(c, a), (c, c), (a, foreign)] {
        let refused = sort(&store, &p, id, idea, Sorting::Under(under)).await;
        assert!(matches!(refused, Err(StoreError::Invalid(invalid)) if invalid.message("under").is_some()));
    }
    assert!(matches!(sort(&store, &p, id, foreign, Sorting::Under(c)).await, Err(StoreError::NotFound)));
    sort(&store, &p, id, a, Sorting::Alone).await.unwrap();
    assert_eq!((under(a).await, under(b).await), (None, Some(c)));
}

async fn thanks_reach_whoever_parked_it_and_name_nobody_else(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let (a, b) = (park(&store, &p.responder, id, "One call.").await, park(&store, &p.outsider, id, "A single call.").await);
    sort(&store, &p, id, b, Sorting::Under(a)).await.unwrap();
    let thanked = async |viewer| parking::mine(&store, viewer, id, wall_opens()).await.unwrap().remove(0).thanked;
    assert_eq!((thanked(&p.responder).await, thanked(&p.outsider).await), (None, None));
    sort(&store, &p, id, a, Sorting::Drop("It made us look at the desk.")).await.unwrap();
    for viewer in [&p.responder, &p.outsider] {
        assert_eq!(thanked(viewer).await.as_deref(), Some("It made us look at the desk."), "{}", viewer.name);
    }
    let own = store::owndata::collect(&store, &p.outsider, wall_opens()).await.unwrap();
    assert_eq!(own.ideas[0].idea.thanked.as_deref(), Some("It made us look at the desk."));
    sort(&store, &p, id, a, Sorting::PutBack).await.unwrap();
    assert_eq!((thanked(&p.responder).await, thanked(&p.outsider).await), (None, None));
    sort(&store, &p, id, a, Sorting::Drop("")).await.unwrap();
    assert_eq!(thanked(&p.responder).await.as_deref(), Some(""));
    let idea = room::ideas(&store, &p.planner, id, wall_opens()).await.unwrap().into_iter().find(|i| i.id == a).unwrap();
    assert_eq!((idea.name, idea.set_aside), (None, true));
}

/// An item that the responder takes care of, done at `at`.
async fn done(store: &Store, p: &People, id: IncidentId, new: ItemDraft, at: DateTime<Utc>) -> ItemId {
    let new = ItemDraft { owner_id: Some(p.responder.person_id), state: ItemState::Done, ..new };
    room::add_item(store, &p.planner, id, new, None, at).await.unwrap()
}

async fn whether_it_helped_is_asked_weeks_later_of_its_owner_and_of_planners(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let item = done(&store, &p, id, draft("Route label pages"), wall_opens()).await;
    let asked = async |viewer, at| {
        let waits = room::waiting(&store, viewer, at).await.unwrap();
        waits.to_look_back.into_iter().map(|w| w.id).collect::<Vec<_>>()
    };
    let (early, weeks) = (wall_opens() + Duration::days(41), wall_opens() + Duration::days(42));
    for viewer in [&p.responder, &p.planner] {
        assert_eq!((asked(viewer, early).await, asked(viewer, weeks).await), (vec![], vec![item]), "{}", viewer.name);
    }
    for viewer in [&p.facilitator, &p.leader, &p.admin, &p.outsider] {
        assert!(asked(viewer, weeks).await.is_empty(), "{}", viewer.name);
        assert!(matches!(room::planned(&store, viewer, item, weeks).await, Err(StoreError::NotFound)));
        let said = room::look_back(&store, viewer, item, "yes", "", weeks).await;
        assert!(matches!(said, Err(StoreError::NotFound)), "{}", viewer.name);
    }
    let bare = room::look_back(&store, &p.responder, item, "", "words", weeks).await;
    assert!(matches!(bare, Err(StoreError::Invalid(invalid)) if invalid.message("verdict").is_some()));
    room::look_back(&store, &p.responder, item, "too-early", "No night since.", weeks).await.unwrap();
    assert!(asked(&p.planner, weeks + Duration::days(41)).await.is_empty());
    let again = weeks + Duration::days(42);
    assert_eq!(asked(&p.planner, again).await, [item]);
    room::look_back(&store, &p.planner, item, "partly", "Fewer calls.", again).await.unwrap();
    assert!(asked(&p.responder, again + Duration::days(400)).await.is_empty(), "settled");
    let (planned, said) = room::planned(&store, &p.responder, item, again).await.unwrap();
    assert!(planned.mine && !planned.plans);
    assert_eq!(said.iter().map(|h| h.verdict).collect::<Vec<_>>(), [Verdict::Partly, Verdict::TooEarly]);
    assert_eq!((said[0].by.as_deref(), said[0].words.as_str()), (Some("Piet Planner"), "Fewer calls."));
    assert_eq!(room::items(&store, &p.planner, id, again).await.unwrap()[0].helped, said);
    let made = store::owndata::collect(&store, &p.responder, again).await.unwrap().created;
    assert_eq!(made.iter().filter(|c| c.kind == store::owndata::CreatedKind::LookedBack).count(), 1);
    let open = room::add_item(&store, &p.planner, id, draft("Open"), None, again).await.unwrap();
    assert!(matches!(room::look_back(&store, &p.planner, open, "yes", "", again).await, Err(StoreError::Refused(_))));
}

async fn what_waits_is_told_by_age_to_those_whom_it_concerns(store: Store) {
    let p = people(&store).await;
    let (first, _) = published(&store, &p).await;
    let (second, _) = published(&store, &p).await;
    let day = |n| wall_opens() + Duration::days(n);
    let due_on = NaiveDate::from_ymd_opt(2026, 4, 15);
    let new = ItemDraft { owner_id: Some(p.responder.person_id), due_on, ..draft("Newer") };
    room::add_item(&store, &p.planner, second, new, None, day(20)).await.unwrap();
    room::add_item(&store, &p.planner, first, ItemDraft { state: ItemState::Proposed, ..draft("Older") }, None, day(1))
        .await
        .unwrap();
    done(&store, &p, first, draft("Done"), day(1)).await;
    let titles =
        async |viewer| room::by_age(&store, viewer, day(60)).await.unwrap().into_iter().map(|w| w.title).collect::<Vec<_>>();
    assert_eq!(titles(&p.planner).await, ["Older", "Newer"]);
    assert_eq!(titles(&p.responder).await, ["Newer"], "what one takes care of, without the room");
    for viewer in [&p.facilitator, &p.leader, &p.admin, &p.manager, &p.outsider] {
        assert!(titles(viewer).await.is_empty(), "{}", viewer.name);
    }
    let past = async |viewer, at| room::waiting(&store, viewer, at).await.unwrap().past_due.len();
    assert_eq!(past(&p.responder, at("2026-04-15T23:00:00Z")).await, 0, "the day itself is not over");
    assert_eq!((past(&p.responder, at("2026-04-16T00:00:00Z")).await, past(&p.planner, day(60)).await), (1, 0));
}

async fn a_restricted_incident_tells_its_items_to_nobody_it_does_not_name(store: Store) {
    let p = people(&store).await;
    let (id, _) = published(&store, &p).await;
    let mine = ItemDraft { owner_id: Some(p.responder.person_id), ..draft("Theirs") };
    let item = room::add_item(&store, &p.planner, id, mine, None, wall_opens()).await.unwrap();
    assert_eq!(room::by_age(&store, &p.responder, wall_opens()).await.unwrap().len(), 1);
    store::incidents::restrict(&store, &p.facilitator, id, true, wall_opens()).await.unwrap();
    assert!(room::by_age(&store, &p.responder, wall_opens()).await.unwrap().is_empty());
    let read = room::planned(&store, &p.responder, item, wall_opens()).await;
    assert!(matches!(read, Err(StoreError::NotFound)));
    assert_eq!(room::by_age(&store, &p.planner, wall_opens()).await.unwrap().len(), 1);
}

/// An incident of these services that began then, with a factor of this category, published a day later; its planner is the usual one.
async fn met(
    store: &Store,
    p: &People,
    started: &str,
    services: &[ServiceId],
    category: FactorCategory,
) -> (IncidentId, IncidentKey, FactorId) {
    let new = new_incident("Labels stopped", Severity::Sev2, started);
    let now = at(started) + Duration::days(1);
    let key = store::incidents::add_with(store, &p.outsider, &new, services, now).await.unwrap();
    let id = store::incidents::by_key(store, &p.outsider, key, now).await.unwrap().incident.id;
    reviews::open(store, &p.manager, id, p.facilitator.person_id, true, now).await.unwrap();
    reviews::save_section(store, &p.facilitator, id, SectionKind::Summary, 0, "Labels stopped.", now).await.unwrap();
    room::appoint(store, &p.facilitator, id, p.planner.person_id, now).await.unwrap();
    let factor = NewFactor::plain(category, "Nobody was told.");
    let factor = learnings::add_factor(store, &p.facilitator, id, &factor, now).await.unwrap();
    reviews::publish(store, &p.facilitator, id, now).await.unwrap();
    (id, key, factor)
}

async fn service(store: &Store, p: &People, name: &str) -> ServiceId {
    let new = store::services::ServiceChange { name: name.to_owned(), ..Default::default() };
    store::services::add(store, &p.admin, &new, at(PUBLISHED)).await.unwrap()
}

async fn a_factor_that_came_back_is_told_in_both_rooms(store: Store) {
    let p = people(&store).await;
    let (labels, carts) = (service(&store, &p, "Labels").await, service(&store, &p, "Carts").await);
    let (first, first_key, factor) = met(&store, &p, "2026-03-02T10:00:00Z", &[labels, carts], FactorCategory::Alerting).await;
    let item = ItemDraft { factors: vec![factor], ..draft("Route label pages") };
    let item = done(&store, &p, first, item, at("2026-03-20T10:00:00Z")).await;
    let (before, ..) = met(&store, &p, "2026-03-19T10:00:00Z", &[labels], FactorCategory::Alerting).await;
    let (again, again_key, _) = met(&store, &p, "2026-04-29T11:00:00Z", &[labels, carts], FactorCategory::Alerting).await;
    let now = at("2026-06-01T10:00:00Z");
    let told = async |viewer, id| room::returned(&store, viewer, id, now).await;
    let here = told(&p.planner, first).await.unwrap();
    assert_eq!(here.len(), 1, "once, though both services are the same: {here:?}");
    assert_eq!((here[0].first, here[0].again, here[0].days), (first_key, again_key, 40));
    assert_eq!(here[0].item, Some((item, "Route label pages".to_owned())));
    assert_eq!(told(&p.planner, again).await.unwrap(), here, "the same in the later room");
    assert!(told(&p.planner, before).await.unwrap().is_empty(), "it began before the item was done");
    // Who plans only at the later one learns that something was done, and not what.
    room::appoint(&store, &p.facilitator, again, p.outsider.person_id, now).await.unwrap();
    let there = told(&p.outsider, again).await.unwrap();
    assert_eq!((there.len(), there[0].first, &there[0].item), (1, first_key, &None));
    assert!(matches!(told(&p.outsider, first).await, Err(StoreError::NotFound)));
    for viewer in [&p.facilitator, &p.leader, &p.admin] {
        assert!(matches!(told(viewer, again).await, Err(StoreError::NotFound)));
    }
    // A restricted incident that does not name them is not there for them, also here.
    store::incidents::restrict(&store, &p.facilitator, first, true, now).await.unwrap();
    room::appoint(&store, &p.facilitator, again, p.responder.person_id, now).await.unwrap();
    assert!(told(&p.responder, again).await.unwrap().is_empty());
    store::incidents::restrict(&store, &p.facilitator, first, false, now).await.unwrap();
    assert_eq!(told(&p.responder, again).await.unwrap().len(), 1);
    // Taken up again: it is not done.
    let open = ItemDraft { factors: vec![factor], ..draft("Route label pages") };
    room::change_item(&store, &p.planner, first, item, 1, open, now).await.unwrap();
    assert!(told(&p.planner, first).await.unwrap().is_empty());
}

async fn what_was_never_sorted_or_concerns_another_service_did_not_come_back(store: Store) {
    let p = people(&store).await;
    let (labels, carts) = (service(&store, &p, "Labels").await, service(&store, &p, "Carts").await);
    for (category, services, later) in [
        (FactorCategory::Unsorted, [labels], FactorCategory::Unsorted),
        (FactorCategory::Alerting, [carts], FactorCategory::Alerting),
        (FactorCategory::Ownership, [labels], FactorCategory::CodeChange),
    ] {
        let (first, _, factor) = met(&store, &p, "2026-03-02T10:00:00Z", &[labels], category).await;
        let item = ItemDraft { factors: vec![factor], ..draft("Something") };
        done(&store, &p, first, item, at("2026-03-20T10:00:00Z")).await;
        let (again, ..) = met(&store, &p, "2026-04-29T11:00:00Z", &services, later).await;
        let now = at("2026-06-01T10:00:00Z");
        for id in [first, again] {
            assert!(room::returned(&store, &p.planner, id, now).await.unwrap().is_empty(), "{category:?}");
        }
    }
}

async fn what_planning_adds_is_gone_with_its_incident(store: Store) {
    let p = people(&store).await;
    let (id, key) = published(&store, &p).await;
    let (a, b) = (park(&store, &p.responder, id, "One call.").await, park(&store, &p.outsider, id, "A single call.").await);
    sort(&store, &p, id, a, Sorting::IntoNew("Calls")).await.unwrap();
    sort(&store, &p, id, b, Sorting::Under(a)).await.unwrap();
    sort(&store, &p, id, a, Sorting::Drop("Thank you.")).await.unwrap();
    let item = done(&store, &p, id, draft("Route label pages"), wall_opens()).await;
    let now = wall_opens() + Duration::days(50);
    room::look_back(&store, &p.responder, item, "yes", "", now).await.unwrap();
    let sealed = store::health::sealed(&store).await;
    assert!(sealed.is_ok_and(|found| found.faults.is_empty()));
    store::trash::put_in(&store, &p.facilitator, id, &key.to_string(), now).await.unwrap();
    assert!(room::waiting(&store, &p.responder, now).await.unwrap().to_look_back.is_empty(), "in the trash it asks for nothing");
    assert!(matches!(room::planned(&store, &p.responder, item, now).await, Err(StoreError::NotFound)));
    let gone = store::trash::empty(&store, now + Duration::days(90)).await.unwrap();
    assert_eq!(gone.incidents, 1);
}
