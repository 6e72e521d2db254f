//! Files and images over HTTP: what is taken, what is left of it, who gets it with which headers, and that it goes with its incident.

use crate::support::{Answer, App, Person, people};
use domain::people::Viewer;
use std::path::PathBuf;
use store::timeline::attachments;

both_engines! {
    an_image_is_added_described_and_shown,
    images_without_words_are_asked_for_them,
    a_photo_loses_where_it_was_taken,
    what_is_not_what_it_says_is_refused_in_words,
    limits_are_kept_and_said,
    names_come_back_safely_whatever_they_are,
    an_event_takes_files_with_its_form,
    text_shows_own_images_and_no_others,
    a_published_story_shows_the_images_that_it_names,
    a_restricted_incident_gives_nothing_away,
    what_is_removed_comes_back_until_the_trash_is_emptied,
    files_go_with_their_incident,
    a_merge_takes_files_along_and_gives_them_back,
    a_lost_or_changed_file_is_found,
    a_row_that_is_not_written_leaves_no_file,
}

const BASE: &str = "/incidents/INC-1";

async fn incident(person: &Person) {
    let form = [("title", "Slow"), ("severity", "2"), ("date", "2026-03-02"), ("time", "10:00"), ("zone", "Europe/Copenhagen")];
    person.post("/incidents", &form).await.is(303);
}

async fn begun(app: &App) -> (crate::support::People, Person) {
    let people = people(app).await;
    let rune = app.as_(&people.responder).await;
    incident(&rune).await;
    (people, rune)
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |s, _| if s & 1 == 1 { 0xedb8_8320 ^ (s >> 1) } else { s >> 1 })
    };
    !bytes.iter().fold(u32::MAX, step)
}

/// A PNG of this size, as far as anybody looks who does not draw it.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let chunk = |name: &[u8], data: &[u8]| {
        let body = [name, data].concat();
        [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], &body, &crc(&body).to_be_bytes()].concat()
    };
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunk(b"IDAT", &[0; 40]), chunk(b"IEND", &[])].concat()
}

/// A photo, held on its side, with the place where it was taken.
fn photo() -> Vec<u8> {
    let segment =
        |marker: u8, data: &[u8]| [&[0xff, marker][..], &u16::try_from(data.len() + 2).unwrap().to_be_bytes(), data].concat();
    let exif =
        [b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0".as_slice(), &[0; 4], b"55.6761N 12.5683E"].concat();
    let frame = [8, 0, 3, 0, 4, 1, 1, 0x11, 0];
    [
        vec![0xff, 0xd8],
        segment(0xe1, &exif),
        segment(0xfe, b"taken by Ada's phone"),
        segment(0xdb, &[0; 65]),
        segment(0xc0, &frame),
        segment(0xda, &[1, 1, 0, 0, 63, 0]),
        vec![1, 2, 3, 0xff, 0xd9],
        b"<script>behind it</script>".to_vec(),
    ]
    .concat()
}

async fn add(person: &Person, files: &[(&str, &[u8])], fields: &[(&str, &str)]) -> Answer {
    person.upload(&format!("{BASE}/attachments"), "files", files, fields).await
}

/// The ids of the files on the page, in their order.
async fn ids(person: &Person) -> Vec<String> {
    let page = person.get(&format!("{BASE}/attachments")).await;
    let mut ids: Vec<String> =
        page.ok().attributes("id").into_iter().filter_map(|id| id.strip_prefix("a-").map(str::to_owned)).collect();
    ids.extend(page.attributes("id").into_iter().filter_map(|id| id.strip_prefix("alt-").map(str::to_owned)));
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| id.len() == 36 && seen.insert(id.clone()));
    ids
}

/// Sealed files as they lie.
fn lying(app: &App) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(app.store.files_folder().unwrap()).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

async fn incident_id(app: &App, viewer: &Viewer, number: i64) -> domain::IncidentId {
    let key = domain::incidents::IncidentKey(number);
    store::incidents::by_key(&app.store, viewer, key, app.now()).await.unwrap().incident.id
}

