//! On-call schedules over HTTP: looked at, taken over, taken back; what is told of a rota, and to whom it is told of themselves.

use crate::support::{App, World};

both_engines! {
    a_pasted_schedule_is_looked_at_and_then_taken_over,
    a_file_stands_in_the_field_after_it_was_looked_at,
    what_cannot_be_read_comes_back_as_it_was_typed,
    an_import_is_taken_back_and_an_earlier_one_is_not,
    a_rota_is_told_of_without_a_name_and_one_of_few_is_not,
    ones_own_share_is_told_to_oneself_alone,
}

const TABLE: &str = "start,end,person\n2026-02-02 09:00,2026-02-09 09:00,Rune Responder\n2026-02-10 09:00,2026-02-16 09:00,<b>stranger</b>\nsoon,later,x\n";

fn page(world: &World) -> String {
    format!("/schedules/{}", world.kept.empty_team)
}

async fn a_pasted_schedule_is_looked_at_and_then_taken_over(app: App) {
    let world = app.world().await;
    let (admin, page) = (app.as_(&world.people.admin).await, page(&world));
    admin.get(&page).await.ok().shows("No schedule yet");
    let seen =
        admin.upload(&page, "file", &[("", b"")], &[("zone", "Europe/Copenhagen"), ("act", "look"), ("text", TABLE)]).await;
    let seen = seen.ok();
    seen.shows("2 shifts understood").shows("Nothing is taken over yet").shows("Nobody stands from 9 Feb 2026, 09:00 CET");
    seen.shows("Known here: Rune Responder (1)")
        .shows("Not known here: “&lt;b&gt;stranger&lt;/b&gt;” (1)")
        .shows("Line 4: “soon” is no time");
    seen.shows("soon,later,x").shows("Take it over").hides("<b>stranger");
    admin.get(&page).await.ok().shows("No schedule yet");
    let taken =
        admin.upload(&page, "file", &[("", b"")], &[("zone", "Europe/Copenhagen"), ("act", "take"), ("text", TABLE)]).await;
    admin.follow(&taken).await.ok().shows("Imported.").shows("Last import: 2 shifts").shows("Nobody known here");
    admin.get("/schedules").await.ok().shows("2 shifts, known until 16 Feb 2026.");
}

async fn a_file_stands_in_the_field_after_it_was_looked_at(app: App) {
    let world = app.world().await;
    let (frida, page) = (app.as_(&world.people.facilitator).await, page(&world));
    let calendar = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Rune Responder\nDTSTART:20260202T080000Z\nDTEND:20260203T080000Z\nEND:VEVENT\nEND:VCALENDAR\n";
    // A file is looked at first, whatever was pressed.
    let fields = [("zone", "UTC"), ("act", "take"), ("text", "something else")];
    let seen = frida.upload(&page, "file", &[("rota.ics", calendar)], &fields).await;
    seen.ok()
        .shows("1 shift understood")
        .shows("BEGIN:VCALENDAR")
        .hides("something else")
        .shows("Known here: Rune Responder (1)");
    frida.get(&page).await.ok().shows("No schedule yet");
}

async fn what_cannot_be_read_comes_back_as_it_was_typed(app: App) {
    let world = app.world().await;
    let (admin, page) = (app.as_(&world.people.admin).await, page(&world));
    let send = async |fields: &[(&str, &str)]| admin.upload(&page, "file", &[("", b"")], fields).await;
    send(&[("zone", "Nowhere"), ("act", "look"), ("text", TABLE)]).await.is(422).shows("soon,later,x").shows("Nowhere");
    send(&[("zone", "UTC"), ("act", "take"), ("text", " \n")]).await.is(422).shows("Please choose a file or paste a schedule.");
    let nothing = "start,end,person\nsoon,later,x\n";
    send(&[("zone", "UTC"), ("act", "take"), ("text", nothing)])
        .await
        .is(422)
        .shows("There is no shift in it")
        .shows("soon,later,x");
    send(&[("zone", "UTC"), ("act", "look"), ("text", nothing)])
        .await
        .ok()
        .shows("No shift was understood.")
        .hides("Take it over");
    let large = "x".repeat(4 * 1024 * 1024);
    send(&[("zone", "UTC"), ("act", "look"), ("text", &large)]).await.is(413);
}

