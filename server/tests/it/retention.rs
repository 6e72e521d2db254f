//! Retention: what goes on which day, what never goes, that it runs once, and that people are told.

use crate::support::{App, at};
use domain::retention::{Counts, Kind};

both_engines! {
    each_kind_goes_on_its_day_and_what_is_to_stay_stays,
    two_processes_run_it_once,
    a_dry_run_counts_and_takes_nothing,
    nobody_loses_words_without_a_weeks_notice,
    a_draft_with_a_quote_under_way_stays,
    the_trail_loses_its_old_end_and_still_verifies,
    administrators_see_that_it_ran,
}

async fn run(app: &App, now: &str) -> Counts {
    app.set_clock(now);
    store::retention::run_daily(&app.store, at(now)).await.unwrap().expect("not yet today")
}

fn answers(counts: &Counts) -> (i64, i64, i64) {
    (counts.of(Kind::Drafts), counts.of(Kind::Private), counts.of(Kind::Facilitator))
}

async fn each_kind_goes_on_its_day_and_what_is_to_stay_stays(app: App) {
    let world = app.world().await;
    let stays = [
        "incidents",
        "events",
        "factors",
        "learnings",
        "sections",
        "section_versions",
        "excerpts",
        "excerpt_sources",
        "parked",
        "items",
        "work_sessions",
        "released_cells",
        "services_on_one",
        "closed_months",
        "counted_spans",
        "counted_supports",
        "person_history",
        "month_contributions",
        "month_nights",
        "month_members",
        "month_supports",
        "invitations",
        "sources",
        "people",
    ];
    let before = app.raw.contents().await;
    let review = app.raw.id(world.review.id.0);
    let submitted = format!("select count(*) from answers where incident_id = {review} and released_at is not null");
    let in_review = app.raw.count(&submitted).await;
    assert_eq!(answers(&run(&app, "2026-03-05T12:00:00Z").await), (0, 0, 0));
    // Four people answered question 11 of the story that was published on 10 February.
    assert_eq!(answers(&run(&app, "2026-03-12T12:00:00Z").await), (0, 0, 0));
    assert_eq!(answers(&run(&app, "2026-03-13T00:10:00Z").await), (0, 4, 0));
    // Eleven drafts, last saved on 3 March.
    assert_eq!(answers(&run(&app, "2026-04-02T23:50:00Z").await), (0, 0, 0));
    assert_eq!(answers(&run(&app, "2026-04-03T00:10:00Z").await), (11, 0, 0));
    assert_eq!(answers(&run(&app, "2026-04-05T00:10:00Z").await), (0, 4, 0));
    // Nine of each who answered as far as the facilitator, question 12 of the two others.
    assert_eq!(answers(&run(&app, "2026-05-11T00:10:00Z").await), (0, 0, 0));
    assert_eq!(answers(&run(&app, "2026-05-12T00:10:00Z").await), (0, 0, 20));
    let after = app.raw.contents().await;
    let changed: Vec<_> = stays.iter().filter(|table| before[**table] != after[**table]).collect();
    assert!(changed.is_empty(), "{changed:?} changed");
    assert_eq!(app.raw.count(&submitted).await, in_review, "submitted answers of an open review");
    let given = "select count(*) from answers a join incidents i on i.id = a.incident_id
                 where i.published_at is not null and a.audience in ('unattributed', 'named', 'parked')";
    assert!(app.raw.count(given).await > 30, "what authors gave to the review stays");
}

async fn two_processes_run_it_once(app: App) {
    app.world().await;
    let now = app.now();
    let (one, other) = tokio::join!(store::retention::run_daily(&app.store, now), store::retention::run_daily(&app.store, now));
    assert_eq!([one.unwrap().is_some(), other.unwrap().is_some()].iter().filter(|ran| **ran).count(), 1);
    assert!(store::retention::run_daily(&app.store, now).await.unwrap().is_none());
    assert_eq!(app.raw.count("select count(*) from retention_runs").await, 1);
}

async fn a_dry_run_counts_and_takes_nothing(app: App) {
    app.world().await;
    run(&app, "2026-03-05T12:00:00Z").await;
    let before = app.raw.contents().await;
    let now = at("2026-04-01T12:00:00Z");
    let plan = store::retention::dry_run(&app.store, now).await.unwrap();
    assert_eq!((answers(&plan.now), answers(&plan.within_a_week)), ((0, 4, 0), (11, 8, 0)));
    let after = app.raw.contents().await;
    let changed: Vec<_> = before.iter().filter(|(table, hash)| after[*table] != **hash).map(|(table, _)| table).collect();
    assert_eq!(changed, ["retention_runs"]);
    let ran = run(&app, "2026-04-01T12:00:00Z").await;
    assert_eq!(answers(&ran), answers(&plan.now));
    assert_eq!(ran.of(Kind::Sessions), plan.now.of(Kind::Sessions));
}

