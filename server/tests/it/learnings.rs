//! Learnings on pages of their own, what met them again, and thanks, as people meet them.

use crate::support::App;
use domain::learnings::thanks::Thanked;

both_engines! {
    a_learning_has_a_page_of_its_own,
    the_form_about_a_learning_loses_nothing_that_was_typed,
    the_list_keeps_its_filters_in_the_address,
    new_to_me_too_is_said_and_taken_back,
    an_incident_says_what_it_met_again,
    runbooks_stand_on_the_page_of_a_learning,
    thanks_stand_in_the_story_once_the_person_said_yes,
}

async fn a_learning_has_a_page_of_its_own(app: App) {
    let world = app.world().await;
    let told = &world.closed;
    let learning = told.learning.unwrap();
    let page = format!("/learnings/{learning}");
    let lea = app.as_(&world.people.leader).await;
    lea.get(&page).await.ok().shows("closed-learning").shows("closed-before").shows("Before we thought").hides("Take away");
    lea.get(&format!("/incidents/{}/review", told.key)).await.ok().shows(&format!("href=\"{page}\""));
    lea.get(&format!("/incidents/{}/factors", told.key)).await.ok().shows(&format!("href=\"{page}\""));
    lea.get("/learnings/nonsense").await.is(404);
    lea.get(&format!("/learnings/{}", uuid::Uuid::from_u128(7))).await.is(404);
    let frida = app.as_(&world.people.facilitator).await;
    let change = format!("/incidents/{}/learnings/{learning}", told.key);
    let team = world.people.team.to_string();
    let fields = [
        ("known", "It grows"),
        ("kind", "system"),
        ("team", team.as_str()),
        ("status", "outdated"),
        ("reason", "The pool grows by itself."),
        ("replaced_by", &format!("/learnings/{}", world.planned.learning.unwrap())),
        ("shown_by", "https://graphs.example/1"),
        ("version", "1"),
    ];
    frida.post(&change, &fields).await.is(303);
    lea.get(&page)
        .await
        .ok()
        .shows("This was true then, and it helped.")
        .shows("The pool grows by itself.")
        .shows("planned-learning")
        .shows("Payments")
        .shows("graphs.example/1");
    lea.get(&format!("/incidents/{}/review/story.md", told.key)).await.ok().shows("True then. Now: The pool grows by itself.");
    // Somebody else saved meanwhile: theirs is shown whole, and nothing typed is lost.
    frida
        .post(&change, &[("known", "Typed since"), ("kind", "system"), ("version", "1")])
        .await
        .is(409)
        .shows("Typed since")
        .shows("The pool grows by itself.")
        .shows("Was true then");
    // Restricted, it is not there.
    store::incidents::restrict(&app.store, &world.people.facilitator, told.id, true, app.now()).await.unwrap();
    lea.get(&page).await.is(404);
}

async fn the_form_about_a_learning_loses_nothing_that_was_typed(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let add = format!("/incidents/{}/learnings", world.review.key);
    let team = world.people.team.to_string();
    let typed = [
        ("known", "Typed already"),
        ("kind", "process"),
        ("team", team.as_str()),
        ("status", "outdated"),
        ("reason", ""),
        ("replaced_by", "the other one"),
        ("shown_by", "the graph"),
    ];
    let page = frida.post(&add, &typed).await;
    page.is(422)
        .shows("Typed already")
        .shows("what holds now.")
        .shows("Please paste the address of a learning.")
        .shows("is no address");
    page.shows("the other one").shows("the graph").shows(&format!("value=\"{team}\" checked"));
    let unknown = format!("/learnings/{}", uuid::Uuid::from_u128(7));
    let typed = [
        ("known", "Typed already"),
        ("kind", "process"),
        ("status", "outdated"),
        ("reason", "It"),
        ("replaced_by", unknown.as_str()),
    ];
    frida.post(&add, &typed).await.is(422).shows("You see no such learning.").shows("Typed already");
    let change = format!("/incidents/{}/learnings/{}", world.review.key, world.review.learning.unwrap());
    let mut typed = typed.to_vec();
    typed.push(("version", "1"));
    frida.post(&change, &typed).await.is(422).shows("You see no such learning.").shows("Typed already");
}

