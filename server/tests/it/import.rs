//! The import page over HTTP: first what was understood, then, by a word that cannot be guessed, what is written.

use crate::support::{App, people};

both_engines! {
    a_review_is_shown_first_and_written_second,
    a_second_import_changes_nothing,
    files_are_held_for_one_person_and_not_for_long,
    a_choice_without_files_or_with_strange_ones_is_answered_in_words,
    only_members_import,
    many_files_are_sent_and_written_in_steps,
}

const REVIEW: &str = "# Booking froze\n\n## Summary\n\nThe booking page froze.\n\n## Timeline\n\nAll times are in UTC.\n\n\
| Time | Event |\n|---|---|\n| 2019-03-02 10:00 | Somebody saw it |\n| when it rained | It was wet |\n\n\
## Lessons learned\n\n- The pool has an end\n\n## Action items\n\n- [ ] Watch the pool-canary\n";

async fn a_review_is_shown_first_and_written_second(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    rune.get("/import").await.ok().shows("multipart/form-data");
    let read = rune.upload("/import", "files", &[("2019/ferry.md", REVIEW.as_bytes())], &[]).await;
    read.ok()
        .shows("Booking froze")
        .shows("2 events")
        .shows("1 learning")
        .shows("1 action, for planning")
        .shows("Could not be read");
    rune.get("/incidents").await.ok().shows("No incidents yet");
    let held = read.field("held").unwrap();
    let written = rune.post("/import/write", &[("held", &held)]).await;
    let done = rune.follow(&written).await;
    done.ok().shows("1 incident, 2 events").shows("/incidents/INC-1");
    rune.get("/incidents/INC-1").await.ok().shows("Somebody saw it").shows("It was wet").hides("pool-canary\n\n");
    rune.get("/incidents/INC-1/factors").await.ok().shows("The pool has an end").hides("pool-canary");
    // Sent twice, done once.
    assert_eq!(rune.post("/import/write", &[("held", &held)]).await.location(), written.location());
    rune.get("/incidents/INC-2").await.is(404);
}

async fn a_second_import_changes_nothing(app: App) {
    let people = people(&app).await;
    let (rune, oda) = (app.as_(&people.responder).await, app.as_(&people.other_responder).await);
    let held = rune.upload("/import", "files", &[("ferry.md", REVIEW.as_bytes())], &[]).await.field("held").unwrap();
    rune.post("/import/write", &[("held", &held)]).await.is(303);
    let again = oda.upload("/import", "files", &[("ferry.md", REVIEW.as_bytes())], &[]).await;
    again.ok().shows("Here already").hides(">Import 1 incident<");
    let held = again.field("held").unwrap();
    let done = oda.follow(&oda.post("/import/write", &[("held", &held)]).await).await;
    done.ok().shows("Nothing new was written").shows("1 was here already");
    let other = format!("{REVIEW}\nmore\n");
    let held = oda.upload("/import", "files", &[("ferry.md", other.as_bytes())], &[]).await.field("held").unwrap();
    let done = oda.follow(&oda.post("/import/write", &[("held", &held)]).await).await;
    done.ok().shows("differs now").shows("ferry.md");
}

async fn files_are_held_for_one_person_and_not_for_long(app: App) {
    let people = people(&app).await;
    let (rune, oda) = (app.as_(&people.responder).await, app.as_(&people.other_responder).await);
    let held = rune.upload("/import", "files", &[("ferry.md", REVIEW.as_bytes())], &[]).await.field("held").unwrap();
    oda.post("/import/write", &[("held", &held)]).await.is(422).shows("choose them again");
    app.set_clock("2026-03-05T12:16:00Z");
    rune.post("/import/write", &[("held", &held)]).await.is(422).shows("choose them again");
    rune.post("/import/write", &[]).await.is(422);
    rune.get("/incidents").await.ok().shows("No incidents yet");
}

async fn a_choice_without_files_or_with_strange_ones_is_answered_in_words(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    rune.upload("/import", "files", &[], &[]).await.is(422).shows("id=\"files-error\"");
    rune.upload("/import", "files", &[("", b"")], &[]).await.is(422);
    let strange: [(&str, &[u8]); 3] = [
        ("empty.md", b""),
        ("picture.md", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x00\x01\x02\x03"),
        ("<b>.md", b"# <script>x</script>"),
    ];
    rune.upload("/import", "files", &strange, &[]).await.ok().shows("Could not be read").hides("<script>x").hides("<b>.md");
    let huge = vec![b'x'; 25 * 1024 * 1024];
    rune.upload("/import", "files", &[("huge.md", &huge)], &[]).await.is(413);
    rune.post("/import", &[("files", "x")]).await.is(400);
}

async fn only_members_import(app: App) {
    let people = people(&app).await;
    app.anonymous().get("/import").await.is(303);
    app.anonymous().upload("/import", "files", &[("a.md", b"# a")], &[]).await.is(401);
    let ada = app.as_(&people.admin).await;
    ada.get("/import").await.is(404);
    ada.upload("/import", "files", &[("a.md", b"# a")], &[]).await.is(404);
    ada.post("/import/write", &[("held", "x")]).await.is(404);
}

/// What the page's script does with a folder: several requests, then writing in steps; the outcome is the same.
async fn many_files_are_sent_and_written_in_steps(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    let names: Vec<(String, String)> = (0..45)
        .map(|n| (format!("reviews/{n}/ferry.md"), REVIEW.replace("Booking froze", &format!("Booking froze {n}"))))
        .collect();
    let mut held = String::new();
    for (sent, files) in names.chunks(25).enumerate() {
        let mut files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
        files.push(("reviews/logo.png", b"\x89PNG"));
        let answer = rune.upload_json("/import", "files", &files, &[("held", &held)]).await;
        let json = answer.ok().json();
        assert_eq!(json["done"], [25, 45][sent], "what is no review stays out");
        held = json["held"].as_str().unwrap().to_owned();
    }
    rune.get(&format!("/import/read?held={held}")).await.ok().shows("45 files, 45 incidents to import").shows("7/ferry.md");
    let mut steps = Vec::new();
    while steps.last() != Some(&45) {
        let json = rune.post_json("/import/write", &[("held", &held)]).await.ok().json();
        assert_eq!(json["of"], 45);
        steps.push(json["done"].as_u64().unwrap());
    }
    assert_eq!(steps, [20, 40, 45]);
    rune.get(&format!("/import?done={held}")).await.ok().shows("45 incidents, 90 events");
    rune.post_json("/import/write", &[("held", &held)]).await.is(422);
    let gone = rune.get("/import/read?held=never-was").await;
    rune.follow(&gone).await.ok().shows("Please choose them again");
}
