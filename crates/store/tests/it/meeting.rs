//! A meeting as it runs: who may be in it and write, that no line is lost or doubled, that nothing leads from a line to a person, and that
//! who waits learns of a change.

use crate::support::{self, People, at, people};
use chrono::{DateTime, Duration, Utc};
use domain::people::Viewer;
use domain::reviews::meeting::{LineKind, OPENING, Stage};
use domain::reviews::themes::ThemeDraft;
use domain::{IncidentId, PersonId};
use store::interviews::{self, Invitee};
use store::reviews as room;
use store::{Store, StoreError};

conformance! {
    who_was_there_and_members_who_listen_are_in_it_and_nobody_with_power_over_them,
    it_begins_turns_ends_and_goes_on,
    a_line_that_is_sent_twice_is_written_once_and_several_at_once_all_stand,
    nothing_leads_from_a_line_to_a_person,
    a_line_taken_out_is_seen_by_who_leads_and_comes_back,
    who_waits_learns_of_a_change,
    names_of_those_who_are_here_are_seen_and_forgotten,
    an_opening_in_own_words_is_never_overwritten,
    somebody_is_called_on_only_as_they_said,
    a_meeting_before_publication_is_over_after_it,
}

const NOW: &str = "2026-03-03T09:00:00Z";

struct Scene {
    people: People,
    incident: IncidentId,
}

/// A review to which three people were asked.
async fn scene(store: &Store) -> Scene {
    let people = people(store).await;
    let (incident, _) = support::incident(store, &people.planner, "Labels did not print").await;
    let frida = &people.facilitator;
    room::open(store, &people.admin, incident, frida.person_id, false, at(NOW)).await.unwrap();
    for who in [&people.responder, &people.other_responder, &people.planner] {
        interviews::invite(store, frida, incident, &Invitee::Person(who.person_id), None, at(NOW)).await.unwrap();
    }
    Scene { people, incident }
}

fn not_found<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::NotFound)), "{outcome:?}");
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::Refused(_))), "{outcome:?}");
}

fn after(minutes: i64) -> DateTime<Utc> {
    at(NOW) + Duration::minutes(minutes)
}

impl Scene {
    async fn begin(&self, store: &Store) {
        room::begin(store, &self.people.facilitator, self.incident, at(NOW)).await.unwrap();
    }

    async fn write(&self, store: &Store, who: &Viewer, text: &str) -> Result<(), StoreError> {
        room::write_line(store, who, self.incident, room::new_line(), LineKind::Note, text, at(NOW)).await
    }

    async fn room(&self, store: &Store, who: &Viewer) -> room::Room {
        room::room(store, who, self.incident, at(NOW)).await.unwrap()
    }

    async fn lines(&self, store: &Store, who: &Viewer) -> Vec<String> {
        self.room(store, who).await.lines.into_iter().map(|line| line.text).collect()
    }
}

async fn who_was_there_and_members_who_listen_are_in_it_and_nobody_with_power_over_them(store: Store) {
    let scene = scene(&store).await;
    let p = &scene.people;
    scene.begin(&store).await;
    for who in [&p.responder, &p.other_responder, &p.planner, &p.facilitator] {
        assert!(scene.room(&store, who).await.speaks, "{}", who.name);
        scene.write(&store, who, "A line").await.unwrap();
    }
    for who in [&p.outsider, &p.later_facilitator] {
        let seen = scene.room(&store, who).await;
        assert!(!seen.speaks && !seen.leads && seen.lines.len() == 4, "{}", who.name);
        not_found(scene.write(&store, who, "A line").await);
        not_found(room::turn(&store, who, scene.incident, Some(Stage::Close), None, None, at(NOW)).await);
    }
    // Leadership, who manages one of those who speak, who only administers, a guest of one conversation.
    for who in [&p.leader, &p.manager, &p.admin, &p.guest] {
        not_found(room::room(&store, who, scene.incident, at(NOW)).await);
        not_found(room::next(&store, who, scene.incident, "", 1, at(NOW)).await);
        not_found(scene.write(&store, who, "A line").await);
    }
    assert_eq!(room::runs_for(&store, &p.leader, scene.incident, at(NOW)).await.unwrap(), None);
    assert_eq!(room::runs_for(&store, &p.outsider, scene.incident, at(NOW)).await.unwrap(), Some(true));
}

