//! Through the router: the pulse is asked once it is switched on, counts once a month, and tells of closed quarters.

use crate::support::{App, World};
use domain::pulse::{Answers, Item};

both_engines! {
    an_administrator_switches_it_on_and_says_what_it_is_for,
    it_is_answered_once_and_put_off_for_a_month,
    a_refused_answer_keeps_what_was_chosen,
    while_it_is_off_only_the_page_of_one_s_own_is_left,
    a_closed_quarter_is_told_on_the_page_and_in_the_file,
}

async fn an_administrator_switches_it_on_and_says_what_it_is_for(app: App) {
    let world = app.world().await;
    let (ada, rune) = (app.as_(&world.people.admin).await, app.as_(&world.people.responder).await);
    ada.get("/settings/pulse").await.ok().shows("works council").shows("To look after our rotas.");
    let off = ada
        .post("/settings/pulse", &[("on", "yes"), ("purpose", " "), ("name", "Betty"), ("how", "Room 4"), ("link", "ftp://x")])
        .await;
    off.is(422).shows("Please say what it is for").shows("Please begin with https://").shows("Room 4");
    let goals = ["", "", "", "80", "", "", ""].map(|goal| ("goals", goal));
    let rest =
        [("on", "yes"), ("purpose", "To let people sleep."), ("name", "Betty"), ("how", "Room <4>"), ("link", "tel:+49123")];
    let fields: Vec<(&str, &str)> = goals.into_iter().chain(rest).collect();
    let saved = ada.post("/settings/pulse", &fields).await;
    ada.follow(&saved).await.ok().shows("Saved.").shows("Betty");
    let page = rune.get("/pulse").await;
    page.ok().shows("To let people sleep.").shows("Betty").shows("Room &lt;4&gt;").shows("href=\"tel:+49123\"");
    rune.get("/trends/pulse").await.ok().shows("80 % sleep 3 or better").shows("Too few to say");
    // What changed is in the trail by its name, as any setting.
    assert!(app.raw.count("select count(*) from audit where action = 'setting.change' and object = 'pulse_goals'").await > 0);
}

async fn it_is_answered_once_and_put_off_for_a_month(app: App) {
    let world = app.world().await;
    let rune = app.as_(&world.people.responder).await;
    rune.get("/").await.ok().shows("How are you doing with this work?");
    let page = rune.get("/pulse").await;
    for item in Item::ALL {
        page.ok().shows(item.sentence());
    }
    page.shows("8 for sleep, the rota and burnout").shows("What cannot be promised").shows("Leave it out");
    let put_off = rune.post("/pulse/not-now", &[]).await;
    assert_eq!(put_off.location(), "/");
    rune.get("/").await.ok().hides("How are you doing with this work?");
    let sent = rune.post("/pulse", &[("sleep", "2"), ("burnout", "")]).await;
    rune.follow(&sent).await.ok().shows("Nothing says that it was you").shows("Thank you.").hides("Send, for good");
    rune.post("/pulse", &[("sleep", "5")]).await.is(409).shows("You have answered this month.");
    let audit = app.raw.count("select count(*) from audit where action like '%pulse%'").await;
    assert_eq!(audit, 0, "no entry says that somebody took part");
    app.set_clock("2026-04-01T00:00:00Z");
    // A session of before has ended.
    let rune = app.as_(&world.people.responder).await;
    rune.get("/").await.ok().shows("How are you doing with this work?");
    let own = rune.get("/profile/data.json").await.ok().json();
    assert_eq!(own["pulse"], serde_json::json!([{ "month": "2026-03", "state": "answered" }]), "when, and never what");
}

