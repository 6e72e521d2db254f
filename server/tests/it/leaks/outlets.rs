//! Everybody opens everything: what each of them finds of whose words is held against the table of what was promised.

use super::promised::Outlet::{
    self, Api, Calibration, Export, Mail, Page, Preview, Search, Shared, SharedWithNames, Themes, Trends,
};
use super::promised::Words::{self, Facilitator, Named, OnlyMe, Parked, ParkedWithName, Unattributed};
use super::promised::{As, OUTLETS, VIEWERS, WORDS, may};
use crate::canaries::around;
use crate::permissions::{Viewers, Who, every_page};
use crate::support::{Answer, App, BASE, Canary, Held, Person, Sink, Told, World, email};
use domain::interviews::{self, Audience};
use domain::reviews::{Attribution, SectionKind};
use std::collections::{BTreeMap, BTreeSet};

both_engines! {
    every_audience_reaches_those_whom_the_table_names_at_every_outlet,
}

/// A text that is looked for, and who wrote it.
struct Looked<'a> {
    token: &'a str,
    author: Who,
    name: String,
    /// Ids of the person and of the conversation: they would tell the same.
    ids: [String; 2],
}

/// What was written for this audience at an incident: answers; for quotes, what was made of them.
fn looked_for<'a>(world: &'a World, viewers: &Viewers, told: &Told, outlet: Outlet, words: Words) -> Vec<Looked<'a>> {
    let with_name = world.people.named.person_id;
    let meant = |canary: &&Canary| {
        canary.incident == told.id
            && match &canary.held {
                Held::Quote { attribution, .. } if of_quotes(outlet) => {
                    // What is left out stays with its author and who facilitates, and is looked at in the reviews' own tests.
                    let these = if *attribution == Attribution::Named { Named } else { Unattributed };
                    these == words && !canary.token.contains("left-out")
                }
                Held::Answer { author, question, audience, submitted: true } => {
                    // Whom somebody named stands on a card of its own, in the interviews' own tests.
                    let these = match audience {
                        Audience::OnlyMe => OnlyMe,
                        Audience::Parked if *author == with_name => ParkedWithName,
                        Audience::Parked => Parked,
                        Audience::Facilitator => Facilitator,
                        Audience::Unattributed => Unattributed,
                        Audience::Named => Named,
                    };
                    let quoted = of_quotes(outlet) && matches!(words, Unattributed | Named);
                    // What can be marked is marked at question 2 here.
                    let marked = outlet != Themes || *question == 2 || matches!(words, OnlyMe | Parked | ParkedWithName);
                    these == words && *question != interviews::NOMINATIONS && !quoted && marked
                }
                _ => false,
            }
    };
    let author = |canary: &'a Canary| {
        let (Held::Answer { author, .. } | Held::Quote { author, .. }) = &canary.held else { return None };
        // Who came by a link has no account, and is a viewer here.
        let person = world.people.all().into_iter().find(|p| p.person_id == *author)?;
        let ids = [person.person_id.to_string(), told.voice(person).invitation.to_string()];
        Some(Looked { token: &canary.token, author: viewers.who(&person.name)?, name: person.name.clone(), ids })
    };
    world.canaries.iter().filter(meant).filter_map(author).collect()
}

/// Where quotes are to be found, and answers are not.
fn of_quotes(outlet: Outlet) -> bool {
    matches!(outlet, Calibration | Shared | SharedWithNames)
}

/// Links to a published story: one without names, one with them.
async fn links(frida: &Person, told: &Told) -> [String; 2] {
    let mut made = Vec::new();
    for names in ["no", "yes"] {
        let page = frida.post(&format!("/incidents/{}/review/links", told.key), &[("days", "30"), ("names", names)]).await;
        let address = page.ok().attributes("value").into_iter().find(|v| v.contains("/shared/")).unwrap();
        // What is asked beside the path changes nothing, and tells the two apart here.
        made.push(format!("/shared/{}?names={names}", address.rsplit('/').next().unwrap()));
    }
    made.try_into().unwrap()
}

/// Who that is for words of this author.
fn person(viewer: As, author: Who) -> Who {
    match viewer {
        As::Author => author,
        As::OtherResponder if author == Who::Named => Who::Other,
        As::OtherResponder => Who::Named,
        As::Facilitator => Who::Facilitator,
        As::LaterFacilitator => Who::Later,
        As::LineManager => Who::Manager,
        As::Leadership => Who::Leader,
        As::Planner => Who::Planner,
        As::Administrator => Who::Admin,
        As::Outsider => Who::Outsider,
        As::Guest => Who::Guest,
        As::Nobody => Who::Anonymous,
    }
}

