//! The permission matrix: every endpoint of the router × every viewer × own, same incident, another one, none × every state.

mod matrix;
mod objects;
mod restricted;
mod viewers;

pub use matrix::{VIEWERS, Who};
pub use viewers::Viewers;

use crate::support::{Answer, App, World};
use app::table::Endpoint;
use matrix::{MATRIX, Rule};
use objects::{Object, form, objects};
use std::collections::BTreeSet;

both_engines! {
    every_endpoint_is_in_the_matrix,
    pages_open_to_those_who_may_and_to_nobody_else,
    what_is_refused_changes_nothing,
    what_is_allowed_is_heard,
}

async fn every_endpoint_is_in_the_matrix(_app: App) {
    let (missing, stale) = unlisted(&server::router::table());
    assert!(missing.is_empty(), "endpoints that the matrix says nothing about: {missing:#?}");
    assert!(stale.is_empty(), "the matrix tells of endpoints that are not there: {stale:#?}");
}

/// Endpoints of a router that the matrix says nothing about, and the other way round.
pub fn unlisted(table: &[Endpoint]) -> (BTreeSet<String>, BTreeSet<String>) {
    let router: BTreeSet<String> = table.iter().map(|e| format!("{} {}", e.method, e.path)).collect();
    let matrix: BTreeSet<String> = MATRIX.iter().map(|(endpoint, _)| (*endpoint).to_owned()).collect();
    assert_eq!(matrix.len(), MATRIX.len(), "each endpoint once");
    (&router - &matrix, &matrix - &router)
}

/// The endpoints with this method that both tables have, with their rule.
fn endpoints(method: &str) -> Vec<(&'static str, Rule)> {
    let rule = |path: &str| MATRIX.iter().find(|(e, _)| *e == format!("{method} {path}")).map(|(_, rule)| *rule);
    server::router::table().iter().filter(|e| e.method == method).filter_map(|e| Some((e.path, rule(e.path)?))).collect()
}

/// Every page's address in this world, whosever it is.
pub fn every_page(world: &World, viewers: &Viewers) -> Vec<String> {
    endpoints("GET").iter().flat_map(|(path, _)| objects(world, viewers, path)).map(|object| object.path).collect()
}

/// Who is not signed in, and whose session is over.
fn signed_out(who: Who) -> bool {
    matches!(who, Who::Anonymous | Who::Ended)
}

/// Collects what is not as the matrix says, to tell all of it at once.
#[derive(Default)]
pub struct Faults(pub Vec<String>);

impl Faults {
    fn unless(&mut self, fine: bool, what: impl FnOnce() -> String) {
        if !fine {
            self.0.push(what());
        }
    }

    #[track_caller]
    fn none(self) {
        // A few of each endpoint tell enough.
        let mut lines: Vec<String> = Vec::new();
        let mut before = String::new();
        let mut count = 0;
        for line in &self.0 {
            let path = line.split_whitespace().find(|word| word.starts_with('/')).unwrap_or_default();
            let endpoint = path.rsplit('/').next().unwrap_or_default().to_owned();
            count = if endpoint == before { count + 1 } else { 1 };
            before = endpoint;
            if count <= 4 {
                lines.push(line.clone());
            }
        }
        assert!(self.0.is_empty(), "{} answers differ from the matrix:\n{}", self.0.len(), lines.join("\n"));
    }
}

async fn pages_open_to_those_who_may_and_to_nobody_else(app: App) {
    let world = app.world().await;
    let viewers = Viewers::of(&app, &world).await;
    page_faults(&app, &world, &viewers, &VIEWERS, |_| true).await.none();
}

/// Opens the pages of these endpoints as each of these viewers, and tells where the answer is not as the matrix says.
pub async fn page_faults(app: &App, world: &World, viewers: &Viewers, whom: &[Who], wanted: impl Fn(&str) -> bool) -> Faults {
    let mut faults = Faults::default();
    let before = app.raw.contents().await;
    for (path, rule) in endpoints("GET").into_iter().filter(|(path, _)| wanted(path)) {
        let right = server::router::table().iter().find(|e| e.path == path && e.method == "GET").map(|e| e.right);
        for object in objects(world, viewers, path) {
            for who in whom.iter().copied() {
                let answer = viewers.get(who).get(&object.path).await;
                let fine = if rule.lets(who, &object) {
                    let elsewhere = answer.status == 303 && !answer.location().starts_with("/sign-in");
                    answer.status == 200 || elsewhere || path.starts_with("/assets/")
                } else if matches!(rule, Rule::Link) {
                    // An ended link and one that never was look the same, also to who is not signed in.
                    answer.status == 404
                        && answer.bare() == viewers.get(who).get(&path.replace("{token}", "never-was")).await.bare()
                } else if signed_out(who) && right != Some(domain::rights::Right::Open) {
                    answer.status == 303 && answer.location() == format!("/sign-in?next={}", app::form::encode(&object.path))
                } else {
                    is_lost(&answer, viewers.get(who)).await
                };
                faults.unless(fine, || told(who, &object, rule, &answer));
            }
        }
        let after = app.raw.contents().await;
        faults.unless(after == before, || format!("GET {path} changed the database"));
    }
    faults
}

