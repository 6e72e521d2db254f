//! Search over all kinds: the same is found on both engines, nothing that is not everybody's is in an index, and old texts are filled in.

use crate::support::{self, People, at, incident, new_incident, people};
use crate::timeline::event;
use domain::IncidentId;
use domain::incidents::{IncidentKey, Severity};
use domain::learnings::{FactorCategory, LearningKind};
use domain::people::Viewer;
use domain::reviews::SectionKind;
use domain::search::{Kind, Terms};
use domain::timeline::EventKind;
use domain::vocabulary::Vocabulary;
use sqlx::Connection;
use store::learnings::{NewFactor, NewLearning};
use store::search::{self as room, Look};
use store::services::ServiceChange;
use store::{Store, StoreError, incidents, timeline, trash};

conformance! {
    the_same_words_find_the_same_of_every_kind_on_both_engines,
    filters_and_pages_hold,
    words_follow_every_change,
    what_is_not_everybodys_is_found_by_nobody,
    a_story_is_found_from_its_publication_on,
    what_was_there_before_is_filled_in_steps,
    a_merge_and_its_end_take_the_words_along,
    similar_incidents_say_why,
    a_restricted_incident_is_nobodys_neighbour,
}

const NOW: &str = "2026-05-04T09:00:00Z";

fn look(text: &str) -> Look {
    Look { text: text.to_owned(), ..Look::default() }
}

/// The texts found, sorted: the engines may order equals differently.
async fn texts(store: &Store, viewer: &Viewer, kind: Kind, text: &str) -> Vec<String> {
    let found = room::find(store, viewer, kind, &look(text), 50).await.unwrap();
    let mut texts: Vec<String> = found.hits.into_iter().map(|hit| hit.text.trim().to_owned()).collect();
    texts.sort();
    texts
}

async fn count(store: &Store, viewer: &Viewer, text: &str) -> [usize; 5] {
    let counts = room::counts(store, viewer, &look(text)).await.unwrap();
    for (kind, counted) in counts {
        let found = room::find(store, viewer, kind, &look(text), 50).await.unwrap();
        assert_eq!(found.hits.len(), counted, "{text} in {}", kind.slug());
    }
    counts.map(|(_, n)| n)
}

fn factor(body: &str) -> NewFactor {
    NewFactor::plain(FactorCategory::Capacity, body.to_owned())
}

fn learning(body: &str, before: &str) -> NewLearning {
    NewLearning {
        kind: LearningKind::System,
        body: body.to_owned(),
        before: before.to_owned(),
        worded_as_plan: false,
        details: Default::default(),
    }
}

/// An incident with an open review that `facilitator` leads.
async fn reviewed(store: &Store, p: &People, title: &str) -> (IncidentId, IncidentKey) {
    let (id, key) = incident(store, &p.responder, title).await;
    store::reviews::open(store, &p.admin, id, p.facilitator.person_id, false, at(NOW)).await.unwrap();
    (id, key)
}

async fn section(store: &Store, p: &People, id: IncidentId, kind: SectionKind, base: i64, body: &str) {
    store::reviews::save_section(store, &p.facilitator, id, kind, base, body, at(NOW)).await.unwrap();
}

async fn publish(store: &Store, p: &People, id: IncidentId) {
    store::reviews::publish(store, &p.facilitator, id, at(NOW)).await.unwrap();
}

/// Texts of each kind, all of one published incident.
const EVENTS: [&str; 5] = [
    "Disk full on the primary",
    "Primary lost its **disk**; a full backup was there",
    "connection_pool exhausted",
    "数据库 超时 in v2.3.1",
    "Søgning svarer 100% langsomt",
];
const FACTORS: [&str; 2] = ["A retry storm met a small connection pool.", "The certificate's renewal failed silently"];
const LEARNINGS: [(&str, &str); 2] =
    [("The pool empties in seconds", "We thought of minutes"), ("Certificates renew themselves", "")];
const SECTIONS: [(SectionKind, &str); 2] = [
    (SectionKind::Summary, "The disk was full, and nobody was told."),
    (SectionKind::Narrative, "At 10:00 the pool ran dry.\n\nThen the disk."),
];