async fn a_refused_answer_keeps_what_was_chosen(app: App) {
    let world = app.world().await;
    let rune = app.as_(&world.people.responder).await;
    rune.post("/pulse", &[]).await.is(422).shows("Nothing is chosen yet.");
    let refused = rune.post("/pulse", &[("focus", "4"), ("sleep", "9")]).await;
    refused.is(422).shows("Please choose one of these");
    let chosen = refused.body.split("<input").find(|tag| tag.contains("name=\"focus\"") && tag.contains("value=\"4\"")).unwrap();
    assert!(chosen.split('>').next().unwrap().contains("checked"), "{chosen}");
    rune.get("/").await.ok().shows("How are you doing with this work?");
}

async fn while_it_is_off_only_the_page_of_one_s_own_is_left(app: App) {
    let world = app.world().await;
    let (ada, rune) = (app.as_(&world.people.admin).await, app.as_(&world.people.responder).await);
    ada.post("/settings/pulse", &[("name", "Betty")]).await.is(303);
    rune.get("/").await.ok().hides("How are you doing with this work?");
    rune.get("/pulse")
        .await
        .ok()
        .shows("does not ask for a pulse")
        .shows("Betty")
        .shows("Your last four weeks")
        .hides("Send, for good");
    for fields in [&[("sleep", "2")][..], &[("sleep", "9")], &[]] {
        rune.post("/pulse", fields).await.is(404);
    }
    rune.post("/pulse/not-now", &[]).await.is(404);
    rune.get("/trends/pulse").await.ok().shows("the pulse is not asked here");
}

/// Twelve people more, who answer in March: two of three have it well.
async fn closed(app: &App, world: &World) {
    for n in 0..12 {
        let new = store::people::NewAccount {
            name: format!("Ena Extra {n}"),
            email: format!("extra{n}@example.org"),
            password: None,
            role: domain::people::GlobalRole::Member,
            may_facilitate: false,
            team_id: Some(world.people.team),
            manager_id: None,
            zone: "UTC".to_owned(),
            pattern: domain::walltime::WorkPattern::default(),
        };
        let person_id = store::people::add_account(&app.store, &new, app.now()).await.unwrap();
        let viewer = domain::people::Viewer { person_id, name: new.name, team_id: new.team_id, ..world.people.outsider.clone() };
        let answers = Answers::from([(Item::Sleep, if n % 3 == 0 { 1 } else { 4 }), (Item::Focus, 4)]);
        store::pulse::answer(&app.store, &viewer, &answers, app.now()).await.unwrap();
    }
    app.set_clock("2026-04-08T01:00:00Z");
    assert_eq!(store::pulse::close_quarters(&app.store, app.now()).await.unwrap().len(), 1);
}

async fn a_closed_quarter_is_told_on_the_page_and_in_the_file(app: App) {
    let world = app.world().await;
    let ada = app.as_(&world.people.admin).await;
    let goals = ["", "", "", "80", "80", "", ""].map(|goal| ("goals", goal));
    let fields: Vec<(&str, &str)> = goals.into_iter().chain([("on", "yes"), ("purpose", "To look after our rotas.")]).collect();
    ada.post("/settings/pulse", &fields).await.is(303);
    closed(&app, &world).await;
    let lea = app.as_(&world.people.leader).await;
    let page = lea.get("/trends/pulse").await;
    page.ok().shows("Q1 2026").shows("60 % or more sleep 3 or better").shows("80 %: not met").shows("10 people or more");
    // All twelve could focus well: that would tell of each, and no line says why it is not told.
    page.shows("80 %: too few to say").hides("% or more focus").hides("Ena").hides("12 ");
    let file = lea.get("/trends/pulse.csv").await;
    file.ok().shows("2026-Q1,sleep,All teams,10,60,").shows("2026-Q1,focus,All teams,,,,,80,too few to say,Too few to say");
    assert_eq!(file.body.lines().filter(|line| line.contains(",burnout,")).count(), 1, "{}", file.body);
    for who in [&world.people.admin, &world.people.manager] {
        app.as_(who).await.get("/settings/pulse").await.hides("% or more sleep");
    }
    app.as_(&world.people.admin).await.get("/trends/pulse").await.is(404);
}
