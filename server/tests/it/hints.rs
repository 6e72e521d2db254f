//! The writing assistant beside a section: it knows the organisation's people and services, asks how it made sense, and offers the lot.

use crate::support::{Answer, App, Person, World};
use store::services::ServiceChange;

both_engines! {
    a_person_is_asked_about_kindly_and_a_service_is_none,
    a_plan_is_offered_the_parking_lot,
    a_sentence_is_kept_as_it_is_and_nothing_typed_is_lost,
    a_document_does_without_hints,
    a_plan_is_parked_with_and_without_leaving_the_text,
    a_sentence_is_not_taken_out_of_an_older_text,
    what_is_typed_is_looked_at_without_being_saved,
    an_organisation_switches_groups_and_rules,
    own_rules_are_checked_tried_and_used,
    own_rules_of_two_at_once_are_both_shown,
}

const NOTICED: &str = "We should have noticed it.";

/// What the buttons of the list send.
fn acts(page: &Answer, act: &str) -> Vec<String> {
    page.attributes("value").into_iter().filter(|value| value.starts_with(&format!("{act} "))).collect()
}

async fn done(frida: &Person, world: &World, act: &str, words: &str, version: &str) -> Answer {
    let fields = [("body", words), ("base_version", version), ("act", act)];
    frida.post(&at(world, "/surprised/hints"), &fields).await
}

fn at(world: &World, page: &str) -> String {
    format!("/incidents/{}/review{page}", world.review.key)
}

/// The page of a section with these words, as a preview shows it: nothing is saved.
async fn previewed(frida: &Person, world: &World, words: &str) -> Answer {
    frida.post(&at(world, "/surprised"), &[("body", words), ("base_version", "0"), ("act", "preview")]).await
}

async fn a_person_is_asked_about_kindly_and_a_service_is_none(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let name = &world.people.named.name;
    let page = previewed(&frida, &world, &format!("{name} broke the printer.")).await;
    page.ok().shows("How did that make sense at the time?").shows(&format!("“{name} broke"));
    previewed(&frida, &world, "Tessellator broke the printer.").await.ok().hides("How did that make sense");
    // A role is a person, until a service has its name.
    previewed(&frida, &world, "The operator broke the printer.").await.ok().shows("How did that make sense");
    let service = ServiceChange { name: "Operator".to_owned(), description: String::new(), team_id: None };
    store::services::add(&app.store, &world.people.admin, &service, app.now()).await.unwrap();
    previewed(&frida, &world, "The operator broke the printer.").await.ok().hides("How did that make sense");
}

async fn a_plan_is_offered_the_parking_lot(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let page = previewed(&frida, &world, "Both boards were green. We should add a third board. Then it was night.").await;
    page.ok().shows("Park this sentence").shows("and take it out of the text");
    assert_eq!(acts(&page, "park").len(), 1);
}

async fn a_sentence_is_kept_as_it_is_and_nothing_typed_is_lost(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let words = format!("Both boards were green. {NOTICED}");
    let page = previewed(&frida, &world, &words).await;
    page.ok().shows("“should have noticed”").hides("Kept as it is");
    let keep = acts(&page, "keep").remove(0);
    let before = app.raw.contents().await;
    // Keys that are of no hint here are not remembered.
    done(&frida, &world, &keep, "Both boards were green.", "1").await.ok();
    assert_eq!(app.raw.contents().await, before);
    let page = done(&frida, &world, &keep, &words, "1").await;
    page.ok().hides("“should have noticed”</span>").shows("Kept as it is").shows(&format!("<q>{NOTICED}"));
    page.shows(&format!("{words}</textarea>"));
    assert_eq!(page.field("base_version").as_deref(), Some("1"));
    // As it is kept: for both engines text, and nobody's name or time beside it.
    assert_eq!(app.raw.count("select count(*) from kept_hints").await, 1);
    // Still kept with other words around it, in another case and on another line; not in other words.
    previewed(&frida, &world, &format!("Later.\n\n{}", NOTICED.to_uppercase())).await.ok().shows("Kept as it is");
    let other = previewed(&frida, &world, "They should have noticed it.").await;
    other.ok().hides("Kept as it is").shows("“should have noticed”");
    let again = acts(&page, "again").remove(0);
    done(&frida, &world, &again, &words, "1").await.ok().shows("“should have noticed”").hides("Kept as it is");
    assert_eq!(app.raw.count("select count(*) from kept_hints").await, 0);
    // Where the words are the section's already, the page is fetched anew.
    frida.post(&at(&world, "/surprised"), &[("body", &words), ("base_version", "1")]).await.is(303);
    let done = done(&frida, &world, &keep, &words, "2").await;
    assert_eq!(done.is(303).location(), at(&world, "/surprised#hints"));
    frida.get(&at(&world, "/surprised")).await.ok().shows("Kept as it is");
}

