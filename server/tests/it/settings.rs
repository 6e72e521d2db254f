//! Settings: the pages of administrators, links that set a password, one's own password and sessions.

use crate::support::{App, Person, people};
use domain::people::Viewer;
use store::people::By;

both_engines! {
    an_invitation_is_shown_once_and_opens_the_account,
    a_reset_link_works_once_and_says_kindly_when_it_is_over,
    deactivating_says_what_happens_and_ends_everything_at_once,
    the_last_administrator_is_told_why_not,
    every_change_of_a_setting_is_one_entry_of_the_trail,
    the_smallest_group_only_grows_and_the_form_keeps_what_was_typed,
    severities_are_called_what_the_organisation_calls_them,
    services_are_chosen_at_an_incident_and_shown,
    holidays_come_from_a_file,
    what_mail_says_is_shown_beside_links,
    days_of_reminders_are_chosen_beside_the_words,
    a_password_is_changed_and_other_sessions_end,
    own_sessions_are_listed_marked_and_ended,
    each_list_teaches_the_next_step_while_it_is_empty,
    settings_show_no_content,
}

const PASSWORD: &str = "three calm words";

/// The link of a page, as its path.
fn link(page: &crate::support::Answer) -> String {
    let link = page.ok().attributes("value").into_iter().find(|v| v.contains("/password/")).expect("a link");
    link.strip_prefix("http://127.0.0.1:3000").expect("our own address").to_owned()
}

/// Gives an account a password, through the store.
async fn with_password(app: &App, viewer: &Viewer) {
    let link = store::people::make_link(&app.store, By::Host, viewer.person_id, app.now()).await.unwrap();
    store::people::use_link(&app.store, &link.token, PASSWORD, app.now()).await.unwrap();
}

async fn signs_in(app: &App, email: &str, password: &str) -> (Person, u16) {
    let person = app.anonymous();
    let status = person.post("/sign-in", &[("email", email), ("password", password)]).await.status;
    (person, status)
}

async fn entries(app: &App) -> u64 {
    app.raw.texts("select cast(count(*) as text) from audit").await[0].parse().unwrap()
}

async fn an_invitation_is_shown_once_and_opens_the_account(app: App) {
    let people = people(&app).await;
    with_password(&app, &people.responder).await;
    let ada = app.as_(&people.admin).await;
    let fields = [("name", "Eva Ny"), ("email", "eva@example.org"), ("takes_part", "member"), ("may_facilitate", "yes")];
    let refused = ada.post("/settings/people/invite", &[("name", "Eva Ny"), ("email", "eva"), ("takes_part", "member")]).await;
    refused.is(422).shows("id=\"email-error\"");
    assert_eq!((refused.field("name").as_deref(), refused.field("email").as_deref()), (Some("Eva Ny"), Some("eva")));
    let page = ada.post("/settings/people/invite", &fields).await;
    page.ok().shows("shown this once").shows("data-copy=\"link\"").shows("Your account at Second Story");
    let path = link(&page);
    let token = path.rsplit('/').next().unwrap().to_owned();
    let stored = app.raw.bytes(app.folder.as_deref()).await;
    assert!(!stored.windows(token.len()).any(|w| w == token.as_bytes()), "only a hash is kept");
    ada.get("/settings/people?state=invited").await.ok().shows("Eva Ny").hides("Rune Responder").hides(&token);
    ada.post("/settings/people/invite", &fields).await.is(422).shows("There is an account with this address already");

    let eva = app.anonymous();
    let before = app.raw.contents().await;
    eva.get(&path).await.ok().shows("Welcome, Eva Ny").shows("eva@example.org");
    eva.get(&path).await.ok();
    assert_eq!(app.raw.contents().await, before, "looking changes nothing");
    let short = eva.post(&path, &[("password", "too short")]).await;
    short.is(422).shows("id=\"password-error\"").hides("too short");
    let done = eva.post(&path, &[("password", PASSWORD)]).await;
    eva.follow(&done).await.ok().shows("Your password is set");
    let (eva, status) = signs_in(&app, "eva@example.org", PASSWORD).await;
    assert_eq!(status, 303);
    eva.get("/profile").await.ok().shows("Eva Ny");
    ada.get("/settings/people?q=eva").await.ok().shows("May facilitate");
}

