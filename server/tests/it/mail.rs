//! Mail, sent to a mail server that the test starts: what a letter says and does not say, a server that is down, several who are invited
//! at once, links that ended, reminders that are stopped.

use crate::support::{App, BASE, Got, People, Sink, at, listen_to_logs, logs, people};
use domain::IncidentId;
use domain::incidents::{IncidentKey, IncidentState, Nature, NewIncident, Severity};
use domain::mail::Trouble;
use server::mail::{Post, Round, round};
use store::interviews::{Ask, Invitee};

both_engines! {
    several_are_invited_at_once_and_each_is_told,
    nothing_typed_is_lost_when_an_address_is_wrong,
    without_mail_all_links_are_on_one_page,
    a_letter_says_what_it_must_and_nothing_else,
    a_mail_server_that_is_down_holds_nobody_up,
    what_the_server_refuses_is_told_and_sent_again,
    neither_logs_nor_the_database_hold_an_address_or_a_link,
    reminders_are_stopped_by_a_link_without_signing_in,
    a_link_that_ended_explains_itself_without_the_title,
    an_account_gets_its_links_by_mail,
    an_author_gets_one_letter_about_their_quotes,
    a_reminder_of_quotes_is_stopped_where_they_are,
    a_guest_comes_to_their_quotes_by_a_letter,
    counts_are_told_and_nothing_else,
}

const FROM: &str = "Second Story <stories@example.org>";
const TITLE: &str = "The heron that stood on the line";

struct Room {
    app: App,
    people: People,
    incident: IncidentId,
    key: IncidentKey,
}

/// A service where mail is set up, with a review open.
async fn room(app: App) -> Room {
    let mut app = app.with(|site| site.store = site.store.with_post(BASE));
    app.store = app.store.with_post(BASE);
    let people = people(&app).await;
    let new = NewIncident {
        title: TITLE.to_owned(),
        summary: String::new(),
        severity: Severity::Sev2,
        nature: Nature::Incident,
        state: IncidentState::Resolved,
        team_id: None,
        started_at: at("2026-03-01T08:00:00Z"),
        detected_at: None,
        declared_at: None,
        mitigated_at: None,
        resolved_at: Some(at("2026-03-01T09:00:00Z")),
        zone: "Europe/Copenhagen".to_owned(),
        restricted: false,
    };
    let key = store::incidents::add(&app.store, &people.responder, &new, app.now()).await.unwrap();
    let incident = store::incidents::by_key(&app.store, &people.responder, key, app.now()).await.unwrap().incident.id;
    store::reviews::open(&app.store, &people.admin, incident, people.facilitator.person_id, false, app.now()).await.unwrap();
    Room { app, people, incident, key }
}

impl Room {
    fn path(&self, rest: &str) -> String {
        format!("/incidents/{}/one-on-ones{rest}", self.key)
    }

    async fn sends(&self, sink: &Sink) -> Round {
        let post = Post::new(&sink.url, FROM).unwrap();
        let now = self.app.now();
        round(&self.app.store, &post, &move || now).await.unwrap()
    }

    async fn asks(&self, invitee: Invitee) -> store::interviews::Added {
        let ask = Ask { note: "Take your time.".to_owned(), ..Ask::plain(invitee, None) };
        store::interviews::ask(&self.app.store, &self.people.facilitator, self.incident, &ask, self.app.now()).await.unwrap()
    }
}

fn gro() -> Invitee {
    address("Gro Guest", "gro@example.org")
}

fn address(name: &str, email: &str) -> Invitee {
    Invitee::Address(domain::mail::Address { name: name.to_owned(), email: email.to_owned() })
}

/// The path of the first link of this kind in the plain part.
fn path(got: &Got, kind: &str) -> String {
    let text = got.part("text/plain");
    let at = text.find(&format!("{BASE}{kind}")).unwrap_or_else(|| panic!("no {kind} in {text}"));
    text[at + BASE.len()..].split_whitespace().next().unwrap().to_owned()
}