async fn it_begins_turns_ends_and_goes_on(store: Store) {
    let scene = scene(&store).await;
    let (frida, oda) = (&scene.people.facilitator, &scene.people.other_responder);
    assert_eq!(scene.room(&store, oda).await.wall, None);
    refused(room::turn(&store, frida, scene.incident, Some(Stage::Story), None, None, at(NOW)).await);
    refused(scene.write(&store, oda, "Too early").await);
    not_found(room::begin(&store, oda, scene.incident, at(NOW)).await);
    scene.begin(&store).await;
    room::begin(&store, frida, scene.incident, after(1)).await.unwrap();
    let draft = ThemeDraft { name: "The second board".to_owned(), opening: String::new() };
    let theme = room::add_theme(&store, frida, scene.incident, &draft, at(NOW)).await.unwrap();
    room::turn(&store, frida, scene.incident, Some(Stage::Themes), None, Some(theme), after(5)).await.unwrap();
    let wall = scene.room(&store, oda).await.wall.unwrap();
    assert_eq!((wall.course.stage, wall.theme), (Stage::Themes, Some(theme)));
    assert_eq!(wall.course.seconds(Stage::Opening, after(9)), 5 * 60, "beginning twice changed nothing");
    room::end(&store, frida, scene.incident, after(10)).await.unwrap();
    refused(room::end(&store, frida, scene.incident, after(10)).await);
    refused(scene.write(&store, oda, "Too late").await);
    room::begin(&store, frida, scene.incident, after(60)).await.unwrap();
    let wall = scene.room(&store, oda).await.wall.unwrap();
    assert_eq!(wall.course.seconds(Stage::Themes, after(61)), 6 * 60, "the break does not count");
    assert_eq!((wall.ended_at, wall.theme), (None, Some(theme)));
}

async fn a_line_that_is_sent_twice_is_written_once_and_several_at_once_all_stand(store: Store) {
    let scene = scene(&store).await;
    let (oda, other) = (&scene.people.other_responder, &scene.people.responder);
    scene.begin(&store).await;
    let id = room::new_line();
    for _ in 0..2 {
        room::write_line(&store, oda, scene.incident, id, LineKind::Surprise, "The board was green", at(NOW)).await.unwrap();
    }
    assert_eq!(scene.lines(&store, other).await, ["The board was green"]);
    let texts: Vec<String> = (0..12).map(|n| format!("Line {n}")).collect();
    let half = async |who: &Viewer, half: &[String]| {
        for text in half {
            scene.write(&store, who, text).await.unwrap();
        }
    };
    tokio::join!(half(oda, &texts[..4]), half(other, &texts[4..8]), half(&scene.people.facilitator, &texts[8..]));
    let mut stand = scene.lines(&store, oda).await;
    assert_eq!(stand.remove(0), "The board was green");
    stand.sort();
    let mut wanted = texts.clone();
    wanted.sort();
    assert_eq!(stand, wanted);
    assert!(matches!(scene.write(&store, oda, " ").await, Err(StoreError::Invalid(_))));
}

async fn nothing_leads_from_a_line_to_a_person(store: Store) {
    let scene = scene(&store).await;
    let oda = &scene.people.other_responder;
    scene.begin(&store).await;
    scene.write(&store, oda, "I had never seen that board").await.unwrap();
    let made = include_str!("../../../../migrations/sqlite/0029_meetings.sql");
    let table = made.split("create table meeting_lines").nth(1).unwrap().split(';').next().unwrap();
    assert!(!table.contains("person") && !table.contains("_at") && !table.contains("_by"), "{table}");
    let own = store::owndata::collect(&store, oda, at(NOW)).await.unwrap();
    assert!(!own.audit.iter().any(|line| line.action.contains("line")), "{:?}", own.audit);
}

