//! Incidents over HTTP: the list and its address, adding and changing, who may.

use crate::support::{App, people};

both_engines! {
    an_incident_is_opened_listed_found_and_changed,
    a_refused_form_keeps_what_was_typed_and_names_the_fields,
    two_who_change_at_once_see_both,
    every_choice_of_the_list_stands_in_its_address,
    the_list_goes_on_with_a_cursor,
    who_has_no_account_sees_no_incidents_and_who_only_administers_writes_none,
    tabs_are_there_for_whom_their_rooms_are,
    factors_and_learnings_are_kept_by_the_facilitator,
}

const FORM: [(&str, &str); 7] = [
    ("title", "Slow <b>cards</b> & “queues”"),
    ("severity", "2"),
    ("date", "2026-03-02"),
    ("time", "23:50"),
    ("zone", "Europe/Copenhagen"),
    ("ended_time", "0:40"),
    ("summary", "Cards were *slow*."),
];

fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = FORM.to_vec();
    for (name, value) in changes {
        fields.retain(|(n, _)| n != name);
        fields.push((name, value));
    }
    fields
}

async fn an_incident_is_opened_listed_found_and_changed(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    rune.get("/incidents").await.ok().shows("No incidents yet").shows("/incidents/new");
    let new = rune.get("/incidents/new").await;
    assert_eq!(new.ok().field("date").as_deref(), Some("2026-03-05"));
    assert_eq!(new.field("zone").as_deref(), Some("Europe/Copenhagen"));
    assert_eq!(new.field("time").as_deref(), Some("13:00"), "now, on the viewer's clock");
    let added = rune.post("/incidents", &FORM).await;
    assert_eq!(added.location(), "/incidents/INC-1?said=added");
    rune.follow(&added)
        .await
        .ok()
        .shows("Slow &lt;b&gt;cards&lt;/b&gt; &amp; “queues”")
        .shows("Mon 2 Mar 2026, 23:50 to Tue 3 Mar 2026, 00:40 CET")
        .shows("<em>slow</em>")
        .shows("Added.");
    rune.get("/incidents?q=QUEUES").await.ok().shows("INC-1").shows("Resolved");
    let edit = rune.get("/incidents/INC-1/edit").await;
    assert_eq!(edit.ok().field("ended_time").as_deref(), Some("00:40"));
    assert_eq!(edit.field("ended_date").as_deref(), Some("2026-03-03"));
    let version = edit.field("version").unwrap();
    let changed = rune.post("/incidents/INC-1/edit", &with(&[("title", "Slow cards"), ("version", &version)])).await;
    rune.follow(&changed).await.ok().shows("<h1>Slow cards</h1>");
}

async fn a_refused_form_keeps_what_was_typed_and_names_the_fields(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    let typed = with(&[("title", " "), ("time", "a quarter past"), ("summary", "</textarea><script>alert(1)</script>")]);
    let refused = rune.post("/incidents", &typed).await;
    refused.is(422).shows("id=\"title-error\"").shows("id=\"time-error\"").hides("id=\"date-error\"").hides("<script>alert");
    assert_eq!(refused.field("time").as_deref(), Some("a quarter past"));
    assert!(refused.body.contains("&lt;/textarea&gt;&lt;script&gt;"), "the summary is kept");
    let backwards = rune.post("/incidents", &with(&[("ended_date", "2026-03-01")])).await;
    backwards.is(422).shows("id=\"ended_time-error\"");
    // An end before the start on the clock is the next day; one that lies ahead of us is no end.
    let ahead = rune.post("/incidents", &with(&[("date", "2026-03-05"), ("time", "10:00"), ("ended_time", "09:00")])).await;
    ahead.is(422).shows("id=\"ended_time-error\"").shows("This lies ahead of us").hides("id=\"time-error\"");
    rune.post("/incidents", &with(&[("team", "00000000-0000-0000-0000-000000000009")])).await.is(422).shows("id=\"team-error\"");
    rune.post("/incidents", &[]).await.is(422);
    rune.get("/incidents").await.ok().shows("No incidents yet");
}

async fn two_who_change_at_once_see_both(app: App) {
    let people = people(&app).await;
    let (rune, oda) = (app.as_(&people.responder).await, app.as_(&people.other_responder).await);
    rune.post("/incidents", &FORM).await.is(303);
    let version = rune.get("/incidents/INC-1/edit").await.field("version").unwrap();
    oda.post("/incidents/INC-1/edit", &with(&[("title", "Oda’s title"), ("version", &version)])).await.is(303);
    let mine = with(&[("title", "Rune’s title"), ("version", &version)]);
    let conflict = rune.post("/incidents/INC-1/edit", &mine).await;
    conflict.is(409).shows("Oda’s title").shows("Rune’s title");
    rune.get("/incidents/INC-1").await.shows("Oda’s title").hides("Rune’s title");
    let seen = conflict.field("version").unwrap();
    rune.post("/incidents/INC-1/edit", &with(&[("title", "Rune’s title"), ("version", &seen)])).await.is(303);
    rune.get("/incidents/INC-1").await.shows("Rune’s title");
    // The same change sent twice is done once.
    rune.post(
        "/incidents/INC-1/edit",
        &with(&[("title", "Rune’s title"), ("ended_date", "2026-03-03"), ("ended_time", "00:40"), ("version", &seen)]),
    )
    .await
    .is(303);
    rune.post("/incidents/INC-1/edit", &with(&[("version", "x")])).await.is(400);
}

