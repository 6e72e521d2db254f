//! Themes through the router: marking while reading, gathering, and forms that come back with what was typed.

use crate::support::{App, Person, World};
use domain::AnswerId;
use domain::people::Viewer;

both_engines! {
    an_empty_page_says_how_to_begin,
    a_passage_is_marked_while_reading_and_stands_under_its_theme,
    a_refused_mark_keeps_what_was_typed,
    themes_are_named_reworded_ordered_and_taken_away,
    a_theme_that_changed_in_between_shows_both,
    what_may_not_be_read_out_says_so,
    after_publication_the_page_reads_and_takes_away,
    own_data_tells_that_a_passage_was_marked,
    written_scripts_stay_words_in_themes,
}

fn at(world: &World, page: &str) -> String {
    format!("/incidents/{}/review{page}", world.review.key)
}

fn answer(world: &World, of: &Viewer, question: i64) -> AnswerId {
    world.review.voice(of).answers[&question]
}

/// A part of every answer of the world.
const PART: &str = "is what was written here.";

async fn mark(frida: &Person, world: &World, answer: AnswerId, passage: &str, about: &str) -> crate::support::Answer {
    let answer = answer.to_string();
    frida.post(&at(world, "/passages"), &[("answer", &answer), ("passage", passage), ("about", about)]).await
}

/// The id after this prefix in the form nearest before some words.
fn id_before(body: &str, prefix: &str, words: &str) -> String {
    let before = body.split(words).next().unwrap();
    before.rsplit(prefix).next().unwrap().chars().take(36).collect()
}

async fn an_empty_page_says_how_to_begin(app: App) {
    let world = app.world().await;
    let p = &world.people;
    store::reviews::open(&app.store, &p.admin, world.resolved.id, p.facilitator.person_id, false, app.now()).await.unwrap();
    let frida = app.as_(&p.facilitator).await;
    let page = frida.get(&format!("/incidents/{}/review/themes", world.resolved.key)).await;
    page.ok().shows("Nothing is marked yet").shows("Read what people said").shows("A new theme");
    frida.get(&format!("/incidents/{}/review", world.resolved.key)).await.ok().shows("/review/themes");
}

async fn a_passage_is_marked_while_reading_and_stands_under_its_theme(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let answer = answer(&world, &world.people.named, 6);
    let overview = frida.get(&at(&world, "/overview")).await;
    let (form, field) = (format!("action=\"{}\"", at(&world, "/passages")), format!("data-picks=\"passage-{answer}\""));
    overview.ok().shows("Mark for a theme").shows(&form).shows(&field).shows(&format!("id=\"passage-{answer}\""));
    let sent = mark(&frida, &world, answer, PART, "who asked whom").await;
    assert!(sent.location().ends_with(&format!("#a-{answer}")), "{}", sent.location());
    frida.follow(&sent).await.ok().shows("Marked. It stands under Themes.");
    let article =
        |body: &str| body.split(&format!("id=\"a-{answer}\"")).nth(1).unwrap().split("</article>").next().unwrap().to_owned();
    let read = article(&frida.get(&at(&world, "/overview")).await.body);
    assert!(
        read.contains(&format!("<mark class=\"themed\">{PART}</mark>")) && read.contains("Marked, not grouped yet"),
        "{read}"
    );

    let themes = frida.get(&at(&world, "/themes")).await;
    themes.ok().shows("who asked whom").shows(&world.people.named.name).shows("6. What actions do you feel good about?");
    themes.shows(&format!("/review/overview#a-{answer}"));
    let passage = id_before(&themes.body, "id=\"p-", "who asked whom");
    let theme = world.review.theme.unwrap().to_string();
    let moved = frida.post(&at(&world, &format!("/passages/{passage}")), &[("act", "move"), ("theme", &theme)]).await;
    assert!(moved.location().ends_with(&format!("#p-{passage}")), "{}", moved.location());
    let read = article(&frida.get(&at(&world, "/overview?by=person")).await.body);
    assert!(read.contains("Theme: canary-INC-3-theme"), "{read}");
    let gone = frida.post(&at(&world, &format!("/passages/{passage}")), &[("act", "unmark")]).await;
    frida.follow(&gone).await.ok().shows("Removed.").hides("who asked whom");
    let again = frida.post(&at(&world, &format!("/passages/{passage}")), &[("act", "unmark")]).await;
    again.is(404);
    frida.post(&at(&world, &format!("/passages/{passage}")), &[("act", "x")]).await.is(400);
}

