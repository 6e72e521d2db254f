//! The edge: headers on every answer, the origin gate, limits, cookies, signing in.

use crate::support::{App, BASE, Person, email, listen_to_logs, logs, people};
use axum::body::Body;
use domain::people::GlobalRole;
use http::{Method, header};
use std::collections::BTreeSet;
use store::people::NewAccount;

both_engines! {
    every_answer_carries_the_headers,
    a_nonce_is_used_once_and_stands_in_every_script,
    no_change_rides_on_a_foreign_page,
    a_browser_that_says_nothing_but_its_origin_is_heard,
    nobody_is_sent_to_another_site,
    what_cannot_be_read_or_does_not_fit_is_told_in_words,
    what_is_not_in_the_table_is_not_there,
    the_session_cookie_is_for_this_site_alone,
    a_session_ends_when_it_is_told_to_and_by_itself,
    an_unknown_and_a_known_account_refuse_alike,
    guessing_has_to_wait,
    a_panic_is_a_500_with_its_number_and_none_of_its_words,
    what_is_too_long_for_any_of_our_pages_is_told,
}

/// The headers that no answer goes without.
fn has_headers(answer: &crate::support::Answer) {
    let asked = &answer.asked;
    let policy = answer.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'nonce-",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "object-src 'none'",
    ] {
        assert!(policy.contains(part), "{asked}: {part} is missing in {policy:?}");
    }
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'") && !policy.contains("http:"),
        "{asked}: {policy}"
    );
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{asked}: {name}");
    }
    assert!(!answer.header("permissions-policy").is_empty() && !answer.header("cache-control").is_empty(), "{asked}");
    assert_eq!(answer.header("x-request-id").len(), 32, "{asked}");
    assert!(answer.headers.get("server").is_none() && answer.headers.get("x-powered-by").is_none(), "{asked}");
}

/// An answer of each kind, by status.
async fn one_of_each(app: &App) -> Vec<(u16, crate::support::Answer)> {
    let people = people(app).await;
    let rune = app.as_(&people.responder).await;
    let nobody = app.anonymous();
    let large = "x".repeat(300 * 1024);
    let foreign = form("/sign-out", "").header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    let unreadable = form("/sign-in", "").header("sec-fetch-site", "same-origin");
    let unreadable = unreadable.header(header::CONTENT_TYPE, "application/json").body(Body::from("{")).unwrap();
    let mut answers = vec![
        (200, nobody.get("/").await),
        (200, rune.get("/profile").await),
        (200, nobody.get("/healthz").await),
        (200, nobody.get("/readyz").await),
        (303, nobody.get("/profile").await),
        (303, rune.post("/profile/looks", &[("theme", "dark")]).await),
        (400, nobody.send(unreadable).await),
        (401, nobody.post("/profile", &[]).await),
        (403, rune.send(foreign).await),
        (404, nobody.get("/nothing-here").await),
        (404, rune.get("/assets/nothing.js").await),
        (413, nobody.post("/sign-in", &[("email", &large)]).await),
        (422, rune.post("/profile", &[("name", "")]).await),
    ];
    if let Some(style) = nobody.get("/").await.attributes("href").into_iter().find(|h| h.starts_with("/assets/main-")) {
        answers.push((200, nobody.get(&style).await));
    }
    // A database that broke, for the page of our own faults.
    app.raw.run("alter table teams rename to put_aside").await;
    let broken = app.as_(&people.responder).await.get("/profile").await;
    answers.push((500, broken));
    answers
}

async fn every_answer_carries_the_headers(app: App) {
    for (status, answer) in one_of_each(&app).await {
        answer.is(status);
        has_headers(&answer);
        assert!(!answer.body.contains("teams") || status != 500, "the database's words reach nobody: {}", answer.body);
    }
}

