//! Reviews through the router: opening, writing, quotes and back, publishing, the story.

use crate::support::{Answer, App, Person, World};

both_engines! {
    a_review_is_opened_with_a_form_that_says_who_cannot,
    the_desk_is_the_facilitators_alone,
    a_save_is_kept_and_a_stale_one_shows_both_texts,
    a_page_saves_by_itself_and_is_told_what_became_of_it,
    a_refused_section_keeps_what_was_typed,
    a_preview_saves_nothing_and_hints_stop_nothing,
    what_people_said_is_cut_to_the_facilitator_and_read_on_record,
    a_quote_travels_to_its_author_and_into_the_story,
    a_refused_quote_keeps_what_was_typed,
    a_guest_says_right_by_personal_link,
    publishing_says_what_keeps_it,
    a_published_story_reads_without_plan_or_author,
    a_section_says_how_often_it_was_edited_since_everybody_reads_it,
    written_scripts_stay_words,
}

fn at(key: impl std::fmt::Display, page: &str) -> String {
    format!("/incidents/{key}/review{page}")
}

/// A section's form as it stands, sent with other words.
async fn write(who: &Person, path: &str, body: &str) -> Answer {
    let version = who.get(path).await.ok().field("base_version").unwrap();
    who.post(path, &[("base_version", &version), ("body", body)]).await
}

/// Settles what is open in INC-3: the author of "change" leaves it out, the author of "waiting" agrees.
async fn settle(app: &App, world: &World) {
    let named = app.as_(&world.people.named).await;
    let other = app.as_(&world.people.other_responder).await;
    let change = world.review.quotes["change"].to_string();
    let waiting = world.review.quotes["waiting"].to_string();
    named.post(&format!("/quotes/{change}"), &[("version", "2"), ("decision", "leave-out")]).await.is(303);
    other.post(&format!("/quotes/{waiting}"), &[("version", "1"), ("decision", "right")]).await.is(303);
}

async fn a_review_is_opened_with_a_form_that_says_who_cannot(app: App) {
    let world = app.world().await;
    let path = at(world.resolved.key, "");
    let outsider = app.as_(&world.people.outsider).await;
    outsider.get(&path).await.ok().shows("There is no review yet").hides("/review/open");
    outsider.post(&at(world.resolved.key, "/open"), &[("facilitator", "x")]).await.is(404);
    let admin = app.as_(&world.people.admin).await;
    admin
        .get(&path)
        .await
        .ok()
        .shows("Open the review")
        .shows("Nobody appoints themselves.")
        .shows("Leads people who may have to speak freely.");
    let leader = world.people.leader.person_id.to_string();
    let refused = admin.post(&at(world.resolved.key, "/open"), &[("facilitator", &leader)]).await;
    refused.is(422).shows("cannot facilitate this review");
    let facilitator = world.people.facilitator.person_id.to_string();
    let opened = admin.post(&at(world.resolved.key, "/open"), &[("facilitator", &facilitator)]).await;
    admin.follow(&opened).await.ok().shows("The story is being made").shows("Appointed by Ada Admin");
    app.as_(&world.people.facilitator).await.get(&path).await.ok().shows("Before it is published");
}

async fn the_desk_is_the_facilitators_alone(app: App) {
    let world = app.world().await;
    let key = world.review.key;
    let pages = ["/overview", "/preview", "/summary", "/summary/versions"];
    let people = &world.people;
    for viewer in
        [&people.responder, &people.leader, &people.admin, &people.planner, &people.outsider, &people.foreign_facilitator]
    {
        let person = app.as_(viewer).await;
        person.get(&at(key, "")).await.ok().shows("The story is being made").hides("canary-INC-3-section");
        for page in pages {
            person.get(&at(key, page)).await.is(404);
        }
        person.post(&at(key, "/summary"), &[("base_version", "1"), ("body", "x")]).await.is(404);
        person.post(&at(key, "/publish"), &[]).await.is(404);
    }
    let facilitator = app.as_(&people.facilitator).await;
    for page in pages {
        facilitator.get(&at(key, page)).await.ok();
    }
    facilitator.get(&at(key, "/no-such-section")).await.is(404);
}

