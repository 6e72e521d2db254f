//! The raw log: taken in once, read by few, told as events that keep their evidence, taken back and brought back as a whole.

use crate::support::{People, at, incident, people};
use domain::people::Viewer;
use domain::timeline::raw::{ImportedLog, RawAuthor, RawEntry, RawKind, RawSource};
use domain::timeline::telling::placed;
use domain::timeline::{EventKind, Precision};
use domain::{IncidentId, RawEntryId};
use std::collections::BTreeMap;
use store::timeline::raw::{self, Look};
use store::timeline::raw_authors::{self, AuthorAs};
use store::timeline::raw_imports::{self, Standing, Taking, Written};
use store::timeline::{self, evidence};
use store::{Store, StoreError};

conformance! {
    a_log_reads_back_as_it_was_taken_in,
    nothing_comes_twice_and_what_changed_at_the_source_changes,
    many_entries_come_in_steps_and_are_read_by_pages,
    entries_are_found_by_words_source_author_and_time,
    only_who_gathers_the_story_or_brought_the_log_reads_it,
    an_event_is_told_from_entries_and_keeps_them,
    evidence_is_put_beside_an_event_and_taken_away,
    an_import_is_taken_back_and_brought_back,
    the_host_imports_and_reads_nothing,
    a_log_of_an_incident_of_its_own_makes_it_once,
    what_was_taken_back_goes_with_the_trash,
    authors_are_named_and_leave_no_trace,
    a_log_moves_with_its_incident_and_back,
}

const NOW: &str = "2026-03-02T14:00:00Z";

pub fn entry(id: &str, time: &str, text: &str) -> RawEntry {
    RawEntry {
        external_id: id.to_owned(),
        at: (!time.is_empty()).then(|| at(&format!("2026-03-02T{time}Z"))),
        as_written: if time.is_empty() { "after lunch".to_owned() } else { String::new() },
        kind: RawKind::Message,
        author: Some("U1".to_owned()),
        place: "#ops".to_owned(),
        in_reply_to: None,
        text: text.to_owned(),
        links: Vec::new(),
        reactions: vec![("eyes".to_owned(), 2)],
        files: vec!["graph.png".to_owned()],
        details: vec![("pool".to_owned(), "primary".to_owned())],
        edited_at: None,
    }
}

fn author(id: &str, name: &str, email: &str) -> RawAuthor {
    RawAuthor { id: id.to_owned(), name: name.to_owned(), email: email.to_owned(), machine: false }
}

pub fn log(entries: Vec<RawEntry>) -> ImportedLog {
    let authors = vec![author("U1", "rune.r", "rune.responder@example.org"), author("U2", "oda", "")];
    ImportedLog { name: "ops".to_owned(), incident: None, entries, authors }
}

/// Takes in a log as the pages do, at once.
pub async fn take_in(store: &Store, viewer: &Viewer, id: IncidentId, source: RawSource, log: &ImportedLog) -> Written {
    let entries = placed(std::slice::from_ref(log), at(NOW));
    let authors: Vec<_> = log.authors.iter().map(|author| AuthorAs { author, person: None }).collect();
    let taking = Taking { source, name: &log.name, entries: &entries, authors: &authors };
    raw_imports::write(store, viewer, id, &taking, Written::default(), usize::MAX, at(NOW)).await.unwrap()
}

async fn three(store: &Store, p: &People, id: IncidentId) -> Written {
    let entries = vec![
        entry("1", "10:10:00", "The queue grows"),
        entry("2", "10:12:00", "Looking"),
        RawEntry { author: Some("U2".to_owned()), kind: RawKind::Resolved, ..entry("3", "10:40:00", "It is quiet again") },
    ];
    take_in(store, &p.responder, id, RawSource::Slack, &log(entries)).await
}

async fn texts(store: &Store, viewer: &Viewer, id: IncidentId, look: Look) -> Vec<String> {
    raw::page(store, viewer, id, &look, at(NOW)).await.unwrap().entries.into_iter().map(|e| e.text).collect()
}

