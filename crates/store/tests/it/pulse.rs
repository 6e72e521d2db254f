//! The pulse: one answer a person and month, nothing kept that leads from an answer to a person, and figures of closed quarters about groups alone.

use crate::support::{People, account, at, people};
use domain::people::{GlobalRole, Viewer};
use domain::pulse::{Answers, Chosen, Goals, HelpResource, Item, Part, Rate};
use domain::settings::Number;
use domain::trends::{Period, Unit};
use domain::{TeamId, pulse};
use store::pulse as room;
use store::pulse::Asked;
use store::{Store, StoreError, settings};

conformance! {
    it_is_off_until_an_administrator_says_what_it_is_for,
    one_person_answers_once_a_month,
    two_answers_at_once_are_one,
    who_does_not_want_to_be_asked_leaves_a_mark_like_an_answer,
    nothing_that_is_kept_leads_from_an_answer_to_a_person,
    a_quarter_closes_on_the_eighth_and_tells_of_large_groups_alone,
    few_and_alike_answers_leave_no_row,
    who_changes_teams_counts_with_the_first_one_of_the_quarter,
    a_smallest_group_that_was_raised_hides_earlier_figures,
    whoever_leaves_takes_their_mark_and_one_s_own_data_tells_of_it,
    an_open_quarter_moves_to_another_database,
}

const FEBRUARY: &str = "2026-02-10T09:00:00Z";
const MARCH: &str = "2026-03-10T09:00:00Z";
const CLOSED: &str = "2026-04-08T01:00:00Z";

fn on() -> Chosen {
    Chosen { on: true, purpose: "To see whether our rotas let people sleep.".to_owned(), ..Chosen::default() }
}

async fn switch_on(store: &Store, p: &People) {
    settings::save_pulse(store, &p.admin, &on(), at("2026-01-05T09:00:00Z")).await.unwrap();
}

/// One step to everything that has it.
fn all(step: u8) -> Answers {
    Item::ALL.into_iter().map(|item| (item, step.min(item.steps().len() as u8))).collect()
}

fn focus(step: u8) -> Answers {
    Answers::from([(Item::Focus, step)])
}

/// So many new people of a team, answering with these steps in February.
async fn crowd(store: &Store, team: Option<TeamId>, name: &str, steps: &[u8]) -> Vec<Viewer> {
    let mut crowd = Vec::new();
    for (n, step) in steps.iter().enumerate() {
        let one = account(store, &format!("{name} {n}"), GlobalRole::Member, false, team, None).await;
        room::answer(store, &one, &all(*step), at(FEBRUARY)).await.unwrap();
        crowd.push(one);
    }
    crowd
}

/// Every row of an export that is in one of these tables.
async fn rows(store: &Store, tables: &[&str]) -> Vec<String> {
    let mut export = Vec::new();
    store::archive::export(store, &mut export).await.unwrap();
    let export = String::from_utf8(export).unwrap();
    let (mut within, mut rows) = (false, Vec::new());
    for line in export.lines() {
        if line.starts_with('[') {
            rows.extend(within.then(|| line.to_owned()));
        } else {
            within = tables.iter().any(|table| line.starts_with(&format!("{{\"table\":\"{table}\"")));
        }
    }
    rows
}

async fn asked(store: &Store, viewer: &Viewer, now: &str) -> Asked {
    room::mine(store, viewer, at(now)).await.unwrap().asked
}