async fn a_save_is_kept_and_a_stale_one_shows_both_texts(app: App) {
    let world = app.world().await;
    let path = at(world.review.key, "/summary");
    let (frida, lars) = (app.as_(&world.people.facilitator).await, app.as_(&world.people.later_facilitator).await);
    let version = frida.get(&path).await.ok().field("base_version").unwrap();
    let saved = write(&lars, &path, "Lars tells it so.").await;
    lars.follow(&saved).await.ok().shows("Lars tells it so.").shows("Saved.");
    let stale = frida.post(&path, &[("base_version", &version), ("body", "Frida tells it otherwise.")]).await;
    stale.is(409).shows("Lars tells it so.").shows("Frida tells it otherwise.").shows("nothing was written over");
    let brought_together = [("base_version", stale.field("base_version").unwrap()), ("body", "Both tell it.".to_owned())];
    let fields: Vec<(&str, &str)> = brought_together.iter().map(|(k, v)| (*k, v.as_str())).collect();
    frida.post(&path, &fields).await.is(303);
    let history = frida.get(&format!("{path}/versions")).await;
    history.ok().shows("Version 3").shows("Both tell it.").shows("Lars Later");
    frida.get(&format!("{path}/versions?version=2")).await.ok().shows("Lars tells it so.").shows("Make this the text again");
}

async fn a_page_saves_by_itself_and_is_told_what_became_of_it(app: App) {
    let world = app.world().await;
    let path = at(world.review.key, "/summary");
    let frida = app.as_(&world.people.facilitator).await;
    let version = frida.get(&path).await.ok().field("base_version").unwrap();
    let saved = frida.post_json(&path, &[("base_version", &version), ("body", "Frida types.")]).await;
    saved.ok().shows("\"saved\":\"Saved ").shows("\"version\":");
    frida.post_json(&path, &[("base_version", &version), ("body", "From elsewhere.")]).await.is(409).shows("\"stale\":true");
    let follows = [("base_version", version.as_str()), ("body", "Frida types on."), ("follows", "k1")];
    frida.post_json(&path, &follows).await.ok();
    let long = "word ".repeat(16 * 1024);
    let next = (version.parse::<i64>().unwrap() + 2).to_string();
    frida.post_json(&path, &[("base_version", &next), ("body", &long)]).await.is(422).shows("Please split or shorten it");
    frida.get(&path).await.ok().shows("Frida types on.");
}

async fn a_refused_section_keeps_what_was_typed(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let path = at(world.review.key, "/hard");
    let long = format!("It was long. {}", "word ".repeat(16 * 1024));
    let refused = write(&frida, &path, &long).await;
    refused.is(422).shows("It was long.").shows("Please split or shorten it");
    frida.post(&path, &[("base_version", "one"), ("body", "x")]).await.is(400);
}

async fn a_preview_saves_nothing_and_hints_stop_nothing(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let path = at(world.review.key, "/went-right");
    let body = "It was **calm**. We should buy a second board.";
    let preview = frida.post(&path, &[("base_version", "1"), ("body", body), ("act", "preview")]).await;
    preview.ok().shows("<strong>calm</strong>").shows("**calm**").shows("parking lot");
    frida.get(&path).await.ok().hides("**calm**");
    let saved = write(&frida, &path, body).await;
    frida.follow(&saved).await.ok().shows("**calm**").shows("“We should buy”");
}

async fn what_people_said_is_cut_to_the_facilitator_and_read_on_record(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let page = frida.get(&at(world.review.key, "/overview")).await;
    page.ok().shows("Reading is noted").shows("Someone who was there").shows(&world.people.named.name);
    for audience in ["-me", "-parked"] {
        assert!(!page.body.contains(&format!("q2{audience}")), "{audience}");
    }
    page.hides("q11-").hides("q9-");
    let unattributed = page.body.split("<article").filter(|article| article.contains("-unattributed-"));
    let named = unattributed.clone().filter(|article| article.contains(&world.people.other_responder.name)).count();
    assert!(unattributed.count() > 3 && named == 0, "words without a name carry none");
    let by_person = frida.get(&at(world.review.key, "/overview?by=person")).await;
    by_person.ok().shows(&world.people.named.name).hides("-unattributed-");
    let rune = app.as_(&world.people.responder).await;
    rune.get("/profile/reads").await.ok().shows(&world.people.facilitator.name);
}

