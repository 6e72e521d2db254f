//! History over HTTP: what was changed and by whom, putting back, both texts when somebody saved in between, drafts kept apart.

use crate::support::{Answer, App, Person, people};

both_engines! {
    each_change_is_told_with_what_went_out_and_what_came_in,
    what_stood_before_is_put_back_and_that_is_told_too,
    a_stale_restoration_shows_both_and_writes_nothing,
    a_long_history_goes_on_with_a_cursor_and_by_kind,
    words_in_the_history_cannot_act,
}

async fn incident(person: &Person) {
    let form = [("title", "Slow"), ("severity", "2"), ("date", "2026-03-02"), ("time", "10:00"), ("zone", "UTC")];
    person.post("/incidents", &form).await.is(303);
}

/// A minute later: what happens at one instant has no order.
fn tick(app: &App) {
    let later = app.now() + chrono::Duration::minutes(1);
    app.set_clock(&later.to_rfc3339());
}

/// Adds an event and answers its path.
async fn tell(app: &App, person: &Person, body: &str) -> String {
    tick(app);
    let fields = [("date", "2026-03-02"), ("time", "10:07"), ("kind", "note"), ("body", body), ("zone", "UTC")];
    let added = person.post("/incidents/INC-1/events", &fields).await;
    format!("/incidents/INC-1/events/{}", added.location().split("#e-").nth(1).unwrap())
}

async fn change(app: &App, person: &Person, path: &str, version: &str, body: &str) {
    tick(app);
    let fields =
        [("date", "2026-03-02"), ("time", "10:07"), ("kind", "note"), ("body", body), ("zone", "UTC"), ("version", version)];
    person.post(path, &fields).await.is(303);
}

/// The addresses that the buttons of the page post to, from the top.
fn buttons(page: &Answer) -> Vec<String> {
    page.attributes("action").into_iter().filter(|action| action.ends_with("/restore")).collect()
}

async fn each_change_is_told_with_what_went_out_and_what_came_in(app: App) {
    let people = people(&app).await;
    let (rune, olaf) = (app.as_(&people.responder).await, app.as_(&people.outsider).await);
    incident(&rune).await;
    rune.get("/incidents/INC-1").await.ok().shows("/incidents/INC-1/history");
    let event = tell(&app, &rune, "The disk was full").await;
    change(&app, &olaf, &event, "1", "The queue was full").await;
    rune.get("/incidents/INC-1").await.ok().shows("Edited once");
    let page = rune.get("/incidents/INC-1/history").await;
    page.ok()
        .shows("<b>Olaf Outsider</b> changed ")
        .shows("<b>Rune Responder</b> added ")
        .shows("[taken out: ")
        .shows("[put in: ")
        .shows("this incident");
    let text = page.text();
    assert!(text.find("Olaf Outsider") < text.rfind("Rune Responder"), "newest first");
    assert_eq!(buttons(&page).len(), 1, "nothing stood before what was added");
    // Who may not change sees it all the same, without buttons.
    let ada = app.as_(&people.admin).await;
    assert!(buttons(ada.get("/incidents/INC-1/history").await.ok()).is_empty());
    app.anonymous().get("/incidents/INC-1/history").await.is(303);
}

async fn what_stood_before_is_put_back_and_that_is_told_too(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let event = tell(&app, &rune, "The disk was full").await;
    change(&app, &rune, &event, "1", "Something else").await;
    let page = rune.get("/incidents/INC-1/history").await;
    let back = buttons(&page).remove(0);
    tick(&app);
    let done = rune.post(&back, &[("base_version", &page.field("base_version").unwrap())]).await;
    assert_eq!(done.location(), "/incidents/INC-1/history?said=restored");
    rune.follow(&done).await.ok().shows("put back an earlier version of ").shows("Back again.");
    rune.get("/incidents/INC-1").await.ok().shows("The disk was full").hides("Something else").shows("Edited twice");
    let version = rune.get(&event).await.field("version").unwrap();
    tick(&app);
    rune.post(&format!("{event}/delete"), &[("version", &version)]).await.is(303);
    let page = rune.get("/incidents/INC-1/history?kind=event").await;
    page.ok().shows("took out ").shows("Bring it back");
    let back = buttons(&page).remove(0);
    tick(&app);
    rune.post(&back, &[("base_version", "0")]).await.is(303);
    rune.get("/incidents/INC-1").await.ok().shows("The disk was full");
    rune.get("/incidents/INC-1/history").await.ok().shows("brought back ");
    rune.post(&back, &[("base_version", "nonsense")]).await.is(400);
}

async fn a_stale_restoration_shows_both_and_writes_nothing(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let event = tell(&app, &rune, "The disk was full").await;
    change(&app, &rune, &event, "1", "Second words").await;
    let back = buttons(&rune.get("/incidents/INC-1/history").await).remove(0);
    change(&app, &rune, &event, "2", "Third words").await;
    let conflict = rune.post(&back, &[("base_version", "2")]).await;
    conflict.is(409).shows("Somebody changed this meanwhile.").shows("Put it back all the same");
    rune.get("/incidents/INC-1").await.ok().shows("Third words");
    let now = conflict.field("base_version").unwrap();
    tick(&app);
    rune.post(&back, &[("base_version", &now)]).await.is(303);
    rune.get("/incidents/INC-1").await.ok().shows("The disk was full");
    // There already: nothing is left to decide.
    rune.post(&back, &[("base_version", "2")]).await.is(303);
}

async fn a_long_history_goes_on_with_a_cursor_and_by_kind(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    for n in 0..35 {
        tell(&app, &rune, &format!("event number {n} here")).await;
    }
    let first = rune.get("/incidents/INC-1/history").await;
    first.ok().shows("event number 34 here").hides("event number 4 here").shows("rel=\"next\"");
    let next = first.attributes("href").into_iter().find(|href| href.contains("after=")).unwrap();
    rune.get(&next).await.ok().shows("event number 4 here").hides("event number 5 here").shows("Back to the newest");
    rune.get("/incidents/INC-1/history?kind=factor").await.ok().shows("Nothing has been changed since the history began");
    rune.get("/incidents/INC-1/history?kind=nonsense&after=nonsense&of=nonsense").await.ok();
    rune.get("/incidents/INC-1/history?kind=incident").await.ok().shows("this incident").hides("event number");
}

async fn words_in_the_history_cannot_act(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let event = tell(&app, &rune, "<script>alert(1)</script> before").await;
    change(&app, &rune, &event, "1", "<img src=x onerror=alert(1)> after").await;
    rune.get("/incidents/INC-1/history").await.ok().hides("<script>alert").hides("<img src").shows("&lt;");
}
