//! The document of a review through the router: which sections there are, mentions, comments, its states, and looking at it again.

use crate::support::{App, Person};

both_engines! {
    empty_optional_sections_are_folded_away_and_none_is_a_must,
    what_is_for_people_outside_stands_apart,
    a_mention_is_drawn_as_it_stands_now,
    a_comment_is_written_resolved_and_taken_back,
    a_change_after_publication_is_told,
    a_story_is_looked_at_again,
    a_story_is_taken_along_as_a_file,
}

fn at(key: impl std::fmt::Display, page: &str) -> String {
    format!("/incidents/{key}/review{page}")
}

async fn write(who: &Person, path: &str, body: &str) {
    let version = who.get(path).await.ok().field("base_version").unwrap();
    who.post(path, &[("base_version", &version), ("body", body)]).await.is(303);
}

async fn empty_optional_sections_are_folded_away_and_none_is_a_must(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let desk = at(world.review.key, "");
    let rows = |body: &str| body.split("Add a section…").next().unwrap().matches("section-row").count();
    let page = frida.get(&desk).await;
    page.ok().shows("Calibrating").shows("Does it tell how it came to this?");
    let all = rows(&page.body);
    for (section, title) in [("luck", "Where we had luck"), ("glossary", "Words and links"), ("impact", "Impact")] {
        write(&frida, &at(world.review.key, &format!("/{section}")), "").await;
        let page = frida.get(&desk).await;
        page.ok().shows(title);
        let folded = page.body.split("Add a section…").nth(1).unwrap().contains(title);
        assert_eq!(folded, section != "impact", "{title}");
    }
    let page = frida.get(&desk).await;
    assert_eq!(rows(&page.body), all - 2);
    page.shows("Who noticed, how many, for how long?");
    frida.get(&at(world.review.key, "/preview")).await.ok().hides("Where we had luck").shows("Known then, known now");
    let begin = frida.post(&at(world.review.key, "/known-then"), &[("body", ""), ("act", "begin")]).await;
    begin.ok().shows("| Known then | Known now |").shows("not saved yet");
    frida.post(&at(world.review.key, "/luck"), &[("body", ""), ("act", "begin")]).await.is(400);
}

async fn what_is_for_people_outside_stands_apart(app: App) {
    let world = app.world().await;
    let token = format!("canary-{}-section-external", world.closed.key);
    for viewer in [&world.people.leader, &world.people.facilitator] {
        let person = app.as_(viewer).await;
        person.get(&at(world.closed.key, "")).await.ok().hides(&token).shows("A text for people outside stands apart");
        person.get(&at(world.closed.key, "/outside")).await.ok().shows(&token);
    }
    let frida = app.as_(&world.people.facilitator).await;
    frida.get(&at(world.review.key, "/preview")).await.ok().hides("section-external");
    frida.get(&at(world.review.key, "/external")).await.ok().hides("Quotes here");
    frida.get(&at(world.review.key, "/overview")).await.ok().hides("value=\"external\"");
    let answer = world.review.voice(&world.people.named).answers[&2].to_string();
    let fields = [("answer", answer.as_str()), ("section", "external"), ("text", "Said."), ("paraphrase", "yes")];
    let refused = frida.post(&at(world.review.key, "/quotes"), &fields).await;
    refused.is(422).shows("not in a text for people outside");
    app.as_(&world.people.outsider).await.get(&at(world.review.key, "/outside")).await.is(404);
}

