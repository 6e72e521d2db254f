//! The canary crawl: whatever each viewer can reach holds no word that is not theirs; nor do headers, logs, the database file, a backup
//! or an export.

use crate::permissions::{VIEWERS, Viewers, Who, every_page};
use crate::support::{Answer, App, Canary, GUEST, Held, World, logs};
use domain::PersonId;
use domain::interviews::{self, Audience};
use domain::reviews::Attribution;
use std::collections::{BTreeMap, BTreeSet};

both_engines! {
    nobody_reaches_a_word_that_is_not_theirs,
    those_whom_words_are_meant_for_do_read_them,
    logs_hold_no_word_and_no_secret,
    the_database_holds_no_confidential_word,
}

/// Whether PRODUCT.md lets somebody read what a canary stands in.
pub fn may_see(canary: &Canary, who: Who, viewers: &Viewers, world: &World) -> bool {
    use Who::{Admin, Anonymous, Ended, Facilitator, ForeignFacilitator, Guest, Later, Leader, Manager, Planner};
    if matches!(who, Anonymous | Ended) {
        return false;
    }
    let at = |told: &crate::support::Told| canary.incident == told.id;
    let published = at(&world.closed) || at(&world.planned) || at(&world.imported);
    let author_is_me = |author: &PersonId| viewers.id(who) == Some(*author);
    // Who leads the review, the bars aside.
    let leads = match who {
        Facilitator => at(&world.review) || at(&world.closed) || at(&world.planned),
        Later | Manager => at(&world.review),
        ForeignFacilitator => at(&world.foreign),
        _ => false,
    };
    // Who was asked, with an account.
    let took_part = match who {
        Who::Responder | Who::Other | Who::Named => at(&world.review) || at(&world.closed) || at(&world.planned),
        Who::Private | Who::Drafter => at(&world.review),
        _ => false,
    };
    let plans = (who == Planner && at(&world.planned)) || (who == Who::Importer && at(&world.imported));
    match &canary.held {
        // A guest knows the title of what they talk about.
        Held::Incident => who != Guest || (at(&world.review) && canary.token == "canary-review-title"),
        Held::File => who != Guest,
        Held::Section => who != Guest && (published || leads),
        Held::Quote { author, standing, .. } => author_is_me(author) || leads || (who != Guest && published && *standing),
        Held::Answer { author, question, audience, submitted } => {
            let parked = *question == interviews::RECURRENCE && *audience == Audience::Parked;
            let shared = match audience {
                Audience::OnlyMe | Audience::Parked => false,
                // Who came later reads what the author agreed to: the guest did.
                Audience::Facilitator => who != Later || viewers.id(Guest) == Some(*author),
                Audience::Unattributed | Audience::Named => true,
            };
            let barred = matches!(who, Leader | Admin) || (who == Manager && *author == world.people.responder.person_id);
            author_is_me(author) || (*submitted && leads && shared && !barred) || (*submitted && plans && parked)
        }
        Held::Theme => leads,
        Held::Line => leads || took_part,
        Held::Call { person } => leads || author_is_me(person),
        Held::Note { author, audience } => {
            let agreed = *audience != Audience::Facilitator || who != Later;
            leads && agreed && !(who == Manager && *author == world.people.responder.person_id)
        }
        Held::Idea { author } => author_is_me(author) || plans,
        Held::Plan => plans,
        Held::Source { importer } => author_is_me(importer),
        Held::Raw { importer } => author_is_me(importer) || leads,
    }
}

/// Everything that a viewer was answered.
pub struct Crawled {
    pub pages: Vec<Answer>,
}