async fn a_nonce_is_used_once_and_stands_in_every_script(app: App) {
    let answers = one_of_each(&app).await;
    let nonces: BTreeSet<_> = answers.iter().filter_map(|(_, answer)| answer.nonce()).collect();
    assert_eq!(nonces.len(), answers.len(), "each answer has a nonce of its own");
    for (_, answer) in &answers {
        let nonce = answer.nonce().unwrap();
        for script in answer.body.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{}: <script{tag}>", answer.asked);
        }
        for forbidden in [" style=\"", " onclick=", " onload=", "javascript:"] {
            assert!(!answer.body.contains(forbidden), "{} holds {forbidden}", answer.asked);
        }
    }
}

fn form(path: &str, kind: &str) -> http::request::Builder {
    let request = Person::request(Method::POST, path);
    if kind.is_empty() { request } else { request.header(header::CONTENT_TYPE, kind) }
}

async fn no_change_rides_on_a_foreign_page(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    let faults = foreign_faults(&app, &rune).await;
    assert!(faults.is_empty(), "{faults:#?}");
    rune.get("/profile").await.ok();
}

/// Sends what pages of other sites can make a browser send, and tells what was not refused or has changed something.
pub async fn foreign_faults(app: &App, person: &Person) -> Vec<String> {
    let before = app.raw.contents().await;
    let mut faults = Vec::new();
    let origins: [&[(&str, &str)]; 12] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "")],
        &[("sec-fetch-site", "Same-Origin")],
        &[("sec-fetch-site", "cross-site"), ("origin", BASE)],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1:3000.evil.example")],
        &[("origin", "http://127.0.0.1:3001")],
        &[("referer", "http://127.0.0.1:3000/profile")],
    ];
    let kinds = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/json", ""];
    for origin in origins {
        for kind in kinds {
            for path in ["/profile/looks", "/sign-out", "/incidents", "/nothing-here"] {
                let mut request = form(path, kind);
                for (name, value) in origin {
                    request = request.header(*name, *value);
                }
                let answer = person.send(request.body(Body::from("theme=dark&title=x")).unwrap()).await;
                if answer.status != 403 {
                    faults.push(format!("{path} from {origin:?} as {kind:?} answered {}", answer.status));
                }
                has_headers(&answer);
            }
        }
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        let answer = person.send(Person::request(method, "/profile/looks").body(Body::empty()).unwrap()).await;
        if answer.status != 403 {
            faults.push(format!("{} answered {}", answer.asked, answer.status));
        }
    }
    if app.raw.contents().await != before {
        faults.push("something was changed".to_owned());
    }
    faults
}

async fn a_browser_that_says_nothing_but_its_origin_is_heard(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    let heard = |origin: &'static str| {
        let request = form("/profile/looks", "application/x-www-form-urlencoded").header(header::ORIGIN, origin);
        rune.send(request.body(Body::from("theme=dark")).unwrap())
    };
    heard(BASE).await.is(303);
    let https = app.with(|site| {
        site.secure_cookies = true;
        site.base_url = "https://stories.example.org".to_owned();
    });
    let nobody = https.anonymous();
    let ask = |origin: &'static str, host: &'static str| {
        let request = http::Request::builder()
            .method(Method::POST)
            .uri("/sign-out")
            .header(header::HOST, host)
            .header(header::ORIGIN, origin);
        nobody.send(request.body(Body::empty()).unwrap())
    };
    ask("https://stories.example.org", "stories.example.org").await.is(303);
    ask("http://stories.example.org", "stories.example.org").await.is(403);
    ask("https://stories.example.org.evil.example", "stories.example.org").await.is(403);
}

async fn nobody_is_sent_to_another_site(app: App) {
    let people = people(&app).await;
    password(&app, &people.team, "Pia Password").await;
    let foreign = [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        " //evil.example",
        "/\t/evil.example",
        "http:evil.example",
    ];
    for next in foreign {
        let fields = [("email", &*email("Pia Password")), ("password", PASSWORD), ("next", next)];
        let answer = app.anonymous().post("/sign-in", &fields).await;
        assert_eq!((answer.status, answer.location()), (303, "/".to_owned()), "{next:?}");
        let page = app.anonymous().get(&format!("/sign-in?next={}", app::form::encode(next))).await;
        assert!(!page.attributes("href").iter().any(|h| h.contains("evil")), "{next:?}");
        assert!(!page.attributes("action").iter().any(|h| h.contains("evil")), "{next:?}");
    }
    let fields = [("email", &*email("Pia Password")), ("password", PASSWORD), ("next", "/incidents?state=open")];
    assert_eq!(app.anonymous().post("/sign-in", &fields).await.location(), "/incidents?state=open");
}

