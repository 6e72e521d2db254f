//! The timeline over HTTP: telling events, changing, deleting and bringing back, the source beside them.

use crate::support::{Answer, App, Person, people};

both_engines! {
    events_are_told_in_order_with_their_kind_and_time,
    a_refused_event_keeps_what_was_typed,
    an_event_is_changed_deleted_and_brought_back,
    two_who_change_an_event_see_both,
    an_event_is_reached_only_through_its_incident,
    words_in_an_event_cannot_act,
    the_source_is_there_for_few,
}

pub async fn incident(person: &Person) {
    let form = [("title", "Slow"), ("severity", "2"), ("date", "2026-03-02"), ("time", "10:00"), ("zone", "Europe/Copenhagen")];
    person.post("/incidents", &form).await.is(303);
}

pub async fn tell(person: &Person, time: &str, kind: &str, body: &str) -> Answer {
    let fields = [("date", "2026-03-02"), ("time", time), ("kind", kind), ("body", body), ("zone", "Europe/Copenhagen")];
    person.post("/incidents/INC-1/events", &fields).await
}

pub fn id_of(added: &Answer) -> String {
    added.location().split("#e-").nth(1).unwrap().to_owned()
}

async fn events_are_told_in_order_with_their_kind_and_time(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    rune.get("/incidents/INC-1").await.ok().shows("Nothing is told yet");
    tell(&rune, "12:30", "recovery", "It works").await.is(303);
    let added = tell(&rune, "~10.07", "detection", "A page").await;
    assert_eq!(added.location(), format!("/incidents/INC-1?did=added&event={id}#e-{id}", id = id_of(&added)));
    let page = rune.follow(&added).await;
    page.ok()
        .shows("Detection")
        .shows("about")
        .shows("2 h 23 min without an event.")
        .shows("Impact starts")
        .shows("Mon 2 Mar 2026");
    let text = page.text();
    assert!(text.find("A page") < text.find("It works"), "{text}");
    page.shows("Times in Europe/Copenhagen (CET)").shows("datetime=\"2026-03-02T09:07:00+00:00\"");
}

async fn a_refused_event_keeps_what_was_typed(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let refused = tell(&rune, "after lunch", "party", "<kept> words").await;
    refused.is(422).shows("id=\"time-error\"").shows("id=\"kind-error\"").shows("&lt;kept&gt; words");
    assert_eq!(refused.field("time").as_deref(), Some("after lunch"));
    tell(&rune, "10:00", "note", "").await.is(422).shows("id=\"body-error\"");
    let fields = [("date", "2026-03-05"), ("time", "23:30"), ("kind", "note"), ("body", "Later today."), ("zone", "UTC")];
    let ahead = rune.post("/incidents/INC-1/events", &fields).await;
    ahead.is(422).shows("id=\"time-error\"").shows("This lies ahead of us").shows("Later today.");
    let long = "x".repeat(70_000);
    tell(&rune, "10:00", "note", &long).await.is(422).shows("id=\"body-error\"");
    let huge = "x".repeat(300_000);
    tell(&rune, "10:00", "note", &huge).await.is(413);
    rune.get("/incidents/INC-1").await.shows("Nothing is told yet");
}

async fn an_event_is_changed_deleted_and_brought_back(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let id = id_of(&tell(&rune, "10:07", "detection", "A page").await);
    let path = format!("/incidents/INC-1/events/{id}");
    let edit = rune.get(&path).await;
    assert_eq!(edit.ok().field("time").as_deref(), Some("10:07"));
    let version = edit.field("version").unwrap();
    let fields = [("date", ""), ("time", ""), ("kind", "note"), ("body", "Two pages"), ("zone", "UTC"), ("version", &version)];
    rune.follow(&rune.post(&path, &fields).await).await.ok().shows("Two pages").shows("no time").hides("A page");
    let version = rune.get(&path).await.field("version").unwrap();
    let deleted = rune.post(&format!("{path}/delete"), &[("version", &version)]).await;
    assert_eq!(deleted.location(), format!("/incidents/INC-1?did=deleted&event={id}"));
    rune.follow(&deleted).await.ok().hides("Two pages").shows("Event deleted.").shows(&format!("{path}/undo"));
    rune.get(&path).await.is(404);
    let undo = format!("{path}/undo");
    let back = rune.follow(&rune.post(&undo, &[("version", "0")]).await).await;
    back.ok().shows("Two pages").shows("Taken back.").shows("Redo");
    // Redo: with the version that the page offers.
    let version = back.field("version").unwrap();
    rune.follow(&rune.post(&undo, &[("version", &version)]).await).await.ok().hides("Two pages").shows("Redo");
}