async fn the_same_words_find_the_same_of_every_kind_on_both_engines(store: Store) {
    let p = people(&store).await;
    let (id, _) = reviewed(&store, &p, "Something").await;
    for body in EVENTS {
        timeline::add(&store, &p.responder, id, &event(Some("2026-03-02T10:30:00Z"), body), at(NOW)).await.unwrap();
    }
    for body in FACTORS {
        store::learnings::add_factor(&store, &p.facilitator, id, &factor(body), at(NOW)).await.unwrap();
    }
    for (body, before) in LEARNINGS {
        store::learnings::add_learning(&store, &p.facilitator, id, &learning(body, before), at(NOW)).await.unwrap();
    }
    for (kind, body) in SECTIONS {
        section(&store, &p, id, kind, 0, body).await;
    }
    publish(&store, &p, id).await;
    let typed = [
        "disk",
        "DIS",
        "isk",
        "disk full",
        "\"disk full\"",
        "\"full disk\"",
        "pool",
        "connection_pool",
        "connection pool",
        "\"connection pool\"",
        "cert",
        "\"certificate\"",
        "certificate's",
        "数据",
        "søg",
        "100%",
        "v2.3.1",
        "minutes",
        "retry storm",
        "silently",
        "nobody told",
        "then the",
        "\"dry then\"",
        "' or 1 = 1 --",
        "\" ) AND (",
        "kind : event",
        "NEAR(disk full)",
        "disk*",
        "-disk",
        "a b c d e f g h",
    ];
    let mut found_any = 0;
    for typed in typed {
        let terms = Terms::parse(typed);
        let wanted = |all: Vec<String>| {
            let mut wanted: Vec<String> = all.into_iter().filter(|text| terms.are_in(text)).collect();
            wanted.sort();
            wanted
        };
        let texts = async |kind| texts(&store, &p.outsider, kind, typed).await;
        let learnings: Vec<String> = LEARNINGS.iter().map(|(now, before)| format!("{now} {before}").trim().to_owned()).collect();
        let all = [
            (Kind::Event, EVENTS.map(str::to_owned).to_vec()),
            (Kind::Factor, FACTORS.map(str::to_owned).to_vec()),
            (Kind::Learning, learnings),
            (Kind::Story, SECTIONS.map(|(_, body)| body.to_owned()).to_vec()),
        ];
        for (kind, all) in all {
            let wanted = wanted(all);
            found_any += wanted.len();
            assert_eq!(texts(kind).await, wanted, "{typed} in {}", kind.slug());
        }
        count(&store, &p.outsider, typed).await;
    }
    assert!(found_any > 30, "{found_any}");
    assert_eq!(room::find(&store, &p.outsider, Kind::Event, &look(" ?! "), 50).await.unwrap().hits.len(), 0);
    assert!(matches!(room::find(&store, &p.guest, Kind::Event, &look("disk"), 50).await, Err(StoreError::NotFound)));
    assert!(matches!(room::counts(&store, &p.guest, &look("disk")).await, Err(StoreError::NotFound)));
}