async fn an_image_is_added_described_and_shown(app: App) {
    let (people, rune) = begun(&app).await;
    rune.get(BASE).await.ok().shows("Add files and images");
    let page = rune.get(&format!("{BASE}/attachments")).await;
    page.ok().shows("No files yet").shows("0 bytes of 200.0 MB are used").shows("multipart/form-data");
    let sent = add(&rune, &[("graph.png", &png(40, 30))], &[("alt", "The queue grows")]).await;
    let page = rune.follow(&sent).await;
    page.ok()
        .shows("The queue grows")
        .shows("PNG image")
        .shows("40 × 30")
        .shows("Rune Responder")
        .shows("alt=\"The queue grows\"");
    let id = ids(&rune).await.remove(0);
    page.shows(&format!("![](attachment:{id})"));
    let leader = app.as_(&people.leader).await;
    let served = leader.get(&format!("{BASE}/attachments/{id}")).await;
    assert_eq!(served.ok().bytes, png(40, 30), "who sees the incident sees its files");
    for (name, value) in [
        ("content-type", "image/png"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cache-control", "private, no-store"),
        ("cross-origin-resource-policy", "same-origin"),
        ("content-disposition", "inline; filename=\"graph.png\"; filename*=UTF-8''graph.png"),
    ] {
        assert_eq!(served.header(name), value, "{name}");
    }
    let admin = app.as_(&people.admin).await;
    admin.get(&format!("{BASE}/attachments")).await.ok().shows("The queue grows").hides("Remove").hides("Add files");
    add(&admin, &[("graph.png", &png(40, 30))], &[]).await.is(404);
    app.anonymous().get(&format!("{BASE}/attachments/{id}")).await.is(303);
    // Sealed where it lies, name and words too.
    let files = lying(&app);
    assert_eq!(files.len(), 1);
    let sealed = std::fs::read(&files[0]).unwrap();
    assert!(!sealed.windows(8).any(|w| w == b"\x89PNG\r\n\x1a\n"));
    let database = app.raw.bytes(app.folder.as_deref()).await;
    for words in [b"graph.png".as_slice(), b"The queue grows"] {
        assert!(!database.windows(words.len()).any(|w| w == words), "{}", String::from_utf8_lossy(words));
    }
    let text = add(&rune, &[("log.txt", b"02:14 it grows\n")], &[]).await;
    rune.follow(&text).await.ok().shows("log.txt").shows("15 bytes");
    let log = ids(&rune).await.into_iter().find(|other| *other != id).unwrap();
    let served = rune.get(&format!("{BASE}/attachments/{log}")).await;
    assert_eq!(served.ok().header("content-type"), "text/plain; charset=utf-8");
    assert!(served.header("content-disposition").starts_with("attachment; filename=\"log.txt\""));
    rune.get(BASE).await.ok().shows("2 files");
}

async fn images_without_words_are_asked_for_them(app: App) {
    let (_, rune) = begun(&app).await;
    let sent = add(&rune, &[("a.png", &png(4, 3)), ("b.png", &png(5, 3)), ("c.txt", b"words")], &[]).await;
    let page = rune.follow(&sent).await;
    page.ok().shows("What do these show?").shows("What “a.png” shows").shows("What “b.png” shows");
    assert!(page.body.find("“a.png”") < page.body.find("“b.png”"), "in the order in which they were chosen");
    let waiting: Vec<String> = {
        let page = rune.get(&format!("{BASE}/attachments")).await;
        page.attributes("id")
            .into_iter()
            .filter_map(|id| id.strip_prefix("alt-").map(str::to_owned))
            .filter(|id| id.len() == 36)
            .collect()
    };
    assert_eq!(waiting.len(), 2);
    let describe = format!("{BASE}/attachments/describe");
    let long = "x".repeat(501);
    let refused = rune.post(&describe, &[("of", &waiting[0]), ("text", &long), ("of", &waiting[1]), ("text", "Five wide")]).await;
    refused.is(422).shows("500 fit").shows(&format!("value=\"{long}\"")).shows("Five wide").shows("aria-invalid=\"true\"");
    rune.post(&describe, &[("of", &waiting[0]), ("text", " ")]).await.is(422).shows("Please say in a sentence");
    let done = rune.post(&describe, &[("of", &waiting[0]), ("text", "Four wide")]).await;
    rune.follow(&done).await.ok().shows("Four wide").hides("What do these show?");
    // With one image the words come along; words that do not fit do not lose the file.
    let refused = add(&rune, &[("d.png", &png(6, 3))], &[("alt", &long)]).await;
    refused.is(422).shows("What “d.png” shows").shows("500 fit");
}

async fn a_photo_loses_where_it_was_taken(app: App) {
    let (_, rune) = begun(&app).await;
    add(&rune, &[("photo.jpg", &photo())], &[("alt", "The rack")]).await.is(303);
    let id = ids(&rune).await.remove(0);
    let served = rune.get(&format!("{BASE}/attachments/{id}")).await;
    let has = |what: &[u8]| served.bytes.windows(what.len()).any(|w| w == what);
    assert_eq!(served.ok().header("content-type"), "image/jpeg");
    for gone in [b"55.6761N".as_slice(), b"12.5683E", b"Ada", b"phone", b"script"] {
        assert!(!has(gone), "{}", String::from_utf8_lossy(gone));
    }
    assert!(has(b"\x01\x12\0\x03\0\0\0\x01\0\x06"), "the way it is held stays");
    assert_eq!(served.header("content-length"), served.bytes.len().to_string());
    rune.get(&format!("{BASE}/attachments")).await.ok().shows("3 × 4");
}

async fn what_is_not_what_it_says_is_refused_in_words(app: App) {
    let (_, rune) = begun(&app).await;
    let cut = &png(40, 30)[..50];
    for (name, bytes, words) in [
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".as_slice(), "can run scripts"),
        ("a.txt", b"<!doctype html><script>alert(1)</script>", "can run scripts"),
        ("a.png", b"MZ\x90\0\x03", "none of them, whatever its name says"),
        ("a.png", cut, "cut off or damaged"),
        ("a.pdf", b"%PDF-1.7 and no end", "This PDF is cut off"),
        ("a.png", &png(60_000, 60_000), "more pixels than a page can show"),
        ("a.png", b"", "This file is empty"),
    ] {
        let refused = add(&rune, &[(name, bytes)], &[("alt", "Typed already")]).await;
        refused.is(422).shows(words).shows("Typed already").shows("files-error");
    }
    assert!(lying(&app).is_empty());
    // What fits is kept, whatever is said of the others.
    let some = add(&rune, &[("a.png", cut), ("ok.txt", b"kept")], &[]).await;
    some.is(422).shows("“a.png” was not taken.").shows("ok.txt");
    assert_eq!(ids(&rune).await.len(), 1);
    add(&rune, &[("", b"")], &[]).await.is(422).shows("Please choose a file");
    rune.post(&format!("{BASE}/attachments"), &[("alt", "x")]).await.is(400);
    // A PNG is one whatever it is called.
    add(&rune, &[("notes.txt", &png(4, 3))], &[("alt", "x")]).await.is(303);
    rune.get(&format!("{BASE}/attachments")).await.ok().shows("notes.txt.png");
}

async fn limits_are_kept_and_said(app: App) {
    let (_, _) = begun(&app).await;
    let small = app.with(|site| {
        site.attachments = domain::timeline::attachments::Limits { file: 1_000, incident: 2_500 };
    });
    let rune = small.as_(&store_viewer(&app).await).await;
    let words = vec![b'x'; 1_000];
    add(&rune, &[("a.txt", &words), ("b.txt", &words)], &[]).await.is(303);
    let refused = add(&rune, &[("c.txt", &[b'x'; 1_001])], &[]).await;
    refused.is(422).shows("“c.txt” has more than 1 kB");
    let refused = add(&rune, &[("d.txt", &words)], &[]).await;
    refused.is(422).shows("of the 3 kB of this incident 500 bytes are left");
    assert_eq!(lying(&app).len(), 2);
    let removed = ids(&rune).await.remove(0);
    rune.post(&format!("{BASE}/attachments/{removed}/remove"), &[]).await.is(303);
    add(&rune, &[("d.txt", &words)], &[]).await.is(303);
    // Far more than fits is not read to its end.
    add(&rune, &[("e.txt", &[b'x'; 20_000])], &[]).await.is(413);
    let many: Vec<(String, &[u8])> = (0..22).map(|n| (format!("{n}.txt"), b"x".as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    add(&rune, &many, &[]).await.is(422).shows("“20.txt” was left out: 20 files fit in one go.");
}

async fn store_viewer(app: &App) -> Viewer {
    let token = store::sessions::sign_in_demo(&app.store, "rune.responder@example.org", app.now()).await.unwrap().unwrap();
    store::sessions::find(&app.store, &token, app.now()).await.unwrap().unwrap()
}

async fn names_come_back_safely_whatever_they_are(app: App) {
    let (_, rune) = begun(&app).await;
    let names = [
        "Kø længd 図 🦀.txt",
        "../../../etc/passwd",
        "a'); drop table attachments;--.txt",
        "<img src=x onerror=alert(1)>.txt",
        "%0d%0aset-cookie: x=1.txt",
        "con.txt",
        "$(reboot).txt",
        "a;b=c, d.txt",
        "photo\u{202e}txt.exe",
        "{{7*7}}.txt",
        "'; filename=evil.html",
    ];
    for name in names {
        add(&rune, &[(name, b"words")], &[]).await.is(303);
    }
    let viewer = store_viewer(&app).await;
    let incident = incident_id(&app, &viewer, 1).await;
    let all = attachments::list(&app.store, &viewer, incident, app.now()).await.unwrap().here;
    assert_eq!(all.len(), names.len());
    let page = rune.get(&format!("{BASE}/attachments")).await;
    page.ok().hides("<img src=x").hides("onerror=alert(1)>");
    for file in all {
        let served = rune.get(&format!("{BASE}/attachments/{}", file.id)).await;
        let said = served.ok().header("content-disposition").to_owned();
        assert!(said.is_ascii() && said.starts_with("attachment; filename=\""), "{said}");
        let coded = said.split("filename*=UTF-8''").nth(1).unwrap();
        assert!(coded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)), "{coded}");
        let mut bytes = Vec::new();
        let mut rest = coded.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'%' => {
                    let two = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(std::str::from_utf8(&two).unwrap(), 16).unwrap()
                }
                other => other,
            });
        }
        assert_eq!(String::from_utf8(bytes).unwrap(), file.name);
        assert!(file.name.ends_with(".txt") && !file.name.contains(['/', '\\', '\u{202e}', '<', '"']), "{}", file.name);
    }
}

