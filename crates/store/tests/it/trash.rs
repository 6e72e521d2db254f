//! The trash: out of everything at once, back whole until its day, then gone with its key; two that are the same become one.

use crate::history::answered;
use crate::support::{self, People, at, incident, people};
use domain::IncidentId;
use domain::imported::{ImportedEvent, ImportedFile, ImportedIncident};
use domain::incidents::IncidentKey;
use domain::interviews::Audience;
use domain::reviews::themes::{Mark, ThemeDraft};
use domain::timeline::{EventDetails, EventKind, NewEvent, Precision};
use sqlx::{AssertSqlSafe, Connection};
use std::collections::BTreeSet;
use store::imports::{Counts, File};
use store::incidents::{Filter, by_key};
use store::{Store, StoreError, trash};

conformance! {
    what_is_in_the_trash_is_nowhere_else_and_comes_back_whole,
    who_may_delete_is_told_what_goes,
    an_administrator_deletes_by_key_without_seeing,
    after_its_time_it_is_gone_for_good_and_its_number_is_not_given_again,
    a_guest_leaves_with_the_conversation,
    what_was_put_back_meanwhile_stays,
    a_second_import_revives_nothing,
    two_that_are_the_same_become_one_and_can_be_split_again,
    people_gave_their_words_to_one_conversation,
    a_restricted_incident_is_in_no_strangers_trash,
}

const NOW: &str = "2026-03-10T09:00:00Z";
const DUE: &str = "2026-04-09T09:00:00Z";
const SECRET: &str = "xylophone-canary was what I thought";

fn event(body: &str) -> NewEvent {
    NewEvent {
        at: Some(at("2026-03-02T10:30:00Z")),
        ends_at: None,
        precision: Precision::Exact,
        as_written: String::new(),
        zone: "UTC".to_owned(),
        kind: EventKind::Note,
        body: body.to_owned(),
        flag: String::new(),
        details: EventDetails::default(),
        position: 0,
    }
}

/// An incident in review with an answer in it, of which a passage is marked and gathered under a theme.
async fn talked(store: &Store, p: &People) -> (IncidentId, IncidentKey) {
    let (id, key) = incident(store, &p.planner, "Slow").await;
    store::reviews::open(store, &p.admin, id, p.facilitator.person_id, true, at("2026-03-02T15:00:00Z")).await.unwrap();
    let answer = answered(store, p, id, SECRET).await;
    let theme = ThemeDraft { name: "Xylophones".to_owned(), opening: String::new() };
    let theme = store::reviews::add_theme(store, &p.facilitator, id, &theme, at(NOW)).await.unwrap();
    let mark = Mark { text: SECRET.to_owned(), note: String::new() };
    let passage = store::reviews::mark(store, &p.facilitator, id, answer, &mark, at(NOW)).await.unwrap();
    store::reviews::gather(store, &p.facilitator, id, passage, Some(theme), at(NOW)).await.unwrap();
    (id, key)
}

async fn keys(store: &Store, p: &People) -> Vec<IncidentKey> {
    store::incidents::list(store, &p.outsider, &Filter::default(), 99).await.unwrap().rows.iter().map(|r| r.key).collect()
}