async fn a_reset_link_works_once_and_says_kindly_when_it_is_over(app: App) {
    let people = people(&app).await;
    let rune = people.responder.clone();
    with_password(&app, &rune).await;
    let (open, status) = signs_in(&app, "rune.responder@example.org", PASSWORD).await;
    assert_eq!(status, 303);
    app.anonymous().get("/sign-in").await.ok().shows("Forgotten your password? Ask an administrator for a link.");
    let ada = app.as_(&people.admin).await;
    let page = ada.post(&format!("/settings/people/{}/link", rune.person_id), &[]).await;
    page.ok().shows("A new password for Second Story");
    let path = link(&page);
    open.get("/profile").await.ok();
    let nobody = app.anonymous();
    nobody.get(&path).await.ok().shows("A new password, Rune Responder");
    nobody.post(&path, &[("password", "four other calm words")]).await.is(303);
    open.get("/profile").await.is(303);
    for _ in 0..2 {
        nobody.get(&path).await.is(404).shows("This link does not work any more").shows("An administrator can make a new one");
        nobody.post(&path, &[("password", "some third calm words")]).await.is(404).shows("This link does not work any more");
    }
    assert_eq!(nobody.get(&path).await.bare(), nobody.get("/password/never-was").await.bare(), "the two look the same");
    assert_eq!(signs_in(&app, "rune.responder@example.org", "four other calm words").await.1, 303);
    assert_eq!(signs_in(&app, "rune.responder@example.org", PASSWORD).await.1, 422);
    let page = ada.post(&format!("/settings/people/{}/link", rune.person_id), &[]).await;
    let path = link(&page);
    app.set_clock("2026-03-06T12:00:01Z");
    app.anonymous().get(&path).await.is(404);
}

async fn deactivating_says_what_happens_and_ends_everything_at_once(app: App) {
    let world = app.world().await;
    let rune = world.people.responder.clone();
    let (ada, open, second) = (app.as_(&world.people.admin).await, app.as_(&rune).await, app.as_(&rune).await);
    let base = format!("/settings/people/{}", rune.person_id);
    let before = app.raw.contents().await;
    ada.get(&format!("{base}/deactivate"))
        .await
        .ok()
        .shows("Every session ends")
        .shows("Nothing is deleted")
        .hides("your own account");
    assert_eq!(app.raw.contents().await, before);
    let done = ada.post(&format!("{base}/deactivate"), &[]).await;
    ada.follow(&done).await.ok().shows("Deactivated. Every session has ended.");
    for person in [&open, &second] {
        assert!(person.get("/profile").await.is(303).location().starts_with("/sign-in"));
    }
    ada.get("/settings/people?state=deactivated").await.ok().shows("Rune Responder");
    let roles = app.raw.texts("select role from incident_roles").await;
    assert!(!roles.is_empty(), "roles stay in the history");
    let frida = app.as_(&world.people.facilitator).await;
    let invite = format!("/incidents/{}/one-on-ones", world.review.key);
    frida.get(&invite).await.ok().hides(&format!("<option value=\"{}\"", rune.person_id));
    let done = ada.post(&format!("{base}/reactivate"), &[]).await;
    ada.follow(&done).await.ok().shows("Invited: has not chosen a password yet");
    open.get("/profile").await.is(303);
}

async fn the_last_administrator_is_told_why_not(app: App) {
    let people = people(&app).await;
    with_password(&app, &people.admin).await;
    let ada = app.as_(&people.admin).await;
    let base = format!("/settings/people/{}", people.admin.person_id);
    ada.get(&format!("{base}/deactivate")).await.ok().shows("This is your own account");
    ada.post(&format!("{base}/deactivate"), &[]).await.is(409).shows("This is the last administrator");
    let member = [("name", "Ada Admin"), ("email", "ada.admin@example.org"), ("takes_part", "member")];
    ada.post(&base, &member).await.is(422).shows("id=\"administrator-error\"");
    ada.get("/settings/people").await.ok();
    let other = format!("/settings/people/{}", people.outsider.person_id);
    let both =
        [("name", "Olaf Outsider"), ("email", "olaf.outsider@example.org"), ("takes_part", "member"), ("administrator", "yes")];
    ada.post(&other, &both).await.is(303);
    ada.post(&base, &member).await.is(422);
    with_password(&app, &people.outsider).await;
    ada.post(&base, &member).await.is(303);
    ada.get("/settings/people").await.is(404);
    app.as_(&people.outsider).await.get("/settings/people").await.ok();
}