async fn ids(store: &Store, viewer: &Viewer, id: IncidentId) -> Vec<RawEntryId> {
    raw::page(store, viewer, id, &Look::default(), at(NOW)).await.unwrap().entries.into_iter().map(|e| e.id).collect()
}

async fn a_log_reads_back_as_it_was_taken_in(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let edited = RawEntry {
        edited_at: Some(at("2026-03-02T10:20:00.000001Z")),
        in_reply_to: Some("0".to_owned()),
        ..entry("1", "10:10:00", "The *queue* grows ≥ 10 %\nand grows")
    };
    let written = take_in(&store, &p.responder, id, RawSource::Slack, &log(vec![edited.clone(), entry("2", "", "Odd")])).await;
    assert_eq!((written.added, written.done), (2, 2));
    let page = raw::page(&store, &p.responder, id, &Look::default(), at(NOW)).await.unwrap();
    assert_eq!((page.all, page.found, page.page, page.pages), (2, 2, 1, 1));
    assert_eq!(page.sources, [(RawSource::Slack, 2)]);
    assert_eq!(page.authors.iter().map(|a| a.label.as_str()).collect::<Vec<_>>(), ["rune.r"], "those who wrote");
    let read = &page.entries[0];
    assert_eq!((read.at, read.edited_at, read.is_reply), (edited.at, edited.edited_at, true));
    assert_eq!((&read.text, &read.place, &read.files), (&edited.text, &edited.place, &edited.files));
    assert_eq!((&read.details, &read.reactions), (&edited.details, &edited.reactions));
    assert_eq!(read.author.as_ref().map(|a| a.label.as_str()), Some("rune.r"));
    assert_eq!((page.entries[1].at, page.entries[1].as_written.as_str()), (None, "after lunch"));
}

async fn nothing_comes_twice_and_what_changed_at_the_source_changes(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let first = three(&store, &p, id).await;
    assert_eq!((first.added, first.changed, first.unchanged), (3, 0, 0));
    let again = three(&store, &p, id).await;
    assert_eq!((again.added, again.changed, again.unchanged, again.import), (0, 0, 3, None), "and no import to take back");
    let told = evidence::tell(&store, &p.responder, id, &ids(&store, &p.responder, id).await[..1], at(NOW)).await.unwrap();

    // One is edited at its source, one is new, one was deleted there.
    let later = log(vec![
        entry("1", "10:10:00", "The queue grows, slowly"),
        entry("2", "10:12:00", "Looking"),
        entry("4", "10:20:00", "Found it"),
    ]);
    let entries = placed(std::slice::from_ref(&later), at(NOW));
    let compared = raw_imports::compare(&store, &p.responder, id, RawSource::Slack, &entries, at(NOW)).await.unwrap();
    assert_eq!(compared.entries, [Standing::Changed, Standing::Known, Standing::New]);
    let written = take_in(&store, &p.responder, id, RawSource::Slack, &later).await;
    assert_eq!((written.added, written.changed, written.unchanged), (1, 1, 1));
    let now = texts(&store, &p.responder, id, Look::default()).await;
    assert_eq!(now, ["The queue grows, slowly", "Looking", "Found it", "It is quiet again"]);
    let event = timeline::event(&store, &p.responder, id, told, at(NOW)).await.unwrap();
    assert_eq!(event.body, "The queue grows", "what was told stays as it was told");

    // The same name at another tool is another thing.
    assert_eq!(take_in(&store, &p.responder, id, RawSource::Json, &log(vec![entry("1", "10:10:00", "x")])).await.added, 1);
    // A log that names a thing twice has it once.
    let twice = log(vec![entry("9", "11:00:00", "a"), entry("9", "11:00:00", "b")]);
    let written = take_in(&store, &p.responder, id, RawSource::Csv, &twice).await;
    assert_eq!((written.added, written.changed), (1, 1));
    let found = Look { source: Some(RawSource::Csv), ..Look::default() };
    assert_eq!(texts(&store, &p.responder, id, found).await, ["b"]);
}