async fn a_document_does_without_hints(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    previewed(&frida, &world, NOTICED).await.ok().shows("No hints in this document");
    let off = done(&frida, &world, "off", NOTICED, "1").await;
    off.ok().shows("There are no hints in this document.").hides("hintcard").shows(&format!("{NOTICED}</textarea>"));
    previewed(&frida, &world, NOTICED).await.ok().hides("hintcard");
    done(&frida, &world, "on", NOTICED, "1").await.ok().shows("“should have noticed”");
    done(&frida, &world, "sing", NOTICED, "1").await.is(400);
}

async fn a_plan_is_parked_with_and_without_leaving_the_text(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let words = "- It rang.\n- We should add a third board.";
    let page = previewed(&frida, &world, words).await;
    let park = acts(&page, "park").remove(0);
    let page = done(&frida, &world, &park, words, "1").await;
    page.ok().shows("Parked. Nothing was added to the review.").shows("- We should add a third board.</textarea>");
    let lot = format!("/incidents/{}/park", world.review.key);
    frida.get(&lot).await.ok().shows("<p>We should add a third board.</p>");
    let key = park.strip_prefix("park ").unwrap();
    let fields = [("body", words), ("base_version", "1"), ("act", &park), ("out", key), ("out", "another")];
    let out = frida.post(&at(&world, "/surprised/hints"), &fields).await;
    frida.follow(&out).await.ok().shows("taken out of the text").shows("- It rang.</textarea>");
    assert_eq!(frida.get(&lot).await.ok().body.matches("We should add a third board.").count(), 2);
}

async fn a_sentence_is_not_taken_out_of_an_older_text(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let words = "It rang. We should add a third board.";
    let park = acts(&previewed(&frida, &world, words).await, "park").remove(0);
    frida.post(&at(&world, "/surprised"), &[("body", "Theirs."), ("base_version", "1")]).await.is(303);
    let key = park.strip_prefix("park ").unwrap();
    let fields = [("body", words), ("base_version", "1"), ("act", &park), ("out", key)];
    let page = frida.post(&at(&world, "/surprised/hints"), &fields).await;
    page.is(409).shows("Theirs.").shows(&format!("{words}</textarea>"));
    frida.get(&format!("/incidents/{}/park", world.review.key)).await.ok().hides("third board");
}

async fn what_is_typed_is_looked_at_without_being_saved(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let before = app.raw.contents().await;
    let fields = [("body", "Grüße 🙂 <b>.\r\nWe should have noticed <i>it</i>."), ("part", "yes")];
    let part = frida.post(&at(&world, "/surprised/hints"), &fields).await;
    part.ok().hides("<html").hides("<i>").shows("data-says=\"One, and it stops nothing\"").shows("form=\"qf\"");
    // In UTF-16, a new line counted once: where a browser finds them.
    let text: Vec<u16> = "Grüße 🙂 <b>.\nWe should have noticed <i>it</i>.".encode_utf16().collect();
    let marks = part.attributes("data-at").remove(0);
    let (start, end) = marks.split_once('-').unwrap();
    let words = String::from_utf16(&text[start.parse().unwrap()..end.parse().unwrap()]).unwrap();
    assert_eq!(words, "should have noticed");
    assert_eq!(app.raw.contents().await, before);
    let responder = app.as_(&world.people.responder).await;
    responder.post(&at(&world, "/surprised/hints"), &fields).await.is(404);
}

