//! The demo organisation: what is in it, what waits for whom, and that every door opens on it.

use crate::support::{App, at, key};
use chrono::{DateTime, TimeDelta, Utc};
use domain::incidents::IncidentState;
use domain::learnings::LearningStatus;
use domain::people::{IncidentRole, Viewer};
use domain::reviews::{ExcerptState, SectionKind};
use domain::trends::Unit;
use server::demo;
use std::collections::HashSet;
use store::Store;
use store::incidents::{Filter, Row};

both_engines! {
    the_demo_is_filled_once,
    the_demo_is_never_filled_over_something_else,
    something_waits_for_each_role,
    every_incident_opens_for_its_facilitator_and_its_planner,
    one_incident_is_for_those_named_on_it,
    each_told_story_is_whole,
    some_ideas_are_taken_up,
    trends_show_and_the_smallest_team_stays_hidden,
    services_have_incidents_of_several_teams,
    stories_are_thanked_for_read_and_met_again,
}

/// A Monday afternoon.
const NOW: &str = "2026-11-23T13:20:00Z";

/// Everything that happened to the organisation.
const INCIDENTS: usize = 40;

/// What people see who are not named on the restricted one.
const FOR_ALL: usize = INCIDENTS - 1;

async fn filled(app: &App) -> Store {
    // The harness marks its databases as demos, so that its people sign in without passwords.
    app.raw.run("delete from settings where key = 'demo'").await;
    assert!(demo::fill(&app.store, at(NOW)).await.expect("an empty database"));
    app.store.clone()
}

async fn viewer(store: &Store, email: &str) -> Viewer {
    store::people::viewer_by_email(store, email).await.unwrap().unwrap_or_else(|| panic!("no account {email}"))
}

async fn all(store: &Store, viewer: &Viewer) -> Vec<Row> {
    store::incidents::list(store, viewer, &Filter::default(), 100).await.unwrap().rows
}

async fn the_demo_is_filled_once(app: App) {
    let store = filled(&app).await;
    let responder = viewer(&store, "responder@demo").await;
    assert_eq!(all(&store, &responder).await.len(), FOR_ALL);
    assert!(!demo::fill(&store, at(NOW) + TimeDelta::days(1)).await.expect("it is a demo"));
    assert_eq!(all(&store, &responder).await.len(), FOR_ALL);
    assert_eq!(store::people::teams(&store).await.unwrap().len(), 4);
    let signed_in = store::sessions::sign_in(&store, "planner@demo", demo::PASSWORD, "127.0.0.1", at(NOW)).await.unwrap();
    assert!(matches!(signed_in, store::sessions::SignIn::Welcome(_)));
}

async fn the_demo_is_never_filled_over_something_else(app: App) {
    app.raw.run("delete from settings where key = 'demo'").await;
    crate::support::people(&app).await;
    let refused = demo::fill(&app.store, at(NOW)).await.expect_err("people are there");
    assert!(refused.contains("not a demo"), "{refused}");
    assert!(!store::settings::is_demo(&app.store).await.unwrap());
}

