//! Own data over HTTP: a file holds all of one's own and nothing of another's; what is erased is gone; what stays has no name.

use crate::permissions::{Viewers, Who};
use crate::support::{App, Canary, Held, Person};
use domain::people::{GlobalRole, Viewer};
use std::collections::BTreeSet;

both_engines! {
    a_file_holds_all_of_ones_own_and_nothing_of_anothers,
    the_keys_of_the_file_are_those_that_are_documented,
    a_page_says_beforehand_what_goes_and_what_stays,
    a_guest_who_erases_leaves_no_name,
    nothing_is_erased_without_the_word_or_the_password,
    one_answer_goes_and_the_others_stay,
    erased_words_are_gone_from_the_database_and_its_log,
    quotes_of_erased_answers_stay_without_a_name_or_leave_the_story,
    closed_figures_stay_when_those_whom_they_count_erase_everything,
    a_closed_account_is_a_former_member_everywhere,
    the_last_administrator_and_a_lone_facilitator_stay,
}

/// Whose words a canary holds, if it holds somebody's own.
pub fn author(canary: &Canary) -> Option<domain::PersonId> {
    match &canary.held {
        Held::Call { person } => Some(*person),
        Held::Answer { author, .. } | Held::Quote { author, .. } | Held::Idea { author } => Some(*author),
        // What a facilitator wrote beside a passage is theirs, not the author’s.
        Held::Incident
        | Held::File
        | Held::Section
        | Held::Plan
        | Held::Theme
        | Held::Line
        | Held::Note { .. }
        | Held::Source { .. }
        | Held::Raw { .. } => None,
    }
}

async fn a_file_holds_all_of_ones_own_and_nothing_of_anothers(app: App) {
    let world = app.world().await;
    let viewers = Viewers::of(&app, &world).await;
    let guest = world.review.guest().invitation;
    let mut faults = BTreeSet::new();
    for who in [
        Who::Responder,
        Who::Other,
        Who::Named,
        Who::Private,
        Who::Drafter,
        Who::Outsider,
        Who::ForeignResponder,
        Who::Facilitator,
        Who::Planner,
        Who::Leader,
        Who::Admin,
        Who::Guest,
    ] {
        let base = if who == Who::Guest { format!("/one-on-one/{guest}") } else { "/profile".to_owned() };
        for file in ["data.json", "data.md"] {
            let answer = viewers.get(who).get(&format!("{base}/{file}")).await;
            assert!(answer.ok().header("content-disposition").starts_with("attachment; filename=\"second-story-my-"));
            assert_eq!(answer.header("cache-control"), "no-store");
            for canary in &world.canaries {
                // A guest's link opens one conversation, and theirs is the only one of that person.
                let here = who != Who::Guest || canary.incident == world.review.id;
                let mine = here && author(canary).is_some() && author(canary) == viewers.id(who);
                // Other words offered for a quote are told once as the author's, wherever they stand.
                let holds = answer.body.contains(&canary.token);
                let title = canary.held == Held::Incident && canary.token.ends_with("-title");
                if holds != mine && !(holds && title) {
                    faults.insert(format!("{who:?} {file} {} {}", if holds { "holds" } else { "lacks" }, canary.token));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.into_iter().take(30).collect::<Vec<_>>().join("\n"));
}

async fn the_keys_of_the_file_are_those_that_are_documented(app: App) {
    let world = app.world().await;
    let nora = app.as_(&world.people.named).await;
    let file = nora.get("/profile/data.json").await.json();
    assert_eq!((file["format"].as_str(), file["version"].as_i64()), (Some("second-story/own-data"), Some(1)));
    let documented = include_str!("../../../docs/OWN-DATA.md");
    let mut keys = BTreeSet::new();
    collect_keys(&file, &mut keys);
    assert!(keys.len() > 50, "{keys:?}");
    let missing: Vec<_> = keys.iter().filter(|key| !documented.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "docs/OWN-DATA.md says nothing of {missing:?}");
    let read = &file["conversations"][0]["answers"][0];
    assert_eq!(read["question"], 1);
    assert!(
        file["audit"]
            .as_array()
            .unwrap()
            .iter()
            .any(|entry| entry["action"] == "invitation.add" && entry["by"] == "Frida Facilitator")
    );
}

fn collect_keys(value: &serde_json::Value, keys: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                keys.insert(key.clone());
                collect_keys(value, keys);
            }
        }
        serde_json::Value::Array(all) => all.iter().for_each(|value| collect_keys(value, keys)),
        _ => {}
    }
}

