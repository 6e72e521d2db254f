//! Attached files: kept sealed, within their limits, by who may; named by events of their own incident; left without a name by who leaves.

use crate::support::{People, at, incident, people};
use domain::people::Viewer;
use domain::timeline::attachments::{AttachmentKind, Limits};
use domain::timeline::{EventDetails, EventKind, EventSource, NewEvent, Precision};
use domain::{AttachmentId, IncidentId};
use store::owndata::CreatedKind;
use store::timeline::attachments::{self, NewAttachment};
use store::{Store, StoreError, timeline};

conformance! {
    a_file_reads_back_piece_by_piece,
    only_who_edits_adds_describes_and_removes,
    two_at_once_do_not_both_take_the_last_room,
    an_event_names_files_of_its_own_incident_alone,
    who_leaves_leaves_files_without_a_name,
}

const NOW: &str = "2026-03-02T14:00:00Z";

fn text(name: &str, bytes: Vec<u8>) -> NewAttachment {
    NewAttachment { kind: AttachmentKind::Text, name: name.to_owned(), alt: String::new(), size: None, bytes }
}

async fn add(store: &Store, by: &Viewer, incident: IncidentId, name: &str) -> AttachmentId {
    attachments::add(store, by, incident, text(name, b"words".to_vec()), Limits::default(), at(NOW)).await.unwrap()
}

async fn one(store: &Store) -> (People, IncidentId) {
    let p = people(store).await;
    let (id, _) = incident(store, &p.responder, "Slow").await;
    (p, id)
}

