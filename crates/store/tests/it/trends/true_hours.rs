//! Hours that are true: no minute counts twice, each is cut by what held on its day, waiting is no work, and how complete a month is.

use super::{an_hour_each, members, month, review, stretch, tell};
use crate::support::{People, at, people};
use chrono::{DateTime, NaiveTime, Utc};
use domain::interviews::WorkKind;
use domain::people::{TakesPart, Viewer};
use domain::stretches::NewStretch;
use domain::trends::{Completeness, Hours, Reason, Released, Unit};
use domain::walltime::{BandMinutes, WorkPattern};
use domain::{InvitationId, TeamId, WorkSessionId};
use store::interviews::{self, Invitee};
use store::owndata::{self, Erase};
use store::people::{self as accounts, AccountChange, By};
use store::trends as room;
use store::{Store, StoreError};

conformance! {
    minutes_of_a_parallel_incident_that_is_told_late_count_once,
    a_stretch_that_is_removed_and_told_again_counts_once,
    what_is_erased_and_told_again_counts_once,
    of_a_stretch_that_grows_after_its_month_what_is_new_counts,
    what_was_counted_is_shown_to_its_person_and_goes_after_four_months,
    hours_are_cut_by_what_held_on_their_day,
    an_hour_counts_for_the_team_of_its_day,
    waiting_and_travel_are_no_work,
    how_complete_a_month_is_is_counted_once,
    few_who_did_not_tell_are_hidden,
}

/// Closes what is due on this day and answers the hours of everybody in a month.
async fn hours(store: &Store, p: &People, day: &str, of: &str) -> Result<Released<Hours>, Reason> {
    let now = at(&format!("{day}T00:00:00Z"));
    room::close_months(store, now).await.unwrap();
    *room::released(store, &p.leader, now).await.unwrap().hours.figure(Unit::Organisation, month(of)).unwrap()
}

/// February with an hour of each of five people, closed; the five, and one of their conversations by who it is.
async fn february(store: &Store, p: &People) -> Vec<Viewer> {
    let who = members(store, p.team, "Pay", 5).await;
    an_hour_each(store, p, "2026-02", &who).await;
    assert_eq!(hours(store, p, "2026-03-08", "2026-02").await.unwrap().given.total(), 300);
    who
}

/// The conversation and the stretch that somebody told of first.
async fn first_told(store: &Store, who: &Viewer) -> (InvitationId, WorkSessionId) {
    let mine = interviews::my_hours(store, who).await.unwrap().stretches;
    let first = mine.iter().min_by_key(|s| s.session.started_at).unwrap();
    (first.session.invitation_id, first.session.id)
}

async fn minutes_of_a_parallel_incident_that_is_told_late_count_once(store: Store) {
    let p = people(&store).await;
    let who = february(&store, &p).await;
    // Another incident of the same afternoon, told of after the closing: half an hour of it is new.
    let id = review(&store, &p, "2026-02-10T13:00:00Z").await;
    let parallel = stretch("2026-02-10T13:30:00Z", "2026-02-10T14:30:00Z");
    tell(&store, &p, id, &who[0], &parallel, at("2026-03-09T09:00:00Z")).await;
    an_hour_each(&store, &p, "2026-03", &who).await;
    assert_eq!(hours(&store, &p, "2026-04-08", "2026-03").await.unwrap().given.total(), 300 + 30);
}

async fn a_stretch_that_is_removed_and_told_again_counts_once(store: Store) {
    let p = people(&store).await;
    let who = february(&store, &p).await;
    let (invitation, session) = first_told(&store, &who[0]).await;
    let now = at("2026-03-09T09:00:00Z");
    interviews::remove_session(&store, &who[0], invitation, session, now).await.unwrap();
    let again = stretch("2026-02-10T13:00:00Z", "2026-02-10T14:00:00Z");
    interviews::add_session(&store, &who[0], invitation, &again, now).await.unwrap();
    interviews::submit(&store, &who[0], invitation, now).await.unwrap();
    an_hour_each(&store, &p, "2026-03", &who).await;
    assert_eq!(hours(&store, &p, "2026-04-08", "2026-03").await.unwrap().given.total(), 300);
}

