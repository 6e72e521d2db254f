//! The search over HTTP: found by kind, marked, filtered, paged, and a way to the exact place.

use crate::support::{App, Person, people};

both_engines! {
    what_is_found_is_marked_and_leads_to_its_place,
    typed_markup_stays_text,
    kinds_filters_and_pages_stand_in_the_address,
    without_words_the_page_says_how_to_search,
    a_page_names_what_is_alike_and_why,
}

/// Opens an incident and answers its address.
async fn opened(person: &Person, title: &str) -> String {
    let form = [("title", title), ("severity", "2"), ("date", "2026-03-02"), ("time", "09:00"), ("zone", "UTC"), ("summary", "")];
    let added = person.post("/incidents", &form).await;
    added.location().split('?').next().unwrap().to_owned()
}

/// Tells an event and answers its id.
async fn told(person: &Person, incident: &str, kind: &str, body: &str) -> String {
    let form =
        [("date", "2026-03-02"), ("time", "10:30"), ("zone", "UTC"), ("precision", "exact"), ("kind", kind), ("body", body)];
    let added = person.post(&format!("{incident}/events"), &form).await;
    let address = added.location();
    address.rsplit("#e-").next().unwrap().to_owned()
}

async fn what_is_found_is_marked_and_leads_to_its_place(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    let key = opened(&rune, "Bookings slow").await;
    let id = told(&rune, &key, "detection", "The **connection pool** was empty.").await;
    let olaf = app.as_(&people.outsider).await;
    // Without a kind, the first that has something is shown.
    let found = olaf.get("/search?q=connection_p").await;
    found
        .ok()
        .shows("The <mark>connection pool</mark> was empty.")
        .shows(&format!("href=\"{key}#e-{id}\""))
        .shows("Detection, 10:30")
        .shows("Bookings slow");
    olaf.get(&key).await.ok().shows(&format!("id=\"e-{id}\""));
    olaf.get("/search?q=BOOK").await.ok().shows("<mark>Bookings</mark> slow").shows(&format!("href=\"{key}\""));
    olaf.get("/search?q=walrus").await.ok().shows("Nothing here has these words");
    rune.post(&format!("{key}/access"), &[("reach", "named")]).await.is(303);
    olaf.get("/search?q=connection").await.ok().hides("Bookings");
    olaf.get("/search?q=bookings").await.ok().hides("Bookings slow");
    rune.get("/search?q=bookings").await.ok().shows("Restricted");
}

async fn typed_markup_stays_text(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    let key = opened(&rune, "<script>alert(1)</script> walrus").await;
    told(&rune, &key, "note", "Say `<mark>walrus</mark>` & <b>heron</b>").await;
    rune.get("/search?q=walrus&in=incidents")
        .await
        .ok()
        .shows("&lt;script&gt;alert(1)&lt;/script&gt; <mark>walrus</mark>")
        .hides("<script>alert");
    rune.get("/search?q=walrus&in=events").await.ok().shows("&lt;mark&gt;<mark>walrus</mark>&lt;/mark&gt;").hides("<b>heron");
    let asked = rune.get("/search?q=%22%3E%3Cscript%3Ealert(2)%3C/script%3E").await;
    asked.ok().hides("<script>alert(2)");
    for odd in [
        "q=%00",
        "q=%27%20or%201=1--",
        "q=kind%20:%20event",
        "q=%22)%20AND%20(",
        "in=nonsense&q=walrus",
        "after=zzz&q=walrus",
        "team=x&severity=99&from=never&to=9999-99&q=walrus",
    ] {
        rune.get(&format!("/search?{odd}")).await.ok();
    }
}

async fn kinds_filters_and_pages_stand_in_the_address(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    let key = opened(&rune, "Queues").await;
    for n in 0..23 {
        told(&rune, &key, if n < 3 { "repair" } else { "note" }, &format!("The queue grew, look {n}")).await;
    }
    let first = rune.get("/search?q=queue&in=events").await;
    first.ok().shows("20 shown").shows("<span class=\"count\">23</span>");
    let next = first.attributes("href").into_iter().find(|h| h.contains("after=")).unwrap();
    let second = rune.get(&next).await;
    second.ok().shows("3 shown").shows("Back to the beginning");
    let places =
        |page: &crate::support::Answer| page.attributes("href").into_iter().filter(|h| h.contains("#e-")).collect::<Vec<_>>();
    let (one, two) = (places(&first), places(&second));
    assert!(one.len() == 20 && two.len() == 3 && two.iter().all(|place| !one.contains(place)));
    rune.get("/search?q=queue&in=events&kind=repair").await.ok().shows("<span class=\"count\">3</span>").shows("Filters, 1 on");
    rune.get("/search?q=queue&in=events&severity=1").await.ok().shows("Nothing here has these words");
    rune.get("/search?q=queue&in=events&from=2026-03&to=2026-03").await.ok().shows("20 shown");
    rune.get("/search?q=queue&in=events&to=2026-02").await.ok().shows("Nothing here has these words");
}

async fn without_words_the_page_says_how_to_search(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    rune.get("/search").await.ok().shows("What are you looking for?").shows("The beginning of a word");
    rune.get("/search?q=%3F!").await.ok().shows("No letter or digit to look for");
    rune.get("/incidents").await.ok().shows("action=\"/search\"");
}

async fn a_page_names_what_is_alike_and_why(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    let one = opened(&rune, "Checkout lost its connection pool").await;
    rune.get(&one).await.ok().shows("Nothing alike so far.");
    let two = opened(&rune, "Connection pool was empty in the search").await;
    let olaf = app.as_(&people.outsider).await;
    olaf.get(&one)
        .await
        .ok()
        .shows("Similar incidents")
        .shows(&format!("href=\"{two}\""))
        .shows("Both speak of “connection pool”");
    rune.post(&format!("{two}/access"), &[("reach", "named")]).await.is(303);
    for person in [&olaf, &rune] {
        person.get(&one).await.ok().shows("Nothing alike so far.").hides("in the search");
    }
}