/// At which outlet an address is.
fn outlet(path: &str) -> Outlet {
    if path.starts_with("/shared/") {
        return if path.ends_with("?names=yes") { SharedWithNames } else { Shared };
    }
    let path = path.split('?').next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let section = path.contains("/review/") && SectionKind::from_slug(last).is_some();
    if path.starts_with("/trends") || path.starts_with("/teams") || path.starts_with("/services") {
        Trends
    } else if last == "preview" {
        Preview
    } else if last.contains('.') || last == "file" || path.contains("/source/") {
        Export
    } else if last == "themes" {
        Themes
    } else if path == "/quotes" || last == "review" || section {
        Calibration
    } else {
        Page
    }
}

/// Everything that each of these finds, by outlet.
type Found = BTreeMap<(Who, Outlet), Vec<Answer>>;

/// The addresses that are opened: every page of the three incidents and of the site, and other views of them.
fn addresses(world: &World, viewers: &Viewers, stages: [&Told; 3]) -> BTreeSet<String> {
    let elsewhere = |path: &String| {
        let at = path.split('/').find(|part| part.starts_with("INC-"));
        at.is_some_and(|key| stages.iter().all(|told| told.key.to_string() != key))
    };
    let mut all: BTreeSet<String> = every_page(world, viewers).into_iter().filter(|path| !elsewhere(path)).collect();
    all.extend(["/incidents?mine=1", "/quotes", "/profile/reads", "/profile/data"].map(str::to_owned));
    for told in stages {
        all.insert(format!("/incidents/{}/review/overview?by=person", told.key));
        all.extend(SectionKind::ALL.map(|kind| format!("/incidents/{}/review/{}", told.key, kind.slug())));
        all.extend(told.voices.values().map(|voice| format!("/incidents/{}/one-on-ones/{}/talk", told.key, voice.invitation)));
    }
    all
}

async fn find(world: &World, viewers: &Viewers, stages: [&Told; 3], whom: &BTreeSet<Who>) -> Found {
    let mut found = Found::new();
    let mut all = addresses(world, viewers, stages);
    for told in &stages[1..] {
        all.extend(links(viewers.get(Who::Facilitator), told).await);
    }
    for who in whom {
        for path in &all {
            let page = viewers.get(*who).get(path).await;
            let at = outlet(path);
            if at == Page && page.status == 200 {
                found.entry((*who, Api)).or_default().push(viewers.get(*who).get_json(path).await);
            }
            found.entry((*who, at)).or_default().push(page);
        }
    }
    found
}

/// Sends all letters there are, and makes of each what its reader is shown.
async fn letters(app: &App, world: &World, viewers: &Viewers) -> Found {
    let sink = Sink::open().await;
    let post = server::mail::Post::new(&sink.url, "Second Story <stories@example.org>").unwrap();
    let mut found = Found::new();
    for day in ["2026-03-09T12:00:00Z", "2026-03-25T12:00:00Z"] {
        let now = crate::support::at(day);
        let done = server::mail::round(&app.store, &post, &move || now).await.unwrap();
        assert!(done.trouble.is_none(), "{done:?}");
    }
    for got in sink.got() {
        let reader = world.people.all().into_iter().find(|p| email(&p.name) == got.to).unwrap();
        let body = format!("{}\n{}\n{}", got.head(), got.part("text/plain"), got.part("text/html"));
        let letter = Answer {
            asked: format!("a letter to {}", got.to),
            status: 200,
            headers: http::HeaderMap::new(),
            bytes: Vec::new(),
            body,
        };
        found.entry((viewers.who(&reader.name).unwrap(), Mail)).or_default().push(letter);
    }
    found
}

/// Whether looking for this brings up something else than looking for what nobody wrote.
async fn searched(person: &Person, token: &str) -> bool {
    let none = "canary-that-nobody-wrote";
    let kinds = ["events", "factors", "learnings", "stories"].map(|kind| format!("/search?in={kind}&q="));
    let pages = ["/incidents?q=", "/incidents.csv?q=", "/search?q="].map(str::to_owned);
    for page in pages.into_iter().chain(kinds) {
        let found = person.get(&format!("{page}{token}")).await.bare();
        let nothing = person.get(&format!("{page}{none}")).await.bare();
        if (found.0, found.1.replace(token, none)) != nothing {
            return true;
        }
    }
    false
}

/// What is found of a text among these answers, in the letters of the table; `i`, which stands nowhere there: words without a
/// name and beside an id that leads to it.
fn seen(pages: &[Answer], text: &Looked<'_>, own: bool) -> char {
    let here: Vec<&Answer> = pages.iter().filter(|p| p.body.contains(text.token) || p.head().contains(text.token)).collect();
    if here.is_empty() {
        return '.';
    }
    if own {
        return 'o';
    }
    let pieces: Vec<String> = here.iter().flat_map(|page| around(&page.body, text.token)).collect();
    assert!(!pieces.is_empty(), "{} stands beside nothing", text.token);
    let beside = |what: &String| pieces.iter().any(|piece| piece.contains(what));
    match (beside(&text.name), text.ids.iter().any(beside)) {
        (true, _) => 'n',
        (false, true) => 'i',
        (false, false) => 'w',
    }
}