async fn a_story_is_taken_along_as_a_file(app: App) {
    let world = app.world().await;
    let (lea, frida) = (app.as_(&world.people.leader).await, app.as_(&world.people.facilitator).await);
    let named = &world.people.named.name;
    for (page, about) in [("/story.md", "text/markdown"), ("/story.html", "text/html")] {
        let file = lea.get(&at(world.closed.key, page)).await;
        file.ok().shows("canary-closed-title").shows(&format!("canary-{}-section-summary", world.closed.key)).shows(named);
        file.hides("section-external").hides("-item-");
        assert!(file.header("content-type").starts_with(about), "{}", file.header("content-type"));
        assert!(file.header("content-disposition").contains("second-story-INC-"), "{}", file.header("content-disposition"));
        lea.get(&at(world.closed.key, &format!("{page}?names=off"))).await.ok().hides(named);
        // Words that their author has not agreed to, or would say otherwise, leave by no file.
        let draft = frida.get(&at(world.review.key, page)).await;
        draft.ok().shows("A draft: not published").shows("-quote-right");
        draft.hides("-quote-waiting").hides("-quote-change").hides("-offered-").hides("-quote-left-out");
        app.as_(&world.people.outsider).await.get(&at(world.review.key, page)).await.is(404);
    }
}

async fn a_mention_is_drawn_as_it_stands_now(app: App) {
    let world = app.world().await;
    let (frida, piet) = (app.as_(&world.people.facilitator).await, app.as_(&world.people.planner).await);
    let told = &world.review;
    let (event, factor) = (told.event.unwrap(), told.factor.unwrap());
    let path = at(told.key, "/background");
    let editor = frida.get(&path).await;
    editor.ok().shows("Mention a moment or a factor").shows(&format!("value=\"event:{event}\""));
    let version = editor.field("base_version").unwrap();
    let put = [("base_version", version.as_str()), ("body", "As at"), ("act", "mention"), ("mention", &format!("event:{event}"))];
    let put = frida.post(&path, &put).await;
    put.ok().shows(&format!("As at\n\n[](event:{event})")).shows("not saved yet");
    frida.post(&path, &[("body", ""), ("act", "mention"), ("mention", "event:nowhere")]).await.is(400);
    let text = format!("As [](event:{event}) and [the rule](factor:{factor}), not [](event:{}).", uuid::Uuid::from_u128(9));
    let preview = frida.post(&path, &[("base_version", &version), ("body", &text), ("act", "preview")]).await;
    preview.ok().shows(&format!("href=\"/incidents/{}#e-{event}\"", told.key));
    write(&frida, &path, &text).await;
    let story = frida.get(&at(told.key, "/preview")).await;
    story
        .ok()
        .shows(&format!("href=\"/incidents/{}#e-{event}\"", told.key))
        .shows("a moment of the timeline (no longer on the timeline)");
    story.shows(&format!("/incidents/{}/factors#f-{factor}", told.key)).shows("the rule</a>");
    let form = piet.get(&format!("/incidents/{}/events/{event}/edit", told.key)).await;
    let event_form = [
        ("date", "2026-03-01"),
        ("time", "07:07"),
        ("zone", "UTC"),
        ("kind", "note"),
        ("body", "Told quite otherwise"),
        ("version", &form.field("version").unwrap_or_else(|| "1".to_owned())),
    ];
    piet.post(&format!("/incidents/{}/events/{event}", told.key), &event_form).await.is(303);
    frida.get(&at(told.key, "/preview")).await.ok().shows("Told quite otherwise</a>");
}