async fn every_change_of_a_setting_is_one_entry_of_the_trail(app: App) {
    let people = people(&app).await;
    let ada = app.as_(&people.admin).await;
    let team = people.team.to_string();
    let changes: [(&str, &[(&str, &str)]); 10] = [
        ("/settings/teams", &[("name", "Nights")]),
        ("/settings/services", &[("name", "Checkout"), ("team", &team)]),
        ("/settings/severities", &[("name_2", "Major")]),
        ("/settings/holidays", &[("name", "Denmark")]),
        ("/settings/review", &[("soak_days", "3"), ("smallest_group", "5"), ("trash_days", "30")]),
        (
            "/settings/newcomers",
            &[
                ("zone", "Europe/Madrid"),
                ("starts", "09:00"),
                ("ends", "17:30"),
                ("days", "0"),
                ("days", "1"),
                ("days", "2"),
                ("days", "3"),
                ("days", "4"),
            ],
        ),
        ("/settings/mail/reset", &[("subject", "New password"), ("text", "Here: {link}"), ("act", "save")]),
        ("/settings/mail/reset", &[("act", "default")]),
        ("/settings/mail", &[("reminder_first_days", "3"), ("reminder_second_days", "4"), ("reminder_quotes_days", "1")]),
        ("/settings/people/invite", &[("name", "Eva"), ("email", "eva@example.org"), ("takes_part", "member")]),
    ];
    for (path, fields) in changes {
        let before = entries(&app).await;
        let answer = ada.post(path, fields).await;
        assert!(matches!(answer.status, 200 | 303), "{path}: {}", answer.text());
        assert_eq!(entries(&app).await, before + 1, "{path}");
    }
    let before = entries(&app).await;
    ada.post("/settings/review", &[("soak_days", "3")]).await.is(303);
    ada.post("/settings/mail/reset", &[("subject", "x"), ("text", "{link}"), ("act", "preview")]).await.ok();
    assert_eq!(entries(&app).await, before, "what changes nothing leaves no entry");
    let trail = app.raw.texts("select action || ' ' || object from audit").await.join("\n");
    assert!(trail.contains("setting.change soak_days") && trail.contains("setting.change severity_2_name"), "{trail}");
    assert!(!trail.contains("Major") && !trail.contains("New password"), "never content: {trail}");
}

async fn the_smallest_group_only_grows_and_the_form_keeps_what_was_typed(app: App) {
    let people = people(&app).await;
    let ada = app.as_(&people.admin).await;
    ada.post("/settings/review", &[("smallest_group", "8")]).await.is(303);
    let refused = ada.post("/settings/review", &[("smallest_group", "5"), ("soak_days", "21"), ("trash_days", "44")]).await;
    refused.is(422).shows("This number can only grow").shows("id=\"soak_days-error\"").hides("id=\"trash_days-error\"");
    assert_eq!(refused.field("smallest_group").as_deref(), Some("5"));
    assert_eq!(refused.field("trash_days").as_deref(), Some("44"));
    let page = ada.get("/settings/review").await;
    assert_eq!((page.field("smallest_group").as_deref(), page.field("trash_days").as_deref()), (Some("8"), Some("30")));
}

async fn severities_are_called_what_the_organisation_calls_them(app: App) {
    let world = app.world().await;
    let (ada, rune) = (app.as_(&world.people.admin).await, app.as_(&world.people.responder).await);
    rune.get("/incidents").await.ok().shows("SEV2");
    ada.post("/settings/severities", &[("name_2", "Major <b>"), ("means_2", "Many & more")]).await.is(303);
    rune.get("/incidents").await.ok().shows("Major &lt;b&gt;").hides("SEV2<");
    rune.get(&format!("/incidents/{}", world.open.key)).await.ok().shows("Major &lt;b&gt;");
    rune.get("/incidents/new").await.ok().shows("Many &amp; more").shows("SEV1");
    rune.get("/trends?severity=SEV2").await.ok().shows("Major &lt;b&gt;");
    let twice = ada.post("/settings/severities", &[("name_1", "Major"), ("name_3", "major")]).await;
    twice.is(422).shows("id=\"name_3-error\"");
    assert_eq!(twice.field("name_1").as_deref(), Some("Major"));
}

