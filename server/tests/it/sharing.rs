//! Links to a published story for people without an account: what a reader finds, what leads nowhere, and how a link ends.

use crate::support::{Answer, App, Person};

both_engines! {
    a_link_opens_the_story_and_leads_nowhere,
    names_and_the_text_for_people_outside_come_where_they_were_chosen,
    a_link_that_opens_nothing_says_so_in_one_way,
    what_is_restricted_or_not_published_has_no_links,
    a_link_is_made_for_a_time_that_ends,
    an_organisation_does_without_links,
}

fn at(key: impl std::fmt::Display, page: &str) -> String {
    format!("/incidents/{key}/review{page}")
}

/// The path of the link that this page shows.
#[track_caller]
fn shown(made: &Answer) -> String {
    let address = made.ok().attributes("value").into_iter().find(|v| v.contains("/shared/")).expect("an address");
    format!("/shared/{}", address.rsplit('/').next().unwrap())
}

async fn link(frida: &Person, key: impl std::fmt::Display, fields: &[(&str, &str)]) -> String {
    shown(&frida.post(&at(key, "/links"), fields).await)
}

async fn a_link_opens_the_story_and_leads_nowhere(app: App) {
    let world = app.world().await;
    let told = &world.closed;
    let frida = app.as_(&world.people.facilitator).await;
    let (event, factor) = (told.event.unwrap(), told.factor.unwrap());
    let path = at(told.key, "/narrative");
    let version = frida.get(&path).await.ok().field("base_version").unwrap();
    let text = format!(
        "At first [](event:{event}), as [the rule](factor:{factor}) says.\n\nSee [the list](/incidents), [a board](https://board.example.org/7) \
         and ![a file](attachment:{}).\n\n<https://board.example.org/8>",
        uuid::Uuid::from_u128(7)
    );
    frida.post(&path, &[("base_version", &version), ("body", &text)]).await.is(303);
    let story = frida.get(&at(told.key, "")).await;
    story.ok().shows(&format!("href=\"#t-{event}\"")).shows(&format!("id=\"t-{event}\"")).shows("class=\"moments\"");
    story.shows(&at(told.key, "/links"));

    let path = link(&frida, told.key, &[("days", "7"), ("names", "no")]).await;
    let page = app.anonymous().get(&path).await;
    page.ok().shows("canary-closed-title").shows(&format!("canary-{}-section-summary", told.key)).shows("-quote-named");
    page.shows("the list")
        .shows("a board")
        .shows("the rule")
        .shows(&format!("href=\"#t-{event}\""))
        .shows("Somebody who was there");
    for inside in
        ["board.example.org/7", "section-external", "parked", "Comment", "Take it along", "Similar incidents", "Sign in"]
    {
        page.hides(inside);
    }
    for viewer in [&world.people.named, &world.people.facilitator, &world.people.responder] {
        page.hides(&viewer.name);
    }
    page.hides("class=\"key\"");
    for address in ["href", "src", "action", "formaction"].iter().flat_map(|name| page.attributes(name)) {
        assert!(address.starts_with('#') || address.starts_with("/assets/"), "{address} leads somewhere");
    }
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.header("x-robots-tag").contains("noindex") && page.body.contains("name=\"robots\""));
    assert_eq!(page.header("set-cookie"), "");
    // The same for everybody: who is signed in finds no more.
    assert_eq!(frida.get(&path).await.bare(), page.bare());
    frida
        .get(&at(told.key, "/links"))
        .await
        .ok()
        .shows("Opened 2 times")
        .shows("Frida Facilitator")
        .hides(path.trim_start_matches("/shared/"));
    app.anonymous().get(&format!("{path}?said=saved")).await.ok().hides("Saved.");
}

async fn names_and_the_text_for_people_outside_come_where_they_were_chosen(app: App) {
    let world = app.world().await;
    let told = &world.closed;
    let frida = app.as_(&world.people.facilitator).await;
    frida.get(&at(told.key, "/links")).await.ok().shows("With the text for people outside, at its end");
    let path = link(&frida, told.key, &[("days", "30"), ("names", "yes"), ("outside", "yes")]).await;
    let page = app.anonymous().get(&path).await;
    page.ok().shows(&world.people.named.name).shows(&format!("canary-{}-section-external", told.key)).hides("parked");
}

async fn a_link_that_opens_nothing_says_so_in_one_way(app: App) {
    let world = app.world().await;
    let told = &world.closed;
    let frida = app.as_(&world.people.facilitator).await;
    let nobody = app.anonymous();
    let never = nobody.get("/shared/never-was").await;
    never.is(404).shows("This link is no longer open").hides("canary-");
    assert!(never.attributes("href").iter().all(|a| a.starts_with('#') || a.starts_with("/assets/")));
    assert_eq!(never.header("referrer-policy"), "no-referrer");
    let taken_back = link(&frida, told.key, &[("days", "7")]).await;
    let page = frida.get(&at(told.key, "/links")).await;
    let id = page.ok().field("link").unwrap();
    frida.post(&at(told.key, "/links/end"), &[("link", &id)]).await.is(303);
    frida.post(&at(told.key, "/links/end"), &[("link", &id)]).await.is(303);
    let over = link(&frida, told.key, &[("days", "1")]).await;
    let closed = link(&frida, told.key, &[("days", "30")]).await;
    nobody.get(&closed).await.ok();
    let day = app.now() + chrono::TimeDelta::days(1);
    app.set_clock(&day.to_rfc3339());
    store::incidents::restrict(&app.store, &world.people.facilitator, told.id, true, day).await.unwrap();
    for ended in [taken_back, over, closed] {
        assert_eq!(nobody.get(&ended).await.is(404).bare(), never.bare(), "{ended}");
    }
}

async fn what_is_restricted_or_not_published_has_no_links(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let fields = [("days", "7"), ("names", "no")];
    frida.get(&at(world.review.key, "/links")).await.ok().shows("not published yet").hides("Make a link");
    frida.post(&at(world.review.key, "/links"), &fields).await.is(409).shows("not published yet");
    store::incidents::restrict(&app.store, &world.people.facilitator, world.closed.id, true, app.now()).await.unwrap();
    frida.get(&at(world.closed.key, "/links")).await.ok().shows("This incident is restricted").hides("Make a link");
    frida.post(&at(world.closed.key, "/links"), &fields).await.is(409).shows("This incident is restricted");
}

async fn a_link_is_made_for_a_time_that_ends(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    for days in ["", "0", "365", "for ever"] {
        let refused = frida.post(&at(world.closed.key, "/links"), &[("days", days), ("names", "yes")]).await;
        refused.is(422).shows("Please choose how long it lasts").hides("/shared/");
    }
    frida.get(&at(world.closed.key, "/links")).await.ok().shows("No link is open.");
}

async fn an_organisation_does_without_links(app: App) {
    let world = app.world().await;
    let (frida, admin) = (app.as_(&world.people.facilitator).await, app.as_(&world.people.admin).await);
    let path = link(&frida, world.closed.key, &[("days", "7")]).await;
    app.anonymous().get(&path).await.ok();
    admin.post("/settings/review", &[("share_links", "nonsense")]).await.is(303);
    app.anonymous().get(&path).await.ok();
    admin.post("/settings/review", &[("share_links", "off")]).await.is(303);
    app.anonymous().get(&path).await.is(404).shows("This link is no longer open");
    frida.get(&at(world.closed.key, "/links")).await.ok().shows("switched off here");
}
