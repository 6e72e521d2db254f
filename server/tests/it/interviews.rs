//! One-on-ones as people use them: by plain buttons and by saving alone, on a link, looked over, submitted, taken back.

use crate::support::{App, People, Person, at, people};
use domain::incidents::{IncidentKey, IncidentState, Nature, NewIncident, Severity};
use domain::{IncidentId, InvitationId};
use store::interviews::Invitee;

both_engines! {
    what_was_typed_goes_through_the_sign_in,
    the_first_page_says_who_listens_and_what_cannot_be_promised,
    an_answer_is_saved_by_a_plain_button_and_goes_on,
    cards_are_added_taken_out_and_told_as_they_were_previewed,
    the_organisation_chooses_the_order_of_the_questions,
    notes_of_a_talk_become_their_persons_own,
    saving_alone_answers_with_version_and_time,
    the_same_request_twice_is_done_once,
    two_pages_that_save_see_both_texts,
    a_refused_answer_keeps_what_was_typed,
    the_audience_is_offered_within_its_limits_with_names,
    stretches_are_typed_as_people_write_and_drawn,
    an_end_before_the_start_offers_the_next_day,
    names_are_added_and_removed_without_losing_words,
    submitting_shows_answers_to_the_facilitator_and_reading_shows_to_the_author,
    taking_back_and_declining_take_one_click,
    a_personal_link_is_shown_once_and_opens_one_conversation,
    the_facilitator_sees_where_each_stands_and_never_how_far_a_draft_is,
    nobody_else_finds_a_conversation,
    teams_that_an_incident_concerns_and_nobody_asked_are_named,
}

struct Room {
    people: People,
    incident: IncidentId,
    key: IncidentKey,
    mine: InvitationId,
    app: App,
}

async fn room(app: App) -> Room {
    let people = people(&app).await;
    let began = at("2026-03-03T21:00:00Z");
    let new = NewIncident {
        title: "The queue that waited".to_owned(),
        summary: String::new(),
        severity: Severity::Sev2,
        nature: Nature::Incident,
        state: IncidentState::Resolved,
        team_id: None,
        started_at: began,
        detected_at: None,
        declared_at: None,
        mitigated_at: None,
        resolved_at: Some(at("2026-03-03T23:30:00Z")),
        zone: "Europe/Copenhagen".to_owned(),
        restricted: false,
    };
    let store = &app.store;
    let key = store::incidents::add(store, &people.responder, &new, app.now()).await.unwrap();
    let incident = store::incidents::by_key(store, &people.responder, key, app.now()).await.unwrap().incident.id;
    store::reviews::open(store, &people.admin, incident, people.facilitator.person_id, false, app.now()).await.unwrap();
    let who = Invitee::Person(people.responder.person_id);
    let mine = store::interviews::invite(store, &people.facilitator, incident, &who, None, app.now()).await.unwrap().id;
    Room { people, incident, key, mine, app }
}

impl Room {
    fn path(&self, rest: &str) -> String {
        format!("/one-on-one/{}{rest}", self.mine)
    }

    async fn rune(&self) -> Person {
        self.app.as_(&self.people.responder).await
    }

    async fn frida(&self) -> Person {
        self.app.as_(&self.people.facilitator).await
    }
}

async fn the_first_page_says_who_listens_and_what_cannot_be_promised(app: App) {
    let room = room(app).await;
    let page = room.rune().await.get(&room.path("")).await;
    page.ok()
        .shows("Frida Facilitator")
        .shows("appointed by Ada Admin")
        .shows("It is voluntary.")
        .shows("What cannot be promised.")
        .shows(&format!("href=\"{}\"", room.path("/1")))
        .shows(&format!("action=\"{}\"", room.path("/decline")));
    room.app.anonymous().get(&room.path("")).await.is(303);
}

