//! The document of a review: how far it is, what marks it revised, comments at its sections, and looking at it again.

use crate::support::{self, People, at, people};
use chrono::TimeDelta;
use domain::IncidentId;
use domain::learnings::FactorCategory;
use domain::people::Viewer;
use domain::reviews::SectionKind;
use domain::reviews::preparing::Meeting;
use domain::reviews::revisit::{ASK_AGAIN_AFTER, Answer, Outcome, REVISIT_AFTER};
use domain::reviews::stage::Stage;
use store::incidents::Filter;
use store::learnings::NewFactor;
use store::reviews::{self as room, Settling};
use store::{Store, StoreError};

conformance! {
    a_document_goes_its_way_by_what_is_there,
    what_changes_in_the_story_marks_it_revised_and_nothing_else_does,
    sections_of_before_are_read_beside_new_ones,
    comments_are_read_where_the_story_is_and_those_of_before_stay_with_who_leads,
    a_comment_is_resolved_by_its_author_or_who_leads_and_taken_back_by_its_author,
    who_leaves_takes_their_comments_along,
    a_story_asks_after_sixty_days_and_again_when_it_is_put_off,
}

const NOW: &str = "2026-03-03T09:00:00Z";
const LATER: &str = "2026-03-05T09:00:00Z";

struct Scene {
    people: People,
    incident: IncidentId,
}

async fn scene(store: &Store) -> Scene {
    let people = people(store).await;
    let (incident, _) = support::incident(store, &people.planner, "Labels did not print").await;
    room::open(store, &people.admin, incident, people.facilitator.person_id, false, at(NOW)).await.unwrap();
    Scene { people, incident }
}

impl Scene {
    async fn write(&self, store: &Store, kind: SectionKind, base: i64, body: &str, when: &str) {
        room::save_section(store, &self.people.facilitator, self.incident, kind, base, body, at(when)).await.unwrap();
    }

    async fn publish(&self, store: &Store) {
        self.write(store, SectionKind::Summary, 0, "Told.", NOW).await;
        room::publish(store, &self.people.facilitator, self.incident, at(NOW)).await.unwrap();
    }

    async fn stage(&self, store: &Store) -> Stage {
        room::readiness(store, &self.people.facilitator, self.incident, at(LATER)).await.unwrap().stage(at(LATER))
    }

    async fn comments(&self, store: &Store, who: &Viewer) -> Vec<String> {
        let read = room::comments(store, who, self.incident, at(LATER)).await.unwrap();
        read.into_iter().map(|c| c.body).collect()
    }
}

fn not_found<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::NotFound)), "{outcome:?}");
}

async fn a_document_goes_its_way_by_what_is_there(store: Store) {
    let scene = scene(&store).await;
    let frida = &scene.people.facilitator;
    assert_eq!(scene.stage(&store).await, Stage::Draft);
    let plan = Meeting { at: at("2026-03-10T10:00:00Z"), zone: "UTC".into(), minutes: 60, place: String::new(), version: 0 };
    room::plan_meeting(&store, frida, scene.incident, plan, at(NOW)).await.unwrap();
    assert_eq!(scene.stage(&store).await, Stage::Draft);
    scene.write(&store, SectionKind::Summary, 0, "Told.", NOW).await;
    assert_eq!(scene.stage(&store).await, Stage::Meeting);
    assert_eq!(room::to_prepare(&store, frida, at(LATER)).await.unwrap()[0].stage, Stage::Meeting);
    room::publish(&store, frida, scene.incident, at(NOW)).await.unwrap();
    assert_eq!(scene.stage(&store).await, Stage::Published);
    scene.write(&store, SectionKind::Summary, 1, "Told again.", LATER).await;
    assert_eq!(scene.stage(&store).await, Stage::Revised);
}