async fn it_is_off_until_an_administrator_says_what_it_is_for(store: Store) {
    let p = people(&store).await;
    assert_eq!(asked(&store, &p.responder, FEBRUARY).await, Asked::Off);
    assert!(matches!(room::answer(&store, &p.responder, &focus(3), at(FEBRUARY)).await, Err(StoreError::NotFound)));
    assert!(matches!(room::not_this_month(&store, &p.responder, at(FEBRUARY)).await, Err(StoreError::NotFound)));
    for other in [&p.responder, &p.leader, &p.manager, &p.facilitator, &p.guest] {
        assert!(matches!(settings::save_pulse(&store, other, &on(), at(FEBRUARY)).await, Err(StoreError::NotFound)));
        assert!(matches!(settings::pulse(&store, other).await, Err(StoreError::NotFound)));
    }
    let help = HelpResource { name: "Betty".to_owned(), how: "Room 4".to_owned(), link: "tel:+4912345".to_owned() };
    let chosen = Chosen { goals: Goals::from([(Item::Sleep, 80)]), help: vec![help.clone()], ..on() };
    settings::save_pulse(&store, &p.admin, &chosen, at(FEBRUARY)).await.unwrap();
    assert_eq!(settings::pulse(&store, &p.admin).await.unwrap(), chosen);
    // Also who leads and who only administers is a person with work of their own.
    for one in [&p.responder, &p.leader, &p.manager, &p.admin] {
        assert_eq!(asked(&store, one, FEBRUARY).await, Asked::Open, "{}", one.name);
        assert!(room::waits(&store, one, at(FEBRUARY)).await.unwrap());
        assert_eq!(room::mine(&store, one, at(FEBRUARY)).await.unwrap().help, std::slice::from_ref(&help));
    }
    assert!(!room::waits(&store, &p.guest, at(FEBRUARY)).await.unwrap());
    assert!(matches!(room::mine(&store, &p.guest, at(FEBRUARY)).await, Err(StoreError::NotFound)));
    assert!(matches!(room::answer(&store, &p.guest, &focus(3), at(FEBRUARY)).await, Err(StoreError::NotFound)));
    for (viewer, sees) in [(&p.leader, true), (&p.responder, true), (&p.admin, false), (&p.guest, false)] {
        assert_eq!(room::released(&store, viewer, at(FEBRUARY)).await.is_ok(), sees, "{}", viewer.name);
    }
}

async fn one_person_answers_once_a_month(store: Store) {
    let p = people(&store).await;
    switch_on(&store, &p).await;
    room::answer(&store, &p.responder, &focus(3), at(FEBRUARY)).await.unwrap();
    assert_eq!(asked(&store, &p.responder, FEBRUARY).await, Asked::Answered);
    assert!(!room::waits(&store, &p.responder, at(FEBRUARY)).await.unwrap());
    let before = rows(&store, &["pulse_quarters", "pulse_marks"]).await;
    assert!(matches!(
        room::answer(&store, &p.responder, &focus(1), at("2026-02-28T23:59:59Z")).await,
        Err(StoreError::Refused(_))
    ));
    assert_eq!(rows(&store, &["pulse_quarters", "pulse_marks"]).await, before, "nothing is added");
    room::answer(&store, &p.responder, &focus(1), at("2026-03-01T00:00:00Z")).await.unwrap();
    room::answer(&store, &p.responder, &focus(1), at("2026-04-01T00:00:00Z")).await.unwrap();
}

async fn two_answers_at_once_are_one(store: Store) {
    let p = people(&store).await;
    switch_on(&store, &p).await;
    let (one, other) = (focus(1), focus(5));
    let now = at(FEBRUARY);
    let (first, second, third) = futures_util::join!(
        room::answer(&store, &p.responder, &one, now),
        room::answer(&store, &p.responder, &other, now),
        room::answer(&store, &p.outsider, &other, now),
    );
    assert!(first.is_ok() != second.is_ok() && third.is_ok(), "{first:?} {second:?} {third:?}");
}

async fn who_does_not_want_to_be_asked_leaves_a_mark_like_an_answer(store: Store) {
    let p = people(&store).await;
    switch_on(&store, &p).await;
    room::not_this_month(&store, &p.responder, at(FEBRUARY)).await.unwrap();
    room::answer(&store, &p.outsider, &focus(3), at(FEBRUARY)).await.unwrap();
    assert!(!room::waits(&store, &p.responder, at(FEBRUARY)).await.unwrap());
    assert!(room::waits(&store, &p.responder, at(MARCH)).await.unwrap());
    let marks = rows(&store, &["pulse_marks"]).await;
    assert!(marks.len() == 2 && marks[0].len() == marks[1].len(), "{marks:?}");
    room::answer(&store, &p.responder, &focus(4), at(FEBRUARY)).await.unwrap();
    assert_eq!(asked(&store, &p.responder, FEBRUARY).await, Asked::Answered);
}

