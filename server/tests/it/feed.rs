//! The feed of published reviews and what a story says of its readers, through the router.

use crate::support::{Answer, App, Person};
use axum::body::Body;
use http::{Method, header};

both_engines! {
    a_feed_is_read_by_its_address_alone_and_is_well_formed,
    a_feed_that_has_not_changed_is_not_sent_again,
    an_address_is_made_shown_once_replaced_and_taken_back,
    a_story_says_how_many_of_which_teams_have_read_it,
    a_story_leads_to_published_ones_that_are_like_it,
}

/// Makes an address and answers its path.
async fn address(who: &Person) -> String {
    let made = who.post("/profile/feed", &[("act", "make")]).await;
    let address = made
        .ok()
        .shows("it is shown this once")
        .field("feed-address")
        .or_else(|| made.attributes("value").into_iter().find(|value| value.contains("/feed/")));
    let address = address.expect("an address");
    address[address.find("/feed/").expect("a path")..].to_owned()
}

/// An element with its text and those in it. Panics where XML is not well formed: a tag that is not closed, a bare sign, an entity that
/// XML does not know.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn child(&self, name: &str) -> &Self {
        self.children.iter().find(|c| c.name == name).unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }
}

fn unescaped(text: &str) -> String {
    assert!(!text.contains(['<', '>']), "bare sign in {text:?}");
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (entity, rest) = part.split_once(';').unwrap_or_else(|| panic!("bare & before {part:?}"));
        out.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" => '\'',
            other => panic!("&{other};"),
        });
        out.push_str(rest);
    }
    assert!(out.chars().all(|c| c == '\n' || (!c.is_control() && c != '\u{fffe}' && c != '\u{ffff}')), "{out:?}");
    out
}

fn parsed(xml: &str) -> Element {
    let mut rest = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>").expect("a declaration").trim();
    let mut open = vec![Element::default()];
    while let Some((text, after)) = rest.split_once('<') {
        open.last_mut().unwrap().text.push_str(&unescaped(text));
        let (tag, after) = after.split_once('>').expect("an end of a tag");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            let done = open.pop().unwrap();
            assert_eq!(done.name, name);
            open.last_mut().unwrap().children.push(done);
            continue;
        }
        let inside = tag.strip_suffix('/').unwrap_or(tag);
        let (name, mut attributes) = inside.split_once(' ').unwrap_or((inside, ""));
        let mut element = Element { name: name.to_owned(), ..Element::default() };
        while let Some((name, after)) = attributes.trim_start().split_once("=\"") {
            let (value, after) = after.split_once('"').expect("an end of a value");
            element.attributes.push((name.to_owned(), unescaped(value)));
            attributes = after;
        }
        assert_eq!(attributes.trim(), "");
        if tag.ends_with('/') { open.last_mut().unwrap().children.push(element) } else { open.push(element) }
    }
    assert_eq!((rest.trim(), open.len()), ("", 1), "something stays open");
    open.pop().unwrap().children.pop().expect("a feed")
}

async fn a_feed_is_read_by_its_address_alone_and_is_well_formed(app: App) {
    let world = app.world().await;
    let key = world.closed.key;
    let frida = app.as_(&world.people.facilitator).await;
    let path = format!("/incidents/{key}/review/summary");
    let version = frida.get(&path).await.ok().field("base_version").unwrap();
    let told = "Pay & <b>stay</b> waited. Rune Responder saw it. \u{201c}It is down\u{201d} was said.\n\n> canary-quoted\n\nThe pool was full.";
    frida.post(&path, &[("base_version", &version), ("body", told)]).await.is(303);
    let path = address(&app.as_(&world.people.outsider).await).await;
    let answer = app.anonymous().get(&path).await;
    assert_eq!(answer.ok().header("content-type"), "application/atom+xml; charset=utf-8");
    let feed = parsed(&answer.body);
    assert_eq!((feed.name.as_str(), feed.attributes[0].1.as_str()), ("feed", "http://www.w3.org/2005/Atom"));
    for name in ["id", "title", "updated", "author"] {
        feed.child(name);
    }
    let entries: Vec<&Element> = feed.children.iter().filter(|c| c.name == "entry").collect();
    let mut ids: Vec<&str> = entries.iter().map(|e| e.child("id").text.as_str()).collect();
    ids.dedup();
    assert_eq!(ids.len(), entries.len());
    for entry in &entries {
        for name in ["title", "link", "summary"] {
            entry.child(name);
        }
        for name in ["updated", "published"] {
            assert!(entry.child(name).text.parse::<chrono::DateTime<chrono::Utc>>().is_ok());
        }
    }
    let entry = entries.iter().find(|e| e.child("title").text.starts_with(&key.to_string())).expect("the closed one");
    let summary = &entry.child("summary").text;
    assert!(summary.contains("Pay &") && summary.contains("The pool was full."), "{summary}");
    let canaries: Vec<_> = world
        .canaries
        .iter()
        .filter(|c| !matches!(c.held, crate::support::Held::Incident | crate::support::Held::Section))
        .collect();
    answer.hides("Rune").hides("It is down").hides("canary-quoted").hides("INC-3 ");
    for canary in canaries {
        answer.hides(&canary.token);
    }
}