async fn many_entries_come_in_steps_and_are_read_by_pages(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let entries = (0..4_100).map(|n| entry(&n.to_string(), "10:00:00", &format!("line {n}"))).collect();
    let log = log(entries);
    let entries = placed(std::slice::from_ref(&log), at(NOW));
    let authors: Vec<_> = log.authors.iter().map(|author| AuthorAs { author, person: None }).collect();
    let taking = Taking { source: RawSource::Slack, name: "ops", entries: &entries, authors: &authors };
    let mut written = Written::default();
    let mut steps = Vec::new();
    while written.done < entries.len() {
        written = raw_imports::write(&store, &p.responder, id, &taking, written, 3_000, at(NOW)).await.unwrap();
        steps.push(written.done);
    }
    assert_eq!(steps, [3_000, 4_100]);
    let imports = raw_imports::imports(&store, &p.responder, id, at(NOW)).await.unwrap();
    assert_eq!(imports.iter().map(|i| (i.added, i.here, i.name.as_str())).collect::<Vec<_>>(), [(4_100, 4_100, "ops")]);
    let page = raw::page(&store, &p.responder, id, &Look { page: 21, ..Look::default() }, at(NOW)).await.unwrap();
    assert_eq!((page.page, page.pages, page.entries.len()), (21, 21, 100));
    assert_eq!(page.entries[99].text, "line 4099", "of one time they stand as they came");
    let beyond = raw::page(&store, &p.responder, id, &Look { page: 99, ..Look::default() }, at(NOW)).await.unwrap();
    assert_eq!(beyond.page, 21);
    let found = raw::page(&store, &p.responder, id, &Look { words: "line 40".to_owned(), page: 1, ..Look::default() }, at(NOW))
        .await
        .unwrap();
    assert_eq!((found.found, found.stopped_after), (180, None), "40, 140, 400 to 409, 4000 to 4099 and their like");
}

async fn entries_are_found_by_words_source_author_and_time(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    three(&store, &p, id).await;
    let alert = RawEntry { author: None, kind: RawKind::Firing, ..entry("a", "10:09:00", "Queue over 5000") };
    take_in(&store, &p.responder, id, RawSource::Alertmanager, &log(vec![alert])).await;
    let words = |words: &str| Look { words: words.to_owned(), ..Look::default() };
    assert_eq!(texts(&store, &p.responder, id, words("QUEUE")).await, ["Queue over 5000", "The queue grows"]);
    assert_eq!(texts(&store, &p.responder, id, words("queue grows")).await, ["The queue grows"]);
    assert_eq!(texts(&store, &p.responder, id, words("oda")).await, ["It is quiet again"], "who wrote is found, too");
    assert!(texts(&store, &p.responder, id, words("nothing like it")).await.is_empty());
    let source = Look { source: Some(RawSource::Alertmanager), ..Look::default() };
    assert_eq!(texts(&store, &p.responder, id, source.clone()).await, ["Queue over 5000"]);
    assert!(texts(&store, &p.responder, id, Look { words: "grows".to_owned(), ..source }).await.is_empty());
    let oda =
        raw_authors::authors(&store, &p.responder, id, at(NOW)).await.unwrap().into_iter().find(|a| a.name == "oda").unwrap();
    let by = Look { author: Some(oda.id), ..Look::default() };
    assert_eq!(texts(&store, &p.responder, id, by).await, ["It is quiet again"]);

    let many = (0..450).map(|n| entry(&format!("m{n}"), &format!("{:02}:{:02}:00", 12 + n / 60, n % 60), "later")).collect();
    take_in(&store, &p.responder, id, RawSource::Csv, &log(many)).await;
    let noon = Look { at: Some(at("2026-03-02T16:00:00Z")), ..Look::default() };
    assert_eq!(raw::page(&store, &p.responder, id, &noon, at(NOW)).await.unwrap().page, 2);
    let searched = Look { words: "later".to_owned(), ..noon };
    assert_eq!(raw::page(&store, &p.responder, id, &searched, at(NOW)).await.unwrap().page, 2);
}

