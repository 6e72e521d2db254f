//! Incidents: adding, changing with a version, finding, the list in three orders with filters and a cursor.

use crate::support::{at, incident, new_incident, people};
use chrono::Duration;
use domain::incidents::{IncidentKey, IncidentState, NewIncident, Origin, Severity};
use domain::learnings::FactorCategory;
use domain::people::IncidentRole;
use store::incidents::{self as room, Change, Filter, Sort};
use store::services::ServiceChange;
use store::{Store, StoreError};

conformance! {
    an_incident_reads_back_as_it_was_entered,
    keys_count_up_without_a_gap,
    a_change_needs_the_version_it_started_from,
    an_end_before_the_start_is_refused_with_its_field,
    an_incident_with_an_end_is_resolved,
    members_enter_incidents_and_everyone_with_an_account_sees_them,
    the_list_pages_through_everything_once_in_every_order,
    filters_add_up_and_words_match_in_any_case_and_order,
    the_same_words_find_the_same_on_both_engines,
    words_that_most_have_are_found_in_order_too,
    words_follow_an_edit_and_a_restriction,
    a_page_that_is_held_is_never_older_than_the_last_write,
    a_cursor_that_is_nonsense_begins_at_the_start,
    concurrent_incidents_get_numbers_of_their_own,
    a_restricted_incident_is_there_for_those_named_on_it,
    filters_by_facilitator_and_mine_find_what_one_is_named_on,
    a_change_of_many_is_done_for_all_or_for_none,
    the_list_finds_what_concerns_a_service_and_what_tells_of_what_went_right,
}

async fn an_incident_reads_back_as_it_was_entered(store: Store) {
    let p = people(&store).await;
    let mut new = new_incident("Ærø’s ferry – “booked” twice 🛟", Severity::Sev1, "2026-03-02T10:00:00.123456Z");
    new.summary = "Zażółć gęślą jaźń\n\n- one\n- two".to_owned();
    new.team_id = Some(p.team);
    let now = at("2026-03-02T13:00:00Z");
    let key = room::add(&store, &p.responder, &new, now).await.unwrap();
    let opened = room::by_key(&store, &p.leader, key, now).await.unwrap();
    let read = opened.incident;
    assert_eq!((read.key, &read.title, &read.summary), (key, &new.title, &new.summary));
    assert_eq!((read.severity, read.state, read.origin), (Severity::Sev1, IncidentState::Resolved, Origin::Hand));
    assert_eq!((read.team_id, read.team.as_deref()), (Some(p.team), Some("Payments")));
    assert_eq!((read.started_at, read.detected_at, read.resolved_at), (new.started_at, new.detected_at, new.resolved_at));
    assert_eq!((read.zone.as_str(), read.version, read.published_at), ("Europe/Copenhagen", 1, None));
    assert_eq!(read.created_by, Some(p.responder.person_id));
    assert!(!opened.standing.facilitator && !opened.standing.importer && !opened.standing.published);
    assert!(room::by_key(&store, &p.responder, key, now).await.unwrap().standing.importer);
    assert!(room::with_role(&store, &p.leader, read.id, IncidentRole::Facilitator, now).await.unwrap().is_empty());
}

async fn keys_count_up_without_a_gap(store: Store) {
    let p = people(&store).await;
    for number in 1..=4 {
        assert_eq!(incident(&store, &p.responder, "One more").await.1, IncidentKey(number));
    }
    let now = at("2026-03-02T13:00:00Z");
    assert!(matches!(room::by_key(&store, &p.responder, IncidentKey(5), now).await, Err(StoreError::NotFound)));
}

