//! Through the router: how large a review is to be, the preparation board, and the meeting's entry for calendars.

use crate::support::{App, World};

both_engines! {
    ten_signals_suggest_a_size_and_people_decide,
    what_was_said_in_between_is_shown_beside_what_was_typed,
    the_board_completes_itself_and_takes_marks,
    a_planned_meeting_is_a_file_for_calendars,
    a_near_miss_says_so_and_is_found,
}

fn at(world: &World, page: &str) -> String {
    format!("/incidents/{}/review{page}", world.resolved.key)
}

async fn ten_signals_suggest_a_size_and_people_decide(app: App) {
    let world = app.world().await;
    let rosa = app.as_(&world.people.responder).await;
    rosa.get(&at(&world, "")).await.ok().shows("Nobody has looked yet").shows("Look at the ten signals");
    let page = rosa.get(&at(&world, "/size")).await;
    page.ok().shows("Was somebody surprised?").shows("I nominate this one").hides("Suggested");
    let sent = rosa.post(&at(&world, "/size"), &[("signals", "surprise"), ("signals", "teams"), ("version", "0")]).await;
    assert!(sent.location().contains("said=saved"), "{}", sent.location());
    rosa.get(&at(&world, "")).await.ok().shows("2 signals: full review suggested");
    let bare = rosa.post(&at(&world, "/size"), &[("size", "skip"), ("words", ""), ("version", "1")]).await;
    bare.is(422).shows("Please say why in a line");
    rosa.post(&at(&world, "/size"), &[("size", "skip"), ("words", "A drill, and told already."), ("version", "1")]).await;
    let admin = app.as_(&world.people.admin).await;
    admin.get(&at(&world, "")).await.ok().shows("No review").shows("A drill, and told already.");
}

async fn what_was_said_in_between_is_shown_beside_what_was_typed(app: App) {
    let world = app.world().await;
    let (rosa, paula) = (app.as_(&world.people.responder).await, app.as_(&world.people.planner).await);
    rosa.post(&at(&world, "/size"), &[("size", "full"), ("signals", "help"), ("version", "0")]).await;
    let late = paula.post(&at(&world, "/size"), &[("size", "note"), ("words", "Kept for the next one."), ("version", "0")]).await;
    late.is(409);
    late.shows("Somebody said something here").shows("Full review").shows("Kept for the next one.");
    late.shows("name=\"version\" value=\"1\"");
}

async fn the_board_completes_itself_and_takes_marks(app: App) {
    let world = app.world().await;
    let key = world.review.key;
    let frida = app.as_(&world.people.facilitator).await;
    let board = format!("/incidents/{key}/review/preparation");
    frida.get(&format!("/incidents/{key}/review")).await.ok().shows(&board);
    frida
        .get(&board)
        .await
        .ok()
        .shows("Somebody independent facilitates")
        .shows("Nothing here stops you")
        .shows("The room is fit");
    // Every part leads to where it is worked on.
    let links = frida.get(&board).await.attributes("href");
    let own: Vec<&String> = links.iter().filter(|href| href.starts_with(&format!("/incidents/{key}/"))).collect();
    assert!(own.len() > 6, "{own:?}");
    for href in own {
        frida.get(href.split('#').next().unwrap()).await.ok();
    }
    frida.post(&format!("{board}/room"), &[("mark", "not-doing")]).await;
    frida.get(&board).await.ok().shows("Not doing").shows("Take back");
    frida.post(&format!("{board}/room"), &[("mark", "open")]).await;
    frida.get(&board).await.ok().hides("Take back");
    frida.post(&format!("{board}/room"), &[("mark", "nonsense")]).await.is(400);
    frida.post(&format!("{board}/nothing"), &[("mark", "done")]).await.is(404);
}

async fn a_planned_meeting_is_a_file_for_calendars(app: App) {
    let world = app.world().await;
    let key = world.review.key;
    let frida = app.as_(&world.people.facilitator).await;
    let rosa = app.as_(&world.people.responder).await;
    let (board, file) = (format!("/incidents/{key}/review/preparation"), format!("/incidents/{key}/review/meeting.ics"));
    assert_eq!(rosa.get(&file).await.location(), format!("/incidents/{key}/review"), "no meeting, no file");
    let typed = [("date", "2026-12-10"), ("time", "10:00"), ("zone", "Europe/Copenhagen"), ("place", "Room 2, by the window")];
    let refused = frida.post(&board, &[&typed[..], &[("minutes", "soon"), ("version", "0")]].concat()).await;
    refused.is(422).shows("Please write a number of minutes").shows("Room 2, by the window");
    frida.post(&board, &[&typed[..], &[("minutes", "60"), ("version", "0")]].concat()).await;
    let stale = frida.post(&board, &[&typed[..], &[("minutes", "90"), ("version", "0")]].concat()).await;
    stale.is(409);
    frida.get(&board).await.ok().shows("Move it").shows("meeting.ics");
    rosa.get(&format!("/incidents/{key}/review")).await.ok().shows("Room 2, by the window").shows("Add it to a calendar");
    let entry = rosa.get(&file).await;
    assert_eq!(entry.header("content-type"), "text/calendar; charset=utf-8");
    let plain = entry.body.replace("\r\n ", "");
    for line in ["DTSTART:20261210T090000Z", "DTEND:20261210T100000Z", "LOCATION:Room 2\\, by the window", "SEQUENCE:1"] {
        assert!(plain.contains(line), "{line}: {plain}");
    }
    assert!(plain.contains(&format!("/incidents/{key}/review")) && plain.starts_with("BEGIN:VCALENDAR"), "{plain}");
}

async fn a_near_miss_says_so_and_is_found(app: App) {
    let world = app.world().await;
    let rosa = app.as_(&world.people.responder).await;
    let fields = [
        ("title", "The backup line held"),
        ("severity", "4"),
        ("date", "2026-03-01"),
        ("time", "10:00"),
        ("zone", "UTC"),
        ("nature", "near-miss"),
    ];
    let page = rosa.post("/incidents", &fields).await.location();
    let key = page.trim_start_matches("/incidents/").split(['?', '#']).next().unwrap().to_owned();
    rosa.get(&format!("/incidents/{key}")).await.ok().shows("Near miss");
    rosa.get("/incidents?nature=near-miss").await.ok().shows("The backup line held").hides(&world.resolved.key.to_string());
    rosa.get("/incidents?nature=success").await.ok().hides("The backup line held");
    // One of the ten signals is ticked by what it was.
    rosa.get(&format!("/incidents/{key}/review/size")).await.ok().shows("value=\"near-miss\" checked");
    rosa.get("/incidents.csv").await.ok().shows(",near-miss,");
}
