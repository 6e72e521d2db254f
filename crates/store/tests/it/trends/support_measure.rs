//! Support as a people measure: counted once, of everybody together, and only where it does not tell what each person said.

use super::{members, month, review};
use crate::support::{People, at, people};
use chrono::{DateTime, Duration, Utc};
use domain::IncidentId;
use domain::interviews::{AnswerBody, Audience, SUPPORT};
use domain::people::Viewer;
use domain::trends::{Reason, Support, Unit};
use store::interviews::{self, Invitee, SaveAnswer};
use store::owndata::{self, Erase};
use store::trends as room;
use store::{Store, incidents};

conformance! {
    answers_about_support_are_counted_once_and_for_everybody_together,
    what_its_author_or_the_incident_keeps_apart_is_not_counted,
    a_month_in_which_all_said_the_same_is_hidden,
    support_told_late_goes_into_the_next_month,
    support_that_is_erased_and_told_again_counts_once,
}

/// Answers question 4 with a choice and submits.
async fn say(store: &Store, p: &People, incident: IncidentId, who: &Viewer, choice: &str, count_me: bool, now: DateTime<Utc>) {
    let invitee = Invitee::Person(who.person_id);
    let talk = interviews::invite(store, &p.facilitator, incident, &invitee, None, now).await.unwrap().id;
    let save = SaveAnswer {
        body: AnswerBody { choice: choice.to_owned(), ..AnswerBody::default() },
        audience: Audience::OnlyMe,
        count_me,
        with_name: false,
        base_version: 0,
        request_key: String::new(),
        follows: String::new(),
    };
    interviews::save(store, who, talk, SUPPORT, &save, now).await.unwrap();
    interviews::submit(store, who, talk, now).await.unwrap();
}

/// A review of an incident of that day, of which these people tell two days later.
async fn told(store: &Store, p: &People, day: &str, choices: &[(&Viewer, &str)]) -> IncidentId {
    let started = format!("{day}T13:00:00Z");
    let id = review(store, p, &started).await;
    for (who, choice) in choices {
        say(store, p, id, who, choice, true, at(&started) + Duration::days(2)).await;
    }
    id
}

async fn closed(store: &Store, p: &People, day: &str) -> room::Measure<Support> {
    let now = at(&format!("{day}T00:00:00Z"));
    room::close_months(store, now).await.unwrap();
    room::released(store, &p.leader, now).await.unwrap().support
}

fn with<'a>(who: &'a [Viewer], choices: &[&'a str]) -> Vec<(&'a Viewer, &'a str)> {
    who.iter().zip(choices.iter().copied()).collect()
}

async fn answers_about_support_are_counted_once_and_for_everybody_together(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 6).await;
    told(&store, &p, "2026-02-10", &with(&who, &["yes", "partly", "no", "did-not-ask", "not-needed"])).await;
    told(&store, &p, "2026-02-17", &with(&who[5..], &["yes"])).await;
    let shown = closed(&store, &p, "2026-03-08").await;
    let february = shown.figure(Unit::Organisation, month("2026-02")).unwrap().unwrap();
    assert_eq!((february.people, february.given), (6, Support { enough: 3, more_needed: 3 }));
    assert!(shown.figures.iter().all(|f| f.cell.unit == Unit::Organisation), "no team has a figure of its own");
    // The next month holds nobody: neither it nor the quarter repeats them.
    let march = closed(&store, &p, "2026-04-08").await;
    assert_eq!(march.figure(Unit::Organisation, month("2026-03")), Some(&Err(Reason::TooFew)));
    assert_eq!(march.latest(Unit::Organisation), Some((month("2026-02"), february)));
}

async fn what_its_author_or_the_incident_keeps_apart_is_not_counted(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 8).await;
    let id = told(&store, &p, "2026-02-10", &with(&who, &["yes", "partly", "no", "yes", "no"])).await;
    let now = at("2026-02-12T13:00:00Z");
    say(&store, &p, id, &who[5], "no", false, now).await;
    say(&store, &p, id, &who[6], "", true, now).await;
    let restricted = told(&store, &p, "2026-02-17", &with(&who[7..], &["no"])).await;
    incidents::restrict(&store, &p.facilitator, restricted, true, at("2026-02-20T10:00:00Z")).await.unwrap();
    let shown = closed(&store, &p, "2026-03-08").await;
    let february = shown.figure(Unit::Organisation, month("2026-02")).unwrap().unwrap();
    assert_eq!((february.people, february.given), (5, Support { enough: 2, more_needed: 3 }));
}

async fn a_month_in_which_all_said_the_same_is_hidden(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 6).await;
    told(&store, &p, "2026-02-10", &with(&who, &["no", "no", "partly", "did-not-ask", "no", "yes"])).await;
    let shown = closed(&store, &p, "2026-03-08").await;
    let hidden = shown.figure(Unit::Organisation, month("2026-02"));
    assert_eq!(hidden, Some(&Err(Reason::WouldIsolate)), "the one who had enough would know what all the others said");
}

async fn support_told_late_goes_into_the_next_month(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 7).await;
    let id = told(&store, &p, "2026-02-10", &with(&who, &["yes", "partly", "no", "yes", "no"])).await;
    closed(&store, &p, "2026-03-08").await;
    for who in &who[5..] {
        say(&store, &p, id, who, "no", true, at("2026-03-10T13:00:00Z")).await;
    }
    told(&store, &p, "2026-03-10", &with(&who, &["yes", "partly", "no", "yes", "no"])).await;
    let shown = closed(&store, &p, "2026-04-08").await;
    let of = |name: &str| shown.figure(Unit::Organisation, month(name)).unwrap().unwrap();
    assert_eq!(of("2026-02").people, 5, "a closed figure never changes");
    assert_eq!((of("2026-03").people, of("2026-03").given), (7, Support { enough: 2, more_needed: 5 }));
}

async fn support_that_is_erased_and_told_again_counts_once(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 5).await;
    let id = told(&store, &p, "2026-02-10", &with(&who, &["yes", "partly", "no", "yes", "no"])).await;
    closed(&store, &p, "2026-03-08").await;
    let now = at("2026-03-10T13:00:00Z");
    for viewer in &who[..2] {
        let talks = owndata::collect(&store, viewer, now).await.unwrap().conversations;
        owndata::erase(&store, viewer, Erase::Answer(talks[0].id, SUPPORT), false, now).await.unwrap();
        let save = SaveAnswer {
            body: AnswerBody { choice: "no".to_owned(), ..AnswerBody::default() },
            audience: Audience::OnlyMe,
            count_me: true,
            with_name: false,
            base_version: 0,
            request_key: String::new(),
            follows: String::new(),
        };
        interviews::save(&store, viewer, talks[0].id, SUPPORT, &save, now).await.unwrap();
        interviews::submit(&store, viewer, talks[0].id, now).await.unwrap();
    }
    told(&store, &p, "2026-03-10", &with(&who, &["yes", "partly", "no", "yes", "no"])).await;
    let shown = closed(&store, &p, "2026-04-08").await;
    let march = shown.figure(Unit::Organisation, month("2026-03")).unwrap().unwrap();
    assert_eq!((march.people, march.given), (5, Support { enough: 2, more_needed: 3 }), "{id}");
}