async fn filters_and_pages_hold(store: Store) {
    let p = people(&store).await;
    let checkout = ServiceChange { name: "Checkout".to_owned(), ..ServiceChange::default() };
    let checkout = store::services::add(&store, &p.admin, &checkout, at(NOW)).await.unwrap();
    for n in 1..=9 {
        let mut new = new_incident(&format!("Queue {n}"), Severity::Sev2, &format!("2026-03-0{n}T10:00:00Z"));
        new.team_id = Some(if n < 4 { p.team } else { p.other_team });
        new.severity = if n == 5 { Severity::Sev1 } else { Severity::Sev2 };
        let services = if n == 6 { vec![checkout] } else { Vec::new() };
        let key = incidents::add_with(&store, &p.responder, &new, &services, at(NOW)).await.unwrap();
        let id = incidents::by_key(&store, &p.responder, key, at(NOW)).await.unwrap().incident.id;
        for body in ["The queue grew", "The queue was empty again"] {
            let mut event = event(Some("2026-03-02T10:30:00Z"), body);
            event.kind = if body.contains("empty") { EventKind::Recovery } else { EventKind::Detection };
            timeline::add(&store, &p.responder, id, &event, at(NOW)).await.unwrap();
        }
    }
    let numbers = async |look: Look| {
        let found = room::find(&store, &p.outsider, Kind::Event, &look, 50).await.unwrap();
        found.hits.iter().map(|hit| hit.key.0).collect::<Vec<_>>()
    };
    let queue = look("queue");
    assert_eq!(numbers(queue.clone()).await, [9, 9, 8, 8, 7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
    assert_eq!(numbers(Look { team: Some(p.team), ..queue.clone() }).await, [3, 3, 2, 2, 1, 1]);
    assert_eq!(numbers(Look { severity: Some(Severity::Sev1), ..queue.clone() }).await, [5, 5]);
    assert_eq!(numbers(Look { service: Some(checkout), ..queue.clone() }).await, [6, 6]);
    assert_eq!(numbers(Look { label: "recovery".to_owned(), team: Some(p.team), ..queue.clone() }).await, [3, 2, 1]);
    let (from, until) = (Some(at("2026-03-04T00:00:00Z")), Some(at("2026-03-05T00:00:00Z")));
    assert_eq!(numbers(Look { from, until, ..queue.clone() }).await, [4, 4]);

    for kind in [Kind::Event, Kind::Incident] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = room::find(&store, &p.outsider, kind, &Look { after, ..queue.clone() }, 4).await.unwrap();
            seen.extend(page.hits.iter().map(|hit| (hit.key, hit.place.clone())));
            // What is written between two pages moves nothing of what is still to come.
            incident(&store, &p.responder, "Queue of another").await;
            let Some(next) = page.next else { break };
            after = Some(next);
        }
        let all = seen.len();
        assert!(kind == Kind::Incident || seen.is_sorted_by(|a, b| a.0 >= b.0), "{seen:?}");
        seen.sort();
        seen.dedup();
        assert_eq!((seen.len(), all), if kind == Kind::Event { (18, 18) } else { (all, all) });
    }
    let nonsense = Look { after: Some("nonsense".to_owned()), ..queue };
    assert_eq!(numbers(nonsense).await.len(), 18);
}

async fn words_follow_every_change(store: Store) {
    let p = people(&store).await;
    let (id, key) = reviewed(&store, &p, "Keys").await;
    let found = async |text: &str| count(&store, &p.outsider, text).await;
    let told = timeline::add(&store, &p.responder, id, &event(None, "A laptop was lost"), at(NOW)).await.unwrap();
    assert_eq!(found("laptop").await, [0, 1, 0, 0, 0]);
    timeline::change(&store, &p.responder, (id, told), 1, &event(None, "A phone was lost"), at(NOW)).await.unwrap();
    assert_eq!((found("laptop").await, found("phone").await), ([0; 5], [0, 1, 0, 0, 0]));
    timeline::delete(&store, &p.responder, id, told, 2, at(NOW)).await.unwrap();
    assert_eq!(found("phone").await, [0; 5], "a removed event");

    let one = store::learnings::add_factor(&store, &p.facilitator, id, &factor("One laptop for all"), at(NOW)).await.unwrap();
    store::learnings::add_learning(&store, &p.facilitator, id, &learning("A laptop is no vault", ""), at(NOW)).await.unwrap();
    assert_eq!(found("laptop").await, [0, 0, 1, 1, 0]);
    let learned = store::learnings::learnings(&store, &p.facilitator, id, at(NOW)).await.unwrap()[0].id;
    store::learnings::change_learning(
        &store,
        &p.facilitator,
        (id, learned),
        1,
        &learning("A phone is no vault", "A laptop is"),
        at(NOW),
    )
    .await
    .unwrap();
    assert_eq!((found("laptop").await, found("phone").await), ([0, 0, 1, 1, 0], [0, 0, 0, 1, 0]));
    store::learnings::remove_factor(&store, &p.facilitator, id, one, at(NOW)).await.unwrap();
    store::learnings::remove_learning(&store, &p.facilitator, id, learned, at(NOW)).await.unwrap();
    assert_eq!((found("laptop").await, found("phone").await), ([0; 5], [0; 5]), "a factor and a learning that were taken out");

    timeline::add(&store, &p.responder, id, &event(None, "A tablet was found"), at(NOW)).await.unwrap();
    trash::put_in(&store, &p.facilitator, id, &key.to_string(), at(NOW)).await.unwrap();
    assert_eq!((found("tablet").await, found("keys").await), ([0; 5], [0; 5]), "in the trash");
    trash::put_back(&store, &p.facilitator, key, at(NOW)).await.unwrap();
    assert_eq!((found("tablet").await, found("keys").await), ([0, 1, 0, 0, 0], [1, 0, 0, 0, 0]));

    let opened = incidents::by_key(&store, &p.responder, key, at(NOW)).await.unwrap().incident;
    let moved = new_incident("Keys", Severity::Sev2, "2020-01-01T10:00:00Z");
    incidents::change(&store, &p.responder, id, opened.version, &moved, at(NOW)).await.unwrap();
    let hit = &room::find(&store, &p.outsider, Kind::Event, &look("tablet"), 5).await.unwrap().hits[0];
    assert_eq!(hit.started_at, moved.started_at, "the order follows the incident's start");
    assert_eq!(room::check(&store).await.unwrap(), room::Filled { texts: 1, waiting: 0, missing: 0, too_much: 0 });
}