async fn an_organisation_switches_groups_and_rules(app: App) {
    let world = app.world().await;
    let ada = app.as_(&world.people.admin).await;
    let frida = app.as_(&world.people.facilitator).await;
    let page = ada.get("/settings/writing").await;
    page.ok().shows("Show hints while reviews are written").shows("What did not happen");
    let words = format!("{NOTICED} A major outage began.");
    previewed(&frida, &world, &words).await.ok().shows("“should have noticed”").hides("outage”");
    let (groups, rules): (Vec<_>, Vec<_>) = ticked(&page).into_iter().partition(|(name, _)| *name == "groups");
    assert_eq!((groups.len(), rules.len()), (12, 103));
    let mut fields = vec![("on", "yes"), ("rules", "C13")];
    fields.extend(groups.iter().chain(&rules).filter(|(_, value)| value != "B").map(|(name, value)| (*name, value.as_str())));
    let saved = ada.post("/settings/writing", &fields).await;
    ada.follow(&saved).await.ok().shows("Saved.");
    previewed(&frida, &world, &words).await.ok().hides("“should have noticed”</span>").shows("outage”");
    ada.post("/settings/writing", &fields[1..]).await.is(303);
    previewed(&frida, &world, &words).await.ok().shows("Your administrators have switched hints off.").hides("hintcard");
    frida.get("/settings/writing").await.is(404);
}

/// Name and value of every box of the switches that is ticked.
fn ticked(page: &Answer) -> Vec<(&'static str, String)> {
    let boxes = page.body.split('<').filter(|tag| tag.starts_with("input type=\"checkbox\"") && tag.contains(" checked"));
    let read = |tag: &str| {
        let name = ["groups", "rules"].into_iter().find(|name| tag.contains(&format!("name=\"{name}\"")))?;
        Some((name, tag.split("value=\"").nth(1)?.split('"').next()?.to_owned()))
    };
    boxes.filter_map(read).collect()
}

async fn own_rules_are_checked_tried_and_used(app: App) {
    let world = app.world().await;
    let ada = app.as_(&world.people.admin).await;
    let frida = app.as_(&world.people.facilitator).await;
    let wrong = "rules:\n  - id: OUR-1\n    extends: existance\n";
    let page = ada.post("/settings/writing/rules", &[("rules", wrong), ("example", "My <sentence>.")]).await;
    page.is(422).shows("id=\"rules-error\"").shows("Line 2: A rule extends existence or substitution.");
    page.shows("extends: existance").shows("My &lt;sentence&gt;.</textarea>");
    let rules =
        "rules:\r\n  - id: OUR-1\r\n    extends: existence\r\n    tokens: [war room]\r\n    message: We say “call” <here>.\r\n";
    let before = app.raw.contents().await;
    let fields = [("rules", rules), ("example", "The war room opened."), ("act", "try")];
    let tried = ada.post("/settings/writing/rules", &fields).await;
    tried.ok().shows("“war room”").shows("We say “call” &lt;here&gt;.").shows("Not saved yet.");
    assert_eq!(app.raw.contents().await, before, "trying saves nothing");
    let none = ada.post("/settings/writing/rules", &[("rules", rules), ("example", "It was night."), ("act", "try")]).await;
    none.ok().shows("Nothing is said of this sentence.");
    let saved = ada.post("/settings/writing/rules", &[("rules", rules), ("base", "")]).await;
    ada.follow(&saved).await.ok().shows("tokens: [war room]");
    previewed(&frida, &world, "The war room opened.").await.ok().shows("We say “call” &lt;here&gt;.").shows("Our own wording");
}

async fn own_rules_of_two_at_once_are_both_shown(app: App) {
    let world = app.world().await;
    let ada = app.as_(&world.people.admin).await;
    ada.post("/settings/writing/rules", &[("rules", "off: [B1]\n"), ("base", "")]).await.is(303);
    let page = ada.post("/settings/writing/rules", &[("rules", "off: [B2]\n"), ("base", "")]).await;
    page.is(409).shows("Somebody saved other rules").shows("off: [B1]").shows("off: [B2]");
    let base = page.field("base").unwrap();
    ada.post("/settings/writing/rules", &[("rules", "off: [B1, B2]\n"), ("base", &base)]).await.is(303);
    ada.get("/settings/writing").await.ok().shows("off: [B1, B2]");
}
