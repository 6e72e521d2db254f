//! Learnings as things of their own: what is said of them, the list, what met them again, where they live on, and to whom they were new.

use crate::support::{People, account, at, incident, people};
use domain::learnings::{LearningDetails, LearningKind, LearningStatus, LinkKind, NewLink};
use domain::people::{GlobalRole, Viewer};
use domain::reviews::SectionKind;
use domain::{IncidentId, LearningId, TeamId};
use store::learnings::{self as room, Filter, NewLearning};
use store::{Store, StoreError};

conformance! {
    a_learning_says_who_should_know_and_whether_it_holds,
    what_took_its_place_is_another_one_that_is_seen,
    what_a_learning_said_comes_back_from_the_history,
    the_list_is_of_published_stories_with_filters_and_pages,
    an_incident_meets_a_learning_again,
    what_a_restricted_or_deleted_incident_met_is_in_no_count,
    what_was_met_moves_with_a_merge_and_back,
    what_was_met_comes_into_nobody_elses_review,
    what_both_met_stands_once_after_a_merge,
    runbooks_and_exercises_are_added_and_taken_away,
    to_how_many_it_was_new_shows_in_steps_and_never_who,
}

const NOW: &str = "2026-05-04T09:00:00Z";

fn learning(body: &str) -> NewLearning {
    NewLearning {
        kind: LearningKind::People,
        body: body.to_owned(),
        before: String::new(),
        worded_as_plan: false,
        details: LearningDetails::default(),
    }
}

/// An incident whose review Frida leads, with one learning.
async fn in_review(store: &Store, p: &People, title: &str, new: &NewLearning) -> (IncidentId, LearningId) {
    let (id, _) = incident(store, &p.outsider, title).await;
    store::reviews::open(store, &p.manager, id, p.facilitator.person_id, true, at(NOW)).await.unwrap();
    let learning = room::add_learning(store, &p.facilitator, id, new, at(NOW)).await.unwrap();
    (id, learning)
}

async fn publish(store: &Store, p: &People, id: IncidentId, when: &str) {
    store::reviews::save_section(store, &p.facilitator, id, SectionKind::Summary, 0, "Told.", at(when)).await.unwrap();
    store::reviews::publish(store, &p.facilitator, id, at(when)).await.unwrap();
}

async fn published(store: &Store, p: &People, title: &str, new: &NewLearning, when: &str) -> (IncidentId, LearningId) {
    let (id, learning) = in_review(store, p, title, new).await;
    publish(store, p, id, when).await;
    (id, learning)
}

fn refused<T: std::fmt::Debug>(answer: Result<T, StoreError>, field: &str) {
    match answer {
        Err(StoreError::Invalid(invalid)) => assert!(invalid.message(field).is_some(), "{field}: {invalid:?}"),
        other => panic!("{field}: {other:?}"),
    }
}

async fn a_learning_says_who_should_know_and_whether_it_holds(store: Store) {
    let p = people(&store).await;
    let details = LearningDetails {
        evidence: vec!["https://graphs.example/1".to_owned(), "/incidents/INC-1#e-1".to_owned()],
        teams: vec![p.other_team, p.team, p.team, TeamId(store::random::id())],
        ..LearningDetails::default()
    };
    let (id, one) = in_review(&store, &p, "Slow", &NewLearning { details: details.clone(), ..learning("It sleeps") }).await;
    let read = room::learnings(&store, &p.leader, id, at(NOW)).await.unwrap().remove(0);
    assert_eq!(read.details.teams, [p.other_team, p.team], "by name, each once, and only those that are there");
    assert_eq!((read.details.evidence.as_slice(), read.status_at), (details.evidence.as_slice(), None));
    let apart = room::apart(&store, &p.leader, one, at(NOW)).await.unwrap();
    assert_eq!(apart.teams, ["Harbour", "Payments"]);
    assert_eq!((apart.published_at, apart.keeps), (None, false));
    assert!(room::apart(&store, &p.facilitator, one, at(NOW)).await.unwrap().keeps);

    let later = at("2026-05-09T09:00:00Z");
    let outdated = |reason: &str| NewLearning {
        details: LearningDetails { status: LearningStatus::Outdated, reason: reason.to_owned(), ..details.clone() },
        ..learning("It sleeps")
    };
    let place = (id, one);
    refused(room::change_learning(&store, &p.facilitator, place, 1, &outdated("  "), later).await, "reason");
    room::change_learning(&store, &p.facilitator, place, 1, &outdated("It grows by itself."), later).await.unwrap();
    let read = room::apart(&store, &p.leader, one, later).await.unwrap().learning;
    assert_eq!((read.details.status, read.status_at), (LearningStatus::Outdated, Some(later)));
    assert_eq!(read.details.reason, "It grows by itself.");
    // Saved again as it is: since when stays.
    let again = at("2026-05-19T09:00:00Z");
    room::change_learning(&store, &p.facilitator, place, 2, &outdated("It grows."), again).await.unwrap();
    assert_eq!(room::apart(&store, &p.leader, one, again).await.unwrap().learning.status_at, Some(later));
    for viewer in [&p.guest] {
        assert!(matches!(room::apart(&store, viewer, one, again).await, Err(StoreError::NotFound)));
    }
}