const EVENT: [(&str, &str); 6] = [
    ("date", "2026-03-02"),
    ("time", "10:10"),
    ("zone", "UTC"),
    ("kind", "detection"),
    ("from", "whole"),
    ("body", "The graph turned"),
];

async fn an_event_takes_files_with_its_form(app: App) {
    let (_, rune) = begun(&app).await;
    let form = format!("{BASE}/events");
    rune.get(&format!("{BASE}/events/new")).await.ok().shows("multipart/form-data").shows("Files and images that show it");
    // Refused for its image's words: the file is kept, and so is what was typed.
    let refused = rune.upload(&form, "upload", &[("graph.png", &png(40, 30))], &EVENT).await;
    refused.is(422).shows("The graph turned").shows("Please say in a sentence").shows("graph.png");
    let id = ids(&rune).await.remove(0);
    let mut fields = EVENT.to_vec();
    fields.extend([("attached", id.as_str()), ("alt_of", id.as_str()), ("alt_text", "The queue grows")]);
    rune.upload(&form, "upload", &[("", b"")], &fields).await.is(303);
    let page = rune.get(BASE).await;
    page.ok().shows(&format!("src=\"{BASE}/attachments/{id}\"")).shows("alt=\"The queue grows\"").shows("width=\"40\"");
    // One upload with its words, and a log beside it.
    let mut fields = EVENT.to_vec();
    fields.extend([("upload_alt", "Errors fall"), ("attached", id.as_str())]);
    rune.upload(&form, "upload", &[("errors.png", &png(8, 8))], &fields).await.is(303);
    rune.get(BASE).await.ok().shows("alt=\"Errors fall\"");
    // A refused event for another reason keeps the files that came with it chosen.
    let mut fields = EVENT.to_vec();
    fields[5] = ("body", "");
    let refused = rune.upload(&form, "upload", &[("log.txt", b"words")], &fields).await;
    refused.is(422).shows("Please write something here.").shows("log.txt").shows("checked");
    let refused = rune.upload(&form, "upload", &[("page.html", b"<html>")], &EVENT).await;
    refused.is(422).shows("can run scripts").shows("The graph turned");
    // Plain forms, as the composer sends them, go on working.
    rune.post(&form, &EVENT).await.is(303);
    let event = rune
        .get(BASE)
        .await
        .attributes("href")
        .into_iter()
        .find(|href| href.contains("/events/") && !href.contains("new"))
        .unwrap();
    let edit = rune.get(&event).await;
    edit.ok().shows("multipart/form-data").shows("checked");
    // A file of nowhere is none.
    let mut fields = EVENT.to_vec();
    fields.push(("attached", "00000000-0000-4000-8000-000000000009"));
    rune.post(&form, &fields).await.is(303);
    // An attachment that is gone is said, and nothing breaks.
    rune.post(&format!("{BASE}/attachments/{id}/remove"), &[]).await.is(303);
    rune.get(BASE).await.ok().shows("A file that was removed").hides("alt=\"The queue grows\"");
}

