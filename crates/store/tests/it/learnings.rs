//! Factors and learnings: read by everyone with an account, kept by few.

use crate::support::{People, at, incident, new_incident, people};
use domain::IncidentId;
use domain::imported::{ImportedFile, ImportedIncident};
use domain::incidents::Severity;
use domain::learnings::{Confidence, FactorCategory, FactorDetails, FactorState, KnownBefore, LearningKind, Phase, Role, Usual};
use domain::vocabulary::Tag;
use store::imports::File;
use store::learnings::{self as room, NewFactor, NewLearning, Of};
use store::services::{self, ServiceChange};
use store::{Store, StoreError};

conformance! {
    the_importer_keeps_factors_and_learnings_of_an_imported_incident,
    nobody_else_keeps_them,
    what_is_empty_is_refused_and_what_is_old_is_stale,
    a_factor_has_many_tags_and_keeps_what_is_known_of_it,
    the_latest_learnings_are_those_of_published_stories,
}

const NOW: &str = "2026-05-04T09:00:00Z";

fn factor(body: &str) -> NewFactor {
    NewFactor::plain(FactorCategory::Alerting, body.to_owned())
}

fn learning(body: &str) -> NewLearning {
    NewLearning {
        kind: LearningKind::People,
        body: body.to_owned(),
        before: "We thought so".to_owned(),
        worded_as_plan: false,
        details: Default::default(),
    }
}

/// An incident that `responder` imported.
pub async fn imported(store: &Store) -> (People, IncidentId) {
    let p = people(store).await;
    let id = import(store, &p.responder, "a").await;
    (p, id)
}

/// One more, from a document of these bytes.
pub async fn import(store: &Store, who: &domain::people::Viewer, text: &str) -> IncidentId {
    let understood = ImportedFile {
        incidents: vec![ImportedIncident {
            title: format!("Booking froze, {text}"),
            summary: String::new(),
            zone: "UTC".to_owned(),
            started_at: None,
            resolved_at: None,
            events: Vec::new(),
            factors: Vec::new(),
            learnings: Vec::new(),
            actions: Vec::new(),
            sections: Vec::new(),
        }],
        ..ImportedFile::default()
    };
    let name = format!("{text}.md");
    let files = [File { name: &name, understood: &understood, bytes: text.as_bytes() }];
    let counts = store::imports::write(store, who, &files, at(NOW)).await.unwrap();
    store::incidents::by_key(store, who, counts.keys[0], at(NOW)).await.unwrap().incident.id
}

async fn the_importer_keeps_factors_and_learnings_of_an_imported_incident(store: Store) {
    let (p, id) = imported(&store).await;
    assert!(room::may_keep(&store, &p.responder, id, at(NOW)).await.unwrap());
    let first = room::add_factor(&store, &p.responder, id, &factor("one"), at(NOW)).await.unwrap();
    room::add_factor(&store, &p.responder, id, &factor("two"), at(NOW)).await.unwrap();
    let sorted = NewFactor::plain(FactorCategory::Ownership, "uno".to_owned());
    room::change_factor(&store, &p.responder, (id, first), 1, &sorted, at(NOW)).await.unwrap();
    let factors = room::factors(&store, &p.leader, id, at(NOW)).await.unwrap();
    assert_eq!(
        factors.iter().map(|f| (f.body.as_str(), f.tags[0].as_str(), f.version)).collect::<Vec<_>>(),
        [("uno", "ownership", 2), ("two", "alerting", 1)]
    );
    room::remove_factor(&store, &p.responder, id, first, at(NOW)).await.unwrap();
    assert!(matches!(room::remove_factor(&store, &p.responder, id, first, at(NOW)).await, Err(StoreError::NotFound)));
    assert_eq!(room::factors(&store, &p.leader, id, at(NOW)).await.unwrap().len(), 1);

    let known = room::add_learning(&store, &p.responder, id, &learning("It sleeps"), at(NOW)).await.unwrap();
    let mended = NewLearning { kind: LearningKind::System, ..learning("It sleeps at night") };
    room::change_learning(&store, &p.responder, (id, known), 1, &mended, at(NOW)).await.unwrap();
    let learnings = room::learnings(&store, &p.leader, id, at(NOW)).await.unwrap();
    assert_eq!((learnings[0].body.as_str(), learnings[0].before.as_str()), ("It sleeps at night", "We thought so"));
    assert_eq!((learnings[0].kind, learnings[0].version), (LearningKind::System, 2));
    room::remove_learning(&store, &p.responder, id, known, at(NOW)).await.unwrap();
    assert!(room::learnings(&store, &p.leader, id, at(NOW)).await.unwrap().is_empty());
}