async fn what_changes_in_the_story_marks_it_revised_and_nothing_else_does(store: Store) {
    let scene = scene(&store).await;
    let (frida, olaf) = (&scene.people.facilitator, &scene.people.outsider);
    scene.write(&store, SectionKind::Hard, 0, "Before.", NOW).await;
    scene.publish(&store).await;
    let story = || async { room::story(&store, olaf, scene.incident, at(LATER)).await.unwrap().revised_at };
    let row = || async { store::incidents::list(&store, olaf, &Filter::default(), 5).await.unwrap().rows[0].revised_at };
    assert_eq!((story().await, row().await), (None, None), "what was there before is no revision");
    scene.write(&store, SectionKind::External, 0, "Dear customers.", LATER).await;
    assert_eq!(story().await, None, "what is said to people outside is no part of it");
    scene.write(&store, SectionKind::Hard, 1, "After.", LATER).await;
    assert_eq!((story().await, row().await), (Some(at(LATER)), Some(at(LATER))));
    let day = "2026-03-06T09:00:00Z";
    let new = NewFactor::plain(FactorCategory::ALL[0], "One board for both.");
    store::learnings::add_factor(&store, frida, scene.incident, &new, at(day)).await.unwrap();
    assert_eq!(story().await, Some(at(day)), "its factors are part of it");
}

async fn sections_of_before_are_read_beside_new_ones(store: Store) {
    let scene = scene(&store).await;
    for kind in SectionKind::ALL {
        scene.write(&store, kind, 0, kind.title(), NOW).await;
    }
    let read = room::sections(&store, &scene.people.facilitator, scene.incident, at(NOW)).await.unwrap();
    assert_eq!(read.iter().map(|s| s.kind).collect::<Vec<_>>(), SectionKind::ALL);
    assert!(read.iter().all(|s| s.body == s.kind.title() && s.version == 1));
    let lines = room::versions(&store, &scene.people.facilitator, scene.incident, SectionKind::KnownThen, at(NOW)).await.unwrap();
    assert_eq!(lines.len(), 1);
}

async fn comments_are_read_where_the_story_is_and_those_of_before_stay_with_who_leads(store: Store) {
    let scene = scene(&store).await;
    let (frida, olaf, guest) = (&scene.people.facilitator, &scene.people.outsider, &scene.people.guest);
    let add = |who: Viewer, body: &'static str, when: &'static str| {
        let (store, incident) = (store.clone(), scene.incident);
        async move { room::comment(&store, &who, incident, SectionKind::Hard, body, false, at(when)).await }
    };
    not_found(add(olaf.clone(), "Not mine to read.", NOW).await);
    not_found(room::comments(&store, olaf, scene.incident, at(NOW)).await);
    add(frida.clone(), "Is this so?", NOW).await.unwrap();
    let empty = add(frida.clone(), "  ", NOW).await;
    assert!(matches!(empty, Err(StoreError::Invalid(ref i)) if i.message("body").is_some()), "{empty:?}");
    scene.publish(&store).await;
    add(olaf.clone(), "It was so here too.", LATER).await.unwrap();
    not_found(add(guest.clone(), "No account.", LATER).await);
    assert_eq!(scene.comments(&store, frida).await, ["Is this so?", "It was so here too."]);
    assert_eq!(scene.comments(&store, &scene.people.leader).await, ["It was so here too."]);
    let read = room::comments(&store, olaf, scene.incident, at(LATER)).await.unwrap();
    assert_eq!(read.len(), 1);
    assert!(read[0].mine && read[0].settles && read[0].section == SectionKind::Hard);
    assert_eq!(read[0].author.as_deref(), Some("Olaf Outsider"));
}

