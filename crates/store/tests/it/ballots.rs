//! Choosing blind what a meeting talks about, and three questions after it: who takes part, what is shown when, and that nothing leads
//! from a person to a choice.

use crate::support::{self, People, at, people};
use domain::people::Viewer;
use domain::reviews::ballots::Asked;
use domain::reviews::themes::ThemeDraft;
use domain::{IncidentId, ThemeId};
use store::interviews::{self, Invitee};
use store::owndata::{self, CreatedKind};
use store::reviews as room;
use store::{Store, StoreError};

conformance! {
    those_who_were_there_choose_and_nobody_sees_what_before_it_closes,
    totals_of_two_are_shown_to_nobody,
    a_vote_is_counted_once_and_only_while_it_is_open,
    themes_stay_as_they_are_while_people_choose,
    an_agenda_has_two_to_five_themes_and_those_who_come_read_it,
    asking_again_forgets_what_was_counted,
    nobody_else_votes_or_asks,
    own_data_says_that_somebody_voted_and_not_what,
    three_questions_are_shown_from_five_answers_on,
    three_questions_are_answered_once_and_for_two_weeks,
}

const NOW: &str = "2026-03-03T09:00:00Z";

struct Scene {
    people: People,
    incident: IncidentId,
    themes: Vec<ThemeId>,
}

/// A review with three themes to which four people were asked.
async fn scene(store: &Store) -> Scene {
    let people = people(store).await;
    let (incident, _) = support::incident(store, &people.planner, "Labels did not print").await;
    let frida = &people.facilitator;
    room::open(store, &people.admin, incident, frida.person_id, false, at(NOW)).await.unwrap();
    for who in voters(&people) {
        interviews::invite(store, frida, incident, &Invitee::Person(who.person_id), None, at(NOW)).await.unwrap();
    }
    let mut themes = Vec::new();
    for name in ["Alerts nobody believed", "Who knew whom", "The second board"] {
        let draft = ThemeDraft { name: name.to_owned(), opening: "How did it look?".to_owned() };
        themes.push(room::add_theme(store, frida, incident, &draft, at(NOW)).await.unwrap());
    }
    Scene { people, incident, themes }
}

fn voters(people: &People) -> [&Viewer; 3] {
    [&people.responder, &people.other_responder, &people.planner]
}

fn not_found<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::NotFound)), "{outcome:?}");
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::Refused(_))), "{outcome:?}");
}

impl Scene {
    async fn ask(&self, store: &Store) {
        room::open_vote(store, &self.people.facilitator, self.incident, at(NOW)).await.unwrap();
    }

    async fn vote(&self, store: &Store, who: &Viewer, themes: &[ThemeId]) -> Result<(), StoreError> {
        room::vote(store, who, self.incident, themes, at(NOW)).await
    }

    async fn close(&self, store: &Store) {
        room::close_vote(store, &self.people.facilitator, self.incident, at(NOW)).await.unwrap();
    }

    async fn seen(&self, store: &Store) -> room::Vote {
        room::themes_vote(store, &self.people.facilitator, self.incident, at(NOW)).await.unwrap()
    }
}

async fn those_who_were_there_choose_and_nobody_sees_what_before_it_closes(store: Store) {
    let scene = scene(&store).await;
    let [one, two, three] = voters(&scene.people);
    assert_eq!(room::slip(&store, one, scene.incident, at(NOW)).await.unwrap(), room::Slip::default());
    scene.ask(&store).await;
    let slip = room::slip(&store, one, scene.incident, at(NOW)).await.unwrap();
    assert!(slip.open && !slip.voted);
    assert_eq!(slip.themes.iter().map(|t| t.id).collect::<Vec<_>>(), scene.themes);
    assert_eq!(room::votes_waiting(&store, one).await.unwrap().len(), 1);
    let [a, b, c] = scene.themes[..] else { panic!("three themes") };
    scene.vote(&store, one, &[b]).await.unwrap();
    scene.vote(&store, two, &[b, c]).await.unwrap();
    scene.vote(&store, three, &[a, b, c]).await.unwrap();
    assert!(room::slip(&store, one, scene.incident, at(NOW)).await.unwrap().voted);
    assert_eq!(room::votes_waiting(&store, one).await.unwrap(), []);
    let seen = scene.seen(&store).await;
    assert_eq!((seen.totals, seen.ballot.map(|b| (b.voted, b.asked))), (vec![], Some((3, 3))));
    scene.close(&store).await;
    assert_eq!(scene.seen(&store).await.totals, [(b, 3), (c, 2), (a, 1)]);
    assert!(!room::slip(&store, one, scene.incident, at(NOW)).await.unwrap().open);
}