async fn an_answer_is_saved_by_a_plain_button_and_goes_on(app: App) {
    let room = room(app).await;
    let rune = room.rune().await;
    let page = rune.get(&room.path("/2")).await;
    page.ok().shows("What surprised you?").shows("Question 2 of 12");
    let version = page.field("base_version").unwrap();
    assert_eq!(version, "0");
    let fields =
        [("text", "Both boards\r\nwere green."), ("audience", "named"), ("base_version", version.as_str()), ("go", "next")];
    let saved = rune.post(&room.path("/2"), &fields).await;
    assert_eq!((saved.status, saved.location()), (303, room.path("/3")));
    let page = rune.get(&room.path("/2")).await;
    page.ok().shows("Both boards\nwere green.</textarea>").shows("value=\"named\" checked").shows("Saved 13:00");
    let back = rune.post(&room.path("/2"), &[("text", "Both boards\nwere green."), ("audience", "named"), ("go", "back")]).await;
    assert_eq!(back.location(), room.path("/1"), "the same words are no conflict");
    let last = rune.post(&room.path("/12"), &[("text", ""), ("go", "next")]).await;
    assert_eq!(last.location(), room.path("/look-over"));
    for absent in ["/0", "/13", "/02", "/x"] {
        rune.get(&room.path(absent)).await.is(404);
    }
}

async fn cards_are_added_taken_out_and_told_as_they_were_previewed(app: App) {
    let room = room(app).await;
    let rune = room.rune().await;
    let page = rune.get(&room.path("/2")).await;
    page.ok().shows("What you expected").shows("name=\"entry_1\"").shows("Add another surprise");
    let two = [
        ("entry_1", "a red board"),
        ("entry_2", "a green one"),
        ("entry_1", "an e-mail"),
        ("entry_2", ""),
        ("entry_1", ""),
        ("entry_2", ""),
        ("audience", "unattributed"),
        ("base_version", "0"),
        ("go", "add"),
    ];
    assert_eq!(rune.post(&room.path("/2"), &two).await.is(303).location(), room.path("/2#entries"));
    rune.get(&room.path("/2")).await.ok().shows("a red board</textarea>").shows("an e-mail</textarea>").shows("Remove card 2");
    let without = [
        ("entry_1", "a red board"),
        ("entry_2", "a green one"),
        ("entry_1", "an e-mail"),
        ("entry_2", ""),
        ("audience", "unattributed"),
        ("base_version", "1"),
        ("drop", "1"),
    ];
    rune.post(&room.path("/2"), &without).await.is(303);
    rune.get(&room.path("/2")).await.ok().shows("a red board").hides("an e-mail");
    let told = "Expected: a red board. Saw: a green one";
    let preview = rune.get(&room.path("/preview")).await;
    preview.ok().shows(told).shows("without name, time or order");
    rune.get(&room.path("/2")).await.shows("somebody may guess that it was you");
    room.frida().await.get(&room.path("/preview")).await.is(404);
    rune.post(&room.path("/submit"), &[]).await.is(303);
    let desk = room.frida().await.get(&format!("/incidents/{}/review/overview", room.key)).await;
    desk.ok().shows(told).hides("an e-mail");

    // Two pages: both sets of cards are shown, and the page's own come through.
    let stale = [("entry_1", "a bell"), ("entry_2", "silence"), ("audience", "unattributed"), ("base_version", "1")];
    let both = rune.post(&room.path("/2"), &stale).await;
    both.is(409).shows(told).shows("Expected: a bell. Saw: silence").shows("value=\"a bell\"");
}

async fn the_organisation_chooses_the_order_of_the_questions(app: App) {
    let room = room(app).await;
    let rune = room.rune().await;
    let ada = room.app.as_(&room.people.admin).await;
    ada.get("/settings/review").await.ok().shows("value=\"notebook\" checked");
    ada.post("/settings/review", &[("question_order", "conversation")]).await.is(303);
    ada.get("/settings/review").await.ok().shows("value=\"conversation\" checked");
    rune.get(&room.path("/10")).await.ok().shows("Question 3 of 12").shows("Did our tools and docs serve you well?");
    let next = rune.post(&room.path("/2"), &[("text", "It was dark."), ("go", "next")]).await;
    assert_eq!(next.location(), room.path("/10"));
    let back = rune.post(&room.path("/sessions"), &[("go", "back")]).await;
    assert_eq!(back.is(303).location(), room.path("/9"));
}