async fn a_page_says_beforehand_what_goes_and_what_stays(app: App) {
    let world = app.world().await;
    let nora = app.as_(&world.people.named).await;
    let page = nora.get("/profile/data").await;
    page.ok().shows("What is kept about you").shows("Stretches of work").shows("Audit entries").shows("/profile/data.json");
    let page = nora.get("/profile/erase").await;
    page.ok().shows("33 answers, with who has read them").shows("3 stretches of work").shows("Quotes in published stories");
    page.shows("without your name").shows("Type the word erase");
    assert_eq!(nora.get("/profile/erase").await.text(), page.text(), "looking changes nothing");
}

async fn erase(person: &Person, path: &str, fields: &[(&str, &str)]) -> u16 {
    person.post(path, fields).await.status
}

async fn answers_of(app: &App, who: &Viewer) -> i64 {
    app.raw.count(&format!("select count(*) from answers where author_id = {}", app.raw.id(who.person_id.0))).await
}

async fn a_guest_who_erases_leaves_no_name(app: App) {
    let world = app.world().await;
    let told = world.review.guest();
    let link = told.link.clone().unwrap();
    let guest = app.by_link(&link).await;
    let path = format!("/one-on-one/{}/erase", told.invitation);
    let page = guest.get(&path).await;
    page.ok().shows("your name, the address that letters went to, and your personal link").shows("Without your name.");
    let lines = store::interviews::list(&app.store, &world.people.facilitator, world.review.id, app.now()).await.unwrap();
    let line = lines.into_iter().find(|l| l.id == told.invitation).unwrap();
    let (name, person) = (line.name, app.raw.id(line.person_id.0));
    let done = guest.post(&path, &[("what", "all"), ("confirm", "erase")]).await;
    done.ok().shows("It is erased").shows("That somebody was asked stays, without a name.").hides(&name);
    assert_eq!(app.raw.texts(&format!("select name from people where id = {person}")).await, ["A former member"]);
    assert_eq!(app.raw.count(&format!("select count(*) from sessions where person_id = {person}")).await, 0);
    app.anonymous().get(&format!("/invitation/{link}")).await.is(410).shows("This link has ended").hides(&name);
    let frida = app.as_(&world.people.facilitator).await;
    // Guests of other incidents have the same name.
    frida.get(&format!("/incidents/{}/one-on-ones", world.review.key)).await.ok().shows("A former member");
}

async fn nothing_is_erased_without_the_word_or_the_password(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let nora = app.as_(&p.named).await;
    let before = answers_of(&app, &p.named).await;
    for word in ["", "yes", "close"] {
        let page = nora.post("/profile/erase", &[("confirm", word), ("quotes", "yes")]).await;
        page.is(422).shows("Please type the word erase. Nothing was erased.").shows("checked");
    }
    assert_eq!(answers_of(&app, &p.named).await, before);
    let guest = app.by_link(world.review.guest().link.as_deref().unwrap()).await;
    let path = format!("/one-on-one/{}/erase", world.review.guest().invitation);
    guest.post(&path, &[("what", "2"), ("confirm", "no")]).await.is(422).shows("selected");
    guest.post(&path, &[("what", "77"), ("confirm", "erase")]).await.is(422).shows("Please choose what to erase.");
    // With a password, the word does not do.
    let new = store::people::NewAccount {
        name: "Pia Password".into(),
        email: "pia.password@example.org".into(),
        password: Some("a few words in a row".into()),
        role: GlobalRole::Member,
        may_facilitate: false,
        team_id: None,
        manager_id: None,
        zone: "UTC".into(),
        pattern: domain::walltime::WorkPattern::default(),
    };
    store::people::add_account(&app.store, &new, app.now()).await.unwrap();
    let pia = store::people::viewer_by_email(&app.store, "pia.password@example.org").await.unwrap().unwrap();
    let pia = app.as_(&pia).await;
    pia.post("/profile/erase", &[("confirm", "erase")]).await.is(422).shows("This is not your password. Nothing was erased.");
    pia.post("/profile/erase", &[("confirm", "a few words in a row")]).await.is(303);
}

