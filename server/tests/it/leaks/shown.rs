//! Leaks through what is shown: times, order, the source of a page, addresses, history, search, counts, whoever types just now.

use super::routes_with;
use super::scene::{Said, Scene, TITLE, names_nobody, silent, source};
use crate::canaries::around;
use crate::support::{Answer, App, Person};
use std::collections::BTreeSet;

both_engines! {
    a_time_stamp_does_not_name_the_author_of_unattributed_words,
    the_order_does_not_name_the_author_of_unattributed_words,
    the_source_of_a_page_does_not_name_the_author_of_unattributed_words,
    an_address_does_not_name_the_author_of_unattributed_words,
    the_edit_history_does_not_name_the_author_of_unattributed_words,
    themes_do_not_name_the_author_of_unattributed_words,
    a_search_does_not_name_the_author_of_unattributed_words,
    a_count_that_changes_by_one_does_not_name_the_author_of_unattributed_words,
    typing_is_told_to_nobody_else,
}

/// The smallest pieces of a page in which words stand.
#[track_caller]
fn pieces(page: &Answer, said: &Said) -> Vec<String> {
    let pieces = around(&page.ok().shows(said.words).body, said.words);
    assert!(!pieces.is_empty(), "{} holds the words in no piece of their own", page.asked);
    pieces
}

async fn a_time_stamp_does_not_name_the_author_of_unattributed_words(app: App) {
    let scene = Scene::said(app).await;
    let overview = scene.review("/overview");
    let before = scene.frida.get(&overview).await;
    silent(&before.asked, &source(&before), &scene.said);
    for said in &scene.said {
        assert!(pieces(&before, said).iter().all(|piece| !piece.contains("<time") && !piece.contains("datetime")));
        // Taken back and submitted again: another time, the same page.
        said.person.post(&said.own("/take-back"), &[]).await.is(303);
        scene.frida.get(&overview).await.ok().hides(said.words);
        scene.app.set_clock(&(scene.app.now() + chrono::TimeDelta::minutes(9)).to_rfc3339());
        said.person.post(&said.own("/submit"), &[]).await.is(303);
        assert_eq!(scene.frida.get(&overview).await.bare(), before.bare());
    }
    // Asked whether it has changed since, the page says no time either.
    for header in ["last-modified", "etag", "age", "expires"] {
        assert_eq!(before.header(header), "", "{header}");
    }
}

async fn the_order_does_not_name_the_author_of_unattributed_words(app: App) {
    let scene = Scene::published(app).await;
    // Random ids give the order: neither the time of saving or submitting, nor who it was.
    let page = scene.frida.get(&scene.review("/overview")).await;
    let mut ids: Vec<_> = scene.said.iter().map(|said| said.answer).collect();
    ids.sort();
    assert_eq!(scene.order(&page), ids);
    assert!(ids.iter().all(|id| id.0.get_version_num() == 4), "{ids:?}");
    let quotes = scene.quotes().await;
    assert_eq!(quotes.len(), scene.said.len());
    assert!(quotes.is_sorted_by_key(|quote| quote.id) && quotes.iter().all(|quote| quote.id.0.get_version_num() == 4));
    let by_quote: Vec<_> =
        quotes.iter().map(|quote| scene.said.iter().find(|said| said.words == quote.text).unwrap().answer).collect();
    for reader in [&scene.people.facilitator, &scene.people.outsider, &scene.people.leader] {
        let story = scene.app.as_(reader).await.get(&scene.review("")).await;
        assert_eq!(scene.order(&story), by_quote, "{}", reader.name);
    }
    // By person there is no place for them.
    let by_person = scene.frida.get(&scene.review("/overview?by=person")).await;
    by_person.ok().shows("Words without a name stand under");
    assert!(scene.said.iter().all(|said| !by_person.body.contains(said.words)));
}

async fn the_source_of_a_page_does_not_name_the_author_of_unattributed_words(app: App) {
    let scene = Scene::quoted(app).await;
    for room in scene.rooms() {
        let page = scene.frida.get(&room).await;
        for said in &scene.said {
            for piece in pieces(&page, said) {
                silent(&page.asked, &piece, &scene.said);
            }
        }
        // Comments, scripts, hidden fields and headers as well, and all that stands beside.
        silent(&page.asked, &source(&page), &scene.said);
    }
}

