//! Perspectives: whose words stand beside the timeline, for whom, and that they go with their answer.

use crate::support::{self, People, at, people};
use crate::timeline::event;
use domain::interviews::{AnswerBody, Audience, Entry};
use domain::people::Viewer;
use domain::reviews::{Attribution, Decision, SectionKind};
use domain::timeline::perspectives::{Placing, Whose};
use domain::{AnswerId, EventId, IncidentId, InvitationId, PlacedId};
use std::collections::BTreeMap;
use store::interviews::{Invitee, SaveAnswer};
use store::owndata::{CreatedKind, Erase};
use store::reviews::Draft;
use store::timeline::perspectives::{self as room, Perspectives, Target};
use store::{Store, StoreError};

conformance! {
    each_audience_reaches_the_viewers_that_it_allows,
    a_lane_tells_the_role_and_its_work_to_its_worker_alone,
    words_are_placed_to_the_letter_at_an_event_that_is_there,
    words_without_a_name_are_never_placed,
    nobody_else_places_moves_or_takes_away,
    an_author_places_moves_and_takes_away_their_own,
    what_travels_less_far_or_loses_its_name_leaves_the_lane,
    what_is_taken_back_or_declined_leaves_the_lane,
    an_edit_that_takes_the_words_away_takes_them_from_the_lane,
    an_answer_that_is_a_draft_again_is_its_authors_alone,
    what_is_erased_or_over_its_time_leaves_the_lane,
    a_note_on_what_differs_is_the_facilitators_and_goes_with_the_words,
    everybody_sees_what_its_author_placed_and_the_story_tells_with_a_name,
    an_event_that_is_deleted_hides_its_words,
    a_merge_moves_nobodys_words,
    a_restricted_incident_shows_no_lanes_to_others,
    own_data_tells_of_placed_words,
    reads_are_noted_and_the_trail_leads_to_nobody,
}

const NOW: &str = "2026-03-03T09:00:00Z";
const LATER: &str = "2026-03-03T15:00:00Z";
const WORDS: &str = "Both boards were green. I trusted the board more than the number.";
const PART: &str = "I trusted the board more than the number.";

struct Scene {
    people: People,
    incident: IncidentId,
    key: String,
    event: EventId,
}

async fn scene(store: &Store) -> Scene {
    let people = people(store).await;
    let (incident, key) = support::incident(store, &people.planner, "Labels did not print").await;
    store::reviews::open(store, &people.admin, incident, people.facilitator.person_id, false, at(NOW)).await.unwrap();
    let new = event(Some("2026-03-02T10:10:00Z"), "The board turns red");
    let event = store::timeline::add(store, &people.planner, incident, &new, at(NOW)).await.unwrap();
    Scene { people, incident, key: key.to_string(), event }
}

#[derive(Clone, Copy)]
struct Told {
    invitation: InvitationId,
    answer: AnswerId,
}

fn not_found<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::NotFound)), "{outcome:?}");
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::Refused(_))), "{outcome:?}");
}

fn part() -> Placing {
    Placing { passage: PART.to_owned(), ..Placing::default() }
}

impl Scene {
    fn target(&self) -> Target {
        Target { incident: self.incident, event: self.event }
    }

    async fn save(
        &self,
        store: &Store,
        who: &Viewer,
        to: InvitationId,
        (question, body): (i64, AnswerBody),
        audience: Audience,
        version: i64,
    ) {
        let save = SaveAnswer {
            body,
            audience,
            count_me: true,
            with_name: false,
            base_version: version,
            request_key: String::new(),
            follows: String::new(),
        };
        store::interviews::save(store, who, to, question, &save, at(NOW)).await.unwrap();
    }

    async fn says(&self, store: &Store, who: &Viewer, told: Told, text: &str, audience: Audience, version: i64) {
        let body = AnswerBody { text: text.to_owned(), ..AnswerBody::default() };
        self.save(store, who, told.invitation, (2, body), audience, version).await;
    }

    async fn told_by(&self, store: &Store, who: &Viewer, audience: Audience) -> Told {
        let whom = Invitee::Person(who.person_id);
        let invitation =
            store::interviews::invite(store, &self.people.facilitator, self.incident, &whom, None, at(NOW)).await.unwrap().id;
        let body = AnswerBody { text: WORDS.to_owned(), ..AnswerBody::default() };
        self.save(store, who, invitation, (2, body), audience, 0).await;
        store::interviews::submit(store, who, invitation, at(NOW)).await.unwrap();
        let page = store::interviews::page(store, who, invitation, at(NOW)).await.unwrap();
        Told { invitation, answer: page.answer(2).unwrap().id }
    }