async fn an_import_is_taken_back_and_an_earlier_one_is_not(app: App) {
    let world = app.world().await;
    app.set_clock("2026-03-07T09:00:00Z");
    let admin = app.as_(&world.people.admin).await;
    let page = format!("/schedules/{}", world.people.team);
    let first = world.kept.schedule;
    let text = "start,end,person\n2026-03-01,2026-03-02,Rune Responder\n";
    admin.upload(&page, "file", &[("", b"")], &[("zone", "UTC"), ("act", "take"), ("text", text)]).await.is(303);
    let early = admin.post(&format!("{page}/imports/{first}/back"), &[]).await;
    early.is(409).shows("Please take that one back first.");
    let all = store::schedules::schedule(&app.store, &world.people.admin, world.people.team).await.unwrap();
    let back = admin.post(&format!("{page}/imports/{}/back", all.imports[0].id), &[]).await;
    admin.follow(&back).await.ok().shows("The import is taken back.").shows("Last import: 6 shifts");
}

async fn a_rota_is_told_of_without_a_name_and_one_of_few_is_not(app: App) {
    let world = app.world().await;
    let leader = app.as_(&world.people.leader).await;
    let here = "/trends/on-call?from=2026-01&to=2026-03";
    let page = leader.get(here).await;
    page.ok().shows("6 shifts").shows("Disturbed hours").shows("How it is computed").hides("Import");
    for person in world.people.all().into_iter().filter(|person| person.person_id != world.people.leader.person_id) {
        page.hides(&person.name);
    }
    let csv = leader.get("/trends/on-call.csv?from=2026-01&to=2026-03").await;
    csv.ok().shows("Above two incidents").shows(",6,");
    leader.get("/trends/on-call.svg?from=2026-01&to=2026-03").await.ok().shows("<svg");
    leader.get("/trends/on-call?from=2025-01&to=2025-03").await.ok().shows("No shift of these months is known");
    // Four people alone.
    let text = "start,end,person\n2026-02-01,2026-02-28 23:00,Rune Responder\n";
    let read = importers_read(text);
    store::schedules::take_over(&app.store, &world.people.admin, world.people.team, "UTC", &read, app.now()).await.unwrap();
    leader.get(here).await.ok().shows("Too few people in this rota to say").shows("No rota of these months has enough people");
    leader.get("/trends/on-call.csv?from=2026-01&to=2026-03").await.ok().shows("Too few people in this rota to say").hides(",1,");
}

fn importers_read(text: &str) -> domain::schedules::ReadSchedule {
    importers::read_schedule(text.as_bytes(), chrono_tz::UTC, "2027-01-01T00:00:00Z".parse().unwrap())
}

async fn ones_own_share_is_told_to_oneself_alone(app: App) {
    let world = app.world().await;
    let text = "start,end,person\n2025-10-01,2025-10-28,Rune Responder\n2026-03-01,2026-03-02,Rune Responder\n";
    let read = importers_read(text);
    store::schedules::take_over(&app.store, &world.people.admin, world.people.team, "UTC", &read, app.now()).await.unwrap();
    let rune = app.as_(&world.people.responder).await;
    rune.get("/profile/hours")
        .await
        .ok()
        .shows("Q4 2025: on call for 29 % of all hours")
        .shows("more than a quarter of your time");
    rune.get("/profile/data.json").await.ok().shows("\"on_call\"").shows("2025-10-01T00:00:00Z");
    let other = app.as_(&world.people.outsider).await;
    other.get("/profile/hours").await.ok().hides("on call for");
}
