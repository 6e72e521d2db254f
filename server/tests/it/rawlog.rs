//! The raw log over HTTP: looked at first, imported second, searched, told as events that keep their evidence, taken back as a whole.

use crate::support::{Answer, App, Person, people};

both_engines! {
    a_log_is_looked_at_first_and_imported_second,
    imported_again_nothing_comes_twice,
    a_table_is_read_by_its_columns,
    a_choice_without_files_or_with_strange_ones_is_answered_in_words,
    entries_are_told_as_events_and_taken_back,
    evidence_opens_for_few_and_is_named_to_all,
    entries_are_put_beside_an_event_and_taken_away,
    the_log_is_searched_and_paged,
    an_import_is_taken_back_and_brought_back,
    authors_are_named_by_who_reads_the_log,
    long_logs_are_sent_and_written_in_steps,
    nothing_in_a_log_can_act,
    incidents_that_a_tool_tells_of_come_with_their_logs,
    what_is_not_theirs_is_not_written_into,
    an_undone_import_says_what_it_had_to_leave,
}

const LOG: &str = r##"{"name":"Harbour radio","authors":[{"id":"rune","name":"rune.r","email":"rune.responder@example.org"}],"entries":[
{"id":"1","at":"2026-03-02T09:05:00Z","kind":"firing","place":"booking","text":"Queue over 5,000"},
{"id":"2","at":"2026-03-02T09:07:00Z","author":"rune","place":"#ops","text":"awake, looking"},
{"id":"3","at":"2026-03-02T09:40:00Z","kind":"resolved","text":"Queue is short"}]}"##;

const BASE: &str = "/incidents/INC-1";

async fn incident(person: &Person) {
    let form = [("title", "Slow"), ("severity", "2"), ("date", "2026-03-02"), ("time", "10:00"), ("zone", "Europe/Copenhagen")];
    person.post("/incidents", &form).await.is(303);
}

/// Sends files and answers the dry run.
async fn look(person: &Person, files: &[(&str, &[u8])]) -> Answer {
    let sent = person.upload(&format!("{BASE}/raw/import"), "files", files, &[("zone", "Europe/Copenhagen")]).await;
    person.follow(&sent).await
}

async fn import(person: &Person, files: &[(&str, &[u8])]) -> Answer {
    let held = look(person, files).await.field("held").unwrap();
    let written = person.post(&format!("{BASE}/raw/import/write"), &[("held", &held)]).await;
    let done = person.follow(&written).await;
    if done.status == 303 { person.follow(&done).await } else { done }
}

