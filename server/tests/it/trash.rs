//! The trash over HTTP: asking first, out of everything, back again, gone; merging and where an old address leads.

use crate::support::{App, Person, people};

both_engines! {
    an_incident_goes_into_the_trash_and_comes_back,
    with_peoples_words_in_it_the_key_is_typed,
    administrators_delete_by_key_and_for_good,
    two_become_one_and_the_old_address_leads_on,
    who_may_not_delete_finds_no_way_to_it,
}

async fn incident(person: &Person, title: &str) {
    let form = [("title", title), ("severity", "2"), ("date", "2026-03-02"), ("time", "10:00"), ("zone", "UTC")];
    person.post("/incidents", &form).await.is(303);
}

async fn an_incident_goes_into_the_trash_and_comes_back(app: App) {
    let people = people(&app).await;
    let (rune, olaf) = (app.as_(&people.responder).await, app.as_(&people.outsider).await);
    incident(&rune, "Labels did not print").await;
    rune.get("/incidents/INC-1/edit").await.ok().shows("/incidents/INC-1/delete").shows("/incidents/INC-1/merge");
    rune.get("/incidents/INC-1/delete").await.ok().shows("For 30 days it can be put back").hides("Type INC-1");
    let done = rune.post("/incidents/INC-1/delete", &[]).await;
    assert_eq!(done.location(), "/trash?said=trashed");
    rune.follow(&done).await.ok().shows("Labels did not print").shows("Gone for good on").hides("Delete now");
    for person in [&rune, &olaf] {
        person.get("/incidents/INC-1").await.is(404);
        person.get("/incidents/INC-1/history").await.is(404);
        person.get("/incidents").await.ok().hides("Labels did not print");
        person.get("/incidents?q=labels").await.ok().hides("Labels did not print");
    }
    olaf.get("/trash").await.ok().hides("Labels did not print").shows("Nothing of yours is in the trash");
    olaf.post("/trash/INC-1/put-back", &[]).await.is(404);
    let back = rune.post("/trash/INC-1/put-back", &[]).await;
    rune.follow(&back).await.ok().shows("Labels did not print").shows("Back again.");
    olaf.get("/incidents").await.ok().shows("Labels did not print");
}

async fn with_peoples_words_in_it_the_key_is_typed(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let path = format!("/incidents/{}/delete", world.review.key);
    frida.get(&path).await.ok().shows("The words of 5 people go with it.").shows(&format!("Type {}", world.review.key));
    frida.post(&path, &[("key", "INC-1")]).await.is(422).shows("id=\"key-error\"");
    frida.get(&format!("/incidents/{}", world.review.key)).await.ok();
    let guest = app.by_link(world.review.guest().link.as_deref().unwrap()).await;
    frida.post(&path, &[("key", &world.review.key.to_string())]).await.is(303);
    let invitation = world.review.guest().invitation;
    guest.get(&format!("/one-on-one/{invitation}")).await.is(303);
    let link = format!("/invitation/{}", world.review.guest().link.as_deref().unwrap());
    app.anonymous().get(&link).await.is(404);
    frida.post(&format!("/trash/{}/put-back", world.review.key), &[]).await.is(303);
    app.anonymous().get(&link).await.ok();
}

async fn administrators_delete_by_key_and_for_good(app: App) {
    let people = people(&app).await;
    let (rune, ada) = (app.as_(&people.responder).await, app.as_(&people.admin).await);
    incident(&rune, "Labels did not print").await;
    ada.post("/trash", &[("key", "INC-9")]).await.is(422).shows("id=\"key-error\"");
    rune.post("/trash", &[("key", "INC-1")]).await.is(404);
    ada.post("/trash", &[("key", "INC-1")]).await.is(303);
    ada.get("/trash").await.ok().shows("Delete now");
    rune.get("/trash/INC-1/delete").await.is(404);
    ada.get("/trash/INC-1/delete").await.ok().shows("An older backup still holds it");
    ada.post("/trash/INC-1/delete", &[("key", "INC-2")]).await.is(422).shows("id=\"key-error\"");
    let gone = ada.post("/trash/INC-1/delete", &[("key", "INC-1")]).await;
    ada.follow(&gone).await.ok().shows("Gone for good.").hides("Labels did not print");
    rune.post("/trash/INC-1/put-back", &[]).await.is(404);
    assert_eq!(app.raw.count("select count(*) from incidents").await, 0);
    assert_eq!(app.raw.count("select count(*) from incident_keys").await, 0);
}