async fn what_is_erased_and_told_again_counts_once(store: Store) {
    let p = people(&store).await;
    let who = february(&store, &p).await;
    let now = at("2026-03-09T09:00:00Z");
    let again = stretch("2026-02-10T13:00:00Z", "2026-02-10T14:00:00Z");
    let (one, _) = first_told(&store, &who[0]).await;
    let (other, _) = first_told(&store, &who[1]).await;
    owndata::erase(&store, &who[0], Erase::Answer(one, domain::interviews::WORK), false, now).await.unwrap();
    owndata::erase(&store, &who[1], Erase::Everything, false, now).await.unwrap();
    for (viewer, invitation) in [(&who[0], one), (&who[1], other)] {
        assert!(interviews::my_hours(&store, viewer).await.unwrap().stretches.is_empty());
        interviews::add_session(&store, viewer, invitation, &again, now).await.unwrap();
        interviews::submit(&store, viewer, invitation, now).await.unwrap();
    }
    an_hour_each(&store, &p, "2026-03", &who).await;
    assert_eq!(hours(&store, &p, "2026-04-08", "2026-03").await.unwrap().given.total(), 300);
}

async fn of_a_stretch_that_grows_after_its_month_what_is_new_counts(store: Store) {
    let p = people(&store).await;
    let who = february(&store, &p).await;
    let (invitation, session) = first_told(&store, &who[0]).await;
    let longer = stretch("2026-02-10T12:00:00Z", "2026-02-10T14:15:00Z");
    interviews::change_session(&store, &who[0], invitation, session, &longer, at("2026-03-09T09:00:00Z")).await.unwrap();
    an_hour_each(&store, &p, "2026-03", &who).await;
    assert_eq!(hours(&store, &p, "2026-04-08", "2026-03").await.unwrap().given.total(), 300 + 75);
    assert_eq!(hours(&store, &p, "2026-05-08", "2026-03").await.unwrap().given.total(), 300 + 75);
}

async fn what_was_counted_is_shown_to_its_person_and_goes_after_four_months(store: Store) {
    let p = people(&store).await;
    let who = february(&store, &p).await;
    let counted = async |viewer: &Viewer, now: &str| owndata::collect(&store, viewer, at(now)).await.unwrap().counted;
    let mine = counted(&who[0], "2026-03-09T09:00:00Z").await;
    assert_eq!(mine.len(), 1);
    assert_eq!((mine[0].stretch.start, mine[0].stretch.end), (at("2026-02-10T13:00:00Z"), at("2026-02-10T14:00:00Z")));
    assert_eq!(mine[0].month, month("2026-02").first_day());
    owndata::erase(&store, &who[0], Erase::Everything, false, at("2026-03-09T09:00:00Z")).await.unwrap();
    assert_eq!(counted(&who[0], "2026-03-09T09:00:00Z").await, mine, "erasing does not make it count again");
    assert!(counted(&p.leader, "2026-03-09T09:00:00Z").await.is_empty());
    // What began in February, or in the night after it, counts until May closes on 8 June.
    room::close_months(&store, at("2026-05-08T00:00:00Z")).await.unwrap();
    assert_eq!(counted(&who[0], "2026-05-09T09:00:00Z").await, mine);
    room::close_months(&store, at("2026-06-08T00:00:00Z")).await.unwrap();
    assert_eq!(counted(&who[0], "2026-06-09T09:00:00Z").await, mine);
    room::close_months(&store, at("2026-07-08T00:00:00Z")).await.unwrap();
    assert!(counted(&who[0], "2026-07-09T09:00:00Z").await.is_empty(), "nothing of it can be told late any more");
}

/// Works from six to ten, on all days.
fn early() -> WorkPattern {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    WorkPattern { start: time(6), end: time(10), days: [true; 7] }
}