async fn only_who_gathers_the_story_or_brought_the_log_reads_it(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    three(&store, &p, id).await;
    store::reviews::open(&store, &p.admin, id, p.facilitator.person_id, false, at(NOW)).await.unwrap();
    assert_eq!(raw::count(&store, &p.facilitator, id, at(NOW)).await.unwrap(), 3);
    let import = raw_imports::imports(&store, &p.responder, id, at(NOW)).await.unwrap()[0].id;
    let entries = ids(&store, &p.responder, id).await;
    let author = raw_authors::authors(&store, &p.responder, id, at(NOW)).await.unwrap()[0].id;
    let event = timeline::add(&store, &p.responder, id, &crate::timeline::event(None, "x"), at(NOW)).await.unwrap();
    let log = log(vec![entry("7", "10:00:00", "x")]);
    let placed = placed(std::slice::from_ref(&log), at(NOW));
    let taking = Taking { source: RawSource::Slack, name: "", entries: &placed, authors: &[] };
    for viewer in [&p.other_responder, &p.outsider, &p.leader, &p.admin, &p.guest, &p.manager] {
        let refused = [
            raw::count(&store, viewer, id, at(NOW)).await.map(drop),
            raw::page(&store, viewer, id, &Look::default(), at(NOW)).await.map(drop),
            raw::times(&store, viewer, id, at(NOW)).await.map(drop),
            raw_authors::authors(&store, viewer, id, at(NOW)).await.map(drop),
            raw_authors::name(&store, viewer, id, author, (None, "x"), at(NOW)).await,
            raw_authors::propose(&store, viewer, id, RawSource::Slack, &[], at(NOW)).await.map(drop),
            raw_imports::imports(&store, viewer, id, at(NOW)).await.map(drop),
            raw_imports::compare(&store, viewer, id, RawSource::Slack, &placed, at(NOW)).await.map(drop),
            raw_imports::write(&store, viewer, id, &taking, Written::default(), 9, at(NOW)).await.map(drop),
            raw_imports::undo(&store, viewer, id, import, at(NOW)).await.map(drop),
            raw_imports::redo(&store, viewer, id, import, at(NOW)).await.map(drop),
            evidence::tell(&store, viewer, id, &entries, at(NOW)).await.map(drop),
            evidence::texts(&store, viewer, id, &BTreeMap::new(), at(NOW)).await.map(drop),
            evidence::attach(&store, viewer, (id, event), &entries, at(NOW)).await,
            evidence::detach(&store, viewer, (id, event), entries[0], at(NOW)).await,
        ];
        for (n, refused) in refused.into_iter().enumerate() {
            assert!(matches!(refused, Err(StoreError::NotFound)), "{} {n}: {refused:?}", viewer.name);
        }
    }
    assert_eq!(raw::count(&store, &p.responder, id, at(NOW)).await.unwrap(), 3);
}