async fn what_is_not_everybodys_is_found_by_nobody(store: Store) {
    let p = people(&store).await;
    let (id, _) = reviewed(&store, &p, "Quiet").await;
    timeline::add(&store, &p.responder, id, &event(None, "A laptop was lost"), at(NOW)).await.unwrap();
    store::learnings::add_factor(&store, &p.facilitator, id, &factor("One laptop for all"), at(NOW)).await.unwrap();
    section(&store, &p, id, SectionKind::Summary, 0, "A laptop that nobody missed").await;
    store::parking::park(&store, &p.planner, id, "We should buy another laptop", true, at(NOW)).await.unwrap();
    for viewer in [&p.outsider, &p.facilitator, &p.planner, &p.admin] {
        assert_eq!(count(&store, viewer, "laptop").await, [0, 1, 1, 0, 0], "no draft, no parked idea");
    }
    publish(&store, &p, id).await;
    assert_eq!(count(&store, &p.outsider, "laptop").await, [0, 1, 1, 0, 1]);
    incidents::restrict(&store, &p.facilitator, id, true, at(NOW)).await.unwrap();
    for viewer in [&p.outsider, &p.facilitator, &p.admin] {
        assert_eq!(count(&store, viewer, "laptop").await, [0; 5], "its texts are in no index");
    }
    assert_eq!(count(&store, &p.facilitator, "quiet").await, [1, 0, 0, 0, 0], "those named on it find its title");
    timeline::add(&store, &p.facilitator, id, &event(None, "Another laptop"), at(NOW)).await.unwrap();
    assert_eq!(count(&store, &p.outsider, "laptop").await, [0; 5], "what is written while it is restricted, too");
    assert_eq!(room::check(&store).await.unwrap(), room::Filled { texts: 0, waiting: 0, missing: 0, too_much: 0 });
    incidents::restrict(&store, &p.facilitator, id, false, at(NOW)).await.unwrap();
    assert_eq!(count(&store, &p.outsider, "laptop").await, [0, 2, 1, 0, 1]);
}

async fn a_story_is_found_from_its_publication_on(store: Store) {
    let p = people(&store).await;
    let (id, _) = reviewed(&store, &p, "Quiet").await;
    section(&store, &p, id, SectionKind::Summary, 0, "The walrus came late").await;
    section(&store, &p, id, SectionKind::Summary, 1, "The heron came late").await;
    assert_eq!((count(&store, &p.facilitator, "walrus").await, count(&store, &p.facilitator, "heron").await), ([0; 5], [0; 5]));
    publish(&store, &p, id).await;
    assert_eq!(
        (count(&store, &p.outsider, "walrus").await, count(&store, &p.outsider, "heron").await),
        ([0; 5], [0, 0, 0, 0, 1])
    );
    let hit = room::find(&store, &p.outsider, Kind::Story, &look("heron"), 5).await.unwrap().hits.remove(0);
    assert_eq!((hit.place.as_str(), hit.title.as_str()), ("summary", "Quiet"));
    section(&store, &p, id, SectionKind::Summary, 2, "The egret came late").await;
    assert_eq!((count(&store, &p.outsider, "heron").await, count(&store, &p.outsider, "egret").await), ([0; 5], [0, 0, 0, 0, 1]));
}