async fn what_took_its_place_is_another_one_that_is_seen(store: Store) {
    let p = people(&store).await;
    let (home, one) = published(&store, &p, "First", &learning("Then"), NOW).await;
    let (other_home, two) = published(&store, &p, "Second", &learning("Now"), NOW).await;
    let by = |id: LearningId| NewLearning {
        details: LearningDetails {
            status: LearningStatus::Outdated,
            reason: "The second holds.".to_owned(),
            replaced_by: Some(id),
            ..LearningDetails::default()
        },
        ..learning("Then")
    };
    let frida = &p.facilitator;
    for wrong in [one, LearningId(store::random::id())] {
        refused(room::change_learning(&store, frida, (home, one), 1, &by(wrong), at(NOW)).await, "replaced_by");
    }
    room::change_learning(&store, frida, (home, one), 1, &by(two), at(NOW)).await.unwrap();
    let shown = room::apart(&store, &p.leader, one, at(NOW)).await.unwrap();
    assert_eq!(shown.successor, Some((two, "Now".to_owned())));
    // Who does not see the other incident reads the reason alone; saving it again does not ask for more than is seen.
    store::incidents::restrict(&store, &p.outsider, other_home, true, at(NOW)).await.unwrap();
    assert_eq!(room::apart(&store, &p.leader, one, at(NOW)).await.unwrap().successor, None);
    // What is removed is no successor any more.
    room::remove_learning(&store, frida, other_home, two, at(NOW)).await.unwrap();
    let left = room::apart(&store, frida, one, at(NOW)).await.unwrap();
    assert_eq!((left.successor, left.learning.details.replaced_by), (None, None));
}

async fn what_a_learning_said_comes_back_from_the_history(store: Store) {
    let p = people(&store).await;
    let details = LearningDetails {
        teams: vec![p.team],
        status: LearningStatus::Confirmed,
        reason: "Two nights showed it.".to_owned(),
        ..LearningDetails::default()
    };
    let said = NewLearning { details: details.clone(), ..learning("It sleeps") };
    let (id, one) = in_review(&store, &p, "Slow", &said).await;
    room::change_learning(&store, &p.facilitator, (id, one), 1, &learning("It wakes"), at(NOW)).await.unwrap();
    let lines =
        store::history::page(&store, &p.facilitator, id, &store::history::Filter::default(), 9, at(NOW)).await.unwrap().lines;
    let changed = lines.iter().find(|line| line.object == one.to_string() && line.version == 2).unwrap();
    store::history::restore(&store, &p.facilitator, id, &changed.id, 2, at(NOW)).await.unwrap();
    let read = room::learnings(&store, &p.facilitator, id, at(NOW)).await.unwrap().remove(0);
    assert_eq!((read.body.as_str(), read.details), ("It sleeps", details));
}

async fn bodies(store: &Store, viewer: &Viewer, filter: &Filter) -> Vec<String> {
    room::list(store, viewer, filter, 9).await.unwrap().rows.into_iter().map(|row| row.learning.body).collect()
}