async fn notes_of_a_talk_become_their_persons_own(app: App) {
    let room = room(app).await;
    let (frida, rune) = (room.frida().await, room.rune().await);
    let desk = format!("/incidents/{}/one-on-ones", room.key);
    let talk = format!("{desk}/{}/talk", room.mine);
    frida.get(&desk).await.ok().shows(&format!("href=\"{talk}\""));
    frida.get(&talk).await.ok().shows("Say this first").shows("If somebody blames themselves").hides("note-11");
    for other in [&room.people.responder, &room.people.other_responder, &room.people.leader, &room.people.admin] {
        room.app.as_(other).await.get(&talk).await.is(404);
    }
    let notes = [
        ("note-2", "Thought that it was the cache"),
        ("note-5", "said off the record"),
        ("off-5", "yes"),
        ("note-11", "did not sleep"),
        ("impressions", "very tired, ask again"),
        ("base_version", "0"),
    ];
    let saved = frida.post_json(&talk, &notes).await;
    assert_eq!(saved.ok().json()["version"], 1);
    assert_eq!(frida.post_json(&talk, &notes).await.ok().json()["version"], 1, "the same words are no conflict");
    frida.get(&talk).await.ok().shows("it was the cache</textarea>").hides("said off the record").hides("did not sleep");
    frida
        .post(&talk, &[("note-2", "another page"), ("base_version", "0")])
        .await
        .is(409)
        .shows("it was the cache")
        .shows("another page");

    // Until they are handed over nobody else has them, their person neither.
    let seen_by = async |who: &Person| {
        let mut all = String::new();
        for path in [
            room.path(""),
            room.path("/2"),
            room.path("/look-over"),
            room.path("/data.json"),
            format!("{desk}/../review/overview"),
        ] {
            all.push_str(&who.get(&path).await.body);
        }
        all
    };
    assert!(!seen_by(&rune).await.contains("the cache"));
    frida
        .post(
            &talk,
            &[
                ("note-2", "Thought that it was the cache"),
                ("impressions", "very tired, ask again"),
                ("base_version", "1"),
                ("go", "hand-over"),
            ],
        )
        .await
        .is(303);
    frida.get(&talk).await.ok().hides("the cache").shows("very tired").shows("They are Rune’s now");
    let theirs = seen_by(&rune).await;
    assert!(theirs.contains("the cache") && !theirs.contains("very tired"), "the notes, and no impressions");
    frida.get(&format!("/incidents/{}/review/overview", room.key)).await.ok().hides("the cache");

    rune.post(&room.path("/2/note"), &[("take", "yes")]).await.is(303);
    rune.get(&room.path("/2")).await.ok().shows("it was the cache</textarea>").hides("as Frida Facilitator noted it");
    assert!(!room.app.as_(&room.people.other_responder).await.get(&room.path("/2")).await.body.contains("the cache"));
}

async fn saving_alone_answers_with_version_and_time(app: App) {
    let room = room(app).await;
    let rune = room.rune().await;
    let save =
        |text: &'static str, version: &'static str| [("text", text), ("audience", "facilitator"), ("base_version", version)];
    let first = rune.post_json(&room.path("/6"), &save("I rang", "0")).await;
    assert_eq!(first.ok().json(), serde_json::json!({ "version": 1, "saved": "Saved 13:00" }));
    let second = rune.post_json(&room.path("/6"), &save("I rang Delivery.", "1")).await;
    assert_eq!(second.ok().json()["version"], 2);
    let stale = rune.post_json(&room.path("/6"), &save("I wrote", "1")).await;
    assert_eq!(stale.is(409).json(), serde_json::json!({ "stale": true }));
    let signed_out = room.app.anonymous().post_json(&room.path("/6"), &save("x", "2")).await;
    signed_out.is(401).json();
    rune.get(&room.path("/6")).await.shows("I rang Delivery.</textarea>");
}

