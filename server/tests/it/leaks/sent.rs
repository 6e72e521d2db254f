//! Leaks through what leaves the site or is written beside it: letters, files, programs that ask, the log, figures for operators.

use super::routes_with;
use super::scene::{Scene, TITLE, names_nobody, silent, source};
use crate::support::{Answer, App, Got, Person, Sink, listen_to_logs, logs};
use http::header::AUTHORIZATION;
use server::mail::{Post, round};
use server::process::Process;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

both_engines! {
    a_notification_does_not_name_the_author_of_unattributed_words,
    a_mail_header_does_not_name_the_author_of_unattributed_words,
    an_export_does_not_name_the_author_of_unattributed_words,
    a_link_for_people_outside_does_not_name_the_author_of_unattributed_words,
    an_api_does_not_name_the_author_of_unattributed_words,
    a_file_name_does_not_name_the_author_of_unattributed_words,
    a_log_line_does_not_name_the_author_of_unattributed_words,
    a_metrics_label_does_not_name_the_author_of_unattributed_words,
}

/// A route of this kind, where there is none.
const NONE: [&str; 0] = [];

/// Sends what is due, after the sitting that letters about quotes wait for, and tells what came.
async fn delivered(scene: &Scene) -> Vec<Got> {
    let sink = Sink::open().await;
    let post = Post::new(&sink.url, "Second Story <stories@example.org>").unwrap();
    let now = scene.app.now() + chrono::TimeDelta::minutes(16);
    scene.app.set_clock(&now.to_rfc3339());
    let done = round(&scene.app.store, &post, &move || now).await.unwrap();
    assert!(done.trouble.is_none() && done.sent > 0, "{done:?}");
    sink.got()
}

fn address(viewer: &domain::people::Viewer) -> String {
    crate::support::email(&viewer.name)
}

async fn a_notification_does_not_name_the_author_of_unattributed_words(app: App) {
    // Nothing is told but by mail and on the own first page. What stands under `hooks` takes in, and answers an outcome alone.
    let ways = ["notifications", "notification", "notify", "push", "webhooks", "feed", "rss", "subscribe", "inbox"];
    // The feed holds published stories without quotes and without names: `feed.rs`.
    assert_eq!(routes_with(&ways), ["/profile/feed", "/profile/feed", "/feed/{token}"]);
    let scene = Scene::quoted(app).await;
    let authors: BTreeSet<String> = scene.said.iter().map(|said| address(&said.author)).collect();
    let got = delivered(&scene).await;
    let about: Vec<&Got> = got.iter().filter(|got| got.header("subject").as_deref() == Some("Are these your words?")).collect();
    // Each author is told once and nobody else is: no letter says that somebody submitted or decided.
    assert_eq!(about.iter().map(|got| got.to.clone()).collect::<BTreeSet<_>>(), authors);
    assert_eq!(about.len(), authors.len());
    for got in &got {
        assert!(authors.contains(&got.to), "{} was written to", got.to);
        let whole = format!("{}\n{}\n{}", got.head(), got.part("text/plain"), got.part("text/html"));
        for said in &scene.said {
            assert!(!whole.contains(said.words) && !whole.contains(said.word()), "{} was sent words", got.to);
            if address(&said.author) != got.to {
                silent("a letter to somebody else", &whole, std::slice::from_ref(said));
            }
        }
    }
    // The author's own page tells that a quote waits; the others' tell nothing of it, before and after the author's word.
    let mut watchers = vec![scene.frida.clone()];
    watchers.extend(scene.others().await);
    let mut before = Vec::new();
    for person in &watchers {
        let home = person.get("/").await;
        silent(&home.asked, &source(home.ok()), &scene.said);
        before.push(home.bare());
    }
    assert!(before[0].1.contains(TITLE), "the review waits for its facilitator");
    let said = &scene.said[1];
    said.person.get("/").await.ok().shows("A quote of yours wants your word.");
    let quote = scene.quote_of(said).await;
    said.person.post(&format!("/quotes/{quote}"), &[("version", "1"), ("decision", "right")]).await.is(303);
    for (person, before) in watchers.iter().zip(before) {
        assert_eq!(person.get("/").await.bare(), before);
    }
}