async fn what_was_there_before_is_filled_in_steps(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Old").await;
    for n in 0..230 {
        timeline::add(&store, &p.responder, id, &event(None, &format!("Old words {n}")), at(NOW)).await.unwrap();
    }
    let (restricted, _) = incident(&store, &p.responder, "Hidden").await;
    timeline::add(&store, &p.responder, restricted, &event(None, "Old words of few"), at(NOW)).await.unwrap();
    incidents::restrict(&store, &p.responder, restricted, true, at(NOW)).await.unwrap();
    room::rebuild(&store).await.unwrap();
    let found = async || room::find(&store, &p.outsider, Kind::Event, &look("old words"), 500).await.unwrap();
    let before = found().await;
    assert!(before.hits.is_empty() && before.filling);
    // What is written meanwhile is found at once.
    timeline::add(&store, &p.responder, id, &event(None, "Old words, newly written"), at(NOW)).await.unwrap();
    assert_eq!(found().await.hits.len(), 1);
    assert!(room::fill(&store).await.unwrap() > 0);
    assert!(found().await.filling, "another step is to come, from where this one ended");
    while room::fill(&store).await.unwrap() > 0 {}
    let after = found().await;
    assert_eq!((after.hits.len(), after.filling), (231, false));
    assert_eq!(room::check(&store).await.unwrap(), room::Filled { texts: 231, waiting: 0, missing: 0, too_much: 0 });
}

async fn a_merge_and_its_end_take_the_words_along(store: Store) {
    let p = people(&store).await;
    let (one, one_key) = incident(&store, &p.responder, "One").await;
    let (two, two_key) = incident(&store, &p.responder, "Two").await;
    timeline::add(&store, &p.responder, one, &event(None, "The walrus"), at(NOW)).await.unwrap();
    timeline::add(&store, &p.responder, two, &event(None, "The heron"), at(NOW)).await.unwrap();
    trash::merge(&store, &p.responder, one, &two_key.to_string(), at(NOW)).await.unwrap();
    let of = async |text: &str| {
        let found = room::find(&store, &p.outsider, Kind::Event, &look(text), 5).await.unwrap();
        found.hits.into_iter().map(|hit| hit.key).collect::<Vec<_>>()
    };
    assert_eq!((of("walrus").await, of("heron").await), (vec![two_key], vec![two_key]));
    trash::put_back(&store, &p.responder, one_key, at(NOW)).await.unwrap();
    assert_eq!((of("walrus").await, of("heron").await), (vec![one_key], vec![two_key]));
}

async fn similar_incidents_say_why(store: Store) {
    let p = people(&store).await;
    let checkout = ServiceChange { name: "Checkout".to_owned(), ..ServiceChange::default() };
    let checkout = store::services::add(&store, &p.admin, &checkout, at(NOW)).await.unwrap();
    let add = async |title: &str, services: &[domain::ServiceId], told: &str| {
        let new = new_incident(title, Severity::Sev3, "2026-03-02T10:00:00Z");
        let key = incidents::add_with(&store, &p.responder, &new, services, at(NOW)).await.unwrap();
        let id = incidents::by_key(&store, &p.responder, key, at(NOW)).await.unwrap().incident.id;
        store::reviews::open(&store, &p.admin, id, p.facilitator.person_id, false, at(NOW)).await.unwrap();
        if !told.is_empty() {
            store::learnings::add_factor(&store, &p.facilitator, id, &factor(told), at(NOW)).await.unwrap();
        }
        (id, key)
    };
    let (id, _) = add("Checkout slow: connection pool exhausted", &[checkout], "A retry storm of clients").await;
    let (_, pool) = add("Search lost its connection pool", &[], "").await;
    let (_, storm) = add("Pages were white", &[checkout], "The retry storm again").await;
    add("Something else happened", &[], "Nobody was there").await;
    let found = store::search::similar(&store, &p.outsider, id, at(NOW)).await.unwrap();
    let said: Vec<(IncidentKey, Vec<String>)> =
        found.iter().map(|s| (s.key, s.reasons.iter().map(|reason| reason.sentence(&Vocabulary::default())).collect())).collect();
    assert_eq!(
        said,
        [
            (
                storm,
                vec!["Both name “retry storm” among their contributing factors".to_owned(), "Same service: Checkout".to_owned(),]
            ),
            (pool, vec!["Both speak of “connection pool”".to_owned()]),
        ]
    );
    let nothing = add("Unheard of", &[], "").await.0;
    assert!(store::search::similar(&store, &p.outsider, nothing, at(NOW)).await.unwrap().is_empty());
    assert!(matches!(store::search::similar(&store, &p.guest, id, at(NOW)).await, Err(StoreError::NotFound)));
}