async fn the_list_is_of_published_stories_with_filters_and_pages(store: Store) {
    let p = people(&store).await;
    let known = LearningDetails { teams: vec![p.team], status: LearningStatus::Confirmed, ..LearningDetails::default() };
    let system = NewLearning { kind: LearningKind::System, before: "100% quiet".to_owned(), ..learning("Queues HOLD the rest") };
    let (first, _) = published(&store, &p, "First", &system, "2026-05-05T09:00:00Z").await;
    let confirmed = NewLearning { details: known, ..learning("Night is short") };
    let (second, kept) = published(&store, &p, "Second", &confirmed, "2026-05-06T09:00:00Z").await;
    room::add_learning(&store, &p.facilitator, second, &learning("Tea helps"), at(NOW)).await.unwrap();
    let plan = NewLearning { worded_as_plan: true, ..learning("Add an alarm") };
    room::add_learning(&store, &p.facilitator, second, &plan, at(NOW)).await.unwrap();
    in_review(&store, &p, "Not yet", &learning("Unpublished")).await;

    let all = Filter::default();
    assert_eq!(bodies(&store, &p.leader, &all).await, ["Night is short", "Tea helps", "Queues HOLD the rest"]);
    assert_eq!(bodies(&store, &p.admin, &all).await.len(), 3, "published is for everybody with an account");
    assert!(matches!(room::list(&store, &p.guest, &all, 9).await, Err(StoreError::NotFound)));
    for (filter, wanted) in [
        (Filter { kind: Some(LearningKind::System), ..all.clone() }, vec!["Queues HOLD the rest"]),
        (Filter { status: Some(LearningStatus::Confirmed), ..all.clone() }, vec!["Night is short"]),
        (Filter { team: Some(p.team), ..all.clone() }, vec!["Night is short"]),
        (Filter { team: Some(p.other_team), ..all.clone() }, vec![]),
        (Filter { words: "hold QUEUE quiet".to_owned(), ..all.clone() }, vec!["Queues HOLD the rest"]),
        (Filter { words: "100%".to_owned(), ..all.clone() }, vec!["Queues HOLD the rest"]),
        (Filter { words: "%".to_owned(), kind: Some(LearningKind::People), ..all.clone() }, vec![]),
        (Filter { words: "n_ght".to_owned(), ..all.clone() }, vec![]),
    ] {
        assert_eq!(bodies(&store, &p.leader, &filter).await, wanted, "{filter:?}");
    }
    let one = room::list(&store, &p.leader, &all, 1).await.unwrap();
    assert_eq!((one.rows[0].learning.id, one.more), (kept, true));
    let mut seen = vec![one.rows[0].learning.body.clone()];
    let mut after = Some(kept);
    while let Some(last) = after {
        let page = room::list(&store, &p.leader, &Filter { after: Some(last), ..all.clone() }, 1).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.learning.body.clone()));
        after = page.rows.last().filter(|_| page.more).map(|row| row.learning.id);
    }
    assert_eq!(seen, ["Night is short", "Tea helps", "Queues HOLD the rest"]);
    // Restricted, it is there for those who are named alone.
    store::incidents::restrict(&store, &p.outsider, first, true, at(NOW)).await.unwrap();
    assert_eq!(bodies(&store, &p.leader, &all).await.len(), 2);
    assert_eq!(bodies(&store, &p.outsider, &all).await.len(), 3);
}

