//! Readers of published stories: counted by team, once each, and known to nobody. And the addresses of the feed.

use crate::support::{self, People, at, people};
use domain::IncidentId;
use domain::people::{GlobalRole, Viewer};
use domain::reviews::SectionKind;
use store::reviews as room;
use store::{Store, StoreError};

conformance! {
    a_reader_counts_once_and_a_team_is_named_from_five_on,
    a_restricted_story_and_one_in_the_making_count_nobody,
    nothing_that_is_kept_leads_from_a_story_to_a_reader,
    an_address_of_the_feed_is_replaced_taken_back_and_ends_with_its_account,
    a_feed_holds_what_is_published_for_all_and_nothing_else,
    related_are_published_stories_alone,
}

const NOW: &str = "2026-03-03T09:00:00Z";

async fn story(store: &Store, people: &People, title: &str, publish: bool) -> IncidentId {
    let (incident, _) = support::incident(store, &people.planner, title).await;
    room::open(store, &people.admin, incident, people.facilitator.person_id, false, at(NOW)).await.unwrap();
    room::save_section(store, &people.facilitator, incident, SectionKind::Summary, 0, "The board was red.", at(NOW))
        .await
        .unwrap();
    if publish {
        room::publish(store, &people.facilitator, incident, at(NOW)).await.unwrap();
    }
    incident
}

async fn said(store: &Store, viewer: &Viewer, incident: IncidentId) -> String {
    room::readers(store, viewer, incident, at(NOW)).await.unwrap().map(|read| read.sentence()).unwrap_or_default()
}

/// The people of Payments but one: five.
fn five(people: &People) -> [&Viewer; 5] {
    [&people.responder, &people.other_responder, &people.leader, &people.planner, &people.manager]
}

async fn a_reader_counts_once_and_a_team_is_named_from_five_on(store: Store) {
    let people = people(&store).await;
    support::account(&store, "Per Payments", GlobalRole::Member, false, Some(people.team), None).await;
    let incident = story(&store, &people, "Labels did not print", true).await;
    for reader in five(&people).into_iter().take(4) {
        for _ in 0..3 {
            assert_eq!(said(&store, reader, incident).await, "");
        }
        room::count_readers(&store).await.unwrap();
    }
    assert_eq!(said(&store, &people.facilitator, incident).await, "", "four of Payments, one of Harbour");
    said(&store, &people.manager, incident).await;
    assert_eq!(said(&store, &people.facilitator, incident).await, "", "an opening waits for the next turn");
    room::count_readers(&store).await.unwrap();
    for viewer in [&people.facilitator, &people.outsider, &people.admin, &people.leader] {
        assert_eq!(said(&store, viewer, incident).await, "Read by people of Payments (5 or more).", "{}", viewer.name);
    }
}

async fn a_restricted_story_and_one_in_the_making_count_nobody(store: Store) {
    let people = people(&store).await;
    let making = story(&store, &people, "Labels did not print", false).await;
    assert_eq!(said(&store, &people.facilitator, making).await, "");
    assert!(matches!(room::readers(&store, &people.outsider, making, at(NOW)).await, Err(StoreError::NotFound)));
    let restricted = story(&store, &people, "The crane stood still", true).await;
    said(&store, &people.facilitator, restricted).await;
    store::incidents::restrict(&store, &people.facilitator, restricted, true, at(NOW)).await.unwrap();
    said(&store, &people.facilitator, restricted).await;
    room::count_readers(&store).await.unwrap();
    store::incidents::restrict(&store, &people.facilitator, restricted, false, at(NOW)).await.unwrap();
    for reader in five(&people).into_iter().take(4) {
        said(&store, reader, restricted).await;
    }
    room::count_readers(&store).await.unwrap();
    assert_eq!(
        said(&store, &people.admin, restricted).await,
        "",
        "four; the one who read it while it was restricted is not counted"
    );
}