async fn a_comment_is_resolved_by_its_author_or_who_leads_and_taken_back_by_its_author(store: Store) {
    let scene = scene(&store).await;
    let (frida, olaf, piet) = (&scene.people.facilitator, &scene.people.outsider, &scene.people.planner);
    scene.publish(&store).await;
    let id = room::comment(&store, olaf, scene.incident, SectionKind::Summary, "And then?", false, at(LATER)).await.unwrap();
    let settle = |who: Viewer, how: Settling| {
        let (store, incident) = (store.clone(), scene.incident);
        async move { room::settle_comment(&store, &who, incident, id, how, at(LATER)).await }
    };
    let resolved = || async { room::comments(&store, piet, scene.incident, at(LATER)).await.unwrap()[0].resolved_at.is_some() };
    not_found(settle(piet.clone(), Settling::Resolve).await);
    not_found(settle(frida.clone(), Settling::TakeBack).await);
    assert_eq!(settle(frida.clone(), Settling::Resolve).await.unwrap(), SectionKind::Summary);
    assert!(resolved().await);
    settle(olaf.clone(), Settling::Reopen).await.unwrap();
    assert!(!resolved().await);
    settle(olaf.clone(), Settling::TakeBack).await.unwrap();
    assert!(scene.comments(&store, frida).await.is_empty());
    not_found(settle(olaf.clone(), Settling::Resolve).await);
}

async fn who_leaves_takes_their_comments_along(store: Store) {
    let scene = scene(&store).await;
    let (olaf, piet) = (&scene.people.outsider, &scene.people.planner);
    scene.publish(&store).await;
    for (who, body) in [(olaf, "Olaf's."), (piet, "Piet's.")] {
        room::comment(&store, who, scene.incident, SectionKind::Summary, body, false, at(LATER)).await.unwrap();
    }
    let data = store::owndata::collect(&store, olaf, at(LATER)).await.unwrap();
    assert!(data.created.iter().any(|c| c.kind.slug() == "comment"));
    store::owndata::close_account(&store, olaf, false, at(LATER)).await.unwrap();
    assert_eq!(scene.comments(&store, piet).await, ["Piet's."]);
}

async fn a_story_asks_after_sixty_days_and_again_when_it_is_put_off(store: Store) {
    let scene = scene(&store).await;
    let (frida, olaf) = (&scene.people.facilitator, &scene.people.outsider);
    let answer = |outcome, words: &str| Answer { outcome, words: words.to_owned() };
    let early = room::revisit(&store, frida, scene.incident, answer(Outcome::StillTrue, ""), at(NOW)).await;
    assert!(matches!(early, Err(StoreError::Refused(_))), "{early:?}");
    scene.publish(&store).await;
    let due = at(NOW) + REVISIT_AFTER;
    let waits = |when| {
        let store = store.clone();
        async move { room::revisits_waiting(&store, frida, when).await.unwrap().len() }
    };
    assert_eq!((waits(due - TimeDelta::hours(1)).await, waits(due).await), (0, 1));
    assert_eq!(room::revisits_waiting(&store, olaf, due).await.unwrap(), []);
    not_found(room::revisit(&store, olaf, scene.incident, answer(Outcome::StillTrue, ""), due).await);
    room::revisit(&store, frida, scene.incident, answer(Outcome::Later, ""), due).await.unwrap();
    let again = due + ASK_AGAIN_AFTER;
    assert_eq!((waits(due).await, waits(again - TimeDelta::hours(1)).await, waits(again).await), (0, 0, 1));
    let told = room::story(&store, olaf, scene.incident, again).await.unwrap();
    assert_eq!((told.looked_again.len(), told.asks_at), (0, Some(again)), "what was put off says nothing to readers");
    let empty = room::revisit(&store, frida, scene.incident, answer(Outcome::SomeChanged, " "), again).await;
    assert!(matches!(empty, Err(StoreError::Invalid(ref i)) if i.message("words").is_some()), "{empty:?}");
    room::revisit(&store, frida, scene.incident, answer(Outcome::SomeChanged, "The queue is gone."), again).await.unwrap();
    assert_eq!(waits(again + TimeDelta::days(400)).await, 0);
    let told = room::story(&store, olaf, scene.incident, again).await.unwrap();
    assert_eq!((told.looked_again[0].words.as_str(), told.asks_at), ("The queue is gone.", None));
}
