//! Help for everybody, signed in or not: short pages, and the guides with their contents.

use crate::support::App;
use std::collections::BTreeSet;

both_engines! {
    every_help_page_opens_without_an_account,
    what_a_guide_lists_is_in_it,
}

async fn every_help_page_opens_without_an_account(app: App) {
    let contents = app.anonymous().get("/help").await;
    contents.ok().shows("Guides").shows("What stays private").shows("Who could learn what");
    let pages: BTreeSet<String> = contents.attributes("href").into_iter().filter(|h| h.starts_with("/help/")).collect();
    assert!(pages.len() >= 9, "{pages:?}");
    for page in &pages {
        let answer = app.anonymous().get(page).await;
        answer.ok().hides(".md\"").hides("](");
        for link in answer.attributes("href").into_iter().filter(|h| h.starts_with("/help/")) {
            assert!(pages.contains(&link), "{page} leads to {link}");
        }
    }
    app.anonymous().get("/help/nothing").await.is(404);
}

async fn what_a_guide_lists_is_in_it(app: App) {
    let page = app.anonymous().get("/help/facilitators").await;
    page.ok().shows("<h1>Facilitating: a talk and a review</h1>").shows("href=\"/help/threats\"");
    let anchors: Vec<String> =
        page.attributes("href").into_iter().filter_map(|h| h.strip_prefix('#').map(str::to_owned)).collect();
    assert!(anchors.contains(&"lead-a-one-on-one".to_owned()), "{anchors:?}");
    for anchor in anchors {
        page.shows(&format!("id=\"{anchor}\""));
    }
}