async fn nothing_that_is_kept_leads_from_an_answer_to_a_person(store: Store) {
    let p = people(&store).await;
    switch_on(&store, &p).await;
    let trail = rows(&store, &["audit"]).await.len();
    let sealed_of = async || rows(&store, &["pulse_quarters"]).await;
    room::answer(&store, &p.outsider, &all(2), at(FEBRUARY)).await.unwrap();
    let before = sealed_of().await;
    room::answer(&store, &p.responder, &all(1), at(FEBRUARY)).await.unwrap();
    let after = sealed_of().await;
    let length = |rows: &[String]| rows.iter().map(String::len).sum::<usize>();
    assert_eq!(length(&before), length(&after), "a first answer of another team makes nothing longer");
    let kept = rows(&store, &["pulse_quarters", "pulse_marks", "pulse_figures"]).await;
    assert_eq!(kept.len(), 3, "a quarter and two marks: {kept:?}");
    for person in [&p.responder, &p.outsider] {
        let (id, team) = (person.person_id.to_string(), person.team_id.unwrap().to_string());
        for row in &kept {
            for told in [id.as_str(), team.as_str(), person.name.as_str(), "burnout", "2026-02-1"] {
                assert!(!row.contains(told), "{told} in {row}");
            }
        }
    }
    assert_eq!(rows(&store, &["audit"]).await.len(), trail, "the trail does not say who took part");
    crowd(&store, Some(p.team), "One", &[1, 1, 1, 4, 4, 4, 4, 5, 5]).await;
    room::close_quarters(&store, at(CLOSED)).await.unwrap();
    assert_eq!(rows(&store, &["pulse_marks"]).await, Vec::<String>::new(), "marks go");
    let quarters = rows(&store, &["pulse_quarters"]).await;
    assert!(quarters.len() == 1 && quarters[0].len() < 200, "sums go: {quarters:?}");
    assert!(!rows(&store, &["pulse_figures"]).await.is_empty());
}

async fn a_quarter_closes_on_the_eighth_and_tells_of_large_groups_alone(store: Store) {
    let p = people(&store).await;
    switch_on(&store, &p).await;
    // Eleven of Payments, of whom three have it hard; six of Harbour, three of whom have; none of the two shall tell of the other.
    crowd(&store, Some(p.team), "Pay", &[1, 1, 2, 3, 3, 4, 4, 4, 5, 5, 5]).await;
    crowd(&store, Some(p.other_team), "Har", &[1, 1, 2, 4, 4, 4]).await;
    assert_eq!(room::close_quarters(&store, at("2026-04-07T23:59:00Z")).await.unwrap(), []);
    let released = room::released(&store, &p.leader, at("2026-04-07T23:59:00Z")).await.unwrap();
    assert_eq!((released.quarters.len(), released.next.0), (0, Period::quarter(2026, 1).unwrap()));
    // Switched off in between: what was counted is told as it would have been.
    settings::save_pulse(&store, &p.admin, &Chosen::default(), at("2026-04-07T23:59:00Z")).await.unwrap();
    assert_eq!(room::close_quarters(&store, at(CLOSED)).await.unwrap(), [Period::quarter(2026, 1).unwrap()]);
    assert_eq!(room::close_quarters(&store, at(CLOSED)).await.unwrap(), [], "once");
    for viewer in [&p.leader, &p.responder, &p.manager] {
        let released = room::released(&store, viewer, at(CLOSED)).await.unwrap();
        let [quarter] = &released.quarters[..] else { panic!("{released:?}") };
        assert_eq!(quarter.period, Period::quarter(2026, 1).unwrap());
        let focus = |unit| quarter.figure(Item::Focus, unit).map(|f| (f.people, f.share, f.parts));
        assert_eq!(focus(Unit::Organisation), Some((15, 60, [Part::Some, Part::Few, Part::Some])));
        assert_eq!(focus(Unit::Team(p.team)), Some((10, 70, [Part::Few, Part::Few, Part::Some])));
        assert_eq!(focus(Unit::Team(p.other_team)), Some((5, 50, [Part::Some, Part::Few, Part::Some])));
        // Six people do not hide what they say of their sleep, and eleven beside them would leave these six.
        let sleep = |unit| quarter.figure(Item::Sleep, unit).map(|f| (f.people, f.share));
        assert_eq!(sleep(Unit::Organisation), Some((15, 60)));
        assert_eq!(sleep(Unit::Team(p.other_team)), None);
        assert_eq!(sleep(Unit::Team(p.team)), None, "the rest would be six");
        // Of 26 accounts 17 took part.
        assert_eq!(quarter.rate, Some(Rate { answered: 17, invited: 26 }));
    }
}