/// Every address and name in a page.
fn addresses(page: &Answer) -> BTreeSet<String> {
    ["href", "action", "src", "id", "for", "name", "value", "aria-labelledby", "aria-describedby", "data-copy"]
        .iter()
        .flat_map(|attribute| page.attributes(attribute))
        .collect()
}

async fn an_address_does_not_name_the_author_of_unattributed_words(app: App) {
    let scene = Scene::published(app).await;
    let overview = scene.frida.get(&scene.review("/overview")).await;
    let story = scene.frida.get(&scene.review("")).await;
    for page in [&overview, &story] {
        let all = addresses(page.ok());
        assert!(all.len() > 10, "{all:?}");
        silent(&page.asked, &Vec::from_iter(all).join("\n"), &scene.said);
    }
    let quotes = scene.quotes().await;
    let ids: Vec<String> =
        scene.said.iter().map(|said| said.answer.to_string()).chain(quotes.iter().map(|quote| quote.id.to_string())).collect();
    for said in &scene.said {
        assert!(addresses(&overview).contains(&format!("a-{}", said.answer)), "words have an address of their own");
        // That of the conversation opens for its author alone.
        said.person.get(&said.own("/look-over")).await.ok().shows(said.words);
        for rest in ["", "/2", "/preview", "/look-over", "/data.json"] {
            scene.frida.get(&said.own(rest)).await.is(404);
        }
    }
    // No page that names them has an address of their words.
    let mut named = vec![scene.here("/one-on-ones"), "/profile/reads".to_owned(), "/profile/data.json".to_owned()];
    named.extend(scene.said.iter().map(|said| scene.here(&format!("/one-on-ones/{}/talk", said.invitation))));
    let mut names = 0;
    for path in named {
        let page = scene.frida.get(&path).await;
        names += scene.said.iter().filter(|said| page.body.contains(&said.author.name)).count();
        for id in &ids {
            page.hides(id);
        }
    }
    assert!(names >= scene.said.len(), "{names} names");
}

async fn the_edit_history_does_not_name_the_author_of_unattributed_words(app: App) {
    let scene = Scene::published(app).await;
    let olaf = scene.app.as_(&scene.people.outsider).await;
    scene.later();
    let summary = scene.review("/summary");
    scene.frida.post(&summary, &[("base_version", "1"), ("body", "It turned back at the pier.")]).await.is(303);
    let pages = [scene.here("/history"), scene.here("/history?kind=section"), scene.review("/summary/versions")];
    let mut before = Vec::new();
    for page in &pages {
        let page = scene.frida.get(page).await;
        page.ok().shows("Frida Facilitator");
        silent(&page.asked, &source(&page), &scene.said);
        before.push(page.bare());
    }
    // An author takes a quote out of the story: the words go, and no line says that somebody did it.
    let (story, gone) = (scene.review(""), &scene.said[2]);
    olaf.get(&story).await.ok().shows(gone.words);
    let quote = scene.quote_of(gone).await;
    let version = gone.person.get("/quotes").await.field("version").unwrap();
    gone.person.post(&format!("/quotes/{quote}"), &[("version", &version), ("decision", "leave-out")]).await.is(303);
    olaf.get(&story).await.ok().hides(gone.words).shows(scene.said[1].words);
    for (page, before) in pages.iter().zip(before) {
        assert_eq!(scene.frida.get(page).await.bare(), before, "{page}");
    }
    let told = olaf.get(&scene.here("/history")).await;
    silent(&told.asked, &source(told.ok()), &scene.said);
    // The trail that administrators keep says that somebody decided; on which words, no line of theirs says.
    let raw = &scene.app.raw;
    let ids: Vec<String> = scene
        .quotes()
        .await
        .iter()
        .map(|quote| quote.id.to_string())
        .chain(scene.said.iter().map(|s| s.answer.to_string()))
        .map(|id| format!("'{id}'"))
        .collect();
    let ids = ids.join(", ");
    assert_eq!(raw.count(&format!("select count(*) from audit where object in ({ids})")).await, 5, "drafted by the facilitator");
    for said in &scene.said {
        let author = raw.id(said.author.person_id.0);
        let by_author = format!("select count(*) from audit where actor_id = {author}");
        assert!(raw.count(&by_author).await >= 3, "began, submitted, decided");
        assert_eq!(raw.count(&format!("{by_author} and object in ({ids})")).await, 0);
    }
}