async fn something_waits_for_each_role(app: App) {
    let (store, now) = (filled(&app).await, at(NOW));
    let responder = viewer(&store, "responder@demo").await;
    let waiting = store::interviews::waiting(&store, &responder, now).await.unwrap();
    let titles: Vec<&str> = waiting.iter().map(|w| w.title.as_str()).collect();
    assert!(titles.contains(&"The larders that locked themselves at eight"), "{titles:?}");

    let quotes = store::reviews::quotes_waiting(&store, &responder, now).await.unwrap();
    assert_eq!(quotes.len(), 1, "one review in calibration");
    assert!(quotes[0].quotes >= 1 && quotes[0].due.is_some_and(|due| due > now));
    let offered = store::reviews::my_excerpts(&store, &responder).await.unwrap();
    assert!(offered.iter().any(|o| o.excerpt.state == ExcerptState::Right && o.published));

    let facilitator = viewer(&store, "facilitator@demo").await;
    let reviews = store::reviews::to_prepare(&store, &facilitator, now).await.unwrap();
    assert!(reviews.len() >= 3, "{reviews:?}");
    let mut themes = Vec::new();
    for row in all(&store, &facilitator).await {
        let Ok(gathered) = store::reviews::gathered(&store, &facilitator, row.id, now).await else { continue };
        themes.extend(gathered.themes.iter().map(|theme| gathered.under(Some(theme.id)).count()));
        assert_eq!(gathered.under(None).count(), usize::from(!gathered.themes.is_empty()), "{}", row.title);
    }
    assert_eq!(themes, [4, 3], "two themes, in one review");
    let mut logs = Vec::new();
    for row in all(&store, &facilitator).await {
        let Ok(entries) = store::timeline::raw::count(&store, &facilitator, row.id, now).await else { continue };
        if entries > 0 {
            let told = store::timeline::told(&store, &facilitator, row.id, now).await.unwrap();
            logs.push((row.title.clone(), entries, told.evidence.len()));
        }
    }
    assert_eq!(logs, [("Two maps of one bridge".to_owned(), 26, 14)], "a raw log, and events told from it");

    let planner = viewer(&store, "planner@demo").await;
    let mut opens_tomorrow = 0;
    for row in all(&store, &planner).await {
        let Ok(wall) = store::planning::wall(&store, &planner, row.id, now).await else { continue };
        if !wall.is_open(now) {
            opens_tomorrow += 1;
            assert_eq!(wall.opens_at, Some(at("2026-11-24T08:00:00Z")), "nine o’clock in Madrid");
            assert!(store::planning::items(&store, &planner, row.id, now).await.is_err(), "nobody plans before");
        }
    }
    assert_eq!(opens_tomorrow, 1);
}

async fn every_incident_opens_for_its_facilitator_and_its_planner(app: App) {
    let (store, now) = (filled(&app).await, at(NOW));
    let planner = viewer(&store, "planner@demo").await;
    let (mut stories, mut answers, mut quotes, mut items, mut ideas, mut nominated) = (0, 0, 0, 0, 0, 0);
    for row in all(&store, &planner).await {
        let opened = store::incidents::by_key(&store, &planner, row.key, now).await.unwrap();
        let incident = opened.incident.id;
        assert!(store::timeline::events(&store, &planner, incident, now).await.unwrap().len() >= 5, "{}", row.title);
        assert!(!store::learnings::factors(&store, &planner, incident, now).await.unwrap().is_empty(), "{}", row.title);
        if opened.incident.state == IncidentState::Published {
            let story = store::reviews::story(&store, &planner, incident, now).await.unwrap();
            assert!(story.sections.iter().any(|s| s.body.len() > 200), "{} is told", row.title);
            stories += 1;
            quotes += story.quotes.len();
        }
        if let Ok(planned) = store::planning::items(&store, &planner, incident, now).await {
            items += planned.len();
            // An option is nobody's yet.
            let decided = planned.iter().filter(|i| i.state != domain::planning::ItemState::Proposed);
            assert!(decided.into_iter().all(|i| i.due_on.is_some() && i.owner.is_some()));
            ideas += store::parking::read(&store, &planner, incident, now).await.unwrap().len();
        }
        for (person, _) in store::incidents::with_role(&store, &planner, incident, IncidentRole::Facilitator, now).await.unwrap()
        {
            let facilitator = Viewer { person_id: person, may_facilitate: true, leadership: false, ..planner.clone() };
            answers += store::interviews::overview(&store, &facilitator, incident, now).await.unwrap().len();
            nominated += store::interviews::nominated(&store, &facilitator, incident, now).await.unwrap().len();
            store::reviews::excerpts(&store, &facilitator, incident, now).await.unwrap();
            for line in store::interviews::list(&store, &facilitator, incident, now).await.unwrap() {
                assert_ne!(line.person_id, person, "nobody facilitates what they answer to");
            }
        }
    }
    assert_eq!(stories, 31, "thirty published and one soaking");
    assert!(answers > 250, "{answers} answers");
    assert!(quotes > 50 && items >= 24 && ideas > 35 && nominated > 14, "{quotes} {items} {ideas} {nominated}");
    let responder = viewer(&store, "responder@demo").await;
    assert!(
        !store::interviews::my_reads(&store, &responder).await.unwrap().is_empty(),
        "somebody has read the responder’s answers"
    );
    assert!(!store::interviews::my_hours(&store, &responder).await.unwrap().stretches.is_empty());
}