    async fn place_by(&self, store: &Store, by: &Viewer, told: Told) -> Result<PlacedId, StoreError> {
        room::place(store, by, self.target(), told.answer, &part(), at(LATER)).await
    }

    async fn placed(&self, store: &Store, told: Told) -> PlacedId {
        self.place_by(store, &self.people.facilitator, told).await.unwrap()
    }

    async fn seen_by(&self, store: &Store, who: &Viewer) -> Perspectives {
        room::perspectives(store, who, self.incident, at(LATER)).await.unwrap()
    }

    async fn words_for(&self, store: &Store, who: &Viewer) -> Vec<String> {
        let seen = self.seen_by(store, who).await;
        seen.lanes.iter().flat_map(|lane| lane.words.iter().map(|w| format!("{}: {}", lane.label(), w.text))).collect()
    }

    async fn is_gone(&self, store: &Store) {
        for who in [&self.people.facilitator, &self.people.responder] {
            assert!(self.words_for(store, who).await.is_empty());
        }
        assert_eq!(kept(store).await, (0, 0), "rows are left");
    }

    async fn publish(&self, store: &Store) {
        let who = &self.people.facilitator;
        store::reviews::save_section(store, who, self.incident, SectionKind::Summary, 0, "Told.", at(NOW)).await.unwrap();
        store::reviews::publish(store, who, self.incident, at(LATER)).await.unwrap();
    }
}

/// How many placed words and notes the database holds, shown or not.
async fn kept(store: &Store) -> (u64, u64) {
    let rows = store::archive::export(store, std::io::sink()).await.unwrap().rows;
    (rows["placed_words"], rows["told_differently"])
}

async fn each_audience_reaches_the_viewers_that_it_allows(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    let facilitator = s.told_by(&store, &p.responder, Audience::Facilitator).await;
    let named = s.told_by(&store, &p.other_responder, Audience::Named).await;
    s.placed(&store, facilitator).await;
    s.placed(&store, named).await;
    store::reviews::appoint(&store, &p.admin, s.incident, p.later_facilitator.person_id, false, at(LATER)).await.unwrap();
    let (rune, olga) = (format!("Rune Responder: {PART}"), format!("{}: {PART}", p.other_responder.name));
    let mine = format!("You: {PART}");
    // Who looks, and what they find.
    let table: [(&Viewer, Vec<&String>); 8] = [
        (&p.facilitator, vec![&olga, &rune]),
        (&p.later_facilitator, vec![&olga]),
        (&p.responder, vec![&mine]),
        (&p.other_responder, vec![&mine]),
        (&p.leader, vec![]),
        (&p.admin, vec![]),
        (&p.planner, vec![]),
        (&p.outsider, vec![]),
    ];
    for (who, finds) in table {
        let mut found = s.words_for(&store, who).await;
        found.sort();
        let mut finds: Vec<String> = finds.into_iter().cloned().collect();
        finds.sort();
        assert_eq!(found, finds, "{}", who.name);
        let file = room::for_everybody(&store, who, s.incident, at(LATER)).await.unwrap();
        assert!(file.lanes.is_empty(), "a file is for everybody: {}", who.name);
    }
    // Whose lanes there are is told to who facilitates alone; a lane does not say whether there is more in it.
    assert_eq!(s.seen_by(&store, &p.later_facilitator).await.lanes.len(), 2);
    assert_eq!(s.seen_by(&store, &p.responder).await.lanes.len(), 1);
    assert!(s.seen_by(&store, &p.outsider).await.lanes.is_empty());
    not_found(room::perspectives(&store, &p.guest, s.incident, at(LATER)).await);
    // A line manager who facilitates reads nothing of their people.
    store::reviews::appoint(&store, &p.admin, s.incident, p.outsider.person_id, false, at(LATER)).await.unwrap();
    assert_eq!(s.words_for(&store, &p.outsider).await.len(), 1, "named words alone, to a later one");
}