async fn several_are_invited_at_once_and_each_is_told(app: App) {
    let room = room(app).await;
    let (sink, p) = (Sink::open().await, &room.people);
    let frida = room.app.as_(&p.facilitator).await;
    let (rune, oda) = (p.responder.person_id.to_string(), p.other_responder.person_id.to_string());
    let page = frida.get(&room.path("/several")).await;
    page.ok().shows("Closest: in the timeline").shows("Rune Responder").shows("Payments").shows("Oda Other");
    let typed = "Gro Guest <gro@example.org>\nOLAF.outsider@example.org\nfrida.facilitator@example.org\n";
    let fields =
        [("people", rune.as_str()), ("people", oda.as_str()), ("addresses", typed), ("note", "Take your time."), ("days", "14")];
    let answer = frida.post(&room.path("/several"), &fields).await;
    answer.ok().shows("A letter is on its way.").shows("Gro Guest (gro@example.org)").shows("Rune Responder");
    answer.shows("Not invited. Frida Facilitator facilitates this review");
    assert!(!answer.body.contains("/invitation/"), "a link that a letter carries is its reader’s alone");
    assert_eq!(room.sends(&sink).await, Round { sent: 4, trouble: None });
    let mut to: Vec<String> = sink.got().into_iter().map(|g| g.to.to_lowercase()).collect();
    to.sort();
    assert_eq!(to, ["gro@example.org", "oda.other@example.org", "olaf.outsider@example.org", "rune.responder@example.org"]);
    let again = frida.post(&room.path("/several"), &[("people", rune.as_str())]).await;
    again.ok().shows("Had been invited before.");
    frida.get(&room.path("")).await.ok().shows("Letter sent").shows("Personal link until");
    // The personal link of the letter opens the conversation, with the note on its first page.
    let got = sink.got().into_iter().find(|g| g.to == "gro@example.org").unwrap();
    let gro = room.app.anonymous();
    let link = path(&got, "/invitation/");
    gro.get(&link).await.ok().shows("Take your time.").shows("Frida Facilitator writes");
    let talk = gro.follow(&gro.post(&link, &[]).await).await;
    talk.ok().shows("Take your time.").shows("Mail about this invitation");
}

async fn nothing_typed_is_lost_when_an_address_is_wrong(app: App) {
    let room = room(app).await;
    let frida = room.app.as_(&room.people.facilitator).await;
    let rune = room.people.responder.person_id.to_string();
    let fields = [("people", rune.as_str()), ("addresses", "gro@example.org\nnobody"), ("note", "<b>Slowly</b>"), ("days", "7")];
    let page = frida.post(&room.path("/several"), &fields).await;
    page.is(422).shows("Line 2 is no e-mail address").shows("gro@example.org\nnobody</textarea>").shows("&lt;b&gt;Slowly");
    page.shows(&format!("value=\"{rune}\" checked")).shows("value=\"7\" selected");
    assert_eq!(room.app.raw.count("select count(*) from invitations").await, 0);
    frida.post(&room.path("/several"), &[("note", "x")]).await.is(422).shows("Please tick somebody, or write an address.");
    let many: String = (0..61).map(|n| format!("a{n}@example.org\n")).collect();
    frida.post(&room.path("/several"), &[("addresses", many.as_str())]).await.is(422).shows("60 go at once");
}

async fn without_mail_all_links_are_on_one_page(app: App) {
    let room = room(app.clone()).await;
    let plain = room.app.with(|site| site.store = app.store.clone());
    let frida = room.app.as_(&room.people.facilitator).await.at(plain.router.clone());
    frida.get(&room.path("/several")).await.ok().shows("No mail is set up here");
    let page = frida.post(&room.path("/several"), &[("addresses", "Gro <gro@example.org>\nBo <bo@example.org>")]).await;
    page.ok().shows("shown this once").shows("data-copy=\"links\"").shows(&format!("Gro (gro@example.org): {BASE}/invitation/"));
    assert_eq!(page.body.matches("/invitation/").count(), 2);
    assert_eq!(room.app.raw.count("select count(*) from outbox").await, 0);
}