async fn a_change_needs_the_version_it_started_from(store: Store) {
    let p = people(&store).await;
    let (id, key) = incident(&store, &p.responder, "Before").await;
    let now = at("2026-03-03T09:00:00Z");
    let mut new = new_incident("After", Severity::Sev4, "2026-03-02T09:00:00Z");
    room::change(&store, &p.outsider, id, 1, &new, now).await.unwrap();
    new.title = "Too late".to_owned();
    let stale = room::change(&store, &p.responder, id, 1, &new, now).await;
    assert!(matches!(stale, Err(StoreError::Stale)));
    let read = room::by_key(&store, &p.responder, key, now).await.unwrap().incident;
    assert_eq!((read.title.as_str(), read.severity, read.version), ("After", Severity::Sev4, 2));
    let found = Filter { text: "after".to_owned(), ..Filter::default() };
    assert_eq!(room::list(&store, &p.responder, &found, 9).await.unwrap().rows.len(), 1);
    let gone = Filter { text: "before".to_owned(), ..Filter::default() };
    assert!(room::list(&store, &p.responder, &gone, 9).await.unwrap().rows.is_empty());
}

async fn an_end_before_the_start_is_refused_with_its_field(store: Store) {
    let p = people(&store).await;
    let now = at("2026-03-03T09:00:00Z");
    let mut new = new_incident("Odd", Severity::Sev4, "2026-03-02T09:00:00Z");
    new.resolved_at = Some(new.started_at - Duration::minutes(1));
    new.detected_at = Some(new.started_at - Duration::hours(1));
    let refused = room::add(&store, &p.responder, &new, now).await;
    let Err(StoreError::Invalid(invalid)) = refused else { panic!("{refused:?}") };
    assert!(invalid.message("ended_time").is_some() && invalid.message("noticed_time").is_some());
    assert!(room::list(&store, &p.responder, &Filter::default(), 9).await.unwrap().rows.is_empty());
}

async fn an_incident_with_an_end_is_resolved(store: Store) {
    let p = people(&store).await;
    let now = at("2026-03-03T09:00:00Z");
    let mut new = new_incident("Ongoing", Severity::Sev2, "2026-03-02T09:00:00Z");
    (new.state, new.resolved_at) = (IncidentState::Open, None);
    let key = room::add(&store, &p.responder, &new, now).await.unwrap();
    let open = room::by_key(&store, &p.responder, key, now).await.unwrap().incident;
    assert_eq!(open.state, IncidentState::Open);
    new.resolved_at = Some(new.started_at + Duration::hours(5));
    room::change(&store, &p.responder, open.id, 1, &new, now).await.unwrap();
    let over = room::by_key(&store, &p.responder, key, now).await.unwrap().incident;
    assert_eq!((over.state, over.resolved_at), (IncidentState::Resolved, new.resolved_at));
}

async fn members_enter_incidents_and_everyone_with_an_account_sees_them(store: Store) {
    let p = people(&store).await;
    let (id, key) = incident(&store, &p.responder, "Seen").await;
    let now = at("2026-03-03T09:00:00Z");
    for viewer in [&p.outsider, &p.leader, &p.admin, &p.facilitator] {
        assert!(room::by_key(&store, viewer, key, now).await.is_ok(), "{}", viewer.name);
        assert_eq!(room::list(&store, viewer, &Filter::default(), 9).await.unwrap().rows.len(), 1);
    }
    assert!(matches!(room::by_key(&store, &p.guest, key, now).await, Err(StoreError::NotFound)));
    assert!(matches!(room::list(&store, &p.guest, &Filter::default(), 9).await, Err(StoreError::NotFound)));
    let new = new_incident("No", Severity::Sev3, "2026-03-02T09:00:00Z");
    for viewer in [&p.guest, &p.admin] {
        assert!(matches!(room::add(&store, viewer, &new, now).await, Err(StoreError::NotFound)));
        assert!(matches!(room::change(&store, viewer, id, 1, &new, now).await, Err(StoreError::NotFound)));
    }
}