async fn a_lane_tells_the_role_and_its_work_to_its_worker_alone(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    let told = s.told_by(&store, &p.responder, Audience::Facilitator).await;
    let entry = Entry(BTreeMap::from([("role".to_owned(), "responder".to_owned())]));
    let body = AnswerBody { entries: vec![entry], ..AnswerBody::default() };
    s.save(&store, &p.responder, told.invitation, (1, body), Audience::Facilitator, 0).await;
    let stretch = domain::stretches::TypedStretch {
        day: "2026-03-02".into(),
        from: "10:00".into(),
        to: "11:00".into(),
        next_day: false,
        zone: "UTC".into(),
        kind: "responding".into(),
    };
    let stretch = stretch.parse(at(NOW)).unwrap();
    store::interviews::add_session(&store, &p.responder, told.invitation, &stretch, at(NOW)).await.unwrap();
    assert_eq!(s.seen_by(&store, &p.facilitator).await.lanes[0].role, "", "a draft");
    store::interviews::submit(&store, &p.responder, told.invitation, at(NOW)).await.unwrap();
    let lane = s.seen_by(&store, &p.facilitator).await.lanes.remove(0);
    assert_eq!((lane.label().as_str(), lane.work.len()), ("First responder · Rune Responder", 0));
    let mine = s.seen_by(&store, &p.responder).await.lanes.remove(0);
    assert_eq!((mine.whose, mine.role.as_str(), mine.work.len()), (Whose::Mine, "First responder", 1));
    assert!(room::for_everybody(&store, &p.responder, s.incident, at(LATER)).await.unwrap().lanes.is_empty());
}