async fn themes_do_not_name_the_author_of_unattributed_words(app: App) {
    let scene = Scene::said(app).await;
    // Marked in the order in which they came in, each at a time of its own.
    for said in &scene.said {
        scene.later();
        let answer = said.answer.to_string();
        scene.frida.post(&scene.review("/passages"), &[("answer", &answer), ("passage", said.words)]).await.is(303);
    }
    let themes = scene.review("/themes");
    let page = scene.frida.get(&themes).await;
    silent(&page.asked, &source(&page), &scene.said);
    for said in &scene.said {
        assert!(pieces(&page, said).iter().all(|piece| !piece.contains("<time") && !piece.contains("datetime")));
    }
    let (store, frida) = (&scene.app.store, &scene.people.facilitator);
    let gathered = store::reviews::gathered(store, frida, scene.incident, scene.app.now()).await.unwrap();
    assert!(gathered.passages.is_sorted_by_key(|p| p.id) && gathered.passages.iter().all(|p| p.id.0.get_version_num() == 4));
    let ids: Vec<_> = gathered.passages.iter().map(|p| p.answer).collect();
    assert_eq!(scene.order(&page), ids, "their own random ids give the order");
    // What was marked is on no page of anybody else, the authors' own among them.
    for person in scene.others().await.iter().chain(scene.said.iter().map(|said| &said.person)) {
        person.get(&themes).await.is(404);
    }
}

async fn a_search_does_not_name_the_author_of_unattributed_words(app: App) {
    let scene = Scene::published(app).await;
    scene.frida.get(&scene.review("/overview")).await.ok().shows(scene.said[0].words);
    let mut searchers = scene.others().await;
    searchers.push(scene.frida.clone());
    for person in &searchers {
        let find = async |page: &str, word: &str| person.get(&format!("{page}?q={word}")).await;
        for page in ["/incidents", "/incidents.csv", "/search"] {
            // The word that was looked for is marked in the title.
            find(page, "ferry").await.ok().shows(TITLE.rsplit("ferry").next().unwrap());
            let nothing = find(page, "nowhere").await;
            nothing.ok().hides(TITLE);
            let as_nothing = |answer: &Answer, word: &str| answer.bare().1.replace(word, "nowhere");
            for said in &scene.said {
                let first = said.author.name.split(' ').next().unwrap();
                for word in [said.word(), first] {
                    let found = find(page, word).await;
                    assert_eq!(as_nothing(found.ok(), word), nothing.bare().1, "{page}?q={word}");
                }
            }
        }
    }
}

/// The pages, files and figures that somebody can open around an incident.
async fn looked_at(scene: &Scene, person: &Person) -> Vec<Answer> {
    let mut paths: Vec<String> = ["/", "/incidents", "/incidents.csv", "/quotes", "/trends", "/teams", "/services"]
        .into_iter()
        .chain([
            "/trends/factors",
            "/trends/helped",
            "/trends/when",
            "/trends/on-call",
            "/trends/on-call-load.csv",
            "/trends/learning",
            "/trends/questions",
            "/trends/report",
            "/trends/again.csv",
            "/trends/hours.svg",
            "/trends/factors.svg",
            "/trends/hours.csv",
            "/trends/nights.csv",
            "/trends/spread.csv",
            "/trends/spread.svg",
            "/trends/support.csv",
            "/trends/incidents.csv",
            "/trends/right.csv",
            "/settings/people",
        ])
        .chain(["/trends?nature=any&compare=before", "/trends/between.csv?nature=any"])
        .map(str::to_owned)
        .collect();
    paths.extend(["", "/history", "/factors", "/one-on-ones", "/park", "/planning", "/review"].map(|rest| scene.here(rest)));
    paths.extend(["/preview", "/summary", "/surprised"].map(|rest| scene.review(rest)));
    let mut pages = Vec::new();
    for path in paths {
        pages.push(person.get(&path).await);
    }
    pages
}