async fn totals_of_two_are_shown_to_nobody(store: Store) {
    let scene = scene(&store).await;
    scene.ask(&store).await;
    let [one, two, _] = voters(&scene.people);
    for who in [one, two] {
        scene.vote(&store, who, &scene.themes[..1]).await.unwrap();
    }
    scene.close(&store).await;
    assert_eq!(scene.seen(&store).await.totals, []);
}

async fn a_vote_is_counted_once_and_only_while_it_is_open(store: Store) {
    let scene = scene(&store).await;
    let [one, two, _] = voters(&scene.people);
    refused(scene.vote(&store, one, &scene.themes[..1]).await);
    scene.ask(&store).await;
    refused(room::open_vote(&store, &scene.people.facilitator, scene.incident, at(NOW)).await);
    assert!(matches!(scene.vote(&store, one, &[]).await, Err(StoreError::Invalid(_))));
    scene.vote(&store, one, &scene.themes[..1]).await.unwrap();
    refused(scene.vote(&store, one, &scene.themes[1..2]).await);
    assert_eq!(scene.seen(&store).await.ballot.unwrap().voted, 1);
    scene.close(&store).await;
    scene.close(&store).await;
    refused(scene.vote(&store, two, &scene.themes[..1]).await);
}

async fn themes_stay_as_they_are_while_people_choose(store: Store) {
    let scene = scene(&store).await;
    let (frida, draft) = (&scene.people.facilitator, ThemeDraft { name: "Another".to_owned(), opening: String::new() });
    scene.ask(&store).await;
    refused(room::add_theme(&store, frida, scene.incident, &draft, at(NOW)).await);
    refused(room::change_theme(&store, frida, scene.incident, scene.themes[0], 1, &draft, at(NOW)).await);
    refused(room::remove_theme(&store, frida, scene.incident, scene.themes[0], at(NOW)).await);
    refused(room::set_agenda(&store, frida, scene.incident, &scene.themes[..2], at(NOW)).await);
    scene.close(&store).await;
    room::change_theme(&store, frida, scene.incident, scene.themes[0], 1, &draft, at(NOW)).await.unwrap();
}

async fn an_agenda_has_two_to_five_themes_and_those_who_come_read_it(store: Store) {
    let scene = scene(&store).await;
    let frida = &scene.people.facilitator;
    let one = room::set_agenda(&store, frida, scene.incident, &scene.themes[..1], at(NOW)).await;
    assert!(matches!(one, Err(StoreError::Invalid(_))), "{one:?}");
    room::set_agenda(&store, frida, scene.incident, &scene.themes[1..], at(NOW)).await.unwrap();
    assert_eq!(scene.seen(&store).await.agenda, scene.themes[1..]);
    let slip = room::slip(&store, &scene.people.responder, scene.incident, at(NOW)).await.unwrap();
    assert_eq!(slip.agenda.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["Who knew whom", "The second board"]);
    assert!(slip.themes.is_empty(), "what is not on the agenda is the facilitators'");
}

async fn asking_again_forgets_what_was_counted(store: Store) {
    let scene = scene(&store).await;
    let [one, two, three] = voters(&scene.people);
    scene.ask(&store).await;
    for who in [one, two, three] {
        scene.vote(&store, who, &scene.themes[..1]).await.unwrap();
    }
    scene.close(&store).await;
    scene.ask(&store).await;
    assert_eq!(scene.seen(&store).await.ballot.unwrap().voted, 0);
    for who in [one, two, three] {
        scene.vote(&store, who, &scene.themes[1..2]).await.unwrap();
    }
    scene.close(&store).await;
    assert_eq!(scene.seen(&store).await.totals[0], (scene.themes[1], 3));
    assert_eq!(scene.seen(&store).await.totals[1].1, 0);
}