/// Whether this is what anything answers that never was, apart from the request's own id and nonce.
async fn is_lost(answer: &Answer, person: &crate::support::Person) -> bool {
    answer.status == 404 && answer.bare() == person.get("/never-was").await.bare()
}

fn told(who: Who, object: &Object, rule: Rule, answer: &Answer) -> String {
    let may = if rule.lets(who, object) { "may" } else { "may not" };
    format!("{who:?} {may}: {} ({:?}) answered {} {}", answer.asked, object.state, answer.status, answer.location())
}

/// Sends a form, with a file where the endpoint takes one.
async fn send(person: &crate::support::Person, path: &str, object: &Object, fields: &[(&str, &str)]) -> Answer {
    const DAYS: &[u8] = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Off\nDTSTART:20260501\nEND:VEVENT\nEND:VCALENDAR\n";
    const SET: &[u8] = br#"{"format":"second-story question set 1","name":"Theirs","questions":[{"kind":"own","text":"And?"}]}"#;
    const LOG: &[u8] = br#"[{"at":"2026-03-01T10:00:00Z","text":"Changed by somebody"}]"#;
    match path {
        "/incidents/{key}/raw/import" => person.upload(&object.path, "files", &[("a.json", LOG)], &[]).await,
        "/import/logs" => person.upload(&object.path, "files", &[("a.json", LOG)], &[]).await,
        "/incidents/{key}/attachments" => person.upload(&object.path, "files", &[("a.txt", b"Changed by somebody")], &[]).await,
        "/import" => person.upload(&object.path, "files", &[("a.md", b"# A review")], &[]).await,
        "/settings/questions/take-in" => person.upload(&object.path, "file", &[("set.json", SET)], &[]).await,
        "/schedules/{team}" => {
            let fields = [("zone", "UTC"), ("act", "take"), ("text", "start,end,person\n2026-02-02,2026-02-03,Changed\n")];
            person.upload(&object.path, "file", &[("", b"")], &fields).await
        }
        "/settings/holidays/{calendar}/import" => person.upload(&object.path, "file", &[("a.ics", DAYS)], &[]).await,
        _ => person.post(&object.path, fields).await,
    }
}

async fn what_is_refused_changes_nothing(app: App) {
    let world = app.world().await;
    let viewers = Viewers::of(&app, &world).await;
    let mut faults = Faults::default();
    let before = app.raw.contents().await;
    for (path, rule) in endpoints("POST") {
        for object in objects(&world, &viewers, path) {
            let fields = form(&world, path, &object);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            for who in VIEWERS.into_iter().filter(|who| !rule.lets(*who, &object)) {
                let person = viewers.get(who);
                let forms: &[&[(&str, &str)]] = if who == Who::Outsider { &[&fields, &[]] } else { &[&fields] };
                for fields in forms {
                    let unreadable = fields.is_empty() && path == "/quotes/{id}";
                    let answer = send(person, path, &object, fields).await;
                    let fine = match rule {
                        Rule::Link => {
                            let never = path.replace("{token}", "never-was");
                            answer.status == 404 && answer.bare() == person.post(&never, &[]).await.bare()
                        }
                        Rule::Nobody => is_lost(&answer, person).await,
                        _ if signed_out(who) => answer.status == 401,
                        // What cannot be read is refused before anything is looked up, whatever the path names.
                        _ if unreadable => answer.status == 400,
                        _ => is_lost(&answer, person).await,
                    };
                    faults.unless(fine, || told(who, &object, rule, &answer));
                }
            }
        }
        let after = app.raw.contents().await;
        let changed: Vec<_> =
            before.iter().filter(|(table, hash)| after.get(*table) != Some(hash)).map(|(table, _)| table).collect();
        assert!(changed.is_empty(), "refused forms to {path} changed {changed:?}");
    }
    faults.none();
}

async fn what_is_allowed_is_heard(app: App) {
    let world = app.world().await;
    let viewers = Viewers::of(&app, &world).await;
    let mut faults = Faults::default();
    if app.fork().await.is_none() {
        eprintln!(
            "SKIPPED on PostgreSQL: each form is tried in a copy of the world, which SQLite makes quickly; rooms test theirs on both"
        );
        return;
    }
    for (path, rule) in endpoints("POST") {
        for object in objects(&world, &viewers, path) {
            let allowed: Vec<Who> = VIEWERS.into_iter().filter(|who| rule.lets(*who, &object)).collect();
            let fields = form(&world, path, &object);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            // Where many may, three speak for all.
            let few = if allowed.len() > 5 { vec![allowed[0], allowed[1], allowed[allowed.len() - 1]] } else { allowed };
            for who in few {
                let fork = app.fork().await.unwrap();
                let person = viewers.get(who).at(fork.router.clone());
                let answer = send(&person, path, &object, &fields).await;
                faults.unless(matches!(answer.status, 200 | 303 | 409 | 422), || told(who, &object, rule, &answer));
                for leak in crate::canaries::faults(&world, &viewers, who, std::slice::from_ref(&answer)) {
                    faults.unless(false, || leak);
                }
                fork.store.close().await;
            }
        }
    }
    faults.none();
}