async fn services_are_chosen_at_an_incident_and_shown(app: App) {
    let people = people(&app).await;
    let (ada, rune) = (app.as_(&people.admin).await, app.as_(&people.responder).await);
    rune.get("/incidents/new").await.ok().hides("Which services");
    ada.post("/settings/services", &[("name", "Checkout"), ("description", "Takes money")]).await.is(303);
    ada.post("/settings/services", &[("name", "Search")]).await.is(303);
    ada.post("/settings/services", &[("name", "search")]).await.is(422).shows("There is a service of this name already");
    let form = rune.get("/incidents/new").await;
    let id = form.ok().field("services").expect("the first service");
    let fields = [
        ("title", "Slow"),
        ("severity", "2"),
        ("date", "2026-03-02"),
        ("time", "10:00"),
        ("zone", "UTC"),
        ("services", id.as_str()),
    ];
    let added = rune.post("/incidents", &fields).await;
    rune.follow(&added).await.ok().shows(&format!("<dt>Service</dt><dd><a href=\"/services/{id}\">Checkout</a></dd>"));
    let edit = rune.get("/incidents/INC-1/edit").await;
    edit.ok().shows(&format!("value=\"{id}\" checked"));
    let refused = rune.post("/incidents", &[("title", ""), ("services", id.as_str())]).await;
    refused.is(422).shows(&format!("value=\"{id}\" checked"));
    rune.post("/incidents", &[("services", "x")]).await.is(422).shows("id=\"services-error\"");
    ada.post(&format!("/settings/services/{id}/away"), &[("away", "yes")]).await.is(303);
    rune.get("/incidents/new").await.ok().hides(&id);
    rune.get("/incidents/INC-1/edit").await.ok().shows(&id);
    ada.get(&format!("/settings/services/{id}")).await.ok().shows("Take back");
    ada.get("/settings/services/00000000-0000-0000-0000-000000000009").await.is(404);
}

async fn holidays_come_from_a_file(app: App) {
    const FILE: &str = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Constitution <Day>\r\nDTSTART;VALUE=DATE:20200605\r\n\
        RRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Party\r\nDTSTART:20260605T180000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let people = people(&app).await;
    let ada = app.as_(&people.admin).await;
    let added = ada.post("/settings/holidays", &[("name", "Denmark")]).await;
    let base = added.is(303).location().split('?').next().unwrap().to_owned();
    ada.get(&base).await.ok().shows("No day yet");
    let import = format!("{base}/import");
    let read = ada.upload(&import, "file", &[("dk.ics", FILE.as_bytes())], &[]).await;
    read.ok().shows("7 days were read, 7 of them new.").shows("1 event has a time of day");
    read.shows("Constitution &lt;Day&gt;").shows("Fri 5 Jun 2026").hides("Party");
    ada.upload(&import, "file", &[("dk.ics", FILE.as_bytes())], &[]).await.ok().shows("7 days were read, 0 of them new.");
    ada.upload(&import, "file", &[("x.ics", b"<html>")], &[]).await.ok().shows("No holiday was found.").shows(".ics");
    ada.upload(&import, "file", &[("", b"")], &[]).await.is(422).shows("id=\"file-error\"");
    ada.upload(&import, "file", &[("big.ics", &vec![b'a'; 4 * 1024 * 1024])], &[]).await.is(413);
    ada.post(&format!("{base}/days"), &[("day", "soon"), ("name", "x")]).await.is(422).shows("id=\"day-error\"");
    ada.post(&format!("{base}/days"), &[("day", "2026-12-24"), ("name", "Eve")]).await.is(303);
    ada.post(&format!("{base}/days/remove"), &[("day", "2026-06-05")]).await.is(303);
    ada.get(&base).await.ok().shows("Eve").hides("Fri 5 Jun 2026");
    ada.post(&format!("{base}/team"), &[("team", &people.team.to_string())]).await.is(303);
    ada.post(&format!("{base}/remove"), &[]).await.is(409).shows("Somebody is on this calendar");
    let rename = ada.post(&base, &[("name", " ")]).await;
    rename.is(422).shows("id=\"calendar_name-error\"");
    ada.post("/settings/holidays", &[("name", "denmark")]).await.is(422).shows("There is a calendar of this name already");
}