async fn a_factor_has_many_tags_and_keeps_what_is_known_of_it(store: Store) {
    let (p, id) = imported(&store).await;
    let tags = |slugs: &[&str]| slugs.iter().map(|slug| Tag::parse(slug).unwrap()).collect::<Vec<_>>();
    let details = FactorDetails {
        role: Role::Difficulty,
        phase: Some(Phase::Diagnosis),
        known: Some(KnownBefore::Written),
        usual: Some(Usual::Sometimes),
        confidence: Some(Confidence::Several),
        state: FactorState::Disputed,
        other_view: "The graph showed it, two screens down.".to_owned(),
        evidence: vec!["https://graphs.example/1".to_owned(), "/incidents/INC-1#e-1".to_owned()],
    };
    let said = tags(&["observability", "never-heard", "capacity", "capacity"]);
    let new = NewFactor { body: "The graph showed an average".to_owned(), tags: said, details: details.clone() };
    let one = room::add_factor(&store, &p.responder, id, &new, at(NOW)).await.unwrap();
    let read = room::factors(&store, &p.leader, id, at(NOW)).await.unwrap().remove(0);
    assert_eq!((read.tags, read.details), (tags(&["capacity", "observability"]), details.clone()));
    let fewer = NewFactor { tags: tags(&["observability", "luck"]), ..new.clone() };
    room::change_factor(&store, &p.responder, (id, one), 1, &fewer, at(NOW)).await.unwrap();
    let read = room::factors(&store, &p.leader, id, at(NOW)).await.unwrap().remove(0);
    assert_eq!(read.tags, tags(&["luck", "observability"]));
    // Without any it is not sorted, and counted so.
    room::change_factor(&store, &p.responder, (id, one), 2, &NewFactor { tags: Vec::new(), ..new }, at(NOW)).await.unwrap();
    assert!(room::factors(&store, &p.leader, id, at(NOW)).await.unwrap()[0].tags.is_empty());
    let unsorted = store::incidents::Filter { factor: Some(Tag::unsorted()), ..store::incidents::Filter::default() };
    assert_eq!(store::incidents::list(&store, &p.leader, &unsorted, 9).await.unwrap().rows.len(), 1);
    // An earlier version brings its tags and all else back.
    let page = store::history::page(&store, &p.responder, id, &store::history::Filter::default(), 9, at(NOW)).await.unwrap();
    let changed = page.lines.iter().find(|line| line.version == 3).unwrap();
    store::history::restore(&store, &p.responder, id, &changed.id, 3, at(NOW)).await.unwrap();
    let read = room::factors(&store, &p.leader, id, at(NOW)).await.unwrap().remove(0);
    assert_eq!((read.tags, read.details), (tags(&["luck", "observability"]), details));
    room::remove_factor(&store, &p.responder, id, one, at(NOW)).await.unwrap();
    assert!(store::incidents::list(&store, &p.leader, &unsorted, 9).await.unwrap().rows.is_empty());
}

async fn nobody_else_keeps_them(store: Store) {
    let (p, id) = imported(&store).await;
    let (by_hand, _) = incident(&store, &p.responder, "By hand").await;
    assert!(!room::may_keep(&store, &p.responder, by_hand, at(NOW)).await.unwrap(), "that one waits for its facilitator");
    for viewer in [&p.outsider, &p.leader, &p.admin, &p.facilitator, &p.guest] {
        assert!(!room::may_keep(&store, viewer, id, at(NOW)).await.unwrap(), "{}", viewer.name);
        let added = room::add_factor(&store, viewer, id, &factor("one"), at(NOW)).await;
        assert!(matches!(added, Err(StoreError::NotFound)), "{}", viewer.name);
        let added = room::add_learning(&store, viewer, id, &learning("one"), at(NOW)).await;
        assert!(matches!(added, Err(StoreError::NotFound)), "{}", viewer.name);
    }
    assert!(matches!(room::factors(&store, &p.guest, id, at(NOW)).await, Err(StoreError::NotFound)));
    assert!(matches!(room::learnings(&store, &p.guest, id, at(NOW)).await, Err(StoreError::NotFound)));
}