async fn what_is_in_the_trash_is_nowhere_else_and_comes_back_whole(store: Store) {
    let p = people(&store).await;
    let (id, key) = talked(&store, &p).await;
    let e = store::timeline::add(&store, &p.planner, id, &event("here"), at(NOW)).await.unwrap();
    trash::put_in(&store, &p.facilitator, id, &key.to_string(), at(NOW)).await.unwrap();
    assert!(keys(&store, &p).await.is_empty());
    for viewer in [&p.facilitator, &p.planner, &p.admin, &p.responder, &p.leader] {
        assert!(matches!(by_key(&store, viewer, key, at(NOW)).await, Err(StoreError::NotFound)), "{}", viewer.name);
        assert!(matches!(store::timeline::events(&store, viewer, id, at(NOW)).await, Err(StoreError::NotFound)));
    }
    let again = trash::put_in(&store, &p.facilitator, id, &key.to_string(), at(NOW)).await;
    assert!(matches!(again, Err(StoreError::NotFound)));
    let list = trash::list(&store, &p.facilitator).await.unwrap();
    assert_eq!((list[0].key, list[0].title.as_deref(), list[0].gone_at), (key, Some("Slow"), at(DUE)));
    assert_eq!(list[0].by.as_deref(), Some("Frida Facilitator"));
    for viewer in [&p.planner, &p.responder, &p.outsider, &p.leader] {
        assert!(trash::list(&store, viewer).await.unwrap().is_empty(), "{}", viewer.name);
        assert!(matches!(trash::put_back(&store, viewer, key, at(NOW)).await, Err(StoreError::NotFound)));
    }
    trash::put_back(&store, &p.facilitator, key, at(NOW)).await.unwrap();
    assert_eq!(keys(&store, &p).await, [key]);
    assert_eq!(store::timeline::events(&store, &p.leader, id, at(NOW)).await.unwrap()[0].id, e);
    assert!(matches!(trash::put_back(&store, &p.facilitator, key, at(NOW)).await, Err(StoreError::NotFound)));
    assert!(trash::list(&store, &p.facilitator).await.unwrap().is_empty());
}

async fn who_may_delete_is_told_what_goes(store: Store) {
    let p = people(&store).await;
    let (own, key) = incident(&store, &p.planner, "Mine").await;
    for viewer in [&p.responder, &p.facilitator, &p.leader, &p.guest] {
        assert!(matches!(trash::going(&store, viewer, own, at(NOW)).await, Err(StoreError::NotFound)), "{}", viewer.name);
        assert!(matches!(trash::put_in(&store, viewer, own, "INC-1", at(NOW)).await, Err(StoreError::NotFound)));
    }
    let going = trash::going(&store, &p.planner, own, at(NOW)).await.unwrap();
    assert_eq!((going.people, going.typed_key, going.days), (0, false, 30));
    trash::put_in(&store, &p.planner, own, "", at(NOW)).await.unwrap();
    trash::put_back(&store, &p.planner, key, at(NOW)).await.unwrap();

    let (id, key) = talked(&store, &p).await;
    assert!(
        matches!(trash::going(&store, &p.planner, id, at(NOW)).await, Err(StoreError::NotFound)),
        "others gave it their time"
    );
    let going = trash::going(&store, &p.facilitator, id, at(NOW)).await.unwrap();
    assert_eq!((going.people, going.exact, going.typed_key), (1, true, true));
    let admins = trash::going(&store, &p.admin, id, at(NOW)).await.unwrap();
    assert!(!admins.exact, "how many of those asked talked is nobody's business");
    for typed in ["", "INC-1", "Slow"] {
        let refused = trash::put_in(&store, &p.facilitator, id, typed, at(NOW)).await;
        assert!(matches!(refused, Err(StoreError::Invalid(_))), "{typed:?}: {refused:?}");
    }
    trash::put_in(&store, &p.facilitator, id, &format!(" {} ", key.to_string().to_lowercase()), at(NOW)).await.unwrap();
}

