//! Letters about quotes: a quiet reminder while one still waits, none without a reason, and a way in for authors without an account that
//! tells nobody whose words are quoted.

use crate::support::{People, at, incident, people};
use chrono::{DateTime, TimeDelta, Utc};
use domain::interviews::{AnswerBody, Audience};
use domain::letters::Letter;
use domain::mail::Address;
use domain::people::Viewer;
use domain::reviews::{Attribution, Decision, SectionKind};
use domain::settings::Number;
use domain::{AnswerId, ExcerptId, IncidentId, InvitationId};
use store::interviews::{self as room, Added, Ask, Ended, Invitee, SaveAnswer};
use store::mail::{self, Outgoing};
use store::reviews::{self, Draft};
use store::{Store, StoreError, sessions, settings};

conformance! {
    one_quiet_reminder_comes_before_the_time_is_over,
    no_reminder_comes_after_a_word_or_without_a_quote,
    what_waits_ends_with_its_time_and_with_publication,
    another_time_moves_the_reminder_and_two_are_the_most,
    a_guest_gets_a_letter_with_a_way_in,
    that_a_letter_went_tells_no_facilitator_whose_words_are_quoted,
    the_way_in_ends_with_the_link_that_it_stands_beside,
    an_expired_link_does_not_keep_a_guest_from_their_quotes,
    days_of_reminders_are_chosen,
}

const POST: &str = "https://stories.example.org";
const WORDS: &str = "I trusted the board.";

struct Review {
    store: Store,
    people: People,
    incident: IncidentId,
}

/// A Thursday, at two in the afternoon in Copenhagen. Who is asked about a quote then is asked until Monday at nine.
fn thursday() -> DateTime<Utc> {
    at("2026-03-05T13:00:00Z")
}

async fn review(store: &Store) -> Review {
    let store = store.with_post(POST);
    let people = people(&store).await;
    let (incident, _) = incident(&store, &people.planner, "The queue that waited").await;
    let opened = at("2026-03-04T09:00:00Z");
    reviews::open(&store, &people.admin, incident, people.facilitator.person_id, false, opened).await.unwrap();
    Review { store, people, incident }
}

impl Review {
    async fn ask(&self, invitee: Invitee) -> Added {
        room::ask(&self.store, &self.people.facilitator, self.incident, &Ask::plain(invitee, None), thursday()).await.unwrap()
    }

    /// They say something that the review may quote, and submit it.
    async fn says(&self, who: &Viewer, invitation: InvitationId) -> AnswerId {
        let save = SaveAnswer {
            body: AnswerBody { text: WORDS.to_owned(), ..AnswerBody::default() },
            audience: Audience::Unattributed,
            count_me: true,
            with_name: false,
            base_version: 0,
            request_key: String::new(),
            follows: String::new(),
        };
        room::save(&self.store, who, invitation, 2, &save, thursday()).await.unwrap();
        room::submit(&self.store, who, invitation, thursday()).await.unwrap();
        room::page(&self.store, who, invitation, thursday()).await.unwrap().answer(2).unwrap().id
    }

    async fn account_says(&self, who: &Viewer) -> (InvitationId, AnswerId) {
        let added = self.ask(Invitee::Person(who.person_id)).await;
        (added.id, self.says(who, added.id).await)
    }

    /// Somebody without an account, with an address, who began, answered and submitted.
    async fn guest_says(&self) -> (Added, Viewer, AnswerId) {
        let gro = Address { name: "Gro Guest".to_owned(), email: "gro@example.org".to_owned() };
        let added = self.ask(Invitee::Address(gro)).await;
        let guest = self.begin(added.token.as_deref().unwrap(), thursday()).await;
        let answer = self.says(&guest, added.id).await;
        (added, guest, answer)
    }

    async fn begin(&self, token: &str, now: DateTime<Utc>) -> Viewer {
        let (_, session) = room::begin_by_link(&self.store, token, now).await.unwrap();
        sessions::find(&self.store, &session, now).await.unwrap().unwrap()
    }