async fn text_shows_own_images_and_no_others(app: App) {
    let (_, rune) = begun(&app).await;
    add(&rune, &[("graph.png", &png(40, 30))], &[("alt", "The queue grows")]).await.is(303);
    let id = ids(&rune).await.remove(0);
    incident(&rune).await;
    let own = format!("Look: ![](attachment:{id}) and ![far](https://tracker.example/x.png) [file](attachment:{id})");
    let event = |body: String| {
        [EVENT[0], EVENT[1], EVENT[2], EVENT[3]]
            .into_iter()
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .chain([("body".to_owned(), body)])
            .collect::<Vec<_>>()
    };
    for base in [BASE, "/incidents/INC-2"] {
        let fields = event(own.clone());
        let fields: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        rune.post(&format!("{base}/events"), &fields).await.is(303);
    }
    let image =
        format!("<img src=\"{BASE}/attachments/{id}\" alt=\"The queue grows\" width=\"40\" height=\"30\" loading=\"lazy\">");
    let page = rune.get(BASE).await;
    page.ok().shows(&image).shows(&format!("href=\"{BASE}/attachments/{id}\"")).hides("tracker.example");
    let other = rune.get("/incidents/INC-2").await;
    other.ok().hides("<img src=\"/incidents").hides("tracker.example").hides("The queue grows");
    rune.get(&format!("/incidents/INC-2/attachments/{id}")).await.is(404);
    // The same line once more, with words that changed: what is held of it is not shown.
    rune.post(&format!("{BASE}/attachments/describe"), &[("of", &id), ("text", "The queue is long")]).await.is(303);
    rune.get(BASE).await.ok().shows("alt=\"The queue is long\"");
    rune.post(&format!("{BASE}/attachments/{id}/remove"), &[]).await.is(303);
    rune.get(BASE).await.ok().hides("The queue is long").hides("<img src=\"/incidents");
}