async fn a_refused_mark_keeps_what_was_typed(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let answer = answer(&world, &world.people.other_responder, 6);
    let refused = mark(&frida, &world, answer, "Not what was said.", "a note of mine").await;
    refused.is(422).shows("not the author’s words to the letter").shows("Not what was said.").shows("a note of mine");
    let article = refused.body.split(&format!("id=\"a-{answer}\"")).nth(1).unwrap().split("</article>").next().unwrap();
    assert!(article.contains("Not what was said.") && article.contains("aria-invalid"), "beside the field: {article}");
    let long = "a".repeat(400);
    mark(&frida, &world, answer, PART, &long).await.is(422).shows("160 fit").shows(&long);
    mark(&frida, &world, answer, " ", "").await.is(422).shows("Please write something here.");
    frida.get(&at(&world, "/themes")).await.ok().hides("a note of mine");
    // Words for nobody, a draft, another incident's.
    for (whose, question) in [(&world.people.private, 2), (&world.people.drafter, 2), (&world.people.other_responder, 11)] {
        let id = world.review.voice(whose).answers[&question];
        mark(&frida, &world, id, PART, "").await.is(404);
    }
    let foreign = world.foreign.voice(&world.people.foreign_responder).answers[&2];
    mark(&frida, &world, foreign, PART, "").await.is(404);
}

async fn themes_are_named_reworded_ordered_and_taken_away(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let path = at(&world, "/themes");
    let refused = frida.post(&path, &[("name", " "), ("opening", "How did it look?")]).await;
    refused.is(422).shows("Please write something here.").shows("How did it look?");
    let fields = [("name", "Alerts nobody believed"), ("opening", "How did it look?")];
    let added = frida.post(&path, &fields).await;
    let page = frida.follow(&added).await;
    page.ok().shows("Added.").shows("Alerts nobody believed").shows("How did it look?").shows("No passage stands here yet");
    let id = added.location().rsplit("#t-").next().unwrap().to_owned();
    let heading = |body: &str, name: &str| body.find(&format!("-h\">{name}")).unwrap();
    assert!(heading(&page.body, "canary-INC-3-theme") < heading(&page.body, "Alerts nobody believed"), "behind the others");
    let one = format!("{path}/{id}");
    frida.post(&one, &[("act", "up")]).await.is(303);
    let page = frida.get(&path).await;
    assert!(heading(&page.body, "Alerts nobody believed") < heading(&page.body, "canary-INC-3-theme"), "it stands first now");
    let wrong = frida.post(&one, &[("act", "save"), ("version", "1"), ("name", "")]).await;
    wrong.is(422).shows("Please write something here.");
    frida.post(&one, &[("act", "save"), ("version", "1"), ("name", "Alerts that cried")]).await.is(303);
    frida.get(&path).await.ok().shows("Alerts that cried").hides("How did it look?");
    frida.post(&one, &[("act", "x")]).await.is(400);
    let gone = frida.post(&one, &[("act", "remove")]).await;
    frida.follow(&gone).await.ok().shows("Removed.").hides("Alerts that cried");
    // The passages of a theme that goes are not grouped any more.
    let kept = world.review.theme.unwrap();
    frida.post(&format!("{path}/{kept}"), &[("act", "remove")]).await.is(303);
    frida.get(&path).await.ok().shows("canary-INC-3-note-facilitator").shows("Name a theme under “A new theme”");
}

