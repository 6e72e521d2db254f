//! Perspectives through the router: who finds whose lane, forms that come back with what was typed, and the picture as a file.

use crate::support::{App, Person, World};
use domain::people::Viewer;

both_engines! {
    lanes_hold_what_a_viewer_may_read,
    an_author_places_words_from_where_they_look_it_all_over,
    a_refused_place_keeps_what_was_typed,
    a_note_that_changed_in_between_shows_both,
    the_picture_is_a_file_for_everybody,
    twelve_people_and_five_hundred_events_stand_on_one_page,
    written_scripts_stay_words_in_lanes,
}

fn at(world: &World, page: &str) -> String {
    format!("/incidents/{}/timeline/perspectives{page}", world.review.key)
}

fn answer_of(world: &World, of: &Viewer) -> String {
    world.review.voice(of).answers[&2].to_string()
}

/// A part of every answer of the world.
const PART: &str = "is what was written here.";

async fn place(by: &Person, world: &World, of: &Viewer, fields: &[(&str, &str)]) -> crate::support::Answer {
    by.post(&at(world, &format!("/place/{}", answer_of(world, of))), fields).await
}

async fn lanes_hold_what_a_viewer_may_read(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let frida = app.as_(&p.facilitator).await;
    let page = frida.get(&at(&world, "")).await;
    // Everybody who was asked has a lane, by name; those who said nothing, or nothing with a name, look alike.
    page.ok().shows(&p.responder.name).shows(&p.named.name).shows(&p.other_responder.name).shows("Nothing shared here");
    assert_eq!(page.body.matches("class=\"lane-words\"").count(), 2, "facilitator's and named");
    let rune = app.as_(&p.responder).await.get(&at(&world, "")).await;
    assert_eq!(rune.ok().shows("You").body.matches("class=\"lane-words\"").count(), 1);
    rune.hides(&p.named.name).hides(&p.other_responder.name);
    for who in [&p.outsider, &p.planner, &p.admin, &p.leader, &p.importer] {
        let page = app.as_(who).await.get(&at(&world, "")).await;
        page.ok().shows("No lanes here").hides("lane-words").hides(&p.named.name);
    }
    // Words without a name are answered in words to who may read them, and are not there for others.
    let other = answer_of(&world, &p.other_responder);
    frida.get(&at(&world, &format!("/place/{other}"))).await.is(409).shows("have no lane");
    app.as_(&p.named).await.get(&at(&world, &format!("/place/{other}"))).await.is(404);
}

async fn an_author_places_words_from_where_they_look_it_all_over(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let nadia = app.as_(&p.named).await;
    let over = nadia.get(&format!("/one-on-one/{}/look-over", world.review.voice(&p.named).invitation)).await;
    let to = at(&world, &format!("/place/{}", answer_of(&world, &p.named)));
    over.ok().shows("Place on the timeline").shows(&to);
    let event = world.review.event.unwrap().to_string();
    let sent =
        place(&nadia, &world, &p.named, &[("passage", PART), ("event", &event), ("own_time", "23:30"), ("differs", "yes")]).await;
    let page = nadia.follow(&sent).await;
    page.ok()
        .shows("Placed beside the timeline.")
        .shows("For you at")
        .shows("Told differently")
        .shows("One moment is told differently");
    let id: String = sent.location().rsplit("#w-").next().unwrap().to_owned();
    let form = nadia.get(&at(&world, &format!("/words/{id}"))).await;
    form.ok().shows("Take it away").shows("value=\"23:30\"");
    let taken = nadia.post(&at(&world, &format!("/words/{id}")), &[("act", "remove")]).await;
    nadia.follow(&taken).await.ok().hides(&format!("w-{id}"));
    nadia.get(&at(&world, &format!("/words/{id}"))).await.is(404);
}

async fn a_refused_place_keeps_what_was_typed(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let fields = [("passage", "never said this"), ("event", "nowhere"), ("own_time", "ten o’clock"), ("differs", "yes")];
    let page = place(&frida, &world, &world.people.named, &fields).await;
    page.is(422)
        .shows("not the author’s words to the letter")
        .shows("Please choose an event")
        .shows("Please write the time like")
        .shows("never said this")
        .shows("ten o’clock")
        .shows("checked");
}

async fn a_note_that_changed_in_between_shows_both(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let event = world.review.event.unwrap();
    let to = at(&world, &format!("/events/{event}"));
    frida.post(&to, &[("act", "save"), ("version", "0"), ("note", "")]).await.is(422).shows("Please write something here.");
    let kept = frida.post(&to, &[("act", "save"), ("version", "0"), ("note", "Two orders")]).await;
    frida.follow(&kept).await.ok().shows("Two orders").shows("One moment is told differently");
    let stale = frida.post(&to, &[("act", "save"), ("version", "0"), ("note", "Three orders")]).await;
    stale.is(409).shows("Two orders").shows("Three orders").shows("Somebody changed this note in between");
    for who in [&world.people.named, &world.people.responder] {
        app.as_(who).await.get(&at(&world, "")).await.ok().hides("Two orders");
    }
    let gone = frida.post(&to, &[("act", "remove")]).await;
    frida.follow(&gone).await.ok().hides("Two orders");
}

