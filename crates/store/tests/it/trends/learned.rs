//! What a period's stories taught: each number against what was done, and for whom.

use super::{history, year_2026};
use crate::support::{self, People, at, people};
use chrono::Duration;
use domain::learnings::{LearningDetails, LearningKind, LearningStatus, LinkKind, NewLink};
use domain::people::{GlobalRole, Viewer};
use domain::trends::Period;
use domain::{IncidentId, LearningId};
use store::learnings::{self, NewLearning};
use store::trends::{Coverage, Filter, learned};
use store::{Store, StoreError, incidents, reviews};

conformance! {
    learnings_are_counted_by_what_became_of_them,
    a_word_of_the_viewer_changes_nothing_and_four_of_others_neither,
    what_cannot_be_seen_is_said,
    a_restricted_story_teaches_those_named_alone,
}

const NOW: &str = "2026-06-01T12:00:00Z";

/// The published incidents of the history, the first that began first, as the facilitator sees them.
async fn stories(store: &Store, p: &People) -> Vec<IncidentId> {
    let mut ids = Vec::new();
    for story in learned(store, &p.leader, &year_2026()).await.unwrap().stories {
        ids.push(incidents::by_key(store, &p.facilitator, story.key, at(NOW)).await.unwrap().incident.id);
    }
    ids
}

async fn teach(store: &Store, p: &People, incident: IncidentId, body: &str, status: LearningStatus) -> LearningId {
    let reason = if status == LearningStatus::New { String::new() } else { "Looked again in spring.".to_owned() };
    let new = NewLearning {
        kind: LearningKind::System,
        body: body.to_owned(),
        before: String::new(),
        worded_as_plan: false,
        details: LearningDetails { status, reason, ..LearningDetails::default() },
    };
    learnings::add_learning(store, &p.facilitator, incident, &new, at(NOW)).await.unwrap()
}

async fn learnings_are_counted_by_what_became_of_them(store: Store) {
    let p = people(&store).await;
    history(&store, &p).await;
    let ids = stories(&store, &p).await;
    assert_eq!(ids.len(), 8);
    let plain = teach(&store, &p, ids[0], "A queue of nought tells nothing.", LearningStatus::New).await;
    let held = teach(&store, &p, ids[0], "Two probes on one fuse are one probe.", LearningStatus::Confirmed).await;
    teach(&store, &p, ids[1], "The old gate stays open.", LearningStatus::Outdated).await;
    for (kind, title) in [(LinkKind::Runbook, "Two probes"), (LinkKind::Exercise, "A day without probes")] {
        let address = if kind == LinkKind::Runbook { "https://wiki.example.org/probes".to_owned() } else { String::new() };
        let link = NewLink { kind, title: title.to_owned(), address, day: None };
        learnings::add_link(&store, &p.facilitator, (ids[0], held), &link, at(NOW)).await.unwrap();
    }
    learnings::meet(&store, &p.facilitator, ids[2], plain, "Again.", at(NOW)).await.unwrap();
    let told = learned(&store, &p.leader, &year_2026()).await.unwrap();
    let became = told.became;
    assert_eq!((became.all, became.confirmed, became.outdated, became.met_again), (3, 1, 1, 1));
    assert_eq!((became.in_runbook, became.practised, became.new_to_others), (1, 1, 0));
    assert_eq!(told.stories.iter().map(|s| s.learnings).collect::<Vec<_>>(), [2, 1, 0, 0, 0, 0, 0, 0]);
    assert!(told.stories.iter().all(|s| s.published_at - s.started_at == Duration::days(1)));
    // Met again comes first, then what is said to hold; what holds no more is not named.
    assert_eq!(told.named.iter().map(|n| n.id).collect::<Vec<_>>(), [plain, held]);
    let march = "2026-03".parse::<Period>().unwrap();
    let later = Filter { from: march, ..year_2026() };
    assert_eq!(learned(&store, &p.leader, &later).await.unwrap().became.all, 0);
    assert!(matches!(learned(&store, &p.admin, &year_2026()).await, Err(StoreError::NotFound)));
}

async fn a_word_of_the_viewer_changes_nothing_and_four_of_others_neither(store: Store) {
    let p = people(&store).await;
    history(&store, &p).await;
    let id = teach(&store, &p, stories(&store, &p).await[0], "A queue of nought tells nothing.", LearningStatus::New).await;
    let new_to = |viewer: Viewer| {
        let store = store.clone();
        async move { learned(&store, &viewer, &year_2026()).await.unwrap().became.new_to_others }
    };
    for reader in [&p.responder, &p.other_responder, &p.planner, &p.outsider, &p.leader] {
        assert_eq!(new_to(p.leader.clone()).await, 0);
        learnings::say_new(&store, reader, id, true, at(NOW)).await.unwrap();
    }
    assert_eq!(new_to(p.leader.clone()).await, 0, "four others, and their own");
    assert_eq!(new_to(p.manager.clone()).await, 1, "five others");
    let fifth = support::account(&store, "Per Payments", GlobalRole::Member, false, Some(p.team), None).await;
    learnings::say_new(&store, &fifth, id, true, at(NOW)).await.unwrap();
    assert_eq!(new_to(p.leader.clone()).await, 1);
}

async fn what_cannot_be_seen_is_said(store: Store) {
    let p = people(&store).await;
    history(&store, &p).await;
    let mut open = support::new_incident("Not over yet", domain::incidents::Severity::Sev3, "2026-05-02T10:00:00Z");
    open.resolved_at = None;
    let key = incidents::add(&store, &p.outsider, &open, at(NOW)).await.unwrap();
    let id = incidents::by_key(&store, &p.outsider, key, at(NOW)).await.unwrap().incident.id;
    reviews::open(&store, &p.manager, id, p.facilitator.person_id, true, at(NOW)).await.unwrap();
    let coverage = learned(&store, &p.leader, &year_2026()).await.unwrap().coverage;
    let expected =
        Coverage { incidents: 13, published: 8, in_review: 1, let_be: 0, without_end: 1, without_timeline: 13, unsorted: 0 };
    assert_eq!(coverage, expected);
}

async fn a_restricted_story_teaches_those_named_alone(store: Store) {
    let p = people(&store).await;
    history(&store, &p).await;
    let ids = stories(&store, &p).await;
    teach(&store, &p, ids[0], "A queue of nought tells nothing.", LearningStatus::New).await;
    incidents::restrict(&store, &p.facilitator, ids[0], true, at(NOW)).await.unwrap();
    let for_leader = learned(&store, &p.leader, &year_2026()).await.unwrap();
    assert_eq!((for_leader.stories.len(), for_leader.became.all, for_leader.named.len()), (7, 0, 0));
    let for_facilitator = learned(&store, &p.facilitator, &year_2026()).await.unwrap();
    assert_eq!((for_facilitator.stories.len(), for_facilitator.became.all), (8, 1));
}