async fn the_same_request_twice_is_done_once(app: App) {
    let room = room(app).await;
    let rune = room.rune().await;
    let save = [("text", "once"), ("audience", "me"), ("base_version", "0"), ("request_key", "a-1")];
    for _ in 0..2 {
        assert_eq!(rune.post_json(&room.path("/7"), &save).await.ok().json()["version"], 1);
    }
    // The page's own earlier save, whether it has arrived or not, is no conflict.
    let last =
        [("text", "once and for all"), ("audience", "me"), ("base_version", "0"), ("request_key", "a-2"), ("follows", "a-1")];
    assert_eq!(rune.post_json(&room.path("/7"), &last).await.ok().json()["version"], 2);
}

async fn two_pages_that_save_see_both_texts(app: App) {
    let room = room(app).await;
    let rune = room.rune().await;
    rune.post(&room.path("/8"), &[("text", "from the phone"), ("base_version", "0")]).await.is(303);
    let conflict = rune.post(&room.path("/8"), &[("text", "from the laptop"), ("base_version", "0"), ("audience", "me")]).await;
    conflict.is(409).shows("from the phone").shows("from the laptop</textarea>").shows("Nothing was written over");
    assert_eq!(conflict.field("base_version").as_deref(), Some("1"));
    assert_eq!(conflict.field("audience").as_deref(), Some("me"));
    let both = [("text", "from both"), ("base_version", "1"), ("audience", "me"), ("go", "stay")];
    let page = rune.follow(&rune.post(&room.path("/8"), &both).await).await;
    page.ok().shows("from both</textarea>");
}

async fn a_refused_answer_keeps_what_was_typed(app: App) {
    let room = room(app).await;
    let rune = room.rune().await;
    let refused = rune.post(&room.path("/4"), &[("text", "kept words"), ("choice", "heroic"), ("audience", "facilitator")]).await;
    refused.is(422).shows("kept words</textarea>").shows("Please choose one of the answers shown.");
    let wide = rune.post(&room.path("/11"), &[("text", "for me"), ("audience", "named")]).await;
    wide.is(422).shows("for me</textarea>");
    let long = "x".repeat(70_000);
    let json = rune.post_json(&room.path("/2"), &[("text", long.as_str()), ("audience", "me")]).await;
    assert!(json.is(422).json()["message"].as_str().unwrap().contains("64 KB fit"));
    let quoted = "</textarea><script>alert(1)</script>";
    rune.post(&room.path("/2"), &[("text", quoted), ("audience", "me"), ("base_version", "0")]).await.is(303);
    rune.get(&room.path("/2")).await.ok().hides("<script>alert").shows("&lt;/textarea&gt;");
}

