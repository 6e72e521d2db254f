//! The writing assistant beside a section: it knows the organisation's people and services, asks how it made sense, and offers the lot.

use crate::support::{App, Person, World};
use store::services::ServiceChange;

both_engines! {
    a_person_is_asked_about_kindly_and_a_service_is_none,
    a_plan_is_offered_the_parking_lot,
}

fn at(world: &World, page: &str) -> String {
    format!("/incidents/{}/review{page}", world.review.key)
}

/// The page of a section with these words, as a preview shows it: nothing is saved.
async fn previewed(frida: &Person, world: &World, words: &str) -> crate::support::Answer {
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
    page.ok().shows("data-park=\"We should add a third board.\"").shows("To the parking lot");
}