async fn a_quote_travels_to_its_author_and_into_the_story(app: App) {
    let world = app.world().await;
    let key = world.review.key;
    let frida = app.as_(&world.people.facilitator).await;
    let oda = app.as_(&world.people.other_responder).await;
    let answer = world.review.voice(&world.people.other_responder).answers[&6].to_string();
    let words = "It helped that somebody asked about the depots.";
    let fields = [("answer", answer.as_str()), ("section", "went-right"), ("text", words), ("paraphrase", "yes")];
    let sent = frida.post(&at(key, "/quotes"), &fields).await;
    frida.follow(&sent).await.ok().shows("Sent to its author.");
    frida.get(&at(key, "/went-right")).await.ok().shows(words).shows("With its author").hides(&world.people.other_responder.name);
    let mine = oda.get("/quotes").await;
    mine.ok().shows(words).shows("Waits for your word").shows("without a name");
    app.as_(&world.people.responder).await.get("/quotes").await.ok().hides(words);
    let action = mine.attributes("action").into_iter().find(|a| a.starts_with("/quotes/") && mine.body.contains(words)).unwrap();
    assert!(action.len() > 20);
    let id = mine.body.split(words).next().unwrap().rsplit("id=\"q-").next().unwrap().split('"').next().unwrap().to_owned();
    let offered = "It helped that the depots were asked.";
    let quote = format!("/quotes/{id}");
    let empty = oda.post(&quote, &[("version", "1"), ("decision", "change"), ("offered", " ")]).await;
    empty.is(422).shows("Please write something here.");
    oda.post(&quote, &[("version", "1"), ("decision", "change"), ("offered", offered)]).await.is(303);
    oda.post(&quote, &[("version", "1"), ("decision", "right")]).await.is(409).shows("The words changed while you looked");
    frida.get(&at(key, "")).await.ok().shows(offered).shows("Take these words");
    let other = app.as_(&world.people.named).await.post(&quote, &[("version", "2"), ("decision", "right")]).await;
    other.is(404);
    frida.post(&at(key, &format!("/quotes/{id}")), &[("version", "2"), ("act", "take")]).await.is(303);
    settle(&app, &world).await;
    let published = frida.post(&at(key, "/publish"), &[]).await;
    frida.follow(&published).await.ok().shows(offered).hides(words);
    let leader = app.as_(&world.people.leader).await;
    leader.get(&at(key, "")).await.ok().shows(offered).shows("Somebody who was there. Used as agreed.");
    oda.post(&quote, &[("version", "3"), ("decision", "leave-out")]).await.is(303);
    leader.get(&at(key, "")).await.ok().hides(offered);
}

async fn a_refused_quote_keeps_what_was_typed(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let path = at(world.review.key, "/quotes");
    let answer = world.review.voice(&world.people.other_responder).answers[&6].to_string();
    let text = "Not what was said.";
    let refused = frida.post(&path, &[("answer", &answer), ("section", "hard"), ("text", text)]).await;
    refused.is(422).shows(text).shows("mark this as a paraphrase");
    let named =
        [("answer", answer.as_str()), ("section", "hard"), ("text", text), ("paraphrase", "yes"), ("attribution", "named")];
    frida.post(&path, &named).await.is(422);
    let private = world.review.voice(&world.people.responder).answers[&6].to_string();
    let fields = [("answer", private.as_str()), ("section", "hard"), ("text", text), ("paraphrase", "yes")];
    frida.post(&path, &fields).await.is(404);
    let foreign = world.foreign.voice(&world.people.foreign_responder).answers[&6].to_string();
    frida.post(&path, &[("answer", &foreign), ("section", "hard"), ("text", text), ("paraphrase", "yes")]).await.is(404);
}

async fn a_guest_says_right_by_personal_link(app: App) {
    let world = app.world().await;
    let voice = world.review.guest();
    let guest = app.by_link(voice.link.as_deref().unwrap()).await;
    guest.get("/quotes").await.ok().shows("Nothing of yours is quoted");
    let foreign = world.review.quotes["waiting"];
    guest.post(&format!("/quotes/{foreign}"), &[("version", "1"), ("decision", "right")]).await.is(404);
    app.anonymous().get("/quotes").await.is(303);
}