async fn one_answer_goes_and_the_others_stay(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let told = world.review.voice(&p.named);
    let nora = app.as_(&p.named).await;
    let path = format!("/one-on-one/{}/erase", told.invitation);
    let before = answers_of(&app, &p.named).await;
    let said = nora.post(&path, &[("what", "6"), ("confirm", "erase")]).await;
    nora.follow(&said).await.ok().shows("Erased, for good.").shows("What stays when you erase, and why");
    assert_eq!(answers_of(&app, &p.named).await, before - 1);
    // The approved quote stands in no published story: it goes with its answer.
    let frida = app.as_(&p.facilitator).await;
    let quotes = store::reviews::excerpts(&app.store, &p.facilitator, world.review.id, app.now()).await.unwrap();
    assert!(!quotes.iter().any(|q| q.id == world.review.quotes["right"]));
    frida.get(&format!("/incidents/{}/review/overview", world.review.key)).await.ok();
    // Stretches, and the names beside question 12.
    let id = app.raw.id(told.invitation.0);
    let rows = async |table: &str| app.raw.count(&format!("select count(*) from {table} where invitation_id = {id}")).await;
    assert_eq!((rows("work_sessions").await, rows("nominations").await), (1, 1));
    assert_eq!(erase(&nora, &path, &[("what", "3"), ("confirm", "erase")]).await, 303);
    assert_eq!(erase(&nora, &path, &[("what", "12"), ("confirm", "Erase ")]).await, 303);
    assert_eq!((rows("work_sessions").await, rows("nominations").await), (0, 0));
    // The rest of the conversation; another's is not there.
    assert_eq!(erase(&nora, &path, &[("what", "all"), ("confirm", "erase")]).await, 303);
    assert_eq!(rows("answers").await, 0);
    let page = store::interviews::page(&app.store, &p.named, told.invitation, app.now()).await.unwrap();
    assert_eq!(page.state, domain::interviews::InvitationState::Declined);
    let foreign = format!("/one-on-one/{}/erase", world.review.voice(&p.private).invitation);
    assert_eq!(erase(&nora, &foreign, &[("what", "all"), ("confirm", "erase")]).await, 404);
}

async fn erased_words_are_gone_from_the_database_and_its_log(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let nora = app.as_(&p.named).await;
    let mine = app.raw.id(p.named.person_id.0);
    let sealed: Vec<Vec<u8>> = if app.folder.is_some() {
        let hex = app.raw.texts(&format!("select hex(body_sealed) from answers where author_id = {mine}")).await;
        let byte = |text: &str, at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
        hex.iter().map(|text| (0..text.len()).step_by(2).map(|at| byte(text, at)).collect()).collect()
    } else {
        let escaped = app.raw.texts(&format!("select encode(body_sealed, 'escape') from answers where author_id = {mine}")).await;
        escaped.into_iter().map(String::into_bytes).collect()
    };
    assert_eq!(sealed.len(), 33);
    let found = async || {
        let stored = app.raw.bytes(app.folder.as_deref()).await;
        sealed.iter().filter(|words| stored.windows(words.len()).any(|window| window == words.as_slice())).count()
    };
    assert_eq!(found().await, 33, "looked for where they are");
    assert_eq!(erase(&nora, "/profile/erase", &[("confirm", "erase")]).await, 303);
    assert_eq!(found().await, 0);
    assert_eq!(answers_of(&app, &p.named).await, 0);
    for table in ["work_sessions where person_id", "excerpt_sources where answer_id is not null and author_id"] {
        assert_eq!(app.raw.count(&format!("select count(*) from {table} = {mine}")).await, 0, "{table}");
    }
    let file = nora.get("/profile/data.md").await;
    for canary in world.canaries.iter().filter(|c| author(c) == Some(p.named.person_id)) {
        let standing = matches!(canary.held, Held::Quote { standing: true, .. }) && canary.incident != world.review.id;
        // What planners have read stays on their table and leads nowhere.
        assert_eq!(file.body.contains(&canary.token), standing, "{}", canary.token);
    }
}

async fn quotes_of_erased_answers_stay_without_a_name_or_leave_the_story(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let leader = app.as_(&p.leader).await;
    let story = format!("/incidents/{}/review", world.closed.key);
    let quote = world.canaries.iter().find(|c| c.token.contains("quote-named") && c.incident == world.closed.id).unwrap();
    leader.get(&story).await.ok().shows(&quote.token).shows("Nora Named");
    let nora = app.as_(&p.named).await;
    assert_eq!(erase(&nora, "/profile/erase", &[("confirm", "erase")]).await, 303);
    leader.get(&story).await.ok().shows(&quote.token).hides("Nora Named");
    // It can still be withdrawn by her.
    nora.get("/quotes").await.ok().shows(&quote.token);
    let path = format!("/one-on-one/{}/erase", world.closed.voice(&p.named).invitation);
    assert_eq!(erase(&nora, &path, &[("what", "all"), ("quotes", "yes"), ("confirm", "erase")]).await, 303);
    leader.get(&story).await.ok().hides(&quote.token);
}