async fn nothing_that_is_kept_leads_from_a_story_to_a_reader(store: Store) {
    let people = people(&store).await;
    let incident = story(&store, &people, "Labels did not print", true).await;
    said(&store, &people.responder, incident).await;
    room::count_readers(&store).await.unwrap();
    let mut export = Vec::new();
    store::archive::export(&store, &mut export).await.unwrap();
    let export = String::from_utf8(export).unwrap();
    // The rows of a table follow the line with its columns.
    let rows_of = |table: &str| -> Vec<&str> {
        let mut inside = false;
        let rows = export.lines().filter(|line| {
            let heads = line.starts_with("{\"table\":");
            inside = if heads { line.contains(&format!("\"{table}\"")) } else { inside };
            inside && !heads
        });
        rows.collect()
    };
    let me = people.responder.person_id.to_string();
    assert!(rows_of("people").iter().any(|row| row.contains(&me)), "an id looks like that in the file");
    for table in ["story_readers", "reader_counts"] {
        let rows = rows_of(table);
        assert_eq!(rows.len(), 1, "{table}: {rows:?}");
        assert!(!rows[0].contains(&me) && !rows[0].contains(&me.replace('-', "")), "{table}: {rows:?}");
    }
}

async fn an_address_of_the_feed_is_replaced_taken_back_and_ends_with_its_account(store: Store) {
    use store::people as accounts;
    let people = people(&store).await;
    let who = async |token: &str| accounts::feed_reader(&store, token).await.unwrap().map(|viewer| viewer.person_id);
    assert_eq!(accounts::feed_made(&store, &people.responder).await.unwrap(), None);
    let first = accounts::make_feed(&store, &people.responder, at(NOW)).await.unwrap();
    assert_eq!(who(&first).await, Some(people.responder.person_id));
    let second = accounts::make_feed(&store, &people.responder, at(NOW)).await.unwrap();
    assert_eq!((who(&first).await, who(&second).await), (None, Some(people.responder.person_id)));
    assert_eq!(accounts::feed_made(&store, &people.responder).await.unwrap(), Some(at(NOW)));
    accounts::drop_feed(&store, &people.responder, at(NOW)).await.unwrap();
    assert_eq!(who(&second).await, None);
    let third = accounts::make_feed(&store, &people.responder, at(NOW)).await.unwrap();
    accounts::deactivate(&store, accounts::By::Viewer(&people.admin), people.responder.person_id, at(NOW)).await.unwrap();
    accounts::reactivate(&store, accounts::By::Viewer(&people.admin), people.responder.person_id, at(NOW)).await.unwrap();
    assert_eq!(who(&third).await, None, "it does not come back");
    assert!(matches!(accounts::make_feed(&store, &people.guest, at(NOW)).await, Err(StoreError::NotFound)));
}

async fn a_feed_holds_what_is_published_for_all_and_nothing_else(store: Store) {
    let people = people(&store).await;
    story(&store, &people, "Labels did not print", true).await;
    story(&store, &people, "In the making", false).await;
    let restricted = story(&store, &people, "The crane stood still", true).await;
    store::incidents::restrict(&store, &people.facilitator, restricted, true, at(NOW)).await.unwrap();
    for viewer in [&people.facilitator, &people.outsider] {
        let published = room::published(&store, viewer).await.unwrap();
        let titles: Vec<&str> = published.stories.iter().map(|story| story.title.as_str()).collect();
        assert_eq!(titles, ["Labels did not print"], "{}", viewer.name);
        assert_eq!(published.stories[0].summary, "The board was red.");
    }
    assert!(matches!(room::published(&store, &people.guest).await, Err(StoreError::NotFound)));
}

async fn related_are_published_stories_alone(store: Store) {
    let people = people(&store).await;
    let this = story(&store, &people, "Gantry crane scanner froze", true).await;
    story(&store, &people, "Gantry crane scanner slept", false).await;
    story(&store, &people, "Gantry crane scanner sang", true).await;
    let titles = |found: &[store::search::SimilarIncident]| {
        let mut titles: Vec<String> = found.iter().map(|other| other.title.clone()).collect();
        titles.sort();
        titles
    };
    let all = store::search::similar(&store, &people.outsider, this, at(NOW)).await.unwrap();
    assert_eq!(titles(&all), ["Gantry crane scanner sang", "Gantry crane scanner slept"]);
    let related = store::search::related(&store, &people.outsider, this, at(NOW)).await.unwrap();
    assert_eq!(titles(&related), ["Gantry crane scanner sang"]);
    assert!(!related[0].reasons.is_empty());
}