async fn hours_are_cut_by_what_held_on_their_day(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 5).await;
    // 14:00 to 15:00 in Copenhagen on a Tuesday, told of on the twelfth; hours change between that and the closing.
    an_hour_each(&store, &p, "2026-02", &who).await;
    let save = async |viewer: &Viewer, now: DateTime<Utc>| {
        accounts::save_profile(&store, viewer, &viewer.name, "Europe/Copenhagen", &early(), now).await.unwrap();
    };
    for viewer in &who {
        save(viewer, at("2026-02-20T09:00:00Z")).await;
    }
    // And of an hour after the change.
    let id = review(&store, &p, "2026-02-24T13:00:00Z").await;
    for viewer in &who {
        let hour = stretch("2026-02-24T13:00:00Z", "2026-02-24T14:00:00Z");
        tell(&store, &p, id, viewer, &hour, at("2026-02-25T09:00:00Z")).await;
    }
    let expected = BandMinutes { working: 300, evening: 300, ..BandMinutes::default() };
    let own = interviews::my_hours(&store, &who[0]).await.unwrap().total;
    assert_eq!((own.working, own.evening), (60, 60), "one's own page says the same");
    assert_eq!(hours(&store, &p, "2026-03-08", "2026-02").await.unwrap().given, Hours::ByBand(expected));
    // Saved again on the same day: the last of the day holds, and what held before stays.
    save(&who[0], at("2026-02-20T10:00:00Z")).await;
    let held = owndata::collect(&store, &who[0], at("2026-03-09T09:00:00Z")).await.unwrap().profile.held;
    assert_eq!(held.iter().map(|h| h.pattern.start.to_string()).collect::<Vec<_>>(), ["09:00:00", "06:00:00"]);
    assert_eq!(held[1].from, "2026-02-20".parse().unwrap());
}

/// Moves somebody to another team.
async fn move_to(store: &Store, p: &People, who: &Viewer, team: TeamId, now: DateTime<Utc>) {
    let account = accounts::account(store, By::Host, who.person_id, now).await.unwrap();
    let change = AccountChange {
        name: account.line.name,
        email: account.line.email,
        takes_part: TakesPart::Member,
        team_id: Some(team),
        ..AccountChange::default()
    };
    accounts::change_account(store, By::Viewer(&p.admin), who.person_id, &change, now).await.unwrap();
}

async fn an_hour_counts_for_the_team_of_its_day(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 10).await;
    an_hour_each(&store, &p, "2026-02", &who).await;
    // Five of them move before the month closes, and work another hour there.
    for viewer in &who[..5] {
        move_to(&store, &p, viewer, p.other_team, at("2026-02-20T09:00:00Z")).await;
    }
    let id = review(&store, &p, "2026-02-24T13:00:00Z").await;
    for viewer in &who[..5] {
        let hour = stretch("2026-02-24T13:00:00Z", "2026-02-24T14:00:00Z");
        tell(&store, &p, id, viewer, &hour, at("2026-02-25T09:00:00Z")).await;
    }
    let all = hours(&store, &p, "2026-03-08", "2026-02").await.unwrap();
    assert_eq!((all.people, all.given.total()), (10, 900), "each counts once in all teams");
    let shown = room::released(&store, &p.leader, at("2026-03-08T00:00:00Z")).await.unwrap();
    let of = |team| shown.hours.figure(Unit::Team(team), month("2026-02")).unwrap().unwrap();
    assert_eq!((of(p.team).people, of(p.team).given.total()), (10, 600), "where they were on the tenth");
    assert_eq!((of(p.other_team).people, of(p.other_team).given.total()), (5, 300));
}