async fn a_comment_is_written_resolved_and_taken_back(app: App) {
    let world = app.world().await;
    let (frida, olaf, lea) =
        (app.as_(&world.people.facilitator).await, app.as_(&world.people.outsider).await, app.as_(&world.people.leader).await);
    let (key, path) = (world.closed.key, at(world.closed.key, "/hard/comments"));
    olaf.get(&path).await.ok().shows("No comment is open here.");
    olaf.post(&path, &[("body", " ")]).await.is(422);
    let added = olaf.post(&path, &[("body", "It was **so** here too.")]).await;
    let page = olaf.follow(&added).await;
    page.ok().shows("<strong>so</strong>").shows("Take it back");
    lea.get(&path).await.ok().shows("<strong>so</strong>").hides("Resolve").hides("Take it back");
    lea.get(&at(key, "")).await.ok().shows("1 comment").hides("here too");
    let id = page.body.split("id=\"c-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let one = at(key, &format!("/comments/{id}"));
    lea.post(&one, &[("act", "resolve")]).await.is(404);
    lea.post(&one, &[("act", "shout")]).await.is(404);
    olaf.post(&one, &[("act", "shout")]).await.is(400);
    frida.post(&one, &[("act", "resolve")]).await.is(303);
    olaf.get(&path).await.ok().shows("1 resolved").shows("No comment is open here.");
    frida.post(&one, &[("act", "take-back")]).await.is(404);
    olaf.post(&one, &[("act", "take-back")]).await.is(303);
    frida.get(&path).await.ok().hides("here too");
    // A form that promised to stay among those who lead says so when the story was published meanwhile, and promises it no more.
    let promised = [("body", "A candid word."), ("among", "yes")];
    let page = frida.post(&path, &promised).await;
    page.is(422).shows("was published meanwhile").shows("A candid word.").shows("Everybody who may read the story reads it.");
    assert_eq!(page.field("among"), None);
    lea.get(&path).await.ok().hides("A candid word.");
    // What was written among those who lead stays among them.
    let before = at(key, "/summary/comments");
    frida.get(&before).await.ok().shows(&format!("canary-{key}-comment"));
    lea.get(&before).await.ok().hides("-comment");
    olaf.get(&at(world.review.key, "/summary/comments")).await.is(404);
    olaf.post(&at(world.review.key, "/summary/comments"), &[("body", "")]).await.is(404);
}

async fn a_change_after_publication_is_told(app: App) {
    let world = app.world().await;
    let (frida, olaf) = (app.as_(&world.people.facilitator).await, app.as_(&world.people.outsider).await);
    let story = at(world.closed.key, "");
    olaf.get(&story).await.ok().hides("Revised");
    write(&frida, &at(world.closed.key, "/luck"), "It was a weekday.").await;
    let page = olaf.get(&story).await;
    page.ok().shows("Revised").shows(&format!("/incidents/{}/history?kind=section", world.closed.key)).shows("It was a weekday.");
    olaf.get("/incidents").await.ok().shows("Revised");
    olaf.get(&format!("/incidents/{}/history?kind=section", world.closed.key)).await.ok().shows("Where we had luck");
}

async fn a_story_is_looked_at_again(app: App) {
    let world = app.world().await;
    let story = at(world.closed.key, "");
    let home = format!("Is the story of {} still true?", world.closed.key);
    let frida = app.as_(&world.people.facilitator).await;
    frida.get("/").await.ok().hides(&home);
    app.set_clock("2026-06-20T09:00:00Z");
    let (frida, olaf) = (app.as_(&world.people.facilitator).await, app.as_(&world.people.outsider).await);
    frida.get("/").await.ok().shows(&home);
    olaf.get("/").await.ok().hides(&home);
    frida.get(&story).await.ok().shows("Is it still true?");
    olaf.get(&story).await.ok().hides("Is it still true?");
    let path = at(world.closed.key, "/again");
    olaf.post(&path, &[("outcome", "still-true")]).await.is(404);
    frida.post(&path, &[("outcome", "never")]).await.is(400);
    let refused = frida.post(&path, &[("outcome", "some-changed"), ("words", "")]).await;
    refused.is(422).shows("Please say in a sentence what has changed.");
    frida.post(&path, &[("outcome", "later")]).await.is(303);
    frida.get("/").await.ok().hides(&home);
    frida.post(&path, &[("outcome", "some-changed"), ("words", "The **queue** is gone.")]).await.is(303);
    olaf.get(&story)
        .await
        .ok()
        .shows("Looked at again on")
        .shows("some of it has changed")
        .shows("<strong>queue</strong> is gone");
    frida.post(&at(world.review.key, "/again"), &[("outcome", "still-true")]).await.is(409);
}