async fn a_mail_header_does_not_name_the_author_of_unattributed_words(app: App) {
    let scene = Scene::quoted(app).await;
    let got = delivered(&scene).await;
    let about: Vec<&Got> = got.iter().filter(|got| got.header("subject").as_deref() == Some("Are these your words?")).collect();
    assert_eq!(about.len(), scene.said.len(), "the letters were sent");
    let mut ids = BTreeSet::new();
    let mut heads = BTreeSet::new();
    for got in &about {
        assert_eq!(got.header("to").unwrap(), got.to, "without a name");
        let id = got.header("message-id").unwrap();
        let kept = |line: &&str| {
            let name = line.split(':').next().unwrap().to_lowercase();
            !["to", "message-id"].contains(&name.as_str()) && !line.contains("boundary=")
        };
        let rest: String = got.head().lines().filter(kept).map(|line| format!("{line}\n")).collect();
        silent("the head of a letter", &format!("{id}\n{rest}"), &scene.said);
        for said in &scene.said {
            assert!(!got.head().contains(said.word()) && !got.head().contains(&said.answer.to_string()));
        }
        for word in ["INC-", "ferry", "Frida"] {
            assert!(!got.head().contains(word), "{word} in {}", got.head());
        }
        ids.insert(id);
        heads.insert(rest);
    }
    assert_eq!(ids.len(), about.len(), "ids of letters lead from none to another");
    assert_eq!(heads.len(), 1, "apart from that they are alike: {heads:#?}");
}

/// The files that somebody without a part in the words can take away.
async fn files(person: &Person) -> Vec<Answer> {
    let mut files = Vec::new();
    for path in server::router::table().iter().filter(|e| e.method == "GET").map(|e| e.path) {
        let is_file = [".csv", ".json", ".md"].iter().any(|end| path.ends_with(end));
        if is_file && !path.contains('{') {
            files.push(person.get(path).await);
        }
    }
    files
}

async fn an_export_does_not_name_the_author_of_unattributed_words(app: App) {
    let scene = Scene::published(app).await;
    // A review goes out as the page that it is, and as two files that say no more than the page.
    let of_reviews: Vec<_> = routes_with(&["export", "pdf", "docx", "md", "html", "json", "csv"])
        .into_iter()
        .filter(|p| p.starts_with("/incidents/"))
        .collect();
    assert_eq!(of_reviews, ["/incidents/{key}/review/story.md", "/incidents/{key}/review/story.html"]);
    for page in ["/story.md", "/story.html"] {
        let file = scene.frida.get(&scene.review(page)).await;
        names_nobody(&file.ok().asked, &source(&file), &scene.said);
    }
    for said in &scene.said {
        let own = said.person.get("/profile/data.json").await;
        own.ok().shows(said.words);
        let others: Vec<_> = scene.said.iter().filter(|other| other.answer != said.answer).collect();
        for file in files(&said.person).await.iter().filter(|file| file.status == 200) {
            for other in &others {
                file.hides(other.words).hides(&other.author.name).hides(&other.answer.to_string());
            }
        }
    }
    let mut taken = 0;
    let mut people = scene.others().await;
    people.push(scene.frida.clone());
    for person in people {
        for file in files(&person).await.into_iter().filter(|file| file.status == 200) {
            taken += 1;
            names_nobody(&file.asked, &source(&file), &scene.said);
            for said in &scene.said {
                file.hides(said.words).hides(said.word()).hides(&said.answer.to_string());
            }
        }
    }
    assert!(taken > 50, "{taken} files");
    scene.frida.get("/incidents.csv").await.ok().shows(TITLE);
}

async fn a_link_for_people_outside_does_not_name_the_author_of_unattributed_words(app: App) {
    let scene = Scene::published(app).await;
    let quotes = scene.quotes().await;
    for names in ["no", "yes"] {
        let made = scene.frida.post(&scene.review("/links"), &[("days", "1"), ("names", names)]).await;
        let address = made.ok().attributes("value").into_iter().find(|v| v.contains("/shared/")).unwrap();
        let page = scene.app.anonymous().get(&format!("/shared/{}", address.rsplit('/').next().unwrap())).await;
        names_nobody(&page.ok().asked, &source(&page), &scene.said);
        for said in &scene.said {
            page.shows(said.words).hides(&said.answer.to_string());
        }
        let shown = scene.order(&page);
        let by_id: Vec<_> =
            quotes.iter().map(|quote| scene.said.iter().find(|said| said.words == quote.text).unwrap().answer).collect();
        assert_eq!(shown, by_id, "in the random order of their ids");
        for quote in &quotes {
            page.hides(&quote.id.to_string());
        }
    }
}

