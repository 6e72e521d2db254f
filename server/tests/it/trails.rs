//! What else is known of events over HTTP: details, what became of an action, replay, marks, and hypotheses with their ends.

use crate::support::{Answer, App, Person, people};
use crate::timeline::{id_of, incident, tell};

both_engines! {
    what_else_is_known_of_an_event_is_kept_and_shown,
    an_event_is_written_between_two_and_like_another,
    an_action_is_settled_from_the_list_of_all,
    the_incident_is_replayed_as_it_was_known_then,
    an_event_sets_a_mark_and_odd_orders_are_said,
    a_hypothesis_stays_when_it_is_dropped,
    who_waits_learns_what_others_change,
}

async fn tell_whole(person: &Person, fields: &[(&str, &str)]) -> Answer {
    let when = [("date", "2026-03-02"), ("zone", "Europe/Copenhagen"), ("from", "whole")];
    let fields: Vec<_> = when.into_iter().chain(fields.iter().copied()).collect();
    person.post("/incidents/INC-1/events", &fields).await
}

async fn what_else_is_known_of_an_event_is_kept_and_shown(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let said = [
        ("time", "10:07"),
        ("kind", "diagnosis"),
        ("body", "The queue grows"),
        ("role", "database engineer"),
        ("question", "What did the <graph> show?"),
        ("knowledge", "later"),
        ("recorded_time", "10:12"),
        ("source_kind", "metric"),
        ("source_title", "Queue & length"),
        ("source_url", "https://graphs.example/q?a=1&b=2"),
    ];
    let nowhere = [("source_kind", "chat"), ("source_title", "The chat"), ("source_url", "")];
    let refused: Vec<_> = said.into_iter().chain(nowhere).collect();
    let page = tell_whole(&rune, &refused).await;
    page.is(422).shows("“The chat” needs an address").shows("The queue grows").shows("database engineer");
    let added = tell_whole(&rune, &said).await;
    let id = id_of(&added);
    let page = rune.follow(&added).await;
    page.ok()
        .shows("database engineer")
        .shows("Learned later")
        .shows("What did the &lt;graph&gt; show?")
        .shows("A record says")
        .shows("href=\"https://graphs.example/q?a=1&amp;b=2\"")
        .shows("rel=\"noopener noreferrer nofollow\"");
    let edit = rune.get(&format!("/incidents/INC-1/events/{id}")).await;
    assert_eq!(edit.ok().field("recorded_time").as_deref(), Some("10:12"));
    assert_eq!(edit.field("source_title").as_deref(), Some("Queue & length"));
    let ada = app.as_(&people.admin).await;
    ada.get("/incidents/INC-1").await.ok().shows("database engineer").hides("/events/new");
}

async fn an_event_is_written_between_two_and_like_another(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let first = id_of(&tell(&rune, "10:00", "communication", "We told the ships").await);
    tell(&rune, "10:30", "note", "Later").await.is(303);
    let between = rune.get(&format!("/incidents/INC-1/events/new?after={first}")).await;
    assert_eq!(between.ok().field("time").as_deref(), Some("~10:15"));
    between.hides("We told the ships");
    let like = rune.get(&format!("/incidents/INC-1/events/new?like={first}")).await;
    like.ok().shows("We told the ships");
    assert_eq!(like.field("version").as_deref(), Some(""));
    rune.get("/incidents/INC-1/events/new?after=nothing&like=%22%3E%3Cx").await.ok().hides("\"><x");
    // The composer stays at writing.
    let fields =
        [("date", "2026-03-02"), ("time", "10:40"), ("kind", "decision"), ("body", "x"), ("zone", "UTC"), ("then", "next")];
    let added = rune.post("/incidents/INC-1/events", &fields).await;
    assert!(added.location().starts_with("/incidents/INC-1?next="), "{}", added.location());
    rune.follow(&added).await.ok().shows("<option value=\"decision\" selected");
}

async fn an_action_is_settled_from_the_list_of_all(app: App) {
    let people = people(&app).await;
    let (rune, ada) = (app.as_(&people.responder).await, app.as_(&people.admin).await);
    incident(&rune).await;
    rune.get("/still-in-place").await.ok().shows("Nothing waits to be undone");
    let fields =
        [("date", "2026-03-02"), ("time", "10:40"), ("kind", "mitigation"), ("body", "Traffic goes round"), ("zone", "UTC")];
    let in_place: Vec<_> = fields.into_iter().chain([("placement", "in-place")]).collect();
    let id = id_of(&rune.post("/incidents/INC-1/events", &in_place).await);
    rune.get("/still-in-place").await.ok().shows("Traffic goes round").shows("1 action").shows("/settle");
    ada.get("/still-in-place").await.ok().shows("Traffic goes round").hides("/settle");
    let settle = format!("/incidents/INC-1/events/{id}/settle");
    rune.post(&settle, &[("version", "1"), ("placement", "gone")]).await.is(400);
    let back = rune.post(&settle, &[("version", "1"), ("placement", "undone"), ("back", "/still-in-place?page=1")]).await;
    rune.follow(&back).await.ok().shows("Nothing waits to be undone").shows("Saved.");
    let late = rune.post(&settle, &[("version", "1"), ("placement", "permanent"), ("back", "//elsewhere.example")]).await;
    assert!(late.location().starts_with("/incidents/INC-1"), "{}", late.location());
    rune.follow(&late).await.ok().shows("Undone").shows("Somebody changed it in between");
}