async fn a_feed_that_has_not_changed_is_not_sent_again(app: App) {
    let world = app.world().await;
    let path = address(&app.as_(&world.people.outsider).await).await;
    let asked = async |name: header::HeaderName, value: &str| -> Answer {
        app.anonymous().send(Person::request(Method::GET, &path).header(name, value).body(Body::empty()).unwrap()).await
    };
    let first = app.anonymous().get(&path).await;
    let tag = first.ok().header("etag").to_owned();
    let again = asked(header::IF_NONE_MATCH, &tag).await;
    assert_eq!((again.is(304).body.as_str(), again.header("etag")), ("", tag.as_str()));
    asked(header::IF_NONE_MATCH, "\"another\"").await.ok();
    // A date does not tell that a story went out of the feed.
    asked(header::IF_MODIFIED_SINCE, "Thu, 01 Jan 2099 00:00:00 GMT").await.ok();
    app.raw.run(&format!("update incidents set restricted = true where number = {}", world.closed.key.0)).await;
    asked(header::IF_NONE_MATCH, &tag).await.ok().hides(&format!("{} ", world.closed.key));
}

async fn an_address_is_made_shown_once_replaced_and_taken_back(app: App) {
    let world = app.world().await;
    let olaf = app.as_(&world.people.outsider).await;
    olaf.get("/profile").await.ok().shows("A feed of published reviews");
    olaf.get("/profile/feed").await.ok().shows("You have no address yet").shows("Make an address");
    let first = address(&olaf).await;
    app.anonymous().get(&first).await.ok();
    olaf.get("/profile/feed").await.ok().shows("only replaced").hides(&first);
    let second = address(&olaf).await;
    app.anonymous().get(&first).await.is(404);
    app.anonymous().get(&second).await.ok();
    olaf.post("/profile/feed", &[("act", "other")]).await.is(400);
    olaf.post("/profile/feed", &[("act", "end")]).await.is(303);
    app.anonymous().get(&second).await.is(404);
    let third = address(&olaf).await;
    app.raw.run("update people set deactivated_at = created_at where name = 'Olaf Outsider'").await;
    app.anonymous().get(&third).await.is(404);
}

async fn a_story_says_how_many_of_which_teams_have_read_it(app: App) {
    let world = app.world().await;
    let page = format!("/incidents/{}/review", world.closed.key);
    let olaf = app.as_(&world.people.outsider).await;
    olaf.get(&page).await.ok().hides("Read by people of");
    let people = &world.people;
    for who in [&people.responder, &people.named, &people.facilitator, &people.leader, &people.planner, &people.admin] {
        app.as_(who).await.get(&page).await.ok();
    }
    store::reviews::count_readers(&app.store).await.unwrap();
    olaf.get(&page).await.ok().shows("Read by people of").shows("(5 or more)").shows("Teams are counted, never people.");
    olaf.get(&format!("/incidents/{}/review", world.planned.key)).await.ok().hides("Read by people of");
}

async fn a_story_leads_to_published_ones_that_are_like_it(app: App) {
    let world = app.world().await;
    let olaf = app.as_(&world.people.outsider).await;
    let page = olaf.get(&format!("/incidents/{}/review", world.closed.key)).await;
    page.ok().shows("Related reviews");
    let links: Vec<String> = page.attributes("href").into_iter().filter(|href| href.ends_with("/review")).collect();
    let unpublished = format!("/incidents/{}/review", world.review.key);
    assert!(!links.contains(&unpublished), "{links:?}");
}
