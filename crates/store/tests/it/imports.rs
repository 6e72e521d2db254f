//! Imports: what was understood is written once, published and past its soak time; the document is sealed and read by few.

use crate::support::{People, at, people};
use domain::imported::{ImportedAction, ImportedEvent, ImportedFactor, ImportedFile, ImportedIncident, ImportedLearning};
use domain::incidents::{IncidentState, Origin};
use domain::learnings::{FactorCategory, LearningKind};
use domain::timeline::{EventKind, Precision};
use store::imports::{self as room, Counts, File};
use store::incidents::{self, Filter, Opened};
use store::{Store, StoreError};

conformance! {
    an_import_writes_what_was_understood,
    a_second_import_changes_nothing,
    a_file_that_differs_is_left_alone_and_named,
    the_document_is_read_by_few_and_found_by_nobody,
    an_import_needs_a_member,
    what_is_restricted_does_not_show_when_its_document_is_imported_again,
}

const NOW: &str = "2026-05-04T09:00:00Z";
const TEXT: &str = "# Booking froze\n\nOda rang Rune. pineapple-canary";

fn understood(title: &str) -> ImportedFile {
    let event = |time: Option<&str>, body: &str| ImportedEvent {
        at: time.map(at),
        ends_at: None,
        precision: if time.is_some() { Precision::About } else { Precision::None },
        as_written: "~ 10.00".to_owned(),
        body: body.to_owned(),
        kind: EventKind::Detection,
        flag: String::new(),
        line: 7,
    };
    let factor = |category| ImportedFactor { body: "The pool was full".to_owned(), category };
    ImportedFile {
        incidents: vec![ImportedIncident {
            title: title.to_owned(),
            summary: "The booking page froze.".to_owned(),
            zone: "Europe/Copenhagen".to_owned(),
            started_at: Some(at("2019-03-02T10:00:00Z")),
            resolved_at: Some(at("2019-03-02T12:00:00Z")),
            events: vec![
                event(Some("2019-03-02T10:00:00Z"), "seen"),
                event(None, "told"),
                event(Some("2019-03-02T12:00:00Z"), "over"),
            ],
            factors: vec![factor(FactorCategory::Capacity), factor(FactorCategory::Unsorted)],
            learnings: vec![ImportedLearning {
                body: "We should watch the pool".to_owned(),
                kind: LearningKind::Process,
                worded_as_plan: true,
            }],
            actions: vec![ImportedAction { body: "Watch the pool".to_owned(), done: true }],
            sections: Vec::new(),
        }],
        ..ImportedFile::default()
    }
}

async fn import(store: &Store, p: &People, name: &str, file: &ImportedFile, text: &str) -> Counts {
    let files = [File { name, understood: file, bytes: text.as_bytes() }];
    room::write(store, &p.responder, &files, at(NOW)).await.unwrap()
}

async fn opened(store: &Store, viewer: &domain::people::Viewer, counts: &Counts) -> Opened {
    incidents::by_key(store, viewer, counts.keys[0], at(NOW)).await.unwrap()
}

async fn an_import_writes_what_was_understood(store: Store) {
    let p = people(&store).await;
    let counts = import(&store, &p, "2019/booking.md", &understood("Booking froze"), TEXT).await;
    assert_eq!((counts.files, counts.incidents, counts.timeline_events), (1, 1, 3));
    assert_eq!((counts.factors, counts.learnings, counts.mitigation_items, counts.unchanged), (2, 1, 1, 0));
    let mine = opened(&store, &p.responder, &counts).await;
    assert_eq!((mine.incident.state, mine.incident.origin), (IncidentState::Published, Origin::Import));
    assert_eq!(mine.incident.published_at, Some(at(NOW)));
    assert!(mine.standing.planner && mine.standing.importer && mine.standing.wall_open && mine.standing.published);
    let theirs = opened(&store, &p.leader, &counts).await;
    assert!(!theirs.standing.planner && !theirs.standing.importer);
    let id = mine.incident.id;
    let events = store::timeline::events(&store, &p.leader, id, at(NOW)).await.unwrap();
    assert_eq!(events.iter().map(|e| e.body.as_str()).collect::<Vec<_>>(), ["seen", "told", "over"]);
    assert!(events.iter().all(|e| e.zone == "Europe/Copenhagen" && e.as_written == "~ 10.00"));
    let learnings = store::learnings::learnings(&store, &p.leader, id, at(NOW)).await.unwrap();
    assert!(learnings[0].worded_as_plan);
    let list =
        incidents::list(&store, &p.leader, &Filter { factor: Some(FactorCategory::Capacity.into()), ..Filter::default() }, 9)
            .await;
    assert_eq!(list.unwrap().rows[0].factors, [FactorCategory::Capacity.into()]);
}