async fn publishing_says_what_keeps_it(app: App) {
    let world = app.world().await;
    let key = world.review.key;
    let frida = app.as_(&world.people.facilitator).await;
    let hours = frida.post(&at(key, "/deadline"), &[("date", "2026-03-05"), ("time", "14:00")]).await;
    hours.is(422).shows("One quote waits for its author, who would be cut short.").shows("At least two days from now");
    frida.post(&at(key, "/deadline"), &[("date", "2026-03-07"), ("time", "14:00")]).await.is(303);
    let kept = frida.post(&at(key, "/publish"), &[]).await;
    kept.is(409).shows("An author has offered other words for a quote").shows("Before it is published");
    let named = app.as_(&world.people.named).await;
    let change = world.review.quotes["change"];
    named.post(&format!("/quotes/{change}"), &[("version", "2"), ("decision", "leave-out")]).await.is(303);
    frida.post(&at(key, "/publish"), &[]).await.is(409).shows("Quotes are with their authors");
    let past = frida.post(&at(key, "/deadline"), &[("date", "2026-03-01"), ("time", "10:00")]).await;
    past.is(422).shows("2026-03-01").shows("Please choose a time to come");
    app.set_clock("2026-03-07T13:01:00Z");
    let frida = app.as_(&world.people.facilitator).await;
    frida.post(&at(key, "/publish"), &[]).await.is(303);
    frida.get(&at(key, "")).await.ok().hides("canary-INC-3-quote-waiting").shows("canary-INC-3-quote-right");
    frida.post(&at(key, "/publish"), &[]).await.is(409);
}

async fn a_published_story_reads_without_plan_or_author(app: App) {
    let world = app.world().await;
    let people = &world.people;
    for told in [&world.closed, &world.planned] {
        for viewer in [&people.leader, &people.outsider, &people.planner, &people.facilitator] {
            let page = app.as_(viewer).await.get(&at(told.key, "")).await;
            page.ok().shows("In short").shows("One minute to read").shows("What we learned").shows("What had to be true");
            page.shows(&format!("canary-{}-quote-unattributed", told.key)).shows(&format!("canary-{}-quote-named", told.key));
            page.shows(&people.named.name).hides(&people.other_responder.name).hides(&people.responder.name);
            page.hides("/planning").hides("-quote-left-out").hides("-item-").hides("-idea");
            page.shows("for later were parked");
        }
    }
    let imported = app.as_(&people.leader).await.get(&at(world.imported.key, "")).await;
    imported.ok().shows("Taken from a document on").hides("imported-action").hides("/planning");
}

async fn written_scripts_stay_words(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let path = at(world.review.key, "/narrative");
    let body = "</textarea><script>alert(1)</script>\n\n<img src=x onerror=alert(2)>\n\n[x](javascript:alert(3))";
    let saved = write(&frida, &path, body).await;
    for page in [frida.follow(&saved).await, frida.get(&at(world.review.key, "/preview")).await] {
        page.ok().hides("<script>alert").hides("<img").hides("href=\"javascript");
    }
}

async fn a_section_says_how_often_it_was_edited_since_everybody_reads_it(app: App) {
    let world = app.world().await;
    let (frida, olaf) = (app.as_(&world.people.facilitator).await, app.as_(&world.people.outsider).await);
    let story = format!("/incidents/{}/review", world.closed.key);
    olaf.get(&story).await.ok().hides("Edited ");
    for (save, words) in [("Told again.", "Edited once"), ("Told once more.", "Edited twice")] {
        app.set_clock(&(app.now() + chrono::Duration::hours(1)).to_rfc3339());
        write(&frida, &format!("{story}/summary"), save).await.is(303);
        let page = olaf.get(&story).await;
        page.ok().shows(save).shows(words);
        assert_eq!(page.body.matches("Edited ").count(), 1, "the other sections stand as they were");
        let history = format!("/incidents/{}/history?kind=section&of=summary", world.closed.key);
        page.shows(&format!("href=\"{}\"", history.replace('&', "&amp;")));
        let told = olaf.get(&history).await;
        assert_eq!(told.ok().body.matches("<b>Frida Facilitator</b>").count(), if words == "Edited once" { 1 } else { 2 });
    }
}