async fn nobody_else_votes_or_asks(store: Store) {
    let scene = scene(&store).await;
    scene.ask(&store).await;
    let p = &scene.people;
    for who in [&p.admin, &p.leader, &p.later_facilitator, &p.facilitator] {
        not_found(room::slip(&store, who, scene.incident, at(NOW)).await);
        not_found(scene.vote(&store, who, &scene.themes[..1]).await);
    }
    for who in [&p.admin, &p.leader, &p.responder] {
        not_found(room::themes_vote(&store, who, scene.incident, at(NOW)).await);
        not_found(room::open_vote(&store, who, scene.incident, at(NOW)).await);
        not_found(room::close_vote(&store, who, scene.incident, at(NOW)).await);
        not_found(room::set_agenda(&store, who, scene.incident, &scene.themes[..2], at(NOW)).await);
    }
}

async fn own_data_says_that_somebody_voted_and_not_what(store: Store) {
    let scene = scene(&store).await;
    scene.ask(&store).await;
    let me = &scene.people.responder;
    scene.vote(&store, me, &scene.themes[..1]).await.unwrap();
    let kinds = async || {
        let data = owndata::collect(&store, me, at(NOW)).await.unwrap();
        data.created.iter().filter(|c| c.kind == CreatedKind::Vote).count()
    };
    assert_eq!(kinds().await, 1);
    scene.close(&store).await;
    assert_eq!(kinds().await, 0, "who voted is forgotten when it closes");
}

async fn three_questions_are_shown_from_five_answers_on(store: Store) {
    let scene = scene(&store).await;
    let p = &scene.people;
    let frida = &p.facilitator;
    refused(room::answer_survey(&store, &p.responder, scene.incident, &[(Asked::Said, 5)], at(NOW)).await);
    room::ask_survey(&store, frida, scene.incident, at(NOW)).await.unwrap();
    assert_eq!(room::surveys_waiting(&store, &p.responder, at(NOW)).await.unwrap().len(), 1);
    let five = [&p.responder, &p.other_responder, &p.planner, &p.later_facilitator, &p.facilitator];
    for (n, who) in (1..).zip(five) {
        let none = room::heard(&store, frida, scene.incident, at(NOW)).await.unwrap().counts;
        assert_eq!(none, [], "before the {n}. answer");
        let mut answers = vec![(Asked::Said, 4)];
        answers.extend((n > 1).then_some((Asked::Again, 5)));
        room::answer_survey(&store, who, scene.incident, &answers, at(NOW)).await.unwrap();
    }
    let heard = room::heard(&store, frida, scene.incident, at(NOW)).await.unwrap();
    assert_eq!(heard.counts.len(), 1, "four answered the other one");
    assert_eq!((heard.counts[0].question, heard.counts[0].shown()), (Asked::Said, Some([0, 0, 0, 5, 0])));
    for who in [&p.admin, &p.leader, &p.responder] {
        not_found(room::heard(&store, who, scene.incident, at(NOW)).await);
    }
}

async fn three_questions_are_answered_once_and_for_two_weeks(store: Store) {
    let scene = scene(&store).await;
    let p = &scene.people;
    room::ask_survey(&store, &p.facilitator, scene.incident, at(NOW)).await.unwrap();
    room::answer_survey(&store, &p.responder, scene.incident, &[(Asked::Learned, 1)], at(NOW)).await.unwrap();
    refused(room::answer_survey(&store, &p.responder, scene.incident, &[(Asked::Learned, 5)], at(NOW)).await);
    assert!(room::survey(&store, &p.responder, scene.incident, at(NOW)).await.unwrap().answered);
    not_found(room::answer_survey(&store, &p.admin, scene.incident, &[(Asked::Said, 5)], at(NOW)).await);
    not_found(room::answer_survey(&store, &p.leader, scene.incident, &[(Asked::Said, 5)], at(NOW)).await);
    let late = at("2026-03-17T09:00:01Z");
    refused(room::answer_survey(&store, &p.planner, scene.incident, &[(Asked::Said, 5)], late).await);
    assert_eq!(room::surveys_waiting(&store, &p.planner, late).await.unwrap(), []);
    let data = owndata::collect(&store, &p.responder, at(NOW)).await.unwrap();
    assert_eq!(data.created.iter().filter(|c| c.kind == CreatedKind::Survey).count(), 1);
}
