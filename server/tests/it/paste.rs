//! Pasting over HTTP: a text is understood, asked about, mended, added as a whole, and taken back as a whole.

use crate::support::{Answer, App, Person, people};
use crate::timeline::incident;

both_engines! {
    a_pasted_chat_is_asked_about_mended_added_and_taken_back,
    a_refused_text_keeps_what_was_pasted,
    what_was_changed_since_is_not_taken_back,
    pasted_words_cannot_act,
}

async fn paste(person: &Person, text: &str) -> Answer {
    person.post("/incidents/INC-1/paste", &[("text", text), ("day", "2026-03-02"), ("zone", "Europe/Copenhagen")]).await
}

async fn add(person: &Person, rows: &[(&str, &str)]) -> Answer {
    person.post("/incidents/INC-1/paste/add", rows).await
}

const ROWS: [(&str, &str); 16] = [
    ("take", "0"),
    ("take", "1"),
    ("date", "2026-03-02"),
    ("date", "2026-03-02"),
    ("time", "23:50"),
    ("time", "00:10"),
    ("zone", "UTC"),
    ("zone", "UTC"),
    ("kind", "note"),
    ("kind", "detection"),
    ("body", "The list is full"),
    ("body", "The list is empty"),
    ("author", "0"),
    ("author", ""),
    ("who", "Frida Holm"),
    ("role", "on-call engineer"),
];

async fn a_pasted_chat_is_asked_about_mended_added_and_taken_back(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let read = paste(&rune, "Frida Holm  23:50\nThe list is full\n00:10 an alert: the list is empty").await;
    read.ok().shows("2 things were found").shows("Above it stands 23:50. Is this the next day?").shows("said by Frida Holm");
    rune.get("/incidents/INC-1").await.ok().hides("The list is full");
    let asked: Vec<_> = ROWS.into_iter().chain([("midnight", ""), ("midnight", "ask")]).collect();
    let refused = add(&rune, &asked).await;
    refused.is(422).shows("Please say whether midnight was before this.").shows("The list is empty").shows("on-call engineer");
    let said: Vec<_> = ROWS.into_iter().chain([("midnight", ""), ("midnight", "next")]).collect();
    let added = add(&rune, &said).await;
    let page = rune.follow(&added).await;
    page.ok().shows("The list is full").shows("on-call engineer").hides("Frida").shows("Added.").shows("/paste/undo");
    page.shows("2026-03-02T23:50:00+00:00").shows("2026-03-03T00:10:00+00:00");
    let at = page.field("at").unwrap();
    let back = rune.post("/incidents/INC-1/paste/undo", &[("at", &at)]).await;
    rune.follow(&back).await.ok().hides("The list is full").hides("The list is empty").shows("Removed.");
}

async fn a_refused_text_keeps_what_was_pasted(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    rune.get("/incidents/INC-1/paste").await.ok().shows("Paste anything with times");
    let fields = [("text", "10:00 Kept words"), ("day", "soon"), ("zone", "Nowhere/Land")];
    let refused = rune.post("/incidents/INC-1/paste", &fields).await;
    refused.is(422).shows("Kept words").shows("id=\"day-error\"").shows("id=\"zone-error\"");
    paste(&rune, " \n---\n").await.is(422).shows("id=\"text-error\"");
    add(&rune, &ROWS[2..]).await.is(422).shows("Please tick what should become an event.").shows("The list is full");
    rune.get("/incidents/INC-1").await.ok().shows("Nothing is told yet");
}

async fn what_was_changed_since_is_not_taken_back(app: App) {
    let people = people(&app).await;
    let (rune, oda) = (app.as_(&people.responder).await, app.as_(&people.other_responder).await);
    incident(&rune).await;
    let page = rune.follow(&add(&rune, &ROWS).await).await;
    let at = page.field("at").unwrap();
    let edit = page.attributes("href").into_iter().find(|h| h.contains("/events/") && !h.contains("new")).unwrap();
    let fields = [("date", ""), ("time", ""), ("kind", "note"), ("body", "Oda’s words"), ("zone", "UTC"), ("version", "1")];
    oda.post(&edit, &fields).await.is(303);
    // Somebody else takes back nothing of it.
    oda.post("/incidents/INC-1/paste/undo", &[("at", &at)]).await.is(303);
    assert!(rune.get("/incidents/INC-1").await.body.contains("2 events"));
    rune.post("/incidents/INC-1/paste/undo", &[("at", &at)]).await.is(303);
    rune.get("/incidents/INC-1").await.ok().shows("Oda’s words").shows("1 event");
}

async fn pasted_words_cannot_act(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let read = paste(&rune, "10:00 <img src=x onerror=alert(1)>\n</textarea><script>alert(1)</script>").await;
    read.ok().hides("<img src=x").hides("<script>alert").shows("&lt;script");
}
