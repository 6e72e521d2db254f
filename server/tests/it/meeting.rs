//! Through the router: a meeting before it begins, as it runs for each of those in it, and what stays of it.

use crate::support::{App, World};
use domain::ThemeId;
use domain::reviews::themes::ThemeDraft;

both_engines! {
    a_meeting_from_its_preparation_to_what_stays,
    lines_that_are_refused_come_back_with_what_was_typed,
    who_may_be_called_on_says_so_and_sees_it_alone,
    an_opening_changed_twice_shows_both,
    a_page_that_waits_is_answered_when_something_changes,
    written_scripts_stay_words_on_the_wall,
}

fn at(world: &World, page: &str) -> String {
    format!("/incidents/{}/review/meeting{page}", world.resolved.key)
}

/// A review that is just opened, with somebody who was there and two themes on its agenda.
async fn opened(app: &App) -> World {
    let world = app.world().await;
    let p = &world.people;
    let (store, now, id) = (&app.store, app.now(), world.resolved.id);
    store::reviews::open(store, &p.admin, id, p.facilitator.person_id, false, now).await.unwrap();
    let invitee = store::interviews::Invitee::Person(p.other_responder.person_id);
    store::interviews::invite(store, &p.facilitator, id, &invitee, None, now).await.unwrap();
    let mut themes: Vec<ThemeId> = Vec::new();
    for name in ["Alerts nobody believed", "Who knew whom"] {
        let draft = ThemeDraft { name: name.to_owned(), opening: "How did it look?".to_owned() };
        themes.push(store::reviews::add_theme(store, &p.facilitator, id, &draft, now).await.unwrap());
    }
    store::reviews::set_agenda(store, &p.facilitator, id, &themes, now).await.unwrap();
    world
}

async fn a_meeting_from_its_preparation_to_what_stays(app: App) {
    let world = opened(&app).await;
    let p = &world.people;
    let (frida, oda, outsider) = (app.as_(&p.facilitator).await, app.as_(&p.other_responder).await, app.as_(&p.outsider).await);
    let home = at(&world, "");
    oda.get(&home).await.ok().shows("It has not begun").shows("Who knew whom").hides("Begin the meeting");
    outsider.get(&home).await.ok().shows("It has not begun").hides("Who knew whom");
    frida.get(&home).await.ok().shows("Begin the meeting").shows("Nobody is on trial here");
    oda.post(&at(&world, "/begin"), &[]).await.is(404);
    frida.post(&at(&world, "/turn"), &[("stage", "story")]).await.is(409).shows("does not run just now");
    frida.post(&at(&world, "/begin"), &[]).await.is(303);
    frida.get(&home).await.ok().shows("Why we are here").shows("Everybody did what made sense").shows("0 of 5 min");
    oda.get(&home).await.ok().shows("Why we are here").shows("Write").hides("End the meeting");
    outsider.get(&home).await.ok().shows("Why we are here").hides("End the meeting").hides("meeting/lines\"");
    frida.get(&home).await.ok().shows("2 here, 1 listening").shows(&p.outsider.name);
    oda.get(&format!("/incidents/{}/review", world.resolved.key)).await.ok().shows("The meeting runs now");

    frida.post(&at(&world, "/turn"), &[("stage", "story")]).await.is(303);
    let event = world.resolved.event.unwrap().to_string();
    frida.post(&at(&world, "/turn"), &[("event", &event)]).await.is(303);
    oda.get(&home).await.ok().shows("canary-resolved-event").shows("Moment 1 of").shows("To ask");
    oda.get(&format!("{home}?at={event}")).await.ok().shows("You look at this one on your own").hides("Show it to all");
    frida.get(&format!("{home}?at={event}")).await.ok().shows("Show it to all");
    oda.post(&at(&world, "/lines"), &[("kind", "note"), ("text", "The desk thought that on call knew")]).await.is(303);
    frida.get(&home).await.ok().shows("The desk thought that on call knew").shows("Take it out");
    oda.get(&home).await.ok().shows("The desk thought that on call knew").hides("Take it out");
    frida.post(&at(&world, "/turn"), &[("stage", "themes")]).await.is(303);
    oda.get(&home).await.ok().shows("Alerts nobody believed").shows("How did it look?");
    frida.post(&at(&world, "/turn"), &[("stage", "learnings")]).await.is(303);
    oda.post(&at(&world, "/lines"), &[("kind", "surprise"), ("text", "Both boards were green")]).await.is(303);
    outsider.post(&at(&world, "/lines"), &[("kind", "note"), ("text", "I only listen")]).await.is(404);
    oda.get(&home).await.ok().shows("What surprised you today?").shows("Both boards were green");
    frida.post(&at(&world, "/turn"), &[("stage", "never")]).await.is(400);

    frida.post(&at(&world, "/end"), &[("survey", "yes")]).await.is(303);
    oda.get(&home).await.ok().shows("After the meeting").shows("What surprised people").shows("Both boards were green");
    outsider.get(&home).await.ok().hides("Both boards were green");
    oda.get("/").await.ok().shows("How was the meeting about");
    frida.get(&home).await.ok().shows("Go on with it");
    let leader = app.as_(&p.leader).await;
    leader.get(&home).await.is(404);
    leader.get(&format!("/incidents/{}/review", world.resolved.key)).await.ok().hides("Both boards were green");
}