async fn an_incident_meets_a_learning_again(store: Store) {
    let p = people(&store).await;
    let (home, one) = published(&store, &p, "First", &learning("It sleeps"), NOW).await;
    let (_, hidden) = in_review(&store, &p, "Draft", &learning("Unpublished")).await;
    let (later, own) = in_review(&store, &p, "Second", &learning("Own")).await;
    let frida = &p.facilitator;
    for (learning, note, field) in [
        (hidden, "", "learning"),
        (own, "", "learning"),
        (LearningId(store::random::id()), "", "learning"),
        (one, "x".repeat(501).as_str(), "note"),
    ] {
        refused(room::meet(&store, frida, later, learning, note, at(NOW)).await, field);
    }
    for viewer in [&p.outsider, &p.leader, &p.admin, &p.guest, &p.later_facilitator] {
        let met = room::meet(&store, viewer, later, one, "", at(NOW)).await;
        assert!(matches!(met, Err(StoreError::NotFound)), "{}", viewer.name);
    }
    let met = room::meet(&store, frida, later, one, "At four in the morning", at(NOW)).await.unwrap();
    refused(room::meet(&store, frida, later, one, "Again", at(NOW)).await, "learning");
    let here = room::met_at(&store, frida, later, at(NOW)).await.unwrap();
    assert_eq!((here[0].id, here[0].learning, here[0].body.as_str(), here[0].title.as_str()), (met, one, "It sleeps", "First"));
    // Until it is published, it is for who keeps it.
    assert!(room::met_at(&store, &p.leader, later, at(NOW)).await.unwrap().is_empty());
    assert!(room::apart(&store, &p.leader, one, at(NOW)).await.unwrap().met.is_empty());
    assert_eq!(room::apart(&store, frida, one, at(NOW)).await.unwrap().met.len(), 1);
    publish(&store, &p, later, "2026-05-06T09:00:00Z").await;
    assert_eq!(room::met_at(&store, &p.leader, later, at(NOW)).await.unwrap(), here);
    let there = room::apart(&store, &p.leader, one, at(NOW)).await.unwrap().met;
    assert_eq!((there[0].title.as_str(), there[0].note.as_str()), ("Second", "At four in the morning"));
    for (viewer, incident) in [(&p.outsider, later), (frida, home)] {
        let taken = room::unmeet(&store, viewer, incident, met, at(NOW)).await;
        assert!(matches!(taken, Err(StoreError::NotFound)), "{}", viewer.name);
    }
    room::unmeet(&store, frida, later, met, at(NOW)).await.unwrap();
    assert!(room::apart(&store, frida, one, at(NOW)).await.unwrap().met.is_empty());
}

async fn what_a_restricted_or_deleted_incident_met_is_in_no_count(store: Store) {
    let p = people(&store).await;
    let (home, one) = published(&store, &p, "First", &learning("It sleeps"), NOW).await;
    let (later, _) = published(&store, &p, "Second", &learning("Own"), NOW).await;
    room::meet(&store, &p.facilitator, later, one, "", at(NOW)).await.unwrap();
    let there = async |viewer: &Viewer| room::apart(&store, viewer, one, at(NOW)).await.unwrap().met.len();
    let here = async |viewer: &Viewer| room::met_at(&store, viewer, later, at(NOW)).await.unwrap().len();
    assert_eq!((there(&p.leader).await, here(&p.leader).await), (1, 1));
    store::incidents::restrict(&store, &p.outsider, later, true, at(NOW)).await.unwrap();
    assert_eq!((there(&p.leader).await, there(&p.outsider).await), (0, 1));
    store::incidents::restrict(&store, &p.outsider, later, false, at(NOW)).await.unwrap();
    store::incidents::restrict(&store, &p.outsider, home, true, at(NOW)).await.unwrap();
    assert_eq!((here(&p.leader).await, here(&p.outsider).await), (0, 1));
    assert!(matches!(room::apart(&store, &p.leader, one, at(NOW)).await, Err(StoreError::NotFound)));
    store::incidents::restrict(&store, &p.outsider, home, false, at(NOW)).await.unwrap();
    let key = store::incidents::list(&store, &p.facilitator, &store::incidents::Filter::default(), 9).await.unwrap().rows;
    let key = key.iter().find(|row| row.id == later).unwrap().key;
    store::trash::put_in(&store, &p.facilitator, later, &key.to_string(), at(NOW)).await.unwrap();
    assert_eq!(there(&p.leader).await, 0);
}

