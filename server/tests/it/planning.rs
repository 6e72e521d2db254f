//! The parking lot and the planning room as people use them: closed, opened early, open, items, and no way there from a review.

use crate::permissions::{Viewers, Who, every_page};
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
    an_option_is_weighed_first_and_decided_later,
    ideas_are_sorted_and_thanks_reach_their_author_alone,
    whether_it_helped_is_asked_on_the_home_page_of_its_owner,
    a_factor_that_came_back_is_told_with_links,
    nothing_of_a_plan_is_in_reviews_learnings_trends_or_digests,
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
    let make = link_after(&room, "<p>Check the chain nightly.", "planning/items/new?from=");
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
    let drop = action_after(&after, "<p>Paint the depots.", "/drop");
    let dropped = piet.follow(&piet.post(&drop, &[]).await).await;
    dropped.ok().shows("Dropped, with thanks (1)");
    let back = action_after(&dropped, "<p>Paint the depots.", "/put-back");
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
    let factor = world.planned.factor.unwrap().to_string();
    let theirs = [("due", "2026-05-04"), ("tracker", "https://tracker.example/4"), ("factor", factor.as_str())];
    piet.post(&item, &[save("Theirs comes first"), theirs].concat()).await.is(303);
    let conflict = piet.post(&item, &save("Mine comes second")).await;
    conflict.is(409).shows("Theirs comes first").shows("value=\"Mine comes second\"");
    // Saving writes over all of theirs: so all of it is said.
    conflict.shows("Due 4 May 2026").shows("Tracked at https://tracker.example/4").shows("Linked to:");
    let now = conflict.field("base_version").unwrap();
    piet.post(&item, &[("title", "Mine after reading theirs"), ("state", "open"), ("base_version", &now)]).await.is(303);
    piet.get(&item).await.ok().shows("Mine after reading theirs");
}

