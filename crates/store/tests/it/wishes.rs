//! Letters that people wish for: to whom, when, once, and with nothing that may not be told any more.

use crate::planning::{draft, published};
use crate::support::{People, at, people};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::IncidentId;
use domain::people::Viewer;
use domain::planning::{ItemDraft, ItemState};
use domain::wishes::{Rhythm, Wishes};
use store::people::{self, Wisher};
use store::{Store, StoreError, mail, planning, reviews};

conformance! {
    nobody_is_written_to_who_did_not_ask_or_where_no_mail_is_set_up,
    a_digest_waits_for_a_working_day_and_is_told_once,
    what_is_asked_for_anew_begins_today,
    a_story_that_was_restricted_meanwhile_is_not_told,
    who_takes_care_is_reminded_in_numbers,
    nobody_is_reminded_of_what_is_not_theirs_any_more,
    wishes_end_with_the_account,
}

const NOTHING: Wishes = Wishes { digest: Rhythm::Never, anniversaries: false, items: false, sheet: Rhythm::Never };
const WEEKLY: Wishes = Wishes { digest: Rhythm::Weekly, ..NOTHING };

async fn wisher(store: &Store, who: &Viewer, now: DateTime<Utc>) -> Option<Wisher> {
    people::wishers(store, now).await.unwrap().into_iter().find(|w| w.viewer.person_id == who.person_id)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A service where mail is set up, with a story that was published on Monday the ninth of March.
async fn told(store: &Store) -> (Store, People, IncidentId) {
    let store = store.with_post("https://stories.example.org");
    let p = people(&store).await;
    let (incident, _) = published(&store, &p).await;
    let mut now = at("2026-04-01T00:00:00Z");
    while mail::next(&store, now).await.unwrap().is_some() {
        now += Duration::minutes(1);
    }
    (store, p, incident)
}

async fn nobody_is_written_to_who_did_not_ask_or_where_no_mail_is_set_up(store: Store) {
    let (posting, p, _) = told(&store).await;
    let monday = at("2026-03-16T09:00:00Z");
    assert_eq!(people::letter_wishes(&store, &p.outsider).await.unwrap(), Wishes::default());
    assert!(people::wishers(&posting, monday).await.unwrap().is_empty());
    people::wish_letters(&store, &p.outsider, WEEKLY, at("2026-03-10T09:00:00Z")).await.unwrap();
    assert_eq!(people::letter_wishes(&store, &p.outsider).await.unwrap(), WEEKLY);
    assert!(people::wishers(&store, monday).await.unwrap().is_empty(), "no mail is set up");
    assert!(wisher(&posting, &p.outsider, monday).await.is_some());
    assert!(matches!(people::letter_wishes(&store, &p.guest).await, Err(StoreError::NotFound)));
    assert!(matches!(people::wish_letters(&store, &p.guest, WEEKLY, monday).await, Err(StoreError::NotFound)));
}

async fn a_digest_waits_for_a_working_day_and_is_told_once(store: Store) {
    let (store, p, incident) = told(&store).await;
    people::wish_letters(&store, &p.outsider, WEEKLY, at("2026-03-09T07:00:00Z")).await.unwrap();
    // On the Sunday the week is not over; on Monday it is told from nine on, on their clock.
    for early in ["2026-03-13T12:00:00Z", "2026-03-15T12:00:00Z", "2026-03-16T07:59:00Z"] {
        assert!(wisher(&store, &p.outsider, at(early)).await.is_none(), "{early}");
    }
    let monday = at("2026-03-16T08:00:00Z");
    let wisher_then = wisher(&store, &p.outsider, monday).await.unwrap();
    assert_eq!((wisher_then.today, wisher_then.digest_from), (day("2026-03-16"), day("2026-03-09")));
    let stories = [(incident, "INC-1 Slow payments\nhttps://stories.example.org/incidents/INC-1/review".to_owned())];
    // Two services that look at the same time write one letter.
    for _ in 0..2 {
        reviews::tell_digest(&store, &wisher_then, &stories, day("2026-03-16"), monday).await.unwrap();
    }
    let letter = mail::next(&store, monday).await.unwrap().unwrap();
    assert_eq!((letter.address.as_str(), letter.subject.as_str()), ("olaf.outsider@example.org", "Second stories to read"));
    assert!(letter.text.contains("INC-1 Slow payments\nhttps://stories.example.org/incidents/INC-1/review"), "{}", letter.text);
    assert!(letter.text.contains("https://stories.example.org/profile/letters") && !letter.text.contains('{'), "{}", letter.text);
    assert!(mail::next(&store, monday).await.unwrap().is_none());
    assert!(wisher(&store, &p.outsider, monday).await.is_none(), "told");
    // A week without a story brings none, and is told all the same.
    let next = at("2026-03-23T08:00:00Z");
    let wisher_next = wisher(&store, &p.outsider, next).await.unwrap();
    assert_eq!(wisher_next.digest_from, day("2026-03-16"));
    reviews::tell_digest(&store, &wisher_next, &[], day("2026-03-23"), next).await.unwrap();
    mail::sent(&store, letter.id, next).await.unwrap();
    assert!(mail::next(&store, next).await.unwrap().is_none());
    assert!(wisher(&store, &p.outsider, next).await.is_none());
}

async fn what_is_asked_for_anew_begins_today(store: Store) {
    let (store, p, _) = told(&store).await;
    let wish = |wishes, now: &str| people::wish_letters(&store, &p.outsider, wishes, at(now));
    wish(WEEKLY, "2026-03-09T07:00:00Z").await.unwrap();
    wish(Wishes { digest: Rhythm::Monthly, ..NOTHING }, "2026-03-11T07:00:00Z").await.unwrap();
    let april = wisher(&store, &p.outsider, at("2026-04-01T09:00:00Z")).await.unwrap();
    assert_eq!(april.digest_from, day("2026-03-09"), "another rhythm leaves nothing out");
    wish(NOTHING, "2026-03-12T07:00:00Z").await.unwrap();
    wish(Wishes { anniversaries: true, ..WEEKLY }, "2026-03-20T23:30:00Z").await.unwrap();
    let again = wisher(&store, &p.outsider, at("2026-03-23T09:00:00Z")).await.unwrap();
    // Half an hour after midnight there.
    assert_eq!((again.digest_from, again.anniversaries_from), (day("2026-03-21"), day("2026-03-21")));
}

async fn a_story_that_was_restricted_meanwhile_is_not_told(store: Store) {
    let (store, p, incident) = told(&store).await;
    people::wish_letters(&store, &p.outsider, WEEKLY, at("2026-03-09T07:00:00Z")).await.unwrap();
    let monday = at("2026-03-16T08:00:00Z");
    let asks = wisher(&store, &p.outsider, monday).await.unwrap();
    reviews::tell_digest(&store, &asks, &[(incident, "INC-1 Slow payments".to_owned())], day("2026-03-16"), monday)
        .await
        .unwrap();
    store::incidents::restrict(&store, &p.facilitator, incident, true, monday).await.unwrap();
    assert!(mail::next(&store, monday).await.unwrap().is_none());
    let counts = mail::counts(&store, monday).await.unwrap();
    assert_eq!(counts.waiting, 0, "{counts:?}");
    let between = |from: &str, until: &str| {
        let (from, until) = (at(from), at(until));
        let (store, viewer) = (store.clone(), p.facilitator.clone());
        async move { reviews::published_between(&store, &viewer, from, until).await.unwrap().stories.len() }
    };
    assert_eq!(between("2026-03-09T00:00:00Z", "2026-03-16T00:00:00Z").await, 0, "also for who is named on it");
}

/// Their letters between two instants, looked at four times an hour as the service does.
async fn letters(store: &Store, who: &Viewer, from: &str, until: &str) -> Vec<(String, String)> {
    let (mut now, until) = (at(from), at(until));
    let mut got = Vec::new();
    while now < until {
        if let Some(wisher) = wisher(store, who, now).await {
            planning::remind(store, &wisher, now).await.unwrap();
        }
        while let Some(letter) = mail::next(store, now).await.unwrap() {
            mail::sent(store, letter.id, now).await.unwrap();
            got.push((now.to_rfc3339(), letter.text));
        }
        now += Duration::hours(1);
    }
    got
}

async fn who_takes_care_is_reminded_in_numbers(store: Store) {
    let (store, p, incident) = told(&store).await;
    // For a Thursday.
    let item = ItemDraft {
        owner_id: Some(p.responder.person_id),
        due_on: Some(day("2026-03-26")),
        ..draft("Give the pool a limit of its own")
    };
    let item = planning::add_item(&store, &p.planner, incident, item, None, at("2026-03-12T09:00:00Z")).await.unwrap();
    let got = letters(&store, &p.responder, "2026-03-12T09:30:00Z", "2026-04-10T00:00:00Z").await;
    let days: Vec<&str> = got.iter().map(|(at, _)| &at[..10]).collect();
    assert_eq!(days, ["2026-03-24", "2026-03-27"], "two working days before, and once it is over: {got:?}");
    assert!(
        got[0].1.contains("1 is meant for one of the next days.") && got[1].1.contains("1 was meant for a day that is over.")
    );
    for (_, text) in &got {
        assert!(
            text.contains("https://stories.example.org/planned") && !text.contains("pool") && !text.contains("Slow"),
            "{text}"
        );
    }
    // Done: asked about six weeks later, and again after "too early".
    let mut lines = planning::items(&store, &p.planner, incident, at("2026-04-10T09:00:00Z")).await.unwrap();
    let line = lines.remove(0);
    let done = ItemDraft { state: ItemState::Done, ..ItemDraft { owner_id: Some(p.responder.person_id), ..draft(&line.title) } };
    planning::change_item(&store, &p.planner, incident, item, line.version, done, at("2026-04-10T09:00:00Z")).await.unwrap();
    let got = letters(&store, &p.responder, "2026-04-10T10:00:00Z", "2026-06-10T00:00:00Z").await;
    assert_eq!(got.iter().map(|(at, _)| &at[..10]).collect::<Vec<_>>(), ["2026-05-22"], "{got:?}");
    assert!(got[0].1.contains("did it help?"));
    planning::look_back(&store, &p.responder, item, "too-early", "", at("2026-06-10T09:00:00Z")).await.unwrap();
    let got = letters(&store, &p.responder, "2026-06-10T10:00:00Z", "2026-08-20T00:00:00Z").await;
    assert_eq!(got.iter().map(|(at, _)| &at[..10]).collect::<Vec<_>>(), ["2026-07-22"], "{got:?}");
    assert!(
        wisher(&store, &p.planner, at("2026-08-20T09:00:00Z")).await.is_none(),
        "whoever plans takes care of nothing by that"
    );
}

async fn nobody_is_reminded_of_what_is_not_theirs_any_more(store: Store) {
    let (store, p, incident) = told(&store).await;
    let of = |who: &Viewer| ItemDraft { owner_id: Some(who.person_id), due_on: Some(day("2026-03-26")), ..draft("A limit") };
    let item =
        planning::add_item(&store, &p.planner, incident, of(&p.responder), None, at("2026-03-12T09:00:00Z")).await.unwrap();
    assert!(letters(&store, &p.responder, "2026-03-12T10:00:00Z", "2026-03-20T00:00:00Z").await.is_empty());
    let lines = planning::items(&store, &p.planner, incident, at("2026-03-20T09:00:00Z")).await.unwrap();
    planning::change_item(&store, &p.planner, incident, item, lines[0].version, of(&p.outsider), at("2026-03-20T09:00:00Z"))
        .await
        .unwrap();
    assert!(letters(&store, &p.responder, "2026-03-20T10:00:00Z", "2026-04-10T00:00:00Z").await.is_empty());
    people::wish_letters(&store, &p.outsider, NOTHING, at("2026-03-20T10:00:00Z")).await.unwrap();
    assert!(letters(&store, &p.outsider, "2026-03-20T10:00:00Z", "2026-04-10T00:00:00Z").await.is_empty(), "they said no");
}

async fn wishes_end_with_the_account(store: Store) {
    let (store, p, incident) = told(&store).await;
    people::wish_letters(&store, &p.outsider, WEEKLY, at("2026-03-09T07:00:00Z")).await.unwrap();
    let monday = at("2026-03-16T08:00:00Z");
    let asks = wisher(&store, &p.outsider, monday).await.unwrap();
    reviews::tell_digest(&store, &asks, &[(incident, "INC-1".to_owned())], day("2026-03-16"), monday).await.unwrap();
    people::deactivate(&store, people::By::Viewer(&p.admin), p.outsider.person_id, monday).await.unwrap();
    assert!(mail::next(&store, monday).await.unwrap().is_none(), "what waits is stopped");
    assert!(people::wishers(&store, at("2026-03-23T09:00:00Z")).await.unwrap().is_empty());
}