    async fn quote(&self, answer: AnswerId, now: DateTime<Utc>) -> ExcerptId {
        let (section, attribution) = (SectionKind::Surprised, Attribution::Unattributed);
        let draft = Draft { section, text: WORDS.to_owned(), paraphrase: false, attribution };
        reviews::draft_excerpt(&self.store, &self.people.facilitator, self.incident, answer, &draft, now).await.unwrap()
    }

    async fn due(&self, due: &str, now: &str) {
        reviews::set_deadline(&self.store, &self.people.facilitator, self.incident, at(due), at(now)).await.unwrap();
    }

    async fn publish(&self, now: DateTime<Utc>) {
        let f = &self.people.facilitator;
        reviews::save_section(&self.store, f, self.incident, SectionKind::Summary, 0, "What we saw.", now).await.unwrap();
        reviews::publish(&self.store, f, self.incident, now).await.unwrap();
    }

    /// Lets the clock run and sends whatever goes.
    async fn sends(&self, from: &str, until: &str) -> Vec<(DateTime<Utc>, Outgoing)> {
        let (mut now, mut sent) = (at(from), Vec::new());
        while now < at(until) {
            while let Some(letter) = mail::next(&self.store, now).await.unwrap() {
                mail::sent(&self.store, letter.id, now).await.unwrap();
                sent.push((now, letter));
            }
            now += TimeDelta::minutes(30);
        }
        sent
    }
}

/// The reminders among letters: when, and to whom.
fn reminders(sent: &[(DateTime<Utc>, Outgoing)]) -> Vec<(DateTime<Utc>, &str)> {
    sent.iter().filter(|(_, l)| l.text.contains("a quiet word")).map(|(at, l)| (*at, l.address.as_str())).collect()
}

fn token<'a>(letter: &'a Outgoing, path: &str) -> &'a str {
    letter.text.split(path).nth(1).unwrap().split_whitespace().next().unwrap()
}

async fn one_quiet_reminder_comes_before_the_time_is_over(store: Store) {
    let r = review(&store).await;
    let rune = &r.people.responder;
    let (mine, answer) = r.account_says(rune).await;
    r.quote(answer, thursday()).await;
    r.quote(answer, thursday() + TimeDelta::minutes(5)).await;
    let planned = room::quotes_reminders(&r.store, rune).await.unwrap();
    assert_eq!((planned.len(), planned[0].invitation, planned[0].at), (1, mine, at("2026-03-06T08:00:00Z")));
    assert!(room::quotes_reminders(&r.store, &r.people.facilitator).await.unwrap().is_empty(), "the author's alone to know");
    assert_eq!(room::letters(&r.store, rune, mine, thursday()).await.unwrap().next, Some(planned[0].at));
    let sent = r.sends("2026-03-05T13:00:00Z", "2026-03-20T00:00:00Z").await;
    assert_eq!(sent.len(), 2, "a letter and a reminder");
    assert_eq!(sent[0].0, at("2026-03-05T13:30:00Z"), "a sitting is waited for");
    assert_eq!(reminders(&sent), [(at("2026-03-06T08:00:00Z"), "rune.responder@example.org")], "at nine on their own clock");
    for (_, letter) in &sent {
        assert_eq!(letter.subject, "Are these your words?");
        assert!(letter.text.contains(&format!("{POST}/quotes")) && letter.text.contains(&format!("{POST}/reminders/")));
        assert!(letter.text.contains("The queue that waited") && !letter.text.contains("trusted"), "{}", letter.text);
    }
    let told = room::letters(&r.store, rune, mine, thursday()).await.unwrap();
    let kinds: Vec<Letter> = told.sent.iter().map(|p| p.letter).collect();
    assert_eq!((kinds, told.next), (vec![Letter::QuoteCheck, Letter::QuoteReminder], None));
}

