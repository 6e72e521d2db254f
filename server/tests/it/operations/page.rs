//! The administrators' page of the running instance.

use crate::support::{App, people};
use chrono::TimeDelta;
use store::operations::{Backup, JobRun, note_job, remember_backup};

both_engines! { administrators_see_the_age_of_the_last_backup_and_the_jobs }

async fn administrators_see_the_age_of_the_last_backup_and_the_jobs(app: App) {
    let people = people(&app).await;
    let admin = app.as_(&people.admin).await;
    let page = admin.get("/admin/operations").await;
    page.ok().shows("No backup was made yet").shows("None has run yet");
    let engine = if app.store.engine_name() == "sqlite" { "SQLite 3." } else { "PostgreSQL " };
    page.shows(engine).shows(&crate::support::key().id());
    let at = app.now() - TimeDelta::hours(3);
    let mut last =
        Backup { at, file: "second-story-x.db".to_owned(), bytes: 81_920, verified: true, said: "All there.".to_owned() };
    remember_backup(&app.store, &last).await.unwrap();
    note_job(&app.store, "close-months", &JobRun { at, well: false, said: "It was away.".to_owned() }).await.unwrap();
    let page = admin.get("/admin/operations").await;
    page.ok().shows("second-story-x.db").shows("82 kB").shows("3 hours ago").shows("verified").shows("All there.");
    page.shows("close-months").shows("did not work").shows("It was away.");
    last.at = app.now() - TimeDelta::days(3);
    remember_backup(&app.store, &last).await.unwrap();
    admin.get("/admin/operations").await.ok().shows("more than a day old");
    last.verified = false;
    remember_backup(&app.store, &last).await.unwrap();
    admin.get("/admin/operations").await.ok().shows("not found whole");
    let member = app.as_(&people.responder).await;
    assert_eq!(member.get("/admin/operations").await.status, 404);
}