async fn an_api_does_not_name_the_author_of_unattributed_words(app: App) {
    assert_eq!(routes_with(&["api", "graphql", "rest", "rpc", "answers"]), NONE);
    let scene = Scene::quoted(app).await;
    // A page that is asked for as programs ask holds no more than the page.
    for room in scene.rooms() {
        let told = scene.frida.get_json(&room).await;
        for said in &scene.said {
            told.ok().shows(said.words);
        }
        silent(&told.asked, &source(&told), &scene.said);
    }
    for said in &scene.said {
        let path = said.own("/2");
        // What saving by itself is answered: a version and a time, to the author alone.
        let again = [("text", said.words), ("audience", "unattributed"), ("base_version", "1"), ("request_key", "again")];
        let saved = said.person.post_json(&path, &again).await.ok().json();
        assert!(saved["version"].is_i64(), "{saved}");
        names_nobody("the answer to saving", &saved.to_string(), &scene.said);
        for person in [&scene.frida, &scene.app.as_(&scene.people.leader).await, &scene.app.as_(&scene.people.admin).await] {
            person.get_json(&path).await.is(404).hides(said.words);
            let refused = person.post_json(&path, &again).await;
            refused.is(404).hides(said.words).hides(&said.author.name);
        }
        scene.app.anonymous().get_json(&path).await.hides(said.words);
    }
    // A quote that is sent by a program is answered without its author, too.
    let answer = scene.said[2].answer.to_string();
    let fields = [("answer", answer.as_str()), ("section", "hard"), ("text", scene.said[2].words)];
    let sent = scene.frida.post_json(&scene.review("/quotes"), &fields).await;
    assert!(matches!(sent.status, 200 | 303), "{}", sent.status);
    silent(&sent.asked, &source(&sent), &scene.said);
}

async fn a_file_name_does_not_name_the_author_of_unattributed_words(app: App) {
    let scene = Scene::published(app).await;
    scene.frida.get(&scene.review("")).await.ok().shows(scene.said[0].words);
    let mut names = BTreeMap::new();
    let mut note = |file: &Answer| {
        let told = file.header("content-disposition");
        assert!(told.contains("filename="), "{} has no name", file.asked);
        silent(&file.asked, told, &scene.said);
        names.insert(file.asked.clone(), told.to_owned());
    };
    let mut people = scene.others().await;
    people.push(scene.frida.clone());
    for person in &people {
        files(person).await.iter().filter(|file| file.status == 200).for_each(&mut note);
    }
    // Nor do the author's own: they lie about on devices that others use.
    for said in &scene.said {
        for path in ["/profile/data.json", "/profile/data.md", &said.own("/data.json"), &said.own("/data.md")] {
            let file = said.person.get(path).await;
            note(file.ok().shows(said.words));
        }
    }
    assert!(names.len() > 15, "{names:#?}");
    // The same for everybody: a name says what kind of file it is and no more.
    let kinds: BTreeSet<&String> = names.values().collect();
    assert!(kinds.len() <= 16, "{kinds:#?}");
}

