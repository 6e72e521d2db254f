//! The first start in the browser: the page behind the link, the account that it makes, and that it makes one.

use crate::support::{App, Person, people};
use store::setup;

both_engines! {
    the_link_makes_the_administrator_and_shows_what_comes_next,
    a_refused_form_keeps_what_was_typed_but_no_password,
    a_hundred_forms_at_once_make_one_administrator,
    a_link_that_does_not_work_is_not_there,
    an_empty_instance_says_that_it_waits,
    wrong_links_have_to_wait,
}

const FIELDS: [(&str, &str); 6] = [
    ("name", "Ada First"),
    ("email", "ada@example.org"),
    ("password", "three calm words"),
    ("again", "three calm words"),
    ("zone", "Europe/Madrid"),
    ("member", "yes"),
];

async fn link(app: &App) -> String {
    format!("/set-up/{}", setup::new_link(&app.store, app.now()).await.unwrap().unwrap())
}

async fn the_link_makes_the_administrator_and_shows_what_comes_next(app: App) {
    let link = link(&app).await;
    let ada = app.anonymous();
    let before = app.raw.contents().await;
    let page = ada.get(&link).await;
    page.ok().shows("Set up Second Story").shows("timeZone");
    assert_eq!(page.attributes("action").last(), Some(&link));
    assert_eq!(app.raw.contents().await, before, "looking changes nothing");
    let done = ada.post(&link, &FIELDS).await;
    assert_eq!(done.is(303).location(), "/welcome");
    assert!(ada.session().is_some(), "signed in");
    ada.follow(&done).await.ok().shows("Welcome, Ada First").shows("/import").shows("/settings/people/invite");
    ada.get("/profile").await.ok().shows("Europe/Madrid");
    let fields = [("email", "ada@example.org"), ("password", "three calm words")];
    app.anonymous().post("/sign-in", &fields).await.is(303);
}

async fn a_refused_form_keeps_what_was_typed_but_no_password(app: App) {
    let link = link(&app).await;
    let nobody = app.anonymous();
    let with = |field: &'static str, value: &'static str| {
        FIELDS.map(|(name, before)| if name == field { (name, value) } else { (name, before) })
    };
    for (field, value, sentence) in [
        ("again", "three calm sords", "two passwords differ"),
        ("zone", "Nowhere/Land", "choose a time zone"),
        ("email", "ada", "write an e-mail address"),
        ("name", "", "field-error"),
    ] {
        let refused = nobody.post(&link, &with(field, value)).await;
        refused.is(422).shows(sentence).hides("three calm").hides("timeZone");
        assert_eq!(refused.field("email").as_deref(), Some(if field == "email" { "ada" } else { "ada@example.org" }));
    }
    let short = FIELDS.map(|(name, value)| (name, if matches!(name, "password" | "again") { "short" } else { value }));
    nobody.post(&link, &short).await.is(422).shows("12 to 128 characters").hides("value=\"short\"");
    assert_eq!(app.raw.count("select count(*) from people").await, 0);
    nobody.post(&link, &FIELDS).await.is(303);
}

async fn a_hundred_forms_at_once_make_one_administrator(app: App) {
    let link = link(&app).await;
    let mut tries = tokio::task::JoinSet::new();
    for n in 0..100 {
        let (person, link) = (Person::new(app.router.clone(), "session"), link.clone());
        tries.spawn(async move {
            let email = format!("ada{n}@example.org");
            let fields = FIELDS.map(|(name, value)| (name, if name == "email" { email.as_str() } else { value }));
            person.post(&link, &fields).await.status
        });
    }
    let statuses = tries.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 404).count(), 99, "{statuses:?}");
    assert_eq!(app.raw.count("select count(*) from people").await, 1);
    assert_eq!(app.raw.count("select count(*) from sessions").await, 1);
}

async fn a_link_that_does_not_work_is_not_there(app: App) {
    let nobody = app.anonymous();
    let lost = nobody.get("/never-was").await.bare();
    assert_eq!(nobody.get("/set-up/never-was").await.bare(), lost, "before there was a link");
    let first = link(&app).await;
    let second = link(&app).await;
    assert_eq!(nobody.get(&first).await.bare(), lost, "a new start made a new one");
    nobody.get(&second).await.ok();
    nobody.post(&second, &FIELDS).await.is(303);
    let nobody = app.anonymous();
    assert_eq!(nobody.get(&second).await.bare(), lost);
    assert_eq!(nobody.post(&second, &FIELDS).await.bare(), lost);
    assert_eq!(nobody.post(&second, &[]).await.bare(), lost);
}

async fn an_empty_instance_says_that_it_waits(app: App) {
    let link = link(&app).await;
    app.anonymous().get("/").await.ok().shows("waits to be set up").hides("/set-up/").hides(link.trim_start_matches("/set-up/"));
    people(&app).await;
    app.anonymous().get("/").await.ok().hides("waits to be set up");
}

async fn wrong_links_have_to_wait(app: App) {
    let link = link(&app).await;
    for _ in 0..10 {
        app.anonymous().post("/set-up/wrong", &FIELDS).await.is(404);
    }
    app.anonymous().post(&link, &FIELDS).await.is(422).shows("many tries");
    app.set_clock("2026-03-05T12:11:00Z");
    app.anonymous().post(&link, &FIELDS).await.is(303);
}