/// Twelve incidents; pairs of them begin at the same instant.
async fn twelve(store: &Store) -> crate::support::People {
    let p = people(store).await;
    for n in 0..12 {
        let mut new = new_incident(&format!("Number {n}"), Severity::ALL[n % 4], "2026-03-02T10:00:00Z");
        new.started_at += Duration::hours(i64::try_from(n / 2).unwrap());
        (new.detected_at, new.resolved_at) = (None, None);
        new.state = if n % 3 == 0 { IncidentState::Open } else { IncidentState::Resolved };
        new.team_id = if n < 5 { Some(p.team) } else { Some(p.other_team) };
        let now = at("2026-03-04T10:00:00Z") - Duration::minutes(i64::try_from(n * n % 12).unwrap());
        room::add(store, &p.responder, &new, now).await.unwrap();
    }
    p
}

async fn the_list_pages_through_everything_once_in_every_order(store: Store) {
    let p = twelve(&store).await;
    for sort in Sort::ALL {
        let mut filter = Filter { sort, ..Filter::default() };
        let mut rows = Vec::new();
        for _ in 0..10 {
            let page = room::list(&store, &p.outsider, &filter, 5).await.unwrap();
            assert!(page.rows.len() <= 5);
            rows.extend(page.rows);
            filter.after = page.next;
            if filter.after.is_none() {
                break;
            }
        }
        let keys: Vec<_> = rows.iter().map(|r| r.key).collect();
        let mut expected = rows.clone();
        match sort {
            Sort::Newest => expected.sort_by_key(|r| std::cmp::Reverse((r.started_at, r.key))),
            Sort::Oldest => expected.sort_by_key(|r| (r.started_at, r.key)),
            Sort::Changed => expected.sort_by_key(|r| std::cmp::Reverse((r.changed_at, r.key))),
        }
        assert_eq!(keys, expected.iter().map(|r| r.key).collect::<Vec<_>>(), "{sort:?}");
        let mut once = keys.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), 12, "{sort:?}");
    }
    let exact = room::list(&store, &p.outsider, &Filter::default(), 12).await.unwrap();
    assert_eq!((exact.rows.len(), exact.next), (12, None));
}

async fn filters_add_up_and_words_match_in_any_case_and_order(store: Store) {
    let p = twelve(&store).await;
    let now = at("2026-03-05T10:00:00Z");
    let mut new = new_incident("Søgning svarer 100% langsomt", Severity::Sev1, "2026-04-01T10:00:00Z");
    new.summary = "The index_queue grew".to_owned();
    let key = room::add(&store, &p.responder, &new, now).await.unwrap();
    let count = async |filter: Filter| room::list(&store, &p.outsider, &filter, 50).await.unwrap().rows.len();
    let words = |text: &str| Filter { text: text.to_owned(), ..Filter::default() };
    assert_eq!(count(words("langsomt SØGNING")).await, 1);
    assert_eq!(count(words("100%")).await, 1);
    assert_eq!(count(words("index_queue")).await, 1);
    assert_eq!(count(words("\"queue index\"")).await, 0);
    assert_eq!(count(words("\"the index\"")).await, 1);
    assert_eq!(count(words("\"the ind\"")).await, 0, "a phrase is whole");
    assert_eq!(count(words("dex")).await, 0, "words are found by their beginning");
    assert_eq!(count(words("_")).await, 0, "no word is no wildcard");
    assert_eq!(count(words(&key.to_string())).await, 1);
    assert_eq!(count(words("number 3")).await, 2, "Number 3, and Number 2 for its key INC-3");
    assert_eq!(count(words("'; drop table incidents; --")).await, 0);
    assert_eq!(count(Filter { team: Some(p.team), ..Filter::default() }).await, 5);
    assert_eq!(count(Filter { severity: Some(Severity::Sev1), ..Filter::default() }).await, 4);
    assert_eq!(count(Filter { state: Some(IncidentState::Open), ..Filter::default() }).await, 4);
    assert_eq!(count(Filter { state: Some(IncidentState::Published), ..Filter::default() }).await, 0);
    let both =
        Filter { team: Some(p.team), severity: Some(Severity::Sev1), state: Some(IncidentState::Open), ..Filter::default() };
    assert_eq!(count(both).await, 1);
    let day = Filter { from: Some(at("2026-04-01T00:00:00Z")), until: Some(at("2026-04-02T00:00:00Z")), ..Filter::default() };
    assert_eq!(count(day).await, 1);
    assert_eq!(count(Filter { until: Some(at("2026-03-02T10:00:00Z")), ..Filter::default() }).await, 0);
    assert_eq!(count(Filter { factor: Some(FactorCategory::Capacity.into()), ..Filter::default() }).await, 0);
}