async fn few_and_alike_answers_leave_no_row(store: Store) {
    let p = people(&store).await;
    switch_on(&store, &p).await;
    // Four people, of whom some answer three times; and nine who all have it hard in the next quarter.
    for one in crowd(&store, Some(p.team), "One", &[1, 1, 5, 5]).await {
        room::answer(&store, &one, &all(5), at(MARCH)).await.unwrap();
    }
    room::close_quarters(&store, at(CLOSED)).await.unwrap();
    for n in 0..9 {
        let one = account(&store, &format!("Two {n}"), GlobalRole::Member, false, Some(p.team), None).await;
        room::answer(&store, &one, &all(1), at("2026-05-10T09:00:00Z")).await.unwrap();
    }
    room::close_quarters(&store, at("2026-07-08T00:00:00Z")).await.unwrap();
    let released = room::released(&store, &p.leader, at("2026-07-08T00:00:00Z")).await.unwrap();
    assert_eq!(released.quarters.len(), 2);
    for quarter in &released.quarters {
        assert_eq!(quarter.figures, [], "{}", quarter.period);
        assert_eq!(pulse::verdict(80, quarter.figure(Item::Sleep, Unit::Organisation)), pulse::Verdict::TooFew);
    }
    assert_eq!(released.quarters[1].rate, None, "four took part");
}

async fn who_changes_teams_counts_with_the_first_one_of_the_quarter(store: Store) {
    let p = people(&store).await;
    switch_on(&store, &p).await;
    for one in crowd(&store, Some(p.team), "Pay", &[1, 1, 4, 4, 4, 4]).await {
        // All of them are of Harbour in March: six people, not twelve.
        let moved = Viewer { team_id: Some(p.other_team), ..one };
        room::answer(&store, &moved, &all(4), at(MARCH)).await.unwrap();
    }
    room::close_quarters(&store, at(CLOSED)).await.unwrap();
    let released = room::released(&store, &p.leader, at(CLOSED)).await.unwrap();
    let units: Vec<Unit> = released.quarters[0].figures.iter().filter(|f| f.item == Item::Focus).map(|f| f.unit).collect();
    assert_eq!(units, [Unit::Organisation, Unit::Team(p.team)]);
    let all_told = released.quarters[0].figure(Item::Focus, Unit::Organisation).unwrap();
    assert_eq!((all_told.people, all_told.share), (5, 80), "ten of twelve answers of six people");
}

async fn a_smallest_group_that_was_raised_hides_earlier_figures(store: Store) {
    let p = people(&store).await;
    switch_on(&store, &p).await;
    crowd(&store, Some(p.team), "Pay", &[1, 1, 4, 4, 4, 4]).await;
    room::close_quarters(&store, at(CLOSED)).await.unwrap();
    let figures = async || room::released(&store, &p.leader, at(CLOSED)).await.unwrap().quarters[0].figures.len();
    assert!(figures().await > 0);
    settings::save_numbers(&store, &p.admin, &[(Number::SmallestGroup, "6")], at(CLOSED)).await.unwrap();
    assert_eq!(figures().await, 0, "at least five is all that is known of them");
}

async fn whoever_leaves_takes_their_mark_and_one_s_own_data_tells_of_it(store: Store) {
    let p = people(&store).await;
    switch_on(&store, &p).await;
    let marks = async || rows(&store, &["pulse_marks"]).await.len();
    assert_eq!(marks().await, 0);
    room::answer(&store, &p.outsider, &focus(2), at(FEBRUARY)).await.unwrap();
    room::not_this_month(&store, &p.outsider, at(MARCH)).await.unwrap();
    let own = store::owndata::collect(&store, &p.outsider, at(MARCH)).await.unwrap();
    let month = |n| Period::month(2026, n).unwrap();
    assert_eq!(own.pulse, [(month(2), true), (month(3), false)]);
    assert_eq!(store::owndata::collect(&store, &p.responder, at(MARCH)).await.unwrap().pulse, []);
    assert_eq!(marks().await, 1, "one of a quarter");
    store::owndata::close_account(&store, &p.outsider, false, at(MARCH)).await.unwrap();
    assert_eq!(marks().await, 0);
}

async fn an_open_quarter_moves_to_another_database(store: Store) {
    let p = people(&store).await;
    switch_on(&store, &p).await;
    crowd(&store, Some(p.team), "Pay", &[1, 1, 4, 4, 4, 4]).await;
    let mut export = Vec::new();
    store::archive::export(&store, &mut export).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("moved.db").display());
    let moved = Store::open(&url, crate::support::key()).await.unwrap();
    moved.migrate().await.unwrap();
    store::archive::import(&moved, &export[..]).await.unwrap();
    assert_eq!(room::close_quarters(&moved, at(CLOSED)).await.unwrap().len(), 1);
    let released = room::released(&moved, &p.leader, at(CLOSED)).await.unwrap();
    assert!(released.quarters[0].figure(Item::Focus, Unit::Team(p.team)).is_some());
    moved.close().await;
}