async fn a_file_reads_back_piece_by_piece(store: Store) {
    let (p, id) = one(&store).await;
    let bytes: Vec<u8> = (0..900_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let new = NewAttachment { alt: "The log".to_owned(), ..text("long.log", bytes.clone()) };
    let added = attachments::add(&store, &p.responder, id, new, Limits::default(), at(NOW)).await.unwrap();
    let (about, mut content) = attachments::read(&store, &p.leader, id, added, at(NOW)).await.unwrap();
    assert_eq!((about.name.as_str(), about.alt.as_str(), about.bytes), ("long.log", "The log", 900_000));
    assert_eq!(about.added_by.as_deref(), Some("Rune Responder"));
    let (mut all, mut pieces) = (Vec::new(), 0);
    while let Some(piece) = content.next().await {
        let piece = piece.unwrap();
        assert!(piece.len() <= 256 * 1024, "no more than a few pieces lie in memory");
        all.extend(piece);
        pieces += 1;
    }
    assert!(all == bytes && pieces > 2);
    let lost = attachments::read(&store, &p.guest, id, added, at(NOW)).await;
    assert!(matches!(lost, Err(StoreError::NotFound)));
}

async fn only_who_edits_adds_describes_and_removes(store: Store) {
    let (p, id) = one(&store).await;
    let added = add(&store, &p.responder, id, "a.txt").await;
    let new = || text("b.txt", b"x".to_vec());
    for who in [&p.admin, &p.guest] {
        let refused = [
            attachments::add(&store, who, id, new(), Limits::default(), at(NOW)).await.map(|_| ()),
            attachments::describe(&store, who, id, added, "x", at(NOW)).await,
            attachments::remove(&store, who, id, added, at(NOW)).await,
            attachments::restore(&store, who, id, added, at(NOW)).await,
        ];
        assert!(refused.iter().all(|r| matches!(r, Err(StoreError::NotFound))), "{}", who.name);
    }
    attachments::remove(&store, &p.other_responder, id, added, at(NOW)).await.unwrap();
    let list = async |who: &Viewer| attachments::list(&store, who, id, at(NOW)).await.unwrap();
    assert_eq!((list(&p.responder).await.here.len(), list(&p.responder).await.removed.len()), (0, 1));
    assert!(list(&p.admin).await.removed.is_empty(), "who cannot bring it back is not told");
    attachments::restore(&store, &p.responder, id, added, at(NOW)).await.unwrap();
    attachments::restore(&store, &p.responder, id, added, at(NOW)).await.unwrap();
    assert_eq!(list(&p.admin).await.here.len(), 1);
    let (other, _) = incident(&store, &p.responder, "Other").await;
    assert!(matches!(attachments::remove(&store, &p.responder, other, added, at(NOW)).await, Err(StoreError::NotFound)));
}

async fn two_at_once_do_not_both_take_the_last_room(store: Store) {
    let (p, id) = one(&store).await;
    let limits = Limits { file: 100, incident: 150 };
    let write = |name| attachments::add(&store, &p.responder, id, text(name, vec![b'x'; 100]), limits, at(NOW));
    let (one, two) = tokio::join!(write("a.txt"), write("b.txt"));
    assert_eq!([one.is_ok(), two.is_ok()].into_iter().filter(|ok| *ok).count(), 1);
    let refused = one.err().or(two.err()).unwrap();
    assert!(matches!(refused, StoreError::Invalid(invalid) if invalid.message("files").unwrap().contains("50 bytes are left")));
    let looked = attachments::look(&store, false, at("2030-01-01T00:00:00Z")).await.unwrap();
    assert_eq!((looked.whole, looked.orphans), (1, 0), "what was refused leaves nothing");
}

async fn an_event_names_files_of_its_own_incident_alone(store: Store) {
    let (p, id) = one(&store).await;
    let (other, _) = incident(&store, &p.responder, "Other").await;
    let (own, foreign) = (add(&store, &p.responder, id, "a.txt").await, add(&store, &p.responder, other, "b.txt").await);
    let event = |file| NewEvent {
        at: Some(at("2026-03-02T10:30:00Z")),
        ends_at: None,
        precision: Precision::Exact,
        as_written: String::new(),
        zone: "UTC".to_owned(),
        kind: EventKind::Note,
        body: "It grows".to_owned(),
        flag: String::new(),
        details: EventDetails { sources: vec![EventSource::attached(file, AttachmentKind::Text)], ..EventDetails::default() },
        position: 0,
    };
    let kept = timeline::add(&store, &p.responder, id, &event(own), at(NOW)).await.unwrap();
    let refused = timeline::add(&store, &p.responder, id, &event(foreign), at(NOW)).await;
    assert!(matches!(refused, Err(StoreError::Invalid(_))));
    let refused = timeline::change(&store, &p.responder, (id, kept), 1, &event(foreign), at(NOW)).await;
    assert!(matches!(refused, Err(StoreError::Invalid(_))));
    let told = timeline::told(&store, &p.leader, id, at(NOW)).await.unwrap();
    assert_eq!(told.events[0].details.sources[0].attachment(), Some(own));
    assert_eq!(told.attachments.iter().map(|a| a.id).collect::<Vec<_>>(), [own]);
    // What was removed since stays named, and is not there to be shown.
    attachments::remove(&store, &p.responder, id, own, at(NOW)).await.unwrap();
    let told = timeline::told(&store, &p.leader, id, at(NOW)).await.unwrap();
    assert!(told.attachments.is_empty() && told.events[0].details.sources.len() == 1);
}

async fn who_leaves_leaves_files_without_a_name(store: Store) {
    let (p, id) = one(&store).await;
    let added = add(&store, &p.other_responder, id, "a.txt").await;
    let own = store::owndata::collect(&store, &p.other_responder, at(NOW)).await.unwrap();
    let made: Vec<_> = own.created.iter().filter(|c| c.kind == CreatedKind::Attachment).map(|c| c.id.clone()).collect();
    assert_eq!(made, [added.to_string()]);
    store::owndata::close_account(&store, &p.other_responder, false, at(NOW)).await.unwrap();
    let here = attachments::list(&store, &p.responder, id, at(NOW)).await.unwrap().here;
    assert_eq!(here[0].added_by.as_deref(), Some("A former member"));
}