async fn a_letter_says_what_it_must_and_nothing_else(app: App) {
    let room = room(app).await;
    let sink = Sink::open().await;
    let added = room.asks(gro()).await;
    room.asks(Invitee::Person(room.people.responder.person_id)).await;
    assert_eq!(room.sends(&sink).await.sent, 2);
    let got = sink.got();
    let letter = got.iter().find(|g| g.to == "gro@example.org").unwrap();
    let token = added.token.unwrap();
    for part in ["text/plain", "text/html"] {
        let words = letter.part(part);
        assert!(words.contains(&token) && words.contains("Take your time.") && words.contains("/reminders/"), "{words}");
    }
    assert!(letter.part("text/html").contains(&format!("<a href=\"{BASE}/invitation/{token}\">")));
    for never in ["<img", "<script", "style=", "src="] {
        assert!(!letter.part("text/html").contains(never), "{never}");
    }
    assert_eq!(letter.header("subject").as_deref(), Some("How was it for you?"));
    assert_eq!(letter.header("to").as_deref(), Some("gro@example.org"));
    assert_eq!(letter.header("auto-submitted").as_deref(), Some("auto-generated"));
    let names = ["Rune", "Frida", "Gro Guest", "heron", "INC-", token.as_str()];
    for word in names {
        assert!(!letter.head().contains(word), "{word} in {}", letter.head());
    }
    let known = ["from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type"];
    for line in letter.head().lines().filter(|l| !l.starts_with([' ', '\t'])) {
        let name = line.split(':').next().unwrap().to_lowercase();
        assert!(known.contains(&name.as_str()), "what is {line}?");
    }
    let ids: Vec<String> = got.iter().map(|g| g.header("message-id").unwrap()).collect();
    assert_ne!(ids[0], ids[1]);
    assert!(ids.iter().all(|id| id.ends_with("@example.org>") && id.len() > 40), "{ids:?}");
    // To the one nothing of the other.
    let other = got.iter().find(|g| g.to.starts_with("rune")).unwrap();
    assert!(!other.raw.contains("Gro") && !other.part("text/plain").contains("/invitation/"));
}

async fn a_mail_server_that_is_down_holds_nobody_up(app: App) {
    let room = room(app).await;
    let mut sink = Sink::closed().await;
    let frida = room.app.as_(&room.people.facilitator).await;
    let rune = room.people.responder.person_id.to_string();
    let begun = tokio::time::Instant::now();
    let page = frida.follow(&frida.post(&room.path("/invite"), &[("person", rune.as_str())]).await).await;
    page.ok().shows("Letter on its way");
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    assert_eq!(room.sends(&sink).await, Round { sent: 0, trouble: Some(Trouble::Unreachable) });
    frida.get(&room.path("")).await.ok().shows("Letter waits: the mail server does not answer").shows("Try again");
    assert_eq!(room.sends(&sink).await, Round::default(), "not at once again");
    sink.up().await;
    room.app.set_clock(&(room.app.now() + chrono::TimeDelta::minutes(2)).to_rfc3339());
    assert_eq!(room.sends(&sink).await, Round { sent: 1, trouble: None });
    frida.get(&room.path("")).await.ok().shows("Letter sent").shows("Send again");
    assert_eq!(sink.got().len(), 1);
}

async fn what_the_server_refuses_is_told_and_sent_again(app: App) {
    let room = room(app).await;
    let sink = Sink::open().await;
    let frida = room.app.as_(&room.people.facilitator).await;
    let added = room.asks(address("Bo", "refused@example.org")).await;
    room.asks(gro()).await;
    let done = room.sends(&sink).await;
    assert_eq!((done.sent, done.trouble), (1, Some(Trouble::Refused)), "one who is refused holds nobody else up");
    let page = frida.get(&room.path("")).await;
    page.ok().shows("Letter did not go: the mail server does not take this address or letter.");
    assert!(!page.body.contains("nobody here"), "what a server says is not shown");
    let send = room.path(&format!("/{}/send", added.id));
    frida.follow(&frida.post(&send, &[]).await).await.ok().shows("A letter is on its way.").shows("Letter on its way");
    let olaf = room.app.as_(&room.people.outsider).await;
    assert_eq!(olaf.post(&send, &[]).await.status, 404);
}

async fn neither_logs_nor_the_database_hold_an_address_or_a_link(app: App) {
    listen_to_logs();
    let room = room(app).await;
    let mut sink = Sink::closed().await;
    let added = room.asks(address("Heron Watcher", "heron.watcher@example.org")).await;
    let token = added.token.unwrap();
    room.sends(&sink).await;
    let secrets = [token.as_str(), "heron.watcher@example.org", "Take your time."];
    let stored = room.app.raw.bytes(room.app.folder.as_deref()).await;
    for secret in secrets {
        assert!(!stored.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret} is readable in the database");
    }
    sink.up().await;
    room.app.set_clock(&(room.app.now() + chrono::TimeDelta::minutes(2)).to_rfc3339());
    assert_eq!(room.sends(&sink).await.sent, 1);
    let got = &sink.got()[0];
    let guest = room.app.anonymous();
    let stop = path(got, "/reminders/");
    for page in [format!("/invitation/{token}"), stop.clone()] {
        let answer = guest.get(&page).await;
        let policy = answer.ok().headers.get("referrer-policy").unwrap().to_str().unwrap().to_owned();
        assert!(["no-referrer", "same-origin"].contains(&policy.as_str()), "{policy}");
    }
    guest.post(&stop, &[]).await.ok();
    let logged = logs();
    assert!(logged.contains("a letter did not go"), "the log was listened to");
    // What the test itself and the SMTP client's own trace say of an address is not what a service logs: INFO and above is.
    let lines: Vec<&str> = logged.lines().filter(|l| !l.contains("TRACE") && !l.contains("DEBUG")).collect();
    for secret in secrets.into_iter().chain([stop.rsplit('/').next().unwrap(), TITLE]) {
        assert!(!lines.iter().any(|l| l.contains(secret)), "{secret} in the log");
    }
}