async fn lines_that_are_refused_come_back_with_what_was_typed(app: App) {
    let world = opened(&app).await;
    let p = &world.people;
    let (frida, oda) = (app.as_(&p.facilitator).await, app.as_(&p.other_responder).await);
    let early = oda.post(&at(&world, "/lines"), &[("kind", "note"), ("text", "Much too early")]).await;
    early.is(422);
    frida.post(&at(&world, "/begin"), &[]).await.is(303);
    let long = "a".repeat(601);
    oda.post(&at(&world, "/lines"), &[("kind", "surprise"), ("text", &long)]).await.is(422).shows(&long);
    oda.post(&at(&world, "/lines"), &[("kind", "surprise"), ("text", "  ")]).await.is(422);
    // The same form sent twice writes once.
    let page = oda.get(&at(&world, "")).await;
    let id = page.field("id").unwrap();
    for _ in 0..2 {
        oda.post(&at(&world, "/lines"), &[("id", &id), ("kind", "note"), ("text", "Once is enough")]).await.is(303);
    }
    assert_eq!(oda.get(&at(&world, "")).await.body.matches("Once is enough").count(), 1);
    frida.post(&at(&world, "/end"), &[]).await.is(303);
    oda.post(&at(&world, "/lines"), &[("kind", "note"), ("text", "A second too late")])
        .await
        .is(422)
        .shows("Your line was not written")
        .shows("A second too late");
}

async fn who_may_be_called_on_says_so_and_sees_it_alone(app: App) {
    let world = opened(&app).await;
    let p = &world.people;
    let (frida, oda) = (app.as_(&p.facilitator).await, app.as_(&p.other_responder).await);
    let board = format!("/incidents/{}/review/preparation", world.resolved.key);
    frida.get(&board).await.ok().shows("Whom you will call on");
    let person = p.other_responder.person_id.to_string();
    frida.post(&at(&world, "/calls"), &[("person", &person), ("about", "")]).await.is(422);
    frida
        .post(&at(&world, "/calls"), &[("person", &p.outsider.person_id.to_string()), ("about", "the board")])
        .await
        .is(422)
        .shows("somebody who was asked")
        .shows("the board");
    frida.post(&at(&world, "/calls"), &[("person", &person), ("about", "how the two boards looked")]).await.is(303);
    frida.get(&board).await.ok().shows("No answer yet").shows("0 of 1 answered");
    oda.get("/").await.ok().shows("call on you?");
    oda.get(&at(&world, "")).await.ok().shows("how the two boards looked").shows("Rather not");
    let said = oda.post(&at(&world, "/calls/answer"), &[("answer", "yes")]).await;
    oda.follow(&said).await.ok().shows("You said: Yes");
    oda.get("/").await.ok().hides("call on you?");
    frida.get(&board).await.ok().shows("1 of 1 answered");
    frida.post(&at(&world, "/begin"), &[]).await.is(303);
    frida.get(&at(&world, "")).await.ok().shows("One person may be called on");
    let outsider = app.as_(&p.outsider).await;
    outsider.get(&at(&world, "")).await.ok().hides("how the two boards looked");
    outsider.post(&at(&world, "/calls/answer"), &[("answer", "yes")]).await.is(404);
}

async fn an_opening_changed_twice_shows_both(app: App) {
    let world = opened(&app).await;
    let frida = app.as_(&world.people.facilitator).await;
    frida.post(&at(&world, "/opening"), &[("opening", "Welcome to you all."), ("version", "0")]).await.is(303);
    frida
        .post(&at(&world, "/opening"), &[("opening", "Hello, and thank you."), ("version", "0")])
        .await
        .is(409)
        .shows("Welcome to you all.")
        .shows("Hello, and thank you.");
    frida
        .post(&at(&world, "/opening"), &[("opening", &"a".repeat(4001)), ("version", "1")])
        .await
        .is(422)
        .shows("it is read out");
    frida.post(&at(&world, "/begin"), &[]).await.is(303);
    frida.get(&at(&world, "")).await.ok().shows("Welcome to you all.");
}

async fn a_page_that_waits_is_answered_when_something_changes(app: App) {
    let world = opened(&app).await;
    let p = &world.people;
    let (frida, oda) = (app.as_(&p.facilitator).await, app.as_(&p.other_responder).await);
    frida.post(&at(&world, "/begin"), &[]).await.is(303);
    let page = oda.get(&at(&world, "")).await;
    let seen = page.attributes("data-seen").remove(0);
    let wait = at(&world, &format!("/live?seen={seen}"));
    let turn = at(&world, "/turn");
    let (answer, _) = tokio::join!(oda.get(&wait), frida.post(&turn, &[("stage", "background")]));
    answer.ok().shows("\"now\"");
    app.as_(&p.leader).await.get(&at(&world, "/live")).await.is(404);
}

async fn written_scripts_stay_words_on_the_wall(app: App) {
    let world = opened(&app).await;
    let p = &world.people;
    let (frida, oda) = (app.as_(&p.facilitator).await, app.as_(&p.other_responder).await);
    let script = "<script>alert(1)</script>";
    let opening = format!("{script} <img src=x onerror=alert(1)>");
    frida.post(&at(&world, "/opening"), &[("opening", &opening), ("version", "0")]).await.is(303);
    frida.post(&at(&world, "/begin"), &[]).await.is(303);
    oda.post(&at(&world, "/lines"), &[("kind", "note"), ("text", script)]).await.is(303);
    for person in [&frida, &oda] {
        person.get(&at(&world, "")).await.ok().hides(script).hides("<img src=x").shows("&lt;script&gt;alert(1)");
    }
}