async fn an_administrator_deletes_by_key_without_seeing(store: Store) {
    let p = people(&store).await;
    let (_, key) = talked(&store, &p).await;
    for viewer in [&p.outsider, &p.leader, &p.facilitator, &p.guest] {
        let by_key = trash::put_in_by_key(&store, viewer, &key.to_string(), at(NOW)).await;
        assert!(matches!(by_key, Err(StoreError::NotFound)), "{}", viewer.name);
    }
    for none in ["", "INC-99", "Slow"] {
        assert!(matches!(trash::put_in_by_key(&store, &p.admin, none, at(NOW)).await, Err(StoreError::Invalid(_))));
    }
    trash::put_in_by_key(&store, &p.admin, &key.to_string(), at(NOW)).await.unwrap();
    assert!(trash::list(&store, &p.admin).await.unwrap()[0].may_delete_now);
    assert!(!trash::list(&store, &p.facilitator).await.unwrap()[0].may_delete_now);
    assert!(matches!(trash::delete_now(&store, &p.admin, key, "", at(NOW)).await, Err(StoreError::Invalid(_))));
    let facilitators = trash::delete_now(&store, &p.facilitator, key, &key.to_string(), at(NOW)).await;
    assert!(matches!(facilitators, Err(StoreError::NotFound)));
    let done = trash::delete_now(&store, &p.admin, key, &key.to_string(), at(NOW)).await.unwrap();
    assert_eq!((done.incidents, done.log_is_clean), (1, true));
    assert!(trash::list(&store, &p.admin).await.unwrap().is_empty());
    assert!(matches!(trash::delete_now(&store, &p.admin, key, &key.to_string(), at(NOW)).await, Err(StoreError::NotFound)));
}

async fn after_its_time_it_is_gone_for_good_and_its_number_is_not_given_again(store: Store) {
    let p = people(&store).await;
    let (id, key) = talked(&store, &p).await;
    trash::put_in(&store, &p.facilitator, id, &key.to_string(), at(NOW)).await.unwrap();
    assert_eq!(trash::empty(&store, at("2026-04-09T08:59:59Z")).await.unwrap().incidents, 0);
    assert_eq!(trash::empty(&store, at(DUE)).await.unwrap().incidents, 1);
    assert_eq!(trash::empty(&store, at(DUE)).await.unwrap().incidents, 0, "done once");
    assert!(matches!(trash::put_back(&store, &p.facilitator, key, at(DUE)).await, Err(StoreError::NotFound)));
    let (_, next) = incident(&store, &p.planner, "Next").await;
    assert_eq!(next.0, key.0 + 1, "an old address never leads to another incident");
}

async fn a_guest_leaves_with_the_conversation(store: Store) {
    let p = people(&store).await;
    let (id, key) = talked(&store, &p).await;
    let whom = store::interviews::Invitee::Guest("Gro Guest".to_owned());
    let made = store::interviews::invite(&store, &p.facilitator, id, &whom, None, at(NOW)).await.unwrap();
    let link = made.token.unwrap();
    let (_, session) = store::interviews::begin_by_link(&store, &link, at(NOW)).await.unwrap();
    trash::put_in(&store, &p.facilitator, id, &key.to_string(), at(NOW)).await.unwrap();
    assert!(store::sessions::find(&store, &session, at(NOW)).await.unwrap().is_none(), "the session ended");
    assert!(matches!(store::interviews::peek(&store, &link, at(NOW)).await, Err(StoreError::NotFound)), "the link stopped");
    trash::put_back(&store, &p.facilitator, key, at(NOW)).await.unwrap();
    assert_eq!(store::interviews::peek(&store, &link, at(NOW)).await.unwrap().name, "Gro Guest");
    trash::put_in(&store, &p.facilitator, id, &key.to_string(), at(NOW)).await.unwrap();
    trash::empty(&store, at(DUE)).await.unwrap();
    let names: Vec<String> = store::people::list(&store, &p.admin).await.unwrap().into_iter().map(|p| p.name).collect();
    assert!(!names.contains(&"Gro Guest".to_owned()), "{names:?}");
    assert!(names.contains(&"Rune Responder".to_owned()), "accounts stay");
}

async fn what_was_put_back_meanwhile_stays(store: Store) {
    let p = people(&store).await;
    let (id, key) = talked(&store, &p).await;
    trash::put_in(&store, &p.facilitator, id, &key.to_string(), at(NOW)).await.unwrap();
    trash::put_back(&store, &p.facilitator, key, at(NOW)).await.unwrap();
    assert_eq!(trash::empty(&store, at("2027-01-01T00:00:00Z")).await.unwrap().incidents, 0);
    assert_eq!(keys(&store, &p).await, [key]);
}