async fn the_audience_is_offered_within_its_limits_with_names(app: App) {
    let room = room(app).await;
    let rune = room.rune().await;
    let offers = |page: &crate::support::Answer| -> Vec<String> {
        let values = page.body.split("name=\"audience\" value=\"").skip(1);
        values.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let second = rune.get(&room.path("/2")).await;
    assert_eq!(offers(&second), ["me", "facilitator", "unattributed", "named"]);
    second.shows("Now: you and Frida Facilitator.");
    assert_eq!(offers(&rune.get(&room.path("/4")).await), ["me", "facilitator", "unattributed"]);
    assert_eq!(offers(&rune.get(&room.path("/9")).await), ["me", "parked"]);
    let care = rune.get(&room.path("/11")).await;
    assert_eq!(offers(&care), ["me"]);
    care.hides("Frida Facilitator");
    assert_eq!(offers(&rune.get(&room.path("/12")).await), ["me", "facilitator"]);
}

const STRETCH: [(&str, &str); 5] =
    [("day", "2026-03-03"), ("from", "2230"), ("to", "23:40"), ("zone", "Europe/Copenhagen"), ("kind", "responding")];

async fn stretches_are_typed_as_people_write_and_drawn(app: App) {
    let room = room(app).await;
    let rune = room.rune().await;
    let empty = rune.get(&room.path("/3")).await;
    empty.ok().hides("<figure").shows("Only you see the stretches.").shows("value=\"2026-03-03\"");
    let page = rune.follow(&rune.post(&room.path("/sessions"), &STRETCH).await).await;
    page.ok().shows("22:30 to 23:40 CET").shows("1 h 10, all at night").shows("Tuesday 3 March: 22:30 to 23:40.");
    let change = page.attributes("href").into_iter().find(|h| h.contains("?change=")).unwrap();
    let form = rune.get(&change).await;
    let session = form.field("session").unwrap();
    form.ok().shows("Change this stretch").shows("value=\"22:30\"");
    let mut moved = STRETCH.to_vec();
    moved[1].1 = "21:30";
    moved.push(("session", &session));
    rune.follow(&rune.post(&room.path("/sessions"), &moved).await).await.shows("21:30 to 23:40 CET").hides("22:30 to");
    let overlap = rune.post(&room.path("/sessions"), &STRETCH).await;
    overlap.is(422).shows("the two overlap").shows("value=\"2230\"");
    rune.post(&room.path(&format!("/sessions/{session}/delete")), &[]).await.is(303);
    // Going on takes a stretch along that was typed, and nothing where nothing was.
    let empty = [("day", "2026-03-03"), ("from", ""), ("to", ""), ("go", "next")];
    assert!(rune.post(&room.path("/sessions"), &empty).await.location().ends_with("/4"));
    let mut told = STRETCH.to_vec();
    told.push(("go", "back"));
    assert!(rune.post(&room.path("/sessions"), &told).await.location().ends_with("/2"));
    let page = rune.get(&room.path("/3")).await;
    page.ok().shows("22:30 to 23:40 CET");
    let session = page
        .attributes("action")
        .into_iter()
        .find_map(|a| Some(a.split("/sessions/").nth(1)?.split('/').next()?.to_owned()))
        .unwrap();
    rune.post(&room.path(&format!("/sessions/{session}/delete")), &[]).await.is(303);
    rune.get(&room.path("/3")).await.hides("21:30 to");
}

async fn an_end_before_the_start_offers_the_next_day(app: App) {
    let room = room(app).await;
    let rune = room.rune().await;
    let mut past = STRETCH.to_vec();
    past[2].1 = "0:40";
    let refused = rune.post(&room.path("/sessions"), &past).await;
    refused.is(422).shows("This ends before it begins.").shows("value=\"2230\"").shows("Ended the next day");
    past.push(("next_day", "yes"));
    rune.follow(&rune.post(&room.path("/sessions"), &past).await).await.ok().shows("22:30 to 00:40 CET, the next day");
}

async fn names_are_added_and_removed_without_losing_words(app: App) {
    let room = room(app).await;
    let rune = room.rune().await;
    let add = [("text", "Ask about the handover."), ("audience", "facilitator"), ("base_version", "0"), ("go", "nominate")];
    let named: Vec<_> = add.into_iter().chain([("nominee", "The night desk"), ("reason", "They heard it first.")]).collect();
    let page = rune.follow(&rune.post(&room.path("/12"), &named).await).await;
    page.ok().shows("The night desk").shows("They heard it first.").shows("Ask about the handover.</textarea>");
    let version = page.field("base_version").unwrap();
    let empty: Vec<_> = [("text", "Ask about the handover, please."), ("audience", "facilitator"), ("go", "nominate")].into();
    let refused = rune.post(&room.path("/12"), &[empty, vec![("base_version", version.as_str())]].concat()).await;
    refused.is(422).shows("Please write something here.").shows("the handover, please.</textarea>");
    let id = page.body.split("name=\"unnominate\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let version = refused.field("base_version").unwrap();
    let remove = [
        ("text", "Ask about the handover, please."),
        ("audience", "facilitator"),
        ("base_version", version.as_str()),
        ("unnominate", id.as_str()),
    ];
    let page = rune.follow(&rune.post(&room.path("/12"), &remove).await).await;
    page.ok().hides("The night desk").shows("the handover, please.</textarea>");
}

async fn submitting_shows_answers_to_the_facilitator_and_reading_shows_to_the_author(app: App) {
    let room = room(app).await;
    let (rune, frida) = (room.rune().await, room.frida().await);
    rune.post(&room.path("/1"), &[("text", "canary-named"), ("audience", "named"), ("base_version", "0")]).await.is(303);
    rune.post(&room.path("/2"), &[("text", "canary-mine"), ("audience", "me"), ("base_version", "0")]).await.is(303);
    let overview = format!("/incidents/{}/review/overview", room.key);
    frida.get(&overview).await.ok().hides("canary-");
    rune.get(&room.path("/look-over")).await.ok().shows("canary-named").shows("canary-mine").shows("Only you read this");
    let done = rune.follow(&rune.post(&room.path("/submit"), &[]).await).await;
    done.ok().shows("Thank you. It is submitted.").shows("Submitted. You can come back");
    frida.get(&overview).await.ok().shows("canary-named").hides("canary-mine");
    rune.get("/profile/reads").await.ok().shows("Frida Facilitator").shows(&format!("{}, question 1", room.key));
    rune.get(&room.path("/1")).await.ok().shows("Opened by Frida Facilitator");
    rune.post(&room.path("/1"), &[("text", "canary-changed"), ("audience", "named"), ("base_version", "1")]).await.is(303);
    frida.get(&overview).await.ok().hides("canary-");
    rune.get(&room.path("")).await.ok().shows("a draft again: question 1.");
}

async fn taking_back_and_declining_take_one_click(app: App) {
    let room = room(app).await;
    let rune = room.rune().await;
    rune.post(&room.path("/1"), &[("text", "words"), ("audience", "named"), ("base_version", "0")]).await.is(303);
    rune.post(&room.path("/submit"), &[]).await.is(303);
    let back = rune.follow(&rune.post(&room.path("/take-back"), &[]).await).await;
    back.ok().shows("Only you read it now.").shows("Welcome back");
    let declined = rune.follow(&rune.post(&room.path("/decline"), &[]).await).await;
    declined.ok().shows("You declined, and that is fine").shows("Come back to the questions");
    let frida = room.frida().await;
    frida.get(&format!("/incidents/{}/one-on-ones", room.key)).await.ok().shows("Declined");
    rune.post(&room.path("/1"), &[("text", "after all"), ("audience", "named"), ("base_version", "1")]).await.is(303);
    frida.get(&format!("/incidents/{}/one-on-ones", room.key)).await.ok().shows("Started");
}

async fn a_personal_link_is_shown_once_and_opens_one_conversation(app: App) {
    let room = room(app).await;
    let frida = room.frida().await;
    let list = format!("/incidents/{}/one-on-ones", room.key);
    let nobody = frida.post(&format!("{list}/invite"), &[("name", " "), ("by_link", "yes")]).await;
    nobody.is(422).shows("id=\"name-error\"").hides("id=\"person-error\"");
    let made = frida.post(&format!("{list}/invite"), &[("name", "Gro from the desk")]).await;
    let link = made.ok().attributes("value").into_iter().find(|v| v.contains("/invitation/")).unwrap();
    let path = link.strip_prefix("http://127.0.0.1:3000").unwrap().to_owned();
    frida.get(&list).await.ok().shows("Gro from the desk").hides("/invitation/");
    let gro = room.app.anonymous();
    gro.get(&path).await.ok().shows("Gro from the desk, what was it like for you?").shows("You need no account.");
    assert_eq!(gro.session(), None, "looking begins nothing");
    let begun = gro.post(&path, &[]).await;
    let page = gro.follow(&begun).await;
    page.ok().shows("You choose who reads each answer.");
    let own = begun.location();
    gro.post(&format!("{own}/2"), &[("text", "The phones."), ("audience", "facilitator"), ("base_version", "0")]).await.is(303);
    for shut in ["/incidents", "/profile", "/trends", &list, &room.path(""), &room.path("/2")] {
        gro.get(shut).await.is(404);
    }
    let other_device = room.app.anonymous();
    other_device.follow(&other_device.post(&path, &[]).await).await.ok().shows("Welcome back");
    gro.get(&own).await.ok().shows("When your link was opened");
    let id = own.rsplit('/').next().unwrap().to_owned();
    frida.post(&format!("{list}/{id}/withdraw"), &[]).await.is(303);
    gro.get(&format!("{own}/2")).await.is(303);
    gro.get(&path).await.is(410).shows("This invitation was taken back");
    gro.post(&path, &[]).await.is(410);
}

async fn the_facilitator_sees_where_each_stands_and_never_how_far_a_draft_is(app: App) {
    let room = room(app).await;
    let (rune, frida) = (room.rune().await, room.frida().await);
    let list = format!("/incidents/{}/one-on-ones", room.key);
    rune.post(&room.path("/1"), &[("text", "canary-draft"), ("audience", "named"), ("base_version", "0")]).await.is(303);
    let one = frida.get(&list).await;
    one.ok().shows("Rune Responder").shows("Started").hides("canary-");
    rune.post(&room.path("/2"), &[("text", "canary-more"), ("audience", "named"), ("base_version", "0")]).await.is(303);
    assert_eq!(frida.get(&list).await.bare(), one.bare(), "one answer more changes nothing here");
    let twice = frida.post(&format!("{list}/invite"), &[("person", &room.people.responder.person_id.to_string())]).await;
    twice.is(422).shows("This person has been invited already.");
    let herself = frida.post(&format!("{list}/invite"), &[("person", &room.people.facilitator.person_id.to_string())]).await;
    herself.is(422).shows("facilitates this review");
    frida.post(&format!("{list}/invite"), &[]).await.is(422).shows("Please choose somebody");
    let invited = frida.post(&format!("{list}/invite"), &[("person", &room.people.named.person_id.to_string())]).await;
    frida.follow(&invited).await.ok().shows("Nora Named").shows("Invited.");
    room.app.as_(&room.people.named).await.get("/").await.ok().shows("The queue that waited");
}

async fn teams_that_an_incident_concerns_and_nobody_asked_are_named(app: App) {
    let room = room(app).await;
    let (store, p, now) = (&room.app.store, &room.people, room.app.now());
    let list = format!("/incidents/{}/one-on-ones", room.key);
    let frida = room.frida().await;
    frida.get(&list).await.ok().hides("nobody there was asked yet");
    let team = store::people::open_team(store, &p.admin, "Night desk", now).await.unwrap();
    let service = store::services::ServiceChange { name: "Bells".to_owned(), team_id: Some(team), ..Default::default() };
    let service = store::services::add(store, &p.admin, &service, now).await.unwrap();
    let incident = store::incidents::by_key(store, &p.responder, room.key, now).await.unwrap().incident;
    let same = NewIncident {
        title: incident.title,
        summary: incident.summary,
        severity: incident.severity,
        nature: Nature::Incident,
        state: incident.state,
        team_id: incident.team_id,
        started_at: incident.started_at,
        detected_at: incident.detected_at,
        declared_at: incident.declared_at,
        mitigated_at: incident.mitigated_at,
        resolved_at: incident.resolved_at,
        zone: incident.zone,
        restricted: false,
    };
    store::incidents::change_with(store, &p.responder, room.incident, incident.version, &same, Some(&[service]), now)
        .await
        .unwrap();
    frida.get(&list).await.ok().shows("The incident concerns Night desk, and nobody there was asked yet.");
}

async fn nobody_else_finds_a_conversation(app: App) {
    let room = room(app).await;
    room.rune().await.post(&room.path("/1"), &[("text", "canary"), ("audience", "named"), ("base_version", "0")]).await.is(303);
    let list = format!("/incidents/{}/one-on-ones", room.key);
    for viewer in room.people.all().into_iter().filter(|v| v.person_id != room.people.responder.person_id) {
        let other = room.app.as_(viewer).await;
        for path in ["", "/1", "/3", "/look-over"] {
            other.get(&room.path(path)).await.is(404).hides("canary");
        }
        other.post(&room.path("/1"), &[("text", "not mine"), ("base_version", "1")]).await.is(404);
        other.post_json(&room.path("/1"), &[("text", "not mine"), ("base_version", "1")]).await.is(404);
        for act in ["/submit", "/decline", "/take-back", "/take-idea-back", "/sessions"] {
            other.post(&room.path(act), &STRETCH).await.is(404);
        }
        if viewer.person_id != room.people.facilitator.person_id {
            other.get(&list).await.is(404);
            other.post(&format!("{list}/invite"), &[("name", "Somebody")]).await.is(404);
        }
    }
    let kept = store::interviews::page(&room.app.store, &room.people.responder, room.mine, room.app.now()).await.unwrap();
    assert_eq!(kept.answer(1).unwrap().body.text, "canary");
    let none =
        store::interviews::overview(&room.app.store, &room.people.facilitator, room.incident, room.app.now()).await.unwrap();
    assert!(none.is_empty());
}

async fn what_was_typed_goes_through_the_sign_in(app: App) {
    let world = app.world().await;
    let new = store::people::NewAccount {
        name: "Pia Password".into(),
        email: "pia.password@example.org".into(),
        password: Some("a few words in a row".into()),
        role: domain::people::GlobalRole::Member,
        may_facilitate: false,
        team_id: None,
        manager_id: None,
        zone: "UTC".into(),
        pattern: domain::walltime::WorkPattern::default(),
    };
    let pia = store::people::add_account(&app.store, &new, app.now()).await.unwrap();
    let whom = store::interviews::Invitee::Person(pia);
    let incident = world.review.id;
    let invited =
        store::interviews::invite(&app.store, &world.people.facilitator, incident, &whom, None, app.now()).await.unwrap();
    let path = format!("/one-on-one/{}/2", invited.id);
    let signed_out = app.anonymous();
    let words = "It was \"green\" & then <red>.\nSo I waited.";
    let sent = [("text", words), ("audience", "facilitator"), ("base_version", "0"), ("confirm", "a secret of mine")];
    let page = signed_out.post(&path, &sent).await;
    page.is(401).shows("Nothing that you typed is lost").shows("name=\"password\"").shows("So I waited.").hides("<red>");
    assert!(!page.text().contains("a secret of mine"));
    let kept = page.field("sent").unwrap();
    let try_with = async |password: &str| {
        let fields =
            [("email", "pia.password@example.org"), ("password", password), ("sent_to", path.as_str()), ("sent", kept.as_str())];
        signed_out.post("/sign-in", &fields).await
    };
    assert_eq!(try_with("not that").await.is(422).field("sent").as_deref(), Some(kept.as_str()), "a slip loses nothing either");
    let page = try_with("a few words in a row").await;
    page.ok().shows("Send it now").shows(&format!("action=\"{path}\""));
    let (text, version) = (page.field("text").unwrap(), page.field("base_version").unwrap());
    signed_out.post(&path, &[("text", &text), ("audience", "facilitator"), ("base_version", &version)]).await.is(303);
    signed_out.get(&path).await.ok().shows("So I waited.");
    // Nobody is sent to another site, and a page's own script still gets its short answer.
    for foreign in ["https://evil.example/", "//evil.example"] {
        let fields =
            [("email", "pia.password@example.org"), ("password", "a few words in a row"), ("sent_to", foreign), ("sent", "a=b")];
        assert_eq!(app.anonymous().post("/sign-in", &fields).await.is(303).location(), "/");
    }
    app.anonymous().post_json(&path, &sent).await.is(401).hides("So I waited.");
}