async fn every_audience_reaches_those_whom_the_table_names_at_every_outlet(app: App) {
    let mut app = app.with(|site| site.store = site.store.with_post(BASE));
    app.store = app.store.with_post(BASE);
    let world = app.world().await;
    let p = &world.people;
    let authors = [&p.responder, &p.other_responder, &p.named, &p.private, &p.drafter];
    for author in authors {
        store::people::set_manager(&app.store, author.person_id, Some(p.manager.person_id)).await.unwrap();
    }
    // February closes, so that there are figures; the wall of what was published on Thursday still stands on Sunday.
    app.set_clock("2026-03-08T01:00:00Z");
    store::trends::close_months(&app.store, app.now()).await.unwrap();
    let viewers = Viewers::of(&app, &world).await;
    viewers.get(Who::Leader).get("/trends").await.ok().shows("February 2026 closed on 8 March.");
    assert!(searched(viewers.get(Who::Outsider), "canary-review-title").await, "what may be found is found");
    let stages = [&world.review, &world.closed, &world.planned];
    let all_authors = [Who::Responder, Who::Other, Who::Named, Who::Private];
    let whom: BTreeSet<Who> = VIEWERS.into_iter().flat_map(|viewer| all_authors.map(|author| person(viewer, author))).collect();
    assert_eq!(whom.len(), 13, "{whom:?}");
    let mut found = find(&world, &viewers, stages, &whom).await;
    quotes_of_what_is_for_the_review(&world, viewers.get(Who::Facilitator)).await;
    let (mut faults, mut combinations) = (Vec::new(), 0);
    let mut sought: BTreeMap<(String, Who), bool> = BTreeMap::new();
    let sent = letters(&app, &world, &viewers).await;
    assert!(sent.contains_key(&(Who::Other, Mail)) && sent.contains_key(&(Who::Named, Mail)), "to {:?}", sent.keys());
    found.extend(sent);
    for (stage, told) in stages.into_iter().enumerate() {
        for at in OUTLETS {
            for words in WORDS {
                let mut texts = looked_for(&world, &viewers, told, at, words);
                assert!(!texts.is_empty(), "nobody wrote {words:?} at {}", told.key);
                if at == Search {
                    texts.truncate(1);
                }
                for viewer in VIEWERS {
                    combinations += 1;
                    let wanted = may(stage, at, words, viewer);
                    for text in &texts {
                        let who = person(viewer, text.author);
                        let got = if at == Search {
                            let person = viewers.get(who);
                            let key = (text.token.to_owned(), who);
                            if !sought.contains_key(&key) {
                                let hit = searched(person, text.token).await;
                                sought.insert(key.clone(), hit);
                            }
                            if sought[&key] { 'w' } else { '.' }
                        } else {
                            let pages = found.get(&(who, at)).map(Vec::as_slice).unwrap_or_default();
                            seen(pages, text, viewer == As::Author)
                        };
                        if got != wanted {
                            let told = format!("{} {at:?} {words:?} {viewer:?}", told.key);
                            faults.push(format!("{told}: {wanted} in the table, {got} found, {}", text.token));
                        }
                    }
                }
            }
        }
    }
    assert_eq!(combinations, 3 * OUTLETS.len() * WORDS.len() * VIEWERS.len());
    let first: Vec<_> = faults.iter().take(60).cloned().collect();
    assert!(faults.is_empty(), "{} differ from the table:\n{}", faults.len(), first.join("\n"));
}

/// The facilitator asks for quotes from answers that are not for the review, and is answered as if there were none; from one that
/// is, with its author's name, a quote goes to its author.
async fn quotes_of_what_is_for_the_review(world: &World, frida: &Person) {
    let path = format!("/incidents/{}/review/quotes", world.review.key);
    let p = &world.people;
    // For nobody, parked, for the facilitator alone; named.
    let kinds =
        [(&p.private, 2, 404), (&p.other_responder, interviews::RECURRENCE, 404), (&p.responder, 2, 404), (&p.named, 2, 303)];
    for (author, question, status) in kinds {
        let answer = world.review.voice(author).answers[&question].to_string();
        let fields =
            [("answer", answer.as_str()), ("section", "hard"), ("text", "is what was written here."), ("paraphrase", "yes")];
        frida.post(&path, &fields).await.is(status);
    }
}
