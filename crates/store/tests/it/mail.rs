//! The outbox: what is queued with which act, what is not sent after all, how often it is tried, and that a reminder never comes at night.

use crate::support::{People, at, incident, people};
use chrono::{DateTime, Datelike, Duration, TimeDelta, Timelike, Utc};
use domain::letters::Letter;
use domain::mail::{Address, Trouble};
use domain::people::Viewer;
use domain::{IncidentId, InvitationId};
use store::interviews::{self as room, Added, Ask, Asked, Ended, Invitee};
use store::mail::{self, LetterState, Outgoing};
use store::people::By;
use store::{Store, StoreError};

conformance! {
    a_letter_is_one_services_until_it_is_sent,
    trouble_is_tried_again_and_given_up_in_the_end,
    what_does_not_hold_any_more_is_not_sent,
    two_reminders_come_by_day_and_no_more,
    reminders_end_at_a_word,
    an_address_is_somebody_known_or_somebody_new_once,
    a_link_that_ended_says_why,
    a_letter_is_sent_again_with_a_new_link,
    a_restricted_incident_has_no_title_in_letters,
    links_that_set_a_password_are_sent_and_replaced,
    without_mail_nothing_is_queued,
    who_erases_takes_letters_and_address_along,
}

const POST: &str = "https://stories.example.org";

struct Room {
    store: Store,
    people: People,
    incident: IncidentId,
}

/// A Thursday, at two in the afternoon in Copenhagen.
fn thursday() -> DateTime<Utc> {
    at("2026-03-05T13:00:00Z")
}

async fn room(store: &Store) -> Room {
    let store = store.with_post(POST);
    let people = people(&store).await;
    let (incident, _) = incident(&store, &people.responder, "The queue that waited").await;
    store::reviews::open(&store, &people.admin, incident, people.facilitator.person_id, false, at("2026-03-05T09:00:00Z"))
        .await
        .unwrap();
    Room { store, people, incident }
}

fn gro() -> Invitee {
    Invitee::Address(Address { name: "Gro Guest".to_owned(), email: "gro@example.org".to_owned() })
}

impl Room {
    async fn ask(&self, invitee: Invitee) -> Added {
        let ask = Ask { note: "Whenever it suits you.".to_owned(), ..Ask::plain(invitee, None) };
        room::ask(&self.store, &self.people.facilitator, self.incident, &ask, thursday()).await.unwrap()
    }

    async fn state(&self, id: InvitationId, now: DateTime<Utc>) -> Option<LetterState> {
        let lines = room::list(&self.store, &self.people.facilitator, self.incident, now).await.unwrap();
        lines.into_iter().find(|l| l.id == id).unwrap().letter
    }

    async fn publish(&self) {
        let (f, summary) = (&self.people.facilitator, domain::reviews::SectionKind::Summary);
        store::reviews::save_section(&self.store, f, self.incident, summary, 0, "What we saw.", thursday()).await.unwrap();
        store::reviews::publish(&self.store, f, self.incident, thursday()).await.unwrap();
    }

    async fn next(&self, now: DateTime<Utc>) -> Option<Outgoing> {
        mail::next(&self.store, now).await.unwrap()
    }

    async fn queued(&self, now: DateTime<Utc>) -> (i64, i64) {
        let counts = mail::counts(&self.store, now).await.unwrap();
        (counts.waiting, counts.planned)
    }
}