async fn a_published_story_shows_the_images_that_it_names(app: App) {
    let world = app.world().await;
    let (id, base) = (world.closed.id, format!("/incidents/{}", world.closed.key));
    let (leads, now) = (&world.people.facilitator, app.now());
    let frida = app.as_(leads).await;
    frida
        .upload(&format!("{base}/attachments"), "files", &[("graph.png", &png(40, 30))], &[("alt", "The queue grows")])
        .await
        .is(303);
    let file = attachments::list(&app.store, leads, id, now).await.unwrap().here.into_iter().find(|f| f.kind.is_image()).unwrap();
    let kind = domain::reviews::SectionKind::Background;
    let sections = store::reviews::sections(&app.store, leads, id, now).await.unwrap();
    let section = sections.into_iter().find(|s| s.kind == kind).unwrap();
    let body = format!("{}\n\n![](attachment:{}) ![far](https://tracker.example/x.png)", section.body, file.id);
    store::reviews::save_section(&app.store, leads, id, kind, section.version, &body, now).await.unwrap();
    let image = format!("<img src=\"{base}/attachments/{}\" alt=\"The queue grows\"", file.id);
    let leader = app.as_(&world.people.leader).await;
    leader.get(&format!("{base}/review")).await.ok().shows(&image).hides("tracker.example");
    assert_eq!(leader.get(&format!("{base}/attachments/{}", file.id)).await.ok().bytes, png(40, 30));
    frida.get(&format!("{base}/review/background")).await.ok();
}

