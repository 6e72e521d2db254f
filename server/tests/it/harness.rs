//! The harness itself: it must not say yes to everything.

use crate::support::{App, Canary, Held, people};
use domain::interviews;

both_engines! {
    a_person_is_who_they_signed_in_as,
    the_world_can_be_told,
    what_is_written_shows_in_the_contents,
}

async fn a_person_is_who_they_signed_in_as(app: App) {
    let people = people(&app).await;
    app.as_(&people.responder).await.get("/profile").await.ok().shows("Rune Responder");
    let nobody = app.anonymous().get("/profile").await;
    assert_eq!((nobody.status, nobody.location()), (303, "/sign-in?next=/profile".to_owned()));
}

async fn what_is_written_shows_in_the_contents(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    let before = app.raw.contents().await;
    rune.get("/profile").await.ok();
    assert_eq!(app.raw.contents().await, before, "a page changes nothing");
    app.raw.run("update people set zone = 'UTC' where name = 'Rune Responder'").await;
    let after = app.raw.contents().await;
    let changed: Vec<_> =
        after.iter().filter(|(table, hash)| before.get(*table) != Some(hash)).map(|(table, _)| table.as_str()).collect();
    assert_eq!(changed, ["people"]);
}

async fn the_world_can_be_told(app: App) {
    let world = app.world().await;
    assert_eq!(world.review.key.to_string(), "INC-3");
    for question in interviews::twelve().questions.iter().map(|q| q.kind).filter(|q| q.number != interviews::WORK) {
        for wanted in question.allowed {
            let told = |c: &&Canary| matches!(c.held, Held::Answer { question: q, audience, .. } if q == question.number && audience == *wanted);
            assert!(
                world.canaries.iter().filter(told).any(|c| c.incident == world.review.id),
                "{} to {wanted:?}",
                question.number
            );
        }
    }
    let tokens: std::collections::BTreeSet<_> = world.canaries.iter().map(|c| &c.token).collect();
    assert_eq!(tokens.len(), world.canaries.len(), "each token names one text");
}