async fn reminders_are_stopped_by_a_link_without_signing_in(app: App) {
    let room = room(app).await;
    let sink = Sink::open().await;
    room.asks(gro()).await;
    let mine = room.asks(Invitee::Person(room.people.responder.person_id)).await;
    room.sends(&sink).await;
    let got = sink.got().into_iter().find(|g| g.to == "gro@example.org").unwrap();
    let stop = path(&got, "/reminders/");
    let anybody = room.app.anonymous();
    let page = anybody.get(&stop).await;
    page.ok().shows("No more reminders?").shows(&format!("action=\"{stop}\""));
    assert!(!page.body.contains("heron") && !page.body.contains("INC-"));
    let off = "select count(*) from invitations where reminders_off_at is not null";
    assert_eq!(room.app.raw.count(off).await, 0, "looking changes nothing");
    anybody.post(&stop, &[]).await.ok().shows("You get none about this invitation any more");
    assert_eq!(room.app.raw.count(off).await, 1);
    anybody.get("/reminders/no-such-link").await.is(404);
    let rune = room.app.as_(&room.people.responder).await;
    let talk = format!("/one-on-one/{}", mine.id);
    rune.get(&talk).await.ok().shows("Invitation to a one-on-one").shows("A quiet reminder may come on");
    let oda = room.app.as_(&room.people.other_responder).await;
    assert_eq!(oda.post(&format!("{talk}/no-reminders"), &[]).await.status, 404);
    let said = rune.follow(&rune.post(&format!("{talk}/no-reminders"), &[]).await).await;
    said.ok().shows("You get no more reminders about this.");
    room.app.set_clock("2026-03-20T10:00:00Z");
    assert_eq!(room.sends(&sink).await, Round::default());
    assert_eq!(sink.got().len(), 2);
}

async fn a_link_that_ended_explains_itself_without_the_title(app: App) {
    let room = room(app).await;
    let (store, frida, now) = (&room.app.store, &room.people.facilitator, room.app.now());
    let added = room.asks(gro()).await;
    let first = format!("/invitation/{}", added.token.unwrap());
    let second = store::interviews::renew_link(store, frida, room.incident, added.id, now).await.unwrap();
    let anybody = room.app.anonymous();
    let told = async |path: &str, words: &str| {
        for page in [anybody.get(path).await, anybody.post(path, &[]).await] {
            page.is(410).shows(words);
            assert!(!page.body.contains("heron") && !page.body.contains("INC-") && !page.body.contains("Gro"), "{}", page.body);
        }
    };
    told(&first, "There is a newer link").await;
    let second = format!("/invitation/{second}");
    anybody.get(&second).await.ok().shows("heron");
    store::interviews::withdraw(store, frida, room.incident, added.id, now).await.unwrap();
    told(&second, "This invitation was taken back").await;
    let ask = Ask { lasts: chrono::TimeDelta::days(7), ..Ask::plain(Invitee::Guest("The desk".to_owned()), None) };
    let third = store::interviews::ask(store, frida, room.incident, &ask, now).await.unwrap().token.unwrap();
    room.app.set_clock(&(now + chrono::TimeDelta::days(8)).to_rfc3339());
    told(&format!("/invitation/{third}"), "The time of this link is over").await;
    anybody.get("/invitation/no-such-link").await.is(404).shows("This link does not work");
}