async fn an_event_is_told_from_entries_and_keeps_them(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let (other, _) = incident(&store, &p.responder, "Another").await;
    three(&store, &p, id).await;
    let entries = ids(&store, &p.responder, id).await;
    let one = evidence::tell(&store, &p.responder, id, &entries[2..], at(NOW)).await.unwrap();
    let event = timeline::event(&store, &p.responder, id, one, at(NOW)).await.unwrap();
    assert_eq!((event.kind, event.precision), (EventKind::Recovery, Precision::Exact));
    assert_eq!((event.at, event.body.as_str()), (Some(at("2026-03-02T10:40:00Z")), "It is quiet again"));
    let again = evidence::tell(&store, &p.responder, id, &entries[2..], at(NOW)).await.unwrap();
    assert_eq!(again, one, "sent twice, told once");
    let backwards = [entries[1], entries[0], entries[0]];
    let two = evidence::tell(&store, &p.responder, id, &backwards, at(NOW)).await.unwrap();
    let event = timeline::event(&store, &p.responder, id, two, at(NOW)).await.unwrap();
    assert_eq!(event.body, "- The queue grows\n- Looking");
    assert_eq!(event.ends_at, Some(at("2026-03-02T10:12:00Z")));
    assert!(!event.body.contains("rune"), "never who wrote it");

    // Everybody sees that there is evidence.
    let told = timeline::told(&store, &p.leader, id, at(NOW)).await.unwrap();
    assert_eq!(told.events.len(), 2);
    let of_two: Vec<_> = told.evidence[&two].iter().map(|shown| (shown.source, shown.at)).collect();
    assert_eq!(
        of_two,
        [(RawSource::Slack, Some(at("2026-03-02T10:10:00Z"))), (RawSource::Slack, Some(at("2026-03-02T10:12:00Z")))]
    );
    let said = evidence::texts(&store, &p.responder, id, &told.evidence, at(NOW)).await.unwrap();
    assert_eq!(said.values().map(|e| e.text.as_str()).collect::<std::collections::BTreeSet<_>>().len(), 3);
    let page = raw::page(&store, &p.responder, id, &Look::default(), at(NOW)).await.unwrap();
    assert_eq!(page.entries.iter().map(|e| e.told.clone()).collect::<Vec<_>>(), [vec![two], vec![two], vec![one]]);

    timeline::delete(&store, &p.responder, id, two, event.version, at(NOW)).await.unwrap();
    let page = raw::page(&store, &p.responder, id, &Look::default(), at(NOW)).await.unwrap();
    assert!(page.entries[0].told.is_empty(), "a deleted event tells nothing");
    timeline::take_back(&store, &p.responder, (id, two), 0, at(NOW)).await.unwrap();
    assert_eq!(timeline::told(&store, &p.leader, id, at(NOW)).await.unwrap().evidence[&two].len(), 2, "and comes back with it");

    for refused in [
        evidence::tell(&store, &p.responder, other, &entries, at(NOW)).await,
        evidence::tell(&store, &p.responder, id, &[RawEntryId(store::random::id())], at(NOW)).await,
    ] {
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    }
    assert!(matches!(evidence::tell(&store, &p.responder, id, &[], at(NOW)).await, Err(StoreError::Invalid(_))));
}

async fn evidence_is_put_beside_an_event_and_taken_away(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let (other, _) = incident(&store, &p.responder, "Another").await;
    three(&store, &p, id).await;
    let entries = ids(&store, &p.responder, id).await;
    let event = timeline::add(&store, &p.outsider, id, &crate::timeline::event(None, "by hand"), at(NOW)).await.unwrap();
    let elsewhere = timeline::add(&store, &p.responder, other, &crate::timeline::event(None, "x"), at(NOW)).await.unwrap();
    for _ in 0..2 {
        evidence::attach(&store, &p.responder, (id, event), &entries[..2], at(NOW)).await.unwrap();
    }
    assert_eq!(timeline::told(&store, &p.leader, id, at(NOW)).await.unwrap().evidence[&event].len(), 2);
    for (incident, event) in [(id, elsewhere), (other, elsewhere)] {
        let refused = evidence::attach(&store, &p.responder, (incident, event), &entries[..1], at(NOW)).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    }
    evidence::detach(&store, &p.responder, (id, event), entries[0], at(NOW)).await.unwrap();
    let left = timeline::told(&store, &p.leader, id, at(NOW)).await.unwrap();
    assert_eq!(left.evidence[&event].iter().map(|s| s.entry).collect::<Vec<_>>(), [entries[1]]);
    assert_eq!(raw::count(&store, &p.responder, id, at(NOW)).await.unwrap(), 3);
}