async fn a_restricted_incident_is_nobodys_neighbour(store: Store) {
    let p = people(&store).await;
    let (one, _) = incident(&store, &p.responder, "Walrus on the quay").await;
    let (two, two_key) = incident(&store, &p.responder, "Walrus beside the quay").await;
    let neighbours = async |viewer: &Viewer, id: IncidentId| {
        store::search::similar(&store, viewer, id, at(NOW)).await.map(|found| found.iter().map(|s| s.key).collect::<Vec<_>>())
    };
    assert_eq!(neighbours(&p.outsider, one).await.unwrap(), [two_key]);
    incidents::restrict(&store, &p.responder, two, true, at(NOW)).await.unwrap();
    for viewer in [&p.outsider, &p.responder, &p.admin] {
        assert!(neighbours(viewer, one).await.unwrap().is_empty());
    }
    assert!(matches!(neighbours(&p.outsider, two).await, Err(StoreError::NotFound)));
    assert_eq!(neighbours(&p.responder, two).await.unwrap().len(), 1, "who sees it sees what of others is like it");
    incidents::restrict(&store, &p.responder, two, false, at(NOW)).await.unwrap();
    trash::put_in(&store, &p.responder, two, &two_key.to_string(), at(NOW)).await.unwrap();
    assert!(neighbours(&p.outsider, one).await.unwrap().is_empty());
}

#[tokio::test]
async fn no_index_in_the_file_holds_what_was_taken_from_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let store = Store::open(&url, support::key()).await.unwrap();
    store.migrate().await.unwrap();
    let p = people(&store).await;
    let (id, _) = reviewed(&store, &p, "Quiet").await;
    // Capitals stand in the texts themselves; only an index holds the folded word.
    timeline::add(&store, &p.responder, id, &event(None, "SERPENTCANARY was heard"), at(NOW)).await.unwrap();
    let removed = timeline::add(&store, &p.responder, id, &event(None, "SACKBUTCANARY was heard"), at(NOW)).await.unwrap();
    timeline::add(&store, &p.responder, id, &event(None, "MARIMBACANARY was heard"), at(NOW)).await.unwrap();
    section(&store, &p, id, SectionKind::Summary, 0, "OCARINACANARY was heard").await;
    let (other, _) = incident(&store, &p.responder, "Loud").await;
    timeline::add(&store, &p.responder, other, &event(None, "BASSOONCANARY was heard"), at(NOW)).await.unwrap();
    let bytes = async || {
        let mut db = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::query("pragma wal_checkpoint(truncate)").execute(&mut db).await.unwrap();
        db.close().await.unwrap();
        let mut bytes = std::fs::read(folder.path().join("test.db")).unwrap();
        bytes.extend(std::fs::read(folder.path().join("test.db-wal")).unwrap_or_default());
        bytes
    };
    let holds = |bytes: &[u8], what: &str| bytes.windows(what.len()).any(|w| w == what.as_bytes());
    let file = bytes().await;
    assert!(holds(&file, "serpentcanary") && holds(&file, "sackbutcanary"), "what is everybody's is indexed");
    assert!(!holds(&file, "ocarinacanary"), "a draft of a story is not");
    timeline::delete(&store, &p.responder, id, removed, 1, at(NOW)).await.unwrap();
    let file = bytes().await;
    assert!(!holds(&file, "ackbutcanary") && holds(&file, "serpentcanary"), "a removed event leaves the index and the file");
    incidents::restrict(&store, &p.facilitator, id, true, at(NOW)).await.unwrap();
    let file = bytes().await;
    assert!(!holds(&file, "erpentcanary") && !holds(&file, "arimbacanary"), "so do a restricted incident's words");
    assert!(holds(&file, "bassooncanary"), "and those of others stay");
    store.close().await;
}