async fn the_list_keeps_its_filters_in_the_address(app: App) {
    let world = app.world().await;
    let ada = app.as_(&world.people.admin).await;
    let page = ada.get("/learnings").await;
    page.ok().shows("closed-learning").shows("planned-learning").hides("review-learning").hides("foreign-learning");
    let system = ada.get("/learnings?kind=system&q=closed-learn").await;
    system.ok().shows("closed-learning").hides("planned-learning").shows("value=\"closed-learn\"");
    ada.get("/learnings?kind=people").await.ok().shows("No learning is like that");
    ada.get(&format!("/learnings?team={}", world.people.team)).await.ok().shows("No learning is like that");
    let last = world.planned.learning.unwrap();
    ada.get(&format!("/learnings?after={last}&kind=system")).await.ok().shows("This is the end").shows("/learnings?kind=system");
    app.anonymous().get("/learnings").await.is(303);
}

async fn new_to_me_too_is_said_and_taken_back(app: App) {
    let world = app.world().await;
    let page = format!("/learnings/{}", world.closed.learning.unwrap());
    let (lea, rune) = (app.as_(&world.people.leader).await, app.as_(&world.people.responder).await);
    let said = lea.post(&format!("{page}/new"), &[("new", "yes")]).await;
    lea.follow(&said).await.ok().shows("thank you, noted").shows("Take it back").hides("New to 1");
    rune.get(&page).await.ok().shows("New to me too").hides("Lea Leader").hides("others as well").hides("or more people");
    lea.get("/profile/data.json").await.ok().shows(&world.closed.learning.unwrap().to_string());
    rune.get("/profile/data.json").await.ok().hides(&world.closed.learning.unwrap().to_string());
    let back = lea.post(&format!("{page}/new"), &[("new", "")]).await;
    lea.follow(&back).await.ok().shows("New to me too").hides("thank you, noted");
    // Before publication there is no button, and nothing is taken.
    let early = format!("/learnings/{}", world.review.learning.unwrap());
    lea.get(&early).await.ok().hides("New to me too");
    lea.post(&format!("{early}/new"), &[("new", "yes")]).await.is(404);
}

async fn an_incident_says_what_it_met_again(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let (lea, tab) = (app.as_(&world.people.leader).await, format!("/incidents/{}/factors", world.review.key));
    let met = format!("/incidents/{}/met", world.review.key);
    let again = world.planned.learning.unwrap();
    frida
        .post(&met, &[("learning", "INC-1"), ("note", "At four")])
        .await
        .is(422)
        .shows("Please paste the address")
        .shows("At four");
    frida.post(&met, &[("learning", ""), ("note", "At four")]).await.is(422).shows("At four");
    let added = frida.post(&met, &[("learning", &format!("/learnings/{again}")), ("note", "At four in the morning")]).await;
    frida.follow(&added).await.ok().shows("planned-learning").shows("At four in the morning");
    frida.get(&format!("/learnings/{again}")).await.ok().shows("At four in the morning");
    // The review is not published: only who leads it reads that.
    lea.get(&tab).await.ok().hides("At four in the morning").hides("planned-learning");
    lea.get(&format!("/learnings/{again}")).await.ok().hides("At four in the morning");
    // The one of the published story stands in it.
    let story = format!("/incidents/{}/review", world.closed.key);
    lea.get(&story).await.ok().shows("Met again here").shows("planned-learning");
    lea.get(&format!("{story}/story.md")).await.ok().shows("Met again (");
    let taken = frida.post(&format!("/incidents/{}/met/{}/delete", world.closed.key, world.closed.met.unwrap()), &[]).await;
    frida.follow(&taken).await.ok();
    lea.get(&story).await.ok().hides("Met again here");
}