async fn every_choice_of_the_list_stands_in_its_address(app: App) {
    let world = app.world().await;
    let lea = app.as_(&world.people.leader).await;
    let all = lea.get("/incidents").await;
    for told in [&world.open, &world.resolved, &world.review, &world.closed] {
        all.ok().shows(&format!("/incidents/{}\"", told.key));
    }
    let open = lea.get("/incidents?state=open&sort=oldest").await;
    open.ok().shows(&format!("/incidents/{}\"", world.open.key)).hides(&format!("/incidents/{}\"", world.closed.key));
    open.shows("href=\"/incidents?sort=oldest\"").shows("Filters, 1 on");
    for nonsense in
        ["?severity=9&team=x&state=party&from=soon&factor=y&after=%00", "?q=%27%3B%20drop%20table%20incidents", "?sort=7"]
    {
        lea.get(&format!("/incidents{nonsense}")).await.ok();
    }
    lea.get("/incidents?from=1999-01&to=1999-12").await.ok().shows("No incident is like that");
    lea.get("/incidents/INC-999").await.is(404);
    lea.get("/incidents/inc-x").await.is(404);
}

async fn the_list_goes_on_with_a_cursor(app: App) {
    let people = people(&app).await;
    for n in 0..51 {
        let new = domain::incidents::NewIncident {
            title: format!("Number {n}"),
            summary: String::new(),
            severity: domain::incidents::Severity::Sev3,
            nature: domain::incidents::Nature::default(),
            state: domain::incidents::IncidentState::Open,
            team_id: None,
            started_at: app.now() - chrono::Duration::hours(n),
            detected_at: None,
            declared_at: None,
            mitigated_at: None,
            resolved_at: None,
            zone: "UTC".to_owned(),
            restricted: false,
        };
        store::incidents::add(&app.store, &people.responder, &new, app.now()).await.unwrap();
    }
    let rune = app.as_(&people.responder).await;
    let first = rune.get("/incidents?severity=3").await;
    first.ok().shows("50 shown").hides("Number 50<");
    let next = first.attributes("href").into_iter().find(|h| h.contains("after=")).unwrap();
    assert!(next.starts_with("/incidents?severity=3&after="), "{next}");
    rune.get(&next).await.ok().shows("Number 50<").hides("Number 49<").shows("Back to the beginning");
}

async fn who_has_no_account_sees_no_incidents_and_who_only_administers_writes_none(app: App) {
    let world = app.world().await;
    let key = world.open.key;
    let nobody = app.anonymous();
    assert_eq!(nobody.get("/incidents").await.is(303).location(), "/sign-in?next=/incidents");
    nobody.post("/incidents", &FORM).await.is(401);
    let guest = app.by_link(world.review.guest().link.as_deref().unwrap()).await;
    for path in ["/incidents".to_owned(), format!("/incidents/{key}"), format!("/incidents/{key}/factors"), "/import".to_owned()]
    {
        guest.get(&path).await.is(404);
    }
    guest.post("/incidents", &FORM).await.is(404);
    let ada = app.as_(&world.people.admin).await;
    ada.get(&format!("/incidents/{key}")).await.ok().hides("Add event").hides("Change the incident");
    ada.get("/incidents/new").await.is(404);
    ada.get(&format!("/incidents/{key}/edit")).await.is(404);
    ada.post("/incidents", &FORM).await.is(404);
    ada.post(&format!("/incidents/{key}/events"), &[("kind", "note"), ("body", "x"), ("zone", "UTC")]).await.is(404);
}

async fn tabs_are_there_for_whom_their_rooms_are(app: App) {
    let world = app.world().await;
    let base = format!("/incidents/{}", world.review.key);
    let one_on_ones = format!("{base}/one-on-ones\"");
    app.as_(&world.people.facilitator).await.get(&base).await.ok().shows(&one_on_ones);
    for viewer in [&world.people.responder, &world.people.leader, &world.people.admin] {
        app.as_(viewer).await.get(&base).await.ok().hides(&one_on_ones).shows(&format!("{base}/review\""));
    }
    app.as_(&world.people.outsider).await.get(&base).await.ok().hides(&format!("{base}/planning\""));
}

async fn factors_and_learnings_are_kept_by_the_facilitator(app: App) {
    let world = app.world().await;
    let tab = format!("/incidents/{}/factors", world.review.key);
    let frida = app.as_(&world.people.facilitator).await;
    let added = frida.post(&tab, &[("tag", "capacity"), ("factor", "The pool was *full*")]).await;
    let page = frida.follow(&added).await;
    page.ok().shows("The pool was <em>full</em>").shows("Capacity").shows("/incidents?factor=capacity");
    frida.post(&tab, &[("tag", "capacity"), ("factor", " ")]).await.is(422).shows("id=\"factor-error\"");
    let edit = added.location().split("#f-").nth(1).map(|id| format!("{tab}/{id}")).unwrap();
    let version = frida.get(&edit).await.ok().field("version").unwrap();
    frida.post(&edit, &[("tag", "testing"), ("factor", "Mine"), ("version", &version)]).await.is(303);
    frida
        .post(&edit, &[("tag", "testing"), ("factor", "Later"), ("version", &version)])
        .await
        .is(409)
        .shows("Mine")
        .shows("Later");
    frida.post(&format!("{edit}/delete"), &[]).await.is(303);
    frida.get(&edit).await.is(404);
    let learnings = format!("/incidents/{}/learnings", world.review.key);
    let learned = frida.post(&learnings, &[("kind", "people"), ("known", "Night is short"), ("before", "Night is long")]).await;
    frida.follow(&learned).await.ok().shows("Night is short").shows("Night is long");
    for viewer in [&world.people.responder, &world.people.leader, &world.people.admin] {
        let person = app.as_(viewer).await;
        person.get(&tab).await.ok().shows("Night is short").hides("Add a factor");
        person.post(&tab, &[("tag", "capacity"), ("factor", "x")]).await.is(404);
        person.post(&learnings, &[("kind", "people"), ("known", "x")]).await.is(404);
    }
}