async fn an_account_gets_its_links_by_mail(app: App) {
    let room = room(app).await;
    let sink = Sink::open().await;
    let ada = room.app.as_(&room.people.admin).await;
    let fields = [("name", "Eva Ny"), ("email", "eva@example.org"), ("takes_part", "member")];
    ada.post("/settings/people/invite", &fields).await.ok().shows("A letter is on its way to eva@example.org.");
    assert_eq!(room.sends(&sink).await.sent, 1);
    let got = &sink.got()[0];
    assert_eq!((got.to.as_str(), got.header("subject").as_deref()), ("eva@example.org", Some("Your account at Second Story")));
    let eva = room.app.anonymous();
    let link = path(got, "/password/");
    eva.get(&link).await.ok().shows("Welcome, Eva Ny");
    eva.post(&link, &[("password", "three calm words")]).await.is(303);
    let eva = store::people::viewer_by_email(&room.app.store, "eva@example.org").await.unwrap().unwrap();
    let reset = format!("/settings/people/{}/link", eva.person_id);
    ada.post(&reset, &[]).await.ok().shows("A letter is on its way to");
    assert_eq!(room.sends(&sink).await.sent, 1);
    assert_eq!(sink.got()[1].header("subject").as_deref(), Some("A new password for Second Story"));
}

async fn an_author_gets_one_letter_about_their_quotes(app: App) {
    let room = room(app).await;
    let sink = Sink::open().await;
    let (store, rune, frida, now) = (&room.app.store, &room.people.responder, &room.people.facilitator, room.app.now());
    let mine = room.asks(Invitee::Person(rune.person_id)).await;
    let save = store::interviews::SaveAnswer {
        body: domain::interviews::AnswerBody { text: "The boards were green.".to_owned(), ..Default::default() },
        audience: domain::interviews::Audience::Named,
        count_me: true,
        with_name: false,
        base_version: 0,
        request_key: String::new(),
        follows: String::new(),
    };
    store::interviews::save(store, rune, mine.id, 2, &save, now).await.unwrap();
    store::interviews::submit(store, rune, mine.id, now).await.unwrap();
    assert_eq!(room.sends(&sink).await.sent, 0, "answered before the letter went");
    let answer = store::interviews::overview(store, frida, room.incident, now).await.unwrap()[0].answer_id;
    for words in ["The boards were green.", "boards were green"] {
        let draft = store::reviews::Draft {
            section: domain::reviews::SectionKind::Summary,
            text: words.to_owned(),
            paraphrase: false,
            attribution: domain::reviews::Attribution::Named,
        };
        store::reviews::draft_excerpt(store, frida, room.incident, answer, &draft, now).await.unwrap();
    }
    assert_eq!(room.sends(&sink).await.sent, 0, "a sitting is waited for");
    room.app.set_clock(&(now + chrono::TimeDelta::minutes(16)).to_rfc3339());
    assert_eq!(room.sends(&sink).await.sent, 1, "one for both");
    let got = &sink.got()[0];
    assert_eq!(got.header("subject").as_deref(), Some("Are these your words?"));
    assert!(got.part("text/plain").contains(&format!("{BASE}/quotes")) && !got.raw.contains("green"));
}

/// They say something, submit it, and it is quoted without a name.
async fn quoted(room: &Room, who: &domain::people::Viewer, invitation: domain::InvitationId) {
    let (store, frida, now) = (&room.app.store, &room.people.facilitator, room.app.now());
    let save = store::interviews::SaveAnswer {
        body: domain::interviews::AnswerBody { text: "The boards were green.".to_owned(), ..Default::default() },
        audience: domain::interviews::Audience::Unattributed,
        count_me: true,
        with_name: false,
        base_version: 0,
        request_key: String::new(),
        follows: String::new(),
    };
    store::interviews::save(store, who, invitation, 2, &save, now).await.unwrap();
    store::interviews::submit(store, who, invitation, now).await.unwrap();
    let answer = store::interviews::overview(store, frida, room.incident, now).await.unwrap()[0].answer_id;
    let draft = store::reviews::Draft {
        section: domain::reviews::SectionKind::Summary,
        text: "The boards were green.".to_owned(),
        paraphrase: false,
        attribution: domain::reviews::Attribution::Unattributed,
    };
    store::reviews::draft_excerpt(store, frida, room.incident, answer, &draft, now).await.unwrap();
}