async fn no_reminder_comes_after_a_word_or_without_a_quote(store: Store) {
    let r = review(&store).await;
    let (store, p, now) = (&r.store, &r.people, thursday());
    let mut quotes = Vec::new();
    for who in [&p.responder, &p.other_responder, &p.planner, &p.outsider, &p.manager, &p.later_facilitator] {
        let (invitation, answer) = r.account_says(who).await;
        quotes.push((invitation, r.quote(answer, now).await));
    }
    let letters = r.sends("2026-03-05T13:00:00Z", "2026-03-05T15:00:00Z").await;
    assert_eq!((letters.len(), reminders(&letters).len()), (6, 0));
    reviews::decide(store, &p.responder, quotes[0].1, 1, &Decision::Right, now).await.unwrap();
    reviews::drop_excerpt(store, &p.facilitator, r.incident, quotes[1].1, now).await.unwrap();
    room::stop_reminders(store, &p.planner, quotes[2].0, now).await.unwrap();
    let by_link = &letters.iter().find(|(_, l)| l.address.starts_with("olaf")).unwrap().1;
    let stop = token(by_link, "/reminders/");
    assert!(!room::peek_stop(store, stop).await.unwrap(), "looking changes nothing");
    assert_eq!(room::quotes_reminders(store, &p.outsider).await.unwrap().len(), 1);
    room::stop_by_link(store, stop, now).await.unwrap();
    reviews::decide(store, &p.manager, quotes[4].1, 1, &Decision::Change("In other words.".to_owned()), now).await.unwrap();
    for quiet in [&p.responder, &p.other_responder, &p.planner, &p.outsider, &p.manager] {
        assert!(room::quotes_reminders(store, quiet).await.unwrap().is_empty(), "{}", quiet.name);
    }
    // Who stopped them is not reminded of a later quote either.
    let answer = room::page(store, &p.planner, quotes[2].0, now).await.unwrap().answer(2).unwrap().id;
    r.quote(answer, now + TimeDelta::hours(2)).await;
    let sent = r.sends("2026-03-05T15:00:00Z", "2026-03-20T00:00:00Z").await;
    assert_eq!(reminders(&sent), [(at("2026-03-06T08:00:00Z"), "lars.later@example.org")], "whose quote still waits");
}

async fn what_waits_ends_with_its_time_and_with_publication(store: Store) {
    let r = review(&store).await;
    let (_, answer) = r.account_says(&r.people.responder).await;
    r.quote(answer, thursday()).await;
    // The service slept over the reminder, and over the time: what is unanswered is left out quietly.
    let late = r.sends("2026-03-09T08:00:00Z", "2026-03-09T12:00:00Z").await;
    assert!(reminders(&late).is_empty());
    r.due("2026-03-20T08:00:00Z", "2026-03-09T12:00:00Z").await;
    r.publish(at("2026-03-20T08:00:00Z")).await;
    assert!(r.sends("2026-03-20T08:00:00Z", "2026-03-27T00:00:00Z").await.is_empty());
    let counts = mail::counts(&r.store, at("2026-03-27T00:00:00Z")).await.unwrap();
    assert_eq!((counts.waiting, counts.planned), (0, 0));
}

async fn another_time_moves_the_reminder_and_two_are_the_most(store: Store) {
    let r = review(&store).await;
    let (_, answer) = r.account_says(&r.people.responder).await;
    r.quote(answer, thursday()).await;
    r.due("2026-03-11T08:00:00Z", "2026-03-05T14:00:00Z").await;
    let first = r.sends("2026-03-05T13:00:00Z", "2026-03-10T12:00:00Z").await;
    assert_eq!(reminders(&first), [(at("2026-03-10T08:00:00Z"), "rune.responder@example.org")], "moved, and once");
    assert!(first.last().unwrap().1.text.contains("11 Mar 2026"), "with the new time");
    r.due("2026-03-18T08:00:00Z", "2026-03-10T12:00:00Z").await;
    let second = r.sends("2026-03-10T12:00:00Z", "2026-03-17T12:00:00Z").await;
    assert_eq!(reminders(&second), [(at("2026-03-17T08:00:00Z"), "rune.responder@example.org")]);
    r.due("2026-03-27T08:00:00Z", "2026-03-17T12:00:00Z").await;
    assert!(r.sends("2026-03-17T12:00:00Z", "2026-04-17T12:00:00Z").await.is_empty(), "two are the most");
}