fn document(title: &str) -> ImportedFile {
    ImportedFile {
        incidents: vec![ImportedIncident {
            title: title.to_owned(),
            summary: String::new(),
            zone: "UTC".to_owned(),
            started_at: Some(at("2019-03-02T10:00:00Z")),
            resolved_at: None,
            events: vec![ImportedEvent {
                at: Some(at("2019-03-02T10:00:00Z")),
                ends_at: None,
                precision: Precision::Exact,
                as_written: String::new(),
                body: "imported event".to_owned(),
                kind: EventKind::Note,
                flag: String::new(),
                line: 1,
            }],
            factors: Vec::new(),
            learnings: Vec::new(),
            actions: Vec::new(),
            sections: Vec::new(),
        }],
        ..ImportedFile::default()
    }
}

async fn import(store: &Store, p: &People, text: &str) -> Counts {
    let understood = document("Booking froze");
    let files = [File { name: "booking.md", understood: &understood, bytes: text.as_bytes() }];
    store::imports::write(store, &p.planner, &files, at(NOW)).await.unwrap()
}

async fn a_second_import_revives_nothing(store: Store) {
    let p = people(&store).await;
    let key = import(&store, &p, "a document").await.keys[0];
    let id = by_key(&store, &p.planner, key, at(NOW)).await.unwrap().incident.id;
    let (_, other) = incident(&store, &p.planner, "Other").await;
    let said = |counts: Counts| {
        assert_eq!((counts.incidents, counts.unchanged, counts.keys.len()), (0, 0, 0), "{counts:?}");
        counts.not_revived.into_iter().map(|(file, words)| format!("{file}: {words}")).collect::<Vec<_>>().join("; ")
    };
    trash::put_in(&store, &p.planner, id, "", at(NOW)).await.unwrap();
    for text in ["a document", "changed since"] {
        let words = said(import(&store, &p, text).await);
        assert!(words.starts_with("booking.md: in the trash"), "{words}");
    }
    trash::put_back(&store, &p.planner, key, at(NOW)).await.unwrap();
    trash::merge(&store, &p.planner, id, &other.to_string(), at(NOW)).await.unwrap();
    assert_eq!(said(import(&store, &p, "a document").await), format!("booking.md: merged into {other}"));
    trash::empty(&store, at(DUE)).await.unwrap();
    assert_eq!(said(import(&store, &p, "a document").await), format!("booking.md: merged into {other}"), "still known");
    assert_eq!(trash::merged_into(&store, &p.outsider, key, at(DUE)).await.unwrap(), Some(other), "the address leads on");

    let understood = document("Ferry");
    let files = [File { name: "ferry.md", understood: &understood, bytes: b"ferry" }];
    let key = store::imports::write(&store, &p.planner, &files, at(NOW)).await.unwrap().keys[0];
    let id = by_key(&store, &p.planner, key, at(NOW)).await.unwrap().incident.id;
    trash::put_in(&store, &p.planner, id, "", at(NOW)).await.unwrap();
    trash::empty(&store, at(DUE)).await.unwrap();
    for bytes in [b"ferry".as_slice(), b"ferry, changed"] {
        let files = [File { name: "ferry.md", understood: &understood, bytes }];
        let counts = store::imports::write(&store, &p.planner, &files, at(DUE)).await.unwrap();
        assert!(counts.not_revived[0].1.starts_with("deleted for good"), "{counts:?}");
        assert_eq!(counts.incidents, 0);
    }
}