async fn a_theme_that_changed_in_between_shows_both(app: App) {
    let world = app.world().await;
    let (frida, lars) = (app.as_(&world.people.facilitator).await, app.as_(&world.people.later_facilitator).await);
    let path = at(&world, &format!("/themes/{}", world.review.theme.unwrap()));
    lars.post(&path, &[("act", "save"), ("version", "1"), ("name", "As Lars calls it")]).await.is(303);
    let stale = frida.post(&path, &[("act", "save"), ("version", "1"), ("name", "As Frida calls it")]).await;
    stale.is(409).shows("As Lars calls it").shows("As Frida calls it").shows("changed this theme in between");
    let version = stale.field("version").unwrap();
    frida.post(&path, &[("act", "save"), ("version", &version), ("name", "As both call it")]).await.is(303);
    lars.get(&at(&world, "/themes")).await.ok().shows("As both call it");
}

async fn what_may_not_be_read_out_says_so(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let page = frida.get(&at(&world, "/themes")).await;
    page.ok().shows("They may not be read out");
    let item = |page: &str, words: &str| page.split("class=\"passage\"").find(|li| li.contains(words)).unwrap().to_owned();
    let closed = item(&page.body, "canary-INC-3-note-facilitator");
    assert!(closed.contains("It may not be read out.") && closed.contains(&world.people.responder.name));
    let unattributed = item(&page.body, "canary-INC-3-note-unattributed");
    assert!(unattributed.contains("Someone who was there") && !unattributed.contains("read out"));
    // Who came later and was not let read sees neither the passage nor the sentence.
    let lars = app.as_(&world.people.later_facilitator).await;
    lars.get(&at(&world, "/themes")).await.ok().hides("canary-INC-3-note-facilitator").hides("read out");
}

async fn after_publication_the_page_reads_and_takes_away(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let here = |page: &str| format!("/incidents/{}/review{page}", world.closed.key);
    let page = frida.get(&here("/themes")).await;
    page.ok().shows("canary-INC-4-theme").shows("Remove the mark").hides("A new theme").hides("value=\"move\"");
    frida.get(&here("/overview")).await.ok().hides("Mark for a theme");
    let answer = world.closed.voice(&world.people.named).answers[&6].to_string();
    let refused = frida.post(&here("/passages"), &[("answer", &answer), ("passage", PART)]).await;
    refused.is(409).shows("The second story is published");
    frida.post(&here("/themes"), &[("name", "One more")]).await.is(409).shows("The second story is published");
    let passage = world.closed.passage.unwrap();
    frida.post(&here(&format!("/passages/{passage}")), &[("act", "unmark")]).await.is(303);
    frida.get(&here("/themes")).await.ok().hides("canary-INC-4-note-named");
}

async fn own_data_tells_that_a_passage_was_marked(app: App) {
    let world = app.world().await;
    let nora = app.as_(&world.people.named).await;
    let json = nora.get("/profile/data.json").await.json();
    let conversations = json["conversations"].as_array().unwrap();
    let here = conversations.iter().find(|c| c["incident"] == world.review.key.to_string()).unwrap();
    let of = |question: i64| here["answers"].as_array().unwrap().iter().find(|a| a["question"] == question).unwrap().clone();
    assert_eq!(of(2)["marked"][0]["name"], world.people.facilitator.name);
    assert_eq!(of(2)["marked"].as_array().unwrap().len(), 1);
    assert!(of(6)["marked"].as_array().unwrap().is_empty());
    nora.get("/profile/data.md").await.ok().shows("A passage was marked for a theme by Frida Facilitator");
    nora.get("/profile/data").await.ok().shows("Passages of your answers that were marked");
    app.as_(&world.people.facilitator).await.get("/profile/data").await.ok().shows("Themes of reviews");
}

async fn written_scripts_stay_words_in_themes(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let bad = "<img src=x onerror=alert(1)>\"'</textarea><script>alert(2)</script>";
    frida.post(&at(&world, "/themes"), &[("name", bad), ("opening", bad)]).await.is(303);
    mark(&frida, &world, answer(&world, &world.people.named, 6), PART, bad).await.is(303);
    for page in [at(&world, "/themes"), at(&world, "/overview")] {
        frida.get(&page).await.ok().hides("<img src=x").hides("<script>alert(2)");
    }
    let refused = mark(&frida, &world, answer(&world, &world.people.named, 6), bad, bad).await;
    refused.is(422).hides("<img src=x").hides("<script>alert(2)");
}