/// Title and summary of what is searched below; the numbers of what is found count from one.
const GOLDEN: [(&str, &str); 8] = [
    ("Disk full on the primary database", "Writes stopped for 40 minutes."),
    ("Primary lost its disk", "A full backup was there."),
    ("Checkout slow: connection_pool exhausted", "Pool size was 10, demand was 100."),
    ("DNS — again", "It’s always the resolver’s cache."),
    ("Søgning svarer 100% langsomt", "Indekset voksede over natten"),
    ("数据库 超时", "Timeouts in v2.3.1"),
    ("Certificate expired at 00:00", "cert-manager’s renewals failed silently"),
    ("Certificates renewed too early", "No harm done; see INC-7"),
];

async fn the_same_words_find_the_same_on_both_engines(store: Store) {
    let p = people(&store).await;
    for (n, (title, summary)) in GOLDEN.into_iter().enumerate() {
        let mut new = new_incident(title, Severity::Sev2, &format!("2026-03-{:02}T10:00:00Z", n + 1));
        new.summary = summary.to_owned();
        room::add(&store, &p.responder, &new, at("2026-03-20T10:00:00Z")).await.unwrap();
    }
    let wanted: [(&str, &[i64]); 22] = [
        ("disk", &[1, 2]),
        ("disk full", &[1, 2]),
        ("\"disk full\"", &[1]),
        ("FULL disk", &[1, 2]),
        ("prim", &[1, 2]),
        ("rimary", &[]),
        ("cert", &[7, 8]),
        ("certificate", &[7, 8]),
        ("\"certificate\"", &[7]),
        ("connection_pool", &[3]),
        ("pool connection", &[3]),
        ("10", &[3, 5]),
        ("\"10\"", &[3]),
        ("100%", &[3, 5]),
        ("søg", &[5]),
        ("数据", &[6]),
        ("v2.3.1", &[6]),
        ("resolver’s", &[4]),
        ("inc-7", &[7, 8]),
        ("a b c d e f g h", &[]),
        ("— again", &[4]),
        ("' or 1 = 1 --", &[]),
    ];
    for (typed, numbers) in wanted {
        let filter = Filter { text: typed.to_owned(), sort: Sort::Oldest, ..Filter::default() };
        let found = room::list(&store, &p.outsider, &filter, 50).await.unwrap();
        assert_eq!(found.rows.iter().map(|row| row.key.0).collect::<Vec<_>>(), numbers, "{typed}");
        let said = domain::search::Terms::parse(typed);
        for (n, (title, summary)) in GOLDEN.into_iter().enumerate() {
            let number = i64::try_from(n + 1).unwrap();
            let text = format!("{}\n{title}\n{summary}", IncidentKey(number));
            assert_eq!(said.are_in(&text), numbers.contains(&number), "{typed} in {title}");
        }
    }
}