async fn a_letter_is_one_services_until_it_is_sent(store: Store) {
    let r = room(&store).await;
    let added = r.ask(gro()).await;
    assert!(added.mailed && added.token.is_some());
    assert_eq!(r.queued(thursday()).await, (1, 2));
    assert_eq!(r.state(added.id, thursday()).await, Some(LetterState::Waiting(None)));
    let letter = r.next(thursday()).await.unwrap();
    assert_eq!((letter.address.as_str(), letter.name.as_str()), ("gro@example.org", "Gro Guest"));
    assert_eq!(letter.subject, "How was it for you?");
    let token = added.token.unwrap();
    assert!(letter.text.contains(&format!("{POST}/invitation/{token}")), "{}", letter.text);
    assert!(letter.text.contains("A note from Frida Facilitator:\n\nWhenever it suits you."), "{}", letter.text);
    assert!(letter.text.contains(&format!("{POST}/reminders/")) && letter.text.contains("The queue that waited"));
    assert!(r.next(thursday()).await.is_none(), "taken by one");
    // A service that died over it does not keep it.
    let again = r.next(thursday() + Duration::minutes(6)).await.unwrap();
    assert_eq!((again.id, &again.text), (letter.id, &letter.text));
    mail::sent(&r.store, letter.id, thursday()).await.unwrap();
    assert_eq!(r.state(added.id, thursday()).await, Some(LetterState::Sent(thursday())));
    assert!(r.next(thursday() + Duration::hours(1)).await.is_none());
    mail::sweep(&r.store, thursday() + Duration::days(91)).await.unwrap();
    assert_eq!(mail::counts(&r.store, thursday()).await.unwrap().sent, 0, "forgotten after ninety days");
    let peek = room::peek(&r.store, &token, thursday()).await.unwrap();
    assert_eq!(peek.note, Some(("Frida Facilitator".to_owned(), "Whenever it suits you.".to_owned())));
}

async fn trouble_is_tried_again_and_given_up_in_the_end(store: Store) {
    let r = room(&store).await;
    let added = r.ask(Invitee::Person(r.people.responder.person_id)).await;
    assert!(added.mailed && added.token.is_none());
    let mut now = thursday();
    let mut tries = 0;
    loop {
        let Some(letter) = r.next(now).await else {
            now += TimeDelta::minutes(1);
            continue;
        };
        assert!(letter.text.contains(&format!("{POST}/one-on-one/{}", added.id)));
        tries += 1;
        if mail::not_sent(&r.store, letter.id, Trouble::Unreachable, now).await.unwrap() {
            break;
        }
        assert_eq!(r.state(added.id, now).await, Some(LetterState::Waiting(Some(Trouble::Unreachable))));
        // Reminders have their own time and are not what is looked at here.
        if tries == 1 {
            room::stop_reminders(&r.store, &r.people.responder, added.id, now).await.unwrap();
        }
    }
    assert!((6..15).contains(&tries), "{tries} tries");
    assert!(now - thursday() > TimeDelta::hours(48) && now - thursday() <= TimeDelta::hours(73), "{}", now - thursday());
    assert_eq!(r.state(added.id, now).await, Some(LetterState::Failed(Trouble::Unreachable)));
    // What the server does not take is not tried again.
    room::resend(&r.store, &r.people.facilitator, r.incident, added.id, now).await.unwrap();
    let letter = r.next(now).await.unwrap();
    assert!(mail::not_sent(&r.store, letter.id, Trouble::Refused, now).await.unwrap());
    assert_eq!(r.state(added.id, now).await, Some(LetterState::Failed(Trouble::Refused)));
    assert_eq!(mail::counts(&r.store, now).await.unwrap().failed, 2);
}

async fn what_does_not_hold_any_more_is_not_sent(store: Store) {
    let r = room(&store).await;
    let p = &r.people;
    let declines = r.ask(Invitee::Person(p.responder.person_id)).await;
    room::decline(&r.store, &p.responder, declines.id, thursday()).await.unwrap();
    let withdrawn = r.ask(gro()).await;
    room::withdraw(&r.store, &p.facilitator, r.incident, withdrawn.id, thursday()).await.unwrap();
    let leaves = r.ask(Invitee::Person(p.outsider.person_id)).await;
    store::people::deactivate(&r.store, By::Host, p.outsider.person_id, thursday()).await.unwrap();
    assert!(leaves.mailed);
    assert!(r.next(thursday() + Duration::minutes(1)).await.is_none());
    let published = r.ask(Invitee::Person(p.other_responder.person_id)).await;
    assert!(published.mailed);
    r.publish().await;
    assert!(r.next(thursday() + Duration::days(9)).await.is_none());
    assert_eq!(mail::counts(&r.store, thursday()).await.unwrap().sent, 0);
}

/// Lets the clock run and sends whatever goes, hour by hour.
async fn days(r: &Room, from: DateTime<Utc>, days: i64) -> Vec<(DateTime<Utc>, Outgoing)> {
    let mut sent = Vec::new();
    for step in 0..days * 24 * 2 {
        let now = from + TimeDelta::minutes(30 * step);
        while let Some(letter) = r.next(now).await {
            mail::sent(&r.store, letter.id, now).await.unwrap();
            sent.push((now, letter));
        }
    }
    sent
}