async fn two_that_are_the_same_become_one_and_can_be_split_again(store: Store) {
    let p = people(&store).await;
    let (into, into_key) = talked(&store, &p).await;
    store::timeline::add(&store, &p.planner, into, &event("told by hand"), at(NOW)).await.unwrap();
    let from_key = import(&store, &p, "pineapple-canary").await.keys[0];
    let from = by_key(&store, &p.planner, from_key, at(NOW)).await.unwrap().incident.id;
    let source = store::sources::list(&store, &p.planner, from, at(NOW)).await.unwrap()[0].id;

    let asked = trash::merging(&store, &p.planner, from, &into_key.to_string(), at(NOW)).await.unwrap();
    assert_eq!((asked.events, asked.sources, asked.people, asked.keeps), (1, 1, 1, None));
    for nonsense in ["", "INC-99", "nonsense", &from_key.to_string()] {
        let refused = trash::merging(&store, &p.planner, from, nonsense, at(NOW)).await;
        assert!(matches!(refused, Err(StoreError::Invalid(_))), "{nonsense:?}: {refused:?}");
    }
    let stranger = trash::merge(&store, &p.outsider, from, &into_key.to_string(), at(NOW)).await;
    assert!(matches!(stranger, Err(StoreError::NotFound)));

    // A moment later: what happens at the same instant has no order in the history.
    let later = at(NOW) + chrono::Duration::minutes(1);
    trash::merge(&store, &p.planner, from, &into_key.to_string(), later).await.unwrap();
    let bodies = async || {
        let events = store::timeline::events(&store, &p.leader, into, at(NOW)).await.unwrap();
        events.iter().map(|e| e.body.clone()).collect::<Vec<_>>()
    };
    assert_eq!(bodies().await, ["imported event", "told by hand"]);
    let read = store::sources::read(&store, &p.planner, into, source, at(NOW)).await.unwrap();
    assert_eq!(read.body, "pineapple-canary", "sealed anew under the other key");
    assert_eq!(trash::merged_into(&store, &p.outsider, from_key, at(NOW)).await.unwrap(), Some(into_key));
    assert_eq!(trash::merged_into(&store, &p.guest, from_key, at(NOW)).await.unwrap(), None);
    assert_eq!(trash::list(&store, &p.planner).await.unwrap()[0].merged_into, Some(into_key));
    let told = store::history::page(&store, &p.leader, into, &store::history::Filter::default(), 9, at(NOW)).await.unwrap();
    assert_eq!(told.lines[0].change, domain::history::Change::Merged);

    trash::put_back(&store, &p.planner, from_key, at(NOW)).await.unwrap();
    assert_eq!(bodies().await, ["told by hand"]);
    let events = store::timeline::events(&store, &p.leader, from, at(NOW)).await.unwrap();
    assert_eq!((events[0].body.as_str(), events[0].position), ("imported event", 1));
    assert_eq!(store::sources::read(&store, &p.planner, from, source, at(NOW)).await.unwrap().body, "pineapple-canary");
    assert!(store::sources::list(&store, &p.planner, into, at(NOW)).await.unwrap().is_empty(), "the document went back");
    let planners = store::incidents::with_role(&store, &p.leader, into, domain::people::IncidentRole::Planner, at(NOW)).await;
    assert!(planners.unwrap().is_empty(), "plans there no more");
    assert_eq!(trash::merged_into(&store, &p.outsider, from_key, at(NOW)).await.unwrap(), None);
}

async fn people_gave_their_words_to_one_conversation(store: Store) {
    let p = people(&store).await;
    let (one, one_key) = talked(&store, &p).await;
    let (two, two_key) = talked(&store, &p).await;
    let both = trash::merging(&store, &p.facilitator, one, &two_key.to_string(), at(NOW)).await.unwrap();
    assert!(both.keeps.unwrap().contains("both"), "{both:?}");
    let refused = trash::merge(&store, &p.facilitator, one, &two_key.to_string(), at(NOW)).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    let (_, plain) = incident(&store, &p.planner, "Plain").await;
    let other_way = trash::merging(&store, &p.facilitator, two, &plain.to_string(), at(NOW)).await.unwrap();
    assert!(other_way.keeps.unwrap().contains("merge the other one into it"));
    let page = store::interviews::page(&store, &p.responder, invitation(&store, &p, one).await, at(NOW)).await.unwrap();
    assert_eq!(page.answers.iter().find(|a| a.question == 2).unwrap().audience, Audience::Unattributed, "nothing moved");
    assert_eq!(keys(&store, &p).await.len(), 3, "{one_key} is where it was");
}