async fn runbooks_stand_on_the_page_of_a_learning(app: App) {
    let world = app.world().await;
    let (frida, lea) = (app.as_(&world.people.facilitator).await, app.as_(&world.people.leader).await);
    let (key, id) = (world.closed.key, world.closed.learning.unwrap());
    let add = format!("/incidents/{key}/learnings/{id}/links");
    let typed = [("kind", "exercise"), ("link_title", "Dark morning"), ("address", "javascript:alert(1)"), ("day", "soon")];
    frida.post(&add, &typed).await.is(422).shows("Dark morning").shows("begins with https://").shows("like 2026-03-01");
    let typed = [("kind", "exercise"), ("link_title", "Dark morning"), ("address", ""), ("day", "2026-06-01")];
    let added = frida.post(&add, &typed).await;
    frida.follow(&added).await.ok().shows("Dark morning").shows("1 Jun 2026");
    lea.get(&format!("/learnings/{id}"))
        .await
        .ok()
        .shows("Dark morning")
        .shows("https://runbooks.example/one")
        .hides("Take away");
    frida.post(&format!("/incidents/{key}/runbooks/{}/delete", world.closed.link.unwrap()), &[]).await.is(303);
    lea.get(&format!("/learnings/{id}")).await.ok().hides("https://runbooks.example/one");
}

async fn thanks_stand_in_the_story_once_the_person_said_yes(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let (frida, nora, lea) = (app.as_(&p.facilitator).await, app.as_(&p.named).await, app.as_(&p.leader).await);
    let (key, id) = (world.closed.key, world.closed.thanks.unwrap());
    let (page, story) = (format!("/incidents/{key}/thanks"), format!("/incidents/{key}/review"));
    let words = format!("{key}-thanks");
    frida.get(&page).await.ok().shows(&words).shows("Asked; not shown yet");
    let files = ["", "/story.md", "/story.html"].map(|file| format!("{story}{file}"));
    for path in &files {
        lea.get(path).await.ok().hides(&words);
        nora.get(path).await.ok().hides(&words);
        // Also for who leads: what they take along is the story.
        frida.get(path).await.ok().hides(&words);
    }
    nora.get("/").await.ok().shows("would like to thank you");
    nora.get("/thanks").await.ok().shows(&words).shows("Yes, with my name").shows("Leave it out");
    lea.get("/thanks").await.ok().hides(&words);
    lea.get("/").await.ok().hides("would like to thank you");
    lea.post(&format!("/thanks/{id}"), &[("answer", "yes")]).await.is(404);
    nora.post(&format!("/thanks/{id}"), &[("answer", "perhaps")]).await.is(400);
    let yes = nora.post(&format!("/thanks/{id}"), &[("answer", "yes")]).await;
    nora.follow(&yes).await.ok().shows("It may stand in the story with your name.");
    for path in &files {
        lea.get(path).await.ok().shows(&words);
    }
    lea.get(&files[0]).await.ok().shows(&format!("<strong>{}</strong>", p.named.name));
    lea.get(&format!("{story}/story.html?names=off")).await.ok().hides(&words);
    nora.post(&format!("/thanks/{id}"), &[("answer", "no")]).await.is(303);
    for path in &files {
        lea.get(path).await.ok().hides(&words);
    }
    // A team is thanked at once; what is refused keeps what was typed.
    frida.post(&page, &[("to", ""), ("words", "For the tea.")]).await.is(422).shows("Please choose").shows("For the tea.");
    let team = Thanked::Team(p.team).slug();
    frida.post(&page, &[("to", &team), ("words", " ")]).await.is(422).shows("Please write something");
    frida.post(&page, &[("to", &team), ("words", "For the tea.")]).await.is(303);
    lea.get(&story).await.ok().shows("For the tea.");
    lea.get(&page).await.is(404);
}
