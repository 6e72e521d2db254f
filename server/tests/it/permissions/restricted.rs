//! A restricted incident exists for those alone who are named on it: through every outlet, old or new, because all of them are walked.

use super::matrix::{Rule, State, VIEWERS, Who};
use super::objects::{form, objects};
use super::{Faults, Viewers, endpoints, is_lost, signed_out, told};
use crate::canaries::crawl;
use crate::support::{App, World};

both_engines! {
    no_page_file_or_header_tells_strangers_of_it,
    every_address_of_it_is_empty_for_strangers,
    those_named_on_it_find_it_everywhere,
    lists_files_and_trends_count_it_for_those_named_alone,
    the_page_about_access_does_what_it_says,
}

/// Who is named on no part of the review of the world.
const STRANGERS: [Who; 7] =
    [Who::Anonymous, Who::Ended, Who::Outsider, Who::Admin, Who::Importer, Who::ForeignFacilitator, Who::ForeignResponder];

async fn restricted(app: &App) -> World {
    let world = app.world().await;
    store::incidents::restrict(&app.store, &world.people.planner, world.review.id, true, app.now()).await.unwrap();
    world
}

async fn no_page_file_or_header_tells_strangers_of_it(app: App) {
    let world = restricted(&app).await;
    let viewers = Viewers::of(&app, &world).await;
    let key = world.review.key.to_string();
    let mut leaks = Vec::new();
    for who in STRANGERS {
        for page in crawl(&app, &world, &viewers, who).await.pages {
            // Who holds a personal link is invited, whoever else they are. What was asked for is no news where the page says it back.
            if page.asked.starts_with("GET /invitation/") {
                continue;
            }
            // What somebody wrote there themselves is theirs to take away, without the incident's number or title.
            let own = world.canaries.iter().filter(|c| viewers.id(who).is_some() && crate::owndata::author(c) == viewers.id(who));
            let body = own.fold(page.body.clone(), |body, canary| body.replace(&canary.token, ""));
            let here = page.status == 200 && body.contains(&key);
            let tells = here || body.contains("canary-review") || page.head().contains("canary-review");
            if tells {
                leaks.push(format!("{who:?}: {} ({})", page.asked, page.status));
            }
        }
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

async fn every_address_of_it_is_empty_for_strangers(app: App) {
    let world = restricted(&app).await;
    let viewers = Viewers::of(&app, &world).await;
    let mut faults = Faults::default();
    let before = app.raw.contents().await;
    for method in ["GET", "POST"] {
        for (path, rule) in endpoints(method) {
            let here = objects(&world, &viewers, path).into_iter().filter(|o| o.state == Some(State::Review));
            for object in here.filter(|_| !matches!(rule, Rule::Link)) {
                for who in STRANGERS.into_iter().filter(|who| !signed_out(*who)) {
                    // One's own idea can be taken back wherever it was put.
                    if path.ends_with("/park/{idea}/withdraw") && who == Who::Outsider {
                        continue;
                    }
                    let person = viewers.get(who);
                    let answer = if method == "GET" {
                        person.get(&object.path).await
                    } else {
                        let fields = form(&world, path, &object);
                        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                        person.post(&object.path, &fields).await
                    };
                    faults.unless(is_lost(&answer, person).await, || told(who, &object, rule, &answer));
                }
            }
        }
    }
    assert_eq!(app.raw.contents().await, before, "strangers changed something");
    faults.none();
}

/// The crawl of strangers would find nothing in an empty house either.
async fn those_named_on_it_find_it_everywhere(app: App) {
    let world = restricted(&app).await;
    let viewers = Viewers::of(&app, &world).await;
    for who in VIEWERS.into_iter().filter(|who| !STRANGERS.contains(who) && *who != Who::Guest) {
        let person = viewers.get(who);
        for page in [
            "/incidents",
            "/incidents?q=canary-review-title",
            "/search?q=canary-review-title",
            "/incidents.csv",
            "/incidents?mine=1",
        ] {
            person.get(page).await.ok().shows("canary-review-title");
        }
        person.get(&format!("/incidents/{}", world.review.key)).await.ok().shows("canary-review-title").shows("Restricted");
    }
    viewers.get(Who::Guest).get(&format!("/one-on-one/{}", world.review.guest().invitation)).await.ok();
}

async fn lists_files_and_trends_count_it_for_those_named_alone(app: App) {
    let world = restricted(&app).await;
    let stranger = app.as_(&world.people.outsider).await;
    let named = app.as_(&world.people.planner).await;
    for path in ["/incidents.csv", "/trends/durations.csv"] {
        let lines = async |person: &crate::support::Person| person.get(path).await.ok().body.lines().count();
        assert_eq!(lines(&stranger).await + 1, lines(&named).await, "{path}");
    }
    let february = async |person: &crate::support::Person| {
        let csv = person.get("/trends/incidents.csv").await.ok().body.clone();
        let line = csv.lines().find(|l| l.starts_with("2026-02,")).unwrap_or_else(|| panic!("{csv}")).to_owned();
        line.split(',').nth(1).unwrap().parse::<u32>().unwrap()
    };
    assert_eq!(february(&stranger).await + 1, february(&named).await);
}

async fn the_page_about_access_does_what_it_says(app: App) {
    let world = app.world().await;
    let (planner, outsider) = (app.as_(&world.people.planner).await, app.as_(&world.people.outsider).await);
    let base = format!("/incidents/{}", world.review.key);
    let access = format!("{base}/access");
    planner.get(&access).await.ok().shows("Everybody with an account sees it.");
    planner.post(&access, &[("reach", "named")]).await.is(303);
    planner.get(&access).await.ok().shows("Restricted.");
    outsider.get(&base).await.is(404);
    let id = world.people.outsider.person_id.to_string();
    planner.post(&format!("{access}/people"), &[("person", "")]).await.is(422).shows("Please choose somebody from the list.");
    planner.post(&format!("{access}/people"), &[("person", &id)]).await.is(303);
    outsider.get(&base).await.ok();
    outsider.get(&access).await.is(404);
    planner.get(&access).await.ok().shows(&world.people.outsider.name);
    planner.post(&format!("{access}/people/off"), &[("person", &id)]).await.is(303);
    outsider.get(&base).await.is(404);
    planner.post(&access, &[("reach", "everyone")]).await.is(303);
    outsider.get(&base).await.ok();
}