/// Fails where a page differs between two looks.
#[track_caller]
fn unchanged(before: &[Answer], after: &[Answer]) {
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(after) {
        assert_eq!(before.bare(), after.bare(), "{} changed", before.asked);
    }
}

/// Everybody's look around. The operator's page is left out: it tells how large the whole database is just now, whoever wrote.
async fn all_looks(scene: &Scene, people: &[Person]) -> Vec<Answer> {
    let mut all = Vec::new();
    for person in people {
        all.extend(looked_at(scene, person).await);
    }
    all
}

async fn a_count_that_changes_by_one_does_not_name_the_author_of_unattributed_words(app: App) {
    let scene = Scene::said(app).await;
    let (overview, author) = (scene.review("/overview"), &scene.said[1]);
    let mut watchers = vec![scene.frida.clone()];
    watchers.extend(scene.others().await);
    watchers.push(scene.said[4].person.clone());
    let before = all_looks(&scene, &watchers).await;
    assert!(before.iter().filter(|page| page.status == 200).count() > 60, "there is something to look at");
    scene.frida.get(&overview).await.ok().shows(author.words).shows("not even as a number");
    // One answer less, at once.
    let narrow = [("text", author.words), ("audience", "me"), ("base_version", "1")];
    author.person.post(&author.own("/2"), &narrow).await.is(303);
    scene.frida.get(&overview).await.ok().hides(author.words).shows(scene.said[0].words);
    unchanged(&before, &all_looks(&scene, &watchers).await);
    // One more, to another question.
    let more = [("text", "It helped to walk to the pier."), ("audience", "unattributed"), ("base_version", "0")];
    author.person.post(&author.own("/6"), &more).await.is(303);
    author.person.post(&author.own("/submit"), &[]).await.is(303);
    let page = scene.frida.get(&overview).await;
    page.ok().shows("It helped to walk to the pier.");
    silent(&page.asked, &source(&page), &scene.said);
    unchanged(&before, &all_looks(&scene, &watchers).await);
    // Neither is what waits for publication a number of people or of answers.
    let words = page.text();
    for count in ["5 answers", "4 answers", "5 people", "4 people", "5 voices", "4 voices", "of 5"] {
        assert!(!words.contains(count), "{count}");
    }
}

async fn typing_is_told_to_nobody_else(app: App) {
    // The first tells when something of the incident was saved that everybody sees; its mark stands on pages that are compared below. The
    // second tells those in a meeting that it is another one: a line was sent, a page turned, somebody came in. Neither knows of typing.
    assert_eq!(
        routes_with(&["typing", "presence", "here", "live", "cursor", "stream", "sse", "ws", "socket", "events-stream"]),
        ["/incidents/{key}/live", "/incidents/{key}/review/meeting/live"]
    );
    let scene = Scene::said(app).await;
    let author = &scene.said[3];
    let mut watchers = vec![scene.frida.clone(), scene.said[0].person.clone()];
    watchers.extend(scene.others().await);
    let before = all_looks(&scene, &watchers).await;
    let overview = scene.frida.get(&scene.review("/overview")).await.bare();
    let talk = scene.here(&format!("/one-on-ones/{}/talk", author.invitation));
    let led = scene.frida.get(&talk).await;
    let mut version = 0;
    for typed in ["It", "It was", "It was the gulls that told us."] {
        scene.app.set_clock(&(scene.app.now() + chrono::TimeDelta::seconds(2)).to_rfc3339());
        let base = version.to_string();
        let fields = [("text", typed), ("audience", "unattributed"), ("base_version", base.as_str()), ("request_key", typed)];
        let saved = author.person.post_json(&author.own("/7"), &fields).await;
        version = saved.ok().json()["version"].as_i64().unwrap();
        author.person.get(&author.own("/7")).await.ok().shows(typed);
        unchanged(&before, &all_looks(&scene, &watchers).await);
        assert_eq!(scene.frida.get(&scene.review("/overview")).await.bare(), overview);
        assert_eq!(scene.frida.get(&talk).await.bare(), led.ok().bare());
    }
    // Nothing that was opened stays open to tell more.
    for page in before {
        assert!(!page.header("content-type").contains("event-stream"), "{}", page.asked);
    }
    names_nobody("the page of what people said", &overview.1, &scene.said);
}