async fn what_is_empty_is_refused_and_what_is_old_is_stale(store: Store) {
    let (p, id) = imported(&store).await;
    let empty = room::add_factor(&store, &p.responder, id, &factor(" \n "), at(NOW)).await;
    assert!(matches!(empty, Err(StoreError::Invalid(i)) if i.message("body").is_some()));
    let one = room::add_factor(&store, &p.responder, id, &factor("one"), at(NOW)).await.unwrap();
    let stale = room::change_factor(&store, &p.responder, (id, one), 9, &factor("two"), at(NOW)).await;
    assert!(matches!(stale, Err(StoreError::Stale)));
    let known = room::add_learning(&store, &p.responder, id, &learning("one"), at(NOW)).await.unwrap();
    let stale = room::change_learning(&store, &p.responder, (id, known), 9, &learning("two"), at(NOW)).await;
    assert!(matches!(stale, Err(StoreError::Stale)));
}

async fn the_latest_learnings_are_those_of_published_stories(store: Store) {
    let p = people(&store).await;
    let checkout = ServiceChange { name: "Checkout".to_owned(), ..ServiceChange::default() };
    let checkout = services::add(&store, &p.admin, &checkout, at(NOW)).await.unwrap();
    let mut ids = Vec::new();
    for (number, named) in [(1, true), (2, false), (3, true), (4, true)] {
        let now = at(NOW) + chrono::Duration::days(number);
        let mut new = new_incident(&format!("Incident {number}"), Severity::Sev2, "2026-05-01T10:00:00Z");
        new.team_id = Some(if named { p.team } else { p.other_team });
        let concerns: &[_] = if named { &[checkout] } else { &[] };
        let key = store::incidents::add_with(&store, &p.outsider, &new, concerns, now).await.unwrap();
        let id = store::incidents::by_key(&store, &p.outsider, key, now).await.unwrap().incident.id;
        store::reviews::open(&store, &p.manager, id, p.facilitator.person_id, true, now).await.unwrap();
        for which in ["first", "second"] {
            room::add_learning(&store, &p.facilitator, id, &learning(&format!("{which} of {number}")), now).await.unwrap();
        }
        let plan = NewLearning { worded_as_plan: true, ..learning("Add an alarm") };
        room::add_learning(&store, &p.facilitator, id, &plan, now).await.unwrap();
        if number < 4 {
            let kind = domain::reviews::SectionKind::Summary;
            store::reviews::save_section(&store, &p.facilitator, id, kind, 0, "Told.", now).await.unwrap();
            store::reviews::publish(&store, &p.facilitator, id, now).await.unwrap();
        }
        ids.push(id);
    }
    let told = async |viewer: &domain::people::Viewer, of: Of| -> Vec<String> {
        let latest = room::latest(&store, viewer, of, 3).await.unwrap();
        latest.into_iter().map(|l| l.learning.body).collect()
    };
    let of_service = Of { service: Some(checkout), team: None };
    assert_eq!(told(&p.leader, Of::default()).await, ["first of 3", "second of 3", "first of 2"]);
    assert_eq!(told(&p.leader, of_service).await, ["first of 3", "second of 3", "first of 1"]);
    assert_eq!(told(&p.leader, Of { team: Some(p.other_team), service: None }).await, ["first of 2", "second of 2"]);
    store::incidents::restrict(&store, &p.outsider, ids[2], true, at(NOW) + chrono::Duration::days(9)).await.unwrap();
    assert_eq!(told(&p.responder, of_service).await, ["first of 1", "second of 1"]);
    assert_eq!(told(&p.outsider, of_service).await.len(), 3, "who is named on it sees it");
    for viewer in [&p.admin, &p.guest] {
        assert!(matches!(room::latest(&store, viewer, of_service, 3).await, Err(StoreError::NotFound)));
    }
}