async fn a_review_leads_to_no_plan(app: App) {
    let world = app.world().await;
    for viewer in [&world.people.planner, &world.people.facilitator, &world.people.admin] {
        let story = app.as_(viewer).await.get(&format!("/incidents/{}/review", world.planned.key)).await;
        if story.status == 200 {
            story.hides("/planning").hides("/planners").hides("/planned").hides(&format!("{}-item", world.planned.key));
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

async fn an_option_is_weighed_first_and_decided_later(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let piet = app.as_(&p.planner).await;
    let base = format!("/incidents/{}/planning", world.planned.key);
    let rune = p.responder.person_id.to_string();
    piet.get(&format!("{base}/items/new")).await.ok().shows("What it would make harder").shows("An option, not decided");
    let option = [
        ("title", "Ask one depot gateway"),
        ("harder", "One more thing to renew."),
        ("effort", "days"),
        ("state", "option"),
        ("owner", rune.as_str()),
        ("due", "2026-04-15"),
        ("tracker", "http://tracker.example/T-1"),
    ];
    let refused = piet.post(&format!("{base}/items"), &option).await;
    refused
        .is(422)
        .shows("id=\"owner-error\"")
        .shows("id=\"due-error\"")
        .shows("id=\"tracker-error\"")
        .shows("value=\"http://tracker.example/T-1\"")
        .shows("One more thing to renew.</textarea>");
    let room = piet.follow(&piet.post(&format!("{base}/items"), &option[..4]).await).await;
    room.ok().shows("Options, not decided yet").shows("Harder: One more thing to renew.").shows("Some days");
    let item = link_after(&room, "Options, not decided yet", "/planning/items/");
    let version = piet.get(&item).await.ok().field("base_version").unwrap();
    let decided = [
        ("title", "Ask one depot gateway"),
        ("state", "open"),
        ("reason", "It is one line."),
        ("owner", rune.as_str()),
        ("due", "2026-03-01"),
        ("tracker", "https://tracker.example/T-1"),
        ("base_version", version.as_str()),
    ];
    let room = piet.follow(&piet.post(&item, &decided).await).await;
    room.ok().hides("Options, not decided yet").shows("Because: It is one line.").shows("On tracker.example");
    room.shows("href=\"https://tracker.example/T-1\"").shows("rel=\"noopener noreferrer\"");
    // Its owner learns of it at home, and reads this one item without the room.
    let own = app.as_(&p.responder).await;
    let home = own.get("/").await;
    home.ok().shows("“Ask one depot gateway” was meant for 1 March.");
    let page = own.get(&link_after(&home, "was meant for 1 March", "/planned/")).await;
    page.ok()
        .shows("Ask one depot gateway")
        .shows("On tracker.example")
        .shows("asked six weeks after it is done")
        .hides("/planning");
    own.get("/planned").await.ok().shows("Ask one depot gateway").shows("was meant for 1 Mar 2026");
    piet.get("/planned").await.ok().shows("Ask one depot gateway");
    app.as_(&p.facilitator).await.get("/planned").await.ok().hides("Ask one depot gateway").shows("Nothing waits");
}

async fn ideas_are_sorted_and_thanks_reach_their_author_alone(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let base = format!("/incidents/{}", world.planned.key);
    for (by, text) in [(&p.responder, "Check the chain nightly."), (&p.named, "Look at the chain each night.")] {
        store::parking::park(&app.store, by, world.planned.id, text, false, app.now()).await.unwrap();
    }
    let piet = app.as_(&p.planner).await;
    let room = piet.get(&format!("{base}/planning")).await;
    let act = |page: &Answer, text: &str| action_after(page, text, "/sort");
    let long = "x".repeat(500);
    let refused = piet.post(&act(&room, "<p>Check the chain nightly."), &[("act", "group"), ("name", &long)]).await;
    refused.is(422).shows(&long);
    let open = |tag: &str| tag.split('>').next().is_some_and(|tag| tag.contains("more") && tag.contains(" open"));
    assert!(refused.body.split("<details").any(open), "what was refused stands open");
    let grouped = piet.post(&act(&room, "<p>Check the chain nightly."), &[("act", "group"), ("name", "Chains")]).await;
    piet.follow(&grouped).await.ok().shows(">Chains</h3>");
    let idea = |page: &Answer, text: &str| act(page, text).trim_end_matches("/sort").rsplit('/').next().unwrap().to_owned();
    let first = idea(&room, "<p>Check the chain nightly.");
    let merge = [("act", "merge"), ("under", first.as_str())];
    let merged = piet.follow(&piet.post(&act(&room, "<p>Look at the chain each night."), &merge).await).await;
    merged.ok().shows("It also stands for:");
    let itself = piet.post(&act(&room, "<p>Check the chain nightly."), &merge).await;
    itself.is(422).shows("Please choose another idea from the list.");
    let drop = action_after(&merged, "<p>Check the chain nightly.", "/drop");
    let dropped = piet.follow(&piet.post(&drop, &[("thanks", "It showed us the *nights*.")]).await).await;
    dropped.ok().shows("Dropped, with thanks (1)");
    for author in [&p.responder, &p.named] {
        let lot = app.as_(author).await.get(&format!("{base}/park")).await;
        lot.ok().shows("lets it go for now. Thank you").shows("<em>nights</em>").hides("Piet Planner");
    }
    app.as_(&p.other_responder).await.get(&format!("{base}/park")).await.ok().hides("lets it go for now");
    let split = piet.post(&act(&dropped, "It also stands for:"), &[("act", "split")]).await;
    piet.follow(&split).await.ok().hides("It also stands for:");
    app.as_(&p.named).await.get(&format!("{base}/park")).await.ok().hides("lets it go for now");
    let group = format!("{base}/planning/groups/{}", world.planned.group.unwrap());
    piet.post(&group, &[("act", "rename"), ("name", "")]).await.is(422);
    piet.follow(&piet.post(&group, &[("act", "rename"), ("name", "Nights")]).await).await.ok().shows("Nights");
    piet.follow(&piet.post(&group, &[("act", "dissolve")]).await).await.ok().hides("Nights");
}

async fn whether_it_helped_is_asked_on_the_home_page_of_its_owner(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let rune = p.responder.person_id.to_string();
    let piet = app.as_(&p.planner).await;
    let items = format!("/incidents/{}/planning/items", world.planned.key);
    piet.post(&items, &[("title", "Route label pages"), ("state", "done"), ("owner", &rune)]).await.is(303);
    app.as_(&p.responder).await.get("/").await.ok().hides("Route label pages");
    app.set_clock("2026-04-20T09:00:00Z");
    let own = app.as_(&p.responder).await;
    let home = own.get("/").await;
    home.ok().shows("Did “Route label pages” help?");
    let page = link_after(&home, "Did “Route label pages” help?", "/planned/");
    own.get(&page).await.ok().shows("Since it was done, did it help?");
    own.post(&page, &[("words", "Fewer calls.")]).await.is(422).shows("id=\"verdict-error\"").shows("Fewer calls.</textarea>");
    let said = own.follow(&own.post(&page, &[("verdict", "partly"), ("words", "Fewer *calls*.")]).await).await;
    said.ok().shows("Partly").shows("<em>calls</em>").shows("Rune Responder");
    own.get("/").await.ok().hides("Route label pages");
    let piet = app.as_(&p.planner).await;
    let room = piet.get(&format!("/incidents/{}/planning", world.planned.key)).await;
    room.ok().shows("Did it help? Partly");
    piet.get(&page).await.ok().shows("To its planning room");
    app.as_(&p.facilitator).await.get(&page).await.is(404);
    app.as_(&p.outsider).await.post(&page, &[("verdict", "no")]).await.is(404);
}

async fn a_factor_that_came_back_is_told_with_links(app: App) {
    let world = app.world().await;
    let (p, store) = (&world.people, &app.store);
    let named = store::services::ServiceChange { name: "Labels".to_owned(), ..Default::default() };
    let service = store::services::add(store, &p.admin, &named, app.now()).await.unwrap();
    let first = store::incidents::by_key(store, &p.planner, world.planned.key, app.now()).await.unwrap().incident;
    let mut new = domain::incidents::NewIncident {
        title: first.title.clone(),
        summary: first.summary.clone(),
        severity: first.severity,
        nature: first.nature,
        state: first.state,
        team_id: first.team_id,
        started_at: first.started_at,
        detected_at: first.detected_at,
        declared_at: first.declared_at,
        mitigated_at: first.mitigated_at,
        resolved_at: first.resolved_at,
        zone: first.zone.clone(),
        restricted: false,
    };
    let services = [service];
    store::incidents::change_with(store, &p.planner, first.id, first.version, &new, Some(&services), app.now()).await.unwrap();
    let piet = app.as_(&p.planner).await;
    let factor = world.planned.factor.unwrap().to_string();
    let items = format!("/incidents/{}/planning/items", world.planned.key);
    piet.post(&items, &[("title", "Ship it in steps"), ("state", "done"), ("factor", &factor)]).await.is(303);
    app.set_clock("2026-04-20T09:00:00Z");
    new.title = "Labels stopped again".to_owned();
    new.state = domain::incidents::IncidentState::Resolved;
    new.started_at = app.now() - chrono::TimeDelta::days(3);
    (new.detected_at, new.declared_at, new.mitigated_at, new.resolved_at) = (None, None, None, None);
    let again = store::incidents::add_with(store, &p.planner, &new, &[service], app.now()).await.unwrap();
    let id = store::incidents::by_key(store, &p.planner, again, app.now()).await.unwrap().incident.id;
    store::reviews::open(store, &p.admin, id, p.facilitator.person_id, false, app.now()).await.unwrap();
    let factor = store::learnings::NewFactor::plain(domain::learnings::FactorCategory::CodeChange, "Again.");
    store::learnings::add_factor(store, &p.facilitator, id, &factor, app.now()).await.unwrap();
    let piet = app.as_(&p.planner).await;
    let room = piet.get(&format!("/incidents/{}/planning", world.planned.key)).await;
    room.ok().shows("Returned after change").shows("This came back in").shows("Labels stopped again").shows("42 days after");
    room.shows(&format!("href=\"/incidents/{again}\""));
    app.as_(&p.facilitator).await.get(&format!("/incidents/{again}")).await.ok().hides("came back").hides("Ship it in steps");
}

/// Planning's own pages, and those that lead to them: a planner's home, the tab of an incident, what one made oneself.
fn of_planning(path: &str) -> bool {
    path == "/"
        || path.starts_with("/planned")
        || path.contains("/planning")
        || path.contains("/planners")
        || path.starts_with("/profile/data")
}

async fn nothing_of_a_plan_is_in_reviews_learnings_trends_or_digests(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let base = format!("/incidents/{}/planning", world.planned.key);
    let told: Vec<_> = world.canaries.iter().filter(|c| matches!(c.held, Held::Plan)).map(|c| c.token.clone()).collect();
    assert!(told.len() >= 8, "{told:?}");
    let item = world.planned.item.unwrap();
    let done = [("title", "Ship it in steps, says the plan"), ("state", "done"), ("reason", "Because of the plan")];
    let piet = app.as_(&p.planner).await;
    piet.post(&format!("{base}/items"), &done).await.is(303);
    let room = piet.get(&base).await;
    // The title stands in the link to its item.
    let (before, _) = room.body.split_once("Ship it in steps, says the plan").unwrap();
    let id = before.rsplit("/planning/items/").next().unwrap().split('"').next().unwrap();
    let page = format!("/planned/{id}");
    piet.post(&page, &[("verdict", "no"), ("words", "It did not help, says the plan")]).await.is(303);
    let viewers = Viewers::of(&app, &world).await;
    let mut pages = every_page(&world, &viewers);
    for word in ["Ship", "steps", "plan", &told[0]] {
        pages.push(format!("/search?q={word}"));
        pages.push(format!("/incidents?q={word}"));
    }
    let mut seen = 0;
    for who in [Who::Planner, Who::Facilitator, Who::Leader, Who::Admin, Who::Outsider] {
        for path in pages.iter().filter(|path| !of_planning(path)) {
            let page = viewers.get(who).get(path).await;
            if page.status != 200 {
                continue;
            }
            seen += 1;
            // What was asked for stands in the field of a search.
            let asked = |word: &str| path.contains("q=") && path.contains(word);
            for words in told.iter().map(String::as_str).chain(["says the plan", "Because of the plan", "/planned"]) {
                assert!(asked(words) || !page.body.contains(words), "{who:?} finds {words:?} at {path}");
            }
            assert!(!page.body.contains(&item.to_string()), "{who:?} finds the item at {path}");
            if path.contains("/review") || path.starts_with("/trends") {
                assert!(!page.body.contains("/planning"), "{who:?} finds a way to planning at {path}");
            }
        }
    }
    assert!(seen > 200, "{seen} pages");
}
