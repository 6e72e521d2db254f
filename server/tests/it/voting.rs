//! Through the router: choosing blind what a meeting talks about, its agenda, and three questions after it.

use crate::support::{App, World};
use domain::ThemeId;
use domain::reviews::themes::ThemeDraft;

both_engines! {
    people_choose_blind_and_the_facilitator_sets_the_agenda,
    a_vote_that_is_refused_keeps_what_was_chosen,
    themes_cannot_change_while_people_choose,
    three_questions_wait_and_are_counted,
}

fn at(world: &World, page: &str) -> String {
    format!("/incidents/{}/review{page}", world.review.key)
}

/// Two themes more, by the facilitator.
async fn themes(app: &App, world: &World) -> Vec<ThemeId> {
    let mut ids = Vec::new();
    for name in ["Alerts nobody believed", "Who knew whom"] {
        let draft = ThemeDraft { name: name.to_owned(), opening: "How did it look?".to_owned() };
        let frida = &world.people.facilitator;
        ids.push(store::reviews::add_theme(&app.store, frida, world.review.id, &draft, app.now()).await.unwrap());
    }
    ids
}

async fn people_choose_blind_and_the_facilitator_sets_the_agenda(app: App) {
    let world = app.world().await;
    let ids: Vec<String> = themes(&app, &world).await.iter().map(ToString::to_string).collect();
    let frida = app.as_(&world.people.facilitator).await;
    let oda = app.as_(&world.people.other_responder).await;
    oda.get(&at(&world, "/vote")).await.ok().shows("Nothing is to choose just now");
    frida.get(&at(&world, "/themes")).await.ok().shows("Ask what they want to talk about");
    frida.post(&at(&world, "/themes/vote"), &[("act", "open")]).await.is(303);
    frida.get(&at(&world, "/themes")).await.ok().shows("Close the vote").shows("0 of ");
    oda.get("/").await.ok().shows("What shall the meeting about");
    oda.get(&at(&world, "")).await.ok().shows("Choose what to talk about");
    oda.get(&at(&world, "/vote")).await.ok().shows("Alerts nobody believed").shows("How did it look?").shows("The vote is blind");
    let sent = oda.post(&at(&world, "/vote"), &[("themes", &ids[1])]).await;
    oda.follow(&sent).await.ok().shows("Nothing says that it was you").shows("You have voted");
    oda.get("/").await.ok().hides("What shall the meeting about");
    oda.post(&at(&world, "/vote"), &[("themes", &ids[0])]).await.is(409).shows("You have voted already");
    let page = frida.get(&at(&world, "/themes")).await;
    page.ok().shows("1 of ").hides("chosen once");
    frida.post(&at(&world, "/themes/vote"), &[("act", "close")]).await.is(303);
    frida.get(&at(&world, "/themes")).await.ok().shows("too few to show").hides("chosen once");
    frida.post(&at(&world, "/themes/agenda"), &[("themes", &ids[0])]).await.is(422).shows("Two to five fit");
    frida.post(&at(&world, "/themes/agenda"), &[("themes", &ids[0]), ("themes", &ids[1])]).await.is(303);
    oda.get(&at(&world, "")).await.ok().shows("What the meeting talks about").shows("Who knew whom");
    // Who was not asked sees nothing of it, and no theme.
    let outsider = app.as_(&world.people.outsider).await;
    outsider.get(&at(&world, "/vote")).await.is(404);
    outsider.get(&at(&world, "")).await.ok().hides("Who knew whom");
}

async fn a_vote_that_is_refused_keeps_what_was_chosen(app: App) {
    let world = app.world().await;
    let mut ids: Vec<String> = themes(&app, &world).await.iter().map(ToString::to_string).collect();
    for name in ["A third", "A fourth"] {
        let draft = ThemeDraft { name: name.to_owned(), opening: String::new() };
        let frida = &world.people.facilitator;
        let id = store::reviews::add_theme(&app.store, frida, world.review.id, &draft, app.now()).await.unwrap();
        ids.push(id.to_string());
    }
    store::reviews::open_vote(&app.store, &world.people.facilitator, world.review.id, app.now()).await.unwrap();
    let oda = app.as_(&world.people.other_responder).await;
    let four: Vec<(&str, &str)> = ids.iter().map(|id| ("themes", id.as_str())).collect();
    let refused = oda.post(&at(&world, "/vote"), &four).await;
    refused.is(422).shows("Please choose one to 3");
    assert_eq!(refused.body.matches(" checked").count(), 4);
    oda.post(&at(&world, "/vote"), &[]).await.is(422);
    oda.post(&at(&world, "/vote"), &[("themes", "nonsense")]).await.is(422).shows("A theme is gone since you looked");
}

async fn themes_cannot_change_while_people_choose(app: App) {
    let world = app.world().await;
    themes(&app, &world).await;
    store::reviews::open_vote(&app.store, &world.people.facilitator, world.review.id, app.now()).await.unwrap();
    let frida = app.as_(&world.people.facilitator).await;
    let refused = frida.post(&at(&world, "/themes"), &[("name", "One that came late"), ("opening", "")]).await;
    refused.is(409).shows("Please close the vote first").shows("One that came late");
}

async fn three_questions_wait_and_are_counted(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let frida = app.as_(&p.facilitator).await;
    let oda = app.as_(&p.other_responder).await;
    oda.get(&at(&world, "/after")).await.ok().shows("Nothing is asked here just now");
    frida.get(&at(&world, "/preparation")).await.ok().shows("Ask them now");
    frida.post(&at(&world, "/after/ask"), &[]).await.is(303);
    frida.get(&at(&world, "/preparation")).await.ok().shows("Fewer than 5 have answered");
    oda.get("/").await.ok().shows("How was the meeting about");
    oda.post(&at(&world, "/after"), &[]).await.is(422).shows("Please answer one of the three");
    let refused = oda.post(&at(&world, "/after"), &[("learned", "5"), ("said", "9")]).await;
    refused.is(422).shows("Please choose one of the five").shows("name=\"learned\" value=\"5\" checked");
    let five = [&p.other_responder, &p.named, &p.outsider, &p.planner, &p.facilitator];
    for who in five {
        frida.get(&at(&world, "/preparation")).await.ok().shows("Fewer than 5 have answered");
        let person = app.as_(who).await;
        let sent = person.post(&at(&world, "/after"), &[("learned", "4"), ("said", "5"), ("again", "")]).await;
        person.follow(&sent).await.ok().shows("Your answers are counted");
    }
    let page = frida.get(&at(&world, "/preparation")).await;
    page.ok().shows("I could say what I wanted. 5 answers.").hides("I would come to another one");
    app.as_(&p.leader).await.get(&at(&world, "/after")).await.is(404);
    // After publication, too, from the story.
    let story = format!("/incidents/{}/review", world.closed.key);
    frida.get(&story).await.ok().shows("After the meeting").shows(&format!("{story}/preparation#after-h"));
    frida.get(&format!("{story}/preparation")).await.ok().shows("Ask them now");
}
