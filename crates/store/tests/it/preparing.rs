//! How large a review is to be, what is prepared before its meeting, and when that is: who reads it, who says it, and what counts itself.

use crate::support::{self, People, at, people};
use domain::IncidentId;
use domain::incidents::{Nature, Severity};
use domain::reviews::SectionKind;
use domain::reviews::preparing::{Mark, Meeting, Part, Standing};
use domain::reviews::sizing::{Signal, Size, Sizing};
use domain::reviews::themes::ThemeDraft;
use store::incidents::{self, Filter};
use store::reviews as room;
use store::{Store, StoreError};

conformance! {
    anybody_who_changes_the_incident_says_its_size_and_all_read_it,
    two_who_say_something_at_once_write_nothing_over,
    a_note_without_words_is_refused,
    the_board_is_read_and_marked_by_the_facilitators_alone,
    parts_count_themselves_and_marks_are_taken_back,
    a_meeting_is_planned_moved_and_seen_by_all,
    what_an_incident_was_is_kept_changed_and_found,
}

const NOW: &str = "2026-03-03T09:00:00Z";

async fn scene(store: &Store) -> (People, IncidentId) {
    let people = people(store).await;
    let (incident, _) = support::incident(store, &people.planner, "Labels did not print").await;
    room::open(store, &people.admin, incident, people.facilitator.person_id, false, at(NOW)).await.unwrap();
    (people, incident)
}

fn not_found<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::NotFound)), "{outcome:?}");
}

fn meeting(version: i64) -> Meeting {
    Meeting { at: at("2026-03-10T10:00:00Z"), zone: "Europe/Copenhagen".into(), minutes: 60, place: "Room 2".into(), version }
}

async fn anybody_who_changes_the_incident_says_its_size_and_all_read_it(store: Store) {
    let (people, incident) = scene(&store).await;
    assert_eq!(room::sizing(&store, &people.responder, incident, at(NOW)).await.unwrap(), Sizing::default());
    let said = Sizing { signals: vec![Signal::Curious, Signal::Teams], nominated: true, ..Sizing::default() };
    room::size(&store, &people.responder, incident, said, at(NOW)).await.unwrap();
    let read = room::sizing(&store, &people.leader, incident, at(NOW)).await.unwrap();
    assert_eq!((read.signals.as_slice(), read.nominated, read.version), ([Signal::Teams, Signal::Curious].as_slice(), true, 1));
    assert_eq!((read.suggested(), read.size), (Size::Full, None));
    let decided = Sizing { size: Some(Size::Light), ..read };
    room::size(&store, &people.responder, incident, decided, at(NOW)).await.unwrap();
    assert_eq!(room::sizing(&store, &people.leader, incident, at(NOW)).await.unwrap().size, Some(Size::Light));
    not_found(room::size(&store, &people.admin, incident, Sizing::default(), at(NOW)).await);
}

async fn two_who_say_something_at_once_write_nothing_over(store: Store) {
    let (people, incident) = scene(&store).await;
    let said = |size| Sizing { size: Some(size), words: "Told already.".into(), ..Sizing::default() };
    room::size(&store, &people.responder, incident, said(Size::Full), at(NOW)).await.unwrap();
    let second = room::size(&store, &people.planner, incident, said(Size::Skip), at(NOW)).await;
    assert!(matches!(second, Err(StoreError::Stale)), "{second:?}");
    let older = room::size(&store, &people.planner, incident, Sizing { version: 7, ..said(Size::Skip) }, at(NOW)).await;
    assert!(matches!(older, Err(StoreError::Stale)), "{older:?}");
    assert_eq!(room::sizing(&store, &people.planner, incident, at(NOW)).await.unwrap().size, Some(Size::Full));
}

async fn a_note_without_words_is_refused(store: Store) {
    let (people, incident) = scene(&store).await;
    let bare = Sizing { size: Some(Size::Note), ..Sizing::default() };
    let refused = room::size(&store, &people.responder, incident, bare, at(NOW)).await;
    assert!(matches!(refused, Err(StoreError::Invalid(ref i)) if i.message("words").is_some()), "{refused:?}");
}

async fn the_board_is_read_and_marked_by_the_facilitators_alone(store: Store) {
    let (people, incident) = scene(&store).await;
    for who in [&people.responder, &people.admin, &people.leader, &people.planner] {
        not_found(room::preparation(&store, who, incident, at(NOW)).await);
        not_found(room::mark_part(&store, who, incident, Part::Room, Some(Mark::Done), at(NOW)).await);
        not_found(room::plan_meeting(&store, who, incident, meeting(0), at(NOW)).await);
    }
    let board = room::preparation(&store, &people.facilitator, incident, at(NOW)).await.unwrap();
    assert_eq!(board.parts.len(), Part::ALL.len());
    assert_eq!(board.parts[0], (Part::Facilitator, Standing::Complete("1 person".into())));
}

