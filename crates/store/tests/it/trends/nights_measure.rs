//! Nights as a people measure: each night and each rest once, of everybody together, and only where it does not tell of each.

use super::{members, month, review, stretch, tell};
use crate::support::{People, at, people};
use domain::people::Viewer;
use domain::trends::{NightCounts, Nights, Reason, Unit};
use store::trends as room;
use store::{Store, interviews};

conformance! {
    nights_and_short_rests_are_counted_once,
    a_night_that_is_told_of_again_late_is_no_second_one,
    one_night_of_each_is_hidden,
}

/// An incident at night of which these people tell; the working day begins at nine, so that the rest is short where it is a working day.
async fn call(store: &Store, p: &People, evening: &str, who: &[Viewer], told_on: &str) {
    let (from, to) = (format!("{evening}T22:00:00Z"), format!("{evening}T22:40:00Z"));
    let id = review(store, p, &from).await;
    for viewer in who {
        tell(store, p, id, viewer, &stretch(&from, &to), at(&format!("{told_on}T09:00:00Z"))).await;
    }
}

async fn closed(store: &Store, p: &People, day: &str) -> room::Measure<Nights> {
    let now = at(&format!("{day}T00:00:00Z"));
    room::close_months(store, now).await.unwrap();
    room::released(store, &p.leader, now).await.unwrap().nights
}

async fn nights_and_short_rests_are_counted_once(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 6).await;
    // Tuesday and Wednesday night: working days follow. Friday night: none does.
    call(&store, &p, "2026-02-10", &who, "2026-02-12").await;
    call(&store, &p, "2026-02-11", &who[..3], "2026-02-14").await;
    call(&store, &p, "2026-02-13", &who[3..], "2026-02-16").await;
    // A second call of the same night is the same night.
    let id = review(&store, &p, "2026-02-11T01:00:00Z").await;
    tell(&store, &p, id, &who[0], &stretch("2026-02-11T01:00:00Z", "2026-02-11T01:30:00Z"), at("2026-02-12T09:00:00Z")).await;
    let shown = closed(&store, &p, "2026-03-08").await;
    let february = shown.figure(Unit::Organisation, month("2026-02")).unwrap().unwrap();
    assert_eq!((february.people, february.given), (6, Nights::Apart(NightCounts { broken: 12, short_rests: 9 })));
    assert!(shown.figures.iter().all(|f| f.cell.unit == Unit::Organisation), "no team has a figure of its own");
    let own = interviews::my_hours(&store, &who[0]).await.unwrap();
    let days = |days: &std::collections::BTreeSet<chrono::NaiveDate>| days.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(days(&own.broken_nights), ["2026-02-10", "2026-02-11"]);
    assert_eq!(days(&own.short_rests), ["2026-02-11", "2026-02-12"]);
}

async fn a_night_that_is_told_of_again_late_is_no_second_one(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 6).await;
    for evening in ["2026-02-10", "2026-02-17"] {
        call(&store, &p, evening, &who, "2026-02-20").await;
    }
    let before = closed(&store, &p, "2026-03-08").await;
    let told = |nights: &room::Measure<Nights>, of: &str| nights.figure(Unit::Organisation, month(of)).unwrap().map(|r| r.given);
    assert_eq!(told(&before, "2026-02"), Ok(Nights::Apart(NightCounts { broken: 12, short_rests: 12 })));
    // The same nights from another incident, later in each: no night and no rest is new; the minutes are.
    for night in ["2026-02-11T02", "2026-02-18T02"] {
        let id = review(&store, &p, &format!("{night}:00:00Z")).await;
        for viewer in &who {
            let late = stretch(&format!("{night}:00:00Z"), &format!("{night}:30:00Z"));
            tell(&store, &p, id, viewer, &late, at("2026-03-09T09:00:00Z")).await;
        }
    }
    let after = closed(&store, &p, "2026-04-08").await;
    assert_eq!(told(&after, "2026-03"), Err(Reason::TooFew), "nobody gave a night to March");
    assert_eq!(told(&after, "2026-02"), told(&before, "2026-02"));
    let hours = room::released(&store, &p.leader, at("2026-04-08T00:00:00Z")).await.unwrap().hours;
    assert_eq!(hours.figure(Unit::Organisation, month("2026-03")).unwrap().unwrap().given.total(), 6 * 60);
}

async fn one_night_of_each_is_hidden(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 6).await;
    // A Friday, so that no working day follows.
    call(&store, &p, "2026-02-13", &who, "2026-02-16").await;
    let shown = closed(&store, &p, "2026-03-08").await;
    assert_eq!(shown.figure(Unit::Organisation, month("2026-02")), Some(&Err(Reason::WouldIsolate)), "six nights of six people");
}