async fn invitation(store: &Store, p: &People, id: IncidentId) -> domain::InvitationId {
    let all = store::interviews::list(store, &p.facilitator, id, at(NOW)).await.unwrap();
    all.into_iter().find(|i| i.name == "Rune Responder").unwrap().id
}

/// Tables with a column of this name.
const INCIDENTS_OWN: &str = "
select m.name from sqlite_master m join pragma_table_info(m.name) c
where m.type = 'table' and c.name in ('incident_id', 'from_incident_id') order by m.name";

#[tokio::test]
async fn nothing_of_a_deleted_incident_is_left_in_any_table_or_byte_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    let url = format!("sqlite://{}", file.display());
    let store = Store::open(&url, support::key()).await.unwrap();
    store.migrate().await.unwrap();
    let p = people(&store).await;
    let (id, key) = talked(&store, &p).await;
    let (other, other_key) = talked(&store, &p).await;
    for (incident, title) in [(id, "Serpentcanary went quiet"), (other, "Sackbutcanary went quiet")] {
        let version = store::incidents::by_key(&store, &p.facilitator, if incident == id { key } else { other_key }, at(NOW));
        let version = version.await.unwrap().incident.version;
        let new = support::new_incident(title, domain::incidents::Severity::Sev2, "2026-03-02T10:00:00Z");
        store::incidents::change(&store, &p.facilitator, incident, version, &new, at(NOW)).await.unwrap();
        store::timeline::add(&store, &p.planner, incident, &event("marimba-canary"), at(NOW)).await.unwrap();
    }
    let mut db = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let wanted: Vec<u8> =
        sqlx::query_scalar("select body_sealed from answers where incident_id = $1").bind(id.0).fetch_one(&mut db).await.unwrap();
    let wrapped: Vec<u8> = sqlx::query_scalar("select wrapped from incident_keys where incident_id = $1")
        .bind(id.0)
        .fetch_one(&mut db)
        .await
        .unwrap();
    let kept: Vec<u8> = sqlx::query_scalar("select body_sealed from answers where incident_id = $1")
        .bind(other.0)
        .fetch_one(&mut db)
        .await
        .unwrap();
    // A backup from before: what it holds without the key row stays sealed.
    trash::put_in(&store, &p.facilitator, id, &key.to_string(), at(NOW)).await.unwrap();
    assert!(trash::empty(&store, at(DUE)).await.unwrap().log_is_clean);

    let tables: BTreeSet<String> =
        sqlx::query_scalar::<_, String>(INCIDENTS_OWN).fetch_all(&mut db).await.unwrap().into_iter().collect();
    assert!(tables.len() > 15, "{tables:?}");
    let mut left = Vec::new();
    for table in tables.iter().filter(|t| *t != "audit") {
        for column in ["incident_id", "from_incident_id"] {
            let there: i64 = sqlx::query_scalar("select count(*) from pragma_table_info($1) where name = $2")
                .bind(table)
                .bind(column)
                .fetch_one(&mut db)
                .await
                .unwrap();
            if there > 0 {
                let sql = format!("select count(*) from {table} where {column} = $1");
                let rows: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).bind(id.0).fetch_one(&mut db).await.unwrap();
                if rows > 0 {
                    left.push(format!("{table}.{column}: {rows}"));
                }
            }
        }
    }
    assert!(left.is_empty(), "{left:?}");
    let stayed: i64 =
        sqlx::query_scalar("select count(*) from audit where incident_id = $1").bind(id.0).fetch_one(&mut db).await.unwrap();
    assert!(stayed > 3, "the trail stays");

    let mut bytes = std::fs::read(&file).unwrap();
    bytes.extend(std::fs::read(folder.path().join("test.db-wal")).unwrap_or_default());
    let holds = |what: &[u8]| bytes.windows(what.len()).any(|w| w == what);
    assert!(!holds(&wanted), "its ciphertext is in the file");
    assert!(!holds(&wrapped), "its wrapped key is in the file");
    assert!(!holds(b"erpentcanary"), "a word of its title is in the file: in the index of words, perhaps");
    assert!(holds(b"ackbutcanary"), "the other one's title is there");
    assert!(holds(&kept), "the other one's words are where they were, and this search finds what is there");
    db.close().await.unwrap();
    store.close().await;
}