async fn three(app: &App) -> Person {
    let people = people(app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    import(&rune, &[("radio.json", LOG.as_bytes())]).await.ok();
    rune
}

/// The ids of the entries on a page, in their order.
fn entries(page: &Answer) -> Vec<String> {
    page.attributes("id").into_iter().filter_map(|id| id.strip_prefix("r-").map(str::to_owned)).collect()
}

async fn a_log_is_looked_at_first_and_imported_second(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    rune.get(BASE).await.ok().shows("Import a raw log");
    rune.get(&format!("{BASE}/raw/import")).await.ok().shows("multipart/form-data").shows("Who reads it");
    let seen = look(&rune, &[("radio.json", LOG.as_bytes())]).await;
    seen.ok()
        .shows("JSON: 3 entries from 1 log; 3 new, 0 changed there since, 0 here already. Nothing is written yet.")
        .shows("Import 3 entries")
        .shows("Queue over 5,000")
        .shows("As a table")
        .shows("rune.r")
        .shows("Rune Responder");
    rune.get(BASE).await.ok().hides("Queue over 5,000");
    let held = seen.field("held").unwrap();
    let written = rune.post(&format!("{BASE}/raw/import/write"), &[("held", &held), ("person", "rune"), ("person", "no")]).await;
    let done = rune.follow(&rune.follow(&written).await).await;
    done.ok()
        .shows("Imported 3 entries.")
        .shows("Raw log")
        .shows("Queue over 5,000")
        .shows("awake, looking")
        .shows("Rune Responder");
    // Sent twice, done once.
    let again = rune.post(&format!("{BASE}/raw/import/write"), &[("held", &held)]).await;
    assert_eq!(again.location(), written.location());
    assert_eq!(entries(&rune.get(BASE).await).len(), 3);
    // Another person's files are not theirs to write.
    let held = look(&rune, &[("radio.json", LOG.as_bytes())]).await.field("held").unwrap();
    let oda = app.as_(&people.other_responder).await;
    oda.post(&format!("{BASE}/raw/import/write"), &[("held", &held)]).await.is(404);
    oda.get(&format!("{BASE}/raw/import/read?held={held}")).await.is(404);
    app.set_clock("2026-03-05T12:16:00Z");
    rune.post(&format!("{BASE}/raw/import/write"), &[("held", &held)]).await.is(422).shows("choose them again");
}

async fn imported_again_nothing_comes_twice(app: App) {
    let rune = three(&app).await;
    let same = look(&rune, &[("radio.json", LOG.as_bytes())]).await;
    same.ok().shows("0 new, 0 changed there since, 3 here already").shows("All of it is here already").hides(">Import 3");
    import(&rune, &[("radio.json", LOG.as_bytes())]).await.ok().shows("Nothing new was written: 3 entries are here already.");
    let more = r#"Queue is short"},{"id":"4","at":"2026-03-02T09:50:00Z","text":"Over"}"#;
    let later = LOG.replace("awake, looking", "awake, and looking").replace(r#"Queue is short"}"#, more);
    let seen = look(&rune, &[("radio.json", later.as_bytes())]).await;
    seen.ok().shows("1 new, 1 changed there since, 2 here already").shows("Import 2 entries");
    import(&rune, &[("radio.json", later.as_bytes())]).await.ok().shows("awake, and looking").shows("Over");
    assert_eq!(entries(&rune.get(BASE).await).len(), 4);
}

async fn a_table_is_read_by_its_columns(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let table = "When,Note,Who\n2026-03-02 10:05,The queue grows,Oda\n2026-03-02 10:12,It is the index,Rune\n";
    let seen = look(&rune, &[("notes.csv", table.as_bytes())]).await;
    seen.ok().shows("Table (CSV): 2 entries").shows("What its columns tell").shows("The queue grows");
    let held = seen.field("held").unwrap();
    let again =
        format!("{BASE}/raw/import/read?held={held}&again=1&source=csv&zone=UTC&day=&time=0&date=&text=2&author=1&place=");
    let seen = rune.get(&again).await;
    seen.ok().shows("Oda").shows("2026");
    let fields = [("held", held.as_str()), ("source", "csv"), ("zone", "UTC"), ("time", "0"), ("text", "2"), ("author", "")];
    let written = rune.post(&format!("{BASE}/raw/import/write"), &fields).await;
    let done = rune.follow(&rune.follow(&written).await).await;
    done.ok().shows("datetime=\"2026-03-02T10:05:00+00:00\"").hides("The queue grows");
}

async fn a_choice_without_files_or_with_strange_ones_is_answered_in_words(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let to = format!("{BASE}/raw/import");
    rune.upload(&to, "files", &[], &[("zone", "Europe/Oslo")]).await.is(422).shows("id=\"files-error\"").shows("Europe/Oslo");
    rune.upload(&to, "files", &[("", b"")], &[]).await.is(422);
    look(&rune, &[("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00")]).await.ok().shows("Please choose it below");
    let sent = rune.upload(&to, "files", &[("empty.json", b"")], &[("source", "slack")]).await;
    rune.follow(&sent).await.ok().shows("Nothing was found that Slack writes");
    let held = look(&rune, &[("picture.png", b"\x89PNG")]).await.field("held").unwrap();
    rune.post(&format!("{to}/write"), &[("held", &held)]).await.is(422).shows("which tool wrote these files");
    rune.upload(&to, "files", &[("huge.json", &vec![b'x'; 65 * 1024 * 1024])], &[]).await.is(413);
    rune.post(&to, &[("files", "x")]).await.is(400);
    rune.follow(&rune.get(&format!("{to}/read?held=never-was")).await).await.ok().shows("gone now");
}

async fn entries_are_told_as_events_and_taken_back(app: App) {
    let rune = three(&app).await;
    let ids = entries(&rune.get(BASE).await);
    let back = format!("{BASE}?pane=raw&q=queue");
    let told = rune.post(&format!("{BASE}/raw/tell"), &[("one", &ids[0]), ("entry", &ids[1]), ("back", &back)]).await;
    assert!(told.location().starts_with(&format!("{back}&told=")) && told.location().ends_with(&format!("#r-{}", ids[0])));
    let page = rune.follow(&told).await;
    page.ok().shows("Told as an event.").shows("Detection").shows("Evidence (1)").shows("1 event");
    let event = page.field("event").unwrap();
    let undone = rune.post(&format!("{BASE}/raw/untell"), &[("event", &event), ("version", "1"), ("back", &back)]).await;
    rune.follow(&undone).await.ok().shows("Event deleted.").hides("Evidence (1)");

    let several = [("entry", ids[1].as_str()), ("entry", &ids[2])];
    let told = rune.post(&format!("{BASE}/raw/tell"), &several).await;
    rune.follow(&told).await.ok().shows("Evidence (2)").shows("to 10:40");
    assert_eq!(rune.post(&format!("{BASE}/raw/tell"), &several).await.location(), told.location(), "sent twice, told once");
    rune.follow(&rune.post(&format!("{BASE}/raw/tell"), &[]).await).await.ok().shows("choose at least one entry");
    rune.post(&format!("{BASE}/raw/tell"), &[("entry", "x")]).await.is(404);
    // Nobody is sent elsewhere.
    let elsewhere = rune.post(&format!("{BASE}/raw/tell"), &[("entry", &ids[0]), ("back", "//evil.example/")]).await;
    assert!(elsewhere.location().starts_with(&format!("{BASE}?pane=raw&told=")), "{}", elsewhere.location());

    // Changed since: it is looked at before it goes.
    let event = rune.follow(&elsewhere).await.field("event").unwrap();
    let fields =
        [("date", "2026-03-02"), ("time", "10:05"), ("zone", "UTC"), ("kind", "note"), ("body", "Ours"), ("version", "1")];
    rune.post(&format!("{BASE}/events/{event}"), &fields).await.is(303);
    let undone = rune.post(&format!("{BASE}/raw/untell"), &[("event", &event), ("version", "1")]).await;
    rune.follow(&undone).await.ok().shows("Somebody has changed this event since").shows("Ours");
}

async fn evidence_opens_for_few_and_is_named_to_all(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    import(&rune, &[("radio.json", LOG.as_bytes())]).await.ok();
    let ids = entries(&rune.get(BASE).await);
    let told = rune.post(&format!("{BASE}/raw/tell"), &[("entry", &ids[1])]).await;
    let event = rune.follow(&told).await.field("event").unwrap();
    let fields = [
        ("date", "2026-03-02"),
        ("time", "10:07"),
        ("zone", "Europe/Copenhagen"),
        ("kind", "note"),
        ("body", "They woke up"),
        ("version", "1"),
    ];
    rune.post(&format!("{BASE}/events/{event}"), &fields).await.is(303);
    rune.get(BASE).await.ok().shows("Evidence (1)").shows("awake, looking").shows("rune.r").shows("In the log");
    for viewer in [&people.outsider, &people.leader, &people.admin] {
        let page = app.as_(viewer).await.get(BASE).await;
        page.ok().shows("They woke up").shows("Evidence (1)").shows("JSON, 10:07");
        page.hides("awake, looking").hides("rune.r").hides("Raw log").hides("In the log").hides("Take away");
    }
    // Drawn for one, it is not kept for another.
    rune.get(BASE).await.ok().shows("awake, looking");
    let edit = format!("{BASE}/events/{event}");
    rune.get(&edit).await.ok().shows("Evidence (1)").shows("awake, looking").shows("Take away");
    let oda = app.as_(&people.other_responder).await.get(&edit).await;
    oda.ok().shows("Evidence (1)").shows("JSON, 10:07").hides("awake, looking").hides("rune.r").hides("Take away");
    app.as_(&people.outsider).await.get(&format!("{BASE}?pane=raw&q=awake")).await.ok().hides("awake, looking");
}

async fn entries_are_put_beside_an_event_and_taken_away(app: App) {
    let rune = three(&app).await;
    let ids = entries(&rune.get(BASE).await);
    let fields =
        [("date", "2026-03-02"), ("time", "10:07"), ("kind", "note"), ("body", "By hand"), ("zone", "Europe/Copenhagen")];
    let added = rune.post(&format!("{BASE}/events"), &fields).await;
    let event = added.location().split("#e-").nth(1).unwrap().to_owned();
    let attach = format!("{BASE}/raw/attach");
    rune.follow(&rune.post(&attach, &[("entry", &ids[0])]).await).await.ok().shows("choose the event");
    rune.follow(&rune.post(&attach, &[("event", &event)]).await).await.ok().shows("choose at least one entry");
    let put = rune.post(&attach, &[("event", &event), ("entry", &ids[0]), ("entry", &ids[1])]).await;
    rune.follow(&put).await.ok().shows("Put beside the event.").shows("Evidence (2)");
    let away = rune.post(&format!("{BASE}/raw/detach"), &[("event", &event), ("entry", &ids[0])]).await;
    rune.follow(&away).await.ok().shows("Evidence (1)").shows("The entry stays in the raw log.");
    assert_eq!(entries(&rune.get(BASE).await).len(), 3);
}

async fn the_log_is_searched_and_paged(app: App) {
    let rune = three(&app).await;
    let found = rune.get(&format!("{BASE}?pane=raw&q=queue")).await;
    found.ok().shows("2 found.").shows("Show all");
    assert_eq!(entries(&found).len(), 2);
    rune.get(&format!("{BASE}?pane=raw&q=%3Cb%3Ezebra")).await.ok().shows("Nothing like it").hides("<b>zebra");
    assert_eq!(entries(&rune.get(&format!("{BASE}?pane=raw&source=slack")).await).len(), 0);
    let more: Vec<String> = (0..450)
        .map(|n| format!(r#"{{"id":"m{n}","at":"2026-03-02T{:02}:{:02}:00Z","text":"line {n}"}}"#, 10 + n / 60, n % 60))
        .collect();
    import(&rune, &[("more.json", format!("[{}]", more.join(",")).as_bytes())]).await.ok().shows("Imported 450 entries.");
    let page = rune.get(&format!("{BASE}?pane=raw&page=2")).await;
    page.ok().shows("Page 2 of 3").shows("page=3");
    assert_eq!(entries(&page).len(), 200);
    let then = rune.get(&format!("{BASE}?pane=raw&at=2026-03-02T17:00:00Z")).await;
    then.ok().shows("Page 3 of 3").shows("line 420");
    for odd in ["page=0", "page=x", "page=99999999999", "at=x", "who=x", "source=x"] {
        rune.get(&format!("{BASE}?pane=raw&{odd}")).await.ok();
    }
}

async fn an_import_is_taken_back_and_brought_back(app: App) {
    let rune = three(&app).await;
    let ids = entries(&rune.get(BASE).await);
    rune.post(&format!("{BASE}/raw/tell"), &[("entry", &ids[0])]).await.is(303);
    let page = rune.get(&format!("{BASE}/raw/import")).await;
    page.ok().shows("Imports so far").shows("Harbour radio").shows("3 new").shows("Undo this import").shows("Rune Responder");
    let import = page.attributes("id").into_iter().find_map(|id| id.strip_prefix("i-").map(str::to_owned)).unwrap();
    let undone = rune.post(&format!("{BASE}/raw/imports/{import}/undo"), &[]).await;
    rune.follow(&undone).await.ok().shows("The import is taken back.").shows("1 entry stays").shows("Bring it back");
    assert_eq!(entries(&rune.get(BASE).await), ids[..1]);
    let redone = rune.post(&format!("{BASE}/raw/imports/{import}/redo"), &[]).await;
    rune.follow(&redone).await.ok().shows("The import is back.").shows("Undo this import");
    assert_eq!(entries(&rune.get(BASE).await), ids);
    rune.post(&format!("{BASE}/raw/imports/never-was/undo"), &[]).await.is(404);
}

async fn authors_are_named_by_who_reads_the_log(app: App) {
    let rune = three(&app).await;
    let at = format!("{BASE}/raw/authors");
    let page = rune.get(&at).await;
    page.ok().shows("People in the raw log").shows("rune.r").shows("1 entry");
    let author = page.attributes("id").into_iter().find_map(|id| id.strip_prefix("a-").map(str::to_owned)).unwrap();
    let to = format!("{at}/{author}");
    rune.post(&to, &[("person", "Nobody Here"), ("role", "kept words")])
        .await
        .is(422)
        .shows("Nobody with an account")
        .shows("kept words");
    rune.follow(&rune.post(&to, &[("person", ""), ("role", "Booking on call")]).await).await.ok().shows("Saved.");
    rune.get(BASE).await.ok().shows("Booking on call").hides("rune.r");
    rune.post(&to, &[("person", "rune responder"), ("role", "Booking on call")]).await.is(303);
    rune.get(BASE).await.ok().shows("Rune Responder");
    rune.post(&format!("{at}/never-was"), &[]).await.is(404);
}

/// What the page's script does with many files and many entries; the outcome is the same.
async fn long_logs_are_sent_and_written_in_steps(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let part = |from: usize| {
        let lines: Vec<String> =
            (from..from + 6_000).map(|n| format!(r#"{{"id":"{n}","at":"2026-03-02T10:00:00Z","text":"line {n}"}}"#)).collect();
        format!("[{}]", lines.join(","))
    };
    let to = format!("{BASE}/raw/import");
    let (first, second) = (part(0), part(6_000));
    let sent = rune.upload_json(&to, "files", &[("a.json", first.as_bytes())], &[("source", "json")]).await.ok().json();
    let held = sent["held"].as_str().unwrap().to_owned();
    let sent = rune.upload_json(&to, "files", &[("b.json", second.as_bytes())], &[("held", &held)]).await.ok().json();
    assert_eq!(sent["done"], 2);
    let held = sent["held"].as_str().unwrap().to_owned();
    rune.get(&format!("{to}/read?held={held}")).await.ok().shows("12,000 new");
    let write = format!("{to}/write");
    let step = rune.post_json(&write, &[("held", &held)]).await.ok().json();
    assert_eq!((step["done"].as_u64(), step["of"].as_u64()), (Some(10_000), Some(12_000)));
    assert_eq!(rune.post_json(&write, &[("held", &held)]).await.ok().json()["done"], 12_000);
    let done = rune.follow(&rune.get(&format!("{to}?done={held}")).await).await;
    done.ok().shows("Imported 12000 entries.").shows("Page 1 of 60");
    rune.post_json(&write, &[("held", &held)]).await.is(422);
}

async fn nothing_in_a_log_can_act(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    let log = r##"{"name":"<script>n</script>","authors":[{"id":"a","name":"<script>a</script>"}],"entries":[{"id":"1","at":"2026-03-02T09:05:00Z",
      "author":"a","place":"<script>p</script>","text":"<script>t</script> [x](javascript:alert(1))","files":["<script>f</script>"],
      "links":["javascript:alert(1)"],"details":{"<script>d</script>":"x"},"reactions":{"<script>r</script>":1}}]}"##;
    look(&rune, &[("<script>.json", log.as_bytes())]).await.ok().hides("<script>n").hides("<script>t").hides("<script>a");
    let page = import(&rune, &[("<script>.json", log.as_bytes())]).await;
    let id = entries(&page)[0].clone();
    let told = rune.follow(&rune.post(&format!("{BASE}/raw/tell"), &[("entry", &id)]).await).await;
    for page in [page, told, rune.get(&format!("{BASE}/raw/authors")).await, rune.get(&format!("{BASE}/raw/import")).await] {
        page.ok();
        for tag in ["n", "a", "p", "t", "f", "d", "r"] {
            page.hides(&format!("<script>{tag}</script>"));
        }
        assert!(page.attributes("href").iter().all(|href| !href.starts_with("javascript:")));
    }
}

/// Two incidents as a tool's own export tells them.
const ROOTLY: &str = r#"{"data":[
{"id":"r-1","type":"incidents","attributes":{"title":"Quay lights flicker","severity":{"data":{"attributes":{"severity":"high"}}},
"started_at":"2026-03-02T09:00:00Z","resolved_at":"2026-03-02T10:00:00Z","summary":"Lights"}},
{"id":"r-2","type":"incidents","attributes":{"title":"Gate stays shut","started_at":"2026-03-03T09:00:00Z"}}]}"#;

async fn incidents_that_a_tool_tells_of_come_with_their_logs(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    rune.get("/import").await.ok().shows("/import/logs");
    rune.get("/import/logs").await.ok().shows("multipart/form-data");
    rune.upload("/import/logs", "files", &[], &[]).await.is(422).shows("id=\"files-error\"");
    let sent = rune.upload("/import/logs", "files", &[("rootly.json", ROOTLY.as_bytes())], &[("zone", "UTC")]).await;
    let seen = rune.follow(&sent).await;
    seen.ok().shows("Rootly: 2 incidents new, 0 here already").shows("Quay lights flicker").shows("Gate stays shut");
    rune.get("/incidents").await.ok().hides("Quay lights flicker");
    let held = seen.field("held").unwrap();
    let write = |person| rune_write(person, held.clone());
    let written = write(&rune).await;
    let done = rune.follow(&written).await;
    done.ok().shows("2 incidents new").shows("INC-1").shows("INC-2").shows("Undo this import");
    // Sent twice, done once.
    assert_eq!(write(&rune).await.location(), written.location());
    rune.get("/incidents").await.ok().shows("Quay lights flicker").shows("Gate stays shut").hides("INC-3");
    rune.get("/incidents/INC-1").await.ok().shows("Resolved").shows("Raw log");
    // Imported again, they are the same ones.
    let sent = rune.upload("/import/logs", "files", &[("rootly.json", ROOTLY.as_bytes())], &[("zone", "UTC")]).await;
    rune.follow(&sent).await.ok().shows("0 incidents new, 2 here already").hides("> Import<");
    // Undone, they are in the trash, and another import does not bring them back.
    let token = written.location().split("done=").nth(1).unwrap().to_owned();
    app.as_(&people.outsider).await.post("/import/logs/undo", &[("done", &token)]).await.is(303);
    rune.get("/incidents").await.ok().shows("Gate stays shut");
}

async fn an_undone_import_says_what_it_had_to_leave(app: App) {
    let people = people(&app).await;
    let rune = app.as_(&people.responder).await;
    let sent = rune.upload("/import/logs", "files", &[("rootly.json", ROOTLY.as_bytes())], &[("zone", "UTC")]).await;
    let held = rune.follow(&sent).await.field("held").unwrap();
    let written = rune_write(&rune, held).await;
    let key = "INC-1".parse().unwrap();
    let opened = store::incidents::by_key(&app.store, &people.admin, key, app.now()).await.unwrap();
    let frida = people.facilitator.person_id;
    store::reviews::open(&app.store, &people.admin, opened.incident.id, frida, false, app.now()).await.unwrap();
    let token = written.location().split("done=").nth(1).unwrap().to_owned();
    let undone = rune.post("/import/logs/undo", &[("done", &token)]).await;
    rune.follow(&undone).await.ok().shows("but for incidents whose review was opened since");
    rune.get("/incidents").await.ok().shows("Quay lights flicker").hides("Gate stays shut");
}

async fn rune_write(person: &Person, held: String) -> Answer {
    person.post("/import/logs/write", &[("held", &held), ("zone", "UTC")]).await
}

async fn what_is_not_theirs_is_not_written_into(app: App) {
    let people = people(&app).await;
    let (rune, oda) = (app.as_(&people.responder).await, app.as_(&people.other_responder).await);
    let import = async |person: &Person| {
        let sent = person.upload("/import/logs", "files", &[("rootly.json", ROOTLY.as_bytes())], &[("zone", "UTC")]).await;
        let seen = person.follow(&sent).await;
        let written = rune_write(person, seen.ok().field("held").unwrap()).await;
        (seen, written)
    };
    let (_, first) = import(&rune).await;
    let (seen, second) = import(&oda).await;
    seen.shows("its raw log belongs to who facilitates it or brought it in");
    oda.follow(&second).await.ok().shows("Nothing new was written.").hides("Undo this import");
    // Taken back by who brought it, they are in the trash, and no other import brings them back.
    let token = first.location().split("done=").nth(1).unwrap().to_owned();
    rune.follow(&rune.post("/import/logs/undo", &[("done", &token)]).await).await.ok().shows("The import is taken back.");
    rune.get("/incidents").await.ok().hides("Gate stays shut");
    let (seen, _) = import(&oda).await;
    seen.shows("in the trash");
    oda.get("/incidents").await.ok().hides("Gate stays shut");
    // A chat tells of no incident.
    let sent = rune.upload("/import/logs", "files", &[("radio.json", LOG.as_bytes())], &[("zone", "UTC")]).await;
    rune.follow(&sent).await.ok().shows("tells of no incident");
}