async fn what_was_met_moves_with_a_merge_and_back(store: Store) {
    let (p, from) = crate::learnings::imported(&store).await;
    let (_, one) = published(&store, &p, "First", &learning("It sleeps"), NOW).await;
    room::meet(&store, &p.responder, from, one, "Again", at(NOW)).await.unwrap();
    let (into, key) = incident(&store, &p.responder, "By hand").await;
    store::trash::merge(&store, &p.responder, from, &key.to_string(), at(NOW)).await.unwrap();
    let raw = room::apart(&store, &p.facilitator, one, at(NOW)).await.unwrap().met;
    assert!(raw.is_empty(), "the one that stays has no story yet, and nobody keeps it");
    store::reviews::open(&store, &p.manager, into, p.facilitator.person_id, true, at(NOW)).await.unwrap();
    let met = room::apart(&store, &p.facilitator, one, at(NOW)).await.unwrap().met;
    assert_eq!((met[0].key, met[0].note.as_str()), (key, "Again"));
    let gone = store::trash::list(&store, &p.responder).await.unwrap().remove(0).key;
    store::trash::put_back(&store, &p.responder, gone, at(NOW)).await.unwrap();
    assert!(room::met_at(&store, &p.facilitator, into, at(NOW)).await.unwrap().is_empty());
    assert_eq!(room::met_at(&store, &p.leader, from, at(NOW)).await.unwrap().len(), 1, "imported is published");
}

async fn what_was_met_comes_into_nobody_elses_review(store: Store) {
    let (p, from) = crate::learnings::imported(&store).await;
    let (_, one) = published(&store, &p, "First", &learning("It sleeps"), NOW).await;
    room::meet(&store, &p.responder, from, one, "Again", at(NOW)).await.unwrap();
    let (into, key) = incident(&store, &p.responder, "By hand").await;
    store::reviews::open(&store, &p.manager, into, p.facilitator.person_id, true, at(NOW)).await.unwrap();
    let merged = store::trash::merge(&store, &p.responder, from, &key.to_string(), at(NOW)).await;
    assert!(merged.is_err(), "a review that somebody else leads");
    assert!(room::met_at(&store, &p.facilitator, into, at(NOW)).await.unwrap().is_empty());
}

async fn what_both_met_stands_once_after_a_merge(store: Store) {
    let (p, from) = crate::learnings::imported(&store).await;
    let into = crate::learnings::import(&store, &p.responder, "b").await;
    let (_, one) = published(&store, &p, "First", &learning("It sleeps"), NOW).await;
    for (incident, note) in [(from, "There"), (into, "Here")] {
        room::meet(&store, &p.responder, incident, one, note, at(NOW)).await.unwrap();
    }
    let met = async || {
        let met = room::apart(&store, &p.responder, one, at(NOW)).await.unwrap().met;
        met.into_iter().map(|met| met.note).collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
            + &format!(" {}", room::met_at(&store, &p.responder, into, at(NOW)).await.unwrap().len())
    };
    assert_eq!(met().await, "Here There 1");
    let rows = store::incidents::list(&store, &p.responder, &store::incidents::Filter::default(), 9).await.unwrap().rows;
    let key = rows.iter().find(|row| row.id == into).unwrap().key;
    store::trash::merge(&store, &p.responder, from, &key.to_string(), at(NOW)).await.unwrap();
    assert_eq!(met().await, "Here 1");
    let gone = store::trash::list(&store, &p.responder).await.unwrap().remove(0).key;
    store::trash::put_back(&store, &p.responder, gone, at(NOW)).await.unwrap();
    assert_eq!(met().await, "Here There 1");
}