async fn the_incident_is_replayed_as_it_was_known_then(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    tell(&rune, "10:10", "detection", "First seen").await.is(303);
    tell_whole(&rune, &[("time", "10:20"), ("kind", "note"), ("body", "Came out later"), ("knowledge", "later")]).await.is(303);
    tell(&rune, "10:30", "diagnosis", "Second seen").await.is(303);
    let thought = [
        ("body", "The cache"),
        ("state", "dropped"),
        ("raised_date", "2026-03-02"),
        ("raised_time", "10:15"),
        ("settled_time", "10:25"),
        ("zone", "Europe/Copenhagen"),
    ];
    rune.post("/incidents/INC-1/hypotheses", &thought).await.is(303);
    rune.get("/incidents/INC-1").await.ok().shows("Came out later").shows("Replay as it was known then");
    let all = rune.get("/incidents/INC-1?known=then").await;
    all.ok().hides("Came out later").shows("All 2 events that were known then").shows("1 that was learned later is hidden");
    let one = rune.get("/incidents/INC-1?known=then&until=1").await;
    one.ok().shows("First seen").hides("Second seen").shows("1 of 2 events").hides("The cache").shows("Impact starts");
    let two = rune.get("/incidents/INC-1?known=then&until=2").await;
    two.ok().shows("Second seen").shows("Dropped: The cache");
    rune.get("/incidents/INC-1?known=then&until=0")
        .await
        .ok()
        .hides("First seen")
        .hides("Impact starts</span>")
        .shows("Before the first of 2 events");
    rune.get("/incidents/INC-1?known=then&until=99").await.ok().shows("All 2 events");
}

async fn an_event_sets_a_mark_and_odd_orders_are_said(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let page = id_of(&tell(&rune, "10:20", "detection", "A page").await);
    let round = id_of(&tell(&rune, "10:05", "mitigation", "Traffic goes round").await);
    let set = async |event: &str, mark: &str| {
        let answer = rune.post(&format!("/incidents/INC-1/events/{event}/mark"), &[("mark", mark)]).await;
        rune.follow(&answer).await
    };
    set(&page, "detected").await.ok().shows("Noticed, 20 min later").hides("is before");
    set(&round, "mitigated").await.ok().shows("Mitigated, 5 min after the start").shows("“Mitigated” is before “Noticed”.");
    set(&page, "started").await.ok().shows("Impact starts");
    rune.post(&format!("/incidents/INC-1/events/{page}/mark"), &[("mark", "sideways")]).await.is(400);
    // Noticed before it begins: refused, and said on the event's page.
    set(&round, "detected").await.ok().shows("would be before the impact starts");
    let day = [("date", "2026-03-02"), ("kind", "note"), ("body", "A day"), ("zone", "UTC")];
    let day = id_of(&rune.post("/incidents/INC-1/events", &day).await);
    rune.get(&format!("/incidents/INC-1/events/{day}")).await.ok().hides("/mark\"");
}

async fn a_hypothesis_stays_when_it_is_dropped(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let say = async |path: &str, fields: &[(&str, &str)]| {
        let when = [("raised_date", "2026-03-02"), ("zone", "Europe/Copenhagen")];
        let fields: Vec<_> = when.into_iter().chain(fields.iter().copied()).collect();
        rune.post(path, &fields).await
    };
    let all = "/incidents/INC-1/hypotheses";
    let refused = say(all, &[("body", "The cache"), ("state", ""), ("raised_time", "25:00")]).await;
    refused.is(422).shows("Please choose how far it came").shows("The cache").shows("id=\"raised_time-error\"");
    let added = say(all, &[("body", "The *cache*"), ("state", "raised"), ("raised_time", "10:15")]).await;
    let id = added.location().split("#h-").nth(1).unwrap().to_owned();
    rune.follow(&added).await.ok().shows("<em>cache</em>").shows("Raised");
    let path = format!("{all}/{id}");
    let dropped = [
        ("body", "The cache"),
        ("state", "dropped"),
        ("raised_time", "10:15"),
        ("settled_time", "10:40"),
        ("spoke_against", "<b>It was warm</b>"),
        ("version", "1"),
    ];
    rune.follow(&say(&path, &dropped).await).await.ok().shows("Dropped").shows("Spoke against it");
    let late = say(&path, &[("body", "Other words"), ("state", "held"), ("version", "1")]).await;
    late.is(409).shows("It was warm").shows("Other words");
    let deleted = rune.post(&format!("{path}/delete"), &[("version", "2")]).await;
    rune.follow(&deleted).await.ok().hides("The cache").shows("Hypothesis deleted.").shows(&format!("{path}/restore"));
    rune.follow(&rune.post(&format!("{path}/restore"), &[]).await).await.ok().shows("The cache");
    rune.get("/incidents/INC-1/history?kind=hypothesis").await.ok().shows("a hypothesis").shows("Spoke against it");
}

async fn who_waits_learns_what_others_change(app: App) {
    let people = people(&app).await;
    let (rune, oda) = (app.as_(&people.responder).await, app.as_(&people.other_responder).await);
    incident(&rune).await;
    let seen = |page: &Answer| page.body.split("data-seen=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = rune.get("/incidents/INC-1").await;
    let live = format!("/incidents/INC-1/live?seen={}", seen(&page));
    // The clock of a test stands still: what is changed next is changed later.
    let later = app.now() + chrono::Duration::seconds(1);
    app.set_clock(&later.to_rfc3339());
    let (answer, _) = tokio::join!(rune.get(&live), async {
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        tell(&oda, "10:07", "detection", "A page").await
    });
    answer.ok().shows("now");
    let fresh = rune.get("/incidents/INC-1").await;
    assert_ne!(seen(&fresh), seen(&page));
    rune.get("/incidents/INC-1/live?seen=sometime").await.ok().shows(&seen(&fresh));
    rune.get("/incidents/INC-9/live?seen=2026-03-02T10:00:00Z").await.is(404);
}
