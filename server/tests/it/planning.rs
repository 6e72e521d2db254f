//! The parking lot and the planning room as people use them: closed, opened early, open, items, and no way there from a review.

use crate::support::{Answer, App, Held, World};

both_engines! {
    the_closed_room_tells_the_time_left_and_no_idea,
    opening_early_needs_a_sentence_and_shows_it_afterwards,
    the_open_room_is_there_for_planners_and_for_nobody_else,
    an_idea_becomes_an_item_and_another_is_dropped_with_thanks,
    a_refused_item_keeps_what_was_typed_and_names_the_field,
    two_who_save_at_once_see_both_versions,
    a_review_leads_to_no_plan,
    an_idea_is_parked_from_anywhere_and_leads_back_within_the_site,
    a_guest_parks_ideas_and_sees_only_their_own,
    the_room_is_given_by_the_facilitator,
}

fn ideas(world: &World) -> Vec<String> {
    let parked = world.canaries.iter().filter(|c| matches!(c.held, Held::Idea { .. }));
    parked.map(|c| c.token.clone()).collect()
}

fn hides_all(answer: &Answer, tokens: &[String]) {
    for token in tokens {
        answer.hides(token);
    }
}

async fn the_closed_room_tells_the_time_left_and_no_idea(app: App) {
    let world = app.world().await;
    let piet = app.as_(&world.people.planner).await;
    let closed = piet.get(&format!("/incidents/{}/planning", world.closed.key)).await;
    // Published on Thursday at nine, it opens on Monday at nine in Copenhagen; it is Thursday noon.
    closed
        .ok()
        .shows("data-room=\"planning\"")
        .shows("Opens in 3 days 20 h")
        .shows("Monday 9 March, 09:00")
        .shows("Something cannot wait");
    hides_all(&closed, &ideas(&world));
    piet.get(&format!("/incidents/{}/planning/items/new", world.closed.key)).await.is(404);
}

async fn opening_early_needs_a_sentence_and_shows_it_afterwards(app: App) {
    let world = app.world().await;
    let piet = app.as_(&world.people.planner).await;
    let room = format!("/incidents/{}/planning", world.closed.key);
    let refused = piet.post(&format!("{room}/open"), &[("reason", "urgent")]).await;
    refused.is(422).shows("Please write one sentence").shows("urgent</textarea>");
    let before = refused.body.split("Something cannot wait").next().unwrap();
    let folded = before.rsplit("<details").next().unwrap();
    assert!(folded.contains(" open"), "the refused form is in sight: {folded}");
    let opened = piet.post(&format!("{room}/open"), &[("reason", "Depots lose data every night.")]).await;
    let page = piet.follow(&opened).await;
    page.ok().shows("Piet Planner opened this room before the soak time was over").shows("Depots lose data every night.");
    piet.post(&format!("{room}/open"), &[("reason", "Another good reason to open.")]).await.is(409);
}

async fn the_open_room_is_there_for_planners_and_for_nobody_else(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let room = format!("/incidents/{}/planning", world.planned.key);
    let page = app.as_(&p.planner).await.get(&room).await;
    let before = world.canaries.iter().find(|c| c.incident == world.planned.id && c.token.contains("-planned-before-")).unwrap();
    page.ok().shows("Thought before: ").shows(&before.token);
    page.ok().shows("On the table").shows("Parked ideas").shows("Mitigation items").shows("Won’t do, because");
    page.shows("Code change").hides("Olaf Outsider");
    for viewer in [&p.responder, &p.facilitator, &p.leader, &p.manager, &p.admin, &p.outsider] {
        let turned_away = app.as_(viewer).await.get(&room).await;
        hides_all(turned_away.is(404), &ideas(&world));
    }
    app.anonymous().get(&room).await.is(303);
}

async fn an_idea_becomes_an_item_and_another_is_dropped_with_thanks(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let base = format!("/incidents/{}", world.planned.key);
    for text in ["Check the chain nightly.", "Paint the depots."] {
        store::parking::park(&app.store, &p.responder, world.planned.id, text, false, app.now()).await.unwrap();
    }
    let piet = app.as_(&p.planner).await;
    let room = piet.get(&format!("{base}/planning")).await;
    let make = link_after(&room, "Check the chain nightly.", "planning/items/new?from=");
    let form = piet.get(&make).await;
    form.ok().shows("From the parking lot").shows("value=\"Check the chain nightly.\"");
    let fields = [
        ("title", "Check the chain nightly"),
        ("effect", "Green means depots too."),
        ("state", "doing"),
        ("due", "2026-04-15"),
        ("owner", &p.responder.person_id.to_string()),
        ("factor", &world.planned.factor.unwrap().to_string()),
        ("from", make.rsplit('=').next().unwrap()),
    ];
    let after = piet.follow(&piet.post(&format!("{base}/planning/items"), &fields).await).await;
    after
        .ok()
        .shows("Being done")
        .shows("Rune Responder")
        .shows("due 15 Apr 2026")
        .shows("Green means depots too.")
        .shows("Its item");
    let drop = action_after(&after, "Paint the depots.", "/drop");
    let dropped = piet.follow(&piet.post(&drop, &[]).await).await;
    dropped.ok().shows("Dropped, with thanks (1)");
    let back = action_after(&dropped, "Paint the depots.", "/put-back");
    piet.follow(&piet.post(&back, &[]).await).await.ok().hides("Dropped, with thanks (1)");
}

/// The first link holding `part` after a text of the page.
fn link_after(page: &Answer, text: &str, part: &str) -> String {
    attribute_after(page, text, "href", part)
}

fn action_after(page: &Answer, text: &str, part: &str) -> String {
    attribute_after(page, text, "action", part)
}