async fn words_are_placed_to_the_letter_at_an_event_that_is_there(store: Store) {
    let s = scene(&store).await;
    let (p, frida) = (&s.people, &s.people.facilitator);
    let told = s.told_by(&store, &p.responder, Audience::Named).await;
    let placing = |passage: &str, own: &str| Placing { passage: passage.into(), own_time: own.into(), differs: false };
    let nowhere = Target { event: EventId(store::random::id()), ..s.target() };
    for (target, placing, wrong) in [
        (s.target(), placing("I trusted the board too much", "ten"), vec!["passage", "own_time"]),
        (nowhere, placing(" ", ""), vec!["event", "passage"]),
        (nowhere, part(), vec!["event"]),
    ] {
        match room::place(&store, frida, target, told.answer, &placing, at(LATER)).await {
            Err(StoreError::Invalid(invalid)) => {
                assert_eq!(invalid.fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), wrong);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(kept(&store).await.0, 0);
    // The incident is told in UTC or not: the clock is that of its zone.
    let one = room::place(&store, frida, s.target(), told.answer, &placing(PART, ""), at(LATER)).await.unwrap();
    assert_eq!(one.0.get_version_num(), 4, "random");
    let again = room::place(&store, frida, s.target(), told.answer, &placing(&format!(" {PART}\r\n"), "23:59"), at(LATER)).await;
    assert_eq!(again.unwrap(), one, "the same words at the same event are there once");
    let seen = s.seen_by(&store, frida).await;
    let words = &seen.lanes[0].words[0];
    assert_eq!((words.id, words.event, words.question.as_str()), (one, s.event, "What surprised you?"));
    let own = words.own_time.unwrap();
    assert!((own - at("2026-03-02T10:10:00Z")).abs() <= chrono::TimeDelta::hours(12), "the closest one: {own}");
    assert_eq!(seen.differences.len(), 1, "another time hints at a difference");
    assert!(!seen.differences[0].said);
    // Another incident's event, or its facilitator, names an answer of this one.
    let (elsewhere, _) = support::incident(&store, &p.planner, "Elsewhere").await;
    store::reviews::open(&store, &p.admin, elsewhere, frida.person_id, false, at(NOW)).await.unwrap();
    let there = store::timeline::add(&store, &p.planner, elsewhere, &event(None, "x"), at(NOW)).await.unwrap();
    let other = Target { incident: elsewhere, event: there };
    not_found(room::place(&store, frida, other, told.answer, &part(), at(LATER)).await);
    let mixed = room::place(&store, frida, Target { event: there, ..s.target() }, told.answer, &part(), at(LATER)).await;
    assert!(matches!(mixed, Err(StoreError::Invalid(_))), "{mixed:?}");
    not_found(room::remove(&store, frida, elsewhere, one, at(LATER)).await);
}

async fn words_without_a_name_are_never_placed(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    let told = s.told_by(&store, &p.responder, Audience::Unattributed).await;
    for who in [&p.facilitator, &p.responder] {
        refused(s.place_by(&store, who, told).await);
        refused(room::placeable(&store, who, s.incident, told.answer, at(LATER)).await);
    }
    let private = s.told_by(&store, &p.other_responder, Audience::OnlyMe).await;
    not_found(s.place_by(&store, &p.facilitator, private).await);
    refused(s.place_by(&store, &p.other_responder, private).await);
    assert!(room::my_words(&store, &p.responder, s.incident, at(LATER)).await.unwrap().is_empty());
    s.is_gone(&store).await;
}

async fn nobody_else_places_moves_or_takes_away(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    let told = s.told_by(&store, &p.responder, Audience::Named).await;
    s.told_by(&store, &p.other_responder, Audience::Named).await;
    let placed = s.placed(&store, told).await;
    store::planning::appoint(&store, &p.facilitator, s.incident, p.planner.person_id, at(NOW)).await.unwrap();
    for published in [false, true] {
        if published {
            s.publish(&store).await;
            refused(s.place_by(&store, &p.facilitator, told).await);
            refused(room::settle(&store, &p.responder, s.target(), placed, &part(), at(LATER)).await);
            refused(room::keep_note(&store, &p.facilitator, s.target(), 0, "Two orders", at(LATER)).await);
        }
        for who in [&p.other_responder, &p.leader, &p.manager, &p.planner, &p.admin, &p.outsider, &p.guest] {
            not_found(room::placeable(&store, who, s.incident, told.answer, at(LATER)).await);
            not_found(s.place_by(&store, who, told).await);
            not_found(room::placed(&store, who, s.incident, placed, at(LATER)).await);
            not_found(room::settle(&store, who, s.target(), placed, &part(), at(LATER)).await);
            not_found(room::remove(&store, who, s.incident, placed, at(LATER)).await);
            not_found(room::keep_note(&store, who, s.target(), 0, "Two orders", at(LATER)).await);
            not_found(room::remove_note(&store, who, s.target(), at(LATER)).await);
        }
    }
    not_found(room::keep_note(&store, &p.responder, s.target(), 0, "Two orders", at(LATER)).await);
    assert_eq!(s.words_for(&store, &p.facilitator).await.len(), 1);
    room::remove(&store, &p.responder, s.incident, placed, at(LATER)).await.unwrap();
    s.is_gone(&store).await;
}

async fn an_author_places_moves_and_takes_away_their_own(store: Store) {
    let s = scene(&store).await;
    let (p, rune) = (&s.people, &s.people.responder);
    let told = s.told_by(&store, rune, Audience::Facilitator).await;
    let mine = room::my_words(&store, rune, s.incident, at(LATER)).await.unwrap();
    assert_eq!(mine.iter().map(|w| w.answer).collect::<Vec<_>>(), [told.answer]);
    let placed = s.place_by(&store, rune, told).await.unwrap();
    assert_eq!(s.words_for(&store, &p.facilitator).await, [format!("Rune Responder: {PART}")]);
    let other = event(Some("2026-03-02T10:30:00Z"), "It is over");
    let other = store::timeline::add(&store, &p.planner, s.incident, &other, at(NOW)).await.unwrap();
    let target = Target { event: other, ..s.target() };
    let differs = Placing { differs: true, ..Placing::default() };
    room::settle(&store, rune, target, placed, &differs, at(LATER)).await.unwrap();
    let seen = s.seen_by(&store, &p.facilitator).await;
    assert_eq!((seen.lanes[0].words[0].event, seen.differences[0].said), (other, true));
    room::remove(&store, rune, s.incident, placed, at(LATER)).await.unwrap();
    s.is_gone(&store).await;
    // Before it is submitted there is nobody to place it for.
    store::interviews::take_back(&store, rune, told.invitation, at(LATER)).await.unwrap();
    refused(s.place_by(&store, rune, told).await);
}

async fn what_travels_less_far_or_loses_its_name_leaves_the_lane(store: Store) {
    let s = scene(&store).await;
    let rune = &s.people.responder;
    let told = s.told_by(&store, rune, Audience::Named).await;
    s.placed(&store, told).await;
    s.says(&store, rune, told, WORDS, Audience::Facilitator, 1).await;
    assert_eq!(s.words_for(&store, &s.people.facilitator).await.len(), 1, "still with the name, to who facilitates");
    // Unattributed is wider, and has no name: it waits for its author, and what stood in the lane is gone at once.
    s.says(&store, rune, told, WORDS, Audience::Unattributed, 2).await;
    s.is_gone(&store).await;
    s.says(&store, rune, told, WORDS, Audience::Named, 3).await;
    store::interviews::submit(&store, rune, told.invitation, at(LATER)).await.unwrap();
    s.placed(&store, told).await;
    s.says(&store, rune, told, WORDS, Audience::OnlyMe, 4).await;
    s.is_gone(&store).await;
}

async fn what_is_taken_back_or_declined_leaves_the_lane(store: Store) {
    let s = scene(&store).await;
    let rune = &s.people.responder;
    let told = s.told_by(&store, rune, Audience::Named).await;
    s.placed(&store, told).await;
    store::interviews::take_back(&store, rune, told.invitation, at(LATER)).await.unwrap();
    s.is_gone(&store).await;
    store::interviews::submit(&store, rune, told.invitation, at(LATER)).await.unwrap();
    s.placed(&store, told).await;
    store::interviews::decline(&store, rune, told.invitation, at(LATER)).await.unwrap();
    s.is_gone(&store).await;
}

async fn an_edit_that_takes_the_words_away_takes_them_from_the_lane(store: Store) {
    let s = scene(&store).await;
    let rune = &s.people.responder;
    let told = s.told_by(&store, rune, Audience::Named).await;
    s.placed(&store, told).await;
    s.says(&store, rune, told, &format!("In short: {PART}"), Audience::Named, 1).await;
    store::interviews::submit(&store, rune, told.invitation, at(LATER)).await.unwrap();
    assert_eq!(s.words_for(&store, &s.people.facilitator).await.len(), 1, "it still says them");
    s.says(&store, rune, told, "I looked at the number.", Audience::Named, 2).await;
    s.is_gone(&store).await;
}

async fn an_answer_that_is_a_draft_again_is_its_authors_alone(store: Store) {
    let s = scene(&store).await;
    let rune = &s.people.responder;
    let told = s.told_by(&store, rune, Audience::Facilitator).await;
    let placed = s.placed(&store, told).await;
    s.says(&store, rune, told, WORDS, Audience::Named, 1).await;
    assert!(s.words_for(&store, &s.people.facilitator).await.is_empty());
    not_found(room::remove(&store, &s.people.facilitator, s.incident, placed, at(LATER)).await);
    assert!(s.seen_by(&store, rune).await.lanes[0].words[0].draft);
    store::interviews::submit(&store, rune, told.invitation, at(LATER)).await.unwrap();
    assert_eq!(s.words_for(&store, &s.people.facilitator).await.len(), 1, "where it was");
}

async fn what_is_erased_or_over_its_time_leaves_the_lane(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    let told = s.told_by(&store, &p.responder, Audience::Named).await;
    s.placed(&store, told).await;
    store::owndata::erase(&store, &p.responder, Erase::Answer(told.invitation, 2), false, at(LATER)).await.unwrap();
    s.is_gone(&store).await;
    let other = s.told_by(&store, &p.other_responder, Audience::Facilitator).await;
    s.placed(&store, other).await;
    store::owndata::erase(&store, &p.other_responder, Erase::Everything, false, at(LATER)).await.unwrap();
    s.is_gone(&store).await;
    let third = s.told_by(&store, &p.planner, Audience::Facilitator).await;
    s.placed(&store, third).await;
    s.publish(&store).await;
    let mut day = at(LATER);
    for _ in 0..100 {
        day += chrono::Duration::days(1);
        store::retention::run_daily(&store, day).await.unwrap();
    }
    s.is_gone(&store).await;
}

async fn a_note_on_what_differs_is_the_facilitators_and_goes_with_the_words(store: Store) {
    let s = scene(&store).await;
    let (p, frida) = (&s.people, &s.people.facilitator);
    let told = s.told_by(&store, &p.responder, Audience::Facilitator).await;
    not_found(room::keep_note(&store, frida, s.target(), 0, "Two orders", at(LATER)).await);
    s.placed(&store, told).await;
    let wrong = room::keep_note(&store, frida, s.target(), 0, " ", at(LATER)).await;
    assert!(matches!(wrong, Err(StoreError::Invalid(_))), "{wrong:?}");
    room::keep_note(&store, frida, s.target(), 0, " Two  orders ", at(LATER)).await.unwrap();
    let stale = room::keep_note(&store, frida, s.target(), 0, "Three orders", at(LATER)).await;
    assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
    room::keep_note(&store, frida, s.target(), 1, "Three orders", at(LATER)).await.unwrap();
    let seen = s.seen_by(&store, frida).await;
    assert_eq!((seen.noted[0].note.as_str(), seen.noted[0].version), ("Three orders", 2));
    assert_eq!(seen.differences[0].note.as_deref(), Some("Three orders"));
    let theirs = s.seen_by(&store, &p.responder).await;
    assert!(theirs.noted.is_empty() && theirs.differences.is_empty(), "{theirs:?}");
    // Who may read none of the words reads no note about them.
    store::reviews::appoint(&store, &p.admin, s.incident, p.later_facilitator.person_id, false, at(LATER)).await.unwrap();
    let later = s.seen_by(&store, &p.later_facilitator).await;
    assert!(later.noted.is_empty() && later.differences.is_empty());
    not_found(room::remove_note(&store, &p.later_facilitator, s.target(), at(LATER)).await);
    room::remove_note(&store, frida, s.target(), at(LATER)).await.unwrap();
    assert_eq!(kept(&store).await, (1, 0));
    room::keep_note(&store, frida, s.target(), 0, "Two orders", at(LATER)).await.unwrap();
    let data = store::owndata::collect(&store, frida, at(LATER)).await.unwrap();
    assert_eq!(data.created.iter().filter(|c| c.kind == CreatedKind::Difference).count(), 1);
    s.says(&store, &p.responder, told, WORDS, Audience::OnlyMe, 1).await;
    s.is_gone(&store).await;
}

async fn everybody_sees_what_its_author_placed_and_the_story_tells_with_a_name(store: Store) {
    let s = scene(&store).await;
    let (p, frida) = (&s.people, &s.people.facilitator);
    let told = s.told_by(&store, &p.responder, Audience::Named).await;
    let draft =
        Draft { section: SectionKind::Surprised, text: PART.to_owned(), paraphrase: false, attribution: Attribution::Named };
    let quote = store::reviews::draft_excerpt(&store, frida, s.incident, told.answer, &draft, at(NOW)).await.unwrap();
    store::reviews::decide(&store, &p.responder, quote, 1, &Decision::Right, at(NOW)).await.unwrap();
    let own = Placing { own_time: "11:20".to_owned(), differs: true, ..part() };
    let placed = room::place(&store, &p.responder, s.target(), told.answer, &own, at(LATER)).await.unwrap();
    let public = async |who: &Viewer| room::for_everybody(&store, who, s.incident, at(LATER)).await.unwrap().lanes;
    assert!(public(&p.outsider).await.is_empty() && s.words_for(&store, &p.outsider).await.is_empty(), "not published");
    s.publish(&store).await;
    let lanes = public(&p.outsider).await;
    assert_eq!((lanes.len(), lanes[0].label().as_str()), (1, "Rune Responder"), "no role: nobody agreed to that");
    let words = &lanes[0].words[0];
    assert_eq!((words.text.as_str(), words.own_time, words.differs, words.answer), (PART, None, false, None));
    assert_eq!(public(frida).await, lanes, "a file is for everybody, whoever takes it");
    for who in [&p.leader, &p.admin, &p.outsider, &p.manager] {
        assert_eq!(s.words_for(&store, who).await, [format!("Rune Responder: {PART}")], "{}", who.name);
    }
    assert_eq!(s.words_for(&store, &p.responder).await.len(), 1, "not twice");
    assert_eq!(s.words_for(&store, frida).await.len(), 1, "not twice");
    store::reviews::decide(&store, &p.responder, quote, 2, &Decision::LeaveOut, at(LATER)).await.unwrap();
    assert!(public(&p.outsider).await.is_empty(), "withdrawn");
    room::remove(&store, &p.responder, s.incident, placed, at(LATER)).await.unwrap();
    assert_eq!(kept(&store).await, (0, 0));
}

async fn an_event_that_is_deleted_hides_its_words(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    let told = s.told_by(&store, &p.responder, Audience::Named).await;
    s.placed(&store, told).await;
    store::timeline::delete(&store, &p.planner, s.incident, s.event, 1, at(LATER)).await.unwrap();
    assert!(s.words_for(&store, &p.facilitator).await.is_empty());
    store::timeline::take_back(&store, &p.planner, (s.incident, s.event), 0, at(LATER)).await.unwrap();
    assert_eq!(s.words_for(&store, &p.facilitator).await.len(), 1, "as the event was");
}

async fn a_merge_moves_nobodys_words(store: Store) {
    let s = scene(&store).await;
    let (p, frida) = (&s.people, &s.people.facilitator);
    let told = s.told_by(&store, &p.responder, Audience::Named).await;
    s.placed(&store, told).await;
    let (same, same_key) = support::incident(&store, &p.planner, "The same one").await;
    let there = store::timeline::add(&store, &p.planner, same, &event(Some("2026-03-02T10:20:00Z"), "x"), at(NOW)).await.unwrap();
    store::trash::merge(&store, &p.planner, same, &s.key, at(LATER)).await.unwrap();
    // At an event that came with it.
    let target = Target { event: there, ..s.target() };
    room::place(&store, frida, target, told.answer, &part(), at(LATER)).await.unwrap();
    room::keep_note(&store, frida, target, 0, "Two orders", at(LATER)).await.unwrap();
    assert_eq!(s.words_for(&store, frida).await.len(), 2);
    // Split off again, the event is elsewhere: what stood there is not shown, and goes for good with it.
    store::trash::put_back(&store, &p.planner, same_key, at(LATER)).await.unwrap();
    assert_eq!(s.words_for(&store, frida).await.len(), 1);
    store::trash::put_in(&store, &p.planner, same, "", at(LATER)).await.unwrap();
    store::trash::delete_now(&store, &p.admin, same_key, &same_key.to_string(), at(LATER)).await.unwrap();
    assert_eq!((s.words_for(&store, frida).await.len(), kept(&store).await), (1, (1, 0)));
}

async fn a_restricted_incident_shows_no_lanes_to_others(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    let told = s.told_by(&store, &p.responder, Audience::Named).await;
    let placed = s.placed(&store, told).await;
    store::incidents::restrict(&store, &p.planner, s.incident, true, at(LATER)).await.unwrap();
    for who in [&p.outsider, &p.leader, &p.admin, &p.other_responder] {
        not_found(room::perspectives(&store, who, s.incident, at(LATER)).await);
        not_found(room::for_everybody(&store, who, s.incident, at(LATER)).await);
        not_found(room::placed(&store, who, s.incident, placed, at(LATER)).await);
    }
    assert_eq!(s.words_for(&store, &p.facilitator).await.len(), 1);
}

async fn own_data_tells_of_placed_words(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    let told = s.told_by(&store, &p.responder, Audience::Named).await;
    s.placed(&store, told).await;
    let data = store::owndata::collect(&store, &p.responder, at(LATER)).await.unwrap();
    let answers = &data.conversations[0].answers;
    let placed = &answers.iter().find(|a| a.answer.question == 2).unwrap().placed;
    assert_eq!((placed.len(), placed[0].name.as_str(), placed[0].text.as_str()), (1, "Frida Facilitator", PART));
    let data = store::owndata::collect(&store, &p.facilitator, at(LATER)).await.unwrap();
    assert!(!format!("{data:?}").contains(PART), "words of others");
}

async fn reads_are_noted_and_the_trail_leads_to_nobody(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    let told = s.told_by(&store, &p.responder, Audience::Named).await;
    s.place_by(&store, &p.responder, told).await.unwrap();
    let readers = async || store::interviews::my_reads(&store, &p.responder).await.unwrap().len();
    for who in [&p.responder, &p.outsider, &p.other_responder] {
        s.seen_by(&store, who).await;
    }
    room::for_everybody(&store, &p.facilitator, s.incident, at(LATER)).await.unwrap();
    assert_eq!(readers().await, 0, "their own lane, and a file");
    s.seen_by(&store, &p.facilitator).await;
    s.seen_by(&store, &p.facilitator).await;
    assert_eq!(readers().await, 1, "read as its answer is");
    let mut export = Vec::new();
    store::archive::export(&store, &mut export).await.unwrap();
    let export = String::from_utf8(export).unwrap();
    let trail: Vec<&str> = export.lines().filter(|line| line.contains("\"words.place\"")).collect();
    assert_eq!(trail.len(), 1);
    assert!(!trail[0].contains(&told.answer.to_string()) && trail[0].contains(&s.incident.to_string()));
    assert!(!export.contains(PART), "sealed");
}