async fn waiting_and_travel_are_no_work(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 5).await;
    an_hour_each(&store, &p, "2026-02", &who).await;
    let id = review(&store, &p, "2026-02-20T08:00:00Z").await;
    let now = at("2026-02-20T18:00:00Z");
    let waiting = NewStretch { kind: WorkKind::Waiting, ..stretch("2026-02-20T08:00:00Z", "2026-02-20T10:00:00Z") };
    let talk = tell(&store, &p, id, &who[0], &waiting, now).await;
    let travel = NewStretch { kind: WorkKind::Travel, ..stretch("2026-02-20T10:00:00Z", "2026-02-20T10:30:00Z") };
    interviews::add_session(&store, &who[0], talk, &travel, now).await.unwrap();
    // The same time told of as work on another incident is work.
    let other = review(&store, &p, "2026-02-20T08:00:00Z").await;
    let work = stretch("2026-02-20T09:00:00Z", "2026-02-20T09:30:00Z");
    tell(&store, &p, other, &who[0], &work, now).await;
    let own = interviews::my_hours(&store, &who[0]).await.unwrap();
    assert_eq!((own.total.total(), own.apart, own.stretches.len()), (60 + 30, 120 + 30 - 30, 4));
    assert_eq!(hours(&store, &p, "2026-03-08", "2026-02").await.unwrap().given.total(), 300 + 30);
}

/// Of those asked about an incident of February, some tell of an hour.
async fn asked(store: &Store, p: &People, told: usize, silent: usize) -> Vec<Viewer> {
    let who = members(store, p.team, "Pay", told + silent).await;
    let id = review(store, p, "2026-02-10T13:00:00Z").await;
    let hour = stretch("2026-02-10T13:00:00Z", "2026-02-10T14:00:00Z");
    for (number, viewer) in who.iter().enumerate() {
        let now = at("2026-02-12T09:00:00Z");
        if number < told {
            tell(store, p, id, viewer, &hour, now).await;
        } else {
            let talk =
                interviews::invite(store, &p.facilitator, id, &Invitee::Person(viewer.person_id), None, now).await.unwrap().id;
            // Told and not submitted is not confirmed, and who declines was asked as well.
            match number % 2 {
                0 => drop(interviews::add_session(store, viewer, talk, &hour, now).await.unwrap()),
                _ => interviews::decline(store, viewer, talk, now).await.unwrap(),
            }
        }
    }
    who
}

async fn how_complete_a_month_is_is_counted_once(store: Store) {
    let p = people(&store).await;
    let who = asked(&store, &p, 7, 5).await;
    hours(&store, &p, "2026-03-08", "2026-02").await.unwrap();
    let shown = async || {
        let measures = room::released(&store, &p.leader, at("2026-03-08T00:00:00Z")).await.unwrap();
        *measures.completeness.figure(Unit::Organisation, month("2026-02")).unwrap()
    };
    let complete = Completeness { told: 7, asked: 12 };
    assert_eq!(shown().await, Ok(Released { people: 7, given: complete }));
    assert!(complete.is_lower_bound());
    // Told afterwards: it stays as it was.
    let id = review(&store, &p, "2026-02-11T13:00:00Z").await;
    let hour = stretch("2026-02-11T13:00:00Z", "2026-02-11T14:00:00Z");
    tell(&store, &p, id, &who[11], &hour, at("2026-03-09T09:00:00Z")).await;
    room::close_months(&store, at("2026-04-08T00:00:00Z")).await.unwrap();
    assert_eq!(shown().await, Ok(Released { people: 7, given: complete }));
    // A raised smallest group holds here, too: five did not tell.
    let raised = [(domain::settings::Number::SmallestGroup, "6")];
    store::settings::save_numbers(&store, &p.admin, &raised, at("2026-04-08T00:00:00Z")).await.unwrap();
    assert_eq!(shown().await, Err(Reason::WouldIsolate));
}

async fn few_who_did_not_tell_are_hidden(store: Store) {
    let p = people(&store).await;
    asked(&store, &p, 6, 2).await;
    hours(&store, &p, "2026-03-08", "2026-02").await.unwrap();
    let measures = room::released(&store, &p.leader, at("2026-03-08T00:00:00Z")).await.unwrap();
    assert_eq!(measures.completeness.figure(Unit::Organisation, month("2026-02")), Some(&Err(Reason::WouldIsolate)));
    assert!(matches!(room::released(&store, &p.admin, at("2026-03-08T00:00:00Z")).await, Err(StoreError::NotFound)));
}