async fn what_mail_says_is_shown_beside_links(app: App) {
    let world = app.world().await;
    let (ada, frida) = (app.as_(&world.people.admin).await, app.as_(&world.people.facilitator).await);
    ada.get("/settings/mail").await.ok().shows("sends no mail yet");
    let words = [("subject", "A talk with you, {name}"), ("text", "About {title}: {link} (until {until}) <b>"), ("act", "save")];
    ada.post("/settings/mail/one-on-one", &words).await.is(303);
    let page = frida.post(&format!("/incidents/{}/one-on-ones/invite", world.review.key), &[("name", "Somebody New")]).await;
    page.ok().shows("A talk with you, Somebody New").shows("About canary-review-title: http://127.0.0.1:3000/invitation/");
    page.shows("&lt;b&gt;").shows("4 Apr 2026").hides("{link}");
    let wrong = [("subject", "Hello"), ("text", "Go to {lnik}"), ("act", "save")];
    let refused = ada.post("/settings/mail/one-on-one", &wrong).await;
    refused.is(422).shows("{lnik} would stay as it is").shows("Go to {lnik}");
    let preview =
        ada.post("/settings/mail/reset", &[("subject", "Hi {name}"), ("text", "{link} or else"), ("act", "preview")]).await;
    preview.ok().shows("Hi Rune Ravn").shows("Not saved yet").shows("or else");
    ada.get("/settings/mail/reset").await.ok().hides("or else");
    ada.post("/settings/mail/one-on-one", &[("act", "default")]).await.is(303);
    ada.get("/settings/mail/one-on-one").await.ok().shows("How was it for you?").hides("Back to the default");
    ada.get("/settings/mail/never").await.is(404);
    // Whose quotes wait is theirs to know: the words name nobody.
    let desk = frida.get(&format!("/incidents/{}/review", world.review.key)).await;
    desk.ok().shows("Are these your words?").shows("Hello everybody,").shows("http://127.0.0.1:3000/quotes");
}

async fn days_of_reminders_are_chosen_beside_the_words(app: App) {
    let people = people(&app).await;
    let ada = app.as_(&people.admin).await;
    let page = ada.get("/settings/mail").await;
    page.ok().shows("When reminders go").shows("<option value=\"2\" selected>2 working days</option>");
    page.shows("<option value=\"0\">None</option>").shows("Reminder of a quote check");
    let days = |first, second, quotes| {
        [("reminder_first_days", first), ("reminder_second_days", second), ("reminder_quotes_days", quotes)]
    };
    let refused = ada.post("/settings/mail", &days("5", "3", "2")).await;
    refused.is(422).shows("Please choose a later day for the second, or none.").shows("id=\"reminder_second_days-error\"");
    refused.shows("<option value=\"5\" selected>5 working days</option>");
    ada.post("/settings/mail", &days("2", "77", "2")).await.is(422).shows("Please choose a number from 0 to 20.");
    ada.follow(&ada.post("/settings/mail", &days("1", "0", "2")).await).await.ok();
    let kept = app.raw.texts("select key || ' ' || value from settings where key like 'reminder_%' order by key").await;
    assert_eq!(kept, ["reminder_first_days 1", "reminder_quotes_days 2", "reminder_second_days 0"]);
    ada.get("/settings/review").await.ok().hides("reminder_");
}