async fn an_import_is_taken_back_and_brought_back(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let (other, _) = incident(&store, &p.responder, "Another").await;
    let first = three(&store, &p, id).await.import.unwrap();
    let entries = ids(&store, &p.responder, id).await;
    let event = evidence::tell(&store, &p.responder, id, &entries[..1], at(NOW)).await.unwrap();
    let second =
        take_in(&store, &p.responder, id, RawSource::Slack, &log(vec![entry("4", "10:50:00", "Later")])).await.import.unwrap();

    assert!(matches!(raw_imports::undo(&store, &p.responder, other, first, at(NOW)).await, Err(StoreError::NotFound)));
    let back = raw_imports::undo(&store, &p.responder, id, first, at(NOW)).await.unwrap();
    assert_eq!((back.gone, back.stayed), (2, 1), "what the story stands on stays");
    assert_eq!(texts(&store, &p.responder, id, Look::default()).await, ["The queue grows", "Later"]);
    assert_eq!(timeline::told(&store, &p.leader, id, at(NOW)).await.unwrap().evidence[&event].len(), 1);
    let imports = raw_imports::imports(&store, &p.responder, id, at(NOW)).await.unwrap();
    let of = |id| imports.iter().find(|i| i.id == id).map(|i| (i.here, i.undone_at.is_some())).unwrap();
    assert_eq!((of(first), of(second)), ((1, true), (1, false)));

    assert_eq!(raw_imports::redo(&store, &p.responder, id, first, at(NOW)).await.unwrap(), 2);
    assert_eq!(raw::count(&store, &p.responder, id, at(NOW)).await.unwrap(), 4);

    // Taken back and imported again: it comes with the new import.
    raw_imports::undo(&store, &p.responder, id, second, at(NOW)).await.unwrap();
    let again = take_in(&store, &p.responder, id, RawSource::Slack, &log(vec![entry("4", "10:50:00", "Later, edited")])).await;
    assert_eq!((again.added, again.changed, again.unchanged), (1, 0, 0));
    assert_eq!(texts(&store, &p.responder, id, Look { words: "later".to_owned(), ..Look::default() }).await, ["Later, edited"]);
    assert_eq!(raw_imports::redo(&store, &p.responder, id, second, at(NOW)).await.unwrap(), 0, "it is another import's now");
    assert_eq!(raw::count(&store, &p.responder, id, at(NOW)).await.unwrap(), 4);
}

async fn the_host_imports_and_reads_nothing(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let host = store::people::service_viewer(&store, at(NOW)).await.unwrap();
    assert_eq!(take_in(&store, &host, id, RawSource::Slack, &log(vec![entry("1", "10:10:00", "a")])).await.added, 1);
    assert!(matches!(raw::count(&store, &host, id, at(NOW)).await, Err(StoreError::NotFound)));
    assert_eq!(raw_imports::imports(&store, &p.responder, id, at(NOW)).await.unwrap()[0].by.as_deref(), Some("Import"));
    store::incidents::restrict(&store, &p.responder, id, true, at(NOW)).await.unwrap();
    let refused = raw_imports::compare(&store, &host, id, RawSource::Slack, &[], at(NOW)).await;
    assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
}

async fn a_log_of_an_incident_of_its_own_makes_it_once(store: Store) {
    use domain::incidents::{IncidentState, Severity};
    use domain::timeline::raw::RawIncident;
    use store::timeline::raw_incidents::{Found, of_log};
    let p = people(&store).await;
    let told = RawIncident {
        external_id: "Q7".to_owned(),
        title: "Bookings time out".to_owned(),
        severity: "P1".to_owned(),
        started_at: Some(at("2026-03-02T10:00:00Z")),
        resolved_at: Some(at("2026-03-02T11:00:00Z")),
        url: String::new(),
    };
    let find = async |viewer| of_log(&store, viewer, RawSource::PagerDuty, &told, (None, "UTC"), at(NOW)).await.unwrap();
    let Found::Here { id, key, new: true } = find(&p.responder).await else { panic!("made") };
    let made = store::incidents::by_key(&store, &p.leader, key, at(NOW)).await.unwrap().incident;
    assert_eq!((made.title.as_str(), made.severity, made.state), ("Bookings time out", Severity::Sev1, IncidentState::Resolved));
    assert_eq!(find(&p.outsider).await, Found::Here { id, key, new: false }, "whoever brings it");
    let other = of_log(&store, &p.responder, RawSource::Grafana, &told, (None, "UTC"), at(NOW)).await.unwrap();
    assert!(matches!(other, Found::Here { new: true, .. }), "of another tool, it is another one");
    // Restricted, it is not there for others: they get one of their own, once.
    store::incidents::restrict(&store, &p.responder, id, true, at(NOW)).await.unwrap();
    let Found::Here { id: own, new: true, .. } = find(&p.outsider).await else { panic!("made") };
    assert!(own != id && matches!(find(&p.outsider).await, Found::Here { new: false, .. }));
    // What is in the trash does not come back by itself.
    store::trash::put_in(&store, &p.responder, id, &key.to_string(), at(NOW)).await.unwrap();
    assert!(matches!(find(&p.responder).await, Found::NotRevived(_)));
}