async fn a_guest_gets_a_letter_with_a_way_in(store: Store) {
    let r = review(&store).await;
    let (added, guest, answer) = r.guest_says().await;
    let desk = r.ask(Invitee::Guest("The desk".to_owned())).await;
    let at_desk = r.begin(&desk.token.unwrap(), thursday()).await;
    let unreachable = r.says(&at_desk, desk.id).await;
    let quote = r.quote(answer, thursday()).await;
    r.quote(unreachable, thursday()).await;
    let sent = r.sends("2026-03-05T13:00:00Z", "2026-03-07T00:00:00Z").await;
    assert!(sent.iter().all(|(_, l)| l.address == "gro@example.org"), "to whom no address is known nothing goes");
    assert_eq!((sent.len(), reminders(&sent).len()), (2, 1));
    let way = token(&sent[0].1, "/invitation/");
    assert_ne!(way, added.token.as_deref().unwrap(), "another link than the facilitator's");
    assert_eq!(way, token(&sent[1].1, "/invitation/"), "the reminder holds the same");
    for (_, letter) in &sent {
        assert!(!letter.text.contains("trusted") && !letter.text.contains("/one-on-one/"), "{}", letter.text);
    }
    let friday = at("2026-03-06T12:00:00Z");
    let peek = room::peek(&r.store, way, friday).await.unwrap();
    assert_eq!((peek.invitation_id, peek.quotes, peek.note), (added.id, true, None));
    assert!(!room::peek(&r.store, &added.token.unwrap(), friday).await.unwrap().quotes, "their own link works as before");
    let by_letter = r.begin(way, friday).await;
    assert_eq!((by_letter.person_id, by_letter.guest_of), (guest.person_id, Some(added.id)));
    let mine = reviews::my_excerpts(&r.store, &by_letter).await.unwrap();
    assert_eq!((mine.len(), mine[0].excerpt.id), (1, quote));
    reviews::decide(&r.store, &by_letter, quote, 1, &Decision::Right, friday).await.unwrap();
    room::page(&r.store, &by_letter, added.id, friday).await.unwrap();
    // Of a restricted one there is no title.
    store::incidents::restrict(&r.store, &r.people.facilitator, r.incident, true, friday).await.unwrap();
    r.quote(answer, friday).await;
    let sent = r.sends("2026-03-06T12:00:00Z", "2026-03-07T00:00:00Z").await;
    assert!(sent.len() == 1 && !sent[0].1.text.contains("queue that waited"), "{}", sent[0].1.text);
}

async fn that_a_letter_went_tells_no_facilitator_whose_words_are_quoted(store: Store) {
    let r = review(&store).await;
    let (added, guest, answer) = r.guest_says().await;
    let f = &r.people.facilitator;
    assert!(
        r.sends("2026-03-05T13:00:00Z", "2026-03-05T14:00:00Z").await.is_empty(),
        "answered before the invitation's letter went"
    );
    let before = room::list(&r.store, f, r.incident, thursday()).await.unwrap();
    let (_, session) = room::begin_by_link(&r.store, added.token.as_deref().unwrap(), thursday()).await.unwrap();
    r.quote(answer, thursday() + TimeDelta::days(3)).await;
    let sent = r.sends("2026-03-08T13:00:00Z", "2026-03-13T00:00:00Z").await;
    assert_eq!(sent.len(), 2);
    assert_eq!(room::list(&r.store, f, r.incident, thursday()).await.unwrap(), before, "nor until when a link works");
    room::peek(&r.store, added.token.as_deref().unwrap(), thursday()).await.unwrap();
    assert_eq!(sessions::find(&r.store, &session, thursday()).await.unwrap().unwrap().person_id, guest.person_id);
    let refused = room::letters(&r.store, f, added.id, thursday()).await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
}