async fn two_reminders_come_by_day_and_no_more(store: Store) {
    let r = room(&store).await;
    let added = r.ask(gro()).await;
    let me = Invitee::Person(r.people.responder.person_id);
    r.ask(me).await;
    // The service slept over the first reminder's morning and wakes at night.
    let mut sent = days(&r, thursday(), 3).await;
    assert_eq!(sent.len(), 2, "two invitations");
    let night = at("2026-03-10T01:15:00Z");
    sent.extend(days(&r, night, 14).await);
    for address in ["gro@example.org", "rune.responder@example.org"] {
        let mine: Vec<_> = sent.iter().filter(|(_, l)| l.address == address).collect();
        assert_eq!(mine.len(), 3, "the invitation and two reminders");
        for (at, letter) in &mine[1..] {
            let there = at.with_timezone(&chrono_tz::Europe::Copenhagen);
            assert!((9..18).contains(&there.hour()) && there.weekday().num_days_from_monday() < 5, "{there}");
            assert!(letter.text.contains("a quiet word") && letter.text.contains("/reminders/"));
            assert!(!letter.text.contains("Whenever it suits you."));
        }
        assert!(mine[2].0.date_naive() > mine[1].0.date_naive(), "not two on one day");
    }
    // The link in a reminder is the one of the invitation.
    let reminder = &sent.iter().rfind(|(_, l)| l.address == "gro@example.org").unwrap().1;
    assert!(reminder.text.contains(&added.token.unwrap()));
    let (_, session) = room::begin_by_link(&r.store, reminder_token(reminder), night).await.unwrap();
    let guest = store::sessions::find(&r.store, &session, night).await.unwrap().unwrap();
    let letters = room::letters(&r.store, &guest, added.id, night).await.unwrap();
    let kinds: Vec<Letter> = letters.sent.iter().map(|p| p.letter).collect();
    assert_eq!(kinds, [Letter::OneOnOne, Letter::Reminder, Letter::Reminder], "the invitee sees what was sent");
    assert_eq!((letters.next, letters.off_at), (None, None));
}

fn reminder_token(letter: &Outgoing) -> &str {
    token(letter, "/invitation/")
}

fn token<'a>(letter: &'a Outgoing, path: &str) -> &'a str {
    letter.text.split(path).nth(1).unwrap().split_whitespace().next().unwrap()
}

async fn reminders_end_at_a_word(store: Store) {
    let r = room(&store).await;
    let by_link = r.ask(gro()).await;
    let by_button = r.ask(Invitee::Person(r.people.responder.person_id)).await;
    let answers = r.ask(Invitee::Person(r.people.other_responder.person_id)).await;
    let first = days(&r, thursday(), 1).await;
    let letter = &first.iter().find(|(_, l)| l.address == "gro@example.org").unwrap().1;
    let stop = token(letter, "/reminders/").to_owned();
    assert!(!room::peek_stop(&r.store, &stop).await.unwrap());
    room::stop_by_link(&r.store, &stop, thursday()).await.unwrap();
    room::stop_by_link(&r.store, &stop, thursday()).await.unwrap();
    assert!(room::peek_stop(&r.store, &stop).await.unwrap());
    assert!(matches!(room::stop_by_link(&r.store, "another", thursday()).await, Err(StoreError::NotFound)));
    let other = room::stop_reminders(&r.store, &r.people.other_responder, by_button.id, thursday()).await;
    assert!(matches!(other, Err(StoreError::NotFound)), "one's own alone");
    room::stop_reminders(&r.store, &r.people.responder, by_button.id, thursday()).await.unwrap();
    room::decline(&r.store, &r.people.other_responder, answers.id, thursday()).await.unwrap();
    assert!(days(&r, thursday() + Duration::days(1), 20).await.is_empty());
    let letters = room::letters(&r.store, &r.people.responder, by_button.id, thursday()).await.unwrap();
    assert!(letters.off_at.is_some() && letters.next.is_none());
    // Said once, it holds for a letter that is sent again.
    let later = thursday() + Duration::days(21);
    room::resend(&r.store, &r.people.facilitator, r.incident, by_link.id, later).await.unwrap();
    assert_eq!(r.queued(later).await, (1, 0));
}