async fn closed_figures_stay_when_those_whom_they_count_erase_everything(app: App) {
    let world = app.world().await;
    app.set_clock("2026-03-08T01:00:00Z");
    store::trends::close_months(&app.store, app.now()).await.unwrap();
    let lea = &world.people.leader;
    let before = store::trends::released(&app.store, lea, app.now()).await.unwrap();
    assert!(before.hours.figures.iter().any(|f| f.value.is_ok()), "there is a figure to keep");
    let kept = app.raw.contents().await;
    for who in [&world.people.responder, &world.people.other_responder, &world.people.named, &world.people.private] {
        assert_eq!(erase(&app.as_(who).await, "/profile/erase", &[("confirm", "erase")]).await, 303);
        assert_eq!(erase(&app.as_(who).await, "/profile/close", &[("confirm", "close")]).await, 303);
    }
    assert_eq!(store::trends::released(&app.store, lea, app.now()).await.unwrap(), before);
    let after = app.raw.contents().await;
    for table in [
        "closed_months",
        "counted_spans",
        "counted_supports",
        "month_contributions",
        "month_members",
        "month_nights",
        "month_supports",
        "released_cells",
        "services_on_one",
    ] {
        assert_eq!(kept[table], after[table], "{table}");
    }
    assert_ne!(kept["work_sessions"], after["work_sessions"]);
}

async fn a_closed_account_is_a_former_member_everywhere(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let (rune, nora) = (app.as_(&p.responder).await, app.as_(&p.named).await);
    rune.post("/profile/close", &[("confirm", "erase")]).await.is(422);
    for person in [&rune, &nora] {
        let cookie_before = person.session();
        let said = person.post("/profile/close", &[("confirm", "close")]).await;
        assert_eq!(said.is(303).location(), "/help/my-words?said=closed");
        assert!(cookie_before.is_some() && person.session().is_none());
        person.follow(&said).await.ok().shows("Your account is closed.");
    }
    let frida = app.as_(&p.facilitator).await;
    for path in ["one-on-ones", "review", "review/overview"] {
        for told in [&world.review, &world.closed] {
            let page = frida.get(&format!("/incidents/{}/{path}", told.key)).await;
            page.ok().hides("Rune").hides("Nora").hides("rune.responder");
        }
    }
    frida.get(&format!("/incidents/{}/one-on-ones", world.review.key)).await.ok().shows("A former member");
    let stored = String::from_utf8_lossy(&app.raw.bytes(app.folder.as_deref()).await).into_owned();
    for gone in ["Rune Responder", "rune responder", "rune.responder@", "Nora Named", "nora named", "nora.named@"] {
        assert!(!stored.contains(gone), "{gone} is still stored");
    }
    assert!(store::sessions::sign_in_demo(&app.store, "rune.responder@example.org", app.now()).await.unwrap().is_none());
    let mine = app.raw.id(p.named.person_id.0);
    assert_eq!(app.raw.count(&format!("select count(*) from excerpt_sources where author_id = {mine}")).await, 0);
    assert_eq!(app.raw.count(&format!("select count(*) from parked where author_id = {mine}")).await, 0);
    assert_eq!(store::audit::verify(&app.store).await.unwrap().broken_at, None);
}

async fn the_last_administrator_and_a_lone_facilitator_stay(app: App) {
    let world = app.world().await;
    let p = &world.people;
    let ada = app.as_(&p.admin).await;
    ada.get("/profile/close").await.ok().shows("You are the only administrator.");
    ada.post("/profile/close", &[("confirm", "close")]).await.is(409);
    let fay = app.as_(&p.foreign_facilitator).await;
    fay.get("/profile/close").await.ok().shows(&format!("You alone facilitate {}.", world.foreign.key));
    fay.post("/profile/close", &[("confirm", "close")]).await.is(409);
    fay.get(&format!("/one-on-one/{}/data", uuid::Uuid::nil())).await.is(404);
}