async fn what_cannot_be_read_or_does_not_fit_is_told_in_words(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    let large = "x".repeat(300 * 1024);
    rune.post("/profile", &[("name", &large)]).await.is(413).shows("more than fits");
    for (kind, body) in [("text/plain", "title=x"), ("application/json", "{"), ("", "title=x"), ("multipart/form-data", "x")] {
        let request = form("/profile", kind).header("sec-fetch-site", "same-origin").body(Body::from(body)).unwrap();
        rune.send(request).await.is(400).shows("could not be read");
    }
    for path in [
        "/incidents/%ff%fe",
        "/incidents/INC-99999999999999999999",
        "/incidents/INC--1",
        "/incidents/%00",
        "/incidents/INC-1%0d%0aSet-Cookie:x",
    ] {
        let answer = rune.get(path).await;
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(answer.headers.get(header::SET_COOKIE).is_none());
    }
    let json = rune.post_json("/incidents/INC-9/edit", &[]).await;
    assert!(matches!(json.status, 404 | 422), "{}", json.status);
    assert!(json.json().is_object(), "who asks for JSON gets JSON");
}

async fn what_is_not_in_the_table_is_not_there(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    let signed_in = rune.get("/nothing-here").await;
    // No cookie counts where tools send.
    let anonymous = app.anonymous().get("/nothing-here").await;
    for endpoint in server::router::table() {
        let lost = if endpoint.path.starts_with("/hooks/") { &anonymous } else { &signed_in };
        let path = endpoint.path.replace("{key}", "INC-1").replace(['{', '}'], "");
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::from_bytes(b"PROPFIND").unwrap()] {
            let request = Person::request(method, &path).header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap();
            let answer = rune.send(request).await;
            assert_eq!(answer.bare(), lost.bare(), "{}", answer.asked);
        }
    }
}

async fn the_session_cookie_is_for_this_site_alone(app: App) {
    let people = people(&app).await;
    password(&app, &people.team, "Pia Password").await;
    let fields = [("email", &*email("Pia Password")), ("password", PASSWORD)];
    let plain = app.anonymous().post("/sign-in", &fields).await;
    let cookie = plain.is(303).header("set-cookie").to_owned();
    assert!(cookie.starts_with("session=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert!(cookie.contains("Path=/") && !cookie.contains("Domain"), "{cookie}");
    let https = app.with(|site| site.secure_cookies = true);
    let answer = https.anonymous().post("/sign-in", &fields).await;
    let cookie = answer.is(303).header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-session=") && cookie.contains("; Secure"), "{cookie}");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/") && !cookie.contains("Domain"),
        "{cookie}"
    );
    assert!(!answer.header("strict-transport-security").is_empty());
    let token = cookie.split(['=', ';']).nth(1).unwrap();
    assert!(token.len() >= 43, "256 bits in text");
    assert!(!answer.body.contains(token) && !answer.location().contains(token));
    // A cookie of the plain kind is not taken where the service is served securely.
    let request = Person::request(Method::GET, "/profile").header(header::COOKIE, format!("session={token}"));
    https.anonymous().send(request.body(Body::empty()).unwrap()).await.is(303);
}