async fn two_who_change_an_event_see_both(app: App) {
    let people = people(&app).await;
    let (rune, oda) = (app.as_(&people.responder).await, app.as_(&people.other_responder).await);
    incident(&rune).await;
    let path = format!("/incidents/INC-1/events/{}", id_of(&tell(&rune, "10:07", "detection", "A page").await));
    let version = rune.get(&path).await.field("version").unwrap();
    let say = |body: &'static str| [("date", "2026-03-02"), ("time", "10:07"), ("kind", "note"), ("body", body), ("zone", "UTC")];
    let said = async |person: &Person, body: &'static str, version: &str| {
        let mut fields = say(body).to_vec();
        fields.push(("version", version));
        person.post(&path, &fields).await
    };
    said(&oda, "Oda’s words", &version).await.is(303);
    let conflict = said(&rune, "Rune’s words", &version).await;
    conflict.is(409).shows("Oda’s words").shows("Rune’s words");
    said(&oda, "Oda’s words", &version).await.is(303);
    rune.post(&format!("{path}/delete"), &[("version", &version)]).await.is(409).shows("Oda’s words");
    said(&rune, "Rune’s words", &conflict.field("version").unwrap()).await.is(303);
    rune.get("/incidents/INC-1").await.ok().shows("Rune’s words").hides("Oda’s words");
}

async fn an_event_is_reached_only_through_its_incident(app: App) {
    let world = app.world().await;
    let rune = app.as_(&world.people.responder).await;
    let (of, id) = [&world.open, &world.resolved, &world.review, &world.closed]
        .into_iter()
        .find_map(|told| told.event.map(|event| (told.key, event)))
        .expect("an event in the world");
    let other = [world.open.key, world.resolved.key].into_iter().find(|key| *key != of).unwrap();
    rune.get(&format!("/incidents/{of}/events/{id}")).await.ok();
    let through = format!("/incidents/{other}/events/{id}");
    rune.get(&through).await.is(404);
    for act in ["", "/delete", "/undo", "/settle", "/mark"] {
        rune.post(&format!("{through}{act}"), &[("version", "1"), ("kind", "note"), ("body", "x"), ("zone", "UTC")])
            .await
            .is(404);
    }
    rune.get(&format!("/incidents/{of}/events/not-an-id")).await.is(404);
    let ada = app.as_(&world.people.admin).await;
    ada.get(&format!("/incidents/{of}/events/{id}")).await.is(404);
}

async fn words_in_an_event_cannot_act(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    for hostile in [
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "</li></ol><script>alert(1)</script>",
        "<svg onload=alert(1)>",
    ] {
        let id = id_of(&tell(&rune, "10:07", "note", hostile).await);
        let page = rune.get("/incidents/INC-1").await;
        page.ok().hides("<img src=x").hides("<svg onload").hides("href=\"javascript").hides("<script>alert");
        rune.get(&format!("/incidents/INC-1/events/{id}")).await.ok().hides("<script>alert").hides("<img src=x");
    }
    let hostile = "/incidents/INC-1?did=deleted&event=%22%3E%3Cscript%3E&next=%22%3E%3Cscript%3E&known=then&until=%22%3E%3Cscript%3E&pane=%22%3E%3Cscript%3E&said=%3Cscript%3E";
    rune.get(hostile).await.ok().hides("\"><script>");
}

async fn the_source_is_there_for_few(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    let understood = domain::imported::ImportedFile {
        incidents: vec![domain::imported::ImportedIncident {
            title: "Booking froze".to_owned(),
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
        ..Default::default()
    };
    let text = b"# Booking froze\n\n</pre><script>pineapple</script>";
    let file = store::imports::File { name: "2019/ferry.md", understood: &understood, bytes: text };
    store::imports::write(&app.store, &people.responder, &[file], app.now()).await.unwrap();
    let page = rune.get("/incidents/INC-1").await;
    page.ok().shows("pineapple").hides("<script>pineapple").shows("Imported");
    let source = page.attributes("href").into_iter().find(|h| h.contains("/source/")).unwrap();
    rune.get(&source).await.ok().shows("pineapple").hides("<script>pineapple");
    rune.get("/incidents/INC-1?pane=raw").await.ok().shows("data-pane=\"raw\"");
    for viewer in [&people.leader, &people.admin, &people.outsider, &people.facilitator] {
        let person = app.as_(viewer).await;
        person.get("/incidents/INC-1").await.ok().hides("pineapple").hides("/source/");
        person.get(&source).await.is(404);
        person.get("/incidents?q=pineapple").await.ok().hides("INC-1");
    }
}