async fn the_picture_is_a_file_for_everybody(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let frida = app.as_(&p.facilitator).await;
    let file = format!("/incidents/{}/timeline.svg", world.review.key);
    let too_little = frida.get(&file).await;
    assert_eq!((too_little.status, too_little.location().starts_with(&at(&world, ""))), (303, true), "one event is no picture");
    for (time, body) in [("10:20", "<b>Bold & \"loud\"</b>"), ("11:00", "It goes on"), ("12:00", "It is over")] {
        let fields = [("date", "2026-02-02"), ("time", time), ("zone", "UTC"), ("kind", "note"), ("body", body)];
        frida.post(&format!("/incidents/{}/events", world.review.key), &fields).await.is(303);
    }
    let mut files = Vec::new();
    for who in [&p.facilitator, &p.named, &p.outsider, &p.leader] {
        let svg = app.as_(who).await.get(&file).await;
        svg.ok()
            .shows("<svg xmlns=\"http://www.w3.org/2000/svg\"")
            .hides("style=")
            .hides("<script")
            .hides("href")
            .hides(&p.named.name);
        assert!(svg.header("content-type").starts_with("image/svg+xml"));
        assert!(svg.header("content-disposition").contains("timeline.svg"));
        files.push(svg.body);
    }
    assert!(files.windows(2).all(|two| two[0] == two[1]), "whoever takes it");
    frida.get(&at(&world, "")).await.ok().shows("lanes-figure").shows("timeline.svg").shows("hold only what everybody");
}

async fn twelve_people_and_five_hundred_events_stand_on_one_page(app: App) {
    let world = app.world().await;
    let (p, store) = (&world.people, &app.store);
    let frida = app.as_(&p.facilitator).await;
    let lanes = at(&world, "");
    frida.get(&lanes).await.ok();
    let new = domain::timeline::NewEvent {
        at: Some(crate::support::at("2026-02-02T10:00:00Z")),
        ends_at: None,
        precision: domain::timeline::Precision::Exact,
        as_written: String::new(),
        zone: "UTC".to_owned(),
        kind: domain::timeline::EventKind::Note,
        body: "The queue **grows** and somebody looks at it".to_owned(),
        flag: String::new(),
        details: domain::timeline::EventDetails::default(),
        position: 0,
    };
    let mut ids = Vec::new();
    for n in 0..500 {
        let event = domain::timeline::NewEvent { at: new.at.map(|at| at + chrono::Duration::minutes(n)), ..new.clone() };
        ids.push(store::timeline::add(store, &p.planner, world.review.id, &event, app.now()).await.unwrap());
    }
    for of in [&p.responder, &p.named] {
        for event in ids.iter().step_by(25) {
            let target = store::timeline::perspectives::Target { incident: world.review.id, event: *event };
            let placing = domain::timeline::perspectives::Placing { passage: PART.to_owned(), ..Default::default() };
            let answer = world.review.voice(of).answers[&2];
            store::timeline::perspectives::place(store, &p.facilitator, target, answer, &placing, app.now()).await.unwrap();
        }
    }
    for n in 0..6 {
        let guest = store::interviews::Invitee::Guest(format!("Somebody {n}"));
        store::interviews::invite(store, &p.facilitator, world.review.id, &guest, None, app.now()).await.unwrap();
    }
    let begun = std::time::Instant::now();
    let page = frida.get(&lanes).await;
    eprintln!("perspectives, 500 events, twelve lanes: {:?}, {} KB", begun.elapsed(), page.body.len() / 1024);
    let begun = std::time::Instant::now();
    frida.get(&lanes).await.ok();
    eprintln!("again: {:?}", begun.elapsed());
    assert!(page.body.matches("<th scope=\"col\">").count() >= 12, "a column each");
    assert!(page.body.matches("<tr id=\"m-").count() > 500, "a row each");
    assert_eq!(page.body.matches("class=\"lane-words\"").count(), 42);
}

async fn written_scripts_stay_words_in_lanes(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let event = world.review.event.unwrap();
    let script = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>";
    let to = at(&world, &format!("/events/{event}"));
    let kept = frida.post(&to, &[("act", "save"), ("version", "0"), ("note", script)]).await;
    let page = frida.follow(&kept).await;
    page.ok().hides("<script>alert").hides("<img src=x").shows("&lt;script&gt;alert(1)");
}