fn attribute_after(page: &Answer, text: &str, name: &str, part: &str) -> String {
    let rest = page.body.split_once(text).unwrap_or_else(|| panic!("no {text:?} in {}", page.text())).1;
    let mark = format!(" {name}=\"");
    let mut values = rest.split(&mark).skip(1).filter_map(|v| v.split('"').next());
    values.find(|v| v.contains(part)).unwrap().replace("&amp;", "&")
}

async fn a_refused_item_keeps_what_was_typed_and_names_the_field(app: App) {
    let world = app.world().await;
    let piet = app.as_(&world.people.planner).await;
    let items = format!("/incidents/{}/planning/items", world.planned.key);
    let bare = piet.post(&items, &[("title", ""), ("effect", "Quieter nights"), ("state", "wont-do"), ("due", "soon")]).await;
    bare.is(422)
        .shows("Quieter nights</textarea>")
        .shows("id=\"title-error\"")
        .shows("id=\"reason-error\"")
        .shows("id=\"due-error\"");
    bare.shows("value=\"soon\"");
    let made_up = [("title", "Owned by nobody"), ("state", "open"), ("owner", "8c2f4e5c-0000-4000-8000-000000000000")];
    piet.post(&items, &made_up).await.is(422).shows("id=\"owner-error\"");
    piet.post(&items, &[("title", "x"), ("from", "8c2f4e5c-0000-4000-8000-000000000000")]).await.is(404);
}

async fn two_who_save_at_once_see_both_versions(app: App) {
    let world = app.world().await;
    let piet = app.as_(&world.people.planner).await;
    let item = format!("/incidents/{}/planning/items/{}", world.planned.key, world.planned.item.unwrap());
    let base = piet.get(&item).await.ok().field("base_version").unwrap();
    let save = |title: &'static str| [("title", title), ("state", "open"), ("base_version", base.as_str())];
    piet.post(&item, &save("Theirs comes first")).await.is(303);
    let conflict = piet.post(&item, &save("Mine comes second")).await;
    conflict.is(409).shows("Theirs comes first").shows("value=\"Mine comes second\"");
    let now = conflict.field("base_version").unwrap();
    piet.post(&item, &[("title", "Mine after reading theirs"), ("state", "open"), ("base_version", &now)]).await.is(303);
    piet.get(&item).await.ok().shows("Mine after reading theirs");
}

async fn a_review_leads_to_no_plan(app: App) {
    let world = app.world().await;
    for viewer in [&world.people.planner, &world.people.facilitator, &world.people.admin] {
        let story = app.as_(viewer).await.get(&format!("/incidents/{}/review", world.planned.key)).await;
        if story.status == 200 {
            story.hides("/planning").hides("/planners").hides(&format!("{}-item", world.planned.key));
        }
    }
}

async fn an_idea_is_parked_from_anywhere_and_leads_back_within_the_site(app: App) {
    let world = app.world().await;
    let rune = app.as_(&world.people.responder).await;
    let base = format!("/incidents/{}", world.review.key);
    let parked = rune.post(&format!("{base}/park"), &[("text", "Ask the depots."), ("back", &format!("{base}/factors"))]).await;
    assert_eq!(parked.is(303).location(), format!("{base}/factors?said=parked"));
    let foreign = rune.post(&format!("{base}/park"), &[("text", "Ask the desk."), ("back", "https://evil.example/")]).await;
    let lot = rune.follow(&foreign).await;
    lot.ok().shows("Parked. Nothing was added to the review.").shows("Ask the depots.").shows("Ask the desk.");
    rune.post(&format!("{base}/park"), &[("text", " ")]).await.is(422).shows("Please write something here.");
    let out = action_after(&lot, "Ask the depots.", "/withdraw");
    rune.follow(&rune.post(&out, &[]).await).await.ok().hides("Ask the depots.").shows("Ask the desk.");
    let oda = app.as_(&world.people.other_responder).await;
    oda.get(&format!("{base}/park")).await.ok().hides("Ask the desk.");
    oda.post(&action_after(&lot, "Ask the desk.", "/withdraw"), &[]).await.is(404);
}

async fn a_guest_parks_ideas_and_sees_only_their_own(app: App) {
    let world = app.world().await;
    let gro = app.by_link(world.review.guest().link.as_deref().unwrap()).await;
    let lot = format!("/incidents/{}/park", world.review.key);
    gro.follow(&gro.post(&lot, &[("text", "Call the depots first.")]).await).await.ok().shows("Call the depots first.");
    hides_all(gro.get(&lot).await.ok(), &ideas(&world));
    gro.get(&format!("/incidents/{}/park", world.foreign.key)).await.is(404);
    gro.get(&format!("/incidents/{}/planning", world.review.key)).await.is(404);
}

async fn the_room_is_given_by_the_facilitator(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let planners = format!("/incidents/{}/planners", world.planned.key);
    let frida = app.as_(&p.facilitator).await;
    frida.get(&planners).await.ok().shows("Piet Planner");
    let given = frida.post(&planners, &[("planner", &p.responder.person_id.to_string())]).await;
    frida.follow(&given).await.ok().shows("Rune Responder");
    app.as_(&p.responder).await.get(&format!("/incidents/{}/planning", world.planned.key)).await.ok().shows("Parked ideas");
    frida.post(&planners, &[("planner", "")]).await.is(422).shows("Please choose somebody from the list.");
    for viewer in [&p.outsider, &p.leader] {
        let own = app.as_(viewer).await;
        own.get(&planners).await.is(404);
        own.post(&planners, &[("planner", &viewer.person_id.to_string())]).await.is(404);
    }
}