/// Every table that can hold something of an incident is named by the purge: a new one fails here until somebody decided.
#[tokio::test]
async fn the_purge_knows_every_table_of_an_incident() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let store = Store::open(&url, support::key()).await.unwrap();
    store.migrate().await.unwrap();
    store.close().await;
    let mut db = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(INCIDENTS_OWN).fetch_all(&mut db).await.unwrap();
    let purge = include_str!("../../src/trash/purge.rs").to_owned() + include_str!("../../src/crypt.rs");
    // The trail holds no content, and neither does an outage that a hook made an incident of: it stays known, so that nothing brings it back.
    let stays = ["audit", "hook_outages"];
    assert!(purge.contains("update hook_outages set"));
    let forgotten: Vec<_> =
        tables.iter().filter(|t| !stays.contains(&t.as_str()) && !purge.contains(&format!("delete from {t} "))).collect();
    assert!(forgotten.is_empty(), "the purge says nothing about {forgotten:?}");
    // What points at a thing of an incident goes as well: no table may keep a row from going.
    let pointing: Vec<(String, String)> = sqlx::query_as(
        "select m.name, f.\"table\" from sqlite_master m join pragma_foreign_key_list(m.name) f where m.type = 'table'",
    )
    .fetch_all(&mut db)
    .await
    .unwrap();
    let own: BTreeSet<&str> = tables.iter().map(String::as_str).chain(["incidents"]).collect();
    let forgotten: BTreeSet<_> = pointing
        .iter()
        .filter(|(from, to)| own.contains(to.as_str()) && from != "incidents")
        .filter(|(from, _)| !stays.contains(&from.as_str()) && !purge.contains(&format!("delete from {from} ")))
        .collect();
    assert!(forgotten.is_empty(), "rows that would keep an incident from going: {forgotten:?}");
    db.close().await.unwrap();
}

/// Neither by its key nor in the list of what can come back: an administrator who is not named learns nothing.
async fn a_restricted_incident_is_in_no_strangers_trash(store: Store) {
    let p = people(&store).await;
    let (id, key) = incident(&store, &p.responder, "Keys were copied").await;
    store::incidents::restrict(&store, &p.responder, id, true, at(NOW)).await.unwrap();
    let words = |outcome: store::Result<domain::incidents::IncidentKey>| match outcome {
        Err(StoreError::Invalid(invalid)) => invalid.message("key").unwrap_or_default().to_owned(),
        other => panic!("{other:?}"),
    };
    let hidden = words(trash::put_in_by_key(&store, &p.admin, &key.to_string(), at(NOW)).await);
    assert_eq!(hidden, words(trash::put_in_by_key(&store, &p.admin, "INC-999", at(NOW)).await), "as if it never was");
    trash::put_in(&store, &p.responder, id, &key.to_string(), at(NOW)).await.unwrap();
    assert!(trash::list(&store, &p.admin).await.unwrap().is_empty());
    assert!(matches!(trash::put_back(&store, &p.admin, key, at(NOW)).await, Err(StoreError::NotFound)));
    assert!(matches!(trash::delete_now(&store, &p.admin, key, &key.to_string(), at(NOW)).await, Err(StoreError::NotFound)));
    trash::put_back(&store, &p.responder, key, at(NOW)).await.unwrap();
}