/// Follows every link of the site from everywhere that is known, as a page and as JSON.
pub async fn crawl(app: &App, world: &World, viewers: &Viewers, who: Who) -> Crawled {
    let _ = app;
    let person = viewers.get(who);
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut variants: BTreeMap<String, usize> = BTreeMap::new();
    let mut ahead: Vec<String> = every_page(world, viewers);
    ahead
        .extend(["/never-was", "/incidents/INC-9999", "/incidents?q=canary", "/trends?factor=x", "/?doors=1"].map(str::to_owned));
    ahead.extend(domain::search::Kind::ALL.map(|kind| format!("/search?q=canary&in={}", kind.slug())));
    let mut pages = Vec::new();
    while let Some(address) = ahead.pop() {
        let address = address.split('#').next().unwrap_or_default().to_owned();
        let path = address.split('?').next().unwrap_or_default().to_owned();
        if !known.insert(address.clone()) || path.starts_with("/assets/") {
            continue;
        }
        let seen = variants.entry(path).or_default();
        *seen += 1;
        // Filters and orders multiply; a few of each page tell what it shows.
        if *seen > 5 {
            continue;
        }
        let page = person.get(&address).await;
        if page.status == 200 {
            let links = page.attributes("href").into_iter().filter(|h| h.starts_with('/') && !h.starts_with("//"));
            ahead.extend(links);
            if !address.contains('?') {
                pages.push(person.get_json(&address).await);
            }
        }
        if page.status == 303 && page.location().starts_with('/') {
            ahead.push(page.location());
        }
        pages.push(page);
    }
    Crawled { pages }
}

/// What these answers hold that is not for this viewer: each fault with where it stood.
pub fn faults(world: &World, viewers: &Viewers, who: Who, pages: &[Answer]) -> BTreeSet<String> {
    let mut faults = BTreeSet::new();
    for page in pages {
        // A file's name stands in a header of its own download.
        let named = page.header("content-disposition");
        let held = |token: &str| world.canaries.iter().find(|c| c.token.to_lowercase() == token);
        let own = |token: &str| held(token).is_some_and(|c| c.held == Held::File && may_see(c, who, viewers, world));
        for token in tokens(&page.head()).into_iter().filter(|token| !(tokens(named).contains(token) && own(token))) {
            faults.insert(format!("{who:?}: a header of {} holds {token}", page.asked));
        }
        for token in tokens(&page.body) {
            // Cut short or run together, it is still the same word.
            let meant = |c: &&Canary| c.token.to_lowercase().starts_with(&token) || token.starts_with(&c.token.to_lowercase());
            for canary in world.canaries.iter().filter(meant) {
                let by_link = page.asked.starts_with("GET /invitation/") && canary.token == "canary-review-title";
                if !by_link && !may_see(canary, who, viewers, world) {
                    faults.insert(format!("{who:?}: {} ({}) holds {token}", page.asked, page.status));
                } else if let Some(name) = nameless(canary, who, viewers, world)
                    && around(&page.body, &canary.token).iter().any(|part| part.contains(&name))
                {
                    faults.insert(format!("{who:?}: {} shows {token} beside its author {name}", page.asked));
                }
            }
        }
    }
    faults
}

/// Every canary in a text, in lower case.
fn tokens(text: &str) -> BTreeSet<String> {
    const MARK: &str = "canary-";
    let end = |rest: &str| rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
    let lower = text.to_ascii_lowercase();
    let found: BTreeSet<String> = lower.match_indices(MARK).map(|(at, _)| lower[at..at + end(&lower[at..])].to_owned()).collect();
    found.into_iter().filter(|token| token.len() > MARK.len()).collect()
}

/// The author's name, where these words are promised to stand without it.
fn nameless(canary: &Canary, who: Who, viewers: &Viewers, world: &World) -> Option<String> {
    let author = match &canary.held {
        Held::Answer { author, audience: Audience::Unattributed, .. } | Held::Idea { author } => author,
        // Only who answers with their name ticks it here.
        Held::Answer { author, audience: Audience::Parked, .. } if *author != world.people.named.person_id => author,
        Held::Note { author, audience: Audience::Unattributed } => author,
        Held::Quote { author, attribution: Attribution::Unattributed, .. } => author,
        _ => return None,
    };
    if viewers.id(who) == Some(*author) {
        return None;
    }
    let known = world.people.all().iter().find(|p| p.person_id == *author).map(|p| p.name.clone());
    Some(known.unwrap_or_else(|| GUEST.to_owned()))
}

/// The smallest pieces of the page around a token: the article, item, figure or row that it stands in.
pub fn around(body: &str, token: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for (at, _) in body.match_indices(token) {
        let before = &body[..at];
        let opened = ["article", "li", "figure", "blockquote", "tr"].iter().filter_map(|tag| {
            let start = before.rfind(&format!("<{tag}"))?;
            let close = format!("</{tag}>");
            // Closed again before the token: it stands outside.
            (!before[start..].contains(&close)).then(|| (start, at + body[at..].find(&close).unwrap_or(body.len() - at)))
        });
        if let Some((start, end)) = opened.max_by_key(|(start, _)| *start) {
            parts.push(body[start..end].to_owned());
        }
    }
    parts
}

