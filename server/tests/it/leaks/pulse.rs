//! Leaks of the pulse: what anybody else is shown or sent is the same before and after somebody's answer, and no log line, label or table leads from
//! one to the other.

use super::routes_with;
use crate::support::{App, Person, World, listen_to_logs, logs};

both_engines! {
    an_answer_changes_nothing_that_anybody_else_sees,
    the_log_does_not_say_who_took_part,
    the_database_tells_a_reader_only_that_there_are_marks,
}

/// Every page of the pulse, and those that could tell of a person or a team.
fn rooms(world: &World) -> Vec<String> {
    let (person, team) = (world.people.responder.person_id, world.people.team);
    let people = [format!("/settings/people/{person}"), format!("/teams/{team}"), format!("/incidents/{}", world.review.key)];
    let fixed = [
        "/",
        "/pulse",
        "/trends",
        "/trends/pulse",
        "/trends/pulse.csv",
        "/trends/hours.csv",
        "/settings/pulse",
        "/settings/people",
        "/settings/teams",
        "/admin/operations",
        "/admin/retention",
        "/profile/data.json",
        "/teams",
    ];
    fixed.into_iter().map(str::to_owned).chain(people).collect()
}

async fn others(app: &App, world: &World) -> Vec<Person> {
    let p = &world.people;
    let mut others = Vec::new();
    for viewer in [&p.leader, &p.manager, &p.admin, &p.facilitator, &p.other_responder, &p.outsider] {
        others.push(app.as_(viewer).await);
    }
    others
}

async fn an_answer_changes_nothing_that_anybody_else_sees(app: App) {
    assert_eq!(
        routes_with(&["pulse"]),
        ["/settings/pulse", "/settings/pulse", "/pulse", "/pulse", "/pulse/not-now", "/trends/pulse", "/trends/pulse.csv"],
        "a new outlet of the pulse wants a line here"
    );
    let world = app.world().await;
    let others = others(&app, &world).await;
    let rune = app.as_(&world.people.responder).await;
    let mut before = Vec::new();
    for other in &others {
        for room in rooms(&world) {
            before.push(other.get(&room).await.bare());
        }
    }
    assert!(before.iter().filter(|(status, _)| *status == 200).count() > 40);
    rune.post("/pulse", &[("sleep", "1"), ("burnout", "5"), ("stay", "1")]).await.is(303);
    let mut after = Vec::new();
    for other in &others {
        for room in rooms(&world) {
            after.push((other.get(&room).await.bare(), room));
        }
    }
    for (before, (after, room)) in before.iter().zip(&after) {
        assert_eq!(before, after, "{room} tells that somebody answered");
    }
    // One's own page does not hold it either.
    let mine = rune.get("/pulse").await;
    mine.ok().hides("value=\"5\"").hides("completely burned out");
    rune.get("/profile/data.json").await.ok().hides("burnout");
}

async fn the_log_does_not_say_who_took_part(app: App) {
    listen_to_logs();
    let world = app.world().await;
    let rune = app.as_(&world.people.responder).await;
    rune.post("/pulse", &[("sleep", "1"), ("burnout", "x")]).await.is(422);
    rune.post("/pulse", &[("sleep", "1"), ("burnout", "5")]).await.is(303);
    rune.post("/pulse", &[("sleep", "1"), ("burnout", "5")]).await.is(409);
    let me = world.people.responder.person_id.to_string();
    let logged = logs();
    let lines: Vec<&str> =
        logged.lines().filter(|line| line.contains("/pulse") && !line.contains("TRACE") && !line.contains("DEBUG")).collect();
    assert!(!lines.is_empty(), "requests are logged");
    for line in lines {
        for told in [me.as_str(), "Rune", "rune.responder", &rune.session().unwrap(), "burnout", "sleep"] {
            assert!(!line.contains(told), "{told} in {line}");
        }
    }
}

async fn the_database_tells_a_reader_only_that_there_are_marks(app: App) {
    let world = app.world().await;
    let rune = app.as_(&world.people.responder).await;
    let length = "select cast(length(sealed) as bigint) from pulse_quarters";
    let before = (app.raw.count("select count(*) from pulse_marks").await, app.raw.count(length).await);
    rune.post("/pulse", &[("sleep", "1"), ("burnout", "5")]).await.is(303);
    let after = (app.raw.count("select count(*) from pulse_marks").await, app.raw.count(length).await);
    assert_eq!((before.0 + 1, before.1), after);
    assert_eq!(
        app.raw.count("select count(distinct length(sealed)) from pulse_marks").await,
        1,
        "an answer and a 'not now' are as long"
    );
    assert_eq!(app.raw.count("select count(*) from pulse_figures").await, 0);
}