async fn a_restricted_incident_gives_nothing_away(app: App) {
    let (people, rune) = begun(&app).await;
    add(&rune, &[("graph.png", &png(40, 30))], &[("alt", "The queue grows")]).await.is(303);
    let id = ids(&rune).await.remove(0);
    let path = format!("{BASE}/attachments/{id}");
    let oda = app.as_(&people.other_responder).await;
    oda.get(&path).await.ok();
    let incident = incident_id(&app, &people.responder, 1).await;
    store::incidents::restrict(&app.store, &people.responder, incident, true, app.now()).await.unwrap();
    for who in [&people.other_responder, &people.leader, &people.admin] {
        let person = app.as_(who).await;
        let lost = person.get("/never-was").await.bare();
        for path in [path.clone(), format!("{BASE}/attachments")] {
            assert_eq!(person.get(&path).await.bare(), lost, "{} at {path}", who.name);
        }
        add(&person, &[("a.txt", b"x")], &[]).await.is(404);
        person.post(&format!("{path}/remove"), &[]).await.is(404);
    }
    rune.get(&path).await.ok();
    assert_eq!(lying(&app).len(), 1);
}

async fn what_is_removed_comes_back_until_the_trash_is_emptied(app: App) {
    let (people, rune) = begun(&app).await;
    add(&rune, &[("log.txt", b"02:14 it grows")], &[]).await.is(303);
    let id = ids(&rune).await.remove(0);
    let path = format!("{BASE}/attachments/{id}");
    let gone = rune.post(&format!("{path}/remove"), &[]).await;
    rune.follow(&gone).await.ok().shows("Put back").shows("log.txt");
    rune.get(&path).await.is(404);
    app.as_(&people.admin).await.get(&format!("{BASE}/attachments")).await.ok().hides("log.txt");
    rune.post(&format!("{path}/restore"), &[]).await.is(303);
    assert_eq!(rune.get(&path).await.ok().body, "02:14 it grows");
    rune.post(&format!("{path}/remove"), &[]).await.is(303);
    store::trash::empty(&app.store, app.now()).await.unwrap();
    assert_eq!(lying(&app).len(), 1, "it can still come back");
    store::trash::empty(&app.store, app.now() + chrono::Duration::days(400)).await.unwrap();
    assert!(lying(&app).is_empty());
    rune.post(&format!("{path}/restore"), &[]).await.is(404);
}

async fn files_go_with_their_incident(app: App) {
    let (people, rune) = begun(&app).await;
    incident(&rune).await;
    add(&rune, &[("log.txt", b"02:14 it grows"), ("two.txt", b"two")], &[]).await.is(303);
    rune.upload("/incidents/INC-2/attachments", "files", &[("other.txt", b"other")], &[]).await.is(303);
    assert_eq!(lying(&app).len(), 3);
    let totals = attachments::totals(&app.store).await.unwrap();
    assert_eq!((totals.count, totals.bytes), (3, 22));
    let id = incident_id(&app, &people.responder, 1).await;
    store::trash::put_in(&app.store, &people.responder, id, "INC-1", app.now()).await.unwrap();
    rune.get(&format!("{BASE}/attachments")).await.is(404);
    assert_eq!(lying(&app).len(), 3, "the trash keeps them");
    let key = domain::incidents::IncidentKey(1);
    store::trash::delete_now(&app.store, &people.admin, key, "INC-1", app.now()).await.unwrap();
    assert_eq!(lying(&app).len(), 1);
    assert_eq!(attachments::totals(&app.store).await.unwrap().count, 1);
}

async fn a_merge_takes_files_along_and_gives_them_back(app: App) {
    let (people, rune) = begun(&app).await;
    add(&rune, &[("graph.png", &png(40, 30))], &[("alt", "The queue grows")]).await.is(303);
    let id = ids(&rune).await.remove(0);
    incident(&rune).await;
    let from = incident_id(&app, &people.responder, 1).await;
    let before = lying(&app);
    rune.get(&format!("{BASE}/merge?into=INC-2")).await.ok().shows("1 file");
    store::trash::merge(&app.store, &people.responder, from, "INC-2", app.now()).await.unwrap();
    let after = lying(&app);
    assert!(after.len() == 1 && before != after, "sealed anew under another name");
    let there = rune.get(&format!("/incidents/INC-2/attachments/{id}")).await;
    assert_eq!(there.ok().bytes, png(40, 30));
    rune.get("/incidents/INC-2/attachments").await.ok().shows("The queue grows");
    // An old address leads on.
    let old = rune.get(&format!("{BASE}/attachments/{id}")).await;
    assert_eq!(old.is(303).location(), format!("/incidents/INC-2/attachments/{id}"));
    let key = domain::incidents::IncidentKey(1);
    store::trash::put_back(&app.store, &people.responder, key, app.now()).await.unwrap();
    assert_eq!(rune.get(&format!("{BASE}/attachments/{id}")).await.ok().bytes, png(40, 30));
    rune.get(&format!("/incidents/INC-2/attachments/{id}")).await.is(404);
    assert_eq!(lying(&app).len(), 1);
    assert_eq!(attachments::look(&app.store, false, app.now()).await.unwrap().whole, 1);
}