async fn an_address_is_somebody_known_or_somebody_new_once(store: Store) {
    let r = room(&store).await;
    let to =
        |name: &str, email: &str| Ask::plain(Invitee::Address(Address { name: name.to_owned(), email: email.to_owned() }), None);
    let asks = [
        to("Whoever", "RUNE.responder@example.org"),
        to("Gro Guest", "gro@example.org"),
        to("Gro again", "GRO@example.org"),
        to("Gro Guest", "another.gro@example.org"),
        to("Frida", "frida.facilitator@example.org"),
        Ask::plain(Invitee::Person(r.people.responder.person_id), None),
        Ask::plain(Invitee::Guest("Nobody by mail".to_owned()), None),
    ];
    let asked = room::ask_many(&r.store, &r.people.facilitator, r.incident, &asks, thursday()).await.unwrap();
    assert_eq!(asked[0], Asked::Invited { token: None, mailed: true }, "an account is found by its address");
    assert_eq!(asked[1], Asked::Invited { token: None, mailed: true }, "a link that a letter carries is not told");
    assert_eq!(asked[2], Asked::Already);
    assert!(matches!(&asked[3], Asked::Cannot(why) if why.contains("Somebody of this name")));
    assert!(matches!(&asked[4], Asked::Cannot(why) if why.contains("facilitates")));
    assert_eq!(asked[5], Asked::Already);
    assert!(matches!(&asked[6], Asked::Invited { token: Some(_), mailed: false }));
    let foreign = room::ask_many(&r.store, &r.people.outsider, r.incident, &asks, thursday()).await;
    assert!(matches!(foreign, Err(StoreError::NotFound)));
    let long = [Ask { note: "x".repeat(1001), ..asks[1].clone() }];
    let refused = room::ask_many(&r.store, &r.people.facilitator, r.incident, &long, thursday()).await;
    assert!(matches!(refused, Err(StoreError::Invalid(i)) if i.message("note").is_some()));
    let near = room::closest(&r.store, &r.people.facilitator, r.incident, thursday()).await.unwrap();
    assert_eq!(near, [r.people.responder.person_id], "who entered it");
}

async fn a_link_that_ended_says_why(store: Store) {
    let r = room(&store).await;
    let f = &r.people.facilitator;
    let why = async |token: &str, now| room::why_ended(&r.store, token, now).await.unwrap();
    let ask = Ask { lasts: Duration::days(7), ..Ask::plain(gro(), None) };
    let added = room::ask(&r.store, f, r.incident, &ask, thursday()).await.unwrap();
    let first = added.token.unwrap();
    assert_eq!(why(&first, thursday()).await, None, "it works");
    assert_eq!(why(&first, thursday() + Duration::days(7)).await, Some(Ended::Expired));
    let second = room::renew_link(&r.store, f, r.incident, added.id, thursday()).await.unwrap();
    assert_eq!(why(&first, thursday()).await, Some(Ended::Replaced));
    room::withdraw(&r.store, f, r.incident, added.id, thursday()).await.unwrap();
    assert_eq!(why(&second, thursday()).await, Some(Ended::Withdrawn));
    let third =
        room::ask(&r.store, f, r.incident, &Ask::plain(Invitee::Guest("The desk".to_owned()), None), thursday()).await.unwrap();
    let third = third.token.unwrap();
    r.publish().await;
    assert_eq!(why(&third, thursday()).await, Some(Ended::Published));
    assert_eq!(why("never was", thursday()).await, None);
}

async fn a_letter_is_sent_again_with_a_new_link(store: Store) {
    let r = room(&store).await;
    let f = &r.people.facilitator;
    let added = r.ask(gro()).await;
    let first = r.next(thursday()).await.unwrap();
    mail::sent(&r.store, first.id, thursday()).await.unwrap();
    let soon = room::resend(&r.store, f, r.incident, added.id, thursday() + Duration::minutes(30)).await;
    assert!(matches!(soon, Err(StoreError::Refused(why)) if why.contains("less than an hour")));
    let later = thursday() + Duration::hours(2);
    assert!(matches!(room::resend(&r.store, &r.people.outsider, r.incident, added.id, later).await, Err(StoreError::NotFound)));
    room::resend(&r.store, f, r.incident, added.id, later).await.unwrap();
    let second = r.next(later).await.unwrap();
    assert_ne!(reminder_token(&first), reminder_token(&second));
    assert!(room::peek(&r.store, reminder_token(&first), later).await.is_err());
    room::peek(&r.store, reminder_token(&second), later).await.unwrap();
    assert_eq!(r.queued(later).await.1, 2, "reminders anew, and the old ones stopped");
    let copied = room::renew_link(&r.store, f, r.incident, added.id, later).await.unwrap();
    assert!(mail::not_sent(&r.store, second.id, Trouble::Later, later).await.is_ok());
    let after = days(&r, later, 14).await;
    assert_eq!(after.len(), 2, "a copied link stops the letter with the old one, not its reminders");
    assert!(after.iter().all(|(_, l)| l.text.contains(&copied)));
    let desk = room::ask(&r.store, f, r.incident, &Ask::plain(Invitee::Guest("The desk".to_owned()), None), later).await.unwrap();
    assert!(matches!(room::resend(&r.store, f, r.incident, desk.id, later).await, Err(StoreError::Refused(_))));
}