async fn what_was_taken_back_goes_with_the_trash(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let import = three(&store, &p, id).await.import.unwrap();
    let event = evidence::tell(&store, &p.responder, id, &ids(&store, &p.responder, id).await[..1], at(NOW)).await.unwrap();
    timeline::delete(&store, &p.responder, id, event, 1, at(NOW)).await.unwrap();
    assert_eq!(
        raw_imports::undo(&store, &p.responder, id, import, at(NOW)).await.unwrap().gone,
        3,
        "deleted, it holds nothing back"
    );
    store::trash::empty(&store, at("2026-03-10T14:00:00Z")).await.unwrap();
    assert_eq!(raw_imports::redo(&store, &p.responder, id, import, at(NOW)).await.unwrap(), 3);
    raw_imports::undo(&store, &p.responder, id, import, at(NOW)).await.unwrap();
    assert!(store::trash::empty(&store, at("2027-03-10T14:00:00Z")).await.unwrap().log_is_clean);
    assert_eq!(raw_imports::redo(&store, &p.responder, id, import, at(NOW)).await.unwrap(), 0);
    timeline::take_back(&store, &p.responder, (id, event), 0, at(NOW)).await.unwrap();
    assert!(timeline::told(&store, &p.leader, id, at(NOW)).await.unwrap().evidence.is_empty());
}

async fn authors_are_named_and_leave_no_trace(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let source =
        log(vec![entry("1", "10:10:00", "a"), RawEntry { author: Some("U2".to_owned()), ..entry("2", "10:11:00", "b") }]);
    let authors: Vec<&RawAuthor> = source.authors.iter().collect();
    let proposed = raw_authors::propose(&store, &p.responder, id, RawSource::Slack, &authors, at(NOW)).await.unwrap();
    let rune = (p.responder.person_id, p.responder.name.clone());
    assert_eq!(proposed.iter().map(|a| a.person.clone()).collect::<Vec<_>>(), [Some(rune), None]);
    let entries = placed(std::slice::from_ref(&source), at(NOW));
    let named: Vec<_> = source
        .authors
        .iter()
        .zip(&proposed)
        .map(|(author, p)| AuthorAs { author, person: p.person.as_ref().map(|p| p.0) })
        .collect();
    let taking = Taking { source: RawSource::Slack, name: "ops", entries: &entries, authors: &named };
    raw_imports::write(&store, &p.responder, id, &taking, Written::default(), 99, at(NOW)).await.unwrap();
    let labels = async |store: &Store| -> Vec<String> {
        let page = raw::page(store, &p.responder, id, &Look::default(), at(NOW)).await.unwrap();
        page.entries.into_iter().map(|e| e.author.unwrap().label).collect()
    };
    assert_eq!(labels(&store).await, ["Rune Responder", "oda"]);
    let proposed = raw_authors::propose(&store, &p.responder, id, RawSource::Slack, &authors, at(NOW)).await.unwrap();
    assert_eq!(proposed[0].known_as.as_deref(), Some("Rune Responder"));

    let all = raw_authors::authors(&store, &p.responder, id, at(NOW)).await.unwrap();
    let oda = all.iter().find(|a| a.name == "oda").unwrap().id;
    raw_authors::name(&store, &p.responder, id, oda, (None, "Database on call"), at(NOW)).await.unwrap();
    assert_eq!(labels(&store).await, ["Rune Responder", "Database on call"]);
    let wrong = raw_authors::name(&store, &p.responder, id, oda, (Some(p.guest.person_id), ""), at(NOW)).await;
    assert!(matches!(wrong, Err(StoreError::Invalid(_))), "{wrong:?}");

    let mine = store::owndata::collect(&store, &p.responder, at(NOW)).await.unwrap();
    assert_eq!(mine.raw_logs.iter().map(|l| (l.source, l.entries)).collect::<Vec<_>>(), [(RawSource::Slack, 1)]);
    store::owndata::erase(&store, &p.responder, store::owndata::Erase::Everything, false, at(NOW)).await.unwrap();
    assert_eq!(labels(&store).await, [store::owndata::FORMER, "Database on call"]);
    assert!(store::owndata::collect(&store, &p.responder, at(NOW)).await.unwrap().raw_logs.is_empty());
    take_in(&store, &p.responder, id, RawSource::Slack, &log(vec![entry("3", "10:12:00", "c")])).await;
    assert_eq!(
        labels(&store).await,
        [store::owndata::FORMER, "Database on call", store::owndata::FORMER],
        "nor by importing again"
    );
}

