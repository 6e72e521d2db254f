//! Letters that people choose on their profile: the page, and what a round of the service puts into them.

use crate::support::{App, BASE, Got, People, Sink, at, people};
use domain::IncidentId;
use domain::incidents::{IncidentKey, IncidentState, Nature, NewIncident, Severity};
use domain::reviews::SectionKind;
use server::mail::{Post, round};

both_engines! {
    letters_are_chosen_on_a_page_and_kept,
    a_digest_holds_first_lines_without_names_or_quotes,
    a_story_comes_back_after_a_year,
    a_week_on_one_sheet_comes_in_numbers,
}

const FROM: &str = "Second Story <stories@example.org>";

async fn letters_are_chosen_on_a_page_and_kept(app: App) {
    let people = people(&app).await;
    let olaf = app.as_(&people.outsider).await;
    olaf.get("/profile").await.ok().shows("/profile/letters");
    let page = olaf.get("/profile/letters").await;
    page.ok()
        .shows("No mail is set up here")
        .shows("name=\"digest\" value=\"\" checked")
        .shows("name=\"items\" value=\"yes\" checked");
    page.hides("name=\"anniversaries\" value=\"yes\" checked");
    let saved = olaf.post("/profile/letters", &[("digest", "monthly"), ("anniversaries", "yes")]).await;
    let page = olaf.follow(&saved).await;
    page.ok().shows("value=\"monthly\" checked").shows("name=\"anniversaries\" value=\"yes\" checked");
    page.hides("name=\"items\" value=\"yes\" checked");
    let refused = olaf.post("/profile/letters", &[("digest", "hourly"), ("items", "yes")]).await;
    refused.is(422).shows("Please choose how often, or never.").shows("name=\"items\" value=\"yes\" checked");
    olaf.get("/profile/letters").await.ok().shows("value=\"monthly\" checked");
    olaf.get("/profile/data.json").await.ok().shows("\"new_stories\": \"monthly\"");
}

/// A service where mail is set up, with its people, on a Monday.
async fn posting(app: App) -> (App, People) {
    let mut app = app.with(|site| site.store = site.store.with_post(BASE));
    app.store = app.store.with_post(BASE);
    app.set_clock("2026-03-09T10:00:00Z");
    let people = people(&app).await;
    (app, people)
}

/// A published story.
async fn story(app: &App, people: &People, title: &str, summary: &str) -> (IncidentId, IncidentKey) {
    let (store, now, writer) = (&app.store, app.now(), &people.facilitator);
    let new = NewIncident {
        title: title.to_owned(),
        summary: String::new(),
        severity: Severity::Sev2,
        nature: Nature::Incident,
        state: IncidentState::Resolved,
        team_id: None,
        started_at: at("2026-03-01T08:00:00Z"),
        detected_at: None,
        declared_at: None,
        mitigated_at: None,
        resolved_at: Some(at("2026-03-01T09:00:00Z")),
        zone: "Europe/Copenhagen".to_owned(),
        restricted: false,
    };
    let key = store::incidents::add(store, &people.planner, &new, now).await.unwrap();
    let id = store::incidents::by_key(store, &people.planner, key, now).await.unwrap().incident.id;
    store::reviews::open(store, &people.admin, id, writer.person_id, false, now).await.unwrap();
    store::reviews::save_section(store, writer, id, SectionKind::Summary, 0, summary, now).await.unwrap();
    store::reviews::publish(store, writer, id, now).await.unwrap();
    (id, key)
}

/// What a round at this time sends to Olaf.
async fn sent(app: &App, now: &str) -> Option<Got> {
    let (sink, now) = (Sink::open().await, at(now));
    server::wished::round(&app.store, now).await.unwrap();
    round(&app.store, &Post::new(&sink.url, FROM).unwrap(), &move || now).await.unwrap();
    sink.got().into_iter().find(|got| got.to.to_lowercase().starts_with("olaf."))
}