async fn a_reminder_of_quotes_is_stopped_where_they_are(app: App) {
    let room = room(app).await;
    let viewer = &room.people.responder;
    let mine = room.asks(Invitee::Person(viewer.person_id)).await;
    quoted(&room, viewer, mine.id).await;
    let rune = room.app.as_(viewer).await;
    rune.get("/quotes").await.ok().shows("A quiet reminder about INC-1 may come on").shows("No more reminders");
    // Whoever writes the review reads that there is one, of nobody by name.
    let frida = room.app.as_(&room.people.facilitator).await;
    let desk = frida.get(&format!("/incidents/{}/review", room.key)).await;
    desk.ok().shows("Whoever has not answered may get a quiet reminder before that.");
    let stop = format!("/one-on-one/{}/no-reminders", mine.id);
    let oda = room.app.as_(&room.people.other_responder).await;
    assert_eq!(oda.post(&stop, &[("from", "quotes")]).await.status, 404);
    let done = rune.post(&stop, &[("from", "quotes")]).await;
    assert!(done.is(303).location().starts_with("/quotes"));
    rune.follow(&done).await.ok().hides("A quiet reminder about").shows("Waits for your word");
    let sink = Sink::open().await;
    room.app.set_clock(&(room.app.now() + chrono::TimeDelta::days(9)).to_rfc3339());
    room.sends(&sink).await;
    assert!(sink.got().iter().all(|got| !got.part("text/plain").contains("a quiet word")));
}

async fn a_guest_comes_to_their_quotes_by_a_letter(app: App) {
    let room = room(app).await;
    let sink = Sink::open().await;
    let added = room.asks(gro()).await;
    let (_, session) = store::interviews::begin_by_link(&room.app.store, &added.token.unwrap(), room.app.now()).await.unwrap();
    let viewer = store::sessions::find(&room.app.store, &session, room.app.now()).await.unwrap().unwrap();
    quoted(&room, &viewer, added.id).await;
    room.app.set_clock(&(room.app.now() + chrono::TimeDelta::minutes(16)).to_rfc3339());
    assert_eq!(room.sends(&sink).await.sent, 1);
    let got = &sink.got()[0];
    assert_eq!((got.to.as_str(), got.header("subject").as_deref()), ("gro@example.org", Some("Are these your words?")));
    assert!(!got.raw.contains("green") && !got.head().contains("heron") && !got.head().contains("Gro"));
    let link = path(got, "/invitation/");
    let anybody = room.app.anonymous();
    let page = anybody.get(&link).await;
    page.ok().shows("Gro Guest, are these your words?").shows("See them").hides("green");
    let begun = anybody.post(&link, &[]).await;
    assert_eq!(begun.is(303).location(), "/quotes");
    let session = begun.headers.get("set-cookie").unwrap().to_str().unwrap();
    let token = session.split(['=', ';']).nth(1).unwrap();
    let guest = room.app.anonymous().with_session(token);
    guest.get("/quotes").await.ok().shows("The boards were green.").shows("Waits for your word").shows("A quiet reminder about");
    guest.get("/").await.ok().shows("A quote of yours wants your word.");
    let id = store::reviews::my_excerpts(&room.app.store, &viewer).await.unwrap()[0].excerpt.id;
    let said = guest.post(&format!("/quotes/{id}"), &[("version", "1"), ("decision", "right")]).await;
    guest.follow(&said).await.ok().shows("You agreed").hides("A quiet reminder about");
    store::reviews::save_section(
        &room.app.store,
        &room.people.facilitator,
        room.incident,
        domain::reviews::SectionKind::Summary,
        0,
        "Told.",
        room.app.now(),
    )
    .await
    .unwrap();
    store::reviews::publish(&room.app.store, &room.people.facilitator, room.incident, room.app.now()).await.unwrap();
    anybody.get(&link).await.is(410).shows("The review is published").hides("heron");
    assert_ne!(guest.get("/quotes").await.status, 200, "after publication no link works, and no session of one");
}

async fn counts_are_told_and_nothing_else(app: App) {
    let room = room(app).await;
    let sink = Sink::open().await;
    let ada = room.app.as_(&room.people.admin).await;
    room.asks(gro()).await;
    room.asks(address("Bo", "refused@example.org")).await;
    room.sends(&sink).await;
    let page = ada.get("/admin/operations").await;
    page.ok().shows("Given up").shows("To whom they go is shown to nobody here.");
    assert!(!page.body.contains("example.org</") && !page.body.contains("Gro Guest"));
    let counts = store::mail::counts(&room.app.store, room.app.now()).await.unwrap();
    assert_eq!((counts.sent, counts.failed, counts.waiting, counts.planned), (1, 1, 0, 4));
    let rune = room.app.as_(&room.people.responder).await;
    assert_eq!(rune.get("/admin/operations").await.status, 404);
}