async fn a_line_taken_out_is_seen_by_who_leads_and_comes_back(store: Store) {
    let scene = scene(&store).await;
    let (frida, oda) = (&scene.people.facilitator, &scene.people.other_responder);
    scene.begin(&store).await;
    scene.write(&store, oda, "It was Kim who turned it").await.unwrap();
    let id = scene.room(&store, frida).await.lines[0].id;
    not_found(room::take_out_line(&store, oda, scene.incident, id, true, at(NOW)).await);
    room::take_out_line(&store, frida, scene.incident, id, true, at(NOW)).await.unwrap();
    assert_eq!(scene.lines(&store, oda).await.len(), 0);
    assert!(scene.room(&store, frida).await.lines[0].taken_out);
    room::take_out_line(&store, frida, scene.incident, id, false, at(NOW)).await.unwrap();
    assert_eq!(scene.lines(&store, oda).await.len(), 1);
}

async fn who_waits_learns_of_a_change(store: Store) {
    let scene = scene(&store).await;
    let (frida, oda) = (&scene.people.facilitator, &scene.people.other_responder);
    let before = scene.room(&store, oda).await.revision;
    assert_eq!(room::next(&store, oda, scene.incident, &before, 1, at(NOW)).await.unwrap(), None);
    scene.begin(&store).await;
    let begun = room::next(&store, oda, scene.incident, &before, 20, at(NOW)).await.unwrap().unwrap();
    assert_ne!(begun, before);
    let seen = scene.room(&store, oda).await.revision;
    let writes = async {
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        scene.write(&store, frida, "A line").await.unwrap();
    };
    let (next, ()) = tokio::join!(room::next(&store, oda, scene.incident, &seen, 20, at(NOW)), writes);
    assert!(next.unwrap().is_some(), "a line that somebody else wrote");
}

async fn names_of_those_who_are_here_are_seen_and_forgotten(store: Store) {
    let scene = scene(&store).await;
    let p = &scene.people;
    scene.begin(&store).await;
    scene.room(&store, &p.outsider).await;
    scene.room(&store, &p.other_responder).await;
    let seen = scene.room(&store, &p.facilitator).await;
    assert_eq!(seen.listening, std::slice::from_ref(&p.outsider.name), "nobody listens unseen");
    assert!(seen.here.contains(&p.other_responder.name) && seen.here.contains(&p.facilitator.name), "{:?}", seen.here);
    let later = room::room(&store, &p.facilitator, scene.incident, after(5)).await.unwrap();
    assert_eq!((later.here, later.listening), (vec![p.facilitator.name.clone()], Vec::new()), "who has left is not here");
    room::end(&store, &p.facilitator, scene.incident, after(6)).await.unwrap();
    let over = room::room(&store, &p.facilitator, scene.incident, after(6)).await.unwrap();
    assert!(over.here.is_empty(), "{:?}", over.here);
}

async fn an_opening_in_own_words_is_never_overwritten(store: Store) {
    let scene = scene(&store).await;
    let frida = &scene.people.facilitator;
    assert_eq!(scene.room(&store, frida).await.opening.words(), OPENING);
    not_found(room::set_opening(&store, &scene.people.responder, scene.incident, "Mine", 0, at(NOW)).await);
    room::set_opening(&store, frida, scene.incident, "Welcome, all of you.", 0, at(NOW)).await.unwrap();
    let stale = room::set_opening(&store, frida, scene.incident, "Hello.", 0, at(NOW)).await;
    assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
    let opening = scene.room(&store, &scene.people.responder).await.opening;
    assert_eq!((opening.words(), opening.version), ("Welcome, all of you.", 1));
    assert_eq!(scene.room(&store, frida).await.wall, None, "it has not begun by that");
    room::set_opening(&store, frida, scene.incident, "", 1, at(NOW)).await.unwrap();
    assert_eq!(scene.room(&store, frida).await.opening.words(), OPENING);
}