async fn a_log_moves_with_its_incident_and_back(store: Store) {
    let p = people(&store).await;
    let (id, key) = incident(&store, &p.responder, "Slow").await;
    let (into, into_key) = incident(&store, &p.responder, "The same").await;
    three(&store, &p, id).await;
    // Both were given the first entry.
    take_in(&store, &p.responder, into, RawSource::Slack, &log(vec![entry("1", "10:10:00", "The queue grows")])).await;
    let entries = ids(&store, &p.responder, id).await;
    let event = evidence::tell(&store, &p.responder, id, &entries[..2], at(NOW)).await.unwrap();
    let merging = store::trash::merging(&store, &p.responder, id, &into_key.to_string(), at(NOW)).await.unwrap();
    assert_eq!(merging.raw_entries, 3);
    store::trash::merge(&store, &p.responder, id, &into_key.to_string(), at(NOW)).await.unwrap();
    let all = ["The queue grows", "Looking", "It is quiet again"];
    assert_eq!(texts(&store, &p.responder, into, Look::default()).await, all, "each once");
    let told = timeline::told(&store, &p.leader, into, at(NOW)).await.unwrap();
    assert_eq!(told.evidence[&event].len(), 2, "and the event stands on what it stood on");
    let authors = raw_authors::authors(&store, &p.responder, into, at(NOW)).await.unwrap();
    assert_eq!(authors.iter().map(|a| (a.name.as_str(), a.entries)).collect::<Vec<_>>(), [("oda", 1), ("rune.r", 2)]);
    assert_eq!(raw_imports::imports(&store, &p.responder, into, at(NOW)).await.unwrap().len(), 2);

    store::trash::put_back(&store, &p.responder, key, at(NOW)).await.unwrap();
    assert_eq!(texts(&store, &p.responder, id, Look::default()).await, all);
    assert_eq!(texts(&store, &p.responder, into, Look::default()).await, ["The queue grows"]);
    assert_eq!(timeline::told(&store, &p.leader, id, at(NOW)).await.unwrap().evidence[&event].len(), 2);
    let again = three(&store, &p, id).await;
    assert_eq!((again.added, again.unchanged), (0, 3));

    // Emptied out of the trash, neither keeps the other from going.
    for (id, key) in [(id, key), (into, into_key)] {
        store::trash::put_in(&store, &p.responder, id, &key.to_string(), at(NOW)).await.unwrap();
    }
    assert_eq!(store::trash::empty(&store, at("2027-03-10T14:00:00Z")).await.unwrap().incidents, 2);
}