async fn nobody_loses_words_without_a_weeks_notice(app: App) {
    let world = app.world().await;
    // A service that runs this for the first time, long after: told first.
    assert_eq!(answers(&run(&app, "2026-06-30T08:00:00Z").await), (0, 0, 0));
    let rune = app.as_(&world.people.responder).await;
    rune.get("/").await.ok().shows("20 answers of yours go on 7 July.").shows("href=\"/profile/data\"");
    assert_eq!(answers(&run(&app, "2026-07-06T08:00:00Z").await), (0, 0, 0));
    assert_eq!(answers(&run(&app, "2026-07-07T08:00:00Z").await), (11, 8, 40));
    app.as_(&world.people.responder).await.get("/").await.ok().hides("answers of yours go");
}

async fn a_draft_with_a_quote_under_way_stays(app: App) {
    let world = app.world().await;
    let p = &world.people;
    run(&app, "2026-03-05T12:00:00Z").await;
    // Changed after the quote was approved, and not submitted again.
    let told = world.review.voice(&p.named);
    let save = store::interviews::SaveAnswer {
        body: domain::interviews::AnswerBody { text: "Said otherwise.".into(), ..Default::default() },
        audience: domain::interviews::Audience::Named,
        count_me: false,
        with_name: false,
        base_version: 1,
        request_key: String::new(),
        follows: String::new(),
    };
    store::interviews::save(&app.store, &p.named, told.invitation, 6, &save, app.now()).await.unwrap();
    store::interviews::save(&app.store, &p.named, told.invitation, 8, &save, app.now()).await.unwrap();
    assert_eq!(answers(&run(&app, "2026-04-07T00:10:00Z").await).0, 12, "eleven of the drafter, and the one without a quote");
    let page = store::interviews::page(&app.store, &p.named, told.invitation, app.now()).await.unwrap();
    assert!(page.answer(6).is_some() && page.answer(8).is_none());
    let quotes = store::reviews::excerpts(&app.store, &p.facilitator, world.review.id, app.now()).await.unwrap();
    assert!(quotes.iter().any(|q| q.id == world.review.quotes["right"]));
}

async fn the_trail_loses_its_old_end_and_still_verifies(app: App) {
    app.world().await;
    let whole = store::audit::verify(&app.store).await.unwrap();
    assert!(whole.entries > 50 && whole.broken_at.is_none());
    let counts = run(&app, "2027-04-08T12:00:00Z").await;
    assert!(counts.of(Kind::Audit) > 0);
    let rest = store::audit::verify(&app.store).await.unwrap();
    assert_eq!(rest.broken_at, None);
    assert_eq!(rest.entries, whole.entries - counts.of(Kind::Audit) + 2, "the checkpoint and the run itself");
    // Once more, when the first checkpoint is old itself.
    run(&app, "2028-06-01T12:00:00Z").await;
    assert_eq!(store::audit::verify(&app.store).await.unwrap().broken_at, None);
    app.raw.run("update audit set action = 'session.end' where action = 'retention.run'").await;
    assert!(store::audit::verify(&app.store).await.unwrap().broken_at.is_some(), "an edit shows");
}

async fn administrators_see_that_it_ran(app: App) {
    let world = app.world().await;
    let ada = app.as_(&world.people.admin).await;
    ada.get("/profile").await.ok().shows("/admin/retention");
    ada.get("/admin/retention").await.ok().shows("It has not run yet").shows("retention_facilitator_days");
    let said = ada.post("/admin/retention", &[]).await;
    ada.follow(&said).await.ok().shows("Counted. Nothing was taken.").shows("Dry run");
    run(&app, "2026-03-05T12:30:00Z").await;
    ada.get("/admin/retention").await.ok().shows("Done");
    app.as_(&world.people.responder).await.get("/profile").await.ok().hides("/admin/retention");
    // A shorter period stands in the table and gives its notice.
    app.raw.run("insert into settings (key, value) values ('retention_private_days', '14')").await;
    ada.get("/admin/retention").await.ok().shows("No answer goes before 12 March 2026.");
    assert_eq!(answers(&run(&app, "2026-03-06T12:30:00Z").await), (0, 0, 0));
    assert_eq!(answers(&run(&app, "2026-03-12T12:30:00Z").await), (0, 0, 0));
    assert_eq!(answers(&run(&app, "2026-03-13T12:30:00Z").await), (0, 4, 0));
}