/// So many that walking all is less work than reading all that have the word.
async fn words_that_most_have_are_found_in_order_too(store: Store) {
    let p = people(&store).await;
    for n in 1..=30 {
        let title = if n % 10 == 0 { "Something else".to_owned() } else { format!("Queue {n} was full") };
        let new = new_incident(&title, Severity::Sev2, &format!("2026-03-{n:02}T10:00:00Z"));
        room::add(&store, &p.responder, &new, at("2026-03-31T10:00:00Z")).await.unwrap();
    }
    for (typed, count) in
        [("queue", 27), ("was que", 27), ("\"was full\"", 27), ("full 1", 10), ("something", 3), ("i in inc i in inc queue", 27)]
    {
        let filter = Filter { text: typed.to_owned(), ..Filter::default() };
        let found = room::list(&store, &p.outsider, &filter, 50).await.unwrap();
        assert_eq!(found.rows.len(), count, "{typed}");
        assert!(found.rows.is_sorted_by(|a, b| a.started_at > b.started_at), "{typed}");
    }
}

async fn words_follow_an_edit_and_a_restriction(store: Store) {
    let p = people(&store).await;
    let now = at("2026-03-05T10:00:00Z");
    let (id, _) = incident(&store, &p.responder, "Keys were copied to a laptop").await;
    let found = async |viewer: &domain::people::Viewer, typed: &str| {
        let filter = Filter { text: typed.to_owned(), ..Filter::default() };
        room::list(&store, viewer, &filter, 50).await.unwrap().rows.len()
    };
    assert_eq!((found(&p.outsider, "laptop").await, found(&p.outsider, "phone").await), (1, 0));
    let new = new_incident("Keys were copied to a phone", Severity::Sev2, "2026-03-02T10:00:00Z");
    room::change(&store, &p.responder, id, 1, &new, now).await.unwrap();
    assert_eq!((found(&p.outsider, "laptop").await, found(&p.outsider, "phone").await), (0, 1));
    room::restrict(&store, &p.responder, id, true, now).await.unwrap();
    assert_eq!((found(&p.outsider, "phone").await, found(&p.responder, "\"to a phone\"").await), (0, 1));
    room::restrict(&store, &p.responder, id, false, now).await.unwrap();
    assert_eq!((found(&p.outsider, "phone").await, found(&p.responder, "phone").await), (1, 1));
}

async fn a_page_that_is_held_is_never_older_than_the_last_write(store: Store) {
    let p = people(&store).await;
    let now = at("2026-03-05T10:00:00Z");
    let titles = async |viewer: &domain::people::Viewer| {
        let front = room::front(&store, viewer, &Filter::default(), 50).await.unwrap();
        front.page.rows.iter().map(|row| row.title.clone()).collect::<Vec<_>>()
    };
    assert!(titles(&p.outsider).await.is_empty() && titles(&p.outsider).await.is_empty());
    let (id, _) = incident(&store, &p.responder, "Before").await;
    assert_eq!((titles(&p.outsider).await, titles(&p.responder).await), (vec!["Before".into()], vec!["Before".into()]));
    let front = room::front(&store, &p.outsider, &Filter::default(), 50).await.unwrap();
    let again = room::front(&store, &p.outsider, &Filter::default(), 50).await.unwrap();
    assert_eq!(front.choices, room::choices(&store, &p.outsider).await.unwrap());
    // A session that is renewed or a backup that is noted may write between any two reads, so only equality is sure.
    assert_eq!(front, again);
    room::restrict(&store, &p.responder, id, true, now).await.unwrap();
    assert_eq!((titles(&p.outsider).await, titles(&p.responder).await.len()), (vec![], 1), "each sees their own");
    store::people::add_team(&store, "Held", now).await.unwrap();
    let front = room::front(&store, &p.outsider, &Filter::default(), 50).await.unwrap();
    assert!(front.choices.teams.iter().any(|t| t.name == "Held"), "a team that leaves no entry in the trail");
    let guest = domain::people::Viewer { guest_of: Some(domain::InvitationId(uuid::Uuid::nil())), ..p.responder.clone() };
    assert!(matches!(room::front(&store, &guest, &Filter::default(), 50).await, Err(StoreError::NotFound)), "held or not");
}