async fn the_way_in_ends_with_the_link_that_it_stands_beside(store: Store) {
    let r = review(&store).await;
    let (added, _, answer) = r.guest_says().await;
    let (f, why) = (&r.people.facilitator, async |token: &str, now| room::why_ended(&r.store, token, now).await.unwrap());
    r.quote(answer, thursday()).await;
    let sent = r.sends("2026-03-05T13:00:00Z", "2026-03-05T15:00:00Z").await;
    let first = token(&sent[0].1, "/invitation/").to_owned();
    let by_letter = r.begin(&first, thursday()).await;
    let copied = room::renew_link(&r.store, f, r.incident, added.id, thursday() + TimeDelta::hours(3)).await.unwrap();
    assert!(room::peek(&r.store, &first, thursday()).await.is_err());
    assert_eq!(why(&first, thursday()).await, Some(Ended::Replaced));
    assert_eq!(by_letter.guest_of, Some(added.id));
    // The reminder that waited leads by a link that works.
    let sent = r.sends("2026-03-05T16:00:00Z", "2026-03-07T00:00:00Z").await;
    assert_eq!(reminders(&sent), [(at("2026-03-06T08:00:00Z"), "gro@example.org")]);
    let second = token(&sent[0].1, "/invitation/").to_owned();
    assert!(second != first && second != copied);
    assert!(room::peek(&r.store, &second, thursday()).await.unwrap().quotes);
    let due = at("2026-03-09T08:00:00Z");
    r.publish(due).await;
    for token in [&second, &copied] {
        assert!(room::peek(&r.store, token, due).await.is_err() && room::begin_by_link(&r.store, token, due).await.is_err());
        assert_eq!(why(token, due).await, Some(Ended::Published), "after publication no link works");
    }
}

async fn an_expired_link_does_not_keep_a_guest_from_their_quotes(store: Store) {
    let r = review(&store).await;
    let (added, _, answer) = r.guest_says().await;
    let later = at("2026-04-07T12:00:00Z");
    let own_link = added.token.unwrap();
    assert_eq!(room::why_ended(&r.store, &own_link, later).await.unwrap(), Some(Ended::Expired));
    r.quote(answer, later).await;
    let sent = r.sends("2026-04-07T12:00:00Z", "2026-04-08T06:00:00Z").await;
    assert_eq!(sent.len(), 1);
    let way = token(&sent[0].1, "/invitation/");
    let guest = r.begin(way, later).await;
    assert_eq!(reviews::my_excerpts(&r.store, &guest).await.unwrap().len(), 1);
    room::page(&r.store, &guest, added.id, later).await.unwrap();
    assert!(room::peek(&r.store, &own_link, later).await.is_err(), "the old one stays over");
    let over = later + TimeDelta::days(31);
    assert!(room::peek(&r.store, way, over).await.is_err());
    assert_eq!(room::why_ended(&r.store, way, over).await.unwrap(), Some(Ended::Expired));
}

async fn days_of_reminders_are_chosen(store: Store) {
    let r = review(&store).await;
    let (admin, now) = (&r.people.admin, thursday());
    let [first, second, quotes] = Number::REMINDERS;
    let save = async |typed: &[(Number, &str)]| settings::save_numbers(&r.store, admin, typed, now).await;
    for wrong in [[(first, "4"), (second, "4")], [(first, "5"), (second, "2")], [(first, "none"), (second, "2")]] {
        assert!(matches!(save(&wrong).await, Err(StoreError::Invalid(_))), "{wrong:?}");
    }
    assert!(matches!(save(&[(first, "6")]).await, Err(StoreError::Invalid(_))), "the second stays at four");
    save(&[(first, "1"), (second, "0"), (quotes, "2")]).await.unwrap();
    r.ask(Invitee::Person(r.people.outsider.person_id)).await;
    let (_, answer) = r.account_says(&r.people.responder).await;
    r.due("2026-03-12T08:00:00Z", "2026-03-05T13:00:00Z").await;
    r.quote(answer, now).await;
    let sent = r.sends("2026-03-05T13:00:00Z", "2026-03-20T00:00:00Z").await;
    let expected =
        [(at("2026-03-06T13:00:00Z"), "olaf.outsider@example.org"), (at("2026-03-10T08:00:00Z"), "rune.responder@example.org")];
    assert_eq!(reminders(&sent), expected, "one of the invitation, and of the quote two working days before");
    save(&[(first, "0"), (quotes, "0")]).await.unwrap();
    r.ask(Invitee::Person(r.people.manager.person_id)).await;
    let (_, answer) = r.account_says(&r.people.other_responder).await;
    r.quote(answer, now).await;
    assert!(reminders(&r.sends("2026-03-05T13:00:00Z", "2026-03-20T00:00:00Z").await).is_empty(), "none is none");
}