async fn runbooks_and_exercises_are_added_and_taken_away(store: Store) {
    let p = people(&store).await;
    let (id, one) = published(&store, &p, "First", &learning("It sleeps"), NOW).await;
    let (other, _) = published(&store, &p, "Second", &learning("Other"), NOW).await;
    let runbook = NewLink::read(LinkKind::Runbook, "The pool", "https://wiki.example/pool", "").unwrap();
    let exercise = NewLink::read(LinkKind::Exercise, "Dark morning", "", "2026-06-01").unwrap();
    for (viewer, incident) in [(&p.outsider, id), (&p.leader, id), (&p.admin, id), (&p.guest, id), (&p.facilitator, other)] {
        let added = room::add_link(&store, viewer, (incident, one), &runbook, at(NOW)).await;
        assert!(matches!(added, Err(StoreError::NotFound)), "{}", viewer.name);
    }
    let first = room::add_link(&store, &p.facilitator, (id, one), &runbook, at(NOW)).await.unwrap();
    room::add_link(&store, &p.facilitator, (id, one), &exercise, at("2026-05-04T09:00:01Z")).await.unwrap();
    let links = room::apart(&store, &p.leader, one, at(NOW)).await.unwrap().links;
    assert_eq!(links.iter().map(|link| &link.said).collect::<Vec<_>>(), [&runbook, &exercise]);
    for (viewer, incident) in [(&p.outsider, id), (&p.facilitator, other)] {
        let removed = room::remove_link(&store, viewer, incident, first, at(NOW)).await;
        assert!(matches!(removed, Err(StoreError::NotFound)), "{}", viewer.name);
    }
    assert_eq!(room::remove_link(&store, &p.facilitator, id, first, at(NOW)).await.unwrap(), one);
    for _ in 1..room::LINKS_MAX {
        room::add_link(&store, &p.facilitator, (id, one), &runbook, at(NOW)).await.unwrap();
    }
    refused(room::add_link(&store, &p.facilitator, (id, one), &runbook, at(NOW)).await, "link_title");
}

async fn to_how_many_it_was_new_shows_in_steps_and_never_who(store: Store) {
    let p = people(&store).await;
    let (id, one) = in_review(&store, &p, "First", &learning("It sleeps")).await;
    let early = room::say_new(&store, &p.leader, one, true, at(NOW)).await;
    assert!(matches!(early, Err(StoreError::NotFound)), "not before it is published");
    publish(&store, &p, id, NOW).await;
    assert!(matches!(room::say_new(&store, &p.guest, one, true, at(NOW)).await, Err(StoreError::NotFound)));
    let mut readers = vec![p.leader.clone(), p.admin.clone(), p.planner.clone(), p.outsider.clone()];
    for reader in &readers {
        room::say_new(&store, reader, one, true, at(NOW)).await.unwrap();
        room::say_new(&store, reader, one, true, at(NOW)).await.unwrap();
    }
    let shown = async |viewer: &Viewer| {
        let apart = room::apart(&store, viewer, one, at(NOW)).await.unwrap();
        (apart.new_to_me, apart.new_to_others)
    };
    assert_eq!((shown(&p.leader).await, shown(&p.facilitator).await), ((true, None), (false, None)));
    let fifth = account(&store, "Fife Fifth", GlobalRole::Member, false, None, None).await;
    room::say_new(&store, &fifth, one, true, at(NOW)).await.unwrap();
    // One's own word never changes what is shown of the others: trying it out tells nothing.
    assert_eq!((shown(&fifth).await, shown(&p.facilitator).await), ((true, None), (false, Some(5))));
    room::say_new(&store, &p.facilitator, one, true, at(NOW)).await.unwrap();
    assert_eq!(shown(&p.facilitator).await, (true, Some(5)));
    room::say_new(&store, &p.facilitator, one, false, at(NOW)).await.unwrap();
    readers.push(fifth.clone());
    for n in 6..10 {
        let reader = account(&store, &format!("Reader {n}"), GlobalRole::Member, false, None, None).await;
        room::say_new(&store, &reader, one, true, at(NOW)).await.unwrap();
        assert_eq!(shown(&p.facilitator).await, (false, Some(5)), "{n}");
    }
    // It is in one's own data, and goes with erasing.
    let own = store::owndata::collect(&store, &fifth, at(NOW)).await.unwrap();
    assert_eq!(own.new_to_me.iter().map(|new| new.learning).collect::<Vec<_>>(), [one]);
    store::owndata::erase(&store, &fifth, store::owndata::Erase::Everything, false, at(NOW)).await.unwrap();
    assert!(store::owndata::collect(&store, &fifth, at(NOW)).await.unwrap().new_to_me.is_empty());
    assert_eq!(shown(&fifth).await, (false, Some(5)));
}