async fn parts_count_themselves_and_marks_are_taken_back(store: Store) {
    let (people, incident) = scene(&store).await;
    let frida = &people.facilitator;
    let standing = async |part: Part| {
        let board = room::preparation(&store, frida, incident, at(NOW)).await.unwrap();
        board.parts.into_iter().find(|(of, _)| *of == part).unwrap().1
    };
    assert_eq!(standing(Part::Draft).await, Standing::Open("Nothing is written".into()));
    room::save_section(&store, frida, incident, SectionKind::Summary, 0, "Labels waited.", at(NOW)).await.unwrap();
    assert!(matches!(standing(Part::Draft).await, Standing::Complete(_)));
    for name in ["Who knew what", "The second board"] {
        assert!(matches!(standing(Part::Themes).await, Standing::Open(_)));
        let draft = ThemeDraft { name: name.to_owned(), opening: String::new() };
        room::add_theme(&store, frida, incident, &draft, at(NOW)).await.unwrap();
    }
    assert_eq!(standing(Part::Themes).await, Standing::Complete("2 themes".into()));
    room::mark_part(&store, frida, incident, Part::Room, Some(Mark::NotDoing), at(NOW)).await.unwrap();
    assert_eq!(standing(Part::Room).await, Standing::NotDoing);
    room::mark_part(&store, frida, incident, Part::Room, Some(Mark::Done), at(NOW)).await.unwrap();
    assert_eq!(standing(Part::Room).await, Standing::Said(at(NOW)));
    room::mark_part(&store, frida, incident, Part::Room, None, at(NOW)).await.unwrap();
    assert_eq!(standing(Part::Room).await, Standing::Open(String::new()));
}

async fn a_meeting_is_planned_moved_and_seen_by_all(store: Store) {
    let (people, incident) = scene(&store).await;
    let frida = &people.facilitator;
    assert_eq!(room::meeting(&store, &people.responder, incident, at(NOW)).await.unwrap(), None);
    room::plan_meeting(&store, frida, incident, meeting(0), at(NOW)).await.unwrap();
    let seen = room::meeting(&store, &people.leader, incident, at(NOW)).await.unwrap().unwrap();
    assert_eq!(seen, meeting(1));
    let moved = Meeting { at: at("2026-03-11T10:00:00Z"), ..meeting(1) };
    room::plan_meeting(&store, frida, incident, moved.clone(), at(NOW)).await.unwrap();
    for late in [meeting(0), meeting(1)] {
        let stale = room::plan_meeting(&store, frida, incident, late, at(NOW)).await;
        assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
    }
    let seen = room::meeting(&store, &people.responder, incident, at(NOW)).await.unwrap().unwrap();
    assert_eq!((seen.at, seen.version), (moved.at, 2));
    let endless = room::plan_meeting(&store, frida, incident, Meeting { minutes: 999, ..meeting(2) }, at(NOW)).await;
    assert!(matches!(endless, Err(StoreError::Invalid(_))), "{endless:?}");
}

async fn what_an_incident_was_is_kept_changed_and_found(store: Store) {
    let people = people(&store).await;
    let mut new = support::new_incident("The backup line held", Severity::Sev4, "2026-03-01T10:00:00Z");
    new.nature = Nature::NearMiss;
    let key = incidents::add(&store, &people.planner, &new, at(NOW)).await.unwrap();
    support::incident(&store, &people.planner, "Labels did not print").await;
    let opened = incidents::by_key(&store, &people.responder, key, at(NOW)).await.unwrap();
    assert_eq!(opened.incident.nature, Nature::NearMiss);
    let listed = async |nature| {
        let filter = Filter { nature: Some(nature), ..Filter::default() };
        let page = incidents::list(&store, &people.responder, &filter, 10).await.unwrap();
        page.rows.into_iter().map(|r| (r.key, r.nature)).collect::<Vec<_>>()
    };
    assert_eq!(listed(Nature::NearMiss).await, [(key, Nature::NearMiss)]);
    assert_eq!(listed(Nature::Success).await, []);
    new.nature = Nature::Success;
    incidents::change(&store, &people.planner, opened.incident.id, 1, &new, at(NOW)).await.unwrap();
    assert_eq!(listed(Nature::Success).await, [(key, Nature::Success)]);
    // With words, too: that is another statement.
    let filter = Filter { nature: Some(Nature::Success), text: "backup".into(), ..Filter::default() };
    assert_eq!(incidents::list(&store, &people.responder, &filter, 10).await.unwrap().rows.len(), 1);
}