#[tokio::test]
async fn what_another_process_writes_is_seen_at_once_by_who_holds_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let ours = Store::open(&url, crate::support::key()).await.unwrap();
    ours.migrate().await.unwrap();
    let p = people(&ours).await;
    let theirs = Store::open(&url, crate::support::key()).await.unwrap();
    for n in 1..=3 {
        assert_eq!(room::front(&ours, &p.outsider, &Filter::default(), 50).await.unwrap().page.rows.len(), n - 1);
        incident(&theirs, &p.responder, "From beside").await;
        assert_eq!(room::front(&ours, &p.outsider, &Filter::default(), 50).await.unwrap().page.rows.len(), n);
    }
    theirs.close().await;
    ours.close().await;
    assert!(!folder.path().join("test.db-wal").exists(), "closing folds the log into the file");
}

async fn a_cursor_that_is_nonsense_begins_at_the_start(store: Store) {
    let p = twelve(&store).await;
    let first = room::list(&store, &p.outsider, &Filter::default(), 3).await.unwrap();
    for after in ["", "%%%", "MTIzLjQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MA", "Li4u"] {
        let page =
            room::list(&store, &p.outsider, &Filter { after: Some(after.to_owned()), ..Filter::default() }, 3).await.unwrap();
        assert_eq!(page, first, "{after}");
    }
}

async fn concurrent_incidents_get_numbers_of_their_own(store: Store) {
    let p = people(&store).await;
    let new = new_incident("At once", Severity::Sev3, "2026-03-02T10:00:00Z");
    let now = at("2026-03-02T13:00:00Z");
    let add = || room::add(&store, &p.responder, &new, now);
    let (a, b, c, d) = tokio::join!(add(), add(), add(), add());
    let mut keys = [a.unwrap(), b.unwrap(), c.unwrap(), d.unwrap()];
    keys.sort();
    assert_eq!(keys.map(|k| k.0), [1, 2, 3, 4]);
}

async fn a_restricted_incident_is_there_for_those_named_on_it(store: Store) {
    let p = people(&store).await;
    let now = at("2026-03-02T13:00:00Z");
    let new = NewIncident { restricted: true, ..new_incident("Keys were copied", Severity::Sev1, "2026-03-02T10:00:00Z") };
    let key = room::add(&store, &p.responder, &new, now).await.unwrap();
    let id = room::by_key(&store, &p.responder, key, now).await.unwrap().incident.id;
    let sees = async |viewer: &domain::people::Viewer| {
        let opened = room::by_key(&store, viewer, key, now).await.is_ok();
        let listed = !room::list(&store, viewer, &Filter::default(), 9).await.unwrap().rows.is_empty();
        assert_eq!(opened, listed, "{}", viewer.name);
        opened
    };
    assert!(sees(&p.responder).await);
    for viewer in [&p.outsider, &p.admin, &p.leader, &p.facilitator] {
        assert!(!sees(viewer).await, "{}", viewer.name);
        assert!(matches!(room::restrict(&store, viewer, id, false, now).await, Err(StoreError::NotFound)));
        assert!(matches!(room::name(&store, viewer, id, viewer.person_id, now).await, Err(StoreError::NotFound)));
    }
    room::name(&store, &p.responder, id, p.outsider.person_id, now).await.unwrap();
    assert!(sees(&p.outsider).await);
    // Being named gives no other right.
    assert!(matches!(room::access(&store, &p.outsider, id, now).await, Err(StoreError::NotFound)));
    let access = room::access(&store, &p.responder, id, now).await.unwrap();
    assert_eq!(access.creator.map(|(id, _)| id), Some(p.responder.person_id));
    assert_eq!(access.named.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [p.outsider.person_id]);
    room::take_off(&store, &p.responder, id, p.outsider.person_id, now).await.unwrap();
    assert!(!sees(&p.outsider).await);
    room::restrict(&store, &p.responder, id, false, now).await.unwrap();
    assert!(sees(&p.outsider).await && sees(&p.admin).await);
}