async fn somebody_is_called_on_only_as_they_said(store: Store) {
    let scene = scene(&store).await;
    let p = &scene.people;
    let ask = async |who: &Viewer, person: PersonId, about: &str| {
        room::ask_to_call(&store, who, scene.incident, person, about, at(NOW)).await
    };
    let oda = &p.other_responder;
    not_found(ask(oda, p.responder.person_id, "the board").await);
    assert!(matches!(ask(&p.facilitator, p.outsider.person_id, "the board").await, Err(StoreError::Invalid(_))));
    assert!(matches!(ask(&p.facilitator, oda.person_id, " ").await, Err(StoreError::Invalid(_))));
    ask(&p.facilitator, oda.person_id, "how the two boards looked").await.unwrap();
    assert_eq!(room::calls_waiting(&store, oda).await.unwrap().len(), 1);
    not_found(room::answer_call(&store, &p.responder, scene.incident, true, at(NOW)).await);
    room::answer_call(&store, oda, scene.incident, true, at(NOW)).await.unwrap();
    assert!(room::calls_waiting(&store, oda).await.unwrap().is_empty());
    let own = scene.room(&store, oda).await.calls;
    assert_eq!((own[0].about.as_str(), own[0].agreed), ("how the two boards looked", Some(true)));
    assert!(scene.room(&store, &p.responder).await.calls.is_empty(), "others do not see it");
    room::answer_call(&store, oda, scene.incident, false, at(NOW)).await.unwrap();
    assert_eq!(scene.room(&store, &p.facilitator).await.calls[0].agreed, Some(false));
    let file = store::owndata::collect(&store, oda, at(NOW)).await.unwrap();
    let key = file.calls[0].0.expect("it is here");
    assert_eq!(file.calls[0].1.about, "how the two boards looked");
    store::trash::put_in(&store, &p.facilitator, scene.incident, &key.to_string(), at(NOW)).await.unwrap();
    let file = store::owndata::collect(&store, oda, at(NOW)).await.unwrap();
    assert_eq!((file.calls.len(), file.calls[0].0), (1, None), "what is in the trash is named nowhere");
    store::trash::put_back(&store, &p.facilitator, key, at(NOW)).await.unwrap();
    let id = own[0].id;
    room::drop_call(&store, &p.facilitator, scene.incident, id, at(NOW)).await.unwrap();
    not_found(room::drop_call(&store, &p.facilitator, scene.incident, id, at(NOW)).await);
}

async fn a_meeting_before_publication_is_over_after_it(store: Store) {
    let scene = scene(&store).await;
    let p = &scene.people;
    let frida = &p.facilitator;
    scene.begin(&store).await;
    scene.write(&store, &p.responder, "A line").await.unwrap();
    let kind = domain::reviews::SectionKind::Summary;
    room::save_section(&store, frida, scene.incident, kind, 0, "Labels did not print.", at(NOW)).await.unwrap();
    for who in [&p.responder, &p.other_responder, &p.planner] {
        let waiting = interviews::waiting(&store, who, at(NOW)).await.unwrap();
        interviews::decline(&store, who, waiting[0].invitation_id, at(NOW)).await.unwrap();
    }
    room::publish(&store, frida, scene.incident, after(1)).await.unwrap();
    not_found(scene.write(&store, &p.responder, "Another").await);
    not_found(room::room(&store, &p.outsider, scene.incident, after(2)).await);
    assert_eq!(scene.lines(&store, &p.responder).await, ["A line"], "who took part still reads it");
}