async fn a_password_is_changed_and_other_sessions_end(app: App) {
    let people = people(&app).await;
    with_password(&app, &people.responder).await;
    let (here, _) = signs_in(&app, "rune.responder@example.org", PASSWORD).await;
    let (there, _) = signs_in(&app, "rune.responder@example.org", PASSWORD).await;
    here.get("/profile").await.ok().shows("/profile/password").shows("/profile/sessions");
    let wrong = here.post("/profile/password", &[("present", "not it at all"), ("password", "four other calm words")]).await;
    wrong.is(422).shows("id=\"present-error\"").hides("not it at all").hides("four other calm words");
    here.post("/profile/password", &[("present", PASSWORD), ("password", "short")]).await.is(422).shows("id=\"password-error\"");
    there.get("/profile").await.ok();
    let before = here.session();
    let done = here.post("/profile/password", &[("present", PASSWORD), ("password", "four other calm words")]).await;
    here.follow(&done).await.ok().shows("Changed. Every other session has ended.");
    assert_ne!(here.session(), before, "a new session for the one that asked");
    there.get("/profile").await.is(303);
    assert_eq!(signs_in(&app, "rune.responder@example.org", PASSWORD).await.1, 422);
}

async fn own_sessions_are_listed_marked_and_ended(app: App) {
    let people = people(&app).await;
    with_password(&app, &people.responder).await;
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    let there = app.anonymous();
    let body = crate::support::encoded(&[("email", "rune.responder@example.org"), ("password", PASSWORD)]);
    let request = Person::request(http::Method::POST, "/sign-in")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("user-agent", agent)
        .body(axum::body::Body::from(body))
        .unwrap();
    there.send(request).await.is(303);
    let here = app.as_(&people.responder).await;
    let page = here.get("/profile/sessions").await;
    page.ok().shows("Firefox on Linux").shows("This one").hides("128.0");
    let stored = app.raw.texts("select device from sessions").await.join(" ");
    assert!(!stored.contains("Gecko"), "no user agent is kept: {stored}");
    let marks = page.attributes("value");
    let oda = app.as_(&people.other_responder).await;
    for mark in &marks {
        oda.post("/profile/sessions/end", &[("session", mark)]).await.is(303);
    }
    there.get("/profile").await.ok();
    let row = page.body.split("<tr>").find(|row| row.contains("Firefox on Linux")).unwrap();
    let mark = row.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    here.post("/profile/sessions/end", &[("session", mark)]).await.is(303);
    there.get("/profile").await.is(303);
    here.get("/profile").await.ok();
    let everywhere = here.post("/profile/sessions/end-all", &[]).await;
    assert!(everywhere.is(303).header("clear-site-data").contains("cache"));
    assert_eq!(here.session(), None);
    assert_eq!(app.raw.texts("select device from sessions").await.len(), 1, "Oda’s alone");
}

async fn each_list_teaches_the_next_step_while_it_is_empty(app: App) {
    let people = people(&app).await;
    let ada = app.as_(&people.admin).await;
    for (path, words) in [
        ("/settings/services", "No service yet"),
        ("/settings/holidays", "No calendar yet"),
        ("/settings/people?state=deactivated", "Nobody is like that"),
        ("/settings/people?q=zzz", "Nobody is like that"),
    ] {
        ada.get(path).await.ok().shows(words);
    }
    assert_eq!(ada.get("/settings").await.is(303).location(), "/settings/people");
    ada.get("/").await.ok().shows("href=\"/settings\"");
    app.as_(&people.responder).await.get("/").await.ok().hides("href=\"/settings\"");
    ada.post("/settings/teams", &[("name", "PAYMENTS")]).await.is(422).shows("There is a team of this name already");
    ada.post(&format!("/settings/teams/{}/away", people.team), &[("away", "yes")])
        .await
        .is(409)
        .shows("Somebody is in this team");
}

async fn settings_show_no_content(app: App) {
    let world = app.world().await;
    let ada = app.as_(&world.people.admin).await;
    for path in server::router::table().iter().filter(|e| e.method == "GET" && e.path.starts_with("/settings")).map(|e| e.path) {
        let path = path
            .replace("{person}", &world.people.responder.person_id.to_string())
            .replace("{service}", &world.kept.service.to_string())
            .replace("{calendar}", &world.kept.calendar.to_string())
            .replace("{set}", &world.kept.question_set.to_string())
            .replace("{hook}", &world.kept.hook.to_string())
            .replace("{place}", "1")
            .replace("{letter}", "one-on-one");
        let page = ada.get(&path).await;
        assert!(matches!(page.status, 200 | 303), "{path}");
        page.hides("canary-").hides(crate::support::GUEST);
    }
}