async fn a_session_ends_when_it_is_told_to_and_by_itself(app: App) {
    let people = people(&app).await;
    let (one, two) = (app.as_(&people.responder).await, app.as_(&people.responder).await);
    let token = one.session().unwrap();
    let out = one.post("/sign-out", &[]).await;
    out.is(303);
    assert!(out.header("clear-site-data").contains("cache"), "pages that were read leave the cache");
    app.anonymous().with_session(&token).get("/profile").await.is(303);
    two.get("/profile").await.ok();
    app.set_clock("2026-03-06T00:30:00Z");
    two.get("/profile").await.is(303);
    let three = app.as_(&people.responder).await;
    three.get("/profile").await.ok();
    let id = app.raw.id(people.responder.person_id.0);
    app.raw.run(&format!("update people set deactivated_at = '2026-03-06T00:31:00+00:00' where id = {id}")).await;
    three.get("/profile").await.is(303);
}

const PASSWORD: &str = "seven quiet harbours";

async fn password(app: &App, team: &domain::TeamId, name: &str) {
    let new = NewAccount {
        name: name.to_owned(),
        email: email(name),
        password: Some(PASSWORD.to_owned()),
        role: GlobalRole::Member,
        may_facilitate: false,
        team_id: Some(*team),
        manager_id: None,
        zone: "UTC".to_owned(),
        pattern: domain::walltime::WorkPattern::default(),
    };
    store::people::add_account(&app.store, &new, app.now()).await.unwrap();
}

async fn an_unknown_and_a_known_account_refuse_alike(app: App) {
    let people = people(&app).await;
    password(&app, &people.team, "Pia Password").await;
    let refused = async |email: &str| {
        let answer = app.anonymous().post("/sign-in", &[("email", email), ("password", "not this one at all")]).await;
        assert!(answer.headers.get(header::SET_COOKIE).is_none());
        let (status, body) = answer.bare();
        (status, body.replace(email, "(typed)"))
    };
    let known = refused(&email("Pia Password")).await;
    assert_eq!(known.0, 422);
    assert!(!known.1.contains("not this one at all"), "a password is never sent back");
    assert_eq!(refused("nobody@example.org").await, known);
    assert_eq!(refused(&email("Rune Responder")).await, known, "an account without a password");
}

async fn guessing_has_to_wait(app: App) {
    let people = people(&app).await;
    password(&app, &people.team, "Pia Password").await;
    let pia = email("Pia Password");
    let guess = async |password: &str| app.anonymous().post("/sign-in", &[("email", &pia), ("password", password)]).await;
    for _ in 0..10 {
        guess("a wrong password").await.is(422).hides("many tries");
    }
    guess("a wrong password").await.is(422).shows("many tries");
    guess(PASSWORD).await.is(422).shows("many tries");
    app.set_clock("2026-03-05T12:11:00Z");
    guess(PASSWORD).await.is(303);
}

async fn falls() -> &'static str {
    panic!("it stumbled over canary-panic")
}

async fn a_panic_is_a_500_with_its_number_and_none_of_its_words(app: App) {
    listen_to_logs();
    let before = std::panic::take_hook();
    server::log::without_words_of_panics();
    let routes = app::table::Routes::default().get("/falls", domain::rights::Right::Open, falls);
    let answer = app.serving(routes).anonymous().get("/falls").await;
    std::panic::set_hook(before);
    let id = answer.header("x-request-id").to_owned();
    answer.is(500).shows(&id).shows("on our side").hides("canary-panic");
    has_headers(&answer);
    let log = logs();
    assert!(log.contains("a panic") && log.contains("edge.rs") && log.contains(&id), "place and number are in the log");
    assert!(!log.contains("canary-panic"), "what a panic says may be somebody's words");
}

async fn what_is_too_long_for_any_of_our_pages_is_told(app: App) {
    let nobody = app.anonymous();
    nobody.get(&format!("/help?{}", "x".repeat(9 * 1024))).await.is(431).shows("longer than ours");
    let request = Person::request(Method::GET, "/help").header("x-long", "x".repeat(17 * 1024));
    nobody.send(request.body(Body::empty()).unwrap()).await.is(431).shows("longer than ours");
    nobody.get(&format!("/help?{}", "x".repeat(7 * 1024))).await.ok();
}
