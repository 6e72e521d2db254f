//! Life under a path: every page, form, file and redirect of the service lies under it.

use crate::support::{App, Person};
use axum::body::Body;
use http::{Method, header};
use std::collections::{BTreeSet, VecDeque};

both_engines! {
    everything_lies_under_the_path,
    signing_in_stays_under_the_path,
    outside_there_are_only_probes,
    the_cookie_is_for_the_path_alone,
}

const UNDER: &str = "/stories";

fn under(app: &App) -> App {
    app.with(|site| site.base_url = format!("http://127.0.0.1:3000{UNDER}"))
}

/// Opens every page that can be reached by links, and tells what does not lie under the path.
async fn crawl(person: &Person) -> (usize, Vec<String>) {
    let mut waiting = VecDeque::from([format!("{UNDER}/")]);
    let mut known: BTreeSet<String> = waiting.iter().cloned().collect();
    let (mut pages, mut faults) = (0, Vec::new());
    while let Some(path) = waiting.pop_front() {
        let answer = person.get(&path).await;
        pages += 1;
        if answer.status == 303 {
            let location = answer.location();
            if !location.starts_with(UNDER) {
                faults.push(format!("{path} leads to {location}"));
            } else if known.insert(location.clone()) {
                waiting.push_back(location);
            }
            continue;
        }
        if answer.status != 200 {
            faults.push(format!("{path} answered {}", answer.status));
            continue;
        }
        for name in ["href", "action", "src", "formaction"] {
            for address in answer.attributes(name) {
                let ours = address.starts_with('/') && !address.starts_with("//");
                if ours && !address.starts_with(&format!("{UNDER}/")) || address.contains("/stories/stories") {
                    faults.push(format!("{path} holds {name}=\"{address}\""));
                } else if ours && name == "href" && !address.contains("/assets/") {
                    let page = address.split('#').next().unwrap_or_default().to_owned();
                    if known.insert(page.clone()) && known.len() < 150 {
                        waiting.push_back(page);
                    }
                }
            }
        }
        for mark in ["'/assets/", "\"/assets/", "&quot;/assets/"] {
            if answer.body.contains(mark) {
                faults.push(format!("{path} holds {mark}"));
            }
        }
    }
    (pages, faults)
}

async fn everything_lies_under_the_path(app: App) {
    let world = app.world().await;
    let app = under(&app);
    let people = &world.people;
    for viewer in [&people.facilitator, &people.named, &people.admin, &people.planner] {
        let (pages, faults) = crawl(&app.as_(viewer).await).await;
        println!("{}: {pages} pages", viewer.name);
        assert!(pages > 8, "{pages} pages");
        assert!(faults.is_empty(), "{}: {faults:#?}", viewer.name);
    }
}

async fn signing_in_stays_under_the_path(app: App) {
    let world = app.world().await;
    let app = under(&app);
    let nobody = app.anonymous();
    let asked = nobody.get("/stories/incidents?state=open").await;
    assert_eq!(asked.is(303).location(), "/stories/sign-in?next=/incidents%3Fstate%3Dopen");
    let page = nobody.follow(&asked).await;
    page.ok();
    assert!(page.attributes("action").contains(&"/stories/sign-in".to_owned()));
    let rune = app.as_(&world.people.responder).await;
    let saved = rune.post("/stories/profile/looks", &[("theme", "dark")]).await;
    assert_eq!(saved.is(303).location(), "/stories/profile?said=saved#looks");
    rune.follow(&saved).await.ok().shows("data-theme=\"dark\"");
    let out = rune.post("/stories/sign-out", &[]).await;
    assert_eq!(out.is(303).location(), "/stories/?said=signed-out");
    assert_eq!(out.header("clear-site-data"), "\"cache\"", "the storage of the host is not ours");
    assert!(out.header("set-cookie").contains("Path=/stories;"));
}

async fn outside_there_are_only_probes(app: App) {
    let app = under(&app);
    let nobody = app.anonymous();
    for probe in ["/livez", "/healthz", "/readyz", "/stories/livez"] {
        nobody.get(probe).await.ok();
    }
    for outside in ["/", "/sign-in", "/storiesx/sign-in", "/help/promise", "/other/stories/help"] {
        nobody.get(outside).await.is(404);
    }
    nobody.get("/stories").await.ok();
    nobody.get("/stories/nothing-here").await.is(404).shows("href=\"/stories/help\"");
    nobody.post("/sign-out", &[]).await.is(404);
}

async fn the_cookie_is_for_the_path_alone(app: App) {
    let world = app.world().await;
    let https = app.with(|site| {
        site.base_url = "https://example.org/stories".to_owned();
        site.secure_cookies = true;
    });
    let token = app.as_(&world.people.responder).await.session().unwrap();
    let with = |name: &str| {
        let request = Person::request(Method::GET, "/stories/profile").header(header::COOKIE, format!("{name}={token}"));
        request.body(Body::empty()).unwrap()
    };
    https.anonymous().send(with("__Secure-session")).await.is(200);
    https.anonymous().send(with("__Host-session")).await.is(303);
    let begun =
        https.anonymous().post(&format!("/stories/invitation/{}", world.review.guest().link.as_deref().unwrap()), &[]).await;
    let cookie = begun.is(303).header("set-cookie").to_owned();
    assert!(
        cookie.starts_with("__Secure-session=") && cookie.contains("; Path=/stories;") && cookie.contains("; Secure"),
        "{cookie}"
    );
    assert!(begun.location().starts_with("/stories/one-on-one/"));
    let origin = |origin: &'static str| {
        let request = http::Request::builder().method(Method::POST).uri("/stories/sign-out");
        let request = request.header(header::HOST, "127.0.0.1:3000").header(header::ORIGIN, origin);
        request.body(Body::empty()).unwrap()
    };
    https.anonymous().send(origin("https://example.org")).await.is(303);
    https.anonymous().send(origin("https://example.org/stories")).await.is(403);
}