async fn a_digest_holds_first_lines_without_names_or_quotes(app: App) {
    let (app, people) = posting(app).await;
    let olaf = app.as_(&people.outsider).await;
    olaf.post("/profile/letters", &[("digest", "weekly")]).await.is(303);
    let summary = "The pool of connections was full. Rune Responder saw it first. He said “it is down”. It emptied by itself.";
    let (_, key) = story(&app, &people, "The pool that was full", summary).await;
    let (hidden, _) = story(&app, &people, "The gate that nobody knows", "It stood open.").await;
    store::incidents::restrict(&app.store, &people.facilitator, hidden, true, app.now()).await.unwrap();
    assert!(sent(&app, "2026-03-13T12:00:00Z").await.is_none(), "the week is not over");
    let got = sent(&app, "2026-03-16T12:00:00Z").await.expect("a letter");
    let text = got.part("text/plain");
    assert!(text.contains(&format!("{key} The pool that was full\n")), "{text}");
    assert!(text.contains("The pool of connections was full. It emptied by itself."), "{text}");
    assert!(
        text.contains(&format!("{BASE}/incidents/{key}/review")) && text.contains(&format!("{BASE}/profile/letters")),
        "{text}"
    );
    for left_out in ["Rune", "it is down", "gate", "stood open"] {
        assert!(!text.contains(left_out), "{left_out} in {text}");
    }
    assert!(sent(&app, "2026-03-16T12:15:00Z").await.is_none(), "told once");
}

async fn a_story_comes_back_after_a_year(app: App) {
    let (app, people) = posting(app).await;
    let olaf = app.as_(&people.outsider).await;
    olaf.post("/profile/letters", &[("digest", ""), ("anniversaries", "yes")]).await.is(303);
    let (_, key) = story(&app, &people, "The pool that was full", "The pool was full.").await;
    // The ninth of March 2027 is a Tuesday.
    assert!(sent(&app, "2027-03-08T12:00:00Z").await.is_none());
    let got = sent(&app, "2027-03-09T12:00:00Z").await.expect("a letter");
    assert!(got.part("text/plain").contains(&format!("{key} The pool that was full")));
    assert!(sent(&app, "2027-03-10T12:00:00Z").await.is_none(), "told once");
}

async fn a_week_on_one_sheet_comes_in_numbers(app: App) {
    let (app, people) = posting(app).await;
    let olaf = app.as_(&people.outsider).await;
    olaf.get("/profile/letters").await.ok().shows("name=\"sheet\" value=\"\" checked");
    let refused = olaf.post("/profile/letters", &[("digest", "monthly"), ("sheet", "hourly")]).await;
    refused.is(422).shows("sheet-error").shows("name=\"digest\" value=\"monthly\" checked");
    let saved = olaf.post("/profile/letters", &[("sheet", "weekly")]).await;
    olaf.follow(&saved).await.ok().shows("name=\"sheet\" value=\"weekly\" checked");
    // Whoever sees no trends is not asked, and told nothing.
    let ada = app.as_(&people.admin).await;
    ada.get("/profile/letters").await.ok().hides("name=\"sheet\"");
    ada.post("/profile/letters", &[("sheet", "weekly")]).await.is(303);

    let (_, key) = story(&app, &people, "The pool that was full", "The pool was full. Rune saw it.").await;
    assert!(sent(&app, "2026-03-13T12:00:00Z").await.is_none(), "the week is not over");
    let sink = Sink::open().await;
    let now = at("2026-03-16T12:00:00Z");
    server::wished::round(&app.store, now).await.unwrap();
    round(&app.store, &Post::new(&sink.url, FROM).unwrap(), &move || now).await.unwrap();
    let all = sink.got();
    assert!(all.iter().all(|got| !got.to.to_lowercase().starts_with("ada.")), "who sees no trends");
    let got = all.into_iter().find(|got| got.to.to_lowercase().starts_with("olaf.")).expect("a letter");
    let text = got.part("text/plain");
    // The incident began on the first of March, in the week before the one that is told.
    for said in [
        "Week 11, 9 Mar 2026 to 15 Mar 2026 in numbers.",
        "No incident began, nor in the week before.",
        "One second story was published.",
        "Nothing that was done to mitigate waits to be undone.",
        &format!("{BASE}/trends/report?span=week&of=2026-03-09"),
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    for left_out in ["pool", "Rune", &key.to_string()] {
        assert!(!text.contains(left_out), "{left_out} in {text}");
    }
    assert!(sent(&app, "2026-03-16T12:15:00Z").await.is_none(), "told once");
    // A quiet week comes, too.
    assert!(
        sent(&app, "2026-03-23T12:00:00Z").await.expect("a letter").part("text/plain").contains("No second story was published.")
    );
    olaf.post("/profile/letters", &[("sheet", "")]).await.is(303);
    assert!(sent(&app, "2026-03-30T12:00:00Z").await.is_none());
}