async fn a_log_line_does_not_name_the_author_of_unattributed_words(app: App) {
    listen_to_logs();
    let scene = Scene::quoted(app).await;
    delivered(&scene).await;
    scene.publish().await;
    for room in scene.rooms() {
        scene.frida.get(&room).await;
    }
    // Also what was refused, and what went wrong.
    let said = &scene.said[0];
    for who in [&scene.frida, &said.person] {
        who.post(&said.own("/2"), &[("text", said.words), ("audience", "nobody"), ("base_version", "x")]).await;
    }
    scene.app.raw.run("alter table answers rename to put_aside").await;
    said.person.get(&said.own("/2")).await.is(500);
    scene.frida.get(&scene.review("/overview")).await.is(500);
    scene.app.raw.run("alter table put_aside rename to answers").await;
    let logged = logs();
    // What a service logs is INFO and above; below it the test's own mail server is heard, too. A line has its time: what must
    // not stand there is whose request it was.
    let lines: Vec<&str> = logged.lines().filter(|line| !line.contains("TRACE") && !line.contains("DEBUG")).collect();
    for template in
        ["/one-on-one/{invitation}/{number}", "/one-on-one/{invitation}/submit", "/quotes/{id}", "{key}/review/overview"]
    {
        assert!(lines.iter().any(|line| line.contains(template)), "no line tells of {template}");
    }
    let lines = lines.join("\n");
    names_nobody("the log", &lines, &scene.said);
    for said in &scene.said {
        for secret in [said.words, said.word(), &said.answer.to_string(), &said.person.session().unwrap()] {
            assert!(!lines.contains(secret), "the log holds {secret}");
        }
    }
    for quote in scene.quotes().await {
        assert!(!lines.contains(&quote.id.to_string()), "the log holds the address of a quote");
    }
}

/// The labels of a line, `name="value",…`.
fn labels(line: &str) -> Vec<(String, String)> {
    let Some((_, rest)) = line.split_once('{') else { return Vec::new() };
    let mut labels = Vec::new();
    let mut rest = rest;
    while let Some((name, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"').unwrap();
        labels.push((name.trim_start_matches(',').to_owned(), value.to_owned()));
        rest = after;
    }
    labels
}

async fn a_metrics_label_does_not_name_the_author_of_unattributed_words(app: App) {
    const TOKEN: &str = "a-token-of-forty-characters-for-this-test";
    let scene = Scene::quoted(app).await;
    let measured = scene.app.of_process(Arc::new(Process::new(None, Some(TOKEN.to_owned()))));
    for said in &scene.said {
        let person = said.person.at(measured.router.clone());
        person.get(&said.own("/2")).await.ok().shows(said.words);
        let again = [("text", said.words), ("audience", "unattributed"), ("base_version", "1")];
        person.post(&said.own("/2"), &again).await.is(303);
        let quote = scene.quote_of(said).await;
        person.post(&format!("/quotes/{quote}"), &[("version", "1"), ("decision", "right")]).await.is(303);
    }
    let frida = scene.frida.at(measured.router.clone());
    for room in scene.rooms() {
        frida.get(&room).await.ok().shows(scene.said[0].words);
    }
    frida.get(&scene.said[0].own("/2")).await.is(404);
    let asked = Person::request(http::Method::GET, "/metrics").header(AUTHORIZATION, format!("Bearer {TOKEN}"));
    let told = measured.anonymous().send(asked.body(axum::body::Body::empty()).unwrap()).await;
    told.ok().shows("method=\"POST\",route=\"/one-on-one/{invitation}/{number}\",status=\"3xx\"} 5");
    told.shows("route=\"/incidents/{key}/review/overview\"").shows("route=\"/quotes/{id}\"");
    names_nobody("the metrics", &told.body, &scene.said);
    let routes: BTreeSet<&str> = server::router::table().iter().map(|e| e.path).collect();
    let mut seen = BTreeSet::new();
    for (name, value) in told.body.lines().filter(|line| !line.starts_with('#')).flat_map(labels) {
        let fine = match name.as_str() {
            "route" => value == "(none)" || routes.contains(value.as_str()),
            "method" => ["GET", "HEAD", "POST", "other"].contains(&value.as_str()),
            "status" => value.len() == 3 && value.ends_with("xx"),
            "le" => value == "+Inf" || value.parse::<f64>().is_ok(),
            "pool" | "state" | "job" | "version" | "database" => {
                value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
            }
            _ => false,
        };
        assert!(fine, "{name}={value:?} is no label of a route, a result or a build");
        seen.insert(name);
    }
    for name in ["route", "method", "status", "le"] {
        assert!(seen.contains(name), "{seen:?}");
    }
    for said in &scene.said {
        told.hides(said.word()).hides(&said.answer.to_string());
    }
}