async fn a_second_import_changes_nothing(store: Store) {
    let p = people(&store).await;
    let file = understood("Booking froze");
    let first = import(&store, &p, "2019/booking.md", &file, TEXT).await;
    assert_eq!(room::known(&store, &p.outsider, &[TEXT.as_bytes(), b"other"]).await.unwrap(), [true, false]);
    for name in ["2019/booking.md", "booking.md"] {
        let again = import(&store, &p, name, &file, TEXT).await;
        assert_eq!(again, Counts { unchanged: 1, ..Counts::default() }, "{name}");
    }
    let id = opened(&store, &p.responder, &first).await.incident.id;
    assert_eq!(store::timeline::count(&store, &p.responder, id, at(NOW)).await.unwrap(), 3);
    assert_eq!(incidents::list(&store, &p.responder, &Filter::default(), 9).await.unwrap().rows.len(), 1);
}

async fn a_file_that_differs_is_left_alone_and_named(store: Store) {
    let p = people(&store).await;
    import(&store, &p, "2019/booking.md", &understood("Booking froze"), TEXT).await;
    let changed = import(&store, &p, "2019/booking.md", &understood("Booking froze"), "# Booking froze\n\nchanged").await;
    assert_eq!(changed.changed_since, ["2019/booking.md"]);
    assert_eq!((changed.files, changed.incidents, changed.unchanged), (0, 0, 0));
    let other = import(&store, &p, "2019/ferry.md", &understood("Booking froze"), "# Booking froze\n\nanother").await;
    assert_eq!(other.incidents, 1, "another path is another document");
    let nothing = import(&store, &p, "empty.md", &ImportedFile::default(), "").await;
    assert_eq!(nothing, Counts::default());
}

async fn the_document_is_read_by_few_and_found_by_nobody(store: Store) {
    let p = people(&store).await;
    let counts = import(&store, &p, "2019/booking.md", &understood("Booking froze"), TEXT).await;
    let id = opened(&store, &p.responder, &counts).await.incident.id;
    let sources = store::sources::list(&store, &p.responder, id, at(NOW)).await.unwrap();
    assert_eq!(sources.len(), 1);
    let read = store::sources::read(&store, &p.responder, id, sources[0].id, at(NOW)).await.unwrap();
    assert_eq!((read.name.as_str(), read.body.as_str()), ("2019/booking.md", TEXT));
    for viewer in [&p.outsider, &p.leader, &p.admin, &p.facilitator, &p.guest] {
        assert!(matches!(store::sources::list(&store, viewer, id, at(NOW)).await, Err(StoreError::NotFound)), "{}", viewer.name);
        let read = store::sources::read(&store, viewer, id, sources[0].id, at(NOW)).await;
        assert!(matches!(read, Err(StoreError::NotFound)), "{}", viewer.name);
    }
    let found = Filter { text: "pineapple-canary".to_owned(), ..Filter::default() };
    assert!(incidents::list(&store, &p.responder, &found, 9).await.unwrap().rows.is_empty());
}

/// Somebody who is not named on it learns nothing from "this is here already": they get an incident of their own.
async fn what_is_restricted_does_not_show_when_its_document_is_imported_again(store: Store) {
    let p = people(&store).await;
    let first = import(&store, &p, "2019/booking.md", &understood("Booking froze"), TEXT).await;
    let hidden = opened(&store, &p.responder, &first).await.incident;
    incidents::restrict(&store, &p.responder, hidden.id, true, at(NOW)).await.unwrap();
    assert_eq!(room::known(&store, &p.outsider, &[TEXT.as_bytes()]).await.unwrap(), [false]);
    assert_eq!(room::known(&store, &p.responder, &[TEXT.as_bytes()]).await.unwrap(), [true]);
    let file = understood("Booking froze");
    let files = [File { name: "2019/booking.md", understood: &file, bytes: TEXT.as_bytes() }];
    let second = room::write(&store, &p.outsider, &files, at(NOW)).await.unwrap();
    assert_eq!((second.incidents, second.unchanged, second.changed_since.len()), (1, 0, 0));
    let again = room::write(&store, &p.outsider, &files, at(NOW)).await.unwrap();
    assert_eq!((again.incidents, again.unchanged), (0, 1));
    let third = room::write(&store, &p.responder, &files, at(NOW)).await.unwrap();
    assert_eq!((third.incidents, third.unchanged), (0, 1));
    let list = incidents::list(&store, &p.outsider, &Filter::default(), 9).await.unwrap();
    assert_eq!(list.rows.iter().map(|r| r.key).collect::<Vec<_>>(), second.keys);
}

async fn an_import_needs_a_member(store: Store) {
    let p = people(&store).await;
    let file = understood("Booking froze");
    let files = [File { name: "a.md", understood: &file, bytes: b"a" }];
    for viewer in [&p.admin, &p.guest] {
        assert!(matches!(room::write(&store, viewer, &files, at(NOW)).await, Err(StoreError::NotFound)));
        assert!(matches!(room::known(&store, viewer, &[b"a"]).await, Err(StoreError::NotFound)));
    }
}