async fn filters_by_facilitator_and_mine_find_what_one_is_named_on(store: Store) {
    let p = people(&store).await;
    let now = at("2026-03-02T13:00:00Z");
    let (id, key) = incident(&store, &p.responder, "Led by Frida").await;
    let (_, other) = incident(&store, &p.outsider, "Led by nobody").await;

    store::reviews::open(&store, &p.admin, id, p.facilitator.person_id, false, now).await.unwrap();
    let keys = async |viewer: &domain::people::Viewer, filter: Filter| {
        let rows = room::list(&store, viewer, &filter, 9).await.unwrap().rows;
        rows.into_iter().map(|r| r.key).collect::<Vec<_>>()
    };
    let led = Filter { facilitator: Some(p.facilitator.person_id), ..Filter::default() };
    assert_eq!(keys(&p.outsider, led).await, [key]);
    let mine = Filter { mine: true, ..Filter::default() };
    assert_eq!(keys(&p.facilitator, mine.clone()).await, [key]);
    assert_eq!(keys(&p.outsider, mine.clone()).await, [other]);
    assert!(keys(&p.leader, mine).await.is_empty());
    let names = room::choices(&store, &p.leader).await.unwrap().facilitators;
    assert_eq!(names.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [p.facilitator.person_id]);
    room::restrict(&store, &p.responder, id, true, now).await.unwrap();
    assert!(room::choices(&store, &p.leader).await.unwrap().facilitators.is_empty(), "a name alone would tell of it");
}

async fn a_change_of_many_is_done_for_all_or_for_none(store: Store) {
    let p = people(&store).await;
    let now = at("2026-03-02T13:00:00Z");
    let (_, a) = incident(&store, &p.responder, "One").await;
    let (b_id, b) = incident(&store, &p.responder, "Two").await;
    let change = Change { severity: Some(Severity::Sev4), team: Some(Some(p.team)) };
    room::bulk(&store, &p.outsider, &[a, b], change, now).await.unwrap();
    for key in [a, b] {
        let read = room::by_key(&store, &p.leader, key, now).await.unwrap().incident;
        assert_eq!((read.severity, read.team_id, read.version), (Severity::Sev4, Some(p.team), 2));
    }
    room::restrict(&store, &p.responder, b_id, true, now).await.unwrap();
    let off = Change { severity: None, team: Some(None) };
    assert!(matches!(room::bulk(&store, &p.outsider, &[a, b], off, now).await, Err(StoreError::NotFound)));
    let read = room::by_key(&store, &p.leader, a, now).await.unwrap().incident;
    assert_eq!((read.severity, read.team_id), (Severity::Sev4, Some(p.team)), "none of them");
    let fields = |outcome: store::Result<()>| match outcome {
        Err(StoreError::Invalid(invalid)) => invalid.fields.into_iter().map(|f| f.field).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(fields(room::bulk(&store, &p.outsider, &[], Change::default(), now).await), ["keys", "change"]);
}

async fn the_list_finds_what_concerns_a_service_and_what_tells_of_what_went_right(store: Store) {
    let p = people(&store).await;
    let now = at("2026-03-02T13:00:00Z");
    let named = ServiceChange { name: "Checkout".to_owned(), ..ServiceChange::default() };
    let service = store::services::add(&store, &p.admin, &named, now).await.unwrap();
    let new = new_incident("Slow", Severity::Sev2, "2026-03-02T10:00:00Z");
    let key = room::add_with(&store, &p.responder, &new, &[service], now).await.unwrap();
    incident(&store, &p.responder, "About nothing").await;
    let keys = async |filter: Filter| {
        let rows = room::list(&store, &p.leader, &filter, 9).await.unwrap().rows;
        rows.into_iter().map(|r| r.key).collect::<Vec<_>>()
    };
    assert_eq!(keys(Filter { service: Some(service), ..Filter::default() }).await, [key]);
    // Nothing is published, so nothing tells of what went right.
    assert!(keys(Filter { right: true, ..Filter::default() }).await.is_empty());
}