/// Crawls as each of these and tells what they reached that is not theirs.
pub async fn leaks(app: &App, world: &World, whom: &[Who]) -> BTreeSet<String> {
    let viewers = Viewers::of(app, world).await;
    let mut all = BTreeSet::new();
    for who in whom {
        let crawled = crawl(app, world, &viewers, *who).await;
        all.extend(faults(world, &viewers, *who, &crawled.pages));
    }
    all
}

async fn nobody_reaches_a_word_that_is_not_theirs(app: App) {
    let world = app.world().await;
    // What is decided in SQL is decided for these six; the rest is the same code.
    let six = [Who::Facilitator, Who::Later, Who::Leader, Who::Planner, Who::Guest, Who::Outsider];
    let whom = if app.folder.is_some() { &VIEWERS[..] } else { &six[..] };
    let leaks = leaks(&app, &world, whom).await;
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.into_iter().take(50).collect::<Vec<_>>().join("\n"));
}

/// A crawl that reaches nothing finds nothing: what is meant for somebody must have been among its pages.
async fn those_whom_words_are_meant_for_do_read_them(app: App) {
    let world = app.world().await;
    let viewers = Viewers::of(&app, &world).await;
    let missed = |who: Who, pages: &[Answer], wanted: &dyn Fn(&Canary) -> bool| -> Vec<String> {
        let reached = |c: &&Canary| pages.iter().any(|p| p.body.contains(&c.token));
        let meant: Vec<&Canary> = world.canaries.iter().filter(|c| wanted(c)).collect();
        assert!(!meant.is_empty());
        meant.into_iter().filter(|c| !reached(c)).map(|c| format!("{who:?} did not reach {}", c.token)).collect()
    };
    let mut all = Vec::new();
    let open = |c: &Canary| matches!(c.held, Held::Incident | Held::File);
    for who in [Who::Outsider, Who::Leader, Who::Admin] {
        let pages = crawl(&app, &world, &viewers, who).await.pages;
        all.extend(missed(who, &pages, &open));
        all.extend(missed(who, &pages, &|c| c.held == Held::Section && c.incident == world.closed.id));
        all.extend(missed(who, &pages, &|c| {
            c.incident == world.closed.id && matches!(c.held, Held::Quote { standing: true, .. })
        }));
    }
    for who in [Who::Facilitator, Who::Later] {
        let pages = crawl(&app, &world, &viewers, who).await.pages;
        all.extend(missed(who, &pages, &|c| {
            c.incident == world.review.id
                && matches!(
                    c.held,
                    Held::Answer { .. } | Held::Quote { .. } | Held::Section | Held::Theme | Held::Line | Held::Note { .. }
                )
                && may_see(c, who, &viewers, &world)
        }));
    }
    for (who, author) in
        [(Who::Responder, &world.people.responder), (Who::Private, &world.people.private), (Who::Drafter, &world.people.drafter)]
    {
        let pages = crawl(&app, &world, &viewers, who).await.pages;
        let mine = |c: &Canary| matches!(&c.held, Held::Answer { author: a, .. } if *a == author.person_id);
        all.extend(missed(who, &pages, &|c| c.incident == world.review.id && mine(c)));
    }
    let pages = crawl(&app, &world, &viewers, Who::Planner).await.pages;
    let planned = |c: &Canary| c.incident == world.planned.id && may_see(c, Who::Planner, &viewers, &world);
    let behind = |c: &Canary| planned(c) && matches!(c.held, Held::Plan | Held::Idea { .. } | Held::Answer { .. });
    all.extend(missed(Who::Planner, &pages, &behind));
    let pages = crawl(&app, &world, &viewers, Who::Importer).await.pages;
    all.extend(missed(Who::Importer, &pages, &|c| matches!(c.held, Held::Source { .. })));
    let shown = |c: &Canary, who| {
        // The name that it has at its source and the entry's own name there are shown to nobody beside its page of imports.
        let inside = c.token.contains("-raw-id-") || c.token.contains("-raw-detail-");
        matches!(c.held, Held::Raw { .. }) && !inside && may_see(c, who, &viewers, &world)
    };
    all.extend(missed(Who::Importer, &pages, &|c| shown(c, Who::Importer)));
    let pages = crawl(&app, &world, &viewers, Who::Facilitator).await.pages;
    all.extend(missed(Who::Facilitator, &pages, &|c| shown(c, Who::Facilitator)));
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// What the log holds that no log may: words, session tokens, personal links.
pub fn logged(world: &World, viewers: &Viewers) -> BTreeSet<String> {
    let log = logs();
    assert!(log.contains("request"), "the log was listened to");
    let mut secrets: Vec<String> = VIEWERS.iter().filter_map(|who| viewers.get(*who).session()).collect();
    secrets.extend(world.incidents().iter().flat_map(|told| told.voices.values()).filter_map(|voice| voice.link.clone()));
    secrets.extend(world.canaries.iter().map(|c| c.token.clone()));
    secrets.into_iter().filter(|secret| log.contains(secret.as_str())).collect()
}

async fn logs_hold_no_word_and_no_secret(app: App) {
    crate::support::listen_to_logs();
    let world = app.world().await;
    let viewers = Viewers::of(&app, &world).await;
    for who in [Who::Anonymous, Who::Guest, Who::Responder, Who::Facilitator, Who::Planner, Who::Importer] {
        crawl(&app, &world, &viewers, who).await;
    }
    let guest = world.review.guest();
    let responder = world.review.voice(&world.people.responder);
    let answer = format!("/one-on-one/{}/2", responder.invitation);
    for (who, path) in [(Who::Responder, answer.as_str()), (Who::Outsider, answer.as_str())] {
        // Saved, in conflict, refused, not theirs.
        for version in ["1", "0", "99", "x"] {
            let fields = [("text", "canary-typed is what was typed"), ("audience", "facilitator"), ("base_version", version)];
            viewers.get(who).post(path, &fields).await;
            viewers.get(who).post_json(path, &fields).await;
        }
    }
    viewers.get(Who::Anonymous).post(&format!("/invitation/{}", guest.link.as_deref().unwrap()), &[]).await.is(303);
    let fields = [("email", "rune.responder@example.org"), ("password", "canary-password is long enough")];
    viewers.get(Who::Anonymous).post("/sign-in", &fields).await.is(422);
    // Our own fault, with its cause in the log.
    app.raw.run("alter table answers rename to put_aside").await;
    viewers.get(Who::Responder).get(&answer).await.is(500);
    app.raw.run("alter table put_aside rename to answers").await;
    let found = logged(&world, &viewers);
    assert!(found.is_empty(), "the log holds {found:?}");
    let log = logs();
    for typed in ["canary-typed", "canary-password", "rune.responder@"] {
        assert!(!log.contains(typed), "the log holds {typed}");
    }
}

async fn the_database_holds_no_confidential_word(app: App) {
    let world = app.world().await;
    let mut stored = app.raw.bytes(app.folder.as_deref()).await;
    let folder = tempfile::tempdir().unwrap();
    let backup = server::operations::backup::make(&app.store, folder.path(), "", 1, app.now()).await.unwrap();
    stored.extend(std::fs::read(backup.path).unwrap());
    store::archive::export(&app.store, &mut stored).await.unwrap();
    let stored = String::from_utf8_lossy(&stored);
    let found = tokens(&stored);
    let holds = |token: &str| found.iter().any(|f| f.starts_with(&token.to_lowercase()));
    let confidential = |c: &&Canary| {
        use Held::{Answer, File, Idea, Note, Quote, Raw, Source, Theme};
        matches!(c.held, File | Answer { .. } | Idea { .. } | Quote { .. } | Source { .. } | Theme | Note { .. } | Raw { .. })
    };
    assert!(world.canaries.iter().filter(confidential).count() > 200);
    let found: Vec<_> = world.canaries.iter().filter(confidential).filter(|c| holds(&c.token)).map(|c| &c.token).collect();
    assert!(found.is_empty(), "the database holds {found:?}");
    assert!(
        world.canaries.iter().filter(|c| c.held == Held::Incident).all(|c| holds(&c.token)),
        "what is open is found by looking so"
    );
    let links = world.incidents().iter().flat_map(|t| t.voices.values()).filter_map(|v| v.link.clone()).collect::<Vec<_>>();
    assert!(!links.is_empty() && links.iter().all(|link| !stored.contains(link)), "personal links are kept as hashes");
}