async fn one_incident_is_for_those_named_on_it(app: App) {
    let store = filled(&app).await;
    let facilitator = viewer(&store, "facilitator@demo").await;
    let (seen, now) = (all(&store, &facilitator).await, at(NOW));
    assert_eq!(seen.len(), INCIDENTS);
    let mut hidden = Vec::new();
    for row in &seen {
        if store::incidents::by_key(&store, &facilitator, row.key, now).await.unwrap().incident.restricted {
            hidden.push(row.key);
        }
    }
    assert_eq!(hidden.len(), 1);
    for email in ["responder@demo", "leadership@demo", "planner@demo", "admin@demo"] {
        let other = viewer(&store, email).await;
        assert_eq!(all(&store, &other).await.len(), FOR_ALL, "{email}");
        assert!(store::incidents::by_key(&store, &other, hidden[0], now).await.is_err(), "{email}");
    }
}

/// Ten are told in full; one of them has its one-on-ones under way and one its quotes out, so eight can be read.
async fn each_told_story_is_whole(app: App) {
    let (store, now) = (filled(&app).await, at(NOW));
    let planner = viewer(&store, "planner@demo").await;
    let mut told = 0;
    for row in all(&store, &planner).await.iter().filter(|row| row.state == IncidentState::Published) {
        let story = store::reviews::story(&store, &planner, row.id, now).await.unwrap();
        if story.quotes.is_empty() {
            continue;
        }
        told += 1;
        // Factors and learnings have their own lists.
        use SectionKind::{Background, Hard, HowMade, Impact, Narrative, Summary, Surprised, WentRight};
        for kind in [Summary, Impact, Background, Narrative, WentRight, Hard, Surprised, HowMade] {
            assert!(story.sections.iter().any(|s| s.kind == kind && s.body.len() > 80), "{}: {kind:?}", row.title);
        }
        assert!(story.quotes.len() >= 5, "{}: {} quotes", row.title, story.quotes.len());
        assert!(store::learnings::learnings(&store, &planner, row.id, now).await.unwrap().len() >= 3, "{}", row.title);
        assert!(store::timeline::events(&store, &planner, row.id, now).await.unwrap().len() >= 14, "{}", row.title);
    }
    assert_eq!(told, 8);
}

async fn some_ideas_are_taken_up(app: App) {
    let (store, now) = (filled(&app).await, at(NOW));
    let planner = viewer(&store, "planner@demo").await;
    let (mut taken, mut waiting) = (0, 0);
    for row in all(&store, &planner).await {
        let Ok(items) = store::planning::items(&store, &planner, row.id, now).await else { continue };
        let from: Vec<_> = items.iter().filter_map(|item| item.parked_id).collect();
        assert_eq!(from.iter().collect::<HashSet<_>>().len(), from.len(), "{}: no idea is taken up twice", row.title);
        let ideas = store::parking::read(&store, &planner, row.id, now).await.unwrap();
        assert!(from.iter().all(|id| ideas.iter().any(|idea| idea.id == *id)), "{}", row.title);
        taken += from.len();
        waiting += ideas.len() - from.len();
    }
    assert!(taken >= 20 && waiting >= 15, "{taken} taken up, {waiting} waiting");
}

async fn trends_show_and_the_smallest_team_stays_hidden(app: App) {
    let (store, now) = (filled(&app).await, at(NOW));
    let leader = viewer(&store, "leadership@demo").await;
    let measures = store::trends::released(&store, &leader, now).await.unwrap();
    assert_eq!(measures.months.len(), 12);
    assert!(measures.hours.latest(Unit::Organisation).is_some());
    let shown: Vec<&str> =
        measures.teams.iter().filter(|t| measures.hours.latest(Unit::Team(t.id)).is_some()).map(|t| t.name.as_str()).collect();
    assert!(shown.contains(&"Routes"), "{shown:?}");
    assert!(!shown.contains(&"Growers"), "three people");
    assert!(store::trends::close_months(&store, now).await.unwrap().is_empty(), "every month that is due is closed");
}