async fn two_become_one_and_the_old_address_leads_on(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune, "Stays").await;
    incident(&rune, "Goes").await;
    let event = [("date", "2026-03-02"), ("time", "10:07"), ("kind", "note"), ("body", "It moved along"), ("zone", "UTC")];
    rune.post("/incidents/INC-2/events", &event).await.is(303);
    rune.get("/incidents/INC-2/merge").await.ok().shows("Key of the one that stays");
    rune.get("/incidents/INC-2/merge?into=INC-9").await.is(422).shows("id=\"into-error\"");
    rune.get("/incidents/INC-2/merge?into=INC-1").await.ok().shows("What moves to INC-1").shows("1 event").shows("Stays");
    let merged = rune.post("/incidents/INC-2/merge", &[("into", "INC-1")]).await;
    rune.follow(&merged).await.ok().shows("It moved along").shows("Stays");
    let old = rune.get("/incidents/INC-2").await;
    assert_eq!((old.status, old.location()), (303, "/incidents/INC-1".to_owned()));
    for page in ["/history", "/factors", "/review", "/edit", "?pane=raw", "/history?kind=event"] {
        let old = rune.get(&format!("/incidents/INC-2{page}")).await;
        assert_eq!((old.status, old.location()), (303, format!("/incidents/INC-1{page}")));
        rune.follow(&old).await.ok();
    }
    // Nobody is led to a question about the incident that stays, and a change is none of the other one.
    rune.get("/incidents/INC-2/delete").await.is(404);
    rune.get("/incidents/INC-2/merge").await.is(404);
    rune.post("/incidents/INC-2/events", &event).await.is(404);
    let stays = store::incidents::by_key(&app.store, &people.responder, domain::incidents::IncidentKey(1), app.now()).await;
    let stays = stays.unwrap().incident.id;
    store::incidents::restrict(&app.store, &people.responder, stays, true, app.now()).await.unwrap();
    let olaf = app.as_(&people.outsider).await;
    for page in ["", "/history", "/factors", "/review"] {
        olaf.get(&format!("/incidents/INC-2{page}")).await.is(404);
    }
    store::incidents::restrict(&app.store, &people.responder, stays, false, app.now()).await.unwrap();
    let old = olaf.get("/incidents/INC-2/history").await;
    assert_eq!((old.status, old.location()), (303, "/incidents/INC-1/history".to_owned()));
    app.anonymous().get("/incidents/INC-2").await.is(303);
    rune.get("/incidents/INC-1/history").await.ok().shows("merged another incident into").shows("INC-2 Goes");
    rune.get("/trash").await.ok().shows("Merged into").shows("Split it off again");
    rune.post("/trash/INC-2/put-back", &[]).await.is(303);
    rune.get("/incidents/INC-2").await.ok().shows("It moved along");
    rune.get("/incidents/INC-1").await.ok().hides("It moved along");
}

async fn who_may_not_delete_finds_no_way_to_it(app: App) {
    let people = people(&app).await;
    let (rune, olaf) = (app.as_(&people.responder).await, app.as_(&people.outsider).await);
    incident(&rune, "Labels did not print").await;
    olaf.get("/incidents/INC-1/edit").await.ok().hides("/incidents/INC-1/delete");
    olaf.get("/incidents/INC-1/delete").await.is(404);
    olaf.post("/incidents/INC-1/delete", &[]).await.is(404);
    olaf.get("/incidents/INC-1/merge").await.is(404);
}