async fn a_lost_or_changed_file_is_found(app: App) {
    let (_, rune) = begun(&app).await;
    let long = vec![b'x'; 400_000];
    add(&rune, &[("a.txt", &long), ("b.txt", b"b"), ("c.txt", b"c")], &[]).await.is(303);
    let files = lying(&app);
    let largest = files.iter().max_by_key(|file| file.metadata().unwrap().len()).unwrap().clone();
    let others: Vec<_> = files.iter().filter(|file| **file != largest).collect();
    let look = async |quick| attachments::look(&app.store, quick, server::clock::now()).await.unwrap();
    assert_eq!((look(false).await.whole, look(true).await.bytes), (3, 400_002));
    let list = ids(&rune).await;
    for id in &list {
        rune.get(&format!("{BASE}/attachments/{id}")).await.ok();
    }
    // Two files that change places do not open; what is cut off or gone is said by an error page and no more.
    let (one, two) = (std::fs::read(others[0]).unwrap(), std::fs::read(others[1]).unwrap());
    std::fs::write(others[0], &two).unwrap();
    std::fs::write(others[1], &one).unwrap();
    let found = look(false).await;
    assert_eq!((found.whole, found.damaged.len(), found.missing.len()), (1, 2, 0));
    std::fs::write(others[0], &one).unwrap();
    std::fs::remove_file(others[1]).unwrap();
    let bytes = std::fs::read(&largest).unwrap();
    std::fs::write(&largest, &bytes[..bytes.len() - 5]).unwrap();
    let found = look(true).await;
    assert_eq!((found.whole, found.damaged.len(), found.missing.len(), found.orphans), (1, 1, 1, 0));
    let mut statuses = Vec::new();
    for id in &list {
        statuses.push(rune.get(&format!("{BASE}/attachments/{id}")).await.status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 500, 500]);
    rune.get(&format!("{BASE}/attachments")).await.ok();
    // What a kill between the file and its row leaves: named by nothing, and cleared once it has lain there.
    std::fs::write(&largest, &bytes).unwrap();
    let orphan = app.store.files_folder().unwrap().join("0123456789abcdef0123456789abcdef");
    let part = app.store.files_folder().unwrap().join(".0123456789abcdef0123456789abcdee.part");
    let foreign = app.store.files_folder().unwrap().join("README");
    for file in [&orphan, &part, &foreign] {
        std::fs::write(file, "left").unwrap();
    }
    assert_eq!(look(true).await.orphans, 0, "it may be about to be named");
    let later = server::clock::now() + chrono::Duration::hours(2);
    let found = attachments::look(&app.store, true, later).await.unwrap();
    assert_eq!((found.whole, found.orphans), (2, 3));
    assert_eq!(attachments::clear_orphans(&app.store, later).await.unwrap(), 2);
    assert!(foreign.exists() && !orphan.exists() && !part.exists());
    assert_eq!(attachments::look(&app.store, true, later).await.unwrap().whole, 2);
}

async fn a_row_that_is_not_written_leaves_no_file(app: App) {
    let (_, rune) = begun(&app).await;
    // The database refuses the row after the file was written.
    app.raw.run("alter table attachments rename column width to breadth").await;
    assert_eq!(add(&rune, &[("log.txt", b"02:14 it grows")], &[]).await.status, 500);
    app.raw.run("alter table attachments rename column breadth to width").await;
    assert!(lying(&app).is_empty());
    assert_eq!(app.raw.count("select count(*) from attachments").await, 0);
    add(&rune, &[("log.txt", b"02:14 it grows")], &[]).await.is(303);
    assert_eq!(ids(&rune).await.len(), 1);
}