#[test]
fn the_demo_holds_on_any_day_and_at_any_hour() {
    let nows = [
        "2026-11-22T00:10:00Z",
        "2027-01-01T00:00:00Z",
        "2027-03-28T01:30:00Z",
        "2027-10-31T00:30:00Z",
        "2028-02-29T22:59:00Z",
        "2027-06-16T06:05:00Z",
    ];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for now in nows {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("demo.db").display());
        runtime.block_on(async {
            let store = Store::open(&url, key()).await.unwrap();
            store.migrate().await.unwrap();
            let now: DateTime<Utc> = at(now);
            demo::fill(&store, now).await.unwrap();
            let responder = viewer(&store, "responder@demo").await;
            let rows = all(&store, &responder).await;
            assert_eq!(rows.len(), FOR_ALL);
            assert!(rows.iter().all(|row| row.started_at < now && row.changed_at <= now), "{now}: nothing lies ahead");
            let waiting = store::interviews::waiting(&store, &responder, now).await.unwrap();
            assert!(!waiting.is_empty(), "{now}");
            let quotes = store::reviews::quotes_waiting(&store, &responder, now).await.unwrap();
            assert!(quotes.iter().all(|q| q.due.is_some_and(|due| due > now)) && quotes.len() == 1, "{now}: {quotes:?}");
            let stretches = store::interviews::my_hours(&store, &responder).await.unwrap().stretches;
            assert!(stretches.iter().all(|s| s.session.ended_at <= now), "{now}");
            store.close().await;
        });
    }
}

async fn stories_are_thanked_for_read_and_met_again(app: App) {
    let store = filled(&app).await;
    let reader = viewer(&store, "planner@demo").await;
    let of = |words: &'static str| {
        let (store, reader) = (&store, &reader);
        async move { all(store, reader).await.into_iter().find(|row| row.title.contains(words)).expect(words).key }
    };
    let now = at(NOW);
    let key = of("nobody rode").await;
    let id = store::incidents::by_key(&store, &reader, key, now).await.unwrap().incident.id;
    assert_eq!(store::reviews::thanks(&store, &reader, id, now).await.unwrap().len(), 3);
    let read = store::reviews::readers(&store, &reader, id, now).await.unwrap().expect("read").sentence();
    assert!(read.contains("Routes (5 or more)") && read.contains("Platform (5 or more)"), "{read}");
    let held = store::learnings::list(&store, &reader, &store::learnings::Filter::default(), 200).await.unwrap().rows;
    let with = |status| held.iter().filter(|l| l.learning.details.status == status).count();
    assert!(with(LearningStatus::Confirmed) == 3 && with(LearningStatus::Outdated) == 1, "{held:?}");
}

#[test]
fn the_demo_says_none_of_the_words_that_are_not_said_here() {
    const NOT_SAID: [&str; 7] =
        ["root cause", "human error", "postmortem", "post-mortem", "culprit", "action item", "should have"];
    let mut files = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/demo")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap().to_lowercase();
        for words in NOT_SAID {
            assert!(!text.contains(words), "{} says {words}", path.display());
        }
        assert!(!text.contains('!'), "{} raises its voice", path.display());
        files += 1;
    }
    assert_eq!(files, 18);
}

async fn services_have_incidents_of_several_teams(app: App) {
    let store = filled(&app).await;
    let planner = viewer(&store, "planner@demo").await;
    let services = store::services::list(&store, &planner).await.unwrap();
    assert_eq!(services.len(), 4);
    let mut across = 0;
    for service in services {
        assert!(service.team.is_some() && !service.description.is_empty(), "{}", service.name);
        let of = Filter { service: Some(service.id), ..Filter::default() };
        let rows = store::incidents::list(&store, &planner, &of, 100).await.unwrap().rows;
        assert!(rows.len() >= 4, "{}: {}", service.name, rows.len());
        across += usize::from(rows.iter().map(|r| r.team.clone()).collect::<HashSet<_>>().len() > 1);
    }
    assert!(across >= 2, "incidents go across teams");
}