async fn a_restricted_incident_has_no_title_in_letters(store: Store) {
    let r = room(&store).await;
    store::incidents::restrict(&r.store, &r.people.facilitator, r.incident, true, thursday()).await.unwrap();
    r.ask(gro()).await;
    let sent = days(&r, thursday(), 9).await;
    assert_eq!(sent.len(), 3);
    for (_, letter) in sent {
        assert!(!letter.text.contains("queue that waited") && !letter.text.contains("INC-"), "{}", letter.text);
    }
}

async fn links_that_set_a_password_are_sent_and_replaced(store: Store) {
    let r = room(&store).await;
    let rune = &r.people.responder;
    let first = store::people::make_link(&r.store, By::Viewer(&r.people.admin), rune.person_id, thursday()).await.unwrap();
    assert!(first.mailed);
    let second = store::people::make_link(&r.store, By::Viewer(&r.people.admin), rune.person_id, thursday()).await.unwrap();
    let letter = r.next(thursday()).await.unwrap();
    assert_eq!(letter.address, "rune.responder@example.org");
    assert!(letter.text.contains(&format!("{POST}/password/{}", second.token)) && !letter.text.contains(&first.token));
    assert!(mail::not_sent(&r.store, letter.id, Trouble::Later, thursday()).await.is_ok());
    store::people::use_link(&r.store, &second.token, "three calm words", thursday()).await.unwrap();
    assert!(r.next(thursday() + Duration::minutes(5)).await.is_none(), "used up meanwhile");
}

async fn without_mail_nothing_is_queued(store: Store) {
    let r = room(&store).await;
    let added = room::ask(&store, &r.people.facilitator, r.incident, &Ask::plain(gro(), None), thursday()).await.unwrap();
    assert!(!added.mailed && added.token.is_some());
    let link = store::people::make_link(&store, By::Host, r.people.responder.person_id, thursday()).await.unwrap();
    assert!(!link.mailed);
    assert_eq!(r.queued(thursday()).await, (0, 0));
    assert!(!store.sends_mail() && r.store.sends_mail());
    // Set up later, the address is still there.
    room::resend(&r.store, &r.people.facilitator, r.incident, added.id, thursday()).await.unwrap();
    assert_eq!(r.queued(thursday()).await, (1, 2));
}

async fn who_erases_takes_letters_and_address_along(store: Store) {
    let r = room(&store).await;
    let added = r.ask(gro()).await;
    let letter = r.next(thursday()).await.unwrap();
    let (_, session) = room::begin_by_link(&r.store, reminder_token(&letter), thursday()).await.unwrap();
    let guest: Viewer = store::sessions::find(&r.store, &session, thursday()).await.unwrap().unwrap();
    let what = store::owndata::Erase::Conversation(added.id);
    store::owndata::erase(&r.store, &guest, what, false, thursday()).await.unwrap();
    assert_eq!(r.queued(thursday()).await, (0, 0));
    let lines = room::list(&r.store, &r.people.facilitator, r.incident, thursday()).await.unwrap();
    assert!(!lines.iter().find(|l| l.id == added.id).unwrap().has_address);
    // Whoever closes their account takes every letter to them along.
    r.ask(Invitee::Person(r.people.outsider.person_id)).await;
    store::owndata::close_account(&r.store, &r.people.outsider, false, thursday()).await.unwrap();
    assert_eq!(r.queued(thursday()).await, (0, 0));
}
